// Hyperbolic functions and their inverses as fdlibm computes them (Sun Microsystems, 1993; s_tanh.c, e_sinh.c, e_cosh.c, s_asinh.c, e_acosh.c,
// e_atanh.c; sinh and cosh with the engines' limits), from exp, expm1, log and log1p. (Notice as in exponential.ts.)
// Math.hypot as ECMAScript engines compute it: scaled by the greatest, the squares summed with Kahan's compensation.

import { expm1Of, expOf } from "./exponential";
import { log1pOf, logOf } from "./logarithm";

const OVERFLOWS: f64 = 710.4758600739439;
const LN2: f64 = 6.93147180559945286227e-01;
const TWO_M28: f64 = 3.725290298461914e-9;

/** Math.tanh */
export function tanh(x: f64): f64 {
  const ax = abs(x);
  if (x != x) return x;
  if (ax < TWO_M28) return x;
  if (ax >= 22) return copysign<f64>(1, x);
  const large = ax >= 1;
  const t = expm1Of(large ? 2 * ax : -2 * ax);
  return copysign<f64>(large ? 1 - 2 / (t + 2) : -t / (t + 2), x);
}

/** Math.sinh */
export function sinh(x: f64): f64 {
  const h: f64 = x < 0 ? -0.5 : 0.5;
  const ax = abs(x);
  if (ax < 22) {
    if (ax < TWO_M28) return x;
    const t = expm1Of(ax);
    return ax < 1 ? h * (2 * t - t * t / (t + 1)) : h * (t + t / (t + 1));
  }
  if (!(ax <= OVERFLOWS)) return x * 1.0e307;
  const whole = ax < 709.7822265625;
  const w = expOf(whole ? ax : 0.5 * ax);
  const t = h * w;
  return whole ? t : t * w;
}

/** Math.cosh */
export function cosh(x: f64): f64 {
  const ax = abs(x);
  if (ax < 0.3465735912322998) { // the first high word above ½·ln 2
    const t = expm1Of(ax);
    const w = 1 + t;
    return ax < 2.7755575615628914e-17 ? w : 1 + (t * t) / (w + w);
  }
  if (!(ax <= OVERFLOWS)) return ax * 1.0e307;
  const whole = ax < 709.7822265625;
  const w = expOf(whole ? ax : 0.5 * ax);
  if (ax < 22) return 0.5 * w + 0.5 / w;
  const t = 0.5 * w;
  return whole ? t : t * w;
}

/** Math.asinh */
export function asinh(x: f64): f64 {
  const ax = abs(x);
  if (!(ax < Infinity) || ax < TWO_M28) return x;
  if (ax <= 2.000001907348632) { // up to the high word of 2
    const t = x * x;
    if (ax < 2.000001907348632) return copysign<f64>(log1pOf(ax + t / (1 + sqrt<f64>(1 + t))), x);
  }
  const far = ax >= 268435712; // above the high word of 2^28
  const w = logOf(far ? ax : 2 * ax + 1 / (sqrt<f64>(x * x + 1) + ax));
  return copysign<f64>(far ? w + LN2 : w, x);
}

/** Math.acosh */
export function acosh(x: f64): f64 {
  if (!(x >= 1)) return NaN;
  if (x == Infinity) return x;
  if (x == 1) return 0;
  if (x < 2.000001907348632) { // up to the high word of 2
    const t = x - 1;
    return log1pOf(t + sqrt<f64>(2 * t + t * t));
  }
  const far = x >= 268435456;
  const w = logOf(far ? x : 2 * x - 1 / (x + sqrt<f64>(x * x - 1)));
  return far ? w + LN2 : w;
}

/** Math.atanh */
export function atanh(x: f64): f64 {
  const ax = abs(x);
  if (!(ax <= 1)) return NaN;
  if (ax == 1) return copysign<f64>(Infinity, x);
  if (ax < TWO_M28) return x;
  const t = ax + ax;
  return copysign<f64>(0.5 * log1pOf(ax < 0.5 ? t + t * ax / (1 - ax) : t / (1 - ax)), x);
}

/** Math.hypot of two */
export function hypot(x: f64, y: f64): f64 {
  const ax = abs(x), ay = abs(y);
  if (ax == Infinity || ay == Infinity) return Infinity;
  const most = max<f64>(ax, ay);
  if (most == 0) return 0;
  const a = ax / most, b = ay / most;
  const first = a * a;
  const compensation = first - first; // what Kahan's sum has lost after one summand
  const second = b * b - compensation;
  return sqrt<f64>(first + second) * most;
}

/** Math.hypot of three */
export function hypot3(x: f64, y: f64, z: f64): f64 {
  const ax = abs(x), ay = abs(y), az = abs(z);
  if (ax == Infinity || ay == Infinity || az == Infinity) return Infinity;
  const most = max<f64>(max<f64>(ax, ay), az);
  if (most == 0) return 0;
  const a = ax / most, b = ay / most, c = az / most;
  const first = a * a, second = b * b;
  const sum = first + second;
  const lost = (sum - first) - second;
  return sqrt<f64>(sum + (c * c - lost)) * most;
}
