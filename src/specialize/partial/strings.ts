// Strings that are not static: the caller's, and parts of them. They lie in memory as UTF-16 code units, two bytes each, that nobody writes.
//
//   s[i] === "a"     →   i <u length and load16(s + 2i) == 97
//   s.slice(a, b)    →   the address s + 2a, the length b − a: nothing is copied
//
// A character is a string of length 1. A static string that stands in one place with such strings lies in memory too. What loops over
// characters is JavaScript of our own (prelude.ts, under "internal.text"), walked like the user's.
//
// What asks for more of a string than that (a regular expression, a dynamic key) needs to know it: the refusal says so, and the runtime makes a
// version for each value instead. So it does with a string that is only compared as a whole with static ones: a name of something (`mode ===
// "linear"`) is better compiled in.

import { constantOf } from "../../ir/build.ts";
import type { Path } from "../../ir/interface.ts";
import type { Refusal } from "../../diagnostic.ts";
import type { Value } from "../../ir/types.ts";
import { laidKey } from "../../ir/within.ts";
import { readElement, isWithin } from "./arrays.ts";
import { constantTable } from "./constants.ts";
import { callBuiltin, callPrelude } from "./builtins.ts";
import type { Call } from "./calls.ts";
import { listOf } from "./collections.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { formatted, hasFixed, splitText } from "./formats.ts";
import { holdsCells } from "./held.ts";
import { findKind, memory, newSpace } from "./inputs.ts";
import { indexOfText, placeInList } from "./lookups.ts";
import { builtinMethod, split } from "./objects.ts";
import { asOneStr } from "./joined.ts";
import { concat, isChosenText, numberOfText } from "./operators.ts";
import { matching, matchingAll, replacing, searching, splitByPattern } from "./searching.ts";
import { memoryOf } from "./sequences.ts";
import { integer } from "./texts.ts";
import { throwUnless } from "./tries.ts";
import { num, prim, undefinedValue, type Abs, type Alt, type Mem, type Memory, type Prim, type Str, type Sum, type Text } from "./values.ts";
import { allocateBlock, require } from "./vectors.ts";

/** What is known of the caller's strings: whether something asked for their characters, or compared them as a whole. */
export interface Looks { readonly path: Path; into: boolean; compared: boolean }

/** A string of the caller's. */
export function inputText(ev: Evaluator, path: Path, ptr: Value, len: Value): Str {
  ev.texts.set(pathKey(path), { path, into: false, compared: false });
  return { k: "str", ptr, len, whole: path };
}
export const textSpace = (ev: Evaluator): number => textMemory(ev).space;

/** One of several things, a string among them: a character, or undefined past the end. */
export const mayBeStr = (a: Abs | undefined): Sum | undefined => (a?.k === "sum" && a.alts.some((alt) => alt.k === "str") ? a : undefined);

/** Something that can't be done with strings unless they are known. */
export function refuseText(ev: Evaluator, message: string, hint: string): Refusal {
  const refusal = ev.refuse("Unsupported", message, hint);
  refusal.promote = promoted([...ev.texts.values()]);
  return refusal;
}
const promoted = (looks: readonly { readonly path: Path }[]): Refusal["promote"] =>
  looks.flatMap(({ path: { root, keys } }) => (typeof root === "object" ? [] : [{ root, keys }]));

/** The strings that the walk took for dynamic, arrays of arrays of arrays, and arrays of whose objects was asked what no column holds, that are to be static after the refusal of all the rest. */
export function promoteAll(ev: Evaluator, refusal: Refusal): void {
  if (refusal.promote.length === 0 && refusal.demote === undefined && refusal.diagnostic.kind !== "Invariant") refusal.promote = [...promoted([...ev.texts.values()]), ...promoted([...deepRows(ev), ...ev.refusedItems.values()]).map(({ root, keys }) => ({ root, keys: [...keys, laidKey] }))];
}
const deepRows = (ev: Evaluator): readonly { readonly path: Path }[] => ev.inputs.flatMap(({ input }) => ((input.as === "rows" && input.levels) || input.as === "grid" || (input.as === "list" && isOfCells(ev, input.path)) ? [input] : []));
const isOfCells = (ev: Evaluator, path: Path): boolean => { const kind = typeof path.root === "object" ? undefined : findKind(ev, path); return kind?.kind === "array" && holdsCells(kind); };

/** The walk is over, and no path returned or threw: what the original alone can do with arrays of arrays of arrays may be done with static ones. */
export function promoteRows(ev: Evaluator): void {
  const reason = ev.exits.find((exit) => exit.kind === "bail");
  if (reason === undefined || !ev.exits.every((exit) => exit.kind === "bail") || deepRows(ev).length === 0) return;
  throw ev.refuse("Todo", reason.reason, "give an array of arrays");
}

/** The walk is over: strings that were only compared as a whole are names. */
export function promoteNames(ev: Evaluator): void {
  const names = [...ev.texts.values()].filter(({ into, compared }) => compared && !into);
  if (names.length === 0) return;
  const refusal = ev.refuse("Unsupported", "a string is compared with names", "make it a slow parameter");
  refusal.promote = promoted(names);
  throw refusal;
}
export function lookAt(ev: Evaluator, text: Str, how: "into" | "compared"): void {
  const looks = text.whole && ev.texts.get(pathKey(text.whole));
  if (looks) looks[how] = true;
}

// ── where strings are ──

/** All strings that are not static: nobody writes them, so that it does not matter which is which. */
function textMemory(ev: Evaluator): Memory {
  let of = ev.heapMemories.get("text");
  if (!of) ev.heapMemories.set("text", (of = memory({ array: "Uint16Array", space: newSpace(ev, "text", "frame", "u16"), name: "text", path: null, local: true, row: true })));
  return of;
}
/** The code units of a string. */
export const unitsOf = (ev: Evaluator, { ptr, len }: Str): Mem => ({ k: "mem", of: textMemory(ev), ptr, len });
/** The code unit at a place that is known to exist. */
const unitAt = (ev: Evaluator, { ptr }: Str, at: Value): Value => ev.b.load("i32.load16_u", ptr, at, 1, 0, textSpace(ev));

const isString = (a: Abs): boolean => a.k === "str" || isText(a);
const isText = (a: Abs | Alt): a is Prim & { readonly value: string } => a.k === "prim" && typeof a.value === "string";
/** A static string as one in memory. */
function constantText(ev: Evaluator, text: string): Str {
  if (text === "") return { k: "str", ptr: ev.b.i32(0), len: ev.b.i32(0) };
  const { ptr } = unitTable(ev, text);
  return { k: "str", ptr, len: ev.b.i32(text.length) };
}
/** The code units of a static string, as a table. */
export const unitTable = (ev: Evaluator, text: string): Mem =>
  constantTable(ev, `text ${text}`, "text", Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)), "Uint16Array", "u16");

/** A string as one in memory; undefined for what is none. */
export const asStr = (ev: Evaluator, a: Abs | Alt): Str | undefined => (a.k === "str" ? a : isText(a) ? constantText(ev, a.value) : undefined);

/** How many characters, where that is static. */
const knownLength = (a: Abs): number | undefined => {
  const length = a.k === "str" ? constantOf(a.len) : isText(a) ? a.value.length : undefined;
  return typeof length === "number" ? length : undefined;
};

/** A part of a string: what is known of it fits in it. */
const part = (ev: Evaluator, { ptr }: Str, from: Value, len: Value): Str => ({ k: "str", ptr: ev.b.op("i32.add", ptr, ev.b.op("i32.shl", from, ev.b.i32(1))), len });

// ── properties ──

export function getOfText(ev: Evaluator, text: Str, key: Abs, name: string | undefined): Abs {
  const index = name === undefined || /^(0|[1-9][0-9]{0,9})$/.test(name) ? (name === undefined ? key : prim(Number(name))) : undefined;
  if (index) { lookAt(ev, text, "into"); return characterAt(ev, text, index, undefinedValue); }
  if (name === "length") { lookAt(ev, text, "into"); return ev.fromI32(text.len); }
  return builtinMethod(ev, "String.prototype", name, text);
}

/** The character at an index, `absent` where there is none. */
function characterAt(ev: Evaluator, text: Str, index: Abs, absent: Prim): Abs {
  if (index.k !== "num" && !(index.k === "prim" && typeof index.value === "number")) {
    if (index.k !== "sum" || !index.payload) throw refuseText(ev, "a string is read by a key that is no number", "use a number");
    index = num(ev.toF64(index)); // undefined as an index reads the property "undefined": absent, as NaN is
  }
  const ok = isWithin(ev, index, text.len), known = constantOf(ok);
  if (known === 0) return absent;
  const at = ev.toI32(index);
  if (known === 1) return part(ev, text, at, ev.b.i32(1));
  // whether it is there may be asked after a look at it: that has to be somewhere, and an empty string has no place at all
  const there = part(ev, text, at, ev.b.i32(1));
  const one: Str = { ...there, ptr: ev.b.op("i32.select", ok, there.ptr, unitTable(ev, "\0").ptr) };
  if (absent.value === "") return { ...one, len: ok };
  return { k: "sum", tag: ev.b.op("i32.eqz", ok), payload: null, alts: [one, absent] };
}

// ── comparing ──

/** A test of strings is written in place up to this length. */
const mostCompared = 8;

export function equalTexts(ev: Evaluator, a: Str | Prim, b: Str | Prim): boolean | Value {
  for (const x of [a, b]) if (x.k === "str") lookAt(ev, x, "compared");
  const [m, n] = [knownLength(a), knownLength(b)];
  if (m !== undefined && n !== undefined && m !== n) return false;
  if (a.k !== "str") return b.k === "str" ? equalTexts(ev, b, a) : a.value === b.value;
  const length = n ?? m;
  if (length === undefined || length > mostCompared) {
    const result = internal(ev, "Equals", a, [b]);
    return result.k === "bool" ? result.v : result.k === "prim" && result.value === true;
  }
  const unit = (x: Str | Prim, i: number): Value => (x.k === "str" ? unitAt(ev, x, ev.b.i32(i)) : ev.b.i32((x.value as string).charCodeAt(i)));
  const units = (): Value => {
    let all = ev.b.i32(1);
    for (let i = 0; i < length; i++) { const is = ev.b.op("i32.eq", unit(a, i), unit(b, i)); all = i === 0 ? is : ev.b.op("i32.and", all, is); }
    return all;
  };
  if (m !== undefined && n !== undefined) { const all = units(), known = constantOf(all); return known === undefined ? all : known !== 0; }
  const asLong = ev.b.op("i32.eq", a.len, b.k === "str" ? b.len : ev.b.i32(length));
  return length === 0 ? asLong : ev.b.if(asLong, ["i32"], () => [units()], () => [ev.b.i32(0)])[0]!;
}

/** The order of two strings as a number that is compared with 0. */
export function orderOfTexts(ev: Evaluator, a: Str | Prim, b: Str | Prim): Abs {
  for (const x of [a, b]) if (x.k === "str") lookAt(ev, x, "into");
  const unit = (x: Str | Prim): Value => (x.k === "str" ? unitAt(ev, x, ev.b.i32(0)) : ev.b.i32((x.value as string).charCodeAt(0)));
  if (knownLength(a) === 1 && knownLength(b) === 1) return ev.fromI32(ev.b.op("i32.sub", unit(a), unit(b)));
  return internal(ev, "Order", a, [b]);
}

// ── numbers ──

/** ToNumber of a string. */
export function numberOfStr(ev: Evaluator, text: Str): Value {
  lookAt(ev, text, "into");
  return ev.toF64(internal(ev, knownLength(text) === 1 ? "Digit" : "Number", text, []));
}

// ── methods ──

export type Method = (ev: Evaluator, self: Str, args: readonly Abs[], call: Call | undefined) => Abs;

const internal = (ev: Evaluator, name: string, self: Abs, args: readonly Abs[], call?: Call): Abs =>
  callPrelude(ev, ev.request.prelude(`internal.text${name}`)!, self, args, call);

/** A part that a prelude function finds: where it begins, and how long it is. */
const cut = (name: string): Method => (ev, self, args, call) => {
  const [from, length] = listOf(ev, internal(ev, name, self, args, call)).map((x) => ev.toI32(x)) as [Value, Value];
  return part(ev, self, from, length);
};
/** What a prelude function finds of a string in another one. */
const search = (name: string): Method => (ev, self, [given = undefinedValue, ...more], call) => {
  const wanted = given.k === "prim" && typeof given.value !== "symbol" ? prim(String(given.value)) : given;
  if (!asStr(ev, wanted)) throw refuseText(ev, "what is searched for in a string is none", "search for a string");
  lookAt(ev, self, "into");
  if (wanted.k === "str") lookAt(ev, wanted, "into");
  return internal(ev, name, self, [wanted, ...more], call);
};
/** The pieces between a string's, or a pattern's, as a list of the kernel's own. */
const pieces: Method = (ev, self, [by = undefinedValue, ...limit], call) => {
  const between = limit.length === 0 ? splitByPattern(ev, self, by, call) : undefined;
  if (between) return between;
  if (limit.length > 0 || !asStr(ev, by)) throw refuseText(ev, "a string that is not static is split at what is no string, or up to a limit", "split it at a string");
  lookAt(ev, self, "into");
  if (by.k === "str") lookAt(ev, by, "into");
  return internal(ev, "Split", self, [by], call);
};
/** The first of a string in it, by another one that says nothing of what was found. */
const replaced: Method = (ev, self, args, call) => {
  const [what = undefinedValue, by = undefinedValue] = args;
  if (what.k !== "str") return replacing(false)(ev, self, args, call);
  if (!asStr(ev, by) || by.k === "str" || String((by as Prim).value).includes("$")) throw refuseText(ev, "a text that is not static is searched or taken apart", "replace a string by one that is known, without $");
  lookAt(ev, self, "into");
  lookAt(ev, what, "into");
  return internal(ev, "Replace", self, [what, by], call);
};
/** What iterating over it gives. */
export function lettersOf(ev: Evaluator, self: Str, call?: Call): Abs {
  lookAt(ev, self, "into");
  return internal(ev, "Letters", self, [], call);
}
const mostAscii = 128;
/** Of a character a place in a table of those of ASCII; of a string a new one. What is not ASCII is the original's. */
const inCase = (name: "toLowerCase" | "toUpperCase"): Method => (ev, self) => {
  const table = unitTable(ev, Array.from({ length: mostAscii }, (_, code) => String.fromCharCode(code)[name]()).join("")), space = textSpace(ev);
  const keepAscii = (codes: Value): void => require(ev, ev.b.op("i32.lt_u", codes, ev.b.i32(mostAscii)), "a character that is not ASCII changes its case");
  if (knownLength(self) === 1) {
    const code = unitAt(ev, self, ev.b.i32(0));
    keepAscii(code);
    return part(ev, { k: "str", ptr: table.ptr, len: self.len }, code, self.len);
  }
  const ptr = allocateBlock(ev, ev.b.op("i32.and", ev.b.op("i32.add", ev.b.op("i32.shl", self.len, ev.b.i32(1)), ev.b.i32(31)), ev.b.i32(-16)));
  const label = ev.b.label("case"), zero = ev.b.i32(0);
  const [codes] = ev.b.loop(label, [zero, zero], ["i32"], ([i, seen]) => {
    ev.b.if(ev.b.op("i32.lt_s", i!, self.len), [], () => {
      const code = unitAt(ev, self, i!);
      const other = ev.b.load("i32.load16_u", table.ptr, ev.b.op("i32.and", code, ev.b.i32(mostAscii - 1)), 1, 0, space);
      ev.b.store("i32.store16", ptr, i!, other, 1, 0, space);
      ev.b.br(label, [ev.b.op("i32.add", i!, ev.b.i32(1)), ev.b.op("i32.or", seen!, code)]);
      return null;
    }, () => []);
    return [seen!];
  });
  keepAscii(codes!);
  return { k: "str", ptr, len: self.len };
};
/** String.fromCharCode of numbers that are not static: a new string of as many characters. */
export function textOfCodes(ev: Evaluator, codes: readonly Abs[]): Str {
  const units = codes.map((code) => ev.toI32(code));
  const ptr = allocateBlock(ev, ev.b.i32((2 * units.length + 15) & -16));
  units.forEach((unit, i) => { ev.b.store("i32.store16", ptr, ev.b.i32(i), unit, 1, 0, textSpace(ev)); });
  return { k: "str", ptr, len: ev.b.i32(units.length) };
}
/** The same of as many numbers as there are, or of the first of them: of a new array of code units. */
export function textOfUnits(ev: Evaluator, units: Abs, count?: Value): Str {
  const from = memoryOf(ev, units), len = count ?? from.len, bytes = ev.b.op("i32.shl", len, ev.b.i32(1));
  const ptr = allocateBlock(ev, ev.b.op("i32.and", ev.b.op("i32.add", bytes, ev.b.i32(31)), ev.b.i32(-16)));
  ev.b.append({ op: "memory.copy", space: textSpace(ev), from: from.of.space, args: [ptr, from.ptr, bytes], results: [], place: ev.b.place });
  return { k: "str", ptr, len };
}
const unchanged: Method = (_, self) => self;

const byPrelude = (name: string): Method => (ev, self, args, call) =>
  callPrelude(ev, ev.request.prelude(`String.prototype.${name}`)!, self, args.map((a) => (a.k === "text" ? asOneStr(ev, a) ?? a : a)), call);

const methods: Record<string, Method> = {
  charCodeAt: (ev, self, [index = undefinedValue]) => ev.fromF64(ev.toF64(readElement(ev, unitsOf(ev, self), integer(ev, index)))),
  charAt: (ev, self, [index = undefinedValue]) => characterAt(ev, self, integer(ev, index), prim("") as Prim),
  at: (ev, self, [index = undefinedValue], call) => characterAt(ev, self, internal(ev, "Place", self, [integer(ev, index)], call), undefinedValue),
  codePointAt: (ev, self, [index = undefinedValue], call) => internal(ev, "CodePoint", self, [integer(ev, index)], call),
  slice: cut("Slice"), substring: cut("Substring"), substr: cut("Substr"), trim: cut("Trim"), trimStart: cut("TrimStart"), trimEnd: cut("TrimEnd"),
  indexOf: search("IndexOf"), lastIndexOf: search("LastIndexOf"), includes: search("Includes"), startsWith: search("StartsWith"), endsWith: search("EndsWith"),
  split: pieces, replace: replaced, replaceAll: replacing(true), match: matching, matchAll: matchingAll, search: searching, toLowerCase: inCase("toLowerCase"), toUpperCase: inCase("toUpperCase"),
  repeat: byPrelude("repeat"), padStart: byPrelude("padStart"), padEnd: byPrelude("padEnd"),
  toString: unchanged, valueOf: unchanged,
  concat: (ev, self, args) => args.reduce((all: Abs, a) => concat(ev, all, a), self),
};

/** Of how many characters of a static text one is told by its place; of more it is one of a text in memory. */
export const mostCharacters = 256;
/** Whether a part of a static text is taken at places that are not static. */
const isPartAt = (method: string, args: readonly Abs[]): boolean => /^(?:at|codePointAt|slice|substring|substr)$/.test(method) && args.some((a) => a.k === "num");
/** A character of a static text, of more than one is told by its place. */
export const characterOf = (ev: Evaluator, text: string, index: Abs, absent: Prim): Abs => characterAt(ev, constantText(ev, text), index, absent);

/** One of several strings, where it is there: past the end of a table nothing is. */
function presentText(ev: Evaluator, self: Abs): Sum | undefined {
  if (self.k !== "sum") return undefined;
  const alts = self.alts.map((alt) => (alt.k === "prim" && alt.value === undefined ? prim("") : alt)), texts: Sum = { ...self, alts };
  if (!isChosenText(texts)) return undefined;
  self.alts.forEach((alt, i) => { if (alt !== alts[i]) throwUnless(ev, ev.b.op("i32.eqz", ev.tagIs(self, i)), "a property of undefined or null is read"); });
  return texts;
}

/** What leaves a text as it is, or adds to it: none has blanks around a number. */
const isLeft = (method: string, self: Text): boolean => /^(?:toString|valueOf|concat)$/.test(method) || (method.startsWith("trim") && numberOfText(self) !== undefined);
/** A method of a string that is not static, or one that takes such a string; undefined where another rule holds. */
export function callOfText(ev: Evaluator, name: string, self: Abs, args: readonly Abs[], call: Call | undefined): Abs | undefined {
  const method = /^String\.prototype\.(\w+)$/.exec(name)?.[1];
  if (method !== undefined && isString(self)) {
    const at = args.findIndex((a) => mayBeStr(a) || (self.k === "prim" && a.k === "sum" && a.alts.every((alt) => alt.k === "prim")));
    if (at >= 0) return split(ev, args[at] as Sum, (one) => callBuiltin(ev, name, self, args.with(at, one), call));
  }
  if (args.length === 1 && args[0]!.k === "str" && (name === "Array.prototype.indexOf" || name === "Array.prototype.includes")) {
    const at = placeInList(ev, self, args[0]);
    if (at) return name.endsWith("indexOf") ? ev.fromI32(at) : ev.fromBool(ev.b.op("i32.ge_s", at, ev.b.i32(0)));
  }
  const texts = method === "split" && self.k === "text" && args.length === 1 ? splitText(self, args[0]!) : undefined;
  if (texts) return ev.allocate({ t: "array", items: texts });
  if (method !== undefined && self.k === "text" && Object.hasOwn(methods, method) && !isLeft(method, self)) {
    const there = ((hasFixed(self) || method.startsWith("pad")) && formatted(ev, name, self, args)) || asOneStr(ev, self);
    if (there?.k === "text") return there;
    if (there) return callBuiltin(ev, name, there, args, call);
  }
  const chosen = method !== undefined && Object.hasOwn(methods, method) && (args.some((a) => a.k === "str") || isPartAt(method, args) || (/^char(?:Code)?At$/.test(method) && args[0]?.k === "num")) ? presentText(ev, self) : undefined;
  if (chosen) return callBuiltin(ev, name, asOneStr(ev, chosen)!, args, call);
  const several = method !== undefined && Object.hasOwn(methods, method) ? mayBeStr(self) : undefined;
  if (several) return split(ev, several, (one) => (isString(one) ? callBuiltin(ev, name, one, args, call) : ev.bail("a method of strings is called on something else")));
  if (method === undefined || !(self.k === "str" || (isText(self) && (args.some((a) => a.k === "str") || isPartAt(method, args))))) return undefined;
  if (self.k === "prim") {
    const [wanted] = args, text = self.value as string;
    if (args.length === 1 && wanted!.k === "str" && (method === "indexOf" || method === "includes") && knownLength(wanted!) === 1) {
      const at = indexOfText(ev, text.split(""), wanted as Str);
      if (at) return method === "indexOf" ? ev.fromI32(at) : ev.fromBool(ev.b.op("i32.ge_s", at, ev.b.i32(0)));
    }
  }
  const rule = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (!rule) throw refuseText(ev, `the method ${method} of a string that is not static is called`, "use its character codes");
  const text = asStr(ev, self)!;
  if (method !== "toString" && method !== "valueOf" && method !== "concat") lookAt(ev, text, "into");
  return rule(ev, text, args, call);
}

/** A string's bytes in UTF-8. */
export function bytesOfText(ev: Evaluator, text: Str, call: Call | undefined): Abs {
  lookAt(ev, text, "into");
  return internal(ev, "Bytes", text, [], call);
}

/** parseInt, parseFloat and the like of a string. */
export function parseText(ev: Evaluator, name: "ParseInt" | "ParseFloat", text: Str, args: readonly Abs[], call: Call | undefined): Abs {
  lookAt(ev, text, "into");
  return internal(ev, name, text, args, call);
}

/** One step over a string's characters, of which a pair of surrogates is one: how many code units it has. */
export function characterFrom(ev: Evaluator, text: Str, index: Abs): { readonly character: Str; readonly next: Abs } {
  const next = internal(ev, "Next", text, [index]);
  const from = ev.toI32(index);
  return { character: part(ev, text, from, ev.b.op("i32.sub", ev.toI32(next), from)), next };
}

