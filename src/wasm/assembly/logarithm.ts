// Logarithms as fdlibm and FreeBSD's msun compute them (Sun Microsystems, 1993; e_log.c, s_log1p.c, e_log10.c, and e_log2.c with k_log.h), which
// engines have taken over: x = 2^k·(1 + f) with √½ < 1 + f < √2, a polynomial of s = f / (2 + f), and k·ln 2 in two parts. The order of
// operations is the published one: the host's bits depend on it. (Notice as in exponential.ts.)

import { highWord, withHighWord } from "./words";
import { LN2_HIGH, LN2_LOW } from "./exponential";

const TWO54: f64 = 1.80143985094819840000e+16, SMALLEST_NORMAL: f64 = 2.2250738585072014e-308;
export const LG1: f64 = 6.666666666666735130e-01, LG2: f64 = 3.999999999940941908e-01, LG3: f64 = 2.857142874366239149e-01, LG4: f64 = 2.222219843214978396e-01;
export const LG5: f64 = 1.818357216161805012e-01, LG6: f64 = 1.531383769920937332e-01, LG7: f64 = 1.479819860511658591e-01;
export const LOG10_2_HIGH: f64 = 3.01029995663611771306e-01, LOG10_2_LOW: f64 = 3.69423907715893078616e-13, INVERSE_LN10: f64 = 4.34294481903251816668e-01;
export const INVERSE_LN2_HIGH: f64 = 1.44269504072144627571e+00, INVERSE_LN2_LOW: f64 = 1.67517131648865118353e-10;

/** A logarithm, to whatever base, of what is no positive finite number. */
function atEdge(x: f64): f64 { return x == 0 ? -Infinity : x < 0 ? NaN : x + x; }

// @ts-ignore: decorator
@inline export function logOf(x: f64): f64 {
  if (!(x > 0 && x < Infinity)) return atEdge(x);
  let k = -1023;
  if (x < SMALLEST_NORMAL) { x *= TWO54; k -= 54; }
  let high = highWord(x);
  k += high >> 20;
  high &= 0x000FFFFF;
  const up = (high + 0x95F64) & 0x100000;
  k += up >> 20;
  const f = withHighWord(x, high | (up ^ 0x3FF00000)) - 1;
  const dk = <f64>k;
  if ((0x000FFFFF & (2 + high)) < 3) { // |f| < 2^−20
    if (f == 0) return k == 0 ? 0 : dk * LN2_HIGH + dk * LN2_LOW;
    const r = f * f * (0.5 - 0.33333333333333333 * f);
    return dk * LN2_HIGH - ((r - dk * LN2_LOW) - f);
  }
  const s = f / (2 + f);
  const z = s * s, w = z * z;
  const t1 = w * (LG2 + w * (LG4 + w * LG6));
  const t2 = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)));
  const r = t2 + t1;
  if (((high - 0x6147A) | (0x6B851 - high)) > 0) {
    const half = 0.5 * f * f;
    return dk * LN2_HIGH - ((half - (s * (half + r) + dk * LN2_LOW)) - f);
  }
  return dk * LN2_HIGH - ((s * (f - r) - dk * LN2_LOW) - f);
}

// @ts-ignore: decorator
@inline export function log1pOf(x: f64): f64 {
  const high = highWord(x);
  const magnitude = high & 0x7FFFFFFF;
  let k = 1, rest = 1;
  let f: f64 = 0, c: f64 = 0;
  if (high < 0x3FDA827A) {
    if (magnitude >= 0x3FF00000) return x == -1 ? -Infinity : NaN;
    if (magnitude < 0x3E200000) return magnitude < 0x3C900000 ? x : x - x * x * 0.5;
    if (high > 0 || high <= <i32>0xBFD2BEC4) { k = 0; f = x; }
  }
  if (high >= 0x7FF00000) return x + x;
  if (k != 0) {
    let u = x;
    if (high < 0x43400000) {
      u = 1 + x;
      rest = highWord(u);
      k = (rest >> 20) - 1023;
      c = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
    } else {
      rest = highWord(u);
      k = (rest >> 20) - 1023;
    }
    rest &= 0x000FFFFF;
    if (rest < 0x6A09E) u = withHighWord(u, rest | 0x3FF00000);
    else {
      k += 1;
      u = withHighWord(u, rest | 0x3FE00000);
      rest = (0x00100000 - rest) >> 2;
    }
    f = u - 1;
  }
  const half = 0.5 * f * f;
  const dk = <f64>k;
  if (rest == 0) {
    if (f == 0) return k == 0 ? 0 : dk * LN2_HIGH + (c + dk * LN2_LOW);
    const r = half * (1 - 0.66666666666666666 * f);
    return k == 0 ? f - r : dk * LN2_HIGH - ((r - (dk * LN2_LOW + c)) - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const r = z * (LG1 + z * (LG2 + z * (LG3 + z * (LG4 + z * (LG5 + z * (LG6 + z * LG7))))));
  return k == 0 ? f - (half - s * (half + r)) : dk * LN2_HIGH - ((half - (s * (half + r) + (dk * LN2_LOW + c))) - f);
}

/** Math.log1p */
export function log1p(x: f64): f64 { return log1pOf(x); }

/** Math.log2 */
export function log2(x: f64): f64 {
  if (!(x > 0 && x < Infinity)) return atEdge(x);
  let k = -1023;
  if (x < SMALLEST_NORMAL) { x *= TWO54; k -= 54; }
  let high = highWord(x);
  if (x == 1) return 0;
  k += high >> 20;
  high &= 0x000FFFFF;
  const up = (high + 0x95F64) & 0x100000;
  const y = <f64>(k + (up >> 20));
  const f = withHighWord(x, high | (up ^ 0x3FF00000)) - 1;
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s, w = z * z;
  const t1 = w * (LG2 + w * (LG4 + w * LG6));
  const t2 = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)));
  const r = s * (half + (t2 + t1));
  // f − half in two parts, the first with few bits, so that its product with the first part of 1 / ln 2 is exact
  const hi = reinterpret<f64>(reinterpret<u64>(f - half) & 0xFFFFFFFF00000000);
  const lo = (f - hi) - half + r;
  const high1 = hi * INVERSE_LN2_HIGH;
  let low = (lo + hi) * INVERSE_LN2_LOW + lo * INVERSE_LN2_HIGH;
  const sum = y + high1;
  low += (y - sum) + high1;
  return low + sum;
}

/** Math.log10 */
export function log10(x: f64): f64 {
  if (!(x > 0 && x < Infinity)) return atEdge(x);
  let k = -1023;
  if (x < SMALLEST_NORMAL) { x *= TWO54; k -= 54; }
  const high = highWord(x);
  if (x == 1) return 0;
  k += high >> 20;
  const negative = <i32>(<u32>k >> 31);
  const y = <f64>(k + negative);
  const fraction = withHighWord(x, (high & 0x000FFFFF) | ((0x3FF - negative) << 20));
  return (y * LOG10_2_LOW + INVERSE_LN10 * logOf(fraction)) + y * LOG10_2_HIGH;
}
