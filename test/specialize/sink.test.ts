// What moves into an arm, and what must not.

import { describe, expect, test } from "vitest";
import { removeChecks } from "../../src/specialize/checks.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { simplify } from "../../src/specialize/simplify.ts";
import { sink } from "../../src/specialize/sink.ts";
import type { Func, Program } from "../../src/ir/types.ts";
import { body, count, transform } from "./harness.ts";

const pass = (func: Func, program: Program): Func => sink(removeDeadCode(simplify(func, program), program), program);
const checked = (func: Func, program: Program): Func => removeDeadCode(simplify(removeChecks(pass(func, program), program), program), program);

describe("moves", () => {
  test("a costly operation that one arm needs", () => {
    expect(body(transform(pass, `func @f(%x: f64, %i: i32) -> f64 { %s = math.sin %x  if %i { f64.store [65536 + 0 << 3] space 1, %s  yield }  return %x }`)))
      .toMatch(/^if %\S+ \{; %\S+ = math\.sin/);
  });
  test("a chain, through two `if`s", () => {
    expect(body(transform(pass, `func @f(%x: f64, %i: i32, %j: i32) -> f64 { %s = math.sin %x  %t = f64.sqrt %s  if %i { f64.store [65536 + 0 << 3] space 1, %x  if %j { f64.store [65536 + 0 << 3] space 1, %t  yield }  yield }  return %x }`)))
      .toMatch(/if %\S+ \{; %s\S+ = math\.sin \S+; %t\S+ = f64\.sqrt/);
  });
  test("h[k]++: one check is enough", () => {
    const f = transform(checked, `func @f(%k: i32) -> f64 { %ok = i32.lt_u %k, 64  %v: f64 = if %ok { %l = f64.load [65536 + %k << 3] space 1  yield %l } else { yield nan }
      %w = f64.add %v, 1.0  if %ok { f64.store [65536 + %k << 3] space 1, %w  yield }  return 0.0 }`);
    expect(count(f)).toMatchObject({ ifs: 1, loads: 1, stores: 1, ops: 2 });
  });
});

describe("must not move", () => {
  test("what both arms need", () => {
    expect(body(transform(pass, `func @f(%x: f64, %i: i32) -> f64 { %s = math.sin %x  if %i { f64.store [65536 + 0 << 3] space 1, %s  yield } else { f64.store [65536 + 1 << 3] space 1, %s  yield }  return %x }`)))
      .toMatch(/^%\S+ = math\.sin/);
  });
  test("into a loop", () => {
    expect(body(transform(pass, `func @f(%x: f64, %i: i32) -> f64 { %s = math.sin %x  if %i { loop l (%j: i32 = 0) { f64.store [65536 + %j << 3] space 1, %s  %n = i32.add %j, 1  %c = i32.lt_s %n, 5  if %c { br l, %n }  yield }  yield }  return %x }`)))
      .toMatch(/^if %\S+ \{; %\S+ = math\.sin \S+; loop/);
  });
  test("a load that is the same in every iteration", () => {
    const loop = (space: number): string => body(transform(pass, `func @f(%x: f64, %n: i32) -> f64 { %m = i32.and %n, 7  loop l (%i: i32 = 0) { %t = i32.lt_s %i, 9  if %t { %v = f64.load [65536 + %m << 3] space ${space}  %c = i32.and %i, 1
      if %c { f64.store [65536 + %i << 3] space 1, %v  yield }  %j = i32.add %i, 1  br l, %j }  yield }  return %x }`));
    expect(loop(0)).toMatch(/f64\.load \S+ \+ %m\S* << 3\] space 0; .*if %c/);
    expect(loop(1)).toMatch(/if %c\S* \{; %v\S* = f64\.load/);
  });
  test("a load from where many steps lead, each of which takes the one before twice", () => {
    const steps = Array.from({ length: 60 }, (_, i) => `%a${i + 1} = i32.xor %a${i}, %b${i}  %b${i + 1} = i32.or %a${i}, %b${i}`).join("  ");
    expect(body(transform(pass, `func @f(%x: f64, %n: i32) -> f64 { %m = i32.and %n, 7  loop l (%i: i32 = 0) { %t = i32.lt_s %i, 9  if %t { %a0 = i32.load [65536 + %m << 2] space 2  %b0 = i32.load [65540 + %m << 2] space 2  ${steps}
      %o = i32.and %a60, %b60  %v = f64.load [65536 + %o << 3] space 2  %c = i32.and %i, 1  if %c { f64.store [65536 + %i << 3] space 1, %v  yield }  %j = i32.add %i, 1  br l, %j }  yield }  return %x }`))).toMatch(/f64\.load \S+ \+ %o.*if %c/);
  });
  test("a load past a store that may overlap", () => {
    const f = transform(pass, `func @f(%x: f64, %i: i32) -> f64 { %l = f64.load [65536 + 5 << 3] space 1  f64.store [65536 + 5 << 3] space 3, %x  if %i { f64.store [65536 + 6 << 3] space 1, %l  yield }  return %x }`);
    expect(body(f)).toMatch(/^%\S+ = f64\.load/);
  });
  test("what is needed after the `if`", () => {
    expect(body(transform(pass, `func @f(%x: f64, %i: i32) -> f64 { %s = math.sin %x  if %i { f64.store [65536 + 0 << 3] space 1, %s  yield }  return %s }`)))
      .toMatch(/^%\S+ = math\.sin/);
  });
  test("a division that may trap", () => {
    expect(body(transform(pass, `func @f(%i: i32, %j: i32) -> f64 { %d = i32.or %j, 1  %q = i32.div_s 7, %d  if %i { i32.store [65536 + 0 << 2] space 1, %q  yield }  return 0.0 }`)))
      .toMatch(/div_s.*if/);
  });
});
