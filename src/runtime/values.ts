// What a live value is, asked without running any of the user's code: no getter, no Proxy trap, no valueOf.
// Kinds are told by internal slots, never by instanceof, so that values of other realms (a vm context, an iframe) count too.

import { isDataView, isOwnArrayBuffer, isProxy, lengthOfTyped, typedArrayTag } from "../capture/host.ts";
import type { TypedArrayName } from "../ir/interface.ts";

/** Stands for "this call does not fit": what an entry gives back in place of a result. */
export const MISS: unique symbol = Symbol("wasmorph.miss");

export type TypedArray =
  | Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

export const constructors: Readonly<Record<TypedArrayName, new (buffer: ArrayBufferLike, byteOffset: number, length: number) => TypedArray>> = {
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array,
};
export const bytesPerElement: Readonly<Record<TypedArrayName, number>> = {
  Int8Array: 1, Uint8Array: 1, Uint8ClampedArray: 1, Int16Array: 2, Uint16Array: 2, Int32Array: 4, Uint32Array: 4, Float32Array: 4, Float64Array: 8,
};

/** "Float64Array" and kin for a real typed array of any realm, else undefined; so for one with a `length` of its own. */
export function typedName(value: unknown): string | undefined {
  const tag = typedArrayTag(value);
  return tag !== undefined && lengthOfTyped.call(value) === (value as TypedArray).length ? tag : undefined;
}

/** An object whose fields can be looked at: no primitive, no Proxy. */
export const isSolid = (value: unknown): value is object => typeof value === "object" && value !== null && !isProxy(value);
export const isSolidArray = (value: unknown): value is unknown[] => Array.isArray(value) && !isProxy(value);
/** Is it an array or typed array of this length? */
export const hasLength = (value: unknown, length: number): boolean =>
  (Array.isArray(value) || typedName(value) !== undefined) && (value as ArrayLike<unknown>).length === length;

/** Are these its own enumerable string keys, in this order? Requires: an object, no Proxy. */
export function hasKeys(value: unknown, keys: readonly string[]): boolean {
  const own = Object.keys(value as object);
  return own.length === keys.length && own.every((key, i) => key === keys[i]) && Object.getOwnPropertySymbols(value as object).length === 0; // which a spread copies too
}

/** Like `every`, which an array of the user's may have of its own. */
const all = <T>(array: readonly T[], test: (value: T) => boolean): boolean => { for (let i = 0; i < array.length; i++) if (!test(array[i]!)) return false; return true; };
/** … of each object in an array. */
export const allHaveKeys = (array: unknown, keys: readonly string[]): boolean => isSolidArray(array) && all(array, (value) => isSolid(value) && hasKeys(value, keys));

const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Object;

/** Does reading the field, or finding it absent, run no getter? Requires: `object` is solid. */
function isPlainField(object: object, key: string | number): boolean {
  for (let at: object | null = object; at !== null; at = getPrototypeOf(at) as object | null) {
    if (isProxy(at)) return false;
    const found = getOwnPropertyDescriptor(at, key);
    if (found !== undefined) return found.get === undefined && found.set === undefined;
  }
  return true;
}

/** Would `delete object[key]` take a field of the object itself away? */
export const isDeletable = (object: object, key: PropertyKey): boolean => getOwnPropertyDescriptor(object, key)?.configurable === true;

/** Would `object[key] = v` only write a field of the object itself? */
export function isWritable(object: object, key: string | number): boolean {
  const own = getOwnPropertyDescriptor(object, key);
  if (own !== undefined) return own.writable === true;
  const prototype = getPrototypeOf(object) as object | null;
  return isExtensible(object) && (prototype === null || isSettable(prototype, key));
}

/** after so many objects that were seen once, those that come are likely new ones every time: no use to remember them */
const mostRemembered = 4096;

/**
 * Objects whose fields can be read, and some written, as plain data: no Proxy, no accessor among the fields. An object that was found
 * to be one is remembered (weakly); a field that becomes an accessor afterwards is not noticed, freezing is.
 */
export class Records {
  private readonly known = new WeakSet<object>();
  private count = 0;
  private readonly keys: readonly (string | number)[];
  private readonly written: readonly (string | number)[];
  private readonly functions: boolean;

  /** `functions`: they count as objects too */
  constructor(keys: readonly (string | number)[], written: readonly (string | number)[], functions = false) {
    this.keys = keys;
    this.written = written;
    this.functions = functions;
  }

  has(value: unknown): value is object {
    return this.known.has(value as object) && (this.written.length === 0 || isExtensible(value)) || this.admit(value);
  }

  private admit(value: unknown): boolean {
    if (!isSolid(value) && !(this.functions && typeof value === "function" && !isProxy(value))) return false;
    for (const key of this.keys) if (!isPlainField(value, key)) return false;
    for (const key of this.written) if (!isWritable(value, key)) return false;
    if (this.count++ < mostRemembered) this.known.add(value);
    return true;
  }
}

/** Is the field found neither on the object nor on its prototypes? */
export function isAbsent(object: object, key: PropertyKey): boolean {
  for (let at: object | null = object; at !== null; at = getPrototypeOf(at) as object | null) {
    if (isProxy(at) || getOwnPropertyDescriptor(at, key) !== undefined) return false;
  }
  return true;
}

const bufferOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int8Array.prototype) as object, "buffer")!.get!;
/** Does a typed array lie in an ArrayBuffer, not in one that is shared? */
export const isUnshared = (array: unknown): boolean => isOwnArrayBuffer(bufferOf.call(array));

/** Has an array (all arrays that many levels down; a row that is missing is none) no enumerable properties but elements, its own or inherited? Names come behind indices. */
export function isUnnamed(value: unknown, levels: number): boolean {
  if (!isSolid(value)) return false;
  if (levels > 0) {
    const rows = value as unknown as ArrayLike<unknown>;
    for (let i = 0; i < rows.length; i++) if (rows[i] !== undefined && !isUnnamed(rows[i], levels - 1)) return false;
    return true;
  }
  for (const _ in getPrototypeOf(value)) return false;
  const last = Object.keys(value).at(-1);
  return last === undefined || (String(Number(last) >>> 0) === last && Number(last) < (value as unknown as ArrayLike<unknown>).length);
}
/** May an array's elements and length be changed? */
export const isResizableArray = (value: unknown): boolean => isSolidArray(value) && isExtensible(value) && getOwnPropertyDescriptor(value, "length")!.writable === true;

/**
 * May each of the elements be written? One that may not throws when it gets what it holds; elements that are there alone are tried. Requires: no accessor is among
 * them (kinds.ts).
 */
export function isWritableArray(array: unknown[]): boolean {
  try {
    for (let i = 0; i < array.length; i++) { const item = array[i]; if (item !== undefined || i in array) array[i] = item; }
    return true;
  } catch { return false; }
}

/** Has an array elements alone, each of which may be written? Requires: it is no Proxy. */
export const isPlainArray = (array: unknown[]): boolean => Reflect.ownKeys(array).at(-1) === "length" && getOwnPropertyDescriptor(array, "length")!.writable === true && isWritableArray(array);

/** Is what the array has under the key its prototype's: that one, or where it is null the engine's own of its kind? */
export function isInherited(value: unknown, key: string | symbol, prototype: object | null): boolean {
  const own = prototype ?? (Array.isArray(value) ? Array.prototype : isDataView(value) ? DataView.prototype : prototypes.get(typedName(value)!));
  return isSolid(value) && getPrototypeOf(value) === own && !Object.hasOwn(value, key) && !isDetached(value);
}
/** Is it a view whose bytes are gone? Its elements read as absent, its methods throw. */
function isDetached(value: object): boolean {
  if (!ArrayBuffer.isView(value) || isDataView(value) || value.byteLength !== 0) return false;
  try { void new Uint8Array(value.buffer); return false; } catch { return true; }
}
const prototypes = new Map<string, object>([...Object.values(constructors), BigInt64Array, BigUint64Array].map(({ name, prototype }) => [name, prototype as object]));
/** Rows that were found to be no Proxies, weakly by the array that they stood in then; the prototype of all of them, and whether it is the engine's own. */
const solidRows = new WeakMap<object, { readonly rows: readonly unknown[]; readonly prototype: unknown; readonly engines: boolean }>();
let remembered = 0;
const { apply } = Reflect, { hasOwnProperty } = Object.prototype;
/** Of all arrays that many levels down; a row that is missing is none. */
export function allInherit(array: unknown, levels: number, key: string | symbol, prototype: object | null): boolean {
  if (!isSolidArray(array)) return false;
  if (levels > 1) {
    for (let i = 0; i < array.length; i++) if (array[i] !== undefined && !allInherit(array[i], levels - 1, key, prototype)) return false;
    return true;
  }
  const known = solidRows.get(array);
  let met = known !== undefined && known.rows.length === array.length && (prototype === null ? known.engines : known.prototype === prototype);
  for (let i = 0; i < array.length; i++) {
    const row = array[i];
    // of what was asked for its length the engine knows the form, and with it the prototype; a typed array that has elements is not detached
    if (met && row === known!.rows[i] && row !== undefined && (row as unknown[]).length >= (Array.isArray(row) ? 0 : 1) && getPrototypeOf(row) === known!.prototype && !apply(hasOwnProperty, row, [key])) continue;
    if (row !== undefined && !isInherited(row, key, prototype)) return false;
    met &&= row === known!.rows[i];
  }
  if (!met && (known !== undefined || remembered++ < mostRemembered)) {
    const rows: unknown[] = [];
    for (let i = 0; i < array.length; i++) rows.push(array[i]);
    const [own, ...others] = new Set(rows.flatMap((row) => (row === undefined ? [] : [getPrototypeOf(row) as unknown])));
    solidRows.set(array, { rows, prototype: others.length === 0 ? own : undefined, engines: prototype === null });
  }
  return true;
}

/** The rows of an array of arrays that many levels down, in order; what is no such array has none. */
export function rowsAt(array: readonly unknown[], level: number, isRow: (value: unknown) => value is unknown[] = Array.isArray): readonly unknown[] {
  let rows = array;
  for (let l = 1; l < level; l++) {
    const below: unknown[] = [];
    for (const row of rows) if (isRow(row)) for (const item of row) below.push(item);
    rows = below;
  }
  return rows;
}
/** Whether it is one of the rows, on any of the levels; what is no array has none. Methods that the array may have itself are left alone. */
export function isRowOf(array: readonly unknown[], levels: number, value: unknown): boolean {
  if (!Array.isArray(array)) return false;
  for (let i = 0; i < array.length; i++) {
    const row: unknown = array[i];
    if (row === value || (levels > 1 && isSolidArray(row) && isRowOf(row, levels - 1, value))) return true;
  }
  return false;
}
/** Few items are compared with each other: a set of five takes longer. */
export function hasTwice(items: readonly unknown[]): boolean {
  if (items.length > 8) return new Set(items).size !== items.length;
  for (let i = 1; i < items.length; i++) if (items.lastIndexOf(items[i], i - 1) >= 0) return true;
  return false;
}

/** Does setting the key of an object of that prototype, which lacks it, make a field of its own? */
export function isSettable(prototype: object, key: string | number): boolean {
  for (let at: object | null = prototype; at !== null; at = getPrototypeOf(at) as object | null) {
    if (isProxy(at)) return false;
    const found = getOwnPropertyDescriptor(at, key);
    if (found !== undefined) return found.writable === true;
  }
  return true;
}

/** Has Array.prototype, an array itself, no elements? Its length says so at once, unless it had some before. */
export const isUnindexed = (): boolean => Object.getOwnPropertyNames(Array.prototype)[0] === "length";

/** Has Object.prototype no more names than when this file was read? Those that it had then are what objects inherit (lookups.ts). */
export const isUnextended = (): boolean => Object.getOwnPropertyNames(Object.prototype).length === inheritedNames;
const inheritedNames = Object.getOwnPropertyNames(Object.prototype).length;

const noElements: readonly never[] = Object.freeze([]);
/** Does for-in find nothing that arrays, and so objects, inherit of the engine? */
export function isUnlisted(): boolean {
  for (const _ in noElements) return false;
  return true;
}

/** Do two views share bytes? */
export const overlap = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
  a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;

/** The engine takes no more arguments than fit its stack. */
const mostUnits = 4096;
/** The string of code units that stand somewhere. */
export function textOf(units: Uint16Array, from: number, length: number): string {
  let text = "";
  for (let at = from; at < from + length; at += mostUnits) text += String.fromCharCode.apply(null, units.subarray(at, Math.min(at + mostUnits, from + length)) as unknown as number[]);
  return text;
}

/** The objects of an array, or of the arrays in it, one after the other. */
export function itemsIn(array: readonly unknown[]): readonly unknown[] {
  if (!isSolidArray(array[0]) || !all(array, isSolidArray)) return array;
  const items: unknown[] = [];
  for (let i = 0; i < array.length; i++) { const row = array[i] as readonly unknown[]; for (let k = 0; k < row.length; k++) items.push(row[k]); }
  return items;
}

/** Lists that were made of what arrays hold (weakly): one that is as it was is the same again, so that what was found of it still holds. */
export class ListsMade {
  readonly #known = new WeakMap<object, readonly unknown[]>();
  /** Requires: nobody writes to the list. */
  last<T extends readonly unknown[]>(array: object, list: T): T {
    if (list === array) return list;
    const known = this.#known.get(array);
    if (known !== undefined && known.length === list.length && known.every((item, i) => item === list[i])) return known as T;
    this.#known.set(array, list);
    return list;
  }
}
