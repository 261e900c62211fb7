// Loops over rows around loops along a row whose steps wait for one another: which are done several rows at a time, and that every row keeps its order.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, type Compiled, type Kernel } from "./vectorize.harness.ts";

const singles = (n: number, seed = 1): Float32Array => Float32Array.from(doubles(n, seed));
const jammed = ({ residual }: Compiled): boolean => residual.stages.find((s) => s.pass === "rows")!.text().includes("rows");
/** Whether rows go side by side; the kernel is run with all of the inputs. */
function sideBySide(kernel: Kernel, args: unknown[], slow: readonly number[], inputs: unknown[][] = [args]): boolean {
  const compiled = compileKernel(kernel, args, slow);
  expectSame(kernel, compiled, inputs);
  return jammed(compiled);
}

const smooth = (d: Float32Array, w: number, h: number, a: number): void => {
  for (let y = 0; y < h; y++) {
    let s = d[y * w]!;
    for (let x = 0; x < w; x++) { s += a * (d[y * w + x]! - s); d[y * w + x] = s; }
    for (let x = w - 1; x >= 0; x--) { s += a * (d[y * w + x]! - s); d[y * w + x] = s; }
  }
};
/** One-pole filters of several channels, whose states are kept. */
const channels = (x: Float32Array, y: Float32Array, state: Float64Array, n: number, count: number): void => {
  for (let c = 0; c < count; c++) {
    let z = state[c]!;
    for (let i = 0; i < n; i++) { z += 0.1 * (x[c * n + i]! - z); y[c * n + i] = z; }
    state[c] = z;
  }
};
/** Each row a filter of itself, with what `to` and `from` say of the places. */
const filter = (to: (y: number, x: number) => number, from: (y: number, x: number) => number): Kernel => (d: Float64Array, h: number) => {
  for (let y = 0; y < h; y++) {
    let s = 1;
    for (let x = 0; x < 200; x++) { s = 0.5 * s + (d[from(y, x)]! - s) * 0.25; d[to(y, x)] = s; }
  }
};

describe("side by side", () => {
  for (const h of [16, 17, 18, 19, 43]) {
    test(`a filter there and back, in place, ${h} rows`, () => {
      const of = (n: number): unknown[] => [singles(n), 172, h, 0.3];
      expect(sideBySide(smooth, of(172 * h), [1, 2, 3], [of(172 * h), of(172 * h - 1), of(172 * h + 5), of(100), of(0)])).toBe(true);
    });
  }
  test("channels with states", () => {
    const of = (n: number): unknown[] => [singles(n), new Float32Array(n), doubles(100, 3), 150, 100];
    expect(sideBySide(channels, of(15000), [3, 4], [of(15000), of(14999), [singles(15000), new Float32Array(9000), doubles(90), 150, 100]])).toBe(true);
  });
  test("rows that leave room between them", () => { expect(sideBySide(filter((y, x) => 201 * y + x, (y, x) => 201 * y + x + 1), [doubles(6100), 30], [1])).toBe(true); });
});

describe("one after the other", () => {
  test("rows that read the one above", () => { expect(sideBySide(filter((y, x) => 200 * y + x + 200, (y, x) => 200 * y + x), [doubles(6100), 30], [1])).toBe(false); });
  test("rows that share a place", () => { expect(sideBySide(filter((y, x) => 199 * y + x, (y, x) => 199 * y + x), [doubles(6100), 30], [1])).toBe(false); });
  test("rows that read the next one's first number", () => { expect(sideBySide(filter((y, x) => 200 * y + x, (y, x) => 200 * y + x + 1), [doubles(6100), 30], [1])).toBe(false); });
  test("all rows in one place", () => { expect(sideBySide(filter((_, x) => x, (y, x) => 200 * y + x), [doubles(6100), 30], [1])).toBe(false); });
  test("rows of different lengths", () => {
    const kernel: Kernel = (d: Float64Array, h: number) => { for (let y = 0; y < h; y++) { let s = 1; for (let x = 0; x < y; x++) { s = 0.5 * s + (d[200 * y + x]! - s) * 0.25; d[200 * y + x] = s; } } };
    expect(sideBySide(kernel, [doubles(6100), 30], [1])).toBe(false);
  });
  test("few rows", () => { expect(sideBySide(filter((y, x) => 200 * y + x, (y, x) => 200 * y + x), [doubles(6100), 12], [1])).toBe(false); });
  test("chains that wait for little", () => {
    const kernel: Kernel = (d: Int32Array, h: number) => { for (let y = 0; y < h; y++) { let s = 0; for (let x = 0; x < 200; x++) { s = (s ^ d[200 * y + x]!) | 0; d[200 * y + x] = s; } } };
    expect(sideBySide(kernel, [Int32Array.from({ length: 6000 }, (_, i) => i * 7919), 30], [1])).toBe(false);
  });
});
