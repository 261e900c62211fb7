// `// @unroll 4` before a loop whose end only run time knows: four iterations at once behind one test, then the loop as it was for those left.
//
//   before  for (i = 0; i < n; i += 2) body(i)
//   after   for (; i < n − 6; i += 8) { body(i); body(i + 2); body(i + 4); body(i + 6) }      for (; i < n; i += 2) body(i)
//
// Requires: machine form, narrowed: a counter in int32 that only grows, by a constant, and a test `counter < limit` in front, the limit from
// outside. Other loops stay as they are, and are told. Guarantees: machine form; iterations run once, in order. The last limit is computed in
// doubles, in which nothing wraps, and converted with saturation.

import { constantOf } from "../ir/build.ts";
import type { Func, Label, Loop, Program, Value } from "../ir/types.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import { IterationWriter, type Tested } from "./iterations.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { yields } from "./rewrite.ts";

/** instructions of all copies of one loop */
const mostWritten = 8000;

export function unroll(func: Func, program: Program, note: Note = () => {}): Func {
  return contentsOf(func).loops.some((loop) => timesOf(loop) > 1) ? new Unroller(func, program, note).run() : func;
}

const timesOf = ({ notes }: Loop): number => (typeof notes?.unroll === "number" && notes.role === undefined ? notes.unroll : 1);

interface Counted extends Tested { readonly step: number }

class Unroller extends IterationWriter {
  private readonly ranges: Ranges;
  private readonly note: Note;
  /** what the loop that is written next begins with: what the unrolled one ended with */
  private readonly begun = new Map<Label, Value[]>();

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
    this.ranges = rangesOf(func, program);
  }

  protected override inits(instr: Loop): Value[] { return this.begun.get(instr.label) ?? super.inits(instr); }

  protected override loop(instr: Loop): boolean {
    const times = timesOf(instr);
    const counted = times > 1 && !this.begun.has(instr.label) ? this.analyse(instr, times) : null;
    if (!counted) {
      if (times > 1 && !this.begun.has(instr.label)) this.note(instr.place, "a loop", "a loop", `@unroll ${times} needs a test \`i < limit\` and a counter that grows by a constant`);
      return super.loop(instr);
    }
    this.note(instr.place, "a loop", `${times} iterations at once`, `@unroll ${times}`);
    this.begun.set(instr.label, this.unrolled(instr, counted, times));
    const reached = super.loop({ ...instr, notes: { ...instr.notes, unroll: false } });
    this.begun.delete(instr.label);
    return reached;
  }

  /** Writes the loop of many iterations at once; gives the carried values that it ends with. */
  private unrolled(instr: Loop, counted: Counted, times: number): Value[] {
    const { e } = this, { test, counter, limit, step } = counted;
    const old = instr.regions[0], inits = this.inits(instr), label = { name: instr.label.name };
    const last = e.op("i32.trunc_sat_f64_s", e.op("f64.sub", e.op("f64.convert_i32_s", this.value(limit)), e.f64(step * (times - 1))));
    const params = old.params.map((p) => this.bind(p, this.fresh(p)));
    this.forgetWrites(old);
    const body = e.inRegion(params, () => {
      const go = e.op("i32.lt_s", this.value(counter), last);
      const then = e.inRegion([], () => {
        for (let k = 0; k < times; k++) this.bindAll(old.params, this.iteration(instr, counted)!); // it comes round: a counter grows
        e.append({ op: "br", label, args: old.params.map((p) => this.value(p)), results: [] });
      });
      e.append({ op: "if", args: [go], results: [], regions: [then, yields([])], place: test.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    this.forgetWrites(old);
    const results = old.params.map((p) => this.fresh(p));
    e.append({ op: "loop", label, args: inits, results, regions: [body], notes: { ...instr.notes, unroll: false }, place: instr.place });
    return results;
  }

  private analyse(loop: Loop, times: number): Counted | null {
    const tested = this.testedBy(loop);
    if (tested === null || tested.size * times > mostWritten) return null;
    const steps = new Set(tested.nexts.map((next) => this.stepOf(tested.counter, next)));
    const [step] = steps;
    return steps.size === 1 && typeof step === "number" && step > 0 ? { ...tested, step } : null;
  }

  /** By how much the next value is more, where that does not wrap. */
  private stepOf(counter: Value, next: Value): number | null {
    const step = next.def?.op === "i32.add" && next.def.args[0] === counter && this.ranges.isExact(next) ? constantOf(next.def.args[1]!) : undefined;
    return typeof step === "number" ? step : null;
  }
}
