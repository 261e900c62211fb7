// Places beside an int32 that may be any: in int32, where they are compared with lengths alone.

import { describe, expect, test } from "vitest";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { wrapPlaces } from "../../src/specialize/wrapped.ts";
import type { Func, Program } from "../../src/ir/types.ts";
import { body, transform } from "./harness.ts";
import { compileKernel, expectSame, type Kernel } from "./vectorize.harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(wrapPlaces(func, program), program);
const inputs = [0, 1, 4, 5, 6, 7, -1, -3, 2147483647, 2147483646, -2147483648, -2147483646].map((p) => [p]);
const of = (sum: string, use: string): string => body(transform(pass, `func @f(%p: i32) -> i32 { %d = f64.convert_i32_s %p  %s = ${sum}  %i = i32.trunc_sat_f64_s %s  ${use}  return %r }`, inputs));

describe("in int32", () => {
  test("behind it", () => { expect(of("f64.add %d, 3.0", "%r = i32.lt_u %i, 7")).not.toContain("f64"); });
  test("before it", () => { expect(of("f64.add %d, -2.0", "%r = i32.lt_u %i, 7")).not.toContain("f64"); });
  test("a difference", () => { expect(of("f64.sub %d, 3.0", "%r = i32.lt_u %i, 2000000000")).not.toContain("f64"); });
});
describe("as it was", () => {
  test("compared with a sign", () => { expect(of("f64.add %d, 3.0", "%r = i32.lt_s %i, 7")).toContain("f64"); });
  test("used as a number", () => { expect(of("f64.add %d, 3.0", "%c = i32.lt_u %i, 7  %r = i32.add %c, %i")).toContain("f64"); });
  test("compared with what may be no length", () => { expect(of("f64.add %d, 3.0", "%r = i32.lt_u %i, %p")).toContain("f64"); });
  test("far away", () => { expect(of("f64.add %d, 3e6", "%r = i32.lt_u %i, 7")).toContain("f64"); });
  test("a fraction", () => { expect(of("f64.add %d, 0.5", "%r = i32.lt_u %i, 7")).toContain("f64"); });
});

test("rows that are resized by a list of filters", () => {
  const kernel = (src: Uint8Array, dest: Uint8Array, filters: Int16Array, from: number): void => {
    let at = 0;
    for (let x = 0; x < 3; x++) {
      let k = filters[at++]!, p = (from + filters[at++]! * 4) | 0, a = 0, b = 0;
      for (; k > 0; k--) { const v = filters[at++]!; a = (a + v * src[p]!) | 0; b = (b + v * src[p + 3]!) | 0; p = (p + 4) | 0; }
      dest[2 * x] = a >> 4;
      dest[2 * x + 1] = b >> 4;
    }
  };
  const args = (n: number, from: number): unknown[] => [Uint8Array.from({ length: n }, (_, i) => i * 37), new Uint8Array(6), Int16Array.of(2, 0, 5, 11, 3, 1, 4, 8, 4, 2, 2, 16, -3), from];
  expectSame(kernel as Kernel, compileKernel(kernel as Kernel, args(24, 0), [2]), [args(24, 0), args(24, -8), args(24, 8), args(10, 0), args(0, 0), args(24, 2147483640), args(24, -2147483648)]);
});
