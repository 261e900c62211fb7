// Built-in methods as JavaScript of our own, which is walked like the user's: callbacks are inlined, static lists unroll, dynamic ones
// become loops. What skips holes, or moves them, has two forms: one for arrays without holes, which never asks, one for those that may have some.

import { calendar } from "./calendar.ts";

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
  join: `function (separator) { const n = this.length; const s = separator === undefined ? "," : separator; let text = ""; for (let i = 0; i < n; i++) { if (i > 0) text += s; const v = this[i]; if (v !== undefined && v !== null) text += v; } return text; }`,
});
/** Sorting where the order is the language's own, which contradicts itself nowhere: every stable algorithm agrees. Of fewer than 64 elements by bisection, of more by merging. */
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
  }
  for (let i = 0; i < n; i++) this[i] = work[i];
  return this;`;
/**
 * Sorting by the user's order exactly as V8 does it, call by call: an order may contradict itself (`a > b`, NaN, "as good as equal"), count, or write something.
 * Arrays are V8's TimSort: runs that are found or made, merged by steps or, where one of them wins again and again, by leaps (`place`).
 */
const runs = `
  const n = this.length, work = [], aside = [], bases = [], lengths = [];
  for (let i = 0; i < n; i++) { const v = this[i]; if (v === undefined) null.order; work.push(v); aside.push(v); }
  let winning = 7;
  const place = (list, key, base, length, hint, behind) => {
    const up = !(behind ? order(key, list[base + hint]) < 0 : !(order(list[base + hint], key) < 0)), most = up ? length - hint : hint + 1;
    let last = 0, offset = 1;
    while (offset < most) {
      const v = list[base + (up ? hint + offset : hint - offset)];
      if ((behind ? order(key, v) < 0 : !(order(v, key) < 0)) === up) break;
      last = offset; offset = 2 * offset + 1;
    }
    if (offset > most) offset = most;
    let low = (up ? hint + last : hint - offset) + 1, high = up ? hint + offset : hint - last;
    while (low < high) { const m = (low + high) >> 1, v = list[base + m]; if (behind ? order(key, v) < 0 : !(order(v, key) < 0)) high = m; else low = m + 1; }
    return high;
  };
  const mergeLow = (a, na, b, nb) => {
    for (let i = 0; i < na; i++) aside[i] = work[a + i];
    let to = a, from = 0, wonA = 0, wonB = 0;
    work[to++] = work[b++]; nb--;
    if (nb > 0 && na > 1) outer: for (;;) {
      wonA = 0; wonB = 0;
      do {
        if (order(work[b], aside[from]) < 0) { work[to++] = work[b++]; wonB++; wonA = 0; nb--; if (nb === 0) break outer; }
        else { work[to++] = aside[from++]; wonA++; wonB = 0; na--; if (na === 1) break outer; }
      } while (wonA < winning && wonB < winning);
      winning++;
      do {
        winning = Math.max(1, winning - 1);
        wonA = place(aside, work[b], from, na, 0, true);
        for (let i = 0; i < wonA; i++) work[to++] = aside[from++];
        na -= wonA;
        if (wonA > 0 && na < 2) break outer;
        work[to++] = work[b++]; nb--;
        if (nb === 0) break outer;
        wonB = place(work, aside[from], b, nb, 0, false);
        for (let i = 0; i < wonB; i++) work[to++] = work[b++];
        nb -= wonB;
        if (nb === 0) break outer;
        work[to++] = aside[from++]; na--;
        if (na === 1) break outer;
      } while (wonA >= 7 || wonB >= 7);
      winning++;
    }
    for (let i = 0; na === 1 && i < nb; i++) work[to++] = work[b++];
    for (let i = 0; i < na; i++) work[to++] = aside[from++];
  };
  const mergeHigh = (a, na, b, nb) => {
    for (let i = 0; i < nb; i++) aside[i] = work[b + i];
    let to = b + nb - 1, from = nb - 1, end = a + na - 1, wonA = 0, wonB = 0;
    work[to--] = work[end--]; na--;
    if (na > 0 && nb > 1) outer: for (;;) {
      wonA = 0; wonB = 0;
      do {
        if (order(aside[from], work[end]) < 0) { work[to--] = work[end--]; wonA++; wonB = 0; na--; if (na === 0) break outer; }
        else { work[to--] = aside[from--]; wonB++; wonA = 0; nb--; if (nb === 1) break outer; }
      } while (wonA < winning && wonB < winning);
      winning++;
      do {
        winning = Math.max(1, winning - 1);
        wonA = na - place(work, aside[from], a, na, na - 1, true);
        for (let i = 0; i < wonA; i++) work[to--] = work[end--];
        na -= wonA;
        if (na === 0) break outer;
        work[to--] = aside[from--]; nb--;
        if (nb === 1) break outer;
        wonB = nb - place(aside, work[end], 0, nb, nb - 1, false);
        for (let i = 0; i < wonB; i++) work[to--] = aside[from--];
        nb -= wonB;
        if (nb < 2) break outer;
        work[to--] = work[end--]; na--;
        if (na === 0) break outer;
      } while (wonA >= 7 || wonB >= 7);
      winning++;
    }
    for (let i = 0; nb === 1 && i < na; i++) work[to--] = work[end--];
    for (let i = 0; i < nb; i++) work[to--] = aside[from--];
  };
  let unit = n, odd = 0;
  while (unit >= 64) { odd |= unit & 1; unit >>= 1; }
  unit += odd;
  let low = 0, runs = 0;
  while (low < n || runs > 1) {
    let merge = low >= n;
    if (!merge) {
      let run = Math.min(2, n - low);
      if (run > 1) {
        const falls = order(work[low + 1], work[low]) < 0;
        while (low + run < n && order(work[low + run], work[low + run - 1]) < 0 === falls) run++;
        if (falls) for (let i = low, j = low + run - 1; i < j; i++, j--) { const v = work[i]; work[i] = work[j]; work[j] = v; }
      }
      const least = Math.min(unit, n - low);
      for (; run < least; run++) {
        const v = work[low + run];
        let left = low, right = low + run;
        while (left < right) { const middle = (left + right) >> 1; if (order(v, work[middle]) < 0) right = middle; else left = middle + 1; }
        for (let i = low + run; i > left; i--) work[i] = work[i - 1];
        work[left] = v;
      }
      if (runs < bases.length) { bases[runs] = low; lengths[runs] = run; } else { bases.push(low); lengths.push(run); }
      runs++;
      low += run;
    }
    while (runs > 1) {
      let i = runs - 2;
      if (low < n || !merge) {
        if ((i > 0 && lengths[i - 1] <= lengths[i] + lengths[i + 1]) || (i > 1 && lengths[i - 2] <= lengths[i - 1] + lengths[i])) { if (lengths[i - 1] < lengths[i + 1]) i--; }
        else if (lengths[i] > lengths[i + 1]) break;
      } else if (i > 0 && lengths[i - 1] < lengths[i + 1]) i--;
      let a = bases[i], na = lengths[i], b = bases[i + 1], nb = lengths[i + 1];
      lengths[i] = na + nb;
      if (i === runs - 3) { bases[i + 1] = bases[i + 2]; lengths[i + 1] = lengths[i + 2]; }
      runs--;
      const known = place(work, work[b], a, na, 0, true);
      a += known; na -= known;
      if (na > 0) {
        nb = place(work, work[a + na - 1], b, nb, nb - 1, false);
        if (nb > 0) { if (na <= nb) mergeLow(a, na, b, nb); else mergeHigh(a, na, b, nb); }
      }
    }
  }
  for (let i = 0; i < n; i++) this[i] = work[i];
  return this;`;
/** … typed arrays are its merge sort, from above; `work` is two arrays, one behind the other, that change their parts with each level. */
const halves = `
  const n = this.length, work = [], tasks = [];
  for (let i = 0; i < n; i++) work.push(this[i]);
  for (let i = 0; i < n; i++) work.push(this[i]);
  if (n > 1) tasks.push(0, n, 0);
  while (tasks.length > 0) {
    const done = tasks.pop(), to = tasks.pop(), from = tasks.pop(), middle = (from + to) >> 1, target = (tasks.length / 3 & 1) * n, source = n - target;
    if (done < 1 && middle - from > 1) { tasks.push(from, to, 1); tasks.push(from, middle, 0); continue; }
    if (done < 2 && to - middle > 1) { tasks.push(from, to, 2); tasks.push(middle, to, 0); continue; }
    for (let k = from, i = from, j = middle; k < to; k++) {
      if (i < middle && (j >= to || !(order(work[source + i], work[source + j]) > 0))) { work[target + k] = work[source + i]; i++; } else { work[target + k] = work[source + j]; j++; }
    }
  }
  for (let i = 0; i < n; i++) this[i] = work[i];
  return this;`;
/**
 * … where it subtracts (differences.ts), of lists of 64 and more whose keys are finite, or infinite beside one that is. Others have a NaN in it, and V8's own has to run.
 * `few`: how V8 sorts less of them, where that is not what `sorting` does.
 */
const byKeys = (few: string): string => `function (compare) {
  const length = this.length, order = (a, b) => +compare(a, b);
  ${few && `if (length < 64) { ${few} }`}
  let known = 0;
  for (let i = 0; i < length; i++) if (this[i] === undefined) null.order;
  if (length >= 64) {
    while (known < length - 1 && order(this[known], this[known]) !== 0) known++;
    for (let i = 0; i < length; i++) { const d = order(this[i], this[known]); if (d !== d) null.order; }
  }
  ${sorting} }`;
const sortBy = (own: string, given: string): string => `function (compare) { if (compare === undefined) { const order = ${own}; ${sorting} } const order = (a, b) => +compare(a, b); ${given} }`;
const byText = "(a, b) => { const x = String(a), y = String(b); return x < y ? -1 : x > y ? 1 : 0; }";
const byNumber = "(a, b) => (a < b ? -1 : a > b ? 1 : a !== a ? (b !== b ? 0 : 1) : b !== b ? -1 : a === 0 ? (1 / a < 1 / b ? -1 : 1 / a > 1 / b ? 1 : 0) : 0)";
const array = (form: Form): Record<string, string> => ({
  ...shared(form),
  map: over(`const out = ${form.list("n")}; for (let i = 0; i < n; i++) { ${form.kept} ${form.put("i", "callback.call(self, this[i], i, this)")} } return out;`),
  filter: over(`const out = []; for (let i = 0; i < n; i++) ${form.at} { const v = this[i]; if (callback.call(self, v, i, this)) out.push(v); } return out;`),
  slice: `function (start, end) { ${range} const out = ${form.list("Math.max(to - from, 0)")}; for (let i = from; i < to; i++) ${form.still} ${form.put("i - from", "this[i]")} return out; }`,
  shift: `function () { const n = this.length; if (n === 0) return undefined; const first = this[0]; for (let i = 1; i < n; i++) ${form.move("i - 1", "i")} this.length = n - 1; return first; }`,
  unshift: `function (...items) { const n = this.length, m = items.length; for (let i = 0; i < m; i++) this.push(items[i]); for (let i = n - 1; i >= 0; i--) ${form.move("i + m", "i")} for (let i = 0; i < m; i++) this[i] = items[i]; return n + m; }`,
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
  "Map.prototype.forEach": "function (callback, self) { for (const [key, value] of this) callback.call(self, value, key, this); }",
  "Set.prototype.forEach": "function (callback, self) { for (const value of this) callback.call(self, value, value, this); }",
};

/** What no built-in is, but ours are made of. */
// the whole number next to size * scale, ten to so many digits, the larger of two: the product is known exactly, in two parts (Dekker, 1971)
const nearest = `const c = size * 134217729, high = c - (c - size), low = size - high, d = scale * 134217729, scaleHigh = d - (d - scale), scaleLow = scale - scaleHigh;
    const rest = high * scaleHigh - product + high * scaleLow + low * scaleHigh + low * scaleLow, below = Math.floor(product), part = product - below;
    const whole = part > 0.5 || (part === 0.5 && rest >= 0) || rest === 0.5 ? below + 1 : below;`;
const internal: Record<string, string> = {
  // the keys of an array
  indices: "function () { const out = []; for (let i = 0; i < this.length; i++) if (i in this) out.push(i); return out; }",
  addEntry: "function (key, value) { this.push([key, value]); }",
  fromEntries: "function (list) { for (let j = 0; j < list.length; j++) { const pair = list[j]; if (typeof pair !== 'object' || pair === null) throw new TypeError('Iterator value ' + pair + ' is not an entry object'); this[pair[0]] = pair[1]; } }",
  fromMap: "function (map) { for (const [key, value] of map) this[key] = value; }",
  forward: "function () { return this(...arguments); }",
  // array == number: its text is its only element's, or has a comma in it
  arrayEquals: `function (wanted) {
    const n = this.length;
    if (n > 1) return false;
    const v = n === 0 ? 0 : this[0];
    return v === undefined || v === null ? wanted == 0 : typeof v === "boolean" ? false : v == wanted;
  }`,
  // the digits of a whole number, at the end of this: where they begin
  textDigits: `function (x, radix) {
    let n = Math.abs(x), at = this.length;
    do { const d = n % radix; at--; this[at] = d < 10 ? 48 + d : 87 + d; n = Math.floor(n / radix); } while (n > 0);
    if (x < 0) { at--; this[at] = 45; }
    return at;
  }`,
  // the number that x.toFixed(digits) reads as. Where the product with the scale is 2^53 or more, a step of the last digit is less than one of x: what is read is x
  numberOfFixed: `function (x, scale) {
    const size = Math.abs(x);
    if (!(size < 1e21)) return x;
    const product = size * scale;
    if (product >= 9007199254740992) return x;
    ${nearest}
    return x < 0 ? -(whole / scale) : whole / scale;
  }`,
  // the number that x.toPrecision(digits) reads as, `most` being ten to so many (15 at most): whole steps of the last digit, divided or multiplied by a power of ten
  numberOfPrecision: `function (x, most) {
    const size = Math.abs(x);
    if (size === 0 || !(size < Infinity)) return x + 0;
    if (!(size >= 1e-7 && size < 9007199254740992)) null.digits;
    if (size >= most) {
      let unit = 10;
      while (size >= most * unit) unit *= 10;
      let n = Math.floor(size / unit);
      if (n * unit > size) n--;
      if ((size - n * unit) * 2 >= unit) n++;
      return x < 0 ? -(n * unit) : n * unit;
    }
    let scale = 1;
    while (size * scale * 10 < most) scale *= 10;
    if (scale > 1e22) null.digits;
    const product = size * scale;
    ${nearest}
    return x < 0 ? -(whole / scale) : whole / scale;
  }`,
  // what String(x) gives, at the end of this: where it begins, −1 where it has an exponent, or zeros behind 16 digits. With up to 15 digits the number is the quotient of a whole one and a power of ten
  // (nearest to it there is no other such). Else the product with a power of ten, which is exact in two doubles, has 17 digits before the point: of the numbers that read as x, which
  // are up to half a step away (with the even mantissa that one too; below a power of two a quarter), a multiple of ten if there is one, the nearest, the even one of two
  textOfNumber: `function (x) {
    const size = Math.abs(x);
    let n = size, decimals = 0, low = 0, width = 0, at = this.length, written = 0;
    if (x !== x) { this[at - 3] = 78; this[at - 2] = 97; this[at - 1] = 78; return at - 3; }
    if (Math.floor(size) !== size) {
      if (!(size >= 1e-5 && size < 4503599627370496)) return -1;
      let scale = 1;
      do { scale *= 10; decimals++; n = Math.floor(size * scale + 0.5); } while (n < 1e15 && n / scale !== size);
      if (n >= 1e15) {
        let product = 0, rest = 0;
        for (;;) {
          product = size * scale;
          const c = size * 134217729, high = c - (c - size), below = size - high, d = scale * 134217729, scaleHigh = d - (d - scale), scaleLow = scale - scaleHigh;
          rest = high * scaleHigh - product + high * scaleLow + below * scaleHigh + below * scaleLow;
          if (product > 1e16 || (product === 1e16 && rest >= 0)) break;
          scale *= 10; decimals++;
        }
        const step = size + size * 1.1102230246251568e-16 - size, place = size / step, isEven = place % 2 === 0, half = step * 0.5 * scale, less = place === 4503599627370496 ? half * 0.5 : half;
        const last = product % 1e8;
        n = (product - last) / 1e8;
        let part = last % 10 + rest;
        low = last - last % 10;
        if (part < 0) { part += 10; low -= 10; }
        if (part >= 10) { part -= 10; low += 10; }
        const more = 10 - part, isDown = isEven ? part <= less : part < less, isUp = isEven ? more <= half : more < half;
        if (isDown || isUp) {
          if (!isDown || (isUp && (more < part || (more === part && low / 10 % 2 !== 0)))) low += 10;
        } else {
          const whole = Math.floor(part), over = part - whole;
          low += over > 0.5 || (over === 0.5 && whole % 2 !== 0) ? whole + 1 : whole;
        }
        if (low < 0) { low += 1e8; n--; }
        if (low >= 1e8) { low -= 1e8; n++; }
        width = 8;
        if (isDown || isUp) { low /= 10; width = 7; decimals--; }
      }
    } else {
      if (!(size < 1e21)) return -1;
      if (size > 9007199254740991) for (; n >= 1e15; width++) { if (n % 10 !== 0) return -1; n /= 10; }
    }
    for (; written < width; written++) {
      if (written === decimals && written > 0) { at--; this[at] = 46; }
      at--;
      this[at] = 48 + low % 10;
      low = Math.floor(low / 10);
    }
    do {
      if (written === decimals && written > 0) { at--; this[at] = 46; }
      at--;
      this[at] = 48 + n % 10;
      n = Math.floor(n / 10);
      written++;
    } while (n > 0 || written <= decimals);
    if (x < 0) { at--; this[at] = 45; }
    return at;
  }`,
  // its characters, written from the end on: where they begin, −1 where they are too many
  textFixed: `function (x, scale, digits) {
    const size = Math.abs(x), product = size * scale;
    if (!(product < 9007199254740992)) return -1;
    ${nearest}
    let n = whole, at = this.length, written = 0;
    do {
      if (written === digits && written > 0) { at--; this[at] = 46; }
      at--;
      this[at] = 48 + n % 10;
      n = Math.floor(n / 10);
      written++;
    } while (n > 0 || written <= digits);
    if (x < 0) { at--; this[at] = 45; }
    return at;
  }`,
  // of the texts of whole numbers: the shorter one with zeros behind it; of texts that begin alike it is the first. Others are the original's
  orderOfNumerals: `function (a, b) {
    if (!(a % 1 === 0 && b % 1 === 0 && Math.abs(a) < 1e15 && Math.abs(b) < 1e15)) null.order;
    if (a === b) return 0;
    if (a < 0 !== b < 0) return a < 0 ? -1 : 1;
    const x = Math.abs(a), y = Math.abs(b);
    let p = x, q = y, m = 10, n = 10;
    while (m <= x) m *= 10;
    while (n <= y) n *= 10;
    for (; m < n; m *= 10) p *= 10;
    for (; n < m; n *= 10) q *= 10;
    return p < q ? -1 : p > q ? 1 : x < y ? -1 : 1;
  }`,
  append: "function (list) { const n = list.length; for (let i = 0; i < n; i++) this.push(list[i]); return this.length; }",
  // a hole is the original's business: reading of null bails
  appendFull: "function (list) { const n = list.length; for (let i = 0; i < n; i++) { if (!(i in list)) null.hole; this.push(list[i]); } return this.length; }",
  // each as concat takes it: of an array its elements
  appendEach: "function (list) { const m = list.length; for (let j = 0; j < m; j++) { const v = list[j]; if (Array.isArray(v)) { const n = v.length; for (let i = 0; i < n; i++) { if (!(i in v)) null.hole; this.push(v[i]); } } else this.push(v); } }",
  appendFrom: "function (list, from) { const n = list.length; for (let i = from; i < n; i++) this.push(list[i]); return this.length; }",
  units: "function (list) { const n = list.length, units = new Uint16Array(n); for (let i = 0; i < n; i++) units[i] = list[i]; return units; }",
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
const isBlank = (c: string): string => `(${c} === 32 || (${c} >= 9 && ${c} <= 13) || ${c} === 160 || (${c} >= 5760 && (${c} === 5760 || (${c} >= 8192 && ${c} <= 8202) || ${c} === 8232 || ${c} === 8233 || ${c} === 8239 || ${c} === 8287 || ${c} === 12288 || ${c} === 65279)))`;
const skipBlanks = `while (i < n) { const c = this.charCodeAt(i); if (!${isBlank("c")}) break; i++; }`;
const skipBlanksAtEnd = `while (n > i) { const c = this.charCodeAt(n - 1); if (!${isBlank("c")}) break; n--; }`;
/** whether `wanted` stands at `i` */
const standsAt = "let j = 0; while (j < m && this.charCodeAt(i + j) === wanted.charCodeAt(j)) j++;";
const clampTo = (v: string): string => `Math.min(Math.max(Math.trunc(${v}) || 0, 0), n)`;
/**
 * Digits with a point and an exponent from `i` on, as a product or quotient of two numbers that are exact, so that it is rounded once (Clinger, "How to
 * Read Floating Point Numbers Accurately", 1990). Digits that a double can't hold, up to 19 of them, are one in two doubles: what the quotient leaves, which is
 * exact in two as well, tells whether it is the nearest. Reading of null bails where that can't be. Leaves `i` behind what it took; `digits`: whether there were any.
 */
const decimal = `
  let mantissa = 0, tail = 0, unit = 1, scale = 0, digits = false;
  while (i < n) { const d = this.charCodeAt(i) - 48; if (!(d >= 0 && d <= 9)) break; digits = true; if (mantissa <= 900719925474098) mantissa = mantissa * 10 + d; else if (unit > 1000) null.digits; else { tail = tail * 10 + d; unit *= 10; } i++; }
  if (i < n && this.charCodeAt(i) === 46) {
    let k = i + 1, more = digits;
    while (k < n) { const d = this.charCodeAt(k) - 48; if (!(d >= 0 && d <= 9)) break; more = true; if (mantissa <= 900719925474098) mantissa = mantissa * 10 + d; else if (unit > 1000) null.digits; else { tail = tail * 10 + d; unit *= 10; } scale--; k++; }
    if (more) { digits = true; i = k; }
  }
  if (digits && i + 1 < n && (this.charCodeAt(i) | 32) === 101) {
    let k = i + 1, exponent = 0, some = false;
    const c = this.charCodeAt(k);
    if (c === 43 || c === 45) k++;
    while (k < n) { const d = this.charCodeAt(k) - 48; if (!(d >= 0 && d <= 9)) break; some = true; exponent = exponent * 10 + d; if (exponent > 9999) null.digits; k++; }
    if (some) { scale += c === 45 ? -exponent : exponent; i = k; }
  }
  if (mantissa !== 0 && (scale > 22 || scale < -22)) null.digits;
  const ten = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];
  let value = mantissa === 0 ? 0 : scale < 0 ? mantissa / ten[-scale] : mantissa * ten[scale];
  if (unit > 1) {
    if (scale > 0) null.digits;
    const c = mantissa * 134217729, high = c - (c - mantissa), low = mantissa - high, whole = mantissa * unit, below = high * unit - whole + low * unit + tail, most = whole + below, least = below - (most - whole);
    const by = ten[-scale], d = by * 134217729, byHigh = d - (d - by), byLow = by - byHigh;
    let over = 0, under = 0;
    value = most / by;
    for (let k = 0; k < 2; k++) {
      const product = value * by, e = value * 134217729, valueHigh = e - (e - value), valueLow = value - valueHigh;
      const rest = most - product - (valueHigh * byHigh - product + valueHigh * byLow + valueLow * byHigh + valueLow * byLow);
      over = rest + least;
      under = least - (over - rest);
      if (k === 0) value += over / by;
    }
    const next = value + value * 1.1102230246251568e-16, last = value - value * 1.1102230246251568e-16, up = (next - value) * 0.5 * by, down = (last - value) * 0.5 * by, isOdd = value / (next - value) % 2 !== 0;
    if (over > up || (over === up && (under > 0 || (under === 0 && isOdd)))) value = next;
    else if (over < down || (over === down && (under < 0 || (under === 0 && isOdd)))) value = last;
  }`;
const infinity = `this.length - i >= 8 && this.charCodeAt(i) === 73 && this.charCodeAt(i + 1) === 110 && this.charCodeAt(i + 2) === 102 && this.charCodeAt(i + 3) === 105 && this.charCodeAt(i + 4) === 110 && this.charCodeAt(i + 5) === 105 && this.charCodeAt(i + 6) === 116 && this.charCodeAt(i + 7) === 121`;
/** the digit that a character is, 36 for none */
const digitOf = "const c = this.charCodeAt(i), d = c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 122 ? c - 87 : c >= 65 && c <= 90 ? c - 55 : 36;";
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
  // where one of the characters of a class stands
  SplitAny: `function (units) {
    const out = [], n = this.length, m = units.length;
    let from = 0;
    for (let at = 0; at < n; at++) {
      const c = this.charCodeAt(at);
      for (let k = 0; k < m; k++) if (c === units.charCodeAt(k)) { out.push(this.slice(from, at)); from = at + 1; break; }
    }
    out.push(this.slice(from));
    return out;
  }`,
  Replace: "function (by, to) { const at = this.indexOf(by); return at < 0 ? this.slice(0) : this.slice(0, at) + to + this.slice(at + by.length); }",
  CodePoint: "function (i) { const n = this.length; if (!(i >= 0 && i < n)) return undefined; const a = this.charCodeAt(i); if (a < 55296 || a > 56319 || i + 1 >= n) return a; const b = this.charCodeAt(i + 1); return b < 56320 || b > 57343 ? a : (a - 55296) * 1024 + (b - 56320) + 65536; }",
  Next: "function (i) { const a = this.charCodeAt(i); if (a < 55296 || a > 56319 || i + 1 >= this.length) return i + 1; const b = this.charCodeAt(i + 1); return b < 56320 || b > 57343 ? i + 1 : i + 2; }",
  Digit: `function () { const c = this.charCodeAt(0); return c >= 48 && c <= 57 ? c - 48 : ${isBlank("c")} ? 0 : NaN; }`,
  Number: `function () {
    let i = 0, n = this.length;
    ${skipBlanks} ${skipBlanksAtEnd}
    if (i === n) return 0;
    if (n - i > 2 && this.charCodeAt(i) === 48) {
      const kind = this.charCodeAt(i + 1) | 32, base = kind === 120 ? 16 : kind === 111 ? 8 : kind === 98 ? 2 : 0;
      if (base !== 0) {
        let value = 0;
        for (i += 2; i < n; i++) { ${digitOf} if (d >= base) return NaN; value = value * base + d; if (value > 9007199254740991) null.digits; }
        return value;
      }
    }
    const sign = this.charCodeAt(i);
    if (sign === 43 || sign === 45) i++;
    if (n - i === 8 && ${infinity}) return sign === 45 ? -Infinity : Infinity;
    ${decimal}
    return !digits || i !== n ? NaN : sign === 45 ? -value : value;
  }`,
  ParseFloat: `function () {
    let i = 0;
    const n = this.length;
    ${skipBlanks}
    const sign = this.charCodeAt(i);
    if (sign === 43 || sign === 45) i++;
    if (${infinity}) return sign === 45 ? -Infinity : Infinity;
    ${decimal}
    return !digits ? NaN : sign === 45 ? -value : value;
  }`,
  ParseInt: `function (radix) {
    let i = 0, base = radix | 0;
    const n = this.length;
    ${skipBlanks}
    const sign = i < n ? this.charCodeAt(i) : 0;
    if (sign === 43 || sign === 45) i++;
    if (base !== 0 && (base < 2 || base > 36)) return NaN;
    if ((base === 0 || base === 16) && i + 1 < n && this.charCodeAt(i) === 48 && (this.charCodeAt(i + 1) | 32) === 120) { i += 2; base = 16; }
    if (base === 0) base = 10;
    const first = i;
    let value = 0;
    for (; i < n; i++) { ${digitOf} if (d >= base) break; value = value * base + d; if (value > 9007199254740991) null.digits; }
    return i === first ? NaN : sign === 45 ? -value : value;
  }`,
};
// tables whose keys are numbers of run time (keyed.ts)
const part = (name: string): string => `const ${name} = this["\\u0000${name}"];`;
/** where its chain begins: of all 53 bits, since whole numbers may lie side by side in one (composite.ts) */
const placeOfKey = (key: string): string => `let h = ${key} | 0; if (h !== ${key}) { const whole = Math.floor(${key}), above = Math.floor(whole / 67108864); h = Math.imul(above, -1640531535) ^ Math.imul((${key} - whole) * 2147483648, 31) ^ (whole - above * 67108864); } const at = (Math.imul(h, -1640531527) >>> 8) & (heads.length - 1);`;
const isKey = "k === key || (k !== k && key !== key)";
/** the place of the key, negative where there is none */
const findKey = `${part("heads")} ${part("keys")} ${part("next")} let i; { ${placeOfKey("key")} i = heads[at]; while (i >= 0) { const k = keys[i]; if (${isKey}) break; i = next[i]; } }`;
/** whole keys from 0 on in ascending order, then the others as they were put in */
const order = `
  ${part("keys")} ${part("next")} const n = keys.length, out = [];
  for (let i = 0; i < n; i++) { const k = keys[i]; if (next[i] !== -2 && k >= 0 && k < 4294967295 && k % 1 === 0) out.push(k); }
  out.sort((a, b) => a - b);
  for (let i = 0; i < n; i++) { const k = keys[i]; if (next[i] !== -2 && !(k >= 0 && k < 4294967295 && k % 1 === 0)) out.push(k); }`;
const keyed: Record<string, string> = {
  Find: `function (key) { ${findKey} return i; }`,
  // of keys that are there
  Load: `function () {
    ${part("heads")} ${part("keys")} ${part("next")} const n = keys.length;
    while (heads.length < n) for (let j = 0, m = heads.length; j < m; j++) heads.push(-1);
    for (let j = 0; j < n; j++) { const k = keys[j]; ${placeOfKey("k")} next.push(heads[at]); heads[at] = j; }
    this["\\u0000count"][0] = n;
  }`,
  // that of the key, which is put in where it is not there
  Place: `function (key) {
    ${findKey}
    if (i >= 0) return i;
    const n = keys.length;
    if (n >= heads.length) {
      for (let j = 0, m = heads.length; j < m; j++) { heads[j] = -1; heads.push(-1); }
      for (let j = 0; j < n; j++) if (next[j] !== -2) { const k = keys[j]; ${placeOfKey("k")} next[j] = heads[at]; heads[at] = j; }
    }
    ${placeOfKey("key")}
    keys.push(key);
    next.push(heads[at]);
    heads[at] = n;
    this["\\u0000count"][0]++;
    return n;
  }`,
  Delete: `function (key) {
    ${part("heads")} ${part("keys")} ${part("next")}
    ${placeOfKey("key")}
    let i = heads[at], before = -1;
    while (i >= 0) { const k = keys[i]; if (${isKey}) break; before = i; i = next[i]; }
    if (i < 0) return false;
    if (before < 0) heads[at] = next[i]; else next[before] = next[i];
    next[i] = -2;
    this["\\u0000count"][0]--;
    return true;
  }`,
  Clear: `function () { ${part("heads")} ${part("next")} for (let i = 0; i < heads.length; i++) heads[i] = -1; for (let i = 0; i < next.length; i++) next[i] = -2; this["\\u0000count"][0] = 0; }`,
  From: `function (i) { ${part("next")} const n = next.length; while (i < n && next[i] === -2) i++; return i; }`,
  Order: `function () { ${order} return out; }`,
  Values: "function (keys) { const out = []; for (let i = 0; i < keys.length; i++) out.push(this[keys[i]]); return out; }",
  AllKeys: `function () { ${part("keys")} ${part("next")} const out = []; for (let i = 0; i < keys.length; i++) if (next[i] !== -2) out.push(keys[i]); return out; }`,
  AllValues: `function () { ${part("values")} ${part("next")} const out = []; for (let i = 0; i < next.length; i++) if (next[i] !== -2) out.push(values[i]); return out; }`,
  // the whole number that a string has from there on, NaN where it is written otherwise, and where it ends
  Whole: `function (i) {
    const n = this.length, minus = i < n && this.charCodeAt(i) === 45 ? 1 : 0, first = i + minus;
    let value = 0;
    for (i = first; i < n; i++) { const digit = this.charCodeAt(i) - 48; if (digit < 0 || digit > 9) break; value = value * 10 + digit; }
    const isWhole = i > first && i < first + 16 && !(this.charCodeAt(first) === 48 && i + minus > first + 1);
    return [isWhole ? (minus ? -value : value) : NaN, i];
  }`,
  AddAll: `function (list) { for (let j = 0; j < list.length; j++) this.add(list[j]); }`,
  PutAll: `function (list) { for (let j = 0; j < list.length; j++) { const pair = list[j]; this.set(pair[0], pair[1]); } }`,
};
for (const [name, source] of Object.entries(keyed)) texts[`internal.keyed${name}`] = source;
for (const [name, source] of Object.entries(text)) texts[`internal.text${name}`] = source;
for (const [name, text] of Object.entries(calendar)) texts[`internal.date.${name}`] = text;
for (const [name, text] of Object.entries(internal)) texts[`internal.${name}`] = text;

/** The source of a built-in that is walked, by its path. */
export const preludeText = (name: string): string | undefined => (Object.hasOwn(texts, name) ? texts[name] : undefined);
