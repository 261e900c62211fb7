// Does a typed array hold what a copy of it holds? By their bytes: one call of the engine's, where Node has it, or a loop over words.
//
// Guarantees: −0 is not 0, NaN is NaN whatever its bits. Nothing of the user's runs.

import { bufferOfTyped, byteLengthOfTyped, byteOffsetOfTyped, lengthOfTyped, nodeModule } from "./host.ts";

const compareBytes = nodeModule<typeof import("node:buffer")>("node:buffer")?.Buffer.compare ?? null;
const worthCalling = 256; // bytes; below, a loop is faster than the call

/** Two typed arrays of one kind: bytes first (one loop for all kinds), numbers only where bytes differ. */
export function sameBytes(copy: Float64Array, live: Float64Array): boolean {
  const byteLength = byteLengthOfTyped.call(live), byteOffset = byteOffsetOfTyped.call(live); // it may have fields of these names
  if (byteLength !== copy.byteLength) return false;
  if (compareBytes !== null && byteLength >= worthCalling) {
    const now = new Uint8Array(bufferOfTyped.call(live), byteOffset, byteLength);
    return compareBytes(now, new Uint8Array(copy.buffer, 0, byteLength)) === 0 || sameNumbers(copy, live);
  }
  return ((byteOffset | byteLength) & 3) === 0
    ? sameWords(new Int32Array(copy.buffer), new Int32Array(bufferOfTyped.call(live), byteOffset, byteLength >> 2)) || sameNumbers(copy, live)
    : sameNumbers(copy, live);
}

function sameWords(copy: Int32Array, live: Int32Array): boolean {
  for (let i = 0; i < live.length; i++) if (live[i] !== copy[i]) return false;
  return true;
}

/** Different bits may still be equal numbers: NaNs. */
function sameNumbers(copy: Float64Array, live: Float64Array): boolean {
  for (let i = 0; i < copy.length; i++) if (!Object.is(copy[i], live[i])) return false;
  return true;
}

/** Elements from which on a call of the engine's with views that are kept is quicker than a loop of one's own. */
const worthKeeping = 112;
export const isWorthKeeping = (length: number): boolean => compareBytes !== null && length >= worthKeeping;

/** Whether the array, which equals the copy, still does: as `sameBytes`, with views of both that are made once. An array that is detached or has another length has not. Null: there is no such call. */
export function sameBytesLater(copy: Float64Array, live: Float64Array): (() => boolean) | null {
  if (compareBytes === null) return null;
  const { byteLength, length } = copy, then = new Uint8Array(copy.buffer, 0, byteLength), now = new Uint8Array(bufferOfTyped.call(live), byteOffsetOfTyped.call(live), byteLength);
  return () => lengthOfTyped.call(live) === length && (compareBytes(now, then) === 0 || sameNumbers(copy, live));
}
