// What the vector operations do, on constants: the evaluator's meaning of v128. Where a lane does what a scalar row of the table does,
// that row's fold is used; the rest is here. Its judge is emitted WebAssembly (test/ir/ops.test.ts).
// A vector is sixteen bytes in memory order and is never changed in place.

import * as exact from "./exact.ts";
import { ops, type LaneOp, type LaneShape, type MachineOp } from "./ops.ts";

export type Vector = Uint8Array;
export type Operand = number | bigint | Vector;
type Meaning = (...args: Operand[]) => Operand;

/** Sixteen bytes under every view: operands are copied in, results out, so that lanes need no byte order of their own. */
class Scratch {
  readonly u8 = new Uint8Array(16);
  private readonly buffer = this.u8.buffer;
  readonly views = {
    i8: new Int8Array(this.buffer), u8: this.u8, i16: new Int16Array(this.buffer), u16: new Uint16Array(this.buffer),
    i32: new Int32Array(this.buffer), u32: new Uint32Array(this.buffer),
    i64: new BigInt64Array(this.buffer), u64: new BigUint64Array(this.buffer),
    f32: new Float32Array(this.buffer), f64: new Float64Array(this.buffer),
  };
  load(value: Operand): this { this.u8.set(value as Vector); return this; }
}
type View = keyof Scratch["views"];
/** a view without its type: lanes are numbers, or bigints in 64-bit integer views */
type Lanes = { [lane: number]: number | bigint; readonly length: number };

const a = new Scratch(), b = new Scratch(), c = new Scratch(), r = new Scratch();
const lanesOf = (scratch: Scratch, view: View): Lanes => scratch.views[view] as unknown as Lanes;
const result = (): Vector => r.u8.slice();

/** r[i] = f(a[i], b[i], c[i]) in every lane of `to`; operands are read through `from` */
function eachLane(from: View, to: View, f: (x: never, y: never, z: never) => number | bigint): Meaning {
  const [va, vb, vc, vr] = [lanesOf(a, from), lanesOf(b, from), lanesOf(c, from), lanesOf(r, to)];
  return (x, y, z) => {
    a.load(x!);
    if (y !== undefined) b.load(y);
    if (z !== undefined) c.load(z);
    for (let i = 0; i < vr.length; i++) vr[i] = f(va[i] as never, vb[i] as never, vc[i] as never);
    return result();
  };
}

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
const limits: Record<string, readonly [number, number]> = { i8: [-128, 127], u8: [0, 255], i16: [-32768, 32767], u16: [0, 65535] };

/** Lanes of 8, 16 and 32 bits. The store wraps to the lane's width; `_s` and `_u` choose how operands are read; comparisons give all ones. */
const integerLane: Record<string, (x: number, y: number, limit: readonly [number, number]) => number> = {
  add: (x, y) => x + y, sub: (x, y) => x - y, mul: (x, y) => Math.imul(x, y), neg: (x) => -x, abs: (x) => Math.abs(x),
  eq: (x, y) => -(x === y), ne: (x, y) => -(x !== y),
  lt: (x, y) => -(x < y), gt: (x, y) => -(x > y), le: (x, y) => -(x <= y), ge: (x, y) => -(x >= y),
  min: (x, y) => Math.min(x, y), max: (x, y) => Math.max(x, y), avgr: (x, y) => (x + y + 1) >> 1,
  add_sat: (x, y, [low, high]) => clamp(x + y, low, high), sub_sat: (x, y, [low, high]) => clamp(x - y, low, high),
};
const wideLane: Record<string, (x: bigint, y: bigint) => bigint> = {
  neg: (x) => -x, eq: (x, y) => -BigInt(x === y), ne: (x, y) => -BigInt(x !== y),
};
const comparisons: ReadonlySet<string> = new Set(["eq", "ne", "lt", "gt", "le", "ge"]);

function lanewise(shape: LaneShape, name: string, of: string): Meaning {
  const type = shape.slice(0, shape.indexOf("x"));
  if (type === "f64" || type === "f32") {
    const fold = ops[of as MachineOp].fold as (x: number, y: number) => number;
    if (!comparisons.has(name)) return eachLane(type, type, fold);
    if (type === "f32") return eachLane("f32", "i32", (x: number, y: number) => -fold(x, y));
    return eachLane("f64", "i64", (x: number, y: number) => -BigInt(fold(x, y)));
  }
  if (type === "i64") return eachLane("i64", "i64", wideLane[name] ?? (ops[`i64.${name}` as MachineOp].fold as (x: bigint, y: bigint) => bigint));
  const view = (name.endsWith("_u") ? `u${type.slice(1)}` : type) as View;
  const f = integerLane[name.replace(/_[su]$/, "")]!;
  const limit = limits[view] ?? [0, 0]; // 32-bit lanes have no saturating operations
  return eachLane(view, type as View, (x: number, y: number) => f(x, y, limit));
}

const bitwise = (f: (x: number, y: number) => number): Meaning => eachLane("u8", "u8", f);
const splat = (view: View): Meaning => (x) => { (r.views[view] as unknown as { fill(x: Operand): void }).fill(x!); return result(); };
const shift = (view: "i8" | "u8" | "i16" | "u16" | "i32" | "u32", bits: number, left = false): Meaning => (x, by) => {
  const [from, to] = [a.load(x!).views[view], r.views[view]];
  const n = (by as number) & (bits - 1);
  const signed = view[0] === "i";
  for (let i = 0; i < to.length; i++) to[i] = left ? from[i]! << n : signed ? from[i]! >> n : from[i]! >>> n;
  return result();
};
const wideShift = (view: "i64" | "u64", left = false): Meaning => (x, by) => {
  const [from, to] = [a.load(x!).views[view], r.views[view]];
  const n = BigInt((by as number) & 63);
  for (let i = 0; i < 2; i++) to[i] = left ? from[i]! << n : from[i]! >> n;
  return result();
};
/** lanes of r from the low or high half of a's, twice as narrow */
const extend = (from: View, to: View, half: "low" | "high"): Meaning => {
  const [va, vr] = [lanesOf(a, from), lanesOf(r, to)];
  const wide = to === "i64" || to === "u64";
  return (x) => {
    a.load(x!);
    const first = half === "low" ? 0 : vr.length;
    for (let i = 0; i < vr.length; i++) vr[i] = wide ? BigInt(va[first + i]!) : va[first + i]!;
    return result();
  };
};
/** lanes of a, then of b (read signed), saturated to half their width */
const narrow = (from: "i16" | "i32", to: "i8" | "u8" | "i16" | "u16"): Meaning => (x, y) => {
  const [va, vb, vr] = [a.load(x!).views[from], b.load(y!).views[from], r.views[to]];
  const [low, high] = limits[to]!;
  const half = va.length;
  for (let i = 0; i < vr.length; i++) vr[i] = clamp(i < half ? va[i]! : vb[i - half]!, low, high);
  return result();
};
/** lane i of r is f(lane i of a); lanes that a does not have are zero */
const convert = (from: View, to: View, count: number, f: (x: number) => number): Meaning => {
  const [va, vr] = [lanesOf(a, from), lanesOf(r, to)];
  return (x) => {
    a.load(x!);
    for (let i = 0; i < vr.length; i++) vr[i] = i < count ? f(va[i] as number) : 0;
    return result();
  };
};
const same = (x: number): number => x;
const pseudoMin = (x: number, y: number): number => (y < x ? y : x);
const pseudoMax = (x: number, y: number): number => (x < y ? y : x);

/** ±a·b + c, rounded twice */
const summed = (view: "f64" | "f32", sign: number): Meaning => {
  const product = eachLane(view, view, (x: number, y: number) => sign * x * y), sum = eachLane(view, view, (x: number, y: number) => x + y);
  return (x, y, z) => sum(product(x!, y) as Vector, z);
};

const others: Record<string, Meaning> = {
  "v128.and": bitwise((x, y) => x & y), "v128.or": bitwise((x, y) => x | y), "v128.xor": bitwise((x, y) => x ^ y),
  "v128.andnot": bitwise((x, y) => x & ~y), "v128.not": bitwise((x) => ~x),
  "v128.bitselect": (x, y, mask) => (x as Vector).map((byte, i) => (byte & (mask as Vector)[i]!) | ((y as Vector)[i]! & ~(mask as Vector)[i]!)),
  "v128.any_true": (x) => +(x as Vector).some((byte) => byte !== 0),
  "i8x16.bitmask": (x) => (x as Vector).reduce((bits, byte, i) => bits | (byte >> 7) << i, 0),
  "f64x2.splat": splat("f64"), "f32x4.splat": splat("f32"), "i64x2.splat": splat("i64"),
  "i32x4.splat": splat("i32"), "i16x8.splat": splat("i16"), "i8x16.splat": splat("i8"),
  "i8x16.shl": shift("i8", 8, true), "i8x16.shr_s": shift("i8", 8), "i8x16.shr_u": shift("u8", 8),
  "i16x8.shl": shift("i16", 16, true), "i16x8.shr_s": shift("i16", 16), "i16x8.shr_u": shift("u16", 16),
  "i32x4.shl": shift("i32", 32, true), "i32x4.shr_s": shift("i32", 32), "i32x4.shr_u": shift("u32", 32),
  "i64x2.shl": wideShift("i64", true), "i64x2.shr_s": wideShift("i64"), "i64x2.shr_u": wideShift("u64"),
  "f64x2.pmin": eachLane("f64", "f64", pseudoMin), "f64x2.pmax": eachLane("f64", "f64", pseudoMax),
  "f32x4.pmin": eachLane("f32", "f32", pseudoMin), "f32x4.pmax": eachLane("f32", "f32", pseudoMax),
  "f64x2.relaxed_madd": summed("f64", 1), "f64x2.relaxed_nmadd": summed("f64", -1), "f32x4.relaxed_madd": summed("f32", 1), "f32x4.relaxed_nmadd": summed("f32", -1),
  "i8x16.swizzle": (x, lanes) => (lanes as Vector).map((lane) => (lane < 16 ? (x as Vector)[lane]! : 0)),
  "i16x8.extend_low_i8x16_s": extend("i8", "i16", "low"), "i16x8.extend_high_i8x16_s": extend("i8", "i16", "high"),
  "i16x8.extend_low_i8x16_u": extend("u8", "u16", "low"), "i16x8.extend_high_i8x16_u": extend("u8", "u16", "high"),
  "i32x4.extend_low_i16x8_s": extend("i16", "i32", "low"), "i32x4.extend_high_i16x8_s": extend("i16", "i32", "high"),
  "i32x4.extend_low_i16x8_u": extend("u16", "u32", "low"), "i32x4.extend_high_i16x8_u": extend("u16", "u32", "high"),
  "i64x2.extend_low_i32x4_s": extend("i32", "i64", "low"), "i64x2.extend_high_i32x4_s": extend("i32", "i64", "high"),
  "i64x2.extend_low_i32x4_u": extend("u32", "u64", "low"), "i64x2.extend_high_i32x4_u": extend("u32", "u64", "high"),
  "i8x16.narrow_i16x8_s": narrow("i16", "i8"), "i8x16.narrow_i16x8_u": narrow("i16", "u8"),
  "i16x8.narrow_i32x4_s": narrow("i32", "i16"), "i16x8.narrow_i32x4_u": narrow("i32", "u16"),
  "i32x4.dot_i16x8_s": (x, y) => {
    const [va, vb, vr] = [a.load(x!).views.i16, b.load(y!).views.i16, r.views.i32];
    for (let i = 0; i < 4; i++) vr[i] = va[2 * i]! * vb[2 * i]! + va[2 * i + 1]! * vb[2 * i + 1]!;
    return result();
  },
  "f64x2.convert_low_i32x4_s": convert("i32", "f64", 2, same), "f64x2.convert_low_i32x4_u": convert("u32", "f64", 2, same),
  "f64x2.promote_low_f32x4": convert("f32", "f64", 2, same), "f32x4.demote_f64x2_zero": convert("f64", "f32", 2, same),
  "f32x4.convert_i32x4_s": convert("i32", "f32", 4, same), "f32x4.convert_i32x4_u": convert("u32", "f32", 4, same),
  "i32x4.trunc_sat_f64x2_s_zero": convert("f64", "i32", 2, exact.truncSatS),
  "i32x4.trunc_sat_f64x2_u_zero": convert("f64", "i32", 2, exact.truncSatU),
  "i32x4.trunc_sat_f32x4_s": convert("f32", "i32", 4, exact.truncSatS), "i32x4.trunc_sat_f32x4_u": convert("f32", "i32", 4, exact.truncSatU),
};

/** The meaning of a vector row of the table. */
export function vectorMeaning(op: MachineOp): Meaning {
  const { lane } = ops[op];
  const meaning = lane ? lanewise(lane.shape, op.slice(op.indexOf(".") + 1), lane.of) : others[op];
  if (!meaning) throw new Error(`${op} has no meaning in vector.ts`);
  return meaning;
}

/** The meaning of a lane operation with its immediates. */
export function laneMeaning(name: LaneOp, lanes: readonly number[]): Meaning {
  if (name === "i8x16.shuffle") {
    return (x, y) => Uint8Array.from(lanes, (lane) => (lane < 16 ? (x as Vector)[lane]! : (y as Vector)[lane - 16]!));
  }
  const type = name.slice(0, name.indexOf("x"));
  const lane = lanes[0]!;
  if (name.includes(".extract_lane")) {
    const va = lanesOf(a, (name.endsWith("_u") ? `u${type.slice(1)}` : type) as View);
    return (x) => { a.load(x!); return va[lane]!; };
  }
  const vr = lanesOf(r, type as View);
  return (x, y) => { r.load(x!); vr[lane] = y as number | bigint; return result(); };
}
