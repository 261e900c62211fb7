// Straight code asks once whether the arrays are long enough.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { compileKernel, doubles, expectSame, runProgram, type Kernel } from "./vectorize.harness.ts";

/** whether the code is there twice */
const changed = ({ residual: { stages } }: ReturnType<typeof compileKernel>): boolean => {
  const at = stages.findIndex((s) => s.pass === "lengths");
  return stages[at]!.operations > stages[at - 1]!.operations;
};

describe("straight code over arrays", () => {
  const product = (a: Float64Array, b: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) out[3 * i + j] = a[3 * i]! * b[j]! + a[3 * i + 1]! * b[3 + j]! + a[3 * i + 2]! * b[6 + j]!;
  };
  const args = (n: number, m = n, k = n): unknown[] => [doubles(n), doubles(m, 2), new Float64Array(k)];

  test("has no checks where all elements are there, and is as before where not", () => {
    const compiled = compileKernel(product, args(9));
    expect(changed(compiled)).toBe(true);
    expectSame(product, compiled, [args(9), args(12), args(8), args(0), args(9, 4), args(3, 9), args(9, 9, 5), args(20, 9, 9)]);
    expect(runProgram(compiled.residual.optimized, args(9)).executed).toBeLessThan(runProgram(compiled.residual.program, args(9)).executed * 0.6);
  });
  test("of arrays that are one another's", () => {
    const compiled = compileKernel(product, args(9), [], true);
    const one = doubles(9);
    expectSame(product, compiled, [[one, one, one], [one, doubles(9, 3), one]]);
  });
  test("with a return from its middle, and loops after it", () => {
    const kernel = (x: Float64Array, n: number): number => {
      let s = x[0]! * x[1]! + x[2]! * x[3]! + x[4]! * x[5]!;
      if (s > 0) return s - x[6]!;
      for (let i = 0; i < n; i++) s = s * 0.5 + x[i]!;
      return s;
    };
    const compiled = compileKernel(kernel as Kernel, [doubles(16), 10]);
    expect(changed(compiled)).toBe(true);
    expectSame(kernel as Kernel, compiled, [0, 1, 4, 6, 7, 8, 16].flatMap((n) => [[doubles(n), 10], [new Float64Array(n).fill(1), 3], [new Float64Array(n).fill(-1).map((v, i) => (i & 1 ? 1 : v)), n + 2]]));
  });
  test("with two checks is left alone", () => {
    const kernel = (x: Float64Array): number => x[0]! + x[1]!;
    expect(changed(compileKernel(kernel as Kernel, [doubles(4)]))).toBe(false);
  });
});

describe("nests of loops over small arrays", () => {
  const decompose = (a: Float64Array, order: Int32Array, n: number): void => {
    for (let k = 0; k < n; k++) {
      let p = k;
      for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[p * n + k]!)) p = i;
      order[k] = p;
      for (let j = 0; j < n; j++) { const t = a[p * n + j]!; a[p * n + j] = a[k * n + j]!; a[k * n + j] = t; }
      for (let i = k + 1; i < n; i++) { a[i * n + k]! /= a[k * n + k]!; for (let j = k + 1; j < n; j++) a[i * n + j]! -= a[i * n + k]! * a[k * n + j]!; }
    }
  };
  const args = (n = 49, m = 7): unknown[] => [doubles(n), new Int32Array(m), 7];

  test("have no checks where all places are there, and are as before where not", () => {
    const compiled = compileKernel(decompose as Kernel, args(), [2]), before = compileKernel(decompose as Kernel, args(), [2], false, new Set(["lengths"]));
    expect(changed(compiled)).toBe(true);
    expectSame(decompose as Kernel, compiled, [args(), args(60, 9), args(48), args(49, 6), args(0, 0), args(30), args(10, 2)]);
    expect(runProgram(compiled.residual.optimized, args()).executed).toBeLessThan(runProgram(before.residual.optimized, args()).executed * 0.8);
  });
  test("over many places are left to the split of loops", () => {
    const kernel = (a: Float64Array, n: number): void => { for (let y = 1; y < n; y++) for (let x = y; x < n; x++) a[y * n + x]! += a[y * n - n + x]! * 0.5; };
    expect(changed(compileKernel(kernel as Kernel, [doubles(60 * 60), 60], [1]))).toBe(false);
    expect(changed(compileKernel(kernel as Kernel, [doubles(30 * 30), 30], [1]))).toBe(true);
  });
});

describe("what a loop begins with", () => {
  const most = (x: Int32Array): number => { let m = x[0]!; for (let i = 1; i < x.length; i++) if (x[i]! > m) m = x[i]!; return m / 2; };
  const hash = (s: Uint8Array): number => { let h = s[0]! * 7; for (let i = 1; i < s.length; i++) h = (h * 31 + s[i]!) % 65521; return h; };
  const ints = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => Math.imul(i + 3, 0x9e3779b1));
  const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => i * 37 + 5);
  const opsOf = ({ residual }: ReturnType<typeof compileKernel>): string[] => [...instructions(residual.optimized.functions[0]!.body)].map(({ op }) => op as string);

  test("is an integer where it is there: the greatest, in lanes of int32", () => {
    const compiled = compileKernel(most as Kernel, [ints(50)]);
    expect(changed(compiled)).toBe(true);
    expect(opsOf(compiled)).toContain("i32x4.max_s");
    expectSame(most as Kernel, compiled, [0, 1, 2, 50, 99].map((n) => [ints(n)]));
  });
  test("a hash modulo a prime", () => {
    const compiled = compileKernel(hash as Kernel, [bytes(50)]);
    expect(opsOf(compiled)).toContain("i32.rem_u");
    expectSame(hash as Kernel, compiled, [0, 1, 2, 50].map((n) => [bytes(n)]));
  });
  test("is left alone where it is a double anyway", () => {
    const kernel = (x: Float64Array): number => { let m = x[0]!; for (let i = 1; i < x.length; i++) if (x[i]! > m) m = x[i]!; return m; };
    expect(changed(compileKernel(kernel as Kernel, [doubles(9)]))).toBe(false);
  });
});
