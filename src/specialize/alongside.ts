// Loops that stand one behind the other, and in which each iteration waits for the one before it, run side by side as far as all of them go: what an unrolled loop
// around a recurrence leaves (the channels of interleaved samples, each with a filter's state of its own; the columns of a table).
//
//   before  %a = loop (%i = 0, %s = %x) { if %i < %n { … store [%out + 2·%i] %s …     br (%i + 1) (…%s…) } yield %s }
//           %b = loop (%j = 0, %t = %y) { if %j < %m { … store [%out + 2·%j + 1] %t … br (%j + 1) (…%t…) } yield %t }
//   after   loop (%k = 0, %s = %x, %t = %y) { if %k < min(%n, %m) { …both bodies, instruction by instruction…; br (%k + 1) (…%s…) (…%t…) } yield %k, %s, %t }
//           the loops as they were, from there on: usually no iteration is left for them
//
// Counters go in step, from where each begins. Places in one array are told apart by what is left of them when divided: 8·%i + 3 is no 8·%j + 5, whatever %i and %j are,
// and a counter that goes up by 8 is a multiple of it beside what it begins with. Powers of two tell that in a ring of int32 too, other divisors where nothing wraps.
//
// Requires: machine form; after all that makes lanes, which do better where they can. Guarantees: machine form, same bits: iterations of a loop stay in order, and of two loops
// only what touches different memory changes places. Nothing between the loops leaves the program. The code of each loop is there twice.
// Source: fusion of loops (Kennedy, McKinley 1993), of the iterations that they have in common; the test of places is Banerjee's of the greatest common divisor.

import { constantOf } from "../ir/build.ts";
import { gcd } from "../ir/exact.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Func, Instr, Loop, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { CopyWriter } from "./copies.ts";
import { countedLoop, type Counted, type Counter } from "./counted.ts";
import { FreeValues, mayLeave, visit } from "./flow.ts";
import { isPlain, issue, longestChain } from "./interleave.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { mayTouch, type Target } from "./rewrite.ts";
import { weightOf } from "./vectorize/costs.ts";

/** loops side by side, what they carry together, their operations, and how far they are apart */
const most = { loops: 8, carried: 20, operations: 400, apart: 256 };
/** how far a counter may be ahead of another one, and how far limits may be below 0, so that they can be taken away from each other */
const mostAhead = 1024, mostBelow = 2 ** 30;
/** how much longer a loop's iteration waits for itself than it takes at best */
const leastWait = 2;

export function runAlongside(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length < 2) return func;
  const fuser = new Fuser(func, program, note);
  return fuser.groups.size > 0 ? fuser.run() : func;
}

/** Loops that would run side by side, of those that do less than they wait for: lanes would do no more in that time. */
export function sideBySide(func: Func, program: Program): readonly (readonly Loop[])[] {
  if (contentsOf(func).loops.length < 2) return [];
  return [...new Fuser(func, program, () => {}).groups.values()].map(({ siblings }) =>
    siblings.filter(({ work, wait }) => wait * issue >= work.reduce((sum, { op }) => sum + slotsOf(op), 0)).map(({ counted }) => counted.loop));
}
/** What an operation takes of what could begin meanwhile: functions of Math are busy for cycles. */
const slotsOf = (op: string): number => weightOf(op) * (op.startsWith("math.") ? issue : 1);

/** `ahead`: how far its counter is ahead of the first one's; `wait`: cycles that an iteration waits for the one before it */
interface Sibling { readonly counted: Counted; readonly counter: Counter; readonly limit: Value; readonly ahead: number; readonly wait: number; readonly work: readonly Instr[] }
/** Loops, and what has to be computed before the first for the others to go beside it. */
interface Group { readonly siblings: readonly Sibling[]; readonly early: readonly Instr[] }

class Fuser extends CopyWriter {
  /** by their first loop */
  readonly groups = new Map<Loop, Group>();
  private readonly taken = new Set<Loop>();

  constructor(func: Func, program: Program, note: Note) {
    super(func, program, note);
    const places = new Places(() => this.ranges, this.countersOf(func)), free = new FreeValues(func);
    const look = ({ body }: Region): void => {
      body.forEach((instr, at) => {
        if (!("regions" in instr)) return;
        const group = instr.op === "loop" && !this.taken.has(instr) ? groupFrom(body, at, this.taken, program, places, free) : null;
        if (group && instr.op === "loop") {
          this.groups.set(instr, group);
          for (const { counted } of group.siblings) this.taken.add(counted.loop);
        } else if (!(instr.op === "loop" && this.taken.has(instr))) instr.regions.forEach(look);
      });
    };
    look(func.body);
  }

  /** Parameters that all ways back step by one constant. */
  private countersOf(func: Func): Steps {
    const steps = new Map<Value, { readonly first: Value; readonly step: number; readonly next: Value }>();
    for (const { label, args, regions: [{ params }] } of contentsOf(func).loops) params.forEach((p, i) => {
      const nexts = (this.brs.get(label) ?? []).map((br) => br.args[i]!), by = nexts[0]?.def?.op === "i32.add" ? constantOf(nexts[0].def.args[1]!) : undefined;
      if (typeof by === "number" && nexts.every(({ def }) => def?.op === "i32.add" && def.args[0] === p && constantOf(def.args[1]!) === by)) steps.set(p, { first: args[i]!, step: by, next: nexts[0]! });
    });
    return steps;
  }

  protected override loop(instr: Loop): boolean {
    const group = this.groups.get(instr);
    if (group) this.writeCommon(group);
    return super.loop(this.taken.has(instr) ? { ...instr, notes: { ...instr.notes, role: "rest" } } : instr);
  }

  /** Writes the iterations that all have, and what each loop begins with behind them. */
  private writeCommon({ siblings, early }: Group): void {
    const { e } = this, [first] = siblings as [Sibling], { loop } = first.counted;
    this.note(loop.place, `${siblings.length} loops`, "one, as far as all of them go", "each waits for its own last iteration");
    const outside = new Map<Value, Value>();
    for (const instr of early) this.write(instr, outside);
    // a counter that wraps does so in the loops as they were: those beside it would not yet, or would have before
    const highest = 2 ** 31 - 1 - mostAhead - first.counter.step, mayWrap = siblings.every((s) => this.ranges.of(s.limit).hi > highest);
    const limits = siblings.map((s) => e.op("i32.add", this.within(outside, s.limit), e.i32(-s.ahead)));
    const limit = [...limits, ...(mayWrap ? [e.i32(highest)] : [])].reduce((a, b) => e.op("i32.select", e.op("i32.lt_s", a, b), a, b));
    // the counter, and what each carries beside it
    const carried = siblings.flatMap((s) => s.counted.loop.regions[0].params.flatMap((param, i) => (i === s.counter.index ? [] : [{ s, i, param }])));
    const inits = [this.within(outside, first.counter.first), ...carried.map(({ s, i }) => this.within(outside, s.counted.loop.args[i]!))];
    const params = [this.fresh(first.counter.param), ...carried.map(({ param }) => this.fresh(param))], now = params[0]!;
    const target: Target = { label: { name: loop.label.name }, brs: 0, to: [], dropped: [] };
    for (const s of siblings) this.forgetWrites(s.counted.loop.regions[0]);
    const body = e.inRegion(params, () => {
      const then = e.inRegion([], () => {
        const maps = siblings.map((s) => new Map(outside).set(s.counter.param, e.op("i32.add", now, e.i32(s.ahead))));
        carried.forEach(({ s, param }, k) => maps[siblings.indexOf(s)]!.set(param, params[k + 1]!));
        const longest = Math.max(...siblings.map(({ work }) => work.length));
        for (let k = 0; k < longest; k++) siblings.forEach(({ work }, at) => { if (work[k]) this.write(work[k], maps[at]!); });
        const next = carried.map(({ s, i }) => this.within(maps[siblings.indexOf(s)]!, s.counted.br.args[i]!));
        e.append({ op: "br", label: target.label, args: [e.op("i32.add", now, e.i32(first.counter.step)), ...next], results: [], place: first.counted.br.place });
      });
      e.append({ op: "if", args: [e.op("i32.lt_s", now, limit)], results: [], regions: [then, { params: [], body: [{ op: "yield", args: [], results: [] }] }], place: first.counted.test.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    for (const s of siblings) this.forgetWrites(s.counted.loop.regions[0]);
    const results = params.map((p) => e.value(p.type, p.name));
    e.append({ op: "loop", label: target.label, args: inits, results, regions: [body], notes: { ...loop.notes, role: "main" }, place: loop.place });
    for (const s of siblings) {
      const own = carried.flatMap((c, k) => (c.s === s ? [results[k + 1]!] : []));
      this.begun.set(s.counted.loop.label, s.counted.loop.regions[0].params.map((_, i) => (i === s.counter.index ? e.op("i32.add", results[0]!, e.i32(s.ahead)) : own[i < s.counter.index ? i : i - 1]!)));
    }
  }
}

// ───────────────────────────────── which loops ─────────────────────────────────

function groupFrom(body: readonly Instr[], at: number, taken: ReadonlySet<Loop>, program: Program, places: Places, free: FreeValues): Group | null {
  const first = siblingOf(body[at] as Loop, places);
  if (!first) return null;
  const siblings = [first], early = new Set<Instr>(), between = new Set<Value>(), touched: Memory[] = [];
  let { carried, size } = burdenOf(first);
  for (let i = at; i < Math.min(body.length, at + most.apart) && siblings.length < most.loops; i++) {
    const instr = body[i]!, next = i > at && instr.op === "loop" && !taken.has(instr) ? besides(first, siblingOf(instr, places)) : null, weight = next && burdenOf(next);
    if (next && weight && carried + weight.carried <= most.carried && size + weight.size <= most.operations) {
      const found = beforehand(next, between, early, touched, program, places, free);
      if (found) {
        siblings.push(next);
        for (const one of found) early.add(one);
        carried += weight.carried;
        size += weight.size;
      }
    }
    const own = memoryOf(instr);
    if (!own || mayLeave(instr)) break;
    touched.push(...own);
    for (const r of instr.results) between.add(r);
  }
  return siblings.length > 1 ? { siblings, early: [...early] } : null;
}
const burdenOf = ({ counted, work }: Sibling): { carried: number; size: number } => ({ carried: counted.loop.regions[0].params.length - 1, size: work.length });
/** The second loop, where its counter goes in step with the first one's. */
function besides(first: Sibling, second: Sibling | null): Sibling | null {
  if (!second || first.counter.step !== second.counter.step) return null;
  const [a, b] = [first.counter.first, second.counter.first].map(constantOf), ahead = typeof a === "number" && typeof b === "number" ? b - a : first.counter.first === second.counter.first ? 0 : NaN;
  return Math.abs(ahead) <= mostAhead ? { ...second, ahead } : null;
}

/** A loop of plain code that counts up to a limit, whose iterations wait for the ones before them for most of the time. */
function siblingOf(loop: Loop, places: Places): Sibling | null {
  const counted = loop.notes?.role === "rest" || loop.notes?.calls ? "no" : countedLoop(loop);
  if (typeof counted === "string") return null;
  const def = counted.cond.def, counter = counted.counters.find(({ param, step }) => def?.op === "i32.lt_s" && def.args[0] === param && step > 0), limit = def?.args[1];
  const work = [...counted.pre, ...counted.body.body.slice(0, -1)];
  if (!counter || !limit || counted.inside(limit) || !work.every(isPlain) || places.isFar(limit)) return null;
  const { params } = loop.regions[0], waits = new Set<Value>(params.filter((p) => p !== counter.param));
  const chain = work.filter((instr) => {
    const bound = argsOf(instr).some((v) => waits.has(v));
    if (bound) for (const r of instr.results) waits.add(r);
    return bound && instr.results.length > 0;
  });
  const isRecurrence = counted.br.args.some((v, i) => i !== counter.index && v !== params[i] && waits.has(v) && !params.includes(v));
  const wait = longestChain(chain);
  return isRecurrence && wait >= leastWait * (work.length / issue) ? { counted, counter, limit, ahead: 0, wait, work } : null;
}
const argsOf = (instr: Instr): readonly Value[] => ("regions" in instr ? [...instr.args, ...instr.regions.flatMap(({ body }) => body.flatMap(argsOf))] : instr.args);

/** What it loads and stores; null where it does more than that to memory. */
function memoryOf(instr: Instr): Memory[] | null {
  const found: Memory[] = [];
  let plainly = true;
  const look = (one: Instr): void => {
    if (isMemoryOp(one.op)) found.push(one as Memory);
    else plainly &&= !("space" in one) && one.op !== "call";
  };
  look(instr);
  if ("regions" in instr) for (const region of instr.regions) visit(region, look);
  return plainly ? found : null;
}

/** What has to be computed before those loops for this one to go beside them: null where that can't be, or where they touch the same memory. */
function beforehand({ counted, limit }: Sibling, between: ReadonlySet<Value>, early: ReadonlySet<Instr>, touched: readonly Memory[], program: Program, places: Places, free: FreeValues): readonly Instr[] | null {
  const found = new Set<Instr>();
  const isFree = (instr: Instr): boolean => memoryOf(instr)!.every((mine) => touched.every((other) => isLoad(mine) && isLoad(other) || !mayTouch(program, new Set([other.space]), mine.space) || places.apart(mine, other)));
  const needs = (v: Value): boolean => {
    const def = v.def!;
    if (!between.has(v) || def.op === "const" || early.has(def) || found.has(def)) return true;
    const computes = def.op === "data.addr" || isMachineOp(def.op) && ops[def.op].effect === "none" || isMemoryOp(def.op) || def.op === "if" && isPlain(def);
    if (!computes || !isFree(def) || !memoryOf(def)!.every(isLoad)) return false;
    const args = "regions" in def ? [...def.args, ...def.regions.flatMap((region) => free.of(region))] : def.args;
    if (!args.every(needs)) return false;
    found.add(def);
    return true;
  };
  const needed = [...counted.loop.args, limit, ...free.of(counted.loop.regions[0])];
  return isFree(counted.loop) && needed.every(needs) ? [...found] : null;
}
const isLoad = (instr: Memory): boolean => !memoryOps[instr.op].store;

// ───────────────────────────────── which places ─────────────────────────────────

/** Σ value · times + plus; `exact`: nothing of it wraps */
interface Sum { readonly terms: ReadonlyMap<Value, number>; readonly plus: number; readonly exact: boolean }

/** What counters begin with and go up by. */
type Steps = ReadonlyMap<Value, { readonly first: Value; readonly step: number; readonly next: Value }>;

class Places {
  private readonly ranges: () => Ranges;
  private readonly steps: Steps;
  constructor(ranges: () => Ranges, steps: Steps) { this.ranges = ranges; this.steps = steps; }

  /** Whether a limit may be so far below 0 that less than it wraps. */
  isFar(limit: Value): boolean { return this.ranges().of(limit).lo < -mostBelow; }

  /** Whether elements of an array are certainly others, whatever iterations of different loops they are of. */
  apart(a: Memory, b: Memory): boolean {
    const size = 2 ** a.scale, between = (a.offset - b.offset) / size;
    if (a.args[0] !== b.args[0] || a.scale !== b.scale || memoryOps[a.op].bytes > size || memoryOps[b.op].bytes > size || !Number.isInteger(between)) return false;
    const [x, y] = [this.sumOf(a.args[1]!, 6), this.sumOf(b.args[1]!, 6)], by = new Map(x.terms);
    for (const [v, times] of y.terms) by.set(v, (by.get(v) ?? 0) - times);
    const common = [...by.values()].filter((times) => times !== 0).reduce((g, times) => gcd(g, Math.abs(times)), 0), plus = x.plus - y.plus + between;
    if (common === 0) return plus !== 0;
    const power = common & -common;
    return plus % power !== 0 || x.exact && y.exact && plus % common !== 0;
  }

  /** A counter, or what one ended with. */
  private counterOf(v: Value): ReturnType<Steps["get"]> {
    const { def } = v, ends = def?.op === "loop" ? def.regions[0].body.at(-1)! : null;
    return this.steps.get(ends?.op === "yield" ? ends.args[def!.results.indexOf(v)]! : v);
  }
  /** Whether the sum, or the product by a constant, does not wrap. */
  private isExact(v: Value, def: Machine): boolean {
    if (def.op === "i32.add" || def.op === "i32.sub") return this.ranges().isExact(v);
    const k = constantOf(def.args[1]!) as number, by = def.op === "i32.mul" ? k : 2 ** (k & 31), { lo, hi } = this.ranges().operand(def, 0);
    return Math.max(Math.abs(lo), Math.abs(hi)) * Math.abs(by) < 2 ** 31;
  }
  private sumOf(v: Value, depth: number): Sum {
    const c = constantOf(v), { def } = v;
    if (typeof c === "number") return { terms: new Map(), plus: c, exact: true };
    const itself: Sum = { terms: new Map([[v, 1]]), plus: 0, exact: true };
    const counted = this.counterOf(v);
    if (counted) { // however deep: its term stands for iterations everywhere
      const first = this.sumOf(counted.first, Math.max(depth - 1, 0));
      return { terms: new Map([...first.terms, [v, counted.step]]), plus: first.plus, exact: first.exact && this.ranges().isExact(counted.next) };
    }
    if (!def || depth === 0 || def.op !== "i32.add" && def.op !== "i32.sub" && def.op !== "i32.mul" && def.op !== "i32.shl") return itself;
    const a = this.sumOf(def.args[0]!, depth - 1), k = constantOf(def.args[1]!);
    const made = def.op === "i32.add" ? joined(a, this.sumOf(def.args[1]!, depth - 1), 1) : def.op === "i32.sub" ? joined(a, this.sumOf(def.args[1]!, depth - 1), -1)
      : typeof k === "number" ? joined(nothing, a, def.op === "i32.mul" ? k : 2 ** (k & 31)) : itself;
    const small = [made.plus, ...made.terms.values()].every((n) => Math.abs(n) < 2 ** 20);
    return !small || made === itself ? itself : { ...made, exact: made.exact && this.isExact(v, def) };
  }
}
const nothing: Sum = { terms: new Map(), plus: 0, exact: true };
function joined(a: Sum, b: Sum, by: number): Sum {
  const terms = new Map(a.terms);
  for (const [v, times] of b.terms) terms.set(v, (terms.get(v) ?? 0) + times * by);
  return { terms, plus: a.plus + b.plus * by, exact: a.exact && b.exact };
}
