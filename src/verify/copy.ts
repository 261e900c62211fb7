// Deep copies of values that belong together (a call's `this` and arguments), so that a kernel can run again and leave no trace.
//
// Kept: identity and cycles (the same array twice is the same copy twice), views over one buffer that share bytes, prototypes, holes,
// property attributes, accessors, frozen and sealed states. Shared, not copied: functions, and what has no copy (Promises, WeakMaps, objects
// with private fields, which only their class can make; then all that they hold is shared too).
//
// Of a large buffer only the ranges under the views are copied (an array in the arena would otherwise take its whole memory along).
// Guarantees: runs no user code except traps of Proxies.

import { isObject, tagOf } from "./compare.ts";

/** A private field, however it is reached. */
export interface Private { readonly key: string; readonly get: (holder: object) => unknown; readonly set: (holder: object, value: unknown) => void }
/** The private fields that an object has. */
export type PrivatesOf = (object: object) => readonly Private[];
const nobodys: PrivatesOf = () => [];

/** Copies of the values, made together. */
export function copyTogether<T extends readonly unknown[]>(values: T, privatesOf = nobodys): T {
  const objects = reachable(values, privatesOf), shared = new Set(sharedAmong(objects, privatesOf));
  return copiesOf(values, objects, (object) => shared.has(object));
}

/** The copy of one value. */
export const copyOf = <T>(value: T, privatesOf = nobodys): T => copyTogether([value], privatesOf)[0]!;

/** The objects with private fields that can be reached from the values, and all that they hold: what copies share with the values. */
export const sharedBy = (values: readonly unknown[], privatesOf: PrivatesOf): object[] => sharedAmong(reachable(values, privatesOf), privatesOf);

/** What the values hold, to be compared: copies of which those of objects with private fields have these as properties. */
export const portraitsOf = (values: readonly unknown[], privatesOf: PrivatesOf): readonly unknown[] => copiesOf(values, reachable(values, privatesOf), () => false, privatesOf);

/** Can one of the objects be reached from the values? */
export function reaches(values: readonly unknown[], objects: readonly unknown[], privatesOf: PrivatesOf): boolean {
  const reached = new Set<unknown>(reachable(values, privatesOf));
  return objects.some((object) => reached.has(object));
}

const sharedAmong = (objects: readonly object[], privatesOf: PrivatesOf): object[] => reachable(objects.filter((object) => privatesOf(object).length > 0), privatesOf);

/** `shown`: private fields that become properties of the copies. */
function copiesOf<T extends readonly unknown[]>(values: T, objects: readonly object[], isShared: (object: object) => boolean, shown = nobodys): T {
  const views = new ViewCopies(objects.filter((o) => ArrayBuffer.isView(o)));
  const copies = new Map<object, object>();
  for (const object of objects) copies.set(object, isShared(object) ? object : shell(object, views));
  const copied = (value: unknown): unknown => (isObject(value) ? copies.get(value) ?? value : value);
  for (const [original, copy] of copies) if (original !== copy) fill(original, copy, copied, shown(original));
  return values.map(copied) as unknown as T;
}

/**
 * Remembers the contents of everything that can be reached from the values. The function that it returns writes them back, in place:
 * the objects themselves stay. (What a kernel captures can't be replaced by copies; its state is saved and restored.)
 */
export function remember(values: readonly unknown[], privatesOf = nobodys): () => void {
  const functions = new Set(values.filter((value) => typeof value === "function"));
  const objects = reachable(values, privatesOf, functions).filter((o) => typeof o !== "function" || functions.has(o));
  const undo = objects.flatMap((o) => [saved(o), ...privatesOf(o).map((field) => savedPrivate(o, field))]);
  return () => { for (const restore of undo) restore(); };
}

// ───────────────────────────────── what is there ─────────────────────────────────

/** Whether all that is in it is its own properties or contents that we know how to copy. */
const uncopied = new Set(["Function", "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction", "Promise", "WeakMap", "WeakSet", "WeakRef", "Generator", "Symbol"]);

/** Every object that can be reached through properties, private fields and contents, each once; through those of the `functions` too. */
function reachable(values: readonly unknown[], privatesOf: PrivatesOf, functions: ReadonlySet<unknown> = new Set()): object[] {
  const seen = new Set<object>();
  const visit = (value: unknown): void => { if (isObject(value)) seen.add(value); };
  values.forEach(visit);
  for (const object of seen) { // grows while it is walked
    if (ArrayBuffer.isView(object) || (uncopied.has(tagOf(object)) && !functions.has(object))) continue;
    if (Array.isArray(object) && hasElementsOnly(object) && !Array.prototype.some.call(object, isObject)) continue; // the usual case: numbers
    const tag = tagOf(object);
    if (tag === "Map") for (const [key, value] of object as Map<unknown, unknown>) { visit(key); visit(value); }
    if (tag === "Set") for (const value of object as Set<unknown>) visit(value);
    for (const key of Reflect.ownKeys(object)) {
      const property = Object.getOwnPropertyDescriptor(object, key);
      if (property && "value" in property) visit(property.value);
    }
    for (const { get } of privatesOf(object)) visit(get(object));
  }
  return [...seen];
}

// ───────────────────────────────── copies ─────────────────────────────────

/** An empty object of the same kind. */
function shell(object: object, views: ViewCopies): object {
  if (ArrayBuffer.isView(object)) return views.copy(object);
  const tag = tagOf(object);
  if (uncopied.has(tag)) return object;
  const prototype = Object.getPrototypeOf(object) as object | null;
  const like = <T extends object>(made: T): T => (Object.getPrototypeOf(made) === prototype ? made : Object.setPrototypeOf(made, prototype) as T);
  switch (tag) {
    case "Array": return like(new Array((object as unknown[]).length));
    case "Map": return like(new Map());
    case "Set": return like(new Set());
    case "Date": return like(new Date(Number(object)));
    case "RegExp": return like(new RegExp((object as RegExp).source, (object as RegExp).flags));
    case "ArrayBuffer": case "SharedArrayBuffer": return like(views.buffer(object as ArrayBuffer));
    case "Number": case "String": case "Boolean": case "BigInt": return like(Object(object.valueOf()) as object);
    case "Error": return like(new Error());
    default: return Object.create(prototype) as object;
  }
}

function fill(original: object, copy: object, copied: (value: unknown) => unknown, shown: readonly Private[]): void {
  if (ArrayBuffer.isView(original)) return;
  const tag = tagOf(original);
  if (tag === "ArrayBuffer" || tag === "SharedArrayBuffer") return;
  if (tag === "Map") for (const [key, value] of original as Map<unknown, unknown>) (copy as Map<unknown, unknown>).set(copied(key), copied(value));
  if (tag === "Set") for (const value of original as Set<unknown>) (copy as Set<unknown>).add(copied(value));
  if (Array.isArray(original) && isPlainArray(original)) {
    for (let k = 0; k < original.length; k++) if (k in original) (copy as unknown[])[k] = copied(original[k]);
  } else {
    for (const key of Reflect.ownKeys(original)) {
      const property = Object.getOwnPropertyDescriptor(original, key);
      if (!property || Object.getOwnPropertyDescriptor(copy, key)?.configurable === false) { // an array's length, a string's characters
        if (property?.writable && key !== "length") Reflect.set(copy, key, copied(property.value));
        continue;
      }
      if ("value" in property) property.value = copied(property.value);
      Object.defineProperty(copy, key, property);
    }
  }
  for (const { key, get } of shown) Object.defineProperty(copy, key, { value: copied(get(original)), enumerable: true });
  if (Object.isFrozen(original)) Object.freeze(copy);
  else if (Object.isSealed(original)) Object.seal(copy);
  else if (!Object.isExtensible(original)) Object.preventExtensions(copy);
}

/** Nothing but elements, all writable: cheap to copy. */
const isPlainArray = (array: unknown[]): boolean => Object.getPrototypeOf(array) === Array.prototype && Object.isExtensible(array) && hasElementsOnly(array);
/** `length` is the first of an array's other properties, which are listed behind its elements. */
const hasElementsOnly = (array: unknown[]): boolean => Reflect.ownKeys(array).at(-1) === "length";

interface Range { readonly start: number; readonly end: number; readonly copy: ArrayBuffer }

/** Copies of views: those that share bytes of one buffer share bytes of one copy. */
class ViewCopies {
  private readonly ranges = new Map<ArrayBufferLike, Range[]>();

  constructor(views: readonly ArrayBufferView[]) {
    const byBuffer = new Map<ArrayBufferLike, ArrayBufferView[]>();
    for (const view of views) {
      const known = byBuffer.get(view.buffer);
      if (known) known.push(view); else byBuffer.set(view.buffer, [view]);
    }
    for (const [buffer, group] of byBuffer) this.ranges.set(buffer, rangesOf(buffer, group));
  }

  copy(view: ArrayBufferView): ArrayBufferView {
    const { start, copy } = this.ranges.get(view.buffer)!.find((r) => r.start <= view.byteOffset && view.byteOffset + view.byteLength <= r.end)!;
    const length = (view as unknown as { length?: number }).length ?? view.byteLength;
    const Kind = viewKinds[tagOf(view)] ?? DataView;
    const made = new Kind(copy, view.byteOffset - start, length);
    const prototype = Object.getPrototypeOf(view) as object;
    return Object.getPrototypeOf(made) === prototype ? made : Object.setPrototypeOf(made, prototype) as ArrayBufferView;
  }

  /** An ArrayBuffer that is reached itself: its whole copy, the one under its views where they took it whole. */
  buffer(original: ArrayBuffer): ArrayBuffer {
    const whole = this.ranges.get(original)?.find((r) => r.start === 0 && r.end === original.byteLength);
    return whole ? whole.copy : original.slice(0);
  }
}

type ViewKind = new (buffer: ArrayBuffer, at: number, length: number) => ArrayBufferView;
const viewKinds: Readonly<Record<string, ViewKind>> = {
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView,
};

/** A buffer that its views nearly cover is copied whole, so that `view.buffer` means the same; of another, each run of bytes under views. */
function rangesOf(buffer: ArrayBufferLike, views: readonly ArrayBufferView[]): Range[] {
  const spans = views.map((v) => ({ start: v.byteOffset & ~7, end: v.byteOffset + v.byteLength })).toSorted((a, b) => a.start - b.start); // & ~7 keeps alignment
  const merged: { start: number; end: number }[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end); else merged.push({ ...span });
  }
  const covered = merged.reduce((sum, r) => sum + r.end - r.start, 0);
  const runs = buffer.byteLength <= 4 * covered + 4096 ? [{ start: 0, end: buffer.byteLength }] : merged;
  return runs.map(({ start, end }) => {
    const copy = new ArrayBuffer(end - start);
    new Uint8Array(copy).set(new Uint8Array(buffer, start, end - start));
    return { start, end, copy };
  });
}

// ───────────────────────────────── in place ─────────────────────────────────

function savedPrivate(object: object, { get, set }: Private): () => void {
  const kept = get(object);
  return () => { if (!Object.is(get(object), kept)) set(object, kept); };
}

function saved(object: object): () => void {
  if (ArrayBuffer.isView(object)) {
    const bytes = new Uint8Array(object.buffer, object.byteOffset, object.byteLength);
    const kept = bytes.slice();
    return () => bytes.set(kept);
  }
  const tag = tagOf(object);
  if (tag === "Map") {
    const map = object as Map<unknown, unknown>;
    const kept = [...map];
    return () => { map.clear(); for (const [key, value] of kept) map.set(key, value); };
  }
  if (tag === "Set") {
    const set = object as Set<unknown>;
    const kept = [...set];
    return () => { set.clear(); for (const value of kept) set.add(value); };
  }
  if (uncopied.has(tag) && typeof object !== "function") return () => {};
  if (tag === "Date") {
    const date = object as Date, time = date.getTime();
    return () => { date.setTime(time); };
  }
  const kept = Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)!] as const);
  return () => {
    const known = new Set<string | symbol>(kept.map(([key]) => key));
    for (const key of Reflect.ownKeys(object)) if (!known.has(key)) Reflect.deleteProperty(object, key);
    for (const [key, property] of kept) {
      const now = Object.getOwnPropertyDescriptor(object, key);
      if (!now || "value" in property && !Object.is(now.value, property.value) || now.get !== property.get) Reflect.defineProperty(object, key, property);
    }
  };
}
