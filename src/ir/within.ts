// Keys that no source can spell, through which a path leads on to what is no property of the object there: an entry reads it as an array of its own (runtime/within.ts).

/**
 * What an object has under index keys, as an array with holes: `this[i]` beside `this.t`. The path is the object's, then this key.
 */
export const elementsKey = "\u0000elements";
/** A list of objects that lead to others of their own form, among them the one that the path leads to (specialize/partial/linked.ts): an input says which. */
export const linkedKey = "\u0000linked";
