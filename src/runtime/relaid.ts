// Objects that were laid out for an earlier call (laid.ts) and are met again: what lay in memory then is put there again as a whole, with the numbers that they hold now.
//
// Guarantees: each object is looked at in every call. It has the prototype, the fields and the length that it had, can be changed, and holds what it held, but for numbers, which may be
// others; else all are laid out anew. A field that became an accessor meanwhile is not noticed, as of an array's objects (columns.ts): its getter is run once.
// Objects are remembered by the first of the list, weakly, with what they lead to.

import type { HeapClass } from "../ir/interface.ts";
import type { Laid, LaidClass } from "./laid.ts";
import type { SharedMemory } from "./memory.ts";
import { isPlainArray } from "./values.ts";

/** Puts numbers into memory; false where something is not what it was. */
type Check = (objects: readonly object[], at: readonly number[], names: readonly (readonly PropertyKey[])[], held: readonly unknown[], to: Float64Array) => boolean;
/** The objects of one class: their places in doubles, the names of their fields, what these, or the elements, held. */
interface Group { readonly check: Check; readonly objects: readonly object[]; readonly at: readonly number[]; readonly names: readonly (readonly PropertyKey[])[]; readonly held: readonly unknown[] }
interface Seen { readonly list: readonly unknown[]; readonly address: number; readonly from: number; readonly head: Int32Array; readonly laid: Laid; readonly groups: readonly Group[] }

/** So many lists more are remembered than were met again: those that come may be new ones every time. */
const mostInVain = 64;
/** stands for a field or an element that is not there */
const absent = Symbol("absent");
const itemAt = (array: readonly unknown[], i: number): unknown => { const item = array[i]; return item === undefined && !(i in array) ? absent : item; };
/** What the array holds, without holes. */
const itemsOf = (array: readonly unknown[]): unknown[] => Array.from({ length: array.length }, (_, i) => itemAt(array, i));

export class Relaid {
  private readonly memory: SharedMemory;
  private readonly classes: readonly LaidClass[];
  private readonly checks: (Check | null | undefined)[] = [];
  private readonly seen = new WeakMap<object, Seen>();
  private left = mostInVain;

  constructor(memory: SharedMemory, classes: readonly LaidClass[]) {
    this.memory = memory;
    this.classes = classes;
  }

  /** Null: they have to be laid out. */
  again(list: readonly unknown[], address: number): Laid | null {
    const { memory } = this, [first] = list, seen = typeof first === "object" && first !== null ? this.seen.get(first) : undefined;
    if (seen === undefined || seen.address !== address || seen.from !== memory.stack || seen.list.length !== list.length || seen.laid.start < memory.allocator.top) return null;
    for (let i = 0; i < list.length; i++) if (!Object.is(itemAt(list, i), seen.list[i])) return null;
    const { laid, head, groups } = seen, { i32, f64 } = memory;
    i32.set(laid.image, laid.start >> 2);
    i32.set(head, address >> 2);
    for (const { check, objects, at, names, held } of groups) if (!check(objects, at, names, held, f64)) { this.seen.delete(first as object); return null; }
    laid.image.set(i32.subarray(laid.start >> 2, seen.from >> 2));
    memory.stack = laid.start;
    this.left = Math.min(this.left + 1, mostInVain);
    return laid;
  }

  remember(list: readonly unknown[], address: number, laid: Laid): void {
    const [first] = list, { i32 } = this.memory;
    if (this.left <= 0 || typeof first !== "object" || first === null) return;
    const groups = this.groupsOf(laid);
    if (groups === null) return;
    this.left--;
    this.seen.set(first, { list: itemsOf(list), address, from: laid.start + 4 * laid.image.length, head: i32.slice(address >> 2, (address >> 2) + 2 * list.length), laid, groups });
  }

  /** Null where the host allows no generated code. */
  private groupsOf({ places }: Laid): Group[] | null {
    const groups: { check: Check; objects: object[]; at: number[]; names: PropertyKey[][]; held: unknown[] }[] = [];
    for (const [object, { address, of }] of places) {
      const { cls, prototype } = this.classes[of]!, check = (this.checks[of] ??= cls.form === "array" ? checkOfArrays(cls, prototype) : checkOfRecords(cls, prototype, of));
      if (check === null || (cls.form === "record" && cls.table) || (cls.form === "array" && cls.added.length > 0)) return null; // whose elements lie elsewhere
      const group = (groups[of] ??= { check, objects: [], at: [], names: [], held: [] });
      group.objects.push(object);
      if (cls.form === "array") {
        group.at.push((address + 8) >> 3);
        group.held.push(itemsOf(object as unknown[]));
      } else {
        const names = Reflect.ownKeys(object), last = group.names.at(-1);
        group.at.push(address >> 3);
        group.names.push(last !== undefined && last.length === names.length && last.every((name, i) => name === names[i]) ? last : names);
        for (const [name] of [...cls.fields, ...cls.added]) group.held.push(Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : absent);
      }
    }
    return groups.filter(() => true); // without classes of which there is none
  }
}

const takesNumbers = (slot: readonly { readonly is: string }[]): boolean => slot.some(({ is }) => is === "number");

function checkOfArrays({ elements }: HeapClass & { form: "array" }, prototype: object): Check {
  const numbers = takesNumbers(elements);
  return (objects, at, _names, held, to) => {
    for (let n = 0; n < objects.length; n++) {
      const array = objects[n] as unknown[], were = held[n] as unknown[];
      if (Object.getPrototypeOf(array) !== prototype || !Object.isExtensible(array) || array.length !== were.length || !isPlainArray(array)) return false;
      for (let i = 0, a = at[n]!; i < were.length; i++) {
        const item = array[i];
        if (numbers && typeof item === "number") to[a + i] = item === item ? item : NaN; // no NaN that reads as something else
        else if (item === undefined ? (i in array ? undefined : absent) !== were[i] : item !== were[i]) return false;
      }
    }
    return true;
  };
}

let serial = 0;
/** Null where the host allows no generated code. */
function checkOfRecords({ fields, added }: HeapClass & { form: "record" }, prototype: object, of: number): Check | null {
  const own = ([name, slot]: (typeof fields)[number], i: number): string => {
    const number = `if (typeof v === "number") to[a + ${i}] = v === v ? v : NaN; else `;
    const test = `v = object[${JSON.stringify(name)}]; ${takesNumbers(slot) ? number : ""}if (v !== held[p + ${i}]) return false;`;
    return i < fields.length ? test : `if (held[p + ${i}] !== absent) { ${test} }`;
  };
  const text = `"use strict"; // objects laid out again ${++serial}, class ${of}: its own text, so that the engine keeps its own feedback
return (objects, at, names, held, to) => {
  for (let n = 0, p = 0; n < objects.length; n++, p += ${fields.length + added.length}) {
    const object = objects[n], a = at[n], were = names[n], now = getOwnPropertyNames(object);
    if (getPrototypeOf(object) !== prototype || !isExtensible(object) || now.length !== were.length || getOwnPropertySymbols(object).length > 0) return false;
    for (let i = 0; i < now.length; i++) if (now[i] !== were[i]) return false;
    let v;
    ${[...fields, ...added].map(own).join("\n    ")}
  }
  return true;
};`;
  const { getPrototypeOf, isExtensible, getOwnPropertyNames, getOwnPropertySymbols } = Object; // the last two take half as long as all keys at once
  const given = { prototype, absent, getPrototypeOf, isExtensible, getOwnPropertyNames, getOwnPropertySymbols };
  try { return (new Function(...Object.keys(given), text) as (...values: unknown[]) => Check)(...Object.values(given)); } catch { return null; }
}
