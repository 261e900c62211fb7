// Sums that may leave int32, compared in int32: in lanes, whatever comes round.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, lanesOf, type Compiled, type Kernel } from "./vectorize.harness.ts";

const edges = [2147483647, -2147483648, 0, 1, -1, 2147483640, -2147483640, 7, 2147483635, -2147483635, 12, -12, 1073741824];
const of = (n: number, step: number): Int32Array => Int32Array.from({ length: n }, (_, i) => edges[(i * step) % edges.length]!);
const args = (n: number): unknown[] => [of(n, 1), of(n, 5), new Int32Array(n)];
/** whether the loop in lanes computes in doubles */
const inDoubles = ({ residual }: Compiled): boolean => residual.stages.find((s) => s.pass === "vectorize")!.text().includes("f64x2");

const relations: readonly (readonly [string, (sum: number, other: number) => boolean])[] = [
  ["<", (s, o) => s < o], [">", (s, o) => s > o], ["<=", (s, o) => s <= o], [">=", (s, o) => s >= o], ["===", (s, o) => s === o], ["!==", (s, o) => s !== o],
];
describe("every relation, of sums that come round above and below", () => {
  for (const [name, relation] of relations) test(name, () => {
    const kernel = new Function("x", "y", "z", `for (let i = 0; i < z.length; i++) z[i] = (x[i] + 12 ${name} y[i] ? 1 : 0) + (x[i] - 13 ${name} y[i] ? 2 : 0) + (y[i] ${name} x[i] + 7 ? 4 : 0)`) as Kernel;
    const compiled = compileKernel(kernel, args(40));
    expect(lanesOf(compiled)).toBeGreaterThan(4);
    expect(inDoubles(compiled)).toBe(false);
    expectSame(kernel, compiled, [args(40), args(169), args(3)]);
    expect(relation(2147483647 + 12, 2147483647)).toBe([">", ">=", "!=="].includes(name));
  });
});

describe("what is added", () => {
  const numbers = (kernel: (x: Int32Array, y: Int32Array, z: Int32Array, k: Uint8Array) => void): Compiled => {
    const all = (n: number): unknown[] => [...args(n), Uint8Array.from({ length: n }, (_, i) => i * 37)], compiled = compileKernel(kernel as Kernel, all(40));
    expectSame(kernel as Kernel, compiled, [all(40), all(169)]);
    return compiled;
  };
  test("a byte of each iteration's", () => {
    expect(inDoubles(numbers((x, y, z, k) => { for (let i = 0; i < z.length; i++) { const s = x[i]! + k[i]!; if (s > y[i]!) z[i] = s; } }))).toBe(false);
  });
  test("taken away", () => { expect(inDoubles(numbers((x, y, z, k) => { for (let i = 0; i < z.length; i++) z[i] = Math.min(y[i]!, x[i]! - k[i]!); }))).toBe(false); });
  test("the greatest, as an int32", () => { expect(inDoubles(numbers((x, y, z) => { for (let i = 0; i < z.length; i++) z[i] = Math.max(x[i]! + 300, y[i]!); }))).toBe(false); });
  test("a constant beside it", () => { expect(inDoubles(numbers((x, _, z, k) => { for (let i = 0; i < z.length; i++) z[i] = x[i]! + k[i]! > 2147483000 ? 1 : 0; }))).toBe(false); });
  test("of either sign: doubles", () => { expect(inDoubles(numbers((x, y, z) => { for (let i = 0; i < z.length; i++) z[i] = x[i]! + y[i]! > 5 ? 1 : 0; }))).toBe(true); });
  test("wanted as a double as well", () => {
    numbers((x, y, z, k) => { for (let i = 0; i < z.length; i++) { const s = x[i]! + k[i]!; z[i] = s > y[i]! ? s / 3 : 0; } });
  });
});

test("a knapsack's row, backwards over itself", () => {
  const kernel = (best: Int32Array, weight: readonly number[], value: readonly number[]): void => {
    for (let k = 0; k < weight.length; k++) for (let c = best.length - 1; c >= weight[k]!; c--) best[c] = Math.max(best[c]!, best[c - weight[k]!]! + value[k]!);
  };
  const call = (n: number, from: number): unknown[] => [Int32Array.from({ length: n }, (_, i) => (from === 0 ? 0 : edges[i % edges.length]!)), [12, 5, 9, 31], [24, 13, 2147483647, 7]];
  const compiled = compileKernel(kernel as Kernel, call(200, 0), [1, 2]);
  expect(inDoubles(compiled)).toBe(false);
  expectSame(kernel as Kernel, compiled, [call(200, 0), call(200, 1), call(64, 1), call(11, 1)]);
});
