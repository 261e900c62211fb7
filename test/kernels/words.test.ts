// Local Maps, Sets and objects whose keys are strings that vary from call to call.

import { describe, test } from "vitest";
import { served as servedBy, type Served } from "./served.ts";

/** … by versions that no value has for itself. */
const served = (fn: (...args: never[]) => unknown, calls: readonly (readonly unknown[])[], options: Served = {}): Promise<void> => servedBy(fn, calls, { varies: true, ...options });
const texts = ["", "a", "a b a", "the cat and the hat and the bat", "x".repeat(300), Array.from({ length: 200 }, (_, i) => `w${(i * 7) % 50}`).join(" "), "\ud800 \udc00 \u00e9", "Aa BB AaBB BBAa AaAa"].map((s) => [s]);
const inheriting = [...texts, ["a toString a"], ["__proto__"]];

describe("words are counted", () => {
  test("in a Map that is listed, asked, given back", () => served((s: string) => { const m = new Map<string, number>(); for (const w of s.split(" ")) m.set(w, (m.get(w) ?? 0) + 1); let best = ""; for (const [w, n] of m) if (n > (m.get(best) ?? 0)) best = w; return [m.size, best, m, [...m.keys()], [...m.values()]]; }, inheriting));
  test("in an object", () => served((s: string) => { const m: Record<string, number> = {}; for (const w of s.split(" ")) m[w] = (m[w] || 0) + 1; return m; }, inheriting, { original: 2 }));
  test("by characters, by pairs of them", () => served((s: string) => { const m = new Map<string, number>(), pairs = new Set<string>(); for (let i = 0; i < s.length; i++) { m.set(s[i]!, i); pairs.add(s.substring(i, i + 2)); } let n = 0; for (const [c, at] of m) n += c.charCodeAt(0) * at; return [n, pairs.size, [...pairs].join().length, pairs.has("th")]; }, texts));
  test("by what is joined", () => served((s: string) => { const m = new Map<string, number>(); let key = ""; for (let i = 0; i < s.length; i++) { key = `${s[i]!}${key.slice(0, 2)}`; m.set(`<${key}>`, i); } return m; }, texts));
});

describe("words are", () => {
  test("known beside others", () => served((s: string) => { const m = new Map([["the", -1], ["a", -2]]); for (const w of s.split(" ")) m.set(w, m.size); return [m.get("the"), m.get("cat") ?? 0, m.has("a"), m]; }, texts));
  test("deleted, cleared", () => served((s: string) => { const m = new Set(["a", "the"]); let n = 0; for (const w of s.split(" ")) { if (!m.delete(w)) m.add(w); if (m.size > 12) { m.clear(); n++; } } return [[...m], n]; }, texts));
  test("deleted while they are listed", () => served((s: string) => { const m: Record<string, boolean> = {}; for (const w of s.split(" ")) m[w] = true; let n = 0; for (const w in m) { n++; delete m[w.slice(0, 1)]; delete m["the"]; } return [n, m]; }, texts));
  test("looked for with in, hasOwn, by what may be none", () => served((s: string) => { const m: Record<string, number> = {}; let n = 0; for (const w of s.split(" ")) { if (w in m) n++; if (Object.hasOwn(m, w)) n += 10; m[w] = n; } return [n, m[s[0]!] ?? -1, "x" in m]; }, texts.slice(1)));
  test("looked for with hasOwnProperty", () => served((s: string) => { const m: Record<string, number> = {}; let n = 0; for (const w of s.split(" ")) { if (m.hasOwnProperty(w)) n++; m[w] = n; } return [n, Object.entries(m).length]; }, texts)); // eslint-disable-line no-prototype-builtins -- what is tested
  test("groups of lists", () => served((s: string) => { const groups: Record<string, string[]> = {}; for (const w of s.split(" ")) (groups[w.charAt(0)] ||= []).push(w); return groups; }, texts));
  test("listed with what stands there, in the order of their numbers", () => served((s: string) => {
    const m: Record<string, number> = {}, t = new Map<string, number>(), n = new Map<number, number>(), o: Record<number, number> = {};
    for (const w of s.split(" ")) { m[w] = (m[w] || 0) + 1; t.set(w, w.length); n.set(w.length, (n.get(w.length) ?? 0) + 1); o[w.length] = n.size; }
    const best = Object.entries(m).sort((a, b) => b[1] - a[1])[0]!;
    return [best[0], best[1], [...t], [...n.entries()].sort((a, b) => a[0] - b[0]), Array.from(t, ([w, k]) => `${w}${k}`), Object.entries(o).length];
  }, texts));
  test("the entries of a Set, of a Map", () => served((s: string) => { const seen = new Set<string>(), m = new Map<number, string>(); for (const w of s.split(" ")) { seen.add(w); m.set(w.length, w); } return [[...seen.entries()], Array.from(new Set(m.keys()).entries()), [...m.entries()]]; }, texts));
  test("listed where indices come first", () => served((s: string) => { const m: Record<string, number> = {}; for (const w of s.split(" ")) m[w] = (m[w] || 0) + 1; let last = ""; for (const w in m) last = w + last; return [Object.keys(m), Object.values(m), Object.entries(m).length, last, m]; },
    [["b 10 9 a 9"], ["01 1 0 00 -1 1.5 1e3"], ["4294967295 4294967294 42949672950 7"], [""], ["x 12a 3 x"]]));
  test("characters of the strings of a list, which may be empty", () => served((words: string[]) => { let k = 0; for (const w of words) for (const c of w) k = (k * 31 + c.charCodeAt(0)) | 0; return k; }, [[["a", "ab"]], [[]], [["\ud83d\ude00"]]]));
  test("numbers are not iterated: the original throws", () => served((x: number[]) => { let k = 0; for (const v of x) for (const c of v as unknown as number[]) k += c; return k; }, [[[]], [[1]], [[2]]], { original: 2 }));
  test("keys of two tables in functions of their own", () => served((s: string) => { const count = (list: string[]): Map<string, number> => { const m = new Map<string, number>(); for (const w of list) m.set(w, (m.get(w) ?? 0) + 1); return m; }; const a = count(s.split(" ")), b = count([...s]); let n = 0; for (const [k, v] of a) n += v * (b.get(k) ?? 0.5); return n; }, texts));
  test("likened by their pairs of letters", () => served((a: string, b: string) => {
    const left = new Map<string, number>(), first = a.replace(/\s+/g, ""), second = b.replace(/\s+/g, "");
    for (let i = 0; i + 1 < first.length; i++) { const pair = first.substring(i, i + 2); left.set(pair, left.has(pair) ? left.get(pair)! + 1 : 1); }
    let both = 0;
    for (let i = 0; i + 1 < second.length; i++) { const pair = second.substring(i, i + 2), n = left.get(pair) ?? 0; if (n > 0) { left.set(pair, n - 1); both++; } }
    return (2 * both) / (first.length + second.length - 2);
  }, [["night", "nacht"], ["the cat", "the hat"], ["", "x"], ["aaaa", "aa"]]));
});

test("numbers among words of a Map: each value has a version", () => servedBy((s: string, n: number) => { const m = new Map<unknown, number>(); for (const w of s.split(" ")) m.set(w, 1); m.set(n, 2); return m.size; }, [["a b", 1]], { original: 1 }));
