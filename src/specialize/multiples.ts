// Quotients of multiples of the divisor are whole numbers: halves of even lengths, taps of one phase.
//
//   loop (%len = 2) { … %h = f64.mul (f64.convert_i32_s %len) 0.5 … br (i32.shl %len 1) }     →  %h = f64.convert_i32_s (i32.shr_s %len 1)
//   %k = i32.and %n 3; loop (%k) { … f64.mul (f64.convert_i32_s (i32.sub %n %k)) 0.25 … br (i32.add %k 4) }      →  … (i32.shr_s … 2)
//
// What is asked is whether a number is congruent to 0 modulo the divisor. Numbers are sums of multiples of others modulo it; a carried value is congruent to what
// it begins with if each next one is, supposing that it is. Modulo a power of two int32 arithmetic may wrap around; otherwise it has to be exact.
//
// Requires: machine form, narrowed. Guarantees: machine form, same bits; narrow.ts finds more that is int32 in it.

import { constantOf } from "../ir/build.ts";
import type { Func, Loop, Machine, Program, Value } from "../ir/types.ts";
import { contentsOf, holdsAny, rangesOf } from "./analyses.ts";
import { holdsOne } from "./flow.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

export const divideMultiples = (func: Func, program: Program, note: Note = () => {}): Func => (
  holdsAny(func, ["f64.convert_i32_s"]) && holdsAny(func, ["f64.mul", "f64.div"]) && holdsOne(func.body, (instr) => divisorOf(instr as Machine) > 0) ? new Multiples(func, program, note).run() : func);

/** operations that one question follows, and divisors */
const most = { steps: 200, divisor: 2 ** 20 };

/** Σ value·times + plus, modulo a divisor. */
interface Form { readonly terms: ReadonlyMap<Value, number>; readonly plus: number }

class Multiples extends Rewriter {
  private readonly note: Note;
  private readonly ranges: Ranges;
  /** the loops that carry a value, and as the how many-th */
  private readonly carried = new Map<Value, { readonly loop: Loop; readonly at: number }>();

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
    this.ranges = rangesOf(func, program);
    for (const loop of contentsOf(func).loops) loop.regions[0].params.forEach((p, at) => this.carried.set(p, { loop, at }));
  }

  protected override operation(instr: Machine): Value {
    const divisor = divisorOf(instr), whole = divisor > 0 ? instr.args[0]!.def!.args[0]! : null;
    if (!whole || !this.isMultiple(whole, divisor)) return super.operation(instr);
    this.note(instr.place, "a quotient of doubles", "one of integers", `what is divided is a multiple of ${divisor}`);
    const { e } = this, shift = Math.log2(divisor), x = this.value(whole);
    return e.op("f64.convert_i32_s", Number.isInteger(shift) ? e.op("i32.shr_s", x, e.i32(shift)) : e.op("i32.div_s", x, e.i32(divisor)));
  }

  private steps = 0;
  private isMultiple(v: Value, divisor: number): boolean {
    this.steps = 0;
    const form = this.form(v, divisor, new Map());
    return form.plus === 0 && form.terms.size === 0;
  }

  private form(v: Value, divisor: number, supposed: ReadonlyMap<Value, Form>): Form {
    const c = constantOf(v), leaf: Form = { terms: new Map([[v, 1]]), plus: 0 };
    if (typeof c === "number") return { terms: new Map(), plus: modulo(c, divisor) };
    if (++this.steps > most.steps) return leaf;
    const carried = this.carried.get(v);
    if (carried) return supposed.get(v) ?? this.carriedForm(v, carried.loop, carried.at, divisor, supposed) ?? leaf;
    const { def } = v, by = def && def.args.length === 2 ? constantOf(def.args[1]!) : undefined;
    const of = (at: number): Form => this.form(def!.args[at]!, divisor, supposed);
    const wraps = Number.isInteger(Math.log2(divisor)); // which changes nothing
    const scaled = (times: number): Form => sum({ terms: new Map(), plus: 0 }, of(0), modulo(times, divisor), divisor);
    switch (def?.op) {
      case "i32.add": case "i32.sub": return wraps || this.ranges.isExact(v) ? sum(of(0), of(1), def.op === "i32.add" ? 1 : divisor - 1, divisor) : leaf;
      case "i32.mul": return typeof by === "number" && (wraps || this.ranges.isExact(v)) ? scaled(by) : leaf;
      case "i32.shl": return typeof by === "number" && wraps ? scaled(2 ** (by & 31)) : leaf;
      case "i32.and": return typeof by === "number" && wraps && modulo(by, divisor) === divisor - 1 ? of(0) : typeof by === "number" && wraps && modulo(by, divisor) === 0 ? { terms: new Map(), plus: 0 } : leaf;
      case "i32.rem_s": case "i32.rem_u": return typeof by === "number" && by > 0 && by % divisor === 0 && (def.op === "i32.rem_s" || this.ranges.of(def.args[0]!).lo >= 0) ? of(0) : leaf;
      default: return leaf;
    }
  }

  /** What a carried value always is, if that is what it begins with. */
  private carriedForm(v: Value, loop: Loop, at: number, divisor: number, supposed: ReadonlyMap<Value, Form>): Form | null {
    const first = this.form(loop.args[at]!, divisor, supposed), now = new Map(supposed).set(v, first);
    return (this.brs.get(loop.label) ?? []).every((br) => isSame(this.form(br.args[at]!, divisor, now), first)) ? first : null;
  }
}

/** What an int32 that has become a double is divided by; 0 where it is not. */
function divisorOf({ op, args: [x, c] }: Machine): number {
  const by = c && x!.def?.op === "f64.convert_i32_s" ? constantOf(c) : undefined;
  if (typeof by !== "number" || (op !== "f64.mul" && op !== "f64.div")) return 0;
  const divisor = op === "f64.div" ? by : Number.isInteger(Math.log2(by)) ? 1 / by : 0;
  return Number.isInteger(divisor) && divisor > 1 && divisor <= most.divisor ? divisor : 0;
}

const modulo = (x: number, divisor: number): number => ((x % divisor) + divisor) % divisor;
function sum(a: Form, b: Form, times: number, divisor: number): Form {
  const terms = new Map(a.terms);
  for (const [v, n] of b.terms) {
    const all = modulo((terms.get(v) ?? 0) + n * times, divisor);
    if (all === 0) terms.delete(v); else terms.set(v, all);
  }
  return { terms, plus: modulo(a.plus + b.plus * times, divisor) };
}
const isSame = (a: Form, b: Form): boolean => a.plus === b.plus && a.terms.size === b.terms.size && [...a.terms].every(([v, n]) => b.terms.get(v) === n);
