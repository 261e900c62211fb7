// Functions that are called from many places, where walking each call in place writes too much: they are functions of the residual, each walked once
// for its static arguments, as recursive ones are (functions.ts). Libraries of special functions are built so: the incomplete beta
// function calls the power, gamma and logarithm functions from dozens of places, and each of these a dozen others.
//
//   … pow(x, a) … pow(y, b) …   →   func @pow$0(%x, %y) { … }   … call @pow$0 x, a … call @pow$0 y, b …
//
// Before: a walk has given up because it wrote or did too much. After: it begins again, and functions that it walks again and again are
// called. Guarantees: what a walk can do without is as before, for nothing is learned unless one gives up. Numbers and booleans are handed over, everything
// else has to be static. What such a function may not do (make objects that leave it, change what was there before) puts it back in place.

import { Refusal } from "../../diagnostic.ts";
import type { JsFunction } from "../../ir/types.ts";
import { handlerOf } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { callResidual } from "./functions.ts";
import type { Source } from "./heap.ts";
import type { Abs } from "./values.ts";
import { Restart, type Activation } from "./walk.ts";

/** From how many calls on, and how many operations each, a function is worth a call. */
const fewestCalls = 3, fewestOperations = 20;

/** What the calls of a function wrote where they stood. */
export interface Walked { readonly times: number; readonly written: number }

const isScalar = (a: Abs): boolean => a.k === "num" || a.k === "bool" || a.k === "prim";

/** Whether a call of the function may become one of the residual, as far as its arguments tell. */
export function canBeOutlined(ev: Evaluator, caller: Activation | null, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[]): boolean {
  const isKnown = (a: Abs): boolean => a.k === "obj" && ev.isStaticObject(a.id);
  return (func.kind === "function" || func.kind === "arrow") && caller !== null && cells.every(isKnown) && (self.k === "prim" || isKnown(self))
    && args.some((a) => a.k === "num" || a.k === "bool") && args.every((a) => isScalar(a) || isKnown(a)) && handlerOf(caller) === undefined;
}

export const isOutlined = (ev: Evaluator, func: JsFunction): boolean => ev.lessons.outlined.get(func) === true;

export function callOutlined(ev: Evaluator, source: Source, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[], callee: Abs | null): Abs {
  try {
    return callResidual(ev, source, func, cells, self, args, callee);
  } catch (e) {
    if (!(e instanceof Refusal)) throw e;
    ev.lessons.outlined.set(func, false);
    throw new Restart();
  }
}

const isWorthACall = ({ times, written }: Walked): boolean => times >= fewestCalls && written >= times * fewestOperations;

/** Counts a call that was walked in place. */
export function noteWalked(ev: Evaluator, func: JsFunction, written: number): void {
  const { outlined } = ev.lessons, before = ev.walked.get(func), walked = { times: (before?.times ?? 0) + 1, written: (before?.written ?? 0) + written };
  ev.walked.set(func, walked);
  if (outlined.size > 0 && !outlined.has(func) && isWorthACall(walked)) outlined.set(func, true);
}

/** The walk has given up: whether there are functions that another one shall call. Asked once. */
export function learnOutlined(ev: Evaluator): boolean {
  const { outlined } = ev.lessons;
  if (outlined.size > 0) return false;
  for (const [func, walked] of ev.walked) if (isWorthACall(walked)) outlined.set(func, true);
  return outlined.size > 0;
}
