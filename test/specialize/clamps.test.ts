// Numbers clamped from both sides at once: one side after the other where that gives the same, NaN and all.

import { expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { clampInTurn } from "../../src/specialize/clamps.ts";
import { transform } from "./harness.ts";

/** Whether the outer comparison asks what the inner one has clamped: its result, not %x. */
function inTurn(text: string): boolean {
  const type = text.includes("i32.") ? "i32" : "f64";
  const after = transform(clampInTurn, `func @f(%x: ${type}) -> ${type} { ${text}  return %r }`);
  const outer = [...instructions(after.body)].filter((instr) => /\.[lg][te]/.test(instr.op)).at(-1); // the old one, without use, stands before it
  return !outer!.args.includes(after.params[0]!);
}

test.each([
  ["int32", "%b = i32.gt_s %x, 255  %s = i32.select %b, 255, %x  %c = i32.lt_s %x, 0  %r = i32.select %c, 0, %s"],
  ["doubles", "%b = f64.gt %x, 255.0  %s = f64.select %b, 255.0, %x  %c = f64.lt %x, 0.0  %r = f64.select %c, 0.0, %s"],
  ["the lower side within", "%b = f64.lt %x, 0.0  %s = f64.select %b, 0.0, %x  %c = f64.gt %x, 255.0  %r = f64.select %c, 255.0, %s"],
  ["the constant on the left", "%b = i32.lt_s 255, %x  %s = i32.select %b, 255, %x  %c = i32.gt_s 0, %x  %r = i32.select %c, 0, %s"],
  ["what is false gives the inner constant", "%b = f64.le %x, 255.0  %s = f64.select %b, %x, 255.0  %c = f64.lt %x, 0.0  %r = f64.select %c, 0.0, %s"],
  ["what is false gives the outer constant", "%b = f64.gt %x, 255.0  %s = f64.select %b, 255.0, %x  %c = f64.ge %x, 0.0  %r = f64.select %c, %s, 0.0"],
] as const)("%s", (_, text) => { expect(inTurn(text)).toBe(true); });

test.each([
  ["NaN is made a constant by both", "%b = f64.le %x, 255.0  %s = f64.select %b, %x, 255.0  %c = f64.ge %x, 0.0  %r = f64.select %c, %s, 0.0"],
  ["limits that have changed sides", "%b = i32.gt_s %x, 0  %s = i32.select %b, 0, %x  %c = i32.lt_s %x, 255  %r = i32.select %c, 255, %s"],
  ["equal limits", "%b = f64.gt %x, 7.0  %s = f64.select %b, 7.0, %x  %c = f64.lt %x, 7.0  %r = f64.select %c, 7.0, %s"],
  ["the same side twice", "%b = i32.gt_s %x, 255  %s = i32.select %b, 255, %x  %c = i32.gt_s %x, 100  %r = i32.select %c, 100, %s"],
] as const)("not where there are %s", (_, text) => { expect(inTurn(text)).toBe(false); });
