// Roundings of single numbers in loops, done as those of a register.
//
//   %r = f64.floor %x, in a loop  →  %r = f64x2.extract_lane[0] (f64x2.floor (f64x2.splat %x))
//
// What rounds one number leaves the other half of the register that it writes, so a machine waits for whatever was in that before: often what the last iteration
// ended with, a look-up and a sum. Then iterations go one after the other that wait for nothing of each other: a delay line between two samples took three times
// as long. Registers as a whole are rounded without that. Taking out the first number is no instruction, and putting it in one of a cycle.
//
// Requires: machine form, when no pass asks what values may be any more. Guarantees: machine form, same bits.

import type { MachineOp } from "../ir/ops.ts";
import type { Func, Instr, Loop, Machine, Program, Value } from "../ir/types.ts";
import { holdsAny } from "./analyses.ts";
import { extractLane, laneOf } from "./lanes.ts";
import type { Note } from "./notes.ts";
import { Rewriter } from "./rewrite.ts";

const inLanes: ReadonlyMap<string, MachineOp> = new Map([["f64.floor", "f64x2.floor"], ["f64.ceil", "f64x2.ceil"], ["f64.trunc", "f64x2.trunc"], ["f64.nearest", "f64x2.nearest"]]);

export const roundApart = (func: Func, program: Program, note: Note = () => {}): Func => (holdsAny(func, inLanes.keys()) ? new Rounder(func, program, note).run() : func);

class Rounder extends Rewriter {
  private readonly note: Note;
  private loops = 0;
  constructor(func: Func, program: Program, note: Note) { super(func, program); this.note = note; }

  protected override loop(instr: Loop): boolean {
    this.loops++;
    const falls = super.loop(instr);
    this.loops--;
    return falls;
  }
  protected override operation(instr: Machine): Value {
    const op = this.loops > 0 ? inLanes.get(instr.op) : undefined;
    if (!op) return super.operation(instr);
    const { e } = this, x = this.value(instr.args[0]!), from = laneOf(x);
    this.note((instr as Instr).place, "a rounding", "one of a register", "it would wait for what the register had before");
    return extractLane(e, e.op(op, from?.lane === 0 ? from.register : e.op("f64x2.splat", x)), 0, "f64");
  }
}
