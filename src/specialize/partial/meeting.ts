// Objects that paths, or iterations, bring in several forms: one form for all of them, and what is said where there is none.

import { constantOf } from "../../ir/build.ts";
import type { Refusal } from "../../diagnostic.ts";
import { isNumber, spill } from "./arrays.ts";
import { box } from "./boxes.ts";
import { classOf, learnItems, learnLate } from "./contents.ts";
import type { Evaluator } from "./evaluator.ts";
import { arrayClassOf, namesOf, type HeapObject } from "./heap.ts";
import { becomeKeyed } from "./keyed.ts";
import type { Arrival } from "./merge.ts";
import { meetOutOfOrder, withAllFields, withAllWritten } from "./optional.ts";
import { saidOf, saidOfObject } from "./said.ts";
import { refuseText } from "./strings.ts";
import type { Abs } from "./values.ts";
import { toVector } from "./vectors.ts";

/** Makes the objects of arriving paths one form, each in its own path, where that can't be seen; undefined otherwise. */
export function inOneForm(ev: Evaluator, id: number, objects: readonly (HeapObject | null)[], arrivals: readonly Arrival[]): readonly (HeapObject | null)[] | undefined {
  const there = objects.filter((o) => o !== null);
  if (there[0]?.t === "map" || there[0]?.t === "set") becomeKeyed(ev, there.reduce((a, b) => (a.t === "map" && b.t === "map" && b.entries.length > a.entries.length ? b : a)));
  const placed = there.some((o) => o.t === "boxed" || (o.t === "array" && namesOf(o).length > 0)) || (meetOutOfOrder(ev, there) && there.every((o) => classOf(ev, o)));
  if (placed) learnLate(ev, there);
  if (!placed && !there.every((o) => o.t === "array" || o.t === "typed" || o.t === "spilled" || o.t === "vector")) return withAll(ev, objects);
  if (new Set(there.map(arrayClassOf)).size > 1) return undefined; // a path has given it another class
  const lengths = new Set(there.map((o) => (o.t === "vector" || o.t === "spilled" ? (constantOf(o.mem.len) ?? -1) : o.t === "array" || o.t === "typed" ? o.items.length : 0)));
  const grows = lengths.size > 1 || there.some((o) => o.t === "vector" || (o.t === "array" && !o.items.every(isNumber)));
  const convert = placed ? box : grows ? toVector : spill;
  if (convert !== spill) arrivals.forEach((arrival, i) => { ev.onPath(arrival, () => { if (objects[i]) learnItems(ev, objects[i]!); }); });
  return objects.map((object, i) => (object === null ? null : ev.onPath(arrivals[i]!, () => { convert(ev, id); return ev.object(id); })));
}
/** The same of objects, by their fields. */
export function withAll(ev: Evaluator, objects: readonly (HeapObject | null)[]): readonly (HeapObject | null)[] | undefined {
  return objects.every((o) => o === null || (o.t === "object" && o.origin.from === "local")) ? withAllFields(ev, objects) : withAllWritten(ev, objects);
}

export function cannotMerge(ev: Evaluator, column: readonly (Abs | null | undefined)[]): Refusal {
  if (column.some((c) => c?.k === "str")) return refuseText(ev, "paths meet with a string and what none can stand beside", "give the variable strings on every path");
  const kinds = [...new Set(column.map((c) => saidOf(ev, c)))].join(" and ");
  return ev.refuse("Todo", `paths meet with values of which no common form is known (${kinds})`, "give the variable values of one kind on every path");
}
export function cannotMergeObjects(ev: Evaluator, id: number): Refusal {
  const object = ev.state.objects.get(id);
  if (object?.t === "map" || object?.t === "set") becomeKeyed(ev, object);
  return ev.refuse("Todo", `paths meet that have made ${object ? saidOfObject(object) : "an object"} differently`, object?.t === "object" ? "create the object with all of its fields at once" : "give it the same form on every path");
}
