// What a loop carries joins a chain of one operation last: the rest of the chain does not wait for the iteration before.
//
//   before  loop l (%s, …) { …; %m = f64.min (f64.min %a %s) %b;  br l %m … }            two steps wait for %s
//   after   loop l (%s, …) { …; %m = f64.min (f64.min %a %b) %s;  br l %m … }            one does
//
// Of operations of which any order gives the same bits: int32 sums, products and bits, which wrap; the least and greatest of doubles (of
// −0 and 0, too; all NaNs are equal). Rows of dynamic programming and hashes are such chains.
//
// Requires: machine form. Guarantees: machine form, same bits, as many operations. Within one region only.

import { isMachineOp, type MachineOp } from "../ir/ops.ts";
import type { Func, Instr, Loop, Machine, Program, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { usesOf, visit } from "./flow.ts";
import { Rewriter } from "./rewrite.ts";

export const joinLate = (func: Func, program: Program): Func => {
  if (contentsOf(func).loops.length === 0) return func;
  const orders = new Map<Instr, readonly Value[]>();
  const uses = usesOf(func);
  visit(func.body, (instr) => { if (instr.op === "loop") for (const [root, leaves] of ordersIn(instr, uses)) orders.set(root, leaves); });
  return orders.size === 0 ? func : new Joiner(func, program, orders).run();
};

const free: ReadonlySet<string> = new Set(["i32.add", "i32.mul", "i32.and", "i32.or", "i32.xor", "f64.min", "f64.max"]);

class Joiner extends Rewriter {
  private readonly orders: ReadonlyMap<Instr, readonly Value[]>;
  constructor(func: Func, program: Program, orders: ReadonlyMap<Instr, readonly Value[]>) { super(func, program); this.orders = orders; }

  protected override operation(instr: Machine): Value {
    const leaves = this.orders.get(instr);
    return leaves ? leaves.map((v) => this.value(v)).reduce((all, v) => this.e.op(instr.op, all, v)) : super.operation(instr);
  }
}

/** By the last operation of a chain: its operands, in the order in which they are to be joined. */
function ordersIn(loop: Loop, uses: Uint32Array): readonly (readonly [Instr, readonly Value[]])[] {
  const found: (readonly [Instr, readonly Value[]])[] = [];
  const region = loop.regions[0];
  const test = region.body.find((instr) => instr.op === "if" && instr.regions[0].body.at(-1)!.op === "br");
  const last = test?.op === "if" ? test.regions[0].body.at(-1)! : null;
  if (test?.op !== "if" || last?.op !== "br" || last.label !== loop.label) return found;
  const body = test.regions[0].body;

  // how many operations lie between what is carried round and a value; those that no carried value reaches are not in it
  const distance = (from: ReadonlySet<Value>): Map<Value, number> => {
    const steps = new Map<Value, number>([...from].map((v) => [v, 0]));
    for (const instr of body) {
      if ("regions" in instr || instr.results.length !== 1) continue;
      const before = instr.args.map((v) => steps.get(v)).filter((n) => n !== undefined);
      if (before.length > 0) steps.set(instr.results[0]!, Math.max(...before) + 1);
    }
    return steps;
  };
  const own = new Set<Instr>(body), inner = new Set<Instr>();
  const leavesOf = (instr: Machine, op: MachineOp): Value[] => instr.args.flatMap((v) => {
    if (v.def?.op !== op || !own.has(v.def) || uses[v.id] !== 1) return [v];
    inner.add(v.def);
    return leavesOf(v.def, op);
  });
  const chains: { readonly root: Machine; readonly leaves: Value[] }[] = [];
  for (const instr of body.toReversed()) {
    if (!isMachineOp(instr.op) || !free.has(instr.op) || inner.has(instr)) continue;
    const leaves = leavesOf(instr as Machine, instr.op);
    if (leaves.length > 2) chains.push({ root: instr as Machine, leaves });
  }
  for (const { root, leaves } of chains) {
    // carried values that this chain's result is given to, one way or another
    const reached = distance(new Set(root.results));
    const carried = new Set(region.params.filter((_, i) => reached.has(last.args[i]!)));
    if (carried.size === 0) continue;
    const steps = distance(carried);
    const late = (v: Value): number => steps.get(v) ?? -1;
    const order = leaves.toSorted((a, b) => late(a) - late(b));
    if (late(order[0]!) < late(order.at(-1)!) && order.some((v, i) => v !== leaves[i])) found.push([root, order]);
  }
  return found;
}
