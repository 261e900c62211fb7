// What a loop does with constants alone, iteration by iteration: its control is carried out ahead of time, over numbers that are known and others that are not.
//
// A value is known where all that it is computed of is: constants, carried values that begin with constants, loads from constant tables. What an `if` gives
// of which nobody knows which arm is taken is not known, nor what stands in its arms; nor is anything of a loop or block that is left where nobody knows it.
//
// Guarantees: what is told holds in each execution of the loop, up to where it is left for good (a return, a trap, a jump to something around it).
// Source: abstract interpretation (Cousot, Cousot, 1977) over the flat lattice of numbers, with all iterations written out.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Br, Instr, Label, Loop, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { visit } from "./flow.ts";
import { readers, type Scalar } from "./tables.ts";

/** instructions that are carried out for a loop; iterations of the loop itself */
const most = { work: 200_000, trips: 4096 };

/** A value by the loop's iterations; holes where an iteration does not define it. */
export type Row = readonly Scalar[];
/** How often an inner loop goes round in each iteration of the outer one, what its carried values begin with there, and their steps: null where they do not count. */
export interface Inner { readonly trips: readonly number[]; readonly firsts: readonly (Row | null)[]; readonly steps: readonly (number | null)[] }
export interface Foreseen {
  readonly trips: number;
  /** of values that the loop defines outside of loops in it: what they are in each iteration that defines them; the carried ones behind the last iteration too */
  readonly rows: ReadonlyMap<Value, Row>;
  /** loops in it that are carried out at most once in each iteration */
  readonly inner: ReadonlyMap<Loop, Inner>;
  /** values that are one number whenever they are defined */
  readonly same: ReadonlyMap<Value, Scalar>;
}

/** What the loop does; null where it takes too long, or it depends on what is not known how often it goes round. */
export function foresee(loop: Loop, data: Program["data"]): Foreseen | null {
  const walk = new Walk(loop, data);
  try { return walk.run(); } catch (e) {
    if (e === tooLong || e instanceof Lost) return null;
    throw e;
  }
}

const tooLong = new Error("too long");
/** Nobody knows whether it jumps to one of these. */
class Lost { readonly labels: ReadonlySet<Label>; constructor(labels: ReadonlySet<Label>) { this.labels = labels; } }

/** How a region ends: by its yield, by a jump, or for good. */
type End = { readonly way: "yield"; readonly values: (Scalar | undefined)[] } | { readonly way: "br"; readonly label: Label; readonly values: (Scalar | undefined)[] } | { readonly way: "left" };
interface Rounds { trips: number[]; firsts: ((Scalar | undefined)[] | null)[]; steps: (number | null | undefined)[] }

class Walk {
  private readonly loop: Loop;
  private readonly data: Program["data"];
  private readonly now = new Map<Value, Scalar>();
  /** undefined: more than one number, or nobody knows */
  private readonly same = new Map<Value, Scalar | undefined>();
  private readonly rows = new Map<Value, Scalar[]>();
  private readonly lostRows = new Set<Value>();
  private readonly inner = new Map<Loop, Rounds | null>();
  /** the constructs that are being carried out */
  private readonly open = new Set<Label>();
  private work = 0;
  private trip = 0;
  /** loops inside the loop that are being carried out */
  private depth = 0;

  constructor(loop: Loop, data: Program["data"]) { this.loop = loop; this.data = data; }

  run(): Foreseen | null {
    const { loop } = this, region = loop.regions[0];
    let carried = loop.args.map((v) => this.value(v));
    this.open.add(loop.label);
    for (this.trip = 0; this.trip <= most.trips; this.trip++) {
      region.params.forEach((p, i) => { this.define(p, carried[i]); });
      const end = this.region(region);
      if (end.way === "br" && end.label === loop.label) { carried = end.values; continue; }
      if (end.way !== "yield") return null;
      const same = new Map<Value, Scalar>(), rows = new Map<Value, Row>(), inner = new Map<Loop, Inner>();
      for (const [v, x] of this.same) if (x !== undefined) same.set(v, x);
      for (const [v, row] of this.rows) if (!this.lostRows.has(v)) rows.set(v, row);
      for (const [l, rounds] of this.inner) if (rounds) {
        inner.set(l, { trips: rounds.trips, firsts: rounds.firsts.map((row) => row as Row | null), steps: rounds.steps.map((step) => step ?? null) });
      }
      return { trips: this.trip, rows, inner, same };
    }
    return null;
  }

  // ───────────────────────────────── values ─────────────────────────────────

  private value(v: Value): Scalar | undefined {
    const constant = constantOf(v);
    return constant ?? this.now.get(v);
  }
  private define(v: Value, x: Scalar | undefined): void {
    if (x === undefined) { this.forget(v); return; }
    this.now.set(v, x);
    if (!this.same.has(v)) this.same.set(v, x);
    else if (!Object.is(this.same.get(v), x)) this.same.set(v, undefined);
    if (this.depth > 0) return;
    const row = this.rows.get(v);
    if (row) row[this.trip] = x; else { const begun: Scalar[] = []; begun[this.trip] = x; this.rows.set(v, begun); }
  }
  private forget(v: Value): void {
    this.now.delete(v);
    this.same.set(v, undefined);
    this.lostRows.add(v);
  }
  /** Nobody knows whether it is carried out, or how often. */
  private lose(instr: Instr): void {
    if (++this.work > most.work) throw tooLong;
    instr.results.forEach((r) => { this.forget(r); });
    if (!("regions" in instr)) return;
    if (instr.op === "loop") { this.inner.set(instr, null); instr.regions[0].params.forEach((p) => { this.forget(p); }); }
    if (instr.op === "loop" || instr.op === "block") this.open.delete(instr.label);
    for (const region of instr.regions) for (const inner of region.body) this.lose(inner);
  }

  // ───────────────────────────────── instructions ─────────────────────────────────

  private region({ body }: Region): End {
    for (const instr of body) {
      if (++this.work > most.work) throw tooLong;
      switch (instr.op) {
        case "yield": return { way: "yield", values: instr.args.map((v) => this.value(v)) };
        case "br": return { way: "br", label: instr.label, values: instr.args.map((v) => this.value(v)) };
        case "return": case "trap": return { way: "left" };
        case "if": case "block": case "loop": {
          const end = this.construct(instr);
          if (end) return end;
          break;
        }
        default: this.plain(instr);
      }
    }
    return { way: "left" };
  }

  private plain(instr: Instr): void {
    if (isMachineOp(instr.op)) { this.define(instr.results[0]!, this.operation(instr as Machine)); return; }
    if (isMemoryOp(instr.op) && !memoryOps[instr.op].store) { this.define(instr.results[0]!, this.load(instr as Memory)); return; }
    instr.results.forEach((r) => { this.forget(r); });
  }
  private operation({ op, args }: Machine): Scalar | undefined {
    const row = ops[op], values = args.map((v) => this.value(v));
    if (row.effect === "trap" && values[1] === 0 || row.result === "v128" || !row.fold || values.includes(undefined)) return undefined;
    return (row.fold as (...args: (Scalar | undefined)[]) => Scalar)(...values);
  }
  private load(instr: Memory): Scalar | undefined {
    const base = instr.args[0]!.def, index = this.value(instr.args[1]!), read = readers[instr.op];
    if (base?.op !== "data.addr" || typeof index !== "number" || !read) return undefined;
    const { bytes, varies } = this.data[base.segment]!, at = index * 2 ** instr.scale + instr.offset;
    if (varies || at < 0 || at + memoryOps[instr.op].bytes > bytes.length) return undefined;
    return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at);
  }

  /** How the region around it ends, where it does; null where what is behind it is reached. */
  private construct(instr: Extract<Instr, { op: "if" | "block" | "loop" }>): End | null {
    const { depth } = this;
    try {
      return instr.op === "if" ? this.if(instr) : instr.op === "block" ? this.block(instr) : this.inside(instr);
    } catch (e) {
      // it is known what is behind it only where all that may be jumped to lies in it
      if (!(e instanceof Lost) || instr.op === "if" || [...e.labels].some((label) => label !== instr.label && this.open.has(label))) throw e;
      this.depth = depth;
      this.lose(instr);
      return null;
    }
  }
  private through(results: readonly Value[], end: End): End | null {
    if (end.way !== "yield") return end;
    results.forEach((r, i) => { this.define(r, end.values[i]); });
    return null;
  }

  private if(instr: Extract<Instr, { op: "if" }>): End | null {
    const known = this.value(instr.args[0]!);
    if (known !== undefined) return this.through(instr.results, this.region(instr.regions[known !== 0 ? 0 : 1]));
    const labels = new Set<Label>();
    for (const region of instr.regions) visit(region, (inner) => { if (inner.op === "br" && this.open.has(inner.label)) labels.add((inner as Br).label); });
    if (labels.size > 0) throw new Lost(labels);
    this.lose(instr);
    return null;
  }
  private block(instr: Extract<Instr, { op: "block" }>): End | null {
    this.open.add(instr.label);
    const end = this.region(instr.regions[0]);
    this.open.delete(instr.label);
    return this.through(instr.results, end.way === "br" && end.label === instr.label ? { way: "yield", values: end.values } : end);
  }
  private inside(instr: Loop): End | null {
    const { params } = instr.regions[0], { depth } = this;
    const firsts = instr.args.map((v) => this.value(v)), steps = firsts.map((): number | null | undefined => undefined);
    let carried = firsts, trips = 0;
    this.open.add(instr.label);
    this.depth++;
    for (;;) {
      params.forEach((p, i) => { this.define(p, carried[i]); });
      const end = this.region(instr.regions[0]);
      if (end.way === "br" && end.label === instr.label) {
        end.values.forEach((x, i) => {
          const from = carried[i], by = typeof x === "number" && typeof from === "number" ? x - from : null;
          steps[i] = steps[i] === undefined || steps[i] === by ? by : null;
        });
        carried = end.values;
        trips++;
        continue;
      }
      this.depth = depth;
      this.open.delete(instr.label);
      if (end.way === "yield" && depth === 0) this.note(instr, { trips: [trips], firsts: firsts.map((x) => [x]), steps });
      else this.inner.set(instr, null);
      return this.through(instr.results, end);
    }
  }
  /** What is known of an inner loop after one more time. */
  private note(loop: Loop, { trips, firsts, steps }: Rounds): void {
    const before = this.inner.get(loop);
    if (before === null) return;
    const all: Rounds = before ?? { trips: [], firsts: firsts.map(() => []), steps: steps.map(() => undefined) };
    all.trips[this.trip] = trips[0]!;
    firsts.forEach((row, i) => {
      const own = all.firsts[i]!, x = row![0];
      if (own && x !== undefined) own[this.trip] = x; else all.firsts[i] = null;
    });
    steps.forEach((step, i) => { if (step !== undefined) all.steps[i] = all.steps[i] === undefined || all.steps[i] === step ? step : null; });
    this.inner.set(loop, all);
  }
}
