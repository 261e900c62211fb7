// What code says of objects through the methods of Object: prototypes, property descriptors, names. Compilers to ES5 make classes of them
// (TypeScript's __extends, Babel's _createClass and _inherits), and copy objects by them (_objectSpread2).
//
// Three hidden fields (values.ts) stand beside ordinary ones: "unlisted x", where x is no enumerable property, "fixed x", where it can't be
// written, "kept x", where it can't be deleted. An object without any prototype has the hidden field "bare".
// Objects of the caller's and slow ones are asked, never changed.

import { hiddenKeys } from "../../ir/snapshot.ts";
import { keyedOf } from "./keyed.ts";
import { callFunction, type Call } from "./calls.ts";
import { bareKey, classOfKeyed, fixedKey, isBare, keptKey, parentKey, prototypeOf, unlistedKey } from "./classes.ts";
import { dateTime } from "./dates.ts";
import type { Evaluator } from "./evaluator.ts";
import { isArguments, namesOf, type HeapObject } from "./heap.ts";
import { hasElements } from "./indexed.ts";
import { closedOf, expectOpen, integrityRules, isCallers } from "./integrity.ts";
import { hasProperty, keysOf, keysToCopy, propertyName, refuseKeys } from "./keys.ts";
import { expectInherited, found, getProperty, split } from "./objects.ts";
import { builtinValue, truth } from "./operators.ts";
import { presenceOf, presentNames } from "./optional.ts";
import { hasAt } from "./presence.ts";
import { isLong } from "./sequences.ts";
import { allocatePrototype } from "./prototypes.ts";
import { falseValue, hidden, nullValue, prim, trueValue, undefinedValue, type Abs, type Obj } from "./values.ts";
import { setProperty } from "./writes.ts";
import { arrayPrototype, giveClass } from "./species.ts";

type Rule = (ev: Evaluator, args: readonly Abs[], self: Abs, call: Call | undefined) => Abs;
type Own = HeapObject & { readonly fields: ReadonlyMap<string, Abs> };

/** One of the kernel's own objects or functions, which may be changed; undefined for others. */
function ownObject(ev: Evaluator, a: Abs | undefined): { id: number; object: Own } | undefined {
  if (a?.k !== "obj") return undefined;
  const object = ev.object(a.id);
  return object.t === "closure" || (object.t === "object" && object.origin.from === "local" && !hasElements(ev, a)) ? { id: a.id, object } : undefined;
}
const changeable = (ev: Evaluator, a: Abs | undefined) => {
  const own = ownObject(ev, a);
  if (!own) throw ev.refuse("Unsupported", "properties of an object that the function did not make are defined", "make the object in the function, or outside of it");
  return own;
};
/** A property that is there on some paths only has no one descriptor. */
function expectOneDescriptor(ev: Evaluator, object: HeapObject, name: string): void {
  const present = object.t === "object" ? presenceOf(object, name) : undefined;
  if (present && present.k !== "prim") throw ev.refuse("Todo", "the descriptor of a property is asked or given of which it is not known whether it exists", "read the property");
}
const known = (ev: Evaluator, test: Abs, what: string): boolean => {
  const is = truth(ev, test);
  if (typeof is !== "boolean") throw ev.refuse("Unsupported", `${what} is not static`, "write it out");
  return is;
};
const list = (ev: Evaluator, items: readonly Abs[]): Abs => ev.allocate({ t: "array", items });
const record = (ev: Evaluator, fields: readonly (readonly [string, Abs])[]): Abs => allocatePrototype(ev, { t: "object", origin: { from: "local" }, prototype: null, fields: new Map(fields) });

/** Object.defineProperty(target, key, descriptor) */
function define(ev: Evaluator, target: Abs | undefined, name: string, descriptor: Abs): void {
  const own = changeable(ev, target);
  const says = (key: string): Abs | undefined => (hasProperty(ev, descriptor, key, false) ? getProperty(ev, descriptor, prim(key)) : undefined);
  const flag = (key: string): boolean | undefined => { const value = says(key); return value && known(ev, value, `whether a property is ${key}`); };
  const value = says("value"), accessors = { get: says("get"), set: says("set") };
  expectOpen(ev, own.object, "change");
  expectOneDescriptor(ev, own.object, name);
  const before = own.object.fields, fields = new Map(before);
  const isNew = !before.has(name) && !before.has(hidden(`get ${name}`)) && !before.has(hidden(`set ${name}`));
  if (!isNew && (before.has(fixedKey(name)) || before.has(keptKey(name)))) ev.bail("a property that can't be changed is defined again");
  if (accessors.get || accessors.set) {
    fields.delete(name);
    for (const sort of ["get", "set"] as const) { const f = accessors[sort]; if (f?.k === "obj") fields.set(hidden(`${sort} ${name}`), f); }
  } else if (value || isNew) {
    for (const sort of ["get", "set"]) fields.delete(hidden(`${sort} ${name}`));
    fields.set(name, value ?? undefinedValue);
  }
  const mark = (key: string, says: boolean | undefined, otherwise: boolean): void => {
    if (says ?? (isNew ? otherwise : before.has(key))) fields.set(key, trueValue); else fields.delete(key);
  };
  const enumerable = flag("enumerable"), writable = flag("writable"), configurable = flag("configurable");
  mark(keptKey(name), configurable === undefined ? undefined : !configurable, true);
  mark(unlistedKey(name), enumerable === undefined ? undefined : !enumerable, true);
  if (!accessors.get && !accessors.set) mark(fixedKey(name), writable === undefined ? undefined : !writable, true);
  ev.update(own.id, { ...own.object, fields } as HeapObject);
}

/** What Object.getOwnPropertyDescriptor says of a data property or accessor. */
function descriptorOf(ev: Evaluator, target: Abs, name: string): Abs {
  const own = ownObject(ev, target);
  if (own) {
    if (closedOf(own.object)) throw ev.refuse("Todo", "the descriptor of a property of a frozen object is asked", "read the property");
    expectOneDescriptor(ev, own.object, name);
    const { fields } = own.object, accessor = (sort: string): Abs | undefined => fields.get(hidden(`${sort} ${name}`));
    const common = [["enumerable", prim(!fields.has(unlistedKey(name)))], ["configurable", prim(!fields.has(keptKey(name)))]] as const;
    if (accessor("get") || accessor("set")) return record(ev, [["get", accessor("get") ?? undefinedValue], ["set", accessor("set") ?? undefinedValue], ...common]);
    const value = fields.get(name);
    return value ? record(ev, [["value", value], ["writable", prim(!fields.has(fixedKey(name)))], ...common]) : undefinedValue;
  }
  const has = hasProperty(ev, target, name, true);
  if (has === undefined) throw ev.refuse("Todo", "the descriptor of a property is asked or given of which it is not known whether it exists", "read the property");
  if (!has) return undefinedValue;
  // a frozen array's elements are read-only, and nobody compares that between calls
  const isSlow = target.k === "obj" && ev.object(target.id).t === "snap", isTyped = target.k === "mem" && target.of.array !== "Array";
  if (isCallers(ev, target) && !isTyped && !(isSlow && isAllListed(ev, target))) throw ev.refuse("Todo", "the descriptor of a property of the caller's is asked", "read the property");
  return record(ev, [["value", getProperty(ev, target, prim(name))], ["writable", trueValue], ["enumerable", prim(keysOf(ev, target).includes(name))], ["configurable", trueValue]]);
}

export function setPrototype(ev: Evaluator, target: Abs | undefined, prototype: Abs): void {
  const table = target && keyedOf(ev, target);
  if (table?.form === "record" && prototype.k === "prim" && prototype.value === null) { ev.update((target as Obj).id, { ...table, bare: true }); return; }
  // as constructors of classes over built-ins do, since compilers to ES5 lose that: what it has already, any object may be given
  const has = target && (target.k === "obj" || target.k === "mem") ? prototypeOf(ev, target) : null;
  if (has?.k === "obj" && prototype.k === "obj" && has.id === prototype.id) return;
  if (target?.k === "obj" && ev.object(target.id).t === "array" && !isArguments(ev.object(target.id))) {
    expectOpen(ev, ev.object(target.id), "change");
    const given = arrayPrototype(ev, prototype);
    if (!given) throw ev.refuse("Todo", "an array is given a prototype that is no class over Array", "copy the array into an object");
    giveClass(ev, target, given);
    return;
  }
  const { id, object } = changeable(ev, target);
  expectOpen(ev, object, "change");
  if (prototype.k !== "obj" && !(prototype.k === "prim" && prototype.value === null)) throw ev.refuse("Unsupported", "a prototype is not static", "name the class");
  if (object.t === "closure") {
    if (prototype.k !== "obj") throw ev.refuse("Unsupported", "a function is left without a prototype", "leave it as it is");
    ev.update(id, { ...object, fields: new Map(object.fields).set(parentKey, prototype) });
  } else ev.update(id, withPrototype(object as HeapObject & { t: "object" }, prototype));
}
function created(ev: Evaluator, prototype: Abs = undefinedValue, descriptors: Abs | undefined): Abs {
  const made = record(ev, []);
  setPrototype(ev, made, prototype);
  if (descriptors && !(descriptors.k === "prim" && descriptors.value === undefined)) for (const key of keysOf(ev, descriptors)) define(ev, made, key, getProperty(ev, descriptors, prim(key)));
  return made;
}
function withPrototype(object: HeapObject & { t: "object" }, prototype: Abs): HeapObject {
  const fields = new Map(object.fields);
  if (prototype.k === "obj") fields.delete(bareKey); else fields.set(bareKey, trueValue);
  return { ...object, prototype: prototype.k === "obj" ? (prototype as Obj) : null, fields };
}

/** The prototype as a value: what the language gives to literals and functions is the engine's own. */
function prototypeValue(ev: Evaluator, a: Abs): Abs {
  if (a.k === "sum") return split(ev, a, (one) => prototypeValue(ev, one));
  const builtin = (name: string): Abs => found(ev, ev.snapshot.builtin(name), "prototype", null), table = keyedOf(ev, a)?.form;
  if (a.k === "mem") expectInherited(ev, a, "constructor");
  if (a.k === "mem" && a.of.array !== "Array" && a.of.prototype === undefined) return builtin(a.of.dataView ? "DataView" : (a.of.bigints ?? a.of.array));
  const there = prototypeOf(ev, a);
  if (there) return there;
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (isBare(ev, a)) return nullValue;
  if (object && isArguments(object)) return builtin("Object");
  if (object?.t === "object") return builtin("Object");
  if (object?.t === "closure" || object?.t === "bound" || (object?.t === "builtin" && typeof builtinValue(object.name) === "function")) return builtin("Function");
  if (object?.t === "array") return builtin("Array");
  if (object?.t === "typed") return builtin(object.array);
  if (object?.t === "map" || object?.t === "set") return builtin(object.t === "map" ? "Map" : "Set");
  if (table) return builtin(classOfKeyed[table]);
  if (object?.t === "spilled" || object?.t === "vector" || object?.t === "boxed") return prototypeValue(ev, object.mem);
  if (a.k === "mem") return builtin((a.of.records && a.of.row) || a.of.box?.form.form === "record" ? "Object" : "Array");
  throw ev.refuse("Todo", "the prototype of a value of unknown kind is asked", "test its class with instanceof");
}

const isObject = (a: Abs): boolean | undefined => (a.k === "obj" || a.k === "mem" ? true : a.k === "sum" ? undefined : false);

/** Whether no key of it but those that are listed is its own: arrays have a length, functions a name. */
function isAllListed(ev: Evaluator, a: Abs): boolean {
  if (a.k === "mem") return a.of.records !== undefined && a.of.row;
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  return object?.t === "object" || (object?.t === "snap" && ev.snapshot.node(object.node).kind === "object" && ev.snapshot.property(object.node, hiddenKeys).kind === "absent");
}

export const reflectionRules: Record<string, Rule> = {
  "Object.defineProperty": (ev, [target, key, descriptor]) => {
    define(ev, target, propertyName(ev, key ?? undefinedValue), descriptor ?? undefinedValue);
    return target!;
  },
  "Object.defineProperties": (ev, [target, descriptors]) => {
    for (const key of keysOf(ev, descriptors ?? undefinedValue)) define(ev, target, key, getProperty(ev, descriptors!, prim(key)));
    return target!;
  },
  // one of several prototypes, of which run time says which: an object of each
  "Object.create": (ev, [prototype, descriptors]) => (prototype?.k === "sum" ? split(ev, prototype, (one) => created(ev, one, descriptors)) : created(ev, prototype, descriptors)),
  "Object.setPrototypeOf": (ev, [target, prototype]) => { setPrototype(ev, target, prototype ?? undefinedValue); return target!; },
  "Object.getPrototypeOf": (ev, [a]) => prototypeValue(ev, a ?? undefinedValue),
  "get Object.prototype.__proto__": (ev, _args, self) => prototypeValue(ev, self),
  "Reflect.getPrototypeOf": (ev, [a]) => prototypeValue(ev, a ?? undefinedValue),
  "Object.getOwnPropertyDescriptor": (ev, [target, key]) => descriptorOf(ev, target ?? undefinedValue, propertyName(ev, key ?? undefinedValue)),
  "Object.getOwnPropertyDescriptors": (ev, [target]) => record(ev, keysToCopy(ev, target ?? undefinedValue).map((key) => [key, descriptorOf(ev, target!, key)] as const)),
  "Object.getOwnPropertyNames": (ev, [target]) => {
    const own = ownObject(ev, target);
    if (own?.object.t === "object") return list(ev, (presentNames(own.object, "all") ?? refuseKeys(ev)).map((key) => prim(key)));
    if (!isAllListed(ev, target ?? undefinedValue)) throw ev.refuse("Todo", "all names of what is no plain object are listed", "use Object.keys");
    return list(ev, keysOf(ev, target ?? undefinedValue).map((key) => prim(key)));
  },
  "Object.getOwnPropertySymbols": (ev, [target]) => {
    const own = ownObject(ev, target), made = own?.object ?? (target?.k === "obj" ? ev.object(target.id) : undefined);
    const without = own ? ![...own.object.fields.keys()].some((key) => key.startsWith(hidden("@@"))) : made?.t === "array" || made?.t === "typed" || (target !== undefined && isAllListed(ev, target) && made?.t === "snap");
    if (!without) throw ev.refuse("Todo", "the symbols of an object are listed", "name them");
    return list(ev, []);
  },
  "Object.prototype.propertyIsEnumerable": (ev, [key], self) => {
    const element = key && (key.k !== "prim" || isLong(ev, self)) ? hasAt(ev, self, key) : undefined; // all of an array's are
    if (element) return element;
    if (key?.k !== "prim") throw ev.refuse("Unsupported", "whether a property exists is not known", "compare it with undefined");
    return prim(keysOf(ev, self).includes(String(key.value)));
  },
  "Object.prototype.valueOf": (ev, _, self) => {
    const objects = self.k === "sum" ? self.alts.every((a) => a.k === "obj" || a.k === "mem") : isObject(self);
    if (!objects) throw ev.refuse("Unsupported", "a number or a string is made an object", "leave it as it is");
    return self;
  },
  "Object.prototype.isPrototypeOf": (ev, [a], self) => {
    if (a?.k === "mem") expectInherited(ev, a, "constructor");
    for (let at = prototypeOf(ev, a ?? undefinedValue); at; at = prototypeOf(ev, at)) if (at.k === "obj" && self.k === "obj" && at.id === self.id) return trueValue;
    if (self.k !== "obj" || (isObject(a ?? undefinedValue) !== false && ev.object(self.id).t === "builtin")) throw ev.refuse("Todo", "what has the engine's own prototypes is asked", "test its class with instanceof");
    return falseValue;
  },
  Object: (ev, [a]) => {
    if (a === undefined || (a.k === "prim" && (a.value === undefined || a.value === null))) return record(ev, []);
    if (isObject(a) !== true) throw ev.refuse("Unsupported", "a number or a string is made an object", "leave it as it is");
    return a;
  },
  ...integrityRules,
  "Reflect.apply": (ev, [f, self, args], _, call) => callFunction(ev, getProperty(ev, f ?? undefinedValue, prim("apply")), f ?? undefinedValue, [self ?? undefinedValue, args ?? undefinedValue], call),
  "Reflect.ownKeys": (ev, args, self, call) => {
    reflectionRules["Object.getOwnPropertySymbols"]!(ev, args, self, call); // there are none
    return reflectionRules["Object.getOwnPropertyNames"]!(ev, args, self, call);
  },
  "Reflect.get": (ev, [target, key]) => getProperty(ev, target ?? undefinedValue, key ?? undefinedValue),
  "Reflect.set": (ev, [target, key, value]) => { setProperty(ev, target ?? undefinedValue, key ?? undefinedValue, value ?? undefinedValue); return trueValue; },
  structuredClone: (ev, [a]) => clone(ev, a ?? undefinedValue, new Map()),
};

/** Plain data once more, as objects of the kernel's own. */
function clone(ev: Evaluator, a: Abs, done: Map<number, Abs>): Abs {
  if (a.k === "prim" || a.k === "num" || a.k === "bool" || a.k === "text" || a.k === "str") return a;
  if (a.k !== "obj") throw ev.refuse("Todo", "an array of the caller's is cloned", "copy it with slice or a loop");
  const before = done.get(a.id);
  if (before) return before;
  const object = ev.object(a.id), node = object.t === "snap" ? ev.snapshot.node(object.node) : undefined;
  if (dateTime(ev, a)) throw ev.refuse("Todo", "a Date is cloned", "make it anew: new Date(date)");
  if (isArguments(object)) throw ev.refuse("Unsupported", "what is no plain data is cloned", "make it in the function");
  const each = (keys: readonly string[]): Map<string, Abs> => new Map(keys.map((key) => [key, clone(ev, getProperty(ev, a, prim(key)), done)]));
  const begin = (empty: HeapObject, finish: (made: Abs & { k: "obj" }) => void): Abs => { const made = ev.allocate(empty); done.set(a.id, made); finish(made); return made; };
  if (object.t === "array" && namesOf(object).length > 0) throw ev.refuse("Todo", "an array with other fields than elements is cloned", "use an object");
  if (object.t === "array" || node?.kind === "array") {
    const length = Number((getProperty(ev, a, prim("length")) as { value: unknown }).value), keys = new Set(keysOf(ev, a));
    return begin({ t: "array", items: [] }, (made) => ev.update(made.id, { t: "array", items: Array.from({ length }, (_, i) => (keys.has(String(i)) ? clone(ev, getProperty(ev, a, prim(i)), done) : undefined)) }));
  }
  if (object.t === "typed") return begin({ ...object }, () => {});
  if (node?.kind === "typed") throw ev.refuse("Todo", "a typed array of the caller's is cloned", "copy it with slice"); // with all of its buffer
  if (object.t === "object" && [...object.fields.keys()].some((key) => key.startsWith(hidden("in ")))) throw ev.refuse("Unsupported", "a WeakMap or WeakSet is cloned", "make it anew");
  if (object.t === "object" || (node?.kind === "object" && (node.className === "Object" || node.prototype === null || !["RegExp", "Date", "Error", "DataView", "ArrayBuffer", "Module", "Promise", "WeakMap", "WeakSet", "WeakRef", "Number", "String", "Boolean", "BigInt64Array", "BigUint64Array"].includes(node.className)))) {
    return begin({ t: "object", origin: { from: "local" }, prototype: null, fields: new Map() }, (made) => ev.update(made.id, { t: "object", origin: { from: "local" }, prototype: null, fields: each(keysOf(ev, a)) }));
  }
  throw ev.refuse("Unsupported", "what is no plain data is cloned", "make it in the function");
}
