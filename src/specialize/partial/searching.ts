// What takes strings of run time apart by regular expressions, or replaces what it finds in them: which pattern it is, and what stands in its place, is known
// here; patterns.ts makes JavaScript of our own of that, which is walked. A position (`lastIndex`) may vary.

import { callPrelude } from "./builtins.ts";
import type { Call } from "./calls.ts";
import { iteratorOf } from "./collections.ts";
import type { Evaluator } from "./evaluator.ts";
import { asOneStr } from "./joined.ts";
import { concat, isFunction } from "./operators.ts";
import { patternName, type Replacement, type Source, type Use } from "./patterns.ts";
import { lookAt, refuseText, type Method } from "./strings.ts";
import { keepPosition, patternOf } from "./texts.ts";
import { prim, undefinedValue, type Abs, type Obj, type Str } from "./values.ts";

/** What is searched for, where that is known. */
function sourceOf(ev: Evaluator, what: Abs): Source | undefined {
  const pattern = patternOf(ev, what);
  if (pattern) return { source: pattern.source, flags: pattern.flags };
  return what.k === "prim" && typeof what.value !== "symbol" ? { text: String(what.value) } : undefined;
}

function search(ev: Evaluator, use: Use, self: Str, source: Source | undefined, call: Call | undefined, to?: Replacement, by?: Abs): Abs {
  const name = source && patternName(use, source, to);
  if (name === undefined) throw refuseText(ev, "a text that is not static is searched or taken apart", "use a pattern without the flags u and v, or its character codes");
  lookAt(ev, self, "into");
  return callPrelude(ev, ev.request.prelude(name)!, self, by ? [by] : [], call);
}

/** Searches from the start, and is there again when all was found: nothing is left to be seen of the position. */
function fromStart(ev: Evaluator, what: Abs): boolean {
  const pattern = patternOf(ev, what);
  if (!pattern?.global) return false;
  pattern.lastIndex = 0;
  keepPosition(ev, what, pattern);
  return true;
}

/** The first that is found, or each, by something known, by what a function makes of it, or by a string of run time. */
export const replacing = (all: boolean): Method => (ev, self, [what = undefinedValue, by = undefinedValue], call) => {
  const isEach = fromStart(ev, what) || (all && what.k === "prim"), source = sourceOf(ev, what);
  if (all && !isEach && source) return ev.bail("replaceAll without the flag g");
  const use = isEach ? "replaceAll" : "replace";
  if (isFunction(ev, by)) return search(ev, use, self, source, call, "function", by);
  if (by.k === "prim" && typeof by.value !== "symbol") return search(ev, use, self, source, call, { template: String(by.value) });
  const text = by.k === "num" ? asOneStr(ev, concat(ev, prim(""), by)) : by.k === "str" || by.k === "text" ? asOneStr(ev, by) : undefined;
  if (text) lookAt(ev, text, "into");
  return search(ev, use, self, text && source, call, "text", text);
};

/** The same where a regular expression is made of what is none: a string says what its source would be, undefined that it is empty. */
function asPattern(ev: Evaluator, what: Abs): Source | undefined {
  const source = sourceOf(ev, what);
  return source && "text" in source ? { source: what.k === "prim" && what.value === undefined ? "" : source.text, flags: "" } : source;
}

export const matching: Method = (ev, self, [what = undefinedValue], call) => search(ev, fromStart(ev, what) ? "matches" : "match", self, asPattern(ev, what), call);
/** Each, with its groups: all are found at once, since nobody sees the position of the copy that searches. */
export const matchingAll: Method = (ev, self, [what = undefinedValue], call) => {
  const pattern = patternOf(ev, what);
  if (!pattern?.global || pattern.lastIndex !== 0) return ev.bail("matchAll without the flag g, or of a position");
  return iteratorOf(ev, search(ev, "matchAll", self, sourceOf(ev, what), call), "values");
};
export const searching: Method = (ev, self, [what = undefinedValue], call) => search(ev, "search", self, asPattern(ev, what), call);
/** The pieces between what a regular expression finds; undefined for what is none. */
export function splitByPattern(ev: Evaluator, self: Str, by: Abs, call: Call | undefined): Abs | undefined {
  const pattern = patternOf(ev, by);
  return pattern && search(ev, "split", self, { source: pattern.source, flags: pattern.flags }, call);
}

/** A string of run time, or a known one where the position isn't. */
function asSearched(ev: Evaluator, pattern: RegExp, text: Abs): Str | undefined {
  if (text.k === "num") return asOneStr(ev, concat(ev, prim(""), text));
  if (text.k === "str" || text.k === "text") return asOneStr(ev, text);
  return text.k === "prim" && Number.isNaN(pattern.lastIndex) && typeof text.value !== "symbol" ? asOneStr(ev, prim(String(text.value))) : undefined;
}
/** `pattern.test(text)` and `pattern.exec(text)`; undefined where the text is known, and where to begin. With the flags g and y it goes on where it was. */
export function searchedBy(ev: Evaluator, use: "test" | "match", what: Abs, text: Abs, call: Call | undefined): Abs | undefined {
  const pattern = patternOf(ev, what)!, one = asSearched(ev, pattern, text), source = { source: pattern.source, flags: pattern.flags.replace("y", "") };
  if (one?.k !== "str") return undefined;
  if (!pattern.global && !pattern.sticky) return search(ev, use, one, source, call);
  if (ev.object((what as Obj).id).t !== "regexp") throw refuseText(ev, "a regular expression that is frozen, or of a strange position, goes on where it was", "make it in the function");
  return search(ev, use === "test" ? (pattern.sticky ? "testAt" : "testFrom") : pattern.sticky ? "matchAt" : "matchFrom", one, source, call, undefined, what);
}
