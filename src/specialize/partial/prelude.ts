// Built-in methods as JavaScript of our own, which is walked like the user's: callbacks are inlined, static lists unroll, dynamic ones
// become loops. What skips holes, or moves them, has two forms: one for arrays without holes, which never asks, one for those that may have some.

import { calendar } from "./calendar.ts";
import { digits, skipBlanks, skipBlanksAtEnd } from "./digits.ts";
import { patternText } from "./patterns.ts";
import { byKeys, byNumber, byText, halves, runs, sortBy } from "./sorting.ts";

/** What our own JavaScript leaves to the original: it reads these of null. */
export const leftToOriginal: Readonly<Record<string, string>> = {
  callback: "a method of an array is given no function",
  count: "a string is repeated less than no times, or too often",
  digits: "a text says a number with too many digits",
  hole: "an array has a hole, or fewer elements than it had",
  list: "the class of an array makes what is no array",
  long: "a table of more than 2,097,152 strings is listed",
  numeral: "texts of numbers that are not whole, or have more than 15 digits, are ordered",
  order: "undefined is sorted",
  template: "a string of run time with a $ takes the place of what was found",
  year: "a Date before the year -400,000 is taken apart",
};

/** a string made longer, if it isn't so long */
const pad = (padded: string): string => `function (length, fill) { const n = Math.trunc(length) || 0, by = fill === undefined ? " " : String(fill); if (n <= this.length || by.length === 0) return this; if (n > 268435456) null.count; let padding = ""; while (padding.length < n - this.length) padding += by; padding = padding.slice(0, n - this.length); return ${padded}; }`;
/** a place given as an argument: NaN is 0, what is negative counts from the end */
const placeOf = (name: string, given: string): string => `const ${name}Given = Math.trunc(${given}) || 0, ${name} = ${name}Given < 0 ? Math.max(n + ${name}Given, 0) : Math.min(${name}Given, n);`;
const range = `const n = this.length; ${placeOf("from", "start")} ${placeOf("to", "end === undefined ? n : end")}`;
const over = (body: string): string => `function (callback, self) { const n = this.length; ${body} }`;
/** How holes are treated, in JavaScript. */
interface Form {
  /** in front of what is done with the element `i`: a callback may have made the array shorter; where its length is known to be the same nothing is tested */
  readonly at: string;
  /** the same where the result has a hole for what is passed over: the original's business, by reading of null, where there were none in the beginning */
  readonly kept: string;
  /** the same where no callback is called */
  readonly still: string;
  /** on to the first element, back to the last one */
  readonly first: string;
  readonly last: string;
  /** a new list with room for so many, and an element at the next place of it */
  list(length: string): string;
  put(at: string, value: string): string;
  /** the element `from`, or its hole, goes to another place */
  move(to: string, from: string): string;
  /** the elements `i` and `j` change their places; the first is `v` */
  readonly swap: string;
}
const dense: Form = {
  at: "if (n === this.length || i < this.length)",
  kept: "if (i >= this.length) null.hole;",
  still: "",
  first: "",
  last: "",
  list: () => "[]",
  put: (_, value) => `out.push(${value});`,
  move: (to, from) => `this[${to}] = this[${from}];`,
  swap: "this[i] = this[j]; this[j] = v;",
};
const sparse: Form = {
  at: "if (i in this)",
  kept: "if (i in this)",
  still: "if (i in this)",
  first: "while (i < n && !(i in this)) i++;",
  last: "while (i >= 0 && !(i in this)) i--;",
  list: (length) => `new Array(${length})`,
  put: (at, value) => `out[${at}] = ${value};`,
  move: (to, from) => `if (${from} in this) this[${to}] = this[${from}]; else delete this[${to}];`,
  swap: "const had = i in this; if (j in this) this[i] = this[j]; else delete this[i]; if (had) this[j] = v; else delete this[j];",
};
/** what an array and a typed array have in common; `this` is the array */
const shared = ({ at, still, first, last, move, swap }: Form): Record<string, string> => ({
  forEach: over(`for (let i = 0; i < n; i++) ${at} callback.call(self, this[i], i, this);`),
  every: over(`for (let i = 0; i < n; i++) ${at} if (!callback.call(self, this[i], i, this)) return false; return true;`),
  some: over(`for (let i = 0; i < n; i++) ${at} if (callback.call(self, this[i], i, this)) return true; return false;`),
  find: over("for (let i = 0; i < n; i++) { const v = this[i]; if (callback.call(self, v, i, this)) return v; } return undefined;"),
  findIndex: over("for (let i = 0; i < n; i++) if (callback.call(self, this[i], i, this)) return i; return -1;"),
  findLast: over("for (let i = n - 1; i >= 0; i--) { const v = this[i]; if (callback.call(self, v, i, this)) return v; } return undefined;"),
  findLastIndex: over("for (let i = n - 1; i >= 0; i--) if (callback.call(self, this[i], i, this)) return i; return -1;"),
  reduce: `function (callback, initial) {
    const n = this.length;
    let i = 0, value = initial;
    if (arguments.length < 2) { ${first} if (i >= n) throw new TypeError("Reduce of empty array with no initial value"); value = this[i]; i++; }
    for (; i < n; i++) ${at} value = callback(value, this[i], i, this);
    return value;
  }`,
  reduceRight: `function (callback, initial) {
    const n = this.length;
    let i = n - 1, value = initial;
    if (arguments.length < 2) { ${last} if (i < 0) throw new TypeError("Reduce of empty array with no initial value"); value = this[i]; i--; }
    for (; i >= 0; i--) ${at} value = callback(value, this[i], i, this);
    return value;
  }`,
  indexOf: `function (wanted, from) { const n = this.length; ${placeOf("first", "from")} for (let i = first; i < n; i++) ${still} if (this[i] === wanted) return i; return -1; }`,
  lastIndexOf: `function (wanted, from) {
    const n = this.length, given = arguments.length > 1 ? Math.trunc(from) || 0 : n - 1;
    for (let i = given < 0 ? n + given : Math.min(given, n - 1); i >= 0; i--) ${still} if (this[i] === wanted) return i;
    return -1;
  }`,
  includes: `function (wanted, from) { const n = this.length; ${placeOf("first", "from")} for (let i = first; i < n; i++) { const v = this[i]; if (v === wanted || (v !== v && wanted !== wanted)) return true; } return false; }`,
  at: `function (index) { const n = this.length; const i = Math.trunc(index) || 0; return this[i < 0 ? n + i : i]; }`,
  fill: `function (value, start, end) {
    ${range}
    for (let i = from; i < to; i++) this[i] = value;
    return this;
  }`,
  copyWithin: `function (to, start, end) {
    const n = this.length;
    ${placeOf("at", "to")} ${placeOf("from", "start")} ${placeOf("last", "end === undefined ? n : end")}
    const count = Math.min(last - from, n - at);
    if (from < at) for (let i = count - 1; i >= 0; i--) ${move("at + i", "from + i")}
    else for (let i = 0; i < count; i++) ${move("at + i", "from + i")}
    return this;
  }`,
  reverse: `function () { const n = this.length, half = Math.floor(n / 2); for (let i = 0; i < half; i++) { const j = n - 1 - i, v = this[i]; ${swap} } return this; }`,
  join: `function (separator) { const n = this.length; const s = separator === undefined ? "," : separator; let text = ""; for (let i = 0; i < n; i++) { if (i > 0) text += s; const v = this[i]; if (v !== undefined && v !== null) text += \`\${v}\`; } return text; }`,
});
const array = (form: Form): Record<string, string> => ({
  ...shared(form),
  map: over(`const out = ${form.list("n")}; for (let i = 0; i < n; i++) { ${form.kept} ${form.put("i", "callback.call(self, this[i], i, this)")} } return out;`),
  filter: over(`const out = []; for (let i = 0; i < n; i++) ${form.at} { const v = this[i]; if (callback.call(self, v, i, this)) out.push(v); } return out;`),
  slice: `function (start, end) { ${range} const out = ${form.list("Math.max(to - from, 0)")}; for (let i = from; i < to; i++) ${form.still} ${form.put("i - from", "this[i]")} return out; }`,
  shift: `function () { const n = this.length; if (n === 0) return undefined; const first = this[0]; for (let i = 1; i < n; i++) ${form.move("i - 1", "i")} this.length = n - 1; return first; }`,
  unshift: `function (...items) { const n = this.length, m = items.length; for (let i = 0; i < m; i++) this.push(items[i]); for (let i = n - 1; i >= 0; i--) ${form.move("i + m", "i")} for (let i = 0; i < m; i++) this[i] = items[i]; return n + m; }`,
  toString: "function () { const join = this.join; return typeof join === \"function\" ? join.call(this) : Object.prototype.toString.call(this); }",
  sort: sortBy(byText, runs),
  sortByKeys: byKeys(""),
  toSorted: "function (compare) { const out = []; for (const v of this) out.push(v); return out.sort(compare); }",
  toReversed: "function () { const out = []; for (const v of this) out.push(v); return out.reverse(); }",
  with: `function (index, value) { const n = this.length, at = Math.trunc(index) || 0, i = at < 0 ? n + at : at; if (i < 0 || i >= n) throw new RangeError("Invalid index : " + index); const out = []; for (const v of this) out.push(v); out[i] = value; return out; }`,
  splice: `function (start, count, ...items) {
    const n = this.length, at = Math.trunc(start) || 0, from = at < 0 ? Math.max(n + at, 0) : Math.min(at, n), more = items.length;
    const gone = arguments.length === 0 ? 0 : arguments.length === 1 ? n - from : Math.min(Math.max(Math.trunc(count) || 0, 0), n - from);
    const out = ${form.list("gone")};
    for (let i = from; i < from + gone; i++) ${form.still} ${form.put("i - from", "this[i]")}
    if (more < gone) { for (let i = from + gone; i < n; i++) ${form.move("i - gone + more", "i")} this.length = n - gone + more; }
    else if (more > gone) { for (let i = 0; i < more - gone; i++) this.push(items[i]); for (let i = n - 1; i >= from + gone; i--) ${form.move("i - gone + more", "i")} }
    for (let i = 0; i < more; i++) this[from + i] = items[i];
    return out;
  }`,
  flat: `function (depth) { const out = [], n = this.length, levels = depth === undefined ? 1 : Math.trunc(depth) || 0; for (let i = 0; i < n; i++) ${form.still} { const v = this[i]; if (Array.isArray(v) && levels >= 1) { if (levels === 1) v.forEach((w) => { out.push(w); }); else v.flat(levels - 1).forEach((w) => { out.push(w); }); } else out.push(v); } return out; }`,
  flatMap: over(`const out = []; for (let i = 0; i < n; i++) ${form.at} { const v = callback.call(self, this[i], i, this); if (Array.isArray(v)) v.forEach((w) => { out.push(w); }); else out.push(v); } return out;`),
});
const typed: Record<string, string> = {
  ...shared({ ...dense, at: "" }), // of one length for good
  sort: sortBy(byNumber, halves),
  sortByKeys: byKeys(halves),
  toSorted: "function (compare) { return this.slice().sort(compare); }",
  toReversed: "function () { return this.slice().reverse(); }",
  set: "function (source, offset) { const n = source.length, at = Math.trunc(offset) || 0; if (at < 0 || at + n > this.length) throw new RangeError(\"offset is out of bounds\"); for (let i = 0; i < n; i++) this[at + i] = source[i]; }",
};

const texts: Record<string, string> = {
  ...Object.fromEntries(Object.entries(array(dense)).map(([name, text]) => [`Array.prototype.${name}`, text])),
  ...Object.fromEntries(Object.entries(array(sparse)).map(([name, text]) => [`sparse.Array.prototype.${name}`, text])),
  ...Object.fromEntries(Object.entries(typed).map(([name, text]) => [`TypedArray.prototype.${name}`, text])),
  "Array.from": "function (source, f, self) { const out = []; const n = source.length; if (n === undefined || typeof source === \"string\") { let i = 0; for (const v of source) { out.push(f === undefined ? v : f.call(self, v, i)); i++; } return out; } for (let i = 0; i < (f !== undefined && Array.isArray(source) ? source.length : Math.trunc(n)); i++) out.push(f === undefined ? source[i] : f.call(self, source[i], i)); return out; }",
  // a count that throws is the original's business
  "String.prototype.repeat": "function (count) { const n = Math.trunc(count) || 0; if (n < 0 || n > 268435456) null.count; let out = \"\"; if (this.length > 0) for (let i = 0; i < n; i++) out += this; return out; }",
  "String.prototype.padStart": pad("padding + this"), "String.prototype.padEnd": pad("this + padding"),
  "Map.prototype.forEach": "function (callback, self) { for (const [key, value] of this) callback.call(self, value, key, this); }",
  "Set.prototype.forEach": "function (callback, self) { for (const value of this) callback.call(self, value, value, this); }",
};

/** What no built-in is, but ours are made of. */
const internal: Record<string, string> = {
  // the keys of an array
  indices: "function () { const out = []; for (let i = 0; i < this.length; i++) if (i in this) out.push(i); return out; }",
  values: "function () { const out = []; for (let i = 0; i < this.length; i++) if (i in this) out.push(this[i]); return out; }",
  entries: "function () { const out = []; for (let i = 0; i < this.length; i++) if (i in this) out.push([String(i), this[i]]); return out; }",
  addEntry: "function (key, value) { this.push([key, value]); }",
  fromEntries: "function (list) { for (let j = 0; j < list.length; j++) { const pair = list[j]; if (typeof pair !== 'object' || pair === null) throw new TypeError('Iterator value ' + pair + ' is not an entry object'); this[pair[0]] = pair[1]; } }",
  fromMap: "function (map) { for (const [key, value] of map) this[key] = value; }",
  forward: "function () { return this(...arguments); }",
  // Array.from of what has an iterator of the user's
  fromIterator: "function (f, self) { const out = []; let i = 0; for (const v of this) { out.push(f === undefined ? v : f.call(self, v, i)); i++; } return out; }",
  // what a pattern takes of a generator
  taken: "function (most) { const out = []; if (most > 0) for (const v of this) { out.push(v); if (out.length >= most) break; } return out; }",
  // yield* of a list
  each: "function* () { for (const v of this) yield v; }",
  // the JSON of an array of numbers
  jsonNumbers: `function () { let s = "["; for (let i = 0; i < this.length; i++) { const v = this[i]; if (i > 0) s += ","; s += v - v === 0 ? v : "null"; } return s + "]"; }`,
  // array == number: its text is its only element's, or has a comma in it
  arrayEquals: `function (wanted) {
    const n = this.length;
    if (n > 1) return false;
    const v = n === 0 ? 0 : this[0];
    return v === undefined || v === null ? wanted == 0 : typeof v === "boolean" ? false : v == wanted;
  }`,
  append: "function (list) { const n = list.length; for (let i = 0; i < n; i++) this.push(list[i]); return this.length; }",
  // a hole is the original's business: reading of null bails
  appendFull: "function (list) { const n = list.length; for (let i = 0; i < n; i++) { if (!(i in list)) null.hole; this.push(list[i]); } return this.length; }",
  // each as concat takes it: of an array its elements
  appendEach: "function (list) { const m = list.length; for (let j = 0; j < m; j++) { const v = list[j]; if (Array.isArray(v)) { const n = v.length; for (let i = 0; i < n; i++) { if (!(i in v)) null.hole; this.push(v[i]); } } else this.push(v); } }",
  valuesFrom: "function (from) { const out = [], n = this.length; for (let i = from; i < n; i++) out.push(this[i]); return out; }",
  keysFrom: "function (from) { const out = [], n = this.length; for (let i = from; i < n; i++) out.push(i); return out; }",
  pairsFrom: "function (from) { const out = [], n = this.length; for (let i = from; i < n; i++) out.push([i, this[i]]); return out; }",
  appendFrom: "function (list, from) { const n = list.length; for (let i = from; i < n; i++) this.push(list[i]); return this.length; }",
  units: "function (list) { const n = list.length, units = new Uint16Array(n); for (let i = 0; i < n; i++) units[i] = list[i]; return units; }",
  // what the methods of arrays make of an instance of a class over Array
  mapOf: `function (C, callback, self) { if (typeof callback !== "function") null.callback; const n = this.length, out = new C(n); if (!Array.isArray(out)) null.list; for (let i = 0; i < n; i++) if (i in this) out[i] = callback.call(self, this[i], i, this); return out; }`,
  filterOf: `function (C, callback, self) { if (typeof callback !== "function") null.callback; const n = this.length, out = new C(0); if (!Array.isArray(out)) null.list; let k = 0; for (let i = 0; i < n; i++) if (i in this) { const v = this[i]; if (callback.call(self, v, i, this)) out[k++] = v; } return out; }`,
  sliceOf: `function (C, start, end) { ${range} const m = Math.max(to - from, 0), out = new C(m); if (!Array.isArray(out)) null.list; for (let i = 0; i < m; i++) if (i + from in this) out[i] = this[i + from]; out.length = m; return out; }`,
  mapInto: "function (out, f, self) { const n = this.length; for (let i = 0; i < n; i++) out[i] = f.call(self, this[i], i, this); }",
  copy: "function () { const out = [], n = this.length; for (let i = 0; i < n; i++) out.push(this[i]); return out; }",
  range: `function (start, end) { ${range} return [from, Math.max(to - from, 0)]; }`,
  fillFrom: "function (list, f, self) { const n = this.length; for (let i = 0; i < n; i++) this[i] = f === undefined ? list[i] : f.call(self, list[i], i); }",
  max: "function (list) { let m = -Infinity; const n = list.length; for (let i = 0; i < n; i++) m = Math.max(m, list[i]); return m; }",
  min: "function (list) { let m = Infinity; const n = list.length; for (let i = 0; i < n; i++) m = Math.min(m, list[i]); return m; }",
  // as V8 has it: the parts of the largest one squared, summed with compensation
  hypot: `function (list) {
    let largest = 0, someNaN = false;
    const n = list.length;
    for (let i = 0; i < n; i++) { const v = Math.abs(list[i]); if (v !== v) someNaN = true; else if (v > largest) largest = v; }
    if (largest === Infinity) return Infinity;
    if (someNaN) return NaN;
    if (largest === 0) return 0;
    let sum = 0, compensation = 0;
    for (let i = 0; i < n; i++) {
      const part = Math.abs(list[i]) / largest, summand = part * part - compensation, preliminary = sum + summand;
      compensation = (preliminary - sum) - summand;
      sum = preliminary;
    }
    return Math.sqrt(sum) * largest;
  }`,
};
// strings that are not static (strings.ts)
/** whether `wanted` stands at `i` */
const standsAt = "let j = 0; while (j < m && this.charCodeAt(i + j) === wanted.charCodeAt(j)) j++;";
const clampTo = (v: string): string => `Math.min(Math.max(Math.trunc(${v}) || 0, 0), n)`;
// of a hexadecimal digit's code, −1 of all others; of two of them behind a place
const hexadecimal = "const digit = (c) => (c >= 48 && c <= 57 ? c - 48 : (c >= 65 && c <= 70) || (c >= 97 && c <= 102) ? (c & 15) + 9 : -1), pair = (text, i) => { const a = digit(text.charCodeAt(i)), b = digit(text.charCodeAt(i + 1)); return a < 0 || b < 0 ? -1 : a * 16 + b; };";
const malformed = 'throw new URIError("URI malformed");';
const text: Record<string, string> = {
  Equals: "function (other) { if (this.length !== other.length) return false; const n = this.length; for (let i = 0; i < n; i++) if (this.charCodeAt(i) !== other.charCodeAt(i)) return false; return true; }",
  Order: "function (other) { const n = Math.min(this.length, other.length); for (let i = 0; i < n; i++) { const a = this.charCodeAt(i), b = other.charCodeAt(i); if (a !== b) return a - b; } return this.length - other.length; }",
  Place: "function (index) { return index < 0 ? this.length + index : index; }",
  Slice: `function (start, end) { ${range} return [from, Math.max(to - from, 0)]; }`,
  Substring: `function (start, end) { const n = this.length, a = ${clampTo("start")}, b = end === undefined ? n : ${clampTo("end")}; return a < b ? [a, b - a] : [b, a - b]; }`,
  Substr: `function (start, length) { const n = this.length, s = Math.trunc(start) || 0, from = s < 0 ? Math.max(n + s, 0) : Math.min(s, n); return [from, Math.min(length === undefined ? n : Math.max(Math.trunc(length) || 0, 0), n - from)]; }`,
  Trim: `function () { let i = 0, n = this.length; ${skipBlanks} ${skipBlanksAtEnd} return [i, n - i]; }`,
  TrimStart: `function () { let i = 0; const n = this.length; ${skipBlanks} return [i, n - i]; }`,
  TrimEnd: `function () { const i = 0; let n = this.length; ${skipBlanksAtEnd} return [0, n]; }`,
  IndexOf: `function (wanted, from) { const n = this.length, m = wanted.length; for (let i = from === undefined ? 0 : ${clampTo("from")}; i + m <= n; i++) { ${standsAt} if (j === m) return i; } return -1; }`,
  LastIndexOf: `function (wanted, from) { const n = this.length, m = wanted.length, at = +from; for (let i = Math.min(at !== at ? n : ${clampTo("at")}, n - m); i >= 0; i--) { ${standsAt} if (j === m) return i; } return -1; }`,
  Includes: `function (wanted, from) { const n = this.length, m = wanted.length; for (let i = from === undefined ? 0 : ${clampTo("from")}; i + m <= n; i++) { ${standsAt} if (j === m) return true; } return false; }`,
  StartsWith: `function (wanted, from) { const n = this.length, m = wanted.length, i = from === undefined ? 0 : ${clampTo("from")}; if (i + m > n) return false; ${standsAt} return j === m; }`,
  EndsWith: `function (wanted, end) { const n = this.length, m = wanted.length, i = (end === undefined ? n : ${clampTo("end")}) - m; if (i < 0) return false; ${standsAt} return j === m; }`,
  Letters: "function () { const out = []; for (const c of this) out.push(c); return out; }",
  // what is no half of a pair, or one half alone, is U+FFFD
  Bytes: `function () {
    const n = this.length;
    let size = 0;
    for (let i = 0; i < n; i++) { const c = this.charCodeAt(i); size += c < 128 ? 1 : c < 2048 ? 2 : 3; if (c >= 55296 && c < 56320 && i + 1 < n) { const d = this.charCodeAt(i + 1); if (d >= 56320 && d < 57344) { size++; i++; } } }
    const out = new Uint8Array(size);
    for (let i = 0, at = 0; i < n; i++) {
      let c = this.charCodeAt(i);
      if (c >= 55296 && c < 57344) {
        const d = c < 56320 && i + 1 < n ? this.charCodeAt(i + 1) : 0;
        if (d >= 56320 && d < 57344) { c = (c - 55296) * 1024 + d + 9216; i++; } else c = 65533;
      }
      if (c < 128) out[at++] = c;
      else {
        if (c < 2048) out[at++] = 192 | (c >> 6);
        else {
          if (c < 65536) out[at++] = 224 | (c >> 12); else { out[at++] = 240 | (c >> 18); out[at++] = 128 | ((c >> 12) & 63); }
          out[at++] = 128 | ((c >> 6) & 63);
        }
        out[at++] = 128 | (c & 63);
      }
    }
    return out;
  }`,
  // what takes the place of a string in a URI, and the string that it had taken the place of: code units, and how many there are
  EncodeUri: `function (kept) {
    const n = this.length;
    let size = 0;
    for (let i = 0; i < n; i++) {
      const c = this.charCodeAt(i);
      if (c < 128) size += kept.charCodeAt(c) === 49 ? 1 : 3;
      else if (c < 2048) size += 6;
      else if (c < 55296 || c > 57343) size += 9;
      else {
        if (c > 56319 || i + 1 >= n) ${malformed}
        i++;
        const d = this.charCodeAt(i);
        if (d < 56320 || d > 57343) ${malformed}
        size += 12;
      }
    }
    const out = new Uint16Array(size), hex = "0123456789ABCDEF";
    for (let i = 0, at = 0; i < n; i++) {
      let c = this.charCodeAt(i);
      if (c < 128 && kept.charCodeAt(c) === 49) { out[at++] = c; continue; }
      if (c > 55295 && c < 57344) { i++; c = (c - 55296) * 1024 + this.charCodeAt(i) + 9216; }
      let more = c < 128 ? 0 : c < 2048 ? 1 : c < 65536 ? 2 : 3, byte = more === 0 ? c : ((65280 >> (more + 1)) & 255) | (c >> (6 * more));
      for (;;) {
        out[at] = 37; out[at + 1] = hex.charCodeAt(byte >> 4); out[at + 2] = hex.charCodeAt(byte & 15);
        at += 3;
        if (more === 0) break;
        more--;
        byte = 128 | ((c >> (6 * more)) & 63);
      }
    }
    return [out, size];
  }`,
  DecodeUri: `function (kept) {
    ${hexadecimal}
    const n = this.length, out = new Uint16Array(n);
    let at = 0;
    for (let i = 0; i < n; i++) {
      const c = this.charCodeAt(i);
      if (c !== 37) { out[at++] = c; continue; }
      const first = pair(this, i + 1);
      if (first < 0) ${malformed}
      i += 2;
      if (first < 128) {
        if (kept.charCodeAt(first) === 49) { out[at] = 37; out[at + 1] = this.charCodeAt(i - 1); out[at + 2] = this.charCodeAt(i); at += 3; } else out[at++] = first;
        continue;
      }
      const more = first < 194 ? 0 : first < 224 ? 1 : first < 240 ? 2 : first < 245 ? 3 : 0;
      if (more === 0) ${malformed}
      let code = first & (63 >> more);
      for (let k = 0; k < more; k++) {
        const byte = i + 3 < n && this.charCodeAt(i + 1) === 37 ? pair(this, i + 2) : -1;
        if (byte < 128 || byte > 191) ${malformed}
        code = code * 64 + (byte & 63);
        i += 3;
      }
      if (more === 2 ? code < 2048 || (code > 55295 && code < 57344) : more === 3 && (code < 65536 || code > 1114111)) ${malformed}
      if (more === 3) { out[at] = 55296 + ((code - 65536) >> 10); out[at + 1] = 56320 + (code & 1023); at += 2; } else out[at++] = code;
    }
    return [out, at];
  }`,
  Escape: `function (kept) {
    const n = this.length;
    let size = 0;
    for (let i = 0; i < n; i++) { const c = this.charCodeAt(i); size += c > 255 ? 6 : c < 128 && kept.charCodeAt(c) === 49 ? 1 : 3; }
    const out = new Uint16Array(size), hex = "0123456789ABCDEF";
    for (let i = 0, at = 0; i < n; i++) {
      const c = this.charCodeAt(i);
      if (c < 128 && kept.charCodeAt(c) === 49) { out[at++] = c; continue; }
      out[at++] = 37;
      if (c > 255) { out[at] = 117; out[at + 1] = hex.charCodeAt(c >> 12); out[at + 2] = hex.charCodeAt((c >> 8) & 15); at += 3; }
      out[at] = hex.charCodeAt((c >> 4) & 15); out[at + 1] = hex.charCodeAt(c & 15);
      at += 2;
    }
    return [out, size];
  }`,
  Unescape: `function () {
    ${hexadecimal}
    const n = this.length, out = new Uint16Array(n);
    let at = 0;
    for (let i = 0; i < n; i++) {
      let c = this.charCodeAt(i);
      if (c === 37) {
        const isWide = i + 5 < n && this.charCodeAt(i + 1) === 117;
        const high = isWide ? pair(this, i + 2) : 0, low = isWide ? pair(this, i + 4) : i + 2 < n ? pair(this, i + 1) : -1;
        if (high >= 0 && low >= 0) { c = high * 256 + low; i += isWide ? 5 : 2; }
      }
      out[at++] = c;
    }
    return [out, at];
  }`,
  Split: `function (by) {
    const out = [], n = this.length, m = by.length;
    if (m === 0) { for (let i = 0; i < n; i++) out.push(this[i]); return out; }
    let from = 0;
    for (let at = this.indexOf(by); at >= 0; at = this.indexOf(by, from)) { out.push(this.slice(from, at)); from = at + m; }
    out.push(this.slice(from));
    return out;
  }`,
  Replace: "function (by, to) { const at = this.indexOf(by); return at < 0 ? this.slice(0) : this.slice(0, at) + to + this.slice(at + by.length); }",
  CodePoint: "function (i) { const n = this.length; if (!(i >= 0 && i < n)) return undefined; const a = this.charCodeAt(i); if (a < 55296 || a > 56319 || i + 1 >= n) return a; const b = this.charCodeAt(i + 1); return b < 56320 || b > 57343 ? a : (a - 55296) * 1024 + (b - 56320) + 65536; }",
  Next: "function (i) { const a = this.charCodeAt(i); if (a < 55296 || a > 56319 || i + 1 >= this.length) return i + 1; const b = this.charCodeAt(i + 1); return b < 56320 || b > 57343 ? i + 1 : i + 2; }",
};
// tables whose keys are numbers of run time (keyed.ts)
const part = (name: string): string => `const ${name} = this["\\u0000${name}"];`;
/** where its chain begins: of all 53 bits, since whole numbers may lie side by side in one (composite.ts) */
const placeOfKey = (key: string): string => `let h = ${key} | 0; if (h !== ${key}) { const whole = Math.floor(${key}), above = Math.floor(whole / 67108864); h = Math.imul(above, -1640531535) ^ Math.imul((${key} - whole) * 2147483648, 31) ^ (whole - above * 67108864); } const at = (Math.imul(h, -1640531527) >>> 8) & (heads.length - 1);`;
const isKey = "k === key || (k !== k && key !== key)", isWord = "k === key";
/** the place of the key, negative where there is none */
const finding = (placeOf: (key: string) => string, is: string): string =>
  `${part("heads")} ${part("keys")} ${part("next")} let i; { ${placeOf("key")} i = heads[at]; while (i >= 0) { const k = keys[i]; if (${is}) break; i = next[i]; } }`;
const findKey = finding(placeOfKey, isKey);
/** where a string's chain begins */
const placeOfWord = (key: string): string => `let h = ${key}.length; for (let j = 0, m = ${key}.length; j < m; j++) h = (Math.imul(h, 31) + ${key}.charCodeAt(j)) | 0; const at = (Math.imul(h, -1640531527) >>> 8) & (heads.length - 1);`;
const findWord = finding(placeOfWord, isWord);
/** whole keys from 0 on in ascending order, then the others as they were put in */
const order = `
  ${part("keys")} ${part("next")} const n = keys.length, out = [];
  for (let i = 0; i < n; i++) { const k = keys[i]; if (next[i] !== -2 && k >= 0 && k < 4294967295 && k % 1 === 0) out.push(k); }
  out.sort((a, b) => a - b);
  for (let i = 0; i < n; i++) { const k = keys[i]; if (next[i] !== -2 && !(k >= 0 && k < 4294967295 && k % 1 === 0)) out.push(k); }`;
const placing = (find: string, placeOf: (key: string) => string): string => `function (key) {
    ${find}
    if (i >= 0) return i;
    const n = keys.length;
    if (n >= heads.length) {
      for (let j = 0, m = heads.length; j < m; j++) { heads[j] = -1; heads.push(-1); }
      for (let j = 0; j < n; j++) if (next[j] !== -2) { const k = keys[j]; ${placeOf("k")} next[j] = heads[at]; heads[at] = j; }
    }
    ${placeOf("key")}
    keys.push(key);
    next.push(heads[at]);
    heads[at] = n;
    this["\\u0000count"][0]++;
    return n;
  }`;
const deleting = (placeOf: (key: string) => string, is: string): string => `function (key) {
    ${part("heads")} ${part("keys")} ${part("next")}
    ${placeOf("key")}
    let i = heads[at], before = -1;
    while (i >= 0) { const k = keys[i]; if (${is}) break; before = i; i = next[i]; }
    if (i < 0) return false;
    if (before < 0) heads[at] = next[i]; else next[before] = next[i];
    next[i] = -2;
    this["\\u0000count"][0]--;
    return true;
  }`;
const keyed: Record<string, string> = {
  Find: `function (key) { ${findKey} return i; }`,
  // the same of strings
  FindWord: `function (key) { ${findWord} return i; }`,
  PlaceWord: placing(findWord, placeOfWord),
  DeleteWord: deleting(placeOfWord, isWord),
  // of lists of keys and of values
  Pairs: "function (keys, values) { const out = []; for (let i = 0; i < keys.length; i++) out.push([keys[i], values[i]]); return out; }",
  // the places of an object's words in the order that the language says: indices first, ascending
  WordOrder: `function () {
    ${part("keys")} ${part("next")} const n = keys.length, indices = [], words = [], out = [];
    if (n > 2097152) null.long;
    for (let i = 0; i < n; i++) if (next[i] !== -2) {
      const k = keys[i], m = k.length, first = m > 0 && m < 11 ? k.charCodeAt(0) : 0;
      let v = first > 48 || m === 1 ? 0 : -1;
      if (v === 0) for (let j = 0; j < m; j++) { const d = k.charCodeAt(j); if (d < 48 || d > 57) { v = -1; break; } v = v * 10 + d - 48; }
      if (v >= 0 && v < 4294967295) indices.push(v * 2097152 + i); else words.push(i);
    }
    indices.sort((a, b) => a - b);
    for (let i = 0; i < indices.length; i++) out.push(indices[i] % 2097152);
    for (let i = 0; i < words.length; i++) out.push(words[i]);
    return out;
  }`,
  KeysAt: `function (places) { ${part("keys")} const out = []; for (let i = 0; i < places.length; i++) out.push(keys[places[i]]); return out; }`,
  ValuesAt: `function (places) { ${part("values")} const out = []; for (let i = 0; i < places.length; i++) out.push(values[places[i]]); return out; }`,
  // of keys that are there
  Load: `function () {
    ${part("heads")} ${part("keys")} ${part("next")} const n = keys.length;
    while (heads.length < n) for (let j = 0, m = heads.length; j < m; j++) heads.push(-1);
    for (let j = 0; j < n; j++) { const k = keys[j]; ${placeOfKey("k")} next.push(heads[at]); heads[at] = j; }
    this["\\u0000count"][0] = n;
  }`,
  // that of the key, which is put in where it is not there
  Place: placing(findKey, placeOfKey),
  Delete: deleting(placeOfKey, isKey),
  Clear: `function () { ${part("heads")} ${part("next")} for (let i = 0; i < heads.length; i++) heads[i] = -1; for (let i = 0; i < next.length; i++) next[i] = -2; this["\\u0000count"][0] = 0; }`,
  From: `function (i) { ${part("next")} const n = next.length; while (i < n && next[i] === -2) i++; return i; }`,
  Order: `function () { ${order} return out; }`,
  Values: "function (keys) { const out = []; for (let i = 0; i < keys.length; i++) out.push(this[keys[i]]); return out; }",
  AllKeys: `function () { ${part("keys")} ${part("next")} const out = []; for (let i = 0; i < keys.length; i++) if (next[i] !== -2) out.push(keys[i]); return out; }`,
  Objects: "function () { const out = []; for (const key of this.keys()) out.push(key); return out; }",
  AllValues: `function () { ${part("values")} ${part("next")} const out = []; for (let i = 0; i < next.length; i++) if (next[i] !== -2) out.push(values[i]); return out; }`,
  // the whole number that a string has from there on, NaN where it is written otherwise, and where it ends
  Whole: `function (i) {
    const n = this.length, minus = i < n && this.charCodeAt(i) === 45 ? 1 : 0, first = i + minus;
    let value = 0;
    for (i = first; i < n; i++) { const digit = this.charCodeAt(i) - 48; if (digit < 0 || digit > 9) break; value = value * 10 + digit; }
    const isWhole = i > first && i < first + 16 && !(this.charCodeAt(first) === 48 && i + minus > first + 1);
    return [isWhole ? (minus ? -value : value) : NaN, i];
  }`,
  // what an object has under keys of run time is put into another one
  Copy: "function (from) { for (const key in from) this[key] = from[key]; }",
  AddAll: `function (list) { for (let j = 0; j < list.length; j++) this.add(list[j]); }`,
  PutAll: `function (list) { for (let j = 0; j < list.length; j++) { const pair = list[j]; this.set(pair[0], pair[1]); } }`,
};
for (const [name, source] of Object.entries(keyed)) texts[`internal.keyed${name}`] = source;
for (const [name, source] of Object.entries(text)) texts[`internal.text${name}`] = source;
for (const [name, text] of Object.entries(calendar)) texts[`internal.date.${name}`] = text;
for (const [name, text] of Object.entries(digits)) texts[`internal.${name}`] = text;
for (const [name, text] of Object.entries(internal)) texts[`internal.${name}`] = text;

/** The source of a built-in that is walked, by its path. */
export const preludeText = (name: string): string | undefined => (Object.hasOwn(texts, name) ? texts[name] : patternText(name));
