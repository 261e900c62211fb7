// New slow values are served by a program for any of them, until they have stayed for a few calls.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize, tracked, type Options } from "../../src/index.ts";
import type { Pipeline } from "../../src/runtime/pipeline.ts";
import { specializeWith } from "../../src/runtime/specialize.ts";
import { pipeline } from "../../src/runtime/wiring.ts";

beforeAll(async () => { await ready(); });

type Kernel = (x: Float64Array, y: Float64Array, slow: never) => unknown;
type Slow = readonly number[] | Float64Array;
const chain = (x: Float64Array, y: Float64Array, slow: Slow): void => {
  for (let i = 0; i < y.length; i++) { let acc = 0; for (let k = 0; k < slow.length; k++) acc = acc * x[i]! + slow[k]!; y[i] = acc; }
};
const numbers = (count: number, first = 0): number[] => Array.from({ length: count }, (_, i) => (((i + first) * 37) % 64) / 8 - 3);

/** From the first call on, or when the shape has changed twice. */
function make(kernel: Kernel, options: Options = {}, generic: Pipeline["generic"] = { ...pipeline.generic!, after: 0 }) {
  const fast = specializeWith({ ...pipeline, ...(generic === undefined ? {} : { generic }) }, kernel, { slow: ["slow"], tier: "wasm", compile: "sync", ...options });
  const call = (slow: unknown, x = Float64Array.from({ length: 12 }, (_, i) => i / 4 - 1)): void => {
    const got = new Float64Array(8), want = got.slice();
    kernel(x, want, slow as never);
    fast(x, got, slow as never);
    expect(got).toEqual(want);
  };
  return { fast, call, counts: () => fast.stats().generic, versions: () => Object.values(fast.stats().made).reduce((sum, n) => sum + n, 0) };
}

it("arguments of another number are another version's", () => {
  const kernel = (slow: number, ...rest: number[]): number => { let s = 0; for (let i = 0; i < slow; i++) s = s * 0.5 + rest.length; return s; };
  const fast = specializeWith({ ...pipeline, generic: { ...pipeline.generic!, after: 0 } }, kernel, { slow: ["slow"], tier: "wasm", compile: "sync" });
  for (const call of [[1, 4], [2, 4], [2, 4, 5, 6], [3, 4, 5, 6], [4], [3, 4]] as const) expect(fast(...(call as [number])), String(call)).toBe(kernel(...(call as [number])));
  expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 6 });
});

describe("values of any shape are served by one program", () => {
  type Rule = { at: number; least: number; weight: number };
  type Layer = { weights: Slow; bias: readonly number[] };
  const cases: { name: string; kernel: Kernel; slow: (n: number) => unknown }[] = [
    { name: "numbers", kernel: chain, slow: (n) => numbers(n, n) },
    { name: "a typed array", kernel: chain, slow: (n) => Float64Array.from(numbers(n, n)) },
    { name: "objects and branches", slow: (n) => numbers(n, n).map((weight, i) => ({ at: i % 5, least: weight / 2, weight })), kernel: (x, y, slow: readonly Rule[]) => {
      for (let i = 0; i < y.length; i++) for (const { at, least, weight } of slow) if (x[i + at]! > least) y[i]! += weight; else if (y[i]! > 9) y[i]! *= 0.5;
    } },
    { name: "objects that hold rows", slow: (n) => Array.from({ length: n }, (_, i) => ({ weights: numbers(4 * (i + 1), n), bias: numbers(i + 1) })), kernel: (x, y, slow: readonly Layer[]) => {
      for (const { weights, bias } of slow) for (let o = 0; o < bias.length; o++) { let sum = bias[o]!; for (let i = 0; i < 4; i++) sum += weights[o * 4 + i]! * x[i]!; y[o & 7]! += sum > 0 ? sum : 0; }
    } },
    { name: "a field and a number", slow: (n) => ({ gain: n / 8, taps: numbers(n) }), kernel: (x, y, slow: { gain: number; taps: Slow }) => { for (let k = 0; k < slow.taps.length; k++) y[k & 7]! += slow.taps[k]! * slow.gain * x[k % 12]!; } },
  ];
  it.each(cases)("$name", ({ kernel, slow }) => {
    const { fast, call, counts, versions } = make(kernel);
    for (const size of [3, 5, 1, 8, 3]) call(slow(size));
    expect(counts()).toEqual({ made: 1, served: 5 });
    expect(versions()).toBe(0);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 5 });
  });

  it("in residual JavaScript", () => {
    const { fast, call } = make(chain, { tier: "js" });
    for (const size of [3, 5, 8]) call(numbers(size));
    expect(fast.stats()).toMatchObject({ calls: { original: 0, js: 3, wasm: 0 }, generic: { made: 1, served: 3 } });
  });

  it("once their shape has changed twice from one version to the next, and not where it never does", () => {
    const shapes = make(chain, {}, pipeline.generic!), values = make(chain, {}, pipeline.generic!);
    expect([3, 5, 8, 9, 3, 11].map((size) => { shapes.call(numbers(size, 1)); return shapes.counts().served; })).toEqual([0, 0, 0, 1, 1, 2]); // the fifth is the first version's
    for (const first of [1, 2, 3, 4, 5]) values.call(numbers(6, first));
    expect([shapes, values].map(({ fast }) => [fast.stats().generic.made, fast.stats().calls.wasm])).toEqual([[1, 6], [0, 5]]);
  });

  it("or other values came twice that are large; other kinds beside the same ones do not count", () => {
    const large = make(chain, {}, pipeline.generic!), kinds = make(chain, {}, pipeline.generic!), slow = numbers(512);
    for (const first of [1, 2, 3, 4]) large.call(numbers(512, first));
    for (const Array_ of [Float64Array, Float32Array, Int32Array, Int16Array, Uint8Array]) kinds.fast(new Array_(12) as never, new Float64Array(8), slow as never);
    expect([large, kinds].map(({ counts }) => counts())).toEqual([{ made: 1, served: 1 }, { made: 0, served: 0 }]);
  });
});

describe("values that stay have a version of their own", () => {
  it("at the fourth call with the same objects, at once with all passes", () => {
    const { fast, call, counts, versions } = make(chain), slow = numbers(5);
    expect([0, 1, 2, 3, 4].map(() => { call(slow); return [counts().served, versions()]; })).toEqual([[1, 0], [2, 0], [3, 0], [3, 1], [3, 1]]);
    expect(Object.keys(fast.stats().passMs).length).toBeGreaterThan(10);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 5 });
  });

  it("not where they are edited in between", () => {
    const { call, counts, versions } = make(chain), slow = numbers(5);
    for (let i = 0; i < 9; i++) { slow[2] = i; call(slow); }
    expect([counts().served, versions()]).toEqual([9, 0]);
    for (let i = 0; i < 5; i++) call(slow);
    expect(versions()).toBe(1);
  });

  it("where somebody looks at the versions, or at theirs", () => {
    const shapes = make(chain, {}, pipeline.generic!), lists = [3, 5, 8, 9, 11].map((size) => numbers(size)), { fast, call, counts } = shapes;
    for (const slow of lists) call(slow);
    expect(counts().served).toBe(2);
    expect(fast.versions().map(({ operations, state }) => [operations > 0, state])).toEqual(Array(4).fill([true, "ready"]));
    expect(fast.inspect(new Float64Array(12), new Float64Array(8), lists[3] as never).executed).toBeGreaterThan(8 * 9);
    expect(fast.versions().length).toBe(5);
    call(lists[4]!);
    call(numbers(9));
    expect([counts().served, fast.stats().calls.wasm]).toEqual([2, 7]);
  });

  it("where each call brings other objects that hold the same", () => {
    const one = make(chain), never = make(chain);
    for (let i = 0; i < 20; i++) {
      one.call(numbers(5));
      never.call(numbers(5, i));
    }
    expect([one, never].map(({ versions, counts }) => [versions(), counts().served])).toEqual([[1, 13], [0, 20]]);
  });
});

describe("nothing of that", () => {
  const none: [string, Options][] = [
    ["calls are compared with the original", { verify: "first" }], ["guards of the user's ask", { guards: [() => "hit" as const] }], ["functions are pure", { pure: [Math.hypot] }],
    ["values are watched otherwise", { watch: "identity" }], ["tiers are measured against each other", { tier: "auto" }], ["nothing is slow", { slow: [] }],
  ];
  it.each(none)("where %s", (_, options) => {
    const { call, counts } = make(chain, options);
    for (const size of [3, 5]) call(numbers(size));
    expect(counts()).toEqual({ made: 0, served: 0 });
  });

  it("where calls bring many elements, arrays in arrays, or tracked values", () => {
    const long = make(chain), rows = make((_x, y, slow: Slow) => { const all = _x as unknown as number[][]; for (const row of all) for (let k = 0; k < slow.length; k++) y[0]! += row[0]! * slow[k]!; }), watched = make(chain);
    long.fast(new Float64Array(8), new Float64Array(1024), numbers(3) as never);
    rows.call(numbers(3), [[1, 2], [3, 4]] as never);
    watched.call(tracked(numbers(3)));
    expect([long, rows, watched].map(({ counts }) => counts().served)).toEqual([0, 0, 0]);
  });

  it("where the program needs its slow values, and once such a program left a call to the original", () => {
    let tried = 0;
    const needs = make(chain, {}, { after: 0, make: () => { tried++; return null; } });
    for (const size of [3, 5]) needs.call(numbers(size));
    expect([tried, needs.fast.stats().calls.wasm, needs.counts()]).toEqual([1, 2, { made: 0, served: 0 }]);
    const positive = make((x, y, slow: Slow) => { for (let k = 0; k < slow.length; k++) { if (slow[k]! * x[0]! > 1e6) throw new RangeError("large"); y[0]! += slow[k]!; } });
    positive.call(numbers(3));
    expect(() => positive.fast(Float64Array.of(1e9), new Float64Array(8), [3, 2] as never)).toThrow(RangeError);
    positive.call(numbers(4));
    expect(positive.fast.stats()).toMatchObject({ generic: { made: 1, served: 1 }, calls: { wasm: 2 } });
  });
});

describe("what such a program rests on", () => {
  it("other kinds have one of their own, so many as pay", () => {
    const { call, counts, fast } = make(chain);
    for (let round = 0; round < 2; round++) for (const slow of [numbers(3 + round), Float64Array.of(1, 2, round), Float32Array.of(1, 2, 3, round)]) call(slow);
    expect(counts()).toEqual({ made: 3, served: 6 });
    call(Int8Array.of(1, 2));
    expect(counts()).toEqual({ made: 3, served: 6 }); // a fourth has not paid yet: no more are made
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 7 });
  });

  it("a captured value that changes", () => {
    const settings = { gain: 2 };
    const { call, counts, fast } = make((x, y, slow: Slow) => { for (let k = 0; k < slow.length; k++) y[0]! += slow[k]! * x[k]! * settings.gain; });
    call(numbers(3));
    settings.gain = 3;
    call(numbers(4));
    expect(counts()).toEqual({ made: 2, served: 2 });
    expect(fast.stats().calls.original).toBe(0);
  });

  it("it goes with the kernel's versions", () => {
    const { call, counts, fast } = make(chain);
    call(numbers(3));
    fast.reset();
    call(numbers(4));
    expect(counts()).toEqual({ made: 2, served: 2 });
    fast.dispose();
    call(numbers(5));
    expect(fast.stats().calls).toEqual({ original: 1, js: 0, wasm: 2 });
  });
});

it("`this` and parts of objects may be slow", () => {
  class Filter {
    taps: number[];
    last = 0;
    constructor(taps: number[]) { this.taps = taps; }
    run(x: Float64Array): number { for (let k = 0; k < this.taps.length; k++) this.last += this.taps[k]! * x[k]!; return this.last; }
  }
  const original = Filter.prototype.run, fast = specializeWith({ ...pipeline, generic: { ...pipeline.generic!, after: 0 } }, original, { slow: ["this.taps"], tier: "wasm", compile: "sync" }), x = Float64Array.of(1, 2, 3, 4);
  for (const size of [1, 4, 2]) {
    const a = new Filter(numbers(size)), b = new Filter(numbers(size));
    for (let i = 0; i < 2; i++) expect(fast.call(a, x)).toBe(original.call(b, x));
    expect(a.last).toBe(b.last);
  }
  expect(fast.stats()).toMatchObject({ calls: { original: 0, wasm: 6 } });
  expect(specialize(original, { slow: ["this.taps"] }).stats().generic).toEqual({ made: 0, served: 0 });
});
