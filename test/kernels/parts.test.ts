// Parts of typed arrays (subarray) that lists, objects and Maps hold.

import { beforeAll, describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

beforeAll(() => ready());

type List = Float64Array[];
const calls = [[Float64Array.from([1, 2, 3, 4, 5, 6, 7]), 3], [Float64Array.from([5, -1, 2]), 2], [new Float64Array(0), 1], [Float64Array.from([9]), 1]] as const;

describe("they are in", () => {
  test("a list, of an argument", () => served((x: Float64Array, n: number) => { const out: List = []; for (let i = 0; i < x.length; i += n) out.push(x.subarray(i, i + n)); return out; }, calls));
  test("a list, of an array of the kernel's own", () => served((x: Float64Array, n: number) => { const own = x.map((v) => v * 2), out: List = []; for (let i = 0; i < x.length; i += n) out.push(own.subarray(i, i + n)); return { out, own }; }, calls));
  test("objects of a list", () => served((x: Float64Array, n: number) => { const out: { at: number; part: Float64Array }[] = []; for (let i = 0; i < x.length; i += n) out.push({ at: i, part: x.subarray(i) }); return out; }, calls));
  test("a Map, read there", () => served((x: Float64Array, n: number) => { const m = new Map<number, Float64Array>(); for (let i = 0; i < n; i++) m.set(i, x.subarray(i)); let s = 0; for (const [k, p] of m) s += k * p.length + (p[0] ?? 0); return s; }, calls));
  test("a list that is written through and sorted", () => served((x: Float64Array, n: number) => { const out: List = []; for (let i = 0; i + n <= x.length; i += n) out.push(x.subarray(i, i + n)); for (const p of out) { p[0]! += 1; p.reverse(); } return out.sort((p, q) => q[0]! - p[0]!); }, calls));
  test("a list that a recursive function fills", () => served((x: Float64Array) => {
    const out: List = [], cut = (from: number, to: number): void => { if (to - from < 3) { out.push(x.subarray(from, to)); return; } const m = (from + to) >> 1; cut(from, m); cut(m, to); };
    cut(0, x.length);
    return out;
  }, calls));
  test("a list, where it is all of the array on some paths, or nothing", () => served((x: Float64Array, n: number) => {
    const out: (Float64Array | null)[] = [];
    for (let i = 0; i < n; i++) { let own = new Float64Array(n + 1); own[0] = i; if (x[i]! > 1) own = own.subarray(0, 1); out.push(own, i & 1 ? null : x.subarray(i)); }
    return out;
  }, calls));
  test("a pair that changes places while a list gets one of them: the original's", () => served((x: Float64Array, n: number) => { const out: Float64Array[] = []; let pair = [x.subarray(0, 1), x.subarray(1, 2)]; for (let i = 0; i < n; i++) { out.push(pair[i & 1]!); pair = [pair[1]!, x.subarray(i)]; } return out; }, [[Float64Array.of(1, 2, 3), 2]], { original: 1 }));
});

describe("what is one object stays one", () => {
  test("twice in a list, beside it", () => served((x: Float64Array, n: number) => { const out: List = []; let last = x.subarray(0, 1); for (let i = 0; i < x.length; i++) { if (x[i]! > n) last = x.subarray(i); out.push(last); if (i & 1) out.push(last); } return { out, last }; }, calls));
  test("compared", () => served((x: Float64Array, n: number) => { const out: List = []; for (let i = 0; i < n; i++) { const p = x.subarray(i); out.push(p, p, x.subarray(i)); } return [out[0] === out[1], out[1] === out[2], out.indexOf(out[1]!), out.lastIndexOf(out[0]!)]; }, calls));
  test("the buffer that they lie in", () => {
    const kernel = (x: Float64Array, n: number): { own: Float64Array; out: List; theirs: List } => {
      const own = new Float64Array(n + 2), out: List = [], theirs: List = [];
      for (let i = 0; i < n; i++) { own[i] = x[i]!; out.push(own.subarray(i, i + 2)); out.push(out[i]!.subarray(1)); theirs.push(x.subarray(i)); }
      return { own, out, theirs };
    };
    for (const tier of ["wasm", "js"] as const) {
      const fast = specialize(kernel, { tier, compile: "sync" }), x = Float64Array.from([3, 4, 5, 6, 7]).subarray(1);
      const { own, out, theirs } = fast(x, 3), expected = kernel(x, 3);
      expect([out, theirs]).toEqual([expected.out, expected.theirs]);
      expect([...out, ...theirs].map((p) => [p.byteOffset, p.length])).toEqual([...expected.out, ...expected.theirs].map((p) => [p.byteOffset, p.length]));
      expect([out.every((p) => p.buffer === own.buffer), theirs.every((p) => p.buffer === x.buffer), fast.stats().calls[tier]]).toEqual([true, true, 1]);
      fast.dispose();
    }
  });
});
