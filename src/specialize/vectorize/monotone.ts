// Checks of an index that only rises, or only falls, while the counter counts: they hold in between if they hold at both ends.
//
//   %k = i32.trunc_sat_f64_s (f64.floor (f64.mul %i %step));  %ok = i32.lt_u %k %length           resampling, scaled images
//     →  before the loop the check is made for the first iteration and the last; where it fails for the last, bisection finds the last one
//        for which it holds
//
// Rising or falling are sums of the counter and of what does not change, products and quotients with such, roundings and conversions, least and
// greatest of it and such, by conditions too. Of checks of neighbours (k, k + 1, k + 2) the first and the last are made. Doubles round monotonously, so nothing needs to be known of signs or sizes; but operations on int32 may
// wrap, and conversions to it do or saturate: `ends` are conditions on the two ends under which they do not in between. What does not change must be
// finite, and what is divided by not 0, so that no NaN turns up between.
//
// Requires: a Counted loop whose counter is exact up to its last iteration. Guarantees: what `covers` accepts is true in the first `count` iterations.

import { constantOf } from "../../ir/build.ts";
import type { Machine, Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import { yields } from "../rewrite.ts";
import type { Ranges } from "../ranges.ts";
import type { Counted, Counter } from "../counted.ts";

/** A condition on an int32 or a double that must be true at an end, or on its values at both. */
type End = { readonly of: Value; readonly within: number } | { readonly of: Value; readonly like: Value };

/** How far from a number those lie that are made of it by adding constants. */
interface Reach { readonly least: number; readonly greatest: number }

/** The double that is converted for an index and checked. */
function indexOf({ def }: Value): Value | null {
  const index = def!.op === "i32.lt_u" ? def!.args[0]!.def : null;
  return index?.op === "i32.trunc_sat_f64_s" || index?.op === "i32.from_f64" ? index.args[0]! : null;
}

/** A number as an int32, or what else it is made of, and a constant. */
function plusOf(v: Value): { readonly of: Value; readonly plus: number } {
  const { def } = v, c = def?.op === "i32.add" || def?.op === "f64.add" || def?.op === "f64.sub" ? constantOf(def.args[1]!) : undefined;
  const of = typeof c === "number" ? def!.args[0]! : v;
  return { of: of.def?.op === "f64.convert_i32_s" ? of.def.args[0]! : of, plus: typeof c !== "number" ? 0 : def!.op === "f64.sub" ? -c : c };
}

/** operations of one index, and checks of one loop */
const most = { depth: 12, checks: 24 };

export class Monotone {
  /** conditions that hold in between if they hold at both ends */
  readonly checks = new Set<Value>();
  private readonly ends: End[] = [];
  private readonly finite = new Set<Value>();
  private readonly divisors = new Set<Value>();
  /** doubles that are within int32 at both ends */
  private readonly small = new Set<Value>();
  private readonly known = new Map<Value, boolean>();
  private readonly counted: Counted;
  private readonly counter: Counter;
  private readonly ranges: Ranges;
  private readonly invariant: (v: Value) => boolean;

  constructor(counted: Counted, counter: Counter, ranges: Ranges, invariant: (v: Value) => boolean) {
    this.counted = counted;
    this.counter = counter;
    this.ranges = ranges;
    this.invariant = invariant;
  }

  /** Takes a check on, if it is one of something monotonous. */
  covers(cond: Value): boolean {
    if (this.checks.has(cond)) return true;
    if (this.checks.size >= most.checks || cond.def === null || !this.counted.inside(cond)) return false;
    const { op, args } = cond.def;
    const [a, b] = args as [Value, Value];
    const holds = op === "i32.lt_u" ? this.invariant(b) && this.ranges.of(b).lo >= 0 && this.isMonotone(a) : op === "f64.eq" && (a === b ? this.isMonotone(a) : this.isWhole(a, b)); // equal to itself: no NaN
    if (holds) this.checks.add(cond);
    return holds;
  }

  /**
   * Of a conversion to int32 that lies between checked ones the least of these, which is not negative, as what is converted for it and a whole number
   * more (`less`), and how much greater it is.
   */
  shifted(v: Value): { readonly of: Value; readonly less: number; readonly plus: number } | null {
    const { def } = v;
    if (def?.op !== "i32.trunc_sat_f64_s" && def?.op !== "i32.from_f64" || !this.counted.inside(v)) return null;
    const { of, plus } = this.parts(def.args[0]!);
    const found = this.reach(of, null);
    return found && found.least < found.greatest && plus >= found.least && plus <= found.greatest ? { of, less: found.least, plus: plus - found.least } : null;
  }
  /** The double is within int32 in the counted iterations. */
  isSmall(v: Value): boolean { return this.checks.size > 0 && this.small.has(v); }
  /**
   * Of a conversion to int32 of such a double the same in int32, if it is made of int32 numbers by sums, differences and products: `of` gives leaves, and
   * `op` combines. One product may leave 2^53 and be rounded, but then what it goes into is as great, and not within int32.
   */
  whole(v: Value, of: (leaf: Value) => Value, op: (name: "i32.add" | "i32.sub" | "i32.mul", a: Value, b: Value) => Value): Value | null {
    const { def } = v;
    if (def?.op !== "i32.trunc_sat_f64_s" && def?.op !== "i32.from_f64" || !this.isSmall(def.args[0]!) || !this.isSum(def.args[0]!, most.depth)) return null;
    const make = (x: Value): Value => {
      if (constantOf(x) !== undefined || x === this.counter.param || x.def!.op === "f64.convert_i32_s") return of(x);
      const [a, b] = x.def!.args.map(make) as [Value, Value];
      return op(x.def!.op.replace("f64", "i32") as "i32.add", a, b);
    };
    return make(def.args[0]!);
  }
  private isSum(x: Value, depth: number): boolean {
    const constant = constantOf(x);
    if (constant !== undefined) return typeof constant === "number" && Number.isInteger(constant) && Math.abs(constant) < 2 ** 31;
    if (x === this.counter.param) return true;
    const { def } = x;
    if (!def || depth === 0) return false;
    if (def.op === "f64.convert_i32_s") return true;
    if (def.op !== "f64.add" && def.op !== "f64.sub" && def.op !== "f64.mul") return false;
    const [a, b] = def.args as [Value, Value];
    const isSmall = (v: Value): boolean => { const { lo, hi } = this.ranges.of(v); return v === this.counter.param || lo >= -(2 ** 40) && hi <= 2 ** 40; };
    return this.isSum(a, depth - 1) && this.isSum(b, depth - 1) && (def.op === "f64.mul" || isSmall(a) || isSmall(b));
  }
  /** Whole numbers that are converted, as one that several may share and what each is more. */
  private parts(v: Value): { readonly of: Value; readonly plus: number } {
    const x = v.def?.op === "f64.add" && this.counted.inside(v) ? v.def.args[0]! : null, c = x && constantOf(v.def!.args[1]!);
    if (!x || typeof c !== "number" || !Number.isInteger(c) || Math.abs(c) > 2 ** 20 || !this.ranges.of(x).int) return { of: v, plus: 0 };
    const { of, plus } = this.parts(x);
    return { of, plus: plus + c };
  }
  private readonly reached = new Map<Value | null, Map<Value, Reach>>();
  /** What checked numbers, of an array's length or of any, that share one are more than it, at least and at most. */
  private reach(of: Value, length: Value | null): Reach | undefined {
    let all = this.reached.get(length);
    if (!all) {
      this.reached.set(length, all = new Map());
      for (const check of this.checks) {
        const converted = indexOf(check);
        if (!converted || length && check.def!.args[1] !== length) continue;
        const { of: x, plus } = this.parts(converted), known = all.get(x);
        all.set(x, { least: Math.min(plus, known?.least ?? plus), greatest: Math.max(plus, known?.greatest ?? plus) });
      }
    }
    return all.get(of);
  }
  /** Neither the first nor the last of neighbours: it holds where it does for these. */
  private isBetween(converted: Value, length: Value | null): boolean {
    const { of, plus } = this.parts(converted), found = this.reach(of, length);
    return found !== undefined && plus > found.least && plus < found.greatest;
  }

  /** x is its own truncation: of a whole number between two that are int32. */
  private isWhole(a: Value, b: Value): boolean {
    const [x, back] = a.def?.op === "f64.convert_i32_s" ? [b, a] : [a, b];
    const index = back.def?.op === "f64.convert_i32_s" ? back.def.args[0]! : null;
    return index?.def?.op === "i32.trunc_sat_f64_s" && index.def.args[0] === x && this.ranges.of(x).int && this.isMonotone(x);
  }

  private isMonotone(v: Value): boolean { return this.direction(v, most.depth) !== null; }

  /** "steady": the same in each iteration; "moving": only rises, or only falls. Conditions of what is not covered in the end do no harm. */
  private direction(v: Value, depth: number): "steady" | "moving" | null {
    if (this.invariant(v)) {
      const constant = constantOf(v);
      if (v.type === "f64" && constant === undefined) this.finite.add(v);
      return v.type === "f64" && typeof constant === "number" && !Number.isFinite(constant) ? null : "steady";
    }
    if (v === this.counter.param) return "moving";
    if (depth === 0 || v.def === null || !this.counted.inside(v)) return null;
    const known = this.known.get(v);
    if (known !== undefined) return known ? "moving" : null;
    const found = this.find(v, v.def as Machine, depth - 1);
    this.known.set(v, found);
    return found ? "moving" : null;
  }

  private find(v: Value, { op, args }: Machine, depth: number): boolean {
    const [a, b] = args as [Value, Value];
    const moves = (x: Value): boolean => this.direction(x, depth) === "moving";
    const steady = (x: Value): boolean => this.direction(x, depth) === "steady";
    switch (op) {
      case "f64.floor": case "f64.ceil": case "f64.trunc": case "f64.nearest": case "f64.neg": case "f64.convert_i32_s": return moves(a);
      case "i32.trunc_sat_f64_s": case "i32.from_f64":
        if (!moves(a)) return false;
        this.small.add(a);
        this.ends.push({ of: a, within: 2 ** 31 - 1 });
        return true;
      case "f64.add": case "f64.sub": case "f64.mul": case "f64.min": case "f64.max": return moves(a) && steady(b) || steady(a) && moves(b);
      case "f64.div":
        if (!moves(a) || !steady(b)) return false;
        this.divisors.add(b);
        return true;
      case "i32.shr_s": return moves(a) && steady(b);
      case "i32.select": case "f64.select": return this.isClamp(args, moves, steady);
      case "i32.add": case "i32.sub": {
        const moving = moves(a) && steady(b) ? a : op === "i32.add" && steady(a) && moves(b) ? b : null;
        if (moving) this.ends.push({ of: v, like: moving });
        return moving !== null;
      }
      case "i32.shl": case "i32.mul": {
        const c = constantOf(b), times = typeof c !== "number" ? 0 : op === "i32.shl" ? 2 ** (c & 31) : c;
        if (times < 1 || !moves(a)) return false;
        this.ends.push({ of: a, within: Math.floor((2 ** 31 - 1) / times) });
        return true;
      }
      default: return false;
    }
  }

  /** The least or greatest of something that moves and something steady; of an int32 and a constant also if it is another one's neighbour (k > 0 ? k − 1 : 0). */
  private isClamp([cond, then, otherwise]: readonly Value[], moves: (v: Value) => boolean, steady: (v: Value) => boolean): boolean {
    const relation = /^(?:i32\.(lt|le|gt|ge)_s|f64\.(lt|le|gt|ge))$/.exec(cond!.def?.op ?? "");
    if (!relation) return false;
    const [a, b] = cond!.def!.args as [Value, Value];
    const same = (x: Value, y: Value): boolean => x === y || constantOf(x) !== undefined && constantOf(x) === constantOf(y);
    const straight = same(a, then!) && same(b, otherwise!) || same(b, then!) && same(a, otherwise!);
    if (straight) return moves(a) && steady(b) || steady(a) && moves(b);
    const kept = constantOf(then!) === undefined ? then! : otherwise!, other = constantOf(kept === then! ? otherwise! : then!), from = constantOf(b);
    const [near, tested] = [plusOf(kept), plusOf(a)];
    if (typeof other !== "number" || typeof from !== "number" || near.of.type !== "i32" || near.of !== tested.of || tested.plus !== 0 || !moves(a) || !moves(kept)) return false;
    // where it begins to be kept, or ends, it must be on the right side of the constant
    const name = (relation[1] ?? relation[2])!;
    const above = name.startsWith("g") === (kept === then!);
    const strict = name.endsWith("t") === (kept === then!);
    return above ? (strict ? Math.floor(from) + 1 : Math.ceil(from)) + near.plus >= other : (strict ? Math.ceil(from) - 1 : Math.floor(from)) + near.plus <= other;
  }

  /** Writes how many of the first `all` iterations pass the checks for certain. */
  count(e: Emitter, all: Value, first: Value, before: (old: Value) => Value): Value {
    const { counter } = this;
    const at = (n: Value): ((v: Value) => Value) => {
      const now = e.op("i32.add", first, e.op("i32.mul", n, e.i32(counter.step)));
      const made = new Map<Value, Value>([[counter.param, counter.param.type === "i32" ? now : e.op("f64.convert_i32_s", now)]]);
      const of = (v: Value): Value => {
        if (constantOf(v) !== undefined || this.invariant(v)) return before(v);
        let found = made.get(v);
        if (!found) made.set(v, found = e.operation((v.def as Machine).op, v.def!.args.map(of)));
        return found;
      };
      return of;
    };
    const and = (a: Value, b: Value): Value => e.op("i32.and", a, b);
    const double = (v: Value): Value => (v.type === "i32" ? e.op("f64.convert_i32_s", v) : v);
    const start = at(e.i32(0));
    const checks = [...this.checks].filter((check) => { const converted = indexOf(check); return !converted || !this.isBetween(converted, check.def!.args[1]!); });
    const holds = (of: (v: Value) => Value): Value => {
      const conditions = checks.map(of);
      for (const end of this.ends) {
        if ("within" in end && this.isBetween(end.of, null)) continue;
        if ("within" in end) conditions.push(e.op("f64.le", e.op("f64.abs", double(of(end.of))), e.f64(end.within)));
        else conditions.push(e.op("i32.eq", ...([end.of, end.like].map((v) => e.op("i32.ge_s", of(v), start(v))) as [Value, Value]))); // neither has wrapped around
      }
      return conditions.reduce(and);
    };
    const finite = [...this.finite].map((v) => e.op("f64.lt", e.op("f64.abs", before(v)), e.f64(Infinity)));
    const divisors = [...this.divisors].map((v) => e.op("f64.ne", before(v), e.f64(0)));
    const begins = [holds(start), ...finite, ...divisors].reduce(and);

    // the greatest number is tried first, then the middle of what is left
    const [low, high, tried] = [e.value("i32"), e.value("i32"), e.value("i32")];
    const label = { name: "ends" };
    const body = e.inRegion([low, high, tried], () => {
      const test = e.op("i32.lt_s", low, high);
      const then = e.inRegion([], () => {
        const ok = holds(at(e.op("i32.sub", tried, e.i32(1))));
        const [from, to] = [e.op("i32.select", ok, tried, low), e.op("i32.select", ok, high, e.op("i32.sub", tried, e.i32(1)))];
        const middle = e.op("i32.add", from, e.op("i32.shr_u", e.op("i32.add", e.op("i32.sub", to, from), e.i32(1)), e.i32(1)));
        e.append({ op: "br", label, args: [from, to, middle], results: [] });
      });
      e.append({ op: "if", args: [test], results: [], regions: [then, yields([])] });
      e.append({ op: "yield", args: [low], results: [] });
    });
    const result = e.value("i32");
    const limit = e.op("i32.select", begins, all, e.i32(0));
    e.append({ op: "loop", label, args: [e.i32(0), limit, limit], results: [result], regions: [body], notes: { role: "rest" } });
    return result;
  }
}
