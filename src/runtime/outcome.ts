// Makes the JavaScript value of an outcome: decodes a Shape from the function's result, the output slots, the memory and the values
// that were read at entry.
//
// Guarantees: a new object for every call, its prototype and its fields those of the Shape, written as definitions (no setter runs);
// an object that appears twice is one object.

import { unreachable } from "../diagnostic.ts";
import { textOfComposite } from "../ir/composite.ts";
import { format, isOfNumbers } from "../ir/formats.ts";
import type { Closed, HeapContent, Path, Shape, TypedArrayName } from "../ir/interface.ts";
import type { Entries } from "../ir/keyed.ts";
import { makerOf } from "./functions.ts";
import { HeapReader, rowHeader } from "./heap.ts";
import { type Ended, endTable } from "./keyed.ts";
import { itemAt } from "./hidden.ts";
import { endElements } from "./indexed.ts";
import { type Laid, laidFor, madeOf, refill, refilling } from "./laid.ts";
import { Made } from "./made.ts";
import type { SharedMemory } from "./memory.ts";
import { typedAt } from "./owned.ts";
import type { Part } from "./parts.ts";
import type { ExitPlan, WritePlan } from "./plan.ts";
import { touchIfTracked } from "./tracked.ts";
import { constructors, rowsAt, textOf, type TypedArray } from "./values.ts";

/** Ends a call: gives its value, from the result and the values read at entry, and carries out what it writes to objects. */
export type Conclude = (result: number, values: readonly unknown[]) => unknown;

/** The slot of a slow value, and how the part of it that is meant is read; null: itself. */
export interface InCall { readonly slot: number; readonly part: Part | null }

export interface Outside {
  readonly memory: SharedMemory;
  /** the strings whose numbers are keys */
  readonly interned: { at(number: number): unknown };
  slotOf(path: Path): number;
  /** the live object of a node: a constant, or where it is in this call */
  node(node: number): { readonly value: unknown } | InCall;
  /** the prototype of new objects: the live object of the node, Object.prototype for −1 */
  prototype(node: number): object;
}

type Decode = (result: number, values: readonly unknown[], made: Made) => unknown;

/** All values are decoded before the first is written: they speak of the state at entry. */
export function concludeOf(exit: ExitPlan, outside: Outside): Conclude | null {
  if (exit.kind === "bail") return null;
  const value = build(exit.value, outside);
  const writes = exit.writes.map((write) => ({ ...write, decode: "contents" in write ? listAtEnd(write, outside) : "entries" in write ? entriesAtEnd(write, outside) : build(write.value, outside) }));
  if (writes.length === 0) return (result, values) => value(result, values, new Made());
  const { slots } = outside.memory;
  const lists = exit.writes.flatMap((write) => ("contents" in write && write.value.make === "heap" ? [{ at: write.at, slot: write.value.address }] : []));
  const tables = exit.writes.flatMap((write) => ("entries" in write ? [write.at] : []));
  const looks = [exit, ...exit.writes].some((one) => "value" in one && !isScalar(one.value)); // whether anything decoded may be an object that was laid out
  const held = exit.writes.flatMap((write) => ("contents" in write && write.classes.length > 0 && (looks || !write.unchanged) ? [write.at] : []));
  const rankOf = (write: WritePlan): number => ("rank" in write && write.rank !== undefined ? slots[write.rank]! : -1), rankedWrites = exit.writes.some((write) => "rank" in write);
  const order = writes.map((_, i) => i);
  return (result, values) => {
    const made = new Made();
    for (const at of tables) madeOf(laidIn(values[at]), made);
    for (const at of held) madeOf(laidFor(values[at])!, made);
    for (const { at, slot } of lists) made.set(-slots[slot]!, values[at]); // whoever holds the list holds the caller's
    const answer = value(result, values, made);
    const written = writes.map(({ decode }) => decode(result, values, made));
    if (rankedWrites) order.sort((a, b) => rankOf(writes[a]!) - rankOf(writes[b]!));
    for (const i of order) {
      const write = writes[i]!;
      if ("variable" in write) write.variable.set(written[i]);
      else if ("set" in write) write.set(values[write.at] as object, written[i]);
      else if ("touched" in write) touchIfTracked(values[write.touched]);
      else if ("entries" in write) endTable(write.entries, values[write.holder] as object, values[write.at] as Entries, written[i] as Ended);
      else if ("contents" in write) (written[i] as () => void)();
      else if (write.removed && (write.present === undefined || slots[write.present] === 0)) Reflect.deleteProperty(values[write.at] as object, write.key);
      else if (write.present === undefined || slots[write.present] !== 0) (values[write.at] as Record<string | number, unknown>)[write.key] = written[i];
    }
    return answer;
  };
}

const isScalar = ({ make }: Shape): boolean => make === "const" || make === "result" || make === "slot" || make === "bigint";

/** What a table holds at the end. */
function entriesAtEnd({ at, value: shape, classes }: Extract<WritePlan, { entries: unknown }>, outside: Outside): Decode {
  const again = refilling(new HeapReader(classes, outside), classes, outside.memory);
  const keys = build(shape.keys, outside), list = shape.values && build(shape.values, outside), next = build(shape.next, outside);
  return (result, values, made): Ended => ({ keys: keys(result, values, made) as number[], values: list && (list(result, values, made) as unknown[]), next: next(result, values, made) as number[], refill: again(laidIn(values[at]), values, made) });
}
const laidIn = (entries: unknown): Laid => laidFor((entries as Entries).values) ?? nothingLaid;
const nothingLaid: Laid = { places: new Map(), start: 0, image: new Int32Array(0) };

/** What fills a list, and what stood there at entry, with what they hold at the end. */
function listAtEnd({ at, value: shape, classes, into, unchanged }: Extract<WritePlan, { contents: true }>, outside: Outside): Decode {
  if (unchanged) return () => () => {};
  const elements = shape.make === "const" ? () => [] : listOf(shape, outside), again = classes.length > 0 ? refilling(new HeapReader(classes, outside), classes, outside.memory) : null;
  return (result, values, made) => {
    const list = values[at] as unknown[], now = elements(result, values, made) as unknown[], parts = again?.(laidFor(list)!, values, made);
    return () => { if (into) endElements(values[into.at] as object, list, now); else refill(list, now); parts?.(); };
  };
}
/** The elements that a list has at the end. */
function listOf(shape: Shape, outside: Outside): Decode {
  const cls = shape.make === "heap" ? shape.classes[shape.of]! : undefined;
  if (shape.make !== "heap" || cls?.form !== "array") throw new Error("only arrays are lists");
  const read = new HeapReader(shape.classes, outside).list(cls.elements);
  const { slots, i32 } = outside.memory;
  return (_result, values, made) => {
    const head = slots[shape.address]! >> 2;
    return read(i32[head]!, i32[head + 1]!, values, made, null);
  };
}

/** A part of a typed array, which what is in memory may hold too, by the head in the slot. */
const once = (slots: Float64Array | Int32Array | readonly number[], id: number, head: number | undefined, make: Decode): Decode => (result, values, made) => {
  const key = head === undefined ? id : -slots[head]!, part = (head === undefined ? undefined : made.get(key)) ?? make(result, values, made);
  made.set(id, part);
  made.set(key, part);
  return part;
};

function build(shape: Shape, outside: Outside): Decode {
  const { slots } = outside.memory;
  switch (shape.make) {
    case "const": { const { value } = shape; return () => value; }
    case "result": return shape.as === "boolean" ? (result) => result !== 0 : (result) => result;
    case "slot": { const { slot } = shape; return shape.as === "boolean" ? () => slots[slot] !== 0 : () => slots[slot]; }
    case "bigint": {
      const { low, high, unsigned } = shape;
      return () => {
        const value = (BigInt(slots[high]!) << 32n) | BigInt(slots[low]! >>> 0);
        return unsigned ? BigInt.asUintN(64, value) : value;
      };
    }
    case "text": {
      const { address, length } = shape, units = outside.memory.views.Uint16Array as Uint16Array;
      return () => textOf(units, slots[address]! >> 1, slots[length]!);
    }
    case "choice": {
      const { slot } = shape;
      const choices = shape.of.map((one) => build(one, outside));
      return (result, values, made) => choices[slots[slot]!]!(result, values, made);
    }
    case "input": { const at = outside.slotOf(shape.path); return (_result, values) => values[at]; }
    case "node": {
      const found = outside.node(shape.node);
      if (shape.bound) return () => Function.prototype.bind.call(("slot" in found ? undefined : found.value) as Function, undefined);
      if (!("slot" in found)) return () => found.value;
      const { slot, part } = found;
      return part === null ? (_result, values) => values[slot] : (_result, values) => part(values[slot]);
    }
    case "object": {
      const { id } = shape, close = closing(shape.closed);
      const prototype = shape.bare ? null : outside.prototype(shape.prototype);
      const fields = shape.fields.map(([key, value, present]) => [key, build(value, outside), (prototype === null || !(key in prototype)) && !shape.attributes?.some(([name]) => name === key), present ?? -1] as const);
      const elements = shape.elements && build(shape.elements, outside), attributes = new Map(shape.attributes);
      return (result, values, made) => {
        const object = (prototype === Object.prototype ? {} : Object.create(prototype)) as Record<string, unknown>;
        made.set(id, object);
        if (elements) endElements(object, [], elements(result, values, made) as unknown[]);
        for (const [key, decode, plain, present] of fields) {
          if (present >= 0 && slots[present] === 0) continue;
          const value = decode(result, values, made);
          if (plain) object[key] = value; // nothing inherited could come between
          else Reflect.defineProperty(object, key, { ...(attributes.get(key) ?? { writable: true, enumerable: true, configurable: true }), value });
        }
        return close(object);
      };
    }
    case "array": {
      const { id } = shape, close = closing(shape.closed), prototype = shape.prototype === undefined ? null : outside.prototype(shape.prototype);
      const items = shape.items.map((item) => item && build(item, outside)), named = (shape.named ?? []).map(([key, value]) => [key, build(value, outside)] as const);
      return (result, values, made) => {
        const array: unknown[] = [];
        made.set(id, array);
        if (prototype !== null) Object.setPrototypeOf(array, prototype);
        for (let i = 0; i < items.length; i++) {
          const item = items[i];
          if (item) array[i] = item(result, values, made);
        }
        if (array.length < items.length) array.length = items.length; // holes at the end; to set it takes longer than a row
        for (const [key, value] of named) Reflect.defineProperty(array, key, { value: value(result, values, made), writable: true, enumerable: true, configurable: true });
        return close(array);
      };
    }
    case "typed": {
      const { id } = shape;
      const items = shape.items.map((item) => build(item, outside));
      const Array = ownConstructor(shape.array);
      return (result, values, made) => {
        const array = new Array(items.length);
        made.set(id, array);
        for (let i = 0; i < items.length; i++) array[i] = items[i]!(result, values, made) as number;
        return array;
      };
    }
    case "memory": {
      const { id, typed, address, length, elements } = shape;
      const { memory } = outside;
      if (typed === null) {
        const read = new HeapReader(shape.classes ?? [], outside).list(elements ?? numbers);
        if (shape.prototype !== undefined) {
          const prototype = outside.prototype(shape.prototype);
          return (_result, values, made) => Object.setPrototypeOf(read(slots[address]!, slots[length]!, values, made, id), prototype) as unknown;
        }
        return (_result, values, made) => read(slots[address]!, slots[length]!, values, made, id);
      }
      const prototype = shape.prototype === undefined ? null : outside.prototype(shape.prototype);
      const ofClass = (array: object): object => (prototype ? Object.setPrototypeOf(array, prototype) as object : array);
      return (_result, _values, made) => {
        const place = -slots[address]!; // an array may hold it too
        const array = place !== 0 && made.has(place) ? made.get(place) : ofClass(typedAt(memory, typed, slots[address]!, slots[length]!));
        made.set(id, array);
        if (place !== 0) made.set(place, array);
        return array;
      };
    }
    case "heap": {
      const read = new HeapReader(shape.classes, outside).object(shape.of);
      return (_result, values, made) => read(slots[shape.address]!, values, made);
    }
    case "keyed": {
      const { id, form } = shape, keys = build(shape.keys, outside), values = shape.values && build(shape.values, outside), next = build(shape.next, outside), { composite } = shape, parts = composite?.numbers && build(composite.numbers, outside);
      const texts = (kept: readonly number[], numbers: readonly number[] | null): readonly string[] => kept.map((number) => textOfComposite(composite!.pieces, number, numbers));
      return (result, given, made) => {
        const table = form === "map" ? new Map<unknown, unknown>() : form === "set" ? new Set<unknown>() : (Object.create(shape.bare ? null : Object.prototype) as object);
        made.set(id, table);
        const there = next(result, given, made) as number[], numbers = keys(result, given, made) as number[], list = values?.(result, given, made) as unknown[] | undefined;
        const held: readonly unknown[] = shape.named ? numbers.map((number) => outside.interned.at(number)) : composite ? texts(numbers, parts ? (parts(result, given, made) as number[]) : null) : numbers;
        for (let i = 0; i < there.length; i++) {
          if (there[i] === -2) continue;
          if (table instanceof Map) table.set(held[i], list![i]);
          else if (table instanceof Set) table.add(held[i]);
          else Reflect.defineProperty(table, held[i] as PropertyKey, { value: list![i], writable: true, enumerable: true, configurable: true });
        }
        return table;
      };
    }
    case "row": {
      const at = outside.slotOf(shape.path), { i32 } = outside.memory;
      return (_result, values) => rowsAt(values[at] as unknown[], shape.level)[i32[(slots[shape.address]! >> 2) - rowHeader]!];
    }
    case "view": {
      const at = outside.slotOf(shape.path), { id, offset, length, from, head } = shape, View = constructors[shape.array];
      return once(slots, id, head, (_result, values) => {
        const of = values[at] as TypedArray | ArrayBuffer;
        const { buffer, byteOffset } = ArrayBuffer.isView(of) ? of : { buffer: of, byteOffset: 0 };
        return new View(buffer, slots[offset]! + (from === "array" ? byteOffset : 0), slots[length]!);
      });
    }
    case "part": {
      const { id, offset, length, head } = shape, of = build(shape.of, outside), View = constructors[shape.array];
      return once(slots, id, head, (result, values, made) => {
        const { buffer, byteOffset } = of(result, values, made) as TypedArray;
        return new View(buffer, byteOffset + slots[offset]!, slots[length]!);
      });
    }
    case "dataView": {
      const { address, length } = shape, { buffer } = outside.memory;
      return (_result, _values, made) => {
        const at = slots[address]!, size = slots[length]!, array = made.get(-at);
        return new DataView(array === undefined ? buffer.slice(at, at + size) : (array as TypedArray).buffer, 0, size);
      };
    }
    case "date": {
      const { id } = shape, time = build(shape.time, outside);
      return (result, values, made) => {
        const date = new Date(time(result, values, made) as number);
        made.set(id, date);
        return date;
      };
    }
    case "buffer": {
      const of = build(shape.of, outside);
      return (result, values, made) => (of(result, values, made) as TypedArray).buffer;
    }
    case "element": {
      const at = outside.slotOf(shape.path);
      const { slot, within } = shape;
      return (_result, values) => itemAt(values[at], slots[slot]!, within);
    }
    case "again": {
      const { id } = shape, otherwise = shape.otherwise && build(shape.otherwise, outside);
      return (result, values, made) => (otherwise && !made.has(id) ? otherwise(result, values, made) : made.get(id));
    }
    case "string": {
      const parts = shape.parts.map((part) => build(part, outside)), { format: how } = shape, [first, second] = parts;
      if (how?.told) return (result, values, made) => format(how, first!(result, values, made), [second!(result, values, made)]);
      if (how && isOfNumbers(how)) return (result, values, made) => format(how, first!(result, values, made));
      return (result, values, made) => {
        let text = "";
        for (const part of parts) text += String(part(result, values, made));
        return how ? format(how, text) : text;
      };
    }
    case "function": {
      const { id } = shape, make = makerOf(shape), self = shape.self && build(shape.self, outside);
      const variables = shape.variables.map(([, value]) => build(value, outside)), fields = shape.fields.map(([key, value]) => [key, build(value, outside)] as const);
      return (result, values, all) => {
        const { made, fill } = make(self?.(result, values, all));
        all.set(id, made);
        fill(...variables.map((decode) => decode(result, values, all)));
        for (const [key, decode] of fields) Reflect.defineProperty(made, key, { value: decode(result, values, all), writable: true, enumerable: true, configurable: true });
        return made;
      };
    }
    case "error": {
      const { id } = shape;
      const Class = (globalThis as unknown as Record<string, ErrorConstructor>)[shape.class]!;
      const message = shape.message && build(shape.message, outside);
      return (result, values, made) => {
        const error = message ? new Class(message(result, values, made) as string) : new Class();
        made.set(id, error);
        return error;
      };
    }
    default: return unreachable(shape);
  }
}

/** Object.freeze and its kin, as the package found them. */
const { freeze, seal, preventExtensions } = Object;
function closing(closed: Closed | undefined): <T extends object>(made: T) => T {
  switch (closed) {
    case undefined: return (made) => made;
    case "extensible": return preventExtensions;
    case "sealed": return seal;
    case "frozen": return freeze;
    default: return unreachable(closed);
  }
}

const ownConstructor = (name: TypedArrayName): new (length: number) => { [index: number]: number } =>
  constructors[name] as unknown as new (length: number) => { [index: number]: number };

/** what ordinary arrays of numbers alone hold */
const numbers: readonly HeapContent[] = [{ is: "number" }];
