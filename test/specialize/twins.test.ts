// Which divisions and roots become one in lanes, and that all keep their bits.

import { describe, expect, test } from "vitest";
import { Builder, instructions } from "../../src/ir/build.ts";
import type { Func, Program } from "../../src/ir/types.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { pairDivisions } from "../../src/specialize/twins.ts";
import { transform } from "./harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(pairDivisions(func, program), program);
const ops = (text: string): string[] => [...instructions(transform(pass, text).body)].map((i) => i.op).filter((op) => /div|sqrt|mul|exp|tanh/.test(op));

describe("two at a time", () => {
  test("roots, what lies between, and divisions", () => {
    expect(ops(`func @f(%a: f64, %b: f64) -> f64 { %r = f64.sqrt %a  %m = f64.mul %r, %a  %s = f64.div 1.0, %m
      %t = f64.sqrt %b  %n = f64.mul %t, %b  %u = f64.div 2.0, %n  %v = f64.sub %s, %u  return %v }`)).toEqual(["f64x2.sqrt", "f64x2.mul", "f64x2.div"]);
  });
  test("also where one is used before the other is asked for", () => {
    expect(ops("func @f(%a: f64, %b: f64) -> f64 { %r = f64.div %a, 3.0  %x = f64.mul %r, %r  %t = f64.div %b, %a  %v = f64.sub %x, %t  return %v }")).toEqual(["f64x2.div", "f64.mul"]);
  });
  test("of three, two", () => {
    expect(ops("func @f(%a: f64, %b: f64) -> f64 { %r = f64.sqrt %a  %s = f64.sqrt %b  %c = f64.add %a, %b  %t = f64.sqrt %c  %x = f64.add %r, %s  %y = f64.add %x, %t  return %y }"))
      .toEqual(["f64x2.sqrt", "f64.sqrt"]);
  });
  test("functions of Math", () => {
    expect(ops("func @f(%a: f64, %b: f64) -> f64 { %r = math.exp %a  %s = math.exp %b  %t = math.tanh %r  %v = math.tanh %s  %x = f64.add %t, %v  return %x }")).toEqual(["f64x2.exp", "f64x2.tanh"]);
    expect([...instructions(transform(pass, "func @f(%a: f64, %b: f64) -> f64 { %r = math.sin %a  %s = math.sin %b  %x = f64.add %r, %s  return %x }").body)].map((i) => i.op)).not.toContain("f64x2.sin");
  });
  test("loads stay where they are among stores", () => {
    expect(ops(`func @f(%a: f64, %b: f64) -> f64 { %p = f64.load [65536 + 0 << 3] space 1  %r = f64.div %a, %p  f64.store [65536 + 1 << 3] space 1, %r
      %q = f64.load [65536 + 1 << 3] space 1  %s = f64.div %b, %q  %t = f64.div %a, %b  %x = f64.sub %s, %t  return %x }`)).toEqual(["f64.div", "f64x2.div"]);
  });
});

describe("one by one", () => {
  test("one that waits for the other", () => { expect(ops("func @f(%a: f64) -> f64 { %r = f64.sqrt %a  %s = f64.sqrt %r  return %s }")).toEqual(["f64.sqrt", "f64.sqrt"]); });
  test("different operations", () => { expect(ops("func @f(%a: f64, %b: f64) -> f64 { %r = f64.sqrt %a  %s = f64.div %b, %a  %v = f64.sub %r, %s  return %v }")).toEqual(["f64.sqrt", "f64.div"]); });
  test("what the next iteration waits for, where there is little of it", () => {
    const loop = (body: string, next: string): string => `func @f(%n: i32, %a: f64) -> f64 { %s: f64 = loop l (%i: i32 = 0, %p: f64 = %a) { %c = i32.lt_s %i, %n  if %c { ${body}  %j = i32.add %i, 1  br l, %j, ${next} } yield %p } return %s }`;
    const times = [[0, 1], [3, 0.25], [7, -2]];
    const found = (text: string): string[] => [...instructions(transform(pass, text, times).body)].map((i) => i.op).filter((op) => /div/.test(op));
    const both = "%d = f64.add %p, 1.5  %q = f64.div %a, %d  %e = f64.add %p, 2.5  %r = f64.div %e, 3.7  %t = f64.sub %q, %r";
    expect(found(loop(both, "%t"))).toEqual(["f64.div", "f64.div"]);
    expect(found(loop(both.replaceAll("%p", "%a"), "%t"))).toEqual(["f64x2.div"]);
  });
  test("in different arms", () => {
    expect(ops("func @f(%a: f64, %b: f64) -> f64 { %c = f64.lt %a, %b  %v: f64 = if %c { %r = f64.sqrt %a  yield %r } else { %s = f64.sqrt %b  yield %s }  return %v }")).toEqual(["f64.sqrt", "f64.sqrt"]);
  });
});

test("straight code of any length goes through", () => {
  const b = new Builder(), x = b.value("f64"), count = 150_000;
  let sum = b.op("f64.div", b.op("f64.sqrt", x), b.op("f64.sqrt", b.op("f64.neg", x)));
  for (let i = 0; i < count; i++) sum = b.op("f64.add", sum, x);
  b.return([sum]);
  const func = b.func("f", [x], ["f64"], b.region);
  const program: Program = { functions: [func], data: [], spaces: [], inputs: [], exits: [], frameBytes: 0 };
  expect(pairDivisions(func, program).body.body).toHaveLength(func.body.body.length); // too long a stretch to be looked at
});
