// Lanes of vectors, written through an emitter: which shape holds a type, a number in every lane, one lane out of a register and into it.

import type { LaneShape, MachineOp } from "../ir/ops.ts";
import type { Type, Value } from "../ir/types.ts";
import type { Emitter } from "./emitter.ts";

const shapes = { i32: "i32x4", i64: "i64x2", f32: "f32x4", f64: "f64x2" } as const;
type Scalar = keyof typeof shapes;

export const shapeOf = (type: Type): (typeof shapes)[Scalar] => shapes[type as Scalar];

/** One lane of a register of the type's shape. */
export function extractLane(e: Emitter, register: Value, lane: number, type: Type): Value {
  return e.lane({ op: "lane", name: `${shapeOf(type)}.extract_lane`, lanes: [lane], args: [], results: [] }, [register], type);
}

/** The register with another value in a lane; its shape is the value's. */
export function replaceLane(e: Emitter, register: Value, lane: number, value: Value): Value {
  return e.lane({ op: "lane", name: `${shapeOf(value.type)}.replace_lane`, lanes: [lane], args: [], results: [] }, [register, value], "v128");
}

/** The register and lane that a double was taken out of. */
export function laneOf(v: Value): { readonly register: Value; readonly lane: number } | null {
  return v.def?.op === "lane" && v.def.name === "f64x2.extract_lane" ? { register: v.def.args[0]!, lane: v.def.lanes[0]! } : null;
}

/** A register of these values, as many as its shape has lanes. */
export function joinLanes(e: Emitter, values: readonly Value[]): Value {
  const [first] = values, [a, b] = values.map(laneOf);
  if (a && b && values.length === 2) {
    if (a.register === b.register && a.lane === 0 && b.lane === 1) return a.register;
    return shuffle(e, a.register, b.register, Array.from({ length: 16 }, (_, i) => (i < 8 ? 8 * a.lane + i : 8 + 8 * b.lane + i)));
  }
  return values.reduce((all, v, lane) => (v === first ? all : replaceLane(e, all, lane, v)), e.op(`${shapeOf(first!.type)}.splat`, first!));
}

/** Sixteen bytes of two registers: 0 ‥ 15 are the first's, 16 ‥ 31 the second's. */
export function shuffle(e: Emitter, a: Value, b: Value, bytes: readonly number[]): Value {
  return e.lane({ op: "lane", name: "i8x16.shuffle", lanes: bytes, args: [], results: [] }, [a, b], "v128");
}

/** The bytes of a vector that has the number in every lane; integers wrap. */
function everyLane(shape: LaneShape, value: number): Uint8Array {
  const lanes = {
    f64x2: () => Float64Array.of(value, value), f32x4: () => new Float32Array(4).fill(value), i64x2: () => new BigInt64Array(2).fill(BigInt(value)),
    i32x4: () => new Int32Array(4).fill(value), i16x8: () => new Int16Array(8).fill(value), i8x16: () => new Int8Array(16).fill(value),
  };
  return new Uint8Array(lanes[shape]().buffer);
}

/** What forms in lanes are written with; a constant is written once. */
export class LaneTools {
  readonly e: Emitter;
  private readonly constants = new Map<string, Value>();
  constructor(e: Emitter) { this.e = e; }

  op(op: MachineOp, ...args: Value[]): Value { return this.e.op(op, ...args); }
  /** A number in every lane. */
  every(shape: LaneShape, value: number): Value {
    const key = `${shape}${Object.is(value, -0) ? "-0" : value}`;
    let known = this.constants.get(key);
    if (!known) this.constants.set(key, known = this.e.const("v128", everyLane(shape, value)));
    return known;
  }
  /** Single bytes of one register are put in their places by a constant, which stays in a register: see `gather`. */
  shuffle(a: Value, b: Value, bytes: readonly number[]): Value {
    const single = a === b && bytes.some((from, i) => (i & 1) === 0 && ((from & 1) !== 0 || bytes[i + 1] !== from + 1));
    return single ? this.op("i8x16.swizzle", a, this.e.const("v128", Uint8Array.from(bytes, (from) => from & 15))) : shuffle(this.e, a, b, bytes);
  }
  /**
   * Sixteen bytes of several registers, byte b of register r numbered 16·r + b; those past the last register's may be any. Of more than two each register's are put
   * in their places by themselves, by constants that stay in registers: engines make anew what says which bytes a shuffle takes.
   */
  gather(registers: readonly Value[], bytes: readonly number[]): Value {
    const given = bytes.map((b) => registers[b >> 4]), used = [...new Set(given)].filter((v) => v !== undefined);
    if (used.length <= 2) {
      const [a, b = a] = used as [Value, Value?];
      return this.shuffle(a, b, bytes.map((from, i) => (from & 15) + (given[i] !== undefined && given[i] !== a ? 16 : 0)));
    }
    const places = (of: Value): Value => this.e.const("v128", Uint8Array.from(bytes, (from, i) => (given[i] === of ? from & 15 : 255)));
    return used.map((v) => this.op("i8x16.swizzle", v, places(v))).reduce((all, v) => this.op("v128.or", all, v));
  }
  /** Elements of that many bytes, now one register's, now the other's: of their low halves or their high ones. One instruction on most machines. */
  zip(a: Value, b: Value, bytes: 1 | 2 | 4 | 8, half: "low" | "high"): Value {
    const from = half === "low" ? 0 : 8;
    return this.shuffle(a, b, Array.from({ length: 16 }, (_, i) => from + Math.floor(i / (2 * bytes)) * bytes + (i % bytes) + (i % (2 * bytes) < bytes ? 0 : 16)));
  }
}
