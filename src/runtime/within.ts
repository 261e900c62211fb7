// What a key that no source can spell stands for (ir/fields.ts, ir/keyed.ts, ir/within.ts): how it is read of the object that has it, as an array of its own.
//
// Guarantees: no getter and no Proxy trap runs for what a program takes; where an object is none whose field is plain data there is nothing, which fits no
// program. What leaves the kernel is read as the caller's own code would, through the Proxies of a tracked value.

import { fieldOfEach } from "../ir/fields.ts";
import { formOfEntries } from "../ir/keyed.ts";
import { boundToHolder } from "../capture/bound.ts";
import { elementsKey, fieldOfBound } from "../ir/within.ts";
import { hiddenField } from "./hidden.ts";
import { elementsOf } from "./indexed.ts";
import { entriesReader } from "./keyed.ts";
import { isSolidArray, itemsIn, ListsMade, Records } from "./values.ts";

/** Made for one program; undefined for keys of properties. */
export function arrayReader(key: string | number): ((holder: object) => unknown) | undefined {
  if (key === elementsKey) return elementsOf;
  const bound = fieldOfBound(key);
  if (bound !== undefined) return (holder) => boundToHolder(holder, Object.getOwnPropertyDescriptor(holder, bound)?.value);
  const form = formOfEntries(key), each = fieldOfEach(key);
  return form ? entriesReader(form) : each === undefined ? undefined : eachReader(each);
}

type Fields = Record<string, unknown>;

/**
 * What the objects of an array hold in a field, as an array: the rows of `layers[l].weights`, the grid of `shapes[k].vertices`. One entry an object; the same array as
 * in calls before while all of them hold the same. For one program: objects that were found to hold plain data there are remembered.
 */
function eachReader(field: string): (array: object) => unknown[] | undefined {
  const hidden = hiddenField(field), records = new Records(hidden ? [] : [field], []), lists = new ListsMade();
  return (array) => {
    if (!isSolidArray(array)) return undefined;
    const items = itemsIn(array), held = new Array<unknown>(items.length);
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (!records.has(item) || hidden?.has(item) === false) return undefined;
      held[i] = hidden ? hidden.get(item) : (item as Fields)[field];
    }
    return lists.last(array, held);
  };
}

/** The same through Proxies. Requires: it was read without them before. */
export const eachGiven = (field: string) => (array: object): unknown[] => {
  const hidden = hiddenField(field), held: unknown[] = [];
  const add = (list: readonly unknown[]): void => { for (let i = 0; i < list.length; i++) { const item = list[i]; if (Array.isArray(item)) add(item); else held.push(hidden ? hidden.get(item as object) : (item as Fields)[field]); } };
  add(array as readonly unknown[]);
  return held;
};
