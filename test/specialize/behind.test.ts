// What both arms of an `if` compute last: what goes behind them, and what stays.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { computeBehind } from "../../src/specialize/behind.ts";
import { transform } from "./harness.ts";
import { compileKernel, expectSame, lanesOf, whole, type Kernel } from "./vectorize.harness.ts";

const left = (inside: string, op = "f64.div"): number =>
  [...instructions(transform(computeBehind, `func @f(%a: f64, %b: f64) -> f64 { %c = f64.lt %a, %b  ${inside}  return %r }`).body)].filter((i) => i.op === op).length;

describe("behind the arms", () => {
  test("a quotient of different numbers", () => { expect(left("%r: f64 = if %c { %p = f64.div %a, 3.0  yield %p } else { %q = f64.div %b, 7.0  yield %q }")).toBe(1); });
  test("what it goes into as well", () => {
    expect(left("%r: f64 = if %c { %p = f64.div %a, %b  %s = f64.add %p, 2.0  yield %s } else { %q = f64.div %b, %a  %t = f64.add %q, 4.0  yield %t }")).toBe(1);
  });
  test("a function of Math", () => { expect(left("%r: f64 = if %c { %p = math.exp %a  yield %p } else { %q = math.exp %b  yield %q }", "math.exp")).toBe(1); });
  test("a root of a quotient", () => {
    expect(left("%r: f64 = if %c { %p = f64.div %a, %b  %s = f64.sqrt %p  yield %s } else { %q = f64.div %b, %a  %t = f64.sqrt %q  yield %t }")).toBe(1);
  });
  test("of a chain, from the inside out", () => {
    expect(left(`%r: f64 = if %c { %p = f64.div %a, %b  yield %p } else { %d = f64.lt %a, 1.0  %i: f64 = if %d { %q = f64.div %b, 3.0  yield %q } else { %s = f64.div %a, 5.0  yield %s }  yield %i }`)).toBe(1);
  });
  test("one of two results", () => {
    expect(left("%r: f64, %k: f64 = if %c { %p = f64.div %a, %b  yield %p, %a } else { %q = f64.div %b, %a  yield %q, %b }")).toBe(1);
  });
});

describe("in the arms", () => {
  test("what one arm alone has", () => { expect(left("%r: f64 = if %c { %p = f64.div %a, %b  yield %p } else { yield 0.0 }")).toBe(1); });
  test("different operations", () => { expect(left("%r: f64 = if %c { %p = f64.div %a, %b  yield %p } else { %q = f64.sqrt %b  yield %q }", "f64.sqrt")).toBe(1); });
  test("what an arm uses once more", () => {
    expect(left("%r: f64 = if %c { %p = f64.div %a, 3.0  %s = f64.add %p, %p  yield %s } else { %q = f64.div %b, 7.0  %t = f64.add %q, %q  yield %t }")).toBe(2);
  });
  test("what costs little", () => {
    expect(left("%r: f64 = if %c { %s = math.sin %a  %p = f64.add %s, 1.0  %z = f64.abs %p  yield %z } else { %q = f64.sub %b, 2.0  %z2 = f64.abs %q  yield %z2 }", "f64.abs")).toBe(2);
  });
});

test("a hue is one division in each lane", () => {
  const hue = ((x: Uint8Array, y: Float64Array) => {
    for (let i = 0, o = 0; i + 2 < x.length; i += 3, o++) {
      const r = x[i]!, g = x[i + 1]!, b = x[i + 2]!, most = Math.max(r, g, b), d = most - Math.min(r, g, b);
      let h = 0;
      if (d !== 0) { if (most === r) h = (g - b) / d + (g < b ? 6 : 0); else if (most === g) h = (b - r) / d + 2; else h = (r - g) / d + 4; }
      y[o] = h;
    }
  }) as Kernel;
  const args = (n: number): unknown[] => [whole(new Uint8Array(3 * n)), new Float64Array(n)], compiled = compileKernel(hue, args(64));
  expect(lanesOf(compiled)).toBeGreaterThan(1);
  expectSame(hue, compiled, [0, 1, 2, 5, 17, 64].map(args));
  const divisions = (skip: ReadonlySet<string>): number => compileKernel(hue, args(64), [], false, skip).residual.stages.at(-1)!.text().split("f64x2.div ").length - 1;
  expect(divisions(new Set(["behind"]))).toBeGreaterThan(2 * divisions(new Set()));
});
