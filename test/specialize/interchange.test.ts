// Loops over columns around loops down a column: which are done in strips, and that every column keeps its order.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, runProgram, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

const singles = (n: number, seed = 1): Float32Array => Float32Array.from(doubles(n, seed));
const strips = ({ residual }: Compiled): boolean => residual.stages.find((s) => s.pass === "interchange")!.text().includes("across");
/** The kernel for w columns, as slow as given; run with all of the inputs. */
function story(kernel: Kernel, args: unknown[], slow: readonly number[], inputs: unknown[][] = [args]): Compiled {
  const compiled = compileKernel(kernel, args, slow);
  expectSame(kernel, compiled, inputs);
  return compiled;
}

const box = (src: Float32Array, dst: Float32Array, w: number, h: number, r: number): void => {
  for (let x = 0; x < w; x++) {
    let sum = src[x]! * (r + 1);
    for (let k = 1; k <= r; k++) sum += src[k * w + x]!;
    for (let y = 0; y < h; y++) {
      dst[y * w + x] = sum / (2 * r + 1);
      sum += src[Math.min(h - 1, y + r + 1) * w + x]! - src[Math.max(0, y - r) * w + x]!;
    }
  }
};
const smooth = (d: Float64Array, w: number, h: number, a: number): void => {
  for (let x = 0; x < w; x++) {
    let s = d[x]!;
    for (let y = 0; y < h; y++) { s += a * (d[y * w + x]! - s); d[y * w + x] = s; }
    for (let y = h - 1; y >= 0; y--) { s += a * (d[y * w + x]! - s); d[y * w + x] = s; }
  }
};
const total = (src: Uint8Array, dst: Int32Array, sums: Int32Array, w: number, h: number): void => {
  for (let x = 0; x < w; x++) {
    let s = 0;
    for (let y = 0; y < h; y++) { s += src[y * w + x]!; dst[y * w + x] = s; }
    sums[x] = s;
  }
};

describe("in strips", () => {
  test("a running sum, with clamped edges", () => {
    for (const w of [40, 64, 70]) {
      const of = (n: number): unknown[] => [singles(n), new Float32Array(n), w, 260, 2];
      const compiled = story(box, of(260 * w), [2, 3, 4], [of(260 * w), of(259 * w), of(0), [singles(260 * w), new Float32Array(20 * w + 3), w, 260, 2]]);
      expect([strips(compiled), lanesOf(compiled)]).toEqual([true, 8]);
    }
  });
  test("a filter down and up again, in place, what it carries handed on", () => {
    const of = (n: number): unknown[] => [doubles(n), 72, 220, 0.3];
    const compiled = story(smooth, of(15840), [1, 2, 3], [of(15840), of(15839), of(100)]);
    expect([strips(compiled), lanesOf(compiled)]).toEqual([true, 8]);
    const { program, optimized } = compiled.residual;
    expect(runProgram(optimized, of(15840)).executed / runProgram(program, of(15840)).executed).toBeLessThan(0.45);
  });
  test("integers, and what a column ends with", () => {
    const of = (n: number): unknown[] => [whole(new Uint8Array(n)), new Int32Array(n), new Int32Array(100), 100, 333];
    expect(strips(story(total, of(33300), [3, 4], [of(33300), of(2000), [whole(new Uint8Array(33300)), new Int32Array(33300), new Int32Array(20), 100, 333]]))).toBe(true);
  });
  test("no more columns at once than a row has", () => {
    const kernel = (d: Float64Array, n: number): void => { for (let x = 0; x < n; x++) { let s = 0; for (let y = 0; y < 350; y++) { s = s * 0.5 + d[y * 32 + x]!; d[y * 32 + x] = s; } } };
    const compiled = story(kernel, [doubles(11300), 100], [1]);
    expect([strips(compiled), compiled.residual.stages.find((s) => s.pass === "interchange")!.text().includes(", 32")]).toEqual([true, true]);
  });
});

describe("as they were", () => {
  const refused = (kernel: Kernel, args: unknown[], slow: readonly number[]): void => { expect(strips(story(kernel, args, slow))).toBe(false); };
  test("columns that read their neighbours", () => {
    refused((d: Float64Array, w: number): void => { for (let x = 0; x < w; x++) { let s = 0; for (let y = 0; y < 350; y++) { s = s * 0.5 + d[y * w + x + 1]!; d[y * w + x] = s; } } }, [doubles(15000), 40], [1]);
  });
  test("a picture of few columns, and one whose width varies", () => {
    refused(smooth as Kernel, [doubles(2400), 8, 300, 0.3], [1, 2, 3]);
    refused(smooth as Kernel, [doubles(12000), 40, 300, 0.3], [2, 3]);
  });
  test("arrays that overlap", () => {
    const buffer = new Float32Array(14000);
    refused(box, [buffer.subarray(100), buffer.subarray(0, 13000), 40, 300, 2], [2, 3, 4]);
  });
  test("rows", () => {
    refused((d: Float64Array, h: number): void => { for (let y = 0; y < h; y++) { let s = 0; for (let x = 0; x < 400; x++) { s = s * 0.5 + d[y * 400 + x]!; d[y * 400 + x] = s; } } }, [doubles(12000), 30], [1]);
  });
});
