// What a walk asked of the snapshot, and was answered: a walk over other values that would be answered the same takes the same way, and writes the
// same program.
//
// Before: a snapshot. After: the same, which remembers every question with its answer, in order, so that they can be put to another one.
// Guarantees: what is read of `items`, `values` and `entries` counts as a question of its own, as it does for the snapshot's guards.

import { hole, NodeRef, type Captured, type Property, type SnapNode, type SnapshotView, type SnapValue } from "../../ir/snapshot.ts";

/** Puts a question once more. False: the answer is another one. */
export type Question<Asked> = (asked: Asked) => boolean;

export class Readings<Asked extends { readonly snapshot: SnapshotView }> implements SnapshotView {
  /** in the order in which they were asked, each once */
  readonly questions: Question<Asked>[] = [];
  private readonly of: SnapshotView;
  private readonly nodes = new Map<number, SnapNode>();
  private readonly properties = new Map<number, Map<string, Property>>();
  private readonly others = new Map<string, unknown>();

  constructor(of: SnapshotView) { this.of = of; }

  node(ref: NodeRef): SnapNode {
    let node = this.nodes.get(ref.node);
    if (node === undefined) {
      const answer = this.of.node(ref);
      this.questions.push(({ snapshot }) => sameHead(snapshot.node(ref), answer));
      this.nodes.set(ref.node, (node = this.watched(ref, answer)));
    }
    return node;
  }

  property(ref: NodeRef, key: string): Property {
    let known = this.properties.get(ref.node);
    if (known === undefined) this.properties.set(ref.node, (known = new Map()));
    let property = known.get(key);
    if (property === undefined) {
      const answer = (property = this.of.property(ref, key));
      known.set(key, property);
      this.questions.push(({ snapshot }) => sameProperty(snapshot.property(ref, key), answer));
    }
    return property;
  }

  /** A property, without a question: whoever reads it asks one of his own. */
  peek(ref: NodeRef, key: string): Property { return this.of.property(ref, key); }
  /** The same of an array's or a typed array's contents. */
  peekNode(ref: NodeRef): SnapNode { return this.of.node(ref); }

  keys(ref: NodeRef): readonly string[] { return this.ask(`keys ${ref.node}`, (view) => view.keys(ref), (a, b) => sameList(a, b, Object.is)); }
  layout(ref: NodeRef): readonly string[] { return this.ask(`layout ${ref.node}`, (view) => view.layout(ref), (a, b) => sameList(a, b, Object.is)); }
  held(ref: NodeRef): readonly NodeRef[] { return this.ask(`held ${ref.node}`, (view) => view.held(ref), (a, b) => sameList(a, b, sameValue)); }
  prototype(ref: NodeRef): NodeRef | null { return this.ask(`prototype ${ref.node}`, (view) => view.prototype(ref), sameValue); }
  captured(fn: NodeRef, name: string): Captured { return this.ask(`captured ${fn.node} ${name}`, (view) => view.captured(fn, name), sameCaptured); }
  builtin(path: string): NodeRef { return this.ask(`builtin ${path}`, (view) => view.builtin(path), sameValue); }
  owner(ref: NodeRef, key: string): NodeRef | null { return this.ask(`owner ${ref.node} ${key}`, (view) => view.owner(ref, key), (a, b) => a?.node === b?.node); }
  accessor(ref: NodeRef, key: string): Property | null {
    return this.ask(`accessor ${ref.node} ${key}`, (view) => view.accessor(ref, key), (a, b) => (a === null || b === null ? a === b : sameProperty(a, b)));
  }

  private ask<T>(question: string, read: (view: SnapshotView) => T, same: (a: T, b: T) => boolean): T {
    if (this.others.has(question)) return this.others.get(question) as T;
    const answer = read(this.of);
    this.others.set(question, answer);
    this.questions.push(({ snapshot }) => same(read(snapshot), answer));
    return answer;
  }

  /** The node; looking at its contents is a question. */
  private watched(ref: NodeRef, node: SnapNode): SnapNode {
    const contents = <T>(what: string, read: (node: SnapNode) => T, same: (a: T, b: T) => boolean): T => this.ask(`${what} ${ref.node}`, (view) => read(view === this.of ? node : view.node(ref)), same);
    switch (node.kind) {
      case "array": return { kind: "array", frozen: node.frozen, get items() { return contents("items", (n) => (n as typeof node).items, (a, b) => sameList(a, b, sameItem)); } };
      case "typed": return {
        kind: "typed", array: node.array,
        get values() { return contents("values", (n) => (n as typeof node).values, (a, b) => sameList(a, b, Object.is)); },
        get buffer() { return contents("buffer", (n) => (n as typeof node).buffer, Object.is); },
        get byteOffset() { return contents("byteOffset", (n) => (n as typeof node).byteOffset, Object.is); },
      };
      case "map": return { kind: "map", get entries() { return contents("entries", (n) => (n as typeof node).entries, (a, b) => sameList(a, b, (x, y) => sameList(x, y, sameValue))); } };
      case "set": return { kind: "set", get items() { return contents("members", (n) => (n as typeof node).items, (a, b) => sameList(a, b, sameValue)); } };
      case "object": case "function": case "builtin": case "opaque": return node;
    }
  }
}

/** Nodes are the same by number: both snapshots number them in the order of asking. */
export const sameValue = (a: SnapValue, b: SnapValue): boolean => (a instanceof NodeRef ? b instanceof NodeRef && a.node === b.node : Object.is(a, b));
const sameItem = (a: SnapValue | typeof hole, b: SnapValue | typeof hole): boolean => (a === hole || b === hole ? a === b : sameValue(a as SnapValue, b as SnapValue));

function sameList<T>(a: ArrayLike<T>, b: ArrayLike<T>, same: (x: T, y: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!same(a[i]!, b[i]!)) return false;
  return true;
}

function sameHead(a: SnapNode, b: SnapNode): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "object": { const other = b as typeof a; return a.className === other.className && sameValue(a.prototype, other.prototype); }
    case "array": return a.frozen === (b as typeof a).frozen;
    case "typed": return a.array === (b as typeof a).array;
    case "function": { const other = b as typeof a; return a.code.text === other.code.text && a.code.isClass === other.code.isClass && a.name === other.name && a.length === other.length; }
    case "builtin": return a.name === (b as typeof a).name;
    case "opaque": return false; // nothing is known of it, so nothing is known to be the same
    case "map": case "set": return true;
  }
}

function sameProperty(a: Property, b: Property): boolean {
  switch (a.kind) {
    case "data": return b.kind === "data" && a.writable === b.writable && sameValue(a.value, b.value);
    case "getter": return b.kind === "getter" && sameValue(a.get, b.get) && sameValue(a.set, b.set);
    case "setter": return b.kind === "setter" && sameValue(a.set, b.set);
    case "absent": return b.kind === "absent";
    case "opaque": return false;
  }
}

function sameCaptured(a: Captured, b: Captured): boolean {
  switch (a.kind) {
    case "constant": return b.kind === "constant" && sameValue(a.value, b.value);
    case "variable": return b.kind === "variable" && sameValue(a.value, b.value) && a.accessors?.cell === b.accessors?.cell && a.accessors?.writable === b.accessors?.writable;
    case "missing": return false;
  }
}
