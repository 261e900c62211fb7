// ArrayBuffers as parameters, captured values and results.

import { describe, expect, it, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

const bytes = (length: number, seed = 1): ArrayBuffer => Uint8Array.from({ length }, (_, i) => (i * 37 + seed * 11) & 255).buffer;

describe("an ArrayBuffer", () => {
  test("is read as bytes, from an offset on", () => served(
    (b: ArrayBuffer, at: number) => { const u = new Uint8Array(b, at); let s = 0; for (let i = 0; i < u.length; i++) s = (s * 31 + u[i]!) | 0; return s + b.byteLength; }, [[bytes(20), 0], [bytes(23, 2), 5], [bytes(4), 4]]));
  test("is written as samples behind a header, whatever its length", () => served(
    (b: ArrayBuffer, x: Float64Array) => { const u = new Int16Array(b, 4, x.length); for (let i = 0; i < x.length; i++) u[i] = x[i]! * 32767; }, [[bytes(12), Float64Array.of(0.5, -1)], [bytes(13), Float64Array.of(1, 0.25, -0.5)]]));
  test("has views that overlap", () => served(
    (b: ArrayBuffer) => { const i = new Int32Array(b), u = new Uint8Array(b), d = new DataView(b, 2); i[0] = 70000; u[7] = 9; d.setInt16(0, -5, true); return d.getUint32(2) + i[0]! + d.byteLength; }, [[bytes(16)], [bytes(24, 3)]]));
  test("may be behind another argument too", () => {
    const shared = bytes(16);
    return served((b: ArrayBuffer, x: Uint8Array) => { const u = new Int16Array(b, 2); for (let i = 0; i < u.length; i++) u[i] = x[i]! + 3; return x[2]; }, [[bytes(16), new Uint8Array(bytes(8))], [shared, new Uint8Array(shared, 1, 12)]]);
  });
  test("holds rows of the caller's", () => served(
    (b: ArrayBuffer, out: Float32Array[]) => { const u = new Int16Array(b); for (let c = 0, at = 0; c < out.length; c++) for (let i = 0; i < out[c]!.length; i++) out[c]![i] = u[at++]! / 32768; }, [[bytes(16), [new Float32Array(4), new Float32Array(4)]]]));
  test("is returned, or a view of it", () => served((b: ArrayBuffer, n: number) => { const u = new Uint8Array(b, n, 3); u[0] = 7; return [b, u]; }, [[bytes(9), 2], [bytes(5, 4), 0]]));
  test("is cut", () => served((b: ArrayBuffer, n: number) => new Float64Array(b.slice(n, n + 8))[0]! > 0, [[bytes(24), 2], [bytes(24, 5), 9]]));
  test("that the kernel makes is returned", () => served(
    (n: number, x: number) => { const b = new ArrayBuffer(4 * n), v = new DataView(b); for (let i = 0; i < n; i++) v.setFloat32(4 * i, x * i, true); return b; }, [[3, 1.3], [0, 1]]));
  test("of an array that the kernel makes is returned", () => served((x: number) => { const f = new Float32Array(2); f[1] = x; return f.buffer; }, [[3], [-0]]));
  test("is told from an array by its class", () => served((b: ArrayBuffer | Uint8Array) => (b instanceof ArrayBuffer ? new Uint8Array(b) : b)[1], [[bytes(4)], [new Uint8Array(bytes(5, 2))]]));
  test("that a view does not fit is the original's", () => served((b: ArrayBuffer) => new Float32Array(b).length, [[bytes(16)], [bytes(18)]], { original: 1 }));
  test("behind a Node Buffer", () => served(
    (b: Buffer) => { const u = new Uint8Array(b.buffer, b.byteOffset + 1, 3), d = new DataView(b.buffer, b.byteOffset, b.byteLength); u[1] = 77; return d.getInt16(2); }, [[Buffer.from(bytes(16))], [Buffer.from(bytes(9, 3)).subarray(2)]]));

  test("of a DataView that the kernel makes is asked for its length, seen through other views, returned", () => served(
    (n: number, x: number) => { const v = new DataView(new Uint8Array(4 * n).buffer); for (let i = 0; i < n; i++) v.setFloat32(4 * i, x * i); new Uint8Array(v.buffer, v.byteOffset)[1]! ^= 7; return x > 2 ? v.buffer : v.buffer.byteLength; }, [[3, 1.3], [2, 5], [9, -1]]));
  test("of a DataView on an array of other elements", () => served((x: number) => { const v = new DataView(new Float64Array(2).buffer); v.setFloat64(8, x, true); return new Float64Array(v.buffer); }, [[3], [-0]]));
  test("of a view of the caller's is seen through others", () => {
    const halves = (b: ArrayBuffer): void => { const u = new Int16Array(b); for (let i = 0; i < u.length; i++) u[i] = u[i]! >> 1; };
    return served((b: ArrayBuffer, from: Uint8Array) => {
      const f = new Float64Array(b, 8), own = new Uint16Array(from.buffer, from.byteOffset, 2), d = new DataView(f.buffer, f.byteOffset + 1);
      halves(f.buffer);
      for (let i = 0; i < f.length; i++) f[i]! *= own[1]!;
      return [f.byteOffset, own.byteOffset, own.buffer.byteLength, new Uint8Array(own.buffer)[1], d.getInt16(3), d.byteOffset, d.buffer.byteLength];
    }, [[bytes(32), new Uint8Array(bytes(8)).subarray(2)], [bytes(16, 3), new Uint8Array(bytes(4, 9))]]);
  });

  test("behind what may be a Node Buffer", () => served((b: Uint8Array) => (Buffer.isBuffer(b) && typeof process === "object" ? -1 : 1) * b[1]!, [[new Uint8Array(bytes(4))], [Buffer.from(bytes(9, 3))]]));

  test("of a DataView", () => served((v: DataView, at: number) => { v.setUint16(at, 40000, true); return v.getInt16(at) + v.byteLength; }, [[new DataView(bytes(16)), 3], [new DataView(bytes(16, 2), 4, 8), 0]]));

  it("that was captured is the live one", async () => {
    await ready();
    const bits = new ArrayBuffer(8), f = new Float64Array(bits);
    const kernel = (x: number): number => { f[0] = x; const w = new Uint32Array(bits); w[1]! ^= 1 << 20; return f[0]!; };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    expect([1.5, -2, 3].map((x) => fast(x))).toEqual([1.5, -2, 3].map((x) => kernel(x)));
    expect(fast.stats().calls).toMatchObject({ wasm: 3, original: 0 });
  });
  it.each([["shared", () => new SharedArrayBuffer(8)], ["resizable", () => new (ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer)(8, { maxByteLength: 16 })]])("that is %s is left to the original, which is told", async (_, make) => {
    await ready();
    const fast = specialize((b: ArrayBuffer) => new Uint8Array(b).length, { tier: "wasm", compile: "sync" });
    expect(fast(make() as ArrayBuffer)).toBe(8);
    expect(fast.diagnostics().map((d) => d.message).join()).toContain("shared, or can be resized");
  });
  it.each<[string, (x: Float64Array) => unknown]>([
    ["instanceof", (x) => x.buffer instanceof ArrayBuffer],
    ["constructor", (x) => x.buffer.constructor === ArrayBuffer],
    ["toString", (x) => Object.prototype.toString.call(x.buffer)],
    ["a copy's class", (x) => x.buffer.slice(0).constructor.name],
    ["a copy that is returned", (x) => x.buffer.slice(8)],
  ])("behind an array may be shared: %s is then the original's business", async (_, kernel) => {
    await ready();
    for (const [Buffer, tier] of [[ArrayBuffer, "wasm"], [SharedArrayBuffer, "original"]] as const) {
      const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
      expect(fast(new Float64Array(new Buffer(16)))).toEqual(kernel(new Float64Array(new Buffer(16))));
      expect(fast.stats().calls[tier]).toBe(1);
    }
  });
});
