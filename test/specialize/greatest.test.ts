// The greatest or least of sums of int32 in lanes of int32: every bit where sums leave int32, whatever it begins with; and the last step that does some iterations once more.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, type Compiled, type Kernel } from "./vectorize.harness.ts";

const body = ({ residual }: Compiled): string => /loop \w+v \([^]*?br /.exec(residual.stages.find((s) => s.pass === "vectorize")!.text())?.[0] ?? "";
const whole = (n: number, most: number, seed = 1): Int32Array => Int32Array.from({ length: n }, (_, i) => Math.sin(i * 7.1 + seed) * most);
const ends = [9, 2 ** 30, 2 ** 31];
/** `(x, y, first)`: lengths around those of steps, numbers near the ends of int32 */
const inputs = [0, 1, 7, 8, 9, 16, 21, 40].flatMap((n) => ends.flatMap((most) => [0.5, 0, -0, NaN, -Infinity, 3e9, -3e9].map((first) => [whole(n, most), whole(n, most, 3), first])));
function lanesOf(kernel: (x: Int32Array, y: Int32Array, first: number) => number): string {
  const compiled = compileKernel(kernel as Kernel, inputs[0]!);
  expectSame(kernel as Kernel, compiled, inputs);
  return body(compiled);
}

describe("in lanes of int32", () => {
  test("the greatest of sums", () => { expect(lanesOf((x, y, first) => { let best = first; for (let i = 0; i < x.length; i++) best = Math.max(best, x[i]! + y[i]!); return best; })).toMatch(/i32x4\.max_s/); });
  test("the least of differences", () => { expect(lanesOf((x, y, first) => { let best = first; for (let i = 0; i < x.length; i++) best = Math.min(x[i]! - y[i]!, best); return best; })).toMatch(/i32x4\.min_s/); });
  test("of three numbers and a constant", () => { expect(lanesOf((x, y, first) => { let best = first; for (let i = 0; i < x.length; i++) best = Math.max(best, x[i]! + y[i]! - (x[x.length - 1 - i]! - 70000)); return best; })).toMatch(/i32x4\.max_s/); });
  test("of a number and one that the loop does not change", () => { expect(lanesOf((x, y, first) => { let best = first; const k = y.length + 2 ** 30; for (let i = 0; i < x.length; i++) best = Math.max(best, x[i]! + k); return best; })).toMatch(/i32x4\.max_s/); });
  test("by a comparison", () => { expect(lanesOf((x, y, first) => { let best = first > 2 ? 1e9 : Infinity; for (let i = 0; i < x.length; i++) { const s = x[i]! + y[i]!; if (s < best) best = s; } return best; })).toMatch(/i32x4\.min_s/); });
  test("of int32, which leave it nowhere: nothing is asked", () => {
    const found = lanesOf((x, _y, first) => { let best = first; for (let i = 0; i < x.length; i++) best = Math.max(best, x[i]!); return best; });
    expect(found).toMatch(/i32x4\.max_s/);
    expect(found).not.toMatch(/xor/);
  });
});

describe("left in doubles", () => {
  const doubles = (kernel: (x: Int32Array, y: Int32Array, first: number) => number): void => { expect(lanesOf(kernel)).not.toMatch(/i32x4\.(max|min)_s/); };
  test("by a comparison, from what may be −0", () => { doubles((x, y, first) => { let best = first; for (let i = 0; i < x.length; i++) { const s = x[i]! + y[i]!; if (s > best) best = s; } return best; }); });
  test("where the loop stores", () => { doubles((x, y, first) => { let best = first; for (let i = 0; i < x.length; i++) { best = Math.max(best, x[i]! + y[i]!); y[i] = 1; } return best; }); });
  test("products", () => { doubles((x, y, first) => { let best = first; for (let i = 0; i < x.length; i++) best = Math.max(best, x[i]! * y[i]!); return best; }); });
});

describe("the last step does some iterations once more", () => {
  const rest = (kernel: Kernel, of: readonly unknown[][]): boolean => {
    const compiled = compileKernel(kernel, of[0]!);
    expectSame(kernel, compiled, of);
    return /i32\.select %\d+, %\w+\.\d+, %\d+\n/.test(body(compiled));
  };
  const doubles = [0, 3, 4, 5, 8, 11, 30].map((n) => [Float64Array.from(whole(n, 1e6), (v, i) => (i === 9 ? -0 : v / 7)), n]);
  test("the greatest", () => { expect(rest(((x: Float64Array, n: number) => { let m = -1; for (let i = 0; i < n; i++) m = Math.max(m, x[i]!); return m; }) as Kernel, doubles)).toBe(true); });
  test("not with a sum beside it", () => { expect(rest(((x: Float64Array, n: number) => { let m = -1, k = 0; for (let i = 0; i < n; i++) { m = Math.max(m, x[i]!); k += i & 3; } return m + k; }) as Kernel, doubles)).toBe(false); });
});
