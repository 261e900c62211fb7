// Straight code that differs in constants: which goes side by side, and that every chain keeps its order.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

const edges = Float64Array.of(0, -0, 1, NaN, Infinity, -Infinity, 5e-324, 1.5);
const matrix = (count: number, length: number): number[][] => Array.from({ length: count }, (_, k) => Array.from({ length }, (_, i) => Math.sin(k * 31 + i + 1)));
function story(kernel: Kernel, args: readonly unknown[], others: readonly (readonly unknown[])[] = [], slow: readonly number[] = [args.length - 1]): Compiled {
  const compiled = compileKernel(kernel, args, slow);
  expectSame(kernel, compiled, [args, ...others]);
  return compiled;
}
/** How often a kind of operation is there after the pass. */
const count = ({ residual }: Compiled, op: string): number => residual.stages.at(-1)!.text().split(` = ${op} `).length - 1;

describe("chains side by side", () => {
  const network = (x: Float64Array, y: Float64Array, net: readonly number[][][]): void => {
    let a: number[] = [];
    for (let i = 0; i < 8; i++) a.push(x[i]!);
    for (const w of net) {
      const next: number[] = [];
      for (const row of w) { let s = 0.5; for (let i = 0; i < row.length; i++) s += row[i]! * a[i]!; next.push(Math.max(0, s)); }
      a = next;
    }
    let sum = 0;
    for (const v of a) sum += v;
    y[0] = sum;
  };
  const inputs = [[doubles(8, 9), new Float64Array(1)], [edges, new Float64Array(1)]];
  test("layers of a network: half the products, and the sums between the layers in lanes too", () => {
    const net = [matrix(8, 8), matrix(6, 8), matrix(3, 6)], args = [doubles(8, 3), new Float64Array(1), net];
    const compiled = story(network, args, inputs.map((i) => [...i, net])), scalar = compileKernel(network, args, [2], false, new Set(["chains"]));
    expect(count(compiled, "f64x2.mul")).toBeGreaterThanOrEqual((8 * 8 + 6 * 8) / 2);
    expect(runProgram(compiled.residual.optimized, args).executed).toBeLessThan(runProgram(scalar.residual.optimized, args).executed * 0.85); // loads of constants count, which scalar code has none of
  });
  test("more than registers hold: in groups", () => {
    const net = [matrix(20, 8)];
    expect(count(story(network, [doubles(8, 3), new Float64Array(1), net], inputs.map((i) => [...i, net])), "f64x2.mul")).toBeGreaterThanOrEqual(80);
  });
  test("a sum that is used twice ends its chain: no scalar sums stay beside those in lanes", () => {
    const leaky = (x: Float64Array, y: Float64Array, w: readonly number[][]): void => {
      if (x.length < 8) return;
      let all = 0;
      for (const row of w) { let s = 0.5; for (let i = 0; i < row.length; i++) s += row[i]! * x[i]!; all = all * 0.5 + (s > 0 ? s : s * 0.125); }
      y[0] = all;
    };
    const w = matrix(8, 8), compiled = story(leaky, [doubles(8, 3), new Float64Array(1), w], [[edges, new Float64Array(1), w]]);
    expect(count(compiled, "f64x2.mul")).toBe(32);
    expect(count(compiled, "f64.add")).toBeLessThanOrEqual(8);
  });
  test("polynomials of one number, within a loop", () => {
    const kernel = (x: Float64Array, y: Float64Array, c: readonly number[][]): void => {
      for (let r = 0; r + 1 < x.length; r += 2) {
        let best = 0, at = x[r]! > 0 ? x[r]! : x[r + 1]!;
        for (let turn = 0; turn < 4; turn++) { for (const row of c) { let s = 0; for (const k of row) s = s * at + k; best = best * 0.5 + s; } at = Math.sqrt(Math.abs(best)); }
        y[r >> 1] = best;
      }
    };
    const c = matrix(4, 9);
    story(kernel, [doubles(12), new Float64Array(6), c], [[edges, new Float64Array(4), c]]);
  });
  test("what one of them is needed for beside that stays", () => {
    const kernel = (x: Float64Array, y: Float64Array, w: readonly number[][]): void => {
      const [a, b, c, d] = [x[0]!, x[1]!, x[2]!, x[3]!];
      const sums = w.map((row) => row[0]! * a + row[1]! * b + row[2]! * c + row[3]! * d - row[4]! * a * b);
      y[0] = sums[0]! * sums[1]! - sums[2]!; y[1] = w[0]![0]! * a + w[0]![1]! * b; y[2] = sums[2]!;
    };
    const w = matrix(3, 5);
    story(kernel, [doubles(4), new Float64Array(3), w], [[edges, new Float64Array(3), w]]);
  });
});

describe("chains that stay as they are", () => {
  test("too short to gain, of other values, of one value's next one", () => {
    const short = (x: Float64Array, w: readonly number[]): number => (w[0]! * x[0]! + w[1]!) / (w[2]! * x[0]! + w[3]!);
    expect(count(story(short, [doubles(4), [1.5, 2.5, 3.5, 4.5]], [[edges, [1.5, 2.5, 3.5, 4.5]]]), "f64x2.mul")).toBe(0);
    const others = (x: Float64Array, w: readonly number[][]): number => { let r = 0; w.forEach((row, k) => { let s = 0; for (let i = 0; i < row.length; i++) s += row[i]! * x[k * 8 + i]!; r += s; }); return r; };
    expect(count(story(others, [doubles(16), matrix(2, 8)]), "f64x2.mul")).toBe(0);
    const next = (x: Float64Array, w: readonly number[]): number => { let s = x[0]!; for (let k = 0; k < 30; k++) s = s * w[k]! + w[k + 1]!; return s; };
    expect(count(story(next, [doubles(4), [...doubles(31)]], [[edges, [...doubles(31)]]]), "f64x2.mul")).toBe(0);
  });
});
