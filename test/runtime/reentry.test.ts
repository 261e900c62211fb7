// Calls in the middle of calls: from listeners, watchers, user guards, the kernel itself; many swaps; arguments that were taken away.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize, type KernelEvent, type Options } from "../../src/index.ts";
import { sharedMemory } from "../../src/runtime/memory.ts";

beforeAll(async () => { await ready(); });

const weigh = (x: number, c: { k: number }): number => x * c.k + 0.5;
for (const tier of ["js", "wasm"] as const) {
  const options = (more: Options = {}): Options => ({ slow: ["c"], tier, compile: "sync", ...more });

  describe(`a call in the middle of a call (${tier})`, () => {
    it("from a watcher, which asks for another version while one is tested", () => {
      let depth = 0;
      const inner: unknown[] = [];
      const fast: typeof weigh = specialize(weigh, options({
        watch: { same: (now: { k: number }, before: { k: number }) => {
          if (depth++ === 0) { inner.push(fast(2, { k: 7 })); inner.push(fast(2, { k: 8 })); }
          depth--;
          return now.k === before.k;
        } },
      }));
      for (const k of [1, 2, 3, 1, 2, 7]) expect(fast(10, { k })).toBe(10 * k + 0.5);
      expect(inner.length).toBeGreaterThan(0);
      for (let i = 0; i < inner.length; i += 2) expect([inner[i], inner[i + 1]]).toEqual([14.5, 16.5]);
    });
    it("from a listener, while a version is swapped in", () => {
      const seen: number[] = [];
      let inside = false;
      const fast: typeof weigh = specialize(weigh, options({
        onEvent: () => {
          if (inside) return;
          inside = true;
          seen.push(fast(1, { k: 100 + seen.length }));
          inside = false;
        },
      }));
      for (const k of [1, 2, 3, 1]) expect(fast(10, { k })).toBe(10 * k + 0.5);
      expect(seen.length).toBeGreaterThan(0);
      expect(seen).toEqual(seen.map((_, i) => 100.5 + i));
    });
    it("from a guard of the user's", () => {
      let inside = false;
      const fast: typeof weigh = specialize(weigh, options({
        guards: [() => {
          if (!inside) {
            inside = true;
            expect(fast(3, { k: 5 })).toBe(15.5);
            inside = false;
          }
          return "hit";
        }],
      }));
      for (const k of [1, 5, 2, 1]) expect(fast(10, { k })).toBe(10 * k + 0.5);
    });
    it("that disposes or resets the kernel", () => {
      for (const end of ["dispose", "reset"] as const) {
        const fast = specialize(weigh, options({ onEvent: ({ type }: KernelEvent) => { if (type === "swapped") fast[end](); } })) as typeof weigh & { dispose(): void; reset(): void };
        for (const k of [1, 2, 1, 3]) expect(fast(10, { k })).toBe(10 * k + 0.5);
      }
    });
    it("of the original that calls the specialised function: recursion", () => {
      let fast: (n: number, k: number) => number = () => 0;
      const kernel = (n: number, k: number): number => (n <= 0 ? 0 : k + fast(n - 1, k));
      fast = specialize(kernel, { slow: ["k"], tier, compile: "sync" });
      expect([fast(5, 2), fast(7, 3), fast(5, 2)]).toEqual([10, 21, 10]);
    });
    it("of a specialised function that another one calls: its kernel is part of the version", () => {
      const factor = { k: 3 };
      const inner = specialize(function inner(x: number, c: { k: number }) { return x * c.k + factor.k; }, options());
      const outer = specialize((x: number, c: { k: number }) => inner(x, c) * 2, options());
      expect([outer(1, { k: 2 }), outer(2, { k: 2 })]).toEqual([10, 14]);
      expect(outer.stats().calls).toMatchObject({ original: 0, [tier]: 2 });
      expect(outer.diagnostics()).toEqual([]);
      factor.k = 4; // what the inner kernel captures is guarded by the outer version
      expect(outer(1, { k: 2 })).toBe(12);
      const itself = specialize((x: number, c: { k: number }) => ({ is: inner, of: inner.original, product: inner(x, c) }), options());
      const found = itself(1, { k: 2 });
      expect([found.is === inner, found.of === inner.original, found.product]).toEqual([true, true, 6]);
      class Point { x: number; constructor(x: number) { this.x = x; } }
      const make = specialize(Point as unknown as (x: number) => Point, { tier, compile: "sync" }) as unknown as typeof Point;
      const point = specialize((x: number, c: { k: number }) => new make(x * c.k), options());
      expect([point(1, { k: 2 }), point(1, { k: 2 }) instanceof Point]).toEqual([new Point(2), true]);
    });
  });

  describe(`arguments (${tier})`, () => {
    it("whose buffer was taken away", () => {
      const sum = (x: Float64Array, k: number): number => { let s = 0; for (let i = 0; i < x.length; i++) s += x[i]! * k; return s + x.length; };
      const fast = specialize(sum, { slow: ["k"], tier, compile: "sync" });
      const x = Float64Array.of(1, 2, 3);
      expect(fast(x, 2)).toBe(15);
      structuredClone(x, { transfer: [x.buffer] });
      expect(fast(x, 2)).toBe(sum(x, 2));
    });
  });

  it(`thousands of swaps leave nothing behind (${tier})`, () => {
    const kernel = (x: number, k: number, t: Float64Array): number => x * k + t[x & 3]!;
    const fast = specialize(kernel, { slow: ["k", "t"], tier, compile: "sync", limits: { versions: 4 } });
    const tables = [Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, -0)];
    const call = (i: number): void => {
      const k = i & 1, t = tables[(i >> 1) & 1]!;
      for (let again = 0; again < 20; again++) fast(again & 3, k, t); // each serves for a while, so that swaps are worth it
      expect(fast(i & 7, k, t)).toBe(kernel(i & 7, k, t));
    };
    for (let i = 0; i < 8; i++) call(i);
    const { builds, used } = { builds: fast.stats().misses, used: sharedMemory()!.allocator.used };
    for (let i = 0; i < 4000; i++) call(i);
    expect(fast.stats().misses).toBe(builds);
    expect(fast.stats().swaps).toBeGreaterThan(3900);
    expect(sharedMemory()!.allocator.used).toBe(used);
    expect(fast.versions()).toHaveLength(4);
  });
}
