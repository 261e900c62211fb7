// Which loops are walked as residual loops at once. By default one iteration is tried first: as long as static tests decide, the loop unrolls, and
// what is lost of known values on the way may show that it has to be a graph of states. Where fast values decide on the loop's end, and nothing that
// it carries can choose from known values, both are settled when its test is met, and the rest of the iteration need not be walked to be taken back.
//
//   for (let i = 0; i < y.length; i++) y[i] = f(x[i])      y.length is a fast value, and i an index of fast arrays alone
//
// Guarantees: what is written is what it would be after the trial.

import { instructions } from "../../ir/build.ts";
import type { If, Instr, Loop, Value } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Abs } from "./values.ts";
import type { Activation } from "./walk.ts";

/** Thrown at the test of a loop's trial that fast values decide. */
export class EndsDynamically { readonly test: If; constructor(test: If) { this.test = test; } }

/** What of a loop's text decides: its test, and the arrays that something it carries is an index of; null where more than these may count. */
interface Facts { readonly test: If; readonly indexed: readonly Value[] }
const facts = new WeakMap<Loop, Facts | null>();

/** The test at which the loop's trial ends if it is dynamic; null: the trial goes on to its end. */
export function endOfTrial(ev: Evaluator, loop: Loop, inits: readonly Abs[], activation: Activation): If | null {
  let known = facts.get(loop);
  if (known === undefined) facts.set(loop, (known = factsOf(loop)));
  if (known === null || inits.some((init) => isChoice(ev, init))) return null;
  return known.indexed.every((array) => activation.env[array.id]?.k === "mem") ? known.test : null;
}

/** A known object or string may be what an automaton is in. */
const isChoice = (ev: Evaluator, abs: Abs): boolean => (abs.k === "obj" ? ev.isStaticObject(abs.id) : abs.k === "sum" || (abs.k === "prim" && typeof abs.value === "string"));

/** What runs a text that is not the loop's own, or keeps what it carries in other places. */
const elsewhere: ReadonlySet<Instr["op"]> = new Set(["js.apply", "js.new", "js.construct", "js.super", "js.super.get", "js.super.set", "js.func", "js.class", "js.cell", "js.cell.set", "js.private.set", "js.yield", "js.yield.all", "js.free.set"] as const satisfies readonly Instr["op"][]);
const arithmetic: ReadonlySet<Instr["op"]> = new Set(["js.inc", "js.dec", "js.tonumeric", "js.plus", "js.neg", "js.add", "js.sub", "js.mul", "js.div", "js.rem", "js.or", "js.and", "js.xor", "js.shl", "js.shr", "js.ushr", "js.bitnot"] as const satisfies readonly Instr["op"][]);

function factsOf(loop: Loop): Facts | null {
  const { params, body } = loop.regions[0];
  const test = body.find((instr) => instr.op === "if");
  if (test?.op !== "if" || !test.regions.some((arm) => { const end = arm.body.at(-1); return end?.op === "br" && end.label === loop.label; })) return null;
  const own = new Set<Value>(), indexed: Value[] = [];
  const isMath = (callee: Value): boolean => { const of = callee.def?.op === "js.get" ? callee.def.args[0]!.def : null; return of?.op === "js.free" && of.name === "Math"; };
  /** Is there something that the loop carries in an index, or what it may have been kept in? */
  const carries = (index: Value): boolean => {
    const { def } = index;
    if (def === null) return params.includes(index);
    if (def.op === "js.const") return false;
    if (def.op === "js.get") { const key = def.args[1]!.def; return !(key?.op === "js.const" && key.value === "length"); }
    return !arithmetic.has(def.op) || def.args.some(carries);
  };
  for (const instr of instructions(loop.regions[0])) {
    for (const result of instr.results) own.add(result);
    if ("regions" in instr) for (const region of instr.regions) for (const param of region.params) own.add(param);
    if (elsewhere.has(instr.op) || (instr.op === "js.call" && !isMath(instr.args[0]!))) return null;
    if (instr.op !== "js.get" || !carries(instr.args[1]!)) continue;
    if (own.has(instr.args[0]!) || params.includes(instr.args[0]!)) return null;
    indexed.push(instr.args[0]!);
  }
  return { test, indexed };
}
