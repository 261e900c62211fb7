// The snapshot over live values: made node by node, when partial evaluation looks.
//
// Before: live values (a function, slow arguments). After: SnapValues whose contents stay what they were when first looked at, with a
// record of what was looked at. `matches` compares that record with live values (match.ts); `fingerprint` makes a key of whole contents
// (fingerprint.ts).
// Guarantees: each live object is one node (identities, sharing and cycles are kept); live objects are held weakly; no getter, no Proxy
// trap and no user code runs.

import { heldBy, NodeRef, type Captured, type Property, type SnapNode, type SnapshotView, type SnapValue } from "../ir/snapshot.ts";
import { unreachable } from "../diagnostic.ts";
import { builtinAt } from "./builtins.ts";
import { reachSame } from "./accessors.ts";
import { Scopes, type Accessors, type Environment, type LiveCapture } from "./captures.ts";
import { codesOf } from "./codes.ts";
import { Contents, copyOf, copyProperties, describeLive, opaqueContents, ownKeys, ownProperty } from "./contents.ts";
import { Exporter } from "./exporter.ts";
import { Fingerprint } from "./fingerprint.ts";
import { isModuleNamespace, kernelBehind, seenThrough } from "./host.ts";
import { Matcher } from "./match.ts";
import { isElementKey, isNumericKey, type Read } from "./serial.ts";
import { locate, type Location } from "./source.ts";
import { symbolName } from "./symbols.ts";

export interface SnapshotOptions {
  /** the kernel, whose captured values `env` overrides; without one `env` is everybody's */
  readonly kernel?: Function;
  readonly env?: Environment | undefined;
}

export interface CaptureRead { readonly fn: NodeRef; readonly name: string; readonly captured: Captured; readonly accessors: Accessors | null }

export class Snapshot implements SnapshotView {
  readonly #ids = new Map<symbol, number>();
  readonly #objectIds = new WeakMap<object, number>();
  readonly #refs: NodeRef[] = [];
  readonly #live: (WeakRef<object> | symbol | null)[] = [];
  readonly #contents: (Contents | undefined)[] = [];
  readonly #scopes: Scopes;
  readonly #captured = new Map<number, Map<string, CaptureRead>>();
  /** captured variables that were looked up for a parcel and have not been read */
  readonly #prefetched = new Map<string, CaptureRead>();
  readonly #matcher: Matcher;
  readonly #frozen = new Map<number, boolean>();
  /** captured variables with accessors; the place in the list is the variable's number */
  readonly #variables: Accessors[] = [];

  constructor(options: SnapshotOptions = {}) {
    this.#scopes = new Scopes(options.kernel ?? null, options.env);
    this.#matcher = new Matcher({
      contents: this.#contents,
      live: (id) => this.#object(id),
      idOf: (live) => (typeof live === "symbol" ? this.#ids.get(live) : this.#objectIds.get(live)),
      capturedEqual: (id, live, equal) => this.#capturesEqual(id, live, equal),
    }, codesOf(options.kernel ?? null));
  }

  // ───────────────────────────────── values and nodes ─────────────────────────────────

  value(live: unknown): SnapValue {
    switch (typeof live) {
      case "object":
        return live === null ? null : this.#ref(seenThrough(live));
      case "function":
        return this.#ref(live);
      case "symbol": {
        let id = this.#ids.get(live);
        if (id === undefined) this.#ids.set(live, (id = this.#add(live, symbolContents(live))));
        return this.#refs[id]!;
      }
      case "number":
      case "string":
      case "boolean":
      case "bigint":
      case "undefined":
        return live;
    }
  }

  /** A node that stands for something that can't be known, with the reason. */
  opaque(why: string): NodeRef {
    return this.#refs[this.#add(null, opaqueContents(why))]!;
  }

  #ref(live: object): NodeRef {
    let id = this.#objectIds.get(live);
    if (id === undefined) this.#objectIds.set(live, (id = this.#add(new WeakRef(live), undefined)));
    return this.#refs[id]!;
  }

  #add(live: WeakRef<object> | symbol | null, contents: Contents | undefined): number {
    const id = this.#refs.length;
    this.#refs.push(new NodeRef(id));
    this.#live.push(live);
    this.#contents.push(contents);
    return id;
  }

  #object(id: number): object | symbol | undefined {
    const live = this.#live[id];
    return live instanceof WeakRef ? live.deref() : (live ?? undefined);
  }

  /** The object behind a node; undefined once nobody else holds it. */
  live(ref: NodeRef): unknown {
    return this.#object(ref.node);
  }

  #look(id: number): Contents {
    let contents = this.#contents[id];
    if (contents === undefined) {
      const live = this.#object(id);
      contents = live === undefined || typeof live === "symbol" ? opaqueContents("the object is gone") : describeLive(live, this.#live[id] as WeakRef<object>, this);
      this.#contents[id] = contents;
    }
    return contents;
  }

  #touch(id: number): Contents {
    const contents = this.#look(id);
    contents.mark("touched");
    return contents;
  }

  node(ref: NodeRef): SnapNode {
    return this.#touch(ref.node).node;
  }

  // ───────────────────────────────── properties ─────────────────────────────────

  property(ref: NodeRef, key: string): Property {
    for (let at: NodeRef | null = ref; at !== null; at = this.#look(at.node).prototype) {
      const contents = this.#touch(at.node);
      const { node } = contents;
      if (node.kind === "opaque" && contents.prototype === null) return { kind: "opaque", why: node.why };
      const own = this.#own(contents, at.node, key);
      if (own !== null) return own;
      if (node.kind === "typed" && isNumericKey(key)) return { kind: "absent" }; // typed arrays do not ask their prototypes
    }
    return { kind: "absent" };
  }

  #own(contents: Contents, id: number, key: string): Property | null {
    const { node } = contents;
    if ((node.kind === "array" || node.kind === "typed") && isElementKey(node.kind, key)) {
      const items: ArrayLike<SnapValue | symbol> = node.kind === "array" ? node.items : node.values;
      const item = Object.hasOwn(items, key) ? items[Number(key)] : undefined;
      if (item === undefined && !Object.hasOwn(items, key)) return null;
      return typeof item === "symbol" ? null : { kind: "data", value: item, writable: !(node.kind === "array" && node.frozen) };
    }
    let property = contents.own.get(key);
    if (property === undefined) {
      const live = this.#object(id) as object | undefined;
      if (live === undefined) property = { kind: "opaque", why: "the object is gone" };
      else if (node.kind === "object" && !contents.complete && !isModuleNamespace(live)) {
        copyProperties(contents, live, this);
        property = contents.own.get(key) ?? ownProperty(live, key, this);
      } else property = contents.complete && !isSlot(node) ? null : ownProperty(live, key, this);
      contents.own.set(key, property);
    }
    contents.read(key, property);
    return property;
  }

  owner(ref: NodeRef, key: string): NodeRef | null {
    for (let at: NodeRef | null = ref; at !== null; at = this.#look(at.node).prototype) if (this.#copied(this.#look(at.node), at.node, key) !== null) return at;
    return null;
  }

  accessor(ref: NodeRef, key: string): Property | null {
    for (let at: NodeRef | null = ref; at !== null; at = this.#look(at.node).prototype) {
      const own = this.#copied(this.#look(at.node), at.node, key);
      if (own !== null) return own.kind === "data" && own.writable ? null : this.property(ref, key);
    }
    return null;
  }

  prototype(ref: NodeRef): NodeRef | null {
    return this.#touch(ref.node).prototype;
  }

  keys(ref: NodeRef): readonly string[] {
    const contents = this.#touch(ref.node);
    contents.mark("keysRead");
    return this.#keysOf(contents, ref.node);
  }

  layout(ref: NodeRef): readonly string[] { return this.#keysOf(this.#look(ref.node), ref.node); }

  held(ref: NodeRef): readonly NodeRef[] {
    const contents = this.#look(ref.node);
    return this.layout(ref).flatMap((key) => heldBy(this.#copied(contents, ref.node, key)));
  }

  parts(ref: NodeRef): readonly (readonly [key: string | number, part: NodeRef])[] {
    const { node, itemsRead, readKeys, readProperties } = this.#look(ref.node), found: (readonly [string | number, NodeRef])[] = [];
    const items = !itemsRead ? [] : node.kind === "array" ? copyOf.arraySoFar(node) : node.kind === "map" ? copyOf.map(node).map(([, value]) => value) : node.kind === "set" ? copyOf.set(node) : [];
    items.forEach((item, i) => { if (item instanceof NodeRef) found.push([i, item]); });
    readProperties.forEach((property, i) => { if (property?.kind === "data" && property.value instanceof NodeRef) found.push([readKeys[i]!, property.value]); });
    return found;
  }

  #keysOf(contents: Contents, id: number): readonly string[] {
    if (contents.keys === null) {
      const live = this.#object(id) as object | undefined;
      if (live !== undefined && contents.node.kind === "object" && !contents.complete && !isModuleNamespace(live)) copyProperties(contents, live, this);
      contents.keys = live === undefined || contents.node.kind === "opaque" ? [] : ownKeys(live);
    }
    return contents.keys;
  }

  // ───────────────────────────────── captured variables and built-ins ─────────────────────────────────

  captured(fn: NodeRef, name: string): Captured {
    this.#touch(fn.node);
    let known = this.#captured.get(fn.node);
    if (!known) this.#captured.set(fn.node, (known = new Map()));
    let read = known.get(name);
    if (!read) {
      read = this.#lookUp(fn, name);
      known.set(name, read);
    }
    return read.captured;
  }

  #lookUp(fn: NodeRef, name: string): CaptureRead {
    const key = `${fn.node} ${name}`;
    let read = this.#prefetched.get(key);
    if (read === undefined) {
      const live = kernelBehind(this.#object(fn.node));
      const found: LiveCapture = typeof live === "function" ? this.#scopes.resolve(live, name) : { kind: "missing", why: "not a function" };
      const accessors = found.kind !== "variable" ? null : (found.accessors ?? this.#scopes.reach(live as Function, name));
      this.#prefetched.set(key, (read = { fn, name, captured: this.#capture(found, accessors), accessors }));
    }
    return read;
  }

  #capture(found: LiveCapture, accessors: Accessors | null): Captured {
    switch (found.kind) {
      case "constant": return { kind: "constant", value: this.value(found.value) };
      case "variable": return { kind: "variable", value: this.value(found.value), accessors: accessors && { cell: this.#cellOf(accessors), writable: accessors.set !== undefined } };
      case "missing": return found;
    }
  }

  /** The number of the variable that the accessors reach: two functions may share one. */
  #cellOf(accessors: Accessors): number {
    const known = this.#variables.findIndex((other) => reachSame(accessors, other));
    return known >= 0 ? known : this.#variables.push(accessors) - 1;
  }

  /** The accessors of a captured variable that has been read. */
  accessors(fn: NodeRef, name: string): Accessors | null {
    return this.#captured.get(fn.node)?.get(name)?.accessors ?? null;
  }

  /** The node of a built-in; an opaque one if the host lacks it or the user replaced it. */
  builtin(path: string): NodeRef {
    const live = builtinAt(path);
    return live ? this.#ref(live) : this.opaque(`${path} is not the engine's own`);
  }

  /** The captured variables that were read, with the accessors that `env` gave or the engine helped to make. */
  capturesRead(): CaptureRead[] {
    return [...this.#captured.values()].flatMap((names) => [...names.values()]);
  }

  /** Where a function stands; "full" may ask the debugger for a file name. */
  locate(ref: NodeRef, effort: "cheap" | "full" = "full"): Location {
    const live = kernelBehind(this.#object(ref.node));
    return typeof live === "function" ? locate(live, effort) : { file: null, line: 1, column: 1 };
  }

  // ───────────────────────────────── guards and keys ─────────────────────────────────

  /** The nodes whose contents were read. */
  touchedNodes(): Set<number> {
    const nodes = new Set<number>();
    this.#contents.forEach((contents, id) => {
      if (contents?.touched) nodes.add(id);
    });
    return nodes;
  }

  /** What guards do not compare from now on, and that alone: what is named without a key is compared by identity. */
  readAnew(named: readonly { readonly node: number; readonly key?: string }[]): void {
    const keys = new Map<number, (string | undefined)[]>();
    for (const { node, key } of named) {
      this.#look(node);
      keys.set(node, [...(keys.get(node) ?? []), key]);
    }
    this.#contents.forEach((contents, id) => contents?.renew(keys.get(id) ?? []));
  }

  /** Which object stands for the node matters to the guards from now on: it is the snapshot's own (`own`), or at least none of its other ones. */
  identify(node: number, own: boolean): void {
    const contents = this.#look(node);
    if (contents.identity !== "own") contents.identity = own ? "own" : "apart";
  }

  /** Whether a live value has what was read of the snapshot's; nodes never looked at are compared by identity. */
  matches(value: SnapValue, live: unknown): boolean {
    return this.#matcher.matches(value, live);
  }

  /** The same for several values, which must also share objects as the snapshot's do. */
  matchesAll(values: readonly SnapValue[], lives: readonly unknown[]): boolean {
    return this.#matcher.matchesAll(values, lives);
  }

  #capturesEqual(id: number, live: Function, equal: (value: SnapValue, live: unknown) => boolean): boolean {
    const reads = this.#captured.get(id);
    if (!reads) return true;
    const fresh = new Scopes(null, undefined);
    return [...reads.values()].every(({ name, captured, accessors }) => {
      if (accessors !== null) return false; // its variables are its own: no other function of that text has them
      const now = fresh.resolve(kernelBehind(live), name);
      return captured.kind === now.kind && captured.kind !== "missing" && now.kind !== "missing" && equal(captured.value, now.value);
    });
  }

  /** A key of the full contents: the same for equal contents, whatever their identity. */
  fingerprint(values: readonly SnapValue[]): string {
    return new Fingerprint({
      contents: (id) => this.#look(id),
      keys: (contents, id) => this.#keysOf(contents, id),
      own: (contents, id, key) => this.#copied(contents, id, key),
      live: (id) => this.#object(id),
      closure: (fn) => this.#closure(fn),
    }).of(values);
  }

  #copied(contents: Contents, id: number, key: string): Property | null {
    let property = contents.own.get(key);
    if (property === undefined) {
      const live = this.#object(id);
      contents.own.set(key, (property = typeof live === "object" || typeof live === "function" ? ownProperty(live, key, this) : null));
    }
    return property;
  }

  #closure(live: Function): readonly (readonly [string, SnapValue | null])[] {
    const fn = kernelBehind(live);
    return this.#scopes.closureNames(fn).map((name) => {
      const found = this.#scopes.resolve(fn, name);
      return [name, found.kind === "missing" ? null : this.value(found.value)] as const;
    });
  }

  // ───────────────────────────────── plain data ─────────────────────────────────

  /** Makes the parcels by which a reader elsewhere sees this snapshot: serial.ts. */
  exporter(kernel: NodeRef): Exporter {
    const { node } = this.#look(kernel.node);
    if (node.kind !== "function") throw new TypeError("only a function with a source can be sent");
    return new Exporter({
      contents: (id) => this.#look(id),
      live: (id) => this.#object(id),
      own: (contents, id, key) => this.#copied(contents, id, key),
      keys: (contents, id) => this.#keysOf(contents, id),
      copyAll: (contents, id) => {
        const live = this.#object(id) as object | undefined;
        if (live === undefined || isModuleNamespace(live)) return false;
        if (!contents.complete) copyProperties(contents, live, this);
        return true;
      },
      captured: (id, name) => this.#lookUp(this.#refs[id]!, name).captured,
      builtin: (path) => this.builtin(path).node,
    }, node.code);
  }

  /** Reads what a reader elsewhere has read: from then on guards compare it. */
  replay(trace: readonly Read[]): void {
    for (const [what, of, key] of trace) {
      if (what === "builtin") { this.builtin(of); continue; }
      const ref = this.#refs[of]!;
      switch (what) {
        case "node": this.node(ref); break;
        case "items": this.#touch(of).mark("itemsRead"); break;
        case "buffer": this.#touch(of).mark("bufferRead"); break;
        case "keys": this.keys(ref); break;
        case "property": this.property(ref, key); break;
        case "captured": this.captured(ref, key); break;
        default: unreachable(what);
      }
    }
  }

  /** Frozen to the ground, of plain objects, arrays and primitives only: identity is then as good as contents. */
  isDeepFrozen(ref: NodeRef): boolean {
    const reached = new Set([ref.node]);
    for (const id of reached) { // grows while it is walked
      const known = this.#frozen.get(id);
      if (known === true) continue;
      const held = known === false ? null : this.#heldByFrozen(id);
      if (held === null) {
        this.#frozen.set(id, false).set(ref.node, false);
        return false;
      }
      for (const value of held) if (typeof value === "object" && value !== null) reached.add(value.node);
    }
    for (const id of reached) this.#frozen.set(id, true); // together: each may lead to any other
    return true;
  }

  /** What a frozen plain object or array holds; null: it is none. */
  #heldByFrozen(id: number): readonly SnapValue[] | null {
    const live = this.#object(id);
    const contents = this.#look(id);
    const { node, prototype } = contents;
    if (live === undefined || typeof live === "symbol" || !Object.isFrozen(live)) return null;
    const { node: parent } = prototype ? this.#look(prototype.node) : { node: null };
    const parentName = parent?.kind === "builtin" ? parent.name : null;
    if (node.kind === "array") {
      const items = copyOf.array(node);
      return parentName === "Array.prototype" && items.every((item) => typeof item !== "symbol") ? items : null;
    }
    if (node.kind !== "object" || (prototype !== null && parentName !== "Object.prototype") || node.className === "Module") return null;
    const properties = Object.getOwnPropertyNames(live).map((key) => this.#copied(contents, id, key));
    return properties.every((property) => property === null || property.kind === "data") ? properties.map((property) => (property?.kind === "data" ? property.value : undefined)) : null;
  }
}

/** The language's own symbols are built-ins; of others nothing is known but which they are. */
function symbolContents(live: symbol): Contents {
  const name = symbolName(live);
  return name === null ? opaqueContents("a symbol") : new Contents({ kind: "builtin", name }, null, null);
}

const isSlot = (node: SnapNode): boolean => node.kind === "object" && (node.className === "DataView" || node.className === "ArrayBuffer" || node.className === "RegExp" || node.className === "BigInt64Array" || node.className === "BigUint64Array");
