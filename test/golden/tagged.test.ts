// Recursive functions that give back a number or something else: false, null, undefined, a word; those that are handed strings, and give some back.

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

const step = (() => {
  const letters = "0123456789bcdefghjkmnpqrstuvwxyz";
  return function step(hash: string): string { const last = hash.slice(-1); let parent = hash.slice(0, -1); if ("prxz".includes(last) && parent !== "") parent = step(parent); return parent + letters.charAt((letters.indexOf(last) + 7) % 32); };
})();
const digits = (n: number, base: number): string => (n < base ? "0123456789abcdef"[n]! : digits(Math.floor(n / base), base) + "0123456789abcdef"[n % base]!);
const distance = (a: string, b: string): number =>
  a === "" ? b.length : b === "" ? a.length : a[0] === b[0] ? distance(a.slice(1), b.slice(1)) : 1 + Math.min(distance(a.slice(1), b), distance(a, b.slice(1)), distance(a.slice(1), b.slice(1)));
const texts: readonly (readonly [string, (...args: never[]) => unknown, readonly (readonly unknown[])[]])[] = [
  ["a cell's neighbour", step, [["ezs42"], ["zzz"], ["pz"], ["0"], ["pppppp"]]],
  ["digits", digits, [[12345, 7], [3, 8], [255, 16], [1e9, 10]]],
  ["distances of parts", distance, [["kit", "sit"], ["", "ab"], ["flaw", "lawn"]]],
  ["the longest common subsequence", function lcs(a: string, b: string): string {
    if (a === "" || b === "") return "";
    const x = a.slice(0, -1), y = b.slice(0, -1), last = a.slice(-1);
    if (last === b.slice(-1)) return lcs(x, y) + last;
    const p = lcs(a, y), q = lcs(x, b);
    return p.length >= q.length ? p : q;
  }, [["abcbd", "bacd"], ["x", "y"], ["agcat", "gac"]]],
  ["the rest from a letter on, or nothing", function rest(s: string, n: number): string | undefined { return n > s.length ? undefined : s[n] === "b" ? s.slice(n) : rest(s, n + 1); }, [["aab", 0], ["aaa", 0], ["b", 0], ["xxbyy", 1]]],
  ["null, a word, or what grows", function grow(n: number, s: string): string | null { if (n <= 0) return null; if (n === 7) return "seven"; const r = grow(n - 2, s); return r === null ? s + n : r + "."; }, [[6, "x"], [9, "y"], [13, "zz"], [0, "q"]]],
  ["a list of arrangements", (s: string) => {
    const out: string[] = [], go = (prefix: string, rest: string): void => { if (!rest) { out.push(prefix); return; } for (let i = 0; i < rest.length; i++) go(prefix + rest[i]!, rest.slice(0, i) + rest.slice(i + 1)); };
    go("", s);
    return out;
  }, [["abc"], ["a"], [""], ["wxyz"]]],
  ["names that change places", function hanoi(n: number, a: string, b: string, c: string): string { return n === 0 ? "" : hanoi(n - 1, a, c, b) + a + b + " " + hanoi(n - 1, c, b, a); }, [[3, "A", "B", "C"], [0, "A", "B", "C"], [5, "X", "Y", "Z"]]],
  ["a character, or undefined past the end", function count(s: string, c: string | undefined, i: number): number { return c === undefined ? 0 : (c === "a" ? 1 : 0) + count(s, s[i + 1], i + 1); }, [["banana", "b", 0], ["", undefined, 0]]],
  ["one of the caller's, before and after a comparison", (s: string, t: string) => {
    const join = (a: string, b: string): string => (a === "" ? b : a[0] + join(a.slice(1), b));
    return join(s, t) === join(t, s) ? join(s, t) : "no";
  }, [["ace", "bdf"], ["", "q"], ["aa", "aa"]]],
  ["what grows from an empty string", (n: number) => { const roman = (k: number): string => (k >= 10 ? "X" + roman(k - 10) : k >= 9 ? "IX" + roman(k - 9) : k === 4 ? "IV" : k > 0 ? "I" + roman(k - 1) : ""); return roman(n); }, [[3], [0], [49], [14]]],
  ["what grows at both ends, of two letters", (n: number) => { const halves = (k: number): string => (k === 0 ? "z" : k === 1 ? "o" : halves(k >> 1) + halves(k & 1)); return halves(n); }, [[13], [0], [1], [100]]],
  ["nodes of two forms, or null", (w: number[]) => {
    interface Node { x: number; w: number; used?: boolean; right?: Node; down?: Node }
    const find = (node: Node, size: number): Node | null => (node.used ? find(node.right!, size) || find(node.down!, size) : size <= node.w ? node : null);
    const root: Node = { x: 0, w: 40 }, out: number[] = [];
    for (const size of w) {
      const node = find(root, size);
      if (node) { node.used = true; node.down = { x: node.x, w: node.w - size - 1 }; node.right = { x: node.x + size, w: node.w - size }; }
      out.push(node ? node.x : -1);
    }
    return out;
  }, [[[10, 30, 5, 50]], [[]], [[20, 20, 20, 1]]]],
];
describe.each(texts)("strings of recursive functions: %s", (_, kernel, calls) => {
  it("are the module's, and right", async () => {
    await ready();
    const fast = specialize(kernel as (...args: unknown[]) => unknown, { tier: "wasm", compile: "sync" });
    for (const call of calls) expect(fast(...structuredClone(call))).toEqual((kernel as (...args: unknown[]) => unknown)(...structuredClone(call)));
    expect(fast.stats().calls.original).toBe(0);
  });
});
