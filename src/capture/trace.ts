// What was read of a snapshot, as a message: numbers in one array, names in a list.
//
// A version of a few thousand operations reads as many values. As a list of lists each of them costs the thread that gets the message 100 ns, at once;
// packed, they are a copy of memory, and are unpacked piece by piece.

import type { Read } from "./serial.ts";

export interface PackedReads {
  /** for each read: what it is, the node, and the key: −1 none, an index of `names`, or −2 − the index that it spells */
  readonly codes: Int32Array;
  readonly names: readonly string[];
}

const kinds = ["node", "items", "buffer", "keys", "property", "captured", "builtin"] as const satisfies readonly Read[0][];
const width = 3;

export const readsIn = ({ codes }: PackedReads): number => codes.length / width;

export function packReads(reads: readonly Read[]): PackedReads {
  const codes = new Int32Array(reads.length * width);
  const names: string[] = [];
  const known = new Map<string, number>();
  const codeOf = (key: string): number => {
    const index = Number(key);
    if (index >= 0 && index < 2 ** 30 && String(index) === key && Number.isInteger(index)) return -2 - index;
    let at = known.get(key);
    if (at === undefined) known.set(key, (at = names.push(key) - 1));
    return at;
  };
  reads.forEach(([what, of, key], i) => {
    codes[i * width] = kinds.indexOf(what);
    codes[i * width + 1] = what === "builtin" ? -1 : of;
    codes[i * width + 2] = what === "builtin" ? codeOf(of) : key === undefined ? -1 : codeOf(key);
  });
  return { codes, names };
}

/** The reads from one place to before another. */
export function unpackReads({ codes, names }: PackedReads, from: number, to: number): Read[] {
  const reads: Read[] = [];
  for (let i = from; i < Math.min(to, codes.length / width); i++) {
    const what = kinds[codes[i * width]!]!, node = codes[i * width + 1]!, code = codes[i * width + 2]!;
    const key = code < -1 ? String(-2 - code) : (names[code] ?? "");
    switch (what) {
      case "builtin": reads.push([what, key]); break;
      case "property": case "captured": reads.push([what, node, key]); break;
      default: reads.push([what, node]);
    }
  }
  return reads;
}
