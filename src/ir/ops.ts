// The operation table: one row is everything there is to know of an operation.
//
//   args, result   operand and result types
//   effect         "none"; "trap" (may trap: must not be run where the source would not); "read" / "write" (memory); "host" (calls out)
//   fold           its meaning on constants. i32 values are signed numbers, i64 bigints, f32 numbers that Math.fround leaves alone
//   wasm           the instruction of the same meaning, or null where the emitter expands it or calls a function
//   js             the JavaScript of the same meaning, $0 $1 $2 standing for operands (i32 signed numbers, i64 BigInts)
//   lane           for vectors: the scalar operation that it does in every lane
//
// `fold` and the evaluator share the meaning given here; its judge is the engine (test/ir/ops.test.ts runs each row through V8 and emitted Wasm).

import * as exact from "./exact.ts";
import { Math } from "./maths.ts";
import type { Type } from "./types.ts";

export type Effect = "none" | "trap" | "read" | "write" | "host";

export interface Row {
  readonly args: readonly Type[];
  readonly result: Type | null;
  readonly effect: Effect;
  readonly fold?: (...values: never[]) => number | bigint;
  readonly commutes?: true;
  readonly wasm: string | null;
  readonly js: string;
  readonly lane?: { readonly of: string; readonly shape: LaneShape };
  /** the host may lack it, and may give other bits than the next host (relaxed SIMD) */
  readonly relaxed?: true;
}

export type LaneShape = "i8x16" | "i16x8" | "i32x4" | "i64x2" | "f32x4" | "f64x2";

const pure = (args: readonly Type[], result: Type, js: string, fold: (...v: never[]) => number | bigint, wasm?: string | null): Omit<Row, "wasm"> & { wasm: string | null | undefined } =>
  ({ args, result, effect: "none", js, fold, wasm });
const i32bin = (js: string, fold: (a: number, b: number) => number) => pure(["i32", "i32"], "i32", js, fold);
const i32cmp = (js: string, test: (a: number, b: number) => boolean) => pure(["i32", "i32"], "i32", `+(${js})`, (a: number, b: number) => +test(a, b));
const i32un = (js: string, fold: (a: number) => number) => pure(["i32"], "i32", js, fold);
const i64bin = (js: string, fold: (a: bigint, b: bigint) => bigint) => pure(["i64", "i64"], "i64", js, (a: bigint, b: bigint) => BigInt.asIntN(64, fold(a, b)));
const i64cmp = (js: string, test: (a: bigint, b: bigint) => boolean) => pure(["i64", "i64"], "i32", `+(${js})`, (a: bigint, b: bigint) => +test(a, b));
const f64bin = (js: string, fold: (a: number, b: number) => number) => pure(["f64", "f64"], "f64", js, fold);
const f64cmp = (js: string, test: (a: number, b: number) => boolean) => pure(["f64", "f64"], "i32", `+(${js})`, (a: number, b: number) => +test(a, b));
const f64un = (js: string, fold: (a: number) => number) => pure(["f64"], "f64", js, fold);
const f32bin = (js: string, fold: (a: number, b: number) => number) => pure(["f32", "f32"], "f32", `Math.fround(${js})`, (a: number, b: number) => Math.fround(fold(a, b)));
const f32cmp = (js: string, test: (a: number, b: number) => boolean) => pure(["f32", "f32"], "i32", `+(${js})`, (a: number, b: number) => +test(a, b));
const f32un = (js: string, fold: (a: number) => number) => pure(["f32"], "f32", `Math.fround(${js})`, (a: number) => Math.fround(fold(a)));
/** expanded by the emitter, imported from the host, or linked from the library: WebAssembly has no such instruction */
const composite = (row: ReturnType<typeof pure>) => ({ ...row, wasm: null });
const hostMath = (name: string, fold: (a: number) => number) => composite(f64un(`Math.${name}($0)`, fold));
const commutes = <R extends object>(row: R) => ({ ...row, commutes: true as const });
const traps = <R extends object>(row: R) => ({ ...row, effect: "trap" as const });

const scalar = {
  // i32: wrap-around two's complement
  "i32.add": commutes(i32bin("($0 + $1) | 0", (a, b) => (a + b) | 0)),
  "i32.sub": i32bin("($0 - $1) | 0", (a, b) => (a - b) | 0),
  "i32.mul": commutes(i32bin("Math.imul($0, $1)", (a, b) => Math.imul(a, b))),
  "i32.div_s": traps(i32bin("($0 / $1) | 0", (a, b) => (a / b) | 0)),
  "i32.div_u": traps(i32bin("(($0 >>> 0) / ($1 >>> 0)) | 0", (a, b) => ((a >>> 0) / (b >>> 0)) | 0)),
  "i32.rem_s": traps(i32bin("($0 % $1) | 0", (a, b) => (a % b) | 0)),
  "i32.rem_u": traps(i32bin("(($0 >>> 0) % ($1 >>> 0)) | 0", (a, b) => ((a >>> 0) % (b >>> 0)) | 0)),
  "i32.and": commutes(i32bin("$0 & $1", (a, b) => a & b)),
  "i32.or": commutes(i32bin("$0 | $1", (a, b) => a | b)),
  "i32.xor": commutes(i32bin("$0 ^ $1", (a, b) => a ^ b)),
  "i32.shl": i32bin("$0 << $1", (a, b) => a << b),
  "i32.shr_s": i32bin("$0 >> $1", (a, b) => a >> b),
  "i32.shr_u": i32bin("($0 >>> $1) | 0", (a, b) => (a >>> b) | 0),
  "i32.rotl": i32bin("($0 << $1) | ($0 >>> (32 - $1 & 31))", (a, b) => exact.rotl(a, b)),
  "i32.clz": i32un("Math.clz32($0)", (a) => Math.clz32(a)),
  "i32.ctz": i32un("$0 === 0 ? 32 : 31 - Math.clz32($0 & -$0)", (a) => exact.ctz(a)),
  "i32.eqz": pure(["i32"], "i32", "+($0 === 0)", (a: number) => +(a === 0)),
  "i32.eq": commutes(i32cmp("$0 === $1", (a, b) => a === b)),
  "i32.ne": commutes(i32cmp("$0 !== $1", (a, b) => a !== b)),
  "i32.lt_s": i32cmp("$0 < $1", (a, b) => a < b),
  "i32.lt_u": i32cmp("$0 >>> 0 < $1 >>> 0", (a, b) => a >>> 0 < b >>> 0),
  "i32.gt_s": i32cmp("$0 > $1", (a, b) => a > b),
  "i32.gt_u": i32cmp("$0 >>> 0 > $1 >>> 0", (a, b) => a >>> 0 > b >>> 0),
  "i32.le_s": i32cmp("$0 <= $1", (a, b) => a <= b),
  "i32.le_u": i32cmp("$0 >>> 0 <= $1 >>> 0", (a, b) => a >>> 0 <= b >>> 0),
  "i32.ge_s": i32cmp("$0 >= $1", (a, b) => a >= b),
  "i32.ge_u": i32cmp("$0 >>> 0 >= $1 >>> 0", (a, b) => a >>> 0 >= b >>> 0),
  "i32.extend8_s": i32un("$0 << 24 >> 24", (a) => (a << 24) >> 24),
  "i32.extend16_s": i32un("$0 << 16 >> 16", (a) => (a << 16) >> 16),

  // i64
  "i64.add": commutes(i64bin("BigInt.asIntN(64, $0 + $1)", (a, b) => a + b)),
  "i64.sub": i64bin("BigInt.asIntN(64, $0 - $1)", (a, b) => a - b),
  "i64.mul": commutes(i64bin("BigInt.asIntN(64, $0 * $1)", (a, b) => a * b)),
  "i64.div_s": traps(i64bin("BigInt.asIntN(64, $0 / $1)", (a, b) => a / b)),
  "i64.div_u": traps(i64bin("BigInt.asIntN(64, BigInt.asUintN(64, $0) / BigInt.asUintN(64, $1))", (a, b) => BigInt.asUintN(64, a) / BigInt.asUintN(64, b))),
  "i64.rem_s": traps(i64bin("$0 % $1", (a, b) => a % b)),
  "i64.rem_u": traps(i64bin("BigInt.asIntN(64, BigInt.asUintN(64, $0) % BigInt.asUintN(64, $1))", (a, b) => BigInt.asUintN(64, a) % BigInt.asUintN(64, b))),
  "i64.and": commutes(i64bin("$0 & $1", (a, b) => a & b)),
  "i64.or": commutes(i64bin("$0 | $1", (a, b) => a | b)),
  "i64.xor": commutes(i64bin("$0 ^ $1", (a, b) => a ^ b)),
  "i64.shl": i64bin("BigInt.asIntN(64, $0 << ($1 & 63n))", (a, b) => a << (b & 63n)),
  "i64.shr_s": i64bin("$0 >> ($1 & 63n)", (a, b) => a >> (b & 63n)),
  "i64.shr_u": i64bin("BigInt.asIntN(64, BigInt.asUintN(64, $0) >> ($1 & 63n))", (a, b) => BigInt.asUintN(64, a) >> (b & 63n)),
  "i64.eq": commutes(i64cmp("$0 === $1", (a, b) => a === b)),
  "i64.ne": commutes(i64cmp("$0 !== $1", (a, b) => a !== b)),
  "i64.lt_s": i64cmp("$0 < $1", (a, b) => a < b),
  "i64.gt_s": i64cmp("$0 > $1", (a, b) => a > b),
  "i64.le_s": i64cmp("$0 <= $1", (a, b) => a <= b),
  "i64.ge_s": i64cmp("$0 >= $1", (a, b) => a >= b),
  "i64.lt_u": i64cmp("BigInt.asUintN(64, $0) < BigInt.asUintN(64, $1)", (a, b) => BigInt.asUintN(64, a) < BigInt.asUintN(64, b)),

  // f64: IEEE 754 double, as JavaScript's numbers
  "f64.add": commutes(f64bin("$0 + $1", (a, b) => a + b)),
  "f64.sub": f64bin("$0 - $1", (a, b) => a - b),
  "f64.mul": commutes(f64bin("$0 * $1", (a, b) => a * b)),
  "f64.div": f64bin("$0 / $1", (a, b) => a / b),
  "f64.min": commutes(f64bin("Math.min($0, $1)", (a, b) => Math.min(a, b))),
  "f64.max": commutes(f64bin("Math.max($0, $1)", (a, b) => Math.max(a, b))),
  "f64.copysign": f64bin("$copysign($0, $1)", (a, b) => exact.copysign(a, b)),
  "f64.neg": f64un("-$0", (a) => -a),
  "f64.abs": f64un("Math.abs($0)", (a) => Math.abs(a)),
  "f64.sqrt": f64un("Math.sqrt($0)", (a) => Math.sqrt(a)),
  "f64.ceil": f64un("Math.ceil($0)", (a) => Math.ceil(a)),
  "f64.floor": f64un("Math.floor($0)", (a) => Math.floor(a)),
  "f64.trunc": f64un("Math.trunc($0)", (a) => Math.trunc(a)),
  "f64.nearest": f64un("$nearest($0)", (a) => exact.nearest(a)),
  "f64.eq": commutes(f64cmp("$0 === $1", (a, b) => a === b)),
  "f64.ne": commutes(f64cmp("$0 !== $1", (a, b) => a !== b)),
  "f64.lt": f64cmp("$0 < $1", (a, b) => a < b),
  "f64.gt": f64cmp("$0 > $1", (a, b) => a > b),
  "f64.le": f64cmp("$0 <= $1", (a, b) => a <= b),
  "f64.ge": f64cmp("$0 >= $1", (a, b) => a >= b),

  // f32
  "f32.add": commutes(f32bin("$0 + $1", (a, b) => a + b)),
  "f32.sub": f32bin("$0 - $1", (a, b) => a - b),
  "f32.mul": commutes(f32bin("$0 * $1", (a, b) => a * b)),
  "f32.div": f32bin("$0 / $1", (a, b) => a / b),
  "f32.min": commutes(f32bin("Math.min($0, $1)", (a, b) => Math.min(a, b))),
  "f32.max": commutes(f32bin("Math.max($0, $1)", (a, b) => Math.max(a, b))),
  "f32.neg": f32un("-$0", (a) => -a),
  "f32.abs": f32un("Math.abs($0)", (a) => Math.abs(a)),
  "f32.sqrt": f32un("Math.sqrt($0)", (a) => Math.sqrt(a)),
  "f32.ceil": f32un("Math.ceil($0)", (a) => Math.ceil(a)),
  "f32.floor": f32un("Math.floor($0)", (a) => Math.floor(a)),
  "f32.trunc": f32un("Math.trunc($0)", (a) => Math.trunc(a)),
  "f32.eq": commutes(f32cmp("$0 === $1", (a, b) => a === b)),
  "f32.ne": commutes(f32cmp("$0 !== $1", (a, b) => a !== b)),
  "f32.lt": f32cmp("$0 < $1", (a, b) => a < b),
  "f32.gt": f32cmp("$0 > $1", (a, b) => a > b),
  "f32.le": f32cmp("$0 <= $1", (a, b) => a <= b),
  "f32.ge": f32cmp("$0 >= $1", (a, b) => a >= b),

  // conversions
  "f64.convert_i32_s": pure(["i32"], "f64", "$0", (a: number) => a),
  "f64.convert_i32_u": pure(["i32"], "f64", "$0 >>> 0", (a: number) => a >>> 0),
  "f64.convert_i64_s": pure(["i64"], "f64", "Number($0)", (a: bigint) => Number(a)),
  "f64.convert_i64_u": pure(["i64"], "f64", "Number(BigInt.asUintN(64, $0))", (a: bigint) => Number(BigInt.asUintN(64, a))),
  "f64.promote_f32": pure(["f32"], "f64", "$0", (a: number) => a),
  "f32.demote_f64": pure(["f64"], "f32", "Math.fround($0)", (a: number) => Math.fround(a)),
  "f32.convert_i32_s": pure(["i32"], "f32", "Math.fround($0)", (a: number) => Math.fround(a)),
  "f32.convert_i32_u": pure(["i32"], "f32", "Math.fround($0 >>> 0)", (a: number) => Math.fround(a >>> 0)),
  "i32.trunc_sat_f64_s": pure(["f64"], "i32", "$truncSat($0)", (a: number) => exact.truncSatS(a)),
  "i32.trunc_sat_f64_u": pure(["f64"], "i32", "$truncSatU($0)", (a: number) => exact.truncSatU(a)),
  "i64.trunc_sat_f64_s": pure(["f64"], "i64", "$truncSat64($0)", (a: number) => exact.truncSat64(a)),
  "i64.extend_i32_s": pure(["i32"], "i64", "BigInt($0)", (a: number) => BigInt(a)),
  "i64.extend_i32_u": pure(["i32"], "i64", "BigInt($0 >>> 0)", (a: number) => BigInt(a >>> 0)),
  "i32.wrap_i64": pure(["i64"], "i32", "Number(BigInt.asIntN(32, $0))", (a: bigint) => Number(BigInt.asIntN(32, a))),
  "i32.reinterpret_f32": pure(["f32"], "i32", "$bitsOfF32($0)", (a: number) => exact.bitsOfF32(a)),
  "f32.reinterpret_i32": pure(["i32"], "f32", "$f32OfBits($0)", (a: number) => exact.f32OfBits(a)),
  "i64.reinterpret_f64": pure(["f64"], "i64", "$bitsOfF64($0)", (a: number) => exact.bitsOfF64(a)),
  "f64.reinterpret_i64": pure(["i64"], "f64", "$f64OfBits($0)", (a: bigint) => exact.f64OfBits(a)),

  // JavaScript's own operations on numbers, exact, for which WebAssembly has no instruction
  /** ToInt32 */
  "i32.from_f64": composite(pure(["f64"], "i32", "$0 | 0", (a: number) => a | 0)),
  /** JavaScript's %: fmod, the dividend's sign */
  "f64.rem": composite(f64bin("$0 % $1", (a, b) => a % b)),
  /** JavaScript's ** (1 ** NaN is NaN) */
  "math.pow": composite(f64bin("$0 ** $1", (a, b) => a ** b)),
  /** Math.round: half up, −0 kept */
  "math.round": hostMath("round", (a) => Math.round(a)),
  "math.sign": hostMath("sign", (a) => Math.sign(a)),
  "math.sin": hostMath("sin", (a) => Math.sin(a)),
  "math.cos": hostMath("cos", (a) => Math.cos(a)),
  "math.tan": hostMath("tan", (a) => Math.tan(a)),
  "math.asin": hostMath("asin", (a) => Math.asin(a)),
  "math.acos": hostMath("acos", (a) => Math.acos(a)),
  "math.atan": hostMath("atan", (a) => Math.atan(a)),
  "math.atan2": composite(f64bin("Math.atan2($0, $1)", (a, b) => Math.atan2(a, b))),
  "math.sinh": hostMath("sinh", (a) => Math.sinh(a)),
  "math.cosh": hostMath("cosh", (a) => Math.cosh(a)),
  "math.tanh": hostMath("tanh", (a) => Math.tanh(a)),
  "math.asinh": hostMath("asinh", (a) => Math.asinh(a)),
  "math.acosh": hostMath("acosh", (a) => Math.acosh(a)),
  "math.atanh": hostMath("atanh", (a) => Math.atanh(a)),
  "math.exp": hostMath("exp", (a) => Math.exp(a)),
  "math.expm1": hostMath("expm1", (a) => Math.expm1(a)),
  "math.log": hostMath("log", (a) => Math.log(a)),
  "math.log1p": hostMath("log1p", (a) => Math.log1p(a)),
  "math.log2": hostMath("log2", (a) => Math.log2(a)),
  "math.log10": hostMath("log10", (a) => Math.log10(a)),
  "math.cbrt": hostMath("cbrt", (a) => Math.cbrt(a)),
  "math.hypot": composite(f64bin("Math.hypot($0, $1)", (a, b) => Math.hypot(a, b))),
  "math.hypot3": composite(pure(["f64", "f64", "f64"], "f64", "Math.hypot($0, $1, $2)", (a: number, b: number, c: number) => Math.hypot(a, b, c))),

  // choice without a branch: cond, then, else
  "i32.select": pure(["i32", "i32", "i32"], "i32", "$0 ? $1 : $2", (c: number, a: number, b: number) => (c ? a : b), "select"),
  "i64.select": pure(["i32", "i64", "i64"], "i64", "$0 ? $1 : $2", (c: number, a: bigint, b: bigint) => (c ? a : b), "select"),
  "f32.select": pure(["i32", "f32", "f32"], "f32", "$0 ? $1 : $2", (c: number, a: number, b: number) => (c ? a : b), "select"),
  "f64.select": pure(["i32", "f64", "f64"], "f64", "$0 ? $1 : $2", (c: number, a: number, b: number) => (c ? a : b), "select"),
} as const;

type Loose = Omit<Row, "wasm"> & { wasm: string | null | undefined };
const complete = <K extends string>(rows: Record<K, Loose>): Record<K, Row> =>
  Object.fromEntries(Object.entries<Loose>(rows).map(([name, row]) => [name, { ...row, wasm: row.wasm === undefined ? name : row.wasm }])) as Record<K, Row>;

/** Elementwise vector operations: each does the scalar row of the same name in every lane. */
const lanewise = (shape: LaneShape, scalarType: string, names: readonly string[], arity: number): Record<string, Loose> =>
  Object.fromEntries(names.map((n) => [`${shape}.${n}`, {
    args: Array<Type>(arity).fill("v128"), result: "v128" as const, effect: "none" as const, wasm: undefined, js: `$lanes("${shape}.${n}")`,
    lane: { of: `${scalarType}.${n}`, shape },
  }]));
const vectorNames = {
  "f64x2": { two: ["add", "sub", "mul", "div", "min", "max", "eq", "ne", "lt", "gt", "le", "ge"], one: ["neg", "abs", "sqrt", "ceil", "floor", "trunc", "nearest"] },
  "f32x4": { two: ["add", "sub", "mul", "div", "min", "max", "eq", "ne", "lt", "gt", "le", "ge"], one: ["neg", "abs", "sqrt", "ceil", "floor", "trunc"] },
  "i32x4": { two: ["add", "sub", "mul", "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u", "min_s", "min_u", "max_s", "max_u"], one: ["neg", "abs"] },
  "i16x8": { two: ["add", "sub", "mul", "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u", "min_s", "min_u", "max_s", "max_u", "add_sat_s", "add_sat_u", "sub_sat_s", "sub_sat_u", "avgr_u"], one: ["neg", "abs"] },
  "i8x16": { two: ["add", "sub", "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u", "min_s", "min_u", "max_s", "max_u", "add_sat_s", "add_sat_u", "sub_sat_s", "sub_sat_u", "avgr_u"], one: ["neg", "abs"] },
  "i64x2": { two: ["add", "sub", "mul", "eq", "ne"], one: ["neg"] },
} as const;
/** Functions of Math in lanes: WebAssembly has none, so the emitter calls one of the library or the host's, lane by lane. */
const laneMath = { one: ["exp", "expm1", "tanh", "log", "log2", "log10", "sin", "cos", "asin", "acos", "atan", "cbrt"], two: ["pow", "hypot", "atan2"], three: ["hypot3"] } as const;
export type LaneMath = (typeof laneMath)["one" | "two" | "three"][number];
export const laneMathNames: readonly LaneMath[] = [...laneMath.one, ...laneMath.two, ...laneMath.three];
/** What the function is called in Math. */
export const mathName = (name: LaneMath): Exclude<LaneMath, "hypot3"> => (name === "hypot3" ? "hypot" : name);
const laneMathRows = Object.fromEntries(Object.entries({ ...lanewise("f64x2", "math", laneMath.one, 1), ...lanewise("f64x2", "math", laneMath.two, 2), ...lanewise("f64x2", "math", laneMath.three, 3) })
  .map(([name, row]) => [name, { ...row, wasm: null }])) as Record<`f64x2.${LaneMath}`, Loose>;
const lanewiseRows = Object.assign({}, ...Object.entries(vectorNames).flatMap(([shape, { two, one }]) => [
  lanewise(shape as LaneShape, shape.slice(0, shape.indexOf("x")), two, 2), lanewise(shape as LaneShape, shape.slice(0, shape.indexOf("x")), one, 1),
])) as Record<VectorOp, Loose>;
type VectorOp = { [S in keyof typeof vectorNames]: `${S}.${(typeof vectorNames)[S]["two" | "one"][number]}` }[keyof typeof vectorNames];

const vec = (args: readonly Type[], result: Type, name: string): Loose => ({ args, result, effect: "none", wasm: undefined, js: `$lanes("${name}")` });
const relaxed = (name: string): Loose => ({ ...vec(["v128", "v128", "v128"], "v128", name), relaxed: true });
const otherVector = {
  "v128.and": vec(["v128", "v128"], "v128", "v128.and"), "v128.or": vec(["v128", "v128"], "v128", "v128.or"), "v128.xor": vec(["v128", "v128"], "v128", "v128.xor"),
  "v128.andnot": vec(["v128", "v128"], "v128", "v128.andnot"), "v128.not": vec(["v128"], "v128", "v128.not"), "v128.bitselect": vec(["v128", "v128", "v128"], "v128", "v128.bitselect"),
  "v128.any_true": vec(["v128"], "i32", "v128.any_true"), "i8x16.bitmask": vec(["v128"], "i32", "i8x16.bitmask"),
  "f64x2.splat": vec(["f64"], "v128", "f64x2.splat"), "f32x4.splat": vec(["f32"], "v128", "f32x4.splat"), "i64x2.splat": vec(["i64"], "v128", "i64x2.splat"),
  "i32x4.splat": vec(["i32"], "v128", "i32x4.splat"), "i16x8.splat": vec(["i32"], "v128", "i16x8.splat"), "i8x16.splat": vec(["i32"], "v128", "i8x16.splat"),
  "i32x4.shl": vec(["v128", "i32"], "v128", "i32x4.shl"), "i32x4.shr_s": vec(["v128", "i32"], "v128", "i32x4.shr_s"), "i32x4.shr_u": vec(["v128", "i32"], "v128", "i32x4.shr_u"),
  "i16x8.shl": vec(["v128", "i32"], "v128", "i16x8.shl"), "i16x8.shr_s": vec(["v128", "i32"], "v128", "i16x8.shr_s"), "i16x8.shr_u": vec(["v128", "i32"], "v128", "i16x8.shr_u"),
  "i8x16.shl": vec(["v128", "i32"], "v128", "i8x16.shl"), "i8x16.shr_s": vec(["v128", "i32"], "v128", "i8x16.shr_s"), "i8x16.shr_u": vec(["v128", "i32"], "v128", "i8x16.shr_u"),
  "i64x2.shl": vec(["v128", "i32"], "v128", "i64x2.shl"), "i64x2.shr_s": vec(["v128", "i32"], "v128", "i64x2.shr_s"), "i64x2.shr_u": vec(["v128", "i32"], "v128", "i64x2.shr_u"),
  // b < a ? b : a and a < b ? b : a: one instruction of the machine, where f64x2.min is seven
  "f64x2.pmin": vec(["v128", "v128"], "v128", "f64x2.pmin"), "f64x2.pmax": vec(["v128", "v128"], "v128", "f64x2.pmax"),
  "f32x4.pmin": vec(["v128", "v128"], "v128", "f32x4.pmin"), "f32x4.pmax": vec(["v128", "v128"], "v128", "f32x4.pmax"),
  // a·b + c and −(a·b) + c, rounded once or twice
  "f64x2.relaxed_madd": relaxed("f64x2.relaxed_madd"), "f64x2.relaxed_nmadd": relaxed("f64x2.relaxed_nmadd"),
  "f32x4.relaxed_madd": relaxed("f32x4.relaxed_madd"), "f32x4.relaxed_nmadd": relaxed("f32x4.relaxed_nmadd"),
  "i8x16.swizzle": vec(["v128", "v128"], "v128", "i8x16.swizzle"),
  "i16x8.extend_low_i8x16_s": vec(["v128"], "v128", "i16x8.extend_low_i8x16_s"), "i16x8.extend_high_i8x16_s": vec(["v128"], "v128", "i16x8.extend_high_i8x16_s"),
  "i16x8.extend_low_i8x16_u": vec(["v128"], "v128", "i16x8.extend_low_i8x16_u"), "i16x8.extend_high_i8x16_u": vec(["v128"], "v128", "i16x8.extend_high_i8x16_u"),
  "i32x4.extend_low_i16x8_s": vec(["v128"], "v128", "i32x4.extend_low_i16x8_s"), "i32x4.extend_high_i16x8_s": vec(["v128"], "v128", "i32x4.extend_high_i16x8_s"),
  "i32x4.extend_low_i16x8_u": vec(["v128"], "v128", "i32x4.extend_low_i16x8_u"), "i32x4.extend_high_i16x8_u": vec(["v128"], "v128", "i32x4.extend_high_i16x8_u"),
  "i64x2.extend_low_i32x4_s": vec(["v128"], "v128", "i64x2.extend_low_i32x4_s"), "i64x2.extend_high_i32x4_s": vec(["v128"], "v128", "i64x2.extend_high_i32x4_s"),
  "i64x2.extend_low_i32x4_u": vec(["v128"], "v128", "i64x2.extend_low_i32x4_u"), "i64x2.extend_high_i32x4_u": vec(["v128"], "v128", "i64x2.extend_high_i32x4_u"),
  "i8x16.narrow_i16x8_s": vec(["v128", "v128"], "v128", "i8x16.narrow_i16x8_s"), "i8x16.narrow_i16x8_u": vec(["v128", "v128"], "v128", "i8x16.narrow_i16x8_u"),
  "i16x8.narrow_i32x4_s": vec(["v128", "v128"], "v128", "i16x8.narrow_i32x4_s"), "i16x8.narrow_i32x4_u": vec(["v128", "v128"], "v128", "i16x8.narrow_i32x4_u"),
  "i32x4.dot_i16x8_s": vec(["v128", "v128"], "v128", "i32x4.dot_i16x8_s"),
  "f64x2.convert_low_i32x4_s": vec(["v128"], "v128", "f64x2.convert_low_i32x4_s"), "f64x2.convert_low_i32x4_u": vec(["v128"], "v128", "f64x2.convert_low_i32x4_u"),
  "f64x2.promote_low_f32x4": vec(["v128"], "v128", "f64x2.promote_low_f32x4"), "f32x4.demote_f64x2_zero": vec(["v128"], "v128", "f32x4.demote_f64x2_zero"),
  "f32x4.convert_i32x4_s": vec(["v128"], "v128", "f32x4.convert_i32x4_s"), "f32x4.convert_i32x4_u": vec(["v128"], "v128", "f32x4.convert_i32x4_u"),
  "i32x4.trunc_sat_f64x2_s_zero": vec(["v128"], "v128", "i32x4.trunc_sat_f64x2_s_zero"), "i32x4.trunc_sat_f64x2_u_zero": vec(["v128"], "v128", "i32x4.trunc_sat_f64x2_u_zero"),
  "i32x4.trunc_sat_f32x4_s": vec(["v128"], "v128", "i32x4.trunc_sat_f32x4_s"), "i32x4.trunc_sat_f32x4_u": vec(["v128"], "v128", "i32x4.trunc_sat_f32x4_u"),
} satisfies Record<string, Loose>;

const scalarRows = complete(scalar as Record<keyof typeof scalar, Loose>);
export type ScalarOp = keyof typeof scalar;
export type MachineOp = ScalarOp | VectorOp | keyof typeof laneMathRows | keyof typeof otherVector;

/** Every machine operation without immediates. */
export const ops: Record<MachineOp, Row> = { ...scalarRows, ...complete(lanewiseRows), ...complete(laneMathRows), ...complete(otherVector) };

const machineNames: ReadonlyMap<string, MachineOp> = new Map((Object.keys(ops) as MachineOp[]).map((name) => [name, name]));
export const isMachineOp = (name: string): name is MachineOp => machineNames.has(name);
/** The table's own spelling: the engine compares a string that was put together (`i32.${relation}`) letter by letter, wherever an instruction is looked at. */
export const spelling = (op: MachineOp): MachineOp => machineNames.get(op) ?? op;

/** Loads and stores: bytes moved, the element, result or value type. */
export const memoryOps = {
  "i32.load8_s": { bytes: 1, type: "i32", store: false }, "i32.load8_u": { bytes: 1, type: "i32", store: false },
  "i32.load16_s": { bytes: 2, type: "i32", store: false }, "i32.load16_u": { bytes: 2, type: "i32", store: false },
  "i32.load": { bytes: 4, type: "i32", store: false }, "i64.load": { bytes: 8, type: "i64", store: false },
  "f32.load": { bytes: 4, type: "f32", store: false }, "f64.load": { bytes: 8, type: "f64", store: false },
  "i32.store8": { bytes: 1, type: "i32", store: true }, "i32.store16": { bytes: 2, type: "i32", store: true },
  "i32.store": { bytes: 4, type: "i32", store: true }, "i64.store": { bytes: 8, type: "i64", store: true },
  "f32.store": { bytes: 4, type: "f32", store: true }, "f64.store": { bytes: 8, type: "f64", store: true },
  "v128.load": { bytes: 16, type: "v128", store: false }, "v128.store": { bytes: 16, type: "v128", store: true },
  "v128.load64_zero": { bytes: 8, type: "v128", store: false }, "v128.load32_zero": { bytes: 4, type: "v128", store: false },
} as const satisfies Record<string, { bytes: number; type: Type; store: boolean }>;
export type MemoryOp = keyof typeof memoryOps;
const memoryNames: ReadonlySet<string> = new Set(Object.keys(memoryOps));
export const isMemoryOp = (name: string): name is MemoryOp => memoryNames.has(name);

/** Operations with lane numbers for immediates: operand types, result type, how many immediates, and the bound that each is below. */
export const laneOps = {
  "i8x16.shuffle": { args: ["v128", "v128"], result: "v128", immediates: 16, below: 32 },
  "i8x16.extract_lane_s": { args: ["v128"], result: "i32", immediates: 1, below: 16 }, "i8x16.extract_lane_u": { args: ["v128"], result: "i32", immediates: 1, below: 16 },
  "i16x8.extract_lane_s": { args: ["v128"], result: "i32", immediates: 1, below: 8 }, "i16x8.extract_lane_u": { args: ["v128"], result: "i32", immediates: 1, below: 8 },
  "i32x4.extract_lane": { args: ["v128"], result: "i32", immediates: 1, below: 4 }, "i64x2.extract_lane": { args: ["v128"], result: "i64", immediates: 1, below: 2 },
  "f32x4.extract_lane": { args: ["v128"], result: "f32", immediates: 1, below: 4 }, "f64x2.extract_lane": { args: ["v128"], result: "f64", immediates: 1, below: 2 },
  "i8x16.replace_lane": { args: ["v128", "i32"], result: "v128", immediates: 1, below: 16 }, "i16x8.replace_lane": { args: ["v128", "i32"], result: "v128", immediates: 1, below: 8 },
  "i32x4.replace_lane": { args: ["v128", "i32"], result: "v128", immediates: 1, below: 4 }, "i64x2.replace_lane": { args: ["v128", "i64"], result: "v128", immediates: 1, below: 2 },
  "f32x4.replace_lane": { args: ["v128", "f32"], result: "v128", immediates: 1, below: 4 }, "f64x2.replace_lane": { args: ["v128", "f64"], result: "v128", immediates: 1, below: 2 },
} as const satisfies Record<string, { args: readonly Type[]; result: Type; immediates: number; below: number }>;
export type LaneOp = keyof typeof laneOps;
export const isLaneOp = (name: string): name is LaneOp => Object.hasOwn(laneOps, name);

/** Whether WebAssembly's division (or remainder) of these traps. */
export const divisionTraps = (op: string, a: unknown, b: unknown): boolean =>
  b === 0 || b === 0n || (op === "i32.div_s" && a === -2147483648 && b === -1) || (op === "i64.div_s" && a === -(2n ** 63n) && b === -1n);

/**
 * JavaScript's own operations, on values of type "js". `args` is the operand count (−1: any number). Only partial evaluation and the
 * evaluator give them meaning; each is what ECMAScript says of the construct named.
 */
export const jsOps = {
  // unary
  "js.neg": { args: 1, about: "-a" }, "js.plus": { args: 1, about: "+a" }, "js.not": { args: 1, about: "!a" }, "js.bitnot": { args: 1, about: "~a" },
  "js.typeof": { args: 1, about: "typeof a" }, "js.tostring": { args: 1, about: "`${a}`" }, "js.inc": { args: 1, about: "ToNumeric(a) + 1" }, "js.dec": { args: 1, about: "ToNumeric(a) - 1" },
  "js.tonumeric": { args: 1, about: "the old value of a++" },
  // binary
  "js.add": { args: 2, about: "a + b" }, "js.sub": { args: 2, about: "a - b" }, "js.mul": { args: 2, about: "a * b" }, "js.div": { args: 2, about: "a / b" },
  "js.rem": { args: 2, about: "a % b" }, "js.pow": { args: 2, about: "a ** b" },
  "js.and": { args: 2, about: "a & b" }, "js.or": { args: 2, about: "a | b" }, "js.xor": { args: 2, about: "a ^ b" },
  "js.shl": { args: 2, about: "a << b" }, "js.shr": { args: 2, about: "a >> b" }, "js.ushr": { args: 2, about: "a >>> b" },
  "js.lt": { args: 2, about: "a < b" }, "js.le": { args: 2, about: "a <= b" }, "js.gt": { args: 2, about: "a > b" }, "js.ge": { args: 2, about: "a >= b" },
  "js.eq": { args: 2, about: "a == b" }, "js.ne": { args: 2, about: "a != b" }, "js.seq": { args: 2, about: "a === b" }, "js.sne": { args: 2, about: "a !== b" },
  "js.in": { args: 2, about: "a in b" }, "js.instanceof": { args: 2, about: "a instanceof b" },
  // `if` and `js.truthy`: the condition of an `if` in js form is of type js, taken by truthiness; js.nullish asks a == null
  "js.nullish": { args: 1, about: "a === null || a === undefined" },
  // objects
  "js.get": { args: 2, about: "a[b]" }, "js.set": { args: 3, about: "a[b] = c, no result" }, "js.delete": { args: 2, about: "delete a[b]" },
  "js.call": { args: -1, about: "callee, this, …arguments" }, "js.new": { args: -1, about: "new callee(…arguments)" },
  "js.apply": { args: 3, about: "callee, this, array of arguments (calls with spread)" }, "js.construct": { args: 2, about: "new callee(...array)" },
  "js.this": { args: 0, about: "this" }, "js.arguments": { args: 0, about: "arguments" }, "js.newtarget": { args: 0, about: "new.target" }, "js.callee": { args: 0, about: "the function itself" },
  "js.super": { args: 1, about: "super(...array): the object that the parent's constructor makes" }, "js.super.get": { args: 2, about: "super[b] of this a" },
  "js.super.set": { args: 3, about: "super[b] = c of this a, no result" },
  "js.template": { args: -1, about: "the strings of a tagged template: as they read, then as they are written" },
  "js.prototype": { args: 2, about: "__proto__: b in the object literal a, no result" },
  "js.class": { args: 2, about: "a class: its parent (of a constructor of kind derived), its constructor" },
  "js.member": { args: 4, about: "gives a class a member: class, sort, key, function; no result" },
  "js.define": { args: 3, about: "a field of a class: a gets its own property b of value c, no result" },
  "js.private.get": { args: 2, about: "a.#b" }, "js.private.set": { args: 3, about: "a.#b = c, no result" },
  "js.private.add": { args: 3, about: "a gets its private field #b of value c, no result" }, "js.private.has": { args: 2, about: "#b in a" },
  "js.cell": { args: 1, about: "a new captured variable with this value" }, "js.cell.empty": { args: 0, about: "a captured let or const before its declaration ran" },
  "js.cell.get": { args: 1, about: "its value (ReferenceError while empty)" }, "js.cell.set": { args: 2, about: "sets it, no result" },
  // iteration
  "js.iterator": { args: -1, about: "a[Symbol.iterator](); b: so many steps its pattern takes, which does nothing else between two of them" },
  "js.next": { args: 1, about: "the iterator's next step; two results: done, value" },
  "js.yield": { args: 1, about: "yield a, in a generator" }, "js.yield.all": { args: 1, about: "yield* a, in a generator" },
  "js.keys": { args: 1, about: "the array of keys that for-in visits" },
  "js.visits": { args: 2, about: "whether for-in comes to a key of that array: it may have been deleted meanwhile" },
  "js.restof": { args: -1, about: "the object's own fields but the keys given: {a, ...rest} = object" },
  // control
  "js.throw": { args: 1, about: "throw a (a terminator)" },
  "js.debugger": { args: 0, about: "the debugger statement: nothing" },
} as const satisfies Record<string, { args: number; about: string }>;
export type JsOp = keyof typeof jsOps;
export const isJsOp = (name: string): name is JsOp => Object.hasOwn(jsOps, name);
