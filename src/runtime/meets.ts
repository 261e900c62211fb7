// Does what a version writes meet a slow or captured value? Then the constants compiled in would be wrong from the first write on.
// Asked at entry, of the values of this call: a slow value is accepted by its contents, so another array of the same contents may well be
// the one that is written.
//
// Only the parts of slow values that the program depends on count (the nodes that partial evaluation touched), and of those the kinds
// that can meet: typed arrays where typed arrays are written, ordinary arrays and objects where such are written.

import { isNodeRef, NodeRef, type SnapValue } from "../ir/snapshot.ts";
import type { LiveSnapshot } from "./pipeline.ts";
import type { Plan } from "./plan.ts";
import { overlap, type TypedArray } from "./values.ts";

/** Reads one part out of a live slow value. Safe where the value's contents were just found equal to the snapshot's. */
type Part = (live: unknown) => unknown;
interface Spot { readonly at: number; readonly part: Part; readonly typed: boolean }

export type Meets = (values: readonly unknown[]) => boolean;

/** Null: nothing that is written can meet anything slow. `touched`: the nodes that the program depends on. */
export function meetsOf(plan: Plan, snapshot: LiveSnapshot, touched: ReadonlySet<number>): Meets | null {
  const writtenTyped = plan.arrays.filter(({ spec }) => spec.written && spec.as === "typed").map(({ at }) => at);
  const writtenLists = plan.arrays.filter(({ spec }) => spec.written && spec.as === "numbers").map(({ at }) => at);
  const writtenRows = plan.arrays.filter(({ spec }) => spec.written && spec.as === "rows").map(({ at }) => at);
  const writtenObjects = [...plan.writtenObjects, ...writtenLists];
  const objects = writtenObjects.length > 0 || writtenRows.length > 0;
  if (writtenTyped.length === 0 && !objects) return null;

  const spots: Spot[] = [];
  for (const { at, ref } of plan.statics) collect(snapshot, touched, ref, at, (live) => live, spots, new Set());
  const relevant = spots.filter((spot) => (spot.typed ? writtenTyped.length > 0 : objects));
  if (relevant.length === 0) return null;

  return (values) => {
    for (const { at, part, typed } of relevant) {
      const slow = part(values[at]);
      if (typed) {
        for (const written of writtenTyped) if (overlap(slow as TypedArray, values[written] as TypedArray)) return true;
      } else {
        for (const written of writtenObjects) if (slow === values[written]) return true;
        for (const rows of writtenRows) if ((values[rows] as unknown[]).includes(slow)) return true;
      }
    }
    return false;
  };
}

/** The plain fields of an object, without the snapshot noting that they were read (its guard would compare them from then on). */
function fieldsOf(object: unknown): (readonly [string, unknown])[] {
  if (typeof object !== "object" || object === null) return [];
  return Object.keys(object).flatMap((key) => {
    const field = Object.getOwnPropertyDescriptor(object, key);
    return field !== undefined && "value" in field ? [[key, field.value as unknown] as const] : [];
  });
}

function collect(
  snapshot: LiveSnapshot, touched: ReadonlySet<number>, value: SnapValue, at: number, part: Part, spots: Spot[], seen: Set<number>,
): void {
  if (!isNodeRef(value) || seen.has(value.node) || !touched.has(value.node)) return;
  seen.add(value.node);
  const ref = new NodeRef(value.node);
  const into = (child: SnapValue, read: (live: never) => unknown): void =>
    collect(snapshot, touched, child, at, (live) => read(part(live) as never), spots, seen);
  const node = snapshot.node(ref);
  switch (node.kind) {
    case "typed": spots.push({ at, part, typed: true }); return;
    case "array":
      spots.push({ at, part, typed: false });
      node.items.forEach((item, i) => { if (typeof item !== "symbol") into(item, (live: unknown[]) => live[i]); });
      return;
    case "object":
      spots.push({ at, part, typed: false });
      for (const [key, field] of fieldsOf(snapshot.live(ref))) into(snapshot.value(field), (live: Record<string, unknown>) => live[key]);
      return;
    case "map":
      node.entries.forEach(([, entry], i) => into(entry, (live: Map<unknown, unknown>) => [...live.values()][i]));
      return;
    case "set":
      node.items.forEach((item, i) => into(item, (live: Set<unknown>) => [...live][i]));
      return;
    case "function": case "builtin": case "opaque": return;
  }
}
