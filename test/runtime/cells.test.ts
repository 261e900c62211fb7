// Arrays of the caller's whose elements are no numbers alone: flags, numbers some of which are null, undefined or missing, those that count from one, and arrays of such.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

/** What an array holds, holes told from undefined. */
const seen = (value: unknown): unknown => (Array.isArray(value) ? Array.from(value, (item, i) => (i in value ? seen(item) : "hole")) : value);
const number = (k: number): number => (k * 7919) % 101 / 8 - 5;
const flags = (k: number, n = 6): boolean[] => Array.from({ length: n }, (_, i) => ((k * 5 + i * 3 + (k >> i)) & 1) === 1);
const fromOne = (k: number, n = 5): (number | undefined)[] => [undefined, ...Array.from({ length: n }, (_, i) => number(k + i))];
const partly = (k: number): (number | null)[] => Array.from({ length: 6 }, (_, i) => ((k + i) % 4 === 0 ? null : number(k * i)));
const table = (k: number): unknown[] => [undefined, fromOne(k), fromOne(k + 1), fromOne(k + 2)];

type Case = readonly [kernel: (...args: never[]) => unknown, args: (k: number) => unknown[]];
const cases: Readonly<Record<string, Case>> = {
  "flags that choose": [(f: boolean[], x: number[]) => { let s = 0; for (let i = 0; i < f.length; i++) if (f[i]) s += x[i]!; return s; }, (k) => [flags(k), [1, 2, 4, 8, 16, 32]]],
  "flags that are turned": [(f: boolean[]) => { let n = 0; for (let i = 0; i < f.length; i++) if ((f[i] = !f[i])) n++; return n; }, (k) => [flags(k)]],
  "flags in an object": [(o: { f: boolean[]; x: number }) => { let n = 0; for (const f of o.f) n = n * 2 + (f ? o.x : 1); return n; }, (k) => [{ f: flags(k), x: k }]],
  "a grid of flags": [(g: boolean[][]) => { let n = 0; for (let y = 0; y < g.length; y++) for (let x = 0; x < g[y]!.length; x++) if (g[y]![x] && !g[y - 1]?.[x]) n += x * 10 + y; return n; }, (k) => [[flags(k), flags(k + 1), flags(k + 2, 4)]]],
  "numbers that may be null": [(x: (number | null)[]) => { let s = 0, n = 0; for (const v of x) if (v !== null) { s += v; n++; } return n > 0 ? s / n : null; }, (k) => [partly(k)]],
  "numbers that may be missing": [(x: number[]) => { let s = 0; for (let i = 0; i < x.length; i++) s += x[i] === undefined ? 100 : x[i]!; return [s, 1 in x]; }, (k) => { const x = [number(k), number(k + 1), number(k + 2)]; delete x[1 + (k & 1)]; return [x]; }],
  "what a gap holds is filled": [(x: (number | null)[]) => { let last = 0; for (let i = 0; i < x.length; i++) { x[i] ??= last; last = x[i]!; } }, (k) => [partly(k)]],
  "sums from one on": [(x: number[], n: number) => { let s = 0; for (let i = 1; i <= n; i++) s += x[i]! * i; return s; }, (k) => [fromOne(k), 5]],
  "a triangle from one on": [(a: number[][], b: number[], n: number) => { for (let k = 1; k <= n; k++) { let t = b[k]!; for (let i = 1; i < k; i++) t -= a[i]![k]! * b[i]!; b[k] = t / (a[k]![k]! + 40); } }, (k) => [table(k), fromOne(k + 3), 3]],
  "rows from one on are written": [(a: number[][], n: number) => { for (let i = 1; i <= n; i++) for (let j = 1; j <= n; j++) a[i]![j]! *= i - j; return a[2]; }, (k) => [table(k), 3]],
  "an element is given back": [(f: unknown[], i: number) => f[i], (k) => [[true, null, undefined, k, 0.5], k % 6]],
  "they are looked for": [(f: unknown[]) => [f.indexOf(true), f.includes(undefined), f.findIndex((v) => v === null), f.filter((v) => v).length], (k) => [[...flags(k), null, k, undefined]]],
  "the array is copied and grows": [(f: (number | null)[], x: number) => { const g = [...f, x]; f.push(null); return g; }, (k) => [partly(k), k]],
};

describe.each(["js", "wasm"] as const)("arrays of what is no number everywhere, served by %s", (tier) => {
  it.each(Object.entries(cases))("%s: one version for all contents", (_, [kernel, args]) => {
    const fast = specialize(kernel as (...args: unknown[]) => unknown, { slow: [], tier, compile: "sync" });
    for (let k = 0; k < 10; k++) {
      const got = args(k), want = args(k);
      expect([seen(fast(...got)), got.map(seen)]).toEqual([seen((kernel as (...args: unknown[]) => unknown)(...want)), want.map(seen)]);
    }
    expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 10 });
    expect(fast.versions().length).toBeLessThanOrEqual(2);
  });

  it("a row that is an argument of its own is that row", () => {
    const kernel = (g: boolean[][], row: boolean[]): unknown => { row[0] = !row[0]; return [g[1]![0], g.indexOf(row)]; };
    const fast = specialize(kernel, { slow: [], tier, compile: "sync" });
    for (let k = 0; k < 3; k++) {
      const got = [flags(k), flags(k + 1)], want = [flags(k), flags(k + 1)];
      expect(fast(got, got[1]!)).toEqual(kernel(want, want[1]!));
      expect(got).toEqual(want);
    }
  });
  it("what is only read may be frozen, and a part of a slow value", () => {
    const kernel = (f: readonly boolean[], c: { f: readonly boolean[] }): number => { let n = 0; for (let i = 0; i < f.length; i++) if (f[i] && c.f[i]) n += i + 1; return n; };
    const fast = specialize(kernel, { slow: ["c"], tier, compile: "sync" }), own = flags(3);
    for (const f of [flags(3), own, Object.freeze(flags(4)), flags(3), own]) expect(fast(f, { f: own })).toBe(kernel(f, { f: own }));
    expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 5 });
  });
  it("what is written is not read as something else's", () => {
    const kernel = (g: readonly (readonly unknown[])[], row: unknown[]): number => { row[0] = null; let s = 0; for (const r of g) for (const v of r) s = s * 2 + Number(v ?? 1); return s; };
    const fast = specialize(kernel, { slow: [], tier, compile: "sync" }), make = (k: number): [unknown[][], unknown[]] => { const g = [[true, k], [1, 2, null]]; return [g, k & 1 ? g[1]! : [1, 2, null]]; };
    for (let k = 0; k < 6; k++) expect(fast(...make(k))).toBe(kernel(...make(k)));
  });
  it("elements of another kind than before", () => {
    const kernel = (f: unknown[]): number => { let s = 0; for (const v of f) s = s * 3 + (v === null ? 2 : v ? 1 : 0); return s; };
    const fast = specialize(kernel, { slow: [], tier, compile: "sync" });
    for (const f of [[true, false], [true, null], [1, 0, null], [undefined, 2], [], [3, 4], ["a", null], [true, [1]], Object.freeze([true])]) expect(fast([...f])).toBe(kernel(f as unknown[]));
    expect(fast(Object.freeze([true, false]) as never)).toBe(3);
  });
});
