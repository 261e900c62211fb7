// How the elements of a caller's array go into the shared memory and back, one by one.
//
// Guarantees: `out` writes only what changed: an array of small integers stays one, and a NaN that was not written keeps its bits.
// Functions of an array's own are these once more: the engine keeps what it learns of arrays with a function's text, and soon knows nothing of those that all arrays of
// all programs go through. They have no free variables.

import { canCompile } from "../js/instantiate.ts";
import { isWritableArray, type TypedArray } from "./values.ts";

export interface Transfer {
  /** Copies an array in, to place `at`, counted in elements. False: an element is no number. */
  readonly into: (array: ArrayLike<unknown>, to: TypedArray, at: number) => boolean;
  readonly isWritable: (array: unknown[]) => boolean;
  readonly out: (array: number[] | TypedArray, from: TypedArray, at: number) => void;
}

function into(array: ArrayLike<unknown>, to: TypedArray, at: number): boolean {
  const { length } = array;
  for (let i = 0; i < length; i++) {
    const value = array[i];
    if (typeof value !== "number") return false;
    to[at + i] = value;
  }
  return true;
}

function out(array: number[] | TypedArray, from: TypedArray, at: number): void {
  const { length } = array;
  for (let i = 0; i < length; i++) {
    const value = from[at + i]!, old = array[i]!;
    if (old === value ? value === 0 && !Object.is(old, value) : old === old || value === value) array[i] = value;
  }
}

/** The functions that all arrays have in common. */
export const shared: Transfer = { into, isWritable: isWritableArray, out };

let serial = 0;
const again = <F extends Function>(fn: F): F => (new Function(`"use strict"; // ${++serial}\nreturn ${String(fn)};`) as () => F)();

/** Functions of an array's own; the shared ones where the host allows no generated code, or a tool put variables of its own into them. */
export function ownTransfer(): Transfer {
  if (!canCompile()) return shared;
  try {
    const own: Transfer = { into: again(into), isWritable: again(isWritableArray), out: again(out) }, list = [0, 0], memory = new Float64Array(2);
    memory[0] = 1;
    own.out(list, memory, 0);
    return own.into(list, memory, 1) && own.isWritable(list) ? own : shared;
  } catch {
    return shared;
  }
}
