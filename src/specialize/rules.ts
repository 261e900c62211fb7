// Algebraic rules, keyed by the operation that they rewrite. Each reads as an equation from left to right and holds bit for bit:
// IEEE 754 with signed zeros and NaN (all NaNs equal) for floats, two's complement for integers. What is *not* here is as telling:
//   x + 0 → x    no: −0 + 0 is 0          x * 0 → 0    no: NaN, ∞, −0         x − x → 0    no: ∞ − ∞ is NaN (floats)
//   0 − x → −x   no: 0 − 0 is 0           x == x → 1   no: NaN                 (x + a) + b → x + (a + b)   no: rounding (floats)
//
// A rule gets the emitter, to write what the right-hand side needs, and gives null where it does not apply. Constants stand right of
// operations that commute. Rules that need to know a value's range are not here but in narrow.ts and checks.ts.

import { constantOf } from "../ir/build.ts";
import { ops, type MachineOp } from "../ir/ops.ts";
import type { Machine, Value } from "../ir/types.ts";
import type { Emitter } from "./emitter.ts";

export type Rule = (e: Emitter, a: Value, b: Value, c: Value) => Value | null;

// ───────────────────────────────── looking at values ─────────────────────────────────

/** The instruction that defines the value, if it is that operation. */
export const by = (v: Value, op: MachineOp): Machine | null => (v.def !== null && v.def.op === op ? v.def : null);
const operand = (v: Value, op: MachineOp): Value | null => by(v, op)?.args[0] ?? null;
const num = (v: Value): number | null => { const c = constantOf(v); return typeof c === "number" ? c : null; };
const is = (v: Value, constant: number): boolean => { const c = num(v); return c !== null && Object.is(c, constant); };
const big = (v: Value): bigint | null => { const c = constantOf(v); return typeof c === "bigint" ? c : null; };

export const isComparison = (op: string): boolean => /^(i32|i64|f32|f64)\.(eqz|eq|ne|lt|gt|le|ge)/.test(op);
const comparisons = new Set<string>(Object.keys(ops).filter(isComparison));

/** 0 or 1 for sure. */
export function isBoolean(v: Value, depth = 4): boolean {
  const def = v.def;
  if (def === null || depth === 0) return false;
  if (def.op === "const") return def.value === 0 || def.value === 1;
  if (comparisons.has(def.op) || def.op === "v128.any_true") return true;
  if (def.op === "i32.and") return isBoolean(def.args[0]!, depth - 1) || isBoolean(def.args[1]!, depth - 1);
  if (def.op === "i32.or" || def.op === "i32.xor") return isBoolean(def.args[0]!, depth - 1) && isBoolean(def.args[1]!, depth - 1);
  if (def.op === "i32.select") return isBoolean(def.args[1]!, depth - 1) && isBoolean(def.args[2]!, depth - 1);
  return false;
}

/** An i32 that is at most `hi` as an unsigned number, seen from its definition alone. */
function atMost(v: Value, hi: number, depth = 3): boolean {
  const def = v.def;
  if (def === null || depth === 0) return false;
  switch (def.op) {
    case "const": return (num(v)! >>> 0) <= hi;
    case "i32.load8_u": return hi >= 255;
    case "i32.load16_u": return hi >= 65535;
    case "i32.and": return atMost(def.args[0]!, hi, depth - 1) || atMost(def.args[1]!, hi, depth - 1);
    case "i32.shr_u": { const k = num(def.args[1]!); return k !== null && (k & 31) !== 0 && 2 ** (32 - (k & 31)) - 1 <= hi; }
    default: return hi >= 1 && isBoolean(v);
  }
}

/** An f64 that is an integer, ±∞ or NaN. */
function isIntegral(v: Value, depth = 3): boolean {
  const def = v.def;
  if (def === null || depth === 0) return false;
  switch (def.op) {
    case "const": return typeof def.value === "number" && (Number.isInteger(def.value) || !Number.isFinite(def.value));
    case "f64.convert_i32_s": case "f64.convert_i32_u": case "f64.convert_i64_s": case "f64.convert_i64_u": case "f64.floor": case "f64.ceil": case "f64.trunc":
    case "f64.nearest": case "math.round": case "math.sign": return true;
    case "f64.abs": case "f64.neg": return isIntegral(def.args[0]!, depth - 1);
    case "f64.add": case "f64.sub": case "f64.mul": case "f64.min": case "f64.max": return isIntegral(def.args[0]!, depth - 1) && isIntegral(def.args[1]!, depth - 1);
    case "f64.select": return isIntegral(def.args[1]!, depth - 1) && isIntegral(def.args[2]!, depth - 1);
    default: return false;
  }
}

/** An f64 that is never NaN. */
const isNumber = (v: Value): boolean => by(v, "f64.convert_i32_s") !== null || by(v, "f64.convert_i32_u") !== null || (num(v) !== null && !Number.isNaN(num(v)!));

/** An f64 that is never −0. */
function isNeverMinusZero(v: Value, depth = 3): boolean {
  const def = v.def;
  if (def === null || depth === 0) return false;
  switch (def.op) {
    case "const": return !Object.is(def.value, -0);
    case "f64.convert_i32_s": case "f64.convert_i32_u": case "f64.convert_i64_s": case "f64.convert_i64_u": case "f64.abs": return true;
    case "f64.add": return isNeverMinusZero(def.args[0]!, depth - 1) || isNeverMinusZero(def.args[1]!, depth - 1); // −0 + −0 alone is −0
    case "f64.sub": return isNeverMinusZero(def.args[0]!, depth - 1); // −0 − 0 alone is −0
    default: return false;
  }
}

/** c ? float x : NaN, or the other way round */
function integerOrNaN(v: Value): { cond: Value; x: Value; nanFirst: boolean } | null {
  const choice = by(v, "f64.select");
  if (!choice) return null;
  for (const nanFirst of [false, true]) {
    const x = operand(choice.args[nanFirst ? 2 : 1]!, "f64.convert_i32_s");
    if (x && Number.isNaN(num(choice.args[nanFirst ? 1 : 2]!) ?? 0)) return { cond: choice.args[0]!, x, nanFirst };
  }
  return null;
}

/** The f32 value of which the f64 is the promotion. */
function demoted(e: Emitter, v: Value): Value | null {
  const c = num(v);
  if (c !== null) return Object.is(Math.fround(c), c) ? e.f32(c) : null;
  return operand(v, "f64.promote_f32");
}

/**
 * The bound on |v| of an f64 that is an exact integer expression of int32 values: additions, subtractions and products that never
 * round, since every partial result is below 2^53. Infinity where it is no such expression.
 */
function exactBound(v: Value, depth = 6): number {
  const def = v.def;
  if (def === null || depth === 0) return Infinity;
  let bound: number;
  switch (def.op) {
    case "const": bound = Number.isInteger(def.value as number) ? Math.abs(def.value as number) : Infinity; break;
    case "f64.convert_i32_s": bound = atMost(def.args[0]!, 65535) ? (atMost(def.args[0]!, 255) ? 255 : 65535) : 2147483648; break;
    case "f64.convert_i32_u": bound = 4294967295; break;
    case "f64.add": case "f64.sub": bound = exactBound(def.args[0]!, depth - 1) + exactBound(def.args[1]!, depth - 1); break;
    case "f64.mul": bound = exactBound(def.args[0]!, depth - 1) * exactBound(def.args[1]!, depth - 1); break;
    case "f64.neg": case "f64.abs": bound = exactBound(def.args[0]!, depth - 1); break;
    default: return Infinity;
  }
  return bound < 2 ** 53 ? bound : Infinity; // 2^53 may be what a greater bound was rounded to
}

/** ToInt32 of an exact integer expression, computed modulo 2^32. */
function modular(e: Emitter, v: Value): Value {
  const def = v.def as Machine;
  switch (def.op as string) {
    case "const": return e.i32(num(v)! | 0);
    case "f64.convert_i32_s": case "f64.convert_i32_u": return def.args[0]!;
    case "f64.add": return e.op("i32.add", modular(e, def.args[0]!), modular(e, def.args[1]!));
    case "f64.sub": return e.op("i32.sub", modular(e, def.args[0]!), modular(e, def.args[1]!));
    case "f64.mul": return e.op("i32.mul", modular(e, def.args[0]!), modular(e, def.args[1]!));
    case "f64.neg": return e.op("i32.sub", e.i32(0), modular(e, def.args[0]!));
    default: return e.op("i32.from_f64", v);
  }
}
/** no abs inside: |x| has no modular form */
const isModular = (v: Value): boolean => {
  const op = v.def?.op;
  if (op === "f64.add" || op === "f64.sub" || op === "f64.mul") return isModular(v.def!.args[0]!) && isModular(v.def!.args[1]!);
  return op === "f64.neg" ? isModular(v.def!.args[0]!) : op === "const" || op === "f64.convert_i32_s" || op === "f64.convert_i32_u";
};

// ───────────────────────────────── rules of several operations ─────────────────────────────────

/** op(op(x)) → op(x) and its kin: the operation does nothing to such a value */
const same = (test: (v: Value) => boolean): Rule => (_, a) => (test(a) ? a : null);

/** the comparison of the same operands the other way round */
const mirrored = { lt: "gt", gt: "lt", le: "ge", ge: "le", eq: "eq", ne: "ne" } as const;
type Relation = keyof typeof mirrored;
const relations = Object.keys(mirrored) as Relation[];

/** c < x → x > c */
const constantRight = (op: string): Rule => (e, a, b) => (a.def?.op === "const" && b.def?.op !== "const" ? e.op(op as MachineOp, b, a) : null);

/** What a relation says of x and x, where no NaN is. */
const ofEqual: Record<Relation, number> = { lt: 0, gt: 0, le: 1, ge: 1, eq: 1, ne: 0 };

/** an int32 compared with any double: the same question asked of an int32, or the answer */
function compareWithConstant(e: Emitter, relation: Relation, x: Value, c: number): Value {
  if (Number.isNaN(c)) return e.i32(relation === "ne" ? 1 : 0);
  if (relation === "eq" || relation === "ne") {
    return c === (c | 0) ? e.op(`i32.${relation}`, x, e.i32(c)) : e.i32(relation === "ne" ? 1 : 0);
  }
  const limit = relation === "lt" || relation === "ge" ? Math.ceil(c) : Math.floor(c); // x < 2.5 is x < 3, x > 2.5 is x > 2
  if (limit > 2147483647) return e.i32(relation === "lt" || relation === "le" ? 1 : 0);
  if (limit < -2147483648) return e.i32(relation === "gt" || relation === "ge" ? 1 : 0);
  return e.op(`i32.${relation}_s`, x, e.i32(limit));
}

/** (c ? 3 : 5) ~ 3 → c, its opposite, or neither */
const ofChoice = (op: MachineOp, select: "i32.select" | "f64.select"): Rule => (e, a, b) => {
  const choice = by(a, select);
  const numbers = choice && [num(choice.args[1]!), num(choice.args[2]!), num(b)];
  if (!numbers || numbers.includes(null)) return null;
  const cond = choice.args[0]!;
  const [ofFirst, ofSecond] = [numbers[0], numbers[1]].map((k) => Number(ops[op].fold!(k as never, numbers[2] as never)));
  return ofFirst === ofSecond ? e.i32(ofFirst!) : ofFirst === 0 ? e.op("i32.eqz", cond) : isBoolean(cond) ? cond : e.op("i32.ne", cond, e.i32(0));
};

const floatComparison = (relation: Relation): readonly Rule[] => [
  constantRight(`f64.${mirrored[relation]}`),
  ofChoice(`f64.${relation}`, "f64.select"),
  // int32 with int32, uint32 with uint32
  (e, a, b) => {
    const [x, y] = [operand(a, "f64.convert_i32_s"), operand(b, "f64.convert_i32_s")];
    return x && y ? e.op(relation === "eq" || relation === "ne" ? `i32.${relation}` : `i32.${relation}_s`, x, y) : null;
  },
  (e, a, b) => {
    const x = operand(a, "f64.convert_i32_u");
    if (!x) return null;
    const c = num(b);
    const y = operand(b, "f64.convert_i32_u") ?? (c !== null && c === c >>> 0 ? e.i32(c) : null);
    return y ? e.op(relation === "eq" || relation === "ne" ? `i32.${relation}` : `i32.${relation}_u`, x, y) : null;
  },
  (e, a, b) => { const x = operand(a, "f64.convert_i32_s"); return x && num(b) !== null ? compareWithConstant(e, relation, x, num(b)!) : null; },
  // promotion keeps order
  (e, a, b) => {
    const x = operand(a, "f64.promote_f32");
    const y = x && demoted(e, b);
    return x && y ? e.op(`f32.${relation}`, x, y) : null;
  },
  // x ~ x, where x is no NaN
  (e, a, b) => (a === b && (isNumber(a) || ofEqual[relation] === 0 && relation !== "ne") ? e.i32(ofEqual[relation]) : null),
  // float(c ? x : 0) == (c ? float x : NaN) → c: whether an index is its own truncation
  (e, a, b) => {
    if (relation !== "eq") return null;
    for (const [whole, index] of [[a, b], [b, a]] as const) {
      const choice = integerOrNaN(index);
      const back = by(operand(whole, "f64.convert_i32_s") ?? whole, "i32.select");
      if (!choice || back?.args[0] !== choice.cond) continue;
      const [x, zero] = choice.nanFirst ? [back.args[2]!, back.args[1]!] : [back.args[1]!, back.args[2]!];
      if (x === choice.x && is(zero, 0)) return choice.nanFirst ? e.op("i32.eqz", choice.cond) : e.op("i32.ne", choice.cond, e.i32(0));
    }
    return null;
  },
  // x ~ NaN
  (e, _, b) => (Number.isNaN(num(b) ?? 0) ? e.i32(relation === "ne" ? 1 : 0) : null),
];

const intComparison = (relation: Relation, sign: "_s" | "_u" | ""): readonly Rule[] => [
  constantRight(`i32.${mirrored[relation]}${sign}`),
  ofChoice(`i32.${relation}${sign}` as MachineOp, "i32.select"),
  (e, a, b) => (a === b ? e.i32(ofEqual[relation]) : null),
  // of a boolean with a constant: it, its opposite, or neither
  (e, a, b) => {
    const c = num(b);
    if (c === null || relation === "eq" || relation === "ne" || !isBoolean(a)) return null;
    const [zero, one] = [0, 1].map((x) => ops[`i32.${relation}${sign as "_s" | "_u"}`].fold!(x as never, c as never));
    return zero === one ? e.i32(Number(one)) : one ? a : e.op("i32.eqz", a);
  },
  (e, _, b) => {
    const c = num(b);
    if (c === null) return null;
    if (sign === "_u" && c === 0) return relation === "lt" ? e.i32(0) : relation === "ge" ? e.i32(1) : relation === "gt" ? e.op("i32.ne", _, b) : e.op("i32.eqz", _);
    if (sign === "_s" && c === -2147483648 && (relation === "lt" || relation === "ge")) return e.i32(relation === "ge" ? 1 : 0);
    if (sign === "_s" && c === 2147483647 && (relation === "gt" || relation === "le")) return e.i32(relation === "le" ? 1 : 0);
    return null;
  },
];

/** Math.fround(a ∘ b) of two floats is the float operation: rounding twice is innocuous (Figueroa 1995: 53 ≥ 2·24 + 2) */
const demotesAs: Partial<Record<string, MachineOp>> = {
  "f64.add": "f32.add", "f64.sub": "f32.sub", "f64.mul": "f32.mul", "f64.div": "f32.div", "f64.sqrt": "f32.sqrt", "f64.min": "f32.min", "f64.max": "f32.max",
  "f64.neg": "f32.neg", "f64.abs": "f32.abs", "f64.ceil": "f32.ceil", "f64.floor": "f32.floor", "f64.trunc": "f32.trunc",
};

/** the comparison that says the opposite; float order has none, since NaN makes both false */
export const opposite: Partial<Record<string, MachineOp>> = {
  "i32.eq": "i32.ne", "i32.ne": "i32.eq", "f64.eq": "f64.ne", "f64.ne": "f64.eq", "f32.eq": "f32.ne", "f32.ne": "f32.eq", "i64.eq": "i64.ne", "i64.ne": "i64.eq",
  "i32.lt_s": "i32.ge_s", "i32.ge_s": "i32.lt_s", "i32.gt_s": "i32.le_s", "i32.le_s": "i32.gt_s",
  "i32.lt_u": "i32.ge_u", "i32.ge_u": "i32.lt_u", "i32.gt_u": "i32.le_u", "i32.le_u": "i32.gt_u",
};

/** x as a condition: what is true exactly when x is, without the tests that only make it 0 or 1 */
export function condition(v: Value): Value {
  for (;;) {
    const def = v.def;
    if (def?.op === "i32.ne" && is(def.args[1]!, 0)) v = def.args[0]!;
    else if (def?.op === "i32.eqz" && def.args[0]!.def?.op === "i32.eqz") v = def.args[0]!.def.args[0]!;
    else return v;
  }
}

const select = (type: "i32" | "i64" | "f32" | "f64"): readonly Rule[] => [
  (_, c, a, b) => (num(c) !== null ? (num(c) !== 0 ? a : b) : null),
  (_, __, a, b) => (a === b ? a : null),
  (e, c, a, b) => { const stripped = condition(c); return stripped !== c ? e.op(`${type}.select`, stripped, a, b) : null; },
  (e, c, a, b) => { const x = operand(c, "i32.eqz"); return x ? e.op(`${type}.select`, x, b, a) : null; },
];

/** (x ∘ c) ∘ d → x ∘ (c ∘ d) on integers */
const reassociate = (op: MachineOp): Rule => (e, a, b) => {
  const inner = by(a, op);
  return inner && num(b) !== null && num(inner.args[1]!) !== null ? e.op(op, inner.args[0]!, e.op(op, inner.args[1]!, b)) : null;
};
/** (x ⟨shift⟩ c) ⟨shift⟩ d, both amounts known */
const shiftTwice = (op: "i32.shl" | "i32.shr_u" | "i32.shr_s"): Rule => (e, a, b) => {
  const inner = by(a, op);
  const [c, d] = [inner && num(inner.args[1]!), num(b)];
  if (!inner || c === null || d === null) return null;
  const sum = (c & 31) + (d & 31);
  return sum < 32 ? e.op(op, inner.args[0]!, e.i32(sum)) : op === "i32.shr_s" ? e.op(op, inner.args[0]!, e.i32(31)) : e.i32(0);
};
/** x ⟨shift⟩ 0 → x;  the amount counts modulo 32 */
const shiftAmount = (op: MachineOp): Rule => (e, a, b) => {
  const c = num(b);
  return c === null ? null : (c & 31) === 0 ? a : c !== (c & 31) ? e.op(op, a, e.i32(c & 31)) : null;
};
const powerOfTwo = (v: Value): number | null => { const c = num(v); return c !== null && c > 0 && (c & (c - 1)) === 0 ? Math.log2(c) : null; };

const rounding: readonly Rule[] = [same(isIntegral)]; // of an integer, ±∞ or NaN

// ───────────────────────────────── the table ─────────────────────────────────

const table: Partial<Record<MachineOp, readonly Rule[]>> = {
  // f64
  "f64.add": [
    (_, a, b) => (is(b, -0) ? a : null), //                                      x + −0 → x
    (_, a, b) => (is(b, 0) && isNeverMinusZero(a) ? a : null), //                x + 0 → x            x never −0
    (e, a, b) => { const y = operand(b, "f64.neg"); return y && e.op("f64.sub", a, y); }, // x + −y → x − y
    (e, a, b) => { const x = operand(a, "f64.neg"); return x && e.op("f64.sub", b, x); }, // −x + y → y − x
  ],
  "f64.sub": [
    (_, a, b) => (is(b, 0) ? a : null), //                                       x − 0 → x
    (_, a, b) => (is(b, -0) && isNeverMinusZero(a) ? a : null), //               x − −0 → x           x never −0
    (e, a, b) => (is(a, -0) ? e.op("f64.neg", b) : null), //                     −0 − x → −x
    (e, a, b) => { const y = operand(b, "f64.neg"); return y && e.op("f64.add", a, y); }, // x − −y → x + y
    (e, a, b) => (a === b && isNumber(a) ? e.f64(0) : null), //                  x − x → 0            x finite
  ],
  "f64.mul": [
    (_, a, b) => (is(b, 1) ? a : null), //                                       x · 1 → x
    (e, a, b) => (is(b, -1) ? e.op("f64.neg", a) : null), //                     x · −1 → −x
    (e, a, b) => { const x = operand(a, "f64.neg"); const c = num(b); return x && c !== null ? e.op("f64.mul", x, e.f64(-c)) : null; }, // −x · c → x · −c
    (e, a, b) => { const [x, y] = [operand(a, "f64.neg"), operand(b, "f64.neg")]; return x && y && e.op("f64.mul", x, y); }, // −x · −y → x · y
  ],
  "f64.div": [
    (_, a, b) => (is(b, 1) ? a : null), //                                       x / 1 → x
    (e, a, b) => (is(b, -1) ? e.op("f64.neg", a) : null), //                     x / −1 → −x
    (e, a, b) => { // x / 2^k → x · 2^−k: the reciprocal is exact, so both round the same real number; kept normal, since denormals are slow
      const c = num(b);
      if (c === null || !Number.isFinite(c) || c === 0) return null;
      const exponent = Math.round(Math.log2(Math.abs(c)));
      return Math.abs(exponent) < 1022 && Math.abs(c) === 2 ** exponent ? e.op("f64.mul", a, e.f64(1 / c)) : null;
    },
  ],
  "f64.neg": [(_, a) => operand(a, "f64.neg")], //                                −−x → x
  "f64.abs": [
    (e, a) => { const x = operand(a, "f64.neg"); return x && e.op("f64.abs", x); }, // |−x| → |x|
    same((a) => by(a, "f64.abs") !== null || by(a, "f64.convert_i32_u") !== null),
    (_, a) => { const x = operand(a, "f64.convert_i32_s"); return x && atMost(x, 2147483647) ? a : null; },
  ],
  "f64.floor": rounding, "f64.ceil": rounding, "f64.trunc": rounding, "f64.nearest": rounding, "math.round": rounding,
  "f64.min": [(_, a, b) => (a === b ? a : null)], //                              min(x, x) → x
  "f64.max": [(_, a, b) => (a === b ? a : null)],
  "math.pow": [
    (e, a, b) => (is(b, 2) ? e.op("f64.mul", a, a) : null), //                   x ** 2 → x · x       (fdlibm's pow does so too)
    (_, a, b) => (is(b, 1) ? a : null), //                                       x ** 1 → x
    (e, _, b) => (num(b) === 0 ? e.f64(1) : null), //                            x ** 0 → 1           NaN too
  ],
  // f32
  "f32.neg": [(_, a) => operand(a, "f32.neg")],
  "f32.mul": [(_, a, b) => (is(b, 1) ? a : null)],
  "f32.add": [(_, a, b) => (is(b, -0) ? a : null)],
  "f32.sub": [(_, a, b) => (is(b, 0) ? a : null)],

  // conversions
  "f32.demote_f64": [
    (_, a) => operand(a, "f64.promote_f32"), //                                  demote(promote x) → x
    (e, a) => { // demote(promote x ∘ promote y) → x ∘ y
      const op = demotesAs[a.def?.op ?? ""];
      if (!op) return null;
      const args = a.def!.args.map((arg) => demoted(e, arg));
      return args.every((arg) => arg !== null) ? e.operation(op, args) : null;
    },
    (e, a) => { const x = operand(a, "f64.convert_i32_s"); return x && e.op("f32.convert_i32_s", x); }, // rounds once either way
    (e, a) => { const x = operand(a, "f64.convert_i32_u"); return x && e.op("f32.convert_i32_u", x); },
    (e, a) => { // demote(c ? promote x : promote y) → c ? x : y
      const choice = by(a, "f64.select");
      if (!choice) return null;
      const [x, y] = [demoted(e, choice.args[1]!), demoted(e, choice.args[2]!)];
      return x && y ? e.op("f32.select", choice.args[0]!, x, y) : null;
    },
  ],
  "i32.from_f64": [
    (_, a) => operand(a, "f64.convert_i32_s") ?? operand(a, "f64.convert_i32_u"), // ToInt32 of an int32 or uint32: its bits
    (e, a) => { const x = operand(a, "f64.trunc"); return x && e.op("i32.from_f64", x); }, // ToInt32 truncates itself
    (e, a) => (isModular(a) && exactBound(a) < Infinity ? modular(e, a) : null), //        ToInt32(x + y) → x + y modulo 2^32, while f64 is exact
    (e, a) => { // ToInt32(c ? x : y), where both sides are integers already
      const choice = by(a, "f64.select");
      if (!choice || !isModular(choice.args[1]!) || !isModular(choice.args[2]!)) return null;
      return exactBound(choice.args[1]!) + exactBound(choice.args[2]!) < Infinity
        ? e.op("i32.select", choice.args[0]!, modular(e, choice.args[1]!), modular(e, choice.args[2]!)) : null;
    },
    (e, a) => { // floor(x · 2^−k) → x >> k
      const x = by(operand(a, "f64.floor") ?? a, "f64.mul");
      const inner = x && operand(x.args[0]!, "f64.convert_i32_s");
      const k = x && -Math.log2(num(x.args[1]!) ?? 0);
      if (!inner || k === null || !Number.isInteger(k) || k < 1 || k > 31) return null;
      return by(a, "f64.floor") || atMost(inner, 2147483647) ? e.op("i32.shr_s", inner, e.i32(k)) : null; // truncation differs below 0
    },
  ],
  "i32.trunc_sat_f64_s": [
    (_, a) => operand(a, "f64.convert_i32_s"),
    (e, a) => { const x = operand(a, "f64.trunc"); return x && e.op("i32.trunc_sat_f64_s", x); },
    (e, a) => { // truncate(c ? float x : NaN) → c ? x : 0
      const choice = integerOrNaN(a);
      return choice && e.op("i32.select", choice.cond, choice.nanFirst ? e.i32(0) : choice.x, choice.nanFirst ? choice.x : e.i32(0));
    },
  ],
  "i32.trunc_sat_f64_u": [(_, a) => operand(a, "f64.convert_i32_u")],
  "i32.wrap_i64": [(_, a) => operand(a, "i64.extend_i32_s") ?? operand(a, "i64.extend_i32_u")],
  "f64.convert_i64_s": [(e, a) => { const x = operand(a, "i64.extend_i32_s"); return x && e.op("f64.convert_i32_s", x); }],
  "f64.convert_i32_u": [(e, a) => (atMost(a, 2147483647) ? e.op("f64.convert_i32_s", a) : null)], // one spelling for what is never negative
  "i32.reinterpret_f32": [(_, a) => operand(a, "f32.reinterpret_i32")],
  "i64.reinterpret_f64": [(_, a) => operand(a, "f64.reinterpret_i64")],
  "i32.extend8_s": [same((a) => by(a, "i32.extend8_s") !== null || (a.def?.op as string) === "i32.load8_s" || atMost(a, 127))],
  "i32.extend16_s": [same((a) => by(a, "i32.extend16_s") !== null || by(a, "i32.extend8_s") !== null || (a.def?.op as string) === "i32.load16_s" || atMost(a, 32767))],

  // i32
  "i32.add": [
    (_, a, b) => (is(b, 0) ? a : null),
    reassociate("i32.add"),
    (e, a, b) => { const x = by(b, "i32.sub"); return x && is(x.args[0]!, 0) ? e.op("i32.sub", a, x.args[1]!) : null; }, // x + (0 − y) → x − y
  ],
  "i32.sub": [
    (e, a, b) => (num(b) !== null ? e.op("i32.add", a, e.i32(-num(b)!)) : null), // x − c → x + −c
    (e, a, b) => (a === b ? e.i32(0) : null),
    (_, a, b) => { const x = by(a, "i32.add"); return x ? (x.args[1] === b ? x.args[0]! : x.args[0] === b ? x.args[1]! : null) : null; }, // (x + y) − y → x
  ],
  "i32.mul": [
    (e, a, b) => (is(b, 0) ? e.i32(0) : is(b, 1) ? a : is(b, -1) ? e.op("i32.sub", e.i32(0), a) : null),
    (e, a, b) => { const k = powerOfTwo(b); return k !== null ? e.op("i32.shl", a, e.i32(k)) : null; },
    reassociate("i32.mul"),
  ],
  "i32.div_s": [(_, a, b) => (is(b, 1) ? a : null)],
  "i32.div_u": [(_, a, b) => (is(b, 1) ? a : null), (e, a, b) => { const k = powerOfTwo(b); return k !== null ? e.op("i32.shr_u", a, e.i32(k)) : null; }],
  "i32.rem_s": [(e, _, b) => (is(b, 1) || is(b, -1) ? e.i32(0) : null)],
  "i32.rem_u": [(e, a, b) => { const k = powerOfTwo(b); return k !== null ? e.op("i32.and", a, e.i32(num(b)! - 1)) : null; }],
  "i32.and": [
    (e, a, b) => (is(b, 0) ? e.i32(0) : is(b, -1) || a === b ? a : null),
    (_, a, b) => { // x & 2^k − 1 → x           x below 2^k
      const c = num(b);
      return c !== null && c > 0 && (c & (c + 1)) === 0 && atMost(a, c) ? a : null;
    },
    reassociate("i32.and"),
  ],
  "i32.or": [(e, a, b) => (is(b, 0) || a === b ? a : is(b, -1) ? e.i32(-1) : null), reassociate("i32.or")],
  "i32.xor": [(e, a, b) => (is(b, 0) ? a : a === b ? e.i32(0) : null), reassociate("i32.xor"), (e, a, b) => (is(b, 1) && isBoolean(a) ? e.op("i32.eqz", a) : null)],
  "i32.shl": [shiftAmount("i32.shl"), shiftTwice("i32.shl")],
  "i32.shr_u": [
    shiftAmount("i32.shr_u"), shiftTwice("i32.shr_u"),
    (e, a, b) => { // (x << k) >>> k → x & mask
      const inner = by(a, "i32.shl");
      return inner && num(b) !== null && num(b) === num(inner.args[1]!) ? e.op("i32.and", inner.args[0]!, e.i32(-1 >>> num(b)!)) : null;
    },
  ],
  "i32.shr_s": [
    shiftAmount("i32.shr_s"), shiftTwice("i32.shr_s"),
    (e, a, b) => { // (x << 24) >> 24, (x << 16) >> 16
      const inner = by(a, "i32.shl");
      const k = num(b);
      return inner && k === num(inner.args[1]!) && (k === 24 || k === 16) ? e.op(k === 24 ? "i32.extend8_s" : "i32.extend16_s", inner.args[0]!) : null;
    },
  ],
  "i32.eqz": [
    (e, a) => { const x = by(a, "i32.add"), c = x && num(x.args[1]!); return x && c !== null ? e.op("i32.eq", x.args[0]!, e.i32(-c)) : null; },
    (e, a) => { const op = opposite[a.def?.op ?? ""]; return op ? e.operation(op, [...a.def!.args]) : null; },
    (e, a) => { const x = operand(a, "i32.eqz"); return x && (isBoolean(x) ? x : e.op("i32.ne", x, e.i32(0))); },
  ],
  "i32.eq": [
    ...intComparison("eq", ""),
    (e, a, b) => (is(b, 0) ? e.op("i32.eqz", a) : null),
    (e, a, b) => (isBoolean(a) && num(b) !== null ? (is(b, 1) ? a : e.i32(0)) : null), // b == 1 → b
    (e, a, b) => { const x = by(a, "i32.add"); const [c, d] = [x && num(x.args[1]!), num(b)]; return x && c !== null && d !== null ? e.op("i32.eq", x.args[0]!, e.i32(d - c)) : null; },
  ],
  "i32.ne": [
    ...intComparison("ne", ""),
    (_, a, b) => (is(b, 0) && isBoolean(a) ? a : null), //                       b != 0 → b
    (e, a, b) => (isBoolean(a) && num(b) !== null && num(b) !== 0 ? (is(b, 1) ? e.op("i32.eqz", a) : e.i32(1)) : null),
  ],
  "i32.select": [
    ...select("i32"),
    (e, c, a, b) => (is(a, 1) && is(b, 0) ? (isBoolean(c) ? c : e.op("i32.ne", c, e.i32(0))) : null), // c ? 1 : 0 → c
    (e, c, a, b) => (is(a, 0) && is(b, 1) ? e.op("i32.eqz", c) : null),
    (e, c, a, b) => (is(b, 0) && isBoolean(c) && isBoolean(a) ? e.op("i32.and", c, a) : null), //       c ? a : 0 → c & a   of booleans
    (e, c, a, b) => (is(a, 1) && isBoolean(c) && isBoolean(b) ? e.op("i32.or", c, b) : null), //        c ? 1 : b → c | b
  ],
  "f64.select": [
    ...select("f64"),
    (e, c, a, b) => { // c ? float x : float y → float(c ? x : y)
      const [x, y] = [operand(a, "f64.convert_i32_s") ?? intConstant(e, a), operand(b, "f64.convert_i32_s") ?? intConstant(e, b)];
      return x && y && (a.def?.op !== "const" || b.def?.op !== "const") ? e.op("f64.convert_i32_s", e.op("i32.select", c, x, y)) : null;
    },
  ],
  "f32.select": select("f32"),
  "i64.select": select("i64"),
  "i64.eq": [(e, a, b) => (a === b ? e.i32(1) : null)],
  "i64.add": [(_, a, b) => (big(b) === 0n ? a : null)],
  "i64.sub": [(_, a, b) => (big(b) === 0n ? a : null)],
  "i64.mul": [(_, a, b) => (big(b) === 1n ? a : null)],
};
function intConstant(e: Emitter, v: Value): Value | null {
  const c = num(v);
  return c !== null && Object.is(c | 0, c) ? e.i32(c) : null;
}

for (const relation of relations) {
  table[`f64.${relation}`] = floatComparison(relation);
  if (relation === "eq" || relation === "ne") continue;
  for (const sign of ["_s", "_u"] as const) table[`i32.${relation}${sign}`] = intComparison(relation, sign);
}

export const rules: Partial<Record<MachineOp, readonly Rule[]>> = table;
