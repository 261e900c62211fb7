// The snapshot: a copy of the slow and captured values as tagged plain data. It is all that partial evaluation sees of them, and what
// guards, fingerprints, the cache and the worker's messages are made of. capture/ builds one from live values, node by node, on demand.

import type { TypedArrayName } from "./interface.ts";
import type { Primitive } from "./types.ts";

/** A key that stands for an object's keys that are not enumerable: opaque where there are some, absent where there are none. */
export const hiddenKeys = "\u0000keys";
/** The same of those alone that are texts of numbers, or `undefined`. */
export const hiddenNumbers = "\u0000numbers";

/** A reference to a node of a snapshot; equal ids are the same object. */
export class NodeRef {
  readonly node: number;
  constructor(node: number) { this.node = node; }
}
export type SnapValue = Primitive | NodeRef;

export const isNodeRef = (value: SnapValue): value is NodeRef => typeof value === "object" && value !== null;

/** A property as a read finds it. */
export type Property =
  | { readonly kind: "data"; readonly value: SnapValue; readonly writable: boolean }
  /** read by calling the getter, a function node, on the object */
  | { readonly kind: "getter"; readonly get: NodeRef; readonly set?: NodeRef }
  /** a setter alone: reads as undefined */
  | { readonly kind: "setter"; readonly set: NodeRef }
  | { readonly kind: "absent" }
  /** can't be known without running code (a Proxy, a host object), with the reason */
  | { readonly kind: "opaque"; readonly why: string };

/** The object that a property holds, if any. */
export const heldBy = (property: Property | null): NodeRef[] => (property?.kind === "data" && isNodeRef(property.value) ? [property.value] : []);
/** What a captured (free) variable of a function holds. */
export type Captured =
  | { readonly kind: "constant"; readonly value: SnapValue }
  /** something reassigns it; the value now, and whether it can be read (and written) at entry. Equal `cell`s are one variable, whatever function sees it */
  | { readonly kind: "variable"; readonly value: SnapValue; readonly accessors: { readonly cell: number; readonly writable: boolean } | null }
  | { readonly kind: "missing"; readonly why: string };

export type SnapNode =
  | { readonly kind: "object"; readonly prototype: NodeRef | null; readonly className: string }
  | { readonly kind: "array"; readonly items: readonly (SnapValue | typeof hole)[]; readonly frozen: boolean }
  | { readonly kind: "typed"; readonly array: TypedArrayName; readonly values: ArrayLike<number>; readonly buffer: number; readonly byteOffset: number }
  | { readonly kind: "map"; readonly entries: readonly (readonly [SnapValue, SnapValue])[] }
  | { readonly kind: "set"; readonly items: readonly SnapValue[] }
  | { readonly kind: "function"; readonly name: string; readonly length: number; readonly code: Code }
  /** a built-in object or function by its path: "Math", "Math.sin", "Array.prototype.map", "Float64Array", "Object.prototype" */
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "opaque"; readonly why: string };

export const hole: unique symbol = Symbol("hole");

/** The text of a function and where it stands. */
export interface Code {
  readonly text: string;
  readonly file: string | null;
  /** where the text starts in its file: line and column from 1 */
  readonly line: number;
  readonly column: number;
  /** its text is a class's: calling makes no sense, `new` runs the constructor */
  readonly isClass: boolean;
}

/**
 * What partial evaluation asks of a snapshot. Every read is remembered: `touched` lists the nodes whose contents (and the captured
 * variables whose values) a residual depends on, which is what its guard has to compare.
 */
export interface SnapshotView {
  node(ref: NodeRef): SnapNode;
  /** own properties first, then the prototypes' */
  property(ref: NodeRef, key: string): Property;
  /** whose own property that is; leaves no trace. Requires: no element of an array. */
  owner(ref: NodeRef, key: string): NodeRef | null;
  /** An accessor or read-only property that an object of this prototype would find instead of getting a field of its own; that there is none leaves no trace. */
  accessor(ref: NodeRef, key: string): Property | null;
  /** the object that a read goes on to, null behind the last */
  prototype(ref: NodeRef): NodeRef | null;
  /** own enumerable string keys, in order */
  keys(ref: NodeRef): readonly string[];
  /** The same, for choices that change no result (how objects are grouped): leaves no trace. */
  layout(ref: NodeRef): readonly string[];
  /** The objects that it holds in these, for such choices: leaves no trace. */
  held(ref: NodeRef): readonly NodeRef[];
  captured(fn: NodeRef, name: string): Captured;
  /** the node of a built-in by its path, e.g. "Math" */
  builtin(path: string): NodeRef;
}
