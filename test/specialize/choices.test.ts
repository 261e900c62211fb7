// Choices within choices: what the outer condition tells of the inner one's numbers bounds both, also of what a loop carries.

import { expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { compileKernel, expectSame, type Kernel } from "./vectorize.harness.ts";

test("a place that is clamped on both sides, from one iteration to the next", () => {
  const steps = Array.from({ length: 89 }, (_, i) => Math.floor(7 * 1.1 ** i)), by = [-1, -1, -1, -1, 2, 4, 6, 8];
  const decode = (data: Uint8Array, out: Int16Array, steps: number[], by: number[]): void => {
    let pred = 0, at = 0;
    for (let i = 0; i < out.length; i++) {
      const nib = data[i]! & 15, step = steps[at]!;
      pred += nib & 8 ? -(step >> 3) : step;
      pred = pred > 32767 ? 32767 : pred < -32768 ? -32768 : pred;
      at += by[nib & 7]!;
      at = at < 0 ? 0 : at > 88 ? 88 : at;
      out[i] = pred;
    }
  };
  const args = (n: number): unknown[] => [Uint8Array.from({ length: n }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 19), new Int16Array(n), steps, by];
  const compiled = compileKernel(decode as Kernel, args(50), [2, 3]), ops = compiled.residual.optimized.functions.flatMap((f) => [...instructions(f.body)].map((i) => i.op));
  expect(ops.some((op) => op.startsWith("f64.") || op.startsWith("i64."))).toBe(false);
  expectSame(decode as Kernel, compiled, [0, 1, 7, 200].map(args));
});
