// Numbers that places in arrays are computed of, and that a loop does not change, are asked once before it whether they are integers.
//
//   %w = f64.load …; loop l (%c = %n) { … [%best + %c − %w] … br l %c − 1 }
//     →  %i = trunc %w; if %w is %i { loop l (%c = %n) { … [%best + %c − %i] … } } else { the loop as it was }
//
// The weights of a knapsack, coins, a lag, a first place, out of an ordinary array: whatever is computed of them is int32 from there on (narrow.ts), with all
// that follows of it: bounds that are asked once, lanes. In the loop as it was places that are no integers find nothing, so nobody waits for it.
//
// So is, of a loop that holds others, whether it goes so far that the place where its row begins leaves int32 (`x[8 * r + k]`, of as many rows as a byte
// array has elements):
//
//   loop l (%r = 0) { %c = lt %r, %n; … %o = %r * 8.0 …; loop … [%x + trunc(%o + %k)] … }
//     →  if %n ≤ 2^31 / 8 − … { the loop, in which all that is int32 } else { the loop as it was }
//
// And, of one whose rows are as long as a number that varies (`table[i * (b.length + 1) + j]`), whether that and how far it goes are numbers whose product,
// with all that is added to it, lies within int32:
//
//   loop l (%i = 1) { %c = le %i, %n; … %o = %i * %w …; loop … [%x + trunc(%o + %j)] … }
//     →  if %n ≤ 2^14 & %w ≤ 2^14 { the loop, in which all that is int32 } else { the loop as it was }
//
// Sides of which doubles are computed that a counter begins with or ends at (`for (x = r; x < w - r; x++)`) are numbers below 2^15 in the first loop, by a mask that
// changes none of them, and these ends are computed of them again: so the counter is int32 there (%n ≤ 2^14 without a sign, so that none is below 0).
//
// Requires: machine form, after hoist.ts: what does not change stands before its loop. Guarantees: machine form, the same bits: what is asked is whether the
// number is that integer bit for bit, so that −0 is none. Small nests of loops only, each once: their code is there twice.

import { constantOf } from "../ir/build.ts";
import { isMachineOp } from "../ir/ops.ts";
import type { Func, If, Loop, Program, Value } from "../ir/types.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import { definedIn, holdsOne, sourcesOf, visit } from "./flow.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

/** instructions that may be copied; numbers that are asked about */
const limits = { size: 400, asked: 4 };
/** what is added to where a row begins lies within it, either way */
const mostBeside = 2 ** 30;
/** How many rows of a table, and how many columns: a larger one would hardly fit in memory. */
const mostSide = 2 ** 14;

/** What is asked before a loop: which values are integers, that another is no more than so much, and which are no more than a table's side. */
interface Plan { readonly integers: readonly Value[]; readonly least: { readonly of: Value; readonly most: number } | null; readonly sides: readonly Value[]; readonly ends: readonly Value[] }

export function askOffsets(func: Func, program: Program, note: Note = () => {}): Func {
  const { loops, ops } = contentsOf(func);
  if (loops.length === 0 || !ops.has("i32.trunc_sat_f64_s")) return func;
  const sources = sourcesOf(func), plans = new Map<Loop, Plan>(), taken = new Set<Value>();
  for (const loop of loops) { // outer ones first: of what stands before several, the outermost asks
    if (loop.regions[0].params.some((p) => taken.has(p))) continue;
    const { inside, size } = definedIn(loop);
    if (size > limits.size || !staysInside(loop) || !truncates(loop)) continue;
    const ranges = rangesOf(func, program);
    const asked = askedOf(loop, inside, ranges, sources), least = farthest(loop, inside, ranges), { sides, ends } = sidesOf(loop, inside, ranges);
    const integers = asked.length > limits.asked ? [] : asked;
    if (integers.length === 0 && !least && sides.length === 0) continue;
    plans.set(loop, { integers, least, sides, ends: ends.filter((v) => !integers.includes(v)) });
    for (const v of inside) taken.add(v);
  }
  return plans.size > 0 ? new Asker(func, program, plans, note).run() : func;
}

/** Is the loop left by its own yield only, or by giving up? */
function staysInside(loop: Loop): boolean {
  const labels = new Set<unknown>([loop.label]);
  let stays = true;
  visit(loop.regions[0], (instr) => {
    if (instr.op === "loop" || instr.op === "block") labels.add(instr.label);
    else if (instr.op === "return" || (instr.op === "br" && !labels.has(instr.label))) stays = false;
  });
  return stays;
}

const truncates = (loop: Loop): boolean => holdsOne(loop.regions[0], ({ op }) => op === "i32.trunc_sat_f64_s");

/** What has to be integers for places in the loop to be such; places that would be none even so do not count. */
function askedOf(loop: Loop, inside: ReadonlySet<Value>, ranges: Ranges, sources: ReturnType<typeof sourcesOf>): readonly Value[] {
  const all = new Set<Value>();
  visit(loop.regions[0], (instr) => {
    if (instr.op !== "i32.trunc_sat_f64_s" || isInteger(instr.args[0]!, ranges)) return;
    const asked = new Set<Value>();
    if (wouldBeInteger(instr.args[0]!, { inside, ranges, sources, asked, seen: new Set() })) for (const v of asked) all.add(v);
  });
  return [...all];
}

/** Of a loop that holds others and counts up to a limit: how large that may be for its rows to begin within int32, where it may be larger. */
function farthest(loop: Loop, inside: ReadonlySet<Value>, ranges: Ranges): Plan["least"] {
  const [region] = loop.regions, test = region.body.find((instr) => instr.op === "if")?.args[0]!.def;
  const [i, of] = test?.op === "i32.lt_s" ? test.args as [Value, Value] : [];
  if (!i || !region.params.includes(i) || inside.has(of!) || constantOf(of!) !== undefined) return null;
  let most = Infinity, nested = false;
  visit(region, (instr) => {
    nested ||= instr.op === "loop";
    if (instr.op !== "i32.trunc_sat_f64_s" || !ranges.of(instr.args[0]!).int) return;
    for (const { by, first } of rowsIn(instr.args[0]!, i)) {
      const beside = Math.max(Math.abs(ranges.of(instr.args[0]!).hi - ranges.of(first).hi), Math.abs(ranges.of(instr.args[0]!).lo - ranges.of(first).lo));
      if (ranges.of(first).hi >= 2 ** 31 && beside <= mostBeside) most = Math.min(most, Math.floor((2 ** 31 - 1 - beside) / by));
    }
  });
  return nested && most < ranges.of(of!).hi ? { of: of!, most } : null;
}
/** The products of the counter and a constant that the sum is made of. */
function rowsIn(sum: Value, i: Value): { readonly by: number; readonly first: Value }[] {
  const { def } = sum, [a, b] = def?.args ?? [];
  if (def?.op === "f64.add" || def?.op === "f64.sub") return def.args.flatMap((arg) => rowsIn(arg, i));
  const by = def?.op === "f64.mul" && a!.def?.op === "f64.convert_i32_s" ? timesOf(a!.def.args[0]!, i) * Number(constantOf(b!)) : 0;
  return by > 0 && Number.isInteger(by) ? [{ by, first: sum }] : [];
}
/** How often the counter is in it, where it is that product and a constant more. */
function timesOf(v: Value, i: Value): number {
  if (v === i) return 1;
  const { def } = v, c = def?.args[1] && constantOf(def.args[1]);
  if (typeof c !== "number") return 0;
  const by = def!.op === "i32.add" ? 1 : def!.op === "i32.mul" ? c : def!.op === "i32.shl" && c >= 0 && c < 31 ? 2 ** c : 0;
  return by > 0 ? by * timesOf(def!.args[0]!, i) : 0;
}

/** What has to be small for places that are made of products of what varies to lie within int32, where that is enough. */
function sidesOf(loop: Loop, inside: ReadonlySet<Value>, ranges: Ranges): { readonly sides: readonly Value[]; readonly ends: readonly Value[] } {
  const counters = countersOf(loop), all = new Set<Value>(), ends = new Set([...counters].flatMap(([{ type }, ends]) => (type === "f64" ? ends : [])).filter((v) => !inside.has(v) && isComputed(v)));
  const signed = ends.size > 0;
  visit(loop.regions[0], (instr) => {
    const place = instr.op === "i32.trunc_sat_f64_s" ? instr.args[0]! : null;
    if (!place || !ranges.of(place).int || ranges.of(place).nan || within(ranges, place)) return;
    const sides = new Set<Value>();
    if (greatest(place, { inside, ranges, counters, signed, sides }, 12) < 2 ** 31 && hasProduct(place)) for (const v of sides) all.add(v);
  });
  return all.size === 0 || all.size > limits.asked ? { sides: [], ends: [] } : { sides: [...all], ends: [...ends] };
}
const isComputed = ({ def }: Value): boolean => def !== null && /^f64\.(?:add|sub|neg|convert_i32_s)$/.test(def.op);
const within = (ranges: Ranges, v: Value): boolean => ranges.of(v).lo >= -(2 ** 31) && ranges.of(v).hi < 2 ** 31;
/** Whether numbers that vary are multiplied in the sum. */
const hasProduct = ({ def }: Value): boolean => (def?.op === "f64.add" || def?.op === "f64.sub" ? def.args.some(hasProduct) : def?.op === "f64.mul" && constantOf(def.args[1]!) === undefined);

/** Of counters of the loop and those in it: what they begin with and end at, the lower one first. */
function countersOf(loop: Loop): ReadonlyMap<Value, readonly [Value, Value]> {
  const ends = new Map<Value, readonly [Value, Value]>();
  const look = (one: Loop): void => {
    const [region] = one.regions, test = region.body.find((instr) => instr.op === "if")?.args[0]?.def;
    const i = region.params.findIndex((param) => param === test?.args[0]);
    if (!test || i < 0) return;
    if (/^(?:i32\.l[te]_s|f64\.l[te])$/.test(test.op)) ends.set(region.params[i]!, [one.args[i]!, test.args[1]!]);
    else if (/^(?:i32\.g[te]_s|f64\.g[te])$/.test(test.op)) ends.set(region.params[i]!, [test.args[1]!, one.args[i]!]);
  };
  look(loop);
  visit(loop.regions[0], (instr) => { if (instr.op === "loop") look(instr); });
  return ends;
}

interface Measure { readonly inside: ReadonlySet<Value>; readonly ranges: Ranges; readonly counters: ReadonlyMap<Value, readonly [Value, Value]>; readonly signed: boolean; readonly sides: Set<Value> }
/** How great the value may be, either way, if those from before the loop that it adds to `sides` are no greater than a side; more than that, ranges find out. */
function greatest(v: Value, measure: Measure, depth: number): number {
  const { inside, ranges, counters, signed, sides } = measure, { lo, hi } = ranges.of(v), { def } = v;
  const known = Math.max(Math.abs(lo), Math.abs(hi));
  if (known <= mostSide || depth === 0) return known;
  if (def?.op === "f64.convert_i32_s") return greatest(def.args[0]!, measure, depth - 1);
  if (!inside.has(v) && v.type === "i32") {
    if (lo < -mostSide && !signed) return known;
    sides.add(v);
    return mostSide;
  }
  const of = (arg: Value): number => greatest(arg, measure, depth - 1);
  const between = counters.get(v);
  if (between) return Math.max(v.type === "f64" ? of(between[0]) : 0, of(between[1])) + 1;
  switch (def?.op) {
    case "f64.add": case "f64.sub": case "i32.add": case "i32.sub": return of(def.args[0]!) + of(def.args[1]!);
    case "f64.neg": return of(def.args[0]!);
    case "f64.mul": case "i32.mul": return of(def.args[0]!) * of(def.args[1]!);
    default: return known;
  }
}

function isInteger(v: Value, ranges: Ranges): boolean {
  const c = constantOf(v);
  if (c !== undefined) return Number.isInteger(c);
  const { int, nan } = ranges.of(v);
  return int && !nan;
}

interface Asking { readonly inside: ReadonlySet<Value>; readonly ranges: Ranges; readonly sources: ReturnType<typeof sourcesOf>; readonly asked: Set<Value>; readonly seen: Set<Value> }
/** Whether sums, differences and choices make it of integers, where those that it adds to `asked` are. */
function wouldBeInteger(v: Value, asking: Asking): boolean {
  const { inside, ranges, sources, asked, seen } = asking;
  if (isInteger(v, ranges) || seen.has(v)) return true;
  seen.add(v);
  if (constantOf(v) !== undefined) return false;
  const given = sources[v.id];
  if (!inside.has(v)) {
    if (given?.every((one) => isInteger(one, ranges) || Number.isNaN(constantOf(one)))) return false; // an integer where it is there: that is asked for the whole loop around
    asked.add(v);
    return true;
  }
  if (given) return given.every((one) => wouldBeInteger(one, asking));
  const first = operandsOf[v.def?.op ?? ""];
  return first !== undefined && v.def!.args.slice(first).every((one) => wouldBeInteger(one, asking));
}
/** operations that give integers for integers, and their first operand that is one */
const operandsOf: Readonly<Partial<Record<string, 0 | 1>>> = { "f64.add": 0, "f64.sub": 0, "f64.min": 0, "f64.max": 0, "f64.select": 1 };

class Asker extends Rewriter {
  private readonly plans: ReadonlyMap<Loop, Plan>;
  private readonly note: Note;
  constructor(func: Func, program: Program, plans: ReadonlyMap<Loop, Plan>, note: Note) {
    super(func, program);
    this.plans = plans;
    this.note = note;
  }

  protected override loop(instr: Loop): boolean {
    const plan = this.plans.get(instr);
    if (!plan) return super.loop(instr);
    const { e } = this, { integers: asked, least, sides, ends } = plan, given = asked.map((v) => this.value(v));
    const integers = given.map((v) => e.op("f64.convert_i32_s", e.op("i32.trunc_sat_f64_s", v)));
    const same = given.map((v, k) => e.op("i64.eq", e.op("i64.reinterpret_f64", v), e.op("i64.reinterpret_f64", integers[k]!)));
    if (least) same.push(e.op("i32.le_s", this.value(least.of), e.i32(least.most)));
    for (const side of sides) same.push(e.op(ends.length > 0 ? "i32.le_u" : "i32.le_s", this.value(side), e.i32(mostSide)));
    if (asked.length > 0) this.note(instr.place, "a loop", "two, for integers and for any numbers", `what it computes places of: ${asked.map(({ name }) => name ?? "a number").join(", ")}`);
    if (least) this.note(instr.place, "a loop", `two, one of up to ${least.most} iterations`, "its rows begin within int32 then");
    if (sides.length > 0) this.note(instr.place, "a loop", `two, one for tables of up to ${mostSide} by ${mostSide}`, "all places lie within int32 then");
    const like: Pick<If, "place"> = instr.place ? { place: instr.place } : {};
    const results = this.choose(same.reduce((a, b) => e.op("i32.and", a, b)), like, () => {
      asked.forEach((v, k) => { this.map[v.id] = integers[k]; });
      const changed = ends.length > 0 ? [...sides, ...ends] : [], before = changed.map((v) => this.map[v.id]);
      for (const v of changed) this.map[v.id] = v.type === "i32" ? e.op("i32.and", this.value(v), e.i32(2 * mostSide - 1)) : this.again(v);
      const last = this.copyOf(instr);
      changed.forEach((v, k) => { this.map[v.id] = before[k]; });
      asked.forEach((v, k) => { this.map[v.id] = given[k]; });
      return last;
    }, () => this.copyOf({ ...instr, notes: { ...instr.notes, role: "rest" } }));
    if (results) this.bindAll(instr.results, results);
    return results !== null;
  }
  /** The same once more, where more is known of what it is computed of. */
  private again(v: Value): Value {
    const { def } = v;
    return def !== null && isMachineOp(def.op) && isComputed(v) ? this.e.op(def.op, ...def.args.map((arg) => this.again(arg))) : this.value(v);
  }
  /** Writes the loop; what it ends with. The next copy has values of its own. */
  private copyOf(loop: Loop): Value[] | null {
    const ends = super.loop(loop) ? this.values(loop.results) : null;
    for (const v of definedIn(loop).inside) this.map[v.id] = undefined;
    return ends;
  }
}
