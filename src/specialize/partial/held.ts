// The caller's arrays in which others stand that change their length: they lie in memory with all that they lead to.
//
//   grid[cell].push(j)        before: what stands in the array is a copy of a fixed length (inputs.ts, items.ts): the call is the original's
//   node.list.length = 0      after:  the array is a list (lists.ts) of arrays and objects as the kernel's own lie in memory (boxes.ts); the runtime lays
//                                     them out and fills the very ones again at a return (runtime/laid.ts)
//
// Learned where the first such change is met; the walk begins again. Arrays of what is no number everywhere lie there from the beginning.
// Requires: arrays and plain objects or instances of numbers, booleans, strings, null, undefined and of such, each object's fields in the order of the first one's, and
// that nothing else of the call's is one of them: entry tests it.

import { arrayOfEach, type FieldKind } from "../../ir/fields.ts";
import type { Kind, Path } from "../../ir/interface.ts";
import { admit, Class, type Content } from "./contents.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { findKind } from "./inputs.ts";
import { isIndex } from "./keys.ts";
import { learnContent } from "./lists.ts";
import { isHidden, type Memory } from "./values.ts";
import { Restart } from "./walk.ts";

/** An array of booleans, of numbers some of which are something else or missing, or of arrays of such, lies in memory from the beginning: there is one program for all contents. */
export function heldFromTheStart(ev: Evaluator, path: Path, kind: Kind & { readonly kind: "array" }): boolean {
  const key = pathKey(path);
  if (ev.lessons.held.has(key)) return true;
  if (!holdsCells(kind)) return false;
  ev.lessons.held.add(key);
  for (const content of elementsOf(ev, kind, undefined)!) learnContent(ev, path, content);
  return true;
}
export const holdsCells = ({ element }: Kind & { readonly kind: "array" }): boolean => element.kind === "mixed" || element.kind === "boolean" || (element.kind === "array" && holdsCells(element));

/** What stands in the array that the memory is of lies there from now on. Comes back where that can't be, or it is no part of an argument. */
export function becomeHeld(ev: Evaluator, { rowOf, records }: Pick<Memory, "rowOf" | "records">): void {
  const path = rowOf?.path ?? (records && !records.nodes ? records.path : undefined);
  if (!path || typeof path.root === "object") return;
  const owner = arrayOfEach(path), kind = findKind(ev, owner), key = pathKey(owner);
  if (ev.lessons.held.has(key) || kind?.kind !== "array" || kind.prototype !== undefined) return;
  const contents = elementsOf(ev, kind, undefined);
  if (!contents) return;
  ev.lessons.held.add(key);
  ev.lessons.lists.delete(key); // what it was as a list of the caller's rows
  for (const content of contents) learnContent(ev, owner, content);
  throw new Restart();
}

/** What a value of the kind can be in memory; undefined where it can't lie there. `item`: the class of the objects of the array around it. */
function contentsOf(ev: Evaluator, kind: Kind, item: Class | undefined): readonly Content[] | undefined {
  switch (kind.kind) {
    case "f64": case "i32": return [{ is: "number" }];
    case "boolean": return [{ is: "boolean" }];
    case "string": return [{ is: "text" }];
    case "mixed": {
      const contents = kind.of.map((one) => contentOf(one, item));
      return contents.includes(undefined) ? undefined : contents as Content[];
    }
    case "array": {
      const contents = kind.prototype === undefined ? elementsOf(ev, kind, undefined) : undefined;
      return contents && filled(ev, new Class({ form: "array" }), [contents]);
    }
    case "object": {
      const { prototype, others = [] } = kind, names = [...kind.fields.keys()];
      if (prototype === null || others.length > 0 || names.some((name) => isIndex(name) || isHidden(name) || name === "__proto__")) return undefined;
      const cls = new Class({ form: "record", prototype, names });
      // what an array in an object holds is no object of the array around it, but has one of its own
      const fields = [...kind.fields.values()].map((field) => contentsOf(ev, field, field.kind === "array" ? undefined : item ?? cls));
      return fields.includes(undefined) ? undefined : filled(ev, cls, fields as (readonly Content[])[]);
    }
    default: return undefined;
  }
}
function contentOf(kind: FieldKind, item: Class | undefined): Content | undefined {
  switch (kind) {
    case "number": case "boolean": return { is: kind };
    case "null": return { is: "const", value: null };
    case "undefined": return { is: "const", value: undefined };
    case "text": return { is: "text" };
    case "item": return item && { is: "class", of: item };
    case "absent": case "other": return undefined;
  }
}
/** What an element can be: where some are missing also nothing, or undefined. */
function elementsOf(ev: Evaluator, { element, gaps }: Kind & { readonly kind: "array" }, item: Class | undefined): readonly Content[] | undefined {
  const contents = element.kind === "mixed" && element.of.includes("absent") ? cellsOf(element.of) : contentsOf(ev, element, item);
  return contents && (gaps ? [...contents, { is: "hole" }, { is: "const", value: undefined }] : contents);
}
/** What an array of such has under its indices. */
const cellsOf = (of: readonly FieldKind[]): readonly Content[] => of.map((one) => (one === "absent" ? { is: "hole" } : contentOf(one, undefined)!));
function filled(ev: Evaluator, cls: Class, slots: readonly (readonly Content[])[]): readonly Content[] {
  for (const [slot, contents] of slots.entries()) for (const content of contents) admit(ev, cls, slot, content);
  return [{ is: "class", of: cls }];
}
