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
  test("of a long list it is left to the original", () => served((x: number[]) => x.slice().sort(((a: number, b: number) => a > b) as never), [[Array.from({ length: 80 }, (_, i) => (i * 7) % 13)]], { original: 1 }));
  test("splice, with, toSorted, toReversed", () => served((x: number[], k: number) => {
    const a = x.slice(), gone = a.splice(1, 2), b = [1, 2, 3, 4];
    b.splice(1, 1, k, k, 9);
    return [a, gone, b, [1, 2].with(0, k), [3, 1, 2].toSorted((p, q) => p - q), x.toReversed()];
  }, lists.map(([x]) => [x, 2])));
  test("flat, flatMap of what is static", () => served((a: number, b: number) => [[[a, 1], b, [2]].flat(), [a, b].flatMap((v) => [v, v * 2])].flat(), [[1, 2], [-0, NaN]]));
});

test("the sort calls its order as V8 does", () => {
  const sort = (0, eval)(`(${preludeText("Array.prototype.sort")!})`) as (this: number[], order: (a: number, b: number) => number) => number[];
  const random = new Random(7);
  const orders: ((a: number, b: number) => number)[] = [(a, b) => a - b, (a, b) => b - a, (a, b) => Number(a > b), (a, b) => Math.sin(a * 13 + b * 7), () => -1, () => 1, (a, b) => (a % 3) - (b % 3)];
  for (let n = 0; n < 64; n++) {
    for (const order of orders) {
      const values = Array.from({ length: n }, () => random.pick([NaN, -0, 0, 1, 2, 3, 4.5, random.between(0, 99)]));
      const calls: string[] = [], wanted: string[] = [];
      const mine = sort.call(values.slice(), (a, b) => { calls.push(`${a} ${b}`); return order(a, b); });
      expect(mine).toEqual(values.slice().sort((a, b) => { wanted.push(`${a} ${b}`); return order(a, b); }));
      expect(calls).toEqual(wanted);
    }
  }
});
