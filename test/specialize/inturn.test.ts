// Sums whose order counts: their terms are made in lanes, and every bit stays as it was.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 2, 7, 8, 9, 16, 33];
function story(kernel: Kernel): Compiled {
  const args = (n: number): unknown[] => [doubles(n), doubles(n, 3), n];
  const compiled = compileKernel(kernel, args(24));
  expectSame(kernel, compiled, lengths.map(args));
  const tame = (n: number): unknown[] => [doubles(n).map((x) => (Number.isFinite(x) ? x : 0.1)), doubles(n, 3).map((x) => (Number.isFinite(x) ? x : -0.3)), n];
  expectSame(kernel, compiled, lengths.map(tame));
  return compiled;
}

type Two = (a: Float64Array, b: Float64Array, n: number) => number;
const norms: Two = (a, b, n) => { let s = 0; for (let i = 0; i < n; i++) s += Math.sqrt(a[i]! * a[i]! + b[i]! * b[i]!); return s; };

describe("taken", () => {
  test.each<[string, Two]>([
    ["a sum", norms],
    ["a sum that begins with −0", (a, b, n) => { let s = -0; for (let i = 0; i < n; i++) s += Math.sqrt(a[i]! * a[i]! + b[i]! * b[i]!); return s; }],
    ["a difference", (a, b, n) => { let s = 1; for (let i = 0; i < n; i++) s -= Math.sqrt(a[i]! * a[i]! + b[i]! * b[i]!); return s; }],
    ["a product", (a, b, n) => { let s = 1; for (let i = 0; i < n; i++) s *= 1 + Math.abs(a[i]! * b[i]! - 3) / 64; return s; }],
    ["a quotient", (a, b, n) => { let s = 1; for (let i = 0; i < n; i++) s /= 1 + Math.abs(a[i]! * b[i]! - 3) / 64; return s; }],
    ["the sum behind the term", (a, b, n) => { let s = 0; for (let i = 0; i < n; i++) s = Math.sqrt(a[i]! * a[i]! + b[i]! * b[i]!) + s; return s; }],
    ["two terms an iteration", (a, b, n) => { let s = 0; for (let i = 0; i < n; i++) { s += Math.sqrt(a[i]! * a[i]! + 2); s -= Math.sqrt(b[i]! * b[i]! + 3) / 5; } return s; }],
    ["under a condition", (a, b, n) => { let s = -0; for (let i = 0; i < n; i++) if (a[i]! > 0) s += Math.sqrt(a[i]! * a[i]! + b[i]! * b[i]!); return s; }],
    ["where a condition does not hold", (a, b, n) => { let s = -0; for (let i = 0; i < n; i++) { if (a[i]! <= 0) continue; s -= Math.sqrt(a[i]! * a[i]! + b[i]! * b[i]!); } return s; }],
    ["two sums", (a, b, n) => { let s = 0, t = 0; for (let i = 0; i < n; i++) { const d = Math.sqrt(a[i]! * a[i]! + b[i]! * b[i]!); s += d * a[i]!; t += Math.sqrt(d); } return s - t; }],
    ["a function of Math", (a, b, n) => { let s = 0; for (let i = 0; i < n; i++) { const d = a[i]! - b[i]!; s += Math.exp(-d * d); } return s; }],
    ["with a store", (a, b, n) => { let s = 0; for (let i = 0; i < n; i++) { const d = Math.sqrt(a[i]! * a[i]! + b[i]! * b[i]!); b[i] = d; s += d; } return s; }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel))).toBeGreaterThan(1); });

  test("with fewer operations", () => {
    const args = [doubles(256), doubles(256, 3), 256], { residual } = compileKernel(norms, args);
    expect(runProgram(residual.optimized, args).executed / runProgram(residual.program, args).executed).toBeLessThan(0.7);
  });
});

describe("left alone", () => {
  test.each<[string, Two]>([
    ["where the sum is all there is to do", (a, _, n) => { let s = 0; for (let i = 0; i < n; i++) s += a[i]!; return s; }],
    ["where a sum waits for what another one was", (a, _, n) => { let s = 0, t = NaN; for (let i = 0; i < n; i++) { s += (a[i]! | 0) + t; t = s; } return s; }],
    ["where the sum is on both sides", (a, b, n) => { let s = 1; for (let i = 0; i < n; i++) s = (s + Math.sqrt(a[i]! * a[i]! + b[i]! * b[i]!)) * (1 / (1 + s * s)); return s; }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel))).toBe(1); });
});
test("the place of the greatest is gathered in lanes: nothing is done in its turn there", () => {
  expect(lanesOf(story((a, _, n) => { let best = 0; for (let i = 1; i < n; i++) if (a[i]! > a[best]!) best = i; return best; }))).toBeGreaterThan(1);
});
