// Whether an `if` that loads may be done anywhere: its own condition says that what it loads is there, or a comparison that can be made says so.
//
//   if %ok {f64.load [%k-th of x]} else {nan}       %ok = i32.lt_u %k %x.length: the check of that load. Nothing else need hold
//   if %flag {f64.load [%k-th of x]} else {1.0}     the check was proved by what stands around it; to be done elsewhere: %flag and %k <u %x.length
//
// Checks that were proved are gone (checks.ts), so a load alone does not tell what it relies on: a condition around it, a loop's test, a check before it
// that leaves the program. An array of the caller's comes with its length, a constant table with its bytes. Of other memory (lists of the program's own, rows)
// only a comparison of the load's very index counts. Nothing can be asked of an index that the arm itself computes.

import { constantOf } from "../ir/build.ts";
import { extentOf } from "../ir/extents.ts";
import { isMachineOp, isMemoryOp, memoryOps, type MachineOp } from "../ir/ops.ts";
import type { Func, If, Machine, Memory, Program, Value } from "../ir/types.ts";

export interface Cover {
  /** the arm that loads */
  readonly arm: 0 | 1;
  /** what must hold besides the `if`'s own condition, for the loads to be safe wherever it stands; null if that can't be said */
  readonly asks: readonly Ask[] | null;
}
interface Ask { readonly op: MachineOp; readonly args: readonly (Value | number)[] }

/** Null if both arms load. */
export function coverOf(instr: If, func: Func, program: Program): Cover | null {
  const loads = instr.regions.map((arm) => arm.body.filter((inner): inner is Memory => isMemoryOp(inner.op)));
  if (loads.every((list) => list.length === 0)) return { arm: 0, asks: [] };
  if (loads.every((list) => list.length > 0)) return null;
  const arm = loads[0]!.length > 0 ? 0 : 1;
  const known = arm === 0 ? conjuncts(instr.args[0]!) : [];
  const inside = new Set(instr.regions[arm]!.body.flatMap((inner) => inner.results));
  const asks = loads[arm]!.map((load) => (inside.has(load.args[1]!) ? null : asksOf(load, known, func, program)));
  return { arm, asks: asks.includes(null) ? null : asks.flatMap((list) => list!) };
}

/** What to ask before the load; null if it can't be said. `known` holds already. */
function asksOf(load: Memory, known: readonly Machine[], func: Func, program: Program): readonly Ask[] | null {
  const [base, index] = load.args as [Value, Value?];
  const extent = extentOf(base, func, program);
  if (extent === null) return index !== undefined && load.offset === 0 && known.some((k) => k.op === "i32.lt_u" && k.args[0] === index) ? [] : null;
  const { length, bytes } = extent;
  const last = Math.floor((load.offset + memoryOps[load.op].bytes - 1) / bytes); // of the elements that it reads, from the index on
  const most = typeof length === "number" ? length : null;
  if (index === undefined) {
    if (most !== null) return last < most ? [] : null;
    return known.some((k) => k.op === "i32.gt_u" && k.args[0] === length && Number(constantOf(k.args[1]!)) >= last) ? [] : [{ op: "i32.gt_u", args: [length, last] }];
  }
  if (last > 0 || 2 ** load.scale !== bytes) return null;
  const isIt = (below: Value): boolean => below === length || (most !== null && Number(constantOf(below) ?? Infinity) <= most);
  return known.some((k) => k.op === "i32.lt_u" && k.args[0] === index && isIt(k.args[1]!)) ? [] : [{ op: "i32.lt_u", args: [index, length] }];
}

/** The operations that all hold where the value does. */
function conjuncts(cond: Value): Machine[] {
  const { def } = cond;
  if (def?.op === "i32.and") return def.args.flatMap((arg) => conjuncts(arg));
  return def && isMachineOp(def.op) ? [def as Machine] : [];
}
