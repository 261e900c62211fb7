// Values of a counted loop as linear forms: whole-number combinations of counters and of what does not change in the loop.
//
//   %k = i32.add (i32.add %i %row) 2        →  1·%i + 1·%row + 2
//   %t = i32.trunc_sat_f64_s (f64.add %i %row)   the same, for whoever sees to it that the sum lies within int32
//
// A form says what the value is in the integers. What the machine computes may differ where an int32 operation wraps or a double is not
// a small whole number; so whoever uses a form also sees to its `conditions`: forms within int32, leaves that are whole and small.
// (An int32 sum that wraps on the way and ends within int32 is right all the same: that is what a ring is.)

import { constantOf } from "../../ir/build.ts";
import { isMachineOp, ops } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { Ranges } from "../ranges.ts";
import { mostStep, type Counted, type Counter } from "../counted.ts";

export interface Term { readonly value: Value; readonly times: number }
export interface Linear {
  /** by counter: how often it counts */
  readonly counters: readonly { readonly counter: Counter; readonly times: number }[];
  /** values from before the loop, or computed of such; i32, or f64 that is whole */
  readonly terms: readonly Term[];
  readonly plus: number;
  /** forms that must lie within int32 for this one to hold */
  readonly within: readonly Linear[];
}

const most = 2 ** 31;

export class LinearForms {
  private readonly forms = new Map<Value, Linear | null>();
  private readonly loop: Counted;
  private readonly ranges: Ranges;
  private readonly signless: (v: Value) => boolean;
  private readonly leaf: (v: Value) => boolean;

  /** `signless`: whether nobody sees the sign of a value's zero. `leaf`: products of the loop's own that stand in forms as terms */
  constructor(loop: Counted, ranges: Ranges, signless: (v: Value) => boolean = () => false, leaf: (v: Value) => boolean = () => false) {
    this.loop = loop;
    this.ranges = ranges;
    this.signless = signless;
    this.leaf = leaf;
  }

  /** The value's form, if it has one. */
  of(v: Value): Linear | null {
    const known = this.forms.get(v);
    if (known !== undefined) return known;
    this.forms.set(v, null);
    const form = this.find(v);
    this.forms.set(v, form);
    return form;
  }

  /** The same in every iteration. */
  invariant(v: Value): boolean { return !this.loop.inside(v) || this.computedOutside(v); }
  private readonly outside = new Map<Value, boolean>();
  private computedOutside(v: Value): boolean {
    let known = this.outside.get(v);
    if (known === undefined) {
      const def = v.def;
      this.outside.set(v, false);
      known = def !== null && isPureOperation(def.op) && def.args.every((a) => this.invariant(a));
      this.outside.set(v, known);
    }
    return known;
  }

  private find(v: Value): Linear | null {
    const constant = constantOf(v);
    if (constant !== undefined) return typeof constant === "number" && Number.isInteger(constant) && Math.abs(constant) <= most ? form([], [], constant) : null;
    if (v.type !== "i32" && v.type !== "f64") return null;
    if (this.invariant(v)) return v.type === "i32" || this.ranges.of(v).int ? form([], [{ value: v, times: 1 }], 0) : null;
    const counter = this.loop.counters.find((c) => c.param === v);
    if (counter) {
      const itself = form([{ counter, times: 1 }], [], 0);
      if (v.type === "i32") return itself;
      return wholeCounter(counter, this.ranges, this.signless(counter.param)) ? { ...itself, within: [itself] } : null;
    }
    const def = v.def;
    if (def === null) return null;
    const [a, b] = def.args as [Value, Value];
    switch (def.op) {
      case "i32.add": case "f64.add": return this.sum(a, b, 1);
      case "i32.sub": case "f64.sub": return this.sum(a, b, -1);
      case "i32.mul": case "f64.mul": {
        const by = constantOf(b);
        return typeof by === "number" && by !== 0 ? times(this.of(a), by) : this.leaf(v) ? form([], [{ value: v, times: 1 }], 0) : null;
      }
      case "i32.shl": { const by = constantOf(b); return typeof by === "number" && (by & 31) <= 10 ? times(this.of(a), 2 ** (by & 31)) : null; }
      case "f64.convert_i32_s": case "i32.trunc_sat_f64_s": case "i32.from_f64": {
        const of = this.of(a);
        return of && { ...of, within: [...of.within, of] };
      }
      default: return null;
    }
  }

  private sum(a: Value, b: Value, sign: 1 | -1): Linear | null {
    const x = this.of(a);
    const y = x && times(this.of(b), sign);
    return y && add(x, y);
  }
}

/** Counters in doubles count for whole numbers only. −0 is no whole number where its sign is seen: converting back would lose it. */
export function wholeCounter(counter: Counter, ranges: Ranges, signless: boolean): boolean {
  const r = ranges.of(counter.first);
  return counter.param.type === "f64" && r.int && (signless || !r.negzero) && !r.nan;
}

const form = (counters: Linear["counters"], terms: readonly Term[], plus: number): Linear => ({ counters, terms, plus, within: [] });

export function times(a: Linear | null, by: number): Linear | null {
  if (a === null || !Number.isInteger(by) || Math.abs(by) > mostStep) return null;
  const counters = a.counters.map((c) => ({ ...c, times: c.times * by }));
  const terms = a.terms.map((t) => ({ ...t, times: t.times * by }));
  return small({ counters, terms, plus: a.plus * by, within: a.within });
}

export function add(a: Linear, b: Linear): Linear | null {
  const counters = [...a.counters];
  for (const c of b.counters) {
    const at = counters.findIndex((d) => d.counter === c.counter);
    if (at < 0) counters.push(c); else counters[at] = { ...c, times: c.times + counters[at]!.times };
  }
  const terms = [...a.terms];
  for (const t of b.terms) {
    const at = terms.findIndex((u) => u.value === t.value);
    if (at < 0) terms.push(t); else terms[at] = { ...t, times: t.times + terms[at]!.times };
  }
  return small({ counters: counters.filter((c) => c.times !== 0), terms: terms.filter((t) => t.times !== 0), plus: a.plus + b.plus, within: [...a.within, ...b.within] });
}
export const minus = (a: Linear, b: Linear): Linear | null => { const negative = times(b, -1); return negative && add(a, negative); };
export const plus = (a: Linear, c: number): Linear => ({ ...a, plus: a.plus + c });

/** Sums of few, small pieces: 8 · 2^10 · 2^32 is far below 2^53, so doubles compute them exactly. */
function small(a: Linear): Linear | null {
  const fits = a.counters.length + a.terms.length <= 8 && a.counters.every((c) => Math.abs(c.times) <= mostStep)
    && a.terms.every((t) => Math.abs(t.times) <= mostStep) && Math.abs(a.plus) <= 2 ** 40;
  return fits ? a : null;
}

/** How much the form grows in one iteration. */
export const stride = (a: Linear): number => a.counters.reduce((sum, c) => sum + c.times * c.counter.step, 0);

/** A key that forms share which differ in `plus` only. */
export const shapeKey = (a: Linear): string =>
  `${a.counters.map((c) => `${c.counter.index}*${c.times}`).sort().join()};${a.terms.map((t) => `${t.value.id}*${t.times}`).sort().join()}`;

const isPureOperation = (op: string): boolean => isMachineOp(op) && ops[op].effect === "none" && !op.startsWith("math.");
