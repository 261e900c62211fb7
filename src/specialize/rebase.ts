// Loops inside loops that go from a place to one a fixed way behind it count from 0: they go alike in all iterations around them.
//
//   before  loop m (%i = %o, %h) { %e = f64.add %o, 64.0; if f64.lt %i, %e { … x[%i] …; br m (%i + 1) %h' } … }      for (i = o; i < o + 64; i++), o = r * 64
//   after   loop m (%k = 0.0, %h) { %i = f64.add %o, %k; if f64.lt %k, 64.0 { … x[%i] …; br m (%k + 1) %h' } … }
//
// Rows that are told by where they begin (a hash of each 64 bytes) are what passes look for that do several of them together, as those that are told by
// their columns. The place where it ends may also be the product for the next one: r * 64 up to (r + 1) * 64; or the next place may be the last one (i + 4 <= o + 64). Where a loop
// from one known width to another ends is known, so that one behind it (what is left of the words, byte by byte) counts from there, or, where it goes thrice at most, is written out.
//
// Requires: machine form, simplified, counters in doubles still. Guarantees: machine form, same bits: first, width and step are whole and so small that all
// sums are exact, and no place is −0.

import { constantOf } from "../ir/build.ts";
import type { Func, Instr, Loop, Machine, Program, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { definedIn, visit } from "./flow.ts";
import type { Note } from "./notes.ts";
import { plain, yields } from "./rewrite.ts";
import { countedLoop, type Counted, type Counter } from "./counted.ts";
import { LoopPlanner } from "./planned.ts";

export function countFromZero(func: Func, program: Program, note: Note = () => {}): Func {
  if (!contentsOf(func).nests) return func;
  const rebaser = new Rebaser(func, program, note);
  return rebaser.plansAny ? rebaser.run() : func;
}

/** what places, widths and steps may be: their sums are exact */
const most = { place: 2 ** 50, step: 1024 };
/** iterations that are written out, and instructions of all of them, where there are several: of what is left of some words, byte by byte */
const mostWritten = { trips: 3, size: 100 };
/** sums that are followed */
const deepest = 6;

/** `width`, where that is no constant, and `plus`: how far it goes; `ends`, how far the counter is then, where that is known */
interface Plan { readonly counted: Counted; readonly counter: Counter; readonly width: Value | null; readonly plus: number; readonly ends: number | null }
/** A place as another one and a constant. */
interface Place { readonly base: Value; readonly plus: number }

class Rebaser extends LoopPlanner<Plan> {
  private readonly note: Note;
  /** by a loop inside a loop, what the one around it defines */
  private readonly around = new Map<Loop, ReadonlySet<Value>>();
  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
    visit(func.body, (outer) => {
      if (outer.op !== "loop") return;
      const { inside } = definedIn(outer);
      visit(outer.regions[0], (inner) => { if (inner.op === "loop") this.around.set(inner, inside); }); // the innermost one around it comes last
    });
  }

  protected override plan(loop: Loop): Plan | null {
    const around = this.around.get(loop), counted = around ? countedLoop(loop, { bails: true }) : "no loop around it";
    if (typeof counted === "string") return null;
    const test = counted.cond.def, relation = test?.op === "f64.lt" ? 0 : test?.op === "f64.le" ? 1 : null;
    if (!test || relation === null) return null;
    const i = this.place(test.args[0]!), end = test.args[1]!; // i + 4 <= end
    const counter = counted.counters.find((c) => c.param === i.base && c.param.type === "f64");
    if (!counter || counter.step < 1 || counter.step > most.step || !around!.has(counter.first) || constantOf(counter.first) !== undefined) return null;
    const found = this.between(counter.first, end);
    if (!found || Math.abs(found.plus) > most.place) return null;
    const { width } = found, plus = found.plus - i.plus + relation; // up to the last one: below the one behind it
    if (width && (around!.has(width) || !this.isPlace(width)) || !this.isPlace(counter.first) || this.ranges.of(counter.first).negzero) return null;
    return { counted, counter, width, plus, ends: width ? null : Math.max(0, Math.ceil(plus / counter.step)) * counter.step };
  }

  /** How far it is from one place to the other: a part of the sum, or of the product, that the other is. */
  private between(first: Value, end: Value): { readonly width: Value | null; readonly plus: number } | null {
    const from = this.place(first), to = this.place(end), apart = to.plus - from.plus;
    if (from.base === to.base) return { width: null, plus: apart };
    const { def } = to.base;
    if (def?.op === "f64.add") for (const [a, b] of [[0, 1], [1, 0]] as const) {
      const one = this.place(def.args[a]!);
      if (one.base === from.base) return { width: def.args[b]!, plus: apart + one.plus };
    }
    const own = from.base.def;
    if (def?.op !== "f64.mul" || own?.op !== "f64.mul" || !isSame(def.args[1]!, own.args[1]!)) return null;
    const next = def.args[0]!.def, by = constantOf(def.args[1]!);
    if (next?.op !== "f64.add" || next.args[0] !== own.args[0] || constantOf(next.args[1]!) !== 1) return null;
    return typeof by === "number" ? { width: null, plus: apart + by } : { width: def.args[1]!, plus: apart };
  }

  private place(v: Value, depth: number = deepest): Place {
    const { def } = v, itself = { base: v, plus: 0 };
    if (!def || depth === 0) return itself;
    const of = (x: Value, plus: number): Place => { const p = this.place(x, depth - 1); return { base: p.base, plus: p.plus + plus }; };
    switch (def.op) {
      case "f64.add": case "f64.sub": {
        const by = constantOf(def.args[1]!);
        return typeof by === "number" && Number.isInteger(by) && Math.abs(by) <= most.place && this.isPlace(def.args[0]!) ? of(def.args[0]!, def.op === "f64.add" ? by : -by) : itself;
      }
      case "f64.convert_i32_s": { // of a whole number that is an int32, itself
        const from = def.args[0]!.def, whole = from?.op === "i32.trunc_sat_f64_s" ? this.ranges.of(from.args[0]!) : null;
        return whole && whole.int && !whole.nan && whole.lo >= -(2 ** 31) && whole.hi < 2 ** 31 ? of(from!.args[0]!, 0) : itself;
      }
      case "loop": {
        const plan = this.planOf(def);
        return plan && plan.ends !== null && plan.counted.exits[def.results.indexOf(v)] === plan.counter.param ? of(plan.counter.first, plan.ends) : itself;
      }
      default: return itself;
    }
  }
  private isPlace(v: Value): boolean {
    const { lo, hi, int, nan } = this.ranges.of(v);
    return int && !nan && lo >= -most.place && hi <= most.place;
  }

  /** by a test, what is compared in its place */
  private readonly compared = new Map<Instr, { readonly k: Value; readonly plan: Plan }>();
  protected override operation(instr: Machine): Value {
    const own = this.compared.get(instr);
    if (!own) return super.operation(instr);
    const { e } = this, { width, plus } = own.plan;
    return e.op("f64.lt", own.k, !width ? e.f64(plus) : plus === 0 ? this.value(width) : e.op("f64.add", this.value(width), e.f64(plus)));
  }

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    const { e } = this, { counted, counter, ends } = plan, old = instr.regions[0];
    const inits = this.inits(instr), first = inits[counter.index]!;
    const trips = ends === null ? Infinity : ends / counter.step;
    if (trips <= 1 || trips <= mostWritten.trips && trips * definedIn(instr).size <= mostWritten.size) {
      this.note(instr.place, "a loop", `${trips} iterations`, "it goes as often, wherever it begins");
      const before = (): void => { for (const inner of counted.pre) if (inner !== counted.cond.def) this.instruction(inner); };
      let values: Value[] | null = inits;
      for (let trip = 0; trip < trips && values; trip++) {
        this.bindAll(old.params, values);
        before();
        values = this.walk({ params: [], body: [...counted.body.body.slice(0, -1), ...yields(counted.br.args).body] }, plain(old.params));
      }
      if (!values) return false;
      this.bindAll(old.params, values);
      before();
      this.bindAll(instr.results, this.values(counted.exits));
      return true;
    }
    this.note(instr.place, "a loop from a place to one behind it", "one from 0", "it goes alike in all iterations of the loop around it");
    const k = e.value("f64", counter.param.name);
    const params = old.params.map((p, at) => (at === counter.index ? k : this.bind(p, this.fresh(p))));
    const label = { name: instr.label.name };
    this.compared.set(counted.cond.def!, { k, plan });
    this.forgetWrites(old);
    const body = e.inRegion(params, () => {
      this.bind(counter.param, e.op("f64.add", first, k));
      for (const inner of counted.pre) this.instruction(inner);
      const test = this.condition(counted.test), exits = this.values(counted.exits);
      const again = e.inRegion([], () => {
        const next = this.walk({ params: [], body: [...counted.body.body.slice(0, -1), ...yields(counted.br.args).body] }, plain(old.params))!;
        next[counter.index] = e.op("f64.add", k, e.f64(counter.step));
        e.append({ op: "br", label, args: next, results: [], place: counted.br.place });
      });
      e.append({ op: "if", args: [test], results: [], regions: [again, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: exits, results: [] });
    });
    this.forgetWrites(old);
    const results = instr.results.map((r) => this.bind(r, this.fresh(r)));
    if (ends !== null) counted.exits.forEach((v, i) => { if (v === counter.param) this.bind(instr.results[i]!, e.op("f64.add", first, e.f64(ends))); });
    e.append({ op: "loop", label, args: inits.with(counter.index, e.f64(0)), results, regions: [body], notes: instr.notes, place: instr.place });
    return true;
  }
}

const isSame = (a: Value, b: Value): boolean => a === b || constantOf(a) !== undefined && constantOf(a) === constantOf(b);
