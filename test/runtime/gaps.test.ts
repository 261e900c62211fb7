// Arrays of arrays some of which are missing or undefined, of ordinary and typed arrays, two levels deep.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

type Rows = (number[] | undefined)[];
const f = (...numbers: number[]): Float32Array => Float32Array.from(numbers);
/** What an array holds, holes told from undefined. */
const seen = (value: unknown): unknown => (Array.isArray(value) ? Array.from(value, (item, i) => (i in value ? seen(item) : "hole")) : value);

const gaps: readonly (() => Rows)[] = [() => { const rows: Rows = [[9], [1, 2], [3]]; delete rows[0]; return rows; }, () => [undefined, [1, 2], [3]], () => [[4], [1, -0], []], () => { const rows: Rows = [[0.5], undefined, [2, 3]]; rows.length = 5; return rows; }];
const kernels: Readonly<Record<string, (g: Rows, i: number) => unknown>> = {
  "read where they are there": (g) => { let s = 0; for (let k = 0; k < g.length; k++) { const row = g[k]; if (row) for (let j = 0; j < row.length; j++) s += row[j]!; else s -= 7; } return s; },
  "written": (g, i) => { for (const row of g) if (row !== undefined) for (let j = 0; j < row.length; j++) row[j]! += i; },
  "given back": (g, i) => g[i],
  "visited: holes are not, undefined is": (g) => { let s = 0; g.forEach((row, k) => { s += k * 10 + (row ? row.length : 5); }); return s; },
  "mapped, filtered, sliced": (g) => [g.map((row) => (row ? row[0] : -1)), g.filter((row) => row).length, g.slice(0, 3)],
  "asked for": (g) => { let s = 0; for (let k = 0; k < 6; k++) if (k in g) s += 1 << k; return s; },
  "looked for": (g) => [g.indexOf(undefined), g.includes(undefined), g.findIndex((row) => row === undefined), g.some((row) => row === undefined)],
  "their keys": (g) => { let s = 0; for (const k in g) s = s * 10 + Number(k) + 1; return s; },
  "made where they are first needed": (g, i) => { for (let k = 0; k < g.length; k++) g[k] ??= [i]; return g.length; },
  "those that are there grow": (g, i) => { for (const row of g) if (row) row[row.length] = i; },
  "an empty one gets its first": (g, i) => { let s = 0; for (let k = 0; k < g.length; k++) { const row = g[k]; if (row) { row[0]! += i; s += k; } } return s; },
  "the array grows": (g) => g.push([5]),
  "the array loses its last": (g) => g.pop(),
};

describe.each(["js", "wasm"] as const)("arrays of arrays some of which are missing, served by %s", (tier) => {
  it.each(Object.entries(kernels))("%s", (_, kernel) => {
    const fast = specialize(kernel, { slow: [], tier, compile: "sync" });
    for (const make of [...gaps, ...gaps]) {
      const got = make(), want = make();
      expect([seen(fast(got, 2)), seen(got)]).toEqual([seen(kernel(want, 2)), seen(want)]);
    }
    expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 8 });
    expect(fast.versions().length).toBeLessThanOrEqual(2);
  });
  it("weights of layers from the second on, in typed arrays", () => {
    const adjust = (weights: (Float32Array[] | undefined)[], by: number): number => { let s = 0; for (let l = 1; l < weights.length; l++) for (let j = 0; j < weights[l]!.length; j++) for (let k = 0; k < weights[l]![j]!.length; k++) { weights[l]![j]![k]! *= by; s += weights[l]![j]![k]!; } return s; };
    const fast = specialize(adjust, { slow: [], tier, compile: "sync" }), make = (): (Float32Array[] | undefined)[] => [undefined, [f(1, 2), f(0.1, 4)], [f(5, 6, 7)]], got = make(), want = make();
    for (let i = 0; i < 3; i++) expect([fast(got, 0.3), got]).toEqual([adjust(want, 0.3), want]);
    for (const list of [got, want]) list[2]![0] = f(1);
    expect([fast(got, 0.3), got]).toEqual([adjust(want, 0.3), want]);
    expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 4 });
  });
  it("in the objects of an array", () => {
    const sum = (all: { w: (number[] | undefined)[] }[]): number => { let s = 0; for (const { w } of all) for (let k = 0; k < w.length; k++) { const row = w[k]; if (row) { row[0]! += 1; s += row[0]! * k; } else s -= 3; } return s; };
    const fast = specialize(sum, { slow: [], tier, compile: "sync" }), make = (): { w: (number[] | undefined)[] }[] => [{ w: [undefined, [1]] }, { w: [[2], [3]] }], got = make(), want = make();
    for (let i = 0; i < 3; i++) expect([fast(got), got]).toEqual([sum(want), want]);
    expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 3 });
  });
  it("typed rows of one buffer that overlap, two levels deep", () => {
    const twice = (rows: Float32Array[][]): void => { for (const list of rows) for (const row of list) for (let k = 0; k < row.length; k++) row[k]! *= 2; };
    const fast = specialize(twice, { slow: [], tier, compile: "sync" }), make = (overlap: number): Float32Array[][] => { const all = f(1, 2, 3, 4, 5, 6); return [[all.subarray(0, 2)], [all.subarray(2 - overlap, 4), all.subarray(4)]]; };
    for (const overlap of [0, 0, 1, 1]) { const got = make(overlap), want = make(overlap); fast(got); twice(want); expect(got).toEqual(want); }
    expect(fast.stats().calls).toMatchObject({ [tier]: 2 });
  });
});
