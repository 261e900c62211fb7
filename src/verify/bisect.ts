// The first bad pass: given the program as it was after each pass, as callables, names the first whose result differs from the judge's.
//
// A fault usually stays once it is in, so the boundary is searched by halving; where the last stage is right again (a later pass hid
// the fault), all are tried in order. Each stage runs at most once. Guarantees: the stage named differs, the one before it does not.

import type { Mismatch } from "./compare.ts";
import { compareOutcomes, runCopy, type Callable } from "./run.ts";

export interface Stage {
  /** the pass after which the program looks like this */
  readonly pass: string;
  /** made only when asked for: emitting a stage may be costly */
  readonly callable: () => Callable["call"];
}

export interface FirstBad { readonly pass: string; readonly index: number; readonly before: string | null; readonly mismatches: readonly Mismatch[] }

export function firstBadPass(judge: Callable, stages: readonly Stage[], self: unknown, args: readonly unknown[]): FirstBad | null {
  const expected = runCopy(judge, self, args);
  const known = new Map<number, readonly Mismatch[]>();
  const mismatches = (index: number): readonly Mismatch[] => {
    let found = known.get(index);
    if (!found) {
      const { pass, callable } = stages[index]!;
      known.set(index, found = compareOutcomes(expected, runCopy({ name: pass, call: callable() }, self, args)).mismatches);
    }
    return found;
  };
  const bad = (index: number): boolean => mismatches(index).length > 0;
  const named = (index: number): FirstBad =>
    ({ pass: stages[index]!.pass, index, before: stages[index - 1]?.pass ?? null, mismatches: mismatches(index) });

  if (stages.length === 0) return null;
  if (bad(stages.length - 1)) {
    let good = -1; // the original itself
    let wrong = stages.length - 1;
    while (wrong - good > 1) {
      const middle = (good + wrong) >> 1;
      if (bad(middle)) wrong = middle; else good = middle;
    }
    return named(wrong);
  }
  for (let index = 0; index < stages.length - 1; index++) if (bad(index)) return named(index);
  return null;
}
