// Tests for NaN whose result is a number.
//
//   %t = f64.ne %x %x  →  %t = i32.eqz (f64.ge %x %x)          %t = f64.eq %x %x  →  %t = f64.ge %x %x
//
// An engine asks for equality with a branch of its own around it, for what is not ordered; values that are missing here and there are mispredicted.
// Of the ordered comparisons the machine's flags say both at once.
//
// Requires: machine form, when no pass looks for equality any more. Guarantees: machine form, same bits.

import type { MachineOp } from "../ir/ops.ts";
import type { Func, Machine, Program, Value } from "../ir/types.ts";
import { holdsAny } from "./analyses.ts";
import { Rewriter } from "./rewrite.ts";

const ordered: ReadonlyMap<string, MachineOp> = new Map([["f64.eq", "f64.ge"], ["f64.ne", "f64.ge"], ["f32.eq", "f32.ge"], ["f32.ne", "f32.ge"]]);

export const askOrdered = (func: Func, program: Program): Func => (holdsAny(func, ordered.keys()) ? new Orderer(func, program).run() : func);

class Orderer extends Rewriter {
  protected override operation(instr: Machine): Value {
    const [a, b] = instr.args, op = a === b ? ordered.get(instr.op) : undefined;
    if (!op) return super.operation(instr);
    const x = this.value(a!), isNumber = this.e.op(op, x, x);
    return instr.op.endsWith(".ne") ? this.e.op("i32.eqz", isNumber) : isNumber;
  }
}
