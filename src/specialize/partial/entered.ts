// Maps, Sets and plain objects of the caller's, or captured ones, that get keys of run time: memo tables, counters, visited nodes that outlive a call.
//
//   cache[n] || (cache[n] = f(n))     counts.set(x, (counts.get(x) || 0) + 1)     this.seen.add(id)
//
// One is what it is in the snapshot (static), or an object with the fields that its kind says, until it is asked for a key of run time, or given
// one: its path is remembered and the walk begins again. From then on entry hands over a list of its keys and one of what stands there
// (lists.ts, runtime/keyed.ts), of which the program makes a table (keyed.ts) before all else; at a return what was put in or taken out goes back.
//
// Objects and arrays that stand there lie in memory with all that they lead to, as the kernel's own do (boxes.ts); what became of them goes back into
// the very ones.
//
// Requires: keys that are numbers (of an object their texts) and values that can lie in memory, which entry tests, and that nothing else of the call's is one of them.

import { entriesKey, tableFields, type KeyedForm, type TableForm } from "../../ir/keyed.ts";
import type { Kind, Path, Shape, Write } from "../../ir/interface.ts";
import { isPrivateKey, privateKeysOf } from "../../ir/privates.ts";
import { type hole, NodeRef, type SnapNode, type SnapValue } from "../../ir/snapshot.ts";
import type { Instr } from "../../ir/types.ts";
import { admit, Class, formKey, formOfTable, type Content, type Form } from "./contents.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { findKind } from "./inputs.ts";
import { isIndex } from "./keys.ts";
import { fillKeyed, shapeOfKeyed, type KeyedObject } from "./keyed.ts";
import { contentOfItem, holdsObjects, isPlain, learnContent, listInput } from "./lists.ts";
import { numberOfText } from "./operators.ts";
import type { Abs, Mem, Obj } from "./values.ts";
import { type Lessons, Restart } from "./walk.ts";

/** What is known of one from one walk to the next: `sites` stand for the places that make its parts. */
export interface Entering { readonly path: Path; readonly form: KeyedForm; readonly sites: readonly Instr[] }
interface Entered { readonly object: Obj; written: boolean; /** objects stand there, which go back too */ readonly holds: boolean }
export type EnteredTables = Map<string, Entered>;

const entriesPath = ({ path, form }: Entering): Path => ({ root: path.root, keys: [...path.keys, entriesKey(form)] });
const partPath = (entering: Entering, part: "keys" | "values"): Path => { const { root, keys } = entriesPath(entering); return { root, keys: [...keys, part] }; };

// ── learning ──

const valuesField = tableFields.at(-1);

/** Whether a property's name is the text of a number. */
const isNumberText = (key: string): boolean => String(Number(key)) === key;

/** The object, Map or Set at the path is a table from now on. Returns where it can't be one. */
function enter<T>(ev: Evaluator, path: Path, form: KeyedForm, keys: readonly unknown[], values: readonly T[], contentOf: (held: Held, value: T) => Content | undefined): void {
  const { entering } = ev.lessons, key = pathKey(path);
  if (entering.has(key) || !keys.every((k) => typeof k === "number")) return;
  const held = new Held(ev), contents = values.map((value) => contentOf(held, value));
  if (contents.includes(undefined)) return;
  held.settle();
  const made: Entering = { path, form, sites: Array.from({ length: 5 }, (): Instr => ({ op: "js.undefined", args: [], results: [] }) as unknown as Instr) };
  learnContent(ev, partPath(made, "keys"), contentOfItem(0)!); // a program that only asks for keys writes none
  for (const content of contents) learnContent(ev, partPath(made, "values"), content!);
  entering.set(key, made);
  throw new Restart();
}

/** Tables are learned once more. */
export function forgetEntered({ entering, lists }: Lessons): void {
  for (const made of entering.values()) for (const part of ["keys", "values"] as const) lists.delete(pathKey(partPath(made, part)));
  entering.clear();
}

/** Plain objects and arrays that stand in a table, with all that they lead to: of each form a class (contents.ts). */
export class Held {
  private readonly classes: Map<string, Class>;
  private readonly known = new Map<number, Content | undefined>();
  /** the strings that stand in each class's slots */
  private readonly strings = new Map<Class, Map<number, string[]>>();
  /** in how many tables what is looked at stands: those of each level are of a class of their own */
  private tablesDeep = 0;
  private readonly ev: Evaluator;
  constructor(ev: Evaluator, classes = new Map<string, Class>()) { this.ev = ev; this.classes = classes; }

  /** What the value is as an element; undefined where it can't lie in memory. */
  content(value: SnapValue | typeof hole): Content | undefined {
    if (!(value instanceof NodeRef)) return contentOfItem(value);
    if (!this.known.has(value.node)) this.known.set(value.node, undefined);
    else return this.known.get(value.node);
    const { ev } = this, node = ev.snapshot.node(value), prototype = ev.snapshot.prototype(value)?.node;
    if (this.known.size > mostHeld || prototype === undefined) return undefined;
    if (node.kind === "array" && !node.frozen && prototype === ev.snapshot.builtin("Array.prototype").node) return this.filled(value, { form: "array" }, node.items, () => 0);
    if (node.kind === "map") return this.filledTable(value, "map", node.entries.map(([k]) => k), node.entries.map(([, v]) => v));
    if (node.kind === "set") return this.filledTable(value, "set", node.items, []);
    if (node.kind !== "object" || !isPlain(ev, value) || privateKeysOf(ev.snapshot, value).length > 0) return undefined;
    const names = ev.snapshot.keys(value), properties = names.map((name) => ev.snapshot.property(value, name));
    const values = properties.flatMap((property) => (property.kind === "data" && property.writable ? [property.value] : []));
    if (values.length !== names.length || names.includes("__proto__")) return undefined;
    const plain = prototype === ev.snapshot.builtin("Object.prototype").node;
    if (plain && names.every(isNumberText) && (names.length > 0 || ev.lessons.emptyTables)) return this.filledTable(value, "record", names.map(Number), values);
    if (names.some(isIndex)) return undefined;
    return this.filled(value, { form: "record", prototype: plain ? -1 : prototype, names }, values, (i) => i);
  }
  /** A table with numbers as keys: its arrays lie there as the program's own tables have them. */
  private table<T>(table: TableForm, keys: readonly unknown[], values: readonly T[], of: (value: T) => Content | undefined, made?: (content: Content) => void): Content | undefined {
    if (!keys.every((key) => typeof key === "number")) return undefined;
    const { ev } = this, form = formOfTable(ev, table), key = `${this.tablesDeep} ${formKey(form)}`, cls = this.classes.get(key) ?? new Class(form), content: Content = { is: "class", of: cls };
    this.classes.set(key, cls);
    made?.(content);
    this.tablesDeep++;
    for (const [slot, name] of form.names.entries()) {
      const part = `${key} ${name}`, list = this.classes.get(part) ?? new Class({ form: "array" });
      this.classes.set(part, list);
      admit(ev, cls, slot, { is: "class", of: list });
      if (name !== valuesField) admit(ev, list, 0, { is: "number" });
      else for (const value of values) if (!this.admitted(list, 0, of(value))) return undefined;
    }
    this.tablesDeep--;
    return content;
  }
  /** False where it can't lie in memory. */
  private admitted(cls: Class, slot: number, inner: Content | undefined): boolean {
    if (inner?.is === "const" && typeof inner.value === "string") this.note(cls, slot, inner.value); else if (inner) admit(this.ev, cls, slot, inner);
    return inner !== undefined;
  }
  /** The same of a value of which its kind is known. */
  ofKind(kind: Kind): Content | undefined {
    const value = valueOfKind(kind);
    if (value !== unknownValue) return kind.kind === "static" && kind.slow ? undefined : this.content(value);
    const one = (inner: Kind): Content | undefined => this.ofKind(inner);
    if (kind.kind === "string" && !this.ev.lessons.noTexts) { this.ev.lessons.heldTexts = true; return { is: "text" }; }
    if (kind.kind === "array") return kind.prototype === undefined && !kind.gaps ? this.put({ form: "array" }, [kind.element], one, () => 0) : undefined;
    if (kind.kind !== "object" || kind.others || kind.indexed || kind.linked) return undefined;
    const { ev } = this, { prototype } = kind, names = [...kind.fields.keys()];
    const plain = prototype === -1 || prototype === ev.snapshot.builtin("Object.prototype").node;
    if (plain && names.every(isNumberText) && (names.length > 0 || this.ev.lessons.emptyTables)) return this.table("record", names.map(Number), [...kind.fields.values()], one);
    const ofClass = prototype !== null && !plain && ev.snapshot.node(new NodeRef(prototype)).kind === "object" && isPlain(ev, new NodeRef(prototype));
    if ((!plain && !ofClass) || names.some((name) => isIndex(name) || isPrivateKey(name) || name === "__proto__")) return undefined;
    return this.put({ form: "record", prototype: plain ? -1 : prototype!, names }, [...kind.fields.values()], one, (i) => i);
  }
  private filledTable(ref: NodeRef, form: TableForm, keys: readonly unknown[], values: readonly SnapValue[]): Content | undefined {
    return this.table(form, keys, values, (value) => this.content(value), (content) => this.known.set(ref.node, content));
  }
  private filled(ref: NodeRef, form: Form, values: readonly (SnapValue | typeof hole)[], slot: (i: number) => number): Content | undefined {
    return this.put(form, values, (value) => this.content(value), slot, (content) => this.known.set(ref.node, content)); // it may lead to itself
  }
  private put<T>(form: Form, values: readonly T[], of: (value: T) => Content | undefined, slot: (i: number) => number, made?: (content: Content) => void): Content | undefined {
    const key = formKey(form), cls = this.classes.get(key) ?? new Class(form), content: Content = { is: "class", of: cls };
    this.classes.set(key, cls);
    made?.(content);
    for (const [i, value] of values.entries()) if (!this.admitted(cls, slot(i), of(value))) return undefined;
    return content;
  }
  private note(cls: Class, slot: number, text: string): void {
    let slots = this.strings.get(cls);
    if (!slots) this.strings.set(cls, (slots = new Map<number, string[]>()));
    const there = slots.get(slot);
    if (there) there.push(text); else slots.set(slot, [text]);
  }

  /**
   * When all are known: strings of which few objects share one (names) are any strings, which the program finds in memory; few that are shared (kinds) are
   * these, each told apart at once. The number of the latter.
   */
  settle(): number {
    const { ev } = this, known = new Set<string>();
    for (const [cls, slots] of this.strings) {
      for (const [slot, texts] of slots) {
        const different = new Set(texts);
        if (!ev.lessons.noTexts && (different.size > mostKnown || (different.size > 1 && 2 * different.size > texts.length))) { ev.lessons.heldTexts = true; admit(ev, cls, slot, { is: "text" }); continue; }
        for (const value of different) { known.add(value); admit(ev, cls, slot, { is: "const", value }); }
      }
    }
    return known.size;
  }
}
/** so many strings are told apart in one place */
const mostKnown = 8;
const mostHeld = 10_000;

/** The same of what is met in the walk: one of the caller's objects, a captured or slow Map or Set. */
export function becomeEntered(ev: Evaluator, a: Abs, key: Abs): void {
  const object = a.k === "obj" && mayBeNumber(key) ? ev.object(a.id) : undefined;
  if (object?.t === "object" && object.origin.from === "input") enterObject(ev, object.origin, object);
  if (object?.t === "snap") enterNode(ev, object.node);
}

const mayBeNumber = (key: Abs): boolean =>
  key.k === "num" || numberOfText(key) !== undefined || (key.k === "prim" && (typeof key.value === "number" || (typeof key.value === "string" && isNumberText(key.value)))) || (key.k === "sum" && key.alts.every((a) => a.k === "num" || (a.k === "prim" && a.value === undefined)));

/** One of the caller's objects. */
export function enterObject(ev: Evaluator, { path, kind }: { readonly path: Path; readonly kind: Kind & { kind: "object" } }, { fields }: HeapObject & { t: "object" }): void {
  const { prototype } = kind, names = [...kind.fields.keys()];
  const bare = prototype === null, plain = prototype === -1 || prototype === ev.snapshot.builtin("Object.prototype").node;
  if ((!bare && !plain) || !names.every(isNumberText) || ![...fields.keys()].every(isNumberText)) return;
  const values = [...kind.fields.values()];
  if (values.some((field) => field.kind === "static" && field.slow)) throw ev.demote(path);
  enter(ev, path, bare ? "bare" : "record", names.map(Number), values, (held, field) => held.ofKind(field));
}
export const unknownValue = Symbol("unknown");
/** A value of the kind, for what lists learn of it. */
export function valueOfKind(kind: Kind): SnapValue | typeof unknownValue {
  switch (kind.kind) {
    case "f64": case "i32": return 0;
    case "boolean": return false;
    case "undefined": return undefined;
    case "null": return null;
    case "static": return kind.value;
    default: return unknownValue;
  }
}

function enterNode(ev: Evaluator, ref: NodeRef): void {
  const node = ev.snapshot.node(ref), slow = ev.staticPaths.get(ref.node), path: Path = slow ?? { root: { node: ref.node }, keys: [] };
  const found = node.kind === "map" ? { form: "map" as const, keys: node.entries.map(([k]) => k), values: node.entries.map(([, v]) => v) }
    : node.kind === "set" ? { form: "set" as const, keys: node.items, values: [] } : node.kind === "object" ? entriesOf(ev, ref, node) : undefined;
  if (!found) return;
  if (slow && isSlow(ev, slow)) throw ev.demote(slow);
  if (!slow) ev.lessons.writtenNodes.add(ref.node);
  enter(ev, path, found.form, found.keys, found.values, (held, value) => held.content(value));
}
/** Those of a plain object. */
function entriesOf(ev: Evaluator, ref: NodeRef, { prototype }: SnapNode & { kind: "object" }): { readonly form: KeyedForm; readonly keys: readonly unknown[]; readonly values: readonly SnapValue[] } | undefined {
  if (!isPlain(ev, ref) || (prototype !== null && prototype.node !== ev.snapshot.builtin("Object.prototype").node)) return undefined;
  const names = ev.snapshot.keys(ref), properties = names.map((name) => ev.snapshot.property(ref, name));
  const values = properties.flatMap((property) => (property.kind === "data" && property.writable ? [property.value] : []));
  return values.length === names.length && names.every(isNumberText) ? { form: prototype === null ? "bare" : "record", keys: names.map(Number), values } : undefined;
}
/** Whether the options say that the value at the path is slow, or what holds it is. */
function isSlow(ev: Evaluator, path: Path): boolean {
  const kind = findKind(ev, path);
  return kind?.kind !== "static" || kind.slow === true;
}

// ── at entry and at a return ──

/** Makes the tables: the first that the program does. */
export function enterTables(ev: Evaluator): void {
  for (const [key, entering] of ev.lessons.entering) {
    const { path, form, sites } = entering;
    if (form === "record") ev.expect({ expect: "unextended" });
    if (form === "record" || form === "bare") ev.expect({ expect: "object", path, prototype: form === "bare" ? null : -1 });
    const name = `table${ev.entered.size}`;
    const list = (part: "keys" | "values"): Mem => listInput(ev, partPath(entering, part), (suffix) => param(ev, `${name}_${part}${suffix}`));
    const object = fillKeyed(ev, form, path, list("keys"), form === "set" ? null : list("values"), sites.map((instr) => ({ context: ev.lessons.root, instr })));
    const holds = form !== "set" && holdsObjects(ev, partPath(entering, "values"));
    if (holds) ev.expect({ expect: "unindexed" });
    ev.entered.set(key, { object, written: false, holds });
  }
}
function param(ev: Evaluator, name: string): Mem["ptr"] {
  const value = ev.b.value("i32", name);
  ev.inputValues.add(value);
  return value;
}

/** The table at the path, where there is one. */
export const enteredAt = (ev: Evaluator, path: Path): Obj | undefined => (ev.entered.size > 0 ? ev.entered.get(pathKey(path))?.object : undefined);

/** Something is put into a table, or taken out of it. */
export function noteWritten(ev: Evaluator, { input }: KeyedObject): void {
  const entered = input && ev.entered.get(pathKey(input));
  if (entered) entered.written = true;
}

/** What goes back. */
export function writesOfTables(ev: Evaluator, shape: (abs: Abs) => Shape): Write[] {
  return [...ev.entered].flatMap(([key, { object, written, holds }]) => {
    if (!written && !holds) return [];
    return [{ path: entriesPath(ev.lessons.entering.get(key)!), value: shapeOfKeyed(ev, object, shape, -1), entries: true }];
  });
}
