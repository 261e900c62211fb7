// Pointers that stream through slow tables: their loops count, and nothing is asked of places in the tables any more.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, lanesOf, whole, type Compiled, type Kernel, type Typed } from "./vectorize.harness.ts";

const followed = ({ residual }: Compiled): boolean => residual.stages.some(({ pass, changes }) => pass === "streams" && changes!.length > 0);
function story(kernel: Kernel, table: unknown, x = (n: number): Typed => whole(new Float64Array(n)), y = (n: number): Typed => new Float64Array(n)): Compiled {
  const args = (n: number): unknown[] => [x(n), y(n), table];
  const compiled = compileKernel(kernel, args(80), [2]);
  expectSame(kernel, compiled, [0, 1, 20, 63, 64, 80, 300].map(args));
  return compiled;
}
const text = ({ residual }: Compiled): string => residual.stages.at(-1)!.text();
const dotted = (n: number, of: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => of(i));
/** filters: how many taps, from where, and the taps */
const filters = (n: number, size: (i: number) => number): number[] => dotted(n, size).flatMap((taps, i) => [taps, i, ...dotted(taps, (k) => ((i * 7 + k * 5) % 11) - 3)]);

const resize = (x: Typed, y: Typed, table: readonly number[]): void => {
  let p = 0;
  for (let i = 0; i < 60; i++) {
    const n = table[p++]!;
    let q = table[p++]!, s = 0;
    for (let k = n; k > 0; k--) { s = (s + table[p++]! * x[q]!) | 0; q++; }
    y[i] = s;
  }
};

describe("told by the record's number", () => {
  test("filters of several lengths", () => {
    const compiled = story(resize, filters(60, (i) => 9 + i % 4), (n) => whole(new Uint8Array(n)));
    expect(followed(compiled)).toBe(true);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
  });
  test("filters of one length: places go by a step", () => {
    const compiled = story(resize, filters(60, () => 9), (n) => whole(new Uint8Array(n)));
    expect(followed(compiled)).toBe(true);
  });
  test("filters some of which are empty", () => { expect(followed(story(resize, filters(60, (i) => (i % 3) * 6)))).toBe(true); });
  test("runs, up to the table's end", () => {
    const runs = (x: Typed, y: Typed, table: readonly number[]): number => {
      let p = 0, q = 0;
      while (p < table.length) { const n = table[p++]!, v = table[p++]!; for (let k = 0; k < n; k++) { y[q] = x[q]! * v; q++; } }
      return p + q;
    };
    const compiled = story(runs, dotted(500, (i) => i).flatMap((i) => [2 + i % 5, i % 50 - 20]));
    expect(followed(compiled)).toBe(true);
    expect(text(compiled)).not.toMatch(/i32\.lt_u \S+, 1000/); // nobody asks whether the table goes as far
  });
  test("rows of a sparse matrix", () => {
    const multiply = (x: Typed, y: Typed, m: { start: number[]; col: number[]; value: number[] }): void => {
      for (let r = 0; r < 400; r++) { let s = 0; for (let k = m.start[r]!; k < m.start[r + 1]!; k++) s += m.value[k]! * x[m.col[k]!]!; y[r] = s; }
    };
    const start = [0];
    for (let r = 0; r < 400; r++) start.push(start[r]! + 3 + r % 7);
    const n = start.at(-1)!;
    expect(followed(story(multiply, { start, col: dotted(n, (i) => i * 17 % 64), value: dotted(n, (i) => i % 9 - 4) }))).toBe(true);
  });
  test("commands of several kinds, up to one that ends them", () => {
    const draw = (x: Typed, y: Typed, list: readonly number[]): number => {
      let p = 0, q = 0;
      for (;;) {
        const op = list[p++]!;
        if (op === 2) break;
        if (op === 0) { const n = list[p++]!, v = list[p++]!; for (let k = 0; k < n; k++) { y[q] = v + x[q]!; q++; } } else q = list[p++]!;
      }
      return p;
    };
    const compiled = story(draw, [...dotted(300, (i) => i).flatMap((i) => (i % 3 < 2 ? [0, 10 + i % 5, i % 9] : [1, i * 29 % 280])), 2]);
    expect(followed(compiled)).toBe(true);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
  });
  test("filters over rows of pixels: each pixel of a row goes the same way", () => {
    const vertical = (x: Typed, y: Typed, table: readonly number[]): void => {
      let p = 0;
      for (let r = 0; r < 60; r++) {
        const n = table[p++]!, from = table[p++]!;
        for (let c = 0; c < 128; c++) { let s = 0; for (let k = 0; k < n; k++) s += table[p + k]! * x[(from + k) * 128 + c]!; y[r * 128 + c] = s; }
        p += n;
      }
    };
    expect(followed(story(vertical, filters(60, (i) => 5 + i % 3), (n) => whole(new Float32Array(n * 16)), (n) => new Float32Array(n * 12)))).toBe(true);
  });
});

describe("as it was", () => {
  const same = (kernel: Kernel): void => { expect(followed(story(kernel, filters(60, (i) => 5 + i % 4)))).toBe(false); };
  test("where elements of the call's say how far it goes", () => {
    same((x: Typed, y: Typed, table: readonly number[]) => { let p = 0; for (let i = 0; i < y.length; i++) { const n = table[p++]!; let s = 0; for (let k = 0; k < n; k++) s += table[p + k]!; p += x[i]! > 3 ? n : 1; y[i] = s; } });
  });
});

test("places that are no whole numbers, or behind the end, are what they were", () => {
  const odd = filters(60, (i) => 9 + i % 4);
  odd[40] = 2.5; // a length from there on, or a tap
  story(resize, odd);
  story(resize, filters(20, (i) => 9 + i % 4));
  story(resize, filters(60, (i) => (i === 30 ? -0 : 9)));
});
