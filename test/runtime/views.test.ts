// Other views of the bytes behind a typed array: of an argument's, of a local one's, of an ArrayBuffer made in the kernel.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(() => ready());

const u8 = (n: number, s = 1): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * 37 * s + s) & 255);
const outcome = (f: () => unknown): unknown => { try { return f(); } catch (e) { return (e as Error).constructor.name; } };

/** Four calls, of which so many are served by the tier; all give what the original gives, and leave the arguments as it leaves them. */
function same(title: string, kernel: (...args: never[]) => unknown, inputs: (k: number) => unknown[], served = 4): void {
  const run = kernel as (...args: unknown[]) => unknown;
  for (const tier of ["wasm", "js"] as const) {
    it(`${title} (${tier})`, () => {
      const fast = specialize(run, { tier, compile: "sync" });
      for (let k = 0; k < 4; k++) {
        const theirs = inputs(k), ours = inputs(k);
        expect(outcome(() => fast(...ours))).toEqual(outcome(() => run(...theirs)));
        expect(ours).toEqual(theirs);
      }
      expect(fast.stats().calls[tier]).toBe(served);
      fast.dispose();
    });
  }
}

describe("an argument's bytes", () => {
  same("all of the buffer as words", (x: Uint8Array) => { const d = new Uint32Array(x.buffer); let s = 0; for (let i = 0; i < d.length; i++) s = (s + d[i]!) >>> 0; return s; }, (k) => [u8(64, k + 1)]);
  same("written through both views", (x: Uint8Array) => { const d = new Uint32Array(x.buffer); for (let i = 0; i < d.length; i++) { d[i] = d[i]! * 3 + x[i]!; x[2 * i]! ^= 5; } }, (k) => [u8(64, k + 1)]);
  const own = (x: Uint8Array, n: number): number => { const d = new Uint32Array(x.buffer, x.byteOffset, n); let s = 0; for (let i = 0; i < n; i++) s ^= d[i]!; return s; };
  same("from its own first byte", own, (k) => [u8(64, k + 1).subarray(k * 4, 40), 6]);
  same("one that reaches beyond the array is the original's", own, (k) => [u8(64, k + 1).subarray(k * 4, 40), 6 + 3 * k], 2);
  same("to the end of the buffer", (x: Uint8Array) => { const d = new Float64Array(x.buffer, x.byteOffset); d[0] = 1.5; return d.length; }, (k) => [u8(64, k + 1).subarray(k * 8)]);
  same("from an offset", (x: Uint8Array) => { const d = new Int16Array(x.buffer, x.byteOffset + 4, 3); d[1] = 77; return d[0]! + d[2]!; }, (k) => [u8(64, k + 1).subarray(k * 2, 20)]);
  same("an offset between elements is the original's", (x: Uint8Array) => new Float32Array(x.buffer, 2, 1)[0], () => [u8(64)], 0);
  same("no whole number of elements is the original's", (x: Uint8Array) => new Float32Array(x.buffer)[0], () => [u8(62)], 0);
  same("a DataView", (x: Uint8Array, o: number) => { const v = new DataView(x.buffer, x.byteOffset, x.byteLength); v.setInt16(o, -5, true); return v.getUint32(o); }, (k) => [u8(64, k + 1).subarray(k, 30), k]);
  same("the bytes of a DataView", (d: DataView, k: number) => { const u = new Uint8Array(d.buffer, d.byteOffset, d.byteLength), all = new Uint8Array(d.buffer); let s = d.byteOffset; for (let i = 0; i < u.length; i++) { s = s * 3 + u[i]!; u[i]! ^= k; } d.setInt16(1, 77); return [s, all[d.byteOffset + 2], d.getUint16(0), new Uint8Array(d.buffer.slice(k, k + 2))[1]]; }, (k) => [new DataView(u8(64, k + 1).buffer, 3 * k, 9), k]);
  same("words in a DataView's buffer, beside another view", (d: DataView, u: Uint8Array) => { const w = new Uint32Array(d.buffer, 4, 3); w[0] = 9; u[5] = 3; return w[0]! + w[2]! + d.getUint8(0); }, (k) => { const a = u8(64, k + 1), d = new DataView(a.buffer, 4); return [d, k % 2 ? a : u8(8, k)]; });
  same("a DataView to the end", (x: Uint8Array, o: number) => { const v = new DataView(x.buffer, x.byteOffset); return v.byteLength + v.getUint16(o); }, (k) => [u8(64, k + 1).subarray(k, 30), k]);
  same("where it begins, and how much there is", (x: Uint8Array) => x.byteOffset + x.buffer.byteLength, (k) => [u8(64, k + 1).subarray(k, 30)]);
  same("another argument in the same buffer", (x: Uint8Array, y: Uint8Array) => { const d = new Uint32Array(x.buffer); for (let i = 0; i < d.length; i++) d[i]! += y[i]!; return y[0]; },
    (k) => { const b = u8(64, k + 1); return k & 1 ? [b, u8(64, 3)] : [b.subarray(0, 32), b.subarray(4, 40)]; });
  same("the same view on two paths", (x: Uint8Array, c: number) => { const d = c ? new Uint32Array(x.buffer) : new Uint32Array(x.buffer); return d[1]; }, (k) => [u8(64, k + 1), k & 1]);
  same("what the buffer is", (x: Uint8Array) => (x.buffer instanceof ArrayBuffer ? 1 : 2) + (x && x.buffer ? 10 : 0) + (typeof x.buffer === "object" ? 100 : 0), () => [u8(8)]);
  same("a copy of a part", (x: Uint8Array, n: number) => { const f = new Uint16Array(x.buffer.slice(x.byteOffset, x.byteOffset + n)); f[0] = 1; return f.length + f[1]! + x[0]!; }, (k) => [u8(64, k + 1).subarray(2 * k), 8]);
});

describe("bytes of the kernel's own", () => {
  same("the bits of a float", (a: number) => { const f = new Float32Array(1), w = new Uint32Array(f.buffer); f[0] = a; const b = w[0]!; w[0] = b ^ 0x80000001; return f[0]! + b; }, (k) => [k * 1.3 + 0.1]);
  same("in a loop", (x: Float64Array) => { let s = 0; for (let i = 0; i < x.length; i++) { const f = new Float64Array(1), w = new Uint32Array(f.buffer); f[0] = x[i]!; s += w[1]! >>> 20; w[0] = 0; s += f[0]!; } return s; },
    (k) => [Float64Array.from({ length: 9 }, (_, i) => i * 1.7 * k)]);
  same("an ArrayBuffer with two views", (a: number, n: number) => { const b = new ArrayBuffer(8), v = new DataView(b), u = new Uint8Array(b); v.setFloat64(0, a); let s = 0; for (let i = 0; i < n; i++) s = s * 31 + u[i]!; return s; }, (k) => [k * 1.3 + 0.1, 8]);
  same("… of a length known at run time", (n: number, a: number) => { const b = new ArrayBuffer(n * 4), v = new Float32Array(b), u = new Int8Array(b); for (let i = 0; i < n; i++) v[i] = a * i; let s = 0; for (let i = 0; i < u.length; i++) s = (s * 31 + u[i]!) | 0; return s; },
    (k) => [k * 3, 1.37]);
  same("a part of an array whose length is not static", (n: number, a: number) => { const v = new Float32Array(n), u = new Int32Array(v.buffer, 4, n - 1); for (let i = 0; i < n; i++) v[i] = a * i; let s = 0; for (let i = 0; i < u.length; i++) { s = (s * 31 + u[i]!) | 0; u[i] = 0; } return s + v[0]! + v[1]!; },
    (k) => [k * 3 + 2, 1.37]);
  same("the byte order", () => new Uint8Array(new Uint16Array([0x1234]).buffer)[0] === 0x34, () => []);
});

describe("a part is returned", () => {
  it("of an argument: a view on the caller's own bytes", () => {
    for (const kernel of [(x: Uint8Array, n: number) => { x[n] = 9; return x.subarray(n, n + 4); }, (x: Uint8Array, n: number) => new Uint16Array(x.buffer, x.byteOffset + 2 * n, 2), (x: Uint8Array, n: number) => ({ n, part: new Uint8Array(x.buffer, x.byteOffset, n) })]) {
      const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
      for (const n of [1, 2, 3]) {
        const [theirs, ours] = [u8(64, n).subarray(4), u8(64, n).subarray(4)];
        const expected = kernel(theirs, n), got = fast(ours, n);
        expect(got).toEqual(expected);
        const view = "part" in got ? got.part : got;
        expect(view.buffer).toBe(ours.buffer);
        expect(view.byteOffset).toBe(("part" in expected ? expected.part : expected).byteOffset);
      }
      expect(fast.stats().calls.wasm).toBe(3);
      fast.dispose();
    }
  });
  same("of a local array", (n: number, a: number) => { const v = new Float32Array(n); v[1] = a; return new Uint8Array(v.buffer, 4, 4); }, (k) => [k + 3, 1.37 * k]);
  same("… of static length", (x: Float64Array) => { const t = new Float64Array(8); for (let i = 0; i < x.length; i++) t[i & 7]! += x[i]!; return t.subarray(2, 5); }, (k) => [Float64Array.from({ length: 9 + k }, (_, i) => i * 1.5)]);
  same("whose rest leaves too", (n: number, o: { all: unknown }) => { const t = new Uint8Array(n); t[1] = 5; o.all = t; return t.subarray(1); }, (k) => [k + 2, { all: null }]);
});

describe("parts of arrays that the kernel made leave: where they lie, and which are one object or have one buffer", () => {
  /** A result as numbers: every typed array with its place, every object and every buffer as the number of its first occurrence. */
  const picture = (value: unknown, seen: unknown[] = []): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (seen.includes(value)) return `object ${seen.indexOf(value)}`;
    seen.push(value);
    if (value instanceof ArrayBuffer) return [value.byteLength];
    return ArrayBuffer.isView(value) ? [value.constructor.name, [...(value as Uint8Array)], value.byteOffset, picture(value.buffer, seen)] : Object.entries(value).map(([key, part]) => [key, picture(part, seen)]);
  };
  const x = (k: number): Float64Array => Float64Array.of(k, 1, 4, 2 * k, 5, 3);
  const served = (title: string, kernel: (x: Float64Array, h: { part?: unknown }) => unknown, calls = 3): void => {
    it(title, () => {
      const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
      for (let k = 1; k <= 3; k++) {
        const [theirs, ours] = [[x(k), {}], [x(k), {}]] as const;
        expect(picture([fast(...ours), ...ours])).toEqual(picture([kernel(...theirs), ...theirs]));
      }
      expect(fast.stats().calls.wasm).toBe(calls);
      fast.dispose();
    });
  };
  served("alone", (x) => { const o = new Float32Array(x.length); let n = 0; for (const v of x) if (v > 2) o[n++] = v; return o.subarray(1, n); });
  served("in an object", (x) => { const o = new Float64Array(x.length); let n = 0; for (const v of x) if (v > 2) o[n++] = v; return { data: o.subarray(0, n), n }; });
  served("in a field of the caller's", (x, h) => { const o = new Float64Array(x.length); let n = 0; for (const v of x) if (v > 2) o[n++] = v; h.part = o.subarray(1, n); return n; });
  served("of one array, which leaves too", (x) => { const o = new Float64Array(x.length); let n = 0; for (const v of x) if (v > 2) o[n++] = v; return [o.subarray(0, n), o, o.subarray(n)]; });
  served("one of them twice", (x) => { const o = new Float64Array(x.length), p = o.subarray(0, x[0]), q = o.subarray(0, x[0]); q[0] = x[1]!; return { p, again: p, q }; });
  served("of the caller's twice", (x) => { const p = x.subarray(1), q = x.subarray(1); return { p, again: p, q }; });
  served("met with the array", (x) => { const o = Float64Array.from(x); let p = o; if (x[3]! > 2) p = o.subarray(0, x[3]); return { p }; });
  served("of one of two arrays", (x) => { const o = new Float64Array(x.length), q = new Float64Array(9); let p; if (x[0]! > 1) p = o.subarray(0, 2); else p = q.subarray(3); q[4] = x[1]!; return { p, both: [p, q] }; });
  served("made in a loop, of a part", (x) => { let o = new Float64Array(x.length); o.set(x); while (o.length > 1 && o[0]! < 4) o = o.subarray(1); return { o }; });
  served("of arrays made in a loop", (x) => { let p = null; for (let i = 0; i < x.length; i++) if (x[i]! > 2) { const o = new Int16Array(i + 1); o[i] = x[i]!; p = o.subarray(i >> 1); } return { p }; });
  served("views of other elements", (x) => { const o = new Uint8Array(16), w = new Uint32Array(o.buffer, 4, 2); o[5] = x[0]!; w[1] = 77; return { w, o, part: w.subarray(1) }; });
  served("that may be one or two are the original's", (x) => { const o = new Float64Array(x.length), p = o.subarray(0, 2); let q = p; if (x[0]! > 1) q = o.subarray(0, 2); return { p, q }; }, 0);
});
