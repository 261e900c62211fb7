// Constant tables: how their elements are read, and those that a pass makes, each of the smallest elements that all its numbers fit, none where all are the same.

import type { MemoryOp } from "../ir/ops.ts";
import type { ElementKind, Program, Value } from "../ir/types.ts";
import type { Emitter } from "./emitter.ts";
import type { Segments } from "./segments.ts";

/** How an element is read, by the load; int64 is left out, which no number holds. */
export const readers: Partial<Record<MemoryOp, (from: DataView, at: number) => number>> = {
  "i32.load8_u": (from, at) => from.getUint8(at), "i32.load8_s": (from, at) => from.getInt8(at),
  "i32.load16_u": (from, at) => from.getUint16(at, true), "i32.load16_s": (from, at) => from.getInt16(at, true), "i32.load": (from, at) => from.getInt32(at, true),
  "f32.load": (from, at) => from.getFloat32(at, true), "f64.load": (from, at) => from.getFloat64(at, true),
};

export type Scalar = number | bigint;

/** How a table's elements are kept, by what all of them fit. */
const layouts: readonly { element: ElementKind; load: MemoryOp; array: new (n: number) => Uint8Array | Int16Array | Int32Array | Uint16Array | Float32Array | Float64Array; fits: (type: string, v: Scalar) => boolean }[] = [
  { element: "u8", load: "i32.load8_u", array: Uint8Array, fits: (type, v) => type === "i32" && Number(v) >= 0 && Number(v) <= 255 },
  { element: "u16", load: "i32.load16_u", array: Uint16Array, fits: (type, v) => type === "i32" && Number(v) >= 0 && Number(v) <= 65535 },
  { element: "i16", load: "i32.load16_s", array: Int16Array, fits: (type, v) => type === "i32" && Number(v) >= -32768 && Number(v) <= 32767 },
  { element: "i32", load: "i32.load", array: Int32Array, fits: (type) => type === "i32" },
  { element: "f32", load: "f32.load", array: Float32Array, fits: (type) => type === "f32" },
  { element: "f64", load: "f64.load", array: Float64Array, fits: (type) => type === "f64" },
];

export interface Table { readonly constant: Scalar | null; readonly segment: number; readonly load: MemoryOp; readonly scale: number; readonly type: Value["type"] }

export class Tables {
  private readonly program: Program;
  private readonly segments: Segments;
  private readonly space: number;

  /** `segments`: where those of the pass are kept; `space`: where they are loaded from. */
  constructor(program: Program, segments: Segments, space: number) { this.program = program; this.segments = segments; this.space = space; }

  add(name: string, values: readonly Scalar[], type: Value["type"]): Table {
    const layout = layouts.find((l) => values.every((v) => l.fits(type, v)))!;
    const constant = values.every((v) => Object.is(v, values[0])) ? values[0]! : null;
    if (constant !== null) return { constant, segment: -1, load: layout.load, scale: 0, type };
    const array = new layout.array(values.length);
    values.forEach((v, i) => { array[i] = Number(v); });
    const segment = this.segments.add(this.program, { name, element: layout.element, bytes: new Uint8Array(array.buffer) });
    return { constant, segment, load: layout.load, scale: Math.log2(array.BYTES_PER_ELEMENT), type };
  }

  /** The element at `index + start`. */
  load(e: Emitter, { constant, segment, load, scale, type }: Table, index: Value, start: number): Value {
    if (constant !== null) return e.const(type, constant);
    const base = e.address({ op: "data.addr", segment, args: [], results: [] });
    return e.load({ op: load, args: [], results: [], offset: start << scale, scale, space: this.space }, [base, index]);
  }
}
