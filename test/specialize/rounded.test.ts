// Doubles that are rounded to integers: quotients and clamps done with the integers, rounding in lanes.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import type { Value } from "../../src/ir/types.ts";
import { divide } from "../../src/specialize/rounded.ts";
import { compileKernel, doubles, expectSame, lanesOf, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

/** What the steps of a division give for a number. */
function quotient(most: number, divisor: number, n: number): number {
  const steps = divide(most, divisor)!;
  const write = (op: string, a: unknown, b: unknown): unknown => {
    const [x, y] = [a, b] as [number, number];
    return op === "i32.add" ? x + y | 0 : op === "i32.mul" ? Math.imul(x, y) : x >>> y;
  };
  return steps(write as never, n as unknown as Value) as unknown as number;
}

describe("division by a constant", () => {
  test.each([[3, 65279], [5, 65279], [7, 30000], [9, 65279], [10, 65279], [15, 65279], [16, 65279], [25, 12750], [31, 15810], [49, 12495], [63, 16065], [100, 25500], [127, 16129], [255, 65279], [256, 65279], [510, 65279]])(
    "by %i, of everything up to %i", (divisor, most) => {
      const wrong = Array.from({ length: most + 1 }, (_, n) => n).filter((n) => quotient(most, divisor, n) !== Math.trunc(n / divisor));
      expect(wrong).toEqual([]);
    });
  test("of the greatest numbers that a multiplier is found for", () => {
    for (const divisor of [3, 6, 9, 11, 13, 17, 100, 1023, 4095]) {
      for (const most of [255, 2295, 65025, 130000, 1000000, 10000000]) {
        if (!divide(most, divisor)) continue;
        for (let n = most; n > most - 3 * divisor && n >= 0; n--) expect(quotient(most, divisor, n)).toBe(Math.trunc(n / divisor));
      }
    }
  });
  test("none is found where products leave 32 bits", () => { expect(divide(2 ** 30, 1000)).toBeNull(); });
});

const lengths = [0, 1, 7, 16, 17, 40, 65];
function story(kernel: Kernel, make: (n: number) => unknown[], slow: readonly number[] = []): Compiled {
  const compiled = compileKernel(kernel, make(64), slow);
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}
const ops = ({ residual }: Compiled): string[] => [...instructions(residual.optimized.functions[0]!.body)].map((i) => i.op);
const bytes = (n: number, seed = 1): Uint8Array => whole(new Uint8Array(n), seed);

describe("quotients of integers", () => {
  const kernels: readonly (readonly [string, Kernel])[] = [
    ["truncated by the array", ((a: Uint8Array, b: Uint8Array, t: Uint8Array, o: Uint8Array) => { for (let i = 0; i < o.length; i++) o[i] = (a[i]! * t[i]! + b[i]! * (255 - t[i]!)) / 255; }) as Kernel],
    ["truncated by | 0", ((a: Uint8Array, b: Uint8Array, t: Uint8Array, o: Uint8Array) => { for (let i = 0; i < o.length; i++) o[i] = ((a[i]! * t[i]! + b[i]! * (255 - t[i]!) + 127) / 255) | 0; }) as Kernel],
    ["rounded", ((a: Uint8Array, b: Uint8Array, t: Uint8Array, o: Uint8Array) => { for (let i = 0; i < o.length; i++) o[i] = Math.round((a[i]! + b[i]! + t[i]!) / 3); }) as Kernel],
    ["rounded down", ((a: Uint8Array, b: Uint8Array, t: Uint8Array, o: Uint8Array) => { for (let i = 0; i < o.length; i++) o[i] = Math.floor((a[i]! + b[i]! * 7) / 10) + (t[i]! & 1); }) as Kernel],
    ["rounded up", ((a: Uint8Array, b: Uint8Array, t: Uint8Array, o: Uint8Array) => { for (let i = 0; i < o.length; i++) o[i] = Math.ceil((a[i]! + b[i]! + t[i]! * 2) / 12); }) as Kernel],
    ["by a power of two", ((a: Uint8Array, b: Uint8Array, t: Uint8Array, o: Uint8Array) => { for (let i = 0; i < o.length; i++) o[i] = Math.round((a[i]! + b[i]! + t[i]!) / 8); }) as Kernel],
  ];
  test.each(kernels)("%s", (_, kernel) => {
    const compiled = story(kernel, (n) => [bytes(n), bytes(n, 2), bytes(n, 3), new Uint8Array(n)]);
    expect(lanesOf(compiled)).toBe(16);
    expect(ops(compiled).filter((op) => op === "f64x2.div" || op === "f64x2.mul")).toEqual([]);
  });
  test("rounded and clamped by the array: ties go to the even one, where there are any", () => {
    for (const divisor of [255, 9, 6, 4]) {
      const kernel = ((a: Uint8Array, b: Uint8Array, o: Uint8ClampedArray, d: number) => { for (let i = 0; i < o.length; i++) o[i] = (a[i]! * 3 + b[i]!) / d; }) as Kernel;
      const compiled = story(kernel, (n) => [bytes(n), bytes(n, 2), new Uint8ClampedArray(n), divisor], [3]);
      expect(ops(compiled).includes("f64x2.div") || ops(compiled).includes("f64x2.mul")).toBe(divisor % 2 === 0);
    }
  });
  test("of numbers below 0 in doubles", () => {
    const kernel = ((a: Uint8Array, b: Uint8Array, o: Int16Array) => { for (let i = 0; i < o.length; i++) o[i] = (a[i]! - b[i]!) / 9; }) as Kernel;
    const done = ops(story(kernel, (n) => [bytes(n), bytes(n, 2), new Int16Array(n)]));
    expect(done).toContain("f64x2.mul");
    expect(done).not.toContain("f64x2.div");
  });
});

describe("clamps", () => {
  const clamps: readonly (readonly [string, Kernel])[] = [
    ["by Math.min and Math.max", ((a: Uint8Array, b: Uint8Array, o: Uint8Array) => { for (let i = 0; i < o.length; i++) o[i] = Math.max(0, Math.min(255, a[i]! * 1.7 - b[i]! * 0.6)); }) as Kernel],
    ["by conditions", ((a: Uint8Array, b: Uint8Array, o: Uint8Array) => { for (let i = 0; i < o.length; i++) { const v = a[i]! * 1.7 - b[i]! * 0.6; o[i] = v < 0 ? 0 : v > 255 ? 255 : v; } }) as Kernel],
    ["by the array", ((a: Uint8Array, b: Uint8Array, o: Uint8ClampedArray) => { for (let i = 0; i < o.length; i++) o[i] = a[i]! * 1.7 - b[i]! * 0.6; }) as Kernel],
    ["behind rounding", ((a: Uint8Array, b: Uint8Array, o: Uint8Array) => { for (let i = 0; i < o.length; i++) o[i] = Math.min(255, Math.max(0, Math.round(a[i]! * 1.7 - b[i]! * 0.6))); }) as Kernel],
  ];
  test.each(clamps)("%s: narrowing does it", (name, kernel) => {
    const compiled = story(kernel, (n) => [bytes(n), bytes(n, 2), name === "by the array" ? new Uint8ClampedArray(n) : new Uint8Array(n)]);
    expect(ops(compiled).filter((op) => /^f64x2\.p?(min|max|gt)/.test(op))).toEqual([]);
    expect(ops(compiled)).toContain("i8x16.narrow_i16x8_u");
  });
  test("of what may be NaN or beyond int32 they stay with the doubles", () => {
    const kernel = ((x: Float64Array, o: Uint8Array) => { for (let i = 0; i < o.length; i++) { let v = x[i]! * 100; if (v > 255) v = 255; if (v < 0) v = 0; o[i] = Math.round(v); } }) as Kernel;
    const compiled = story(kernel, (n) => [doubles(n), new Uint8Array(n)]);
    expect(ops(compiled)).toContain("f64x2.pmin");
  });
  const choices: readonly (readonly [string, Kernel])[] = [
    ["a < b ? a : b", ((x: Float64Array, y: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) { const a = x[i]!, b = y[i]!; o[i] = a < b ? a : b; } }) as Kernel],
    ["a > b ? a : b", ((x: Float64Array, y: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) { const a = x[i]!, b = y[i]!; o[i] = a > b ? a : b; } }) as Kernel],
    ["a < b ? b : a", ((x: Float64Array, y: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) { const a = x[i]!, b = y[i]!; o[i] = a < b ? b : a; } }) as Kernel],
    ["a <= b ? a : b", ((x: Float64Array, y: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) { const a = x[i]!, b = y[i]!; o[i] = a <= b ? a : b; } }) as Kernel],
    ["|a| >= b · b ? |a| : b · b", ((x: Float64Array, y: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) { const a = Math.abs(x[i]!), b = y[i]! * y[i]!; o[i] = a >= b ? a : b; } }) as Kernel],
    ["clamped from above first", ((x: Float64Array, y: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) { const a = x[i]! * y[i]!; o[i] = a > 1 ? 1 : a < 0 ? 0 : a; } }) as Kernel],
    ["NaN clamped from above", ((x: Float64Array, y: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) { const a = x[i]! * y[i]!; o[i] = a >= -1 ? (a <= 1 ? a : 1) : -1; } }) as Kernel],
    ["NaN clamped from below", ((x: Float64Array, y: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) { const a = x[i]! * y[i]!; o[i] = a < 0 ? -0 : a <= 1 ? a : 1; } }) as Kernel],
    ["at one number twice", ((x: Float64Array, y: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) { const a = x[i]! * y[i]!; o[i] = a < 0 ? 0 : a > 0 ? -0 : a; } }) as Kernel],
    ["whole numbers", ((x: Float64Array, y: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) { const a = (x[i]! | 0) + (y[i]! | 0) | 0; o[i] = a < -3 ? -3 : a > 7 ? 7 : a; } }) as Kernel],
  ];
  test.each(choices)("which zero, NaN or number a choice gives: %s", (_, kernel) => {
    const compiled = compileKernel(kernel, [doubles(64), doubles(64, 2), new Float64Array(64)]);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    expectSame(kernel, compiled, [1, 2, 3, 4, 5].map((seed) => [doubles(60, seed), doubles(60, seed * 3 + 1), new Float64Array(60)]));
  });
});

describe("Math.round in lanes", () => {
  const edges = [0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 0.5 - 2 ** -54, -0.5 + 2 ** -54, -0.5 - 2 ** -53, 1 - 2 ** -53, -1 + 2 ** -53, 0, -0, 254.5, 255 - 2 ** -45, 100.49999999999999, -100.5, 3.5 - 2 ** -51, 3.5 + 2 ** -51, 5e-324, -5e-324];
  test("of what is not negative, and of what is", () => {
    const numbers = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => edges[i % edges.length]!);
    for (const [lo, hi] of [[0, 255], [-128, 127]] as const) {
      const kernel = ((x: Float64Array, o: Int16Array, p: number, q: number) => { for (let i = 0; i < o.length; i++) o[i] = Math.round(Math.min(q, Math.max(p, x[i]!))); }) as Kernel;
      const compiled = story(kernel, (n) => [numbers(n), new Int16Array(n), lo, hi], [2, 3]);
      expect(ops(compiled).filter((op) => op === "f64x2.ge")).toEqual([]);
    }
  });
  test("where the sign of a zero is kept", () => {
    const numbers = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => edges[i % edges.length]!);
    story(((x: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) o[i] = Math.round(x[i]!); }) as Kernel, (n) => [numbers(n), new Float64Array(n)]);
    story(((x: Float64Array, o: Float64Array) => { for (let i = 0; i < o.length; i++) o[i] = Math.round(Math.min(1000, Math.abs(x[i]!))) / 3; }) as Kernel, (n) => [numbers(n), new Float64Array(n)]);
  });
});
