// Which tables are filled by diagonals, that they keep every bit where numbers grow or rows meet, and which are left as they are.

import { beforeAll, describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { compileKernel, expectSame, runProgram, type Compiled, type Kernel } from "./vectorize.harness.ts";

const diagonals = ({ residual }: Compiled): number => residual.stages.find((s) => s.pass === "diagonals")!.text().match(/loop \w+diagonal /g)?.length ?? 0;
const whole = (n: number, most: number, seed = 1): Int32Array => Int32Array.from({ length: n }, (_, i) => Math.sin(i * 7.1 + seed) * most);
const letters = (n: number, seed = 1): Uint8Array => Uint8Array.from({ length: n }, (_, i) => Math.abs(Math.sin(i * 3.7 + seed)) * 4);
beforeAll(() => ready());
/** How many loops over diagonals there are; the kernel is run with all of the inputs. */
function filled(kernel: Kernel, inputs: unknown[][], slow: readonly number[] = []): number {
  const compiled = compileKernel(kernel, inputs[0]!, slow);
  expectSame(kernel, compiled, inputs);
  return diagonals(compiled);
}

/** The distance of two words, in one row that is written over; what it begins with is the caller's. */
const edit = (a: Uint8Array, b: Uint8Array, row: Int32Array): void => {
  for (let i = 1; i <= a.length; i++) {
    let p = row[0]!;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j]!;
      row[j] = Math.min(above + 1, row[j - 1]! + 1, p + (a[i - 1] === b[j - 1] ? 0 : 1));
      p = above;
    }
  }
};
/** An alignment by a table of scores, of rows of which each has a place of its own, so many elements apart. */
const align = (a: Uint8Array, b: Uint8Array, h: Int32Array, score: number[][], w: number): void => {
  for (let i = 1; i <= a.length; i++) {
    h[i * w] = i * -4;
    for (let j = 1; j <= b.length; j++) h[i * w + j] = Math.max(h[(i - 1) * w + j - 1]! + score[a[i - 1]!]![b[j - 1]!]!, h[(i - 1) * w + j]! - 4, h[i * w + j - 1]! - 4);
  }
};
const scores = [[5, -1, -2, -1], [-1, 5, -3, -2], [-2, -3, 5, -2], [-1, -2, -2, 5]];
/** Upwards, and from a column that goes along with the row. */
const triangle = (a: Uint8Array, n: number, h: Int32Array): void => {
  for (let i = n - 1; i >= 0; i--) for (let j = i + 1; j < n; j++) h[i * n + j] = Math.max(h[(i + 1) * n + j]! + a[i]!, h[i * n + j - 1]! - a[j]!, h[(i + 1) * n + j - 1]!);
};

describe("by diagonals", () => {
  test("a row that is written over, of any size, beginning with numbers near the ends of int32 too", () => {
    const of = ([n, m, most]: readonly number[]): unknown[] => [letters(n!), letters(m!, 5), whole(m! + 1, most!)];
    expect(filled(edit as Kernel, [[4, 20, 9], [9, 21, 2 ** 31], [3, 40, 9], [8, 19, 2 ** 30], [5, 3, 9], [0, 30, 9], [6, 24, 2 ** 29], [4, 24, 2 ** 28]].map(of))).toBe(1);
  });
  test("rows of their own, with look-ups", () => {
    expect(filled(align as Kernel, [[5, 20, 9], [8, 23, 2 ** 31], [7, 30, 2 ** 29]].map(([n, m, most]) => [letters(n!), letters(m!, 5), whole((n! + 1) * (m! + 1), most!), scores, m! + 1]), [3])).toBe(1);
  });
  test("a great number that only comes in after some columns, from the row above the four", () => {
    const of = (at: number): unknown[] => [letters(8), letters(39, 5), whole(9 * 40, 50).with(at, 2 ** 31 - 2), scores, 40];
    expect(filled(align as Kernel, [20, 39, 4 * 40 + 30].map(of), [3])).toBe(1);
  });
  test("rows that meet or do not, and an array that ends early", () => {
    expect(filled(align as Kernel, [[21, 180], [0, 180], [1, 180], [20, 180], [25, 180], [-1, 180], [21, 60], [21, 1]].map(([w, n]) => [letters(6), letters(20, 5), whole(n!, 30), scores, w]), [3])).toBe(1);
  });
  test("rows that are arrays of their own, of integers as doubles", () => {
    const common = (x: Uint8Array, y: Uint8Array): number => {
      const n = x.length, m = y.length, dp = Array.from({ length: n + 1 }, () => new Array<number>(m + 1).fill(0));
      for (let i = 1; i <= n; i++) for (let j = 1; j <= m; j++) dp[i]![j] = x[i - 1] === y[j - 1] ? dp[i - 1]![j - 1]! + 1 : Math.max(dp[i - 1]![j]!, dp[i]![j - 1]!);
      return +dp[n]![m]!;
    };
    expect(filled(common as Kernel, [[9, 20], [4, 33], [16, 40], [0, 20], [20, 3]].map(([n, m]) => [letters(n!), letters(m!, 5)]))).toBe(1);
  });
  test("rows that are arrays of their own, of fractions, beginning with infinity", () => {
    const warp = (x: Float64Array, y: Float64Array): number => {
      const d = Array.from({ length: x.length + 1 }, () => new Array<number>(y.length + 1).fill(Infinity));
      d[0]![0] = 0;
      for (let i = 1; i <= x.length; i++) for (let j = 1; j <= y.length; j++) d[i]![j] = Math.abs(x[i - 1]! - y[j - 1]!) + Math.min(d[i - 1]![j]!, d[i]![j - 1]!, d[i - 1]![j - 1]!);
      return +d[x.length]![y.length]!;
    };
    expect(filled(warp as Kernel, [[9, 20, 1], [4, 33, NaN], [7, 30, Infinity], [0, 20, 1]].map(([n, m, odd]) => [Float64Array.from(whole(n!, 9), (v) => v / 7), Float64Array.from(whole(m!, 9, 3), (v) => v / 3).with(7, odd!)]))).toBe(1);
  });
  test("rows of the caller's, in one buffer: apart, overlapping, one twice, in another order", () => {
    const sums = (r: Int32Array[], c: Int32Array): void => { for (let i = 1; i < r.length; i++) for (let j = 1; j < c.length; j++) r[i]![j] = Math.min(r[i - 1]![j]!, r[i]![j - 1]!) + c[j]!; };
    const of = (starts: readonly number[]): unknown[] => { const all = whole(400, 99); return [starts.map((at) => all.subarray(at, at + 24)), whole(24, 9)]; };
    const lists = [[0, 24, 48, 72, 96, 120], [0, 30, 60, 90, 120], [0, 12, 24, 36, 48], [0, 24, 24, 48, 72, 96], [96, 72, 48, 24, 0], [0, 23, 46, 69, 92]];
    for (const starts of lists) {
      const [now, then] = [of(starts), of(starts)], fast = specialize(sums, { tier: "wasm", compile: "sync" });
      sums(...(then as Parameters<typeof sums>));
      fast(...(now as Parameters<typeof sums>));
      expect(now).toEqual(then);
    }
  });
  describe("and the best of all numbers", () => {
    const local = (note: string): Kernel => new Function("a", "b", "h", "at", "best", `
      const w = b.length + 1;
      let bi = -1, bj = -1;
      for (let i = 1; i <= a.length; i++) for (let j = 1; j <= b.length; j++) {
        const x = Math.max(0, h[(i - 1) * w + j - 1] + (a[i - 1] === b[j - 1] ? 3 : -2), h[(i - 1) * w + j] - 1, h[i * w + j - 1] - 1);
        h[i * w + j] = x;
        ${note}
      }
      at[0] = bi; at[1] = bj;
      return best;`) as Kernel;
    const of = (begin: number) => ([n, most]: readonly number[]): unknown[] => [letters(n!), letters(29, 5), whole((n! + 1) * 30, most!), new Int32Array(2), begin];
    const inputs = [[5, 2], [14, 3], [8, 2 ** 31], [7, 2 ** 29], [0, 1], [22, 1]];
    test("that is greater", () => { expect(filled(local("if (x > best) best = x;"), inputs.map(of(0)), [4])).toBe(1); });
    test("the first one of equals, with its place", () => { expect(filled(local("if (x > best) { best = x; bi = i; bj = j; }"), inputs.map(of(0)), [4])).toBe(1); });
    test("which begins too great, or with less than any", () => { for (const begin of [2 ** 30, -1000]) expect(filled(local("if (x > best) { best = x; bi = i; bj = j; }"), inputs.map(of(begin)), [4])).toBe(1); });
    test("the least of them, of a function of Math", () => { for (const [of2, begin] of [["max", 0], ["min", 9]] as const) expect(filled(local(`best = Math.${of2}(best, h[i * w + j]);`), inputs.map(of(begin)), [4])).toBe(1); });
    test("a double where one of them may be none, of integers", () => { for (const n of [8, 13]) expect(filled(local("best = Math.max(best, x);"), [of(0)([n, 3]), ...inputs.map(of(0)), of(0)([n, 3]).with(2, whole(200, 9))], [4])).toBe(1); });
    test("no last one of equals", () => { expect(filled(local("if (x >= best) { best = x; bi = i; bj = j; }"), inputs.map(of(0)), [4])).toBe(0); });
    test("none that somebody asks for on the way", () => { expect(filled(local("if (x > best) { best = x; bi = i; } at[0] += best;"), inputs.map(of(0)), [4])).toBe(0); });
    test("of doubles, whose rows no lanes take one after the other", () => {
      const fractions = (a: Uint8Array, b: Uint8Array, h: Float64Array): number => {
        const w = b.length + 1;
        let best = 0;
        for (let i = 1; i <= a.length; i++) for (let j = 1; j <= b.length; j++) {
          const x = Math.max(0, h[(i - 1) * w + j - 1]! + (a[i - 1] === b[j - 1] ? 1.5 : -0.5), h[(i - 1) * w + j]! - 0.7, h[i * w + j - 1]! - 0.7);
          h[i * w + j] = x;
          if (x > best) best = x;
        }
        return best;
      };
      expect(filled(fractions as Kernel, [[9, 20, 0], [4, 33, 1], [8, 40, NaN], [7, 19, Infinity], [0, 20, 0]].map(([n, m, odd]) => [letters(n!), letters(m!, 5), new Float64Array((n! + 1) * (m! + 1)).with(9, odd!)]))).toBe(1);
    });
    test("of two rows that change places", () => {
      const two = (a: Uint8Array, b: Uint8Array): number => {
        let above = new Int32Array(b.length + 1), own = new Int32Array(b.length + 1), best = 0;
        for (let i = 0; i < a.length; i++) {
          for (let j = 1; j <= b.length; j++) {
            own[j] = Math.max(0, above[j - 1]! + (a[i] === b[j - 1] ? 2 : -1), above[j]! - 1, own[j - 1]! - 1);
            if (own[j]! > best) best = own[j]!;
          }
          [above, own] = [own, above];
        }
        return +best;
      };
      expect(filled(two as Kernel, [[9, 20], [4, 33], [3, 40], [0, 20]].map(([n, m]) => [letters(n!), letters(m!, 5)]))).toBe(1);
    });
  });
  test("upwards, rows that become longer", () => { expect(filled(triangle as Kernel, [28, 17, 3, 0].map((n) => [letters(n), n, whole(n * n, 99)]))).toBe(1); });
  test.each([Uint8Array, Int8Array, Uint16Array, Int16Array].map((Kind) => [Kind.name, Kind] as const))("of %s, whose numbers wrap around", (_, Kind) => {
    const of = ([n, most]: readonly number[]): unknown[] => [letters(n!), letters(23, 5), Kind.from(whole((n! + 1) * 24, most!)), [[40, -90, -2, -1], [-1, 5, -3, -2], [-2, -3, 99, -2], [-1, -2, -2, 5]], 24];
    expect(filled(align as Kernel, [[5, 9], [8, 2 ** 17], [7, 100]].map(of), [3])).toBe(1);
    const row = ([n, m, most]: readonly number[]): unknown[] => [letters(n!), letters(m!, 5), Kind.from(whole(m! + 1, most!))];
    expect(filled(edit as Kernel, [[4, 20, 9], [9, 21, 127], [8, 19, 2 ** 17]].map(row))).toBe(1);
  });
  test("of scores that may not be there, in smaller integers", () => {
    const of = (most: number): unknown[] => [letters(6), Uint8Array.from({ length: 23 }, (_, i) => (i * 5) % most), Int16Array.from(whole(7 * 24, 50)), scores, 24];
    expect(filled(align as Kernel, [4, 7].map(of), [3])).toBe(1);
  });
  test("of singles, each rounded", () => {
    const warp = (a: Float32Array, b: Float32Array, d: Float32Array): void => {
      const w = b.length + 1;
      for (let i = 1; i <= a.length; i++) for (let j = 1; j <= b.length; j++) d[i * w + j] = Math.abs(a[i - 1]! - b[j - 1]!) + Math.min(d[(i - 1) * w + j]!, d[i * w + j - 1]!, d[(i - 1) * w + j - 1]!);
    };
    const of = ([n, m, border]: readonly number[]): unknown[] => [Float32Array.from(whole(n!, 1e6), (x) => x / 7), Float32Array.from(whole(m!, 1e6, 3), (x) => x / 11), new Float32Array((n! + 1) * (m! + 1)).fill(border!).with(0, 0)];
    expect(filled(warp as Kernel, [[5, 21, Infinity], [8, 30, 3e38], [9, 19, NaN], [4, 40, -0], [0, 9, 1]].map(of))).toBe(1);
  });
  test("of singles, in a row that is written over", () => {
    const least = (a: Float32Array, b: Float32Array, row: Float32Array): void => { for (let i = 0; i < a.length; i++) for (let j = 1; j < b.length; j++) row[j] = Math.max(row[j]!, row[j - 1]!) * b[j]! - a[i]!; };
    const of = ([n, odd]: readonly number[]): unknown[] => [Float32Array.from(whole(n!, 99), (x) => x / 7), Float32Array.from(whole(25, 9, 3), (x) => x / 11), Float32Array.from(whole(25, 99)).with(9, odd!)];
    expect(filled(least as Kernel, [[9, 1], [8, NaN], [5, Infinity], [7, -0]].map(of))).toBe(1);
  });
  test("of a width that is known", () => {
    const fixed = (a: Uint8Array, b: Uint8Array, h: Int32Array): void => {
      for (let i = 1; i <= 100; i++) for (let j = 1; j <= 40; j++) {
        const d = h[(i - 1) * 41 + j - 1]! + (a[i - 1] === b[j - 1] ? 5 : -3), u = h[(i - 1) * 41 + j]! - 4, l = h[i * 41 + j - 1]! - 4;
        h[i * 41 + j] = Math.max(d, u, l);
      }
    };
    expect(filled(fixed as Kernel, [[9, 450], [5, 200]].map(([n, size]) => [letters(n!), letters(40, 5), whole(size!, 30)]))).toBe(1);
  });
  test("sums that wrap around", () => {
    const paths = (h: Int32Array, a: Uint8Array, w: number): void => { for (let i = 1; i < a.length; i++) for (let j = 1; j < w; j++) h[i * w + j] = (h[(i - 1) * w + j]! ^ (h[i * w + j - 1]! + h[(i - 1) * w + j - 1]! + a[i]! * 3)) | 0; };
    expect(filled(paths as Kernel, [[whole(24 * 9, 2 ** 31), letters(9), 24]])).toBe(1);
  });
});

describe("tables of doubles", () => {
  const costs = { insert: 0.8, remove: 1.1, replace: 1.5 };
  /** In one row, and in rows of their own: infinities, NaN and zeros of both signs among the numbers that come in. */
  const one = (a: Uint8Array, b: Uint8Array, row: Float64Array, insert: number, remove: number, replace: number): void => {
    for (let i = 1; i <= a.length; i++) {
      let p = row[0]!;
      row[0] = i * remove;
      for (let j = 1; j <= b.length; j++) {
        const above = row[j]!;
        row[j] = Math.min(above + remove, row[j - 1]! + insert, p + (a[i - 1] === b[j - 1] ? 0 : replace));
        p = above;
      }
    }
  };
  const each = (a: Uint8Array, b: Uint8Array, h: Float64Array, w: number): void => {
    for (let i = 1; i <= a.length; i++) for (let j = 1; j <= b.length; j++) {
      let x = h[(i - 1) * w + j - 1]! * 0.5 + a[i - 1]!;
      const u = h[(i - 1) * w + j]! - 0.3, l = h[i * w + j - 1]! - 0.7;
      if (u > x) x = u;
      if (l > x) x = l;
      h[i * w + j] = x < 0 ? 0 : x;
    }
  };
  const odd = [1.5, -0, 0, NaN, Infinity, -Infinity, 1e308, 0.1];
  const doubles = (n: number, every: number): Float64Array => Float64Array.from({ length: n }, (_, i) => (every && i % every === every - 1 ? odd[(i / every) % odd.length | 0]! : Math.sin(i * 7.1) * 9));
  const extremes = ({ residual }: Compiled, op: string): boolean => residual.stages.find((s) => s.pass === "diagonals")!.text().includes(op);
  test("a row that is written over", () => {
    const compiled = compileKernel(one as Kernel, [letters(9), letters(21, 5), doubles(22, 0), ...Object.values(costs)], [3, 4, 5]);
    expectSame(one as Kernel, compiled, [[9, 21, 0], [4, 20, 5], [12, 40, 9], [8, 33, 3], [3, 40, 0], [5, 3, 0], [0, 30, 0]].map(([n, m, every]) => [letters(n!), letters(m!, 5), doubles(m! + 1, every!), ...Object.values(costs)]));
    expect(diagonals(compiled)).toBe(1);
    expect([extremes(compiled, "f64x2.pmin"), extremes(compiled, "f64x2.min")], "what comes in is looked at, so that NaN is nowhere").toEqual([true, false]);
  });
  test("rows of their own, of products", () => {
    expect(filled(each as Kernel, [[5, 20, 0], [8, 23, 4], [7, 30, 50], [9, 41, 150]].map(([n, m, every]) => [letters(n!), letters(m!, 5), doubles((n! + 1) * (m! + 1), every!), m! + 1]))).toBe(1);
  });
  test("with costs by letters, of which remainders tell the place", () => {
    const weighted = (a: Uint8Array, b: Uint8Array, row: Float64Array, insert: number[], replace: number[][]): void => {
      for (let i = 1; i <= a.length; i++) {
        let p = row[0]!;
        const s = a[i - 1]! % 3;
        for (let j = 1; j <= b.length; j++) {
          const above = row[j]!, t = b[j - 1]! % 3;
          row[j] = Math.min(above + insert[s]!, row[j - 1]! + insert[t]!, p + replace[s]![t]!);
          p = above;
        }
      }
    };
    const by = [[0.4, 0.7, 0.9], [[0, 0.3, 1.4], [0.3, 0, 0.8], [1.2, 0.9, 0]]];
    expect(filled(weighted as Kernel, [[5, 20, 0], [9, 33, 4]].map(([n, m, every]) => [letters(n!), letters(m!, 5), doubles(m! + 1, every!), ...by]), [3, 4])).toBe(1);
  });
});

describe("two rows that change places", () => {
  const two = (a: Uint8Array, b: Uint8Array, given: Int32Array, n: number, at: number): void => {
    let above = new Int32Array(n), own = new Int32Array(n);
    for (let j = 0; j < n; j++) above[j] = given[j]!;
    for (let i = 1; i <= a.length; i++) {
      own[at] = above[at]! + 3;
      for (let j = 1; j <= b.length; j++) own[j] = Math.min(above[j]! + 2, own[j - 1]! + 3, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 4));
      const row = above;
      above = own;
      own = row;
    }
    for (let j = 0; j < n; j++) { given[j] = above[j]!; given[n + j] = own[j]!; }
  };
  const doubles = (a: Uint8Array, b: Uint8Array, given: Float64Array, n: number, at: number): void => {
    let above = new Float64Array(n), own = new Float64Array(n);
    for (let j = 0; j < n; j++) above[j] = given[j]!;
    for (let i = 1; i <= a.length; i++) {
      own[at] = above[at]! + 0.7;
      for (let j = 1; j <= b.length; j++) own[j] = Math.max(above[j]! - 0.2, own[j - 1]! - 0.3, above[j - 1]! + (a[i - 1] === b[j - 1] ? 1 : -0.4));
      [above, own] = [own, above];
    }
    for (let j = 0; j < n; j++) { given[j] = above[j]!; given[n + j] = own[j]!; }
  };
  const sizes: readonly (readonly number[])[] = [[4, 20, 0], [9, 21, 0], [5, 40, 1], [8, 19, 2], [13, 30, 29], [12, 24, 25], [7, 5, 0], [0, 24, 0], [6, 30, 30]];
  test("of integers, with what is stored before a row anywhere in it", () => {
    expect(filled(two as Kernel, sizes.flatMap(([n, m, at]) => [9, 2 ** 31].map((most) => [letters(n!), letters(m!, 5), whole(2 * m! + 2, most), m! + 1, at])))).toBe(1);
  });
  test("of doubles, and shorter than what they are compared with", () => {
    expect(filled(doubles as Kernel, sizes.flatMap(([n, m, at]) => [1, -3].map((more) => [letters(n!), letters(m!, 5), Float64Array.from(whole(2 * m! + 2, 90), (x) => x / 3), m! + more, at])))).toBe(1);
  });
  test("the number beyond the one above on the right is not in lanes", () => {
    const beyond = (a: Uint8Array, b: Uint8Array, given: Int32Array): void => {
      let above = new Int32Array(b.length), own = new Int32Array(b.length);
      for (let j = 0; j < b.length; j++) above[j] = given[j]!;
      for (let i = 1; i < a.length; i++) {
        for (let j = 2; j < b.length; j++) own[j] = Math.min(above[j]! + 2, own[j - 1]! + 3, above[j - 2]! + (a[i]! < b[j]! ? 0 : 4));
        const row = above;
        above = own;
        own = row;
      }
      for (let j = 0; j < b.length; j++) given[j] = above[j]!;
    };
    expect(filled(beyond as Kernel, [[letters(9), letters(25, 5), whole(25, 9)]])).toBe(0);
  });
});

describe("with conditions", () => {
  test("a row written over, of which some numbers are those on the left", () => {
    const distance = (a: Uint8Array, b: Uint8Array, row: Int32Array): void => {
      for (let i = 1; i <= a.length; i++) {
        let p = row[0]!;
        row[0] = i;
        for (let j = 1; j <= b.length; j++) {
          const above = row[j]!;
          if (a[i - 1] === b[j - 1]) row[j] = p; else row[j] = 1 + Math.min(above, row[j - 1]!, p);
          p = above;
        }
      }
    };
    expect(filled(distance as Kernel, [[6, 24, 9], [9, 21, 2 ** 31], [5, 30, 2 ** 29], [3, 9, 9]].map(([n, m, most]) => [letters(n!), letters(m!, 5), whole(m! + 1, most!)]))).toBe(1);
  });
  test("rows of their own, of whose numbers only one of the three is read", () => {
    const common = (a: Uint8Array, b: Uint8Array, h: Int32Array, w: number): void => {
      for (let i = 1; i <= a.length; i++) for (let j = 1; j <= b.length; j++) {
        if (a[i - 1] === b[j - 1]) h[i * w + j] = h[(i - 1) * w + j - 1]! + 1;
        else h[i * w + j] = Math.max(h[(i - 1) * w + j]!, h[i * w + j - 1]!);
      }
    };
    expect(filled(common as Kernel, [21, 20, 24, 1, -1].map((w) => [letters(9), letters(20, 5), whole(230, 30), w]))).toBe(1);
  });
  test("triangles from the last row up, whose first row has nothing to do", () => {
    const palindrome = (s: Uint8Array, h: Int32Array): void => {
      const n = s.length;
      for (let i = n - 1; i >= 0; i--) {
        h[i * n + i] = 1;
        for (let j = i + 1; j < n; j++) {
          if (s[i] === s[j]) h[i * n + j] = j === i + 1 ? 2 : h[(i + 1) * n + j - 1]! + 2;
          else h[i * n + j] = Math.max(h[(i + 1) * n + j]!, h[i * n + j - 1]!);
        }
      }
    };
    const of = (n: number): unknown[] => [letters(n), whole(n * n, 2 ** 31)];
    expect(filled(palindrome as Kernel, [of(30), of(17), of(3), of(0), [letters(30), whole(800, 9)]])).toBe(1);
    const steps = (skip: string[]): number => runProgram(compileKernel(palindrome as Kernel, of(60), [], false, new Set(skip)).residual.optimized, of(60)).executed;
    expect(steps([]) / steps(["diagonals"])).toBeLessThan(0.9);
  });
  /** Whether `z` is made of `x` and `y`, in one row of flags. */
  const woven = (x: Uint8Array, y: Uint8Array, z: Uint8Array, row: Uint8Array, reach: number): void => {
    for (let i = 1; i <= x.length; i++) for (let j = 1; j <= y.length; j++) {
      if (Math.abs(i - j) > reach) row[j] = 0;
      else row[j] = (row[j] === 1 && x[i - 1] === z[i + j - 1]) || (row[j - 1] === 1 && y[j - 1] === z[i + j - 1]) ? 1 : 0;
    }
  };
  const flags = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (Math.sin(i * 5.3) > -0.7 ? 1 : 0));
  test("flags, with look-ups that only those need that are set, of arrays that may end early", () => {
    const of = ([n, m, k, width]: readonly number[]): unknown[] => [letters(n!), letters(m!, 5), letters(k!, 7), flags(width ?? m! + 1).fill(1, 0, 5), 6];
    expect(filled(woven as Kernel, [[9, 24, 33], [9, 24, 20], [12, 30, 29], [8, 40, 1], [8, 40, 48, 30], [3, 9, 12], [0, 20, 0], [7, 24, 0]].map(of), [4])).toBe(1);
  });
  test("flags are masks from one step to the next: few operations", () => {
    const of = [letters(40), letters(40, 5), letters(80, 7), flags(41), 90];
    const steps = (skip: string[]): number => runProgram(compileKernel(woven as Kernel, of, [4], false, new Set(skip)).residual.optimized, of).executed;
    expect(steps([]) / steps(["diagonals"])).toBeLessThan(0.75);
  });
  test("look-ups under a condition that go by steps of their own from row to row, of doubles as well", () => {
    const chosen = (a: Uint8Array, c: Float64Array, h: Float64Array, w: number): void => {
      for (let i = 1; i < a.length; i++) for (let j = 1; j < w; j++) {
        const above = h[(i - 1) * w + j]!, left = h[i * w + j - 1]!;
        h[i * w + j] = above > left ? c[2 * i + j]! - above : a[i]! > 2 ? c[i + j]! : left + c[j]!;
      }
    };
    const of = (n: number, w: number, k: number): unknown[] => [letters(n), Float64Array.from(whole(k, 99, 3), (v) => v / 8), Float64Array.from(whole(n * w, 50), (v) => v / 4), w];
    expect(filled(chosen as Kernel, [of(9, 24, 60), of(9, 24, 39), of(6, 30, 30), of(9, 24, 0), of(5, 40, 47)])).toBe(1);
  });
});

describe("left as they are", () => {
  const none = (step: (h: Int32Array, i: number, j: number, w: number) => number): number => {
    const kernel = new Function("step", `return (h, w) => { for (let i = 1; i < 7; i++) for (let j = 1; j < w - 1; j++) h[i * w + j] = (${step.toString()})(h, i, j, w); }`)(step) as Kernel;
    return filled(kernel, [[whole(24 * 8, 50), 24]]);
  };
  test("a number needs the one above on the right", () => { expect(none((h, i, j, w) => Math.min(h[(i - 1) * w + j + 1]!, h[i * w + j - 1]!) + 1)).toBe(0); });
  test("numbers are doubled from one to the next, which may leave int32 soon", () => { expect(none((h, i, j, w) => Math.max(h[(i - 1) * w + j]! + h[i * w + j - 1]!, 3))).toBe(0); });
  test("a number is asked for that the row itself has just stored", () => {
    const again = (h: Uint8Array, g: Uint8Array, n: number): void => { for (let i = 1; i < 9; i++) for (let j = 1; j < n; j++) { h[j] = 0; g[j] = Math.max(g[j]!, h[j]! - 1); } };
    expect(filled(again as Kernel, [[letters(40).fill(9), letters(40), 40]])).toBe(0);
  });
  test("a number is stored under a condition only", () => {
    const some = (h: Int32Array, w: number): void => { for (let i = 1; i < 7; i++) for (let j = 1; j < w; j++) if (h[(i - 1) * w + j]! > h[i * w + j - 1]!) h[i * w + j] = h[i * w + j - 1]! + 1; };
    expect(filled(some as Kernel, [[whole(24 * 8, 50), 24]])).toBe(0);
  });
});
