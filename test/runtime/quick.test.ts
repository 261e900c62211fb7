// Values that change again and again get a quick program at once and the full one when they stay.

import { beforeAll, describe, expect, it, vi } from "vitest";
import { configure, ready, specialize, type Options } from "../../src/index.ts";
import type { Pipeline } from "../../src/runtime/pipeline.ts";
import { specializeWith } from "../../src/runtime/specialize.ts";
import { pipeline } from "../../src/runtime/wiring.ts";

beforeAll(async () => { await ready(); });

function fir(x: Float64Array, y: Float64Array, taps: ArrayLike<number>): void {
  for (let i = 0; i < y.length; i++) {
    let acc = 0;
    for (let k = 0; k < taps.length; k++) acc += taps[k]! * x[i + k]!;
    y[i] = acc;
  }
}
const x = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i) * 40);
const taps = [[1, 0.5, 0.25], [-1, 3, 2], [0.125, 7, -0]];

type Fir = ReturnType<typeof specialize<typeof fir>>;
const make = (options: Options = {}): Fir => specialize(fir, { slow: ["taps"], tier: "wasm", compile: "sync", ...options });

/** Calls it so often, and compares. */
function call(fast: Fir, list: readonly number[], times = 1): void {
  const want = new Float64Array(32);
  fir(x, want, list);
  for (let i = 0; i < times; i++) {
    const y = new Float64Array(32);
    fast(x, y, list);
    expect(y).toEqual(want);
  }
}
/** Did the passes that vectorize run for it? Asking inspect() would make them run. */
const passesRun = (fast: Pick<Fir, "stats">): number => Object.keys(fast.stats().passMs).length;

describe("a version for other slow values, made in the middle of a call", () => {
  it("serves after the first few passes; all of them run once it has been called four times", () => {
    const fast = make();
    call(fast, taps[0]!);
    const whole = passesRun(fast);
    expect(whole).toBeGreaterThan(10);
    fast.reset();
    call(fast, taps[1]!);
    expect(passesRun(fast)).toBe(2);
    call(fast, taps[1]!, 2);
    expect(passesRun(fast)).toBe(2);
    call(fast, taps[1]!);
    expect(passesRun(fast)).toBe(whole);
    call(fast, taps[1]!, 3);
    expect(fast.stats()).toMatchObject({ calls: { original: 0, js: 0, wasm: 8 }, misses: 2 });
    expect(fast.versions()).toMatchObject([{ tier: "wasm", state: "ready", calls: 7, vectorized: [expect.anything()] }]);
  });

  it("is the full one for whoever looks", async () => {
    const looks: ((fast: Fir) => unknown)[] = [
      (fast) => fast.versions(), (fast) => fast.explain(), (fast) => fast.inspect(), (fast) => fast.inspect(x, new Float64Array(32), taps[1]!),
      (fast) => fast.prepare(x, new Float64Array(32), taps[1]!), (fast) => fast.diff(x, new Float64Array(32), taps[1]!),
    ];
    for (const look of looks) {
      const fast = make();
      call(fast, taps[0]!);
      call(fast, taps[1]!);
      await look(fast);
      expect(fast.inspect().wat).toContain("v128");
      expect(fast.versions().at(-1)!.vectorized).toHaveLength(1);
      call(fast, taps[1]!);
      expect(fast.stats().calls.original).toBe(0);
    }
  });

  it("is made of a first version too where its program is large, and serves until calls take long, or have taken as long as it took to make", () => {
    const sum = (x: Float64Array, c: readonly number[]): number => {
      let s = 0;
      for (let i = 0; i < x.length; i++) for (let k = 0; k < c.length; k++) s += Math.abs(x[i]! - c[k]!) * c[k]!;
      return s;
    };
    /** `took`: milliseconds for each look at the clock behind the first call */
    const passesAt = (terms: number, took: number): number[] => {
      const fast = specialize(sum, { slow: ["c"], tier: "wasm", compile: "sync", limits: { unroll: 1e6, operations: 1e6 } });
      const c = Array.from({ length: terms }, (_, i) => i / 8);
      let now = performance.now() + 1e6;
      return [1, 2, 3, 4, 5].map((call) => {
        using _ = call > 1 ? vi.spyOn(performance, "now").mockImplementation(() => (now += took)) : null;
        expect(fast(x, c)).toBe(sum(x, c));
        return Object.keys(fast.stats().passMs).length;
      });
    };
    const small = passesAt(20, 0);
    expect(new Set(small).size).toBe(1);
    expect(passesAt(1200, 0)).toEqual([2, 2, 2, 2, 2]);
    expect(passesAt(1200, 1)).toEqual([2, 2, 2, small[0], small[0]]); // it loops
    expect(passesAt(1200, 1e6)).toEqual([2, 2, 2, small[0], small[0]]);
  });

  it("is made of a large first version that is tried again, too: with less that is slow than was asked for", () => {
    const sum = (x: Float64Array, c: readonly number[], tally: { calls: number }): number => {
      let s = 0;
      tally.calls++;
      for (let i = 0; i < x.length; i++) for (let k = 0; k < c.length; k++) s += Math.abs(x[i]! - c[k]!) * c[k]!;
      return s;
    };
    const fast = specialize(sum, { slow: ["c", "tally"], tier: "wasm", compile: "sync", limits: { unroll: 1e6, operations: 1e6 } });
    const c = Array.from({ length: 1200 }, (_, i) => i / 8), tally = { calls: 0 };
    expect(fast(x, c, tally)).toBe(sum(x, c, { calls: 0 }));
    expect(tally.calls).toBe(1);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 1 });
    expect(passesRun(fast)).toBe(2);
  });

  it("comes and goes with others, each with its own calls", () => {
    const fast = make();
    for (let round = 0; round < 3; round++) for (const list of taps) call(fast, list, round + 1);
    expect(fast.versions().map(({ calls }) => calls)).toEqual([6, 6, 6]);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 18 });
  });

  it("goes on serving where the full one can't be made", () => {
    const fast = make();
    call(fast, taps[0]!);
    const { bytes } = fast.versions()[0]!;
    fast.dispose();
    const small = make({ limits: { moduleBytes: bytes - 1 } });
    call(small, taps[0]!); // the first version is a full one: too large
    expect(small.stats().calls.wasm).toBe(0);
    call(small, taps[1]!, 12);
    expect(small.stats().calls.wasm).toBeGreaterThan(6); // after a refusal the original serves for a while
    expect(small.diagnostics().map(({ message }) => message).join()).toContain("the module has");
  });

  it("is compared anew when the full one comes", () => {
    const fast = make({ verify: "first" });
    call(fast, taps[0]!, 3);
    expect(fast.stats().calls.original).toBe(1);
    call(fast, taps[1]!, 8);
    expect(fast.stats().calls.original).toBe(3);
    expect(fast.reports()).toEqual([]);
  });
});

describe("a version of residual JavaScript", () => {
  it("serves after the first few passes, the first one too; all of them run once it has been called four times", () => {
    for (const list of taps) {
      const fast = make({ tier: "js" });
      call(fast, list, 3);
      expect(passesRun(fast)).toBe(2);
      call(fast, list);
      const whole = passesRun(fast);
      expect(whole).toBeGreaterThan(8);
      call(fast, list, 3);
      expect(fast.stats()).toMatchObject({ calls: { original: 0, js: 7, wasm: 0 }, misses: 1, swaps: 0 });
      expect(fast.versions()).toMatchObject([{ tier: "js", state: "ready", calls: 7 }]);
    }
  });

  it("comes and goes with others, and is the full one for whoever looks", () => {
    const fast = make({ tier: "js" });
    for (let round = 0; round < 3; round++) for (const list of taps) call(fast, list, round + 1);
    expect(fast.stats()).toMatchObject({ calls: { original: 0, js: 18, wasm: 0 }, templates: { made: 0, served: 0 } });
    const looked = make({ tier: "js" });
    call(looked, taps[1]!);
    expect(looked.inspect().residual).not.toContain("$truncSat"); // narrow has run
    call(looked, taps[1]!, 2);
    expect(passesRun(looked)).toBeGreaterThan(8);
  });

  it("takes arrays as the full program wants them", () => {
    // before checks are gone an index may be no whole number, and what is read and written by it is found in memory
    const turned = (x: number[], y: Float32Array, c: readonly number[]): number => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) { y[i % y.length] = x[x.length - 1 - i]! * c[i & 1]!; sum += y[i >> 1]!; }
      return sum;
    };
    const fast = specialize(turned, { slow: ["c"], tier: "js", compile: "sync" });
    for (let i = 1; i < 8; i++) {
      const list = Array.from({ length: i + 3 }, (_, k) => k / i), y = new Float32Array(5), z = y.slice();
      expect(fast(list, y, [0.5, 3])).toBe(turned(list, z, [0.5, 3]));
      expect(y).toEqual(z);
    }
    expect(fast.stats().calls).toEqual({ original: 0, js: 7, wasm: 0 });
  });

  it("is compared anew when the full one comes", () => {
    const fast = make({ tier: "js", verify: "first" });
    call(fast, taps[0]!, 7);
    expect(fast.stats().calls).toMatchObject({ original: 2 });
    expect(fast.reports()).toEqual([]);
  });
});

describe("all passes run at once", () => {
  const second = (options: Options): number => {
    const fast = make(options);
    call(fast, taps[0]!);
    fast.reset();
    call(fast, taps[1]!);
    return passesRun(fast);
  };
  it("where tiers are measured against each other", () => {
    expect(second({ tier: "auto" })).toBeGreaterThan(8);
  });
  it("for residual JavaScript where a call brings long arrays", () => {
    const fast = make({ tier: "js" }), y = new Float64Array(1 << 16), z = y.slice();
    fast(x, y, taps[0]!);
    fir(x, z, taps[0]!);
    expect(y.every((value, i) => Object.is(value, z[i]))).toBe(true);
    expect(passesRun(fast)).toBeGreaterThan(8);
  });
  it("where there are passes of one's own", () => {
    configure({ passes: [{ name: "nothing", run: (func) => func }] });
    try { expect(second({})).toBeGreaterThan(10); } finally { configure({ passes: [] }); }
  });
  it("for other kinds of arguments", () => {
    const fast = make();
    call(fast, taps[0]!);
    fast.reset();
    call(fast, Float64Array.from(taps[1]!) as unknown as number[]);
    expect(passesRun(fast)).toBe(2); // slow values are no matter of kinds
    fast.reset();
    fast(new Float32Array(x) as unknown as Float64Array, new Float64Array(32), taps[1]!);
    expect(passesRun(fast)).toBeGreaterThan(10);
  });
});

describe("a version for values of another shape keeps its loops at first", () => {
  type Made = { readonly operations: number; readonly work: number } | null;
  type Kernel = (x: Float64Array, y: Float64Array, slow: never) => void;
  /** What was made so: null where it was tried in vain. */
  const watched = (kernel: Kernel, options: Options = {}, rolled: Pipeline["rolled"] = pipeline.rolled): { call: (slow: unknown, times?: number) => void; made: Made[]; fast: ReturnType<typeof specialize<Kernel>> } => {
    const made: Made[] = [], { template: _none, generic: _neither, ...others } = pipeline;
    const fast = specializeWith({ ...others, rolled: (request, work) => {
      const residual = rolled!(request, work);
      made.push(residual && { operations: residual.operations, work: residual.work! });
      return residual;
    } }, kernel, { slow: ["slow"], tier: "wasm", compile: "sync", ...options });
    const call = (slow: unknown, times = 1): void => {
      for (let i = 0; i < times; i++) {
        const got = new Float64Array(8), want = got.slice();
        kernel(x, want, slow as never);
        fast(x, got, slow as never);
        expect(got).toEqual(want);
      }
    };
    return { call, made, fast };
  };
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => ((i * 37) % 64) / 8 - 3);
  const chain = (x: Float64Array, y: Float64Array, slow: readonly number[]): void => {
    for (let i = 0; i < y.length; i++) { let acc = 0; for (let k = 0; k < slow.length; k++) acc = acc * x[i]! + slow[k]!; y[i] = acc; }
  };
  type Rule = { at: number; least: number; weight: number };
  const rulesOf = (count: number): Rule[] => numbers(count).map((weight, i) => ({ at: i % 5, least: weight / 2, weight }));
  const cases: { name: string; kernel: Kernel; slow: (n: number) => unknown; operations: number }[] = [
    { name: "numbers", kernel: chain, slow: (n) => numbers(4 * n), operations: 30 },
    { name: "objects and branches", slow: rulesOf, operations: 50, kernel: (x: Float64Array, y: Float64Array, slow: readonly Rule[]) => {
      for (let i = 0; i < y.length; i++) for (const { at, least, weight } of slow) if (x[i + at]! > least) y[i]! += weight; else if (y[i]! > 9) y[i]! *= 0.5;
    } },
    { name: "rows", slow: (n) => Array.from({ length: n }, (_, i) => numbers(i % 3 + 2)), operations: 50, kernel: (x: Float64Array, y: Float64Array, slow: readonly (readonly number[])[]) => {
      for (let i = 0; i < y.length; i++) for (const row of slow) { let sum = 0; for (let k = 0; k < row.length; k++) sum += row[k]! * x[i + k]!; y[i]! += Math.max(sum, 0); }
    } },
  ];
  type Layer = { weights: readonly number[]; bias: readonly number[] };
  cases.push({ name: "few objects that hold rows", slow: (n) => Array.from({ length: n / 6 }, () => ({ weights: numbers(64), bias: numbers(8) })), operations: 250, kernel: (x: Float64Array, y: Float64Array, slow: readonly Layer[]) => {
    for (let n = 0; n < y.length; n++) {
      let now = [x[n]!, x[n + 1]!, x[n + 2]!, x[n + 3]!, 1, 2, 3, 4];
      for (const { weights, bias } of slow) {
        const next: number[] = [];
        for (let o = 0; o < bias.length; o++) {
          let sum = bias[o]!;
          for (let i = 0; i < now.length; i++) sum += weights[o * now.length + i]! * now[i]!;
          next.push(sum > 0 ? sum / 8 : 0);
        }
        now = next;
      }
      for (let i = 0; i < now.length; i++) y[n]! += now[i]!;
    }
  } });
  it.each(cases)("$name: neither operations nor work grow with them", ({ kernel, slow, operations }) => {
    const { call, made, fast } = watched(kernel);
    for (const size of [24, 30, 45]) call(slow(size));
    expect(made).toHaveLength(2);
    expect(made[0]!.operations).toBeLessThanOrEqual(operations);
    expect(made[1]).toEqual(made[0]);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 3 });
  });

  it("they are unrolled at the end of its fourth call, or for whoever looks", () => {
    const { call, fast } = watched(chain);
    call(numbers(200));
    const whole = Object.keys(fast.stats().passMs).length;
    call(numbers(201), 3);
    fast.reset();
    call(numbers(202), 3);
    expect(Object.keys(fast.stats().passMs)).toHaveLength(2);
    call(numbers(202), 3);
    expect(Object.keys(fast.stats().passMs)).toHaveLength(whole);
    call(numbers(203));
    const looked = fast.versions().find(({ calls }) => calls === 1)!;
    expect(looked.operations).toBeGreaterThan(400);
    expect(fast.stats().calls.original).toBe(0);
  });

  it("a template is made once values of a shape come again", () => {
    const made: number[] = [], { generic: _none, ...others } = pipeline, fast = specializeWith({ ...others, rolled: (request, work) => { made.push(work); return pipeline.rolled!(request, work); } }, chain, { slow: ["slow"], tier: "wasm", compile: "sync" });
    const call = (count: number, first: number): unknown => {
      const got = new Float64Array(8), want = got.slice(), slow = [first, ...numbers(count)];
      chain(x, want, slow);
      fast(x, got, slow);
      expect(got).toEqual(want);
      return { kept: made.length, ...fast.stats().templates };
    };
    expect([100, 110, 120, 120, 120, 130, 120].map((count, i) => call(count, i / 8))).toEqual([[0, 0, 0], [1, 0, 0], [2, 0, 0], [2, 1, 0], [2, 1, 1], [3, 1, 1], [3, 1, 2]].map(([kept, made, served]) => ({ kept, made, served })));
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 7 });
  });

  it("of residual JavaScript too", () => {
    const { call, made, fast } = watched(chain, { tier: "js" });
    for (const size of [200, 210, 220]) call(numbers(size), 5);
    expect(made.map((one) => one!.operations <= 30)).toEqual([true, true]);
    expect(fast.stats().calls).toEqual({ original: 0, js: 15, wasm: 0 });
  });

  it("not where unrolling is little work, where calls bring long arrays or may do so, nor beside functions that are pure", () => {
    const small = watched(chain), pure = watched(chain, { pure: [Math.hypot] }), long = watched(chain), y = new Float64Array(1024);
    const rows = watched((x: unknown, _y: unknown, slow: readonly number[]) => { for (const row of x as number[][]) for (const c of slow) row[0]! += c; });
    for (const size of [10, 11]) {
      small.call(numbers(size));
      pure.call(numbers(10 * size));
      long.fast(new Float64Array(8), y, numbers(10 * size) as never);
      rows.fast([[1, 2], [3, 4]] as never, y, numbers(10 * size) as never);
    }
    expect([small, pure, long, rows].map(({ made, fast }) => [made, fast.stats().calls.wasm])).toEqual(Array.from({ length: 4 }, () => [[], 2]));
  });

  it("not again where that did not do", () => {
    const { call, made, fast } = watched(chain, {}, () => null);
    for (const size of [200, 210, 220]) call(numbers(size));
    expect(made).toEqual([null]);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 3 });
  });

  it("where such a program leaves a call to the original, the one with unrolled loops is asked first, then and from then on", () => {
    const positive = (x: Float64Array, y: Float64Array, slow: readonly number[]): void => {
      for (let i = 0; i < y.length; i++) { let acc = 0; for (let k = 0; k < slow.length; k++) { if (slow[k]! * x[0]! > 1e6) throw new RangeError("large"); acc += slow[k]! * x[i]!; } y[i] = acc; }
    };
    const { call, made, fast } = watched(positive);
    for (const size of [200, 210]) call(numbers(size));
    expect(made).toHaveLength(1);
    const y = new Float64Array(8);
    expect(() => fast(Float64Array.of(1e9, 1, 1, 1, 1, 1, 1, 1), y, numbers(210) as never)).toThrow(RangeError);
    expect(fast.stats()).toMatchObject({ calls: { original: 1, wasm: 2 } });
    call(numbers(220));
    expect(made).toHaveLength(1);
    expect(fast.stats()).toMatchObject({ calls: { original: 1, wasm: 3 } });
  });
});
