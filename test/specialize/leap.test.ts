// Checksums that take eight bytes at a time, with the same bits, and loops that only look like them.

import { describe, expect, test } from "vitest";
import { compileKernel, runProgram, type Kernel } from "./vectorize.harness.ts";

const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * 137) ^ (i >> 3));
const crcTable = (polynomial: number): number[] => Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? polynomial ^ (c >>> 1) : c >>> 1; return c; });

/** Operations a byte in a long run, after results for many lengths were compared; whether the pass said anything. */
function measured(kernel: (x: Uint8Array, ...slow: never[]) => number, ...slow: unknown[]): { leaps: boolean; perByte: number } {
  const { residual } = compileKernel(kernel as Kernel, [bytes(40), ...slow], slow.map((_, i) => i + 1));
  for (const n of [0, 1, 7, 8, 9, 16, 31, 100]) expect(runProgram(residual.optimized, [bytes(n), ...slow]).result).toBe(kernel(bytes(n), ...(slow as never[])));
  const executed = (n: number): number => runProgram(residual.optimized, [bytes(n), ...slow]).executed;
  return { leaps: residual.stages.some((s) => s.pass === "leap" && s.changes!.length > 0), perByte: (executed(1600) - executed(800)) / 800 };
}

const byTable = (x: Uint8Array, table: number[]): number => { let c = -1; for (let i = 0; i < x.length; i++) c = table[(c ^ x[i]!) & 255]! ^ (c >>> 8); return ~c >>> 0; };

describe("eight bytes at a time", () => {
  test("CRC-32 by a table: as many look-ups as bytes", () => {
    const { leaps, perByte } = measured(byTable as never, crcTable(0xedb88320));
    expect(leaps).toBe(true);
    expect(perByte).toBeLessThan(5);
  });
  test("another polynomial, which nobody named", () => { expect(measured(byTable as never, crcTable(0x82f63b78 ^ 0x1234)).leaps).toBe(true); });
  test("CRC-32 bit by bit", () => {
    const kernel = (x: Uint8Array): number => { let c = -1; for (let i = 0; i < x.length; i++) { c ^= x[i]!; for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (0xedb88320 & -(c & 1)); } return ~c >>> 0; };
    const { leaps, perByte } = measured(kernel);
    expect(leaps).toBe(true);
    expect(perByte).toBeLessThan(5);
  });
  test("CRC-16, high bit first, chosen by a comparison: the upper half of the register is not looked up", () => {
    const kernel = (x: Uint8Array): number => { let c = 0xffff; for (let i = 0; i < x.length; i++) { c ^= x[i]! << 8; for (let k = 0; k < 8; k++) c = c & 0x8000 ? (c << 1) ^ 0x1021 : c << 1; c &= 0xffff; } return c; };
    const { leaps, perByte } = measured(kernel);
    expect(leaps).toBe(true);
    expect(perByte).toBeLessThan(6);
  });
  test("signs decide", () => {
    const kernel = (x: Uint8Array): number => { let c = 0; for (let i = 0; i < x.length; i++) { c ^= x[i]! << 24; for (let k = 0; k < 8; k++) c = c < 0 ? (c << 1) ^ 0x04c11db7 : c << 1; } return c; };
    expect(measured(kernel).leaps).toBe(true);
  });
  test("a table that inverts", () => { expect(measured(byTable as never, crcTable(0xedb88320).map((v) => v ^ 0x5a5a5a5a)).leaps).toBe(true); });
  test("a rotation and a table of the byte", () => {
    const kernel = (x: Uint8Array, table: number[]): number => { let c = 5; for (let i = 0; i < x.length; i++) c = ((c << 5) | (c >>> 27)) ^ table[x[i]!]!; return c; };
    expect(measured(kernel as never, crcTable(0xedb88320)).leaps).toBe(true);
  });
});

describe("one after the other", () => {
  test("a table that is linear but for one entry", () => {
    const table = crcTable(0xedb88320);
    table[77]! ^= 4;
    expect(measured(byTable as never, table).leaps).toBe(false);
  });
  test("products", () => { expect(measured((x) => { let h = 7; for (let i = 0; i < x.length; i++) h = Math.imul(h ^ x[i]!, 16777619) ^ (h >>> 8); return h; }).leaps).toBe(false); });
  test("sums that carry", () => {
    expect(measured(((x: Uint8Array, table: number[]) => { let h = 7; for (let i = 0; i < x.length; i++) h = (table[(h ^ x[i]!) & 255]! + (h >>> 8)) | 0; return h; }) as never, crcTable(0xedb88320)).leaps).toBe(false);
  });
  test("bytes that do not follow one another", () => {
    expect(measured(((x: Uint8Array, table: number[]) => { let c = -1; for (let i = 0; 2 * i < x.length; i++) c = table[(c ^ x[2 * i]!) & 255]! ^ (c >>> 8); return c; }) as never, crcTable(0xedb88320)).leaps).toBe(false);
  });
});
