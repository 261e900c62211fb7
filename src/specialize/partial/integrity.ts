// Objects and arrays of the kernel's own that are frozen, sealed, or closed to new properties.
//
// How much an object is closed stands in a hidden field (values.ts) of objects and functions, among the names of arrays, so that copies and merges
// carry it. A write that the language ignores or throws at is the original's: the call bails. Where paths meet of which one closed the object, all
// writes are. Arrays of unknown length, typed arrays, Maps and Sets are not closed: refused.

import type { Closed } from "../../ir/interface.ts";
import { elementsKey } from "../../ir/within.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { isMark, presenceOf } from "./optional.ts";
import { falseValue, hidden, isHidden, prim, trueValue, undefinedValue, type Abs } from "./values.ts";

export const closedKey = hidden("closed");

/** in ascending order */
const levels: readonly Closed[] = ["extensible", "sealed", "frozen"];
const ascending = (a: Closed | undefined, b: Closed): Closed => (a !== undefined && levels.indexOf(a) > levels.indexOf(b) ? a : b);

const namesOf = (object: HeapObject): ReadonlyMap<string, Abs> | undefined =>
  object.t === "closure" || (object.t === "object" && object.origin.from === "local" && !object.fields.has(elementsKey)) ? object.fields : object.t === "array" ? object.named : undefined;

/** How much the object is closed; "perhaps": on some paths only; undefined: it is as it was made. */
export function closedOf(object: HeapObject): Closed | "perhaps" | undefined {
  const names = namesOf(object), level = names?.get(closedKey);
  if (!level) return undefined;
  const known = level.k === "prim" && ![...names!.keys()].some((key) => isMark(key) && key.endsWith(closedKey));
  return known ? level.value as Closed : "perhaps";
}

/** Before a property is written, added, deleted or defined anew: what a closed object does with that is the original's. */
export function expectOpen(ev: Evaluator, object: HeapObject, how: "write" | "change", key?: string): void {
  const level = closedOf(object);
  if (level === undefined) return;
  const present = key !== undefined && object.t === "object" ? presenceOf(object, key) : undefined;
  const isThere = how === "write" && key !== undefined && object.t !== "array" && namesOf(object)!.has(key) && (!present || (present.k === "prim" && Boolean(present.value)));
  if (!isThere || (level !== "extensible" && level !== "sealed")) ev.bail("an object that is frozen or closed is changed");
}

/** Whether others have it too: an argument, or what is slow or captured. */
export function isCallers(ev: Evaluator, a: Abs): boolean {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  return a.k === "mem" ? a.of.path !== null : object?.t === "snap" || (object?.t === "object" && object.origin.from === "input");
}

const closing = (level: Closed) => (ev: Evaluator, [a = undefinedValue]: readonly Abs[]): Abs => {
  if (a.k === "prim" || a.k === "num" || a.k === "bool" || a.k === "big" || a.k === "text" || a.k === "str") return a;
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (isCallers(ev, a)) throw ev.refuse("Unsupported", "an object of the caller's is frozen", "freeze it outside of the function");
  const names = object && (object.t === "array" || namesOf(object));
  if (!names || a.k !== "obj") throw ev.refuse("Todo", "what is neither a plain object nor an array of static length is frozen", "leave it as it is");
  const before = closedOf(object);
  const next = prim(before === "perhaps" ? level : ascending(before, level));
  if (object.t === "array") ev.update(a.id, { ...object, named: named(object.named, next.value as Closed) });
  else if (before !== "perhaps" || level === "frozen") ev.update(a.id, { ...object, fields: closeFields(object as HeapObject & { fields: ReadonlyMap<string, Abs> }, next) } as HeapObject);
  return a;
};
function closeFields({ fields }: { readonly fields: ReadonlyMap<string, Abs> }, level: Abs): ReadonlyMap<string, Abs> {
  const closed = new Map([...fields].filter(([key]) => !(isMark(key) && key.endsWith(closedKey))));
  return closed.set(closedKey, level);
}
const alone = new Map(levels.map((level) => [level, new Map<string, Abs>([[closedKey, prim(level)]])]));
/** Arrays of one form have one list of names. */
const named = (names: ReadonlyMap<string, Abs> | undefined, level: Closed): ReadonlyMap<string, Abs> =>
  (names === undefined || (names.size === 1 && names.has(closedKey)) ? alone.get(level)! : new Map([...names, [closedKey, prim(level)]]));

/** Object.isFrozen and its kin, of what the kernel made. */
const asking = (what: Closed) => (ev: Evaluator, [a = undefinedValue]: readonly Abs[]): Abs => {
  if (a.k === "prim" || a.k === "num" || a.k === "bool" || a.k === "big" || a.k === "text" || a.k === "str") return prim(what !== "extensible");
  const object = a.k === "obj" ? ev.object(a.id) : undefined, names = object && (object.t === "array" || namesOf(object));
  const level = object && closedOf(object);
  if (!names || level === "perhaps") throw ev.refuse("Todo", "whether an object is frozen is not known", "ask for it outside of the function");
  if (what === "extensible") return prim(level === undefined);
  if (level === undefined) return falseValue;
  if (levels.indexOf(level) >= levels.indexOf(what)) return trueValue;
  // of one without properties all are sealed; else whether each of them is was said one by one
  if (object.t === "array") return falseValue;
  const fields = namesOf(object)!;
  if ([...fields.keys()].some((key) => isHidden(key) && key !== closedKey) || object.t === "closure") throw ev.refuse("Todo", "whether an object is frozen is not known", "ask for it outside of the function");
  return prim(fields.size === 1);
};

export const integrityRules = {
  "Object.freeze": closing("frozen"), "Object.seal": closing("sealed"), "Object.preventExtensions": closing("extensible"),
  "Object.isFrozen": asking("frozen"), "Object.isSealed": asking("sealed"), "Object.isExtensible": asking("extensible"),
} as const;
