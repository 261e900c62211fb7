// The library: what residual programs need and WebAssembly has no instruction for. Written in AssemblyScript.
//
// Built by `node scripts/build-library.mjs` (which runs asc with asconfig.json) into src/wasm/library.ts. The emitter copies a function's body
// into each module that calls it, so that V8 compiles and inlines it with the kernel. Requires of every function here: no calls to other
// functions (asc inlines what is marked so), no globals, no data segments, no memory.

export { expm1 } from "./exponential";
export { log10, log1p, log2 } from "./logarithm";
export { acosLanes, asinLanes, atan2Lanes, atanLanes, cbrtLanes, cosLanes, sinLanes } from "./angles";
export { expLanes, expm1Lanes, hypot3Lanes, hypotLanes, log10Lanes, log2Lanes, logLanes, powLanes, tanhLanes } from "./lanes";
export { acosh, asinh, atanh, cosh, hypot, hypot3, sinh, tanh } from "./hyperbolic";

const SIGN: u64 = 0x8000000000000000;
const INFINITY_BITS: u64 = 0x7FF0000000000000;
const FRACTION: u64 = 0x000FFFFFFFFFFFFF;
const HIDDEN: u64 = 0x0010000000000000; // the bit that a normal number's fraction does not spell

/**
 * JavaScript's x % y, exactly: the remainder of division with the quotient truncated, with x's sign (also that of a zero).
 * Long division of the fractions, as many bits at a time as fit: with the divisor's trailing zeros taken off first, one 64-bit remainder
 * does for all that is common (integers, x % 1, angles).
 */
export function rem(x: f64, y: f64): f64 {
  const bitsX = reinterpret<u64>(x) & ~SIGN;
  const bitsY = reinterpret<u64>(y) & ~SIGN;
  // NaN for NaN operands, infinite x, zero y. (bitsY - 1 wraps for zero.)
  if (bitsX >= INFINITY_BITS || bitsY - 1 >= INFINITY_BITS) return (x * y) / (x * y);
  if (bitsX < bitsY) return x;
  const sign = reinterpret<u64>(x) & SIGN;
  // subnormal numbers have exponent 1 and no hidden bit
  let exponentX = <i32>(bitsX >> 52), exponentY = <i32>(bitsY >> 52);
  let fraction = bitsX & FRACTION, divisor = bitsY & FRACTION;
  if (exponentX != 0) fraction |= HIDDEN; else exponentX = 1;
  if (exponentY != 0) divisor |= HIDDEN; else exponentY = 1;

  const zeros = min(<i32>ctz(divisor), exponentX - exponentY);
  divisor >>= <u64>zeros;
  exponentY += zeros;
  // the fraction is below 2^53: eleven bits of room at first, then as many as the divisor leaves
  let left = exponentX - exponentY;
  let step = 11;
  while (left > step) {
    fraction = (fraction << <u64>step) % divisor;
    left -= step;
    step = <i32>clz(divisor);
  }
  fraction = (fraction << <u64>left) % divisor;
  if (fraction == 0) return reinterpret<f64>(sign);

  // fraction × 2^(exponentY - 1075), normalised as far as the exponent allows
  const shift = min(<i32>clz(fraction) - 11, exponentY - 1);
  fraction <<= <u64>shift;
  const exponent = <u64>(exponentY - shift);
  return reinterpret<f64>(sign | (fraction < HIDDEN ? fraction : (fraction - HIDDEN) + (exponent << 52)));
}

/**
 * Math.cbrt, by AssemblyScript's standard library: FreeBSD's algorithm, which V8 has too. Three times as fast as the host's own, which
 * WebAssembly reaches only through a JavaScript call. Used where src/wasm/probe.ts finds the host's bits to be the same.
 */
export function cbrt(x: f64): f64 {
  return NativeMath.cbrt(x);
}
