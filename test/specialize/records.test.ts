// Records of bytes, a record in each lane: words that lanes load take the place of their bytes.

import { describe, expect, test } from "vitest";
import { loadRecords } from "../../src/specialize/vectorize/records.ts";
import { base, transform } from "./harness.ts";
import { compileKernel, expectSame, lanesOf, runProgram, type Compiled, type Kernel, type Typed } from "./vectorize.harness.ts";

const numbers = <T extends Typed>(array: T): T => array.map((_, i) => Math.imul(i + 3, 0x9e3779b1) >>> 7) as T;
const lengths = [0, 15, 17, 79, 160];

function story(kernel: Kernel, args: (n: number) => unknown[]): Compiled {
  const compiled = compileKernel(kernel, args(160));
  expectSame(kernel, compiled, lengths.map(args));
  return compiled;
}

type Bytes = (x: Uint8Array, y: Int32Array) => void;
const bytes = (n: number): unknown[] => [numbers(new Uint8Array(n)), new Int32Array(n >> 3)];
const hash: Bytes = (x, y) => { for (let i = 0; i < y.length; i++) { let h = -2128831035; for (let k = 0; k < 8; k++) h = Math.imul(h ^ x[8 * i + k]!, 16777619); y[i] = h; } };

describe("in lanes", () => {
  test.each<[string, Bytes]>([
    ["a hash of eight bytes", hash],
    ["a hash of seven, whose last word reaches back", (x, y) => { for (let i = 0; i < y.length; i++) { let h = 5; for (let k = 0; k < 7; k++) h = Math.imul(h, 31) + x[7 * i + k]! | 0; y[i] = h; } }],
    ["the middle of each record", (x, y) => { for (let i = 0; i < y.length; i++) { let h = 7; for (let k = 2; k < 7; k++) h = Math.imul(h ^ x[9 * i + k]!, 77); y[i] = h; } }],
    ["two counters", (x, y) => { for (let p = 0, o = 0; o < y.length; p += 10, o++) { let h = 1; for (let k = 0; k < 10; k++) h = Math.imul(h ^ x[p + k]!, 16777619); y[o] = h; } }],
    ["the last byte first", (x, y) => { for (let i = 0; i < y.length; i++) { let h = 9; for (let k = 7; k >= 0; k--) h = Math.imul(h ^ x[8 * i + k]!, 16777619); y[i] = h; } }],
    ["the colours of two pixels, no alpha", (x, y) => { for (let i = 0; i < y.length; i++) { const p = 8 * i; y[i] = (x[p]! + x[p + 4]!) * 3 + (x[p + 1]! ^ x[p + 5]!) - (x[p + 2]! + x[p + 6]! >> 1); } }],
    ["every second byte", (x, y) => { for (let i = 0; i < y.length; i++) { let h = 5; for (let k = 1; k < 8; k += 2) h = Math.imul(h ^ x[8 * i + k]!, 77); y[i] = h; } }],
    ["from the end", (x, y) => { for (let i = y.length - 1; i >= 0; i--) { let h = 3; for (let k = 0; k < 8; k++) h = Math.imul(h ^ x[8 * i + k]!, 16777619); y[i] = h; } }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel, bytes))).toBeGreaterThan(1); });

  test("bytes with a sign", () => {
    const kernel = (x: Int8Array, y: Int32Array): void => { for (let i = 0; i < y.length; i++) { let h = 1; for (let k = 0; k < 6; k++) h = Math.imul(h ^ x[6 * i + k]!, 40503); y[i] = h; } };
    expect(lanesOf(story(kernel, (n) => [numbers(new Int8Array(n)), new Int32Array(n >> 3)]))).toBeGreaterThan(1);
  });
  test.each([["with a sign", Int16Array], ["without", Uint16Array]])("words of 16 bits %s", (_, Kind) => {
    const kernel = (x: Int16Array | Uint16Array, y: Int32Array): void => { for (let i = 0; i < y.length; i++) { let h = 1; for (let k = 0; k < 5; k++) h = Math.imul(h ^ x[5 * i + k]!, 40503); y[i] = h; } };
    expect(lanesOf(story(kernel, (n) => [numbers(new Kind(n)), new Int32Array(n >> 3)]))).toBeGreaterThan(1);
  });

  test("by this pass, with a fourth of the operations", () => {
    const args = bytes(2048), compiled = compileKernel(hash, args), { residual } = compiled;
    expect(lanesOf(compileKernel(hash, args, [], false, new Set(["records"])))).toBe(1);
    expect(runProgram(residual.optimized, args).executed / runProgram(residual.program, args).executed).toBeLessThan(0.3);
  });
});

describe("left alone", () => {
  test.each<[string, Bytes]>([
    ["what the loop writes", (x, y) => { for (let i = 0; i < y.length; i++) { let h = 5; for (let k = 0; k < 8; k++) h = Math.imul(h ^ x[8 * i + k]!, 77); x[8 * i] = h; } }],
    ["bytes with gaps", (x, y) => { for (let i = 0; i < y.length; i++) y[i] = Math.imul(Math.imul(x[8 * i]! ^ 5, 77) ^ x[8 * i + 2]!, 77) ^ x[8 * i + 5]!; }],
    ["bytes that a condition keeps there", (x, y) => { for (let i = 0; i < y.length; i++) { let h = 1; if (x[8 * i]! > 9) for (let k = 1; k < 8; k++) h = Math.imul(h ^ x[8 * i + k]!, 77); y[i] = h; } }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel, bytes))).toBe(1); });

  /** Words of 16 bits at some bytes of records of nine. */
  const at = (...places: number[]): string => `func @f(%x: i32, %y: i32, %n: i32) { loop l (%i: i32 = 0) { %c = i32.lt_s %i, %n
    if %c { %o = i32.mul %i, 9
      ${places.map((place, k) => `%a${k} = i32.load16_u [%x + %o + ${place}] space 0  %b${k} = i32.mul %a${k}, 31  %h${k} = i32.xor ${k > 0 ? `%h${k - 1}` : "7"}, %b${k}`).join("  ")}
      i32.store [%y + %i << 2] space 1, %h${places.length - 1}  %j = i32.add %i, 1  br l, %j }  yield }  return }`;
  const changed = (...places: number[]): boolean => { let made = false; transform((func, program) => { const now = loadRecords(func, program); made = now !== func; return now; }, at(...places), [[base, base + 4096, 20]]); return made; };
  test.each([[[0, 3], false], [[0, 1, 4], false], [[0, 1], false], [[0, 2, 6], true]])("words of 16 bits at %j, of which one may lie in two of 32: %s", (places, made) => { expect(changed(...places)).toBe(made); });
});
