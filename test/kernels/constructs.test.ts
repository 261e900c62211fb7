// Constructs of everyday code around the numbers: fields that are there on some paths only, lists taken as a whole, rare paths left to the
// original, text of numbers.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

describe("objects with fields on some paths only", () => {
  test("a field is added under a condition", () => served(
    (l: number, a: number, b: number) => { const out: { l: number; c: number; h?: number } = { l, c: Math.sqrt(a * a + b * b) }; if (out.c) out.h = Math.atan2(b, a); return out; },
    [[1, 2, 3], [1, 0, 0], [NaN, -0, 0]]));
  test("two such fields, in their order; others come after them", () => served(
    (x: number, y: number) => { const out: Record<string, number> = { x }; if (x > 0) out["p"] = x + 1; if (y > 0) out["q"] = y + 1; out["z"] = x * y; return out; },
    [[1, 2], [1, -2], [-1, 2], [-1, -2]]));
  test("it reads as undefined where it is absent", () => served(
    (x: number) => { const out: { h?: number } = {}; if (x > 0) out.h = x; return out.h === undefined ? -1 : out.h * 2; }, [[3], [-3]]));
  test("a copy by spread has it on the same paths", () => served(
    (x: number) => { const a: { x: number; h?: number } = { x }; if (x > 0) a.h = 1; return { ...a, y: 2 }; }, [[3], [-3]]));
  test("it is deleted again, or written on every path", () => served(
    (x: number, y: number) => { const a: { x: number; h?: number } = { x }; if (x > 0) a.h = 1; if (y > 0) delete a.h; else a.h = 5; return a; }, [[3, 1], [-3, 1], [3, -1], [-3, -1]]));
  test("an object without a prototype leaves, fields of any name in it", () => served(
    ((x: number) => { const a = Object.create(null) as Record<string, number>; a["y"] = x; a["valueOf"] = 2; if (x > 0) a["7"] = x; return a; }) as never, [[3], [-3]]));
  test("it is added in a loop", () => served(
    (n: number) => { const a: { x: number; h?: number } = { x: 0 }; for (let i = 0; i < n; i++) { a.x += i; a.h = i; } return a; }, [[3], [0], [1]]));
  type Late = { x: number; p?: number; q?: number };
  const late = [[[1, 2, 3], 1], [[], 0], [[4], 0], [[5, 6], 1]];
  test("they are written again after others, in nested loops", () => served(
    (a: number[]) => { const o: Late = { x: 0 }; let s = 0; for (let j = 0; j < 3; j++) for (let i = 0; i < a.length - j; i++) { o.p = a[i]! * 2; o.q = s; s += o.p + o.q; } return s + (o.p ?? 7) + ("q" in o ? 1 : 2); }, late));
  test("what is written again keeps its place", () => served(
    (a: number[], z: number) => { const o: Late = { x: 0 }; if (a.length > 0) o.p = 1; if (a.length > 1) o.q = 2; if (z) { o.p = 7; return o; } return a.length; }, late));
  test("where one behind it may be there alone it comes last", () => served(
    (a: number[], z: number) => { const o: Late = { x: 0 }; if (a.length === 1) o.p = 1; if (a.length > 1) o.q = 2; if (z) { o.p = 7; return o; } return a.length; }, late));
  test("Object.assign copies them where they are there, over others", () => served(
    (a: number[], z: number) => { const o: Late = { x: 0 }; if (a.length > 0) o.p = 1; if (a.length > 1) o.q = 2; return Object.assign(z ? { q: 9 } : {}, o) as Late; }, late));
  type Grown = { x: number; h?: number; g?: number };
  test("the caller's object gets it", () => served(
    ((a: Grown, n: number) => { if (n > 1) a.h = n; if (n > 2) a.g = a.h! + 1; return a.h; }) as never, [[{ x: 1 }, 3], [{ x: 1 }, 2], [{ x: 1 }, 0]]));
  test("the caller's object gets it in a loop, its own fields in any order", () => served(
    ((a: Grown & { y: number }, n: number) => { for (let i = 0; i < n; i++) { if (i & 1) { a.x = i; a.y = -i; } else { a.y = i; a.x = -i; } a.h = i; } }) as never, [[{ x: 1, y: 2 }, 3], [{ x: 1, y: 2 }, 0], [{ x: 1, y: 2 }, 4]]));
  test("the caller's object gets two in one order or the other", () => served(
    ((a: Grown, n: number) => { if (n > 1) { a.h = 1; a.g = 2; } else { a.g = 1; a.h = 2; } }) as never, [[{ x: 1 }, 3], [{ x: 1 }, 0], [{ x: 1 }, 3]]));
});

describe("rare paths are left to the original", () => {
  const helper = { kept: 2 };
  test("what can't be taken stands under a condition", () => served(
    (x: number[], limit: number) => {
      if (limit > 100) return Math.min(Date.now(), 0) - 1;
      let s = 0;
      for (let i = 0; i < x.length; i++) s += x[i]! * helper.kept;
      return s;
    }, [[[1, 2, 3], 1], [[4], 101], [[], 2]], { original: 1 }));
  test("what can't be taken follows a path that leaves", () => served(
    (x: number[], limit: number) => {
      if (limit < 100) { let s = 0; for (let i = 0; i < x.length; i++) s += x[i]! * helper.kept; return s; }
      return Math.min(Date.now(), 0) - 1;
    }, [[[1, 2, 3], 1], [[4], 101], [[], 2]], { original: 1 }));
  test("a loop goes on past what can't be taken", () => served(
    (x: number[], limit: number) => { let s = 0; for (let i = 0; i < x.length; i++) { s += x[i]!; if (s < limit) continue; return Math.min(Date.now(), 0) - 1; } return s; },
    [[[1, 2, 3], 10], [[4, 9], 11], [[], 2]], { original: 1 }));
  test("an array may hold what was never seen", () => served(
    (x: number[], y: number) => { if (y < 0) (x as unknown[]).push("text"); return x.length + y; }, [[[1, 2], 1], [[3], -1]]));
});

describe("lists of unknown length", () => {
  const x = [3, -1, 2.5, NaN, -0], empty: number[] = [];
  test("spread into a new array", () => served((a: number[], b: number[]) => [1, ...a, 2, ...b], [[x, empty], [empty, x]]));
  test("the largest and the smallest", () => served((a: number[]) => [Math.max(...a), Math.min.apply(null, a)], [[x], [empty], [[1, -0, 0]]]));
  test("a hole beside a list of unknown length is refused, as no mistake of ours", async () => {
    await ready();
    const told: string[] = [], kernel = (a: number[]): unknown => [1, , 3, ...a], fast = specialize(kernel, { tier: "wasm", compile: "sync", onEvent: ({ type }) => { told.push(type); } });
    expect([fast([1.5, 2]), fast.stats().calls.original, told.includes("invariant")]).toEqual([kernel([1.5, 2]), 1, false]);
  });
  test("splice and unshift of a list", () => served((a: number[], b: number[], i: number) => { const out = [...a], gone = out.splice.apply(out, [i, 2].concat(b) as [number, number]); const first = out.unshift(...b, 5) + out.unshift(...b); return [out, gone, first, a.splice(i, 1, ...b), a.unshift.apply(a, b)]; },
    [[[1, 2, 3, 4, 5], [9, 8, 7], 1], [[1, 2, 3], [], 2], [[1], [4], -1]]));
  test("push of a list", () => served((a: number[]) => { const out = [0]; out.push(...a); Array.prototype.push.apply(out, a); return out; }, [[x], [empty]]));
  test("the rest of one behind its first elements", () => served(
    (a: number[], b: number) => { const [p, q = b, ...rest] = a; const [, ...tail] = rest; rest.push(b); return [p, q, rest, tail, rest.length > 0 && rest[0]! < 1 ? [rest[0]] : []]; }, [[x, 1], [empty, 2], [[7], 3], [[1, 2, 0.5], 4]]));
  test("one of two of static lengths is spread", () => served((a: number, b: number) => [a, ...(a > b ? [b] : []), ...(b > 0 ? [a, 1] : [2])], [[1, 2], [3, 1], [-0, NaN]]));
  test("concat", () => served((a: number[], b: number) => a.concat(b as never, [7], a), [[x, 1], [empty, -0]]));
  test("concat of what may be missing", () => served((a: number[], i: number) => { const r = a.slice(); r.splice(1, 0, ...[i].concat(a[i]!)); return r; }, [[x, 1], [x, 9], [empty, 0], [x, -1]]));
  test("the hypotenuse of many", () => served(
    (a: number, b: number, c: number, d: number) => Math.hypot(a, b, c, d) + Math.hypot(...[a, b, c, d, a]), [[1, 2, 3, 4], [1e200, 1e-200, -3, 0.1], [NaN, Infinity, 0, 0], [NaN, 1, 0, 0], [0, -0, 0, 0]]));
  test("views and copies of typed arrays", () => served(
    (a: Float64Array, from: number, to: number) => { const v = a.subarray(from, to), c = a.slice(from); if (v.length > 0) v[0] = 100; return [v.length, c.length, c[0], a[1], v[1]]; },
    [[Float64Array.of(1, 2, 3, 4), 1, 3], [Float64Array.of(1, 2), -1, 9], [Float64Array.of(1, 2), 2, 0], [new Float64Array(), 0, 1]]));
  test("typed arrays from lists", () => served((a: number[]) => { let sum = 0; return Float32Array.from(a, (v) => (sum += v)); }, [[x], [empty]]));
});

describe("a default value as older compilers spell it", () => {
  // eslint-disable-next-line prefer-rest-params
  function scaled(x: number[]): number { const k: { gain: number } = arguments.length > 1 && arguments[1] !== undefined ? arguments[1] as { gain: number } : { gain: 2 }; let s = 0; for (let i = 0; i < x.length; i++) s += x[i]! * k.gain; return s; }
  const calls = [[[1, 2, -0], { gain: 3 }], [[1, 2, -0], { gain: 3 }]];
  test("is slow by its position", () => served(scaled as never, calls, { slow: [1] }));
  test("is slow by its name", () => served(scaled as never, calls, { slow: ["k"] }));
});

describe("numbers and text", () => {
  test("a number goes through its text", () => served(
    (v: number, w: number) => { const text = v.toString().trim(); return isNaN(parseFloat(text)) ? w : parseFloat(text) === Number(text) ? 1 / Number(`${v}`) + +String(w) : -1; },
    [[1.5, 2], [-0, 1], [NaN, 3], [Infinity, -0.1], [0.1 + 0.2, 1e300]]));
  const edges = [[12.7], [-12.7], [-0], [-0.5], [NaN], [1e-6], [1e20]];
  test("parseInt and parseFloat of a number", () => served((a: number) => [parseInt(a as never, 10), parseFloat(a as never)], edges));
  test("parseInt and parseFloat of a number or an error", () => served((a: number) => {
    const checked = (v: number): number | Error => (isNaN(v) ? new RangeError("no number") : v), one = checked(a), two = checked(a * 2);
    return one instanceof Error || two instanceof Error ? -1 : [parseInt(one as never, 10) === one, parseFloat(two as never)];
  }, edges));
  test("exponents in the text are the original's", () => served((a: number) => parseInt(a as never), [[5], [1e21], [5e-7]], { original: 2 }));
  test("String", () => served((a: number) => String(a) + "px", edges));
  test("valueOf of numbers, booleans and BigInts is what they are", () => served(
    (v: number, w: number) => [v.valueOf() === v.valueOf() ? v.valueOf() : w, (v < w).valueOf(), Number(BigInt.asIntN(32, BigInt(w | 0).valueOf()))], [[1.5, 2], [-0, 1], [NaN, 3]]));
  test("valueOf of what may be undefined throws where it is", () => served(
    (v: number, n: number) => { const x = n > 0 ? v : undefined; return x!.valueOf() + n; }, [[1.5, 2], [-0, 1], [1, -1]], { original: 1 }));
  test("a number that becomes an object is another value", () => served(
    function (v: number) { const made: unknown = Object.prototype.valueOf.call(v); return made === v ? 1 : 2; } as never, [[1.5]], { original: 1 }));
  test("valueOf of an object of the kernel's own class", () => served(
    (a: number, b: number) => { const sum = { total: a, valueOf() { return this.total; } }; sum.total += b; return +sum * 2 + (sum as unknown as number); }, [[1, 2], [-0, -0]]));
});

describe("arguments", () => {
  test("beyond the parameters, beside a parameter that is assigned", () => served(
    // eslint-disable-next-line prefer-rest-params
    new Function("a", "b", "a = a * 2; return a + (arguments.length > 2 && arguments[2] !== undefined ? arguments[2] : 10) + arguments[1];") as never, [[1, 2], [1, 2, 3]]));
  test("callee", () => served(new Function("n", "acc", "if (acc === undefined) acc = 0; return n < 1 ? acc : arguments.callee(n - 1, acc + n);") as never, [[4, 0], [10.5, 1]]));
});

describe("DataViews", () => {
  const bytes = (): DataView => new DataView(Uint8Array.of(0, 255, 128, 1, 127, 240, 0, 0, 9, 8, 7, 6, 200, 100, 50, 25).buffer, 1, 14);
  test("all kinds are read, in both orders", () => served(
    (v: DataView, at: number) => [v.getUint8(at), v.getInt8(at), v.getUint16(at), v.getInt16(at, true), v.getUint32(at), v.getInt32(at, true), v.getFloat32(at), v.getFloat32(at, true), v.getFloat64(at), v.getFloat64(at, true), v.byteLength],
    [[bytes(), 0], [bytes(), 3], [bytes(), 5.9], [bytes(), NaN], [bytes(), -0.5]]));
  test("and written", () => served(
    (v: DataView, x: number) => { v.setUint8(0, x); v.setInt16(1, x, true); v.setUint32(3, x); v.setFloat32(7, x, true); v.setFloat64(6, x); v.setInt8(13, x); },
    [[bytes(), 1.5], [bytes(), -300], [bytes(), 4e9], [bytes(), 1e300], [bytes(), -0]]));
  test("in the order that the call says", () => served(
    (v: DataView, x: number, o: { little: boolean }) => { const { little } = o; v.setFloat64(0, x, little); v.setInt16(8, x, little); v.setUint32(10, x, x > 1); return [v.getFloat64(1, little), v.getUint16(4, x as unknown as boolean), v.getInt32(3, little), v.getFloat32(9, little)]; },
    [[bytes(), 1.5, { little: true }], [bytes(), -300, { little: false }], [bytes(), NaN, { little: true }], [bytes(), 0, { little: false }]]));
  test("words of BigInts too", () => served(
    (v: DataView, x: number) => { v.setBigUint64(1, v.getBigInt64(0, x > 2), x < 5); return Number(v.getBigUint64(3, x > 2) >> 11n); }, [[bytes(), 1], [bytes(), 3], [bytes(), 7]]));
  test("outside they throw", () => served((v: DataView, at: number) => v.getUint32(at), [[bytes(), 10], [bytes(), 11], [bytes(), -1], [bytes(), Infinity]], { original: 3 }));
  test("the bits of a number, through captured views of one buffer", () => {
    const buffer = new ArrayBuffer(8), view = new DataView(buffer), words = new Uint32Array(buffer);
    return served((x: number) => { view.setFloat64(0, x, true); return [words[1], view.getUint16(0), words[0]! >>> 4]; }, [[1.5], [-0], [Infinity], [5e-324]]);
  });
  test("a hash over blocks of words", () => served(
    (v: DataView, seed: number) => { let h = seed | 0; for (let i = 0; i + 4 <= v.byteLength; i += 4) { h = Math.imul(h ^ v.getUint32(i, true), 0x9e3779b1); h ^= h >>> 15; } return h >>> 0; }, [[bytes(), 7], [bytes(), 0]]));
});

describe("prototypes of typed arrays", () => {
  test("a Buffer's slice is a view", () => served((b: Uint8Array) => { const c = b.slice(1, 3); c[0] = 77; return c.length + b[1]!; }, [[Uint8Array.of(1, 2, 3, 4)], [Buffer.from([1, 2, 3, 4])]]));
});

describe("arrays made in the kernel", () => {
  test("their size in bytes", () => served((a: number) => { const t = new Int16Array(5); t[0] = a; return t.byteLength + t[0]! + t.BYTES_PER_ELEMENT; }, [[70000], [-1.5]]));
  test("recursion that dynamic tests end carries numbers that change", () => served(
    (a: number, b: number) => { function half(lo: number, hi: number, depth: number): number { const m = (lo + hi) / 2; return depth > 40 || m * m > 2 === m * m < 2 ? m : m * m > 2 ? half(lo, m, depth + 1) : half(m, hi, depth + 1); } return half(a, b, 0); },
    [[0, 2], [1, 8], [NaN, 1]]));
  test("a recursive function that returns where it ends, called in its last expression", () => served(
    (n: number, acc: number) => { function sum(k: number, s: number): number { return k < 1 ? s : sum(k - 1, s + k); } return sum(n, acc); }, [[4, 0], [10.5, 1], [-1, -0]]));
});

describe("arrays that grow by index", () => {
  test("in a loop that dynamic values end", () => served(
    (p: number) => { const cells: number[] = []; let x = 0, sum = 0; do { cells[x] = p * (1 - p) ** x; sum += cells[x]!; x++; } while (sum < 0.99 && x < 50); return cells; }, [[0.5], [0.05], [1], [NaN]]));
  test("from a few elements on", () => served((a: number, n: number) => { const f = [1, 1]; f[2] = 2; for (let i = 3; i < n; i++) f[i] = f[i - 1]! + f[i - 2]! * a; return f; }, [[1, 9], [0.5, 0], [-0, 4]]));
});

test("an object stored in a typed array is converted by its valueOf", () => served(
  (x: number[]) => { const sum = { v: 0, add(y: number) { this.v += y; return this; }, valueOf() { return this.v; } }; return Float64Array.from(x, (y) => sum.add(y) as unknown as number); }, [[[1, 2, 3]], [[]]]));

describe("what is no plain data", () => {
  class Short extends Float64Array { override get length(): number { return 2; } }
  const own = (key: string, value: unknown): Float64Array => Object.defineProperty(Float64Array.of(1, 2, 3, 4), key, { value, configurable: true });
  const reads = [(x: number, t: Float64Array) => x * t[3]! + t[0]!, (x: number, t: Float64Array) => { let s = x; for (let i = 0; i < t.length; i++) s += t[i]!; return s; }];
  test.each([["a class over a typed array has a length of its own", Short.of(1, 2, 3, 4)], ["a typed array has one", own("length", 3)], ["it says of its bytes what is not so", own("byteLength", 8)], ["and of where they are", own("byteOffset", 8)]])("%s", async (_, table) => {
    await ready();
    for (const read of reads) for (const slow of [[], [1]]) {
      const version = specialize(read, { slow, tier: "js", compile: "sync" });
      version(1, Float64Array.of(4, 3, 2, 1));
      for (let i = 0; i < 3; i++) { table[i + 1]! += 5; expect(version(i, table)).toBe(read(i, table)); }
      version.dispose();
    }
  });
  const buffer = Object.assign(new ArrayBuffer(8), { a: 5 }), proxy = new Proxy([1, 2], {});
  test.each([
    ["the keys of one with a length of its own", () => Object.keys(Short.of(1, 2, 3)).length + Object.values({ ...Short.of(1, 2, 3) }).length],
    ["what a Proxy is", () => [Array.isArray(proxy), proxy instanceof Object, [0].concat(proxy).length, Object.keys(proxy).length]],
    ["all names of what is built in, and its prototype", () => [Object.getOwnPropertyNames(Math).length > 9, Reflect.ownKeys(/x/).length, Object.getPrototypeOf(Math) === Object.prototype]],
    ["fields of a buffer", () => [Object.keys(buffer).length, buffer.a, { ...buffer }.a]],
    ["boxed numbers and texts as JSON", () => JSON.stringify([Object(5), Object("abc")])],
    ["whether a DataView is a view, or what may be one", (x: number) => [ArrayBuffer.isView(new DataView(buffer)), ArrayBuffer.isView(x > 1 ? new Float64Array(2) : null)]],
  ] as readonly (readonly [string, (x: number) => unknown])[])("%s", async (_, read) => {
    await ready();
    const outer = ((captured: unknown) => (x: number, given: unknown) => [read(x), captured === given])(buffer);
    const version = specialize(outer, { tier: "js", compile: "sync" });
    for (const x of [1, 2]) expect(version(x, buffer)).toEqual(outer(x, buffer));
    version.dispose();
  });
});
