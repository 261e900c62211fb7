// Folds, applies the rules of rules.ts, merges equal computations and straightens control: one walk.
//
//   before  %c = f64.lt (f64.convert_i32_s %k) 10.0; if %c {…} else {…}
//   after   %c = i32.lt_s %k 10; if %c {…} else {…}
//
// Requires: machine form. Guarantees: machine form; no operation on constants alone, no two equal pure operations of which one dominates the
// other, no `if` on a constant, no loop without a `br`. Leaves unused instructions behind: dce.ts removes them.
// All of it is what Emitter and Rewriter do by themselves; the rules are in rules.ts.

import type { Func, Program } from "../ir/types.ts";
import { Rewriter } from "./rewrite.ts";

/** What this pass made: once more it would be the same. */
const settled = new WeakSet<Func>();

export function simplify(func: Func, program: Program): Func {
  if (settled.has(func)) return func;
  const made = new Rewriter(func, program).run();
  settled.add(made);
  return made;
}
