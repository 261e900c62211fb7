// Finds tables that are filled row by row, each number made of its neighbours on the left and above: what diagonals.ts fills by diagonals.
//
//   loop rows (%i) { if %i < %n { …of the row…; loop row (%j, %left) { if %j < %m { %up = i32.load [%h + %above + %j]; … i32.store [%h + %own + %j], %x; br row (%j + 1) %x } … } br rows (%i + 1) } … }
//
// 1. A loop that carries its counter alone, or beside it rows that change places (`[above, own] = [own, above]`) and the best number so far (bests.ts), around one loop that counts up and stores; loops behind that which go on where it stopped (split.ts) have
// nothing to do, which is asked. 2. Each space that is written: one store an iteration, in all rows to the same places (a row is written over the one
// before, or over the one before that) or in each to a row of its own, in one array or each in an array (then loads are of the row's own numbers or of those one row above: asked when it runs). 3. Each value in
// lanes, one for each row, a row one column behind the one above it: how, and how great it can be.
// What is asked when it runs, and why it is enough, says diagonals.ts. Changes nothing.

import { constantOf, regionsOf } from "../ir/build.ts";
import { extentOf } from "../ir/extents.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops, type MachineOp, type MemoryOp } from "../ir/ops.ts";
import type { Func, If, Instr, Loop, Machine, Memory, Program, Type, Value } from "../ir/types.ts";
import { visit } from "./flow.ts";
import type { Ranges } from "./ranges.ts";
import { mayTouch } from "./vectorize/accesses.ts";
import { bestsOf, type Best } from "./bests.ts";
import { countedLoop, type Counted, type Counter } from "./counted.ts";
import { comparisons, isFloat, registersOf, rows, small, type Group, type Guard, type How, type Index, type Tableau, type Ventured } from "./diagonalplan.ts";

/** What the tables hold, by the operation that stores it: those that load it, and its size's logarithm. */
const held: Partial<Record<MemoryOp, { readonly loads: readonly MemoryOp[]; readonly scale: number }>> = {
  "i32.store8": { loads: ["i32.load8_u", "i32.load8_s"], scale: 0 }, "i32.store16": { loads: ["i32.load16_u", "i32.load16_s"], scale: 1 }, "i32.store": { loads: ["i32.load"], scale: 2 },
  "f32.store": { loads: ["f32.load"], scale: 2 }, "f64.store": { loads: ["f64.load"], scale: 3 },
};
/** instructions of an iteration, and before the inner loop; steps that a number of the row above lies behind */
const most = { operations: 80, pre: 60, age: 3 };
export function planTableau(loop: Loop, func: Func, program: Program, ranges: () => Ranges): Tableau | null {
  if (loop.notes?.role === "rest" || loop.notes?.calls) return null;
  const outer = countedLoop(loop, { loops: true, bails: true });
  if (typeof outer === "string" || outer.counters.length !== 1) return null;
  const list = outer.body.body.slice(0, -1);
  const at = list.findIndex((instr) => instr.op === "loop");
  if (at < 0 || at > most.pre) return null;
  const inner = countedLoop(list[at] as Loop, { ends: true });
  if (typeof inner === "string" || inner.loop.notes?.role === "rest") return null;
  const post = list.slice(at + 1), [counter] = outer.counters;
  const bests = counter ? bestsOf(outer, inner, post.filter((instr) => instr.op === "loop")) : [], handed = new Set(bests.flatMap(({ parts }) => parts.map((part) => part.outer)));
  const swapped = counter && swappedIn(outer, [counter.param, ...handed]);
  const bound = swapped && boundOf(outer, counter);
  if (!bound || counter.param.type !== "i32" || !outer.exits.every((v) => v === counter.param || swapped.has(v) || handed.has(v) || !outer.inside(v))) return null;
  return new Planner(func, program, ranges, outer, counter, swapped, bound, inner, bests).plan(list.slice(0, at), post);
}

/** What a loop carries beside those, and what it is in the next row; null where that is something else than what it carries, or takes more than two rows to come back. */
function swappedIn({ loop, br }: Counted, others: readonly Value[]): Tableau["swapped"] | null {
  const { params } = loop.regions[0], next = new Map(params.flatMap((p, i) => (others.includes(p) ? [] : [[p, br.args[i]!] as const])));
  return [...next].every(([p, q]) => next.get(q) === p) ? next : null;
}

/** The outer loop's test: its counter compared with what is the same throughout, and whatever else holds throughout. */
function boundOf(outer: Counted, counter: Counter): Tableau["bound"] | null {
  const parts: Value[] = [], others: Value[] = [];
  const collect = (v: Value): void => { if (v.def?.op === "i32.and" && outer.inside(v)) v.def.args.forEach(collect); else parts.push(v); };
  collect(outer.cond);
  let test: Machine | null = null;
  for (const part of parts) {
    if (!outer.inside(part)) { others.push(part); continue; }
    const def = part.def!;
    const relations = counter.step > 0 ? ["i32.lt_s", "i32.le_s"] : ["i32.gt_s", "i32.ge_s"];
    if (test || !relations.includes(def.op) || def.args[0] !== counter.param || outer.inside(def.args[1]!)) return null;
    test = def as Machine;
  }
  return test && outer.pre.every((instr) => isMachineOp(instr.op)) ? { test, others } : null;
}

interface Bound { /** times the table's numbers: 0 or 1, or more than can be told */ readonly times: number; readonly plus: number }
const greatest = (x: Bound, y: Bound): Bound => ({ times: Math.max(x.times, y.times), plus: Math.max(x.plus, y.plus) });
const unknown: Bound = { times: Infinity, plus: Infinity };
/** Of doubles, which are in lanes what they are in scalar code. */
const free: Bound = { times: 0, plus: 0 };

class Planner {
  private readonly how = new Map<Value, How>();
  private readonly bounds = new Map<Value, Bound>();
  private readonly eachRow = new Set<Instr>();
  private readonly checked = new Set<Value>();
  private readonly ventured: Ventured[] = [];
  /** loads of tables */
  private readonly above = new Set<Memory>();
  private readonly left = new Set<Memory>();
  /** what is done in each iteration, not in an arm */
  private readonly top: ReadonlySet<Instr>;
  private readonly groups: Group[] = [];
  /** spaces */
  private readonly written = new Set<number>();
  private bounded = false;
  private work = 0;
  /** before the inner loop, for all rows */
  private known: (v: Value) => boolean = () => false;
  private readonly func: Func;
  private readonly program: Program;
  private readonly ranges: () => Ranges;
  private readonly outer: Counted;
  private readonly counter: Counter;
  private readonly swapped: Tableau["swapped"];
  private readonly bound: Tableau["bound"];
  private readonly inner: Counted;
  private readonly bests: readonly Best[];

  constructor(func: Func, program: Program, ranges: () => Ranges, outer: Counted, counter: Counter, swapped: Tableau["swapped"], bound: Tableau["bound"], inner: Counted, bests: readonly Best[]) {
    this.func = func;
    this.program = program;
    this.ranges = ranges;
    this.outer = outer;
    this.counter = counter;
    this.swapped = swapped;
    this.bound = bound;
    this.inner = inner;
    this.bests = bests;
    this.top = new Set(inner.body.body);
  }

  plan(pre: readonly Instr[], post: readonly Instr[]): Tableau | null {
    const { outer, inner, counter } = this;
    const test = inner.cond.def, column = inner.counters.find((c) => (test?.op === "i32.lt_s" || test?.op === "i32.le_s") && test.args[0] === c.param && c.step === 1);
    const body = inner.body.body.slice(0, -1);
    if (!column || inner.pre.some((instr) => instr !== test) || inner.counters.length !== 1 || body.length > most.operations) return null;
    const limit = test!.args[1]!, slope = this.slopeOf(column.first);
    if (inner.inside(limit) || slope === null || !body.every(isPlain)) return null;

    // what the nest writes, and what stands around the inner loop
    const { written } = this;
    for (const instr of [...pre, ...body]) visitOne(instr, (one) => { if (isMemoryOp(one.op) && memoryOps[one.op].store) written.add((one as Memory).space); });
    const touches = (space: number): boolean => [...written].some((w) => mayTouch(this.program, w, space));
    const split = this.splitPre(pre, touches);
    const rests = post.map((instr) => (instr.op === "loop" ? countedLoop(instr, { loops: true, bails: true }) : instr));
    const loops: Counted[] = [];
    for (const rest of rests) {
      if (typeof rest === "string") return null;
      if ("op" in rest) { if (!isMachineOp(rest.op) || ops[rest.op].effect !== "none") return null; continue; }
      if (rest.loop.notes?.role !== "rest" || !rest.exits.every((v) => rest.loop.regions[0].params.includes(v)) || !rest.pre.every((instr) => isMachineOp(instr.op) && ops[instr.op].effect === "none")) return null;
      loops.push(rest);
    }
    if (!split || written.size === 0 || !outer.body.body.includes(inner.loop)) return null;
    const known = this.known = (v: Value): boolean => !outer.inside(v) || v === counter.param || this.swapped.has(v) || split.early.some((instr) => instr.results.includes(v)) || outer.pre.some((instr) => instr.results.includes(v));
    if (!known(limit) || !known(column.first)) return null;

    for (const space of written) {
      const group = this.groupOf(space, [...body], split.late, known);
      if (!group || group.before !== group.base && !group.apart && slope !== 0) return null;
      this.groups.push(group);
      for (const load of group.above.keys()) this.above.add(load);
      for (const load of group.left.keys()) this.left.add(load);
    }
    // nothing else touches what is written
    for (const instr of body) {
      let fits = true;
      visitOne(instr, (one) => {
        if (!isMemoryOp(one.op)) return;
        const access = one as Memory;
        if (touches(access.space) && !this.above.has(access) && !this.left.has(access) && !this.groups.some((g) => g.store === access)) fits = false;
      });
      if (!fits) return null;
    }
    if ([...written].some((a) => [...written].some((b) => a !== b && mayTouch(this.program, a, b)))) return null;

    // lanes
    const { params } = inner.loop.regions[0];
    const carried = params.flatMap((p, i) => (p === column.param ? [] : [{ p, next: inner.br.args[i]! }]));
    for (const { p } of carried) {
      if (!inLanes.has(p.type)) return null;
      this.how.set(p, "carried");
      this.bounds.set(p, isFloat(p.type) ? free : { times: 1, plus: 0 });
      if (p.type === "i64") this.bounded = true;
    }
    this.how.set(column.param, "counter");
    this.bounds.set(column.param, unknown);
    const ends = [...carried.map((c) => c.next), ...this.groups.map((g) => g.store.args[2]!)];
    if (!ends.every((v) => this.lane(v))) return null;
    let growth = 0;
    // what is only noted is int32 in either
    const noted = new Set(this.bests.flatMap(({ parts }) => parts.slice(1).flatMap(({ inner: p }) => (p.type === "i64" ? [] : [inner.br.args[params.indexOf(p)]!]))));
    if (this.bounded) for (const v of ends) if (!noted.has(v)) {
      const { times, plus } = this.bounds.get(v) ?? this.boundOfOutside(v);
      if (!(times <= 1 && plus <= small.growth)) return null;
      growth = Math.max(growth, plus);
    }
    const each = body.filter((instr) => this.eachRow.has(instr));
    this.work += each.reduce((sum, instr) => sum + sizeOf(instr), 0) * rows + this.groups.length * 2 * rows + 4;
    if (this.work >= rows * body.reduce((sum, instr) => sum + sizeOf(instr), 0)) return null;
    return {
      outer, counter, swapped: this.swapped, bound: this.bound, bests: this.bests, ...split, inner, column, limit: { at: limit, last: test!.op === "i32.le_s" }, slope, rests: loops, groups: this.groups, how: this.how, each, bounded: this.bounded, growth,
      checked: [...this.checked], ventured: this.ventured, numbers: this.numbersOf(ends.filter(({ type }) => isFloat(type))),
    };
  }

  /** By how much the inner loop's first column differs from row to row. */
  private slopeOf(first: Value): number | null {
    if (!this.outer.inside(first)) return 0;
    const { def } = first, by = def?.op === "i32.add" ? constantOf(def.args[1]!) : undefined;
    const follows = first === this.counter.param || (typeof by === "number" && def!.args[0] === this.counter.param);
    return follows && Math.abs(this.counter.step) === 1 ? this.counter.step : null;
  }

  /** What stands before the inner loop: ahead for all rows what only computes, of memory that nobody writes. */
  private splitPre(pre: readonly Instr[], touches: (space: number) => boolean): { early: Instr[]; late: Instr[]; traps: Value[] } | null {
    const early: Instr[] = [...this.outer.pre], late: Instr[] = [], traps: Value[] = [];
    const waits = new Set<Value>();
    for (const instr of pre) {
      if (instr.op === "if" && instr.results.length === 0 && instr.regions[0].body.length === 1 && instr.regions[0].body[0]!.op === "trap" && instr.regions[1].body.length === 1) {
        if (waits.has(instr.args[0]!)) return null;
        traps.push(instr.args[0]!);
        continue;
      }
      if (!isPlain(instr)) return null;
      let after = false;
      visitOne(instr, (one) => {
        if (one.args.some((v) => waits.has(v))) after = true;
        if (isMemoryOp(one.op)) after ||= memoryOps[one.op].store || touches((one as Memory).space) || traps.length > 0;
      });
      if (after) { late.push(instr); for (const r of instr.results) waits.add(r); } else early.push(instr);
    }
    return { early, late, traps };
  }

  private indexOf(v: Value): Index | null {
    let plus = 0, columns = 0;
    const terms: Value[] = [];
    const sum = (one: Value): boolean => {
      const c = constantOf(one);
      if (typeof c === "number") { plus += c; return true; }
      if (one === this.columnParam) { columns++; return true; }
      if (!this.inner.inside(one)) { terms.push(one); return true; }
      const { def } = one;
      if (def?.op === "i32.add") return def.args.every(sum);
      const by = def?.op === "i32.sub" ? constantOf(def.args[1]!) : undefined;
      if (typeof by !== "number") return false;
      plus -= by;
      return sum(def!.args[0]!);
    };
    if (!sum(v) || columns !== 1 || Math.abs(plus) > 2 ** 20) return null;
    return { terms, plus, key: terms.map((t) => t.id).toSorted((a, b) => a - b).join() };
  }
  private get columnParam(): Value { return this.inner.cond.def!.args[0]!; }

  private groupOf(space: number, body: readonly Instr[], late: readonly Instr[], known: (v: Value) => boolean): Group | null {
    const stores = body.filter((instr): instr is Memory => isMemoryOp(instr.op) && memoryOps[instr.op].store && (instr as Memory).space === space);
    const [store] = stores;
    const element = store && held[store.op];
    if (!element || stores.length !== 1 || store.scale !== element.scale || store.offset % (1 << element.scale) !== 0) return null;
    const base = store.args[0]!;
    const index = this.indexOf(store.args[1]!);
    const apart = this.outer.inside(base) && !this.swapped.has(base), before = apart ? this.rowAbove(space, base, body) : this.swapped.get(base) ?? base;
    if (!before || apart && !(known(base) && known(before)) || !index || !index.terms.every(known)) return null;
    const { loads, scale } = element, furtherBy = ({ offset }: Memory): number => offset / (1 << scale);
    const own = { ...index, plus: index.plus + furtherBy(store) };
    const same = !apart && index.terms.every((t) => !this.outer.inside(t)), inPlace = same && before === base;
    if (before !== base && !apart && !same) return null;
    const above = new Map<Memory, { index: Index; age: number; guards: readonly Guard[] }>(), left = new Map<Memory, number>();
    let how: MemoryOp | null = null, done = false;
    const like = (access: Memory): boolean => (access.args[0] === base || access.args[0] === before) && access.scale === scale && access.offset % (1 << scale) === 0 && memoryOps[access.op].bytes === 1 << scale;
    const look = (instr: Instr, guards: readonly Guard[]): boolean => {
      if (instr.op === "if") return instr.regions.every((arm, k) => arm.body.every((one) => look(one, [...guards, { cond: instr.args[0]!, truth: k === 0 }])));
      if (instr === store) { done = true; return true; }
      if (!isMemoryOp(instr.op) || (instr as Memory).space !== space) return true;
      const load = instr as Memory, found = loads.includes(load.op) && load.op === (how ??= load.op) && like(load) ? this.indexOf(load.args[1]!) : null;
      if (!found || !found.terms.every(known)) return false;
      const plus = found.plus + furtherBy(load), behind = own.plus - plus, age = 1 + behind;
      if (found.key === own.key && load.args[0] === base && behind > 0) {
        // the row below, or the one below that, has already written over what is further back
        left.set(load, behind);
        return behind <= (same ? 1 : most.age);
      }
      if (inPlace && done) return false; // what the row itself has just stored
      above.set(load, { index: { ...found, plus }, age, guards: inPlace ? [] : guards });
      if (!inPlace && !guards.every(({ cond }) => this.alone(cond))) return false;
      // in place a number is there that the row above has just made, of two rows that change places one more; else of another row than the store's
      return load.args[0] === before && (same ? found.key === own.key && age >= 1 && age <= (inPlace ? 1 : 2) : (apart || found.key !== own.key) && age >= 1 && age <= most.age);
    };
    if (!body.every((instr) => look(instr, []))) return null;
    const ahead: { base: Value; at: Value; plus: number }[] = [];
    const computed = (v: Value): boolean => known(v) || v.def !== null && isMachineOp(v.def.op) && ops[v.def.op].effect === "none" && v.def.args.every(computed);
    for (const instr of late) {
      let fits = true;
      visitOne(instr, (one) => {
        if (!isMemoryOp(one.op) || (one as Memory).space !== space) return;
        const access = one as Memory;
        if (!like(access) || !computed(access.args[1]!)) fits = false;
        ahead.push({ base: access.args[0]!, at: access.args[1]!, plus: furtherBy(access) });
      });
      if (!fits) return null;
    }
    return { space, base, before, apart, store, load: how ?? loads[0]!, index: own, inPlace, above, left, ahead };
  }

  /** Where the loads begin that are not of the row's own array: one place, or null. */
  private rowAbove(space: number, base: Value, body: readonly Instr[]): Value | null {
    const found = new Set<Value>();
    for (const instr of body) visitOne(instr, (one) => { if (isMemoryOp(one.op) && (one as Memory).space === space && one.args[0] !== base) found.add(one.args[0]!); });
    return found.size === 1 ? [...found][0]! : null;
  }

  /** Whether a row can tell the value in any column, without the table. */
  private alone(v: Value): boolean {
    if (!this.inner.inside(v) || v === this.columnParam) return true;
    const { def } = v;
    if (def === null || this.inner.loop.regions[0].params.includes(v)) return false;
    if (isMemoryOp(def.op) ? !this.top.has(def) || this.written.has((def as Memory).space) : !isMachineOp(def.op) || ops[def.op].effect !== "none") return false;
    return def.args.every((arg) => this.alone(arg));
  }

  // ───────────────────────────────── lanes ─────────────────────────────────

  /** Whether the value can be in lanes; remembers how. */
  private lane(v: Value): boolean {
    if (!inLanes.has(v.type)) return false;
    if (this.how.has(v)) return true;
    const c = constantOf(v);
    if (c !== undefined) {
      if (Math.abs(Number(c)) >= small.growth && v.type === "i64") return false;
      return this.found(v, "constant", { times: 0, plus: Math.abs(Number(c)) });
    }
    if (!this.inner.inside(v)) return this.found(v, "outside", this.boundOfOutside(v));
    const def = v.def!, registers = registersOf(v.type);
    if (isMemoryOp(def.op)) {
      const load = def as Memory;
      if (this.above.has(load)) { this.work += 2 + registers; return this.found(v, "above", { times: 1, plus: 0 }); }
      if (this.left.has(load)) return this.found(v, "left", { times: 1, plus: 0 });
      const how = this.loaded(load);
      if (how) { this.work += (how === "own" ? 2 * rows : 2) + registers; return this.found(v, how, this.boundByRange(v)); }
      if (!this.top.has(def)) return false;
    }
    if (isMachineOp(def.op) && this.operation(def as Machine)) { this.work += registers; return this.found(v, "operation", this.boundOf(def as Machine)); }
    if (v.type !== "i64" && this.top.has(def) && this.scalar(v)) { this.work += rows; return this.found(v, "each", this.boundByRange(v)); }
    if (def.op !== "if") return false;
    const at = def.results.indexOf(v), given = def.regions.map(({ body }) => body.at(-1)!.args[at]!) as [Value, Value];
    if (![def.args[0]!, ...given].every((arg) => this.lane(arg))) return false;
    this.work += registers;
    return this.found(v, "choice", greatest(this.bounds.get(given[0])!, this.bounds.get(given[1])!));
  }
  /** How lanes load of memory that nobody writes. In an arm, of what tells its length; each of its own numbers there only: elsewhere `each` does so. */
  private loaded(load: Memory): How | null {
    const [base, at] = load.args as [Value, Value?], arm = !this.top.has(load);
    if (this.outer.inside(base) || !at) return null;
    const index = this.indexOf(at), terms = (index?.terms ?? []).filter((t) => this.outer.inside(t));
    const how = index ? terms.length === 0 ? "along" : terms.length === 1 && terms[0] === this.counter.param && this.counter.step === 1 ? "across" : "own" : this.inner.inside(at) ? null : "row";
    if (!how || !arm) return how === "along" || how === "across" ? how : null;
    const extent = extentOf(base, this.func, this.program), { bytes } = memoryOps[load.op];
    if (extent?.bytes !== bytes || bytes !== 1 << load.scale || load.offset % bytes !== 0 || !(index ? terms.every(this.known) : load.offset === 0 && this.known(at))) return null;
    this.ventured.push({ load, index: index && { ...index, plus: index.plus + load.offset / bytes }, rows: how === "own" || how === "row" ? rows : 1, length: extent.length });
    return how;
  }
  private found(v: Value, how: How, bound: Bound): boolean {
    this.how.set(v, how);
    this.bounds.set(v, isFloat(v.type) ? free : bound);
    if (v.type === "i64" && how !== "constant") {
      this.bounded = true;
      return bound.times <= 1 && bound.plus < small.growth;
    }
    return true;
  }
  private boundByRange(v: Value): Bound {
    if (isFloat(v.type)) return free;
    if (v.type === "i64") return v.def?.op === "i64.extend_i32_s" ? this.boundByRange(v.def.args[0]!) : unknown;
    const { lo, hi } = this.ranges().of(v), plus = Math.max(Math.abs(lo), Math.abs(hi));
    return plus <= small.constant ? { times: 0, plus } : unknown;
  }
  /** One that may be great is looked at as the table's numbers are. */
  private boundOfOutside(v: Value): Bound {
    const c = constantOf(v);
    if (c !== undefined) return { times: 0, plus: Math.abs(Number(c)) };
    const bound = this.boundByRange(v);
    if (bound !== unknown) return bound;
    this.checked.add(v);
    return { times: 1, plus: 0 };
  }

  private operation(def: Machine): boolean {
    return laneOperations.has(def.op) && def.args.every((arg) => this.lane(arg)) && (!/^i\d+\.(shl|shr_[su]|mul)$/.test(def.op) || constantOf(def.args[1]!) !== undefined && def.op !== "i64.mul");
  }
  private boundOf(def: Machine): Bound {
    const of = (v: Value): Bound => this.bounds.get(v)!;
    const [a, b, c] = def.args as [Value, Value, Value];
    switch (def.op) {
      case "i64.extend_i32_s": case "i32.wrap_i64": return of(a);
      case "i32.add": case "i32.sub": case "i64.add": case "i64.sub": return { times: of(a).times + of(b).times, plus: of(a).plus + of(b).plus };
      case "i32.select": case "i64.select": return greatest(of(b), of(c));
      default: return comparisons.test(def.op) ? { times: 0, plus: 1 } : this.boundByRange(def.results[0]!);
    }
  }

  /**
   * What is no NaN where the table's numbers are none: by induction, if what is stored and carried on is such. It may be infinite, so that only what is finite is
   * added. None where no least or greatest would be cheaper for it.
   */
  private numbersOf(ends: readonly Value[]): ReadonlySet<Value> {
    const found = new Map<Value, "any" | "number" | "finite">();
    const of = (v: Value): "any" | "number" | "finite" => {
      let now = found.get(v);
      if (!now) found.set(v, now = look(v));
      return now;
    };
    const isNumber = (v: Value): boolean => of(v) !== "any";
    const look = (v: Value): "any" | "number" | "finite" => {
      const how = this.how.get(v), { nan, lo, hi } = this.ranges().of(v);
      if (!nan && lo > -Infinity && hi < Infinity) return "finite";
      if (how === "carried" || how === "above" || how === "left") return "number";
      if (how === "choice") { const at = v.def!.results.indexOf(v); return regionsOf(v.def!).every(({ body }) => isNumber(body.at(-1)!.args[at]!)) ? "number" : "any"; }
      const { op, args } = v.def ?? { op: "", args: [] }, [a, b] = args;
      const what = /^f\d+\.(\w+)$/.exec(op)?.[1] ?? "";
      const holds = how !== "operation" ? !nan : what === "add" || what === "sub" ? isNumber(a!) && of(b!) === "finite" || isNumber(b!) && of(a!) === "finite"
        : extremes.has(what) ? isNumber(a!) && isNumber(b!) : what === "select" ? args.slice(1).every(isNumber) : moving.has(what) ? isNumber(a!) : !nan;
      return holds ? "number" : "any";
    };
    const gains = [...this.how].some(([v, how]) => how === "operation" && extremes.has(v.def!.op.slice(4)) && isFloat(v.type) && isNumber(v));
    return gains && ends.every(isNumber) ? new Set([...found].flatMap(([v, one]) => (one === "any" ? [] : [v]))) : new Set();
  }

  /** Whether each row can compute the value for itself: of its counter, of what is outside, and of memory that nobody writes. */
  private scalar(v: Value): boolean {
    const needed = new Set<Instr>();
    if (!this.computed(v, needed)) return false;
    for (const instr of needed) this.eachRow.add(instr);
    return true;
  }
  private computed(v: Value, needed: Set<Instr>): boolean {
    if (!this.inner.inside(v) || v === this.columnParam || constantOf(v) !== undefined) return true;
    const { def } = v;
    if (!def || !this.top.has(def)) return false;
    if (this.eachRow.has(def) || needed.has(def)) return true;
    let fits = true;
    const own = new Set<Value>();
    visitOne(def, (one) => {
      for (const r of one.results) own.add(r);
      if (isMemoryOp(one.op) && (this.above.has(one as Memory) || this.left.has(one as Memory) || memoryOps[one.op].store)) fits = false;
    });
    visitOne(def, (one) => { for (const arg of one.args) if (fits && !own.has(arg) && !this.computed(arg, needed)) fits = false; });
    if (fits) needed.add(def);
    return fits;
  }
}

/** of floating-point numbers: what gives one of two, and what gives the one it is given but for its sign and its size */
const extremes: ReadonlySet<string> = new Set(["min", "max"]), moving: ReadonlySet<string> = new Set(["neg", "abs", "promote_f32", "demote_f64"]);
const inLanes: ReadonlySet<Type> = new Set<Type>(["i32", "i64", "f32", "f64"]);
const laneOperations: ReadonlySet<string> = new Set<MachineOp>([
  "i32.add", "i32.sub", "i32.mul", "i32.and", "i32.or", "i32.xor", "i32.shl", "i32.shr_s", "i32.shr_u", "i32.extend8_s", "i32.extend16_s", "i32.select", "i32.eqz", "i32.eq", "i32.ne", "i32.lt_s", "i32.lt_u", "i32.gt_s", "i32.gt_u", "i32.le_s", "i32.le_u", "i32.ge_s", "i32.ge_u",
  "i64.add", "i64.sub", "i64.select", "i64.eq", "i64.ne", "i64.lt_s", "i64.gt_s", "i64.le_s", "i64.ge_s", "i64.extend_i32_s", "i32.wrap_i64",
  "f64.add", "f64.sub", "f64.mul", "f64.neg", "f64.abs", "f64.min", "f64.max", "f64.select", "f64.eq", "f64.ne", "f64.lt", "f64.gt", "f64.le", "f64.ge", "f64.convert_i32_s", "f64.convert_i64_s", "f64.promote_f32",
  "f32.add", "f32.sub", "f32.mul", "f32.neg", "f32.abs", "f32.min", "f32.max", "f32.select", "f32.eq", "f32.ne", "f32.lt", "f32.gt", "f32.le", "f32.ge", "f32.convert_i32_s", "f32.demote_f64",
]);

/** Of these a divisor that is no constant may be one that traps. */
const divides: ReadonlySet<string> = new Set<MachineOp>(["i32.div_s", "i32.div_u", "i32.rem_s", "i32.rem_u"]);

function visitOne(instr: Instr, see: (one: Instr) => void): void {
  see(instr);
  for (const region of regionsOf(instr)) visit(region, see);
}
function sizeOf(instr: Instr): number {
  let size = 0;
  visitOne(instr, (one) => { if (one.op !== "yield") size += /^f\d+\.m(in|ax)$/.test(one.op) ? branching : 1; });
  return size;
}
/** Engines write comparisons and branches for the least of two doubles. */
const branching = 4;
/** Scalar work, loads and stores, and `if`s around them that come back. */
function isPlain(instr: Instr): boolean {
  if (isMachineOp(instr.op)) return ops[instr.op].effect === "none" || divides.has(instr.op) && Number(constantOf(instr.args[1]!)) > 0;
  return isMemoryOp(instr.op) || instr.op === "data.addr" || instr.op === "frame.addr"
    || instr.op === "if" && (instr as If).regions.every((arm) => arm.body.at(-1)!.op === "yield" && arm.body.every((one) => one.op === "yield" || isPlain(one)));
}
