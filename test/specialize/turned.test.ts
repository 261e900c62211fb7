// Rows of constant tables, laid out anew for the lanes of the loop over rows: which are, with the same bits.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, whole, type Kernel, type Typed } from "./vectorize.harness.ts";

/** How many tables were laid out anew; `table` is the last argument. */
function turned(kernel: Kernel, table: Typed): number {
  const make = ([n, m]: readonly [number, number]): unknown[] => [doubles(n), new Float64Array(m), table];
  const compiled = compileKernel(kernel, make([48, 37]), [2]);
  expectSame(kernel, compiled, ([[48, 37], [47, 50], [20, 19], [3, 8], [0, 7], [40, 0]] as const).map(make));
  return compiled.residual.optimized.data.filter((d) => d.name === "turned").length;
}
type Sums = (x: Float64Array, y: Float64Array, w: Typed) => void;

describe("tables of constants", () => {
  test.each<[string, number, Typed, Sums]>([
    ["rows of doubles", 1, doubles(37 * 40), (x, y, w) => { const n = Math.min(37, y.length), m = Math.min(40, x.length); for (let j = 0; j < n; j++) { let s = 0; for (let i = 0; i < m; i++) s += w[j * 40 + i]! * x[i]!; y[j] = s; } }],
    ["rows of singles, which are doubles then", 1, Float32Array.from(doubles(37 * 40)), (x, y, w) => { const n = Math.min(37, y.length), m = Math.min(40, x.length); for (let j = 0; j < n; j++) { let s = 0; for (let i = 0; i < m; i++) s += w[j * 40 + i]! * x[i]!; y[j] = s; } }],
    ["columns of singles", 1, Float32Array.from(doubles(37 * 40)), (x, y, w) => { const n = Math.min(37, y.length), m = Math.min(40, x.length); for (let j = 0; j < n; j++) { let s = 0; for (let i = 0; i < m; i++) s += w[i * 37 + j]! * x[i]!; y[j] = s; } }],
    ["columns of doubles lie as they should", 0, doubles(37 * 40), (x, y, w) => { const n = Math.min(37, y.length), m = Math.min(40, x.length); for (let j = 0; j < n; j++) { let s = 0; for (let i = 0; i < m; i++) s += w[i * 37 + j]! * x[i]!; y[j] = s; } }],
    ["a bias before each row", 1, doubles(37 * 41), (x, y, w) => { const n = Math.min(37, y.length), m = Math.min(40, x.length); for (let j = 0; j < n; j++) { let s = w[j * 41]!; for (let i = 1; i <= m; i++) s += w[j * 41 + i]! * x[i - 1]!; y[j] = s; } }],
    ["counters that begin further on", 1, doubles(40 * 40), (x, y, w) => { const n = Math.min(36, y.length), m = Math.min(39, x.length); for (let j = 3; j < n; j++) { let s = 0; for (let i = 5; i < m; i++) s += w[j * 40 + i - 5]! * x[i]!; y[j] = s; } }],
    ["two tables in one", 2, doubles(2 * 37 * 20), (x, y, w) => { const n = Math.min(37, y.length), m = Math.min(20, x.length); for (let j = 0; j < n; j++) { let s = 0; for (let i = 0; i < m; i++) s += w[j * 20 + i]! * x[i]! - w[740 + j * 20 + i]!; y[j] = s; } }],
    ["rows from the last to the first element", 1, doubles(37 * 40), (x, y, w) => { const n = Math.min(37, y.length), m = Math.min(40, x.length); for (let j = 0; j < n; j++) { let s = 0; for (let i = 0; i < m; i++) s += w[j * 40 + 39 - i]! * x[i]!; y[j] = s; } }],
    ["bytes", 1, whole(new Uint8Array(37 * 40)), (x, y, w) => { const n = Math.min(37, y.length), m = Math.min(40, x.length); for (let j = 0; j < n; j++) { let s = 0; for (let i = 0; i < m; i++) s += w[j * 40 + i]! * x[i]!; y[j] = s; } }],
    ["too many elements", 0, doubles(88 * 95), (x, y, w) => { const n = Math.min(88, y.length), m = Math.min(95, x.length); for (let j = 0; j < n; j++) { let s = 0; for (let i = 0; i < m; i++) s += w[j * 95 + i]! * x[i]!; y[j] = s; } }],
  ])("%s", (_what, tables, table, kernel) => { expect(turned(kernel as Kernel, table)).toBe(tables); });
});
