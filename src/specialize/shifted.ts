// A counter that is shifted, or divided, by what its step is a multiple of is a counter of its own: chroma at half the width, a value for each pixel.
//
//   loop l (%i = f) { if %i < %n { … %h = i32.shr_s %i 1 …; br l %i + 2 } … }      →  loop l (%i = f, %h = f >> 1) { if %i < %n { …; br l %i + 2, %h + 1 } … }
//
// ⌊(f + 2·t) / 2⌋ is ⌊f / 2⌋ + t, whatever f is; so is a quotient that drops its fraction, where nothing is negative.
// What splits loops and what makes lanes of them tells places by counters: (i >> 1) is none.
//
// Requires: machine form, narrowed. Guarantees: machine form, same bits. Counters that could wrap around are left as they are.

import { constantOf } from "../ir/build.ts";
import type { Func, Instr, Loop, Machine, Program, Value } from "../ir/types.ts";
import { contentsOf, holdsAny } from "./analyses.ts";
import { visit } from "./flow.ts";
import type { Note } from "./notes.ts";
import { plain, yields } from "./rewrite.ts";
import { countedLoop, type Counted, type Counter } from "./counted.ts";
import { LoopPlanner } from "./planned.ts";

export function countShifted(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0 || !holdsAny(func, quotients)) return func;
  const shifter = new Shifter(func, program, note);
  return shifter.plansAny ? shifter.run() : func;
}

const quotients: readonly string[] = ["i32.shr_s", "i32.shr_u", "i32.div_s", "i32.div_u"];
/** quotients of one loop */
const most = 4;

interface Quotient { readonly instr: Machine; readonly counter: Counter; readonly plus: number; readonly step: number }
interface Plan { readonly counted: Counted; readonly quotients: readonly Quotient[] }

class Shifter extends LoopPlanner<Plan> {
  private readonly note: Note;
  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
  }

  protected override plan(loop: Loop): Plan | null {
    const counted = countedLoop(loop, { bails: true });
    if (typeof counted === "string") return null;
    const quotients: Quotient[] = [];
    visit(loop.regions[0], (instr) => { const found = this.quotient(instr, counted); if (found) quotients.push(found); });
    return quotients.length > 0 && quotients.length <= most ? { counted, quotients } : null;
  }

  private quotient(instr: Instr, counted: Counted): Quotient | null {
    const by = quotients.includes(instr.op) ? constantOf(instr.args[1]!) : undefined;
    if (typeof by !== "number") return null;
    const divisor = instr.op.startsWith("i32.shr") ? 2 ** (by & 31) : by, of = instr.args[0]!;
    const sum = of.def?.op === "i32.add" && this.ranges.isExact(of) ? constantOf(of.def.args[1]!) : undefined;
    const plus = typeof sum === "number" ? sum : 0, param = typeof sum === "number" ? of.def!.args[0]! : of;
    const counter = counted.counters.find((c) => c.param === param && c.param.type === "i32");
    if (!counter || divisor < 2 || !this.startsWithin(counter, plus) || counter.step % divisor !== 0 || !this.isExact(counter, counted)) return null;
    if (instr.op !== "i32.shr_s" && !this.isNeverNegative(counter, plus)) return null;
    return { instr: instr as Machine, counter, plus, step: counter.step / divisor };
  }
  /** What the counter of a split loop is compared with was calculated so that it stays within int32. */
  private isExact({ param, step, next }: Counter, { loop, cond, inside }: Counted): boolean {
    const { def } = cond, compared = def?.op === "i32.lt_s" && def.args[0] === param && !inside(def.args[1]!);
    return this.ranges.isExact(next) || loop.notes?.role === "main" && step > 0 && compared;
  }
  private startsWithin({ first }: Counter, plus: number): boolean {
    const { lo, hi } = this.ranges.of(first);
    return lo + plus >= -(2 ** 31) && hi + plus < 2 ** 31;
  }
  private isNeverNegative({ param, first, step }: Counter, plus: number): boolean {
    return step > 0 && this.ranges.of(param).lo + plus >= 0 && this.ranges.of(first).lo + plus >= 0;
  }

  /** what stands for a quotient in the loop that is being written */
  private readonly now = new Map<Instr, Value>();
  protected override operation(instr: Machine): Value { return this.now.get(instr) ?? super.operation(instr); }

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    const { e } = this, { counted, quotients } = plan;
    const old = instr.regions[0];
    const inits = this.inits(instr);
    const starts = quotients.map(({ instr: { op, args }, counter, plus }) => {
      const first = plus === 0 ? inits[counter.index]! : e.op("i32.add", inits[counter.index]!, e.i32(plus));
      return e.op(op, first, this.value(args[1]!));
    });
    const params = old.params.map((p) => this.bind(p, this.fresh(p)));
    const own = quotients.map(({ instr: quotient }) => { const v = e.value("i32"); this.now.set(quotient, v); return v; });
    this.note(instr.place, "a counter that is shifted", "a counter of its own", "its step is a multiple");
    const label = { name: instr.label.name };
    this.forgetWrites(old);
    const body = e.inRegion([...params, ...own], () => {
      for (const inner of counted.pre) this.instruction(inner);
      const test = this.condition(counted.test);
      const exits = this.values(counted.exits);
      const again = e.inRegion([], () => {
        const next = this.walk({ params: [], body: [...counted.body.body.slice(0, -1), ...yields(counted.br.args).body] }, plain(old.params))!;
        const more = quotients.map(({ step }, i) => e.op("i32.add", own[i]!, e.i32(step)));
        e.append({ op: "br", label, args: [...next, ...more], results: [], place: counted.br.place });
      });
      e.append({ op: "if", args: [test], results: [], regions: [again, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: exits, results: [] });
    });
    this.forgetWrites(old);
    const results = instr.results.map((r) => this.bind(r, this.fresh(r)));
    e.append({ op: "loop", label, args: [...inits, ...starts], results, regions: [body], notes: instr.notes, place: instr.place });
    return true;
  }
}
