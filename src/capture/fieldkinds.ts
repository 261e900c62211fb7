// What values are as fields of the objects of an array (ir/fields.ts), and what an object has under index keys.

import { fieldKinds, type FieldKind } from "../ir/fields.ts";
import { isNumericKey } from "./serial.ts";

/** What an object has under index keys, which come first, beside others or as an instance of a class; null where it has none, or they are no plain data of that sort. */
export function elementsIn(value: object, keys: readonly string[]): { readonly count: number; readonly kinds: readonly FieldKind[] } | null {
  let count = 0;
  const kinds = new Set<FieldKind>(), isEntry = (key: string): boolean => isNumericKey(key) && Number.isInteger(Number(key)) && Number(key) >= 0 && Number(key) < 4294967295;
  for (; count < keys.length && isEntry(keys[count]!); count++) {
    const found = Object.getOwnPropertyDescriptor(value, keys[count]!)!, kind = "value" in found ? fieldKindOf(found.value, new Set()) : null;
    if (kind === null) return null;
    kinds.add(kind);
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (count === 0 || (count === keys.length && (prototype === null || prototype === Object.prototype))) return null;
  if (keys[count - 1] !== String(count - 1)) kinds.add("absent");
  return { count, kinds: fieldKinds.filter((kind) => kinds.has(kind)) };
}

export const noItems: ReadonlySet<object> = new Set();
/** What a value is as a field of an array's objects; null where it is nothing of the kind. */
export function fieldKindOf(value: unknown, items: ReadonlySet<object>): FieldKind | null {
  switch (typeof value) {
    case "number": case "boolean": case "undefined": return typeof value as FieldKind;
    case "object": return value === null ? "null" : items.has(value) ? "item" : null;
    default: return null;
  }
}
