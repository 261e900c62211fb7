// The pass loop: order, skipping, stopping early, what it remembers; and the whole list over one kernel, a page a pass with claims.

import { describe, expect, test } from "vitest";
import { print } from "../../src/ir/print.ts";
import { passes, runPasses, splitPasses, type Pass } from "../../src/specialize/passes.ts";
import type { Program } from "../../src/ir/types.ts";
import { count, ir, observe, programOf } from "./harness.ts";

const read = (v: string, index: string): string => `%t${v} = i32.trunc_sat_f64_s ${index}  %b${v} = f64.convert_i32_s %t${v}  %e${v} = f64.eq %b${v}, ${index}
  %u${v} = i32.lt_u %t${v}, %n  %k${v} = i32.and %e${v}, %u${v}  %${v}: f64 = if %k${v} { %l${v} = f64.load [66560 + %t${v} << 3] space 0  yield %l${v} } else { yield nan }`;
/** for (i = 0; i < m; i++) y[i] = 0.5 * x[i] + 0.25 * x[i + 1], as partial evaluation writes it */
const filter = (): Program => programOf(ir(`func @f(%p: i32, %q: i32) { %n = i32.and %p, 63  %m = i32.and %q, 63  loop l (%i: f64 = 0.0) {
  %len = f64.convert_i32_s %m  %c = f64.lt %i, %len  if %c {
    ${read("x", "%i")}  %a = f64.mul 0.5, %x  %s = f64.add 0.0, %a  %j = f64.add %i, 1.0  ${read("z", "%j")}  %b = f64.mul 0.25, %z  %w = f64.add %s, %b
    %ty = i32.trunc_sat_f64_s %i  %by = f64.convert_i32_s %ty  %ey = f64.eq %by, %i  %uy = i32.lt_u %ty, %m  %ky = i32.and %ey, %uy  if %ky { f64.store [65536 + %ty << 3] space 1, %w  yield }
    %g = f64.add %i, 1.0  br l, %g }  yield }  return }`));
const inputs = [[0, 0], [1, 1], [5, 5], [5, 4], [4, 5], [63, 60], [20, 63]];

describe("a filter with two taps", () => {
  const program = filter();
  const before = print(program.functions[0]!);
  const { program: after, stages } = runPasses(program, { check: true });
  const { program: split } = runPasses(after, { check: true, passes: splitPasses });

  test("keeps every bit", () => {
    for (const args of inputs) for (const now of [after, split]) expect(observe(now, args)).toBe(observe(program, args));
  });
  test("is not touched itself", () => { expect(print(program.functions[0]!)).toBe(before); });
  test("counts in int32, and checks x alone", () => {
    expect(print(after.functions[0]!)).not.toMatch(/trunc_sat|convert/);
    expect(count(after.functions[0]!)).toMatchObject({ loops: 1, ifs: 3, loads: 2, stores: 1 });
  });
  test("split, most iterations check nothing", () => {
    expect(count(split.functions[0]!)).toMatchObject({ loops: 2, ifs: 4, loads: 4, stores: 2 });
  });
  test("says what was done where", () => {
    const log = stages.flatMap((s) => s.log).join("\n");
    expect(log).toMatch(/narrow {2}i: f64 → i32 {2}an integer in \[0, 63\]/);
    expect(log).toMatch(/checks {2}a condition → always true/);
  });
});

describe("the loop", () => {
  test("runs the list in order and remembers each stage", () => {
    const { stages } = runPasses(filter());
    expect(stages.map((s) => s.pass)).toEqual(passes.filter((p) => p.onlyAfter === undefined).map((p) => p.name));
    for (const stage of stages) expect(stage.text()).toContain("func @f");
    expect(stages.at(-1)!.operations).toBeLessThan(stages[0]!.operations);
  });
  test("skips", () => {
    const { program, stages } = runPasses(filter(), { skip: new Set(["narrow"]) });
    expect(stages.map((s) => s.pass)).not.toContain("narrow");
    expect(print(program.functions[0]!)).toContain("trunc_sat");
  });
  test("stops after as many as it is told", () => { expect(runPasses(filter(), { limit: 2 }).stages.length).toBe(2); });
  test("names the pass that breaks the IR", () => {
    const breaks: Pass = { name: "break", why: "to be noticed", run: (func) => ({ ...func, body: { params: [], body: func.body.body.slice(0, -1) } }) };
    expect(() => runPasses(filter(), { check: true, passes: [breaks] })).toThrow(/terminator/);
  });
  test("each pass has a name of its own and a reason", () => {
    const all = [...passes, ...splitPasses];
    expect(new Set(all.map((p) => p.name)).size).toBe(all.length);
    for (const pass of all) expect(pass.why.length).toBeGreaterThan(20);
  });
});
