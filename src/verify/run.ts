// Differential runs: several callables that should do the same, run on equal copies of one call's values; the first is the judge.
//
// Compared: the value returned or the error thrown (class and message), and everything reachable from `this` and the arguments
// afterwards. The caller's values are not touched. Callables are functions; nothing here knows of versions or tiers.

import { Comparison, type Mismatch } from "./compare.ts";
import { copyTogether } from "./copy.ts";

export interface Callable {
  readonly name: string;
  /** called with `this` and arguments, as the kernel would be */
  readonly call: (this: unknown, ...args: never[]) => unknown;
}

/** What a run left behind. */
export interface Outcome {
  readonly ended: "returned" | "threw";
  readonly value: unknown;
  readonly self: unknown;
  readonly args: readonly unknown[];
}

export interface Difference {
  readonly name: string;
  readonly mismatches: readonly Mismatch[];
  /** mismatches found, also those not listed */
  readonly count: number;
}

/** Runs on copies. */
export function runCopy(callable: Callable, self: unknown, args: readonly unknown[]): Outcome {
  const [own, ...copies] = copyTogether([self, ...args]);
  try {
    return { ended: "returned", value: Reflect.apply(callable.call, own, copies), self: own, args: copies };
  } catch (error) {
    return { ended: "threw", value: error, self: own, args: copies };
  }
}

/** How the second outcome differs from the first; Proxies that `through` knows are the objects that they stand for. */
export function compareOutcomes(expected: Outcome, actual: Outcome, limit = 20, through?: (value: object) => object): Comparison {
  const comparison = new Comparison(limit, through);
  if (expected.ended !== actual.ended) {
    // how deep recursion goes is the engine's business, and differs with every tier
    if (!isStackOverflow(expected) && !isStackOverflow(actual)) comparison.add("ended", expected.ended, actual.ended);
    return comparison;
  }
  if (isStackOverflow(expected)) return comparison;
  // arguments first: a result that is one of them is found to be it
  comparison.add("this", expected.self, actual.self);
  expected.args.forEach((value, k) => comparison.add(`argument ${k}`, value, actual.args[k]));
  return comparison.add(expected.ended === "returned" ? "result" : "error", expected.value, actual.value);
}

/** Runs all callables; the differences of each from the first. */
export function runAll(callables: readonly Callable[], self: unknown, args: readonly unknown[], limit = 20): Difference[] {
  const [judge, ...others] = callables;
  const expected = runCopy(judge!, self, args);
  return others.map((callable) => {
    const { mismatches, count } = compareOutcomes(expected, runCopy(callable, self, args), limit);
    return { name: callable.name, mismatches, count };
  });
}

const isStackOverflow = ({ ended, value }: Outcome): boolean => ended === "threw" && value instanceof RangeError && /call stack/i.test(value.message);
