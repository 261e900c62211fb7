// Loops that look up by a remainder of their counter do a whole period at once: polyphase filters, patterns that repeat, interleaved channels.
//
//   before  loop (%n = 0) { if %n < %limit { %p = i32.and %n 1; … load [%taps + %p] load [%taps + 2 + %p] … load [%x + ((3·%n − %p) >> 1)]; br %n + 1 } }
//   after   loop (%m = 0) { if %m < %limit / 2 { … load [%taps + 0] … load [%x + 3·%m]; … load [%taps + 1] … load [%x + 3·%m + 1]; br %m + 1 } };  then the loop as it was
//
// Within a period each iteration's remainders are constants, and what is computed of the counter alone is a multiple of the period's number and a constant: tables are
// read at constants, arrays at places that go by a step, so that later passes prove bounds and lanes take several periods.
//
// Requires: machine form, narrowed, counters in int32 that grow by one. Guarantees: machine form; iterations run once, in order. Done where so many look-ups go by
// remainders that lanes would do little else.

import { constantOf, regionsOf } from "../ir/build.ts";
import { isMemoryOp, memoryOps } from "../ir/ops.ts";
import type { Func, Instr, Label, Loop, Machine, Program, Region, Value } from "../ir/types.ts";
import { contentsOf, holdsAny, rangesOf } from "./analyses.ts";
import { visit } from "./flow.ts";
import { IterationWriter, type Tested } from "./iterations.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { yields } from "./rewrite.ts";

/** iterations in a period, and instructions of all of them; look-ups that it is done for */
const most = { period: 8, written: 3000, first: 1 << 16 }, fewest = 4;
const remainders = ["i32.and", "i32.rem_s", "i32.rem_u"] as const;

export const writePeriods = (func: Func, program: Program, note: Note = () => {}): Func =>
  (contentsOf(func).loops.length > 0 && holdsAny(func, remainders) && new Periods(func, program, note).applies() ? new Periods(func, program, note).run() : func);

/** times·m + plus, exactly */
interface Form { readonly times: number; readonly plus: number }
interface Plan extends Tested { readonly first: number; readonly period: number; /** loops inside, which are written out */ readonly inner: ReadonlyMap<Loop, Inner> }
interface Inner extends Tested { readonly position: number; readonly step: number; readonly end: number }

class Periods extends IterationWriter {
  private readonly ranges: Ranges;
  private readonly note: Note;
  /** what the loop that is written next begins with */
  private readonly begun = new Map<Label, Value[]>();
  /** of the iteration that is written: the period's number, and what is told by it */
  private within: { readonly m: Value; readonly forms: Map<Value, Form | null>; readonly inner: Plan["inner"] } | null = null;

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
    this.ranges = rangesOf(func, program);
  }
  applies(): boolean { return contentsOf(this.old).loops.some((loop) => this.planOf(loop) !== null); }

  protected override inits(instr: Loop): Value[] { return this.begun.get(instr.label) ?? super.inits(instr); }

  protected override loop(instr: Loop): boolean {
    const inner = this.within?.inner.get(instr);
    if (inner) return this.writtenOut(instr, inner);
    const plan = this.within || this.begun.has(instr.label) ? null : this.planOf(instr);
    if (!plan) return super.loop(instr);
    this.note(instr.place, "a loop", `${plan.period} iterations at once`, "after so many its remainders are the same again");
    this.begun.set(instr.label, this.periods(instr, plan));
    const reached = super.loop({ ...instr, notes: { ...instr.notes, role: "rest" } });
    this.begun.delete(instr.label);
    return reached;
  }

  /** Writes the loop over whole periods; gives the carried values that it ends with. */
  private periods(instr: Loop, plan: Plan): Value[] {
    const { e } = this, { test, counter, limit, first, period } = plan, old = instr.regions[0], label = { name: instr.label.name };
    const inits = this.inits(instr), at = old.params.indexOf(counter), others = old.params.filter((p) => p !== counter);
    const start = e.i32(first), end = this.value(limit);
    const count = e.op("i32.div_u", e.op("i32.sub", e.op("i32.select", e.op("i32.gt_s", end, start), end, start), start), e.i32(period));
    const m = e.value("i32", counter.name), params = others.map((p) => this.bind(p, this.fresh(p)));
    this.forgetWrites(old);
    const body = e.inRegion([m, ...params], () => {
      const again = e.inRegion([], () => {
        for (let k = 0; k < period; k++) {
          this.within = { m, forms: new Map([[counter, { times: period, plus: first + k }]]), inner: plan.inner };
          this.bind(counter, this.told({ times: period, plus: first + k }, m));
          const next = this.iteration(instr, plan);
          this.within = null;
          if (!next) return; // those of this remainder leave the loop
          this.bindAll(old.params, next);
        }
        e.append({ op: "br", label, args: [e.op("i32.add", m, e.i32(1)), ...others.map((p) => this.value(p))], results: [] });
      });
      e.append({ op: "if", args: [e.op("i32.lt_s", m, count)], results: [], regions: [again, yields([])], place: test.place });
      e.append({ op: "yield", args: [m, ...params], results: [] });
    });
    this.forgetWrites(old);
    const results = [e.value("i32"), ...others.map((p) => this.fresh(p))];
    e.append({ op: "loop", label, args: [e.i32(0), ...inits.filter((_, i) => i !== at)], results, regions: [body], notes: instr.notes, place: instr.place });
    const [blocks, ...ends] = results as [Value, ...Value[]];
    return old.params.map((p) => (p === counter ? this.told({ times: period, plus: first }, blocks) : ends[others.indexOf(p)]!));
  }
  /** Writes all iterations of a loop inside, whose counter is known in each; false if one of them leaves it. */
  private writtenOut(instr: Loop, inner: Inner): boolean {
    const { params, body } = instr.regions[0], { forms } = this.within!, before = new Map(forms);
    let values = this.inits(instr), at = this.formOf(instr.args[inner.position]!, forms)!.plus;
    for (;; at += inner.step) {
      forms.clear(); // each iteration's values are others
      for (const [v, form] of before) forms.set(v, form);
      forms.set(inner.counter, { times: 0, plus: at });
      this.bindAll(params, values);
      if (at >= inner.end) break;
      const next = this.iteration(instr, inner);
      if (!next) return false;
      values = next;
    }
    for (const pre of body.slice(0, inner.at)) this.instruction(pre);
    this.bindAll(instr.results, this.values(body.at(-1)!.args));
    return true;
  }
  private told({ times, plus }: Form, m: Value): Value { return this.e.op("i32.add", this.e.op("i32.mul", m, this.e.i32(times)), this.e.i32(plus)); }

  protected override operation(instr: Machine): Value {
    const form = this.within && this.formOf(instr.results[0]!, this.within.forms);
    return form ? this.told(form, this.within!.m) : super.operation(instr);
  }

  /** What a value is, told by the values whose forms are known. */
  private formOf(v: Value, forms: Map<Value, Form | null>): Form | null {
    const constant = constantOf(v);
    if (constant !== undefined) return v.type === "i32" ? { times: 0, plus: Number(constant) } : null;
    let form = forms.get(v);
    if (form === undefined) forms.set(v, (form = v.type === "i32" && v.def && "args" in v.def && v.def.args.length === 2 ? this.computed(v, v.def as Machine, forms) : null));
    return form;
  }
  private computed(v: Value, def: Machine, forms: Map<Value, Form | null>): Form | null {
    const a = this.formOf(def.args[0]!, forms), b = a && this.formOf(def.args[1]!, forms);
    if (!a || !b) return null;
    const isExact = this.ranges.isExact(v), by = b.times === 0 ? b.plus : null, { lo, hi } = this.ranges.of(def.args[0]!);
    const times = (factor: number): Form | null => (lo * factor >= -(2 ** 31) && lo * factor < 2 ** 31 && hi * factor >= -(2 ** 31) && hi * factor < 2 ** 31 ? form(a.times * factor, a.plus * factor) : null);
    const form = (times: number, plus: number): Form | null => (Math.abs(times) < 2 ** 31 && Math.abs(plus) < 2 ** 31 ? { times, plus } : null);
    /** rounded down: a division of what is 0 or more, or a multiple of the divisor */
    const divided = (d: number): Form | null => (d > 0 && a.times % d === 0 ? form(a.times / d, Math.floor(a.plus / d)) : null);
    const isPositive = lo >= 0 && a.plus >= 0;
    switch (def.op) {
      case "i32.add": return isExact ? form(a.times + b.times, a.plus + b.plus) : null;
      case "i32.sub": return isExact ? form(a.times - b.times, a.plus - b.plus) : null;
      case "i32.mul": return by !== null ? times(by) : null;
      case "i32.shl": return by !== null && by >= 0 && by < 31 ? times(2 ** by) : null;
      case "i32.shr_s": return by !== null && by >= 0 && by < 31 ? divided(2 ** by) : null;
      case "i32.shr_u": return by !== null && by >= 0 && by < 31 && isPositive ? divided(2 ** by) : null;
      case "i32.div_s": case "i32.div_u": return by !== null && (isPositive || (def.op === "i32.div_s" && a.plus % by === 0)) ? divided(by) : null;
      case "i32.and": case "i32.rem_s": case "i32.rem_u": {
        const d = divisorOf(def);
        return d !== null && a.times % d === 0 && (def.op === "i32.and" || isPositive) ? { times: 0, plus: ((a.plus % d) + d) % d } : null;
      }
      default: return null;
    }
  }

  private readonly plans = new Map<Loop, Plan | null>();
  private planOf(loop: Loop): Plan | null {
    let plan = this.plans.get(loop);
    if (plan === undefined) this.plans.set(loop, (plan = this.plan(loop)));
    return plan;
  }
  private plan(loop: Loop): Plan | null {
    const tested = loop.notes?.role === undefined ? this.testedBy(loop) : null;
    const first = tested && constantOf(loop.args[loop.regions[0].params.indexOf(tested.counter)]!);
    if (!tested || typeof first !== "number" || first < 0 || first > most.first || !tested.nexts.every((next) => this.isNext(tested.counter, next))) return null;
    const forms = new Map<Value, Form | null>([[tested.counter, { times: 1, plus: first }]]), periodic = new Set<Value>();
    let period = 1;
    visit(loop.regions[0], (instr) => {
      const d = divisorOf(instr), a = d === null ? null : this.formOf(instr.args[0]!, forms);
      if (d === null || !a || a.times === 0 || instr.op !== "i32.and" && this.ranges.of(instr.args[0]!).lo < 0) return;
      period = leastCommon(period, d / greatestCommon(d, Math.abs(a.times)));
      periodic.add(instr.results[0]!);
    });
    const inner = period < 2 || period > most.period || lookUps(loop, periodic) < fewest ? null : this.innerOf(loop, tested, first, period);
    return inner && { ...tested, first, period, inner };
  }
  /** The loops inside; null where they can't all be written out, or that would be too much. */
  private innerOf(loop: Loop, { counter, size }: Tested, first: number, period: number): Map<Loop, Inner> | null {
    const found = new Map<Loop, Inner>();
    let fits = true, written = period * size;
    visit(loop.regions[0], (instr) => {
      if (!fits || instr.op !== "loop") return;
      const tested = this.testedBy(instr), end = tested && constantOf(tested.limit), steps = new Set(tested?.nexts.map((next) => (next.def?.op === "i32.add" && next.def.args[0] === tested.counter ? constantOf(next.def.args[1]!) : 0)));
      const [step] = steps, { params, body } = instr.regions[0], position = tested ? params.indexOf(tested.counter) : -1;
      fits = tested !== null && typeof end === "number" && end < 2 ** 30 && steps.size === 1 && typeof step === "number" && step > 0 && step < 2 ** 20 && body.length === tested.at + 2 && contentsOfLoop(instr) === 1;
      for (let k = 0; fits && k < period; k++) {
        const from = this.formOf(instr.args[position]!, new Map([[counter, { times: period, plus: first + k }]]));
        fits = from?.times === 0;
        if (from) written += Math.max(0, Math.ceil((Number(end) - from.plus) / Number(step))) * tested!.size;
      }
      if (fits) found.set(instr, { ...tested!, position, step: Number(step), end: Number(end) });
    });
    return fits && written <= most.written ? found : null;
  }
  private isNext(counter: Value, next: Value): boolean {
    return next.def?.op === "i32.add" && next.def.args[0] === counter && constantOf(next.def.args[1]!) === 1 && this.ranges.isExact(next);
  }
}

/** What it is the remainder of a division by. */
function divisorOf(instr: Instr): number | null {
  const by = (remainders as readonly string[]).includes(instr.op) ? Number(constantOf(instr.args[1]!) ?? 0) : 0;
  const d = instr.op === "i32.and" ? by + 1 : by;
  return d < 2 || d > 2 ** 20 || (instr.op === "i32.and" && (d & by) !== 0) ? null : d;
}
const greatestCommon = (a: number, b: number): number => (b === 0 ? a : greatestCommon(b, a % b));
const leastCommon = (a: number, b: number): number => (a / greatestCommon(a, b)) * b;

const contentsOfLoop = (loop: Loop): number => { let loops = 1; visit(loop.regions[0], ({ op }) => { if (op === "loop") loops++; }); return loops; };

/** Loads at places that are computed of these alone, of constants and of counters that begin with such: in tables. One in a loop counts for all of its iterations. */
function lookUps(loop: Loop, periodic: ReadonlySet<Value>): number {
  const known = new Set(periodic);
  let count = 0;
  const isKnown = (v: Value): boolean => known.has(v) || constantOf(v) !== undefined || v.def?.op === "data.addr";
  const look = (region: Region, each: number): void => {
    for (const instr of region.body) {
      if (isMemoryOp(instr.op)) { if (!memoryOps[instr.op].store && instr.args.every(isKnown) && instr.args.some((v) => known.has(v))) count += each; }
      else if (instr.op === "loop") {
        instr.args.forEach((init, i) => { const p = instr.regions[0].params[i]!; if (p.type === "i32" && isKnown(init) && isCounted(p, instr)) known.add(p); });
        look(instr.regions[0], each * fewest);
      } else if ("regions" in instr) for (const inner of regionsOf(instr)) look(inner, each);
      else if (instr.args.some((v) => known.has(v)) && instr.args.every(isKnown)) for (const r of instr.results) known.add(r);
    }
  };
  look(loop.regions[0], 1);
  return count;
}
/** Whether some sum of it and a constant comes round. */
const isCounted = (p: Value, loop: Loop): boolean => { let found = false; visit(loop.regions[0], (instr) => { found ||= instr.op === "i32.add" && instr.args[0] === p && constantOf(instr.args[1]!) !== undefined; }); return found; };
