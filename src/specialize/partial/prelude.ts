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
  copyWithin: `function (to, start, end) {
    const n = this.length, clamp = (v) => (v < 0 ? Math.max(n + Math.trunc(v), 0) : Math.min(Math.trunc(v) || 0, n));
    const at = clamp(to), from = clamp(start === undefined ? 0 : start), count = Math.min((end === undefined ? n : clamp(end)) - from, n - at);
    if (from < at) for (let i = count - 1; i >= 0; i--) this[at + i] = this[from + i];
    else for (let i = 0; i < count; i++) this[at + i] = this[from + i];
    return this;
  }`,
  reverse: `function () { const n = this.length, half = Math.floor(n / 2); for (let i = 0; i < half; i++) { const j = n - 1 - i, v = this[i]; this[i] = this[j]; this[j] = v; } return this; }`,
  join: `function (separator) { const n = this.length; const s = separator === undefined ? "," : separator; let text = ""; for (let i = 0; i < n; i++) { if (i > 0) text += s; const v = this[i]; if (v !== undefined && v !== null) text += v; } return text; }`,
};
const range = "const n = this.length; const from = start === undefined ? 0 : start < 0 ? Math.max(n + Math.trunc(start), 0) : Math.min(Math.trunc(start), n); const to = end === undefined ? n : end < 0 ? Math.max(n + Math.trunc(end), 0) : Math.min(Math.trunc(end), n);";
/**
 * Sorting by `order`, as V8 does it: of fewer than 64 elements call by call (the one run of its TimSort), of more by merging. Then a check that
 * the order contradicts itself nowhere, so that every stable algorithm agrees; if it does (`a > b`, NaN), V8's own has to run: reading of null bails.
 */
const sorting = `
  const n = this.length, work = [];
  for (let i = 0; i < n; i++) { const v = this[i]; if (v === undefined) null.order; work.push(v); }
  if (n < 64) {
    if (n > 1) {
      // the run that there is at the start, turned round if it falls, then each element by bisection into those before it
      let run = 2;
      const falls = order(work[1], work[0]) < 0;
      while (run < n && order(work[run], work[run - 1]) < 0 === falls) run++;
      if (falls) for (let i = 0, j = run - 1; i < j; i++, j--) { const v = work[i]; work[i] = work[j]; work[j] = v; }
      for (; run < n; run++) {
        const v = work[run];
        let left = 0, right = run;
        while (left < right) { const middle = (left + right) >> 1; if (order(v, work[middle]) < 0) right = middle; else left = middle + 1; }
        for (let i = run; i > left; i--) work[i] = work[i - 1];
        work[left] = v;
      }
    }
  } else {
    const other = [];
    for (let i = 0; i < n; i++) other.push(work[i]);
    for (let width = 1; width < n; width *= 2) {
      for (let low = 0; low < n; low += 2 * width) {
        const middle = Math.min(low + width, n), high = Math.min(low + 2 * width, n);
        let i = low, j = middle;
        for (let k = low; k < high; k++) {
          if (i < middle && (j >= high || !(order(other[j], other[i]) < 0))) { work[k] = other[i]; i++; } else { work[k] = other[j]; j++; }
        }
      }
      for (let k = 0; k < n; k++) other[k] = work[k];
    }
    for (let i = 1; i < n; i++) {
      const there = order(work[i - 1], work[i]), back = order(work[i], work[i - 1]);
      if (!(there < 0 ? back > 0 : there === 0 && back === 0)) null.order;
    }
  }
  for (let i = 0; i < n; i++) this[i] = work[i];
  return this;`;
const sortBy = (order: string): string => `function (compare) { const order = ${order}; ${sorting} }`;
const byText = "(a, b) => { const x = String(a), y = String(b); return x < y ? -1 : x > y ? 1 : 0; }";
const byNumber = "(a, b) => (a < b ? -1 : a > b ? 1 : a !== a ? (b !== b ? 0 : 1) : b !== b ? -1 : a === 0 ? (1 / a < 1 / b ? -1 : 1 / a > 1 / b ? 1 : 0) : 0)";
const array: Record<string, string> = {
  ...shared,
  map: over("const out = []; for (let i = 0; i < n; i++) out.push(callback.call(self, this[i], i, this)); return out;"),
  filter: over("const out = []; for (let i = 0; i < n; i++) { const v = this[i]; if (callback.call(self, v, i, this)) out.push(v); } return out;"),
  slice: `function (start, end) { ${range} const out = []; for (let i = from; i < to; i++) out.push(this[i]); return out; }`,
  shift: "function () { const n = this.length; if (n === 0) return undefined; const first = this[0]; for (let i = 1; i < n; i++) this[i - 1] = this[i]; this.length = n - 1; return first; }",
  unshift: "function (...items) { const n = this.length, m = items.length; for (let i = 0; i < m; i++) this.push(items[i]); for (let i = n - 1; i >= 0; i--) this[i + m] = this[i]; for (let i = 0; i < m; i++) this[i] = items[i]; return n + m; }",
  sort: sortBy(`compare === undefined ? ${byText} : compare`),
  toSorted: "function (compare) { return this.slice().sort(compare); }",
  toReversed: "function () { return this.slice().reverse(); }",
  with: `function (index, value) { const n = this.length, at = Math.trunc(index) || 0, i = at < 0 ? n + at : at; if (i < 0 || i >= n) throw new RangeError("Invalid index : " + index); const out = this.slice(); out[i] = value; return out; }`,
  splice: `function (start, count, ...items) {
    const n = this.length, at = Math.trunc(start) || 0, from = at < 0 ? Math.max(n + at, 0) : Math.min(at, n), more = items.length;
    const gone = arguments.length === 0 ? 0 : arguments.length === 1 ? n - from : Math.min(Math.max(Math.trunc(count) || 0, 0), n - from);
    const out = [];
    for (let i = 0; i < gone; i++) out.push(this[from + i]);
    if (more < gone) { for (let i = from + gone; i < n; i++) this[i - gone + more] = this[i]; this.length = n - gone + more; }
    else if (more > gone) { for (let i = 0; i < more - gone; i++) this.push(items[i]); for (let i = n - 1; i >= from + gone; i--) this[i - gone + more] = this[i]; }
    for (let i = 0; i < more; i++) this[from + i] = items[i];
    return out;
  }`,
  flat: "function (depth) { const out = []; for (const v of this) if (Array.isArray(v)) { if (depth === undefined || depth === 1) for (const w of v) out.push(w); else if (depth > 1) for (const w of v.flat(depth - 1)) out.push(w); else out.push(v); } else out.push(v); return out; }",
  flatMap: over("const out = []; for (let i = 0; i < n; i++) { const v = callback.call(self, this[i], i, this); if (Array.isArray(v)) for (const w of v) out.push(w); else out.push(v); } return out;"),
};
const typed: Record<string, string> = {
  ...shared,
  sort: sortBy(`compare === undefined ? ${byNumber} : compare`),
  toSorted: "function (compare) { return this.slice().sort(compare); }",
  toReversed: "function () { return this.slice().reverse(); }",
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
  appendFrom: "function (list, from) { const n = list.length; for (let i = from; i < n; i++) this.push(list[i]); return this.length; }",
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
for (const [name, text] of Object.entries(internal)) texts[`internal.${name}`] = text;

/** The source of a built-in that is walked, by its path. */
export const preludeText = (name: string): string | undefined => (Object.hasOwn(texts, name) ? texts[name] : undefined);
