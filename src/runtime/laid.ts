// The objects and arrays that stand in a call's tables (keyed.ts), or in its arrays of arrays that change their length: laid out in memory with all that they lead to, as a program's own lie there, and filled
// again when it has ended.
//
// Guarantees: nothing of the user's code runs; each is laid out once, cycles included, and stays itself: only what changed in it is written. What is
// no plain object or array of the classes that the program knows, is closed, or has accessors, is not laid out: the call does not fit.

import type { HeapClass } from "../ir/interface.ts";
import { cellWriter, type HeapReader, writeElements } from "./heap.ts";
import { push, type SharedMemory } from "./memory.ts";
import type { Made } from "./outcome.ts";
import { isSolid, isSolidArray, isWritableArray } from "./values.ts";

const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Object;
const { ownKeys } = Reflect;

/** A class with the object that its prototype is. */
export type LaidClass = { readonly cls: HeapClass; readonly prototype: object };
/** Where each object lies, and of which class it is. */
export type Laid = ReadonlyMap<object, { readonly address: number; readonly of: number }>;

/** By the list of a table's values: what was laid out for the last call that had it. */
const laidIn = new WeakMap<readonly unknown[], Laid>();
export const laidFor = (values: unknown): Laid | undefined => laidIn.get(values as unknown[]);

type Slot = Parameters<typeof cellWriter>[1];
/** The list's elements at the address, with all that they lead to; `elements`: what all of them can be, or each. */
export function layOut(memory: SharedMemory, list: readonly unknown[], elements: Slot | readonly Slot[], classes: readonly LaidClass[], address: number): boolean {
  const laid = new Map<object, { readonly address: number; readonly of: number }>();
  const lay = (item: object, of: number): number => {
    if (item === list) return 0; // it has its place
    const known = laid.get(item);
    if (known) return known.of === of ? known.address : 0;
    const { cls, prototype } = classes[of]!;
    if (!isExtensible(item) || getPrototypeOf(item) !== prototype) return 0;
    return cls.form === "array" ? layArray(item, of, cls) : layRecord(item, of, cls);
  };
  const layArray = (item: object, of: number, cls: HeapClass & { form: "array" }): number => {
    if (!isSolidArray(item) || ownKeys(item).at(-1) !== "length" || getOwnPropertyDescriptor(item, "length")!.writable !== true || !isWritableArray(item)) return 0;
    const block = push(memory, item.length * 8 + 80);
    if (block === 0) return 0;
    laid.set(item, { address: block + 8, of });
    memory.i32[block >> 2] = item.length + 8;
    memory.i32[(block >> 2) + 2] = block + 16;
    memory.i32[(block >> 2) + 3] = item.length;
    return writeElements(memory, item, cls.elements, block + 16, lay) ? block + 8 : fail(item);
  };
  const layRecord = (item: object, of: number, { fields, added }: HeapClass & { form: "record" }): number => {
    const order = isSolid(item) ? orderOf(item, fields.map(([name]) => name), added.map(([name]) => name)) : null;
    if (order === null) return 0;
    const slots = [...fields, ...added], { i32 } = memory, address = push(memory, 8 * (slots.length + added.length + 1));
    if (address === 0) return 0;
    laid.set(item, { address, of });
    i32.fill(0, (address >> 2) + 2 * slots.length, (address >> 2) + 2 * (slots.length + added.length + 1));
    const counter = (address >> 2) + 2 * slots.length;
    i32[counter] = order.length;
    order.forEach((i, place) => { i32[counter + 2 * (i + 1)] = place + 1; });
    return slots.every(([name, slot], i) => {
      const there = i < fields.length || order.includes(i - fields.length), write = cellWriter(memory, slot, lay);
      return write(there ? (item as Record<string, unknown>)[name] : undefined, !there, address + 8 * i);
    }) ? address : fail(item);
  };
  // it may be one of another class; a part of it that lies there is nobody's
  const fail = (item: object): number => { laid.delete(item); return 0; };
  const [first] = elements, each = first !== undefined && "length" in first ? (elements as readonly Slot[]) : null;
  if (each ? !each.every((slot, i) => cellWriter(memory, slot, lay)(list[i], false, address + 8 * i)) : !writeElements(memory, list, elements as Slot, address, lay)) return false;
  laidIn.set(list, laid);
  return true;
}

/** Which of the fields that objects of its class may get it has, in order; null where its fields are others. */
function orderOf(item: object, own: readonly string[], added: readonly string[]): number[] | null {
  const names = ownKeys(item), more: number[] = [];
  if (names.length < own.length) return null;
  for (const [i, name] of names.entries()) {
    const property = getOwnPropertyDescriptor(item, name)!;
    if (!("value" in property) || !property.writable || !property.enumerable || !property.configurable) return null;
    if (i < own.length) { if (own[i] !== name) return null; continue; }
    const at = added.indexOf(name as string);
    if (at < 0) return null;
    more.push(at);
  }
  return more;
}

/** All objects that were laid out are themselves in the outcome. */
export function madeOf(laid: Laid, made: Made): void { for (const [object, { address }] of laid) made.set(-address, object); }

/** Reads what they hold when the program has ended; the function that it gives writes what is not so. */
export function refilling(reader: HeapReader, classes: number): (laid: Laid, values: readonly unknown[], made: Made) => () => void {
  const contents = Array.from({ length: classes }, (_, of) => reader.contents(of));
  return (laid, values, made) => {
    const now = [...laid].map(([object, { address, of }]) => [object, contents[of]!(address, values, made)] as const);
    return () => {
      for (const [object, held] of now) {
        if (Array.isArray(object)) refill(object, held);
        else for (const [name, value] of held as (readonly [string, unknown])[]) if (!Object.is((object as Record<string, unknown>)[name], value) || !Object.hasOwn(object, name)) (object as Record<string, unknown>)[name] = value;
      }
    };
  };
}
/** Only what changed is written: an array of small integers stays one. */
export function refill(array: unknown[], elements: readonly unknown[]): void {
  array.length = elements.length;
  for (let i = 0; i < elements.length; i++) {
    if (!(i in elements)) delete array[i];
    else if (!(i in array) || !Object.is(array[i], elements[i])) array[i] = elements[i];
  }
}
