// Makes the parcels of a snapshot: its side of serial.ts, over live values.
//
// What goes into a parcel without being asked for: everything reachable from values that are slow (their contents were copied for the
// fingerprint anyway), and what is small of the rest, up to a budget. Properties of functions and built-ins go along where the sources
// in the parcel mention their names. What readers of the same source asked for before is a hint: it goes along from then on.

import { hole, isNodeRef, type Captured, type Code, type Property, type SnapValue } from "../ir/snapshot.ts";
import { unreachable } from "../diagnostic.ts";
import { copyOf, typedLength, type Contents } from "./contents.ts";
import type { Need, Parcel, SerialContents, SerialHole, SerialNode } from "./serial.ts";

/** What the exporter sees of a snapshot. Nothing that it asks counts as read. */
export interface Exported {
  contents(id: number): Contents;
  live(id: number): object | symbol | undefined;
  own(contents: Contents, id: number, key: string): Property | null;
  keys(contents: Contents, id: number): readonly string[];
  /** copies all own string-keyed properties; false where they are copied one by one */
  copyAll(contents: Contents, id: number): boolean;
  captured(id: number, name: string): Captured;
  builtin(path: string): number;
}

/** What was asked for, by source text: sent along the next time. */
interface Hints { readonly captured: Set<string>; readonly keys: Set<string>; readonly builtins: Set<string> }
const hints = new Map<string, Hints>();
const mostHints = 1000;
export function hintsOf(code: Code): Hints {
  let known = hints.get(code.text);
  if (known === undefined) {
    if (hints.size >= mostHints) hints.delete(hints.keys().next().value!);
    hints.set(code.text, (known = { captured: new Set(), keys: new Set(["length"]), builtins: new Set() }));
  }
  return known;
}

/** nodes of one parcel that nobody asked for */
const nodeBudget = 5_000;
/** elements of an array that nobody asked for and nothing else has copied */
const smallArray = 4096;

interface Draft {
  nodes: SerialNode[];
  properties: (readonly [number, string, Property | null])[];
  keys: (readonly [number, readonly string[]])[];
  captured: (readonly [number, string, Captured])[];
  builtins: (readonly [string, number])[];
}

export class Exporter {
  readonly #snapshot: Exported;
  readonly #sent = new Set<number>();
  readonly #capturedSent = new Set<string>();
  readonly #builtinsSent = new Set<string>();
  readonly #hints: Hints;
  readonly #words = new Set<string>();
  readonly #functions: number[] = [];
  /** everything sent so far, for a reader that starts anew */
  readonly #all: Draft = emptyDraft();
  #draft: Draft = emptyDraft();
  #queue: { id: number; asked: boolean }[] = [];

  constructor(snapshot: Exported, kernel: Code) {
    this.#snapshot = snapshot;
    this.#hints = hintsOf(kernel);
  }

  /** The first parcel: the kernel and the slow values, whole. */
  first(kernel: number, values: readonly SnapValue[]): Parcel {
    this.#enter(kernel, true);
    for (const value of values) this.#visit(value, true);
    for (const path of this.#hints.builtins) this.#builtin(path);
    return this.#finish();
  }

  /** The parcel that a reader asked for. */
  more(needs: readonly Need[]): Parcel {
    for (const need of needs) {
      switch (need.need) {
        case "node": this.#enter(need.node, true); break;
        case "keys": this.#draft.keys.push([need.node, this.#snapshot.keys(this.#snapshot.contents(need.node), need.node)]); break;
        case "property": {
          this.#hints.keys.add(need.key);
          this.#property(need.node, need.key);
          break;
        }
        case "captured":
          this.#hints.captured.add(need.key);
          this.#captured(need.node, need.key);
          break;
        case "builtin":
          this.#hints.builtins.add(need.path);
          this.#builtin(need.path);
          break;
        default: unreachable(need);
      }
    }
    return this.#finish();
  }

  /** All parcels so far as one. */
  whole(): Parcel { return this.#all; }

  #builtin(path: string): void {
    if (this.#builtinsSent.has(path)) return;
    this.#builtinsSent.add(path);
    const node = this.#snapshot.builtin(path);
    this.#draft.builtins.push([path, node]);
    this.#enter(node, false);
  }

  #captured(id: number, name: string): void {
    const key = `${id} ${name}`;
    if (this.#capturedSent.has(key)) return;
    this.#capturedSent.add(key);
    const captured = this.#snapshot.captured(id, name);
    this.#draft.captured.push([id, name, captured]);
    if (captured.kind !== "missing") this.#visit(captured.value, false);
  }

  #property(id: number, key: string): void {
    const property = this.#snapshot.own(this.#snapshot.contents(id), id, key);
    this.#draft.properties.push([id, key, property]);
    this.#follow(property, false);
  }

  #follow(property: Property | null, asked: boolean): void {
    if (property?.kind === "data") this.#visit(property.value, asked);
    else if (property?.kind === "getter" || property?.kind === "setter") {
      if (property.kind === "getter") this.#visit(property.get, false);
      if (property.set) this.#visit(property.set, false);
    }
  }

  #visit(value: SnapValue, asked: boolean): void {
    if (isNodeRef(value)) this.#enter(value.node, asked);
  }

  #enter(id: number, asked: boolean): void {
    if (!this.#sent.has(id)) this.#queue.push({ id, asked });
  }

  #finish(): Parcel {
    let budget = nodeBudget;
    do {
      for (const { id, asked } of this.#queue) { // grows while it is walked
        if (this.#sent.has(id) || (!asked && budget <= 0)) continue;
        const contents = this.#snapshot.contents(id);
        if (!asked && isLarge(contents)) continue;
        budget--;
        this.#sent.add(id);
        this.#draft.nodes.push(this.#serialize(contents, id, asked));
      }
      this.#queue = [];
      this.#captures();
    } while (this.#queue.length > 0);
    const parcel = this.#draft;
    this.#draft = emptyDraft();
    for (const part of ["nodes", "properties", "keys", "captured", "builtins"] as const) (this.#all[part] as unknown[]).push(...parcel[part]);
    return parcel;
  }

  /** Captured variables that readers of this kernel have asked for: of every function that mentions them. */
  #captures(): void {
    for (const id of this.#functions.splice(0)) {
      const { node } = this.#snapshot.contents(id);
      if (node.kind !== "function") continue;
      for (const name of this.#hints.captured) if (mentions(node.code.text, name)) this.#captured(id, name);
    }
  }

  #serialize(contents: Contents, id: number, asked: boolean): SerialNode {
    const { node, prototype } = contents;
    if (prototype !== null) this.#enter(prototype.node, false);
    const whole = node.kind === "object" && this.#snapshot.copyAll(contents, id);
    if (node.kind === "function") {
      this.#functions.push(id);
      for (const word of wordsOf(node.code.text)) this.#words.add(word);
    }
    const own: [string, Property | null][] = [];
    if (whole) for (const [key, property] of contents.own) own.push([key, property]);
    else if (node.kind !== "opaque") for (const key of this.#likelyKeys(contents, id)) own.push([key, this.#snapshot.own(contents, id, key)]);
    for (const [, property] of own) this.#follow(property, asked && whole);
    const slots = node.kind === "object" && (node.className === "DataView" || node.className === "ArrayBuffer");
    return {
      id, own, prototype: prototype?.node ?? null, complete: whole && !slots, contents: this.#contents(contents, asked),
      keys: whole ? this.#snapshot.keys(contents, id) : null,
    };
  }

  /** Of functions and built-ins the own properties whose names the sources mention; of the others those that were asked for before. */
  #likelyKeys({ node }: Contents, id: number): Iterable<string> {
    if (node.kind !== "builtin" && node.kind !== "function") return this.#hints.keys;
    const live = this.#snapshot.live(id);
    const keys = new Set(this.#hints.keys);
    if (live !== undefined && typeof live !== "symbol") for (const key of Object.getOwnPropertyNames(live)) if (this.#words.has(key)) keys.add(key);
    return keys;
  }

  #contents({ node }: Contents, asked: boolean): SerialContents {
    switch (node.kind) {
      case "object": return { kind: "object", className: node.className };
      case "array": {
        const numbers = copyOf.numbers(node);
        if (numbers !== null) return { kind: "array", items: numbers, frozen: node.frozen };
        const items = copyOf.array(node).map((item): SnapValue | SerialHole => {
          if (item === hole) return { hole: true };
          this.#visit(item as SnapValue, asked);
          return item as SnapValue;
        });
        return { kind: "array", items, frozen: node.frozen };
      }
      case "typed": return { kind: "typed", array: node.array, values: copyOf.typed(node), buffer: copyOf.buffer(node), byteOffset: node.byteOffset };
      case "map": {
        const entries = copyOf.map(node);
        for (const [key, value] of entries) { this.#visit(key, asked); this.#visit(value, asked); }
        return { kind: "map", entries };
      }
      case "set": {
        const items = copyOf.set(node);
        for (const item of items) this.#visit(item, asked);
        return { kind: "set", items };
      }
      case "function": {
        const { text, file, line, column, isClass } = node.code; // looked up when asked for: a clone would not have them
        return { kind: "function", name: node.name, length: node.length, code: { text, file, line, column, isClass } };
      }
      case "builtin": return { kind: "builtin", name: node.name };
      case "opaque": return { kind: "opaque", why: node.why };
      default: return unreachable(node);
    }
  }
}

const emptyDraft = (): Draft => ({ nodes: [], properties: [], keys: [], captured: [], builtins: [] });

function isLarge({ node }: Contents): boolean {
  return (node.kind === "typed" && typedLength(node) > smallArray) || (node.kind === "array" && copyOf.arrayLength(node) > smallArray);
}

const words = new Map<string, readonly string[]>();
function wordsOf(text: string): readonly string[] {
  let known = words.get(text);
  if (known === undefined) {
    if (words.size >= mostHints) words.delete(words.keys().next().value!);
    words.set(text, (known = [...new Set(text.match(/[\p{L}\p{N}$_\u200c\u200d]+/gu))]));
  }
  return known;
}
const mentions = (text: string, name: string): boolean => wordsOf(text).includes(name);
