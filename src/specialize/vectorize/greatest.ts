// The greatest or least of sums of int32, which a loop gathers as a double since a sum may leave int32: lanes gather in int32, and beside it whether any sum has left it. Where one has, the
// loop is done again as it was.
//
//   loop l (%m = first, %i = 0) { …; %s = f64.add (f64.convert_i32_s %a) (f64.convert_i32_s %b); br l (f64.max %m %s) (%i + 1) }      best = Math.max(best, x[k] + y[k])
//   loop l (%m = first, %i = 0) { …; br l (f64.select (f64.lt %s %m) %s %m) (%i + 1) }                                                if (s < best) best = s
//
// A register holds four int32, two doubles. What the carried value begins with may be anything, since it comes last; with a comparison it is no −0, which is neither less nor more than 0 and would stay.
//
// Requires: a Counted loop, flat. The carried value is used by its own step alone; the loop stores nothing if there are sums.

import { constantOf } from "../../ir/build.ts";
import type { MachineOp } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import { extractLane, shuffle } from "../lanes.ts";
import type { Ranges } from "../ranges.ts";
import { operandsOf, type Flat } from "./flat.ts";
import type { Reduction } from "./reductions.ts";
import type { VectorWriter } from "./writer.ts";

/** An int32, or a sum or difference. */
type Sum = Value | number | { readonly op: "add" | "sub"; readonly a: Sum; readonly b: Sum };
const isWhole = (sum: Sum): sum is Value | number => typeof sum === "number" || !("a" in sum);
/** terms of a sum */
const most = 4;

export function greatestSum(param: Value, index: number, first: Value, next: Value, flat: Flat, uses: ReadonlyMap<Value, number>, ranges: Ranges): Reduction | null {
  if (param.type !== "f64" || uses.get(next) !== undefined) return null;
  const found = extremeOf(param, next, flat);
  if (!found || uses.get(param) !== (found.compared ? 2 : 1) || found.compared && ranges.of(first).negzero) return null;
  const sum = sumOf(found.value, flat, most);
  if (sum === null || typeof sum === "number" || !isWhole(sum) && flat.steps.some((step) => step.kind === "store")) return null;
  return reduction(param, index, leavesOf(sum), sum, found.greatest);
}

/** Of the carried value and which other one it is the greatest or least. */
function extremeOf(param: Value, next: Value, flat: Flat): { readonly value: Value; readonly greatest: boolean; readonly compared: boolean } | null {
  const step = flat.by.get(next);
  if (step?.kind === "operation" && (step.instr.op === "f64.max" || step.instr.op === "f64.min")) {
    const [a, b] = step.instr.args as [Value, Value];
    return a === b ? null : { value: a === param ? b : a, greatest: step.instr.op === "f64.max", compared: false };
  }
  if (step?.kind !== "choice" && !(step?.kind === "operation" && step.instr.op === "f64.select")) return null;
  const [cond, then, otherwise] = operandsOf(step) as [Value, Value, Value], test = flat.by.get(cond);
  const [, relation] = test?.kind === "operation" ? /^f64\.([gl])[te]$/.exec(test.instr.op) ?? [] : [];
  if (!relation || test?.kind !== "operation" || otherwise !== param) return null;
  const [a, b] = test.instr.args as [Value, Value];
  return a === then && b === param || a === param && b === then ? { value: then, greatest: (relation === "g") === (a === then), compared: true } : null;
}

/** A double as sums of int32, of so many at most; null where it is none. */
function sumOf(v: Value, flat: Flat, terms: number): Sum | null {
  const constant = constantOf(v);
  if (constant !== undefined) return typeof constant === "number" && Object.is(constant | 0, constant) ? constant : null;
  const step = flat.by.get(v), def = step ? (step.kind === "operation" ? step.instr : null) : v.def;
  if (def?.op === "f64.convert_i32_s") return def.args[0]!;
  if (terms < 2 || def?.op !== "f64.add" && def?.op !== "f64.sub") return null;
  const a = sumOf(def.args[0]!, flat, terms / 2), b = sumOf(def.args[1]!, flat, terms / 2);
  return a === null || b === null ? null : { op: def.op === "f64.add" ? "add" : "sub", a, b };
}
const leavesOf = (sum: Sum): Value[] => (typeof sum === "number" ? [] : isWhole(sum) ? [sum] : [...leavesOf(sum.a), ...leavesOf(sum.b)]);

/** With sums, an accumulator's lane is of eight bytes: half of the registers gather, the others hold what is below 0 where a sum has left int32. */
function reduction(param: Value, index: number, values: readonly Value[], sum: Sum, greatest: boolean): Reduction {
  const exact = isWhole(sum), { vector, scalar, identity } = greatest ? { vector: "i32x4.max_s", scalar: "f64.max", identity: -(2 ** 31) } as const : { vector: "i32x4.min_s", scalar: "f64.min", identity: 2 ** 31 - 1 } as const;
  const gathering = (count: number): number => (exact ? count : count / 2);
  const every = (e: Emitter, value: number): Value => e.op("i32x4.splat", e.i32(value));
  return {
    param, index, values, width: exact ? 4 : 8, inTurn: null, repeats: true,
    start: (e, _, register, count) => every(e, register < gathering(count) ? identity : 0),
    step: (e, accumulator, writer, register, count) => {
      const half = gathering(count), made = written(e, sum, writer, register % half);
      return register < half ? e.op(vector, accumulator, made.now) : made.left.reduce((all, one) => e.op("v128.or", all, one), accumulator);
    },
    finish: (e, accumulators, firstNow) => {
      const one = accumulators.slice(0, gathering(accumulators.length)).reduce((a, b) => e.op(vector, a, b));
      const all = [[8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7], [4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11]].reduce((v, other) => e.op(vector, v, shuffle(e, v, v, other)), one);
      return e.op(scalar, firstNow, e.op("f64.convert_i32_s", extractLane(e, all, 0, "i32")));
    },
    ...(exact ? {} : {
      doubt: (e: Emitter, accumulators: readonly Value[]) => e.op("v128.any_true", e.op("i32x4.lt_s", accumulators.slice(accumulators.length / 2).reduce((a, b) => e.op("v128.or", a, b)), every(e, 0))),
    }),
  };
}

/** A sum in lanes, and what is below 0 where it, or one that it is made of, has left int32: its sign is then neither operand's. */
function written(e: Emitter, sum: Sum, writer: VectorWriter, register: number): { readonly now: Value; readonly left: readonly Value[] } {
  if (typeof sum === "number") return { now: e.op("i32x4.splat", e.i32(sum)), left: [] };
  if (isWhole(sum)) return { now: writer.number(sum, 4, register), left: [] };
  const a = written(e, sum.a, writer, register), b = written(e, sum.b, writer, register), now = e.op(`i32x4.${sum.op}` as MachineOp, a.now, b.now);
  const changed = e.op("v128.xor", now, a.now), against = sum.op === "add" ? e.op("v128.xor", now, b.now) : e.op("v128.xor", a.now, b.now);
  return { now, left: [...a.left, ...b.left, e.op("v128.and", changed, against)] };
}
