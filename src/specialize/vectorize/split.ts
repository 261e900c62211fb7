// Splits a loop whose checks can't be proved for all of its iterations, but for as many as a number computed before it tells.
//
//   before  loop l (%i = 0) { if %i < %n { %v = if %i + 3 <u %length {load [%x + %i + 3]} else {yield nan}; … br l %i + 1 } yield }
//   after   %hi = min(%n, %length − 3)
//           %j = loop l (%i = 0) main { if %i < %hi { %v = load [%x + %i + 3]; … br l %i + 1 } yield %i }
//           loop l (%i = %j) rest { …as before… }
//
// The first loop counts in int32 and has no checks: what it computes can be narrowed and vectorized. The second is the exact slow path, and
// does what is left over. Whatever the count, the two together do what the one did.
//
// Requires: machine form, checks that can be proved are gone, invariants hoisted. Guarantees: machine form, same bits; the code of a loop
// that is split is there twice. Loops that hold others are left alone, but for small ones around innermost loops.

import type { Func, If, Instr, Label, Loop, Machine, Program, Region, Value } from "../../ir/types.ts";
import { constantOf, regionsOf } from "../../ir/build.ts";
import { isMemoryOp } from "../../ir/ops.ts";
import { contentsOf, rangesOf } from "../analyses.ts";
import { sourcesOf } from "../flow.ts";
import type { Ranges } from "../ranges.ts";
import { Rewriter, type Target } from "../rewrite.ts";
import { countedLoop, type Counted, type Counter } from "../counted.ts";
import { int32, Limits, require, requirements, requireWithin, type Requirements } from "./limits.ts";
import { observedZeros } from "../zeros.ts";
import { LinearForms, minus, plus, shapeKey, type Linear } from "./linear.ts";
import { Monotone } from "./monotone.ts";

export function splitLoops(func: Func, program: Program): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const splitter = new Splitter(func, program);
  return splitter.splits ? splitter.run() : func;
}

/** How a loop is to be split. */
interface Plan {
  readonly counted: Counted;
  readonly forms: LinearForms;
  /** the counter of the test */
  readonly counter: Counter;
  readonly required: Requirements;
  /** checks of what is no linear form, but rises or falls all the time */
  readonly monotone: Monotone;
  /** conditions that are true in every iteration that is counted */
  readonly true: ReadonlySet<Value>;
  /** int32 conversions of linear forms that lie within int32 */
  readonly indices: ReadonlyMap<Value, Linear>;
}

class Splitter extends Rewriter {
  private found: Ranges | undefined;
  /** while the main loop is written */
  private main: { readonly plan: Plan; readonly counter: Value; readonly bases: ReadonlyMap<string, Value> } | null = null;
  /** what the rest's carried values begin with */
  private readonly goesOn = new Map<Label, Value[]>();

  /** made when a loop may profit */
  private get ranges(): Ranges { return this.found ??= rangesOf(this.old, this.program); }

  private observed: Uint8Array | undefined;
  private signless(v: Value): boolean { return (this.observed ??= observedZeros(this.old, this.ranges, sourcesOf(this.old)))[v.id] === 0; }

  private readonly plans = new Map<Loop, Plan | null>();
  private planOf(loop: Loop): Plan | null {
    let plan = this.plans.get(loop);
    if (plan === undefined) this.plans.set(loop, plan = loop.notes?.role === "rest" ? null : planSplit(loop, () => this.ranges, (v) => this.signless(v)));
    return plan;
  }
  /** Whether there is a loop to split. */
  get splits(): boolean {
    return contentsOf(this.old).loops.some((loop) => this.planOf(loop) !== null);
  }

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    const ends = this.writeMain(plan);
    const { exits, loop } = plan.counted;
    const params = loop.regions[0].params;
    if (instr.notes?.role === "main" && exits.every((v) => params.includes(v))) { // an exact loop follows already
      instr.results.forEach((r, i) => { this.bind(r, ends[params.indexOf(exits[i]!)]!); });
      return true;
    }
    this.goesOn.set(instr.label, ends);
    return super.loop({ ...instr, notes: { ...instr.notes, role: "rest" } });
  }
  protected override inits(instr: Loop): Value[] {
    return this.goesOn.get(instr.label) ?? super.inits(instr);
  }

  /** Writes the main loop; gives what its carried values are at its end. */
  private writeMain(plan: Plan): Value[] {
    const { e } = this;
    const { counted, counter, required, monotone } = plan;
    const { loop } = counted;
    const old = loop.regions[0];
    const limits = new Limits(e, this.ranges, (v) => this.before(v, counted));

    const first = counter.param.type === "i32" ? this.value(counter.first) : e.op("i32.trunc_sat_f64_s", this.value(counter.first));
    let count = limits.count(required);
    if (monotone.checks.size > 0) count = monotone.count(e, count, first, (v) => this.before(v, counted));
    const end = e.op("i32.add", first, e.op("i32.mul", count, e.i32(counter.step)));
    const bases = new Map<string, Value>();
    for (const form of plan.indices.values()) {
      const key = shapeKey(form);
      if (!bases.has(key)) bases.set(key, this.base(form, limits, first));
    }

    const counterNow = e.value("i32", counter.param.name);
    const params = old.params.map((p) => (p === counter.param ? counterNow : this.bind(p, this.fresh(p))));
    const target: Target = { label: { name: loop.label.name }, brs: 0, to: old.params, dropped: [] };
    const inits = loop.args.map((a, i) => (i === counter.index ? first : this.value(a)));
    this.targets.set(loop.label, target);
    this.forgetWrites(old);
    const body = e.inRegion(params, () => {
      const test = e.op(counter.step > 0 ? "i32.lt_s" : "i32.gt_s", counterNow, end);
      const then = e.inRegion([], () => {
        this.bind(counter.param, counter.param.type === "i32" ? counterNow : e.op("f64.convert_i32_s", counterNow));
        const around = this.main;
        this.main = { plan, counter: counterNow, bases };
        this.walk({ params: [], body: [...counted.pre, ...counted.body.body] }, { to: [], tail: null, rest: null, trivial: true });
        this.main = around;
      });
      e.append({ op: "if", args: [test], results: [], regions: [then, { params: [], body: [{ op: "yield", args: [], results: [] }] }], place: counted.test.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    this.forgetWrites(old);
    const results = params.map((p) => e.value(p.type, p.name));
    e.append({ op: "loop", label: target.label, args: inits, results, regions: [body], notes: { ...loop.notes, role: "main" }, place: loop.place });
    return results.map((r, i) => (i === counter.index && counter.param.type === "f64" ? this.counterAfter(r, first, counter.first) : r));
  }

  /** The counter as a double again; where it began beyond int32 the main loop did nothing. */
  private counterAfter(now: Value, first: Value, old: Value): Value {
    const { e } = this;
    const double = e.op("f64.convert_i32_s", now);
    const r = this.ranges.of(old);
    return r.lo >= int32.lo && r.hi <= int32.hi ? double : e.op("f64.select", e.op("i32.eq", now, first), this.value(old), double);
  }

  /** What a value is before the loop: computed there if it stands in the loop and is made of such. */
  private before(v: Value, counted: Counted): Value {
    if (!counted.inside(v)) return this.value(v);
    return this.e.operation(v.def!.op as Machine["op"], v.def!.args.map((a) => this.before(a, counted)));
  }

  /** An index without its counters and its constant. */
  private base(form: Linear, limits: Limits, first: Value): Value {
    const { e } = this;
    if (form.terms.length === 0) return e.i32(0);
    const start = e.op("i32.trunc_sat_f64_s", limits.first(form));
    return form.counters.reduce(
      // no counter but the test's can be a double here
      (sum, { counter, times }) => e.op("i32.sub", sum, e.op("i32.mul", counter.param.type === "f64" ? first : this.value(counter.first), e.i32(times))),
      e.op("i32.sub", start, e.i32(form.plus)));
  }

  protected override passed(to: Value, old: Value): Value {
    const { main } = this;
    if (main && to === main.plan.counter.param) return this.e.op("i32.add", main.counter, this.e.i32(main.plan.counter.step));
    return super.passed(to, old);
  }

  protected override condition(instr: If): Value { return this.main?.plan.true.has(instr.args[0]!) ? this.e.i32(1) : super.condition(instr); }

  protected override operation(instr: Machine): Value {
    const { main } = this;
    const result = instr.results[0]!;
    if (main?.plan.true.has(result)) return this.e.i32(1);
    const index = main?.plan.indices.get(result);
    const { e } = this;
    const shifted = main?.plan.monotone.shifted(result);
    if (shifted) { // where the checks hold the least of them is not negative
      const of = this.value(shifted.of), least = shifted.less === 0 ? of : e.op("f64.add", of, e.f64(shifted.less));
      return e.op("i32.add", e.op("i32.and", e.op("i32.trunc_sat_f64_s", least), e.i32(int32.hi)), e.i32(shifted.plus));
    }
    const whole = index ? null : main?.plan.monotone.whole(result, (leaf) => {
      const c = constantOf(leaf);
      return typeof c === "number" ? e.i32(c) : leaf === main.plan.counter.param ? main.counter : this.value(leaf.def!.args[0]!);
    }, (name, a, b) => e.op(name, a, b));
    if (whole) return whole;
    if (!main || !index) return instr.op === "i32.from_f64" && main?.plan.monotone.isSmall(instr.args[0]!) ? e.op("i32.trunc_sat_f64_s", this.value(instr.args[0]!)) : super.operation(instr);
    let sum = main.bases.get(shapeKey(index))!;
    for (const { counter, times } of index.counters) {
      const now = counter === main.plan.counter ? main.counter : this.value(counter.param);
      sum = e.op("i32.add", e.op("i32.mul", now, e.i32(times)), sum);
    }
    return e.op("i32.add", sum, e.i32(index.plus));
  }
}

// ───────────────────────────────── the plan ─────────────────────────────────

function planSplit(loop: Loop, known: () => Ranges, signless: (v: Value) => boolean): Plan | null {
  const counted = countedLoop(loop, { loops: isSmallNest(loop), bails: true });
  if (typeof counted === "string" || !(counted.counters.some((c) => c.param.type === "f64") || hasConditions(counted.body))) return null;
  const ranges = known();
  const forms = new LinearForms(counted, ranges, signless);
  const required = requirements();
  const enforced = new Set<string>();
  const covered = new Set<Value>();
  const counter = requireTest(counted, forms, ranges, required, enforced);
  if (!counter) return null;
  const monotone = new Monotone(counted, counter, ranges, (v) => forms.invariant(v));

  let checks = 0;
  const cover = (region: Region): void => {
    for (const instr of region.body) {
      if (instr.op !== "if") continue;
      const [then, otherwise] = instr.regions;
      if (touchesMemory(then) && !touchesMemory(otherwise) && coverCondition(instr.args[0]!)) checks++;
      instr.regions.forEach(cover);
    }
  };
  const coverCondition = (cond: Value): boolean => {
    if (covered.has(cond)) return true;
    const def = cond.def;
    if (def?.op === "i32.and") {
      const [a, b] = def.args.map((part) => coverCondition(part)) as [boolean, boolean];
      return a && b;
    }
    if (failsAtOnce(cond, forms, ranges)) return false;
    if (!coverCheck(cond, forms, required, enforced) && !monotone.covers(cond)) return false;
    covered.add(cond);
    return true;
  };
  cover(counted.body);
  const wide = counter.param.type === "f64" && touchesMemory(counted.body);
  if (checks === 0 && !wide) return null;

  // the counter itself, one step further: where it ends
  const self = forms.of(counter.param)!;
  if (!(counter.param.type === "i32" && ranges.isExact(counter.next))) requireWithin(required, plus(self, counter.step), int32.lo, int32.hi);
  if (counter.param.type === "f64") requireWithin(required, self, int32.lo, int32.hi);
  return { counted, forms, counter, required, monotone, true: covered, indices: indicesOf(counted, forms, counter, enforced) };
}

/** Makes the loop's test a requirement; the counter that it tests. */
function requireTest(counted: Counted, forms: LinearForms, ranges: Ranges, required: Requirements, enforced: Set<string>): Counter | null {
  const test = counted.cond.def;
  if (!test) return null;
  const [a, b] = test.args as [Value, Value];
  const counter = counted.counters.find((c) => c.param === a || c.param === b) ?? null;
  if (!counter || !forms.of(counter.param)) return null;
  if (coverCheck(counted.cond, forms, required, enforced)) return counter;
  // a bound in doubles may be any number
  const relation = /^f64\.(lt|le|gt|ge)$/.exec(test.op)?.[1];
  const limit = counter.param === a ? b : a;
  if (!relation || !forms.invariant(limit)) return null;
  const up = (relation[0] === "l") === (counter.param === a);
  if (up !== counter.step > 0) return null;
  required.bounds.push({ counter, limit, strict: relation[1] === "t" });
  return counter;
}

/** Makes the condition a requirement, if it is one on linear forms, or the same in every iteration. */
function coverCheck(cond: Value, forms: LinearForms, required: Requirements, enforced: Set<string>): boolean {
  if (constantOf(cond) !== undefined) return false;
  const def = cond.def;
  const compared = def && /^(i32|f64)\.(lt|le|gt|ge|eq)(_s|_u)?$/.exec(def.op);
  if (compared) {
    const [, type, relation, sign] = compared;
    const [x, y] = def.args.map((a) => forms.of(a)) as [Linear | null, Linear | null];
    const isConversion = type === "f64" && relation === "eq" && x && y && sameForm(x, y);
    if (isConversion) return enforce([...x.within, ...y.within], required, enforced);
    if (x && y && relation !== "eq") {
      const [low, high] = relation![0] === "l" ? [x, y] : [y, x];
      const gap = minus(high, low);
      if (!gap || (gap.counters.length === 0 && gap.terms.length === 0)) return false;
      const exact = type === "f64" ? [] : sign === "_u" ? [high] : [low, high].filter((f) => !isLeaf(f));
      if (sign === "_u") require(required, low);
      require(required, relation![1] === "t" ? plus(gap, -1) : gap);
      return enforce([...exact.filter((f) => !isLeaf(f)), ...low.within, ...high.within], required, enforced);
    }
  }
  if (!forms.invariant(cond)) return false;
  required.flags.add(cond);
  return true;
}

/** Whether the first iteration is known not to keep to the condition (`i + 1 < n` of a loop from n − 1 down): then no iteration would be left. */
function failsAtOnce(cond: Value, forms: LinearForms, ranges: Ranges): boolean {
  const compared = cond.def && /^i32\.(lt|le|gt|ge)_s$/.exec(cond.def.op);
  if (!compared) return false;
  const [x, y] = cond.def!.args.map((a) => forms.of(a)) as [Linear | null, Linear | null];
  const gap = x && y && (compared[1]![0] === "l" ? minus(y, x) : minus(x, y));
  if (!gap) return false;
  let first = gap.plus - (compared[1]![1] === "t" ? 1 : 0);
  const sum = new Map<Value, number>();
  const add = (v: Value, by: number): void => {
    const c = constantOf(v), plus = v.def?.op === "i32.add" && ranges.isExact(v) ? constantOf(v.def.args[1]!) : undefined;
    if (typeof c === "number") first += by * c;
    else if (typeof plus === "number") { first += by * plus; add(v.def!.args[0]!, by); } else sum.set(v, (sum.get(v) ?? 0) + by);
  };
  for (const { counter, times } of gap.counters) add(counter.first, times);
  for (const { value, times } of gap.terms) add(value, times);
  return first < 0 && [...sum.values()].every((by) => by === 0);
}

function enforce(within: readonly Linear[], required: Requirements, enforced: Set<string>): boolean {
  for (const form of within) {
    const key = `${shapeKey(form)}+${form.plus}`;
    if (enforced.has(key)) continue;
    enforced.add(key);
    requireWithin(required, form, int32.lo, int32.hi);
  }
  return true;
}

const sameForm = (a: Linear, b: Linear): boolean => a.plus === b.plus && shapeKey(a) === shapeKey(b);
/** A single value or a constant: within int32 by its type. */
const isLeaf = (f: Linear): boolean => f.counters.length + f.terms.length === 0
  || f.plus === 0 && f.counters.length + f.terms.length === 1 && (f.counters[0]?.times ?? f.terms[0]?.times) === 1;

/** Loops in loops would be there four times, and more; a loop around small ones is worth it. */
function isSmallNest(loop: Loop): boolean {
  let size = 0, depth = 0;
  const look = (region: Region, at: number): void => {
    for (const instr of region.body) {
      size++;
      if (instr.op === "loop") depth = Math.max(depth, at + 1);
      for (const inner of regionsOf(instr)) look(inner, instr.op === "loop" ? at + 1 : at);
    }
  };
  look(loop.regions[0], 0);
  return depth <= 1 && size <= mostNested;
}
/** instructions of such a loop */
const mostNested = 200;

const hasConditions = (region: Region): boolean => region.body.some((instr) => instr.op === "if" && touchesMemory(instr.regions[0]));
const touchesMemory = (region: Region): boolean => region.body.some((instr) => isMemoryOp(instr.op) || regionsOf(instr).some(touchesMemory));

/** Conversions to int32 that the main loop computes from its int32 counter. */
function indicesOf(counted: Counted, forms: LinearForms, counter: Counter, enforced: ReadonlySet<string>): ReadonlyMap<Value, Linear> {
  const found = new Map<Value, Linear>();
  const visit = (list: readonly Instr[]): void => {
    for (const instr of list) {
      if (instr.op === "if") { instr.regions.forEach((r) => { visit(r.body); }); continue; }
      if (instr.op !== "i32.trunc_sat_f64_s" && instr.op !== "i32.from_f64") continue;
      const result = instr.results[0]!;
      const form = forms.of(result);
      if (!form || form.counters.some((c) => c.counter !== counter && c.counter.param.type === "f64")) continue;
      if (form.within.every((f) => enforced.has(`${shapeKey(f)}+${f.plus}`))) found.set(result, form);
    }
  };
  visit(counted.pre);
  visit(counted.body.body);
  return found;
}
