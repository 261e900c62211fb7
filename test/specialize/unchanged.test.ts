// A pass that finds nothing to do gives back the function that it was given, and is not run on it again.

import { describe, expect, test } from "vitest";
import { parse } from "../../src/ir/parse.ts";
import type { Func, Instr, Program, Region, Value } from "../../src/ir/types.ts";
import { contentsOf, holdsAny, rangesOf } from "../../src/specialize/analyses.ts";
import { passes, runPasses, splitPasses, type Pass } from "../../src/specialize/passes.ts";
import { Ranges } from "../../src/specialize/ranges.ts";
import { isUnchanged } from "../../src/specialize/unchanged.ts";
import { vectorPasses } from "../../src/specialize/vectorize/passes.ts";

const text = `func @f(%x: i32, %n: i32) -> f64 {
  %r: f64 = loop l (%i: i32 = 0, %s: f64 = 0.0) {
    %c = i32.lt_s %i, %n
    if %c {
      %v = f64.load [%x + %i << 3 + 16] space 0
      %t = f64.add %s, %v
      %j = i32.add %i, 1
      br l, %j, %t
    }
    yield %s
  }
  f64.store [%x + 0 << 3] space 0, %r
  return %r
}`;
const program = (func: Func): Program => ({
  functions: [func], data: [], spaces: [{ name: "x", origin: "input", element: "f64", written: true, mayOverlap: [] }], inputs: [], exits: [], frameBytes: 0,
});

describe("a function that is written anew", () => {
  /** Two copies, and what the values of the first have become in the second. */
  function pair(other: string): { old: Region; made: Region; now: Value[] } {
    const [a, b] = [parse(text), parse(other)], now: Value[] = [];
    const link = (x: readonly Value[], y: readonly Value[]): void => { x.forEach((v, i) => { if (y[i]) now[v.id] = y[i]; }); };
    const walk = (x: Region, y: Region): void => {
      link(x.params, y.params);
      x.body.forEach((instr: Instr, i) => {
        const like = y.body[i];
        if (!like) return;
        if ("regions" in instr && "regions" in like) instr.regions.forEach((inner, k) => { if (like.regions[k]) walk(inner, like.regions[k]); });
        link(instr.results, like.results);
      });
    };
    link(a.params, b.params);
    walk(a.body, b.body);
    return { old: a.body, made: b.body, now };
  }
  const unchanged = (other: string): boolean => { const { old, made, now } = pair(other); return isUnchanged(old, made, now); };

  test("is the same where every instruction is", () => expect(unchanged(text)).toBe(true));
  test.each([
    ["an operation", "f64.add %s, %v", "f64.mul %s, %v"],
    ["the order of operands", "f64.add %s, %v", "f64.add %v, %s"],
    ["a constant", "i32.add %i, 1", "i32.add %i, 2"],
    ["the sign of a zero", "%s: f64 = 0.0", "%s: f64 = -0.0"],
    ["a load's place", "<< 3 + 16] space 0", "<< 3 + 24] space 0"],
    ["a load's step", "%i << 3 + 16", "%i << 2 + 16"],
    ["a load's space", "+ 16] space 0", "+ 16] space 1"],
    ["an exit", "return %r", "return exit 1, %r"],
    ["what a loop gives", "yield %s", "yield 0.0"],
    ["notes of a loop", "l (%i: i32 = 0, %s: f64 = 0.0)", "l (%i: i32 = 0, %s: f64 = 0.0) unroll 2"],
    ["an instruction more", "  return %r", "  f64.store [%x + 1 << 3] space 0, %r\n  return %r"],
  ])("is another one where %s differs", (_what, before, after) => {
    expect(text).toContain(before);
    expect(unchanged(text.replace(before, after))).toBe(false);
  });
});

describe("what is known of a function", () => {
  const func = parse(text);
  test("is found once", () => expect(contentsOf(func)).toBe(contentsOf(func)));
  test("counts what computes, loads and stores", () => expect(contentsOf(func).operations).toBe(5));
  test("lists its loops", () => expect([contentsOf(func).loops.length, contentsOf(func).nests]).toEqual([1, false]));
  test("names its operations", () => expect([holdsAny(func, ["f64.div", "f64.add"]), holdsAny(func, ["f64.div"])]).toEqual([true, false]));
  test("ranges hold while inputs and tables are the same", () => {
    const of = program(func);
    expect(rangesOf(func, { ...of })).toBe(rangesOf(func, of));
    expect(rangesOf(func, { ...of, data: [] })).not.toBe(rangesOf(func, of));
  });
  test("ranges are found when they are asked for", () => {
    const of = new Ranges(func, { ...program(func), get inputs(): Program["inputs"] { throw new Error("found"); } });
    expect(() => of.of(func.params[0]!)).toThrow("found");
  });
});

describe("passes", () => {
  const all = [...passes, ...splitPasses, ...vectorPasses];
  test("give back what they can do nothing with", () => {
    let now = program(parse(text));
    for (let i = 0; i < 3; i++) now = runPasses(now, { passes: all }).program;
    const [settled] = now.functions;
    for (const pass of all) expect(pass.run(settled!, now, () => {}), pass.name).toBe(settled);
  });
  /** Loads, sums and a quotient in doubles: as many of the loops of large programs are. */
  const plain = `func @f(%x: i32, %n: f64) -> f64 {
    %m = f64.load [%x + 0 << 3 + 8] space 0  %t = i32.trunc_sat_f64_s %m  %b = i32.load8_u [%x + 0 << 0] space 0
    %r: f64 = loop l (%i: f64 = 0.0, %s: f64 = 0.0, %k: i32 = %t) {
      %v = f64.load [%x + %k << 3] space 0  %w = f64.load [%x + %k << 3 + 16] space 0  %d = f64.convert_i32_s %k  %h = f64.mul %d, 0.3
      %q = f64.div %v, %w  %o = f64.max %q, %w  %u = f64.add %o, %h  %z = f64.add %s, %u  %j = f64.add %i, 1.0  %g = i32.add %k, 1  %c = f64.lt %i, %m
      if %c { br l, %j, %z, %g }
      yield %z }
    %e = f64.convert_i32_s %b  %a = f64.add %r, %e
    return %a }`;
  test.each(["isolate", "multiples", "offsets", "rings", "quotients", "records", "wide"])("of which %s has nothing to do with what is there ask for no ranges", (name) => {
    const func = parse(plain), of = { ...program(func), get inputs(): Program["inputs"] { throw new Error("ranges were asked for"); } };
    expect(all.find((pass) => pass.name === name)!.run(func, of, () => {})).toBe(func);
  });
  test("are not run again on what they left as it was, until there are other tables", () => {
    let runs = 0;
    const pass: Pass = { name: "idle", why: "to be counted", run: (func) => { runs++; return func; } };
    const of = program(parse(text));
    runPasses(of, { passes: [pass, pass] });
    expect(runs).toBe(1);
    runPasses({ ...of, data: [] }, { passes: [pass] });
    expect(runs).toBe(2);
  });
});
