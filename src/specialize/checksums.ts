// Checksums in straight code, eight bytes at a time: what short frames become whose loops over the bytes are written out. Steps that make a number of the one
// before it and a byte, bit by bit parities of theirs, are look-ups that do not wait for one another.
//
//   %a = table[(%c ^ %x0) & 255] ^ (%c >>> 8);  %b = table[(%a ^ %x1) & 255] ^ (%a >>> 8);  …  %h = table[(%g ^ %x7) & 255] ^ (%g >>> 8)
//     →  %h = t0[%c & 255 ^ %x0] ^ t1[%c >>> 8 & 255 ^ %x1] ^ … ^ t7[%x7]
//
// A step may be a table of the user's or eight steps of one bit each: parity.ts says whether it is linear. Numbers of the same group of places have one table.
//
// Requires: machine form, checks proved: the bytes are loaded without conditions. Guarantees: machine form, same bits: of what is replaced nothing is asked but its
// last number. (leap.ts does the same to loops.)

import { regionsOf } from "../ir/build.ts";
import type { Func, If, Instr, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { holdsAny } from "./analyses.ts";
import type { Note } from "./notes.ts";
import { inputBits, one, ParityAnalysis, type Parities } from "./parity.ts";
import { Rewriter } from "./rewrite.ts";
import { Segments } from "./segments.ts";
import { Tables, type Table } from "./tables.ts";

/** bytes of a group, and of a region */
const most = { together: 8, bytes: 512 };
/** bytes that are worth it, and operations of the steps that take one */
const least = { bytes: 4, step: 4 };
/** Bits of a number that a group begins with are 0 to 31, `one` is 62, the bytes' begin here. */
const firstByte = 64;

export const checksumTables = new Segments();

export function leapStraight(func: Func, program: Program, note: Note = () => {}): Func {
  if (!holdsAny(func, ["i32.load8_u"]) || !holdsAny(func, ["i32.xor"])) return func;
  const groups = new Map<Instr, Group>();
  const look = (region: Region): void => {
    for (const group of groupsOf(region.body, program)) groups.set(group.last, group);
    for (const instr of region.body) regionsOf(instr).forEach(look);
  };
  look(func.body);
  return groups.size === 0 ? func : new StraightLeaper(func, program, groups, note).run();
}

/** a look-up by a byte of the data, one of the number before, or both */
interface Lookup { readonly byte: Memory | null; state: number | null; readonly entries: readonly number[] }
interface Group {
  /** the number that it begins with, if that is no constant */
  readonly from: Value | null;
  /** what makes the number that it ends with, and what else it consists of */
  readonly last: Instr;
  readonly gone: readonly Instr[];
  readonly bytes: readonly Memory[];
  readonly lookups: readonly Lookup[];
  /** what is inverted whatever the bytes are */
  readonly inverted: number;
}

class StraightLeaper extends Rewriter {
  private readonly groups: ReadonlyMap<Instr, Group>;
  private readonly note: Note;
  private readonly tables = new Map<string, Table>();
  constructor(func: Func, program: Program, groups: ReadonlyMap<Instr, Group>, note: Note) {
    super(func, program);
    this.groups = groups;
    this.note = note;
    for (const { gone } of groups.values()) for (const instr of gone) this.done.add(instr);
  }

  protected override operation(instr: Machine): Value {
    const group = this.groups.get(instr);
    return group ? this.written(group) : super.operation(instr);
  }
  protected override memory(instr: Memory): void {
    const group = this.groups.get(instr);
    if (group) this.bind(instr.results[0]!, this.written(group)); else super.memory(instr);
  }
  protected override if(instr: If): boolean {
    const group = this.groups.get(instr);
    if (!group) return super.if(instr);
    this.bind(instr.results[0]!, this.written(group));
    return true;
  }

  private written({ from, last, gone, bytes, lookups, inverted }: Group): Value {
    const { e } = this, now = from && this.value(from);
    this.note(last.place, `${gone.length + 1} operations on ${bytes.length} bytes`, `${lookups.length} look-ups`, "each bit is a parity of the bits before and the bytes'");
    const tables = new Tables(this.program, checksumTables, bytes[0]!.space);
    let parts = lookups.map(({ byte, state, entries }) => {
      const own = now && state !== null ? e.op("i32.and", e.op("i32.shr_u", now, e.i32(8 * state)), e.i32(255)) : null, data = byte && this.value(byte.results[0]!);
      const key = entries.join();
      let table = this.tables.get(key);
      if (!table) this.tables.set(key, table = tables.add("checksum", entries, "i32"));
      return tables.load(e, table, own && data ? e.op("i32.xor", own, data) : (own ?? data)!, 0);
    });
    while (parts.length > 1) parts = Array.from({ length: Math.ceil(parts.length / 2) }, (_, k) => (parts[2 * k + 1] ? e.op("i32.xor", parts[2 * k]!, parts[2 * k + 1]!) : parts[2 * k]!));
    return e.op("i32.xor", parts[0]!, e.i32(inverted));
  }
}

// ───────────────────────────────── what is found ─────────────────────────────────

/** From one number that all behind it is made of to the next one. */
interface Step { readonly from: Value | null; readonly instrs: Instr[]; readonly bytes: Set<Memory> }

const isByte = (instr: Instr | null): instr is Memory => instr?.op === "i32.load8_u" && instr.args[0]!.def?.op !== "data.addr";

function groupsOf(list: readonly Instr[], program: Program): Group[] {
  if (list.filter(isByte).length < least.bytes) return [];
  const parities = new ParityAnalysis(program.data), chain = new Set<Instr>();
  let bytes = 0;
  for (const instr of list) {
    if (isByte(instr)) { if (bytes < most.bytes) parities.of.set(instr.results[0]!, inputBits(firstByte + 8 * bytes++, 8)); continue; }
    if (instr.results.length !== 1 || !parities.follow([instr], () => null)) continue;
    if (parities.get(instr.results[0]!)?.some((p) => p >> BigInt(firstByte) !== 0n)) chain.add(instr);
  }
  if (chain.size < least.bytes * least.step) return [];
  const runs = runsOf(list, chain), groups: Group[] = [];
  for (const steps of runs) {
    for (let at = 0; at < steps.length; at += most.together) {
      const group = groupOf(steps.slice(at, at + most.together), parities, program);
      if (group) groups.push(group);
    }
  }
  return groups;
}

/** Steps one behind the other, each with a byte of its own: behind each nothing is alive of the chain but what it made. */
function runsOf(list: readonly Instr[], chain: ReadonlySet<Instr>): Step[][] {
  const last = new Map<Value, number>();
  list.forEach((instr, at) => { forUses(instr, (v) => { if (v.def && chain.has(v.def)) last.set(v, at); }); });
  const runs: Step[][] = [], alive = new Set<Value>();
  let run: Step[] = [], step: Step = { from: null, instrs: [], bytes: new Set() }, pure = true;
  const end = (): void => { if (run.length > 0) runs.push(run); run = []; };
  list.forEach((instr, at) => {
    const inChain = chain.has(instr);
    forUses(instr, (v) => {
      if (inChain && isByte(v.def)) step.bytes.add(v.def);
      if (!inChain && v.def && (v === step.from || step.instrs.includes(v.def))) { // asked for on the way
        if (step.instrs.length === 0) end(); else pure = false;
      }
      if (last.get(v) === at) alive.delete(v);
    });
    if (inChain) {
      step.instrs.push(instr);
      if (last.has(instr.results[0]!)) alive.add(instr.results[0]!);
    }
    const [value] = alive;
    if (alive.size > 1 || step.instrs.length === 0 || alive.size === 1 && value!.def !== instr) return;
    const before = run.at(-1);
    if (!pure || step.bytes.size > 1 || alive.size === 0) end();
    else if (before && [...step.bytes].every((byte) => before.bytes.has(byte))) before.instrs.push(...step.instrs);
    else if (step.bytes.size === 1) run.push(step);
    pure = true;
    step = { from: value ?? null, instrs: [], bytes: new Set() };
  });
  end();
  return runs;
}

function forUses(instr: Instr, use: (v: Value) => void): void {
  instr.args.forEach(use);
  for (const region of regionsOf(instr)) for (const inner of region.body) forUses(inner, use);
}

function groupOf(steps: readonly Step[], parities: ParityAnalysis, program: Program): Group | null {
  const bytes = steps.flatMap((s) => [...s.bytes]), instrs = steps.flatMap((s) => s.instrs), last = instrs.at(-1), [{ from } = { from: null }] = steps;
  if (!last || new Set(bytes).size !== bytes.length || bytes.length < least.bytes || steps.filter((s) => s.instrs.length >= least.step).length < bytes.length - 1) return null;
  const own = new ParityAnalysis(program.data);
  for (const instr of instrs) forUses(instr, (v) => { const known = parities.get(v); if (known?.every((p) => p === 0n || p === one)) own.of.set(v, known); });
  if (from) own.of.set(from, parities.get(from)!.map((p, i) => (p === 0n || p === one ? p : 1n << BigInt(i))));
  bytes.forEach((load, k) => { own.of.set(load.results[0]!, inputBits(firstByte + 8 * k, 8)); });
  if (!own.follow(instrs, () => null)) return null;
  const next = own.get(last.results[0]!)!, lookups = lookupsOf(next, bytes);
  return lookups.length > 2 * bytes.length ? null : { from, last, gone: instrs.slice(0, -1), bytes, lookups, inverted: column(next, one) };
}

/** The tables that together give the number behind all bytes. */
function lookupsOf(next: Parities, bytes: readonly Memory[]): Lookup[] {
  const tableOf = (from: number): number[] => {
    const columns = Array.from({ length: 8 }, (_, i) => column(next, 1n << BigInt(from + i)));
    return Array.from({ length: 256 }, (_, v) => columns.reduce((sum, c, i) => ((v >>> i) & 1 ? sum ^ c : sum), 0));
  };
  const all: Lookup[] = bytes.map((byte, k) => ({ byte, state: null, entries: tableOf(firstByte + 8 * k) }));
  const keys = all.map((l) => l.entries.join());
  for (let state = 0; state < 4; state++) {
    const entries = tableOf(8 * state);
    if (entries.every((v) => v === 0)) continue;
    const shared = all.find((l, k) => l.state === null && keys[k] === entries.join());
    if (shared) shared.state = state; else all.push({ byte: null, state, entries });
  }
  return all;
}

/** The bits that the input bit inverts. */
const column = (next: Parities, bit: bigint): number => next.reduce((sum, p, i) => ((p & bit) !== 0n ? sum | (1 << i) : sum), 0);
