// What the engine gives all objects of a kind, and anybody may change (`Object.prototype.extra = …`): entry tests that what a program found there is still there, and that what
// it found nowhere is still nowhere.

import { isNodeRef, type NodeRef } from "../../ir/snapshot.ts";
import type { Evaluator } from "./evaluator.ts";
import { isIndex } from "./keys.ts";
import { hidden, isHidden } from "./values.ts";

/** Whether the object, or what stands behind it, has the property, now and in each call. */
export function isThere(ev: Evaluator, ref: NodeRef, key: string): boolean {
  const isAbsent = ev.snapshot.property(ref, key).kind === "absent";
  (isAbsent ? expectMissing : expectBuiltin)(ev, ref, key);
  return !isAbsent;
}

const symbolPrefix = hidden("@@");

/** Requires: it was not found. What stands between the object and the engine's own is compared with what it was. */
export function expectMissing(ev: Evaluator, ref: NodeRef, key: string): void {
  if (isHidden(key) && !key.startsWith(symbolPrefix)) return;
  for (let at: NodeRef | null = ref; at; at = ev.snapshot.prototype(at)) {
    const node = ev.snapshot.node(at);
    if (node.kind !== "builtin") continue;
    ev.expect({ expect: "missing", of: node.name, key });
    return;
  }
}

/**
 * A built-in that the residual relies on, or what somebody put beside it: the guard checks that nobody replaced it. The snapshot alone tells who has it: a compiler in
 * another thread has built-ins of its own, to which nobody added anything.
 */
export function expectBuiltin(ev: Evaluator, ref: NodeRef, key: string): void {
  const node = ev.snapshot.node(ref);
  if (node.kind === "object" || isHidden(key) || isIndex(key)) return; // whose own it may be; what captured and slow ones inherit is compared with them
  const owner = ev.snapshot.owner(ref, key), holder = owner && ev.snapshot.node(owner);
  if (holder?.kind !== "builtin") return;
  const property = ev.snapshot.property(ref, key);
  const isNamed = !key.includes("."); // a built-in is named by the keys that lead to it
  if (property.kind === "getter" || property.kind === "setter" || (property.kind === "data" && !isNamed)) ev.expect({ expect: "member", node: owner!.node, key });
  else if (property.kind === "data" && (isNodeRef(property.value) || holder.name.endsWith(".prototype"))) ev.expect({ expect: "builtin", name: `${holder.name}.${key}` });
  // nobody put another one before it: Array.prototype.hasOwnProperty is Object.prototype's
  if (property.kind === "data" && isNamed && node.kind === "builtin" && owner!.node !== ref.node) ev.expect({ expect: "builtin", name: `${node.name}.${key}` });
}
