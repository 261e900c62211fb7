// Reads arrays and objects that a program made in memory, and all that they lead to, as JavaScript values (interface.ts, HeapContent).
//
// Guarantees: what stands once in memory is one object, cycles included; of the caller's objects and of slow ones, they themselves.

import { unreachable } from "../diagnostic.ts";
import type { HeapClass, HeapContent } from "../ir/interface.ts";
import { boxTag } from "../ir/layout.ts";
import type { SharedMemory } from "./memory.ts";
import type { Made, Outside } from "./outcome.ts";
import { bytesPerElement, constructors, itemAt, rowsAt, textOf } from "./values.ts";

/** How many words before a row's elements its place in its array stands; its length is the next. */
export const rowHeader = 2;

type Values = readonly unknown[];
/** What eight bytes hold. */
type ReadCell = (address: number, values: Values, made: Made) => unknown;
type ReadElements = (array: unknown[], address: number, length: number, values: Values, made: Made) => void;
/** stands for a hole */
const hole = Symbol("hole");

/** Writes the elements of an array of the caller's as eight bytes each; false where one of them is nothing that is expected. */
export function writeElements({ f64, i32 }: SharedMemory, array: readonly unknown[], slot: readonly HeapContent[], address: number): boolean {
  const numbersOnly = slot.every(({ is }) => is === "number");
  const place = (is: (content: HeapContent) => boolean): number => slot.findIndex(is);
  const hole = place((c) => c.is === "hole"), boolean = place((c) => c.is === "boolean"), number = place((c) => c.is === "number");
  for (let i = 0, at = address >> 3; i < array.length; i++, at++) {
    const item = array[i];
    if (typeof item === "number") {
      if (number < 0) return false;
      f64[at] = item === item ? item : NaN; // no NaN that reads as something else
      continue;
    }
    if (numbersOnly) return false;
    const missing = item === undefined && !(i in array);
    const which = missing ? hole : typeof item === "boolean" ? boolean : place((c) => c.is === "const" && c.value === item);
    if (which < 0) return false;
    i32[2 * at] = item === true ? 1 : 0;
    if (slot.length > 1) i32[2 * at + 1] = boxTag + which;
  }
  return true;
}

export class HeapReader {
  private readonly classes: readonly HeapClass[];
  private readonly outside: Outside;
  private readonly readers = new Map<number, ReadCell>();
  constructor(classes: readonly HeapClass[], outside: Outside) { this.classes = classes; this.outside = outside; }

  /** An array's elements, put into a new array. */
  elements(slot: readonly HeapContent[]): ReadElements {
    const cell = this.cell(slot);
    return (array, address, length, values, made) => {
      for (let i = 0; i < length; i++) {
        const value = cell(address + 8 * i, values, made);
        if (value !== hole) array[i] = value;
      }
      array.length = length; // holes at the end
    };
  }

  /** The object of a class that stands at an address. */
  object(number: number): ReadCell {
    const known = this.readers.get(number);
    if (known) return known;
    const cls = this.classes[number]!, reader: { read?: ReadCell } = {};
    const once: ReadCell = (address, values, made) => (made.has(-address) ? made.get(-address) : reader.read!(address, values, made));
    this.readers.set(number, once); // a class may lead to itself
    reader.read = cls.form === "array" ? this.array(cls.elements) : this.record(cls);
    return once;
  }

  private array(slot: readonly HeapContent[]): ReadCell {
    const { i32 } = this.outside.memory;
    const elements = this.elements(slot);
    return (head, values, made) => {
      const array: unknown[] = [];
      made.set(-head, array);
      elements(array, i32[head >> 2]!, i32[(head >> 2) + 1]!, values, made);
      return array;
    };
  }

  private record({ prototype, fields, added }: HeapClass & { form: "record" }): ReadCell {
    const parent = this.outside.prototype(prototype), { i32 } = this.outside.memory;
    const cells = [...fields, ...added].map(([name, slot]) => [name, this.cell(slot), !(name in parent)] as const);
    return (address, values, made) => {
      const object = (parent === Object.prototype ? {} : Object.create(parent)) as Record<string, unknown>;
      made.set(-address, object);
      const read = (i: number): void => {
        const [name, cell, plain] = cells[i]!, value = cell(address + 8 * i, values, made);
        if (plain) object[name] = value; // nothing inherited could come between
        else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
      };
      for (let i = 0; i < fields.length; i++) read(i);
      if (added.length > 0) {
        const counter = (address >> 2) + 2 * cells.length, places: number[] = [];
        for (let i = 0; i < added.length; i++) { const place = i32[counter + 2 * (i + 1)]!; if (place > 0) places[place - 1] = fields.length + i; }
        for (const i of places) read(i);
      }
      return object;
    };
  }

  private cell(slot: readonly HeapContent[]): ReadCell {
    const { f64, i32 } = this.outside.memory;
    const readers = slot.map((content) => this.content(content));
    const [first] = readers;
    if (readers.length === 1) return first!;
    return (address, values, made) => {
      const code = i32[(address >> 2) + 1]!;
      const read = slot[code - boxTag]?.is === "number" ? undefined : readers[code - boxTag];
      return read ? read(address, values, made) : f64[address >> 3];
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
      case "hole": return () => hole;
      case "const": { const { value } = content; return () => value; }
      case "class": { const read = this.object(content.of); return (address, values, made) => read(i32[address >> 2]!, values, made); }
      case "typed": {
        const { array } = content, bytes = bytesPerElement[array];
        return (address, _values, made) => {
          const at = i32[address >> 2]!;
          if (!made.has(-at)) {
            const length = i32[(at >> 2) - 1]!;
            made.set(-at, new constructors[array](buffer.slice(at, at + length * bytes), 0, length));
          }
          return made.get(-at);
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
