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
import { isMachineOp, ops } from "../ir/ops.ts";
import type { Func, Instr, Loop, Program, Region, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { better } from "./bests.ts";
import { CopyWriter } from "./copies.ts";
import { each, flatten, Lanes, rowOf, Strip, unflatten, type Front, type Row } from "./diagonallanes.ts";
import type { Range } from "./intervals.ts";
import type { Note } from "./notes.ts";
import { yields } from "./rewrite.ts";
import { planTableau } from "./tableau.ts";
import { isFloat, rows, small, type Group, type Index, type Tableau, type Ventured } from "./diagonalplan.ts";

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

export class Filler extends CopyWriter {
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
