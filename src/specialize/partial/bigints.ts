// BigInts as 64 bits. What is known of one is its value modulo 2^64 and a range that the true value lies in:
//
//   h = BigInt.asUintN(64, (h ^ b) * 0x100000001b3n)   →   %x = i64.xor %h, %b;  %h' = i64.mul %x, 1099511628211
//
// Sums, products, bits and shifts to the left commute with the wrap, however large the values between are; what does not (comparing, dividing,
// shifting to the right, Number) needs the value itself: its range has to fit int64 or uint64. Where it may not, the operation that made it is
// tested at run time for having left the 64 bits, and the original runs where it did. A value of which neither is possible is refused.
// The ranges that loops carry come from a short list, so that they settle.

import { constantOf } from "../../ir/build.ts";
import type { BigIntArrayName, BigIntRange } from "../../ir/interface.ts";
import type { JsOp, ScalarOp } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import { require } from "./vectors.ts";
import { isBoolean, isNumeric, prim, type Abs, type Big, type Range } from "./values.ts";

const two = (n: number): bigint => 1n << BigInt(n);
const int64: Range = { lo: -two(63), hi: two(63) - 1n }, uint64: Range = { lo: 0n, hi: two(64) - 1n };
/** nothing is known */
const anything: Range = { lo: -two(4096), hi: two(4096) };
/** what a loop's variable may be taken for, the narrowest first */
const windows: readonly Range[] = [...[8, 16, 32, 63, 64].map((n) => ({ lo: 0n, hi: two(n) - 1n })), ...[32, 64].map((n) => ({ lo: -two(n - 1), hi: two(n - 1) - 1n })), anything];

const within = (a: Range, b: Range): boolean => a.lo >= b.lo && a.hi <= b.hi;
const isSigned = (a: Range): boolean => within(a, int64);
const isUnsigned = (a: Range): boolean => within(a, uint64);
const fits = (a: Range): boolean => isSigned(a) || isUnsigned(a);

/** A range for all of them, out of the list. */
export const windowOf = (ranges: readonly Range[]): Range => windows.find((w) => ranges.every((r) => within(r, w))) ?? anything;
export const coversRange = (a: Range, b: Range): boolean => within(b, a);

export const isBig = (a: Abs): boolean => a.k === "big" || (a.k === "prim" && typeof a.value === "bigint");
/** A BigInt as a dynamic one. */
export function asBig(ev: Evaluator, a: Abs): Big {
  if (a.k === "big") return a;
  const value = (a as { value: bigint }).value;
  return { k: "big", v: ev.b.const("i64", BigInt.asIntN(64, value)), lo: value, hi: value, made: null };
}
function result(ev: Evaluator, op: ScalarOp, args: readonly Value[], range: Range, made: Big["made"] = null): Abs {
  const v = ev.b.op(op, ...args);
  return known({ k: "big", v, lo: range.lo, hi: range.hi, made: fits(range) ? null : made });
}
/** A BigInt whose value turns out to be known is a static one. */
function known(big: Big): Abs {
  const value = constantOf(big.v);
  if (typeof value !== "bigint" || !fits(big)) return big;
  return prim(big.lo >= 0n ? BigInt.asUintN(64, value) : value);
}

/** The range that a value has once it is tested where it may leave 64 bits; undefined where no test can tell. */
function testedRange(big: Big): Range | undefined {
  if (fits(big)) return big;
  const { made } = big;
  const a = made && testedRange(made.a), b = made && testedRange(made.b);
  if (!a || !b) return undefined;
  // a difference of two without a sign is taken to have none, but for that of a constant
  const window = made.op === "i64.mul" ? int64 : isUnsigned(a) && isUnsigned(b) && !(made.op === "i64.sub" && a.lo === a.hi) ? uint64 : isSigned(a) && isSigned(b) ? int64 : undefined;
  return window && { lo: big.lo > window.lo ? big.lo : window.lo, hi: big.hi < window.hi ? big.hi : window.hi };
}

/** The value itself, its range that of 64 bits: the original runs where it is none. */
export function exactly(ev: Evaluator, big: Big): Big {
  if (fits(big)) return big;
  const range = testedRange(big), { made } = big;
  if (!range || !made) throw ev.refuse("Unsupported", "a BigInt may have more than 64 bits where its value is used", "wrap it: BigInt.asUintN(64, …) or BigInt.asIntN(64, …)");
  const a = exactly(ev, made.a), b = exactly(ev, made.b);
  const i64 = (op: ScalarOp, x: Value, y: Value): Value => ev.b.op(op, x, y);
  require(ev, stays(), "a BigInt leaves 64 bits");
  return { k: "big", v: big.v, ...range, made: null };

  function stays(): Value {
    // a product whose double is well below 2^63 is below 2^63
    if (made!.op === "i64.mul") return ev.b.op("f64.lt", ev.b.op("f64.abs", ev.b.op("f64.mul", toDouble(ev, a), toDouble(ev, b))), ev.b.f64(9.2e18));
    if (isUnsigned(range!) && isUnsigned(a) && isUnsigned(b)) return ev.b.op("i32.eqz", made!.op === "i64.add" ? i64("i64.lt_u", big.v, a.v) : i64("i64.lt_u", a.v, b.v));
    const signs = made!.op === "i64.add" ? i64("i64.and", i64("i64.xor", a.v, big.v), i64("i64.xor", b.v, big.v)) : i64("i64.and", i64("i64.xor", a.v, b.v), i64("i64.xor", a.v, big.v));
    return i64("i64.ge_s", signs, ev.b.const("i64", 0n));
  }
}
/** The same where it can be had: of values that go round in loops. */
export const exactIfPossible = (ev: Evaluator, a: Abs): Abs => (a.k === "big" && testedRange(a) ? exactly(ev, a) : a);

const toDouble = (ev: Evaluator, exact: Big): Value => ev.b.op(isSigned(exact) ? "f64.convert_i64_s" : "f64.convert_i64_u", exact.v);

/** Number(x) */
export const bigToNumber = (ev: Evaluator, a: Abs): Abs => ev.fromF64(toDouble(ev, exactly(ev, asBig(ev, a))));

/** BigInt(x) of a number: one that is no integer is a RangeError. */
export function toBig(ev: Evaluator, a: Abs): Abs {
  if (isBig(a)) return a;
  if (a.k === "prim") {
    try { return prim(BigInt(a.value as never)); } catch { return ev.bail("BigInt throws"); }
  }
  if (isBoolean(a)) return result(ev, "i64.extend_i32_u", [(a as { v: Value }).v], { lo: 0n, hi: 1n });
  if (!isNumeric(a) && a.k !== "sum") throw ev.refuse("Unsupported", "a BigInt is made of what is no number", "make it of a number");
  const v = ev.toF64(a), def = v.def;
  if (def?.op === "f64.convert_i32_u" || def?.op === "f64.convert_i32_s") {
    const word = def.args[0]!, unsigned = def.op === "f64.convert_i32_u";
    return result(ev, unsigned ? "i64.extend_i32_u" : "i64.extend_i32_s", [word], rangeOfWord(word, unsigned));
  }
  require(ev, ev.b.op("i32.and", ev.b.op("f64.eq", ev.b.op("f64.trunc", v), v), ev.b.op("f64.lt", ev.b.op("f64.abs", v), ev.b.f64(2 ** 63))), "a BigInt is made of what is no integer of 64 bits");
  return result(ev, "i64.trunc_sat_f64_s", [v], int64);
}
function rangeOfWord(word: Value, unsigned: boolean): Range {
  const op = word.def?.op;
  if (op === "i32.load8_u") return { lo: 0n, hi: 255n };
  if (op === "i32.load16_u") return { lo: 0n, hi: 65535n };
  if (op === "i32.and") {
    const mask = word.def!.args.map((x) => constantOf(x)).find((x): x is number => typeof x === "number" && x >= 0);
    if (mask !== undefined) return { lo: 0n, hi: BigInt(mask) };
  }
  return unsigned ? { lo: 0n, hi: two(32) - 1n } : { lo: -two(31), hi: two(31) - 1n };
}

/** BigInt.asUintN(n, x), BigInt.asIntN(n, x) */
export function wrap(ev: Evaluator, bits: Abs, a: Abs, signed: boolean): Abs {
  if (bits.k !== "prim" || !Number.isInteger(bits.value) || Number(bits.value) < 0) throw ev.refuse("Unsupported", "to how many bits a BigInt is wrapped is not static", "write the number of bits out");
  if (!isBig(a)) return ev.bail("what is no BigInt is wrapped");
  const n = Number(bits.value), big = asBig(ev, a);
  if (n === 0) return prim(0n);
  if (n > 4095) throw ev.refuse("Unsupported", "a BigInt is wrapped to very many bits", "wrap it to 64");
  const window: Range = signed ? { lo: -two(n - 1), hi: two(n - 1) - 1n } : { lo: 0n, hi: two(n) - 1n };
  if (within(big, window)) return a;
  if (n > 64) {
    const exact = exactly(ev, big);
    if (within(exact, window)) return exact;
    throw ev.refuse("Unsupported", "a BigInt is wrapped to more than 64 bits", "wrap it to 64");
  }
  if (n === 64) return known({ k: "big", v: big.v, ...window, made: null });
  if (!signed) return result(ev, "i64.and", [big.v, ev.b.const("i64", BigInt.asIntN(64, window.hi))], window);
  const by = ev.b.const("i64", BigInt(64 - n));
  return result(ev, "i64.shr_s", [ev.b.op("i64.shl", big.v, by), by], window);
}

// ── operators ──

const bitsOf = (x: bigint): number => (x < 0n ? ~x : x).toString(2).length;

/** An operator of two BigInts; undefined where it is none of theirs. */
export function bigBinary(ev: Evaluator, op: JsOp, x: Abs, y: Abs): Abs | undefined {
  const a = asBig(ev, x), b = asBig(ev, y);
  const ends = (f: (p: bigint, q: bigint) => bigint): Range => {
    const all = [f(a.lo, b.lo), f(a.lo, b.hi), f(a.hi, b.lo), f(a.hi, b.hi)];
    return clip({ lo: all.reduce((p, q) => (p < q ? p : q)), hi: all.reduce((p, q) => (p > q ? p : q)) });
  };
  switch (op) {
    case "js.add": return result(ev, "i64.add", [a.v, b.v], clip({ lo: a.lo + b.lo, hi: a.hi + b.hi }), { op: "i64.add", a, b });
    case "js.sub": return result(ev, "i64.sub", [a.v, b.v], clip({ lo: a.lo - b.hi, hi: a.hi - b.lo }), { op: "i64.sub", a, b });
    case "js.mul": return result(ev, "i64.mul", [a.v, b.v], ends((p, q) => p * q), { op: "i64.mul", a, b });
    case "js.and": {
      const tops = [a, b].filter(isUnsigned).map((r) => r.hi);
      const range = tops.length > 0 ? { lo: 0n, hi: tops.reduce((p, q) => (p < q ? p : q)) } : signedBits(a, b);
      return result(ev, "i64.and", [a.v, b.v], range);
    }
    case "js.or": case "js.xor": {
      const range = isUnsigned(a) && isUnsigned(b) ? { lo: 0n, hi: two(Math.max(bitsOf(a.hi), bitsOf(b.hi))) - 1n } : signedBits(a, b);
      return result(ev, op === "js.or" ? "i64.or" : "i64.xor", [a.v, b.v], range);
    }
    case "js.shl": return y.k === "prim" ? shiftBy(ev, a, Number(y.value)) : shiftDynamic(ev, a, b, true);
    case "js.shr": return y.k === "prim" ? shiftBy(ev, a, -Number(y.value)) : shiftDynamic(ev, a, b, false);
    case "js.div": case "js.rem": return divide(ev, op, exactly(ev, a), exactly(ev, b));
    case "js.lt": return ev.fromBool(less(ev, a, b));
    case "js.gt": return ev.fromBool(less(ev, b, a));
    case "js.le": return ev.fromBool(ev.b.op("i32.eqz", less(ev, b, a)));
    case "js.ge": return ev.fromBool(ev.b.op("i32.eqz", less(ev, a, b)));
    case "js.ushr": return ev.bail("BigInts have no unsigned shift");
    case "js.pow": throw ev.refuse("Unsupported", "a BigInt that is not static is raised to a power", "multiply");
    default: return undefined;
  }
}
const clip = (r: Range): Range => ({ lo: r.lo < anything.lo ? anything.lo : r.lo, hi: r.hi > anything.hi ? anything.hi : r.hi });
const signedBits = (a: Range, b: Range): Range => {
  if (!isSigned(a) || !isSigned(b)) return anything;
  const n = Math.max(...[a.lo, a.hi, b.lo, b.hi].map(bitsOf));
  return { lo: -two(n), hi: two(n) - 1n };
};

/** To the left by a known number of bits; to the right where it is negative. */
function shiftBy(ev: Evaluator, a: Big, by: number): Abs {
  if (by >= 0) {
    if (by > 4000) throw ev.refuse("Unsupported", "a BigInt is shifted very far", "shift it by less than 64");
    const factor = asBig(ev, prim(two(by))), range = clip({ lo: a.lo << BigInt(by), hi: a.hi << BigInt(by) });
    if (by > 63) return { k: "big", v: ev.b.const("i64", 0n), ...range, made: null };
    return result(ev, "i64.shl", [a.v, ev.b.const("i64", BigInt(by))], range, { op: "i64.mul", a, b: factor });
  }
  const x = exactly(ev, a), n = BigInt(-by), range = { lo: x.lo >> n, hi: x.hi >> n };
  if (-by > 63) return isUnsigned(x) ? prim(0n) : result(ev, "i64.shr_s", [x.v, ev.b.const("i64", 63n)], range);
  return result(ev, isUnsigned(x) ? "i64.shr_u" : "i64.shr_s", [x.v, ev.b.const("i64", n)], range);
}

/** By a number of bits that is not static: none or some, and less than 64. */
function shiftDynamic(ev: Evaluator, a: Big, by: Big, left: boolean): Abs {
  const n = exactly(ev, by), sixtyFour = ev.b.const("i64", 64n);
  if (n.lo < 0n || n.hi > 63n) require(ev, ev.b.op("i64.lt_u", n.v, sixtyFour), "a BigInt is shifted by less than nothing or by more than 63 bits");
  if (left) return result(ev, "i64.shl", [a.v, n.v], clip({ lo: a.lo < 0n ? a.lo << 63n : 0n, hi: a.hi > 0n ? a.hi << 63n : 0n }));
  const x = exactly(ev, a);
  return result(ev, isUnsigned(x) ? "i64.shr_u" : "i64.shr_s", [x.v, n.v], { lo: x.lo < 0n ? x.lo : 0n, hi: x.hi > 0n ? x.hi : 0n });
}

function divide(ev: Evaluator, op: "js.div" | "js.rem", a: Big, b: Big): Abs {
  if (b.lo <= 0n && b.hi >= 0n) require(ev, ev.b.op("i64.ne", b.v, ev.b.const("i64", 0n)), "a BigInt is divided by zero");
  const unsigned = isUnsigned(a) && isUnsigned(b);
  if (!unsigned && (!isSigned(a) || !isSigned(b))) throw ev.refuse("Unsupported", "a BigInt of 64 bits without a sign meets one with a sign", "wrap both alike");
  if (!unsigned && a.lo === int64.lo && b.lo <= -1n && b.hi >= -1n) require(ev, ev.b.op("i64.ne", a.v, ev.b.const("i64", int64.lo)), "a BigInt leaves 64 bits");
  const size = (x: bigint): bigint => (x < 0n ? -x : x), most = [a.lo, a.hi].map(size).reduce((p, q) => (p > q ? p : q));
  // a remainder has the sign of what is divided
  const range = op === "js.rem" ? { lo: a.lo < 0n ? a.lo : 0n, hi: a.hi > 0n ? a.hi : 0n } : unsigned ? { lo: 0n, hi: a.hi } : { lo: most > int64.hi ? int64.lo : -most, hi: most > int64.hi ? int64.hi : most };
  return result(ev, `i64.${op === "js.div" ? "div" : "rem"}_${unsigned ? "u" : "s"}` as ScalarOp, [a.v, b.v], range);
}

const lessByRange = (p: Range, q: Range): 0 | 1 | undefined => (p.hi < q.lo ? 1 : p.lo >= q.hi ? 0 : undefined);
/** a < b */
function less(ev: Evaluator, p: Big, q: Big): Value {
  const known = lessByRange(p, q);
  if (known !== undefined) return ev.b.i32(known);
  const a = exactly(ev, p), b = exactly(ev, q), tested = lessByRange(a, b);
  if (tested !== undefined) return ev.b.i32(tested);
  if (isSigned(a) && isSigned(b)) return ev.b.op("i64.lt_s", a.v, b.v);
  const below = ev.b.op("i64.lt_u", a.v, b.v), isNegative = (x: Big): Value => ev.b.op("i64.lt_s", x.v, ev.b.const("i64", 0n));
  // one without a sign may look negative: the sign counts of the other alone
  if (isUnsigned(a) && isUnsigned(b)) return below;
  return isUnsigned(a) ? ev.b.op("i32.and", ev.b.op("i32.eqz", isNegative(b)), below) : ev.b.op("i32.or", isNegative(a), below);
}
export function equalBigs(ev: Evaluator, x: Abs, y: Abs): Value {
  const p = asBig(ev, x), q = asBig(ev, y);
  if (p.hi < q.lo || q.hi < p.lo) return ev.b.i32(0);
  const a = exactly(ev, p), b = exactly(ev, q), same = ev.b.op("i64.eq", a.v, b.v);
  if ((isSigned(a) && isSigned(b)) || (isUnsigned(a) && isUnsigned(b))) return same;
  const signed = isSigned(a) ? a : b;
  return ev.b.op("i32.and", same, ev.b.op("i64.ge_s", signed.v, ev.b.const("i64", 0n)));
}
export const isNotZero = (ev: Evaluator, big: Big): Value => (big.lo > 0n || big.hi < 0n ? ev.b.i32(1) : ev.b.op("i64.ne", exactly(ev, big).v, ev.b.const("i64", 0n)));

/** -a, ~a, a + 1, a - 1; +a throws. */
export function bigUnary(ev: Evaluator, op: JsOp, a: Big): Abs | undefined {
  const one = prim(1n);
  switch (op) {
    case "js.neg": return bigBinary(ev, "js.sub", prim(0n), a);
    case "js.bitnot": return bigBinary(ev, "js.sub", prim(-1n), a);
    case "js.inc": return bigBinary(ev, "js.add", a, one);
    case "js.dec": return bigBinary(ev, "js.sub", a, one);
    case "js.tonumeric": return a;
    case "js.plus": return ev.bail("a BigInt is made a number by +");
    default: return undefined;
  }
}

/** A BigInt and a number meet: of a known integer its BigInt, where the operator compares. */
export function asBigForComparing(a: Abs): Abs | undefined {
  if (isBig(a)) return a;
  return a.k === "prim" && typeof a.value === "number" && Number.isInteger(a.value) ? prim(BigInt(a.value)) : undefined;
}

/** The two words of a BigInt of 64 bits, the lower one first. */
export const wordsOf = (ev: Evaluator, big: Big): readonly [Value, Value] => [ev.b.op("i32.wrap_i64", big.v), ev.b.op("i32.wrap_i64", ev.b.op("i64.shr_u", big.v, ev.b.const("i64", 32n)))];
/** … of which one is put together. */
export function fromWords(ev: Evaluator, low: Value, high: Value, signed: boolean): Abs {
  const upper = ev.b.op("i64.shl", ev.b.op("i64.extend_i32_u", high), ev.b.const("i64", 32n));
  return result(ev, "i64.or", [upper, ev.b.op("i64.extend_i32_u", low)], signed ? int64 : uint64);
}
/** One of the caller's. */
export const bigOf = (v: Value, range: BigIntRange): Big => ({ k: "big", v, ...rangesOf[range], made: null });
const rangesOf: Record<BigIntRange, Range> = { int64, uint64, uint63: { lo: 0n, hi: two(63) - 1n } };
/** BigInts of 64 bits as words, for memory; undefined where one has more. */
export function wordsOfAll(values: readonly bigint[]): { readonly words: Uint32Array; readonly array: BigIntArrayName } | undefined {
  const array = values.every((x) => within({ lo: x, hi: x }, uint64)) ? "BigUint64Array" : values.every((x) => within({ lo: x, hi: x }, int64)) ? "BigInt64Array" : undefined;
  return array && { array, words: new Uint32Array(BigUint64Array.from(values).buffer) };
}
export const isWithoutSign = isUnsigned;
