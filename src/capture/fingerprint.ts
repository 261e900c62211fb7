// A key of values' full contents.
//
// Before: values of a snapshot. After: a string that is the same for equal contents whatever their identity, and differs (but for a chance of
// 2^-128) for different ones: 0 and −0, kinds, lengths, holes, the order of keys, sharing, functions by text and closure. Prototypes and whatever
// has no contents to speak of (Proxies, native functions, those of Node's own modules) count by identity, so a key holds within one process. Objects are numbered as they are
// met and written down in that order, breadth first: nesting may be as deep as it likes.

import { timeKey } from "../ir/dates.ts";
import { isPrivateKey } from "../ir/privates.ts";
import { isNodeRef, type Property, type SnapValue } from "../ir/snapshot.ts";
import { unreachable } from "../diagnostic.ts";
import { copyOf, type Contents } from "./contents.ts";
import { isNodes, placeOf } from "./scripts.ts";

export interface Printed {
  contents(id: number): Contents;
  keys(contents: Contents, id: number): readonly string[];
  own(contents: Contents, id: number, key: string): Property | null;
  live(id: number): object | symbol | undefined;
  /** what tells closures of one text apart: names and values (null: can't be had) */
  closure(fn: Function): readonly (readonly [string, SnapValue | null])[];
}

/** Numbers for objects that count by identity. */
const identities = new WeakMap<object, number>();
const symbols = new Map<symbol, number>();
let nextIdentity = 1;
function identityOf(live: object | symbol | undefined): number {
  if (live === undefined) return 0;
  const known = typeof live === "symbol" ? symbols.get(live) : identities.get(live);
  if (known !== undefined) return known;
  if (typeof live === "symbol") symbols.set(live, nextIdentity);
  else identities.set(live, nextIdentity);
  return nextIdentity++;
}

const tags = {
  undefined: 1, null: 2, true: 3, false: 4, number: 5, string: 6, bigint: 7, again: 8, hole: 9, object: 10, array: 11, typed: 12,
  map: 13, set: 14, function: 15, builtin: 16, opaque: 17, data: 18, getter: 19, missing: 20, end: 21, node: 22,
} as const;

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);

export class Fingerprint {
  readonly #snapshot: Printed;
  /** nodes in the order in which they were met */
  readonly #seen = new Map<number, number>();
  readonly #views = new Map<number, { readonly order: number; readonly byteOffset: number }>();
  #a = 0x243f6a88;
  #b = 0x85a308d3 | 0;
  #c = 0x13198a2e;
  #d = 0x03707344;

  constructor(snapshot: Printed) {
    this.#snapshot = snapshot;
  }

  of(values: readonly SnapValue[]): string {
    this.#word(values.length);
    for (const value of values) this.#value(value);
    for (const id of this.#seen.keys()) this.#node(id); // grows while it is walked
    for (let i = 0; i < 4; i++) this.#word(i); // the last words have been through every lane
    return [this.#a, this.#b, this.#c, this.#d].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
  }

  // Four lanes, each a multiply and a rotation, each fed by its neighbour (after MurmurHash3's 128-bit form for 32-bit machines).
  #word(word: number): void {
    this.#a = (Math.imul(rotate(this.#a ^ Math.imul(word, 0x239b961b), 19), 5) + this.#b) | 0;
    this.#b = (Math.imul(rotate(this.#b ^ Math.imul(word, 0xab0e9789 | 0), 17), 5) + this.#c) | 0;
    this.#c = (Math.imul(rotate(this.#c ^ Math.imul(word, 0x38b34ae5), 15), 5) + this.#d) | 0;
    this.#d = (Math.imul(rotate(this.#d ^ Math.imul(word, 0xa1e38b93 | 0), 13), 5) + this.#a) | 0;
  }

  #number(value: number): void {
    scratch[0] = value === value ? value : NaN; // one NaN for all
    this.#word(scratchWords[0]!);
    this.#word(scratchWords[1]!);
  }

  /** Many of them: the lanes are not put down in between. */
  #numbers(values: ArrayLike<number>): void {
    let a = this.#a, b = this.#b, c = this.#c, d = this.#d;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      scratch[0] = value === value ? value : NaN;
      for (let half = 0; half < 2; half++) {
        const word = scratchWords[half]!;
        a = (Math.imul(rotate(a ^ Math.imul(word, 0x239b961b), 19), 5) + b) | 0;
        b = (Math.imul(rotate(b ^ Math.imul(word, 0xab0e9789 | 0), 17), 5) + c) | 0;
        c = (Math.imul(rotate(c ^ Math.imul(word, 0x38b34ae5), 15), 5) + d) | 0;
        d = (Math.imul(rotate(d ^ Math.imul(word, 0xa1e38b93 | 0), 13), 5) + a) | 0;
      }
    }
    this.#a = a; this.#b = b; this.#c = c; this.#d = d;
  }

  #string(text: string): void {
    this.#word(text.length);
    for (let i = 0; i < text.length; i++) this.#word(text.charCodeAt(i));
  }

  #value(value: SnapValue): void {
    switch (typeof value) {
      case "undefined": this.#word(tags.undefined); return;
      case "boolean": this.#word(value ? tags.true : tags.false); return;
      case "number":
        this.#word(tags.number);
        this.#number(value);
        return;
      case "string":
        this.#word(tags.string);
        this.#string(value);
        return;
      case "bigint":
        this.#word(tags.bigint);
        this.#string(String(value));
        return;
      case "object":
        if (isNodeRef(value)) this.#reference(value.node);
        else this.#word(tags.null);
    }
  }

  #reference(id: number): void {
    let order = this.#seen.get(id);
    if (order === undefined) this.#seen.set(id, (order = this.#seen.size));
    this.#word(tags.node);
    this.#word(order);
  }

  #node(id: number): void {
    const contents = this.#snapshot.contents(id);
    const { node } = contents;
    this.#word(tags[node.kind]);
    switch (node.kind) {
      case "builtin": this.#string(node.name); return;
      case "opaque": this.#word(identityOf(this.#snapshot.live(id))); return;
      case "function": {
        const live = this.#snapshot.live(id) as Function | undefined;
        if (live && isNodes(live)) { this.#word(identityOf(live)); return; } // they lead to one another through a hundred modules
        this.#string(node.code.text);
        this.#closure(live);
        break;
      }
      case "array": {
        const items = copyOf.array(node);
        this.#word(items.length);
        for (const item of items) typeof item === "symbol" ? this.#word(tags.hole) : this.#value(item);
        return;
      }
      case "typed": {
        const values = copyOf.typed(node);
        this.#string(node.array);
        this.#word(values.length);
        this.#numbers(values);
        this.#shared(copyOf.buffer(node), node.byteOffset);
        return;
      }
      case "map": {
        const entries = copyOf.map(node);
        this.#word(entries.length);
        for (const [key, value] of entries) {
          this.#value(key);
          this.#value(value);
        }
        break;
      }
      case "set": {
        const items = copyOf.set(node);
        this.#word(items.length);
        for (const item of items) this.#value(item);
        break;
      }
      case "object":
        if (node.className === "Date") this.#property(this.#snapshot.own(contents, id, timeKey));
        this.#snapshot.keys(contents, id); // all properties are copied with them
        for (const [key, property] of contents.own) if (isPrivateKey(key)) { this.#string(key); this.#property(property); }
        break;
      default: unreachable(node);
    }
    this.#prototype(contents);
    for (const key of this.#snapshot.keys(contents, id)) {
      this.#string(key);
      this.#property(this.#snapshot.own(contents, id, key));
    }
    this.#word(tags.end);
  }

  /** Views of one buffer: where they lie is told relative to the first. */
  #shared(buffer: number, byteOffset: number): void {
    const first = this.#views.get(buffer);
    if (first === undefined) this.#views.set(buffer, { order: this.#views.size, byteOffset });
    else {
      this.#word(tags.again);
      this.#word(first.order);
      this.#word(byteOffset - first.byteOffset);
    }
  }

  #property(property: Property | null): void {
    if (property?.kind === "data") {
      this.#word(tags.data);
      this.#value(property.value);
    } else if (property?.kind === "getter") {
      this.#word(tags.getter);
      this.#reference(property.get.node);
    } else this.#word(tags.missing);
  }

  #prototype({ prototype }: Contents): void {
    if (prototype === null) this.#word(tags.null);
    else {
      const { node } = this.#snapshot.contents(prototype.node);
      if (node.kind === "builtin") this.#string(node.name);
      else this.#word(identityOf(this.#snapshot.live(prototype.node)));
    }
  }

  /** Functions of one text: the same place in the same script and equal closures make them one. Where the host shows nothing, identity does. */
  #closure(fn: Function | undefined): void {
    const place = fn && placeOf(fn);
    if (!fn || !place) {
      this.#word(identityOf(fn));
      return;
    }
    this.#string(`${place.scriptId}:${place.line}:${place.column}`);
    for (const [name, value] of this.#snapshot.closure(fn)) {
      this.#string(name);
      if (value === null) this.#word(tags.missing);
      else this.#value(value);
    }
    this.#word(tags.end);
  }
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
