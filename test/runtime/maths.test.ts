// Functions of Math, and Object.defineProperty, that are replaced: what a kernel got of the engine before stays the engine's, what it reads by name is what stands there.

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(async () => {
  await ready();
  // the engine's functions are looked up by identity once: a function taken from Math before is one of them only if that was done before the mock
  specialize((x: number) => Math.exp(x) + x, { tier: "wasm", compile: "sync" })(1);
});
afterEach(() => { vi.restoreAllMocks(); });

const { exp, tanh } = Math;
const powers = (a: Float64Array, y: number): Float64Array => { for (let i = 0; i < a.length; i++) a[i] = a[i]! ** y; return a; };
const kernels: { readonly name: string; readonly kernel: (x: number, k: number) => number }[] = [
  { name: "x ** y", kernel: (x, k) => x ** (k + x) },
  { name: "exp taken before", kernel: (x, k) => exp(x) * k },
  { name: "tanh taken before", kernel: (x, k) => tanh(x) * k },
  { name: "a power that is known", kernel: (x, k) => x + k ** 0.37 },
  { name: "a function of a number that is known", kernel: (x, k) => x + exp(k) },
];

for (const tier of ["wasm", "js"] as const) {
  describe(`replaced before a version is made, tier ${tier}`, () => {
    for (const { name, kernel } of kernels) {
      it(`${name} is the engine's own`, () => {
        const expected = kernel(1.7, 2.3);
        const mocks = (["pow", "exp", "tanh"] as const).map((of) => vi.spyOn(Math, of).mockReturnValue(42));
        const fast = specialize(kernel, { slow: ["k"], tier, compile: "sync" });
        expect([fast(1.7, 2.3), fast(1.7, 2.3)]).toEqual([expected, expected]);
        expect(mocks.map((mock) => mock.mock.calls.length)).toEqual([0, 0, 0]);
      });
    }
  });
}

it("a loop of powers does not ask Math.pow, not even for lanes that the library leaves to the host", () => {
  const values = [1.5, -2, 0, NaN, 5e-324, Infinity];
  const expected = powers(Float64Array.from(values), 2.37);
  const pow = vi.spyOn(Math, "pow").mockReturnValue(42);
  const fast = specialize(powers, { tier: "wasm", compile: "sync" });
  expect(fast(Float64Array.from(values), 2.37)).toEqual(expected);
  expect(pow).not.toHaveBeenCalled();
});

it("a function read by name is what stands there, before a version is made and after", () => {
  const kernel = (x: number): number => Math.exp(x) + 1;
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  expect(fast(0.5)).toBe(kernel(0.5));
  vi.spyOn(Math, "exp").mockReturnValue(42);
  expect(fast(0.5)).toBe(43);
  expect(specialize(kernel, { tier: "wasm", compile: "sync" })(0.5)).toBe(43);
});

it("residual JavaScript keeps the engine's own, whatever takes their places after it was made", () => {
  const kernel = (a: Float32Array, k: number): number => { let h = k | 0; for (let i = 0; i < a.length; i++) { a[i] = a[i]! * 0.1 + 1; h = (h ^ i) * 31 | 0; } return h ** 0.5; };
  const expected = kernel(new Float32Array(3), 5), fast = specialize(kernel, { tier: "js", compile: "sync" });
  expect(fast(new Float32Array(3), 5)).toBe(expected);
  for (const of of ["imul", "fround", "pow"] as const) vi.spyOn(Math, of).mockReturnValue(42);
  const a = new Float32Array(3);
  expect(fast(a, 5)).toBe(expected);
  expect(a[0]).toBe(1);
});

it("Object.defineProperty, in whose place a library put one that ignores values, is not asked for what is handed out", () => {
  const { defineProperty } = Object, kernel = (x: number): unknown => ({ a: x, ["__proto__"]: x + 1 });
  let fast;
  try {
    Object.defineProperty = (target) => target;
    fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    expect(fast.stats().calls).toMatchObject({ original: 0 });
    expect(fast(2)).toEqual({ a: 2, ["__proto__"]: 3 });
    expect(fast.name).toBe("kernel");
  } finally { Object.defineProperty = defineProperty; }
  expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 1 });
});
