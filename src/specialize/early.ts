// Leaves the program before loads that are made only where it is not left.
//
//   before  %c = i32.lt_u %i %n; %row = if %c {load} else {yield 0}; …; %out = i32.ge_u %i %n; if %out {trap}; … %row …      table[i][j]: a row that may be missing
//   after   %out = i32.ge_u %i %n; if %out {trap}; %row = load; …
//
// So the row is loaded once for all that ask for it, and in front of the loop where it is the same.
//
// A check moves up to the first `if` that asks for the opposite. What it passes only computes or loads, and is no way out itself: of two the
// first decides.
//
// Requires: machine form; comparisons of one spelling (simplify.ts). Guarantees: machine form; nothing runs more often.

import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Func, If, Instr, Program, Region, Value } from "../ir/types.ts";
import { regionsOf } from "../ir/build.ts";
import { holdsAny } from "./analyses.ts";
import { isLeaving } from "./hoist.ts";
import { Rewriter } from "./rewrite.ts";
import { opposite } from "./rules.ts";

export function leaveEarly(func: Func, program: Program): Func {
  if (!holdsAny(func, ["trap"])) return func;
  const mover = new Mover(func, program);
  return mover.moves ? mover.run() : func;
}

class Mover extends Rewriter {
  /** what is written in front of an `if` */
  private readonly before = new Map<Instr, Instr[]>();
  get moves(): boolean { return this.before.size > 0; }

  constructor(func: Func, program: Program) {
    super(func, program);
    this.plan(func.body);
  }

  private plan(region: Region): void {
    /** `if`s that a check may pass, in order */
    let asked: { readonly at: number; readonly instr: If }[] = [];
    region.body.forEach((instr, k) => {
      if (isLeaving(instr)) {
        const cond = instr.args[0]!, first = asked.find((one) => isOpposite(one.instr.args[0]!, cond));
        if (first) {
          const def = region.body.indexOf(cond.def!, first.at) >= 0 ? [cond.def!] : [];
          this.before.set(first.instr, [...(this.before.get(first.instr) ?? []), ...def, instr]);
        }
        asked = first ? asked.filter(({ at }) => at > first.at) : [];
      } else if (instr.op === "if" && isPlain(instr)) asked.push({ at: k, instr });
      else if (!isPlain(instr)) asked = [];
      for (const inner of regionsOf(instr)) this.plan(inner);
    });
  }

  /** Behind the way out the `if` has but one arm. */
  protected override condition(instr: If): Value { return this.before.has(instr) ? this.e.i32(1) : super.condition(instr); }

  protected override if(instr: If): boolean {
    for (const moved of this.before.get(instr) ?? []) {
      if (this.done.has(moved)) continue;
      this.e.place = moved.place;
      if (moved.op === "if") super.if(moved);
      else this.instruction(moved);
      this.done.add(moved);
    }
    this.e.place = instr.place;
    return super.if(instr);
  }
}

/** Only computes or loads. */
function isPlain(instr: Instr): boolean {
  if (isMachineOp(instr.op)) return ops[instr.op].effect === "none";
  if (isMemoryOp(instr.op)) return !memoryOps[instr.op].store;
  return instr.op === "data.addr" || instr.op === "frame.addr" || instr.op === "yield" || instr.op === "if" && instr.regions.every(({ body }) => body.every(isPlain));
}

/** Whether one holds where the other does not. */
function isOpposite(a: Value, b: Value): boolean {
  const [x, y] = [a.def, b.def];
  if (x?.op === "i32.eqz" && x.args[0] === b || y?.op === "i32.eqz" && y.args[0] === a) return true;
  return x !== null && y !== null && opposite[x.op] === y.op && x.args[0] === y.args[0] && x.args[1] === y.args[1];
}
