// The range of a blend: two numbers mixed by a weight and what the weight leaves of a whole lie between them, times the whole.
//
//   %a · %t + %b · (255 − %t),  bytes all three     in [0, 65025], where the two products alone would say [0, 130050]
//
// Requires: products within int32 (else: null). Guarantees: the sum is in the range, whatever %t is, 0 ≤ %t ≤ the whole.

import { constantOf } from "../ir/build.ts";
import type { Machine, Value } from "../ir/types.ts";
import { ints, type Range } from "./intervals.ts";

/** The range of an i32.add that is a blend; null of any other. */
export function blended({ args }: Machine, of: (v: Value) => Range): Range | null {
  const [p, q] = args.map((v) => (v.def?.op === "i32.mul" ? v.def.args : null)) as [readonly Value[] | null, readonly Value[] | null];
  if (!p || !q) return null;
  for (const [weights, others] of [[p, q], [q, p]] as const) for (const i of [0, 1]) for (const k of [0, 1]) {
    const rest = others[k]!.def;
    const all = rest?.op === "i32.sub" && rest.args[1] === weights[i] ? constantOf(rest.args[0]!) : undefined;
    const t = of(weights[i]!);
    if (typeof all !== "number" || t.lo < 0 || t.hi > all) continue;
    const [x, y] = [of(weights[1 - i]!), of(others[1 - k]!)];
    const [lo, hi] = [Math.min(x.lo, y.lo, 0) * all, Math.max(x.hi, y.hi, 0) * all];
    if (lo < -(2 ** 31) || hi >= 2 ** 31) continue;
    return ints(Math.min(x.lo, y.lo) * all, Math.max(x.hi, y.hi) * all);
  }
  return null;
}
