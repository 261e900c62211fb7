// Static strings, of which one that is not static may be one: alphabets, the keys of an object, of a Map or a Set.
//
//   "ACGT".indexOf(c)      →   c < 85 ? table[c] : −1
//   { a: 1, bb: 2 }[s]     →   the number of the key (−1: none), then what it has
//
// Where all are characters, a table over the codes; else they are compared one after the other.

import { constantOf } from "../../ir/build.ts";
import { hiddenKeys, NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import type { Value } from "../../ir/types.ts";
import { readElement } from "./arrays.ts";
import { choiceOf, constantTable } from "./constants.ts";
import { choose } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { asOneStr } from "./joined.ts";
import { getProperty } from "./objects.ts";
import { numberOfText } from "./operators.ts";
import { presentNames } from "./optional.ts";
import { equalTexts, lookAt, textSpace } from "./strings.ts";
import { prim, undefinedValue, type Abs, type Str } from "./values.ts";
import { require } from "./vectors.ts";

/** entries of a table over character codes */
const mostCodes = 1 << 12;
/** comparisons */
const mostCompared = 64;

/** The number of the first text that the string is, −1 where it is none; undefined where there are too many. */
export function indexOfText(ev: Evaluator, texts: readonly string[], text: Str): Value | undefined {
  lookAt(ev, text, "compared");
  const codes = texts.map((t) => (t.length === 1 ? t.charCodeAt(0) : mostCodes)), length = Math.max(0, ...codes) + 1;
  if (length <= mostCodes && texts.length > 3) {
    const places = Array.from({ length }, (_, code) => codes.indexOf(code));
    const table = constantTable(ev, `places ${texts.join("")}`, "places", places, "Array", "i16");
    const lookUp = (): Value[] => {
      const code = ev.b.load("i32.load16_u", text.ptr, ev.b.i32(0), 1, 0, textSpace(ev));
      return ev.b.if(ev.b.op("i32.lt_u", code, ev.b.i32(length)), ["i32"], () => [ev.b.load("i32.load16_s", table.ptr, code, 1, 0, table.of.space)], () => [ev.b.i32(-1)]);
    };
    return constantOf(text.len) === 1 ? lookUp()[0]! : ev.b.if(ev.b.op("i32.eq", text.len, ev.b.i32(1)), ["i32"], lookUp, () => [ev.b.i32(-1)])[0]!;
  }
  if (texts.length > mostCompared) return undefined;
  return texts.reduceRight((rest: () => Value, t, i) => () => {
    const is = equalTexts(ev, text, prim(t));
    if (typeof is === "boolean") return is ? ev.b.i32(i) : rest();
    return ev.b.if(is, ["i32"], () => [ev.b.i32(i)], () => [rest()])[0]!;
  }, () => ev.b.i32(-1))();
}

// ── properties ──

/** The names that an object has, where nothing is between it and Object.prototype; undefined for what is no such object, or hides some of them. */
export function namesOf(ev: Evaluator, base: Abs): readonly string[] | undefined {
  const object: HeapObject | undefined = base.k === "obj" ? ev.object(base.id) : undefined;
  if (object?.t === "object") return object.origin.from === "local" && object.prototype === null ? presentNames(object) : undefined;
  if (object?.t !== "snap") return undefined;
  const node = ev.snapshot.node(object.node), plain = node.kind === "object" && (node.className === "Object" || (node.prototype === null && node.className === ""));
  return plain && ev.snapshot.property(object.node, hiddenKeys).kind === "absent" && (node.prototype === null || node.prototype.node === ev.snapshot.builtin("Object.prototype").node) ? ev.snapshot.keys(object.node) : undefined;
}
/** A key that is a string in memory, or a text that is laid there for an object whose names are known; undefined for all others. */
export function keyedByText(ev: Evaluator, base: Abs, key: Abs): Str | undefined {
  if (key.k === "str") return key;
  return key.k === "text" && !numberOfText(key) && namesOf(ev, base) ? asOneStr(ev, key) : undefined;
}
/** What every object has by its prototype: whoever asks for that gets it from the original. */
export const inherited = Object.getOwnPropertyNames(Object.prototype);
const shortestInherited = Math.min(...inherited.map((name) => name.length));

/** Which of the object's names the string is, −1 for none; undefined for what is no plain object. */
function placeOfName(ev: Evaluator, base: Abs, key: Str): { readonly names: readonly string[]; readonly at: Value } | undefined {
  const names = namesOf(ev, base), at = names && indexOfText(ev, names, key);
  return at ? { names: names!, at } : undefined;
}
export function notInherited(ev: Evaluator, at: Value, key: Str): void {
  ev.expect({ expect: "unextended" });
  if (constantOf(key.len) !== undefined && Number(constantOf(key.len)) < shortestInherited) return;
  const isLong = ev.b.op("i32.and", ev.b.op("i32.lt_s", at, ev.b.i32(0)), ev.b.op("i32.ge_s", key.len, ev.b.i32(shortestInherited)));
  const found = ev.b.if(isLong, ["i32"], () => [ev.b.op("i32.ge_s", indexOfText(ev, inherited, key)!, ev.b.i32(0))], () => [ev.b.i32(0)])[0]!;
  require(ev, ev.b.op("i32.eqz", found), "what every object inherits is asked for by a string that is not static");
}

/** `object[key]` of a plain object; undefined for any other. */
export function getByText(ev: Evaluator, base: Abs, key: Str): Abs | undefined {
  const found = placeOfName(ev, base, key);
  if (!found) return undefined;
  notInherited(ev, found.at, key);
  return chosenAt(ev, found.at, found.names.map((name) => getProperty(ev, base, prim(name))), undefinedValue);
}
/** `key in object`, object.hasOwnProperty(key) */
export function hasText(ev: Evaluator, base: Abs, key: Str, ownOnly: boolean): Abs | undefined {
  const found = placeOfName(ev, base, key);
  if (!found) return undefined;
  if (!ownOnly) notInherited(ev, found.at, key);
  return ev.fromBool(ev.b.op("i32.ge_s", found.at, ev.b.i32(0)));
}
/** What a Map or Set has at a string; undefined where it has too much. */
export function entryAtText(ev: Evaluator, entries: readonly (readonly [Abs, Abs])[], key: Str, absent: Abs, present?: Abs): Abs | undefined {
  const texts = entries.flatMap(([k, v]) => (k.k === "prim" && typeof k.value === "string" ? [[k.value, v] as const] : []));
  if (entries.some(([k]) => k.k !== "prim" && k.k !== "obj")) return undefined;
  const at = indexOfText(ev, texts.map(([k]) => k), key);
  if (!at) return undefined;
  return present ? choose(ev, ev.fromBool(ev.b.op("i32.ge_s", at, ev.b.i32(0))), () => present, () => absent) : chosenAt(ev, at, texts.map(([, v]) => v), absent);
}
/** Where a static list of strings has the string; undefined for other lists. */
export function placeInList(ev: Evaluator, list: Abs, text: Str): Value | undefined {
  const object = list.k === "obj" ? ev.object(list.id) : undefined;
  const items: readonly (Abs | SnapValue | undefined)[] = object?.t === "array" ? object.items : object?.t === "snap" ? itemsOf(ev, object.node) : [];
  const texts = items.map((item) => (typeof item === "string" ? item : typeof item === "object" && item !== null && !(item instanceof NodeRef) && item.k === "prim" ? item.value : undefined));
  return texts.length > 0 && texts.every((t) => typeof t === "string") ? indexOfText(ev, texts, text) : undefined;
}
function itemsOf(ev: Evaluator, ref: NodeRef): readonly (SnapValue | undefined)[] {
  const node = ev.snapshot.node(ref);
  return node.kind === "array" ? node.items.map((item) => (typeof item === "symbol" ? undefined : item)) : [];
}

/** One of several values, `absent` for −1. */
function chosenAt(ev: Evaluator, at: Value, values: readonly Abs[], absent: Abs): Abs {
  const numbers = values.flatMap((v) => (v.k === "prim" && typeof v.value === "number" ? [v.value] : []));
  if (values.length > 3 && numbers.length === values.length && absent === undefinedValue) return readElement(ev, constantTable(ev, `values ${numbers.map((n) => (Object.is(n, -0) ? "-0" : n)).join()}`, "values", numbers, "Array"), ev.fromI32(at));
  if (values.length > 3 && values.every((v) => v.k === "prim" || v.k === "obj")) return choiceOf(ev, ev.fromI32(at), values.length, (i) => values[i]!, absent);
  return values.reduceRight((rest: () => Abs, v, i) => () => choose(ev, ev.fromBool(ev.b.op("i32.eq", at, ev.b.i32(i))), () => v, rest), () => absent)();
}
