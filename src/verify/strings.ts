// Random kernels over strings that vary from call to call: characters are counted, compared, looked up, parsed and searched for, parts are taken,
// as hash functions, distances, check digits and scanners do it. The same seed gives the same kernel.

import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";
import { randomPattern } from "./regexps.ts";

/** what the strings are made of */
const alphabets = ["ab", "abc 0129", "0123456789-+.e", "aAzZ09 \t\u00a0", "I\u00e9\ud83d\ude00x\ud800", "MDCLXVI"] as const;
const whole = ["", "a", "constructor", "toString", "0x1f", " -12.5e1 ", "Infinity", "length", "__proto__", "hello world", "\ud800", "\ud83d\ude00"] as const;

class StringWriter {
  private readonly random: Random;
  readonly coverage = new Map<string, number>();
  private readonly texts: string[] = ["s", "t"];
  /** strings of one character, or none */
  private readonly characters: string[] = [];
  private readonly counters: string[] = [];
  private names = 0;
  constructor(random: Random) { this.random = random; }

  private count<T>(what: string, code: T): T { this.coverage.set(`string ${what}`, (this.coverage.get(`string ${what}`) ?? 0) + 1); return code; }
  private literal(): string { const { random } = this; return JSON.stringify(random.pick(random.chance(0.6) ? [..."aAb019 IVXe-\u00e9"] : [...whole, "ab", "abc", "01"])); }
  private index(): string {
    const { random } = this;
    const counter = this.counters.at(-1);
    if (counter && random.chance(0.7)) return random.chance(0.7) ? counter : `${counter} ${random.pick(["+ 1", "- 1", "* 2"])}`;
    return random.pick(["0", "1", "-1", "n", "2.5", `${random.pick(this.texts)}.length - 1`]);
  }

  /** a regular expression: rows of classes, or anything */
  private pattern(flags: string): string {
    const { random } = this;
    if (random.chance(0.4)) return `/${randomPattern(random, 1)}/${flags}${random.chance(0.2) ? random.pick(["i", "m", "s"]) : ""}`;
    const atom = (): string => random.pick(["\\s", "\\d", "\\w", "\\W", ".", "a", "0", "\\.", "[a-c]", "[^a-z]", "[aeiou01]", "[^\\s\\d]", "I", "\\ud83d"]);
    const row = (): string => `${random.chance(0.15) ? "^" : ""}${Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => atom() + random.pick(["", "", "+", "+", "*", "?", "{2}", "{1,2}"])).join("")}${random.chance(0.15) ? "$" : ""}`;
    return `/${random.chance(0.85) ? row() : `${row()}|${row()}`}/${flags}${random.chance(0.2) ? "i" : ""}`;
  }
  private replacement(): string {
    const { random } = this, by = random.pick(['""', '"-"', '"<$&>"', '"$$"', "alphabet[0]", "(w) => w + w.length", "(w, at) => at", "(...found) => found.length", '"$1|$2"', '"$`"', `"$'"`]);
    return random.pick([`replace(${this.pattern("g")}, ${by})`, `replace(${this.pattern("g")}, ${by})`, `replace(${this.pattern("")}, ${by})`, `replaceAll(${this.literal()}, ${by})`, `replace(${this.literal()}, ${by})`]);
  }
  private text(): string {
    const { random } = this, s = random.pick(this.texts);
    switch (random.weighted({ name: 5, slice: 1, substring: 1, trim: 0.7, substr: 0.4, case: 0.4, codes: 0.4, fixed: 0.5, escaped: 0.4, pattern: 0.6, padded: 0.4 })) {
      case "pattern": return this.count("replace by a pattern", `${s}.${this.replacement()}`);
      case "fixed": return this.count("part of a slow one", random.pick([`long.${random.pick(["slice", "substring"])}(${this.index()}, ${this.index()})`, `long.substr(${this.index()}, 1)`, `alphabet.substring(${this.index()}, ${this.index()} + 1)`]));
      case "slice": return this.count("slice", `${s}.slice(${this.index()}${random.chance(0.6) ? `, ${this.index()}` : ""})`);
      case "substring": return this.count("substring", `${s}.substring(${this.index()}${random.chance(0.6) ? `, ${this.index()}` : ""})`);
      case "substr": return this.count("substr", `${s}.substr(${this.index()}, 2)`);
      case "trim": return this.count("trim", `${s}.${random.pick(["trim", "trimStart", "trimEnd"])}()`);
      case "case": return this.count("case", `${s}.${random.pick(["toLowerCase", "toUpperCase"])}()`);
      case "codes": return this.count("fromCharCode of a list", random.pick([`String.fromCharCode(...codes(${s}))`, `String.fromCharCode.apply(null, codes(${s}).subarray(1))`]));
      case "padded": return this.count("padded", `${s}.${random.pick(["padStart", "padEnd"])}(${this.index()}${random.chance(0.5) ? `, ${random.pick(["t", this.literal()])}` : ""})`);
      case "escaped": return this.count("escapes", random.pick([`unescape(encodeURIComponent(${s}))`, `encodeURIComponent(${s})`, `encodeURI(${s})`, `escape(${s})`, `unescape("%" + ${s})`, `decodeURIComponent(escape(${s}))`, `decodeURI(${s})`]));
      default: return s;
    }
  }
  private character(): string {
    const { random } = this;
    if (this.characters.length > 0 && random.chance(0.5)) return random.pick(this.characters);
    const s = random.pick(this.texts);
    switch (random.weighted({ index: 4, charAt: 2, at: 0.5, code: 1, list: 0.8 })) {
      case "index": return this.count("index", random.chance(0.1) ? `long[${this.index()}]` : `${s}[${this.index()}]`);
      case "code": return this.count("fromCharCode", `String.fromCharCode(${s}.charCodeAt(${this.index()}))`);
      case "list": return this.count("list of strings", random.pick([`[...${s}][${this.index()}]`, `(${s}.split(${random.chance(0.7) ? this.literal() : this.pattern("")})[${this.index()}] ?? "")`, `letters[${this.index()}]`, `letters.slice(1).reverse()[0]`, `letters.slice().sort()[${this.index()}]`]));
      case "charAt": return this.count("charAt", `${s}.charAt(${this.index()})`);
      default: return this.count("at", `${s}.at(${this.index()})`);
    }
  }
  private test(): string {
    const { random } = this;
    switch (random.weighted({ character: 4, literal: 4, order: 2, within: 1, has: 1, texts: 1, truth: 0.5, pattern: 0.5, seen: 0.5 })) {
      case "pattern": return this.count("test of a pattern", `${this.pattern("")}.test(${this.text()})`);
      case "character": return this.count("===", `${this.character()} ${random.pick(["===", "!==", "=="])} ${this.character()}`);
      case "literal": return this.count("=== literal", `${this.character()} === ${this.literal()}`);
      case "order": return this.count("order", `${random.chance(0.5) ? this.text() : this.character()} ${random.pick(["<", ">", "<=", ">="])} ${random.chance(0.5) ? this.literal() : this.text()}`);
      case "within": return this.count("includes", `${this.text()}.${random.pick(["includes", "startsWith", "endsWith"])}(${random.chance(0.5) ? this.literal() : this.text()})`);
      case "has": return this.count("has", random.pick([`set.has(${this.character()})`, `(${this.character()} in table)`, `table.hasOwnProperty(${this.text()})`, `table.hasOwnProperty(${random.pick(['"a" + (h & 3)', "h & 7"])})`, "(h & 7) in table", `map.has(${this.character()})`]));
      case "texts": return this.count("=== strings", `${this.text()} === ${this.text()}`);
      case "seen": return this.count("a word is looked for", random.pick([`seen.has(${this.text()})`, `counts.has(${this.character()})`, `(${this.text()} in tally)`, `Object.hasOwn(tally, ${this.text()})`]));
      default: return this.count("truth", random.pick([this.text(), `!${this.character()}`]));
    }
  }
  /** What is asked of the text of a number that need not be whole, or read of it. */
  private fraction(): string {
    const { random } = this, x = random.pick(["(h / 8)", "((h & 1023) / 100)", "(h / 3)", "(f / 7)", "(h * 1e-9)", "f", "(h * 4294967296.5)"]), text = random.pick([`String(${x})`, `\`${"${"}${x}}\``, `${x}.toString()`, `("" + ${x})`]);
    return random.pick([
      `${text}.length`, `${text}.indexOf(".")`, `${text}.charCodeAt(h & 15)`, `(${text}.split(".")[1] ?? "").length`, `Number(${text}.replace(".", ""))`, `${text}.split(/[eE]/)[0].length`, `Number(${text} + "e${random.between(-3, 3)}")`, `parseFloat(${text}.slice(0, 9))`,
      `Number(${x}.toPrecision(${random.pick(["1", "3", "12", "15", "(h & 15) + 1"])}))`, `+${x}.toExponential(${random.pick(["", "0", "5", "h & 7"])})`,
    ]);
  }
  private number(): string {
    const { random } = this;
    switch (random.weighted({ code: 5, sorted: 0.6, length: 2, indexOf: 1.5, alphabet: 2, table: 2, map: 1, parse: 1.5, plus: 1, point: 1, bytes: 1, test: 1, list: 0.7, fraction: 1.2, pattern: 0.6, words: 0.6 })) {
      case "words": return this.count("of a table of words", random.pick(["counts.size", "seen.size", "Object.keys(tally).length", `(counts.get(${this.text()}) ?? -3)`, `(tally[${this.text()}] || 0)`, "[...seen].join().length", "(Object.values(tally)[0] ?? 0)"]));
      case "pattern": return this.count("search for a pattern", random.pick([`${this.text()}.search(${this.pattern("")})`, `(${this.text()}.match(${this.pattern("g")}) ?? []).length`, `${this.text()}.split(${this.pattern("")}).length`, `(${this.text()}.match(${this.pattern("")})?.index ?? -2)`, `(${this.pattern("")}.exec(${this.text()})?.[1]?.length ?? -2)`, `[...${this.text()}.matchAll(${this.pattern("g")})].map((m) => m[1] ?? m.index).join().length`]));
      case "fraction": return this.count("of a fraction", this.fraction());
      case "sorted": return this.count("sort by text", random.pick([`[h & 255, n, ${random.pick(this.texts)}.length, 10, -9].sort()[${random.between(0, 4)}]`, `(String(h | 0) ${random.pick(["<", ">="])} String(n) ? 1 : 2)`]));
      case "code": return this.count("charCodeAt", `${random.pick(this.texts)}.charCodeAt(${this.index()})`);
      case "length": return this.count("length", `${this.text()}.length`);
      case "indexOf": return this.count("indexOf", `${this.text()}.${random.pick(["indexOf", "lastIndexOf"])}(${random.chance(0.5) ? this.literal() : this.text()}${random.chance(0.3) ? `, ${this.index()}` : ""})`);
      case "bytes": return this.count("in UTF-8", `new TextEncoder().encode(${this.text()})${random.pick([".length", "[h & 3]"])}`);
      case "alphabet": return this.count("in an alphabet", `alphabet.indexOf(${this.character()})`);
      case "table": return this.count("key", `(table[${random.chance(0.7) ? this.character() : random.pick([this.text(), '"a" + (h & 3)', "h & 7"])}] ?? -1)`);
      case "map": return this.count("Map", `(map.get(${this.character()}) || 0)`);
      case "parse": return this.count("parse", random.pick([`parseInt(${this.text()}, ${random.pick([10, 16, 36, 2])})`, `parseFloat(${this.text()})`, `parseInt(${this.character()}, 10)`, `parseInt("1" + (h & 15), ${random.pick([2, 8, 16, 36])})`, `parseInt(${random.pick(["'0x' + (h & 15)", "`0X${h & 7}${h & 3}`", "h + 'px'", "`-${h}.5`", "'0b1' + h"])})`]));
      case "plus": return this.count("ToNumber", random.pick([`+${this.character()}`, `(${this.text()} - 0)`, `Number(${this.text()})`, `(isNaN(${this.text()}) ? 1 : 2)`]));
      case "point": return this.count("codePointAt", `(${random.pick(this.texts)}.codePointAt(${this.index()}) ?? -7)`);
      case "list": return this.count("in a list", `list.indexOf(${this.character()})`);
      default: return `(${this.test()} ? 3 : 5)`;
    }
  }

  statements(depth: number, into: string[], indent: string): void {
    const { random } = this;
    for (let k = random.between(1, depth > 1 ? 4 : 3); k > 0; k--) {
      switch (random.weighted({ hash: 5, branch: 2, loop: depth > 0 ? 3 : 0, iterate: depth > 0 ? 1 : 0, name: 1, swap: 0.7, character: 1, choice: 1, remember: 1, grow: 1.5, recursion: 0.7, word: 0.8, position: 0.5 })) {
        case "recursion": into.push(...this.recursion(`r${this.names++}`).map((line) => indent + line)); break;
        case "position": {
          const p = `q${this.names++}`, m = `m${p}`;
          into.push(this.count("positions", `${indent}{ const ${p} = ${this.pattern(random.pick(["g", "g", "y"]))}; let ${m}, k = 0; ${random.chance(0.2) ? `${p}.lastIndex = n; ` : ""}while (k++ < 20 && (${m} = ${p}.exec(${random.pick(this.texts)})) !== null) { h = (h * 31 + ${m}.index + ${p}.lastIndex) | 0; if (${m}[0] === "") ${p}.lastIndex++; else out += ${m}[1] ?? "."; } }`));
          break;
        }
        case "word": { const w = random.chance(0.6) ? this.text() : this.character(); into.push(this.count("a table of words", `${indent}${random.pick([`seen.add(${w});`, `counts.set(${w}, (counts.get(${w}) ?? 0) + 1);`, `tally[${w}] = (tally[${w}] || 0) + f;`, `(groups[${w}] ||= []).push(h);`, `if (!seen.delete(${w})) seen.add(${this.text()});`, `delete tally[${w}];`, `for (const [w, k] of counts) h = (h ^ (w.length * k)) | 0;`, `for (const w in tally) { h = (h + w.length) | 0; if (f > 3) delete tally[w]; }`])}`)); break; }
        case "hash": into.push(`${indent}h = (${random.pick(["h * 31 +", "h ^", "(h << 5) - h +"])} ${this.number()}) ${random.pick(["| 0", ">>> 0"])};`); break;
        case "branch": into.push(`${indent}if (${this.test()}) f += ${this.number()};${random.chance(0.4) ? ` else f -= ${this.number()};` : ""}`); break;
        case "loop": {
          const i = `i${this.names++}`;
          into.push(`${indent}for (let ${i} = 0; ${i} < ${random.pick(this.texts)}.length${random.chance(0.2) ? " && f < 1e9" : ""}; ${i}++) {`);
          this.counters.push(i);
          this.scoped(() => this.statements(depth - 1, into, `${indent}  `));
          this.counters.pop();
          into.push(`${indent}}`);
          break;
        }
        case "iterate": {
          const c = `c${this.names++}`;
          into.push(this.count("for of", `${indent}for (const ${c} of ${this.text()}) {`));
          this.scoped(() => { this.characters.push(c); this.statements(depth - 1, into, `${indent}  `); });
          into.push(`${indent}}`);
          break;
        }
        case "grow": into.push(this.count("a string grows", `${indent}${random.chance(0.3) ? `if (${this.test()}) ` : ""}out ${random.pick([`+= ${this.piece()}`, `+= ${this.piece()}`, `+= ${this.piece()} + ${this.piece()}`, `= ${this.piece()} + out`])};`)); break;
        case "name": { const p = `p${this.names++}`; into.push(`${indent}const ${p} = ${random.chance(0.3) ? this.count("joined", `${this.text()} + ${this.piece()}`) : this.text()};`); this.texts.push(p); break; }
        case "swap": into.push(this.count("swap", `${indent}if (s.length ${random.pick(["<", ">"])} t.length) { const w = s; s = t; t = w; }`)); break;
        case "character": { const c = `c${this.names++}`; into.push(`${indent}const ${c} = ${this.character()};`); this.characters.push(c); break; }
        case "choice": into.push(this.count("switch", `${indent}switch (${this.character()}) { case ${this.literal()}: case "a": h += 1; break; case "0": f += 2; default: h ^= 7; }`)); break;
        case "remember": into.push(this.count("carried", `${indent}if (last ${random.pick(["===", "!=="])} ${this.character()}) f += 1; last = ${this.character()};`)); break;
      }
    }
  }
  /** a function that calls itself with other strings, and gives one back, or something else where there is none */
  private recursion(r: string): readonly string[] {
    const { random } = this, given = this.text();
    return this.count("recursion", random.pick<() => readonly string[]>([
      () => {
        const end = random.pick(["w", "\"\"", this.literal(), "w + n"]), next = random.pick([`${r}(w.slice(1)) + w[0]`, `w[0] + ${r}(w.slice(1))`, `(${this.test()} ? ${r}(w.slice(1)) : ${r}(w.slice(0, -1)) + ${this.character()})`, `${r}(w.slice(2)).slice(1) + "."`]);
        return [`const ${r} = (w) => (w.length < 2 ? ${end} : ${next});`, `out += ${r}(${given});`];
      },
      () => [`const ${r} = (w, c, k) => (c === undefined || k > 9 ? ${this.number()} : (c === ${this.literal()} ? 1 : 0) + ${r}(w.slice(1), w[${random.pick(["0", "1"])}], k + 1));`, `f += ${r}(${given}, ${random.pick(["\"a\"", `${this.text()}[0]`])}, 0);`],
      () => {
        const none = random.pick(["undefined", "null", "-1", "false", "n"]), found = random.pick(["w.slice(k)", "w[k]", "w", "\"here\""]);
        return [`const ${r} = (w, k) => { if (k >= w.length) return ${none}; if (w[k] === ${this.literal()}) return ${found}; ${random.pick([`return ${r}(w, k + 1);`, `const p = ${r}(w, k + 1); return ${random.pick(["p", "typeof p === \"string\" ? p + w[k] : p"])};`])} };`, `const p${r} = ${r}(${given}, 0); f += typeof p${r} === "string" ? p${r}.length : 2; letters.push(String(p${r}));`];
      },
      () => [`const ${r} = (w, k) => { if (k <= 0) { letters.push(w); return; } ${r}(w + ${this.character()}, k - 1); ${random.chance(0.5) ? `${r}(${random.pick(["w + \"b\"", "w", "w.slice(1)"])}, k - 2);` : ""} };`, `${r}(${random.pick(["\"\"", given])}, ${random.pick(["3", "h & 3", "n"])});`],
    ])());
  }
  /** what a string grows by */
  private piece(): string {
    const { random } = this;
    return random.pick([this.literal(), this.character(), this.text(), "`${n}`", "`${h & 255},`", `(h & ${random.pick([15, 255, 65535])}).toString(${random.pick([2, 16, 36])})${random.pick(["", ".padStart(4, \"0\")", ".toUpperCase()", ".slice(-1)"])}`, "alphabet[h & 3]", "alphabet[h & 31]", `${random.pick([this.text(), "\".\""])}.repeat(${random.pick(["h & 3", "n"])})`, "String.fromCharCode(65 + (h & 31))"]);
  }
  private scoped(write: () => void): void {
    const texts = this.texts.length, characters = this.characters.length;
    write();
    this.texts.length = texts;
    this.characters.length = characters;
  }

  result(): string { return this.random.pick(["h + f", "f", "h", "h + f", "s", "out", "[out, h]", "out.length + h", "[h, f]", "[letters, h]", "t.split(\"a\")", "letters.map((c) => ({ c, h }))", "counts", "[...seen]", "tally", "[groups, h]", "[...counts.keys()]", "Object.keys(tally)", "[...counts]", "Object.entries(tally)", this.text(), this.number()]); }
}

const word = (random: Random, letters: readonly string[]): string =>
  random.chance(0.15) ? random.pick(whole) : Array.from({ length: random.pick([0, 1, 2, 3, 5, 8, 13]) }, () => random.pick(letters)).join("");

export function randomString(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 37), writer = new StringWriter(random);
  const body: string[] = [];
  writer.statements(2, body, "  ");
  const source = [
    "function kernel(s, t, n, slow) {", "  const { alphabet, long, table, map, set, list } = slow;", "  const codes = (w) => { const out = new Uint16Array(w.length); for (let k = 0; k < w.length; k++) out[k] = w.charCodeAt(k); return out; };",
    "  const letters = []; for (let k = 0; k < s.length; k++) letters.push(s[k]);",
    "  let h = 5381, f = 0, last = \"\", out = \"\"; const seen = new Set(), counts = new Map(), tally = {}, groups = {};", ...body, `  return ${writer.result()};`, "}",
  ].join("\n");
  const slow = {
    long: "a9Ix ".repeat(random.pick([1, 60])),
    alphabet: random.pick(["abcdefghijklmnopqrstuvwxyz", "0123456789bcdefghjkmnpqrstuvwxyz", "IVX", "aA\u00e9\ud83d\ude00"]),
    table: random.pick<object>([{ I: 1, V: 5, X: 10, L: 50 }, { a: 1, bb: 2 }, { a: -0, b: NaN, c: 0.5, "0": 3, "9": 4 }, { a1: 6, a2: -1, "3": 2, "7": 9 }, { constructor: 4, a: 1, e: 2, " ": 3 }]),
    map: random.pick([new Map([["a", 1], ["b", 2], ["0", 7], ["X", 9]]), new Map([["ab", 3]])]),
    set: random.pick([new Set(["a", "e", "i", "o", "u"]), new Set(["0"])]),
    list: random.pick([["a", "b", "c", "0", "1"], ["ab", "a"]]),
  };
  const letters = [...new Set([...random.pick(alphabets)].flatMap((c) => c.split("")))];
  const inputs = Array.from({ length: 8 }, () => { const s = word(random, letters); return [s, random.chance(0.2) ? s : word(random, letters), random.between(-2, 9), slow]; });
  return {
    seed, source, slow: ["slow"], slowValues: { slow }, inputs, guaranteed: false, coverage: writer.coverage,
    params: [{ name: "s", slow: false, kind: "string" }, { name: "t", slow: false, kind: "string" }, { name: "n", slow: false, kind: "count" }, { name: "slow", slow: true, kind: "program" }],
  };
}
