// Several decisions in one step of a walk (descend.ts) are one bit, where each state has two successors at most.
//
//   before  a node asks whether its value is missing, and whether it is below the threshold: %s1 = next[4·%s + (2·missing | below)]
//   after   %s1 = 2·%s + (below | missing & way[%s])
//
// So a tree is numbered as one of single decisions is, and the next number waits for no look-up. What can't be true together (NaN, and what is ordered) is left out.
//
// Guarantees: of each outcome that can be, the state that `next` says.

import type { Value } from "../ir/types.ts";

export interface Ways {
  /** by decision, then by state: 1 where its being true leads to the second successor */
  readonly flags: readonly (readonly number[])[];
  /** by state: where it leads when no flagged decision is true, and when one is */
  readonly next: readonly (readonly [number, number])[];
}

/** `next`: by state, then by the decisions' bits, the first decision the highest. */
export function joinWays(next: readonly (readonly number[])[], conds: readonly Value[]): Ways | null {
  const count = conds.length, bit = (i: number): number => 1 << count - 1 - i;
  if (count < 2) return null;
  const outcomes = Array.from({ length: 1 << count }, (_, o) => o).filter((o) => !conds.some((a, i) => conds.some((b, k) => (o & bit(i)) !== 0 && (o & bit(k)) !== 0 && isNaNTest(a, b))));
  const ways = next.map((to) => wayOf(to, outcomes, (1 << count) - 1));
  return ways.every((way) => way !== null) ? { flags: conds.map((_, i) => ways.map(({ flags }) => ((flags & bit(i)) === 0 ? 0 : 1))), next: ways.map((way) => way.next) } : null;
}

/** As many flags as can be: those that all states have need no table. */
function wayOf(to: readonly number[], outcomes: readonly number[], all: number): { readonly flags: number; readonly next: readonly [number, number] } | null {
  for (let flags = all; flags > 0; flags--) {
    const [no, yes] = [false, true].map((some) => new Set(outcomes.filter((o) => ((o & flags) !== 0) === some).map((o) => to[o]!))) as [Set<number>, Set<number>];
    if (no.size !== 1 || yes.size > 1) continue; // there is always the outcome in which nothing is true
    const [zero] = no, [one] = yes;
    return { flags, next: [zero!, one ?? zero!] };
  }
  return null;
}

/** Whether the first is true of NaN alone, of which the second is false. */
function isNaNTest({ def: test }: Value, ordered: Value): boolean {
  if (test?.op === "i32.and") return test.args.some((v) => isNaNTest(v, ordered));
  return test?.op === "f64.ne" && test.args[0] === test.args[1] && /^f64\.(lt|le|gt|ge)$/.test(ordered.def?.op ?? "") && ordered.def!.args.includes(test.args[0]!);
}
