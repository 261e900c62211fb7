// Look-up tables: constants, selects or a data segment, by cost, which explain() tells.

import { describe, expect, it } from "vitest";
import { facts } from "./facts.ts";

const kernel = (x: number, i: number, table: ArrayLike<number>): number => x * table[i]!;
const at = (table: ArrayLike<number>): unknown[][] => [0, 1, 2, 3, 5, 7, 100, -1, 1.5, -0, NaN, Infinity].map((i) => [2.5, i, table]);

describe("tables", () => {
  it("of equal elements: a constant", () => {
    const f = facts(kernel, ["table"], at([7, 7, 7, 7]));
    expect(f).toMatchObject({ tables: 0, loads: 0 });
    expect(f.explain).toContain("becomes a constant");
  });

  it("of a few stretches: selects, whatever its length", () => {
    for (const table of [[1, 2], [1, 2, -0], Float32Array.of(0.5, 0.25), [0, 0, 0, 0, 1, 1, 1, 1, 1, NaN, NaN, NaN]]) {
      const f = facts(kernel, ["table"], at(table));
      expect(f).toMatchObject({ tables: 0, loads: 0, ifs: 0 });
      expect(f.explain).toMatch(/becomes \d selects?: selects would cost \d, a load 4/);
    }
  });

  it("of many: a data segment in the smallest kind that holds it", () => {
    const f = facts(kernel, ["table"], at(Array.from({ length: 256 }, (_, i) => (i * 7) % 251)));
    expect(f).toMatchObject({ tables: 1, loads: 1 });
    expect(f.explain).toContain("becomes a data segment");
    expect(f.residual).toContain("Uint8Array");
  });

  it("of words without a sign: four bytes each, and no doubles where they end as int32", () => {
    const table = Array.from({ length: 64 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 0);
    expect(facts(kernel, ["table"], at(table)).residual).toContain("Uint32Array");
    const hash = (table: number[], i: number): number => table[i & 63]! ^ i;
    const f = facts(hash, ["table"], [[table, 3], [table, 40], [table, -1]]);
    expect(f).toMatchObject({ tables: 1, loads: 1 });
    expect(f.residual).toContain("Uint32Array");
  });

  it("of none: undefined", () => {
    facts(kernel, ["table"], at([]));
  });

  it("of objects of a class: a getter is called on the one that is chosen", () => {
    class Shape {
      readonly width: number;
      readonly height: number;
      constructor(width: number, height: number) { this.width = width; this.height = height; }
      get isWide(): boolean { return this.width > this.height; }
      get area(): number { return this.width * this.height; }
    }
    const shapes = Array.from({ length: 12 }, (_, i) => new Shape((i * 7) % 12, i + 0.5));
    const area = (x: number, i: number, list: readonly Shape[]): number => { const shape = list[i & 7]!; return shape.isWide ? x * shape.area : shape.width; };
    expect(facts(area, ["list"], Array.from({ length: 12 }, (_, i) => [2.5, i, shapes])).tables).toBeGreaterThan(0);
  });

  it("rows of a table, at two dynamic indices", () => {
    const rows = (x: number, i: number, j: number, table: number[][]): number => x * table[i]![j]!;
    facts(rows, ["table"], [0, 1, 2].flatMap((i) => [0, 2, 5].map((j) => [2.5, i, j, [[1, 2, 3], [4, 5, 6], [7, 8, 9]]])));
    facts(rows, ["table"], [0, 1].flatMap((i) => [0, 2, 5].map((j) => [2.5, i, j, [[1, 2, 3], [4]]])));
  });

  // lists of lists of any depth, as deep as they are read
  const deep = (uneven: number): number[][][] => Array.from({ length: 9 }, (_, i) => Array.from({ length: 2 + (i & uneven) }, (_, j) => Array.from({ length: 3 + (j & uneven) }, (_, k) => i * 100 + j * 10 + k + 0.5)));
  const points = Array.from({ length: 12 }, (_, i) => Array.from({ length: 4 }, (_, j) => ({ x: i + 0.5, y: j * 3 })));
  const places = [[8, 1, 2], [5, 1, 9], [3, 7, 1], [9, 0, 0]];
  it.each([
    ["each element", (t: number[][][], i: number, j: number, k: number) => t[i]?.[j]?.[k], { tables: 1, loads: 1, loops: 0 }],
    ["two of them", (t: number[][][], i: number, j: number, k: number) => (t[i]?.[j] ? t[i]![j]![k]! + t[i]![j]![k + 1]! : -1), { tables: 1, loads: 2, loops: 0 }],
    ["lengths", (t: number[][][], i: number, j: number) => (t[i]?.[j] ? t[i]!.length * 100 + t[i]![j]!.length : -1), { tables: 0, loads: 0 }],
    ["a loop over each level", (t: number[][][], i: number) => { let s = 0; if (t[i]) for (const row of t[i]!) for (const x of row) s += x; return s; }, { tables: 1, loads: 6 }],
    ["a list that is returned", (t: number[][][], i: number) => t[i], { loads: 0 }],
    ["lists that are compared", (t: number[][][], i: number, j: number) => (t[i] && t[j] ? (t[i] === t[j] ? 1 : 0) + (t[i]![0] === t[j]![0] ? 2 : 0) + (t[i]![1] === t[3]![1] ? 4 : 0) : -1), { loops: 0 }],
    ["a list that is kept", (t: number[][][], i: number, j: number) => { const kept = [t[i]!, t[j]!]; return kept[i & 1]?.[j]?.[1]; }, { loops: 0 }],
  ])("lists of lists of lists: %s", (_, kernel, claims) => {
    expect(facts(kernel as never, ["t"], places.map((p) => [deep(0), ...p]))).toMatchObject(claims);
    expect(facts(kernel as never, ["t"], places.map((p) => [deep(1), ...p])).operations).toBeLessThan(120);
  });

  it("lists of lists of lists: one is in two places", () => {
    const t = deep(0);
    t[4] = t[7]!;
    t[2]![1] = t[7]![1]!;
    const same = (t: number[][][], i: number, j: number): number => (t[i] === t[j] ? 1 : 0) + (t[i]![1] === t[j]![1] ? 2 : 0);
    facts(same as never, ["t"], [[4, 7], [2, 7], [1, 2]].map(([i, j]) => [t, i!, j!]));
  });

  it("objects in lists: tables of their fields", () => {
    const at = (t: { x: number; y: number }[][], i: number, j: number): number => { const p = t[i]?.[j]; return p ? p.x * 10 + p.y : -1; };
    expect(facts(at as never, ["t"], places.map(([i, j]) => [points, i, j])).loads).toBe(2);
  });

  it("few objects of numbers, chosen in a loop that is kept: tables, outside of one told apart", () => {
    const stops = [0, 1, 2, 3, 4].map((k) => ({ at: k / 4, rgb: [k, k * 2, 255 - k] }));
    const shade = (x: Float64Array, y: Float64Array, s: typeof stops): void => {
      for (let i = 0; i < x.length; i++) {
        let k = 0;
        while (k < s.length - 2 && x[i]! > s[k + 1]!.at) k++;
        const a = s[k]!, b = s[k + 1]!, f = (x[i]! - a.at) / (b.at - a.at);
        for (let c = 0; c < 3; c++) y[3 * i + c] = a.rgb[c]! + (b.rgb[c]! - a.rgb[c]!) * f;
      }
    };
    const call = [Float64Array.from({ length: 13 }, (_, i) => i / 10 - 0.1), new Float64Array(39), stops];
    expect(facts(shade as never, ["s"], [call, [Float64Array.of(NaN, Infinity), new Float64Array(6), stops]]).tables).toBeGreaterThan(1);
    const once = (k: number, s: typeof stops): number => s[k]!.at;
    expect(facts(once as never, ["s"], [0, 3, 4].map((k) => [k, stops])).tables).toBe(0);
    const shared = [stops[0]!.rgb, stops[1]!.rgb], five = [0, 1, 2, 3, 4].map((k) => ({ at: k, rgb: shared[k % 2]! }));
    const same = (x: Float64Array, y: Float64Array, s: typeof five): void => { for (let i = 0; i < x.length; i++) y[i] = s[x[i]!]!.rgb === s[4 - x[i]!]!.rgb ? s[x[i]!]!.rgb[2]! : s[x[i]!] === s[2] ? -1 : -2; };
    facts(same as never, ["s"], [[Float64Array.of(0, 1, 2, 3, 4, 1), new Float64Array(6), five]]);
  });

  it("lists of lists of lists that are written: told apart", () => {
    const put = (t: number[][][], i: number): number => { t[i]![0] = [1, 2]; return t[i]![0]![1]! + t[i]!.length; };
    facts(put as never, ["t"], [[Array.from({ length: 9 }, (_, i) => [[i, 1]]), 2]]);
  });
});
