// Slow or captured arrays of rows of which some are written, and one is read by an index of run time: a table of what they held at first was
// read. Random kernels with edits between calls found it. And once such rows had met in one memory, what a table told of was always the first of them.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

type Rows = number[][];
type Held = { w: number[] }[];
const rows = (): Rows => Array.from({ length: 9 }, (_, i) => [i, 2]);
const typed = (): Float64Array[] => rows().map((row) => Float64Array.from(row));
const held = (): Held => rows().map((w) => ({ w }));
const lists = (): { w: { k: number }[] }[] => rows().map(([k]) => ({ w: [{ k: k! }] }));
type Nests = { v: number; w: number[][] }[];
const nests = (): Nests => rows().map((row, v) => ({ v, w: [row] }));
const shared = (): Nests => { const all = nests(); return all.map(({ v }, i) => ({ v, w: all[i % 4]!.w })); };

type Case = readonly [string, () => unknown, (g: never, n: number, x: number) => unknown];
const cases: readonly Case[] = [
  ["an element", rows, (g: Rows, n, x) => { let s = 0; for (let i = 0; i < n; i++) { s += g[i % g.length]![0]!; g[0]![0]! += x; } return s; }],
  ["an element of each", rows, (g: Rows, n, x) => { let s = 0; for (let i = 0; i < g.length; i++) g[i]![0]! += x; for (let i = 0; i < n; i++) s += g[i % 9]![0]!; return s; }],
  ["a length", rows, (g: Rows, n, x) => { let s = 0; for (let i = 0; i < n; i++) { s += g[i % g.length]!.length; g[0]!.push(x); } return s; }],
  ["an element of a typed one", typed, (g: Float64Array[], n, x) => { let s = 0; for (let i = 0; i < n; i++) { s += g[i % g.length]![0]!; g[0]![0]! += x; } return s; }],
  ["an element of a field", held, (g: Held, n, x) => { let s = 0; for (let i = 0; i < n; i++) { s += g[i % g.length]!.w[0]!; g[0]!.w[0]! += x; } return s; }],
  ["the length of a field", held, (g: Held, n, x) => { let s = 0; for (let i = 0; i < n; i++) { s += g[i % g.length]!.w.length; g[0]!.w.push(x); } return s; }],
  ["the length of a field's list of objects", lists, (g: ReturnType<typeof lists>, n, x) => { let s = 0; for (let i = 0; i < n; i++) { s += g[i % g.length]!.w.length; g[0]!.w.push({ k: x }); } return s; }],
  ["a row of a field, of which another has met others", nests, (g: Nests, n, x) => { let s = 0; for (let i = 0; i < n; i++) { const one = g.find((p) => p.v > x * 4); if (one) s += one.w.length; g[i % 9]!.w[0] = [i, s]; } return s; }],
  ["a row of a field that objects share, of which another has met others", shared, (g: Nests, n, x) => { let s = 0; for (let i = 0; i < n; i++) { const one = g.find((p) => p.v > x * 4); if (one) s += one.w.length; g[i % 9]!.w.push([i]); } return s; }],
];

describe("what is written of a row is read by an index of run time too", () => {
  it.each<Case>(cases)("%s", async (_, make, kernel) => {
    await ready();
    for (const tier of ["js", "wasm"] as const) {
      const fast = specialize(kernel as (g: unknown, n: number, x: number) => unknown, { tier, compile: "sync", slow: ["g"] });
      for (const n of [4, 12, 21]) {
        const mine = make(), theirs = make();
        expect(fast(theirs, n, 7)).toBe(kernel(mine as never, n, 7));
        expect(theirs).toEqual(mine);
      }
      expect(fast.stats().calls).toMatchObject({ [tier]: 3, original: 0 });
    }
  });
  it("… of captured rows", async () => {
    await ready();
    const make = (): { readonly g: Rows; f(n: number, x: number): number } => {
      const g = rows();
      return { g, f: (n, x) => { let s = 0; for (let i = 0; i < n; i++) { s += g[i % g.length]![0]!; g[0]![0]! += x; } return s; } };
    };
    const mine = make(), theirs = make(), fast = specialize(theirs.f, { tier: "wasm", compile: "sync" });
    for (const n of [4, 12, 21]) {
      expect(fast(n, 7)).toBe(mine.f(n, 7));
      expect(theirs.g).toEqual(mine.g);
    }
    expect(fast.stats().calls).toMatchObject({ wasm: 3, original: 0 });
  });
});
