// Which typed array of a call's value is placed: the value itself, or a view of the bytes that a DataView, an ArrayBuffer, BigInts or another typed array lie in.
//
// Guarantees: what can't be viewed so fits nothing; none of the user's code runs.

import { isDataView, isOwnArrayBuffer, isResizable } from "../capture/host.ts";
import type { Over, TypedArrayName } from "../ir/interface.ts";
import type { ArraySpec } from "./place.ts";
import { bytesPerElement, constructors, typedName, type TypedArray } from "./values.ts";

/** What is no such view, or is over a buffer that is gone, fits nothing. */
function partsOfView(value: unknown, view: NonNullable<ArraySpec["view"]>): TypedArray | null {
  if (view === "ArrayBuffer") return wholeOf(value, "Uint8Array");
  if (view !== "DataView") {
    if (typedName(value) !== view) return null;
    const { buffer, byteOffset, length } = value as BigInt64Array;
    return new Uint32Array(buffer, byteOffset, 2 * length);
  }
  if (!isDataView(value)) return null;
  try { return new Uint8Array((value as DataView).buffer, (value as DataView).byteOffset, (value as DataView).byteLength); } catch { return null; }
}

/** As many elements as an ArrayBuffer has. */
function wholeOf(value: unknown, array: TypedArrayName): TypedArray | null {
  if (!isOwnArrayBuffer(value) || isResizable(value as ArrayBuffer)) return null;
  try { return new constructors[array](value as ArrayBuffer, 0, Math.floor((value as ArrayBuffer).byteLength / bytesPerElement[array])); } catch { return null; }
}

/** A view of the bytes behind a typed array; what can't be made fits nothing: the original throws. */
function viewOver(value: unknown, array: TypedArrayName, { array: given, part }: Over): TypedArray | null {
  if (given === "ArrayBuffer") return wholeOf(value, array);
  if (given === "DataView" ? !isDataView(value) : typedName(value) !== given) return null;
  const { buffer, byteOffset, byteLength } = value as TypedArray;
  const View = constructors[array], size = bytesPerElement[array];
  const [start, end] = part === "own" ? [byteOffset, byteOffset + byteLength] : part === "before" ? [0, byteOffset] : [part === "rest" ? byteOffset : 0, buffer.byteLength];
  if (isResizable(buffer) || start % size !== 0 || (part !== "own" && end % size !== 0)) return null;
  try { return new View(buffer, start, Math.floor((end - start) / size)); } catch { return null; }
}

/** What of a call's value is placed. */
export const placedOf = (value: unknown, { view, over, array }: ArraySpec): unknown => (view ? partsOfView(value, view) : over ? viewOver(value, array!, over) : value);
