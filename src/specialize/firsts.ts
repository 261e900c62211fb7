// Cuts off the first iteration of a loop where later ones need not ask whether they are it: the first row and column of a table.
//
//   before  loop l (%i = 0) { if %i < %n { if %i { … [%dp + %i − 1] … [%dp + %i] = … } else { [%dp + %i] = … }; br l %i + 1 } yield }
//   after   if 0 < %n { [%dp + 0] = … }
//           loop l (%i = 1) { if %i < %n { … [%dp + %i − 1] … [%dp + %i] = …; br l %i + 1 } yield }
//
// Only behind the question is it known that there is a row above and a number on the left, and what loads these stands alone: what finds tables that are
// filled by diagonals (diagonals.ts) looks for that, and so does what takes rows' places and lengths out of a loop (hoist.ts). Where an iteration
// reads nothing that others wrote, edges are a matter of splitting (edges.ts).
//
// Requires: machine form, counters in int32 where they can be. Guarantees: machine form; the same iterations in the same order. Cut are loops, with loops in
// them or not, that load what they store: their code is there once more.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp } from "../ir/ops.ts";
import type { Func, If, Instr, Label, Loop, Machine, Program, Region, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { countedLoop, type Counted, type Counter } from "./counted.ts";
import { definedIn, holdsOne, visit } from "./flow.ts";
import type { Note } from "./notes.ts";
import { LoopPlanner } from "./planned.ts";
import type { Ranges } from "./ranges.ts";
import { mayTouch, plain, writesOf } from "./rewrite.ts";

/** instructions of a loop that is cut */
const most = 300;

export function cutFirsts(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const cutter = new Cutter(func, program, note);
  return cutter.plansAny ? cutter.run() : func;
}

/** `behind`: what the questions, or `if`s that ask for the counter itself, are once the first iteration is done. */
interface First { readonly counted: Counted; readonly counter: Counter; readonly behind: ReadonlyMap<Instr, boolean> }

class Cutter extends LoopPlanner<First> {
  /** what the loop behind a first iteration begins with */
  private readonly goesOn = new Map<Label, Value[]>();
  private readonly known = new Map<Instr, boolean>();
  private readonly note: Note;
  /** loops of a first iteration are left as they are */
  private inFirst = false;

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
  }

  protected override plan(loop: Loop): First | null { return firstOf(loop, this.program, this.ranges); }

  protected override operation(instr: Machine): Value {
    const known = this.known.get(instr);
    if (known === undefined) return super.operation(instr);
    return instr.op.endsWith(".select") ? this.value(instr.args[known ? 1 : 2]!) : this.e.i32(known ? 1 : 0);
  }
  protected override condition(instr: If): Value {
    const known = this.known.get(instr);
    return known === undefined ? super.condition(instr) : this.e.i32(known ? 1 : 0);
  }

  protected override loop(instr: Loop): boolean {
    const first = this.inFirst ? null : this.planOf(instr);
    if (!first) return super.loop(instr);
    this.goesOn.set(instr.label, this.write(first));
    for (const [test, holds] of first.behind) this.known.set(test, holds);
    const reached = super.loop(instr);
    for (const test of first.behind.keys()) this.known.delete(test);
    this.goesOn.delete(instr.label);
    return reached;
  }
  protected override inits(instr: Loop): Value[] { return this.goesOn.get(instr.label) ?? super.inits(instr); }

  /** Writes the first iteration; gives what the loop behind it begins with. */
  private write({ counted, counter }: First): Value[] {
    const { e } = this, { loop, test } = counted, old = loop.regions[0];
    const inits = super.inits(loop), { type } = counter.param, second = (constantOf(counter.first) as number) + counter.step;
    const constant = (): Value => (type === "i32" ? e.i32(second) : e.f64(second));
    this.note(loop.place, "a loop", "its first iteration and a loop", `from ${counter.param.name} = ${second} on it need not ask whether it is the first`);
    this.bindAll(old.params, inits);
    this.inFirst = true;
    for (const before of counted.pre) this.instruction(before);
    const once: Region = { params: [], body: [...counted.body.body.slice(0, -1), { op: "yield", args: counted.br.args, results: [], place: counted.br.place }] };
    const results = this.choose(this.condition(test), test, () => this.walk(once, plain(old.params)), () => inits)!;
    this.inFirst = false;
    for (const v of definedIn(loop).inside) this.map[v.id] = undefined; // the loop behind has its own
    // a loop that ends at once ends as well when it begins with its second iteration: where nobody asks for the counter then, nor loads by it, it is a constant
    const asked = !counted.pre.every(({ op }) => isMachineOp(op)) || counted.exits.some((v) => v === counter.param || (counted.inside(v) && !old.params.includes(v)));
    return asked ? results : results.map((v, i) => (i === counter.index ? constant() : v));
  }
}

function firstOf(loop: Loop, program: Program, ranges: Ranges): First | null {
  if (loop.notes?.role !== undefined) return null;
  const counted = countedLoop(loop, { loops: true, bails: true });
  if (typeof counted === "string" || definedIn(loop).size > most) return null;
  const { def } = counted.cond;
  const counter = counted.counters.find(({ param }) => param === def?.args[0]);
  if (!def || !counter || counter.step < 0 || !/^(?:i32\.l[te]_s|f64\.l[te])$/.test(def.op) || counted.inside(def.args[1]!)) return null;
  const first = constantOf(counter.first);
  if (typeof first !== "number" || !Number.isInteger(first) || Math.abs(first) > 2 ** 30 || (counter.param.type === "i32" && !ranges.isExact(counter.next))) return null;
  if (!loadsWhatItStores(counted.body, program)) return null;
  const behind = testsOf(counted.body, counter.param, first, first + counter.step);
  return behind.size > 0 && isWaitedFor(counted.body, behind) ? { counted, counter, behind } : null;
}

/** The questions whose answer in the first iteration no other one gives. */
function testsOf(body: Region, counter: Value, first: number, second: number): Map<Instr, boolean> {
  const behind = new Map<Instr, boolean>();
  visit(body, (instr) => {
    const { op, args: [a, b] } = instr;
    if (a !== counter) return;
    if (op === "if" || op.endsWith(".select")) { if (first === 0) behind.set(instr, true); return; }
    if (op === "i32.eqz") { if (first === 0) behind.set(instr, false); return; }
    const relation = /^(?:i32\.(?:(eq|ne)|([lg][te])_s)|f64\.(eq|ne|[lg][te]))$/.exec(op), by = b && constantOf(b);
    if (!relation || typeof by !== "number") return;
    switch (relation[1] ?? relation[2] ?? relation[3]) {
      case "eq": if (by === first) behind.set(instr, false); return;
      case "ne": if (by === first) behind.set(instr, true); return;
      case "lt": if (first < by && by <= second) behind.set(instr, false); return;
      case "le": if (first <= by && by < second) behind.set(instr, false); return;
      case "gt": if (first <= by && by < second) behind.set(instr, true); return;
      default: if (first < by && by <= second) behind.set(instr, true);
    }
  });
  return behind;
}

/** Whether one of them decides what is loaded or stored. */
function isWaitedFor(body: Region, tests: ReadonlyMap<Instr, boolean>): boolean {
  const asks = (v: Value): boolean => v.def !== null && (tests.has(v.def) || (/^i32\.(?:and|or|eqz|select|ne|xor)$/.test(v.def.op) && v.def.args.some(asks)));
  return holdsOne(body, (instr) => instr.op === "if" && (tests.has(instr) || asks(instr.args[0]!)) && instr.regions.some((arm) => holdsOne(arm, ({ op }) => isMemoryOp(op))));
}

function loadsWhatItStores(body: Region, program: Program): boolean {
  const writes = writesOf(body);
  return holdsOne(body, (instr) => isMemoryOp(instr.op) && instr.results.length > 0 && mayTouch(program, writes, (instr as Extract<Instr, { space: number }>).space));
}
