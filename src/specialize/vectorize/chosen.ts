// The best so far, chosen by comparisons: each lane keeps its own, and behind the loop the best of these is taken.
//
//   loop l (%m = ∞, %i = 0) { …; %c = f64.lt %x %m; br l (f64.select %c %x %m) (%i + 1) }        if (x[i] < m) m = x[i];
//   loop l (%m = 0, %i = 0) { …; if %d { if %c {%x} else {%m} } else {%m} … }                    if (d && x[i] > m) m = x[i];
//
// Comparisons with NaN are false, so no NaN is ever chosen, in lanes as in the source. Of a −0 and a 0, which are equal, the one that came first stays
// (with ≤ and ≥, the last), and which lane's that was nobody knows: where lanes end with a −0, and 0 is the result, the loop is done again as it was.
//
// Requires: a Counted loop, flat. Only the comparisons and the choices use the carried value. Where the loop stores something no number may be −0.

import { constantOf } from "../../ir/build.ts";
import type { MachineOp } from "../../ir/ops.ts";
import type { Memory, Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import { extractLane, shapeOf } from "../lanes.ts";
import type { Ranges } from "../ranges.ts";
import { operandsOf, dependents, type Flat } from "./flat.ts";
import type { Reduction } from "./reductions.ts";

type Type = "f64" | "f32" | "i32";
const comparison = /^(f64|f32|i32)\.(gt|ge|lt|le)(?:_s)?$/;

/** The carried value as the best of what it is compared with, or null. */
export function chosen(param: Value, index: number, first: Value, next: Value, flat: Flat, uses: ReadonlyMap<Value, number>, ranges: Ranges): Reduction | null {
  const found = new Choices(param, flat);
  if (param.type !== "f64" && param.type !== "f32" && param.type !== "i32" || !found.ends(next) || found.greater === null) return null;
  if (!found.isAlone(uses) || (uses.get(next) ?? 0) > 0) return null;
  const mayBeMinus = param.type !== "i32" && [first, ...found.values].some((v) => ranges.of(v).negzero);
  if (mayBeMinus && flat.steps.some((step) => step.kind === "store")) return null;
  return best(param, index, next, found.greater, mayBeMinus);
}

/** What lies between the carried value and the next one. */
class Choices {
  /** whether the greatest is looked for; null as long as nothing is compared */
  greater: boolean | null = null;
  readonly values: Value[] = [];
  private readonly param: Value;
  private readonly flat: Flat;
  /** by carried value and what is made of it: how often choices and comparisons use it */
  private readonly own = new Map<Value, number>();
  private readonly carried: ReadonlySet<Value>;

  constructor(param: Value, flat: Flat) {
    this.param = param;
    this.flat = flat;
    this.carried = dependents(param, flat);
    this.own.set(param, 0);
  }

  isAlone(uses: ReadonlyMap<Value, number>): boolean { return [...this.own].every(([v, n]) => (uses.get(v) ?? 0) === n); }

  private use(v: Value): void { this.own.set(v, (this.own.get(v) ?? 0) + 1); }

  /** A choice that gives the carried value, or something better. */
  ends(v: Value): boolean {
    if (v === this.param) return true;
    const parts = this.choice(v);
    if (!parts) return false;
    const [cond, then, otherwise] = parts;
    const isArm = (arm: Value): boolean => { this.use(arm); return this.ends(arm); };
    if (!this.carried.has(cond)) return isArm(then) && isArm(otherwise);
    this.use(cond);
    const taken = this.carried.has(then) ? otherwise : then, kept = taken === then ? otherwise : then;
    if (this.carried.has(taken)) return false;
    this.values.push(taken);
    return this.compares(cond, taken, taken === then) && isArm(kept);
  }
  private choice(v: Value): readonly [Value, Value, Value] | null {
    const step = this.flat.by.get(v);
    const isChoice = step?.kind === "choice" || step?.kind === "operation" && step.instr.op.endsWith(".select");
    return isChoice ? operandsOf(step) as [Value, Value, Value] : null;
  }

  /** Whether the condition being `truth` says that the value is better, and perhaps something else that has nothing to do with the carried one. */
  private compares(cond: Value, value: Value, truth: boolean): boolean {
    const parts = this.choice(cond);
    const other = (v: Value): boolean => !this.carried.has(v);
    const isFalse = (v: Value, of: Value): boolean => v === of || constantOf(v) === 0;
    const inner = (v: Value): boolean => { this.use(v); return this.compares(v, value, truth); };
    if (parts) { // a && b
      const [c, then, otherwise] = parts;
      if (!truth || !isFalse(otherwise, c)) return false;
      if (!other(otherwise) && otherwise === c) this.use(c);
      return other(c) ? inner(then) : other(then) && inner(c);
    }
    const step = this.flat.by.get(cond);
    if (step?.kind !== "operation") return false;
    const [a, b] = step.instr.args as [Value, Value];
    if (step.instr.op === "i32.and") return truth && (other(a) ? inner(b) : other(b) && inner(a));
    const [, type, relation] = comparison.exec(step.instr.op) ?? [];
    if (!type || !relation || type !== this.param.type || !truth && type !== "i32") return false; // what is not less may be NaN
    const [is, than] = a === this.param ? [b, a] : [a, b];
    if (than !== this.param || !this.isSame(is, value)) return false;
    this.use(this.param);
    const greater = ((relation[0] === "g") === (is === a)) === truth;
    if (this.greater !== null && this.greater !== greater) return false;
    this.greater = greater;
    return true;
  }
  /** One value, or one place in memory that the loop does not write. */
  private isSame(a: Value, b: Value): boolean {
    if (a === b || constantOf(a) !== undefined && Object.is(constantOf(a), constantOf(b))) return true;
    const [x, y] = [this.flat.by.get(a), this.flat.by.get(b)];
    if (x?.kind !== "load" || y?.kind !== "load" || this.flat.steps.some((step) => step.kind === "store")) return false;
    const alike = (m: Memory, n: Memory): boolean => m.op === n.op && m.space === n.space && m.scale === n.scale && m.offset === n.offset && m.args.every((v, i) => v === n.args[i]);
    return alike(x.instr, y.instr);
  }
}

function best(param: Value, index: number, next: Value, greater: boolean, mayBeMinus: boolean): Reduction {
  const type = param.type as Type, shape = shapeOf(type), width = type === "f64" ? 8 : 4;
  const sign = type === "i32" ? "_s" : "";
  // pmin a b is b where that is less, else a
  const inLanes = (type === "i32" ? `i32x4.${greater ? "max" : "min"}_s` : `${shape}.${greater ? "pmax" : "pmin"}`) as MachineOp;
  const together = (e: Emitter, accumulators: readonly Value[]): Value => {
    const all = accumulators.reduce((a, b) => e.op(inLanes, a, b));
    return Array.from({ length: 16 / width }, (_, lane) => extractLane(e, all, lane, type))
      .reduce((a, b) => e.op(`${type}.select` as MachineOp, e.op(`${type}.${greater ? "gt" : "lt"}${sign}` as MachineOp, b, a), b, a));
  };
  return {
    param, index, width, inTurn: null, values: [next],
    start: (e, first) => e.op(`${shape}.splat` as MachineOp, first),
    step: (_, __, writer, register) => writer.number(next, width, register),
    finish: (e, accumulators) => together(e, accumulators),
    ...(mayBeMinus ? {
      doubt: (e: Emitter, accumulators: readonly Value[]) => {
        const zero = e.op(`${shape}.splat` as MachineOp, e.const(type, 0));
        const zeros = accumulators.map((v) => e.op("v128.and", v, e.op(`${shape}.eq` as MachineOp, v, zero))).reduce((a, b) => e.op("v128.or", a, b));
        return e.op("i32.and", e.op("v128.any_true", zeros), e.op(`${type}.eq` as MachineOp, together(e, accumulators), e.const(type, 0)));
      },
    } : {}),
  };
}
