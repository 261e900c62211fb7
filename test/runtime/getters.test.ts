// Getters among slow values that are exchanged between calls: each next call is the original's, whatever was there before.

import { expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

class Stage {
  gain = 3;
  get doubled(): number { return this.gain * 2; }
  of(x: number): number { return x * this.doubled; }
}
class Later extends Stage {}
const rows = (make: () => object): object[] => Array.from({ length: 40 }, make);
const over = (owner: object, key: string, get: () => number): void => { Object.defineProperty(owner, key, { get, configurable: true, enumerable: true }); };
const sum = (x: number, c: { rows: Stage[] }): number => { let all = 0; for (const row of c.rows) all += row.doubled * x; return all; };
const direct = (x: number, c: Stage): number => x * c.doubled + c.gain;

interface Case { kernel: (x: number, c: never) => number; slow: () => object; change: (slow: never) => void }
const fresh = (): typeof Stage => class extends Stage { override get doubled(): number { return this.gain * 5; } };
const cases: Readonly<Record<string, () => Case>> = {
  "of a class": () => { const Own = fresh(); return { kernel: direct, slow: () => new Own(), change: () => over(Own.prototype, "doubled", () => 7) }; },
  "of the class of many": () => { const Own = fresh(); return { kernel: sum, slow: () => ({ rows: rows(() => new Own()) }), change: () => over(Own.prototype, "doubled", () => 7) }; },
  "that comes on the object itself": () => ({ kernel: direct, slow: () => new Stage(), change: (slow) => over(slow, "doubled", () => 7) }),
  "that comes on a nearer class": () => { class Own extends Later {} return { kernel: direct, slow: () => new Own(), change: () => over(Own.prototype, "doubled", () => 7) }; },
  "in the place of a field": () => ({ kernel: direct, slow: () => new Stage(), change: (slow) => over(slow, "gain", () => 7) }),
  "in the place of a field of one of many": () => ({ kernel: sum, slow: () => ({ rows: rows(() => new Stage()) }), change: ({ rows: [, row] }: { rows: object[] }) => over(row!, "gain", () => 7) }),
  "in the place of an element": () => ({
    kernel: (x: number, c: readonly number[]) => { let all = 0; for (let i = 0; i < c.length; i++) all += c[i]! * x; return all; },
    slow: () => Array.from({ length: 20 }, (_, i) => i), change: (slow) => over(slow, "3", () => 100),
  }),
  "of its own": () => ({ kernel: (x: number, c: { k: number }) => x * c.k, slow: () => ({ get k() { return 3; } }), change: (slow) => over(slow, "k", () => 7) }),
};

it.each(Object.keys(cases))("a getter %s", async (name) => {
  await ready();
  const { kernel, slow, change } = cases[name]!(), value = slow() as never;
  const fast = specialize(kernel, { slow: [1], tier: "wasm", compile: "sync" });
  for (let x = 0; x < 5; x++) expect(fast(x, value)).toBe(kernel(x, value));
  const before = kernel(2, value);
  change(value);
  expect(kernel(2, value)).not.toBe(before);
  for (let x = 0; x < 5; x++) expect(fast(x, value)).toBe(kernel(x, value));
});

it("a function of the engine's own objects that is exchanged", async () => {
  await ready();
  const kernel = (x: number, o: { k: number }): number => (Object.hasOwn(o, "gain") ? x : x * o.k);
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), { hasOwn } = Object;
  for (let x = 0; x < 5; x++) expect(fast(x, { k: 3 })).toBe(3 * x);
  try {
    Object.hasOwn = () => true;
    expect(fast(2, { k: 3 })).toBe(2);
  } finally { Object.hasOwn = hasOwn; }
  expect(fast(2, { k: 3 })).toBe(6);
});
