// Loops around one whose order counts: which are taken, that every iteration keeps its order, and that fewer operations are done.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, runProgram, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 5, 7, 8, 9, 16, 17, 33];

function story(kernel: Kernel, make: (n: number) => unknown[]): Compiled {
  const compiled = compileKernel(kernel, make(24));
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}
const share = (kernel: Kernel, args: readonly unknown[]): number => {
  const { residual } = compileKernel(kernel, args);
  return runProgram(residual.optimized, args).executed / runProgram(residual.program, args).executed;
};

const matvec = (a: Float64Array, x: Float64Array, y: Float64Array, n: number, m: number): void => {
  for (let i = 0; i < n; i++) { let s = 0; for (let j = 0; j < m; j++) s += a[i * m + j]! * x[j]!; y[i] = s; }
};
const filter = (x: Float64Array, y: Float64Array, taps: Float64Array): void => {
  for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < taps.length; k++) s += taps[k]! * x[i + k]!; y[i] = s; }
};

describe("loops that are taken", () => {
  test("rows of a matrix, each lane loading its own", () => { expect(lanesOf(story(matvec, (n) => [doubles(n * n), doubles(n, 3), new Float64Array(n), n, n]))).toBe(8); });
  test("a filter, its lanes side by side", () => { expect(lanesOf(story(filter, (n) => [doubles(n + 4), new Float64Array(n), doubles(5, 2)]))).toBe(8); });
  test("with a good part of the operations", () => {
    expect(share(matvec, [doubles(64 * 64), doubles(64, 3), new Float64Array(64), 64, 64])).toBeLessThan(0.5);
    expect(share(filter, [doubles(128), new Float64Array(100), doubles(24, 2)])).toBeLessThan(0.4);
  });
  test("columns of a matrix whose width the call tells", () => {
    const kernel = (a: Float64Array, x: Float64Array, y: Float64Array, n: number, m: number): void => {
      for (let j = 0; j < y.length; j++) { let s = 0; for (let i = 0; i < n; i++) s += a[i * m + j]! * x[i]!; y[j] = s; }
    };
    const of = (rows: number, m: number, columns: number, size = rows * m): unknown[] => [doubles(size), doubles(rows, 3), new Float64Array(columns), rows, m];
    const compiled = story(kernel, (n) => of(n, n, n));
    expect(lanesOf(compiled)).toBe(8);
    const many = of(20, 40, 40);
    expect(runProgram(compiled.residual.optimized, many).executed).toBeLessThan(runProgram(compiled.residual.program, many).executed * 0.35);
    // rows that are not there, or only in part; one row again and again; backwards; and products beyond int32, which wrapped around would be there
    expectSame(kernel, compiled, [of(9, 20, 20, 100), of(9, 20, 20, 110), of(5, 3, 40), of(9, 0, 20, 30), of(9, -1, 20, 30), of(9, -20, 20, 300), of(9, 2 ** 30, 20, 50), of(9, 2 ** 31 - 1, 20, 50), of(17, 2 ** 28 + 1, 20, 50)]);
  });
  test("a product of matrices whose sizes the call tells", () => {
    const kernel = (a: Float32Array, b: Float32Array, c: Float32Array, n: number, l: number, m: number): void => {
      for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) { let s = 0; for (let k = 0; k < l; k++) s += a[i * l + k]! * b[k * m + j]!; c[i * m + j] = s; }
    };
    const of = (n: number, l: number, m: number): unknown[] => [Float32Array.from(doubles(n * l)), Float32Array.from(doubles(l * m, 2)), new Float32Array(n * m), n, l, m];
    const compiled = story(kernel, (n) => of(Math.min(n, 9), 5, n));
    expect(lanesOf(compiled)).toBe(8);
    const many = of(6, 20, 40);
    expect(runProgram(compiled.residual.optimized, many).executed).toBeLessThan(runProgram(compiled.residual.program, many).executed * 0.35);
  });
  test("a state of many numbers, step by step", () => {
    const kernel = (a: Float64Array, b: Float64Array): void => {
      for (let i = 0; i + 5 < a.length; i += 6) {
        let x = a[i]!, y = a[i + 1]!, z = a[i + 2]!, u = a[i + 3]!, v = a[i + 4]!, w = a[i + 5]!;
        for (let k = 0; k < 30; k++) {
          const r2 = x * x + y * y + z * z, f = -1 / (r2 * Math.sqrt(r2));
          u += 0.01 * f * x; v += 0.01 * f * y; w += 0.01 * f * z;
          x += 0.01 * u; y += 0.01 * v; z += 0.01 * w;
        }
        b[i] = x; b[i + 1] = y; b[i + 2] = z; b[i + 3] = u; b[i + 4] = v; b[i + 5] = w;
      }
    };
    expect(lanesOf(story(kernel, (n) => [doubles(6 * n), new Float64Array(6 * n)]))).toBe(8);
  });
  test("windows over the edge, done by the loop behind", () => { expect(lanesOf(story(filter, (n) => [doubles(n), new Float64Array(n), doubles(5, 2)]))).toBe(8); });
  test("a window around each element, of singles", () => {
    const kernel = (x: Float32Array, y: Float32Array, n: number, r: number): void => {
      for (let i = r; i < n - r; i++) { let s = 0; for (let k = -r; k <= r; k++) s += x[i + k]!; y[i] = s / (2 * r + 1); }
    };
    const of = (n: number): unknown[] => [Float32Array.from(doubles(n)), new Float32Array(n), n, 2];
    expect(lanesOf(story(kernel, of))).toBe(8);
    expectSame(kernel, compileKernel(kernel, of(24)), [[Float32Array.from(doubles(20)), new Float32Array(20), 30, 3], [Float32Array.from(doubles(20)), new Float32Array(9), 20, 0], [Float32Array.from(doubles(20)), new Float32Array(20), 20, -1]]);
  });
  test("the nearest of a list", () => {
    const kernel = (p: Float64Array, c: Float64Array, at: Int32Array): void => {
      for (let i = 0; i < at.length; i++) {
        let best = Infinity, k = -1;
        for (let j = 0; j < c.length; j++) { const d = p[i]! - c[j]!; if (d * d < best) { best = d * d; k = j; } }
        at[i] = k;
      }
    };
    expect(lanesOf(story(kernel, (n) => [doubles(n), doubles(6, 5), new Int32Array(n)]))).toBe(8);
  });
  test("a triangle: what rows have beyond the shortest is done by the loop behind", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => {
      for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < i; k++) s += x[k]!; y[i] = s; }
    };
    expect(lanesOf(story(kernel, (n) => [doubles(n), new Float64Array(n)]))).toBe(8);
  });
  test("inner loops that are shortest in the middle", () => {
    const kernel = (x: Float64Array, y: Float64Array, n: number): void => {
      for (let i = 0; i < n; i++) { let s = 0; for (let k = 0; k < Math.max(i, n - i); k++) s += x[i + k]!; y[i] = s; }
    };
    expect(lanesOf(story(kernel, (n) => [doubles(2 * n), new Float64Array(n), n]))).toBe(8);
  });
  test("rows of a constant table, too many to unroll", () => {
    const rows = Array.from({ length: 40 }, (_, o) => doubles(96, o + 1));
    const kernel: Kernel = Function("rows", "return (x, y) => { for (let o = 0; o < rows.length; o++) { const row = rows[o]; let s = 0; for (let k = 0; k < row.length; k++) s += row[k] * x[k]; y[o] = s > 0 ? s : 0; } };")(rows) as Kernel;
    expect(lanesOf(story(kernel, (n) => [doubles(80 + n), new Float64Array(20 + n)]))).toBe(8);
  });
  test("bytes", () => {
    const kernel = (x: Uint8Array, w: Float64Array, y: Uint8Array): void => {
      for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < w.length; k++) s += x[i + k]! * w[k]!; y[i] = s; }
    };
    expect(lanesOf(story(kernel, (n) => [whole(new Uint8Array(n + 3)), doubles(4, 9), new Uint8Array(n)]))).toBe(16);
  });
});

describe("what the outer loop carries is gathered behind the inner one, in its order", () => {
  test("a sum of what the rows gave, beside what is stored", () => {
    const kernel = (a: Float64Array, x: Float64Array, y: Float64Array, n: number): number => {
      let q = 0.1;
      for (let i = 0; i < n; i++) { let s = 0; for (let j = 0; j < n; j++) s += a[i * n + j]! * x[j]!; y[i] = s; q += x[i]! * s; }
      return q;
    };
    const compiled = story(kernel, (n) => [doubles(n * n), doubles(n, 3), new Float64Array(n), n]);
    expect(lanesOf(compiled)).toBe(8);
    expectSame(kernel, compiled, [[doubles(300), doubles(20, 3), new Float64Array(20), 20], [doubles(400), doubles(11, 3), new Float64Array(20), 20], [doubles(400), doubles(20, 3), new Float64Array(9), 20]]);
    expect(share(kernel, [doubles(64 * 64), doubles(64, 3), new Float64Array(64), 64])).toBeLessThan(0.5);
  });
  test("a sum, a count under a condition, the best of the rows and its number", () => {
    const kernel = (a: Float32Array, x: Float32Array): number[] => {
      let total = 0, loud = 0, best = Infinity, at = -1;
      for (let i = 0; i < 21; i++) {
        let s = 0;
        for (let j = 0; j < x.length; j++) { const d = a[i * x.length + j]! - x[j]!; s += d * d; }
        total += Math.sqrt(s);
        if (s > 2) loud++;
        if (s < best) { best = s; at = i; }
      }
      return [total, loud, best, at];
    };
    expect(lanesOf(story(kernel, (n) => [Float32Array.from(doubles(21 * n)), Float32Array.from(doubles(n, 3))]))).toBe(8);
  });
  test("the value of the iteration before", () => {
    const kernel = (x: Float64Array, y: Float64Array, w: Float64Array): number => {
      let before = 1, other = 2;
      for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < w.length; k++) s += x[i + k]! * w[k]!; y[i] = before - s; other = before; before = s; }
      return other;
    };
    expect(lanesOf(story(kernel, (n) => [doubles(n + 3), new Float64Array(n), doubles(4, 9)]))).toBe(8);
  });
});

describe("loops that are not", () => {
  test("the inner loop begins with what the outer one carries", () => {
    const kernel = (x: Float64Array, y: Float64Array, w: Float64Array): void => {
      let s = 0;
      for (let i = 0; i < y.length; i++) { for (let k = 0; k < w.length; k++) s += x[i + k]! * w[k]!; y[i] = s; }
    };
    expect(lanesOf(story(kernel, (n) => [doubles(n + 3), new Float64Array(n), doubles(4, 9)]))).toBe(1);
  });
  test("what the inner loop compares with is carried", () => {
    const kernel = (x: Float64Array, y: Float64Array, w: Float64Array): void => {
      let low = -1;
      for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < w.length; k++) s += Math.max(low, x[i + k]! * w[k]!); y[i] = s; low = s * 0.01; }
    };
    expect(story(kernel, (n) => [doubles(n + 3), new Float64Array(n), doubles(4, 9)]).residual.stages.find((s) => s.pass === "jam")!.text()).not.toContain("lanes (");
  });
  test("what the inner loop reads is written behind it", () => {
    const kernel = (x: Float64Array, w: Float64Array): void => {
      for (let i = 0; i < x.length; i++) { let s = 0; for (let k = 0; k < w.length; k++) s += x[k]! * w[k]!; x[i] = s; }
    };
    expect(lanesOf(story(kernel, (n) => [doubles(n), doubles(4, 9)]))).toBe(1);
  });
});

test("rows of a sparse matrix, which begin where the one before ends, are left as they were", () => {
  const kernel = ((x: Float64Array, y: Float64Array, starts: readonly number[], columns: readonly number[]) => {
    for (let i = 0; i < y.length; i++) { let s = 0; for (let k = starts[i]!; k < starts[i + 1]!; k++) s += 0.5 * x[columns[k]!]!; y[i] = s; }
  }) as Kernel;
  const starts = Array.from({ length: 33 }, (_, i) => (i * (i + 3)) >> 2), columns = Array.from({ length: starts.at(-1)! }, (_, k) => (k * 7) % 32);
  const compiled = compileKernel(kernel, [doubles(32), new Float64Array(32), starts, columns], [2, 3]);
  expect(compiled.residual.stages.at(-1)!.text()).not.toContain("lanes (");
  expectSame(kernel, compiled, [[doubles(32), new Float64Array(32), starts, columns]]);
});
