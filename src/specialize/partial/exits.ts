// The end of the entry: outcomes as shapes, their numbers in the one result or in output slots, written fields of the caller's objects.

import type { Attributes, Closed, Exit, HeapClass, HeapContent, Input, Path, Shape, Write } from "../../ir/interface.ts";
import { NodeRef } from "../../ir/snapshot.ts";
import type { Type, Value } from "../../ir/types.ts";
import { elementsKey } from "../../ir/within.ts";
import { exactly, isWithoutSign, wordsOf } from "./bigints.ts";
import { expectUnshared, type Buffer } from "./buffers.ts";
import { readField } from "./boxes.ts";
import { bareKey, fixedKey, keptKey, unlistedKey } from "./classes.ts";
import { numberOf } from "./chosen.ts";
import { textOf } from "./closures.ts";
import { addedTo, boxMemory, chosenFrom, elementsMemory, heldField, namesSpace, ownSlots, slotOf, tableOf, type Class, type Content } from "./contents.ts";
import { leavingTime } from "./dates.ts";
import { writesOfTables } from "./entered.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { isArguments, namesOf, type HeapObject } from "./heap.ts";
import { writesOfElements } from "./indexed.ts";
import { inputValue, isBuffer } from "./inputs.ts";
import { expectMissing } from "./inheritance.ts";
import { closedKey, closedOf } from "./integrity.ts";
import { isRowOfItems, refuseRow } from "./items.ts";
import { shapeOfKeyed } from "./keyed.ts";
import { writesOfLinked } from "./linked.ts";
import { LeavingClosures } from "./leaving.ts";
import type { Arrival } from "./merge.ts";
import { refuseUntold } from "./messages.ts";
import { keepInOrder } from "./orders.ts";
import { fieldNames, isMark, needOrder, orderKey, presenceOf, rankOf } from "./optional.ts";
import { expectKept } from "./passed.ts";
import { saidOfObject } from "./said.ts";
import { isBoolean, isHidden, isNumeric, isOwnPrivate, num, obj, same, untold, type Abs, type Alt, type Mem, type Memory, type Sum } from "./values.ts";
import { expectPositions } from "./texts.ts";
import { changedVariables, boundBuiltin } from "./variables.ts";

/** Writes the returns of the entry. Gives its result types. */
export function writeReturns(ev: Evaluator, arrivals: readonly Arrival[]): Type[] {
  const results = arrivals.map((a) => a.values[0]!);
  const numeric = results.some((r) => r.k === "num" || (isNumeric(r) && results.some((o) => o.k === "num")));
  const boolean = !numeric && results.some((r) => r.k === "bool");
  const type: Type | null = numeric ? "f64" : boolean ? "i32" : null;
  for (const arrival of arrivals) {
    ev.in(arrival.region, () => {
      ev.state = arrival.state;
      const value = arrival.values[0]!;
      expectPositions(ev);
      const writer = new Outcome(ev);
      let result: Value | undefined;
      let shape: Shape;
      if (type === "f64" && isNumeric(value)) { result = ev.toF64(value); shape = { make: "result", as: "number" }; }
      else if (type === "i32" && isBoolean(value)) { result = value.k === "bool" ? value.v : ev.b.i32(value.k === "prim" && value.value ? 1 : 0); shape = { make: "result", as: "boolean" }; }
      else shape = writer.returned(value);
      const writes = writer.writes();
      if ((value.k === "sum" ? value.alts : [value]).some((a) => isLocalPart(a) && !a.part?.base) && writes.some((write) => /"make":"(memory|heap)"/.test(JSON.stringify(write.value, (_, v: unknown) => (typeof v === "bigint" ? `${v}` : v))))) throw ev.refuse("Todo", "a part of an array is returned that leaves in other ways too", "return a copy: use slice");
      const exit: Exit = { kind: "return", value: shape, writes };
      ev.b.return(type ? [result ?? ev.b.const(type, 0)] : [], ev.exitIndex(exit));
    });
  }
  return type ? [type] : [];
}

/** A part of a typed array of the kernel's own: nobody else has it, so the caller gets an array of its own. */
const isLocalPart = (a: Abs | Alt): a is Mem => a.k === "mem" && a.of.local && a.of.row && a.of.array !== "Array" && !a.of.dataView && !a.of.bigints && !a.of.box;

/** A row is found by where it stood: where rows change their places, the array becomes a list of them, which does not move them. */
function keepsRows(ev: Evaluator, path: Path): void {
  if (!ev.replacedRows.has(pathKey(path))) return;
  keepInOrder(ev, path);
  throw ev.refuse("Todo", "a row of an array of such arrays, whose rows change their places, is returned", "return its index");
}

/** What entry puts into a list with all that it leads to (entered.ts). */
export function laidOut(ev: Evaluator, path: Path): { readonly elements: readonly HeapContent[]; readonly classes?: readonly HeapClass[] } {
  const classes = new HeapClasses(ev), elements = slotOf(ev, ev.lessons.lists.get(pathKey(path))!, 0).map((content) => classes.content(content));
  return { elements, ...(classes.list.length > 0 ? { classes: classes.list } : {}) };
}

/** The same of what leads to others of its own form (linked.ts). */
export function laidRoots(ev: Evaluator): Pick<Input & { as: "list" }, "roots" | "classes"> {
  const classes = new HeapClasses(ev), roots = ev.linked!.roots.map(({ path, cls }) => ({ path, elements: slotOf(ev, cls, 0).map((content) => classes.content(content)) }));
  return { roots, classes: classes.list };
}
/** The spaces that a list lies in with all that it leads to. */
export function spacesOfList(ev: Evaluator, path: Path): readonly number[] {
  const classes = new HeapClasses(ev);
  classes.number(ev.lessons.lists.get(pathKey(path))!);
  return classes.spaces();
}
/** The spaces that they lie in. */
export function spacesOfLinked(ev: Evaluator): ReadonlySet<number> {
  const classes = new HeapClasses(ev);
  for (const { cls } of ev.linked!.roots) for (const content of slotOf(ev, cls, 0)) classes.content(content);
  return new Set(classes.spaces());
}

const refusePrivate = (ev: Evaluator): Error => ev.refuse("Todo", "an object with private fields leaves the function", "use ordinary fields");

const refuseOwnClass = (ev: Evaluator): Error => ev.refuse("Todo", "an object of a class that the function makes leaves it", "declare the class outside of the function, or return a plain object");

/** The classes of objects in memory as plain data: each named by its place in a list. */
class HeapClasses {
  readonly list: HeapClass[] = [];
  private readonly numbers = new Map<Memory, number>();
  private readonly ev: Evaluator;
  constructor(ev: Evaluator) { this.ev = ev; }

  number(cls: Class): number {
    const { ev, list } = this, of = boxMemory(ev, cls), { form } = of.box!;
    const known = this.numbers.get(of);
    if (known !== undefined) return known;
    if (form.form === "record" && textOf(ev, form.prototype)) throw ev.refuse("Todo", "a function leaves in an array or object that lies in memory", "return what it gives");
    if (form.form === "record" && form.prototype < -1) throw refuseOwnClass(ev);
    if (form.form === "record" && form.names.some(isOwnPrivate)) throw refusePrivate(ev);
    const at = list.length;
    this.numbers.set(of, at);
    list.push({ form: "array", elements: [], added: [] }); // its place, while what it leads to is listed
    const slot = (i: number): HeapContent[] => slotOf(ev, of.box!, i).map((c) => this.content(c));
    const added = addedTo(of.box!).map((name, i) => [name, slot(ownSlots(of.box!) + i)] as const);
    const table = tableOf(form);
    list[at] = form.form === "array" ? { form: "array", ...(form.prototype === undefined ? {} : { prototype: form.prototype }), elements: slot(0), added } : { form: "record", prototype: form.prototype, fields: form.names.map((name, i) => [name, slot(i)] as const), added, ...(table ? { table } : {}) };
    return at;
  }
  spaces(): number[] { return [...this.numbers.keys()].flatMap(({ space, box }) => (box!.form.form === "array" ? [space, elementsMemory(this.ev, box!).space, ...(addedTo(box!).length > 0 ? [namesSpace(this.ev, box!)] : [])] : [space])); }
  content(content: Content): HeapContent {
    switch (content.is) {
      case "class": return { is: "class", of: this.number(content.of) };
      case "row": keepsRows(this.ev, content.path); return { is: "row", path: content.path, level: content.level };
      case "input": return { is: "input", path: content.path };
      case "item":
        expectKept(this.ev, content);
        return { is: "item", path: content.path, within: content.within.map(({ field }) => field) };
      case "text": this.ev.textLeaves = true; return content;
      case "part": return { is: "part", array: content.array, path: content.path };
      case "chosen": return { is: "chosen", of: content.nodes.map(({ node }) => ({ is: "node", node })) };
      default: return content;
    }
  }
}

/** What an object has of these is told in ways of their own. */
const ownKeys = new Set([closedKey, bareKey, elementsKey]);

/** The prototype of that number: −1 is Object's. */
const prototypeNode = (ev: Evaluator, prototype: number): NodeRef => (prototype === -1 ? ev.snapshot.builtin("Object.prototype") : new NodeRef(prototype));
/** Has the prototype, or what stands behind it, the key too? */
const isBehind = (ev: Evaluator, prototype: number | null, key: string): boolean => prototype !== null && ev.snapshot.property(prototypeNode(ev, prototype), key).kind !== "absent";
/** Nor may it have the key in a later call, whose object would then seem to have the field. */
function expectNoneBehind(ev: Evaluator, prototype: number | null, key: string): void {
  if (prototype === null) return;
  const node = prototypeNode(ev, prototype);
  if (ev.snapshot.node(node).kind === "builtin") expectMissing(ev, node, key); else ev.expect({ expect: "member", node: node.node, key });
}
const isDataView = (a: Abs): boolean => (a.k === "mem" ? a.of.whole !== undefined : a.k === "sum" && a.alts.some((alt) => alt.k === "mem" && alt.of.whole !== undefined));

class Outcome {
  private slots = 0;
  private made = new Map<number, number>();
  /** objects that are made in one alternative of a choice only */
  private maybe = new Map<number, number>();
  private readonly ev: Evaluator;
  constructor(ev: Evaluator) { this.ev = ev; }

  private slot(v: Value): number {
    const slot = this.slots++;
    this.ev.b.append({ op: "slot.set", slot, args: [v], results: [] });
    return slot;
  }
  private int(v: Value): number { return this.slot(this.ev.b.op("f64.convert_i32_s", v)); }

  /** What is returned: that may be a part of an array of the kernel's own. */
  returned(abs: Abs): Shape {
    const part = (a: Abs): Shape => (isLocalPart(a) && !a.part?.base ? this.memory(a) : this.shape(a));
    return abs.k === "sum" ? this.choice(abs, part) : part(abs);
  }
  private choice(abs: Sum, shapeOf: (alt: Exclude<Alt, { readonly k: "num" | "bool" }>) => Shape): Shape {
    const slot = this.int(abs.tag);
    const payload = abs.payload && abs.alts.some((a) => a.k === "num" || a.k === "bool") ? this.slot(abs.payload) : -1;
    const of = abs.alts.map((alt: Alt): Shape => this.perhaps(() => (alt.k === "num" ? { make: "slot", slot: payload, as: "number" } : alt.k === "bool" ? { make: "slot", slot: payload, as: "boolean" } : shapeOf(alt))));
    return { make: "choice", slot, of };
  }

  shape(abs: Abs): Shape {
    const { ev } = this;
    switch (abs.k) {
      case "prim": return { make: "const", value: abs.value };
      case "num": return { make: "slot", slot: this.slot(abs.v), as: "number" };
      case "bool": return { make: "slot", slot: this.int(abs.v), as: "boolean" };
      case "big": {
        const big = exactly(ev, abs), [low, high] = wordsOf(ev, big), unsigned = isWithoutSign(big);
        return { make: "bigint", low: this.int(low), high: this.int(high), unsigned };
      }
      case "str":
        if (abs.whole) return { make: "input", path: abs.whole };
        ev.textLeaves = true;
        return { make: "text", address: this.int(abs.ptr), length: this.int(abs.len) };
      case "text": {
        const parts = abs.parts.map((p): Shape => { if (p === untold) throw refuseUntold(this.ev); return typeof p === "string" ? { make: "const", value: p } : this.shape(p); });
        return { make: "string", parts, ...(abs.format ? { format: abs.format } : {}) };
      }
      case "sum": return this.choice(abs, (alt) => this.shape(alt));
      case "mem": {
        if (abs.of.path) return { make: "input", path: abs.of.path };
        if (abs.of.bigints) throw ev.refuse("Todo", "an array of BigInts made in the function is returned", "write into one of the caller's");
        const chosen = chosenFrom(ev, abs);
        if (chosen) return { make: "choice", slot: this.int(numberOf(ev, abs)), of: chosen.map(({ node }) => ({ make: "node", node })) };
        if (abs.of.records?.nodes) throw ev.refuse("Todo", "one of several slow objects is returned", "return its index");
        if (abs.of.records && abs.of.row) expectKept(ev, abs.of.records);
        if (abs.of.records && abs.of.row) return { make: "element", path: abs.of.records.path, within: abs.of.records.within.map(({ field }) => field), slot: this.int(abs.ptr) };
        if (isRowOfItems(abs)) throw refuseRow(ev, abs, "is returned");
        if (abs.of.rowOf) keepsRows(ev, abs.of.rowOf.path);
        if (abs.of.rowOf) return { make: "row", path: abs.of.rowOf.path, level: abs.of.rowOf.level, address: this.int(abs.ptr) };
        if (abs.of.whole) return this.dataView(abs);
        if (abs.of.row) return this.part(abs);
        if (abs.of.box) {
          const classes = new HeapClasses(ev);
          return { make: "heap", of: classes.number(abs.of.box), classes: classes.list, address: this.int(abs.ptr) };
        }
        return this.memory(abs);
      }
      case "obj": return this.object(abs.id);
    }
  }
  /** An array of the kernel's own, made anew for the caller. */
  private memory(abs: Mem): Shape {
    this.left.set(abs.ptr, (this.left.get(abs.ptr) ?? 0) + 1);
    const classes = new HeapClasses(this.ev), elements = abs.of.slot && abs.of.slot.map((c) => classes.content(c));
    return { make: "memory", id: this.id(-1), typed: abs.of.array === "Array" ? null : abs.of.array, ...(abs.of.prototype !== undefined ? { prototype: abs.of.prototype } : {}), address: this.int(abs.ptr), length: this.int(abs.len), ...(elements ? { elements, classes: classes.list } : {}) };
  }
  /** A DataView on an array of the kernel's own, which is made before if it leaves too. */
  private dataView({ ptr, len }: Mem): Shape {
    if (!this.late || this.dataViews++ > 0) throw this.ev.refuse("Todo", "a DataView made in the function is returned, or leaves in two places", "put it into a field of the caller's");
    return { make: "dataView", address: this.int(ptr), length: this.int(len) };
  }
  private dataViews = 0;
  /** all else that leaves is listed */
  private late = false;
  /** A part of a typed array: one object, wherever it is met in the outcome. */
  private part(abs: Mem): Shape {
    const { ev } = this, { part, of } = abs;
    if (part && this.made.has(part.id)) return { make: "again", id: this.made.get(part.id)! };
    const others = this.parts.filter((other) => other.of === of && other.part?.id !== part?.id);
    if (others.some((other) => (!other.part?.made || !part?.made) && !(other.part?.head && part?.head))) throw ev.refuse("Todo", "parts of arrays leave the function that may be one and the same", "return copies: use slice");
    this.parts.push(abs);
    const id = part && this.maybe.get(part.id);
    if (id !== undefined) { this.maybe.delete(part!.id); return { make: "again", id, otherwise: this.view(abs, id) }; }
    return this.view(abs, this.id(part?.id ?? -1));
  }
  private readonly parts: Mem[] = [];
  /** A part of one of the kernel's own, on the buffer of that; one of the caller's, or a view of its bytes. */
  private view(abs: Mem, id: number): Shape {
    const { ev } = this, { space, array, prototype, dataView, bigints } = abs.of;
    const base = abs.part?.base, head = abs.part?.head ? { head: this.int(abs.part.head) } : {};
    if (base && array !== "Array" && prototype === undefined && !dataView && !bigints) return { make: "part", id, of: this.memory(base), array, offset: this.int(ev.b.op("i32.sub", abs.ptr, base.ptr)), length: this.int(abs.len), ...head };
    if (array === "Array" || prototype !== undefined || dataView || bigints) throw ev.refuse("Todo", "a row of an array of arrays is returned", "return its index");
    const owner = ev.inputs.find(({ input }) => input.as === "typed" && input.space === space);
    if (owner?.input.as !== "typed" || typeof owner.input.path.root === "object") throw ev.refuse("Todo", "a part of an array made in the function is put into what it returns", "return a copy: use slice");
    return { make: "view", id, path: owner.input.path, array, from: owner.input.over?.part === "whole" || owner.input.buffer ? "buffer" : "array", offset: this.int(ev.b.op("i32.sub", abs.ptr, owner.params[0]!)), length: this.int(abs.len), ...head };
  }
  /** An ArrayBuffer: the caller's, or that of an array of the kernel's own, which leaves in no other way. */
  private buffer(buffer: Buffer): Shape {
    const { base } = buffer, of = this.shape(base);
    if (of.make === "input" && base.k === "mem" && isBuffer(base.of)) return of;
    if (of.make !== "memory" && of.make !== "typed") throw this.ev.refuse("Todo", "the buffer of an array leaves the function beside the array", "return the array");
    if (base.k === "mem" && this.left.get(base.ptr) !== 1) throw this.ev.refuse("Todo", "the buffer of an array leaves the function beside the array", "return the array");
    expectUnshared(this.ev, buffer);
    return { make: "buffer", of };
  }
  /** of arrays in memory, by their addresses: in how many places they leave */
  private readonly left = new Map<Value, number>();
  /** What is made in there is made only if that alternative is the one. */
  private perhaps(shape: () => Shape): Shape {
    const before = new Set(this.made.keys()), made = shape();
    for (const id of this.made.keys()) if (!before.has(id)) { this.maybe.set(id, this.made.get(id)!); this.made.delete(id); }
    return made;
  }
  private ids = 0;
  private id(object: number, again?: number): number { const id = again ?? this.ids++; if (object >= 0) this.made.set(object, id); return id; }

  private object(id: number, number?: number): Shape {
    const { ev } = this;
    const again = this.made.get(id), maybe = this.maybe.get(id);
    if (again !== undefined) return { make: "again", id: again };
    if (maybe !== undefined) { this.maybe.delete(id); return { make: "again", id: maybe, otherwise: this.object(id, maybe) }; }
    const object: HeapObject = ev.object(id);
    if (isArguments(object)) throw ev.refuse("Unsupported", "`arguments` leaves the function", "use a rest parameter");
    switch (object.t) {
      case "object": {
        if (object.origin.from === "input") return { make: "input", path: object.origin.path };
        const time = leavingTime(ev, object);
        if (time) { const made = this.id(id, number); return { make: "date", id: made, time: this.shape(time) }; }
        const closed = this.closed(object);
        if (object.fields.has(orderKey)) needOrder(ev);
        if (object.fields.has(orderKey)) throw ev.refuse("Todo", "an object leaves the function that got its fields in different orders on different paths", "create the object with all of its fields at once");
        const attributes = this.attributes(object), described = new Set(attributes.flatMap(([name]) => [unlistedKey(name), fixedKey(name), keptKey(name)]));
        if ([...object.fields.keys()].some((key) => isHidden(key) && !isMark(key) && !ownKeys.has(key) && !described.has(key))) throw refusePrivate(ev);
        const made = this.id(id, number);
        let prototype = -1;
        if (object.prototype) {
          const p = ev.object(object.prototype.id);
          if (p.t !== "snap") throw refuseOwnClass(ev);
          prototype = p.node.node;
        }
        return { make: "object", id: made, prototype, fields: fieldNames(object).filter((key) => !ownKeys.has(key) && !described.has(key)).map((key) => this.field(object, key)).filter((field) => field !== null), ...closed, ...(object.fields.has(bareKey) ? { bare: true as const } : {}), ...(object.fields.has(elementsKey) ? { elements: this.shape(object.fields.get(elementsKey)!) } : {}), ...(attributes.length > 0 ? { attributes } : {}) };
      }
      case "array": {
        if (object.named?.has("raw")) throw ev.refuse("Todo", "the texts of a template leave the function", "return a copy: use slice");
        const made = this.id(id, number), closed = this.closed(object), items = object.items.map((x) => (x === undefined ? null : this.shape(x)));
        const named = namesOf(object).map((key) => [key, this.shape(object.named!.get(key)!)] as const);
        return { make: "array", id: made, ...(object.prototype === undefined ? {} : { prototype: object.prototype }), items, ...(named.length > 0 ? { named } : {}), ...closed };
      }
      case "typed": { const made = this.id(id, number); return { make: "typed", id: made, array: object.array, items: object.items.map((x) => this.shape(x)) }; }
      case "boxed": return this.shape(object.mem);
      case "spilled": case "vector": {
        const made = this.shape(object.mem);
        if (made.make !== "memory") return made;
        this.made.set(id, number ?? made.id);
        return { ...made, id: number ?? made.id };
      }
      case "buffer": return this.buffer(object);
      case "keyed": {
        if (object.input) return { make: "input", path: object.input };
        return shapeOfKeyed(ev, obj(id), (abs) => this.shape(abs), this.id(id, number));
      }
      case "map": case "set": {
        const made = this.id(id, number), keys = object.t === "map" ? object.entries.map(([k]) => k) : object.items;
        const list = (items: readonly Shape[]): Shape => ({ make: "array", id: this.id(-1), items });
        return { make: "keyed", id: made, form: object.t, keys: list(keys.map((k) => this.shape(k))), values: object.t === "map" ? list(object.entries.map(([, v]) => this.shape(v))) : null, next: list(keys.map(() => ({ make: "const", value: 0 }))), bare: false };
      }
      case "snap": case "function": case "class": return { make: "node", node: object.node.node };
      case "regexp":
        if (!object.node) throw ev.refuse("Unsupported", "a regular expression leaves the function", "return what it finds");
        return { make: "node", node: object.node.node };
      case "builtin": return { make: "node", node: (object.node ?? ev.snapshot.builtin(object.name)).node };
      case "bound": {
        if (object.path) return { make: "input", path: object.path };
        const target = boundBuiltin(ev, object);
        if (target) return { make: "node", node: target.node, bound: true };
        throw ev.refuse("Unsupported", "a bound function leaves the function", "return numbers, arrays or plain objects of them");
      }
      case "closure": {
        this.closures ??= new LeavingClosures(ev);
        return this.closures.shape(object, this.id(id, number), (abs) => this.shape(abs));
      }
      case "error": return { make: "error", id: this.id(id, number), class: object.class, message: object.message ? this.shape(object.message) : null };
      default: throw ev.refuse("Unsupported", `${saidOfObject(object)} leaves the function`, "return numbers, arrays or plain objects of them");
    }
  }

  private closures: LeavingClosures | null = null;

  private closed(object: HeapObject): { readonly closed?: Closed } {
    const closed = closedOf(object);
    if (closed === "perhaps") throw this.ev.refuse("Todo", "an object leaves the function that is frozen on some paths only", "freeze it on all of them");
    return closed ? { closed } : {};
  }

  /** Of properties that can't be listed, written or deleted, as `Object.defineProperty` makes them, what they can. */
  private attributes(object: HeapObject & { t: "object" }): (readonly [string, Attributes])[] {
    const says = (key: string): boolean => {
      if (presenceOf(object, key)) throw this.ev.refuse("Todo", "an object leaves the function whose property is defined differently on different paths", "define it once");
      return object.fields.has(key);
    };
    return fieldNames(object).filter((name) => !isHidden(name)).flatMap((name): (readonly [string, Attributes])[] => {
      const [unlisted, fixed, kept] = [unlistedKey(name), fixedKey(name), keptKey(name)].map(says);
      return unlisted || fixed || kept ? [[name, { enumerable: !unlisted, writable: !fixed, configurable: !kept }]] : [];
    });
  }

  private field(object: HeapObject & { t: "object" }, key: string): readonly [string, Shape] | readonly [string, Shape, number] | null {
    const present = presenceOf(object, key), shape = this.shape(object.fields.get(key)!);
    if (present?.k === "prim") return present.value ? [key, shape] : null;
    return present?.k === "bool" ? [key, shape, this.int(present.v)] : [key, shape];
  }

  /** The fields of the caller's objects that changed, and the captured variables. */
  writes(): Write[] {
    const { ev } = this;
    const out: Write[] = [], views: (() => void)[] = [];
    for (const [, object] of ev.state.objects) {
      if (object.t !== "object" || object.origin.from !== "input") continue;
      for (const key of fieldNames(object)) {
        const value = object.fields.get(key)!, present = presenceOf(object, key);
        const path: Path = { root: object.origin.path.root, keys: [...object.origin.path.keys, key] };
        const { prototype, fields } = object.origin.kind, kind = fields.get(key);
        if (kind && present && !(present.k === "prim" && present.value)) { out.push({ path, value: this.written(value), removed: true, ...(present.k === "bool" ? { present: this.int(present.v) } : {}) }); continue; }
        if (present?.k === "prim" && !present.value) continue;
        if (kind && !isHidden(key)) { if (kind.kind === "undefined" || isBehind(ev, prototype, key)) ev.expect({ expect: "present", path }); else expectNoneBehind(ev, prototype, key); }
        if (kind && kind.kind !== "static" && same(inputValue(ev, path, kind), value)) { ev.expect({ expect: "writable", path }); continue; } // a frozen object tells
        // its own place among the fields it has already
        if (kind && isDataView(value)) { views.push(() => { out.push({ path, value: this.shape(value) }); }); continue; }
        const rank = rankOf(object, key);
        out.push({ path, value: this.written(value), ...(present?.k === "bool" ? { present: this.int(present.v) } : {}), ...(rank ? { rank: this.slot(ev.toF64(rank)) } : {}) });
      }
    }
    for (const { path, mem, written } of ev.residents.values()) if (written) out.push({ path, value: this.written(readField(ev, mem, heldField)!) });
    out.push(...writesOfTables(ev, (abs) => this.shape(abs)), ...writesOfElements(ev, (abs) => this.shape(abs)), ...writesOfLinked(ev));
    for (const { path, mem } of ev.lists) {
      if (addedTo(mem.of.box!).length > 0) throw ev.refuse("Todo", "an array of the caller's gets fields beside its elements", "use an object");
      out.push({ path, value: this.shape(mem), contents: true });
    }
    for (const { path, value } of changedVariables(ev)) out.push({ path, value: this.written(value) });
    this.late = true;
    for (const write of views) write();
    return out;
  }

  private written(value: Abs): Shape { return isNumeric(value) && value.k !== "prim" ? this.shape(num(this.ev.toF64(value))) : this.shape(value); }
}
