// Memory that a straight piece of code writes and reads itself: loads of what was just stored, stores that are written over unseen.
//
//   before  f64.store [%s + 0], %a; f64.store [%s + 8], %b; %c = f64.load [%s + 0]; f64.store [%s + 0], f64.neg %c
//   after   f64.store [%s + 8], %b; f64.store [%s + 0], f64.neg %a
//
// Places are told apart by base, index and constant offset: the same base and index at offsets apart are different places. Everything else of
// a space, and of those that may overlap it, may be the same. Requires: machine form, simplified (equal addresses are equal values).
// Guarantees: machine form, same bits, also for whoever looks after a way out. Within a region only: an inner region starts knowing nothing.

import { constantOf, regionsOf } from "../ir/build.ts";
import { isMemoryOp, memoryOps, type MemoryOp } from "../ir/ops.ts";
import type { Func, Instr, Memory, Program, Region, Value } from "../ir/types.ts";
import { Rewriter } from "./rewrite.ts";

export function removeStores(func: Func, program: Program): Func {
  const found = new StraightCode(program);
  found.region(func.body);
  return found.same.size + found.dead.size === 0 ? func : new Remover(func, program, found).run();
}

class Remover extends Rewriter {
  private readonly found: StraightCode;
  constructor(func: Func, program: Program, found: StraightCode) { super(func, program); this.found = found; }

  protected override memory(instr: Memory): void {
    if (this.found.dead.has(instr)) return;
    const same = this.found.same.get(instr);
    if (same) this.bind(instr.results[0]!, this.value(same));
    else super.memory(instr);
  }
}

/** The load that gives back what a store wrote, bit for bit. */
const loadOf: Partial<Record<MemoryOp, MemoryOp>> = { "i32.store": "i32.load", "i64.store": "i64.load", "f32.store": "f32.load", "f64.store": "f64.load" };

export interface Place { readonly key: string; readonly low: number; readonly high: number; readonly space: number }
interface Known { readonly place: Place; readonly op: MemoryOp; readonly value: Value }
interface Pending { readonly place: Place; readonly instr: Memory }

class StraightCode {
  /** loads whose value is known */
  readonly same = new Map<Memory, Value>();
  readonly dead = new Set<Memory>();
  private readonly overlaps: readonly (readonly boolean[])[];

  constructor(program: Program) {
    this.overlaps = program.spaces.map((a, i) => program.spaces.map((b, j) => i === j || a.mayOverlap.includes(j) || b.mayOverlap.includes(i)));
  }

  region(region: Region): void {
    let known: Known[] = [];
    let pending: Pending[] = [];
    for (const instr of region.body) {
      if (isMemoryOp(instr.op)) {
        const memory = instr as Memory;
        const place = placeOf(memory);
        const apart = (other: Place): boolean => !this.overlaps[place.space]![other.space] || (other.key === place.key && (other.high <= place.low || other.low >= place.high));
        if (memoryOps[instr.op].store) {
          for (const { place: other, instr: earlier } of pending) if (other.key === place.key && other.low >= place.low && other.high <= place.high) this.dead.add(earlier);
          pending = pending.filter((p) => !this.dead.has(p.instr));
          pending.push({ place, instr: memory });
          known = known.filter((k) => apart(k.place));
          const op = loadOf[instr.op as MemoryOp];
          if (op) known.push({ place, op, value: instr.args[2]! });
        } else {
          const value = known.find((k) => k.op === instr.op && k.place.key === place.key && k.place.low === place.low)?.value;
          if (value) { this.same.set(memory, this.resolve(value)); continue; }
          pending = pending.filter((p) => apart(p.place));
          known.push({ place, op: instr.op as MemoryOp, value: instr.results[0]! });
        }
        if (known.length > mostKnown) known.shift();
        if (pending.length > mostKnown) pending.shift();
        continue;
      }
      for (const inner of regionsOf(instr)) this.region(inner);
      if (!plain(instr) && !onlyChooses(instr)) {
        pending = [];
        known = instr.op === "if" || instr.op === "block" || instr.op === "loop" ? known.filter((k) => !this.mayWrite(instr, k.place.space)) : [];
      }
    }
  }
  private readonly written = new Map<Region, readonly (number | "all")[]>();
  /** The spaces that a region may write ("all": it calls out). */
  private writes(region: Region): readonly (number | "all")[] {
    let found = this.written.get(region);
    if (!found) {
      const spaces = new Set<number | "all">();
      for (const instr of region.body) {
        if (instr.op === "call") spaces.add("all");
        else if (instr.op === "memory.fill" || instr.op === "memory.copy" || (isMemoryOp(instr.op) && instr.results.length === 0)) spaces.add((instr as Memory).space);
        for (const inner of regionsOf(instr)) for (const space of this.writes(inner)) spaces.add(space);
      }
      this.written.set(region, found = [...spaces]);
    }
    return found;
  }
  /** what is known of a known value */
  private resolve(value: Value): Value {
    const def = value.def;
    const again = def && isMemoryOp(def.op) ? this.same.get(def as Memory) : undefined;
    return again ?? value;
  }
  private mayWrite(instr: Instr, space: number): boolean {
    return regionsOf(instr).some((region) => this.writes(region).some((written) => written === "all" || this.overlaps[written]![space]));
  }
}

/** As many places at a time are remembered: looking through them stays cheap. */
const mostKnown = 64;
/** Neither reads nor writes memory that a program names, nor leaves. */
const plain = (instr: Instr): boolean => !("regions" in instr) && !["br", "yield", "return", "trap", "call", "memory.fill", "memory.copy"].includes(instr.op);

/** An `if` whose arms only compute. */
const onlyChooses = (instr: Instr): boolean =>
  instr.op === "if" && instr.regions.every((region) => region.body.every((inner) => !isMemoryOp(inner.op) && (inner.op === "yield" || plain(inner) || onlyChooses(inner))));

/** Where a load or store goes; places of one key differ in constants only. */
export function placeOf(instr: Memory): Place {
  const [base, index] = instr.args as [Value, Value];
  const c = constantOf(index);
  const def = index.def;
  const by = c === undefined && def?.op === "i32.add" ? constantOf(def.args[1]!) : undefined;
  const root = c !== undefined ? "" : by !== undefined ? `${def!.args[0]!.id}<${instr.scale}` : `${index.id}<${instr.scale}`;
  const low = Number(c ?? by ?? 0) * 2 ** instr.scale + instr.offset;
  const from = base.def?.op === "data.addr" ? `d${base.def.segment}` : base.def?.op === "frame.addr" ? "f" : String(base.id);
  const start = base.def?.op === "frame.addr" ? low + base.def.offset : low;
  return { key: `${instr.space};${from};${root}`, low: start, high: start + memoryOps[instr.op].bytes, space: instr.space };
}
