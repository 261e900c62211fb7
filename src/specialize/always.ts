// What each iteration of a loop computes, whichever way it goes: what is known of such a value then holds in all of them.

import { regionsOf } from "../ir/build.ts";
import type { If, Instr, Label, Loop, Region, Value } from "../ir/types.ts";
import { holdsOne, visit } from "./flow.ts";

/** What each iteration computes; which ways out have to be taken in none of them for that. */
export interface Always { readonly done: ReadonlySet<Value>; readonly unless: readonly If[] }
/** Whether what the condition leads to is left to the original. */
export const leaves = ({ regions: [then] }: If): boolean => then.body.at(-1)!.op === "trap";
/**
 * What each iteration computes, the last one too, as long as none of the ways out is taken that are the same in all of them: what is known of such a value then holds in all. Null if
 * the loop may be left in other ways than by its test: by a question that it asks anew each time, or from within a function that it calls.
 */
export function alwaysDone(loop: Loop, test: If, inside: ReadonlySet<Value>): Always | null {
  const [region] = test.regions, labels = new Set<Label>([loop.label]), unless: If[] = [], allowed = new Set<Instr>();
  visit(region, (instr) => {
    if (instr.op === "loop" || instr.op === "block") labels.add(instr.label);
    if (instr.op === "if" && leaves(instr) && !inside.has(instr.args[0]!)) { unless.push(instr); allowed.add(instr.regions[0].body.at(-1)!); }
  });
  let others = loop.notes?.calls === true;
  visit(region, (instr) => {
    others ||= instr.op === "return" || instr.op === "call" || instr.op === "loop" && instr.notes?.calls === true || instr.op === "trap" && !allowed.has(instr) || instr.op === "br" && !labels.has(instr.label);
  });
  if (others) return null;
  const done = new Set<Value>();
  for (const instr of region.body) {
    if (regionsOf(instr).some((inner) => goesOn(inner, loop.label))) break; // what follows is not done where it does
    for (const r of instr.results) done.add(r);
  }
  return { done, unless };
}
/** Whether the region may begin the loop's next iteration. */
const goesOn = (region: Region, label: Label): boolean => holdsOne(region, (instr) => instr.op === "br" && instr.label === label);
