// Addresses' fixed parts before the loop.

import { expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import type { Func, Program } from "../../src/ir/types.ts";
import { pointToRows } from "../../src/specialize/pointers.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { body, loadsOf, transform } from "./harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(pointToRows(func, program), program);
const walk = (index: string, base = "65536", more = ""): string => `func @f(%n: i32, %row: i32) -> f64 { %m = i32.and %n, 15  %o = i32.and %row, 31
  %r: f64 = loop l (%i: i32 = 0, %s: f64 = 0.0) { %c = i32.lt_s %i, %m  if %c {
    %k = i32.xor %i, 3  ${index}  %v = f64.load [${base} + %at << 3 + 16] space 0  ${more} %w = f64.add %s, %v  %j = i32.add %i, 1  br l, %j, %w }  yield %s }
  return %r }`;
const adds = (f: Func): number => { const loop = [...instructions(f.body)].find((i) => i.op === "loop")!; return [...instructions(loop.regions[0])].filter((i) => i.op === "i32.add").length; };

test("an element of a row: one addition is left, the counter's", () => {
  const f = transform(pass, walk("%at = i32.add %o, %k"));
  expect(adds(f)).toBe(1);
  expect(body(f)).toMatch(/i32\.add .*65536/u);
  expect(loadsOf(f, [9, 4])).toBe(9);
});
test("whichever comes first", () => { expect(adds(transform(pass, walk("%at = i32.add %k, %o")))).toBe(1); });
test("as it was where the sum is used twice", () => { expect(adds(transform(pass, walk("%at = i32.add %o, %k", "65536", "%x = f64.load [65536 + %at << 3] space 0")))).toBe(2); });
test("and where both change, or none does", () => {
  expect(adds(transform(pass, walk("%q = i32.mul %i, 3  %at = i32.add %q, %k")))).toBe(2);
  expect(adds(transform(pass, walk("%at = i32.add %o, %m")))).toBe(2);
});
