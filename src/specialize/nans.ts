// Numbers that are NaN for want of an element, on their way to int32: they end as 0, and what is computed of the others need not know of NaN.
//
//   before  %t = if %c { yield %x } else { yield nan };   %m = f64.max (f64.add %a %t) %b;   %r = i32.from_f64 %m        c: there is such an element
//   after   %t = if %c { yield %x } else { yield 0.0 };   %m = f64.max (f64.add %a %t) %b;   %r = i32.select %c (i32.from_f64 %m) 0
//
// Then the sum is one of whole numbers, which narrow.ts and wide.ts compute in integers: look-ups in tables of scores, by bytes that may be anything.
// Requires: machine form, simplified. Guarantees: machine form, same bits: where c does not hold the sum was NaN, and ToInt32 of NaN is 0, and so is what saturates.

import { constantOf, instructions } from "../ir/build.ts";
import type { Func, If, Instr, Machine, Program, Value } from "../ir/types.ts";
import { holdsAny } from "./analyses.ts";
import { usesOf } from "./flow.ts";
import { Rewriter } from "./rewrite.ts";

export function endNaNs(func: Func, program: Program): Func {
  if (!holdsAny(func, converting)) return func;
  const conversions = [...instructions(func.body)].filter((instr): instr is Machine => (converting as readonly string[]).includes(instr.op));
  const ender = new Ender(func, program, conversions);
  return ender.guards.size === 0 ? func : ender.run();
}

/** To int32: each gives 0 for NaN. What is known to fit in int32, of tables of smaller numbers above all, is converted by the second. */
const converting = ["i32.from_f64", "i32.trunc_sat_f64_s"] as const;
/** operations that give NaN where an operand is NaN */
const spreading: ReadonlySet<string> = new Set(["f64.add", "f64.sub", "f64.mul", "f64.min", "f64.max", "f64.neg", "f64.abs", "f64.floor", "f64.ceil", "f64.trunc", "f64.nearest"]);
/** how far a number is followed */
const deepest = 16;

/** Where an element is there: the condition is `truth`. */
interface Guard { readonly cond: Value; readonly truth: boolean }

class Ender extends Rewriter {
  /** by conversion, what has to hold for its operand to be a number */
  readonly guards = new Map<Instr, readonly Guard[]>();
  /** results that are 0 where they were NaN */
  private readonly ended = new Set<Value>();
  private readonly uses: Uint32Array;

  constructor(func: Func, program: Program, conversions: readonly Machine[]) {
    super(func, program);
    this.uses = usesOf(func);
    const found = new Map<Instr, readonly Value[]>(), ways = new Map<Value, number>();
    for (const conversion of conversions) {
      const elements: Value[] = [];
      this.follow(conversion.args[0]!, elements, 0);
      found.set(conversion, elements);
      for (const v of elements) ways.set(v, (ways.get(v) ?? 0) + 1);
    }
    for (const [v, count] of ways) if (count === this.uses[v.id]) this.ended.add(v); // all that uses it ends as int32
    for (const [conversion, elements] of found) {
      const guards = new Set(elements.filter((v) => this.ended.has(v)));
      if (guards.size > 0) this.guards.set(conversion, [...guards].map(guardOf));
    }
  }

  /** The elements that may not be there which go into a number, each as often as it does. */
  private follow(v: Value, elements: Value[], depth: number): void {
    const { def } = v;
    if (def === null || depth === deepest) return;
    if (def.op === "if") {
      const [then, otherwise] = armsOf(def, v).map((arm) => arm !== null && Number.isNaN(constantOf(arm)));
      if (then !== otherwise) elements.push(v);
    } else if (spreading.has(def.op) && this.uses[v.id] === 1) for (const arg of def.args) this.follow(arg, elements, depth + 1);
  }

  protected override passed(to: Value, old: Value): Value {
    return this.ended.has(to) && Number.isNaN(constantOf(old)) ? this.e.f64(0) : super.passed(to, old);
  }

  protected override operation(instr: Machine): Value {
    const number = super.operation(instr), none = this.e.i32(0);
    return (this.guards.get(instr) ?? []).reduce((v, { cond, truth }) => this.e.op("i32.select", this.value(cond), truth ? v : none, truth ? none : v), number);
  }
}

const guardOf = (v: Value): Guard => ({ cond: v.def!.args[0]!, truth: Number.isNaN(constantOf(armsOf(v.def as If, v)[1]!)) });

/** What an `if` gives for a result, by arm; null where one does not come back. */
function armsOf(instr: If, result: Value): (Value | null)[] {
  const at = instr.results.indexOf(result);
  return instr.regions.map(({ body }) => { const end = body.at(-1)!; return end.op === "yield" ? end.args[at]! : null; });
}
