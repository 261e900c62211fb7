// Doubles taken apart, for the algorithms of fdlibm: the high word holds sign, exponent and the first twenty bits of the fraction.

// @ts-ignore: decorator
@inline export function highWord(x: f64): i32 { return <i32>(reinterpret<u64>(x) >> 32); }
// @ts-ignore: decorator
@inline export function withHighWord(x: f64, high: i32): f64 { return reinterpret<f64>((reinterpret<u64>(x) & 0xFFFFFFFF) | (<u64>(<u32>high) << 32)); }
/** 2^k, of a k between -1022 and 1023 */
// @ts-ignore: decorator
@inline export function powerOfTwo(k: i32): f64 { return reinterpret<f64>(<u64>(1023 + k) << 52); }
