// Does what a version writes meet a slow or captured value? Then the constants compiled in would be wrong from the first write on.
// Asked at entry, of the values of this call: a slow value is accepted by its contents, so another array of the same contents may well be
// the one that is written.
//
// Only the parts of slow values that the program depends on count (the nodes that partial evaluation touched), and of those the kinds
// that can meet: typed arrays where typed arrays are written, ordinary arrays and objects where such are written.

import { visitParts, type Part } from "./parts.ts";
import type { LiveSnapshot } from "./pipeline.ts";
import type { Plan } from "./plan.ts";
import { placedOf } from "./place.ts";
import { isRowOf, overlap, type TypedArray } from "./values.ts";

interface Spot { readonly at: number; readonly part: Part; readonly typed: boolean }

export type Meets = (values: readonly unknown[]) => boolean;

/** Null: nothing that is written can meet anything slow. `touched`: the nodes that the program depends on. */
export function meetsOf(plan: Plan, snapshot: LiveSnapshot, touched: ReadonlySet<number>): Meets | null {
  const writtenTyped = plan.arrays.filter(({ spec }) => spec.written && spec.as === "typed");
  const writtenLists = plan.arrays.filter(({ spec }) => spec.written && (spec.as === "numbers" || spec.as === "list")).map(({ at }) => at);
  const writtenRows = plan.arrays.filter(({ spec }) => spec.written && spec.as === "rows");
  const writtenObjects = [...plan.writtenObjects, ...writtenLists];
  const writtenTypedRows = plan.arrays.filter(({ spec }) => spec.written && spec.as === "rows" && spec.array !== null).map(({ at }) => at);
  const objects = writtenObjects.length > 0 || writtenRows.length > 0, bytes = writtenTyped.length > 0 || writtenTypedRows.length > 0;
  if (!bytes && !objects) return null;

  const spots: Spot[] = [];
  // a captured object that the program takes as an input is read anew in every call: it may well be written
  for (const { at, ref } of plan.statics) {
    visitParts(snapshot, touched, ref, new Set(plan.inputNodes), (_node, kind, part) => {
      if (kind === "typed" || kind === "array" || kind === "object") spots.push({ at, part, typed: kind === "typed" });
    });
  }
  const relevant = spots.filter((spot) => (spot.typed ? bytes : objects));
  if (relevant.length === 0) return null;

  return (values) => {
    for (const { at, part, typed } of relevant) {
      const slow = part(values[at]);
      if (typed) {
        for (const { at: written, spec } of writtenTyped) {
          const view = placedOf(values[written], spec);
          if (view !== null && overlap(slow as TypedArray, view as TypedArray)) return true;
        }
        for (const rows of writtenTypedRows) if ((values[rows] as TypedArray[]).some((row) => overlap(slow as TypedArray, row))) return true;
      } else {
        for (const written of writtenObjects) if (slow === values[written]) return true;
        for (const { at: rows, spec } of writtenRows) if (isRowOf(values[rows] as unknown[], spec.levels ?? 1, slow)) return true;
      }
    }
    return false;
  };
}
