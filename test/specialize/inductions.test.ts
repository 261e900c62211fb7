// What nested loops count through is told by their own counters: rows and columns.

import { describe, expect, test } from "vitest";
import { closeInductions } from "../../src/specialize/inductions.ts";
import { body, transform } from "./harness.ts";
import { compileKernel, expectSame, lanesOf, whole, type Kernel } from "./vectorize.harness.ts";

/** let o = first; for (y = 0; y < n; y++) for (x = from; test; x += by) { sum += o; o += 1 } */
const nested = ({ first = "0.0", from = "0.0", test: compare = "f64.lt %x, 12.0", by = "1.0", step = "f64.add %q, 1.0", end = "%p" } = {}): string => `func @f(%p: i32, %f: f64) -> f64 { %m = i32.and %p, 7  %n = f64.convert_i32_s %m
  %z: f64, %w: f64 = loop l (%o: f64 = ${first}, %s: f64 = 0.0, %y: f64 = 0.0) { %c = f64.lt %y, %n  if %c {
    %p: f64, %t: f64 = loop k (%q: f64 = %o, %h: f64 = %s, %x: f64 = ${from}) { %d = ${compare}  if %d { %a = f64.add %h, %q  %i = ${step}  %j = f64.add %x, ${by}  br k, %i, %a, %j }  yield %q, %h }
    %g = f64.add %p, 2.0  %v = f64.add %y, 1.0  br l, ${end}, %t, %v }  yield %s, %o }  %r = f64.add %z, %w  return %r }`.replaceAll("%p: f64", "%e: f64").replaceAll("f64.add %p, 2.0", "f64.add %e, 2.0").replace("br l, %p", "br l, %e");
const inputs = [0, 1, 2, 5, 7].flatMap((p) => [0, -0, 0.5, NaN, 9].map((f) => [p, f]));
const of = (options: Parameters<typeof nested>[0]): string => body(transform((func, program) => closeInductions(func, program), nested(options), inputs));

describe("rows and columns", () => {
  const closed = (options: Parameters<typeof nested>[0], row: number): void => { expect(of(options)).toMatch(new RegExp(`f64\\.mul %y\\S*, ${row}\\.0`)); };
  test("rows of twelve", () => { closed({}, 12); });
  test("something between the rows", () => { closed({ end: "%g" }, 14); });
  test("steps of three", () => { closed({ step: "f64.add %q, 3.0" }, 36); });
  test("each second column", () => { closed({ by: "2.0", from: "1.0", test: "f64.le %x, 7.0", step: "f64.add %q, 2.0" }, 8); });
  test("columns from the right", () => { closed({ by: "-1.0", from: "11.0", test: "f64.ge %x, 3.0" }, 9); });
  test("up to no whole number", () => { closed({ test: "f64.lt %x, 7.5" }, 8); });
  test("from before the first", () => { closed({ first: "-5.0" }, 12); });
});

describe("as it was", () => {
  const same = (options: Parameters<typeof nested>[0]): void => { expect(of(options)).not.toMatch(/f64\.mul %y/); };
  test("a first place that may be a fraction", () => { same({ first: "%f" }); });
  test("a first place that is −0", () => { same({ first: "-0.0" }); });
  test("as many columns as a number of the call says", () => { same({ test: "f64.lt %x, %f" }); });
  test("steps that are no whole number", () => { same({ step: "f64.add %q, 0.5" }); });
  test("a step for several columns that is no multiple of theirs", () => { same({ by: "2.0" }); });
  test("rows that begin where they like", () => { same({ end: "%t" }); });
});

describe("what is written behind what was written before goes in lanes", () => {
  type Rows = (x: Uint8Array, y: Uint8Array, z: Float32Array) => unknown;
  test.each<[string, Rows]>([
    ["a picture without its edge", (x, y) => { let o = 0; for (let r = 1; r < 30; r++) for (let c = 1; c < 63; c++) y[o++] = (x[r * 64 + c - 1]! + 2 * x[r * 64 + c]! + x[r * 64 + c + 1]!) >> 2; return o; }],
    ["three channels out of four", (x, y) => { let i = 0, o = 0; for (let r = 0; r < 20; r++, i += 8) for (let c = 0; c < 24; c++, i += 4) { y[o++] = 255 - x[i]!; y[o++] = 255 - x[i + 1]!; y[o++] = 255 - x[i + 2]!; } return i + o; }],
    ["planes of rows", (_x, _y, z) => { let o = 0; for (let p = 0; p < 3; p++) for (let r = 0; r < 20; r++) for (let c = 0; c < 48; c++) { z[o] = z[o]! * 0.5 + r; o++; } return o; }],
  ])("%s", (_, kernel) => {
    const args = (n: number): unknown[] => [whole(new Uint8Array(n)), new Uint8Array(n), whole(new Float32Array(n))];
    const compiled = compileKernel(kernel as Kernel, args(2000));
    expectSame(kernel as Kernel, compiled, [args(2000), args(1900), args(700), args(0)]);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
  });
});
