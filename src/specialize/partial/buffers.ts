// The bytes behind typed arrays: `a.buffer`, `new ArrayBuffer(n)`, and other views of the same bytes.
//
//   const words = new Uint32Array(pixels.buffer, pixels.byteOffset, n)   →   an input of its own, over the bytes of `pixels`
//   const view = new DataView(buffer, 8)                                  →   the bytes of the argument, from the eighth on
//   const f = new Float64Array(1), w = new Uint32Array(f.buffer)         →   two spaces at one address, each of which may overlap the other
//
// Requires: nothing moves an array that has views (boxes.ts asks `ev.viewed`). An ArrayBuffer has no identity of its own: two that are
// compared are the original's business.

import { constantOf } from "../../ir/build.ts";
import type { Path, TypedArrayName } from "../../ir/interface.ts";
import { NodeRef } from "../../ir/snapshot.ts";
import type { Value } from "../../ir/types.ts";
import { elementKind } from "./arrays.ts";
import { constructBuiltin } from "./constructed.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { bytesOf, elementOf, isBuffer, memory, newSpace, viewOfInput } from "./inputs.ts";
import { keptFor } from "./items.ts";
import { found } from "./objects.ts";
import { memoryOf, slice } from "./sequences.ts";
import { newPart } from "./subarrays.ts";
import { num, prim, undefinedValue, type Abs, type Mem, type Memory, type Obj } from "./values.ts";
import { require } from "./vectors.ts";
import { Restart } from "./walk.ts";

export type Buffer = HeapObject & { readonly t: "buffer" };

/** Greatest offset or length, in bytes or elements: all memory is smaller. */
const longest = 1 << 28;

const bufferOver = (ev: Evaluator, base: Abs, shared: Path | null): Abs => ev.allocate({ t: "buffer", base, shared });

/** Where a buffer's class matters: what lies behind a caller's array, and so what copies of it are, is tested at entry. */
export function expectUnshared(ev: Evaluator, { shared }: Buffer): void {
  if (shared !== null) ev.expect({ expect: "unshared", path: shared });
}

/** `buffer` and `byteOffset` of an array in memory; undefined where nothing is known of what lies around it. */
export function bufferProperty(ev: Evaluator, mem: Mem, name: "buffer" | "byteOffset"): Abs | undefined {
  if (mem.of.local && !mem.of.row && !mem.of.constant && !mem.of.bigints) return name === "buffer" ? bufferOver(ev, mem, null) : prim(0);
  if (mem.of.behind) return name === "buffer" ? bufferOver(ev, mem.of.behind.base, mem.of.behind.shared) : offsetBehind(ev, mem, mem.of.behind.base);
  const root = mem.of.path?.root;
  // a captured one is always that very array
  if (typeof root === "object" && root.variable === undefined && mem.of.path!.keys.length === 0 && !mem.of.dataView) return found(ev, new NodeRef(root.node), name, null);
  if (!isArgument(mem) || !isEngines(ev, mem, name)) return undefined;
  return name === "buffer" ? bufferOver(ev, mem, mem.of.path) : offsetOf(ev, mem);
}
/** … of one whose items are known one by one. */
export const bufferOfItems = (ev: Evaluator, id: number): Abs => bufferOver(ev, { k: "obj", id }, null);

/** A typed array or DataView of the caller's, or the field of an argument. */
const isArgument = ({ of }: Mem): boolean => of.path !== null && typeof of.path.root !== "object" && of.kind?.kind === "typed" && !of.bigints;
/** Whether a property is what all typed arrays have, also of one with a prototype of its own (a Node Buffer). */
export const isEngines = (ev: Evaluator, { of: { prototype, array } }: Mem, name: string): boolean => prototype === undefined || isOfArrays(ev, new NodeRef(prototype), array, name);
/** The same of the prototype of a class over such arrays. */
export const isOfArrays = (ev: Evaluator, prototype: NodeRef, array: string, name: string): boolean =>
  ev.snapshot.owner(keptFor(ev, prototype, name), name)?.node === ev.snapshot.owner(ev.snapshot.builtin(`${array}.prototype`), name)?.node;

/** An argument's byteOffset is the length of the bytes before it. */
function offsetOf(ev: Evaluator, mem: Mem): Abs {
  let offset = ev.byteOffsets.get(mem.of);
  if (!offset) {
    const { len } = viewOfInput(ev, mem, "Uint8Array", "before");
    ev.byteOffsets.set(mem.of, (offset = num(ev.inPrologue(() => ev.b.op("f64.convert_i32_s", len)))));
  }
  return offset;
}

/** How far behind the beginning of its buffer a view is: of an ArrayBuffer or all bytes behind an array. */
const offsetBehind = (ev: Evaluator, { ptr }: Mem, base: Mem): Abs => ev.fromI32(ev.b.op("i32.sub", ptr, (isBuffer(base.of) ? base : viewOfInput(ev, base, "Uint8Array", "whole")).ptr));

/** `new ArrayBuffer(n)`: zeroed bytes. */
export const makeBuffer = (ev: Evaluator, length: Abs): Abs => {
  if (!(length.k === "num" || (length.k === "prim" && typeof length.value === "number"))) throw ev.refuse("Todo", "the length of an ArrayBuffer is no number", "hand over a number");
  return ev.allocate({ t: "buffer", base: constructBuiltin(ev, "Uint8Array", [length]), shared: null, unseen: true });
};

/**
 * The ArrayBuffer that a value is. A slow one has to be fast; a captured one is the live object as it is at entry, and so are the arrays over it,
 * as nothing says which bytes are written.
 */
export function bufferAt(ev: Evaluator, a: Abs): Buffer | undefined {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (object?.t === "buffer") return object;
  const node = object?.t === "snap" ? ev.snapshot.node(object.node) : undefined;
  if (object?.t !== "snap" || node?.kind !== "object" || (node.className !== "ArrayBuffer" && node.className !== "SharedArrayBuffer")) return undefined;
  const path = ev.staticPaths.get(object.node.node), why = "an ArrayBuffer is used that is slow or shared, or can be resized";
  if (path) throw ev.demote(path, undefined, why);
  if (node.className === "SharedArrayBuffer" || ev.lessons.writtenNodes.has(object.node.node)) throw ev.refuse("Unsupported", why, "pass the views that you need");
  ev.lessons.writtenNodes.add(object.node.node);
  throw new Restart();
}

/** `new Uint8Array(buffer)` of a buffer that the kernel made is the array that it was made with, until somebody has that; undefined for what is no buffer. */
export function makeView(ev: Evaluator, name: TypedArrayName | "DataView", first: Abs, args: readonly Abs[]): Abs | undefined {
  const buffer = bufferAt(ev, first);
  if (!buffer?.unseen || name !== "Uint8Array" || !args.every(isUndefined)) return buffer && viewOn(ev, name, buffer, args);
  ev.update((first as Obj).id, { ...buffer, unseen: false });
  return buffer.base;
}

/** `new Float32Array(buffer, offset, length)`, or a DataView. What would throw is left to the original. */
export function viewOn(ev: Evaluator, name: TypedArrayName | "DataView", buffer: Buffer, [offset = undefinedValue, length = undefinedValue]: readonly Abs[]): Mem {
  const dataView = name === "DataView", array = dataView ? "Uint8Array" : name;
  const { base } = buffer;
  const size = bytesOf[elementOf[array]], shift = Math.log2(size);
  const open = isUndefined(length), count = open ? undefined : indexOf(ev, length);
  let within: Mem, at: Value, bytes: Value | undefined, whole: Memory | undefined, behind: Memory["behind"];
  if (base.k === "mem" && (isArgument(base) || isBuffer(base.of))) {
    const own = offset.k === "num" && offset === ev.byteOffsets.get(base.of);
    if (own) {
      within = viewOfInput(ev, base, array, open ? "rest" : "own");
      if (count) require(ev, ev.b.op("i32.le_u", count, within.len), "a view reaches beyond its array");
      return { k: "mem", of: memoryOfView(ev, within, array, dataView, undefined, { base, shared: buffer.shared }), ptr: within.ptr, len: count ?? within.len, part: newPart(ev, within) };
    }
    within = isBuffer(base.of) && array === base.of.array ? base : viewOfInput(ev, base, array, "whole");
    behind = { base, shared: buffer.shared };
    if (isBuffer(base.of)) bytes = base.len; // there may be more than whole elements
    at = indexOf(ev, offset);
  } else {
    if (base.k === "obj") ev.viewed.add(base.id);
    within = memoryOf(ev, base);
    at = indexOf(ev, offset);
    if (dataView && open && constantOf(at) === 0 && within.of.local) whole = within.of;
  }
  bytes ??= ev.b.op("i32.shl", within.len, ev.b.i32(Math.log2(bytesOf[elementKind(ev, within.of)])));
  const aligned = (v: Value): Value => ev.b.op("i32.eqz", ev.b.op("i32.and", v, ev.b.i32(size - 1)));
  require(ev, ev.b.op("i32.and", ev.b.op("i32.le_u", at, bytes), ev.b.op("i32.and", aligned(at), open ? aligned(bytes) : ev.b.i32(1))), "a view does not fit its buffer");
  const room = ev.b.op("i32.shr_u", ev.b.op("i32.sub", bytes, at), ev.b.i32(shift));
  if (count) require(ev, ev.b.op("i32.le_u", count, room), "a view reaches beyond its buffer");
  return { k: "mem", of: memoryOfView(ev, within, array, dataView, whole, behind), ptr: ev.b.op("i32.add", within.ptr, at), len: count ?? room, part: newPart(ev, within) };
}

const isUndefined = (a: Abs): boolean => a.k === "prim" && a.value === undefined;
/** ToIndex. */
function indexOf(ev: Evaluator, a: Abs): Value {
  if (isUndefined(a)) return ev.b.i32(0);
  const v = ev.toF64(a);
  require(ev, ev.b.op("i32.eqz", ev.b.op("i32.or", ev.b.op("f64.le", v, ev.b.f64(-1)), ev.b.op("f64.gt", v, ev.b.f64(longest)))), "an offset or a length is out of range");
  return ev.b.op("i32.trunc_sat_f64_s", v);
}

/** What the views of one kind on one memory share: a space that overlaps its. They have no identity that could be compared. */
function memoryOfView(ev: Evaluator, within: Mem, array: TypedArrayName, dataView: boolean, whole?: Memory, behind?: Memory["behind"]) {
  const key = `${within.of.space} ${array} ${dataView} ${whole !== undefined}`;
  let of = ev.views.get(key);
  if (of?.whole !== whole) of = undefined;
  if (!of) {
    const same = elementKind(ev, within.of) === elementOf[array];
    const origin = ev.spaces[within.of.space]!.origin;
    const space = same ? within.of.space : newSpace(ev, `${within.of.name}_${elementOf[array]}`, origin, elementOf[array]);
    if (!same) ev.share(within.of.space, space);
    ev.views.set(key, (of = memory({ array, space, name: within.of.name, path: null, local: within.of.local, row: true, dataView: dataView || undefined, whole, behind })));
  }
  return of;
}

/** `buffer` and `byteOffset` of a DataView of the caller's, or on all of an array of the kernel's own; undefined of another one. */
export function bufferOfDataView(ev: Evaluator, mem: Mem, name: "buffer" | "byteOffset"): Abs | undefined {
  const { of: { whole }, ptr, len } = mem;
  if (mem.of.behind) return bufferProperty(ev, mem, name);
  if (!whole) return !isArgument(mem) ? undefined : name === "buffer" ? bufferOver(ev, mem, mem.of.path) : offsetOf(ev, mem);
  return name === "byteOffset" ? prim(0) : bufferOver(ev, { k: "mem", of: whole, ptr, len: ev.b.op("i32.shr_u", len, ev.b.i32(Math.log2(bytesOf[elementKind(ev, whole)]))) }, null);
}

/** A property of an ArrayBuffer that is no method. */
export function getOfBuffer(ev: Evaluator, buffer: Buffer, name: string): Abs | undefined {
  if (name === "constructor") expectUnshared(ev, buffer);
  return name === "byteLength" ? ev.fromI32(viewOn(ev, "Uint8Array", buffer, []).len) : undefined;
}

/** buffer.slice(start, end): a copy. */
export const sliceBuffer = (ev: Evaluator, args: readonly Abs[], buffer: Buffer): Abs => bufferOver(ev, slice(ev, args, viewOn(ev, "Uint8Array", buffer, [])), buffer.shared);
