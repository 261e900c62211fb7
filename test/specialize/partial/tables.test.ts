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
});
