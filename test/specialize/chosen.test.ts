// The best so far, chosen by comparisons and conditions: in lanes, with NaN and the zeros' signs as they were.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 2, 7, 8, 9, 16, 33];
const zeros = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => (i % 5 === 3 ? 0 : i % 3 === 1 ? -0 : 1 + i));
const words = (n: number, by = 0x9e3779b1): Int32Array => Int32Array.from({ length: n }, (_, i) => Math.imul(i + 1, by) >> 8);
function story(kernel: Kernel): Compiled {
  const args = (n: number): unknown[] => [doubles(n), doubles(n, 3), words(n), words(n, 0x85ebca6b)];
  const compiled = compileKernel(kernel, args(24));
  expectSame(kernel, compiled, lengths.flatMap((n) => [args(n), [zeros(n), zeros(n).map((x) => -x), words(n), words(n, 77)], [zeros(n).reverse(), zeros(n).reverse(), words(n), words(n)]]));
  return compiled;
}

type Best = (a: Float64Array, b: Float64Array, w: Int32Array, v: Int32Array) => number;
const least: Best = (a) => { let m = Infinity; for (let i = 0; i < a.length; i++) if (a[i]! < m) m = a[i]!; return +m; };

describe("taken", () => {
  test.each<[string, Best]>([
    ["the least", least],
    ["the greatest above 0", (a) => { let m = 0; for (let i = 0; i < a.length; i++) if (a[i]! > m) m = a[i]!; return +m; }],
    ["the greatest, of equals the last", (a) => { let m = -0; for (let i = 0; i < a.length; i++) if (a[i]! >= m) m = a[i]!; return +m; }],
    ["the least, of equals the last", (a) => { let m = 0; for (let i = 0; i < a.length; i++) if (a[i]! <= m) m = a[i]!; return +m; }],
    ["the best so far on the left", (a) => { let m = -Infinity; for (let i = 0; i < a.length; i++) if (m < a[i]!) m = a[i]!; return +m; }],
    ["as an expression", (a) => { let m = -Infinity; for (let i = 0; i < a.length; i++) m = a[i]! > m ? a[i]! : m; return +m; }],
    ["of what is computed", (a, b) => { let m = Infinity; for (let i = 0; i < a.length; i++) { const t = a[i]! * b[i]! + 1; if (t < m) m = t; } return +m; }],
    ["two of them", (a) => { let m = Infinity, n = -Infinity; for (let i = 0; i < a.length; i++) { if (a[i]! < m) m = a[i]!; if (a[i]! > n) n = a[i]!; } return n - m; }],
    ["where something else holds as well", (a, b) => { let m = 0; for (let i = 0; i < a.length; i++) if (a[i]! < 0.5 && b[i]! > m) m = b[i]!; return +m; }],
    ["the other way round", (a, b) => { let m = 0; for (let i = 0; i < a.length; i++) if (b[i]! > m && a[i]! < 0.5) m = b[i]!; return +m; }],
    ["in an inner condition", (a, b) => { let m = 9; for (let i = 0; i < a.length; i++) { if (a[i]! < 0.5) { if (b[i]! < m) m = b[i]!; } } return +m; }],
    ["of words", (_, __, w) => { let m = 0; for (let i = 0; i < w.length; i++) if (w[i]! > m) m = w[i]!; return +m; }],
    ["of words, where what is kept stands first", (_, __, w) => { let m = 0; for (let i = 0; i < w.length; i++) m = m < w[i]! ? m : w[i]!; return +m; }],
    ["of words, under a condition", (_, __, w, v) => { let m = 0; for (let i = 0; i < w.length; i++) if (w[i]! < 1000 && v[i]! > m) m = v[i]!; return +m; }],
    ["beside a sum", (_, __, w, v) => { let m = 0, s = 0; for (let i = 0; i < w.length; i++) { if (w[i]! > m) m = w[i]!; s = (s + v[i]!) | 0; } return m ^ s; }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel))).toBeGreaterThan(1); });

  test("of an array that may be the shorter one: whether the best is undefined is not carried", () => {
    const kernel: Best = (a, b) => { let m = 0; for (let i = 0; i < a.length; i++) if (a[i]! < 0.5 && b[i]! > m) m = b[i]!; return m; };
    expect(lanesOf(compileKernel(kernel, [doubles(24), doubles(24, 3), words(4), words(4)]))).toBeGreaterThan(1);
  });
  test("with fewer operations", () => {
    const args = [doubles(512), doubles(512, 3), words(512), words(512)], { residual } = compileKernel(least, args);
    expect(runProgram(residual.optimized, args).executed / runProgram(residual.program, args).executed).toBeLessThan(0.5);
  });
});

describe("left alone", () => {
  test.each<[string, Best]>([
    ["where what is not better may be NaN, and taken", (a) => { let m = Infinity; for (let i = 0; i < a.length; i++) m = m < a[i]! ? m : a[i]!; return +m; }],
    ["where an iteration looks at the best", (a, b) => { let m = Infinity; for (let i = 0; i < a.length; i++) { if (a[i]! < m) m = a[i]!; b[i] = m; } return +m; }],
    ["where something else is taken", (a, b) => { let m = Infinity; for (let i = 0; i < a.length; i++) if (a[i]! < m) m = b[i]!; return +m; }],
    ["where it goes both ways", (a, b) => { let m = 0; for (let i = 0; i < a.length; i++) { if (a[i]! < m) m = a[i]!; else if (b[i]! > m) m = b[i]!; } return +m; }],
    ["where −0 may be found, and something is stored", (a, b) => { let m = 1; for (let i = 0; i < a.length; i++) { if (a[i]! < m) m = a[i]!; b[i] = 3; } return +m; }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel))).toBe(1); });
});
