// What `relax` allows is done, said, and bounded; what it does not allow stays exact.

import { beforeAll, describe, expect, it, vi } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { relaxedSimd } from "../../src/wasm/instantiate.ts";

beforeAll(() => ready());

const numbers = (n: number, seed: number): number[] => Array.from({ length: n }, (_, i) => ((Math.imul(i + seed, 0x9e3779b1) >>> 4) / 2 ** 28) - 0.4);
const lanesOf = (fast: { versions(): readonly { readonly vectorized?: readonly { readonly lanes: number }[] | null }[] }): number =>
  Math.max(1, ...fast.versions().flatMap((v) => (v.vectorized ?? []).map(({ lanes }) => lanes)));

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
function product(x: Float64Array): number {
  let all = 1;
  for (let i = 0; i < x.length; i++) all *= x[i]!;
  return all;
}
function filter(x: Float32Array, y: Float32Array, taps: number[]): void {
  for (let i = 0; i < y.length; i++) {
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += taps[k]! * x[i + k]!;
    y[i] = sum;
  }
}

describe("relax.reassociate", () => {
  const x = Float64Array.from(numbers(1003, 1)), y = Float64Array.from(numbers(1003, 7));
  it("sums in lanes, within the rounding of a sum in another order", () => {
    const fast = specialize(dot, { tier: "wasm", compile: "sync", relax: { reassociate: true } });
    const bound = x.reduce((sum, v, i) => sum + Math.abs(v * y[i]!), 0) * x.length * Number.EPSILON;
    expect(Math.abs(fast(x, y) - dot(x, y))).toBeLessThanOrEqual(bound);
    expect(lanesOf(fast)).toBeGreaterThan(1);
    expect(fast.explain()).toContain("relax reassociate");
  });
  it("multiplies in lanes", () => {
    const fast = specialize(product, { tier: "wasm", compile: "sync", relax: { reassociate: true } });
    const z = x.map((v) => 1 + v / 64);
    expect(fast(z) / product(z)).toBeCloseTo(1, 12);
    expect(lanesOf(fast)).toBeGreaterThan(1);
  });
  it("of no elements, of one, of fewer than lanes", () => {
    const fast = specialize(dot, { tier: "wasm", compile: "sync", relax: { reassociate: true } });
    for (const n of [0, 1, 2, 7]) expect(fast(x.subarray(0, n), y.subarray(0, n))).toBeCloseTo(dot(x.subarray(0, n), y.subarray(0, n)), 14);
  });
  it("is off by default: the same bits, and the loop says what would allow lanes", () => {
    const fast = specialize(dot, { tier: "wasm", compile: "sync" });
    expect(fast(x, y)).toBe(dot(x, y));
    expect(lanesOf(fast)).toBe(1);
    expect(fast.explain()).toContain("relax.reassociate allows another");
  });
});

describe("relax.f32", () => {
  const taps = numbers(9, 3);
  const run = (relax: object): { y: Float32Array; lanes: number } => {
    const fast = specialize(filter, { slow: ["taps"], tier: "wasm", compile: "sync", relax });
    const y = new Float32Array(200);
    fast(Float32Array.from(numbers(208, 5)), y, taps);
    return { y, lanes: lanesOf(fast) };
  };
  const wanted = new Float32Array(200);
  filter(Float32Array.from(numbers(208, 5)), wanted, taps);

  it("computes in singles what comes from singles and ends in them: twice the lanes", () => {
    const { y, lanes } = run({ f32: true });
    const exact = run({});
    expect(exact.y).toEqual(wanted);
    expect(lanes).toBeGreaterThan(exact.lanes);
    y.forEach((v, i) => { expect(Math.abs(v - wanted[i]!)).toBeLessThan(9 * 9 * 2 ** -24); });
  });

  it("leaves alone what an index is made of", () => {
    const kernel = (x: Float32Array, y: Float32Array, table: number[]): void => {
      for (let i = 0; i < y.length; i++) { const v = x[i]! * 16.1; y[i] = table[v | 0]! + v; }
    };
    const table = numbers(16, 2);
    const x = Float32Array.from({ length: 64 }, (_, i) => i / 64.3);
    const fast = specialize(kernel, { slow: ["table"], tier: "wasm", compile: "sync", relax: { f32: true } });
    const [got, exact] = [new Float32Array(64), new Float32Array(64)];
    fast(x, got, table);
    kernel(x, exact, table);
    expect(got).toEqual(exact);
  });

  it("leaves alone what ends as doubles", () => {
    const kernel = (x: Float32Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = x[i]! * 0.1; };
    const x = Float32Array.from(numbers(40, 9));
    const fast = specialize(kernel, { tier: "wasm", compile: "sync", relax: { f32: true } });
    const [got, exact] = [new Float64Array(40), new Float64Array(40)];
    fast(x, got);
    kernel(x, exact);
    expect(got).toEqual(exact);
  });
});

describe("relax.fma", () => {
  const kernel = (a: Float64Array, b: Float64Array, c: Float64Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = a[i]! * b[i]! + c[i]!; };
  const [a, b, c] = [0, 1, 2].map((k) => Float64Array.from(numbers(101, k))) as [Float64Array, Float64Array, Float64Array];
  const fast = specialize(kernel, { tier: "wasm", compile: "sync", relax: { fma: true } });
  const wanted = new Float64Array(101), y = new Float64Array(101);
  kernel(a, b, c, wanted);

  it("leaves a product's rounding out, at most", () => {
    fast(a, b, c, y);
    y.forEach((v, i) => { expect(Math.abs(v - wanted[i]!)).toBeLessThanOrEqual(Math.abs(a[i]! * b[i]!) * 2 ** -53 + Math.abs(wanted[i]!) * 2 ** -52); });
    expect(fast.explain()).toContain("relax fma");
  });
  it.skipIf(relaxedSimd())("a host without relaxed SIMD rounds both, and is told of", () => {
    fast(a, b, c, y);
    expect(y).toEqual(wanted);
    expect(fast.explain()).toContain("This host has no relaxed SIMD");
  });
});

describe("relax.math", () => {
  it("takes the library's functions in lanes without asking the host's bits", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = Math.sin(x[i]!) + Math.exp(x[i]!); };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync", relax: { math: true } });
    const x = Float64Array.from(numbers(64, 3)), [y, wanted] = [new Float64Array(64), new Float64Array(64)];
    fast(x, y);
    kernel(x, wanted);
    y.forEach((v, i) => { expect(Math.abs(v - wanted[i]!)).toBeLessThanOrEqual(4 * Number.EPSILON); });
    expect(lanesOf(fast)).toBeGreaterThan(1);
    expect(fast.explain()).toContain("relax math");
  });
  it("also where the host's bits are others; without it the host's function is called", async () => {
    vi.resetModules();
    vi.doMock("../../src/ir/maths.ts", () => ({ Math: Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(Math), sin: { value: () => 42 } }) }));
    try {
      const other = await import("../../src/index.ts");
      await other.ready();
      const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = Math.sin(x[i]!); };
      const results = (math: boolean): number[] => {
        const fast = other.specialize(kernel, { tier: "wasm", compile: "sync", relax: { math } }), y = new Float64Array(8);
        for (let i = 0; i < 8; i++) fast(Float64Array.from(numbers(8, 3)), y); // the full version, which has lanes, from the fourth on
        return [...y];
      };
      expect(results(false)).toEqual(Array(8).fill(42));
      expect(results(true)).toEqual(numbers(8, 3).map(Math.sin));
    } finally {
      vi.doUnmock("../../src/ir/maths.ts");
      vi.resetModules();
    }
  });
});
