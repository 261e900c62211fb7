// The caller's arrays of arrays of arrays: polygons with holes, tensors.

import { describe, test, expect, beforeAll } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

beforeAll(async () => { await ready(); });

type Ring = number[][];
const one: Ring[] = [[[0, 0], [4, 0], [4, 3], [0, 0]], [[1, 1], [2, 1], [1, 2], [1, 1]]], other: Ring[] = [[[-1, 2], [5, -0], [NaN, 7]], [], [[1, 2]]];

describe("arrays of arrays of arrays", () => {
  test("are walked by index, and one version serves all of one depth", async () => {
    const tensor = (t: number[][][]): number => { let s = 0; for (let i = 0; i < t.length; i++) for (let j = 0; j < t[i]!.length; j++) for (let k = 0; k < t[i]![j]!.length; k++) s += t[i]![j]![k]! * (i + 2 * j - k); return s; };
    await served(tensor, [[one], [other], [[]], [[[]]]]);
    const version = specialize(tensor, { tier: "wasm", compile: "sync" });
    for (let n = 1; n < 9; n++) version([[[n, n + 1], [2 * n]]]);
    expect(Object.values(version.stats().made)).toEqual([1]);
  });
  test("are walked by for-of and destructuring, in an object's field", () => served(
    (f: { coordinates: Ring[] }, k: number) => { let s = 0; for (const ring of f.coordinates) for (const [x = k, y] of ring) s += x! * y!; return s; }, [[{ coordinates: one }, 2], [{ coordinates: other }, 3]]));
  test("four deep", () => served((m: Ring[][]) => { let top = -Infinity; m.forEach((p) => p.forEach((ring) => ring.forEach((c) => { if (c[1]! > top) top = c[1]!; }))); return top; }, [[[one, one.map((r) => r.map((p) => [...p]))]], [[other]]]));
  test("are mapped and made flat", () => served((p: Ring[]) => [p.map((ring) => ring.map(([x, y]) => [y, x])), p.flat(), p.flat(2)], [[one], [other]]));
  test("are written where they lie", () => served((p: Ring[], s: number) => { for (const ring of p) for (const q of ring) q[0]! *= s; return p; }, [[one, 2], [other, -1]]));
  test("give rows of any level back, the very ones", async () => {
    const pick = (p: Ring[], i: number): unknown[] => { let longest = p[0]!; for (const ring of p) if (ring.length > longest.length) longest = ring; return [p[i], p[i]![0], longest, p.filter((ring) => ring.length > 0)]; };
    await served(pick, [[one, 1], [other, 2]]);
    const given = pick(one, 1) as Ring[], fast = specialize(pick, { tier: "wasm", compile: "sync" })(one, 1) as Ring[];
    expect([fast[0] === given[0], fast[1] === given[1], fast[2] === given[2]]).toEqual([true, true, true]);
  });
  test("have rows that change their places, on each level", () => served(
    (p: Ring[]) => { if (p[0]![0]![0]! < 1) p[0]!.reverse(); const t = p[0]!; p[0] = p[1]!; p[1] = t; return p; }, [[one], [other]]));
  test("one row in two places changes in both", () => {
    const swap = (p: Ring[]): number => { const t = p[0]![0]!; p[0]![0] = p[0]![1]!; p[0]![1] = t; p[0]![0]![0]! += 10; return p[1]![0]![0]!; };
    const makes: (() => Ring[])[] = [() => [[[1, 2], [3, 4]], [[5]]], () => { const ring = [[1, 2], [3, 4]]; return [ring, ring]; }, () => { const leaf = [5, 6]; return [[leaf, [7]], [leaf]]; }];
    for (const tier of ["wasm", "js"] as const) {
      const fast = specialize(swap, { tier, compile: "sync" });
      for (const make of makes) { const ours = make(), theirs = make(); expect([fast(ours), ours]).toEqual([swap(theirs), theirs]); }
    }
  });
  test("are compared by identity", () => served((p: Ring[], q: Ring) => { let n = 0; for (const ring of p) { if (ring === q) n++; if (ring[0] === p[0]![0]) n += 2; } return n; }, [[one, one[1]], [other, other[0]]]));
  test("whose rows have methods of their own are the original's", () => served((p: Ring[]) => p[0]!.at(-1)!.at(0), [[one], [[Object.assign([[1, 2]], { at: () => [7] })]]], { original: 1 }));
  test("of other depths than the first call's have versions of their own", () => served((c: unknown[]) => { let d = 0; for (let at: unknown = c; Array.isArray(at); at = at[0]) d++; return d; }, [[one], [[one]], [[1]], [[[1]]]]));
});

test("rows in another list, whose array is sorted before one of them grows", () => served((ps: number[][]) => { const q = []; for (const p of ps) if (p[0]! > 1) q.push(p); ps.sort((a, b) => a[0]! - b[0]!); let s = 0; for (const p of q) s += p[1]!; ps[0]!.push(7); return [s, q]; }, [[[[3, 1], [1, 2], [2, 5]]], [[[0, 1]]]]));
test("objects in another list, whose array is sorted before their lists grow", () => served((ps: { x: number; list: number[] }[]) => { const q = []; for (const p of ps) q.push(p.x > 2 ? p : null); ps.sort((a, b) => a.x - b.x); for (const p of ps) p.list.push(p.x); let s = 0; for (const p of q) if (p !== null) s += p.list.length; return s; }, [[[{ x: 3, list: [] }, { x: 1, list: [4] }]], [[{ x: 7, list: [] }]]]));
