// Typed arrays of the caller's own, with elements that a program left in memory.
//
// They are made at their length, then filled: an engine keeps small ones without a buffer until somebody asks for it, where one that is made of a part of the
// memory has a buffer from the beginning, which takes ten times as long.
//
// Guarantees: no code of the user's runs, whatever methods typed arrays have by now.

import type { TypedArrayName } from "../ir/interface.ts";
import type { SharedMemory } from "./memory.ts";
import { constructors, type TypedArray } from "./values.ts";

const { set } = Object.getPrototypeOf(Float64Array.prototype) as Float64Array, { apply } = Reflect;

export function typedAt({ buffer }: SharedMemory, name: TypedArrayName, address: number, length: number): TypedArray {
  const Own = constructors[name] as unknown as new (from: number | ArrayBufferLike, byteOffset?: number, length?: number) => TypedArray;
  const array = new Own(length);
  if (length > 0) apply(set, array, [new Own(buffer, address, length)]);
  return array;
}
