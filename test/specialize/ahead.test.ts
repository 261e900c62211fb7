// Tables that are looked up by int32 of an array: the greatest is looked for before the loop.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, type Kernel } from "./vectorize.harness.ts";

const odd = [0, 1, 11, 12, 13, -1, 2 ** 31 - 1, -(2 ** 31), 5, 3];
const ids = (n: number, some: readonly number[]): Int32Array => Int32Array.from({ length: n }, (_, i) => some[i % some.length]!);
const inside = [3, 0, 11, 7, 2, 10, 1];
/** numbers that all lie in a table of twelve, none of them, and some */
const given = [ids(40, inside), ids(40, odd), ids(1, [12]), ids(7, [-1]), ids(40, [11]), new Int32Array(0), ids(40, [...inside, ...inside, -(2 ** 31)]), ids(40, [...inside, 0x15555556]), ids(40, [...inside, -0x15555555])];

const kernels: readonly (readonly [string, Kernel])[] = [
  ["by one", ((x: Int32Array, y: Float64Array, t: Float64Array) => { for (let i = 0; i < x.length; i++) y[i] = t[x[i]!]! * 2; }) as Kernel],
  ["by its multiple", ((x: Int32Array, y: Float64Array, t: Float64Array) => { for (let i = 0; i < x.length; i++) y[i] = t[x[i]! * 3 + 1]! - t[x[i]! * 3]!; }) as Kernel],
  ["by a sum of it", ((x: Int32Array, y: Float64Array, t: Float64Array) => { for (let i = 0; i < x.length; i++) y[i] = t[x[i]! - 1]! + t[x[i]! + 1]!; }) as Kernel],
  ["by it and the counter", ((x: Int32Array, y: Float64Array, t: Float64Array) => { for (let i = 0; i < x.length; i++) y[i] = t[x[i]! + i]!; }) as Kernel],
  ["by two together", ((x: Int32Array, y: Float64Array, t: Float64Array) => { for (let i = 0; i + 1 < x.length; i += 2) y[i] = t[x[i]! + x[i + 1]!]! + t[4 * x[i]!]!; }) as Kernel],
  ["without a sign", ((x: Uint32Array, y: Float64Array, t: Float64Array) => { for (let i = 0; i < x.length; i++) y[i] = t[x[i]!]! + t[x[i]! >>> 1]!; }) as Kernel],
];

describe("numbers in the table, beside it, and far from it", () => {
  for (const [what, kernel] of kernels) {
    test(what, () => {
      const args = (x: Int32Array, n: number): unknown[] => [what === "without a sign" ? new Uint32Array(x) : x, new Float64Array(40), doubles(n)];
      const compiled = compileKernel(kernel, args(given[0]!, 12));
      for (const n of [12, 36, 0, 50]) expectSame(kernel, compiled, given.map((x) => args(x, n)));
    });
  }
});
test("in lanes", () => {
  for (const [what, kernel] of kernels.slice(0, 2)) expect(lanesOf(compileKernel(kernel, [given[0]!, new Float64Array(40), doubles(36)])), what).toBeGreaterThan(1);
});
test("numbers that the loop writes are not looked at before", () => {
  const kernel = ((x: Int32Array, y: Int32Array) => { for (let i = 0; i + 1 < x.length; i++) { const v = y[x[i]!]!; x[i + 1] = v; } }) as Kernel;
  const compiled = compileKernel(kernel, [given[0]!.slice(), ids(12, inside)]);
  expectSame(kernel, compiled, given.map((x) => [x.slice(), ids(12, [1, 2, 3, 40, 5, -1])]));
});
