// What a field of an array's objects is, where it is no number in all of them, nor a boolean: each is a code beside a number, or alone.

/**
 * "item": one of the array's own objects, by its place. "text", a string, and "other", a function, a symbol, an object, are handed on alone. The code is the place in
 * this list; behind it those of words begin, strings that the program compares with.
 */
export const fieldKinds = ["absent", "undefined", "null", "boolean", "number", "item", "text", "other"] as const;
export type FieldKind = (typeof fieldKinds)[number];
export const codeOf = (kind: FieldKind): number => fieldKinds.indexOf(kind);
/** A field that was added holds above its code which one it was of its object's, from 1 on. */
export const codeBits = 6;
export const mostWords = (1 << codeBits) - fieldKinds.length;
export const codeOfWord = (place: number): number => fieldKinds.length + place;

/**
 * What the objects of an array, or of the arrays in an array one after the other, hold in a field, as an array of its own: where a path leads on through this key.
 * No source can spell it.
 */
export const eachKey = (field: string): string => `\u0000each ${field}`;
/** The field that such a key tells; undefined of any other. */
export const fieldOfEach = (key: string | number): string | undefined => (typeof key === "string" && key.startsWith(eachKey("")) ? key.slice(eachKey("").length) : undefined);
/** Of a path, as its root and keys, what leads to the array whose objects it goes through; itself where there is none. */
export function arrayOfEach<P extends { readonly keys: readonly (string | number)[] }>(path: P): P {
  const each = path.keys.findIndex((key) => fieldOfEach(key) !== undefined);
  return each < 0 ? path : { ...path, keys: path.keys.slice(0, each) };
}

/** An object that every object of an array holds in that field, of that prototype (a node; −1: Object.prototype). */
export interface Holder { readonly field: string; readonly prototype: number }
