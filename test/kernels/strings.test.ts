// Strings that vary from call to call.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

const words = ["", "a", "kitten", "sitting", "hello world", "  trim me\t", "\u00e9\ud83d\ude00x\ud800", "4539 1488 0343", "0042", "MCMXCIV", "zzzzzzzzzzzzzzzzzzzz"];
const one = words.map((w) => [w]);
const two = words.flatMap((a, i) => [[a, words[(i * 5 + 3) % words.length]!], [a, a], ["kitten", a]]);

describe("a string's bytes", () => {
  const texts = [[""], ["abc"], ["a\u00e9\u07ff\u0800\u6f22\uffff"], ["\ud83d\ude00x\ud83d"], ["\ude00\ud800\ud800\udc00\udbff\udfff"]], encoder = new TextEncoder();
  test("of a captured TextEncoder", () => served((s: string) => { let h = 0; for (const b of encoder.encode(s)) h = (h * 31 + b) | 0; return h; }, texts));
  test("of a new one, returned", () => served((s: string) => new TextEncoder().encode(s), texts));
  test("of a text that is joined, of nothing", () => served((s: string) => [new TextEncoder().encode(`<${s}>`).length, new TextEncoder().encode().length], texts));
});

describe("escapes", () => {
  const plain = [[""], ["a b/c?d=\u00e9&e"], ["%41%2f%e6%BC%a2%F0%9F%98%80"], ["%u6F22%uD83D%u00e%4"], ["\u6f22\ud83d\ude00"], ["\u00e6\u00bc\u00a2"]], whole = plain.filter(([s]) => !/%u/.test(s!));
  test("the bytes of a string as characters", () => served((s: string) => { const b = unescape(encodeURIComponent(s)); let h = b.length; for (let i = 0; i < b.length; i++) h = (h * 31 + b.charCodeAt(i)) | 0; return h; }, plain));
  test("encoded, returned", () => served((s: string) => [encodeURIComponent(s), encodeURI(s), escape(s), unescape(s)], plain));
  test("decoded, returned", () => served((s: string) => [decodeURIComponent(s), decodeURI(s), decodeURIComponent(escape("\u00c3") + "%A9")], whole));
  test("of bytes", () => served((s: string) => decodeURIComponent(escape(s)), [[""], ["abc"], ["\u00e6\u00bc\u00a2"], ["\u00f0\u009f\u0098\u0080"]]));
  test("what is malformed is the original's", () => served((s: string) => encodeURI(s) + decodeURI(s), [["a"], ["\ud83d"], ["\ude00\ud83d"], ["%"], ["%c3"], ["%c0%80"], ["%ed%a0%80"], ["%f4%90%80%80"], ["%f5%80%80%80"], ["%4g"]], { original: 9 }));
  test("what is malformed is caught", () => served((s: string) => { try { return decodeURIComponent(s); } catch (e) { return e instanceof URIError ? (e as Error).message : 0; } }, [["%41"], ["%"], ["%e0%80%80"], ["%c3x"]]));
  test("of numbers and static strings", () => served((x: number, s: string) => [encodeURIComponent(x), escape("\u00e9\u6f22") + s, unescape("%zz%41"), encodeURI(undefined as unknown as string)], [[12.5, "a"], [-3, ""]]));
});

describe("hashes and distances", () => {
  test("djb2", () => served((s: string) => { let h = 5381; for (let i = 0; i < s.length; i++) h = (h * 33) ^ s.charCodeAt(i); return h >>> 0; }, one));
  test("FNV-1a", () => served((s: string) => { let h = 0x811c9dc5; for (let i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 0x01000193); return h >>> 0; }, one));
  test("Levenshtein, the strings swapped", () => served((s: string, t: string) => {
    let a = s, b = t;
    if (a.length > b.length) { const w = a; a = b; b = w; }
    const row: number[] = [];
    for (let i = 0; i <= a.length; i++) row.push(i);
    for (let i = 1; i <= b.length; i++) {
      let before = i;
      for (let j = 1; j <= a.length; j++) {
        const cost = b[i - 1] === a[j - 1] ? row[j - 1]! : Math.min(row[j - 1]!, before, row[j]!) + 1;
        row[j - 1] = before;
        before = cost;
      }
      row[a.length] = before;
    }
    return row[a.length]!;
  }, two));
  test("Hamming, which throws", () => served((a: string, b: string) => { if (a.length !== b.length) throw new Error(`${a} and ${b}`); let n = 0; for (let i = 0; i < a.length; i++) if (a.charAt(i) !== b.charAt(i)) n++; return n; }, [["abc", "abd"], ["", ""], ["a", ""]], { original: 1 }));
  test("one version serves all", async () => {
    await ready();
    const fast = specialize((s: string) => { let n = 0; for (const c of s) if (c === "e") n++; return n; }, { tier: "wasm", compile: "sync" });
    expect(words.map((w) => fast(w))).toEqual([0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0]);
    expect(fast.stats().made).toEqual({ first: 1 });
  });
});

describe("characters", () => {
  test("an index outside gives undefined", () => served((s: string, i: number) => (s[i] === undefined ? -1 : s[i] === "t" ? 1 : 0), [["kitten", 2], ["kitten", 6], ["kitten", -1], ["kitten", 1e9], ["", 0], ["kitten", 2.5], ["kitten", -0]]));
  test("strings of which run time says which of a few they are, in order", () => {
    const table = ["b", "a", "10", "9"];
    return served((i: number, j: number) => {
      const u = i > 1 ? "b" : "a", v: string | number = i > 1 ? "7" : i, w = j > 1 ? "10" : "9";
      return [table[i]! < table[j]!, table[i]! >= w, u < "ab", "ab" <= u, u > w, (v as number) < j, (v as string) < w];
    }, [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].map((j) => [i, j])));
  });
  test("charAt outside gives the empty string", () => served((s: string, i: number) => (s.charAt(i) === "" ? -1 : s.charAt(i) < "k" ? 0 : 1), [["kitten", 2], ["kitten", 6], ["kitten", NaN], ["kitten", 1e9], ["", 0], ["kitten", 1.9]]));
  test("at counts from the end", () => served((s: string, i: number) => (s.at(i) === "n" ? 1 : 0), [["kitten", -1], ["kitten", 5], ["kitten", -7], ["kitten", NaN]]));
  test("a pair of surrogates is one character of for…of", () => served((s: string) => { let n = 0; for (const c of s) n = n * 3 + c.length; return n; }, one));
  test("a method of a character that may not be there", () => served((s: string, i: number) => s[i]!.charCodeAt(0), [["kitten", 2], ["kitten", 5], ["kitten", 6]], { original: 1 }));
  test("lower and upper case of ASCII", () => served((s: string) => [s.toLowerCase(), s.toUpperCase() === s, s.toLowerCase().indexOf("k"), s.charAt(0).toUpperCase()], [...one, ["AbC\u007f"], ["\u0130x"]], { original: 2 }));
  test("codePointAt", () => served((s: string) => { let n = 0; for (let i = 0; i <= s.length; i++) n += s.codePointAt(i) ?? 0.5; return n; }, one));
  test("a character is carried from turn to turn", () => served((s: string) => { let last = "", runs = 0; for (let i = 0; i < s.length; i++) { if (s[i] !== last) runs++; last = s[i]!; } return last === "n" ? -runs : runs; }, one));
  test("switch", () => served((s: string) => { let n = 0; for (const c of s) { switch (c) { case "a": case "e": n++; break; case "\ud83d\ude00": n += 100; } } return n; }, one));
  test("order", () => served((a: string, b: string) => [a < b, a > b, a <= b, a >= b, a === b, a == b, a > "hello"], two));
  test("a string in an object", () => served(({ name, k }: { name: string; k: number }) => { let n = k; for (let i = 0; i < name.length; i++) n += name.charCodeAt(i); return n; }, [[{ name: "ab", k: 1 }], [{ name: "", k: 2 }]]));
});

describe("parts and searches", () => {
  const digits = Array.from({ length: 300 }, (_, i) => "012a"[(i * i + (i >> 3)) & 3]).join("");
  test("characters of a long static one by their place", () => served((i: number) => { const c = digits.charAt(i), d = digits[i]; return (c === "1" ? 1 : c === "a" ? 2 : c === "" ? 3 : 4) + (d === undefined ? 10 : d === "2" ? 20 : 30); }, [[0], [1], [2], [3], [299], [300], [-1], [1.5], [NaN]]));
  test("parts of a static one by places of run time", () => served((i: number, j: number) => { const n = digits.substring(i, i + 1); return (n === "1" ? 1 : n === "2" ? -1 : 0) + 10 * digits.slice(i, j).length + 1e4 * (digits.substr(i, 3) === "0a0" ? 1 : 2) + 1e5 * (digits.at(i) === "0" ? 1 : 2) + 1e6 * ("abcdef".substring(i, j).charCodeAt(0) || 7); }, [[0, 2], [1, 9], [7, 3], [-2, 5], [299, 300], [300, 1], [NaN, 4], [2.5, Infinity]]));
  test("slice, substring, substr, trim", () => served((s: string, i: number, j: number) => s.slice(i, j).length + 100 * s.substring(i, j).length + 1e4 * s.substr(i, j).length + 1e6 * s.trim().length + 1e8 * s.trimStart().length + 1e10 * s.trimEnd().length, words.flatMap((w) => [[w, 1, -1], [w, -3, 2], [w, NaN, 1e10], [w, 4, 1]])));
  test("a part is returned", () => served((s: string) => s.trim().slice(1), one));
  test("a string is returned as it came", () => served((s: string) => (s.length > 3 ? s : "short"), one));
  test("indexOf, lastIndexOf, includes, startsWith, endsWith", () => served((a: string, b: string) => [a.indexOf(b), a.lastIndexOf(b), a.includes(b), a.startsWith(b), a.endsWith(b), a.indexOf("t", 3), a.indexOf("", 99)], two));
});

describe("lookups", () => {
  const roman: Record<string, number> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };
  const alphabet = "0123456789bcdefghjkmnpqrstuvwxyz";
  const codes = new Map([["a", 1], ["e", -0], ["i", NaN], ["hello", 7]]);
  const vowels = new Set(["a", "e", "i", "o", "u"]);
  test("an object by its characters", () => served((s: string) => { let t = 0; for (let i = 0; i < s.length; i++) { const c = roman[s[i]!]!, n = roman[s[i + 1]!]; if (n && c < n) t -= c; else t += c; } return t; }, one));
  test("an alphabet", () => served((s: string) => { let h = 0; for (const c of s) h = h * 31 + alphabet.indexOf(c) + (alphabet.includes(c) ? 1 : 0); return h; }, one));
  test("a Map, a Set, a list", () => served((s: string) => { let n = 0; for (const c of s) n = n * 2 + (codes.get(c) ?? 3) + (vowels.has(c) ? 1 : 0) + ["k", "t"].indexOf(c); return n; }, one));
  test("what every object inherits is the original's", () => served((s: string) => { const k = roman[s]; return k === undefined ? s.length : k; }, [["I"], ["toString"], ["toStrin"], ["constructor"], [""]], { original: 2 }));
  test("in and hasOwnProperty", () => served((s: string) => (s.charAt(0) in roman ? 1 : 0) + (Object.hasOwn(roman, s.charAt(1)) ? 2 : 0) + s.length * 10, [["MI"], ["M"], [""], ["xI"], ["toString"]]));
});

describe("numbers", () => {
  const numbers = ["", " ", "0", "-0", "12", "-17.5e3", "+.5", "5.", ".", "1e", "0x1F", "0b101", "0o17", "0b2", "1_0", "Infinity", "-Infinity", "Infinit", "12abc", "  7  ", "\u00a03", "1e22", "123456789012345"];
  test("ToNumber", () => served((s: string) => +s, numbers.map((s) => [s])));
  test("parseFloat", () => served((s: string) => parseFloat(s), numbers.map((s) => [s])));
  test("parseInt", () => served((s: string, radix: number) => parseInt(s, radix), numbers.flatMap((s) => [[s, 10], [s, 16], [s, 0], [s, 1], [s, 36], [s, 2.9]]), { original: 2 }));
  test("what needs more digits is the original's", () => served((s: string) => +s, [["1"], ["1e300"], ["123456789012345678901"], ["0.1"]], { original: 2 }));
  test("parseInt of what is joined, in the base that it says", () => served((a: number, b: number) => [parseInt(`0x${b}`), parseInt(`${a}px`), parseInt(`-0X${a}`, 0), parseInt(`1${a}.${b}`), parseInt(`0x${b}`, 10)], [[1, 0], [255, 10], [7.5, 19], [2 ** 40, 1], [0, 0]]));
  test("parseInt of a part of a table's text, and of the digits of that", () => {
    const table = ["9778397bd097c36", "97bcf97c3598082"];
    return served((y: number, n: number) => { const date = parseInt(`0x${table[y]!.substr(5 * n, 5)}`).toString(); return [parseInt(date.substr(0, 1)), parseInt(date.substr(1, 2))]; }, [[0, 0], [1, 1], [0, 2]]);
  });
  test("parts of a chosen slow text at places of run time; there is none past the end", () => {
    const table = ["9778397bd097c36", "97bcf97c3598082"];
    return served((y: number, n: number) => table[y]!.slice(n, n + 3).length + parseInt(table[y]!.substr(n, 2), 16), [[0, 0], [1, 14], [2, 1]], { original: 1 });
  });
  test("parseInt of what is joined, in another base", () => served((a: number, b: number) => [parseInt(`${a}${b}`, 2), parseInt(a.toString(16), 16), parseInt(String(b), 8), parseInt(`0x${b}`, 16), parseInt(`-${a}.${b}`, 3)], [[1, 0], [255, 10], [7, 19], [2 ** 40, 1], [0, 0]]));
  test("a key that is joined", () => {
    const widths: Record<string, number> = { pcm8: 1, pcm16: 2, pcm32f: 4 };
    return served((bits: number, float: boolean) => [widths[`pcm${bits}${float ? "f" : ""}`], `pcm${bits}` in widths, Object.hasOwn(widths, `pcm${bits}f`)], [[8, false], [16, true], [32, true], [24, false]]);
  });
  test("a method whose name is joined", () => served((bits: number, float: boolean) => {
    const all: Record<string, () => number> = { pcm8: () => bits, pcm32f: () => bits * 2 }, name = `pcm${bits}${float ? "f" : ""}`;
    return all[name] ? all[name]() : -1;
  }, [[8, false], [8, true], [32, true]]));
  test("a character is a digit", () => served((s: string) => { let n = 0; for (let i = 0; i < s.length; i++) { const d = +s[i]!; n = n * 3 + (isNaN(d) ? 7 : d) + (parseInt(s[i]!, 10) || 0); } return n; }, one));
});

describe("strings that are names", () => {
  const scale = (x: number, mode: string): number => (mode === "double" ? x * 2 : mode === "half" ? x / 2 : x);
  test("each has a version of its own", async () => {
    await ready();
    const fast = specialize(scale, { tier: "wasm", compile: "sync" });
    expect([fast(3, "double"), fast(3, "half"), fast(5, "double"), fast(5, "none")]).toEqual([6, 1.5, 10, 5]);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 4 });
    expect(fast.diagnostics().map(({ message }) => message).join()).toContain("each value of \"mode\" has a version of its own");
  });
  test("so has one that has to be known", () => served((s: string) => s.replace(/[^0-9]/g, "").length, one));
});

describe("String.fromCharCode of codes that vary", () => {
  test("is compared, searched in a list, returned", () => served(
    ((b: Uint8Array, i: number) => { const tag = String.fromCharCode(b[i]!, b[i + 1]!, 0x46 + b[0]! - b[0]!); return [tag === "RIF", ["RIF", "WAV"].indexOf(tag), tag.length, tag.charCodeAt(1), tag]; }) as never,
    [[Uint8Array.of(82, 73, 70), 0], [Uint8Array.of(82, 73, 70), 1], [Uint8Array.of(0, 255), 0]]));
  test("takes any number by its lower sixteen bits", () => served(((x: number) => [String.fromCharCode(x), String.fromCharCode(x, x + 1).length]) as never, [[65.9], [-1], [NaN], [65536 + 97], [1e21]]));
  test("in a loop", () => served(((x: Float64Array) => { let s = 0; for (let i = 0; i < x.length; i++) if (String.fromCharCode(x[i]!) === "a") s += i; return s; }) as never, [[Float64Array.of(97, 1, 97)], [new Float64Array(0)]]));
});
