// Local arrays whose length is known at run time only: typed arrays of a computed length, ordinary arrays that grow in a loop.
//
// They lie in the free part of the memory, taken from its start upwards for the length of one call. Two words in a segment of their own
// say where it begins and ends; the runtime writes them before each call. A full memory is a bail.
//
// An ordinary array has its capacity (i32) 16 bytes before its first element and doubles when it is full. An element that was never
// written (`new Array(n)`) holds a NaN that no arithmetic makes, and reads as undefined.

import { constantOf } from "../../ir/build.ts";
import { freeMemory, holeBits } from "../../ir/layout.ts";
import type { TypedArrayName } from "../../ir/interface.ts";
import type { Value } from "../../ir/types.ts";
import { elementKind, readElement, storeElement } from "./arrays.ts";
import { branch } from "./control.ts";
import { PathEnds, type Evaluator } from "./evaluator.ts";
import { bytesOf, elementOf, memory, newSpace } from "./inputs.ts";
import type { HeapObject } from "./heap.ts";
import type { Abs, Mem, Memory, Records } from "./values.ts";

const header = 16;
const firstCapacity = 8;
/** elements: longer arrays are the original's business */
const longest = 1 << 24;

/** `bytes` (a multiple of 16) of free memory: its address. */
function allocate(ev: Evaluator, bytes: Value): Value {
  const words = heapWords(ev);
  const zero = ev.b.i32(0);
  const at = ev.b.load("i32.load", words.ptr, zero, 0, 0, words.of.space);
  const end = ev.b.op("i32.add", at, bytes);
  const full = ev.b.op("i32.gt_u", end, ev.b.load("i32.load", words.ptr, zero, 0, 4, words.of.space));
  require(ev, ev.b.op("i32.eqz", full), "the memory is full");
  ev.b.store("i32.store", words.ptr, zero, end, 0, 0, words.of.space);
  return at;
}
const rounded = (ev: Evaluator, bytes: Value): Value => ev.b.op("i32.and", ev.b.op("i32.add", bytes, ev.b.i32(31)), ev.b.i32(-16));

/** Goes on where the condition holds, bails elsewhere. */
export function require(ev: Evaluator, ok: Value, reason: string): void {
  const known = constantOf(ok);
  if (known === 0) ev.bail(reason);
  if (known !== undefined) return;
  if (!branch(ev, ok, ev.activation!, [() => ({ c: "yield", values: [] }), () => ev.bail(reason)])) throw new PathEnds();
}

function heapWords(ev: Evaluator): Mem {
  const known = ev.tables.get("heap");
  if (known) return known as Mem;
  const segment = ev.data.push({ name: freeMemory, element: "i32", bytes: new Uint8Array(8) }) - 1;
  const space = newSpace(ev, "free_memory", "frame", "i32");
  const ptr = ev.inPrologue(() => { const v = ev.b.value("i32", "heap"); ev.b.append({ op: "data.addr", segment, args: [], results: [v] }); return v; });
  const mem: Mem = { k: "mem", of: memory({ array: "Int32Array", space, name: "heap", path: null, local: true }), ptr, len: ev.b.i32(2) };
  ev.tables.set("heap", mem);
  return mem;
}

/** The memory of all such arrays of one kind. */
function heapMemory(ev: Evaluator, array: TypedArrayName | "Array", holes: boolean, listOf: Records | null = null): Memory {
  const key = `${array}${holes ? " with holes" : ""}${listOf ? ` of ${JSON.stringify(listOf.path)}` : ""}`;
  let of = ev.heapMemories.get(key);
  if (!of) {
    const element = array === "Array" ? "f64" : elementOf[array];
    of = memory({ array, space: newSpace(ev, `heap_${element}`, "frame", element), name: "heap", path: null, local: true, holes, listOf });
    ev.heapMemories.set(key, of);
  }
  return of;
}

/** A length argument: ToIndex of it; a bad or large one is the original's. */
function lengthValue(ev: Evaluator, length: Abs): Value {
  const n = ev.toF64(length);
  require(ev, ev.b.op("i32.eqz", ev.b.op("i32.or", ev.b.op("f64.le", n, ev.b.f64(-1)), ev.b.op("f64.gt", n, ev.b.f64(longest)))), "an array length is out of range");
  return ev.b.op("i32.trunc_sat_f64_s", n);
}

/** `new Float64Array(length)` and its kin, zeroed. */
export function makeTyped(ev: Evaluator, array: TypedArrayName, length: Abs): Mem {
  const len = lengthValue(ev, length);
  const of = heapMemory(ev, array, false);
  const bytes = rounded(ev, ev.b.op("i32.mul", len, ev.b.i32(bytesOf[elementKind(ev, of)])));
  const ptr = allocate(ev, bytes);
  ev.b.append({ op: "memory.fill", space: of.space, args: [ptr, ev.b.i32(0), bytes], results: [], place: ev.b.place });
  return { k: "mem", of, ptr, len };
}

/** `new Array(length)`: all holes. Its own object, as it may grow. */
export function makeHoles(ev: Evaluator, length: Abs): Abs {
  const len = lengthValue(ev, length);
  // only an integer is a length
  require(ev, ev.b.op("f64.eq", ev.b.op("f64.convert_i32_s", len), ev.toF64(length)), "an array length is out of range");
  const mem = newVector(ev, len, true);
  const label = ev.b.label("holes");
  ev.b.loop(label, [ev.b.i32(0)], [], ([i]) => {
    ev.b.if(ev.b.op("i32.lt_s", i!, len), [], () => {
      ev.b.store("i64.store", mem.ptr, i!, ev.b.const("i64", holeBits), 3, 0, mem.of.space);
      ev.b.br(label, [ev.b.op("i32.add", i!, ev.b.i32(1))]);
      return null;
    }, () => []);
    return [];
  });
  return ev.allocate({ t: "vector", mem });
}

function newVector(ev: Evaluator, length: Value, holes: boolean, listOf: Records | null = null): Mem {
  const of = heapMemory(ev, "Array", holes, listOf);
  const capacity = ev.b.op("i32.add", length, ev.b.i32(firstCapacity));
  const block = allocate(ev, rounded(ev, ev.b.op("i32.add", ev.b.op("i32.shl", capacity, ev.b.i32(3)), ev.b.i32(header))));
  const ptr = ev.b.op("i32.add", block, ev.b.i32(header));
  ev.b.store("i32.store", block, ev.b.i32(0), capacity, 0, 0, of.space);
  return { k: "mem", of, ptr, len: length };
}

/** Makes a local array, whose items are known one by one or lie in the stack frame, one that can grow. */
export function toVector(ev: Evaluator, id: number, records: Records | null = null): Mem {
  const object = ev.object(id);
  if (object.t === "vector") return object.mem;
  const known = object.t === "array" ? object.items : null;
  if (known && !known.every((x) => x && (records ? isListed(x, records) : mayBeNumber(x)))) {
    throw ev.refuse("Todo", "an array of mixed values grows where its length is not static", "use arrays of numbers, one for each field");
  }
  if (!known && (object.t !== "spilled" || object.mem.of.array !== "Array")) throw ev.invariant("only ordinary arrays grow");
  const length = known ? ev.b.i32(known.length) : (object as { mem: Mem }).mem.len;
  const mem = newVector(ev, length, false, records);
  if (known) known.forEach((item, i) => storeElement(ev, mem, ev.b.i32(i), elementOrBail(ev, mem, item!)));
  else copyElements(ev, mem, mem.ptr, (object as { mem: Mem }).mem);
  ev.update(id, { t: "vector", mem });
  return mem;
}
function copyElements(ev: Evaluator, to: Mem, ptr: Value, from: Mem): void {
  ev.b.append({ op: "memory.copy", space: to.of.space, from: from.of.space, args: [ptr, from.ptr, ev.b.op("i32.shl", from.len, ev.b.i32(3))], results: [], place: ev.b.place });
}

/** Adds an element at the end. */
export function pushElement(ev: Evaluator, id: number, value: Abs): Abs {
  const { mem } = ev.object(id) as { mem: Mem };
  const element = elementOrBail(ev, mem, value);
  const capacity = ev.b.load("i32.load", mem.ptr, ev.b.i32(0), 0, -header, mem.of.space);
  const values = branch(ev, ev.b.op("i32.lt_s", mem.len, capacity), ev.activation!, [
    () => ({ c: "yield", values: [mem] }),
    () => {
      const more = ev.b.op("i32.shl", capacity, ev.b.i32(1));
      const block = allocate(ev, rounded(ev, ev.b.op("i32.add", ev.b.op("i32.shl", more, ev.b.i32(3)), ev.b.i32(header))));
      const ptr = ev.b.op("i32.add", block, ev.b.i32(header));
      ev.b.store("i32.store", block, ev.b.i32(0), more, 0, 0, mem.of.space);
      copyElements(ev, mem, ptr, mem);
      return { c: "yield", values: [{ ...mem, ptr }] };
    },
  ]);
  const room = values![0] as Mem;
  storeElement(ev, room, room.len, element);
  const len = ev.b.op("i32.add", room.len, ev.b.i32(1));
  ev.update(id, { t: "vector", mem: { ...room, len } });
  return ev.fromI32(len);
}

/** Takes the last element away. */
export function popElement(ev: Evaluator, id: number): Abs {
  const { mem } = ev.object(id) as { mem: Mem };
  require(ev, ev.b.op("i32.gt_s", mem.len, ev.b.i32(0)), "an empty array is popped");
  const len = ev.b.op("i32.sub", mem.len, ev.b.i32(1));
  const v = readElement(ev, mem, ev.fromI32(len));
  ev.update(id, { t: "vector", mem: { ...mem, len } });
  return v;
}

/** `array.length = n`: shorter only. */
export function setLength(ev: Evaluator, id: number, length: Abs): void {
  const { mem } = ev.object(id) as { mem: Mem };
  const n = ev.toF64(length), len = ev.b.op("i32.trunc_sat_f64_s", n);
  require(ev, ev.b.op("i32.and", ev.b.op("f64.eq", ev.b.op("f64.convert_i32_s", len), n), ev.b.op("i32.le_u", len, mem.len)), "an array's length is set");
  ev.update(id, { t: "vector", mem: { ...mem, len } });
}

/** `array[index] = value`: within, or right behind the end. */
export function writeVector(ev: Evaluator, id: number, index: Abs, value: Abs): void {
  const { mem } = ev.object(id) as { mem: Mem };
  const n = ev.toF64(index), at = ev.b.op("i32.trunc_sat_f64_s", n);
  require(ev, ev.b.op("i32.and", ev.b.op("f64.eq", ev.b.op("f64.convert_i32_s", at), n), ev.b.op("i32.le_u", at, mem.len)), "an array gets an element behind its end");
  const element = elementOrBail(ev, mem, value);
  const done = branch(ev, ev.b.op("i32.lt_u", at, mem.len), ev.activation!, [
    () => { storeElement(ev, mem, at, element); return { c: "yield", values: [] }; },
    () => { pushElement(ev, id, value); return { c: "yield", values: [] }; },
  ]);
  if (!done) throw new PathEnds();
}

/** What the elements of arrays that become one are: objects of an array of the caller's, or numbers. */
export function elementsOf(objects: readonly HeapObject[]): Records | null {
  for (const object of objects) {
    if (object.t === "vector") return object.mem.of.listOf;
    if (object.t !== "array") continue;
    for (const item of object.items) {
      const one = item?.k === "sum" ? item.alts.find((a) => a.k === "mem") : item;
      if (one?.k === "mem" && one.of.records && one.of.row) return one.of.records;
    }
  }
  return null;
}
const isListed = (x: Abs, records: Records): boolean =>
  (x.k === "mem" && x.of === records.element) || (x.k === "sum" && x.alts.some((a) => a.k === "mem" && a.of === records.element));

/** A value as an element of that array. */
function elementOrBail(ev: Evaluator, mem: Mem, value: Abs): Value {
  const records = mem.of.listOf;
  if (!records) return numberOrBail(ev, value);
  let item: Abs | undefined = value;
  if (value.k === "sum") {
    const at = value.alts.findIndex((a) => a.k === "mem" && a.of === records.element);
    if (at >= 0) { require(ev, ev.tagIs(value, at), "something else is put into a list of objects"); item = value.alts[at] as Mem; }
  }
  if (item.k !== "mem" || item.of !== records.element) throw ev.refuse("Todo", "a list of objects gets something else", "use lists of one kind of objects");
  return ev.b.op("f64.convert_i32_s", item.ptr);
}

const mayBeNumber = (x: Abs): boolean => x.k === "num" || (x.k === "prim" && typeof x.value === "number") || (x.k === "sum" && x.alts.some((a) => a.k === "num"));
function numberOrBail(ev: Evaluator, value: Abs): Value {
  if (value.k === "sum" && value.payload) {
    const at = value.alts.findIndex((a) => a.k === "num");
    if (at >= 0) { require(ev, ev.tagIs(value, at), "something that is no number is put into an array of numbers"); return value.payload; }
  }
  if (value.k !== "num" && !(value.k === "prim" && typeof value.value === "number")) throw ev.refuse("Todo", "an array of a length that is not static holds what are no numbers", "use arrays of numbers, one for each field");
  return ev.toF64(value);
}
