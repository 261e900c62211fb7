// Regular expressions and methods of strings over text that is known when a version is made: the engine itself computes them. What a
// callback of `replace` gives is computed by walking it.

import type { Primitive } from "../../ir/types.ts";
import { readElement } from "./arrays.ts";
import { choiceOf } from "./constants.ts";
import { callPrelude } from "./builtins.ts";
import { callFunction, type Call } from "./calls.ts";
import { iteratorOf } from "./collections.ts";
import { choose } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { isArguments } from "./heap.ts";
import { patternAt } from "./inputs.ts";
import { isPlainList, keysOf } from "./keys.ts";
import { getProperty } from "./objects.ts";
import { concat } from "./operators.ts";
import { searchedBy } from "./searching.ts";
import { characterOf, mostCharacters, refuseText, unitTable } from "./strings.ts";
import { obj, prim, same, undefinedValue, type Abs, type Prim } from "./values.ts";
import { require } from "./vectors.ts";

type Rule = (ev: Evaluator, args: readonly Abs[], self: Abs, call: Call | undefined) => Abs;

/** A regular expression of the kernel's own, or a captured one, with its position; NaN is one that is not static. */
export function patternOf(ev: Evaluator, a: Abs | undefined): RegExp | undefined {
  if (a?.k !== "obj") return undefined;
  const object = ev.object(a.id);
  if (object.t === "regexp") return Object.assign(new RegExp(object.source, object.flags), { lastIndex: object.lastIndex.k === "prim" ? object.lastIndex.value : NaN });
  if (object.t !== "snap") return undefined;
  const captured = patternAt(ev, object.node);
  if (!captured) return undefined;
  const pattern = new RegExp(captured.source, captured.flags);
  return pattern.global || pattern.sticky ? Object.assign(pattern, { lastIndex: NaN }) : pattern;
}
/** Keeps where the next search begins. One that is frozen, or of a strange position, is the original's. */
export function keepPosition(ev: Evaluator, a: Abs, pattern: RegExp): void {
  if (!pattern.global && !pattern.sticky) return;
  const object = ev.object((a as { id: number }).id);
  if (object.t !== "regexp") throw ev.refuse("Unsupported", "a captured regular expression with a position (g, y) is used that can't be written", "make it in the function");
  ev.update((a as { id: number }).id, { ...object, lastIndex: prim(pattern.lastIndex) });
}
/** A captured one's position is the caller's to see: a call that leaves it elsewhere is the original's. */
export function expectPositions(ev: Evaluator): void {
  for (const [id, before] of ev.positions) {
    const now = ev.object(id);
    if (now.t === "regexp" && !same(now.lastIndex, prim(before))) require(ev, ev.b.op("f64.eq", ev.toF64(now.lastIndex), ev.b.f64(before)), "a captured regular expression ends at another position than it began");
  }
}

function known(ev: Evaluator, a: Abs | undefined): Primitive {
  if (a === undefined) return undefined;
  if (a.k === "str") throw refuseText(ev, "a text that is not static is searched or taken apart", "use its character codes");
  if (a.k !== "prim") throw ev.refuse("Unsupported", "a text that is not static is searched or taken apart", "do it outside, and hand over what it says");
  return a.value;
}
const textOf = (ev: Evaluator, self: Abs): string => {
  const value = known(ev, self);
  if (value === undefined || value === null) return ev.bail("a method of strings is called on nothing");
  return String(value);
};

/** What a search found: an array with the groups, and where. */
function matchValue(ev: Evaluator, found: RegExpMatchArray | RegExpExecArray | null): Abs {
  if (found === null) return prim(null);
  const items = Array.from(found, (x) => prim(x as Primitive));
  if (found.index === undefined) return ev.allocate({ t: "array", items });
  const groups = found.groups ? ev.allocate({ t: "object", origin: { from: "local" }, prototype: null, fields: new Map(Object.entries(found.groups).map(([name, x]) => [name, prim(x)])) }) : undefinedValue;
  return ev.allocate({ t: "array", items, named: new Map<string, Abs>([["index", prim(found.index)], ["input", prim(found.input ?? "")], ["groups", groups]]) });
}

/** ToIntegerOrInfinity: NaN is the first. */
export function integer(ev: Evaluator, a: Abs): Abs {
  const v = ev.toF64(a), op = v.def?.op;
  if (op === "f64.convert_i32_s" || op === "f64.convert_i32_u") return ev.fromF64(v);
  return ev.fromF64(ev.b.op("f64.select", ev.b.op("f64.ne", v, v), ev.b.f64(0), ev.b.op("f64.trunc", v)));
}

/** The arguments of a method that takes a pattern or a text first. */
function withPattern(ev: Evaluator, a: Abs | undefined): RegExp | string {
  const pattern = patternOf(ev, a);
  return pattern ?? String(known(ev, a));
}

/** `new RegExp(source, flags)` of what is known; the call alone gives one back that it is given. */
export function makePattern(ev: Evaluator, [what = undefinedValue, flags = undefinedValue]: readonly Abs[], isNew: boolean): Abs {
  const from = patternOf(ev, what), given = known(ev, flags);
  if (from && !isNew && given === undefined) return what;
  const source = from ? from.source : known(ev, what);
  let made: RegExp;
  try { made = new RegExp(`${(source === undefined ? "" : source) as string}`, given === undefined ? from?.flags : `${given as string}`); } catch { return ev.bail("a regular expression is made of what says none"); }
  return ev.allocate({ t: "regexp", source: made.source, flags: made.flags, lastIndex: prim(0) });
}

export const textRules: Record<string, Rule> = {
  RegExp: (ev, args) => makePattern(ev, args, false),
  "RegExp.prototype.test": (ev, [text = undefinedValue], self, call) => {
    const pattern = patternOf(ev, self) ?? ev.bail("test is called on what is no regular expression");
    const searched = searchedBy(ev, "test", self, text, call);
    if (searched) return searched;
    const result = pattern.test(String(known(ev, text)));
    keepPosition(ev, self, pattern);
    return prim(result);
  },
  "RegExp.prototype.exec": (ev, [text = undefinedValue], self, call) => {
    const pattern = patternOf(ev, self) ?? ev.bail("exec is called on what is no regular expression");
    const searched = searchedBy(ev, "match", self, text, call);
    if (searched) return searched;
    const result = pattern.exec(String(known(ev, text)));
    keepPosition(ev, self, pattern);
    return matchValue(ev, result);
  },
  "String.prototype.match": (ev, [pattern], self) => {
    const p = withPattern(ev, pattern), text = textOf(ev, self);
    const result = text.match(typeof p === "string" ? new RegExp(p) : p);
    if (typeof p !== "string") { p.lastIndex = 0; keepPosition(ev, pattern!, p); }
    return matchValue(ev, result);
  },
  "String.prototype.matchAll": (ev, [pattern], self) => {
    const p = withPattern(ev, pattern);
    if (typeof p === "string" || !p.global) return ev.bail("matchAll without the flag g");
    return iteratorOf(ev, ev.allocate({ t: "array", items: [...textOf(ev, self).matchAll(p)].map((m) => matchValue(ev, m)) }), "values");
  },
  "String.prototype.charCodeAt": (ev, [index], self) => {
    return ev.fromF64(ev.toF64(readElement(ev, unitTable(ev, textOf(ev, self)), integer(ev, index ?? undefinedValue))));
  },
  "String.prototype.charAt": (ev, [index], self) => {
    const text = textOf(ev, self), at = integer(ev, index ?? undefinedValue);
    if (text.length > mostCharacters) return characterOf(ev, text, at, prim("") as Prim);
    return choiceOf(ev, at, text.length, (i) => prim(text[i]!), prim(""));
  },
  "String.prototype.search": (ev, [pattern], self) => prim(textOf(ev, self).search(withPattern(ev, pattern))),
  "String.prototype.split": (ev, [pattern, limit], self) => {
    const by = pattern && !(pattern.k === "prim" && pattern.value === undefined) ? withPattern(ev, pattern) : undefined;
    return ev.allocate({ t: "array", items: textOf(ev, self).split(by as string, known(ev, limit) as number | undefined).map((x) => prim(x)) });
  },
  "String.prototype.replace": (ev, args, self, call) => replace(ev, args, self, call, false),
  "String.prototype.replaceAll": (ev, args, self, call) => replace(ev, args, self, call, true),
  "String.raw": (ev, [strings, ...values]) => {
    const raw = getProperty(ev, getProperty(ev, strings ?? undefinedValue, prim("raw")), prim("length"));
    const count = Number(known(ev, raw)), parts = getProperty(ev, strings!, prim("raw"));
    let out = "";
    for (let i = 0; i < count; i++) out += String(known(ev, getProperty(ev, parts, prim(i)))) + (i + 1 < count && i < values.length ? String(known(ev, values[i])) : "");
    return prim(out);
  },
};

function replace(ev: Evaluator, [pattern, by]: readonly Abs[], self: Abs, call: Call | undefined, all: boolean): Abs {
  const p = withPattern(ev, pattern), text = textOf(ev, self);
  if (all && typeof p !== "string" && !p.global) return ev.bail("replaceAll without the flag g");
  const replacement = by?.k === "obj"
    ? (...args: unknown[]): string => {
      const groups = typeof args.at(-1) === "object" ? args.slice(0, -1) : args;
      return String(known(ev, callFunction(ev, by, undefinedValue, groups.map((x) => prim(x as Primitive)), call)));
    }
    : String(known(ev, by));
  const result = all ? text.replaceAll(p, replacement as string) : text.replace(p, replacement as string);
  if (typeof p !== "string") { p.lastIndex = 0; if (p.global || !p.sticky) keepPosition(ev, pattern!, p); else throw ev.refuse("Todo", "a sticky regular expression replaces", "use the flag g"); }
  return prim(result);
}

/** The strings of a tagged template, which nobody can change. */
export function templateOf(ev: Evaluator, parts: readonly Abs[]): Abs {
  const count = parts.length / 2;
  const raw = ev.newId(), strings = ev.newId();
  ev.statics.set(raw, { t: "array", items: parts.slice(count) });
  ev.statics.set(strings, { t: "array", items: parts.slice(0, count), named: new Map([["raw", obj(raw)]]) });
  return obj(strings);
}

/** Static data as the engine's own value; undefined where something in it is not static. */
function plainOf(ev: Evaluator, a: Abs): unknown {
  if (a.k === "prim") return a.value;
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  const isList = object?.t === "array" || (object?.t === "snap" && ev.snapshot.node(object.node).kind === "array");
  if (a.k !== "obj" || (!isList && object?.t !== "snap" && object?.t !== "object")) throw ev.refuse("Unsupported", "what is not static is made a text", "return the numbers");
  const node = object?.t === "snap" ? ev.snapshot.node(object.node) : undefined;
  if (node && !isList && (node.kind !== "object" || ["Number", "String", "Boolean", "BigInt", "Module"].includes(node.className))) throw ev.refuse("Unsupported", "what is no plain object is made a text", "list its fields");
  expectNoMethod(ev, a);
  if (isList) return Array.from({ length: Number(plainOf(ev, getProperty(ev, a, prim("length")))) }, (_, i) => plainOf(ev, getProperty(ev, a, prim(i))));
  return Object.fromEntries(keysOf(ev, a).map((key) => [key, plainOf(ev, getProperty(ev, a, prim(key)))]));
}
function expectNoMethod(ev: Evaluator, a: Abs): void {
  if (a.k === "obj" && isArguments(ev.object(a.id))) throw ev.refuse("Todo", "`arguments` is made a text", "use a rest parameter");
  if (getProperty(ev, a, prim("toJSON")).k !== "prim") throw ev.refuse("Todo", "an object with toJSON is made a text", "list its fields");
}
/** The same of data that varies, as a text of its numbers; undefined for what is left out. */
function jsonOf(ev: Evaluator, a: Abs, depth: number): Abs | undefined {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (a.k === "num") return choose(ev, ev.fromBool(ev.b.op("f64.eq", ev.b.op("f64.sub", a.v, a.v), ev.b.f64(0))), () => a, () => prim("null"));
  if (a.k === "bool") return choose(ev, a, () => prim("true"), () => prim("false"));
  if ((object?.t === "array" || object?.t === "object") && depth < deepest) {
    expectNoMethod(ev, a);
    if (object.t === "array") return enclosed(ev, "[", object.items.map((item) => (item && jsonOf(ev, item, depth + 1)) ?? prim("null")), "]");
    const fields = keysOf(ev, a).map((key) => [key, jsonOf(ev, getProperty(ev, a, prim(key)), depth + 1)] as const);
    return enclosed(ev, "{", fields.flatMap(([key, value]) => (value ? [concat(ev, prim(`${JSON.stringify(key)}:`), value)] : [])), "}");
  }
  const mem = object?.t === "spilled" || object?.t === "vector" ? object.mem : a.k === "mem" ? a : undefined;
  if (mem && isPlainList(mem) && mem.of.array === "Array" && !mem.of.slot && !mem.of.records && !mem.of.rows && !mem.of.box && !mem.of.lists) {
    expectNoMethod(ev, a);
    return callPrelude(ev, ev.request.prelude("internal.jsonNumbers")!, a, []);
  }
  if (a.k === "prim" && typeof a.value === "bigint") return ev.bail("a BigInt is made JSON");
  const text = JSON.stringify(plainOf(ev, a)) as string | undefined;
  return text === undefined ? undefined : prim(text);
}
const deepest = 20;
const enclosed = (ev: Evaluator, before: string, items: readonly Abs[], after: string): Abs =>
  concat(ev, items.reduce((text, item, i) => concat(ev, i > 0 ? concat(ev, text, prim(",")) : text, item), prim(before) as Abs), prim(after));
textRules["JSON.stringify"] = (ev, [a, replacer, space]) => {
  if (replacer && !(replacer.k === "prim" && (replacer.value === null || replacer.value === undefined))) throw ev.refuse("Todo", "JSON.stringify with a replacer", "make the object as it is to be written");
  const indent = known(ev, space) as string | undefined;
  if (indent !== undefined && indent !== null) return prim(JSON.stringify(plainOf(ev, a ?? undefinedValue), null, indent));
  const text = jsonOf(ev, a ?? undefinedValue, 0);
  return text ? concat(ev, prim(""), text) : undefinedValue; // a number's is a text, too
};
