// The objects of an array of the caller's, field by field: each field that a program uses is a column of doubles in memory.
//
//   [{ x: 1, y: 2 }, { x: 3, y: 4 }]   ⇄   x: 1 3   y: 2 4      one column after the other
//
// So are the fields of what all of the objects hold in a field (`bodies[i].pos.x`). A field that is a number in some and something else in others has a
// column of codes beside that of its numbers (ir/fields.ts, fields.ts).
// Guarantees: all objects are solid ones of the prototype that the program was made for, whose fields are such, and plain data; of written ones none is
// there twice and none is frozen. Nothing is written before `copyOut`, and only what changed: a field of small integers stays one; fields that an object gets
// come in their order. No getter runs that was there
// when the array was first seen; one that takes a field's place between two calls is run once.
//
// An array whose objects were found to be such is remembered (weakly, with its objects): in the next calls each is compared with the one that stood there, and
// its fields are read and written by code of the columns' own, by their places in the object. That one is frozen meanwhile shows when a field is set
// to what it is.

import type { SharedMemory } from "./memory.ts";
import { type Interned, MixedField, Places, writeAdded, type Added } from "./fields.ts";
import { timeKey } from "../ir/dates.ts";
import { heldIn, hiddenField, type HiddenField } from "./hidden.ts";
import { isSolid, itemsIn, ListsMade, Records } from "./values.ts";

/** What every object of the array holds in a field, of that prototype. */
export interface LiveHolder { readonly field: string; readonly prototype: object }
/** Of which slot's array a column is, and of which field, or of which part of one that is one of several; `mask`: a bit for each code that it may have at entry. */
export interface Column {
  readonly of: number; /** of the objects in its arrays */ readonly flat: boolean; readonly within: readonly LiveHolder[]; readonly field: string; readonly prototype: object;
  readonly holds: "number" | "boolean" | "value" | "code" | "added"; readonly mask: number; /** strings that have codes of their own */ readonly words: readonly string[]; /** … it says which value it is of those that are handed on */ readonly interned: boolean;
}
export interface ColumnSpec { readonly column: Column; readonly written: boolean; readonly distinct?: boolean }

type Fields = Record<string, unknown>;
/** Fills columns of doubles from place `at` on, where all objects are still those that were seen. */
type CopyIn = (objects: readonly object[], seen: readonly (readonly object[])[], to: Float64Array, at: number, places: Places) => boolean;
type CopyOut = (objects: readonly object[], from: Float64Array, at: number) => void;

/** A field of numbers, or of booleans, its column the c-th. */
interface Cell { readonly field: string; readonly hidden: HiddenField | undefined; readonly flag: boolean; readonly written: boolean; readonly c: number }
/** The objects of the array, or those that each of them holds there; one that holds others comes before them. */
interface Owner {
  readonly parent: number; readonly field: string; readonly hidden: HiddenField | undefined; readonly prototype: object; readonly name: string;
  readonly cells: Cell[]; readonly mixed: MixedField[]; added: number; readonly inner: string[]; records: Records;
}

export class Columns {
  /** places of its columns among the call's arrays, in their order in memory */
  readonly members: readonly number[];
  readonly written: boolean;
  /** no object may be there twice */
  readonly distinct: boolean;
  readonly #flat: boolean;
  readonly #lists = new ListsMade();
  readonly #owners: readonly Owner[];
  readonly #seen = new WeakMap<object, { readonly objects: readonly (readonly object[])[]; readonly copyIn: CopyIn }>();
  readonly #copyIn: CopyIn | null;
  /** the same where not all fields are the objects' own */
  #copyInherited: CopyIn | null = null;
  readonly #copyOut: CopyOut;

  constructor(members: readonly number[], specs: readonly ColumnSpec[], interned: Interned) {
    const own = members.map((i) => specs[i]!);
    this.members = members;
    this.written = own.some((spec) => spec.written);
    this.distinct = own.some(({ distinct }) => distinct === true);
    this.#flat = own[0]!.column.flat;
    this.#owners = ownersOf(own, interned);
    this.#copyIn = copyInFor(this.#owners, true);
    this.#copyOut = copyOutFor(this.#owners);
  }

  /** The objects of the array; none where it is no array of arrays, as it has to be. */
  itemsOf(array: readonly unknown[]): readonly unknown[] { return this.#flat ? this.#lists.last(array, itemsIn(array)) : array; }

  bytes(objects: readonly unknown[]): number { return objects.length * 8 * this.members.length; }

  /** For an array that was seen. False: it has to be looked at. */
  copyInQuickly(objects: readonly unknown[], { f64 }: SharedMemory, address: number): boolean {
    const seen = this.#seen.get(objects);
    if (seen === undefined) return false;
    try { if (seen.copyIn(objects as readonly object[], seen.objects, f64, address >> 3, new Places(objects))) return true; } catch { /* an object was frozen */ }
    this.#seen.delete(objects);
    return false;
  }

  /** All objects that columns are of, as far as they are such; `written`: those that a program may write to, which dates are not. */
  holders(objects: readonly unknown[], written: boolean): unknown[] {
    const all: (readonly unknown[])[] = [];
    for (const { parent, field } of this.#owners) all.push(parent < 0 ? objects : heldIn(all[parent]!, [field]));
    return all.filter((_, k) => !written || !this.#owners[k]!.cells.some((cell) => cell.field === timeKey)).flat();
  }

  /** Looks at each object. */
  copyIn(objects: readonly unknown[], { f64 }: SharedMemory, address: number): boolean {
    const { length } = objects, base = address >> 3, places = new Places(objects), owners = this.#owners;
    const seen: object[][] = owners.map(() => []);
    for (let i = 0; i < length; i++) {
      for (const [k, owner] of owners.entries()) {
        const { parent, prototype, cells, mixed, added, records } = owner, holder = parent < 0 ? undefined : seen[parent]![i]!;
        if (holder !== undefined && owner.hidden?.has(holder) === false) return false;
        const object = holder === undefined ? objects[i] : valueOf(owner, holder);
        if (!isSolid(object) || Object.getPrototypeOf(object) !== prototype || !records.has(object)) return false;
        seen[k]!.push(object);
        for (const cell of cells) {
          const { flag, c } = cell;
          if (cell.hidden?.has(object) === false) return false;
          const value = valueOf(cell, object);
          if (typeof value !== typeOf(flag)) return false;
          f64[base + i + c * length] = Number(value);
        }
        for (const one of mixed) if (!one.copyIn(object as Fields, f64, base + i, length, places)) return false;
        if (added >= 0) f64[base + i + added * length] = 0;
      }
    }
    const isOwn = (owner: Owner, k: number): boolean => seen[k]!.every((object) => [...owner.cells.filter(({ hidden }) => !hidden).map(({ field }) => field), ...owner.inner].every((field) => Object.hasOwn(object, field)));
    // what is written is the object's own: what its prototype has would be taken for it
    if (owners.some(({ cells }, k) => cells.some(({ written, hidden, field }) => written && !hidden && seen[k]!.some((object) => !Object.hasOwn(object, field))))) return false;
    const own = owners.every(isOwn), again = own ? this.#copyIn : this.written ? null : (this.#copyInherited ??= copyInFor(owners, false));
    if (again !== null) this.#seen.set(objects, { objects: seen, copyIn: again });
    return true;
  }

  copyOut(objects: readonly unknown[], { f64 }: SharedMemory, address: number): void { this.#copyOut(objects as readonly object[], f64, address >> 3); }
}

/** The columns of a call's arrays, those of one array of objects together. */
export function columnsOf(specs: readonly (ColumnSpec | null)[], interned: Interned): Columns[] {
  const groups = new Map<number, number[]>();
  specs.forEach((spec, i) => {
    if (spec === null) return;
    const group = groups.get(spec.column.of);
    if (group === undefined) groups.set(spec.column.of, [i]);
    else group.push(i);
  });
  return [...groups.values()].map((members) => new Columns(members, specs as readonly ColumnSpec[], interned));
}

/** Whose fields the columns are, the array's own objects first. */
function ownersOf(specs: readonly ColumnSpec[], interned: Interned): Owner[] {
  const owners: Owner[] = [], known = new Map<string, number>();
  const ownerAt = (within: readonly LiveHolder[], prototype: object): number => {
    const key = JSON.stringify(within.map(({ field }) => field)), found = known.get(key);
    if (found !== undefined) return found;
    const last = within.at(-1), parent = last ? ownerAt(within.slice(0, -1), prototype) : -1;
    const hidden = last && hiddenField(last.field);
    if (last && !hidden) owners[parent]!.inner.push(last.field);
    known.set(key, owners.length);
    return owners.push({ parent, field: last?.field ?? "", hidden, prototype: last?.prototype ?? prototype, name: `o${owners.length}`, cells: [], mixed: [], added: -1, inner: [], records: new Records([], []) }) - 1;
  };
  specs.forEach(({ column: { within, field, prototype, holds, mask, words, interned: compared }, written }, c) => {
    const owner = owners[ownerAt(within, prototype)]!;
    switch (holds) {
      case "number": case "boolean": owner.cells.push({ field, hidden: hiddenField(field), flag: holds === "boolean", written, c }); break;
      case "added": owner.added = c; break;
      default: {
        let mixed = owner.mixed.find((one) => one.field === field);
        if (mixed === undefined) owner.mixed.push((mixed = new MixedField(field, mask, words)));
        mixed.take(holds, c, written, compared ? interned : null);
      }
    }
  });
  for (const owner of owners) {
    const fields = [...owner.cells.filter(({ hidden }) => !hidden), ...owner.mixed];
    owner.records = new Records([...fields.map(({ field }) => field), ...owner.inner], fields.filter(({ written }) => written).map(({ field }) => field));
  }
  return owners;
}

const valueOf = ({ field, hidden }: Pick<Cell, "field" | "hidden">, object: object): unknown => (hidden ? hidden.get(object) : (object as Fields)[field]);
const typeOf = (flag: boolean): "boolean" | "number" => (flag ? "boolean" : "number");

let serial = 0;
const member = (owner: string, field: string): string => `${owner}[${JSON.stringify(field)}]`;
/** The fields that no source can spell, whose functions generated code is given. */
const hiddenIn = (owners: readonly Owner[]): HiddenField[] => owners.flatMap((owner) => [owner, ...owner.cells].flatMap(({ hidden }) => hidden ?? []));
const gets = (hidden: readonly HiddenField[]): string => hidden.map((_, k) => `, get${k} = hidden[${k}].get, set${k} = hidden[${k}].set`).join("");
const read = (owner: string, { field, hidden }: Pick<Cell, "field" | "hidden">, all: readonly HiddenField[]): string => (hidden ? `get${all.indexOf(hidden)}(${owner})` : member(owner, field));
/** Where the columns are, and an element of one: that an index is an int32 is said, or the engine would test it. */
const columnsAt = (owners: readonly Owner[]): string => `const ${["length = objects.length", ...owners.flatMap(({ cells, added }) => [...cells.map(({ c }) => c), ...(added < 0 ? [] : [added])]).map((c) => `at${c} = at + ${c} * length | 0`)].join(", ")};`;
const column = (c: number): string => `[at${c} + i | 0]`;

/**
 * Null where the host allows no generated code: each object is looked at in every call. `own`: all fields are the objects' own, so that they are read first:
 * the engine then knows an object's prototype, which it would be asked for otherwise.
 */
function copyInFor(owners: readonly Owner[], own: boolean): CopyIn | null {
  const hidden = hiddenIn(owners);
  const inherited = owners.flatMap(({ cells, mixed }, k) => [...cells.filter((cell) => cell.written && !cell.hidden), ...mixed].map(({ field }) => ` || ${JSON.stringify(field)} in p${k}`));
  const of = (owner: Owner, k: number): string[] => {
    const { name, parent, cells, mixed, added } = owner, first = cells.find((cell) => cell.written && !cell.hidden);
    const prototype = `if (getPrototypeOf(${name}) !== p${k}) return false;`, loads = cells.flatMap((cell) => [`const v${cell.c} = ${read(name, cell, hidden)};`, `if (typeof v${cell.c} !== "${typeOf(cell.flag)}") return false;`]);
    return [
      `const ${name} = ${parent < 0 ? "objects[i]" : read(owners[parent]!.name, owner, hidden)};`,
      `if (${name} !== s${k}[i]) return false;`,
      ...(own ? [...loads, prototype] : [prototype, ...loads]),
      ...(first === undefined ? [] : [`${member(name, first.field)} = v${first.c};`]),
      ...cells.map(({ flag, c }) => `to${column(c)} = ${flag ? `v${c} ? 1 : 0` : `v${c}`};`),
      ...mixed.map(({ field }, m) => `if (!mixed[${k}][${m}].copyInAgain(${name}, ${member(name, field)}, to, at + i, length, places)) return false;`),
      ...(added < 0 ? [] : [`to${column(added)} = 0;`]),
    ];
  };
  const text = `"use strict"; // columns ${++serial}: its own text, so that the engine keeps its own feedback
const ${owners.map((_, k) => `p${k} = prototypes[${k}]`).join(", ")}${gets(hidden)};
return (objects, seen, to, at, places) => {
  ${columnsAt(owners)}
  const ${owners.map((_, k) => `s${k} = seen[${k}]`).join(", ")};
  if (s0.length !== length${inherited.join("")}) return false;
  for (let i = 0; i < length; i = i + 1 | 0) {
    ${owners.flatMap(of).join("\n    ")}
  }
  return true;
};`;
  const given = { prototypes: owners.map(({ prototype }) => prototype), mixed: owners.map(({ mixed }) => mixed), hidden, getPrototypeOf: Object.getPrototypeOf };
  try { return (new Function(...Object.keys(given), text) as (...values: unknown[]) => CopyIn)(...Object.values(given)); } catch { return null; }
}

function copyOutFor(owners: readonly Owner[]): CopyOut {
  const plain = plainCopyOut(owners), writesMixed = owners.some(({ mixed }) => mixed.some(({ written }) => written));
  if (!writesMixed) return plain;
  return (objects, from, at) => {
    plain(objects, from, at);
    const held: object[] = [];
    for (let i = 0; i < objects.length; i++) {
      owners.forEach((owner, k) => {
        const { parent, mixed } = owner, object = (held[k] = parent < 0 ? objects[i]! : valueOf(owner, held[parent]!) as object), added: Added[] = [];
        for (const one of mixed) if (one.written) one.copyOut(object as Fields, from, at + i, objects, added);
        writeAdded(object as Fields, added);
      });
    }
  };
}

/** Of fields that are numbers, or booleans, in all objects. */
function plainCopyOut(owners: readonly Owner[]): CopyOut {
  const written = owners.map(({ cells }) => cells.filter((cell) => cell.written)), isUsed = owners.map((_, k) => written[k]!.length > 0);
  owners.forEach((_, k) => { for (let at = k; at >= 0 && isUsed[k]; at = owners[at]!.parent) isUsed[at] = true; });
  const hidden = hiddenIn(owners), store = (name: string, cell: Cell): string => (cell.hidden ? `set${hidden.indexOf(cell.hidden)}(${name}, v)` : `${member(name, cell.field)} = v`);
  const of = (owner: Owner, k: number): string[] => (isUsed[k] ? [
    `const ${owner.name} = ${owner.parent < 0 ? "objects[i]" : read(owners[owner.parent]!.name, owner, hidden)};`,
    ...written[k]!.map((cell) => `v = from${column(cell.c)}${cell.flag ? " !== 0" : ""}; was = ${read(owner.name, cell, hidden)}; if (v !== was || (v === 0 && 1 / v !== 1 / was)) ${store(owner.name, cell)};`),
  ] : []);
  const text = `"use strict"; // columns ${++serial}
const none = 0${gets(hidden)};
return (objects, from, at) => {
  ${columnsAt(owners)}
  for (let i = 0; i < length; i = i + 1 | 0) {
    let v, was;
    ${owners.flatMap(of).join("\n    ")}
  }
};`;
  try { return (new Function("hidden", text) as (hidden: readonly HiddenField[]) => CopyOut)(hidden); } catch {
    return (objects, from, at) => {
      const held: object[] = [];
      for (let i = 0; i < objects.length; i++) {
        owners.forEach((owner, k) => {
          const object = (held[k] = owner.parent < 0 ? objects[i]! : valueOf(owner, held[owner.parent]!) as object);
          for (const cell of written[k]!) {
            const number = from[at + i + cell.c * objects.length]!, value = cell.flag ? number !== 0 : number;
            if (Object.is(valueOf(cell, object), value)) continue;
            if (cell.hidden) cell.hidden.set(object, value);
            else (object as Fields)[cell.field] = value;
          }
        });
      }
    };
  }
}
