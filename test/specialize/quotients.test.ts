// Quotients of whole numbers and a constant: which become products, and that all bits stay.

import { expect, test } from "vitest";
import { multiplyQuotients } from "../../src/specialize/quotients.ts";
import { instructions } from "../../src/ir/build.ts";
import { transform } from "./harness.ts";

const divisions = (text: string, inputs?: readonly (readonly number[])[]): number => [...instructions(transform(multiplyQuotients, text, inputs).body)].filter((i) => i.op === "f64.div").length;
const of = (mask: number, c: string): string => `func @f(%n: i32) -> f64 { %m = i32.and %n, ${mask}  %x = f64.convert_i32_s %m  %r = f64.div %x, ${c}  return %r }`;
const all = (upTo: number, step = 1): number[][] => Array.from({ length: upTo / step + 1 }, (_, i) => [i * step]);

test("of bytes, by whole numbers and halves", () => { for (const c of ["255.0", "-255.0", "3.0", "7.0", "127.5", "360.0", "65535.0"]) expect(divisions(of(255, c), all(255)), c).toBe(0); });
test("of words of 16 bits", () => { for (const c of ["255.0", "32767.0", "1000.0"]) expect(divisions(of(65535, c), all(65535, 17)), c).toBe(0); });
test("of numbers on both sides of 0", () => {
  const text = "func @f(%n: i32) -> f64 { %m = i32.and %n, 511  %d = i32.sub %m, 255  %x = f64.convert_i32_s %d  %r = f64.div %x, 255.0  return %r }";
  expect(divisions(text, all(511))).toBe(0);
});
test("not of more than can be tried", () => { expect(divisions(of(131071, "255.0"))).toBe(1); });
test("not of any number", () => { expect(divisions("func @f(%x: f64) -> f64 { %r = f64.div %x, 255.0  return %r }")).toBe(1); });
test("not of fractions", () => { expect(divisions("func @f(%n: i32) -> f64 { %m = i32.and %n, 255  %x = f64.convert_i32_s %m  %h = f64.mul %x, 0.3  %r = f64.div %h, 255.0  return %r }")).toBe(1); });
test("not where a quotient would be another", () => { expect(divisions(of(255, "12.92"), all(255))).toBe(1); });
test("not by 0, NaN or an infinity", () => { for (const c of ["0.0", "nan", "inf", "1e-300"]) expect(divisions(of(255, c), all(255)), c).toBe(1); });
