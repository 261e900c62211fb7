// Arrays of the kernel's own reach as far as their slot in the frame: what only some iterations look up there is looked up in lanes.

import { expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, type Kernel } from "./vectorize.harness.ts";

const words = (n: number, step: number): Int16Array => Int16Array.from({ length: n }, (_, i) => Math.imul(i, step) % 400);

test("a neighbour that conditions choose", () => {
  const suppress = (gx: Int16Array, gy: Int16Array, out: Uint8Array): void => {
    const w = 40, h = 6, mag = new Float32Array(w * h), next = new Float32Array(4);
    next[1] = gx[3]!;
    for (let i = 0; i < w * h; i++) mag[i] = Math.sqrt(gx[i]! * gx[i]! + gy[i]! * gy[i]!);
    for (let y = 1; y < h - 1; y++) for (let x = 1; x < w - 1; x++) {
      const i = y * w + x, m = mag[i]!;
      let a, b;
      if (Math.abs(gy[i]!) * 2.4 < Math.abs(gx[i]!)) { a = mag[i - 1]!; b = mag[i + 1]!; } else { a = mag[i - w]!; b = mag[i + w]!; }
      out[i] = m > a && m >= b ? 255 : 0;
    }
    out[0] = next[gx[5]! & 3]!;
  };
  const args = (): unknown[] => [words(240, 77), words(240, 131), new Uint8Array(240)], compiled = compileKernel(suppress as Kernel, args());
  expect(compiled.residual.vectorized).toHaveLength(2);
  expect(Math.min(...compiled.residual.vectorized.map((l) => l.lanes))).toBeGreaterThan(1);
  expectSame(suppress as Kernel, compiled, [args()]);
});

test("what is written under a condition stays within the slot", () => {
  const kernel = (x: Float64Array, y: Float64Array): void => {
    const own = new Float64Array(600), beside = new Float64Array(5);
    beside.fill(7);
    for (let i = 0; i < 600; i++) if (x[i]! > 0) own[i] = x[i]! * 2;
    for (let i = 0; i < 5; i++) beside[i] = beside[i]! + x[i]!;
    for (let i = 0; i < 600; i++) y[i] = own[i]! + beside[i % 5]!;
  };
  const args = (): unknown[] => [doubles(600), new Float64Array(600)], compiled = compileKernel(kernel as Kernel, args());
  expect(lanesOf(compiled)).toBeGreaterThan(1);
  expectSame(kernel as Kernel, compiled, [args()]);
});
