// Methods that all objects have, where somebody gives arrays or typed arrays others of that name when the version has been made: what was
// inherited of Object.prototype is now found before it.

import { expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

const cases: readonly (readonly [string, object, string, (n: number) => unknown])[] = [
  ["an array is asked for what it has", Array.prototype, "hasOwnProperty", (n) => [n, 2].hasOwnProperty(1)], // eslint-disable-line
  ["a short array becomes a text", Array.prototype, "valueOf", (n) => "" + [n, 2]], // eslint-disable-line
  ["a typed array is filled", Float64Array.prototype, "fill", (n) => new Float64Array(2).fill(n)[1]],
];
for (const [name, holder, key, kernel] of cases) {
  it(name, async () => {
    await ready();
    for (const tier of ["wasm", "js"] as const) {
      const fast = specialize(kernel, { tier, compile: "sync" });
      expect([fast(1), fast(5), fast.stats().calls.original]).toEqual([kernel(1), kernel(5), 0]);
      Object.defineProperty(holder, key, { value: () => [9], configurable: true });
      try { expect(String(fast(3))).toBe(String(kernel(3))); } finally { Reflect.deleteProperty(holder, key); }
      expect(fast(7)).toBe(kernel(7));
    }
  });
}
