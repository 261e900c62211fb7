import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { widen } from "../../src/specialize/wide.ts";
import { i32Edges, transform } from "./harness.ts";

const inputs = i32Edges.flatMap((x) => i32Edges.map((y) => [x, y]));
const inLoop = (body: string, result = "i32"): string => `func @f(%x: i32, %y: i32) -> ${result} {  %r: ${result} = loop l (%k: i32 = 0, %s: ${result} = ${result === "i32" ? "0" : "0.0"}) {  %c = i32.lt_s %k, 2  if %c {
  %a = f64.convert_i32_s %x  %b = f64.convert_i32_s %y  ${body}  %j = i32.add %k, 1  br l, %j, %v  }  yield %s  }  return %r  }`;
const of = (text: string): { doubles: number; extremes: number } => {
  const ops = [...instructions(transform((f, p) => removeDeadCode(widen(f, p), p), text, inputs).body)].map(({ op }) => op as string);
  return { doubles: ops.filter((op) => op.startsWith("f64.")).length, extremes: ops.filter((op) => op === "f64.min" || op === "f64.max").length };
};

describe("sums that may leave int32", () => {
  test("their least, asked for as an int32", () => { expect(of(inLoop("%p = f64.add %a, 1.0  %m = f64.min %p, %b  %v = i32.from_f64 %m"))).toEqual({ doubles: 0, extremes: 0 }); });
  test("products below 2^53, and what is chosen of them", () => { expect(of(inLoop("%h = f64.mul %a, 1000.0  %q = f64.lt %h, %b  %m = f64.select %q, %h, %b  %v = i32.from_f64 %m"))).toMatchObject({ doubles: 0 }); });
  test("uint32", () => { expect(of(inLoop("%u = f64.convert_i32_u %x  %m = f64.max %u, %b  %v = i32.from_f64 %m"))).toMatchObject({ doubles: 0 }); });
  test("what is only compared", () => { expect(of(inLoop("%p = f64.add %a, 1.0  %q = f64.lt %p, %b  %v = i32.select %q, %x, %k"))).toMatchObject({ doubles: 0 }); });
  test("their remainders by a constant, which ask first whether the quotient is 0 or 1", () => {
    for (const by of ["7.0", "1000000007.0", "2147483647.0", "3.0"]) expect(of(inLoop(`%p = f64.add %a, %b  %m = f64.rem %p, ${by}  %v = i32.from_f64 %m`)), by).toMatchObject({ doubles: 0 });
    for (const by of ["0.5", "-7.0", "0.0"]) expect(of(inLoop(`%p = f64.add %a, %b  %m = f64.rem %p, ${by}  %v = i32.from_f64 %m`)).doubles, by).toBeGreaterThan(0);
  });
  test("not products that may be rounded", () => { expect(of(inLoop("%h = f64.mul %a, %b  %m = f64.min %h, 5.0  %v = i32.from_f64 %m"))).toMatchObject({ extremes: 1 }); });
  test("not what is wanted as a double", () => { expect(of(inLoop("%p = f64.add %a, 1.0  %v = f64.min %p, %b  f64.store [65536 + %k << 3] space 1, %v", "f64"))).toMatchObject({ extremes: 1 }); });
  test("not fractions", () => { expect(of(inLoop("%p = f64.add %a, 0.5  %m = f64.min %p, %b  %v = i32.from_f64 %m"))).toMatchObject({ extremes: 1 }); });
});

test("the best of a loop is carried in int64, and converted where the loop begins and ends", () => {
  const text = `func @f(%x: i32, %y: i32) -> f64 {  %r: f64 = loop l (%k: i32 = 0, %s: f64 = 0.0) {  %c = i32.lt_s %k, 4  if %c {
    %a = f64.convert_i32_s %x  %b = f64.convert_i32_s %y  %p = f64.add %a, -1.0  %m = f64.max %p, %b  %t = i32.from_f64 %m  i32.store [65536 + %k << 2] space 1, %t
    %g = f64.gt %m, %s  %v = f64.select %g, %m, %s  %j = i32.add %k, 1  br l, %j, %v  }  yield %s  }  return %r  }`;
  const ops = [...instructions(transform((f, p) => removeDeadCode(widen(f, p), p), text, inputs).body)].map(({ op }) => op as string);
  expect(ops.filter((op) => op.startsWith("f64."))).toEqual(["f64.convert_i64_s"]);
});
