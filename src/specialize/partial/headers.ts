// What stands before the elements of the kernel's own arrays in memory, in spaces of its own: how long a typed array is, and for how many elements an ordinary one has room.
//
// No element lies there: what is stored to an array changes no length. So a loop over rows (`table[i][j] = …`) asks for a row's length once, in front of it.
// The runtime knows these places by address (runtime/heap.ts).

import { heads } from "../../ir/layout.ts";
import type { Value } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import { memory, newSpace } from "./inputs.ts";

function wordsOf(ev: Evaluator, name: string): number {
  let of = ev.heapMemories.get(name);
  if (!of) ev.heapMemories.set(name, (of = memory({ array: "Int32Array", space: newSpace(ev, name, "frame", "i32"), name, path: null, local: true })));
  return of.space;
}

export const loadLength = (ev: Evaluator, elements: Value): Value => ev.b.load("i32.load", elements, ev.b.i32(0), 0, -4, wordsOf(ev, heads.lengths));
export const storeLength = (ev: Evaluator, elements: Value, length: Value): void => ev.b.store("i32.store", elements, ev.b.i32(0), length, 0, -4, wordsOf(ev, heads.lengths));

/** bytes before an ordinary array's first element */
export const header = 16;
export const loadCapacity = (ev: Evaluator, elements: Value): Value => ev.b.load("i32.load", elements, ev.b.i32(0), 0, -header, wordsOf(ev, heads.capacities));
/** `block`: where the header begins */
export const storeCapacity = (ev: Evaluator, block: Value, capacity: Value): void => ev.b.store("i32.store", block, ev.b.i32(0), capacity, 0, 0, wordsOf(ev, heads.capacities));
