// Doubles that become int32, and those that must not.

import { describe, expect, test } from "vitest";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { narrow } from "../../src/specialize/narrow.ts";
import { simplify } from "../../src/specialize/simplify.ts";
import type { Func, Program } from "../../src/ir/types.ts";
import { body, count, transform } from "./harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(narrow(removeDeadCode(simplify(func, program), program), program), program);
const lengths = [[0], [1], [2], [7], [60]];

describe("loop counters", () => {
  const counting = (init: string, limit: string, step: string): string => `func @f(%n: i32) -> f64 { %len = f64.convert_i32_s %n
    %r: f64 = loop l (%i: f64 = ${init}, %s: f64 = 0.0) { %c = f64.lt %i, ${limit}
      if %c { %t = i32.trunc_sat_f64_s %i  %v = f64.load [65536 + %t << 3] space 0  %u = f64.add %s, %v  %j = f64.add %i, ${step}  br l, %j, %u }
      yield %s }
    return %r }`;
  test("that run to a length are int32", () => {
    const f = transform(pass, counting("0.0", "%len", "1.0"), lengths);
    expect(body(f)).toContain("%i.2: i32 = 0");
    expect(body(f)).not.toMatch(/trunc_sat|convert/);
  });
  test("that start at −0 stay doubles only if somebody sees it", () => {
    expect(body(transform(pass, counting("-0.0", "%len", "1.0"), lengths))).not.toContain("i: i32"); // −0 is no int32 constant
  });
  test("with a fractional step stay doubles", () => {
    expect(body(transform(pass, counting("0.0", "%len", "0.5"), lengths))).toContain("trunc_sat");
  });
  test("that nothing bounds within int32 stay doubles", () => {
    const f = transform(pass, `func @f(%n: f64) -> f64 { %r: f64 = loop l (%i: f64 = 0.0) { %c = f64.lt %i, %n
      if %c { %t = i32.trunc_sat_f64_s %i  f64.store [65536 + 0 << 3] space 1, %i  %k = f64.convert_i32_s %t  %j = f64.add %k, 1.0  %m = f64.add %i, 1.0  br l, %m }  yield %i }  return %r }`, [[0], [5], [-0], [NaN], [3.5]]);
    expect(body(f)).toContain("f64.add");
    expect(body(f)).toContain("%i.2 = 0.0".replace("%i.2 ", "%i.2: f64 "));
  });
  test("that count down are int32", () => {
    const f = transform(pass, `func @f(%p: i32) -> f64 { %n = i32.and %p, 1023  %len = f64.convert_i32_s %n  %start = f64.sub %len, 1.0
      %r: f64 = loop l (%i: f64 = %start, %s: f64 = 0.0) { %c = f64.ge %i, 0.0
        if %c { %t = i32.trunc_sat_f64_s %i  %v = f64.load [65536 + %t << 3] space 0  %u = f64.add %s, %v  %j = f64.sub %i, 1.0  br l, %j, %u }  yield %s }
      return %r }`, lengths);
    expect(body(f)).not.toMatch(/trunc_sat/);
  });
  test("a counter that only feeds doubles, from constants alone, stays a double", () => {
    const f = transform(pass, `func @f() -> f64 { %r: f64 = loop l (%i: f64 = 0.0, %s: f64 = 0.0) { %q = f64.sqrt %i  %t = f64.add %s, %q
      %j = f64.add %i, 1.0  %c = f64.lt %q, 3.0  if %c { br l, %j, %t }  yield %t }  return %r }`);
    expect(body(f)).not.toContain("i32.add");
  });
});

describe("arithmetic on bytes", () => {
  const bytes = (expression: string): string => `func @f(%i: i32, %j: i32) -> f64 { %a = i32.and %i, 255  %b = i32.and %j, 255  %x = f64.convert_i32_s %a  %y = f64.convert_i32_s %b
    ${expression.split("; ").join("\n")}\nreturn %r }`;
  const cases: readonly [name: string, text: string, must: RegExp, mustNot: RegExp][] = [
    ["sums are int32", "%s = f64.add %x, %y; %r = f64.mul %s, 0.5", /i32\.add/, /f64\.add/],
    ["products are int32", "%s = f64.mul %x, %y; %t = f64.add %s, 1.0; %r = f64.div %t, 3.0", /i32\.mul/, /f64\.mul/],
    ["a product that may be −0 and is returned stays", "%n = f64.sub %x, 255.0; %r = f64.mul %n, %y", /f64\.mul/, /i32\.mul/],
    ["a product that may be −0 and is added to what is not is int32", "%n = f64.sub %x, 255.0; %p = f64.mul %n, %y; %r = f64.add %p, %x", /i32\.mul/, /f64\.mul/],
    ["added to what may be −0 too it stays", "%n = f64.sub %x, 255.0; %p = f64.mul %n, %y; %q = f64.mul %n, %x; %r = f64.add %p, %q", /f64\.mul/, /i32\.mul/],
    ["a negation that may be −0 stays", "%r = f64.neg %x", /f64\.neg/, /i32\.sub/],
    ["1 / of what may be −0 sees it", "%n = f64.neg %x; %r = f64.div 1.0, %n", /f64\.neg/, /i32\.sub/],
    ["compared, its sign does not matter", "%n = f64.neg %x; %c = f64.lt %n, %y; %r = f64.convert_i32_s %c", /i32\.lt_s/, /f64\.neg/],
    ["min and max are int32", "%m = f64.min %x, %y; %r = f64.max %m, 16.0", /i32\.select/, /f64\.m(in|ax)/],
    ["a quotient stays", "%r = f64.div %x, %y", /f64\.div/, /i32\.div/],
    ["a floored half is a shift", "%h = f64.mul %x, 0.5; %r = f64.floor %h", /i32\.shr_s/, /floor/],
    ["a floored third is an integer division", "%h = f64.div %x, 3.0; %r = f64.floor %h", /i32\.div_u/, /floor/],
    ["a floored third of what may be negative stays", "%n = f64.sub %x, 100.0; %h = f64.div %n, 3.0; %r = f64.floor %h", /floor/, /i32\.div/],
    ["ToInt32 of a third of what may be negative", "%n = f64.sub %x, 100.0; %h = f64.div %n, 3.0; %t = i32.from_f64 %h; %r = f64.convert_i32_s %t", /i32\.div_s/, /from_f64/],
    ["ToInt32 of a half of what may be negative", "%n = f64.sub %x, 100.0; %h = f64.mul %n, 0.5; %t = i32.from_f64 %h; %r = f64.convert_i32_s %t", /i32\.div_s/, /from_f64/],
    ["a remainder by what is not 0", "%d = f64.add %y, 1.0; %r = f64.rem %x, %d", /i32\.rem_u/, /f64\.rem/],
    ["a remainder by what may be 0 is NaN then", "%r = f64.rem %x, %y", /f64\.select %\S+, %\S+, nan/, /f64\.rem/],
    ["a remainder of what may be negative may be −0", "%n = f64.sub %x, 100.0; %r = f64.rem %n, 7.0", /f64\.select %\S+, -0\.0/, /f64\.rem/],
    ["both", "%n = f64.sub %x, 100.0; %r = f64.rem %n, %y", /i32\.rem_s/, /f64\.rem/],
    ["but not if nobody sees that", "%n = f64.sub %x, 100.0; %m = f64.rem %n, 7.0; %c = f64.eq %m, 0.0; %r = f64.convert_i32_s %c", /i32\.rem_s/, /f64\.rem/],
    ["a remainder by a power of two is a mask", "%r = f64.rem %x, 8.0", /i32\.and %\S+, 7/, /rem/],
    ["products beyond int32 stay", "%s = f64.mul %x, 16777216.0; %r = f64.mul %s, %y", /f64\.mul/, /zzz/],
  ];
  for (const [name, text, must, mustNot] of cases) {
    test(name, () => {
      const f = transform(pass, bytes(text));
      expect(body(f)).toMatch(must);
      expect(body(f)).not.toMatch(mustNot);
    });
  }
});

describe("ToInt32", () => {
  test("of a hash step is computed modulo 2^32", () => {
    const f = transform(pass, `func @f(%n: i32, %k: i32) -> f64 { %r: i32 = loop l (%h: i32 = 7, %i: i32 = 0) { %c = i32.lt_s %i, 9
      if %c { %x = f64.convert_i32_s %h  %m = f64.mul %x, 31.0  %y = f64.convert_i32_u %k  %s = f64.add %m, %y  %t = i32.from_f64 %s  %j = i32.add %i, 1  br l, %t, %j }  yield %h }
      %q = f64.convert_i32_s %r  return %q }`);
    expect(body(f)).not.toMatch(/from_f64|f64\.mul/);
  });
  test("is asked of a uint32 hash that is returned, too", () => {
    const hash = (next: string): string => body(transform(pass, `func @f(%x: i32, %n: i32) -> f64 { %m = i32.and %n, 7  %r: f64 = loop l (%i: i32 = 0, %h: f64 = 5381.0) { %c = i32.lt_s %i, %m
      if %c { %t = i32.from_f64 %h  %s = i32.shl %t, 5  %d = f64.convert_i32_s %s  %a = f64.add %d, %h  %b = f64.convert_i32_s %x  %e = f64.add %a, %b  %w = i32.from_f64 %e
      ${next}  %j = i32.add %i, 1  br l, %j, %g }  yield %h }  return %r }`));
    expect(hash("%g = f64.convert_i32_u %w")).not.toContain("from_f64");
    expect(hash("%g = f64.convert_i32_u %w").match(/f64\./g)).toHaveLength(1);
    expect(hash("%u = f64.convert_i32_u %w  %g = f64.mul %u, 0.5")).toContain("from_f64");
  });
  test("is all that is asked of a uint32 that a loop carries", () => {
    const f = transform(pass, `func @f(%k: i32) -> f64 { %r: f64 = loop l (%h: f64 = 2166136261.0, %i: i32 = 0) { %c = i32.lt_s %i, 9
      if %c { %t = i32.from_f64 %h  %x = i32.xor %t, %k  %m = i32.mul %x, 16777619  %y = f64.convert_i32_u %m  %j = i32.add %i, 1  br l, %y, %j }  yield %h }
      %q = i32.from_f64 %r  %s = f64.convert_i32_u %q  return %s }`);
    expect(body(f)).toMatch(/%h\S+: i32 = -2128831035/);
    expect(body(f)).not.toContain("from_f64");
  });
  test("is asked in exact arithmetic of a uint32 that is returned", () => {
    const hash = (times: number): string => body(transform(pass, `func @f(%k: i32) -> f64 { %r: f64 = loop l (%h: f64 = 2166136261.0, %i: i32 = 0) { %c = i32.lt_s %i, 9
      if %c { %m = f64.mul %h, ${times}.0  %x = f64.convert_i32_u %k  %s = f64.add %m, %x  %t = i32.from_f64 %s  %y = f64.convert_i32_u %t  %j = i32.add %i, 1  br l, %y, %j }  yield %h }
      return %r }`));
    expect(hash(33)).toMatch(/%h\S+: i32 = -2128831035/);
    expect(hash(33).match(/f64\./g)).toHaveLength(1);
    expect(hash(16777619)).toMatch(/%h\S+: f64/);
  });
  test("of what may be below 0 as well: that stays", () => {
    const f = transform(pass, `func @f(%k: i32) -> f64 { %r: f64 = loop l (%h: f64 = -1.0, %i: i32 = 0) { %c = i32.lt_s %i, 9
      if %c { %t = i32.from_f64 %h  %x = i32.xor %t, %k  %m = i32.mul %x, 16777619  %y = f64.convert_i32_u %m  %j = i32.add %i, 1  br l, %y, %j }  yield %h }
      return %r }`);
    expect(body(f)).toMatch(/%h\S+: f64/);
  });
  test("of an element that may not be there is 0 then", () => {
    const f = transform(pass, `func @f(%i: i32, %j: i32) -> i32 { %c = i32.lt_u %i, 64  %v: f64 = if %c { %l = i32.load [65536 + %i << 2] space 0  %d = f64.convert_i32_u %l  yield %d } else { yield nan }
      %t = i32.from_f64 %v  %r = i32.xor %t, %j  return %r }`);
    expect(body(f)).not.toMatch(/from_f64|convert/);
  });
  test("of a choice between integers and something else: all stay doubles", () => {
    const f = transform(pass, `func @f(%i: i32, %x: f64) -> i32 { %c = f64.lt %x, 0.5
      %v: f64 = if %i { %a: f64 = if %c { f64.store [65536 + 0 << 3] space 1, %x  yield -1.0 } else { yield 1e9 }  yield %a } else { f64.store [65536 + 0 << 3] space 1, 2.0  yield %x }
      %r = i32.from_f64 %v  return %r }`);
    expect(body(f)).toContain("from_f64");
  });
  test("of products that may have been rounded is not", () => {
    const f = transform(pass, `func @f(%i: i32, %j: i32) -> i32 { %x = f64.convert_i32_s %i  %y = f64.convert_i32_s %j  %p = f64.mul %x, %y  %q = f64.add %p, 1.0  %r = i32.from_f64 %q  return %r }`);
    expect(body(f)).toMatch(/f64\.mul/);
  });
});

describe("results", () => {
  test("of an `if` with integer arms are int32", () => {
    const f = transform(pass, `func @f(%i: i32, %x: f64) -> f64 { %c = f64.lt %x, 0.5
      %v: f64 = if %c { %a = i32.and %i, 15  f64.store [65536 + 0 << 3] space 1, %x  %b = f64.convert_i32_s %a  yield %b } else { yield 3.0 }
      %t = i32.trunc_sat_f64_s %v  %r = f64.load [65536 + %t << 3] space 0  return %r }`);
    expect(body(f)).toMatch(/%v\.\d: i32 = if|%\d: i32 = if/);
    expect(count(f).ops).toBe(2);
  });
  test("of an `if` with a double arm stay doubles", () => {
    const f = transform(pass, `func @f(%i: i32, %x: f64) -> f64 { %c = f64.lt %x, 0.5
      %v: f64 = if %c { %a = i32.and %i, 15  f64.store [65536 + 0 << 3] space 1, %x  %b = f64.convert_i32_s %a  yield %b } else { yield %x }  return %v }`);
    expect(body(f)).toMatch(/: f64 = if/);
  });
});

test("counters that go by what an outer loop has doubled are int32", () => {
  const f = transform(pass, `func @f(%p: i32) -> f64 { %m = i32.and %p, 31  %n = f64.convert_i32_s %m
    %r: f64 = loop l (%h: f64 = 1.0, %s: f64 = 0.0) { %c = f64.lt %h, %n  if %c { %t = i32.trunc_sat_f64_s %h  %u = i32.shl %t, 1  %g = f64.convert_i32_s %u
      %w: f64 = loop k (%i: f64 = 0.0, %v: f64 = %s) { %d = f64.lt %i, %n  if %d { %a = i32.trunc_sat_f64_s %i  %b = f64.load [65536 + %a << 3] space 0  %e = f64.add %v, %b
        %x = i32.shl %t, 1  %y = f64.convert_i32_s %x  %j = f64.add %i, %y  br k, %j, %e }  yield %v }
      br l, %g, %w }  yield %s }
    return %r }`);
  expect(body(f)).toMatch(/%i\S+: i32 = 0/);
});

describe("phases, which turn back where a comparison says so", () => {
  const phase = (turn: string, step: string, index: string): string => body(transform(pass, `func @f(%w: i32) -> i32 {
    %r: i32 = loop l (%p: f64 = 0.0, %i: i32 = 0, %s: i32 = 0) { %c = i32.lt_s %i, 9
      if %c { ${index}  %g = f64.floor %d  %v = f64.convert_i32_s %w  %x = f64.sub %v, %g  %t = i32.from_f64 %x  %h = i32.mul %s, 31  %u = i32.add %h, %t
        %q = f64.add %p, ${step}  %e = f64.ge %q, ${turn}  %m = f64.sub %q, ${turn}  %o = f64.select %e, %m, %q  %j = i32.add %i, 1  br l, %o, %j, %u }
      yield %s }
    return %r }`));
  test("at 1", () => { expect(phase("1.0", "0.3", "%d = f64.mul %p, 2000000000.0")).not.toContain("from_f64"); });
  test("at any constant", () => { expect(phase("360.0", "77.5", "%d = f64.mul %p, 5000000.0")).not.toContain("from_f64"); });
  test("not where what they make leaves int32", () => { expect(phase("360.0", "77.5", "%d = f64.mul %p, 6000000.0")).toContain("from_f64"); });
  test("not where they may turn the other way", () => { expect(phase("1.0", "-0.3", "%d = f64.mul %p, 2000000000.0")).toContain("from_f64"); });
});

describe("places in rings, which turn back where they are equal to something", () => {
  const ring = (next: string, from = "0.0"): string => body(transform(pass, `func @f(%w: i32) -> f64 {
    %r: f64 = loop l (%p: f64 = ${from}, %i: i32 = 0, %s: f64 = 0.0) { %c = i32.lt_s %i, 60
      if %c { %t = i32.trunc_sat_f64_s %p  %v = f64.load [65536 + %t << 3] space 0  %u = f64.add %s, %v  ${next}  %j = i32.add %i, 1  br l, %o, %j, %u }
      yield %s }
    return %r }`));
  test("the last one", () => { expect(ring("%e = f64.eq %p, 22.0  %q = f64.add %p, 1.0  %o = f64.select %e, 0.0, %q")).not.toMatch(/trunc_sat|%p\.\d+: f64/); });
  test("the one behind it", () => { expect(ring("%q = f64.add %p, 1.0  %e = f64.ne %q, 23.0  %o = f64.select %e, %q, 0.0")).not.toMatch(/trunc_sat|%p\.\d+: f64/); });
  test("the first one, downwards", () => { expect(ring("%e = f64.eq %p, 0.0  %q = f64.sub %p, 1.0  %o = f64.select %e, 22.0, %q")).not.toMatch(/trunc_sat|%p\.\d+: f64/); });
  test("not where they begin behind it", () => { expect(ring("%e = f64.eq %p, 22.0  %q = f64.add %p, 1.0  %o = f64.select %e, 0.0, %q", "24.0")).toMatch(/%p\.\d+: f64/); });
  test("not where they step over it", () => { expect(ring("%e = f64.eq %p, 23.0  %q = f64.add %p, 2.0  %o = f64.select %e, 0.0, %q")).toMatch(/%p\.\d+: f64/); });
});
