// Functions that the user declares pure are called for real while the kernel is specialised, where all of their arguments are static.
//
//   pure: [parse]   …   const rules = parse(config.text)      →   the rules, as a slow value
//
// Requires: a request that can call them (on the thread that has the live functions). No other function of the user's is ever run.

import { NodeRef } from "../../ir/snapshot.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Given } from "./request.ts";
import { snapValue } from "./inputs.ts";
import { undefinedValue, type Abs } from "./values.ts";

/** The result of the call, undefined where the function was not declared pure or an argument is not static. */
export function callPure(ev: Evaluator, callee: number, self: Abs, args: readonly Abs[]): Abs | undefined {
  const { callPure: run } = ev.request;
  const node = run && nodeOf(ev, callee);
  if (!run || !node) return undefined;
  if (!run.declared(node)) return undefined;
  const given = [self, ...args].map((a) => givenOf(ev, a, 0));
  if (given.some((g) => g === undefined)) return undefined;
  const [own, ...others] = given as { value: Given }[];
  const result = run.call(node, own!.value, others.map((g) => g.value));
  if (result.threw) return ev.bail("a function declared pure throws");
  return snapValue(ev, result.value);
}

function nodeOf(ev: Evaluator, id: number): NodeRef | undefined {
  for (const [node, object] of ev.objectOfNode) if (object === id) return new NodeRef(node);
  return undefined;
}

const deepest = 20;
/** A value that is static through and through. */
function givenOf(ev: Evaluator, abs: Abs, depth: number): { value: Given } | undefined {
  if (abs.k === "prim") return { value: abs.value };
  if (abs.k !== "obj" || depth > deepest) return undefined;
  const node = nodeOf(ev, abs.id);
  if (node) return { value: node };
  const object = ev.object(abs.id);
  if (object.t === "array") {
    const items = object.items.map((item) => givenOf(ev, item ?? undefinedValue, depth + 1));
    return items.every((i) => i !== undefined) ? { value: { list: items.map((i) => i.value) } } : undefined;
  }
  if (object.t === "object" && object.origin.from === "local" && !object.prototype) {
    const fields = [...object.fields].map(([key, value]) => [key, givenOf(ev, value, depth + 1)] as const);
    return fields.every((f): f is readonly [string, { value: Given }] => f[1] !== undefined) ? { value: { record: fields.map(([key, v]) => [key, v.value] as const) } } : undefined;
  }
  return undefined;
}
