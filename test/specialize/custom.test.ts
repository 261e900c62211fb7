// Passes of the user's own: where they run, what their annotations become, what happens when they are wrong.

import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { configure, ready, specialize } from "../../src/index.ts";
import { Rewriter, instructions, wordsAt, type CustomPass, type Func, type Machine, type Note, type Program, type Value } from "../../src/passes.ts";

beforeAll(async () => { await ready(); });
afterEach(() => { configure({ passes: [] }); });

/** Doubles what marked loops carry on, by a factor in the annotation. */
class Scaler extends Rewriter {
  private readonly factors = new Map<Value, number>();
  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    for (const instr of instructions(func.body)) {
      if (instr.op !== "loop" || instr.notes?.own?.scale === undefined) continue;
      for (const param of instr.regions[0].params) if (param.type === "f64") this.factors.set(param, Number(instr.notes.own.scale));
      note(instr.place, "carried values", `times ${instr.notes.own.scale}`, "@scale");
    }
  }
  protected override passed(to: Value, old: Value): Value {
    const factor = this.factors.get(to);
    return factor === undefined ? super.passed(to, old) : this.e.op("f64.mul", this.value(old), this.e.f64(factor));
  }
}
const scale: CustomPass = { name: "scale", annotations: ["scale"], run: (func, program, note) => new Scaler(func, program, note).run() };
const kernelOf = (note: string): ((x: number, n: number) => number) =>
  (0, eval)(`(function kernel(x, n) {\n let s = x;\n // ${note}\n for (let i = 0.5; i < n; i++) s = s + x;\n return s;\n})`) as (x: number, n: number) => number;

for (const tier of ["js", "wasm"] as const) {
  describe(`a pass of one's own, ${tier}`, () => {
    it("sees its annotation and changes the loop", () => {
      configure({ passes: [{ ...scale, run: (func, program, note) => scale.run(func, program, note) }] });
      const fast = specialize(kernelOf("@scale 1"), { tier, compile: "sync" });
      expect(fast(2.5, 3)).toBe(10);
      expect(fast.inspect().log.join("\n")).toContain("  scale  carried values → times 1  @scale");
      expect(fast.inspect().ir.map(({ pass }) => pass)).toContain("scale");
      expect(fast.stats().calls[tier]).toBe(1);
    });

    it("one that throws leaves the kernel to the original, by name", () => {
      configure({ passes: [{ name: "broken", run: () => { throw new Error("no such luck"); } }] });
      const fast = specialize(kernelOf("nothing"), { tier, compile: "sync" });
      expect(fast(2.5, 3)).toBe(10);
      expect(fast.diagnostics()[0]!.message).toBe('the pass "broken" fails: no such luck');
    });

    it("one that makes what is no IR does too", () => {
      configure({ passes: [{ name: "wild", run: (func) => ({ ...func, body: { params: [], body: [] } }) }] });
      const fast = specialize(kernelOf("nothing"), { tier, compile: "sync" });
      expect(fast(2.5, 3)).toBe(10);
      expect(fast.diagnostics()[0]!.message).toContain('the pass "wild" fails');
    });
  });
}

describe("annotations of one's own", () => {
  it("are another tool's words without the pass, and answered by the nearest with it", () => {
    const spelled = specialize(kernelOf("@scale 1"), { tier: "js", compile: "sync" });
    expect(spelled(2.5, 3)).toBe(10);
    expect(spelled.diagnostics()).toEqual([]);
    configure({ passes: [scale] });
    const misspelled = specialize(kernelOf("@scaled 1"), { tier: "js", compile: "sync" });
    misspelled(2.5, 3);
    expect(misspelled.diagnostics()[0]!.hint).toContain("@scale");
  });

  it("hold for statements, functions and sections: the innermost says what a word means", () => {
    /** Multiplies what marked additions give, by the number in the mark around them. */
    class Boost extends Rewriter {
      private readonly whole: Program;
      constructor(func: Func, program: Program) { super(func, program); this.whole = program; }
      protected override operation(instr: Machine): Value {
        const value = super.operation(instr), { boost } = wordsAt(this.whole, instr);
        return instr.op === "f64.add" && boost !== undefined ? this.e.op("f64.mul", value, this.e.f64(Number(boost))) : value;
      }
    }
    configure({ passes: [{ name: "boost", annotations: ["boost"], run: (func, program) => new Boost(func, program).run() }] });
    const kernel = (0, eval)(`(function kernel(x) {
      // @boost 3
      const a = x + 0.25;
      const b = a + 0.5;
      // @start s
      // @boost 5
      const c = b + 0.75;
      // @boost 7
      const d = c + 1.25;
      // @end s
      // @boost 11
      function add(p, q) { return p + q; }
      return add(d, 2.5);
    })`) as (x: number) => number;
    const fast = specialize(kernel, { tier: "js", compile: "sync" });
    const a = (1.5 + 0.25) * 3, b = a + 0.5, c = (b + 0.75) * 5, d = (c + 1.25) * 7;
    expect(fast(1.5)).toBe((d + 2.5) * 11);
    expect(fast.stats().calls.js).toBe(1);
  });

  it("can't be wasmorph's own words", () => {
    expect(() => configure({ passes: [{ ...scale, annotations: ["unroll"] }] })).toThrow(/one of wasmorph's/);
  });
});
