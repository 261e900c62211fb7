// Sums modulo a constant: which loops ask whether both numbers are remainders already, and that they give the same wherever one is not.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, type Kernel } from "./vectorize.harness.ts";

/** Whether the loop was written for remainders. */
function asked(kernel: Kernel, inputs: unknown[][], slow: readonly number[] = [], overlap = false): boolean {
  const compiled = compileKernel(kernel, inputs[0]!, slow, overlap);
  expectSame(kernel, compiled, inputs);
  return compiled.residual.stages.find((s) => s.pass === "modular")!.text().includes("asked");
}
const m = 1000000007;
const remainders = <T extends Int32Array | Uint32Array | Float64Array>(array: T, seed = 1): T => { for (let i = 0; i < array.length; i++) array[i] = ((i + seed) * 123456789123) % m; return array; };
/** The array with some element that is no remainder. */
const spoilt = <T extends Int32Array | Uint32Array | Float64Array>(array: T, at: number, by: number): T => { array[at] = by; return array; };

describe("sums modulo a constant", () => {
  test("int32, some places apart", () => {
    const kernel = (n: Int32Array, k: number): void => { for (let t = k; t < n.length; t++) n[t] = (n[t]! + n[t - k]!) % 1000000007; };
    for (const k of [1, 3, 5, 20]) {
      const inputs = [300, 20, 0].map((n) => [remainders(new Int32Array(n)), k]);
      for (const by of [-1, m, m - 1, -(2 ** 31), 2 ** 31 - 1]) for (const at of [0, 7, 299]) inputs.push([spoilt(remainders(new Int32Array(300)), at, by), k]);
      expect(asked(kernel, inputs, [1])).toBe(true);
    }
  });
  test("backwards, of unsigned numbers", () => {
    const kernel = (n: Uint32Array): void => { for (let t = n.length - 1; t >= 7; t--) n[t] = (n[t]! + n[t - 7]!) % 998244353; };
    const inputs = [300, 9, 3].map((n) => [remainders(new Uint32Array(n)).map((v) => v % 998244353)]);
    expect(asked(kernel, [...inputs, [spoilt(remainders(new Uint32Array(300)), 100, 2 ** 32 - 1)]])).toBe(true);
  });
  test("doubles, whole or not, and -0 and NaN", () => {
    const kernel = (n: Float64Array): void => { for (let t = 9; t < n.length; t++) n[t] = (n[t]! + n[t - 9]!) % 1000000007; };
    const inputs = [[remainders(new Float64Array(300))], [remainders(new Float64Array(300)).map((v) => v / 3)], [new Float64Array(300).fill(-0)]];
    for (const by of [-0, -1, NaN, Infinity, m, m - 1e-7, 2 * m, 1e300]) inputs.push([spoilt(remainders(new Float64Array(300)), 40, by)]);
    expect(asked(kernel, inputs)).toBe(true);
  });
  test("differences and the modulus", () => {
    const kernel = (a: Int32Array, b: Int32Array, o: Int32Array): void => { for (let i = 0; i < o.length; i++) o[i] = (a[i]! - b[i]! + 1000000007) % 1000000007; };
    const input = (by: number): unknown[] => [remainders(new Int32Array(100)), spoilt(remainders(new Int32Array(100), 77), 50, by), new Int32Array(100)];
    expect(asked(kernel, [0, m - 1, m, -5].map(input))).toBe(true);
    const same = remainders(new Int32Array(100));
    expectSame(kernel, compileKernel(kernel, input(0), [], true), [[same, same, same]]);
  });
  test("not of doubles that wait for one another, nor where something else is stored", () => {
    expect(asked((n: Float64Array): void => { for (let t = 1; t < n.length; t++) n[t] = (n[t]! + n[t - 1]!) % 1000000007; }, [[remainders(new Float64Array(300))]])).toBe(false);
    expect(asked((n: Int32Array): void => { for (let t = 8; t < n.length; t++) { n[t] = (n[t]! + n[t - 8]!) % 1000000007; n[t - 4] = -t; } }, [[remainders(new Int32Array(300))]])).toBe(false);
  });
  test("what is carried is asked where it begins", () => {
    const kernel = (x: Int32Array, o: Int32Array, first: number): number => { let s = first | 0; for (let i = 0; i < x.length; i++) { s = (s + x[i]!) % 1000000007; o[i] = s; } return s; };
    expectSame(kernel, compileKernel(kernel, [remainders(new Int32Array(300)), new Int32Array(300), 1], []), [0, 5, -5, m, 2 ** 31 - 1].map((first) => [remainders(new Int32Array(300)), new Int32Array(300), first]));
  });
  test("several of them that go on with one another, of which one leaves", () => {
    const kernel = (x: Int32Array, o: Int32Array): void => {
      let s = 1, t = 2;
      for (let i = 0; i < x.length; i++) { const u = (s + x[i]!) % 97, v = (t + u) % 97; s = x[i]! & 1 ? v : -i; t = u; o[i] = v; }
    };
    expectSame(kernel, compileKernel(kernel, [remainders(new Int32Array(300)), new Int32Array(300)], []), [[remainders(new Int32Array(300)).map((v) => v % 97), new Int32Array(300)]]);
  });
});
