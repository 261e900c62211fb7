// Gives the arrays of a call their places: zero-copy where the array lies in the shared memory (or where residual JavaScript takes the
// array itself), else a copy on the stack of copies, which `finish` writes back.
//
// Guarantees: what shares bytes outside shares bytes inside (overlapping views of one buffer are copied as one range; the same array
// passed twice has one copy). Arrays of which the program believes that they share nothing do share nothing, if one of them is
// written; otherwise the call does not fit. With `protect`, nothing that the caller can see is written before `finish(true)`.
// Requires: `finish` is called exactly once for each placement, in the reverse order of placing.

import { Codes } from "../capture/codes.ts";
import type { Space } from "../ir/types.ts";
import type { BigIntArrayName, HeapContent, Over, TypedArrayName } from "../ir/interface.ts";
import { type Column, type Columns, type ColumnSpec, columnsOf } from "./columns.ts";
import { Interned } from "./fields.ts";
import { rowHeader, writeElements } from "./heap.ts";
import { type LaidClass, layOut } from "./laid.ts";
import { push, type SharedMemory } from "./memory.ts";
import { canPlace, isPlainRows, type OwnPlacing, ownPlacing } from "./placing.ts";
import { type Copy, copyAllOut, type Placement, QuickPlacement } from "./placement.ts";
import { isResizable } from "../capture/host.ts";
import { hasTypedRows, rowsShare } from "./shares.ts";
import { placedOf } from "./viewed.ts";
import { constructors, hasTwice, isRowOf, isSolidArray, isWritableArray, overlap, rowsAt, typedName, type TypedArray } from "./values.ts";

export interface ArraySpec {
  /** `table`: of a copy alone, the rows' places */
  readonly as: "typed" | "text" | "numbers" | "list" | "rows" | "grid" | "column" | "table";
  /** of lists: what an element can be */
  readonly elements?: readonly HeapContent[];
  /** of a list that was made for the call: what each can be */
  readonly each?: readonly (readonly HeapContent[])[];
  /** of a table's values: what they lead to */
  readonly classes?: readonly LaidClass[];
  /** of rows: how many levels of arrays lead to them, if more than one */
  readonly levels?: number;
  /** … and rows may be missing or undefined */
  readonly gaps?: boolean;
  /** of rows: they may change their places; none of them, nor of objects, may be there twice */
  readonly replaced?: boolean;
  readonly distinct?: boolean;
  readonly column?: Column;
  /** of a string: its number among the values of the call that are compared by numbers, in place of an address */
  readonly interned?: boolean;
  /** … of this one, whatever stands there */
  readonly word?: string;
  /** of typed ones: a DataView, of which the bytes are meant, or BigInts, of which the words */
  readonly view?: "DataView" | "ArrayBuffer" | BigIntArrayName;
  /** of typed ones: a view on the bytes behind the array */
  readonly over?: Over;
  /** of typed ones, and of typed rows: the kind */
  readonly array: TypedArrayName | null;
  readonly space: number;
  readonly read: boolean;
  readonly written: boolean;
  /** residual JavaScript that takes a typed array in place of an address */
  readonly direct: boolean;
}

export type Misfit = "kind" | "overlap" | "full" | "frozen";

/** For arrays of numbers by identity: where each was copied to, and for which space. */
type Known = Map<unknown, { readonly address: number; readonly spec: ArraySpec }>;

const noBytes = (): number => 0;
/** A version that was called so often has code of its own for its arrays: the first call is not kept waiting for it. */
const callsBeforeOwn = 2;

export class Placer {
  /** why the last `place` answered null */
  misfit: Misfit = "kind";
  private readonly specs: readonly ArraySpec[];
  private readonly spaces: readonly Space[];
  private readonly memory: SharedMemory | null;
  private readonly protect: boolean;
  private readonly anyWritten: boolean;
  private readonly typedRows: boolean;
  private readonly views: boolean;
  /** nothing can alias but typed arrays of one buffer and rows of one array: no array of numbers that is written beside another, one array of objects */
  private readonly plain: boolean;
  private readonly quick: QuickPlacement | null;
  private readonly codes: Codes;
  private calls = 0;
  private own: OwnPlacing | null = null;
  private readonly columns: readonly Columns[];
  readonly interned = new Interned();
  /** by arrays of objects: when they were looked at together, and none of the objects was in two places where that matters */
  private readonly checks = new WeakMap<object, object>();

  /** `codes`: the kernel's code that places arrays */
  constructor(specs: readonly ArraySpec[], spaces: readonly Space[], memory: SharedMemory | null, protect: boolean, codes = new Codes()) {
    this.codes = codes;
    this.specs = specs;
    this.spaces = spaces;
    this.memory = memory;
    this.protect = protect;
    this.anyWritten = specs.some((spec) => spec.written);
    this.typedRows = hasTypedRows(specs);
    this.views = specs.some((spec) => spec.view !== undefined || spec.over !== undefined);
    this.columns = columnsOf(specs.map((spec) => (spec.as === "column" ? (spec as ColumnSpec) : null)), this.interned);
    const lists = specs.filter((spec) => spec.as !== "typed" && spec.as !== "text" && spec.as !== "column");
    this.plain = lists.every((spec) => spec.as === "numbers" || isPlainRows(spec)) && (lists.length < 2 || lists.every((spec) => !spec.written)) && this.columns.length < 2;
    this.quick = memory === null ? null : new QuickPlacement(specs, memory, this.columns);
  }

  /** The placement holds until the next call of `place`. */
  place(given: readonly unknown[]): Placement | null {
    const values = this.views ? given.map((value, i) => placedOf(value, this.specs[i]!)) : given;
    this.interned.clear();
    if (this.calls < callsBeforeOwn && ++this.calls === callsBeforeOwn) this.own = this.ownPlacing();
    if (this.own !== null) {
      const misfit = this.own.place(values);
      if (misfit !== "shared") return misfit === null ? this.own.placement : this.fail(misfit);
    } else if (this.plain && this.quick !== null) {
      const placed = this.placeQuickly(values, this.quick);
      if (placed !== "shared") return placed;
    }
    return this.placeTogether(values);
  }

  private ownPlacing(): OwnPlacing | null {
    const { specs, memory, quick, columns: [columns] } = this;
    if (memory === null || quick === null || !canPlace(specs, this.columns.length)) return null;
    return ownPlacing(specs, memory, this.protect, {
      params: quick.params,
      text: (text, i) => this.copyText(text, specs[i]!),
      columns: (array) => this.copyColumns(columns!, array, quick),
      columnsOut: (commit) => quick.columnsOut(columns!, commit),
      columnsBytes: () => columns!.bytes(quick.objects),
    }, this.codes);
  }

  /** For calls in which no two arrays share a buffer outside the memory, written ones that are copied lie in the memory or not: nearly all. */
  private placeQuickly(values: readonly unknown[], quick: QuickPlacement): Placement | null | "shared" {
    const { specs, protect } = this;
    const memory = this.memory!;
    const { params, buffers, addresses } = quick;
    quick.begin(values);
    for (let i = 0; i < specs.length; i++) {
      const spec = specs[i]!;
      addresses[i] = 0;
      if (spec.as === "column") {
        if (i !== this.columns[0]!.members[0]) continue; // with the first one
        const misfit = this.copyColumns(this.columns[0]!, values[i], quick);
        if (misfit !== null) { quick.finish(false); return misfit === "unseen" ? "shared" : this.fail(misfit); }
        continue;
      }
      if (spec.as !== "typed") {
        const misfit = spec.as === "text" ? this.placeText(values[i] as string, i, quick) : spec.as === "rows" ? quick.rows(values[i], i) : quick.list(values[i], i);
        if (misfit !== null) { quick.finish(false); return misfit === "shared" ? misfit : this.fail(misfit); }
        continue;
      }
      if (typedName(values[i]) !== spec.array) { quick.finish(false); return this.fail("kind"); }
      const array = values[i] as TypedArray;
      const { buffer } = array;
      const inside = buffer === memory.buffer;
      for (let j = 0; j < i; j++) {
        if (buffers[j] !== buffer || !this.anyWritten) continue;
        if (!inside || overlap(array, values[j] as TypedArray)) { quick.finish(false); return "shared"; }
      }
      buffers[i] = buffer;
      if (!inside) quick.stable = false;
      params[2 * i + 1] = array.length;
      const untouched = !spec.read && !spec.written;
      if (untouched || ((inside || spec.direct) && !(protect && spec.written))) { params[2 * i] = spec.direct ? array : array.byteOffset; continue; }
      const address = push(memory, array.byteLength);
      if (address === 0) { quick.finish(false); return this.fail("full"); }
      quick.stable = false;
      quick.typed(array, i, address);
      params[2 * i] = spec.direct ? new constructors[spec.array!](memory.buffer, address, array.length) : address;
      quick.bytes += array.byteLength;
    }
    return quick;
  }

  private copyColumns(columns: Columns, array: unknown, quick: QuickPlacement): Misfit | "unseen" | null {
    const memory = this.memory!;
    if (!isSolidArray(array)) return "kind";
    const objects = quick.objects = columns.itemsOf(array);
    const bytes = columns.bytes(objects), address = push(memory, bytes);
    if (address === 0) return "full";
    if (!columns.copyInQuickly(objects, memory, address)) return "unseen";
    quick.stable = false;
    quick.bytes += bytes;
    columns.members.forEach((i, c) => {
      const at = address + 8 * c * objects.length;
      quick.params[2 * i] = this.specs[i]!.direct ? new Float64Array(memory.buffer, at, objects.length) : at;
      quick.params[2 * i + 1] = objects.length;
    });
    quick.addresses[columns.members[0]!] = address;
    return null;
  }

  private placeText(text: string, i: number, quick: QuickPlacement): Misfit | null {
    const address = this.copyText(text, this.specs[i]!);
    if (typeof address === "string") return address;
    quick.stable = false;
    quick.bytes += text.length * 2;
    quick.params[2 * i] = address;
    quick.params[2 * i + 1] = text.length;
    return null;
  }

  /** A string's code units; of one that is asked for its length alone nothing is copied. */
  private copyText(text: string, { read, interned, word }: ArraySpec): number | Misfit {
    if (interned) return this.interned.of(word ?? text);
    const memory = this.memory!, { length } = text;
    const address = push(memory, read ? length * 2 : 0);
    if (address === 0) return "full";
    const to = memory.views.Uint16Array;
    if (read) for (let k = 0, at = address >> 1; k < length; k++, at++) to[at] = text.charCodeAt(k);
    return address;
  }

  /** For all calls: arrays that overlap are copied as one range. */
  private placeTogether(values: readonly unknown[]): Placement | null {
    const { specs, memory } = this;
    for (let i = 0; i < specs.length; i++) {
      const spec = specs[i]!;
      if (spec.as === "text") continue;
      if (spec.as === "typed" ? typedName(values[i]) !== spec.array : !isSolidArray(values[i])) return this.fail("kind");
      if (spec.as !== "typed" && spec.as !== "column" && spec.written && !Object.isExtensible(values[i])) return this.fail("frozen");
      if (spec.as === "list" && values.some((other, j) => j !== i && (other === values[i] || ((specs[j]!.as === "rows" || specs[j]!.as === "grid") && isRowOf(other as unknown[], specs[j]!.levels ?? 1, values[i]))))) return this.fail("overlap");
    }
    if (this.anyWritten && this.typedRows && rowsShare(specs, values)) return this.fail("overlap");
    const copied = this.toBeCopied(values);
    if (copied === null) return this.fail("overlap");

    const stackBefore = memory?.stack ?? 0;
    const params: (number | TypedArray)[] = new Array<number>(specs.length * 2);
    const copies: Copy[] = [];
    let bytes = 0;
    const giveUp = (why: Misfit): null => {
      if (memory !== null) memory.stack = stackBefore;
      return this.fail(why);
    };

    // 1. typed arrays
    const ranges = this.ranges(values, copied);
    if (ranges === null) return giveUp("full");
    for (const range of ranges) bytes += range.end - range.start;
    for (let i = 0; i < specs.length; i++) {
      const spec = specs[i]!;
      if (spec.as !== "typed") continue;
      const array = values[i] as TypedArray;
      params[2 * i + 1] = array.length;
      if (!copied[i]) { params[2 * i] = spec.direct ? array : array.byteOffset; continue; }
      const range = ranges.find((r) => r.buffer === array.buffer && r.start <= array.byteOffset && array.byteOffset + array.byteLength <= r.end)!;
      const address = range.address + array.byteOffset - range.start;
      params[2 * i] = spec.direct ? new constructors[spec.array!](memory!.buffer, address, array.length) : address;
      if (spec.written) copies.push({ spec, outside: array, address });
    }

    // 2. ordinary arrays
    const known: Known = new Map();
    for (let i = 0; i < specs.length; i++) {
      const spec = specs[i]!;
      if (spec.as === "typed" || spec.as === "column") continue;
      if (spec.as === "text") {
        const text = values[i] as string, address = memory === null ? "full" : this.copyText(text, spec);
        if (typeof address === "string") return giveUp(address);
        params[2 * i] = address;
        params[2 * i + 1] = text.length;
        bytes += text.length * 2;
        continue;
      }
      const array = values[i] as unknown[];
      params[2 * i + 1] = array.length;
      const address = spec.as === "numbers" ? this.copyNumbers(array, spec, known, copies) : spec.as === "list" ? this.layOutList(array, spec) : spec.as === "grid" ? this.copyGrid(array) : this.copyRows(array, spec, 1, [], known, copies);
      if (typeof address === "string") return giveUp(address);
      params[2 * i] = spec.direct ? new Float64Array(memory!.buffer, address, array.length) : address;
      bytes += array.length * 8;
    }

    // 3. arrays of objects; an object in two places would have two values
    const objects = this.columns.map((columns) => columns.itemsOf(values[columns.members[0]!] as unknown[]));
    const places: number[] = [];
    for (const [k, columns] of this.columns.entries()) {
      const list = objects[k]!, address = memory === null ? 0 : push(memory, columns.bytes(list));
      if (address === 0) return giveUp("full");
      places.push(address);
      bytes += columns.bytes(list);
      columns.members.forEach((i, c) => {
        const at = address + 8 * c * list.length;
        params[2 * i] = specs[i]!.direct ? new Float64Array(memory!.buffer, at, list.length) : at;
        params[2 * i + 1] = list.length;
      });
    }
    if (!this.copyObjectsQuickly(objects, places)) {
      if (this.columns.some(({ written }) => written) && hasTwice(this.columns.flatMap((columns, k) => columns.holders(objects[k]!, true)))) return giveUp("overlap");
      if (hasTwice(this.columns.flatMap((columns, k) => (columns.distinct ? columns.holders(objects[k]!, false) : [])))) return giveUp("overlap");
      for (const [k, columns] of this.columns.entries()) if (!columns.copyIn(objects[k]!, memory!, places[k]!)) return giveUp("kind");
      const check = {};
      for (const list of objects) this.checks.set(list, check);
    }

    if (copies.length === 0 && ranges.length === 0 && specs.every((spec) => spec.as === "typed")) {
      const stable = memory !== null && values.every((value) => (value as TypedArray).buffer === memory.buffer);
      return { params, stable, bytes, finish: noBytes };
    }
    return {
      params, stable: false, bytes,
      finish: (commit) => {
        memory!.stack = stackBefore;
        if (!commit) return 0;
        let written = copyAllOut(copies, memory!);
        this.columns.forEach((columns, k) => { if (columns.written) { columns.copyOut(objects[k]!, memory!, places[k]!); written += columns.bytes(objects[k]!); } });
        return written;
      },
    };
  }

  /** For arrays of objects that were looked at together. False: they have to be. */
  private copyObjectsQuickly(objects: readonly (readonly unknown[])[], places: readonly number[]): boolean {
    const check = objects.length === 0 ? undefined : this.checks.get(objects[0]!);
    return check !== undefined && this.columns.every((columns, k) => this.checks.get(objects[k]!) === check && columns.copyInQuickly(objects[k]!, this.memory!, places[k]!));
  }

  private fail(why: Misfit): null {
    this.misfit = why;
    return null;
  }

  private separate(a: ArraySpec, b: ArraySpec): boolean {
    return a.space !== b.space && !this.spaces[a.space]!.mayOverlap.includes(b.space) && !this.spaces[b.space]!.mayOverlap.includes(a.space);
  }

  /** Which typed arrays are to be copied; null where arrays share bytes that the program believes apart. */
  private toBeCopied(values: readonly unknown[]): boolean[] | null {
    const { specs, memory, protect } = this;
    const copied = specs.map((spec, i) => {
      if (spec.as !== "typed" || (!spec.read && !spec.written)) return false;
      const inPlace = spec.direct || (memory !== null && (values[i] as TypedArray).buffer === memory.buffer);
      return !inPlace || (protect && spec.written);
    });
    if (!this.anyWritten || specs.length < 2) return copied;
    for (let again = true; again;) {
      again = false;
      for (let i = 0; i < specs.length; i++) {
        for (let j = 0; j < i; j++) {
          const a = specs[i]!;
          const b = specs[j]!;
          if (a.as !== "typed" || b.as !== "typed" || !(a.written || b.written)) continue;
          if (!overlap(values[i] as TypedArray, values[j] as TypedArray)) continue;
          if (this.separate(a, b)) return null;
          if (copied[i] !== copied[j]) { copied[i] = copied[j] = again = true; } // both inside or both outside, else they would not alias
        }
      }
    }
    return copied;
  }

  /** Copies in the bytes of all arrays that need it: one range for arrays that overlap. Null: no room. */
  private ranges(values: readonly unknown[], copied: readonly boolean[]): { buffer: ArrayBufferLike; start: number; end: number; address: number }[] | null {
    const ranges: { buffer: ArrayBufferLike; start: number; end: number; address: number }[] = [];
    for (let i = 0; i < copied.length; i++) {
      if (!copied[i]) continue;
      const { buffer, byteOffset, byteLength } = values[i] as TypedArray;
      const joined = { buffer, start: byteOffset, end: byteOffset + byteLength, address: 0 };
      for (let r = 0; r < ranges.length;) {
        const range = ranges[r]!;
        if (range.buffer === buffer && range.start <= joined.end && joined.start <= range.end) {
          joined.start = Math.min(joined.start, range.start);
          joined.end = Math.max(joined.end, range.end);
          ranges.splice(r, 1);
          r = 0;
        } else r++;
      }
      ranges.push(joined);
    }
    const { memory } = this;
    for (const range of ranges) {
      if (memory === null) return null;
      const skew = range.start & 15; // so that an element that is aligned outside is aligned inside
      const base = push(memory, range.end - range.start + skew);
      if (base === 0) return null;
      range.address = base + skew;
      if (range.end > range.start) memory.u8.set(new Uint8Array(range.buffer, range.start, range.end - range.start), range.address);
    }
    return ranges;
  }

  /** Of a row, `place` in its array and its length stand before it. */
  private copyNumbers(array: readonly unknown[], spec: ArraySpec, known: Known, copies: Copy[], place = -1): number | Misfit {
    const before = known.get(array);
    if (before !== undefined && !(place >= 0 && before.spec !== spec && !before.spec.written && !spec.written)) {
      if (place >= 0 && before.spec !== spec) return "overlap";
      if ((before.spec.written || spec.written) && this.separate(before.spec, spec)) return "overlap";
      if (spec.written && !before.spec.written && !isWritableArray(array as number[])) return "frozen";
      if (spec.written && !before.spec.written) copies.push({ spec, outside: array as number[], address: before.address });
      return before.address;
    }
    const memory = this.memory;
    if (memory === null) return "full";
    const block = push(memory, array.length * 8 + (place >= 0 ? 16 : 0));
    if (block === 0) return "full";
    const address = place >= 0 ? block + 16 : block, to = memory.f64;
    if (place >= 0) {
      memory.i32[(address >> 2) - rowHeader] = place;
      memory.i32[(address >> 2) - 1] = array.length;
    }
    for (let i = 0, at = address >> 3; i < array.length; i++, at++) {
      const value = array[i];
      if (typeof value !== "number") return "kind";
      to[at] = value;
    }
    if (spec.written && !isWritableArray(array as number[])) return "frozen";
    if (this.anyWritten) known.set(array, { address, spec });
    if (spec.written) copies.push({ spec, outside: array as number[], address });
    return address;
  }

  /** As the program's own arrays lie in memory: its capacity, where its elements are and how many, the elements. */
  private layOutList(array: readonly unknown[], spec: ArraySpec): number | Misfit {
    const { memory } = this;
    if (memory === null) return "full";
    if (spec.written && Object.getOwnPropertyDescriptor(array, "length")!.writable !== true) return "frozen";
    const block = push(memory, array.length * 8 + 80);
    if (block === 0) return "full";
    memory.i32[block >> 2] = array.length + 8;
    memory.i32[(block >> 2) + 2] = block + 16;
    memory.i32[(block >> 2) + 3] = array.length;
    if (!(spec.classes ? layOut(memory, array, spec.each ?? spec.elements!, spec.classes, block + 16) : writeElements(memory, array, spec.elements!, block + 16))) return "kind";
    return !spec.written || isWritableArray(array as unknown[]) ? block + 8 : "frozen";
  }

  /** Where the objects of each row begin, and how many there are. */
  private copyGrid(rows: readonly unknown[]): number | Misfit {
    const { memory } = this, block = memory === null ? 0 : push(memory, rows.length * 8);
    if (memory === null || block === 0) return "full";
    for (let i = 0, first = 0, at = block >> 2; i < rows.length; i++, at += 2) {
      const row = rows[i];
      if (!isSolidArray(row)) return "kind";
      memory.i32[at] = first;
      memory.i32[at + 1] = row.length;
      first += row.length;
    }
    return block;
  }

  /** `placed`: the arrays of each level that have their places already. Of a table that is one of them, `place` and its length stand before it. */
  private copyRows(rows: readonly unknown[], spec: ArraySpec, level: number, placed: unknown[][], known: Known, copies: Copy[], place = -1): number | Misfit {
    const memory = this.memory, levels = spec.levels ?? 1;
    if (memory === null) return "full";
    const block = push(memory, rows.length * 8 + (place >= 0 ? 16 : 0));
    if (block === 0) return "full";
    const table = place >= 0 ? block + 16 : block;
    if (place >= 0) {
      memory.i32[(table >> 2) - rowHeader] = place;
      memory.i32[(table >> 2) - 1] = rows.length;
    } else { // a table has a copy for each place that it is in
      const apart = spec.distinct ? levels : spec.replaced ? levels - 1 : 0;
      for (let l = 1; l <= apart; l++) if (hasTwice(rowsAt(rows, l).filter((row) => row !== undefined))) return "overlap";
    }
    const alike = (placed[level] ??= []);
    if (spec.replaced) copies.push({ spec: { ...spec, as: "table" }, outside: rows as number[], address: table, rows: alike });
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      let address: number | Misfit;
      const at = alike.push(row) - 1;
      if (row === undefined && spec.gaps) {
        memory.i32[(table >> 2) + 2 * i] = 0;
        memory.i32[(table >> 2) + 2 * i + 1] = i in rows ? 1 : 0;
        continue;
      }
      if (spec.array !== null && level === levels) address = this.copyTypedRow(row, spec, spec.array, at, copies);
      else if (!isSolidArray(row)) return "kind";
      else if (spec.written && !Object.isExtensible(row)) return "frozen";
      else if (level < levels) address = this.copyRows(row, spec, level + 1, placed, known, copies, at);
      else address = this.copyNumbers(row, spec, known, copies, at);
      if (typeof address === "string") return address;
      memory.i32[(table >> 2) + 2 * i] = address;
      memory.i32[(table >> 2) + 2 * i + 1] = (row as unknown[]).length;
    }
    return table;
  }

  /** Copied even out of the shared memory: a row's place stands before it. */
  private copyTypedRow(row: unknown, spec: ArraySpec, array: TypedArrayName, place: number, copies: Copy[]): number | Misfit {
    const memory = this.memory!;
    if (typedName(row) !== array || Object.getPrototypeOf(row) !== constructors[array].prototype || isResizable((row as TypedArray).buffer)) return "kind";
    const typed = row as TypedArray, block = push(memory, typed.byteLength + 16);
    if (block === 0) return "full";
    const address = block + 16;
    memory.i32[(address >> 2) - rowHeader] = place;
    memory.i32[(address >> 2) - 1] = typed.length;
    memory.views[array].set(typed, address / typed.BYTES_PER_ELEMENT);
    if (spec.written) copies.push({ spec: { ...spec, as: "typed" }, outside: typed, address });
    return address;
  }
}
