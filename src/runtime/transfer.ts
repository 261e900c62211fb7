// How the elements of a caller's array go into the shared memory and back, one by one, where no code is written for a call's arrays (placing.ts).
//
// Guarantees: `out` writes only what changed: an array of small integers stays one, and a NaN that was not written keeps its bits.

import type { TypedArray } from "./values.ts";

/** Copies an array in, to place `at`, counted in elements. False: an element is no number. */
export function into(array: ArrayLike<unknown>, to: TypedArray, at: number): boolean {
  const { length } = array;
  for (let i = 0; i < length; i++) {
    const value = array[i];
    if (typeof value !== "number") return false;
    to[at + i] = value;
  }
  return true;
}

export function out(array: number[] | TypedArray, from: TypedArray, at: number): void {
  const { length } = array;
  for (let i = 0; i < length; i++) {
    const value = from[at + i]!, old = array[i]!;
    if (old === value ? value === 0 && !Object.is(old, value) : old === old || value === value) array[i] = value;
  }
}
