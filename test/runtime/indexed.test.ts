// Objects with index keys beside named fields: the caller's, captured, made in the kernel.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served, STATE, type Calls, type Subject } from "./subjects.ts";

beforeAll(async () => { await ready(); });

type Big = Record<number, number> & { t: number; add(of: Big, to: Big): void };
function BigInteger(this: Big): void { this.t = 0; }
BigInteger.prototype.add = function (this: Big, of: Big, to: Big): void {
  let c = 0, i = Math.max(this.t, of.t);
  to.t = i;
  while (--i >= 0) to[i] = 0; // from above: the first one lies behind the end
  for (i = 0; i < to.t; i++) { c += (i < this.t ? this[i]! : 0) + (i < of.t ? of[i]! : 0); to[i] = c & 255; c >>= 8; }
  if (c > 0) to[to.t++] = c;
};
const Made = BigInteger as unknown as new () => Big;
const big = (...digits: number[]): Big => { const made = new Made(); digits.forEach((d, i) => { made[i] = d; }); made.t = digits.length; return made; };
const like = (...items: unknown[]): Record<string, unknown> => Object.assign({ length: items.length }, { ...items });

/** Each call has an object of its own: how many of as many calls the tier served, and as how many versions. */
function each(f: (o: never, x: number) => unknown, objects: readonly (() => object)[], x = 1): { readonly wasm: number; readonly versions: number } {
  const fast = specialize(f as (...args: unknown[]) => unknown, { tier: "wasm", compile: "sync" });
  for (const make of objects) {
    const [mine, yours] = [make(), make()];
    expect([fast(yours, x), yours]).toEqual([(f as (...args: unknown[]) => unknown)(mine, x), mine]);
  }
  return { wasm: fast.stats().calls.wasm, versions: fast.versions().length };
}

describe("objects with index keys", () => {
  it("a big integer that the kernel makes, of two of other lengths in each call: one version", () => {
    const f = function (this: Big, of: Big): Big { const made = new Made(); this.add(of, made); return made; };
    const fast = specialize(f, { tier: "wasm", compile: "sync" });
    for (const [a, b] of [[[255, 255], [1]], [[], [3, 4, 5]], [[9], [9]], [Array.from({ length: 40 }, (_, i) => i * 6), [255]]] as const) {
      const want = f.call(big(...a), big(...b)), made = fast.call(big(...a), big(...b));
      expect(made).toStrictEqual(want);
      expect(Object.keys(made)).toEqual(Object.keys(want));
    }
    expect([fast.stats().calls.wasm, fast.versions().length]).toEqual([4, 1]);
  });

  const all = (make: () => Subject, calls: Calls): void => { expect(served("wasm", make, calls)).toBe(calls.length); };
  it("a ring on this, which is captured", () => {
    all(() => { const ring: Record<string, number> = { head: 0 }; return { f: (x: number) => { ring[ring["head"]!] = x; ring["head"] = (ring["head"]! + 1) % 3; let s = 0; for (let i = 0; i < 3; i++) s += ring[i] || 0; return s; }, state: ring }; }, [[1.5], [2], [4], [8], [-0]]);
  });
  it("one that is an argument too: the original", () => {
    const both = (make: () => Subject, calls: Calls): void => { expect(served("wasm", make, calls)).toBe(0); };
    both(() => { const known: Record<string, number> = { n: 2, 0: 1, 1: 5 }; return { f: (o: typeof known, k: number) => { o[k] = known[k]! + 1; return o === known ? o["n"]! : 0; }, state: known }; }, [[STATE, 0], [STATE, 1], [STATE, 0]]);
  });
  it("array-likes: of other lengths, with −0, and of more than 256 elements", () => {
    const f = (o: Record<number, number> & { length: number }, x: number): number => { let s = 0; for (let i = 0; i < o.length; i++) { s += o[i]!; o[i] = s * x; } return s; };
    expect(each(f, [() => like(1, 2), () => like(-0), () => like(), () => like(1, 2, 3)])).toEqual({ wasm: 4, versions: 1 });
    expect(each(f, [() => like(...Array.from({ length: 300 }, (_, i) => i)), () => like(1, 2, 3)])).toEqual({ wasm: 2, versions: 1 });
  });
  it("captured, with texts: a choice by the index, of as many operations for 3 as for 90", () => {
    const operations = [3, 65, 90].map((count) => {
      const letters: Record<number, unknown> = Object.fromEntries(Array.from({ length: count }, (_, i) => [i, String.fromCharCode(32 + i)]));
      const f = (n: number): string => { let s = ""; for (let i = 0; i < 3; i++) { s += String(letters[n & 127]); n >>= 1; } return s; };
      const fast = specialize(f, { tier: "wasm", compile: "sync" });
      for (const n of [0, 7, -1, 64, 89.5]) expect(fast(n)).toBe(f(n));
      expect(fast.stats().calls.wasm).toBe(5);
      return fast.versions()[0]!.operations;
    });
    expect(operations[2]).toBe(operations[1]);
    const odd: Record<string, unknown> = { 0: "a", 2: null, 3: true, 4: undefined, 7: "", name: 1 };
    all(() => ({ f: (n: number) => { const v = odd[n]; return v === undefined ? -1 : v === null ? -2 : typeof v === "boolean" ? -3 : (v as string).length; }, state: odd }), [[0], [1], [2], [3], [4], [7], [8], [1.5], [-0], [-1], [NaN], [1e10]]);
  });
  it("made of {}, that gets a name afterwards; keys from above and from below", () => {
    all(() => ({ f: (n: number) => { const o: Record<string, unknown> = {}; for (let i = n; --i >= 0;) o[i] = i / 2; o["length"] = n; o["01"] = n; return o; }, state: null }), [[3], [0], [5]]);
  });
  it("in, Object.hasOwn, an index behind the end, one that is static", () => {
    all(() => { const o: Record<string, number> = { n: 1, 0: 4, 2: 5 }; return { f: (k: number) => { const is = [k in o, Object.hasOwn(o, k), o[k] === undefined, o[0]]; o[k + 3] = k; return is; }, state: o }; }, [[0], [1], [2], [5]]);
  });
  it("a slow one is a table, an empty one has nothing", () => {
    const f = (o: Big, none: Big, i: number): unknown[] => [o[i], none[i]];
    const fast = specialize(f, { slow: ["o", "none"], tier: "wasm", compile: "sync" }), o = big(...Array.from({ length: 90 }, (_, i) => i * i)), none = big();
    expect([0, 89, 90, -1].map((i) => fast(o, none, i))).toEqual([0, 89, 90, -1].map((i) => f(o, none, i)));
    expect(fast.stats().calls.wasm).toBe(4);
  });
  it("lists of those that the kernel makes, and an object that is one of two", () => {
    all(() => ({ f: (n: number) => { const list = []; for (let k = 0; k < n; k++) { const o: Record<string, number> = { t: k }; for (let i = 0; i < k; i++) o[i] = i * k; list.push(o); } const last = n > 2 ? list[1]! : { t: 9 } as Record<string, number>; last[n] = 7; return [list, last]; }, state: null }), [[3], [1], [4]]);
  });

  const write = (o: Record<number, number>, x: number): number => { for (let i = 0; i < x; i++) o[i] = x; return x; };
  const get = (o: Record<number, number>, x: number): unknown => { let s: unknown = 0; for (const k of [x, x / 2, -x]) s = o[k] ?? s; return s; };
  it.each<[string, (o: never, x: number) => unknown, () => object]>([
    ["other keys of numbers", get, () => Object.assign(like(1, 2), { "-1": 9, "0.5": 8 })],
    ["an accessor", write, () => Object.defineProperty(like(1, 2), 0, { get: () => 5, set() { }, enumerable: true, configurable: true })],
    ["keys far apart", write, () => Object.assign(like(1, 2), { 4_000_000_000: 1 })],
    ["a prototype with index keys", get, () => Object.setPrototypeOf(like(1), { 1: 4 }) as object],
    ["a key that is put far behind the others", (o: Record<number, number>, x: number) => { o[x * 1e6] = x; return o[x * 1e6]; }, () => like(1, 2)],
    ["keys that are listed", (o: Record<number, number>, x: number) => { o[x] = x; return Object.keys(o); }, () => like(1, 2)],
    ["an element that is deleted", (o: Record<number, number>, x: number) => { o[x] = x; delete o[0]; return x in o; }, () => like(1, 2)],
  ])("%s: the original", (_, f, make) => { expect(each(f, [make]).wasm).toBe(0); });
  it("what stops being such an object, or its prototype, since", () => {
    const parent = {} as Record<number, number>, f = (o: Record<number, number>, i: number): unknown => o[i], of = (): Record<number, number> => Object.assign(Object.create(parent) as object, { t: 1, 0: 2 });
    const fast = specialize(f, { tier: "wasm", compile: "sync" });
    expect([fast(of(), 0), fast(of(), 3)]).toEqual([2, undefined]);
    parent[3] = 4;
    expect([fast(of(), 0), fast(of(), 3), fast.stats().calls.wasm]).toEqual([2, 4, 2]);
  });
  it("one that stands in an array too, whose objects' fields are read or written: the original", () => {
    type Pair = Record<number, number> & { n: number };
    for (const f of [(o: Pair, list: Pair[], k: number) => { o[k] = 7; let s = 0; for (const one of list) s += one[0]!; return s; }, (o: Pair, list: Pair[], k: number) => { for (const one of list) one[0] = 4; return o[k]!; }]) {
      const fast = specialize(f, { tier: "wasm", compile: "sync" }), of = (x: number): Pair => ({ 0: x, n: 2 });
      for (const among of [false, true, false]) {
        const [mine, yours] = [0, 0].map(() => { const list = [of(1), of(5)]; return [among ? list[1]! : of(9), list, 0] as const; });
        expect([fast(...yours!.slice() as Parameters<typeof f>), yours]).toEqual([f(...mine!.slice() as Parameters<typeof f>), mine]);
      }
      expect(fast.stats().calls.wasm).toBe(2);
    }
  });
  it("frozen since: it throws, or does nothing, as ever", () => {
    const fast = specialize(write, { tier: "wasm", compile: "sync" }), o = like(1, 2) as Record<number, number>;
    fast(o, 3);
    expect(() => fast(Object.freeze(o), 4)).toThrow(TypeError);
    expect([o[0], o[1], fast.stats().calls.wasm]).toEqual([3, 3, 1]);
  });
});
