// Lengths of the call's arrays that say which of several large programs runs: `switch (A.length) { case 2: …; case 3: … }`, `SOLVERS[A.length](A, b)`.
//
// Before: a walk has given up for its budget, and asked for a length, or a number computed of it, whether it is a known one, or which object of a table
// it chooses. After: the refusal says which arrays these are (Refusal.promote); their lengths are part of their kinds from then on, so that each has
// a version of its own, in which it is a constant, as entry tests. Guarantees: nothing is known of a length unless programs for all were refused.

import { constantOf } from "../../ir/build.ts";
import type { Path } from "../../ir/interface.ts";
import { isMemoryOp } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { Refusal } from "../../diagnostic.ts";
import { sizedKey } from "../../ir/within.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";

/** How far from a length numbers are that are taken for computed of it. */
const mostSteps = 6;

/** The length of one of the caller's arrays: of those that it is known of, that. */
export function lengthAt(ev: Evaluator, path: Path, sized: number | undefined, given: Value): Value {
  if (sized === undefined) { ev.lengths.set(given, path); return given; }
  ev.expect({ expect: "length", path, length: sized });
  return ev.b.i32(sized);
}

/** What follows depends on which number this is. */
export function lookAtLength(ev: Evaluator, number: Value): void {
  if (ev.lengths.size === 0) return;
  const look = (value: Value, steps: number): void => {
    const path = ev.lengths.get(value);
    if (path) ev.lessons.lengths.set(pathKey(path), path);
    else if (steps > 0 && value.def !== null && !isMemoryOp(value.def.op)) for (const arg of value.def.args) if (constantOf(arg) === undefined) look(arg, steps - 1);
  };
  look(number, mostSteps);
}

/** The refusal is one for the budget: where lengths were asked for, they are to be known. */
export function promoteLengths(ev: Evaluator, refusal: Refusal): void {
  if (refusal.promote.length > 0) return;
  refusal.promote = [...ev.lessons.lengths.values()].flatMap(({ root, keys }) => (typeof root === "object" ? [] : [{ root, keys: [...keys, sizedKey] }]));
}
