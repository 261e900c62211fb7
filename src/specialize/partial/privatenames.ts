// Private names: fields, methods and accessors that only code of their class reaches (`this.#x`).
//
// They stand in fields with hidden names (optional.ts), which say whose they are (classes.ts): copies and merges carry them like all else. Objects that
// the kernel did not make have theirs in the snapshot, or as columns (capture/privates.ts).

import { brand, isPrivateKey, privateClass, privateKey, privateKeysOf } from "../../ir/privates.ts";
import { readField, reference, writeField } from "./boxes.ts";
import { callFunction, sourceOf } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import { refuseItem } from "./items.ts";
import { getProperty, split } from "./objects.ts";
import { look } from "./passed.ts";
import { numberOfPrototype } from "./prototypes.ts";
import { falseValue, hidden, isOwnPrivate, ownPrivate, prim, trueValue, undefinedValue, type Abs, type Obj } from "./values.ts";
import type { Activation } from "./walk.ts";
import { setProperty } from "./writes.ts";
import { constructorOf, homeKey, homeOf, type Closure, type Record } from "./classes.ts";

function privateNames(ev: Evaluator, activation: Activation, name: Abs, self: Abs): { field: string; method: string; home: Obj; homes: readonly Obj[] } {
  const home = homeOf(ev, activation, self), text = String((name as { value: unknown }).value);
  const holder = ev.object(home.id);
  const prototype = holder.t === "closure" || holder.t === "class" || holder.t === "function" ? getProperty(ev, home, prim("prototype")) as Obj : home;
  return { field: fieldName(ev, text, prototype), method: text, home, homes: prototype === home ? [home] : [home, prototype] };
}
/** A private name as that of a field: of a class whose prototype has a number one that lasts, so that its objects may lie in memory (contents.ts). */
function fieldName(ev: Evaluator, name: string, prototype: Obj): string {
  const number = numberOfPrototype(ev, prototype);
  return number === undefined ? hidden(`${name}@${prototype.id}`) : ownPrivate(name, number);
}
type Fields = { has(key: string): boolean; get(key: string): Abs | undefined };
const fieldsOf = (ev: Evaluator, self: Abs): Fields | undefined => {
  const place = reference(self, ev.state), names = place.k === "mem" && place.of.box?.form.form === "record" ? place.of.box.form.names : [];
  // of one in memory that has none it is not known whether the kernel made it
  if (place.k === "mem") return names.some(isOwnPrivate) ? { has: (key) => names.includes(key), get: (key) => readField(ev, place, key) } : undefined;
  const object = self.k === "obj" ? ev.object(self.id) : undefined;
  return object?.t === "closure" || (object?.t === "object" && object.origin.from === "local") ? object.fields : undefined;
};
/** What ends the names of the private fields of the class whose prototype, or which itself, is `home`; undefined of a class of the kernel's. */
function endingOf(ev: Evaluator, home: Obj): string | undefined {
  const holder = ev.object(home.id);
  const owner = holder.t === "class" ? holder.node : holder.t === "snap" ? constructorOf(ev, holder.node) : undefined;
  const ending = owner && ev.snapshot.property(owner, privateClass);
  return ending?.kind === "data" && typeof ending.value === "string" ? ending.value : undefined;
}
/** The private fields of an object from outside; of a class of the snapshot those that are asked for. */
function outsideFields(ev: Evaluator, self: Abs): { has(key: string): boolean; readonly keys: readonly string[] } | undefined {
  const object = self.k === "obj" ? ev.object(self.id) : undefined, records = self.k === "mem" && self.of.row ? self.of.records : null;
  if (records && !records.nodes && !records.passed) {
    const { fields, others = [] } = records.kind;
    if (others.some(isPrivateKey)) throw refuseItem(ev, records, "a private field of the objects of an array is not a number, a boolean or an object in all of them", "use ordinary fields");
    return { has: (key) => fields.has(key), keys: [...fields.keys()].filter(isPrivateKey) };
  }
  if (object?.t === "object" && object.origin.from === "input") { const { fields } = object.origin.kind; return { has: (key) => fields.has(key), keys: [...fields.keys()].filter(isPrivateKey) }; }
  if (object?.t !== "snap" && object?.t !== "class") return undefined;
  return { has: (key) => ev.snapshot.property(object.node, key).kind === "data", keys: object.t === "snap" ? privateKeysOf(ev.snapshot, object.node) : [] };
}
/** The value of a private name of an object that no kernel made: a field, a method of the class's text or what a getter gives. */
function outsideMember(ev: Evaluator, self: Abs, home: Obj, name: string): { readonly key?: string; readonly member?: Abs; readonly getter?: Abs; readonly setter?: Abs } {
  const ending = endingOf(ev, home), fields = outsideFields(ev, self);
  if (fields === undefined) return refuseOutside(ev, self, name);
  if (ending !== undefined && fields.has(privateKey(name, ending))) return { key: privateKey(name, ending) };
  // an object that has fields of the class has its methods; a class has its own
  const sign = fields.keys.find((key) => ending !== undefined && key.endsWith(ending));
  if (sign === undefined && !(self.k === "obj" && ev.object(self.id).t === "class" && isHomeOf(ev, home, self as Obj))) return refuseOutside(ev, self, name);
  if (sign !== undefined) getProperty(ev, self, prim(sign)); // which the entry tests to be there
  const [member, getter, setter] = ["", "get ", "set "].map((sort) => snapshotMethod(ev, home, sort + name, sign === undefined));
  return { ...(member && { member }), ...(getter && { getter }), ...(setter && { setter }) };
}
const isHomeOf = (ev: Evaluator, home: Obj, self: Obj): boolean => {
  const holder = ev.object(home.id), object = ev.object(self.id);
  return home.id === self.id || (holder.t === "snap" && object.t === "class" && constructorOf(ev, holder.node)?.node === object.node.node);
};

function refuseOutside(ev: Evaluator, self: Abs, name: string): never {
  if (self.k === "prim" || self.k === "num" || self.k === "bool") ev.bail("a private name of what is no object");
  throw ev.refuse("Unsupported", `${name} of an object that was made outside is private`, "use an ordinary field, say _x: nothing outside of its class can read a private one");
}
/** The private method ("#m") or accessor ("get #m", "set #m") of a class, or of an object that it has made; in a static method these are not at home in the class. */
function privateMethod(ev: Evaluator, homes: readonly Obj[], self: Abs, name: string): Abs | undefined {
  const made = self.k === "obj" ? ev.object(self.id) : undefined;
  if (made?.t === "closure") { const prototype = made.fields.get("prototype"); return prototype?.k === "obj" && homes.some(({ id }) => id === prototype.id) ? made.fields.get(hidden(name)) : undefined; }
  const own = fieldsOf(ev, self), home = homes.find((one) => own?.has(fieldName(ev, brand, one)));
  return home && (ev.isStaticObject(home.id) ? snapshotMethod(ev, home, name, false) : fieldsOf(ev, home)?.get(hidden(name)));
}

/** A private method of a class of the snapshot, or of its objects: nobody else has it, so it is made of the class's text. */
function snapshotMethod(ev: Evaluator, home: Obj, name: string, ofClass: boolean): Abs | undefined {
  const object = ev.object(home.id);
  const owner = object.t === "class" ? object.node : object.t === "snap" ? constructorOf(ev, object.node) : undefined;
  if (!owner) return undefined;
  const source = sourceOf(ev, owner);
  const kind = name.startsWith("get ") ? "getter" : name.startsWith("set ") ? "setter" : "method";
  const short = name.slice(name.indexOf("#")), func = (source.unit.statics?.includes(short) ?? false) === ofClass ? source.unit.functions.find((f) => f.kind === kind && f.name === short) : undefined;
  return func && ev.allocate({ t: "closure", source, func, cells: [], self: null, fields: new Map([[homeKey, home]]) });
}

export function privateGet(ev: Evaluator, activation: Activation, self: Abs, name: Abs): Abs {
  if (self.k === "sum") return split(ev, self, (one) => privateGet(ev, activation, one, name));
  const { field, method, home, homes } = privateNames(ev, activation, name, self);
  const fields = fieldsOf(ev, self);
  if (fields === undefined) {
    const { key, member, getter } = outsideMember(ev, self, home, method);
    return key ? getProperty(ev, self, prim(key)) : (member ?? (getter ? callFunction(ev, getter, self, []) : ev.bail("an object has no such private name")));
  }
  const own = fields.get(field);
  if (own) return own;
  const known = privateMethod(ev, homes, self, method);
  if (known) return known;
  const getter = privateMethod(ev, homes, self, `get ${method}`);
  if (getter) return callFunction(ev, getter, self, []);
  return ev.bail("an object has no such private name");
}

export function privateSet(ev: Evaluator, activation: Activation, self: Abs, name: Abs, value: Abs): void {
  if (self.k === "sum") { split(ev, self, (one) => { privateSet(ev, activation, one, name, value); return undefinedValue; }); return; }
  const { field, method, home, homes } = privateNames(ev, activation, name, self);
  const fields = fieldsOf(ev, self);
  if (fields === undefined) {
    const { key, setter } = outsideMember(ev, self, home, method);
    if (key) setProperty(ev, self, prim(key), value);
    else if (setter) callFunction(ev, setter, self, [value]);
    else ev.bail("an object has no such private name");
    return;
  }
  if (fields.has(field)) { putHidden(ev, self, field, value); return; }
  const setter = privateMethod(ev, homes, self, `set ${method}`);
  if (setter) { callFunction(ev, setter, self, [value]); return; }
  ev.bail("an object has no such private name");
}

export function privateAdd(ev: Evaluator, activation: Activation, self: Abs, name: Abs, value: Abs): void {
  // a static field is added by the code around the class, which is not at home in it
  const object = self.k === "obj" ? ev.object(self.id) : undefined;
  const prototype = object?.t === "closure" && object.fields.get("prototype");
  const field = prototype ? fieldName(ev, String((name as { value: unknown }).value), prototype as Obj) : privateNames(ev, activation, name, self).field;
  // what lies in memory has been made: its class tells which private fields it has (fieldsOf)
  if (!fieldsOf(ev, self) || object?.t === "boxed") refuseOutside(ev, self, String((name as { value: unknown }).value));
  putHidden(ev, self, field, value);
}
function putHidden(ev: Evaluator, self: Abs, field: string, value: Abs): void {
  const place = reference(self, ev.state);
  if (place.k === "mem") { writeField(ev, place, field, value); return; }
  const { id } = self as Obj, object = ev.object(id) as Closure | Record;
  ev.update(id, { ...object, fields: new Map(object.fields).set(field, value) });
}

export function privateHas(ev: Evaluator, activation: Activation, self: Abs, name: Abs): Abs {
  look(ev, self);
  if (self.k === "sum") return split(ev, self, (one) => privateHas(ev, activation, one, name));
  const { field, method, home, homes } = privateNames(ev, activation, name, self);
  if (self.k !== "obj" && self.k !== "mem") return ev.bail("a private name is looked for in what is no object");
  if (self.k === "obj" && ["array", "typed", "spilled", "vector", "map", "set"].includes(ev.object(self.id).t)) return falseValue;
  const fields = fieldsOf(ev, self);
  // an object from outside can't have a private name of a class that the kernel makes
  if (!fields) {
    if (!ev.isStaticObject(home.id)) return falseValue;
    const { key, member, getter, setter } = outsideMember(ev, self, home, method);
    if (key !== undefined) getProperty(ev, self, prim(key)); // which the entry tests to be there
    else if (!member && !getter && !setter) return refuseOutside(ev, self, method);
    return trueValue;
  }
  return fields.has(field) || ["", "get ", "set "].some((sort) => privateMethod(ev, homes, self, sort + method)) ? trueValue : falseValue;
}
