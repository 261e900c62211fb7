// Carried values of which others are made: they follow one another, the rest of the body is in lanes.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 2, 3, 4, 7, 8, 9, 31, 64];
type Two = (x: Float64Array, y: Float64Array, step: number) => unknown;
const two = (n: number): unknown[] => [doubles(n), doubles(n, 3), 0.37];
function story(kernel: Kernel, args: (n: number) => unknown[] = two, slow: readonly number[] = []): Compiled {
  const compiled = compileKernel(kernel, args(64), slow);
  expectSame(kernel, compiled, lengths.map(args));
  return compiled;
}

describe("in lanes", () => {
  test.each<[string, Two]>([
    ["a phase that is wrapped", (_, y, step) => { let p = 0; for (let i = 0; i < y.length; i++) { y[i] = Math.sqrt(p) / (1 + p * p) + Math.abs(p - 0.5) * 3; p += step; if (p >= 1) p -= 1; } return p; }],
    ["a level that follows numbers", (x, y, step) => { let s = 0; for (let i = 0; i < x.length; i++) { s += step * (x[i]! - s); y[i] = Math.sqrt(Math.abs(s)) / (1 + s * s) + Math.sqrt(s * s + 3) / (2 - s * 0.01); } return s; }],
    ["two that wait for one another", (x, y, step) => {
      let s = 1, c = 0;
      for (let i = 0; i < x.length; i++) { const t = s; s = s + step * c; c = c - step * t; y[i] = Math.sqrt(Math.abs(s * x[i]!)) / (1 + c * c) + Math.sqrt(s * s + c * c + 1) / (3 + s * s) + x[i]! / (4 + c * c); }
      return s + c;
    }],
    ["whole numbers", (x, y) => { let h = 7; for (let i = 0; i < x.length; i++) { h = (h ^ (h << 3) ^ i) | 0; y[i] = Math.sqrt(Math.abs(h)) / (1 + x[i]! * x[i]!) + Math.sqrt(x[i]! * x[i]! + 1) / (h * 2 + 0.5); } return h; }],
    ["a choice by what is beside it", (x, y, step) => {
      let s = 0;
      for (let i = 0; i < x.length; i++) { if (x[i]! > 0) s += step; y[i] = Math.sqrt(s + 1) / (1 + s * s) + Math.sqrt(s + 2) / (3 + x[i]! * s); }
      return s;
    }],
    ["a double that counts from a number that is none", (x, y, step) => { let p = step; for (let i = 0; i < x.length; i++) { y[i] = Math.sqrt(p) / (1 + p * p) + Math.sqrt(p + 3) / (2 + p); p += 2; } return p; }],
    ["a sum that an iteration looks at", (x, y) => { let s = 0; for (let i = 0; i < y.length; i++) { s += Math.sqrt(x[i]! * x[i]! + 2) / (1 + x[i]! * x[i]!); if (s > 9) y[i] = Math.sqrt(s); } return s; }],
    ["a level with a power behind a test: the dynamics of a compressor", (x, y, step) => {
      let s = 0;
      for (let i = 0; i < x.length; i++) { const l = Math.abs(x[i]!); s += (l > s ? step : step * 0.1) * (l - s); y[i] = x[i]! * (s > 0.3 ? (s / 0.3) ** -0.75 : 1); }
      return s;
    }],
    ["a sum that is a divisor", (x, y) => { let s = 1; for (let i = 0; i < y.length; i++) s = (Math.sqrt(x[i]! * x[i]! + y[i]! * y[i]!) + 1) / s; return s; }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel))).toBeGreaterThan(1); });

  const table = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
  const oscillator = (out: Float32Array, wave: Float32Array, step: number, phase: number): number => {
    const n = wave.length;
    for (let i = 0; i < out.length; i++) { const k = Math.floor(phase), f = phase - k; out[i] = wave[k]! * (1 - f) + wave[(k + 1) % n]! * f; phase += step; if (phase >= n) phase -= n; }
    return phase;
  };
  test.each([0.5, -3, 15.9, 40, NaN, 1e300])("an oscillator with a table, from phase %d: look-ups that only their condition keeps in the table", (phase) => {
    expect(lanesOf(story(oscillator as never, (n) => [new Float32Array(n), table, 3.7, phase], [1]))).toBeGreaterThan(1);
  });

  test("seed 2026113463: where bytes of the caller's are read by a counter that begins anywhere", () => {
    const kernel = (y: Uint8Array, x: Uint8Array, n: number): void => { for (let i = n, o = 0; o < y.length; i += 5, o += 1) y[o] = -65534.99 * (x[i]! * 5 + x[i + 2]! / x[i + 3]!); };
    expect(lanesOf(story(kernel as never, (n) => [new Uint8Array(n), Uint8Array.from({ length: 400 }, (_, i) => (i % 7 === 0 ? 0 : i * 37)), n % 60]))).toBeGreaterThan(1);
  });
  test("with fewer operations", () => {
    const args = [new Float32Array(64), table, 3.7, 0.5], { residual } = compileKernel(oscillator as never, args, [1]);
    expect(runProgram(residual.optimized, args).executed / runProgram(residual.program, args).executed).toBeLessThan(0.9);
  });
});

describe("left alone", () => {
  test.each<[string, Two]>([
    ["where little else is done", (x, y, step) => { let s = 0; for (let i = 0; i < x.length; i++) { s += step * (x[i]! - s); y[i] = s; } }],
    ["where the next number is looked up by the last", (x, y) => { let k = 0; for (let i = 0; i < y.length; i++) { y[i] = Math.sqrt(k) / (1 + k * k); k = (x[k & 31]! * 7) & 31; } }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel))).toBe(1); });
  test("where choices are most of the way from one to the next: a row of distances, but not how it begins", () => {
    const edit = (a: Uint8Array, b: Uint8Array, row: Int32Array): void => {
      for (let j = 0; j <= b.length; j++) row[j] = j;
      for (let i = 1; i <= a.length; i++) {
        let before = row[0]!;
        row[0] = i;
        for (let j = 1; j <= b.length; j++) {
          const cost = a[i - 1] === b[j - 1] ? 0 : 1, above = row[j]!;
          row[j] = Math.min(above + 1, row[j - 1]! + 1, before + cost);
          before = above;
        }
      }
    };
    const { residual } = story(edit as never, (n) => [Uint8Array.from({ length: 9 }, (_, i) => i % 5), Uint8Array.from({ length: n }, (_, i) => i % 7), new Int32Array(n + 1)]);
    expect(residual.vectorized.filter(({ lanes }) => lanes > 1)).toHaveLength(1);
  });
});
