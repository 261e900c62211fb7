// Slow objects of which each call of a recursive function is handed others, as something dynamic chooses (the nodes of a tree that is searched): numbers in
// tables (records.ts), as they are in a loop.
//
//   search(x < node.value ? node.left : node.right)   →   call @search(x < value[n] ? left[n] : right[n])
//
// Which parameters these are, and which objects were met there, is learned where the calls do not settle, or become too many functions; the walk begins
// again. Few objects are told apart instead, each with a function of its own, and so are those that nothing dynamic chooses (a program and its interpreter).

import type { NodeRef } from "../../ir/snapshot.ts";
import type { JsFunction } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import { numbered, slowObjects, tabulate } from "./records.ts";
import type { Abs } from "./values.ts";

/** Of a function: the parameters, by number, -1 for `this`, and the objects that they were handed. */
export type Descents = Map<JsFunction, ReadonlyMap<number, readonly NodeRef[]>>;

/** What a call hands over: `this`, then the arguments. */
export interface HandedOver { readonly self: Abs; readonly args: readonly Abs[] }

const objectsIn = (ev: Evaluator, a: Abs | undefined): readonly NodeRef[] => (a === undefined ? [] : slowObjects(ev, a.k === "sum" ? a.alts : a.k === "obj" ? [a] : []));

/** The calls of the function are handed other slow objects each: whether there are any that are numbers from now on. */
export function learnDescent(ev: Evaluator, func: JsFunction, calls: readonly HandedOver[]): boolean {
  const found = new Map(ev.lessons.descents.get(func));
  let learned = false;
  for (let i = -1; i < Math.max(...calls.map(({ args }) => args.length)); i++) {
    const before = found.get(i) ?? [], known = before.length > 0 ? tabulate(ev, before, 2) : undefined;
    const met = new Map(calls.flatMap(({ self, args }) => objectsIn(ev, i < 0 ? self : args[i])).map((ref) => [ref.node, ref]));
    const more = [...met.values()].filter((ref) => !known?.has(ref.node)), nodes = [...before, ...more];
    if (more.length === 0 || nodes.length < 2 || !tabulate(ev, nodes, 2)) continue;
    found.set(i, nodes);
    learned = true;
  }
  if (learned) ev.lessons.descents.set(func, found);
  return learned;
}

/** What a call of the function hands over at that place. */
export function descended(ev: Evaluator, func: JsFunction, at: number, a: Abs): Abs {
  const nodes = ev.lessons.descents.get(func)?.get(at);
  if (!nodes || objectsIn(ev, a).length === 0) return a;
  const family = tabulate(ev, nodes, 2);
  return family ? numbered(ev, a, family) : a;
}
