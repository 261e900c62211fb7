import { describe, expect, test } from "vitest";
import { carry } from "../../src/specialize/carry.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { base, ir, loadsOf, transform } from "./harness.ts";

const at = String(base);
const inputs = [[0], [1], [2], [5], [40]];
const work = (body: string): { before: number; after: number } => {
  const text = `func @f(%n: i32) -> f64 {  ${body}  }`;
  return { before: loadsOf(ir(text), [40]), after: loadsOf(transform((f, p) => removeDeadCode(carry(f, p), p), text, inputs), [40]) };
};
const row = (between: string): string => `loop l (%i: i32 = 1) {  %c = i32.lt_s %i, %n  if %c {  %p = i32.sub %i, 1
  %a = f64.load [${at} + %p << 3] space 1  %x = f64.load [${at} + %i << 3] space 0  %v = f64.add %a, %x  ${between}  %j = i32.add %i, 1  br l, %j  }  yield  }  return 0.5`;
const place = `[${at} + %i << 3] space 1, %v`;

describe("what the iteration before has written", () => {
  test("is carried", () => { expect(work(row(`f64.store ${place}`))).toEqual({ before: 78, after: 40 }); });
  test("of bytes the low bits alone", () => {
    expect(work(`%r: i32 = loop l (%i: i32 = 1, %s: i32 = 0) {  %c = i32.lt_s %i, %n  if %c {  %p = i32.sub %i, 1  %a = i32.load8_u [${at} + %p] space 1  %v = i32.mul %a, 3  %w = i32.add %v, 250
      i32.store8 [${at} + %i] space 1, %w  %t = i32.add %s, %a  %j = i32.add %i, 1  br l, %j, %t  }  yield %s  }  %d = f64.convert_i32_s %r  return %d`)).toEqual({ before: 39, after: 1 });
  });
  test("with a store elsewhere in the same row", () => { expect(work(row(`f64.store ${place}  f64.store [${at} + %i << 3 + 8] space 1, 2.0`))).toEqual({ before: 78, after: 40 }); });
  test("not where that store may be to the same place", () => { expect(work(row(`f64.store ${place}  f64.store [${at} + %n << 3] space 1, 2.0`))).toEqual({ before: 78, after: 78 }); });
  test("not past a store to an array that may overlap", () => { expect(work(row(`f64.store ${place}  f64.store [${at} + %i << 3] space 3, 2.0`))).toEqual({ before: 78, after: 78 }); });
  test("not where it is written under a condition", () => { expect(work(row(`if %p {  f64.store ${place}  yield  }`))).toEqual({ before: 78, after: 78 }); });
});

describe("a place that is chosen", () => {
  const best = (index: string): string => `%r: i32 = loop l (%b: i32 = 0, %i: i32 = 1) {  %c = i32.lt_s %i, %n  if %c {  %x = f64.load [${at} + ${index} << 3] space 0
    %y = f64.load [${at} + %b << 3] space 0  %g = f64.gt %x, %y  %s = i32.select %g, %i, %b  %j = i32.add %i, 1  br l, %s, %j  }  yield %b  }  %d = f64.convert_i32_s %r  return %d`;
  test("its number is carried beside it", () => { expect(work(best("%i"))).toEqual({ before: 78, after: 40 }); });
  test("not where the other one is not loaded", () => { expect(work(best("%n"))).toEqual({ before: 78, after: 78 }); });
});
