// The kernel's own arrays and objects that others hold: they lie in memory, with all that they hold.
//
//   const p = [x, y]; hull.push(p)      p: a block of two numbers; hull: a block of addresses
//
// A local object whose identity is static has no place in memory (heap.ts) until something in memory holds it: from then on all that look
// at it look there. Blocks are taken from free memory (vectors.ts) and never given back. Before an array's first element stand its
// capacity and, once it is boxed, where its elements are now and how many: their address is what stands for the array, also when it has
// moved. A typed array's length stands before its first element.
//
// Eight bytes for each element or field: a number; the address of an object; of what can be several things, a NaN that no arithmetic
// makes, which says what it is, with the address. A string is the address of a head: where its code units are, and how many before that; a part of a typed array that of its own (subarrays.ts). What
// an element can be is its class's business (contents.ts). Fields that an object gets there stand behind those that it came with, and behind them which of
// them it got first: its keys keep their order. So do those of an array behind the head that says where its elements are, which is then a block of its own.

import { constantOf } from "../../ir/build.ts";
import { boxTag } from "../../ir/layout.ts";
import { NodeRef } from "../../ir/snapshot.ts";
import type { Type, Value } from "../../ir/types.ts";
import { elementKind, storeElement, toElement } from "./arrays.ts";
import { addedTo, addField, admit, areSameNodes, boxMemory, classOf, contentOf, contentsOf, elementsMemory, fieldAt, formKey, isAmong, keepNames, learnItems, loseFields, namesSpace, ownSlots, slotOf, wanted, type Class, type Content } from "./contents.ts";
import { capturedBy } from "./closures.ts";
import { branch } from "./control.ts";
import { asOneStr } from "./joined.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { loadLength, storeCapacity } from "./headers.ts";
import { isArguments, namesOf, type HeapObject, type State } from "./heap.ts";
import { inputValue, memory, newSpace, snapValue, typedInput } from "./inputs.ts";
import { heldBy } from "./items.ts";
import { split } from "./objects.ts";
import { partOf } from "./operators.ts";
import { headWord, learnParts, partAt } from "./subarrays.ts";
import { becomeTable, partsToLie } from "./keyed.ts";
import { fieldNames, presenceOf } from "./optional.ts";
import { canShadow, prototypeOfNumber } from "./prototypes.ts";
import { allocateBlock, copyElements, makeTyped, require, typedMemory } from "./vectors.ts";
import { num, prim, trueValue, undefinedValue, type Abs, type Alt, type Mem, type Memory, type Records, type Str } from "./values.ts";
import { chosenAt, isRowOfNumbers, numberOf } from "./chosen.ts";
import { Restart } from "./walk.ts";

/** Eight bytes of memory. */
export interface Cell { readonly ptr: Value; readonly at: Value; readonly scale: number; readonly offset: number; readonly space: number }

// ── reading ──

const isNumber = (c: Content): boolean => c.is === "number";
/** Whether an address, or a boolean, has to be loaded. */
const hasWord = (c: Content): boolean => c.is === "class" || c.is === "typed" || c.is === "item" || c.is === "row" || c.is === "chosen" || c.is === "boolean" || c.is === "text" || c.is === "part";
const hasLength = (c: Content): boolean => c.is === "typed" || c.is === "row" || c.is === "text";
const hasPayload = (c: Content): boolean => c.is === "number" || c.is === "boolean";
const isUndefined = (c: Content): boolean => c.is === "hole" || (c.is === "const" && c.value === undefined);

const store32 = (ev: Evaluator, cell: Cell, value: Value): void => ev.b.store("i32.store", cell.ptr, cell.at, value, cell.scale, cell.offset, cell.space);
const load32 = (ev: Evaluator, cell: Cell, more: number): Value => ev.b.load("i32.load", cell.ptr, cell.at, cell.scale, cell.offset + more, cell.space);

/** What a cell holds; undefined where `ok` does not hold (nobody may look there then). */
export function readCell(ev: Evaluator, slot: readonly Content[], cell: Cell, ok: Value): Abs {
  const known = constantOf(ok), sure = known !== undefined;
  if (known === 0 || slot.length === 0) return undefinedValue;
  const several = slot.length > 1, payloads = slot.some(hasPayload), words = slot.some(hasWord);
  const behind = slot.flatMap((c, i) => loadsBehind(ev, c).map((load) => ({ i, load })));
  const types: Type[] = [...(several ? ["i32" as const] : []), ...(payloads ? ["f64" as const] : []), ...(words ? ["i32" as const] : []), ...behind.map(() => "i32" as const)];
  const absent = slot.findIndex(isUndefined);
  const load = (): Value[] => {
    const kind = several ? load32(ev, cell, 4) : null, word = words ? load32(ev, cell, 0) : null;
    const is = (i: number): Value => (kind ? ev.b.op("i32.eq", kind, ev.b.i32(boxTag + i)) : ev.b.i32(1));
    const out: Value[] = [];
    if (kind) out.push(tagOf(ev, slot, is));
    if (payloads) {
      let v = slot.some(isNumber) ? ev.b.load("f64.load", cell.ptr, cell.at, cell.scale, cell.offset, cell.space) : ev.b.f64(NaN);
      slot.forEach((c, i) => {
        // what is undefined is a NaN like any other as a number: its code would be seen in the bytes that it is stored to
        const other = c.is === "boolean" ? ev.b.op("f64.convert_i32_u", word!) : c.is === "const" && c.value === null ? ev.b.f64(0) : isUndefined(c) ? ev.b.f64(NaN) : null;
        if (other) v = several ? ev.b.op("f64.select", is(i), other, v) : other;
      });
      out.push(v);
    }
    if (word) out.push(word);
    for (const { i, load } of behind) out.push(...(several ? ev.b.if(is(i), ["i32"], () => [load(word!)], () => [ev.b.i32(0)]) : [load(word!)]));
    return out;
  };
  const values = types.length === 0 ? [] : sure ? load() : [...ev.b.if(ok, types, load, () => types.map((t, i) => (t === "f64" ? ev.b.f64(NaN) : ev.b.i32(several && i === 0 ? (absent >= 0 ? absent : slot.length) : 0))))];
  const tag = several ? values.shift()! : null, payload = payloads ? values.shift()! : null, word = words ? values.shift()! : null;
  const alts = slot.map((c): Alt => {
    if (c.is === "chosen" && isRowOfNumbers(ev, c.nodes)) return { ...chosenAt(ev, c.nodes, ev.b.i32(0)), ptr: values.shift()!, len: values.shift()! };
    if (c.is === "part") return partAt(ev, wholeOf(ev, c), c.path === null, word!, [values.shift()!, values.shift()!, values.shift()!]);
    const length = hasLength(c) ? values.shift()! : null;
    return altOf(ev, c, c.is === "text" ? values.shift()! : word, length);
  });
  if (sure && !tag) return single(ev, alts[0]!, payload, word);
  if (tag) return { k: "sum", tag, payload, alts: sure || absent >= 0 ? alts : [...alts, undefinedValue] };
  return absent >= 0 ? undefinedValue : { k: "sum", tag: ev.b.op("i32.eqz", ok), payload, alts: [alts[0]!, undefinedValue] };
}
const single = (ev: Evaluator, alt: Alt, payload: Value | null, word: Value | null): Abs =>
  alt.k === "num" ? num(payload!) : alt.k === "bool" ? ev.fromBool(word!) : alt;

/** Which of the slot's contents it is, by its number there. */
function tagOf(ev: Evaluator, slot: readonly Content[], is: (i: number) => Value): Value {
  if (slot.length === 2) return is(1);
  // a number has no code: it is what nothing else is
  const rest = slot.findIndex(isNumber), otherwise = rest >= 0 ? rest : slot.length - 1;
  let tag = ev.b.i32(otherwise);
  slot.forEach((_, i) => { if (i !== otherwise) tag = ev.b.op("i32.select", is(i), ev.b.i32(i), tag); });
  return tag;
}

/** What is loaded by the address that a cell holds: the length before it, of a string where its code units are too. */
function loadsBehind(ev: Evaluator, content: Content): ((word: Value) => Value)[] {
  if (content.is === "chosen") return isRowOfNumbers(ev, content.nodes) ? [(at) => chosenAt(ev, content.nodes, at).ptr, (at) => chosenAt(ev, content.nodes, at).len] : [];
  if (content.is === "part") return [0, 1, 2].map((i) => (word) => headWord(ev, word, i));
  if (!hasLength(content)) return [];
  if (content.is === "typed") return [(word) => loadLength(ev, word)];
  const space = content.is === "text" ? textHeads(ev) : inputMemory(ev, content).of.space;
  const load = (offset: number) => (word: Value): Value => ev.b.load("i32.load", word, ev.b.i32(0), 0, offset, space);
  return content.is === "text" ? [load(-4), load(0)] : [load(-4)];
}
/** Where the addresses and lengths of strings that something in memory holds are. */
function textHeads(ev: Evaluator): number {
  const key = "heads of texts";
  let of = ev.heapMemories.get(key);
  if (!of) ev.heapMemories.set(key, (of = memory({ array: "Int32Array", space: newSpace(ev, "heap_texts", "frame", "i32"), name: "texts", path: null, local: true })));
  return of.space;
}
function headOf(ev: Evaluator, { ptr, len }: Str): Value {
  const head = ev.b.op("i32.add", allocateBlock(ev, ev.b.i32(16)), ev.b.i32(4)), space = textHeads(ev);
  ev.b.store("i32.store", head, ev.b.i32(0), len, 0, -4, space);
  ev.b.store("i32.store", head, ev.b.i32(0), ptr, 0, 0, space);
  return head;
}
const inputMemory = (ev: Evaluator, content: Content): Mem => {
  if (content.is !== "input" && content.is !== "item" && content.is !== "row") throw ev.invariant("nothing of the caller's");
  return ev.ordered.get(pathKey(content.path)) ?? (inputValue(ev, content.path, content.kind) as Mem);
};
/** The objects in the caller's array, or those that they hold in its fields. */
function itemsOf(ev: Evaluator, content: Content & { is: "item" }): Records {
  const { of } = inputMemory(ev, content);
  return content.within.reduce((records, { field }) => heldBy(records, field), of.records ?? of.rows!.records!);
}
/** The memory of the rows that many levels down. */
function rowsOf(ev: Evaluator, content: Content & { is: "row" }): Memory {
  let { of } = inputMemory(ev, content);
  for (let level = 0; level < content.level; level++) of = of.rows!;
  return of;
}

/** The memory of all of the array of which it is a part. */
const wholeOf = (ev: Evaluator, { array, path }: Content & { is: "part" }): Memory => (path === null ? typedMemory(ev, array) : typedInput(ev, path));

/** What lies where a word says. */
export const placedAt = (ev: Evaluator, content: Exclude<Content, { readonly is: "part" }>, word: Value): Alt => altOf(ev, content, word, loadsBehind(ev, content)[0]?.(word) ?? null);
function altOf(ev: Evaluator, content: Exclude<Content, { readonly is: "part" }>, word: Value | null, length: Value | null): Alt {
  const none = ev.b.i32(0);
  switch (content.is) {
    case "number": return { k: "num" };
    case "boolean": return { k: "bool" };
    case "text": return { k: "str", ptr: word!, len: length! };
    case "hole": return undefinedValue;
    case "const": return prim(content.value);
    case "class": return { k: "mem", of: boxMemory(ev, content.of), ptr: word!, len: none };
    case "typed": return { k: "mem", of: typedMemory(ev, content.array), ptr: word!, len: length! };
    case "node": return snapValue(ev, new NodeRef(content.node)) as Alt;
    case "chosen": return chosenAt(ev, content.nodes, word!);
    case "input": return inputValue(ev, content.path, content.kind) as Alt;
    case "item": return { k: "mem", of: itemsOf(ev, content).element!, ptr: word!, len: none };
    case "row": return { k: "mem", of: rowsOf(ev, content), ptr: word!, len: length! };
  }
}

// ── writing ──

/** Puts a value into a cell of the class. */
export function writeCell(ev: Evaluator, cls: Class, slotAt: number, cell: () => Cell, given: Abs): void {
  const value = given.k === "text" ? (asOneStr(ev, given) ?? given) : given; // strings of numbers are laid down too
  learnParts(ev, value);
  const contents = contentsOf(ev, value);
  if (!contents) becomeTables(ev, value);
  if (!contents) throw ev.refuse("Todo", "an array of a length that is not static, or an object in one, holds what can't lie in memory", "let it hold numbers, arrays and plain objects");
  for (const content of wanted(ev, contents)) admit(ev, cls, slotAt, content);
  const slot = slotOf(ev, cls, slotAt);
  const at = contents.map((c) => indexIn(ev, slot, c));
  if (value.k !== "sum") { storeCell(ev, slot, at[0]!, cell, value); return; }
  const fits = at.filter((i) => i >= 0).length;
  if (fits < at.length) {
    const missing = at.flatMap((i, k) => (i < 0 ? [ev.tagIs(value, k)] : [])).reduce((a, b) => ev.b.op("i32.or", a, b));
    require(ev, ev.b.op("i32.eqz", missing), "undefined is put into an array", "undefined");
  }
  if (slot.length === 1 && slot[0]!.is === "number") { storeCell(ev, slot, 0, cell, num(ev.payloadOf(value))); return; }
  const kept = value.alts.filter((_, k) => at[k]! >= 0);
  if (kept.length === 1) { storeCell(ev, slot, at[value.alts.indexOf(kept[0]!)]!, cell, partOf(value, kept[0]!, ev)); return; }
  split(ev, value, (alt) => {
    const content = contentOf(ev, alt as Alt), i = content ? indexIn(ev, slot, content) : -1;
    if (i < 0) return ev.bail("undefined is put into an array", "undefined");
    storeCell(ev, slot, i, cell, alt);
    return undefinedValue;
  });
}

/** A Map or Set whose keys are known is a table from now on, since only these lie in memory. */
function becomeTables(ev: Evaluator, value: Abs): void {
  for (const alt of value.k === "sum" ? value.alts : [value]) if (alt.k === "obj") becomeTable(ev, ev.object(alt.id));
}

/** A local object that an array of the class will hold, in memory. */
export function place(ev: Evaluator, cls: Class, value: Abs): Abs {
  const content = value.k === "obj" ? contentOf(ev, value) : undefined;
  if (value.k !== "obj" || (content?.is !== "class" && content?.is !== "typed")) return value;
  admit(ev, cls, 0, content);
  return box(ev, value.id);
}

function indexIn(ev: Evaluator, slot: readonly Content[], content: Content): number {
  return slot.findIndex((c) => {
    if (c.is !== content.is) return isAmong(c, content);
    switch (c.is) {
      case "number": case "boolean": case "text": case "hole": return true;
      case "const": return Object.is(c.value, (content as typeof c).value);
      case "class": return boxMemory(ev, c.of) === boxMemory(ev, (content as typeof c).of);
      case "typed": return c.array === (content as typeof c).array;
      case "part": return c.array === (content as typeof c).array && (c.path ? (content as typeof c).path !== null && pathKey(c.path) === pathKey((content as typeof c).path!) : (content as typeof c).path === null);
      case "node": return c.node === (content as typeof c).node;
      case "chosen": return areSameNodes(c.nodes, (content as typeof c).nodes);
      case "input": return inputMemory(ev, c) === inputMemory(ev, content);
      case "item": return itemsOf(ev, c) === itemsOf(ev, content as typeof c);
      case "row": return rowsOf(ev, c) === rowsOf(ev, content as typeof c);
    }
  });
}

/** Stores a value that is the slot's i-th. */
function storeCell(ev: Evaluator, slot: readonly Content[], i: number, cellOf: () => Cell, value: Abs): void {
  const content = slot[i]!, several = slot.length > 1;
  const word = wordOf(ev, content, value); // may make a block: the cell may be elsewhere afterwards
  const cell = cellOf();
  if (content.is === "number") { const v = ev.toF64(value); ev.b.store("f64.store", cell.ptr, cell.at, several ? quiet(ev, v) : v, cell.scale, cell.offset, cell.space); return; }
  if (word || several) ev.b.store("i32.store", cell.ptr, cell.at, word ?? ev.b.i32(0), cell.scale, cell.offset, cell.space);
  if (several) ev.b.store("i32.store", cell.ptr, cell.at, ev.b.i32(boxTag + i), cell.scale, cell.offset + 4, cell.space);
}

function wordOf(ev: Evaluator, content: Content, value: Abs): Value | null {
  switch (content.is) {
    case "number": case "hole": case "const": case "node": case "input": return null;
    case "text": return headOf(ev, value as Str);
    case "part": return (value as Mem).part!.head;
    case "boolean": return value.k === "bool" ? value.v : ev.b.i32(value.k === "prim" && value.value ? 1 : 0);
    case "class": case "typed": return value.k === "obj" ? box(ev, value.id).ptr : (value as Mem).ptr;
    case "item": case "row": return (value as Mem).ptr;
    case "chosen": {
      const known = value.k === "obj" ? contentOf(ev, value) : undefined;
      return known?.is === "node" ? ev.b.i32(content.nodes.findIndex(({ node }) => node === known.node)) : numberOf(ev, value as Mem);
    }
  }
}

/** Operations that give no NaN but a quiet one. */
const arithmetic = new Set<string>(["const", "f64.add", "f64.sub", "f64.mul", "f64.div", "f64.sqrt", "f64.convert_i32_s", "f64.convert_i32_u", "f64.promote_f32", "f64.min", "f64.max", "f64.floor", "f64.ceil", "f64.trunc", "f64.nearest"]);
/** A number beside other things: a NaN that reads as one of them becomes the usual one. */
export function quiet(ev: Evaluator, v: Value): Value {
  return v.def && arithmetic.has(v.def.op) ? v : ev.b.op("f64.select", ev.b.op("f64.eq", v, v), v, ev.b.f64(NaN));
}

// ── boxes ──

/** Puts a local array or object into memory, where it stays. */
export function box(ev: Evaluator, id: number): Mem {
  const object = ev.object(id);
  if (object.t === "boxed") return object.mem;
  if (isArguments(object)) throw ev.refuse("Todo", "`arguments` is put into an array or object that lies in memory", "use a rest parameter");
  if (object.t === "spilled" && object.mem.of.bigints) throw ev.refuse("Todo", "an array of BigInts is put into an array or object that lies in memory", "keep it in a variable");
  if (isTyped(object)) return boxTyped(ev, id);
  const cls = classOf(ev, object);
  if (!cls) throw ev.refuse("Todo", "what can't lie in memory is put into an array or object that does", "let it hold numbers, arrays and plain objects");
  keepNames(ev, object);
  learnItems(ev, object);
  const of = boxMemory(ev, cls);
  const boxed = (ptr: Value): Mem => { const mem: Mem = { k: "mem", of, ptr, len: ev.b.i32(0) }; ev.update(id, { t: "boxed", mem }); return mem; };
  if (object.t === "cell") {
    const mem = boxed(allocateBlock(ev, ev.b.i32(16)));
    writeCell(ev, cls, 0, () => fieldCell(ev, mem, 0), object.value!);
    return mem;
  }
  if (object.t === "keyed" || object.t === "closure") {
    const mem = boxed(allocateBlock(ev, ev.b.i32(bytesOfFields(cls))));
    (object.t === "closure" ? capturedBy(object) : partsToLie(ev, object)).forEach((part, i) => { writeCell(ev, cls, i, () => fieldCell(ev, mem, i), part); });
    return mem;
  }
  if (object.t === "object") {
    const names = fieldNames(object), own = (cls.form as Class["form"] & { form: "record" }).names, fields = own.map((name) => object.fields.get(name)!);
    for (const name of names.slice(own.length)) fieldFor(ev, cls, name);
    const mem = boxed(allocateBlock(ev, ev.b.i32(bytesOfFields(cls))));
    fields.forEach((value, i) => { writeCell(ev, cls, i, () => fieldCell(ev, mem, i), value); });
    beginAdded(ev, mem);
    for (const name of names.slice(own.length)) writeWhere(ev, presenceOf(object, name) ?? trueValue, () => { writeField(ev, mem, name, object.fields.get(name)!); });
    return mem;
  }
  if (object.t === "array") for (const name of namesOf(object)) fieldFor(ev, cls, name);
  const elements = elementsMemory(ev, cls);
  /** the array's, in front of its first element where it has nothing else */
  const headed = (data: Mem): Mem => {
    const apart = addedTo(cls).length > 0;
    const mem = boxed(setHead(ev, apart ? allocateBlock(ev, ev.b.i32(bytesOfFields(cls))) : ev.b.op("i32.sub", data.ptr, ev.b.i32(8)), data, of.space));
    if (apart) beginAdded(ev, mem);
    return mem;
  };
  if (object.t === "vector") {
    if (object.mem.of !== elements) throw ev.refuse("Todo", "two arrays of different elements that became one are put into another", "make them in one place");
    return headed(object.mem);
  }
  if (object.t !== "array" && object.t !== "spilled") throw ev.invariant("only arrays and objects are boxed");
  const length = object.t === "array" ? object.items.length : Number(constantOf(object.mem.len)), capacity = length === 0 ? 8 : length;
  const block = allocateBlock(ev, ev.b.i32((8 * capacity + 31) & ~15));
  const ptr = ev.b.op("i32.add", block, ev.b.i32(16)), data: Mem = { k: "mem", of: elements, ptr, len: ev.b.i32(length) };
  storeCapacity(ev, block, ev.b.i32(capacity));
  const mem = headed(data);
  if (object.t === "spilled") copyElements(ev, data, ptr, object.mem);
  else {
    object.items.forEach((item, i) => { const cell = (): Cell => elementCell(ev, data, ev.b.i32(i)); if (item) writeCell(ev, cls, 0, cell, item); else writeHole(ev, elements.slot!, cell()); });
    for (const name of namesOf(object)) writeField(ev, mem, name, object.named!.get(name)!);
  }
  return mem;
}
/** Room for the fields of an object, or an array's head, with those that it may get. */
function bytesOfFields(cls: Class): number {
  const added = addedTo(cls).length;
  return (8 * (ownSlots(cls) + (added > 0 ? 2 * added + 1 : 0)) + 31) & ~15;
}
/** It has got none of them yet. */
function beginAdded(ev: Evaluator, mem: Mem): void {
  const cls = mem.of.box!, own = ownSlots(cls), added = addedTo(cls).length;
  for (let i = own; i < own + added; i++) writeHole(ev, slotOf(ev, cls, i), fieldCell(ev, mem, i));
  if (added > 0) for (let i = 0; i <= added; i++) store32(ev, fieldCell(ev, mem, own + added + i), ev.b.i32(0));
}

/** A typed array of the kernel's own, out of the stack frame: whoever holds it may outlive the iteration that made it. */
function boxTyped(ev: Evaluator, id: number): Mem {
  const object = ev.object(id);
  if (object.t !== "typed" && object.t !== "spilled") throw ev.invariant("no typed array");
  if (ev.viewed.has(id)) throw ev.refuse("Todo", "a typed array of which there are other views is put into an array or object", "keep the views beside it");
  const array = object.t === "typed" ? object.array : object.mem.of.array;
  if (array === "Array") throw ev.invariant("no typed array");
  const mem = makeTyped(ev, array, object.t === "typed" ? prim(object.items.length) : ev.fromI32(object.mem.len));
  if (object.t === "spilled") copyElements(ev, mem, mem.ptr, object.mem);
  else object.items.forEach((item, i) => { if (!(item.k === "prim" && Object.is(item.value, 0))) storeElement(ev, mem, ev.b.i32(i), toElement(ev, elementKind(ev, mem.of), item)); });
  ev.update(id, { t: "boxed", mem });
  return mem;
}

export const elementCell = (ev: Evaluator, mem: Mem, at: Value): Cell => ({ ptr: mem.ptr, at, scale: 3, offset: 0, space: mem.of.space });
const fieldCell = (ev: Evaluator, mem: Mem, i: number): Cell => ({ ptr: mem.ptr, at: ev.b.i32(0), scale: 0, offset: 8 * i, space: isArrayBox(mem) ? namesSpace(ev, mem.of.box!) : mem.of.space });

export function writeHole(ev: Evaluator, slot: readonly Content[], cell: Cell): void {
  if (slot.length === 1) return;
  const bits = BigInt(boxTag + slot.findIndex((c) => c.is === "hole")) << 32n;
  ev.b.store("i64.store", cell.ptr, cell.at, ev.b.const("i64", bits), cell.scale, cell.offset, cell.space);
}

/** Whether a cell of a slot that knows holes has one. */
export const isHole = (ev: Evaluator, slot: readonly Content[], cell: Cell): Value =>
  (slot.length === 1 ? ev.b.i32(1) : ev.b.op("i32.eq", load32(ev, cell, 4), ev.b.i32(boxTag + slot.findIndex((c) => c.is === "hole"))));

/** Where a boxed array's elements are now, and how many. */
export function setHead(ev: Evaluator, head: Value, data: Mem, space: number): Value {
  ev.b.store("i32.store", head, ev.b.i32(0), data.ptr, 0, 0, space);
  ev.b.store("i32.store", head, ev.b.i32(0), data.len, 0, 4, space);
  return head;
}
export const isArrayBox = (mem: Mem): boolean => mem.of.box?.form.form === "array";
/** The elements of a boxed array, as they are now. */
export function open(ev: Evaluator, mem: Mem): Mem {
  const word = (offset: number): Value => ev.b.load("i32.load", mem.ptr, ev.b.i32(0), 0, offset, mem.of.space);
  return { k: "mem", of: elementsMemory(ev, mem.of.box!), ptr: word(0), len: word(4) };
}

/** A field of a boxed object, or of an array beside its elements; undefined where it has none of that name. */
export function readField(ev: Evaluator, mem: Mem, name: string): Abs | undefined {
  const { box: cls } = mem.of, i = fieldAt(cls!, name);
  return i < 0 ? undefined : readCell(ev, slotOf(ev, cls!, i), fieldCell(ev, mem, i), ev.b.i32(1));
}
/** … that it has. */
export function readOwnField(ev: Evaluator, mem: Mem, name: string): Abs {
  const read = readField(ev, mem, name)!, slot = slotOf(ev, mem.of.box!, fieldAt(mem.of.box!, name));
  return read.k === "sum" && slot.length === 2 && read.alts.length === 2 ? partOf(read, read.alts[slot[0]!.is === "hole" ? 1 : 0]!, ev) : read;
}
/** Whether it has one: those that its objects are made with, they all have. */
export function hasFieldOf(ev: Evaluator, mem: Mem, name: string): Value | boolean {
  const cls = mem.of.box!, i = fieldAt(cls, name);
  return i < 0 ? false : (cls.form.form === "record" && i < cls.form.names.length) || ev.b.op("i32.eqz", isHole(ev, slotOf(ev, cls, i), fieldCell(ev, mem, i)));
}
export function writeField(ev: Evaluator, mem: Mem, name: string, value: Abs): void {
  const { box: cls } = mem.of, i = fieldFor(ev, cls!, name), own = ownSlots(cls!);
  if (i >= own) countField(ev, mem, i, own);
  writeCell(ev, cls!, i, () => fieldCell(ev, mem, i), value);
}
/** The object, or an array beside its elements, has the field no longer; it comes behind all others where it is written again. False where that can't be. */
export function removeField(ev: Evaluator, mem: Mem, name: string): boolean {
  const cls = mem.of.box!, i = fieldAt(cls, name), own = ownSlots(cls);
  if (i < 0) return !isArrayBox(mem);
  if (i < own && !ev.lessons.late.has(name)) { ev.lessons.late.add(name); throw new Restart(); }
  if (i < own || !loseFields(cls)) return false;
  const cell = fieldCell(ev, mem, i);
  store32(ev, fieldCell(ev, mem, i + addedTo(cls).length + 1), ev.b.i32(0));
  writeHole(ev, slotOf(ev, cls, i), cell);
  return true;
}
/** Where the field stands, or will stand from the next beginning on. */
function fieldFor(ev: Evaluator, cls: Class, name: string): number {
  const at = fieldAt(cls, name), { form } = cls, isArray = form.form === "array";
  if (at >= 0 && at < ownSlots(cls)) return at;
  if (isArray ? !isNowhere(ev, "Array.prototype", name) : !canShadow(ev, prototypeOfNumber(ev, form.prototype), name)) throw ev.refuse("Todo", `the field ${name} is added to an object that an array holds, whose class has an accessor of that name`, "create the object with all of its fields at once");
  return at >= 0 ? at : addField(cls, name);
}
function isNowhere(ev: Evaluator, prototype: "Array.prototype", name: string): boolean {
  const ref = ev.snapshot.builtin(prototype);
  ev.expect({ expect: "settable", prototype: ref.node, key: name });
  return ev.snapshot.property(ref, name).kind === "absent";
}
/** Writes on the paths on which that is so. */
function writeWhere(ev: Evaluator, is: Abs, write: () => void): void {
  const done = (): { readonly c: "yield"; readonly values: readonly Abs[] } => ({ c: "yield", values: [] });
  if (is.k === "bool") branch(ev, is.v, ev.activation!, [() => { write(); return done(); }, done]);
  else if (is.k !== "prim" || is.value) write();
}
/** A field that the object gets has its place among those that it got: behind these fields stands how many there are, then for each which one it is. */
function countField(ev: Evaluator, mem: Mem, i: number, own: number): void {
  const { box: cls } = mem.of, added = addedTo(cls!).length, counter = fieldCell(ev, mem, own + added), place = fieldCell(ev, mem, i + added + 1);
  const lacks = isHole(ev, slotOf(ev, cls!, i), fieldCell(ev, mem, i)), count = ev.b.op("i32.add", load32(ev, counter, 0), lacks);
  store32(ev, place, ev.b.op("i32.select", lacks, count, load32(ev, place, 0)));
  store32(ev, counter, count);
}

/** The fields that objects of the class may get, each with its place among those that this one got; 0 where it has none. */
export function addedPlaces(ev: Evaluator, mem: Mem): { readonly name: string; readonly place: Value }[] {
  const cls = mem.of.box!, names = addedTo(cls), own = ownSlots(cls);
  ev.fixed.add(cls);
  return names.map((name, i) => ({ name, place: load32(ev, fieldCell(ev, mem, own + names.length + 1 + i), 0) }));
}

/** What stands for a value: of a boxed object, its place; so too where it is one of several that the value can be. */
export function reference(abs: Abs, state: State): Abs {
  if (abs.k === "sum") return abs.alts.some((alt) => placeOf(alt, state)) ? { ...abs, alts: abs.alts.map((alt) => placeOf(alt, state) ?? alt) } : abs;
  return placeOf(abs, state) ?? abs;
}
const placeOf = (abs: Abs | Alt, state: State): Mem | undefined => {
  const object = abs.k === "obj" ? state.objects.get(abs.id) : undefined;
  return object?.t === "boxed" ? object.mem : undefined;
};
/** What stands for an array or object of the kernel's own that lies in memory. */
export const isOwn = ({ of }: Pick<Mem, "of">): boolean => of.local && !of.row && (of.box !== null || of.array !== "Array");
/** A typed array of the kernel's own whose length is known, of numbers. */
export const isTyped = (object: HeapObject): boolean => object.t === "typed" || (object.t === "spilled" && object.mem.of.array !== "Array" && !object.mem.of.bigints);
/** Whether a local object would be one of that memory. */
export function isAlike(ev: Evaluator, object: HeapObject, { of }: Mem): boolean {
  if (of.box) { const cls = classOf(ev, object); return cls !== undefined && formKey(cls.form) === formKey(of.box.form); }
  return (object.t === "typed" && object.array === of.array) || (object.t === "spilled" && object.mem.of.array === of.array);
}

