// A counter of turns for loops whose counters go at different paces: pixels of three bytes in, of four out.
//
//   loop l (%i = 0, %o = 0) { if %i < %n { …; br l %i + 3, %o + 4 } … }      →  loop l (%i = 0, %o = 0, %turn = 0) { if %i < %n { …; br l %i + 3, %o + 4, %turn + 1 } … }
//
// Vectorization tells all counters as multiples of one; here that is the new one. Where no lanes come of it, nothing uses it, and it is removed.
//
// Requires: machine form. Guarantees: machine form, same bits.

import type { Func, Loop, Program } from "../../ir/types.ts";
import { contentsOf } from "../analyses.ts";
import { plain, yields } from "../rewrite.ts";
import { countedLoop, type Counted } from "../counted.ts";
import { LoopPlanner } from "../planned.ts";

export function countTurns(func: Func, program: Program): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const pacer = new Pacer(func, program);
  return pacer.plansAny ? pacer.run() : func;
}

/** The loop, if each of its counters goes by a step that is no part of another's. */
function ofDifferentPace(loop: Loop): Counted | null {
  if (loop.regions[0].params.length < 2) return null;
  const counted = countedLoop(loop);
  if (typeof counted === "string") return null;
  const steps = counted.counters.filter((c) => c.param.type === "i32").map((c) => c.step);
  return steps.length < 2 || steps.some((step) => steps.every((other) => other % step === 0)) ? null : counted;
}

class Pacer extends LoopPlanner<Counted> {
  protected override plan(loop: Loop): Counted | null { return ofDifferentPace(loop); }

  protected override loop(instr: Loop): boolean {
    const counted = this.planOf(instr);
    if (!counted) return super.loop(instr);
    const { e } = this;
    const old = instr.regions[0];
    const inits = this.inits(instr);
    const params = old.params.map((p) => this.bind(p, this.fresh(p)));
    const turn = e.value("i32", "turn");
    const label = { name: instr.label.name };
    this.forgetWrites(old);
    const body = e.inRegion([...params, turn], () => {
      for (const inner of counted.pre) this.instruction(inner);
      const test = this.condition(counted.test);
      const exits = this.values(counted.exits);
      const again = e.inRegion([], () => {
        const next = this.walk({ params: [], body: [...counted.body.body.slice(0, -1), ...yields(counted.br.args).body] }, plain(old.params))!;
        e.append({ op: "br", label, args: [...next, e.op("i32.add", turn, e.i32(1))], results: [], place: counted.br.place });
      });
      e.append({ op: "if", args: [test], results: [], regions: [again, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: exits, results: [] });
    });
    this.forgetWrites(old);
    const results = instr.results.map((r) => this.bind(r, this.fresh(r)));
    e.append({ op: "loop", label, args: [...inits, e.i32(0)], results, regions: [body], notes: instr.notes, place: instr.place });
    return true;
  }
}
