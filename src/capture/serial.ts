// A snapshot as plain data, for where live values can't go: another thread, a file.
//
// Before: a snapshot over live values (snapshot.ts) and the values in question. After: parcels, plain data that structured clone takes. A
// parcel has everything that can be reached from these values within a budget; what is beyond it, or rarely read, is left out. The reader
// (SerialSnapshot) throws Missing for what it lacks, with a list; the next parcel brings it, and the reading starts again.
// The reader keeps a trace of what was read. The snapshot over live values replays it, and has then read what the reader has.
// Guarantees: a parcel has the copies that the snapshot has, so that both sides speak of the same moment; no getter and no Proxy trap runs.

import type { TypedArrayName } from "../ir/interface.ts";
import { heldBy, hole, isNodeRef, NodeRef, type Captured, type Code, type Property, type SnapNode, type SnapshotView, type SnapValue } from "../ir/snapshot.ts";
import { unreachable } from "../diagnostic.ts";

/** A hole among items: a symbol can't be cloned. */
export interface SerialHole { readonly hole: true }
export type SerialContents =
  | { readonly kind: "object"; readonly className: string }
  | { readonly kind: "array"; readonly items: Float64Array | readonly (SnapValue | SerialHole)[]; readonly frozen: boolean }
  | { readonly kind: "typed"; readonly array: TypedArrayName; readonly values: ArrayLike<number>; readonly buffer: number; readonly byteOffset: number }
  | { readonly kind: "map"; readonly entries: readonly (readonly [SnapValue, SnapValue])[] }
  | { readonly kind: "set"; readonly items: readonly SnapValue[] }
  | { readonly kind: "function"; readonly name: string; readonly length: number; readonly code: Code }
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "opaque"; readonly why: string };

export interface SerialNode {
  readonly id: number;
  readonly contents: SerialContents;
  readonly prototype: number | null;
  /** own properties; null: known to be absent */
  readonly own: readonly (readonly [string, Property | null])[];
  /** there are no others */
  readonly complete: boolean;
  readonly keys: readonly string[] | null;
}

export interface Parcel {
  readonly nodes: readonly SerialNode[];
  readonly properties: readonly (readonly [node: number, key: string, property: Property | null])[];
  readonly keys: readonly (readonly [node: number, keys: readonly string[]])[];
  readonly captured: readonly (readonly [fn: number, name: string, captured: Captured])[];
  readonly builtins: readonly (readonly [path: string, node: number])[];
}

/** What the reader lacks. */
export type Need =
  | { readonly need: "node" | "keys"; readonly node: number }
  | { readonly need: "property" | "captured"; readonly node: number; readonly key: string }
  | { readonly need: "builtin"; readonly path: string };

export class Missing extends Error {
  readonly needs: readonly Need[];
  constructor(needs: readonly Need[]) {
    super("the snapshot has more than was sent");
    this.name = "Missing";
    this.needs = needs;
  }
}

/** One thing that was read, in the order of reading. */
export type Read =
  | readonly [what: "node" | "items" | "buffer" | "keys", node: number]
  | readonly [what: "property" | "captured", node: number, key: string]
  | readonly [what: "builtin", path: string];

interface Entry {
  readonly node: SnapNode;
  readonly serial: SerialNode;
  readonly own: Map<string, Property | null>;
  keys: readonly string[] | null;
  readonly captured: Map<string, Captured>;
}

export class SerialSnapshot implements SnapshotView {
  readonly trace: Read[] = [];
  readonly #done = new Set<string>();
  readonly #entries = new Map<number, Entry>();
  readonly #refs = new Map<number, NodeRef>();
  readonly #builtins = new Map<string, number>();

  add(parcel: Parcel): void {
    for (const serial of parcel.nodes) {
      if (this.#entries.has(serial.id)) continue;
      const own = new Map<string, Property | null>();
      for (const [key, property] of serial.own) own.set(key, this.#property(property));
      this.#entries.set(serial.id, { node: this.#node(serial), serial, own, keys: serial.keys, captured: new Map() });
    }
    for (const [node, key, property] of parcel.properties) this.#entries.get(node)!.own.set(key, this.#property(property));
    for (const [node, keys] of parcel.keys) this.#entries.get(node)!.keys = keys;
    for (const [fn, name, captured] of parcel.captured) {
      this.#entries.get(fn)!.captured.set(name, captured.kind === "missing" ? captured : { ...captured, value: this.value(captured.value) });
    }
    for (const [path, node] of parcel.builtins) this.#builtins.set(path, node);
  }

  /** The source texts of the functions that are there, by node. */
  functions(): (readonly [node: number, code: Code])[] {
    return [...this.#entries].flatMap(([id, { node }]) => (node.kind === "function" ? [[id, node.code] as const] : []));
  }

  /** A captured variable, without a trace of having been read; null where it was not sent. */
  peek(fn: number, name: string): Captured | null { return this.#entries.get(fn)?.captured.get(name) ?? null; }

  /** Nothing counts as read. */
  forget(): void {
    this.trace.length = 0;
    this.#done.clear();
  }

  /** A value as it came through a clone: references are NodeRefs again, one for each node. */
  value(value: SnapValue): SnapValue {
    return isNodeRef(value) ? this.ref(value.node) : value;
  }

  ref(node: number): NodeRef {
    let ref = this.#refs.get(node);
    if (ref === undefined) this.#refs.set(node, (ref = new NodeRef(node)));
    return ref;
  }

  // ───────────────────────────────── what partial evaluation asks ─────────────────────────────────

  node(ref: NodeRef): SnapNode {
    const { node } = this.#entry(ref.node);
    this.#read("node", ref.node);
    return node;
  }

  property(ref: NodeRef, key: string): Property {
    const found = this.#find(ref.node, key);
    if (!this.#done.has(`property ${ref.node} ${key}`)) {
      this.#done.add(`property ${ref.node} ${key}`);
      this.trace.push(["property", ref.node, key]);
    }
    return found;
  }

  /** As Snapshot.property walks: own properties, then the prototypes'. */
  #find(id: number, key: string): Property {
    for (let at: number | null = id; at !== null;) {
      const entry = this.#entry(at);
      const { node, serial } = entry;
      if (node.kind === "opaque" && serial.prototype === null) return { kind: "opaque", why: node.why };
      const own = this.#own(entry, at, key);
      if (own !== null) return own;
      if (node.kind === "typed" && isNumericKey(key)) return { kind: "absent" };
      at = serial.prototype;
    }
    return { kind: "absent" };
  }

  #own({ serial, own }: Entry, id: number, key: string): Property | null {
    const { contents } = serial;
    if ((contents.kind === "array" || contents.kind === "typed") && isElementKey(contents.kind, key)) {
      const items: ArrayLike<SnapValue | SerialHole> = contents.kind === "array" ? contents.items : contents.values;
      if (!Object.hasOwn(items, key)) return null;
      const item = items[Number(key)];
      if (isHole(item)) return null;
      return { kind: "data", value: this.value(item as SnapValue), writable: !(contents.kind === "array" && contents.frozen) };
    }
    const known = own.get(key);
    if (known !== undefined) return known;
    if (serial.complete) return null;
    throw new Missing([{ need: "property", node: id, key }]);
  }

  owner(ref: NodeRef, key: string): NodeRef | null {
    for (let at: number | null = ref.node; at !== null;) {
      const entry = this.#entry(at);
      if (this.#own(entry, at, key) !== null) return this.ref(at);
      at = entry.serial.prototype;
    }
    return null;
  }

  accessor(ref: NodeRef, key: string): Property | null {
    const found = this.#find(ref.node, key);
    return found.kind === "absent" || (found.kind === "data" && found.writable) ? null : this.property(ref, key);
  }

  prototype(ref: NodeRef): NodeRef | null {
    const { prototype } = this.#entry(ref.node).serial;
    this.#read("node", ref.node);
    return prototype === null ? null : this.ref(prototype);
  }

  keys(ref: NodeRef): readonly string[] {
    const keys = this.layout(ref);
    this.#read("keys", ref.node);
    return keys;
  }

  layout(ref: NodeRef): readonly string[] {
    const { keys } = this.#entry(ref.node);
    if (keys === null) throw new Missing([{ need: "keys", node: ref.node }]);
    return keys;
  }

  held(ref: NodeRef): readonly NodeRef[] {
    const entry = this.#entry(ref.node);
    return this.layout(ref).flatMap((key) => heldBy(this.#own(entry, ref.node, key)));
  }

  captured(fn: NodeRef, name: string): Captured {
    const captured = this.#entry(fn.node).captured.get(name);
    if (captured === undefined) throw new Missing([{ need: "captured", node: fn.node, key: name }]);
    if (!this.#done.has(`captured ${fn.node} ${name}`)) {
      this.#done.add(`captured ${fn.node} ${name}`);
      this.trace.push(["captured", fn.node, name]);
    }
    return captured;
  }

  builtin(path: string): NodeRef {
    const node = this.#builtins.get(path);
    if (node === undefined) throw new Missing([{ need: "builtin", path }]);
    if (!this.#done.has(`builtin ${path}`)) {
      this.#done.add(`builtin ${path}`);
      this.trace.push(["builtin", path]);
    }
    return this.ref(node);
  }

  #entry(id: number): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Missing([{ need: "node", node: id }]);
    return entry;
  }

  #read(what: "node" | "items" | "buffer" | "keys", id: number): void {
    const key = `${what} ${id}`;
    if (this.#done.has(key)) return;
    this.#done.add(key);
    this.trace.push([what, id]);
  }

  // ───────────────────────────────── plain data → nodes ─────────────────────────────────

  #property(property: Property | null): Property | null {
    switch (property?.kind) {
      case undefined: return null;
      case "data": return { ...property, value: this.value(property.value) };
      case "getter": return { kind: "getter", get: this.ref(property.get.node), ...(property.set && { set: this.ref(property.set.node) }) };
      case "setter": return { kind: "setter", set: this.ref(property.set.node) };
      case "absent": case "opaque": return property;
      default: return unreachable(property!);
    }
  }

  #node({ id, contents, prototype }: SerialNode): SnapNode {
    const revive = (value: SnapValue): SnapValue => this.value(value);
    const items = (): void => this.#read("items", id);
    switch (contents.kind) {
      case "object": return { kind: "object", className: contents.className, prototype: prototype === null ? null : this.ref(prototype) };
      case "array": {
        let revived: readonly (SnapValue | typeof hole)[] | null = null;
        return {
          kind: "array", frozen: contents.frozen,
          get items() {
            items();
            return (revived ??= Array.from<SnapValue | SerialHole, SnapValue | typeof hole>(contents.items as ArrayLike<SnapValue>, (item) => (isHole(item) ? hole : revive(item))));
          },
        };
      }
      case "typed": {
        const buffer = (): void => this.#read("buffer", id);
        return {
          kind: "typed", array: contents.array, byteOffset: contents.byteOffset,
          get values() { items(); return contents.values; },
          get buffer() { buffer(); return contents.buffer; },
        };
      }
      case "map": {
        const entries = contents.entries.map(([key, value]) => [revive(key), revive(value)] as const);
        return { kind: "map", get entries() { items(); return entries; } };
      }
      case "set": {
        const members = contents.items.map(revive);
        return { kind: "set", get items() { items(); return members; } };
      }
      case "function": case "builtin": case "opaque": return contents;
      default: return unreachable(contents);
    }
  }
}

const isHole = (item: unknown): item is SerialHole => typeof item === "object" && item !== null && "hole" in item;

/** "0", "17", "-1", "1.5": what typed arrays take for an index. */
export function isNumericKey(key: string): boolean {
  const first = key.charCodeAt(0);
  return ((first >= 48 && first <= 57) || first === 45) && String(Number(key)) === key;
}
/** "0", "17": what arrays do. */
const isIndexKey = (key: string): boolean => String(Number(key) >>> 0) === key && key !== "4294967295";
/** What the elements of an array or typed array are found by. */
export const isElementKey = (kind: "array" | "typed", key: string): boolean => (kind === "array" ? isIndexKey(key) : isNumericKey(key));
