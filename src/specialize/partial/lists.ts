// The caller's ordinary arrays that change their length, or hold more than numbers: lists.
//
//   out.push(x)                                  parameters and captured arrays that grow
//   if (cache[n] === undefined) cache[n] = …     tables that fill up, holes and all
//
// An array of numbers that keeps its length is copied as it is (inputs.ts). The first instruction that would change its length makes it a
// list, and the walk begins again: the runtime lays it out as the kernel's own arrays lie in memory (boxes.ts), from where on it is one of
// them; at a return its contents go back (exits.ts). Before a bail nothing goes back: what was changed is a copy.

import { fieldKinds, type FieldKind } from "../../ir/fields.ts";
import type { HeapContent, Kind, Path } from "../../ir/interface.ts";
import { hole, NodeRef, type SnapNode, type SnapValue } from "../../ir/snapshot.ts";
import { boxMemory, Class, admit, slotOf, type Content } from "./contents.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import type { Mem } from "./values.ts";
import { Restart } from "./walk.ts";

export interface List { readonly path: Path; readonly mem: Mem }

function classAt(ev: Evaluator, path: Path): Class {
  const key = pathKey(path);
  let cls = ev.lessons.lists.get(key);
  if (!cls) ev.lessons.lists.set(key, (cls = new Class({ form: "array" })));
  return cls;
}

/** The array at the path is a list from now on; with `holes` elements may be missing. Begins again. */
export function becomeList(ev: Evaluator, path: Path, holes = false): never {
  const cls = classAt(ev, path);
  admit(ev, cls, 0, { is: "number" });
  if (holes) admit(ev, cls, 0, { is: "hole" });
  throw new Restart();
}

/** What the runtime can lay out as an element. */
export function contentOfItem(item: SnapValue | typeof hole): Content | undefined {
  switch (typeof item) {
    case "number": return { is: "number" };
    case "boolean": return { is: "boolean" };
    case "symbol": return item === hole ? { is: "hole" } : undefined;
    case "undefined": case "string": return { is: "const", value: item };
    case "object": return item === null ? { is: "const", value: null } : undefined;
    default: return undefined;
  }
}
/** A captured array of rows of numbers that nothing forbids to write. */
export function isListOfRows(ev: Evaluator, node: SnapNode): boolean {
  return node.kind === "array" && !node.frozen && node.items.length > 0 && node.items.every((item) => {
    const row = item instanceof NodeRef ? ev.snapshot.node(item) : undefined;
    return row?.kind === "array" && !row.frozen && row.items.every((x) => typeof x === "number");
  });
}
/**
 * What the objects of a captured array (a pool) have in common, where they may be columns of memory: one prototype, fields that are
 * numbers, booleans, null or undefined. Undefined where they are not, or one stands there twice.
 */
export function objectsIn(ev: Evaluator, node: SnapNode): (Kind & { readonly kind: "object" }) | undefined {
  const [first] = node.kind === "array" && !node.frozen ? node.items : [];
  if (node.kind !== "array" || !(first instanceof NodeRef)) return undefined;
  const prototype = ev.snapshot.prototype(first), items = node.items.filter((item) => item instanceof NodeRef && ev.snapshot.prototype(item)?.node === prototype?.node) as NodeRef[];
  if (prototype === null || items.length !== node.items.length || new Set(items.map((item) => item.node)).size !== items.length || !items.every((item) => isPlain(ev, item))) return undefined;
  const names = new Set(items.flatMap((item) => ev.snapshot.keys(item))), fields = new Map<string, Kind>();
  for (const key of ev.snapshot.keys(first)) {
    const kinds = new Set(items.map((item) => fieldKindOf(ev, item, key))), of = fieldKinds.filter((kind) => kinds.has(kind)), [only] = of;
    if (!kinds.has(undefined)) fields.set(key, of.length === 1 && only === "number" ? { kind: "f64" } : of.length === 1 && only === "boolean" ? { kind: "boolean" } : { kind: "mixed", of });
  }
  if (![...fields.values()].some(({ kind }) => kind !== "mixed")) return undefined;
  return { kind: "object", fields, prototype: prototype.node === ev.snapshot.builtin("Object.prototype").node ? -1 : prototype.node, others: [...names].filter((key) => !fields.has(key)).sort() };
}
/** What an object has in a field that can be written; undefined where that is nothing for a column. */
function fieldKindOf(ev: Evaluator, item: NodeRef, key: string): FieldKind | undefined {
  const property = ev.snapshot.keys(item).includes(key) ? ev.snapshot.property(item, key) : null;
  if (property?.kind !== "data" || !property.writable) return undefined;
  const { value } = property, type = typeof value;
  return value === null ? "null" : type === "number" || type === "boolean" || type === "undefined" ? type : undefined;
}
/** A plain object, one without a prototype or an instance of somebody's class: nothing of it is hidden in internal slots. */
export function isPlain(ev: Evaluator, ref: NodeRef): boolean {
  const self = ev.snapshot.node(ref);
  if (self.kind === "object" && self.prototype === null) return self.className !== "Module";
  for (let owner = ev.snapshot.prototype(ref); owner; owner = ev.snapshot.prototype(owner)) {
    const node = ev.snapshot.node(owner);
    if (node.kind === "builtin") return node.name === "Object.prototype";
    if (node.kind !== "object") return false;
  }
  return false;
}
/** An element that a list of the snapshot has. */
export function learnItem(ev: Evaluator, path: Path, item: SnapValue | typeof hole): void {
  const content = contentOfItem(item);
  if (content) learnContent(ev, path, content);
}
export const learnContent = (ev: Evaluator, path: Path, content: Content): void => { admit(ev, classAt(ev, path), 0, content); };
/** Whether an element can be an array or object in memory. */
export const holdsObjects = (ev: Evaluator, path: Path): boolean => slotOf(ev, classAt(ev, path), 0).some(({ is }) => is === "class");

/** A captured array whose length the kernel changes. */
export function becomeWrittenList(ev: Evaluator, ref: NodeRef): never {
  ev.lessons.writtenNodes.add(ref.node);
  becomeList(ev, { root: { node: ref.node }, keys: [] });
}

/** An array among a call's values that has holes or more than numbers in it, and is written: static so far, a list from now on. Returns where it can't be one. */
export function becomeMixedList(ev: Evaluator, path: Path, ref: NodeRef): void {
  const node = ev.snapshot.node(ref);
  if (node.kind !== "array" || node.frozen || !ev.inputAbs.has(pathKey(path)) || node.items.every((item) => typeof item === "number") || !node.items.every((item) => contentOfItem(item))) return;
  for (const item of node.items) learnItem(ev, path, item);
  becomeList(ev, path);
}

/** The list at the path, where it is one. */
export function listAt(ev: Evaluator, path: Path, param: (suffix?: string) => Mem["ptr"]): Mem | undefined {
  if (!ev.lessons.lists.has(pathKey(path))) return undefined;
  const mem = listInput(ev, path, param);
  ev.lists.push({ path, mem });
  return mem;
}
/** The same of what does not go back as the contents of an array. */
export function listInput(ev: Evaluator, path: Path, param: (suffix?: string) => Mem["ptr"]): Mem {
  const of = boxMemory(ev, classAt(ev, path)), ptr = param();
  ev.inputs.push({ input: { as: "list", path, space: of.space, elements: [], read: true, written: true }, params: [ptr, param("_unused")] });
  return { k: "mem", of, ptr, len: ev.b.i32(0) };
}

/** What the elements of the list at the path can be: what has no spelling at entry can only come later. */
export function elementsOf(ev: Evaluator, path: Path): readonly HeapContent[] {
  return slotOf(ev, ev.lessons.lists.get(pathKey(path))!, 0).map((content): HeapContent => {
    switch (content.is) {
      case "class": return { is: "class", of: -1 };
      case "input": return { is: "input", path: content.path };
      case "item": return { is: "item", path: content.path, within: content.within.map(({ field }) => field) };
      case "row": return { is: "row", path: content.path, level: content.level };
      case "chosen": return { is: "chosen", of: content.nodes.map(({ node }) => ({ is: "node", node })) };
      default: return content;
    }
  });
}
