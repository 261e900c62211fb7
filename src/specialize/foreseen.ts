// What a loop does with constants alone, iteration by iteration: its control is carried out ahead of time, over numbers that are known and others that are not.
//
// A value is known where all that it is computed of is: constants, carried values that begin with constants, loads from constant tables. What an `if` gives
// of which nobody knows which arm is taken is not known, nor what stands in its arms; nor is anything of a loop or block that is left where nobody knows it.
//
// Guarantees: what is told holds in each execution of the loop, up to where it is left for good (a return, a trap, a jump to something around it).
// Source: abstract interpretation (Cousot, Cousot, 1977) over the flat lattice of numbers, with all iterations written out.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Br, If, Instr, Label, Loop, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { visit } from "./flow.ts";
import { readers, type Scalar } from "./tables.ts";

/** instructions that are carried out for a loop; iterations of the loop itself */
const most = { work: 200_000, trips: 4096 };

/** A value by the loop's iterations; holes where an iteration does not define it. */
export type Row = readonly Scalar[];
/** How often an inner loop goes round in each iteration of the outer one, what its carried values begin with there, and their steps: null where they do not count. */
export interface Inner { readonly trips: readonly number[]; readonly firsts: readonly (Row | null)[]; readonly steps: readonly (number | null)[] }
export interface Foreseen {
  /** how often it goes round */
  readonly trips: number;
  /** it is left in the middle of the iteration behind these, by a jump to something around it */
  readonly jumps: boolean;
  /** of values that the loop defines outside of loops in it: what they are in each iteration that defines them; the carried ones behind the last iteration too */
  readonly rows: ReadonlyMap<Value, Row>;
  /** loops in it that are carried out at most once in each iteration */
  readonly inner: ReadonlyMap<Loop, Inner>;
  /** values that are one number whenever they are defined */
  readonly same: ReadonlyMap<Value, Scalar>;
}

/** A loop that ends with its test alone; its ways round. */
export interface Tested { readonly test: If; readonly brs: readonly Br[] }
export function testedLoop(loop: Loop): Tested | null {
  const { body } = loop.regions[0], brs = waysRound(loop);
  const test = body.find((instr): instr is If => { const last = instr.op === "if" ? instr.regions[0].body.at(-1) : undefined; return last?.op === "br" && last.label === loop.label; });
  return test && waysRound(loop, test.regions[0]).length === brs.length && test.regions[1].body[0]?.op === "yield" && loop.notes?.calls === undefined ? { test, brs } : null;
}

export function waysRound({ label, regions }: Loop, within: Region = regions[0]): Br[] {
  const brs: Br[] = [];
  visit(within, (instr) => { if (instr.op === "br" && instr.label === label) brs.push(instr); });
  return brs;
}

/**
 * What the loop does; null where it takes too long, or it depends on what is not known how often it goes round.
 * `steered`: what is computed of tables. Of an inner loop that carries nothing of it, and does not hang on it, one iteration stands for all.
 */
export function foresee(loop: Loop, data: Program["data"], steered: ReadonlySet<Value>): Foreseen | null {
  const walk = new Walk(loop, data, steered);
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
  private readonly steered: ReadonlySet<Value>;
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

  constructor(loop: Loop, data: Program["data"], steered: ReadonlySet<Value>) { this.loop = loop; this.data = data; this.steered = steered; }

  run(): Foreseen | null {
    const { loop } = this, region = loop.regions[0];
    let carried = loop.args.map((v) => this.value(v));
    this.open.add(loop.label);
    for (this.trip = 0; this.trip <= most.trips; this.trip++) {
      region.params.forEach((p, i) => { this.define(p, carried[i]); });
      const end = this.region(region);
      if (end.way === "br" && end.label === loop.label) { carried = end.values; continue; }
      if (end.way === "left") return null;
      const same = new Map<Value, Scalar>(), rows = new Map<Value, Row>(), inner = new Map<Loop, Inner>();
      for (const [v, x] of this.same) if (x !== undefined) same.set(v, x);
      for (const [v, row] of this.rows) if (!this.lostRows.has(v)) rows.set(v, row);
      for (const [l, rounds] of this.inner) if (rounds) {
        inner.set(l, { trips: rounds.trips, firsts: rounds.firsts.map((row) => row as Row | null), steps: rounds.steps.map((step) => step ?? null) });
      }
      return { trips: this.trip, jumps: end.way === "br", rows, inner, same };
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

  /** `until`: what is behind it is left out. */
  private region({ body }: Region, until?: Instr): End {
    for (const instr of body) {
      if (instr === until) return { way: "yield", values: [] };
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
    const { params } = instr.regions[0], { depth } = this, tested = testedLoop(instr);
    if (tested && !this.steered.has(tested.test.args[0]!) && !params.some((p) => this.steered.has(p))) { this.whichever(instr, tested); return null; }
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
  /** One iteration of which nobody knows which it is. */
  private whichever(instr: Loop, { test }: Tested): void {
    const { depth } = this, jumps = (end: End): void => { if (end.way === "br" && this.open.has(end.label)) throw new Lost(new Set([end.label])); };
    instr.regions[0].params.forEach((p) => { this.forget(p); });
    this.inner.set(instr, null);
    this.open.add(instr.label);
    this.depth++;
    jumps(this.region(instr.regions[0], test));
    const end = this.region(test.regions[0]);
    this.depth = depth;
    this.open.delete(instr.label);
    if (end.way !== "br" || end.label !== instr.label) jumps(end);
    instr.results.forEach((r) => { this.forget(r); });
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
