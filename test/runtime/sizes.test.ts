// Calls that become much larger or smaller are measured again, with a clock that goes by who served.

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { elementsOf, Sizes } from "../../src/runtime/sizes.ts";

beforeAll(async () => { await ready(); });
afterEach(() => { vi.restoreAllMocks(); });

describe("sizes", () => {
  it("fit within eight times what was measured", () => {
    const sizes = new Sizes();
    for (const size of [100, 400]) expect(sizes.fits(size)).toBe(true);
    sizes.settle();
    expect([100, 400, 13, 3200].map((size) => sizes.fits(size))).toEqual([true, true, true, true]);
    expect([3201, 1e6].map((size) => sizes.fits(size))).toEqual([false, false]);
  });
  it("are all small below a few elements", () => {
    const sizes = new Sizes();
    sizes.fits(1);
    sizes.settle();
    expect([0, 1, 256].map((size) => sizes.fits(size))).toEqual([true, true, true]);
    expect(sizes.fits(257)).toBe(false);
  });
  it("of both choices count, where calls alternate", () => {
    const sizes = new Sizes();
    sizes.fits(100);
    sizes.settle();
    sizes.measure();
    sizes.fits(1e6);
    sizes.settle();
    expect([20, 100, 1e6, 7e6].map((size) => sizes.fits(size))).toEqual([true, true, true, true]);
  });
  it("are the elements of arrays and texts", () => { expect(elementsOf([new Float64Array(3), [1, 2], "abcd", 100, { length: 7 }, null])).toBe(9); });
});

const kernel = (x: Float64Array, y: Float64Array, k: number): void => { for (let i = 0; i < x.length; i++) y[i] = x[i]! * k + 1; };
const pair = (n: number): [Float64Array, Float64Array] => [new Float64Array(n), new Float64Array(n)];

type Fast = ReturnType<typeof specialize<typeof kernel>>;

/** Who serves the next six calls. Measuring, all tiers have their turns. */
function served(fast: Fast, x: Float64Array, y: Float64Array): string {
  const before = fast.stats().calls;
  for (let i = 0; i < 6; i++) fast(x, y, 2);
  const { calls } = fast.stats();
  const by = (["original", "js", "wasm"] as const).filter((tier) => calls[tier] > before[tier]);
  return by.length === 1 ? by[0]! : "in turns";
}
const settled = (fast: Fast, x: Float64Array, y: Float64Array): string => {
  for (let i = 0; i < 1000; i++) { const by = served(fast, x, y); if (by !== "in turns") return by; }
  return "in turns";
};

/** A kernel that was measured on arrays of 64 elements by a clock that moves so far for a call of each tier. */
function measured(times: { original: number; js: number; wasm: number }): { fast: Fast; times: typeof times; by: string } {
  const fast = specialize(kernel, { slow: ["k"], tier: "auto", compile: "sync" });
  const [x, y] = pair(64);
  fast(x, y, 2);
  let before = fast.stats().calls, now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => {
    const { calls } = fast.stats();
    for (const tier of ["original", "js", "wasm"] as const) now += (calls[tier] - before[tier]) * times[tier];
    before = calls;
    return now;
  });
  return { fast, times, by: settled(fast, x, y) };
}

describe("a choice is made again", () => {
  for (const chosen of ["js", "wasm"] as const) {
    it(`for calls that are much larger, where ${chosen} serves`, () => {
      const { fast, times, by } = measured({ original: 10, js: 5, wasm: 5, [chosen]: 1 });
      expect(by).toBe(chosen);
      const [x, y] = pair(300), [big, out] = pair(64_000);
      expect(served(fast, x, y)).toBe(chosen);
      times.original = 0.1;
      expect(served(fast, big, out)).toBe("in turns");
      expect(out[0]).toBe(1);
      expect(settled(fast, big, out)).toBe("original");
    });
  }
  it("for calls that are much larger, where the original serves", () => {
    const { fast, times, by } = measured({ original: 0.01, js: 0.05, wasm: 0.05 });
    expect(by).toBe("original");
    const [x, y] = pair(200), [big, out] = pair(64_000);
    for (let i = 0; i < 20; i++) expect(served(fast, x, y)).toBe("original");
    times.original = 0.5;
    for (let i = 0; i < 64; i++) fast(big, out, 2);
    expect(served(fast, big, out)).toBe("in turns");
    expect(["js", "wasm"]).toContain(settled(fast, big, out));
  });
  it("but not where a tier is asked for", () => {
    const fast = specialize(kernel, { slow: ["k"], tier: "wasm", compile: "sync" });
    for (const n of [64, 64_000, 8, 640_000]) for (let i = 0; i < 3; i++) fast(...pair(n), 2);
    expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 12 });
  });
});
