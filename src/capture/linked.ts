// Objects that lead to others of their own form: nodes of trees and lists, edges of meshes.
//
// Guarantees: no getter and no Proxy trap runs.

import { builtinName } from "./builtins.ts";
import { isProxy } from "./host.ts";

/** so many objects are looked at */
const mostSeen = 64;
/** of an array so many elements are */
const mostItems = 8;

/** Whether its fields, or what they lead to, hold another object of its prototype with fields of the same names in the same order. */
export function isLinked(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null, names = Object.getOwnPropertyNames(value), seen = new Set<object>([value]);
  for (const object of seen) {
    const keys = Array.isArray(object) ? Array.from({ length: Math.min(object.length, mostItems) }, (_, i) => String(i)) : Object.getOwnPropertyNames(object);
    for (const key of keys) {
      const held = Object.getOwnPropertyDescriptor(object, key)?.value as unknown;
      if (typeof held !== "object" || held === null || seen.has(held) || isProxy(held) || ArrayBuffer.isView(held) || builtinName(held) !== null) continue;
      if (Object.getPrototypeOf(held) === prototype && isSameList(Object.getOwnPropertyNames(held), names)) return true;
      if (seen.size >= mostSeen) return false;
      seen.add(held);
    }
  }
  return false;
}
const isSameList = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((name, i) => name === b[i]);
