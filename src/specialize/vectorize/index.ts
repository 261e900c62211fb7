// Vectorizes innermost counted loops: several iterations at once in the lanes of 128-bit vectors, the same bits.
//
//   loop l (%i = 0) { if %i < %n { %v = f64.load [%x + %i << 3]; f64.store [%y + %i << 3], f64.mul %v 2.0; br l %i + 1 } yield }
//     →  %end = %n − %n mod 4;  %two = f64x2.splat 2.0
//        %j = loop v (%i = 0) { if %i < %end { %a = v128.load [%x + %i << 3]; v128.store [%y + %i << 3], f64x2.mul %a %two; …; br v %i + 4 } yield %i }
//        and then the loop as it was, from %j on
//
// Requires: machine form, narrowed, checks gone (split.ts), invariants hoisted. Guarantees: machine form, same bits: lanes keep each iteration's
// order of operations; nothing is reassociated but integers, minima and maxima (and, if `reassociate` says so, sums and products); where arrays may overlap, that is tested before the loop.
// What was done, and why not where it was not, is told by `loopNotes`.

import type { Func, Loop, Machine, Memory, Program, Value } from "../../ir/types.ts";
import { constantOf, instructions } from "../../ir/build.ts";
import { memoryOps } from "../../ir/ops.ts";
import { reachOf } from "../../ir/extents.ts";
import { sideBySide } from "../alongside.ts";
import { contentsOf, rangesOf } from "../analyses.ts";
import type { Range } from "../intervals.ts";
import type { Ranges } from "../ranges.ts";
import { Rewriter, yields } from "../rewrite.ts";
import { accessesOf, interleaved, isScattered, linearIndex, mayTouch, type Accesses, type Stream } from "./accesses.ts";
import { countedLoop, type Counted, type Counter } from "../counted.ts";
import { planTableau } from "../tableau.ts";
import { loopsAround, waiting, waitsForStores } from "./forwarded.ts";
import { flatten, neededValues, scheduled, type Flat } from "./flat.ts";
import { Line } from "./following.ts";
import { int32, Limits, require, requirements, requireWithin, type Requirements } from "./limits.ts";
import { LinearForms, minus, plus, type Linear } from "./linear.ts";
import { orderCounts, planReductions, type Reduction } from "./reductions.ts";
import { searchLoop } from "./search.ts";
import { Columns } from "./columns.ts";
import { costs } from "./costs.ts";
import { laneCount } from "./lanecount.ts";
import { loopNotes, noteBest, remember, type LoopNote } from "./notes.ts";
import { unsupported } from "./operations.ts";
import { savedByPairs } from "./slp.ts";
import { Walker, walksOf, type Walks } from "./walks.ts";
import { VectorWriter } from "./writer.ts";
import { Widths } from "./widths.ts";

export { loopNotes, type LoopNote } from "./notes.ts";

export const vectorize = (func: Func, program: Program): Func => run(func, program, false);
/** The same, sums and products of doubles and singles taken in any order. */
export const vectorizeReassociating = (func: Func, program: Program): Func => run(func, program, true);

/** Of each loop whether it would go in lanes. */
export const inLanes = (func: Func, program: Program): boolean[] => new Vectorizer(func, program, false).inLanes;

function run(func: Func, program: Program, reassociate: boolean): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const vectorizer = new Vectorizer(func, program, reassociate);
  const made = vectorizer.vectorizes ? vectorizer.run() : func;
  remember(made, made === func ? [...loopNotes(func), ...vectorizer.notes] : vectorizer.notes);
  return made;
}

interface Plan {
  readonly counted: Counted;
  readonly counter: Counter;
  readonly forms: LinearForms;
  readonly flat: Flat;
  readonly widths: Widths;
  readonly needed: ReadonlySet<Value>;
  readonly accesses: Accesses;
  readonly reductions: readonly Reduction[];
  readonly required: Requirements;
  readonly lanes: number;
  readonly group: number;
  /** iterations that it is worth it for */
  readonly fewest: number;
  readonly columns: Columns;
  /** look-ups of what is only wanted as doubles: where a table of these begins in the columns */
  readonly doubled: ReadonlyMap<Memory, number>;
  readonly walks: Walks;
  /** the last step may do again what the one before it did: nothing that the loop reads is written by it */
  readonly again: boolean;
  /** of a search (search.ts): the conditions under which it is left */
  readonly exits: readonly Value[] | null;
}

class Vectorizer extends Rewriter {
  private readonly ranges: Ranges;
  readonly notes: LoopNote[] = [];
  private readonly goesOn = new Map<Loop["label"], Value[]>();

  private readonly reassociate: boolean;
  private foundAround: ReadonlyMap<Loop, Loop> | undefined;
  private get around(): ReadonlyMap<Loop, Loop> { return this.foundAround ??= loopsAround(this.old); }

  constructor(func: Func, program: Program, reassociate: boolean) {
    super(func, program);
    this.reassociate = reassociate;
    this.ranges = rangesOf(func, program);
  }

  private readonly plans = new Map<Loop, Plan | string | null>();
  /** The plan, or why there is none; null where none is wanted. */
  private planOf(loop: Loop): Plan | string | null {
    let plan = this.plans.get(loop);
    if (plan !== undefined) return plan;
    const inLanes = loop.regions[0].params.some((p) => p.type === "v128");
    plan = loop.notes?.role === "rest" || inLanes || holdsLoop(loop) ? null : this.ownPlan(loop);
    if (plan !== null && isInTurn(plan) && this.waitsBeside(loop)) plan = "its iterations wait for one another, those of the loop beside it do not wait for them";
    this.plans.set(loop, plan);
    if (plan !== null) noteBest(this.notes, { line: loop.notes?.place?.line ?? loop.place?.line ?? 0, lanes: typeof plan === "string" ? 1 : plan.lanes, why: typeof plan === "string" ? plan : null });
    return plan;
  }
  private readonly ownPlans = new Map<Loop, Plan | string>();
  private ownPlan(loop: Loop): Plan | string {
    let plan = this.ownPlans.get(loop);
    if (plan === undefined) this.ownPlans.set(loop, plan = this.plan(loop));
    return plan;
  }
  private beside: readonly (readonly Loop[])[] | undefined;
  /** Whether it waits for itself, and so does another one that would run beside it. */
  private waitsBeside(loop: Loop): boolean {
    this.beside ??= sideBySide(this.old, this.program);
    const waits = (one: Loop): boolean => { const plan = this.ownPlan(one); return typeof plan === "string" || isInTurn(plan); };
    return this.beside.some((group) => group.includes(loop) && group.some((one) => one !== loop && waits(one)));
  }
  /** Whether there is a loop to vectorize; all are looked at. */
  get vectorizes(): boolean { return this.inLanes.includes(true); }
  get inLanes(): boolean[] {
    return contentsOf(this.old).loops.map((loop) => this.planOf(loop)).map((plan) => plan !== null && typeof plan !== "string");
  }

  protected override inits(instr: Loop): Value[] { return this.goesOn.get(instr.label) ?? super.inits(instr); }

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (plan === null || typeof plan === "string") return super.loop(instr);
    const ends = this.writeVector(plan);
    const params = instr.regions[0].params;
    const { exits } = plan.counted;
    // little is left over, once: the rest does that, with its checks
    if (!plan.exits && instr.notes?.role === "main" && plan.accesses.apart.length === 0 && !this.around.has(instr) && exits.every((v) => params.includes(v))) {
      instr.results.forEach((r, i) => { this.bind(r, ends[params.indexOf(exits[i]!)]!); });
      return true;
    }
    this.goesOn.set(instr.label, ends);
    return super.loop({ ...instr, notes: { ...instr.notes, role: "rest" } });
  }

  // ───────────────────────────────── what is possible ─────────────────────────────────

  private plan(loop: Loop): Plan | string {
    const plainly = countedLoop(loop);
    const search = typeof plainly === "string" ? searchLoop(loop) : null;
    const counted = search?.counted ?? plainly;
    if (typeof counted === "string") return counted;
    const forms = new LinearForms(counted, this.ranges);
    const required = requirements();
    const tested = requireTest(counted, forms, required);
    if (!tested) return "it does not count in whole numbers up to a fixed end";
    // the others are told as multiples of one
    const counter = [tested, ...counted.counters].find((c) => c.param.type === "i32" && counted.counters.every(({ step }) => step % c.step === 0));
    if (!counter) return "its counters go by steps of which none is a part of the others";
    if (counter !== tested) requireWithin(required, plus(forms.of(counter.param)!, counter.step), int32.lo, int32.hi);
    const straight = flatten(counted);
    if (typeof straight === "string") return straight;

    const reductions = planReductions(counted, straight, this.ranges, this.reassociate);
    if (typeof reductions === "string") return reductions;
    const roots = [...reductions.flatMap((r) => r.values), ...search?.exits ?? []];
    const walks = walksOf(straight, forms, counted), lookups = indicesOfLookups(straight, forms, walks);
    const flat = scheduled(straight, roots, lookups, (load, store) => mayTouch(this.program, load.instr.space, store.instr.space));
    const needed = neededValues(flat, roots, lookups);
    let stores = 0;
    for (const step of flat.steps) {
      if (step.kind === "store") { stores++; continue; }
      if (step.kind === "load" || !needed.has(step.result) || forms.invariant(step.result)) continue;
      const why = unsupported(step);
      if (why) return why;
    }
    if (search ? stores + reductions.length > 0 : stores + reductions.length === 0) return search ? "it is left from its middle, and stores or gathers before that" : "it stores nothing";
    // what is done in its turn needs numbers of each iteration: of a carried value that is gathered there are none
    const inTurn = new Set(reductions.flatMap((r) => (r.inTurn ? [...neededValues(flat, r.values, lookups)].filter((v) => v !== r.param) : [])));
    for (const v of needed) {
      if (forms.invariant(v) || flat.by.has(v) || reductions.some((r) => r.param === v && (r.each || r.following || !inTurn.has(v)))) continue;
      if (!counted.counters.some((c) => c.param === v && v.type === "i32")) return "a value is carried from one iteration to the next";
    }

    const widths = new Widths(flat, needed, roots, lookups, this.ranges, new Set(reductions.flatMap((r) => (r.beyond ? r.values : []))));
    const values = this.valuesIn(counted, counter);
    const count = Math.min(constantCount(required) ?? Infinity, Math.floor((values.hi - values.lo) / Math.abs(counter.step)) + 1);
    const { lanes, group } = laneCount({ flat, widths, needed, lookups, reductions, invariant: (v) => forms.invariant(v), whole: search !== null }, count);
    if (count < lanes) return "it has too few iterations";
    const found = accessesOf(flat, forms, this.program, lanes, new Set([...needed, ...lookups.values()].filter((v) => v !== null)), this.ranges);
    if (typeof found === "string") return found;
    if (search && found.gathers.size > 0) return "it is left from its middle, and looks something up before that";
    const columns = new Columns(this.program);
    const accesses = { ...found, of: new Map([...found.of].map(([instr, access]) => [
      instr, access.stream.stride === access.bytes || access.stream.stride === 0 ? access : columns.column(access, counter, values, flat) ?? access,
    ])) };
    const doubled = new Map<Memory, number>();
    for (const instr of found.gathers) {
      const at = walks.has(instr) ? null : columns.doubled(instr, flat);
      if (at !== null) doubled.set(instr, at);
    }
    for (const [instr, access] of accesses.of) {
      const { stream, bytes, step } = access;
      const contiguous = Math.abs(stream.stride) === bytes;
      const group = contiguous ? null : interleaved(access);
      if (stream.low < -(2 ** 31) || stream.high >= 2 ** 31) return "an element lies too far from the counter";
      if (stream.stride === 0 && step.mask && step.kind === "store") return "a place that all iterations share is written under a condition";
      const scattered = isScattered(access);
      if (!contiguous && stream.stride !== 0 && !group && !scattered) return "neighbouring iterations do not use neighbouring elements";
      if (scattered && step.kind === "store" && step.mask) return "elements far apart are written under a condition";
      if (stream.stride === 0 && accesses.apart.some((p) => p.same && (p.a === stream || p.b === stream))) return "what it reads again and again may be written";
      if (stream.form.terms.some((t) => t.value.type !== "i32")) return "an index is no int32";
      if (!step.mask && !group && !search) continue;
      const length = reachOf(instr, this.old, this.program);
      const index = forms.of(instr.args[1]!) ?? { counters: [], terms: [], plus: constantOf(instr.args[1]!) as number, within: [] };
      if (!length || instr.offset !== 0) return "an element that not every iteration uses may lie outside its array";
      // of neighbouring elements all are read, and those that are not written are written back
      const apart = bytes / 2 ** instr.scale; // words of bytes are several elements
      this.requireInside(required, plus(index, -(group?.which ?? 0) * apart), length);
      if (group) this.requireInside(required, plus(index, (group.count - group.which) * apart - 1), length);
    }
    for (const [instr, places] of accesses.chosen) {
      const length = reachOf(instr, this.old, this.program);
      if (!length || instr.offset !== 0 || memoryOps[instr.op].bytes !== 2 ** instr.scale) return "an element that not every iteration uses may lie outside its array";
      for (const place of places) this.requireInside(required, place, length);
    }
    for (const [instr, most] of accesses.reached) {
      const length = reachOf(instr, this.old, this.program);
      if (!length || instr.offset !== 0 || memoryOps[instr.op].bytes !== 2 ** instr.scale) return "an element that not every iteration uses may lie outside its array";
      this.requireInside(required, { counters: [], terms: [], plus: most, within: [] }, length);
    }
    for (const { stream } of accesses.of.values()) if (stream.element > 0 && stream.stride > stream.element) {
      stream.high = stream.low + Math.ceil((stream.high - stream.low) / stream.stride) * stream.stride;
    }
    const { loss, saved } = costs(flat, widths, needed, accesses, lanes, group, (v) => forms.invariant(v), doubled, walks, reductions.flatMap((r) => r.inTurn ?? []), () => savedByPairs(this.old, this.program, counted.body));
    if (loss) return reductions.find((r) => r.following)?.following?.why ?? (reductions.some((r) => r.inTurn) ? orderCounts : loss);
    const around = this.around.get(loop);
    if (around && reductions.some((r) => r.inTurn ?? r.following) && planTableau(around, this.old, this.program, () => this.ranges)) return "each number waits for the one on its left: rows go side by side";
    const fewest = around && waitsForStores(around, accesses, forms, lanes, count) ? Math.max(lanes, Math.ceil(waiting / saved)) : lanes;
    if (count < fewest) return "it has too few iterations for lanes that wait for what was stored";
    return { counted, counter, forms, flat, widths, needed, accesses, reductions, required, lanes, group, fewest, columns, doubled, walks, exits: search?.exits ?? null, again: reductions.every((r) => r.repeats) && mayRepeat(accesses, this.program) };
  }

  /** What the counter may be in the body: its test has been passed. */
  private valuesIn({ cond }: Counted, { param, step }: Counter): Range {
    const range = this.ranges.of(param);
    const { op, args } = cond.def!;
    if (!args.includes(param)) return range;
    const limit = this.ranges.of(args[0] === param ? args[1]! : args[0]!);
    const past = op === "i32.lt_s" || op === "i32.gt_s" ? 1 : 0;
    return step > 0 ? { ...range, hi: Math.min(range.hi, limit.hi - past) } : { ...range, lo: Math.max(range.lo, limit.lo + past) };
  }

  private requireInside(required: Requirements, index: Linear, length: Value | number): void {
    require(required, index);
    const end: Linear = { counters: [], terms: typeof length === "number" ? [] : [{ value: length, times: 1 }], plus: typeof length === "number" ? length : 0, within: [] };
    require(required, plus(minus(end, index)!, -1));
  }

  // ───────────────────────────────── writing it ─────────────────────────────────

  /** Writes the vector loop; gives what the loop's carried values are at its end. */
  private writeVector(plan: Plan): Value[] {
    const { e } = this;
    const { counted, counter, lanes, reductions, required } = plan;
    const { loop } = counted;
    const old = loop.regions[0];
    const limits = new Limits(e, this.ranges, (v) => this.before(v, counted));
    const firsts = loop.args.map((a) => this.value(a));

    const all = limits.count(required);
    const enough = (then: Value): Value => e.op("i32.select", e.op("i32.ge_s", all, e.i32(plan.fewest)), then, e.i32(0));
    const whole = plan.again ? all : e.op("i32.and", all, e.i32(-lanes));
    let count = plan.again || plan.fewest > lanes ? enough(whole) : whole;
    const apart = this.apart(plan, count);
    if (apart) count = e.op("i32.select", apart, count, e.i32(0));
    this.forgetWrites(old);

    const carried = [counter.index, ...reductions.map((r) => r.index)];
    const finals = this.e.memory();
    const results = carried.map((i) => e.value(old.params[i]!.type, old.params[i]!.name));
    const then = e.inRegion([], () => { e.append({ op: "yield", args: this.vectorLoop(plan, count, firsts), results: [] }); });
    e.setMemory(finals);
    const otherwise = e.inRegion([], () => { e.append({ op: "yield", args: carried.map((i) => firsts[i]!), results: [] }); });
    e.append({ op: "if", args: [count], results, regions: [then, otherwise], place: loop.place });
    this.forgetWrites(old);
    return firsts.map((first, i) => {
      const at = carried.indexOf(i);
      if (at >= 0) return results[at]!;
      const other = counted.counters.find((c) => c.index === i);
      if (!other) return first; // needed by nobody in the vector loop, and the same after it
      return e.op("i32.add", first, e.op("i32.mul", e.op("i32.sub", results[0]!, firsts[counter.index]!), e.i32(other.step / counter.step)));
    });
  }

  private vectorLoop(plan: Plan, count: Value, firsts: readonly Value[]): Value[] {
    const { e } = this;
    const { counted, counter, forms, flat, widths, needed, accesses, reductions, lanes, group } = plan;
    const { loop } = counted;
    const before = e.region;
    const first = firsts[counter.index]!;
    const end = e.op("i32.add", first, e.op("i32.mul", count, e.i32(counter.step)));
    const uniforms = new Map<Value, Value>();
    const outside = <T>(write: () => T): T => {
      const inner = e.region;
      e.region = before;
      try { return write(); } finally { e.region = inner; }
    };
    const uniform = (v: Value): Value | null => {
      if (!forms.invariant(v)) return null;
      let now = uniforms.get(v);
      if (!now) uniforms.set(v, now = outside(() => this.before(v, counted)));
      return now;
    };
    const counting = e.value("i32", counter.param.name);
    let now = counting;
    const last = e.op("i32.sub", end, e.i32(lanes * counter.step));
    const addresses = new Map<Stream, { base: Value; index: Value; scale: number; offset: number }>();
    const address = (stream: Stream): { base: Value; index: Value; scale: number; offset: number } => {
      let found = addresses.get(stream);
      if (!found) addresses.set(stream, found = this.address(stream, plan, now, first, outside));
      return found;
    };
    const accumulators = new Map(reductions.map((r) => {
      const params = r.inTurn ? [e.value(r.param.type, r.param.name)] : Array.from({ length: (lanes * r.width) / 16 }, () => e.value("v128"));
      return [r.param, { inits: params.map((_, i) => r.start(e, firsts[r.index]!, i, params.length)), params }];
    }));
    const label = { name: `${loop.label.name}v` };
    const inits = [first, ...[...accumulators.values()].flatMap((a) => a.inits)];
    const params = [counting, ...[...accumulators.values()].flatMap((a) => a.params)];
    const counterOf = (v: Value): { readonly now: Value; readonly step: number } | null => {
      const c = v.type === "i32" ? counted.counters.find((k) => k.param === v) : undefined;
      return c ? { now: c === counter ? now : this.counterNow(c, counter, now, firsts), step: c.step } : null;
    };
    const walker = new Walker({ e, walks: plan.walks, uniform, counter: (v) => counterOf(v)?.now ?? null, outside });
    const writer = new VectorWriter({
      e, flat, widths, ranges: this.ranges, accesses: accesses.of, gathers: accesses.gathers, kept: accesses.kept, doubled: plan.doubled, needed, lanes, group, uniform, before, address,
      counter: counterOf, place: (instr, lane) => walker.place(instr, lane),
      accumulator: (v, r) => line?.register(v, r) ?? accumulators.get(v)?.params[r] ?? null,
      columns: () => outside(() => e.address({ op: "data.addr", segment: this.segmentOf(plan), args: [], results: [] })),
    });
    const together = reductions.find((r) => r.following)?.following;
    let line: Line | null = null;
    const body = e.inRegion(params, () => {
      const before = counter.step > 0 ? "i32.lt_s" : "i32.gt_s";
      const test = e.op(before, counting, end);
      const then = e.inRegion([], () => {
        // fewer iterations than lanes are left: the last ones that there are
        if (plan.again) now = e.op("i32.select", e.op(before, counting, last), counting, last);
        if (together) line = new Line(together, e, writer, uniform, (param) => accumulators.get(param)!.params[0]!);
        writer.write();
        const next = reductions.flatMap((r) => {
          const { params } = accumulators.get(r.param)!;
          if (r.following) return [line!.at(r.param, lanes)];
          if (!r.inTurn) return params.map((p, i) => r.step(e, p, writer, i, params.length));
          const registers = (lanes * r.width) / 16;
          return [Array.from({ length: registers }, (_, i) => i).reduce((all, i) => r.step(e, all, writer, i, registers), params[0]!)];
        });
        const goOn = (): void => { e.append({ op: "br", label, args: [e.op("i32.add", now, e.i32(lanes * counter.step)), ...next], results: [], place: loop.place }); };
        if (!plan.exits) { goOn(); return; }
        const hits = plan.exits.flatMap((cond) => Array.from({ length: Math.max(1, (lanes * widths.of(cond)) / 16) }, (_, r) => writer.mask(cond, widths.of(cond), r)));
        const hit = e.op("v128.any_true", hits.reduce((a, b) => e.op("v128.or", a, b)));
        e.append({ op: "if", args: [e.op("i32.eqz", hit)], results: [], regions: [e.inRegion([], goOn), yields([])], place: loop.place });
        e.append({ op: "yield", args: [], results: [] });
      });
      e.append({ op: "if", args: [test], results: [], regions: [then, yields([])], place: loop.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    const results = params.map((p) => e.value(p.type, p.name));
    e.append({ op: "loop", label, args: inits, results, regions: [body], notes: { ...loop.notes, role: "main" }, place: loop.place });
    let at = 1;
    const ends = new Map(reductions.map((r) => [r.param, { ends: results.slice(at, at += accumulators.get(r.param)!.params.length), first: firsts[r.index]! }]));
    const done = [results[0]!, ...reductions.map((r) => r.finish(e, ends.get(r.param)!.ends, firsts[r.index]!, (param) => ends.get(param)!))];
    const doubts = reductions.flatMap((r) => r.doubt?.(e, ends.get(r.param)!.ends) ?? []);
    if (doubts.length === 0) return done;
    const again = doubts.reduce((a, b) => e.op("i32.or", a, b));
    return [counter, ...reductions].map(({ index }, i) => e.op(`${done[i]!.type as "i32"}.select`, again, firsts[index]!, done[i]!));
  }

  private counterNow(c: Counter, counter: Counter, now: Value, firsts: readonly Value[]): Value {
    const { e } = this;
    return e.op("i32.add", firsts[c.index]!, e.op("i32.mul", e.op("i32.sub", now, firsts[counter.index]!), e.i32(c.step / counter.step)));
  }

  /** Where a stream begins in a step: its constant part and the least offset of its accesses go into the base, before the loop. */
  private address(stream: Stream, plan: Plan, now: Value, first: Value, outside: <T>(write: () => T) => T): { base: Value; index: Value; scale: number; offset: number } {
    const { e } = this;
    const { counted, counter } = plan;
    const least = Math.min(stream.low + (plan.lanes - 1) * Math.min(stream.stride, 0), 0);
    const base = outside(() => {
      let start = stream.added ? e.address({ op: "data.addr", segment: this.segmentOf(plan), args: [], results: [] }) : this.before(stream.base, counted);
      const add = (v: Value): void => { start = e.op("i32.add", start, v); };
      for (const { value, times } of stream.form.terms) add(e.op("i32.mul", this.before(value, counted), e.i32(times * 2 ** stream.scale)));
      for (const { counter: c, times } of stream.form.counters) {
        if (c === counter) continue; // another counter's part: where it began, less what the test's counter adds below
        add(e.op("i32.mul", this.value(c.first), e.i32(times * 2 ** stream.scale)));
        add(e.op("i32.mul", first, e.i32(-(c.step / counter.step) * times * 2 ** stream.scale)));
      }
      if (least < 0) add(e.i32(least));
      return start;
    });
    const per = stream.form.counters.reduce((sum, c) => sum + (c.times * c.counter.step) / counter.step, 0);
    return { base, index: per === 0 ? e.i32(0) : e.op("i32.mul", now, e.i32(per)), scale: stream.scale, offset: -least };
  }

  private readonly segments = new Map<Plan, number>();
  private segmentOf(plan: Plan): number {
    let segment = this.segments.get(plan);
    if (segment === undefined) this.segments.set(plan, segment = plan.columns.commit());
    return segment;
  }

  /** A condition, computed before the loop, under which its streams do not disturb each other; null if they never do. */
  private apart(plan: Plan, count: Value): Value | null {
    const { e } = this;
    const { counted } = plan;
    let all: Value | null = null;
    const bounds = new Map<Stream, readonly [Value, Value]>();
    const boundsOf = (s: Stream): readonly [Value, Value] => {
      let found = bounds.get(s);
      if (!found) {
        let start = this.before(s.base, counted);
        for (const { value, times } of s.form.terms) start = e.op("i32.add", start, e.op("i32.mul", this.before(value, counted), e.i32(times * 2 ** s.scale)));
        for (const { counter, times } of s.form.counters) start = e.op("i32.add", start, e.op("i32.mul", this.value(counter.first), e.i32(times * 2 ** s.scale)));
        // the last iteration begins one stride before that; where the accesses leave gaps, registers may reach into the last one
        const begun = s.high - s.low >= Math.abs(s.stride) ? e.op("i32.sub", count, e.i32(1)) : count;
        const way = e.op("i32.mul", begun, e.i32(s.stride));
        const low = e.op("i32.add", start, e.i32(s.low));
        const high = e.op("i32.add", start, e.i32(s.high));
        bounds.set(s, found = s.stride >= 0 ? [low, e.op("i32.add", high, way)] : [e.op("i32.add", low, way), high]);
      }
      return found;
    };
    for (const { a, b, same } of plan.accesses.apart) {
      const [[lowA, highA], [lowB, highB]] = [boundsOf(a), boundsOf(b)];
      let ok = e.op("i32.or", e.op("i32.le_u", highA, lowB), e.op("i32.le_u", highB, lowA));
      if (same) ok = e.op("i32.or", ok, e.op("i32.eq", lowA, lowB));
      all = all ? e.op("i32.and", all, ok) : ok;
    }
    return all;
  }

  /** What a value is before the loop: computed there if it stands in the loop and is made of such. */
  private before(v: Value, counted: Counted): Value {
    if (!counted.inside(v)) return this.value(v);
    return this.e.operation(v.def!.op as Machine["op"], v.def!.args.map((a) => this.before(a, counted)));
  }
}

/** No store writes what a load reads, whatever arrays the caller gives. */
function mayRepeat(accesses: Accesses, program: Program): boolean {
  const all = [...accesses.of.values()];
  const loads = all.filter((a) => a.step.kind === "load");
  return all.every((store) => store.step.kind === "load" || loads.every((load) => {
    const [a, b] = [store.stream.space, load.stream.space];
    const known = accesses.apart.find((p) => (p.a === store.stream && p.b === load.stream) || (p.b === store.stream && p.a === load.stream));
    return known ? !known.same : a !== b && !program.spaces[a]!.mayOverlap.includes(b);
  }));
}


const isInTurn = (plan: Plan | string): boolean => typeof plan !== "string" && plan.reductions.some((r) => r.inTurn !== null || r.following);

function holdsLoop(loop: Loop): boolean {
  for (const instr of instructions(loop.regions[0])) if (instr.op === "loop") return true;
  return false;
}

/** Loads whose index is no linear form: what they look up by, in lanes; null of those that walk. */
function indicesOfLookups(flat: Flat, forms: LinearForms, walks: Walks): ReadonlyMap<Value, Value | null> {
  const found = new Map<Value, Value | null>();
  for (const step of flat.steps) {
    if (step.kind !== "load") continue;
    const index = step.instr.args[1]!;
    if (!linearIndex(index, forms)) found.set(step.result, walks.has(step.instr) ? null : index);
  }
  return found;
}

/** Makes the loop's test a requirement; the int32 counter that it tests. */
function requireTest(counted: Counted, forms: LinearForms, required: Requirements): Counter | null {
  const test = counted.cond.def;
  const relation = test && /^i32\.(lt|le|gt|ge)_s$/.exec(test.op)?.[1];
  if (!relation) return null;
  const [a, b] = test.args as [Value, Value];
  const counter = counted.counters.find((c) => c.param === a || c.param === b);
  const limit = counter?.param === a ? b : a;
  if (!counter || counter.param.type !== "i32" || !forms.invariant(limit)) return null;
  const [low, high] = relation[0] === "l" ? [a, b] : [b, a];
  const [x, y] = [forms.of(low), forms.of(high)];
  const gap = x && y && x.within.length + y.within.length === 0 ? minus(y, x) : null;
  if (!gap || (counter.param === low) !== counter.step > 0 || !isSingle(x!) || !isSingle(y!)) return null;
  require(required, relation[1] === "t" ? plus(gap, -1) : gap);
  // the counter after the last iteration must not wrap
  if (relation !== "lt" || counter.step !== 1) require(required, plus(negated(forms.of(counter.param)!, counter.step), 2147483647 - Math.abs(counter.step)));
  return counter;
}
const isSingle = (f: Linear): boolean => f.counters.length + f.terms.length <= 1;
const negated = (f: Linear, step: number): Linear => (step > 0 ? minus({ counters: [], terms: [], plus: 0, within: [] }, f)! : f);

/** How many iterations there are, where that is a constant. */
function constantCount(required: Requirements): number | null {
  let count: number | null = null;
  for (const form of required.forms.values()) {
    const by = form.counters.reduce((sum, c) => sum + c.times * c.counter.step, 0);
    const firsts = form.counters.map((c) => constantOf(c.counter.first));
    if (form.terms.length > 0 || by >= 0 || firsts.some((f) => typeof f !== "number")) continue;
    const start = form.counters.reduce((sum, c, i) => sum + c.times * (firsts[i] as number), form.plus);
    const here = Math.floor(start / -by) + 1;
    count = count === null ? here : Math.min(count, here);
  }
  return count;
}
