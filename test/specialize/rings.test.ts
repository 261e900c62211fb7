// Places in rings and phases that begin anywhere: one question before the loop, and none in it.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { compileKernel, doubles, expectSame, lanesOf, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

const begins = [0, 1, 5, 11, 12, 13, 40, -1, -0, 2.5, 0.5, NaN, Infinity, 1e12];
const ring = (n: number): Float64Array => doubles(n, 7);
type Ring = (x: Float64Array, y: Float64Array, line: Float64Array, p: number, t: number) => unknown;
const args = (p: number, t = 3, n = 40, places = 12): unknown[] => [doubles(n), doubles(n, 5), ring(places), p, t];

/** Same bits wherever it begins, and how many remainders and checks stand in its main loops. */
function story(kernel: Kernel, given: (p: number, t?: number, n?: number, places?: number) => unknown[] = args, slow: readonly number[] = []): Compiled {
  const compiled = compileKernel(kernel, given(0.5), slow);
  expectSame(kernel, compiled, [...begins.flatMap((p) => [given(p), given(p, 12), given(p, 13), given(p, -2)]), given(0, 3, 0), given(3, 0, 40, 1), given(0, 3, 40, 0), given(5, 7, 1000, 200)]);
  return compiled;
}
const askedIn = ({ residual }: Compiled): number => [...instructions(residual.optimized.functions[0]!.body)].flatMap((i) => (i.op === "loop" && i.notes?.role === "main" ? [...instructions(i.regions[0])] : []))
  .filter((i) => i.op === "f64.rem" || i.op === "i32.lt_u" || i.op === "i32.from_f64").length;

describe("asks once", () => {
  test.each<[string, Ring]>([
    ["an echo, by remainders", (x, y, line, p, t) => { const n = line.length; for (let i = 0; i < x.length; i++) { const d = line[(p - t + n) % n]!; line[p] = x[i]! + d * 0.5; y[i] = x[i]! * 0.7 + d; p = (p + 1) % n; } return p; }],
    ["a constant delay", (x, y, line, p) => { const n = line.length; for (let i = 0; i < x.length; i++) { const d = line[(p - 4 + n) % n]!; line[p] = x[i]! + d * 0.5; y[i] = d; p = (p + 1) % n; } return p; }],
    ["a place that turns where it is equal", (x, y, line, p) => { for (let i = 0; i < x.length; i++) { const d = line[p]!; line[p] = x[i]! + d; y[i] = d; if (++p === line.length) p = 0; } return p; }],
    ["a place that turns where it is not below", (x, y, line, p) => { for (let i = 0; i < x.length; i++) { y[i] = line[p]!; line[p] = x[i]!; p++; if (p >= line.length) p -= line.length; } return p; }],
    ["downwards", (x, y, line, p) => { for (let i = 0; i < x.length; i++) { y[i] = line[p]!; line[p] = x[i]!; p = p === 0 ? line.length - 1 : p - 1; } return p; }],
    ["by a mask", (x, y, line, p, t) => { const mask = line.length - 1; for (let i = 0; i < x.length; i++) { line[p] = x[i]!; y[i] = line[(p - t) & mask]! + line[(p * 3) & mask]!; p = (p + 1) & mask; } return p; }],
    ["a place kept before it turns", (x, y, line, p) => { const n = line.length; for (let i = 0; i < x.length; i++) { const q = p + 1 < n ? p + 1 : 0; y[i] = line[p]! + line[q]!; line[q] = x[i]!; p = q; } return p; }],
    ["a phase", (x, y, line, p) => { const n = line.length; for (let i = 0; i < x.length; i++) { const k = Math.floor(p), f = p - k; y[i] = line[k]! * (1 - f) + line[(k + 1) % n]! * f; p += 2.7; if (p >= n) p -= n; } return p; }],
    ["a phase that turns twice, a step from outside", (x, y, line, p, t) => { const n = line.length; for (let i = 0; i < x.length; i++) { const k = p | 0, f = p - k; y[i] = line[k]! * f; p += t; if (p >= n) p -= n; if (p >= n) p = 0; } return p; }],
    ["a phase by a remainder", (x, y, line, p, t) => { const n = line.length; for (let i = 0; i < x.length; i++) { y[i] = line[Math.trunc(p)]! + p; p = (p + t) % n; } return p; }],
  ])("%s", (_, kernel) => { expect(askedIn(story(kernel))).toBe(0); });

  test.each<[string, Ring]>([
    ["a position that advances", (x, y, line, p, t) => { const r = t / 4; for (let i = 0; i < x.length; i++) { const k = Math.floor(p), f = p - k, a = line[k]!, b = line[k + 1]!; y[i] = a + (b - a) * f; p += r; } return p; }],
    ["one that advances by a constant", (x, y, line, p) => { for (let i = 0; i < x.length; i++) { y[i] = line[p | 0]! + line[(p | 0) + 2]!; p += 0.3; } return p; }],
    ["two that advance", (x, y, line, p, t) => { const r = Math.abs(t) * 0.01; let q = 0; for (let i = 0; i < x.length; i++) { y[i] = line[Math.trunc(p)]! * line[Math.floor(q)]!; p += r; q += 0.125; } return p + q; }],
  ])("%s", (_, kernel) => { expect(askedIn(story(kernel))).toBe(0); });
  test.each([[0, 1], [0, 0.1], [11.99, 0], [11.999999, 0], [10, 0], [0, 1 / 3], [3, 1e-300], [0, 12], [0, 11], [0, 1e300], [5, Infinity], [5, NaN], [5, -0.1]])("from %d on by %d", (p, r) => {
    const kernel: Ring = (x, y, line, from, by) => { for (let i = 0; i < x.length; i++) { y[i] = line[Math.floor(from)]!; from += by; } return from; };
    expectSame(kernel, compileKernel(kernel, args(0.5, 0.25)), [[doubles(100), doubles(100, 5), ring(12), p, r], [doubles(3), doubles(3, 5), ring(1), p, r]]);
  });
  test("a phase beside a position that advances: its step is asked for too", () => {
    const kernel: Ring = (x, y, line, p, t) => { let q = 0.5; for (let i = 0; i < x.length; i++) { y[i] = line[Math.floor(p)]! + line[Math.floor(q)]!; p += t; if (p >= line.length) p -= line.length; q += 0.1; } return p + q; };
    expect(askedIn(story(kernel))).toBe(0);
  });
  test("what nothing demands is no place: a summand of any size", () => {
    const kernel: Ring = (x, y, line, p, t) => { const n = line.length; for (let i = 0; i < x.length; i++) { y[i] = line[p]! + (p - t) + Math.floor((p + t) / 2); p = (p + 1) % n; } return p; };
    const compiled = compileKernel(kernel, args(5, 7));
    expectSame(kernel, compiled, [-2147483648, 2147483647, -5, 3, 13].flatMap((t) => [args(0, t), args(11, t)]));
  });
  test("with fewer operations, where it begins inside", () => {
    const kernel: Ring = (x, y, line, p, t) => { const n = line.length; for (let i = 0; i < x.length; i++) { const d = line[(p - t + n) % n]!; line[p] = x[i]! + d * 0.5; y[i] = d; p = (p + 1) % n; } return p; };
    const [made, without] = [new Set<string>(), new Set(["rings"])].map((skip) => compileKernel(kernel, args(0.5), [], false, skip).residual.optimized);
    expect(runProgram(made!, args(5)).executed / runProgram(without!, args(5)).executed).toBeLessThan(0.8);
    expect(runProgram(made!, args(50)).executed / runProgram(without!, args(50)).executed).toBeLessThan(1.1);
  });
  test("a table's phases in lanes", () => {
    const table = doubles(16, 3);
    const kernel = (out: Float32Array, wave: Float64Array, step: number): void => {
      const n = wave.length;
      let p = 0;
      for (let i = 0; i < out.length; i++) { const k = p | 0, f = p - k, a = wave[k & (n - 1)]!, b = wave[(k + 1) & (n - 1)]!; out[i] = (a + (b - a) * f) * 0.8; p += step; while (p >= n) p -= n; }
    };
    const compiled = compileKernel(kernel as never, [new Float32Array(40), table, 0.5], [1]);
    expectSame(kernel as never, compiled, [0, 0.5, 3.3, 8, 8.1, 17, -1, NaN].flatMap((step) => [0, 1, 40].map((n) => [new Float32Array(n), table, step])));
    expect(lanesOf(compiled)).toBeGreaterThan(1);
  });
});

describe("left as it was", () => {
  test.each<[string, Ring]>([
    ["a place that leaves its ring", (x, y, line, p) => { for (let i = 0; i < x.length; i++) { y[i] = line[p]!; p++; if (p > line.length) p = 0; } return p; }],
    ["a place that turns elsewhere", (x, y, line, p) => { for (let i = 0; i < x.length; i++) { y[i] = line[p]!; p++; if (p === x.length) p = 0; } return p; }],
    ["a step that may be more than the ring", (x, y, line, p) => { const n = line.length; for (let i = 0; i < x.length; i++) { y[i] = line[Math.floor(p)]!; p += x[i]!; if (p >= n) p -= n; } return p; }],
  ])("%s", (_, kernel) => { expect(askedIn(story(kernel))).toBeGreaterThan(0); });
});
