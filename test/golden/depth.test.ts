// Calls of a version take more of the engine's stack than the original's where they have many values at hand: what is too deep for them may not be for it. So do objects that
// lead to one another, which are laid out in memory, and read out of it.

import { expect, it } from "vitest";
import { arena, ready, specialize } from "../../src/index.ts";

it.each(["wasm", "js"] as const)("recursion that is too deep for a version is the original's, and leaves nothing: %s", async (tier) => {
  await ready();
  const digits = (n: number): string => { const f = (k: number): string => (k <= 0 ? "" : (k % 10) + f(k - 1)); return f(n); };
  const reversed = (s: string): string => { const f = (w: string): string => (w === "" ? "" : f(w.slice(1)) + w[0]!); return f(s); };
  const fast = [specialize(digits, { tier, compile: "sync" }), specialize(reversed, { tier, compile: "sync" })] as const;
  for (const n of [3, 2500, 0, 2500, 12]) {
    expect(fast[0](n)).toBe(digits(n));
    expect(fast[1]("ab".repeat(n / 2))).toBe(reversed("ab".repeat(n / 2)));
  }
  interface Node { v: number; readonly next: Node | null }
  const list = (n: number): Node | null => { let first: Node | null = null; for (let i = 0; i < n; i++) first = { v: i, next: first }; return first; };
  const negated = (first: Node | null): string => { const f = (n: Node | null): string => { if (n === null) return ""; n.v = -n.v; return f(n.next) + n.v; }; return f(first); };
  const all = (first: Node | null): number[] => { const out: number[] = []; for (let n = first; n; n = n.next) out.push(n.v); return out; };
  const changed = specialize(negated, { tier, compile: "sync" });
  for (const n of [3, 2500, 3]) {
    const [a, b] = [list(n), list(n)];
    expect(changed(a)).toBe(negated(b));
    expect(all(a)).toEqual(all(b));
  }
  const endless = specialize((n: number): number => { const f = (k: number): number => (k === 0 ? 0 : 1 + f(k - 1)); return f(n); }, { tier, compile: "sync" });
  expect(endless(5)).toBe(5);
  expect(() => endless(0.5)).toThrow(RangeError);
});

it.each(["wasm", "js"] as const)("recursion that writes a typed array in place leaves nothing in it where it is too deep for a version: %s", async (tier) => {
  await ready();
  const spread = (x: Float64Array, from: number, level: number): number => {
    const f = (i: number, a: number, b: number): number => {
      if (i >= x.length || x[i]! > level) return a;
      x[i]! += level + 1;
      return f(i + 1, b * 0.5 + i, a) + f(x.length, a, b) + x[i]!;
    };
    return f(from, 1, 2);
  };
  const fast = specialize(spread, { tier, compile: "sync" });
  for (const n of [3, 4000, 0, 4000, 12]) for (const make of [(length: number) => new Float64Array(length), (length: number) => arena.float64(length)]) {
    const [a, b] = [make(n), new Float64Array(n)];
    for (const level of [0, 0.5, 2]) expect(fast(a, 0, level)).toBe(spread(b, 0, level));
    expect([...a]).toEqual([...b]);
  }
});

it.each(["wasm", "js"] as const)("lists of thousands that lead to one another are taken, given back and changed: %s", async (tier) => {
  await ready();
  interface Node { v: number; next: Node | null }
  const make = (n: number): Node | null => { let first: Node | null = null; for (let i = 0; i < n; i++) first = { v: i, next: first }; return first; };
  const sum = (first: Node | null): number => { let s = 0; for (let n = first; n; n = n.next) { s = s * 3 % 1009 + n.v; n.v = s; } return s; };
  const all = (first: Node | null): number[] => { const out: number[] = []; for (let n = first; n; n = n.next) out.push(n.v); return out; };
  const [making, summing] = [specialize(make, { tier, compile: "sync" }), specialize(sum, { tier, compile: "sync" })];
  for (const n of [4, 5000, 0, 1000]) {
    expect(all(making(n))).toEqual(all(make(n)));
    const [a, b] = [make(n), make(n)];
    expect(summing(a)).toBe(sum(b));
    expect(all(a)).toEqual(all(b));
  }
  expect(making.stats().calls.original).toBe(0);
});
