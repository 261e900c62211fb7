// Bounds checks that are proved, and those that must stay. The claims count what is left.

import { describe, expect, test } from "vitest";
import { removeChecks } from "../../src/specialize/checks.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { narrow } from "../../src/specialize/narrow.ts";
import { simplify } from "../../src/specialize/simplify.ts";
import type { Func, Program } from "../../src/ir/types.ts";
import { body, count, transform } from "./harness.ts";

const clean = (func: Func, program: Program): Func => removeDeadCode(simplify(func, program), program);
const pass = (func: Func, program: Program): Func => clean(removeChecks(clean(narrow(clean(func, program), program), program), program), program);

/** x[index], as partial evaluation writes it: undefined, so NaN, where there is no such element */
const read = (v: string, index: string, length: string): string => `%t${v} = i32.trunc_sat_f64_s ${index}
  %b${v} = f64.convert_i32_s %t${v}
  %e${v} = f64.eq %b${v}, ${index}
  %u${v} = i32.lt_u %t${v}, ${length}
  %k${v} = i32.and %e${v}, %u${v}
  %${v}: f64 = if %k${v} {
  %l${v} = f64.load [65536 + %t${v} << 3] space 0
  yield %l${v}
  } else {
  yield nan
  }`;
/** for (i = init; test; i = next) sum += body */
const sum = (params: string, before: string, init: string, condition: string, inside: string, next: string): string => `func @f(${params}) -> f64 {
  ${before}
  %r: f64 = loop l (%i: f64 = ${init}, %s: f64 = 0.0) {
  ${condition}
  if %c {
  ${inside}
  %w = f64.add %s, %v
  ${next}
  br l, %j, %w
  }
  yield %s
  }
  return %r }`;
const up = "%j = f64.add %i, 1.0";
const length = "%n = i32.and %p, 1023\n%len = f64.convert_i32_s %n";
const below = "%c = f64.lt %i, %len";
const small = [[0], [1], [2], [7], [60]];
const pairs = [[0, 0], [1, 5], [5, 1], [7, 7], [60, 61]];
/** `if`s beside the loop's own */
const checks = (f: Func): number => count(f).ifs - count(f).loops;

describe("removed", () => {
  test("for (i = 0; i < x.length; i++) x[i]", () => {
    const f = transform(pass, sum("%p: i32", length, "0.0", below, read("v", "%i", "%n"), up), small);
    expect(checks(f)).toBe(0);
    expect(count(f)).toMatchObject({ loops: 1, loads: 1, ops: 4 });
  });
  test("for (i = x.length − 1; i >= 0; i--) x[i]", () => {
    const f = transform(pass, sum("%p: i32", `${length}\n%start = f64.sub %len, 1.0`, "%start", "%c = f64.ge %i, 0.0", read("v", "%i", "%n"), "%j = f64.sub %i, 1.0"), [[0], [1], [2], [60]]);
    expect(checks(f)).toBe(0);
  });
  test("for (i = 0; i < x.length − 64; i++) x[i + 63]", () => {
    const f = transform(pass, sum("%p: i32", `${length}\n%end = f64.sub %len, 64.0`, "0.0", "%c = f64.lt %i, %end", `%at = f64.add %i, 63.0\n${read("v", "%at", "%n")}`, up), [[0], [63], [64], [65], [90]]);
    expect(checks(f)).toBe(0);
  });
  test("for (i = 1; i < x.length; i++) x[i − 1]", () => {
    const f = transform(pass, sum("%p: i32", length, "1.0", below, `%at = f64.sub %i, 1.0\n${read("v", "%at", "%n")}`, up), small);
    expect(checks(f)).toBe(0);
  });
  test("to the smaller of two lengths", () => {
    const f = transform(pass, sum("%p: i32, %q: i32", `${length}\n%m = i32.and %q, 1023\n%l2 = f64.convert_i32_s %m\n%min = f64.min %len, %l2`, "0.0", "%c = f64.lt %i, %min",
      `${read("a", "%i", "%n")}\n${read("b", "%i", "%m")}\n%v = f64.mul %a, %b`, up), pairs);
    expect(checks(f)).toBe(0);
  });
  describe("for (i = 0; ; i++) { if (i + 6 >= x.length) break; x[i] x[i + 6] }", () => {
    const open = (type: "i32" | "f64", by: string, from = "0"): string => `func @f(%p: i32) -> f64 { ${length}  ${from === "0" ? "" : `%from = i32.add %p, ${from}`}
      %r: f64 = block out { loop l (%i: ${type} = ${from === "0" ? type === "i32" ? "0" : "0.0" : "%from"}, %s: f64 = 0.0) {
      ${type === "i32" ? `%a = i32.add %i, ${by}  %c = i32.ge_s %a, %n` : `%a = f64.add %i, ${by}.0  %c = f64.ge %a, %len`}
      if %c { br out, %s }
      ${type === "i32" ? "%x = f64.convert_i32_s %i  %y = f64.convert_i32_s %a" : "%x = f64.max %i, -1.0  %y = f64.add %a, 0.0"}
      ${read("v", "%x", "%n")}\n${read("w", "%y", "%n")}\n%t = f64.add %v, %w\n%q = f64.add %s, %t
      ${type === "i32" ? "%j = i32.add %i, 1" : "%j = f64.add %i, 1.0"}  br l, %j, %q }
      trap exit -1 } return %r }`;
    const twice = (func: Func, program: Program): Func => pass(pass(func, program), program);
    test.each(["i32", "f64"] as const)("%s: the comparison of a sum says how far the counter goes", (type) => {
      expect(count(transform(twice, open(type, "6"), small)).ifs).toBe(1);
      expect(count(transform(twice, open(type, "0"), small)).ifs).toBe(1);
    });
    test("not where the sum may wrap before", () => {
      expect(count(transform(twice, open("i32", "6", "2147483600"), [[-2147483600], [-2147483590]])).ifs).toBeGreaterThan(1);
      expect(count(transform(twice, open("i32", "-6"), small)).ifs).toBeGreaterThan(1);
    });
  });
  test("a table of 256 by a byte", () => {
    const f = transform(pass, `func @f(%i: i32) -> f64 {\n%m = i32.and %i, 255\n%x = f64.convert_i32_s %m\n${read("v", "%x", "256")}\nreturn %v }`);
    expect(checks(f)).toBe(0);
  });
  test("a second check of the same index", () => {
    const f = transform(pass, `func @f(%i: i32, %n: i32) -> f64 {\n%m = i32.and %n, 63\n%x = f64.convert_i32_s %i\n%c = i32.lt_u %i, %m\n%r: f64 = if %c {\nf64.store [65536 + %i << 3] space 1, 1.0\n${read("v", "%x", "%m")}\nyield %v\n} else {\nyield 0.0\n}\nreturn %r }`);
    expect(count(f).ifs).toBe(1);
  });
  test("x[i % x.length], where there is an element at all", () => {
    const f = transform(pass, `func @f(%i: i32, %n: i32) -> f64 {\n%p = i32.and %i, 65535\n%m = i32.and %n, 63\n%l = i32.add %m, 1\n%x = f64.convert_i32_s %p\n%y = f64.convert_i32_s %l\n%q = f64.rem %x, %y\n${read("v", "%q", "%l")}\nreturn %v }`);
    expect(checks(f)).toBe(0);
  });
});

describe("must stay", () => {
  test("x[i] with another array's length as the limit", () => {
    expect(checks(transform(pass, sum("%p: i32, %m: i32", length, "0.0", below, read("v", "%i", "%m"), up), pairs))).toBe(1);
  });
  test("i <= x.length", () => {
    expect(checks(transform(pass, sum("%p: i32", length, "0.0", "%c = f64.le %i, %len", read("v", "%i", "%n"), up), small))).toBe(1);
  });
  test("x[i + 1]", () => {
    expect(checks(transform(pass, sum("%p: i32", length, "0.0", below, `%at = f64.add %i, 1.0\n${read("v", "%at", "%n")}`, up), small))).toBe(1);
  });
  test("x[i − 1] from 0", () => {
    expect(checks(transform(pass, sum("%p: i32", length, "0.0", below, `%at = f64.sub %i, 1.0\n${read("v", "%at", "%n")}`, up), small))).toBe(1);
  });
  test("an index that may wrap: i + 2147483647", () => {
    const f = transform(pass, `func @f(%i: i32, %n: i32) -> i32 { %c = i32.lt_s %i, %n  if %c { %j = i32.add %i, 2147483647  %d = i32.lt_s %j, %n  return %d }  return 5 }`);
    expect(body(f)).toMatch(/i32\.add/);
  });
  test("a fractional index", () => {
    expect(body(transform(pass, `func @f(%x: f64) -> f64 {\n${read("v", "%x", "64")}\nreturn %v }`))).toMatch(/f64\.eq/);
  });
});

describe("conditions", () => {
  test("decided by a dominating one", () => {
    const f = transform(pass, `func @f(%i: i32) -> f64 { %c = i32.lt_s %i, 10  if %c { %d = i32.gt_s %i, 20  if %d { return 1.0 }  return 2.0 }  return 3.0 }`);
    expect(count(f).ifs).toBe(1);
  });
  test("decided because the other way left", () => {
    const f = transform(pass, `func @f(%i: i32) -> f64 { %c = i32.lt_s %i, 10  if %c { return 1.0 }  %d = i32.ge_s %i, 10  if %d { return 2.0 }  return 3.0 }`);
    expect(count(f).ifs).toBe(1);
  });
  test("of doubles: false does not mean the opposite, NaN is neither", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { %c = f64.lt %x, 10.0  if %c { return 1.0 }  %d = f64.ge %x, 10.0  if %d { return 2.0 }  return 3.0 }`);
    expect(count(f).ifs).toBe(2);
  });
});

describe("ToInt32", () => {
  test("of what is within int32 is one truncation", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { %a = f64.max %x, 0.0  %b = f64.min %a, 255.0  %t = i32.from_f64 %b  %r = f64.convert_i32_s %t  return %r }`);
    expect(body(f)).toContain("trunc_sat_f64_s");
  });
});

describe("remainders of what is hardly greater than the divisor", () => {
  const rest = (before: string): string => body(transform(pass, `func @f(%x: i32) -> f64 { ${before}  %v = f64.convert_i32_s %r  return %v }`));
  test("are one subtraction below twice of it", () => { expect(rest("%a = i32.and %x, 127  %r = i32.rem_s %a, 100")).toMatch(/i32\.select/); });
  test("are one subtraction between other multiples of it too", () => { expect(rest("%m = i32.and %x, 63  %a = i32.add %m, 101  %r = i32.rem_s %a, 100")).not.toMatch(/rem|select/); });
  test("and two where it may be either", () => { expect(rest("%m = i32.and %x, 63  %a = i32.add %m, 150  %r = i32.rem_u %a, 100")).toMatch(/i32\.select/); });
  test("are the number itself below it", () => { expect(rest("%a = i32.and %x, 63  %r = i32.rem_u %a, 100")).not.toMatch(/rem|select/); });
  test("stay a division where it may be more", () => { expect(rest("%a = i32.and %x, 255  %r = i32.rem_s %a, 100")).toMatch(/rem_u/); });
  test("stay a division of what may be negative", () => { expect(rest("%m = i32.and %x, 127  %a = i32.sub %m, 1  %r = i32.rem_s %a, 100")).toMatch(/rem_s/); });
});

describe("fields of a record in a table", () => {
  const checks = (before: string, ...checked: readonly string[]): string => body(transform(pass, `func @f(%x: i32) -> i32 { ${before}  ${checked.map((c, i) => `%c${i} = i32.lt_u ${c}`).join("  ")}
    ${checked.slice(1).reduce((text, _, i) => `${text}  %s${i + 1} = i32.and %s${i}, %c${i + 1}`, "%s0 = i32.add %c0, 0")}  return %s${checked.length - 1} }`));
  const limits = (text: string): readonly string[] => [...text.matchAll(/i32\.lt_u %\S+, (\d+)/g)].map((m) => m[1]!);
  test("have one check", () => {
    expect(limits(checks("%k = i32.and %x, 255  %p = i32.shl %k, 2  %q = i32.add %p, 1  %r = i32.add %p, 3", "%p, 64", "%q, 64", "%r, 64"))).toEqual(["16"]);
  });
  test("also where the last record is there in part", () => {
    expect(limits(checks("%k = i32.and %x, 255  %p = i32.mul %k, 3  %q = i32.add %p, 2", "%p, 64", "%q, 64"))).toEqual(["22", "21"]);
  });
  test("but not where places may wrap around, or may be below 0", () => {
    expect(limits(checks("%k = i32.shr_u %x, 1  %p = i32.mul %k, 3", "%p, 64"))).toEqual(["64"]);
    expect(limits(checks("%a = i32.and %x, 255  %k = i32.sub %a, 1  %p = i32.mul %k, 3", "%p, 64"))).toEqual(["64"]);
  });
});

test("a walk through a table stays within it, so its place is a whole number", () => {
  const f = transform(pass, `func @f(%p: i32) -> f64 { %m = i32.and %p, 3
    %r: f64 = loop l (%n: f64 = 0.0, %k: i32 = 0) { ${read("v", "%n", "64")}  %c = i32.lt_s %k, %m
    if %c { %q = i32.and %p, 31  %d = f64.convert_i32_s %q  %h = f64.lt %v, 0.5  %e: f64 = if %h { yield %d } else { ${read("w", "%n", "64")}  %t = f64.mul %w, 0.0  %g = f64.select %h, %d, 7.0  yield %g }
    %j = i32.add %k, 1  br l, %e, %j }  yield %v }  return %r }`);
  expect(body(f)).not.toMatch(/f64\.eq|lt_u|trunc_sat/);
});

test("of an integer or NaN, what is left of the test that it is whole is that it is a number", () => {
  const within = body(transform(pass, `func @f(%x: f64, %p: i32) -> f64 { %a = f64.floor %x  %b = f64.min %a, 40.0  %i = f64.max %b, 0.0
    ${read("v", "%i", "63")}
    return %v }`));
  expect([within.includes("convert"), within.includes("lt_u"), within.includes("f64.eq")]).toEqual([false, false, true]);
  const beyond = body(transform(pass, `func @f(%x: f64, %p: i32) -> f64 { %i = f64.floor %x  %n = i32.and %p, 63
    ${read("v", "%i", "%n")}
    return %v }`));
  expect([beyond.includes("convert"), beyond.includes("lt_u"), beyond.includes("f64.eq")]).toEqual([false, true, true]);
});
