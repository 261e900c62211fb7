// How an element of a table is read, by the load; int64 is left out, which no number holds.

import type { MemoryOp } from "../ir/ops.ts";

export const readers: Partial<Record<MemoryOp, (from: DataView, at: number) => number>> = {
  "i32.load8_u": (from, at) => from.getUint8(at), "i32.load8_s": (from, at) => from.getInt8(at),
  "i32.load16_u": (from, at) => from.getUint16(at, true), "i32.load16_s": (from, at) => from.getInt16(at, true), "i32.load": (from, at) => from.getInt32(at, true),
  "f32.load": (from, at) => from.getFloat32(at, true), "f64.load": (from, at) => from.getFloat64(at, true),
};
