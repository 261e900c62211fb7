// What function.ts knows of each value before it writes anything: how often it is used, in which region it is defined, and whether it is used
// once, there. One walk, linear in the function's size.

import type { Func, Region, Value } from "../ir/types.ts";

export interface Uses {
  // by value id
  readonly uses: Int32Array;
  /** number of the region that defines it: regions are numbered in the order in which walks enter them */
  readonly home: Int32Array;
  /** 1: used once, in its home */
  readonly inlined: Uint8Array;
  /** how many regions are around one, by its number */
  readonly nesting: readonly number[];
}

export function survey(func: Func): Uses {
  const uses = new Int32Array(func.nextId), home = new Int32Array(func.nextId), inlined = new Uint8Array(func.nextId), nesting: number[] = [];
  const visit = (region: Region, depth: number): void => {
    const here = nesting.push(depth) - 1;
    for (const param of region.params) home[param.id] = here;
    for (const instr of region.body) {
      for (const arg of instr.args) if (!isFixed(arg)) inlined[arg.id] = uses[arg.id]!++ === 0 && home[arg.id] === here ? 1 : 0;
      for (const result of instr.results) home[result.id] = here;
      if ("regions" in instr) for (const inner of instr.regions) visit(inner, depth + 1);
    }
  };
  visit(func.body, 0);
  return { uses, home, inlined, nesting };
}

/** Constants, and addresses that are constants now, or for an instance: written anew at each use. */
export function isFixed(value: Value): boolean {
  const op = value.def?.op;
  return op === "const" || op === "data.addr" || op === "frame.addr";
}
