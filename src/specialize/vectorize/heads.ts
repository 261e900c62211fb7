// Cuts off the first few iterations of a loop that counts in doubles, where later ones need not ask what these have to.
//
//   before  loop l (%i = 1) { if %i <= %n { if %i >= 50 { … [%x + %i − 50] … } …; br l %i + 1 } yield }
//   after   %j = loop l (%i = 1) rest { if %i < 50 and %i <= %n { …as before… br l %i + 1 } yield %i }
//           loop l (%i = %j) { …as before… }
//
// Before split doubles, whose main loop begins where its loop does: what does not hold in the first iteration holds in none of its main loop's.
// (Loops that count in int32: ../edges.ts and ../split.ts.)
//
// Requires: machine form. Guarantees: machine form; the same iterations in the same order. Only small innermost loops whose limit is not known
// are cut, and only where something in memory is behind the question: their code is there once more.

import { constantOf } from "../../ir/build.ts";
import { isMemoryOp } from "../../ir/ops.ts";
import type { Func, Label, Loop, Program, Region, Value } from "../../ir/types.ts";
import { contentsOf } from "../analyses.ts";
import { definedIn, holdsOne, visit } from "../flow.ts";
import type { Note } from "../notes.ts";
import { plain, yields, type Target } from "../rewrite.ts";
import { countedLoop, type Counted, type Counter } from "../counted.ts";
import { LoopPlanner } from "../planned.ts";

/** instructions of a loop that is cut, and iterations that may be cut off */
const most = { size: 400, steps: 64 };

export function cutHeads(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const cutter = new Cutter(func, program, note);
  return cutter.plansAny ? cutter.run() : func;
}

/** The iterations before the counter comes to `end`. */
interface Head { readonly counted: Counted; readonly counter: Counter; readonly end: number }

class Cutter extends LoopPlanner<Head> {
  /** what the loop behind a head begins with */
  private readonly goesOn = new Map<Label, Value[]>();
  private readonly note: Note;

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
  }

  protected override plan(loop: Loop): Head | null { return headOf(loop); }

  protected override loop(instr: Loop): boolean {
    const head = this.planOf(instr);
    if (head) this.goesOn.set(instr.label, this.write(head));
    return super.loop(instr);
  }
  protected override inits(instr: Loop): Value[] { return this.goesOn.get(instr.label) ?? super.inits(instr); }

  /** Writes the head; gives the carried values that it ends with. */
  private write({ counted, counter, end }: Head): Value[] {
    const { e } = this;
    const { loop, test } = counted;
    const old = loop.regions[0];
    const inits = super.inits(loop);
    this.note(loop.place, "a loop", "two, the first for its first iterations", `from ${counter.param.name} = ${end} on it need not ask how far back it may read`);
    const params = old.params.map((p) => this.bind(p, this.fresh(p)));
    const target: Target = { label: { name: loop.label.name }, brs: 0, to: old.params, dropped: old.params.map(() => false) };
    this.targets.set(loop.label, target);
    this.forgetWrites(old);
    const body = e.inRegion(params, () => {
      for (const before of counted.pre) this.instruction(before);
      const near = e.op("f64.lt", params[counter.index]!, e.f64(end));
      const now = e.op("i32.and", e.op("i32.ne", this.condition(test), e.i32(0)), near);
      const then = e.inRegion([], () => { this.walk(counted.body, plain([])); });
      e.append({ op: "if", args: [now], results: [], regions: [then, yields([])], place: test.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    this.forgetWrites(old);
    const results = old.params.map((p) => this.fresh(p));
    for (const v of definedIn(loop).inside) this.map[v.id] = undefined; // the loop behind has its own
    e.append({ op: "loop", label: target.label, args: inits, results, regions: [body], notes: { ...loop.notes, role: "rest" }, place: loop.place });
    return results;
  }
}

/** The head of a loop that goes up to a limit from outside, in doubles. */
function headOf(loop: Loop): Head | null {
  if (loop.notes?.role !== undefined) return null;
  const counted = countedLoop(loop, { bails: true });
  if (typeof counted === "string" || definedIn(loop).size > most.size) return null;
  const { def } = counted.cond;
  const counter = counted.counters.find(({ param }) => param === def?.args[0]);
  if (!def || !counter || counter.step < 0 || !/^f64\.l[te]$/.test(def.op)) return null;
  const first = constantOf(counter.first), limit = def.args[1]!;
  if (typeof first !== "number" || counted.inside(limit) || constantOf(limit) !== undefined) return null;
  const end = lastEdge(counted.body, counter.param, first);
  return end === null ? null : { counted, counter, end };
}

/** From which value of the counter on the farthest of the conditions holds that do not hold at first, and that something in memory waits for. */
function lastEdge(body: Region, counter: Value, first: number): number | null {
  let end: number | null = null;
  visit(body, (instr) => {
    if (instr.op !== "if" || !touches(instr.regions[0])) return;
    const at = edgeOf(instr.args[0]!, counter);
    if (at !== null && at > first && at - first <= most.steps) end = Math.max(end ?? at, at);
  });
  return end;
}

/** The least value for which `counter ≥ c`, or `counter > c`, holds. */
function edgeOf(cond: Value, counter: Value): number | null {
  const { def } = cond;
  const relation = /^f64\.([lg])([te])$/.exec(def?.op ?? "");
  if (!def || !relation) return null;
  const [of, than] = relation[1] === "g" ? def.args : [def.args[1]!, def.args[0]!];
  const c = than && constantOf(than);
  return of === counter && typeof c === "number" && Number.isInteger(c) ? c + (relation[2] === "t" ? 1 : 0) : null;
}

const touches = (region: Region): boolean => holdsOne(region, ({ op }) => isMemoryOp(op));
