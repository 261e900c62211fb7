// ToInt32 of doubles that are no int32, in scalar code: a conversion to int64 has the low 32 bits of whatever is below 2^63, and nothing more is needed
// of such. What may be greater is taken apart first, which takes four operations that wait for one another: only where it is.
//
//   %r = i32.from_f64 %x     →  i32.wrap_i64 (i64.trunc_sat_f64_s %x)                                        |%x| < 2^63, or NaN
//                            →  if (f64.lt (f64.abs %x) 2^63) {the same} else {i32.from_f64 %x}, spelt out   else, in a loop
//
// Requires: machine form, when no pass looks for conversions any more. Guarantees: machine form, same bits: both forms truncate, NaN is 0.
// A branch that goes one way costs less than what it saves: hashes and generators wait for each conversion.

import type { Func, Instr, Loop, Machine, Program, Value } from "../ir/types.ts";
import { holdsAny, rangesOf } from "./analyses.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

export const shortenTruncations = (func: Func, program: Program, note: Note = () => {}): Func => (holdsAny(func, ["i32.from_f64"]) ? new Shortener(func, program, note).run() : func);

const limit = 2 ** 63;

class Shortener extends Rewriter {
  private readonly ranges: Ranges;
  private readonly note: Note;
  private loops = 0;
  constructor(func: Func, program: Program, note: Note) { super(func, program); this.ranges = rangesOf(func, program); this.note = note; }

  protected override loop(instr: Loop): boolean {
    this.loops++;
    const falls = super.loop(instr);
    this.loops--;
    return falls;
  }

  protected override operation(instr: Machine): Value {
    if (instr.op !== "i32.from_f64") return super.operation(instr);
    const { lo, hi } = this.ranges.of(instr.args[0]!), fits = lo > -limit && hi < limit;
    if (!fits && this.loops === 0) return super.operation(instr);
    const { e } = this, x = this.value(instr.args[0]!);
    const truncated = (v: Value): Value => e.op("i32.wrap_i64", e.op("i64.trunc_sat_f64_s", v));
    this.note((instr as Instr).place, "ToInt32", fits ? "a conversion to int64" : "a conversion to int64 where it is enough", "cheaper than taking apart what may be greater");
    if (fits) return truncated(x);
    const high = (): Value => e.op("f64.mul", e.op("f64.trunc", e.op("f64.mul", x, e.f64(2 ** -32))), e.f64(2 ** 32));
    return this.choose(e.op("f64.lt", e.op("f64.abs", x), e.f64(limit)), instr, () => [truncated(x)], () => [truncated(e.op("f64.sub", x, high()))])![0]!;
  }
}
