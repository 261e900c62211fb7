// Elements that may not be there, in sums that end as int32.

import { describe, expect, test } from "vitest";
import type { Func, Program } from "../../src/ir/types.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { endNaNs } from "../../src/specialize/nans.ts";
import { body, transform } from "./harness.ts";
import { compileKernel, expectSame } from "./vectorize.harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(endNaNs(func, program), program);
const inputs = [0, 1, 3, 4, 7].flatMap((i) => [-3, 0.5, 7, 5e9, Infinity, -Infinity].map((x) => [i, x]));
const of = (then: string, otherwise: string, chain: string): string =>
  body(transform(pass, `func @f(%i: i32, %x: f64) -> f64 { %c = i32.lt_u %i, 4  %n = f64.convert_i32_s %i  %t: f64 = if %c { yield ${then} } else { yield ${otherwise} }  ${chain}  %z = f64.convert_i32_s %r  return %z }`, inputs));

describe("0 in place of NaN", () => {
  test("a sum", () => { const text = of("%n", "nan", "%s = f64.add %x, %t  %r = i32.from_f64 %s"); expect(text).not.toContain("nan"); expect(text).toContain("i32.select %c"); });
  test("the other arm", () => { expect(of("nan", "%n", "%s = f64.add %x, %t  %r = i32.from_f64 %s")).not.toContain("nan"); });
  test("the least of what is computed", () => { expect(of("%n", "nan", "%s = f64.mul %t, 3.0  %m = f64.min %x, %s  %r = i32.from_f64 %m")).not.toContain("nan"); });
  test("what saturates", () => { expect(of("%n", "nan", "%s = f64.add %x, %t  %r = i32.trunc_sat_f64_s %s")).not.toContain("nan"); });
  test("one element in several sums", () => {
    const text = of("%n", "nan", "%s = f64.add %x, %t  %u = f64.mul %t, 3.0  %a = i32.from_f64 %s  %b = i32.trunc_sat_f64_s %u  %r = i32.xor %a, %b");
    expect(text).not.toContain("nan");
  });
  test("twice in one", () => { expect(of("%n", "nan", "%s = f64.mul %t, %t  %r = i32.from_f64 %s")).not.toContain("nan"); });
  test("itself", () => { expect(of("%n", "nan", "%r = i32.from_f64 %t")).not.toContain("nan"); });
});

describe("as it was", () => {
  test("where somebody else looks", () => { expect(of("%n", "nan", "%s = f64.add %x, %t  %q = i32.from_f64 %s  %e = f64.eq %t, %t  %r = i32.add %q, %e")).toContain("nan"); });
  test("where a comparison is between", () => { expect(of("%n", "nan", "%g = f64.lt %t, 2.0  %s = f64.select %g, %x, 1.0  %r = i32.from_f64 %s")).toContain("nan"); });
});

test("an alignment by a table of scores", () => {
  const kernel = (a: Uint8Array, b: Uint8Array, h: Int32Array, score: number[][]): number => {
    const w = b.length + 1;
    for (let i = 1; i <= a.length; i++) {
      const row = score[a[i - 1]!]!;
      for (let j = 1; j <= b.length; j++) h[i * w + j] = Math.max(h[(i - 1) * w + j - 1]! + row[b[j - 1]!]!, h[(i - 1) * w + j]! - 4, h[i * w + j - 1]! - 4);
    }
    return +h[a.length * w + b.length]!;
  };
  const args = (n: number, most: number): unknown[] => [Uint8Array.from({ length: n }, (_, i) => (i * 7) % 4), Uint8Array.from({ length: n }, (_, i) => (i * 5) % most), new Int32Array((n + 1) ** 2), [[5, -1, -2, -1], [-1, 5, -3, -2], [-2, -3, 5, -2], [-1, -2, -2, 5]]];
  expectSame(kernel, compileKernel(kernel, args(12, 4), [3]), [args(12, 4), args(12, 7), args(1, 4), args(0, 4)]);
});
