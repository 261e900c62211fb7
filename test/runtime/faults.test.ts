// What goes wrong must not be seen: a compiler that lies or fails, a memory that is full, a module that traps, listeners that throw,
// values that change all the time. The result is the original's, every time.

import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { arena, ready, type KernelEvent, type Options } from "../../src/index.ts";
import type { Residual } from "../../src/compile.ts";
import { instructions } from "../../src/ir/build.ts";
import { setMode } from "../../src/runtime/configure.ts";
import type { Pipeline } from "../../src/runtime/pipeline.ts";
import { specialize, specializeWith } from "../../src/runtime/specialize.ts";
import { pipeline } from "../../src/runtime/wiring.ts";

beforeAll(async () => { await ready(); });
afterEach(() => { setMode("on"); });

const bent = (residualize: Pipeline["residualize"]): Pipeline => ({ ...pipeline, residualize });
/** A residual that computes something else: every constant 2 is a 3. */
const lying = bent((request): Residual => {
  const residual = pipeline.residualize(request);
  for (const func of [...residual.optimized.functions, ...residual.program.functions]) {
    for (const instr of instructions(func.body)) {
      for (const arg of instr.args) if (arg.def?.op === "const" && arg.def.value === 2) (arg.def as { value: number }).value = 3;
    }
  }
  return residual;
});
const double = (x: number): number => x * 2 + 0.25;

describe("a version that is wrong", () => {
  for (const tier of ["js", "wasm"] as const) {
    const run = (options: Options): { fast: ReturnType<typeof specialize<typeof double>>; events: KernelEvent[] } => {
      const events: KernelEvent[] = [];
      const fast = specializeWith(lying, double, { tier, compile: "sync", onEvent: (event) => events.push(event), ...options });
      return { fast, events };
    };
    it(`is served by ${tier} where nobody looks: the fake works`, () => { expect(run({}).fast(1.5)).toBe(4.75); });
    it(`is found by verify: "first", withdrawn, and never seen (${tier})`, () => {
      const { fast, events } = run({ verify: "first" });
      for (let i = 0; i < 4; i++) expect(fast(1.5)).toBe(3.25);
      const found = events.filter(({ type }) => type === "mismatch");
      expect(found.length).toBeGreaterThan(0);
      expect(found[0]!.detail).toMatchObject({ mismatches: [{ path: "result", expected: 3.25, actual: 4.75 }], source: String(double) });
      expect(fast.versions().every(({ state }) => state === "withdrawn")).toBe(true);
    });
    it(`is found by verify: {every} and by WASMORPH=diff (${tier})`, () => {
      const { fast, events } = run({ verify: { every: 3 } });
      for (let i = 0; i < 5; i++) fast(1.5);
      expect(events.some(({ type }) => type === "mismatch")).toBe(true);
      setMode("diff");
      const all = run({});
      for (let i = 0; i < 3; i++) expect(all.fast(1.5)).toBe(3.25);
      expect(all.events.some(({ type }) => type === "mismatch")).toBe(true);
    });
    it(`is told by diff() (${tier})`, async () => {
      const { fast } = run({});
      const { equal, mismatches } = await fast.diff(1.5);
      expect(equal).toBe(false);
      expect(mismatches[0]).toMatchObject({ path: "result", expected: 3.25, actual: 4.75 });
    });
  }
});

describe("our own faults", () => {
  it("a compiler that throws is an event, and the original serves", () => {
    const events: string[] = [];
    const fast = specializeWith(bent(() => { throw new TypeError("oops"); }), double, { compile: "sync", onEvent: ({ type }) => events.push(type) });
    for (let i = 0; i < 5; i++) expect(fast(1.5)).toBe(3.25);
    expect(events).toContain("invariant");
    expect(events.length).toBeLessThan(5); // it is not tried at every call
    expect(fast.diagnostics()[0]).toMatchObject({ kind: "Invariant", message: expect.stringContaining("oops") as string });
  });
  it("a listener that throws is nobody's business", () => {
    const fast = specialize(double, { compile: "sync", tier: "js", onEvent: () => { throw new Error("listener"); } });
    expect([fast(1.5), fast(1.5)]).toEqual([3.25, 3.25]);
  });
  it("a program that traps without a word is withdrawn", () => {
    const events: string[] = [];
    const trapping = bent((request) => {
      const residual = pipeline.residualize(request);
      const [entry] = residual.optimized.functions;
      entry!.body.body.splice(0, entry!.body.body.length, { op: "trap", args: [], results: [], exit: -1 });
      return residual;
    });
    const fast = specializeWith(trapping, double, { compile: "sync", tier: "wasm", onEvent: ({ type }) => events.push(type) });
    for (let i = 0; i < 3; i++) expect(fast(1.5)).toBe(3.25);
    expect(events).toContain("invariant");
    expect(fast.stats().calls).toEqual({ original: 3, js: 0, wasm: 0 });
  });
});

describe("a memory that is full", () => {
  it("leaves the original, with one event", () => {
    const events: KernelEvent[] = [];
    const sum = (x: Float64Array): number => { let s = 0; for (let i = 0; i < x.length; i++) s += x[i]!; return s; };
    const fast = specialize(sum, { compile: "sync", tier: "wasm", onEvent: (event) => events.push(event) });
    expect(fast(Float64Array.of(1, 2))).toBe(3);
    const large = new Float64Array(9_000_000).fill(1);
    expect([fast(large), fast(large)]).toEqual([9_000_000, 9_000_000]);
    expect(events.filter(({ type }) => type === "memory full")).toHaveLength(1);
    expect(fast(Float64Array.of(1, 2))).toBe(3);
    expect(fast.stats().calls).toEqual({ original: 2, js: 0, wasm: 2 });
  });
  it("has room again when arrays are freed", () => {
    const held = arena.float64(8_000_000);
    expect(() => arena.float64(8_000_000)).toThrow(RangeError);
    arena.free(held);
    arena.free(arena.float64(8_000_000));
  });
});

describe("modes for all kernels", () => {
  it("off, js, wasm", () => {
    const fast = specialize(double, { compile: "sync", tier: "js" });
    const calls: Record<string, number>[] = [];
    for (const mode of ["js", "wasm", "off", "on"] as const) {
      setMode(mode);
      expect(fast(1.5)).toBe(3.25);
      calls.push({ ...fast.stats().calls });
    }
    expect(calls).toEqual([{ original: 0, js: 1, wasm: 0 }, { original: 0, js: 1, wasm: 1 }, { original: 1, js: 1, wasm: 1 }, { original: 1, js: 2, wasm: 1 }]);
  });
});

describe("the user's guards", () => {
  it("hit, miss, never", () => {
    let answer: "hit" | "miss" | "never" = "hit";
    const seen: unknown[] = [];
    const scale = (x: number, k: number): number => x * k;
    const fast = specialize(scale, { slow: ["k"], compile: "sync", tier: "js", guards: [(args, slow) => { seen.push([args, slow]); return answer; }] });
    expect(fast(3, 2)).toBe(6);
    expect(seen).toEqual([[[3, 2], { k: 2 }]]);
    expect(fast.stats().calls.js).toBe(1);
    answer = "miss";
    expect(fast(3, 2)).toBe(6);
    expect(fast.stats().calls).toMatchObject({ original: 1, js: 1 });
    answer = "never";
    expect(fast(3, 2)).toBe(6);
    expect(fast.versions().filter(({ state }) => state === "ready")).toHaveLength(0);
  });
});

describe("limits", () => {
  it("of modules and of snapshots", () => {
    const scale = (x: number, t: Float64Array): number => x * t[0]!;
    const small = specialize(scale, { slow: ["t"], compile: "sync", tier: "wasm", limits: { moduleBytes: 10 } });
    expect(small(3, Float64Array.of(2))).toBe(6);
    expect(small.diagnostics()[0]!.message).toContain("bytes");
    const slim = specialize(scale, { slow: ["t"], compile: "sync", limits: { snapshotBytes: 100 } });
    expect(slim(3, new Float64Array(1000).fill(2))).toBe(6);
    expect(slim.diagnostics()[0]).toMatchObject({ hint: expect.stringContaining("snapshotBytes") as string });
    expect(slim.stats().calls.original).toBe(1);
  });
  it("the bytes of slow values are counted without what their prototypes and fields say", () => {
    const rows = Object.setPrototypeOf([[2], [3]], null) as number[][];
    const table = Object.defineProperty(Float64Array.of(5, 7), "byteLength", { get: () => { throw new Error("asked"); } });
    const bare = specialize((x: number, r: number[][]) => x * r[1]![0]!, { slow: ["r"], compile: "sync", tier: "wasm" });
    const odd = specialize((x: number, t: Float64Array) => x + t[0]!, { slow: ["t"], compile: "sync", tier: "wasm" });
    expect([bare(2, rows), bare(3, rows), bare(4, rows), odd(2, table)]).toEqual([6, 9, 12, 7]); // remembered, too
    expect([bare.stats().calls.wasm, odd.stats().calls.original]).toEqual([3, 1]);
  });
});

describe("a small soak", () => {
  for (const tier of ["js", "wasm", "auto"] as const) {
    it(`random swaps, edits in place, kinds and lengths: every result is the original's (${tier})`, () => {
      let seed = 99;
      const random = (n: number): number => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) % n;
      const kernel = (x: ArrayLike<number>, y: { [i: number]: number; length: number }, c: { taps: number[]; gain: number }, n: number): number => {
        let last = 0;
        for (let i = 0; i < y.length; i++) {
          let acc = 0;
          for (let k = 0; k < c.taps.length; k++) acc += c.taps[k]! * x[i + k]!;
          y[i] = last = acc * c.gain + n;
        }
        return last;
      };
      const fast = specialize(kernel, { slow: ["c"], tier, compile: "sync", limits: { versions: 6 } });
      const configs = [{ taps: [1, 2], gain: 1 }, { taps: [0.5], gain: -0 }, { taps: [], gain: NaN }];
      const Kinds = [Float64Array, Float32Array, Int16Array, Array] as const;
      for (let i = 0; i < 120; i++) {
        const c = configs[random(3)]!;
        if (random(12) === 0) c.gain = random(5) - 2;
        if (random(12) === 0) c.taps[random(2)] = random(7) / 2;
        const make = (): { x: number[] | Float64Array; y: number[] | Float64Array } => {
          const Kind = Kinds[random(4)] as typeof Float64Array;
          const all = Kind.from({ length: 12 + random(3) }, (_, k) => k - 5.5);
          return random(3) === 0 && Kind as unknown !== Array ? { x: all.subarray(0, 8), y: all.subarray(random(6)) } : { x: all, y: Kind.from({ length: random(9) }, () => 7) };
        };
        const before = seed;
        const mine = make();
        seed = before;
        const want = make();
        const n = [0, 1.5, -0, NaN][random(4)]!;
        expect(fast(mine.x, mine.y, c, n)).toBe(kernel(want.x, want.y, c, n));
        expect(mine).toEqual(want);
      }
      const { original, js, wasm } = fast.stats().calls;
      expect(original + js + wasm).toBe(120);
      fast.dispose();
    });
  }
});
