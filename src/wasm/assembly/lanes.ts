// Two doubles at once: exp, expm1, tanh, log, log2, log10, hypot of two and of three and pow by the algorithms of exponential.ts, logarithm.ts, hyperbolic.ts and fdlibm's
// e_pow.c, without branches, the same operations in the same order in each lane. (Notice as in exponential.ts.)
//
// A lane that a function does not do (an argument out of the range where one formula holds, a result that overflows or is subnormal) is NaN:
// the caller asks the host for it (src/wasm/lanes.ts). So NaN as a true result takes the host's way too, and is rare.

import { INVERSE_LN2, LN2_HIGH, LN2_LOW, P1, P2, P3, P4, P5, Q1, Q2, Q3, Q4, Q5 } from "./exponential";
import { INVERSE_LN10, INVERSE_LN2_HIGH, INVERSE_LN2_LOW, LG1, LG2, LG3, LG4, LG5, LG6, LG7, LOG10_2_HIGH, LOG10_2_LOW } from "./logarithm";
import { add, all, choose, head, integerBits, mul, powerOfTwo, sub, times, unbiased, within, withSign } from "./vectors";

/** how often ln 2 goes into x: 0 up to ½·ln 2 (told from the high word, as published), from there on rounded, which is ±1 where the published way says so without asking */
// @ts-ignore: decorator
@inline function timesLn2(x: v128, ax: v128): v128 {
  const k = f64x2.trunc(add(mul(all(INVERSE_LN2), x), withSign(all(0.5), x)));
  return v128.and(k, f64x2.ge(ax, all(0.3465735912322998))); // high word 0x3FD62E43
}

export function expLanes(x: v128): v128 {
  const ax = f64x2.abs(x);
  const k = timesLn2(x, ax);
  const hi = sub(x, mul(k, all(LN2_HIGH))), lo = mul(k, all(LN2_LOW));
  const r = sub(hi, lo);
  const t = mul(r, r);
  const c = sub(r, mul(t, add(all(P1), mul(t, add(all(P2), mul(t, add(all(P3), mul(t, add(all(P4), mul(t, all(P5)))))))))));
  // of |x| < 2^−28 it is 1 + x: without the quotient, the rest is that
  const q = v128.andnot(f64x2.div(mul(r, c), sub(all(2), c)), f64x2.lt(ax, all(3.725290298461914e-9)));
  const y = mul(sub(all(1), sub(sub(lo, q), hi)), powerOfTwo(k));
  // of 1 it is E, the double below what the formula gives; of NaN it is NaN
  return v128.or(i64x2.add(y, f64x2.eq(x, all(1))), f64x2.gt(ax, all(707)));
}

/** the quotient in expm1's series: of the reduced argument r, half of it, and their product */
// @ts-ignore: decorator
@inline function expm1Quotient(r: v128, half: v128, z: v128): v128 {
  const r1 = add(all(1), mul(z, add(all(Q1), mul(z, add(all(Q2), mul(z, add(all(Q3), mul(z, add(all(Q4), mul(z, all(Q5)))))))))));
  const t = sub(all(3), mul(r1, half));
  return mul(z, f64x2.div(sub(r1, t), sub(all(6), mul(r, t))));
}

/** expm1 for −38 ≤ x ≤ 700 */
// @ts-ignore: decorator
@inline function expm1Within(x: v128): v128 {
  const k = timesLn2(x, f64x2.abs(x));
  const hi = sub(x, mul(k, all(LN2_HIGH))), lo = mul(k, all(LN2_LOW));
  const r = sub(hi, lo);
  const c = sub(sub(hi, r), lo);
  const half = mul(all(0.5), r);
  const z = mul(r, half);
  const e = expm1Quotient(r, half, z);
  const none = sub(r, sub(mul(r, e), z));
  const rest = sub(sub(mul(r, sub(e, c)), c), z);
  const power = powerOfTwo(k), inverse = powerOfTwo(f64x2.neg(k));
  const less = sub(mul(all(0.5), sub(r, rest)), all(0.5));
  const more = choose(f64x2.lt(r, all(-0.25)), mul(all(-2), sub(rest, add(r, all(0.5)))), add(all(1), mul(all(2), sub(r, rest))));
  const outer = sub(mul(sub(all(1), sub(rest, r)), power), all(1));
  const few = mul(sub(sub(all(1), inverse), sub(rest, r)), power);
  const many = mul(add(sub(r, add(rest, inverse)), all(1)), power);
  let y = choose(f64x2.lt(k, all(20)), few, many);
  y = choose(v128.or(f64x2.le(k, all(-2)), f64x2.gt(k, all(56))), outer, y);
  y = choose(f64x2.eq(k, all(1)), more, y);
  y = choose(f64x2.eq(k, all(-1)), less, y);
  return choose(f64x2.eq(k, all(0)), none, y);
}

export function expm1Lanes(x: v128): v128 {
  return within(x, -38, 700, choose(f64x2.lt(f64x2.abs(x), all(5.551115123125783e-17)), x, expm1Within(x)));
}

/**
 * Of |x| ≥ 1 it is 1 − 2 / (expm1(2|x|) + 2), below that −t / (t + 2) of t = expm1(−2|x|). Of these arguments k is −3 ‥ 0 or 3 ‥ 56, whose published forms of expm1,
 * all but that for 0, are one: (a − ((rest + b) − r))·2^k + d, where a, b and d wait for k only. The reduction stands here once more, since several of its results are used and
 * a function here has one.
 */
export function tanhLanes(x: v128): v128 {
  const sign = i64x2.splat(0x8000000000000000);
  const ax = f64x2.abs(x);
  const large = f64x2.ge(ax, all(1)), negative = v128.andnot(sign, large);
  // from 19.5 on, 1: as the formula gives it for 19.5
  const top = f64x2.pmin(ax, all(19.5)), twice = add(top, top);
  const given = v128.xor(twice, negative);
  const k = v128.and(f64x2.trunc(add(mul(all(INVERSE_LN2), given), v128.xor(all(0.5), negative))), f64x2.ge(twice, all(0.3465735912322998))); // as in timesLn2
  const hi = sub(given, mul(k, all(LN2_HIGH))), lo = mul(k, all(LN2_LOW));
  const r = sub(hi, lo);
  const c = sub(sub(hi, r), lo);
  const half = mul(all(0.5), r);
  const z = mul(r, half);
  const e = expm1Quotient(r, half, z);
  const none = sub(r, sub(mul(r, e), z));
  const rest = sub(sub(mul(r, sub(e, c)), c), z);
  const power = powerOfTwo(k), inverse = i64x2.sub(i64x2.splat(0x7FE0000000000000), power);
  const many = f64x2.ge(k, all(20)), one = f64x2.eq(k, all(-1));
  const a = v128.andnot(sub(all(1), v128.and(inverse, v128.andnot(large, many))), one);
  const b = v128.and(inverse, many);
  const d = v128.andnot(v128.or(all(-0.5), v128.andnot(i64x2.splat(0x0010000000000000), one)), large); // −1, −½ where k is −1
  const t = choose(f64x2.eq(k, all(0)), none, add(mul(sub(a, sub(add(rest, b), r)), power), d));
  const y = sub(v128.and(large, all(1)), f64x2.div(choose(large, all(2), t), add(t, all(2))));
  return choose(f64x2.lt(ax, all(3.725290298461914e-9)), x, v128.or(y, v128.and(x, sign)));
}

/** k of x = 2^k·m with √½ < m < √2, as an int64 with 0x3FF added */
// @ts-ignore: decorator
@inline function biased(x: v128): v128 { return i64x2.shr_u(i64x2.add(x, i64x2.splat(0x00095F6400000000)), 52); }
/** x / 2^k */
// @ts-ignore: decorator
@inline function scaled(x: v128, power: v128): v128 { return i64x2.sub(x, i64x2.shl(i64x2.sub(power, i64x2.splat(1023)), 52)); }
/** the series of s = f / (2 + f) */
// @ts-ignore: decorator
@inline function series(s: v128): v128 {
  const z = mul(s, s), w = mul(z, z);
  const t1 = mul(w, times(w, times(w, all(LG6), LG4), LG2));
  const t2 = mul(z, times(w, times(w, times(w, all(LG7), LG5), LG3), LG1));
  return add(t2, t1);
}
// @ts-ignore: decorator
@inline function logWithin(x: v128): v128 {
  const power = biased(x);
  const dk = unbiased(power);
  const m = scaled(x, power);
  const f = sub(m, all(1));
  const s = f64x2.div(f, add(all(2), f));
  const r = series(s);
  const low = mul(dk, all(LN2_LOW));
  const half = mul(mul(all(0.5), f), f);
  const far = sub(half, add(mul(s, add(half, r)), low));
  const near = sub(mul(s, sub(f, r)), low);
  const close = sub(mul(mul(f, f), sub(all(0.5), mul(all(0.33333333333333333), f))), low);
  // by the high words of m, as published: 0x3FF6147A and 0x3FE6B852; |f| < 2^−20
  let rest = choose(v128.or(f64x2.ge(m, all(1.3799991607666016)), f64x2.lt(m, all(0.7100000381469727))), far, near);
  rest = choose(v128.and(f64x2.ge(f, all(-9.5367431640625e-7)), f64x2.lt(f, all(9.5367431640625e-7))), close, rest);
  return sub(mul(dk, all(LN2_HIGH)), sub(rest, f));
}

export function logLanes(x: v128): v128 { return within(x, 2.2250738585072014e-308, 1.7976931348623157e308, logWithin(x)); }

export function log2Lanes(x: v128): v128 {
  const power = biased(x);
  const y = unbiased(power);
  const f = sub(scaled(x, power), all(1));
  const half = mul(mul(all(0.5), f), f);
  const s = f64x2.div(f, add(all(2), f));
  const r = mul(s, add(half, series(s)));
  const hi = head(sub(f, half));
  const lo = add(sub(sub(f, hi), half), r);
  const high = mul(hi, all(INVERSE_LN2_HIGH));
  const low = add(mul(add(lo, hi), all(INVERSE_LN2_LOW)), mul(lo, all(INVERSE_LN2_HIGH)));
  const sum = add(y, high);
  return within(x, 2.2250738585072014e-308, 1.7976931348623157e308, add(add(low, add(sub(y, sum), high)), sum));
}

export function log10Lanes(x: v128): v128 {
  const k = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023));
  const y = i64x2.add(k, i64x2.shr_u(k, 63));
  const fraction = i64x2.sub(x, i64x2.shl(y, 52));
  const times = sub(i64x2.add(y, i64x2.splat(0x4338000000000000)), all(6755399441055744));
  const log = add(add(mul(times, all(LOG10_2_LOW)), mul(all(INVERSE_LN10), logWithin(fraction))), mul(times, all(LOG10_2_HIGH)));
  return within(x, 2.2250738585072014e-308, 1.7976931348623157e308, choose(f64x2.eq(x, all(1)), all(0), log));
}

/** Math.hypot of two: of infinities the host's */
export function hypotLanes(x: v128, y: v128): v128 {
  const ax = f64x2.abs(x), ay = f64x2.abs(y);
  const most = f64x2.max(ax, ay);
  const a = f64x2.div(ax, most), b = f64x2.div(ay, most);
  const result = mul(f64x2.sqrt(add(mul(a, a), mul(b, b))), most);
  return choose(f64x2.eq(most, all(0)), all(0), result);
}

/** Math.hypot of three: the squares summed with Kahan's compensation, of which the third takes what the second's sum has lost; of infinities the host's */
export function hypot3Lanes(x: v128, y: v128, z: v128): v128 {
  const ax = f64x2.abs(x), ay = f64x2.abs(y), az = f64x2.abs(z);
  const most = f64x2.max(f64x2.max(ax, ay), az);
  const a = f64x2.div(ax, most), b = f64x2.div(ay, most), c = f64x2.div(az, most);
  const first = mul(a, a), second = mul(b, b);
  const sum = add(first, second);
  const lost = sub(sub(sum, first), second);
  const result = mul(f64x2.sqrt(add(sum, sub(mul(c, c), lost))), most);
  return choose(f64x2.eq(most, all(0)), all(0), result);
}

// pow: log2 x in two parts by (3/2)·(log x − 2s − ⅔·s³), times y in two parts, and 2 to that; e_pow.c's constants
const L1: f64 = 5.99999999999994648725e-01, L2: f64 = 4.28571428578550184252e-01, L3: f64 = 3.33333329818377432918e-01;
const L4: f64 = 2.72728123808534006489e-01, L5: f64 = 2.30660745775561754067e-01, L6: f64 = 2.06975017800338417784e-01;
const LG2_ALL: f64 = 6.93147180559945286227e-01, LG2_HIGH: f64 = 6.93147182464599609375e-01, LG2_LOW: f64 = -1.90465429995776804525e-09;
const CP: f64 = 9.61796693925975554329e-01, CP_HIGH: f64 = 9.61796700954437255859e-01, CP_LOW: f64 = -7.02846165095275826516e-09;
const DP_HIGH: f64 = 5.84962487220764160156e-01, DP_LOW: f64 = 1.35003920212974897128e-08;

/** x ** y of ordinary x ≥ 0 and of y for which fdlibm knows no shorter way */
export function powLanes(x: v128, y: v128): v128 {
  // x = 2^n·m, and m near 1 (up to √1.5) or 1.5 (up to √3), or half of it near 1: by high words 0x3FF3988F and 0x3FFBB67A
  const fraction = v128.or(v128.and(x, i64x2.splat(0x000FFFFFFFFFFFFF)), i64x2.splat(0x3FF0000000000000));
  const small = f64x2.lt(fraction, all(1.2247457504272461)), large = f64x2.ge(fraction, all(1.7320499420166016));
  const middle = v128.andnot(v128.not(small), large);
  const m = i64x2.sub(fraction, v128.and(large, i64x2.splat(0x0010000000000000)));
  const n = add(unbiased(i64x2.shr_u(x, 52)), v128.and(large, all(1)));
  const bp = choose(middle, all(1.5), all(1));
  const dpHigh = v128.and(middle, all(DP_HIGH)), dpLow = v128.and(middle, all(DP_LOW));
  // s = (m − bp) / (m + bp) in two parts
  const u = sub(m, bp), v = f64x2.div(all(1), add(m, bp));
  const s = mul(u, v);
  const sHigh = head(s);
  const sum = head(i64x2.add(v128.or(i64x2.shr_u(m, 1), i64x2.splat(0x2000000000000000)), i64x2.add(i64x2.splat(0x0008000000000000), v128.and(middle, i64x2.splat(0x0004000000000000)))));
  const sumLow = sub(m, sub(sum, bp));
  const sLow = mul(v, sub(sub(u, mul(sHigh, sum)), mul(sHigh, sumLow)));
  const s2 = mul(s, s);
  const series = mul(mul(s2, s2), add(all(L1), mul(s2, add(all(L2), mul(s2, add(all(L3), mul(s2, add(all(L4), mul(s2, add(all(L5), mul(s2, all(L6))))))))))));
  const r = add(series, mul(sLow, add(sHigh, s)));
  const h2 = mul(sHigh, sHigh);
  const tHigh = head(add(add(all(3), h2), r));
  const tLow = sub(r, sub(sub(tHigh, all(3)), h2));
  const a = mul(sHigh, tHigh), b = add(mul(sLow, tHigh), mul(tLow, s));
  const pHigh = head(add(a, b));
  const pLow = sub(b, sub(pHigh, a));
  const zHigh = mul(all(CP_HIGH), pHigh);
  const zLow = add(add(mul(all(CP_LOW), pHigh), mul(pLow, all(CP))), dpLow);
  const log = head(add(add(add(zHigh, zLow), dpHigh), n));
  const logLow = sub(zLow, sub(sub(sub(log, n), dpHigh), zHigh));
  // y·log2 x
  const yHigh = head(y);
  const low = add(mul(sub(y, yHigh), log), mul(y, logLow));
  const high = mul(yHigh, log);
  const z = add(low, high);
  const az = f64x2.abs(z);
  // 2 to that: its integer part where it is above ½ (by the high word, 0x3FE00001)
  const whole = v128.and(withSign(f64x2.floor(add(az, all(0.5))), z), f64x2.ge(az, all(0.5000004768371582)));
  const part = sub(high, whole);
  const t = head(add(low, part));
  const g = mul(t, all(LG2_HIGH)), h = add(mul(sub(low, sub(t, part)), all(LG2_ALL)), mul(t, all(LG2_LOW)));
  const e = add(g, h), w = sub(h, sub(e, g));
  const e2 = mul(e, e);
  const c = sub(e, mul(e2, add(all(P1), mul(e2, add(all(P2), mul(e2, add(all(P3), mul(e2, add(all(P4), mul(e2, all(P5)))))))))));
  const q = f64x2.div(mul(e, c), sub(sub(c, all(2)), add(w, mul(e, w))));
  const result = i64x2.add(sub(all(1), sub(q, e)), i64x2.shl(integerBits(whole), 52));
  const ay = f64x2.abs(y);
  const special = v128.or(v128.or(f64x2.eq(ay, all(1)), f64x2.eq(y, all(2))), v128.or(f64x2.eq(y, all(0.5)), f64x2.eq(y, all(0))));
  const done = v128.andnot(v128.and(f64x2.lt(az, all(1020)), f64x2.lt(ay, all(2147483648))), special);
  const ordinary = choose(done, within(x, 2.2250738585072014e-308, 1.7976931348623157e308, result), all(NaN));
  return choose(v128.and(i64x2.eq(x, i64x2.splat(0)), f64x2.gt(y, all(0))), all(0), ordinary);
}
