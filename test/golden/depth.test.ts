// Calls of a version take more of the engine's stack than the original's where they have many values at hand: what is too deep for them may not be for it.

import { expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

it.each(["wasm", "js"] as const)("recursion that is too deep for a version is the original's: %s", async (tier) => {
  await ready();
  const digits = (n: number): string => { const f = (k: number): string => (k <= 0 ? "" : (k % 10) + f(k - 1)); return f(n); };
  const reversed = (s: string): string => { const f = (w: string): string => (w === "" ? "" : f(w.slice(1)) + w[0]!); return f(s); };
  const fast = [specialize(digits, { tier, compile: "sync" }), specialize(reversed, { tier, compile: "sync" })] as const;
  for (const n of [3, 2500, 0, 2500, 12]) {
    expect(fast[0](n)).toBe(digits(n));
    expect(fast[1]("ab".repeat(n / 2))).toBe(reversed("ab".repeat(n / 2)));
  }
  const endless = specialize((n: number): number => { const f = (k: number): number => (k === 0 ? 0 : 1 + f(k - 1)); return f(n); }, { tier, compile: "sync" });
  expect(endless(5)).toBe(5);
  expect(() => endless(0.5)).toThrow(RangeError);
});
