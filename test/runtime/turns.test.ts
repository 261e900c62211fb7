// Calls that alternate between kinds of arguments or slow values: versions are tried in turn, without swaps and without making any anew.

import { beforeAll, describe, expect, it } from "vitest";
import { canCompile } from "../../src/js/instantiate.ts";
import { configure, ready, specialize, type KernelEvent, type Options } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

const sum = (x: ArrayLike<number>, k: number): number => { let s = 0; for (let i = 0; i < x.length; i++) s += x[i]! * k; return s; };
const kinds = [Float64Array.of(1, 2.5, -3), Float32Array.of(0.1, 7), Int16Array.of(3, -2, 9), Uint8Array.of(250, 6), Int32Array.of(-7, 1), Uint16Array.of(9, 9)];

interface Ran { readonly events: KernelEvent["type"][]; readonly fast: ReturnType<typeof specialize<typeof sum>> }
function run(calls: number, args: (i: number) => [ArrayLike<number>, number], options: Partial<Options> = {}): Ran {
  const events: KernelEvent["type"][] = [];
  const kernel = (x: ArrayLike<number>, k: number): number => sum(x, k);
  const fast = specialize(kernel, { slow: ["k"], tier: "wasm", compile: "sync", env: { sum }, onEvent: ({ type }) => events.push(type), ...options });
  for (let i = 0; i < calls; i++) {
    const given = args(i);
    expect(fast(...given)).toBe(kernel(...given));
  }
  return { events, fast };
}

for (const tier of canCompile() ? ["wasm", "js"] as const : ["wasm"] as const) {
  describe(`calls that alternate (${tier})`, () => {
    for (const of of [2, 3, 4]) {
      it(`between ${of} kinds: ${of} versions, few swaps, every call a hit`, () => {
        const { fast, events } = run(500, (i) => [kinds[i % of]!, 3], { tier });
        expect(fast.stats().made).toEqual({ first: 1, kinds: of - 1 });
        expect(fast.stats().hits).toBe(500);
        expect(fast.stats().swaps).toBeLessThan(20);
        expect(events.filter((type) => type === "polymorphic")).toEqual(["polymorphic"]);
      });
    }

    it("between two slow values: two versions, few swaps, every call a hit", () => {
      const { fast } = run(500, (i) => [kinds[0]!, i % 2 === 0 ? 3 : -0.5], { tier });
      expect(fast.stats().made).toEqual({ first: 1, "slow values": 1 });
      expect(fast.stats().hits).toBe(500);
      expect(fast.stats().swaps).toBeLessThan(20);
    });

    it("between more than are tried in turn: the others serve without a swap", () => {
      const { fast } = run(600, (i) => [kinds[i % 5]!, 3], { tier });
      expect(fast.stats().made).toEqual({ first: 1, kinds: 4 });
      expect(fast.stats().hits).toBe(600);
      expect(fast.stats().swaps).toBeLessThan(20);
    });

    it("between more than are kept: the original, in the end", () => {
      const { fast, events } = run(600, (i) => [kinds[i % 6]!, 3], { tier, limits: { versions: 3 } });
      expect(events).toContain("churn");
      expect(fast.stats().calls.original).toBeGreaterThan(500);
    });
  });
}

describe("versions in turn", () => {
  it("end where calls stay with another one", () => {
    const { fast } = run(900, (i) => [kinds[i < 300 ? i % 5 : 4]!, 3]);
    expect(fast.stats().hits).toBe(900);
    const { swaps } = fast.stats();
    for (let i = 0; i < 100; i++) fast(kinds[4]!, 3);
    expect(fast.stats().swaps).toBe(swaps);
  });

  it("are swapped as ever where each serves for a while", () => {
    const { fast, events } = run(1000, (i) => [kinds[Math.floor(i / 20) % 2]!, 3]);
    expect(events).not.toContain("polymorphic");
    expect(fast.stats().swaps).toBe(49);
  });

  it("of numbers that are whole now and then: not a version for each combination", () => {
    const kernel = (a: number, b: number, c: number, { d, e }: { d: number; e: number }): number => a * d - b * e + c;
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (let i = 0; i < 64; i++) {
      const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((bit) => ((i * 37) >> bit & 1) === 0 ? i : i + 0.5) as [number, number, number, number, number];
      expect(fast(a, b, c, { d, e })).toBe(kernel(a, b, c, { d, e }));
    }
    expect(fast.stats().made).toEqual({ first: 1, kinds: 3 });
    expect(fast.stats().calls.wasm).toBe(64);
  });

  it("see an edit in place, and a version that goes", () => {
    const kernel = (x: number, c: number[]): number => x * c[0]! + c.length;
    const fast = specialize(kernel, { slow: ["c"], tier: "wasm", compile: "sync" });
    const one = [2], two = [3, 4];
    for (let i = 0; i < 100; i++) fast(i, i % 2 === 0 ? one : two);
    one[0] = 5;
    expect(fast(1.5, one)).toBe(8.5);
    void fast.refresh(1.5, two);
    expect([fast(2, two), fast(2, one)]).toEqual([8, 11]);
    fast.reset();
    expect([fast(2, two), fast(2, one)]).toEqual([8, 11]);
    fast.dispose();
    expect([fast(2, two), fast(2, one)]).toEqual([8, 11]);
  });

  it("give objects, undefined and NaN as the original does", () => {
    const kernel = (x: number, k: number): unknown => (k === 1 ? { x } : k === 2 ? undefined : x * NaN);
    const fast = specialize(kernel, { slow: ["k"], tier: "wasm", compile: "sync" });
    for (let i = 0; i < 200; i++) expect(fast(i, i % 3)).toEqual(kernel(i, i % 3));
    expect(fast.stats().swaps).toBeLessThan(20);
  });

  it("are not those that are compared with the original", () => {
    const { fast, events } = run(300, (i) => [kinds[i % 2]!, 3], { verify: { every: 3 } });
    expect(events).not.toContain("polymorphic");
    expect(fast.stats().made).toEqual({ first: 1, kinds: 1 });
  });

  it("are withdrawn with the rest when all is turned off and on", () => {
    const { fast } = run(300, (i) => [kinds[i % 2]!, 3]);
    configure({ enabled: false });
    const { original } = fast.stats().calls;
    fast(kinds[0]!, 3);
    expect(fast.stats().calls.original).toBe(original + 1);
    configure({ enabled: true });
    expect(fast(kinds[1]!, 3)).toBe(sum(kinds[1]!, 3));
  });
});
