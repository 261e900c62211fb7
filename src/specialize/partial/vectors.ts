// Local arrays whose length is known at run time only: typed arrays of a computed length, ordinary arrays that grow in a loop.
//
// They lie in the free part of the memory, taken from its start upwards for the length of one call. Two words in a segment of their own
// say where it begins and ends; the runtime writes them before each call. A full memory is a bail.
//
// An ordinary array has its capacity (i32) 16 bytes before its first element and doubles when it is full. What its elements can be, and how
// they lie there, is said in contents.ts and boxes.ts.

import { constantOf } from "../../ir/build.ts";
import { freeMemory } from "../../ir/layout.ts";
import type { RareCase, TypedArrayName } from "../../ir/interface.ts";
import type { Value } from "../../ir/types.ts";
import { elementKind, frameSlot, loadElement } from "./arrays.ts";
import { box, elementCell, isArrayBox, open, place, readCell, setHead, writeCell, writeHole } from "./boxes.ts";
import { growingOf } from "./buckets.ts";
import { admit, beSized, classOf, elementsMemory, isSized, keepNames, learnItems, type Class } from "./contents.ts";
import { branch } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { isAllHoles } from "./filled.ts";
import { header, loadCapacity, storeCapacity, storeLength } from "./headers.ts";
import { bytesOf, elementOf, memory, newSpace } from "./inputs.ts";
import { becomeHeld } from "./held.ts";
import { isRowOfItems } from "./items.ts";
import { becomeOrder } from "./orders.ts";
import { becomeList, becomeMixedList, becomeWrittenList, contentOfItem, isListOfRows, objectsIn } from "./lists.ts";
import type { NodeRef } from "../../ir/snapshot.ts";
import { namesOf, type HeapObject } from "./heap.ts";
import { num, undefinedValue, type Abs, type Mem, type Memory } from "./values.ts";
import { PathEnds, Restart } from "./walk.ts";

const firstCapacity = 8;
/** elements: longer arrays are the original's business */
const longest = 1 << 24;

/** `bytes` (a multiple of 16) of free memory: its address. */
export function allocateBlock(ev: Evaluator, bytes: Value): Value {
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
export function require(ev: Evaluator, ok: Value, reason: string, rare?: RareCase): void {
  const known = constantOf(ok);
  if (known === 0) ev.bail(reason, rare);
  if (known !== undefined) return;
  if (!branch(ev, ok, ev.activation!, [() => ({ c: "yield", values: [] }), () => ev.bail(reason, rare)])) throw new PathEnds();
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

/** The memory of all typed arrays of computed lengths of one kind. */
export function typedMemory(ev: Evaluator, array: TypedArrayName): Memory {
  let of = ev.heapMemories.get(array);
  if (!of) ev.heapMemories.set(array, (of = memory({ array, space: newSpace(ev, `heap_${elementOf[array]}`, "frame", elementOf[array]), name: "heap", path: null, local: true })));
  return of;
}

/** A length argument: ToIndex of it; a bad or large one is the original's. */
function lengthValue(ev: Evaluator, length: Abs): Value {
  const n = ev.toF64(length);
  require(ev, ev.b.op("i32.eqz", ev.b.op("i32.or", ev.b.op("f64.le", n, ev.b.f64(-1)), ev.b.op("f64.gt", n, ev.b.f64(longest)))), "an array length is out of range");
  return ev.b.op("i32.trunc_sat_f64_s", n);
}

/** `new Float64Array(length)` and its kin, zeroed. The length stands before the first element too. An empty one has room for one: what lies behind it has another address. */
export function makeTyped(ev: Evaluator, array: TypedArrayName, length: Abs): Mem {
  const len = lengthValue(ev, length);
  const of = typedMemory(ev, array);
  const bytes = rounded(ev, ev.b.op("i32.add", ev.b.op("i32.mul", len, ev.b.i32(bytesOf[elementOf[array]])), ev.b.op("i32.eqz", len)));
  const ptr = ev.b.op("i32.add", allocateBlock(ev, bytes), ev.b.i32(header));
  storeLength(ev, ptr, len);
  ev.b.append({ op: "memory.fill", space: of.space, args: [ptr, ev.b.i32(0), ev.b.op("i32.sub", bytes, ev.b.i32(header))], results: [], place: ev.b.place });
  return { k: "mem", of, ptr, len };
}

/** `new Array(length)`: all holes. Its own object, as it may grow. */
export function makeHoles(ev: Evaluator, length: Abs, prototype?: number): Abs {
  const len = lengthValue(ev, length);
  // only an integer is a length
  require(ev, ev.b.op("f64.eq", ev.b.op("f64.convert_i32_s", len), ev.toF64(length)), "an array length is out of range");
  const made = ev.allocate({ t: "array", items: [], ...(prototype === undefined ? {} : { prototype }) });
  const { site } = ev.object(made.id) as HeapObject & { t: "array" };
  const cls = classOf(ev, ev.object(made.id))!;
  admit(ev, cls, 0, { is: "hole" });
  beSized(cls);
  const mem = newVector(ev, cls, len);
  if (mem.of.slot) writeHoles(ev, mem, ev.b.i32(0), len);
  isAllHoles(ev, made.id);
  ev.update(made.id, { t: "vector", mem, site });
  return made;
}

export function newVector(ev: Evaluator, cls: Class, length: Value): Mem {
  const of = elementsMemory(ev, cls);
  const capacity = ev.b.op("i32.add", length, ev.b.i32(firstCapacity));
  const block = allocateBlock(ev, rounded(ev, ev.b.op("i32.add", ev.b.op("i32.shl", capacity, ev.b.i32(3)), ev.b.i32(header))));
  const ptr = ev.b.op("i32.add", block, ev.b.i32(header));
  storeCapacity(ev, block, capacity);
  return { k: "mem", of, ptr, len: length };
}

/** Makes a local array, whose items are known one by one or lie in the stack frame, one that can grow; in a box where it has fields too. */
export function toVector(ev: Evaluator, id: number): void {
  const object = ev.object(id);
  if (object.t === "vector" || object.t === "boxed") return;
  const cls = classOf(ev, object);
  if (!cls || (object.t !== "array" && object.t !== "spilled")) throw ev.invariant("only ordinary arrays grow");
  keepNames(ev, object);
  if (object.t === "array" && namesOf(object).length > 0) { box(ev, id); return; }
  learnItems(ev, object);
  const length = object.t === "array" ? ev.b.i32(object.items.length) : object.mem.len;
  const mem = newVector(ev, cls, length);
  ev.update(id, { t: "vector", mem, site: object.site });
  if (object.t === "spilled") copyElements(ev, mem, mem.ptr, object.mem);
  else if (object.items.length > 16 && object.items.every((item) => item === undefined)) writeHoles(ev, mem, ev.b.i32(0), length);
  else object.items.forEach((item, i) => {
    const cell = () => elementCell(ev, mem, ev.b.i32(i));
    if (item) writeCell(ev, cls, 0, cell, item); else writeHole(ev, mem.of.slot!, cell());
  });
}
/** The memory of the elements of an ordinary array of the kernel's own. */
export const isGrown = ({ array, box, local, row }: Memory): boolean => array === "Array" && !box && local && !row;
/**
 * Where the elements of an array lie on a path that has not made it: a choice of arrays is put into memory with all that it can be, and each has
 * its head and its capacity in front.
 */
export function nowhere(ev: Evaluator): Value {
  let room = ev.frameSlots.get("nowhere");
  if (!room) ev.frameSlots.set("nowhere", (room = frameSlot(ev, "Uint8Array", header)));
  return ev.b.op("i32.add", room.ptr, ev.b.i32(header));
}
/** Copies all elements of an array to another of their kind. */
export function copyElements(ev: Evaluator, to: Mem, ptr: Value, from: Mem): void {
  const shift = Math.log2(bytesOf[elementKind(ev, from.of)]);
  ev.b.append({ op: "memory.copy", space: to.of.space, from: from.of.space, args: [ptr, from.ptr, ev.b.op("i32.shl", from.len, ev.b.i32(shift))], results: [], place: ev.b.place });
}

/** An ordinary array that can grow, wherever it says how long it is. */
export interface Growing { readonly cls: Class; now(): Mem; become(mem: Mem): void }
/** The array as one that grows: made one where its length was static. Undefined for what is no array of the kernel's own. */
export function growing(ev: Evaluator, a: Abs): Growing | undefined {
  if (a.k === "mem" && isCallersList(a)) becomeList(ev, a.of.path!);
  if (a.k === "mem") becomeOrder(ev, a);
  if (a.k === "mem" && (a.of.rowOf || isRowOfItems(a)) && a.of.array === "Array") becomeHeld(ev, a.of);
  if (a.k === "mem") return isArrayBox(a) ? { cls: a.of.box!, now: () => open(ev, a), become: (mem) => { setHead(ev, a.ptr, mem, a.of.space); } } : undefined;
  if (a.k === "sum") { const one = growingOf(ev, a); return one && growing(ev, one); }
  if (a.k !== "obj") return undefined;
  const { id } = a, slow = ev.object(id);
  if (slow.t === "snap" && ev.snapshot.node(slow.node).kind === "array") return refuseOrBecome(ev, slow.node);
  if (["array", "spilled"].includes(ev.object(id).t) && classOf(ev, ev.object(id))) toVector(ev, id);
  const object = ev.object(id);
  if (object.t === "boxed") return growing(ev, object.mem);
  const now = (): HeapObject & { t: "vector" } => ev.object(id) as HeapObject & { t: "vector" };
  return object.t === "vector" ? { cls: classOf(ev, object)!, now: () => now().mem, become: (mem) => { ev.update(id, { ...now(), mem }); } } : undefined;
}

/** An ordinary array of numbers of the caller's. */
const isCallersList = ({ of }: Mem): boolean => of.path !== null && of.array === "Array" && !of.records && !of.rows && !of.box && !of.constant;
function refuseOrBecome(ev: Evaluator, ref: NodeRef): never {
  const slow = ev.staticPaths.get(ref.node), node = ev.snapshot.node(ref);
  if (slow) {
    becomeMixedList(ev, slow, ref);
    throw ev.demote(slow);
  }
  if (!ev.lessons.writtenNodes.has(ref.node) && (isListOfRows(ev, node) || objectsIn(ev, node))) { // first its rows or objects, then their order (orders.ts)
    ev.lessons.writtenNodes.add(ref.node);
    throw new Restart();
  }
  if (node.kind !== "array" || node.frozen || !node.items.every((item) => contentOfItem(item))) throw ev.refuse("Unsupported", "a captured array changes its length", "let it hold numbers");
  becomeWrittenList(ev, ref);
}

/** Adds an element at the end. */
export function pushElement(ev: Evaluator, array: Growing, value: Abs): Abs {
  ev.expect({ expect: "unindexed" });
  writeCell(ev, array.cls, 0, () => {
    const mem = array.now();
    const capacity = loadCapacity(ev, mem.ptr);
    const values = branch(ev, ev.b.op("i32.lt_s", mem.len, capacity), ev.activation!, [
      () => ({ c: "yield", values: [mem] }),
      () => ({ c: "yield", values: [withCapacity(ev, mem, ev.b.op("i32.shl", capacity, ev.b.i32(1)))] }),
    ]);
    const room = values![0] as Mem;
    array.become({ ...room, len: ev.b.op("i32.add", room.len, ev.b.i32(1)) });
    return elementCell(ev, room, room.len);
  }, value);
  return ev.fromI32(array.now().len);
}

/** Takes the last element away. */
export function popElement(ev: Evaluator, array: Growing): Abs {
  const pop = (): Abs => {
    const mem = array.now();
    const len = ev.b.op("i32.sub", mem.len, ev.b.i32(1));
    const v = mem.of.slot ? readCell(ev, mem.of.slot, elementCell(ev, mem, len), ev.b.i32(1)) : num(loadElement(ev, mem, len));
    array.become({ ...mem, len });
    return v;
  };
  const some = ev.b.op("i32.gt_s", array.now().len, ev.b.i32(0));
  if (!ev.knows("empty")) { require(ev, some, "an empty array is popped", "empty"); return pop(); }
  return branch(ev, some, ev.activation!, [() => ({ c: "yield", values: [pop()] }), () => ({ c: "yield", values: [undefinedValue] })])![0]!;
}

/** `array.length = n`: where gaps are not known of, shorter only. */
export function setLength(ev: Evaluator, array: Growing, length: Abs): void {
  const n = ev.toF64(length), len = ev.b.op("i32.trunc_sat_f64_s", n);
  const isInteger = ev.b.op("f64.eq", ev.b.op("f64.convert_i32_s", len), n);
  if (ev.knows("gap")) admit(ev, array.cls, 0, { is: "hole" });
  const holes = hasHoles(array.now());
  require(ev, ev.b.op("i32.and", isInteger, ev.b.op("i32.le_u", len, holes ? ev.b.i32(longest) : array.now().len)), "an array's length is set", "gap");
  if (holes) fillHoles(ev, array, len);
  array.become({ ...array.now(), len });
}
const hasHoles = (mem: Mem): boolean => mem.of.slot?.some((content) => content.is === "hole") === true;

/** `array[index] = value`: within, or right behind the end; further behind it where that is known of. */
export function writeVector(ev: Evaluator, array: Growing, index: Abs, value: Abs): void {
  if (ev.knows("gap")) admit(ev, array.cls, 0, { is: "hole" });
  ev.expect({ expect: "unindexed" });
  const mem = array.now();
  const n = ev.toF64(index), at = ev.b.op("i32.trunc_sat_f64_s", n);
  const isElement = ev.b.op("f64.eq", ev.b.op("f64.convert_i32_s", at), n);
  if (isSized(array.cls) && !ev.knows("gap")) {
    require(ev, ev.b.op("i32.and", isElement, ev.b.op("i32.lt_u", at, mem.len)), "an array of a given length gets an element behind its end", "gap");
    const placed = place(ev, array.cls, value);
    writeCell(ev, array.cls, 0, () => elementCell(ev, array.now(), at), placed);
    return;
  }
  const holes = hasHoles(mem);
  require(ev, ev.b.op("i32.and", isElement, ev.b.op("i32.le_u", at, holes ? ev.b.i32(longest) : mem.len)), "an array gets an element behind its end", "gap");
  if (holes) fillHoles(ev, array, at);
  const placed = place(ev, array.cls, value); // before the branch: once
  const done = branch(ev, ev.b.op("i32.lt_u", at, mem.len), ev.activation!, [
    () => { writeCell(ev, array.cls, 0, () => elementCell(ev, array.now(), at), placed); return { c: "yield", values: [] }; },
    () => { pushElement(ev, array, placed); return { c: "yield", values: [] }; },
  ]);
  if (!done) throw new PathEnds();
}

/** Holes up to the index, where the array is shorter. */
function fillHoles(ev: Evaluator, array: Growing, at: Value): void {
  const mem = array.now();
  const filled = branch(ev, ev.b.op("i32.gt_u", at, mem.len), ev.activation!, [
    () => {
      const capacity = loadCapacity(ev, mem.ptr);
      const room = branch(ev, ev.b.op("i32.lt_s", at, capacity), ev.activation!, [
        () => ({ c: "yield", values: [mem] }),
        () => ({ c: "yield", values: [withCapacity(ev, mem, ev.b.op("i32.shl", at, ev.b.i32(1)))] }),
      ])![0] as Mem;
      writeHoles(ev, room, mem.len, at);
      return { c: "yield", values: [{ ...room, len: at }] };
    },
    () => ({ c: "yield", values: [mem] }),
  ])!;
  array.become(filled[0] as Mem);
}
function writeHoles(ev: Evaluator, mem: Mem, from: Value, to: Value): void {
  const label = ev.b.label("holes");
  ev.b.loop(label, [from], [], ([i]) => {
    ev.b.if(ev.b.op("i32.lt_s", i!, to), [], () => {
      writeHole(ev, mem.of.slot!, elementCell(ev, mem, i!));
      ev.b.br(label, [ev.b.op("i32.add", i!, ev.b.i32(1))]);
      return null;
    }, () => []);
    return [];
  });
}
/** The elements in a new place, where there is room for so many. */
function withCapacity(ev: Evaluator, mem: Mem, capacity: Value): Mem {
  const block = allocateBlock(ev, rounded(ev, ev.b.op("i32.add", ev.b.op("i32.shl", capacity, ev.b.i32(3)), ev.b.i32(header))));
  const ptr = ev.b.op("i32.add", block, ev.b.i32(header));
  storeCapacity(ev, block, capacity);
  copyElements(ev, mem, ptr, mem);
  return { ...mem, ptr };
}
