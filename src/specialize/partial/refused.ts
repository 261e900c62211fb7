// A side of a dynamic branch that can't be specialised ends in a bail: the rest of the function still runs in the residual, and the original
// takes the calls that come there.
//
//   if (n > this.size) { delete this.data; … }  else { … }     →   if n > size { bail } else { … }
//
// Before: the walk of one arm threw a refusal. After: what it wrote is taken back, and the arm leaves by a bail, which a note tells.
// Handed on is what no bail can stand for: bugs, slow values that have to be demoted, strings that have to be known, budgets.

import { Refusal, type Diagnostic } from "../../diagnostic.ts";
import { rollback, type Checkpoint } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { NoTemplate, PathEnds, type Activation } from "./walk.ts";

/** What a walk changes beside the checkpoint's. */
export interface ArmStart { readonly at: Checkpoint; readonly variants: number; readonly polyvariant: number; readonly variantsOpen: number; readonly depths: readonly (readonly [Activation, number, number])[] }

export function armStart(ev: Evaluator, at: Checkpoint, activation: Activation): ArmStart {
  const depths: (readonly [Activation, number, number])[] = [];
  for (let a: Activation | null = activation; a; a = a.caller) depths.push([a, a.loops.length, a.handlers.length]);
  return { at, variants: ev.variants.length, polyvariant: ev.polyvariant, variantsOpen: ev.variantsOpen, depths };
}

/** Whether the error is a refusal that a bail can stand for. */
export const canBail = (error: unknown): error is Refusal =>
  error instanceof Refusal && error.diagnostic.kind !== "Invariant" && error.demote === undefined && error.promote.length === 0;

/** Takes back what was walked since, wherever it ended. */
export function takeBack(ev: Evaluator, start: ArmStart, activation: Activation): void {
  rollback(ev, start.at);
  ev.variants.length = start.variants;
  ev.polyvariant = start.polyvariant;
  ev.variantsOpen = start.variantsOpen;
  for (const [a, loops, handlers] of start.depths) { a.loops.length = loops; a.handlers.length = handlers; }
  ev.activation = activation;
}

/** Takes the arm's walk back and writes the bail. */
export function bailInstead(ev: Evaluator, refusal: Refusal, start: ArmStart, activation: Activation): void {
  if (ev.lifting) throw new NoTemplate(); // with constants in the place of lifted numbers there may be nothing to refuse
  takeBack(ev, start, activation);
  ev.refusals.push(refusal);
  try { ev.bail(refusal.diagnostic.message); } catch (e) { if (!(e instanceof PathEnds)) throw e; }
}

/** What is told of them, each once. */
export const notesOf = ({ refusals }: Evaluator): Diagnostic[] =>
  [...new Map(refusals.map(({ message, diagnostic }) => [message, diagnostic])).values()].map((one) => ({ ...one, kind: "Note", message: `calls that come here are left to the original. ${one.kind}: ${one.message}` }));
