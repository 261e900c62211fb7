// What a loop's loads and stores touch, and whether several iterations may be done at once.
//
//   y[i] = x[i + 1]      x and y apart: yes.   The same array: yes, each iteration reads what later ones write.
//   y[i + 1] = x[i]      the same array: no, each iteration reads what the one before wrote.
//   x and y may overlap: if their ranges turn out to be apart, or (with equal indices) to be one and the same.
//
// An access goes  base + (times·counters + terms + plus) << scale + offset;  a `Stream` is all accesses that differ in constants only.
// Requires: indices whose forms hold without conditions (int32 sums wrap as addresses do).

import { memoryOps } from "../../ir/ops.ts";
import { constantOf } from "../../ir/build.ts";
import type { Memory, Program, Value } from "../../ir/types.ts";
import type { Ranges } from "../ranges.ts";
import { shapeKey, stride, type Linear, type LinearForms } from "./linear.ts";
import { conditions, type Flat, type Load, type Store } from "./flat.ts";

export interface Stream {
  readonly base: Value;
  readonly form: Linear;
  readonly scale: number;
  readonly space: number;
  /** bytes from one iteration to the next */
  readonly stride: number;
  /** of all its accesses: first byte and end, from where the stream begins */
  low: number;
  high: number;
  /** bytes of an element; 0 if there are several sizes */
  element: number;
  single: boolean;
  /** in a table that vectorization adds (columns.ts) */
  readonly added?: true;
}
export interface Access { readonly step: Load | Store; readonly stream: Stream; /** bytes from where the stream begins */ readonly at: number; readonly bytes: number; readonly order: number; /** singles that are doubles already */ readonly promoted?: boolean }
/** Two streams that must lie apart, or (`same`) begin at the same address. */
export interface Apart { readonly a: Stream; readonly b: Stream; readonly same: boolean }

export interface Accesses {
  readonly of: ReadonlyMap<Memory, Access>;
  /** loads whose index is no linear form, from memory that the loop does not write: done lane by lane */
  readonly gathers: ReadonlySet<Memory>;
  /** those of a table that only their condition keeps in it, and how many elements there are behind its first: lanes where it does not hold look up that, or one a constant further */
  readonly kept: ReadonlyMap<Memory, number>;
  /** those under a condition whose index conditions choose: what it is one of, all of which has to be in the array */
  readonly chosen: ReadonlyMap<Memory, readonly Linear[]>;
  /** those under a condition (the number is no NaN) from an array of the call's, whose index is known whatever the condition: the greatest, which has to be in the array */
  readonly reached: ReadonlyMap<Memory, number>;
  readonly streams: readonly Stream[];
  readonly apart: readonly Apart[];
}

const mostChecks = 8;

/** The loop's accesses, if `lanes` iterations may be done at once; else why not. `used` tells loads whose result matters. */
export function accessesOf(flat: Flat, forms: LinearForms, program: Program, lanes: number, used: ReadonlySet<Value>, ranges: Ranges): Accesses | string {
  const of = new Map<Memory, Access>();
  const streams = new Map<string, Stream>();
  const list: Access[] = [];
  const gathers = new Set<Memory>(), kept = new Map<Memory, number>(), chosen = new Map<Memory, readonly Linear[]>(), reached = new Map<Memory, number>();
  for (const step of flat.steps) {
    if (step.kind !== "load" && step.kind !== "store" || step.kind === "load" && !used.has(step.result)) continue;
    const { instr } = step;
    const [base, index] = instr.args as [Value, Value];
    if (!forms.invariant(base)) return "an array is another one in each iteration";
    const linear = linearIndex(index, forms);
    if (!linear) {
      if (step.kind === "store") return "an index is no sum of the counter and constants";
      const places = step.mask && !isInTable(step, flat, program, ranges) ? placesOf(index, flat, forms) : null;
      const most = step.mask && base.def === null && !conditions(step.mask).some((cond) => asksFor(index, cond)) ? greatest(index, flat, ranges) : null;
      if (places) chosen.set(instr, places);
      else if (most !== null) reached.set(instr, most);
      else if (step.mask && !isInTable(step, flat, program, ranges)) {
        const further = behindFirst(step, program);
        if (further < 0 || flat.by.get(index)?.kind === "load" || ![index, ...conditions(step.mask)].every((v) => used.has(v))) return "an index is no sum of the counter and constants";
        kept.set(instr, further);
      }
      gathers.add(instr);
      continue;
    }
    const bytes = memoryOps[instr.op].bytes;
    const at = linear.plus * 2 ** instr.scale + instr.offset;
    const key = `${base.id};${instr.space};${instr.scale};${shapeKey(linear)}`;
    let stream = streams.get(key);
    if (!stream) {
      stream = { base, form: { ...linear, plus: 0 }, scale: instr.scale, space: instr.space, stride: stride(linear) * 2 ** instr.scale, low: at, high: at + bytes, element: bytes, single: true };
      streams.set(key, stream);
    }
    if (stream.element !== bytes) stream.element = 0;
    if (at !== stream.low || at + bytes !== stream.high) stream.single = false;
    stream.low = Math.min(stream.low, at);
    stream.high = Math.max(stream.high, at + bytes);
    const access: Access = { step, stream, at, bytes, order: list.length };
    list.push(access);
    of.set(instr, access);
  }

  for (const { step, stream } of list) {
    if (step.kind === "store" && [...gathers].some((g) => mayTouch(program, stream.space, g.space))) return "a table that is looked up may be written";
  }
  const apart = new Map<string, Apart>();
  for (const store of list) {
    if (store.step.kind !== "store") continue;
    for (const other of list) {
      if (other === store || !mayTouch(program, store.stream.space, other.stream.space)) continue;
      if (other.stream === store.stream) {
        const trouble = dependence(store, other, lanes);
        if (trouble) return trouble;
        continue;
      }
      const ids = [...streams.values()];
      const [i, j] = [ids.indexOf(store.stream), ids.indexOf(other.stream)];
      const key = `${Math.min(i, j)},${Math.max(i, j)}`;
      const together = sameWouldDo(store, other);
      const known = apart.get(key);
      apart.set(key, { a: store.stream, b: other.stream, same: together && (known?.same ?? true) });
      if (apart.size > mostChecks) return "too many arrays may overlap";
    }
  }
  return { of, gathers, kept, chosen, reached, streams: [...streams.values()], apart: [...apart.values()] };
}

/**
 * Of an access that is one of `count` neighbouring elements, of which each iteration has its own: its place among them, and where they begin.
 * Null for other accesses.
 */
export function interleaved({ stream, at, bytes }: Access): { readonly count: number; readonly which: number; readonly start: number } | null {
  const count = stream.stride / bytes;
  const past = at - stream.low;
  if (stream.element !== bytes || !Number.isInteger(count) || count < 2 || count > mostInterleaved || past % bytes !== 0) return null;
  const which = (past % stream.stride) / bytes;
  return { count, which, start: at - which * bytes };
}
const mostInterleaved = 4;

/** Whether each lane has to be loaded or stored by itself: elements of four bytes or eight, too far apart for registers that hold several. */
export function isScattered(access: Access): boolean {
  const { stream, bytes } = access;
  return stream.stride !== 0 && Math.abs(stream.stride) !== bytes && bytes >= 4 && interleaved(access) === null;
}

/** Whether a load is of a constant table, and in it whatever the index: what is known of that must not come from the condition it is made under. */
function isInTable({ instr }: Load, flat: Flat, program: Program, ranges: Ranges): boolean {
  const [base, at] = instr.args as [Value, Value];
  const most = base.def?.op === "data.addr" ? greatest(at, flat, ranges) : null;
  return most !== null && base.def?.op === "data.addr" && most * 2 ** instr.scale + instr.offset + memoryOps[instr.op].bytes <= program.data[base.def.segment]!.bytes.length;
}

/** Whether a condition asks that the index is in an array: where all of them are, another loop runs. */
const asksFor = (index: Value, cond: Value): boolean =>
  cond.def?.op === "i32.and" ? cond.def.args.some((arg) => asksFor(index, arg)) : cond.def?.op === "i32.lt_u" && cond.def.args[0] === index;

/** How far an index goes, whatever conditions hold: one that each iteration computes, or that an arm makes of such; null where it may be negative, or anything. */
function greatest(index: Value, flat: Flat, ranges: Ranges): number | null {
  const step = flat.by.get(index), { lo, hi } = ranges.of(index), within = (most: number): number | null => (most < mostReached ? most : null);
  if (step?.often === 1) return lo >= 0 ? within(hi) : null;
  const [a, by] = step?.kind === "operation" ? step.instr.args : [], constant = by && constantOf(by);
  if (step?.kind !== "operation" || typeof constant !== "number" || constant < 0) return null;
  if (step.instr.op === "i32.and") return within(constant);
  const most = greatest(a!, flat, ranges);
  if (most === null || constant >= mostReached) return null;
  return step.instr.op === "i32.add" ? within(most + constant) : step.instr.op === "i32.mul" ? within(most * constant) : step.instr.op === "i32.shl" && constant < 31 ? within(most * 2 ** constant) : null;
}
const mostReached = 2 ** 26;

/** The sums of counters that conditions choose an index from (a neighbour in one of several directions); null where it may be something else. */
function placesOf(index: Value, flat: Flat, forms: LinearForms, depth = mostChoices): readonly Linear[] | null {
  const linear = linearIndex(index, forms), step = flat.by.get(index);
  if (linear || depth === 0) return linear && [linear];
  const [a, b] = step?.kind === "choice" ? [step.then, step.otherwise] : step?.kind === "operation" && step.instr.op === "i32.select" ? step.instr.args.slice(1) : [];
  const [some, others] = a && b ? [placesOf(a, flat, forms, depth - 1), placesOf(b, flat, forms, depth - 1)] : [null, null];
  return some && others && [...some, ...others];
}
const mostChoices = 4;

/** The index as a sum of counters; null of one that is looked up by, lane by lane. */
export function linearIndex(index: Value, forms: LinearForms): Linear | null {
  const constant = constantOf(index), form: Linear | null = constant === undefined ? forms.of(index) : { counters: [], terms: [], plus: constant as number, within: [] };
  return form && form.within.length === 0 ? form : null;
}

/** Of a load from a constant table, by an index that is 0 for its first element: up to which index there are others. Below 0: it is no such load. */
function behindFirst({ instr }: Load, program: Program): number {
  const { def } = instr.args[0]!;
  return def?.op === "data.addr" && instr.offset >= 0 ? Math.floor((program.data[def.segment]!.bytes.length - instr.offset - memoryOps[instr.op].bytes) / 2 ** instr.scale) : -1;
}

export function mayTouch(program: Program, a: number, b: number): boolean {
  return a === b || program.spaces[a]!.mayOverlap.includes(b) || program.spaces[b]!.mayOverlap.includes(a);
}

/** Why a store and another access of its stream forbid doing `lanes` iterations at once, if they do. */
function dependence(store: Access, other: Access, lanes: number): string | null {
  const step = store.stream.stride;
  // of stores to one place the last iteration's counts, if nobody looks before
  if (step === 0) return other.at + other.bytes <= store.at || store.at + store.bytes <= other.at ? null : "each iteration uses what another wrote";
  // d: iterations from the other access to the store that touches the same bytes
  for (let d = 1 - lanes; d < lanes; d++) {
    const from = store.at + d * step;
    if (from >= other.at + other.bytes || other.at >= from + store.bytes) continue;
    const exact = from === other.at && store.bytes === other.bytes;
    if (d === 0 && exact && other.step.kind === "load" && other.order < store.order) continue;
    if (d > 0 && other.step.kind === "load" && other.order < store.order) continue;
    return other.step.kind === "store" ? "iterations write the same place" : "an iteration reads what one before it wrote";
  }
  return null;
}

/** Whether two streams that turn out to be the same memory are no trouble: each iteration reads its own element before it writes it. */
function sameWouldDo(store: Access, other: Access): boolean {
  const [s, o] = [store.stream, other.stream];
  return s.single && o.single && s.stride === o.stride && s.element === o.element && s.element > 0 && other.step.kind === "load" && other.order < store.order;
}
