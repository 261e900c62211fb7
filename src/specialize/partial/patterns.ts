// Regular expressions over strings that vary from call to call, as JavaScript of our own that the walk takes like the user's (prelude.ts).
//
//   s.replace(/\s+/g, "")     →   a loop over the code units: from each place on, how far the pattern goes; what lies between is copied
//
// regexp.ts says which patterns are taken, matcher.ts how they are matched at a place. Here is what is done with what was found.

import { matchAt, type Kept } from "./matcher.ts";
import { exactly, parseRegExp, type RegularExpression } from "./regexp.ts";

/** What is done with what a pattern finds. */
export type Use = "test" | "search" | "match" | "matches" | "matchAll" | "split" | "replace" | "replaceAll" | Positioned;
/** … from where it was (the flag g), or only there (y) */
type Positioned = "testFrom" | "matchFrom" | "testAt" | "matchAt";
/** What takes the place of what was found: a template of the language's, a function's result, or a string of run time. */
export type Replacement = { readonly template: string } | "function" | "text";
/** A pattern, or a string as it is. */
export type Source = { readonly source: string; readonly flags: string } | { readonly text: string };

const prefix = "internal.pattern ";
/** The name of the prelude function that does it; undefined where the pattern is not taken. */
export function patternName(use: Use, source: Source, to?: Replacement): string | undefined {
  const name = `${prefix}${JSON.stringify([use, source, to])}`;
  return textOf(name) === undefined ? undefined : name;
}
/** The source of a prelude function by that name. */
export const patternText = (name: string): string | undefined => (name.startsWith(prefix) ? textOf(name) : undefined);

/** those asked for last; a name says all that there is to know */
const texts = new Map<string, string | undefined>(), mostTexts = 500;
function textOf(name: string): string | undefined {
  if (!texts.has(name)) {
    if (texts.size >= mostTexts) texts.clear();
    texts.set(name, writtenFor(name));
  }
  return texts.get(name);
}
function writtenFor(name: string): string | undefined {
  const [use, source, to] = JSON.parse(name.slice(prefix.length)) as [Use, Source, Replacement | null];
  const pattern = "text" in source ? exactly(source.text) : parseRegExp(source.source, source.flags);
  return pattern && bodyOf(use, pattern, to ?? "text");
}

/** The statements around the search for what matches from `i` on: `e` is where it ends, −1 where nothing does, `f1` and `t1` where the first group that is kept begins and ends. */
interface Search {
  readonly pattern: RegularExpression;
  /** finds it */
  readonly match: string;
  /** what groups keep, as expressions */
  readonly groups: readonly string[];
}
function searchFor(pattern: RegularExpression, keeps: boolean): Search | undefined {
  const numbers = keeps ? Array.from({ length: pattern.captures }, (_, i) => i + 1) : [];
  const set = (captures: readonly (Kept | undefined)[]): string => numbers.map((k) => `f${k} = ${captures[k]?.from ?? "-1"}; t${k} = ${captures[k]?.to ?? "-1"};`).join(" ");
  const isSure = numbers.map(() => true);
  const match = matchAt(pattern, keeps, (end, captures) => {
    numbers.forEach((k) => { isSure[k - 1] &&= captures[k]?.isSure === true; });
    return `e = ${end}; ${set(captures)}`;
  });
  if (match === undefined) return undefined;
  return {
    pattern, match: `let e = -1${numbers.map((k) => `, f${k} = -1, t${k} = -1`).join("")}; ${match}`,
    groups: numbers.map((k) => (isSure[k - 1] ? `this.slice(f${k}, t${k})` : `(f${k} < 0 ? undefined : this.slice(f${k}, t${k}))`)),
  };
}

/** Does something with the first that matches. */
const first = ({ pattern, match }: Search, then: string): string => `const n = this.length; for (let i = 0, last = ${lastPlace(pattern)}; i <= last; i++) { ${match} if (e >= 0) { ${then} } }`;
/** … from the expression's position on, which is set to where it ends, 0 where nothing matches. */
const fromPosition = ({ pattern, match }: Search, isSticky: boolean, then: string, otherwise: string): string => `const n = this.length, start = Math.max(Math.trunc(pattern.lastIndex) || 0, 0);
  for (let i = start, last = ${isSticky ? `Math.min(start, n)` : lastPlace(pattern)}; i <= last; i++) { ${match} if (e >= 0) { pattern.lastIndex = e; ${then} } } pattern.lastIndex = 0; ${otherwise}`;
/** … with each: where one was found that has no code units, the search goes on one further. */
const each = ({ pattern, match }: Search, then: string): string =>
  `const n = this.length; for (let i = 0, last = ${lastPlace(pattern)}; i <= last;) { ${match} if (e < 0) { i++; continue; } ${then} i = e > i ? e : i + 1; }`;
const lastPlace = ({ body }: RegularExpression): string => (body.every(([term]) => term?.kind === "start" && !term.ofLine) ? "0" : "n");

const namedOf = ({ pattern: { names }, groups }: Search): string => (names.size === 0 ? "undefined" : `{ __proto__: null, ${Array.from(names, ([name, k]) => `${JSON.stringify(name)}: ${groups[k - 1]}`).join(", ")} }`);
const foundOf = (search: Search): string => `const found = [${["this.slice(i, e)", ...search.groups].join(", ")}]; found.index = i; found.input = this.slice(0); found.groups = ${namedOf(search)};`;

/** What stands in the place of what was found, as an expression. */
function replacementOf(search: Search, to: Replacement): string {
  const { pattern: { names }, groups } = search;
  if (to === "text") return "by";
  if (to === "function") return `\`\${by(${["this.slice(i, e)", ...groups, "i", "this.slice(0)", ...(names.size > 0 ? [namedOf(search)] : [])].join(", ")})}\``;
  const parts: Record<string, string> = { $$: '"$"', "$&": "this.slice(i, e)", "$`": "this.slice(0, i)", "$'": "this.slice(e)" };
  const group = (k: number | undefined): string => (k === undefined ? '""' : `(f${k} < 0 ? "" : this.slice(f${k}, t${k}))`);
  const written = Array.from(to.template.matchAll(/\$(?:[$&`']|\d\d?|<[^>]*>)|[^$]+|\$/g), ([part]): string => {
    if (part in parts) return parts[part]!;
    const number = /^\$(\d\d?)$/.exec(part)?.[1], name = /^\$<(.*)>$/s.exec(part)?.[1];
    if (name !== undefined && names.size > 0) return group(names.get(name));
    const digits = number === undefined ? 0 : [number.length, 1].find((length) => isGroup(Number(number.slice(0, length)), groups.length)) ?? 0;
    if (digits === 0) return JSON.stringify(part);
    return [group(Number(number!.slice(0, digits))), ...(digits < number!.length ? [JSON.stringify(number!.slice(digits))] : [])].join(" + ");
  });
  return written.length === 0 ? '""' : `"" + ${written.join(" + ")}`;
}
const isGroup = (k: number, count: number): boolean => k >= 1 && k <= count;
/** A string of run time that says something of what was found is the original's. */
const expectPlain = (to: Replacement): string => (to === "text" ? 'if (by.includes("$")) null.template;' : "");

interface Form {
  /** whether what groups keep is asked for */
  readonly keeps: boolean;
  write(search: Search, to: Replacement): string;
}
const positioned = (isSticky: boolean): Record<"test" | "match", Form> => ({
  test: { keeps: false, write: (s) => `function (pattern) { ${fromPosition(s, isSticky, "return true;", "return false;")} }` },
  match: { keeps: true, write: (s) => `function (pattern) { ${fromPosition(s, isSticky, `${foundOf(s)} return found;`, "return null;")} }` },
});
const forms: Record<Use, Form> = {
  testFrom: positioned(false).test, matchFrom: positioned(false).match, testAt: positioned(true).test, matchAt: positioned(true).match,
  test: { keeps: false, write: (s) => `function () { ${first(s, "return true;")} return false; }` },
  search: { keeps: false, write: (s) => `function () { ${first(s, "return i;")} return -1; }` },
  match: { keeps: true, write: (s) => `function () { ${first(s, `${foundOf(s)} return found;`)} return null; }` },
  matches: { keeps: false, write: (s) => `function () { const out = []; ${each(s, "out.push(this.slice(i, e));")} return out.length === 0 ? null : out; }` },
  matchAll: { keeps: true, write: (s) => `function () { const out = []; ${each(s, `${foundOf(s)} out.push(found);`)} return out; }` },
  replace: { keeps: true, write: (s, to) => `function (by) { ${expectPlain(to)} ${first(s, `return this.slice(0, i) + ${replacementOf(s, to)} + this.slice(e);`)} return this.slice(0); }` },
  replaceAll: { keeps: true, write: (s, to) => `function (by) { ${expectPlain(to)} let out = "", from = 0; ${each(s, `out += this.slice(from, i) + ${replacementOf(s, to)}; from = e;`)} return out + this.slice(from); }` },
  // what has no code units splits neither at the start of a piece nor at the end
  split: {
    keeps: true, write: (s) => `function () {
    const out = [], n = this.length; let from = 0;
    if (n === 0) { const i = 0; ${s.match} if (e >= 0) return out; }
    for (let i = 0; i < n;) { ${s.match} if (e < 0 || e === from) { i++; continue; } out.push(${["this.slice(from, i)", ...s.groups].join(", ")}); from = i = e; }
    out.push(this.slice(from)); return out;
  }`,
  },
};
function bodyOf(use: Use, pattern: RegularExpression, to: Replacement): string | undefined {
  const { keeps, write } = forms[use], search = searchFor(pattern, keeps);
  return search && write(search, to);
}
