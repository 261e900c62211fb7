// The kinds of a call's values: what a version is made for.
//
// Before: `this` and the arguments of a call, and which of them (or which paths in them) are slow. After: a Kind each; a key, the same for calls that the same
// version may serve; the static values in order; and whether two of the typed arrays share memory.
// Fast numbers, strings, typed arrays, arrays of numbers and objects with plain fields are described; whatever is slow, or not numeric at heart, is
// static: its value goes into the snapshot. A getter of a field makes the field opaque. Arrays that lead to what stands in two places are to lie in memory with all that they lead to.
// It is long since what describes a value describes what that holds, and all of it shares the paths of what was met.
// Guarantees: no getter and no Proxy trap runs (ordinary.ts says which does all the same). Unknown means static.

import { timeKey } from "../ir/dates.ts";
import { fieldKinds, type FieldKind } from "../ir/fields.ts";
import type { BigIntArrayName, Kind, Path, TypedArrayName } from "../ir/interface.ts";
import type { SnapValue } from "../ir/snapshot.ts";
import { laidKey, nameOfNamed, sizedKey } from "../ir/within.ts";
import { boundToHolder } from "./bound.ts";
import { builtinName } from "./builtins.ts";
import { isTypedArrayName } from "./contents.ts";
import { isArrayBuffer, isDataView, isDate, isProxy, isResizable, isTrueView, seenThrough, typedArrayTag } from "./host.ts";
import { isLinked, reachOf } from "./linked.ts";
import { all, allNumbers, hasAccessors, isList, isOfArrayClass, isOrdinaryArray, isPlainDate, isPlainTyped, isRecord, isRowOfObjects, itemsOf } from "./ordinary.ts";
import { privateField, privateKeys } from "./privates.ts";
import type { Snapshot } from "./snapshot.ts";
import { keyOf } from "./signature.ts";
import { elementsIn, fieldKindOf, noItems } from "./fieldkinds.ts";

export type Root = number | "this";

/** Slow roots: the whole value (true), or the paths below it that are slow. */
export type SlowPaths = ReadonlyMap<Root, true | readonly (readonly string[])[]>;

export interface Described {
  readonly self: Kind;
  readonly args: readonly Kind[];
  /** two fast typed arrays share bytes without being the same object */
  readonly overlap: boolean;
  /** the signature: kinds and shapes, without the contents of static values */
  readonly key: string;
  /** the static values, in the order in which the key has them: their fingerprint completes the key */
  readonly statics: readonly SnapValue[];
}

// An object deeper or wider than this is no record of numbers: it is taken as static as a whole.
const maxDepth = 4;
const maxFields = 256;
// An object with more index keys than these has elements: they are no fields.
const maxElements = 16;
// How many levels of arrays may lead to rows of numbers.
const maxLevels = 3;
// How many levels of objects the objects of an array may hold.
const mostWithin = 3;
// How many arrays of objects, one in objects of the other, are followed.
const mostLists = 2;
// How often more turns out to have to lie in memory; beyond that nothing does.
const mostAttempts = 4;

/**
 * `known`: paths of fast strings, and of arrays of arrays of arrays, that are static all the same, and of arrays of which more is to be known (ir/within.ts); `fractions`: the places (placeOf)
 * of numbers that were no int32 in calls before, and are doubles where they are.
 */
export function describe(self: unknown, args: readonly unknown[], slowPaths: SlowPaths, snapshot: Snapshot, known: readonly Path[] = [], fractions: ReadonlySet<string> = new Set()): Described {
  let describer = new Describer(snapshot, known, fractions, new Set());
  const kindOf = (value: unknown, root: Root): Kind => {
    const slow = slowPaths.get(root);
    return slow === true ? describer.fixed(value) : describer.kind(value, { root, keys: [] }, slow ?? [], 0);
  };
  const kindsOf = (): readonly Kind[] => [kindOf(self, "this"), ...args.map((arg, i) => kindOf(arg, i))];
  let [selfKind, ...kinds] = kindsOf() as [Kind, ...Kind[]];
  for (let attempt = 0; describer.lies(); attempt++) { // what lies in memory leads to what has to lie there, too
    describer = new Describer(snapshot, known, fractions, attempt < mostAttempts ? describer.shared : null);
    [selfKind, ...kinds] = kindsOf() as [Kind, ...Kind[]];
  }
  const statics: SnapValue[] = [];
  const key = [selfKind, ...kinds].map((kind) => keyOf(kind, statics)).join(",");
  return { self: selfKind, args: kinds, overlap: overlaps(describer.views), key, statics };
}

/** Where a call's fast numbers are no int32. */
export function fractionsIn({ self, args }: Described): string[] {
  const found: string[] = [];
  const visit = (kind: Kind, path: Path): void => {
    if (kind.kind === "f64") found.push(placeOf(path));
    else if (kind.kind === "object") for (const [key, field] of kind.fields) visit(field, { root: path.root, keys: [...path.keys, key] });
  };
  visit(self, { root: "this", keys: [] });
  args.forEach((kind, root) => { visit(kind, { root, keys: [] }); });
  return found;
}

const placeOf = ({ root, keys }: Path): string => [root, ...keys].join("\0");

/** Where an array's elements are. */
type Place = (i: number) => Path;
const below = ({ root, keys }: Path, ...more: readonly string[]): Place => (i) => ({ root, keys: [...keys, i, ...more] });

const samePath = (a: Path, b: Path): boolean => a.root === b.root && a.keys.length === b.keys.length && a.keys.every((key, i) => String(key) === String(b.keys[i]));

type View = Float64Array; // stands for all of them

class Describer {
  readonly #snapshot: Snapshot;
  readonly #paths = new Map<object, Path>();
  /** objects that lead to others of their own form, or are led to by these */
  readonly #reached = new Set<object>();
  readonly views: View[] = [];

  readonly #known: readonly Path[];
  /** what has to lie in memory, since it stands in two places: known before; and now. Null: nothing may */
  readonly #lying: ReadonlySet<object> | null;
  readonly shared: Set<object>;

  readonly #fractions: ReadonlySet<string>;
  /** how many arrays of objects around what is described stand in objects of arrays */
  #listsDeep = 0;
  /** … fields of such objects */
  #fieldsDeep = 0;

  constructor(snapshot: Snapshot, known: readonly Path[], fractions: ReadonlySet<string>, lying: ReadonlySet<object> | null) {
    this.#lying = lying;
    this.shared = new Set(lying);
    this.#snapshot = snapshot;
    this.#known = known;
    this.#fractions = fractions;
  }

  /** Whether something turned out to have to lie in memory that was not known to. */
  lies(): boolean { return this.#lying !== null && this.shared.size > this.#lying.size; }

  /** An array that lies in memory with all that it leads to; null where it need not, or can't. */
  #laid(value: readonly unknown[], path: Path, asked = this.#isAsked(path)): Kind | null {
    const lying = this.#lying;
    if (lying === null || (!asked && lying.size === 0) || this.#isFixed(path)) return null;
    const all = reachOf(value);
    if (all === null || (!asked && ![...all].some((one) => lying.has(one)))) return null;
    for (const one of all) this.shared.add(one);
    return { kind: "linked", value: this.#snapshot.value(value) };
  }
  /** What stands in two places has to lie in memory, but in fields that the kernel may never ask for. */
  #twice<T>(one: object, answer: T): T {
    if (this.#fieldsDeep === 0) this.shared.add(one);
    return answer;
  }
  #isFixed(path: Path): boolean { return this.#known.some((known) => samePath(known, path)); }
  #isAsked({ root, keys }: Path): boolean { return this.#isFixed({ root, keys: [...keys, laidKey] }); }
  /** An array, with what was asked of it beside its elements. */
  #named(kind: Kind, value: object, { root, keys }: Path, depth: number): Kind {
    if (this.#known.length === 0 || (kind.kind !== "typed" && kind.kind !== "array")) return kind;
    const named = new Map<string, Kind | null>();
    for (const known of this.#known) {
      const name = nameOfNamed(known.keys.at(-1));
      if (name === undefined || !samePath({ root, keys }, { root: known.root, keys: known.keys.slice(0, -1) })) continue;
      const own = Object.getOwnPropertyDescriptor(value, name);
      named.set(name, own && "value" in own ? this.kind(own.value, { root, keys: [...keys, name] }, [], depth + 1) : null);
    }
    return named.size === 0 ? kind : { ...kind, named };
  }
  /** An array, for its length alone where that is asked. */
  #sized(kind: Kind, value: object, { root, keys }: Path): Kind {
    if (this.#known.length === 0 || (kind.kind !== "typed" && kind.kind !== "array") || !this.#isFixed({ root, keys: [...keys, sizedKey] })) return kind;
    return kind.kind === "array" ? { ...kind, sized: true } : kind.dataView || kind.buffer || kind.bigints ? kind : { ...kind, sized: (value as View).length };
  }
  #isKnown(path: Path): boolean { return this.#isFixed(path) || this.#isAsked(path); }

  fixed(value: unknown): Kind {
    return { kind: "static", value: this.#snapshot.value(value) };
  }

  #getter(of: string): Kind { return { kind: "static", value: this.#snapshot.opaque(`${of} is behind a getter`), getter: true }; }

  kind(value: unknown, path: Path, slow: readonly (readonly string[])[], depth: number): Kind {
    switch (typeof value) {
      case "number": return (value | 0) === value && !Object.is(value, -0) && !(this.#fractions.size > 0 && this.#fractions.has(placeOf(path))) ? { kind: "i32" } : { kind: "f64" };
      case "boolean": return { kind: "boolean" };
      case "undefined": return { kind: "undefined" };
      case "object": return value === null ? { kind: "null" } : this.#object(seenThrough(value), path, slow, depth);
      case "bigint": {
        const range = value < 0n ? "int64" : value >> 63n === 0n ? "uint63" : "uint64";
        return (range === "int64" ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)) === value ? { kind: "bigint", range } : this.fixed(value);
      }
      case "string": return this.#isKnown(path) ? this.fixed(value) : { kind: "string" };
      default: return this.fixed(value); // functions, symbols
    }
  }

  #object(value: object, path: Path, slow: readonly (readonly string[])[], depth: number): Kind {
    const before = this.#paths.get(value);
    if (before) return { kind: "same", path: before, ...(this.#reached.has(value) ? { linked: this.#snapshot.value(value) } : {}) };
    const kind = this.#sized(this.#named(this.#fresh(value, path, slow, depth), value, path, depth), value, path);
    if (kind.kind === "object" && kind.linked !== undefined) this.#addReached(value);
    if (kind.kind === "linked") this.#reached.add(value);
    if (kind.kind === "static") this.#paths.delete(value);
    return kind;
  }

  /** The object, and all that were met since it was. */
  #addReached(from: object): void {
    let since = false;
    for (const met of this.#paths.keys()) if ((since ||= met === from)) this.#reached.add(met);
  }

  #fresh(value: object, path: Path, slow: readonly (readonly string[])[], depth: number): Kind {
    if (isProxy(value)) return this.fixed(value);
    this.#paths.set(value, path);
    const tag = typedArrayTag(value);
    if (tag === "BigInt64Array" || tag === "BigUint64Array") return this.#bigints(value as View, tag);
    if (tag !== undefined) return this.#typed(value as View, tag);
    if (isDataView(value)) return this.#dataView(value as unknown as View);
    if (isArrayBuffer(value)) return this.#buffer(value as ArrayBuffer);
    if (isDate(value)) return this.#date(value);
    if (Array.isArray(value)) return slow.length > 0 ? this.fixed(value) : this.#array(value, path);
    return this.#record(value, path, slow, depth);
  }

  #typed(value: View, tag: string): Kind {
    // A view whose length may change under our hands can't be bound to memory: the original takes it.
    if (!isTypedArrayName(tag) || !isTrueView(value) || isResizable(value.buffer)) return this.fixed(value);
    this.views.push(value);
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype !== null && builtinName(prototype) === `${tag}.prototype`) return { kind: "typed", array: tag };
    return { kind: "typed", array: tag, prototype: this.#node(prototype) };
  }

  #bigints(value: View, tag: BigIntArrayName): Kind {
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (!isTrueView(value) || isResizable(value.buffer) || prototype === null || builtinName(prototype) !== `${tag}.prototype`) return this.fixed(value);
    this.views.push(value);
    return { kind: "typed", array: "Uint32Array", bigints: tag };
  }

  #dataView(value: View): Kind {
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Object.getOwnPropertyNames(value).length > 0 || isResizable(value.buffer) || prototype === null || builtinName(prototype) !== "DataView.prototype") return this.fixed(value);
    this.views.push(value);
    return { kind: "typed", array: "Uint8Array", dataView: true };
  }

  #buffer(value: ArrayBuffer): Kind {
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Object.getOwnPropertyNames(value).length > 0 || isResizable(value) || prototype === null || builtinName(prototype) !== "ArrayBuffer.prototype") return this.fixed(value);
    try { this.views.push(new Uint8Array(value) as unknown as View); } catch { return this.fixed(value); } // detached
    return { kind: "typed", array: "Uint8Array", buffer: true };
  }

  /** A Date is an object with one field, which is the time. */
  #date(value: object): Kind {
    if (!isPlainDate(value)) return this.fixed(value);
    return { kind: "object", fields: new Map([[timeKey, { kind: "f64" }]]), prototype: this.#node(Object.getPrototypeOf(value) as object) };
  }

  #array(value: readonly unknown[], path: Path): Kind {
    if (isOfArrayClass(value) && allNumbers(value)) return { kind: "array", element: { kind: "f64" }, length: value.length, prototype: this.#node(Object.getPrototypeOf(value) as object) };
    if (!isOrdinaryArray(value)) return hasAccessors(value) ? this.#getter("an element") : this.fixed(value);
    const laid = this.#laid(value, path);
    if (laid !== null) return laid;
    if (allNumbers(value)) return { kind: "array", element: { kind: "f64" }, length: value.length };
    if (value.length > 0 && typedArrayTag(value[0]) === undefined && all(value, (item) => typeof item === "object" && item !== null && !Array.isArray(item) && !isProxy(item))) return this.#records(value as object[], path);
    const grid = this.#grid(value, path);
    if (grid !== null) return grid;
    const isKnown = this.#isKnown(path), rows = this.#rows(value, below(path));
    if (rows === null) return (isKnown ? null : this.#cells(value, path)) ?? this.fixed(value);
    if (rows.levels > 1 && isKnown) return this.fixed(value);
    this.#take(rows, this.#paths);
    return { kind: "array", element: kindOfRows(value, rows), length: value.length, ...(rows.gaps ? { gaps: true } : {}) };
  }

  #take({ array, places }: Rows, into: Map<object, Path>): void {
    for (const [row, at] of places) {
      into.set(row, at);
      if (array !== "Array" && typedArrayTag(row) !== undefined) this.views.push(row as View);
    }
  }

  /** The rows of numbers, or typed arrays of one kind, that arrays lead to; null where there is something else. */
  #rows(value: readonly unknown[], place: Place): Rows | null {
    const rows: Rows = { levels: 0, gaps: false, array: null, places: new Map() }, empty = new Set<number>();
    rows.levels = this.#levels(value, place, rows, empty, 1);
    return rows.levels === 0 || (rows.array !== null && rows.array !== "Array" && empty.has(rows.levels)) ? null : rows;
  }
  /**
   * How many levels of arrays lead from an array to rows, all alike; the arrays below it go into `rows`, on which levels there are empty ones into `empty`. 0
   * where there is something else, or one array in two places (that is an argument of its own): they would have to alias, as a static value they do.
   */
  #levels(value: readonly unknown[], place: Place, rows: Rows, empty: Set<number>, depth: number): number {
    let levels = 0, there = value.length === 0; // of the rows seen so far; an empty one is of any depth
    for (let i = 0; i < value.length; i++) {
      const row = value[i];
      if (row === undefined) { rows.gaps = true; continue; }
      const tag = typedArrayTag(row), at = place(i);
      if (tag === undefined ? !Array.isArray(row) || isProxy(row) || !isOrdinaryArray(row) : !isTypedArrayName(tag) || !isPlainTyped(row as View, tag)) return 0;
      if (rows.places.has(row as object) || this.#paths.has(row as object)) return this.#twice(row as object, 0);
      rows.places.set(row as object, at);
      there = true;
      if (tag === undefined && (row as unknown[]).length === 0) { empty.add(depth); continue; }
      let found = 1;
      if (tag !== undefined || allNumbers(row as unknown[])) {
        const array = (tag ?? "Array") as TypedArrayName | "Array";
        if ((rows.array ??= array) !== array) return 0;
      } else {
        const inner = depth < maxLevels ? this.#levels(row as unknown[], below(at), rows, empty, depth + 1) : 0;
        if (inner === 0) return 0;
        found += inner;
      }
      if (levels > 0 && found !== levels) return 0;
      levels = found;
    }
    return there ? Math.max(levels, 1) : 0;
  }

  /** An array of what is no number everywhere, or of arrays of such: booleans, numbers some of which are null, undefined or missing. Null where there is something else. */
  #cells(value: readonly unknown[], path: Path): Kind | null {
    const places = new Map<object, Path>(), kind = this.#cellsIn([value], [path], places, 0);
    if (kind === null) return null;
    for (const [row, at] of places) this.#paths.set(row, at);
    return { ...kind, length: value.length };
  }
  /** What the arrays at these paths have in common: all hold arrays, or none does. */
  #cellsIn(lists: readonly (readonly unknown[])[], paths: readonly Path[], places: Map<object, Path>, depth: number): Kind & { kind: "array" } | null {
    const kinds = new Set<FieldKind>(), rows: (readonly unknown[])[] = [], at: Path[] = [];
    for (const [y, list] of lists.entries()) {
      for (let i = 0; i < list.length; i++) {
        const item = list[i], kind = Object.hasOwn(list, i) ? fieldKindOf(item, noItems) : "absent";
        if (kind !== null) { kinds.add(kind); continue; }
        if (depth > maxLevels || !Array.isArray(item) || isProxy(item) || !isOrdinaryArray(item) || places.has(item) || this.#paths.has(item)) return null;
        const { root, keys } = paths[y]!, here = { root, keys: [...keys, i] };
        places.set(item, here);
        rows.push(item as unknown[]);
        at.push(here);
      }
    }
    const of = fieldKinds.filter((kind) => kinds.has(kind)), [only] = of;
    if (rows.length === 0) return of.length === 0 || (of.length === 1 && only === "number") ? null : { kind: "array", element: of.length === 1 && only === "boolean" ? { kind: "boolean" } : { kind: "mixed", of }, length: -1 };
    const element = of.every((kind) => kind === "absent" || kind === "undefined") ? this.#cellsIn(rows, at, places, depth + 1) : null;
    return element && { kind: "array", element, length: -1, ...(of.length > 0 ? { gaps: true } : {}) };
  }

  /** An array of arrays of objects, which are one array of objects; null where it is none, or a row stands there twice. */
  #grid(value: readonly unknown[], path: Path): Kind | null {
    if (value.length === 0 || this.#isKnown(path) || !all(value, isRowOfObjects)) return null;
    const rows = value as readonly (readonly object[])[], seen = new Set<object>();
    for (const row of rows) {
      if (this.#paths.has(row) || seen.has(row)) return this.#twice(row, null);
      seen.add(row);
    }
    const own = itemsOf(rows).map(itemsOf), list = own.flat(), keys = own.flatMap((row, y) => row.map((_, x) => [y, x] as const));
    const places = new Map<object, Path>(), element = list.length === 0 ? null : this.#items(list, new Set(list), places, (i) => ({ root: path.root, keys: [...path.keys, ...keys[i]!] }), []);
    if (element === null) return null;
    for (const [item, at] of places) this.#paths.set(item, at);
    for (let y = 0; y < rows.length; y++) this.#paths.set(rows[y]!, { root: path.root, keys: [...path.keys, y] });
    return { kind: "array", element: { kind: "array", element, length: -1 }, length: value.length };
  }

  /** An array of objects of one prototype, of which some fields are what columns can hold: those that are used have them. */
  #records(value: readonly object[], path: Path): Kind {
    if (this.#isKnown(path)) return this.fixed(value);
    const places = new Map<object, Path>(), element = this.#items(itemsOf(value), new Set(value), places, (i) => ({ root: path.root, keys: [...path.keys, i] }), []);
    if (element === null) return this.#laid(value, path, true) ?? this.fixed(value);
    for (const [item, at] of places) this.#paths.set(item, at);
    return { kind: "array", element, length: value.length };
  }

  /**
   * The objects of an array, or what all of them hold in a field, where they are of one prototype. Null where one of them is there twice, or is an argument
   * of its own: they would have to alias, as a static value they do.
   */
  #items(list: readonly object[], items: ReadonlySet<object>, places: Map<object, Path>, at: Place, within: readonly string[]): Kind & { kind: "object" } | null {
    const prototype = Object.getPrototypeOf(list[0]!) as object | null, dates = isDate(list[0]);
    if (prototype === null || (dates ? !list.every(isPlainDate) : !isRecord(list[0]!))) return null;
    if (list.some((item) => (within.length > 0 && items.has(item)) || Object.getPrototypeOf(item) !== prototype)) return null;
    const seen = new Set<object>();
    for (const item of list) {
      if (this.#paths.has(item) || (!dates && (places.has(item) || seen.has(item)))) return this.#twice(item, null); // nobody writes to a date
      seen.add(item);
    }
    list.forEach((item, i) => { const { root, keys } = at(i); places.set(item, { root, keys: [...keys, ...within] }); });
    if (dates) return { kind: "object", fields: new Map([[timeKey, { kind: "f64" }]]), prototype: this.#node(prototype), others: [] };
    const names = new Set<string>(), hidden = new Set<string>(), fields = new Map<string, Kind>(), others: string[] = [];
    for (const item of list) for (const key of Object.getOwnPropertyNames(item)) names.add(key);
    for (const item of list) for (const key of privateKeys(item)) hidden.add(key);
    this.#fieldsDeep++;
    for (const key of names) {
      const kind = fields.size < maxFields ? this.#field(list, key, prototype, items, places, at, [...within, key]) : null;
      if (kind === null) others.push(key);
      else fields.set(key, kind);
    }
    for (const key of hidden) {
      const kind = fields.size < maxFields ? this.#private(list, key, items, places, at, [...within, key]) : null;
      if (kind === null) others.push(key);
      else fields.set(key, kind);
    }
    this.#fieldsDeep--;
    return [...fields.values()].every((kind) => kind.kind === "mixed" && kind.of.every((one) => one === "text" || one === "other" || one === "absent")) ? null : { kind: "object", fields, prototype: prototype === Object.prototype ? -1 : this.#node(prototype), others: others.sort() };
  }

  /** What the objects have in a private field: numbers, booleans or objects, in all of them; null where that is no column. */
  #private(list: readonly object[], key: string, items: ReadonlySet<object>, places: Map<object, Path>, at: Place, within: readonly string[]): Kind | null {
    const { get, has } = privateField(key)!;
    if (!list.every(has)) return null;
    const held = list.map(get), kinds = new Set(held.map((value) => typeof value)), [only] = kinds;
    if (kinds.size > 1) return null;
    if (only === "number" || only === "boolean") return { kind: only === "number" ? "f64" : "boolean" };
    return held.every((value): value is object => typeof value === "object" && value !== null && !Array.isArray(value) && !isProxy(value)) ? this.#held(held, items, places, at, within) : null;
  }
  /** The objects that all of them hold in a field; null where these are no columns. */
  #held(held: readonly object[], items: ReadonlySet<object>, places: Map<object, Path>, at: Place, within: readonly string[]): Kind | null {
    if (within.length > mostWithin) return null;
    const before = new Map(places), inner = this.#items(held, items, places, at, within);
    if (inner !== null) return inner;
    places.clear();
    for (const [item, place] of before) places.set(item, place);
    return null;
  }

  /** What the objects have in a field; null where that is no column. */
  #field(list: readonly object[], key: string, prototype: object, items: ReadonlySet<object>, places: Map<object, Path>, at: Place, within: readonly string[]): Kind | null {
    const held: object[] = [], kinds = new Set<FieldKind>();
    const lists = isList(Object.getOwnPropertyDescriptor(list[0]!, key)?.value) ? this.#lists(list, key, places, (i) => { const { root, keys } = at(i); return { root, keys: [...keys, ...within] }; }) : null;
    if (lists !== null) return lists;
    for (const item of list) {
      const found = Object.getOwnPropertyDescriptor(item, key);
      if (found && !("value" in found)) return null;
      const value = found?.value as unknown, kind = found ? fieldKindOf(value, items) : "absent";
      if (kind === null && typeof value === "object" && !Array.isArray(value) && !isProxy(value)) held.push(value!);
      if (kind === "absent" && (isProxy(prototype) || key in prototype)) return null;
      if (typeof value === "bigint") return null;
      kinds.add(kind ?? (typeof value === "string" ? "text" : "other"));
    }
    const inner = held.length === list.length ? this.#held(held, items, places, at, within) : null;
    if (inner !== null) return inner;
    const of = fieldKinds.filter((kind) => kinds.has(kind)), [only] = of;
    return of.length > 1 || (only !== "number" && only !== "boolean") ? { kind: "mixed", of } : { kind: only === "number" ? "f64" : "boolean" };
  }

  /** What the objects have in a field that is an array in each: typed ones of one kind, rows of numbers, arrays of objects. They are as if they stood in one array. */
  #lists(objects: readonly object[], key: string, places: Map<object, Path>, at: Place): Kind | null {
    const lists: object[] = [];
    for (const object of objects) {
      const value = Object.getOwnPropertyDescriptor(object, key)?.value as unknown;
      if (!isList(value) || isProxy(value) || this.#paths.has(value) || places.has(value)) return null;
      lists.push(value);
    }
    if (new Set(lists).size !== lists.length || this.#listsDeep >= mostLists) return null;
    const rows = this.#rows(lists, at);
    if (rows !== null && ![...rows.places.keys()].some((row) => places.has(row))) {
      this.#take(rows, places);
      return kindOfRows(lists, rows);
    }
    if (!all(lists as unknown[][], (row) => isRowOfObjects(row))) return null;
    const rowsOf = (lists as object[][]).map(itemsOf), items = rowsOf.flat(), keys = rowsOf.flatMap((row, y) => row.map((_, x) => [y, x] as const)), before = new Map(places);
    const placeOfItem: Place = (i) => { const [y, x] = keys[i]!, { root, keys: way } = at(y); return { root, keys: [...way, x] }; };
    this.#listsDeep++;
    const element = items.length === 0 ? null : this.#items(items, new Set(items), places, placeOfItem, []);
    this.#listsDeep--;
    if (element === null) { places.clear(); for (const [item, place] of before) places.set(item, place); return null; }
    lists.forEach((row, i) => places.set(row, at(i)));
    return { kind: "array", element, length: -1 };
  }

  #record(value: object, path: Path, slow: readonly (readonly string[])[], depth: number): Kind {
    const keys = isRecord(value) ? Object.getOwnPropertyNames(value) : null;
    const elements = keys === null ? null : elementsIn(value, keys), many = elements !== null && elements.count > maxElements, names = many ? keys!.slice(elements.count) : keys;
    if (names === null || depth >= maxDepth || names.length > maxFields) return this.fixed(value);
    const fields = new Map<string, Kind>();
    for (const key of names) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key)!;
      const below = slow.filter((way) => way[0] === key).map((way) => way.slice(1));
      const bound = "value" in descriptor && typeof descriptor.value === "function" ? boundToHolder(value, descriptor.value) : undefined;
      if (bound) fields.set(key, { ...this.fixed(bound), bound: true } as Kind);
      else if (!("value" in descriptor)) fields.set(key, this.#getter(key));
      else if (below.some((way) => way.length === 0)) fields.set(key, { ...this.fixed(descriptor.value), slow: true } as Kind);
      else fields.set(key, this.kind(descriptor.value, { root: path.root, keys: [...path.keys, key] }, below, depth + 1));
    }
    for (const key of privateKeys(value)) {
      const below = slow.filter((way) => way[0] === key).map((way) => way.slice(1)), held = privateField(key)!.get(value);
      fields.set(key, below.some((way) => way.length === 0) ? { ...this.fixed(held), slow: true } as Kind : this.kind(held, { root: path.root, keys: [...path.keys, key] }, below, depth + 1));
    }
    const prototype = Object.getPrototypeOf(value) as object | null;
    return { kind: "object", fields, prototype: prototype === null ? null : prototype === Object.prototype ? -1 : this.#node(prototype), ...(elements ? { indexed: elements.kinds } : {}), ...(elements === null && slow.length === 0 && (isLinked(value) || (this.#lying?.has(value) === true && reachOf(value) !== null)) ? { linked: this.#snapshot.value(value) } : {}) };
  }

  #node(live: object | null): number {
    const value = this.#snapshot.value(live);
    return typeof value === "object" && value !== null ? value.node : -1;
  }
}

/** Rows of numbers, or typed arrays: how many levels of arrays lead to them, whether some are missing, what they are, and where all of these arrays are. */
interface Rows { levels: number; gaps: boolean; array: TypedArrayName | "Array" | null; readonly places: Map<object, Path> }
/** The kind of the rows of an array: how many levels of arrays lead from one to its numbers is 1 less than from the array. */
function kindOfRows(rows: readonly unknown[], { levels, gaps, array }: Rows): Kind {
  const { length } = rows[0] as ArrayLike<unknown> | undefined ?? { length: -1 }, even = levels === 1 && !gaps && all(rows, (row) => (row as ArrayLike<unknown>).length === length);
  let kind: Kind = array !== null && array !== "Array" ? { kind: "typed", array } : { kind: "array", element: { kind: "f64" }, length: even ? length : -1 };
  for (let level = 1; level < levels; level++) kind = { kind: "array", element: kind, length: -1, ...(gaps ? { gaps } : {}) };
  return kind;
}

function overlaps(views: readonly View[]): boolean {
  for (let i = 1; i < views.length; i++) {
    const a = views[i]!;
    for (let j = 0; j < i; j++) {
      const b = views[j]!;
      if (a.buffer === b.buffer && Math.max(a.byteOffset, b.byteOffset) < Math.min(a.byteOffset + a.byteLength, b.byteOffset + b.byteLength)) return true;
    }
  }
  return false;
}
