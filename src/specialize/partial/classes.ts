// Classes: those that the kernel makes, and what code of classes asks of any (super, private names, instanceof).
//
// A class of the kernel is a closure with a prototype object of its own. What no source can spell stands in fields with hidden names
// (optional.ts), so that copies and merges carry it like all else:
//   home       of a closure: the object that it is a method of; super goes on behind it, and private names are its class's
//   parent     of a class: what it extends
//   get x, set x     of a prototype or class: its accessors
//   #x@7       of an object: its private field of the class whose prototype is object 7, or "node 7" of the snapshot;   #m, get #m, set #m: of a prototype, private methods
//
// A method of the snapshot does not tell its home. It is the object on the prototype chain of `this` that has the method, if the text of
// that object's class contains the method's; anything else is refused.

import { NodeRef } from "../../ir/snapshot.ts";
import { reference } from "./boxes.ts";
import { keyedOf, keyedRecord } from "./keyed.ts";
import { expectUnshared } from "./buffers.ts";
import { callFunction, type Call } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import { arrayClassOf, isArguments, type HeapObject } from "./heap.ts";
import { expectBuiltin } from "./inheritance.ts";
import { snapValue } from "./inputs.ts";
import { keptFor } from "./items.ts";
import { isIndex, isStaticKey, keysOf, propertyName, refuseOpaque } from "./keys.ts";
import { constructWith, type Arguments } from "./longcalls.ts";
import { expectInherited, found, getOfObject, getProperty } from "./objects.ts";
import { isFunction, partOf, testAlts, truth } from "./operators.ts";
import { withField } from "./optional.ts";
import { allocatePrototype, prototypeOfNumber } from "./prototypes.ts";
import { strictness } from "./strictness.ts";
import { hidden, isHidden, isNumeric, obj, prim, same, trueValue, type Abs, type Obj } from "./values.ts";
import type { Activation } from "./walk.ts";
import { mirror, setProperty } from "./writes.ts";

export const homeKey = hidden("home");
/** of a method of a literal, which super goes on behind; private names are those of the class around it */
export const literalKey = hidden("literal");
export const parentKey = hidden("parent");
/** of a property: no enumerable one; one that can't be written; one that can't be deleted or defined anew. Of an object: it has no prototype */
export const unlistedKey = (name: string): string => hidden(`unlisted ${name}`);
export const fixedKey = (name: string): string => hidden(`fixed ${name}`);
export const keptKey = (name: string): string => hidden(`kept ${name}`);
export const bareKey = hidden("bare");
export type Closure = HeapObject & { t: "closure" };
export type Record = HeapObject & { t: "object" };

export const parentOf = (object: Closure): Obj | undefined => object.fields.get(parentKey) as Obj | undefined;

/** `class … extends parent` with that constructor. */
export function makeClass(ev: Evaluator, parent: Abs, constructor: Abs): Abs {
  const { id } = constructor as Obj, closure = ev.object(id) as Closure;
  let around: Obj | null = null;
  const fields = new Map(closure.fields);
  if (closure.func.kind === "derived") {
    if (parent.k !== "obj") throw ev.refuse("Unsupported", "a class extends what is no class", "extend a class that is known when the version is made");
    const inherited = getProperty(ev, parent, prim("prototype"));
    if (inherited.k !== "obj") return ev.bail("a class extends what is no class");
    around = inherited;
    fields.set(parentKey, parent);
  }
  const prototype = allocatePrototype(ev, { t: "object", origin: { from: "local" }, prototype: around, fields: new Map([[constructorKey, constructor]]) });
  fields.set("prototype", prototype);
  fields.set(homeKey, prototype);
  ev.update(id, { ...closure, fields });
  return constructor;
}
const constructorKey = "constructor";

/** The prototype of an ordinary function of the kernel, made when it is first asked for, or with the function (prototypes.ts). */
export function prototypeOfFunction(ev: Evaluator, id: number, closure: Closure): Abs {
  const prototype = allocatePrototype(ev, { t: "object", origin: { from: "local" }, prototype: null, fields: new Map([[constructorKey, obj(id)]]) });
  ev.update(id, { ...closure, fields: new Map([...closure.fields, ["prototype", prototype]]) });
  return prototype;
}

/** Gives a class the function `member`: a method, accessor or static initialiser. */
export function addMember(ev: Evaluator, made: Abs, sort: Abs, key: Abs, member: Abs): void {
  const words = String((sort as { value: unknown }).value).split(" "), what = words.at(-1)!;
  if (!isStaticKey(ev, key)) throw ev.refuse("Unsupported", "a method's name is not static", "write the name out");
  const at = propertyName(ev, key);
  const owner = words.includes("static") || words.includes("literal") ? made as Obj : (ev.object((made as Obj).id) as Closure).fields.get("prototype") as Obj;
  const { id } = member as Obj, function_ = ev.object(id) as Closure;
  ev.update(id, { ...function_, fields: new Map([...function_.fields, [homeKey, owner]]) });
  if (what === "initialiser") return;
  const name = `${what === "method" ? "" : `${what} `}${at}`;
  const holder = ev.object(owner.id) as Closure | Record;
  const fields = new Map(holder.fields);
  fields.delete(at);
  if (what === "method" && !words.includes("private")) for (const other of ["get", "set"]) fields.delete(hidden(`${other} ${at}`));
  if (what !== "method" && !words.includes("literal") && !words.includes("private")) fields.set(unlistedKey(at), trueValue);
  ev.update(owner.id, { ...holder, fields: fields.set(what === "method" && !words.includes("private") ? name : hidden(name), member) });
}

const isAccessor = (key: string): boolean => key.startsWith(hidden("get ")) || key.startsWith(hidden("set "));
/** A class's field, or one of a literal under a key that is computed: the object's own, whatever setters its prototypes have. */
export function defineField(ev: Evaluator, self: Abs, key: Abs, value: Abs): void {
  const object = self.k === "obj" ? ev.object(self.id) : undefined;
  // of a key of run time, or in a table of such: what is written is the object's own, too, where it has no accessors
  const isTable = keyedRecord(ev, self) !== undefined, isPlain = object?.t === "object" && object.origin.from === "local" && ![...object.fields.keys()].some(isAccessor);
  const isOfText = !isStaticKey(ev, key) && !isNumeric(key);
  if ((isTable || (isPlain && !isStaticKey(ev, key))) && !(isOfText && ev.lessons.noComputed)) {
    if (isOfText) ev.lessons.usesComputed = true;
    setProperty(ev, self, key, value);
    return;
  }
  if (self.k === "obj" && object && isArguments(object) && isNumeric(key)) {
    const { source, func } = ev.activation!, code = strictness(ev, source, func);
    if (code === "unknown") throw ev.refuse("Todo", "a parameter is assigned beside `arguments`, in code that may be strict or not", "use a rest parameter");
    if (code === "sloppy") mirror(ev, self, key, value);
    return;
  }
  if (self.k !== "obj" || !isStaticKey(ev, key)) throw ev.refuse("Todo", "a class's field is put into what is no object of the kernel's", "set it in the constructor");
  if (object?.t === "object" && object.origin.from === "local") ev.update(self.id, withField(ev, object, propertyName(ev, key), value));
  else if (object?.t === "closure") ev.update(self.id, { ...object, fields: new Map(object.fields).set(propertyName(ev, key), value) });
  else if (object?.t === "array" && propertyName(ev, key) !== "length" && !isIndex(propertyName(ev, key))) ev.update(self.id, { ...object, named: new Map(object.named).set(propertyName(ev, key), value) });
  else throw ev.refuse("Todo", "a class's field is put into what is no object of the kernel's", "set it in the constructor");
}

// ── setters ──

/** Calls the setter that the object's prototypes (or itself) have for a field that it does not have; false where there is none. */
export function callSetter(ev: Evaluator, id: number, name: string, value: Abs, self: Abs = obj(id)): boolean {
  for (let at: Obj | null | undefined = obj(id); at;) {
    const object: HeapObject = ev.object(at.id);
    if (object.t === "object" && object.prototype === null && !object.fields.has(bareKey)) expectSettable(ev, -1, name);
    if (object.t !== "object" && object.t !== "closure") return (object.t === "snap" || object.t === "class" || object.t === "function") && callSnapshotSetter(ev, object.node, self, name, value);
    const setter = object.fields.get(hidden(`set ${name}`));
    if (setter) { callFunction(ev, setter, self, [value]); return true; }
    if (object.fields.has(hidden(`get ${name}`))) return ev.bail("a property without a setter is written");
    if (object.fields.has(fixedKey(name))) return ev.bail("a property that can't be written is written");
    if (object.fields.has(name)) return false;
    const parent: Obj | null | undefined = object.t === "object" ? object.prototype : parentOf(object);
    if (object.t === "closure" && !parent) return callSnapshotSetter(ev, ev.snapshot.builtin("Function.prototype"), self, name, value);
    at = parent;
  }
  return false;
}
/** Names that no source can spell are not looked for. */
function expectSettable(ev: Evaluator, prototype: number, key: string): void {
  if (!isHidden(key)) ev.expect({ expect: "settable", prototype, key });
}
/** The same for what an object of the snapshot has or inherits. */
export function callSnapshotSetter(ev: Evaluator, node: NodeRef, self: Abs, name: string, value: Abs): boolean {
  const property = ev.snapshot.accessor(node, name);
  if (property === null) { expectSettable(ev, node.node, name); return false; }
  expectBuiltin(ev, node, name);
  if (property.kind !== "getter" && property.kind !== "setter") return ev.bail("a property that can't be written is written");
  if (!property.set) return ev.bail("a property without a setter is written");
  callFunction(ev, snapValue(ev, property.set), self, [value]);
  return true;
}

// ── home ──

const closureOf = (ev: Evaluator, activation: Activation): Closure | undefined => {
  const object = activation.callee?.k === "obj" ? ev.object(activation.callee.id) : undefined;
  return object?.t === "closure" ? object : undefined;
};
/** The home that a function made here has too. */
export const homeAround = (ev: Evaluator, activation: Activation): Abs | undefined => closureOf(ev, activation)?.fields.get(homeKey);

/** Methods that a literal has, where it stands: they are at home in it; so are those that it had before it got more entries, as another object. */
export function giveLiteral(ev: Evaluator, literal: Obj, methods: readonly Abs[], before?: Abs): void {
  const object = before ? ev.object(literal.id) : undefined, isOfBefore = (a: Abs): boolean => { const closure = a.k === "obj" ? ev.object(a.id) : undefined; return closure?.t === "closure" && same(closure.fields.get(literalKey) ?? a, before!); };
  for (const method of [...methods, ...(object?.t === "object" ? [...object.fields.values()].filter(isOfBefore) : [])]) {
    const closure = method.k === "obj" ? ev.object(method.id) : undefined;
    if (closure?.t === "closure" && closure.func.kind === "method") ev.update((method as Obj).id, { ...closure, fields: new Map(closure.fields).set(literalKey, literal) });
  }
}
/** What an arrow function has of the function around it. */
export const literalAround = (ev: Evaluator, activation: Activation): Abs | undefined => closureOf(ev, activation)?.fields.get(literalKey);
/** What super goes on behind. */
const homeOfSuper = (ev: Evaluator, activation: Activation): Obj => (literalAround(ev, activation) as Obj | undefined) ?? homeOf(ev, activation);

/** The object whose method, or whose class's constructor, is running. `asked`: whose private name is used. */
export function homeOf(ev: Evaluator, activation: Activation, asked?: Abs): Obj {
  const known = homeAround(ev, activation);
  if (known) return known as Obj;
  const fn = activation.source.closure;
  const node = ev.snapshot.node(fn);
  if (node.kind === "function" && node.code.isClass) return getProperty(ev, snapValue(ev, fn), prim("prototype")) as Obj;
  const name = node.kind === "function" ? node.name.replace(/^[gs]et /, "") : undefined;
  const home = name === undefined ? undefined : holderOf(ev, activation.self, fn, name) ?? (asked && classHolding(ev, asked, fn, name));
  if (home) return snapValue(ev, home) as Obj;
  throw ev.refuse("Unsupported", "super or a private name is used by a method of which it is not known where it stands", "call the parent's method by name: `Parent.prototype.method.call(this, …)`");
}

/** The object on the prototype chain that holds the method, if its class's text contains it. */
function holderOf(ev: Evaluator, self: Abs, fn: NodeRef, name: string): NodeRef | undefined {
  const text = codeText(ev, fn);
  let at = firstNode(ev, self);
  for (let next: NodeRef | null; at; at = next ?? undefined) {
    next = ev.snapshot.prototype(at);
    if (!holds(ev, at, name, fn) || (next && holds(ev, next, name, fn))) continue;
    const node = ev.snapshot.node(at);
    const owner = node.kind === "function" ? at : constructorOf(ev, at);
    return owner && codeText(ev, owner).includes(text) ? at : undefined;
  }
  return undefined;
}
/** The class of an object, or one that it extends, that has the function as a static method; that is called without a `this`. */
function classHolding(ev: Evaluator, object: Abs, fn: NodeRef, name: string): NodeRef | undefined {
  for (let at: NodeRef | null = firstNode(ev, object) ?? null; at; at = ev.snapshot.prototype(at)) {
    const owner = constructorOf(ev, at);
    if (owner && holds(ev, owner, name, fn) && codeText(ev, owner).includes(codeText(ev, fn))) return owner;
  }
  return undefined;
}
function firstNode(ev: Evaluator, given: Abs): NodeRef | undefined {
  const self = reference(given, ev.state), form = self.k === "mem" ? self.of.box?.form : undefined;
  if (form?.form === "record" && form.prototype >= 0) return new NodeRef(form.prototype);
  if (self.k === "mem" && self.of.prototype !== undefined) return new NodeRef(self.of.prototype);
  if (self.k === "mem" && self.of.row && self.of.records && !self.of.records.nodes && typeof self.of.records.kind.prototype === "number" && self.of.records.kind.prototype >= 0) return new NodeRef(self.of.records.kind.prototype);
  for (let at: Obj | null | undefined = self.k === "obj" ? self : form?.form === "record" ? prototypeOfNumber(ev, form.prototype) : null; at;) {
    const object: HeapObject = ev.object(at.id), ofArray = arrayClassOf(object);
    if (ofArray !== undefined) return new NodeRef(ofArray);
    if (object.t === "object" && object.origin.from === "input") { const { prototype } = object.origin.kind; return prototype === null || prototype === -1 ? undefined : new NodeRef(prototype); }
    if (object.t === "snap" || object.t === "class" || object.t === "function") return object.node;
    at = object.t === "object" ? object.prototype : object.t === "closure" ? parentOf(object) : null;
  }
  return undefined;
}
function holds(ev: Evaluator, at: NodeRef, name: string, fn: NodeRef): boolean {
  const property = ev.snapshot.property(at, name);
  const value = property.kind === "data" ? property.value : property.kind === "getter" || property.kind === "setter" ? null : undefined;
  if (value instanceof NodeRef) return value.node === fn.node;
  return value === null && ((property.kind === "getter" && property.get.node === fn.node) || ("set" in property && property.set?.node === fn.node));
}
export function constructorOf(ev: Evaluator, prototype: NodeRef): NodeRef | undefined {
  const property = ev.snapshot.property(prototype, "constructor");
  if (property.kind !== "data" || !(property.value instanceof NodeRef)) return undefined;
  const back = ev.snapshot.property(property.value, "prototype");
  return back.kind === "data" && back.value instanceof NodeRef && back.value.node === prototype.node ? property.value : undefined;
}
const codeText = (ev: Evaluator, fn: NodeRef): string => { const node = ev.snapshot.node(fn); return node.kind === "function" ? node.code.text : ""; };

// ── super ──

/** super(…args): what the parent of the running constructor makes. */
export function superConstruct(ev: Evaluator, activation: Activation, args: Arguments, call: Call): Abs {
  const { callee } = activation;
  const object = callee?.k === "obj" ? ev.object(callee.id) : undefined;
  const parent = object?.t === "closure" ? parentOf(object) : object?.t === "class" ? prototypeNode(ev, object.node) : undefined;
  if (!parent) return ev.bail("super() in a class whose parent is no class");
  return constructWith(ev, parent, args, call, activation.newTarget);
}
const prototypeNode = (ev: Evaluator, node: NodeRef): Abs | undefined => { const ref = ev.snapshot.prototype(node); return ref ? snapValue(ev, ref) : undefined; };

export function superGet(ev: Evaluator, activation: Activation, self: Abs, key: Abs): Abs {
  if (key.k !== "prim") throw ev.refuse("Unsupported", "a computed property of super that is not static is read", "use a static key");
  const home = homeOfSuper(ev, activation), name = String(key.value);
  const parent = prototypeOf(ev, home), object = parent?.k === "obj" ? ev.object(parent.id) : undefined;
  if (object?.t === "snap") keptFor(ev, object.node, name);
  return parent?.k === "obj" ? getOfObject(ev, parent.id, key, name, self) : found(ev, ev.snapshot.builtin("Object.prototype"), name, self);
}

/** super.x = v: a setter of the parent's, else a property of `this`. */
export function superSet(ev: Evaluator, activation: Activation, self: Abs, key: Abs, value: Abs): void {
  const name = propertyName(ev, key), parent = prototypeOf(ev, homeOfSuper(ev, activation));
  if (parent?.k === "obj" && callSetter(ev, parent.id, name, value, self)) return;
  const object = self.k === "obj" ? ev.object(self.id) : undefined;
  if (self.k !== "obj" || object?.t !== "object" || object.origin.from !== "local" || object.fields.has(hidden(`set ${name}`)) || object.fields.has(hidden(`get ${name}`))) {
    throw ev.refuse("Todo", "a property of super is written, of an object that the function did not make", "assign to the property of `this`");
  }
  ev.update(self.id, withField(ev, object, name, value));
}

// ── instanceof ──

/** `a instanceof constructor` */
export function isInstance(ev: Evaluator, a: Abs, constructor: Abs): Abs {
  if (constructor.k !== "obj") throw ev.refuse("Unsupported", "instanceof with a value that is no class", "test a field");
  const own = ownInstanceTest(ev, constructor);
  if (own) return isTrue(ev, callFunction(ev, own, constructor, [a]));
  if (a.k !== "sum") return prim(isOneOf(ev, a, constructor));
  const test = testAlts(ev, a, (alt) => isOneOf(ev, partOf(a, alt, ev), constructor));
  return typeof test === "boolean" ? prim(test) : ev.fromBool(test);
}

/** The function under Symbol.hasInstance, where it is not the one that all functions have. */
function ownInstanceTest(ev: Evaluator, constructor: Obj): Abs | undefined {
  const { t } = ev.object(constructor.id);
  if (t !== "object" && t !== "closure" && t !== "function" && t !== "class") return undefined;
  const test = getProperty(ev, constructor, prim(hidden("@@hasInstance"))), object = test.k === "obj" ? ev.object(test.id) : undefined;
  if (!object && t === "object") return ev.bail("instanceof with what is no function");
  return object && object.t !== "builtin" ? test : undefined;
}
const isTrue = (ev: Evaluator, a: Abs): Abs => { const is = truth(ev, a); return typeof is === "boolean" ? prim(is) : ev.fromBool(is); };

export const classOfKeyed = { map: "Map", set: "Set", record: "Object" } as const;
function isOneOf(ev: Evaluator, a: Abs, constructor: Obj): boolean {
  if (a.k === "prim" || a.k === "num" || a.k === "bool" || a.k === "text" || a.k === "str") return false;
  const c = ev.object(constructor.id);
  const name = c.t === "builtin" ? c.name : null;
  if (name === "Function") return isFunction(ev, a);
  if (a.k === "mem" && !(a.of.records && a.of.row) && a.of.box?.form.form !== "record" && a.of.prototype === undefined) {
    expectInherited(ev, a, "constructor"); // one of a class over the engine's own may be it, and one of another realm is none
    return name === (a.of.dataView ? "DataView" : (a.of.bigints ?? a.of.array)) || name === "Object";
  }
  const object = a.k === "obj" ? ev.object(a.id) : undefined, table = keyedOf(ev, a);
  if (object && name && isArguments(object)) return name === "Object";
  if (table && name) return name === "Object" ? !table.bare : name === classOfKeyed[table.form];
  if (object?.t === "spilled" || object?.t === "vector" || object?.t === "boxed") return isOneOf(ev, object.mem, constructor);
  if (object?.t === "opaque") return refuseOpaque(ev, object.why);
  if (object?.t === "array" && name) return name === "Array" || name === "Object";
  if (object?.t === "typed" && name) return name === object.array || name === "Object";
  if (object?.t === "buffer" && name) { expectUnshared(ev, object); return name === "ArrayBuffer" || name === "Object"; }
  if (object?.t === "map" || object?.t === "set") return name === (object.t === "map" ? "Map" : "Set") || name === "Object";
  if (object?.t === "numerals" && name) return name === "Object" || name === "Array";
  if (object?.t === "error" && name) return name === object.class || name === "Error" || name === "Object";
  const wanted = getProperty(ev, constructor, prim("prototype"));
  if (wanted.k === "prim") return ev.bail("instanceof with a function that has no prototype"); // JavaScript throws, but for bound functions
  if (c.t === "function") ev.expect({ expect: "member", node: c.node.node, key: "prototype" }); // a class's is for good
  let last: Abs = a;
  for (let at = prototypeOf(ev, a); at; at = prototypeOf(ev, at)) {
    if (wanted.k === "obj" && at.k === "obj" && at.id === wanted.id) return true;
    const node = firstNode(ev, at);
    if (node && ev.snapshot.node(node).kind !== "builtin") ev.expect({ expect: "behind", node: node.node });
    last = at;
  }
  return name === "Object" && !isBare(ev, last);
}

/** What for-in visits of a prototype: members of classes, and what a function gives its prototype, are not enumerable. */
export function inheritedKeys(ev: Evaluator, prototype: Abs): readonly string[] {
  if (prototype.k !== "obj") return [];
  const object = ev.object(prototype.id);
  if (object.t !== "object") return keysOf(ev, prototype);
  if (object.origin.from === "input") return keysOf(ev, prototype);
  const constructor = object.fields.get(constructorKey), made = constructor?.k === "obj" ? ev.object(constructor.id) : undefined;
  if (made?.t !== "closure" || !same(made.fields.get("prototype") ?? constructor!, prototype)) return keysOf(ev, prototype);
  const isMember = (value: Abs): boolean => { const f = value.k === "obj" ? ev.object(value.id) : undefined; return made.func.kind !== "function" && f?.t === "closure" && same(f.fields.get(homeKey) ?? value, prototype); };
  return keysOf(ev, prototype).filter((key) => key !== constructorKey && !isMember(object.fields.get(key) ?? prototype));
}

/** Whether an object has no prototype, not even Object.prototype. */
export function isBare(ev: Evaluator, a: Abs): boolean {
  const object = a.k === "obj" ? ev.object(a.id) : undefined, table = keyedOf(ev, a);
  if (table) return table.bare;
  if (object?.t === "snap") return ev.snapshot.prototype(object.node) === null;
  return object?.t === "object" && (object.origin.from === "input" ? object.origin.kind.prototype === null : object.fields.has(bareKey));
}

/** The next object on the prototype chain; null at its end, or where only Object.prototype follows. */
export function prototypeOf(ev: Evaluator, a: Abs): Abs | null {
  if (a.k === "mem" && a.of.records && a.of.row) { const { prototype } = a.of.records.kind; return prototype === null || prototype === -1 ? null : snapValue(ev, new NodeRef(prototype)); }
  if (a.k === "mem" && a.of.box?.form.form === "record") return prototypeOfNumber(ev, a.of.box.form.prototype);
  if (a.k === "mem" && a.of.prototype !== undefined) { expectInherited(ev, a, "constructor"); return snapValue(ev, new NodeRef(a.of.prototype)); }
  if (a.k !== "obj") return null;
  const object = ev.object(a.id);
  switch (object.t) {
    case "boxed": case "spilled": case "vector": return prototypeOf(ev, object.mem);
    case "array": return object.prototype === undefined ? null : snapValue(ev, new NodeRef(object.prototype));
    case "object":
      if (object.origin.from === "input") { const { prototype } = object.origin.kind; return prototype === null || prototype === -1 ? null : snapValue(ev, new NodeRef(prototype)); }
      return object.prototype;
    case "closure": return parentOf(object) ?? null;
    case "snap": case "class": case "function": { const ref = ev.snapshot.prototype(object.node); return ref ? snapValue(ev, ref) : null; }
    default: return null;
  }
}
