// What is known of the kernel's own arrays and objects that lie in memory (boxes.ts): their classes.
//
//   const hull = []; for (…) hull.push([x, y])        hull: an array of class 1; class 1: an array of numbers
//
// A class belongs to the place in the source that makes its objects, within its chain of calls, so that it is known when the walk begins
// again. What its elements or fields can be is learned while they are written: a class widens; where code has been written already that
// took the narrower one, the walk begins again. Classes whose objects stand in one place become one.
//
// After Steensgaard, "Points-to analysis in almost linear time" (1996).

import { arrayOfEach, type Holder } from "../../ir/fields.ts";
import type { Kind, Path, TypedArrayName } from "../../ir/interface.ts";
import { heads } from "../../ir/layout.ts";
import { NodeRef } from "../../ir/snapshot.ts";
import { tableFields, type TableForm } from "../../ir/keyed.ts";
import { elementsKey } from "../../ir/within.ts";
import type { Instr, Primitive } from "../../ir/types.ts";
import { isWritten } from "./captured.ts";
import { isRowOfNumbers } from "./chosen.ts";
import { formOfClosure } from "./closures.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { arrayClassOf, type HeapObject } from "./heap.ts";
import { memory, newSpace } from "./inputs.ts";
import { closedOf } from "./integrity.ts";
import { arrayKind, isRowOfItems, refuseRow } from "./items.ts";
import { fieldNames, isMark, needOrder, orderKey, presenceOf } from "./optional.ts";
import { numberOfPrototype } from "./prototypes.ts";
import { tabulate } from "./records.ts";
import { heldPart } from "./subarrays.ts";
import { isHidden, isOwnPrivate, type Abs, type Alt, type Mem, type Memory } from "./values.ts";
import { Restart, type Context } from "./walk.ts";

/** Where an object is made. */
export interface Site { readonly context: Context; readonly instr: Instr }

/** What an element or a field can be. An object of the caller's is found by its path, a slow one by its node. */
export type Content =
  | { readonly is: "number" | "boolean" | "hole" }
  /** a string that is not static */
  | { readonly is: "text" }
  | { readonly is: "const"; readonly value: Primitive }
  | { readonly is: "class"; readonly of: Class }
  /** a typed array of the kernel's own */
  | { readonly is: "typed"; readonly array: TypedArrayName }
  /** a part of such an array, or of the caller's at the path (subarrays.ts) */
  | { readonly is: "part"; readonly array: TypedArrayName; readonly path: Path | null }
  | { readonly is: "node"; readonly node: number }
  /** one of several slow objects, or arrays of numbers, that something dynamic chose (chosen.ts) */
  | { readonly is: "chosen"; readonly nodes: readonly NodeRef[] }
  /** the caller's: the value at the path itself, an object out of the array there, a row out of it */
  | { readonly is: "input"; readonly path: Path; readonly kind: Kind }
  /** `within`: what the object holds in these fields */
  | { readonly is: "item"; readonly path: Path; readonly within: readonly Holder[]; readonly kind: Kind }
  | { readonly is: "row"; readonly path: Path; readonly kind: Kind; readonly level: number };

/** How objects of a class lie in memory: a growing array, or fields one after the other. */
export type Form =
  /** `prototype`: a node, where a class over Array makes them */
  | { readonly form: "array"; readonly prototype?: number }
  /** `prototype`: its number (prototypes.ts) */
  | { readonly form: "record"; readonly prototype: number; readonly names: readonly string[] };

let classes = 0;
export class Class {
  readonly number = ++classes;
  readonly form: Form;
  /** of an array one, for its elements */
  readonly slots: Content[][];
  /** fields that its objects get when they are in memory already, an array's beside its elements; their slots stand behind the form's */
  readonly added: string[] = [];
  /** the class that it became part of */
  into: Class | null = null;
  /** run time says which of such arrays grows, or they hold what does (buckets.ts) */
  isBucket = false;
  /** the places that make its objects */
  readonly sites: Site[] = [];
  /** the kernel makes all of them: none is the caller's, laid out in memory */
  areOwn = false;
  /** fields are deleted from some */
  losesFields = false;
  /** they were made with a length, behind which nothing is written as a rule (vectors.ts) */
  isSized = false;
  constructor(form: Form) {
    this.form = form;
    this.slots = form.form === "array" ? [[]] : form.names.map(() => []);
  }
  becomeBucket(): void { settled(this).isBucket = true; }
}

export const beSized = (cls: Class): void => { settled(cls).isSized = true; };
export const isSized = (cls: Class): boolean => settled(cls).isSized;
const formKeys = new WeakMap<Form, string>();
export function formKey(form: Form): string {
  if (form.form === "array") return form.prototype === undefined ? "array" : `array ${form.prototype}`;
  let key = formKeys.get(form);
  if (key === undefined) formKeys.set(form, (key = `record ${form.prototype} ${JSON.stringify(form.names)}`));
  return key;
}
const settled = (cls: Class): Class => { while (cls.into) cls = cls.into; return cls; };

/** The class of the objects of one form that a place makes. */
export function classAt(site: Site, form: Form): Class {
  let here = site.context.lasting.classes.get(site.instr);
  if (!here) site.context.lasting.classes.set(site.instr, (here = new Map()));
  const key = formKey(form);
  let cls = here.get(key);
  if (!cls) { here.set(key, (cls = new Class(form))); cls.sites.push(site); cls.areOwn = true; }
  return settled(cls);
}

/** The slots that all of its objects have: of an array that of its elements, whose place in the head says where these are. */
export const ownSlots = ({ form }: Class): number => (form.form === "array" ? 1 : form.names.length);
/** Where a field stands among the slots; −1 where there is none of that name. */
export function fieldAt(of: Class, name: string): number {
  const { form, added } = settled(of), at = form.form === "array" ? -1 : form.names.indexOf(name);
  return at >= 0 || !added.includes(name) ? at : ownSlots(of) + added.indexOf(name);
}
/** The fields that objects of the class may get. */
export const addedTo = (of: Class): readonly string[] => settled(of).added;
/** Objects of the class get a field that they were made without. Begins again. */
export function addField(of: Class, name: string): never {
  const cls = settled(of);
  cls.added.push(name);
  cls.slots.push([{ is: "hole" }]);
  throw new Restart();
}

/** Objects of the class lose fields from now on; false where some are the caller's, to whom nobody tells it. */
export function loseFields(of: Class): boolean {
  const cls = settled(of);
  cls.losesFields ||= cls.areOwn;
  return cls.areOwn;
}

const nodeKeys = new WeakMap<readonly NodeRef[], string>();
function nodesKey(nodes: readonly NodeRef[]): string {
  let key = nodeKeys.get(nodes);
  if (key === undefined) nodeKeys.set(nodes, (key = nodes.map(({ node }) => node).join()));
  return key;
}
export const areSameNodes = (a: readonly NodeRef[], b: readonly NodeRef[]): boolean => nodesKey(a) === nodesKey(b);
const contentKeys = new WeakMap<Content, string>();
function contentKey(content: Content): string {
  if (content.is === "class") return `class ${settled(content.of).number}`; // classes become one
  let key = contentKeys.get(content);
  if (key === undefined) contentKeys.set(content, (key = lastingKey(content)));
  return key;
}
const lastingKey = (content: Exclude<Content, { readonly is: "class" }>): string => {
  switch (content.is) {
    case "number": case "boolean": case "text": case "hole": return content.is;
    case "const": return `const ${typeof content.value} ${String(content.value)}`;
    case "typed": return `typed ${content.array}`;
    case "part": return `part ${content.array} ${content.path ? pathKey(content.path) : ""}`;
    case "node": return `node ${content.node}`;
    case "chosen": return `chosen ${nodesKey(content.nodes)}`;
    case "input": return `input ${pathKey(content.path)}`;
    case "item": return `item ${pathKey(content.path)} ${content.within.map(({ field }) => field).join(".")}`;
    case "row": return `row ${content.level} ${pathKey(content.path)}`;
  }
};

/** One of the contents more, from now on. */
export function admit(ev: Evaluator, cls: Class, slot: number, content: Content): void {
  if (add(ev, settled(cls), slot, content)) ev.learned();
}
export const isSameClass = (a: Class, b: Class): boolean => settled(a) === settled(b);
/** Objects of both can stand in one place: one class. */
export function unify(ev: Evaluator, a: Class, b: Class): void {
  if (join(ev, settled(a), settled(b))) ev.learned();
}

/** Whether code was written that does not know of it. */
function add(ev: Evaluator, cls: Class, slot: number, content: Content): boolean {
  const list = cls.slots[slot]!;
  if (content.is === "class") {
    const key = formKey(content.of.form);
    const other = list.find((c): c is Content & { is: "class" } => c.is === "class" && formKey(c.of.form) === key);
    if (other) return join(ev, settled(other.of), settled(content.of));
  }
  const key = contentKey(content);
  if (list.some((c) => contentKey(c) === key || isAmong(c, content))) return false;
  if (content.is === "node" && (tabled(ev, list, content) || rowed(ev, list, content))) return ev.fixed.has(cls);
  // what nothing was ever put into is read as if it held numbers
  return list.push(content) > 1 || content.is !== "number" ? ev.fixed.has(cls) : false;
}
/** Whether it is one of the slow objects, or rows, of the other. */
export const isAmong = (chosen: Content, content: Content): boolean => chosen.is === "chosen" && content.is === "node" && chosen.nodes.some(({ node }) => node === content.node);
/** With one slow object more there may be enough for tables: each of them is then one of all in its table. */
function tabled(ev: Evaluator, list: Content[], content: Content & { is: "node" }): boolean {
  const nodes = [...list.flatMap((c) => (c.is === "node" ? [c.node] : [])), content.node].map((node) => new NodeRef(node));
  const family = tabulate(ev, nodes), tables = family && [...new Set(nodes.map(({ node }) => family.get(node)!.of.records!.nodes!.list))];
  if (!tables || tables.some((table) => table.length > mostNodes)) return false;
  const others = list.filter((c) => c.is !== "node" && !(c.is === "chosen" && tables.some((table) => areSameNodes(table, c.nodes))));
  list.splice(0, list.length, ...others, ...tables.map((table): Content => ({ is: "chosen", nodes: table })));
  return true;
}
/** The same of slow arrays of numbers: each of them is then a row of one table. */
function rowed(ev: Evaluator, list: Content[], content: Content & { is: "node" }): boolean {
  const isPart = (c: Content): boolean => c.is === "node" || (c.is === "chosen" && isRowOfNumbers(ev, c.nodes));
  const nodes = [...list.filter(isPart).flatMap((c) => (c.is === "chosen" ? c.nodes : [new NodeRef((c as typeof content).node)])), new NodeRef(content.node)];
  const prototype = ev.snapshot.builtin("Array.prototype").node;
  if (nodes.length < ev.budget.tabled || nodes.length > mostNodes || !nodes.every((ref) => isPlainRow(ev, ref, prototype))) return false;
  list.splice(0, list.length, ...list.filter((c) => !isPart(c)), { is: "chosen", nodes });
  return true;
}
function isPlainRow(ev: Evaluator, ref: NodeRef, prototype: number): boolean {
  const node = ev.snapshot.node(ref);
  return node.kind === "array" && node.items.length > 0 && node.items.every((item) => typeof item === "number") && !isWritten(ev, ref) && ev.snapshot.prototype(ref)?.node === prototype;
}
/** Rows that are written by now are told apart again. */
function parted(ev: Evaluator, list: Content[]): Content[] {
  if (ev.lessons.writtenNodes.size > 0 && list.some((c) => c.is === "chosen" && isRowOfNumbers(ev, c.nodes) && c.nodes.some((ref) => isWritten(ev, ref)))) {
    list.splice(0, list.length, ...list.flatMap((c): Content[] => (c.is === "chosen" && isRowOfNumbers(ev, c.nodes) ? c.nodes.map(({ node }) => ({ is: "node", node })) : [c])));
  }
  return list;
}
function join(ev: Evaluator, one: Class, other: Class): boolean {
  if (one === other) return false;
  other.into = one;
  if (other.isBucket) one.isBucket = true;
  one.sites.push(...other.sites);
  one.isSized &&= other.isSized;
  one.areOwn &&= other.areOwn;
  one.losesFields ||= other.losesFields;
  let late = ev.fixed.has(one) || ev.fixed.has(other) || (one.losesFields && !one.areOwn);
  for (const name of other.added) if (!one.added.includes(name)) { one.added.push(name); one.slots.push([{ is: "hole" }]); }
  const { length } = other.slots, own = length - other.added.length;
  other.slots.forEach((list, slot) => { for (const content of list) late = add(ev, settled(one), slot < own ? slot : own + settled(one).added.indexOf(other.added[slot - own]!), content) || late; });
  return late;
}

/** Numbers first, then in a fixed order: equal lists are of one memory. */
function ordered(list: readonly Content[]): readonly Content[] {
  const ranks = ["number", "boolean", "text", "hole", "const", "class", "typed", "part", "node", "chosen", "input", "item", "row"];
  return [...list].sort((a, b) => ranks.indexOf(a.is) - ranks.indexOf(b.is) || (contentKey(a) < contentKey(b) ? -1 : 1));
}

/** What the slot is, from now on: code relies on it. */
export function slotOf(ev: Evaluator, of: Class, slot: number): readonly Content[] {
  const cls = settled(of);
  ev.fixed.add(cls);
  const list = parted(ev, cls.slots[slot]!);
  return ordered(ev.lessons.held.size === 0 ? list : list.filter((content) => !isHeld(ev, content)));
}
/** A row or object that an earlier walk left where it was, and that lies in memory since, as one of a class (held.ts). */
const isHeld = ({ lessons }: Evaluator, content: Content): boolean => (content.is === "row" || content.is === "item") && lessons.held.has(pathKey(arrayOfEach(content.path)));

const numbersOnly = (slot: readonly Content[]): boolean => slot.every((c) => c.is === "number");

/** The memory of the elements of arrays of the class. Arrays of the same contents share it. */
export function elementsMemory(ev: Evaluator, cls: Class): Memory {
  const slot = slotOf(ev, cls, 0);
  const { prototype } = cls.form.form === "array" ? cls.form : { prototype: undefined };
  const key = `elements ${prototype === undefined ? "" : `of ${prototype} `}${numbersOnly(slot) ? "number" : slot.map(contentKey).join()}`;
  let of = ev.heapMemories.get(key);
  if (!of) ev.heapMemories.set(key, (of = memory({ array: "Array", space: newSpace(ev, "heap_f64", "frame", "f64"), name: "heap", path: null, local: true, slot: numbersOnly(slot) ? null : slot, prototype })));
  return of;
}

/** Where an array has what it has beside its elements. */
export function namesSpace(ev: Evaluator, of: Class): number {
  const key = `names ${settled(of).number}`;
  let names = ev.heapMemories.get(key);
  if (!names) ev.heapMemories.set(key, (names = memory({ array: "Array", space: newSpace(ev, "heap_names", "frame", "f64"), name: "names", path: null, local: true })));
  return names.space;
}

/** What stands for objects of the class; its space is that of the fields, or of where an array's elements are and how many. */
export function boxMemory(ev: Evaluator, of: Class): Memory {
  const cls = settled(of), key = `box ${cls.number}`;
  let box = ev.heapMemories.get(key);
  if (!box) ev.heapMemories.set(key, (box = memory({ array: "Array", space: newSpace(ev, heads.boxes, "frame", cls.form.form === "array" ? "i32" : "f64"), name: "box", path: null, local: true, box: cls, prototype: cls.form.form === "array" ? cls.form.prototype : undefined })));
  return box;
}

// ── what a value is as a content ──

/** An outcome names each of them. */
const mostNodes = 4096;

/** The slow objects, or rows, of which it is one; undefined where that can't be told. */
export function chosenFrom(ev: Evaluator, { of }: Mem): readonly NodeRef[] | undefined {
  const list = of.row ? (of.records?.nodes?.list ?? ev.slowRows.get(of)?.nodes) : undefined;
  return list && list.length <= mostNodes ? list : undefined;
}

/** The fields of a local object in front of the first that is there on some paths only, that objects in memory get late, or lose: this one, and those behind it, it may get (boxes.ts). */
function alwaysThere(ev: Evaluator, object: HeapObject & { t: "object" }): string[] {
  const names = fieldNames(object), first = names.findIndex((name) => presenceOf(object, name) || ev.lessons.late.has(name));
  return first < 0 ? names : names.slice(0, first);
}

/** Objects of one place met of which some had got fields that others had not: they get these late. Begins again where that is news. */
export function learnLate(ev: Evaluator, objects: readonly HeapObject[]): void {
  const forms = objects.map((object) => (object.t === "boxed" ? formOfBox(object.mem) : formOf(ev, object))), [first] = forms;
  if (first?.form !== "record") return;
  const lists = forms.map((form) => (form?.form === "record" && form.prototype === first.prototype ? form.names : undefined));
  if (lists.includes(undefined)) return;
  const at = first.names.findIndex((name, i) => lists.some((names) => names![i] !== name)), differing = new Set(lists.map((names) => names![at < 0 ? first.names.length : at]));
  const news = [...differing].filter((name) => name !== undefined && !ev.lessons.late.has(name));
  for (const name of news) ev.lessons.late.add(name!);
  if (news.length > 0) throw new Restart();
}
const formOfBox = ({ of }: Mem): Form | undefined => (of.box && settled(of.box).areOwn ? of.box.form : undefined);

/** The form in which a local object would lie in memory; undefined where it can't. */
export function formOf(ev: Evaluator, object: HeapObject): Form | undefined {
  switch (object.t) {
    case "array": case "vector": case "spilled": {
      if (object.t === "spilled" && object.mem.of.array !== "Array") return undefined;
      const prototype = arrayClassOf(object);
      return { form: "array", ...(prototype === undefined ? {} : { prototype }) };
    }
    case "object": {
      if (object.fields.has(orderKey)) needOrder(ev);
      if (object.origin.from !== "local" || [...object.fields.keys()].some((key) => isHidden(key) && !isMark(key) && key !== elementsKey && !isOwnPrivate(key))) return undefined;
      const prototype = numberOfPrototype(ev, object.prototype);
      if (prototype === undefined) return undefined;
      const names = alwaysThere(ev, object), late = fieldNames(object).slice(names.length);
      // private fields that some objects of a place lack would have to be asked for, as no source does but with `in`
      return late.some(isOwnPrivate) ? undefined : { form: "record", prototype, names };
    }
    case "keyed": {
      if (object.bare || object.named || object.composite || object.words || object.objects || object.input) return undefined;
      return formOfTable(ev, object.form);
    }
    case "closure": return formOfClosure(ev, object);
    case "cell": return object.value === null ? undefined : { form: "record", prototype: -1, names: [heldField] };
    default: return undefined;
  }
}
/** The form of Maps, Sets and objects with keys of run time (keyed.ts). */
export const formOfTable = (ev: Evaluator, table: TableForm): Form & { form: "record" } =>
  ({ form: "record", prototype: table === "record" ? -1 : ev.snapshot.builtin(table === "map" ? "Map.prototype" : "Set.prototype").node, names: table === "set" ? tableFields.slice(0, -1) : tableFields });
/** Whether objects of the form are such, and which. */
export const tableOf = (form: Form): TableForm | undefined =>
  (form.form !== "record" || form.names[0] !== tableFields[0] ? undefined : form.names.length < tableFields.length ? "set" : form.prototype === -1 ? "record" : "map");
/** What stands for an object of the kernel's own that lies in memory, and is no table. */
export const isRecordBox = ({ of: { box } }: Mem): boolean => box?.form.form === "record" && !tableOf(box.form);
/** the name of the one field that a captured variable has in memory (variables.ts) */
export const heldField = "value";
export function classOf(ev: Evaluator, object: HeapObject): Class | undefined {
  if (object.t === "boxed") return object.mem.of.box ?? undefined;
  const form = formOf(ev, object);
  return form && "site" in object && object.site ? classAt(object.site, form) : undefined;
}

/** What a value is where an array or object holds it; undefined where it can't. Of a choice: each. */
export function contentsOf(ev: Evaluator, abs: Abs): readonly Content[] | undefined {
  if (abs.k !== "sum") { const one = abs.k === "text" ? undefined : contentOf(ev, abs); return one && [one]; }
  const list = abs.alts.map((alt) => contentOf(ev, alt));
  return list.includes(undefined) ? undefined : (list as Content[]);
}
export function contentOf(ev: Evaluator, abs: Exclude<Abs, { k: "sum" | "text" }> | Alt): Content | undefined {
  switch (abs.k) {
    case "num": return { is: "number" };
    case "bool": return { is: "boolean" };
    case "str": return { is: "text" };
    case "prim": {
      if (typeof abs.value === "bigint" || typeof abs.value === "symbol") return undefined;
      return typeof abs.value === "number" ? { is: "number" } : typeof abs.value === "boolean" ? { is: "boolean" } : { is: "const", value: abs.value };
    }
    case "mem": {
      const { of } = abs;
      if (isRowOfItems(abs)) throw refuseRow(ev, abs, "is put into an array or object");
      if (of.box) return { is: "class", of: of.box };
      if (of.records && of.row && !of.records.nodes) return { is: "item", path: of.records.path, within: of.records.within, kind: arrayKind(ev, of.records) };
      if (of.rowOf) return { is: "row", ...of.rowOf };
      const nodes = chosenFrom(ev, abs);
      if (nodes) return { is: "chosen", nodes };
      const part = of.prototype === undefined ? heldPart(ev, abs) : undefined;
      if (part) return { is: "part", ...part };
      if (of.row || of.constant || of.records || of.bigints) return undefined;
      if (of.path && of.kind) return { is: "input", path: of.path, kind: of.kind };
      return of.local && of.array !== "Array" && of.prototype === undefined ? { is: "typed", array: of.array } : undefined;
    }
    case "obj": {
      const object = ev.object(abs.id);
      if (object.t === "boxed") return contentOf(ev, object.mem);
      switch (object.t) {
        case "snap": case "function": case "class": return { is: "node", node: object.node.node };
        case "builtin": return { is: "node", node: (object.node ?? ev.snapshot.builtin(object.name)).node };
        case "object": if (object.origin.from === "input") return { is: "input", path: object.origin.path, kind: object.origin.kind }; break;
        case "typed": return { is: "typed", array: object.array };
        case "spilled": if (object.mem.of.array !== "Array" && !object.mem.of.bigints) return { is: "typed", array: object.mem.of.array }; break;
      }
      const cls = classOf(ev, object);
      return cls && { is: "class", of: cls };
    }
  }
}

/** What else an array has would be lost in memory; but for fields beside its elements (boxes.ts). */
export function keepNames(ev: Evaluator, object: HeapObject): void {
  if (closedOf(object)) throw ev.refuse("Todo", "a frozen array is put into an array or object that lies in memory", "leave it as it is");
  if (object.t === "array" && object.named?.has("raw")) throw ev.refuse("Todo", "the texts of a template are put into an array or object that lies in memory", "copy them with slice");
}

/** The elements of an array that is about to lie in memory are known before code is written that takes fewer. */
export function learnItems(ev: Evaluator, object: HeapObject): void {
  const cls = object.t === "array" || object.t === "spilled" ? classOf(ev, object) : undefined;
  if (!cls) return;
  if (object.t === "spilled") { admit(ev, cls, 0, { is: "number" }); return; }
  for (const item of (object as HeapObject & { t: "array" }).items) {
    if (item === undefined) { admit(ev, cls, 0, { is: "hole" }); continue; }
    for (const content of wanted(ev, contentsOf(ev, item) ?? [])) admit(ev, cls, 0, content);
  }
}
/** Of a value that may be undefined as well, most likely a read past the end, only the rest is expected, until a call shows otherwise. */
export function wanted(ev: Evaluator, contents: readonly Content[]): readonly Content[] {
  const rest = ev.knows("undefined") ? contents : contents.filter((c) => !(c.is === "const" && c.value === undefined));
  return rest.length > 0 ? rest : contents;
}
