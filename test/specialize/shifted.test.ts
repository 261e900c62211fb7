// Counters that are shifted or divided by what their step is a multiple of: counters of their own, places that lanes can tell.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, lanesOf, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

type Half = (x: Uint8Array, y: Int32Array, n: number) => void;
function story(kernel: Half): Compiled {
  const args = (n: number): unknown[] => [whole(new Uint8Array(n)), new Int32Array(n >> 1), n];
  const compiled = compileKernel(kernel as Kernel, args(80));
  expectSame(kernel as Kernel, compiled, [0, 1, 2, 3, 8, 31, 32, 79, 80, 131].map(args));
  return compiled;
}

describe("in lanes", () => {
  test.each<[string, Half]>([
    ["half the counter", (x, y, n) => { for (let i = 0; i < n; i += 2) y[i >> 1] = x[i]! + x[i + 1]! >> 1; }],
    ["beginning anywhere", (x, y, n) => { for (let i = n & 7; i < n; i += 2) y[i >> 1] = x[i]! * 3; }],
    ["below 0", (x, y, n) => { for (let i = -3; i < n; i += 2) y[(i >> 1) + 2] = x[i + 3]! * 3; }],
    ["of a sum", (x, y) => { for (let i = 0; i < x.length; i += 2) y[i + 3 >> 1] = x[i]! * 5; }],
    ["of a step of four", (x, y, n) => { for (let i = 0; i < n; i += 4) y[i >> 1] = x[i]! + 1; }],
    ["a whole quotient", (x, y) => { for (let i = 0; i < x.length; i += 3) y[i / 3] = x[i]! + 1; }],
    ["two of them", (x, y, n) => { for (let i = 0; i < n; i += 4) y[i >> 1] = x[i >> 2]! * 7; }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel))).toBeGreaterThan(1); });
});

describe("left alone", () => {
  test.each<[string, Half]>([
    ["a step that is no multiple", (x, y, n) => { for (let i = 0; i < n; i += 3) y[i >> 1] = x[i]! + 1; }],
    ["a counter that may wrap around", (x, y, n) => { let i = 2147483640 - n; for (let k = 0; k < 40; k++) { y[k] = (i >> 1) + x[0]!; i = (i + 2) | 0; } }],
  ])("%s", (_, kernel) => { expect(story(kernel).residual.stages.flatMap((s) => (s.pass.startsWith("shifted") ? s.changes ?? [] : []))).toEqual([]); });
});
