// What is ordinary: arrays, typed arrays, Dates and objects as the language makes them, of which nothing is hidden, put between or somebody's own.
//
// Guarantees: no Proxy trap runs, no method of the user's, and no getter but of an element behind the first `mostAsked`.

import { builtinName } from "./builtins.ts";
import { isArguments, isDate, isMap, isModuleNamespace, isProxy, isResizable, isSet, isTrueView, typedArrayTag } from "./host.ts";
import { isNumericKey } from "./serial.ts";

/** A Date as the engine makes them. */
export function isPlainDate(value: object): boolean {
  if (!isDate(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype !== null && builtinName(prototype) === "Date.prototype" && Object.getOwnPropertyNames(value).length === 0;
}

export const isList = (value: unknown): value is object => Array.isArray(value) || typedArrayTag(value) !== undefined;
/** A typed array of that kind as the engine makes them, whose length stays. */
export const isPlainTyped = (row: Float64Array, tag: string): boolean => typedArrayTag(row) === tag && isTrueView(row) && !isResizable(row.buffer) && builtinName(Object.getPrototypeOf(row) as object) === `${tag}.prototype`;
export const isRowOfObjects = (row: unknown): boolean => Array.isArray(row) && !isProxy(row) && isOrdinaryArray(row) && all(row, (item) => typeof item === "object" && item !== null && !Array.isArray(item) && !isProxy(item));
/** An array as the language makes them: writes go through, and nothing was put between it and Array.prototype. */
export function isOrdinaryArray(value: readonly unknown[]): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype !== null && builtinName(prototype) === "Array.prototype" && Object.isExtensible(value) && !Object.hasOwn(value, Symbol.iterator) && !hasAccessors(value);
}
/** Asking costs more than copying: an array of more elements is taken to hold data, as those are that come later. */
const mostAsked = 1024;
export function hasAccessors(value: readonly unknown[]): boolean {
  for (let i = 0; i < value.length && i < mostAsked; i++) if (Object.getOwnPropertyDescriptor(value, i)?.get !== undefined) return true;
  return false;
}

/** An instance of a class over Array: what it has no more of its own is its prototypes', and these have no elements. */
export function isOfArrayClass(value: readonly unknown[]): boolean {
  return isBelowArray(value) && Object.isExtensible(value) && Object.getOwnPropertySymbols(value).length === 0 && !hasAccessors(value);
}
/** Whether there are prototypes of somebody's between it and Array.prototype. */
function isBelowArray(value: readonly unknown[]): boolean {
  for (let at = Object.getPrototypeOf(value) as object | null, depth = 0; at !== null; at = Object.getPrototypeOf(at) as object | null, depth++) {
    if (isProxy(at)) return false;
    const name = builtinName(at);
    if (name !== null) return name === "Array.prototype" && depth > 0;
    if (Object.getOwnPropertyNames(at).some(isNumericKey)) return false;
  }
  return false;
}

/** An array's elements: the user's own may have methods of its own. */
export function itemsOf<T>(value: readonly T[]): T[] {
  const items: T[] = [];
  for (let i = 0; i < value.length; i++) items.push(value[i]!);
  return items;
}
/** Like `every`, but a hole is asked about too: it reads as undefined. */
export function all<T>(value: readonly T[], test: (item: T) => boolean): boolean {
  for (let i = 0; i < value.length; i++) if (!test(value[i]!)) return false;
  return true;
}

export function allNumbers(value: readonly unknown[]): boolean {
  return all(value, (item) => typeof item === "number");
}

/** A plain object, one without a prototype or an instance of somebody's class, without anything hidden in internal slots. */
export function isRecord(value: object): boolean {
  if (isMap(value) || isSet(value) || isModuleNamespace(value) || isArguments(value) || builtinName(value) !== null) return false;
  for (let owner = Object.getPrototypeOf(value) as object | null; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    if (isProxy(owner)) return false;
    const name = builtinName(owner);
    if (name !== null) return name === "Object.prototype"; // Date.prototype, Error.prototype …: their instances have hidden parts
  }
  return Object.getPrototypeOf(value) === null && !hasHiddenParts(value);
}

/** What an object without a prototype has in internal slots, the engine's own toString alone tells; a tag of the object's own would be asked. */
const hasHiddenParts = (value: object): boolean => Object.hasOwn(value, Symbol.toStringTag) || Object.prototype.toString.call(value) !== "[object Object]";
