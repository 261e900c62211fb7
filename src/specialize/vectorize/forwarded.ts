// Whether lanes would load what the loop around theirs stored just before.
//
//   for (n …) { for (k = 1; k <= m; k++) q = max(q, price[k] + best[n − k]); best[n] = q }      the first step loads best[n − 1], …, best[n − 4]
//
// A processor hands what was stored on to a load of that place before it is in the cache, but not to a load of which it is a part only: such a load
// waits. Lanes are worth that where their loop has iterations enough; short ones are quicker one by one.
//
// Requires: an inner loop's accesses and forms (accesses.ts, linear.ts). Guarantees: nothing depends on it but time.

import { constantOf, regionsOf } from "../../ir/build.ts";
import { isMemoryOp, memoryOps } from "../../ir/ops.ts";
import type { Func, Loop, Memory, Region, Value } from "../../ir/types.ts";
import { linearIndex, type Accesses } from "./accesses.ts";
import { countedLoop, type Counted } from "../counted.ts";
import type { LinearForms } from "./linear.ts";

/** For how many additions such a load waits. */
export const waiting = 50;

/** Of each loop the one around it. */
export function loopsAround(func: Func): ReadonlyMap<Loop, Loop> {
  const found = new Map<Loop, Loop>();
  const look = (region: Region, around: Loop | null): void => {
    for (const instr of region.body) {
      if (instr.op === "loop" && around) found.set(instr, around);
      for (const inner of regionsOf(instr)) look(inner, instr.op === "loop" ? instr : around);
    }
  };
  look(func.body, null);
  return found;
}

/** `most`: how many iterations the inner loop has at most. */
export function waitsForStores(around: Loop, { of }: Accesses, forms: LinearForms, lanes: number, most: number): boolean {
  const outer = countedLoop(around, { loops: true });
  if (typeof outer === "string") return false;
  const stores = storesOf(around.regions[0]);
  if (stores.length === 0) return false;
  for (const [load, { step, stream, bytes }] of of) {
    if (step.kind === "store" || Math.abs(stream.stride) !== bytes) continue;
    if (stores.some((store) => store.args[0] === load.args[0] && store.scale === load.scale && memoryOps[store.op].bytes === bytes && isBehind(load, store, outer, forms, lanes, most))) return true;
  }
  return false;
}

/** Those of the loop itself, not of one in it. */
function storesOf(region: Region): Memory[] {
  return region.body.flatMap((instr) => (instr.op === "loop" ? [] : isMemoryOp(instr.op) && memoryOps[instr.op].store ? [instr as Memory] : regionsOf(instr).flatMap(storesOf)));
}

/** Whether some step loads one of the elements that the last few iterations of the outer loop have stored. */
function isBehind(load: Memory, store: Memory, outer: Counted, forms: LinearForms, lanes: number, most: number): boolean {
  const form = linearIndex(load.args[1]!, forms), [term] = form?.terms ?? [];
  if (!form || !term || form.terms.length > 1 || term.times !== 1 || form.counters.length !== 1) return false;
  const stored = constantApart(store.args[1]!), loaded = constantApart(term.value);
  const { param, step } = outer.counters.find((c) => c.param === stored.from) ?? {};
  const { counter, times } = form.counters[0]!;
  const first = constantOf(counter.first);
  if (param === undefined || loaded.from !== param || typeof first !== "number") return false;
  const from = form.plus + loaded.plus - stored.plus + times * first + (load.offset - store.offset) / 2 ** load.scale;
  const to = from + times * counter.step * (most - 1);
  const [low, high] = step! > 0 ? [-lanes, -1] : [1, lanes];
  return Math.min(from, to) <= high && Math.max(from, to) >= low;
}

/** A value as another one and a constant. */
function constantApart(v: Value): { readonly from: Value; readonly plus: number } {
  const { def } = v;
  const by = def?.op === "i32.add" || def?.op === "i32.sub" ? constantOf(def.args[1]!) : undefined;
  return typeof by === "number" ? { from: def!.args[0]!, plus: def!.op === "i32.add" ? by : -by } : { from: v, plus: 0 };
}
