// Recursive functions that change fields of the caller's objects, and captured variables and objects.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

interface Tally { count: number; best: number; at: number; seen: boolean; first: number | undefined; pair: { v: number; i: number } | null; path: number[] }
const tally = (): Tally => ({ count: 1, best: -Infinity, at: -1, seen: false, first: undefined, pair: null, path: [] });

const kernels: readonly (readonly [string, (o: Tally, p: Tally, x: number[], n: number) => unknown])[] = [
  ["a counter, before the first test", (o, _, x) => {
    const visit = (i: number): void => { o.count++; if (i >= x.length) return; visit(2 * i + 1); visit(2 * i + 2); };
    visit(0);
    return o.count;
  }],
  ["the best, and where", (o, _, x, n) => {
    const visit = (low: number, high: number): void => {
      if (low >= high) return;
      const m = (low + high) >> 1, d = -Math.abs(x[m]! - n);
      if (d > o.best) { o.best = d; o.at = m; }
      visit(low, m);
      visit(m + 1, high);
    };
    visit(0, x.length);
    return [o.best, o.at];
  }],
  ["a boolean, and undefined at first", (o, _, x) => {
    const visit = (i: number): void => { if (o.seen || i >= x.length) return; if (o.first === undefined || x[i]! < o.first) o.first = x[i]!; if (x[i]! > 4) o.seen = true; visit(2 * i + 1); visit(2 * i + 2); };
    visit(0);
    return o.seen ? o.first : null;
  }],
  ["null, then objects", (o, _, x) => {
    const visit = (i: number): void => { if (i >= x.length) return; if (o.pair === null || x[i]! > o.pair.v) o.pair = { v: x[i]!, i }; visit(i + 1); visit(i + 3); };
    visit(0);
    return o.pair;
  }],
  ["the longest path so far", (o, _, x) => {
    const path: number[] = [];
    const visit = (i: number): void => {
      if (path.length > o.path.length) o.path = path.slice();
      for (let k = i; k < x.length; k++) { if (path.length > 0 && x[k]! < path[path.length - 1]!) continue; path.push(x[k]!); visit(k + 1); path.pop(); }
    };
    visit(0);
    return o.path.length;
  }],
  ["before and after the calls, in a branch and a loop", (o, _, x, n) => {
    o.best = 0.5;
    const visit = (i: number): void => { if (i > n) return; o.best += i; visit(i + 1); visit(i + 2); };
    if (x.length > 2) visit(0); else o.best = -1;
    o.best *= 2;
    for (let k = 0; k < 2; k++) { visit(k); o.best -= 0.25; }
    return { ...o }.best + Object.keys(o).length;
  }],
  ["two objects, which may be one", (o, p, _, n) => {
    const visit = (i: number): number => { if (i <= 0) return p.count; o.count += i; p.best = o.count; return visit(i - 1) + visit(i - 2) + o.best; };
    return visit(n);
  }],
  ["an object handed on", (o, p, _, n) => {
    const visit = (to: Tally, i: number): void => { if (i <= 0) return; to.count += i; visit(to, i - 1); visit(to, i - 2); };
    visit(o, n);
    visit(p, n - 1);
    return o.count - p.count;
  }],
  ["the same once more in each call", (o, p, x, n) => {
    const visit = (i: number): void => { if (i <= 0) return; o.path = p.path; o.seen = true; visit(i - 1); visit(i - 2); };
    visit(n);
    return o.path === p.path ? x.length : -1;
  }],
  ["a throw half way", (o, _, x, n) => {
    const visit = (i: number): void => { if (i >= x.length) return; o.count += 2; if (x[i]! > 8 && n > 4) throw new RangeError(`too much: ${o.count}`); visit(i + 1); visit(i + 2); };
    visit(0);
    return o.count;
  }],
];
const inputs: readonly (readonly [number[], number])[] = [[[], 0], [[3, 1, 2], 4], [[1, 5, -0, 7, 2, NaN, 9], 5], [[0.5, -1, 3, 8], 3]];
const calls = (): [Tally, Tally, number[], number][] => inputs.map(([x, n]) => [tally(), tally(), x, n]);

describe.each(kernels)("fields that recursive calls change: %s", (name, kernel) => {
  it("is right", () => agrees({ source: kernel.toString(), slow: [], inputs: calls() }));
  it("is done by the module", async () => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    const run = (f: typeof kernel, [o, p, x, n]: Parameters<typeof kernel>): unknown => { try { return [f(o, p, x, n), o, p]; } catch (e) { return [String(e), o, p]; } };
    const ours = calls();
    for (const [i, call] of calls().entries()) expect(run(fast, ours[i]!)).toEqual(run(kernel, call));
    expect(fast.stats().calls.original).toBe(name.includes("throw") ? 1 : 0);
  });
  it("is right with one object twice", async () => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), x = [1, 5, 2];
    fast(tally(), tally(), x, 3); // a version that was made for two
    const one = tally(), other = tally();
    expect(fast(one, one, x, 3)).toEqual(kernel(other, other, x, 3));
    expect(one).toEqual(other);
  });
});

describe("what recursive methods change", () => {
  class Queens {
    readonly n: number;
    readonly at: number[];
    #tries = 0;
    count = 0;
    constructor(n: number) { this.n = n; this.at = new Array<number>(n).fill(0); }
    get tries(): number { return this.#tries; }
    private free(row: number, column: number): boolean { this.#tries++; for (let i = 0; i < row; i++) if (this.at[i] === column || Math.abs(this.at[i]! - column) === row - i) return false; return true; }
    private place(row: number): void { if (row === this.n) { this.count++; return; } for (let c = 0; c < this.n; c++) if (this.free(row, c)) { this.at[row] = c; this.place(row + 1); } }
    solve(): number { this.count = 0; this.place(0); return this.count * 1000 + this.tries; }
  }
  it("lies in the object's fields, private ones too", async () => {
    await ready();
    const fast = specialize((q: Queens) => q.solve(), { tier: "wasm", compile: "sync" });
    for (const n of [4, 6, 5]) {
      const one = new Queens(n), other = new Queens(n);
      expect(fast(one)).toBe(other.solve());
      expect([one.count, one.tries, one.at]).toEqual([other.count, other.tries, other.at]);
    }
    expect(fast.stats().calls.original).toBe(0);
  });
  it("is the original's where the object is frozen", async () => {
    await ready();
    const kernel = (o: { v: number }, n: number): number => { "use strict"; const visit = (i: number): void => { if (i <= 0) return; o.v++; visit(i - 1); visit(i - 2); }; visit(n); return o.v; };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    expect(fast({ v: 1 }, 4)).toBe(kernel({ v: 1 }, 4));
    expect(() => fast(Object.freeze({ v: 1 }), 4)).toThrow(TypeError);
    expect(fast(Object.freeze({ v: 1 }), 0)).toBe(1);
  });
});

let counted = 0, farthest: number | undefined;
const nearest = { d: Infinity, i: -1 };
it("captured variables and objects", async () => {
  await ready();
  const kernel = (x: number[], q: number): number => {
    const visit = (low: number, high: number): void => {
      if (low >= high) return;
      counted++;
      const m = (low + high) >> 1, d = Math.abs(x[m]! - q);
      if (d < nearest.d) { nearest.d = d; nearest.i = m; }
      if (farthest === undefined || d > farthest) farthest = d;
      visit(low, m);
      visit(m + 1, high);
    };
    visit(0, x.length);
    return nearest.i;
  };
  const after = (f: typeof kernel): unknown => {
    [counted, farthest, nearest.d, nearest.i] = [3, undefined, Infinity, -1];
    return [f([3, 1, 7, 2, 8], 6.5), counted, farthest, f([9, 6, 4], 6.5), counted, farthest, { ...nearest }];
  };
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  expect(after(fast)).toEqual(after(kernel));
  expect(fast.stats().calls.original).toBe(0);
});
