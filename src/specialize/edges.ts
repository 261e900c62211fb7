// Where a stencil's loop comes near its ends: comparisons of the counter that go one way in all iterations but the first and last few.
//
//   for (x = 0; x < w; x++) { l = x − 2 < 0 ? 0 : x − 2;  r = x + 2 >= w ? w − 1 : x + 2;  … }       false for 2 ≤ x < w − 2
//   for (x = 0; x < w; x++) { l = x === 0 ? w − 1 : x − 1;  r = x === w − 1 ? 0 : x + 1;  … }         false for 1 ≤ x < w − 1
//   for (i = 0; i < n; i++) { … if (4 · i − 30 >= 0) … }                                              true for 8 ≤ i
//
// Requires: a loop `while (counter < limit)` whose counter grows, and ranges of it. Guarantees: each edge's comparison gives `inside` in iterations at or after
// `at` (a lower edge), or before it (an upper one). Only what is some steps away from the loop's own first value or limit is an edge: a loop
// is not cut in halves. Where something in memory waits for the answer (`if (v >= c) … best[v - c]`), and run time tells the limit, it may be more steps
// from the first value.

import { constantOf } from "../ir/build.ts";
import { isMemoryOp } from "../ir/ops.ts";
import type { Instr, Machine, Region, Value } from "../ir/types.ts";
import { holdsOne, visit } from "./flow.ts";
import type { Ranges } from "./ranges.ts";

export interface Edge {
  /** a comparison; what has the counter itself for its condition, `if` or `select` */
  readonly test: Instr;
  readonly inside: 0 | 1;
  readonly lower: boolean;
  /** the first iteration for which the counter is not below the edge: a value and a constant, or a constant alone */
  readonly at: { readonly of: Value | null; readonly plus: number };
}

/** steps from the loop's first value, or before its limit; where equality is asked for; and from the first value where memory waits */
export const near = 16;
const beside = 4, far = 64;

export function edgesOf(region: Region, counter: Value, init: Value, limit: Value, isInside: (v: Value) => boolean, ranges: Ranges): readonly Edge[] {
  /** an int32 and a whole number that is added to it without wrapping around, in doubles too */
  const parts = (v: Value): { readonly of: Value | null; readonly plus: number } | null => {
    const c = constantOf(v), { def } = v;
    if (typeof c === "number") return Number.isInteger(c) && Math.abs(c) <= 2 ** 31 ? { of: null, plus: c + 0 } : null;
    if (def?.op === "f64.convert_i32_s") return parts(def.args[0]!);
    const adds = def?.op === "f64.add" || def?.op === "f64.sub" || def?.op === "i32.add" && ranges.isExact(v);
    const by = adds ? parts(def!.args[1]!) : null, to = by?.of === null ? parts(def!.args[0]!) : null;
    if (by && to?.of) return { of: to.of, plus: to.plus + (def!.op === "f64.sub" ? -by.plus : by.plus) };
    return v.type === "i32" ? { of: v, plus: 0 } : null;
  };
  /** the same, wrapping around or not: how near something is, is no matter of exactness */
  const roughly = (p: { readonly of: Value | null; readonly plus: number }): { readonly of: Value | null; readonly plus: number } => {
    const by = p.of?.def?.op === "i32.add" ? constantOf(p.of.def.args[1]!) : undefined;
    return typeof by === "number" ? { of: p.of!.def!.args[0]!, plus: p.plus + by } : p;
  };
  const ends = parts(limit), end = ends && roughly(ends), begin = constantOf(init);
  const edges: Edge[] = [], waited = constantOf(limit) === undefined ? waitedFor(region) : new Set<Instr>();
  visit(region, (instr) => {
    const same = equalityOf(instr), relation = same ? null : /^(?:i32\.(?=.._s)|f64\.)(lt|le|gt|ge)/.exec(instr.op)?.[1];
    const [x, y] = same ? [parts(same.of), same.to ? parts(same.to) : { of: null, plus: 0 }] : relation ? instr.args.map((v) => parts(v)) : [];
    if (!x || !y) return;
    const swapped = timesOf(y.of, counter, ranges) > 0;
    const [moving, fixed] = swapped ? [y, x] : [x, y];
    const times = timesOf(moving.of, counter, ranges);
    if (times === 0 || (same || fixed.of !== null) && times > 1 || fixed.of !== null && (fixed.of === counter || isInside(fixed.of))) return;
    // counter < at, or not; equality holds in one iteration, which is before what a lower edge leaves, and behind what an upper one does
    const less = relation?.startsWith("l") !== swapped, equal = same?.equal ? 1 : 0;
    const below = swapped ? relation === "gt" || relation === "le" : relation === "lt" || relation === "ge";
    const first = Math.ceil((fixed.plus - moving.plus + (below ? 0 : 1)) / times) + 0;
    const [low, high] = (same ? [fixed.plus - moving.plus + 1, fixed.plus - moving.plus] : [first, first]).map((plus) => ({ of: fixed.of, plus })) as [Edge["at"], Edge["at"]];
    const about = roughly(high);
    const fromEnd = end && about.of === end.of ? end.plus - about.plus : Infinity;
    const fromFirst = low.of === null && typeof begin === "number" ? low.plus - begin : Infinity;
    const most = same ? beside : near;
    if (fromFirst > 0 && fromFirst <= (!same && waited.has(instr) ? far : most) && fromFirst < fromEnd) edges.push({ test: instr, inside: same ? (equal ? 0 : 1) : less ? 0 : 1, lower: true, at: low });
    else if (fromEnd > 0 && fromEnd <= most) edges.push({ test: instr, inside: same ? (equal ? 0 : 1) : less ? 1 : 0, lower: false, at: high });
  });
  return edges;
}

/** What an instruction asks to be equal, or not to be: another value, or 0. A condition is not 0. */
function equalityOf(instr: Instr): { readonly of: Value; readonly to: Value | null; readonly equal: boolean } | null {
  const [x, y] = instr.args;
  switch (instr.op) {
    case "i32.eq": case "i32.ne": case "f64.eq": case "f64.ne": return { of: x!, to: y!, equal: instr.op.endsWith("eq") };
    case "i32.eqz": return { of: x!, to: null, equal: true };
    case "if": case "i32.select": case "f64.select": return { of: x!, to: null, equal: false };
    default: return null;
  }
}

/** How often the counter a value is: 4 of `i * 4` where that can't leave int32; 0 of anything else. */
function timesOf(v: Value | null, counter: Value, ranges: Ranges): number {
  if (v === counter) return 1;
  const def = v?.def, by = def?.op === "i32.shl" || def?.op === "i32.mul" ? constantOf(def.args[1]!) : undefined;
  if (typeof by !== "number" || def!.args[0] !== counter) return 0;
  const times = def!.op === "i32.mul" ? by : 2 ** (by & 31), { lo, hi } = ranges.operand(def as Machine, 0);
  return times > 0 && lo * times >= -(2 ** 31) && hi * times < 2 ** 31 ? times : 0;
}

/** The tests in front of what loads or stores. */
function waitedFor(region: Region): ReadonlySet<Instr> {
  const tests = new Set<Instr>();
  visit(region, (instr) => {
    if (instr.op === "if" && instr.args[0]!.def && instr.regions.some((arm) => holdsOne(arm, ({ op }) => isMemoryOp(op)))) tests.add(instr.args[0]!.def);
  });
  return tests;
}
