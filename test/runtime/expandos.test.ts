// Properties of functions and static fields of classes that the kernel writes.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served, type Calls, type Subject } from "./subjects.ts";

beforeAll(async () => { await ready(); });

for (const tier of ["js", "wasm"] as const) {
  const all = (make: () => Subject, calls: Calls): void => { expect(served(tier, make, calls)).toBe(calls.length); };

  describe(`properties of functions that the kernel writes, served by ${tier}`, () => {
    it("a seed in a static field", () => {
      all(() => {
        class Random { static seed = 1; static next(k: number): number { Random.seed = (Random.seed * 16807 * k) % 2147483647; return Random.seed / 2147483647; } }
        return { f: (k: number) => Random.next(k), get state() { return Random.seed; } };
      }, [[1], [2], [3]]);
    });

    it("this is the class", () => {
      all(() => {
        class Ids { static last = 7; static next(by: number): number { return (this.last += by) + Ids.last; } }
        return { f: Ids.next, self: Ids, get state() { return Ids.last; } };
      }, [[1], [2], [3]]);
    });

    it("counters of a function's own, and of a helper; one that is not there at first", () => {
      all(() => {
        const id = Object.assign(() => id.last++, { last: 1 }), f = Object.assign((n: number): number => { f.calls = (f.calls ?? 0) + 1; return n * f.calls * id(); }, { calls: undefined as number | undefined });
        return { f, get state() { return [f.calls, id.last]; } };
      }, [[4], [5], [6]]);
      served(tier, () => {
        const f: { (n: number): number; calls?: number } = (n) => { f.calls = (f.calls ?? 0) + 1; return n * f.calls; };
        return { f, get state() { return Object.keys(f).length + f.calls!; } };
      }, [[4], [5], [6]]);
    });

    it("a cache, and what else the function captures still counts", () => {
      all(() => {
        const f = Object.assign((n: number): number => f.known[n] ??= n * f.scale, { known: {} as Record<number, number>, scale: 3 });
        return { f, get state() { return f.known; } };
      }, [[4], [4], [5]]);
      const f = Object.assign((n: number): number => { f.calls++; return n * f.scale; }, { calls: 0, scale: 3 }), fast = specialize(f, { tier, compile: "sync" });
      expect([fast(2), fast(2)]).toEqual([6, 6]);
      f.scale = 5;
      expect([fast(2), f.calls]).toEqual([10, 3]);
      expect(fast.stats().calls[tier]).toBe(3);
    });

    it("what a class inherits is not its own; setters are the original's", () => {
      const make = (): Subject => {
        class Base { static last = 1; static get twice(): number { return this.last * 2; } static set twice(v: number) { this.last = v; } }
        class Derived extends Base { static next(n: number): number { this.last += n; Base.last++; return this.last + Base.last; } static put(n: number): number { Base.twice = n; return Base.last; } }
        return { f: (n: number) => Derived.next(n) + Derived.put(n), get state() { return [Base.last, Derived.last, Object.keys(Derived)]; } };
      };
      served(tier, make, [[1], [2], [3]]);
    });

    it("calls that are compared leave them as one call does", () => {
      const make = () => { const f = Object.assign((n: number): number => { f.calls++; return f.known[n] ??= n * f.calls; }, { calls: 0, known: {} as Record<number, number> }); return f; };
      const plain = make(), other = make(), fast = specialize(other, { tier, compile: "sync", verify: { every: 1 } });
      for (const n of [1, 2, 1, -3]) expect([fast(n), other.calls, other.known]).toEqual([plain(n), plain.calls, plain.known]);
      expect(fast.reports()).toEqual([]);
    });
  });
}
