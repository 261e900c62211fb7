// Two doubles at once: sin, cos, asin, acos, atan, atan2 and cbrt as fdlibm and FreeBSD's msun compute them (k_sin.c, k_cos.c, e_rem_pio2.c,
// e_asin.c, e_acos.c, s_atan.c, e_atan2.c, s_cbrt.c), without branches. What a lane that is NaN means, lanes.ts says. (Notice as in exponential.ts.)

import { add, all, choose, head, integerBits, mul, ofHighWord, sub, times, within, withSign } from "./vectors";

const SIGN: u64 = 0x8000000000000000;
const HALF_PI: f64 = 1.57079632679489655800e+00, HALF_PI_REST: f64 = 6.12323399573676603587e-17;
const QUARTER_PI: f64 = 7.85398163397448278999e-01;
const PI: f64 = 3.14159265358979311600e+00, PI_REST: f64 = 1.2246467991473531772e-16;

// x = n·π/2 + y0 + y1 with π/2 in two parts: 33 bits, and the rest
const TIMES_HALF_PI: f64 = 6.36619772367581382433e-01, HALF_PI_33: f64 = 1.57079632673412561417e+00, HALF_PI_TAIL: f64 = 6.07710050650619224932e-11;
const S1: f64 = -1.66666666666666324348e-01, S2: f64 = 8.33333333332248946124e-03, S3: f64 = -1.98412698298579493134e-04;
const S4: f64 = 2.75573137070700676789e-06, S5: f64 = -2.50507602534068634195e-08, S6: f64 = 1.58969099521155010221e-10;
const C1: f64 = 4.16666666666666019037e-02, C2: f64 = -1.38888888888741095749e-03, C3: f64 = 2.48015872894767294178e-05;
const C4: f64 = -2.75573143513906633035e-07, C5: f64 = 2.08757232129817482790e-09, C6: f64 = -1.13596475577881948265e-11;

// @ts-ignore: decorator
@inline function sines(z: v128): v128 { return times(z, times(z, times(z, times(z, all(S6), S5), S4), S3), S2); }
/** cos(y0 + y1), up to π/4 */
// @ts-ignore: decorator
@inline function cosine(y0: v128, y1: v128, z: v128): v128 {
  const series = mul(z, times(z, times(z, times(z, times(z, times(z, all(C6), C5), C4), C3), C2), C1));
  const ay = f64x2.abs(y0);
  // a part of 1 that is taken off exactly: a quarter of y0, or 0.28125
  const quarter = v128.and(choose(f64x2.ge(ay, ofHighWord(0x3FE90001)), all(0.28125), mul(head(ay), all(0.25))), f64x2.ge(ay, ofHighWord(0x3FD33333)));
  return sub(sub(all(1), quarter), sub(sub(mul(all(0.5), z), quarter), sub(mul(z, series), mul(y0, y1))));
}

/** sin (turn 0) or cos (turn 1) up to 2^19·π/2; NaN where the reduction cancels so much that it takes another step, as next to multiples of π/2 */
// @ts-ignore: decorator
@inline function wave(x: v128, turn: u64): v128 {
  const ax = f64x2.abs(x);
  const inner = f64x2.lt(ax, ofHighWord(0x3FE921FC)); // π/4
  const own = turn == 0 ? v128.and(x, i64x2.splat(SIGN)) : i64x2.splat(0);
  let result: v128;
  if (i64x2.all_true(inner)) {
    const z = mul(ax, ax);
    result = turn == 0 ? v128.or(add(ax, mul(mul(z, ax), add(all(S1), mul(z, sines(z))))), own) : cosine(ax, all(0), z);
  } else {
    const n = v128.andnot(f64x2.trunc(add(mul(ax, all(TIMES_HALF_PI)), all(0.5))), inner);
    const r = sub(ax, mul(n, all(HALF_PI_33))), w = mul(n, all(HALF_PI_TAIL));
    const y0 = sub(r, w), y1 = sub(sub(r, y0), w);
    const z = mul(y0, y0);
    const v = mul(z, y0), series = sines(z);
    const alone = add(y0, mul(v, add(all(S1), mul(z, series))));
    const both = sub(y0, sub(sub(mul(z, sub(mul(all(0.5), y1), mul(v, series))), y1), mul(v, all(S1))));
    const bits = i64x2.add(integerBits(n), i64x2.splat(turn));
    const even = i64x2.eq(v128.and(bits, i64x2.splat(1)), i64x2.splat(0));
    const magnitude = choose(even, choose(inner, alone, both), cosine(y0, y1, z));
    const sign = v128.xor(i64x2.shl(i64x2.shr_u(bits, 1), 63), own);
    const sure = v128.and(f64x2.ge(mul(f64x2.abs(y0), all(65536)), v128.andnot(ax, inner)), f64x2.le(ax, all(823549)));
    result = choose(sure, v128.xor(magnitude, sign), all(NaN));
  }
  return result;
}
export function sinLanes(x: v128): v128 { return wave(x, 0); }
export function cosLanes(x: v128): v128 { return wave(x, 1); }

// asin x = x + x·R(x²) up to ½
const PS0: f64 = 1.66666666666666657415e-01, PS1: f64 = -3.25565818622400915405e-01, PS2: f64 = 2.01212532134862925881e-01;
const PS3: f64 = -4.00555345006794114027e-02, PS4: f64 = 7.91534994289814532176e-04, PS5: f64 = 3.47933107596021167570e-05;
const QS1: f64 = -2.40339491173441421878e+00, QS2: f64 = 2.02094576023350569471e+00, QS3: f64 = -6.88283971605453293030e-01, QS4: f64 = 7.70381505559019352791e-02;
// @ts-ignore: decorator
@inline function ratio(z: v128): v128 {
  const p = mul(z, times(z, times(z, times(z, times(z, times(z, all(PS5), PS4), PS3), PS2), PS1), PS0));
  return f64x2.div(p, times(z, times(z, times(z, times(z, all(QS4), QS3), QS2), QS1), 1));
}

/** what R is of: x² up to ½ (`inner`), (1 − |x|) / 2 from there on */
// @ts-ignore: decorator
@inline function argumentOfRatio(x: v128, ax: v128, inner: v128): v128 { return choose(inner, mul(x, x), mul(sub(all(1), ax), all(0.5))); }

export function asinLanes(x: v128): v128 {
  const ax = f64x2.abs(x), inner = f64x2.lt(ax, all(0.5));
  const t = argumentOfRatio(x, ax, inner);
  const r = ratio(t);
  const s = f64x2.sqrt(t);
  const near = sub(all(HALF_PI), sub(mul(all(2), add(s, mul(s, r))), all(HALF_PI_REST)));
  const w = head(s);
  const c = f64x2.div(sub(t, mul(w, w)), add(s, w));
  const p = sub(mul(mul(all(2), s), r), sub(all(HALF_PI_REST), mul(all(2), c)));
  const far = sub(all(QUARTER_PI), sub(p, sub(all(QUARTER_PI), mul(all(2), w))));
  const outer = withSign(choose(f64x2.ge(ax, ofHighWord(0x3FEF3333)), near, far), x);
  return within(ax, 0, 1, choose(inner, choose(f64x2.lt(ax, ofHighWord(0x3E400000)), x, add(x, mul(x, r))), outer));
}

export function acosLanes(x: v128): v128 {
  const ax = f64x2.abs(x), inner = f64x2.lt(ax, all(0.5));
  const z = argumentOfRatio(x, ax, inner);
  const r = ratio(z);
  const s = f64x2.sqrt(z);
  const middle = sub(all(HALF_PI), sub(x, sub(all(HALF_PI_REST), mul(x, r))));
  const below = sub(all(PI), mul(all(2), add(s, sub(mul(r, s), all(HALF_PI_REST)))));
  const w = head(s);
  const c = f64x2.div(sub(z, mul(w, w)), add(s, w));
  const above = v128.andnot(mul(all(2), add(w, add(mul(r, s), c))), f64x2.eq(x, all(1)));
  return within(ax, 0, 1, choose(inner, middle, choose(f64x2.lt(x, all(0)), below, above)));
}

// atan x = atan(b/p) + atan((p·x − b) / (p + b·x)) with b/p = 0, ½, 1, 1.5 or ∞
const B0: f64 = 4.63647609000806093515e-01, B0_REST: f64 = 2.26987774529616870924e-17, B1_REST: f64 = 3.06161699786838301793e-17;
const B2: f64 = 9.82793723247329054082e-01, B2_REST: f64 = 1.39033110312309984516e-17;
const A0: f64 = 3.33333333333329318027e-01, A1: f64 = -1.99999999998764832476e-01, A2: f64 = 1.42857142725034663711e-01, A3: f64 = -1.11111104054623557880e-01;
const A4: f64 = 9.09088713343650656196e-02, A5: f64 = -7.69187620504482999495e-02, A6: f64 = 6.66107313738753120669e-02, A7: f64 = -5.83357013379057348645e-02;
const A8: f64 = 4.97687799461593236017e-02, A9: f64 = -3.65315727442169155270e-02, A10: f64 = 1.62858201153657823623e-02;
/** `now` where the mask is set and `was` where it is not, of what is `was` everywhere: for fewer instructions than a choice */
// @ts-ignore: decorator
@inline function turns(mask: v128, was: f64, now: f64, x: v128): v128 {
  return v128.xor(x, v128.and(mask, i64x2.splat(reinterpret<u64>(was) ^ reinterpret<u64>(now))));
}
/** atan of 0 ≤ x < 2^66 */
// @ts-ignore: decorator
@inline function arc(x: v128): v128 {
  const from0 = f64x2.ge(x, ofHighWord(0x3FDC0000)), from1 = f64x2.ge(x, ofHighWord(0x3FE60000));
  const from2 = f64x2.ge(x, ofHighWord(0x3FF30000)), from3 = f64x2.ge(x, ofHighWord(0x40038000));
  const p = turns(from3, 1, 0, turns(from1, 2, 1, turns(from0, 1, 2, all(1))));
  const b = turns(from3, 1.5, 1, turns(from2, 1, 1.5, v128.and(from0, all(1))));
  const base = turns(from3, B2, HALF_PI, turns(from2, QUARTER_PI, B2, turns(from1, B0, QUARTER_PI, v128.and(from0, all(B0)))));
  const rest = turns(from3, B2_REST, HALF_PI_REST, turns(from2, B1_REST, B2_REST, turns(from1, B0_REST, B1_REST, v128.and(from0, all(B0_REST)))));
  const t = f64x2.div(sub(mul(x, p), b), add(p, mul(x, b)));
  const z = mul(t, t), w = mul(z, z);
  const s1 = mul(z, times(w, times(w, times(w, times(w, times(w, all(A10), A8), A6), A4), A2), A0));
  const s2 = mul(w, times(w, times(w, times(w, times(w, all(A9), A7), A5), A3), A1));
  const bend = mul(t, add(s1, s2));
  // below 2^−27 what is taken off is nothing
  return choose(from0, sub(base, sub(sub(bend, rest), t)), sub(t, bend));
}

export function atanLanes(x: v128): v128 {
  const ax = f64x2.abs(x);
  return within(ax, 0, 7.3786976294838206e19, withSign(arc(ax), x));
}

/** Not of infinities, and of a first between 2^60 and 2^62 times the second */
export function atan2Lanes(y: v128, x: v128): v128 {
  const ax = f64x2.abs(x), ay = f64x2.abs(y), zero = all(0);
  const quotient = v128.andnot(f64x2.div(ay, ax), f64x2.eq(y, zero));
  const steep = f64x2.ge(quotient, all(4611686018427387904)), z = arc(quotient);
  const left = v128.andnot(i64x2.shr_s(x, 63), steep);
  const turned = choose(left, sub(all(PI), sub(z, all(PI_REST))), choose(steep, all(HALF_PI), z));
  const known = v128.or(steep, f64x2.lt(quotient, all(1152921504606846976)));
  return within(ax, 0, 1.7976931348623157e308, within(ay, 0, 1.7976931348623157e308, choose(known, withSign(turned, y), all(NaN))));
}

const K0: f64 = 1.87595182427177009643, K1: f64 = -1.88497979543377169875, K2: f64 = 1.621429720105354466140, K3: f64 = -0.758397934778766047437, K4: f64 = 0.145996192886612446982;
/** of zeros and ordinary numbers */
export function cbrtLanes(x: v128): v128 {
  const ax = f64x2.abs(x);
  // a third of the high word, as a double; halfway between two, so that no rounding matters
  const high = sub(v128.or(i64x2.shr_u(ax, 32), i64x2.splat(0x4330000000000000)), all(4503599627370496));
  const third = integerBits(f64x2.trunc(mul(add(high, all(0.5)), all(0.3333333333333333))));
  let t = withSign(i64x2.shl(i64x2.add(third, i64x2.splat(715094163)), 32), x);
  const r = mul(mul(t, t), f64x2.div(t, x));
  t = mul(t, add(times(r, times(r, all(K2), K1), K0), mul(mul(mul(r, r), r), times(r, all(K4), K3))));
  t = v128.and(i64x2.add(t, i64x2.splat(0x80000000)), i64x2.splat(0xFFFFFFFFC0000000));
  const q = f64x2.div(x, mul(t, t));
  const root = add(t, mul(t, f64x2.div(sub(q, t), add(add(t, t), q))));
  return choose(f64x2.eq(x, all(0)), x, within(ax, 2.2250738585072014e-308, 1.7976931348623157e308, root));
}
