// What is known of a value: the interval it lies in, and what else a double may be. The arithmetic of such facts, one function an operation.
//
// A Range of an f64: every value is in [lo, hi] (infinities included), or NaN if `nan`; no −0 unless `negzero`; no fraction if `int`
// (infinities may be there all the same). Of an i32: signed, `int`, never NaN or −0. lo > hi says that no value is possible.
// Every function gives a range that holds each result for operands that the given ranges hold. Intervals of integers are computed in
// doubles, where nothing wraps, and are the whole type if a bound leaves it: a wrap never makes an interval smaller.
// The zero's sign is claimed with reserve: replacing −0 operands by 0 must not make a −0 that `negzero` denies (narrow.ts relies on it).

export interface Range {
  readonly lo: number;
  readonly hi: number;
  readonly int: boolean;
  readonly nan: boolean;
  readonly negzero: boolean;
}

export const range = (lo: number, hi: number, int: boolean, nan: boolean, negzero: boolean): Range => ({ lo: lo + 0, hi: hi + 0, int, nan, negzero });
export const ints = (lo: number, hi: number): Range => ({ lo: lo + 0, hi: hi + 0, int: true, nan: false, negzero: false });
export const anyFloat: Range = range(-Infinity, Infinity, false, true, true);
export const nothing: Range = range(Infinity, -Infinity, true, false, false);
export const boolean: Range = ints(0, 1);
export const ofNumber = (x: number): Range =>
  x !== x ? range(Infinity, -Infinity, true, true, false) : range(x, x, Number.isInteger(x) || !Number.isFinite(x), false, Object.is(x, -0));

export const isNothing = (r: Range): boolean => r.lo > r.hi && !r.nan;
export const contains = (r: Range, x: number): boolean => r.lo <= x && x <= r.hi;
const hasZero = (r: Range): boolean => contains(r, 0);
const hasInfinity = (r: Range): boolean => r.hi === Infinity || r.lo === -Infinity;
export const sameRange = (a: Range, b: Range): boolean => a.lo === b.lo && a.hi === b.hi && a.int === b.int && a.nan === b.nan && a.negzero === b.negzero;
export const within = (a: Range, b: Range): boolean =>
  (a.lo > a.hi || (a.lo >= b.lo && a.hi <= b.hi)) && (a.int || !b.int) && (!a.nan || b.nan) && (!a.negzero || b.negzero);

export function join(a: Range, b: Range): Range {
  return range(Math.min(a.lo, b.lo), Math.max(a.hi, b.hi), a.int && b.int, a.nan || b.nan, a.negzero || b.negzero);
}
/** What both say. */
export function meet(a: Range, b: Range): Range {
  const int = a.int || b.int;
  const [lo, hi] = [Math.max(a.lo, b.lo), Math.min(a.hi, b.hi)];
  return range(int && Number.isFinite(lo) ? Math.ceil(lo) : lo, int && Number.isFinite(hi) ? Math.floor(hi) : hi, int, a.nan && b.nan, a.negzero && b.negzero && lo <= 0 && hi >= 0);
}

/** The steps that a growing bound takes, so that a loop's fixpoint is reached soon: powers where something ends. Up to `turn` it goes first. */
const steps = [0, 1, 16, 256, 65535, 2 ** 20, 2 ** 26, 2 ** 27, 2 ** 30, 2147483647, 4294967295, 2 ** 53, Infinity];
export function widen(old: Range, next: Range, turn = -Infinity): Range {
  const hi = next.hi > old.hi ? next.hi <= turn ? turn : steps.find((s) => s >= next.hi)! : old.hi;
  const lo = next.lo < old.lo ? (next.lo >= 0 ? 0 : next.lo >= -1 ? -1 : next.lo >= -2147483648 ? -2147483648 : -steps.find((s) => s >= -next.lo)!) : old.lo;
  return range(lo, hi, old.int && next.int, old.nan || next.nan, old.negzero || next.negzero);
}

// ───────────────────────────────── integers of `bits` bits ─────────────────────────────────

type Op2 = (a: Range, b: Range) => Range;

/** all ones up to the highest bit of x ≥ 0 */
const mask = (x: number): number => 2 ** Math.ceil(Math.log2(x + 1)) - 1;
const single = (r: Range): number | null => (r.lo === r.hi ? r.lo : null);

/** Interval arithmetic of two's complement integers. The width is a parameter so that tests can be exhaustive at a small one. */
export function integers(bits: number) {
  const [least, most] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  const all = ints(least, most);
  const fit = (lo: number, hi: number): Range => (lo >= least && hi <= most ? ints(lo, hi) : all);
  const amount = (b: Range): number | null => { const k = single(b); return k === null ? null : ((k % bits) + bits) % bits; };
  const corners = (a: Range, b: Range, f: (x: number, y: number) => number): Range => {
    const c = [f(a.lo, b.lo), f(a.lo, b.hi), f(a.hi, b.lo), f(a.hi, b.hi)];
    return fit(Math.min(...c), Math.max(...c));
  };
  const magnitude = (r: Range): number => Math.max(-r.lo, r.hi);
  const add: Op2 = (a, b) => fit(a.lo + b.lo, a.hi + b.hi);
  const sub: Op2 = (a, b) => fit(a.lo - b.hi, a.hi - b.lo);
  const mul: Op2 = (a, b) => corners(a, b, (x, y) => x * y);
  /** 2ᵏ, where it is the mask −2ᵏ */
  const unitOf = ({ lo, hi }: Range): number | null => (lo === hi && lo < 0 && lo >= -(2 ** 31) && (lo & -lo) === -lo ? -lo : null);
  const and: Op2 = (a, b) => {
    if (a.lo === a.hi && b.lo === b.hi) return ints(a.lo & b.lo, a.lo & b.lo);
    const cleared = unitOf(b) ?? unitOf(a), of = unitOf(b) ? a : b;
    if (cleared) return ints(Math.floor(of.lo / cleared) * cleared, Math.floor(of.hi / cleared) * cleared); // x & −2ᵏ rounds down to a multiple, and keeps order
    if (a.lo >= 0 && b.lo >= 0) return ints(0, Math.min(a.hi, b.hi));
    if (a.lo >= 0) return ints(0, a.hi);
    if (b.lo >= 0) return ints(0, b.hi);
    return ints(-mask(Math.max(-a.lo, -b.lo) - 1) - 1, Math.max(a.hi, b.hi)); // both may be negative: no lower than their common sign bits
  };
  const or: Op2 = (a, b) => {
    const lo = a.lo >= 0 && b.lo >= 0 ? Math.max(a.lo, b.lo) : Math.min(a.lo, b.lo); // bits that are added make a number greater
    return a.hi < 0 || b.hi < 0 ? ints(Math.max(a.hi < 0 ? a.lo : least, b.hi < 0 ? b.lo : least), -1) : ints(lo, mask(Math.max(a.hi, b.hi)));
  };
  const xor: Op2 = (a, b) => {
    const m = mask(Math.max(a.hi, b.hi, -a.lo - 1, -b.lo - 1, 0));
    return ints(a.lo >= 0 && b.lo >= 0 ? 0 : -m - 1, m);
  };
  const shl: Op2 = (a, b) => { const k = amount(b); return k === null ? all : fit(a.lo * 2 ** k, a.hi * 2 ** k); };
  const shr_s: Op2 = (a, b) => {
    const k = amount(b);
    return k !== null ? ints(Math.floor(a.lo / 2 ** k), Math.floor(a.hi / 2 ** k)) : ints(Math.min(a.lo, 0), Math.max(a.hi, -1));
  };
  const shr_u: Op2 = (a, b) => {
    if (a.lo >= 0) return shr_s(a, b);
    const k = amount(b);
    return k === null || k === 0 ? (k === 0 ? a : all) : ints(0, 2 ** (bits - k) - 1);
  };
  const div_s: Op2 = (a, b) => (b.lo > 0 || b.hi < 0 ? corners(a, b, (x, y) => Math.trunc(x / y)) : fit(-magnitude(a), magnitude(a)));
  const rem_s: Op2 = (a, b) => {
    const m = Math.max(magnitude(b) - 1, 0);
    return ints(a.lo < 0 ? -Math.min(m, -a.lo) : 0, a.hi > 0 ? Math.min(m, a.hi) : 0);
  };
  const div_u: Op2 = (a, b) => (a.lo >= 0 && b.lo > 0 ? div_s(a, b) : a.lo >= 0 ? ints(0, a.hi) : b.lo > 1 ? ints(0, Math.floor((2 ** bits - 1) / b.lo)) : all);
  const rem_u: Op2 = (a, b) => (b.lo > 0 ? ints(0, a.lo >= 0 ? Math.min(a.hi, b.hi - 1) : b.hi - 1) : a.lo >= 0 ? ints(0, a.hi) : all);
  const extend = (n: number) => (a: Range): Range => (a.lo >= -(2 ** (n - 1)) && a.hi < 2 ** (n - 1) ? a : ints(-(2 ** (n - 1)), 2 ** (n - 1) - 1));
  return { all, add, sub, mul, and, or, xor, shl, shr_s, shr_u, div_s, rem_s, div_u, rem_u, extend };
}

export const int32 = integers(32);
export const anyInt = int32.all;

// ───────────────────────────────── doubles ─────────────────────────────────

const least = (...xs: number[]): number => Math.min(...xs.map((x) => (x !== x ? 0 : x)));
const greatest = (...xs: number[]): number => Math.max(...xs.map((x) => (x !== x ? 0 : x)));
const orElse = (x: number, otherwise: number): number => (x !== x ? otherwise : x);

/** Rounding to nearest keeps order, so the bounds' own sums and products bound all. */
export const floats = {
  add: (a: Range, b: Range): Range => range(
    orElse(a.lo + b.lo, -Infinity), orElse(a.hi + b.hi, Infinity), a.int && b.int,
    a.nan || b.nan || (a.hi === Infinity && b.lo === -Infinity) || (a.lo === -Infinity && b.hi === Infinity), a.negzero && b.negzero),
  sub: (a: Range, b: Range): Range => range(
    orElse(a.lo - b.hi, -Infinity), orElse(a.hi - b.lo, Infinity), a.int && b.int,
    a.nan || b.nan || (a.hi === Infinity && b.hi === Infinity) || (a.lo === -Infinity && b.lo === -Infinity), a.negzero && hasZero(b)),
  mul: (a: Range, b: Range): Range => {
    const c = [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi];
    const negative = a.lo < 0 || b.lo < 0 || a.negzero || b.negzero;
    const zero = hasZero(a) || hasZero(b) || !a.int || !b.int; // fractions may underflow
    return range(least(...c), greatest(...c), a.int && b.int, a.nan || b.nan || (hasZero(a) && hasInfinity(b)) || (hasZero(b) && hasInfinity(a)), zero && negative);
  },
  div: (a: Range, b: Range): Range => {
    if (!(b.lo > 0 || b.hi < 0)) return anyFloat;
    const c = [a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi];
    return range(least(...c), greatest(...c), false, a.nan || b.nan || (hasInfinity(a) && hasInfinity(b)), a.lo < 0 || b.lo < 0 || a.negzero);
  },
  rem: (a: Range, b: Range): Range => {
    const m = Math.max(Math.abs(b.lo), Math.abs(b.hi)) - (a.int && b.int ? 1 : 0);
    return range(a.lo < 0 ? -Math.min(m, -a.lo) : 0, a.hi > 0 ? Math.min(m, a.hi) : 0, a.int && b.int,
      a.nan || b.nan || hasInfinity(a) || hasZero(b), a.lo < 0 || a.negzero);
  },
  min: (a: Range, b: Range): Range => range(Math.min(a.lo, b.lo), Math.min(a.hi, b.hi), a.int && b.int, a.nan || b.nan,
    (a.negzero && b.hi >= 0) || (b.negzero && a.hi >= 0)),
  max: (a: Range, b: Range): Range => range(Math.max(a.lo, b.lo), Math.max(a.hi, b.hi), a.int && b.int, a.nan || b.nan,
    (a.negzero && (b.lo < 0 || b.negzero)) || (b.negzero && (a.lo < 0 || a.negzero))),
  neg: (a: Range): Range => range(-a.hi, -a.lo, a.int, a.nan, hasZero(a)),
  abs: (a: Range): Range => range(hasZero(a) ? 0 : Math.min(Math.abs(a.lo), Math.abs(a.hi)), Math.max(Math.abs(a.lo), Math.abs(a.hi)), a.int, a.nan, false),
  sqrt: (a: Range): Range => range(Math.sqrt(Math.max(a.lo, 0)), Math.sqrt(Math.max(a.hi, 0)), false, a.nan || a.lo < 0, a.negzero),
  floor: (a: Range): Range => range(Math.floor(a.lo), Math.floor(a.hi), true, a.nan, a.negzero),
  ceil: (a: Range): Range => range(Math.ceil(a.lo), Math.ceil(a.hi), true, a.nan, a.negzero || (a.lo < 0 && a.hi > -1)),
  trunc: (a: Range): Range => range(Math.trunc(a.lo), Math.trunc(a.hi), true, a.nan, a.negzero || (a.lo < 0 && a.hi > -1)),
  /** Math.round and nearest: at most one away from the floor */
  round: (a: Range): Range => range(Math.floor(a.lo), Math.ceil(a.hi), true, a.nan, a.negzero || (a.lo < 0 && a.hi >= -0.5)),
} as const;

export const converts = {
  /** the bits as an unsigned number */
  unsigned: (a: Range): Range => (a.lo >= 0 ? a : a.hi < 0 ? ints(a.lo + 4294967296, a.hi + 4294967296) : ints(0, 4294967295)),
  /** ToInt32 */
  toInt32: (a: Range): Range => (a.lo > -2147483649 && a.hi < 2147483648 ? truncated(a) : a.lo > a.hi && a.nan ? ints(0, 0) : anyInt),
  saturated: (a: Range): Range => truncated(range(Math.max(a.lo, -2147483648), Math.min(a.hi, 2147483647), false, a.nan, false), a),
  saturatedUnsigned: (a: Range): Range => (a.hi <= 2147483647 ? truncated(range(Math.max(a.lo, 0), Math.max(a.hi, 0), false, a.nan, false)) : anyInt),
} as const;
function truncated(a: Range, whole: Range = a): Range {
  if (whole.lo > whole.hi) return whole.nan ? ints(0, 0) : nothing;
  const [lo, hi] = [Math.trunc(Math.min(a.lo, 2147483647)), Math.trunc(Math.max(a.hi, -2147483648))];
  return a.nan ? ints(Math.min(lo, 0), Math.max(hi, 0)) : ints(lo, hi);
}
