// Local Maps, Sets and plain objects whose keys are numbers of run time: memo tables, visited nodes, histograms.
//
//   counts[n] = (counts[n] || 0) + 1     →     a hash table: keys and values in the order of insertion, chains of places by hash
//
// One begins as a Map, Set or object of known keys (heap.ts). When a key of run time is put in, its place in the source is remembered and the walk
// begins again: what is made there is a table from the start. It consists of ordinary arrays of the kernel's own (keys, values, where each
// chain begins, the next place of each chain, one with the number of entries), which never change their identity, so that merges, loops and recursion
// know nothing of tables. All but the values lie in memory (boxes.ts). A Map or Set that something in memory holds lies there itself: its arrays are
// fields of it that no source can spell. What is done with them is JavaScript of our own (prelude.ts, under
// "internal.keyed"); looking for a key and putting one in are functions of the residual, one for each table.
//
// Keys are numbers alone, compared as Maps do it: NaN is NaN, −0 is 0. For property names that is right as well, since no two other numbers have
// the same text. An object's keys are listed as the texts of numbers (values.ts, Text), whole ones from 0 on in ascending order first.

import { constantOf } from "../../ir/build.ts";
import type { Path, Shape } from "../../ir/interface.ts";
import type { KeyedForm } from "../../ir/keyed.ts";
import type { Pieces } from "../../ir/composite.ts";
import type { Instr, Value } from "../../ir/types.ts";
import { box, readField, reference } from "./boxes.ts";
import { callBuiltin, callPrelude } from "./builtins.ts";
import type { Call } from "./calls.ts";
import { addedTo, tableOf, type Class, type Site } from "./contents.ts";
import { bareKey } from "./classes.ts";
import { becomeComposite, becomeCompositeAs, hasPlaces, numberOfComposite, textOfNumber, type Places } from "./composite.ts";
import { choose } from "./control.ts";
import { forgetEntered, noteWritten } from "./entered.ts";
import type { Evaluator } from "./evaluator.ts";
import { callResidual } from "./functions.ts";
import type { HeapObject } from "./heap.ts";
import { becomeIndexed, becomeIndexedSite } from "./indexed.ts";
import { builtinMethod, getProperty, split } from "./objects.ts";
import { binary, numberOfText } from "./operators.ts";
import { isInherited } from "./keys.ts";
import { inherited, namesOf } from "./lookups.ts";
import { becomeOfObjects, numberOfObject, objectOf } from "./objectkeys.ts";
import { becomeWorded, placedWord, wordOf } from "./words.ts";
import { becomeNamed, canBeNamed, isName, numberOfName, refuseNames } from "./named.ts";
import { look } from "./passed.ts";
import { hidden, isHidden, isNumeric, num, obj, prim, undefinedValue, type Abs, type Mem, type Obj } from "./values.ts";
import { require, toVector } from "./vectors.ts";
import { Restart } from "./walk.ts";
import { setProperty } from "./writes.ts";

export type KeyedObject = HeapObject & { t: "keyed" };
/** one of those, or where one lies in memory */
type Table = Obj | Mem;
/** of a Set, and of what finds the places of the others' values */
const setParts = ["keys", "next", "heads", "count"] as const;
const mapParts = ["index", "values"] as const;
type Part = (typeof setParts)[number] | (typeof mapParts)[number];
const firstHeads = 16;

export const keyedOf = (ev: Evaluator, a: Abs): KeyedObject | undefined => {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (object?.t === "keyed") return object;
  const box = placeOf(ev, a)?.of.box, form = box ? tableOf(box.form) : undefined;
  return form && { t: "keyed", form, parts: [], bare: false };
};
/** An object with keys of run time; undefined for all else. */
export const keyedRecord = (ev: Evaluator, a: Abs): Table | undefined => ((a.k === "obj" || a.k === "mem") && keyedOf(ev, a)?.form === "record" ? a : undefined);
/** Where it lies, if all of it lies in memory. */
function placeOf(ev: Evaluator, a: Abs): Mem | undefined {
  const place = reference(a, ev.state);
  return place.k === "mem" ? place : undefined;
}
/** What of a table is to lie in memory, in the order of its fields there. */
export function partsToLie(ev: Evaluator, table: KeyedObject): readonly Obj[] {
  return table.form === "set" ? table.parts.slice(0, setParts.length) : [...(ev.object(table.parts[0]!.id) as KeyedObject).parts.slice(0, setParts.length), table.parts[1]!];
}

// ── making ──

/** What is made there is a table from now on; refuses what can't be one. */
export function becomeKeyed(ev: Evaluator, object: HeapObject, key?: Abs): never {
  if (key) becomeComposite(ev, object, key); else becomeCompositeAs(ev, object);
  if (key) becomeWorded(object, key);
  const first = key ?? (object.t === "map" ? object.entries[0]?.[0] : object.t === "set" ? object.items[0] : undefined);
  if (first) becomeOfObjects(ev, object, first);
  const site = "site" in object ? object.site : undefined;
  const known = object.t === "map" ? object.entries.map(([k]) => k) : object.t === "set" ? object.items : object.t === "object" ? [...object.fields.keys()].filter((k) => !isHidden(k)).map((k) => prim(k)) : null;
  if (object.t === "object" && known?.some((k) => numberKey(ev, true, k) === undefined)) becomeIndexed(ev, object);
  const isPlain = object.t !== "object" || [...object.fields.keys()].every((k) => !isHidden(k) || k === bareKey);
  if (!site || !known || !isPlain || site.context.lasting.keyed.has(site.instr) || !known.every((k) => numberKey(ev, object.t === "object", k) !== null)) throw ev.refuse("Unsupported", "a key that is not static is put into what has keys that are no numbers", "use an array, or a Map of numbers");
  site.context.lasting.keyed.set(site.instr, partsAt(site));
  throw new Restart();
}
/** The same of objects without any fields that lie in memory already. True where that is known: there are none of that class any more; false where it can't be. */
export function becomeKeyedClass(ev: Evaluator, { of }: Mem, key: Abs): boolean {
  const cls = of.box!, { form } = cls, { lessons } = ev;
  if (form.form !== "record" || form.prototype !== -1 || form.names.length > 0 || addedTo(cls).length > 0 || !numberKey(ev, true, key)) return false;
  if (cls.sites.some(({ context: { lasting }, instr }) => lasting.indexed.has(instr))) return false;
  const sites = cls.sites.filter(({ context: { lasting }, instr }) => !lasting.keyed.has(instr)), isNews = sites.length > 0 || (!cls.areOwn && !lessons.emptyTables);
  if (!isNews) return true;
  for (const site of sites) site.context.lasting.keyed.set(site.instr, partsAt(site));
  lessons.emptyTables = true;
  forgetEntered(lessons);
  throw new Restart();
}
/** The same of a Map or Set that has to be one to go on, if all of its keys are numbers. */
export function becomeTable(ev: Evaluator, object: HeapObject | undefined): void {
  if ((object?.t === "map" || object?.t === "set") && object.site && (object.t === "set" ? object.items : object.entries.map(([key]) => key)).every(isNumeric)) becomeKeyed(ev, object);
}
/** What is listed may be a table, or an object without any keys: that is a table from the start, too. */
export function becomeAlike(ev: Evaluator, a: Abs): void {
  if (a.k !== "sum" || !a.alts.some((alt) => keyedOf(ev, alt as Abs)?.form === "record")) return;
  for (const alt of a.alts) {
    const object = alt.k === "obj" ? ev.object(alt.id) : undefined;
    if (object?.t === "object" && object.fields.size === 0 && object.site && !object.site.context.lasting.keyed.has(object.site.instr)) becomeKeyed(ev, object);
  }
}
/** The places that stand for a table's arrays, and those of the numbers in its keys. */
export const partsAt = ({ instr }: Site): readonly Instr[] => [...setParts, "values", ...setParts].map(() => ({ ...instr }));

/** A new table in the place of a Map, a Set or an object; undefined where none is wanted there. */
export function allocateKeyed(ev: Evaluator, object: HeapObject, site: Site): Obj | undefined {
  const sites = site.context.lasting.keyed.get(site.instr);
  const { lasting } = site.context, named = lasting.named.has(site.instr);
  if (!sites || (named && (ev.lessons.noNames || !canBeNamed(object))) || !(object.t === "map" || object.t === "set" || (object.t === "object" && object.origin.from === "local"))) return undefined;
  const made = makeKeyed(ev, object.t === "object" ? "record" : object.t, sites.map((instr) => ({ context: site.context, instr })), site, { named, composite: lasting.composite.get(site.instr), words: lasting.words.has(site.instr), objects: lasting.objects.get(site.instr) });
  if (object.t === "map") for (const [key, value] of object.entries) putKeyed(ev, made, key, value);
  if (object.t === "set") for (const item of object.items) putKeyed(ev, made, item, undefinedValue);
  if (object.t === "object") for (const [name, value] of object.fields) putKeyed(ev, made, prim(name), value);
  return made;
}
function own(ev: Evaluator, object: HeapObject): Obj {
  const id = ev.newOwnId();
  ev.state.objects.set(id, object);
  return obj(id);
}
function makeKeyed(ev: Evaluator, form: KeyedObject["form"], sites: readonly Site[], site: Site, { named, composite, words, objects }: { readonly named: boolean; readonly composite: Pieces | undefined; readonly words: boolean; readonly objects: Class | undefined }): Obj {
  const keys = { ...(named ? { named: true as const } : {}), ...(composite ? { composite } : {}), ...(words ? { words: true as const } : {}), ...(objects ? { objects } : {}) };
  const numbers = composite && hasPlaces(ev, composite) ? [own(ev, { t: "keyed", form: "set", parts: partsOfIndex(ev, sites.slice(setParts.length + 1), undefined), bare: false })] : [];
  const index = own(ev, { t: "keyed", form: "set", parts: [...partsOfIndex(ev, sites, undefined), ...(form === "set" ? numbers : [])], bare: false, site, ...keys });
  if (form === "set") return index;
  const values = own(ev, { t: "array", items: [], site: sites[setParts.length]! });
  toVector(ev, values.id);
  return own(ev, { t: "keyed", form, parts: [index, values, ...numbers], bare: false, site, ...keys });
}
/** All but the values, of which the keys may be there. */
function partsOfIndex(ev: Evaluator, sites: readonly Site[], keys: Obj | undefined): Obj[] {
  const first: Record<(typeof setParts)[number], readonly Abs[]> = { keys: [], next: [], heads: Array<Abs>(firstHeads).fill(prim(-1)), count: [prim(0)] };
  return setParts.map((part, i) => {
    if (part === "keys" && keys) return keys;
    const made = own(ev, { t: "array", items: first[part], site: sites[i]! });
    box(ev, made.id);
    return made;
  });
}

/** A table of the caller's: its keys, and what stands there, lie in memory as lists. */
export function fillKeyed(ev: Evaluator, kind: KeyedForm, input: Path, keys: Mem, values: Mem | null, sites: readonly Site[]): Obj {
  const list = (mem: Mem): Obj => own(ev, { t: "boxed", mem });
  const bare = kind === "bare", form = kind === "bare" ? "record" : kind, parts = partsOfIndex(ev, sites, list(keys));
  const index = own(ev, { t: "keyed", form: "set", parts, bare, ...(form === "set" ? { input } : {}) });
  internal(ev, "Load", index, []);
  return form === "set" ? index : own(ev, { t: "keyed", form, parts: [index, list(values!)], bare, input });
}
/** What it is when the program has ended. */
export function shapeOfKeyed(ev: Evaluator, self: Table, shape: (abs: Abs) => Shape, id: number): Shape & { make: "keyed" } {
  const { form, bare, named, composite, objects } = keyedOf(ev, self)!, places = placesOfNumbers(ev, self);
  if (objects) throw ev.refuse("Todo", "a Map or Set whose keys are objects leaves the function", "return an array of its entries");
  return { make: "keyed", id, form, keys: shape(partOf(ev, self, "keys")), values: form === "set" ? null : shape(partOf(ev, self, "values")), next: shape(partOf(ev, self, "next")), bare, ...(named ? { named } : {}), ...(composite ? { composite: { pieces: composite, numbers: places ? shape(partOf(ev, places, "keys")) : null } } : {}) };
}

// ── keys ──

/** The number that a key is; undefined for one that is none (`record`: the texts of numbers are), null where that is not known. */
function numberKey(ev: Evaluator, record: boolean, key: Abs): Abs | undefined | null {
  if (key.k === "prim") {
    const { value } = key, number = record && typeof value === "string" && String(Number(value)) === value ? Number(value) : value;
    return typeof number === "number" ? prim(number === 0 ? 0 : number) : undefined;
  }
  if (key.k === "sum" && key.payload && key.alts.some((a) => a.k === "num") && !key.alts.some((a) => a.k === "str" || (a.k === "prim" && typeof a.value === "string"))) { // beside what a pair of a key and its value may hold
    const other = key.alts.flatMap((a, i) => (isNumeric(a as Abs) ? [] : [ev.tagIs(key, i)]));
    for (const is of other) require(ev, ev.b.op("i32.eqz", is), "what is no number is a key among numbers");
    return withoutSign(ev, num(key.payload));
  }
  const text = record ? numberOfText(key) : undefined;
  return key.k === "num" || text ? withoutSign(ev, text ?? key) : null;
}
function withoutSign(ev: Evaluator, key: Abs): Abs {
  const v = ev.toF64(key);
  return v.def?.op === "f64.convert_i32_s" || v.def?.op === "f64.convert_i32_u" ? num(v) : ev.fromF64(ev.b.op("f64.add", v, ev.b.f64(0)));
}
function keyIn(ev: Evaluator, self: Table, key: Abs, puts = false): Abs | undefined {
  const table = keyedOf(ev, self)!, { form } = table;
  if (table.named) return numberOfName(ev, table, key);
  if (table.words) return wordOf(ev, table, key, puts);
  if (table.objects) return numberOfObject(ev, table, key, puts);
  if (table.composite) return numberOfComposite(ev, table, key, placesIn(ev, self), puts);
  if (isName(key) && !table.input) becomeNamed(ev, table.site);
  look(ev, key);
  const number = numberKey(ev, form === "record", key);
  if (number === null) becomeComposite(ev, table, key);
  if (number === null) becomeWorded(table, key);
  if (number === null) becomeOfObjects(ev, table, key);
  if (number === null) throw ev.refuse("Todo", "a key that is no number is looked for among numbers", "use numbers as keys");
  return number;
}

/** Of the numbers in its keys, those that have places. */
function placesOfNumbers(ev: Evaluator, self: Table): Obj | undefined {
  const { form, parts } = keyedOf(ev, self)!;
  return parts[form === "set" ? setParts.length : mapParts.length];
}
function placesIn(ev: Evaluator, self: Table): Places | undefined {
  const of = placesOfNumbers(ev, self), by = (name: "Find" | "Place") => (number: Value): Value => ev.toF64(residual(ev, name, of!, num(number)));
  return of && { find: by("Find"), put: by("Place"), at: (place) => ev.toF64(getProperty(ev, partOf(ev, of, "keys"), num(place))) };
}

// ── use ──

const internal = (ev: Evaluator, name: string, self: Abs, args: readonly Abs[], call?: Call): Abs => callPrelude(ev, ev.request.prelude(`internal.keyed${name}`)!, self, args, call);
const indexOf = (ev: Evaluator, self: Table): Table => { const table = keyedOf(ev, self)!; return table.form === "set" ? self : (placeOf(ev, self) ?? table.parts[0]!); };
function partOf(ev: Evaluator, self: Table, part: Part): Abs {
  const table = keyedOf(ev, self)!, place = placeOf(ev, self);
  if (place) return readField(ev, place, hidden(part))!;
  if (table.form === "set") return table.parts[(setParts as readonly Part[]).indexOf(part)]!;
  return part === "values" ? table.parts[1]! : partOf(ev, table.parts[0]!, part);
}

/** A call of one of the residual's functions for the table. They write nothing that the caller can see. */
function residual(ev: Evaluator, name: "Find" | "Place" | "Delete" | "From", self: Table, arg: Abs): Abs {
  const code = ev.request.prelude(`internal.keyed${name}${arg.k === "str" ? "Word" : ""}`)!, unit = ev.request.resolve(code), { wrote } = ev.state;
  const result = callResidual(ev, { unit, code, closure: ev.activation!.source.closure, hidden: true }, unit.functions[0]!, [], indexOf(ev, self), [arg.k === "str" ? arg : num(ev.toF64(arg))], null);
  ev.state.wrote = wrote;
  return result;
}

/** What stands at a key; undefined where nothing does. */
export function getKeyed(ev: Evaluator, self: Table, key: Abs): Abs {
  const { form, bare } = keyedOf(ev, self)!, number = keyIn(ev, self, key);
  if (form === "record" && !bare) ev.expect({ expect: "unextended" });
  return number ? getProperty(ev, partOf(ev, self, "values"), residual(ev, "Find", self, number)) : undefinedValue;
}
export function hasKeyed(ev: Evaluator, self: Table, key: Abs): Abs {
  const number = keyIn(ev, self, key);
  return number ? ev.fromBool(ev.b.op("f64.ge", ev.toF64(residual(ev, "Find", self, number)), ev.b.f64(0))) : prim(false);
}
/** `key in object`: also what objects inherit. */
export function isInKeyed(ev: Evaluator, self: Table, key: Abs): Abs {
  return key.k === "prim" && !keyedOf(ev, self)!.bare && isInherited(ev, "Object.prototype", String(key.value)) ? prim(true) : hasKeyed(ev, self, key);
}
export function putKeyed(ev: Evaluator, self: Table, key: Abs, value: Abs): void {
  const table = keyedOf(ev, self)!, number = keyIn(ev, self, key, true);
  if (!number && table.form === "record") becomeIndexedSite(ev, table.site);
  if (!number) throw ev.refuse("Todo", "a key that is no number is put among numbers", "use numbers as keys");
  noteWritten(ev, table);
  const at = residual(ev, "Place", self, number);
  if (table.form !== "set") setProperty(ev, partOf(ev, self, "values"), at, value);
}
export function deleteKeyed(ev: Evaluator, self: Table, key: Abs): Abs {
  const table = keyedOf(ev, self)!, number = keyIn(ev, self, key);
  noteWritten(ev, table);
  const done = number ? residual(ev, "Delete", self, number) : prim(false);
  return table.form === "record" ? prim(true) : done;
}

/** Whether an object, whose keys are known, has the number of run time among them; undefined for what is no such object. */
export function hasAmong(ev: Evaluator, a: Abs, key: Abs): Abs | undefined {
  // `x[i] in counts`: what is read past the end is none of them, and would be no key of the table either
  const found = placesOf(ev, a, key.k === "sum" && namesOf(ev, a) ? numberKey(ev, true, key) ?? key : key);
  return found && found.reduceRight((rest: () => Abs, [is]) => () => choose(ev, is, () => prim(true), rest), () => prim(false))();
}
/** What it has there. */
export function getAmong(ev: Evaluator, a: Abs, key: Abs): Abs | undefined {
  const found = placesOf(ev, a, key);
  return found && found.reduceRight((rest: () => Abs, [is, name]) => () => choose(ev, is, () => getProperty(ev, a, prim(name)), rest), () => undefinedValue)();
}
const mostAmong = 64;
function placesOf(ev: Evaluator, a: Abs, key: Abs): (readonly [Abs, string])[] | undefined {
  const names = isNumeric(key) ? namesOf(ev, a)?.filter((name) => String(Number(name)) === name) : undefined;
  if (names && a.k === "obj" && ev.object(a.id).t === "snap") ev.expect({ expect: "unextended" });
  return names && names.length <= mostAmong ? names.map((name) => [name === "NaN" ? binary(ev, "js.sne", key, key) : binary(ev, "js.seq", key, prim(Number(name))), name]) : undefined;
}

/** A property of a table: of an object the entry, of a Map or Set a method. Our own text asks for its parts. */
export function getOfKeyed(ev: Evaluator, self: Table, key: Abs, name: string | undefined): Abs {
  const table = keyedOf(ev, self)!;
  const part = name !== undefined && isHidden(name) ? ([...setParts, ...mapParts] as const).find((p) => hidden(p) === name) : undefined;
  if (part) return partOf(ev, self, part);
  if (table.form !== "record") {
    if (name === "size") return ev.fromF64(ev.toF64(getProperty(ev, partOf(ev, self, "count"), prim(0))));
    return builtinMethod(ev, table.form === "map" ? "Map.prototype" : "Set.prototype", name, self);
  }
  if ((table.named || table.words) && key.k === "prim" && inherited.includes(String(key.value))) return builtinMethod(ev, "Object.prototype", name, self);
  if (keyIn(ev, self, key)) return getKeyed(ev, self, key);
  return table.bare ? undefinedValue : builtinMethod(ev, "Object.prototype", name, self);
}

/** A method of a Map or Set that is a table, of one of several such as of each; undefined for others. */
export function callOfKeyed(ev: Evaluator, name: string, self: Abs, args: readonly Abs[]): Abs | undefined {
  const method = /^(Map|Set)\.prototype\.(\w+)$/.exec(name), [key = undefinedValue, value = undefinedValue] = args;
  if (method && method[2] !== "forEach" && self.k === "sum") return split(ev, self, (one) => callBuiltin(ev, name, one, args));
  const table = keyedOf(ev, self);
  if (!table || (self.k !== "obj" && self.k !== "mem") || !method || method[1]!.toLowerCase() !== table.form) return undefined;
  switch (method[2]) {
    case "get": return getKeyed(ev, self, key);
    case "has": return hasKeyed(ev, self, key);
    case "set": case "add": putKeyed(ev, self, key, value); return self;
    case "delete": return deleteKeyed(ev, self, key);
    case "clear": noteWritten(ev, table); internal(ev, "Clear", self, []); return undefinedValue;
    default: return undefined;
  }
}

/** One step over the entries from a place on: whether there is one, its place, what it is. */
export function stepOfKeyed(ev: Evaluator, self: Table, index: Abs): { readonly at: Abs; readonly there: Abs; key(): Abs; value(): Abs } {
  const at = residual(ev, "From", self, index);
  const length = getProperty(ev, partOf(ev, self, "keys"), prim("length"));
  const there = ev.fromBool(ev.b.op("f64.lt", ev.toF64(at), ev.toF64(length)));
  return { at, there, key: () => keyAt(ev, self, getProperty(ev, partOf(ev, self, "keys"), at)), value: () => getProperty(ev, partOf(ev, self, "values"), at) };
}

const keyAt = (ev: Evaluator, self: Table, kept: Abs): Abs => { const table = keyedOf(ev, self)!, { named, words, objects } = table; return named ? refuseNames(ev) : objects ? objectOf(ev, table, ev.toF64(kept)) : words ? placedWord(ev, kept) : keyOf(ev, self, ev.toF64(kept)); };
const keyOf = (ev: Evaluator, self: Table, number: Value): Abs => { const { composite } = keyedOf(ev, self)!; return composite ? textOfNumber(ev, composite, number, placesIn(ev, self)) : ev.fromF64(number); };

/** The keys of an object as its own list: texts of numbers, in the order that the language says. */
export function listKeys(ev: Evaluator, self: Table, call?: Call): Abs {
  if (hasTexts(ev, self)) return listEntries(ev, self, "keys", call);
  return ev.allocate({ t: "numerals", list: internal(ev, "Order", self, [], call) });
}
export const listValues = (ev: Evaluator, self: Table, call?: Call): Abs => (hasTexts(ev, self) ? listEntries(ev, self, "values", call) : internal(ev, "Values", self, [internal(ev, "Order", self, [], call)], call));
/** Whether an object's keys are texts that are told; refuses names: which of them are indices, that come first, is not known. */
function hasTexts(ev: Evaluator, self: Table): boolean {
  const { named, composite, words } = keyedOf(ev, self)!;
  if (named) refuseNames(ev);
  return composite !== undefined || words === true;
}
/** … with what stands there: of a Set the same again. */
export function listPairs(ev: Evaluator, self: Table, call?: Call): Abs {
  const { form } = keyedOf(ev, self)!, isRecord = form === "record", keys = isRecord ? listKeys(ev, self, call) : listEntries(ev, self, "keys", call);
  const values = form === "set" ? keys : isRecord ? listValues(ev, self, call) : listEntries(ev, self, "values", call);
  return internal(ev, "Pairs", undefinedValue, [keys, values], call);
}
export function listEntries(ev: Evaluator, self: Table, what: "keys" | "values", call?: Call): Abs {
  const { form, named, composite, words, objects } = keyedOf(ev, self)!;
  if (words && form === "record") return internal(ev, what === "keys" ? "KeysAt" : "ValuesAt", self, [internal(ev, "WordOrder", self, [], call)], call);
  if (named && what === "keys") refuseNames(ev);
  if (objects && what === "keys") return internal(ev, "Objects", self, [], call);
  const list = internal(ev, what === "keys" ? "AllKeys" : "AllValues", self, [], call);
  return composite && what === "keys" ? ev.allocate({ t: "numerals", list, of: self as Obj }) : list;
}

/** An element of a list of texts of numbers. */
export function getOfNumerals(ev: Evaluator, self: Obj, { list, of }: HeapObject & { t: "numerals" }, key: Abs, name: string | undefined): Abs {
  const textOf = (v: Value): Abs => (of ? keyOf(ev, of, v) : { k: "text", parts: [num(v)] });
  if (name === "length") return getProperty(ev, list, key);
  if (name !== undefined && !/^(0|[1-9][0-9]*)$/.test(name)) return builtinMethod(ev, "Array.prototype", name, self);
  const item = getProperty(ev, list, key);
  if (isNumeric(item)) return textOf(ev.toF64(item));
  if (item.k !== "sum" || !item.payload) return item;
  const within = item.alts.findIndex((a) => a.k === "num");
  if (constantOf(ev.tagIs(item, within)) !== 1) require(ev, ev.tagIs(item, within), "a list of keys is read past its end");
  return textOf(item.payload);
}

/** Where a place in the source makes tables: the places that stand for their arrays. */
export type KeyedSites = Map<Instr, readonly Instr[]>;
