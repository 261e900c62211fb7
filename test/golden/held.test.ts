// Recursive functions that change variables which they capture.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

const kernels: readonly (readonly [string, (x: number[], n: number) => unknown])[] = [
  ["a counter and a list of places", (_, n) => {
    const at: number[] = [];
    let count = 0;
    const free = (row: number, column: number): boolean => { for (let i = 0; i < row; i++) if (at[i] === column || Math.abs(at[i]! - column) === row - i) return false; return true; };
    const place = (row: number): void => { if (row >= n) { count++; return; } for (let c = 0; c < n; c++) if (free(row, c)) { at[row] = c; place(row + 1); } };
    place(0);
    return count;
  }],
  ["the best of a search", (x, n) => {
    let best = Infinity, index = -1;
    const visit = (low: number, high: number): void => {
      if (low >= high) return;
      const m = (low + high) >> 1, d = Math.abs(x[m]! - n);
      if (d < best) { best = d; index = m; }
      visit(low, m);
      visit(m + 1, high);
    };
    visit(0, x.length);
    return [best, index];
  }],
  ["undefined at first", (x) => {
    let best: number | undefined;
    const visit = (i: number): void => { if (i >= x.length) return; if (best === undefined || x[i]! > best) best = x[i]!; visit(i + 1); visit(i + 3); };
    visit(0);
    return best;
  }],
  ["an object or null", (x) => {
    let best: { v: number; i: number } | null = null as { v: number; i: number } | null;
    const visit = (i: number): void => { if (i >= x.length) return; if (best === null || x[i]! > best.v) best = { v: x[i]!, i }; visit(i + 1); visit(i + 3); };
    visit(0);
    return best;
  }],
  ["a flag that ends all calls", (x) => {
    let done = false, steps = 0;
    const visit = (i: number): void => { if (done || i >= x.length) return; steps++; if (x[i]! > 4) { done = true; return; } visit(2 * i + 1); visit(2 * i + 2); };
    visit(0);
    return done ? steps : -steps;
  }],
  ["before and after the calls, in a branch", (x, n) => {
    let sum = 0.5;
    const visit = (i: number): void => { if (i > n) return; sum += i; visit(i + 1); visit(i + 2); };
    if (x.length > 2) visit(0); else sum = -1;
    sum *= 2;
    for (let k = 0; k < 2; k++) { visit(k); sum -= 0.25; }
    return sum;
  }],
  ["two functions that call one another", (_, n) => {
    let p = 0, q = 1;
    const f = (i: number): void => { if (i <= 0) return; p += q; f(i - 1); g(i - 2); }, g = (i: number): void => { if (i <= 0) return; q += p * 0.5; g(i - 1); f(i - 2); };
    f(n);
    g(n - 1);
    return p + q;
  }],
];
const inputs: readonly [number[], number][] = [[[], 0], [[3, 1, 2], 4], [[1, 5, -0, 7, 2, NaN, 9], 5], [[0.5, -1, 3, 8], 3]];

describe.each(kernels)("variables that recursive calls change: %s", (_, kernel) => {
  it("is right", () => agrees({ source: kernel.toString(), slow: [], inputs }));
  it("is done by the module", async () => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const [x, n] of inputs) expect(fast([...x], n)).toEqual(kernel([...x], n));
    expect(fast.stats().calls.original).toBe(0);
  });
});

it("a variable that is not declared yet is the original's ReferenceError", async () => {
  await ready();
  const kernel = (n: number): number => { const visit = (i: number): number => { if (i > n) return 0; late += i; return visit(i + 1) + visit(i + 2); }; if (n > 4) visit(0); let late = 1; visit(0); return late; };
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  expect(fast(3)).toBe(kernel(3));
  expect(() => fast(6)).toThrow(ReferenceError);
});
