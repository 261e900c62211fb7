// Recursive functions that give back a number or something else: false, null, undefined, a word.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

const kernels: readonly (readonly [string, (x: number[], n: number) => unknown])[] = [
  ["an index or false", (x, n) => {
    const find = (low: number, high: number): number | false => { if (low > high) return false; const m = (low + high) >> 1; if (x[m] === n) return m; const left = find(low, m - 1); return left !== false ? left : find(m + 1, high); };
    return find(0, x.length - 1);
  }],
  ["two results at once", (x, n) => {
    const best = (low: number, high: number): number | null => { if (high - low < 1) return null; if (high - low === 1) return x[low]! > n ? null : x[low]!; const m = (low + high) >> 1, a = best(low, m), b = best(m, high); return a === null ? b : b === null ? a : Math.max(a, b); };
    const a = best(0, x.length >> 1), b = best(x.length >> 1, x.length);
    return [a, b, a === null, typeof b, Number(a) + Number(b)];
  }],
  ["undefined, on a path that falls off the end", (x, n) => {
    const find = (i: number): number | undefined => { if (i >= x.length) return; if (x[i]! > n) return x[i]! * 2; const next = find(2 * i + 1); return next === undefined ? find(2 * i + 2) : next; };
    return find(0);
  }],
  ["booleans, numbers, null and a word", (x, n) => {
    const ask = (i: number): number | boolean | null | string => { if (i >= x.length) return "none"; if (x[i]! > 6) return true; if (x[i]! < 0) return null; if (x[i] === n) return x[i]!; const next = ask(i + 1); return next === "none" ? i > 1 : next; };
    return [ask(0), ask(1), ask(9) === "none" ? 1 : 2];
  }],
  ["two functions that call one another, one of numbers", (x, n) => {
    const even = (i: number): number | false => (i < 0 ? false : i === 0 ? n : odd(i - 1) + (x.length > i ? x[i]! : 0) > 9 && false), odd = (i: number): number => { const e = even(i - 1); return e === false ? -1 : e + odd(i - 2) * 0.5; };
    return [n < 8 ? even(n) : false, n < 8 ? odd(n) : 0];
  }],
  ["put into a list, and a field of memory", (x, n) => {
    const out: (number | null)[] = [], kept = { last: null as number | null };
    const walk = (i: number): number | null => { if (i >= x.length) return null; const a = walk(2 * i + 1), b = walk(2 * i + 2); out.push(a, b); if (b !== null) kept.last = b; return x[i]! > n ? null : x[i]!; };
    const last = walk(0);
    return { out, last, kept };
  }],
];
const inputs: readonly (readonly [number[], number])[] = [[[], 0], [[3, 1, 2], 2], [[1, 5, -0, 7, 2, NaN, 9], 5], [[0.5, -1, 3, 8], 3]];

describe.each(kernels)("results of recursive functions: %s", (_, kernel) => {
  it("are right", () => agrees({ source: kernel.toString(), slow: [], inputs: inputs.map((input) => [...input]) }));
  it("are the module's", async () => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const [x, n] of inputs) expect(fast([...x], n)).toEqual(kernel([...x], n));
    expect(fast.stats().calls.original).toBe(0);
  });
});
