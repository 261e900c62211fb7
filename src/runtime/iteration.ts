// What iteration by the language itself goes through: the method under Symbol.iterator of each kind of list, and `next` of the iterator that it
// gives. By the names that expectations have for them ("Array.prototype.@@iterator", "%ArrayIterator%.next"): not all holders have a name.

import { isNativeText, textOf } from "../capture/host.ts";

export interface Member { readonly holder: object; readonly key: PropertyKey; /** the engine's own */ readonly original: unknown }

/** Equal to nothing: what the user had replaced before is never the engine's own. */
const replaced = Symbol("replaced");

function member(holder: object, key: PropertyKey, name: string): Member {
  const value: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
  const own = typeof value === "function" && isNativeText(textOf(value)) && textOf(value).startsWith(`function ${name}(`);
  return { holder, key, original: own ? value : replaced };
}
const next = (iterator: object): Member => member(Object.getPrototypeOf(iterator) as object, "next", "next");

const members: Readonly<Record<string, Member>> = {
  "Array.prototype.@@iterator": member(Array.prototype, Symbol.iterator, "values"),
  "%TypedArray%.prototype.@@iterator": member(Object.getPrototypeOf(Int8Array.prototype) as object, Symbol.iterator, "values"),
  "Map.prototype.@@iterator": member(Map.prototype, Symbol.iterator, "entries"),
  "Set.prototype.@@iterator": member(Set.prototype, Symbol.iterator, "values"),
  "String.prototype.@@iterator": member(String.prototype, Symbol.iterator, "[Symbol.iterator]"),
  "%ArrayIterator%.next": next([].values()),
  "%MapIterator%.next": next(new Map().entries()),
  "%SetIterator%.next": next(new Set().values()),
  "%StringIterator%.next": next(""[Symbol.iterator]()),
};

export const iterationMember = (name: string): Member | undefined => (Object.hasOwn(members, name) ? members[name] : undefined);
