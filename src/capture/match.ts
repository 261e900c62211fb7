// Does a live value still have what partial evaluation read of a snapshot?
//
// Before: a snapshot's contents with their records of reads, and live values. After: true or false. Only what was read is compared; a
// reference to a node that nobody looked into is compared by identity. −0 is not 0, NaN is NaN, holes are not undefined, kinds and lengths
// must agree; shared objects must be shared again, distinct ones distinct. Stops at the first difference.
// Guarantees: no getter and no Proxy trap runs; nothing is allocated where the objects are the snapshot's own.

import { isPrivateKey } from "../ir/privates.ts";
import { hole, type Property, type SnapNode, type SnapValue } from "../ir/snapshot.ts";
import { unreachable } from "../diagnostic.ts";
import { identityOf } from "./identity.ts";
import { sameBytes } from "./bytes.ts";
import type { Codes } from "./codes.ts";
import { copyOf, hasHidden, isSpecial, ownKeys, ownProperty, readsSoFar, typedLength, type Contents } from "./contents.ts";
import { keyBehind } from "./symbols.ts";
import { isMap, isProxy, isSet, kernelBehind, seenThrough, textOf, typedArrayTag } from "./host.ts";

export interface Matched {
  readonly contents: readonly (Contents | undefined)[];
  live(id: number): object | symbol | undefined;
  idOf(live: object | symbol): number | undefined;
  capturedEqual(id: number, live: Function, equal: (value: SnapValue, live: unknown) => boolean): boolean;
}

/** objects of a value from which on the quick question pays at once, and numbers in one of them; for less it is made when the value has come twice */
const worthRemembering = 8;
const worthComparing = 12;

/** objects in objects that are compared by recursion */
const mostDepth = 200;

export class Matcher {
  readonly #snapshot: Matched;
  /** by node: the live object that it is matched with, while a comparison runs */
  readonly #partner: (object | undefined)[] = [];
  readonly #trail: number[] = [];
  /** how deep the objects are nested that are being compared, and what is compared later since it lies too deep for the engine's stack */
  #depth = 0;
  readonly #later: { readonly id: number; readonly live: object }[] = [];
  /** the nodes of live objects that are not the snapshot's own */
  #reverse: Map<object, number> | null = null;
  /** objects seen to have plain data where the snapshot does: their properties can be read without asking for descriptors */
  readonly #plain = new WeakSet<object>();

  /**
   * By value (its root), how to ask whether nothing changed. What it holds of the value's parts goes with the value, or with the first
   * call that finds one replaced.
   */
  readonly #quick = new WeakMap<object, { readonly node: number; readonly reads: number; readonly holds: (() => boolean) | null }>();

  /** small values that were compared before */
  readonly #met = new WeakSet<object>();

  readonly #codes: Codes;

  constructor(snapshot: Matched, codes: Codes) {
    this.#snapshot = snapshot;
    this.#codes = codes;
  }

  matches(value: SnapValue, live: unknown): boolean {
    const node = typeof value === "object" && value !== null ? value.node : -1;
    if (node >= 0 && this.#holds(node, live)) return true;
    try {
      const equal = this.#equal(value, live) && this.#rest();
      if (equal && node >= 0) this.#remember(node, live);
      return equal;
    } finally {
      this.#forget();
    }
  }

  /** Whether the quick question is known for this value, and answered. */
  #holds(node: number, live: unknown): boolean {
    if ((typeof live !== "object" && typeof live !== "function") || live === null) return false;
    const known = this.#quick.get(live);
    if (known === undefined || known.holds === null || known.node !== node) return false;
    if (known.reads === readsSoFar() && known.holds()) return true;
    this.#quick.delete(live); // it held objects that may have been replaced
    return false;
  }
  /** After a comparison that found the snapshot's own objects only: it can be quicker from now on. */
  #remember(node: number, live: unknown): void {
    if (this.#reverse !== null || this.#isNew(live as object)) return;
    const known = this.#quick.get(live as object);
    if (known?.node === node && known.reads === readsSoFar()) return;
    const nodes = this.#trail.map((id) => [this.#snapshot.contents[id]!, this.#partner[id]!] as const);
    const holds = identityOf(nodes, { items: sameItems, typed: (contents, array) => this.#typedEqual(contents, array as Float64Array) }, this.#codes);
    this.#quick.set(live as object, { node, reads: readsSoFar(), holds });
  }

  /** Whether a small value comes for the first time: one that is replaced with every call is not worth a function. */
  #isNew(live: object): boolean {
    if (this.#trail.length >= worthRemembering || this.#trail.some((id) => this.#isWorthIt(id)) || this.#met.has(live)) return false;
    this.#met.add(live);
    return true;
  }
  /** A long array (`length` of anything else may be somebody's getter), or what is looked up field by field otherwise: the engine's own objects, private fields. */
  #isWorthIt(id: number): boolean {
    const { node, readKeys } = this.#snapshot.contents[id]!;
    return node.kind === "builtin" || readKeys.some(isPrivateKey) || (node.kind === "typed" ? typedLength(node) : node.kind === "array" ? copyOf.arrayLength(node) : 0) >= worthComparing;
  }

  matchesAll(values: readonly SnapValue[], lives: readonly unknown[]): boolean {
    try {
      for (let i = 0; i < values.length; i++) if (!this.#equal(values[i]!, lives[i])) return false;
      return this.#rest();
    } finally {
      this.#forget();
    }
  }

  #forget(): void {
    for (const id of this.#trail) this.#partner[id] = undefined;
    this.#trail.length = 0;
    this.#reverse = null;
    this.#depth = 0;
    this.#later.length = 0;
  }

  /** All that is compared has to be equal: when it is compared does not matter. */
  #rest(): boolean {
    for (let next = this.#later.pop(); next !== undefined; next = this.#later.pop()) {
      this.#depth = 0;
      if (!this.#contentsEqual(this.#snapshot.contents[next.id]!, next.id, next.live, this.#snapshot.idOf(next.live) === next.id)) return false;
    }
    return true;
  }

  #equal(value: SnapValue, live: unknown): boolean {
    if (typeof value !== "object" || value === null) return value === live ? value !== 0 || 1 / value === 1 / (live as number) : value !== value && live !== live;
    if (typeof live === "object" ? live === null : typeof live !== "function") return typeof live === "symbol" && this.#snapshot.live(value.node) === live;
    return this.#same(value.node, seenThrough(live as object));
  }

  #same(id: number, live: object): boolean {
    const partner = this.#partner[id];
    if (partner !== undefined) return partner === live;
    const contents = this.#snapshot.contents[id];
    const own = this.#snapshot.idOf(live) === id;
    if (contents === undefined || !contents.touched || contents.readAnew) return own;
    if (!own && contents.identity !== null && (contents.identity === "own" || this.#snapshot.idOf(live) !== undefined)) return false;
    if (!this.#pair(id, live, own)) return false;
    if (this.#depth >= mostDepth) {
      this.#later.push({ id, live });
      return true;
    }
    this.#depth++;
    const equal = this.#contentsEqual(contents, id, live, own);
    this.#depth--;
    return equal;
  }

  /** Sharing: one node, one object; and the other way round. */
  #pair(id: number, live: object, own: boolean): boolean {
    if (!own && this.#reverse === null) {
      this.#reverse = new Map();
      for (const other of this.#trail) this.#reverse.set(this.#partner[other]!, other);
    }
    if (this.#reverse !== null) {
      const other = this.#reverse.get(live);
      if (other !== undefined && other !== id) return false;
      this.#reverse.set(live, id);
    }
    this.#partner[id] = live;
    this.#trail.push(id);
    return true;
  }

  #contentsEqual(contents: Contents, id: number, live: object, own: boolean): boolean {
    const { node } = contents;
    // what an object is never changes: only strangers are asked
    if (!own && !this.#alike(contents, id, live)) return false;
    if (node.kind !== "builtin" && node.kind !== "opaque" && !this.#prototypeEqual(contents, live)) return false;
    switch (node.kind) {
      case "builtin":
      case "opaque":
      case "function":
      case "object":
        break;
      case "array":
        if (contents.itemsRead && (Object.hasOwn(live, Symbol.iterator) || !this.#itemsEqual(node, live as readonly unknown[]))) return false;
        break;
      case "typed": {
        if (!this.#typedEqual(contents, live as Float64Array)) return false;
        break;
      }
      case "map":
        if (contents.itemsRead && (Object.hasOwn(live, Symbol.iterator) || !this.#entriesEqual(copyOf.map(node), live as Map<unknown, unknown>))) return false;
        break;
      case "set":
        if (contents.itemsRead && (Object.hasOwn(live, Symbol.iterator) || !this.#membersEqual(copyOf.set(node), live as Set<unknown>))) return false;
        break;
      default:
        return unreachable(node);
    }
    return contents.readKeys.length === 0 && !contents.keysRead ? true : this.#readsEqual(contents, live, own);
  }

  #typedEqual({ node, bufferRead, itemsRead }: Contents, view: Float64Array): boolean {
    if (node.kind !== "typed") return false;
    if (bufferRead && (view.byteOffset !== node.byteOffset || !this.#same(copyOf.buffer(node), view.buffer))) return false;
    return !itemsRead || (view.length === typedLength(node) && !Object.hasOwn(view, Symbol.iterator) && sameBytes(copyOf.typed(node), view));
  }

  /** Whether an object that is not the snapshot's own is of the node's kind at all. */
  #alike(contents: Contents, id: number, live: object): boolean {
    const { node } = contents;
    if (isProxy(live)) return false;
    switch (node.kind) {
      case "builtin":
      case "opaque":
        return false; // they count by identity
      case "function":
        return typeof live === "function" && textOf(kernelBehind(live) as Function) === node.code.text && this.#snapshot.capturedEqual(id, live, (value, now) => this.#equal(value, now));
      case "array":
        return Array.isArray(live);
      case "typed":
        return typedArrayTag(live) === node.array;
      case "map":
        return isMap(live);
      case "set":
        return isSet(live);
      case "object":
        return typeof live === "object" && !Array.isArray(live) && typedArrayTag(live) === undefined && !isMap(live) && !isSet(live);
      default:
        return unreachable(node);
    }
  }

  /** The prototype is the very same object, and what was found on it (methods, getters) is still there. */
  #prototypeEqual(contents: Contents, live: object): boolean {
    const prototype = Object.getPrototypeOf(live) as object | null;
    if (prototype !== contents.prototypeLive) return false;
    return contents.prototype === null || !this.#snapshot.contents[contents.prototype.node]?.touched || this.#same(contents.prototype.node, prototype!);
  }

  #itemsEqual(node: SnapNode, live: readonly unknown[]): boolean {
    const numbers = copyOf.numbers(node);
    if (numbers !== null) return live.length === numbers.length && sameItems(numbers, live);
    const items = copyOf.array(node);
    if (live.length !== items.length) return false;
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (item === hole) {
        if (i in live) return false;
      } else if (!this.#equal(item as SnapValue, live[i]) || (item === undefined && !(i in live))) return false;
    }
    return true;
  }

  #entriesEqual(entries: readonly (readonly [SnapValue, SnapValue])[], live: Map<unknown, unknown>): boolean {
    if (live.size !== entries.length) return false;
    let i = 0;
    for (const [key, value] of Map.prototype.entries.call(live) as Iterable<[unknown, unknown]>) {
      const [wantedKey, wanted] = entries[i++]!;
      if (!this.#equal(wantedKey, key) || !this.#equal(wanted, value)) return false;
    }
    return true;
  }

  #membersEqual(items: readonly SnapValue[], live: Set<unknown>): boolean {
    if (live.size !== items.length) return false;
    let i = 0;
    for (const item of Set.prototype.values.call(live) as Iterable<unknown>) if (!this.#equal(items[i++]!, item)) return false;
    return true;
  }

  /** The properties that were read, the absent ones included. */
  #readsEqual(contents: Contents, live: object, own: boolean): boolean {
    const { readKeys, readProperties } = contents;
    if (contents.keysRead && !sameKeys(contents.keys!, ownKeys(live))) return false;
    if (readKeys.length === 0) return true;
    const plain = own || this.#plain.has(live);
    const fields = live as Record<PropertyKey, unknown>;
    for (let i = 0; i < readKeys.length; i++) {
      const key = readKeys[i]!;
      const wanted = readProperties[i]!;
      if (wanted === null) {
        if (hasHidden(live, key) ?? Object.hasOwn(live, keyBehind(key))) return false;
      } else if (wanted.kind === "data" && plain && !isSpecial(contents, key)) {
        if (!this.#equal(wanted.value, fields[keyBehind(key)])) return false;
      } else if (!this.#propertyEqual(wanted, live, key)) return false;
    }
    if (!plain) this.#plain.add(live);
    return true;
  }

  #propertyEqual(wanted: Property, live: object, key: string): boolean {
    // a registry that passes live values through: the comparison is ours
    let now: unknown;
    const property = ownProperty(live, key, { value: (value) => ((now = value), undefined) });
    if (property === null || property.kind !== wanted.kind) return false;
    switch (wanted.kind) {
      case "data": return this.#equal(wanted.value, now);
      case "getter": return this.#equal(wanted.get, now) && (wanted.set === undefined || this.#equal(wanted.set, Object.getOwnPropertyDescriptor(live, keyBehind(key))?.set));
      case "setter": return this.#equal(wanted.set, now);
      case "opaque":
      case "absent": return true;
      default: return unreachable(wanted);
    }
  }
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Numbers against an ordinary array's items. */
function sameItems(numbers: Float64Array, live: readonly unknown[]): boolean {
  for (let i = 0; i < numbers.length; i++) {
    const then = numbers[i];
    const now = live[i];
    if (then === now ? then === 0 && !Object.is(then, now) : then === then || now === now) return false;
  }
  return true;
}
