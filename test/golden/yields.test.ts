// What kernels found that ask when a generator goes on: who takes what it yields may change what it reads. The title says what was wrong.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";
import { served } from "../kernels/served.ts";

const inputs = [[0], [1], [5], [-2.5]];

describe("yield* gives each item when its turn comes: it gave what the list had held before the first", () => {
  it("a list that is written and grows meanwhile", () => agrees({ source: "function kernel(n) { const l = [1, 2, 3]; function* g() { yield* l; } let s = 0; for (const v of g()) { s = s * 2 + v; if (l.length < 5) l.push(v); if (v === 2) l[2] = n; } return [s, l]; }", slow: [], inputs }));
  it("an iterator of the user's, which counts", () => agrees({ source: "function kernel(n) { let c = 0; const it = { [Symbol.iterator]() { let i = 0; return { next() { c += 10; return { value: i, done: i++ >= 3 }; } }; } }; function* g() { yield* it; } let s = 0; for (const v of g()) { s = s * 3 + v + c; c += n; } return [s, c]; }", slow: [], inputs }));
  it("is what the generator returned", () => agrees({ source: "function kernel(n) { function* g() { yield n; return 7; } function* h() { yield (yield* g()) + (yield* [2]); } return [...h()].map(String); }", slow: [], inputs }));
  it("… or what the user's iterator ended with", () => agrees({ source: "function kernel(n) { const it = { [Symbol.iterator]() { let i = 0; return { next: () => ({ done: i > 1, value: i++ * n }) }; } }; function* g() { yield yield* it; } return [...g()]; }", slow: [], inputs }));
  it("of lists of any length, of Maps, of what iterators have left", () => served((l: number[], n: number) => {
    const m = new Map(l.map((v, i) => [i, v * n] as const));
    function* g(): Generator<number> { const it = l[Symbol.iterator](); it.next(); yield* it; yield* l; for (const [k, v] of m) yield* [k, v]; yield* m.keys(); }
    let s = 0;
    for (const v of g()) { s = s * 0.5 + v; if (l.length < 6) l.push(v); }
    return s;
  }, [[[3, 1, 4], 2], [[], 1], [[1, 2, 3, 4, 5, 6, 7], 0.5]]));
});

describe("a generator goes as far as a pattern takes, and no further", () => {
  it("what comes later has no effect", () => agrees({ source: "function kernel(n) { let k = 0; const o = { get v() { k++; return 1; } }; function* g() { yield n; yield o.v; } const [a] = g(); return [a, k]; }", slow: [], inputs }));
  it("… nor does a number that an object is asked for", () => agrees({ source: "function kernel(n) { let k = 0; const o = { valueOf() { k++; return 1; } }; function* g() { yield n; yield o + 1; } const [a] = g(); return [a, k]; }", slow: [], inputs }));
  it("of as many as there are, and of one without end", () => served((n: number) => {
    let c = 0;
    function* g(): Generator<number> { for (let i = 0; ; i++) { c++; if (i > n) return; yield i * i; } }
    function* naturals(): Generator<number> { for (let i = 0; ; i++) yield i; }
    const [a, , b = -1] = g(), [x, ...rest] = g(), [p, q] = naturals();
    return (a ?? 7) + b * 10 + c * 100 + (x ?? 0) + rest.length * 1000 + p! + q!;
  }, [[0], [1], [4], [-1]]));
  const original = async (source: string): Promise<void> => {
    await ready();
    const make = (): ((n: number) => unknown) => (0, eval)(`(${source})`) as (n: number) => unknown, fast = specialize(make(), { tier: "wasm", compile: "sync" });
    for (const n of [1, 5]) expect(fast(n)).toEqual(make()(n));
  };
  it("a default that writes what it reads next", () => original("function (n) { const l = [undefined, 2]; function* g() { yield l[0]; yield l[1]; } const [x = (l[1] = 9 + n), y] = g(); return [x, y]; }"));
  it("a variable that it reads is set on the way", () => original("function (n) { let c = n, d = 2; function* g() { yield c + 1; yield c + 1; } [c, d] = g(); return [c, d]; }"));
  it("a setter", () => original("function (n) { const o = { v: n }; function* g() { yield o.v; yield o.v + 1; } const t = { set a(x) { o.v = x * 10; }, b: 0 }; [t.a, t.b] = g(); return [t.b, o.v]; }"));
});

describe("lists without a prototype can't be iterated: they were, as all lists", async () => {
  await ready();
  const bare = <T extends object>(list: T): T => Object.setPrototypeOf(list, null) as T;
  const outcome = (f: (l: never) => unknown, list: unknown): unknown => { try { return f(list as never); } catch (e) { return String(e); } };
  const kernels: readonly ((l: number[]) => unknown)[] = [
    (l) => { let s = 0; for (const v of l) s += v; return s; }, (l) => [...l].length, (l) => { const [a, b] = l; return a! + b!; }, (l) => Math.max(...l), (l) => new Set(l).size,
    (l) => { function* g(): Generator<number> { yield* l; } return [...g()].length; }, (l) => Array.from(l, (v) => v + 1),
  ];
  it.each(kernels.map((fn) => [String(fn), fn] as const))("%s", (_, fn) => {
    for (const slow of [[], ["l"]]) {
      const fast = specialize(fn, { slow, tier: "wasm", compile: "sync" });
      for (const make of [() => [1, 2], () => bare([1, 2]), () => Object.setPrototypeOf([1, 2], {}) as number[], () => [3, 4]]) expect(outcome(fast, make())).toEqual(outcome(fn, make()));
    }
  });
  it("rows, and lists in objects", () => {
    const fn = (g: { l: number[] }[]): number => { let s = 0; for (const { l } of g) for (const v of l) s += v; return s; };
    for (const slow of [[], ["g"]]) {
      const fast = specialize(fn, { slow, tier: "wasm", compile: "sync" }), g = [{ l: [1, 2] }, { l: [3] }];
      expect(fast(g)).toBe(6);
      bare(g[0]!.l);
      expect(() => fast(g)).toThrow(TypeError);
      expect(() => fast.inspect(g)).not.toThrow();
    }
  });
});
