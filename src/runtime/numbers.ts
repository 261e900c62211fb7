// Arrays of the caller's own out of doubles in memory: what most kernels that return an array return.
//
// A new array is a copy of one that holds as many doubles already: the engine copies it at once, and then knows of each element that is written that there is
// room for it. An element that is pushed asks for both, and takes four times as long. Short arrays, the rows of a small matrix, are literals of their length, in
// code of their own: a third of the time that growing takes. Arrays with holes are made with their length, as `new Array(n)`
// is: what is not written is a hole.
//
// Guarantees: arrays without holes are such that the engine knows of none in them; no code of the user's runs, whatever methods and species of arrays are by now.

import { boxTag } from "../ir/layout.ts";
import type { SharedMemory } from "./memory.ts";
import { canRunJs } from "./tiers.ts";

/** doubles that are copied; longer arrays are made with their length */
const mostCopied = 1 << 16;
/** … so few are a literal; where no code can be made, they are put into an empty array: it has room for them after the first, and nothing need be asked */
const fewest = 16;

type Literal = (f64: Float64Array, at: number, length: number) => number[];
/** one for each length up to `fewest`, in one function; null: none can be made; made when the first is wanted */
let literal: Literal | null | undefined;
function literals(): Literal | null {
  if (!canRunJs()) return null;
  const elements = (length: number): string => Array.from({ length }, (_, i) => `f64[at + ${i} | 0]`).join(", ");
  return new Function("f64", "at", "length", `"use strict"; switch (length) { ${Array.from({ length: fewest }, (_, i) => `case ${i + 1}: return [${elements(i + 1)}];`).join("\n")} default: return []; }`) as Literal;
}
const blank: number[] = [0.5];
const { slice } = Array.prototype, { apply } = Reflect, { getOwnPropertyDescriptor } = Object;
const species = getOwnPropertyDescriptor(Array, Symbol.species)?.get;
/** Does a copy of an array ask nobody else what it is to be? */
export const areCopied = (): boolean => getOwnPropertyDescriptor(Array.prototype, "constructor")?.value === Array && getOwnPropertyDescriptor(Array, Symbol.species)?.get === species;

function blanks(length: number, copied: boolean | undefined): number[] {
  if (length <= fewest) return [];
  if (length > mostCopied || !(copied ?? areCopied())) return new Array<number>(length);
  for (let i = blank.length; i < length; i++) blank[i] = 0.5;
  return apply(slice, blank, [0, length]) as number[];
}

/**
 * The doubles from a place of theirs on, as an array: eight a turn. That an index is an int32 is said, or the engine would test it. `copied`: what `areCopied` says,
 * where many are made.
 */
export function numbersAt(f64: Float64Array, at: number, length: number, copied?: boolean): number[] {
  if (literal === undefined) literal = literals();
  if (literal !== null && length <= fewest) return literal(f64, at, length);
  const array = blanks(length, copied);
  let i = 0;
  for (const last = length - 7 | 0; i < last; i = i + 8 | 0) {
    const k = at + i | 0;
    array[i] = f64[k]!;
    array[i + 1 | 0] = f64[k + 1 | 0]!;
    array[i + 2 | 0] = f64[k + 2 | 0]!;
    array[i + 3 | 0] = f64[k + 3 | 0]!;
    array[i + 4 | 0] = f64[k + 4 | 0]!;
    array[i + 5 | 0] = f64[k + 5 | 0]!;
    array[i + 6 | 0] = f64[k + 6 | 0]!;
    array[i + 7 | 0] = f64[k + 7 | 0]!;
  }
  for (; i < length; i = i + 1 | 0) array[i] = f64[at + i | 0]!;
  return array;
}

/** The same, where what is marked as the content of that place in its list is a hole. Most arrays that are made with their length are full in the end. */
export function numbersAndHolesAt({ f64, i32 }: SharedMemory, at: number, length: number, hole: number): number[] {
  const mark = boxTag + hole, end = at + length | 0;
  let k = at;
  while (k < end && i32[2 * k + 1 | 0] !== mark) k = k + 1 | 0;
  if (k === end) return numbersAt(f64, at, length);
  const array = new Array<number>(length);
  for (let i = 0; i < length; i = i + 1 | 0) if (i32[2 * (at + i) + 1 | 0] !== mark) array[i] = f64[at + i | 0]!;
  return array;
}
