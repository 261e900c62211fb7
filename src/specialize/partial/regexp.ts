// What a regular expression says: alternatives of terms in a row. Code units are what is matched; which of them a class has is asked of the engine's own RegExp.
//
// Refused (undefined): the flags u, v, y and d, references where case is ignored, octal escapes, and what looks back over a length that varies, or keeps
// something there.

/** Code units from the first one to the second one, in ascending order. */
export type Range = readonly [number, number];
/** So often; as often as possible first, or as seldom. */
export interface Times { readonly least: number; readonly most: number; readonly isLazy: boolean }
export type Term =
  | { readonly kind: "class"; readonly ranges: readonly Range[]; readonly times: Times }
  /** `capture`: its number, where it is kept; `inner`: the numbers of all that are kept in it, itself included */
  | { readonly kind: "group"; readonly body: Alternatives; readonly capture: number | undefined; readonly inner: readonly number[]; readonly times: Times }
  | { readonly kind: "start" | "end"; readonly ofLine: boolean }
  | { readonly kind: "boundary"; readonly isNegative: boolean }
  /** `behind`: of what stands before the place, how many code units each alternative has; undefined for what follows it */
  | { readonly kind: "look"; readonly body: Alternatives; readonly inner: readonly number[]; readonly isNegative: boolean; readonly behind: readonly number[] | undefined }
  | { readonly kind: "reference"; readonly capture: number };
export type Sequence = readonly Term[];
export type Alternatives = readonly Sequence[];
export interface RegularExpression {
  readonly body: Alternatives;
  /** how many groups are kept, and the names of some */
  readonly captures: number;
  readonly names: ReadonlyMap<string, number>;
}

const once: Times = { least: 1, most: 1, isLazy: false };
/** A string as it is. */
export const exactly = (text: string): RegularExpression => ({
  body: [Array.from({ length: text.length }, (_, i): Term => ({ kind: "class", ranges: [[text.charCodeAt(i), text.charCodeAt(i)]], times: once }))], captures: 0, names: new Map(),
});

const atom = /\[(?:\\[^]|[^\]\\])*\]|\\(?:[dDsSwWtnrfv]|0(?!\d)|x[\da-fA-F]{2}|u[\da-fA-F]{4}|[^\w])|[^\\^$*+?()[\]{}|]/y;
const quantifier = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\??)/y;
const opening = /\((?:\?(?:(:)|(=)|(!)|(<=)|(<!)|<([^>]+)>)|(?!\?))/y;
const reference = /\\(?:([1-9]\d*)|k<([^>]+)>)/y;
const assertion = /\^|\$|\\b|\\B/y;

let units: string | undefined;
/** all of them, one behind the other; made when somebody asks */
const everyUnit = (): string => (units ??= Array.from({ length: 65536 }, (_, code) => String.fromCharCode(code)).join(""));
/** The code units that an atom matches, as the engine says: without the flags u and v it is always one. */
function unitsOf(one: string, flags: string): readonly Range[] {
  if (one.length === 1 && one !== "." && !flags.includes("i")) return [[one.charCodeAt(0), one.charCodeAt(0)]];
  const asked = `${one}/${flags.replace(/[^is]/g, "")}`;
  let ranges = known.get(asked);
  if (!ranges) {
    const runs = everyUnit().matchAll(new RegExp(`(?:${one})+`, `g${flags.replace(/[^is]/g, "")}`));
    ranges = Array.from(runs, ({ 0: { length }, index }): Range => [index, index + length - 1]);
    if (known.size >= mostKnown) known.clear();
    known.set(asked, ranges);
  }
  return ranges;
}
/** what was asked last */
const known = new Map<string, readonly Range[]>(), mostKnown = 200;

/** The expression; undefined where it isn't taken. It is one: the engine has made a RegExp of it. */
export function parseRegExp(source: string, flags: string): RegularExpression | undefined {
  return /[uvyd]/.test(flags) ? undefined : new Parser(source, flags).whole();
}

/** What stands in a pattern that isn't taken. */
const refused = Symbol();

class Parser {
  readonly #source: string;
  readonly #flags: string;
  readonly #names = new Map<string, number>();
  /** how many groups are kept: what finds nothing lists them all */
  readonly #all: number;
  #at = 0;
  #captures = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
    this.#all = new RegExp(`${source}|`, flags).exec("")!.length - 1;
  }

  whole(): RegularExpression | undefined {
    try {
      return { body: this.#alternatives(), captures: this.#all, names: this.#names };
    } catch (error) {
      if (error === refused) return undefined;
      throw error;
    }
  }

  #take(form: RegExp): RegExpExecArray | undefined {
    form.lastIndex = this.#at;
    const found = form.exec(this.#source) ?? undefined;
    if (found) this.#at += found[0].length;
    return found;
  }
  #alternatives(): Alternatives {
    const all: Sequence[] = [];
    do all.push(this.#sequence()); while (this.#source[this.#at] === "|" && this.#at++ >= 0);
    return all;
  }
  #sequence(): Sequence {
    const terms: Term[] = [];
    while (this.#at < this.#source.length && !"|)".includes(this.#source[this.#at]!)) terms.push(this.#term());
    return terms;
  }
  #term(): Term {
    const sign = this.#take(assertion)?.[0];
    if (sign === "^" || sign === "$") return { kind: sign === "^" ? "start" : "end", ofLine: this.#flags.includes("m") };
    if (sign !== undefined) return { kind: "boundary", isNegative: sign === "\\B" };
    const back = this.#take(reference);
    if (back) return this.#reference(back);
    const open = this.#take(opening);
    if (open) return this.#group(open);
    const one = this.#take(atom)?.[0];
    if (one === undefined) throw refused;
    return { kind: "class", ranges: unitsOf(one, this.#flags), times: this.#times() };
  }
  #group([, plain, ahead, notAhead, behind, notBehind, name]: RegExpExecArray): Term {
    const isKept = !plain && !ahead && !notAhead && !behind && !notBehind, before = this.#captures;
    if (isKept) this.#captures++;
    const capture = isKept ? this.#captures : undefined;
    if (name !== undefined) this.#names.set(name, capture!);
    const body = this.#alternatives();
    this.#at++; // the closing parenthesis
    const inner = Array.from({ length: this.#captures - before }, (_, i) => before + 1 + i);
    if (isKept || plain) return { kind: "group", body, capture, inner, times: this.#times() };
    const looksBack = behind !== undefined || notBehind !== undefined, lengths = looksBack ? body.map(lengthOf) : undefined;
    if (looksBack && (inner.length > 0 || !lengths!.every((length) => length !== undefined))) throw refused;
    if (this.#take(quantifier)) throw refused; // old pages may repeat what looks ahead
    return { kind: "look", body, inner, isNegative: Boolean(notAhead ?? notBehind), behind: lengths as readonly number[] | undefined };
  }
  /** To a group that doesn't exist: an octal escape, or just letters; to a name that comes later: undefined here. */
  #reference([, number, name]: RegExpExecArray): Term {
    const capture = name === undefined ? Number(number) : this.#names.get(name) ?? Infinity;
    if (capture > this.#all || this.#flags.includes("i") || this.#take(quantifier)) throw refused;
    return { kind: "reference", capture };
  }
  #times(): Times {
    const [, sign, least, comma, most, lazy] = this.#take(quantifier) ?? [];
    const isLazy = lazy === "?";
    if (sign !== undefined) return { least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : Infinity, isLazy };
    if (least === undefined) return once;
    return { least: Number(least), most: comma === undefined ? Number(least) : most === "" ? Infinity : Number(most), isLazy };
  }
}

/** How many code units all have that it matches; undefined where that varies. */
function lengthOf(terms: Sequence): number | undefined {
  return terms.reduce<number | undefined>((sum, term) => {
    if (term.kind !== "class" && term.kind !== "group") return term.kind === "reference" ? undefined : sum;
    const lengths = term.kind === "class" ? [1] : [...new Set(term.body.map(lengthOf))];
    return sum === undefined || lengths.length !== 1 || lengths[0] === undefined || term.times.least !== term.times.most ? undefined : sum + lengths[0] * term.times.least;
  }, 0);
}
