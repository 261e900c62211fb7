// Orders that subtract: (a, b) => a - b, b.k - a.k, weight[a] - weight[b].
//
// Of finite keys such an order contradicts itself nowhere and does nothing else, so that nobody can tell how often it is called, and of what: whatever sorts
// stably gives the same. Others are called as V8 calls them (sorting.ts). What reading a field calls, or an object as a number, is looked at when it is called.
//
// Guarantees: true only of a function without branches, calls and writes whose result is a difference, its two sides alike but for the parameter.

import type { Instr, JsFunction, Value } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Abs } from "./values.ts";
import { Restart } from "./walk.ts";

/** what reads or computes, and does nothing else */
const harmless: ReadonlySet<string> = new Set(["js.const", "js.get", "js.this", "js.captured", "js.cell.get", "js.free", "js.add", "js.sub", "js.mul", "js.div", "js.neg", "js.plus", "return"]);
const isHarmless = ({ kind, body: { body } }: JsFunction): boolean => kind !== "generator" && body.every(({ op }) => harmless.has(op));

/** Whether it is such an order; from then on what it calls is watched. */
export function subtracts(ev: Evaluator, order: Abs | undefined): boolean {
  const func = order?.k === "obj" ? functionOf(ev, order.id) : undefined, { differences } = ev.lessons;
  if (func === undefined || differences === null || !isDifference(func)) return false;
  watch(differences, func);
  return true;
}

/** A function is called: by an order, or what that calls, only such as do nothing but read and compute, as what we have in a conversion's place does (`isOurs`). Else no order is taken for one. */
export function watchCall(ev: Evaluator, caller: JsFunction, callee: JsFunction, isOurs: boolean): void {
  const { differences } = ev.lessons;
  if (!differences?.has(caller) || differences.has(callee)) return;
  if (isOurs || isHarmless(callee)) watch(differences, callee);
  ev.lessons.differences = null;
  throw new Restart();
}

/** It may have been called, and what it calls with it, before this was known. */
function watch(differences: Set<JsFunction>, func: JsFunction): void {
  if (differences.has(func)) return;
  differences.add(func);
  throw new Restart();
}

function functionOf(ev: Evaluator, id: number): JsFunction | undefined {
  const object = ev.object(id);
  if (object.t === "closure") return object.func;
  const node = object.t === "function" ? ev.snapshot.node(object.node) : undefined;
  return node?.kind === "function" && node.code ? ev.request.resolve(node.code).functions[0] : undefined;
}

export function isDifference(func: JsFunction): boolean {
  const { params: [a, b, ...more], body: { body } } = func, end = body.at(-1)!, of = end.op === "return" ? end.args[0]?.def : null;
  if (!a || !b || more.length > 0 || !isHarmless(func) || of?.op !== "js.sub") return false;
  const [x, y] = of.args as [Value, Value], ofA = madeOf(a, body), ofB = madeOf(b, body);
  return ofA.has(x) && !ofB.has(x) && isLike(x, y, a, b) || ofB.has(x) && !ofA.has(x) && isLike(x, y, b, a);
}
/** What a parameter takes part in. */
function madeOf(param: Value, body: readonly Instr[]): ReadonlySet<Value> {
  const made = new Set([param]);
  for (const { args, results } of body) if (args.some((arg) => made.has(arg))) for (const result of results) made.add(result);
  return made;
}

/** The same computation, of another parameter. `known`: pairs of values that are. */
function isLike(x: Value, y: Value, a: Value, b: Value, known = new Map<Value, Value>()): boolean {
  if (x === a || y === b) return x === a && y === b;
  const [p, q] = [x.def, y.def];
  if (!p || !q || known.get(x) === y) return x === y || known.get(x) === y;
  const alike = p.op === q.op && detailOf(p) === detailOf(q) && p.args.length === q.args.length && p.args.every((arg, i) => isLike(arg, q.args[i]!, a, b, known));
  if (alike) known.set(x, y);
  return alike;
}
const detailOf = (instr: Instr): unknown => (instr.op === "js.const" ? instr.value : instr.op === "js.captured" ? instr.index : instr.op === "js.free" ? instr.name : null);
