// Functions that are called from many places, where walking each call in place writes too much: they are functions of the residual, each walked once
// for its static arguments, as recursive ones are (functions.ts). Libraries of special functions are built so: the incomplete beta
// function calls the power, gamma and logarithm functions from dozens of places, and each of these a dozen others.
//
//   … pow(x, a) … pow(y, b) …   →   func @pow$0(%x, %y) { … }   … call @pow$0 x, a … call @pow$0 y, b …
//
// Before: a walk has given up because it wrote or did too much. After: it begins again, and functions that it walks again and again are
// called. Guarantees: what a walk can do without is as before, for nothing is learned unless one gives up. Numbers, booleans and what is one of several of these and of static primitives are handed
// over, everything else has to be static. Where even the last level of the budget has given up, or would since nothing is unrolled that it would keep, arrays and objects of the
// kernel's own are handed over too, in memory (boxes.ts): big integers and exact sums are written so. What such a function may not do (change what was there before, other than these) puts it back in place.

import { Refusal } from "../../diagnostic.ts";
import type { JsFunction } from "../../ir/types.ts";
import { box, reference } from "./boxes.ts";
import { handlerOf } from "./control.ts";
import type { BudgetReached } from "./budget.ts";
import type { Evaluator } from "./evaluator.ts";
import { callResidual, isNew, isParameter } from "./functions.ts";
import type { Source } from "./heap.ts";
import type { Abs } from "./values.ts";
import { Restart, type Activation } from "./walk.ts";

/** From how many calls on, and how many operations each, a function is worth a call. */
const fewestCalls = 3, fewestOperations = 20;
/** The part of a program that may be repeated where a lower level is not worth a walk. */
const mostRepeated = 1 / 8;
/** … and the least part that one function wrote, as a divisor. */
const fewestParts = 3;

/** What the calls of a function wrote where they stood. */
export interface Walked { readonly times: number; readonly written: number }

const isScalar = (a: Abs): boolean => a.k === "num" || a.k === "bool" || a.k === "prim" || isOneOfScalars(a);
/** A number, or undefined where no path has set it yet. */
const isOneOfScalars = (a: Abs): boolean => a.k === "sum" && a.alts.every((alt) => alt.k === "num" || alt.k === "bool" || alt.k === "prim");

/** What a call hands over beside what is static. */
export type Handed = "numbers" | "objects";

/** What is handed over where a call of the function becomes one of the residual; undefined where that can't be, as far as its arguments tell. */
export function handedTo(ev: Evaluator, caller: Activation | null, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[]): Handed | undefined {
  const isKnown = (a: Abs): boolean => a.k === "obj" && ev.isStaticObject(a.id);
  if (caller === null || handlerOf(caller) !== undefined) return undefined;
  const isFunction = func.kind === "function" || func.kind === "arrow";
  if (isFunction && cells.every(isKnown) && (self.k === "prim" || isKnown(self)) && args.every((a) => isScalar(a) || isKnown(a))) return args.some((a) => isScalar(a) && a.k !== "prim") ? "numbers" : undefined;
  const isHanded = (a: Abs): boolean => { const now = reference(a, ev.state); return isParameter(now) || (now.k === "obj" && isNew(ev, now.id)); };
  return (isFunction || func.kind === "method") && (self.k === "prim" || isKnown(self) || isHanded(self)) && args.every((a) => isScalar(a) || isKnown(a) || isHanded(a)) ? "objects" : undefined;
}

export const isOutlined = ({ lessons }: Evaluator, func: JsFunction, handed: Handed): boolean => lessons.outlined.get(func) === true && (handed === "numbers" || lessons.handsObjects);

export function callOutlined(ev: Evaluator, source: Source, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[], callee: Abs | null): Abs {
  try {
    const placed = (a: Abs): Abs => { const now = reference(a, ev.state); return now.k === "obj" && isNew(ev, now.id) ? box(ev, now.id) : a; };
    return callResidual(ev, source, func, cells, placed(self), args.map(placed), callee);
  } catch (e) {
    if (!(e instanceof Refusal) || ev.begunInVain) throw e; // what is wrong in vain may be right the next time
    ev.lessons.outlined.set(func, false);
    throw new Restart();
  }
}

const isWorthACall = ({ times, written }: Walked): boolean => times >= fewestCalls && written >= times * fewestOperations;

/** Counts a call that was walked in place. */
export function noteWalked(ev: Evaluator, func: JsFunction, handed: Handed, written: number): void {
  const { outlined, handsObjects } = ev.lessons, counts = handed === "numbers" ? ev.walked : ev.walkedWithObjects;
  const before = counts.get(func), walked = { times: (before?.times ?? 0) + 1, written: (before?.written ?? 0) + written };
  counts.set(func, walked);
  if (outlined.size > 0 && (handed === "numbers" || handsObjects) && !outlined.has(func) && isWorthACall(walked)) outlined.set(func, true);
}

/** The walk has given up: whether there are functions that another one shall call. Asked once. */
export function learnOutlined(ev: Evaluator): boolean {
  const { outlined } = ev.lessons;
  return outlined.size === 0 && learn(ev, ev.walked);
}
/**
 * Whether nothing but calls of functions that are handed arrays and objects would write less: little of what was written is there more than once because
 * something was unrolled or copied, which is what a lower level spares, and one such function wrote a third of it or more.
 */
export function callsAlone(ev: Evaluator, { option }: BudgetReached): boolean {
  const { written } = ev.b, { outlined, handsObjects } = ev.lessons;
  if ((option !== "limits.operations" && ev.budget.level === 0) || handsObjects || ev.repeated > written * mostRepeated) return false;
  for (const [func, walked] of ev.walkedWithObjects) if (!outlined.has(func) && isWorthACall(walked) && fewestParts * walked.written >= written) return true;
  return false;
}
/** The same where that is so, or the last level has: whether there are any to which arrays and objects are handed over. */
export function learnHanded(ev: Evaluator): boolean {
  if (ev.lessons.handsObjects) return false;
  ev.lessons.handsObjects = true;
  return learn(ev, ev.walkedWithObjects);
}
function learn({ lessons: { outlined } }: Evaluator, counts: ReadonlyMap<JsFunction, Walked>): boolean {
  let learned = false;
  for (const [func, walked] of counts) if (!outlined.has(func) && isWorthACall(walked)) { outlined.set(func, true); learned = true; }
  return learned;
}
