// A loop that looks for something: it stores nothing, carries its counters alone, and is left when a condition holds.
//
//   loop l (%i = 0) { if %i < %n { %x = i32.load8_u [%p + %i]; if %x == %v { return %i }; br l %i + 1 } yield }
//     →  %j = loop v (%i = 0) { if %i < %end { %hit = any lane of (v128.load [%p + %i]) == %v; if not %hit { br v %i + 16 } } yield %i }
//        and then the loop as it was, from %j on: it finds what the block holds, and leaves as it did
//
// The vector loop only passes over iterations in which no condition to leave holds, so the loop behind it does all that can be seen.
// Gives the loop without its ways out, for the analyses that want a counted one, and the conditions.

import type { If, Instr, Loop, Region, Value } from "../../ir/types.ts";
import { regionsOf } from "../../ir/build.ts";
import { countedLoop, type Counted } from "../counted.ts";

export interface Search { readonly counted: Counted; readonly exits: readonly Value[] }

/** The loop as a search; null if it is none. */
export function searchLoop(loop: Loop): Search | null {
  const [region] = loop.regions;
  const at = region.body.findIndex((instr) => "regions" in instr);
  const test = region.body[at];
  if (test?.op !== "if") return null;
  const { body } = test.regions[0];
  const leaving = body.filter((instr): instr is If => instr.op === "if" && leaves(instr, loop));
  if (leaving.length === 0) return null;
  const straight: Region = { params: [], body: body.filter((instr) => !leaving.includes(instr as If)) };
  const counted = countedLoop({ ...loop, regions: [{ params: region.params, body: region.body.map((instr) => (instr === test ? { ...test, regions: [straight, test.regions[1]] } : instr)) }] });
  if (typeof counted === "string" || counted.counters.length !== region.params.length) return null;
  return { counted, exits: leaving.map((instr) => instr.args[0]!) };
}

/** An `if` that leads out of the loop, and does nothing else. */
function leaves({ results, regions: [then, otherwise] }: If, loop: Loop): boolean {
  const last = then.body.at(-1)!;
  return results.length === 0 && otherwise.body.length === 1 && otherwise.body[0]!.op === "yield" && last.op !== "yield" && !goesOn(then, loop);
}
const goesOn = (region: Region, loop: Loop): boolean =>
  region.body.some((instr: Instr) => instr.op === "br" && instr.label === loop.label || regionsOf(instr).some((inner) => goesOn(inner, loop)));
