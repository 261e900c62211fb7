// Captured values that the kernel writes: they are inputs, the live objects as they are at entry, and no longer known when it is specialized.
// Which they are is learned on the way: the walk begins again then (walk.ts).

import type { Kind, Path } from "../../ir/interface.ts";
import { privateKeysOf } from "../../ir/privates.ts";
import { NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import { enteredAt } from "./entered.ts";
import type { Evaluator } from "./evaluator.ts";
import { inputValue } from "./inputs.ts";
import { isListOfRows, learnItem, objectsIn } from "./lists.ts";
import type { Abs } from "./values.ts";
import { Restart } from "./walk.ts";

/** The kind of a captured object's field: numbers and booleans vary, all else is static. */
export const kindOf = (value: SnapValue): Kind =>
  typeof value === "number" ? { kind: "f64" } : typeof value === "boolean" ? { kind: "boolean" } : value === undefined ? { kind: "undefined" } : value === null ? { kind: "null" } : { kind: "static", value };

/** A node of the snapshot that the kernel writes is an input: the live object as it is at entry. */
export function writtenNode(ev: Evaluator, ref: NodeRef): Abs | undefined {
  if (ev.lessons.writtenNodes.size === 0 && ev.lessons.writtenBuffers.size === 0) return undefined;
  if (!isWritten(ev, ref)) return undefined;
  const node = ev.snapshot.node(ref);
  const path: Path = { root: { node: ref.node }, keys: [] };
  ev.expect({ expect: "anew", node: ref.node });
  const table = enteredAt(ev, path);
  if (table) return table;
  if (node.kind === "typed") return inputValue(ev, path, { kind: "typed", array: node.array });
  if (node.kind === "array" && isListOfRows(ev, node)) {
    const row: Kind = { kind: "array", element: { kind: "f64" }, length: 0 };
    return inputValue(ev, path, { kind: "array", element: row, length: node.items.length });
  }
  const objects = objectsIn(ev, node);
  if (node.kind === "array" && objects) return inputValue(ev, path, { kind: "array", element: objects, length: node.items.length });
  if (node.kind === "array") {
    if (!node.items.every((item) => typeof item === "number")) for (const item of node.items) learnItem(ev, path, item);
    const prototype = ev.snapshot.prototype(ref);
    return inputValue(ev, path, { kind: "array", element: { kind: "f64" }, length: node.items.length, ...(prototype && ev.snapshot.node(prototype).kind !== "builtin" ? { prototype: prototype.node } : {}) });
  }
  if (node.kind === "object" && node.className === "ArrayBuffer") return inputValue(ev, path, { kind: "typed", array: "Uint8Array", buffer: true });
  if (node.kind === "object") {
    const fields = [...ev.snapshot.keys(ref), ...privateKeysOf(ev.snapshot, ref)].map((key) => {
      const property = ev.snapshot.property(ref, key);
      return [key, property.kind === "data" ? kindOf(property.value) : null] as const;
    });
    return inputValue(ev, path, { kind: "object", prototype: node.prototype?.node ?? null, fields: new Map(fields.filter((f): f is readonly [string, Kind] => f[1] !== null)) });
  }
  return undefined;
}

export function isWritten(ev: Evaluator, ref: NodeRef): boolean {
  const node = ev.snapshot.node(ref);
  if (node.kind === "typed" && ev.lessons.writtenNodes.size > 0 && ev.lessons.writtenNodes.has(bufferOf(ev, ref))) return true;
  return node.kind === "typed" ? ev.lessons.writtenBuffers.has(node.buffer) : ev.lessons.writtenNodes.has(ref.node);
}

/** The node of the ArrayBuffer behind a view. */
function bufferOf(ev: Evaluator, view: NodeRef): number {
  const property = ev.snapshot.property(view, "buffer");
  return property.kind === "data" && property.value instanceof NodeRef ? property.value.node : -1;
}
/** A captured DataView is written: what else lies in its buffer is an input too. */
export function writesBuffer(ev: Evaluator, view: NodeRef): void {
  const buffer = bufferOf(ev, view);
  if (buffer < 0) throw ev.refuse("Todo", "the bytes of a captured DataView are not known", "pass the DataView in");
  if (!ev.lessons.writtenNodes.has(buffer)) { ev.lessons.writtenNodes.add(buffer); throw new Restart(); }
}
