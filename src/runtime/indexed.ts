// What an object of the caller's has under index keys, as an array, for programs that take it as a list (specialize/partial/indexed.ts), and what goes back.
//
// Guarantees: nothing of the user's code runs; only what changed is written. An object that can't be given properties, or has accessors, keys of numbers that are no
// index, or few properties far apart, gives no array: the call does not fit. Of an object that was seen before, properties that became accessors since are
// not noticed, as of any field (plan.ts).

import { isSolid } from "./values.ts";

const { getOwnPropertyDescriptor, isExtensible } = Object;
const { ownKeys } = Reflect;

/** An object with plain data alone under its index keys that was seen so. */
const seen = new WeakMap<object, number>();
/** holes beside so many elements */
const mostHoles = 4096;

/** The elements, holes where it has none; undefined where that is no such object. */
export function elementsOf(holder: object): unknown[] | undefined {
  if (!isSolid(holder) || !isExtensible(holder)) return undefined;
  const names = ownKeys(holder), elements: unknown[] = [], known = seen.get(holder) ?? 0;
  let count = 0;
  for (const name of names) {
    if (typeof name !== "string" || String(Number(name)) !== name) continue; // the others are fields
    const index = Number(name);
    if (!(index >= 0 && index < 4294967295 && Number.isInteger(index)) || index > 2 * names.length + mostHoles) return undefined;
    if (count++ >= known) {
      const own = getOwnPropertyDescriptor(holder, name)!;
      if (!("value" in own) || own.writable !== true || own.enumerable !== true || own.configurable !== true) return undefined;
    }
    elements[index] = (holder as Record<number, unknown>)[index];
  }
  seen.set(holder, count);
  return elements;
}

/** Whether the prototype has as many keys as it has now, and none of a number. */
export function keepsNames(prototype: object): () => boolean {
  const { length } = ownKeys(prototype), clean = !ownKeys(prototype).some((name) => typeof name === "string" && (String(Number(name)) === name || name === "undefined"));
  return () => clean && ownKeys(prototype).length === length;
}

/** Writes what is not so: `before` is what the holder had. */
export function endElements(holder: object, before: readonly unknown[], now: readonly unknown[]): void {
  const object = holder as Record<number, unknown>, length = Math.max(before.length, now.length);
  for (let i = 0; i < length; i++) {
    if (!(i in now)) { if (i in before) delete object[i]; }
    else if (!(i in before) || !Object.is(before[i], now[i])) object[i] = now[i];
  }
}
