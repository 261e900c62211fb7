// Loops that look for something, and loops that keep the best and its place: which are taken, and that ties, NaN and zeros end as they did.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, runProgram, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 2, 7, 8, 15, 16, 17, 33, 70];
function story(kernel: Kernel, make: (n: number) => unknown[]): Compiled {
  const compiled = compileKernel(kernel, make(24));
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}

describe("searches", () => {
  const find = (x: Uint8Array, v: number): number => { for (let i = 0; i < x.length; i++) if (x[i] === v) return i; return -1; };
  test("the first of some bytes, wherever it is", () => {
    expect(lanesOf(story(find, (n) => [whole(new Uint8Array(n)), 7]))).toBe(16);
    const compiled = compileKernel(find, [new Uint8Array(40), 9]);
    for (const at of [0, 1, 15, 16, 31, 32, 38, 39]) { const x = new Uint8Array(40); x[at] = 9; x[39] = 9; expectSame(find, compiled, [[x, 9]]); }
  });
  test("in a fraction of the operations", () => {
    const x = new Uint8Array(2000);
    x[1990] = 3;
    const { residual } = compileKernel(find, [x, 3]);
    expect(runProgram(residual.optimized, [x, 3]).executed).toBeLessThan(runProgram(residual.program, [x, 3]).executed * 0.4);
  });
  test("two ways out, and NaN", () => {
    const kernel = (x: Float64Array, lo: number): number => { for (let i = 0; i < x.length; i++) { if (!(x[i]! >= lo)) return i; if (x[i]! > 1e9) break; } return -1; };
    expect(lanesOf(story(kernel, (n) => [doubles(n), -4]))).toBeGreaterThanOrEqual(2);
  });
  test("not one that stores on its way", () => {
    const kernel = (x: Float64Array, y: Float64Array): number => { for (let i = 0; i < x.length; i++) { if (x[i]! > 4) return i; y[i] = 1; } return -1; };
    expect(lanesOf(story(kernel, (n) => [doubles(n), new Float64Array(n)]))).toBe(1);
  });
});

describe("the best and its place", () => {
  const numbers = [1, 3, -0, 0, NaN, 3, -5, 0.5, -0, 3, NaN, -5, 2];
  const ofKind = (relation: string): Kernel => (0, eval)(`(function best(x, at) { let m = x[0], k = 0; for (let i = 0; i < x.length; i++) { if (x[i] ${relation} m) { m = x[i]; k = i; } } at[0] = k; at[1] = m; })`) as Kernel;
  for (const relation of ["<", ">", "<=", ">="]) test(`of doubles, by ${relation}`, () => {
    const kernel = ofKind(relation);
    const make = (n: number): unknown[] => [Float64Array.from({ length: n }, (_, i) => numbers[(i * 5 + n) % numbers.length]!), new Float64Array(2)];
    expect(lanesOf(story(kernel, make))).toBeGreaterThanOrEqual(2);
    const compiled = compileKernel(kernel, make(20));
    expectSame(kernel, compiled, [[new Float64Array(20).fill(NaN), new Float64Array(2)], [Float64Array.from({ length: 20 }, (_, i) => (i % 3 ? 0 : -0)), new Float64Array(2)]]);
  });
  test("by its place alone", () => {
    const kernel = (x: Float64Array): number => { let b = 0; for (let i = 1; i < x.length; i++) if (x[i]! > x[b]!) b = i; return b; };
    expect(lanesOf(story(kernel, (n) => [doubles(n)]))).toBeGreaterThanOrEqual(2);
  });
  test("at places of few bits, where nothing is better than what there was", () => {
    const kernel = (x: Float64Array): number => { let m = x[0]!, k = 3; for (let i = 1; i < Math.min(x.length, 50); i++) if (x[i]! > m) { m = x[i]!; k = i; } return k; };
    const compiled = story(kernel, (n) => [doubles(n)]);
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(2);
    expectSame(kernel, compiled, [[Float64Array.from({ length: 30 }, (_, i) => -i)], [Float64Array.from({ length: 30 }, (_, i) => i % 20)]]);
  });
  test("of whole numbers", () => {
    const kernel = (x: Int16Array): number => { let m = -40000, k = -1; for (let i = 0; i < x.length; i++) if (x[i]! > m) { m = x[i]!; k = i; } return k; };
    expect(lanesOf(story(kernel, (n) => [whole(new Int16Array(n))]))).toBeGreaterThanOrEqual(4);
  });
});
