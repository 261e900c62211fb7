// Which loops have their test at the end, and that they compute the same.

import { describe, expect, test } from "vitest";
import { rotate } from "../../src/specialize/rotate.ts";
import { body, count, transform } from "./harness.ts";

const vector = "%v = f64x2.splat %x  v128.store [65536 + 40 << 3] space 1, %v";
const sum = (role: string, inner = vector, before = "", term = "%x"): string => `func @f(%n: i32, %x: f64) -> f64 { %m = i32.and %n, 7  ${before}
  %r: f64 = loop l (%i: i32 = 0, %s: f64 = 0.0) ${role}{ %c = i32.lt_s %i, %m  if %c { ${inner}  %w = f64.add %s, ${term}  %j = i32.add %i, 1  br l, %j, %w }  yield %s }
  return %r }`;

describe("the test comes last", () => {
  test("of a counted loop; once before it", () => {
    expect(body(transform(rotate, sum("")))).toMatch(/i32\.gt_s %m\.\d+, 0; %r\.\d+: f64 = if .*loop l .*f64\.add.*i32\.lt_s %j\.\d+, %m\.\d+; if .*br l, .*yield %w.*else \{; yield 0\.0/);
  });
  test("of one that takes registers apart and puts them together", () => {
    const lanes = "%v = f64x2.splat %x  %u = i8x16.shuffle[8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7] %v, %v  %y: f64 = f64x2.extract_lane[1] %u";
    expect(body(transform(rotate, sum("", lanes, "", "%y")))).toMatch(/= if .*loop l .*extract_lane.*i32\.lt_s %j\.\d+, %m\.\d+; if .*br l/);
  });
  test("of loops in loops", () => {
    const inner = "%q: i32 = loop k (%h: i32 = 0) { %d = i32.lt_s %h, %i  if %d { %v = f64x2.splat %s  v128.store [65536 + %h << 3] space 1, %v  %g = i32.add %h, 1  br k, %g }  yield %h }";
    const made = transform(rotate, sum("", inner));
    expect(count(made)).toMatchObject({ loops: 2, stores: 1 });
    expect(body(made).match(/br \w+, [^;]*; \}; yield/g)).toHaveLength(2);
  });
  test("of a scalar loop that uses a quotient from outside", () => {
    expect(body(transform(rotate, sum("", "", "%q = f64.div 1.0, %x", "%q"))))
      .toMatch(/%q\.\d+ = f64\.div .*if .*loop l .*f64\.add %s\.\d+, %q.*i32\.lt_s %j\.\d+, %m\.\d+; if .*br l/);
  });
  test("a load that the test needs is done where the test is", () => {
    transform(rotate, `func @f(%n: i32) -> f64 { %m = i32.and %n, 7
      %r: f64 = loop l (%i: i32 = 0) { %x = f64.load [65536 + %i << 3] space 1  %c = f64.lt %x, 3.0  if %c { %v = f64x2.splat 5.0  v128.store [65536 + %i << 3] space 1, %v  %j = i32.add %i, 1  br l, %j }  yield %x }
      return %r }`);
  });
});

describe("the test stays first", () => {
  test("in scalar loops, of quotients that they make themselves too", () => {
    expect(body(transform(rotate, sum("", "")))).toMatch(/i32\.and %n\.0, 7; %r\.\d+: f64 = loop/);
    expect(body(transform(rotate, sum("", "%q = f64.div %s, %x  slot.set 0, %q")))).toMatch(/i32\.and %n\.0, 7; %r\.\d+: f64 = loop/);
  });
  test("in a rest, which is rare", () => { expect(body(transform(rotate, sum("rest ")))).toMatch(/i32\.and %n\.0, 7; %r\.\d+: f64 = loop/); });
  test("where a loop is left in another way too", () => {
    expect(body(transform(rotate, sum("", `${vector}  %d = f64.gt %s, 9.0  if %d { return %s }`)))).toMatch(/i32\.and %n\.0, 7; %r\.\d+: f64 = loop/);
  });
});
