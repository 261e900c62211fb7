// Variables that hold one of several arrays or objects, which depends on dynamic data.

import { describe, test } from "vitest";
import { served } from "./served.ts";

interface Point { x: number; y: number }
const points = (n: number): Point[] => Array.from({ length: n }, (_, i) => ({ x: (i * 7) % 5, y: i }));

describe("one of several objects", () => {
  test("two of the caller's arrays change places in a loop", () => served(
    (a: Float64Array, b: Float64Array, n: number) => { for (let i = 0; i < n; i++) { const t = a; a = b; b = t; a[0]! += 1; b[1]! += a[0]!; } return a[0]! * 10 + b[1]!; },
    [[new Float64Array([1, 2]), new Float64Array([3, 4]), 5], [new Float64Array([1, 2]), new Float64Array([3, 4]), 0]]));
  test("the caller's and a new one change places, and it is asked which is which", () => served((a: Float64Array, n: number) => {
    let from = a, to: Float64Array = new Float64Array(a.length);
    for (let s = 0; s < n; s++) { to[1] = from[1]! * 0.5; const t = from; from = to; to = t; }
    return [from === a, to === a, from[1]];
  }, [[Float64Array.of(1, 2), 20], [Float64Array.of(1, 2), 21], [Float64Array.of(1, 2), 0]]));
  test("so do ordinary arrays", () => served(
    (a: number[], b: number[], n: number) => { for (let i = 0; i < n; i++) { const t = a; a = b; b = t; a[0]! += 1; b[1]! += a[0]!; } return a[0]! * 10 + b[1]!; },
    [[[1, 2], [3, 4], 5], [[1, 2], [3, 4], 2]]));
  test("two new objects change places in a loop", () => served(
    (n: number) => { let p = { x: 1, y: 0 }, q = { x: 0, y: 1 }; for (let i = 0; i < n; i++) { const t = p; p = q; q = t; p.x += q.y; } return p.x + 10 * q.x + 100 * p.y; }, [[5], [4], [0]]));
  test("the best of a list, or nothing", () => served(
    (items: Point[], q: number) => { let best: Point | null = null, least = Infinity; for (const p of items) { const d = Math.abs(p.x - q); if (d < least) { least = d; best = p; } } return best; },
    [[points(7), 3], [points(1), 9], [points(3), NaN]]));
  test("a recursion hands on an index that is there once something was found", () => served(
    (points: Point[], least: number) => {
      const out: number[] = [];
      const step = (first: number, last: number): void => {
        let max = least, at: number | undefined;
        for (let i = first + 1; i < last; i++) { const d = Math.abs(points[i]!.x - points[first]!.x); if (d > max) { at = i; max = d; } }
        if (max > least) { step(first, at!); out.push(at!); step(at!, last); }
      };
      step(0, points.length - 1);
      return out;
    }, [[points(12), 1], [points(3), 9], [points(20), 0]]));
  test("a field is written by one of a few names", () => served(
    (kinds: string[], xs: number[], o: Record<string, number>) => {
      const sums: Record<string, number> = { up: 0, down: 0 };
      for (let i = 0; i < xs.length; i++) { const kind = kinds[i & 1]!; sums[kind] = (sums[kind] || 0) + xs[i]!; o[xs[i]! > 0 ? "x" : "y"]! += 1; }
      return [sums, o];
    }, [[["up", "down"], [1, 2.5, -3], { x: 0, y: 0 }], [["up", "down"], [], { x: 0, y: 0 }]], { slow: ["kinds"] }));
  test("the argument that is chosen is written", () => served(
    (p: Point, q: Point, xs: number[]) => { let r = p; for (let i = 0; i < xs.length; i++) { r = xs[i]! > 0 ? p : q; r.x += xs[i]!; } return [r, p.x, q.x]; },
    [[points(1)[0]!, points(2)[1]!, [1, -2, 3]], [points(1)[0]!, points(2)[1]!, []]]));
  test("a list that is taken out of one from which others were cut is spread", () => served(
    (x: number[]) => { const s = x.map((v) => [v, v + 1]); s.splice(1, 1); return [...s.shift()!]; }, [[[1, 2, 5]], [[4, 2, 3, 9, 7]]]));
  test("elements of a list, which once held lists, are compared where both are numbers", () => served(
    (x: number[]) => { const d: (number | number[])[] = []; for (let i = 0; i < x.length; i++) d[i] = []; for (let i = 0; i < x.length; i++) d[i] = x[i]!; let k = 0, p = d[0]!; for (let i = 1; i < x.length; i++) if (d[i]! < p) { k = i; p = d[i]!; } return [k, p]; }, [[[5, 2, 3]], [[1]], [[NaN, -0, 0]]]));
  test("lists are iterated, of which the program is too large to go on with each", () => served(
    (x: number[], k: number) => { let s = 0; for (const v of k > 1 ? Float64Array.from(x) : k > 0 ? x : []) { if (v > 9) break; s = s * 3 + v; x[2] = 7; } return s; }, [[[1, 2, 3], 2], [[6, 2, 3], 1], [[1], 0]], { operations: 150 }));
});

describe("an element of one argument that is another argument", () => {
  const points = (): { x: number; y: number }[] => [1, 2, 3].map((x) => ({ x, y: -x }));
  const rows = (): number[][] => [[1, 2], [3, 4], [5]];
  const pair = <T>(list: T[], at: number): [T[], T] => [list, list[at]!];
  test("an object", () => served((ps: { x: number }[], p: { x: number }) => { p.x += 3; let s = 0; for (const q of ps) s = s * 2 + q.x; return [s, p === ps[1], p]; }, [pair(points(), 0), pair(points(), 1)]));
  test("a row", () => served((a: number[][], r: number[]) => { r[0]! += 3; let s = 0; for (const q of a) s = s * 2 + q[0]!; return s; }, [pair(rows(), 0), pair(rows(), 2)]));
  test("a typed row", () => served((a: Float64Array[], r: Float64Array) => { r[0]! += 3; let s = 0; for (const q of a) s = s * 2 + q[0]!; return s; }, [pair(rows().map((r) => Float64Array.from(r)), 1)]));
});
