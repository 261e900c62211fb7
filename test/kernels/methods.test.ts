// Methods of arrays and typed arrays: of lists of unknown length, of static ones, of arrays of the kernel's own.

import { describe, expect, test } from "vitest";
import { preludeText } from "../../src/specialize/partial/prelude.ts";
import { Random } from "../../src/verify/prng.ts";
import { served } from "./served.ts";

const lists = [[[3, -1, 2.5, 7]], [[]], [[NaN, 1, -0, 0]], [[5]]];
const typed = [[Float64Array.of(3, -1, 2.5, 7)], [new Float64Array()], [Float64Array.of(NaN, 1, -0, 0, -Infinity)], [Float64Array.of(5)]];

describe("typed arrays", () => {
  test("map, filter", () => served((x: Float64Array) => { const big = x.filter((v) => v > 0), half = x.map((v, i) => v / 2 + i); return [big.length, half.length, big[0], half[1], half]; }, typed));
  test("map rounds to its kind", () => served((x: Uint8Array, k: number) => x.map((v) => v * k), [[Uint8Array.of(1, 200, 3), 1.5], [new Uint8Array(), 2]]));
  test("sort without an order, and with one", () => served((x: Float64Array, y: Int32Array) => { x.sort(); y.sort((a, b) => b - a); return x.toSorted((a, b) => b - a); }, typed.map(([x]) => [x, Int32Array.of(3, 1, 2)])));
  test("of more than 64 elements", () => served((x: Float32Array) => { x.sort(); return x[0]; }, [[Float32Array.from({ length: 100 }, (_, i) => Math.sin(i * 7) * 10)], [Float32Array.from({ length: 300 }, (_, i) => (i * 37) % 11 || -0)]]));
  test("reduceRight, findLast, findLastIndex, at, copyWithin, reverse, join of static ones", () => served((x: Float64Array) => {
    const c = x.slice().copyWithin(1, 0, 3), r = x.toReversed();
    return [x.reduceRight((s, v) => s * 2 - v, 0), x.findLast((v) => v > 2), x.findLastIndex((v) => v < 0), x.at(-1), c, r.reverse().length, Int8Array.of(1, 2).join("-")];
  }, typed));
});

describe("arrays", () => {
  test("sort: by numbers, and as texts", () => served((x: number[]) => [x.slice().sort((a, b) => b - a), [10, 9, 1].sort(), x.length], lists));
  test("an order that contradicts itself does what V8 does", () => served((x: number[]) => x.slice().sort(((a: number, b: number) => a > b) as never), [[[3, 1, 2, 5, 4]], [Array.from({ length: 40 }, (_, i) => (i * 7) % 13)]]));
  test("… of long lists and typed arrays, too", () => served((x: number[]) => {
    let calls = 0;
    const near = x.slice().sort((a, b) => { calls++; return Math.abs(a - b) < 3 ? 0 : a - b; }), typed = Float64Array.from(x).sort((a, b) => { calls++; return Number(a > b) - Number(a < b); });
    return [near, typed, calls];
  }, [[[3, NaN, 1]], [Array.from({ length: 80 }, (_, i) => (i * 7) % 13)], [Array.from({ length: 200 }, (_, i) => i % 19 ? (i * 37) % 101 : NaN)]]));
  test("splice, with, toSorted, toReversed", () => served((x: number[], k: number) => {
    const a = x.slice(), gone = a.splice(1, 2), b = [1, 2, 3, 4];
    b.splice(1, 1, k, k, 9);
    return [a, gone, b, [1, 2].with(0, k), [3, 1, 2].toSorted((p, q) => p - q), x.toReversed()];
  }, lists.map(([x]) => [x, 2])));
  test("flat, flatMap of what is static", () => served((a: number, b: number) => [[[a, 1], b, [2]].flat(), [a, b].flatMap((v) => [v, v * 2])].flat(), [[1, 2], [-0, NaN]]));
});

test.each(["Array.prototype.sort", "TypedArray.prototype.sort"])("%s calls its order as V8 does", (name) => {
  const sort = (0, eval)(`(${preludeText(name)!})`) as (this: number[] | Float64Array, order: (a: number, b: number) => number) => unknown;
  const random = new Random(7);
  const orders: ((a: number, b: number) => number)[] = [(a, b) => a - b, (a, b) => b - a, (a, b) => Number(a > b), (a, b) => Math.sin(a * 13 + b * 7), () => -1, () => 1, (a, b) => (a % 3) - (b % 3), (a, b) => Math.abs(a - b) < 9 ? (a % 7) - (b % 7) : a - b];
  const runs = (i: number): number => (i >> 5 & 1 ? -i : i) + random.between(0, 2); // long ones, and merges by leaps
  for (const n of [...Array.from({ length: 70 }, (_, i) => i), 127, 200, 513]) {
    for (const order of orders) {
      const values = Array.from({ length: n }, (_, i) => n > 64 && order.length > 0 ? runs(i) : random.pick([NaN, -0, 0, 1, 2, 3, 4.5, random.between(0, 99)]));
      const of = (): number[] | Float64Array => name.startsWith("Typed") ? Float64Array.from(values) : values.slice();
      const calls: number[] = [], wanted: number[] = [], theirs = of();
      const mine = sort.call(of(), (a, b) => { calls.push(a, b); return order(a, b); });
      theirs.sort((a, b) => { wanted.push(a, b); return order(a, b); });
      expect(mine).toEqual(theirs);
      expect(calls).toEqual(wanted);
    }
  }
});

describe("orders that subtract", () => {
  const long = (put: (x: number[]) => void = () => {}): number[] => { const x = Array.from({ length: 90 }, (_, i) => (i * 37) % 41 - 20); put(x); return x; };
  const inputs = [[long()], [long((x) => { x[7] = Infinity; x[30] = -Infinity; x[31] = Infinity; x[3] = -0; })], [[3, 1, 2]], [[]], [[Infinity]]];
  test.each<[string, (x: number[]) => unknown]>([
    ["rising", (x) => x.sort((a, b) => a - b)], ["falling", (x) => x.sort((a, b) => b - a)], ["of a computed key", (x) => x.sort((a, b) => (a + 1) * 2 - (b + 1) * 2)],
    ["of a key", (x) => x.map((k, i) => ({ k, i })).sort((a, b) => a.k - b.k).map(({ i }) => i)], ["typed", (x) => Float64Array.from(x).sort((a, b) => b - a)],
  ])("%s", (_, kernel) => served(kernel as never, inputs));
  test("keys that are NaN, or undefined, are the original's", () => served((x: number[]) => x.sort((a, b) => a - b), [[long()], [long((x) => { x[3] = NaN; })], [long((x) => { x[5] = undefined as never; })]], { original: 2 }));
  test("an object that has no key is not asked where it is alone", () => served((x: number) => [x > 0 ? null : null].sort((a, b) => a!["k"] - b!["k"]).length, [[1], [-1]]));
  class Key { static asked = 0; readonly v: number; constructor(v: number) { this.v = v; } get plain() { return this.v; } get counted() { Key.asked++; return this.v; } }
  test("by what a getter reads", () => served((x: number[]) => x.map((v) => new Key(v)).sort((a, b) => a.plain - b.plain).map(({ v }) => v), [[long()], [[3, 1, 2]]]));
  test("a getter that counts is called as often as by V8", () => served((x: number[]) => { Key.asked = 0; const l = x.map((v) => new Key(v)).sort((a, b) => a.counted - b.counted); return [Key.asked, l.map(({ v }) => v)]; }, [[long()], [[3, 1, 2]]]));
  test("what only looks like a difference is called as V8 does", () => served((x: number[]) => { let n = 0; x.sort((a, b) => a - b * 0.5); const y = x.slice().sort((a, b) => (n++, a - b)); return [y, n]; }, [[long()], [[3, 1, 2]]]));
});
