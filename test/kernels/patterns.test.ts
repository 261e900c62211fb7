// Regular expressions over strings that vary from call to call.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served as servedBy, type Served } from "./served.ts";

/** … by versions that no value has for itself. */
const served = (fn: (...args: never[]) => unknown, calls: readonly (readonly unknown[])[], options: Served = {}): Promise<void> => servedBy(fn, calls, { varies: true, ...options });

const texts = ["", " ", "a", "  trim \u00a0me\t\n", "a1b22-3.5e+10", "\u2003x\ufeffy\u2028", "__aAzZ\u017f\u212a__", "x$y$$", "one two  three", "\ud83d\ude00-\ud83d", "2024-01-31", "aaa", "-17", "0x", "b"].map((s) => [s]);

describe("replace", () => {
  test("each run of blanks", () => served((s: string) => s.replace(/\s+/g, ""), texts));
  test("each of a class, the first of it", () => served((s: string) => [s.replace(/[^a-z0-9]/g, "_"), s.replace(/[^a-z0-9]/, "_"), s.replace(/[a-z]/gi, "*"), s.replace(/\W/gi, "<>")], texts));
  test("what may have no characters", () => served((s: string) => [s.replace(/\s*/g, "."), s.replace(/a*/, "."), s.replace(/$/, "!"), s.replace(/^/g, "<"), s.replace(/\d?/g, "-"), s.replace(/a*|\d/g, "|")], texts));
  test("at the start, at the end, at both", () => served((s: string) => [s.replace(/^\s+/, ""), s.replace(/\s+$/, "~"), s.replace(/^\s+|\s+$/g, "|"), s.replace(/^_*/g, ""), s.replace(/^a+$/, "all")], texts));
  test("items in a row", () => served((s: string) => [s.replace(/\d+\.\d*/g, "#"), s.replace(/-?\d+/g, "n"), s.replace(/[a-z]\d{2,}/g, "w"), s.replace(/\d{4}-\d{2}-\d{2}/, "date"), s.replace(/a{2}/g, "A"), s.replace(/\w{0}-/g, "+"), s.replace(/x?\$/g, "")], texts));
  test("by templates", () => served((s: string) => [s.replace(/\w+/g, "<$&>"), s.replace(/-/, "[$`|$'|$$|$1|$<x>|$0]"), s.replace("a", "$&$&"), s.replaceAll("a", "$$"), s.replaceAll("", "$'"), s.replaceAll(/\d/g, "$$&")], texts));
  test("by what a function gives", () => served((s: string) => { let n = 0; return [s.replace(/\d+/g, (d) => String(Number(d) * 2)), s.replace(/[a-z]/g, (c, at: number, all: string) => `${c}${at}${all.length}`), s.replace("a", (c) => `(${c}${n++})`), s.replaceAll(/ /g, () => { n += 10; return "_"; }), n]; }, texts));
  test("by a string of run time; a $ in it is the original's", () => served((s: string, by: string, k: number) => [s.replace(/\s+/g, by), s.replace(/\d/, `${by}${k}`), s.replaceAll("-", by)], [["a b-1", "x", 3], ["  ", "", 0], ["1 2", "$&", 1]], { original: 1 }));
  test("of a text that is joined", () => served((s: string, k: number) => `${s}${k} `.replace(/\d/g, "n").replaceAll("n", "m"), [["a1", 20], ["", -3]]));
  test("replaceAll without g throws", () => served((s: string) => s.replaceAll(/a/ as never, "b"), [["a"]], { original: 1 }));
});

describe("test, search, match, split", () => {
  test("test", () => served((s: string) => [/\s/.test(s), /^\d+$/.test(s), /^-?\d+$/.test(s), /^[a-z_]\w*$/i.test(s), /b|^x/.test(s), /[^\s\S]/.test(s), /^[^]*$/.test(s), /./.test(s), /^.$/s.test(s)], texts));
  test("test of a number, of a text", () => served((x: number) => [/^\d+$/.test(x as never), /\./.test(`${x}`), /-/.test(String(x))], [[1], [-2.5], [300]]));
  test("search", () => served((s: string) => [s.search(/\d/), s.search(/\s+$/), s.search(/$/), s.search("b"), s.search(/x|y/g)], texts));
  test("what is no pattern: undefined is an empty one, all else a text", () => served((s: string) => [s.search(undefined as never), s.search(null as never), s.search("."), s.match(undefined as never)!.index, (s as unknown as { match(): unknown[] }).match().length, s.match(17 as never)?.index ?? -1, s.replace(undefined as never, "-")],
    [...texts, ["xundefined"], ["null.17"]]));
  test("every match, none", () => served((s: string) => [(s.match(/\d+/g) ?? []).length, s.match(/[a-z]/g), s.match(/a*/g), s.match(/^./g)], texts));
  test("the first match", () => served((s: string) => { const m = s.match(/[0-9]+/), x = /[a-z]+\d/.exec(s); return [m === null ? -1 : m.index! + m[0].length, m ? m[0] : "", x === null ? "" : x[0]]; }, texts));
  test("split", () => served((s: string) => [s.split(/\s+/), s.split(/[^a-z]/), s.split(/\s*/), s.split(/^/), s.split(/$/), s.split(/a|-/)], texts));
  test("words are counted by their lengths", () => served((s: string) => { const counts = new Uint8Array(20); for (const w of s.toLowerCase().split(/[^a-z]+/)) counts[w.length]!++; return counts; }, [["Some words, and more of them"], [""], ["x"]]));
});

describe("which characters a class has is the engine's to say", () => {
  const all = Array.from({ length: 65536 }, (_, code) => String.fromCharCode(code)).join("");
  const kernels: Record<string, (s: string) => string> = {
    blanks: (s) => s.replace(/\s+/g, ""), others: (s) => s.replace(/[^\s]/g, ""), words: (s) => s.replace(/\w/gi, ""), "not words": (s) => s.replace(/\W/gi, ""),
    dot: (s) => s.replace(/./g, ""), "dot of all": (s) => s.replace(/./s, ""), letters: (s) => s.replace(/[k-s]/gi, ""), "one letter": (s) => s.replace(/\u017f|\u212a|\xb5/gi, ""), range: (s) => s.replace(/[\u0100-\ud83d]/g, ""),
  };
  for (const [name, kernel] of Object.entries(kernels)) test(name, () => served(kernel, [[all]]));
});

describe("positions", () => {
  const spaces = /\s+/g, digit = /\d/;
  test("of a captured pattern stay where they are", () => served((s: string) => [s.replace(spaces, " "), s.split(spaces), (s.match(spaces) ?? []).length, digit.test(s)], texts));
  test("one that stands elsewhere goes back to the start", async () => {
    await ready();
    const at = /\s/g, kernel = (s: string): string => s.replace(at, ""), fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    expect([fast("a b"), fast(" c ")]).toEqual(["ab", "c"]);
    at.lastIndex = 2;
    expect([fast(" d e"), at.lastIndex]).toEqual(["de", 0]);
    expect(fast.stats().calls.wasm).toBe(2);
  });
  test("of a pattern that is frozen: replace throws", () => {
    const at = Object.freeze(/\s/g);
    return served((s: string) => s.replace(at, ""), [["a b"]], { original: 1, varies: false });
  });
  test("a literal's is 0 behind", () => served((s: string) => { const p = /\d/g; const t = s.replace(p, ""); return [t, p.lastIndex]; }, texts));
});

describe("what goes back, or asks for more, has a version for each value", () => {
  test("groups, references, lazy and overlapping ones, boundaries, unicode", () => served((s: string) => [s.replace(/(a)\1/, "$1"), s.replace(/a+a/, "x"), s.replace(/a+?/, "x"), s.replace(/\ba/, "x"), s.replace(/./gu, "x"), s.replace(/^a/gm, "x"), s.replace(/(?=a)/, "x")], [["aab"], ["baa"]], { varies: false }));
});
