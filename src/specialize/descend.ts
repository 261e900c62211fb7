// Walks over constant tables become straight code without branches: decision trees, nested or in flat arrays, above all.
//
//   before  loop l (%n = %root) { if kind[%n] is no leaf { %c = f64.lt [%x + feature[%n]], threshold[%n]
//                                   %m = if %c {left[%n]} else {right[%n]}; br l %m } yield leaf[%n] }
//   after   %s1 = 2·%root + (f64.lt [%x + feature1[%root]], threshold1[%root]); %s2 = 2·%s1 + (…); …; leaf[%s6]
//
// Such a loop is an automaton: what it carries takes finitely many values, which constants and tables alone determine but for a few
// conditions on data (decisions). Each state is run once for each outcome of its decisions, exactly as the evaluator would. If no state comes back to
// itself, the longest way is a bound on the trips, and the loop becomes as many copies of its work on data. A state that is an end stays
// where it is, so that shorter ways take all the steps too. Several decisions are one where they can be (walkways.ts). What the work on data reads of the state comes from new tables, indexed by
// the number of the state: within a level first child 2·s (4·s for two decisions), so that the next number is computed; where that would
// take too much memory the next number is in a table.
//
// Requires: machine form, checked and simplified. Guarantees: machine form, same bits: the work on data is pure, and its loads are made in states
// that make them, or with what such a state would read. Where a state's kind tells which of several questions is asked, all are, and the
// kind selects the answer. Chosen where the longest way is no more than three times the expected one.
// A misprediction costs more than two steps in vain. (Asadi, Lin, de Vries, "Runtime Optimizations for Tree-Based Machine Learning Models", 2014.)

import { constantOf, regionsOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Func, If, Instr, Loop, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import type { Note } from "./notes.ts";
import type { Emitter } from "./emitter.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";
import { Segments } from "./segments.ts";
import { Tables, type Scalar, type Table } from "./tables.ts";
import { compute, Impossible, isAddress, Outside, Refused, type Known } from "./walktables.ts";
import { joinWays } from "./walkways.ts";

/** states, runs of the body to find them, decisions in one step, steps, and work on data in all steps */
const most = { states: 1 << 15, runs: 1 << 18, decisions: 3, trips: 32, operations: 1500 };

export const walkTables = new Segments();

export function descend(func: Func, program: Program, note: Note = () => {}): Func {
  if (!hasTables(program)) return func;
  const descender = new Descender(func, program, note);
  return contentsOf(func).loops.some((loop) => descender.walkOf(loop)) ? descender.run() : func;
}

const hasTables = (program: Program): boolean => program.data.length > 0;

class Descender extends Rewriter {
  private found: Ranges | undefined;
  private readonly note: Note;

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
  }
  private get ranges(): Ranges { return this.found ??= rangesOf(this.old, this.program); }

  private readonly walks = new Map<Loop, Walk | null>();
  walkOf(loop: Loop): Walk | null {
    let walk = this.walks.get(loop);
    if (walk === undefined) this.walks.set(loop, (walk = loop.notes?.role === "rest" ? null : analyse(loop, this.program, () => this.ranges)));
    return walk;
  }

  protected override loop(instr: Loop): boolean {
    const walk = this.walkOf(instr);
    if (!walk) return super.loop(instr);
    this.write(walk, instr);
    return true;
  }

  private write(walk: Walk, loop: Loop): void {
    const { e } = this;
    const { automaton, depth, seed, form } = walk;
    const to = automaton.states.map((s) => s.next), ways = joinWays(to, form.decisions.map((d) => d.cond)), width = ways ? 1 : form.decisions.length;
    const numbering = number(ways?.next ?? to, seed.states, depth, width);
    const tables = new Tables(this.program, walkTables, walk.space);
    this.note(loop.place, "a loop over tables", `${depth} steps without branches`, `${automaton.states.length} states, ${form.decisions.length} decision${form.decisions.length > 1 ? "s" : ""} each, none comes back to itself`);
    // seen from itself to be no negative number, so that addresses take in where a level begins
    let state = seed.index ? e.op("i32.and", e.op("i32.sub", this.value(seed.index), e.i32(seed.lo)), e.i32(2 ** Math.ceil(Math.log2(seed.states.length)) - 1)) : e.i32(0);
    const next = numbering.next && tables.add("next", numbering.next, "i32");
    const columns = form.read.map((v) => numbering.lists.map((list) => list.map((s) => automaton.read[s]?.get(v) ?? walk.filler.get(v)!)));
    const flat = columns.map((levels, i) => new Column(tables, form.read[i]!, levels.flat(), isCounted(form.read[i]!, form.work)));
    const flags = ways?.flags.map((of) => tables.add("way", numbering.lists.flat().map((s) => of[s]!), "i32"));
    let start = 0;
    for (let step = 0; step < depth; step++) {
      form.read.forEach((v, i) => { this.map[v.id] = flat[i]!.load(e, state, start); });
      for (const instr of form.work) { e.place = instr.place; if (instr.op === "if") this.if(instr); else this.instruction(instr); }
      let bits = null as Value | null;
      for (const [i, { cond }] of form.decisions.entries()) {
        const now = this.value(cond), isBit = this.ranges.of(cond).lo >= 0 && this.ranges.of(cond).hi <= 1;
        let bit = isBit ? now : e.op("i32.ne", now, e.i32(0));
        if (flags && flags[i]!.constant !== 1) bit = e.op("i32.and", bit, tables.load(e, flags[i]!, state, start));
        bits = bits ? e.op("i32.or", ways ? bits : e.op("i32.shl", bits, e.i32(1)), bit) : bit;
      }
      const number = e.op("i32.add", e.op("i32.shl", state, e.i32(width)), bits!);
      state = next ? tables.load(e, next, number, 0) : number;
      for (const v of form.inside) this.map[v.id] = undefined; // the next copy has its own
      if (!next) start += numbering.lists[step]!.length;
    }
    const ends = numbering.lists.at(-1)!;
    loop.results.forEach((r, i) => {
      const values = ends.map((s) => automaton.states[s]!.end?.[i] ?? (r.type === "i64" ? 0n : 0));
      this.bind(r, new Column(tables, r, values, true).load(e, state, 0));
    });
  }
}

/** A value by the number of a state. Whole numbers, which places in arrays are computed of, are integers in the table: bounds can be proved of them. */
class Column {
  private readonly tables: Tables;
  private readonly table: Table;
  private readonly converted: boolean;

  constructor(tables: Tables, { name, type }: Value, values: readonly Scalar[], counted: boolean) {
    this.tables = tables;
    this.converted = type === "f64" && counted && values.every((v) => Object.is(v, Number(v) | 0));
    this.table = tables.add(name ?? "read", values, this.converted ? "i32" : type);
  }
  load(e: Emitter, state: Value, start: number): Value {
    const value = this.tables.load(e, this.table, state, start);
    return this.converted ? e.op("f64.convert_i32_s", value) : value;
  }
}

/** Whether something is computed of the value: what is compared alone is as well a double from the start. */
const isCounted = (v: Value, work: readonly Instr[]): boolean => work.some((instr) => isMachineOp(instr.op) && instr.args.includes(v) && ops[instr.op].result === "f64");

// ───────────────────────────────── what a walk is ─────────────────────────────────

interface Decision { readonly instr: Instr; readonly cond: Value }
/** The loop's body, taken apart. */
interface Form {
  /** values that the state and the decisions determine */
  readonly known: ReadonlySet<Value>;
  readonly decisions: readonly Decision[];
  /** what is done on data, in order: operations, loads, `if`s around loads */
  readonly work: readonly Instr[];
  readonly dataIfs: ReadonlySet<Instr>;
  /** selects for `if`s of which a known value chooses, and data is chosen from */
  readonly chosen: ReadonlyMap<Instr, readonly Machine[]>;
  /** known values that the work reads */
  readonly read: readonly Value[];
  /** what the work defines */
  readonly inside: readonly Value[];
}
interface Walk { readonly form: Form; readonly automaton: Automaton; readonly seed: Seed; readonly depth: number; readonly space: number; readonly filler: ReadonlyMap<Value, Scalar> }
/** Where a walk begins: at state states[index − lo]. */
interface Seed { readonly index: Value | null; readonly lo: number; readonly states: readonly number[] }

function analyse(loop: Loop, program: Program, ranges: () => Ranges): Walk | null {
  try {
    const outside = new Outside(loop, program);
    return outside.loads.size === 0 ? null : walkOf(loop, program, outside, ranges);
  } catch (e) { if (e instanceof Refused) return null; throw e; }
}

function walkOf(loop: Loop, program: Program, outside: Outside, ranges: () => Ranges): Walk | null {
  const form = new Classifier(loop, outside).form();
  if (form.decisions.length === 0 || form.decisions.length > most.decisions) return null;
  const starts = startsOf(loop, outside, ranges);
  if (!starts) return null;
  const automaton = new Automaton(loop, form, outside);
  const states = starts.values.map((params) => automaton.enter(params));
  if (!automaton.explore()) return null;
  const depth = automaton.longest(states);
  if (depth === null || depth === 0 || depth > most.trips || depth * form.work.length > most.operations || depth > 3 * automaton.expected(states)) return null;
  const places = placesOf(form), whole = automaton.read.find((values) => values && places.every((v) => values.has(v)));
  if (!whole) return null;
  const filler = new Map(form.read.map((v) => [v, whole.get(v) ?? automaton.read.find((values) => values?.has(v))?.get(v) ?? (v.type === "i64" ? 0n : 0)]));
  const [table] = outside.loads;
  return { form, automaton, seed: { index: starts.index, lo: starts.lo, states }, depth, space: (table as Memory).space, filler };
}

/** Of the known values that the work reads, those that tell what is loaded, or whether it is: of one state all of them, or none. */
function placesOf({ work, read }: Form): Value[] {
  const reached = new Set<Value>();
  const reach = (instr: Instr): void => { for (const v of instr.args) reached.add(v); for (const region of regionsOf(instr)) region.body.forEach(reach); };
  for (const instr of work.toReversed()) if (!isMachineOp(instr.op) || instr.results.some((r) => reached.has(r))) reach(instr);
  return read.filter((v) => reached.has(v));
}

/**
 * What the loop may begin with: constants, and what is found by at most one value, the leaf, which has a small range: itself, an element of a table, the rows
 * of tables that the whole walk stays in. Behind the parameters stands the leaf.
 */
function startsOf(loop: Loop, outside: Outside, ranges: () => Ranges): { index: Value | null; lo: number; values: Scalar[][] } | null {
  const at = (row: number): Scalar[] => [...loop.args.map((v) => scalar(outside.value(v, row))), row];
  const { leaf } = outside;
  if (leaf === null) return { index: null, lo: 0, values: [at(0)] };
  if (leaf.type !== "i32") return null;
  const { lo, hi } = ranges().of(leaf);
  if (!(hi - lo >= 0 && hi - lo < most.states / 2)) return null;
  const starts = Array.from({ length: hi - lo + 1 }, (_, i) => {
    try { return at(lo + i); } catch (e) { if (e instanceof Impossible) return null; throw e; }
  });
  const some = starts.find((start) => start !== null); // in the place of what lies beyond the table's end, where nothing is read
  return some == null ? null : { index: leaf, lo, values: starts.map((start) => start ?? some) };
}

function scalar(v: Known): Scalar {
  if (isAddress(v)) throw new Refused();
  return v;
}

// ───────────────────────────────── the body taken apart ─────────────────────────────────

class Classifier {
  private readonly outside: Outside;
  private readonly loop: Loop;
  private readonly known = new Set<Value>();
  private readonly decisions: Decision[] = [];
  private readonly work: Instr[] = [];
  private readonly dataIfs = new Set<Instr>();
  private readonly chosen = new Map<Instr, Machine[]>();
  private readonly read = new Set<Value>();
  private readonly inside: Value[] = [];

  constructor(loop: Loop, outside: Outside) {
    this.loop = loop;
    this.outside = outside;
  }

  form(): Form {
    for (const p of this.loop.regions[0].params) this.known.add(p);
    if (!this.region(this.loop.regions[0], false)?.every((v) => this.isKnown(v))) throw new Refused();
    for (const r of this.loop.results) this.known.add(r);
    return { known: this.known, decisions: this.decisions, work: this.work, dataIfs: this.dataIfs, chosen: this.chosen, read: [...this.read], inside: this.inside };
  }

  private isKnown(v: Value): boolean { return constantOf(v) !== undefined || this.known.has(v) || this.outside.has(v); }

  /** What the region's yield gives. `decided`: inside an arm that a decision leads to, where nothing may be loaded in vain. */
  private region(region: Region, decided: boolean): readonly Value[] | null {
    for (const instr of region.body) {
      switch (instr.op) {
        case "yield": return instr.args;
        case "br": if (instr.label !== this.loop.label || !instr.args.every((v) => this.isKnown(v))) throw new Refused(); break;
        case "trap": case "data.addr": break;
        case "if": this.if(instr, decided); break;
        default: this.simple(instr, decided);
      }
    }
    return null;
  }
  private if(instr: If, decided: boolean): void {
    const [cond] = instr.args as [Value];
    if (!this.isKnown(cond) && this.isData(instr)) { this.dataIfs.add(instr); this.define(instr); return; }
    const isDecision = !this.isKnown(cond);
    if (isDecision) this.decisions.push({ instr, cond });
    const ends = instr.regions.map((arm) => this.region(arm, decided || isDecision)), chosen: Machine[] = [];
    instr.results.forEach((r, i) => {
      const [then, otherwise] = ends.map((end) => end?.[i]);
      if ([then, otherwise].every((v) => v === undefined || this.isKnown(v))) { this.known.add(r); return; }
      if (isDecision || !then || !otherwise || r.type === "v128" || r.type === "js") throw new Refused();
      chosen.push({ op: `${r.type}.select`, args: [cond, then, otherwise], results: [r], place: instr.place });
    });
    if (chosen.length > 0) this.chosen.set(instr, chosen);
    chosen.forEach((select) => this.define(select));
  }
  /** Whether the `if` chooses between values of which one at least is no known one, and does nothing but compute and load. What an arm computes of known ones is one (2·n + 1). */
  private isData(instr: If): boolean {
    const made = new Set<Value>(), known = new Set<Value>();
    const plain = instr.regions.every((arm) => arm.body.every((inner) => {
      const folds = isMachineOp(inner.op) && ops[inner.op].fold !== undefined && inner.args.every((v) => known.has(v) || this.isKnown(v));
      for (const r of inner.results) (folds ? known : made).add(r);
      return inner.op === "yield" || (isMachineOp(inner.op) && ops[inner.op].effect === "none") || (isMemoryOp(inner.op) && !memoryOps[inner.op].store && !this.isTable(inner as Memory));
    }));
    return plain && instr.results.length > 0 && instr.results.every((_, i) => instr.regions.some((arm) => { const v = arm.body.at(-1)!.args[i]!; return made.has(v) || !(known.has(v) || this.isKnown(v)); }));
  }
  private isTable(instr: Memory): boolean { return this.outside.loads.has(instr) && instr.args.every((v) => this.isKnown(v)); }

  private simple(instr: Instr, decided: boolean): void {
    if (isMachineOp(instr.op)) {
      const row = ops[instr.op], [result] = instr.results as [Value];
      if (row.effect !== "none") throw new Refused();
      if (row.fold && instr.args.every((v) => this.isKnown(v))) { this.known.add(result); return; }
      if (instr.op.endsWith(".select") && this.isKnown(instr.args[1]!) && this.isKnown(instr.args[2]!)) { this.decisions.push({ instr, cond: instr.args[0]! }); this.known.add(result); return; }
      this.define(instr);
      return;
    }
    if (!isMemoryOp(instr.op) || memoryOps[instr.op].store) throw new Refused();
    if (this.isTable(instr as Memory)) { this.known.add(instr.results[0]!); return; }
    if (decided) throw new Refused();
    this.define(instr);
  }
  /** Work on data: known values that it reads come from tables of their own. */
  private define(instr: Instr): void {
    this.work.push(instr);
    const use = (v: Value): void => { if (this.known.has(v)) this.read.add(v); };
    const scan = (i: Instr): void => {
      i.args.forEach(use);
      this.inside.push(...i.results);
      if ("regions" in i) for (const arm of i.regions) arm.body.forEach(scan);
    };
    scan(instr);
  }
}

// ───────────────────────────────── the automaton ─────────────────────────────────

interface State {
  readonly params: readonly Scalar[] | null;
  /** by the decisions' bits */
  next: readonly number[];
  /** the loop's results, where it ends */
  end: readonly Scalar[] | null;
}
type Outcome = { readonly to: readonly Scalar[] } | { readonly end: readonly Scalar[] };

class Automaton {
  readonly states: State[] = [];
  /** by state: what the work on data reads */
  readonly read: (Map<Value, Scalar> | undefined)[] = [];
  /** by state: the fewest steps from a beginning */
  private readonly level: number[] = [];
  private readonly byKey = new Map<string, number>();
  private readonly loop: Loop;
  private readonly form: Form;
  private readonly outside: Outside;
  private readonly env = new Map<Value, Known>();
  private bits = 0;
  private row = 0;
  private reads = new Map<Value, Scalar>();
  private readonly place: ReadonlyMap<Instr, number>;
  private readonly data: ReadonlySet<Value>;
  private runs = 0;

  constructor(loop: Loop, form: Form, outside: Outside) {
    this.loop = loop;
    this.form = form;
    this.outside = outside;
    this.data = new Set(form.inside);
    this.place = new Map(form.decisions.map(({ instr }, i) => [instr, form.decisions.length - 1 - i]));
  }

  enter(params: readonly Scalar[], level = 0): number { return this.add(`at ${keyOf(params)}`, params, null, level); }
  private add(key: string, params: readonly Scalar[] | null, end: readonly Scalar[] | null, level: number): number {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    this.byKey.set(key, this.states.length);
    this.level.push(level);
    return this.states.push({ params, next: [], end }) - 1;
  }

  /** Runs every state that can be reached; false where that takes too much, or something is met that can't be run. */
  explore(): boolean {
    const ways = 1 << this.form.decisions.length;
    try {
      for (let s = 0; s < this.states.length; s++) { // grows while it is walked
        const state = this.states[s]!;
        if (state.params === null) { state.next = new Array<number>(ways).fill(s); continue; }
        const outcomes: (Outcome | null)[] = []; // null: that one can't be, the others can
        this.reads = new Map();
        for (this.bits = 0; this.bits < ways; this.bits++) outcomes.push(this.possible(state.params));
        const nowhere = this.loop.results.map((r) => (r.type === "i64" ? 0n : 0)), first = outcomes.find((o) => o !== null) ?? { end: nowhere };
        if ("end" in first && this.reads.size === 0 && outcomes.every((o) => o === null || ("end" in o && keyOf(o.end) === keyOf(first.end)))) {
          state.end = first.end;
          state.next = new Array<number>(ways).fill(s);
          continue;
        }
        this.read[s] = this.reads;
        const level = this.level[s]! + 1;
        state.next = outcomes.map((o) => (o !== null && "to" in o ? this.enter(o.to, level) : this.add(`end ${keyOf(o?.end ?? nowhere)}`, null, o?.end ?? nowhere, level)));
        if (this.states.length > most.states || level > most.trips) return false; // what merely counts gets deep before it gets wide
      }
    } catch (e) { if (e instanceof Refused) return false; throw e; }
    return true;
  }

  /** The most steps before an end; null where a state comes back to itself. */
  longest(from: readonly number[]): number | null {
    const depth = new Int32Array(this.states.length).fill(-1); // −2: on the way
    const stack = [...from];
    while (stack.length > 0) {
      const s = stack.at(-1)!;
      const state = this.states[s]!;
      if (depth[s]! >= 0) { stack.pop(); continue; }
      if (state.end) { depth[s] = 0; stack.pop(); continue; }
      if (depth[s] === -2) { // all behind it are done
        if (state.next.some((n) => depth[n]! < 0)) return null;
        depth[s] = 1 + Math.max(...state.next.map((n) => depth[n]!));
        stack.pop();
        continue;
      }
      depth[s] = -2;
      for (const n of state.next) { if (depth[n] === -2) return null; if (depth[n]! < 0) stack.push(n); }
    }
    return Math.max(...from.map((s) => depth[s]!));
  }
  /** The steps on a way that chance chooses, on average. */
  expected(from: readonly number[]): number {
    const mean = new Float64Array(this.states.length).fill(-1);
    const of = (s: number): number => {
      const state = this.states[s]!;
      if (state.end) return 0;
      if (mean[s]! < 0) mean[s] = 1 + state.next.reduce((sum, n) => sum + of(n), 0) / state.next.length;
      return mean[s]!;
    };
    return from.reduce((sum, s) => sum + of(s), 0) / from.length;
  }

  private possible(params: readonly Scalar[]): Outcome | null {
    try { return this.run(params); } catch (e) { if (e instanceof Impossible) return null; throw e; }
  }
  private run(params: readonly Scalar[]): Outcome {
    if (++this.runs > most.runs) throw new Refused();
    this.loop.regions[0].params.forEach((p, i) => this.env.set(p, params[i]!));
    this.row = Number(params.at(-1)!);
    const outcome = this.region(this.loop.regions[0]);
    return isYield(outcome) ? { end: outcome as readonly Scalar[] } : outcome;
  }
  private value(v: Value): Known { return constantOf(v) ?? this.env.get(v) ?? this.outside.value(v, this.row); }
  private isData(v: Value): boolean { return this.data.has(v); }
  private note(v: Value): void {
    if (!this.form.known.has(v)) return;
    const value = scalar(this.value(v)), before = this.reads.get(v);
    if (before !== undefined && !Object.is(before, value)) throw new Refused();
    this.reads.set(v, value);
  }
  private scalars(values: readonly Value[]): Scalar[] { return values.map((v) => scalar(this.value(v))); }

  /** What the region's yield gives, null for data, or where its br leads. */
  private region(region: Region): readonly (Scalar | null)[] | Outcome {
    for (const instr of region.body) {
      switch (instr.op) {
        case "yield": return instr.args.map((v) => (this.isData(v) ? null : scalar(this.value(v))));
        case "br": return { to: [...this.scalars(instr.args), this.row] };
        case "trap": throw new Refused();
        case "data.addr": break;
        case "if": {
          if (this.form.dataIfs.has(instr)) { this.reading(instr); break; }
          const at = this.place.get(instr);
          const yes = at === undefined ? this.value(instr.args[0]!) !== 0 : (this.bits >> at & 1) === 1;
          const outcome = this.region(instr.regions[yes ? 0 : 1]);
          if (!isYield(outcome)) return outcome;
          instr.results.forEach((r, i) => { if (outcome[i] !== null) this.env.set(r, outcome[i]!); });
          for (const { args: [cond, then, otherwise] } of this.form.chosen.get(instr) ?? []) for (const v of [cond!, (yes ? then : otherwise)!]) this.note(v);
          break;
        }
        default: this.simple(instr);
      }
    }
    throw new Refused();
  }
  private simple(instr: Instr): void {
    const result = instr.results[0]!;
    if (!this.form.known.has(result)) { this.reading(instr); return; }
    const at = this.place.get(instr);
    if (at !== undefined) { this.env.set(result, this.value(instr.args[(this.bits >> at & 1) === 1 ? 1 : 2]!)); return; }
    const args = instr.args.map((v) => this.value(v));
    this.env.set(result, isMemoryOp(instr.op) ? this.outside.read(instr as Memory, args[0]!, args[1]!) : compute((instr as Machine).op, args));
  }
  /** Notes what the work on data reads of this state: the same, whatever was decided. */
  private reading(instr: Instr): void {
    instr.args.forEach((v) => this.note(v));
    if ("regions" in instr) for (const arm of instr.regions) for (const inner of arm.body) this.reading(inner);
  }
}

const isYield = (outcome: readonly (Scalar | null)[] | Outcome): outcome is readonly (Scalar | null)[] => Array.isArray(outcome);
const keyOf = (values: readonly Scalar[]): string => values.map((v) => (Object.is(v, -0) ? "-0" : String(v))).join();

// ───────────────────────────────── numbers of states ─────────────────────────────────

interface Numbering {
  /** the states by number: a list a level where the next number is computed, else one list */
  readonly lists: readonly (readonly number[])[];
  /** the next state's number by state and decisions; null where it is computed */
  readonly next: readonly number[] | null;
}
function number(to: readonly (readonly number[])[], from: readonly number[], depth: number, decisions: number): Numbering {
  const ways = 1 << decisions;
  if (from.length * ways ** depth <= Math.max(4096, 2 * to.length)) {
    const lists: number[][] = [[...from]];
    for (let level = 0; level < depth; level++) lists.push(lists[level]!.flatMap((s) => to[s]!));
    return { lists, next: null };
  }
  // the beginnings stand first, in their order; one that appears twice has two numbers
  const list = [...from], seen = new Map<number, number>();
  for (const [s] of to.entries()) { seen.set(s, list.length); list.push(s); }
  return { lists: [list], next: list.flatMap((s) => to[s]!.map((n) => seen.get(n)!)) };
}
