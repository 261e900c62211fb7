// The engine's own objects and functions, by name: "Math.sin", "Array.prototype.map", "%TypedArray%.prototype.fill", "get Map.prototype.size".
//
// Recognised by identity. The table is made at the first question by walking the well-known globals; an object that the user put in the place of one
// (`Math.sin = mine`, before or after) is not in it: functions count only if native and of the right name. Other realms (vm contexts) are added
// when capture meets their global object; their objects have the same names, and are nodes of their own.

import { isNativeText, isProxy, nodeModule, textOf } from "./host.ts";

/** Functions first: `Number.parseFloat` is the same object as `parseFloat` and goes by the shorter name. */
const roots = [
  "parseInt", "parseFloat", "isNaN", "isFinite", "Math", "Number", "Object", "Function", "Array", "String", "Boolean", "Symbol", "BigInt",
  "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array",
  "BigInt64Array", "BigUint64Array", "ArrayBuffer", "SharedArrayBuffer", "DataView", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Date", "RegExp",
  "JSON", "Reflect", "Proxy", "Promise", "Atomics", "Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError",
  "AggregateError", "TextEncoder", "encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI", "escape", "unescape", "structuredClone",
] as const;

/** What is JavaScript of Node's own there: where it is found, and what its text says. */
const ofNode = { name: "TextEncoder", module: "node:util", text: /^class TextEncoder\b/, method: "encode", methodText: /\bencodeUtf8String\(`\$\{input\}`\)/ } as const;

interface Entry { readonly name: string; readonly key: string; native: boolean | null }

const names = new WeakMap<object, Entry>();
const paths = new Map<string, object>(); // of this realm
const realms = new WeakSet<object>();

/** Adds the built-ins of the realm with that global object. */
export function addRealm(global: object): void {
  if (realms.has(global)) return;
  realms.add(global);
  const own = global === globalThis;
  add(global, "globalThis", "globalThis", own);
  if (own) addOfNode();
  for (const root of roots) {
    const value = dataOf(global, root);
    if (!isObject(value)) continue;
    add(value, root, root, own);
    members(value, root, own);
    const prototype = dataOf(value, "prototype");
    if (!isObject(prototype)) continue;
    add(prototype, `${root}.prototype`, "", own); // Function.prototype is a function without a name
    if (root === "Int8Array") typedArrays(value, prototype, own);
    members(prototype, `${root}.prototype`, own);
  }
}

function addOfNode(): void {
  const { name, module, text, method, methodText } = ofNode;
  const value = nodeModule<Readonly<Record<string, unknown>>>(module)?.[name], prototype = isObject(value) ? dataOf(value, "prototype") : undefined;
  if (typeof value !== "function" || !isObject(prototype) || isProxy(value) || !text.test(textOf(value))) return;
  const encode = dataOf(prototype, method);
  if (typeof encode !== "function" || isProxy(encode) || !methodText.test(textOf(encode))) return;
  for (const [object, path, key] of [[value, name, name], [prototype, `${name}.prototype`, ""], [encode, `${name}.prototype.${method}`, method]] as const) {
    add(object, path, key, true);
    names.set(object, { name: path, key, native: true });
  }
}

/** What all typed arrays share has no global name. */
function typedArrays(constructor: object, prototype: object, own: boolean): void {
  const shared = Object.getPrototypeOf(constructor) as object;
  const sharedPrototype = Object.getPrototypeOf(prototype) as object;
  add(shared, "%TypedArray%", "TypedArray", own);
  members(shared, "%TypedArray%", own);
  add(sharedPrototype, "%TypedArray%.prototype", "", own);
  members(sharedPrototype, "%TypedArray%.prototype", own);
}

function members(owner: object, path: string, own: boolean): void {
  for (const key of Reflect.ownKeys(owner)) {
    const { value, get } = Object.getOwnPropertyDescriptor(owner, key)!;
    const symbol = typeof key === "symbol" ? (key.description ?? "") : null;
    const full = `${path}.${symbol === null ? (key as string) : symbol.replace("Symbol.", "@@")}`;
    const name = symbol === null ? (key as string) : `[${symbol}]`;
    if (typeof value === "function") add(value as object, full, name, own);
    if (get) add(get, `get ${full}`, `get ${name}`, own);
  }
}

function add(value: object, path: string, key: string, own: boolean): void {
  if (names.has(value)) return;
  if (typeof value === "function" && dataOf(value, "name") !== key) return; // an alias (trimLeft is trimStart), or the user's
  names.set(value, { name: path, key, native: null });
  if (own && !paths.has(path)) paths.set(path, value);
}

/** The path of a built-in, null for everything else. */
export function builtinName(value: object): string | null {
  addRealm(globalThis);
  const entry = names.get(value);
  if (!entry) return null;
  entry.native ??= isGenuine(value, entry.key);
  return entry.native ? entry.name : null;
}

/** The built-in of this realm by its path; undefined if the host has none, or the user put something else in its place. */
export function builtinAt(path: string): object | undefined {
  addRealm(globalThis);
  const value = paths.get(path);
  return value !== undefined && builtinName(value) !== null ? value : undefined;
}

function isGenuine(value: object, key: string): boolean {
  if (isProxy(value)) return false;
  if (typeof value !== "function") return true;
  const text = textOf(value);
  // a bound function is native too, but nameless: "function () { [native code] }"
  return isNativeText(text) && text.startsWith(`function ${key}(`);
}

const isObject = (value: unknown): value is object => (typeof value === "object" && value !== null) || typeof value === "function";

/** The value of an own data property; never runs a getter. */
function dataOf(owner: object, key: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(owner, key);
  return descriptor && "value" in descriptor ? descriptor.value : undefined;
}
