// Loop tests that compare the counter alone.

import { describe, expect, test } from "vitest";
import type { Func } from "../../src/ir/types.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { isolateCounters } from "../../src/specialize/isolate.ts";
import { body, transform } from "./harness.ts";

/** for (i = first; test; i += step) n++ */
const rounds = (test: string, first = "0.0", step = "1.0"): string => `func @f(%p: i32, %q: i32) -> f64 { %m = i32.and %p, 63  %n = f64.convert_i32_s %m  %o = i32.and %q, 3  %w = f64.convert_i32_s %o  %d = i32.sub %q, 9  %e = f64.convert_i32_s %d
  %r: f64, %z: f64 = loop l (%i: f64 = ${first}, %k: f64 = 0.0) { ${test}  if %c { %j = f64.add %i, ${step}  %g = f64.add %k, 1.0  br l, %j, %g }  yield %k, %i }
  %s = f64.mul %r, 1000.0  %t = f64.add %s, %z  return %t }`;
const pass = (func: Func, program: Parameters<typeof isolateCounters>[1]): Func => removeDeadCode(isolateCounters(func, program), program);
const inputs = [0, 1, 2, 5, 6, 7, 15, 16, 17, 62, 63].flatMap((p) => [0, 1, 2, 3, 7, 40, 90].map((q) => [p, q]));
const of = (text: string): string => body(transform(pass, text, inputs));

describe("the counter is compared alone", () => {
  test("a multiple", () => { expect(of(rounds("%a = f64.mul %i, 6.0  %c = f64.lt %a, %n"))).toMatch(/f64\.ceil \S+; %\S+ = i32\.trunc_sat_f64_s \S+; %\S+ = f64\.convert_i32_s \S+; %\S+ = f64\.lt %i/); });
  test("a multiple, up to and with the limit", () => { expect(of(rounds("%a = f64.mul %i, 6.0  %c = f64.le %a, %n"))).toContain("f64.floor"); });
  test("a limit that stands on the left", () => { expect(of(rounds("%a = f64.mul %i, 4.0  %c = f64.gt %n, %a"))).toMatch(/f64\.lt %i/); });
  test("a counter and a constant", () => { expect(of(rounds("%a = f64.add %i, 3.0  %c = f64.lt %a, %n", "0.0", "4.0"))).toMatch(/f64\.sub %n\S*, 3\.0.*f64\.lt %i/); });
  test("a counter and what does not change", () => { expect(of(rounds("%a = f64.add %i, %w  %c = f64.le %a, %n"))).toMatch(/f64\.sub %n\S*, %w.*f64\.le %i/); });
  test("both", () => { expect(of(rounds("%a = f64.mul %i, 2.0  %b = f64.add %a, %w  %s2 = f64.sub %b, 1.0  %c = f64.lt %s2, %n", "1.0", "2.0"))).toMatch(/f64\.lt %i/); });
  test("a limit that is no whole number", () => { expect(of(rounds("%a = f64.div %n, 3.0  %c = f64.lt %i, %a"))).toMatch(/f64\.ceil \S+; %\S+ = i32\.trunc_sat_f64_s \S+; %\S+ = f64\.convert_i32_s \S+; %\S+ = f64\.lt %i/); });
  test("one that is reached", () => { expect(of(rounds("%a = f64.div %n, 4.0  %c = f64.le %i, %a"))).toContain("f64.floor"); });
  test("… and a sum", () => { expect(of(rounds("%a = f64.div %n, 3.0  %b = f64.add %i, %w  %c = f64.le %b, %a"))).toMatch(/f64\.floor.*f64\.sub \S+, %w.*f64\.le %i/); });
  test("… and a multiple", () => { expect(of(rounds("%a = f64.div %n, 4.0  %b = f64.mul %i, 3.0  %d2 = f64.add %b, 2.0  %c = f64.lt %d2, %a"))).toMatch(/f64\.ceil.*f64\.div.*f64\.ceil.*f64\.lt %i/); });
  test("… and is reached from above", () => { expect(of(rounds("%a = f64.div %e, 4.0  %b = f64.add %i, %w  %c = f64.gt %b, %a", "30.0", "-1.0"))).toMatch(/f64\.floor.*f64\.gt %i/); });
  test("one that counts down", () => { expect(of(rounds("%a = f64.mul %i, 3.0  %c = f64.ge %a, %e", "30.0", "-1.0"))).toMatch(/f64\.ge %i/); });
});

describe("as it was", () => {
  test("a counter that is alone", () => { expect(of(rounds("%c = f64.lt %i, %n"))).toMatch(/f64\.lt %i\S*, %n/); });
  test("one that is no whole number", () => { expect(of(rounds("%a = f64.mul %i, 2.0  %c = f64.lt %a, %n", "0.5"))).toContain("f64.mul %i"); });
  test("a limit that changes", () => { expect(of(rounds("%a = f64.mul %i, 2.0  %b = f64.sub %n, %k  %c = f64.lt %a, %b"))).toMatch(/f64\.lt %a/); });
  test("times that are no whole number", () => { expect(of(rounds("%a = f64.mul %i, 1.5  %c = f64.lt %a, %n"))).toMatch(/f64\.lt %a/); });
});
