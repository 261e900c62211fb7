// How far a loop carries its values: a counter that grows by at least one an iteration, and is bounded, bounds how often the loop goes round, and
// so where everything ends up that changes by a bounded amount each time.
//
//   loop l (%i = 0, %j = 0) { if %i < %length { …; br l (%i + 4, %j + 1) } … }      %i + 4 ≤ 2^30 + 3, so %j ≤ 2^28
//
// Requires: `of` holds for every iteration, `next` for the values with which the loop goes round, `isExact` says which int32 additions do not wrap.
// Sound: sums of integers below 2^53 are exact, so what a value gains in n rounds is at most n times what it gains in one. Doubles that are greater may stay
// where they are (1e300 + 1), or gain more.

import type { Loop, Region, Value } from "../ir/types.ts";
import { meet, range, type Range } from "./intervals.ts";

/** doubles up to this one way and the other, and what they gain in a round, give sums that are exact, on the way to the next value too */
const mostExact = 2 ** 52;

export interface LoopFacts {
  readonly of: (v: Value) => Range;
  readonly isExact: (v: Value) => boolean;
  /** the values of each way round */
  readonly steps: readonly (readonly Value[])[];
  /** where the loop's values lie at its beginning; those and the ones with which it goes round */
  readonly inits: readonly Range[];
  readonly next: readonly Range[];
}

/** The ranges of the loop's parameters, smaller where the number of rounds makes them so; null where none is. */
export function boundedByRounds(loop: Loop, state: readonly Range[], facts: LoopFacts): Range[] | null {
  const { params } = loop.regions[0], { inits, next } = facts;
  if (facts.steps.length === 0) return null;
  const gains = params.map((p, i) => gain(p, i, facts));
  let rounds = Infinity;
  gains.forEach((g, i) => {
    if (!g?.exact || !isWhole(inits[i]!) || (params[i]!.type === "f64" && !(next[i]!.lo > -mostExact && next[i]!.hi < mostExact))) return;
    if (g.lo >= 1) rounds = Math.min(rounds, Math.floor((next[i]!.hi - inits[i]!.lo) / g.lo));
    if (g.hi <= -1) rounds = Math.min(rounds, Math.floor((inits[i]!.hi - next[i]!.lo) / -g.hi));
  });
  if (!(rounds < 2 ** 53)) return null;
  let found = false;
  const result = state.map((old, i) => {
    const g = gains[i], init = inits[i]!;
    if (!g || !isWhole(init)) return old;
    const lo = init.lo + rounds * Math.min(0, g.lo), hi = init.hi + rounds * Math.max(0, g.hi);
    const most = params[i]!.type === "i32" ? 2 ** 31 : mostExact;
    if (lo <= -most || hi >= most) return old;
    const now = meet(old, range(lo, hi, true, false, init.negzero));
    if (now.lo > old.lo || now.hi < old.hi || (now.int && !old.int)) found = true;
    return now;
  });
  return found ? result : null;
}

const isWhole = (r: Range): boolean => r.int && !r.nan && Number.isFinite(r.lo) && Number.isFinite(r.hi);

/** `exact`: no addition of int32 on the way may have wrapped */
interface Gain { readonly lo: number; readonly hi: number; readonly exact: boolean }
const either = (a: Gain | null, b: Gain | null): Gain | null => a && b && { lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi), exact: a.exact && b.exact };

/** What the parameter gains in one round. */
function gain(param: Value, i: number, facts: LoopFacts): Gain | null {
  return facts.steps.map((args) => gainOf(args[i]!, param, facts, 8)).reduce(either);
}
function gainOf(v: Value, param: Value, facts: LoopFacts, depth: number): Gain | null {
  if (v === param) return { lo: 0, hi: 0, exact: true };
  const { def } = v;
  if (!def || depth === 0) return null;
  const of = (x: Value): Gain | null => gainOf(x, param, facts, depth - 1);
  switch (def.op) {
    case "f64.add": case "i32.add": case "f64.sub": {
      const [a, b] = def.args as [Value, Value];
      const sum = (base: Gain | null, by: Value, sign: 1 | -1): Gain | null => {
        const r = facts.of(by);
        if (!base || !isWhole(r)) return null;
        const exact = base.exact && (def.op !== "i32.add" || facts.isExact(v));
        const [lo, hi] = sign > 0 ? [base.lo + r.lo, base.hi + r.hi] : [base.lo - r.hi, base.hi - r.lo];
        return lo < -mostExact || hi > mostExact ? null : { lo, hi, exact };
      };
      return def.op === "f64.sub" ? sum(of(a), b, -1) : sum(of(a), b, 1) ?? sum(of(b), a, 1);
    }
    case "f64.select": case "i32.select": return either(of(def.args[1]!), of(def.args[2]!));
    case "if": {
      const at = def.results.indexOf(v);
      const ends = def.regions.flatMap((region: Region) => { const end = region.body.at(-1); return end?.op === "yield" ? [of(end.args[at]!)] : []; });
      return ends.length === 0 ? null : ends.reduce(either);
    }
    default: return null;
  }
}
