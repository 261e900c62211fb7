// What leaves a loop, and what must not.

import { describe, expect, test } from "vitest";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { hoist } from "../../src/specialize/hoist.ts";
import { simplify } from "../../src/specialize/simplify.ts";
import type { Func, Loop, Program } from "../../src/ir/types.ts";
import { instructions } from "../../src/ir/build.ts";
import { body, transform } from "./harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(hoist(removeDeadCode(simplify(func, program), program), program), program);

/** the operations inside loops */
const inside = (f: Func): string[] => {
  const loops = [...instructions(f.body)].filter((i): i is Loop => i.op === "loop");
  return [...new Set(loops.flatMap((l) => [...instructions(l.regions[0])]))].map((i) => i.op);
};
/** for (i = 0; i < n & 63; i++) sum += body */
const sum = (params: string, text: string, before = ""): string => `func @f(%n: i32, ${params}) -> f64 { %m = i32.and %n, 63  ${before}
  %r: f64 = loop l (%i: i32 = 0, %s: f64 = 0.0) { %c = i32.lt_s %i, %m  if %c {
    ${text}
    %w = f64.add %s, %v  f64.store [65536 + %i << 3] space 1, %w  %j = i32.add %i, 1  br l, %j, %w }  yield %s }
  return %r }`;

describe("leaves", () => {
  test("a pure operation on values from outside", () => {
    expect(inside(transform(pass, sum("%x: f64", "%v = f64.mul %x, %x")))).not.toContain("f64.mul");
  });
  test("what depends on what left, too", () => {
    expect(inside(transform(pass, sum("%x: f64", "%a = f64.mul %x, %x  %b = f64.sqrt %a  %v = f64.add %b, 1.0")))).not.toContain("f64.sqrt");
  });
  test("a costly operation behind the loop's own test", () => {
    expect(inside(transform(pass, sum("%x: f64", "%v = math.sin %x")))).not.toContain("math.sin");
  });
  test("a load of memory that the loop does not write, behind the loop's test", () => {
    const f = transform(pass, sum("%x: f64", "%v = f64.load [65536 + 300 << 3] space 0"));
    expect(inside(f)).not.toContain("f64.load");
    expect(body(f)).toMatch(/if %\S+ \{; %\S+ = f64\.load/);
  });
  test("a checked load with its check", () => {
    const f = transform(pass, sum("%k: i32", "%ok = i32.lt_u %k, 64  %v: f64 = if %ok { %l = f64.load [66560 + %k << 3] space 0  yield %l } else { yield nan }"));
    expect(inside(f)).not.toContain("f64.load");
  });
  test("a load under a condition of its own, behind the loop's test and a check that left with it", () => {
    const f = transform(pass, sum("%k: i32, %flag: i32", `%bad = i32.gt_u %k, 63  if %bad { trap exit 0 } else { yield }
      %v: f64 = if %flag { %l = f64.load [66560 + %k << 3] space 0  yield %l } else { yield 1.0 }`));
    expect(inside(f)).not.toContain("f64.load");
  });
  test("a check that leaves the program, behind the loop's test, before anything is stored", () => {
    const f = transform(pass, sum("%x: f64, %k: i32", "%bad = i32.gt_s %k, 7  if %bad { trap exit 0 } else { yield }  %v = f64.add %x, 1.0"));
    expect(inside(f)).not.toContain("trap");
    expect(body(f)).toMatch(/i32\.and[^]*trap exit 0[^]*loop/);
  });
  test("out of two loops at once", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { %r: f64 = loop a (%i: i32 = 0, %s: f64 = 0.0) { %c = i32.lt_s %i, 3  if %c {
      %t: f64 = loop b (%j: i32 = 0, %u: f64 = %s) { %d = i32.lt_s %j, 4  if %d { %y = f64.mul %x, 3.0  %k = f64.convert_i32_s %i  %z = f64.mul %k, %x  %p = f64.add %u, %y  %q = f64.add %p, %z  %e = i32.add %j, 1  br b, %e, %q }  yield %u }
      %g = i32.add %i, 1  br a, %g, %t }  yield %s }  return %r }`);
    const inner = [...instructions(f.body)].filter((i): i is Loop => i.op === "loop")[1]!;
    expect([...instructions(inner.regions[0])].map((i) => i.op)).not.toContain("f64.mul");
    expect(inside(f).filter((op) => op === "f64.mul").length).toBe(1); // the one that needs %i
  });
});

describe("a check stays", () => {
  test.each([
    ["behind a store", "f64.store [65536 + 8 << 3] space 1, %x  %bad = i32.gt_s %k, 7  if %bad { trap exit 0 } else { yield }  %v = f64.add %x, 1.0"],
    ["of what the iteration counts", "%bad = i32.gt_s %i, 7  if %bad { trap exit 0 } else { yield }  %v = f64.add %x, 1.0"],
    ["under another condition", "%odd = i32.and %i, 1  if %odd { %bad = i32.gt_s %k, 7  if %bad { trap exit 0 } else { yield }  yield } else { yield }  %v = f64.add %x, 1.0"],
  ])("%s", (_, text) => { expect(inside(transform(pass, sum("%x: f64, %k: i32", text)))).toContain("trap"); });
});

describe("must not leave", () => {
  test("a load of memory that the loop may write", () => {
    expect(inside(transform(pass, sum("%x: f64", "%v = f64.load [65536 + 3 << 3] space 3")))).toContain("f64.load");
  });
  test("a load behind a condition: nobody has checked", () => {
    expect(inside(transform(pass, sum("%k: i32", "%ok = i32.lt_s %i, %k  %v: f64 = if %ok { %l = f64.load [65536 + 7 << 3] space 0  %q = math.sin %l  yield %q } else { yield nan }")))).toContain("f64.load");
  });
  test("a load under a condition of its own, behind the check around it", () => {
    const f = transform(pass, sum("%k: i32, %flag: i32", `%in = i32.lt_u %k, 64
      %v: f64 = if %in { %u: f64 = if %flag { %l = f64.load [66560 + %k << 3] space 0  yield %l } else { yield 1.0 }  yield %u } else { yield nan }`));
    expect(inside(f)).toContain("f64.load");
  });
  test.each([
    ["a load", "%v = f64.load [66560 + %k << 3] space 0"],
    ["a load under a condition of its own", "%v: f64 = if %flag { %l = f64.load [66560 + %k << 3] space 0  yield %l } else { yield 1.0 }"],
  ])("%s behind a check that leaves the program and stays", (_, load) => {
    expect(inside(transform(pass, sum("%k: i32, %flag: i32", `f64.store [65536 + 8 << 3] space 1, 1.0  %bad = i32.gt_u %k, 63  if %bad { trap exit 0 } else { yield }  ${load}`)))).toContain("f64.load");
  });
  test("a load from a loop of zero trips", () => { // far out of reach, were it done
    const f = transform(pass, sum("%x: f64", "%v = f64.load [2000000000 + 7 << 3] space 0"), [[0, 1], [64, 2]]);
    expect(body(f)).toContain("f64.load");
  });
  test("a costly operation that runs only sometimes", () => {
    expect(inside(transform(pass, sum("%x: f64, %k: i32", "%ok = i32.lt_s %i, %k  %v: f64 = if %ok { %q = math.sin %x  yield %q } else { yield 1.0 }")))).toContain("math.sin");
  });
  test("a division that may trap", () => {
    expect(inside(transform(pass, sum("%k: i32", "%a = i32.or %k, 1  %d = i32.div_s 100, %a  %v = f64.convert_i32_s %d")))).toContain("i32.div_s");
  });
  test("what changes", () => {
    expect(inside(transform(pass, sum("%x: f64", "%k = f64.convert_i32_s %i  %v = f64.mul %x, %k")))).toContain("f64.mul");
  });
});
