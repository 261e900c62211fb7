// Which loops do their first iteration apart, that they keep every bit, and what follows of it.

import { describe, expect, test } from "vitest";
import { loadBefore } from "../../src/specialize/busy.ts";
import { cutFirsts } from "../../src/specialize/firsts.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { simplify } from "../../src/specialize/simplify.ts";
import type { Func, Program } from "../../src/ir/types.ts";
import { body, transform } from "./harness.ts";
import { compileKernel, expectSame, type Kernel } from "./vectorize.harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(simplify(cutFirsts(func, program), program), program);
/** for (i = first; test; i += step) if (question) x[i] = x[i - 1] + 1; else x[i] = 7 */
const row = (question: string, first = "0", step = "1", test = "%t = i32.lt_s %i, %m"): string => `func @f(%n: i32) -> f64 { %m = i32.and %n, 31
  %r: i32 = loop l (%i: i32 = ${first}) { ${test}  if %t { ${question}  if %c { %k = i32.sub %i, 1  %j = i32.and %k, 63  %v = f64.load [65536 + %j << 3] space 1  %w = f64.add %v, 1.0  %q = i32.and %i, 63  f64.store [65536 + %q << 3] space 1, %w  yield
  } else { %p = i32.and %i, 63  f64.store [65536 + %p << 3] space 1, 7.0  yield }  %next = i32.add %i, ${step}  br l, %next }  yield %i }  %d = f64.convert_i32_s %r  return %d }`;
/** Whether it is asked in the loop, in which 7 is stored then. */
const isAsked = (text: string): boolean => /loop .*, 7\.0/.test(body(transform(pass, text)));

describe("what the first iteration alone is asked", () => {
  test.each([
    ["i === 0", "%c = i32.ne %i, 0"], ["i > 0", "%c = i32.gt_s %i, 0"], ["i >= 1", "%c = i32.ge_s %i, 1"],
  ])("%s: no question in the loop", (_, question) => { expect(isAsked(row(question))).toBe(false); });
  test("the counter itself", () => { expect(isAsked(row("").replace("if %c", "if %i"))).toBe(false); });
  test("i === 3, from 3 on by 2", () => { expect(isAsked(row("%c = i32.ne %i, 3", "3", "2"))).toBe(false); });
  test("up to and with the limit", () => { expect(isAsked(row("%c = i32.ne %i, 0", "0", "1", "%t = i32.le_s %i, %m"))).toBe(false); });
});
test("the loop behind begins with the second iteration, unless that were to be loaded by where there may be none", () => {
  const begins = (test: string): string | undefined => /loop \S+ \(%i\S*: i32 = (\S+)\)/.exec(body(transform(pass, row("%c = i32.ne %i, 0", "0", "1", test).replace("yield %i }  %d = f64.convert_i32_s %r", "yield 0 }  %d = f64.convert_i32_s %r"))))?.[1];
  expect(begins("%t = i32.lt_s %i, %m")).toBe("1");
  expect(begins("%z = f64.load [65536 + %i << 3] space 0  f64.store [65536 + 9 << 3] space 1, %z  %t = i32.lt_s %i, %m")).toBe("0");
  expect(begins("%z = i32.load [65536 + %i << 2] space 0  %t = i32.lt_s %i, %m")).toMatch(/^%/);
});
describe("is left", () => {
  test.each([["i === 1", "%c = i32.ne %i, 1"], ["i > 1", "%c = i32.gt_s %i, 1"], ["what varies", "%c = i32.ne %n, 0"]])("%s", (_, question) => { expect(isAsked(row(question))).toBe(true); });
  test("a loop that counts down", () => { expect(isAsked(row("%c = i32.ne %i, 9", "9", "-1", "%t = i32.ge_s %i, 0"))).toBe(true); });
  test("one that reads nothing of what it writes", () => { expect(isAsked(row("%c = i32.ne %i, 0").replace("<< 3] space 1  %w", "<< 3] space 0  %w"))).toBe(true); });
});

test("what both arms load is loaded before them, what one loads is not", () => {
  const text = body(transform((f, p) => removeDeadCode(loadBefore(f, p), p), `func @f(%n: i32) -> f64 { %m = i32.and %n, 7  loop l (%i: i32 = 0) { %t = i32.lt_s %i, 9  if %t { %c = i32.lt_s %i, 4  if %c { %v = f64.load [65536 + %m << 3] space 0  f64.store [65536 + %i << 3] space 1, %v  yield
    } else { %u = f64.load [65536 + %m << 3] space 0  %o = f64.load [65536 + 1 << 3] space 0  %s = f64.add %u, %o  f64.store [65536 + %i << 3] space 1, %s  yield }  %j = i32.add %i, 1  br l, %j }  yield }  return 0.0 }`));
  expect(text.match(/f64\.load/g)).toHaveLength(2);
  expect(text).toMatch(/f64\.load \[\S+ \+ %m\S* << 3\] space 0; if %\S+ \{; f64\.store/);
});

describe("tables whose first row and column are asked for", () => {
  const letters = (n: number, seed: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => Math.abs(Math.sin(i * 3.7 + seed)) * 4);
  const sizes = [[9, 21], [0, 5], [1, 1], [4, 0], [7, 40]] as const;
  const diagonals = (kernel: Kernel, inputs: unknown[][]): number => {
    const compiled = compileKernel(kernel, inputs[0]!, []);
    expectSame(kernel, compiled, inputs);
    return compiled.residual.stages.find((s) => s.pass === "diagonals")!.text().match(/loop \w+diagonal /g)?.length ?? 0;
  };
  test("a flat one: by diagonals", () => {
    const edit = (a: Uint8Array, b: Uint8Array, h: Int32Array): void => {
      const w = b.length + 1;
      for (let i = 0; i <= a.length; i++) for (let j = 0; j <= b.length; j++) {
        if (i === 0) h[j] = j;
        else if (j === 0) h[i * w] = i;
        else h[i * w + j] = Math.min(h[(i - 1) * w + j]! + 1, h[i * w + j - 1]! + 1, h[(i - 1) * w + j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      }
    };
    expect(diagonals(edit as Kernel, sizes.map(([n, m]) => [letters(n, 1), letters(m, 5), new Int32Array((n + 1) * (m + 1))]))).toBeGreaterThanOrEqual(1);
  });
  test("one of rows: where they lie and how long they are stands before the columns", () => {
    const common = (a: Uint8Array, b: Uint8Array, last: Int32Array): void => {
      const h = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
      for (let i = 0; i <= a.length; i++) for (let j = 0; j <= b.length; j++) {
        if (i === 0 || j === 0) h[i]![j] = 0;
        else if (a[i - 1] === b[j - 1]) h[i]![j] = h[i - 1]![j - 1]! + 1;
        else h[i]![j] = Math.max(h[i - 1]![j]!, h[i]![j - 1]!);
      }
      last[0] = h[a.length]![b.length]!;
    };
    const inputs = sizes.map(([n, m]) => [letters(n, 1), letters(m, 5), new Int32Array(1)]), compiled = compileKernel(common as Kernel, inputs[0]!, []);
    expectSame(common as Kernel, compiled, inputs);
    const text = compiled.residual.stages.find((s) => s.pass === "diagonals")!.text(), [inner] = /loop \w+ \(%j\S+: i32 = 1\) main \{[^]*?br /.exec(text) ?? [""];
    expect([inner.match(/i32\.load8_u/g)?.length, inner.match(/i32\.load \[/g)?.length, inner.match(/lt_u/g)]).toEqual([1, 3, null]);
  });
});
