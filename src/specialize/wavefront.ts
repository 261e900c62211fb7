// Cascades of recurrences in lanes: stage s of a chain works on the iteration s before the one that stage 0 works on.
//
//   before  loop l (%i, %a0, %a1) { if %i < %n { %x = f64.load [%p + %i << 3];
//                                   %y0 = f64.add (f64.mul %x c0) %a0;  %b0 = f64.mul %y0 d0;          stage 0
//                                   %y1 = f64.add (f64.mul %y0 c1) %a1; %b1 = f64.mul %y1 d1;          stage 1: the same of stage 0's %y0, and of its own state
//                                   f64.store [%q + %i << 3], %y1; br l (%i + 1) %b0 %b1 } yield }
//   after   loop (%i, %a, %w)     { if %i < %n { %x = …; %y = f64x2.add (f64x2.mul (%x, lane 0 of %w) (c0, c1)) %a; %b = f64x2.mul %y (d0, d1);
//                                   f64.store [%q + (%i − 1) << 3], lane 1 of %y; br (%i + 1) %b %y } … }      %a = (%a0, %a1), %w the %y of the step before
//
// Before that loop stand steps in which only the first stages have something to do, after it steps with the last ones only: in these a stage that has
// nothing to do keeps its state, whatever is computed for it. The loop as it was stands behind, for what is too short. All that is none of the stages'
// (stores above all) is done when the last stage has come to that iteration.
//
// Requires: machine form, states in carried values (promote.ts), loops that vectorization left alone. Guarantees: machine form, same bits: each stage
// sees the same values in the same order; loads that are done earlier than before are never of what is stored meanwhile. What a cascade is says cascade.ts.
// (Lamport, "The Parallel Execution of DO Loops", 1974: its wave, over stages and iterations.)

import { constantOf } from "../ir/build.ts";
import type { Func, Instr, Loop, Program, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { planCascade, type Cascade, type Row } from "./cascade.ts";
import { CopyWriter } from "./copies.ts";
import { extractLane, joinLanes, LaneTools, shuffle } from "./lanes.ts";
import type { Note } from "./notes.ts";
import { yields, type Rewriter } from "./rewrite.ts";
import { laneForms } from "./vectorize/table.ts";

export function skew(func: Func, program: Program, note: Note = () => {}): Func {
  const skewer = new Skewer(func, program, note);
  return contentsOf(func).loops.some((loop) => skewer.planOf(loop)) ? skewer.run() : func;
}

/** as many iterations for each stage, or the loop stays as it is: most steps should have work for all stages */
const trips = 4;

/** What goes from step to step. Vectors are by row and group of lanes. */
interface Wave {
  readonly counters: readonly Value[];
  readonly before: readonly Value[];
  readonly after: readonly Value[];
  readonly states: ReadonlyMap<Row, readonly Value[]>;
  /** what chains take from the step before */
  readonly wires: ReadonlyMap<Row, readonly Value[]>;
}
type Phase = "rise" | "run" | "fall";

class Skewer extends CopyWriter {
  planOf(loop: Loop): Cascade | null { return planCascade(loop, this.program, () => this.ranges); }

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    this.note(instr.place, "a cascade", `${plan.stages} stages in ${plan.lanes} lanes`, "each stage works an iteration behind the one before it");
    this.begun.set(instr.label, this.writeCascade(plan));
    return super.loop({ ...instr, notes: { ...instr.notes, role: "rest" } });
  }

  /** Writes the cascade, for enough iterations; gives the loop's carried values after it. */
  private writeCascade(plan: Cascade): Value[] {
    const { e } = this;
    const { counted: { loop }, counter, limit, stages } = plan;
    const old = loop.regions[0];
    const firsts = this.inits(loop);
    const enough = e.op("i32.lt_s", e.op("i32.add", firsts[counter.index]!, e.i32(trips * stages * counter.step)), this.value(limit));
    const memory = e.memory();
    const then = e.inRegion([], () => { e.append({ op: "yield", args: this.writeWave(plan, firsts), results: [] }); });
    e.setMemory(memory);
    const results = old.params.map((p) => this.fresh(p));
    e.append({ op: "if", args: [enough], results, regions: [then, yields([...firsts])], place: loop.place });
    this.forgetWrites(old);
    return results;
  }

  private writeWave(plan: Cascade, firsts: readonly Value[]): Value[] {
    const { e } = this;
    const { counted: { loop, counters }, rows, stages, lanes } = plan;
    const { params } = loop.regions[0];
    const groups = Math.ceil(stages / lanes);
    const writer = new Lanes(this, plan);
    const states = new Map(rows.filter((r) => r.how === "state").map((r) => [r, writer.gather(r, r.of.map((p) => firsts[params.indexOf(p)]!))]));
    const zero = e.const("v128", new Uint8Array(16));
    const wires = new Map(rows.flatMap((r) => (r.how === "chain" ? [[r.from!, Array.from({ length: groups }, () => zero)] as const] : [])));
    for (const row of rows) if (row.how === "outside") writer.outside.set(row, writer.gather(row, row.of.map((v) => this.value(v))));
    let wave: Wave = {
      counters: counters.map((c) => firsts[c.index]!), before: plan.carriedBefore.map((i) => firsts[i]!), after: plan.carriedAfter.map((i) => firsts[i]!), states, wires,
    };
    for (const phase of ["rise", "run", "fall"] as const) wave = this.writePhase(plan, writer, phase, wave);
    // what the loop would carry now
    return params.map((p, i) => {
      const count = counters.findIndex((c) => c.index === i), early = plan.carriedBefore.indexOf(i), late = plan.carriedAfter.indexOf(i);
      // counters went on through the steps in which the wave fell
      if (count >= 0) return e.op("i32.sub", wave.counters[count]!, e.i32((stages - 1) * counters[count]!.step));
      if (early >= 0) return wave.before[early]!;
      if (late >= 0) return wave.after[late]!;
      const { row, stage } = plan.rowOf.get(p)!;
      return writer.extract(row, wave.states.get(row)!, stage);
    });
  }

  private writePhase(plan: Cascade, writer: Lanes, phase: Phase, given: Wave): Wave {
    const { e } = this;
    const { counted: { loop, counters, test: { place } }, counter, limit, stages } = plan;
    this.forgetWrites(loop.regions[0]);
    const flat = [...flatten(given), ...(phase === "run" ? [] : [e.i32(0)])];
    const params = flat.map((v) => e.value(v.type));
    const wave = unflatten(params, given);
    const label = { name: `${loop.label.name}_${phase}` };
    const body = e.inRegion(params, () => {
      const step = params.at(-1)!;
      const test = phase === "run" ? e.op("i32.lt_s", wave.counters[counters.indexOf(counter)]!, this.value(limit)) : e.op("i32.lt_s", step, e.i32(stages - 1));
      const again = e.inRegion([], () => {
        const next = this.writeStep(plan, writer, phase, wave, step);
        e.append({ op: "br", label, args: [...flatten(next), ...(phase === "run" ? [] : [e.op("i32.add", step, e.i32(1))])], results: [], place });
      });
      e.append({ op: "if", args: [test], results: [], regions: [again, yields([])], place });
      e.append({ op: "yield", args: params, results: [] });
    });
    const results = params.map((p) => e.value(p.type));
    e.append({ op: "loop", label, args: flat, results, regions: [body], notes: { ...loop.notes, role: "main" }, place: loop.place });
    this.forgetWrites(loop.regions[0]);
    return unflatten(results, given);
  }

  private writeStep(plan: Cascade, writer: Lanes, phase: Phase, wave: Wave, step: Value): Wave {
    const { e } = this;
    const { counted: { loop, br, counters }, rows, stages } = plan;
    const { params } = loop.regions[0];
    const zero = (v: Value): Value => e.const(v.type, 0);

    // 1. what comes before the first stage, of its iteration
    const early = new Map<Value, Value>(counters.map((c, i) => [c.param, wave.counters[i]!]));
    plan.carriedBefore.forEach((i, k) => early.set(params[i]!, wave.before[k]!));
    if (phase !== "fall") this.writeAll(plan.before, early);
    const heads = new Map(rows.flatMap((r) => (r.how === "chain" ? [[r, phase === "fall" ? zero(r.of[0]!) : this.within(early, r.of[0]!)] as const] : [])));
    const before = phase === "fall" ? wave.before : plan.carriedBefore.map((i) => this.within(early, br.args[i]!));

    // 2. the stages
    const made = writer.step(wave.states, wave.wires, heads);
    const states = new Map([...wave.states].map(([row, were]) => {
      const now = made.get(row.from!)!;
      return [row, phase === "run" ? now : now.map((v, g) => (v === were[g] ? v : e.op("v128.bitselect", v, were[g]!, writer.active(row, g, phase, step))))];
    }));
    const wires = new Map([...wave.wires.keys()].map((row) => [row, made.get(row)!]));

    // 3. what comes after the last one, of its iteration
    const late = new Map<Value, Value>(counters.map((c, i) => [c.param, e.op("i32.sub", wave.counters[i]!, e.i32((stages - 1) * c.step))]));
    let after = wave.after;
    if (phase !== "rise") {
      plan.carriedAfter.forEach((i, k) => late.set(params[i]!, wave.after[k]!));
      const last = [...plan.after.flatMap((instr) => instr.args), ...plan.carriedAfter.map((i) => br.args[i]!)];
      for (const v of last) {
        const at = plan.rowOf.get(v);
        if (at && !late.has(v)) late.set(v, writer.extract(at.row, made.get(at.row)!, at.stage));
      }
      this.writeAll(plan.after, late);
      after = plan.carriedAfter.map((i) => this.within(late, br.args[i]!));
    }
    return { counters: counters.map((c, i) => e.op("i32.add", wave.counters[i]!, e.i32(c.step))), before, after, states, wires };
  }
  private writeAll(instrs: readonly Instr[], map: Map<Value, Value>): void { for (const instr of instrs) this.write(instr, map); }
}

const flatten = ({ counters, before, after, states, wires }: Wave): Value[] => [...counters, ...before, ...after, ...[...states.values()].flat(), ...[...wires.values()].flat()];
function unflatten(values: readonly Value[], like: Wave): Wave {
  let at = 0;
  const some = (list: readonly Value[]): Value[] => values.slice(at, at += list.length);
  const each = (map: ReadonlyMap<Row, readonly Value[]>): Map<Row, Value[]> => new Map([...map].map(([row, list]) => [row, some(list)]));
  return { counters: some(like.counters), before: some(like.before), after: some(like.after), states: each(like.states), wires: each(like.wires) };
}

/** Writes rows as vectors. Lanes beyond the last stage repeat it; nobody looks at them. */
class Lanes {
  readonly outside = new Map<Row, readonly Value[]>();
  private readonly e: Rewriter["e"];
  private readonly plan: Cascade;
  private readonly groups: number;

  constructor(writer: Rewriter, plan: Cascade) {
    this.e = writer.e;
    this.plan = plan;
    this.groups = Math.ceil(plan.stages / plan.lanes);
  }

  /** Vectors of a row out of its stages' values. */
  gather(row: Row, values: readonly Value[]): Value[] {
    const { e } = this, { lanes } = this.plan;
    const double = row.of[0]!.type === "f64";
    return Array.from({ length: this.groups }, (_, g) => {
      const own = Array.from({ length: lanes }, (_, l) => values[Math.min(g * lanes + l, values.length - 1)]!);
      const constants = own.map((v) => constantOf(v));
      if (constants.every((c) => typeof c === "number")) {
        const bytes = new Uint8Array(16);
        bytes.set(new Uint8Array((double ? Float64Array : Float32Array).from(constants as number[]).buffer));
        return e.const("v128", bytes);
      }
      return joinLanes(e, own);
    });
  }

  extract(row: Row, vectors: readonly Value[], stage: number): Value {
    const { lanes } = this.plan, { type } = row.of[0]!;
    return extractLane(this.e, vectors[Math.floor(stage / lanes)]!, stage % lanes, type);
  }

  /** Which lanes of a row have something to do while the wave rises or falls. */
  active(row: Row, group: number, phase: "rise" | "fall", step: Value): Value {
    const { e } = this, { lanes } = this.plan;
    const per = row.of[0]!.type === "f64" ? 2 : 1; // of four
    const stages = e.const("v128", new Uint8Array(Int32Array.from({ length: 4 }, (_, k) => group * lanes + Math.floor(k / per)).buffer));
    return e.op(phase === "rise" ? "i32x4.le_s" : "i32x4.gt_s", stages, e.op("i32x4.splat", step));
  }

  /** All rows in one step, group by group: of few values at a time. `heads` are what chains begin with. */
  step(states: ReadonlyMap<Row, readonly Value[]>, wires: ReadonlyMap<Row, readonly Value[]>, heads: ReadonlyMap<Row, Value>): ReadonlyMap<Row, readonly Value[]> {
    const made = new Map<Row, Value[]>(this.plan.rows.map((r) => [r, []]));
    for (let g = 0; g < this.groups; g++) {
      const of = (row: Row): Value => (made.get(row)![g] ??= this.make(row, g, of, states, wires, heads));
      for (const row of [...states.keys()].map((r) => r.from!).concat([...wires.keys()], [...states.keys()])) of(row);
    }
    return made;
  }
  private make(row: Row, g: number, of: (row: Row) => Value, states: ReadonlyMap<Row, readonly Value[]>, wires: ReadonlyMap<Row, readonly Value[]>, heads: ReadonlyMap<Row, Value>): Value {
    const { e } = this;
    switch (row.how) {
      case "outside": return this.outside.get(row)![g]!;
      case "state": return states.get(row)![g]!;
      case "chain": return this.moved(row, g, wires.get(row.from!)!, heads.get(row)!);
      case "operation": {
        const args = row.parts.map(of);
        const name = row.of[0]!.def!.op;
        const tools = new LaneTools(e);
        if (name === "f64.promote_f32") return e.op("f64x2.promote_low_f32x4", args[0]!);
        if (name === "f32.demote_f64") return e.op("f32x4.demote_f64x2_zero", args[0]!);
        if (name === "f64.select") return e.op("v128.bitselect", args[2]!, args[3]!, laneForms[row.of[0]!.def!.args[0]!.def!.op]!(tools, args.slice(0, 2)));
        return laneForms[name]!(tools, args);
      }
    }
  }
  /** The vectors' lanes one stage on; the first takes `head`. */
  private moved(row: Row, g: number, from: readonly Value[], head: Value): Value {
    const { e } = this, { lanes } = this.plan;
    const double = row.of[0]!.type === "f64", bytes = double ? 8 : 4;
    const before = g === 0 ? e.op(double ? "f64x2.splat" : "f32x4.splat", head) : from[g - 1]!;
    const pick = Array.from({ length: 16 }, (_, b) => {
      const lane = Math.floor(b / bytes) % lanes;
      return lane === 0 ? (lanes - 1) * bytes + (b % bytes) : 16 + (lane - 1) * bytes + (b % bytes);
    });
    return shuffle(e, before, from[g]!, pick);
  }
}
