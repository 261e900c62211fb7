// The objects and arrays that stand in a call's tables (keyed.ts), or in its arrays of arrays that change their length: laid out in memory with all that they lead to, as a program's own lie there, and filled
// again when it has ended.
//
// Guarantees: nothing of the user's code runs; each is laid out once, cycles included, and stays itself: only what changed in it is written. What is
// no plain object or array of the classes that the program knows, is closed, or has accessors, is not laid out: the call does not fit.
//
// What was laid out lies in one stretch of memory, of which there is an image as it was at entry: what is not so at the end has changed. A call with the very objects of an
// earlier one is given that one's stretch, after a look at each of them (relaid.ts).

import type { HeapClass, HeapContent } from "../ir/interface.ts";
import { type Entries, placeOfKey, tableFields, type TableForm } from "../ir/keyed.ts";
import { cellWriter, type HeapReader, writeElements } from "./heap.ts";
import { endTable, entriesReader } from "./keyed.ts";
import { push, type SharedMemory } from "./memory.ts";
import type { Made } from "./made.ts";
import { Relaid } from "./relaid.ts";
import { isPlainArray, isSolid, isSolidArray, isWritableArray } from "./values.ts";

const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Object;
const { ownKeys } = Reflect;

/** A class with the object that its prototype is. */
export type LaidClass = { readonly cls: HeapClass; readonly prototype: object };
interface Place { readonly address: number; readonly of: number; readonly entries?: Entries }
export interface Laid {
  /** where each object lies, and of which class it is; what a table held */
  readonly places: ReadonlyMap<object, Place>;
  /** the words of the stretch from this address on, as they were at entry */
  readonly start: number;
  readonly image: Int32Array;
}

/** By the list of a table's values: what was laid out for the last call that had it. */
const laidIn = new WeakMap<readonly unknown[], Laid>();
export const laidFor = (values: unknown): Laid | undefined => laidIn.get(values as unknown[]);

type Slot = Parameters<typeof cellWriter>[1];
type Write = ReturnType<typeof cellWriter>;

/** The list's elements at the address, with all that they lead to; `elements`: what all of them can be, or each. */
export function layOut(memory: SharedMemory, list: readonly unknown[], elements: Slot | readonly Slot[], classes: readonly LaidClass[], address: number): boolean {
  let laying = layings.get(classes);
  if (laying?.memory !== memory) layings.set(classes, laying = new Laying(memory, classes, elements));
  const laid = laying.relaid.again(list, address) ?? laying.anew(list, address);
  if (laid) laidIn.set(list, laid);
  return laid !== null;
}
const layings = new WeakMap<readonly LaidClass[], Laying>();

/** What lays out objects of these classes. */
class Laying {
  readonly memory: SharedMemory;
  readonly relaid: Relaid;
  private readonly classes: readonly LaidClass[];
  private readonly elements: Slot | readonly Slot[];
  /** what is laid out just now */
  private places = new Map<object, Place>();
  private list: readonly unknown[] = [];
  /** … and where its strings lie */
  private readonly texts = new Map<string, number>();
  private readonly lay = (item: object | string, of: number): number => (typeof item === "string" ? this.text(item) : this.place(item, of));
  /** of a class's fields, or an array's elements; of the list's elements, or each */
  private readonly writers: (readonly Write[])[];
  private readonly names: (readonly (readonly string[])[])[];
  private readonly each: readonly Write[] | null;

  constructor(memory: SharedMemory, classes: readonly LaidClass[], elements: Slot | readonly Slot[]) {
    this.memory = memory;
    this.classes = classes;
    this.elements = elements;
    this.writers = classes.map(({ cls }) => [...(cls.form === "array" ? [] : cls.fields), ...cls.added].map(([, slot]) => cellWriter(memory, slot, this.lay)));
    this.names = classes.map(({ cls }) => [...(cls.form === "array" ? [] : [cls.fields.map(([name]) => name)]), cls.added.map(([name]) => name)]);
    const [first] = elements;
    this.each = first !== undefined && "length" in first ? (elements as readonly Slot[]).map((slot) => cellWriter(memory, slot, this.lay)) : null;
    this.relaid = new Relaid(memory, classes);
  }

  /** Null: something is no object of these classes. */
  anew(list: readonly unknown[], address: number): Laid | null {
    const { memory, each } = this, from = memory.stack, places = this.places = new Map();
    this.list = list;
    let fits = false;
    try {
      fits = each ? each.every((write, i) => write(list[i], false, address + 8 * i)) : writeElements(memory, list, this.elements as Slot, address, this.lay);
    } catch (error) { if (!(error instanceof RangeError)) throw error; } // a list of thousands that lead to one another: deeper than the engine's stack
    this.list = [];
    this.texts.clear();
    if (!fits) return null;
    const laid = { places, start: memory.stack, image: memory.i32.slice(memory.stack >> 2, from >> 2) };
    this.relaid.remember(list, address, laid);
    return laid;
  }

  private place(item: object, of: number): number {
    if (item === this.list) return 0; // it has its place
    const known = this.places.get(item);
    if (known) return known.of === of ? known.address : 0;
    const { cls, prototype } = this.classes[of]!;
    if (!isExtensible(item) || getPrototypeOf(item) !== prototype) return 0;
    return cls.form === "array" ? this.array(item, of, cls) : cls.table ? this.table(item, of, cls, cls.table) : this.record(item, of, cls);
  }
  /** A table with numbers as keys: its arrays, as the program's own tables have them. */
  private table(item: object, of: number, { fields, added }: HeapClass & { form: "record" }, form: TableForm): number {
    const entries = added.length === 0 ? entriesReader(form)(item) : undefined, address = entries ? push(this.memory, 8 * fields.length + 8) : 0;
    if (entries === undefined || address === 0) return 0;
    this.places.set(item, { address, of, entries });
    const lists = listsOf(entries), { i32 } = this.memory;
    for (const [i, [name, slot]] of fields.entries()) {
      const [only] = slot, cls = slot.length === 1 && only!.is === "class" ? this.classes[only!.of]!.cls : null;
      const head = cls?.form === "array" && cls.added.length === 0 ? this.listed(lists.get(name)!, cls.elements) : 0;
      if (head === 0) return this.fail(item);
      i32[(address >> 2) + 2 * i] = head;
    }
    return address;
  }
  /** An array that nobody else has. */
  private listed(list: readonly unknown[], slot: readonly HeapContent[]): number {
    const { memory } = this, block = push(memory, list.length * 8 + 80), { i32 } = memory;
    if (block === 0) return 0;
    i32[block >> 2] = list.length + 8;
    i32[(block >> 2) + 2] = block + 16;
    i32[(block >> 2) + 3] = list.length;
    return writeElements(memory, list, slot, block + 16, this.lay) ? block + 8 : 0;
  }
  /** The address of the address of its code units, before which their number stands. */
  private text(item: string): number {
    const known = this.texts.get(item);
    if (known !== undefined) return known;
    const { memory } = this, block = push(memory, 2 * item.length + 8), { i32, buffer } = memory;
    if (block === 0) return 0;
    i32[block >> 2] = item.length;
    i32[(block >> 2) + 1] = block + 8;
    const units = new Uint16Array(buffer, block + 8, item.length);
    for (let i = 0; i < item.length; i++) units[i] = item.charCodeAt(i);
    this.texts.set(item, block + 4);
    return block + 4;
  }
  private array(item: object, of: number, cls: HeapClass & { form: "array" }): number {
    if (!isSolidArray(item)) return 0;
    const order = cls.added.length === 0 ? null : namesOf(item, this.names[of]![0]!);
    if (cls.added.length === 0 ? !isPlainArray(item) : order === null) return 0;
    const { memory } = this, { i32 } = memory, block = push(memory, item.length * 8 + 80);
    if (block === 0) return 0;
    const head = order === null ? block + 8 : push(memory, 16 * (cls.added.length + 1));
    if (head === 0) return 0;
    this.places.set(item, { address: head, of });
    if (order !== null && !this.beside(item, head, of, order)) return this.fail(item);
    i32[block >> 2] = item.length + 8;
    i32[head >> 2] = block + 16;
    i32[(head >> 2) + 1] = item.length;
    return writeElements(memory, item, cls.elements, block + 16, this.lay) ? head : this.fail(item);
  }
  /** What an array has beside its elements, behind its head. */
  private beside(item: unknown[], head: number, of: number, order: readonly number[]): boolean {
    const names = this.names[of]![0]!, { i32 } = this.memory, counter = (head >> 2) + 2 * (names.length + 1);
    i32.fill(0, head >> 2, counter + 2 * (names.length + 1));
    i32[counter] = order.length;
    order.forEach((i, place) => { i32[counter + 2 * (i + 1)] = place + 1; });
    return this.writers[of]!.every((write, i) => {
      const there = order.includes(i);
      return write(there ? (item as unknown as Record<string, unknown>)[names[i]!] : undefined, !there, head + 8 * (i + 1));
    });
  }
  private record(item: object, of: number, { fields, added }: HeapClass & { form: "record" }): number {
    const [own, more] = this.names[of] as [readonly string[], readonly string[]], order = isSolid(item) ? orderOf(item, own, more) : null;
    if (order === null) return 0;
    const slots = own.length + more.length, { i32 } = this.memory, address = push(this.memory, 8 * (slots + more.length + 1));
    if (address === 0) return 0;
    this.places.set(item, { address, of });
    i32.fill(0, (address >> 2) + 2 * slots, (address >> 2) + 2 * (slots + added.length + 1));
    const counter = (address >> 2) + 2 * slots;
    i32[counter] = order.length;
    order.forEach((i, place) => { i32[counter + 2 * (i + 1)] = place + 1; });
    return this.writers[of]!.every((write, i) => {
      const there = i < fields.length || order.includes(i - fields.length);
      return write(there ? (item as Record<string, unknown>)[i < fields.length ? own[i]! : more[i - fields.length]!] : undefined, !there, address + 8 * i);
    }) ? address : this.fail(item);
  }
  /** It may be one of another class; a part of it that lies there is nobody's. */
  private fail(item: object): number { this.places.delete(item); return 0; }
}

/** Of a table's fields, by name: in each chain what was put in last comes first. */
function listsOf({ keys, values }: Entries): ReadonlyMap<string, readonly unknown[]> {
  let chains = firstChains;
  while (chains < keys.length) chains *= 2;
  const heads = Array<number>(chains).fill(-1), next: number[] = [];
  keys.forEach((key, i) => { const at = placeOfKey(key, chains); next.push(heads[at]!); heads[at] = i; });
  return new Map(tableFields.map((name, i) => [name, [keys, next, heads, [keys.length], values][i]!]));
}
const firstChains = 16;

/** Which of these an array has beside its elements, in order; null where it has others, or may not be written. */
function namesOf(array: unknown[], names: readonly string[]): number[] | null {
  const keys = ownKeys(array), own = keys.slice(keys.indexOf("length") + 1), order: number[] = [];
  if (getOwnPropertyDescriptor(array, "length")!.writable !== true || !isWritableArray(array)) return null;
  for (const key of own) {
    const at = names.indexOf(key as string), property = getOwnPropertyDescriptor(array, key)!;
    if (at < 0 || !("value" in property) || !property.writable || !property.enumerable || !property.configurable) return null;
    order.push(at);
  }
  return order;
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
export function madeOf({ places }: Laid, made: Made): void { for (const [object, { address }] of places) made.set(-address, object); }

/** Reads what they hold when the program has ended, as far as it is not what it was at entry; the function that it gives writes what is not so. */
export function refilling(reader: HeapReader, classes: readonly HeapClass[], { i32 }: SharedMemory): (laid: Laid, values: readonly unknown[], made: Made) => () => void {
  const contents = classes.map((_, of) => reader.contents(of));
  /** 0: an array, its elements behind its head; null: they lie elsewhere, since it may have fields */
  const words = classes.map((cls) => (cls.form === "record" ? 2 * (cls.fields.length + 2 * cls.added.length + 1) : cls.added.length === 0 ? 0 : null));
  return ({ places, start, image }, values, made) => {
    const now: (readonly [object, ReturnType<(typeof contents)[number]>, HeapClass])[] = [];
    const tables: (() => void)[] = [];
    for (const [object, { address, of, entries }] of places) {
      const { table } = classes[of] as HeapClass & { form: "record" };
      if (entries && table) {
        const lists = new Map(contents[of]!(address, values, made) as (readonly [string, unknown])[]), [keys, next, , , held] = tableFields.map((name) => lists.get(name));
        tables.push(() => { endTable(table, object, entries, { keys: keys as number[], next: next as number[], values: (held as unknown[] | undefined) ?? null, refill: () => undefined }); });
        continue;
      }
      if (words[of] === null) { now.push([object, contents[of]!(address, values, made), classes[of]!]); continue; }
      const first = (address - start) >> 2, end = first + (words[of] || 2 + 2 * image[first + 1]!);
      for (let i = first, at = address >> 2; i < end; i++, at++) if (i32[at] !== image[i]) { now.push([object, contents[of]!(address, values, made), classes[of]!]); break; }
    }
    return () => {
      for (const end of tables) end();
      for (const [object, held, { added }] of now) {
        if (Array.isArray(object)) {
          refill(object, held);
          if (added.length > 0) for (const [name, value] of Object.entries(held)) if (added.some(([own]) => own === name) && !(Object.hasOwn(object, name) && Object.is((object as unknown as Record<string, unknown>)[name], value))) (object as unknown as Record<string, unknown>)[name] = value;
        } else for (const [name, value] of held as (readonly [string, unknown])[]) if (!Object.is((object as Record<string, unknown>)[name], value) || !Object.hasOwn(object, name)) (object as Record<string, unknown>)[name] = value;
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
