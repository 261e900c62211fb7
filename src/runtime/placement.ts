// Where the arrays of a call are, and how the call ends: copies are written back and their memory is given back.

import type { Columns } from "./columns.ts";
import { rowHeader } from "./heap.ts";
import { push, type SharedMemory } from "./memory.ts";
import type { ArraySpec, Misfit } from "./place.ts";
import { hasTwice, isSolidArray, isWritableArray, type TypedArray } from "./values.ts";

/** A call of the engine's own to copy elements takes as long as so many of them. */
const few = 20;

export interface Placement {
  /** two for each array: its address (or the typed array itself) and its length */
  readonly params: (number | TypedArray)[];
  /** all arrays lie in the shared memory and are used there: the same arrays will have the same places in the next call */
  readonly stable: boolean;
  /** bytes copied in */
  readonly bytes: number;
  /** Ends the call: gives the copies' memory back, `commit` writes them out first. Answers the bytes copied out. */
  finish(commit: boolean): number;
}

/** `rows`: of a table, all rows of its level, by their places. */
export interface Copy { readonly spec: ArraySpec; readonly outside: TypedArray | number[]; readonly address: number; readonly rows?: readonly unknown[] }

/** A placement without aliasing, used again for every call. (A run never starts inside another, so one is enough.) */
export class QuickPlacement implements Placement {
  readonly params: (number | TypedArray)[];
  stable = true;
  bytes = 0;
  /** by array: its buffer, and where its copy is (0: it has none) */
  readonly buffers: (ArrayBufferLike | null)[];
  readonly addresses: number[];
  /** the objects that columns are of */
  objects: readonly unknown[] = [];
  private readonly specs: readonly ArraySpec[];
  private readonly memory: SharedMemory;
  private readonly columns: readonly Columns[];
  private values: readonly unknown[] = [];
  private stackBefore = 0;

  constructor(specs: readonly ArraySpec[], memory: SharedMemory, columns: readonly Columns[]) {
    this.specs = specs;
    this.columns = columns;
    this.memory = memory;
    this.params = specs.flatMap(() => [0, 0]);
    this.buffers = specs.map(() => null);
    this.addresses = specs.map(() => 0);
  }

  begin(values: readonly unknown[]): void {
    this.values = values;
    this.stackBefore = this.memory.stack;
    this.stable = true;
    this.bytes = 0;
  }

  /** Copies a typed array to where there is room for it. */
  typed(array: TypedArray, i: number, address: number): void {
    const view = this.memory.views[this.specs[i]!.array!], at = address / array.BYTES_PER_ELEMENT;
    if (array.length > few) view.set(array, at); else numbersIn(array, view, at); // a detached one has none, and can't be read
    this.addresses[i] = address;
  }

  list(value: unknown, i: number): Misfit | null {
    const { memory, params } = this, spec = this.specs[i]!;
    if (!isSolidArray(value)) return "kind";
    const { length } = value, address = push(memory, length * 8);
    if (address === 0) return "full";
    const misfit = this.numbers(value, i, address);
    if (misfit !== null) return misfit;
    this.addresses[i] = address;
    params[2 * i] = spec.direct ? new Float64Array(memory.buffer, address, length) : address;
    params[2 * i + 1] = length;
    return null;
  }

  /** A table of the rows' places and lengths; before each row stand its place in the table and its length. */
  rows(value: unknown, i: number): Misfit | "shared" | null {
    const { memory, params } = this, spec = this.specs[i]!;
    if (!isSolidArray(value)) return "kind";
    if (spec.written && !Object.isExtensible(value)) return "frozen";
    if ((spec.written || spec.distinct) && hasTwice(value)) return "shared";
    const { length } = value, table = push(memory, length * 8);
    if (table === 0) return "full";
    for (let k = 0; k < length; k++) {
      const row = value[k];
      if (!isSolidArray(row)) return "kind";
      const block = push(memory, row.length * 8 + 16), { i32 } = memory;
      if (block === 0) return "full";
      const misfit = this.numbers(row, i, block + 16);
      if (misfit !== null) return misfit;
      i32[(block >> 2) + 4 - rowHeader] = k;
      i32[(block >> 2) + 3] = row.length;
      i32[(table >> 2) + 2 * k] = block + 16;
      i32[(table >> 2) + 2 * k + 1] = row.length;
    }
    this.bytes += length * 8;
    this.addresses[i] = table;
    params[2 * i] = table;
    params[2 * i + 1] = length;
    return null;
  }

  private numbers(array: readonly unknown[], i: number, address: number): Misfit | null {
    const { written } = this.specs[i]!;
    if (written && !Object.isExtensible(array)) return "frozen";
    if (!numbersIn(array, this.memory.f64, address >> 3)) return "kind";
    if (written && !isWritableArray(array as unknown[])) return "frozen";
    this.stable = false;
    this.bytes += array.length * 8;
    return null;
  }

  finish(commit: boolean): number {
    const { specs, memory, addresses, values } = this;
    let bytes = 0;
    for (let i = 0; i < specs.length; i++) {
      this.buffers[i] = null; // nothing of the caller's is held
      if (commit && addresses[i] !== 0 && specs[i]!.written && specs[i]!.as !== "column") bytes += this.copyOut(i, addresses[i]!, values[i]);
      if (specs[i]!.direct) this.params[2 * i] = 0;
    }
    for (const one of this.columns) {
      if (commit && one.written && addresses[one.members[0]!] !== 0) bytes += one.bytes(this.objects);
      this.columnsOut(one, commit);
    }
    memory.stack = this.stackBefore;
    this.values = this.objects = [];
    return bytes;
  }

  /** Writes the objects' fields back, and forgets the objects. */
  columnsOut(columns: Columns, commit: boolean): void {
    const address = this.addresses[columns.members[0]!]!;
    if (commit && columns.written && address !== 0) columns.copyOut(this.objects, this.memory, address);
    this.addresses[columns.members[0]!] = 0;
    this.objects = [];
  }

  private copyOut(i: number, address: number, value: unknown): number {
    const { memory } = this, { f64, i32 } = memory, { as, array } = this.specs[i]!;
    if (as === "typed") {
      const outside = value as TypedArray;
      if (outside.length <= few) numbersOut(outside, memory.views[array!], address / outside.BYTES_PER_ELEMENT);
      else copyTypedOut(outside, memory.views[array!], address);
      return outside.byteLength;
    }
    const outside = value as unknown[];
    let bytes = outside.length * 8;
    if (as === "numbers") numbersOut(outside as number[], f64, address >> 3);
    else for (let k = 0; k < outside.length; k++) {
      const row = outside[k] as number[];
      numbersOut(row, f64, i32[(address >> 2) + 2 * k]! >> 3);
      bytes += row.length * 8;
    }
    return bytes;
  }
}

/** Copies an array in, to place `at`, counted in elements. False: an element is no number. */
function numbersIn(array: ArrayLike<unknown>, to: TypedArray, at: number): boolean {
  const { length } = array;
  for (let i = 0; i < length; i++) {
    const value = array[i];
    if (typeof value !== "number") return false;
    to[at + i] = value;
  }
  return true;
}

/** Writes only what changed: an array of small integers stays one, and a NaN that was not written keeps its bits. */
function numbersOut(array: number[] | TypedArray, from: TypedArray, at: number): void {
  const { length } = array;
  for (let i = 0; i < length; i++) {
    const value = from[at + i]!, old = array[i]!;
    if (old === value ? value === 0 && !Object.is(old, value) : old === old || value === value) array[i] = value;
  }
}

function copyTypedOut(array: TypedArray, from: TypedArray, address: number): void {
  const start = address / array.BYTES_PER_ELEMENT;
  if (array.length > 0) array.set(from.subarray(start, start + array.length));
}

export function copyAllOut(copies: readonly Copy[], memory: SharedMemory): number {
  let bytes = 0;
  for (const copy of copies) bytes += copyOut(copy, memory);
  return bytes;
}

function copyOut({ spec, outside, address, rows = [] }: Copy, memory: SharedMemory): number {
  if (spec.as === "typed") {
    const array = outside as TypedArray;
    copyTypedOut(array, memory.views[spec.array!], address);
    return array.byteLength;
  }
  if (spec.as === "table") {
    const table = outside as unknown[];
    for (let i = 0; i < table.length; i++) {
      const at = memory.i32[(address >> 2) + 2 * i]!;
      if (at === 0) continue; // a gap, which stays where it was
      const row = rows[memory.i32[(at >> 2) - rowHeader]!];
      if (row !== table[i]) table[i] = row;
    }
    return table.length * 8;
  }
  numbersOut(outside as number[], memory.f64, address >> 3);
  return outside.length * 8;
}
