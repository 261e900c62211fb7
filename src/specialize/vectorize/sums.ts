// Sums of two int32 that may leave int32, compared in int32: what is added is known to be 0 or more (or 0 or less), so that a sum which has come round
// tells by being below (above) what it was added to.
//
//   before  %s = f64.add (f64.convert_i32_s %a) 12.0;  %c = f64.gt %s (f64.convert_i32_s %b)
//   after   %w = i32.add %a 12;  %c = i32.or (i32.gt_s %w %b) (i32.lt_s %w %a)                 beyond int32 it is greater than any
//
//   before  i32.from_f64 (f64.max %s (f64.convert_i32_s %b))
//   after   i32.select %c %w %b
//
// A register holds four int32, two doubles: knapsacks and other tables of whole numbers. In scalar code int64 does it better (wide.ts).
//
// Requires: machine form, narrowed: sums that stay within int32 are int32 already; just before vectorize. Guarantees: machine form, same bits. Only loops that lanes
// take then are changed.

import { constantOf, instructions } from "../../ir/build.ts";
import { isMachineOp, type MachineOp } from "../../ir/ops.ts";
import type { Func, Instr, Loop, Machine, Program, Value } from "../../ir/types.ts";
import { contentsOf, holdsAny, rangesOf } from "../analyses.ts";
import { hasLoops } from "../flow.ts";
import type { Note } from "../notes.ts";
import type { Ranges } from "../ranges.ts";
import { Rewriter } from "../rewrite.ts";
import { inLanes } from "./index.ts";

/** a + c or a − c; `up`: it may be more than int32 holds, never less; else it may be less, never more. */
interface Sum { readonly op: "i32.add" | "i32.sub"; readonly a: Value; readonly c: Value | number; readonly up: boolean }
/** What asks for a sum and another number: a comparison, sum first, or the greatest or least of both as int32. */
interface Ask { readonly relation: Relation; readonly sum: Sum; readonly other: Value | number; readonly chooses: boolean }

const relations = ["lt", "gt", "le", "ge", "eq", "ne"] as const;
type Relation = (typeof relations)[number];
const turned: Record<Relation, Relation> = { lt: "gt", gt: "lt", le: "ge", ge: "le", eq: "eq", ne: "ne" };
const inInt32: Record<Relation, MachineOp> = { lt: "i32.lt_s", gt: "i32.gt_s", le: "i32.le_s", ge: "i32.ge_s", eq: "i32.eq", ne: "i32.ne" };
/** whether it holds of a number above all int32, or below them, and one of them */
const above: ReadonlySet<Relation> = new Set(["gt", "ge", "ne"]), below: ReadonlySet<Relation> = new Set(["lt", "le", "ne"]);

export function compareSums(func: Func, program: Program, note: Note = () => {}): Func {
  const { loops } = contentsOf(func);
  if (loops.length === 0 || !holdsAny(func, ["f64.add", "f64.sub"])) return func;
  const ranges = rangesOf(func, program), found = loops.map((loop) => asksOf(loop, ranges));
  if (found.every((asks) => asks.size === 0)) return func;
  const tried = new Writer(func, program, found).run();
  // a loop may have gone for good: then nobody can tell which is which
  if (contentsOf(tried).loops.length !== loops.length) return func;
  const lanes = inLanes(tried, { ...program, functions: program.functions.map((f) => (f === func ? tried : f)) });
  const kept = found.filter((asks, i) => asks.size > 0 && lanes[i]);
  found.forEach((asks, i) => { if (asks.size > 0 && lanes[i]) note(loops[i]!.notes?.place ?? loops[i]!.place, "doubles", "int32", "sums that have come round are told by what was added"); });
  return kept.length === 0 ? func : new Writer(func, program, kept).run();
}

function asksOf(loop: Loop, ranges: Ranges): ReadonlyMap<Instr, Ask> {
  const asks = new Map<Instr, Ask>();
  if (hasLoops(loop.regions[0])) return asks;
  for (const instr of instructions(loop.regions[0])) {
    const ask = isMachineOp(instr.op) ? askOf(instr as Machine, ranges) : null;
    if (ask) asks.set(instr, ask);
  }
  return asks;
}

function askOf(instr: Machine, ranges: Ranges): Ask | null {
  const extreme = instr.op === "i32.from_f64" ? instr.args[0]!.def : null;
  const chooses = extreme?.op === "f64.max" || extreme?.op === "f64.min";
  const relation = chooses ? (extreme.op === "f64.max" ? "gt" : "lt") : relations.find((r) => instr.op === `f64.${r}`);
  if (!relation) return null;
  const [x, y] = (chooses ? extreme.args : instr.args) as [Value, Value];
  for (const [a, b, asked] of [[x, y, relation], [y, x, chooses ? relation : turned[relation]]] as const) {
    const other = int32Of(b), sum = other === null ? null : sumOf(a, ranges);
    if (sum) return { relation: asked, sum, other: other!, chooses };
  }
  return null;
}

/** The int32 that a double is, as a value or a constant. */
function int32Of(v: Value): Value | number | null {
  if (v.def?.op === "f64.convert_i32_s") return v.def.args[0]!;
  const constant = constantOf(v);
  return typeof constant === "number" && Object.is(constant | 0, constant) ? constant : null;
}

function sumOf(v: Value, ranges: Ranges): Sum | null {
  const { def } = v;
  if (def?.op !== "f64.add" && def?.op !== "f64.sub") return null;
  const [x, y] = def.args.map(int32Of) as [Value | number | null, Value | number | null];
  if (x === null || y === null) return null;
  const op = def.op === "f64.add" ? "i32.add" : "i32.sub";
  for (const [a, c] of op === "i32.add" ? [[x, y], [y, x]] as const : [[x, y]] as const) {
    if (typeof a === "number") continue;
    const { lo, hi } = typeof c === "number" ? { lo: c, hi: c } : ranges.of(c);
    if (lo >= 0) return { op, a, c, up: op === "i32.add" };
    if (hi <= 0) return { op, a, c, up: op === "i32.sub" };
  }
  return null;
}

class Writer extends Rewriter {
  private readonly asks: ReadonlyMap<Instr, Ask>;
  constructor(func: Func, program: Program, loops: readonly ReadonlyMap<Instr, Ask>[]) {
    super(func, program);
    this.asks = new Map(loops.flatMap((asks) => [...asks]));
  }
  protected override operation(instr: Machine): Value {
    const ask = this.asks.get(instr);
    if (!ask) return super.operation(instr);
    const { e } = this, { sum, relation } = ask;
    const now = (v: Value | number): Value => (typeof v === "number" ? e.i32(v) : this.value(v));
    const a = now(sum.a), other = now(ask.other), whole = e.op(sum.op, a, now(sum.c));
    const is = e.op(inInt32[relation], whole, other);
    // where it has come round, it is beyond all int32: the answer is known
    const round = (sum.up ? above : below).has(relation)
      ? e.op("i32.or", is, e.op(sum.up ? "i32.lt_s" : "i32.gt_s", whole, a))
      : e.op("i32.and", is, e.op(sum.up ? "i32.ge_s" : "i32.le_s", whole, a));
    return ask.chooses ? e.op("i32.select", round, whole, other) : round;
  }
}
