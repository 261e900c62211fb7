// Stencils that clamp, mirror or wrap at their edges: most iterations are done without asking, with the same bits.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, runProgram, type Kernel } from "./vectorize.harness.ts";

type Row = (x: Float64Array, y: Float64Array, w: number) => void;
const edges: readonly (readonly [string, Row])[] = [
  ["clamped by conditions", (x, y, w) => { for (let i = 0; i < w; i++) { let a = i - 2, b = i + 1; if (a < 0) a = 0; if (b >= w) b = w - 1; y[i] = x[a]! + 2 * x[i]! + x[b]!; } }],
  ["clamped by choices", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = x[i > 0 ? i - 1 : 0]! - x[i + 3 > w - 1 ? w - 1 : i + 3]!; }],
  ["the other way round", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = x[0 >= i - 1 ? 0 : i - 1]! - x[w <= i + 2 ? w - 1 : i + 2]!; }],
  ["mirrored", (x, y, w) => { for (let i = 0; i < w; i++) { const a = i - 2, b = i + 2; y[i] = x[a < 0 ? -a : a]! + x[b >= w ? 2 * w - 2 - b : b]!; } }],
  ["wrapped", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = x[i === 0 ? w - 1 : i - 1]! + x[i + 1 < w ? i + 1 : i + 1 - w]!; }],
  ["wrapped where they end", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = x[i === 0 ? w - 1 : i - 1]! + x[i === w - 1 ? 0 : i + 1]!; }],
  ["wrapped where they do not", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = x[i !== 0 ? i - 1 : w - 1]! - x[i + 1 !== w ? i + 1 : 0]!; }],
  ["asked by the counter itself", (x, y, w) => { for (let i = 0; i < w; i++) { let v = x[i]!; if (i) v += x[i - 1]!; y[i] = v * (i - 2 ? 1 : 3) + (w - i === 2 ? 1 : 0); } }],
  ["somewhere in between", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = i === 20 || 2 * i === 7 || i === -3 ? 7 : x[i]! + (i === 3 ? 1 : 2) + (i === 0x7fffffff ? 1 : 0); }],
  ["left as they were", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = i < 3 || i > w - 4 ? x[i]! : x[i - 3]! * x[i + 3]!; }],
  ["asked of twice the place", (x, y, w) => { for (let i = 0; i < w; i++) y[i] = 2 * i - 5 >= 0 && 2 * i < x.length ? x[2 * i - 5]! : 0; }],
  ["every second one", (x, y, w) => { for (let i = 1; i < w; i += 2) y[i] = x[i < 4 ? 0 : i - 4]! + x[i + 4 > w ? 0 : i]!; }],
];

describe("rows", () => {
  for (const [what, row] of edges) {
    test(`${what}: of any width`, () => {
      const compiled = compileKernel(row as unknown as Kernel, [doubles(60), new Float64Array(60), 60]);
      expectSame(row as unknown as Kernel, compiled, [60, 61, 0, 1, 2, 3, 4, 5, 7, 17, 40, -1, 2 ** 31 - 1].map((w) => [doubles(Math.min(70, Math.max(0, w)), w), new Float64Array(60), Math.min(w, 64)]));
    });
    test(`${what}: of one width`, () => {
      const compiled = compileKernel(row as unknown as Kernel, [doubles(60), new Float64Array(60), 60], [2]);
      expectSame(row as unknown as Kernel, compiled, [60, 61, 0, 1, 59, 30].map((n) => [doubles(n), new Float64Array(n), 60]));
    });
  }
  test("those that clamp are done in lanes, without look-ups", () => {
    for (const [what, row] of edges.slice(0, 7)) {
      const compiled = compileKernel(row as unknown as Kernel, [doubles(60), new Float64Array(60), 60]);
      expect(lanesOf(compiled), what).toBeGreaterThan(1);
      expect(compiled.residual.stages.at(-1)!.text(), what).not.toMatch(/i32x4\.extract_lane\[[1-3]\]/); // lane 0 is how a scalar is converted
    }
  });
});

test("a stencil of five by five over three channels clamps in lanes, without look-ups", () => {
  const blur = ((x: Uint8Array, y: Uint8Array, w: number, h: number) => {
    for (let v = 0; v < h; v++) for (let u = 0; u < w; u++) {
      let r = 0, g = 0, b = 0;
      for (let j = -2; j <= 2; j++) for (let i = -2; i <= 2; i++) {
        const p = (Math.min(h - 1, Math.max(0, v + j)) * w + Math.min(w - 1, Math.max(0, u + i))) * 4, k = 3 - Math.abs(i) + 3 - Math.abs(j);
        r += x[p]! * k; g += x[p + 1]! * k; b += x[p + 2]! * k;
      }
      const o = (v * w + u) * 4;
      y[o] = r / 85; y[o + 1] = g / 85; y[o + 2] = b / 85; y[o + 3] = x[o + 3]!;
    }
  }) as Kernel;
  const args = (n: number): unknown[] => [Uint8Array.from({ length: n * 4 }, (_, i) => (i * 77) & 255), new Uint8Array(n * 4), 24, 4];
  const compiled = compileKernel(blur, args(96), [2, 3]);
  expect(lanesOf(compiled)).toBe(16);
  expectSame(blur, compiled, [96, 95, 50, 0].map(args));
});

test("what only reads farther back after dozens of iterations asks no more from there on", () => {
  const kernel = ((x: Int32Array, coins: number[]) => { for (let v = 1; v < x.length; v++) for (const c of coins) if (v >= c && x[v - c]! + 1 < x[v]!) x[v] = x[v - c]! + 1; }) as Kernel;
  const of = (n: number): unknown[] => [Int32Array.from({ length: n }, (_, i) => (i * 7919) % 1001), [2, 21, 35, 50]], compiled = compileKernel(kernel, of(60), [1]);
  expectSame(kernel, compiled, [60, 0, 1, 9, 10, 50, 51, 52, 130].map(of));
  const executed = (n: number): number => runProgram(compiled.residual.optimized, of(n)).executed;
  expect((executed(240) - executed(140)) / 100).toBeLessThan(39); // with the questions 40
});

test("a loop is not cut in its middle", () => {
  const kernel = ((x: Float64Array, y: Float64Array, n: number, half: number) => { for (let i = 0; i < n; i++) y[i] = i < half ? x[i]! : -x[i]!; }) as Kernel;
  const compiled = compileKernel(kernel, [doubles(64), new Float64Array(64), 64, 32]);
  expectSame(kernel, compiled, [[doubles(64), new Float64Array(64), 64, 32], [doubles(64), new Float64Array(64), 64, 99]]);
  expect(compiled.residual.stages.find((s) => s.pass === "split")!.text().split("= loop").length).toBeLessThan(4);
});

type Sums = (x: Int32Array, n: number) => number;
const heads: readonly (readonly [string, Sums])[] = [
  ["at or after a constant", (x, n) => { for (let i = 1; i <= n; i++) { let best = 1e9; if (i >= 3 && x[i - 3]! + 1 < best) best = x[i - 3]! + 1; if (50 <= i && x[i - 50]! + 2 < best) best = x[i - 50]! + 2; x[i] = best; } return 0; }],
  ["behind a constant", (x, n) => { let s = 0; for (let i = 0; i <= n; i++) if (i > 20) s += x[i - 21]!; else s -= i; return s; }],
  ["every third one", (x, n) => { let s = 0; for (let i = 2; i <= n; i += 3) { if (7 < i) s += x[i - 8]!; x[i] = s; } return s; }],
];
describe("loops that count in doubles, whose first iterations reach less far back", () => {
  const ints = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => (i * 7919) % 101);
  for (const [what, sums] of heads) {
    test(`${what}: a loop without questions behind the one with them`, () => {
      const compiled = compileKernel(sums as unknown as Kernel, [ints(90), 80]);
      expectSame(sums as unknown as Kernel, compiled, [80, 89, 0, 1, 2, 3, 20, 21, 22, 49, 50, 51, 52, 100, -1, -3].map((n) => [ints(90), n]));
      expect(compiled.residual.stages.find((s) => s.pass === "heads")!.changes).toHaveLength(1);
      const loops = compiled.residual.stages.at(-1)!.text().split("\n").filter((line) => / loop loop/.test(line));
      expect(loops.filter((line) => line.includes("i32 =") && line.endsWith("main {"))).toHaveLength(1);
    });
  }
  test("no head where the edge lies far away, or the limit is a constant", () => {
    const far = ((x, n) => { let s = 0; for (let i = 1; i <= n; i++) if (i >= 66) s += x[i - 66]!; return s; }) as Sums;
    const known = ((x) => { let s = 0; for (let i = 1; i <= 80; i++) if (i >= 50) s += x[i - 50]!; return s; }) as Sums;
    for (const kernel of [far, known]) expect(compileKernel(kernel as unknown as Kernel, [ints(90), 80]).residual.stages.flatMap((s) => (s.pass === "heads" ? s.changes : []))).toEqual([]);
  });
});

test("loops without conversions are split as well, and not narrowed again", () => {
  const kernel = ((x: Int32Array, y: Int32Array) => { for (let i = 0; i < x.length; i++) y[i] = x[i]! ^ 5; }) as Kernel;
  const names = compileKernel(kernel, [new Int32Array(40), new Int32Array(40)]).residual.stages.map(({ pass }) => pass);
  expect(names).toContain("split doubles");
  expect(names).not.toContain("narrow 2");
});

describe("filters that ask how far back they may read", () => {
  type Filter = (x: Float64Array, y: Float64Array) => void;
  test.each<[string, Filter]>([
    ["and take every fourth sample", (x, y) => { for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < 9; k++) { const j = i * 4 - k; if (j >= 0) s += x[j]! / (k + 1); } y[i] = s; } }],
    ["by more than a loop of many taps may grow", (x, y) => { for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < 30; k++) { const j = i * 2 - k; if (j >= 0) s += x[j]! / (k + 1); } y[i] = s; } }],
    ["by a product", (x, y) => { for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < 5; k++) if (k < i * 3) s += x[i * 3 - k]! * k; y[i] = s; } }],
  ])("%s", (_, kernel) => {
    const args = (n: number): unknown[] => [doubles(n, n), new Float64Array(n >> 2)], compiled = compileKernel(kernel as Kernel, args(80));
    expectSame(kernel as Kernel, compiled, [0, 3, 4, 8, 17, 40, 79, 80, 131].map(args));
    expect(lanesOf(compiled)).toBeGreaterThan(1);
  });
});

describe("grids that wrap around, of a width that is no power of two, go in lanes", () => {
  type Grid = (u: Float64Array, v: Float64Array) => void;
  test.each<[string, Grid]>([
    ["a neighbour on each side", (u, v) => {
      for (let y = 0; y < 30; y++) {
        const up = ((y + 29) % 30) * 90, down = ((y + 1) % 30) * 90;
        for (let x = 0; x < 90; x++) v[y * 90 + x] = u[y * 90 + (x + 89) % 90]! + u[y * 90 + (x + 1) % 90]! + u[up + x]! + u[down + x]! - 4 * u[y * 90 + x]!;
      }
    }],
    ["directions that are added with the width", (u, v) => {
      for (let y = 0; y < 30; y++) for (let x = 0; x < 90; x++) {
        let s = 0;
        for (let d = -1; d <= 1; d++) s += u[((y - d + 30) % 30) * 90 + (x + d + 90) % 90]!;
        v[y * 90 + x] = s;
      }
    }],
  ])("%s", (_, grid) => {
    const compiled = compileKernel(grid as Kernel, [doubles(2700), new Float64Array(2700)]);
    expectSame(grid as Kernel, compiled, [2700, 2699, 3000, 1400, 89, 0].map((n) => [doubles(n, n), new Float64Array(n + 5)]));
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    const { executed } = runProgram(compiled.residual.optimized, [doubles(2700), new Float64Array(2700)]);
    expect(executed).toBeLessThan(2700 * 12); // few rows are done in scalar code
  });
});
