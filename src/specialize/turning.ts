// Where a carried value that a comparison with a constant chooses turns back: phases, angles, places in rings. A guess, which ranges.ts tries.
//
//   %o = f64.select (f64.ge %q 360.0) (f64.sub %q 360.0) %q        at 360
//   %o = i32.select (i32.eq %p 23) 0 (i32.add %p 1)                at 23: where it is equal to that it is the last
//   %o = i32.select (i32.eq %q 24) 0 %q                            at 23: a next one that is 24 is none any more

import { constantOf } from "../ir/build.ts";
import type { Value } from "../ir/types.ts";

/** `nexts`: what the parameter may be in the next iteration. Undefined where nothing tells. */
export function turnOf(param: Value, nexts: readonly Value[]): number | undefined {
  for (const { def } of nexts) {
    const cond = def?.op === "if" || def?.op === "i32.select" || def?.op === "f64.select" ? def.args[0]!.def : null;
    const found = cond && /^(?:f64|i32)\.(?:(eq|ne)|[lg][te](?:_s)?)$/.exec(cond.op), c = found ? constantOf(cond.args[1]!) : undefined;
    if (typeof c === "number") return found![1] !== undefined && cond!.args[0] !== param ? c - 1 : c;
  }
  return undefined;
}
