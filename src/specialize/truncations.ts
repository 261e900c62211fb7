// Conversions of doubles to int32 in scalar code. Engines write some of them with tests around, others as two or three instructions.
//
//   %r = i32.from_f64 %x     →  i32.wrap_i64 (i64.trunc_sat_f64_s %x)                                        |%x| < 2^63, or NaN
//                            →  if (f64.lt (f64.abs %x) 2^63) {the same} else {i32.from_f64 %x}, spelt out   else, in a loop
//                            →  %t = f64.trunc %x; if (f64.le (f64.abs %t) 2^51) {the last bits of f64.add %t 1.5·2^52} else {spelt out}
//                                                                                                              else, in a loop whose next iteration does not wait for it, or of whole numbers
//
// A conversion to int64 has the low 32 bits of whatever is below 2^63. What may be greater is taken apart first, which takes four operations that wait for one
// another: only where it is. Engines write a comparison and two branches around such a conversion: a sum's last bits cost half of it, but are there later.
//
//   %r = i32.trunc_sat_f64_s %x, or i32.from_f64 %x, in a loop
//     →  i32.wrap_i64 (i64.reinterpret_f64 (f64.add %x 1.5·2^52))     %x whole, |%x| ≤ 2^51: the sum's last bits are %x's
//     →  the first lane of i32x4.trunc_sat_f64x2_s_zero               else, of the former: it takes a third of the time that the scalar one takes
//
// Sums of int32 that a loop carries on and of a double that may be anything (hashes of the numbers of an ordinary array) are integers where that is whole,
// which is asked of it alone (wholes.ts): what an iteration hands to the next one takes three steps instead of twenty.
//
//   %r = i32.from_f64 (f64.add (f64.convert_i32_s %h) %x)
//     →  %t = i32.wrap_i64 (i64.reinterpret_f64 (f64.add %x 1.5·2^52));  %r = if (f64.eq (f64.convert_i32_s %t) %x) {i32.add %h %t} else {one of the above}
//
// Requires: machine form, when no pass looks for conversions any more. Guarantees: machine form, same bits: both forms of ToInt32 truncate, NaN is 0; what is
// no int32 is equal to none, whatever bits its sum has. A branch that goes one way costs less than what it saves: hashes and generators wait for each conversion.

import { constantOf, regionsOf } from "../ir/build.ts";
import type { Func, Instr, Loop, Machine, Program, Value } from "../ir/types.ts";
import { holdsAny, rangesOf } from "./analyses.ts";
import { extractLane } from "./lanes.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";
import { askedOf, inInt32, isCarried } from "./wholes.ts";

export const shortenTruncations = (func: Func, program: Program, note: Note = () => {}): Func => (holdsAny(func, conversions) ? new Shortener(func, program, note).run() : func);

const conversions = ["i32.from_f64", "i32.trunc_sat_f64_s", "i32.trunc_sat_f64_u"] as const;
const limit = 2 ** 63;
/** whole numbers to which 1.5·2^52 can be added exactly */
const mostWhole = 2 ** 51;

class Shortener extends Rewriter {
  private readonly ranges: Ranges;
  private readonly note: Note;
  private loops = 0;
  constructor(func: Func, program: Program, note: Note) { super(func, program); this.ranges = rangesOf(func, program); this.note = note; }

  /** what the innermost loop hands to its next iteration, but counters; all that is made of */
  private waiting: ReadonlySet<Value> = new Set();
  private handed: ReadonlySet<Value> = new Set();
  protected override loop(instr: Loop): boolean {
    const { params } = instr.regions[0], outer = [this.waiting, this.handed] as const;
    this.waiting = new Set(params.filter((p, i) => !this.brs.get(instr.label)?.every(({ args }) => args[i]!.def?.args[0] === p && constantOf(args[i]!.def!.args[1] ?? p) !== undefined)));
    this.handed = madeOf((this.brs.get(instr.label) ?? []).flatMap(({ args }) => args.filter((_, i) => this.waiting.has(params[i]!))));
    this.loops++;
    const falls = super.loop(instr);
    this.loops--;
    [this.waiting, this.handed] = outer;
    return falls;
  }

  protected override operation(instr: Machine): Value {
    if (instr.op === "i32.trunc_sat_f64_s" || instr.op === "i32.trunc_sat_f64_u") return this.loops === 0 ? super.operation(instr) : this.saturated(instr, instr.op);
    if (instr.op !== "i32.from_f64") return super.operation(instr);
    const { e } = this, [old] = instr.args as [Value], value = (v: Value): Value => this.value(v);
    const { int, nan, lo, hi } = this.ranges.of(old);
    if (this.loops > 0 && int && !nan && lo >= -mostWhole && hi <= mostWhole) return this.lowBits(value(old));
    const asked = this.loops > 0 ? askedOf(old, this.ranges) : null;
    if (asked === null) return this.loops > 0 && !(lo > -limit && hi < limit) && (int || !this.handed.has(instr.results[0]!) || !isCarried(old, undefined, this.waiting)) ? this.whole(old, instr) : this.truncated(old, instr);
    this.note((instr as Instr).place, "ToInt32 of a sum", "a sum of int32, where what is added is whole", "the next iteration waits for it");
    const parts = new Map([...asked].map((x) => [x, this.lowBits(value(x))] as const));
    const whole = [...parts].map(([x, t]) => e.op("f64.eq", e.op("f64.convert_i32_s", t), value(x))).reduce((a, b) => e.op("i32.and", a, b));
    return this.choose(whole, instr, () => [inInt32(old, parts, e, value)], () => [this.truncated(old, instr)])![0]!;
  }

  private saturated(instr: Machine, op: "i32.trunc_sat_f64_s" | "i32.trunc_sat_f64_u"): Value {
    const { e } = this, [old] = instr.args as [Value], { int, nan, lo, hi } = this.ranges.of(old), least = op === "i32.trunc_sat_f64_s" ? -(2 ** 31) : 0;
    const whole = int && !nan && lo >= least && hi < least + 2 ** 32, x = this.value(old);
    this.note((instr as Instr).place, "a conversion to int32", whole ? "a sum's last bits" : "one of a lane", "engines write tests around the scalar one");
    return whole ? this.lowBits(x) : extractLane(e, e.op(op === "i32.trunc_sat_f64_s" ? "i32x4.trunc_sat_f64x2_s_zero" : "i32x4.trunc_sat_f64x2_u_zero", e.op("f64x2.splat", x)), 0, "i32");
  }
  /** Of a whole number: as bits of two's complement. */
  private lowBits(x: Value): Value { return this.e.op("i32.wrap_i64", this.e.op("i64.reinterpret_f64", this.e.op("f64.add", x, this.e.f64(1.5 * 2 ** 52)))); }

  /** Of a whole number that may be any, NaN or an infinity: few are greater than what can be added to exactly. */
  private whole(old: Value, instr: Machine): Value {
    const { e } = this, given = this.value(old), x = this.ranges.of(old).int ? given : e.op("f64.trunc", given);
    this.note((instr as Instr).place, "ToInt32 of a whole number", "a sum's last bits where it is small", "cheaper than a conversion");
    return this.choose(e.op("f64.le", e.op("f64.abs", x), e.f64(mostWhole)), instr, () => [this.lowBits(x)], () => [this.lowWord(x)])![0]!;
  }
  private truncated(old: Value, instr: Machine): Value {
    const { lo, hi } = this.ranges.of(old), fits = lo > -limit && hi < limit, { e } = this, x = this.value(old);
    if (!fits && this.loops === 0) return e.op("i32.from_f64", x);
    this.note((instr as Instr).place, "ToInt32", fits ? "a conversion to int64" : "a conversion to int64 where it is enough", "cheaper than taking apart what may be greater");
    if (fits) return this.low(x);
    return this.choose(e.op("f64.lt", e.op("f64.abs", x), e.f64(limit)), instr, () => [this.low(x)], () => [this.lowWord(x)])![0]!;
  }
  private low(x: Value): Value { return this.e.op("i32.wrap_i64", this.e.op("i64.trunc_sat_f64_s", x)); }
  /** Of any number: what its multiple of 2^32 leaves of it is exact. */
  private lowWord(x: Value): Value {
    const { e } = this;
    return this.low(e.op("f64.sub", x, e.op("f64.mul", e.op("f64.trunc", e.op("f64.mul", x, e.f64(2 ** -32))), e.f64(2 ** 32))));
  }
}

/** The values and what they are computed of. */
function madeOf(values: readonly Value[]): ReadonlySet<Value> {
  const found = new Set<Value>(), work = [...values];
  for (let v = work.pop(); v; v = work.pop()) {
    if (found.has(v)) continue;
    found.add(v);
    const { def } = v;
    if (def) work.push(...def.args, ...regionsOf(def).flatMap(({ body }) => body.at(-1)!.args));
  }
  return found;
}
