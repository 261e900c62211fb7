// Constant tables that a loop inside reads row by row, laid out anew so that the lanes of the loop around it find their elements side by side.
//
//   loop (%j) { … loop (%i) { %w = f64.load [%weights + (%j * 32 + %i) << 3] … } }      lanes are iterations of %j: each loads from a row of its own
//     →  a new table that holds element 32·j + i at i·rows + j; of singles that are only promoted, the doubles that they become
//
// Requires: both counters' ranges are known and small, their steps are 1. Guarantees: every element that an iteration may read is in the new table.

import { memoryOps } from "../../ir/ops.ts";
import type { Data, Program, Value } from "../../ir/types.ts";
import type { Counter } from "../counted.ts";
import type { Range } from "../intervals.ts";
import { Segments } from "../segments.ts";
import { readers } from "../tables.ts";
import type { Access } from "./accesses.ts";
import { operandsOf, type Flat, type Load } from "./flat.ts";
import type { Linear, LinearForms } from "./linear.ts";

/** bytes of a new table */
const most = 1 << 16;

export const turnedTables = new Segments();

/** A counter, and what it may be in an iteration. */
export interface Counts { readonly counter: Counter; readonly range: Range }

/** How far an address goes with both counters, in bytes, from where a table begins. */
interface Place { readonly segment: number; readonly outer: number; readonly inner: number; readonly plus: number }

/** The load's access to a table of its own, and that table; null where there is none. `form`: its index, in the loop inside; `around`: forms in the other one. */
export function turned(program: Program, step: Load, form: Linear, around: LinearForms, outer: Counts, inner: Counts, flat: Flat, order: number): { readonly access: Access; readonly table: Data } | null {
  const { instr } = step, { bytes } = memoryOps[instr.op], read = readers[instr.op];
  const place = placeOf(step, form, around, outer.counter, inner.counter);
  const rows = countOf(outer), turns = countOf(inner);
  if (!place || place.outer === 0 || place.inner === 0 || !read || !(rows * turns * 8 <= most)) return null;
  const { bytes: data, varies } = program.data[place.segment]!;
  if (varies) return null;
  const promoted = instr.op === "f32.load" && flat.steps.every((s) => !operandsOf(s).includes(step.result) || s.kind === "operation" && s.instr.op === "f64.promote_f32");
  if (place.outer === bytes && !promoted) return null; // they lie side by side as it is
  const element = promoted ? 8 : bytes, all = new Uint8Array((rows * turns * element + 15) & ~15), from = new DataView(data.buffer, data.byteOffset, data.byteLength), to = new DataView(all.buffer);
  for (let i = 0; i < turns; i++) {
    for (let j = 0; j < rows; j++) {
      const at = place.plus + (outer.range.lo + j) * place.outer + (inner.range.lo + i) * place.inner, own = (i * rows + j) * element;
      if (at < 0 || at + bytes > data.length) continue; // no iteration reads it
      if (promoted) to.setFloat64(own, from.getFloat32(at, true), true);
      else for (let b = 0; b < bytes; b++) all[own + b] = data[at + b]!;
    }
  }
  const low = -(inner.range.lo * rows + outer.range.lo) * element;
  const own: Linear = { counters: [{ counter: inner.counter, times: rows }], terms: [{ value: outer.counter.param, times: 1 }], plus: 0, within: [] };
  const stream = { base: instr.args[0]!, form: own, scale: Math.log2(element), space: instr.space, stride: element, low, high: low + element, element, single: true, added: true } as const;
  return { access: { step, stream, at: low, bytes: element, order, promoted }, table: { name: "turned", element: "u8", bytes: all } };
}

const countOf = ({ counter, range: { lo, hi } }: Counts): number => (counter.step === 1 && hi >= lo ? hi - lo + 1 : NaN);

function placeOf({ instr }: Load, form: Linear, around: LinearForms, outer: Counter, inner: Counter): Place | null {
  const base = around.of(instr.args[0]!), table = base?.terms[0]?.value.def;
  if (!base || base.within.length > 0 || base.terms.length !== 1 || base.terms[0]!.times !== 1 || table?.op !== "data.addr") return null;
  const scale = 2 ** instr.scale, place = { segment: table.segment, outer: 0, inner: 0, plus: base.plus + instr.offset + form.plus * scale };
  const add = ({ counters, terms, within }: Linear, times: number): boolean => terms.length === 0 && within.length === 0 && counters.every((c) => c.counter === outer && (place.outer += c.times * times, true));
  const isKnown = ({ value, times }: { readonly value: Value; readonly times: number }): boolean => {
    const own = around.of(value);
    place.plus += (own?.plus ?? 0) * times * scale;
    return own !== null && add(own, times * scale);
  };
  const known = add({ ...base, terms: [] }, 1) && form.terms.every(isKnown) && form.counters.every((c) => c.counter === inner && (place.inner += c.times * scale, true));
  return known ? place : null;
}
