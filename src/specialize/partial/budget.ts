// Budgets that degrade: partial evaluation that would take too long, or write too much, begins again and generalises more.
//
//   level 0   as the options ask: loops unroll, recursion over static data unfolds, what follows a choice of objects is copied
//   level 1   small loops unroll; recursion becomes shared functions of the residual; few copies, few states
//   level 2   every loop is kept
//
// Each level has its share of `limits.compileMs`, and says in a diagnostic what made the one before give up. What even level 2 can't do,
// or would not as far as the operations tell that were written more than once (`repeating`), has level 1 and 2 once more with more functions of its own
// (outlining.ts), then is refused, so the original runs: never a wrong result, never an endless wait.
//
// Where an earlier version of the kernel (or this one, before a slow value of its was found to be written) gave up at a level, a tenth of its share has to do for the next one: values that differ much from those, and need
// less, are still specialised as the options ask, and all others are not walked for long to find out the same. So it is with the walks with more functions
// where they were of no use to an earlier version.
//
// What the first level learns of arrays and objects it learns a walk at a time. Where nearly all that a long one writes are copies and iterations, they get a quarter
// of its share for that: the next one would write more of them, and a lower level writes them once. A walk that need not begin again has all of it.
//
// Milliseconds are counted in work (instructions walked, values made, what comparing states looks at, long lists copied), not on the clock: what is served on a quiet
// machine is served on a busy one, and is the same program. The clock decides only where work took many times what it ever takes.

import { diagnose, Refusal } from "../../diagnostic.ts";
import type { Evaluator } from "./evaluator.ts";

export interface Limits {
  /** instructions that unrolling one loop may write */
  readonly unroll: number;
  /** instructions of the residual, whole */
  readonly operations: number;
  /** milliseconds that all walks may take */
  readonly ms: number;
  /** at how many levels an earlier version gave up; `altogether`: it was refused */
  readonly gaveUp?: number | undefined;
  /** every loop is to be kept from the start, in so much work: no other level is tried */
  readonly rolled?: number | undefined;
}

/** What one walk may do. */
export interface Budget {
  readonly level: number;
  /** instructions that unrolling one loop may write, and steps that it may take */
  readonly unroll: number;
  readonly loopSteps: number;
  /** states of a loop that is walked as a graph */
  readonly states: number;
  /** copies of what follows a choice of objects */
  readonly copies: number;
  /** a function that calls itself becomes one of the residual, whatever is known of its arguments */
  readonly share: boolean;
  /** so many slow objects that something dynamic chooses from become tables (records.ts); fewer are told apart by tests, which constants can fold */
  readonly tabled: number;
  readonly operations: number;
  /** what all walks of the level may do */
  readonly work: number;
  /** … after which none begins again that writes hardly anything but the same things again and again */
  readonly repeats: number;
  /** the time, as performance.now() has it, when it has to be done */
  readonly deadline: number;
}

/** How much work counts as a millisecond: about a third of what a quiet machine does in one. */
const workInMs = 150;
/** how much longer it may take by the clock */
const patience = 4;
/** the part of its share that is left of a level at which an earlier version gave up */
const secondTry = 0.1;
/** the part of its share in which the first level's walks have to learn what they need where nearly all that they write is there more than once; which part that is */
const learning = 0.25, nearlyAll = 7 / 8;

const levels: readonly ((limits: Limits) => Omit<Budget, "level" | "tabled" | "deadline" | "operations" | "work" | "repeats"> & { part: number })[] = [
  ({ unroll }) => ({ unroll, loopSteps: 1_250_000, states: 2000, copies: 64, share: false, part: 0.5 }),
  ({ unroll }) => ({ unroll: Math.min(unroll, 300), loopSteps: 20_000, states: 200, copies: 8, share: true, part: 0.25 }),
  () => ({ unroll: 0, loopSteps: 2000, states: 0, copies: 0, share: true, part: 0.25 }),
];
export const lastLevel = levels.length - 1;
/** What a version has given up that was refused for its budget, with functions of its own that are handed arrays and objects, too. */
export const altogether = levels.length;

/** Where walks begin. */
export function firstBudget(limits: Limits, now: number): Budget {
  const { rolled } = limits;
  return rolled === undefined ? budgetOf(0, limits, now) : { ...budgetOf(lastLevel, limits, now), tabled: 2, work: rolled, operations: Math.min(limits.operations, mostRolled) };
}
/** What keeps its loops so as to be made soon is small, or no use. */
const mostRolled = 2000;

/** `handsObjects`: the walk is one of those whose calls hand over arrays and objects, of which an earlier version that gave up had none. */
export function budgetOf(level: number, limits: Limits, now: number, handsObjects = false): Budget {
  const { part, ...rest } = levels[level]!(limits), ms = Math.max(limits.ms, 20) * part * (handsObjects ? 2 : 1), gaveUp = limits.gaveUp ?? 0;
  const again = handsObjects ? gaveUp === altogether : level < Math.min(gaveUp, lastLevel);
  const share = ms * workInMs, work = share * (again ? secondTry : 1);
  return { ...rest, level, tabled: 9, operations: limits.operations, work, repeats: level === 0 ? Math.min(work, share * learning) : work, deadline: now + ms * patience };
}

/** What calls functions that had been written in many places should do with less than that took, `work`: where it does not either, the next level is tried sooner. */
export const withCalls = (budget: Budget, work: number): Budget => ({ ...budget, work: Math.min(budget.work, mostWithCalls * work) });
const mostWithCalls = 1.5;

/** A walk gives up. */
export class BudgetReached {
  readonly why: string;
  /** the option that would allow it */
  readonly option: string;
  constructor(why: string, option: string) { this.why = why; this.option = option; }
}

/** What the walk has done. */
export const workOf = (ev: Evaluator): number => ev.steps + ev.b.nextId + ev.compared + ev.copied;

/** Whether so much work, of all the level's walks, is all that it may do. */
export const spent = (budget: Budget, work: number): BudgetReached | undefined =>
  work > budget.work || performance.now() > budget.deadline ? tooLong() : undefined;
const tooLong = (): BudgetReached => new BudgetReached("too many milliseconds", "limits.compileMs");

/**
 * Whether a walk at the first level need not begin again: the level's walks have done much, this one too, and nearly all that it wrote are copies and iterations, of which the
 * next one writes more. A lower level writes them once.
 */
export const writesTheSame = ({ level, repeats }: Budget, { all, last }: { readonly all: number; readonly last: number }, { repeated, written }: { readonly repeated: number; readonly written: number }): BudgetReached | undefined =>
  level === 0 && all > repeats && last > repeats * learning && repeated >= written * nearlyAll ? tooLong() : undefined;

/** Asked every few hundred steps. */
export function checkBudget(ev: Evaluator): void {
  const { budget } = ev;
  if (ev.b.written > budget.operations) throw new BudgetReached(`more than ${budget.operations} operations`, "limits.operations");
  const reached = spent(budget, ev.workBefore + workOf(ev));
  if (reached) throw reached;
}

/** What is walked is one of several copies, or a function within itself: a lower level of the budget writes such things once, as it does iterations (loops.ts). */
export function repeating<T>(ev: Evaluator, walk: () => T): T {
  const { repeated, b: { written } } = ev;
  try { return walk(); } finally { ev.repeated = repeated + ev.b.written - written; }
}

/** What was thrown, as a budget that was reached; undefined if it is something else. The stack of the engine is a budget too. */
export function budgetReached(error: unknown): BudgetReached | undefined {
  if (error instanceof BudgetReached) return error;
  return error instanceof RangeError && /call stack/i.test(error.message) ? new BudgetReached("calls or objects that nest too deep", "no option") : undefined;
}

export function refuseBudget(ev: Evaluator, { why, option }: BudgetReached): Refusal {
  const { code, start, end } = ev.here();
  return new Refusal(diagnose("Unsupported", `specializing the function takes ${why}`, option === "no option" ? "make it less deep, or make the value fast" : `raise ${option}, make a large value fast, or mark loops // @keep`, code, start, end));
}
export function noteBudget(ev: Evaluator, { why }: BudgetReached, next: number): void {
  ev.note(`specializing took ${why}: begun again, ${next === lastLevel ? "every loop is kept" : "only small loops are unrolled and recursion is shared"}`, "mark loops // @keep where unrolling does not pay, or make a large value fast");
}
