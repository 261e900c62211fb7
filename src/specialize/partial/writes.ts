// Properties: writing them on everything that partial evaluation knows (objects.ts reads them).
// What is slow or captured, and is written, becomes an input; objects and arrays of the kernel's own change their form where what they get does not fit in it.

import { constantOf } from "../../ir/build.ts";
import { NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import type { Path } from "../../ir/interface.ts";
import { isNumber, spill, throughElement, writeElement } from "./arrays.ts";
import { writeBeside } from "./besides.ts";
import { box, isArrayBox, writeField } from "./boxes.ts";
import { classOf, fieldAt, tableOf, type Form } from "./contents.ts";
import { callFunction } from "./calls.ts";
import { becomeEntered } from "./entered.ts";
import { becomeExpando, expandosOf } from "./expandos.ts";
import { choose } from "./control.ts";
import { asText } from "./leaving.ts";
import type { Evaluator } from "./evaluator.ts";
import { areParameters, arrayClassOf, isArguments, type HeapObject, type Origin } from "./heap.ts";
import { becomeHeld } from "./held.ts";
import { becomeIndexed, setIndexed } from "./indexed.ts";
import { elementOf, inputValue, pathName, snapValue } from "./inputs.ts";
import { keptFor, prototypeOfKind, setOfItem } from "./items.ts";
import { isName, isNamedRecord } from "./named.ts";
import { isPassed, look, noneOfKeys } from "./passed.ts";
import { callInheritedSetter, canShadow } from "./prototypes.ts";
import { primitiveOf } from "./primitives.ts";
import { bareKey, callSetter, callSnapshotSetter, fixedKey } from "./classes.ts";
import { expectOpen } from "./integrity.ts";
import { isComposed, isIndex, staticKey } from "./keys.ts";
import { becomeKeyed, becomeKeyedClass, putKeyed } from "./keyed.ts";
import { becomeMixedList, contentOfItem, isListOfRows } from "./lists.ts";
import { ordersInMemory, presenceOf, withField } from "./optional.ts";
import { writeResident } from "./residents.ts";
import { layNumerals } from "./sequences.ts";
import { mayBeStr, refuseText } from "./strings.ts";
import { indexOfKey } from "./textkeys.ts";
import { bigintsOf, expectInherited, found, getOfInput, mayBeWord, split } from "./objects.ts";
import { engineThrows } from "./tries.ts";
import { growing, setLength, toVector, writeVector } from "./vectors.ts";
import { becomeWorded } from "./words.ts";
import { falseValue, isNumeric, obj, same, trueValue, undefinedValue, type Abs, type Mem, type Obj } from "./values.ts";

export function setProperty(ev: Evaluator, base: Abs, key: Abs, value: Abs): void {
  if (base.k === "sum") { split(ev, base, (a) => { setProperty(ev, a, key, value); return undefinedValue; }); return; }
  if (isNamedRecord(ev, base) && (key.k === "str" || isName(key))) { putKeyed(ev, base, key, value); return; }
  // one of a few known names: counts[x > 0 ? "up" : "down"] += x
  const names = key.k === "sum" && key.alts.every((a) => a.k === "prim" || isPassed(a)) && key.alts.some((a) => a.k === "prim" && typeof a.value === "string") ? key : mayBeWord(key);
  if (key.k === "bool") { choose(ev, key, () => { setProperty(ev, base, trueValue, value); return undefinedValue; }, () => { setProperty(ev, base, falseValue, value); return undefinedValue; }); return; }
  if (names) { split(ev, names, (k) => { setProperty(ev, base, k, value); return undefinedValue; }); return; }
  const several = mayBeStr(key), index = key.k === "str" && indexOfKey(ev, base, key);
  if (several) { split(ev, several, (k) => { setProperty(ev, base, k, value); return undefinedValue; }); return; }
  if (index) { setProperty(ev, base, index, value); return; }
  if (key.k === "str" && base.k === "obj") becomeWorded(ev.object(base.id), key);
  if (key.k === "str") throw refuseText(ev, "a property is written whose name is a string that is not static", "use an array and character codes");
  look(ev, base);
  if (isPassed(key)) noneOfKeys(ev, base, key);
  const name = staticKey(ev, key);
  switch (base.k) {
    case "prim":
      if (base.value === undefined || base.value === null) return engineThrows(ev, "TypeError", "a property of undefined or null is written");
      return ev.bail("a property of a primitive is written"); // which strict code throws at, and no source says whether a module is around it
    case "num": case "bool": case "big": case "text": case "str": return ev.bail("a property of a primitive is written");
    case "mem":
      if (base.of.dataView) throw ev.refuse("Unsupported", "a field of a DataView is written", "use its methods");
      if (base.of.box) { setOfBox(ev, base, key, name, value); return; }
      if (base.of.records && base.of.row) { setOfItem(ev, base, base.of.records, name, value); return; }
      if (name !== undefined && !isIndex(name) && !(key.k === "prim" && typeof key.value === "number")) {
        if (base.of.prototype !== undefined && setByPrototype(ev, base, new NodeRef(base.of.prototype), name, value)) return;
        if (isField(key, name) && writeBeside(ev, base, name, value)) return;
        if (isField(key, name) && base.of.array === "Array") becomeHeld(ev, base.of); // a row
        const list = name === "length" ? growing(ev, base) : undefined;
        if (!list) throw ev.refuse("Unsupported", `the ${name} of an array is written`, "write its elements");
      }
      writeElement(ev, base, key, base.of.array === "Array" ? value : primitiveOf(ev, value, "number"));
      return;
    case "obj": expectWritable(ev, ev.object(base.id), name); setOfObject(ev, base.id, key, name, holdsNumbersOnly(ev.object(base.id)) ? primitiveOf(ev, value, "number") : value);
  }
}

/** A setter of the class of an array. */
function setByPrototype(ev: Evaluator, self: Mem | Obj, prototype: NodeRef, name: string, value: Abs): boolean {
  if (name === "length" || ev.snapshot.accessor(prototype, name) === null) return false;
  if (self.k === "mem") expectInherited(ev, self, name);
  return callSnapshotSetter(ev, keptFor(ev, prototype, name), self, name, value);
}

function setOfBox(ev: Evaluator, mem: Mem, key: Abs, name: string | undefined, value: Abs): void {
  if (!isArrayBox(mem)) {
    const table = tableOf(mem.of.box!.form);
    if (table === "record") { putKeyed(ev, mem, key, value); return; }
    if (table) throw ev.refuse("Todo", "a field of a Map or Set is written", "keep it beside the Map");
    if (setIndexed(ev, { t: "boxed", mem }, key, name, value)) return;
    if (name === undefined && !becomeKeyedClass(ev, mem, key)) becomeIndexed(ev, { t: "boxed", mem });
    if (name === undefined) throw ev.refuse("Unsupported", "a field of an object is written by a key that is not static", "use an array");
    const { prototype, names } = mem.of.box!.form as Form & { form: "record" };
    if (names.includes(name) || fieldAt(mem.of.box!, name) >= 0 || !callInheritedSetter(ev, prototype, mem, name, value)) writeField(ev, mem, name, value);
    return;
  }
  if (isField(key, name)) {
    if (mem.of.prototype !== undefined && setByPrototype(ev, mem, new NodeRef(mem.of.prototype), name, value)) return;
    if (writeBeside(ev, mem, name, value)) return;
    refuseInherited(ev, name);
    writeField(ev, mem, name, value);
    return;
  }
  const array = growing(ev, mem)!;
  refuseNamed(ev, key);
  if (name === "length") setLength(ev, array, value);
  else writeVector(ev, array, key, value);
}

/** Whether what is written of an array stands beside its elements: "02" names none, though it reads as a number. */
const isField = (key: Abs, name: string | undefined): name is string => name !== undefined && name !== "length" && key.k === "prim" && typeof key.value !== "number" && !isIndex(name);
function refuseInherited(ev: Evaluator, name: string): void {
  if (name in Array.prototype || name === "raw") throw ev.refuse("Unsupported", `the property ${name} of an array is written`, "use an object");
}
/** Nor may a number with digits in front of it or behind. */
function refuseNamed(ev: Evaluator, key: Abs): void {
  if (isComposed(key)) throw ev.refuse("Unsupported", "an element of an array is written by a text that is put together", "use a number");
}

/** A setter of the class of one of the caller's objects. */
function setByClass(ev: Evaluator, id: number, { path, kind }: Origin & { from: "input" }, name: string, value: Abs): boolean {
  const prototype = prototypeOfKind(ev, kind);
  if (prototype === null || ev.snapshot.accessor(prototype, name) === null) return false;
  ev.expect({ expect: "notOwn", path: { root: path.root, keys: [...path.keys, name] } });
  return callSnapshotSetter(ev, keptFor(ev, prototype, name), obj(id), name, value);
}

/** Typed arrays convert what is stored in them. */
const holdsNumbersOnly = (object: HeapObject): boolean => object.t === "typed" || (object.t === "spilled" && object.mem.of.array !== "Array");

/** Elements of `arguments` are parameters in sloppy code; elsewhere they are its own, but one more makes it no longer. */
function expectWritable(ev: Evaluator, object: HeapObject, name: string | undefined): void {
  if (!isArguments(object)) return;
  const isElement = name === undefined || isIndex(name), isBehind = name === undefined || (object.t === "array" ? Number(name) >= object.items.length : true);
  if (isElement ? areParameters(object) || (isBehind && !ev.activation?.source.hidden) : ["length", "callee"].includes(name) && !ev.activation?.source.hidden) {
    throw ev.refuse("Todo", "an element or the length of `arguments` is assigned", "use a rest parameter");
  }
}
/** A parameter was assigned: so is its element of `arguments`. */
export const mirror = (ev: Evaluator, { id }: Obj, key: Abs, value: Abs): void => { setOfObject(ev, id, key, key.k === "prim" ? String(key.value) : undefined, value); };
function setOfObject(ev: Evaluator, id: number, key: Abs, name: string | undefined, value: Abs): void {
  const object = ev.object(id), ofClass = object.t === "boxed" ? undefined : arrayClassOf(object);
  if (ofClass !== undefined && isField(key, name) && !(object.t === "array" && object.named?.has(name)) && setByPrototype(ev, obj(id), new NodeRef(ofClass), name, value)) return;
  switch (object.t) {
    case "object": {
      if (name === undefined) expectOpen(ev, object, "change");
      if (setIndexed(ev, object, key, name, value)) return;
      if (name === undefined && object.origin.from === "local" && object.prototype === null) becomeKeyed(ev, object, key);
      if (name === undefined) becomeEntered(ev, obj(id), key);
      if (name === undefined) becomeIndexed(ev, object);
      if (name === undefined) throw ev.refuse("Unsupported", "a field of an object is written by a key that is not static", "use an array");
      if (object.origin.from === "input") {
        const { path, kind } = object.origin;
        const field = kind.fields.get(name);
        // what is static because it is no number is tested at entry where it is read: it may hold something else in the next call
        if (field?.kind === "static" && (field.slow || isOpaque(ev, field.value))) throw ev.demote(path, name);
        // what is there now decides where the write goes: to a setter of its class, or what is the original's business
        if (!field && !object.fields.has(name)) {
          if (setByClass(ev, id, object.origin, name, value)) return;
          if (getOfInput(ev, id, object, name) !== undefinedValue) throw ev.refuse("Unsupported", `the field ${name} of ${pathName(path)}, which is no plain data field, is written`, "use a plain data field");
        }
        const stored = value.k === "obj" ? ev.object(value.id) : undefined;
        if (stored?.t === "closure") asText(ev, stored);
        const at: Path = { root: path.root, keys: [...path.keys, name] };
        if (field?.kind === "undefined") ev.expect({ expect: "present", path: at }); // else the write makes it
        if (field && writeResident(ev, at, () => inputValue(ev, at, field), value)) return;
      } else if (name === "__proto__") {
        callFunction(ev, found(ev, ev.snapshot.builtin("Object"), "setPrototypeOf", null), undefinedValue, [obj(id), value]);
        return;
      } else if (object.fields.has(fixedKey(name))) ev.bail("a property that can't be written is written");
      else if (!object.fields.has(name) && callSetter(ev, id, name, value)) return;
      else if (object.origin.from === "local" && presenceOf(object, name) && !object.fields.has(bareKey) && !canShadow(ev, object.prototype, name)) throw ev.refuse("Todo", `the field ${name} is written, which some paths gave the object and its class got`, "create the object with all of its fields at once");
      if (ordersInMemory(ev, object, name) && classOf(ev, object)) { writeField(ev, box(ev, id), name, value); return; }
      ev.update(id, withField(ev, object, name, value));
      return;
    }
    case "numerals": layNumerals(ev, obj(id) as Obj); setOfObject(ev, id, key, name, value); return;
    case "keyed": if (object.form !== "record") break; putKeyed(ev, obj(id) as Obj, key, value); return;
    case "spilled":
      if (object.mem.of.array === "Array" && isField(key, name)) { setProperty(ev, box(ev, id), key, value); return; }
      if (isField(key, name)) throw ev.refuse("Unsupported", `the property ${name} of a typed array is written`, "use an object");
      refuseNamed(ev, key);
      if (name === "length" || (object.mem.of.array === "Array" && name === undefined && ev.knows("grows")) || (object.mem.of.array === "Array" && name !== undefined && Number(name) >= Number(constantOf(object.mem.len)))) { toVector(ev, id); return setOfObject(ev, id, key, name, value); }
      writeElement(ev, object.mem, key, value);
      return;
    case "vector": { if (isField(key, name)) { setProperty(ev, box(ev, id), key, value); return; } const array = growing(ev, obj(id))!; refuseNamed(ev, key); if (name === "length") setLength(ev, array, value); else writeVector(ev, array, key, value); return; }
    case "boxed": setProperty(ev, object.mem, key, value); return;
    case "array": {
      expectOpen(ev, object, "change");
      if (name === undefined && (object.grown || object.items.length === 0 || ev.knows("grows") || ev.variantsOpen > 0 || object.named || !object.items.every(isNumber) || !mayBeNumber(value))) { toVector(ev, id); setOfObject(ev, id, key, name, value); return; }
      if (name === undefined) { writeElement(ev, spill(ev, id), key, value); return; }
      const items = [...object.items], grown = object.grown || (isIndex(name) && Number(name) >= items.length);
      if (name === "length") {
        if (value.k !== "prim" || typeof value.value !== "number" || value.value > 100000) { toVector(ev, id); setOfObject(ev, id, key, name, value); return; }
        items.length = value.value;
        for (let i = object.items.length; i < items.length; i++) items[i] = undefined;
      } else if (isIndex(name)) {
        const at = Number(name);
        if (at > items.length + 100000) throw ev.refuse("Todo", "an array gets an element far behind its end", "use a typed array");
        while (items.length < at) items.push(undefined);
        if (!items[at]) ev.expect({ expect: "unindexed" });
        items[at] = value;
      } else {
        refuseInherited(ev, name);
        if (!object.named?.has(name) && callSnapshotSetter(ev, ev.snapshot.builtin("Array.prototype"), obj(id), name, value)) return;
        ev.update(id, { ...object, named: new Map(object.named).set(name, value) });
        return;
      }
      ev.update(id, { ...object, items, grown });
      return;
    }
    case "typed": {
      const kind = elementOf[object.array];
      if (name === undefined) { writeElement(ev, spill(ev, id), key, value); return; }
      const at = Number(name);
      if (!isIndex(name)) { if (key.k === "prim" && typeof key.value === "number") return; throw ev.refuse("Unsupported", `the property ${name} of a typed array is written`, "use an object"); }
      if (at >= object.items.length) return;
      const items = [...object.items];
      items[at] = throughElement(ev, kind, value);
      ev.update(id, { ...object, items });
      return;
    }
    case "closure": {
      if (name === undefined) break;
      if (object.fields.has(fixedKey(name))) ev.bail("a property that can't be written is written");
      if (!object.fields.has(name) && callSetter(ev, id, name, value)) return;
      if (name === "__proto__") throw ev.refuse("Todo", "the prototype of a function is written", "use Object.setPrototypeOf");
      expectOpen(ev, object, "write", name);
      const fields = new Map(object.fields);
      fields.set(name, value);
      ev.update(id, { ...object, fields });
      return;
    }
    case "function": case "class":
      if (name === undefined) break;
      setOfObject(ev, (expandosOf(ev, object.node, name) ?? becomeExpando(ev, object.node, name)).id, key, name, value);
      return;
    case "regexp":
      if (name !== "lastIndex" || (value.k !== "num" && (value.k !== "prim" || typeof value.value !== "number"))) break;
      ev.update(id, { ...object, lastIndex: value });
      return;
    case "snap": {
      const words = bigintsOf(ev, object.node, true);
      if (words) { setProperty(ev, words, key, value); return; }
      if (putsBack(ev, object.node, name, value)) return;
      return writeSnapshot(ev, object.node, name);
    }
    default: break;
  }
  throw ev.refuse("Unsupported", "a property of something that is no plain object is written", "use a plain object or a typed array");
}

const isOpaque = (ev: Evaluator, value: SnapValue): boolean => value instanceof NodeRef && ev.snapshot.node(value).kind === "opaque";
export const mayBeNumber = (value: Abs): boolean => isNumeric(value) || (value.k === "sum" && value.alts.some((a) => a.k === "num"));

/** `rows[0] = wind(rows[0])`, where that gives the row itself: nothing is written. */
function putsBack(ev: Evaluator, ref: NodeRef, name: string | undefined, value: Abs): boolean {
  const node = ev.snapshot.node(ref);
  return node.kind === "array" && !node.frozen && name !== undefined && node.items[Number(name)] instanceof NodeRef && same(value, snapValue(ev, node.items[Number(name)] as NodeRef));
}

/** A slow or captured value is written: it becomes an input, where that is possible. */
function writeSnapshot(ev: Evaluator, ref: NodeRef, name: string | undefined): void {
  const node = ev.snapshot.node(ref), slow = ev.staticPaths.get(ref.node);
  if (slow) {
    becomeMixedList(ev, slow, ref);
    throw ev.demote(slow, node.kind === "object" ? name : undefined);
  }
  if (node.kind === "typed") {
    if (!ev.begunInVain && ev.lessons.writtenBuffers.has(node.buffer)) throw ev.invariant("a written buffer is still static");
    ev.lessons.writtenBuffers.add(node.buffer);
    ev.learned(); // others may be written behind it
    return;
  }
  const numbers = node.kind === "array" && !node.frozen && node.items.every((x) => contentOfItem(x));
  if ((numbers || isListOfRows(ev, node) || node.kind === "object") && (ev.begunInVain || !ev.lessons.writtenNodes.has(ref.node))) {
    ev.lessons.writtenNodes.add(ref.node);
    ev.learned();
    return;
  }
  throw ev.refuse("Unsupported", "the function writes a slow or captured object", "make it a fast parameter");
}
