// Objects that a loop's own took the place of.
//
//   let best = start; for (…) best = [i, t];   →   in the loop `best` is one object of the head's own, with what it begins with as its contents
//
// That is `start` until an iteration puts another there, which nobody can tell afterwards: whoever holds `start` besides must not look into it,
// and whether it is `best` is not known. Both are refused (the loop then puts its objects into memory, where they have addresses).

import type { Evaluator } from "./evaluator.ts";
import { partsOf, withParts, type HeapObject, type State } from "./heap.ts";
import { mergeable, type Arrival } from "./merge.ts";
import type { Abs, Alt } from "./values.ts";

export const replaced: HeapObject = { t: "opaque", why: "it was replaced by a loop's own object" };

/** Requires that no two objects that are compared are one of which the other took the place. */
export function refuseReplaced(ev: Evaluator, ...compared: readonly Abs[]): void {
  if (compared.some((abs) => abs.k === "obj" && ev.state.objects.get(abs.id) === replaced)) throw ev.refuse("Todo", "an object is compared with one that may have taken its place in a loop", "compare what they hold");
}

/**
 * Where a path without the loop meets one with it, as behind a `return` in front of the loop: `start` is a path's own there, which
 * nobody else can look into from here on either.
 */
export function apartFromReplaced(ev: Evaluator, arrivals: readonly Arrival[], base: State): readonly Arrival[] {
  const gone = new Set<number>();
  for (const { state } of arrivals) state.objects.differing(base.objects, (id, now) => { if (now === replaced) gone.add(id); });
  if (gone.size === 0) return arrivals;
  return arrivals.map((arrival) => {
    const { objects } = arrival.state, moved = new Map<number, number>();
    for (const id of gone) {
      const object = objects.get(id);
      if (object === undefined || object === replaced || !mergeable(object)) continue;
      const own = ev.newOwnId();
      moved.set(id, own);
      objects.set(own, object);
      objects.set(id, replaced);
    }
    if (moved.size === 0) return arrival;
    const renamedAlt = <A extends Abs | Alt>(a: A): A => (a.k === "obj" && moved.has(a.id) ? { ...a, id: moved.get(a.id)! } : a);
    const renamed = (abs: Abs): Abs => (abs.k === "sum" && abs.alts.some((a) => renamedAlt(a) !== a) ? { ...abs, alts: abs.alts.map(renamedAlt) } : renamedAlt(abs));
    const changed: [number, HeapObject][] = [];
    objects.differing(base.objects, (id, object) => {
      if (!object) return;
      const parts = partsOf(object);
      if (parts.some((p) => p && renamed(p) !== p)) changed.push([id, withParts(object, parts.map((p) => p && renamed(p)))]);
    });
    for (const [id, object] of changed) objects.set(id, object);
    return { ...arrival, values: arrival.values.map(renamed) };
  });
}
