// Two doubles in a vector: what the functions on vectors are written with.

// @ts-ignore: decorator
@inline export function all(x: f64): v128 { return f64x2.splat(x); }
// @ts-ignore: decorator
@inline export function add(a: v128, b: v128): v128 { return f64x2.add(a, b); }
// @ts-ignore: decorator
@inline export function sub(a: v128, b: v128): v128 { return f64x2.sub(a, b); }
// @ts-ignore: decorator
@inline export function mul(a: v128, b: v128): v128 { return f64x2.mul(a, b); }
// @ts-ignore: decorator
@inline export function choose(mask: v128, a: v128, b: v128): v128 { return v128.bitselect(a, b, mask); }
/** where low ≤ x ≤ high the value, else NaN */
// @ts-ignore: decorator
@inline export function within(x: v128, low: f64, high: f64, value: v128): v128 {
  return choose(v128.and(f64x2.ge(x, all(low)), f64x2.le(x, all(high))), value, all(NaN));
}
/** the high words alone */
// @ts-ignore: decorator
@inline export function head(x: v128): v128 { return v128.and(x, i64x2.splat(0xFFFFFFFF00000000)); }
// @ts-ignore: decorator
@inline export function withSign(magnitude: v128, sign: v128): v128 { return choose(i64x2.splat(0x8000000000000000), sign, magnitude); }
/** an integer below 2^51, as a double, in the low bits of an int64 */
// @ts-ignore: decorator
@inline export function integerBits(k: v128): v128 { return add(k, all(6755399441055744)); }
/** 2^k for −1022 ≤ k ≤ 1023 */
// @ts-ignore: decorator
@inline export function powerOfTwo(k: v128): v128 { return i64x2.add(i64x2.shl(integerBits(k), 52), i64x2.splat(0x3FF0000000000000)); }
/** an int64 of few bits as a double, less 1023 */
// @ts-ignore: decorator
@inline export function unbiased(k: v128): v128 { return sub(v128.or(k, i64x2.splat(0x4330000000000000)), all(4503599627370496 + 1023)); }
/** the double with this high word and no low one: algorithms tell ranges by high words */
// @ts-ignore: decorator
@inline export function ofHighWord(high: u64): v128 { return i64x2.splat(high << 32); }
/** a + z·(b + z·(c + …)): the coefficients of a series, the last first */
// @ts-ignore: decorator
@inline export function times(z: v128, rest: v128, coefficient: f64): v128 { return add(all(coefficient), mul(z, rest)); }
