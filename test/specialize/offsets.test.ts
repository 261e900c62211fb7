// Numbers that places are computed of are asked once before a loop whether they are integers.

import { beforeAll, describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { families } from "../../src/verify/families.ts";

beforeAll(() => ready());

type Kernel = (...args: never[]) => unknown;
type Args = readonly unknown[];
const call = (f: Kernel, args: Args): unknown => f(...(structuredClone(args) as never[]));
const made = (kernel: Kernel, args: Args): Kernel & { passes(): readonly string[] } => {
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  call(fast, args);
  return Object.assign((...given: never[]) => fast(...given), { passes: () => fast.inspect().ir.map(({ pass }) => pass) });
};
const odd = [0.5, -0, NaN, -3, 2 ** 31, 2 ** 40, Infinity, 1e300];

describe("offsets out of ordinary arrays", () => {
  const kernels: Readonly<Record<string, Kernel>> = {
    knapsack: (w: number[], v: number[], n: number) => {
      const best = new Array<number>(n + 1).fill(0);
      for (let i = 0; i < w.length; i++) for (let c = n; c >= w[i]!; c--) best[c] = Math.max(best[c]!, best[c - w[i]!]! + v[i]!);
      return best[n];
    },
    ways: (w: number[], v: number[], n: number) => {
      const ways = new Array<number>(n + 1).fill(0);
      ways[0] = v[0]!;
      for (const coin of w) for (let c = coin; c <= n; c++) ways[c]! += ways[c - coin]!;
      return ways[n];
    },
    subsets: (w: number[], _v: number[], n: number) => {
      const can = new Uint8Array(n + 1);
      can[0] = 1;
      for (const x of w) for (let c = n; c >= x; c--) can[c]! |= can[c - x]!;
      let c = n;
      while (!can[c]) c--;
      return c;
    },
    "a lag from a choice": (w: number[], v: number[], n: number) => {
      const y = new Float64Array(n + 1), lag = w[0]! > 2 ? w[0]! : v[0]!;
      for (let i = 0; i <= n; i++) y[i] = i >= lag ? y[i - lag]! + 1 : -i;
      return y[n];
    },
  };
  for (const [name, kernel] of Object.entries(kernels)) {
    const args = (w: number[], n = 60): unknown[] => [w, w.map((x) => x * 2 + 1), n];
    const lists = [[3, 5, 7], [1, 1, 2, 60], [8], [2, 61], ...odd.map((x) => [3, x, 5]), ...odd.map((x) => [x])].filter((w) => name !== "ways" || w.every((x) => x >= 0));
    test(`${name}: asked about, and right for whatever they are`, () => {
      const fast = made(kernel, args([3, 5, 7]));
      expect(fast.passes()).toContain("narrow offsets");
      for (const w of lists) for (const n of [60, 7, 0]) expect(call(fast, args(w, n))).toBe(call(kernel, args(w, n)));
    });
  }
  test("what is no sum of integers is not asked", () => {
    const resample = (x: number[], from: number[], n: number): number => { let s = 0; for (let i = 0; i < n; i++) s += x[Math.floor(from[0]! + i * 0.5)]!; return s; };
    expect(made(resample, [[1, 2, 3, 4], [0.25], 4]).passes()).not.toContain("narrow offsets");
  });
  test("where one is no integer the same version serves", () => {
    const fast = specialize(kernels["knapsack"]!, { tier: "wasm", compile: "sync" });
    for (const x of [2, 4, 2.5, 1]) expect(call(fast, [[3, x, 5], [4, 5.5, 6], 40])).toBe(call(kernels["knapsack"]!, [[3, x, 5], [4, 5.5, 6], 40]));
    expect([fast.versions().length, fast.stats().calls.wasm]).toEqual([1, 4]);
  });
});
describe("rows as far apart as the counter goes", () => {
  const labels = (x: Float32Array, out: Uint8Array): void => {
    for (let r = 0; r < out.length; r++) {
      let best = 0;
      for (let k = 1; k < x.length; k++) { if (k === 6) break; if (x[r * 6 + k]! > x[r * 6 + best]!) best = k; }
      out[r] = best;
    }
  };
  const far = (x: Uint8Array, out: Float64Array, h: number): void => {
    for (let r = 0; r < h >> 1; r++) { let s = 0; for (let k = 0; k < x.length; k++) s += x[r * 1048576 + k]!; out[r] = s; }
  };
  const twice = (x: Uint8Array, out: Float64Array, h: number): void => {
    for (let r = 0; r < h >> 1; r++) { let s = 0; for (let k = 0; k < x.length; k++) s += x[2 * (r + 1) * 1048576 - 2097152 + k]!; out[r] = s; }
  };
  const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * 7) % 251);
  test("of as many rows as a byte array has elements", () => {
    for (const n of [61, 600]) {
      const args = (): [Float32Array, Uint8Array] => [Float32Array.from({ length: n }, (_, i) => Math.sin(i)), new Uint8Array(100)], [mine, theirs] = [args(), args()];
      const fast = specialize(labels, { tier: "wasm", compile: "sync" });
      fast(...mine);
      labels(...theirs);
      expect(mine).toEqual(theirs);
      expect(fast.inspect().ir.map(({ pass }) => pass)).toContain("narrow offsets");
    }
  });
  for (const [name, kernel] of Object.entries({ far, twice })) test(`${name}: where they leave int32 nothing is there`, () => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const h of [4, 0, -5, 4094, 4098, 8194, 8200]) {
      const [mine, theirs] = [new Float64Array(4200), new Float64Array(4200)];
      fast(bytes(20), mine, h);
      kernel(bytes(20), theirs, h);
      expect(mine).toEqual(theirs);
    }
    expect(fast.inspect().ir.map(({ pass }) => pass)).toContain("narrow offsets");
    expect([fast.versions().length, fast.stats().calls.original]).toEqual([1, 0]);
  });
});
describe("tables as wide as a number that varies", () => {
  const matrix = [[4, -2, -1, -2], [-2, 4, -2, -1], [-1, -2, 4, -2], [-2, -1, -2, 4]];
  const traced = (s: Uint8Array, t: Uint8Array, score: Int32Array, move: Uint8Array, scores: number[][]): number => {
    const n = s.length, m = t.length, stride = m + 1;
    for (let i = 1; i <= n; i++) {
      for (let j = 1; j <= m; j++) {
        const at = i * stride + j, up = score[at - stride]! - 3, left = score[at - 1]! - 3;
        let best = score[at - stride - 1]! + scores[s[i - 1]!]![t[j - 1]!]!, from = 0;
        if (up > best) { best = up; from = 1; }
        if (left > best) { best = left; from = 2; }
        score[at] = best; move[at] = from;
      }
    }
    return score[n * stride + m]!;
  };
  const intervals = (s: Uint8Array, _t: Uint8Array, best: Int32Array, _move: Uint8Array, scores: number[][]): number => {
    const n = s.length;
    for (let span = 2; span < n; span++) for (let i = 0; i + span < n; i++) {
      const j = i + span;
      let most = Math.max(best[(i + 1) * n + j]!, scores[s[i]! & 3]![s[j]! & 3]!);
      for (let k = i + 1; k < j; k++) most = Math.max(most, best[i * n + k]! + best[(k + 1) * n + j]!);
      best[i * n + j] = most;
    }
    return best[n - 1]!;
  };
  const bytes = (n: number, by: number, most = 4): Uint8Array => Uint8Array.from({ length: n }, (_, i) => ((i * by) ^ (i >> 2)) % most);
  const args = (n: number, m: number, size = (n + 1) * (m + 1), most = 4): unknown[] => [bytes(n, 5), bytes(m, 3, most), Int32Array.from({ length: size }, (_, i) => i % 5), new Uint8Array(size), matrix];
  const shapes = [[20, 30], [1, 1], [0, 9], [9, 0], [20, 30, 400], [20, 30, 651, 5], [16385, 2], [2, 16385], [2, 16385, 100]];
  for (const [name, kernel] of Object.entries({ traced, intervals })) test(`${name}: two loops, one in which all places are int32`, () => {
    const fast = specialize(kernel, { slow: ["scores"], tier: "wasm", compile: "sync" });
    for (const [n, m, size, most] of name === "intervals" ? shapes.filter(([n]) => n! < 100) : shapes) {
      const [mine, theirs] = [args(n!, m!, size, most), args(n!, m!, size, most)] as unknown as Parameters<typeof traced>[];
      expect(fast(...mine!)).toBe(kernel(...theirs!));
      expect(mine).toEqual(theirs);
    }
    expect(fast.inspect().ir.map(({ pass }) => pass)).toContain("narrow offsets");
    expect(fast.inspect().log.join("\n")).toContain("tables of up to 16384 by 16384");
    expect([fast.versions().length, fast.stats().calls.original]).toEqual([1, 0]);
  });
  test("places beyond int32 find nothing", () => {
    const far = (x: Uint8Array, y: Uint8Array, out: Float64Array): void => { for (let i = 0; i < x.length; i++) for (let j = 0; j < 2; j++) out[j] = y[i * y.length + j]! + i; };
    const fast = specialize(far, { tier: "wasm", compile: "sync" });
    for (const n of [40, 70000]) {
      const [mine, theirs] = [new Float64Array(2), new Float64Array(2)];
      fast(bytes(n, 3), bytes(n, 7), mine);
      far(bytes(n, 3), bytes(n, 7), theirs);
      expect(mine).toEqual(theirs);
    }
  });
});
describe("ends that are computed of sides", () => {
  const box = (x: Float32Array, y: Float32Array, w: number, h: number, r: number): void => {
    for (let j = 0; j < h; j++) for (let i = r; i < w - r; i++) {
      let s = 0;
      for (let k = -r; k <= r; k++) s += x[j * w + i + k]!;
      y[j * w + i] = s / (2 * r + 1);
    }
  };
  const args = (w: number, h: number, r: number, n = Math.max(0, Math.min(w * h, 400))): Parameters<typeof box> => [Float32Array.from({ length: n }, (_, i) => Math.sin(i)), new Float32Array(n), w, h, r];
  test("a radius as far as w − r: counters of doubles are int32 in the first loop, with lanes", () => {
    const fast = specialize(box, { tier: "wasm", compile: "sync" });
    const shapes = [[20, 20, 3], [20, 20, 0], [20, 20, 1], [20, 20, 10], [20, 20, -1], [20, 20, 3, 350], [0, 5, 2], [5, 0, 2], [-20, 3, 1], [16384, 1, 1], [16385, 1, 1], [17000, 2, 1, 100], [20, 2, 2147483647], [-3, 2, -4], [-5, 1, -2]] as const;
    for (const shape of shapes) {
      const [mine, theirs] = [args(...shape as [number, number, number]), args(...shape as [number, number, number])];
      fast(...mine);
      box(...theirs);
      expect(mine).toEqual(theirs);
    }
    expect(fast.inspect().log.join("\n")).toContain("tables of up to 16384 by 16384");
    expect(fast.versions()[0]!.vectorized!.length).toBeGreaterThan(0);
    expect([fast.versions().length, fast.stats().calls.original]).toEqual([1, 0]);
  });
});
test("random ones are served", () => {
  const sources = [0, 3, 6, 9, 12, 15].map((seed) => families.tableaux(seed).source);
  expect(new Set(sources).size).toBe(6);
});
