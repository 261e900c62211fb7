// With relax.f32: doubles that are made of singles and end as such are computed as singles, which fill a vector's lanes four at a time.
//
//   f32.demote_f64 (f64.mul (f64.promote_f32 %x) 0.1)     →  f32.mul %x 0.1f
//
// A web of values (operations, carried values, choices) is taken whole or not at all: all it is made of is singles, constants that singles can
// hold roughly, and numbers that the caller gave; all that becomes of it is singles, comparisons with the same, or a result. What an index
// or an integer is made of is never in one: bounds were proved of the doubles.
//
// Requires: machine form. Guarantees: machine form; results differ from the original's by the rounding to singles of each operation.

import { constantOf, instructions } from "../../ir/build.ts";
import { isMachineOp, type MachineOp } from "../../ir/ops.ts";
import type { Func, Instr, Machine, Program, Value } from "../../ir/types.ts";
import { sourcesOf } from "../flow.ts";
import type { Note } from "../notes.ts";
import { Rewriter } from "../rewrite.ts";

export function useSingles(func: Func, program: Program, note: Note): Func {
  const chosen = choose(func);
  if (!chosen.includes(1)) return func;
  note(undefined, "doubles", "singles", "relax.f32");
  return new Rounder(func, program, chosen).run();
}

const sameInSingles: ReadonlySet<string> = new Set(["add", "sub", "mul", "div", "neg", "abs", "min", "max", "sqrt", "floor", "ceil", "trunc"].map((n) => `f64.${n}`));
const comparisons: ReadonlySet<string> = new Set(["eq", "ne", "lt", "gt", "le", "ge"].map((n) => `f64.${n}`));
const isRough = (v: Value): boolean => { const c = constantOf(v); return typeof c === "number" && (Number.isFinite(Math.fround(c)) || !Number.isFinite(c)); };

/** One mark by id for each double that becomes a single. */
function choose(func: Func): Uint8Array {
  const sources = sourcesOf(func);
  const leader = Int32Array.from({ length: func.nextId }, (_, i) => i);
  const find = (id: number): number => { while (leader[id] !== id) id = leader[id] = leader[leader[id]!]!; return id; };
  const isOfCaller = (v: Value): boolean => func.params.includes(v);
  const members: Value[] = [];
  const bad: Value[] = [];
  const ends: Value[] = [];
  const join = (result: Value, operands: readonly Value[]): void => {
    for (const v of operands) {
      if (isRough(v) || isOfCaller(v)) continue;
      if (v.def?.op === "const") bad.push(result);
      else leader[find(v.id)] = find(result.id);
    }
  };
  const merge = (v: Value): void => { members.push(v); join(v, sources[v.id] ?? []); };
  for (const instr of instructions(func.body)) {
    for (const r of instr.results) if (r.type === "f64") {
      if (sources[r.id]) merge(r);
      else if (sameInSingles.has(instr.op)) { members.push(r); join(r, instr.args); }
      else if (instr.op === "f64.select") { members.push(r); join(r, instr.args.slice(1)); }
      else if (instr.op === "f64.promote_f32") members.push(r);
      else bad.push(r);
    }
    if (instr.op === "loop") for (const p of instr.regions[0].params) if (p.type === "f64") merge(p);
    if (instr.op === "f32.demote_f64" || instr.op === "return" && instr.args[0]?.type === "f64") ends.push(instr.args[0]!);
    else if (comparisons.has(instr.op)) {
      const [a, b] = instr.args as [Value, Value];
      const apart = (v: Value): boolean => constantOf(v) === undefined && !isOfCaller(v);
      if (apart(a) && apart(b)) leader[find(a.id)] = find(b.id);
    } else if (!passesOn(instr)) bad.push(...instr.args.filter((v) => v.type === "f64"));
  }
  const state = new Map<number, { promotes: boolean; ends: boolean; bad: boolean }>();
  const of = (v: Value): { promotes: boolean; ends: boolean; bad: boolean } => {
    let found = state.get(find(v.id));
    if (!found) state.set(find(v.id), found = { promotes: false, ends: false, bad: false });
    return found;
  };
  for (const v of bad) of(v).bad = true;
  for (const v of ends) of(v).ends = true;
  for (const v of members) if (v.def?.op === "f64.promote_f32") of(v).promotes = true;
  const chosen = new Uint8Array(func.nextId);
  for (const v of members) if (of(v).promotes && of(v).ends && !of(v).bad && v.def?.op !== "f64.promote_f32") chosen[v.id] = 1;
  return chosen;
}

/** The instruction hands its operands on to what they were joined with. */
const passesOn = (instr: Instr): boolean =>
  sameInSingles.has(instr.op) || instr.op === "f64.select" || instr.op === "yield" || instr.op === "br" || instr.op === "loop" || instr.op === "return";

class Rounder extends Rewriter {
  private readonly chosen: Uint8Array;
  constructor(func: Func, program: Program, chosen: Uint8Array) { super(func, program); this.chosen = chosen; }

  /** The single that stands for a double. */
  private single(old: Value): Value {
    const c = constantOf(old);
    if (typeof c === "number") return this.e.f32(c);
    if (this.chosen[old.id]) return this.map[old.id]!;
    return old.def?.op === "f64.promote_f32" ? this.value(old.def.args[0]!) : this.e.op("f32.demote_f64", super.value(old));
  }
  override value(old: Value): Value { return this.chosen[old.id] ? this.e.op("f64.promote_f32", this.map[old.id]!) : super.value(old); }
  protected override passed(to: Value, old: Value): Value { return this.chosen[to.id] ? this.single(old) : this.value(old); }
  protected override fresh(old: Value): Value { return this.e.value(this.chosen[old.id] ? "f32" : old.type, old.name); }

  protected override operation(instr: Machine): Value {
    const result = instr.results[0]!;
    const inSingles = instr.op.replace("f64.", "f32.");
    if (instr.op === "f32.demote_f64" && this.chosen[instr.args[0]!.id]) return this.single(instr.args[0]!);
    const compares = comparisons.has(instr.op) && instr.args.some((v) => this.chosen[v.id]);
    if (!this.chosen[result.id] && !compares || !isMachineOp(inSingles)) return super.operation(instr);
    if (instr.op === "f64.select") return this.e.op("f32.select", this.value(instr.args[0]!), this.single(instr.args[1]!), this.single(instr.args[2]!));
    return this.e.op(inSingles as MachineOp, ...instr.args.map((v) => this.single(v)));
  }
}
