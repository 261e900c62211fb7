// The heap of partial evaluation: the objects whose identity is static. An entry is never changed in place: a write replaces it, so a
// copy of the map of entries, which costs nothing, is a copy of the heap. Objects of the snapshot are entries too, made when they are first met.

import type { Pieces } from "../../ir/composite.ts";
import type { Kind, Path, TypedArrayName } from "../../ir/interface.ts";
import type { NodeRef } from "../../ir/snapshot.ts";
import type { Instr, JsFunction, Unit } from "../../ir/types.ts";
import type { Code } from "../../ir/snapshot.ts";
import { ById } from "./byid.ts";
import type { Class, Site } from "./contents.ts";
import { isHidden, type Abs, type Mem, type Obj } from "./values.ts";

/** Where an object comes from: made by the kernel, or handed in by the caller, whose fields are then read on demand. */
export type Origin =
  | { readonly from: "local" }
  | { readonly from: "input"; readonly path: Path; readonly kind: Kind & { kind: "object" } };

/** The text that instructions come from, with what its free variables hold. */
export interface Source {
  readonly unit: Unit;
  readonly code: Code;
  /** the snapshot's function whose captured values the free variables are */
  readonly closure: NodeRef;
  /** our own text, of a built-in: places in it say nothing to the user */
  readonly hidden?: true;
  /** made of a text (compiled.ts): sloppy code, but for what its own text says */
  readonly compiled?: true;
}

export type HeapObject =
  /** for an input: the fields that were written; the others are the caller's */
  | { readonly t: "object"; readonly origin: Origin; readonly prototype: Obj | null; readonly fields: ReadonlyMap<string, Abs>; readonly site?: Site }
  /** an object, array, typed array, Map or Set of the snapshot: nothing may change it */
  | { readonly t: "snap"; readonly node: NodeRef }
  /** an ordinary array of static length; undefined is a hole. `grown`: elements were added at its end by index, so more may be */
  | {
    readonly t: "array"; readonly items: readonly (Abs | undefined)[]; readonly grown?: boolean; readonly site?: Site;
    /** what else the array has: fields that it was given, `index` of what a regular expression found, `raw` of a tagged template */
    readonly named?: ReadonlyMap<string, Abs>;
    /** the node of its prototype where that is not the engine's own: it is made by a class over Array */
    readonly prototype?: number;
  }
  /** a local typed array of static length; every item is a number that its kind can hold */
  | { readonly t: "typed"; readonly array: TypedArrayName; readonly items: readonly Abs[]; readonly site?: Site }
  /** a local array (of either sort) whose items were stored in the stack frame, since a dynamic index reads or writes it */
  | { readonly t: "spilled"; readonly mem: Mem; readonly site: Site | undefined }
  /** a local array whose length is not static (vectors.ts) */
  | { readonly t: "vector"; readonly mem: Mem; readonly site: Site | undefined }
  /** a local array or object that others hold: it lies in memory with all that it holds (boxes.ts) */
  | { readonly t: "boxed"; readonly mem: Mem }
  /** a captured variable; null before its declaration ran */
  | { readonly t: "cell"; readonly value: Abs | null; readonly name: string; readonly site?: Site }
  | { readonly t: "closure"; readonly source: Source; readonly func: JsFunction; readonly cells: readonly Obj[]; readonly self: Abs | null; readonly fields: ReadonlyMap<string, Abs>; readonly site?: Site }
  | { readonly t: "function"; readonly node: NodeRef }
  | { readonly t: "class"; readonly node: NodeRef }
  | { readonly t: "builtin"; readonly name: string; readonly node: NodeRef | null }
  /** f.bind(self, …args); `path`: where the caller's own is */
  | { readonly t: "bound"; readonly target: Abs; readonly self: Abs; readonly args: readonly Abs[]; readonly path?: Path }
  | { readonly t: "map"; readonly entries: readonly (readonly [Abs, Abs])[]; readonly site?: Site }
  | { readonly t: "set"; readonly items: readonly Abs[]; readonly site?: Site }
  /** one of those, or an object, with keys of run time (keyed.ts); `bare`: an object without a prototype */
  | { readonly t: "keyed"; readonly form: "map" | "set" | "record"; readonly parts: readonly Obj[]; readonly bare: boolean; /** its keys are numbers of strings (named.ts) */ readonly named?: true; /** … of texts of numbers (composite.ts) */ readonly composite?: Pieces; /** … strings of run time (words.ts) */ readonly words?: true; /** … objects, which are elements of a list of that class (objectkeys.ts) */ readonly objects?: Class; /** the caller's, or captured (entered.ts) */ readonly input?: Path; readonly site?: Site }
  /** the texts of the numbers in a list; `of`: the keys of that table */
  | { readonly t: "numerals"; readonly list: Abs; readonly of?: Obj }
  | { readonly t: "iterator"; readonly over: Abs; readonly index: Abs; readonly what: "keys" | "values" | "entries"; /** the kernel has it: it may be asked again when it has come to its end */ readonly held?: true }
  | { readonly t: "error"; readonly class: string; readonly message: Abs | null }
  | { readonly t: "regexp"; readonly source: string; readonly flags: string; readonly lastIndex: Abs; /** a captured one */ readonly node?: NodeRef }
  /** the ArrayBuffer behind a typed array (buffers.ts); `shared`: the caller's array behind which it is, or it is a copy of what is: that may be a SharedArrayBuffer */
  | { readonly t: "buffer"; readonly base: Abs; readonly shared: Path | null; /** nobody has the array that it was made with */ readonly unseen?: boolean }
  /** what a call of a generator function gives (generators.ts) */
  | { readonly t: "generator"; readonly source: Source; readonly func: JsFunction; readonly cells: readonly Abs[]; readonly self: Abs; readonly args: readonly Abs[]; readonly callee: Abs | null; readonly started: boolean }
  | { readonly t: "opaque"; readonly why: string };

export class State {
  objects: ById<HeapObject>;
  /** whether a store to memory may have happened: a bail from here on needs copies */
  wrote: boolean;
  constructor(objects = new ById<HeapObject>(), wrote = false) { this.objects = objects; this.wrote = wrote; }
  clone(): State { return new State(this.objects.clone(), this.wrote); }
  /** Becomes what the other one is, for all who hold this one. */
  become({ objects, wrote }: State): void {
    this.objects = objects.clone();
    this.wrote = wrote;
  }
}

/** The objects that were there before, the snapshot's among them, and are not as they were. */
export function changedSince({ statics }: { readonly statics: ReadonlyMap<number, HeapObject> }, before: State, now: State): { readonly id: number; readonly object: HeapObject; readonly before: HeapObject }[] {
  const changed: { readonly id: number; readonly object: HeapObject; readonly before: HeapObject }[] = [];
  now.objects.differing(before.objects, (id, object, own) => {
    const old = own ?? statics.get(id);
    if (object && old && object !== old) changed.push({ id, object, before: old });
  });
  return changed;
}

/** The node of an array's prototype where a class over Array made it. */
export const arrayClassOf = (object: HeapObject): number | undefined =>
  object.t === "array" ? object.prototype : (object.t === "spilled" || object.t === "vector" || object.t === "boxed") && object.mem.of.array === "Array" ? object.mem.of.prototype : undefined;

/** What an array has beside its elements, as it is listed. */
export const namesOf = ({ named }: HeapObject & { t: "array" }): string[] => (named ? [...named.keys()].filter((key) => !isHidden(key) && key !== "raw") : []);

/** The values that an object refers to: what a merge has to look at, in a fixed order. */
export function partsOf(object: HeapObject): (Abs | undefined | null)[] {
  switch (object.t) {
    case "object": return [...object.fields.values()];
    case "array": return object.named ? [...object.items, ...object.named.values()] : [...object.items];
    case "typed": case "set": return [...object.items];
    case "cell": return [object.value];
    case "vector": case "boxed": return [object.mem];
    case "closure": return [...object.cells, object.self, ...object.fields.values()];
    case "bound": return [object.target, object.self, ...object.args];
    case "generator": return [...object.cells, object.self, ...object.args];
    case "map": return object.entries.flat();
    case "iterator": return [object.over, object.index];
    case "error": return [object.message];
    case "buffer": return [object.base];
    case "regexp": return [object.lastIndex];
    case "keyed": return [...object.parts];
    case "numerals": return object.of ? [object.list, object.of] : [object.list];
    case "spilled": case "snap": case "function": case "class": case "builtin": case "opaque": return [];
  }
}

/** The same object with other parts, in the order of `partsOf`. */
export function withParts(object: HeapObject, parts: readonly (Abs | undefined | null)[]): HeapObject {
  switch (object.t) {
    case "object": { let i = 0; return { ...object, fields: new Map([...object.fields.keys()].map((key) => [key, parts[i++] as Abs])) }; }
    case "array": {
      let i = object.items.length;
      const items = parts.slice(0, i) as (Abs | undefined)[];
      return object.named ? { ...object, items, named: new Map([...object.named.keys()].map((key) => [key, parts[i++] as Abs])) } : { ...object, items };
    }
    case "typed": case "set": return { ...object, items: parts as Abs[] } as HeapObject;
    case "cell": return { ...object, value: parts[0] as Abs | null };
    case "vector": case "boxed": return { ...object, mem: parts[0] as Mem };
    case "closure": {
      const n = object.cells.length; let i = n + 1;
      return { ...object, cells: parts.slice(0, n) as Obj[], self: parts[n] as Abs | null, fields: new Map([...object.fields.keys()].map((key) => [key, parts[i++] as Abs])) };
    }
    case "bound": return { ...object, target: parts[0] as Abs, self: parts[1] as Abs, args: parts.slice(2) as Abs[] };
    case "generator": {
      const n = object.cells.length;
      return { ...object, cells: parts.slice(0, n) as Abs[], self: parts[n] as Abs, args: parts.slice(n + 1) as Abs[] };
    }
    case "map": return { ...object, entries: object.entries.map((_, i) => [parts[2 * i] as Abs, parts[2 * i + 1] as Abs] as const) };
    case "keyed": return { ...object, parts: parts as Obj[] };
    case "numerals": return { ...object, list: parts[0] as Abs, ...(object.of ? { of: parts[1] as Obj } : {}) };
    case "iterator": return { ...object, over: parts[0] as Abs, index: parts[1] as Abs };
    case "error": return { ...object, message: parts[0] as Abs | null };
    case "buffer": return { ...object, base: parts[0] as Abs };
    case "regexp": return { ...object, lastIndex: parts[0] as Abs };
    case "spilled": case "snap": case "function": case "class": case "builtin": case "opaque": return object;
  }
}

/** Whether two objects differ in nothing but their parts. */
export function sameForm(a: HeapObject, b: HeapObject): boolean {
  if (a === b) return true;
  if (a.t !== b.t) return false;
  switch (a.t) {
    case "object": {
      const other = b as typeof a;
      return a.fields.size === other.fields.size && a.prototype?.id === other.prototype?.id && sameKeys(a.fields, other.fields);
    }
    case "array": return a.prototype === (b as typeof a).prototype && sameNames(a.named, (b as typeof a).named) && a.items.length === (b as typeof a).items.length && a.items.every((x, i) => (x === undefined) === ((b as typeof a).items[i] === undefined));
    case "typed": return a.array === (b as typeof a).array && a.items.length === (b as typeof a).items.length;
    case "set": return a.items.length === (b as typeof a).items.length;
    case "map": return a.entries.length === (b as typeof a).entries.length;
    case "vector": case "boxed": case "spilled": return a.mem.of === (b as typeof a).mem.of;
    case "cell": return (a.value === null) === ((b as typeof a).value === null);
    case "closure": return a.func === (b as typeof a).func && a.cells.length === (b as typeof a).cells.length && sameKeys(a.fields, (b as typeof a).fields);
    case "bound": return a.args.length === (b as typeof a).args.length;
    case "iterator": return a.what === (b as typeof a).what;
    case "error": return a.class === (b as typeof a).class && (a.message === null) === ((b as typeof a).message === null);
    case "snap": case "function": case "class": return a.node.node === (b as typeof a).node.node;
    case "builtin": return a.name === (b as typeof a).name;
    case "regexp": return a.source === (b as typeof a).source && a.flags === (b as typeof a).flags && a.node?.node === (b as typeof a).node?.node;
    case "generator": return a.func === (b as typeof a).func && a.started === (b as typeof a).started && a.cells.length === (b as typeof a).cells.length && a.args.length === (b as typeof a).args.length;
    case "keyed": return a.form === (b as typeof a).form && a.bare === (b as typeof a).bare && a.input === (b as typeof a).input && a.composite === (b as typeof a).composite && a.words === (b as typeof a).words && a.objects === (b as typeof a).objects;
    case "buffer": return a.unseen === (b as typeof a).unseen && a.shared === (b as typeof a).shared;
    case "numerals": return (a.of === undefined) === ((b as typeof a).of === undefined);
    case "opaque": return true;
  }
}
const sameNames = (a: ReadonlyMap<string, Abs> | undefined, b: ReadonlyMap<string, Abs> | undefined): boolean => a === b || (a !== undefined && b !== undefined && sameKeys(a, b));
function sameKeys(a: ReadonlyMap<string, Abs>, b: ReadonlyMap<string, Abs>): boolean {
  if (a.size !== b.size) return false;
  const keys = b.keys();
  for (const key of a.keys()) if (keys.next().value !== key) return false;
  return true;
}
/** The object `arguments` is a list like an array, but none: it inherits from Object.prototype, and its length stays whatever is written behind it. */
export const isArguments = (object: HeapObject): boolean => "site" in object && object.site?.instr.op === "js.arguments";
const mapped = new WeakSet<Instr>();
/** Of a function in sloppy code the elements are its parameters. */
export const beParameters = (instr: Instr): void => { mapped.add(instr); };
export const areParameters = (object: HeapObject): boolean => "site" in object && object.site !== undefined && mapped.has(object.site.instr);
