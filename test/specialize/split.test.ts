// Loops of which most iterations need no bounds checks, and what must stay checked.

import { describe, expect, test } from "vitest";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { hoist } from "../../src/specialize/hoist.ts";
import { simplify } from "../../src/specialize/simplify.ts";
import { splitLoops } from "../../src/specialize/split.ts";
import type { Func, Loop, Program } from "../../src/ir/types.ts";
import { instructions } from "../../src/ir/build.ts";
import { print } from "../../src/ir/print.ts";
import { count, transform } from "./harness.ts";

const clean = (func: Func, program: Program): Func => removeDeadCode(simplify(func, program), program);
const pass = (func: Func, program: Program): Func => clean(splitLoops(removeDeadCode(hoist(clean(func, program), program), program), program), program);

/** the checks in each loop, nested ones counted with the outer */
const checks = (f: Func): number[] => [...instructions(f.body)].filter((i): i is Loop => i.op === "loop")
  .map((l) => [...instructions(l.regions[0])].filter((i) => i.op === "i32.lt_u" || i.op === "i32.gt_u").length);

const read = (v: string, index: string, length: string): string =>
  `%k${v} = i32.lt_u ${index}, ${length}  %${v}: f64 = if %k${v} { %l${v} = f64.load [66560 + ${index} << 3] space 0  yield %l${v} } else { yield nan }`;
/** for (i = start; i < n; i += step) y[i & 63] = s = s * 0.5 + body */
const loop = (params: string, before: string, start: string, inside: string, step = "1"): string => `func @f(${params}) -> f64 { %n = i32.and %p, 127  %len = i32.and %q, 63
  ${before}
  %r: f64 = loop l (%i: i32 = ${start}, %s: f64 = 0.0) { %c = i32.lt_s %i, %n  if %c {
    ${inside}
    %h = f64.mul %s, 0.5  %w = f64.add %h, %v  %m = i32.and %i, 63  f64.store [65536 + %m << 3] space 1, %w  %j = i32.add %i, ${step}  br l, %j, %w }  yield %s }
  return %r }`;
const inputs = [[0, 0], [1, 0], [0, 5], [1, 1], [5, 3], [3, 5], [60, 63], [63, 60], [64, 63], [100, 30], [127, 63], [70, 63]];
const inputs3 = inputs.flatMap((pair) => [-2147483648, -70, -1, 0, 1, 5, 40, 2147483647].map((k) => [...pair, k]));

describe("split", () => {
  test("i ≤ n and a limit are one comparison", () => {
    const text = loop("%p: i32, %q: i32", "", "0", read("v", "%i", "%len")).replace("i32.lt_s %i, %n", "i32.le_s %i, %n");
    const made = transform(pass, text, inputs);
    expect(checks(made)).toEqual([0, 1]);
    expect([...instructions(made.body)].filter((i) => i.op === "i32.and").length).toBe(4); // %n, %len and the index of each store
  });
  test.each(["%bad = i32.eqz %len", "%bad = i32.le_u %len, 5", "%bad = i32.ge_u 5, %len", "%less = i32.lt_s %len, 9  %eq = i32.eq %q, 30  %bad = i32.or %less, %eq", "%bad = i32.ge_u %e, %len", "%bad = i32.lt_u %e, %len"])(
    "what the original has to do, behind a store, by a question that is always the same: %s", (bad) => {
      const text = loop("%p: i32, %q: i32, %e: i32", "", "0", `f64.store [65536 + 8 << 3] space 1, 1.0  ${bad}  if %bad { trap exit 0 } else { yield }  ${read("v", "%i", "%len")}`);
      const traps = [...instructions(transform(pass, text, inputs3).body)].filter((i): i is Loop => i.op === "loop").map((l) => [...instructions(l.regions[0])].filter((i) => i.op === "trap").length);
      expect(traps).toEqual([0, 1]);
    });
  test("x[i]", () => {
    expect(checks(transform(pass, loop("%p: i32, %q: i32", "", "0", read("v", "%i", "%len")), inputs))).toEqual([0, 1]);
  });
  describe("x[i · p + 2], of a factor that varies", () => {
    const product = (factor: string, inside: string): string => loop("%p: i32, %q: i32, %e: i32", `%far = i32.and %e, 255  %by = ${factor}`, "0", inside);
    const place = "%a0 = i32.mul %i, %by  %a = i32.add %a0, 2  ";
    const below = (of: string): string => `%small = i32.eq %i, 9  %v: f64 = if %small { ${of}  yield %v1 } else { yield 2.5 }`;
    test("the last iteration's place tells of all", () => {
      expect(checks(transform(pass, product("i32.and %far, 15", `${place}${read("v", "%a", "%len")}`), inputs3))).toEqual([0, 1]);
    });
    test("not where it may go down", () => {
      expect(checks(transform(pass, product("i32.add %far, -128", `${place}${read("v", "%a", "%len")}`), inputs3))).toEqual([1]);
    });
    test("not where it may wrap, but in an arm", () => {
      const inside = (by: string): string => product(by, below(`${place}${read("v1", "%a", "%len")}`));
      expect(checks(transform(pass, inside("i32.and %e, 134217727"), inputs3))).toEqual([1]);
    });
    test("not where some iterations take a way out behind it, and ranges know", () => {
      const inside = `${place}${read("v", "%a", "%len")}  %out = i32.ge_s %i, 9  if %out { trap exit 0 } else { yield }`;
      expect(checks(transform(pass, product("i32.and %e, 134217727", inside), inputs3))).toEqual([1, 1]);
    });
    test("not where what it calls may leave the program", () => {
      const inside = `%far2 = i32.ge_s %i, 100  if %far2 { %w0: f64 = call @f, 0, 0, 0  f64.store [65536 + 8 << 3] space 1, %w0  yield }  ${place}${read("v", "%a", "%len")}`;
      expect(checks(transform(pass, product("i32.and %far, 15", inside), inputs3))).toEqual([1]);
      expect(checks(transform(pass, product("i32.and %far, 15", inside.replace("call @f, 0, 0, 0", "f64.load [65536 + 16 << 3] space 1")), inputs3))).toEqual([0, 1]);
    });
    test("not of what is behind a way out that some iterations take", () => {
      const inside = `%out = i32.ge_s %i, 9  if %out { trap exit 0 } else { yield }  ${place}${read("v", "%a", "%len")}`;
      expect(checks(transform(pass, product("i32.and %e, 134217727", inside), inputs3))).toEqual([1, 1]);
    });
  });
  test("x[i + 3]", () => {
    expect(checks(transform(pass, loop("%p: i32, %q: i32", "", "0", `%a = i32.add %i, 3  ${read("v", "%a", "%len")}`), inputs))).toEqual([0, 1]);
  });
  test("x[i − 2]: the first iterations are checked too", () => {
    expect(checks(transform(pass, loop("%p: i32, %q: i32", "", "0", `%a = i32.add %i, -2  ${read("v", "%a", "%len")}`), inputs))).toEqual([1, 0, 1]);
  });
  test("a second counter is a multiple of the first: its checks go too", () => {
    const text = (from: string, c: string, by: number): string => `func @f(%p: i32, %q: i32) -> f64 { %n = i32.and %p, 127  %len = i32.and %q, 63  %from = i32.and %q, 7
      %r: f64 = loop l (%i: i32 = 0, %o: i32 = ${from}, %s: f64 = 0.0) { %c = i32.lt_s %i, %n  if %c {
        %a = i32.add %o, ${c}  ${read("v", "%a", "%len")}  ${read("u", "%i", "%len")}
        %h = f64.mul %s, 0.5  %t = f64.add %h, %v  %w = f64.add %t, %u  %m = i32.and %i, 63  f64.store [65536 + %m << 3] space 1, %w  %j = i32.add %i, 3  %k = i32.add %o, ${by}  br l, %j, %k, %w }  yield %s }
      return %r }`;
    expect(checks(transform(pass, text("0", "0", 4), inputs))).toEqual([0, 2]);
    expect(checks(transform(pass, text("%from", "3", 2), inputs))).toEqual([0, 2]);
    expect(checks(transform(pass, text("1", "-5", 6), inputs))).toEqual([2, 0, 2]);
  });
  test("x[i + k] with k from outside, whatever it is", () => {
    expect(checks(transform(pass, loop("%p: i32, %q: i32, %k: i32", "", "0", `%a = i32.add %i, %k  ${read("v", "%a", "%len")}`), inputs3))).toEqual([1, 0, 1]);
  });
  test("x[k − i] stays", () => {
    expect(checks(transform(pass, loop("%p: i32, %q: i32, %k: i32", "", "0", `%a = i32.sub %k, %i  ${read("v", "%a", "%len")}`), inputs3))).toEqual([1]);
  });
  test("x[4i + 3]", () => {
    expect(checks(transform(pass, loop("%p: i32, %q: i32", "", "0", `%b = i32.shl %i, 2  %a = i32.add %b, 3  ${read("v", "%a", "%len")}`), inputs))).toEqual([0, 1]);
  });
  test("x[i] and x[i + 1] and x[k]: one test each for what is the same in all iterations", () => {
    expect(checks(transform(pass, loop("%p: i32, %q: i32, %k: i32", "", "0",
      `%a = i32.add %i, 1  ${read("x", "%i", "%len")}  ${read("y", "%a", "%len")}  %z = f64.add %x, %y  %o = i32.lt_u %k, %len  if %o { f64.store [65536 + 100 << 3] space 1, %z  yield }  %v = f64.neg %z`), inputs3))).toEqual([0, 2]);
  });
  test("a step of three", () => {
    expect(checks(transform(pass, loop("%p: i32, %q: i32", "", "0", `%a = i32.add %i, 2  ${read("v", "%a", "%len")}`, "3"), inputs))).toEqual([0, 1]);
  });
  test("an inner counter within known bounds: the outer loop is split", () => {
    const f = transform(pass, loop("%p: i32, %q: i32", "", "0", `%v: f64 = loop t (%g: i32 = 0, %u: f64 = 0.0) { %d = i32.lt_s %g, 20  if %d {
      %a = i32.add %i, %g  ${read("z", "%a", "%len")}  %b = f64.add %u, %z  %e = i32.add %g, 1  br t, %e, %b }  yield %u }`), inputs);
    expect(checks(f)).toEqual([0, 0, 1, 1]);
  });
  test("a start that is not known", () => {
    expect(checks(transform(pass, loop("%p: i32, %q: i32, %k: i32", "%st = i32.or %k, -128  %st2 = i32.shr_s %st, 1", "%st2", read("v", "%i", "%len")), inputs3))).toEqual([1, 0, 1]);
  });
});

describe("must not be split", () => {
  test("a counter that may wrap around", () => {
    const f = transform(pass, `func @f(%p: i32, %q: i32) -> f64 { %len = i32.and %q, 63  %r: f64 = loop l (%i: i32 = 2147483640, %s: f64 = 0.0) { %c = i32.ne %i, -2147483640  if %c {
      ${read("v", "%i", "%len")}  %w = f64.add %s, %v  %j = i32.add %i, 1  br l, %j, %w }  yield %s }  return %r }`, inputs);
    expect(count(f).loops).toBe(1);
  });
  test("a length that changes in the loop", () => {
    const f = transform(pass, loop("%p: i32, %q: i32", "", "0", `%e = i32.shr_u %i, 1  %x = i32.sub %len, %e  %y = i32.and %x, 63  ${read("v", "%i", "%y")}`), inputs);
    expect(checks(f)).toEqual([1]);
  });
  test("a loop without checks", () => {
    expect(count(transform(pass, loop("%p: i32, %q: i32", "", "0", "%v = f64.convert_i32_s %i"), inputs)).loops).toBe(1);
  });
});

test("a check that may fail in any iteration is no reason to split", () => {
  const f = transform(pass, loop("%p: i32, %q: i32", "", "0", `%a = i32.and %i, 127  ${read("v", "%a", "64")}`), inputs);
  expect(checks(f)).toEqual([1]);
});

test("an inner counter is below its loop's end: as many elements are enough", () => {
  const f = transform(pass, `func @f(%p: i32) -> f64 { %len = i32.and %p, 63
    %r: f64 = loop l (%o: i32 = 0, %s: f64 = 0.0) { %c = i32.lt_s %o, 20  if %c {
      %q: f64 = loop k (%i: i32 = 0, %t: f64 = %s) { %d = i32.lt_s %i, 32  if %d { ${read("v", "%i", "%len")}  %w = f64.add %t, %v  %h = i32.add %i, 1  br k, %h, %w }  yield %t }
      %j = i32.add %o, 1  br l, %j, %q }  yield %s }
    return %r }`, [[0], [31], [32], [33], [63]]);
  expect(print(f)).toMatch(/i32\.gt_s %len\S*, 31|i32\.ge_s %len\S*, 32/);
});

describe("an inner counter up to what varies", () => {
  /** for (o = 4; o < n; o++) for (i = first; i < limit; i++) s += x[index], or what is asked before the inner test */
  const nest = (first: string, limit: string, index: string, early = ""): string => `func @f(%p: i32, %q: i32) -> f64 { %n = i32.and %p, 16383  %len = i32.and %q, 16383
    %r: f64 = loop l (%o: i32 = 4, %s: f64 = 0.0) { %c = i32.lt_s %o, %n  if %c { %first = ${first}  %limit = ${limit}
      %u: f64 = loop k (%i: i32 = %first, %t: f64 = %s) { ${early} %d = i32.lt_s %i, %limit  if %d { %x = ${index}  ${early ? "%v = f64.convert_i32_s %g" : read("v", "%x", "%len")}  %w = f64.add %t, %v  %h = i32.add %i, 1  br k, %h, %w }  yield %t }
      %j = i32.add %o, 1  br l, %j, %u }  yield %s }
    return %r }`;
  const sizes = [0, 4, 5, 9, 20].flatMap((p) => [0, 3, 4, 5, 8, 9, 10, 19, 20, 30].map((q) => [p, q]));
  test.each([
    ["up to what is left", nest("i32.add 0, 0", "i32.sub %n, %o", "i32.add %i, %o")],
    ["from the outer one on", nest("i32.sub %o, 2", "i32.add %n, 0", "i32.sub %i, 1")],
    ["on both sides of the outer one", nest("i32.sub %o, %n", "i32.add %n, %o", "i32.add %i, %n")],
    ["taken away", nest("i32.add 0, 0", "i32.add %o, 0", "i32.sub %o, %i")],
  ])("%s: its limits tell", (_name, text) => { expect(checks(transform(pass, text, sizes))).toEqual([0, 0, 1, 1]); });
  test("what is asked before its test may be the limit itself", () => {
    const text = nest("i32.add 0, 0", "i32.sub %n, %o", "i32.add %i, %o", "%y = i32.add %i, %o  %g = i32.lt_u %y, %len").replace("}  yield %t }", "}  %z = f64.convert_i32_s %g  %e = f64.add %t, %z  yield %e }");
    transform(pass, text, sizes);
  });
  test("a limit that wraps around is the number that it is then", () => {
    const text = nest("i32.add 0, 0", "i32.and %far, 16383", "i32.add %i, %o").replace("%limit =", "%far = i32.mul %o, 1073741827  %limit =");
    transform(pass, text, [[6, 3], [6, 9000], [9, 16383]]);
  });
});

describe("what is looked up by bytes that the loop reads", () => {
  const looked = (index: string, space = 0): string => loop("%p: i32, %q: i32", "", "0", `%b = i32.load8_u [66566 + %i << 3] space ${space}  %x = ${index}  ${read("v", "%x", "%len")}`);
  const sizes = [0, 1, 2, 63, 64, 127].flatMap((p) => [0, 1, 17, 40, 63].map((q) => [p, q]));
  test("is looked at before: a loop, one without checks, one with them", () => { expect(checks(transform(pass, looked("i32.add %b, 0"), sizes))).toEqual([0, 0, 1]); });
  test("times a constant, and another one", () => { expect(checks(transform(pass, looked("i32.add %m2, 3").replace("%x = i32.add", "%m2 = i32.mul %b, 2  %x = i32.add"), sizes))).toEqual([0, 0, 1]); });
  test("as doubles", () => { expect(checks(transform(pass, looked("i32.trunc_sat_f64_s %d").replace("%x = i32", "%e = f64.convert_i32_s %b  %d = f64.add %e, 1.0  %x = i32"), sizes))).toEqual([0, 0, 1]); });
  test("not where it may be written", () => { expect(checks(transform(pass, looked("i32.add %b, 0", 1), sizes))).not.toEqual([0, 0, 1]); });
  test("not what falls as the byte rises", () => { expect(checks(transform(pass, looked("i32.sub 255, %b"), sizes))).not.toEqual([0, 0, 1]); });
  test("not behind a way out", () => {
    const text = looked("i32.add %b, 0").replace("%b = i32.load8_u", "%o = i32.gt_s %i, 70  if %o { trap exit 0 }  %b = i32.load8_u");
    expect(checks(transform(pass, text, sizes))).not.toEqual([0, 0, 1]);
  });
});
