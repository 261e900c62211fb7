// Numbers that places are computed of are asked once before a loop whether they are integers.

import { beforeAll, describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { families } from "../../src/verify/families.ts";

beforeAll(() => ready());

type Kernel = (...args: never[]) => unknown;
type Args = readonly unknown[];
const call = (f: Kernel, args: Args): unknown => f(...(structuredClone(args) as never[]));
const made = (kernel: Kernel, args: Args): Kernel & { passes(): readonly string[] } => {
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  call(fast, args);
  return Object.assign((...given: never[]) => fast(...given), { passes: () => fast.inspect().ir.map(({ pass }) => pass) });
};
const odd = [0.5, -0, NaN, -3, 2 ** 31, 2 ** 40, Infinity, 1e300];

describe("offsets out of ordinary arrays", () => {
  const kernels: Readonly<Record<string, Kernel>> = {
    knapsack: (w: number[], v: number[], n: number) => {
      const best = new Array<number>(n + 1).fill(0);
      for (let i = 0; i < w.length; i++) for (let c = n; c >= w[i]!; c--) best[c] = Math.max(best[c]!, best[c - w[i]!]! + v[i]!);
      return best[n];
    },
    ways: (w: number[], v: number[], n: number) => {
      const ways = new Array<number>(n + 1).fill(0);
      ways[0] = v[0]!;
      for (const coin of w) for (let c = coin; c <= n; c++) ways[c]! += ways[c - coin]!;
      return ways[n];
    },
    subsets: (w: number[], _v: number[], n: number) => {
      const can = new Uint8Array(n + 1);
      can[0] = 1;
      for (const x of w) for (let c = n; c >= x; c--) can[c]! |= can[c - x]!;
      let c = n;
      while (!can[c]) c--;
      return c;
    },
    "a lag from a choice": (w: number[], v: number[], n: number) => {
      const y = new Float64Array(n + 1), lag = w[0]! > 2 ? w[0]! : v[0]!;
      for (let i = 0; i <= n; i++) y[i] = i >= lag ? y[i - lag]! + 1 : -i;
      return y[n];
    },
  };
  for (const [name, kernel] of Object.entries(kernels)) {
    const args = (w: number[], n = 60): unknown[] => [w, w.map((x) => x * 2 + 1), n];
    const lists = [[3, 5, 7], [1, 1, 2, 60], [8], [2, 61], ...odd.map((x) => [3, x, 5]), ...odd.map((x) => [x])].filter((w) => name !== "ways" || w.every((x) => x >= 0));
    test(`${name}: asked about, and right for whatever they are`, () => {
      const fast = made(kernel, args([3, 5, 7]));
      expect(fast.passes()).toContain("narrow offsets");
      for (const w of lists) for (const n of [60, 7, 0]) expect(call(fast, args(w, n))).toBe(call(kernel, args(w, n)));
    });
  }
  test("what is no sum of integers is not asked", () => {
    const resample = (x: number[], from: number[], n: number): number => { let s = 0; for (let i = 0; i < n; i++) s += x[Math.floor(from[0]! + i * 0.5)]!; return s; };
    expect(made(resample, [[1, 2, 3, 4], [0.25], 4]).passes()).not.toContain("narrow offsets");
  });
  test("where one is no integer the same version serves", () => {
    const fast = specialize(kernels["knapsack"]!, { tier: "wasm", compile: "sync" });
    for (const x of [2, 4, 2.5, 1]) expect(call(fast, [[3, x, 5], [4, 5.5, 6], 40])).toBe(call(kernels["knapsack"]!, [[3, x, 5], [4, 5.5, 6], 40]));
    expect([fast.versions().length, fast.stats().calls.wasm]).toEqual([1, 4]);
  });
});
describe("rows as far apart as the counter goes", () => {
  const labels = (x: Float32Array, out: Uint8Array): void => {
    for (let r = 0; r < out.length; r++) {
      let best = 0;
      for (let k = 1; k < x.length; k++) { if (k === 6) break; if (x[r * 6 + k]! > x[r * 6 + best]!) best = k; }
      out[r] = best;
    }
  };
  const far = (x: Uint8Array, out: Float64Array, h: number): void => {
    for (let r = 0; r < h >> 1; r++) { let s = 0; for (let k = 0; k < x.length; k++) s += x[r * 1048576 + k]!; out[r] = s; }
  };
  const twice = (x: Uint8Array, out: Float64Array, h: number): void => {
    for (let r = 0; r < h >> 1; r++) { let s = 0; for (let k = 0; k < x.length; k++) s += x[2 * (r + 1) * 1048576 - 2097152 + k]!; out[r] = s; }
  };
  const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * 7) % 251);
  test("of as many rows as a byte array has elements", () => {
    for (const n of [61, 600]) {
      const args = (): [Float32Array, Uint8Array] => [Float32Array.from({ length: n }, (_, i) => Math.sin(i)), new Uint8Array(100)], [mine, theirs] = [args(), args()];
      const fast = specialize(labels, { tier: "wasm", compile: "sync" });
      fast(...mine);
      labels(...theirs);
      expect(mine).toEqual(theirs);
      expect(fast.inspect().ir.map(({ pass }) => pass)).toContain("narrow offsets");
    }
  });
  for (const [name, kernel] of Object.entries({ far, twice })) test(`${name}: where they leave int32 nothing is there`, () => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const h of [4, 0, -5, 4094, 4098, 8194, 8200]) {
      const [mine, theirs] = [new Float64Array(4200), new Float64Array(4200)];
      fast(bytes(20), mine, h);
      kernel(bytes(20), theirs, h);
      expect(mine).toEqual(theirs);
    }
    expect(fast.inspect().ir.map(({ pass }) => pass)).toContain("narrow offsets");
    expect([fast.versions().length, fast.stats().calls.original]).toEqual([1, 0]);
  });
});
test("random ones are served", () => {
  const sources = [0, 3, 6, 9, 12, 15].map((seed) => families.tableaux(seed).source);
  expect(new Set(sources).size).toBe(6);
});
