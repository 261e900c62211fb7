// Fills tables of dynamic programming by diagonals: four rows together, in lanes, each a column behind the row above it.
//
//   before  loop rows (%i) { … loop row (%j, %left) { … %d = i32.load [%h + %above + %j − 1]; %u = i32.load [%h + %above + %j]; %x = …least or greatest of them and %left…;
//                            i32.store [%h + %own + %j], %x; br row (%j + 1) %x } br rows (%i + 1) }
//   after   loop rows (%i) { %k = loop strips (%i) { if four rows are left { if what has to hold does {
//               each row up to where its lane begins; loop diagonal (%t, %u0, %left, %made, …) { … lane r: row r, column %t − r; %u is %made one lane on, lane 0 from memory … }
//               each row from where its lane stopped; br strips (%i + 4) } } yield %i }   …the row %k as before… }
//
// Four int32 are a register, doubles are in two: rows 0 and 1, rows 2 and 3. What lane r needs of the row above lane r − 1 made a step or two before. Loads are done ahead of the stores of a step, and of one step only of what
// is behind it: no place is touched by two rows at once. Where no double that comes in is NaN, which is looked at, none that is made of it is (tableau.ts), so
// that the least of two is one instruction; at a NaN the lanes end.
//
// Of two rows that change places each is written over the one before the last, which is behind that by two columns: what the row in between needs of it, it has in lanes.
//
// Asked for each four rows, since only the run can tell: rows of their own, in one array or each in an array, lie equally far apart, further than a row is long with all that is
// touched before it; what a row loads of the one above is the place where that stores; what loops behind the row would do is nothing; no row leaves the
// program. Sums that were int64 are int32 in lanes: what the table's numbers begin with is below 2²⁹ (a number that is not ends the lanes there, the rest is
// done row by row), and the steps are so few that they grow by less than that.
//
// Requires: machine form; after wide.ts, which tells what is an integer. Guarantees: machine form, same bits.
// (Wozniak, "Using video-oriented instructions to speed up sequence comparison", 1997; Lamport, "The Parallel Execution of DO Loops", 1974.)

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, ops, type MachineOp } from "../ir/ops.ts";
import type { Func, If, Instr, Loop, Machine, Memory, Program, Region, Type, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { better } from "./bests.ts";
import { CopyWriter } from "./copies.ts";
import type { Range } from "./intervals.ts";
import { extractLane, joinLanes, LaneTools, replaceLane, shapeOf, shuffle } from "./lanes.ts";
import type { Note } from "./notes.ts";
import { yields } from "./rewrite.ts";
import { comparisons, isFloat, planTableau, registersOf, rows, small, type Group, type Index, type Tableau, type Ventured } from "./tableau.ts";
import { extremeInLanes, extremeOfChoice } from "./vectorize/extremes.ts";

export function fillDiagonals(func: Func, program: Program, note: Note = () => {}): Func {
  if (!contentsOf(func).nests) return func;
  const filler = new Filler(func, program, note);
  return contentsOf(func).loops.some((loop) => filler.planOf(loop)) ? filler.run() : func;
}

/** columns that a row has at least */
const least = 4 * rows;
/** places in a row, and where it begins, stay below */
const far = 2 ** 28;

/** By how many columns the first row is ahead of its beginning when the last one begins. */
const beginning = (slope: number): number => (rows - 1) * (slope + 1);

type Row = Map<Value, Value>;
const each = <T>(make: (r: number) => T): T[] => Array.from({ length: rows }, (_, r) => make(r));
/** the lanes one on, the first is free; of two registers of doubles the second begins with the first one's last */
const onward = [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const onwardDoubles = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];
/** a mask of four int32 as two of doubles, and the other way round */
const wider = [[0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7], [8, 9, 10, 11, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15]] as const;
const narrower = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
/** the upper two int32 of four come first; the lower two of two registers each */
const upper = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const lowers = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
/** What shape a value of four rows has, a sum that was int64 too. */
const shapeOfRows = (type: Type): "f64x2" | "f32x4" | "i32x4" => { const shape = shapeOf(type); return shape === "i64x2" ? "i32x4" : shape; };

/** A value of four rows: a register, or two. */
type Lane = readonly Value[];
const rowOf = (e: Filler["e"], lane: Lane, r: number, type: Type): Value => (type === "f64" ? extractLane(e, lane[r >> 1]!, r & 1, "f64") : extractLane(e, lane[0]!, r, type === "f32" ? "f32" : "i32"));
const joinRows = (e: Filler["e"], of: readonly Value[]): Lane => (of[0]!.type === "f64" ? [joinLanes(e, of.slice(0, 2)), joinLanes(e, of.slice(2))] : [joinLanes(e, of)]);

/** What the diagonals carry from step to step. */
interface Front {
  readonly step: Value;
  /** what lane 0 loads of the row above the four, for this step; what it loads along a row */
  readonly heads: readonly Value[];
  readonly carried: readonly Lane[];
  /** by group, the numbers of the step before, of the one before that, … */
  readonly made: readonly (readonly Lane[])[];
  readonly along: readonly Lane[];
}

class Filler extends CopyWriter {
  private readonly plans = new Map<Loop, Tableau | null>();
  private readonly loopOf = new Map<Region, Loop>();
  planOf(loop: Loop): Tableau | null {
    let plan = this.plans.get(loop);
    if (plan === undefined) this.plans.set(loop, plan = planTableau(loop, this.old, this.program, () => this.ranges));
    return plan;
  }

  protected override loop(instr: Loop): boolean {
    this.loopOf.set(instr.regions[0], instr);
    return super.loop(instr);
  }
  protected override enter(old: Region): void {
    const loop = this.loopOf.get(old), plan = loop && this.planOf(loop);
    if (!plan) return;
    this.note(loop.place, "a table filled row by row", `${rows} rows in lanes`, "each a column behind the one above it");
    this.writeStrips(plan);
  }

  /** Writes the loop over strips of rows, from the outer loop's row on; what that carries is then what it is behind them. */
  private writeStrips(plan: Tableau): void {
    const { e } = this;
    const { counter, swapped, outer, bound } = plan;
    const label = { name: `${outer.loop.label.name}strips` };
    const handed = plan.bests.flatMap(({ parts }) => parts.map((part) => part.outer));
    const now = e.value("i32", counter.param.name), soFar = handed.map((q) => e.value(q.type, q.name));
    this.forgetWrites(outer.loop.regions[0]);
    const place = outer.loop.place;
    const body = e.inRegion([now, ...soFar], () => {
      const limit = this.value(bound.test.args[1]!);
      const left = counter.step > 0 ? e.op("i32.sub", limit, now) : e.op("i32.sub", now, limit);
      const enough = /l[te]_s$|g[te]_s$/.exec(bound.test.op)![0].includes("t_") ? "i32.gt_u" : "i32.ge_u";
      // what is left does not wrap where it is more than nothing
      let test = e.op("i32.and", e.op(bound.test.op, now, limit), e.op(enough, left, e.i32((rows - 1) * Math.abs(counter.step))));
      for (const other of bound.others) test = e.op("i32.and", test, e.op("i32.ne", this.value(other), e.i32(0)));
      const then = e.inRegion([], () => {
        const maps = each((r): Row => new Map([[counter.param, e.op("i32.add", now, e.i32(r * counter.step))], ...[...swapped].map(([p, q]) => [p, this.value(r % 2 ? q : p)] as const), ...handed.map((q, k) => [q, soFar[k]!] as const)]));
        // short rows are asked for their length alone
        for (const instr of plan.early) this.write(instr, maps[0]!);
        const long = e.op("i32.gt_s", this.limitOf(plan, maps[0]!), e.op("i32.add", this.within(maps[0]!, plan.column.first), e.i32(least)));
        const further = e.inRegion([], () => {
          for (const map of maps.slice(1)) for (const instr of plan.early) this.write(instr, map);
          const strip = new Strip(maps);
          const holds = this.writeQuestions(plan, strip);
          const fill = e.inRegion([], () => {
            const found = this.writeStrip(plan, strip);
            e.append({ op: "br", label, args: [e.op("i32.add", now, e.i32(rows * counter.step)), ...found], results: [], place });
          });
          e.append({ op: "if", args: [holds], results: [], regions: [fill, yields([])], place });
          e.append({ op: "yield", args: [], results: [] });
        });
        e.append({ op: "if", args: [long], results: [], regions: [further, yields([])], place });
        e.append({ op: "yield", args: [], results: [] });
      });
      e.append({ op: "if", args: [test], results: [], regions: [then, yields([])], place });
      e.append({ op: "yield", args: [now, ...soFar], results: [] });
    });
    this.forgetWrites(outer.loop.regions[0]);
    const carried = [counter.param, ...handed], results = carried.map((q) => e.value(q.type, q.name));
    e.append({ op: "loop", label, args: carried.map((q) => this.value(q)), results, regions: [body], place });
    carried.forEach((q, k) => this.bind(q, results[k]!));
  }

  // ───────────────────────────────── what has to hold ─────────────────────────────────

  /** The column behind a row's last one. Where that wraps it is below the first. */
  limitOf({ limit: { at, last } }: Tableau, map: Row): Value { return this.e.op("i32.add", this.within(map, at), this.e.i32(last ? 1 : 0)); }
  /** The terms of an index in a row. */
  private placeOf(index: Index, map: Row): Value { return index.terms.reduce((sum, t) => this.e.op("i32.add", sum, this.within(map, t)), this.e.i32(0)); }

  private writeQuestions(plan: Tableau, strip: Strip): Value {
    const { e } = this;
    const { maps } = strip;
    const all: Value[] = [];
    const first = this.within(maps[0]!, plan.column.first), limits = maps.map((map) => this.limitOf(plan, map));
    all.push(e.op("i32.lt_u", e.op("i32.add", first, e.i32(far)), e.i32(2 * far)));
    for (const [r, limit] of limits.entries()) {
      all.push(e.op("i32.lt_s", limit, e.i32(far)), e.op("i32.gt_s", limit, e.op("i32.add", first, e.i32(plan.slope * r + least))));
      for (const trap of plan.traps) all.push(e.op("i32.eqz", this.within(maps[r]!, trap)));
      for (const rest of plan.rests) {
        const map = new Map(maps[r]);
        rest.loop.regions[0].params.forEach((p, k) => {
          const from = rest.loop.args[k]!, at = plan.inner.loop.results.indexOf(from);
          if (at >= 0 && plan.inner.exits[at] === plan.column.param) map.set(p, limit);
          else if (!plan.outer.inside(from)) map.set(p, this.value(from));
        });
        const ended = this.writeTest(rest.cond, map);
        all.push(ended ? e.op("i32.eqz", ended) : e.i32(0));
      }
    }
    for (const one of plan.ventured) all.push(...this.there(plan, one, maps, first, limits));
    const greatest = limits.reduce((a, b) => this.greater(a, b));
    for (const group of plan.groups) all.push(...this.apart(plan, strip, group, first, greatest));
    return [...new Set(all)].reduce((a, b) => e.op("i32.and", a, b));
  }
  /** That what is loaded in an arm is there in all columns of the rows. */
  private there({ slope }: Tableau, { load, index, rows: some, length }: Ventured, maps: readonly Row[], first: Value, limits: readonly Value[]): Value[] {
    const { e } = this, end = typeof length === "number" ? e.i32(length) : this.value(length);
    return maps.slice(0, some).flatMap((map, r) => {
      if (!index) return [e.op("i32.lt_u", this.within(map, load.args[1]!), end)];
      const place = this.placeOf(index, map), from = (column: Value, plus: number): Value => e.op("i32.add", e.op("i32.add", place, column), e.i32(index.plus + plus));
      return [e.op("i32.lt_u", e.op("i32.add", place, e.i32(far)), e.i32(2 * far)), e.op("i32.ge_s", from(first, Math.min(0, slope * (rows - 1))), e.i32(0)), e.op("i32.le_s", from(limits[r]!, 0), end)];
    });
  }
  /** A test as it would be with those carried values; null where it hangs on others. */
  private writeTest(v: Value, map: Row): Value | null {
    if (constantOf(v) !== undefined || map.has(v) || this.map[v.id] !== undefined) return this.within(map, v);
    const { def } = v;
    if (def === null || !isMachineOp(def.op) || ops[def.op].effect !== "none") return null;
    const args = def.args.map((arg) => this.writeTest(arg, map));
    return args.every((arg) => arg !== null) ? this.e.operation(def.op, args as Value[]) : null;
  }
  private greater(a: Value, b: Value): Value { return a === b ? a : this.e.op("i32.select", this.e.op("i32.gt_s", a, b), a, b); }
  private lesser(a: Value, b: Value): Value { return a === b ? a : this.e.op("i32.select", this.e.op("i32.lt_s", a, b), a, b); }

  /** That no row of the four touches what another one stores, but what it loads of the row above. */
  private apart({ slope }: Tableau, { maps, places }: Strip, group: Group, first: Value, limit: Value): Value[] {
    const { e } = this;
    const { index, above, left, inPlace, ahead, base, before, apart, store: { scale } } = group;
    const all: Value[] = [];
    // rows that are arrays of their own lie so many elements behind the first one
    const further = new Map<Value, Value>();
    const from0 = (of: Value, map: Row, place: Value): Value => {
      if (!apart) return place;
      const bytes = e.op("i32.sub", this.within(map, of), this.within(maps[0]!, base));
      if (!further.has(bytes)) {
        further.set(bytes, e.op("i32.shr_s", bytes, e.i32(scale)));
        all.push(e.op("i32.eqz", e.op("i32.and", bytes, e.i32((1 << scale) - 1))));
      }
      return e.op("i32.add", further.get(bytes)!, place);
    };
    const own = maps.map((map) => from0(base, map, this.placeOf(index, map)));
    places.set(group, own);
    const within = maps.flatMap((map, r) => ahead.map((one) => e.op("i32.sub", from0(one.base, map, e.op("i32.add", this.writeTest(one.at, map)!, e.i32(one.plus))), own[r]!)));
    for (const q of within) all.push(e.op("i32.lt_u", e.op("i32.add", q, e.i32(far)), e.i32(2 * far)));
    if (inPlace) {
      // what is touched before a row is none of the columns that the rows above have still to do, nor what they still need of themselves
      const done = beginning(slope) - (rows - 2) + index.plus - (left.size > 0 ? 1 : 0);
      for (const q of within) all.push(e.op("i32.or", e.op("i32.lt_s", q, e.op("i32.add", first, e.i32(done))), e.op("i32.ge_s", q, e.op("i32.add", limit, e.i32(index.plus)))));
      return all;
    }
    const from = [index.plus, ...[...above.values()].map((a) => a.index.plus), ...[...left.values()].map((age) => index.plus - age)];
    const lo = within.reduce((a, b) => this.lesser(a, b), e.op("i32.add", first, e.i32(Math.min(0, slope * (rows - 1)) + Math.min(...from))));
    const hi = within.reduce((a, b) => this.greater(a, e.op("i32.add", b, e.i32(1))), e.op("i32.add", limit, e.i32(Math.max(...from))));
    if (before !== base && !apart) {
      // what is touched before a row is none of the columns that are still to do, nor what lanes begin with; two arrays, apart in all that is touched
      for (const q of within) all.push(e.op("i32.or", e.op("i32.lt_s", q, e.op("i32.add", first, e.i32(index.plus))), e.op("i32.ge_s", q, e.op("i32.add", limit, e.i32(index.plus)))));
      const at = (row: Value, end: Value): Value => e.op("i32.add", this.within(maps[0]!, row), e.op("i32.shl", e.op("i32.add", own[0]!, end), e.i32(scale)));
      all.push(e.op("i32.or", e.op("i32.le_u", at(base, hi), at(before, lo)), e.op("i32.le_u", at(before, hi), at(base, lo))));
      return all;
    }
    const delta = e.op("i32.sub", own[1]!, own[0]!), length = e.op("i32.sub", hi, lo);
    for (let r = 2; r < rows; r++) all.push(e.op("i32.eq", e.op("i32.sub", own[r]!, own[r - 1]!), delta));
    all.push(e.op("i32.or", e.op("i32.ge_s", delta, length), e.op("i32.ge_s", e.op("i32.sub", e.i32(0), delta), length)));
    for (const { index: read } of above.values()) {
      const there = maps.map((map) => from0(before, map, this.placeOf(read, map)));
      all.push(e.op("i32.eq", e.op("i32.add", there[0]!, delta), own[0]!));
      for (let r = 1; r < rows; r++) all.push(e.op("i32.eq", there[r]!, own[r - 1]!));
    }
    return all;
  }

  // ───────────────────────────────── four rows ─────────────────────────────────

  /** Gives the best that the rows have found. */
  private writeStrip(plan: Tableau, strip: Strip): Value[] {
    const { e } = this;
    const { inner, column, slope } = plan;
    const { maps } = strip;
    const { params } = inner.loop.regions[0];
    const carried = params.filter((p) => p !== column.param);
    const begin = beginning(slope);
    // 1. each row up to where its lane begins
    const first = this.within(maps[0]!, column.first);
    for (const [r, map] of maps.entries()) {
      for (const instr of plan.late) this.write(instr, map);
      for (const p of params) map.set(p, this.within(map, inner.loop.args[params.indexOf(p)]!));
      for (let k = 0; k < begin - r * (slope + 1); k++) {
        const turn = new Map(map);
        for (const instr of inner.body.body.slice(0, -1)) this.write(instr, turn);
        const next = params.map((_, i) => this.within(turn, inner.br.args[i]!));
        params.forEach((p, i) => map.set(p, next[i]!));
      }
    }
    // 2. the diagonals
    const from = e.op("i32.add", first, e.i32(begin));
    const writer = new Lanes(this, plan, strip);
    const start = writer.start(from, carried);
    const end = this.writeDiagonals(plan, strip, writer, start, writer.limit(from, start));
    // 3. each row from where its lane stopped
    let found = plan.bests.map(({ parts }) => parts.map((part) => maps[0]!.get(part.outer)!));
    for (const [r, map] of maps.entries()) {
      map.set(column.param, e.op("i32.sub", end.step, e.i32(r)));
      carried.forEach((p, k) => {
        const lane = rowOf(e, end.carried[k]!, r, p.type);
        map.set(p, p.type === "i64" ? e.op("i64.extend_i32_s", lane) : lane);
      });
      this.writeTail(plan, map);
      found = plan.bests.map((best, k) => better(e, best, found[k]!, best.parts.map((part) => this.writeTest(part.exit, map)!)));
    }
    return found.flat();
  }

  private writeDiagonals(plan: Tableau, strip: Strip, writer: Lanes, start: Front, limit: Value): Front {
    const { e } = this;
    const { loop, test: { place } } = plan.inner;
    const label = { name: `${loop.label.name}diagonal` };
    this.forgetWrites(loop.regions[0]);
    const flat = flatten(start), params = flat.map((v) => e.value(v.type));
    const front = unflatten(params, start);
    const body = e.inRegion(params, () => {
      const less = e.op("i32.lt_s", front.step, limit);
      const heads = front.heads.flatMap((v) => (v.type === "i32" ? [e.op("i32.add", v, e.i32(small.number))] : []));
      const tests = plan.bounded && heads.length > 0 ? [e.op("i32.lt_u", heads.reduce((a, b) => e.op("i32.or", a, b)), e.i32(2 * small.number))] : [];
      if (plan.numbers.size > 0) tests.push(...front.heads.flatMap((v) => (isFloat(v.type) ? [e.op(v.type === "f64" ? "f64.eq" : "f32.eq", v, v)] : [])));
      const test = tests.reduce((a, b) => e.op("i32.and", a, b), less);
      const again = e.inRegion([], () => { e.append({ op: "br", label, args: flatten(writer.step(front, limit)), results: [], place }); });
      e.append({ op: "if", args: [test], results: [], regions: [again, yields([])], place });
      e.append({ op: "yield", args: params, results: [] });
    });
    this.forgetWrites(loop.regions[0]);
    const results = params.map((p) => e.value(p.type));
    e.append({ op: "loop", label, args: flat, results, regions: [body], notes: { ...loop.notes, role: "main" }, place: loop.place });
    return unflatten(results, start);
  }

  /** A row's inner loop, from the carried values that `given` has, and to those of the best number that it has then. */
  private writeTail({ inner, bests }: Tableau, given: Row): void {
    const { e } = this;
    const { loop } = inner;
    const { params } = loop.regions[0];
    const label = { name: `${loop.label.name}tail` };
    const map = new Map(given), handed = bests.flatMap(({ parts }) => parts.map((part) => part.inner));
    const firsts = params.map((p) => map.get(p)!), nows = params.map((p) => this.fresh(p));
    params.forEach((p, i) => map.set(p, nows[i]!));
    this.forgetWrites(loop.regions[0]);
    const body = e.inRegion(nows, () => {
      for (const instr of inner.pre) this.write(instr, map);
      const test = this.within(map, inner.cond);
      const then = e.inRegion([], () => {
        for (const instr of inner.body.body.slice(0, -1)) this.write(instr, map);
        e.append({ op: "br", label, args: inner.br.args.map((v) => this.within(map, v)), results: [], place: inner.br.place });
      });
      e.append({ op: "if", args: [test], results: [], regions: [then, yields([])], place: inner.test.place });
      e.append({ op: "yield", args: handed.map((p) => nows[params.indexOf(p)]!), results: [] });
    });
    this.forgetWrites(loop.regions[0]);
    const results = handed.map((p) => e.value(p.type, p.name));
    e.append({ op: "loop", label, args: firsts, results, regions: [body], notes: { ...loop.notes, role: "rest" }, place: loop.place });
    handed.forEach((p, k) => given.set(p, results[k]!));
  }

  /** For lanes: an instruction of a row, and what an old value is there. */
  writeIn(map: Row, instr: Instr): void { this.write(instr, map); }
  in(map: Row, v: Value): Value { return this.within(map, v); }
  at(index: Index, map: Row): Value { return this.placeOf(index, map); }
  rangeOf(v: Value): Range { return this.ranges.of(v); }
}

/** Four rows: their values, and where each group's rows lie. */
class Strip {
  readonly places = new Map<Group, readonly Value[]>();
  readonly maps: readonly Row[];
  constructor(maps: readonly Row[]) { this.maps = maps; }
}

const flatten = ({ step, heads, carried, made, along }: Front): Value[] => [step, ...heads, ...carried.flat(), ...made.flat(2), ...along.flat()];
function unflatten(values: readonly Value[], like: Front): Front {
  let at = 1;
  const some = (list: readonly Value[]): Value[] => values.slice(at, at += list.length), lanes = (list: readonly Lane[]): Lane[] => list.map(some);
  return { step: values[0]!, heads: some(like.heads), carried: lanes(like.carried), made: like.made.map(lanes), along: lanes(like.along) };
}

/** A choice's condition, and what it is in either case. */
function choicesOf(choice: If, v: Value): readonly [Value, Value, Value] {
  const at = choice.results.indexOf(v), [a, b] = choice.regions.map(({ body }) => body.at(-1)!.args[at]!) as [Value, Value];
  return [choice.args[0]!, a, b];
}

/** Writes values of four rows as vectors. */
class Lanes {
  private readonly e: Filler["e"];
  private readonly tools: LaneTools;
  private readonly carried: readonly Value[];
  /** loads of the row above, and of what is the same in all rows */
  private readonly above: readonly { readonly load: Memory; readonly group: Group; readonly age: number }[];
  private readonly along: readonly Memory[];
  private readonly ages: readonly number[];
  /** addresses of column 0 */
  private readonly stores: readonly (readonly Value[])[];
  private readonly firsts: readonly Value[];
  private readonly outside = new Map<Value, Lane>();
  private readonly filler: Filler;
  private readonly plan: Tableau;
  private readonly strip: Strip;

  constructor(filler: Filler, plan: Tableau, strip: Strip) {
    this.filler = filler;
    this.plan = plan;
    this.strip = strip;
    const e = this.e = filler.e;
    this.tools = new LaneTools(e);
    const { inner, groups, how } = plan, { maps, places } = strip;
    this.carried = inner.loop.regions[0].params.filter((p) => p !== plan.column.param);
    this.above = groups.flatMap((group) => [...group.above].map(([load, { age }]) => ({ load, group, age })));
    this.along = [...how].flatMap(([v, one]) => (one === "along" ? [v.def as Memory] : []));
    this.ages = groups.map((group) => Math.max(0, ...[...group.above.values()].map((a) => a.age), ...group.left.values()));
    const address = (base: Value, place: Value, plus: number, scale: number): Value => e.op("i32.add", base, e.op("i32.shl", e.op("i32.add", place, e.i32(plus)), e.i32(scale)));
    this.stores = groups.map((group) => maps.map((_, r) => address(filler.in(maps[group.apart ? 0 : r]!, group.base), places.get(group)![r]!, group.index.plus - r, group.store.scale)));
    this.firsts = this.above.map(({ load, group }) => { const { index } = group.above.get(load)!; return address(filler.in(maps[0]!, group.before), filler.at(index, maps[0]!), index.plus, group.store.scale); });
    for (const [v, one] of how) if (one === "row") this.outside.set(v, joinRows(e, maps.map((map) => e.load(v.def as Memory, v.def!.args.map((arg) => filler.in(map, arg))))));
    else if (one === "outside") this.outside.set(v, joinRows(e, maps.map((map) => this.narrow(filler.in(map, v)))));
  }

  /** What is carried into the first step. */
  start(from: Value, carried: readonly Value[]): Front {
    const { e, plan: { groups } } = this, { maps } = this.strip;
    const made = groups.map((_, g) => Array.from({ length: this.ages[g]! }, (_none, k) => {
      // of the last row no other row needs a number
      const lanes = each((r) => (r === rows - 1 && groups[g]!.left.size === 0 ? null : this.load(this.stores[g]![r]!, e.op("i32.sub", from, e.i32(k + 1)), groups[g]!)));
      return joinRows(e, lanes.map((v) => v ?? lanes[0]!));
    }));
    const along = this.along.map((load) => {
      const lanes = each((r) => (r === rows - 1 ? null : this.loadAlong(load, e.op("i32.sub", from, e.i32(r + 1)))));
      return joinRows(e, lanes.map((v) => v ?? lanes[0]!));
    });
    return { step: from, heads: this.heads(from), carried: carried.map((p) => joinRows(e, maps.map((map) => this.narrow(map.get(p)!)))), made, along };
  }
  private narrow(v: Value): Value { return v.type === "i64" ? this.e.op("i32.wrap_i64", v) : v; }
  private load(base: Value, index: Value, { load, store: { scale, space } }: Group): Value {
    return this.e.load({ op: load, args: [], results: [], offset: 0, scale, space }, [base, index]);
  }
  /** What is loaded of it again. */
  private kept([stored, ...more]: Lane, { load, store }: Group): Lane {
    const { e } = this, [, bits = "32", sign] = /^i32\.load(\d+)_([su])$/.exec(load) ?? [], { lo, hi } = this.filler.rangeOf(store.args[2]!);
    const most = 2 ** Number(bits), least = sign === "s" ? -most / 2 : 0;
    if (bits === "32" || lo >= least && hi < least + most) return [stored!, ...more];
    if (sign === "u") return [e.op("v128.and", stored!, this.tools.every("i32x4", most - 1))];
    return [this.extended(stored!, Number(bits))];
  }
  private extended(v: Value, bits: number): Value { const by = this.e.i32(32 - bits); return this.e.op("i32x4.shr_s", this.e.op("i32x4.shl", v, by), by); }
  /** What a row, the first one, loads in a column. */
  private loadAlong(load: Memory, column: Value, row = 0): Value {
    const map = new Map(this.strip.maps[row]);
    map.set(this.plan.column.param, column);
    const index = (v: Value): Value => (map.has(v) || constantOf(v) !== undefined || !this.plan.inner.inside(v) ? this.filler.in(map, v) : this.e.operation(v.def!.op as MachineOp, v.def!.args.map(index)));
    return this.e.load(load, [this.filler.in(map, load.args[0]!), index(load.args[1]!)]);
  }
  /** What the first row loads of the one above in a column; its own place, which is there, where it would load none. */
  private heads(step: Value): Value[] {
    const { e } = this;
    const map = new Map(this.strip.maps[0]).set(this.plan.column.param, step);
    const alone = (v: Value): Value => {
      if (map.has(v) || constantOf(v) !== undefined || !this.plan.inner.inside(v)) return this.filler.in(map, v);
      const def = v.def!, args = def.args.map(alone);
      return isMemoryOp(def.op) ? e.load(def as Memory, args) : e.operation(def.op as MachineOp, args);
    };
    return this.above.map(({ load, group }, k) => {
      const tests = group.above.get(load)!.guards.map(({ cond, truth }) => e.op(truth ? "i32.ne" : "i32.eq", alone(cond), e.i32(0)));
      const own = this.stores[this.plan.groups.indexOf(group)]![0]!;
      const address = tests.length === 0 ? this.firsts[k]! : e.op("i32.select", tests.reduce((a, b) => e.op("i32.and", a, b)), this.firsts[k]!, own);
      return this.load(address, step, group);
    });
  }

  /** The step behind the last one: rows end, or numbers might have grown too great; none where they are too great already. */
  limit(from: Value, start: Front): Value {
    const { e, plan } = this, { maps } = this.strip;
    const less = (a: Value, b: Value): Value => (a === b ? a : e.op("i32.select", e.op("i32.lt_s", a, b), a, b));
    let end = maps.map((map, r) => e.op("i32.add", this.filler.limitOf(plan, map), e.i32(r))).reduce(less);
    type Shape = ReturnType<typeof shapeOfRows>;
    const like = (lanes: readonly Lane[], types: readonly Type[], shape: Shape): Value[] => lanes.flatMap((lane, i) => (shapeOfRows(types[i]!) === shape ? lane : []));
    const begun = (shape: Shape): Value[] => [
      ...like(start.carried, this.carried.map(({ type }) => type), shape), ...start.made.flatMap((list, g) => like(list, list.map(() => plan.groups[g]!.store.args[2]!.type), shape)),
    ];
    const nowhere = (found: readonly Value[]): Value => (found.length > 0 ? e.op("i32.eqz", e.op("v128.any_true", found.reduce((a, b) => e.op("v128.or", a, b)))) : e.i32(1));
    const asked = plan.numbers.size > 0 ? nowhere((["f64x2", "f32x4"] as const).flatMap((shape) => begun(shape).map((v) => e.op(`${shape}.ne`, v, v)))) : null;
    if (!plan.bounded) return asked ? e.op("i32.select", asked, end, from) : end;
    if (plan.growth > 0) end = less(end, e.op("i32.add", from, e.i32(Math.floor(small.number / plan.growth))));
    const vectors = [...begun("i32x4"), ...plan.checked.flatMap((v) => this.outside.get(v)!)];
    let fits = nowhere(vectors.map((v) => e.op("i32x4.gt_u", e.op("i32x4.add", v, this.tools.every("i32x4", small.number)), this.tools.every("i32x4", 2 * small.number))));
    for (const one of [...this.carried, ...plan.checked]) if (one.type === "i64") for (const map of maps) {
      const v = this.filler.in(map, one);
      fits = e.op("i32.and", fits, e.op("i64.eq", e.op("i64.extend_i32_s", e.op("i32.wrap_i64", v)), v));
    }
    return e.op("i32.select", asked ? e.op("i32.and", fits, asked) : fits, end, from);
  }

  step(front: Front, limit: Value): Front {
    const { e, plan, filler } = this;
    const { inner, groups, column } = plan;
    const maps = this.strip.maps.map((map, r) => new Map(map).set(column.param, e.op("i32.sub", front.step, e.i32(r))));
    for (const instr of plan.each) for (const map of maps) filler.writeIn(map, instr);
    const along = this.along.map((load, k) => this.follow(front.along[k]!, this.loadAlong(load, front.step)));
    const known = new Map<Value, Lane>();
    const lane = (v: Value): Lane => {
      let now = known.get(v);
      if (!now) known.set(v, now = make(v));
      return now;
    };
    const make = (v: Value): Lane => {
      switch (plan.how.get(v)!) {
        case "constant": return this.every(v.type, Number(constantOf(v)));
        case "outside": case "row": return this.outside.get(v)!;
        case "counter": return [e.op("i32x4.sub", e.op("i32x4.splat", front.step), e.const("v128", new Uint8Array(Int32Array.of(0, 1, 2, 3).buffer)))];
        case "carried": return front.carried[this.carried.indexOf(v)]!;
        case "across": { const all = e.op(`${shapeOfRows(v.type)}.splat`, this.loadAlong(v.def as Memory, front.step)); return Array.from({ length: registersOf(v.type) }, () => all); }
        case "own": return joinRows(e, maps.map((map, r) => this.loadAlong(v.def as Memory, map.get(column.param)!, r)));
        case "along": return along[this.along.indexOf(v.def as Memory)]!;
        case "above": {
          const at = this.above.findIndex((a) => a.load === v.def), { group, age } = this.above[at]!;
          return this.follow(front.made[groups.indexOf(group)]![age - 1]!, front.heads[at]!);
        }
        case "left": { const g = groups.findIndex((group) => group.left.has(v.def as Memory)); return front.made[g]![groups[g]!.left.get(v.def as Memory)! - 1]!; }
        case "choice": {
          const [test, a, b] = choicesOf(v.def as If, v);
          return this.choose(lane(a), lane(b), mask(test));
        }
        case "each": return joinRows(e, maps.map((map) => filler.in(map, v)));
        case "operation": return this.operation(v.def as Machine, lane, mask);
      }
    };
    // what is no 0, without a number on the way
    const mask = (v: Value): Lane => {
      const { def } = v, how = plan.how.get(v), given = how === "choice" ? choicesOf(def as If, v) : how === "operation" && def!.op === "i32.select" ? [def!.args[0]!, def!.args[1]!, def!.args[2]!] as const : null;
      if (given) {
        const [test, a, b] = given.map((one) => this.fitting(mask(one), 1)[0]!) as [Value, Value, Value];
        return [a === test ? e.op("v128.or", test, b) : b === test ? e.op("v128.and", test, a) : e.op("v128.bitselect", a, b, test)];
      }
      if (how === "operation" && def !== null) {
        const [a, b] = def.args as [Value, Value?];
        if (def.op === "i32.ne" && constantOf(b!) === 0) return mask(a);
        if (def.op === "i32.eqz" || def.op === "i32.eq" && constantOf(b!) === 0) return mask(a).map((one) => e.op("v128.not", one));
        if (comparisons.test(def.op)) return this.eachRegister(`${shapeOfRows(def.args[0]!.type)}.${def.op.slice(4)}` as MachineOp, lane(def.args[0]!), lane(def.args[1]!));
      }
      return this.eachRegister("i32x4.ne", lane(v), this.every("i32", 0));
    };
    const carried = this.carried.map((p) => lane(inner.br.args[inner.loop.regions[0].params.indexOf(p)]!));
    const stored = groups.map((group) => lane(group.store.args[2]!));
    groups.forEach(({ store }, g) => {
      for (let r = 0; r < rows; r++) e.store({ ...store, offset: 0 }, [this.stores[g]![r]!, front.step, rowOf(e, stored[g]!, r, store.args[2]!.type)]);
    });
    const next = e.op("i32.add", front.step, e.i32(1));
    const made = front.made.map((list, g) => list.map((_, k) => (k === 0 ? this.kept(stored[g]!, groups[g]!) : list[k - 1]!)));
    return { step: next, heads: this.heads(e.op("i32.select", e.op("i32.lt_s", next, limit), next, front.step)), carried, made, along };
  }

  private every(type: Type, value: number): Lane {
    const one = this.tools.every(shapeOfRows(type), value);
    return Array.from({ length: registersOf(type) }, () => one);
  }
  private eachRegister(op: MachineOp, ...args: readonly Lane[]): Lane { return args[0]!.map((_, k) => this.e.operation(op, args.map((lane) => lane[k]!))); }
  /** The lanes one on, behind the one that comes in. */
  private follow(lanes: Lane, head: Value): Lane {
    const { e } = this, [a, b] = lanes;
    if (head.type !== "f64") return [replaceLane(e, shuffle(e, a!, a!, onward), 0, head)];
    return [joinLanes(e, [head, extractLane(e, a!, 0, "f64")]), shuffle(e, a!, b!, onwardDoubles)];
  }
  /** A mask, of so many registers. */
  private fitting(mask: Lane, registers: number): Lane {
    const [a, b] = mask as [Value, Value];
    return mask.length === registers ? mask : registers === 2 ? wider.map((bytes) => shuffle(this.e, a, a, bytes)) : [shuffle(this.e, a, b, narrower)];
  }
  private choose(a: Lane, b: Lane, mask: Lane): Lane { return this.eachRegister("v128.bitselect", a, b, this.fitting(mask, a.length)); }

  private operation(def: Machine, lane: (v: Value) => Lane, mask: (v: Value) => Lane): Lane {
    const [a, b, c] = def.args as [Value, Value, Value], { rangeOf } = this;
    if (comparisons.test(def.op)) return this.eachRegister("v128.and", this.fitting(mask(def.results[0]!), 1), this.every("i32", 1));
    switch (def.op) {
      case "i64.extend_i32_s": case "i32.wrap_i64": return lane(a);
      case "i32.select": case "i64.select": {
        const test = a.def, [x, y] = test?.args ?? [];
        if (x === b && y === c && /^i.*\.(gt|ge)_s$/.test(test!.op)) return this.eachRegister("i32x4.max_s", lane(b), lane(c));
        if (x === b && y === c && /^i.*\.(lt|le)_s$/.test(test!.op)) return this.eachRegister("i32x4.min_s", lane(b), lane(c));
        return this.choose(lane(b), lane(c), mask(a));
      }
      case "f32.select": case "f64.select": {
        const choice = a.def && isMachineOp(a.def.op) ? extremeOfChoice(a.def as Machine, b, c, (v) => rangeOf(v).nan) : null;
        return choice ? this.eachRegister(choice.op, ...choice.args.map(lane)) : this.choose(lane(b), lane(c), mask(a));
      }
      case "f32.min": case "f32.max": case "f64.min": case "f64.max": {
        const { op, swap } = extremeInLanes(def.op, rangeOf(a), rangeOf(b));
        return swap ? this.eachRegister(op, lane(b), lane(a)) : this.eachRegister(op, lane(a), lane(b));
      }
      case "f64.convert_i32_s": case "f64.convert_i64_s": { const [whole] = lane(a); return [whole!, shuffle(this.e, whole!, whole!, upper)].map((one) => this.e.op("f64x2.convert_low_i32x4_s", one)); }
      case "f64.promote_f32": { const [singles] = lane(a); return [singles!, shuffle(this.e, singles!, singles!, upper)].map((one) => this.e.op("f64x2.promote_low_f32x4", one)); }
      case "f32.demote_f64": { const [x, y] = lane(a).map((one) => this.e.op("f32x4.demote_f64x2_zero", one)); return [shuffle(this.e, x!, y!, lowers)]; }
      case "f32.convert_i32_s": return this.eachRegister("f32x4.convert_i32x4_s", lane(a));
      case "f32.neg": case "f32.abs": case "f64.neg": case "f64.abs": return this.eachRegister(`${shapeOfRows(a.type)}.${def.op.slice(4)}` as MachineOp, lane(a));
      case "f32.add": case "f32.sub": case "f32.mul": case "f64.add": case "f64.sub": case "f64.mul": return this.eachRegister(`${shapeOfRows(a.type)}.${def.op.slice(4)}` as MachineOp, lane(a), lane(b));
      case "i32.and": case "i32.or": case "i32.xor": return this.eachRegister(`v128.${def.op.slice(4)}` as MachineOp, lane(a), lane(b));
      case "i32.shl": case "i32.shr_s": case "i32.shr_u": return [this.e.op(`i32x4.${def.op.slice(4)}` as MachineOp, lane(a)[0]!, this.filler.value(b))];
      case "i32.extend8_s": return [this.extended(lane(a)[0]!, 8)];
      case "i32.extend16_s": return [this.extended(lane(a)[0]!, 16)];
      default: return this.eachRegister(`i32x4.${def.op.slice(4)}` as MachineOp, lane(a), lane(b));
    }
  }
  private readonly rangeOf = (v: Value): Range => (this.plan.numbers.has(v) ? { ...this.filler.rangeOf(v), nan: false } : this.filler.rangeOf(v));
}
