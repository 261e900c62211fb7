// Where the arrays of a call are, and how the call ends: copies are written back and their memory is given back.

import type { Columns } from "./columns.ts";
import { rowHeader } from "./heap.ts";
import type { SharedMemory } from "./memory.ts";
import type { ArraySpec } from "./place.ts";
import type { TypedArray } from "./values.ts";

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

  finish(commit: boolean): number {
    const { specs, memory, addresses, values } = this;
    let bytes = 0;
    for (let i = 0; i < specs.length; i++) {
      this.buffers[i] = null; // nothing of the caller's is held
      if (commit && addresses[i] !== 0 && specs[i]!.written && specs[i]!.as !== "column") bytes += copyOut({ spec: specs[i]!, outside: values[i] as TypedArray, address: addresses[i]! }, memory);
      if (specs[i]!.direct) this.params[2 * i] = 0;
    }
    for (const one of this.columns) {
      const first = one.members[0]!;
      if (!commit || !one.written || addresses[first] === 0) continue;
      one.copyOut(this.objects, memory, addresses[first]!);
      bytes += one.bytes(this.objects);
    }
    memory.stack = this.stackBefore;
    this.values = this.objects = [];
    return bytes;
  }
}

export function copyAllOut(copies: readonly Copy[], memory: SharedMemory): number {
  let bytes = 0;
  for (const copy of copies) bytes += copyOut(copy, memory);
  return bytes;
}

function copyOut({ spec, outside, address, rows = [] }: Copy, memory: SharedMemory): number {
  if (spec.as === "typed") {
    const array = outside as TypedArray;
    const start = address / array.BYTES_PER_ELEMENT;
    if (array.length > 0) array.set(memory.views[spec.array!].subarray(start, start + array.length));
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
  const from = memory.f64;
  const array = outside as number[];
  for (let i = 0, at = address >> 3; i < array.length; i++, at++) {
    const value = from[at]!;
    const old = array[i]!;
    // only what changed: an array of small integers stays one
    if (old !== value || (value === 0 && !Object.is(old, value))) array[i] = value;
  }
  return array.length * 8;
}
