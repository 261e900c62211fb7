// Fields of an array's objects that are a number in some and something else in others: a code and a number for each (ir/fields.ts).
//
// Guarantees: what a field is at entry is one of those that the program was made for, and its own, or nothing has it; of fields that an object gets, the one
// that got there first is written first.

import { codeBits, codeOf, codeOfWord } from "../ir/fields.ts";

const [absent, undefinedCode, nullCode, booleanCode, numberCode, itemCode, textCode, otherCode] = (["absent", "undefined", "null", "boolean", "number", "item", "text", "other"] as const).map(codeOf) as [number, number, number, number, number, number, number, number];

type Fields = Record<string, unknown>;
/** A field that an object gets: which one it is of those. */
export interface Added { readonly order: number; readonly field: string; readonly value: unknown }

/** Where the objects stand in the array, once one of them asks. */
export class Places {
  #places: Map<unknown, number> | null = null;
  readonly #objects: readonly unknown[];
  constructor(objects: readonly unknown[]) { this.#objects = objects; }
  of(object: unknown): number | undefined {
    if (this.#places === null) {
      this.#places = new Map();
      for (let i = this.#objects.length - 1; i >= 0; i--) this.#places.set(this.#objects[i], i); // where one stands twice, the first
    }
    return this.#places.get(object);
  }
}

/** Numbers for the strings, functions and objects of one call, which are held until the next one begins: equal ones have equal numbers. */
export class Interned {
  readonly #numbers = new Map<unknown, number>();
  #values: unknown[] = [];
  of(value: unknown): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const { size } = this.#numbers;
    this.#numbers.set(value, size);
    this.#values.push(value);
    return size;
  }
  at(number: number): unknown { return this.#values[number]; }
  /** Another call begins. */
  clear(): void {
    if (this.#values.length === 0) return;
    this.#numbers.clear();
    this.#values = [];
  }
}

const { hasOwn, isExtensible } = Object;

export class MixedField {
  readonly field: string;
  readonly #mask: number;
  readonly #words: readonly string[];
  readonly #codes: ReadonlyMap<string, number>;
  /** which columns hold its numbers and its codes; −1: none */
  #value = -1;
  #code = -1;
  /** how many objects the array had when it was copied in */
  #length = 0;
  written = false;

  constructor(field: string, mask: number, words: readonly string[]) {
    this.field = field;
    this.#mask = mask;
    this.#words = words;
    this.#codes = new Map(words.map((word, place) => [word, codeOfWord(place)]));
  }
  /** what is handed on is compared with other such values: the column of numbers says which it is */
  #interned: Interned | null = null;
  take(holds: "value" | "code", c: number, written: boolean, interned: Interned | null): void {
    if (holds === "value") this.#interned = interned;
    if (holds === "value") this.#value = c;
    else this.#code = c;
    this.written ||= written;
  }

  /** False where it is nothing that the program was made for. Requires: no accessor stands there. */
  copyIn(object: Fields, to: Float64Array, at: number, length: number, places: Places): boolean { return this.#copyValueIn(object, object[this.field], to, at, length, places); }
  #copyValueIn(object: Fields, value: unknown, to: Float64Array, at: number, length: number, places: Places): boolean {
    this.#length = length;
    const { field } = this, isOwn = value !== undefined || hasOwn(object, field);
    let code: number, number: number;
    switch (typeof value) {
      case "number": code = numberCode; number = value; break;
      case "boolean": code = booleanCode; number = value ? 1 : 0; break;
      case "undefined": code = isOwn ? undefinedCode : absent; number = NaN; break;
      case "object": {
        const place = value === null ? 0 : places.of(value);
        code = value === null ? nullCode : place === undefined ? otherCode : itemCode;
        number = place ?? NaN;
        break;
      }
      case "string": code = this.#codes.get(value) ?? textCode; number = NaN; break;
      case "bigint": return false;
      default: code = otherCode; number = NaN;
    }
    if ((code <= otherCode && ((this.#mask >>> code) & 1) === 0) || (code === absent ? field in object : !hasOwn(object, field))) return false;
    if (this.#interned !== null && (code === textCode || code === otherCode)) number = this.#interned.of(value);
    if (this.#code >= 0) to[at + this.#code * length] = code;
    if (this.#value >= 0) to[at + this.#value * length] = number;
    return true;
  }
  /**
   * The same for an object that was seen before, where no prototype has the field: it may have been frozen since. `value`: what it has there, read by code of the
   * columns' own. Strings and numbers, most of all, need no more than this.
   */
  copyInAgain(object: Fields, value: unknown, to: Float64Array, at: number, length: number, places: Places): boolean {
    if (this.written && !isExtensible(object)) return false;
    let code: number, number: number;
    if (typeof value === "string") {
      code = this.#words.length === 0 ? textCode : (this.#codes.get(value) ?? textCode);
      number = this.#interned !== null && code === textCode ? this.#interned.of(value) : NaN;
    } else if (typeof value === "number") {
      code = numberCode;
      number = value;
    } else return this.#copyValueIn(object, value, to, at, length, places);
    if (code <= otherCode && ((this.#mask >>> code) & 1) === 0) return false;
    this.#length = length;
    if (this.#code >= 0) to[at + this.#code * length] = code;
    if (this.#value >= 0) to[at + this.#value * length] = number;
    return true;
  }

  /** What changed is written, but what the object gets: that is listed. */
  copyOut(object: Fields, from: Float64Array, at: number, objects: readonly object[], added: Added[]): void {
    const stored = from[at + this.#code * this.#length]!, code = stored & ((1 << codeBits) - 1), order = stored >> codeBits;
    if (code === absent || code === textCode || code === otherCode) return;
    const number = from[at + this.#value * this.#length]!;
    const value = code === numberCode ? number : code === booleanCode ? number !== 0 : code === nullCode ? null : code === itemCode ? objects[number] : code > otherCode ? this.#words[code - otherCode - 1] : undefined;
    if (order > 0) added.push({ order, field: this.field, value });
    else if (!Object.is(object[this.field], value)) object[this.field] = value;
  }
}

/** Gives the object its new fields, in their order. */
export function writeAdded(object: Fields, added: Added[]): void {
  added.sort((a, b) => a.order - b.order);
  for (const { field, value } of added) object[field] = value;
}
