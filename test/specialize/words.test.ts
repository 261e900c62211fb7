// Bytes put together to words, and what is none.

import { describe, expect, test } from "vitest";
import type { Func, Program } from "../../src/ir/types.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { loadWords } from "../../src/specialize/words.ts";
import { body, transform } from "./harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(loadWords(func, program), program);
const at = (name: string, offset: number, index = "%i"): string => `%${name} = i32.load8_u [65536 + ${index} << 0${offset === 0 ? "" : ` + ${offset}`}] space 0`;
const inputs = [0, 1, 2, 3, 7, 100, 4000].map((i) => [i]);
const of = (inside: string, result = "%w"): string => body(transform(pass, `func @f(%i: i32) -> f64 { ${inside}  %z = f64.convert_i32_s ${result}  return %z }`, inputs));
const four = [0, 1, 2, 3].map((k) => at("abcd"[k]!, k)).join("  ");
const shifted = (b: number, c: number, d: number): string => `%b2 = i32.shl %b, ${b}  %c2 = i32.shl %c, ${c}  %d2 = i32.shl %d, ${d}`;
const joined = (op = "i32.or"): string => `%u = ${op} %a, %b2  %v = ${op} %u, %c2  %w = ${op} %v, %d2`;

describe("one load", () => {
  for (const op of ["i32.or", "i32.add", "i32.xor"]) test(`four bytes, by ${op}`, () => { const made = of(`${four}  ${shifted(8, 16, 24)}  ${joined(op)}`); expect(made).toMatch(/i32\.load \[/); expect(made).not.toMatch(/load8_u|shl/); });
  test("in pairs", () => { expect(of(`${four}  ${shifted(8, 16, 24)}  %u = i32.or %a, %b2  %v = i32.or %c2, %d2  %w = i32.or %u, %v`)).not.toMatch(/load8_u|load16_u/); });
  test("shifted step by step", () => { expect(of(`${four}  %p = i32.shl %d, 8  %q = i32.or %p, %c  %r = i32.shl %q, 8  %s = i32.or %r, %b  %t = i32.shl %s, 8  %w = i32.or %t, %a`)).toMatch(/i32\.load \[/); });
  test("with indices that are sums", () => { expect(of(`${at("a", 0)}  %j = i32.add %i, 1  ${at("b", 0, "%j")}  %b2 = i32.shl %b, 8  %w = i32.or %a, %b2`)).toMatch(/i32\.load16_u \[/); });
  test("turned", () => { const made = of(`${four}  %a2 = i32.shl %a, 24  %b2 = i32.shl %b, 16  %c2 = i32.shl %c, 8  %u = i32.or %a2, %b2  %v = i32.or %u, %c2  %w = i32.or %v, %d`); expect(made).toMatch(/i32\.rotl/); expect(made).not.toMatch(/load8_u/); });
  test("a store that is elsewhere stands between", () => { expect(of(`${four}  i32.store [66560 + %i << 0] space 1, %a  ${shifted(8, 16, 24)}  ${joined()}`)).toMatch(/i32\.load \[/); });
});

describe("as it was", () => {
  const stays = (made: string): void => { expect(made).not.toMatch(/i32\.load \[|load16_u|rotl/); };
  test("bytes that are not in a row", () => { stays(of(`${at("a", 0)}  ${at("b", 2)}  %b2 = i32.shl %b, 8  %w = i32.or %a, %b2`)); });
  test("other shifts", () => { stays(of(`${four}  ${shifted(9, 16, 24)}  ${joined()}`)); });
  test("one byte twice", () => { stays(of(`${four}  ${shifted(16, 16, 24)}  ${joined()}`)); });
  test("three bytes", () => { stays(of(`${four}  ${shifted(16, 8, 24)}  %u = i32.or %a, %b2  %w = i32.or %u, %c2`)); });
  test("a store that may change them stands between", () => {
    const load = (name: string, offset: number): string => at(name, offset).replace("space 0", "space 1");
    stays(body(transform(pass, `func @f(%i: i32) -> f64 { ${load("a", 0)}  i32.store [65536 + %i << 0] space 3, %i  ${load("b", 1)}  %b2 = i32.shl %b, 8  %w = i32.or %a, %b2  %z = f64.convert_i32_s %w  return %z }`, [[0], [1], [2]])));
  });
});
