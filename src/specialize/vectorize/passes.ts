// The passes that only WebAssembly profits from, after those of ../passes.ts: loops that count in doubles are split, their main loops narrowed,
// then vectorized. A program without loops is left as it is, and so is one in which nothing was found to do.

import { instructions } from "../../ir/build.ts";
import type { Program } from "../../ir/types.ts";
import { removeChecks } from "../checks.ts";
import { removeDeadCode } from "../dce.ts";
import { hoist } from "../hoist.ts";
import { narrow } from "../narrow.ts";
import { runPasses, type Pass, type PassOptions, type Stage } from "../passes.ts";
import { simplify } from "../simplify.ts";
import { removeStores } from "../stores.ts";
import { loopNotes, vectorize, type LoopNote } from "./index.ts";
import { pairStores } from "./slp.ts";
import { splitLoops } from "./split.ts";

export const vectorPasses: readonly Pass[] = [
  { name: "stores", why: "before the splits' copies are looked at: places of an array that serve as variables are values", run: removeStores },
  { name: "split doubles", why: "before all that looks at ranges: in their main loops the counters are int32, and no value is NaN for want of an element", run: splitLoops },
  { name: "simplify 5", why: "after split doubles: checks are constants now", run: simplify },
  { name: "dead code 5", why: "before narrow 2: a use that nobody needs must not keep a value a double", run: removeDeadCode },
  { name: "narrow 2", why: "after the splits: sums of bytes that can't be NaN are int32", run: narrow },
  { name: "dead code 6", why: "after narrow 2: the doubles that are no longer wanted", run: removeDeadCode },
  { name: "simplify 6", why: "after narrow 2: checks of narrowed indices are comparisons with a length", run: simplify },
  { name: "checks 2", why: "after simplify 6: what narrowed ranges prove, tables above all", run: removeChecks },
  { name: "simplify 7", why: "after checks 2: what stood behind them is straight code now", run: simplify },
  { name: "hoist 3", why: "before vectorize: what does not change in a loop must stand before it", run: hoist },
  { name: "dead code 7", why: "before vectorize: it looks at every instruction", run: removeDeadCode },
  { name: "vectorize", why: "when all is narrow and straight", run: vectorize },
  { name: "pairs", why: "after vectorize: straight code that no loop's lanes took", run: pairStores },
  { name: "dead code 8", why: "last: scalar code that vectors replaced", run: removeDeadCode },
];

export interface Vectorized { readonly program: Program; readonly stages: readonly Stage[]; readonly loops: readonly LoopNote[] }

export function vectorizeProgram(program: Program, options: PassOptions = {}): Vectorized {
  if (!program.functions.some((f) => [...instructions(f.body)].some((i) => i.op === "loop"))) return { program, stages: [], loops: [] };
  const { program: made, stages } = runPasses(program, { ...options, passes: vectorPasses });
  const loops = stages.find((s) => s.pass === "vectorize")?.program.functions.flatMap(loopNotes) ?? [];
  const paired = stages.find((s) => s.pass === "pairs")?.changed ?? false;
  const worthwhile = paired || loops.some((l) => l.lanes > 1) || stages.slice(0, 2).some((s) => s.changed);
  return { program: worthwhile ? made : program, stages, loops };
}
