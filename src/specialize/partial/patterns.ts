// Regular expressions over strings that vary from call to call, as JavaScript of our own that the walk takes like the user's (prelude.ts).
//
//   s.replace(/\s+/g, "")     →   a loop over the code units: from each place on, how far the pattern goes; what lies between is copied
//
// Taken are patterns of which no part is ever given back, so that what matches at a place is found by one step forward for each code unit:
// alternatives of classes in a row (`\s`, `[^a-z]`, `.`, `x`), each as often as it says (`+ * ? {2,4}`), between anchors. That holds where no class that
// may stand a varying number of times meets one that may follow it. Which code units a class has is asked of the engine's own RegExp.
//
// Refused (undefined): groups, references, lazy quantifiers, look-around, `\b`, and the flags m (with an anchor), u, v, y, d.

/** Code units from the first one to the second one, in ascending order. */
type Range = readonly [number, number];
interface Item { readonly ranges: readonly Range[]; readonly least: number; readonly most: number }
interface Alternative { readonly atStart: boolean; readonly items: readonly Item[]; readonly atEnd: boolean }

/** What is done with what a pattern finds. */
export type Use = "test" | "search" | "match" | "matches" | "split" | "replace" | "replaceAll";
/** What takes the place of what was found: a template of the language's, a function's result, or a string of run time. */
export type Replacement = { readonly template: string } | "function" | "text";
/** A pattern, or a string as it is. */
export type Source = { readonly source: string; readonly flags: string } | { readonly text: string };

const prefix = "internal.pattern ";
/** The name of the prelude function that does it; undefined where the pattern is not taken. */
export function patternName(use: Use, source: Source, to?: Replacement): string | undefined {
  return alternativesOf(source) && `${prefix}${JSON.stringify([use, source, to])}`;
}
/** The source of a prelude function by that name. */
export function patternText(name: string): string | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const [use, source, to] = JSON.parse(name.slice(prefix.length)) as [Use, Source, Replacement | null];
  return uses[use](alternativesOf(source)!, to ?? "text");
}

// ── what a pattern is ──

const atom = /\[(?:\\[^]|[^\]\\])*\]|\\(?:[dDsSwWtnrfv]|0(?!\d)|x[\da-fA-F]{2}|u[\da-fA-F]{4}|[^\w])|[^\\^$*+?()[\]{}|]/y;
const quantifier = /([*+?]|\{(\d+)(?:(,)(\d*))?\})(?!\?)/y;

function alternativesOf(source: Source): readonly Alternative[] | undefined {
  if ("text" in source) return [{ atStart: false, atEnd: false, items: Array.from({ length: source.text.length }, (_, i) => ({ ranges: [[source.text.charCodeAt(i), source.text.charCodeAt(i)]], least: 1, most: 1 })) }];
  const key = `${source.flags}/${source.source}`;
  if (!parsed.has(key)) {
    if (parsed.size >= mostParsed) parsed.clear();
    parsed.set(key, parse(source.source, source.flags));
  }
  return parsed.get(key);
}
const parsed = new Map<string, readonly Alternative[] | undefined>(), mostParsed = 500;

function parse(source: string, flags: string): readonly Alternative[] | undefined {
  if (/[uvyd]/.test(flags)) return undefined;
  const alternatives: Alternative[] = [];
  for (let at = 0; ;) {
    const atStart = source[at] === "^", items: Item[] = [];
    if (atStart) at++;
    while (at < source.length && source[at] !== "|" && source[at] !== "$") {
      atom.lastIndex = at;
      const [one] = atom.exec(source) ?? [];
      if (one === undefined) return undefined;
      quantifier.lastIndex = at += one.length;
      const times = quantifier.exec(source);
      if (times) at += times[0].length;
      items.push({ ranges: unitsOf(one, flags), ...timesOf(times) });
    }
    const atEnd = source[at] === "$";
    if (atEnd) at++;
    if ((atStart || atEnd) && flags.includes("m")) return undefined;
    if (!givesNothingBack(items)) return undefined;
    alternatives.push({ atStart, items, atEnd });
    if (at === source.length) return alternatives;
    if (source[at++] !== "|") return undefined;
  }
}
function timesOf(found: RegExpExecArray | null): { readonly least: number; readonly most: number } {
  if (!found) return { least: 1, most: 1 };
  const [, sign, least, comma, most] = found;
  if (least === undefined) return { least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : Infinity };
  return { least: Number(least), most: comma === undefined ? Number(least) : most === "" ? Infinity : Number(most) };
}

let units: string | undefined;
/** all of them, one behind the other; made when somebody asks */
const everyUnit = (): string => (units ??= Array.from({ length: 65536 }, (_, code) => String.fromCharCode(code)).join(""));
/** The code units that an atom matches, as the engine says: without the flags u and v it is always one. */
function unitsOf(one: string, flags: string): readonly Range[] {
  const runs = everyUnit().matchAll(new RegExp(`(?:${one})+`, `g${flags.replace(/[gm]/g, "")}`));
  return Array.from(runs, ({ 0: { length }, index }): Range => [index, index + length - 1]);
}

/** After as many code units as an item can have, the next is none that may follow; where fewer were taken, the next would be one of its own. */
function givesNothingBack(items: readonly Item[]): boolean {
  return items.every(({ ranges, least, most }, i) => {
    if (least === most) return true;
    for (const next of items.slice(i + 1)) {
      if (next.most > 0 && meet(ranges, next.ranges)) return false;
      if (next.least > 0) break;
    }
    return true;
  });
}
const meet = (a: readonly Range[], b: readonly Range[]): boolean => a.some(([from, to]) => b.some(([first, last]) => from <= last && first <= to));

// ── as JavaScript ──

/** Whether `c` is one of the code units, by bisection. */
function isOneOf(ranges: readonly Range[]): string {
  if (ranges.length === 0) return "false";
  if (ranges.length > 1) { const half = ranges.length >> 1; return `(c < ${ranges[half]![0]} ? ${isOneOf(ranges.slice(0, half))} : ${isOneOf(ranges.slice(half))})`; }
  const [from, to] = ranges[0]!;
  return from === to ? `c === ${from}` : `c >= ${from} && c <= ${to}`;
}

const next = ({ ranges }: Item, otherwise: string): string => `if (at >= n) ${otherwise} { const c = this.charCodeAt(at); if (!(${isOneOf(ranges)})) ${otherwise} } at++;`;
function stepsOf(item: Item, leave: string): string {
  const { least, most } = item;
  if (most === 0) return "";
  if (least === 1 && most === 1) return next(item, leave);
  const isCounted = least > 1 || (most !== 1 && most !== Infinity);
  if (isCounted) return `{ let k = 0; for (; ${most === Infinity ? "" : `k < ${most}`}; k++) { ${next(item, "break;")} } ${least > 0 ? `if (k < ${least}) ${leave}` : ""} }`;
  return `${least === 1 ? next(item, leave) : ""} ${most === 1 ? `do { ${next(item, "break;")} } while (false);` : `for (;;) { ${next(item, "break;")} }`}`;
}
/** Sets `e` to where what matches from `i` on ends, −1 where nothing does. */
const matchAt = (alternatives: readonly Alternative[]): string => `let e = -1; found: { ${alternatives.map(({ atStart, items, atEnd }, j) => {
  const leave = `break other${j};`;
  return `other${j}: { ${atStart ? `if (i !== 0) ${leave}` : ""} let at = i; ${items.map((item) => stepsOf(item, leave)).join(" ")} ${atEnd ? `if (at !== n) ${leave}` : ""} e = at; break found; }`;
}).join(" ")} }`;
/** Does something with the first that matches. */
const first = (alternatives: readonly Alternative[], then: string): string =>
  `const n = this.length; for (let i = 0, last = ${lastPlace(alternatives)}; i <= last; i++) { ${matchAt(alternatives)} if (e >= 0) { ${then} } }`;
/** … with each: where one was found that has no code units, the search goes on one further. */
const each = (alternatives: readonly Alternative[], then: string): string =>
  `const n = this.length; for (let i = 0, last = ${lastPlace(alternatives)}; i <= last;) { ${matchAt(alternatives)} if (e < 0) { i++; continue; } ${then} i = e > i ? e : i + 1; }`;
const lastPlace = (alternatives: readonly Alternative[]): string => (alternatives.every(({ atStart }) => atStart) ? "0" : "n");

const found = "const found = [this.slice(i, e)]; found.index = i; found.input = this.slice(0); found.groups = undefined;";

/** What stands in the place of what was found, as an expression. */
function replacementOf(to: Replacement): string {
  if (to === "text") return "by";
  if (to === "function") return "`${by(this.slice(i, e), i, this.slice(0))}`";
  const parts = { $$: '"$"', "$&": "this.slice(i, e)", "$`": "this.slice(0, i)", "$'": "this.slice(e)" };
  return to.template.split(/(\$[$&`'])/).filter((part) => part !== "").map((part) => parts[part as keyof typeof parts] ?? JSON.stringify(part)).join(" + ") || '""';
}
/** A string of run time that says something of what was found is the original's. */
const expectPlain = (to: Replacement): string => (to === "text" ? 'if (by.includes("$")) null.template;' : "");

const uses: Record<Use, (alternatives: readonly Alternative[], to: Replacement) => string> = {
  test: (p) => `function () { ${first(p, "return true;")} return false; }`,
  search: (p) => `function () { ${first(p, "return i;")} return -1; }`,
  match: (p) => `function () { ${first(p, `${found} return found;`)} return null; }`,
  matches: (p) => `function () { const out = []; ${each(p, "out.push(this.slice(i, e));")} return out.length === 0 ? null : out; }`,
  replace: (p, to) => `function (by) { ${expectPlain(to)} ${first(p, `return this.slice(0, i) + ${replacementOf(to)} + this.slice(e);`)} return this.slice(0); }`,
  replaceAll: (p, to) => `function (by) { ${expectPlain(to)} let out = "", from = 0; ${each(p, `out += this.slice(from, i) + ${replacementOf(to)}; from = e;`)} return out + this.slice(from); }`,
  // what has no code units splits neither at the start of a piece nor at the end
  split: (p) => `function () {
    const out = [], n = this.length; let from = 0;
    if (n === 0) { const i = 0; ${matchAt(p)} if (e >= 0) return out; }
    for (let i = 0; i < n;) { ${matchAt(p)} if (e < 0 || e === from) { i++; continue; } out.push(this.slice(from, i)); from = i = e; }
    out.push(this.slice(from)); return out;
  }`,
};
