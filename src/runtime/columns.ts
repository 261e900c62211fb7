// The objects of an array of the caller's, field by field: each field that a program uses is a column of doubles in memory.
//
//   [{ x: 1, y: 2 }, { x: 3, y: 4 }]   ⇄   x: 1 3   y: 2 4      one column after the other
//
// Guarantees: all objects are solid ones of the prototype that the program was made for, whose fields are numbers, or booleans, and plain data; of written ones none is
// there twice and none is frozen. Nothing is written before `copyOut`, and only what changed: a field of small integers stays one. No getter runs that was there
// when the array was first seen; one that takes a field's place between two calls is run once.
//
// An array whose objects were found to be such is remembered (weakly, with its objects): in the next calls each is compared with the one that stood there, and
// its fields are read and written by code of the columns' own, by their places in the object. That one is frozen meanwhile shows when a field is set
// to what it is.

import type { SharedMemory } from "./memory.ts";
import { isSolid, Records } from "./values.ts";

/** Of which slot's array a column is, and of which field. */
export interface Column { readonly of: number; readonly field: string; /** as 0 or 1 */ readonly boolean: boolean; readonly prototype: object }
export interface ColumnSpec { readonly column: Column; readonly written: boolean; readonly distinct?: boolean }

type Objects = readonly Record<string, number>[];
/** Fills columns of doubles from place `at` on, where all objects are still those that were seen. */
type CopyIn = (objects: Objects, seen: readonly object[], to: Float64Array, at: number) => boolean;
type CopyOut = (objects: Objects, from: Float64Array, at: number) => void;

export class Columns {
  /** places of its columns among the call's arrays, in their order in memory */
  readonly members: readonly number[];
  readonly written: boolean;
  /** no object may be there twice */
  readonly distinct: boolean;
  readonly #fields: readonly string[];
  /** of each field whether it is a boolean */
  readonly #flags: readonly boolean[];
  readonly #prototype: object;
  readonly #records: Records;
  readonly #seen = new WeakMap<object, readonly object[]>();
  readonly #copyIn: CopyIn | null;
  readonly #copyOut: CopyOut;

  constructor(members: readonly number[], specs: readonly ColumnSpec[]) {
    const own = members.map((i) => specs[i]!);
    const written = own.filter((spec) => spec.written).map(({ column }) => column.field);
    this.members = members;
    this.written = written.length > 0;
    this.distinct = own.some(({ distinct }) => distinct === true);
    this.#fields = own.map(({ column }) => column.field);
    this.#flags = own.map(({ column }) => column.boolean);
    this.#prototype = own[0]!.column.prototype;
    this.#records = new Records(this.#fields, written);
    this.#copyIn = copyInFor(this.#fields, this.#flags, written, this.#prototype);
    this.#copyOut = copyOutFor(this.#fields, this.#flags, written);
  }

  bytes(objects: readonly unknown[]): number { return objects.length * 8 * this.members.length; }

  /** For an array that was seen. False: it has to be looked at. */
  copyInQuickly(objects: readonly unknown[], { f64 }: SharedMemory, address: number): boolean {
    const seen = this.#copyIn === null ? undefined : this.#seen.get(objects);
    if (seen === undefined) return false;
    try { if (this.#copyIn!(objects as Objects, seen, f64, address >> 3)) return true; } catch { /* an object was frozen */ }
    this.#seen.delete(objects);
    return false;
  }

  /** Looks at each object. `alone`: no object is there twice, and none is in the columns of another array. */
  copyIn(objects: readonly unknown[], { f64 }: SharedMemory, address: number, alone: boolean): boolean {
    const { length } = objects, base = address >> 3;
    for (let i = 0; i < length; i++) {
      const object = objects[i];
      if (!isSolid(object) || Object.getPrototypeOf(object) !== this.#prototype || !this.#records.has(object)) return false;
      for (let c = 0, at = base + i; c < this.#fields.length; c++, at += length) {
        const value = (object as Record<string, unknown>)[this.#fields[c]!];
        if (typeof value !== typeOf(this.#flags[c]!)) return false;
        f64[at] = Number(value);
      }
    }
    if (alone && this.#copyIn !== null && (!this.written || objects.every((object) => this.#fields.every((field) => Object.hasOwn(object as object, field))))) this.#seen.set(objects, objects.slice() as object[]);
    return true;
  }

  copyOut(objects: readonly unknown[], { f64 }: SharedMemory, address: number): void { this.#copyOut(objects as Objects, f64, address >> 3); }
}

/** The columns of a call's arrays, those of one array of objects together. */
export function columnsOf(specs: readonly (ColumnSpec | null)[]): Columns[] {
  const groups = new Map<number, number[]>();
  specs.forEach((spec, i) => {
    if (spec === null) return;
    const group = groups.get(spec.column.of);
    if (group === undefined) groups.set(spec.column.of, [i]);
    else group.push(i);
  });
  return [...groups.values()].map((members) => new Columns(members, specs as readonly ColumnSpec[]));
}

const typeOf = (flag: boolean): "boolean" | "number" => (flag ? "boolean" : "number");

let serial = 0;
const member = (field: string): string => `o[${JSON.stringify(field)}]`;

/** Null where the host allows no generated code: each object is looked at in every call. */
function copyInFor(fields: readonly string[], flags: readonly boolean[], written: readonly string[], prototype: object): CopyIn | null {
  const [first] = written;
  const text = `"use strict"; // columns ${++serial}: its own text, so that the engine keeps its own feedback
return (objects, seen, to, at) => {
  const length = objects.length;
  if (seen.length !== length${written.map((field) => ` || ${JSON.stringify(field)} in prototype`).join("")}) return false;
  for (let i = 0; i < length; i++) {
    const o = objects[i];
    if (o !== seen[i]) return false;
    const ${fields.map((field, c) => `v${c} = ${member(field)}`).join(", ")};
    if (${fields.map((_, c) => `typeof v${c} !== "${typeOf(flags[c]!)}"`).join(" || ")} || getPrototypeOf(o) !== prototype) return false;
    ${first === undefined ? "" : `${member(first)} = v${fields.indexOf(first)};`}
    ${fields.map((_, c) => `to[at + i${c === 0 ? "" : ` + ${c} * length`}] = ${flags[c] ? `v${c} ? 1 : 0` : `v${c}`};`).join(" ")}
  }
  return true;
};`;
  try { return (new Function("prototype", "getPrototypeOf", text) as (...given: unknown[]) => CopyIn)(prototype, Object.getPrototypeOf); } catch { return null; }
}

function copyOutFor(fields: readonly string[], flags: readonly boolean[], written: readonly string[]): CopyOut {
  const text = `"use strict"; // columns ${++serial}
return (objects, from, at) => {
  const length = objects.length;
  for (let i = 0; i < length; i++) {
    const o = objects[i];
    let v, was;
    ${written.map((field) => `v = from[at + i + ${fields.indexOf(field)} * length]${flags[fields.indexOf(field)] ? " !== 0" : ""}; was = ${member(field)}; if (v !== was || (v === 0 && 1 / v !== 1 / was)) ${member(field)} = v;`).join("\n    ")}
  }
};`;
  try { return (new Function(text) as () => CopyOut)(); } catch {
    return (objects, from, at) => {
      for (let i = 0; i < objects.length; i++) {
        const object = objects[i]!;
        for (const field of written) {
          const number = from[at + i + fields.indexOf(field) * objects.length]!, value = flags[fields.indexOf(field)] ? number !== 0 : number;
          if (!Object.is(object[field], value)) (object as Record<string, unknown>)[field] = value;
        }
      }
    };
  }
}
