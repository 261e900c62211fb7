// What the objects of an array hold in a field, as an array (ir/fields.ts, `eachKey`): the rows of `layers[l].weights`, the grid of `shapes[k].vertices`.
//
// One entry an object; the same array as in calls before while all of them hold the same. Guarantees: no getter and no Proxy trap runs for what a program
// takes; where an object is none whose field is plain data there is nothing, which fits no program. What leaves the kernel is read as the caller's own code
// would, through the Proxies of a tracked value.

import { hiddenField } from "./hidden.ts";
import { isSolidArray, itemsIn, ListsMade, Records } from "./values.ts";

type Fields = Record<string, unknown>;

/** For one program: objects that were found to hold plain data there are remembered. */
export function eachReader(field: string): (array: object) => unknown[] | undefined {
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
