// Fields that a new object has, or one of the caller's gets, on some paths only.
//
//   const res = { l, c };  if (c) res.h = Math.atan2(b, a);  return res
//
// Where the paths meet, the object has the field on all of them (undefined where it is absent) and, under a name of its own that no source
// can spell, whether it is there. Reading needs nothing of it; listing keys needs it static; the outcome leaves absent fields out.
// A field that is written again where it may be absent keeps its place: those behind it are not there without it, which is asked (loops that add several).
// Paths that gave it its fields in different orders meet too: which of them it has is known, their order is not, so it is not listed and does not leave.
// One of the caller's has in that case, under another such name, a rank for each field that it got: numbers, of which the next one is kept beside them.
// At the end the fields are written in the order of their ranks.

import type { Value } from "../../ir/types.ts";
import { elementsKey } from "../../ir/within.ts";
import { bareKey } from "./classes.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { inputValue } from "./inputs.ts";
import { expectOpen } from "./integrity.ts";
import { prototypeOfKind } from "./items.ts";
import { isIndex } from "./keys.ts";
import { getProperty } from "./objects.ts";
import { binary } from "./operators.ts";
import { canShadow } from "./prototypes.ts";
import { falseValue, hidden, isHidden, num, prim, trueValue, undefinedValue, type Abs } from "./values.ts";
import { require } from "./vectors.ts";
import { Restart } from "./walk.ts";

type Local = HeapObject & { t: "object" };

const mark = "\u0000has ";
const markOf = (key: string): string => mark + key;
const rank = "\u0000rank ", nextRank = "\u0000next rank";
export const isMark = (key: string): boolean => key.startsWith(mark) || key.startsWith(rank) || key === nextRank;
/** The field's place among those that one of the caller's objects got in orders that differ; undefined where their order is that of the fields. */
export const rankOf = (object: Local, key: string): Abs | undefined => object.fields.get(rank + key);

/** a field of new objects that got their fields in different orders on different paths */
export const orderKey = hidden("order");

/** Whether the field is there: undefined where nothing says otherwise. */
export const presenceOf = (object: Local, key: string): Abs | undefined => object.fields.get(markOf(key));

export const fieldNames = (object: Local): string[] => [...object.fields.keys()].filter((key) => !isMark(key));

/** The names of the fields that are there, in a listing or all of them; undefined where these or their order are not static. */
export function presentNames(object: Local, which: "listed" | "all" = "listed"): string[] | undefined {
  if (object.fields.has(elementsKey)) return undefined; // indexed.ts
  const isListed = (key: string): boolean => which === "all" || !object.fields.has(hidden(`unlisted ${key}`));
  const names: string[] = [];
  for (const key of fieldNames(object)) {
    if (isHidden(key)) {
      // an accessor of an object literal is a property like others
      const accessed = (key.startsWith(hidden("get ")) || key.startsWith(hidden("set "))) && key[5] !== "#" ? key.slice(5) : undefined;
      if (accessed !== undefined && isListed(accessed) && !names.includes(accessed)) names.push(accessed);
      continue;
    }
    if (!isListed(key)) continue;
    const present = presenceOf(object, key);
    if (present && present.k !== "prim") return undefined;
    if (!present || present.value) names.push(key);
  }
  return object.fields.has(orderKey) && names.filter((name) => !isIndex(name)).length > 1 ? undefined : inOrder(names);
}
/** The names of the fields of a new object that it has on some paths only, and of the others, with whether they are there; undefined for anything else. */
export function optionalNames(ev: Evaluator, a: Abs): { readonly key: string; readonly present: Abs }[] | undefined {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (object?.t !== "object" || object.origin.from !== "local" || presentNames(object) !== undefined) return undefined;
  const names = [...object.fields.keys()].filter((key) => !isMark(key));
  return names.some(isHidden) ? undefined : inOrder(names).map((key) => ({ key, present: presenceOf(object, key) ?? trueValue }));
}
/** Indices come first, in ascending order. */
export function inOrder(names: readonly string[]): string[] {
  return names.some(isIndex) ? [...names.filter(isIndex).sort((a, b) => Number(a) - Number(b)), ...names.filter((name) => !isIndex(name))] : [...names];
}

/** The order of fields is asked for: where a write lost one, the walk begins again, and the paths with such writes are left to the original. */
export function needOrder(ev: Evaluator): void {
  if (ev.lessons.order !== "lost") return;
  ev.lessons.order = "kept";
  throw new Restart();
}

/** The same new object with a field more or another value of one. */
export function withField(ev: Evaluator, object: Local, key: string, value: Abs): Local {
  expectOpen(ev, object, "write", key);
  const fields = new Map(object.fields);
  const present = presenceOf(object, key);
  if (present && isCallers(object, key)) throw ev.refuse("Todo", "a field of the caller's is written where it was deleted", "write undefined in place of deleting it");
  if (!isCallers(object, key) && (fields.has(nextRank) || losesOrder(ev, object, key))) return withRank(ev, object, key, value);
  if (present) {
    if (present.k === "prim" && !present.value) { if (!laterOnes(object, key).every((later) => isAbsent(presenceOf(object, later)))) fields.delete(key); }
    else if (isUnordered(object, key)) {
      if (object.origin.from !== "local" || ev.lessons.order === "kept") requireFirst(ev, object, key, present);
      else {
        ev.lessons.order = "lost";
        fields.set(orderKey, trueValue);
      }
    }
    fields.delete(markOf(key));
  }
  fields.set(key, value);
  return { ...object, fields };
}

/** Written now, the field comes last where it was absent, and stays where it is otherwise. */
const isUnordered = (object: Local, key: string): boolean => {
  const present = presenceOf(object, key);
  return present !== undefined && present.k !== "prim" && !object.fields.has(orderKey) && !isIndex(key) && fieldNames(object).at(-1) !== key;
};
/** … of a new object whose order is needed: in memory it is told as the program runs (boxes.ts). */
export const ordersInMemory = (ev: Evaluator, object: Local, key: string): boolean => ev.lessons.order === "kept" && object.origin.from === "local" && isUnordered(object, key);

/** the added fields that stand behind this one */
const laterOnes = (object: Local, key: string): string[] => { const names = fieldNames(object); return names.slice(names.indexOf(key) + 1).filter((name) => !isCallers(object, name) && name !== orderKey); };
const isAbsent = (present: Abs | undefined): boolean => present?.k === "prim" && !present.value;

/** … while one that stands behind it is certainly there, or was in an earlier call. */
const losesOrder = (ev: Evaluator, object: Local, key: string): boolean =>
  object.origin.from === "input" && isUnordered(object, key) && (ev.knows("unordered") || laterOnes(object, key).some((later) => { const present = presenceOf(object, later); return !present || (present.k === "prim" && !isAbsent(present)); }));

/** The same object of the caller's, with a field that it gets, and ranks. */
function withRank(ev: Evaluator, object: Local, key: string, value: Abs): Local {
  const fields = new Map(ranked(object).fields), present = fields.has(key) ? presenceOf(object, key) ?? trueValue : falseValue, next = fields.get(nextRank)!;
  const old = fields.get(rank + key) ?? next;
  fields.set(rank + key, present.k === "bool" ? num(ev.b.op("f64.select", present.v, ev.toF64(old), ev.toF64(next))) : isAbsent(present) ? next : old);
  fields.set(nextRank, binary(ev, "js.add", next, prim(1)));
  fields.delete(markOf(key));
  fields.set(key, value);
  return { ...object, fields };
}
function ranked(object: Local): Local {
  if (object.fields.has(nextRank)) return object;
  const added = fieldNames(object).filter((key) => !isCallers(object, key)), fields = new Map(object.fields);
  added.forEach((key, i) => fields.set(rank + key, prim(i)));
  return { ...object, fields: fields.set(nextRank, prim(added.length)) };
}

/** None of the added fields that stand behind this one is there where this one is not: as in the iterations of a loop that adds them in turn. */
function requireFirst(ev: Evaluator, object: Local, key: string, present: Abs): void {
  const bit = (a: Abs): Value => (a.k === "bool" ? a.v : ev.b.i32(isAbsent(a) ? 0 : 1));
  for (const later of laterOnes(object, key)) require(ev, ev.b.op("i32.or", bit(present), ev.b.op("i32.eqz", bit(presenceOf(object, later) ?? trueValue))), `the field ${key} is written after others where it was not there yet`, object.origin.from === "input" ? "unordered" : undefined);
}

/** One of the caller's objects without a field that it has. */
export const withoutCallers = (object: Local, key: string): Local => ({ ...object, fields: new Map(object.fields).set(key, undefinedValue).set(markOf(key), falseValue) });

export function withoutField(object: Local, key: string): Local {
  const fields = new Map(object.fields);
  for (const of of [key, markOf(key), rank + key, ...["get", "set", "unlisted", "fixed"].map((sort) => hidden(`${sort} ${key}`))]) fields.delete(of);
  return { ...object, fields };
}

/** New objects that got their fields in different orders meet, and their order is needed. */
export const meetOutOfOrder = (ev: Evaluator, objects: readonly HeapObject[]): boolean =>
  ev.lessons.order === "kept" && objects.every((o): o is Local => o.t === "object" && o.origin.from === "local") && objects.map(fieldNames).reduce<string[] | undefined>((a, b) => a && inOneOrder(a, b), []) === undefined;

/** The same objects, all with the fields of any; undefined where they are no new objects of one prototype. */
export function withAllFields(ev: Evaluator, objects: readonly (HeapObject | null)[]): (HeapObject | null)[] | undefined {
  const there = objects.filter((o): o is Local => o !== null && o.t === "object" && o.origin.from === "local");
  const first = there[0];
  if (first === undefined || there.length < objects.filter((o) => o !== null).length || there.some((o) => o.prototype?.id !== first.prototype?.id)) return undefined;
  const each = there.map((o) => fieldNames(o).filter((key) => key !== orderKey));
  const ordered = there.some((o) => o.fields.has(orderKey)) ? undefined : each.reduce<string[] | undefined>((a, b) => a && inOneOrder(a, b), []);
  if (!ordered) ev.lessons.order ??= "lost";
  const names = ordered ?? [...new Set(each.flat())];
  const optional = new Set(names.filter((key) => there.some((o) => !o.fields.has(key) || presenceOf(o, key))));
  for (const key of optional) {
    const free = isHidden(key) ? !first.prototype || getProperty(ev, first.prototype, { k: "prim", value: key }) === undefinedValue : first.fields.has(bareKey) || canShadow(ev, first.prototype, key);
    if (!free) return undefined; // to write it would be something else
  }
  /** what is not there holds what is read in its place, where that is a number: one form with those that are there */
  const inherited = (key: string): Abs => {
    const behind = first.prototype && !isHidden(key) ? getProperty(ev, first.prototype, { k: "prim", value: key }) : undefinedValue;
    return behind.k === "prim" ? behind : undefinedValue;
  };
  const complete = (object: Local): Local => {
    const fields = new Map<string, Abs>();
    for (const key of names) {
      const value = object.fields.get(key);
      fields.set(key, value ?? inherited(key));
      if (optional.has(key)) fields.set(markOf(key), value ? presenceOf(object, key) ?? trueValue : falseValue);
    }
    if (!ordered) fields.set(orderKey, trueValue);
    return { ...object, fields };
  };
  return objects.map((o) => (o === null ? null : complete(o as Local)));
}

/**
 * Input objects of which different fields were written get the same ones: one that the caller's object has holds its value where nothing was
 * written; of one that is added it is known where it was, and its rank where the orders of what is added contradict each other. Undefined where they are no such objects.
 */
export function withAllWritten(ev: Evaluator, given: readonly (HeapObject | null)[]): readonly (HeapObject | null)[] | undefined {
  const those = given.filter((o) => o !== null);
  if (!those.every((o): o is Local => o.t === "object" && o.origin.from === "input")) return undefined;
  const each = those.map((o) => fieldNames(o).filter((key) => !isCallers(o, key)));
  const ordered = those.some((o) => o.fields.has(nextRank)) ? undefined : each.reduce<string[] | undefined>((a, b) => a && inOneOrder(a, b), []);
  const objects = ordered ? given : given.map((o) => (o === null ? null : ranked(o as Local))), there = objects.filter((o): o is Local => o !== null);
  const added = ordered ?? [...new Set(each.flat())];
  const names = new Set([...there.flatMap((o) => fieldNames(o).filter((key) => isCallers(o, key))), ...added]);
  const optional = new Set(added.filter((key) => there.some((o) => !o.fields.has(key) || presenceOf(o, key))));
  const deleted = new Set([...names].filter((key) => there.some((o) => isCallers(o, key) && presenceOf(o, key))));
  if (!there.every((o) => [...optional].every((key) => o.fields.has(key) || isNowhere(ev, o, key)))) return undefined;
  return objects.map((object) => {
    if (object?.t !== "object" || object.origin.from !== "input") return object;
    const { path: { root, keys }, kind } = object.origin, fields = new Map<string, Abs>();
    for (const key of names) {
      const own = object.fields.get(key), callers = kind.fields.get(key);
      fields.set(key, own ?? (callers ? inputValue(ev, { root, keys: [...keys, key] }, callers) : undefinedValue));
      if (optional.has(key)) fields.set(markOf(key), own ? presenceOf(object, key) ?? trueValue : falseValue);
      else if (deleted.has(key)) fields.set(markOf(key), presenceOf(object, key) ?? trueValue);
      if (!ordered && !callers) fields.set(rank + key, rankOf(object, key) ?? prim(0));
    }
    if (!ordered) fields.set(nextRank, object.fields.get(nextRank)!);
    return { ...object, fields };
  });
}
const isCallers = ({ origin }: Local, key: string): boolean => origin.from === "input" && origin.kind.fields.has(key);
/** Whether one of the caller's objects and its prototypes lack the field, which is tested at entry. */
function isNowhere(ev: Evaluator, { origin }: Local, key: string): boolean {
  if (origin.from !== "input") return false;
  const prototype = prototypeOfKind(ev, origin.kind);
  if (prototype !== null && ev.snapshot.property(prototype, key).kind !== "absent") return false;
  ev.expect({ expect: "absent", path: { root: origin.path.root, keys: [...origin.path.keys, key] } });
  return true;
}

/** Both lists in one, each in its own order; undefined where the orders contradict each other. */
function inOneOrder(a: readonly string[], b: readonly string[]): string[] | undefined {
  const out: string[] = [];
  let i = 0;
  for (const key of b) {
    const at = a.indexOf(key);
    if (at < 0) { out.push(key); continue; }
    if (at < i) return undefined;
    while (i <= at) { if (a[i] !== key) out.push(a[i]!); i++; }
    out.push(key);
  }
  out.push(...a.slice(i));
  return new Set(out).size === out.length ? out : undefined;
}
