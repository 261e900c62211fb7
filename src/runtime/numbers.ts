// Ordinary arrays of numbers on their way into memory and back.
//
// Guarantees: nothing but numbers comes in, and of what was copied only elements that hold another number now are written: an array of small integers stays
// one. Both are asked of typed arrays as far as possible: code that serves arrays of all kinds takes ten times as long for an element of theirs.

import type { SharedMemory } from "./memory.ts";
import { isWritableArray } from "./values.ts";

/** elements from which on the engine's own copying is worth its call */
const many = 16;

/** Copies the elements to an address; `was`, where it is not 0: another one, by which `numbersOut` finds out what changed. */
export function numbersIn(memory: SharedMemory, array: readonly unknown[], address: number, was: number): "kind" | "frozen" | null {
  const to = memory.f64, first = address >> 3, { length } = array;
  if (length < many) {
    for (let i = 0; i < length; i++) {
      const value = array[i];
      if (typeof value !== "number") return "kind";
      to[first + i] = value;
    }
  } else {
    for (let i = 0; i < length; i++) if (typeof array[i] !== "number") return "kind";
    to.set(array as readonly number[], first);
  }
  if (was === 0) return null;
  if (!isWritableArray(array as unknown[])) return "frozen";
  to.copyWithin(was >> 3, first, first + length);
  return null;
}

/** Writes what has changed since `numbersIn`. Answers the bytes looked at. */
export function numbersOut(memory: SharedMemory, array: number[], address: number, was: number): number {
  const from = memory.f64, now = address >> 3, before = was >> 3, { length } = array;
  for (let i = 0; i < length; i++) {
    const value = from[now + i]!, old = from[before + i]!;
    if (old !== value || (value === 0 && 1 / old !== 1 / value)) array[i] = value;
  }
  return length * 8;
}
