// Runs several iterations of a loop side by side whose inner loops wait for themselves and store on the way: rows of a picture, channels of a sound.
//
//   before  loop l (%y = 0) { if %y < %h { %s = …; loop m (%x = 0, %s) { if %x < %w { %t = …long chain of %s…; store [%p + %y·W + %x], %t; br m (%x + 1) %t } … } br l (%y + 1) } … }
//   after   loop l' (%y = 0) { if %y < %h − 3 { %s0 = …; %s1 = …; …; loop m (%x = 0, %s0, %s1, …) { if %x < %w { %t0 = …; %t1 = …; …, instruction by instruction } … } br l' (%y + 4) } … }
//           loop l (%y from there) rest { …as before… }
//
// A recursive filter's next step begins when its last one has ended: alone it leaves a processor idle. Rows do not wait for one another.
//
// Requires: machine form; after vectorization, which takes columns and what stores nothing on the way. The outer loop counts in int32 and carries
// nothing else; the inner ones count alike in all iterations. Guarantees: machine form, same bits: each row does what it did in its order, and none
// touches what another writes: all places in memory that is written are k·%y + r from one base, the r's being less apart than k.
// (Allen, Cocke, "A catalogue of optimizing transformations", 1971: unroll and jam. Chosen by the model of latencies of interleave.ts.)

import { constantOf, regionsOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Func, Instr, Loop, Memory, Program, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { CopyWriter } from "./copies.ts";
import { visit } from "./flow.ts";
import { issue, latency } from "./interleave.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { yields } from "./rewrite.ts";
import { mayTouch } from "./vectorize/accesses.ts";
import { countedLoop, type Counted, type Counter } from "./counted.ts";

/** copies, and operations of all of them together; nesting of what an index is made of */
const most = { copies: 4, operations: 400, depth: 6 };
/** how much longer than its operations take an iteration waits; blocks of copies that there may be */
const least = { ratio: 2, blocks: 4 };

export function jamRows(func: Func, program: Program, note: Note = () => {}): Func {
  if (!contentsOf(func).nests) return func;
  const jammer = new RowJammer(func, program, note);
  return contentsOf(func).loops.some((loop) => jammer.planOf(loop)) ? jammer.run() : func;
}

interface Inner { readonly counted: Counted; /** counters that are the same in all rows */ readonly counters: readonly Counter[]; readonly carried: readonly number[] }
interface Plan {
  readonly counted: Counted;
  readonly counter: Counter;
  readonly limit: Value;
  readonly copies: number;
  readonly inner: ReadonlyMap<Instr, Inner>;
}

class RowJammer extends CopyWriter {
  private readonly plans = new Map<Loop, Plan | null>();
  planOf(loop: Loop): Plan | null {
    let plan = this.plans.get(loop);
    if (plan === undefined) this.plans.set(loop, plan = loop.notes?.role === "rest" ? null : planLoop(loop, this.program, () => this.ranges));
    return plan;
  }

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    this.note(instr.place, "a loop around chains", `${plan.copies} iterations side by side`, "their stores do not meet, and each alone waits for itself");
    this.begun.set(instr.label, [this.writeMain(plan, instr)]);
    return super.loop({ ...instr, notes: { ...instr.notes, role: "rest" } });
  }

  /** Writes the loop of several iterations; gives its counter at the end. */
  private writeMain({ counted, counter, limit, copies, inner }: Plan, loop: Loop): Value {
    const { e } = this;
    const old = loop.regions[0];
    const end = this.value(limit);
    const inits = this.inits(loop);
    const now = this.fresh(counter.param);
    const label = { name: `${loop.label.name}rows` };
    this.forgetWrites(old);
    const body = e.inRegion([now], () => {
      // what is left does not wrap where it is more than nothing
      const test = e.op("i32.and", e.op("i32.lt_s", now, end), e.op("i32.lt_u", e.i32((copies - 1) * counter.step), e.op("i32.sub", end, now)));
      const then = e.inRegion([], () => {
        const maps = Array.from({ length: copies }, (_, k) => new Map<Value, Value>([[counter.param, e.op("i32.add", now, e.i32(k * counter.step))]]));
        for (const instr of [...counted.pre, ...counted.body.body.slice(0, -1)]) {
          const own = inner.get(instr);
          if (own) this.writeInner(own, maps); else for (const map of maps) this.write(instr, map);
        }
        e.append({ op: "br", label, args: [e.op("i32.add", now, e.i32(copies * counter.step))], results: [], place: counted.br.place });
      });
      e.append({ op: "if", args: [test], results: [], regions: [then, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: [now], results: [] });
    });
    this.forgetWrites(old);
    const result = this.fresh(counter.param);
    e.append({ op: "loop", label, args: inits, results: [result], regions: [body], notes: { ...loop.notes, role: "main" }, place: loop.place });
    return result;
  }

  /** A loop inside, its turns for all rows. */
  private writeInner({ counted, counters, carried }: Inner, maps: readonly Map<Value, Value>[]): void {
    const { e } = this;
    const { loop } = counted;
    const { params } = loop.regions[0];
    const label = { name: `${loop.label.name}rows` };
    const firsts = [...counters.map((c) => this.within(maps[0]!, c.first)), ...maps.flatMap((map) => carried.map((i) => this.within(map, loop.args[i]!)))];
    const nows = [...counters.map((c) => this.fresh(c.param)), ...maps.flatMap(() => carried.map((i) => this.fresh(params[i]!)))];
    /** what the loop's parameters are in a row, of what stands side by side */
    const enter = (values: readonly Value[]): void => {
      maps.forEach((map, k) => {
        counters.forEach((c, i) => map.set(c.param, values[i]!));
        carried.forEach((i, at) => map.set(params[i]!, values[counters.length + k * carried.length + at]!));
      });
    };
    this.forgetWrites(loop.regions[0]);
    const body = e.inRegion(nows, () => {
      enter(nows);
      for (const instr of counted.pre) for (const map of maps) this.write(instr, map);
      const test = this.within(maps[0]!, counted.cond);
      const then = e.inRegion([], () => {
        for (const instr of counted.body.body.slice(0, -1)) for (const map of maps) this.write(instr, map);
        const next = [...counters.map((c, i) => e.op("i32.add", nows[i]!, e.i32(c.step))), ...maps.flatMap((map) => carried.map((i) => this.within(map, counted.br.args[i]!)))];
        e.append({ op: "br", label, args: next, results: [], place: counted.br.place });
      });
      e.append({ op: "if", args: [test], results: [], regions: [then, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: nows, results: [] });
    });
    this.forgetWrites(loop.regions[0]);
    const ends = nows.map((v) => e.value(v.type, v.name));
    e.append({ op: "loop", label, args: firsts, results: ends, regions: [body], ...(loop.notes ? { notes: loop.notes } : {}), place: loop.place });
    enter(ends);
    for (const map of maps) loop.results.forEach((r, i) => map.set(r, this.within(map, counted.exits[i]!)));
  }
}

// ───────────────────────────────── what is possible ─────────────────────────────────

function planLoop(loop: Loop, program: Program, ranges: () => Ranges): Plan | null {
  const counted = countedLoop(loop, { loops: true });
  if (typeof counted === "string" || loop.regions[0].params.length !== 1) return null;
  const [counter] = counted.counters, test = counted.cond.def;
  if (!counter || counter.step < 1 || test?.op !== "i32.lt_s" || test.args[0] !== counter.param) return null;
  const limit = test.args[1]!;
  if (counted.inside(limit) || !counted.exits.every((v) => v === counter.param || !counted.inside(v))) return null;
  const list = counted.body.body.slice(0, -1);
  if (!list.some((instr) => instr.op === "loop") || !counted.pre.every(isPlain)) return null;

  // 1. loops that count alike, of which one waits for itself; plain work around them
  const same = new Set<Value>();
  const uniform = (v: Value, depth: number = most.depth): boolean => !counted.inside(v) || same.has(v) || depth > 0 && isPure(v) && v.def!.args.every((a) => uniform(a, depth - 1));
  const inner = new Map<Instr, Inner>(), bounds = new Map<Value, Range>();
  let size = 0, ratio = 0;
  for (const instr of list) {
    if (instr.op !== "loop") {
      if (!isPlain(instr)) return null;
      size++;
      continue;
    }
    const own = countedLoop(instr);
    if (typeof own === "string" || own.pre.some((one) => !isMachineOp(one.op)) || ![...own.pre, ...own.body.body.slice(0, -1)].every(isPlain)) return null;
    const { params } = instr.regions[0];
    const counters = own.counters.filter((c) => c.param.type === "i32" && uniform(c.first));
    for (const c of counters) {
      same.add(c.param);
      const range = inBody(c, own.cond, ranges());
      if (range) bounds.set(c.param, range);
    }
    if (!uniform(own.cond) || params.some((p) => p.type === "v128") || !own.exits.every((v) => params.includes(v) || !counted.inside(v))) return null;
    const carried = params.flatMap((p, i) => (same.has(p) ? [] : [i]));
    inner.set(instr, { counted: own, counters, carried });
    const work = own.pre.length + own.body.body.length;
    size += work;
    ratio = Math.max(ratio, waiting(own, carried) * issue / work);
  }
  const copies = ratio >= most.copies - 1 ? most.copies : 2;
  if (ratio < least.ratio || size * copies > most.operations) return null;

  // 2. no row touches what another one writes
  if (!ranges().isExact(counter.next) || (ranges().of(limit).hi - ranges().of(counter.first).lo) / counter.step < copies * least.blocks) return null;
  return apart(counted, counter, copies, program, (v) => bounds.get(v) ?? ranges().of(v)) ? { counted, counter, limit, copies, inner } : null;
}

/** Cycles from carried values to those that the next iteration begins with. */
function waiting({ loop, br, pre, body }: Counted, carried: readonly number[]): number {
  const ready = new Map<Value, number>(carried.map((i) => [loop.regions[0].params[i]!, 0]));
  for (const instr of [...pre, ...body.body]) {
    const from = operandsOf(instr).flatMap((v) => ready.get(v) ?? []);
    if (from.length > 0) for (const r of instr.results) ready.set(r, Math.max(...from) + latency(instr));
  }
  return Math.max(0, ...carried.map((i) => ready.get(br.args[i]!) ?? 0));
}
const operandsOf = (instr: Instr): Value[] => [...instr.args, ...regionsOf(instr).flatMap((arm) => arm.body.flatMap(operandsOf))];

function apart(counted: Counted, counter: Counter, copies: number, program: Program, rangeOf: (v: Value) => Range): boolean {
  const accesses: Memory[] = [];
  visit(counted.body, (instr) => { if (isMemoryOp(instr.op)) accesses.push(instr as Memory); });
  const stores = accesses.filter((a) => memoryOps[a.op].store);
  const groups: { readonly access: Memory; readonly form: Form }[][] = [];
  for (const access of accesses) {
    if (!stores.some((s) => mayTouch(program, s.space, access.space))) continue;
    const element = 2 ** access.scale;
    if (counted.inside(access.args[0]!) || memoryOps[access.op].bytes !== element || access.offset % element !== 0) return false;
    const form = formOf(access.args[1]!, counter.param, rangeOf, most.depth), at = access.offset / element;
    const entry = { access, form: { by: form.by, lo: form.lo + at, hi: form.hi + at } };
    const others = groups.filter((g) => g.some((o) => mayTouch(program, o.access.space, access.space)));
    if (others.length > 1 || others[0]?.some((o) => o.access.args[0] !== access.args[0] || o.access.scale !== access.scale || o.form.by !== form.by)) return false;
    if (others[0]) others[0].push(entry); else groups.push([entry]);
  }
  return groups.every((group) => {
    const by = Math.abs(group[0]!.form.by) * counter.step;
    const spread = Math.max(...group.map((g) => g.form.hi)) - Math.min(...group.map((g) => g.form.lo));
    // indices may wrap: they differ all the same where they differ by less than all addresses
    return spread < by && (by * copies + spread) * 2 ** group[0]!.access.scale < 2 ** 31;
  });
}

type Range = Pick<ReturnType<Ranges["of"]>, "lo" | "hi">;
/** What a counter is where the loop's test has held. */
function inBody({ param, first, step, next }: Counter, cond: Value, ranges: Ranges): Range | null {
  const test = cond.def;
  if (!test || test.args[0] !== param || !ranges.isExact(next)) return null;
  const begin = ranges.of(first), end = ranges.of(test.args[1]!);
  if (step > 0 && test.op === "i32.lt_s") return { lo: begin.lo, hi: end.hi - 1 };
  if (step > 0 && test.op === "i32.le_s") return { lo: begin.lo, hi: end.hi };
  if (step < 0 && test.op === "i32.gt_s") return { lo: end.lo + 1, hi: begin.hi };
  return step < 0 && test.op === "i32.ge_s" ? { lo: end.lo, hi: begin.hi } : null;
}

/** An index as by·(counter) + something in [lo, hi], but for multiples of 2³²; `by` is NaN where that is not known exactly. */
interface Form { readonly by: number; readonly lo: number; readonly hi: number }
function formOf(v: Value, counter: Value, rangeOf: (v: Value) => Range, depth: number): Form {
  const c = constantOf(v);
  if (typeof c === "number") return { by: 0, lo: c, hi: c };
  if (v === counter) return { by: 1, lo: 0, hi: 0 };
  const { def } = v;
  if (depth > 0 && def) {
    const part = (at: number): Form => formOf(def.args[at]!, counter, rangeOf, depth - 1);
    const k = def.args.length === 2 ? constantOf(def.args[1]!) : undefined;
    switch (def.op) {
      case "i32.add": return sum(part(0), part(1));
      case "i32.sub": return sum(part(0), times(part(1), -1));
      case "i32.mul": if (typeof k === "number") return times(part(0), k); break;
      case "i32.shl": if (typeof k === "number") return times(part(0), 2 ** (k & 31)); break;
      default:
    }
  }
  const { lo, hi } = rangeOf(v);
  return { by: 0, lo, hi };
}
const sum = (a: Form, b: Form): Form => exact({ by: a.by + b.by, lo: a.lo + b.lo, hi: a.hi + b.hi });
const times = ({ by, lo, hi }: Form, k: number): Form => exact({ by: by * k, lo: Math.min(lo * k, hi * k), hi: Math.max(lo * k, hi * k) });
const exact = (form: Form): Form => ([form.by, form.lo, form.hi].every(Number.isSafeInteger) ? form : { ...form, by: NaN });

const isPure = ({ def }: Value): boolean => def !== null && isMachineOp(def.op) && ops[def.op].effect === "none";
/** Scalar work, loads and stores, and `if`s around them that come back. */
function isPlain(instr: Instr): boolean {
  if ([...instr.args, ...instr.results].some((v) => v.type === "v128")) return false;
  if (isMachineOp(instr.op)) return ops[instr.op].effect === "none";
  return isMemoryOp(instr.op) || instr.op === "data.addr" || instr.op === "frame.addr"
    || instr.op === "if" && instr.regions.every((arm) => arm.body.at(-1)!.op === "yield" && arm.body.every((one) => one.op === "yield" || isPlain(one)));
}
