// Runs several iterations of a loop side by side where each is a long chain of operations that wait for one another.
//
//   before  loop l (%i = 0, %sum = 0.0) { if %i < %n { %x = …long chain of %i…; br l (%i + 1) (%sum + %x) } yield %sum }
//   after   loop m (%i = 0, %sum = 0.0) { if %i < %n − 3 { %x0 = …%i…; %x1 = …%i + 1…; …, instruction by instruction;
//                                                           br m (%i + 4) (((%sum + %x0) + %x1) + …) } yield %i %sum }
//           loop l (%i, %sum from there) rest { …as before… }
//
// A processor looks only so far ahead: iterations of some dozens of operations do not overlap by themselves. What depends on carried values
// other than the counter, and all stores, are done iteration by iteration, in the old order.
//
// Requires: machine form; after vectorization, which does better where it can. Guarantees: machine form, same bits: loads only pass
// stores that can't touch the same memory. Chosen by a model of latencies; the code of the loop is there once more than `most.copies` times.
// (Allan, Jones, Lee, Allan, "Software Pipelining", 1995: this is its simplest form, unrolling with copies interleaved.)

import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Func, Instr, Loop, Memory, Program, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { CopyWriter } from "./copies.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { mayTouch, writesOf, type Target } from "./rewrite.ts";
import { countedLoop, type Counted, type Counter } from "./counted.ts";

/** copies, operations of a body that is long enough to profit, and of all copies together */
const most = { copies: 8, operations: 600 };
const least = { operations: 24, ratio: 3, trips: 4 };

export function interleave(func: Func, program: Program, note: Note = () => {}): Func {
  const interleaver = new Interleaver(func, program, note);
  return contentsOf(func).loops.some((loop) => interleaver.planOf(loop)) ? interleaver.run() : func;
}

interface Plan {
  readonly counted: Counted;
  readonly counter: Counter;
  readonly limit: Value;
  readonly copies: number;
  /** of the iteration, in order: what needs the counter alone, and the rest */
  readonly free: readonly Instr[];
  readonly bound: readonly Instr[];
}

class Interleaver extends CopyWriter {
  planOf(loop: Loop): Plan | null { return loop.notes?.role === "rest" ? null : planLoop(loop, this.program, () => this.ranges); }

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    this.note(instr.place, "a loop of long chains", `${plan.copies} iterations side by side`, `${plan.free.length} of ${plan.free.length + plan.bound.length} operations wait for nothing but the counter`);
    this.begun.set(instr.label, this.writeMain(plan, instr));
    return super.loop({ ...instr, notes: { ...instr.notes, role: "rest" } });
  }

  /** Writes the loop of several iterations; gives its carried values at the end. */
  private writeMain({ counted, counter, limit, copies, free, bound }: Plan, loop: Loop): Value[] {
    const { e } = this;
    const old = loop.regions[0];
    const end = e.op("i32.sub", this.value(limit), e.i32((copies - 1) * counter.step));
    const inits = this.inits(loop);
    const params = old.params.map((p) => this.fresh(p));
    const target: Target = { label: { name: loop.label.name }, brs: 0, to: old.params, dropped: [] };
    this.forgetWrites(old);
    const body = e.inRegion(params, () => {
      const now = params[counter.index]!;
      const test = e.op("i32.lt_s", now, end);
      const then = e.inRegion([], () => {
        const maps = Array.from({ length: copies }, (_, k) => new Map<Value, Value>([[counter.param, e.op("i32.add", now, e.i32(k * counter.step))]]));
        for (const instr of free) for (const map of maps) this.write(instr, map);
        let carried = params;
        for (const map of maps) {
          old.params.forEach((p, i) => { if (i !== counter.index) map.set(p, carried[i]!); });
          for (const instr of bound) this.write(instr, map);
          this.current = map;
          carried = this.values(counted.br.args);
        }
        this.current = null;
        e.append({ op: "br", label: target.label, args: carried.map((v, i) => (i === counter.index ? e.op("i32.add", now, e.i32(copies * counter.step)) : v)), results: [], place: counted.br.place });
      });
      e.append({ op: "if", args: [test], results: [], regions: [then, { params: [], body: [{ op: "yield", args: [], results: [] }] }], place: counted.test.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    this.forgetWrites(old);
    const results = params.map((p) => e.value(p.type, p.name));
    e.append({ op: "loop", label: target.label, args: inits, results, regions: [body], notes: { ...loop.notes, role: "main" }, place: loop.place });
    return results;
  }
}

// ───────────────────────────────── whether it pays ─────────────────────────────────

function planLoop(loop: Loop, program: Program, ranges: () => Ranges): Plan | null {
  const counted = countedLoop(loop);
  if (typeof counted === "string") return null;
  const { cond, body, pre } = counted;
  const test = cond.def;
  const counter = counted.counters.find((c) => test?.op === "i32.lt_s" && test.args[0] === c.param);
  if (!counter || counter.step < 0) return null;
  const limit = test!.args[1]!;
  const work = [...pre, ...body.body.slice(0, -1)];
  if (counted.inside(limit) || work.length < least.operations || work.length * 2 > most.operations || !work.every(isPlain)) return null;
  const last = ranges().of(limit), first = ranges().of(counter.first), trips = Math.ceil((last.hi - first.lo) / counter.step);
  if (!ranges().isExact(counter.next) || ranges().of(limit).lo < -(2 ** 30)) return null;

  // 1. what the carried values hold up
  const carried = new Set<Value>(loop.regions[0].params.filter((p) => p !== counter.param));
  const waits = (instr: Instr): boolean => instr.results.length === 0 || operandsOf(instr).some((v) => carried.has(v));
  const free: Instr[] = [], bound: Instr[] = [];
  for (const instr of work) {
    if (!waits(instr)) { free.push(instr); continue; }
    bound.push(instr);
    for (const r of instr.results) carried.add(r);
  }
  const writes = writesOf(loop.regions[0]);
  if (free.some((instr) => loadsOf(instr).some((load) => mayTouch(program, writes, load.space)))) return null;

  // 2. how long it takes alone, and how long it takes at best
  const path = longestChain(free), slots = work.length / issue;
  const inOrder = longestChain(bound);
  if (path < least.ratio * slots || inOrder * 2 > path) return null;
  let copies = 2;
  while (copies * 2 <= Math.min(most.copies, path / slots) && copies * 2 * work.length <= most.operations) copies *= 2;
  // what is left over, one by one, is a small part; where the trips are known, it may be nothing
  const known = last.lo === last.hi && first.lo === first.hi;
  const fits = (): boolean => trips >= copies && (known ? trips % copies : copies) * least.trips <= trips;
  while (copies > 2 && !fits()) copies /= 2;
  return !fits() ? null : { counted, counter, limit, copies, free, bound };
}

/** Operations on scalars, loads, stores, and `if`s around pure work, or around stores where nothing comes of them: what vectorization left alone. */
export function isPlain(instr: Instr): boolean {
  if (instr.results.some((r) => r.type === "v128")) return false;
  if (isMachineOp(instr.op)) return ops[instr.op].effect === "none";
  if (isMemoryOp(instr.op)) return instr.args.every((v) => v.type !== "v128");
  return instr.op === "if" && instr.regions.every((arm) => arm.body.at(-1)!.op === "yield" && arm.body.every((inner) => inner.op === "yield" || isPlain(inner) && (inner.results.length > 0 || instr.results.length === 0)));
}
const operandsOf = (instr: Instr): Value[] => [...instr.args, ...("regions" in instr ? instr.regions.flatMap((arm) => arm.body.flatMap(operandsOf)) : [])];
const loadsOf = (instr: Instr): Memory[] =>
  (isMemoryOp(instr.op) && !memoryOps[instr.op].store ? [instr as Memory] : "regions" in instr ? instr.regions.flatMap((arm) => arm.body.flatMap(loadsOf)) : []);

/** operations that start in one cycle, at best */
export const issue = 3;
/** cycles until an operation's result is there */
export function latency(instr: Instr): number {
  if (isMemoryOp(instr.op)) return 6;
  if (/\.div|\.sqrt|\.rem|^math\./.test(instr.op)) return 15;
  return instr.op.startsWith("f") ? 4 : instr.op === "if" ? 8 : 1;
}
export function longestChain(instrs: readonly Instr[]): number {
  const ready = new Map<Value, number>();
  let longest = 0;
  for (const instr of instrs) {
    const at = Math.max(0, ...operandsOf(instr).map((v) => ready.get(v) ?? 0)) + latency(instr);
    for (const r of instr.results) ready.set(r, at);
    longest = Math.max(longest, at);
  }
  return longest;
}
