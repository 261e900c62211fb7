// Sums modulo a constant, as counting makes them: where both numbers are remainders already, so is their sum, or it is less the modulus.
//
//   for t { n[t] = (n[t] + n[t − k]) % 1000000007 }
//     →  %bad = loop (t, %bad = 0) {… n[t] and n[t − k] ≥ 1000000007, unsigned …}
//        if %bad {the loop as it was} else {the loop, with  %s = i32.add %a %b;  %d = i32.sub %s 1000000007;  i32.select (%s < %d, unsigned) %s %d}
//
//   ((a − b) + m) % m   →  %d = i32.sub %a %b;  %s = i32.add %d m;  i32.select (%d < %s, unsigned) %d %s
//
// What is asked holds in every iteration since what a loop stores where it loads from is such a remainder too. In lanes that choice is one instruction, and of
// numbers of which one is carried it takes three steps of the processor's. Doubles, which need not be whole (the difference is exact: Sterbenz, 1974), are taken
// where lanes take the loop: %s ≥ m ? %s − m : %s.
//
// Requires: machine form, split and hoisted; before remainders.ts and carry.ts. Guarantees: machine form, same bits.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Func, Instr, Loop, Machine, Memory, Program, Value } from "../ir/types.ts";
import { contentsOf, holdsAny } from "./analyses.ts";
import { countedLoop, type Counted } from "./counted.ts";
import { visit } from "./flow.ts";
import type { Range } from "./intervals.ts";
import type { Note } from "./notes.ts";
import { LoopPlanner } from "./planned.ts";
import { plain, yields } from "./rewrite.ts";
import { mayTouch } from "./vectorize/accesses.ts";
import { inLanes } from "./vectorize/index.ts";

/** iterations, or the loop stays as it is */
const fewest = 8;
/** iterations, or one after the other they take as long as they did, with what is asked */
const several = 256;
/** so that sums of two remainders are int32 */
const most = 2 ** 30;

export function sumModulo(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0 || !holdsAny(func, ["f64.rem"])) return func;
  const refused = new Set<Loop>();
  for (;;) {
    const made = new Summer(func, program, note, refused);
    if (!made.plansAny) return func;
    const result = made.run(), before = refused.size;
    if (made.written.size > 0) {
      const lanes = inLanes(result, { ...program, functions: program.functions.map((f) => (f === func ? result : f)) }), { loops } = contentsOf(result);
      for (const [loop, label] of made.written) if (!lanes[loops.findIndex((l) => l.label === label)]) refused.add(loop);
    }
    if (refused.size === before) return result;
  }
}

/** A remainder of a sum, or of a difference and the modulus; whether it is one of int32. */
interface Sum { readonly a: Value; readonly b: Value; readonly difference: boolean; readonly whole: boolean }
interface Plan {
  readonly counted: Counted;
  readonly modulus: number;
  readonly sums: ReadonlyMap<Value, Sum>;
  /** what is asked of each iteration: loads, and what they are computed of in the order of the loop */
  readonly asked: readonly Value[];
  readonly slice: readonly Instr[];
  /** what is asked once: what comes from outside of the loop */
  readonly once: readonly Value[];
  /** it is worth it in lanes only: of doubles, or of few iterations */
  readonly inLanes: boolean;
}

class Summer extends LoopPlanner<Plan> {
  /** loops that are worth it in lanes only, and what they are now */
  readonly written = new Map<Loop, Loop["label"]>();
  private readonly note: Note;
  private readonly refused: ReadonlySet<Loop>;
  constructor(func: Func, program: Program, note: Note, refused: ReadonlySet<Loop>) { super(func, program); this.note = note; this.refused = refused; }

  // ───────────────────────────────── what is possible ─────────────────────────────────

  protected override plan(loop: Loop): Plan | null {
    const counted = this.refused.has(loop) ? "refused" : countedLoop(loop);
    if (typeof counted === "string" || counted.counters.length === 0) return null;
    const [counter] = counted.counters, range = this.ranges.of(counter!.param);
    if (range.hi - range.lo < fewest * Math.abs(counter!.step)) return null;
    const remainders: Machine[] = [], stores: Memory[] = [];
    visit(counted.body, (instr) => {
      if (instr.op === "f64.rem") remainders.push(instr as Machine);
      else if (isMemoryOp(instr.op) && memoryOps[instr.op].store) stores.push(instr as Memory);
    });
    const modulus = remainders.map(({ args }) => constantOf(args[1]!)).find((m): m is number => typeof m === "number" && m > 1 && m <= most);
    if (modulus === undefined) return null;
    const wrong = new Set<Value>();
    let own: Own, before: number;
    do {
      before = wrong.size;
      own = new Own(counted, modulus, (v) => this.ranges.of(v), wrong);
      for (const { results: [result] } of remainders) own.holds(result!);
      if (own.sums.size === 0) return null;
      // what it stores where it asks is such a number too: that may ask more
      for (let count = -1; count < own.asked.size;) {
        count = own.asked.size;
        for (const load of own.asked) for (const store of stores) {
          if (!mayTouch(this.program, store.space, load.space)) continue;
          if (store.op.replace("store", "load") !== load.op || store.scale !== load.scale || !own.holds(store.args[2]!)) return null;
        }
      }
    } while (wrong.size > before);
    const slice = sliceOf(counted, [...own.asked], (load) => stores.some(({ space }) => mayTouch(this.program, space, load.space)));
    return slice && { counted, modulus, sums: own.sums, asked: [...own.asked].map((load) => load.results[0]!), slice, once: [...own.once], inLanes: range.hi - range.lo < several || [...own.sums.values()].some(({ whole }) => !whole) };
  }

  // ───────────────────────────────── writing it ─────────────────────────────────

  /** the loop that is being written for such numbers, and its sums as int32 */
  private quick: Plan | null = null;
  private readonly wholes = new Map<Value, Value>();

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    const { e } = this;
    this.note(instr.place, "remainders of sums", "differences", "both numbers are remainders already");
    const beyond = (v: Value): Value => (v.type === "i32" ? e.op("i32.ge_u", v, e.i32(plan.modulus))
      : e.op("i32.eqz", e.op("i32.and", e.op("f64.ge", v, e.f64(0)), e.op("f64.lt", v, e.f64(plan.modulus)))));
    const inits = this.inits(instr);
    const outside = plan.once.map((v) => { const at = instr.regions[0].params.indexOf(v); return beyond(at < 0 ? this.value(v) : inits[at]!); });
    const bad = [...outside, ...plan.asked.length > 0 ? [this.ask(plan, inits, beyond)] : []].reduce((a, b) => e.op("i32.or", a, b), e.i32(0));
    const as = (now: Plan | null, loop: Loop): Value[] => {
      this.quick = now;
      super.loop(loop);
      this.quick = null;
      return this.values(instr.results);
    };
    const quickly = (): Value[] => {
      const ends = as(plan, instr);
      if (plan.inLanes) this.written.set(instr, this.targets.get(instr.label)!.label);
      return ends;
    };
    if (bad.def?.op === "const" && bad.def.value === 0) { quickly(); return true; }
    this.bindAll(instr.results, this.choose(e.op("i32.eqz", bad), instr, quickly, () => as(null, { ...instr, notes: { ...instr.notes, role: "rest" } }))!);
    return true;
  }

  /** Writes the loop that asks. */
  private ask({ counted, asked, slice }: Plan, inits: readonly Value[], beyond: (v: Value) => Value): Value {
    const { e } = this, { loop, counters } = counted, old = loop.regions[0], label = { name: `${loop.label.name}asked` };
    const bad = e.value("i32", "bad"), params = counters.map(({ param }) => e.value(param.type, param.name));
    this.forgetWrites(old);
    const body = e.inRegion([...params, bad], () => {
      this.bindAll(counters.map(({ param }) => param), params);
      this.straight(counted.pre);
      const then = e.inRegion([], () => {
        this.straight(slice);
        const worse = asked.map((v) => beyond(this.value(v))).reduce((a, b) => e.op("i32.or", a, b));
        const next = counters.map(({ step }, i) => (params[i]!.type === "i32" ? e.op("i32.add", params[i]!, e.i32(step)) : e.op("f64.add", params[i]!, e.f64(step))));
        e.append({ op: "br", label, args: [...next, e.op("i32.or", bad, worse)], results: [], place: loop.place });
      });
      e.append({ op: "if", args: [this.value(counted.cond)], results: [], regions: [then, yields([])], place: loop.place });
      e.append({ op: "yield", args: [bad], results: [] });
    });
    const result = e.value("i32");
    e.append({ op: "loop", label, args: [...counters.map(({ index }) => inits[index]!), e.i32(0)], results: [result], regions: [body], place: loop.place });
    this.forgetWrites(old);
    return result;
  }
  private straight(list: readonly Instr[]): void { this.walk({ params: [], body: [...list, ...yields([]).body] }, plain([])); }

  protected override operation(instr: Machine): Value {
    const [result] = instr.results, sum = this.quick?.sums.get(result!), { e } = this;
    if (sum) {
      const { modulus } = this.quick!;
      if (!sum.whole) {
        const s = e.op("f64.add", this.value(sum.a), this.value(sum.b)), m = e.f64(modulus);
        return e.op("f64.select", e.op("f64.ge", s, m), e.op("f64.sub", s, m), s);
      }
      const [a, b] = [this.whole(sum.a), this.whole(sum.b)], m = e.i32(modulus);
      const [s, d] = sum.difference ? [e.op("i32.sub", a, b), e.op("i32.add", e.op("i32.sub", a, b), m)] : [e.op("i32.add", a, b), e.op("i32.sub", e.op("i32.add", a, b), m)];
      const r = e.op("i32.select", e.op("i32.lt_u", s, d), s, d);
      this.wholes.set(result!, r);
      return e.op("f64.convert_i32_s", r);
    }
    const of = this.quick && truncations.has(instr.op) ? this.quick.sums.get(instr.args[0]!) : undefined;
    return of?.whole ? this.wholes.get(instr.args[0]!)! : super.operation(instr);
  }
  /** A number from 0 up to the modulus, as int32. */
  private whole(v: Value): Value {
    const c = constantOf(v);
    return typeof c === "number" ? this.e.i32(c) : this.quick!.sums.has(v) ? this.wholes.get(v)! : this.value(v.def!.args[0]!);
  }
}

const truncations: ReadonlySet<string> = new Set(["i32.trunc_sat_f64_s", "i32.trunc_sat_f64_u", "i32.from_f64"]);

/** Which values of a loop are numbers from 0 up to the modulus, if what is asked is. */
class Own {
  readonly sums = new Map<Value, Sum>();
  readonly asked = new Set<Memory>();
  readonly once = new Set<Value>();
  private readonly held = new Set<Value>();
  private readonly body: ReadonlySet<Instr>;
  private readonly counted: Counted;
  private readonly modulus: number;
  private readonly range: (v: Value) => Range;
  /** what is no such number whatever is asked: where it was taken for one, all is found out again without it */
  private readonly wrong: Set<Value>;
  constructor(counted: Counted, modulus: number, range: (v: Value) => Range, wrong: Set<Value>) {
    this.body = new Set(counted.body.body);
    this.counted = counted;
    this.modulus = modulus;
    this.range = range;
    this.wrong = wrong;
  }

  holds(v: Value): boolean {
    const c = constantOf(v);
    if (c !== undefined) return typeof c === "number" && c >= 0 && c < this.modulus;
    if (this.held.has(v) || this.wrong.has(v)) return !this.wrong.has(v);
    this.held.add(v); // as long as nothing says otherwise: what is carried is made of itself
    const { lo, hi, nan } = this.range(v), known = lo >= 0 && hi < this.modulus && !nan;
    if (known && v.def?.op !== "f64.rem" || this.find(v) || known) return true;
    this.wrong.add(v);
    return false;
  }
  private find(v: Value): boolean {
    const { counted } = this, { def } = v, params = counted.loop.regions[0].params;
    const at = params.indexOf(v);
    if (at >= 0 && !this.holds(counted.br.args[at]!)) return false;
    if (at >= 0 || !counted.inside(v)) { this.once.add(v); return v.type === "i32" || v.type === "f64"; }
    if (def === null) return false;
    if (def.op === "if") {
      const which = def.results.indexOf(v);
      return def.regions.every(({ body }) => { const end = body.at(-1)!; return end.op !== "yield" || this.holds(end.args[which]!); });
    }
    if (isMemoryOp(def.op)) {
      if (def.op !== "i32.load" && def.op !== "f64.load" || !this.body.has(def)) return false;
      this.asked.add(def as Memory);
      return true;
    }
    if (def.op.endsWith(".select")) return this.holds(def.args[1]!) && this.holds(def.args[2]!);
    if (def.op === "f64.convert_i32_s" || def.op === "f64.convert_i32_u" || truncations.has(def.op)) return this.holds(def.args[0]!);
    return def.op === "f64.rem" && this.sum(v, def as Machine);
  }
  private sum(v: Value, { args: [x, by] }: Machine): boolean {
    const { def } = x!, m = this.modulus;
    if (constantOf(by!) !== m || def === null || def.op !== "f64.add") return false;
    const [p, q] = def.args as [Value, Value];
    const difference = constantOf(q) === m && p.def?.op === "f64.sub";
    const [a, b] = (difference ? p.def!.args : [p, q]) as [Value, Value];
    if (!this.holds(a) || !this.holds(b)) return false;
    const whole = Number.isInteger(m) && isWhole(a, this.sums) && isWhole(b, this.sums);
    if (difference && !whole) return false;
    this.sums.set(v, { a, b, difference, whole });
    return true;
  }
}

/** Whether it is made of an int32, or is such a sum itself. */
function isWhole(v: Value, sums: ReadonlyMap<Value, Sum>): boolean {
  const c = constantOf(v);
  return c !== undefined ? Number.isInteger(c) && !Object.is(c, -0) : sums.get(v)?.whole === true || v.def?.op === "f64.convert_i32_s" || v.def?.op === "f64.convert_i32_u";
}

/** What these loads are computed of, in the loop's order; null where that is more than the counters, and what the loop leaves as it is. */
function sliceOf(counted: Counted, loads: readonly Memory[], isWritten: (load: Memory) => boolean): Instr[] | null {
  const counters = new Set(counted.counters.map(({ param }) => param)), needed = new Set<Instr>(), asked = new Set<Instr>(loads);
  const own = new Set<Instr>([...counted.pre, ...counted.body.body]);
  const need = (v: Value): boolean => {
    const { def } = v;
    if (!counted.inside(v) || counters.has(v) || def !== null && needed.has(def)) return true;
    if (def === null || !own.has(def) || !(isMachineOp(def.op) ? ops[def.op].effect === "none" : isMemoryOp(def.op) && !isWritten(def as Memory))) return false;
    needed.add(def);
    return def.args.every(need);
  };
  for (const load of loads) { needed.add(load); if (!load.args.every(need)) return null; }
  // what is asked for as an address of another load may be another number by then
  for (const instr of needed) if (instr.args.some(({ def }) => def !== null && asked.has(def) && isWritten(def as Memory))) return null;
  if (!need(counted.cond) || !counted.pre.every((instr) => isMachineOp(instr.op) && instr.args.every(need))) return null;
  return counted.body.body.filter((instr) => needed.has(instr));
}
