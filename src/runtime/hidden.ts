// Fields of objects that no source can spell: the time of a Date, private fields. How they are read, written and looked for.
//
// Guarantees: an object that has one has it for good. Whether it is frozen is no matter.

import { privateField } from "../capture/privates.ts";
import { timeKey, timeOf } from "../ir/dates.ts";
import { isSolid, isSolidArray, itemsIn } from "./values.ts";

export interface HiddenField {
  readonly get: (holder: object) => unknown;
  readonly set: (holder: object, value: unknown) => void;
  readonly has: (holder: object) => boolean;
}

const times: HiddenField = {
  get: timeOf,
  set: () => { throw new TypeError("the time of a Date is not written"); },
  has: (holder) => { try { timeOf(holder); return true; } catch { return false; } },
};

/** Undefined for keys of properties. */
export const hiddenField = (key: string | number): HiddenField | undefined => (key === timeKey ? times : privateField(String(key)));

/** The objects that these hold in such fields, one level after the other; undefined in the place of what is none or no plain data. */
export const heldIn = (list: readonly unknown[], within: readonly string[]): readonly unknown[] =>
  within.reduce((held, key) => {
    const field = hiddenField(key);
    return held.map((item) => (!isSolid(item) ? undefined : field ? (field.has(item) ? field.get(item) : undefined) : (Object.getOwnPropertyDescriptor(item, key)?.value as unknown)));
  }, list);

/** An object of an array, or what it holds in these fields, one level after the other; of a tracked value through its Proxies. Requires: they are plain data. */
export function itemAt(array: unknown, at: number, within: readonly string[]): unknown {
  let list = array as readonly unknown[], i = at;
  if (Array.isArray(list[0])) for (const row of list as readonly (readonly unknown[])[]) { if (i < row.length) { list = row; break; } i -= row.length; }
  let item = list[i];
  for (const key of within) {
    const field = hiddenField(key);
    item = field ? field.get(item as object) : (item as Record<string, unknown>)[key];
  }
  return item;
}

/** Has no object of the array, or none that they hold in these fields, the field of its own? */
export function isLacking(array: unknown, field: string, within: readonly string[]): boolean {
  if (!isSolidArray(array)) return false;
  const objects = heldIn(itemsIn(array), within);
  for (let i = 0; i < objects.length; i++) {
    const object = objects[i];
    if (!isSolid(object) || Object.hasOwn(object, field)) return false;
  }
  return true;
}
