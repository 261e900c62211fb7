// Arrays in memory: elements read and written by an index that may lie outside, be negative, fractional, −0 or NaN.
//
//   a[i]      t = trunc i; ok = t is i and t <u length; ok ? load : undefined (NaN in arithmetic)
//   a[i] = v  ok ? store : nothing (typed arrays), or a bail (ordinary arrays, which would grow)
//
// Each check is a plain comparison: range analysis folds it away like any other.

import { constantOf } from "../../ir/build.ts";
import type { TypedArrayName } from "../../ir/interface.ts";
import type { MemoryOp } from "../../ir/ops.ts";
import { hiddenKeys, hole, NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import type { ElementKind, Value } from "../../ir/types.ts";
import { asBig, fromWords, isBig, wordsOf, wordsOfAll } from "./bigints.ts";
import { box, elementCell, onlyObject, readCell } from "./boxes.ts";
import { holdsBuckets } from "./buckets.ts";
import { isWritten } from "./captured.ts";
import { branch, choose } from "./control.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { becomeEntered } from "./entered.ts";
import { readIndexedNode } from "./indexed.ts";
import { bytesOf, elementOf, memory, newSpace, snapValue } from "./inputs.ts";
import { lookAtLength } from "./lengths.ts";
import { becomeHeld } from "./held.ts";
import { keepNames } from "./contents.ts";
import { arrayClassOf, namesOf, type HeapObject } from "./heap.ts";
import { isRowOfItems, refuseRow } from "./items.ts";
import { isComposed } from "./keys.ts";
import { becomeList } from "./lists.ts";
import { becomeOrder } from "./orders.ts";
import { nestedItems, tellApart } from "./nested.ts";
import { found } from "./objects.ts";
import { chosen, tabulate } from "./records.ts";
import { require, toVector } from "./vectors.ts";
import { num, undefinedValue, type Abs, type Alt, type Lists, type Mem, type Memory, type Sum } from "./values.ts";
import { PathEnds } from "./walk.ts";

const access: Record<ElementKind, { load: MemoryOp; store: MemoryOp }> = {
  i8: { load: "i32.load8_s", store: "i32.store8" }, u8: { load: "i32.load8_u", store: "i32.store8" }, u8c: { load: "i32.load8_u", store: "i32.store8" },
  i16: { load: "i32.load16_s", store: "i32.store16" }, u16: { load: "i32.load16_u", store: "i32.store16" },
  i32: { load: "i32.load", store: "i32.store" }, u32: { load: "i32.load", store: "i32.store" },
  f32: { load: "f32.load", store: "f32.store" }, f64: { load: "f64.load", store: "f64.store" }, i64: { load: "i64.load", store: "i64.store" }, u64: { load: "i64.load", store: "i64.store" },
};

export const elementKind = (ev: Evaluator, of: Memory): ElementKind => ev.spaces[of.space]!.element;

/** An index as i32 and whether it is one within [0, len). */
function checkIndex(ev: Evaluator, index: Abs, len: Value): { at: Value; ok: Value } {
  expectNumber(ev, index);
  const v = ev.toF64(index);
  ev.lifting?.pin(v, false);
  const known = constantOf(v);
  if (typeof known === "number") {
    if (!Number.isInteger(known) || known < 0 || known > 0x7fffffff) return { at: ev.b.i32(0), ok: ev.b.i32(0) };
    return { at: ev.b.i32(known), ok: ev.b.once("i32.lt_u", ev.b.i32(known), len) };
  }
  if (v.def?.op === "f64.convert_i32_s" || v.def?.op === "f64.convert_i32_u") {
    const at = v.def.args[0]!;
    return { at, ok: ev.b.once("i32.lt_u", at, len) };
  }
  const at = ev.b.once("i32.trunc_sat_f64_s", v);
  const whole = ev.b.once("f64.eq", ev.b.once("f64.convert_i32_s", at), v);
  return { at, ok: ev.b.once("i32.and", whole, ev.b.once("i32.lt_u", at, len)) };
}

/** "02" names no element, though it reads as a number, and nor does the text of a Date. */
function expectNumber(ev: Evaluator, index: Abs): void {
  if (isComposed(index)) throw ev.refuse("Unsupported", "a text that is put together chooses an element", "use a number");
  if (isReference(index)) throw ev.refuse("Unsupported", "an object chooses an element", "use a number");
  const references = index.k === "sum" ? index.alts.flatMap((alt, i) => (isReference(alt) ? [ev.tagIs(index, i)] : [])) : [];
  if (references.length > 0) require(ev, ev.b.op("i32.eqz", references.reduce((a, b) => ev.b.op("i32.or", a, b))), "an object chooses an element");
}
const isReference = (a: Abs | Alt): boolean => a.k === "obj" || a.k === "mem";

/** Whether an index is one of an array of that length. */
export const isWithin = (ev: Evaluator, index: Abs, length: Value): Value => checkIndex(ev, index, length).ok;

export const lengthOf = (ev: Evaluator, mem: Mem): Abs => ev.fromI32(mem.len);

export function readElement(ev: Evaluator, mem: Mem, index: Abs): Abs {
  if (mem.of.bigints) return readBig(ev, mem, index);
  expectNumber(ev, index);
  if (index.k === "sum") index = num(ev.toF64(index)); // undefined as an index reads the property "undefined": absent, as NaN is
  const { at, ok } = checkIndex(ev, index, mem.len);
  if ((mem.of.records || mem.of.rows || mem.of.lists) && (constantOf(ok) !== 1 || mem.of.gaps)) ev.expect({ expect: "unindexed" });
  if (mem.of.records) return readRecord(ev, mem, at, ok);
  if (mem.of.lists) return readListed(ev, mem, mem.of.lists, at, ok);
  if (mem.of.rows) return readRow(ev, mem, at, ok);
  const known = constantOf(ok);
  if (mem.of.array === "Array" && (known !== 1 || mem.of.slot)) ev.expect({ expect: "unindexed" });
  if (known === 0) return undefinedValue;
  if (mem.of.slot) return readCell(ev, mem.of.slot, elementCell(ev, mem, at), ok);
  if (known === 1) return num(loadElement(ev, mem, at));
  return ev.reads.of(ev.b, mem, ok, () => {
    const { place } = ev.b;
    const [payload] = ev.b.if(ok, ["f64"], () => [loadElement(ev, mem, at)], () => [ev.b.f64(NaN)]);
    ev.b.place = place;
    return { k: "sum", tag: ev.b.once("i32.eqz", ok), payload: payload!, alts: [{ k: "num" }, undefinedValue] };
  });
}

/** A BigInt is two words. One that is not there is the original's business: undefined is no BigInt. */
function wordsAt(ev: Evaluator, at: Value): readonly [Value, Value] {
  const low = ev.b.op("i32.shl", at, ev.b.i32(1));
  return [low, ev.b.op("i32.or", low, ev.b.i32(1))];
}
function readBig(ev: Evaluator, mem: Mem, index: Abs): Abs {
  const { at, ok } = checkIndex(ev, index, mem.len);
  require(ev, ok, "an array of BigInts is read where it has none");
  const [low, high] = wordsAt(ev, at).map((i) => ev.toI32(num(loadElement(ev, mem, i)))) as [Value, Value];
  return fromWords(ev, low, high, mem.of.bigints === "BigInt64Array");
}
function writeBig(ev: Evaluator, mem: Mem, index: Abs, value: Abs): void {
  if (!isBig(value)) ev.bail("what is no BigInt is stored as one");
  const { at, ok } = checkIndex(ev, index, mem.len), words = wordsOf(ev, asBig(ev, value));
  ev.b.if(ok, [], () => { wordsAt(ev, at).forEach((i, k) => storeElement(ev, mem, i, words[k]!)); return []; }, () => []);
}

/** One of the objects of an array: its index stands for it. */
function readRecord(ev: Evaluator, mem: Mem, at: Value, ok: Value): Abs {
  const { element, flat } = mem.of.records!, item: Mem = { k: "mem", of: element!, ptr: flat ? ev.b.op("i32.add", mem.ptr, at) : at, len: ev.b.i32(0) };
  const known = constantOf(ok);
  if (known === 0) return undefinedValue;
  return known === 1 ? item : { k: "sum", tag: ev.b.op("i32.eqz", ok), payload: null, alts: [item, undefinedValue] };
}

/** One of the slow objects, or lists, of a slow list. */
function readListed(ev: Evaluator, mem: Mem, { item }: Lists, at: Value, ok: Value): Abs {
  if (constantOf(ok) === 0) return undefinedValue;
  const place = ev.b.op("i32.add", mem.ptr, at);
  return orUndefined(ev, item(constantOf(ok) === 1 ? place : ev.b.op("i32.select", ok, place, ev.b.i32(0))), ok);
}
/** One of the slow objects where it is there; where it is not, nobody looks at which it would be. */
function orUndefined(ev: Evaluator, item: Mem | Sum, ok: Value): Abs {
  if (constantOf(ok) === 1) return item;
  const alts = item.k === "sum" ? item.alts : [item], kind = item.k === "sum" ? item.tag : ev.b.i32(0);
  return { k: "sum", tag: ev.b.op("i32.select", ok, kind, ev.b.i32(alts.length)), payload: null, alts: [...alts, undefinedValue] };
}

export function readRow(ev: Evaluator, mem: Mem, at: Value, ok: Value): Abs {
  const rows = mem.of.rows!, { gaps } = mem.of;
  const load = (): Value[] => rowWords(ev, mem, at);
  const known = constantOf(ok);
  if (known === 0) return undefinedValue;
  const [ptr, len] = known === 1 ? load() : ev.b.if(ok, ["i32", "i32"], load, () => [ev.b.i32(0), ev.b.i32(0)]);
  const row: Mem = { k: "mem", of: rows, ptr: ptr!, len: len! };
  return known === 1 && !gaps ? row : { k: "sum", tag: ev.b.op("i32.eqz", gaps ? row.ptr : ok), payload: null, alts: [row, undefinedValue] };
}
/** A row's address and length. */
const rowWords = (ev: Evaluator, mem: Mem, at: Value): Value[] => [0, 4].map((offset) => ev.b.load("i32.load", mem.ptr, at, 3, offset, mem.of.space));
/** Whether an array some of whose rows may be missing has one there. Requires: the index is in range. */
export const hasRow = (ev: Evaluator, mem: Mem, at: Value): Value => ev.b.op("i32.ne", rowWords(ev, mem, at).reduce((a, b) => ev.b.op("i32.or", a, b)), ev.b.i32(0));

/** An element known to exist, as f64. */
export function loadElement(ev: Evaluator, mem: Mem, at: Value): Value {
  const kind = elementKind(ev, mem.of);
  const value = ev.b.load(access[kind].load, mem.ptr, at, Math.log2(bytesOf[kind]), 0, mem.of.space);
  return kind === "f64" ? value : kind === "f32" ? ev.b.op("f64.promote_f32", value) : kind === "u32" ? ev.b.op("f64.convert_i32_u", value) : ev.b.op("f64.convert_i32_s", value);
}

export function writeElement(ev: Evaluator, mem: Mem, index: Abs, value: Abs): void {
  tellApart(ev, mem);
  if (mem.of.constant) throw ev.refuse("Unsupported", "a slow array is written", "make it a fast parameter");
  if (mem.of.bigints) { writeBig(ev, mem, index, value); return; }
  if (mem.of.slot || mem.of.box) throw ev.invariant("an array whose elements can be several things is written as one of numbers");
  const grows = mem.of.rowOf ? "row grows" : "grows";
  if (isRowOfItems(mem) || (mem.of.rowOf && mem.of.array === "Array" && ev.knows(grows))) becomeHeld(ev, mem.of);
  if (isRowOfItems(mem)) throw refuseRow(ev, mem, "is written");
  if (mem.of.records) becomeOrder(ev, mem);
  if (mem.of.records) throw ev.refuse("Todo", "an object of an array is replaced", "write the object's fields");
  if (mem.of.rows) { replaceRow(ev, mem, index, value); return; }
  if (mem.of.array === "Array" && value.k === "sum" && value.payload && value.alts.some((a) => a.k === "num")) {
    // an ordinary array holds what it is given: only numbers fit its memory
    if (ev.knows("undefined") && canBecomeList(mem)) becomeList(ev, mem.of.path!, true);
    const sum = value;
    const isNumber = sum.alts.map((a, i) => (a.k === "num" ? ev.tagIs(sum, i) : null)).filter((v) => v !== null).reduce((a, b) => ev.b.op("i32.or", a, b));
    const payload = sum.payload!;
    value = choose(ev, ev.fromBool(isNumber), () => num(payload), () => ev.bail("something that is no number is stored in an array of numbers", "undefined"));
  }
  if (mem.of.array === "Array" && mem.of.path && mem.of.kind?.kind === "array" && mem.of.kind.length === 0) becomeList(ev, mem.of.path, true);
  if (mem.of.array === "Array" && value.k !== "num" && !(value.k === "prim" && typeof value.value === "number")) ev.bail("something that is no number is stored in an array of numbers", "undefined");
  const { at, ok } = checkIndex(ev, index, mem.len);
  if (canBecomeList(mem) && constantOf(ok) !== 1 && (ev.knows("grows") || mustGrow(mem, at))) becomeList(ev, mem.of.path!, true);
  const stored = toElement(ev, elementKind(ev, mem.of), value);
  const store = () => { storeElement(ev, mem, at, stored); };
  const known = constantOf(ok);
  if (known === 1) { store(); return; }
  if (known === 0) { if (mem.of.array === "Array") ev.bail("an array grows", grows); return; }
  if (mem.of.array === "Array") {
    const done = branch(ev, ok, ev.activation!, [() => { store(); return { c: "yield", values: [] }; }, () => ev.bail("an array grows", grows)]);
    if (!done) throw new PathEnds();
    return;
  }
  const unnumbered = index.k === "sum" ? index.alts.flatMap((a, i) => (a.k === "num" ? [] : [ev.tagIs(index, i)])) : [];
  if (unnumbered.length === 0) ev.b.if(ok, [], () => { store(); return []; }, () => []);
  else {
    // a number that names no element is no place in a typed array; undefined is: the property of that name is made
    const done = branch(ev, ok, ev.activation!, [
      () => { store(); return { c: "yield", values: [] }; },
      () => { require(ev, ev.b.op("i32.eqz", unnumbered.reduce((a, b) => ev.b.op("i32.or", a, b))), "a typed array is written at an index that is undefined"); return { c: "yield", values: [] }; }]);
    if (!done) throw new PathEnds();
  }
  if (!mem.of.local) ev.state.wrote = true;
}

const canBecomeList = ({ of }: Mem): boolean => of.array === "Array" && of.path !== null && !of.row;
/** Whether writing there makes the array longer, as far as can be told: it was empty, or the index is its length. */
const mustGrow = ({ of, len }: Mem, at: Value): boolean => (of.kind?.kind === "array" && of.kind.length === 0) || at === len;

/** A row of the caller's array, or of one of its rows, in the place of another of its rows. */
function replaceRow(ev: Evaluator, mem: Mem, index: Abs, value: Abs): void {
  if (mem.of.rows!.records) throw refuseRow(ev, { ...mem, of: mem.of.rows! }, "is replaced");
  const row = onlyObject(ev, value);
  if (row.k !== "mem" || row.of !== mem.of.rows) becomeOrder(ev, mem);
  if (row.k !== "mem" || row.of !== mem.of.rows) throw ev.refuse("Todo", "a row of an array of arrays is replaced by another array", "write the row's elements");
  const { at, ok } = checkIndex(ev, index, mem.len);
  require(ev, ok, "an array grows");
  ev.replacedRows.add(pathKey((mem.of.path ?? mem.of.rowOf?.path)!));
  ev.b.store("i32.store", mem.ptr, at, row.ptr, 3, 0, mem.of.space);
  ev.b.store("i32.store", mem.ptr, at, row.len, 3, 4, mem.of.space);
  ev.state.wrote = true;
}

export function storeElement(ev: Evaluator, mem: Mem, at: Value, stored: Value): void {
  const kind = elementKind(ev, mem.of);
  ev.b.store(access[kind].store, mem.ptr, at, stored, Math.log2(bytesOf[kind]), 0, mem.of.space);
  if (!mem.of.local) ev.state.wrote = true;
}

/** A value as an element's machine type: what a typed array's conversion makes of it. */
export function toElement(ev: Evaluator, kind: ElementKind, value: Abs): Value {
  switch (kind) {
    case "f64": return ev.toF64(value);
    case "f32": return ev.b.op("f32.demote_f64", ev.toF64(value));
    case "u8c": {
      // clamp, then round half to even; NaN becomes 0
      const v = ev.toF64(value);
      if (v.def?.op === "f64.convert_i32_s") {
        const i = v.def.args[0]!;
        const low = ev.b.op("i32.select", ev.b.op("i32.lt_s", i, ev.b.i32(0)), ev.b.i32(0), i);
        return ev.b.op("i32.select", ev.b.op("i32.gt_s", low, ev.b.i32(255)), ev.b.i32(255), low);
      }
      return ev.b.op("i32.trunc_sat_f64_u", ev.b.op("f64.nearest", ev.b.op("f64.min", ev.b.op("f64.max", v, ev.b.f64(0)), ev.b.f64(255))));
    }
    case "i64": case "u64": throw ev.refuse("Todo", "an array of BigInts is written", "use numbers");
    default: return ev.toI32(value);
  }
}

/** What a typed array of the kind gives back for a value stored into it. */
export function throughElement(ev: Evaluator, kind: ElementKind, value: Abs): Abs {
  const stored = toElement(ev, kind, value);
  switch (kind) {
    case "f64": return ev.fromF64(stored);
    case "f32": return ev.fromF64(ev.b.op("f64.promote_f32", stored));
    case "i8": return ev.fromI32(ev.b.op("i32.extend8_s", stored));
    case "i16": return ev.fromI32(ev.b.op("i32.extend16_s", stored));
    case "u8": case "u8c": return ev.fromI32(ev.b.op("i32.and", stored, ev.b.i32(0xff)));
    case "u16": return ev.fromI32(ev.b.op("i32.and", stored, ev.b.i32(0xffff)));
    case "u32": return ev.fromU32(stored);
    default: return ev.fromI32(stored);
  }
}

// ── constant tables ──

/** Bytes of numbers in the smallest element kind that holds them all exactly. */
export function pack(values: ArrayLike<number>, kind?: ElementKind): { element: ElementKind; bytes: Uint8Array } {
  const element = kind ?? smallestKind(values);
  const array = new (element === "f64" ? Float64Array : element === "f32" ? Float32Array : element === "i8" ? Int8Array : element === "u8" || element === "u8c" ? Uint8Array : element === "i16" ? Int16Array : element === "u16" ? Uint16Array : element === "u32" ? Uint32Array : Int32Array)(values.length);
  for (let i = 0; i < values.length; i++) array[i] = values[i]!;
  return { element: element === "u8c" ? "u8" : element, bytes: new Uint8Array(array.buffer) };
}
function smallestKind(values: ArrayLike<number>): ElementKind {
  let lo = 0, hi = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!Number.isInteger(v) || Object.is(v, -0)) return "f64";
    if (v < lo) lo = v;
    if (v > hi) hi = v;
  }
  if (lo >= 0) return hi <= 255 ? "u8" : hi <= 32767 ? "i16" : hi <= 2147483647 ? "i32" : hi <= 4294967295 ? "u32" : "f64";
  return lo >= -32768 && hi <= 32767 ? "i16" : lo >= -2147483648 && hi <= 2147483647 ? "i32" : "f64";
}

/** Elements of the largest array that becomes part of a residual: it would only be copied about. */
const mostElements = 1 << 20;
function refuseTable(ev: Evaluator, key: string, length: number): never {
  const path = ev.staticPaths.get(Number(/^n(\d+)/.exec(key)?.[1]));
  const why = `a slow array of ${length} elements is too large to become part of the code`;
  throw path ? ev.demote(path, undefined, why) : ev.refuse("Unsupported", why, "make it a fast parameter");
}

/** The constant memory of a list of numbers. */
export function constantTable(ev: Evaluator, key: string, name: string, values: ArrayLike<number>, array: TypedArrayName | "Array", kind?: ElementKind): Mem {
  const known = ev.tables.get(key);
  if (known) return known as Mem;
  if (values.length > mostElements) refuseTable(ev, key, values.length);
  const { element, bytes } = pack(values, kind);
  const segment = ev.data.push({ name, element, bytes }) - 1;
  const space = newSpace(ev, name, "data", element);
  ev.constants.set(space, values);
  const ptr = ev.inPrologue(() => { const v = ev.b.value("i32", name); ev.b.append({ op: "data.addr", segment, args: [], results: [v] }); return v; });
  const mem: Mem = { k: "mem", of: memory({ array, space, name, path: null, constant: true }), ptr, len: ev.b.i32(values.length) };
  ev.tables.set(key, mem);
  return mem;
}

/** The numbers of a list of the snapshot's values; undefined where there are others. */
export function numbersOf(items: readonly (SnapValue | typeof hole)[]): number[] | undefined {
  const out: number[] = [];
  for (const item of items) { if (typeof item !== "number") return undefined; out.push(item); }
  return out;
}

/** A table of BigInts of 64 bits; undefined where it holds others. */
function bigTable(ev: Evaluator, ref: NodeRef, items: readonly (SnapValue | typeof hole)[]): Mem | undefined {
  const key = `n${ref.node} bigints`, known = ev.tables.get(key);
  if (known) return known as Mem;
  const made = items.length > 0 && items.every((x) => typeof x === "bigint") ? wordsOfAll(items as readonly bigint[]) : undefined;
  if (!made) return undefined;
  const table = constantTable(ev, `${key} words`, "table", made.words, "Uint32Array", "u32");
  const mem: Mem = { ...table, of: { ...table.of, bigints: made.array }, len: ev.b.i32(items.length) };
  ev.tables.set(key, mem);
  return mem;
}

/** A slow array read at a dynamic index: a constant table; of rows, a table of rows; of anything else, a choice. */
export function readStatic(ev: Evaluator, ref: NodeRef, index: Abs, valueAt: (i: number) => Abs): Abs {
  const node = ev.snapshot.node(ref), lifted = ev.polyvariant === 0 ? ev.lifting?.items(ev, ref) : undefined;
  if (lifted) return readElement(ev, lifted, index);
  if (node.kind === "typed") return readSmall(ev, node.values, index) ?? readElement(ev, constantTable(ev, `n${ref.node}`, "table", node.values, node.array, elementOf[node.array]), index);
  if (node.kind !== "array") return readByNumber(ev, ref, index);
  if (node.items.length > mostElements) refuseTable(ev, `n${ref.node}`, node.items.length);
  ev.expect({ expect: "unindexed" });
  const numbers = ev.tables.has(`n${ref.node}`) && !ev.trace ? [] : numbersOf(node.items); // asked for once a table
  if (numbers) return (numbers.length > 0 ? readSmall(ev, numbers, index) : undefined) ?? readElement(ev, constantTable(ev, `n${ref.node}`, "table", numbers, "Array"), index);
  const bigs = bigTable(ev, ref, node.items);
  if (bigs) return readBig(ev, bigs, index);
  const rows = listsOfNumbers(ev, node.items);
  if (rows) return readStaticRow(ev, ref, node.items, rows, index);
  const nested = nestedItems(ev, `n${ref.node}`, node.items);
  if (nested) {
    const { at, ok } = checkIndex(ev, index, ev.b.i32(node.items.length));
    return constantOf(ok) === 0 ? undefinedValue : orUndefined(ev, nested(constantOf(ok) === 1 ? at : ev.b.op("i32.select", ok, at, ev.b.i32(0))), ok);
  }
  if (index.k === "num") lookAtLength(ev, index.v);
  // places that hold nothing read as undefined, as those outside do
  const isNothing = (item: SnapValue | typeof hole): boolean => item === undefined || item === hole;
  const objects = node.items.filter((item) => !isNothing(item)), family = tabulate(ev, objects as readonly SnapValue[]);
  if (family) {
    const { at, ok: inside } = checkIndex(ev, index, ev.b.i32(node.items.length));
    if (constantOf(inside) === 0) return undefinedValue;
    const there = (): Value => {
      const full = constantTable(ev, `n${ref.node} there`, "there", node.items.map((item) => (isNothing(item) ? 0 : 1)), "Array", "u8");
      return ev.b.if(inside, ["i32"], () => [ev.b.load("i32.load8_u", full.ptr, at, 0, 0, full.of.space)], () => [ev.b.i32(0)])[0]!;
    };
    const ok = objects.length === node.items.length ? inside : there();
    // an index outside reads the first object, whom nobody looks at
    const item = chosen(ev, `n${ref.node}`, node.items.map((item) => (isNothing(item) ? objects[0] : item)) as readonly NodeRef[], family, constantOf(ok) === 1 ? at : ev.b.op("i32.select", ok, at, ev.b.i32(0)));
    return orUndefined(ev, item, ok);
  }
  if (node.items.length > 4096) throw ev.refuse("Todo", "a large slow array of objects is read at a dynamic index", "use parallel arrays of numbers");
  return choiceOf(ev, index, node.items.length, valueAt);
}

/** The numbers among a plain slow object's keys; undefined where a number or undefined may find something else. */
export function numbersIn(ev: Evaluator, ref: NodeRef): number[] | undefined {
  const node = ev.snapshot.node(ref);
  if (node.kind !== "object" || (node.prototype && node.prototype.node !== ev.snapshot.builtin("Object.prototype").node)) return undefined;
  if (ev.snapshot.property(ref, hiddenKeys).kind !== "absent") return undefined;
  const keys = ev.snapshot.keys(ref);
  const numbers = keys.filter((k) => String(Number(k)) === k).map(Number);
  return keys.includes("undefined") || numbers.some((n) => Number.isNaN(n)) ? undefined : numbers;
}

const mostNumberKeys = 64;
/** A slow object whose keys are numbers, read by a number: `{ 65: …, 90: … }[code]`. It is compared with each of them. */
function readByNumber(ev: Evaluator, ref: NodeRef, key: Abs): Abs {
  const number = key.k === "num" ? key.v : key.k === "sum" && key.alts.every((a) => a.k === "num" || (a.k === "prim" && a.value === undefined)) ? key.payload : null; // undefined is NaN there
  const table = readIndexedNode(ev, ref, key);
  if (table) return table;
  const numbers = number && numbersIn(ev, ref), activation = ev.activation!;
  if (!numbers || numbers.length > mostNumberKeys) becomeEntered(ev, snapValue(ev, ref), key);
  if (!numbers || numbers.length > mostNumberKeys) throw ev.refuse("Unsupported", "an object is read by a computed key that is not static", "use an array");
  const from = (i: number): Abs => {
    const n = numbers[i];
    if (n === undefined) return undefinedValue;
    const values = branch(ev, ev.b.op("f64.eq", number, ev.b.f64(n)), activation, [() => ({ c: "yield", values: [found(ev, ref, String(n), null)] }), () => ({ c: "yield", values: [from(i + 1)] })]);
    if (!values) throw new PathEnds();
    return values[0]!;
  };
  return from(0);
}

/** What an access of a table costs (address, load), in operations; a comparison and a select cost two. */
const loadCost = 4;
/** A table of few different stretches, as selects: no memory, no branch. Undefined where a load is cheaper, or the value chooses a state. */
function readSmall(ev: Evaluator, values: ArrayLike<number>, index: Abs): Abs | undefined {
  const starts = [0];
  for (let i = 1; i < values.length && starts.length <= loadCost; i++) if (!Object.is(values[i], values[i - 1])) starts.push(i);
  const cost = 2 * (starts.length - 1);
  const table = values.length === 0 || cost > loadCost || ev.polyvariant > 0;
  ev.trace?.push({ // a table that was made when the walk came here before is told again
    e: "table", place: ev.b.place, source: ev.activation!.source, what: `the table of ${values.length} numbers`,
    how: table ? "a data segment" : cost === 0 ? "a constant" : `${starts.length - 1} select${starts.length > 2 ? "s" : ""}`,
    why: ev.polyvariant > 0 ? "what it holds chooses what happens next"
      : cost === 0 ? "all of its elements are the same" : `selects would cost ${cost > loadCost ? `${cost} or more` : cost}, a load ${loadCost}`,
  });
  if (table) return undefined;
  if (index.k === "sum") index = num(ev.toF64(index));
  const { at, ok } = checkIndex(ev, index, ev.b.i32(values.length));
  let value = ev.b.f64(values[starts.at(-1)!]!);
  for (let k = starts.length - 2; k >= 0; k--) value = ev.b.op("f64.select", ev.b.op("i32.lt_s", at, ev.b.i32(starts[k + 1]!)), ev.b.f64(values[starts[k]!]!), value);
  const known = constantOf(ok);
  if (known === 0) return undefinedValue;
  if (known === 1) return ev.fromF64(value);
  return { k: "sum", tag: ev.b.op("i32.eqz", ok), payload: ev.b.op("f64.select", ok, value, ev.b.f64(NaN)), alts: [{ k: "num" }, undefinedValue] };
}

/** Lists of numbers as one table, one after the other: where the list of a number lies, and how long it is. */
export function rowTable(ev: Evaluator, key: string, lists: readonly (readonly number[])[], array: TypedArrayName | "Array", values: readonly unknown[]): { readonly row: Memory; address(at: Value): [Value, Value] } {
  const cells = constantTable(ev, `${key}rows`, "rows", lists.flat(), array, array === "Array" ? undefined : elementOf[array]);
  const row: Memory = ev.rowMemories.get(cells.of) ?? memory({ ...cells.of, row: true });
  ev.rowMemories.set(cells.of, row);
  const size = bytesOf[elementKind(ev, row)];
  const length = lists[0]!.length;
  const uniform = lists.every((l) => l.length === length);
  const table = {
    row,
    address: (at: Value): [Value, Value] => {
      if (uniform) return [ev.b.op("i32.add", cells.ptr, ev.b.op("i32.mul", at, ev.b.i32(length * size))), ev.b.i32(length)];
      let start = 0;
      const starts = lists.map((l) => { const s = start; start += l.length * size; return s; });
      const offsets = constantTable(ev, `${key}starts`, "starts", starts, "Array", "i32"), lengths = constantTable(ev, `${key}lengths`, "lengths", lists.map((l) => l.length), "Array", "i32");
      return [ev.b.op("i32.add", cells.ptr, ev.b.load("i32.load", offsets.ptr, at, 2, 0, offsets.of.space)), ev.b.load("i32.load", lengths.ptr, at, 2, 0, lengths.of.space)];
    },
  };
  // a part of a typed one is no memory of its own (subarray)
  if (array === "Array" && lists.every((l) => l.length > 0)) ev.slowRows.set(row, { ...table, nodes: values as readonly NodeRef[], cells, lengths: lists.map((l) => l.length), key });
  return table;
}
/** The numbers of slow arrays of one kind, and that kind; undefined where one is something else, or is written: no table has what it will hold. */
export function listsOfNumbers(ev: Evaluator, values: readonly unknown[]): { readonly lists: readonly (readonly number[])[]; readonly array: TypedArrayName | "Array" } | undefined {
  const nodes = values.map((value) => (value instanceof NodeRef && !isWritten(ev, value) ? ev.snapshot.node(value) : undefined));
  const lists = nodes.map((node) => (node?.kind === "array" ? numbersOf(node.items) : node?.kind === "typed" ? Array.from(node.values) : undefined));
  const kinds = new Set(nodes.map((node) => (node?.kind === "typed" ? node.array : node?.kind)));
  if (lists.length === 0 || kinds.size !== 1 || !lists.every((l) => l !== undefined)) return undefined;
  return { lists, array: nodes[0]!.kind === "typed" ? (nodes[0] as { array: TypedArrayName }).array : "Array" };
}
function readStaticRow(ev: Evaluator, ref: NodeRef, values: readonly unknown[], { lists, array }: { readonly lists: readonly (readonly number[])[]; readonly array: TypedArrayName | "Array" }, index: Abs): Abs {
  const { row, address } = rowTable(ev, `n${ref.node}`, lists, array, values);
  const { at, ok } = checkIndex(ev, index, ev.b.i32(lists.length));
  const known = constantOf(ok);
  if (known === 0) return undefinedValue;
  if (known === 1) { const [ptr, len] = address(at); return { k: "mem", of: row, ptr, len }; }
  const [ptr, len] = ev.b.if(ok, ["i32", "i32"], () => address(at), () => [ev.b.i32(0), ev.b.i32(0)]);
  return { k: "sum", tag: ev.b.op("i32.eqz", ok), payload: null, alts: [{ k: "mem", of: row, ptr: ptr!, len: len! }, undefinedValue] };
}

/** One of `count` static values, by a dynamic index: the index is the tag. */
export function choiceOf(ev: Evaluator, index: Abs, count: number, valueAt: (i: number) => Abs, outside: Abs = undefinedValue): Abs {
  const { at, ok } = checkIndex(ev, index, ev.b.i32(count));
  const alts: Abs[] = [];
  for (let i = 0; i < count; i++) alts.push(valueAt(i));
  if (alts.every((a) => a.k === "prim" || a.k === "obj" || a.k === "mem")) {
    const tag = constantOf(ok) === 1 ? at : ev.b.op("i32.select", ok, at, ev.b.i32(count));
    return { k: "sum", tag, payload: null, alts: [...alts, outside] as never };
  }
  throw ev.refuse("Todo", "an array of mixed values is read at a dynamic index", "use an array of numbers");
}

// ── the kernel's own arrays ──

export const isNumber = (x: Abs | undefined): x is Abs => x !== undefined && (x.k === "num" || (x.k === "prim" && typeof x.value === "number"));

/** Of how many objects one is chosen by tests. More lie in memory. */
const mostChoices = 16;
/** A dynamic index into an array whose items are known one by one; undefined where it has to be spilled. */
export function readItems(ev: Evaluator, items: readonly (Abs | undefined)[], index: Abs): Abs | undefined {
  if (items.length <= 4 && items.every(isNumber)) {
    const { at, ok } = checkIndex(ev, index, ev.b.i32(items.length));
    let v = ev.b.f64(NaN);
    items.forEach((item, i) => { v = ev.b.op("f64.select", ev.b.op("i32.and", ok, ev.b.op("i32.eq", at, ev.b.i32(i))), ev.toF64(item), v); });
    return { k: "sum", tag: ev.b.once("i32.eqz", ok), payload: v, alts: [{ k: "num" }, undefinedValue] };
  }
  if (holdsBuckets(ev, items)) return undefined;
  if (items.length <= mostChoices && items.every((x) => x && (x.k === "prim" || x.k === "obj")) && !items.every(isNumber)) return choiceOf(ev, index, items.length, (i) => items[i]!);
  return undefined;
}

/** Whether an array can lie in the stack frame, where numbers are: one with holes, which a loop fills before it asks, is a vector. */
export function canSpill(ev: Evaluator, id: number): boolean {
  const object = ev.object(id);
  return object.t !== "array" || object.items.every(isNumber);
}
/** Stores a local array's items in the stack frame: from here on a dynamic index can reach them. */
export function spill(ev: Evaluator, id: number): Mem {
  const object = ev.object(id);
  if (object.t === "spilled") return object.mem;
  if (object.t !== "array" && object.t !== "typed") throw ev.invariant("only arrays are spilled");
  if (!canSpill(ev, id)) throw ev.refuse("Todo", "an array of mixed values is used with a dynamic index", "use an array of numbers, or a typed array");
  if (ev.variantsOpen > 0) {
    if (object.t === "typed") return box(ev, id);
    toVector(ev, id);
    return (ev.object(id) as HeapObject & { t: "vector" }).mem;
  }
  if (object.t === "array" && namesOf(object).length > 0) throw ev.invariant("an array with fields beside its elements is spilled");
  keepNames(ev, object);
  const array = object.t === "typed" ? object.array : "Array";
  const prototype = arrayClassOf(object), key = `${id}:${object.items.length}:${prototype}`;
  let mem = ev.frameSlots.get(key);
  if (!mem) ev.frameSlots.set(key, (mem = frameSlot(ev, array, object.items.length, prototype)));
  storeItems(ev, mem, object.items as Abs[]);
  ev.update(id, { t: "spilled", mem, site: object.site });
  return mem;
}

/** Room for a local array in the stack frame. */
export function frameSlot(ev: Evaluator, array: TypedArrayName | "Array", length: number, prototype?: number): Mem {
  const element = array === "Array" ? "f64" : elementOf[array];
  const offset = ev.frameBytes;
  ev.frameBytes += (Math.max(length, 1) * bytesOf[element] + 15) & ~15; // an empty array has an address too
  const space = newSpace(ev, `local${ev.spaces.length}`, "frame", element);
  const ptr = ev.inPrologue(() => { const v = ev.b.value("i32", "local"); ev.b.append({ op: "frame.addr", offset, args: [], results: [v] }); return v; });
  return { k: "mem", of: memory({ array, space, name: "local", path: null, local: true, prototype }), ptr, len: ev.b.i32(length) };
}
function storeItems(ev: Evaluator, mem: Mem, items: readonly Abs[]): void {
  const element = elementKind(ev, mem.of);
  const isZero = (x: Abs): boolean => x.k === "prim" && Object.is(x.value, 0), zeros = items.reduce((n, x) => n + (isZero(x) ? 1 : 0), 0), fills = zeros > 16 && 2 * zeros > items.length;
  if (fills) ev.b.append({ op: "memory.fill", space: mem.of.space, args: [mem.ptr, ev.b.i32(0), ev.b.i32(items.length * bytesOf[element])], results: [], place: ev.b.place });
  items.forEach((item, i) => { if (!fills || !isZero(item)) storeElement(ev, mem, ev.b.i32(i), toElement(ev, element, item)); });
}
