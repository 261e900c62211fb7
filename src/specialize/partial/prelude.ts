// Built-in methods as JavaScript of our own, which is walked like the user's: callbacks are inlined, static lists unroll, dynamic ones
// become loops. Each does what ECMAScript says for arrays without holes (a hole is read as undefined by the ones that visit holes).

const over = (body: string): string => `function (callback, self) { const n = this.length; ${body} }`;
/** what an array and a typed array have in common; `this` is the array */
const shared: Record<string, string> = {
  forEach: over("for (let i = 0; i < n; i++) callback.call(self, this[i], i, this);"),
  every: over("for (let i = 0; i < n; i++) if (!callback.call(self, this[i], i, this)) return false; return true;"),
  some: over("for (let i = 0; i < n; i++) if (callback.call(self, this[i], i, this)) return true; return false;"),
  find: over("for (let i = 0; i < n; i++) { const v = this[i]; if (callback.call(self, v, i, this)) return v; } return undefined;"),
  findIndex: over("for (let i = 0; i < n; i++) if (callback.call(self, this[i], i, this)) return i; return -1;"),
  findLast: over("for (let i = n - 1; i >= 0; i--) { const v = this[i]; if (callback.call(self, v, i, this)) return v; } return undefined;"),
  findLastIndex: over("for (let i = n - 1; i >= 0; i--) if (callback.call(self, this[i], i, this)) return i; return -1;"),
  reduce: `function (callback, initial) {
    const n = this.length;
    let i = 0, value = initial;
    if (arguments.length < 2) { if (n === 0) throw new TypeError("Reduce of empty array with no initial value"); value = this[0]; i = 1; }
    for (; i < n; i++) value = callback(value, this[i], i, this);
    return value;
  }`,
  reduceRight: `function (callback, initial) {
    let i = this.length - 1, value = initial;
    if (arguments.length < 2) { if (i < 0) throw new TypeError("Reduce of empty array with no initial value"); value = this[i]; i--; }
    for (; i >= 0; i--) value = callback(value, this[i], i, this);
    return value;
  }`,
  indexOf: `function (wanted, from) {
    const n = this.length;
    let i = from === undefined ? 0 : from < 0 ? Math.max(n + Math.trunc(from), 0) : Math.trunc(from);
    for (; i < n; i++) if (this[i] === wanted) return i;
    return -1;
  }`,
  lastIndexOf: `function (wanted) { for (let i = this.length - 1; i >= 0; i--) if (this[i] === wanted) return i; return -1; }`,
  includes: `function (wanted) { const n = this.length; for (let i = 0; i < n; i++) { const v = this[i]; if (v === wanted || (v !== v && wanted !== wanted)) return true; } return false; }`,
  at: `function (index) { const n = this.length; const i = Math.trunc(index) || 0; return this[i < 0 ? n + i : i]; }`,
  fill: `function (value, start, end) {
    const n = this.length;
    const from = start === undefined ? 0 : start < 0 ? Math.max(n + Math.trunc(start), 0) : Math.min(Math.trunc(start), n);
    const to = end === undefined ? n : end < 0 ? Math.max(n + Math.trunc(end), 0) : Math.min(Math.trunc(end), n);
    for (let i = from; i < to; i++) this[i] = value;
    return this;
  }`,
  reverse: `function () { const n = this.length, half = Math.floor(n / 2); for (let i = 0; i < half; i++) { const j = n - 1 - i, v = this[i]; this[i] = this[j]; this[j] = v; } return this; }`,
  join: `function (separator) { const n = this.length; const s = separator === undefined ? "," : separator; let text = ""; for (let i = 0; i < n; i++) { if (i > 0) text += s; const v = this[i]; if (v !== undefined && v !== null) text += v; } return text; }`,
};
const range = "const n = this.length; const from = start === undefined ? 0 : start < 0 ? Math.max(n + Math.trunc(start), 0) : Math.min(Math.trunc(start), n); const to = end === undefined ? n : end < 0 ? Math.max(n + Math.trunc(end), 0) : Math.min(Math.trunc(end), n);";
const array: Record<string, string> = {
  ...shared,
  map: over("const out = []; for (let i = 0; i < n; i++) out.push(callback.call(self, this[i], i, this)); return out;"),
  filter: over("const out = []; for (let i = 0; i < n; i++) { const v = this[i]; if (callback.call(self, v, i, this)) out.push(v); } return out;"),
  slice: `function (start, end) { ${range} const out = []; for (let i = from; i < to; i++) out.push(this[i]); return out; }`,
  shift: "function () { const n = this.length; if (n === 0) return undefined; const first = this[0]; for (let i = 1; i < n; i++) this[i - 1] = this[i]; this.length = n - 1; return first; }",
  unshift: "function (...items) { const n = this.length, m = items.length; for (let i = n - 1; i >= 0; i--) this[i + m] = this[i]; for (let i = 0; i < m; i++) this[i] = items[i]; return n + m; }",
  sort: `function (compare) {
    const n = this.length;
    for (let i = 1; i < n; i++) {
      const v = this[i];
      let j = i - 1;
      while (j >= 0 && (compare ? compare(this[j], v) > 0 : String(this[j]) > String(v))) { this[j + 1] = this[j]; j--; }
      this[j + 1] = v;
    }
    return this;
  }`,
};
const typed: Record<string, string> = {
  ...shared,
  set: "function (source, offset) { const n = source.length, at = offset === undefined ? 0 : offset; if (at < 0 || at + n > this.length) throw new RangeError(\"offset is out of bounds\"); for (let i = 0; i < n; i++) this[at + i] = source[i]; }",
};

const texts: Record<string, string> = {
  ...Object.fromEntries(Object.entries(array).map(([name, text]) => [`Array.prototype.${name}`, text])),
  ...Object.fromEntries(Object.entries(typed).map(([name, text]) => [`TypedArray.prototype.${name}`, text])),
  "Array.from": "function (source, f, self) { const out = []; const n = source.length; if (n === undefined) { let i = 0; for (const v of source) { out.push(f === undefined ? v : f.call(self, v, i)); i++; } return out; } for (let i = 0; i < n; i++) out.push(f === undefined ? source[i] : f.call(self, source[i], i)); return out; }",
  "Map.prototype.forEach": "function (callback, self) { for (const [key, value] of this) callback.call(self, value, key, this); }",
  "Set.prototype.forEach": "function (callback, self) { for (const value of this) callback.call(self, value, value, this); }",
};

/** What no built-in is, but ours are made of. */
const internal: Record<string, string> = {
  append: "function (list) { const n = list.length; for (let i = 0; i < n; i++) this.push(list[i]); return this.length; }",
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
for (const [name, text] of Object.entries(internal)) texts[`internal.${name}`] = text;

/** The source of a built-in that is walked, by its path. */
export const preludeText = (name: string): string | undefined => (Object.hasOwn(texts, name) ? texts[name] : undefined);
