// Arithmetic on one small integer becomes a look-up.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, lanesOf, runProgram, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 3, 4, 16, 33, 300];
function story(kernel: Kernel, make: (n: number) => unknown[], slow: readonly number[] = []): Compiled {
  const compiled = compileKernel(kernel, make(24), slow);
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}
const tablesOf = (compiled: Compiled): number[] => compiled.residual.optimized.data.filter((d) => d.name !== "columns").map((d) => d.bytes.length);
const ops = (compiled: Compiled): string => compiled.residual.stages.at(-1)!.text();
const bytes = (n: number): unknown[] => [whole(new Uint8Array(n)), new Uint8Array(n)];

describe("a table takes the place", () => {
  test("of brightness and contrast, clamped: bytes", () => {
    const kernel = (x: Uint8Array, y: Uint8Array): void => { for (let i = 0; i < x.length; i++) { const v = 1.3 * (x[i]! - 128) + 138; y[i] = v < 0 ? 0 : v > 255 ? 255 : v; } };
    const compiled = story(kernel, bytes);
    expect(tablesOf(compiled)).toEqual([256]);
    expect(ops(compiled)).not.toContain("f64.mul");
    const args = bytes(300);
    expect(runProgram(compiled.residual.optimized, args).executed).toBeLessThan(runProgram(compiled.residual.program, args).executed / 2);
  });
  test("of a gamma with branches, in doubles, where more is done with them", () => {
    const kernel = (x: Uint8Array, y: Float64Array): void => {
      const linear = (c: number): number => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
      for (let i = 0; i < y.length; i++) y[i] = 0.2 * linear(x[i]!) + 0.7 * linear(x[i + 1]!);
    };
    const compiled = story(kernel, (n) => [whole(new Uint8Array(n + 1)), new Float64Array(n)]);
    expect(tablesOf(compiled)).toContain(2048);
    const args = [whole(new Uint8Array(301)), new Float64Array(300)]; // fifteen operations for each of two bytes, and four more
    expect(runProgram(compiled.residual.optimized, args).executed).toBeLessThan(runProgram(compiled.residual.program, args).executed * 0.6);
  });
  test("of a few bits of a number, and of numbers below zero", () => {
    const kernel = (x: Int32Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = Math.exp(((x[i]! >> 3) & 31) - 16); };
    expect(tablesOf(story(kernel, (n) => [whole(new Int32Array(n)), new Float64Array(n)]))).toEqual([256]); // 32 doubles
    const signed = (x: Int8Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i]! / 32); };
    expect(tablesOf(story(signed, (n) => [whole(new Int8Array(n)), new Float64Array(n)]))).toEqual([2048]);
  });
  test("of equal arithmetic once", () => {
    const kernel = (d: Uint8Array): void => { for (let i = 0; i < d.length; i += 4) for (let c = 0; c < 3; c++) d[i + c] = Math.pow(d[i + c]! / 255, 0.45) * 255; };
    expect(tablesOf(story(kernel, (n) => [whole(new Uint8Array(n))]))).toEqual([256]);
  });
});

describe("no table", () => {
  test("of whole numbers: lanes are cheaper", () => {
    const kernel = (x: Uint8Array, y: Uint8Array): void => { for (let i = 0; i < x.length; i++) y[i] = (((255 - x[i]!) * 3 + 1) >> 1) ^ (x[i]! >> 2) + 4; };
    const compiled = story(kernel, bytes);
    expect(tablesOf(compiled)).toEqual([]);
    expect(lanesOf(compiled)).toBe(16);
  });
  test("of little arithmetic in a loop that does more in doubles", () => {
    const kernel = (x: Uint8Array, z: Float64Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = (x[i]! - 128) * 1.5 / 255 + z[i]! * 2; };
    expect(tablesOf(story(kernel, (n) => [whole(new Uint8Array(n)), new Float64Array(n).fill(0.5), new Float64Array(n)]))).toEqual([]);
  });
  test("of numbers of sixteen bits", () => {
    const kernel = (x: Uint16Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = Math.exp(x[i]! / -65536); };
    expect(tablesOf(story(kernel, (n) => [whole(new Uint16Array(n)), new Float64Array(n)]))).toEqual([]);
  });
  test("of what the caller's number is part of", () => {
    const kernel = (x: Uint8Array, y: Float64Array, g: number): void => { for (let i = 0; i < y.length; i++) y[i] = Math.pow(x[i]! / 255, g); };
    expect(tablesOf(story(kernel, (n) => [whole(new Uint8Array(n)), new Float64Array(n), 2.2]))).toEqual([]);
  });
});
