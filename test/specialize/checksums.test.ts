// Checksums of frames so short that their loops are written out: which become look-ups of eight bytes at once, with the same bits, and what only looks like them.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, type Kernel } from "./vectorize.harness.ts";

const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * 137) ^ (i >> 3));
const crcTable = (polynomial: number): number[] => Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? polynomial ^ (c >>> 1) : c >>> 1; return c; });

/** Frames of so many bytes; `step` makes a `c` of the one before and the byte `v`. How many groups were found, after results were compared. */
function groups(step: string, { length = 16, first = "-1", table = crcTable(0xedb88320), end = "c" } = {}): number {
  const kernel = Function("table", `return (x, out) => { for (let f = 0; f < out.length; f++) { let c = ${first}; for (let i = 0; i < ${length}; i++) { const v = x[f * ${length} + i]; ${step} } out[f] = ${end}; } };`)(table) as Kernel;
  const of = (frames: number, less = 0): unknown[] => [bytes(frames * length - less), new Uint32Array(frames)];
  const compiled = compileKernel(kernel, of(9));
  expectSame(kernel, compiled, [of(9), of(1), of(0), of(3, 1), of(5, length), of(20, 3)]);
  return compiled.residual.stages.find((s) => s.pass === "checksums")!.changes!.length;
}
const byTable = "c = table[(c ^ v) & 255] ^ (c >>> 8);";

describe("eight bytes at once", () => {
  test("CRC-32 by a table", () => { expect(groups(byTable)).toBeGreaterThan(0); });
  test("a length that is no multiple of eight", () => { expect(groups(byTable, { length: 13 })).toBeGreaterThan(0); });
  test("inverted behind the last byte", () => { expect(groups(byTable, { end: "~c >>> 0" })).toBeGreaterThan(0); });
  test("CRC-16, high bit first", () => { expect(groups("c = ((c << 8) & 0xffff) ^ table[(c >> 8) ^ v];", { first: "0xffff", table: Array.from({ length: 256 }, (_, n) => { let c = n << 8; for (let k = 0; k < 8; k++) c = (c & 0x8000 ? (c << 1) ^ 0x1021 : c << 1) & 0xffff; return c; }) })).toBeGreaterThan(0); });
  test("CRC-8 bit by bit", () => { expect(groups("c ^= v; for (let b = 0; b < 8; b++) c = c & 0x80 ? ((c << 1) ^ 7) & 255 : (c << 1) & 255;", { first: "0", length: 9 })).toBeGreaterThan(0); });
  test("a table that inverts", () => { expect(groups(byTable, { table: crcTable(0xedb88320).map((v) => v ^ 0x5a5a5a5a) })).toBeGreaterThan(0); });
  test("bytes from the last one to the first", () => { expect(groups("c = table[(c ^ x[f * 16 + 15 - i]) & 255] ^ (c >>> 8);")).toBeGreaterThan(0); });
  test("up to a number on the way that goes elsewhere as well", () => { expect(groups(`${byTable} if (i === 4) m = c;`, { first: "-1, m = 0", length: 8, end: "Math.imul(c, 3) + m" })).toBe(1); });
  test("one frame, with no loop around it", () => {
    const kernel = Function("table", "return (x, y) => { let c = -1; for (let i = 0; i < 16; i++) c = table[(c ^ x[i]) & 255] ^ (c >>> 8); y[0] = c; };")(crcTable(0xedb88320)) as Kernel;
    const compiled = compileKernel(kernel, [bytes(16), new Int32Array(1)]);
    expectSame(kernel, compiled, [16, 15, 3].map((n) => [bytes(n), new Int32Array(1)]));
    expect(compiled.residual.stages.find((s) => s.pass === "checksums")!.changes!.length).toBe(2);
  });
  test("frames written out one behind the other, of which each number is stored inverted", () => {
    const kernel = Function("table", "return (x, y) => { let c = 0; for (let f = 0; f < 3; f++) { c = 65535; for (let i = 0; i < 5; i++) c = (c << 5 | c >>> 27) ^ table[x[5 * f + i]]; y[f] = ~c; } return c; };")(crcTable(0xedb88320)) as Kernel;
    const compiled = compileKernel(kernel, [bytes(15), new Int32Array(3)]);
    expectSame(kernel, compiled, [15, 14, 3].map((n) => [bytes(n), new Int32Array(3)]));
    expect(compiled.residual.stages.find((s) => s.pass === "checksums")!.changes!.length).toBeGreaterThan(0);
  });
  test("two bytes of two arrays a step go one after the other", () => {
    const table = crcTable(0x82f63b78), kernel = Function("table", "return (x, y, out) => { for (let f = 0; f < out.length; f++) { let c = 7; for (let i = 0; i < 8; i++) { c = table[(c ^ x[8 * f + i]) & 255] ^ (c >>> 8); c = table[(c ^ y[8 * f + i]) & 255] ^ (c >>> 8); } out[f] = c; } };")(table) as Kernel;
    const of = (n: number): unknown[] => [bytes(8 * n), bytes(8 * n).reverse(), new Int32Array(n)], compiled = compileKernel(kernel, of(9));
    expectSame(kernel, compiled, [of(9), of(2), [bytes(30), bytes(20), new Int32Array(4)]]);
    expect(compiled.residual.stages.find((s) => s.pass === "checksums")!.changes!.length).toBeGreaterThan(0);
  });
});

describe("as they were", () => {
  test("a table that is linear but for one entry", () => { expect(groups(byTable, { table: crcTable(0xedb88320).map((v, i) => (i === 77 ? v ^ 4 : v)) })).toBe(0); });
  test("products", () => { expect(groups("c = Math.imul(c ^ v, 16777619) ^ (c >>> 8);")).toBe(0); });
  test("sums that carry", () => { expect(groups("c = table[(c ^ v) & 255] + (c >>> 8) | 0;")).toBe(0); });
  test("words made of bytes", () => { expect(groups("c = c << 8 | v;", { length: 4, first: "0" })).toBe(0); });
  test("an exclusive or of look-ups, which wait for nothing", () => { expect(groups("c ^= table[v];")).toBe(0); });
  test("numbers on the way that are stored", () => { expect(groups(`${byTable} out[f] = c;`, { length: 3 })).toBe(0); });
  test("numbers on the way that are compared", () => { expect(groups(`${byTable} if (c === 5) c = 6;`)).toBe(0); });
});
