// Local objects that meet with objects in memory: they are put there, too, and what can stand in one place is of one class.
//
//   let node = { v: 1, next: null }; for (…) node = { v: i, next: node }      what comes around lies in memory: so does what the loop begins with

import { classOf, formKey, unify, type Class } from "./contents.ts";
import type { Evaluator } from "./evaluator.ts";
import type { State } from "./heap.ts";
import type { Arrival } from "./merge.ts";
import type { Abs, Alt, Mem, Obj } from "./values.ts";
import { box, isAlike, isOwn, isTyped, reference } from "./boxes.ts";

/** Of values that meet, those that are local objects are put into memory where the other paths' lie there. */
export function align(ev: Evaluator, values: readonly (Abs | null | undefined)[], arrivals: readonly Arrival[]): (Abs | null | undefined)[] {
  const column = values.map((v, i) => (v ? reference(v, arrivals[i]!.state) : v));
  const boxed = column.find((v): v is Mem => v?.k === "mem" && isOwn(v));
  const aligned = boxed ? column.map((v, i) => (v?.k === "obj" ? placeLike(ev, v, boxed, arrivals[i]!) : v)) : column;
  unifyBoxes(ev, aligned);
  return aligned;
}
/** A value with the local objects in it that `before` does not know put into memory. */
export function placeNew(ev: Evaluator, value: Abs, before: State, arrival: Arrival): Abs {
  const { objects } = arrival.state;
  const isNew = (id: number): boolean => {
    const object = before.objects.has(id) ? undefined : objects.get(id);
    return object !== undefined && (isTyped(object) || classOf(ev, object) !== undefined);
  };
  return ev.onPath(arrival, () => {
    if (value.k === "obj") return isNew(value.id) ? box(ev, value.id) : value;
    // of a choice each, whichever it is: nobody sees the others
    return value.k === "sum" ? { ...value, alts: value.alts.map((alt) => (alt.k === "obj" && isNew(alt.id) ? box(ev, alt.id) : alt)) } : value;
  });
}
/** What can stand in one place is of one class, where it has one form. */
export function unifyBoxes(ev: Evaluator, values: readonly (Abs | null | undefined)[]): void {
  const boxes: Class[] = [];
  const add = (v: Abs | Alt | null | undefined): void => { if (v?.k === "mem" && v.of.box && !boxes.includes(v.of.box)) boxes.push(v.of.box); };
  for (const v of values) if (v?.k === "sum") v.alts.forEach(add); else add(v);
  if (boxes.length < 2) return;
  for (const [i, cls] of boxes.entries()) for (const other of boxes.slice(0, i)) if (cls !== other && formKey(cls.form) === formKey(other.form)) unify(ev, other, cls);
}
/** The same for one path: the value as one of the memory of `boxed`, where it has that form. */
export function placeLike(ev: Evaluator, value: Obj, boxed: Mem, arrival: Arrival): Abs {
  return ev.onPath(arrival, () => {
    const object = ev.state.objects.get(value.id);
    if (!object || !isAlike(ev, object, boxed)) return value;
    if (boxed.of.box) unify(ev, boxed.of.box, classOf(ev, object)!);
    return box(ev, value.id);
  });
}
