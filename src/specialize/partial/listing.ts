// The keys, values and entries of the kernel's own objects that have some fields on some paths only, as lists in memory; what is copied of any object.
//
//   const o = {};  if (c) o.a = x;  o.b = y;  Object.keys(o)      →   a list, to which "a" is pushed where c holds, then "b"
//
// Of one that lies in memory (boxes.ts) each added field has its place among those that it got: the k-th of the list is the field in front of
// which k others are. Order: that of the object's fields. Undefined for objects of which names and order are static, and for all that is no such object.

import type { Value } from "../../ir/types.ts";
import { addedPlaces, reference } from "./boxes.ts";
import { withKeys } from "./choices.ts";
import { callPrelude } from "./builtins.ts";
import { callFunction, type Call } from "./calls.ts";
import { choose } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { keyedRecord } from "./keyed.ts";
import { isIndex, keysToCopy } from "./keys.ts";
import { getProperty, split } from "./objects.ts";
import { truth } from "./operators.ts";
import { needOrder, optionalNames, orderKey } from "./optional.ts";
import { internal } from "./sequences.ts";
import { isHidden, isOwnPrivate, prim, trueValue, undefinedValue, type Abs, type Mem } from "./values.ts";
import { setProperty } from "./writes.ts";

export type Listed = "keys" | "values" | "entries";

export function listSome(ev: Evaluator, a: Abs, what: Listed, call?: Call): Abs | undefined {
  const fields = inTurn(ev, a);
  if (!fields) return undefined;
  const out = ev.allocate({ t: "array", items: [] });
  const add = (key: Abs): Abs => {
    const value = what === "keys" ? key : getProperty(ev, a, key);
    return what === "entries" ? internal(ev, "addEntry", out, [key, value], call) : callFunction(ev, getProperty(ev, out, prim("push")), out, [value], call);
  };
  for (const { key, present } of fields) choose(ev, present, () => add(key), () => undefinedValue);
  return out;
}

/** What an object has is put into another one, as Object.assign and a spread do it; of one of several, what that one has. */
export function copyKeys(ev: Evaluator, into: Abs, given: Abs, call?: Call): void {
  const source = withKeys(ev, given);
  if (source.k === "sum") { split(ev, source, (one) => { copyKeys(ev, into, one as Abs, call); return undefinedValue; }); return; }
  if (source.k === "num" || source.k === "bool" || (source.k === "prim" && (source.value === null || source.value === undefined))) return;
  if (keyedRecord(ev, source)) { callPrelude(ev, ev.request.prelude("internal.keyedCopy")!, into, [source], call); return; }
  for (const { key, present } of inTurn(ev, source) ?? keysToCopy(ev, source).map((name) => ({ key: prim(name), present: trueValue }))) {
    const copy = (): Abs => { setProperty(ev, into, key, getProperty(ev, source, key)); return undefinedValue; };
    if (truth(ev, present) === true) copy(); else choose(ev, present, copy, () => undefinedValue);
  }
}

/** The fields in their order, each with whether there is one. */
export function inTurn(ev: Evaluator, a: Abs): readonly { readonly key: Abs; readonly present: Abs }[] | undefined {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (object?.t === "object" && object.fields.has(orderKey)) needOrder(ev);
  const optional = optionalNames(ev, a), place = reference(a, ev.state);
  if (optional) return optional.map(({ key, present }) => ({ key: prim(key), present }));
  return place.k === "mem" && place.of.box ? inMemory(ev, place) : undefined;
}

function inMemory(ev: Evaluator, mem: Mem): readonly { readonly key: Abs; readonly present: Abs }[] | undefined {
  const { form } = mem.of.box!, added = addedPlaces(ev, mem), none = ev.b.i32(0);
  const own = form.form === "record" ? form.names.filter((name) => !isOwnPrivate(name)) : null;
  if (own === null || added.length === 0 || [...own, ...added.map(({ name }) => name)].some((name) => isIndex(name) || isHidden(name))) return undefined;
  const sum = (list: readonly Value[]): Value => list.reduce((n, one) => ev.b.op("i32.add", n, one), none);
  const there = added.map(({ place }) => ev.b.op("i32.ne", place, none)), count = sum(there);
  const ahead = added.map(({ place }) => sum(added.map((other, i) => ev.b.op("i32.and", there[i]!, ev.b.op("i32.lt_u", other.place, place)))));
  const last = added.length - 1, alts = added.map(({ name }) => prim(name));
  const turns = added.map((_, turn) => {
    const isHere = (i: number): Value => ev.b.op("i32.and", there[i]!, ev.b.op("i32.eq", ahead[i]!, ev.b.i32(turn)));
    const tag = ahead.slice(0, last).reduceRight((rest, _, i) => ev.b.op("i32.select", isHere(i), ev.b.i32(i), rest), ev.b.i32(last));
    return { key: last === 0 ? alts[0]! : ({ k: "sum", tag, payload: null, alts } satisfies Abs), present: ev.fromBool(ev.b.op("i32.gt_u", count, ev.b.i32(turn))) };
  });
  return [...own.map((name) => ({ key: prim(name), present: trueValue })), ...turns];
}
