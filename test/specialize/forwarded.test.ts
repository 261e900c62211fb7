// Inner loops that read what the loop around them has just written: lanes would wait for it, and go where there are iterations enough.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, lanesOf, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

type Best = (x: Int32Array, y: Int32Array, m: number) => void;
const args = (m: number) => (n: number): unknown[] => [Int32Array.from({ length: 64 }, (_, i) => (i * 37) % 50), Int32Array.from({ length: n }, (_, i) => i % 7), m];
function story(kernel: Best, m: number): Compiled {
  const compiled = compileKernel(kernel as Kernel, args(m)(80));
  expectSame(kernel as Kernel, compiled, [5, 80].map(args(m)));
  return compiled;
}

const any: Best = (x, y, m) => { for (let n = m; n < y.length; n++) { let q = 0; for (let k = 0; k < m; k++) q = Math.max(q, x[k]! + y[n - 1 - k]! | 0); y[n] = q; } };

test("short ones are done one by one", () => {
  expect(lanesOf(story((x, y, m) => { for (let n = 10; n < y.length; n++) { const most = Math.min(m, 10); let q = 0; for (let k = 1; k <= most; k++) q = Math.max(q, x[k]! + y[n - k]! | 0); y[n] = q; } }, 9))).toBe(1);
});
test("what comes nearer until it is the last one", () => {
  expect(lanesOf(story((x, y, m) => { for (let n = 9; n < y.length; n++) { const most = Math.min(m, 9); let q = 0; for (let k = 0; k < most; k++) q = Math.max(q, x[k]! + y[n - 9 + k]! | 0); y[n] = q; } }, 9))).toBe(1);
});
test("from the end", () => {
  expect(lanesOf(story((x, y, m) => { for (let n = y.length - 11; n >= 0; n--) { const most = Math.min(m, 10); let q = 0; for (let k = 1; k <= most; k++) q = Math.max(q, x[k]! + y[n + k]! | 0); y[n] = q; } }, 9))).toBe(1);
});
test("of any length: lanes where it is long, one by one where it is short", () => {
  const compiled = compileKernel(any as Kernel, args(64)(80)), without = compileKernel(any as Kernel, args(64)(80), [], false, new Set(["vectorize"]));
  expect(lanesOf(compiled)).toBeGreaterThan(1);
  expectSame(any as Kernel, compiled, [8, 24, 64].map((m) => args(m)(80)));
  const part = (m: number): number => runProgram(compiled.residual.optimized, args(m)(80)).executed / runProgram(without.residual.optimized, args(m)(80)).executed;
  expect(part(64)).toBeLessThan(0.8);
  expect(part(8)).toBeGreaterThan(0.9);
});

describe("in lanes, however short", () => {
  test.each<[string, Best]>([
    ["what was written long ago", (x, y, m) => { for (let n = 40; n < y.length; n++) { const most = Math.min(m, 10); let q = 0; for (let k = 0; k < most; k++) q = Math.max(q, x[k]! + y[n - 40 + k]! | 0); y[n] = q; } }],
    ["what is not written yet", (x, y, m) => { for (let n = 0; n + 10 < y.length; n++) { const most = Math.min(m, 10); let q = 0; for (let k = 0; k < most; k++) q = Math.max(q, x[k]! + y[n + 1 + k]! | 0); y[n] = q; } }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel, 9))).toBeGreaterThan(1); });
});

describe("what lanes leave over in an inner loop has no checks either", () => {
  const checked = (kernel: Kernel, given: (n: number) => unknown[], n: number): number => {
    const compiled = compileKernel(kernel, given(n)), of = (c: Compiled): number => runProgram(c.residual.optimized, given(n)).executed;
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    expectSame(kernel, compiled, [3, n].map(given));
    return of(compiled) / of(compileKernel(kernel, given(n), [], false, new Set(["vectorize"])));
  };
  const square = (n: number): unknown[] => [Float64Array.from({ length: n * n }, (_, i) => (i * 37) % 50 - 3), n];
  test("where an element that is read stands in the row that is written", () => {
    const shortest = (d: Float64Array, n: number): void => { for (let k = 0; k < n; k++) for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) { const v = d[i * n + k]! + d[k * n + j]!; if (v < d[i * n + j]!) d[i * n + j] = v; } };
    expect(checked(shortest as Kernel, square, 9)).toBeLessThan(1.45);
  });
  test("of rows shorter than a step", () => {
    const eliminate = (a: Float64Array, n: number): void => { for (let k = 0; k < n; k++) for (let i = k + 1; i < n; i++) { const f = a[i * n + k]! / 7; for (let j = k + 1; j < n; j++) a[i * n + j]! -= f * a[k * n + j]!; } };
    expect(checked(eliminate as Kernel, square, 8)).toBeLessThan(1.45);
  });
});
