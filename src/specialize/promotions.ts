// Singles that become doubles where iterations wait for one another: the conversion must not wait as well.
//
//   %v = f64.promote_f32 (f32.load %p), in a loop that waits for a float it carries on
//     →  %v = f64x2.extract_lane[0] (f64x2.promote_low_f32x4 (v128.load32_zero %p))
//
// What converts one number in a register leaves the register's other half, so a machine waits for whatever was in that before: engines clear it for conversions of
// integers, but not where a single comes from memory. Often that is the last iteration's result, on its way into an array: a filter took half as long again.
// Both numbers of a register are converted without that. Taking out the first is no instruction.
//
// Requires: machine form, when no pass looks at what is loaded any more. Guarantees: machine form, same bits.

import type { Func, Instr, Loop, Machine, Memory, Program, Value } from "../ir/types.ts";
import { holdsAny } from "./analyses.ts";
import { visit } from "./flow.ts";
import { isPlain, issue, longestChain } from "./interleave.ts";
import { extractLane } from "./lanes.ts";
import type { Note } from "./notes.ts";
import { Rewriter } from "./rewrite.ts";

export const promoteApart = (func: Func, program: Program, note: Note = () => {}): Func => (holdsAny(func, ["f64.promote_f32"]) ? new Promoter(func, program, note).run() : func);

class Promoter extends Rewriter {
  private readonly note: Note;
  /** singles that become doubles */
  private readonly promoted = new Set<Value>();
  /** the register that one is the first of, by what it was */
  private readonly registers = new Map<Value, Value>();
  /** whether the innermost loop's iterations wait for floats of one another */
  private waits = false;
  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
    visit(func.body, ({ op, args }) => { if (op === "f64.promote_f32") this.promoted.add(args[0]!); });
  }

  protected override loop(instr: Loop): boolean {
    const outer = this.waits;
    this.waits = waitsForItself(instr);
    const falls = super.loop(instr);
    this.waits = outer;
    return falls;
  }

  protected override memory(instr: Memory): void {
    const [result] = instr.results, { e } = this;
    if (!this.waits || instr.op !== "f32.load" || !this.promoted.has(result!)) { super.memory(instr); return; }
    this.note(instr.place, "a single that becomes a double", "one of a register", "the conversion would wait for what the register had before");
    const register = e.load({ ...instr, op: "v128.load32_zero", args: [], results: [] }, this.values(instr.args));
    this.registers.set(result!, register);
    this.bind(result!, extractLane(e, register, 0, "f32"));
  }
  protected override operation(instr: Machine): Value {
    const register = instr.op === "f64.promote_f32" ? this.registers.get(instr.args[0]!) : undefined;
    return register ? extractLane(this.e, this.e.op("f64x2.promote_low_f32x4", register), 0, "f64") : super.operation(instr);
  }
}

/** Whether what a loop carries on in floats takes longer than all that it does. */
function waitsForItself({ regions: [region] }: Loop): boolean {
  const bound = new Set(region.params.filter(({ type }) => type === "f64" || type === "f32")), chain: Instr[] = [];
  if (bound.size === 0) return false;
  let work = 0;
  visit(region, (instr) => {
    if ("regions" in instr || !isPlain(instr)) return;
    work++;
    if (!instr.args.some((v) => bound.has(v))) return;
    chain.push(instr);
    for (const r of instr.results) bound.add(r);
  });
  return longestChain(chain) * issue >= work;
}
