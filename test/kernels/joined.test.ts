// Strings that are made of others in memory, piece by piece, and read again.

import { describe, test } from "vitest";
import { served } from "./served.ts";

const counts = [[0], [1], [5], [300]];
const bytes = [[], [0], [255, 16, 3], Array.from({ length: 200 }, (_, i) => (i * 37) & 255)].map((list) => [Uint8Array.from(list)]);
const words = [["", ""], ["a", ""], ["", "xyz"], ["ab", "ba"], ["10", "5"]];
const wholes = [[0], [-0], [7], [-120], [4294967296], [2 ** 53 - 1], [1 - 2 ** 53]];

describe("a string grows in a loop", () => {
  test("by characters of an alphabet", () => served((x: Uint8Array) => { let s = ""; for (let i = 0; i < x.length; i++) s += "0123456789bcdefghjkmnpqrstuvwxyz"[x[i]! & 31]; return s; }, bytes));
  test("by codes", () => served((n: number) => { let s = "<"; for (let i = 0; i < n; i++) s += String.fromCharCode(65 + (i % 26)); return `${s}>`; }, counts));
  test("by numbers and what stands between", () => served((n: number) => { let s = ""; for (let i = -3; i < n; i++) s += `${i * 1000},`; return s; }, counts));
  test("by digits of another base, filled up", () => served((x: Uint8Array) => { let s = ""; for (const v of x) s += v.toString(16).padStart(2, "0"); return s.toUpperCase(); }, bytes));
  test("… as long as a picture", () => served((x: Uint8Array) => { let s = ""; for (let i = 0; i < x.length; i++) s += x[i]!.toString(16).padStart(2, "0"); return s; }, [[new Uint8Array(5000)]]));
  test("by characters of a list, two or three at a time, and by what lies behind its end", () => served(
    (x: Uint8Array) => { const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]; let s = ""; for (let i = 0; i < x.length; i++) s += digits[x[i]! >> 5]! + digits[x[i]! & 7] + "abcdef"[x[i]! & 7]!; return s; }, bytes));
  test("to a length", () => served((s: string, k: number, f: string) => [s.padStart(k), s.padEnd(k, f), s.padStart(k, 0 as never), s.padEnd(k, ""), `${s}${k}`.padStart(8, f), s.padEnd(6, `${k}-`)], [["x", 5, "ab"], ["", 3, "z"], ["abcdefghi", 4, "q"], ["ab", -2, ""], ["ab", NaN, "x"], ["a", 3.7, "xyz"]], { varies: true }));
  test("and taken apart again", () => served((s: string, t: string, n: number) => { const u = n > 2 ? s : t; return [[...u].length, [...(s + t)].join("-"), [...`${n}${s}`], Array.from(s + n).length]; }, [["ab", "c", 3], ["", "xyz", 1], ["\ud83d\ude00", "", 0]], { varies: true }));
  test("by a text over and over", () => served((s: string, n: number) => `${s.repeat(n)}|${"-".repeat(n)}`, [["ab", 3], ["", 5], ["x", 0], ["y", 2.9], ["z", NaN]]));
  test("where paths differ", () => served((x: Uint8Array) => { let s = ""; for (const v of x) { if (v > 100) s += "high "; else if (v > 10) s += `${v}-`; } return s.length > 20 ? s : `${s}!`; }, bytes));
  test("at its start", () => served((n: number) => { let s = "."; for (let i = 0; i < n; i++) s = `${i & 7}${s}`; return s; }, counts));
  test("two strings in turns", () => served((n: number) => { let s = "", t = ""; for (let i = 0; i < n; i++) { s += "a"; if (i & 1) t += s.length; } return [s, t]; }, counts));
  test("… of which one went on from where the other one ends", () => served((n: number) => { let s = "", t = ""; for (let i = 0; i < n; i++) { s += "ab"; t = `${s}c`; s += "d"; } return [s, t, s + t]; }, counts));
  test("by a number, or a word where there is none", () => served((s: string) => { let out = "", i = 0; while (i < s.length) { let j = i; while (j < s.length && s[j] === s[i]) j++; out += (j - i > 1 ? j - i : "") + s[i]!; i = j; } return out; }, [["aaabbc"], [""], ["xx"]]));
  test("by one of several things in a text", () => served((x: number[], w: string) => { let s = ""; for (let i = 0; i <= x.length; i++) s += `${x[i]}, ${x[i]! > 2 ? x[i]! / 2 : w}; `; return s; }, [[[1, 2.5, -0, NaN], "word"], [[], ""], [[5], "q"]]));
  test("beside lists that grow", () => served((n: number) => { const list: number[] = []; let s = ""; for (let i = 0; i < n; i++) { s += "xy"; list.push(s.length); } return [s, list]; }, counts));
  test("a captured variable", () => served((n: number) => { let s = ""; const put = (v: number): void => { s += v & 1 ? "odd " : "even "; }; for (let i = 0; i < n; i++) put(i); return s; }, counts));
  test("a field", () => served((n: number) => { const o = { s: "", n: 0 }; for (let i = 0; i < n; i++) { o.s += i & 3; o.n++; } return o; }, counts));
  test("lists of them", () => served((x: Uint8Array) => { const out: string[] = []; for (const v of x) out.push(v.toString(16).padStart(2, "0")); return [out.join(""), out, Array.from(x, (v) => ({ id: `n${v}` }))]; }, bytes));
  test("join", () => served((x: number[]) => x.join("; "), [[[]], [[1]], [[3, -4, 0]]]));
  test("by numbers that are not whole, but with an exponent", () => served((x: number[]) => { let s = ""; for (const v of x) s += `${v} `; return s; }, [[[1, 2]], [[0.5]], [[NaN, -0]], [[0.1 + 0.2, -1 / 3, 1e21]], [[1e-7]]], { original: 2 }));
});

describe("what may be a string is added", () => {
  const hex = (a: number, b: number): string => "0123456789abcdef"[a]! + "0123456789abcdef"[b]!;
  test("as it is", () => served(hex, [[1, 2], [15, 0]]));
  test("to what is none: a word", () => served(hex, [[1, 16], [99, 0]]));
  test("to a number", () => served((a: number, b: number) => "xyz"[a]! + b, [[1, 2], [0, -0]]));
  test("where none is a string: the original's", () => served(hex, [[1, 2], [16, 16]], { original: 1 }));
  test("a count that no string is repeated by: the original's", () => served((n: number) => "ab".repeat(n), [[1], [-1], [Infinity]], { original: 2 }));
});

describe("the text of a number that is not whole", () => {
  const fractions = [0.1, 0.1 + 0.2, -1 / 3, 123.456, 2 / 3, 1e-5, 0.00012345678901234567, 4503599627370495.5, 2251799813685247.75, 1234567890123456.8, 9007199254740991, 1e17, 123e18, NaN, -0, 5e-324 + 1.1, 2 ** -14, 1 - 2 ** -53, 0.3, 8.41, 1e15 + 0.3, 99999999999999.98];
  const all = fractions.map((x) => [x]);
  test("its characters", () => served((x: number) => { const out: number[] = [], s = String(x); for (let i = 0; i < s.length; i++) out.push(s.charCodeAt(i)); return out; }, all));
  test("how many digits stand behind the point", () => served((x: number) => { const s = `${x}`, at = s.indexOf("."); return [s.length, at < 0 ? 0 : s.length - at - 1, (s.split(".")[1] ?? "").length]; }, all));
  test("its digits without the point, as a number", () => served((x: number) => Number(x.toString().replace(".", "")), [[0.1], [12.75], [-3.5], [0.30000000000000004]]));
  test("what lies between e and E", () => served((x: number) => { const parts = x.toString().split(/[eE]/); return (parts[0]!.split(".")[1] ?? "").length - Number(parts[1] ?? 0); }, all));
  test("rounded by an exponent", () => served((x: number, n: number) => Number(`${Math.round(Number(`${x}e${n}`))}e-${n}`), [[1.005, 2], [8.345, 2], [2.5, 0], [0.1 + 0.2, 3], [-7.1234567890123, 4]]));
  test("one with an exponent is the original's", () => served((x: number) => String(x).length, [[1e-7], [1e21], [1.5]], { original: 2 }));
});

describe("a number that was written with so many digits is read", () => {
  const numbers = [0.1 + 0.2, 123456.789, 1e-5 / 3, 2.5, 1234567890123456, 5e-7, 0, -0, NaN, -Infinity, 999.9995, 0.99999999999999];
  test("toPrecision", () => served((x: number) => [Number(x.toPrecision(12)), parseFloat(x.toPrecision(3)), +x.toPrecision(15), +x.toPrecision(1)], numbers.map((x) => [x])));
  test("toPrecision, as the call says", () => served((x: number, n: number) => Number(x.toPrecision(n)), numbers.map((x, i) => [x, i + 1])));
  test("toExponential", () => served((x: number) => [Number(x.toExponential(4)), Number(x.toExponential())], numbers.map((x) => [x])));
  test("with more digits than a double keeps: the original's", () => served((x: number, n: number) => Number(x.toPrecision(n)), [[0.1, 15], [0.1, 16], [1 / 3, 21]], { original: 2 }));
});

describe("digits that no double holds are read", () => {
  const long = ["0.30000000000000004", "1234567890.1234567", "9007199254740993", "9007199254740993.000", "-.00012345678901234567", "18014398509481985", "4503599627370497.5", "1.7976931348623157", "0.1000000000000000055"];
  test("to the nearest, to the even one of two", () => served((s: string) => [Number(s), parseFloat(`${s}px`)], long.map((s) => [s])));
  test("more than 19 of them: the original's", () => served((s: string) => Number(s), [["0.5"], ["0.12345678901234567890123"]], { original: 1 }));
});

describe("a text is taken apart", () => {
  const lists = [[""], ["1,2;3"], [",;"], ["ab"], [";;x,"]];
  test("at each of several characters", () => served((s: string) => [s.split(/[,;]/), s.split(/,/).length], lists));
  test("the first of what is in it is replaced", () => served((s: string) => [s.replace(",", ""), s.replace("ab", "<>"), s.replace("", "x")], lists));
});

describe("what was joined is looked into", () => {
  test("length, characters, codes", () => served((s: string, t: string) => { const u = `${s}-${t}`; return [u.length, u[1] === "x", u.charCodeAt(0), (s + t).indexOf("b")]; }, words));
  test("compared", () => served((s: string, t: string) => [s + t === t + s, `${s}z` < `${t}z`, s + t === "a"], words));
  test("read as a number", () => served((s: string, t: string) => [Number(s + t), parseInt(`${s}${t}`, 10)], words));
  test("tested", () => served((s: string, t: string) => (s + t ? 1 : 2), words));
  test("the digits of a number", () => served((n: number) => { let sum = 0; for (const c of String(n)) sum += Number(c) || 0; return [sum, String(n).length, `${n}`.charAt(0)]; }, wholes));
  test("… of another base", () => served((n: number) => { const s = n.toString(2); let ones = 0; for (let i = 0; i < s.length; i++) if (s[i] === "1") ones++; return ones; }, wholes));
  test("a choice of strings of other parts", () => served((r: number, a: number) => (a === 1 ? `rgb(${r})` : a === 0 ? "none" : `rgba(${r},${a})`), [[1, 1], [2, 0], [3, 4]]));
});

describe("a text beside what is none", () => {
  const lists = [[[5, 1500, 25000, -3, 999, 0, 12, 7]], [[]], [[1]]];
  test("a number", () => served((xs: number[]) => xs.map((c) => (c > 5 ? `${c}k` : c)), lists));
  test("null and booleans, in objects", () => served((xs: number[]) => { const out: object[] = []; for (const c of xs) out.push({ c, a: c >= 1000 ? `${c}k` : null, b: c > 5 ? `n${c}` : c < 0 }); return out; }, lists));
  test("carried by a loop, undefined at first", () => served((xs: number[]) => { let last: string | number | undefined; for (const c of xs) { if (c > 5) last = `${c}!`; else if (c < 0) last = c; } return last; }, lists));
  test("computed with and told apart", () => served((xs: number[]) => { let n = 0; for (const c of xs) { const a: string | number = c > 5 ? `${c}` : c; n += +a; if (typeof a === "string") n += a.length; if (a === "999") n *= 2; if (a === 0) n -= 1; } return n; }, lists));
  test("added to, compared", () => served((xs: number[]) => { const out: unknown[] = []; for (const c of xs) { const a = (c > 5 ? `${c}` : c) as number; out.push(a + 1, a > 20, a == 999, a | 0, !a); } return out; }, lists));
});

describe("strings that recursion makes", () => {
  test("the pegs of a tower, whose names change places", () => served((n: number) => { const out: string[] = []; let all = ""; const go = (k: number, a: string, b: string, c: string): void => { if (k > 0) { go(k - 1, a, c, b); out.push(`${k}${a}${c}`); all += a + c; go(k - 1, b, a, c); } }; go(n, "A", "B", "C"); return [out, all]; }, [[3], [0], [4]]));
  test("a list of them that is given back, too, which nobody reads", () => served((n: number) => { const out: string[] = []; const go = (s: string): string[] => { if (s.length === n) out.push(s); else { go(`${s}0`); go(`${s}1`); } return out; }; go(""); return out; }, [[3], [0], [1]]));
  test("of one of several words, each letter", () => served((d: string) => { const letters: Record<string, string> = { 2: "abc", 3: "de" }, out: string[] = []; const go = (i: number, s: string): void => { if (i === d.length) { out.push(s); return; } for (const c of letters[d[i]!] ?? "") go(i + 1, s + c); }; go(0, ""); return out; }, [["23"], [""], ["4"]]));
});

describe("one of several known texts, or none", () => {
  const names: Record<number, string> = { 1: "ab", 2: "c", 3: "" };
  test("its characters", () => served((x: number[]) => { let s = 0; for (const k of x) for (const c of names[k] ?? "zz") s = s * 7 + c.length; return s; }, [[[1, 2, 5, 3]], [[]]]));
  test("their codes", () => served((x: number[]) => { let s = 0; for (const k of x) { const t = names[k] ?? "zz"; for (let i = 0; i < t.length; i++) s = s * 7 + t.charCodeAt(i); } return s; }, [[[1, 2, 5, 3]], [[]]]));
  test("none, where one is iterated", () => served((x: number[]) => { let s = 0; for (const k of x) for (const c of names[k]!) s = s * 7 + c.length; return s; }, [[[1, 2, 3]], [[9]]], { original: 1 }));
});

describe("arrays as texts", () => {
  const numbers = [[1, 2], [-0, 1.5], [NaN, 7]];
  test("a few items, rows and nothing among them", () => served((a: number, b: number) => ["" + [a, b], String([a, [b, [true]], null, undefined, "x"]), `<${[[a], [], [, b]]}>`, [[a, b], "r", [b]].join(":"), [a, b].toString(), "" + new Float32Array([b, 2])], numbers)); // eslint-disable-line
  test("compared, and asked for their length", () => served((a: number, b: number) => [String([a, b]) === "1,2", [a, b].toString().length, `${[a]}`.charCodeAt(0)], numbers)); // eslint-disable-line
  test("what may lie past the end", () => served((x: number[], n: number) => ["" + [x[n], 1], String([x[n], x[n + 1]]).length], [[[1, 2], 0], [[1, 2], 1], [[1, 2], 2]])); // eslint-disable-line
  test("of a length of run time", () => served((x: number[], y: Uint8Array) => [x.toString(), y.toString()], [[[1, 2.5], Uint8Array.of(3)], [[], Uint8Array.of()], [[NaN, -0, 4], Uint8Array.of(9, 8)]]));
  test("keys of what is known", () => served((x: number, al: number) => { const plans: Record<string, (v: number) => number> = { "r,native:r:true": (v) => v * 2, "r,native:r:false": (v) => v + 1 }, kind = ["r", "native"]; return plans[[kind, ["r"], al !== 1].join(":")]!(x); }, [[1.5, 2], [3, 2]], { slow: ["al"] }));
  test("keys that are read, written, asked for and deleted", () => served((n: number) => { const o: Record<string, number> = { "1,2": n }, k = [1, 2] as never; const had = k in o; o[[3] as never] = o[k]! + 1; delete o[k]; return [had, k in o, o, [5, 6, 7][[1] as never]]; }, [[4], [5.5]]));
  test("keys of places", () => served((x: number[], y: number[]) => { const seen: Record<string, boolean> = {}; let count = 0; for (let i = 0; i < x.length; i++) { const p = [x[i]!, y[i]!] as never; if (!seen[p]) { seen[p] = true; count++; } } return count; }, [[[1, 1, 2, 1], [5, 5, 5, 6]], [[], []], [[1, 11, 1], [12, 2, 12]]]));
  test("a method of arrays on what is none", () => served((n: number) => [Array.prototype.toString.call({ a: n }), Array.prototype.toString.call({ join: () => `j${n}` })], [[1], [2.5]]));
  class Both { constructor(readonly x: number) {} valueOf(): number { return this.x; } toString(): string { return "both"; } }
  test("an object in one goes by toString, whatever its valueOf says", () => served((n: number) => [new Both(n), n].join("-"), [[1], [2.5]]));
});
