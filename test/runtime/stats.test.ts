// What stats() tells: plain data, complete, and all of it in the example that exports it.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

const scaled = (x: Float64Array, k: number): number => { let s = 0; for (let i = 0; i < x.length; i++) s += x[i]! * k; return s; };

describe("stats()", () => {
  it("counts every call once, by tier, and why versions were made", () => {
    const fast = specialize(scaled, { slow: ["k"], tier: "wasm", compile: "sync" }), x = Float64Array.of(1, 2, 3);
    for (const k of [2, 2, 3, 2, 3]) fast(x, k);
    fast(new Float32Array(2) as unknown as Float64Array, 2);
    expect(() => fast(null as unknown as Float64Array, 2)).toThrow(TypeError);
    const stats = fast.stats();
    expect(stats.calls).toEqual({ original: 1, js: 0, wasm: 6 });
    expect(stats).toMatchObject({ hits: 6, swaps: 5, made: { first: 1, "slow values": 1, kinds: 2 }, copiedBytes: 5 * 24 + 8 });
    expect(stats.misses).toBeGreaterThanOrEqual(4);
    for (const phase of ["capture", "evaluate", "passes", "emit", "instantiate"] as const) expect(stats.ms[phase], phase).toBeGreaterThan(0);
    expect(Object.values(stats.passMs).every((ms) => ms >= 0)).toBe(true);
  });
  it("explain() tells of a version that is being made", async () => {
    const fast = specialize(scaled, { slow: ["k"], tier: "wasm" });
    fast(Float64Array.of(1), 2);
    expect(fast.explain()).toContain("A version is being made: until it is there the original serves.");
    await fast.prepare(Float64Array.of(1), 2);
    expect(fast.explain()).toContain("WebAssembly serves.");
  });
  it("is plain data that JSON keeps", () => {
    const fast = specialize(scaled, { slow: ["k"], tier: "wasm", compile: "sync" });
    fast(Float64Array.of(1), 2);
    const stats = fast.stats();
    expect(JSON.parse(JSON.stringify(stats))).toEqual(stats);
    expect(structuredClone(stats)).toEqual(stats);
  });
  it("is exported as a whole by examples/metrics", () => {
    const text = readFileSync(new URL("../../examples/metrics/main.js", import.meta.url), "utf8");
    for (const key of Object.keys(specialize(scaled, { slow: ["k"] }).stats())) expect(text, key).toMatch(new RegExp(`\\(\\{ ${key} \\}\\)`));
  });
});
