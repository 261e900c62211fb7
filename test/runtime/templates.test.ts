// Values that change in numbers which decide nothing are served by a program that is there: their slots are filled, nothing is compiled.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize, type Options } from "../../src/index.ts";
import { sharedMemory } from "../../src/runtime/memory.ts";

beforeAll(async () => { await ready(); });

type Kernel = (...args: never[]) => unknown;
type Made = ReturnType<typeof specialize<(...args: unknown[]) => unknown>>;
const make = (kernel: Kernel, options: Options = {}): Made => specialize(kernel as (...args: unknown[]) => unknown, { slow: ["slow"], tier: "wasm", compile: "sync", ...options });

/** Calls with each of the slow values once, and compares with the original. */
function callAll(fast: Made, values: readonly unknown[], times = 1): void {
  for (const slow of values) {
    for (let i = 0; i < times; i++) {
      const want = new Float64Array(8), got = new Float64Array(8);
      const result = fast.original(x, want, slow);
      expect(fast(x, got, slow)).toEqual(result);
      expect(got).toEqual(want);
    }
  }
}
const x = Float64Array.from({ length: 16 }, (_, i) => Math.sin(i) * 3);
const counts = (fast: Made): unknown => fast.stats().templates;

function fir(x: Float64Array, y: Float64Array, slow: ArrayLike<number>): void {
  for (let i = 0; i < y.length; i++) {
    let acc = 0;
    for (let k = 0; k < slow.length; k++) acc += slow[k]! * x[i + k]!;
    y[i] = acc;
  }
}
const taps = [[1, 0.5, 0.25], [-1, 3, 2], [0.125, 7, -0], [NaN, Infinity, 5e-324], [2, 2, 2]];

describe("one program serves all values of one shape", () => {
  it("numbers of an array", () => {
    const fast = make(fir);
    callAll(fast, taps);
    expect(counts(fast)).toEqual({ made: 1, served: 3 }); // the first version is a full one, the second makes the template
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 5 });
  });

  it.each([Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array, Int16Array])("numbers of a %o", (Array_) => {
    const fast = make((_x: Float64Array, y: Float64Array, slow: Float64Array) => { for (let i = 0; i < slow.length; i++) y[i] = slow[i]! * 3 + (slow[i]! | 0); });
    callAll(fast, taps.map((list) => Array_.from(list)));
    expect(counts(fast)).toEqual({ made: 1, served: 3 });
  });

  it("a slow number by itself, and fields of objects in arrays", () => {
    const gain = make((x: Float64Array, y: Float64Array, slow: number) => { for (let i = 0; i < y.length; i++) y[i] = x[i]! * slow; });
    callAll(gain, [1, -0, NaN, 0.5, 1e300]);
    expect(counts(gain)).toEqual({ made: 1, served: 3 });
    const fields = make((x: Float64Array, y: Float64Array, slow: readonly { at: { w: number } }[]) => { for (let i = 0; i < y.length; i++) for (const { at } of slow) y[i]! += at.w * x[i]!; });
    callAll(fields, [1, 2, 3, 4].map((w) => [{ at: { w } }, { at: { w: w / 3 } }]));
    expect(counts(fields)).toEqual({ made: 1, served: 2 });
  });

  it("a field of an argument that is first read on one path, beside one that is written", () => {
    type Slow = { a: number; b: number; on: boolean };
    const fast = make((x: Float64Array, y: Float64Array, slow: Slow): void => {
      for (let i = 0; i < y.length; i++) { if (x[i]! > 0) y[i] = slow.a * x[i]!; else slow.on = slow.a > 1; y[i]! += slow.b; }
    });
    callAll(fast, [1, 2, 3, 4].map((k) => ({ a: k + 0.5, b: 2.5 * k, on: false })));
    expect(counts(fast)).toEqual({ made: 1, served: 2 });
    expect(fast.stats().calls.original).toBe(0);
  });
  it("a table that is read at a dynamic index", () => {
    const fast = make((x: Float64Array, y: Float64Array, slow: readonly number[]) => { for (let i = 0; i < y.length; i++) y[i] = slow[Math.floor(Math.abs(x[i]!) * 2)]! + 1; });
    callAll(fast, [[1, 2, 3, 4], [5, 6, 7, 8], [-0, NaN, 0.5, 1e9], [1, 1, 1, 1]]);
    expect(counts(fast)).toEqual({ made: 1, served: 2 });
  });

  it("numbers that a dynamic condition is compared with", () => {
    const fast = make((x: Float64Array, y: Float64Array, slow: { least: number; gain: number }) => { for (let i = 0; i < y.length; i++) if (x[i]! > slow.least) y[i] = slow.gain; });
    callAll(fast, [{ least: 0, gain: 1 }, { least: 1, gain: 2 }, { least: -1.5, gain: NaN }, { least: NaN, gain: -0 }]);
    expect(counts(fast)).toEqual({ made: 1, served: 2 });
  });

  it("a captured table that changes in place", () => {
    const table = Float64Array.of(1, 2, 3, 4);
    const fast = make((x: Float64Array, y: Float64Array, slow: number) => { for (let i = 0; i < y.length; i++) y[i] = x[i]! * table[i & 3]! + slow; });
    for (const value of [1, 2, 3, 4]) { table[1] = value * 7; callAll(fast, [value]); }
    expect(counts(fast)).toEqual({ made: 1, served: 2 });
  });
});

describe("numbers that decide are constants", () => {
  const cases: readonly (readonly [string, Kernel, readonly unknown[]])[] = [
    ["a condition", (x: Float64Array, y: Float64Array, slow: { mode: number; gain: number }) => { for (let i = 0; i < y.length; i++) y[i] = slow.mode === 1 ? x[i]! * slow.gain : slow.gain; }, [0, 1, 2].flatMap((mode) => [1, 2].map((gain) => ({ mode, gain })))],
    ["a trip count", (x: Float64Array, y: Float64Array, slow: { n: number; gain: number }) => { for (let i = 0; i < slow.n; i++) y[i] = x[i]! * slow.gain; }, [3, 5].flatMap((n) => [1, 2, 3].map((gain) => ({ n, gain })))],
    ["an index", (x: Float64Array, y: Float64Array, slow: { at: number; gain: number }) => { for (let i = 0; i < 4; i++) y[i] = x[i + slow.at]! * slow.gain; }, [0, 3].flatMap((at) => [1, 2, 3].map((gain) => ({ at, gain })))],
    ["a length", (_x: Float64Array, y: Float64Array, slow: { n: number; gain: number }) => { const list = new Float64Array(slow.n).fill(slow.gain); y[0] = list.length + list[0]!; }, [3, 5].flatMap((n) => [1, 2, 3].map((gain) => ({ n, gain })))],
  ];
  it.each(cases)("%s", (_, kernel, values) => {
    const fast = make(kernel);
    callAll(fast, values);
    callAll(fast, values.toReversed());
    const { made, served } = fast.stats().templates;
    expect(made).toBeGreaterThan(0);
    expect(served).toBeGreaterThan(0);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 2 * values.length });
  });

  it("what kind of value stands there is a matter of the program", () => {
    const fast = make((x: Float64Array, y: Float64Array, slow: { gain: unknown }) => { y[0] = typeof slow.gain === "number" ? x[0]! * slow.gain : slow.gain === undefined ? -1 : -2; });
    callAll(fast, [{ gain: 1 }, { gain: 2 }, { gain: undefined }, { gain: 3 }, { gain: "4" }, { gain: 5 }, {}]);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 7 });
  });

  it("an interpreter has no template, which is noticed", () => {
    const run = (x: Float64Array, y: Float64Array, slow: readonly number[]): void => {
      for (let pc = 0, acc = 0; pc < slow.length; pc++) {
        switch (slow[pc]) { case 0: acc += x[pc]!; break; case 1: acc *= 2; break; default: y[pc] = acc; }
      }
    };
    const fast = make(run);
    callAll(fast, Array.from({ length: 12 }, (_, i) => [0, i & 1, (i >> 1) & 1, 2, (i >> 2) & 1, 2]));
    expect(counts(fast)).toEqual({ made: 0, served: 0 });
    expect(fast.stats().calls.original).toBe(0);
  });

  it("templates that never fit a second time are made no more", () => {
    const fast = make((x: Float64Array, y: Float64Array, slow: { n: number; gain: number }) => { for (let i = 0; i < slow.n; i++) y[i & 7] = x[i & 7]! * slow.gain; });
    callAll(fast, Array.from({ length: 12 }, (_, n) => ({ n: n + 1, gain: n })));
    expect(counts(fast)).toEqual({ made: 3, served: 0 });
    expect(fast.stats().calls.original).toBe(0);
  });
});

describe("a version of a template", () => {
  it("gives way to the full one at the end of its fourth call", () => {
    const fast = make(fir);
    callAll(fast, taps);
    const evaluations = (): number => Object.keys(fast.stats().passMs).length;
    expect(evaluations()).toBeGreaterThan(2); // the first one's
    fast.reset();
    callAll(fast, [taps[0], taps[1]]);
    expect(evaluations()).toBe(2); // simplify and dead code, of the template
    callAll(fast, [taps[1]], 3);
    expect(evaluations()).toBeGreaterThan(10);
    expect(fast.inspect().wat).toContain("v128");
  });

  it("has slots of its own: versions of one template take turns", () => {
    const fast = make(fir);
    for (let round = 0; round < 6; round++) callAll(fast, taps);
    expect(fast.stats()).toMatchObject({ calls: { original: 0, wasm: 30 }, templates: { made: 1, served: 3 } });
  });

  it("is shown as the full one", () => {
    const fast = make(fir);
    callAll(fast, taps);
    expect(fast.versions().map(({ vectorized }) => vectorized.length)).toEqual([1, 1, 1, 1, 1]);
    expect(fast.inspect().residual).toContain("2");
    callAll(fast, taps);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 10 });
  });

  it("is not meant by a value that was edited in place", () => {
    const fast = make(fir), list = [1, 2, 3];
    callAll(fast, [taps[0], taps[1], list]);
    list[1] = 9;
    callAll(fast, [list]);
    expect(fast.stats().templates.served).toBe(2);
  });

  it("is compared with the original where that is asked for", () => {
    const fast = make(fir, { verify: { every: 1 } });
    callAll(fast, taps, 6);
    expect(fast.reports()).toEqual([]);
    expect(fast.stats().templates).toEqual({ made: 1, served: 3 });
  });

  it("stands beside handles", async () => {
    const fast = make(fir);
    callAll(fast, taps);
    const handle = await fast.pin(x, new Float64Array(8), taps[3]);
    const want = new Float64Array(8), got = new Float64Array(8);
    fir(x, want, taps[3]!);
    callAll(fast, taps.toReversed());
    handle(x, got);
    expect(got).toEqual(want);
  });

  it("gives its memory back, and the template too", () => {
    const { allocator } = sharedMemory()!, fast = make(fir), before = allocator.used;
    for (let round = 0; round < 3; round++) {
      callAll(fast, taps, round);
      fast.reset();
      expect(allocator.used).toBe(before);
    }
    callAll(fast, taps);
    fast.dispose();
    expect(allocator.used).toBe(before);
  });
});

describe("values of another shape", () => {
  it("are not asked about what only the template's had", () => {
    const fast = make(sums), sizes = [1, 9, 2, 8, 3, 7, 4, 6];
    callAll(fast, sizes.map((n) => Array.from({ length: n }, (_, i) => [i, i + 0.5])));
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: sizes.length });
  });
});
const helpers = [
  (t: number): number => t + 1, (t: number): number => t * 2, (t: number): number => t - 3, (t: number): number => t / 4,
  (t: number): number => t + 5, (t: number): number => t * 6, (t: number): number => t - 7, (t: number): number => t / 8,
];
function sums(x: Float64Array, y: Float64Array, slow: readonly (readonly number[])[]): void {
  let sum = x[0]!;
  for (const [a, b] of slow) sum += a! * b!;
  for (const helper of helpers) sum = helper(sum);
  y[0] = sum;
}

describe("no template is made", () => {
  it("in other tiers, in the background, and where functions are pure", () => {
    for (const options of [{ tier: "js" }, { tier: "auto" }, { pure: [Math.hypot] }] satisfies Options[]) {
      const fast = make(fir, options);
      callAll(fast, taps);
      expect(counts(fast)).toEqual({ made: 0, served: 0 });
    }
  });
});

it("equal values in fresh copies need no version more, also where a walk stops before the end of a list", () => {
  const fn = (x: number, list: { k: number; stop: number }[]): number => { let s = 0; for (const v of list) { if (v.stop > 0) break; s += v.k * x; } return s; };
  const fast = specialize(fn, { slow: ["list"], tier: "wasm", compile: "sync" });
  for (let k = 1; k < 6; k++) {
    for (let i = 0; i < 3; i++) { const list = [{ k, stop: 0 }, { k: 2, stop: 1 }, { k: 3, stop: 0 }]; expect(fast(2, list)).toBe(fn(2, list)); }
  }
  expect(fast.stats().made).toEqual({ first: 1, "slow values": 4 });
  expect(fast.stats().templates).toEqual({ made: 1, served: 3 });
});
