// Checksums eight bytes at a time: a loop whose carried int32 is, bit by bit, a parity of its old bits and of a byte's is the same after eight
// bytes, by look-ups that do not wait for one another.
//
//   before  loop l (%c, %i) { if %i < %n { %b = i32.load8_u [%x + %i]; br l (i32.xor table[(%c ^ %b) & 255] (%c >>> 8)) (%i + 1) } yield %c }
//   after   loop m (%c, %i) { if %i < %n − 7 { %u = i32.load [%x + %i] ^ %c; %v = i32.load [%x + %i + 4];
//                                               br m (t0[%u & 255] ^ t1[%u >>> 8 & 255] ^ … ^ t7[%v >>> 24]) (%i + 8) } yield %c %i }
//           loop l (%c, %i from there) rest { …as before… }
//
// The state's bytes and the eight data bytes have a table each; where a state's byte and a data byte would have the same, one look-up by
// both is enough. The work of one iteration may be a table of the user's or eight steps of one bit each: parity.ts says whether it is linear.
//
// Requires: machine form, a counted loop that reads one byte an iteration, one after the other, and stores nothing. Guarantees: machine form, same bits.
// (Kounavis, Berry, "Novel table lookup-based algorithms for high-performance CRC generation", 2008, here for whatever is linear.)

import { isMachineOp, isMemoryOp } from "../ir/ops.ts";
import type { Func, Loop, Memory, Program, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { CopyWriter } from "./copies.ts";
import type { Note } from "./notes.ts";
import { inputBits, one, ParityAnalysis } from "./parity.ts";
import type { Ranges } from "./ranges.ts";
import type { Target } from "./rewrite.ts";
import { Segments } from "./segments.ts";
import { countedLoop, type Counted, type Counter } from "./counted.ts";

/** bytes that are taken together; operations of an iteration that is worth it without a look-up */
const together = 8, worthwhile = 12;

export const leapTables = new Segments();

export function leap(func: Func, program: Program, note: Note = () => {}): Func {
  const leaper = new Leaper(func, program, note);
  return contentsOf(func).loops.some((loop) => leaper.planOf(loop)) ? leaper.run() : func;
}

interface Plan {
  readonly counted: Counted;
  readonly counter: Counter;
  readonly limit: Value;
  readonly state: number;
  readonly load: Memory;
  /** look-ups: by a byte of the state, one of the data, or both */
  readonly lookups: readonly { readonly state: number | null; readonly byte: number | null; readonly entries: Int32Array }[];
}

class Leaper extends CopyWriter {
  planOf(loop: Loop): Plan | null { return loop.notes?.role === "rest" ? null : planLoop(loop, this.program, () => this.ranges); }

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    this.note(instr.place, "a loop over bytes", `${together} bytes at a time, by ${plan.lookups.length} look-ups`, "each bit is a parity of the state's bits and the bytes'");
    this.begun.set(instr.label, this.writeMain(plan, instr));
    return super.loop({ ...instr, notes: { ...instr.notes, role: "rest" } });
  }

  /** Writes the loop of whole groups of bytes; gives its carried values at the end. */
  private writeMain({ counted, counter, limit, state, load, lookups }: Plan, loop: Loop): Value[] {
    const { e } = this;
    const old = loop.regions[0];
    const end = e.op("i32.sub", this.value(limit), e.i32(together - 1));
    const inits = this.inits(loop);
    const segment = this.table(lookups.map((l) => l.entries));
    const params = old.params.map((p) => this.fresh(p));
    const target: Target = { label: { name: loop.label.name }, brs: 0, to: old.params, dropped: [] };
    const body = e.inRegion(params, () => {
      const [now, bits] = [params[counter.index]!, params[state]!];
      const then = e.inRegion([], () => {
        const index = (v: Value): Value => (v === counter.param ? now : counted.inside(v) ? e.op("i32.add", ...(v.def!.args.map(index) as [Value, Value])) : this.value(v));
        const words = Array.from({ length: together / 4 }, (_, k) => e.load({ ...load, op: "i32.load", args: [], results: [], offset: load.offset + 4 * k }, [this.value(load.args[0]!), index(load.args[1]!)]));
        // a word all of whose bytes go with the state's bytes at the same places is combined with it as a whole
        const whole = words.map((_, k) => [0, 1, 2, 3].every((b) => lookups.some((l) => l.byte === 4 * k + b && l.state === b)));
        const byteOf = (word: Value, b: number): Value => {
          const shifted = e.op("i32.shr_u", word, e.i32(8 * b));
          return b === 3 ? shifted : e.op("i32.and", shifted, e.i32(255));
        };
        const tables = e.address({ op: "data.addr", segment, args: [], results: [] });
        let parts = lookups.map(({ state: q, byte }, k) => {
          const word = byte === null ? null : words[byte >> 2]!;
          let at: Value;
          if (word && byte !== null && whole[byte >> 2]) at = byteOf(e.op("i32.xor", word, bits), byte & 3);
          else {
            const own = q === null ? null : byteOf(bits, q), data = word && byteOf(word, byte! & 3);
            at = own && data ? e.op("i32.xor", own, data) : (own ?? data)!;
          }
          return e.load({ ...load, op: "i32.load", args: [], results: [], scale: 2, offset: 1024 * k }, [tables, at]);
        });
        while (parts.length > 1) parts = Array.from({ length: Math.ceil(parts.length / 2) }, (_, k) => (parts[2 * k + 1] ? e.op("i32.xor", parts[2 * k]!, parts[2 * k + 1]!) : parts[2 * k]!));
        const next = params.map((p, i) => (i === state ? parts[0]! : i === counter.index ? e.op("i32.add", now, e.i32(together)) : p));
        e.append({ op: "br", label: target.label, args: next, results: [], place: counted.br.place });
      });
      e.append({ op: "if", args: [e.op("i32.lt_s", now, end)], results: [], regions: [then, { params: [], body: [{ op: "yield", args: [], results: [] }] }], place: counted.test.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    const results = params.map((p) => e.value(p.type, p.name));
    e.append({ op: "loop", label: target.label, args: inits, results, regions: [body], notes: { ...loop.notes, role: "main" }, place: loop.place });
    return results;
  }

  private table(entries: readonly Int32Array[]): number {
    const all = new Int32Array(entries.length * 256);
    entries.forEach((values, k) => { all.set(values, 256 * k); });
    return leapTables.add(this.program, { name: "leap", element: "i32", bytes: new Uint8Array(all.buffer) });
  }
}

// ───────────────────────────────── what an iteration does ─────────────────────────────────

function planLoop(loop: Loop, program: Program, ranges: () => Ranges): Plan | null {
  const { params } = loop.regions[0];
  if (params.length !== 2 || params.some((p) => p.type !== "i32")) return null;
  const counted = countedLoop(loop);
  if (typeof counted === "string") return null;
  const { cond, pre, body, br } = counted;
  const counter = counted.counters.find((c) => cond.def?.op === "i32.lt_s" && cond.def.args[0] === c.param && c.step === 1);
  const limit = cond.def?.args[1];
  if (!counter || !limit || counted.inside(limit)) return null;
  const state = 1 - counter.index;
  const work = [...pre, ...body.body.slice(0, -1)].filter((instr) => instr !== cond.def && instr !== counter.next.def);
  const looksUp = work.some((instr) => isMemoryOp(instr.op) && instr.args[0]!.def?.op === "data.addr");
  if (work.length < (looksUp ? 4 : worthwhile) || !work.every((instr) => instr.op === "if" || isMachineOp(instr.op) || isMemoryOp(instr.op) && instr.results.length > 0)) return null;
  if (!ranges().isExact(counter.next) || ranges().of(limit).lo < -(2 ** 30)) return null;

  let load: Memory | null = null;
  const parities = new ParityAnalysis(program.data);
  parities.of.set(params[state]!, inputBits(0, 32));
  const input = (instr: Memory): ReturnType<typeof inputBits> | null => {
    if (load || instr.op !== "i32.load8_u" || instr.scale !== 0 || counted.inside(instr.args[0]!) || !goesByOne(instr.args[1]!, counter, counted)) return null;
    load = instr;
    return inputBits(32, 8);
  };
  // what the address is computed of is no part of it
  const indices = new Set(work.filter((instr) => instr.op === "i32.add" && goesByOne(instr.results[0]!, counter, counted)));
  if (!parities.follow(work.filter((instr) => !indices.has(instr)), input)) return null;
  const next = parities.get(br.args[state]!);
  if (!load || !next) return null;
  const range = ranges().of(params[state]!);
  const bytes = range.lo < 0 ? 4 : Math.ceil(Math.log2(range.hi + 1) / 8);
  return { counted, counter, limit, state, load, lookups: lookupsOf(next, bytes) };
}

/** counter + what does not change */
function goesByOne(v: Value, counter: Counter, counted: Counted): boolean {
  if (v === counter.param) return true;
  if (v.def?.op !== "i32.add" || !counted.inside(v)) return false;
  const [a, b] = v.def.args as [Value, Value];
  return goesByOne(a, counter, counted) && !counted.inside(b) || !counted.inside(a) && goesByOne(b, counter, counted);
}

/** The tables that together give the state after all bytes; `bytes`: of the state that are not always 0. */
function lookupsOf(next: readonly bigint[], bytes: number): Plan["lookups"] {
  const column = (bit: bigint): number => next.reduce((sum, p, i) => ((p & bit) !== 0n ? sum | (1 << i) : sum), 0);
  const ofState = Array.from({ length: 32 }, (_, i) => column(1n << BigInt(i))), ofByte = Array.from({ length: 8 }, (_, i) => column(1n << BigInt(32 + i)));
  const combine = (columns: readonly number[], bits: number): number => columns.reduce((sum, c, i) => ((bits >>> i) & 1 ? sum ^ c : sum), 0);
  const steps = (x: number, count: number): number => { for (; count > 0; count--) x = combine(ofState, x); return x; };
  const tableOf = (f: (v: number) => number): Int32Array => {
    const columns = Array.from({ length: 8 }, (_, i) => f(1 << i));
    return Int32Array.from({ length: 256 }, (_, v) => combine(columns, v));
  };
  const same = (a: Int32Array, b: Int32Array): boolean => a.every((v, i) => v === b[i]);
  const all: { state: number | null; byte: number | null; entries: Int32Array }[] = Array.from({ length: together }, (_, byte) => ({ state: null, byte, entries: tableOf((v) => steps(combine(ofByte, v), together - 1 - byte)) }));
  for (let q = 0; q < bytes; q++) {
    const entries = tableOf((v) => steps(v << (8 * q), together));
    if (entries.every((v) => v === 0)) continue;
    const shared = all.find((l) => l.state === null && same(l.entries, entries));
    if (shared) shared.state = q;
    else all.push({ state: q, byte: null, entries });
  }
  let inverted = 0;
  for (let k = 0; k < together; k++) inverted ^= steps(column(one), k);
  all[0]!.entries.forEach((v, i, entries) => { entries[i] = v ^ inverted; });
  return all;
}
