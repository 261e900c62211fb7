// Several iterations of a loop at once, one in each lane, where a loop inside gathers what depends on the order: sums of doubles, hashes, the
// best so far. Each lane keeps its own order, so the bits stay.
//
//   loop l (%i = 0) { if %i < %n { pre; %s = loop m (%j = 0, %s = 0.0) { if %j < %k { …; br m (%j + 1) (%s + %x[%i + %j] · %t[%j]) } yield %s }; finish; br l %i + 1 } yield }
//     →  loop a (%i = 0) { if %i < %n {
//          %b = loop l (%i) { if %i + 7 < %n { pre, for eight iterations
//                 if their inner loops go alike { %s in lanes = loop m (%j, %s in lanes) {…}; finish, for one iteration after the other; br l %i + 8 } } yield %i }
//          %i = loop l (%b) { up to eight iterations as they were }; br a %i } yield }
//
// Requires: machine form, split (checks and what they need a slow path for stand in a loop behind the inner one, which is part of `finish`). The
// outer loop counts in int32, and what else it carries (a sum of what the rows gave, the best of them) only `finish` uses, which is done in order;
// nothing before or in the inner loop stores, or loads what `finish` may store.
// Guarantees: machine form, same bits. The inner loop of eight iterations loads what each of them would: it has as many turns as all of them have,
// and what some have beyond that a loop behind it does; where there is none, all must have as many. Only the first and the last iteration are asked
// for that where concave.ts says that this will do.
// (Allen, Cocke, "A catalogue of optimizing transformations", 1971: unroll and jam, with the copies in lanes.)

import { constantOf, instructions, regionsOf } from "../../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../../ir/ops.ts";
import type { Data, Func, If, Instr, Loop, Machine, Memory, Program, Region, Value } from "../../ir/types.ts";
import { contentsOf } from "../analyses.ts";
import { extractLane, joinLanes } from "../lanes.ts";
import type { Range } from "../intervals.ts";
import { plain, yields } from "../rewrite.ts";
import { mayTouch, type Access, type Stream } from "./accesses.ts";
import { Concave } from "./concave.ts";
import { countedLoop, type Counted, type Counter } from "../counted.ts";
import { flatten, neededValues, scheduled, type Flat } from "./flat.ts";
import { LinearForms, shapeKey, stride, type Linear } from "./linear.ts";
import { remember } from "./notes.ts";
import { hasLanes, unsupported } from "./operations.ts";
import { LoopPlanner } from "../planned.ts";
import { planReductions } from "./reductions.ts";
import { naturalWidth, Widths, type Width } from "./widths.ts";
import { turned, turnedTables, type Counts } from "./turned.ts";
import { VectorWriter } from "./writer.ts";

export function jam(func: Func, program: Program): Func {
  if (!contentsOf(func).nests) return func;
  const jammer = new Jammer(func, program);
  if (!jammer.plansAny) return func;
  const made = jammer.run();
  remember(made, jammer.notes);
  return made;
}

/** instructions of all copies of what stands around an inner loop, values that its lanes carry (what finds no register then still costs less than going one by one), and those of the outer loop */
const most = { copied: 1500, carried: 12, late: 4 };

interface Plan {
  readonly counted: Counted;
  readonly limit: Value;
  readonly inner: Counted;
  /** before the inner loop, and behind it */
  readonly pre: readonly Instr[];
  readonly finish: Region;
  readonly flat: Flat;
  readonly needed: ReadonlySet<Value>;
  readonly widths: Widths;
  /** what the inner loop carries but for its counters */
  readonly carried: readonly Value[];
  /** what the outer loop carries but for its counters, by its place there */
  readonly late: ReadonlyMap<number, Value>;
  readonly accesses: ReadonlyMap<Memory, Access>;
  /** loads that each lane does by itself: where, if that is linear in the inner counters */
  readonly gathers: ReadonlyMap<Memory, Linear | null>;
  /** constant tables laid out anew, by what lies in them */
  readonly tables: ReadonlyMap<Stream, Data>;
  /** products of the inner loop's own that are the same in all lanes: rows of a matrix whose width the call tells */
  readonly alike: (v: Value) => boolean;
  /** of values from before the inner loop, what they grow by from lane to lane, to be verified */
  readonly steps: ReadonlyMap<Value, number>;
  readonly lanes: number;
  /** how the lanes' inner loops may differ: not in their turns; not, but for what a loop behind makes up for; in that, least at the first or last */
  readonly differ: "no" | "all" | "ends";
}

class Jammer extends LoopPlanner<Plan> {
  // ───────────────────────────────── what is possible ─────────────────────────────────

  protected override plan(loop: Loop): Plan | null {
    if (!loop.regions[0].body.some((instr) => instr.op === "if" && instr.regions[0].body.some((inner) => inner.op === "loop"))) return null;
    const counted = countedLoop(loop, { loops: true });
    if (typeof counted === "string" || counted.pre.some((instr) => !isMachineOp(instr.op))) return null;
    const { params } = loop.regions[0];
    const limit = limitOf(counted, (v) => !counted.inside(v));
    if (!limit || limit.relation !== "i32.lt_s" || limit.counter.step < 1 || counted.counters.some((c) => c.param.type !== "i32")) return null;
    const late = new Map([...params.entries()].filter(([i]) => !counted.counters.some((c) => c.index === i)));
    if (late.size > most.late || [...late.values()].some((p) => p.type === "v128" || p.type === "js")) return null;
    if (!counted.exits.every((v) => params.includes(v))) return null;

    // 1. the first loop inside, with what stands around it
    const list = counted.body.body;
    const at = list.findIndex((instr) => holdsLoop(instr) && !findsEnd(instr));
    const whole = list[at];
    if (whole?.op !== "loop") return null;
    const pre = list.slice(0, at);
    const finish: Region = { params: [], body: [...list.slice(at + 1, -1), ...yields([]).body] };
    const inner = countedLoop(whole);
    if (typeof inner === "string" || !inner.exits.every((v) => !inner.inside(v) || whole.regions[0].params.includes(v))) return null;
    const turns = limitOf(inner, (v) => !inner.inside(v));
    if (!turns || inner.pre.some((instr) => !isMachineOp(instr.op))) return null;
    const carried = whole.regions[0].params.filter((p) => !inner.counters.some((c) => c.param === p && p.type === "i32"));
    if (carried.length === 0 || carried.length > most.carried || carried.some((p) => p.type === "i64" || p.type === "v128" || p.type === "js")) return null;
    if (!this.separate(pre, whole, finish)) return null;
    const isLate = new Set(late.values());
    if (late.size > 0 && [...counted.pre, ...instructions({ params: [], body: [...pre, whole] })].some((instr) => instr.args.some((v) => isLate.has(v)))) return null;

    // 2. its body in lanes
    const straight = flatten(inner);
    if (typeof straight === "string" || typeof planReductions(inner, straight, this.ranges, false, false) !== "string") return null; // lanes of its own do better
    const alike = (v: Value): boolean => constantOf(v) !== undefined || !counted.inside(v) || inner.counters.some((c) => c.param === v && v.type === "i32")
      || (v.def?.op === "i32.mul" || v.def?.op === "i32.add" || v.def?.op === "i32.sub") && inner.inside(v) && v.def.args.every(alike);
    const forms = new LinearForms(inner, this.ranges, undefined, (v) => v.type === "i32" && alike(v)), outerForms = new LinearForms(counted, this.ranges);
    const roots = carried.map((p) => inner.br.args[whole.regions[0].params.indexOf(p)]!);
    const found = this.loads(straight, forms, outerForms, counted, inner, alike);
    if (!found) return null;
    const { accesses, gathers, steps, tables } = found;
    const lookups = new Map([...gathers].flatMap(([instr, form]) => (form ? [] : [[instr.results[0]!, instr.args[1]!] as const])));
    const flat = scheduled(straight, roots, lookups, () => false);
    const needed = neededValues(flat, roots, lookups);
    const isUniform = (v: Value): boolean => !counted.inside(v);
    for (const step of flat.steps) {
      if (step.kind === "store" || step.kind === "load" && step.mask) return null;
      if (step.kind !== "load" && needed.has(step.result) && (unsupported(step) || !hasLanes(step, isUniform))) return null;
    }
    const lookedUp = new Map([...gathers.keys()].map((instr) => [instr.results[0]!, instr.args[1]!] as const));
    const widths = new Widths(flat, needed, roots, lookedUp, this.ranges);
    const lanes = lanesOf(flat, widths, needed);
    const size = [...instructions({ params: [], body: pre })].length + [...instructions(finish)].length;
    if (size * lanes > most.copied || !pays(flat, widths, needed, gathers)) return null;
    const differ = whole.notes?.role !== "main" || turns.relation !== "i32.lt_s" ? "no" : new Concave(counted, this.ranges).holds(turns.limit) ? "ends" : "all";
    const moves = (v: Value): boolean => { const form = counted.inside(v) ? outerForms.of(v) : null; return form !== null && stride(form) !== 0; };
    const lookedUpAt = (v: Value): Value | null => (v.def && counted.inside(v) && isMemoryOp(v.def.op) ? v.def.args[1]! : null);
    const begins = ({ first }: Counter): boolean => { const at = lookedUpAt(first); return moves(first) || at !== null && moves(at); }; // a row of a sparse matrix begins where the one before it ends
    if (differ === "no" && moves(turns.limit) || inner.counters.some(begins)) return null; // never alike
    this.notes.push({ line: whole.notes?.place?.line ?? whole.place?.line ?? 0, lanes, why: null });
    return { counted, limit: limit.limit, inner, pre, finish, flat, needed, widths, carried, late, accesses, gathers, tables, alike, steps, lanes, differ };
  }

  /** Whether iterations may begin before earlier ones have finished: nothing that is loaded early is stored late. */
  private separate(pre: readonly Instr[], inner: Loop, finish: Region): boolean {
    const loads: number[] = [];
    const early = (instr: Instr): boolean => {
      if (isMemoryOp(instr.op)) { loads.push((instr as Memory).space); return !memoryOps[instr.op].store; }
      if ("space" in instr) return false;
      return (isMachineOp(instr.op) ? ops[instr.op].effect === "none" : ["if", "yield", "br", "loop", "data.addr"].includes(instr.op)) && regionsOf(instr).every((r) => r.body.every(early));
    };
    if (!pre.every((instr) => (instr.op !== "loop" || findsEnd(instr)) && early(instr)) || !early(inner)) return false;
    for (const instr of instructions(finish)) {
      if (instr.op === "call") return false;
      const space = "space" in instr && (!isMemoryOp(instr.op) || memoryOps[instr.op].store) ? instr.space : null;
      if (space !== null && loads.some((other) => mayTouch(this.program, space, other))) return false;
    }
    return true;
  }

  /** Where the inner loop's loads go in the lanes: side by side, all to one place, or each where it wants. */
  private loads(flat: Flat, forms: LinearForms, outerForms: LinearForms, counted: Counted, inner: Counted, alike: (v: Value) => boolean): Pick<Plan, "accesses" | "gathers" | "steps" | "tables"> | null {
    const accesses = new Map<Memory, Access>(), gathers = new Map<Memory, Linear | null>(), steps = new Map<Value, number>();
    const streams = new Map<string, Stream>(), tables = new Map<Stream, Data>();
    const counts = (of: Counted): Counts | null => { const test = limitOf(of, (v) => !of.inside(v)); return test && { counter: test.counter, range: this.valuesIn(test) }; };
    const [around, along] = [counts(counted), counts(inner)], sides = around && along ? [around, along] as const : null;
    for (const step of flat.steps) {
      if (step.kind === "store") return null;
      if (step.kind !== "load") continue;
      const { instr } = step;
      const [base, index] = instr.args as [Value, Value];
      if (inner.inside(base)) return null; // places are calculated before the inner loop
      const c = constantOf(index);
      const form: Linear | null = c === undefined ? forms.of(index) : { counters: [], terms: [], plus: c as number, within: [] };
      if (!form || form.within.length > 0 || form.terms.some((t) => t.value.type !== "i32")) {
        if (counted.inside(base)) return null;
        gathers.set(instr, null);
        continue;
      }
      const columns = sides && turned(this.program, step, form, outerForms, ...sides, flat, accesses.size);
      if (columns) { accesses.set(instr, columns.access); tables.set(columns.access.stream, columns.table); continue; }
      if (counted.inside(base)) { gathers.set(instr, form); continue; } // a row of its own in each lane
      let between: number | null = 0; // from lane to lane
      const own = new Map<Value, number>();
      for (const { value, times } of form.terms) {
        if (alike(value)) continue;
        const outer = outerForms.of(value);
        if (!outer) { between = null; break; }
        own.set(value, stride(outer));
        between += times * stride(outer);
      }
      const { bytes } = memoryOps[instr.op];
      if (between === null || between !== 0 && between * 2 ** instr.scale !== bytes) { gathers.set(instr, form); continue; }
      own.forEach((by, value) => steps.set(value, by));
      const low = form.plus * 2 ** instr.scale + instr.offset;
      const key = `${base.id};${instr.space};${instr.scale};${shapeKey(form)};${bytes}`;
      let stream = streams.get(key);
      if (!stream) streams.set(key, stream = { base, form: { ...form, plus: 0 }, scale: instr.scale, space: instr.space, stride: between * 2 ** instr.scale, low, high: low + bytes, element: bytes, single: true });
      stream.low = Math.min(stream.low, low);
      stream.high = Math.max(stream.high, low + bytes);
      accesses.set(instr, { step, stream, at: low, bytes, order: accesses.size });
    }
    return { accesses, gathers, steps, tables };
  }
  /** What the counter may be in an iteration. */
  private valuesIn({ counter, limit, relation }: NonNullable<ReturnType<typeof limitOf>>): Range {
    const range = this.ranges.of(counter.param);
    return relation === "i32.lt_s" ? { ...range, hi: Math.min(range.hi, this.ranges.of(limit).hi - 1) } : range;
  }

  // ───────────────────────────────── writing it ─────────────────────────────────

  /** what a loop that is written as it was ends at, and begins with */
  private bounded: { readonly plan: Plan; readonly limit: Value } | null = null;
  private readonly begun = new Map<Loop["label"], Value[]>();
  protected override inits(instr: Loop): Value[] { return this.begun.get(instr.label) ?? super.inits(instr); }
  protected override condition(instr: If): Value {
    const { bounded } = this;
    if (bounded?.plan.counted.test !== instr) return super.condition(instr);
    return this.e.op("i32.lt_s", this.value(limitOf(bounded.plan.counted, () => true)!.counter.param), bounded.limit);
  }

  protected override loop(instr: Loop): boolean {
    const plan = this.bounded?.plan.counted.loop === instr ? null : this.planOf(instr);
    if (!plan) return super.loop(instr);
    const { e } = this;
    const { counted, lanes } = plan;
    const old = instr.regions[0];
    const inits = this.inits(instr);
    const limit = this.value(plan.limit);
    const { counter } = limitOf(counted, () => true)!;
    const params = old.params.map((p) => this.fresh(p));
    const label = { name: `${instr.label.name}all` };
    this.forgetWrites(old);
    const body = e.inRegion(params, () => {
      const then = e.inRegion([], () => {
        const blocks = this.blocks(plan, params, limit);
        const now = blocks[counter.index]!;
        // as many as are left or a block has; what `now` grows by does not wrap where that is less than what is left
        const left = e.op("i32.sub", limit, now);
        const end = e.op("i32.select", e.op("i32.lt_u", e.i32(lanes * counter.step), left), e.op("i32.add", now, e.i32(lanes * counter.step)), limit);
        this.bounded = { plan, limit: e.op("i32.select", e.op("i32.lt_s", now, limit), end, limit) };
        this.begun.set(instr.label, blocks);
        super.loop({ ...instr, results: [...old.params], regions: [{ params: old.params, body: [...old.body.slice(0, -1), { op: "yield", args: [...old.params], results: [] }] }], notes: { ...instr.notes, role: "rest" } });
        this.begun.delete(instr.label);
        this.bounded = null;
        e.append({ op: "br", label, args: old.params.map((p) => this.map[p.id]!), results: [] });
      });
      e.append({ op: "if", args: [e.op("i32.lt_s", params[counter.index]!, limit)], results: [], regions: [then, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: counted.exits.map((v) => params[old.params.indexOf(v)]!), results: [] });
    });
    this.forgetWrites(old);
    const results = instr.results.map((r) => this.bind(r, this.fresh(r)));
    e.append({ op: "loop", label, args: inits, results, regions: [body], notes: { ...instr.notes, role: "rest" }, place: instr.place });
    return true;
  }

  /** Whole blocks of iterations, as long as their inner loops go alike; gives where the next one begins. */
  private blocks(plan: Plan, inits: readonly Value[], limit: Value): Value[] {
    const { e } = this;
    const { counted, inner, pre, lanes } = plan;
    const old = counted.loop.regions[0];
    const { counter } = limitOf(counted, () => true)!;
    const params = old.params.map((p) => this.fresh(p));
    const label = { name: `${counted.loop.label.name}lanes` };
    this.forgetWrites(old);
    const body = e.inRegion(params, () => {
      const now = params[counter.index]!;
      const last = (lanes - 1) * counter.step;
      const fits = e.op("i32.and", e.op("i32.lt_s", now, limit), e.op("i32.lt_u", e.i32(last), e.op("i32.sub", limit, now)));
      const then = e.inRegion([], () => {
        // 1. what stands before the inner loop, in all of them
        const maps = Array.from({ length: lanes }, (_, lane) => {
          for (const c of counted.counters) this.bind(c.param, e.op("i32.add", params[c.index]!, e.i32(lane * c.step)));
          this.walk({ params: [], body: [...counted.pre, ...pre, ...yields([]).body] }, plain([]));
          const map = new Map<Value, Value>(counted.counters.map((c) => [c.param, this.map[c.param.id]!]));
          for (const instr of [...counted.pre, ...pre]) for (const r of instr.results) map.set(r, this.map[r.id]!);
          return map;
        });
        const of = (v: Value, lane: number): Value => maps[lane]!.get(v) ?? this.value(v);
        // 2. how many turns all inner loops have, and whether their loads lie as they should: in between as at both ends
        let alike: Value | null = null;
        const equal = (a: Value, b: Value): void => { if (a !== b) { const same = e.op("i32.eq", a, b); alike = alike ? e.op("i32.and", alike, same) : same; } };
        const turns = limitOf(inner, (v) => !inner.inside(v))!;
        let least = of(turns.limit, 0);
        for (let lane = 1; lane < lanes; lane++) {
          const its = of(turns.limit, lane);
          if (plan.differ === "no") equal(its, least);
          else if (its !== least && (plan.differ === "all" || lane === lanes - 1)) least = e.op("i32.select", e.op("i32.lt_s", its, least), its, least);
          for (const c of inner.counters) if (c.param.type === "i32") equal(of(c.first, lane), of(c.first, 0));
        }
        for (const [v, by] of plan.steps) equal(of(v, lanes - 1), e.op("i32.add", of(v, 0), e.i32((lanes - 1) * by)));
        const block = e.inRegion([], () => {
          const late = this.writeBlock(plan, maps, of, least, params);
          e.append({ op: "br", label, args: params.map((p, i) => late.get(i) ?? e.op("i32.add", p, e.i32(lanes * counted.counters.find((c) => c.index === i)!.step))), results: [] });
        });
        e.append({ op: "if", args: [alike ?? e.i32(1)], results: [], regions: [block, yields([])], place: counted.loop.place });
        e.append({ op: "yield", args: [], results: [] });
      });
      e.append({ op: "if", args: [fits], results: [], regions: [then, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    this.forgetWrites(old);
    const results = old.params.map((p) => this.fresh(p));
    e.append({ op: "loop", label, args: [...inits], results, regions: [body], notes: { ...counted.loop.notes, role: "main" }, place: counted.loop.place });
    return results;
  }

  /** The inner loop in lanes, then what follows it, lane by lane. Gives what the outer loop carries, as the last one leaves it. */
  private writeBlock(plan: Plan, maps: readonly ReadonlyMap<Value, Value>[], of: (v: Value, lane: number) => Value, least: Value, inits: readonly Value[]): Map<number, Value> {
    const { e } = this;
    const { counted, inner, carried, lanes } = plan;
    const whole = inner.loop;
    const old = whole.regions[0];
    const counters = inner.counters.filter((c) => c.param.type === "i32");
    const before = e.region;
    const state = carried.map((p) => this.registers(naturalWidth(p), lanes, (lane) => of(whole.args[old.params.indexOf(p)]!, lane)));
    const nows = counters.map((c) => e.value("i32", c.param.name));
    const now = (v: Value): Value | null => nows[counters.findIndex((c) => c.param === v)] ?? null;
    const params = state.map((registers) => registers.map(() => e.value("v128")));
    const leaves = new Map<Value, Value[]>();
    const outside = <T>(write: () => T): T => {
      const region = e.region;
      e.region = before;
      try { return write(); } finally { e.region = region; }
    };
    const places = new Map<string, { readonly base: Value; readonly offset: number }>();
    /** base + what a form adds to it in a lane, before the loop */
    const baseOf = (key: string, base: Value | Data, form: Linear, scale: number, lane: number, low: number): { readonly base: Value; readonly offset: number } => {
      let found = places.get(`${key};${lane}`);
      if (!found) {
        const least = Math.min(low, 0), begin = (): Value => ("bytes" in base ? e.address({ op: "data.addr", segment: this.segmentOf(base), args: [], results: [] }) : of(base, lane));
        found = { offset: -least, base: outside(() => form.terms.filter((t) => !isAlike(t.value)).reduce((sum, { value, times }) => e.op("i32.add", sum, e.op("i32.mul", of(value, lane), e.i32(times * 2 ** scale))), least === 0 ? begin() : e.op("i32.add", begin(), e.i32(least)))) };
        places.set(`${key};${lane}`, found);
      }
      return found;
    };
    const isAlike = (v: Value): boolean => counted.inside(v) && plan.alike(v);
    const again = (v: Value): Value => now(v) ?? (isAlike(v) ? e.operation(v.def!.op as Machine["op"], v.def!.args.map(again)) : this.value(v));
    const indexOf = (form: Linear): Value => [...form.counters.map((c) => ({ value: c.counter.param, times: c.times })), ...form.terms.filter((t) => isAlike(t.value))]
      .reduce<Value>((sum, { value, times }) => e.op("i32.add", e.op("i32.mul", again(value), e.i32(times)), sum), e.i32(0));
    const writer = new VectorWriter({
      e, flat: plan.flat, widths: plan.widths, ranges: this.ranges, accesses: plan.accesses, gathers: new Set(plan.gathers.keys()), kept: new Map(), doubled: new Map(), needed: plan.needed, lanes, group: lanes,
      uniform: (v) => (counted.inside(v) ? null : this.value(v)), before, columns: noColumns,
      counter: (v) => { const uniform = now(v); return uniform && { now: uniform, step: 0 }; },
      accumulator: (v, r) => {
        const at = carried.indexOf(v);
        if (at >= 0) return params[at]![r]!;
        if (!maps[0]!.has(v)) return null;
        let registers = leaves.get(v);
        if (!registers) leaves.set(v, registers = outside(() => this.registers(naturalWidth(v), lanes, (lane) => of(v, lane))));
        return registers[r]!;
      },
      address: (stream) => {
        const table = plan.tables.get(stream);
        const { base, offset } = baseOf(`${table ? `table ${[...plan.tables.keys()].indexOf(stream)};` : ""}${stream.base.id};${stream.space};${stream.scale};${shapeKey(stream.form)};${stream.element}`, table ?? stream.base, stream.form, stream.scale, 0, stream.low);
        return { base, index: indexOf(stream.form), scale: stream.scale, offset };
      },
      place: (instr, lane) => {
        const form = plan.gathers.get(instr);
        if (!form) return null;
        const low = form.plus * 2 ** instr.scale + instr.offset;
        const { base, offset } = baseOf(`${instr.args[0]!.id};${instr.space};${instr.scale};${shapeKey(form)};${Math.min(low, 0)}`, instr.args[0]!, form, instr.scale, lane, low);
        return { base, index: indexOf(form), scale: instr.scale, offset: offset + low };
      },
    });
    const label = { name: `${whole.label.name}lanes` };
    const body = e.inRegion([...nows, ...params.flat()], () => {
      const turns = limitOf(inner, (v) => !inner.inside(v))!;
      const then = e.inRegion([], () => {
        writer.write();
        const next = carried.flatMap((p, k) => params[k]!.map((_, r) => writer.number(inner.br.args[old.params.indexOf(p)]!, naturalWidth(p), r)));
        e.append({ op: "br", label, args: [...counters.map((c, k) => e.op("i32.add", nows[k]!, e.i32(c.step))), ...next], results: [], place: whole.place });
      });
      const sides = inner.cond.def!.args.map((v) => now(v) ?? least) as [Value, Value];
      e.append({ op: "if", args: [e.op(turns.relation, ...sides)], results: [], regions: [then, yields([])], place: inner.test.place });
      e.append({ op: "yield", args: [...nows, ...params.flat()], results: [] });
    });
    const ends = [...nows, ...params.flat()].map((p) => e.value(p.type, p.name));
    e.append({ op: "loop", label, args: [...counters.map((c) => of(c.first, 0)), ...state.flat()], results: ends, regions: [body], notes: { ...whole.notes, role: "main" }, place: whole.place });

    const registersOf = new Map<Value, Value[]>();
    let late = new Map([...plan.late.keys()].map((i) => [i, inits[i]!]));
    let at = counters.length;
    carried.forEach((p, k) => { registersOf.set(p, ends.slice(at, at += params[k]!.length)); });
    for (let lane = 0; lane < lanes; lane++) {
      maps[lane]!.forEach((value, v) => { this.map[v.id] = value; });
      late.forEach((value, i) => { this.map[plan.late.get(i)!.id] = value; });
      whole.results.forEach((r, i) => {
        const v = inner.exits[i]!;
        const registers = registersOf.get(v);
        const counter = counters.findIndex((c) => c.param === v);
        this.map[r.id] = registers ? this.extract(registers, v, lane) : counter >= 0 ? ends[counter]! : of(v, lane);
      });
      this.walk(plan.finish, plain([]));
      late = new Map([...plan.late.keys()].map((i) => [i, this.value(counted.br.args[i]!)]));
    }
    return late;
  }

  private readonly segments = new Map<Data, number>();
  private segmentOf(table: Data): number {
    let segment = this.segments.get(table);
    if (segment === undefined) this.segments.set(table, segment = turnedTables.add(this.program, table));
    return segment;
  }

  /** A vector's registers out of its lanes' values. */
  private registers(w: Width, lanes: number, of: (lane: number) => Value): Value[] {
    const { e } = this;
    const per = 16 / w;
    return Array.from({ length: lanes / per }, (_, r) => {
      return joinLanes(e, Array.from({ length: per }, (__, i) => of(r * per + i)));
    });
  }
  private extract(registers: readonly Value[], v: Value, lane: number): Value {
    const per = 16 / naturalWidth(v);
    return extractLane(this.e, registers[Math.floor(lane / per)]!, lane % per, v.type);
  }
}

const noColumns = (): never => { throw new Error("jammed loops have no columns"); };
/** The search for the last iteration in which checks hold (monotone.ts): it looks at nothing but numbers, and each iteration does its own. */
const findsEnd = (instr: Instr): boolean => instr.op === "loop" && instr.notes?.role === "rest" && [...instructions(instr.regions[0])].every((i) => !("space" in i) && !holdsLoop(i));
const holdsLoop = (instr: Instr): boolean => instr.op === "loop" || regionsOf(instr).some((region) => region.body.some(holdsLoop));

type Relation = "i32.lt_s" | "i32.le_s" | "i32.gt_s" | "i32.ge_s";
/** A counted loop's test, if it compares an int32 counter with what `outside` says is no part of the loop. */
function limitOf(counted: Counted, outside: (v: Value) => boolean): { readonly counter: Counter; readonly limit: Value; readonly relation: Relation } | null {
  const test = counted.cond.def;
  if (!test || !/^i32\.[lg][te]_s$/.test(test.op)) return null;
  const [a, b] = test.args as [Value, Value];
  const counter = counted.counters.find((c) => c.param.type === "i32" && (c.param === a || c.param === b));
  const limit = counter?.param === a ? b : a;
  if (!counter || !outside(limit)) return null;
  return { counter, limit, relation: test.op as Relation };
}

/** As many as fill a register of the narrowest values, and enough of the widest that their chains overlap. */
function lanesOf(flat: Flat, widths: Widths, needed: ReadonlySet<Value>): number {
  let narrowest = 8;
  for (const step of flat.steps) if (step.kind !== "store" && needed.has(step.result)) narrowest = Math.min(narrowest, widths.of(step.result));
  return Math.max(8, 16 / narrowest);
}

/**
 * Whether lanes do less than one iteration after the other would. A load in a lane of its own is two operations; four where its index comes out
 * of a lane too, which is slower than scalar code that a processor overlaps by itself.
 */
function pays(flat: Flat, widths: Widths, needed: ReadonlySet<Value>, gathers: ReadonlyMap<Memory, Linear | null>): boolean {
  let scalar = 3, vector = 0;
  for (const step of flat.steps) {
    if (step.kind === "store") return false;
    if (step.kind !== "load" && !needed.has(step.result)) { scalar++; continue; } // of indices
    scalar++;
    const place = step.kind === "load" ? gathers.get(step.instr) : undefined;
    vector += place === undefined ? widths.of(step.result) / 16 : place ? 2 : 4;
  }
  return vector < scalar;
}
