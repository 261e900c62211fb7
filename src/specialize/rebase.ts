// Loops inside loops that go from a place to one a fixed way behind it count from 0: they go alike in all iterations around them.
//
//   before  loop m (%i = %o, %h) { %e = f64.add %o, 64.0; if f64.lt %i, %e { … x[%i] …; br m (%i + 1) %h' } … }      for (i = o; i < o + 64; i++), o = r * 64
//   after   loop m (%k = 0.0, %h) { %i = f64.add %o, %k; if f64.lt %k, 64.0 { … x[%i] …; br m (%k + 1) %h' } … }
//
// Rows that are told by where they begin (a hash of each 64 bytes) are what passes look for that do several of them together, as those that are told by
// their columns. The place where it ends may also be the product for the next one: r * 64 up to (r + 1) * 64.
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

interface Plan { readonly counted: Counted; readonly counter: Counter; readonly width: Value }

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
    const [i, end] = counted.cond.def?.op === "f64.lt" ? counted.cond.def.args as [Value, Value] : [];
    const counter = counted.counters.find((c) => c.param === i && c.param.type === "f64");
    if (!counter || counter.step < 1 || counter.step > most.step || !around!.has(counter.first) || constantOf(counter.first) !== undefined) return null;
    const width = between(counter.first, end!);
    if (!width || around!.has(width) && constantOf(width) === undefined) return null;
    return this.isPlace(counter.first) && this.isPlace(width) && !this.ranges.of(counter.first).negzero ? { counted, counter, width } : null;
  }
  private isPlace(v: Value): boolean {
    const { lo, hi, int, nan } = this.ranges.of(v);
    return int && !nan && lo >= -most.place && hi <= most.place;
  }

  /** by a test, what is compared in its place */
  private readonly compared = new Map<Instr, { readonly k: Value; readonly width: Value }>();
  protected override operation(instr: Machine): Value {
    const own = this.compared.get(instr);
    return own ? this.e.op("f64.lt", own.k, this.value(own.width)) : super.operation(instr);
  }

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    const { e } = this, { counted, counter, width } = plan, old = instr.regions[0];
    const inits = this.inits(instr), first = inits[counter.index]!;
    this.note(instr.place, "a loop from a place to one behind it", "one from 0", "it goes alike in all iterations of the loop around it");
    const k = e.value("f64", counter.param.name);
    const params = old.params.map((p, at) => (at === counter.index ? k : this.bind(p, this.fresh(p))));
    const label = { name: instr.label.name };
    this.compared.set(counted.cond.def!, { k, width });
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
    e.append({ op: "loop", label, args: inits.with(counter.index, e.f64(0)), results, regions: [body], notes: instr.notes, place: instr.place });
    return true;
  }
}

/** How far it is from one place to the other: a part of the sum, or of the product, that the other is. */
function between(first: Value, end: Value): Value | null {
  const { def } = end, [a, b] = def?.args ?? [];
  if (def?.op === "f64.add") return a === first ? b! : b === first ? a! : null;
  if (def?.op !== "f64.mul" || first.def?.op !== "f64.mul" || !isSame(b!, first.def.args[1]!)) return null;
  const next = a!.def;
  return next?.op === "f64.add" && next.args[0] === first.def.args[0] && constantOf(next.args[1]!) === 1 ? b! : null;
}
const isSame = (a: Value, b: Value): boolean => a === b || constantOf(a) !== undefined && constantOf(a) === constantOf(b);
