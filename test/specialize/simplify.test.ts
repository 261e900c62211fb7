// A line a fact: what an expression becomes, on edge inputs equal to what it was. Then control, a page a situation.

import { describe, expect, test } from "vitest";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { simplify } from "../../src/specialize/simplify.ts";
import type { Func, Program } from "../../src/ir/types.ts";
import { body, count, transform } from "./harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(simplify(func, program), program);

/** `text` computes %r (of type `type`) of the parameters %x %y (f64), %i %j (i32), %a %b (f32). */
function becomes(text: string, type: string, expected: string): void {
  test(`${text} → ${expected}`, () => {
    const params = ["%x: f64", "%y: f64", "%i: i32", "%j: i32", "%a: f32", "%b: f32"].filter((p) => new RegExp(`${p.slice(0, 2)}\\b`).test(text));
    const lines = text.split("; ");
    const last = lines.pop()!;
    const after = transform(pass, `func @f(${params.join(", ")}) -> ${type} {\n${lines.join("\n")}\n%r = ${last}\nreturn %r\n}`);
    const names = new Map(after.params.map((p, k) => [`%${p.name}.${k}`, `%${p.name}`]));
    let seen = body(after);
    for (const [from, to] of names) seen = seen.replaceAll(from, to);
    expect(seen.replace(/%[a-z]+\.(?=\d)/g, "%")).toBe(expected);
  });
}

describe("floats", () => {
  becomes("f64.add 0.1, 0.2", "f64", "return 0.30000000000000004");
  becomes("f64.add %x, -0.0", "f64", "return %x");
  becomes("f64.add %x, 0.0", "f64", "%1 = f64.add %x, 0.0; return %1"); // −0 + 0 is 0
  becomes("%c = f64.convert_i32_s %i; f64.add %c, 0.0", "f64", "%1 = f64.convert_i32_s %i; return %1");
  becomes("f64.sub %x, 0.0", "f64", "return %x");
  becomes("f64.sub -0.0, %x", "f64", "%1 = f64.neg %x; return %1");
  becomes("f64.sub 0.0, %x", "f64", "%1 = f64.sub 0.0, %x; return %1"); // 0 − 0 is 0
  becomes("f64.sub %x, %x", "f64", "%1 = f64.sub %x, %x; return %1"); // ∞ − ∞
  becomes("f64.mul 1.0, %x", "f64", "return %x");
  becomes("f64.mul %x, 0.0", "f64", "%1 = f64.mul %x, 0.0; return %1");
  becomes("f64.mul %x, -1.0", "f64", "%1 = f64.neg %x; return %1");
  becomes("f64.div %x, 8.0", "f64", "%1 = f64.mul %x, 0.125; return %1");
  becomes("f64.div %x, -2.0", "f64", "%1 = f64.mul %x, -0.5; return %1");
  becomes("f64.div %x, 3.0", "f64", "%1 = f64.div %x, 3.0; return %1");
  becomes("f64.div %x, 0.0", "f64", "%1 = f64.div %x, 0.0; return %1");
  becomes("%n = f64.neg %x; f64.neg %n", "f64", "return %x");
  becomes("%n = f64.neg %y; f64.add %x, %n", "f64", "%2 = f64.sub %x, %y; return %2");
  becomes("%n = f64.neg %x; %m = f64.neg %y; f64.mul %n, %m", "f64", "%2 = f64.mul %x, %y; return %2");
  becomes("math.pow %x, 2.0", "f64", "%1 = f64.mul %x, %x; return %1");
  becomes("%t = f64.floor %x; f64.ceil %t", "f64", "%1 = f64.floor %x; return %1");
  becomes("f64.eq %x, %x", "i32", "%1 = f64.eq %x, %x; return %1"); // NaN
  becomes("f64.lt %x, %x", "i32", "return 0");
  becomes("f64.lt 1.0, %x", "i32", "%1 = f64.gt %x, 1.0; return %1");
  becomes("f64.eq %x, nan", "i32", "return 0");
  becomes("%p = f64.promote_f32 %a; %q = f64.promote_f32 %b; %s = f64.mul %p, %q; f32.demote_f64 %s", "f32", "%2 = f32.mul %a, %b; return %2");
  becomes("%p = f64.promote_f32 %a; %s = f64.add %p, 0.5; f32.demote_f64 %s", "f32", "%1 = f32.add %a, 0.5f; return %1");
  becomes("%p = f64.promote_f32 %a; %s = f64.add %p, 0.1; f32.demote_f64 %s", "f32", "%1 = f64.promote_f32 %a; %2 = f64.add %1, 0.1; %3 = f32.demote_f64 %2; return %3");
  becomes("%p = f64.promote_f32 %a; f64.lt %p, 0.5", "i32", "%1 = f32.lt %a, 0.5f; return %1");
});

describe("integers in doubles", () => {
  becomes("%c = f64.convert_i32_s %i; %t = i32.trunc_sat_f64_s %c; %d = f64.convert_i32_s %t; %p = i64.reinterpret_f64 %c; %q = i64.reinterpret_f64 %d; i64.eq %p, %q", "i32", "return 1");
  becomes("%c = f64.convert_i32_s %i; i32.from_f64 %c", "i32", "return %i");
  becomes("%c = f64.convert_i32_u %i; i32.from_f64 %c", "i32", "return %i");
  becomes("%c = f64.convert_i32_s %i; i32.trunc_sat_f64_s %c", "i32", "return %i");
  becomes("%c = f64.convert_i32_u %i; i32.trunc_sat_f64_s %c", "i32", "%1 = f64.convert_i32_u %i; %2 = i32.trunc_sat_f64_s %1; return %2"); // saturates
  becomes("%c = f64.convert_i32_s %i; %d = f64.convert_i32_s %j; %s = f64.add %c, %d; i32.from_f64 %s", "i32", "%2 = i32.add %i, %j; return %2");
  becomes("%c = f64.convert_i32_s %i; %s = f64.mul %c, 31.0; i32.from_f64 %s", "i32", "%1 = i32.mul %i, 31; return %1");
  becomes("%c = f64.convert_i32_s %i; %d = f64.convert_i32_s %j; %s = f64.mul %c, %d; i32.from_f64 %s", "i32",
    "%2 = f64.convert_i32_s %i; %3 = f64.convert_i32_s %j; %4 = f64.mul %2, %3; %5 = i32.from_f64 %4; return %5"); // rounds above 2^53
  becomes("%c = f64.convert_i32_s %i; %d = f64.convert_i32_s %j; f64.lt %c, %d", "i32", "%2 = i32.lt_s %i, %j; return %2");
  becomes("%c = f64.convert_i32_s %i; f64.lt %c, 2.5", "i32", "%1 = i32.lt_s %i, 3; return %1");
  becomes("%c = f64.convert_i32_s %i; f64.ge %c, 2.5", "i32", "%1 = i32.ge_s %i, 3; return %1");
  becomes("%c = f64.convert_i32_s %i; f64.gt %c, -1e300", "i32", "return 1");
  becomes("%c = f64.convert_i32_s %i; f64.eq %c, 0.5", "i32", "return 0");
  becomes("%c = f64.convert_i32_u %i; f64.lt %c, 10.0", "i32", "%1 = i32.lt_u %i, 10; return %1");
  becomes("%c = f64.convert_i32_s %i; f64.eq %c, %c", "i32", "return 1");
  becomes("%m = i32.and %i, 255; %c = f64.convert_i32_s %m; %h = f64.mul %c, 0.5; i32.from_f64 %h", "i32", "%1 = i32.and %i, 255; %2 = i32.shr_s %1, 1; return %2");
  becomes("%c = f64.convert_i32_s %i; %h = f64.mul %c, 0.25; %f = f64.floor %h; i32.from_f64 %f", "i32", "%1 = i32.shr_s %i, 2; return %1");
});

describe("integers", () => {
  becomes("i32.add 2147483647, 1", "i32", "return -2147483648");
  becomes("%t = i32.add %i, 3; i32.add %t, -3", "i32", "return %i");
  becomes("i32.mul %i, 8", "i32", "%1 = i32.shl %i, 3; return %1");
  becomes("i32.shl %i, 33", "i32", "%1 = i32.shl %i, 1; return %1");
  becomes("%t = i32.shl %i, 24; i32.shr_s %t, 24", "i32", "%1 = i32.extend8_s %i; return %1");
  becomes("%t = i32.shl %i, 8; i32.shr_u %t, 8", "i32", "%1 = i32.and %i, 16777215; return %1");
  becomes("i32.rem_u %i, 16", "i32", "%1 = i32.and %i, 15; return %1");
  becomes("i32.sub %i, %i", "i32", "return 0");
  becomes("%t = i32.lt_s %i, %j; i32.eqz %t", "i32", "%2 = i32.ge_s %i, %j; return %2");
  becomes("%t = f64.lt %x, %y; i32.eqz %t", "i32", "%2 = f64.lt %x, %y; %3 = i32.eqz %2; return %3"); // NaN
  becomes("%t = f64.lt %x, %y; %u = i32.eqz %t; i32.eqz %u", "i32", "%2 = f64.lt %x, %y; return %2");
  becomes("%t = i32.lt_s %i, %j; i32.select %t, 1, 0", "i32", "%2 = i32.lt_s %i, %j; return %2");
  becomes("%t = i32.lt_s %i, %j; %u = i32.lt_s %i, 9; i32.select %t, %u, 0", "i32", "%2 = i32.lt_s %i, %j; %3 = i32.lt_s %i, 9; %4 = i32.and %2, %3; return %4");
  becomes("%t = i32.and %i, 255; i32.and %t, 255", "i32", "%1 = i32.and %i, 255; return %1");
  becomes("i32.eq %i, 0", "i32", "%1 = i32.eqz %i; return %1");
});

describe("equal computations", () => {
  test("merge, whichever way round the operands stand", () => {
    const f = transform(pass, `func @f(%x: f64, %y: f64) -> f64 { %a = f64.mul %x, %y  %b = f64.mul %y, %x  %c = f64.add %a, %b  return %c }`);
    expect(count(f).ops).toBe(2);
  });
  test("must not merge from one arm into the other", () => {
    const f = transform(pass, `func @f(%x: f64, %i: i32) -> f64 {
      %r: f64 = if %i { %a = math.sin %x  yield %a } else { %b = math.sin %x  %c = f64.add %b, 1.0  yield %c }
      return %r }`);
    expect(count(f)).toMatchObject({ ifs: 1, ops: 3 });
  });
  test("a load after a store of the same place is the value stored", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { f64.store [65536 + 3 << 3] space 1, %x  %v = f64.load [65536 + 3 << 3] space 1  return %v }`);
    expect(count(f)).toMatchObject({ loads: 0, stores: 1 });
  });
  test("must not reuse a load across a store that may overlap", () => {
    const f = transform(pass, `func @f(%x: f64, %i: i32) -> f64 { %k = i32.and %i, 7
      %v = f64.load [65536 + 3 << 3] space 1  f64.store [65536 + %k << 3] space 3, %x  %w = f64.load [65536 + 3 << 3] space 1  %r = f64.add %v, %w  return %r }`);
    expect(count(f).loads).toBe(2);
  });
  test("a store to another space does not matter", () => {
    const f = transform(pass, `func @f(%x: f64, %i: i32) -> f64 { %k = i32.and %i, 7
      %v = f64.load [65536 + 300 << 3] space 0  f64.store [65536 + %k << 3] space 1, %x  %w = f64.load [65536 + 300 << 3] space 0  %r = f64.add %v, %w  return %r }`);
    expect(count(f).loads).toBe(1);
  });
  test("must not reuse a load from before a loop that stores", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { %v = f64.load [65536 + 3 << 3] space 1
      %r: f64 = loop l (%i: i32 = 0, %s: f64 = 0.0) { %w = f64.load [65536 + 3 << 3] space 1  %t = f64.add %s, %w  f64.store [65536 + 3 << 3] space 1, %x
        %n = i32.add %i, 1  %c = i32.lt_s %n, 3  if %c { br l, %n, %t }  yield %t }
      %q = f64.add %r, %v  return %q }`);
    expect(count(f).loads).toBe(2);
  });
});

describe("if", () => {
  test("on a constant: the arm that is taken stays", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { %r: f64 = if 0 { yield 1.0 } else { %b = f64.add %x, 1.0  yield %b }  return %r }`);
    expect(count(f)).toMatchObject({ ifs: 0, ops: 1 });
  });
  test("of little pure work becomes a choice", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { %c = f64.lt %x, 0.0  %r: f64 = if %c { %b = f64.neg %x  yield %b } else { yield %x }  return %r }`);
    expect(body(f)).toContain("f64.select");
    expect(count(f).ifs).toBe(0);
  });
  test("must not become a choice where an arm loads: the place may be out of reach", () => {
    const f = transform(pass, `func @f(%i: i32) -> f64 { %c = i32.lt_u %i, 8  %r: f64 = if %c { %b = f64.load [65536 + %i << 3] space 0  yield %b } else { yield nan }  return %r }`);
    expect(count(f)).toMatchObject({ ifs: 1, loads: 1 });
  });
  test("with an arm that leaves holds nothing up", () => {
    const f = transform(pass, `func @f(%x: f64, %i: i32) -> f64 { %r: f64 = if %i { return 1.0 } else { %b = math.sin %x  yield %b }  %s = f64.add %r, 1.0  return %s }`);
    expect(body(f)).toBe("if %i.1 {; return 1.0; }; %b.2 = math.sin %x.0; %s.3 = f64.add %b.2, 1.0; return %s.3");
  });
  test("the arm that leaves comes first", () => {
    const f = transform(pass, `func @f(%x: f64, %i: i32) -> f64 { if %i { f64.store [65536 + 0 << 3] space 1, %x  yield } else { return 1.0 }  return 2.0 }`);
    expect(body(f)).toBe("%2 = i32.eqz %i.1; if %2 {; return 1.0; }; f64.store [65536 + 0 << 3] space 1, %x.0; return 2.0");
  });
});

describe("block", () => {
  test("never left by a br is no block", () => {
    expect(count(transform(pass, `func @f(%x: f64) -> f64 { %r: f64 = block b { %a = f64.add %x, 1.0  yield %a }  return %r }`)).blocks).toBe(0);
  });
  test("a br at its end is its end", () => {
    expect(count(transform(pass, `func @f(%x: f64) -> f64 { %r: f64 = block b { %a = math.sin %x  br b, %a }  return %r }`))).toMatchObject({ blocks: 0, ops: 1 });
  });
  test("left early: the rest moves into the other arm", () => {
    const f = transform(pass, `func @f(%x: f64, %i: i32) -> f64 {
      %r: f64 = block b { if %i { f64.store [65536 + 0 << 3] space 1, %x  br b, 1.0 }  %a = math.sin %x  yield %a }  return %r }`);
    expect(count(f)).toMatchObject({ blocks: 0, ifs: 1, ops: 1 });
  });
  test("a chain of ways out, as `switch` and `continue` write it", () => {
    const f = transform(pass, `func @f(%x: f64, %i: i32) -> f64 {
      %r: f64 = block b {
        %c = i32.eq %i, 1  if %c { %u = math.sin %x  br b, %u }
        %d = i32.eq %i, 2  if %d { %v = math.cos %x  br b, %v } else { %k = math.exp %x  f64.store [65536 + 0 << 3] space 1, %k  yield }
        %a = math.tan %x  yield %a }
      return %r }`);
    expect(count(f)).toMatchObject({ blocks: 0, ifs: 2, ops: 6 });
  });
  test("must not double the rest: a way out from deep inside keeps its block", () => {
    const f = transform(pass, `func @f(%x: f64, %i: i32, %j: i32) -> f64 {
      %r: f64 = block b { if %i { if %j { f64.store [65536 + 0 << 3] space 1, 1.0  br b, 1.0 }  f64.store [65536 + 0 << 3] space 1, 2.0  yield }  %a = math.sin %x  yield %a }  return %r }`);
    expect(count(f)).toMatchObject({ blocks: 1, ops: 1 });
  });
  test("left from within a loop stays", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 {
      %r: f64 = block b { %s: f64 = loop l (%i: i32 = 0) { %v = f64.load [65536 + %i << 3] space 0  %c = f64.gt %v, %x  if %c { br b, %v }
        %n = i32.add %i, 1  %d = i32.lt_s %n, 20  if %d { br l, %n }  yield -1.0 }  yield %s }
      return %r }`);
    expect(count(f)).toMatchObject({ blocks: 1, loops: 1 });
  });
});

describe("loop", () => {
  test("that never continues is its body", () => {
    expect(count(transform(pass, `func @f(%x: f64) -> f64 { %r: f64 = loop l (%a: f64 = %x) { %b = f64.add %a, 1.0  yield %b }  return %r }`)).loops).toBe(0);
  });
  test("values that never change are not carried", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { %r: f64 = loop l (%i: i32 = 0, %k: f64 = %x, %one: i32 = 1) {
      %c = i32.lt_s %i, 3  if %c { %n = i32.add %i, %one  br l, %n, %k, 1 }  yield %k }  return %r }`);
    expect(body(f)).toBe("return %x.0");
  });
  test("an unused carried value goes, with what computes it", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { %r: i32, %s: f64 = loop l (%i: i32 = 0, %k: f64 = %x) {
      %c = i32.lt_s %i, 3  if %c { %n = i32.add %i, 1  %m = math.sin %k  br l, %n, %m }  yield %i, %k }  %q = f64.convert_i32_s %r  return %q }`);
    expect(body(f)).not.toContain("math.sin");
  });
  test("a loop nobody needs goes, with its conditions", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { %r: f64 = loop l (%k: f64 = %x) { %c = f64.lt %k, 1e6  if %c { %m = f64.add %k, 1e5  br l, %m }  yield %k }  return 1.0 }`, [[0], [NaN], [5e5]]);
    expect(body(f)).toBe("return 1.0");
  });
  test("a loop that stores stays", () => {
    const f = transform(pass, `func @f(%x: f64) -> f64 { %r: i32 = loop l (%i: i32 = 0) { f64.store [65536 + %i << 3] space 1, %x
      %n = i32.add %i, 1  %c = i32.lt_s %n, 4  if %c { br l, %n }  yield %i }  return 1.0 }`);
    expect(count(f)).toMatchObject({ loops: 1, stores: 1 });
  });
});
