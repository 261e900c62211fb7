// What doubles are rounded to integers for is done with the integers, where that gives the same: clamping, and dividing by a constant.
//
//   i32.trunc_sat_f64_u (f64.nearest (f64.min %x 255.0))           →  least of 255 and i32.trunc_sat_f64_s (f64.nearest %x)       |%x| < 2^31
//   i32.from_f64 (f64.div (f64.convert_i32_s %n) 9.0)              →  i32.shr_u (i32.mul %n 7282) 16                          0 ≤ %n ≤ 2,295
//   i32.trunc_sat_f64_s (math.round (f64.div (f64.convert_i32_s %n) 255.0))    →  %m = %n + 128;  (%m + (%m >> 8)) >> 8    0 ≤ %n ≤ 65,000
//
// Rounding keeps order and leaves integers as they are, so it may change places with the least or greatest of a number and an integer. A
// quotient of integers below 2^31 is further from the next integer than it is rounded by, unless it is one: rounding it down gives what
// integer division gives. Integers take four lanes or eight where doubles take two, and narrowing them clamps by itself.
//
// Requires: machine form; after tabulate, which counts operations on doubles. Guarantees: machine form, same bits. Multipliers as in Granlund and
// Montgomery, "Division by Invariant Integers using Multiplication", 1994, where the product stays below 2^32.

import { constantOf } from "../ir/build.ts";
import type { MachineOp } from "../ir/ops.ts";
import type { Func, Machine, Program, Value } from "../ir/types.ts";
import { holdsAny, rangesOf } from "./analyses.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

export function roundFirst(func: Func, program: Program, note: Note = () => {}): Func {
  return holdsAny(func, conversions) ? new Rounder(func, program, note).run() : func;
}

const conversions: ReadonlySet<string> = new Set(["i32.from_f64", "i32.trunc_sat_f64_s", "i32.trunc_sat_f64_u"]);
type Rounding = "f64.trunc" | "f64.floor" | "f64.ceil" | "f64.nearest" | "math.round";
const roundings: ReadonlySet<string> = new Set<Rounding>(["f64.trunc", "f64.floor", "f64.ceil", "f64.nearest", "math.round"]);
const isRounding = (op: string): op is Rounding => roundings.has(op);
/** roundings of one number that is clamped and clamped again */
const deepest = 6;

/** An int32 in place of a double that is rounded, and what it can be. */
interface Whole { readonly value: Value; readonly lo: number; readonly hi: number }

class Rounder extends Rewriter {
  private readonly ranges: Ranges;
  private readonly note: Note;
  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.ranges = rangesOf(func, program);
    this.note = note;
  }

  protected override operation(instr: Machine): Value {
    if (!conversions.has(instr.op) || !this.isSmall(instr.args[0]!)) return super.operation(instr);
    const whole = this.whole(instr.args[0]!, "f64.trunc", deepest);
    if (!whole) return super.operation(instr);
    this.note(instr.place, instr.op, "the same of integers", "it is rounded to one");
    return whole.value;
  }

  /** Neither NaN nor beyond int32. */
  private isSmall(v: Value): boolean {
    const { lo, hi, nan } = this.ranges.of(v);
    return !nan && lo >= -(2 ** 31) && hi < 2 ** 31;
  }

  /** A double, rounded in that way, as an int32; null if nothing is gained. */
  private whole(v: Value, rounding: Rounding, depth: number): Whole | null {
    const { def } = v;
    if (def === null || depth === 0) return null;
    if (isRounding(def.op)) return this.whole(def.args[0]!, def.op, depth - 1);
    const limit = limitOf(def as Machine);
    if (!limit) return this.quotient(def as Machine, rounding);
    const { free, by, least } = limit;
    if (!Number.isInteger(by) || Math.abs(by) >= 2 ** 31 || !this.isSmall(free)) return null;
    const { lo, hi, value } = this.whole(free, rounding, depth - 1) ?? this.rounded(free, rounding);
    if (least ? hi <= by : lo >= by) return { value, lo, hi };
    const limited = this.e.op("i32.select", this.e.op(least ? "i32.lt_s" : "i32.gt_s", value, this.e.i32(by)), value, this.e.i32(by));
    return least ? { value: limited, lo: Math.min(lo, by), hi: by } : { value: limited, lo: by, hi: Math.max(hi, by) };
  }

  private rounded(v: Value, rounding: Rounding): Whole {
    const { lo, hi } = this.ranges.of(v);
    const now = this.value(v);
    const value = this.e.op("i32.trunc_sat_f64_s", rounding === "f64.trunc" ? now : this.e.op(rounding, now));
    return { value, lo: Math.floor(lo), hi: Math.ceil(hi) };
  }

  /** A natural number by a constant, rounded. */
  private quotient({ op, args }: Machine, rounding: Rounding): Whole | null {
    const by = op === "f64.div" || op === "f64.mul" ? constantOf(args[1]!) : undefined;
    const n = args[0]?.def?.op === "f64.convert_i32_s" ? args[0].def.args[0]! : null;
    if (typeof by !== "number" || !n) return null;
    const divisor = op === "f64.div" ? by : Math.log2(by) % 1 === 0 ? 1 / by : NaN;
    const more = added(rounding, divisor);
    const { lo, hi } = this.ranges.of(n);
    if (!Number.isInteger(divisor) || divisor < 2 || divisor > 2 ** 16 || more === null || lo < 0 || hi + more >= 2 ** 31) return null;
    const steps = divide(hi + more, divisor);
    if (!steps) return null;
    const { e } = this;
    const from = this.value(n);
    const dividend = more === 0 ? from : e.op("i32.add", from, e.i32(more));
    return { value: steps((name, a, b) => e.op(name, a, typeof b === "number" ? e.i32(b) : b), dividend), lo: Math.floor((lo + more) / divisor), hi: Math.floor((hi + more) / divisor) };
  }
}

/** What is added to a natural number so that its quotient, rounded down, is rounded as told; null where ties or signs forbid it. */
function added(rounding: Rounding, divisor: number): number | null {
  switch (rounding) {
    case "f64.trunc": case "f64.floor": return 0;
    case "f64.ceil": return divisor - 1;
    case "math.round": return Math.floor(divisor / 2);
    case "f64.nearest": return divisor % 2 === 1 ? (divisor - 1) / 2 : null; // no tie: twice a number is no odd multiple of an odd one
  }
}

type Write = (op: MachineOp, a: Value, b: Value | number) => Value;
/** How natural numbers up to `most` are divided by multiplying, adding and shifting; null if that leaves 32 bits. */
export function divide(most: number, divisor: number): ((write: Write, n: Value) => Value) | null {
  const bits = Math.log2(divisor);
  if (Number.isInteger(bits)) return (write, n) => write("i32.shr_u", n, bits);
  // by 2^k − 1, of which n is q times and r more: n + 1 is q · 2^k and r + 1 − q more; stays in 16 bits if n does
  const k = Math.log2(divisor + 1);
  if (Number.isInteger(k) && most <= 2 ** (2 * k) - 2 ** k - 1) {
    return (write, n) => {
      const next = write("i32.add", n, 1);
      return write("i32.shr_u", write("i32.add", next, write("i32.shr_u", next, k)), k);
    };
  }
  for (const limit of [2 ** 31, 2 ** 32]) for (let shift = 0; shift < 32; shift++) {
    const times = Math.ceil(2 ** shift / divisor);
    // n · times / 2^shift is n / divisor and n · excess / (divisor · 2^shift) more: less than what is missing to the next integer
    const excess = times * divisor - 2 ** shift;
    if (excess * most < 2 ** shift && times * most < limit) return (write, n) => write("i32.shr_u", write("i32.mul", n, times), shift);
  }
  return null;
}

/** A number and the constant that it is clamped to from above (`least`) or from below. */
function limitOf({ op, args }: Machine): { readonly free: Value; readonly by: number; readonly least: boolean } | null {
  const limit = (free: Value | undefined, by: Value | undefined, least: boolean): ReturnType<typeof limitOf> => {
    const constant = by && constantOf(by);
    return free && typeof constant === "number" ? { free, by: constant + 0, least } : null;
  };
  if (op === "f64.min" || op === "f64.max") return limit(args[0], args[1], op === "f64.min") ?? limit(args[1], args[0], op === "f64.min");
  if (op !== "f64.select") return null;
  const [cond, then, otherwise] = args as [Value, Value, Value];
  const relation = /^f64\.(lt|le|gt|ge)$/.exec(cond.def?.op ?? "")?.[1];
  if (!relation) return null;
  const [a, b] = cond.def!.args as [Value, Value];
  const same = (x: Value, y: Value): boolean => x === y || constantOf(x) !== undefined && constantOf(x) === constantOf(y);
  const way = same(a, then) && same(b, otherwise) ? true : same(b, then) && same(a, otherwise) ? false : null;
  if (way === null) return null;
  const least = (relation.startsWith("l")) === way;
  return limit(a, b, least) ?? limit(b, a, least);
}
