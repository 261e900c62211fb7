// How many iterations of a counted loop are certain to be harmless: conditions on linear forms become a number, computed before the loop.
//
//   0 ≤ %i + 3 < %length  for each iteration from %i = first on      →      min(…, %length − 3 − first), 0 if first + 3 < 0
//
// Requires: forms whose leaves are available before the loop. Guarantees: every requirement holds in each of the first `count` iterations;
// the count may be less than the greatest such number, and is 0 where a leaf is NaN, a fraction or huge. Computed in doubles, in which sums
// of these sizes are exact and nothing wraps: a NaN or an infinity that should not be there ends as a count of 0.

import type { Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import type { Ranges } from "../ranges.ts";
import type { Counter } from "../counted.ts";
import { plus, shapeKey, stride, times, type Linear } from "./linear.ts";

/** What a loop's first iterations have to keep to. */
export interface Requirements {
  /** forms that must not be negative, by shape; of each shape the one with the least `plus` counts */
  readonly forms: Map<string, Linear>;
  /** conditions (i32, the same in every iteration) that must be true */
  readonly flags: Set<Value>;
  /** the loop's bound where it is a double of any value: no more iterations than take the counter to it */
  readonly bounds: { readonly counter: Counter; readonly limit: Value; readonly strict: boolean }[];
}
export const requirements = (): Requirements => ({ forms: new Map(), flags: new Set(), bounds: [] });

/** The form must be ≥ 0. False if it never is. */
export function require(all: Requirements, form: Linear): void {
  const key = shapeKey(form);
  const known = all.forms.get(key);
  if (!known || form.plus < known.plus) all.forms.set(key, form);
}

export const int32 = { lo: -2147483648, hi: 2147483647 } as const;
/** lo ≤ form ≤ hi */
export function requireWithin(all: Requirements, form: Linear, lo: number, hi: number): void {
  require(all, plus(form, -lo));
  require(all, plus(times(form, -1)!, hi));
}

/** No more than this many iterations at a time: far more than any array has elements. */
const mostIterations = 2 ** 30;
/** Where doubles from outside end up that are too large for exact sums. */
const huge = 2 ** 40;

export class Limits {
  private readonly e: Emitter;
  private readonly ranges: Ranges;
  /** what a value from before the loop, or one that can be computed there, is now */
  private readonly now: (old: Value) => Value;

  constructor(e: Emitter, ranges: Ranges, now: (old: Value) => Value) { this.e = e; this.ranges = ranges; this.now = now; }

  /** Writes the count, an i32 ≥ 0. */
  count(all: Requirements): Value {
    const { e } = this;
    let count = e.f64(mostIterations);
    const flags: Value[] = [];
    const leaves = new Set<Value>();
    const implied = impliedBy(all);
    for (const [key, form] of all.forms) {
      if (form.plus >= (implied.get(key) ?? Infinity)) continue;
      for (const { value } of form.terms) leaves.add(value);
      const by = stride(form);
      if (by < 0) {
        // floor(first / by) + 1
        count = e.op("f64.min", count, this.quotient(this.first(plus(form, -by)), -by));
      } else if (!this.neverNegative(form)) flags.push(e.op("f64.ge", this.first(form), e.f64(0)));
    }
    for (const { counter, limit, strict } of all.bounds) {
      const bound = e.op("f64.min", e.op("f64.max", e.op(strict === counter.step > 0 ? "f64.ceil" : "f64.floor", this.now(limit)), e.f64(-huge)), e.f64(huge));
      const distance = counter.step > 0 ? e.op("f64.sub", bound, this.double(counter.first)) : e.op("f64.sub", this.double(counter.first), bound);
      const steps = this.quotient(strict ? e.op("f64.sub", distance, e.f64(1)) : distance, Math.abs(counter.step));
      count = e.op("f64.min", count, e.op("f64.add", steps, e.f64(1)));
    }
    for (const leaf of leaves) {
      const r = this.ranges.of(leaf);
      if (leaf.type === "f64" && !(r.lo >= -(2 ** 33) && r.hi <= 2 ** 33)) flags.push(e.op("f64.le", e.op("f64.abs", this.now(leaf)), e.f64(2 ** 33)));
    }
    for (const flag of all.flags) flags.push(e.op("i32.ne", this.now(flag), e.i32(0)));
    // NaN becomes 0
    const whole = e.op("i32.trunc_sat_f64_s", e.op("f64.max", count, e.f64(0)));
    return flags.length === 0 ? whole : e.op("i32.select", flags.reduce((a, b) => e.op("i32.and", a, b)), whole, e.i32(0));
  }

  /** floor(a / by) */
  private quotient(a: Value, by: number): Value {
    return by === 1 ? a : this.e.op("f64.floor", this.e.op("f64.div", a, this.e.f64(by)));
  }

  /** The form's value in the first iteration, as a double. */
  first(form: Linear): Value {
    const { e } = this;
    let sum: Value | null = null;
    const take = (v: Value, by: number): void => {
      const times = by === 1 || by === -1 && sum ? v : e.op("f64.mul", v, e.f64(by));
      sum = sum ? e.op(by === -1 ? "f64.sub" : "f64.add", sum, times) : times;
    };
    for (const { counter, times: by } of form.counters) take(this.double(counter.first), by);
    for (const { value, times: by } of form.terms) take(this.double(value), by);
    const all = sum as Value | null;
    if (!all) return e.f64(form.plus);
    return form.plus === 0 ? all : form.plus > 0 ? e.op("f64.add", all, e.f64(form.plus)) : e.op("f64.sub", all, e.f64(-form.plus));
  }

  private double(old: Value): Value {
    const now = this.now(old);
    return now.type === "i32" ? this.e.op("f64.convert_i32_s", now) : now;
  }

  private neverNegative(form: Linear): boolean {
    let least = form.plus;
    const take = (v: Value, by: number): void => {
      const r = this.ranges.of(v);
      least += by * (by > 0 ? r.lo : r.hi);
      if (r.nan) least = NaN;
    };
    for (const { counter, times: by } of form.counters) take(counter.first, by);
    for (const { value, times: by } of form.terms) take(value, by);
    return least >= 0;
  }
}

/**
 * By shape, from which `plus` on a form holds because another does: index < length ≤ 2^31 − 1 says that the index is within int32.
 * (form + length ≥ 0 holds only if form + 2^31 − 1 ≥ 0.)
 */
function impliedBy(all: Requirements): ReadonlyMap<string, number> {
  const implied = new Map<string, number>();
  for (const form of all.forms.values()) {
    for (const term of form.terms) {
      if (term.times !== 1 || term.value.type !== "i32") continue;
      const key = shapeKey({ ...form, terms: form.terms.filter((t) => t !== term) });
      implied.set(key, Math.min(implied.get(key) ?? Infinity, form.plus + int32.hi));
    }
  }
  return implied;
}
