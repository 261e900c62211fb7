// Whether a number that a counted loop computes in each iteration is, of any stretch of iterations, least at one of the two ends: then who knows
// it there knows enough for all between.
//
//   min(%k, %length − %i)                    it rises and then falls, at most: yes
//   %i ≥ 3 ∧ %i < 90 ? %k : 0                the iterations in which conditions on something that only rises or falls hold lie side by side: yes
//
// (Such functions are called quasi-concave: those whose sets {i: f(i) ≥ c} are intervals. The least of two is one too.) Rounding keeps order, so
// sums in doubles are no trouble. Requires: int32 sums count only where ranges say that they do not wrap, and so do counters, but for the one of the
// loop's test: who asks sees to it that this one does not wrap in the stretch.

import { constantOf } from "../../ir/build.ts";
import type { Value } from "../../ir/types.ts";
import type { Ranges } from "../ranges.ts";
import type { Counted, Counter } from "../counted.ts";

type Way = "up" | "down" | "level";

export class Concave {
  private readonly loop: Counted;
  private readonly ranges: Ranges;
  constructor(loop: Counted, ranges: Ranges) { this.loop = loop; this.ranges = ranges; }

  /** Whether the number is least at one end of any stretch. */
  holds(v: Value, depth = 16): boolean {
    if (this.way(v) !== null) return true;
    const { def } = v;
    if (!def || depth === 0) return false;
    const [a, b, c] = def.args as [Value, Value, Value];
    const level = (x: Value): boolean => this.way(x) === "level";
    const both = (x: Value, y: Value): boolean => this.holds(x, depth - 1) && this.holds(y, depth - 1);
    switch (def.op) {
      case "f64.min": return both(a, b);
      case "f64.max": return level(b) ? this.holds(a, depth - 1) : level(a) && this.holds(b, depth - 1);
      case "i32.trunc_sat_f64_s": case "f64.floor": case "f64.convert_i32_s": return this.holds(a, depth - 1);
      case "i32.add": return this.ranges.isExact(v) && (level(a) ? this.holds(b, depth - 1) : level(b) && this.holds(a, depth - 1));
      case "i32.select": {
        const compared = a.def?.op === "i32.lt_s" || a.def?.op === "i32.le_s" ? a.def.args : null;
        if (compared && compared[0] === b && compared[1] === c) return both(b, c); // the least of two
        return constantOf(c) === 0 && this.ranges.of(b).lo >= 0 && this.holds(b, depth - 1) && this.together(a, depth - 1);
      }
      default: return false;
    }
  }

  /** Whether the iterations in which the condition holds lie side by side. */
  private together(cond: Value, depth: number): boolean {
    const { def } = cond;
    if (this.way(cond) === "level") return true;
    if (!def || depth === 0) return false;
    const [a, b] = def.args as [Value, Value];
    switch (def.op) {
      case "i32.and": return this.together(a, depth - 1) && this.together(b, depth - 1);
      case "f64.ge": case "f64.gt": case "i32.ge_s": case "i32.gt_s": return this.way(b) === "level" && this.way(a) !== null;
      case "f64.le": case "f64.lt": case "i32.le_s": case "i32.lt_s":
        return this.way(b) === "level" && (this.way(a) !== null || a.def?.op === "f64.abs" && this.way(a.def.args[0]!) !== null);
      default: return false;
    }
  }

  private readonly ways = new Map<Value, Way | null>();
  /** Whether the value only rises, only falls or stays as it is. */
  private way(v: Value): Way | null {
    let known = this.ways.get(v);
    if (known === undefined) {
      this.ways.set(v, null);
      this.ways.set(v, known = this.findWay(v));
    }
    return known;
  }
  private findWay(v: Value): Way | null {
    if (!this.loop.inside(v)) return "level";
    const counter = this.loop.counters.find((c) => c.param === v);
    if (counter) return this.wraps(counter) ? null : counter.step > 0 ? "up" : "down";
    const { def } = v;
    if (!def) return null;
    const [a, b] = def.args as [Value, Value];
    switch (def.op) {
      case "f64.convert_i32_s": case "i32.trunc_sat_f64_s": case "f64.floor": case "f64.ceil": case "f64.trunc": return this.way(a);
      case "f64.add": return together(this.way(a), this.way(b));
      case "f64.sub": return together(this.way(a), turned(this.way(b)));
      case "i32.add": return this.ranges.isExact(v) ? together(this.way(a), this.way(b)) : null;
      case "i32.sub": return this.ranges.isExact(v) ? together(this.way(a), turned(this.way(b))) : null;
      case "f64.mul": case "f64.div": {
        const by = constantOf(b);
        return typeof by !== "number" || by === 0 || !Number.isFinite(by) ? null : by > 0 ? this.way(a) : turned(this.way(a));
      }
      default: return null;
    }
  }
  private wraps({ param, next }: Counter): boolean {
    return param.type === "i32" && !this.loop.cond.def!.args.includes(param) && !this.ranges.isExact(next);
  }
}

const turned = (way: Way | null): Way | null => (way === "up" ? "down" : way === "down" ? "up" : way);
const together = (a: Way | null, b: Way | null): Way | null => (a === "level" ? b : b === "level" || a === b ? a : null);
