// Keys: what a static one is called; those that `for in` and Object.keys list; whether one exists (`in`, hasOwnProperty); whether an array has
// an element at a dynamic one.

import type { Path } from "../../ir/interface.ts";
import { constantOf } from "../../ir/build.ts";
import { eachKey } from "../../ir/fields.ts";
import { hiddenKeys, hole, NodeRef } from "../../ir/snapshot.ts";
import type { Value } from "../../ir/types.ts";
import { hasRow, isWithin } from "./arrays.ts";
import { elementCell, isArrayBox, isHole, open } from "./boxes.ts";
import { bareKey } from "./classes.ts";
import { addedTo, elementsMemory, fieldAt, tableOf } from "./contents.ts";
import { enterObject } from "./entered.ts";
import type { Evaluator } from "./evaluator.ts";
import { isArguments, namesOf, type HeapObject, type Origin } from "./heap.ts";
import { iteratorKey } from "./iterators.ts";
import { hasElements } from "./indexed.ts";
import { inputValue } from "./inputs.ts";
import { keptFor, hasField, hasItsFields, prototypeOf } from "./items.ts";
import { expectInherited, getOfInput, hasNamed, pathOf } from "./objects.ts";
import { numberNames } from "./numbernames.ts";
import { numberOfText } from "./operators.ts";
import { inOrder, needOrder, presenceOf, presentNames } from "./optional.ts";
import { toVector } from "./vectors.ts";
import { isThere } from "./inheritance.ts";
import { hidden, isHidden, isNumeric, isOwnPrivate, prim, undefinedValue, type Abs, type Mem, type Records } from "./values.ts";

/** The language's symbol that a value is, by its name (capture/symbols.ts). */
function symbolOf(ev: Evaluator, key: Abs): string | undefined {
  const object = key.k === "obj" ? ev.object(key.id) : undefined;
  return object?.t === "builtin" && object.name.startsWith("Symbol.") && !object.name.startsWith("Symbol.prototype") ? hidden(object.name.replace("Symbol.", "@@")) : undefined;
}
export const isStaticKey = (ev: Evaluator, key: Abs): boolean => key.k === "prim" || symbolOf(ev, key) !== undefined;
/** A static key as a property's name. */
export function propertyName(ev: Evaluator, key: Abs): string {
  const name = key.k === "prim" ? String(key.value) : symbolOf(ev, key);
  if (name === undefined) throw ev.refuse("Unsupported", "a property's name is not static", "write the name out");
  return name;
}
/** A static key as a property name, or undefined for a dynamic one. */
export function staticKey(ev: Evaluator, key: Abs): string | undefined {
  return key.k === "prim" ? String(key.value) : key.k === "obj" ? symbolOf(ev, key) : undefined;
}
/** Whether a name is an array index. */
export const isIndex = (key: string): boolean => /^(0|[1-9][0-9]{0,9})$/.test(key) && Number(key) < 4294967295;

/** Nothing is known of what was not looked into, not even its kind. */
export function refuseOpaque(ev: Evaluator, why: string): never { throw ev.refuse("Unsupported", `a value can't be looked into: ${why}`, "hand over plain data"); }
const refuseOneByOne = (ev: Evaluator): Error => ev.refuse("Todo", "the keys of an object that are numbers of run time are listed one by one", "use Object.keys or for-in");
/** Own enumerable keys, as `for in` and Object.keys see them. */
export function keysOf(ev: Evaluator, a: Abs): readonly string[] {
  if (a.k === "prim") return typeof a.value === "string" ? Object.keys(a.value) : [];
  if (a.k === "mem") {
    const form = a.of.box?.form;
    if (hasElements(ev, a)) return refuseKeys(ev);
    if (form && tableOf(form) === "record") throw refuseOneByOne(ev);
    if (form && tableOf(form)) return [];
    if (form?.form === "record") return addedTo(a.of.box!).length > 0 ? refuseKeys(ev) : form.names.some(isOwnPrivate) ? form.names.filter((name) => !isOwnPrivate(name)) : form.names;
    if (a.of.records && a.of.row) return keysOfRecords(ev, a.of.records);
    if (a.of.dataView) return [];
    if (form) expectNoNames(ev, a);
    const length = form || mayHaveHoles(ev, a) ? undefined : constantOf(a.len);
    if (typeof length === "number") expectUnnamed(ev, a);
    if (typeof length === "number") return Array.from({ length }, (_, i) => String(i));
    throw ev.refuse("Todo", "the keys of an array of unknown length are listed", "count with a loop");
  }
  if (a.k !== "obj") throw ev.refuse("Unsupported", "the keys of a value that is no object are listed", "use an object");
  const object = ev.object(a.id);
  switch (object.t) {
    case "spilled": case "vector": case "boxed": return keysOf(ev, object.mem);
    case "object":
      if (hasElements(ev, a)) return refuseKeys(ev);
      if (object.origin.from === "input") return keysOfInput(ev, object, object.origin);
      return presentNames(object) ?? refuseKeys(ev);
    case "array": case "typed": return [...object.items.flatMap((x, i) => (x === undefined ? [] : [String(i)])), ...(object.t === "array" ? namesOf(object) : [])];
    case "snap": case "function": case "class": return ev.snapshot.keys(object.node);
    case "keyed": if (object.form === "record") throw refuseOneByOne(ev); return [];
    case "numerals": throw ev.refuse("Todo", "the keys of a list of keys are listed", "count with a loop");
    case "closure": return inOrder([...object.fields.keys()].filter((key) => !isHidden(key) && key !== "prototype" && !object.fields.has(hidden(`unlisted ${key}`))));
    case "builtin": return object.node ? ev.snapshot.keys(object.node) : [];
    case "buffer": if (object.shared) throw ev.refuse("Todo", "the keys of the caller's buffer are listed", "name the fields"); return [];
    case "opaque": return refuseOpaque(ev, object.why);
    default: return [];
  }
}

/** The keys that a copy of the object gets (a spread, a rest, Object.assign), which are symbols too: of other objects than slow ones entry tests that there are none. */
export function keysToCopy(ev: Evaluator, a: Abs): readonly string[] {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (object?.t === "snap" && ev.snapshot.node(object.node).kind === "object" && ev.snapshot.property(object.node, hiddenKeys).kind !== "absent") throw ev.refuse("Todo", "an object with symbols, or keys that are not enumerable, is copied", "name the fields");
  if (object?.t === "object" && [...object.fields.keys()].some((key) => key.startsWith(hidden("@@")))) throw ev.refuse("Todo", "an object with symbols for keys is copied", "name the fields");
  return keysOf(ev, a);
}

/** The keys that one of the caller's objects has at entry, which is tested, and those that were added. */
function keysOfInput(ev: Evaluator, object: HeapObject & { t: "object" }, origin: Origin & { from: "input" }): readonly string[] {
  const { fields } = object, { path, kind } = origin;
  const keys = [...kind.fields.keys()].filter((key) => !isHidden(key)), added = [...fields.keys()].filter((key) => !kind.fields.has(key));
  if (added.some(isIndex)) enterObject(ev, origin, object);
  if (added.some((key) => isIndex(key) || isHidden(key))) throw ev.refuse("Todo", "the keys of one of the caller's objects are listed, which got new ones", "name the fields");
  ev.expect({ expect: "keys", path, keys });
  return [...keys, ...added];
}

/** The keys that all objects of an array have, in one order: of the caller's that is tested at entry. */
function keysOfRecords(ev: Evaluator, records: Records): readonly string[] {
  const { nodes, kind, path, within } = records;
  if (nodes) {
    const [first = [], ...rest] = nodes.list.map((node) => ev.snapshot.keys(node));
    if (rest.every((keys) => keys.length === first.length && keys.every((key, i) => key === first[i]))) return first;
  } else if (hasItsFields(ev, records)) {
    const keys = [...kind.fields.keys()].filter((key) => !isHidden(key));
    ev.expect({ expect: "keys", path: { root: path.root, keys: [...path.keys, ...within.map(({ field }) => eachKey(field))] }, keys, each: true });
    return keys;
  }
  throw ev.refuse("Todo", "the keys of objects in an array are listed, which are not the same or not all of numbers", "name the fields");
}

/** A text that is more than a number's own: of several parts, or with digits or zeros that a method puts there ("02", "1.0"). */
export const isComposed = (key: Abs): boolean => {
  if (key.k !== "text") return false;
  const parts = key.parts.filter((part) => part !== "");
  return key.format !== undefined || parts.length > 1 || parts.some((part) => typeof part === "object" && part.k === "text");
};

export const refuseKeys = (ev: Evaluator): never => { needOrder(ev); throw ev.refuse("Todo", "the keys of an object that has a field on some paths only, got its fields in different orders, or has index keys beside names, are listed", "name the fields"); };

/** The keys of an array in memory are those of its elements. */
export function expectNoNames(ev: Evaluator, { of }: Mem): void {
  if (of.box && addedTo(of.box).length > 0) throw ev.refuse("Todo", "the keys of an array in memory are listed that has fields beside its elements", "count with a loop, and name the fields");
}

/** Entry tests that an array of the caller's, or each of its rows, has nothing beside its elements. */
export function expectUnnamed(ev: Evaluator, mem: Mem): void {
  const { rowOf, records } = mem.of, path = pathOf(ev, mem);
  const at = path ? { path } : rowOf ? { path: rowOf.path, each: rowOf.level } : records?.flat ? { path: records.path, each: 1 } : undefined;
  if (at && ev.lessons.besides.size > 0) throw ev.refuse("Todo", "what an array has is listed, where fields beside the elements of arrays are written", "count with a loop");
  if (at) ev.expect({ expect: "unnamed", ...at });
}

const indexOfName = (key: Abs): Abs | undefined => (key.k === "prim" && typeof key.value === "string" && isIndex(key.value) ? prim(Number(key.value)) : undefined);
/** A number, or undefined beside it, which is NaN as an index: none of an array's, where that has nothing of that name. */
const mayBeIndex = (ev: Evaluator, a: Abs, key: Abs): boolean => isNumeric(key) ||
  (key.k === "sum" && key.payload !== null && key.alts.every((x) => x.k === "num" || (x.k === "prim" && x.value === undefined)) && hasProperty(ev, a, "undefined", true) === false);

/** Whether an array has an element at an index that is not static, or at the text of one; undefined where that is not known. */
export function hasElement(ev: Evaluator, a: Abs, key: Abs): Value | undefined {
  const index = numberOfText(key) ?? indexOfName(key) ?? key;
  if (!mayBeIndex(ev, a, index) || numberNames(ev, a).length > 0) return undefined;
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (object?.t === "boxed") return hasElement(ev, object.mem, index);
  if (object?.t === "vector" || object?.t === "spilled") return object.mem.of.slot?.some((c) => c.is === "hole") ? undefined : isWithin(ev, index, object.mem.len);
  if (object?.t === "array" && object.items.every((x) => x !== undefined)) return isWithin(ev, index, ev.b.i32(object.items.length));
  const held = a.k === "mem" && isArrayBox(a) ? open(ev, a) : undefined;
  if (held) return mayHaveHoles(ev, held) ? undefined : isWithin(ev, index, held.len);
  const full = a.k === "mem" && !a.of.box && !a.of.slot && !a.of.gaps && !a.of.dataView && !(a.of.records && a.of.row) && !a.of.local;
  return full ? isWithin(ev, index, a.len) : undefined;
}

/** Whether there may be indices below the length at which an array, or what is used like one, has no element. */
export function mayHaveHoles(ev: Evaluator, a: Abs): boolean {
  if (a.k === "sum") return a.alts.some((alt) => (alt.k === "mem" || alt.k === "obj") && mayHaveHoles(ev, alt));
  if (a.k === "mem") return a.of.gaps === true || (isArrayBox(a) ? elementsMemory(ev, a.of.box!) : a.of).slot?.some((c) => c.is === "hole") === true;
  if (a.k !== "obj") return false;
  const object = ev.object(a.id);
  switch (object.t) {
    case "array": return object.items.includes(undefined);
    case "spilled": case "vector": case "boxed": return mayHaveHoles(ev, object.mem);
    case "snap": { const node = ev.snapshot.node(object.node); return node.kind === "array" && node.items.includes(hole); }
    case "object": return true;
    default: return false;
  }
}

/** The same of one that may have holes: a local array, one of an array, one of the caller's that is a list. */
export function hasItem(ev: Evaluator, a: Abs, key: Abs): Value | undefined {
  const index = numberOfText(key) ?? indexOfName(key) ?? key;
  if (!mayBeIndex(ev, a, index) || numberNames(ev, a).length > 0) return undefined;
  if (a.k === "obj" && ev.object(a.id).t === "array") toVector(ev, a.id);
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  const held = a.k === "mem" ? a : object?.t === "vector" || object?.t === "boxed" ? object.mem : undefined;
  const mem = held && isArrayBox(held) ? open(ev, held) : held, slot = mem?.of.slot;
  if (!mem || (!mem.of.gaps && !slot?.some((c) => c.is === "hole"))) return undefined;
  const at = ev.b.op("i32.trunc_sat_f64_s", ev.toF64(index));
  if (mem.of.gaps) ev.expect({ expect: "unindexed" });
  return ev.b.if(isWithin(ev, index, mem.len), ["i32"], () => [slot ? ev.b.op("i32.eqz", isHole(ev, slot, elementCell(ev, mem, at))) : hasRow(ev, mem, at)], () => [ev.b.i32(0)])[0]!;
}

/** Whether what the engine gives all objects of a kind has a property of that name. */
export const isInherited = (ev: Evaluator, prototype: string, key: string): boolean => isThere(ev, ev.snapshot.builtin(prototype), key);

/** An array in memory, of which no key but indices and the length is its own: entry sees to the caller's. */
export const isPlainList = (a: Mem): boolean => (a.of.box ? isArrayBox(a) : !(a.of.records && a.of.row) && !a.of.dataView && !a.of.bigints);

/** Whether a property is the object's own; undefined where one that is not enumerable may be, or one that is inherited. */
function ownsProperty(ev: Evaluator, ref: NodeRef, key: string): boolean | undefined {
  const { snapshot } = ev, node = snapshot.node(ref), has = (of: NodeRef, name: string): boolean => snapshot.property(of, name).kind !== "absent";
  if (snapshot.keys(ref).includes(key)) return true;
  if (!has(ref, key)) return false;
  if (key === "length" && node.kind !== "object") return true;
  if (node.kind !== "object") return undefined;
  if (node.prototype === null || !has(node.prototype, key)) return true;
  return has(ref, hiddenKeys) ? undefined : false;
}

/** Whether a property exists (`key in object`, hasOwnProperty), where that is static. */
export function hasProperty(ev: Evaluator, a: Abs, key: string, ownOnly: boolean): boolean | undefined {
  if (a.k === "mem" && key !== "length" && !isIndex(key) && !isHidden(key) && isPlainList(a)) {
    if (hasNamed(ev, a, key)) return true;
    expectInherited(ev, a, key);
    if (a.of.box && fieldAt(a.of.box, key) >= 0) return undefined;
    return !ownOnly && isThere(ev, a.of.prototype === undefined ? ev.snapshot.builtin(`${a.of.array}.prototype`) : keptFor(ev, new NodeRef(a.of.prototype), key), key);
  }
  if (isIndex(key) && hasElements(ev, a)) return undefined;
  if (a.k === "mem" && a.of.box) return a.of.box.form.form === "record" && a.of.box.form.names.includes(key) ? true : key === "length" && isArrayBox(a) ? true : undefined;
  if (a.k === "mem" && a.of.records && a.of.row && !a.of.records.nodes) {
    const { records } = a.of;
    const has = hasField(ev, records, key); // which is what entry checks
    if (has !== false) return has;
    return !ownOnly && isThere(ev, keptFor(ev, prototypeOf(ev, records), key), key);
  }
  if (a.k === "mem" && a.of.records?.nodes) { // which all have the same keys
    const { list } = a.of.records.nodes;
    if (!ownOnly) return isThere(ev, list[0]!, key);
    const [own, ...others] = new Set(list.map((ref) => ownsProperty(ev, ref, key)));
    return others.length === 0 ? own : undefined;
  }
  if (a.k === "mem" && a.of.dataView) return isIndex(key) || ownOnly ? undefined : isThere(ev, ev.snapshot.builtin("DataView.prototype"), key);
  if (a.k === "mem") {
    const length = constantOf(a.len);
    if (key === "length") return a.of.array === "Array" || !ownOnly;
    if (!isIndex(key) || typeof length !== "number") return undefined;
    return Number(key) >= length ? false : mayHaveHoles(ev, a) ? undefined : true;
  }
  if (a.k !== "obj") return undefined;
  const object = ev.object(a.id);
  switch (object.t) {
    case "object":
      if (object.fields.has(key)) {
        const present = presenceOf(object, key);
        if (!present || (present.k === "prim" && present.value)) return true;
        if (present.k !== "prim") return undefined;
        if (ownOnly || object.origin.from === "input") return false;
      }
      if (object.origin.from === "input") {
        const field = object.origin.kind.fields.get(key);
        if (field?.kind === "static" && field.getter) return undefined;
        if (field) {
          const path: Path = { root: object.origin.path.root, keys: [...object.origin.path.keys, key] };
          inputValue(ev, path, field);
          if (field.kind === "undefined") ev.expect({ expect: "present", path });
          return true;
        }
        const inherited = getOfInput(ev, a.id, object, key) !== undefinedValue;
        return ownOnly ? false : inherited;
      }
      if (object.fields.has(hidden(`get ${key}`)) || object.fields.has(hidden(`set ${key}`))) return true;
      if (ownOnly) return false;
      return object.prototype ? hasProperty(ev, object.prototype, key, false) : !object.fields.has(bareKey) && isInherited(ev, "Object.prototype", key);
    case "array": case "typed":
      if (isIndex(key)) return object.items[Number(key)] !== undefined;
      if (object.t === "typed") return !ownOnly && isInherited(ev, `${object.array}.prototype`, key);
      if (isArguments(object)) return key === "length" || key === "callee" || key === iteratorKey || object.named?.has(key) === true || (!ownOnly && isInherited(ev, "Object.prototype", key));
      return key === "length" || object.named?.has(key) === true || (!ownOnly && isThere(ev, object.prototype === undefined ? ev.snapshot.builtin("Array.prototype") : keptFor(ev, new NodeRef(object.prototype), key), key));
    case "spilled": case "vector": case "boxed":
      if (isArguments(object) && !isIndex(key)) return key === "length" || key === "callee" || key === iteratorKey || (!ownOnly && isInherited(ev, "Object.prototype", key));
      return hasProperty(ev, object.mem, key, ownOnly);
    case "snap": case "function": case "class":
      return ownOnly ? ownsProperty(ev, object.node, key) : isThere(ev, object.node, key);
    case "builtin": return ownOnly || object.name.startsWith("%Iterator%") ? undefined : isThere(ev, object.node ?? ev.snapshot.builtin(object.name), key);
    default: return undefined;
  }
}
