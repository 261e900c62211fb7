// Bytes of records, loaded as words: an iteration reads several side by side, and the next one as many further on.
//
//   before  … i32.load8_u [%x + %o]; … i32.load8_u [%x + %o + 1]; … i32.load8_u [%x + %o + 3]; …      %o = 16·%i
//   after   %w = i32.load [%x + %o]; … i32.and %w 255; … i32.and (%w >>> 8) 255; … %w >>> 24; …
//
// Lanes load words that far apart (memory.ts), but no bytes: a hash or a checksum of each record goes in lanes, a record in each. Bytes and words of
// 16 bits, with sign and without; a part that is left over at a record's end is in a word with those before it.
//
// Requires: machine form, just before vectorize, checks gone. Guarantees: machine form, same bits: each iteration loads what such a word begins and ends
// with, or what lies on both sides, of memory that the loop does not write. Only loops that lanes take with words, and without them do not, are changed.

import type { Func, Loop, Memory, Program, Value } from "../../ir/types.ts";
import { contentsOf, holdsAny, rangesOf } from "../analyses.ts";
import type { Note } from "../notes.ts";
import { mayTouch, Rewriter, writesOf } from "../rewrite.ts";
import { linearIndex } from "./accesses.ts";
import { countedLoop } from "../counted.ts";
import { inLanes } from "./index.ts";
import { LinearForms, shapeKey, stride } from "./linear.ts";

const parts = { "i32.load8_u": 1, "i32.load8_s": 1, "i32.load16_u": 2, "i32.load16_s": 2 } as const;
type PartOp = keyof typeof parts;
const isPart = (op: string): op is PartOp => Object.hasOwn(parts, op);
const word = 4;

/** A part of a word: the first load of one of its parts, in whose place the word is loaded, and the bytes from that one to the word; the part's place in it. */
interface Part { readonly first: Memory; readonly to: number; readonly at: number }
/** The parts that one loop loads. */
type Records = ReadonlyMap<Memory, Part>;

export function loadRecords(func: Func, program: Program, note: Note = () => {}): Func {
  const { loops } = contentsOf(func);
  if (loops.length === 0 || !holdsAny(func, Object.keys(parts))) return func;
  const found = loops.map((loop) => recordsOf(loop, program, func));
  if (found.every((records) => records === null)) return func;
  const without = inLanes(func, program);
  const tried = new Writer(func, program, found).run();
  // a loop may have gone for good: then nobody can tell which is which
  if (contentsOf(tried).loops.length !== loops.length) return func;
  const better = inLanes(tried, { ...program, functions: program.functions.map((f) => (f === func ? tried : f)) }).map((lanes, i) => lanes && !without[i]);
  const kept = found.map((records, i) => (better[i] ? records : null));
  kept.forEach((records, i) => { if (records) note(loops[i]!.notes?.place ?? loops[i]!.place, "bytes", "words", "lanes load words of records, but no bytes"); });
  return kept.every((records) => records === null) ? func : kept.every((records, i) => records === found[i]) ? tried : new Writer(func, program, kept).run();
}

function recordsOf(loop: Loop, program: Program, func: Func): Records | null {
  const counted = countedLoop(loop);
  if (typeof counted === "string" || !counted.body.body.some(({ op }) => isPart(op))) return null;
  const forms = new LinearForms(counted, rangesOf(func, program)), writes = writesOf(loop.regions[0]);
  /** by what they have in common: the loads, in their order, and where they are */
  const streams = new Map<string, { readonly load: Memory; readonly at: number }[]>();
  for (const instr of counted.body.body) {
    if (!isPart(instr.op)) continue;
    const load = instr as Memory, [base, index] = load.args as [Value, Value], bytes = parts[instr.op];
    const form = forms.invariant(base) ? linearIndex(index, forms) : null;
    if (form === null || Math.abs(stride(form)) * 2 ** load.scale <= word * bytes || mayTouch(program, writes, load.space)) continue;
    const key = `${bytes};${base.id};${load.space};${load.scale};${shapeKey(form)}`, at = form.plus * 2 ** load.scale + load.offset;
    const stream = streams.get(key);
    if (stream) stream.push({ load, at }); else streams.set(key, [{ load, at }]);
  }
  const records = new Map<Memory, Part>();
  for (const stream of streams.values()) addWords(stream, records);
  return records.size === 0 ? null : records;
}

/**
 * Covers runs of neighbours, of which single ones may be missing (a pixel's alpha), with words, from their lowest on; the last word of a run may reach back
 * into the one before. What lies between two elements of an array is in it.
 */
function addWords(stream: readonly { readonly load: Memory; readonly at: number }[], records: Map<Memory, Part>): void {
  const bytes = parts[stream[0]!.load.op as PartOp];
  const places = [...new Set(stream.map(({ at }) => at))].toSorted((a, b) => a - b);
  for (let from = 0, end: number; from < places.length; from = end) {
    end = from + 1;
    while (end < places.length && isNear(places[end]! - places[end - 1]!, bytes)) end++;
    const lowest = places[from]!, past = places[end - 1]! + bytes;
    if (past - lowest < word) continue;
    for (let low = lowest; low < past; low += word) {
      const start = Math.min(low, past - word);
      const those = stream.filter(({ at }) => at >= low && at < low + word && at < past);
      const first = those[0]!;
      for (const { load, at } of those) records.set(load, { first: first.load, to: start - first.at, at: at - start });
    }
  }
}

/** Side by side, or with one between them: at other distances one may lie in two words. */
const isNear = (away: number, bytes: number): boolean => away === bytes || away === 2 * bytes;

class Writer extends Rewriter {
  private readonly records = new Map<Memory, Part>();
  /** by the load in whose place they stand */
  private readonly words = new Map<Memory, Value>();

  constructor(func: Func, program: Program, all: readonly (Records | null)[]) {
    super(func, program);
    for (const records of all) for (const [load, part] of records ?? []) this.records.set(load, part);
  }

  protected override memory(instr: Memory): void {
    const part = this.records.get(instr);
    if (!part) { super.memory(instr); return; }
    const { e } = this;
    let whole = this.words.get(part.first);
    if (!whole) {
      const [base, index] = instr.args.map((a) => this.value(a)) as [Value, Value];
      // offsets are never negative
      const offset = instr.offset + part.to, away = offset < 0 ? Math.floor(offset / 2 ** instr.scale) : 0;
      whole = e.load({ ...instr, op: "i32.load", args: [], results: [], offset: offset - away * 2 ** instr.scale }, [base, away === 0 ? index : e.op("i32.add", index, e.i32(away))]);
      this.words.set(part.first, whole);
    }
    this.bind(instr.results[0]!, this.partOf(whole, part.at, instr.op as PartOp));
  }
  private partOf(whole: Value, at: number, op: PartOp): Value {
    const { e } = this, bits = 8 * parts[op], low = 8 * at, above = 32 - bits - low;
    if (op.endsWith("_s")) return e.op("i32.shr_s", above === 0 ? whole : e.op("i32.shl", whole, e.i32(above)), e.i32(32 - bits));
    const shifted = low === 0 ? whole : e.op("i32.shr_u", whole, e.i32(low));
    return above === 0 ? shifted : e.op("i32.and", shifted, e.i32(2 ** bits - 1));
  }
}
