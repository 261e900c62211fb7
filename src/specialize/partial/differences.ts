// Orders that subtract: (a, b) => a - b, b.k - a.k, weight[a] - weight[b].
//
// Of finite keys such an order contradicts itself nowhere and does nothing else, so that nobody can tell how often it is called, and of what: whatever sorts
// stably gives the same. Others are called as V8 calls them (prelude.ts).
//
// Guarantees: true only of a function without branches, calls and writes whose result is a difference, its two sides alike but for the parameter.

import type { Instr, JsFunction, Value } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Abs } from "./values.ts";

/** what reads or computes, and does nothing else */
const harmless: ReadonlySet<string> = new Set(["js.const", "js.get", "js.captured", "js.cell.get", "js.free", "js.add", "js.sub", "js.mul", "js.div", "js.neg", "js.plus", "return"]);

export function subtracts(ev: Evaluator, order: Abs | undefined): boolean {
  const func = order?.k === "obj" ? functionOf(ev, order.id) : undefined;
  return func !== undefined && isDifference(func);
}

function functionOf(ev: Evaluator, id: number): JsFunction | undefined {
  const object = ev.object(id);
  if (object.t === "closure") return object.func;
  const node = object.t === "function" ? ev.snapshot.node(object.node) : undefined;
  return node?.kind === "function" && node.code ? ev.request.resolve(node.code).functions[0] : undefined;
}

export function isDifference({ kind, params, body: { body } }: JsFunction): boolean {
  const [a, b] = params, end = body.at(-1)!, of = end.op === "return" ? end.args[0]?.def : null;
  if (kind === "generator" || !a || !b || params.length > 2 || !body.every(({ op }) => harmless.has(op)) || of?.op !== "js.sub") return false;
  const [x, y] = of.args as [Value, Value];
  return uses(x, a) && !uses(x, b) && isLike(x, y, a, b) || uses(x, b) && !uses(x, a) && isLike(x, y, b, a);
}
const uses = (v: Value, param: Value): boolean => v === param || (v.def?.args.some((arg) => uses(arg, param)) ?? false);

/** The same computation, of another parameter. */
function isLike(x: Value, y: Value, a: Value, b: Value): boolean {
  if (x === a || y === b) return x === a && y === b;
  const [p, q] = [x.def, y.def];
  if (!p || !q) return x === y;
  return p.op === q.op && detailOf(p) === detailOf(q) && p.args.length === q.args.length && p.args.every((arg, i) => isLike(arg, q.args[i]!, a, b));
}
const detailOf = (instr: Instr): unknown => (instr.op === "js.const" ? instr.value : instr.op === "js.captured" ? instr.index : instr.op === "js.free" ? instr.name : null);
