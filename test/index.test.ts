// The public interface: what the package exports, and the example of the README.

import { describe, expect, it } from "vitest";
import * as wasmorph from "../src/index.ts";

describe("the package", () => {
  it("exports this and nothing else", () => {
    expect(Object.keys(wasmorph).toSorted()).toEqual(["arena", "captures", "configure", "ready", "specialize", "tracked"]);
  });

  it("gives a specialised function these members", () => {
    const fast = wasmorph.specialize((x: number) => x + 1);
    expect(Object.getOwnPropertyNames(fast).filter((name) => !["length", "name", "prototype", "arguments", "caller"].includes(name)).toSorted()).toEqual([
      "diagnostics", "diff", "dispose", "explain", "inspect", "original", "pin", "prepare", "refresh", "reports", "reset", "stats", "versions",
    ]);
  });

  it("runs the example", async () => {
    function fir(x: Float64Array, y: Float64Array, taps: number[]): void {
      for (let i = 0; i < y.length; i++) {
        let acc = 0;
        for (let k = 0; k < taps.length; k++) acc += taps[k]! * x[i + k]!;
        y[i] = acc;
      }
    }
    const fast = wasmorph.specialize(fir, { slow: ["taps"] });
    const x = Float64Array.from({ length: 100 }, (_, i) => i / 7), y = new Float64Array(90), want = new Float64Array(90);
    fast(x, y, [0.25, 0.5, 0.25]);
    await fast.prepare(x, y, [0.25, 0.5, 0.25]);
    fast(x, y, [0.25, 0.5, 0.25]);
    fir(x, want, [0.25, 0.5, 0.25]);
    expect(y).toEqual(want);
    expect(fast.versions()).toMatchObject([{ state: "ready" }]);
  });

  it("takes values for helpers that do not show them", () => {
    const scaling = (factor: number) => (x: number): number => x * factor;
    const helper = scaling(3);
    expect(wasmorph.captures(helper, { factor: 3 })).toBe(helper);
    const fast = wasmorph.specialize((x: number): number => helper(x) + 1, { tier: "js", compile: "sync" });
    expect(fast(2.5)).toBe(8.5);
    expect(fast.stats().calls.js).toBe(1);
  });
});
