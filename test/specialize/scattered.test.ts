// Elements that neighbouring iterations have far apart (records of many doubles): each lane loads and stores its own.

import { describe, expect, test } from "vitest";
import { printProgram } from "../../src/ir/print.ts";
import { compileKernel, doubles, expectSame, lanesOf, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 7, 8, 9, 18, 27, 63, 64];
function story(kernel: Kernel, args: (n: number) => unknown[]): Compiled {
  const compiled = compileKernel(kernel, args(72));
  expectSame(kernel, compiled, lengths.map(args));
  return compiled;
}

type Two = (a: Float64Array, b: Float64Array) => void;
const two = (n: number): unknown[] => [doubles(n), doubles(n, 3)];
const inverse: Two = (a, b) => {
  for (let i = 0; i + 8 < a.length; i += 9) {
    const x = a[i + 4]! * a[i + 8]! - a[i + 5]! * a[i + 7]!, y = a[i + 5]! * a[i + 6]! - a[i + 3]! * a[i + 8]!, z = a[i + 3]! * a[i + 7]! - a[i + 4]! * a[i + 6]!;
    const d = 1 / (a[i]! * x + a[i + 1]! * y + a[i + 2]! * z);
    b[i] = x * d; b[i + 4] = (a[i]! * a[i + 8]! - a[i + 2]! * a[i + 6]!) * d; b[i + 8] = z * d;
  }
};

describe("each lane by itself", () => {
  test.each<[string, Two]>([
    ["records of nine", inverse],
    ["records of six, one number of each", (a, b) => { for (let i = 0; i < b.length; i++) b[i] = Math.exp(a[6 * i]! * 0.1 + a[6 * i + 1]! * a[6 * i + 4]!) / (1 + a[6 * i + 3]!); }],
    ["in place", (a) => { for (let i = 0; i + 4 < a.length; i += 5) { const r = 1 / Math.sqrt(a[i]! * a[i]! + a[i + 3]! * a[i + 3]! + 1); a[i] = a[i]! * r; a[i + 3] = a[i + 3]! * r; } }],
    ["what the record after it has", (a) => { for (let i = 0; i + 11 < a.length; i += 6) a[i] = Math.sqrt(a[i + 7]! * a[i + 7]! + a[i + 1]! / 3) / (1 + a[i + 2]! * a[i + 2]!); }],
    ["from the end", (a, b) => { for (let i = b.length - 6; i >= 0; i -= 6) b[i] = Math.sqrt(a[i]! * a[i]! + a[i + 3]! * a[i + 5]!) / (1 + a[i + 2]! * a[i + 2]!); }],
    ["as many as the length says", (a, b) => { for (let i = 0; i < a.length / 9; i++) b[i] = Math.sqrt(a[9 * i]! * a[9 * i]! + a[9 * i + 4]! * a[9 * i + 5]!) / (1 + a[9 * i + 2]! * a[9 * i + 2]!); }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel, two))).toBeGreaterThan(1); });

  test("singles and words", () => {
    const kernel = (a: Float32Array, w: Int32Array, y: Float32Array): void => {
      for (let i = 0; i + 6 < a.length; i += 7) { y[i] = Math.sqrt(a[i]! * a[i]! + w[i + 2]! * a[i + 5]!) / (1 + w[i]! * w[i + 6]!); w[i + 1] = Math.imul(w[i + 1]! ^ w[i + 4]!, 77); }
    };
    expect(lanesOf(story(kernel as never, (n) => [Float32Array.from(doubles(n)), Int32Array.from({ length: n }, (_, i) => Math.imul(i, 0x9e3779b1)), new Float32Array(n)]))).toBeGreaterThan(1);
  });

  test("with fewer operations", () => {
    const args = two(900), { residual } = compileKernel(inverse, args);
    expect(runProgram(residual.optimized, args).executed / runProgram(residual.program, args).executed).toBeLessThan(0.75);
  });
});

describe("columns of a table whose width varies", () => {
  type Column = (z: Float64Array, y: Float64Array, w: number, c: number) => unknown;
  const tables = (n: number, w: number, c = 0): unknown[] => [doubles(n * Math.max(1, Math.min(w, 9))), doubles(n, 3), w, c];
  const widths: readonly (readonly [number, number])[] = [[1, 0], [2, 1], [3, 2], [7, 3], [9, 8], [0, 0], [0, 3], [-1, 5], [4, -1], [5, 11], [65536, 1], [1 << 30, 2]];
  const storyOf = (kernel: Column): Compiled => {
    const compiled = compileKernel(kernel as Kernel, tables(40, 5, 2));
    expectSame(kernel as Kernel, compiled, [0, 1, 3, 4, 7, 8, 9, 17, 40].flatMap((n) => widths.map(([w, c]) => tables(n, w, c))));
    return compiled;
  };
  test.each<[string, Column]>([
    ["one", (z, y, w, c) => { for (let k = 0; k < y.length; k++) y[k] = Math.sqrt(z[k * w + c]! * z[k * w + c]! + 1); }],
    ["two that lie side by side", (z, y, w, c) => { for (let k = 0; k < y.length; k++) y[k] = Math.sqrt(z[k * w + c]! * z[k * w + c + 1]! + k); }],
    ["the next row's, every second one", (z, y, w, c) => { for (let k = 0; k + 1 < y.length; k += 2) y[k >> 1] = Math.sqrt(z[(k + 1) * w + c]! * 0.5 + y.length); }],
    ["upwards, from the end", (z, y, w, c) => { for (let k = y.length - 1; k >= 0; k--) y[k] = Math.sqrt(z[k * w + c]! * 0.5 + 3); }],
    ["a sum in its order", (z, y, w, c) => { let s = 0; for (let k = 0; k < y.length; k++) s += Math.sqrt(y[k]! * z[k * w + c]!) / 3; return s; }],
    ["the least sum", (z, y, w, c) => { let s = 1e9; for (let k = 0; k < y.length; k++) s = Math.min(s, y[k]! + z[k * w + c]!); return s; }],
    ["a diagonal", (z, y, w, c) => { for (let k = 0; k < y.length; k++) y[k] = Math.sqrt(z[k * w + k + c]! * z[k * (w - 1) + c]! + 2); }],
    ["layers of layers", (z, y, w, c) => { for (let k = 0; k < y.length; k++) y[k] = Math.sqrt(z[(k * w + 1) * c + 1]! * 0.5 + 7); }],
  ])("%s", (_, kernel) => { storyOf(kernel); });

  test("of singles, words and bytes", () => {
    const kernel = (f: Float32Array, w: Int32Array, b: Uint8Array, y: Float64Array, n: number, j: number): void => {
      for (let k = 0; k < y.length; k++) y[k] = Math.sqrt(f[k * n + j]! * w[k * n + j]! + b[k * n + j]! * b[(k + 1) * n + j]!);
    };
    const args = (m: number, n = 6, j = 2): unknown[] => [Float32Array.from(doubles(m * 6)), Int32Array.from({ length: m * 6 }, (_, i) => Math.imul(i, 0x9e3779b1)), Uint8Array.from({ length: m * 6 + 6 }, (_, i) => 7 * i), new Float64Array(m), n, j];
    const compiled = compileKernel(kernel as never, args(40));
    expectSame(kernel as never, compiled, [0, 1, 7, 8, 9, 40].flatMap((m) => [args(m), args(m, 1, 0), args(m, 5, 5), args(m, 7, 0), args(m, 0, 1)]));
    expect(lanesOf(compiled)).toBeGreaterThan(1);
  });
  test("which index is looked up by nothing in lanes: a column takes few operations", () => {
    const kernel = (best: Int32Array, n: number, i: number, j: number): number => { let s = 0; for (let k = 0; k < n; k++) s = Math.max(s, best[i * n + k]! + best[k * n + j]!); return s; };
    const args = [Int32Array.from({ length: 1600 }, (_, i) => i % 77), 40, 3, 5], { residual } = compileKernel(kernel as never, args);
    const { executed } = runProgram(residual.optimized, args);
    expect(printProgram(residual.optimized)).not.toContain("i32x4.mul");
    expect(executed / 40).toBeLessThan(11);
    expect(residual.vectorized.some(({ lanes }) => lanes > 1)).toBe(true);
  });
  test("not where the loop writes the table", () => {
    const compiled = storyOf((z, _, w, c) => { for (let k = 1; k < 9; k++) z[k] = Math.sqrt(z[k * w + c]! * 0.5 + 7); });
    expect(lanesOf(compiled)).toBe(1);
  });
});

describe("left alone", () => {
  test.each<[string, Two]>([
    ["where an iteration reads what the one before it wrote", (a) => { for (let i = 6; i + 5 < a.length; i += 6) a[i] = Math.sqrt(a[i - 6]! * a[i + 1]! + a[i + 2]!) / (1 + a[i + 3]! * a[i + 3]!); }],
    ["where a condition says what is written", (a, b) => { for (let i = 0; i + 5 < a.length; i += 6) if (a[i]! > 0) b[i] = Math.sqrt(a[i]! * a[i + 1]! + a[i + 2]!) / (1 + a[i + 3]! * a[i + 3]!); }],
    ["where moving is all there is to do", (a, b) => { for (let i = 0; i + 5 < a.length; i += 6) b[i] = a[i]! + 1; }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel, two))).toBe(1); });
});

test("pairs of neighbours within an iteration do a dense layer", () => {
  const kernel = (x: Float64Array, y: Float64Array, w: number[][]): void => {
    for (let r = 0; r * 16 < x.length; r++) for (let o = 0; o < 8; o++) { let s = 0; for (let i = 0; i < 16; i++) s += w[o]![i]! * x[16 * r + i]!; y[8 * r + o] = s > 0 ? s : 0; }
  };
  const args = (n: number): unknown[] => [doubles(n), new Float64Array(n), Array.from({ length: 8 }, (_, o) => Array.from({ length: 16 }, (__, i) => Math.sin(16 * o + i)))];
  const compiled = compileKernel(kernel, args(64), [2]);
  expect(lanesOf(compiled)).toBe(1);
  expect(printProgram(compiled.residual.optimized)).toContain("v128.store");
  expectSame(kernel, compiled, [args(64)]);
});

test("fields of a record that is looked up: lanes take its place out once, also where only a condition keeps it in the table", () => {
  const kernel = (k: Uint8Array, y: Float64Array, t: Float32Array): void => {
    for (let i = 0; i < y.length; i++) { const b = k[i]! * 4; y[i] = t[b]! * 0.5 + Math.sqrt(t[b + 1]! * t[b + 2]!) / (t[b + 3]! + 2); }
  };
  const table = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => i + 0.5);
  for (const n of [1024, 80, 82, 3]) { // records that are all there, or not, or in part
    const args = (m: number): unknown[] => [Uint8Array.from({ length: m }, (_, i) => (i * 37) & (i % 3 ? 31 : 255)), new Float64Array(m), table(n)];
    const compiled = compileKernel(kernel, args(72), [2]);
    expectSame(kernel, compiled, lengths.map(args));
    if (n === 3) continue;
    const lanes = lanesOf(compiled);
    expect(lanes).toBeGreaterThanOrEqual(4);
    const count = (pattern: RegExp): number => printProgram(compiled.residual.optimized).match(pattern)?.length ?? 0;
    // a scalar is converted in lane 0
    if (n !== 82) expect(count(/i32x4\.extract_lane/g) - count(/i32x4\.trunc_sat_f64x2_s_zero/g)).toBeLessThanOrEqual(lanes);
  }
});

test("tables of any length by bytes, which are looked at before", () => {
  const palette = (x: Uint8Array, colours: Uint32Array, out: Uint32Array): void => { for (let i = 0; i < out.length; i++) out[i] = colours[x[i]! * 2 + 1]!; };
  const args = (n: number, most = 8): unknown[] => [Uint8Array.from({ length: n }, (_, i) => (i * 7) % most), Uint32Array.from({ length: 16 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 0), new Uint32Array(n)];
  const compiled = compileKernel(palette, args(64));
  expect(compiled.residual.log.join("\n")).toContain("2 checks by 2 limits");
  expect(compiled.loops.map((l) => l.lanes).filter((n) => n > 1)).toEqual([16, 16]); // what looks ahead, too
  expectSame(palette, compiled, [args(64), args(64, 9), args(3), args(0)]);
});
test("they are not where the loop may end at what it finds: it would look at all to find the first", () => {
  const first = (x: Uint8Array, t: Float64Array, n: number): number => { for (let i = 0; i < n; i++) if (t[x[i]!]! > 3) return i; return -1; };
  const args = (n: number): unknown[] => [Uint8Array.from({ length: 64 }, (_, i) => i), Float64Array.from({ length: 50 }, (_, i) => i / n), n];
  const compiled = compileKernel(first, args(64));
  expect(printProgram(compiled.residual.optimized)).not.toContain("loop ahead");
  expectSame(first, compiled, [args(64), args(4), args(70)]);
});

describe("neighbours in a direction that the numbers tell", () => {
  type Edges = (x: Float32Array, y: Float32Array, z: Float32Array, w: number) => void;
  const singles = (n: number, seed = 1): Float32Array => Float32Array.from(doubles(n, seed));
  const args = (n: number): unknown[] => [singles(n), singles(n, 3), singles(n, 5), 9];
  const edges: Edges = (x, y, z, w) => {
    for (let i = w + 1; i < x.length - w - 1; i++) {
      const dx = x[i]!, dy = y[i]!, m = Math.sqrt(dx * dx + dy * dy);
      if (m < 2) { z[i] = 0; continue; }
      let p, q;
      if (Math.abs(dx) > 2 * Math.abs(dy)) { p = i - 1; q = i + 1; } else if (Math.abs(dy) > 2 * Math.abs(dx)) { p = i - w; q = i + w; } else if (dx * dy > 0) { p = i - w - 1; q = i + w + 1; } else { p = i - w + 1; q = i + w - 1; }
      const mp = Math.sqrt(x[p]! * x[p]! + y[p]! * y[p]!), mq = Math.sqrt(x[q]! * x[q]! + y[q]! * y[q]!);
      z[i] = m >= mp && m >= mq ? m : 0;
    }
  };
  const upwind: Edges = (x, y, z) => { for (let i = 1; i < z.length - 1; i++) if (y[i]! > 0) z[i] = Math.sqrt(Math.sqrt(Math.abs(x[x[i]! > 3 ? i - 1 : i + 1]!)) / (1 + y[i]! * y[i]!)) / (2 + x[i]! * x[i]!); };
  test.each<[string, Edges]>([["edges of a picture", edges], ["upwind", upwind]])("%s, in lanes", (_, kernel) => {
    const compiled = compileKernel(kernel as Kernel, args(72), [3]);
    expectSame(kernel as Kernel, compiled, [0, 1, 8, 18, 19, 20, 27, 64, 72].map(args));
    expectSame(kernel as Kernel, compiled, [60, 71, 70].map((n) => [singles(72), singles(n), singles(65, 2), 9]));
    expect(lanesOf(compiled)).toBeGreaterThan(1);
  });
  test("not where one may be anywhere", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < x.length; i++) if (x[i]! > 0) y[i] = x[x[i]! > 5 ? (i * i) & 31 : i]! / (1 + x[i]! * x[i]!); };
    const compiled = compileKernel(kernel as Kernel, [doubles(40), doubles(40)]);
    expectSame(kernel as Kernel, compiled, [0, 7, 40, 64].map((n) => [doubles(n), doubles(n, 2)]));
    expect(compiled.loops.map(({ lanes }) => lanes)).toEqual([1]);
  });
});
