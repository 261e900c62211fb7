// Properties: reading them on everything that partial evaluation knows (writes.ts is the other half).
// Those of the snapshot's objects are static; of the caller's, parameters; of the kernel's own, what was written last.

import { hole, NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import type { Path } from "../../ir/interface.ts";
import { isNumber, lengthOf, readElement, readItems, spill } from "./arrays.ts";
import { choiceOf, readStatic } from "./constants.ts";
import { besideOf, hasBeside } from "./besides.ts";
import { hasFieldOf, open, readField as readBoxField, readOwnField } from "./boxes.ts";
import { callFunction } from "./calls.ts";
import { writesBuffer } from "./captured.ts";
import { becomeEntered } from "./entered.ts";
import { expandosOf } from "./expandos.ts";
import { branch, choose } from "./control.ts";
import { nameOfKey, type Value } from "../../ir/types.ts";
import { fieldAt, tableOf } from "./contents.ts";
import type { Evaluator } from "./evaluator.ts";
import { arrayClassOf, isArguments, type HeapObject } from "./heap.ts";
import { bufferOfItems, bufferProperty, getOfBuffer } from "./buffers.ts";
import { getOfDataView } from "./dataview.ts";
import { becomeIndexed, getIndexed } from "./indexed.ts";
import { inputValue, namedInput, pathName, snapValue } from "./inputs.ts";
import { keptFor, getOfItem, prototypeOfKind } from "./items.ts";
import { builtinValue, partOf } from "./operators.ts";
import { presenceOf } from "./optional.ts";
import { expectBuiltin, expectMissing } from "./inheritance.ts";
import { isName, isNamedRecord } from "./named.ts";
import { amongNumberNames, numberNames } from "./numbernames.ts";
import { isPassed, look, noneOfKeys } from "./passed.ts";
import { leftToOriginal } from "./prelude.ts";
import { getInherited, inheritsProperty } from "./prototypes.ts";
import { bareKey, parentOf, prototypeOfFunction } from "./classes.ts";
import { closedOf } from "./integrity.ts";
import { memberOfIterator } from "./iterators.ts";
import { asOneStr } from "./joined.ts";
import { hasProperty, isIndex, isInherited, refuseOpaque, staticKey } from "./keys.ts";
import { becomeKeyedClass, getAmong, getKeyed, getOfKeyed, getOfNumerals } from "./keyed.ts";
import { getByText, keyedByText } from "./lookups.ts";
import { readResident } from "./residents.ts";
import { characterOf, getOfText, mayBeStr, mostCharacters, refuseText } from "./strings.ts";
import { numberOfKey } from "./textkeys.ts";
import { engineThrows } from "./tries.ts";
import { toVector } from "./vectors.ts";
import { isBoolean, isHidden, isNumeric, falseValue, hidden, obj, prim, trueValue, undefinedValue, type Abs, type Lists, type Mem, type Obj, type Sum } from "./values.ts";
import { readExport } from "./variables.ts";
import { PathEnds } from "./walk.ts";

/** Applies `f` to each alternative of a sum, in a branch of its own; a sum of one form of access stays one. */
export function split(ev: Evaluator, sum: Sum, f: (a: Abs) => Abs): Abs {
  const activation = ev.activation!;
  const from = (i: number): Abs => {
    const alt = partOf(sum, sum.alts[i]!, ev);
    if (i === sum.alts.length - 1) return f(alt);
    const values = branch(ev, ev.tagIs(sum, i), activation, [() => ({ c: "yield", values: [f(alt)] }), () => ({ c: "yield", values: [from(i + 1)] })]);
    if (!values) throw new PathEnds();
    return values[0]!;
  };
  return from(0);
}

export function getProperty(ev: Evaluator, base: Abs, key: Abs): Abs {
  if (base.k === "sum") return split(ev, base, (a) => getProperty(ev, a, key));
  if (isNamedRecord(ev, base) && (key.k === "str" || isName(key))) return getKeyed(ev, base, key);
  if (key.k === "sum" && key.alts.every((a) => a.k === "prim" || a.k === "num" || isPassed(a)) && !key.alts.some((a) => a.k === "num")) return split(ev, key, (k) => getProperty(ev, base, k));
  const several = mayBeStr(key) ?? mayBeWord(key);
  if (several) return split(ev, several, (k) => getProperty(ev, base, k));
  if (key.k === "bool") return choose(ev, key, () => getProperty(ev, base, trueValue), () => getProperty(ev, base, falseValue));
  const index = key.k === "str" && numberOfKey(ev, base, key);
  if (index) return getProperty(ev, base, index);
  const text = keyedByText(ev, base, key);
  if (text) return getByText(ev, base, text) ?? refuseKey(ev);
  look(ev, base);
  if (isPassed(key)) return noneOfKeys(ev, base, key);
  const name = staticKey(ev, key);
  if (name === undefined && isNumeric(key) && isScalar(base)) return noElement(ev, base);
  const names = name === undefined ? numberNames(ev, base) : [];
  return names.length > 0 ? amongNumberNames(ev, names, key, (own) => getProperty(ev, base, own), () => getAt(ev, base, key, name)) : getAt(ev, base, key, name);
}
function getAt(ev: Evaluator, base: Exclude<Abs, Sum>, key: Abs, name: string | undefined): Abs {
  switch (base.k) {
    case "prim": return getOfPrimitive(ev, base, name, key);
    case "num": return builtinMethod(ev, "Number.prototype", name, base);
    case "bool": return builtinMethod(ev, "Boolean.prototype", name, base);
    case "big": return builtinMethod(ev, "BigInt.prototype", name, base);
    case "text":
      // a method may do without the characters
      if (name !== undefined && name !== "length" && !isIndex(name)) return builtinMethod(ev, "String.prototype", name, base);
      return getProperty(ev, asOneStr(ev, base) ?? refuseParts(ev), key);
    case "str": return getOfText(ev, base, key, name);
    case "mem": return getOfMemory(ev, base, key, name);
    case "obj": return getOfObject(ev, base.id, key, name);
  }
}

const isScalar = (a: Abs): boolean => isNumeric(a) || isBoolean(a);
/** Numbers and booleans have no elements: what is an array on other paths, or in other calls, is asked for one at an index of run time. */
function noElement(ev: Evaluator, a: Abs): Abs {
  for (const prototype of ["Object.prototype", isNumeric(a) ? "Number.prototype" : "Boolean.prototype"]) ev.expect({ expect: "unextended", prototype: ev.snapshot.builtin(prototype).node });
  return undefinedValue;
}

/** A key that may be a string, true, false or null beside numbers: names, which count as no index. */
export const mayBeWord = (key: Abs): Sum | undefined =>
  (key.k === "sum" && key.alts.some((a) => a.k === "num") && key.alts.some((a) => a.k === "bool" || (a.k === "prim" && (typeof a.value === "boolean" || typeof a.value === "string" || a.value === null))) ? key : undefined);
const refuseParts = (ev: Evaluator): never => { throw ev.refuse("Unsupported", "a string built at run time is taken apart", "keep numbers as numbers"); };
const refuseKey = (ev: Evaluator): never => { throw refuseText(ev, "a property is read whose name is a string that is not static", "use a plain object, or an array and character codes"); };

function getOfPrimitive(ev: Evaluator, self: Abs & { readonly k: "prim" }, name: string | undefined, key: Abs): Abs {
  const { value } = self;
  if (value === undefined || value === null) return engineThrows(ev, "TypeError", (ev.activation?.source.hidden && leftToOriginal[name ?? ""]) || "a property of undefined or null is read");
  if (typeof value === "string") {
    if (name === undefined) {
      if (value.length > mostCharacters) return characterOf(ev, value, key, undefinedValue);
      return choiceOf(ev, key, value.length, (i) => prim(value[i]!));
    }
    if (name === "length") return prim(value.length);
    if (isIndex(name)) return prim(value[Number(name)]);
    return builtinMethod(ev, "String.prototype", name, self);
  }
  return builtinMethod(ev, `${typeof value === "number" ? "Number" : typeof value === "boolean" ? "Boolean" : "BigInt"}.prototype`, name, self);
}

/** What `self` inherits of a built-in prototype, or undefined where there is no such property. */
export function builtinMethod(ev: Evaluator, prototype: string, name: string | undefined, self: Abs): Abs {
  if (name === undefined) throw ev.refuse("Unsupported", "a computed property that is not static is read", "use a static key");
  const ref = ev.snapshot.builtin(prototype);
  return found(ev, ref, name, self);
}

/** What an array has that is no element of it, nor its length. */
const isMember = (key: Abs, name: string | undefined): name is string => name !== undefined && name !== "length" && !isIndex(name) && !(key.k === "prim" && typeof key.value === "number");

/** A field of one of the kernel's own objects that lie in memory, or a method. */
function getOfBox(ev: Evaluator, mem: Mem, key: Abs, name: string | undefined): Abs {
  const { form } = mem.of.box!;
  if (form.form === "array") {
    if (form.prototype !== undefined && isMember(key, name)) return readBoxField(ev, mem, name) ?? found(ev, keptFor(ev, new NodeRef(form.prototype), name), name, mem);
    if (name !== undefined && name !== "length" && !isIndex(name)) {
      const named = ownNamed(ev, mem, ev.snapshot.builtin("Array.prototype"), name);
      if (named) return named;
      expectInherited(ev, mem, name);
      const own = readBoxField(ev, mem, name);
      if (own) return own;
    }
    return getOfMemory(ev, open(ev, mem), key, name);
  }
  if (tableOf(form)) return getOfKeyed(ev, mem, key, name);
  const element = getIndexed(ev, { t: "boxed", mem }, key, name);
  if (element) return element;
  if (name === undefined && !becomeKeyedClass(ev, mem, key)) becomeIndexed(ev, { t: "boxed", mem });
  if (name === undefined) throw ev.refuse("Unsupported", "a field of an object is read by a key that is not static", "use an array");
  const at = fieldAt(mem.of.box!, name);
  // a field that it may have got shadows what stands behind it
  if (at >= form.names.length && inheritsProperty(ev, form.prototype, name) !== false) {
    return choose(ev, ev.fromBool(hasFieldOf(ev, mem, name) as Value), () => readOwnField(ev, mem, name), () => getInherited(ev, form.prototype, name, mem));
  }
  return readBoxField(ev, mem, name) ?? getInherited(ev, form.prototype, name, mem);
}

function getOfMemory(ev: Evaluator, mem: Mem, key: Abs, name: string | undefined): Abs {
  if (mem.of.box) return getOfBox(ev, mem, key, name);
  if (mem.of.records && mem.of.row) return getOfItem(ev, mem, mem.of.records, name);
  if (mem.of.dataView) return getOfDataView(ev, mem, name, (method) => methodOf(ev, mem, "DataView", method));
  if (name === undefined) return readElement(ev, mem, key);
  if (name === "length") return lengthOf(ev, mem);
  if (mem.of.bigints && !isIndex(name)) {
    if (name === "byteLength" || name === "buffer" || name === "byteOffset" || name === "BYTES_PER_ELEMENT") throw ev.refuse("Todo", `the ${name} of an array of BigInts is read`, "use its length");
    return methodOf(ev, mem, mem.of.bigints, name);
  }
  if (isIndex(name) || (key.k === "prim" && typeof key.value === "number")) return readElement(ev, mem, key);
  if (mem.of.array !== "Array") {
    if (name === "BYTES_PER_ELEMENT") return prim(Number(builtinValue(`${mem.of.array}.BYTES_PER_ELEMENT`)));
    if (name === "byteLength") return ev.fromI32(ev.b.op("i32.mul", mem.len, ev.b.i32(Number(builtinValue(`${mem.of.array}.BYTES_PER_ELEMENT`)))));
    if (name === "buffer" || name === "byteOffset") {
      const known = bufferProperty(ev, mem, name);
      if (!known) throw ev.refuse("Unsupported", `the ${name} of an array is read`, "pass the views that you need");
      return known;
    }
  }
  return mem.of.lists ? memberOfLists(ev, mem.of.lists, name) : methodOf(ev, mem, mem.of.array, name);
}

/** A method of an array in memory. The caller's typed arrays may have prototypes of their own (a Buffer's slice is no Uint8Array's). */
function methodOf(ev: Evaluator, mem: Mem, name: string, method: string): Abs {
  const { prototype } = mem.of, named = ownNamed(ev, mem, prototype === undefined ? ev.snapshot.builtin(`${name}.prototype`) : new NodeRef(prototype), method);
  if (named) return named;
  expectInherited(ev, mem, method);
  return prototype === undefined ? builtinMethod(ev, `${name}.prototype`, method, mem) : found(ev, keptFor(ev, new NodeRef(prototype), method), method, mem);
}

/** What all of several slow lists have under a name, their own or not. */
function memberOfLists(ev: Evaluator, { nodes }: Lists, name: string): Abs {
  const [first, ...rest] = nodes.map((ref) => ev.snapshot.property(ref, name));
  const node = first?.kind === "data" && first.value instanceof NodeRef ? first.value.node : -1;
  const alike = first?.kind === "absent" ? rest.every(({ kind }) => kind === "absent") : node >= 0 && rest.every((p) => p.kind === "data" && p.value instanceof NodeRef && p.value.node === node);
  if (!alike) throw ev.refuse("Todo", `the property ${name} of slow lists that are chosen at run time is not the same in all of them`, "use plain arrays");
  return found(ev, nodes[0]!, name, null);
}

/** Where an array of the caller's is. */
export const pathOf = (ev: Evaluator, { of, ptr }: Mem): Path | null => of.path ?? ev.lists.find(({ mem }) => mem.of === of && mem.ptr === ptr)?.path ?? null;
/** Whether an array of the caller's has a property of its own under a name that its prototype does not know. */
export function hasNamed(ev: Evaluator, mem: Mem, name: string): boolean {
  const { prototype, array } = mem.of, path = pathOf(ev, mem), beside = hasBeside(ev, mem, name);
  if (beside !== undefined) return beside;
  const named = ownNamed(ev, mem, prototype === undefined ? ev.snapshot.builtin(`${array}.prototype`) : new NodeRef(prototype), name);
  if (named === undefinedValue && path !== null) ev.expect({ expect: "present", path: { root: path.root, keys: [...path.keys, name] } });
  return named !== null;
}
/** What it has under a name that its prototype does not know. */
function ownNamed(ev: Evaluator, mem: Mem, prototype: NodeRef, name: string): Abs | null {
  const path = pathOf(ev, mem), beside = besideOf(ev, mem, name);
  if (beside) return getProperty(ev, beside, prim(name));
  return path !== null && ev.snapshot.property(prototype, name).kind === "absent" ? namedInput(ev, path, name) : null;
}

/** Entry checks of an array of the caller's, or of its rows, that it has no such member of its own, and the prototype that it had. */
export function expectInherited(ev: Evaluator, mem: Mem, key: string): void {
  const { of } = mem, path = pathOf(ev, mem);
  if (path !== null) ev.expect({ expect: "inherited", path, key, ...(of.prototype === undefined ? {} : { prototype: of.prototype }) });
  else if (of.box) for (const list of ev.lists.filter(({ mem: { of: its } }) => its === of)) ev.expect({ expect: "inherited", path: list.path, key }); // it may be any of them
  else if (of.rowOf) ev.expect({ expect: "inherited", path: of.rowOf.path, key, each: of.rowOf.level });
  else if (of.records?.flat && !of.row) ev.expect({ expect: "inherited", path: of.records.path, key, each: 1 });
}

/** A property of an object, or of one of its prototypes: getters are called on `self`. */
export function getOfObject(ev: Evaluator, id: number, key: Abs, name: string | undefined, self: Abs = obj(id)): Abs {
  const object = ev.object(id);
  if (name !== undefined && isArguments(object) && !ev.activation?.source.hidden && name !== "length" && !isIndex(name) && !isHidden(name)) {
    if (name === "callee" || object.t !== "array") throw ev.refuse("Todo", "a property of `arguments` is asked that is no element", "use a rest parameter");
    return object.named?.get(name) ?? builtinMethod(ev, "Object.prototype", name, self);
  }
  switch (object.t) {
    case "snap": {
      const words = bigintsOf(ev, object.node);
      if (words) return getOfMemory(ev, words, key, name);
      if (name !== undefined) return found(ev, object.node, name, self);
      const node = ev.snapshot.node(object.node);
      return readStatic(ev, object.node, key, (i) => {
        const item = node.kind === "array" ? node.items[i] : undefined;
        return item === hole || item === undefined ? undefinedValue : snapValue(ev, item as never);
      });
    }
    case "array": case "typed": {
      if (name === undefined) {
        if (object.t === "array") ev.expect({ expect: "unindexed" });
        const item = readItems(ev, object.items, key);
        if (item) return item;
        // what is closed stays as it is: a copy of it may lie in memory
        if (closedOf(object)) return getOfObject(ev, (ev.allocate({ t: "array", items: (object as HeapObject & { t: "array" }).items }) as Obj).id, key, name);
        if (object.t === "typed" || (object.items.every(isNumber) && !object.named && ev.variantsOpen === 0)) return readElement(ev, spill(ev, id), key);
        toVector(ev, id);
        return getOfObject(ev, id, key, name);
      }
      if (name === "length") return prim(object.items.length);
      if (isIndex(name)) {
        const item = object.items[Number(name)];
        if (!item && object.t === "array") ev.expect({ expect: "unindexed" });
        return item ?? undefinedValue;
      }
      if (object.t === "array" && object.named?.has(name)) return object.named.get(name)!;
      if (object.t === "typed" && name === "buffer") return bufferOfItems(ev, id);
      if (object.t === "typed" && name === "byteOffset") return prim(0);
      if (object.t === "typed" && name === "byteLength") return prim(object.items.length * Number(builtinValue(`${object.array}.BYTES_PER_ELEMENT`)));
      if (object.t === "typed" && name === "BYTES_PER_ELEMENT") return prim(Number(builtinValue(`${object.array}.BYTES_PER_ELEMENT`)));
      if (object.t === "array" && object.prototype !== undefined) return found(ev, keptFor(ev, new NodeRef(object.prototype), name), name, self);
      return builtinMethod(ev, object.t === "array" ? "Array.prototype" : `${object.array}.prototype`, name, self);
    }
    case "spilled": case "vector": case "boxed": {
      const prototype = object.t === "boxed" ? undefined : arrayClassOf(object);
      if (prototype !== undefined && isMember(key, name)) return found(ev, keptFor(ev, new NodeRef(prototype), name), name, self);
      return getOfMemory(ev, object.mem, key, name);
    }
    case "object": {
      const element = getIndexed(ev, object, key, name);
      if (element) return element;
      if (name === undefined) return getByDynamicKey(ev, obj(id), object, key);
      const own = object.fields.get(name);
      if (own) return object.origin.from === "local" && presenceOf(object, name) ? getOptional(ev, object, name, own, self) : own;
      if (object.origin.from === "input") return getOfInput(ev, id, object, name);
      const getter = object.fields.get(hidden(`get ${name}`));
      if (getter) return callFunction(ev, getter, self, []);
      if (object.fields.has(bareKey)) return undefinedValue;
      return object.prototype ? getOfObject(ev, object.prototype.id, key, name, self) : builtinMethod(ev, "Object.prototype", name, self);
    }
    case "closure": {
      if (name === undefined) break;
      const own = object.fields.get(name);
      if (own) return own;
      const getter = object.fields.get(hidden(`get ${name}`));
      if (getter) return callFunction(ev, getter, self, []);
      if (name === "length") return prim(object.func.length);
      if (name === "name") {
        if (object.func.name === nameOfKey) throw ev.refuse("Todo", "the name of a function under a computed key is read", "name the function");
        return prim(object.func.name);
      }
      if (name === "prototype" && object.func.kind === "function") return prototypeOfFunction(ev, id, object);
      const parent = parentOf(object);
      return parent ? getOfObject(ev, parent.id, key, name, self) : builtinMethod(ev, "Function.prototype", name, self);
    }
    case "function": case "class": if (name === undefined) break; return found(ev, object.node, name, self);
    case "builtin": {
      if (name === undefined) break;
      if (object.name.startsWith("%Iterator%")) return builtinMethod(ev, "Function.prototype", name, self);
      const node = object.node ?? ev.snapshot.builtin(object.name);
      return found(ev, node, name, self);
    }
    case "keyed": return getOfKeyed(ev, obj(id) as Obj, key, name);
    case "numerals": return getOfNumerals(ev, obj(id) as Obj, object, key, name);
    case "map": case "set":
      if (name === "size") return prim(object.t === "map" ? object.entries.length : object.items.length);
      return builtinMethod(ev, object.t === "map" ? "Map.prototype" : "Set.prototype", name, self);
    case "bound":
      if (name === "length" || name === "name") throw ev.refuse("Todo", `the ${name} of a bound function is read`, "read that of the function");
      return builtinMethod(ev, "Function.prototype", name, self);
    case "error":
      if (name === "message") return object.message ?? prim("");
      if (name === "name") return prim(object.class);
      if (name === undefined) break;
      if (name === "stack" || name === "cause") throw ev.refuse("Unsupported", `the ${name} of an error is read`, "use its message");
      return builtinMethod(ev, `${object.class}.prototype`, name, self);
    case "iterator": if (name === undefined) break; return memberOfIterator(ev, name);
    case "regexp": {
      if (name === undefined) break;
      if (name === "lastIndex") return object.lastIndex;
      const own: unknown = new RegExp(object.source, object.flags)[name as "source"];
      return typeof own === "string" || typeof own === "number" || typeof own === "boolean" ? prim(own) : builtinMethod(ev, "RegExp.prototype", name, self);
    }
    case "buffer": {
      if (name === undefined) break;
      const read = getOfBuffer(ev, object, name) ?? builtinMethod(ev, "ArrayBuffer.prototype", name, self);
      if (read === undefinedValue && object.shared) throw ev.refuse("Todo", "a field of the caller's buffer is read that the engine knows none of", "keep it beside the buffer");
      return read;
    }
    case "generator":
      if (name === "length") return undefinedValue;
      throw ev.refuse("Unsupported", "a generator is advanced by hand", "loop over it, or spread it into an array first");
    case "cell": break;
    case "opaque": return refuseOpaque(ev, object.why);
  }
  throw ev.refuse("Unsupported", "a computed property that is not static is read", "use a static key");
}

/** A field of a new object that it has on some paths only: on the others it is what stands behind it. */
function getOptional(ev: Evaluator, object: HeapObject & { t: "object" }, name: string, own: Abs, self: Abs): Abs {
  if (object.prototype ? hasProperty(ev, object.prototype, name, false) === false : object.fields.has(bareKey) || !isInherited(ev, "Object.prototype", name)) return own;
  return choose(ev, presenceOf(object, name)!, () => own, () => (object.prototype ? getOfObject(ev, object.prototype.id, prim(name), name, self) : builtinMethod(ev, "Object.prototype", name, self)));
}

/** A local record read by a dynamic key that is one of a few strings. */
function getByDynamicKey(ev: Evaluator, self: Abs, object: HeapObject & { t: "object" }, key: Abs): Abs {
  // an object used as a small array: {0: a, 1: b}
  const keys = [...object.fields.keys()];
  if (object.origin.from === "local" && keys.every((k, i) => k === String(i))) {
    const value = readItems(ev, [...object.fields.values()], key);
    if (value) return value;
  }
  const among = getAmong(ev, self, key);
  if (among) return among;
  becomeEntered(ev, self, key);
  becomeIndexed(ev, object);
  throw ev.refuse("Unsupported", "a field of an object is read by a key that is not static", "use an array");
}

/** A property of a node of the snapshot, its getters called on `self`. */
export function found(ev: Evaluator, ref: NodeRef, name: string, self: Abs | null): Abs {
  const node = ev.snapshot.node(ref), written = writtenHolder(ev, ref, name) ?? expandoHolder(ev, ref, name);
  if (written) return getOfObject(ev, written.id, prim(name), name, self ?? undefined);
  expectBuiltin(ev, ref, name);
  const lifted = ev.lifting?.property(ev, ref, name);
  if (lifted) return lifted;
  const property = ev.snapshot.property(ref, name);
  switch (property.kind) {
    case "data":
      if (node.kind === "object" && node.className === "Module") readExport(ev, property.value);
      notePath(ev, ref, name, property.value);
      return snapValue(ev, property.value);
    case "absent": expectMissing(ev, ref, name); return undefinedValue;
    case "setter": return undefinedValue;
    case "getter": return callFunction(ev, snapValue(ev, property.get), self ?? snapValue(ev, ref), []);
    case "opaque": throw ev.refuse("Unsupported", `the property ${name} can't be read: ${property.why}`, "hand over plain data");
  }
}
/** The captured object that is written, where it is a prototype of this one, or this one, and has the property that is found. */
function writtenHolder(ev: Evaluator, ref: NodeRef, name: string): Obj | undefined {
  if (ev.lessons.writtenNodes.size === 0) return undefined;
  for (let at: NodeRef | null = ref; at; at = ev.snapshot.prototype(at)) {
    const written = ev.lessons.writtenNodes.has(at.node) ? snapValue(ev, at) : undefined, object = written?.k === "obj" ? ev.object(written.id) : undefined;
    if (object?.t !== "object" || object.origin.from !== "input" || (!object.fields.has(name) && !object.origin.kind.fields.has(name))) continue;
    const property = ev.snapshot.property(ref, name); // one that stands before it is another one
    return property.kind === "absent" || property === ev.snapshot.property(at, name) ? written as Obj : undefined;
  }
  return undefined;
}
/** The same of a function, or the class that it is of. */
function expandoHolder(ev: Evaluator, ref: NodeRef, name: string): Obj | undefined {
  if (ev.lessons.expandos.size === 0) return undefined;
  for (let at: NodeRef | null = ref; at; at = ev.snapshot.prototype(at)) {
    const beside = expandosOf(ev, at, name);
    if (!beside) continue;
    const property = at === ref ? null : ev.snapshot.property(ref, name); // one that stands before it is another one
    return property === null || property.kind === "absent" || property === ev.snapshot.property(at, name) ? beside : undefined;
  }
  return undefined;
}
/**
 * Where an object that a slow or captured one holds stands, as it was first found: what is written of it is told by its path. Elements of arrays
 * have none.
 */
function notePath(ev: Evaluator, ref: NodeRef, name: string, value: SnapValue): void {
  if (!(value instanceof NodeRef)) return;
  for (const paths of [ev.staticPaths, ev.capturedPaths]) {
    const around = paths.get(ref.node);
    if (!around || ev.snapshot.node(ref).kind !== "object" || !ev.snapshot.layout(ref).includes(name)) continue;
    const path: Path = { root: around.root, keys: [...around.keys, name] };
    if (!paths.has(value.node)) paths.set(value.node, path);
  }
}

export function getOfInput(ev: Evaluator, id: number, object: HeapObject & { t: "object" }, name: string): Abs {
  if (object.origin.from !== "input") throw ev.invariant("not an input");
  const { path, kind } = object.origin;
  const field = kind.fields.get(name);
  const at: Path = { root: path.root, keys: [...path.keys, name] };
  if (field) return readResident(ev, at, () => inputValue(ev, at, field)) ?? inputValue(ev, at, field);
  const prototype = prototypeOfKind(ev, kind), property = prototype && ev.snapshot.property(prototype, name);
  if (prototype === null || property === null || property.kind === "absent") { ev.expect({ expect: "absent", path: at }); return undefinedValue; }
  if (property.kind === "opaque") throw ev.refuse("Unsupported", `the field ${name} of ${pathName(path)} can't be read: ${property.why}`, "use a plain data field");
  ev.expect({ expect: "notOwn", path: at });
  return found(ev, keptFor(ev, prototype, name), name, obj(id));
}

/** A captured array of BigInts: its words as they are at entry. */
export function bigintsOf(ev: Evaluator, ref: NodeRef, written = false): Mem | undefined {
  const node = ev.snapshot.node(ref);
  if (node.kind !== "object" || (node.className !== "BigInt64Array" && node.className !== "BigUint64Array")) return undefined;
  if (ev.staticPaths.has(ref.node)) throw ev.refuse("Todo", "a slow array of BigInts is read", "make it fast, or an ordinary array");
  if (written) writesBuffer(ev, ref);
  return inputValue(ev, { root: { node: ref.node }, keys: [] }, { kind: "typed", array: "Uint32Array", bigints: node.className }) as Mem;
}
