// Arrays in memory: elements read and written by an index that may lie outside, be negative, fractional, −0 or NaN.
//
//   a[i]      t = trunc i; ok = t is i and t <u length; ok ? load : undefined (NaN in arithmetic)
//   a[i] = v  ok ? store : nothing (typed arrays), or a bail (ordinary arrays, which would grow)
//
// Each check is a plain comparison: range analysis folds it away like any other.

import { constantOf } from "../../ir/build.ts";
import type { TypedArrayName } from "../../ir/interface.ts";
import type { MemoryOp } from "../../ir/ops.ts";
import type { ElementKind, Value } from "../../ir/types.ts";
import { asBig, fromWords, isBig, wordsOf } from "./bigints.ts";
import { box, elementCell, readCell } from "./boxes.ts";
import { onlyObject } from "./choices.ts";
import { holdsBuckets } from "./buckets.ts";
import { branch, choose } from "./control.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { bytesOf, elementOf, memory, newSpace } from "./inputs.ts";
import { becomeHeld } from "./held.ts";
import { keepNames } from "./contents.ts";
import { arrayClassOf, namesOf, type HeapObject } from "./heap.ts";
import { isRowOfItems, refuseRow } from "./items.ts";
import { isComposed } from "./keys.ts";
import { becomeList } from "./lists.ts";
import { becomeOrder } from "./orders.ts";
import { tellApart } from "./nested.ts";
import { require, toVector } from "./vectors.ts";
import { num, undefinedValue, type Abs, type Alt, type Lists, type Mem, type Memory, type Sum } from "./values.ts";
import { PathEnds } from "./walk.ts";
import { choiceOf } from "./constants.ts";

const access: Record<ElementKind, { load: MemoryOp; store: MemoryOp }> = {
  i8: { load: "i32.load8_s", store: "i32.store8" }, u8: { load: "i32.load8_u", store: "i32.store8" }, u8c: { load: "i32.load8_u", store: "i32.store8" },
  i16: { load: "i32.load16_s", store: "i32.store16" }, u16: { load: "i32.load16_u", store: "i32.store16" },
  i32: { load: "i32.load", store: "i32.store" }, u32: { load: "i32.load", store: "i32.store" },
  f32: { load: "f32.load", store: "f32.store" }, f64: { load: "f64.load", store: "f64.store" }, i64: { load: "i64.load", store: "i64.store" }, u64: { load: "i64.load", store: "i64.store" },
};

export const elementKind = (ev: Evaluator, of: Memory): ElementKind => ev.spaces[of.space]!.element;

/** An index as i32 and whether it is one within [0, len). */
export function checkIndex(ev: Evaluator, index: Abs, len: Value): { at: Value; ok: Value } {
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
export function readBig(ev: Evaluator, mem: Mem, index: Abs): Abs {
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
export function orUndefined(ev: Evaluator, item: Mem | Sum, ok: Value): Abs {
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
