// What partial evaluation knows of a JavaScript value.
//
// Static: prim (a primitive), obj (one known object of the heap). Dynamic: num, bool, mem (an array that lies in memory), text (a string
// with numbers in it), str (one in memory), sum (one of several, chosen by a tag at run time). A dynamic value carries the SSA values that hold it.

import type { BigIntArrayName, Kind, Path, TypedArrayName } from "../../ir/interface.ts";
import { sameFormat, type Format } from "../../ir/formats.ts";
import type { Holder } from "../../ir/fields.ts";
import type { NodeRef } from "../../ir/snapshot.ts";
import type { Primitive, Value } from "../../ir/types.ts";
import type { Class, Content } from "./contents.ts";

export interface Prim { readonly k: "prim"; readonly value: Primitive }
/** a JavaScript number, as f64 */
export interface Num { readonly k: "num"; readonly v: Value }
/** a boolean, as i32 0 or 1 */
export interface Bool { readonly k: "bool"; readonly v: Value }
export interface Range { readonly lo: bigint; readonly hi: bigint }
/** a BigInt: its value modulo 2^64, as i64; the true one lies in the range. `made`: of which operation it came that may leave 64 bits (bigints.ts) */
export interface Big extends Range { readonly k: "big"; readonly v: Value; readonly made: { readonly op: "i64.add" | "i64.sub" | "i64.mul"; readonly a: Big; readonly b: Big } | null }
/** the object `id` of the heap: its identity is static, its fields need not be */
export interface Obj { readonly k: "obj"; readonly id: number }
/** an array whose elements lie in linear memory; `ptr` and `len` (elements) are i32 */
export interface Mem { readonly k: "mem"; readonly of: Memory; readonly ptr: Value; readonly len: Value; readonly part?: Part | undefined }
/** what a part of a typed array lies in, and which one it is (subarrays.ts); `head`: its block in memory, where arrays and objects hold parts */
export interface Part { readonly base: Mem | null; readonly id: number; readonly made: boolean; readonly head: Value | null }
/**
 * `alts[tag]`: the alternatives of a value whose kind is known at run time only. `payload` (f64) is ToNumber of the value for every
 * alternative that is no object: so arithmetic needs no test. Null where no alternative is a number.
 */
export interface Sum { readonly k: "sum"; readonly tag: Value; readonly payload: Value | null; readonly alts: readonly Alt[] }
/** a string of static pieces, strings and numbers, never looked into: for messages; `format`: what a method makes of it (formats.ts) */
export interface Text { readonly k: "text"; readonly parts: readonly (string | typeof untold | Num | Bool | Str | Sum | Text)[]; readonly format?: Format | undefined }
/** A part of a text that nobody may look at: what an array or object reads as, in a message that is written whether or not it is needed. */
export const untold = Symbol("untold");
/**
 * A string that lies in memory (strings.ts): where its UTF-16 code units begin and how many there are, i32. Nobody writes them, so that a part of
 * a string is a place in it. `whole`: it is the caller's at that path, as it came.
 */
export interface Str { readonly k: "str"; readonly ptr: Value; readonly len: Value; readonly whole?: Path }

export type Abs = Prim | Num | Bool | Big | Obj | Mem | Sum | Text | Str;
export type Alt = Prim | Obj | Mem | Str | { readonly k: "num" } | { readonly k: "bool" };

/** The arrays that share one space of memory and one element kind. */
export interface Memory {
  readonly array: TypedArrayName | "Array";
  readonly space: number;
  readonly name: string;
  /** a local of the kernel: nobody else can see it */
  readonly local: boolean;
  /** an ordinary array's row, read out of a table: it has no identity that could be compared */
  readonly row: boolean;
  /** what an element of a local ordinary array can be; null for numbers alone, and for all other arrays */
  readonly slot: readonly Content[] | null;
  /** one of the kernel's own arrays or objects that others hold (boxes.ts): `ptr` is where it lies, `len` says nothing */
  readonly box: Class | null;
  /** a constant table: writes are a mistake of the options */
  readonly constant: boolean;
  /** an ordinary array of objects, or (`row` set) one of its objects: \`ptr\` is then its index */
  readonly records: Records | null;
  /** an ordinary array of arrays: the rows' memory (the elements of this one are (address, length) pairs), of which each may be such an array again */
  readonly rows: Memory | null;
  /** some of the rows may be missing (address and length 0) or undefined (address 0, length 1) */
  readonly gaps?: boolean | undefined;
  /** of a row: the caller's array that it is a row of, so many levels down */
  readonly rowOf?: { readonly path: Path; readonly kind: Kind; readonly level: number } | undefined;
  /** one of several slow lists of slow objects (records.ts): `ptr` is where it begins among the elements of all of them */
  readonly lists?: Lists | undefined;
  /** of one of the caller's: its kind */
  readonly kind?: Kind | undefined;
  /** the node of its prototype where that is not the engine's own */
  readonly prototype?: number | undefined;
  /** the bytes of a DataView */
  readonly dataView?: true | undefined;
  /** … which are all those of this array of the kernel's own, where the DataView begins */
  readonly whole?: Memory | undefined;
  /** of a view of a buffer of the caller's: that buffer */
  readonly behind?: { readonly base: Mem; readonly shared: Path | null } | undefined;
  /** the words of BigInts; `len` counts BigInts */
  readonly bigints?: BigIntArrayName | undefined;
  /** where the caller has it; null for locals, tables and rows */
  readonly path: Path | null;
}

/** The objects of an array of the caller's, or those that each of them holds (items.ts): a column of memory for each field that is used. */
export interface Records {
  readonly path: Path;
  readonly kind: Kind & { kind: "object" };
  readonly within: readonly Holder[];
  /** the array holds arrays of them: their indices count on from one to the next */
  readonly flat: boolean;
  readonly inner: Map<string, Records>;
  /** these are no objects that are known: whatever the fields hold, which is handed on alone (passed.ts); `texts`: they are strings */
  readonly passed?: { readonly texts: boolean };
  readonly columns: Map<string, Mem>;
  /** what stands for one of them */
  element: Memory | null;
  /** of slow objects that became tables (records.ts): which, by number */
  readonly nodes?: { readonly list: readonly NodeRef[]; readonly index: ReadonlyMap<number, number>; readonly family: Family; readonly name: string; /** of fields: what stands for the lists in it */ readonly lists: Map<string, Memory> };
}
/** Slow lists, one behind the other: which, and what is at a place. */
export interface Lists { readonly nodes: readonly NodeRef[]; item(place: Value): Mem | Sum }
/** Slow arrays of numbers as one table: which, where it is (null: places are counted), how long each of them is, and how one is found by its number. */
export interface SlowRows {
  readonly nodes: readonly NodeRef[];
  readonly cells: Mem | null;
  readonly lengths: readonly number[];
  readonly key: string;
  readonly row: Memory;
  address(at: Value): [Value, Value];
}
/** Slow objects that became tables together, by node: which table, and the object's number in it. */
export type Family = ReadonlyMap<number, { readonly of: Memory; readonly at: number }>;

export const prim = (value: Primitive): Prim => ({ k: "prim", value });
export const undefinedValue: Prim = prim(undefined);
export const nullValue: Prim = prim(null);
export const trueValue: Prim = prim(true);
export const falseValue: Prim = prim(false);
export const num = (v: Value): Num => ({ k: "num", v });
export const bool = (v: Value): Bool => ({ k: "bool", v });
export const obj = (id: number): Obj => ({ k: "obj", id });

/** The same value, as far as it can be told now. */
export function same(a: Abs, b: Abs): boolean {
  if (a === b) return true;
  if (a.k !== b.k) return false;
  switch (a.k) {
    case "prim": return Object.is(a.value, (b as Prim).value);
    case "num": return a.v === (b as Num).v || equalConstants(a.v, (b as Num).v);
    case "bool": return a.v === (b as Bool).v;
    case "big": return a.v === (b as Big).v && a.lo === (b as Big).lo && a.hi === (b as Big).hi;
    case "obj": return a.id === (b as Obj).id;
    case "mem": return a.of === (b as Mem).of && a.ptr === (b as Mem).ptr && a.len === (b as Mem).len && a.part?.id === (b as Mem).part?.id;
    case "str": return sameValue(a.ptr, (b as Str).ptr) && sameValue(a.len, (b as Str).len);
    case "sum": return a.tag === (b as Sum).tag && a.payload === (b as Sum).payload;
    case "text": return sameFormat(a.format, (b as Text).format) && a.parts.length === (b as Text).parts.length && a.parts.every((p, i) => samePart(p, (b as Text).parts[i]!));
  }
}
const samePart = (a: Text["parts"][number], b: Text["parts"][number]): boolean =>
  typeof a !== "object" || typeof b !== "object" ? a === b : same(a, b);
const sameValue = (a: Value, b: Value): boolean => a === b || equalConstants(a, b);
const equalConstants = (a: Value, b: Value): boolean =>
  a.def?.op === "const" && b.def?.op === "const" && Object.is(a.def.value, b.def.value);

export function sameAlt(a: Alt, b: Alt): boolean {
  if (a.k !== b.k) return false;
  if (a.k === "prim") return Object.is(a.value, (b as Prim).value);
  if (a.k === "obj") return a.id === (b as Obj).id;
  if (a.k === "mem") return a.of === (b as Mem).of && a.ptr === (b as Mem).ptr;
  if (a.k === "str") return same(a, b as Str);
  return true;
}

/** ToNumber of a primitive that is no BigInt. */
export const numberOf = (value: Primitive): number => Number(value);
export const isNumeric = (a: Abs): boolean => a.k === "num" || (a.k === "prim" && typeof a.value === "number");
export const isBoolean = (a: Abs): boolean => a.k === "bool" || (a.k === "prim" && typeof a.value === "boolean");

/** Names that no source can spell: what classes keep in objects beside their fields. */
export const hidden = (name: string): string => `\u0000${name}`;
export const isHidden = (key: string): boolean => key.startsWith("\u0000");
/** What an object has of a class of the snapshot, the prototype of which is the node: a private field (classes.ts). */
export const ownPrivate = (name: string, prototype: number): string => hidden(`${name}@node ${prototype}`);
export const isOwnPrivate = (key: string): boolean => key.startsWith(hidden("#")) && key.includes("@node ");
