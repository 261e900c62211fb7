// What a kernel reads and writes outside of its arguments, and slow values that can't be trusted: getters, Proxies, writes.

import { describe, expect, it } from "vitest";
import { specialize } from "../../../src/index.ts";
import { facts } from "./facts.ts";

const sync = { tier: "js", compile: "sync" } as const;

describe("slow values that can't be guarded", () => {
  it("a getter of a class that reads fields is read through", () => {
    class Gain { readonly k = 2; get twice(): number { return this.k * 2; } }
    function kernel(x: number, gain: Gain): number { return x * gain.twice; }
    expect(facts(kernel, ["gain"], [[2.5, new Gain()]]).executed).toEqual([1]);
  });

  it("a getter with effects runs as often as in the original", () => {
    let reads = 0;
    const config = { get k(): number { return ++reads; } };
    function kernel(x: number, c: { k: number }): number { return x * c.k; }
    const fast = specialize(kernel, { slow: ["c"], ...sync });
    expect([fast(2, config), fast(2, config), fast(2, config)]).toEqual([2, 4, 6]);
    expect(reads).toBe(3);
  });

  it("a Proxy is asked as often as by the original, and a diagnostic says so", () => {
    let asked = 0;
    const config = new Proxy({ k: 3 }, { get: (target, key) => { asked++; return Reflect.get(target, key) as unknown; } });
    function kernel(x: number, c: { k: number }): number { return x * c.k; }
    const fast = specialize(kernel, { slow: ["c"], ...sync });
    expect([fast(2.5, config), fast(2.5, config)]).toEqual([7.5, 7.5]);
    expect(asked).toBe(2);
    expect(fast.stats().calls.original).toBe(2);
    expect(fast.diagnostics().map(({ message }) => message).join()).toMatch(/Proxy/);
  });

  it("a slow value that the kernel writes is fast from then on", () => {
    function kernel(x: number, c: { n: number; k: number }): number { c.n = x; return c.n * c.k; }
    const fast = specialize(kernel, { slow: ["c"], ...sync });
    for (const x of [2.5, -0, NaN]) {
      const a = { n: 1, k: 2 }, b = { n: 1, k: 2 };
      expect([fast(x, a), a]).toEqual([kernel(x, b), b]);
    }
    expect(fast.diagnostics().map(({ message }) => message).join()).toContain("treated as fast");
    expect(fast.stats().calls.js).toBeGreaterThan(0);
  });
});

describe("captured variables and objects", () => {
  it("a counter that the kernel counts", () => {
    let count = 0;
    function kernel(x: number): number { count++; return x * count; }
    const fast = specialize(kernel, sync);
    expect([fast(2.5), fast(2.5), fast(2.5)]).toEqual([2.5, 5, 7.5]);
    expect(count).toBe(3);
  });

  it("an object's field and an array's element that the kernel writes", () => {
    const state = { n: 0 }, list = [1, 2, 3];
    function kernel(x: number, i: number): number { state.n++; list[i] = x; return state.n + list[0]! + list[1]! + list[2]!; }
    const fast = specialize(kernel, sync);
    expect([fast(10, 0), fast(20, 1), fast(30, 2)]).toEqual([16, 35, 63]);
    expect([state.n, list]).toEqual([3, [10, 20, 30]]);
  });

  it("the time is the original's business, with a reason", () => {
    function kernel(x: number): number { return x * Date.now(); }
    const fast = specialize(kernel, sync);
    expect(fast(0)).toBe(0);
    expect(fast.diagnostics()[0]!.message).toContain("the clock");
  });

  it("text that says what to do is parsed when the version is made", () => {
    function kernel(x: number, text: string): number {
      const { stages } = JSON.parse(text) as { stages: [string, number][] };
      const by = Object.fromEntries(stages) as Record<string, number>;
      return x * by["gain"]! + by["bias"]!;
    }
    expect(facts(kernel, ["text"], [[2.5, '{"stages": [["gain", 3], ["bias", -1]]}'], [-0, '{"stages": [["gain", 3], ["bias", -1]]}']]).executed[0]).toBe(2);
  });
});
