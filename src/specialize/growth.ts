// Where an ordinary array of the kernel's own gets room for another element: the `if` that vectors.ts writes in front of an element behind the end.
//
//   %capacity = i32.load [%base − 16]; %fits = i32.lt_s %length %capacity; %room = if %fits {yield %base} else {…a larger block, memory.copy of %base…; yield %larger}
//
// Finds only; room.ts and assumed.ts act on it. `within` and `steps` follow a value through such places, additions of constants and choices.

import { constantOf } from "../ir/build.ts";
import { heads, holdsHeads } from "../ir/layout.ts";
import type { If, Instr, Memory, Program, Value } from "../ir/types.ts";
import { visit } from "./flow.ts";

export interface Growth {
  readonly at: If;
  readonly base: Value;
  readonly length: Value;
  /** where elements lie, and capacities */
  readonly space: number;
  readonly capacities: number;
  /** the way out where the memory is full */
  readonly full: number;
}

export function growthOf(instr: Instr, program: Program): Growth | null {
  const cond = instr.op === "if" && instr.results.length === 1 ? instr.args[0]!.def : null;
  if (instr.op !== "if" || cond?.op !== "i32.lt_s") return null;
  const [length, capacity] = cond.args as [Value, Value], load = capacity.def as Memory | null;
  if (load?.op !== "i32.load" || !isCapacities(program, load.space) || load.offset >= 0 || constantOf(load.args[1]!) !== 0) return null;
  const base = load.args[0]!, [kept, grown] = instr.regions, [end] = kept.body;
  if (end?.op !== "yield" || end.args[0] !== base) return null;
  let space = -1, full = -1;
  visit(grown, (one) => {
    if (one.op === "memory.copy" && one.space === one.from && one.args[1] === base) space = one.space;
    if (one.op === "trap") full = one.exit;
  });
  return space < 0 || full < 0 ? null : { at: instr, base, length, space, capacities: load.space, full };
}

const isCapacities = (program: Program, space: number): boolean => holdsHeads(program.spaces[space]!) && program.spaces[space]!.name === heads.capacities;

/** By how much a value differs from another one, at least and at most. */
export interface Step { readonly lo: number; readonly hi: number }
/** How far choices and sums are followed. */
const deepest = 12;
export function steps(v: Value, from: Value, depth = deepest): Step | null {
  if (v === from) return { lo: 0, hi: 0 };
  const { def } = v;
  if (def === null || depth === 0) return null;
  if (def.op === "i32.add") {
    const by = constantOf(def.args[1]!), base = typeof by === "number" && Math.abs(by) <= 16 ? steps(def.args[0]!, from, depth - 1) : null;
    return base && { lo: base.lo + Number(by), hi: base.hi + Number(by) };
  }
  const all = choices(v)?.map((one) => steps(one, from, depth - 1));
  return all?.every((one) => one !== null) ? all.reduce((a, b) => ({ lo: Math.min(a!.lo, b!.lo), hi: Math.max(a!.hi, b!.hi) }), all[0]!) : null;
}

/** Whether a value is the other one, but where the array got room. */
export function within(v: Value, base: Value, grown: ReadonlyMap<Instr, Growth>, depth = deepest): boolean {
  if (v === base) return true;
  if (v.def === null || depth === 0) return false;
  const growth = grown.get(v.def);
  if (growth) return within(growth.base, base, grown, depth - 1);
  return choices(v)?.every((one) => within(one, base, grown, depth - 1)) ?? false;
}

/** What the arms of a choice give. */
export function choices(v: Value): readonly Value[] | null {
  const { def } = v;
  if (def?.op === "i32.select") return [def.args[1]!, def.args[2]!];
  if (def?.op !== "if") return null;
  const at = def.results.indexOf(v);
  const given = def.regions.flatMap(({ body }) => { const end = body.at(-1)!; return end.op === "yield" ? [end.args[at]!] : []; });
  return given.length > 0 ? given : null;
}
