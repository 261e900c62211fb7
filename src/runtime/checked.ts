// Calls compared with the original: one that is served while it is compared (`verify`), and one on copies only (`diff`).
//
// Guarantees: nothing that the caller can see happens twice. The version runs on copies of `this` and the arguments; what copies share with them
// (objects with private fields), and captured objects and variables that it writes, are put back before the original runs.

import { seenThrough } from "../capture/host.ts";
import { compareOutcomes, type Outcome } from "../verify/run.ts";
import type { Mismatch } from "../verify/compare.ts";
import { copyTogether, portraitsOf, sharedBy } from "./copies.ts";
import type { Enter } from "./entry.ts";
import type { Kernel, Original } from "./kernel.ts";
import { copyOutside, nowOutside, rememberAll, type Outside } from "./outside.ts";
import type { TierName } from "./tiers.ts";
import { MISS } from "./values.ts";

export interface Checked {
  readonly mismatches: readonly Mismatch[];
  /** ends the call as the original did */
  finish(): unknown;
}

/** Runs the version on copies, then the original on the call's own values. Null: the call does not fit the version; nothing was run. */
export function checkedCall(original: Original, enter: Enter, self: unknown, args: readonly unknown[], outside: Outside): Checked | null {
  const shared = sharedBy([self, ...args]), putBack = rememberAll(shared, outside);
  const [ownSelf, ...copies] = copyTogether([self, ...args]);
  const actual = run((...all) => enter(ownSelf, ...all), undefined, copies);
  if (actual.value === MISS) return null;
  const outsideThen = copyOutside(outside), sharedThen = portraitsOf(shared);
  putBack();
  const expected = run(original, self, args);
  const { mismatches } = compareOutcomes(
    { ...expected, self: [self, nowOutside(outside), portraitsOf(shared)] }, { ...actual, self: [ownSelf, outsideThen, sharedThen] }, undefined, seenThrough,
  );
  return {
    mismatches,
    finish() {
      if (expected.ended === "threw") throw expected.value;
      return expected.value;
    },
  };
}

function run(call: (...args: unknown[]) => unknown, self: unknown, args: readonly unknown[]): Outcome {
  try {
    return { ended: "returned", value: Reflect.apply(call, self, args), self, args };
  } catch (error) {
    return { ended: "threw", value: error, self, args };
  }
}

export interface Difference {
  readonly equal: boolean;
  readonly mismatches: readonly Mismatch[];
  /** which tier was compared; "original": there is no version for these arguments */
  readonly tier: "original" | TierName;
}

/** Runs the original and the version on copies of the arguments. The version is the one for these arguments, if there is one. */
export function compareOnCopies(kernel: Kernel, self: unknown, args: readonly unknown[]): Difference {
  const version = kernel.fitting(self, args);
  const tier = version?.best;
  if (tier === undefined) return { equal: true, mismatches: [], tier: "original" };
  const [ownSelf, ...copies] = copyTogether([self, ...args]);
  const outside = kernel.writtenOutside(version!);
  const putBack = rememberAll(sharedBy([self, ...args]), outside);
  const checked = kernel.uncounted(() => checkedCall(kernel.original, tier.enter, ownSelf, copies, outside));
  putBack();
  kernel.exchange.why = "";
  if (checked === null) return { equal: true, mismatches: [], tier: "original" };
  return { equal: checked.mismatches.length === 0, mismatches: checked.mismatches, tier: tier.built.tier };
}
