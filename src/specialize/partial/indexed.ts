// Objects with index keys beside named fields: big integers, ring buffers, what is used like an array.
//
//   r.t = n; while (--n >= 0) r[n] = 0        r: an object of one field, and a list of numbers that grows
//
// What such an object has under index keys is an array of its own under a name that no source can spell (`elementsKey`): of the kernel's own in the heap, of the caller's a
// list (lists.ts) that entry makes of the object's index keys and that goes back into them (runtime/indexed.ts). Index keys come first when an object's keys are listed, in
// ascending order, so that nothing has to be known of when each was put in. Learned where a key that is not static is met; the walk begins again.
//
// Requires: no prototype of such an object has keys of numbers, which entry tests; neither has the object other ones than indices (1.5, −1): those are the
// original's. Its keys are not listed, it is not frozen, none of its elements is deleted: refused.

import { elementsKey } from "../../ir/within.ts";
import type { Path, Write, Shape } from "../../ir/interface.ts";
import { fieldKinds, type FieldKind } from "../../ir/fields.ts";
import { hiddenNumbers, NodeRef } from "../../ir/snapshot.ts";
import type { Instr, Primitive } from "../../ir/types.ts";
import { readElement } from "./arrays.ts";
import { choiceOf, constantTable } from "./constants.ts";
import { readField } from "./boxes.ts";
import type { Class, Content, Site } from "./contents.ts";
import { unknownValue, valueOfKind } from "./entered.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import type { HeapObject, Origin } from "./heap.ts";
import { isIndex } from "./keys.ts";
import { contentOfItem, learnContent, listInput } from "./lists.ts";
import { getProperty } from "./objects.ts";
import { prototypeOfNumber } from "./prototypes.ts";
import { isHidden, obj, prim, undefinedValue, type Abs, type Mem, type Obj } from "./values.ts";
import { require } from "./vectors.ts";
import { Restart } from "./walk.ts";
import { setProperty } from "./writes.ts";

type Plain = HeapObject & { t: "object" };
/** Where such objects are made, and what stands for the place that makes their elements. */
export type IndexedSites = Map<Instr, Instr>;
/** Elements of the caller's objects, by the objects' paths. */
export type IndexedInputs = Map<string, { readonly path: Path; readonly list: Mem; written: boolean }>;

/** holes beside so many elements: what has its keys further apart is the original's, as at entry */
const mostHoles = 4096;

/** A property's name that is the text of a number. */
const isNumberText = (key: string): boolean => String(Number(key)) === key;
const elementsPath = ({ root, keys }: Path): Path => ({ root, keys: [...keys, elementsKey] });

// ── learning ──

/** What is made there has index keys from now on. Comes back where that is known, or can't be. */
export function becomeIndexed(ev: Evaluator, object: HeapObject): void {
  if (object.t === "boxed" && object.mem.of.box) becomeIndexedClass(ev, object.mem.of.box);
  if (object.t !== "object") return;
  if (object.origin.from === "input") becomeIndexedInput(ev, object.origin, object);
  else if (object.site && learnSites(ev, [object.site])) throw new Restart();
}
function learnSites(ev: Evaluator, sites: readonly Site[]): boolean {
  let more = false;
  for (const { context: { lasting }, instr } of sites) {
    if (lasting.indexed.has(instr)) continue;
    lasting.keyed.delete(instr);
    lasting.indexed.set(instr, { ...instr });
    more = true;
  }
  return more;
}
/** The same of objects that lie in memory already. */
function becomeIndexedClass(ev: Evaluator, cls: Class): void { if (learnSites(ev, cls.sites)) throw new Restart(); }
/** The same of a table (keyed.ts) that gets a name. */
export function becomeIndexedSite(ev: Evaluator, site: Site | undefined): void { if (site && learnSites(ev, [site])) throw new Restart(); }

function becomeIndexedInput(ev: Evaluator, { path, kind }: Origin & { from: "input" }, { fields }: Plain): void {
  const key = pathKey(path), contents: Content[] = (kind.indexed ?? []).map(contentOfKind);
  if (ev.lessons.indexed.has(key)) return;
  for (const [name, field] of kind.fields) {
    if (!isNumberText(name)) continue;
    const value = field.kind === "static" ? unknownValue : valueOfKind(field), content = isIndex(name) && value !== unknownValue ? contentOfItem(value) : undefined;
    if (!content) return;
    contents.push(content);
  }
  const indices = [...kind.fields.keys()].filter(isIndex);
  if (indices.some((name, i) => name !== String(i)) || [...fields.keys()].some(isNumberText)) contents.push({ is: "hole" });
  ev.lessons.indexed.add(key);
  for (const content of contents) learnContent(ev, elementsPath(path), content);
  throw new Restart();
}
function contentOfKind(kind: FieldKind): Content {
  switch (kind) {
    case "absent": return { is: "hole" };
    case "undefined": return { is: "const", value: undefined };
    case "null": return { is: "const", value: null };
    case "number": case "boolean": return { is: kind };
    case "item": case "text": case "other": throw new Error(`no element: ${fieldKinds.join()}`);
  }
}

/** A new object, with its elements where it is known to have some. */
export function withElements(ev: Evaluator, object: HeapObject, site: Site | null): HeapObject {
  const instr = site && object.t === "object" && object.origin.from === "local" ? site.context.lasting.indexed.get(site.instr) : undefined;
  if (!instr || object.t !== "object" || [...object.fields.keys()].some((key) => isHidden(key) || (isNumberText(key) && !isIndex(key)))) return object;
  const items: Abs[] = [], id = ev.newOwnId(), fields = new Map<string, Abs>([[elementsKey, obj(id)]]);
  for (const [name, value] of object.fields) if (isIndex(name)) items[Number(name)] = value; else fields.set(name, value);
  ev.state.objects.set(id, { t: "array", items: Array.from(items), site: { context: site!.context, instr } });
  return { ...object, fields };
}

// ── use ──

/** What an object has under index keys; undefined where it has no list of that. */
export function elementsIn(ev: Evaluator, object: HeapObject): Abs | undefined {
  if (object.t === "boxed") return elementsInBox(ev, object.mem);
  if (object.t !== "object") return undefined;
  return object.origin.from === "local" ? object.fields.get(elementsKey) : elementsOfInput(ev, object.origin)?.list;
}
export const hasElements = (ev: Evaluator, a: Abs): boolean => {
  if (a.k === "mem") return a.of.box?.form.form === "record" && a.of.box.form.names.includes(elementsKey);
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  return object !== undefined && (object.t === "object" ? object.fields.has(elementsKey) || (object.origin.from === "input" && isIndexed(ev, object.origin)) : object.t === "boxed" && hasElements(ev, object.mem));
};
export const elementsInBox = (ev: Evaluator, mem: Mem): Abs | undefined => (hasElements(ev, mem) ? readField(ev, mem, elementsKey) : undefined);

const isIndexed = (ev: Evaluator, { path, kind }: Origin & { from: "input" }): boolean => ev.lessons.indexed.has(pathKey(path)) || (kind.indexed !== undefined && ![...kind.fields.keys()].some(isIndex));
function elementsOfInput(ev: Evaluator, origin: Origin & { from: "input" }): { readonly list: Mem; written: boolean } | undefined {
  if (!isIndexed(ev, origin)) return undefined;
  const { path, kind } = origin, key = pathKey(path);
  let known = ev.indexed.get(key);
  if (!known) {
    if (!ev.lessons.indexed.has(key)) { ev.lessons.indexed.add(key); for (const one of kind.indexed!) learnContent(ev, elementsPath(path), contentOfKind(one)); }
    const param = (suffix = ""): Mem["ptr"] => { const value = ev.b.value("i32", `elements${ev.indexed.size}${suffix}`); ev.inputValues.add(value); return value; };
    ev.indexed.set(key, (known = { path, list: listInput(ev, elementsPath(path), param), written: false }));
  }
  return known;
}

/** The elements, where the key is one of theirs: an index, or not static. */
function elementsFor(ev: Evaluator, object: HeapObject, key: Abs, name: string | undefined): Abs | undefined {
  if (!hasElementsOf(ev, object) || (name !== undefined && !isNumberText(name))) return undefined;
  const isNumber = key.k === "num" || (key.k === "sum" && key.payload !== null && key.alts.every((a) => a.k === "num" || (a.k === "prim" && (a.value === undefined || typeof a.value === "number"))));
  if (name === undefined ? !isNumber || namesOf(ev, object).includes("undefined") : !isIndex(name)) throw ev.refuse("Todo", "an object with index keys is asked for a key of another kind that is not static, or for a number that is no index", "use indices");
  expectNoneInherited(ev, object);
  return elementsIn(ev, object);
}
const hasElementsOf = (ev: Evaluator, object: HeapObject): boolean =>
  (object.t === "boxed" ? hasElements(ev, object.mem) : object.t === "object" && (object.fields.has(elementsKey) || (object.origin.from === "input" && isIndexed(ev, object.origin))));
const namesOf = (ev: Evaluator, object: HeapObject): readonly string[] =>
  (object.t === "boxed" && object.mem.of.box?.form.form === "record" ? object.mem.of.box.form.names : object.t === "object" ? [...object.fields.keys(), ...(object.origin.from === "input" ? object.origin.kind.fields.keys() : [])] : []);
const indexOf = (key: Abs, name: string | undefined): Abs => (name === undefined ? key : prim(Number(name)));

/** `object[key]`, of an index; undefined for all other properties, and for what has no list of elements. */
export function getIndexed(ev: Evaluator, object: HeapObject, key: Abs, name: string | undefined): Abs | undefined {
  const elements = elementsFor(ev, object, key, name);
  return elements && getProperty(ev, elements, indexOf(key, name));
}
/** `object[key] = value`: whether it was one. */
export function setIndexed(ev: Evaluator, object: HeapObject, key: Abs, name: string | undefined, value: Abs): boolean {
  const elements = elementsFor(ev, object, key, name);
  if (!elements) return false;
  if (object.t === "object" && object.origin.from === "input") elementsOfInput(ev, object.origin)!.written = true;
  if (name === undefined) { // in between all would be holes
    const length = ev.toF64(getProperty(ev, elements, prim("length")));
    require(ev, ev.b.op("f64.le", ev.toF64(key), ev.b.op("f64.add", ev.b.op("f64.add", length, length), ev.b.f64(mostHoles))), "an object gets an index key far behind its others");
  }
  setProperty(ev, elements, indexOf(key, name), value);
  return true;
}
/** The list that `key in object` asks. */
export function elementsAsked(ev: Evaluator, a: Abs, key: Abs, name: string | undefined): Abs | undefined {
  const object: HeapObject | undefined = a.k === "obj" ? ev.object(a.id) : a.k === "mem" && a.of.box ? { t: "boxed", mem: a } : undefined;
  return object && elementsFor(ev, object, key, name);
}

/** An index key behind these is none of a table's places. */
const mostPlaces = 4096;
/** A slow object of some class, whose index keys have numbers, or texts and whatever else is no number, read by a number: a table, a choice. Undefined for others. */
export function readIndexedNode(ev: Evaluator, ref: NodeRef, key: Abs): Abs | undefined {
  const node = ev.snapshot.node(ref);
  if (node.kind !== "object" || key.k !== "num" || !isWithoutNumbers(ev, ev.snapshot.prototype(ref))) return undefined;
  if (ev.snapshot.property(ref, hiddenNumbers).kind !== "absent") return undefined;
  const names = ev.snapshot.keys(ref).filter(isNumberText), values: (Primitive | undefined)[] = [];
  for (const name of names) {
    const property = ev.snapshot.property(ref, name);
    if (!isIndex(name) || Number(name) >= mostPlaces || property.kind !== "data" || property.value instanceof NodeRef) return undefined;
    values[Number(name)] = property.value;
  }
  // numbers with gaps between them are fewer comparisons than places
  const numbers = values.length === names.length && values.every((value) => typeof value === "number");
  if (!numbers && values.some((value) => typeof value === "number" || typeof value === "bigint")) return undefined;
  expectChain(ev, ev.snapshot.prototype(ref));
  if (!numbers) return choiceOf(ev, key, values.length, (i) => prim(values[i]));
  return values.length === 0 ? undefinedValue : readElement(ev, constantTable(ev, `n${ref.node}`, "table", values as number[], "Array"), key);
}

// ── prototypes ──

/** That no prototype has keys of numbers: of the kernel's own it is seen here, the others are tested at entry. */
function expectNoneInherited(ev: Evaluator, object: HeapObject): void {
  const form = object.t === "boxed" ? object.mem.of.box!.form : undefined;
  if (form?.form === "record" && form.prototype >= -1) { expectClean(ev, form.prototype === -1 ? ev.snapshot.builtin("Object.prototype") : new NodeRef(form.prototype)); return; }
  if (form?.form === "record") { expectCleanChain(ev, prototypeOfNumber(ev, form.prototype)); return; }
  if (object.t !== "object") return;
  if (object.origin.from === "input") {
    const { prototype } = object.origin.kind;
    if (prototype !== null) expectClean(ev, prototype === -1 ? ev.snapshot.builtin("Object.prototype") : new NodeRef(prototype));
    return;
  }
  expectCleanChain(ev, object.prototype);
}
function expectCleanChain(ev: Evaluator, prototype: Obj | null): void {
  if (prototype === null) { expectClean(ev, ev.snapshot.builtin("Object.prototype")); return; }
  const at = ev.object(prototype.id);
  if (at.t === "snap") { expectClean(ev, at.node); return; }
  if (at.t !== "object" || [...at.fields.keys()].some((key) => isNumberText(key) || key === elementsKey || key === "undefined")) throw refusePrototype(ev);
  expectCleanChain(ev, at.prototype);
}
const refusePrototype = (ev: Evaluator): Error => ev.refuse("Todo", "an object with index keys has a prototype with such keys, or one that is not known", "use an array");
function expectClean(ev: Evaluator, prototype: NodeRef): void {
  if (!isWithoutNumbers(ev, prototype)) throw refusePrototype(ev);
  expectChain(ev, prototype);
}
const isObjectPrototype = (ev: Evaluator, ref: NodeRef): boolean => ref.node === ev.snapshot.builtin("Object.prototype").node;
function isWithoutNumbers(ev: Evaluator, prototype: NodeRef | null): boolean {
  if (prototype && ev.snapshot.property(prototype, hiddenNumbers).kind !== "absent") return false;
  for (let at = prototype; at; at = ev.snapshot.prototype(at)) {
    if (isObjectPrototype(ev, at)) return true;
    if (ev.snapshot.node(at).kind !== "object" || ev.snapshot.keys(at).some((name) => isNumberText(name) || name === "undefined")) return false;
  }
  return true;
}
function expectChain(ev: Evaluator, prototype: NodeRef | null): void {
  for (let at = prototype; at; at = ev.snapshot.prototype(at)) {
    if (isObjectPrototype(ev, at)) { ev.expect({ expect: "unextended" }); return; }
    ev.expect({ expect: "unextended", prototype: at.node });
    ev.expect({ expect: "behind", node: at.node });
  }
}

// ── at a return ──

/** What goes back into the caller's objects. */
export const writesOfElements = (ev: Evaluator, shape: (abs: Abs) => Shape): Write[] =>
  [...ev.indexed.values()].flatMap(({ path, list, written }): Write[] => (written ? [{ path: elementsPath(path), value: shape(list), contents: true }] : []));
