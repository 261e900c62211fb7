// What the engine gives all objects of a kind, and anybody may change (`Object.prototype.extra = …`): entry tests that what a program found there is still there, and that what
// it found nowhere is still nowhere.

import type { NodeRef } from "../../ir/snapshot.ts";
import type { Evaluator } from "./evaluator.ts";
import { builtinValue } from "./operators.ts";
import { isHidden } from "./values.ts";

/** Whether the object, or what stands behind it, has the property, now and in each call. */
export function isThere(ev: Evaluator, ref: NodeRef, key: string): boolean {
  const isAbsent = ev.snapshot.property(ref, key).kind === "absent";
  (isAbsent ? expectMissing : expectBuiltin)(ev, ref, key);
  return !isAbsent;
}

/** Requires: it was not found. What stands between the object and the engine's own is compared with what it was. */
export function expectMissing(ev: Evaluator, ref: NodeRef, key: string): void {
  if (isHidden(key)) return;
  for (let at: NodeRef | null = ref; at; at = ev.snapshot.prototype(at)) {
    const node = ev.snapshot.node(at);
    if (node.kind !== "builtin") continue;
    ev.expect({ expect: "missing", of: node.name, key });
    return;
  }
}

/** A built-in that the residual relies on, or what somebody put beside it: the guard checks that nobody replaced it. */
export function expectBuiltin(ev: Evaluator, ref: NodeRef, key: string): void {
  if (ev.snapshot.node(ref).kind === "object") return; // whose own it may be; what captured and slow ones inherit is compared with them
  for (let at: NodeRef | null = ref; at; at = ev.snapshot.prototype(at)) {
    const node = ev.snapshot.node(at), holder = node.kind === "builtin" ? builtinValue(node.name) : undefined;
    if (node.kind !== "builtin" || (typeof holder !== "object" && typeof holder !== "function") || holder === null) continue;
    const own = Object.getOwnPropertyDescriptor(holder, key);
    if (own === undefined) continue;
    if (typeof own.value === "function" || (node.name.endsWith(".prototype") && own.configurable === true && "value" in own)) ev.expect({ expect: "builtin", name: `${node.name}.${key}` });
    return;
  }
}
