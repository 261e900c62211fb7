// Strings of the call in arrays and objects of the kernel's own: characters, words, pieces. The original's results, by WebAssembly, for any string.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

type Kernel = (s: string, t: string) => unknown;
const pairs = [["hello", "world"], ["", "a"], ["abcabc", "xyzabc"], ["a,b,,c", ","]];
function served(kernel: Kernel, calls: readonly (readonly string[])[] = pairs): void {
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (const [s, t] of calls) expect(fast(s!, t!)).toEqual(kernel(s!, t!));
  expect(fast.stats().calls, fast.explain()).toEqual({ original: 0, js: 0, wasm: calls.length });
  expect(fast.versions().length).toBeLessThan(3); // not one for each string
}
const chars = (s: string): string[] => { const out: string[] = []; for (let i = 0; i < s.length; i++) out.push(s[i]!); return out; };

describe("characters in a list", () => {
  it("leave as they are", () => { served((s) => chars(s)); });
  it("are compared, one by one and with undefined", () => {
    served((s, t) => { const a = chars(s), b = chars(t); let n = 0; for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] === b[i]) n++; return [n, a[0] === undefined, a[9] === undefined]; });
  });
  it("are searched, changed and mapped", () => {
    served((s, t) => { const a = chars(s); a.reverse(); return [a, a.indexOf("l"), a.includes(t), a.map((c) => c.charCodeAt(0)), a.slice(1, 3), a.concat(chars(t))]; });
  });
  it("make a stack", () => { served((s) => { const stack: string[] = []; for (const c of s) if (stack.length > 0 && stack[stack.length - 1] === c) stack.pop(); else stack.push(c); return stack.length; }); });
  it("stand beside numbers, null and static strings", () => { served((s, t) => { const out = []; for (let i = 0; i < s.length; i++) out.push(i % 2 ? s[i] : i % 3 ? "lit" : t, i, i > 2 ? null : s.slice(i)); return out; }); });
  it("are numbers where arithmetic asks", () => { served((s) => { let n = 0; for (const c of chars(s)) n += Number(c) || 1; return n; }, [["123"], ["a4"]]); });
});

describe("strings that were made", () => {
  it("of codes, and in capitals", () => { served((s) => { const out = []; for (let i = 0; i < s.length; i++) out.push(String.fromCharCode(s.charCodeAt(i) + 1), s.slice(i).toUpperCase()); return out; }); });
  it("are fields of objects in lists, rows and lists of the caller's", () => {
    served((s, t) => { const out = []; for (let i = 0; i < s.length; i++) out.push({ c: s[i], rest: s.slice(i), i }); for (const o of out) if (o.i > 0) o.c = t; return out; });
    served((s, t) => { const out = []; for (let i = 0; i < s.length; i++) out.push([s[i], t]); return out; });
    const fast = specialize((s: string, out: unknown[]) => { for (let i = 0; i < s.length; i++) out.push(s[i]); return out.length; }, { tier: "wasm", compile: "sync" });
    const out: unknown[] = [];
    expect([fast("ab", out), fast("xyz", [1]), fast.stats().calls.wasm, ...out]).toEqual([2, 4, 2, "a", "b"]);
  });
});

describe("split and spread", () => {
  it("at a static string", () => { served((s) => s.split(",")); served((s) => s.split("").length * 10 + s.split("  ").length); });
  it("at another string", () => { served((s, t) => s.split(t), [["abcbd", "b"], ["abc", ""], ["aaa", "aa"], ["", ""]]); });
  it("numbers of a line", () => { served((s) => { let t = 0; for (const p of s.split(",")) t += Number(p); return t; }, [["1,2,3"], ["4"], [""], ["5,,7"]]); });
  it("spread by code points, split by code units", () => { served((s) => [[...s], s.split("")], [["a😀b"], ["\ud800x"]]); });
});

describe("the order of texts", () => {
  it("sorts characters and words", () => { served((s) => [chars(s).sort(), s.split(",").sort()]); });
  it("sorts whole numbers without a comparison: by their texts", () => {
    const kernel = (list: number[]): number[] => list.sort(), fast = specialize(kernel, { tier: "wasm", compile: "sync" }); // eslint-disable-line @typescript-eslint/require-array-sort-compare
    const lists = [[10, 9, 1, 100, 2, 20, -1, -10, -2, 0, -0, 5], [123_456_789, 12_345_678, 1e14, 999_999_999_999_999, 9], [], [3], Array.from({ length: 100 }, (_, i) => ((i * 7919) % 1009) - 300)];
    for (const list of lists) expect(fast([...list])).toEqual(kernel([...list]));
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: lists.length });
    expect([fast([1.5, 0.25]), fast([1e21, 5]), fast([NaN, 1])]).toEqual([[0.25, 1.5], [1e21, 5], [1, NaN]]); // the original's
  });
  it("of whole numbers is that of their digits", () => {
    const fast = specialize((a: number, b: number) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0), { tier: "wasm", compile: "sync" });
    const values = [0, 1, 9, 10, 11, 99, 100, 101, 123_456, 1e14, 999_999_999_999_999, 2 ** 31].flatMap((v) => [v, -v]);
    const wrong = values.flatMap((a) => values.filter((b) => fast(a, b) !== (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0)).map((b) => [a, b]));
    expect([wrong, fast.stats().calls.original]).toEqual([[], 0]);
  });
});
