// What passes ask of a function, found once and kept as long as the function is there. A pass that finds nothing to do gives back the function
// that it was given (unchanged.ts), so the next one that asks has the answer.

import type { Func, Loop, Program, Region } from "../ir/types.ts";
import { Ranges } from "./ranges.ts";

/** What there is in a function. */
export interface Contents {
  readonly ops: ReadonlySet<string>;
  /** outer ones before those in them */
  readonly loops: readonly Loop[];
  /** whether there is a loop in a loop */
  readonly nests: boolean;
  /** instructions that compute, load, store or call */
  readonly operations: number;
}

/** Whether there is one of these operations in it. */
export function holdsAny(func: Func, wanted: Iterable<string>): boolean {
  const { ops } = contentsOf(func);
  for (const op of wanted) if (ops.has(op)) return true;
  return false;
}

const contents = new WeakMap<Func, Contents>();
export function contentsOf(func: Func): Contents {
  let found = contents.get(func);
  if (found === undefined) contents.set(func, (found = lookInto(func)));
  return found;
}

const silent: ReadonlySet<string> = new Set(["if", "block", "loop", "yield", "br", "return", "trap"]);
function lookInto(func: Func): Contents {
  const ops = new Set<string>(), loops: Loop[] = [];
  let operations = 0, nests = false;
  const look = (region: Region, inLoop: boolean): void => {
    for (const instr of region.body) {
      ops.add(instr.op);
      if (!silent.has(instr.op)) operations++;
      else if ("regions" in instr) {
        const isLoop = instr.op === "loop";
        if (isLoop) {
          loops.push(instr);
          nests ||= inLoop;
        }
        for (const inner of instr.regions) look(inner, inLoop || isLoop);
      }
    }
  };
  look(func.body, false);
  return { ops, loops, nests, operations };
}

/** Ranges, and what of the program they were found from. */
interface Known { readonly ranges: Ranges; readonly inputs: Program["inputs"]; readonly data: Program["data"]; readonly isEntry: boolean }
const known = new WeakMap<Func, Known>();
export function rangesOf(func: Func, program: Program): Ranges {
  const { inputs, data } = program, isEntry = func === program.functions[0];
  const before = known.get(func);
  if (before !== undefined && before.inputs === inputs && before.data === data && before.isEntry === isEntry) return before.ranges;
  const ranges = new Ranges(func, program);
  known.set(func, { ranges, inputs, data, isEntry });
  return ranges;
}
