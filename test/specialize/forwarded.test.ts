// Inner loops that read what the loop around them has just written: lanes would wait for it, and go where there are iterations enough.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, lanesOf, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

type Best = (x: Int32Array, y: Int32Array, m: number) => void;
const args = (m: number) => (n: number): unknown[] => [Int32Array.from({ length: 64 }, (_, i) => (i * 37) % 50), Int32Array.from({ length: n }, (_, i) => i % 7), m];
function story(kernel: Best, m: number): Compiled {
  const compiled = compileKernel(kernel as Kernel, args(m)(80));
  expectSame(kernel as Kernel, compiled, [0, 5, 80].map(args(m)));
  return compiled;
}

const any: Best = (x, y, m) => { for (let n = m; n < y.length; n++) { let q = 0; for (let k = 0; k < m; k++) q = Math.max(q, x[k]! + y[n - 1 - k]! | 0); y[n] = q; } };

test("short ones are done one by one", () => {
  expect(lanesOf(story((x, y, m) => { for (let n = 10; n < y.length; n++) { const most = Math.min(m, 10); let q = 0; for (let k = 1; k <= most; k++) q = Math.max(q, x[k]! + y[n - k]! | 0); y[n] = q; } }, 9))).toBe(1);
});
test("what comes nearer until it is the last one", () => {
  expect(lanesOf(story((x, y, m) => { for (let n = 12; n < y.length; n++) { const most = Math.min(m, 12); let q = 0; for (let k = 0; k < most; k++) q = Math.max(q, x[k]! + y[n - 12 + k]! | 0); y[n] = q; } }, 12))).toBe(1);
});
test("from the end", () => {
  expect(lanesOf(story((x, y, m) => { for (let n = y.length - 11; n >= 0; n--) { const most = Math.min(m, 10); let q = 0; for (let k = 1; k <= most; k++) q = Math.max(q, x[k]! + y[n + k]! | 0); y[n] = q; } }, 9))).toBe(1);
});
test("of any length: lanes where it is long, one by one where it is short", () => {
  const part = (m: number): number => {
    const compiled = story(any, m), { residual } = compiled, given = args(m)(80);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    return runProgram(residual.optimized, given).executed / runProgram(compileKernel(any as Kernel, given, [], false, new Set(["vectorize"])).residual.optimized, given).executed;
  };
  expect(part(64)).toBeLessThan(0.8);
  expect(part(8)).toBeGreaterThan(0.9);
});

describe("in lanes, however short", () => {
  test.each<[string, Best]>([
    ["what was written long ago", (x, y, m) => { for (let n = 40; n < y.length; n++) { const most = Math.min(m, 10); let q = 0; for (let k = 0; k < most; k++) q = Math.max(q, x[k]! + y[n - 40 + k]! | 0); y[n] = q; } }],
    ["what is not written yet", (x, y, m) => { for (let n = 0; n + 10 < y.length; n++) { const most = Math.min(m, 10); let q = 0; for (let k = 0; k < most; k++) q = Math.max(q, x[k]! + y[n + 1 + k]! | 0); y[n] = q; } }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel, 9))).toBeGreaterThan(1); });
});
