// Maps and Sets whose keys are objects of run time: what was visited, what is known of a node.
//
//   if (seen.has(node)) continue; seen.add(node)            distance.set(edge.to, d)            for (const [node, d] of distance) …
//
// Such a table is one of numbers (keyed.ts). An object's number is its address, or its place in the caller's array, in which each object or row stands once: entry tests
// that. What kind of objects the keys are is learned as that of an array's elements is (contents.ts); so is whether undefined and null are among them, which have numbers below 0
// (`new Set([a[i - 1], a[i], a[i + 1]])`). What else is no object is no such key: looked for, it is not there.
//
// Requires: keys of one class, or of one of the caller's arrays. Such a table does not lie in memory, and does not leave.

import type { Value } from "../../ir/types.ts";
import { box, placedAt, reference } from "./boxes.ts";
import { admit, Class, contentOf, slotOf, type Content, type Site } from "./contents.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { partsAt, type KeyedObject } from "./keyed.ts";
import { split } from "./objects.ts";
import { prim, undefinedValue, type Abs, type Alt, type Mem, type Prim } from "./values.ts";
import { Restart } from "./walk.ts";

/** Where a place in the source makes such tables: what their keys are, as the elements of a list. */
export type ObjectSites = Map<Site["instr"], Class>;

/** What is made there is such a table from now on, where the key is an object. Comes back where that can't be. */
export function becomeOfObjects(ev: Evaluator, object: HeapObject | undefined, key: Abs): void {
  const site: Site | undefined = object && "site" in object ? object.site : undefined;
  if (!object || !site || !canBeOfObjects(ev, object) || !(key.k === "sum" ? key.alts.some((one) => isKey(ev, one)) : isKey(ev, key))) return;
  const { keyed, objects, words, named, composite } = site.context.lasting;
  if (objects.has(site.instr) || words.has(site.instr) || named.has(site.instr) || composite.has(site.instr)) return;
  objects.set(site.instr, new Class({ form: "array" }));
  if (!keyed.has(site.instr)) keyed.set(site.instr, partsAt(site));
  throw new Restart();
}
function canBeOfObjects(ev: Evaluator, object: HeapObject): boolean {
  switch (object.t) {
    case "map": return object.entries.every(([key]) => isKey(ev, key) || isNothing(key));
    case "set": return object.items.every((key) => isKey(ev, key) || isNothing(key));
    case "keyed": return !object.input && object.form !== "record";
    default: return false;
  }
}
const isKey = (ev: Evaluator, key: Abs | Alt): boolean => (key.k === "obj" || key.k === "mem") && kindOfKey(ev, key) !== undefined;
/** Objects that fields of other objects hold may stand in several of them: their places tell nothing. */
function kindOfKey(ev: Evaluator, key: Exclude<Abs, { k: "sum" | "text" }>): Extract<Content, { is: "class" | "item" | "row" }> | undefined {
  const content = contentOf(ev, key);
  return content?.is === "class" || content?.is === "row" || (content?.is === "item" && content.within.length === 0) ? content : undefined;
}

/** What may stand among the objects, by its number: −1, −2. */
const nothings: readonly unknown[] = [undefined, null];
const noKey = prim(-1 - nothings.length);
const isNothing = (key: Abs): key is Prim => key.k === "prim" && nothings.includes(key.value);
const isObject = (content: Content): boolean => content.is !== "const";

/** The number that stands for a key; undefined of one that no such table has. */
export function numberOfObject(ev: Evaluator, table: KeyedObject, given: Abs, puts: boolean): Abs | undefined {
  const key = reference(given, ev.state);
  if (key.k === "sum") return split(ev, key, (one) => numberOfObject(ev, table, one, puts) ?? noKey);
  if (isNothing(key)) {
    if (puts) admit(ev, table.objects!, 0, { is: "const", value: key.value });
    return slotOf(ev, table.objects!, 0).some((content) => content.is === "const" && content.value === key.value) ? prim(-1 - nothings.indexOf(key.value)) : undefined;
  }
  if (key.k !== "obj" && key.k !== "mem") return puts ? ev.bail("what is no object is a key among objects") : undefined;
  const content = kindOfKey(ev, key);
  if (content) admit(ev, table.objects!, 0, content);
  if (!content || slotOf(ev, table.objects!, 0).filter(isObject).length > 1) throw ev.refuse("Todo", "objects of several kinds are keys of one Map or Set", "use a table for each");
  if (content.is !== "class") ev.comparedRows.add(pathKey(content.path));
  return ev.fromI32(key.k === "obj" ? box(ev, key.id).ptr : key.ptr);
}

/** The object that a number stands for. */
export function objectOf(ev: Evaluator, table: KeyedObject, number: Value): Abs {
  const slot = slotOf(ev, table.objects!, 0), content = slot.find(isObject), at = ev.b.op("i32.trunc_sat_f64_s", number);
  const there = nothings.filter((nothing) => slot.some((one) => one.is === "const" && one.value === nothing)).map((nothing) => prim(nothing as Prim["value"]));
  if (content?.is === "part") return undefinedValue;
  if (!content) return there.length > 1 ? { k: "sum", tag: ev.b.op("i32.sub", ev.b.i32(-1), at), payload: null, alts: there } : there[0] ?? undefinedValue;
  if (there.length === 0) return placedAt(ev, content, at) as Abs;
  const isThere = ev.b.op("i32.ge_s", at, ev.b.i32(0)), object = placedAt(ev, content, ev.b.op("i32.select", isThere, at, ev.b.i32(0))) as Mem;
  const which = there.length === 1 ? ev.b.i32(1) : ev.b.op("i32.sub", ev.b.i32(0), at);
  return { k: "sum", tag: ev.b.op("i32.select", isThere, ev.b.i32(0), which), payload: null, alts: [object, ...there] };
}
