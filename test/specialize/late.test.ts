// Chains in which what the loop carries is joined last.

import { describe, expect, test } from "vitest";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { joinLate } from "../../src/specialize/late.ts";
import { body, transform } from "./harness.ts";

const of = (inside: string, next: string, type = "f64", first = "0.0"): string => body(transform((f, p) => removeDeadCode(joinLate(f, p), p), `func @f(%x: ${type}, %y: ${type}) -> ${type} {
  %r: ${type} = loop l (%k: i32 = 0, %s: ${type} = ${first}) { %c = i32.lt_s %k, 3  if %c { ${inside}  %j = i32.add %k, 1  br l, %j, ${next} }  yield %s }  return %r }`));

describe("joined last", () => {
  test("the least of three", () => { expect(of("%a = f64.min %x, %s  %m = f64.min %a, %y", "%m")).toMatch(/= f64\.min %x\S*, %y\S*; %\S+ = f64\.min %\S+, %s/); });
  test("what takes longest of what is carried", () => {
    expect(of("%t = f64.add %s, 1.0  %a = f64.max %t, %x  %b = f64.max %a, %s  %m = f64.max %b, %y", "%m")).toMatch(/f64\.max %x\S*, %y\S*; %\S+ = f64\.max %\S+, %s\S*; %\S+ = f64\.max %\S+, %t/);
  });
  test("hashes of int32", () => { expect(of("%h = i32.shl %s, 5  %a = i32.add %h, %s  %b = i32.add %a, %x", "%b", "i32", "5381")).toMatch(/i32\.add %x\S*, %s|i32\.add %s\S*, %x/); });
  test("signs of zero and NaN stay", () => { of("%n = f64.neg %s  %a = f64.min %n, %x  %m = f64.min %a, %y", "%m", "f64", "-0.0"); });
});

describe("as it was", () => {
  test("sums of doubles", () => { expect(of("%a = f64.add %x, %s  %m = f64.add %a, %y", "%m")).toMatch(/f64\.add %x\S*, %s/); });
  test("a part that something else wants", () => { expect(of("%a = f64.min %x, %s  %m = f64.min %a, %y  %n = f64.sub %m, %a", "%n")).toMatch(/f64\.min %x\S*, %s/); });
  test("what carries nothing round", () => { expect(of("%z = f64.neg %y  %a = f64.min %x, %z  %m = f64.min %a, %y", "%m")).toMatch(/f64\.min %x\S*, %z/); });
});
