// Ways out that move in front of what is loaded only where they are not taken, and what keeps them where they are.

import { describe, expect, test } from "vitest";
import { leaveEarly } from "../../src/specialize/early.ts";
import { body, count, transform } from "./harness.ts";
import { facts } from "./partial/facts.ts";

const load = "%v: f64 = if %c { %l = f64.load [65536 + %i << 3] space 1  yield %l } else { yield nan }";

describe("moves", () => {
  test("behind it there is but one arm", () => {
    const f = transform(leaveEarly, `func @f(%i: i32) -> f64 { %c = i32.lt_u %i, 64  ${load}  %w = f64.add %v, 1.0  %o = i32.ge_u %i, 64  if %o { trap exit 0 }  return %w }`);
    expect(body(f)).toMatch(/ge_u[^;]+; if %\S+ \{; trap exit 0; \}; %\S+ = f64\.load/);
    expect(count(f)).toMatchObject({ ifs: 1, loads: 1 });
  });
  test("two, each in front of its own", () => {
    const f = transform(leaveEarly, `func @f(%i: i32, %j: i32) -> f64 { %c = i32.lt_u %i, 64  ${load}  %d = i32.lt_u %j, 64  %u: f64 = if %d { %m = f64.load [65536 + %j << 3] space 0  yield %m } else { yield nan }
      %o = i32.eqz %c  if %o { trap exit 0 }  %p = i32.ge_u %j, 64  if %p { trap exit 0 }  %w = f64.add %v, %u  return %w }`);
    expect(count(f)).toMatchObject({ ifs: 2, loads: 2 });
  });
});

describe("stays", () => {
  const stays = (between: string, first = ""): void => {
    const f = transform(leaveEarly, `func @f(%i: i32, %x: f64) -> f64 { %c = i32.lt_u %i, 64  ${load}  ${between}  %o = i32.ge_u %i, 64  if %o { trap exit 0 }  return %v }`);
    expect(body(f)).toMatch(new RegExp(`if %\\S+ \\{; %\\S+ = f64\\.load.*${first}.*trap exit 0`));
  };
  test("behind a store", () => { stays("f64.store [65536 + 3 << 3] space 1, %x", "f64\\.store"); });
  test("behind another way out", () => { stays("%q = f64.lt %x, 0.0  if %q { trap exit 0 }", "f64\\.lt.*trap exit 0"); });
  test("behind a loop", () => { stays("loop l (%k: i32 = 0) { %n = i32.add %k, 1  %t = i32.lt_s %n, 3  if %t { br l, %n }  yield }", "loop"); });
});

test("rows that the kernel makes are looked up, and asked for their length, in front of the loop along them", () => {
  const align = (a: Uint8Array, b: Uint8Array): number => {
    const t = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
    let most = 0;
    for (let i = 1; i <= a.length; i++) for (let j = 1; j <= b.length; j++) { const v = Math.max(t[i - 1]![j - 1]! + a[i - 1]!, t[i - 1]![j]! - 2, t[i]![j - 1]! - b[j - 1]!); t[i]![j] = v; if (v > most) most = v; }
    return most;
  };
  const { executed, loads } = facts(align, [], [[2, 0], [4, 3], [4, 6]].map(([n, m]) => [new Uint8Array(n!).fill(3), new Uint8Array(m!).fill(1)]));
  expect(loads).toBeLessThan(17);
  expect((executed[2]! - executed[1]!) / 12).toBeLessThan(26);
});
