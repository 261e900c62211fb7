// What both arms of an `if` load, from places that the loop around them does not change, is loaded before it: where a row lies, and how long it is.
//
//   before  loop l { … if %same { %r = i32.load [%rows + %i << 3]; … } else { %s = i32.load [%rows + %i << 3]; … } … }
//   after   loop l { … %r = i32.load [%rows + %i << 3]; if %same { … } else { … } … }
//
// Then hoist.ts takes it out of the loop, and one check of a length stands for both arms (split.ts). These are the "very busy" expressions of the textbooks, as
// far as they are loads that do not vary.
//
// Requires: machine form. Guarantees: machine form; nothing is loaded that was not: an arm's load is taken where the arm always does it, before anything
// that may leave the program or be seen.

import { isMachineOp, isMemoryOp } from "../ir/ops.ts";
import type { Func, If, Loop, Memory, Program, Region, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { definedIn, visit } from "./flow.ts";
import { mayTouch, Rewriter, writesOf } from "./rewrite.ts";

export function loadBefore(func: Func, program: Program): Func {
  const { loops } = contentsOf(func);
  if (loops.length === 0) return func;
  const mover = new Mover(func, program);
  for (const loop of loops) mover.look(loop);
  return mover.moved.size === 0 ? func : mover.run();
}

class Mover extends Rewriter {
  /** loads of an `if`'s first arm that its second one does too, in order */
  readonly moved = new Map<If, readonly Memory[]>();

  /** With the condition, which is written before the arms; in these the same loads are found to be done. */
  protected override condition(instr: If): Value {
    for (const load of this.moved.get(instr) ?? []) this.memory(load);
    return super.condition(instr);
  }

  /** Finds what is loaded alike in the `if`s of a loop that holds no other. */
  look(loop: Loop): void {
    const body = loop.regions[0];
    let innermost = true;
    visit(body, ({ op }) => { innermost &&= op !== "loop"; });
    if (!innermost) return;
    const { inside } = definedIn(loop), writes = writesOf(body), names = new Map<Value, string>();
    const nameOf = (v: Value): string | undefined => (v.def?.op === "const" ? String(v.def.value) : inside.has(v) ? names.get(v) : `%${v.id}`);
    const always = (region: Region): ReadonlyMap<string, Memory> => {
      const found = new Map<string, Memory>();
      for (const instr of region.body) {
        if (instr.op === "if") {
          for (const [name, load] of inBoth(instr)) found.set(name, load);
          if (!instr.regions.every(isQuiet)) break;
        } else if (isMemoryOp(instr.op) && instr.results.length > 0) {
          const load = instr as Memory, of = load.args.map(nameOf);
          if (of.includes(undefined) || mayTouch(this.program, writes, load.space)) continue;
          const name = `${load.op} ${load.space} ${load.scale} ${load.offset} (${of.join(" ")})`;
          names.set(load.results[0]!, name);
          if (!found.has(name)) found.set(name, load);
        } else if (!isMachineOp(instr.op)) break;
      }
      return found;
    };
    const known = new Map<If, ReadonlyMap<string, Memory>>();
    const inBoth = (instr: If): ReadonlyMap<string, Memory> => {
      let both = known.get(instr);
      if (!both) {
        const [then, otherwise] = instr.regions.map(always);
        known.set(instr, both = new Map([...then!].filter(([name]) => otherwise!.has(name))));
        if (both.size > 0) this.moved.set(instr, [...both.values()]);
      }
      return both;
    };
    visit(body, (instr) => { if (instr.op === "if") inBoth(instr); });
  }
}

/** Only computes and loads. */
const isQuiet = (region: Region): boolean => region.body.every((instr) => instr.op === "yield" || isMachineOp(instr.op) || (isMemoryOp(instr.op) && instr.results.length > 0) || (instr.op === "if" && instr.regions.every(isQuiet)));
