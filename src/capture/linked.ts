// Objects that lead to others of their own form: nodes of trees and lists, edges of meshes; and what lies in memory with such.
//
// Guarantees: no getter and no Proxy trap runs.

import { builtinName } from "./builtins.ts";
import { isMap, isProxy, isSet } from "./host.ts";
import { privateKeys } from "./privates.ts";
import { isElementKey } from "./serial.ts";

/** so many objects are looked at for another of the first one's form, of each array so many elements */
const mostSeen = 64, mostItems = 8;
/** so many objects lie in memory */
const mostHeld = 10_000;

/**
 * Whether its fields, or what they lead to, hold another object of its prototype with fields of the same names in the same order, and all that they lead to are
 * plain objects and arrays of what can lie in memory (specialize/partial/linked.ts). What can't is seen here, where nothing is remembered of what was looked at.
 */
export const isLinked = (value: object): boolean => leadsToAlike(value) && reachOf(value) !== null;

function leadsToAlike(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null, names = Object.getOwnPropertyNames(value), seen = new Set<object>([value]);
  for (const object of seen) {
    for (const key of Array.isArray(object) ? Array.from({ length: Math.min(object.length, mostItems) }, (_, i) => String(i)) : Object.getOwnPropertyNames(object)) {
      const held = Object.getOwnPropertyDescriptor(object, key)?.value as unknown;
      if (typeof held !== "object" || held === null || seen.has(held) || isProxy(held) || ArrayBuffer.isView(held)) continue;
      if (Object.getPrototypeOf(held) === prototype && isSameList(Object.getOwnPropertyNames(held), names)) return true;
      if (seen.size >= mostSeen) return false;
      seen.add(held);
    }
  }
  return false;
}
const isSameList = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((name, i) => name === b[i]);

/** The object and all that it leads to; null where one of them can't lie in memory. */
export function reachOf(value: object): ReadonlySet<object> | null {
  const seen = new Set<object>([value]);
  for (const object of seen) {
    const isArray = Array.isArray(object);
    if (isProxy(object) || !Object.isExtensible(object) || !(isArray ? builtinName(Object.getPrototypeOf(object) as object) === "Array.prototype" : isPlain(object))) return null;
    for (const key of Reflect.ownKeys(object)) {
      if (isArray && key === "length") continue;
      if (typeof key === "symbol" || key === "__proto__" || isElementKey(isArray ? "array" : "typed", key) !== isArray) return null;
      const { value: held, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(object, key)! as { value?: unknown; writable?: boolean; enumerable?: boolean; configurable?: boolean };
      if (!writable || !enumerable || !configurable) return null;
      if (typeof held === "object" && held !== null) seen.add(held);
      else if (typeof held === "function" || typeof held === "bigint" || typeof held === "symbol") return null;
    }
    if (seen.size > mostHeld) return null;
  }
  return seen;
}
/** A plain object or an instance of somebody's class, without anything in internal slots. */
function isPlain(object: object): boolean {
  if (isMap(object) || isSet(object) || builtinName(object) !== null || privateKeys(object).length > 0) return false;
  for (let owner = Object.getPrototypeOf(object) as object | null; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    if (isProxy(owner)) return false;
    const name = builtinName(owner);
    if (name !== null) return name === "Object.prototype";
  }
  return false;
}
