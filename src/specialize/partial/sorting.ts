// How arrays are sorted, as JavaScript of our own (prelude.ts): where the order is the language's own, by any stable algorithm; by the user's, call by call as V8
// does it, since an order may contradict itself, count, or write something. `this` is the array, `order` what compares two of its elements.

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
export const runs = `
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
export const halves = `
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
export const byKeys = (few: string): string => `function (compare) {
  const length = this.length, order = (a, b) => +compare(a, b);
  ${few && `if (length < 64) { ${few} }`}
  let known = 0;
  for (let i = 0; i < length; i++) if (this[i] === undefined) null.order;
  if (length >= 64) {
    while (known < length - 1 && order(this[known], this[known]) !== 0) known++;
    for (let i = 0; i < length; i++) { const d = order(this[i], this[known]); if (d !== d) null.order; }
  }
  ${sorting} }`;
export const sortBy = (own: string, given: string): string => `function (compare) { if (compare === undefined) { const order = ${own}; ${sorting} } const order = (a, b) => +compare(a, b); ${given} }`;
export const byText = "(a, b) => { const x = String(a), y = String(b); return x < y ? -1 : x > y ? 1 : 0; }";
export const byNumber = "(a, b) => (a < b ? -1 : a > b ? 1 : a !== a ? (b !== b ? 0 : 1) : b !== b ? -1 : a === 0 ? (1 / a < 1 / b ? -1 : 1 / a > 1 / b ? 1 : 0) : 0)";
