// exp and expm1 as fdlibm computes them (Sun Microsystems, 1993; http://www.netlib.org/fdlibm: s_expm1.c, e_exp.c), which engines have taken
// over: x = k·ln 2 + r with ln 2 in two parts, a rational function of r, and 2^k put back. The order of operations is the published one:
// the host's bits depend on it. (Permission to use, copy, modify, and distribute fdlibm is freely granted, provided its notice is preserved:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc. business.)

import { highWord, powerOfTwo, withHighWord } from "./words";

export const LN2_HIGH: f64 = 6.93147180369123816490e-01;
export const LN2_LOW: f64 = 1.90821492927058770002e-10;
export const INVERSE_LN2: f64 = 1.44269504088896338700e+00;
export const OVERFLOWS: f64 = 7.09782712893383973096e+02;
const UNDERFLOWS: f64 = -7.45133219101941108420e+02;
/** what exp(1) is: one unit in the last place from what the algorithm would give */
export const E: f64 = 2.718281828459045;
// exp: r·(exp(r) + 1) / (exp(r) − 1) = 2 + P1·r² + … + P5·r¹⁰
export const P1: f64 = 1.66666666666666019037e-01, P2: f64 = -2.77777777770155933842e-03, P3: f64 = 6.61375632143793436117e-05;
export const P4: f64 = -1.65339022054652515390e-06, P5: f64 = 4.13813679705723846039e-08;
// expm1: the same relation in r²/2
export const Q1: f64 = -3.33333333333331316428e-02, Q2: f64 = 1.58730158725481460165e-03, Q3: f64 = -7.93650757867487942473e-05;
export const Q4: f64 = 4.00821782732936239552e-06, Q5: f64 = -2.01099218183624371326e-07;

// @ts-ignore: decorator
@inline export function expOf(x: f64): f64 {
  const high = highWord(x) & 0x7FFFFFFF;
  if (x != x) return x;
  if (x > OVERFLOWS) return Infinity;
  if (x < UNDERFLOWS) return 0;
  if (high < 0x3E300000) return 1 + x;
  if (x == 1) return E;
  let k = 0;
  if (high > 0x3FD62E42) k = high < 0x3FF0A2B2 ? (x < 0 ? -1 : 1) : <i32>(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
  const hi = x - <f64>k * LN2_HIGH, lo = <f64>k * LN2_LOW;
  const r = hi - lo;
  const t = r * r;
  const c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  const y = 1 - ((lo - (r * c) / (2 - c)) - hi);
  if (k == 1024) return y * 2 * 8.98846567431158e+307;
  return k >= -1021 ? y * powerOfTwo(k) : y * powerOfTwo(k + 1000) * 9.33263618503218878990e-302;
}

// @ts-ignore: decorator
@inline export function expm1Of(x: f64): f64 {
  const high = highWord(x) & 0x7FFFFFFF;
  if (x != x) return x;
  if (x > OVERFLOWS) return Infinity;
  if (high >= 0x4043687A && x < 0) return -1; // below −56·ln 2
  if (high < 0x3C900000) return x;
  let k = 0;
  if (high > 0x3FD62E42) k = high < 0x3FF0A2B2 ? (x < 0 ? -1 : 1) : <i32>(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
  const hi = x - <f64>k * LN2_HIGH, lo = <f64>k * LN2_LOW;
  const r = hi - lo;
  const c = (hi - r) - lo;
  const half = 0.5 * r;
  const z = r * half;
  const r1 = 1 + z * (Q1 + z * (Q2 + z * (Q3 + z * (Q4 + z * Q5))));
  const t = 3 - r1 * half;
  let e = z * ((r1 - t) / (6 - r * t));
  if (k == 0) return r - (r * e - z);
  e = (r * (e - c) - c) - z;
  if (k == -1) return 0.5 * (r - e) - 0.5;
  if (k == 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e);
  if (k <= -2 || k > 56) {
    const y = 1 - (e - r);
    return (k == 1024 ? y * 2 * 8.98846567431158e+307 : y * powerOfTwo(k)) - 1;
  }
  if (k < 20) return (withHighWord(1, 0x3FF00000 - (0x200000 >> k)) - (e - r)) * powerOfTwo(k);
  return ((r - (e + powerOfTwo(-k))) + 1) * powerOfTwo(k);
}

/** Math.expm1 */
export function expm1(x: f64): f64 { return expm1Of(x); }
