// Sums of int32 and of a double that may be anything, on their way to ToInt32: which doubles have to be whole for integers to do (truncations.ts).
//
// Where all that is added is an int32, and all sums and products are below 2^53, they are modulo 2^32 what int32 gives; −0 is 0 to ToInt32, and neither NaN nor an
// infinity is equal to its own truncation.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, type MachineOp } from "../ir/ops.ts";
import type { Value } from "../ir/types.ts";
import type { Emitter } from "./emitter.ts";
import type { Ranges } from "./ranges.ts";

/** doubles that are asked whether they are whole, and how far a sum and what it is made of are followed */
const limits = { asked: 2, depth: 8 };
const inIntegers: Partial<Record<string, MachineOp>> = { "f64.add": "i32.add", "f64.sub": "i32.sub", "f64.mul": "i32.mul" };

interface Sum { /** doubles to be asked */ readonly asked: ReadonlySet<Value>; /** whether the next iteration waits for it */ readonly carried: boolean; /** how large it is where these are int32 */ readonly most: number }

/** The doubles of a sum that a loop carries on that have to be int32; null where that would not be enough, or no sum is there. */
export function askedOf(v: Value, ranges: Ranges): ReadonlySet<Value> | null {
  const sum = inIntegers[v.def?.op ?? ""] ? sumOf(v, ranges, limits.depth) : null;
  return sum !== null && sum.carried && sum.asked.size > 0 && sum.asked.size <= limits.asked ? sum.asked : null;
}

function sumOf(v: Value, ranges: Ranges, depth: number): Sum | null {
  const c = constantOf(v), { def } = v;
  if (typeof c === "number") return Number.isSafeInteger(c) ? { asked: none, carried: false, most: Math.abs(c) } : null;
  if (def?.op === "f64.convert_i32_s" || def?.op === "f64.convert_i32_u") { const { lo, hi } = ranges.of(v); return { asked: none, carried: isCarried(def.args[0]!), most: Math.max(-lo, hi) }; }
  if (!def || !inIntegers[def.op]) return { asked: new Set([v]), carried: false, most: 2 ** 31 };
  const a = depth > 0 ? sumOf(def.args[0]!, ranges, depth - 1) : null, b = a && sumOf(def.args[1]!, ranges, depth - 1);
  if (!a || !b) return null;
  const most = def.op === "f64.mul" ? a.most * b.most : a.most + b.most;
  return most <= 2 ** 53 ? { asked: new Set([...a.asked, ...b.asked]), carried: a.carried || b.carried, most } : null;
}
const none: ReadonlySet<Value> = new Set();

/** Whether it is computed of a loop's parameter, or of one of these. */
export function isCarried(v: Value, depth: number = limits.depth, params?: ReadonlySet<Value>): boolean {
  const { def } = v;
  return def === null ? params?.has(v) ?? true : depth > 0 && isMachineOp(def.op) && def.args.some((arg) => isCarried(arg, depth - 1, params));
}

/** The sum's low 32 bits, where the asked doubles are those int32. */
export function inInt32(v: Value, truncated: ReadonlyMap<Value, Value>, e: Emitter, value: (old: Value) => Value): Value {
  const c = constantOf(v), { def } = v;
  if (typeof c === "number") return e.i32(c | 0);
  if (def?.op === "f64.convert_i32_s" || def?.op === "f64.convert_i32_u") return value(def.args[0]!);
  const op = def && inIntegers[def.op];
  return op ? e.op(op, inInt32(def!.args[0]!, truncated, e, value), inInt32(def!.args[1]!, truncated, e, value)) : truncated.get(v)!;
}
