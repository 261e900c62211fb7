// Numbers as texts and texts as numbers, as JavaScript of our own (prelude.ts): the digits of the language's own conversions, in double arithmetic that is exact.
// What it can't tell is the original's: it reads of null, or gives −1.

/** white space, as the language has it */
const isBlank = (c: string): string => `(${c} === 32 || (${c} >= 9 && ${c} <= 13) || ${c} === 160 || (${c} >= 5760 && (${c} === 5760 || (${c} >= 8192 && ${c} <= 8202) || ${c} === 8232 || ${c} === 8233 || ${c} === 8239 || ${c} === 8287 || ${c} === 12288 || ${c} === 65279)))`;
export const skipBlanks = `while (i < n) { const c = this.charCodeAt(i); if (!${isBlank("c")}) break; i++; }`;
export const skipBlanksAtEnd = `while (n > i) { const c = this.charCodeAt(n - 1); if (!${isBlank("c")}) break; n--; }`;
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
/** Writes the digits of the whole `n` in front of those that are there, with a point where so many stand behind it, and the sign; gives where they begin. */
const wholeBehind = (decimals: string): string => `do {
      if (written === ${decimals} && written > 0) { at--; this[at] = 46; }
      at--;
      this[at] = 48 + n % 10;
      n = Math.floor(n / 10);
      written++;
    } while (n > 0 || written <= ${decimals});
    if (x < 0) { at--; this[at] = 45; }
    return at;`;
/** the whole number next to size * scale, ten to so many digits, the larger of two: the product is known exactly, in two parts (Dekker, 1971) */
const nearest = `const c = size * 134217729, high = c - (c - size), low = size - high, d = scale * 134217729, scaleHigh = d - (d - scale), scaleLow = scale - scaleHigh;
    const rest = high * scaleHigh - product + high * scaleLow + low * scaleHigh + low * scaleLow, below = Math.floor(product), part = product - below;
    const whole = part > 0.5 || (part === 0.5 && rest >= 0) || rest === 0.5 ? below + 1 : below;`;

/** under "internal." */
export const digits: Record<string, string> = {
  // ── numbers as texts, written from the end of `this` on, and back ──

  // the digits of a whole number, at the end of this: where they begin
  textDigits: `function (x, radix) {
    let n = Math.abs(x), at = this.length;
    do { const d = n % radix; at--; this[at] = d < 10 ? 48 + d : 87 + d; n = Math.floor(n / radix); } while (n > 0);
    if (x < 0) { at--; this[at] = 45; }
    return at;
  }`,
  // the whole number whose text this is, of no more than 15 digits; NaN for none
  wholeOfText: `function () {
    const n = this.length, minus = n > 1 && this.charCodeAt(0) === 45;
    let i = minus ? 1 : 0, whole = 0;
    if (n === 0 || n - i > 15 || (n > 1 && this.charCodeAt(i) === 48)) return NaN;
    for (; i < n; i++) { const d = this.charCodeAt(i) - 48; if (!(d >= 0 && d <= 9)) return NaN; whole = whole * 10 + d; }
    return minus ? -whole : whole;
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
    ${wholeBehind("decimals")}
  }`,
  // its characters, written from the end on: where they begin, −1 where they are too many
  textFixed: `function (x, scale, digits) {
    const size = Math.abs(x), product = size * scale;
    if (!(product < 9007199254740992)) return -1;
    ${nearest}
    let n = whole, at = this.length, written = 0;
    ${wholeBehind("digits")}
  }`,
  // of the texts of whole numbers: the shorter one with zeros behind it; of texts that begin alike it is the first. Others are the original's
  orderOfNumerals: `function (a, b) {
    if (!(a % 1 === 0 && b % 1 === 0 && Math.abs(a) < 1e15 && Math.abs(b) < 1e15)) null.numeral;
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

  // ── texts as numbers: `this` is the text ──

  textDigit: `function () { const c = this.charCodeAt(0); return c >= 48 && c <= 57 ? c - 48 : ${isBlank("c")} ? 0 : NaN; }`,
  textNumber: `function () {
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
  textParseFloat: `function () {
    let i = 0;
    const n = this.length;
    ${skipBlanks}
    const sign = this.charCodeAt(i);
    if (sign === 43 || sign === 45) i++;
    if (${infinity}) return sign === 45 ? -Infinity : Infinity;
    ${decimal}
    return !digits ? NaN : sign === 45 ? -value : value;
  }`,
  textParseInt: `function (radix) {
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
