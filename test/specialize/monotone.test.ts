// Loops whose indices rise or fall by steps of any size: without checks, in lanes, up to where a check would fail, with the same bits.

import { describe, expect, test } from "vitest";
import { compileKernel, lanesOf, runProgram, type Kernel, type Typed } from "./vectorize.harness.ts";

type Args = readonly [Float64Array, Float64Array, ...number[]];
const arrays = (from: number, to: number): [Float64Array, Float64Array] => [Float64Array.from({ length: from }, (_, i) => Math.sin(i * 1.7) * 9), new Float64Array(to)];

/** The lanes of the loop, after its results were compared. */
function lanes(kernel: (...args: never[]) => unknown, args: Args): number {
  const compiled = compileKernel(kernel as Kernel, args);
  const copies = args.map((a) => (typeof a === "number" ? a : a.slice()));
  const expected = kernel(...(copies as never[]));
  const run = runProgram(compiled.residual.optimized, args);
  expect(run.result).toEqual(expected);
  expect(run.arrays.map((a: Typed) => [...a])).toEqual(copies.flatMap((a) => (typeof a === "number" ? [] : [[...a]])));
  return lanesOf(compiled);
}

const lerp = (x: Float64Array, y: Float64Array, step: number, from: number): void => {
  for (let i = 0; i < y.length; i++) { const p = i * step + from, k = Math.floor(p), f = p - k; y[i] = x[k]! + (x[k + 1]! - x[k]!) * f; }
};

describe("two neighbours and what lies between", () => {
  for (const [what, step, from] of [["up", 0.75, 0], ["down", -0.5, 30], ["from before the array", 0.75, -3], ["all at one place", 0, 4], ["from NaN", 0.5, NaN], ["by infinity", Infinity, 0], ["so far that int32 ends", 1e9, 0]] as const) {
    test(what, () => { expect(lanes(lerp as never, [...arrays(40, 50), step, from])).toBeGreaterThan(1); });
  }
  test("an empty array", () => { expect(lanes(lerp as never, [...arrays(0, 20), 0.5, 0])).toBeGreaterThan(1); });
  test("most iterations are done without checks, also where the last ones read beyond the end", () => {
    const compiled = compileKernel(lerp as unknown as Kernel, [...arrays(400, 600), 0.75, 0]);
    const executed = (n: number): number => runProgram(compiled.residual.optimized, [...arrays(400, n), 0.75, 0]).executed;
    expect((executed(520) - executed(120)) / 400).toBeLessThan(16); // an iteration with its checks takes 22
    expect(executed(600) - executed(520)).toBeLessThan(80 * 25 + 400);
  });
});

test("a whole number made by | 0 counts up to where it would wrap", () => {
  const kernel = (x: Float64Array, y: Float64Array, step: number): void => { for (let i = 0; i < y.length; i++) { const k = (i * step) | 0; y[i] = x[k]! * 2; } };
  expect(lanes(kernel as never, [...arrays(64, 40), 1.5])).toBeGreaterThan(1);
  lanes(kernel as never, [...arrays(64, 40), 2 ** 32 / 3]); // comes back after three
  lanes(kernel as never, [...arrays(64, 40), 2 ** 31]);
});

test("quotients: division by zero is no whole number in between", () => {
  const kernel = (x: Float64Array, y: Float64Array, by: number): void => { for (let i = -3; i < y.length; i++) y[i + 3] = x[Math.max(0, Math.min(Math.floor(i / by), 9))]!; };
  for (const by of [1, -2, 0, -0, 0.3, NaN]) lanes(kernel as never, [...arrays(12, 20), by]);
});

describe("clamped by conditions", () => {
  const cubic = (x: Float64Array, y: Float64Array, step: number, from: number): void => {
    const last = x.length - 1;
    for (let i = 0; i < y.length; i++) {
      const p = i * step + from, k = p | 0, t = p - k;
      y[i] = x[k > 0 ? k - 1 : 0]! * t + x[k]! - x[k + 1 > last ? last : k + 1]! + x[last < k + 2 ? last : k + 2]! * t;
    }
  };
  for (const [what, step, from] of [["up", 0.75, 0], ["down", -0.75, 30], ["from before the array", 0.5, -3], ["beyond its end", 1.5, 0], ["past int32", 1e9, 5]] as const) {
    test(what, () => { expect(lanes(cubic as never, [...arrays(40, 50), step, from])).toBeGreaterThan(1); });
  }
  test("where the choice jumps, each iteration is checked", () => {
    const kernel = (x: Float64Array, y: Float64Array, step: number): void => { for (let i = 0; i < y.length; i++) { const k = (i * step) | 0; y[i] = x[k > 4 ? k - 5 : 12]!; } };
    for (const length of [5, 12, 13, 40]) lanes(kernel as never, [...arrays(length, 40), 0.5]);
    const falling = (x: Float64Array, y: Float64Array, step: number): void => { for (let i = 0; i < y.length; i++) { const k = (i * step) | 0; y[i] = x[k < 9 ? k + 3 : 4]!; } };
    for (const length of [5, 11, 12, 40]) lanes(falling as never, [...arrays(length, 40), 0.5]);
    const byOne = (x: Float64Array, y: Float64Array, step: number): void => { for (let i = 0; i < y.length; i++) { const k = (i * step) | 0; y[i] = x[k < 9 ? k + 3 : 10]!; } };
    for (const length of [10, 11, 12, 40]) lanes(byOne as never, [...arrays(length, 40), 0.5]);
  });
});

test("pixels between pixels: four channels are one word, in pictures of any size", () => {
  const kernel = (src: Uint8Array, dst: Uint8ClampedArray, sw: number, sh: number, dw: number, dh: number): void => {
    for (let y = 0; y < dh; y++) {
      const v = (y * (sh - 1)) / dh, y0 = v | 0, fy = v - y0;
      for (let x = 0; x < dw; x++) {
        const u = (x * (sw - 1)) / dw, x0 = u | 0, fx = u - x0, p = (y0 * sw + x0) * 4, q = p + sw * 4, o = (y * dw + x) * 4;
        for (let c = 0; c < 4; c++) {
          const top = src[p + c]! + (src[p + 4 + c]! - src[p + c]!) * fx, low = src[q + c]! + (src[q + 4 + c]! - src[q + c]!) * fx;
          dst[o + c] = Math.round(top + (low - top) * fy);
        }
      }
    }
  };
  const picture = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => i * 67);
  const compiled = compileKernel(kernel as unknown as Kernel, [picture(8 * 6 * 4), new Uint8ClampedArray(20 * 5 * 4), 8, 6, 20, 5]);
  expect(lanesOf(compiled)).toBeGreaterThan(1);
  expect(compiled.residual.stages.at(-1)!.text()).toContain("i32.load [%src");
  for (const [sw, sh, dw, dh, given] of [[8, 6, 20, 5, 192], [3, 3, 33, 4, 36], [8, 6, 20, 5, 150], [1, 1, 17, 2, 4], [8, 0, 20, 3, 192], [8, 6, 40, 3, 0]] as const) {
    const expected = new Uint8ClampedArray(dw * dh * 4);
    kernel(picture(given), expected, sw, sh, dw, dh);
    expect(runProgram(compiled.residual.optimized, [picture(given), new Uint8ClampedArray(dw * dh * 4), sw, sh, dw, dh]).arrays[1]).toEqual(expected);
  }
});

test("rows of an image: what does not change is added", () => {
  const kernel = (x: Float64Array, y: Float64Array, w: number, step: number): void => {
    const n = y.length >> 2;
    for (let r = 0; r < 4; r++) { const row = r * (w | 0); for (let i = 0; i < n; i++) y[r * n + i] = x[row + ((i * step) | 0) * 2]!; }
  };
  expect(lanes(kernel as never, [...arrays(80, 40), 20, 0.9])).toBeGreaterThan(1);
  lanes(kernel as never, [...arrays(80, 40), 2 ** 30, 0.9]);
  lanes(kernel as never, [...arrays(80, 40), 20, 2 ** 29]);
});

test("a loop that may have to leave to the original is done without checks until then", () => {
  const palette = Array.from({ length: 64 }, (_, i) => [i * 4, 255 - i, (i * 7) & 255]);
  const kernel = (x: Uint8Array, y: Uint8ClampedArray, colours: number[][]): void => {
    for (let i = 0; i < x.length; i++) { const c = colours[x[i]!]!; y[4 * i] = c[0]!; y[4 * i + 1] = c[1]!; y[4 * i + 2] = c[2]!; y[4 * i + 3] = 255; }
  };
  const args = (n: number): [Uint8Array, Uint8ClampedArray, number[][]] => [Uint8Array.from({ length: n }, (_, i) => (i * 7) & 63), new Uint8ClampedArray(4 * 40), palette];
  const compiled = compileKernel(kernel as Kernel, args(40), [2]);
  const run = runProgram(compiled.residual.optimized, args(40)), expected = args(40);
  kernel(...expected);
  expect([...run.arrays[1]!]).toEqual([...expected[1]]);
  expect((run.executed - runProgram(compiled.residual.optimized, args(20)).executed) / 20).toBeLessThan(20); // with checks 40
});
