// Hashes and generators that multiply what is carried by a constant: in lanes, with every bit as it was.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, lanesOf, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 3, 4, 15, 16, 17, 64, 77];
const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => i * 37 + (i >> 2));
const words = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
function story(kernel: Kernel, args: (n: number) => unknown[]): Compiled {
  const compiled = compileKernel(kernel, args(32));
  expectSame(kernel, compiled, lengths.map(args));
  return compiled;
}

type Hash = (b: Uint8Array, w: Int32Array) => number;
const both = (n: number): unknown[] => [bytes(n), words(n)];
const java: Hash = (b) => { let h = 7; for (let i = 0; i < b.length; i++) h = (h * 31 + b[i]!) | 0; return h; };

describe("gathered", () => {
  test.each<[string, Hash]>([
    ["a product and a sum", java],
    ["imul", (b) => { let h = -1; for (let i = 0; i < b.length; i++) h = (Math.imul(h, 0x01000193) + b[i]!) | 0; return h; }],
    ["a shift and a difference", (b) => { let h = 0; for (let i = 0; i < b.length; i++) { h = (h << 5) - h + b[i]!; h |= 0; } return h; }],
    ["a shift and a sum, without a sign at the end", (b) => { let h = 5381; for (let i = 0; i < b.length; i++) h = ((h << 5) + h + b[i]!) | 0; return h >>> 0; }],
    ["a shift and a sum, without a sign", (b) => { let h = 5381; for (let i = 0; i < b.length; i++) h = ((h << 5) + h + b[i]!) >>> 0; return h; }],
    ["imul, without a sign", (b) => { let h = 5381; for (let i = 0; i < b.length; i++) h = (Math.imul(h, 33) + b[i]!) >>> 0; return h; }],
    ["a product, without a sign", (b) => { let h = 4294967295; for (const x of b) h = (h * 33 + x) >>> 0; return h / 3; }],
    ["words", (_, w) => { let h = 1; for (let i = 0; i < w.length; i++) h = (Math.imul(h, 31) + w[i]!) | 0; return h; }],
    ["the term taken away, and a constant", (b) => { let h = 3; for (let i = 0; i < b.length; i++) h = (Math.imul(h, -7) - b[i]! + 11) | 0; return h; }],
    ["the term times the constant as well", (b) => { let h = 3; for (let i = 0; i < b.length; i++) h = Math.imul((h + b[i]!) | 0, 33); return h; }],
    ["what is computed of the element", (b, w) => { let h = 3; for (let i = 0; i < b.length; i++) h = (Math.imul(h, 65599) + (b[i]! ^ (w[i]! >>> 3))) | 0; return h; }],
    ["beside another", (b) => { let h = 3, n = 0; for (let i = 0; i < b.length; i++) { h = (Math.imul(h, 31) + b[i]!) | 0; if (b[i]! > 100) n++; } return h ^ n; }],
    ["from the end", (b) => { let h = 3; for (let i = b.length - 1; i >= 0; i--) h = (Math.imul(h, 31) + b[i]!) | 0; return h; }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel, both))).toBeGreaterThanOrEqual(4); });

  test("in half of the operations, and fewer", () => {
    const args = both(512), { residual } = compileKernel(java, args);
    expect(runProgram(residual.optimized, args).executed / runProgram(residual.program, args).executed).toBeLessThan(0.4);
  });
});

type Fill = (out: Int32Array, f: Float64Array) => number;
const out = (n: number): unknown[] => [new Int32Array(n), new Float64Array(n)];
describe("generated", () => {
  test.each<[string, Fill]>([
    ["stored after the step", (y) => { let s = 42; for (let i = 0; i < y.length; i++) { s = (Math.imul(s, 1664525) + 1013904223) | 0; y[i] = s; } return s; }],
    ["stored before the step", (y) => { let s = 42; for (let i = 0; i < y.length; i++) { y[i] = s; s = (Math.imul(s, 1664525) + 1013904223) | 0; } return s; }],
    ["in [0, 1)", (_, f) => { let s = 42; for (let i = 0; i < f.length; i++) { s = (Math.imul(s, 22695477) + 1) | 0; f[i] = (s >>> 0) / 4294967296; } return s; }],
    ["some bits", (y) => { let s = 42; for (let i = 0; i < y.length; i++) { s = (Math.imul(s, 1103515245) + 12345) | 0; y[i] = (s >>> 16) & 32767; } return s; }],
    ["powers", (y) => { let s = 3; for (let i = 0; i < y.length; i++) { y[i] = s; s = Math.imul(s, -5); } return s; }],
    ["as a condition", (y) => { let s = 3; for (let i = 0; i < y.length; i++) { if (s & 4) y[i] = i; s = (Math.imul(s, 5) + 1) | 0; } return s; }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel, out))).toBeGreaterThanOrEqual(4); });
});

describe("left alone", () => {
  test.each<[string, Hash]>([
    ["where an iteration looks at the hash", (b, w) => { let h = 3; for (let i = 0; i < b.length; i++) { h = (Math.imul(h, 31) + b[i]!) | 0; w[i] = h; } return h; }],
    ["where the hash is a condition", (b, w) => { let h = 3; for (let i = 0; i < b.length; i++) { if (h) w[i] = 1; h = (Math.imul(h, 31) + b[i]!) | 0; } return h; }],
    ["where it is xored", (b) => { let h = 3; for (let i = 0; i < b.length; i++) h = Math.imul(h, 31) ^ b[i]!; return h; }],
    ["where it is squared", (b) => { let h = 3; for (let i = 0; i < b.length; i++) h = (Math.imul(h, h) + b[i]!) | 0; return h; }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel, both))).toBe(1); });
});

test("a sum that is a condition of what is stored is no reduction", () => {
  const kernel: Hash = (b, w) => { let h = 0; for (let i = 0; i < b.length; i++) { if (h) w[i] = 1; h = (h + b[i]! - 37) | 0; } return h; };
  expect(lanesOf(story(kernel, both))).toBe(1);
});
