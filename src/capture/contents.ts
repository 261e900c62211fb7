// One live object as a node of a snapshot: what kind it is, and copies of what was read of it.
//
// Before: a live object. After: Contents: its SnapNode (items and values are copied when first looked at), its own properties (objects: copied
// whole at the first property read, so that all of them are of one moment; functions and built-ins: one by one), and the record of what
// was read, which is all that a guard compares.
// Guarantees: no getter and no Proxy trap runs.

import { hiddenKeys, hiddenNumbers, hole, NodeRef, type Property, type SnapNode, type SnapValue } from "../ir/snapshot.ts";
import { timeKey, timeOf } from "../ir/dates.ts";
import { isPrivateKey, privateList } from "../ir/privates.ts";
import { privateKeys, privateProperty } from "./privates.ts";
import { typedArrayNames, type TypedArrayName } from "../ir/interface.ts";
import { sourceOf } from "./bound.ts";
import { builtinName } from "./builtins.ts";
import { isArguments, isArrayBuffer, isDataView, isDate, isMap, isModuleNamespace, isProxy, isRegExp, isSet, isTrueView, kernelBehind, typedArrayTag } from "./host.ts";
import { codeOf } from "./source.ts";
import { keyBehind, symbolNames } from "./symbols.ts";

let reads = 0;
/** How often anything was read of any snapshot for the first time: what is known of a guard holds as long as this stays. */
export const readsSoFar = (): number => reads;

/** Makes snapshot values of live ones: the snapshot itself. */
export interface Registry { value(live: unknown): SnapValue }

const nothing: ReadonlySet<never> = new Set();

export class Contents {
  readonly node: SnapNode;
  readonly prototype: NodeRef | null;
  /** the prototype itself: held, since it does not lead back to the object */
  readonly prototypeLive: object | null;
  /** own properties copied so far; null: known to be absent */
  readonly own = new Map<string, Property | null>();
  /** whether `own` holds all own properties that have names here */
  complete = false;
  keys: readonly string[] | null = null;

  // What was read, for guards.
  touched = false;
  itemsRead = false;
  keysRead = false;
  bufferRead = false;
  /** the program that serves reads it anew in every call: no guard compares more than its identity */
  readAnew = false;
  /** Which object it is matters, too: "own", it has to be the snapshot's; "apart", none of the snapshot's other ones. */
  identity: "own" | "apart" | null = null;
  readKeys: string[] = [];
  readProperties: (Property | null)[] = [];
  /** own properties that were read; of those in `#anew` the same is true as of `readAnew` */
  #read: Map<string, Property | null> | null = null;
  #anew: ReadonlySet<string | undefined> = nothing;

  constructor(node: SnapNode, prototype: NodeRef | null, prototypeLive: object | null) {
    this.node = node;
    this.prototype = prototype;
    this.prototypeLive = prototypeLive;
  }

  mark(what: "touched" | "itemsRead" | "keysRead" | "bufferRead"): void {
    if (this[what]) return;
    this[what] = true;
    reads++;
  }

  /** Of these own properties (undefined: of all that it holds) alone no guard compares what was read. */
  renew(keys: readonly (string | undefined)[]): void {
    if (keys.length === this.#anew.size && keys.every((key) => this.#anew.has(key))) return;
    this.#anew = new Set(keys);
    this.readAnew = this.#anew.has(undefined);
    const compared = [...(this.#read ?? [])].filter(([key]) => !this.#anew.has(key));
    this.readKeys = compared.map(([key]) => key);
    this.readProperties = compared.map(([, property]) => property);
    reads++;
  }

  /** Records that the residual depends on the own property `key` (null: on its absence). */
  read(key: string, property: Property | null): void {
    if ((this.#read ??= new Map()).has(key)) return;
    this.#read.set(key, property);
    if (this.#anew.has(key)) return;
    reads++;
    this.readKeys.push(key);
    this.readProperties.push(property);
  }
}

/** Does the language iterate over it by itself? */
const iterates = (live: object): boolean => Array.isArray(live) || typedArrayTag(live) !== undefined || isMap(live) || isSet(live);

/** What stands for something that can't be known. */
export const opaqueContents = (why: string): Contents => new Contents({ kind: "opaque", why }, null, null);

export const describeLive = (live: object, ref: WeakRef<object>, registry: Registry): Contents => {
  const name = builtinName(live);
  if (name === null && isProxy(live)) return opaqueContents("a Proxy: reading it may run any code");
  if (name === null && iterates(live) && Object.hasOwn(live, Symbol.iterator)) return opaqueContents("it has an iterator of its own");
  let contents: Contents;
  const parent = Object.getPrototypeOf(live) as object | null;
  const prototype = parent === null ? null : (registry.value(parent) as NodeRef);
  const make = (node: SnapNode): Contents => (contents = new Contents(node, prototype, parent));
  if (name !== null) return make({ kind: "builtin", name });
  if (typeof live === "function") {
    const source = sourceOf(live), alias = builtinName(source);
    if (alias !== null) return make({ kind: "builtin", name: alias });
    const code = codeOf(source);
    if (typeof code === "string") return make({ kind: "opaque", why: code });
    return make({ kind: "function", name: ownString(live, "name"), length: ownNumber(live, "length"), code });
  }
  if (Array.isArray(live)) return make(new ArrayNode(live, ref as WeakRef<unknown[]>, registry, () => { contents.mark("itemsRead"); }));
  const tag = typedArrayTag(live);
  if (tag !== undefined) {
    if (!isTypedArrayName(tag)) return make(tag.startsWith("Big") ? { kind: "object", prototype, className: tag } : { kind: "opaque", why: `a ${tag}` });
    if (!isTrueView(live)) return make({ kind: "opaque", why: "a typed array with a length of its own" });
    return make(new TypedNode(tag, live as TypedArray, ref as WeakRef<TypedArray>, registry, () => { contents.mark("itemsRead"); }, () => { contents.mark("bufferRead"); }));
  }
  if (isMap(live)) return make(new MapNode(ref as WeakRef<Map<unknown, unknown>>, registry, () => { contents.mark("itemsRead"); }));
  if (isSet(live)) return make(new SetNode(ref as WeakRef<Set<unknown>>, registry, () => { contents.mark("itemsRead"); }));
  return make({ kind: "object", prototype, className: isModuleNamespace(live) ? "Module" : isArguments(live) ? "Arguments" : classNameOf(live) });
};

type TypedArray = Float64Array; // stands for all of them: only what they share is used

/** The object itself: nobody can have dropped it, since a snapshot is read within the job that made it, and only copies are used later. */
function held<T extends object>(ref: WeakRef<T>): T {
  const live = ref.deref();
  if (live === undefined) throw new Error("a snapshot was read after its object had been collected");
  return live;
}

class ArrayNode {
  readonly kind = "array";
  #items: readonly (SnapValue | typeof hole)[] | null = null;
  #numbers: Float64Array | null | undefined = undefined;
  readonly #live: WeakRef<readonly unknown[]>;
  readonly #registry: Registry;
  readonly #onRead: () => void;
  readonly frozen: boolean;

  constructor(live: readonly unknown[], ref: WeakRef<readonly unknown[]>, registry: Registry, onRead: () => void) {
    this.#live = ref;
    this.#registry = registry;
    this.#onRead = onRead;
    this.frozen = Object.isFrozen(live);
  }

  get items(): readonly (SnapValue | typeof hole)[] {
    this.#onRead();
    return this.copy();
  }

  /** The items as doubles if all of them are numbers, for comparing fast. */
  numbers(): Float64Array | null {
    if (this.#numbers === undefined) {
      const items = this.copy();
      this.#numbers = items.every((item) => typeof item === "number") ? Float64Array.from(items as readonly number[]) : null;
    }
    return this.#numbers;
  }

  length(): number { return this.#items?.length ?? this.#live.deref()?.length ?? 0; }

  /** The copy, where there is one. */
  copied(): readonly (SnapValue | typeof hole)[] { return this.#items ?? []; }

  /** The copy, without any trace of having been read. */
  copy(): readonly (SnapValue | typeof hole)[] {
    if (this.#items === null) {
      const live = held(this.#live);
      const items = new Array<SnapValue | typeof hole>(live.length);
      for (let i = 0; i < items.length; i++) items[i] = i in live ? this.#registry.value(live[i]) : hole;
      this.#items = items;
    }
    return this.#items;
  }
}

class TypedNode {
  readonly kind = "typed";
  readonly array: TypedArrayName;
  readonly byteOffset: number;
  readonly length: number;
  #values: TypedArray | null = null;
  readonly #live: WeakRef<TypedArray>;
  #buffer: number | null = null;
  readonly #registry: Registry;
  readonly #onRead: () => void;
  readonly #onBuffer: () => void;

  constructor(array: TypedArrayName, live: TypedArray, ref: WeakRef<TypedArray>, registry: Registry, onRead: () => void, onBuffer: () => void) {
    this.array = array;
    this.#live = ref;
    this.#registry = registry;
    this.#onRead = onRead;
    this.#onBuffer = onBuffer;
    this.byteOffset = live.byteOffset;
    this.length = live.length;
  }

  get values(): TypedArray {
    this.#onRead();
    return this.copy();
  }

  copy(): TypedArray {
    if (this.#values === null) {
      void this.bufferNode();
      // the engine's own constructor copies bytes (NaN payloads too), whatever subclass the live array is of
      const constructor = (globalThis as unknown as Record<TypedArrayName, new (from: ArrayLike<number>) => TypedArray>)[this.array];
      this.#values = new constructor(held(this.#live));
    }
    return this.#values;
  }

  /** The node of the buffer: two arrays with the same one share memory. */
  get buffer(): number {
    this.#onBuffer();
    return this.bufferNode();
  }

  bufferNode(): number {
    return (this.#buffer ??= (this.#registry.value(held(this.#live).buffer) as NodeRef).node);
  }
}

class MapNode {
  readonly kind = "map";
  #entries: readonly (readonly [SnapValue, SnapValue])[] | null = null;
  readonly #live: WeakRef<Map<unknown, unknown>>;
  readonly #registry: Registry;
  readonly #onRead: () => void;

  constructor(ref: WeakRef<Map<unknown, unknown>>, registry: Registry, onRead: () => void) {
    this.#live = ref;
    this.#registry = registry;
    this.#onRead = onRead;
  }

  get entries(): readonly (readonly [SnapValue, SnapValue])[] {
    this.#onRead();
    return this.copy();
  }

  copy(): readonly (readonly [SnapValue, SnapValue])[] {
    if (this.#entries === null) {
      const entries: [SnapValue, SnapValue][] = [];
      Map.prototype.forEach.call(held(this.#live), (value, key) => void entries.push([this.#registry.value(key), this.#registry.value(value)]));
      this.#entries = entries;
    }
    return this.#entries;
  }
}

class SetNode {
  readonly kind = "set";
  #items: readonly SnapValue[] | null = null;
  readonly #live: WeakRef<Set<unknown>>;
  readonly #registry: Registry;
  readonly #onRead: () => void;

  constructor(ref: WeakRef<Set<unknown>>, registry: Registry, onRead: () => void) {
    this.#live = ref;
    this.#registry = registry;
    this.#onRead = onRead;
  }

  get items(): readonly SnapValue[] {
    this.#onRead();
    return this.copy();
  }

  copy(): readonly SnapValue[] {
    if (this.#items === null) {
      const items: SnapValue[] = [];
      Set.prototype.forEach.call(held(this.#live), (item) => void items.push(this.#registry.value(item)));
      this.#items = items;
    }
    return this.#items;
  }
}

/** A node's items without marking them as read: for fingerprints. */
export const copyOf = {
  array: (node: SnapNode): readonly (SnapValue | typeof hole)[] => (node as unknown as ArrayNode).copy(),
  /** as far as it was made */
  arraySoFar: (node: SnapNode): readonly (SnapValue | typeof hole)[] => (node as unknown as ArrayNode).copied(),
  numbers: (node: SnapNode): Float64Array | null => (node as unknown as ArrayNode).numbers(),
  /** how many items the copy has; before there is one, how many the array has now */
  arrayLength: (node: SnapNode): number => (node as unknown as ArrayNode).length(),
  typed: (node: SnapNode): TypedArray => (node as unknown as TypedNode).copy(),
  buffer: (node: SnapNode): number => (node as unknown as TypedNode).bufferNode(),
  map: (node: SnapNode): readonly (readonly [SnapValue, SnapValue])[] => (node as unknown as MapNode).copy(),
  set: (node: SnapNode): readonly SnapValue[] => (node as unknown as SetNode).copy(),
};

/** The number of elements of a typed node, as of the first look. */
export const typedLength = (node: SnapNode): number => (node as unknown as TypedNode).length;

/** Are there keys, symbols among them, that its enumerable keys do not tell of? Of what is built in, any number at all: its names are asked for one by one. */
function hasHiddenKeys(live: object): boolean {
  const names = Object.getOwnPropertyNames(live);
  if (builtinName(live) !== null) return names.some((key) => String(Number(key)) === key || key === "undefined");
  return names.some((key) => !Object.prototype.propertyIsEnumerable.call(live, key)) || Object.getOwnPropertySymbols(live).some((symbol) => symbol !== Symbol.toStringTag);
}
/** What such a key tells of an object; undefined for all other keys. */
export function hasHidden(live: object, key: string): boolean | undefined {
  if (key === hiddenKeys) return hasHiddenKeys(live);
  return key === hiddenNumbers ? Object.getOwnPropertyNames(live).some((name) => (String(Number(name)) === name || name === "undefined") && !Object.prototype.propertyIsEnumerable.call(live, name)) : undefined;
}

/** An own property as a snapshot sees it. Descriptors only: no getter runs. */
export function ownProperty(live: object, key: string, registry: Registry): Property | null {
  const hidden = hasHidden(live, key);
  if (hidden !== undefined) return hidden ? { kind: "opaque", why: "keys of it are not enumerable" } : null;
  let descriptor: PropertyDescriptor | undefined;
  try {
    // what a specialised function constructs has its kernel's prototype
    descriptor = Object.getOwnPropertyDescriptor(key === "prototype" ? kernelBehind(live) : live, keyBehind(key));
  } catch {
    return { kind: "opaque", why: `${key} is not initialised yet` }; // an export of a module that has not run so far
  }
  return descriptor ? propertyOf(descriptor, registry) : specialProperty(live, key, registry);
}

function propertyOf(descriptor: PropertyDescriptor, registry: Registry): Property {
  if ("value" in descriptor) return { kind: "data", value: registry.value(descriptor.value), writable: descriptor.writable === true };
  const { get, set } = descriptor;
  if (get === undefined) return set ? { kind: "setter", set: registry.value(set) as NodeRef } : { kind: "data", value: undefined, writable: false };
  return { kind: "getter", ...(set && { set: registry.value(set) as NodeRef }), get: registry.value(get) as NodeRef };
}

/** What the engine keeps in internal slots, behind getters that the prototypes have: read here as data. */
const slots: readonly { readonly has: (live: unknown) => boolean; readonly keys: readonly string[]; readonly owner: () => object }[] = [
  { has: (live) => typedArrayTag(live) !== undefined, keys: ["length", "byteLength", "byteOffset", "buffer"], owner: () => Object.getPrototypeOf(Int8Array.prototype) as object },
  { has: isMap, keys: ["size"], owner: () => Map.prototype },
  { has: isSet, keys: ["size"], owner: () => Set.prototype },
  { has: isDataView, keys: ["buffer", "byteLength", "byteOffset"], owner: () => DataView.prototype },
  { has: (live) => isArrayBuffer(live), keys: ["byteLength"], owner: () => ArrayBuffer.prototype },
  { has: isPlainRegExp, keys: ["source", "flags"], owner: () => RegExp.prototype },
];

/** A regular expression whose flags are nobody's getters. */
function isPlainRegExp(live: unknown): boolean {
  return isRegExp(live) && Object.getOwnPropertyNames(live).length === 1 && builtinName(Object.getPrototypeOf(live) as object) === "RegExp.prototype";
}

function specialProperty(live: object, key: string, registry: Registry): Property | null {
  if (key === timeKey) return isDate(live) ? { kind: "data", value: registry.value(timeOf(live)), writable: false } : null;
  if (isPrivateKey(key)) { const found = privateProperty(live, key); return found ? { kind: "data", value: registry.value(found.value), writable: true } : null; }
  for (const slot of slots) {
    if (!slot.keys.includes(key) || !slot.has(live)) continue;
    try {
      return { kind: "data", value: registry.value(Object.getOwnPropertyDescriptor(slot.owner(), key)!.get!.call(live)), writable: false };
    } catch {
      return null; // a SharedArrayBuffer's byteLength, a DataView of a detached buffer: left to the prototypes
    }
  }
  return null;
}

/** The value that an internal slot has now, for guards: the same as specialProperty's, live. */
export function isSpecial(contents: Contents, key: string): boolean {
  const { node } = contents;
  return isPrivateKey(key) || (node.kind === "typed" && slots[0]!.keys.includes(key)) || ((node.kind === "map" || node.kind === "set") && key === "size") || (node.kind === "object" && node.className === "RegExp" && (key === "source" || key === "flags"))
    || (node.kind === "object" && node.className === "Date" && key === timeKey)
    || (node.kind === "object" && (node.className === "DataView" || node.className === "ArrayBuffer") && (key === "byteLength" || key === "buffer" || key === "byteOffset"));
}

function privateNames(live: object): readonly string[] {
  const keys = privateKeys(live);
  return keys.length === 0 ? keys : [...keys, privateList];
}

/** Copies all own properties, of symbols those under the language's own; of large namespaces and functions the single ones when they are asked for. */
export function copyProperties(contents: Contents, live: object, registry: Registry): void {
  contents.complete = true;
  for (const key of [...Object.getOwnPropertyNames(live), ...symbolNames(live), ...[hiddenKeys, hiddenNumbers].filter((key) => hasHidden(live, key)), ...(isDate(live) ? [timeKey] : []), ...privateNames(live)]) if (!contents.own.has(key)) contents.own.set(key, ownProperty(live, key, registry));
}

export const ownKeys = (live: object): readonly string[] => {
  const names = Object.getOwnPropertyNames(live);
  return names.filter((key) => Object.prototype.propertyIsEnumerable.call(live, key));
};

function classNameOf(live: object): string {
  for (let owner = Object.getPrototypeOf(live) as object | null; owner && !isProxy(owner); owner = Object.getPrototypeOf(owner) as object | null) {
    const constructor: unknown = Object.getOwnPropertyDescriptor(owner, "constructor")?.value;
    if (typeof constructor === "function") return ownString(constructor, "name");
  }
  return "";
}

const ownString = (live: object, key: string): string => {
  const value: unknown = Object.getOwnPropertyDescriptor(live, key)?.value;
  return typeof value === "string" ? value : "";
};
const ownNumber = (live: object, key: string): number => {
  const value: unknown = Object.getOwnPropertyDescriptor(live, key)?.value;
  return typeof value === "number" ? value : 0;
};

const names = new Set<string>(typedArrayNames);
export const isTypedArrayName = (name: string): name is TypedArrayName => names.has(name);
