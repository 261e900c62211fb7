// Stencils that clamp, mirror or wrap at their edges: most iterations are done without asking, with the same bits.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, type Kernel } from "./vectorize.harness.ts";

type Row = (x: Float64Array, y: Float64Array, w: number) => void;
const edges: readonly (readonly [string, Row])[] = [
  ["clamped by conditions", (x, y, w) => { for (let i = 0; i < w; i++) { let a = i - 2, b = i + 1; if (a < 0) a = 0; if (b >= w) b = w - 1; y[i] = x[a]! + 2 * x[i]! + x[b]!; } }],
  ["clamped by choices", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = x[i > 0 ? i - 1 : 0]! - x[i + 3 > w - 1 ? w - 1 : i + 3]!; }],
  ["the other way round", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = x[0 >= i - 1 ? 0 : i - 1]! - x[w <= i + 2 ? w - 1 : i + 2]!; }],
  ["mirrored", (x, y, w) => { for (let i = 0; i < w; i++) { const a = i - 2, b = i + 2; y[i] = x[a < 0 ? -a : a]! + x[b >= w ? 2 * w - 2 - b : b]!; } }],
  ["wrapped", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = x[i === 0 ? w - 1 : i - 1]! + x[i + 1 < w ? i + 1 : i + 1 - w]!; }],
  ["left as they were", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = i < 3 || i > w - 4 ? x[i]! : x[i - 3]! * x[i + 3]!; }],
  ["every second one", (x, y, w) => { for (let i = 1; i < w; i += 2) y[i] = x[i < 4 ? 0 : i - 4]! + x[i + 4 > w ? 0 : i]!; }],
];

describe("rows", () => {
  for (const [what, row] of edges) {
    test(`${what}: of any width`, () => {
      const compiled = compileKernel(row as unknown as Kernel, [doubles(60), new Float64Array(60), 60]);
      expectSame(row as unknown as Kernel, compiled, [60, 61, 0, 1, 2, 3, 4, 5, 7, 17, 40, -1, 2 ** 31 - 1].map((w) => [doubles(Math.min(70, Math.max(0, w)), w), new Float64Array(60), Math.min(w, 64)]));
    });
    test(`${what}: of one width`, () => {
      const compiled = compileKernel(row as unknown as Kernel, [doubles(60), new Float64Array(60), 60], [2]);
      expectSame(row as unknown as Kernel, compiled, [60, 61, 0, 1, 59, 30].map((n) => [doubles(n), new Float64Array(n), 60]));
    });
  }
  test("those that clamp are done in lanes, without look-ups", () => {
    for (const [what, row] of edges.slice(0, 4)) {
      const compiled = compileKernel(row as unknown as Kernel, [doubles(60), new Float64Array(60), 60]);
      expect(lanesOf(compiled), what).toBeGreaterThan(1);
      expect(compiled.residual.stages.at(-1)!.text(), what).not.toContain("i32x4.extract_lane");
    }
  });
});

test("a loop is not cut in its middle", () => {
  const kernel = ((x: Float64Array, y: Float64Array, n: number, half: number) => { for (let i = 0; i < n; i++) y[i] = i < half ? x[i]! : -x[i]!; }) as Kernel;
  const compiled = compileKernel(kernel, [doubles(64), new Float64Array(64), 64, 32]);
  expectSame(kernel, compiled, [[doubles(64), new Float64Array(64), 64, 32], [doubles(64), new Float64Array(64), 64, 99]]);
  expect(compiled.residual.stages.find((s) => s.pass === "split")!.text().split("= loop").length).toBeLessThan(4);
});
