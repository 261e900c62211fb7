// The objects of an array of the caller's (items): an index stands for each, and for what each holds in a field.
//
//   bodies[i].pos.x += bodies[i].vel.x * dt      a column of numbers for pos.x, one for vel.x
//   node.parent = prev; node.f = g + h           columns of numbers, each with a column of codes that say what the number is (ir/fields.ts)
//
// Numbers in all objects, booleans in all, and objects of one prototype that nobody else holds have columns alone. All else that a field can be
// is learned as contents.ts learns it: from the kind, and from what is written; where code was written for less, the walk begins again. A field that an
// object gets has its place among those that it got.
// What all of them hold as arrays of numbers, typed arrays or arrays of objects (`layers[l].weights[i]`) is as if these stood in one array, row by row (`eachKey`): the
// object's index is the row's.
// Guarantees: what a field holds at entry is one of these, else the call does not fit; all of these objects are two where one of them is written or compared.

import { codeBits, codeOf, codeOfWord, eachKey, mostWords, type FieldKind, type Holder } from "../../ir/fields.ts";
import type { Kind, Path } from "../../ir/interface.ts";
import { NodeRef } from "../../ir/snapshot.ts";
import type { Value } from "../../ir/types.ts";
import { laidKey } from "../../ir/within.ts";
import { loadElement, readRow, writeElement } from "./arrays.ts";
import { callSnapshotSetter } from "./classes.ts";
import { admit, Class, contentsOf, slotOf, type Content } from "./contents.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { becomeHeld } from "./held.ts";
import { inputValue, memory, newSpace, pathName } from "./inputs.ts";
import { found } from "./objects.ts";
import { isLookedAt, noteRewritten } from "./passed.ts";
import { readField } from "./records.ts";
import { bool, isBoolean, isHidden, num, prim, undefinedValue, type Abs, type Alt, type Mem, type Records } from "./values.ts";
import { Restart } from "./walk.ts";

type ObjectKind = Kind & { readonly kind: "object" };

export function recordsOf(path: Path, kind: ObjectKind, within: readonly Holder[], flat: boolean, name: string): Records {
  const records: Records = { path, kind, within, flat, inner: new Map(), columns: new Map(), element: null };
  records.element = memory({ array: "Array", space: -1, name: `${name}_item`, path: null, row: true, records });
  return records;
}

/** Null where an object has none. */
export const prototypeOfKind = (ev: Evaluator, { prototype }: ObjectKind): NodeRef | null =>
  (prototype === null ? null : prototype === -1 ? ev.snapshot.builtin("Object.prototype") : new NodeRef(prototype));
/** The prototype of the call's objects, of which a member is used: entry tests not only that it is theirs, but also that the member is what it was. */
export function keptFor(ev: Evaluator, prototype: NodeRef, key: string): NodeRef {
  if (ev.snapshot.node(prototype).kind === "builtin") return prototype;
  const property = ev.snapshot.property(prototype, key), value = property.kind === "data" && property.value instanceof NodeRef ? property.value : null;
  ev.expect({ expect: "member", node: prototype.node, key });
  if (value && !["function", "builtin", "opaque"].includes(ev.snapshot.node(value).kind)) ev.expect({ expect: "unchanged", node: value.node });
  return prototype;
}
// of the objects of an array each has one
export const prototypeOf = (ev: Evaluator, { kind }: Pick<Records, "kind">): NodeRef => prototypeOfKind(ev, kind)!;
const numberOfPrototype = ({ prototype }: ObjectKind): number => prototype!;
const nameOf = ({ path, within }: Records, field: string): string => [pathName(path), ...within.map((holder) => holder.field), field].join(".");

/** What can't be done with such objects may be done with static ones: at once where they hold others, else where nothing is left of the program. */
export function refuseItem(ev: Evaluator, records: Records, message: string, hint: string): Error {
  const { path, kind } = records, refusal = ev.refuse("Todo", message, hint);
  ev.refusedItems.set(pathKey(path), records);
  if (typeof path.root !== "object" && [...kind.fields.values()].some((field) => field.kind === "object" || isList(field))) refusal.promote = [{ root: path.root, keys: [...path.keys, laidKey] }];
  return refusal;
}

/** A row of an array of arrays of objects: the number of its first, and how many there are. It has no identity, and stays as it is. */
export const isRowOfItems = ({ of }: Mem): boolean => of.records?.flat === true && !of.row;
export function refuseRow(ev: Evaluator, { of }: Mem, what: string): Error {
  const records = of.records!, refusal = ev.refuse("Todo", `an array of objects, which stands in another array, ${what}`, "use its index");
  ev.refusedItems.set(pathKey(records.path), records);
  if (typeof records.path.root !== "object") refusal.promote = [{ root: records.path.root, keys: [...records.path.keys, laidKey] }];
  return refusal;
}
/** An array of arrays of objects, as a table of its rows. */
export function gridOf(ev: Evaluator, path: Path, kind: ObjectKind, name: string, ptr: Value, len: Value): Mem {
  const records = recordsOf(path, kind, [], true, name), space = newSpace(ev, name, "input", "i32");
  ev.inputs.push({ input: { as: "grid", path, space, read: true, written: false }, params: [ptr, len] });
  anyColumn(ev, records);
  const rows = memory({ array: "Array", space: -1, name: `${name}_row`, path: null, records });
  return { k: "mem", of: memory({ array: "Array", space, name, path, rows }), ptr, len };
}

// ── columns ──

/** The memory of one field of all objects, or of a part of it. */
export function column(ev: Evaluator, records: Records, field: string, part?: "value" | "code" | "added"): Mem {
  const key = part ? `${part} ${field}` : `field ${field}`;
  let mem = records.columns.get(key);
  if (!mem) {
    const { path, within, flat } = records, owner = records.element!.name.replace(/_item$/, "");
    const name = [owner, field, ...(part ? [part] : [])].join("_");
    const ptr = ev.b.value("i32", name), len = ev.b.value("i32", `${owner}_length`);
    ev.inputValues.add(ptr);
    ev.inputValues.add(len);
    const space = newSpace(ev, name, "input", "f64"), flag = !part && records.kind.fields.get(field)?.kind === "boolean";
    ev.inputs.push({ input: { as: "column", path, ...(flat ? { flat: true as const } : {}), field, within, ...(part ? { part } : {}), ...(flag ? { boolean: true as const } : {}), prototype: numberOfPrototype(within[0] ? rootOf(ev, records).kind : records.kind), space, read: true, written: true }, params: [ptr, len] });
    mem = { k: "mem", of: memory({ array: "Array", space, name, path: null }), ptr, len };
    records.columns.set(key, mem);
  }
  return mem;
}
/** The records of the array itself. */
function rootOf(ev: Evaluator, { path }: Records): Records {
  const root = ev.itemRoots.get(pathKey(path));
  if (!root) throw ev.invariant("objects of no array");
  return root;
}

/** The kind of the array that they stand in. */
export function arrayKind(ev: Evaluator, records: Records): Kind {
  const { kind } = rootOf(ev, records);
  return { kind: "array", element: records.flat ? { kind: "array", element: kind, length: -1 } : kind, length: 0 };
}

/** Some column of all objects: that they are such is tested at entry. */
export function anyColumn(ev: Evaluator, records: Records): Mem {
  if (records.within.length === 0) ev.itemRoots.set(pathKey(records.path), records);
  const fields = [...records.kind.fields].filter(([, kind]) => !isList(kind));
  const [name, kind] = fields.find(([, { kind }]) => kind !== "mixed" && kind !== "object") ?? fields[0] ?? [];
  if (name === undefined || kind === undefined) return column(ev, records, "", "added"); // objects that hold arrays alone
  return kind.kind === "object" ? anyColumn(ev, innerOf(records, name, kind)) : column(ev, records, name, kind.kind === "mixed" ? "code" : undefined);
}

/** What the objects hold in the field, which are objects. */
function innerOf(records: Records, name: string, kind: ObjectKind): Records {
  let inner = records.inner.get(name);
  if (!inner) records.inner.set(name, (inner = recordsOf(records.path, kind, [...records.within, { field: name, prototype: numberOfPrototype(kind) }], records.flat, `${records.element!.name.replace(/_item$/, "")}_${name}`)));
  return inner;
}

/** Whether none of the objects has the field of its own, which is then checked at entry. */
export function isLacking(ev: Evaluator, records: Records, name: string): boolean {
  if (records.kind.fields.has(name) || !records.kind.others || records.kind.others.includes(name) || classAt(ev, records, name)) return false;
  anyColumn(ev, records); // that all are of one prototype
  ev.expect({ expect: "lacking", path: records.path, within: records.within.map((holder) => holder.field), field: name });
  return true;
}
/** Whether all objects have the field; undefined where some may lack it. */
export function hasField(ev: Evaluator, records: Records, name: string): boolean | undefined {
  const kind = records.kind.fields.get(name);
  if (classAt(ev, records, name)) {
    column(ev, records, name, "code"); // what may be there is tested
    return contentsAt(ev, records, name).some((content) => content.is === "hole") ? undefined : true;
  }
  if (!kind) return isLacking(ev, records, name) ? false : undefined;
  if (isList(kind)) listsIn(ev, records, name, kind); // an array is there
  else if (kind.kind === "object") anyColumn(ev, innerOf(records, name, kind)); // an object is there
  else column(ev, records, name);
  return true;
}
/** The same of one of the objects, where some may lack it; nothing that they inherit is called so, which entry checks. */
export function hasFieldNow(ev: Evaluator, { ptr }: Mem, records: Records, name: string): Value | undefined {
  if (records.nodes || !classAt(ev, records, name)) return undefined;
  const stored = ev.toI32(num(loadElement(ev, column(ev, records, name, "code"), ptr)));
  return ev.b.op("i32.ne", ev.b.op("i32.and", stored, ev.b.i32((1 << codeBits) - 1)), ev.b.i32(codeOf("absent")));
}
/** Whether each of the objects has the fields of its kind and no others, before and after. */
export const hasItsFields = (ev: Evaluator, records: Records): boolean =>
  !records.flat && records.kind.others?.length === 0
  && [...ev.lessons.fields].every(([key, cls]) => !key.startsWith(fieldKey(records, "")) || slotOf(ev, cls, 0).every((content) => content.is !== "hole"))
  && [...records.kind.fields.values()].every((kind) => kind.kind !== "mixed" || !kind.of.includes("absent"));

// ── arrays in objects ──

const isList = ({ kind }: Kind): boolean => kind === "array" || kind === "typed";

/** What the objects hold in the field, which are arrays, as an array of these. */
function listsIn(ev: Evaluator, { path, within }: Records, name: string, kind: Kind): Mem {
  const keys = [...path.keys, ...within.map(({ field }) => eachKey(field)), eachKey(name)];
  return inputValue(ev, { root: path.root, keys }, { kind: "array", element: kind, length: -1 }) as Mem;
}
/** That of one of them: of as many as there are objects. */
function listOfItem(ev: Evaluator, mem: Mem, records: Records, name: string, kind: Kind): Abs {
  const lists = listsIn(ev, records, name, kind);
  return readRow(ev, lists, mem.ptr, ev.b.i32(1));
}

// ── what a field can be ──

const fieldKey = ({ path, within }: Pick<Records, "path" | "within">, field: string): string => `${pathKey(path)} ${within.map((holder) => `${holder.field}.`).join("")}${field}`;

function classAt(ev: Evaluator, records: Records, name: string): Class | undefined {
  const key = fieldKey(records, name), known = ev.lessons.fields.get(key), kind = records.kind.fields.get(name);
  if (known || kind?.kind !== "mixed") return known;
  return classOf(ev, records, name, kind.of);
}
function classOf(ev: Evaluator, records: Records, name: string, of: readonly FieldKind[]): Class {
  const cls = new Class({ form: "array" });
  ev.lessons.fields.set(fieldKey(records, name), cls);
  for (const kind of of) admit(ev, cls, 0, contentOf(ev, records, name, kind));
  return cls;
}
const contentsAt = (ev: Evaluator, records: Records, name: string): readonly Content[] => slotOf(ev, classAt(ev, records, name)!, 0);

function contentOf(ev: Evaluator, records: Records, name: string, kind: FieldKind): Content {
  switch (kind) {
    case "absent": return { is: "hole" };
    case "undefined": return { is: "const", value: undefined };
    case "null": return { is: "const", value: null };
    case "boolean": case "number": return { is: kind };
    case "item": return { is: "item", path: records.path, within: [], kind: arrayKind(ev, records) };
    case "text": case "other": return { is: "item", path: records.path, within: passedOf(records, name).within, kind: arrayKind(ev, records) };
  }
}
/** What the objects hold there, which are objects or handed on alone. */
export function heldBy(records: Records, field: string): Records {
  const kind = records.kind.fields.get(field);
  return kind?.kind === "object" ? innerOf(records, field, kind) : passedOf(records, field);
}
/** What the objects hold in the field that is handed on alone. */
function passedOf(records: Records, name: string): Records {
  let inner = records.inner.get(name);
  if (!inner) {
    const kind = records.kind.fields.get(name), texts = kind?.kind === "mixed" && !kind.of.includes("other");
    inner = { ...recordsOf(records.path, { kind: "object", fields: new Map(), prototype: null }, [...records.within, { field: name, prototype: -1 }], records.flat, ""), passed: { texts } };
    inner.element = memory({ array: "Array", space: -1, name: `${records.element!.name.replace(/_item$/, "")}_${name}`, path: null, row: true, records: inner });
    records.inner.set(name, inner);
  }
  return inner;
}
const isWord = (content: Content): boolean => content.is === "const" && typeof content.value === "string";
const wordsOf = (slot: readonly Content[]): string[] => slot.flatMap((content) => (content.is === "const" && typeof content.value === "string" ? [content.value] : []));
/** Strings that a field which is handed on is told from. Begins again where one of them is new; false: there are too many. */
export function learnWords(ev: Evaluator, { path, within }: Records, words: readonly string[], also: readonly string[]): boolean {
  const cls = ev.lessons.fields.get(fieldKey({ path, within: within.slice(0, -1) }, within.at(-1)!.field))!, known = wordsOf(slotOf(ev, cls, 0)), more = words.filter((word) => !known.includes(word));
  if (more.length === 0) return true;
  if (known.length + more.length > mostWords) return false;
  const wanted = new Set([...more, ...also.filter((word) => !known.includes(word))]);
  for (const value of [...wanted].slice(0, mostWords - known.length)) admit(ev, cls, 0, { is: "const", value });
  throw new Restart();
}
/** Which of those values of the call it is that are handed on. */
export function numberOfPassed(ev: Evaluator, { of, ptr }: Mem): Value {
  const { path, within } = of.records!, owner = within.slice(0, -1).reduce((records, { field }) => heldBy(records, field), ev.itemRoots.get(pathKey(path))!);
  return loadElement(ev, column(ev, owner, within.at(-1)!.field, "value"), ptr);
}
/** What it is as one of the contents of the objects' fields; undefined where it can't be one. */
function kindOf({ path, within }: Records, content: Content): FieldKind | undefined {
  switch (content.is) {
    case "hole": return "absent";
    case "number": case "boolean": return content.is;
    case "const": return content.value === undefined ? "undefined" : content.value === null ? "null" : undefined;
    case "item": return pathKey(content.path) !== pathKey(path) ? undefined : content.within.length === 0 ? "item" : content.within.length > within.length ? "other" : undefined;
    default: return undefined;
  }
}
type OfColumn = { readonly path: Path; readonly within: readonly Holder[]; readonly field: string };
const recordsOfColumn = (ev: Evaluator, { path, within }: OfColumn): Records => within.reduce((records, { field }) => records.inner.get(field)!, ev.itemRoots.get(pathKey(path))!);
/** What the field of that column may be at entry; the words among it. */
export const wordsAtEntry = (ev: Evaluator, input: OfColumn): readonly string[] => wordsOf(contentsAt(ev, recordsOfColumn(ev, input), input.field));
export function kindsAtEntry(ev: Evaluator, input: OfColumn): readonly FieldKind[] {
  const records = recordsOfColumn(ev, input);
  const kind = records.kind.fields.get(input.field), own = kind?.kind === "mixed" ? kind.of.filter((one) => one === "text" || one === "other") : [];
  return contentsAt(ev, records, input.field).flatMap((content) => (isWord(content) ? [] : kindOf(records, content) === "other" ? own : [kindOf(records, content)!]));
}

// ── reading and writing ──

/** A field of one of the objects, or a method. */
export function getOfItem(ev: Evaluator, mem: Mem, records: Records, name: string | undefined): Abs {
  if (name === undefined) throw ev.refuse("Unsupported", "a field of an object is read by a key that is not static", "use an array");
  if (records.nodes) return readField(ev, mem, name);
  if (classAt(ev, records, name)) return readMixed(ev, mem, records, name);
  const kind = records.kind.fields.get(name);
  switch (kind?.kind) {
    case "object": {
      const inner = innerOf(records, name, kind);
      anyColumn(ev, inner); // that they are there
      return { k: "mem", of: inner.element!, ptr: mem.ptr, len: ev.b.i32(0) };
    }
    case "boolean": return bool(ev.b.op("f64.ne", loadElement(ev, column(ev, records, name), mem.ptr), ev.b.f64(0)));
    case "array": case "typed": return listOfItem(ev, mem, records, name, kind);
    case undefined: break;
    default: return num(loadElement(ev, column(ev, records, name), mem.ptr));
  }
  if (!isLacking(ev, records, name)) throw refuseItem(ev, records, `the field ${name} of the objects in ${pathName(records.path)} is no number in all of them`, "use fields that are numbers, booleans, null or objects alike in every object");
  return found(ev, keptFor(ev, prototypeOf(ev, records), name), name, mem);
}

function readMixed(ev: Evaluator, mem: Mem, records: Records, name: string): Abs {
  if (isLookedAt(ev, records, name)) throw refuseItem(ev, records, `the field ${name} of the objects in ${pathName(records.path)} is no number in all of them`, "use fields that are numbers, booleans, null or objects alike in every object");
  const slot = contentsAt(ev, records, name), first = slot.findIndex(isWord), codes = slot.map((content, i) => (isWord(content) ? codeOfWord(i - first) : codeOf(kindOf(records, content)!)));
  const stored = ev.toI32(num(loadElement(ev, column(ev, records, name, "code"), mem.ptr)));
  const code = slot.some((content) => content.is === "hole") ? ev.b.op("i32.and", stored, ev.b.i32((1 << codeBits) - 1)) : stored;
  const isNumeric = slot.some(({ is }) => is === "number" || is === "boolean"), hasNumber = isNumeric || slot.some((content) => content.is === "item" && content.within.length === 0);
  const value = hasNumber ? loadElement(ev, column(ev, records, name, "value"), mem.ptr) : null;
  const alts = slot.map((content): Alt => {
    switch (content.is) {
      case "number": return { k: "num" };
      case "boolean": return { k: "bool" };
      case "item":
        if (content.within.length > 0) return { k: "mem", of: passedOf(records, name).element!, ptr: mem.ptr, len: ev.b.i32(0) };
        return { k: "mem", of: rootOf(ev, records).element!, ptr: ev.toI32(num(value!)), len: ev.b.i32(0) };
      default: return content.is === "const" ? prim(content.value) : undefinedValue;
    }
  });
  const [only] = alts;
  if (alts.length === 1) return only!.k === "num" ? num(value!) : only!.k === "bool" ? bool(ev.b.op("f64.ne", value!, ev.b.f64(0))) : only as Abs;
  const is = (i: number): Value => ev.b.op("i32.eq", code, ev.b.i32(codes[i]!)), isPassedOn = (i: number): boolean => kindOf(records, slot[i]!) === "other";
  const others = alts.map((_, i) => i).filter((i) => !isWord(slot[i]!)), last = others.find(isPassedOn) ?? others.at(-1)!; // of words alone none is made; what is handed on has several codes
  const chain = (): Value => others.filter((i) => i !== last).reduceRight((rest, i) => ev.b.op("i32.select", is(i), ev.b.i32(i), rest), ev.b.i32(last));
  const word = first < 0 ? null : ev.b.op("i32.sub", code, ev.b.i32(codeOfWord(0)));
  const tag = word ? ev.b.op("i32.select", ev.b.op("i32.ge_s", word, ev.b.i32(0)), first === 0 ? word : ev.b.op("i32.add", word, ev.b.i32(first)), chain()) : alts.length === 2 ? (isPassedOn(1) ? ev.b.op("i32.eqz", is(0)) : is(1)) : chain();
  return { k: "sum", tag, payload: isNumeric ? value : null, alts };
}

/** Writes a field of one of the objects. */
export function setOfItem(ev: Evaluator, mem: Mem, records: Records, name: string | undefined, value: Abs): void {
  if (records.nodes) throw ev.refuse("Unsupported", "the function writes a slow or captured object", "make it a fast parameter");
  if (name === undefined) throw ev.refuse("Unsupported", "a field of an object is written by a key that is not static", "use an array");
  const kind = records.kind.fields.get(name)?.kind;
  const cls = classAt(ev, records, name);
  if (cls) { writeMixed(ev, mem, records, name, cls, value); return; }
  const learn = (of: FieldKind): never => {
    if (isHidden(name)) throw refuseItem(ev, records, "a private field of the objects of an array is written, which is no number in all of them", "use an ordinary field");
    classOf(ev, records, name, [of]);
    throw new Restart();
  };
  if (kind === "array") becomeHeld(ev, { rowOf: undefined, records });
  if (kind === "object" || kind === "array" || kind === "typed" || (kind === undefined && records.kind.others?.includes(name) !== false)) {
    throw refuseItem(ev, records, `the field ${name} of the objects in ${pathName(records.path)} is written, which is no number in all of them`, "write the fields of the object in it");
  }
  if (kind === undefined) {
    const inherited = ev.snapshot.property(prototypeOf(ev, records), name).kind;
    if ((inherited === "getter" || inherited === "setter") && isLacking(ev, records, name) && callSnapshotSetter(ev, keptFor(ev, prototypeOf(ev, records), name), mem, name, value)) return;
    if (inherited !== "absent") throw refuseItem(ev, records, `the field ${nameOf(records, name)} is written, which a class of the objects has`, "give it another name");
    learn("absent");
  }
  if (kind === "boolean") { if (!isBoolean(value)) learn("boolean"); } else if (!mayBeNumber(value)) learn("number");
  writeElement(ev, column(ev, records, name), ev.fromI32(mem.ptr), kind === "boolean" ? num(ev.toF64(value)) : value);
}
/** Numbers, and what is undefined only where an element is not there: a call in which it is is the original's. */
const mayBeNumber = (value: Abs): boolean => {
  const alts: readonly (Abs | Alt)[] = value.k === "sum" ? value.alts : [value];
  return alts.some((a) => a.k === "num" || (a.k === "prim" && typeof a.value === "number")) && alts.every((a) => a.k === "num" || (a.k === "prim" && (typeof a.value === "number" || a.value === undefined)));
};

function writeMixed(ev: Evaluator, mem: Mem, records: Records, name: string, cls: Class, value: Abs): void {
  const contents = contentsOf(ev, value), kinds = contents?.map((content) => (isWord(content) ? "word" : kindOf(records, content)));
  if (!contents || !kinds || kinds.includes(undefined) || kinds.includes("other")) throw refuseItem(ev, records, `the field ${nameOf(records, name)} gets what is no number, boolean, null, static string or object of the array`, "keep what it holds beside the array");
  if (contentsAt(ev, records, name).some((content) => kindOf(records, content) === "other")) noteRewritten(ev, records, name);
  for (const content of contents) admit(ev, cls, 0, content);
  const mayLack = contentsAt(ev, records, name).some((content) => content.is === "hole"), at = ev.fromI32(mem.ptr);
  const isNumeric = kinds.some((kind) => kind === "number" || kind === "boolean" || kind === "null");
  const chosen = (of: (i: number) => Value, type: "f64.select" | "i32.select"): Value =>
    (value.k === "sum" ? kinds.slice(0, -1).reduceRight((rest, _, i) => ev.b.op(type, ev.tagIs(value, i), of(i), rest), of(kinds.length - 1)) : of(0));
  const words = wordsOf(contentsAt(ev, records, name)), codeAt = (i: number): number => { const kind = kinds[i]!, one = contents[i]!; return kind !== "word" ? codeOf(kind) : codeOfWord(words.indexOf((one as { value: string }).value)); };
  let code = chosen((i) => ev.b.i32(codeAt(i)), "i32.select");
  const plain = isNumeric ? (value.k === "sum" ? ev.payloadOf(value) : value.k === "mem" || value.k === "obj" ? ev.b.f64(NaN) : ev.toF64(value)) : ev.b.f64(NaN);
  const place = (i: number): Value => ev.b.op("f64.convert_i32_s", ((value.k === "sum" ? value.alts[i]! : value) as Mem).ptr);
  const number = chosen((i) => (kinds[i] === "item" ? place(i) : plain), "f64.select");
  if (mayLack) {
    // the place among those that the object got is kept above the code
    const stored = ev.toI32(num(loadElement(ev, column(ev, records, name, "code"), mem.ptr))), counter = column(ev, records, "", "added");
    const lacks = ev.b.op("i32.eqz", ev.b.op("i32.and", stored, ev.b.i32((1 << codeBits) - 1)));
    const added = ev.b.op("i32.add", ev.toI32(num(loadElement(ev, counter, mem.ptr))), lacks);
    writeElement(ev, counter, at, ev.fromI32(added));
    const above = ev.b.op("i32.select", lacks, ev.b.op("i32.shl", added, ev.b.i32(codeBits)), ev.b.op("i32.and", stored, ev.b.i32(-(1 << codeBits))));
    code = ev.b.op("i32.or", code, above);
  }
  writeElement(ev, column(ev, records, name, "code"), at, ev.fromI32(code));
  writeElement(ev, column(ev, records, name, "value"), at, num(number));
}
