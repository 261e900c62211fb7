// Places of elements that are computed in doubles, of what was rounded down to whole numbers, are computed in int32.
//
//   before  %k = f64.floor %x;  i32.trunc_sat_f64_s (f64.add (f64.mul %k 4.0) %row);  i32.trunc_sat_f64_s (f64.add (f64.add (f64.mul %k 4.0) %row) 1.0) …
//   after   %k = f64.floor %x;  %i = i32.add (i32.mul (i32.trunc_sat_f64_s %k) 4) %r;  i32.add %i 1 …
//
// One conversion for each number that was rounded, in place of one for each element; and what the elements of a pixel, or the two that are interpolated
// between, lie apart is a constant that addresses take in, so that lanes load them together (vectorize/memory.ts). In lanes int32 takes half the registers.
//
// narrow.ts leaves these numbers doubles: before the loops are split nothing bounds them, and what splits loops looks for the conversions.
// Requires: machine form; stands behind all passes that look at places of doubles. Guarantees: machine form, same bits: all that becomes int32 is a whole
// number within int32, so no operation wraps; the sign of a zero is lost, which conversions to int32 do not see. What may be NaN as well ends in conversions
// that are used where it is none only (`if f64.eq %k %k { … }`): what they are where it is NaN nobody sees.

import { constantOf } from "../ir/build.ts";
import type { Func, Instr, Machine, Program, Region, Value } from "../ir/types.ts";
import { holdsAny, rangesOf } from "./analyses.ts";
import { visit } from "./flow.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

export function narrowIndices(func: Func, program: Program, note: Note = () => {}): Func {
  if (!holdsAny(func, ["i32.trunc_sat_f64_s"]) || !holdsAny(func, ["f64.floor", "f64.trunc", "f64.ceil", "f64.nearest"])) return func;
  const webs = new Webs(func, rangesOf(func, program));
  if (webs.wanted.size === 0) return func;
  note(func.body.body.find((instr) => instr.op === "loop")?.place, "places of elements: f64", "i32", `${webs.leaves} conversions in place of ${webs.uses}`);
  return new Indexer(func, program, webs).run();
}

/** What can be done in int32 where the result is within it, its operands being so too; of a choice, those that it chooses from. */
function operandsOf(instr: Instr): readonly Value[] | null {
  switch (instr.op) {
    case "f64.add": case "f64.sub": case "f64.mul": case "f64.neg": case "f64.min": case "f64.max": return instr.args;
    case "f64.select": return instr.args.slice(1);
    default: return null;
  }
}
const isInt32 = (c: unknown): boolean => typeof c === "number" && (c | 0) === c;

/** What hangs together by operations, and is worth it: it ends in more conversions than it takes at its leaves. */
class Webs {
  /** what becomes an int32, with its operands; of leaves, which are converted, there are none */
  readonly wanted = new Map<Value, readonly Value[]>();
  uses = 0;
  leaves = 0;
  private readonly ranges: Ranges;
  /** null: no whole number within int32, or not at hand where operations are written */
  private readonly found = new Map<Value, readonly Value[] | null>();
  private readonly leader = new Map<Value, Value>();

  constructor(func: Func, ranges: Ranges) {
    this.ranges = ranges;
    const ends = new Set<Value>();
    visit(func.body, (instr) => { if (instr.op === "i32.trunc_sat_f64_s" && this.find(instr.args[0]!)) ends.add(instr.args[0]!); });
    if ([...ends].some((end) => ranges.of(end).nan)) dropSeen(func.body, new Set(), ranges, ends);
    const counts = new Map<Value, { uses: number; leaves: number }>();
    const of = (v: Value) => { const at = this.leading(v); let count = counts.get(at); if (!count) counts.set(at, count = { uses: 0, leaves: 0 }); return count; };
    const reached = new Set<Value>();
    const reach = (v: Value): void => {
      if (reached.has(v) || constantOf(v) !== undefined) return;
      reached.add(v);
      const operands = this.found.get(v)!;
      if (operands.length === 0 && v.def!.op !== "f64.convert_i32_s") of(v).leaves++;
      operands.forEach(reach);
    };
    for (const end of ends) { of(end).uses++; reach(end); }
    for (const v of reached) { const { uses, leaves } = of(v); if (uses > leaves) this.wanted.set(v, this.found.get(v)!); }
    for (const { uses, leaves } of counts.values()) if (uses > leaves) { this.uses += uses; this.leaves += leaves; }
  }

  private find(v: Value): readonly Value[] | null {
    let operands = this.found.get(v);
    if (operands === undefined) this.found.set(v, operands = this.operands(v));
    return operands;
  }
  private operands(v: Value): readonly Value[] | null {
    const constant = constantOf(v), { def } = v;
    if (constant !== undefined) return isInt32(constant) ? [] : null;
    const { lo, hi, int } = this.ranges.of(v);
    if (def === null || "regions" in def || v.type !== "f64" || !int || !(lo >= -2147483648 && hi <= 2147483647 && lo <= hi)) return null;
    const operands = operandsOf(def);
    if (!operands || !operands.every((operand) => this.find(operand))) return [];
    for (const operand of operands) if (constantOf(operand) === undefined) this.leader.set(this.leading(operand), this.leading(v));
    return operands;
  }
  private leading(v: Value): Value {
    let at = v;
    for (let next = this.leader.get(at); next && next !== at; next = this.leader.get(at)) at = next;
    return at;
  }
}

/** Takes out of the ends those of which a conversion is used where they may be NaN. */
function dropSeen(region: Region, numbers: ReadonlySet<Value>, ranges: Ranges, ends: Set<Value>): void {
  for (const instr of region.body) {
    for (const { def } of instr.args) {
      const end = def?.op === "i32.trunc_sat_f64_s" ? def.args[0]! : null;
      if (end && ranges.of(end).nan && !numbers.has(end)) ends.delete(end);
    }
    if (!("regions" in instr)) continue;
    const test = instr.op === "if" ? instr.args[0]!.def : null, same = test?.op === "f64.eq" && test.args[0] === test.args[1] ? test.args[0]! : null;
    instr.regions.forEach((inner, i) => { dropSeen(inner, same && i === 0 ? new Set([...numbers, same]) : numbers, ranges, ends); });
  }
}

class Indexer extends Rewriter {
  private readonly webs: Webs;
  private readonly ranges: Ranges;
  private readonly ints = new Map<Value, Value>();

  constructor(func: Func, program: Program, webs: Webs) {
    super(func, program);
    this.webs = webs;
    this.ranges = rangesOf(func, program);
  }

  protected override operation(instr: Machine): Value {
    const [end] = instr.args;
    if (instr.op === "i32.trunc_sat_f64_s" && this.webs.wanted.has(end!)) return this.ints.get(end!)!;
    if (instr.op === "f64.eq" && end === instr.args[1]) { const root = this.value(this.root(end!)); return this.e.op("f64.eq", root, root); }
    const now = super.operation(instr), [result] = instr.results as [Value], operands = this.webs.wanted.get(result);
    if (operands) this.ints.set(result, this.narrowed(instr, operands, now));
    return now;
  }
  /** What is NaN where the number is, and only there: one test for all places that lie constants apart. */
  private root(v: Value): Value {
    const operands = this.webs.wanted.get(v), numbers = operands?.filter((operand) => constantOf(operand) === undefined);
    return numbers?.length === 1 && v.def!.op !== "f64.select" ? this.root(numbers[0]!) : v;
  }
  private int(v: Value): Value {
    const constant = constantOf(v);
    return typeof constant === "number" ? this.e.i32(constant | 0) : this.ints.get(v)!;
  }
  private narrowed(instr: Machine, operands: readonly Value[], now: Value): Value {
    const { e } = this;
    if (operands.length === 0) return instr.op === "f64.convert_i32_s" ? this.value(instr.args[0]!) : e.op("i32.trunc_sat_f64_s", now);
    const [x, y] = operands as [Value, Value], [a, b] = operands.map((v) => this.int(v)) as [Value, Value];
    switch (instr.op) {
      case "f64.add": return e.op("i32.add", a, b);
      case "f64.sub": return e.op("i32.sub", a, b);
      case "f64.mul": return e.op("i32.mul", a, b);
      case "f64.neg": return e.op("i32.sub", e.i32(0), a);
      case "f64.select": return e.op("i32.select", this.value(instr.args[0]!), a, b);
      default: { // a bound that the other can't pass is none
        const [p, q] = [this.ranges.of(x), this.ranges.of(y)], [low, high] = instr.op === "f64.min" ? [p, q] : [q, p];
        return low.hi <= high.lo ? a : high.hi <= low.lo ? b : e.op("i32.select", e.op(instr.op === "f64.min" ? "i32.lt_s" : "i32.gt_s", a, b), a, b);
      }
    }
  }
}
