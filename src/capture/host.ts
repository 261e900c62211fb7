// What capture needs of the host beyond the language: Node's own modules without a static import (so that a bundle for browsers
// needs no shim), and questions about values that only the engine can answer.
//
// Guarantees: nothing here runs user code. Kinds are tested by internal slots (a getter of the engine called on the value), never by
// `instanceof` or by a property of the value, so values from other realms (Jest, vm contexts) are recognised.

import { timeOf } from "../ir/dates.ts";

interface ProcessLike { getBuiltinModule?(id: string): unknown }

/** A module of Node by its name ("node:fs"); null where there is no Node. */
export function nodeModule<T>(id: string): T | null {
  const process = (globalThis as { process?: ProcessLike }).process;
  try {
    return (process?.getBuiltinModule?.(id) as T | undefined) ?? null;
  } catch {
    return null;
  }
}

type Types = typeof import("node:util").types;
const types = nodeModule<typeof import("node:util")>("node:util")?.types ?? null;

/** Whether a value is a Proxy. Browsers can't tell: there the answer is no. */
export const isProxy: (value: unknown) => boolean = types ? types.isProxy : () => false;

/** For hosts without util.types: does the engine's getter `key` of `owner.prototype` accept the value? */
function brand(owner: { readonly prototype: object }, key: string): (value: unknown) => boolean {
  const get = Object.getOwnPropertyDescriptor(owner.prototype, key)!.get!;
  return (value) => {
    if (!Object.prototype.isPrototypeOf.call(owner.prototype, value as object)) return false; // spares the exception in nearly all cases
    try {
      get.call(value);
      return true;
    } catch {
      return false;
    }
  };
}

const test = (name: keyof Types, otherwise: (value: unknown) => boolean): ((value: unknown) => boolean) =>
  types ? (types[name] as (value: unknown) => boolean) : otherwise;
const never = (): boolean => false;

export const isMap = test("isMap", brand(Map, "size"));
export const isSet = test("isSet", brand(Set, "size"));
export const isArrayBuffer = test("isAnyArrayBuffer", brand(ArrayBuffer, "byteLength"));
/** One that no other thread shares. */
export const isOwnArrayBuffer = test("isArrayBuffer", brand(ArrayBuffer, "byteLength"));
export const isDataView = test("isDataView", brand(DataView, "byteLength"));
export const isModuleNamespace = test("isModuleNamespaceObject", (value) =>
  Object.getPrototypeOf(value) === null && Object.getOwnPropertyDescriptor(value, Symbol.toStringTag)?.value === "Module");
export const isRegExp = test("isRegExp", brand(RegExp, "global"));
export const isDate = test("isDate", (value) => {
  try {
    timeOf(value);
    return true;
  } catch {
    return false;
  }
});
export const isArguments = test("isArgumentsObject", never);

const typedArrayPrototype = Object.getPrototypeOf(Float64Array.prototype) as object;
const getter = (owner: object, key: PropertyKey): ((this: unknown) => unknown) | undefined =>
  Object.getOwnPropertyDescriptor(owner, key)?.get;
const tagOf = getter(typedArrayPrototype, Symbol.toStringTag)!;
const resizableOf = getter(ArrayBuffer.prototype, "resizable");
const growableOf = typeof SharedArrayBuffer === "undefined" ? undefined : getter(SharedArrayBuffer.prototype, "growable");

/** "Float64Array" and so on for a real typed array of any realm, undefined for everything else. */
export const typedArrayTag = (value: unknown): string | undefined => tagOf.call(value) as string | undefined;

/** The length of a typed array, whatever it says itself. */
export const lengthOfTyped = getter(typedArrayPrototype, "length")! as (this: unknown) => number;
export const byteLengthOfTyped = getter(typedArrayPrototype, "byteLength")! as (this: unknown) => number;
export const byteOffsetOfTyped = getter(typedArrayPrototype, "byteOffset")! as (this: unknown) => number;
export const bufferOfTyped = getter(typedArrayPrototype, "buffer")! as (this: unknown) => ArrayBuffer;
const ofViews = ["byteLength", "byteOffset", "buffer"] as const, ofArrays = ["length", ...ofViews] as const;
const genuine = new WeakSet<object>([...ofArrays.map((key) => getter(typedArrayPrototype, key)!), ...ofViews.map((key) => getter(DataView.prototype, key)!)]);

/**
 * Whether a typed array or DataView says of its length and its bytes what the engine does: a class over one may have a `length` of its own, and so may
 * an instance. No getter runs.
 */
export function isTrueView(view: object): boolean {
  return (isDataView(view) ? ofViews : ofArrays).every((key) => {
    for (let at: object | null = view; at !== null && !isProxy(at); at = Object.getPrototypeOf(at) as object | null) {
      const descriptor = Object.getOwnPropertyDescriptor(at, key);
      if (descriptor) return descriptor.get !== undefined && (genuine.has(descriptor.get) || textOf(descriptor.get).startsWith(`function get ${key}() { [native code]`));
    }
    return false;
  });
}

/** Whether a buffer may change its length, so that views of it may track it. */
export function isResizable(buffer: ArrayBufferLike): boolean {
  for (const get of [resizableOf, growableOf]) {
    try {
      if (get) return get.call(buffer) === true; // asked of the other kind it throws, which takes twenty microseconds
    } catch {
      // the getter of the other kind of buffer
    }
  }
  return false;
}

const transparent = new WeakMap<object, object>();
let transparents = false;

/** From now on capture sees `target` in place of `proxy`: what `tracked` returns is such a Proxy. */
export function lookThrough(proxy: object, target: object): void {
  transparent.set(proxy, target);
  transparents = true;
}

/** The object that stands for `live`: itself, but for Proxies that may be looked through. */
export const seenThrough = (live: object): object => (transparents ? (transparent.get(live) ?? live) : live);

const kernels = new WeakMap<Function, Function>();

/** From now on capture takes `callable` for a function of the kernel's source and variables: calling it is calling the kernel. */
export function standFor(callable: Function, kernel: Function): void { kernels.set(callable, kernel); }

/** The function that has the source: a kernel for what specialize() made of it, any other for itself. */
export const kernelBehind = <T>(live: T): T | Function => (typeof live === "function" ? (kernels.get(live) ?? live) : live);

/** The text of a function, whatever it has in place of `toString`. */
export const textOf = (fn: Function): string => Function.prototype.toString.call(fn);

/** Native code has no source: built-ins, bound functions, and what the host made. (No source text can contain these brackets there.) */
export const isNativeText = (text: string): boolean => text.endsWith("[native code] }");
