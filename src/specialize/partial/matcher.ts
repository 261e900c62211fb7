// Where a regular expression matches, as JavaScript of our own: each term tests what stands at its place, and holds what follows it within, so that what
// follows is tried for each way in which the term can match, in the language's order, until one leads to the end.
//
//   /^(\d+)-x/   →   if (i === 0) { let p1 = i; while (…digit at p1…) p1++; if (p1 >= i + 1) { if (…"-" at p1…) { if (…"x" at p1 + 1…) { accept } } } }
//
// Where a term that varies can be taken in one way only that lets anything follow, no other is tried: what it repeats is nothing that may follow (`isSettled`).
// A group of which at most one way leads to its end is left before what follows is tried, which then stands there once. A group that is repeated and isn't
// settled calls itself. Refused (undefined): what would stand there too often (`mostTerms`), and groups that are repeated of which one turn has several ways.

import type { Alternatives, Range, RegularExpression, Sequence, Term, Times } from "./regexp.ts";

/** A place in the text: a variable, and so many code units behind it. */
interface Place { readonly base: string; readonly plus: number }
const at = ({ base, plus }: Place): string => (plus === 0 ? base : `${base} ${plus < 0 ? "-" : "+"} ${Math.abs(plus)}`);
const behind = ({ base, plus }: Place, n: number): Place => ({ base, plus: plus + n });

/** Where a group that is kept begins and ends, as expressions; `isSure` where it always was there. Groups that aren't there have begun at −1. */
export interface Kept { readonly from: string; readonly to: string; readonly isSure: boolean }
type Captures = readonly (Kept | undefined)[];
type Then = (place: Place, captures: Captures) => string;

/** What may stand first in what follows: its code units; `asks`: what has none may fail here and not elsewhere (`\b`, what looks around, what begins a line). */
interface First { readonly ranges: readonly Range[]; readonly asks: boolean }
const nothing: First = { ranges: [], asks: false }, anything: First = { ranges: [], asks: true };
const either = (a: First, b: First): First => ({ ranges: [...a.ranges, ...b.ranges], asks: a.asks || b.asks });
const meet = (a: readonly Range[], b: readonly Range[]): boolean => a.some(([from, to]) => b.some(([first, last]) => from <= last && first <= to));
const isApart = (a: readonly Range[], b: First): boolean => !b.asks && !meet(a, b.ranges);

const mayBeEmpty = (body: Alternatives): boolean => body.some((terms) => terms.every(canBeEmpty));
const canBeEmpty = (term: Term): boolean => (term.kind === "class" ? term.times.least === 0 : term.kind === "group" ? term.times.least === 0 || mayBeEmpty(term.body) : true);
const firstOfAll = (body: Alternatives, then: First): First => body.map((terms) => firstOf(terms, then)).reduce(either, nothing);
function firstOf([term, ...rest]: Sequence, then: First): First {
  if (term === undefined) return then;
  switch (term.kind) {
    case "class": case "group": {
      if (term.times.most === 0) return firstOf(rest, then);
      const own: First = term.kind === "class" ? { ranges: term.ranges, asks: false } : firstOfAll(term.body, nothing);
      return canBeEmpty(term) ? either(own, firstOf(rest, then)) : own;
    }
    case "end": return term.ofLine ? anything : nothing; // no code unit follows the end of the text
    case "start": case "boundary": case "look": case "reference": return anything;
  }
}

/** Of two sequences at most one matches at a place: both begin with as many single classes, of which one pair has nothing in common. */
function exclude([x, ...a]: Sequence, [y, ...b]: Sequence): boolean {
  if (x === undefined || y === undefined || canBeEmpty(x) || canBeEmpty(y)) return false;
  const first = firstOf([x], nothing);
  return (!first.asks && isApart(first.ranges, firstOf([y], nothing))) || (isSingle(x) && isSingle(y) && exclude(a, b));
}
const isSingle = ({ kind, ...term }: Term): boolean => kind === "class" && "times" in term && term.times.least === 1 && term.times.most === 1;
const excludeEachOther = (body: Alternatives): boolean => body.every((a, i) => body.slice(i + 1).every((b) => exclude(a, b)));
/** From a place on, at most one way leads through it to where `then` may follow. */
const hasOneWay = (body: Alternatives, then: First): boolean => (body.length === 1 || excludeEachOther(body)) && body.every((terms) => terms.every((term, i) => isOneWay(term, firstOf(terms.slice(i + 1), then))));
function isOneWay(term: Term, then: First): boolean {
  if (term.kind === "class") return term.times.least === term.times.most || isSettledClass(term, then);
  if (term.kind !== "group") return true;
  return term.times.least === term.times.most ? hasOneWay(term.body, term.times.most > 1 ? either(firstOfAll(term.body, nothing), then) : then) : isSettledGroup(term, then);
}
const isSettledClass = ({ ranges, times }: Term & { kind: "class" }, then: First): boolean => !times.isLazy && isApart(ranges, then);
/** As often as possible is the only number of times after which anything may follow. */
function isSettledGroup({ body, times }: Term & { kind: "group" }, then: First): boolean {
  const own = firstOfAll(body, nothing);
  return !times.isLazy && !mayBeEmpty(body) && !own.asks && isApart(own.ranges, then) && hasOneWay(body, times.most > 1 ? either(own, then) : then);
}

/** Whether `c` is one of the code units, by bisection. */
function isOneOf(ranges: readonly Range[]): string {
  if (ranges.length === 0) return "false";
  if (ranges.length > 1) { const half = ranges.length >> 1; return `(c < ${ranges[half]![0]} ? ${isOneOf(ranges.slice(0, half))} : ${isOneOf(ranges.slice(half))})`; }
  const [from, to] = ranges[0]!;
  return from === to ? `c === ${from}` : `c >= ${from} && c <= ${to}`;
}
const wordUnits: readonly Range[] = [[48, 57], [65, 90], [95, 95], [97, 122]], lineEnds: readonly Range[] = [[10, 10], [13, 13], [0x2028, 0x2029]];

const mostTerms = 300, mostCopies = 8;
const tooLong = Symbol();

/**
 * A statement that does `accept` once where the expression matches the string `this`, of length `n`, from `i` on. `accept` is told where groups that are
 * kept stand, if they are asked for (`keeps`). Undefined where that would be too long.
 */
export function matchAt(pattern: RegularExpression, keeps: boolean, accept: (end: string, captures: readonly (Kept | undefined)[]) => string): string | undefined {
  try {
    return `found: { ${new Writer(keeps || refers(pattern.body)).whole(pattern.body, (end, captures) => accept(at(end), captures))} }`;
  } catch (error) {
    if (error === tooLong) return undefined;
    throw error;
  }
}
const refers = (body: Alternatives): boolean => body.some((terms) => terms.some((term) => term.kind === "reference" || ("body" in term && refers(term.body))));

class Writer {
  /** whether places of groups are asked for */
  readonly #keeps: boolean;
  #names = 0;
  #terms = 0;
  /** what leaves the search once all was matched, of what only looks around as well */
  #leave = "break found;";

  constructor(keeps: boolean) { this.#keeps = keeps; }

  whole(body: Alternatives, accept: Then): string { return this.alternatives(body, { base: "i", plus: 0 }, [], nothing, (end, captures) => `${accept(end, captures)} ${this.#leave}`); }

  #name(letter: string): string { return `${letter}${this.#names++}`; }
  alternatives(body: Alternatives, place: Place, captures: Captures, follow: First, then: Then): string {
    return body.map((terms) => this.#sequence(terms, place, captures, follow, then)).join(" ");
  }
  #sequence([term, ...rest]: Sequence, place: Place, captures: Captures, follow: First, then: Then): string {
    if (term === undefined) return then(place, captures);
    if (++this.#terms > mostTerms) throw tooLong;
    return this.#term(term, place, captures, firstOf(rest, follow), (p, c) => this.#sequence(rest, p, c, follow, then));
  }
  #term(term: Term, place: Place, captures: Captures, follow: First, then: Then): string {
    switch (term.kind) {
      case "class": return this.#class(term, place, follow, (p) => then(p, captures));
      case "group": return this.#group(term, place, captures, follow, then);
      case "start": return `if (${at(place)} === 0${term.ofLine ? ` || ${this.#isUnit(behind(place, -1), lineEnds)}` : ""}) { ${then(place, captures)} }`;
      case "end": return `if (${at(place)} === n${term.ofLine ? ` || ${this.#isUnit(place, lineEnds)}` : ""}) { ${then(place, captures)} }`;
      case "boundary": return `if ((${at(place)} > 0 && ${this.#isUnit(behind(place, -1), wordUnits)}) ${term.isNegative ? "===" : "!=="} (${at(place)} < n && ${this.#isUnit(place, wordUnits)})) { ${then(place, captures)} }`;
      case "look": return this.#look(term, place, captures, then);
      case "reference": return this.#reference(captures[term.capture], place, (p) => then(p, captures));
    }
  }
  #isUnit(place: Place, ranges: readonly Range[]): string { return `(${isOneOf(ranges).replace(/\bc\b/g, `this.charCodeAt(${at(place)})`)})`; }
  /** Does something where the code unit is one of them. */
  #ifUnit(place: Place, ranges: readonly Range[], then: string): string { return `if (${at(place)} < n) { const c = this.charCodeAt(${at(place)}); if (${isOneOf(ranges)}) { ${then} } }`; }

  #class(term: Term & { kind: "class" }, place: Place, follow: First, then: (place: Place) => string): string {
    const { ranges, times: { least, most, isLazy } } = term;
    if (most === 0) return then(place);
    if (least === most && least <= mostCopies) return this.#units(ranges, least, place, then);
    const p = this.#name("p"), end: Place = { base: p, plus: 0 }, from = at(place), isEnough = least === 0 ? "" : `if (${p} >= ${at(behind(place, least))})`;
    const isMore = `${p} < n${most === Infinity ? "" : ` && ${p} < ${at(behind(place, most))}`}`;
    const step = `if (!(${isMore})) break; const c = this.charCodeAt(${p}); if (!(${isOneOf(ranges)})) break;`;
    if (isLazy) return `for (let ${p} = ${from}; ; ${p}++) { ${isEnough} { ${then(end)} } ${step} }`;
    const far = `let ${p} = ${from}; ${most === 1 ? this.#ifUnit(place, ranges, `${p}++;`) : `for (;;) { ${step} ${p}++; }`}`;
    if (least === most || isSettledClass(term, follow)) return `{ ${far} ${isEnough} { ${then(end)} } }`;
    return `{ ${far} for (; ${p} >= ${at(behind(place, least))}; ${p}--) { ${then(end)} } }`;
  }
  #units(ranges: readonly Range[], count: number, place: Place, then: (place: Place) => string): string {
    return count === 0 ? then(place) : this.#ifUnit(place, ranges, this.#units(ranges, count - 1, behind(place, 1), then));
  }

  #group(term: Term & { kind: "group" }, place: Place, captures: Captures, follow: First, then: Then): string {
    const { body, times: { least, most, isLazy } } = term;
    if (most === 0) return then(place, captures);
    if (least > mostCopies) throw tooLong;
    const own = firstOfAll(body, nothing);
    if (least > 0) { // one, and then the rest of them
      const rest: Times = { least: least - 1, most: most - 1, isLazy }, isLast = most === 1, next = isLast ? follow : either(own, follow);
      return this.#once(term, place, captures, next, (p, c) => (isLast ? then(p, c) : this.#group({ ...term, times: rest }, p, c, follow, then)));
    }
    if (isSettledGroup(term, follow)) return this.#settled(term, place, captures, follow, then);
    if (most === Infinity) return this.#calling(term, place, captures, follow, then);
    if (most > mostCopies) throw tooLong;
    const more = this.#once(term, place, captures, either(own, follow), (p, c) => this.#unlessEmpty(body, place, p, this.#group({ ...term, times: { least: 0, most: most - 1, isLazy } }, p, c, follow, then)));
    return isLazy ? `${then(place, captures)} ${more}` : `${more} ${then(place, captures)}`;
  }
  /** What may be repeated as often as one likes isn't repeated where it has no code units. */
  #unlessEmpty(body: Alternatives, from: Place, to: Place, then: string): string { return mayBeEmpty(body) ? `if (${at(to)} !== ${at(from)}) { ${then} }` : then; }
  /** The group, once: what was kept in it before isn't any more. */
  #once(term: Term & { kind: "group" }, place: Place, captures: Captures, follow: First, then: Then): string {
    const { body, capture, inner } = term, empty = without(captures, inner);
    const keep: Then = (p, c) => then(p, capture === undefined || !this.#keeps ? c : put(c, capture, { from: at(place), to: at(p), isSure: true }));
    if (body.length === 1 || !hasOneWay(body, follow)) return this.alternatives(body, place, empty, follow, keep);
    const kept = this.#variables(inner), end: Place = { base: this.#name("p"), plus: 0 }, leave = this.#name("group");
    const found = this.alternatives(body, place, empty, follow, (p, c) => `${end.base} = ${at(p)}; ${kept.set(put(c, capture, { from: at(place), to: at(p), isSure: true }))} break ${leave};`);
    return `{ let ${end.base} = -1; ${kept.declare([])} ${leave}: { ${found} } if (${end.base} >= 0) { ${then(end, kept.captures(empty))} } }`;
  }
  /** As often as possible, and then what follows. */
  #settled(term: Term & { kind: "group" }, place: Place, captures: Captures, follow: First, then: Then): string {
    const { body, capture, inner, times: { most } } = term, kept = this.#variables(inner), leave = this.#name("group"), p: Place = { base: this.#name("p"), plus: 0 };
    const next = most > 1 ? either(firstOfAll(body, nothing), follow) : follow, isCounted = most !== 1 && most !== Infinity, k = this.#name("k");
    const found = this.alternatives(body, p, without(captures, inner), next, (end, c) => `${kept.set(put(c, capture, { from: at(p), to: at(end), isSure: true }))} ${p.base} = ${at(end)}; ${most === 1 ? "break" : "continue"} ${leave};`);
    const loop = most === 1 ? `${leave}: { ${found} }` : `${leave}: for (${isCounted ? `let ${k} = 0; ${k} < ${most}; ${k}++` : ";;"}) { ${found} break; }`;
    return `{ let ${p.base} = ${at(place)}; ${kept.declare(captures)} ${loop} ${then(p, kept.captures(captures))} }`;
  }
  /** A function that calls itself for one more, and says whether that led to the end. */
  #calling({ body, capture, inner, times: { isLazy } }: Term & { kind: "group" }, place: Place, captures: Captures, follow: First, then: Then): string {
    const next = either(firstOfAll(body, nothing), follow);
    // where one turn can end in several places, and the next one begin there, the ways are more than anybody can try; the engine knows of some that lead nowhere
    if (!hasOneWay(body, next)) throw tooLong;
    const outside = this.#leave, f = this.#name("more"), p: Place = { base: this.#name("p"), plus: 0 }, kept = this.#variables(inner);
    const call = (end: Place, c: Captures): string => `${f}(${[at(end), ...kept.values(c)].join(", ")})`;
    this.#leave = "return true;";
    const more = this.alternatives(body, p, without(captures, inner), next, (end, c) =>
      this.#unlessEmpty(body, p, end, `if (${call(end, put(c, capture, { from: at(p), to: at(end), isSure: true }))}) return true;`));
    const rest = then(p, kept.captures(captures));
    this.#leave = outside;
    return `{ const ${f} = (${[p.base, ...kept.names].join(", ")}) => { ${isLazy ? `${rest} ${more}` : `${more} ${rest}`} return false; }; if (${call(place, captures)}) ${outside} }`;
  }

  #look({ body, inner, isNegative, behind: lengths }: Term & { kind: "look" }, place: Place, captures: Captures, then: Then): string {
    const ok = this.#name("ok"), leave = this.#name("look"), kept = this.#variables(isNegative ? [] : inner);
    const outside = this.#leave;
    this.#leave = `break ${leave};`;
    const found = body.map((terms, i) => {
      const from = lengths ? behind(place, -lengths[i]!) : place, one = this.#sequence(terms, from, without(captures, inner), nothing, (_, c) => `${ok} = true; ${kept.set(c)} ${this.#leave}`);
      return lengths ? `if (${at(from)} >= 0) { ${one} }` : one;
    }).join(" ");
    this.#leave = outside;
    return `{ let ${ok} = false; ${kept.declare([])} ${leave}: { ${found} } if (${isNegative ? "!" : ""}${ok}) { ${then(place, kept.captures(without(captures, inner)))} } }`;
  }
  /** What a group kept, once more; nothing where it wasn't there. */
  #reference(kept: Kept | undefined, place: Place, then: (place: Place) => string): string {
    if (!kept) return then(place);
    const p = this.#name("p"), length = `(${kept.to}) - (${kept.from})`;
    const same = `${p} <= n && this.slice(${kept.from}, ${kept.to}) === this.slice(${at(place)}, ${p})`;
    const end = `const ${p} = ${at(place)} + (${kept.isSure ? length : `${kept.from} < 0 ? 0 : ${length}`});`;
    return `{ ${end} if (${kept.isSure ? same : `${kept.from} < 0 || ${same}`}) { ${then({ base: p, plus: 0 })} } }`;
  }

  /** Variables for what groups keep that are left before what follows. */
  #variables(numbers: readonly number[]): Variables {
    const all = this.#keeps ? numbers.map((number) => ({ number, from: this.#name("s"), to: this.#name("e") })) : [];
    const names = all.flatMap(({ from, to }) => [from, to]), values = (captures: Captures): string[] => all.flatMap(({ number }) => [captures[number]?.from ?? "-1", captures[number]?.to ?? "-1"]);
    return {
      names, values,
      declare: (captures) => values(captures).map((value, i) => `let ${names[i]} = ${value};`).join(" "),
      set: (captures) => values(captures).map((value, i) => `${names[i]} = ${value};`).join(" "),
      captures: (captures) => all.reduce<Captures>((c, { number, from, to }) => put(c, number, { from, to, isSure: false }), captures),
    };
  }
}
interface Variables {
  readonly names: readonly string[];
  values(captures: Captures): readonly string[];
  declare(captures: Captures): string;
  set(captures: Captures): string;
  captures(captures: Captures): Captures;
}

function put(captures: Captures, number: number | undefined, kept: Kept | undefined): Captures {
  if (number === undefined) return captures;
  const out = [...captures];
  out[number] = kept;
  return out;
}
const without = (captures: Captures, numbers: readonly number[]): Captures => numbers.reduce<Captures>((c, number) => put(c, number, undefined), captures);
