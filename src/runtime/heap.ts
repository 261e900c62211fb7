// Reads arrays and objects that a program made in memory, and all that they lead to, as JavaScript values (interface.ts, HeapContent); writes elements of
// the caller's.
//
// Guarantees: what stands once in memory is one object, cycles included; of the caller's objects and of slow ones, they themselves.

import { unreachable } from "../diagnostic.ts";
import type { HeapClass, HeapContent } from "../ir/interface.ts";
import { tableFields } from "../ir/keyed.ts";
import { boxTag } from "../ir/layout.ts";
import { elementsKey } from "../ir/within.ts";
import { itemAt } from "./hidden.ts";
import { endElements } from "./indexed.ts";
import type { Made } from "./made.ts";
import type { SharedMemory } from "./memory.ts";
import { areCopied, numbersAndHolesAt, numbersAt } from "./numbers.ts";
import type { Outside } from "./outcome.ts";
import { typedAt } from "./owned.ts";
import { canRunJs } from "./tiers.ts";
import { constructors, rowsAt, textOf, type TypedArray } from "./values.ts";

/** How many words before a row's elements its place in its array stands; its length is the next. */
export const rowHeader = 2;

type Values = readonly unknown[];
/** What eight bytes hold. */
type ReadCell = (address: number, values: Values, made: Made) => unknown;
/** Gives a new object what lies there. */
type Put = (object: Record<string, unknown>, address: number, values: Values, made: Made) => void;
type ReadList = (address: number, length: number, values: Values, made: Made, key: number | null) => unknown[];
/** stands for a hole */
const missing = Symbol("hole");

/** Lays an object out, or finds where it lies already; 0 where it is nothing of that class. The same of a string, which is of none. */
type Lay = (item: object | string, of: number) => number;

/** How eight bytes are written: false where the value is nothing that is expected. */
export function cellWriter(memory: SharedMemory, slot: readonly HeapContent[], lay: Lay | null): (item: unknown, missing: boolean, address: number) => boolean {
  const { f64, i32 } = memory, numbersOnly = slot.every(({ is }) => is === "number");
  const place = (is: (content: HeapContent) => boolean): number => slot.findIndex(is);
  const hole = place((c) => c.is === "hole"), boolean = place((c) => c.is === "boolean"), number = place((c) => c.is === "number"), text = place((c) => c.is === "text");
  const objects = slot.flatMap((content, at) => (content.is === "class" ? [{ at, of: content.of }] : []));
  return (item, missing, address) => {
    const at = address >> 3;
    if (typeof item === "number") {
      if (number < 0) return false;
      f64[at] = item === item ? item : NaN; // no NaN that reads as something else
      return true;
    }
    if (numbersOnly) return false;
    let which = missing ? hole : typeof item === "boolean" ? boolean : place((c) => c.is === "const" && c.value === item), word = item === true ? 1 : 0;
    if (which < 0 && text >= 0 && lay !== null && typeof item === "string" && (word = lay(item, -1)) !== 0) which = text;
    if (lay !== null && typeof item === "object" && item !== null) for (const one of objects) if ((word = lay(item, one.of)) !== 0) { which = one.at; break; }
    if (which < 0) return false;
    i32[2 * at] = word;
    if (slot.length > 1) i32[2 * at + 1] = boxTag + which;
    return true;
  };
}
/** Writes the elements of an array of the caller's as eight bytes each; false where one of them is nothing that is expected. */
export function writeElements(memory: SharedMemory, array: readonly unknown[], slot: readonly HeapContent[], address: number, lay: Lay | null = null): boolean {
  const write = cellWriter(memory, slot, lay);
  for (let i = 0; i < array.length; i++) {
    const item = array[i];
    if (!write(item, item === undefined && !(i in array), address + 8 * i)) return false;
  }
  return true;
}

/** Which fields an object got beside its own, in the order in which it got them. */
function placesOf(i32: Int32Array, address: number, own: number, added: number): number[] {
  const counter = (address >> 2) + 2 * (own + added), places: number[] = [];
  for (let i = 0; i < added; i++) { const place = i32[counter + 2 * (i + 1)]!; if (place > 0) places[place - 1] = own + i; }
  return places.filter(() => true); // those that it has lost left gaps
}

let serial = 0;
/** Code that makes objects of numbers with those keys, at once in their form; null where the host allows none. */
function literalOf(keys: readonly string[]): ((f64: Float64Array, at: number) => object) | null {
  if (!canRunJs()) return null;
  const fields = keys.map((key, i) => `${JSON.stringify(key)}: f64[at + ${i} | 0]`).join(", ");
  return new Function("f64", "at", `"use strict"; return { ${fields} }; // objects ${++serial}: their own text, so that the engine keeps their own form`) as (f64: Float64Array, at: number) => object;
}

const ofNumbers = (slot: readonly HeapContent[]): boolean => slot.length === 1 && slot[0]!.is === "number";
/** An array of numbers that was not made yet. */
function rowAt(f64: Float64Array, i32: Int32Array, head: number, made: Made, copied?: boolean): number[] {
  const row = numbersAt(f64, i32[head >> 2]! >> 3, i32[(head >> 2) + 1]!, copied);
  made.add(-head, row);
  return row;
}

/** objects that lead to one another, read one inside of the other */
const deepest = 100;

export class HeapReader {
  private readonly classes: readonly HeapClass[];
  private readonly outside: Outside;
  private readonly readers = new Map<number, ReadCell>();
  /** how many objects are being read that lead to one another, and those that wait for their fields */
  private depth = 0;
  private readonly later: (() => void)[] = [];
  constructor(classes: readonly HeapClass[], outside: Outside) { this.classes = classes; this.outside = outside; }

  /** An array of those elements, a new one, which `made` has under that key before they are read. */
  list(slot: readonly HeapContent[]): ReadList {
    const { memory } = this.outside, hole = slot.findIndex(({ is }) => is === "hole"), holes = hole >= 0;
    if (slot.length === (holes ? 2 : 1) && slot.some(({ is }) => is === "number")) {
      return (address, length, _values, made, key) => {
        const array = holes ? numbersAndHolesAt(memory, address >> 3, length, hole) : numbersAt(memory.f64, address >> 3, length);
        if (key !== null) made.set(key, array);
        return array;
      };
    }
    const only = slot.length === 1 && slot[0]!.is === "class" ? this.classes[slot[0]!.of]! : null;
    if (only?.form === "array" && ofNumbers(only.elements) && only.added.length === 0 && only.prototype === undefined) return this.rows();
    const cell = this.cell(slot);
    return (address, length, values, made, key) => {
      const array: unknown[] = [];
      if (key !== null) made.set(key, array);
      for (let i = 0; i < length; i++) {
        const value = cell(address + 8 * i, values, made);
        if (value !== missing) array[i] = value;
      }
      if (array.length < length) array.length = length; // holes at the end
      return array;
    };
  }

  /** Rows of numbers: what a matrix, or a list of points, is made of. */
  private rows(): ReadList {
    const { f64, i32 } = this.outside.memory;
    return (address, length, _values, made, key) => {
      const array: unknown[] = [], copied = areCopied();
      if (key !== null) made.set(key, array);
      for (let i = 0, at = address >> 2; i < length; i = i + 1 | 0, at = at + 2 | 0) {
        const head = i32[at]!;
        array[i] = made.get(-head) ?? rowAt(f64, i32, head, made, copied);
      }
      return array;
    };
  }

  /** The object of a class that stands at an address. */
  object(number: number): ReadCell {
    const known = this.readers.get(number);
    if (known) return known;
    const cls = this.classes[number]!, reader: { read?: ReadCell } = {};
    const once: ReadCell = (address, values, made) => made.get(-address) ?? reader.read!(address, values, made);
    this.readers.set(number, once); // a class may lead to itself
    reader.read = cls.form === "array" ? this.array(cls) : cls.table ? this.table(cls) : this.record(cls);
    return once;
  }

  /** What an object of the class that lies there already holds now: an array's elements, an object's fields in their order. */
  contents(number: number): (address: number, values: Values, made: Made) => unknown[] | (readonly [string, unknown])[] {
    const cls = this.classes[number]!, { i32 } = this.outside.memory;
    if (cls.form === "record") return this.fields(cls);
    const list = this.list(cls.elements), names = this.names(cls);
    return (head, values, made) => {
      const array = list(i32[head >> 2]!, i32[(head >> 2) + 1]!, values, made, null);
      return names ? names(array, head, values, made) : array;
    };
  }
  /** Gives an array what it has beside its elements. Null: arrays of the class have nothing. */
  private names({ added }: HeapClass & { form: "array" }): ((array: unknown[], head: number, values: Values, made: Made) => unknown[]) | null {
    if (added.length === 0) return null;
    const { i32 } = this.outside.memory, cells = added.map(([name, slot]) => [name, this.cell(slot)] as const);
    return (array, head, values, made) => {
      for (const i of placesOf(i32, head, 1, added.length)) {
        const [name, cell] = cells[i - 1]!;
        Reflect.defineProperty(array, name, { value: cell(head + 8 * i, values, made), writable: true, enumerable: true, configurable: true });
      }
      return array;
    };
  }
  private fields({ fields, added }: HeapClass & { form: "record" }): (address: number, values: Values, made: Made) => (readonly [string, unknown])[] {
    const { i32 } = this.outside.memory, cells = [...fields, ...added].map(([name, slot]) => [name, this.cell(slot)] as const);
    return (address, values, made) => {
      const out: (readonly [string, unknown])[] = [];
      const read = (i: number): void => { const [name, cell] = cells[i]!; out.push([name, cell(address + 8 * i, values, made)]); };
      for (let i = 0; i < fields.length; i++) read(i);
      for (const i of placesOf(i32, address, fields.length, added.length)) read(i);
      return out;
    };
  }

  private array(cls: HeapClass & { form: "array" }): ReadCell {
    const { f64, i32 } = this.outside.memory, names = this.names(cls);
    if (cls.prototype !== undefined) {
      const prototype = this.outside.prototype(cls.prototype), read = this.array({ ...cls, prototype: undefined });
      return (head, values, made) => Object.setPrototypeOf(read(head, values, made), prototype) as unknown;
    }
    if (names === null && ofNumbers(cls.elements)) return (head, _values, made) => rowAt(f64, i32, head, made);
    const list = this.list(cls.elements);
    if (names !== null) return (head, values, made) => names(list(i32[head >> 2]!, i32[(head >> 2) + 1]!, values, made, -head), head, values, made);
    return (head, values, made) => list(i32[head >> 2]!, i32[(head >> 2) + 1]!, values, made, -head);
  }

  /** A Map or Set: its entries in the order of insertion, but for those that were taken out. */
  private table({ fields, table }: HeapClass & { form: "record" }): ReadCell {
    const cells = new Map(fields.map(([name, slot], i) => [name, { read: this.cell(slot), offset: 8 * i }])), [keysOf, nextOf, , , valuesOf] = tableFields.map((name) => cells.get(name));
    return (address, values, made) => {
      const out = table === "map" ? new Map<unknown, unknown>() : table === "set" ? new Set<unknown>() : {};
      made.set(-address, out);
      const list = (part: typeof keysOf): unknown[] | undefined => part?.read(address + part.offset, values, made) as unknown[] | undefined;
      const keys = list(keysOf)!, next = list(nextOf)!, held = list(valuesOf);
      for (let i = 0; i < next.length; i++) {
        if (next[i] === -2) continue;
        if (out instanceof Map) out.set(keys[i], held![i]);
        else if (out instanceof Set) out.add(keys[i]);
        else Reflect.defineProperty(out, keys[i] as number, { value: held![i], writable: true, enumerable: true, configurable: true });
      }
      return out;
    };
  }

  private record({ prototype, fields, added }: HeapClass & { form: "record" }): ReadCell {
    const parent = this.outside.prototype(prototype), { i32 } = this.outside.memory;
    if (parent === Object.prototype && added.length === 0 && fields.every(([name, slot]) => !(name in parent) && name !== elementsKey && name !== "__proto__" /* no field in a literal, whatever objects inherit */ && slot.every(({ is }) => is === "number"))) {
      const make = literalOf(fields.map(([name]) => name)), { f64 } = this.outside.memory;
      if (make) return (address, _values, made) => { const object = make(f64, address >> 3); made.add(-address, object); return object; };
    }
    const cells = [...fields, ...added].map(([name, slot]) => [name, this.cell(slot), !(name in parent)] as const);
    const put: Put = (object, address, values, made) => {
      const read = (i: number): void => {
        const [name, cell, plain] = cells[i]!, value = cell(address + 8 * i, values, made);
        if (name === elementsKey) endElements(object, [], value as unknown[]);
        else if (plain) object[name] = value; // nothing inherited could come between
        else Reflect.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
      };
      for (let i = 0; i < fields.length; i++) read(i);
      for (const i of placesOf(i32, address, fields.length, added.length)) read(i);
    };
    return (address, values, made) => {
      const object = (parent === Object.prototype ? {} : Object.create(parent)) as Record<string, unknown>;
      made.set(-address, object);
      this.fill(put, object, address, values, made);
      return object;
    };
  }

  /** Gives an object its fields: soon, where it stands at the end of so many that lead to one another that the engine's stack would end. */
  private fill(put: Put, object: Record<string, unknown>, address: number, values: Values, made: Made): void {
    if (this.depth >= deepest) { this.later.push(() => { put(object, address, values, made); }); return; }
    if (this.depth > 0) { this.depth++; put(object, address, values, made); this.depth--; return; }
    this.depth = 1;
    try {
      put(object, address, values, made);
      for (let next = this.later.pop(); next; next = this.later.pop()) next();
    } finally { this.depth = this.later.length = 0; }
  }

  private cell(slot: readonly HeapContent[]): ReadCell {
    const { f64, i32 } = this.outside.memory;
    if (slot.length === 1) return this.content(slot[0]!);
    const readers = slot.map((content) => (content.is === "number" ? null : this.content(content)));
    return (address, values, made) => {
      const which = i32[(address >> 2) + 1]! - boxTag;
      // asked first: a property that is no index is looked up by its name
      const read = which >= 0 && which < readers.length ? readers[which]! : null;
      return read === null ? f64[address >> 3] : read(address, values, made);
    };
  }

  /** One content, where it is known to be it. */
  private content(content: HeapContent): ReadCell {
    const { outside } = this, { f64, i32, buffer } = outside.memory;
    switch (content.is) {
      case "number": return (address) => f64[address >> 3];
      case "boolean": return (address) => i32[address >> 2] !== 0;
      case "text": {
        const u16 = new Uint16Array(buffer);
        return (address) => { const head = i32[address >> 2]! >> 2; return textOf(u16, i32[head]! >> 1, i32[head - 1]!); };
      }
      case "hole": return () => missing;
      case "const": { const { value } = content; return () => value; }
      case "class": { const read = this.object(content.of); return (address, values, made) => read(i32[address >> 2]!, values, made); }
      case "typed": {
        const { array } = content;
        return (address, _values, made) => {
          const at = i32[address >> 2]!;
          if (!made.has(-at)) made.set(-at, typedAt(outside.memory, array, at, i32[(at >> 2) - 1]!));
          return made.get(-at);
        };
      }
      case "part": {
        const { array, path } = content, at = path && outside.slotOf(path), View = constructors[array];
        const whole = (first: number, made: Made): TypedArray => {
          const known = made.get(-first) as TypedArray | undefined, of = known ?? typedAt(outside.memory, array, first, i32[(first >> 2) - 1]!);
          if (!known) made.set(-first, of);
          return of;
        };
        return (address, values, made) => {
          const head = i32[address >> 2]!, known = made.get(-head), first = i32[(head >> 2) + 2]!;
          if (known !== undefined) return known;
          const of = at === null ? whole(first, made) : (values[at] as TypedArray);
          const view = new View(of.buffer, of.byteOffset + (at === null ? i32[head >> 2]! - first : first), i32[(head >> 2) + 1]!);
          made.set(-head, view);
          return view;
        };
      }
      case "node": {
        const found = outside.node(content.node);
        if (!("slot" in found)) return () => found.value;
        const { slot, part } = found;
        return part === null ? (_address, values) => values[slot] : (_address, values) => part(values[slot]);
      }
      case "chosen": { const readers = content.of.map((one) => this.content(one)); return (address, values, made) => readers[i32[address >> 2]!]!(address, values, made); }
      case "input": { const at = outside.slotOf(content.path); return (_address, values) => values[at]; }
      case "item": { const at = outside.slotOf(content.path), { within } = content; return (address, values) => itemAt(values[at], i32[address >> 2]!, within); }
      case "row": { const at = outside.slotOf(content.path); return (address, values) => rowsAt(values[at] as unknown[], content.level)[i32[(i32[address >> 2]! >> 2) - rowHeader]!]; }
      default: return unreachable(content);
    }
  }
}
