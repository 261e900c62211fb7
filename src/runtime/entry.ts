// A version's entry: tests whether a call fits, places its arrays, runs the program and decodes the outcome. There are two forms with one
// meaning: generated code (generated.ts) where `new Function` is allowed, prebuilt closures (closures.ts) elsewhere.
//
// Guarantees: a miss means that nothing was done that the caller could see. A result or an exception is what the original would have given.
// Every served call is counted once in the tally.
//
// A miss is told in one of two ways. To whoever tries an entry it is the value MISS (Enter). To the dispatcher it is NaN and a raised signal
// (Quick): where a program gives numbers, so does its entry in all cases, and the engine hands them on without boxing them.

import type { RareCase } from "../ir/interface.ts";
import type { Conclude } from "./outcome.ts";
import type { Meets } from "./meets.ts";
import type { SharedMemory } from "./memory.ts";
import type { Misfit, Placer } from "./place.ts";
import type { Placement } from "./placement.ts";
import type { Plan } from "./plan.ts";
import type { Sizes } from "./sizes.ts";
import type { Tally } from "./tally.ts";
import { inUsersLines } from "./traps.ts";
import { MISS } from "./values.ts";

/** `this`, then the arguments, as many as the version was made for. A call that does not fit gives MISS. */
export type Enter = (self: unknown, ...args: unknown[]) => unknown;
/** The same, but a call that does not fit gives NaN, with the signal raised. Whoever calls it lowers the signal, at once. */
export type Quick = (self: unknown, ...args: unknown[]) => unknown;

export const signal = { missed: false };

/** What a Quick ends with where the call does not fit. */
export function missed(): number {
  signal.missed = true;
  return NaN;
}

/** Was the result of a Quick a miss? Lowers the signal. */
export function wasMiss(result: unknown): boolean {
  if (result === result || !signal.missed) return false;
  signal.missed = false;
  return true;
}

export const enterOf = (quick: Quick): Enter => (self, ...args) => {
  const result = quick(self, ...args);
  return wasMiss(result) ? MISS : result;
};

/** Why the last entry answered MISS, where it was no guard: read at once by whoever called the entry. */
export interface Exchange { why: "" | Exclude<Misfit, "kind" | "overlap"> | "bail" | "resized" | "invariant"; detail: unknown; /** of the tier that was entered */ by?: Tally; /** what another program could do */ rare?: RareCase | undefined }

export interface EntryParts {
  readonly plan: Plan;
  readonly placer: Placer;
  readonly run: (...params: (number | bigint | object)[]) => number | undefined;
  readonly memory: SharedMemory;
  /** for each exit how it ends the call; null where it bails */
  readonly conclude: readonly (Conclude | null)[];
  readonly meets: Meets | null;
  readonly exchange: Exchange;
  readonly tally: Tally;
  readonly sizes: Sizes;
  /** what it is called in stack traces */
  readonly title?: string;
  /** from the program's code to the user's, made when it is asked for */
  readonly sourceMap?: () => string | null;
  /** how many arguments it takes, after `this` */
  readonly argc: number;
}

/** Places the arrays; null where the call does not fit, or is of a size that was not measured: the reason in the exchange where it is no matter of kinds. */
export function place(parts: EntryParts, arrays: readonly unknown[]): Placement | null {
  const placement = parts.placer.place(arrays);
  if (placement === null) {
    const { misfit } = parts.placer;
    if (misfit === "full" || misfit === "frozen") { parts.exchange.why = misfit; parts.exchange.by = parts.tally; }
    return null;
  }
  let elements = 0;
  for (let i = 1; i < placement.params.length; i += 2) elements += placement.params[i] as number;
  if (parts.sizes.fits(elements)) return placement;
  placement.finish(false);
  parts.exchange.why = "resized";
  parts.exchange.by = parts.tally;
  return null;
}

/** Whether a call that ended somewhere leaves no trace: a program without such exits writes typed arrays where they lie. */
const leavesNothing = ({ protect, arrays }: Plan): boolean => protect || !arrays.some(({ spec }) => spec.written && spec.array !== null);

/** What an exception from a run means: a bail, the engine's own stack overflow, or our bug. */
export function caught(parts: EntryParts, error: unknown, placement: Placement | null): number {
  const { memory, plan, exchange, tally } = parts;
  const exit = memory.status[0]! - 1;
  memory.status[0] = 0;
  const overflows = exit < 0 && error instanceof RangeError, isTooDeep = overflows && leavesNothing(plan); // the original's calls may need less of the engine's stack, or end so by themselves
  if (exit < 0 && !isTooDeep && error instanceof Error) inUsersLines(error, parts.sourceMap ?? (() => null));
  if (overflows && !isTooDeep) {
    placement?.finish(true);
    throw error;
  }
  placement?.finish(false);
  tally.counts[0]!--;
  const bail = plan.exits[exit];
  exchange.why = isTooDeep || bail?.kind === "bail" ? "bail" : "invariant";
  exchange.by = tally;
  exchange.detail = isTooDeep ? "calls nest too deep" : bail?.kind === "bail" ? bail.reason : error;
  exchange.rare = bail?.kind === "bail" ? bail.rare : undefined;
  return missed();
}

/** Which exit of kind return was taken. */
export function takenExit(parts: EntryParts): number {
  const { status } = parts.memory;
  const exit = status[0]! - 1;
  status[0] = 0;
  return exit;
}
