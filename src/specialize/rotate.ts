// Turns loops round: the test stands at the end of an iteration, and once in front of the loop.
//
//   before  %s = loop l (%i = 0, %a = 0.0) { %c = i32.lt_s %i %n; if %c { %b = …; %j = i32.add %i 1; br l %j %b }; yield %a }
//   after   %s = if 0 < %n { %t = loop l (%i = 0, %a = 0.0) { %b = …; %j = i32.add %i 1; %c = i32.lt_s %j %n; if %c { br l %j %b }; yield %b }; yield %t } else { yield 0.0 }
//
// One jump less an iteration; but it is done for what stands before the loop. An engine's scheduler puts a value as near to its use as it can without
// putting it where it might be computed more often than needed: V8 moves constants, splats, base addresses and conversions that are used behind a
// loop's test into the loop, and takes them out again only if every way through an iteration needs them, which is so when the test comes last.
// That concerns loops with vectors, and scalar ones that use what takes long to compute.
//
// Requires: machine form; last of all passes, which look for loops whose test comes first. Guarantees: machine form, same bits; the test is there twice.
// (Loop inversion: Muchnick, "Advanced Compiler Design and Implementation", 1997, section 18.5.)

import { constantOf, regionsOf } from "../ir/build.ts";
import type { Func, Loop, Program, Region, Value } from "../ir/types.ts";
import { BrNode, YieldNode } from "../ir/nodes.ts";
import { contentsOf } from "./analyses.ts";
import { definedIn, holdsOne } from "./flow.ts";
import { plain, Rewriter, yields } from "./rewrite.ts";
import { countedLoop, type Counted } from "./counted.ts";

export function rotate(func: Func, program: Program): Func {
  const { ops, loops } = contentsOf(func);
  return loops.length > 0 && [...ops].some((op) => vector.test(op) || slow.has(op)) ? new Rotator(func, program).run() : func;
}
const vector = /^v128|^[if]\d+x/;
/** operations that take so long that a scalar loop is turned round for one result of such that it uses */
const slow: ReadonlySet<string> = new Set(["f64.div", "f32.div", "f64.sqrt", "f32.sqrt", "i32.div_s", "i32.div_u", "i32.rem_s", "i32.rem_u", "i64.div_s", "i64.div_u", "i64.rem_s", "i64.rem_u"]);

/** Whether it uses a slow operation's result from outside. */
function usesSlow(loop: Loop): boolean {
  const { inside } = definedIn(loop);
  return holdsOne(loop.regions[0], ({ args }) => args.some((v) => v.def !== null && slow.has(v.def.op) && !inside.has(v)));
}

/** instructions of a test that is worth having twice */
const most = 8;

class Rotator extends Rewriter {
  protected override loop(instr: Loop): boolean {
    const counted = instr.notes?.role === "rest" || !this.inLanes(instr) && !usesSlow(instr) ? "no gain" : countedLoop(instr, { loops: true, lanes: true });
    if (typeof counted === "string" || counted.pre.length > most || constantOf(counted.cond) !== undefined) return super.loop(instr);
    const { e } = this, old = instr.regions[0];
    const inits = this.inits(instr);
    const { test, exits } = this.head(counted, inits);
    const values = this.choose(test, counted.test, () => this.write(counted, instr, inits), () => exits);
    this.bindAll(instr.results, values!);
    this.forgetWrites(old);
    e.place = instr.place;
    return true;
  }

  private readonly lanes = new Map<Region, boolean>();
  /** Whether there are vectors in it. */
  private inLanes(loop: Loop): boolean {
    const look = (region: Region): boolean => {
      let known = this.lanes.get(region);
      if (known === undefined) {
        known = region.body.some((instr) => instr.results.some((r) => r.type === "v128") || regionsOf(instr).some(look));
        this.lanes.set(region, known);
      }
      return known;
    };
    return look(loop.regions[0]);
  }

  /** What stands before a loop's test, of these carried values; the test; what the loop gives if it fails. */
  private head({ loop, pre, test, exits }: Counted, carried: readonly Value[]): { test: Value; exits: Value[] } {
    this.bindAll(loop.regions[0].params, carried);
    for (const instr of pre) this.instruction(instr);
    return { test: this.condition(test), exits: this.values(exits) };
  }

  private write(counted: Counted, loop: Loop, inits: readonly Value[]): Value[] {
    const { e } = this, old = loop.regions[0];
    this.forgetWrites(old);
    const label = { name: loop.label.name };
    const params = old.params.map((p) => this.fresh(p));
    const body = e.inRegion(params, () => {
      this.head(counted, params);
      const straight: Region = { params: [], body: [...counted.body.body.slice(0, -1), new YieldNode(counted.br.args)] };
      const next = this.walk(straight, plain(old.params))!;
      const { test, exits } = this.head(counted, next);
      const again: Region = { params: [], body: [new BrNode(label, next, counted.br.place)] };
      e.append({ op: "if", args: [test], results: [], regions: [again, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: exits, results: [] });
    });
    this.forgetWrites(old);
    const results = loop.results.map((r) => e.value(r.type, r.name));
    e.append({ op: "loop", label, args: [...inits], results, regions: [body], notes: loop.notes, place: loop.place });
    return results;
  }
}
