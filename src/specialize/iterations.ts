// What writes iterations of a loop one after the other: loops with a test `counter < limit` in front, the limit from outside, whose counter only grows, by a constant.

import { isMachineOp, ops } from "../ir/ops.ts";
import type { If, Loop, Value } from "../ir/types.ts";
import { definedIn } from "./flow.ts";
import { Rewriter, type Target } from "./rewrite.ts";

export interface Tested { readonly test: If; /** where the test stands */ readonly at: number; readonly counter: Value; readonly limit: Value; /** what the counter is in the next iteration, by all ways round */ readonly nexts: readonly Value[]; readonly size: number }

export abstract class IterationWriter extends Rewriter {
  /** Null where the loop is none of these. */
  protected testedBy(loop: Loop): Tested | null {
    const { params, body } = loop.regions[0];
    const at = body.findIndex((instr) => instr.op === "if");
    const test = body[at], brs = this.brs.get(loop.label) ?? [];
    if (test?.op !== "if" || body.slice(0, at).some((instr) => !isMachineOp(instr.op) || ops[instr.op].effect !== "none") || brs.length === 0) return null;
    if (test.regions[1].body.length !== 1 || test.results.length > 0 || test.regions[0].body.at(-1)!.op === "yield") return null;
    const cond = test.args[0]!.def;
    if (cond?.op !== "i32.lt_s") return null;
    const [counter, limit] = cond.args as [Value, Value];
    const { inside, size } = definedIn(loop);
    const position = params.indexOf(counter);
    return position < 0 || inside.has(limit) ? null : { test, at, counter, limit, nexts: brs.map((br) => br.args[position]!), size };
  }

  /** Writes one iteration whose test holds; gives what the next one begins with, null if it never gets there. */
  protected iteration(instr: Loop, { test, at }: Tested): Value[] | null {
    const { e } = this;
    const old = instr.regions[0];
    const target: Target = { label: { name: "next" }, brs: 0, to: old.params, dropped: old.params.map(() => false) };
    this.targets.set(instr.label, target);
    let values: Value[] | null = null;
    const body = e.inRegion([], () => {
      for (const inner of old.body.slice(0, at)) this.instruction(inner);
      values = this.walk(test.regions[0], { to: [], tail: instr.label, rest: null, trivial: true });
    });
    values = values as Value[] | null;
    if (target.brs === 0) {
      for (const inner of body.body) e.region.body.push(inner);
      return values;
    }
    if (values) body.body.push({ op: "yield", args: values, results: [] });
    const results = old.params.map((p) => this.fresh(p));
    e.append({ op: "block", label: target.label, args: [], results, regions: [body], place: instr.place });
    this.forgetWrites(old);
    return results;
  }
}
