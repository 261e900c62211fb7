// Places of elements that are computed in doubles, in int32; neighbours that are looked up together.

import { describe, expect, test } from "vitest";
import type { Func, Program } from "../../src/ir/types.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { narrowIndices } from "../../src/specialize/indices.ts";
import { body, transform } from "./harness.ts";
import { compileKernel, doubles, expectSame, lanesOf, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(narrowIndices(func, program), program);
const inputs = [-3, -0.5, 0, 0.5, 7, 99.5, 5e9, Infinity, NaN].map((x) => [x]);
const of = (text: string): string => body(transform(pass, `func @f(%p: f64) -> f64 { %l = f64.max %p, 0.0  %h = f64.min %l, 100.0  %e = f64.eq %h, %h  %x = f64.select %e, %h, 3.0  ${text} }`, inputs));
const conversions = (text: string): number => text.split("i32.trunc_sat_f64_s").length - 1;

describe("one conversion for what was rounded", () => {
  test("in place of one for each place", () => {
    const text = of("%k = f64.floor %x  %a = i32.trunc_sat_f64_s %k  %n = f64.add %k, 1.0  %b = i32.trunc_sat_f64_s %n  %c = i32.mul %a, %b  %z = f64.convert_i32_s %c  return %z");
    expect(conversions(text)).toBe(1);
    expect(text).toContain("i32.add");
  });
  test("through products, differences, least and choices", () => {
    const text = of("%k = f64.floor %x  %m = f64.mul %k, 12.0  %n = f64.sub %m, 5.0  %g = f64.min %n, 40.0  %t = f64.gt %x, 9.0  %s = f64.select %t, %g, %m  %a = i32.trunc_sat_f64_s %s  %b = i32.trunc_sat_f64_s %n  %c = i32.mul %a, %b  %z = f64.convert_i32_s %c  return %z");
    expect(conversions(text)).toBe(1);
    expect(text).not.toContain("f64.mul");
  });
  test("where it may be NaN, and is asked", () => {
    const text = of("%k = f64.floor %h  %n = f64.add %k, 1.0  %q = f64.eq %n, %n  %a = i32.trunc_sat_f64_s %k  %b = i32.trunc_sat_f64_s %n  %o = f64.eq %k, %k  %r: i32 = if %q { %w = i32.mul %b, 3  yield %w } else { yield 7 }  %u: i32 = if %o { %v = i32.mul %a, 5  yield %v } else { yield 9 }  %c = i32.sub %r, %u  %z = f64.convert_i32_s %c  return %z");
    expect(conversions(text)).toBe(1);
  });
});

describe("as it was", () => {
  test("where nothing would be saved", () => { expect(of("%k = f64.floor %x  %n = f64.add %k, 1.0  %a = i32.trunc_sat_f64_s %n  %z = f64.convert_i32_s %a  return %z")).toContain("f64.add"); });
  test("beyond int32", () => { expect(of("%k = f64.floor %x  %n = f64.mul %k, 1e9  %a = i32.trunc_sat_f64_s %n  %m = f64.add %n, 1.0  %b = i32.trunc_sat_f64_s %m  %c = i32.add %a, %b  %z = f64.convert_i32_s %c  return %z")).toContain("f64.mul"); });
  test("fractions", () => { expect(conversions(of("%n = f64.add %x, 0.5  %a = i32.trunc_sat_f64_s %x  %k = f64.floor %x  %b = i32.trunc_sat_f64_s %n  %d = i32.add %a, %b  %y = f64.convert_i32_s %d  %z = f64.add %y, %k  return %z"))).toBe(2); });
  test("where it may be NaN, which nobody asked", () => {
    expect(conversions(of("%k = f64.floor %h  %n = f64.add %k, 1.0  %a = i32.trunc_sat_f64_s %k  %b = i32.trunc_sat_f64_s %n  %c = i32.add %a, %b  %z = f64.convert_i32_s %c  return %z"))).toBe(2);
  });
});

/** how often an operation stands in what vectorization left */
const count = ({ residual }: Compiled, op: RegExp): number => residual.stages.find((s) => s.pass === "vectorize")!.text().match(op)?.length ?? 0;

describe("neighbours together", () => {
  const table = Float32Array.from({ length: 33 }, (_, i) => Math.sin(i) * 3), long = Float32Array.from({ length: 1500 }, (_, i) => Math.sin(i));
  const shape = (x: Float64Array, y: Float64Array, t: Float32Array): void => {
    for (let i = 0; i < y.length; i++) { const v = Math.max(0, Math.min(1, x[i]!)) * (t.length - 1), k = Math.min(t.length - 2, Math.floor(v)); y[i] = t[k]! + (t[k + 1]! - t[k]!) * (v - k); }
  };
  for (const [what, t, op] of [["doubles of a table", table, /v128\.load /gu], ["singles of one that is longer", long, /v128\.load64_zero/gu]] as const) test(what, () => {
    const args = (n: number): unknown[] => [doubles(n), new Float64Array(n), t], compiled = compileKernel(shape as Kernel, args(40), [2]);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    expect(count(compiled, op)).toBeGreaterThan(3);
    expectSame(shape as Kernel, compiled, [args(40), args(3)]);
  });
  // whole numbers of a slow table are bytes, looked up as doubles in a table of these
  const cubic = (x: Uint8Array, y: Float64Array, t: number[]): void => { for (let i = 0; i < y.length; i++) { const p = x[i]! & 3; y[i] = t[p]! * 0.5 + t[p + 1]! * x[i]! - t[p + 2]! + t[p + 3]! * 0.25; } };
  const apart = (x: Uint8Array, y: Float64Array, t: number[]): void => { for (let i = 0; i < y.length; i++) { const p = x[i]! & 3; y[i] = t[p]! * 0.5 + t[p + 3]! * x[i]!; } };
  for (const [what, kernel] of [["four", cubic], ["the first and the last of four", apart]] as const) test(`small numbers of a table, ${what}, that become doubles`, () => {
    const args = (n: number): unknown[] => [whole(new Uint8Array(n)), new Float64Array(n), [3, 1, 4, 1, 5, 9, 2]], compiled = compileKernel(kernel as Kernel, args(40), [2]);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    expectSame(kernel as Kernel, compiled, [args(40), args(3)]);
  });
  const between = (x: Float32Array, y: Float32Array, step: number): void => {
    for (let i = 0; i < y.length; i++) { const p = i * step, k = Math.floor(p); y[i] = Math.fround(Math.fround(x[k]! + x[k + 1]!) * x[k + 2]!) + Math.fround(p - k); }
  };
  test("singles as such, three of them", () => {
    const args = (n: number): unknown[] => [whole(new Float32Array(64)), new Float32Array(n), 1.25], compiled = compileKernel(between as Kernel, args(20));
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    expect(count(compiled, /= f64\.load/gu)).toBeGreaterThan(1);
    expectSame(between as Kernel, compiled, [args(20), args(48), args(60)]);
  });
  test("two bytes of three", () => {
    const scale = (src: Uint8Array, dst: Uint8Array, w: number, dw: number): void => {
      for (let x = 0; x < dw; x++) { const p = Math.floor(x * (w / dw)) * 3; for (let c = 0; c < 3; c++) dst[3 * x + c] = src[p + c]! * 0.5; }
    };
    const args = (): unknown[] => [whole(new Uint8Array(60)), new Uint8Array(90), 20, 30], compiled = compileKernel(scale as Kernel, args());
    expect(count(compiled, /i32\.load16_u/gu)).toBeGreaterThan(3);
    expectSame(scale as Kernel, compiled, [args()]);
  });
  test("pixels between four, whose places are computed in doubles", () => {
    const scale = (src: Uint8ClampedArray, dst: Uint8ClampedArray, sw: number, dw: number): void => {
      for (let y = 0; y < 2; y++) for (let x = 0; x < dw; x++) {
        const fx = Math.max(0, (x + 0.5) * (sw / dw) - 0.5), x0 = Math.floor(fx), x1 = Math.min(sw - 1, x0 + 1), w = fx - x0;
        for (let c = 0; c < 4; c++) dst[(y * dw + x) * 4 + c] = src[(y * sw + x0) * 4 + c]! * (1 - w) + src[(y * sw + x1) * 4 + c]! * w;
      }
    };
    const args = (): unknown[] => [whole(new Uint8ClampedArray(2 * 9 * 4)), new Uint8ClampedArray(2 * 13 * 4), 9, 13], compiled = compileKernel(scale as Kernel, args(), [2]);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    expect(count(compiled, /= i32\.load /gu)).toBeGreaterThan(7);
    expectSame(scale as Kernel, compiled, [args()]);
  });
});
