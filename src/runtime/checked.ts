// Calls compared with the original: one that is served while it is compared (`verify`), and one that leaves no trace (`diff`).
//
// Guarantees: nothing that the caller can see happens twice. The version runs on copies of `this` and the arguments; what copies share with them
// (objects with private fields), and captured objects and variables that it writes, are put back before the original runs. A version that knows the call's own
// objects runs on these, and all of them are put back: one that takes no others (slow values may be watched by identity), one that writes objects of its own
// which stand in the call's values, too (those of an array in which one stands twice are compiled in).

import { seenThrough } from "../capture/host.ts";
import { compareOutcomes, type Outcome } from "../verify/run.ts";
import type { Mismatch } from "../verify/compare.ts";
import { copyTogether, portraitsOf, reaches, sharedBy } from "./copies.ts";
import type { Enter } from "./entry.ts";
import type { Kernel } from "./kernel.ts";
import { copyOutside, nowOutside, rememberAll, type Outside } from "./outside.ts";
import type { TierName } from "./tiers.ts";
import { MISS } from "./values.ts";
import type { Version } from "./version.ts";

export interface Checked {
  readonly mismatches: readonly Mismatch[];
  /** ends the call as the original did */
  finish(): unknown;
}

/** Runs the version, then the original on the call's own values. Null: the call does not fit the version; nothing was run. */
export function checkedCall(kernel: Kernel, version: Version, enter: Enter, self: unknown, args: readonly unknown[]): Checked | null {
  const outside = kernel.writtenOutside(version), shared = sharedBy([self, ...args]);
  const own = nowOutside(outside), known = own.length > 0 && reaches([self, ...args], own);
  const actual = (known ? null : runOnCopies(enter, self, args, outside, shared)) ?? (kernel.exchange.why === "" ? runInPlace(enter, self, args, outside, shared) : null);
  if (actual === null) return null;
  const expected = run(kernel.original, self, args);
  const { mismatches } = compareOutcomes({ ...expected, self: [self, nowOutside(outside), portraitsOf(shared)] }, actual, undefined, seenThrough);
  return {
    mismatches,
    finish() {
      if (expected.ended === "threw") throw expected.value;
      return expected.value;
    },
  };
}

/** Null: copies do not fit. */
function runOnCopies(enter: Enter, self: unknown, args: readonly unknown[], outside: Outside, shared: readonly object[]): Outcome | null {
  const putBack = rememberAll(shared, outside);
  const [ownSelf, ...copies] = copyTogether([self, ...args]);
  const actual = run((...all) => enter(ownSelf, ...all), undefined, copies);
  if (actual.value === MISS) return null;
  const left = { ...actual, self: [ownSelf, copyOutside(outside), portraitsOf(shared)] };
  putBack();
  return left;
}

/** The same on the call's own values: what they came to hold is copied, and they are as they were. */
function runInPlace(enter: Enter, self: unknown, args: readonly unknown[], outside: Outside, shared: readonly object[]): Outcome | null {
  const putBack = rememberAll([self, ...args], outside);
  const actual = run((...all) => enter(self, ...all), undefined, args);
  if (actual.value === MISS) return null;
  const [value, selfThen, outsideThen, ...argsThen] = copyTogether([actual.value, self, nowOutside(outside), ...args]);
  const left = { ...actual, value, args: argsThen, self: [selfThen, outsideThen, portraitsOf(shared)] };
  putBack();
  return left;
}

function run(call: (...args: unknown[]) => unknown, self: unknown, args: readonly unknown[]): Outcome {
  try {
    return { ended: "returned", value: Reflect.apply(call, self, args), self, args };
  } catch (error) {
    return { ended: "threw", value: error, self, args };
  }
}

/** Whether runs of the version can be compared: not where each draws random numbers of its own. The kernel's diagnostics say so. */
export function canCompare(kernel: Kernel, version: Version): boolean {
  if (!Object.values(version.tiers).some(({ plan }) => plan.draws)) return true;
  kernel.teller.once("draws", () => kernel.teller.note("Note", incomparable, "a seeded function in Math.random's place is compared like any other"));
  return false;
}
const incomparable = "each run draws random numbers of its own: versions are not compared with the original";

export interface Difference {
  /** no difference was found */
  readonly equal: boolean;
  /** why nothing was compared, where nothing can be */
  readonly skipped?: string;
  readonly mismatches: readonly Mismatch[];
  /** which tier was compared; "original": there is no version for these arguments */
  readonly tier: "original" | TierName;
}

/**
 * Runs the original and the version on copies of the arguments; where the version takes none but the call's own objects, on these, which are put back. The
 * version is the one for these arguments, if there is one.
 */
export function compareOnCopies(kernel: Kernel, self: unknown, args: readonly unknown[]): Difference {
  const version = kernel.fitting(self, args);
  const tier = version?.best;
  if (tier === undefined) return { equal: true, mismatches: [], tier: "original" };
  if (!canCompare(kernel, version!)) return { equal: true, skipped: incomparable, mismatches: [], tier: tier.built.tier };
  const all = [self, ...args], copies = copyTogether(all);
  const putBack = rememberAll(all, kernel.writtenOutside(version!));
  const checked = kernel.uncounted(() => {
    const check = ([own, ...given]: readonly unknown[]): Checked | null => checkedCall(kernel, version!, tier.enter, own, given);
    return check(copies) ?? (kernel.exchange.why === "" ? check(all) : null);
  });
  putBack();
  kernel.exchange.why = "";
  if (checked === null) return { equal: true, mismatches: [], tier: "original" };
  return { equal: checked.mismatches.length === 0, mismatches: checked.mismatches, tier: tier.built.tier };
}
