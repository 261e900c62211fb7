// What loads give: any number of their width, or, of a constant table, what stands in it.

import { memoryOps, type MemoryOp } from "../ir/ops.ts";
import type { Data, ElementKind, Memory, Type } from "../ir/types.ts";
import { anyFloat, anyInt, ints, range, type Range } from "./intervals.ts";

/** Any value of the type. */
export function anyOf(type: Type): Range {
  return type === "i32" ? anyInt : anyFloat;
}
const contents = new WeakMap<Data, Range | null>();
/** What a constant table's elements are, by the load that reads them; null for a load of anything else. */
export function ofTable(data: Data, { op, scale, offset }: Memory): Range | null {
  const element = tableElements[op];
  if (data.varies || !element?.of.includes(data.element) || offset % element.array.BYTES_PER_ELEMENT !== 0 || 2 ** scale % element.array.BYTES_PER_ELEMENT !== 0) return null;
  let known = contents.get(data);
  if (known === undefined) contents.set(data, (known = rangeOf(new element.array(data.bytes.slice().buffer))));
  return known;
}
function rangeOf(numbers: ArrayLike<number>): Range | null {
  if (numbers.length === 0 || numbers.length > 1 << 16) return null;
  let lo = Infinity, hi = -Infinity, int = true, nan = false, negzero = false;
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i]!;
    if (x !== x) { nan = true; continue; }
    if (x < lo) lo = x;
    if (x > hi) hi = x;
    if (int && !Number.isInteger(x) && Number.isFinite(x)) int = false;
    if (Object.is(x, -0)) negzero = true;
  }
  return range(lo, hi, int, nan, negzero);
}
const tableElements: Partial<Record<MemoryOp, { readonly of: readonly ElementKind[]; readonly array: typeof Uint8Array | typeof Int8Array | typeof Uint16Array | typeof Int16Array | typeof Int32Array | typeof Float32Array | typeof Float64Array }>> = {
  "i32.load8_u": { of: ["u8", "u8c"], array: Uint8Array }, "i32.load8_s": { of: ["i8"], array: Int8Array },
  "i32.load16_u": { of: ["u16"], array: Uint16Array }, "i32.load16_s": { of: ["i16"], array: Int16Array },
  "i32.load": { of: ["i32"], array: Int32Array }, "f32.load": { of: ["f32"], array: Float32Array }, "f64.load": { of: ["f64"], array: Float64Array },
};

/** What a load gives, whatever is in memory. */
export function ofLoad(op: MemoryOp): Range {
  const { type, bytes } = memoryOps[op];
  if (type !== "i32" || bytes === 4) return anyOf(type);
  return op.endsWith("_u") ? ints(0, 2 ** (8 * bytes) - 1) : ints(-(2 ** (8 * bytes - 1)), 2 ** (8 * bytes - 1) - 1);
}
