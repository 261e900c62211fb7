// Loops whose tests ask several things of their counter: what becomes of them.

import { expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { compileKernel, expectSame, lanesOf, runProgram, whole, type Compiled, type Kernel } from "../specialize/vectorize.harness.ts";

const loops = ({ residual }: Compiled): number => [...instructions(residual.program.functions[0]!.body)].filter((i) => i.op === "loop").length;
const ints = (n: number): Int32Array => whole(new Int32Array(n));

test("a slow value bounds the loop: it unrolls, and ends where the other test says", () => {
  const cut = (best: Int32Array, prices: number[]): void => { for (let n = 1; n < best.length; n++) { let q = 0; for (let k = 1; k <= prices.length && k <= n; k++) q = Math.max(q, prices[k - 1]! + best[n - k]!); best[n] = q; } };
  const of = (n: number): unknown[] => [new Int32Array(n), [1, 5, 8, 9]], compiled = compileKernel(cut as Kernel, of(9), [1]);
  expect(loops(compiled)).toBe(1);
  expectSame(cut as Kernel, compiled, [0, 1, 2, 4, 5, 30].map(of));
});
test("a search ends where it did", () => {
  const find = (x: Int32Array, v: number): number => { let i = 0; while (i < x.length && x[i] !== v) i++; return i; };
  const x = ints(70), compiled = compileKernel(find as Kernel, [x, 1]);
  expectSame(find as Kernel, compiled, [[x, x[0]], [x, x[40]], [x, x[69]], [x, 0.5], [new Int32Array(0), 1]]);
});
test("an insertion sort asks for fewer bounds: what else is written is an element", () => {
  const sort = (x: Int32Array): void => { for (let i = 1; i < x.length; i++) { const v = x[i]!; let j; for (j = i - 1; j >= 0 && x[j]! > v; j--) x[j + 1] = x[j]!; x[j + 1] = v; } };
  const compiled = compileKernel(sort as Kernel, [ints(9)]), falling = Int32Array.from({ length: 30 }, (_, i) => 90 - i);
  expectSame(sort as Kernel, compiled, [[ints(30)], [ints(1)], [falling]]);
  expect(runProgram(compiled.residual.optimized, [falling]).executed).toBeLessThan(3000); // by one test of both 3278
});
test("a test of what is computed stays with the first: points go together", () => {
  const escape = (c: Float64Array, out: Int32Array, most: number): void => { for (let i = 0; i < out.length; i++) { let x = 0, k = 0; while (k < most && x * x < 4) { x = x * x + c[i]!; k++; } out[i] = k; } };
  const of = (n: number): unknown[] => [Float64Array.from({ length: n }, (_, i) => i / 16 - 1), new Int32Array(n), 20], compiled = compileKernel(escape as Kernel, of(40));
  expect(lanesOf(compiled)).toBeGreaterThan(1);
  expectSame(escape as Kernel, compiled, [of(40), of(3)]);
});
test("and so does one where the first is about no counter", () => {
  const prefix = (p: Int32Array, fail: Int32Array): void => { let k = 0; for (let i = 1; i < p.length; i++) { while (k > 0 && p[k] !== p[i]) k = fail[k - 1]!; if (p[k] === p[i]) k++; fail[i] = k; } };
  const of = (n: number): unknown[] => [Int32Array.from({ length: n }, (_, i) => (i * i) % 3), new Int32Array(n)], compiled = compileKernel(prefix as Kernel, of(9));
  expect(compiled.residual.program.functions[0]!.body.body.some((i) => i.op === "block")).toBe(false);
  expectSame(prefix as Kernel, compiled, [of(9), of(40)]);
});
