// Splits a loop's iterations into those for which all bounds checks hold, done without them, and the rest, done exactly as before.
//
//   before  for (i = 0; i < n; i++) { … x[i + 3] … }                              x[…] checked each time
//   after   end = min(n, x.length − 3); for (; i < end; i++) { … x[i + 3] … }     unchecked
//           for (; i < n; i++) { … x[i + 3] … }                                   checked: usually no iteration is left for it
//
// A check `index <u length` (or the opposite, which says whether an element is undefined) is handled if the index is m·i + base + c: i the loop's counter, which only grows; m ≥ 0 a constant; base and
// length from outside the loop; c within known bounds (an inner loop's counter, say, or what conditions choose from). With m = 0 the check is the same in every iteration:
// it is made once, and where it fails the first loop has none. Where the index may be below 0 at first, a third loop, checked, goes before.
// The limits are computed in doubles, in which nothing wraps, and converted with saturation. An index that wraps in int32 on the way is
// no matter: if the sum is within the length, it is the same modulo 2^32. A second counter that only grows (pixels in, pixels out) is the first one
// times the quotient of their steps, plus what they began with: `part` is what that is divided by.
//
// An inner loop's counter whose limit is no constant lies between what it begins with and that limit, whatever is known of how far it could go: the index
// then has a sum that it is not below (`below`), and one that it is not above. With `i` up to `n − span`, `x[i + span]` is there in all iterations.
//
// Where an index is made of a byte that the loop reads, the greatest of these is looked for before it (ahead.ts), unless the array is long enough for any.
//
// Where the counter is multiplied by a number that varies (`table[(k + 1) * n + j]`), so that nothing wraps and the index never goes down, that of the last iteration
// tells whether those of all are there.
//
// Comparisons that go one way but near the ends (edges.ts) limit the first loop in the same way, and are constants in it.
//
// Requires: machine form, after checks.ts (what can be proved needs no splitting) and hoist.ts (lengths and bases come from outside).
// Guarantees: machine form; iterations run once, in order. The code grows: `limits` says how much.

import { isMachineOp, isMemoryOp, ops } from "../ir/ops.ts";
import { constantOf } from "../ir/build.ts";
import { gcd } from "../ir/exact.ts";
import type { Func, If, Instr, Label, Loop, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { greatestOf, isAny, lookedUp, type Looked } from "./ahead.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import { edgesOf, near, type Edge } from "./edges.ts";
import { definedIn, holdsOne, visit } from "./flow.ts";
import type { Range } from "./intervals.ts";
import type { Ranges } from "./ranges.ts";
import type { Note } from "./notes.ts";
import { mayTouch, plain, Rewriter, writesOf, yields } from "./rewrite.ts";
import { fixed, isBeside, sum, times, type Affine } from "./affineindices.ts";
import { alwaysDone, leaves, type Always } from "./always.ts";

/** instructions of a loop that may be copied once, and twice; where it has edges; of all copies together; and limits computed for one loop */
const limits = { loop: 3000, small: 400, edges: 1200, growth: 8000, groups: 8, trips: 8 };
/** how far a part of an index that is no counter's may range; more than any index */
const most = 65536, anything = 2 ** 32;
/** from where on such a part is told by what limits it, where something does */
const wide = 1024;

export function splitLoops(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const splitter = new Splitter(func, program, note);
  return splitter.splits ? splitter.run() : func;
}

/** Another counter, as the loop's one has it. */
type Other = (v: Value) => Affine | null;
/** The checks whose indices differ by constants only, or those of one index that rises with the counter; which others they need to hold. */
interface Group { readonly m: number; readonly part: number; readonly base: ReadonlyMap<Value, number>; readonly length: Value; lo: number; hi: number; readonly checks: Set<Instr>; readonly ahead: Ahead | null; readonly rising: Value | null; readonly needs: readonly Instr[]; readonly below: Lower | null }
/** What the indices of a group are not below, where that is another sum than what they are not above. */
interface Lower { readonly m: number; readonly part: number; readonly base: ReadonlyMap<Value, number>; lo: number }
/** Whether an index itself is asked for, or what it is not below, or not above. */
type Side = "itself" | "below" | "above";
interface Asked { readonly side: Side; readonly check: Instr | null; readonly exact: boolean; readonly met: Set<Value> }
const itself: Asked = { side: "itself", check: null, exact: false, met: new Set() };
const otherSide: Readonly<Record<Side, Side>> = { itself: "itself", below: "above", above: "below" };
/** A loop's counter that goes up by constants to a limit that is no constant. */
interface Open { readonly first: Value; readonly limit: Value; readonly last: boolean; readonly done: ReadonlySet<Instr> }
/** Elements that indices are made of: where the loop loads them, and what is added to them times a constant at most; which checks have to hold for them to be there. */
interface Ahead { readonly load: Memory; readonly at: Affine; readonly times: number; lo: number; hi: number; plus: number; readonly needs: readonly Instr[] }
/** Whether the check asks for the opposite: whether there is no such element. Of an `if` its condition does. */
function isOutside(check: Instr): boolean {
  const op = check.op === "if" ? check.args[0]!.def?.op : check.op;
  return op === "i32.ge_u" || op === "i32.le_u" || check.op === "if" && (op === "i32.eqz" || leaves(check));
}
interface Split { readonly test: If; readonly counter: number; readonly groups: readonly Group[]; readonly edges: readonly Edge[]; readonly size: number; readonly inside: ReadonlySet<Value>; readonly loop: Loop }

class Splitter extends Rewriter {
  private readonly ranges: Ranges;
  /** what checks and comparisons are in the copy that is being written */
  private readonly proved = new Map<Instr, 0 | 1>();
  /** inside a copy that is done as before */
  private exact = 0;
  /** the constant 1, as an old value */
  private readonly one: Value = this.e.i32(1);
  private growth = 0;

  private readonly note: Note;

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
    this.ranges = rangesOf(func, program);
  }

  /** Whether there is a loop to split. */
  get splits(): boolean { return holdsOne(this.old.body, (instr) => instr.op === "loop" && this.analyse(instr) !== null); }

  protected override operation(instr: Machine): Value {
    const known = this.proved.get(instr);
    if (known === undefined) return super.operation(instr);
    return instr.op.endsWith(".select") ? this.value(instr.args[known ? 1 : 2]!) : this.e.i32(known);
  }
  protected override condition(instr: If): Value { const known = this.proved.get(instr); return known === undefined ? super.condition(instr) : this.e.i32(known); }

  /** what the loop that is written last begins with: what those before it ended with */
  private readonly begun = new Map<Label, Value[]>();
  protected override inits(instr: Loop): Value[] { return this.begun.get(instr.label) ?? super.inits(instr); }

  protected override loop(instr: Loop): boolean {
    const split = this.exact === 0 && instr.notes?.role !== "rest" ? this.analyse(instr) : null;
    if (!split) return super.loop(instr);
    const inits = this.inits(instr);
    this.growth += split.size;
    this.note(instr.place, "a loop", "two, the first without bounds checks", `${split.groups.reduce((n, g) => n + g.checks.size, 0)} checks by ${split.groups.length} limits`);
    const { e } = this;

    // 1. from which iteration on, and up to which, all checks hold
    const growing = split.groups.filter((g) => g.m > 0), lowers = split.groups.flatMap((g) => (g.rising ? [] : [g.below ?? g]));
    const mayBeBelow = lowers.filter((g) => g.m > 0 && !this.startsAbove(g, instr.args[split.counter]!));
    const edges = (lower: boolean): Value[] => split.edges.filter((edge) => edge.lower === lower).map((edge) => this.place(edge));
    const begin = edges(true);
    const before = mayBeBelow.length > 0 && split.size <= limits.small || begin.length > 0;
    let enabled: Value | null = null;
    const require = (cond: Value): void => { enabled = enabled ? e.op("i32.and", enabled, cond) : cond; };
    for (const g of lowers) if (g.m === 0 && (g.base.size > 0 || g.lo < 0)) require(e.op("f64.ge", e.op("f64.add", this.sum(g, null), e.f64(g.lo)), e.f64(0)));
    for (const g of split.groups) if (g.m === 0 && !g.rising && !g.ahead) require(e.op("f64.lt", e.op("f64.add", this.sum(g, null), e.f64(g.hi)), this.lengthOf(g)));
    if (!before) for (const g of mayBeBelow) require(e.op("f64.ge", e.op("f64.add", this.sum(g, inits[split.counter]!), e.f64(g.lo)), e.f64(0)));
    const end = [...growing.map((g) => this.iteration(e.op("f64.sub", e.op("f64.sub", this.lengthOf(g), this.sum(g, null)), e.f64(g.hi)), g.m)), ...edges(false)]
      .reduce<Value | null>((a, b) => (a ? e.op("i32.select", e.op("i32.lt_s", a, b), a, b) : b), null);
    const start = before ? [...mayBeBelow.map((g) => this.iteration(e.op("f64.sub", e.f64(-g.lo), this.sum(g, null)), g.m)), ...begin]
      .reduce((a, b) => e.op("i32.select", e.op("i32.gt_s", a, b), a, b)) : null;

    // 2. the loops
    let values = inits;
    if (start) {
      this.exact++;
      values = this.iterate(instr, split, "rest", values, start, null);
      this.exact--;
      this.growth += split.size;
    }
    for (const g of split.groups) if (g.rising) require(e.op("i32.lt_u", this.atLast(g.rising, split, end), this.value(g.length)));
    for (const g of split.groups) if (g.ahead) require(this.looksAhead(g, g.ahead, enabled, values[split.counter]!, this.limitOf(instr, split, end)!));
    for (const g of split.groups) for (const check of g.checks) this.proved.set(check, isOutside(check) ? 0 : 1);
    for (const { test, inside } of split.edges) this.proved.set(test, inside);
    values = this.iterate(instr, split, "main", values, end, enabled);
    for (const g of split.groups) for (const check of g.checks) this.proved.delete(check);
    for (const { test } of split.edges) this.proved.delete(test);
    this.exact++;
    this.begun.set(instr.label, values);
    const reached = super.loop({ ...instr, notes: { ...instr.notes, role: "rest" } });
    this.begun.delete(instr.label);
    this.exact--;
    return reached;
  }

  /** Writes the loop with `counter < end` and `enabled` added to its test; gives the carried values that it ends with. */
  private iterate(instr: Loop, split: Split, role: "main" | "rest", inits: readonly Value[], end: Value | null, enabled: Value | null): Value[] {
    const { e } = this;
    const { test } = split;
    const old = instr.regions[0], counter = old.params[split.counter]!;
    let limit = this.limitOf(instr, split, end);
    if (limit && enabled) limit = e.op("i32.select", enabled, limit, e.i32(-2147483648));
    const params = old.params.map((p) => this.bind(p, this.fresh(p)));
    const target = { label: { name: instr.label.name }, brs: 0, to: old.params, dropped: old.params.map(() => false) };
    this.targets.set(instr.label, target);
    this.forgetWrites(old);
    const body = e.inRegion(params, () => {
      for (const inner of old.body) {
        if (inner === test) break;
        this.instruction(inner);
      }
      let now = limit ? e.op("i32.lt_s", this.map[counter.id]!, limit) : this.condition(test);
      if (!limit && end) now = e.op("i32.and", e.op("i32.ne", now, e.i32(0)), e.op("i32.lt_s", this.map[counter.id]!, end));
      if (!limit && enabled) now = e.op("i32.and", e.op("i32.ne", now, e.i32(0)), e.op("i32.ne", enabled, e.i32(0)));
      const then = e.inRegion([], () => { if (this.walk(test.regions[0], plain([]))) throw new Error("a loop's test was expected to lead on or out"); });
      e.append({ op: "if", args: [now], results: [], regions: [then, yields([])], place: test.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    this.forgetWrites(old);
    const results = old.params.map((p) => this.fresh(p));
    e.append({ op: "loop", label: target.label, args: [...inits], results, regions: [body], notes: { ...instr.notes, role }, place: instr.place });
    for (const v of split.inside) this.map[v.id] = undefined; // the next copy has its own
    return results;
  }

  // ───────────────────────────────── limits ─────────────────────────────────

  /** i < n becomes i < min(n, end), or i < −2^31 where it is not enabled: still one comparison. So does i ≤ n: it is i < n + 1, where n < end; or, of the greatest number, none. */
  private limitOf(loop: Loop, { test, counter, inside }: Pick<Split, "test" | "counter" | "inside">, end: Value | null): Value | null {
    const cond = test.args[0]!.def, { e } = this;
    const relation = cond?.op === "i32.lt_s" || cond?.op === "i32.le_s" ? cond.op : null;
    if (!relation || cond!.args[0] !== loop.regions[0].params[counter] || inside.has(cond!.args[1]!)) return null;
    const n = this.value(cond!.args[1]!);
    const least = relation === "i32.lt_s" ? n : e.op("i32.add", n, e.i32(1));
    return end ? e.op("i32.select", e.op("i32.lt_s", n, end), least, end) : least;
  }

  /** A sum or product as `rises` finds them, in the last iteration. Where there is none, that is no matter. */
  private atLast(rising: Value, split: Split, end: Value | null): Value {
    const { e } = this, { inside, counter, loop } = split, param = loop.regions[0].params[counter]!;
    const last = e.op("i32.add", this.limitOf(loop, split, end)!, e.i32(-1));
    const of = (v: Value): Value => (v === param ? last : inside.has(v) && isMachineOp(v.def!.op) ? e.op(v.def!.op, ...v.def!.args.map(of)) : this.value(v));
    return of(rising);
  }

  /** Whether the array is long enough for any such elements, or for those that the iterations from one to another read, in which the other checks hold. */
  private looksAhead(g: Group, { load, at, times, lo, hi, plus }: Ahead, enabled: Value | null, first: Value, limit: Value): Value {
    const { e } = this, result = e.value("i32");
    const ends = (of: Value): Region => e.inRegion([], () => { e.append({ op: "yield", args: [of], results: [] }); });
    const all = e.op("f64.lt", e.op("f64.add", this.sum(g, null), e.f64(g.hi)), this.lengthOf(g));
    const some = e.inRegion([], () => {
      const asked = e.op("i32.lt_s", first, limit), fits = e.value("i32");
      const look = e.inRegion([], () => {
        const place = (i: Value, more: number): Value => [...at.base].reduce((sum, [v, by]) => e.op("i32.add", sum, e.op("i32.mul", this.value(v), e.i32(by))), e.op("i32.add", e.op("i32.mul", i, e.i32(at.m)), e.i32(more)));
        const greatest = greatestOf(e, load, this.value(load.args[0]!), place(first, lo), place(e.op("i32.add", limit, e.i32(-1)), hi + 1));
        const index = e.op("f64.add", e.op("f64.mul", e.op("f64.convert_i32_u", greatest), e.f64(times)), e.f64(plus));
        e.append({ op: "yield", args: [e.op("f64.lt", e.op("f64.add", this.sum(g, null), index), this.lengthOf(g))], results: [] });
      });
      e.append({ op: "if", args: [enabled ? e.op("i32.and", e.op("i32.ne", enabled, e.i32(0)), asked) : asked], results: [fits], regions: [look, ends(e.i32(0))] });
      e.append({ op: "yield", args: [fits], results: [] });
    });
    e.append({ op: "if", args: [all], results: [result], regions: [ends(e.i32(1)), some] });
    return result;
  }

  /** The first iteration that is not below an edge. */
  private place({ at }: Edge): Value {
    const { e } = this;
    return at.of ? e.op("i32.trunc_sat_f64_s", e.op("f64.add", this.double(at.of), e.f64(at.plus))) : e.i32(Math.max(-2147483648, Math.min(2147483647, at.plus)));
  }
  private lengthOf(g: Group): Value { return this.e.op("f64.mul", this.double(g.length), this.e.f64(g.part)); }
  private double(old: Value): Value { return this.e.op("f64.convert_i32_s", this.value(old)); }
  /** m·counter + base, or base alone, as a double: exact */
  private sum(g: Pick<Lower, "m" | "base">, counter: Value | null): Value {
    const { e } = this;
    let sum = counter ? e.op("f64.mul", e.op("f64.convert_i32_s", counter), e.f64(g.m)) : e.f64(0);
    for (const [v, times] of g.base) sum = e.op("f64.add", sum, e.op("f64.mul", this.double(v), e.f64(times)));
    return sum;
  }
  /** The first i for which m·i ≥ x, as an int32 as far as there is one. */
  private iteration(x: Value, m: number): Value {
    return this.e.op("i32.trunc_sat_f64_s", m === 1 ? x : this.e.op("f64.ceil", this.e.op("f64.div", x, this.e.f64(m))));
  }
  private startsAbove(g: Lower, init: Value): boolean {
    let least = g.m * this.ranges.of(init).lo + g.lo;
    for (const [v, times] of g.base) least += times > 0 ? times * this.ranges.of(v).lo : times * this.ranges.of(v).hi;
    return least >= 0;
  }

  // ───────────────────────────────── analysis ─────────────────────────────────

  private analyse(loop: Loop): Split | null {
    const { params, body } = loop.regions[0];
    // 1. a loop with a test in front, which only computes, and a counter that only grows
    const at = body.findIndex((instr) => instr.op === "if");
    const test = body[at];
    if (test?.op !== "if" || body.slice(0, at).some((instr) => !isMachineOp(instr.op) || ops[instr.op].effect !== "none")) return null;
    if (test.regions[1].body.length !== 1 || test.results.length > 0 || test.regions[0].body.at(-1)!.op === "yield") return null;
    const { inside, size } = definedIn(loop);
    if (size > limits.loop || this.growth + size > limits.growth) return null;
    const counters = params.flatMap((p, i) => (p.type === "i32" && this.brs.get(loop.label)?.every((br) => this.grows(p, br.args[i]!)) ? [i] : []));
    // 2. the counter with the most checks: of those that have as many, the one that the test compares
    const tested = params.findIndex((p) => p === test.args[0]!.def?.args[0]);
    if (counters.includes(tested)) counters.unshift(...counters.splice(counters.indexOf(tested), 1));
    let best: Split | null = null;
    for (const counter of counters) {
      const groups = this.groupsOf(loop, test, counter, inside, this.others(loop, counters, counter));
      const edges = size <= limits.edges ? this.edgesIn(loop, test, counter, inside) : [];
      if (groups.some((g) => g.m > 0) || edges.length > 0 || counter === counters[0]) {
        const weight = (s: Pick<Split, "groups" | "edges">): number => s.groups.reduce((n, g) => n + g.checks.size, s.edges.length);
        if (groups.length + edges.length > 0 && (!best || weight({ groups, edges }) > weight(best))) best = { test, counter, groups, edges, size, inside, loop };
      }
    }
    if (!best) return null;
    const trips = this.ranges.of(params[best.counter]!);
    return trips.hi - trips.lo <= limits.trips ? null : best;
  }

  /** Edges of an innermost loop that loads or stores. */
  private edgesIn(loop: Loop, test: If, counter: number, inside: ReadonlySet<Value>): readonly Edge[] {
    const { params } = loop.regions[0];
    const cond = test.args[0]!.def;
    if (cond?.op !== "i32.lt_s" || cond.args[0] !== params[counter] || inside.has(cond.args[1]!)) return [];
    let plainly = false, nested = false;
    visit(test.regions[0], (instr) => { plainly ||= isMemoryOp(instr.op); nested ||= instr.op === "loop"; });
    return plainly && !nested ? edgesOf(test.regions[0], params[counter]!, loop.args[counter]!, cond.args[1]!, (v) => inside.has(v), this.ranges) : [];
  }

  /** the next value is the parameter and a positive constant, without wrap-around */
  private grows(p: Value, next: Value): boolean {
    const step = next.def?.op === "i32.add" && next.def.args[0] === p ? constantOf(next.def.args[1]!) : undefined;
    return typeof step === "number" && step > 0 && this.ranges.isExact(next);
  }

  /** What the loop's other counters are where one is i: first' + step' / step · (i − first). */
  private others(loop: Loop, counters: readonly number[], own: number): Other {
    const { params } = loop.regions[0];
    const step = this.stepOf(loop, own);
    return (v) => {
      const at = counters.find((i) => i !== own && params[i] === v);
      const its = at === undefined ? null : this.stepOf(loop, at);
      if (at === undefined || step === null || its === null || its > 1024 || step > 1024) return null;
      const common = gcd(its, step);
      const [m, part] = [its / common, step / common];
      const form: Affine = { m, base: new Map(), lo: 0, hi: 0, part, by: undefined };
      for (const [first, times] of [[loop.args[at]!, part], [loop.args[own]!, -m]] as const) {
        const c = constantOf(first);
        if (typeof c === "number") { form.lo += times * c; form.hi += times * c; } else form.base.set(first, (form.base.get(first) ?? 0) + times);
      }
      return form;
    };
  }
  /** What a counter grows by, where that is one constant. */
  private stepOf(loop: Loop, at: number): number | null {
    const steps = this.brs.get(loop.label)!.map((br) => constantOf(br.args[at]!.def!.args[1]!) as number);
    return steps.every((s) => s === steps[0]) ? steps[0]! : null;
  }

  private groupsOf(loop: Loop, test: If, at: number, inside: ReadonlySet<Value>, others: Other): readonly Group[] {
    const [region] = test.regions, counter = loop.regions[0].params[at]!;
    const groups = new Map<string, Group>();
    const cond = test.args[0]!.def, isLimited = (cond?.op === "i32.lt_s" || cond?.op === "i32.le_s") && cond.args[0] === counter && !inside.has(cond.args[1]!);
    const alone = loop.regions[0].params.length === 1; // what carries more on is seldom done in lanes, and would wait for a look at each element
    const always = this.stepOf(loop, at) === 1 ? alwaysDone(loop, test, inside) : null;
    const add = (check: Instr, index: Affine, length: Value, lower: Affine | null = null): void => {
      const base = [...index.base].filter(([, times]) => times !== 0).sort((a, b) => a[0].id - b[0].id), bases = base.map(([v, times]) => `${v.id}*${times}`).join("+");
      const below = lower && { m: lower.m, part: lower.part, base: new Map([...lower.base].filter(([, times]) => times !== 0)), lo: lower.lo };
      const ahead = isLimited && index.m === 0 && index.part === 1 && index.by && (alone || !isAny(index.by)) ? this.aheadOf(index.by, loop, region, at, inside, others, always) : null;
      if (!ahead && (index.hi >= anything / 2 || index.lo <= -anything / 2)) return;
      const looked = ahead ? `|${ahead.load.op}${ahead.load.args[0]!.id}+${ahead.load.offset}:${ahead.times}*${ahead.at.m}:${[...ahead.at.base].map(([v, times]) => `${v.id}*${times}`).join("+")}` : "";
      const under = below ? `|${below.m}/${below.part}:${[...below.base].map(([v, times]) => `${v.id}*${times}`).join("+")}` : "";
      const key = `${index.m}/${index.part}<${length.id}:${bases}${looked}${under}`;
      const group = groups.get(key);
      if (!group) { groups.set(key, { m: index.m, part: index.part, base: new Map(base), length, lo: index.lo, hi: index.hi, checks: new Set([check]), ahead, rising: null, needs: ahead?.needs ?? [], below }); return; }
      if (group.below && below) group.below.lo = Math.min(group.below.lo, below.lo);
      if (group.ahead && ahead) {
        group.ahead.lo = Math.min(group.ahead.lo, ahead.lo);
        group.ahead.hi = Math.max(group.ahead.hi, ahead.hi);
        group.ahead.plus = Math.max(group.ahead.plus, ahead.plus);
      }
      group.lo = Math.min(group.lo, index.lo);
      group.hi = Math.max(group.hi, index.hi);
      group.checks.add(check);
    };
    const addRising = (check: Instr, index: Value, length: Value, { unless }: Always): void => {
      const key = `${index.id}<${length.id}`, group = groups.get(key);
      if (group) group.checks.add(check);
      else groups.set(key, { m: 0, part: 1, base: new Map(), length, lo: 0, hi: 0, checks: new Set([check]), ahead: null, rising: index, needs: unless, below: null });
    };
    const fits = ({ m, base }: Affine): boolean => m >= 0 && m <= 1024 && base.size <= 4;
    visit(region, (instr) => {
      if (this.proved.has(instr)) return;
      let index: Value | null = null;
      let length: Value | null = null;
      if (instr.op === "i32.lt_u" || instr.op === "i32.ge_u") [index, length] = [instr.args[0]!, instr.args[1]!];
      else if (instr.op === "i32.gt_u" || instr.op === "i32.le_u") [length, index] = [instr.args[0]!, instr.args[1]!];
      else if (instr.op === "if") {
        const cond = instr.args[0]!;
        if (inside.has(cond) || cond.def?.op === "const") return;
        const r = this.ranges.of(cond);
        const { def } = cond, compared = def && /^i32\.[lg][te]_u$/.test(def.op);
        if (def === null && r.lo === 0 && r.hi > 1 && !leaves(instr)) add(instr, fixed(0, 0), cond); // `0 <u length` is written `length`
        else if (def?.op === "i32.eqz" && this.ranges.of(def.args[0]!).lo >= 0) add(instr, fixed(0, 0), def.args[0]!);
        else if (compared && !(leaves(instr) && /[lg]t/.test(def.op))) {
          const [at, length] = def.op === "i32.lt_u" || def.op === "i32.ge_u" ? def.args : [def.args[1]!, def.args[0]!];
          const c = constantOf(at!);
          // of a place that never changes: all of an array's are one limit
          if (typeof c === "number" && c >= 0 && this.ranges.of(length!).lo >= 0) { add(instr, fixed(c, c), length!); return; }
          if (isOutside(instr)) add(instr, fixed(0, 0, [[cond, 1]]), this.one); else add(instr, fixed(1, 1, [[cond, -1]]), this.one); // a check made outside: 1 − check < 1
        } else if (leaves(instr) && r.lo >= 0 && r.hi <= 1) add(instr, fixed(0, 0, [[cond, 1]]), this.one);
        return;
      }
      if (!index || !length || inside.has(length) || this.ranges.of(length).lo < 0) return;
      const affine = this.affine(index, counter, inside, others, 8, this.ranges.operand(instr as Machine, index === instr.args[0] ? 0 : 1));
      if (isLimited && always && !(affine && affine.m > 0) && this.ranges.of(index).lo >= 0 && this.rises(index, counter, inside, always.done, 8) === "rises") addRising(instr, index, length, always);
      else {
        const [below, above] = !affine || affine.hi - affine.lo > wide ? this.betweenOf(index, instr, counter, inside, others) ?? [null, affine] : [null, affine];
        if (above && fits(above) && (!below || fits(below))) add(instr, above, length, below);
      }
    });
    const possible = (g: Group): boolean => g.m !== 0 || g.base.size > 0 || g.ahead !== null || g.rising !== null || g.lo >= 0 && g.hi < this.ranges.of(g.length).hi * g.part; // else no iteration would be left
    const found = [...groups.values()].filter(possible).sort((a, b) => b.checks.size - a.checks.size).slice(0, limits.groups);
    const holds = (check: Instr): boolean => found.some((g) => g.checks.has(check) && (g.m > 0 || check.op === "if"));
    return found.filter(({ needs }) => needs.every(holds));
  }

  /** The counters of loops that go up to what is no constant. */
  private get open(): ReadonlyMap<Value, Open> {
    if (this.opened) return this.opened;
    const found = new Map<Value, Open>();
    for (const loop of contentsOf(this.old).loops) {
      const { params, body } = loop.regions[0], test = body.find((instr) => instr.op === "if"), cond = test?.args[0]!.def;
      const i = params.findIndex((p) => p === cond?.args[0]), p = params[i];
      if (!p || cond!.op !== "i32.lt_s" && cond!.op !== "i32.le_s" || constantOf(cond!.args[1]!) !== undefined || !this.brs.get(loop.label)?.every((br) => this.grows(p, br.args[i]!))) continue;
      const done = new Set<Instr>();
      visit((test as If).regions[0], (instr) => { done.add(instr); });
      found.set(p, { first: loop.args[i]!, limit: cond!.args[1]!, last: cond!.op === "i32.le_s", done });
    }
    return this.opened = found;
  }
  private opened: ReadonlyMap<Value, Open> | null = null;

  /**
   * The value as (m·counter + base + c) / part, modulo 2^32; or what it is not below, or not above, where it is checked. What an inner counter begins with, and its limit, are
   * compared as they are: of these nothing may have wrapped around (`exact`).
   */
  private affine(v: Value, counter: Value, inside: ReadonlySet<Value>, others: Other, depth: number, seen = this.ranges.of(v), asked: Asked = itself): Affine | null {
    if (v === counter) return { ...fixed(0, 0), m: 1 };
    const c = constantOf(v);
    if (typeof c === "number") return fixed(c, c);
    const def = asked.exact && v.def !== null && !this.ranges.isExact(v) ? null : v.def;
    const of = (one: Value, range = this.ranges.of(one), side = asked.side): Affine | null => this.affine(one, counter, inside, others, depth - 1, range, { ...asked, side });
    if ((def?.op === "i32.add" || def?.op === "i32.sub") && depth > 0) {
      const sign = def.op === "i32.add" ? 1 : -1;
      const a = of(def.args[0]!, this.ranges.operand(def, 0));
      const b = of(def.args[1]!, this.ranges.operand(def, 1), sign > 0 ? asked.side : otherSide[asked.side]);
      if (a && b) {
        const part = Math.max(a.part, b.part);
        return a.part !== b.part && Math.min(a.part, b.part) !== 1 ? null : sum(times(a, part / a.part), times(b, sign * part / b.part), part);
      }
    }
    if ((def?.op === "i32.shl" || def?.op === "i32.mul") && depth > 0) {
      const k = constantOf(def.args[1]!);
      const factor = typeof k !== "number" ? 0 : def.op === "i32.shl" ? 2 ** (k & 31) : k;
      const a = factor > 0 && factor <= 1024 ? of(def.args[0]!, this.ranges.operand(def, 0)) : null;
      if (a) return times(a, factor);
    }
    if (!inside.has(v)) return fixed(0, 0, [[v, 1]]);
    const arms = depth > 0 ? armsOf(v) : null, [a, b] = arms ? arms.map((arm) => of(arm)) : [];
    const either = a && b && a.m > 0 && isBeside(a, b) ? { ...a, lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi), by: null } : null;
    if (either && either.hi - either.lo <= near) return either;
    const open = seen.hi - seen.lo > wide && seen.hi - seen.lo <= most ? this.open.get(v) : undefined; // what is known of how far it goes is more than it does
    if (open && asked.side !== "itself" && depth > 0 && open.done.has(asked.check!)) {
      asked.met.add(v);
      const end = this.affine(asked.side === "below" ? open.first : open.limit, counter, inside, others, depth - 1, undefined, { ...asked, exact: true });
      if (!end || end.hi - end.lo > wide) return null;
      return asked.side === "above" && !open.last ? sum(end, fixed(-end.part, -end.part), end.part) : end;
    }
    // an inner counter, a remainder, an element, a place that wraps around: then it is in the row, whichever end of it that is
    const by = lookedUp(v);
    return others(v) ?? (seen.hi - seen.lo <= most ? { ...fixed(seen.lo, seen.hi), by } : either ?? (by && isAny(by) && by.plus >= 0 ? { ...fixed(by.plus, anything), by } : null));
  }

  /** What an index that inner counters are part of is not below and not above, by their limits: where those tell. */
  private betweenOf(index: Value, check: Instr, counter: Value, inside: ReadonlySet<Value>, others: Other): readonly [Affine, Affine] | null {
    const met = new Set<Value>();
    const of = (side: Side): Affine | null => this.affine(index, counter, inside, others, 8, undefined, { side, check, exact: false, met });
    const below = of("below"), above = of("above");
    return met.size > 0 && below && above && below.hi - below.lo <= wide && above.hi - above.lo <= wide ? [below, above] : null;
  }

  /** Whether an index never goes down as the counter goes up, or stays as it is: sums, and products by what stays and is not negative, that wrap in no iteration that computes them. */
  private rises(v: Value, counter: Value, inside: ReadonlySet<Value>, done: ReadonlySet<Value>, depth: number): "rises" | "stays" | null {
    if (v === counter) return "rises";
    const { def } = v;
    if (!inside.has(v) || def?.op === "const") return "stays";
    if (depth === 0 || !done.has(v) || def?.op !== "i32.add" && def?.op !== "i32.sub" && def?.op !== "i32.mul") return null;
    const [x, y] = def.args.map((arg) => this.rises(arg, counter, inside, done, depth - 1));
    const [a, b] = [this.ranges.operand(def, 0), this.ranges.operand(def, 1)];
    if (!x || !y || !isWithin(def.op, a, b)) return null;
    if (x === "stays" && y === "stays") return "stays";
    switch (def.op) {
      case "i32.add": return "rises";
      case "i32.sub": return y === "stays" ? "rises" : null;
      case "i32.mul": return y === "stays" && b.lo >= 0 || x === "stays" && a.lo >= 0 ? "rises" : null;
    }
  }

  /** Elements that the loop reads at places which advance with the counter: all that it can look at lie between those of its first iteration and its last. */
  private aheadOf({ load, times, plus }: Looked, loop: Loop, region: Region, counter: number, inside: ReadonlySet<Value>, others: Other, always: Always | null): Ahead | null {
    const [base, index] = load.args as [Value, Value], { params } = loop.regions[0];
    const at = inside.has(base) || mayTouch(this.program, writesOf(region), load.space) ? null : this.affine(index, params[counter]!, inside, others, 8);
    if (!at || at.m <= 0 || at.part !== 1 || at.base.size > 4 || at.hi - at.lo > most) return null;
    // in range always, or as long as the check of the loop holds
    if (always?.done.has(load.results[0]!)) return { load, at, times, plus, lo: at.lo, hi: at.hi, needs: always.unless };
    let checked: Instr | null = null;
    const labels = new Set([loop.label]);
    visit(region, (instr) => { if (instr.op === "loop" || instr.op === "block") labels.add(instr.label); });
    let ends = false; // where it finds what it looks for, the elements behind that are none of its business, however many they are
    visit(region, (instr) => {
      ends ||= instr.op === "return" || (instr.op === "br" && !labels.has(instr.label));
      if (instr.op === "i32.lt_u" && instr.args[0] === index) checked = instr;
    });
    return !ends && checked ? { load, at, times, plus, lo: at.lo, hi: at.hi, needs: [checked] } : null;
  }
}

/** Whether the operation gives a number within int32, whatever operands of these ranges it is given. */
function isWithin(op: "i32.add" | "i32.sub" | "i32.mul", a: Range, b: Range): boolean {
  const ends = op === "i32.add" ? [a.lo + b.lo, a.hi + b.hi] : op === "i32.sub" ? [a.lo - b.hi, a.hi - b.lo] : [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi];
  return ends.every((end) => end >= -(2 ** 31) && end < 2 ** 31);
}

/** What a condition chooses from. */
function armsOf(v: Value): readonly [Value, Value] | null {
  const { def } = v;
  if (def?.op === "i32.select") return [def.args[1]!, def.args[2]!];
  const [a, b] = def?.op === "if" ? def.regions.map(({ body }) => body.at(-1)!) : [], at = def?.results.indexOf(v);
  return a?.op === "yield" && b?.op === "yield" ? [a.args[at!]!, b.args[at!]!] : null;
}
