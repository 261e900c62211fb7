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

const words = [...texts, ["#ff8000"], ["12:05:09 pm"], ["aab"], ["abab"], ["foo_bar-Baz9"], ["<a><b>"], ["the the cat"], ["1.5e-3,2"], ["x=1;yy=22"], ["1234567"], ["\n1\n\nab\n"]];

describe("groups", () => {
  test("what is kept, or isn't there", () => served((s: string) => { const m = /^#?([a-f\d]{2})([a-f\d]{2})?(?:[a-f\d]{2}(x)?)?/i.exec(s); return m && [m.index, m.length, m[0], m[1], m[2], m[3]]; }, words));
  test("alternatives: the first that leads to the end", () => served((s: string) => [s.match(/(a|ab)(c|b)?(.*)/), s.match(/(?:(\d)|([a-z]))(-)?/), s.match(/^(?:a|aa|aab)$/)], words));
  test("repeated: what was kept last", () => served((s: string) => [s.match(/(?:([a-z])|(\d))+/), s.match(/(\w)*/), s.match(/((a)|b)*$/), s.match(/(?:(\w)(?:-|$)){2}/)], words));
  test("repeated, and given back", () => served((s: string) => [s.match(/(\w\w)+b/), s.match(/^(?:\d\w)*\d$/), s.match(/(a)*a$/), s.match(/(?:([a-z])|\d-?)+?\d/)], words));
  test("named", () => served((s: string) => { const m = /(?<y>\d{4})-(?<m>\d\d)/.exec(s); return m ? [m.groups!["y"], Number(m.groups!["m"]), Object.keys(m.groups!)] : null; }, words));
  test("in templates", () => served((s: string) => [s.replace(/(\w)(\d)?/, "[$2|$1|$3|$10|$02]"), s.replace(/(?<k>\w+)=(?<v>\d+)/g, "$<v>=$<k>$<z>$3"), s.replace(/([a-z])([A-Z])/g, "$1_$2"), s.replace(/\w/, "$1$0")], words));
  test("for functions", () => served((s: string) => [s.replace(/(\w)(-)?/g, (_, a: string, b?: string) => `${a}${b === undefined ? "." : b}`), s.replace(/(?<d>\d)/, (...all: unknown[]) => `${(all[4] as { d: string }).d}${all.length}`)], words));
  test("between pieces", () => served((s: string) => [s.split(/(-)|:/), s.split(/(\d)(a)?/)], words));
  test("once more", () => served((s: string) => [/(.)\1/.test(s), s.match(/\b(\w+) \1\b/), s.match(/(a)?\1b/), s.match(/(?<q>[ab])x?\k<q>/)], words));
});

describe("what is given back", () => {
  test("as often as possible, and less", () => served((s: string) => [s.match(/\w*\d/), s.match(/a+a/), s.match(/.*-/), s.match(/\d{1,3}\d/), s.match(/x?x/), s.match(/^\s*\S*\s/)], words));
  test("as seldom as possible, and more", () => served((s: string) => [s.match(/<(.+?)>/), s.match(/\w+?/), s.match(/a??b/), s.match(/\d{1,}?$/), s.match(/^.*?(\d+)/), s.match(/(?:ab)*?b/), s.replace(/\w*?\d/g, "|")], words));
});

describe("what has no characters", () => {
  test("bounds of words", () => served((s: string) => [s.replace(/\b/g, "|"), s.replace(/\B/g, "."), s.replace(/\b\w/g, (c) => c.toUpperCase()), s.search(/\b\d/)], words));
  test("what follows, or doesn't", () => served((s: string) => [s.replace(/\d(?=\D|$)/g, "#"), s.replace(/a(?!b)/g, "#"), s.match(/(?=(\d+))\w/), s.match(/(?!(a))./), s.replace(/\B(?=(\d{3})+(?!\d))/g, ",")], words));
  test("what stands before, or doesn't", () => served((s: string) => [s.replace(/(?<=-)\d/g, "#"), s.replace(/(?<!\d|^)\d/g, "#"), s.match(/(?<=the|abb) ?./)], words));
  test("of each line", () => served((s: string) => [s.replace(/^/gm, ">"), s.replace(/$/gm, "<"), s.match(/^\w+$/gm), s.match(/^$/gm)], words));
});

describe("each match, with its groups", () => {
  test("matchAll", () => served((s: string) => { let t = 0; for (const m of s.matchAll(/([a-z]+)(\d+)?/g)) t = t * 3 + m[1]!.length * 100 + (m[2] === undefined ? 1 : Number(m[2])) + m.index; return t; }, words));
  test("in a list", () => served((s: string) => [...s.matchAll(/(\d)/g)].map((m) => Number(m[1]) + m.index), words));
  test("is no list, but is listed", () => served((s: string) => { const found = s.matchAll(/\d/g) as unknown as { length?: number }; return [found.length, Array.isArray(found), Array.from("a1b2".matchAll(/\d/g), (m) => m[0]), [...s.matchAll(/\d/g)].length]; }, words));
  test("without g: throws", () => served((s: string) => [...s.matchAll(/a/ as never)].length, [["a"]], { original: 1 }));
});

describe("positions that vary", () => {
  test("from one to the next", () => served((s: string) => { const p = /(\d+)([a-z])?/g; let m, t = 0; while ((m = p.exec(s)) !== null) t = t * 7 + Number(m[1]) + (m[2] ? m[2].charCodeAt(0) : 0) + p.lastIndex; return t; }, words));
  test("only where it stands", () => served((s: string) => { const p = /\s*(?:(\d+)|(\w))/y, out: number[] = []; let m; while ((m = p.exec(s))) out.push(m[1] === undefined ? -m[2]!.charCodeAt(0) : Number(m[1])); return [out, p.lastIndex]; }, words));
  test("tested", () => served((s: string) => { const p = /[aeiou]/g; let k = 0; while (p.test(s)) k += p.lastIndex; return k; }, words));
  test("set", () => served((s: string, k: number) => { const p = /\w/g, q = /\w/y; p.lastIndex = q.lastIndex = k; const m = p.exec(s); return [m && m.index, p.lastIndex, q.test(s), q.lastIndex]; }, [["ab c", 1], ["ab c", 2], ["ab c", 9], ["ab", -1], ["ab", 0.5], ["ab", NaN], ["ab", Infinity]]));
  test("in a known text", () => served((k: number) => { const p = /\w/g; p.lastIndex = k; const m = p.exec("ab c"); return [m && m.index, p.lastIndex]; }, [[1], [2], [9], [-1]]));
  test("matches without characters", () => served((s: string) => { const p = /a*/g; let m, t = 0; while ((m = p.exec(s)) && t < 500) { t += 1 + m[0].length * 10; if (m[0] === "") p.lastIndex++; } return t; }, words));
  const numbers = /\d+/g;
  test("of a captured one that is back at the start in the end", () => served((s: string) => { let m, t = 0; while ((m = numbers.exec(s))) t = t * 7 + Number(m[0]); return t; }, words));
  test("it is what it was", () => served((s: string) => [numbers === (/x/ as RegExp), numbers.test(s) && numbers.lastIndex, (numbers.lastIndex = 0), numbers.global], words));
  test("left elsewhere by a call, that is the original's", async () => {
    await ready();
    const at = /\d/g, kernel = (s: string): boolean => at.test(s), fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    expect([fast("a"), at.lastIndex, fast("b1"), at.lastIndex, fast("c"), at.lastIndex]).toEqual([false, 0, true, 2, false, 0]);
    expect(fast.stats().calls).toMatchObject({ original: 2, wasm: 1 }); // the last one begins elsewhere
  });
});

describe("made of what is known", () => {
  const parts = ["foo", "ba."];
  test("a source, flags", () => served((s: string) => [new RegExp(`^(${parts.join("|")})$`).test(s), s.replace(new RegExp("\\d", "g"), "#"), new RegExp(/A/, "i").exec(s)?.index ?? -1, s.search(RegExp("b+"))], words));
  test("a slow one", () => served((s: string, p: string) => s.replace(new RegExp(p, "g"), "-").length, [["a.b.c", "\\."], ["aXbX", "x"]], { slow: ["p"] }));
  test("of nothing", () => served((s: string) => [new RegExp(null as never).test(s), new RegExp(undefined as never).test(s), new RegExp("").source], [["null"], ["x"]]));
  test("one that is none: the original throws", () => served((s: string, open: string) => new RegExp(open).test(s), [["a", "("]], { slow: ["open"], original: 1 }));
});

describe("what has a version for each value", () => {
  test("code points, references that ignore case, a repeated group that can end in several places", () => served((s: string) => [s.replace(/./gu, "x"), s.match(/(a)\1/i), /^(\w+[-:]?)+\d$/.test(s)], [["aAb"], ["\ud83d\ude00"]], { varies: false }));
});
