// Quotients of multiples of the divisor: where they become integers, and that all bits stay.

import { expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { divideMultiples } from "../../src/specialize/multiples.ts";
import { transform } from "./harness.ts";
import { compileKernel, expectSame } from "./vectorize.harness.ts";

const inputs = [0, 1, 3, 7, -5, 1022, 123456789, 2147483647, -2147483648].flatMap((n) => [2, -6, 1e9].map((m) => [n, m]));
const quotients = (text: string): number => [...instructions(transform(divideMultiples, text, inputs).body)].filter((i) => i.op === "f64.mul" || i.op === "f64.div").length;
const of = (made: string, by: string): string => `func @f(%n: i32, %m: i32) -> f64 { ${made}  %x = f64.convert_i32_s %v  %r = ${by}  return %r }`;
const quarter = "f64.mul %x, 0.25", third = "f64.div %x, 3.0";

test("of shifted numbers, which may wrap around", () => { expect(quotients(of("%v = i32.shl %n, 2", quarter))).toBe(0); });
test("not of numbers shifted by less", () => { expect(quotients(of("%v = i32.shl %n, 1", quarter))).toBe(1); });
test("of sums of multiples", () => { expect(quotients(of("%a = i32.mul %n, 12  %b = i32.and %m, -8  %s = i32.sub %a, %b  %v = i32.add %s, 4", quarter))).toBe(0); });
test("not with one that is none", () => { expect(quotients(of("%a = i32.mul %n, 12  %v = i32.add %a, 6", quarter))).toBe(1); });
test("of a number without its remainder", () => { expect(quotients(of("%k = i32.and %n, 3  %v = i32.sub %n, %k", quarter))).toBe(0); });
test("not with another's remainder", () => { expect(quotients(of("%k = i32.and %m, 3  %v = i32.sub %n, %k", quarter))).toBe(1); });
test("not without bits above those that are masked", () => { expect(quotients(of("%k = i32.and %n, 3  %v = i32.sub %n, %k", "f64.mul %x, 0.125"))).toBe(1); });
test("thirds, where nothing wraps around", () => { expect(quotients(of("%b = i32.and %n, 1023  %k = i32.rem_s %b, 3  %v = i32.sub %b, %k", third))).toBe(0); });
test("thirds of what is not negative, without a sign", () => { expect(quotients(of("%b = i32.and %n, 1023  %k = i32.rem_u %b, 6  %v = i32.sub %b, %k", third))).toBe(0); });
test("not where a sign may be taken for a number", () => { expect(quotients(of("%b = i32.shr_s %n, 8  %k = i32.rem_u %b, 3  %v = i32.sub %b, %k", third))).toBe(1); });
test("not thirds of what may wrap around", () => { expect(quotients(of("%v = i32.mul %n, 3", third))).toBe(1); });
test("not by fractions or by what is negative", () => { for (const by of ["f64.div %x, -2.0", "f64.div %x, 0.5", "f64.mul %x, 4.0"]) expect(quotients(of("%v = i32.shl %n, 4", by)), by).toBe(1); });

const loop = (first: string, next: string): string => `func @f(%n: i32, %m: i32) -> f64 {
  %s.1: f64 = loop l (%v: i32 = ${first}, %i: i32 = 0, %s: f64 = 0.0) {
    %x = f64.convert_i32_s %v  %r = f64.mul %x, 0.25  %t = f64.add %s, %r  %j = i32.add %i, 1  %w = ${next}  %c = i32.lt_s %i, 5
    if %c { br l, %w, %j, %t }
    yield %t
  }
  return %s.1 }`;
test("of what a loop carries", () => { expect(quotients(loop("8", "i32.add %v, 4"))).toBe(0); });
test("of what it doubles", () => { expect(quotients(loop("4", "i32.shl %v, 1"))).toBe(0); });
test("not where it begins elsewhere", () => { expect(quotients(loop("2", "i32.add %v, 4"))).toBe(1); });
test("not where a step leaves the multiples", () => { expect(quotients(loop("8", "i32.add %v, %i"))).toBe(1); });
test("of two that change places", () => {
  const swapped = (b: string): string => `func @f(%n: i32, %m: i32) -> f64 {
    %r.1: f64 = loop l (%a: i32 = 8, %b: i32 = ${b}, %i: i32 = 0) { %x = f64.convert_i32_s %a  %r = f64.mul %x, 0.25  %j = i32.add %i, 1  %c = i32.lt_s %i, %n  %d = i32.lt_s %i, 6  %e = i32.and %c, %d
      if %e { br l, %b, %a, %j }
      yield %r }
    return %r.1 }`;
  expect(quotients(swapped("16"))).toBe(0);
  expect(quotients(swapped("10"))).toBe(1);
});

test("a filter by phases", () => {
  const upsample = (x: Float64Array, y: Float64Array, h: number[], L: number): void => {
    for (let n = 0; n < y.length; n++) { let s = 0; for (let k = n % L; k < h.length; k += L) { const i = (n - k) / L; if (i >= 0) s += h[k]! * x[i]!; } y[n] = s; }
  };
  const args = (n: number, m: number): unknown[] => [Float64Array.from({ length: n }, (_, i) => i * 0.7 - 3), new Float64Array(m), [1, -2, 3, 0.5, 7, 9, -1], 4];
  const compiled = compileKernel(upsample, args(8, 9), [2, 3]);
  expect(compiled.residual.log.join("\n")).toContain("a multiple of 4");
  expectSame(upsample, compiled, [args(8, 9), args(3, 25)]);
});
