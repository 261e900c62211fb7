import { expect, it } from "vitest";
import type { Read } from "../../src/capture/serial.ts";
import { packReads, readsIn, unpackReads } from "../../src/capture/trace.ts";

const reads: Read[] = [
  ["node", 3], ["items", 0], ["buffer", 7], ["keys", 3], ["property", 3, "taps"], ["property", 3, "0"], ["property", 3, "17"], ["property", 4, "taps"],
  ["property", 1, "-1"], ["property", 1, "01"], ["property", 1, "1.5"], ["property", 1, ""], ["property", 1, "1073741824"], ["property", 1, "4294967295"], ["property", 1, "-0"],
  ["captured", 9, "Infinity"], ["captured", 9, "0"], ["builtin", "Math.sin"], ["builtin", "5"],
];

it("comes back as it was, through a clone", () => {
  const packed = structuredClone(packReads(reads));
  expect(readsIn(packed)).toBe(reads.length);
  expect(unpackReads(packed, 0, reads.length)).toEqual(reads);
});
it("comes back in pieces", () => {
  const packed = packReads(reads);
  expect([0, 7, 14].flatMap((from) => unpackReads(packed, from, from + 7))).toEqual(reads);
});
it("names each key once", () => { expect(packReads(reads).names.filter((name) => name === "taps")).toHaveLength(1); });
