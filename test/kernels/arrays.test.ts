// Arrays that kernels make: of computed length, growing, with holes, returned.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

describe("arrays of computed length", () => {
  test("an array grows by push in a loop", () => served(
    (x: number[]) => { const out = []; for (let i = 0; i < x.length; i++) if (x[i]! > 0) out.push(x[i]! * 2); return out; },
    [[[1, -2, 3, 4]], [[1]], [[]], [Array.from({ length: 100 }, (_, i) => i - 3)]]));
  test("a typed array of a fast length; a fractional length is cut, a negative one throws", () => served(
    (x: number[], n: number) => { const h = new Int32Array(n); for (let i = 0; i < x.length; i++) h[x[i]! % n]!++; return h; },
    [[[1, 2, 3, 4], 3], [[1], 5.5], [[], 0], [[1], -1]], { original: 1 }));
  test("elements never written stay holes", () => served(
    (n: number) => { const a = new Array(n); for (let i = 0; i < n; i += 2) a[i] = i; return a; }, [[5], [0], [3.5], [-1]], { original: 2 }));
  test("one with holes that a loop fills before it counts in it", () => served(
    (x: number[]) => { const count: number[] = new Array(3); let s = 0; for (const v of x) { count[0] = count[1] = count[2] = 0; count[v]! += 2; s = s * 3 + count[1]!; if (s > 60) break; } return [s, count, 1 in count]; },
    [[[0, 1, 2]], [[]], [[1, 1, 1, 1, 2]]]));
  test("and one with texts, booleans and null", () => served(
    (x: number[]) => { const count: unknown[] = [null, true, "a"]; for (const v of x) { count[0] = count[1] = count[2] = 0; count[v] = v * 2; } return count; }, [[[0, 1, 2]], [[]]]));
  test("values and entries of arrays with holes are listed", () => served(
    (n: number) => { const l: { v: number }[] = new Array(n); for (let i = 0; i < n; i += 2) l[i] = { v: -i }; let s = 0; for (const [k, o] of Object.entries(l)) s = s * 3 + +k * o.v; return [Object.values(l), s]; }, [[5], [0], [8]]));
  test("so are those of the caller's", () => served(
    (x: number[] | Float64Array) => [Object.values(x), Object.entries(x).map(([k, v]) => k + v)], [[[3, -0]], [[]], [[1, , 2] as number[]], [new Float64Array([1.5])]]));
  test("a sieve", () => served(
    (n: number) => { const s = new Uint8Array(n + 1), p = []; for (let i = 2; i <= n; i++) { if (s[i]) continue; p.push(i); for (let j = i * i; j <= n; j += i) s[j] = 1; } return p; },
    [[100], [2], [1]]));
  test("two arrays grow on different paths", () => served(
    (x: number[]) => { const a = [], b = []; for (const v of x) { if (v < 0) a.push(v); else b.push(v); } return { a, b, n: a.length }; }, [[[1, -1, 2]], [[]]]));
  test("a stack is pushed and popped while it has elements", () => served(
    (n: number) => { const st = [n]; let c = 0; while (st.length) { const v = st.pop()!; c += v; if (v > 1) { st.push(Math.floor(v / 2)); if (v > 10) st.push(v - 7); } } return c; }, [[5], [50]]));
  test("a list that some paths lengthen while others replace its only element", () => {
    interface Item { at: number; kids: Item[] | undefined }
    const size = (first: Item): number => { const todo = [first]; let all = 0; while (todo.length > 0) { const one = todo.pop()!; all++; if (one.kids) for (const k of one.kids) todo.push(k); } return all; };
    const leaf = (at: number): Item => ({ at, kids: undefined }), root = [{ at: 5, kids: [leaf(4), leaf(0)] }, { at: -2, kids: [leaf(0)] }];
    return served((a: number) => { let s = 0; for (let i = 0; i < 2; i++) { const one = root.find((k) => k.at > a); if (one) s += size(one); } return s; }, [[0], [-3], [9]]);
  });
  test("map, filter, reduce over a fast array", () => served(
    (x: number[]) => x.map((v) => v * v).filter((v) => v > 4).reduce((a, b) => a + b, 0), [[[1, 2, 3, 4]], [[]]]));
  test("a copy of an array", () => served(
    (x: number[]) => { const y = new Float64Array(x); for (let i = 1; i < y.length; i++) y[i]! += y[i - 1]!; return y; }, [[[1, 2, 3]], [[]]]));
  test("elements appended by index, the length cut", () => served(
    (n: number) => { const o: number[] = []; for (let i = 0; i < n; i++) o[o.length] = i * i; o.length = Math.min(3, n); return o; }, [[5], [1]]));
  test("a convolution with slow taps", () => served(
    function (x: Float64Array, h: number[]) { const n = x.length + h.length - 1, y = new Float64Array(n); for (let i = 0; i < x.length; i++) for (let j = 0; j < h.length; j++) y[i + j]! += x[i]! * h[j]!; return y; },
    [[new Float64Array([1, 2, 3]), [1, 1]]], { slow: ["h"] }));
  test("a small local array is indexed dynamically", () => served(
    (q: number[]) => { const t: number[] = []; for (let i = 0; i < 6; i++) t.push(q[i]! * 2); let s = 0; for (let j = 0; j < q.length; j++) s += t[j % 6]!; t.forEach((v) => { s += v; }); return [s, t.map((x) => x + 1)]; },
    [[[1, 2, 3, 4, 5, 6, 7, 8]]]));
});

describe("the keys of arrays of unknown length", () => {
  test("are what for-in comes to, as texts of indices", () => served(
    (x: number[], n: number) => { const out = []; for (let i = n; i <= x.length; i++) { const part = x.slice(i - n, i); let s = 0; for (const k in part) s += part[k]! * (Number(k) + 1); out.push(s); } return out; }, [[[1, 2.5, -3, 4], 2], [[1], 1], [[], 3]]));
  test("of the caller's too", () => served((x: number[], y: Float64Array) => { let s = ""; for (const k in x) s += k; for (const k in y) s += `,${k}`; return [s, Object.keys(x).length]; }, [[[1, 2, 3], new Float64Array(2)], [[], new Float64Array(1)]]));
  test("where holes are none", () => served((x: number[]) => { const t = [], seen = []; for (const v of x) t[v] = v; for (const k in t) seen.push(+k); return seen; }, [[[4, 1, 2]], [[0]], [[]]]));
  test("one that is gone when its turn comes is left out", () => served((x: number[]) => { const t = x.slice(), seen = []; for (const k in t) { seen.push(t[k]); if (t.length > 2) t.pop(); } return seen; }, [[[1, 2, 3, 4]], [[1]], [[]]]));
  test("of arrays with names beside their elements are the original's", () => served((x: number[]) => { let n = 0; for (const k in x) n += k.length; return n; }, [[[1, 2]], [Object.assign([1, 2], { more: 1 })]], { original: 1 }));
});

test("Array is called with a list of unknown length", () => served(
  (n: number) => Array.apply(null, Array(n) as unknown[]).map((_, i) => ({ i, half: i / 2 })), [[4], [0], [1], [2]], { original: 1 }));

describe("names that only read as numbers are no elements", () => {
  type Make = (w: string, n: number) => unknown;
  test.each<[string, Make]>([
    ["of an array filled", (w, n) => { const out = new Array(n).fill(0); out[w as never] = 7; return out; }],
    ["of one that grows", (w, n) => { const out: number[] = []; for (let i = 0; i < n; i++) out.push(i); out[w as never] = 7; return out; }],
    ["of one that is indexed", (w, n) => { const out = [1, 2, 3]; let s = 0; for (let i = 0; i < n; i++) s += out[i % 3]!; out[w as never] = s; return out; }],
    ["put together of a number and a text", (w, n) => { const out = new Array(n).fill(0); for (let i = 0; i < 5; i++) out[(i + w) as never] = i; return out; }],
    ["read", (w, n) => { const out: number[] = []; for (let i = 0; i < n; i++) out.push(i); return out.map((i) => out[(i + w) as never] === undefined); }],
  ])("%s", async (_, make) => {
    await ready();
    const entries = (list: unknown): unknown => [Object.entries(list as object), (list as unknown[]).length];
    for (const w of ["02", "1.0", "1", "-0", "1e0"]) expect(entries(specialize(make, { tier: "wasm", compile: "sync" })(w, 5)), w).toEqual(entries(make(w, 5)));
  });
});

describe("a typed array at an index that is undefined has a property of that name afterwards", () => {
  const keys = (f: (...args: never[]) => unknown, calls: () => unknown[][], original: number): void => {
    for (const tier of ["wasm", "js"] as const) {
      const run = f as (...args: unknown[]) => unknown, fast = specialize(run, { tier, compile: "sync" }), [theirs, ours] = [calls(), calls()];
      theirs.forEach((args, i) => { expect(fast(...ours[i]!)).toEqual(run(...args)); expect(Object.entries(ours[i]![0]!)).toEqual(Object.entries(args[0]!)); });
      expect(fast.stats().calls).toMatchObject({ original, [tier]: theirs.length - original });
      fast.dispose();
    }
  };
  test("a variable that has no value yet", () => keys((t: Float64Array, n: number) => { let i; for (let k = 0; k < n; k++) { if (k === 2) i = k; t[i as never] = 5; } }, () => [[new Float64Array(3), 0], [new Float64Array(3), 3]], 1));
  test("an element behind the end of an array", () => keys((t: Float64Array, l: Uint8Array) => { for (let i = 0; i < 3; i++) t[l[i]!] = i; }, () => [[new Float64Array(3), Uint8Array.of(2, 1, 0)], [new Float64Array(3), Uint8Array.of(1, 2)], [new Float64Array(2), Uint8Array.of(1, 2, 9)]], 1));
  test("a hole", () => keys((t: Int32Array, l: number[]) => { for (let i = 0; i < l.length; i++) t[l[i]!]!++; }, () => [[new Int32Array(3), [2, 1, 1]], [new Int32Array(3), [1, , 2] as number[]]], 1));
  test("one of the kernel's own", () => keys((l: number[], n: number) => { const t = new Int32Array(3); for (let i = 0; i < n; i++) t[l[i]!]! += i; return Object.keys(t).length; }, () => [[[2, 1, 1], 3], [[2, 1], 3]], 1));
});
