// Arrays of the caller's that change their length.

import { beforeAll, describe, expect, it, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

beforeAll(async () => { await ready(); });

describe("arrays of the caller's that change their length", () => {
  test("grow by push, whatever they held", () => served(
    (out: number[], xs: number[]) => { for (const x of xs) if (x > 0) out.push(x * 2); return out; }, [[[1, -0], [1, -2, 3]], [[], [NaN, 4]], [[NaN, 2], []]]));
  test("take new objects, which are what is returned", () => served(
    (out: object[], xs: number[]) => { let last = null; for (const x of xs) { last = { x, pair: [x, -x] }; out.push(last); } return [last, out]; }, [[[], [1, -2, 3]], [[], []]]));
  test("shrink by pop, shift and length", () => served(
    (a: number[], b: number[], c: number[]) => { const p = a.pop()!, s = b.shift(); c.length = 1; return [p, s, a.length, c]; }, [[[1, 2], [3, 4], [5, 6]], [[1], [], [7]]]));
  test("get elements put in between, and in front", () => served(
    (a: number[], x: number) => { a.splice(1, 1, x, -x); a.unshift(x, 2 * x); a.reverse(); return a.indexOf(x); }, [[[1, 2, 3], 4], [[1], 4], [[], -0]]));
  test("are appended to by index", () => served(
    (a: number[], x: number) => { a[a.length] = x; a[a.length] = 2 * x; a[0] = 3; return a.length; }, [[[1, 2], 7], [[], 7]]));
  test("are tables with holes", () => served(
    (a: number[], i: number) => { a[i] = i * 2; return a; }, [[[], 0], [[], 5], [[], 40]]));
  test("are fields of objects", () => served(
    (o: { items: number[]; n: number }, x: number) => { o.items.push(x); o.n = o.items.length; return o; }, [[{ items: [1], n: 0 }, 5], [{ items: [], n: 0 }, 5]]));
  test("keep their contents where the original has to run", () => served(
    (a: number[], x: number) => { a.push(x); if (x < 0) throw new RangeError("negative"); return a; }, [[[1], 2], [[1], -2]], { original: 1 }));
});

for (const tier of ["js", "wasm"] as const) {
  describe(`captured tables served by ${tier}`, () => {
    const agree = (make: () => { run: (x: number) => unknown; state: () => unknown }, calls: readonly number[]): void => {
      const plain = make(), other = make(), fast = specialize(other.run, { tier, compile: "sync" });
      for (const x of calls) expect([fast(x), other.state()]).toEqual([plain.run(x), plain.state()]);
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: calls.length });
    };
    it("remember what was computed, with holes in between", () => agree(() => {
      const cache: number[] = [];
      return { run: (n) => { if (cache[n] === undefined) { let s = 0; for (let i = 0; i <= n; i++) s += i * i; cache[n] = s; } return cache[n]; }, state: () => cache };
    }, [5, 2, 5, 9, 0, 2]));
    it("are filled by recursion", () => agree(() => {
      const memo: number[] = [];
      const fib = (n: number): number => (n < 2 ? n : memo[n] ?? (memo[n] = fib(n - 1) + fib(n - 2)));
      return { run: fib, state: () => memo };
    }, [10, 3, 20, 1]));
    it("grow as far as they are needed", () => agree(() => {
      const primes = [2, 3];
      return { run: (n) => { let c = primes[primes.length - 1]!; while (primes.length < n) { c += 2; let ok = true; for (let i = 0; primes[i]! * primes[i]! <= c; i++) if (0 === c % primes[i]!) ok = false; if (ok) primes.push(c); } return primes[n - 1]; }, state: () => primes };
    }, [2, 9, 4, 30]));
    it("are a window over the last calls", () => agree(() => {
      const window: number[] = [];
      let sum = 0;
      return { run: (x) => { window.push(x); sum += x; if (window.length > 3) sum -= window.shift()!; return sum / window.length; }, state: () => [window, sum] };
    }, [1, 2.5, -3, 4, 5]));
    it("hold null, booleans and numbers", () => agree(() => {
      const seen: (boolean | number | null)[] = [null, 1, true];
      return { run: (n) => { const before = seen[n]; seen[n] = before === null ? false : before === true ? n : null; seen.push(n > 1); return [before, seen.length]; }, state: () => seen };
    }, [0, 1, 2, 0, 2]));
  });
}

interface Point { x: number; y: number }
const points = (...xs: number[]): Point[] => xs.map((x) => ({ x, y: -x }));

describe("a heap and a stack of the caller's", () => {
  test("is a heap", () => served((a: number[], x: number) => {
    a.push(x);
    let i = a.length - 1;
    while (i > 0) { const p = (i - 1) >> 1; if (a[p]! <= x) break; a[i] = a[p]!; i = p; }
    a[i] = x;
  }, [[[1, 4, 2], 0], [[], 3], [[1, 2], 9]]));
  test("is a stack while it has elements", () => served(
    (a: number[], n: number) => { let s = 0; for (let i = 0; i < n; i++) { if (i % 3 === 2) s += a.pop()!; else a.push(i * 1.5); } return s; }, [[[1, 2], 9], [[], 30], [[7], 0]]));
});

describe("an array that has holes, or more than numbers in it", () => {
  const schedule = (o: { w: number[] }, x: number): number => {
    const { w } = o;
    for (let i = 0; i < 4; i++) w[i] = x + i;
    for (let i = 4; i < 8; i++) w[i] = w[i - 1]! + w[i - 4]!;
    return w[7]!;
  };
  test("is a list once it is written: room for what is calculated", () => served(schedule, [[{ w: new Array<number>(8) }, 1], [{ w: new Array<number>(8) }, NaN], [{ w: [1, 2, 3] }, 0.5]]));
  test("marks of a sieve", () => served((marks: boolean[], n: number) => {
    for (let i = 2; i < n; i++) if (marks[i] !== false) for (let j = i * i; j < n; j += i) marks[j] = false;
    return marks.indexOf(false);
  }, [[new Array<boolean>(30).fill(true), 20], [new Array<boolean>(30).fill(true), 30], [[], 0]]));
  test("where only some were declared slow", () => served((w: (number | null)[], n: number) => { w[n] = 3; return w[0] === null ? 1 : 0; }, [[[null, 1, null], 0], [[null, 1, null], 2], [[4, , 1] as number[], 1]], { slow: [0] }));
});

describe("an array of objects or rows", () => {
  test("is sorted in place", () => served((p: Point[]) => { p.sort((a, b) => a.x - b.x); return p[0]; }, [[points(3, 1, 2)], [points(1)], [points(3, 1, 2, -1)]]));
  test("is sorted in place by rows", () => served((p: number[][]) => p.sort((a, b) => a[0]! - b[0]!), [[[[3, 1], [1, 2], [2, 3]]], [[[1, 2]]]]));
  test("two objects change places, and one is written", () => served((p: Point[]) => { const t = p[0]!; p[0] = p[1]!; p[1] = t; p[0]!.x = 9; return p; }, [[points(1, 2)], [points(1, 2, 3)]]));
  test("gets new objects beside the old ones", () => served(
    (list: Point[], n: number) => { for (let i = 0; i < n; i++) list.push({ x: i, y: -i }); let s = 0; for (const p of list) s += p.x; return s; }, [[points(1), 3], [points(1, 2), 0]]));
  test("loses one", () => served((list: Point[], i: number) => list.splice(i, 1)[0], [[points(1, 2, 3), 1], [points(1), 0]]));
});

describe("arrays that are in two places, or fixed", () => {
  const shared = [1, 2];
  const grow = (a: number[], b: number[]): number => { a.push(7); let s = 0; for (let i = 0; i < b.length; i++) s += b[i]!; return s; };
  test("one array in two places", () => served(grow, [[[1, 2], [3]], [shared, shared], [[1], [2, 3]]]));
  test("a frozen one", () => served(grow, [[[1, 2], [3]], [Object.freeze([1, 2]) as number[], [3]]], { original: 1 }));
  test("one that another array gets", () => served((a: number[], n: number) => { a.push(n); const out: number[][] = []; for (let i = 0; i < n; i++) out.push(a); return out; }, [[[1], 2], [[1], 3]]));
});
