// Arithmetic that JavaScript has no operator for, exact to the bit. What JavaScript does have (|0, Math.imul, %) is spelled with it in ops.ts.

const f64 = new Float64Array(1);
const i64 = new BigInt64Array(f64.buffer);
const f32 = new Float32Array(1);
const i32 = new Int32Array(f32.buffer);

export const bitsOfF64 = (x: number): bigint => { f64[0] = x; return i64[0]!; };
export const f64OfBits = (x: bigint): number => { i64[0] = x; return f64[0]!; };
export const bitsOfF32 = (x: number): number => { f32[0] = x; return i32[0]!; };
export const f32OfBits = (x: number): number => { i32[0] = x; return f32[0]!; };

export const rotl = (a: number, b: number): number => (a << b) | (a >>> ((32 - b) & 31));
export const ctz = (a: number): number => (a === 0 ? 32 : 31 - Math.clz32(a & -a));
/** the greatest common divisor of natural numbers; of 0 and another, that one */
export const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
export const copysign = (a: number, b: number): number => (isNegative(b) ? -Math.abs(a) : Math.abs(a));
/** the sign bit of a number; NaN counts as positive, since JavaScript cannot see a NaN's sign */
export const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0);

/** Round half to even, −0 kept: WebAssembly's f64.nearest. */
export function nearest(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < 4503599627370496)) return x; // integers already, ±∞, NaN
  const rounded = magnitude + 4503599627370496 - 4503599627370496; // the addition rounds half to even
  return isNegative(x) ? -rounded : rounded;
}

/** Truncation to int32 that saturates; NaN gives 0. */
export const truncSatS = (x: number): number => (x !== x ? 0 : x <= -2147483648 ? -2147483648 : x >= 2147483647 ? 2147483647 : Math.trunc(x) | 0);
/** Truncation to uint32 that saturates, as the signed number of the same bits. */
export const truncSatU = (x: number): number => (x !== x || x <= 0 ? 0 : x >= 4294967295 ? -1 : Math.trunc(x) | 0);
export const truncSat64 = (x: number): bigint =>
  x !== x ? 0n : x <= -9223372036854775808 ? -9223372036854775808n : x >= 9223372036854775808 ? 9223372036854775807n : BigInt(Math.trunc(x));
