// The caller's objects that lead to others of their own form: trees, linked lists, meshes.
//
//   for (let n = tree.root; n; ) n = key < n.key ? n.left : n.right      before: a version for each shape of the tree
//                                                                        after:  one for all of them
//
// Such an object lies in memory with all that it leads to, as the kernel's own do (boxes.ts): entry lays each object out once, cycles and sharing kept
// (runtime/laid.ts), and what changed in the very ones goes back at a return. All of a call's that are met stand in one list, in the order in which the
// program asked for them, so that what leads into another's nodes (head and tail of a list) is one of these. A field that holds null or undefined in all objects of a form may hold
// what their other fields do.
//
// Requires: objects and arrays of numbers, booleans, strings, null, undefined and of such (entered.ts), and that nothing else of the call's is one of them: entry
// tests it. Where a kernel does more with them than objects in memory can, the walk begins again without this.

import { linkedKey } from "../../ir/within.ts";
import type { Path, Write } from "../../ir/interface.ts";
import type { SnapValue } from "../../ir/snapshot.ts";
import { readCell } from "./boxes.ts";
import { admit, Class, slotOf } from "./contents.ts";
import { Held } from "./entered.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { memory, newSpace } from "./inputs.ts";
import type { Abs, Mem, Memory } from "./values.ts";

/** What is known of them from one walk to the next: what each is, by its path (null where it can't lie in memory), and the class of each form. */
export interface Linked { readonly roots: Map<string, Class | null>; readonly forms: Map<string, Class> }
export const nothingLinked = (): Linked => ({ roots: new Map(), forms: new Map() });
/** The list of a program's. */
export interface LinkedList { readonly path: Path; readonly mem: Mem; readonly roots: { readonly path: Path; readonly cls: Class }[] }

/** The object at the path, as it is at entry; undefined where it is none of these. */
export function linkedAt(ev: Evaluator, path: Path, value: SnapValue | undefined): Abs | undefined {
  const { linked } = ev.lessons, key = pathKey(path);
  if (value === undefined || linked === null) return undefined;
  if (!linked.roots.has(key)) linked.roots.set(key, classOf(ev, linked, value));
  const cls = linked.roots.get(key);
  if (!cls) return undefined;
  const list = ev.linked ??= newList(ev, path), at = list.roots.push({ path, cls }) - 1;
  let read: Abs | undefined;
  ev.in(ev.prologue, () => { read = readCell(ev, slotOf(ev, cls, 0), { ptr: list.mem.ptr, at: ev.b.i32(0), scale: 0, offset: headBytes + 8 * at, space: list.mem.of.space }, ev.b.i32(1)); });
  return read!;
}
/** before the list's elements stands where they are and how many */
const headBytes = 8;

function newList(ev: Evaluator, first: Path): LinkedList {
  const path: Path = { root: first.root, keys: [...first.keys, linkedKey] }, ptr = ev.b.value("i32", "linked"), unused = ev.b.value("i32", "linked_unused"), roots: LinkedList["roots"] = [];
  for (const param of [ptr, unused]) ev.inputValues.add(param);
  const of: Memory = memory({ array: "Array", space: newSpace(ev, "linked", "frame", "f64"), name: "linked", path: null, local: true });
  ev.inputs.push({ input: { as: "list", path, space: of.space, elements: [], roots: [], read: true, written: true }, params: [ptr, unused] });
  return { path, mem: { k: "mem", of, ptr, len: ev.b.i32(0) }, roots };
}

/** so many strings are told apart */
const mostStrings = 8;

/** Its class, as that of an array's one element; null where it can't lie in memory. */
function classOf(ev: Evaluator, { forms }: Linked, value: SnapValue): Class | null {
  const held = new Held(ev, forms), content = held.content(value);
  if (content?.is !== "class" || held.settle() > mostStrings) return null;
  for (const cls of forms.values()) {
    if (cls.form.form !== "record") continue;
    const links = cls.slots.flatMap((slot) => slot.filter((one) => one.is === "class"));
    for (const [i, slot] of cls.slots.entries()) if (slot.every((one) => one.is === "const" && (one.value === null || one.value === undefined))) for (const link of links) admit(ev, cls, i, link);
  }
  const root = new Class({ form: "array" });
  admit(ev, root, 0, content);
  return root;
}

/** That what changed in them goes back. */
export const writesOfLinked = (ev: Evaluator): Write[] => (ev.linked ? [{ path: ev.linked.path, value: { make: "const", value: undefined }, contents: true }] : []);
