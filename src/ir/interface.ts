// How a residual program meets JavaScript: where its parameters come from, how its outcome is decoded.
// Plain data: the partial evaluator writes it, the runtime carries it out, both back ends keep to it.

import type { Pieces } from "./composite.ts";
import type { FieldKind, Holder } from "./fields.ts";
import type { Format } from "./formats.ts";
import type { TableForm } from "./keyed.ts";
import type { SnapValue } from "./snapshot.ts";
import type { Primitive } from "./types.ts";

export const typedArrayNames = [
  "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array",
] as const;
export type TypedArrayName = (typeof typedArrayNames)[number];
/** what a BigInt of the caller's lies in */
export type BigIntRange = "int64" | "uint63" | "uint64";
/** typed arrays of BigInts: in memory they are words, the lower one first */
export type BigIntArrayName = "BigInt64Array" | "BigUint64Array";

/**
 * A way into the call's values: argument 2's field `matrix.elements` is {root: 2, keys: ["matrix", "elements"]}.
 * A root {node} is the live object behind a node of the snapshot: a captured object that the kernel reads as it is now, or writes.
 * A root {node, variable} is the captured variable of that name of the function behind the node.
 */
export interface Path {
  readonly root: number | "this" | { readonly node: number; readonly variable?: string };
  readonly keys: readonly (string | number)[];
}

/**
 * The kind of a fast value, as the runtime saw it when it asked for a version. An object's fields and an array's elements are
 * described where they are numeric at heart; what is not is `other`, whose value is guarded and static.
 */
export type Kind =
  | { readonly kind: "f64" }
  | { readonly kind: "i32" } // an integer within int32, not −0
  | { readonly kind: "boolean" }
  /** a BigInt of 64 bits */
  | { readonly kind: "bigint"; readonly range: BigIntRange }
  | { readonly kind: "undefined" }
  | { readonly kind: "null" }
  /** a string, of which nothing is known */
  | { readonly kind: "string" }
  /** `prototype`: the node of its prototype where that is not the engine's own (a Node Buffer, a subclass) */
  | { readonly kind: "typed"; readonly array: TypedArrayName; readonly prototype?: number; /** the bytes of a DataView, of an ArrayBuffer */ readonly dataView?: true; readonly buffer?: true; /** the words of BigInts */ readonly bigints?: BigIntArrayName; /** only those of this length */ readonly sized?: number; readonly named?: Named }
  /**
   * an array, every element of which (no holes) is of the one kind; `length` is the one seen, `prototype` the node of its class's where it is no ordinary one;
   * `gaps`: of rows, on whatever level, some are missing or undefined; `sized`: only arrays of that length are of the kind
   */
  | { readonly kind: "array"; readonly element: Kind; readonly length: number; readonly prototype?: number; readonly gaps?: true; readonly sized?: true; readonly named?: Named }
  /** an object with plain data fields; `prototype`: its node in the snapshot (−1: Object.prototype; null: none, which no object of an array is without). A Date has one field, the time (ir/dates.ts) */
  | { readonly kind: "object"; readonly fields: ReadonlyMap<string, Kind>; readonly prototype: number | null; /** of the objects of an array: what some of them have beside */ readonly others?: readonly string[]; /** of others: what stands under index keys; many of these are no fields */ readonly indexed?: readonly FieldKind[]; /** it leads to others of its own form: what it is */ readonly linked?: SnapValue }
  /** of the objects of an array: what they have in the field, in some of them one, in some another; of an array's elements the same, absent where there is none */
  | { readonly kind: "mixed"; readonly of: readonly FieldKind[] }
  /** an array, with all that it leads to, of which something stands in other places, too: what it is */
  | { readonly kind: "linked"; readonly value: SnapValue }
  /** the same object as another path's */
  | { readonly kind: "same"; readonly path: Path; /** it, where what it is the same as leads to it through others of its own form */ readonly linked?: SnapValue }
  /** its value is the snapshot's node or primitive; `slow`: a field that the options say is static, not one that is no number; `getter`: one behind a getter, whose value is not known */
  | { readonly kind: "static"; readonly value: SnapValue; readonly slow?: true; readonly getter?: true; /** a field that holds what `bind` made of the value and of the object that has it */ readonly bound?: true };

/** What the kernel asked an array for beside its elements: what that holds, null where it is no property of the array's own. */
export type Named = ReadonlyMap<string, Kind | null>;

/** Gives the entry one machine parameter or more, in this order. */
export type Input =
  /** typeof number → f64, or i32 (guarded: integer within int32, not −0) */
  | { readonly as: "f64" | "i32"; readonly path: Path }
  /** a BigInt within the range → i64 */
  | { readonly as: "bigint"; readonly range: BigIntRange; readonly path: Path }
  /** true/false → i32 1/0 */
  | { readonly as: "boolean"; readonly path: Path }
  /** a string → the address (i32) of its UTF-16 code units, copied, and how many (i32) */
  | { readonly as: "text"; readonly path: Path; /** which it is of the values that interned columns have, in place of an address */ readonly interned?: true; /** … of this string */ readonly word?: string; readonly space: number; readonly read: boolean; readonly written: boolean }
  /** a typed array → its address (i32), its length (i32); of a DataView or an ArrayBuffer its bytes, of BigInts their words; `over`: of a view of other elements on the bytes behind it */
  | { readonly as: "typed"; readonly path: Path; readonly array: TypedArrayName; readonly dataView?: true; readonly buffer?: true; readonly bigints?: BigIntArrayName; readonly over?: Over; readonly space: number; readonly read: boolean; readonly written: boolean }
  /** an ordinary array of numbers → copied as doubles: address (i32), length (i32) */
  | { readonly as: "numbers"; readonly path: Path; readonly space: number; readonly read: boolean; readonly written: boolean }
  /**
   * an ordinary array that the program makes longer or shorter, or whose elements are not numbers alone → the address (i32) of where its
   * elements are, how many, and before it how many there is room for, as the program's own arrays lie in memory (HeapClass); 0. A copy: what
   * the array is at the end is a Write of its contents
   */
  | { readonly as: "list"; readonly path: Path; readonly space: number; readonly elements: readonly HeapContent[]; /** of a table's values: what they lead to is laid out too */ readonly classes?: readonly HeapClass[]; /** no array, but a new list of the values at these paths, each with what it can be */ readonly roots?: readonly { readonly path: Path; readonly elements: readonly HeapContent[] }[]; readonly read: true; readonly written: boolean }
  /**
   * an ordinary array of arrays of numbers, or of typed arrays of one kind → address (i32) of a table of (address, length) pairs of i32, its
   * length (i32); rows copied as doubles, or as they are, in `space`, before each its place in the array and its length (i32).
   * `levels`, if more than one: its elements are such arrays again, each a table with its place among all of its level and its length before it.
   * `gaps`: where a row is missing the address is 0, and the length too; where it is undefined the length is 1.
   * `replaced`: the table is written, rows change their places. `distinct`: no row stands there twice
   */
  | { readonly as: "rows"; readonly path: Path; readonly array?: TypedArrayName; readonly levels?: number; readonly gaps?: true; readonly replaced?: true; readonly distinct?: true; readonly table: number; readonly space: number; readonly read: boolean; readonly written: boolean }
  /** an ordinary array of arrays of objects → address (i32) of a table of pairs of i32, of each array the number of objects in those before it and its length; its length (i32) */
  | { readonly as: "grid"; readonly path: Path; readonly space: number; readonly read: boolean; readonly written: boolean }
  /**
   * one field, a number (`boolean`: a boolean, as 0 or 1), of every object in an ordinary array → copied as doubles: address (i32), the array's length (i32). All objects have
   * that prototype (a node; −1: Object.prototype); of a written column all are different and none is another argument. `distinct`: all are different.
   * `flat`: of an array of arrays of objects, one array after the other. `within`: of the objects that they hold, one level after the other. `part`: the field is one of `of` (ir/fields.ts): its number, its code, or how many were
   * added to the object, 0 at entry
   */
  | { readonly as: "column"; readonly path: Path; readonly flat?: true; readonly field: string; readonly within: readonly Holder[]; readonly part?: "value" | "code" | "added"; readonly of?: readonly FieldKind[]; /** strings that it may be at entry: each has a code */ readonly words?: readonly string[]; /** of what is handed on it holds a number, the same for the same value in all such columns of the call */ readonly interned?: true; readonly boolean?: true; readonly distinct?: true; readonly prototype: number; readonly space: number; readonly read: boolean; readonly written: boolean };

/**
 * Which bytes behind a typed array of that kind: its own, those from its first on, all of its buffer, or those before it. Whole elements, aligned
 * as JavaScript asks for them. Of an ArrayBuffer as many whole elements as there are from its start on.
 */
export interface Over { readonly array: TypedArrayName | "ArrayBuffer" | "DataView"; readonly part: "own" | "rest" | "whole" | "before" }

/** What entry checks, beside what the inputs imply. All refer to values as they are at entry. */
export type Expect =
  | { readonly expect: "undefined" | "null"; readonly path: Path }
  /** an object (not null, not a Proxy where that can be told) whose prototype is the live object of that node (−1: Object.prototype; null: none) */
  | { readonly expect: "object"; readonly path: Path; readonly prototype: number | null }
  /** the field is absent from the object and its prototypes */
  | { readonly expect: "absent"; readonly path: Path }
  /** the field can be written, though it is given what it holds */
  | { readonly expect: "writable"; readonly path: Path }
  /** the field is not the object's own: what its prototype has is meant */
  | { readonly expect: "notOwn"; readonly path: Path }
  /** the field, which may hold undefined, is the object's own; it may be deleted */
  | { readonly expect: "present" | "deletable"; readonly path: Path }
  /** no object in the array has the field of its own, or none of those that they hold in the fields `within`, one level after the other */
  | { readonly expect: "lacking"; readonly path: Path; readonly within: readonly string[]; readonly field: string }
  /**
   * what the array (`each`: every array that many levels down in it) has under the key is its prototype's: of that node, or where there is none the engine's own of
   * its kind
   */
  | { readonly expect: "inherited"; readonly path: Path; readonly key: string; readonly prototype?: number; readonly each?: number }
  /** to set the field of an object that lacks it makes one: no setter, nothing read-only stands on the prototype (a node; −1: Object.prototype) or behind it */
  | { readonly expect: "settable"; readonly prototype: number; readonly key: string }
  /** what the engine gives all objects of a kind (a built-in, by its name), and what stands behind that, lacks the property */
  | { readonly expect: "missing"; readonly of: string; readonly key: string }
  /** for-in comes to nothing that objects and arrays inherit of the engine */
  | { readonly expect: "unlisted" }
  /** what an array lacks is undefined, and can be set: nobody gave Array.prototype elements */
  | { readonly expect: "unindexed" }
  /** what a plain object lacks under a string of run time is undefined: nobody gave Object.prototype more than it had; the same of the object behind the node, which has no keys of numbers */
  | { readonly expect: "unextended"; readonly prototype?: number }
  /** local time is UTC */
  | { readonly expect: "utc" }
  /** the same / not the same object */
  | { readonly expect: "same" | "different"; readonly path: Path; readonly other: Path }
  /** an array, or typed array (`each`: every one that many levels down in it), without enumerable properties beside its elements */
  | { readonly expect: "unnamed"; readonly path: Path; readonly each?: number }
  /** an ordinary array whose length and elements may be changed */
  | { readonly expect: "resizable"; readonly path: Path }
  /** what lies behind the typed array is an ArrayBuffer, shared with no other thread */
  | { readonly expect: "unshared"; readonly path: Path }
  /** the array's length is exactly this */
  | { readonly expect: "length"; readonly path: Path; readonly length: number }
  /** the object's own enumerable string keys (`each`: those of each object in the array) are these, in this order */
  | { readonly expect: "keys"; readonly path: Path; readonly keys: readonly string[]; readonly each?: true }
  /** the value's contents equal the snapshot's: a slow value */
  | { readonly expect: "static"; readonly path: Path; readonly value: SnapValue }
  /** the live object behind the node (a captured one) still has the contents of its snapshot */
  | { readonly expect: "unchanged"; readonly node: number }
  /** what the object behind the node holds (`key`: in that property of its own) is read in every call, since the program writes it: nothing is expected of it but which object it is */
  | { readonly expect: "anew"; readonly node: number; readonly key?: string }
  /** which object stands for the node matters, beside its contents: it was compared with others of the snapshot */
  | { readonly expect: "identity"; readonly node: number }
  /** no object of the array, or none that they hold in these fields, one level after the other, is what stands for the node: it was compared with them */
  | { readonly expect: "apart"; readonly path: Path; readonly within: readonly string[]; readonly node: number }
  /** what the live object behind the node, a prototype of the call's objects, has under the key is what it was */
  | { readonly expect: "member"; readonly node: number; readonly key: string }
  /** … and the next one behind it is the one that was */
  | { readonly expect: "behind"; readonly node: number }
  /** the built-in of that path is still the engine's own; of what iterates, the names are iteration.ts's */
  | { readonly expect: "builtin"; readonly name: string };

/** What is done to a new object in the end: Object.preventExtensions, Object.seal, Object.freeze. */
export type Closed = "extensible" | "sealed" | "frozen";

/** What may be done to a property. */
export interface Attributes { readonly enumerable: boolean; readonly writable: boolean; readonly configurable: boolean }

/** How to make a JavaScript value of an outcome. Slots are the f64 output slots. */
export type Shape =
  | { readonly make: "const"; readonly value: Primitive }
  /** the function's own single result */
  | { readonly make: "result"; readonly as: "number" | "boolean" }
  | { readonly make: "slot"; readonly slot: number; readonly as: "number" | "boolean" }
  /** a BigInt of 64 bits from its words, int32 in slots */
  | { readonly make: "bigint"; readonly low: number; readonly high: number; readonly unsigned: boolean }
  /** one of several, chosen by the integer in the slot */
  | { readonly make: "choice"; readonly slot: number; readonly of: readonly Shape[] }
  /** a value of the caller's, by identity */
  | { readonly make: "input"; readonly path: Path }
  /** a slow or captured value, by identity: node of the snapshot; `bound`: f.bind() of that function */
  | { readonly make: "node"; readonly node: number; readonly bound?: true }
  /**
   * a new object; `prototype` is a node of the snapshot, or −1 for Object.prototype. `id` names it for `again`. A field with a slot is there
   * only if the slot is not 0
   */
  | { readonly make: "object"; readonly id: number; readonly prototype: number; readonly fields: readonly (readonly [string, Shape] | readonly [string, Shape, number])[]; readonly closed?: Closed; /** it has no prototype at all */ readonly bare?: true; /** an array of what stands under index keys */ readonly elements?: Shape; /** of properties that are not as assignments make them */ readonly attributes?: readonly (readonly [string, Attributes])[] }
  /** `named`: fields beside the elements; `prototype` (here and below): the node of a class's over Array */
  | { readonly make: "array"; readonly id: number; readonly prototype?: number; readonly items: readonly (Shape | null)[]; readonly named?: readonly (readonly [string, Shape])[]; readonly closed?: Closed }
  /** a new typed array of static length from slots, item by item */
  | { readonly make: "typed"; readonly id: number; readonly array: TypedArrayName; readonly items: readonly Shape[] }
  /** a new typed array or ordinary array of numbers, read from memory: address and length (elements) in slots; `typed` null means Array */
  | { readonly make: "memory"; readonly id: number; readonly typed: TypedArrayName | null; readonly prototype?: number; readonly address: number; readonly length: number; /** what the elements can be, where they are no numbers alone */ readonly elements?: readonly HeapContent[]; readonly classes?: readonly HeapClass[] }
  /** a new array or object that lies in memory with all that it leads to, its address in the slot; `of` is its class */
  | { readonly make: "heap"; readonly classes: readonly HeapClass[]; readonly of: number; readonly address: number }
  /**
   * a Map, a Set or (`record`) an object with these keys: lists of numbers, of values (of a Set null), of numbers of which −2 says that there is
   * nothing; `bare`: without a prototype
   */
  | { readonly make: "keyed"; readonly id: number; readonly form: "map" | "set" | "record"; readonly keys: Shape; readonly values: Shape | null; readonly next: Shape; readonly bare: boolean; /** the keys are numbers of strings (Interned) */ readonly named?: true; /** … of texts of numbers (composite.ts), of a list if it is there */ readonly composite?: { readonly pieces: Pieces; readonly numbers: Shape | null } }
  /** a row of one of the caller's arrays of arrays, so many levels down, its address in the slot */
  | { readonly make: "row"; readonly path: Path; readonly level: number; readonly address: number }
  /** a new view on the bytes behind a typed array of the caller's, or in an ArrayBuffer: where it begins, in bytes after the array's own first or the buffer's, and its length */
  | { readonly make: "view"; readonly id: number; readonly path: Path; readonly array: TypedArrayName; readonly from: "array" | "buffer"; readonly offset: number; readonly length: number; /** where what is in memory holds it by, in a slot */ readonly head?: number }
  /** a new view on the buffer of a typed array that is made: where it begins, in bytes, and its length */
  | { readonly make: "part"; readonly id: number; readonly of: Shape; readonly array: TypedArrayName; readonly offset: number; readonly length: number; readonly head?: number }
  /** a new DataView on the bytes in memory, address and length in slots: on the buffer of the array that was made of them, if one was */
  | { readonly make: "dataView"; readonly address: number; readonly length: number }
  /** a new Date of that time */
  | { readonly make: "date"; readonly id: number; readonly time: Shape }
  /** the buffer of a typed array that is made */
  | { readonly make: "buffer"; readonly of: Shape }
  /** an element of one of the caller's arrays, its index in the slot, or what it holds in these fields */
  | { readonly make: "element"; readonly path: Path; readonly within: readonly string[]; readonly slot: number }
  /** an object made above in the same outcome; `otherwise` makes it where the alternative that would have was not taken */
  | { readonly make: "again"; readonly id: number; readonly otherwise?: Shape }
  /** a string of the UTF-16 code units in memory: address and how many in slots */
  | { readonly make: "text"; readonly address: number; readonly length: number }
  /** strings joined, or what a method makes of them; of a number's method the one part is that number */
  | { readonly make: "string"; readonly parts: readonly Shape[]; readonly format?: Format }
  /**
   * a closure of the kernel's: its text (of a `method`, as it stands in an object literal), with what the variables in it hold and what `this` is
   * around it, where it uses that
   */
  | {
    readonly make: "function"; readonly id: number; readonly text: string; readonly name: string; readonly method: boolean; readonly strict: boolean;
    readonly variables: readonly (readonly [string, Shape])[]; readonly self: Shape | null; readonly fields: readonly (readonly [string, Shape])[];
  }
  /** new Class(message): a built-in error class by name */
  | { readonly make: "error"; readonly id: number; readonly class: string; readonly message: Shape | null };

/**
 * What eight bytes in memory can be. One alone is there as itself: a number, or an i32 (an address, 0 or 1 of a boolean, an index, a number in a list). Of
 * several, the upper half says which (`boxTag` and its place in the list), all other bits are a number.
 * A typed array's length (i32) stands before it; a row's place in its array and its length before that. A string is the address of that of its code
 * units (i32), before which their number stands.
 */
export type HeapContent =
  | { readonly is: "number" | "boolean" | "text" | "hole" }
  | { readonly is: "const"; readonly value: Primitive }
  | { readonly is: "class"; readonly of: number }
  | { readonly is: "typed"; readonly array: TypedArrayName }
  /** a part of one, or of the typed array at the path, by its head: where its elements are, their number, the address of those of all of it (at a path: the bytes before it), i32 */
  | { readonly is: "part"; readonly array: TypedArrayName; readonly path: Path | null }
  | { readonly is: "node"; readonly node: number }
  /** one of several slow objects, by its number */
  | { readonly is: "chosen"; readonly of: readonly { readonly is: "node"; readonly node: number }[] }
  | { readonly is: "input"; readonly path: Path }
  | { readonly is: "item"; readonly path: Path; readonly within: readonly string[] }
  | { readonly is: "row"; readonly path: Path; readonly level: number };
/** How an object lies in memory: an array as the address of its elements and their number (i32), an object as its fields. */
export type HeapClass =
  | { readonly form: "array"; readonly prototype?: number | undefined; readonly elements: readonly HeapContent[]; /** beside the elements: behind those eight bytes, as an object's behind its fields */ readonly added: readonly HeapField[] }
  /** `added`: fields that it may get, behind the others; then how many it got (i32), then for each which of them it was, from 1 on (i32) */
  /** `table`: a Map or Set, of which the fields are the arrays that keyed.ts tells of */
  | { readonly form: "record"; readonly prototype: number; readonly fields: readonly HeapField[]; readonly added: readonly HeapField[]; readonly table?: TableForm };
type HeapField = readonly [string, readonly HeapContent[]];

/** A field of one of the caller's objects, to be written when the program has ended; with `contents` a list, whose elements become those of `value`, or what an object has under index keys (within.ts); with `entries` a Map, Set or object (ir/keyed.ts), what is in which becomes what is in `value`, which is `keyed`; with `present` only if that slot is not 0; with `rank` among those of its object that have one in the order of what these slots hold; with `removed` it is deleted otherwise, or (without `present`) in any case. */
export interface Write { readonly path: Path; readonly value: Shape; readonly contents?: true; readonly entries?: true; readonly present?: number; readonly rank?: number; readonly removed?: true; /** of contents: the list, what stood there at entry, and what that leads to, is not written */ readonly unchanged?: true }

export type Exit =
  | { readonly kind: "return"; readonly value: Shape; readonly writes: readonly Write[] }
  /**
   * The original must run instead (it will throw, or does what the residual can't). `clean`: no memory was written before; otherwise the
   * arrays that the program writes must be copies, dropped now, so that the caller sees nothing of what was written.
   */
  | { readonly kind: "bail"; readonly reason: string; readonly clean: boolean; readonly rare?: RareCase };

/**
 * What few kernels do, and programs are at first made without, since it makes all others slower. A call that comes there bails and tells; from
 * then on the kernel's programs are made for it.
 *
 *   gap         an element is written behind the end of an array, or its length is set to more
 *   grows       an ordinary array of the caller's gets elements by index
 *   row grows   so does an array in one of these, which lies in memory from then on with all that stands beside it
 *   empty       an array without elements is popped
 *   undefined   what may be undefined, but hardly ever is, is put into an array, or given back by a recursive function
 *   caught      the engine throws what the kernel catches
 *   wide        numbers of keys like `${x},${y}` are no whole ones, or too large to lie side by side
 *   unordered   one of the caller's objects gets fields in another order than the one in which paths give it them
 */
export type RareCase = "gap" | "grows" | "row grows" | "empty" | "undefined" | "caught" | "wide" | "unordered";
