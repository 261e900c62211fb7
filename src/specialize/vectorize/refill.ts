// Loops over points whose own loops end when their data say so: several points at once in lanes, a lane that is done takes the next point.
//
//   loop l (%i = 0) { if %i < %n { %c = load [%x + %i]; %k = loop m (%z = 0.0, %k = 0) { if !(%z < 4.0) {yield %k}; br m (%z·%z + %c), %k + 1 }
//                                  store [%y + %i], %k; br l %i + 1 }; yield }
//     →  loop r (%z, %c, %k in lanes, the points that the lanes are at, the next point) {
//          one turn of m in every lane
//          if some lane does not go on { for each such lane: store [%y + its point], its %k; begin the next point in it, if there is one }
//          while there are points in lanes, br r }
//
// Waiting for the slowest of a group of points would waste most of the lanes where points differ; and while one lane's turn waits for the result
// of an operation, the others' are done. (Known from ray tracing as persistent threads: Aila, Laine, "Understanding the efficiency of ray
// traversal on GPUs", 2009.)
//
// Requires: machine form, invariants hoisted, a counted outer loop whose iterations write memory apart and read none that others write.
// Guarantees: every point's operations in their order, so the same bits; points end in another order. What stands before and behind the inner
// loop is done one point at a time, as it was, and is written once a lane.

import type { Block, Func, Instr, Loop, Memory, Program, Region, Value } from "../../ir/types.ts";
import { constantOf, instructions, regionsOf } from "../../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps } from "../../ir/ops.ts";
import { contentsOf } from "../analyses.ts";
import { replaceLane } from "../lanes.ts";
import { plain, yields } from "../rewrite.ts";
import { countedLoop, type Counted } from "../counted.ts";
import { mayTouch } from "./accesses.ts";
import { operandsOf, neededValues, type Mask } from "./flat.ts";
import { LinearForms, shapeKey, stride, type Linear } from "./linear.ts";
import { remember } from "./notes.ts";
import { LoopPlanner } from "../planned.ts";
import { turnOf, type Turn } from "./turns.ts";
import { naturalWidth, Widths, type Width } from "./widths.ts";
import { hasLanes, unsupported } from "./operations.ts";
import { VectorWriter } from "./writer.ts";

export function refillLanes(func: Func, program: Program): Func {
  if (!contentsOf(func).nests) return func;
  const refiller = new Refiller(func, program);
  if (!refiller.plansAny) return func;
  const made = refiller.run();
  remember(made, refiller.notes);
  return made;
}

/** what stands around the inner loop is there twice a lane: no more instructions of it than this */
const mostAround = 60;
/** registers that what the lanes carry may take: some are left for the turn's own values */
const mostCarried = 13;
const none: ReadonlyMap<Value, Value> = new Map();

interface Plan {
  readonly counted: Counted;
  readonly turn: Turn;
  /** before the inner loop, and behind it */
  readonly begin: Region;
  readonly finish: Region;
  /** the inner loop's parameters, then what it uses of its point: what every lane carries */
  readonly carried: readonly Value[];
  readonly widths: Widths;
  readonly needed: ReadonlySet<Value>;
  /** bytes of the lanes' masks: those of the widest carried value */
  readonly width: Width;
  readonly lanes: number;
  /** results of the inner loop that are used behind it, by their places */
  readonly used: readonly number[];
}

class Refiller extends LoopPlanner<Plan> {
  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    this.notes.push({ line: plan.turn.loop.notes?.place?.line ?? instr.place?.line ?? 0, lanes: plan.lanes, why: null });
    this.write(plan);
    return true;
  }

  // ───────────────────────────────── what is possible ─────────────────────────────────

  protected override plan(loop: Loop): Plan | null {
    const { body } = loop.regions[0];
    if (!body.some((instr) => instr.op === "if" && instr.regions[0].body.some(holdsLoop)) || this.brs.get(loop.label)?.length !== 1) return null;
    const counted = countedLoop(loop, { loops: true });
    if (typeof counted === "string" || counted.test.regions[0] !== counted.body) return null;
    const { params } = loop.regions[0];
    if (params.length !== counted.counters.length || params.some((p) => p.type !== "i32") || !counted.exits.every((v) => params.includes(v))) return null;
    if (counted.pre.some((instr) => !isMachineOp(instr.op))) return null;

    // 1. one loop inside, with what stands around it
    const list = counted.body.body;
    const holders = list.filter((instr) => holdsLoop(instr));
    const whole = holders[0];
    if (holders.length !== 1 || whole?.op !== "loop" && whole?.op !== "block") return null;
    const at = list.indexOf(whole);
    const begin: Region = { params: [], body: [...list.slice(0, at), ...yields([]).body] };
    const finish: Region = { params: [], body: [...list.slice(at + 1, -1), ...yields([]).body] };
    const around = [...instructions(begin), ...instructions(finish)];
    if (around.length > mostAround || [...instructions(begin)].some((instr) => isMemoryOp(instr.op) && memoryOps[instr.op].store)) return null;
    const turn = turnOf(whole);
    if (typeof turn === "string") return null;
    if (!this.separate(counted, around)) return null;

    // 2. its turn in lanes
    const roots = [...turn.next, ...turn.leaves.flatMap((l) => [...l.values, ...conditions(l.where)]), ...conditions(turn.goesOn)];
    const needed = neededValues(turn.flat, roots, none);
    const inner = turn.loop.regions[0].params;
    const isUniform = (v: Value): boolean => !counted.inside(v);
    for (const step of turn.flat.steps) {
      if (step.kind === "load" || step.kind === "store" || unsupported(step) || !hasLanes(step, isUniform)) return null;
    }
    const perPoint = [...needed].filter((v) => !isUniform(v) && constantOf(v) === undefined && !turn.flat.by.has(v) && !inner.includes(v));
    const carried = [...inner, ...perPoint];
    if (carried.some((v) => v.type === "i64" || v.type === "v128") || !endsByPoint(turn, counted, perPoint)) return null;
    const width = Math.max(...carried.map(naturalWidth)) as Width;
    const lanes = (carried.length + 1) * 2 <= mostCarried ? 32 / width : 16 / width;
    const widths = new Widths(turn.flat, needed, roots, none, this.ranges);
    const used = whole.results.flatMap((r, i) => (around.some((instr) => instr.args.includes(r)) ? [i] : []));
    return { counted, turn, begin, finish, carried, widths, needed, width, lanes, used };
  }

  /** Whether iterations of the outer loop may be done in any order: each writes its own elements, and what it reads no other writes. */
  private separate(counted: Counted, around: readonly Instr[]): boolean {
    const forms = new LinearForms(counted, this.ranges);
    const memory = around.filter((instr): instr is Memory => isMemoryOp(instr.op));
    if (around.some((instr) => !isMachineOp(instr.op) && !isMemoryOp(instr.op) && !["if", "yield", "data.addr"].includes(instr.op))) return false;
    const place = (instr: Memory): { readonly key: string; readonly at: number; readonly bytes: number; readonly stride: number } | null => {
      const [base, index] = instr.args as [Value, Value];
      const form: Linear | null = forms.of(index);
      if (!forms.invariant(base) || !form || form.within.length > 0) return null;
      return {
        key: `${base.id};${instr.scale};${shapeKey(form)}`, at: form.plus * 2 ** instr.scale + instr.offset, bytes: memoryOps[instr.op].bytes,
        stride: Math.abs(stride(form)) * 2 ** instr.scale,
      };
    };
    for (const store of memory) {
      if (!memoryOps[store.op].store) continue;
      const own = place(store);
      if (!own || own.stride < own.bytes) return false;
      for (const other of memory) {
        if (other === store || !mayTouch(this.program, store.space, other.space)) continue;
        const its = place(other);
        if (!its || its.key !== own.key) return false;
        const [low, high] = [Math.min(own.at, its.at), Math.max(own.at + own.bytes, its.at + its.bytes)];
        if (high - low > own.stride) return false;
      }
    }
    return true;
  }

  // ───────────────────────────────── writing it ─────────────────────────────────

  private write(plan: Plan): void {
    const { e } = this;
    const { counted, carried, lanes } = plan;
    const { loop } = counted;
    const outer = loop.regions[0].params;
    const firsts = this.inits(loop);

    // the first points, as many as there are
    this.forgetWrites(loop.regions[0]);
    let next: readonly Value[] = firsts;
    const starts: { readonly values: readonly Value[]; readonly live: Value; readonly point: readonly Value[] }[] = [];
    for (let lane = 0; lane < lanes; lane++) {
      const point = next;
      const [live, ...rest] = this.either(this.isPoint(plan, point),
        () => [e.i32(-1), ...this.beginPoint(plan, point), ...this.pointAfter(plan, point)],
        () => [e.i32(0), ...carried.map((v) => e.const(v.type, 0)), ...point]);
      starts.push({ values: rest.slice(0, carried.length), live: live!, point });
      next = rest.slice(carried.length);
    }
    const state = carried.map((v, k) => this.registers(plan, naturalWidth(v), v.type, (lane) => starts[lane]!.values[k]!));
    const live = this.registers(plan, plan.width, "i32", (lane) => starts[lane]!.live);
    const count = starts.reduce((sum, { live: one }) => e.op("i32.sub", sum, one), e.i32(0));
    const inits = [...state.flat(), ...live, count, ...next, ...starts.flatMap((s) => s.point)];

    const results = outer.map((p) => this.fresh(p));
    const then = e.inRegion([], () => { e.append({ op: "yield", args: this.lanesLoop(plan, inits, state.map((s) => s.length), live.length), results: [] }); });
    const otherwise = e.inRegion([], () => { e.append({ op: "yield", args: [...next], results: [] }); });
    e.append({ op: "if", args: [count], results, regions: [then, otherwise], place: loop.place });
    this.forgetWrites(loop.regions[0]);
    loop.results.forEach((r, i) => { this.bind(r, results[outer.indexOf(counted.exits[i]!)]!); });
  }

  /** The loop over all lanes; gives the first point that there is not. */
  private lanesLoop(plan: Plan, inits: readonly Value[], sizes: readonly number[], masks: number): Value[] {
    const { e } = this;
    const { counted, turn, carried, lanes, width } = plan;
    const outer = counted.loop.regions[0].params;
    const params = inits.map((v) => e.value(v.type));
    let at = 0;
    const take = (n: number): Value[] => params.slice(at, at += n);
    const state = carried.map((_, k) => take(sizes[k]!));
    const live = take(masks);
    const [count] = take(1);
    const next = take(outer.length);
    const points = Array.from({ length: lanes }, () => take(outer.length));
    const before = e.region;
    const writer = new VectorWriter({
      e, flat: turn.flat, widths: plan.widths, ranges: this.ranges, accesses: new Map(), gathers: new Set(), kept: new Map(), doubled: new Map(), needed: plan.needed, lanes, group: lanes,
      uniform: (v) => (counted.inside(v) ? null : this.value(v)), before, counter: () => null,
      accumulator: (v, r) => state[carried.indexOf(v)]?.[r] ?? null,
      address: noMemory, columns: noMemory,
    });
    const out = { name: `${counted.loop.label.name}out` };
    const again = { name: `${counted.loop.label.name}lanes` };
    this.forgetWrites(counted.loop.regions[0]);
    const body = e.inRegion(params, () => {
      const going = live.map((_, r) => writer.where(turn.goesOn, width, r));
      const advanced = carried.map((v, k) => state[k]!.map((register, r) => (k < turn.next.length ? writer.number(turn.next[k]!, naturalWidth(v), r) : register)));
      const done = live.map((alive, r) => e.op("v128.andnot", alive, going[r]!));
      const some = e.op("v128.any_true", done.reduce((a, b) => e.op("v128.or", a, b)));
      const now = [...advanced.flat(), ...live, count!, ...next, ...points.flat()];
      const then = e.inRegion([], () => { e.append({ op: "yield", args: this.refill(plan, writer, { done, now, sizes, masks }, out), results: [] }); });
      const otherwise = e.inRegion([], () => { e.append({ op: "yield", args: now, results: [] }); });
      const after = now.map((v) => e.value(v.type));
      e.append({ op: "if", args: [some], results: after, regions: [then, otherwise], place: counted.loop.place });
      e.append({ op: "br", label: again, args: after, results: [], place: counted.loop.place });
    });
    const results = outer.map((p) => this.fresh(p));
    const block = e.inRegion([], () => {
      e.append({ op: "loop", label: again, args: [...inits], results: [], regions: [body], notes: { ...counted.loop.notes, role: "main" }, place: counted.loop.place });
      e.append({ op: "trap", exit: -1, args: [], results: [] });
    });
    e.append({ op: "block", label: out, args: [], results, regions: [block], place: counted.loop.place });
    return results;
  }

  /** Ends the points of the lanes that are done, and begins others in them; gives what the loop's parameters are then. */
  private refill(plan: Plan, writer: VectorWriter, { done, now, sizes, masks }: { readonly done: readonly Value[]; readonly now: readonly Value[]; readonly sizes: readonly number[]; readonly masks: number }, out: Block["label"]): Value[] {
    const { e } = this;
    const { counted, turn, carried, lanes, width, used } = plan;
    const outer = counted.loop.regions[0].params;
    // all that lanes' ways out are told by, before the first of them
    const ways = turn.leaves.map((leave) => done.map((_, r) => (leave.where ? writer.where(leave.where, width, r) : null)));
    for (const leave of turn.leaves) for (const i of used) {
      const v = leave.values[i]!;
      if (counted.inside(v)) for (let r = 0; r < Math.ceil((lanes * naturalWidth(v)) / 16); r++) writer.number(v, naturalWidth(v), r);
    }
    const current = [...now];
    const masksAt = sizes.reduce((a, b) => a + b, 0);
    const countAt = masksAt + masks;
    const nextAt = countAt + 1;
    for (let lane = 0; lane < lanes; lane++) {
      const bit = (registers: readonly Value[]): Value => this.bit(registers[Math.floor((lane * width) / 16)]!, lane % (16 / width), width);
      const pointAt = nextAt + outer.length * (1 + lane);
      const places: number[] = []; // of the parameters that this lane's change concerns
      let at = 0;
      carried.forEach((v, k) => { places.push(at + Math.floor((lane * naturalWidth(v)) / 16)); at += sizes[k]!; });
      places.push(masksAt + Math.floor((lane * width) / 16), countAt);
      for (let k = 0; k < outer.length; k++) places.push(nextAt + k);
      for (let k = 0; k < outer.length; k++) places.push(pointAt + k);
      const before = [...current];
      const put = (register: Value, v: Value, scalar: Value): Value => this.replace(register, lane, naturalWidth(v), v.type, scalar);
      const changed = this.either(bit(done), () => {
        const results = used.map((i) => turn.leaves.map((l) => l.values[i]!));
        const ends = used.map((_, k) => turn.leaves.map((leave, n) => ({ way: ways[n]!, value: leave.values[used[k]!]! }))
          .reduceRight<Value | null>((rest, { way, value }) => {
            if (rest !== null && results[k]!.every((v) => v === value)) return rest;
            const scalar = writer.scalar(value, lane);
            return rest === null || way[0] === null ? scalar : e.op(`${value.type as "i32"}.select`, bit(way as Value[]), scalar, rest);
          }, null)!);
        this.finishPoint(plan, before.slice(pointAt, pointAt + outer.length), ends);
        const next = before.slice(nextAt, nextAt + outer.length);
        return this.either(this.isPoint(plan, next), () => {
          const values = this.beginPoint(plan, next);
          return [...carried.map((v, k) => put(before[places[k]!]!, v, values[k]!)), before[places[carried.length]!]!, before[countAt]!, ...this.pointAfter(plan, next), ...next];
        }, () => [
          ...carried.map((_, k) => before[places[k]!]!), this.replace(before[places[carried.length]!]!, lane, width, "i32", e.i32(0)),
          e.op("i32.sub", before[countAt]!, e.i32(1)), ...next, ...before.slice(pointAt, pointAt + outer.length),
        ]);
      }, () => places.map((p) => before[p]!));
      this.forgetWrites(counted.loop.regions[0]);
      places.forEach((p, k) => { current[p] = changed[k]!; });
    }
    const over = e.inRegion([], () => { e.append({ op: "br", label: out, args: current.slice(nextAt, nextAt + outer.length), results: [], place: counted.loop.place }); });
    e.append({ op: "if", args: [e.op("i32.eqz", current[countAt]!)], results: [], regions: [over, yields([])], place: counted.loop.place });
    return current;
  }

  /** if cond then() else otherwise() */
  private either(cond: Value, then: () => Value[], otherwise: () => Value[]): Value[] {
    const { e } = this;
    const memory = e.memory();
    let first: Value[] = [];
    const region = (write: () => Value[]): Region => e.inRegion([], () => { first = write(); e.append({ op: "yield", args: first, results: [] }); });
    const regions = [region(then), region(otherwise)] as const;
    e.setMemory(memory);
    const results = first.map((v) => e.value(v.type));
    e.append({ op: "if", args: [cond], results, regions });
    return results;
  }

  // ───────────────────────────────── one point ─────────────────────────────────

  /** The outer loop's test. */
  private isPoint({ counted }: Plan, point: readonly Value[]): Value {
    this.bindAll(counted.loop.regions[0].params, point);
    for (const instr of counted.pre) this.instruction(instr);
    return this.condition(counted.test);
  }
  private pointAfter({ counted }: Plan, point: readonly Value[]): Value[] {
    return counted.counters.map((c) => this.e.op("i32.add", point[c.index]!, this.e.i32(c.step)));
  }
  /** What stands before the inner loop; gives what its lane is to carry. */
  private beginPoint({ counted, turn, begin, carried }: Plan, point: readonly Value[]): Value[] {
    this.bindAll(counted.loop.regions[0].params, point);
    for (const instr of counted.pre) this.instruction(instr);
    this.walk(begin, plain([]));
    return carried.map((v, k) => this.value(k < turn.next.length ? turn.loop.args[k]! : v));
  }
  /** What stands behind it, with the inner loop's results. What it uses of what stands before is computed again. */
  private finishPoint(plan: Plan, point: readonly Value[], ends: readonly Value[]): void {
    this.beginPoint(plan, point);
    plan.used.forEach((i, k) => { this.bind(plan.turn.whole.results[i]!, ends[k]!); });
    this.walk(plan.finish, plain([]));
  }

  // ───────────────────────────────── lanes ─────────────────────────────────

  /** A vector's registers out of its lanes' values. */
  private registers({ lanes }: Plan, w: Width, type: Value["type"], of: (lane: number) => Value): Value[] {
    const { e } = this;
    const per = 16 / w;
    return Array.from({ length: Math.ceil(lanes / per) }, (_, r) => {
      let register: Value = e.const("v128", new Uint8Array(16));
      for (let i = 0; i < per && r * per + i < lanes; i++) register = this.replace(register, r * per + i, w, type, of(r * per + i));
      return register;
    });
  }
  /** The register with a lane replaced; an i32 in a lane of eight bytes stands for a mask. */
  private replace(register: Value, lane: number, w: Width, type: Value["type"], value: Value): Value {
    return replaceLane(this.e, register, lane % (16 / w), type === "i32" && w === 8 ? this.e.op("i64.extend_i32_s", value) : value);
  }
  /** Whether a mask's lane is set. */
  private bit(register: Value, lane: number, w: Width): Value {
    return this.e.lane({ op: "lane", name: "i32x4.extract_lane", lanes: [(lane * w) / 4], args: [], results: [] }, [register], "i32");
  }
}

const noMemory = (): never => { throw new Error("a turn that goes to memory"); };
const holdsLoop = (instr: Instr): boolean => instr.op === "loop" || regionsOf(instr).some((region) => region.body.some(holdsLoop));

function conditions(mask: Mask | null): Value[] {
  const all: Value[] = [];
  for (let m = mask; m; m = m.outer) all.push(m.cond);
  return all;
}

/** Whether points may differ in when their loops end: the test depends on something that differs from point to point. */
function endsByPoint(turn: Turn, counted: Counted, perPoint: readonly Value[]): boolean {
  const inner = turn.loop.regions[0].params;
  const differs = new Set<Value>(perPoint);
  inner.forEach((p, i) => { if (counted.inside(turn.loop.args[i]!)) differs.add(p); });
  for (let before = -1; before !== differs.size;) {
    before = differs.size;
    for (const step of turn.flat.steps) if (step.kind !== "store" && operandsOf(step).some((v) => differs.has(v))) differs.add(step.result);
    inner.forEach((p, i) => { if (differs.has(turn.next[i]!)) differs.add(p); });
  }
  return conditions(turn.goesOn).some((v) => differs.has(v));
}
