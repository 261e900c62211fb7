// Removes what range analysis proves: bounds checks, conditions that a dominating one has decided, operations that do nothing.
//
//   before  loop … { %c = i32.lt_s %i %length; if %c { %ok = i32.lt_u %i %length; %v = if %ok {load} else {yield nan} … } }
//   after   loop … { %c = i32.lt_s %i %length; if %c { %v = load … } }
//
// Requires: machine form, narrowed (relations between doubles are not followed). Guarantees: machine form, same bits.

import type { Func, If, Machine, Program, Value } from "../ir/types.ts";
import { constantOf } from "../ir/build.ts";
import { rangesOf } from "./analyses.ts";
import type { Note } from "./notes.ts";
import { type Ranges, selects } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

export const removeChecks = (func: Func, program: Program, note: Note = () => {}): Func => new Remover(func, program, note, rangesOf(func, program)).run();

export class Remover extends Rewriter {
  private readonly ranges: Ranges;
  private readonly note: Note;

  constructor(func: Func, program: Program, note: Note, ranges: Ranges) {
    super(func, program);
    this.note = note;
    this.ranges = ranges;
  }

  protected override condition(instr: If): Value {
    const taken = this.ranges.taken(instr);
    if (taken === undefined) return super.condition(instr);
    this.note(instr.place, "a condition", taken ? "always true" : "always false", "by the ranges of its operands and the conditions around it");
    return this.e.i32(taken ? 1 : 0);
  }

  protected override operation(instr: Machine): Value {
    const result = instr.results[0]!;
    const r = this.ranges.of(result);
    if (r.lo === r.hi && !r.nan && !r.negzero && (result.type === "i32" || result.type === "f64")) return this.e.const(result.type, r.lo);
    const taken = selects.has(instr.op) ? this.ranges.taken(instr) : undefined;
    if (taken !== undefined) return this.value(instr.args[taken ? 1 : 2]!);
    return this.idle(instr) ?? super.operation(instr);
  }

  /** The operand that the operation gives back as it is, or a cheaper operation for such operands. */
  private idle(instr: Machine): Value | null {
    const [x, y] = instr.args as [Value, Value];
    const a = x && this.ranges.of(x);
    const b = y && this.ranges.of(y);
    switch (instr.op) {
      case "i32.and": {
        const bounds = this.boundsOnly(x, y) ?? this.boundsOnly(y, x);
        if (bounds) return bounds;
        const c = constantOf(y);
        return typeof c === "number" && c > 0 && (c & (c + 1)) === 0 && a.lo >= 0 && a.hi <= c ? this.value(x) : null;
      }
      case "i32.extend8_s": return a.lo >= -128 && a.hi <= 127 ? this.value(x) : null;
      case "i32.extend16_s": return a.lo >= -32768 && a.hi <= 32767 ? this.value(x) : null;
      case "f64.eq": {
        const back = truncatedBack(x, y) ?? truncatedBack(y, x);
        const of = back && this.ranges.of(back);
        return of && of.int && of.lo >= -2147483648 && of.hi <= 2147483647 ? this.isNumber(back) : null;
      }
      case "f64.abs": return a.lo >= 0 && !a.negzero ? this.value(x) : null;
      case "f64.add": return constantOf(y) === 0 && !a.negzero ? this.value(x) : null;
      case "f64.floor": case "f64.ceil": case "f64.trunc": case "f64.nearest": case "math.round": return a.int ? this.value(x) : null;
      case "f64.min": return a.nan || b.nan ? null : a.hi < b.lo ? this.value(x) : b.hi < a.lo ? this.value(y) : null;
      case "f64.max": return a.nan || b.nan ? null : a.lo > b.hi ? this.value(x) : b.lo > a.hi ? this.value(y) : null;
      case "f64.convert_i32_u": return a.lo >= 0 ? this.e.op("f64.convert_i32_s", this.value(x)) : null;
      // ToInt32 of what is within int32 is what the machine's truncation gives, NaN included
      case "i32.from_f64": return a.lo > -2147483649 && a.hi < 2147483648 ? this.e.op("i32.trunc_sat_f64_s", this.value(x)) : null;
      case "i32.lt_u": return this.record(x, constantOf(y));
      case "i32.div_s": return a.lo >= 0 && b.lo > 0 ? this.e.op("i32.div_u", this.value(x), this.value(y)) : null;
      case "i32.rem_s": case "i32.rem_u": return a.lo >= 0 && b.lo > 0 ? this.remainder(instr.op, x, y) : null;
      default: return null;
    }
  }

  /** Of a field's place in a table of records, k·x + c below the length: whether x is one of so many. Then all fields of a record have one check. */
  private record(place: Value, length: unknown): Value | null {
    const plus = place.def?.op === "i32.add" ? constantOf(place.def.args[1]!) : 0;
    const product = plus === 0 ? place : place.def!.args[0]!;
    if (typeof plus !== "number" || plus < 0 || typeof length !== "number" || length <= plus || product.def?.op !== "i32.mul" && product.def?.op !== "i32.shl") return null;
    const [x, by] = product.def.args as [Value, Value], c = constantOf(by);
    const size = typeof c !== "number" ? 0 : product.def.op === "i32.shl" ? 2 ** (c & 31) : c;
    const { lo, hi } = this.ranges.of(x);
    return size > 1 && lo >= 0 && hi * size + plus < 2 ** 31 ? this.e.op("i32.lt_u", this.value(x), this.e.i32(Math.ceil((length - plus) / size))) : null;
  }

  /** Whether it is not NaN. */
  private isNumber(x: Value): Value { const now = this.value(x); return this.e.op("f64.eq", now, now); }

  /** x mod y, of x ≥ 0 and y > 0: x itself below y; where its quotient is one of two, a subtraction or two in place of a division, which is a chain of multiplications; else unsigned. */
  private remainder(op: "i32.rem_s" | "i32.rem_u", x: Value, y: Value): Value | null {
    const { lo, hi } = this.ranges.of(x), least = this.ranges.of(y).lo, by = constantOf(y);
    const times = typeof by === "number" ? Math.floor(lo / by) : 0; // multiples of a constant that are gone whatever x is: (x + 1 + w) % w
    if (hi >= (times + 2) * least) return op === "i32.rem_s" ? this.e.op("i32.rem_u", this.value(x), this.value(y)) : null;
    const now = this.value(x), gone = times * least, rest = gone === 0 ? now : this.e.op("i32.sub", now, this.e.i32(gone));
    if (hi < (times + 1) * least) return rest;
    // signed: it is what tells the middle of a row from its ends (edges.ts)
    const next = gone === 0 ? this.value(y) : this.e.i32(gone + least);
    return this.e.op("i32.select", this.e.op("i32.lt_s", now, next), rest, this.e.op("i32.sub", now, next));
  }

  /** Of "the index is its own truncation, and that is below the length" the latter is enough for what is an integer, but for NaN: saturation is no length. */
  private boundsOnly(whole: Value, below: Value): Value | null {
    const [eq, lt] = [whole.def, below.def];
    if (eq?.op !== "f64.eq" || lt?.op !== "i32.lt_u" || this.ranges.of(lt.args[1]!).lo < 0) return null;
    const index = lt.args[0]!;
    const x = truncatedBack(eq.args[0]!, eq.args[1]!) ?? truncatedBack(eq.args[1]!, eq.args[0]!);
    if (!x || index.def?.op !== "i32.trunc_sat_f64_s" || index.def.args[0] !== x) return null;
    const r = this.ranges.of(x);
    return !r.int ? null : r.nan ? this.e.op("i32.and", this.isNumber(x), this.value(below)) : this.value(below);
  }
}

/** x, if the other value is x truncated to int32 and converted back. */
function truncatedBack(x: Value, other: Value): Value | null {
  const whole = other.def?.op === "f64.convert_i32_s" ? other.def.args[0]!.def : null;
  return whole?.op === "i32.trunc_sat_f64_s" && whole.args[0] === x ? x : null;
}
