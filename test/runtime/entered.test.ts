// Maps, Sets and plain objects with keys of run time that outlive the call: captured ones, and those among a call's values.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize, type Options } from "../../src/index.ts";
import { portrait, served, STATE, type Calls, type Subject } from "./subjects.ts";

beforeAll(async () => { await ready(); });

const memo = (cache: Record<number, number>): Subject => ({ f: (n: number) => cache[n] || (cache[n] = n * n + 1), state: cache });
const keys: Calls = [4, 4, 2.5, -1, 0, -0, 3, 1e21, NaN, NaN, Infinity, 4294967295, 4294967294, 7].map((n) => [n]);

for (const tier of ["js", "wasm"] as const) {
  const all = (make: () => Subject, calls: Calls, options?: Options): void => { expect(served(tier, make, calls, options)).toBe(calls.length); };

  describe(`tables that outlive the call, served by ${tier}`, () => {
    it("an object: numbers of all kinds are keys, in the language's order", () => { all(() => memo({}), keys); });
    it("one that has keys already", () => { all(() => memo({ 4: 1, 2: 9, "-1": 5, "0.5": 3 }), keys); });
    it("one without a prototype", () => { all(() => memo(Object.create(null) as Record<number, number>), keys); });
    it("5,000 keys", () => { all(() => memo(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [i * 7, i]))), [[7], [3], [3], [70_000]]); });

    it("a memo of a recursive function", () => {
      all(() => {
        const known: Record<number, number> = {};
        const fib = (n: number): number => { if (n in known) return known[n]!; return n < 2 ? n : (known[n] = fib(n - 1) + fib(n - 2)); };
        return { f: fib, state: known };
      }, [[10], [20], [5], [30], [31]]);
    });

    it("counts, of a helper's", () => {
      all(() => {
        const counts: Record<number, number> = {};
        const count = (k: number): void => { counts[k] = (counts[k]! | 0) + 1; };
        return { f: (x: number[]) => { for (const v of x) count(Math.floor(v)); let most = 0; for (const k in counts) most = Math.max(most, counts[k]!); return most + Object.keys(counts).length; }, state: counts };
      }, [[[3, 1, 2.5]], [[]], [[-4, 3, 3, 100]]]);
    });

    it("keys are taken out, and put in again at the end", () => {
      all(() => {
        const open: Record<number, number> = { 3: 1, 1: 2, "1.5": 3, "-2": 4 };
        return { f: (n: number) => { const was = n in open; delete open[n]; if (n > 1) open[n] = 9; return was ? 1 : Object.hasOwn(open, n) ? 2 : 3; }, state: open };
      }, [[1.5], [-2], [7], [3], [1.5]]);
    });

    it("keys that are known: put in, listed, taken out", () => {
      all(() => {
        const open: Record<number, number> = { 5: 2 };
        return { f: (n: number) => { open[3] = n; let s = 0; for (const k in open) { s += open[k]! * Number(k); delete open[k]; } if (n > 1) open[1] = n; return s; }, state: open };
      }, [[1], [2], [3]]);
    });

    it("only asked, never changed: a Map, a Set, an object, and what stands there", () => {
      const places = new Map([[3, 1], [0.5, 2]]), seen = new Set([1, NaN]), squares: Record<string, number> = { 9000: 3, "-4": 2 }, texts = new Map([[7, "seven"], [8, "eight"]]);
      all(() => ({ f: (n: number) => (places.get(n) ?? -1) + (seen.has(n) ? 10 : 0) + (texts.get(n)?.length ?? 0), state: [places, seen, texts] }), keys);
      const many: Record<string, number> = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [i * 1000, -i]));
      all(() => ({ f: (n: number) => [many[n], squares[n]], state: many }), [[9000], [-4], [3], [-0]]);
    });

    it("booleans, null and undefined stand there beside numbers", () => {
      all(() => {
        const known: Record<number, unknown> = { 2: true, 3: null, 4: undefined, 5: 0 };
        return { f: (n: number) => { const at = known[n]; if (at === undefined) known[n] = n % 2 === 0; return at === null ? 1 : at === true ? 2 : at === undefined ? 3 : 4; }, state: known };
      }, [[2], [3], [4], [5], [6], [6], [7]]);
    });

    it("a Map: got, set, deleted, its size", () => {
      all(() => {
        const recent = new Map<number, number>();
        return {
          f: (n: number) => {
            const hit = recent.get(n);
            if (hit !== undefined) { recent.delete(n); recent.set(n, hit); return hit; }
            if (recent.size >= 3) recent.delete(recent.keys().next().value!);
            recent.set(n, n * 1.5);
            return -n;
          },
          state: recent,
        };
      }, [[1], [2], [3], [1], [4], [5], [NaN], [NaN], [-0], [0]]);
    });

    it("a Map and a Set, iterated and emptied", () => {
      all(() => {
        const first = new Map([[1, 2], [0.5, 3]]), seen = new Set([4]);
        return {
          f: (n: number) => { let s = 0; for (const [k, v] of first) s += k * v; seen.forEach((k) => { s += k; }); if (n < 0) { first.clear(); seen.clear(); } first.set(n, s); seen.add(n); return s + first.size * 100 + seen.size; },
          state: [first, seen],
        };
      }, [[3], [4], [-1], [3], [-1]]);
    });

    it("in a field of this, fast or slow", () => {
      class Cache {
        k = 3;
        known: Record<number, number> = {};
        seen = new Map<number, number>();
        get(n: number): number { if (this.known[n] === undefined) { this.known[n] = n * this.k; this.seen.set(n, this.seen.size); } return this.known[n]! + this.seen.get(n)!; }
      }
      const make = (): Subject => { const self = new Cache(); return { f: Cache.prototype.get, self, state: self }; };
      all(make, [[4], [2], [4], [7]]);
      all(make, [[4], [2], [4], [7]], { slow: ["this"] });
    });

    it("arguments", () => {
      const count = (counts: Record<number, number>, x: readonly number[]): unknown => { for (const k of x) counts[k] = (counts[k] || 0) + 1; return counts; };
      all(() => ({ f: count, state: {} }), [[STATE, [1, 2, 1]], [STATE, [3, 2, 1]], [STATE, []]]);
      all(() => ({ f: (m: Map<number, number>, n: number) => m.set(n, m.size).size, state: new Map() }), [[STATE, 1], [STATE, 5], [STATE, 1]]);
      all(() => ({ f: (m: Set<number>, n: number) => { m.add(n); return m; }, state: new Set() }), [[STATE, 1], [STATE, 5], [STATE, 1]]);
    });

    it("the value of a captured variable that gets another", () => {
      all(() => {
        let cache: Record<number, number> = {}, size = 0;
        return { f: (n: number) => { if (size > 2) { cache = {}; size = 0; } if (cache[n] === undefined) { cache[n] = n * 2; size++; } return cache[n]; }, get state() { return [cache, size]; } };
      }, [[7], [7], [1], [2], [3], [4], [4]]);
    });

    it("what the language gives all objects is none of the keys", () => {
      all(() => {
        const known: Record<number, number> = {};
        return { f: (n: number) => { known[n] = 1; return ("constructor" in known ? 1 : 0) + ("toString" in known ? 2 : 0) + (Object.hasOwn(known, "constructor") ? 4 : 0); }, state: known };
      }, [[1], [2]]);
    });

    it("what is thrown leaves it as the original does", () => {
      const make = (): Subject => {
        const known = new Map<number, number>();
        return { f: (n: number) => { try { known.set(n, 1); if (n > 2) throw new RangeError("too many"); return known.size; } finally { known.set(0, n); } }, state: known };
      };
      const plain = make(), other = make(), fast = specialize(other.f as (n: number) => number, { tier, compile: "sync" });
      for (const n of [1, 3, 2]) {
        const [a, b] = [plain.f as (n: number) => number, fast].map((f) => { try { return f(n); } catch (e) { return String(e); } });
        expect(b).toBe(a);
        expect(portrait(other.state)).toBe(portrait(plain.state));
      }
      expect(fast.stats().calls[tier]).toBe(2);
    });

    it("calls that are compared leave them as one call does", () => {
      const plain = memo({}), other = memo({}), fast = specialize(other.f as (n: number) => number, { tier, compile: "sync", verify: { every: 1 } });
      for (const n of [1, 2, 1, -3]) expect([fast(n), other.state]).toEqual([(plain.f as (n: number) => number)(n), plain.state]);
      expect(fast.reports()).toEqual([]);
    });
  });

  describe(`what is no such table is the original's, not ${tier}'s`, () => {
    const none = (make: () => Subject, calls: Calls): void => { expect(served(tier, make, calls)).toBe(0); };

    it("objects with accessors, or closed ones", () => {
      none(() => memo({ get 4() { return 7; } } as Record<number, number>), [[3], [4], [3]]);
      none(() => ({ f: (t: Record<number, number>, n: number) => { if (n < 0) t[n] = 1; return t[n] || 0; }, state: Object.freeze({ 4: 5 }) }), [[STATE, 4], [STATE, 3]]);
      none(() => memo(Object.defineProperty({}, 4, { value: 3, enumerable: false, writable: true }) as Record<number, number>), [[4], [4], [5]]);
    });

    it("Maps of a class of the user's, or with members of their own", () => {
      class Doubling extends Map<number, number> { override set(k: number, v: number): this { return super.set(k, v * 2); } }
      const set = (m: Map<number, number>, n: number): number => { m.set(n, 1); return m.size; };
      none(() => ({ f: set, state: new Doubling() }), [[STATE, 1], [STATE, 2]]);
      served(tier, () => ({ f: set, state: Object.assign(new Map<number, number>(), { set: () => 0 }) }), [[STATE, 1], [STATE, 2]]); // which does nothing
    });

    it("one that got a name since, until it has lost it", () => {
      const state: Record<string, number> = {}, f = memo(state).f as (n: number) => number, fast = specialize(f, { tier, compile: "sync" });
      fast(1);
      state["name"] = 5;
      expect([fast(1), fast(2), state]).toEqual([2, 5, { 1: 2, 2: 5, name: 5 }]);
      delete state["name"];
      const before = fast.stats().calls[tier];
      expect([fast(3), state]).toEqual([10, { 1: 2, 2: 5, 3: 10 }]);
      expect(fast.stats().calls[tier]).toBe(before + 1);
    });

    it("a number on Object.prototype", () => {
      const state: Record<number, number> = {}, fast = specialize(memo(state).f as (n: number) => number, { tier, compile: "sync" });
      fast(1);
      // eslint-disable-next-line no-extend-native
      Object.defineProperty(Object.prototype, 5, { value: 77, writable: true, enumerable: false, configurable: true });
      try { expect(fast(5)).toBe(77); } finally { delete (Object.prototype as Record<number, unknown>)[5]; }
      expect(fast(5)).toBe(26);
    });

    it("the same one under two names", () => {
      const f = (p: Record<number, number>, q: Record<number, number>, n: number): number => { p[n] = (p[n] || 0) + 1; return q[n] || 0; };
      const fast = specialize(f, { tier, compile: "sync" }), one: Record<number, number> = {}, other: Record<number, number> = {};
      expect([fast(one, other, 3), fast(one, one, 3), fast(other, one, 3), fast(other, other, 3)]).toEqual([0, 2, 2, 2]);
      expect([one, other]).toEqual([{ 3: 2 }, { 3: 2 }]);
      expect(fast.stats().calls[tier]).toBeGreaterThan(1);
      const known: Record<number, number> = {}, both = specialize((q: Record<number, number>, n: number): number => { known[n] = (known[n] || 0) + 1; return q[n] || 0; }, { tier, compile: "sync" });
      expect([both({}, 1), both(known, 1), both({}, 1)]).toEqual([0, 2, 0]);
      expect(known).toEqual({ 1: 3 });
    });
  });
}
