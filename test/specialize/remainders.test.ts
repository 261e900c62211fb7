// Remainders by constants: which become differences, and that all bits stay.

import { expect, test } from "vitest";
import { shortenRemainders, takeRemainders } from "../../src/specialize/remainders.ts";
import { count, transform } from "./harness.ts";
import { instructions } from "../../src/ir/build.ts";

const numbers = [0, -0, 1, -1, 0.5, -7.25, 8, 16, -16, 359.99999999999994, 360, 360.00000000000006, 719.9999999999999, 1e9 + 0.1, 2 ** 52 + 1, -(2 ** 53), 1e300, Number.MAX_VALUE, 5e-324, -5e-324, Infinity, -Infinity, NaN];
const left = (text: string, inputs: readonly (readonly number[])[] = numbers.map((x) => [x])): number =>
  [...instructions(transform(takeRemainders, text, inputs).body)].filter((i) => i.op === "f64.rem").length;
const by = (c: string): string => `func @f(%x: f64) -> f64 { %r = f64.rem %x, ${c}  return %r }`;

test("by a power of two, of any number", () => { for (const c of ["1.0", "2.0", "-16.0", "1024.0"]) expect(left(by(c)), c).toBe(0); });
test("by another number only where it is known how great the first one is", () => {
  for (const c of ["360.0", "0.5", "1e-300", "3.0"]) expect(left(by(c)), c).toBe(1);
  const small = (c: string): string => `func @f(%x: f64) -> f64 { %a = f64.max %x, -1000000.0  %b = f64.min %a, 1000000.0  %r = f64.rem %b, ${c}  return %r }`;
  for (const c of ["360.0", "-360.0", "0.5", "0.75", "3.0", "7.0", "6.0"]) expect(left(small(c)), c).toBe(0);
  expect(left(small("0.1"))).toBe(1); // as many bits as there are: products with it are not exact
});
test("by a number of many bits only where quotients have few", () => {
  const c = 1 + 2 ** -39, upTo = (most: number): string => `func @f(%x: f64) -> f64 { %a = f64.max %x, 0.0  %b = f64.min %a, ${most}.0  %r = f64.rem %b, ${c}  return %r }`;
  expect(left(upTo(4000))).toBe(0);
  expect(left(upTo(5000))).toBe(1);
});
test("next to whole quotients, which no quotient below rounds up to", () => {
  const near = (c: number): number[][] => Array.from({ length: 400 }, (_, k) => [1, 1 - 2 ** -53, 1 + 2 ** -52].map((f) => [(k + 1) * c * f])).flat();
  for (const c of [3, 7, 360, 0.75, 49]) {
    expect(left(`func @f(%x: f64) -> f64 { %a = f64.max %x, 0.0  %b = f64.min %a, 1000000.0  %r = f64.rem %b, ${Number.isInteger(c) ? `${c}.0` : c}  return %r }`, near(c)), `${c}`).toBe(0);
  }
});
test("no sign is put where there is none", () => {
  expect(count(transform(takeRemainders, "func @f(%n: i32) -> f64 { %m = i32.and %n, 1023  %x = f64.convert_i32_s %m  %r = f64.rem %x, 8.0  return %r }")).ops).toBe(6);
});
test("what is left asks first whether the quotient is 0 or 1", () => {
  const near = [0, -0, 0.5, 2.9999999999999996, 3, 3.0000000000000004, 5.999999999999999, 6, 7, -1, 5e-324, 1e308, 2 ** 1023, Number.MAX_VALUE, Infinity, -Infinity, NaN];
  const pairs = near.flatMap((x) => near.map((y) => [x, y]));
  const made = transform(shortenRemainders, "func @f(%x: f64, %y: f64) -> f64 { %r = f64.rem %x, %y  return %r }", pairs);
  expect([...instructions(made.body)].filter((i) => i.op === "if" && i.regions.filter((r) => r.body.some((inner) => inner.op === "f64.rem")).length === 1).length).toBe(1);
  expect(made.body.body.some((i) => i.op === "f64.rem"), "no remainder is taken on the short way").toBe(false);
});
test("by a constant what is left is a product with its reciprocal, where that is enough", () => {
  for (const c of [3, 360, 1000003, 1e9 + 7, 2 ** 40 - 87, 0.75]) {
    const spelt = Number.isInteger(c) ? `${c}.0` : `${c}`;
    const near = Array.from({ length: 200 }, (_, k) => [1, 1 - 2 ** -53, 1 + 2 ** -52, -1].map((f) => [(k * k * 7 + 1) * c * f])).flat();
    const made = transform(shortenRemainders, `func @f(%x: f64) -> f64 { %r = f64.rem %x, ${spelt}  return %r }`, [...near, ...numbers.map((x) => [x])]);
    const ops = made.body.body.map(({ op }) => op as string);
    expect(ops, "on the short way").not.toContain("f64.rem");
    expect([...instructions(made.body)].some(({ op }) => op === "f64.trunc"), spelt).toBe(true);
  }
});
test("of a sum of int32 that was loaded from where the loop stores, elsewhere, the remainder is left to int64", () => {
  const loop = (at: string): string => `func @f(%n: i32) -> i32 {  %end = i32.and %n, 15  %r: i32 = loop l (%k: i32 = 4) {  %c = i32.lt_s %k, %end  if %c {  %i = i32.sub %k, 3
    %x = i32.load [65536 + ${at} << 2] space 1  %y = i32.load [65536 + %k << 2] space 1  %a = f64.convert_i32_s %x  %b = f64.convert_i32_s %y  %s = f64.add %a, %b  %m = f64.rem %s, 1000003.0
    %v = i32.from_f64 %m  i32.store [65536 + %k << 2] space 1, %v  %j = i32.add %k, 1  br l, %j  }  yield %k  }  return %r  }`;
  expect([left(loop("%i"), [[3], [15]]), left(loop("%k"), [[3], [15]])]).toEqual([1, 0]);
});
test("which of a sum of two changing numbers is taken is chosen in a lane, of a step that is always the same by a branch", () => {
  const near = [0, -0, 0.5, 2.9999999999999996, 3, 3.0000000000000004, 5.999999999999999, 6, 7, -1, 1e308, Infinity, -Infinity, NaN].map((x) => [x]);
  const loop = (by: string): string => `func @f(%x: f64) -> f64 {  %r: f64 = loop l (%k: i32 = 0, %s: f64 = %x) {  %c = i32.lt_s %k, 3  if %c {  %d = f64.convert_i32_s %k  %t = f64.add %s, ${by}  %m = f64.rem %t, 3.0
    %j = i32.add %k, 1  br l, %j, %m  }  yield %s  }  return %r  }`;
  const lanes = (by: string): boolean => [...instructions(transform(shortenRemainders, loop(by), near).body)].some(({ op }) => op === "f64x2.ge");
  expect([lanes("%d"), lanes("1.0")]).toEqual([true, false]);
});
