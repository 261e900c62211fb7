// Loops that do the same with other numbers: which go side by side, what keeps them apart, and that every sum keeps its order.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

const rows = (count: number, length: number, seed = 1): number[][] => Array.from({ length: count }, (_, k) => [...doubles(length, seed + k)]);
const lengths = [0, 1, 2, 5, 9, 10, 11, 30];
/** Compiled with the last argument slow, held against the original for inputs of all lengths. */
function story(kernel: Kernel, make: (n: number) => unknown[]): Compiled {
  const slow = make(10).length - 1, compiled = compileKernel(kernel, make(10), [slow]);
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}
/** How many loops there are after the pass, and before; some of them twice, since lengths are asked first. */
const loopsOf = ({ residual }: Compiled): readonly [number, number] => {
  const at = residual.stages.findIndex((s) => s.pass === "abreast"), count = (k: number): number => residual.stages[k]!.text().match(/= loop /g)!.length;
  return [count(at), count(at - 1)];
};
const gone = (compiled: Compiled): number => { const [after, before] = loopsOf(compiled); return before - after; };

describe("loops side by side", () => {
  const layer = (x: Float64Array, y: Float64Array, { w, b }: { w: number[][]; b: number[] }): void => {
    for (let o = 0; o < w.length; o++) { let s = b[o]!; for (let i = 0; i < x.length; i++) s += w[o]![i]! * x[i]!; y[o] = Math.max(0, s); }
  };
  test("the neurons of a layer whose inputs the call counts; one of an odd number has a lane to itself", () => {
    for (const count of [2, 5, 8]) {
      const net = { w: rows(count, 10), b: [...doubles(count, 7)] }, compiled = story(layer, (n) => [doubles(n, 3), new Float64Array(count), net]);
      expect(gone(compiled)).toBeGreaterThanOrEqual(count - 1);
      expect(compiled.residual.vectorized.map(({ lanes }) => lanes)).toContain(2);
    }
  });
  test("resonators, which carry what their states were before as well", () => {
    const bank = (x: Float64Array, y: Float64Array, f: number[]): void => {
      for (let k = 0; k < f.length; k++) {
        const c = 2 * Math.cos(f[k]!);
        let u = 0, v = 0;
        for (let i = 0; i < x.length; i++) { const s = x[i]! + c * u - v; v = u; u = s; }
        y[k] = u * u + v * v - c * u * v;
      }
    };
    for (const count of [2, 3, 8]) expect(gone(story(bank, (n) => [doubles(n, 3), new Float64Array(count), rows(1, count)[0]]))).toBeGreaterThanOrEqual(count - 1);
  });
  test("with a good part of the operations", () => {
    const net = { w: rows(8, 10), b: [...doubles(8, 7)] }, { residual } = compileKernel(layer, [doubles(10), new Float64Array(8), net], [2]), args = [doubles(10), new Float64Array(8), net];
    expect(runProgram(residual.optimized, args).executed).toBeLessThan(runProgram(residual.program, args).executed * 0.5);
  });
  test("more than registers hold: in groups", () => {
    const net = { w: rows(20, 10), b: [...doubles(20, 7)] };
    expect(gone(story(layer, (n) => [doubles(n, 3), new Float64Array(20), net]))).toBeGreaterThanOrEqual(18);
  });
  test("weights of singles, and whole ones: their table holds doubles", () => {
    const flat = (x: Float64Array, y: Float64Array, { w, m }: { w: ArrayLike<number>; m: number }): void => {
      for (let o = 0; o < 4; o++) { let s = 0; for (let i = 0; i < m && i < x.length; i++) s += w[o * m + i]! * x[i]!; y[o] = s; }
    };
    for (const w of [Float32Array.from(doubles(40)), Int8Array.from({ length: 40 }, (_, i) => i * 7 - 90), [...doubles(40)]]) story(flat, (n) => [doubles(n, 3), new Float64Array(4), { w, m: 10 }]);
    const same = (x: Float64Array, y: Float64Array, w: readonly Float32Array[]): void => { w.forEach((row, o) => { let s = 0; for (let i = 0; i < x.length; i++) s += row[i]! * x[i]!; y[o] = s; }); };
    expect(gone(story(same, (n) => [doubles(n, 3), new Float64Array(3), rows(3, 10).map((row) => Float32Array.from(row))]))).toBeGreaterThanOrEqual(2);
  });
  test("two sums in each, distances", () => {
    const kernel = (x: Float64Array, y: Float64Array, w: number[][]): void => {
      for (let o = 0; o < w.length; o++) { let s = 0, t = 1; for (let i = 0; i < x.length; i++) { const d = x[i]! - w[o]![i]!; s += d * d; t -= d / (1 + s); } y[o] = s * t; }
    };
    const w = rows(4, 10);
    expect(gone(story(kernel, (n) => [doubles(n, 3), new Float64Array(4), w]))).toBeGreaterThanOrEqual(3);
  });
  test("what a later one begins with is loaded before them all, if nothing stores there", () => {
    const kernel = (x: Float64Array, y: Float64Array, b: Float64Array, w: number[][]): void => {
      if (b.length < 4 || y.length < 4) return;
      for (let o = 0; o < 4; o++) { let s = b[o]! * 2; for (let i = 0; i < x.length; i++) s += w[o]![i]! * x[i]!; y[o] = s; }
    };
    const w = rows(4, 10), make = (n: number): unknown[] => [doubles(n, 3), new Float64Array(4), doubles(4, 5), w];
    expect(gone(story(kernel, make))).toBeGreaterThanOrEqual(3);
    const both = doubles(4, 5), compiled = compileKernel(kernel, [doubles(10), both, both, w], [3], true); // y is b
    expectSame(kernel, compiled, [[doubles(10), both, both, w]]);
  });
  test("what stands between stores to an array that was made later than the one they load", () => {
    const kernel = (x: Float64Array, w: number[][]): number => {
      const p = Array.from(x), q = new Array<number>(8).fill(0);
      let all = 0;
      for (let o = 0; o < 8; o++) { let s = 0; for (let i = 0; i < x.length; i++) s += w[o]![i]! * p[i]!; q[o] = s; all += p[o]! * s; }
      for (let o = 0; o < 8; o++) all = all * 0.5 + q[o]!;
      return all;
    };
    const w = rows(8, 10);
    expect(gone(story(kernel, (n) => [doubles(n, 3), w]))).toBeGreaterThanOrEqual(7);
  });
});

describe("loops that stay apart", () => {
  const w = rows(3, 10);
  test("one stores what the next one loads", () => {
    const kernel = (x: Float64Array, rowsOf: number[][]): void => { for (let o = 0; o < 3; o++) { let s = 0; for (let i = 0; i < x.length; i++) s += rowsOf[o]![i]! * x[i]!; if (o < x.length) x[o] = s; } };
    expect(gone(story(kernel, (n) => [doubles(n, 3), w]))).toBe(0);
  });
  test("one stores to the array of its own that the next one loads, itself or by another name", () => {
    const kernel = (x: Float64Array, c: number, w: number[][]): number => {
      const p = Array.from(x), q = new Array<number>(10).fill(1), r = c > 0 ? p : q;
      let all = 0;
      for (let o = 0; o < 3; o++) { let s = 0; for (let i = 0; i < 10; i++) s += w[o]![i]! * p[i]!; r[o] = s; all += s; }
      for (let o = 0; o < 3; o++) all = all * 0.5 + q[o]!;
      return all;
    };
    for (const c of [1, -1]) {
      const make = (n: number): unknown[] => [doubles(n, 3), c, w];
      expectSame(kernel as Kernel, compileKernel(kernel as Kernel, make(10), [2]), [10, 11, 30].map(make));
      expectSame(kernel as Kernel, compileKernel(kernel as Kernel, make(10), [1, 2]), [10, 11, 30].map(make));
    }
  });
  test("one begins where the other ends", () => {
    const kernel = (x: Float64Array, rowsOf: number[][]): number => { let s = 0; for (let o = 0; o < 3; o++) for (let i = 0; i < x.length; i++) s += rowsOf[o]![i]! * x[i]!; return s; };
    expect(gone(story(kernel, (n) => [doubles(n, 3), w]))).toBe(0);
  });
  test("one begins where the other ends, nothing between them", () => {
    const kernel = (x: Float64Array, c: number[]): number => { let s = 0; for (let o = 0; o < 3; o++) for (let i = 0; i < x.length; i++) s = s * 0.5 + x[i]! * c[o]!; return s; };
    expect(gone(story(kernel, (n) => [doubles(n, 3), [1.5, 2.5, 3.5]]))).toBe(0);
  });
  test("they run to other ends, from other beginnings, or do something else", () => {
    const ends = (x: Float64Array, y: Float64Array, rowsOf: number[][]): void => { for (let o = 0; o < 3; o++) { let s = 0; for (let i = 0; i < x.length - o; i++) s += rowsOf[o]![i]! * x[i]!; y[o] = s; } };
    expect(gone(story(ends, (n) => [doubles(n, 3), new Float64Array(3), w]))).toBe(0);
    const begins = (x: Float64Array, y: Float64Array, rowsOf: number[][]): void => { for (let o = 0; o < 3; o++) { let s = 0; for (let i = o; i < x.length; i++) s += rowsOf[o]![i]! * x[i]!; y[o] = s; } };
    expect(gone(story(begins, (n) => [doubles(n, 3), new Float64Array(3), w]))).toBe(0);
    const others = (x: Float64Array, y: Float64Array, rowsOf: number[][]): void => {
      let s = 0, t = 0;
      for (let i = 0; i < x.length; i++) s += rowsOf[0]![i]! * x[i]!;
      for (let i = 0; i < x.length; i++) t += rowsOf[1]![i]! / x[i]!;
      y[0] = s; y[1] = t;
    };
    expect(gone(story(others, (n) => [doubles(n, 3), new Float64Array(3), w]))).toBe(0);
  });
  test("one of them has a result more, where it ended", () => {
    const kernel = (y: Float64Array, x: Float64Array, { first, t, lengthOf }: { first: Float64Array; t: Float64Array; lengthOf: Int32Array }): void => {
      for (let r = 0; r < x.length; r++) {
        const n = lengthOf[r & 3]!;
        let s = first[r]!;
        for (let i = 0; i < n; i++) s += (t[i]! > 0 ? t[i]! : i) - x[r]!;
        y[r] = s;
      }
    };
    const layers = { first: Float64Array.of(1, 2, 3, 4, 5), t: Float64Array.of(1, -2, 3, -4, 5), lengthOf: Int32Array.of(5, 5, 6, 5) };
    const make = (n: number): unknown[] => [new Float64Array(n), doubles(n, 3), layers];
    expectSame(kernel as Kernel, compileKernel(kernel as Kernel, make(5), [2]), [5, 4, 0, 9].map(make));
  });
  test("one number stands for two, in other places", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => {
      let s = 0, t = 0;
      for (let i = 0; i < x.length; i++) s += (x[i]! + 1.5) * 1.5;
      for (let i = 0; i < x.length; i++) t += (x[i]! + 2.5) * 1.5;
      y[0] = s; y[1] = t;
    };
    expectSame(kernel, compileKernel(kernel, [doubles(9), new Float64Array(2)]), lengths.map((n) => [doubles(n, 3), new Float64Array(2)]));
  });
});
