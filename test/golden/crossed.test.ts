// What tables of operations crossed with kinds of values, arguments and places found, made small. The title says what was wrong.

import { describe, expect, it } from "vitest";
import { isRowOf } from "../../src/runtime/values.ts";
import { agrees } from "./agrees.ts";

it.each(["x.slice()", "x.map((v) => v)", "x"])("push and unshift of nothing give the length: %s", (made) =>
  agrees({ source: `function kernel(x) { const a = ${made}; return [a.push(), a.unshift(), a.length]; }`, slow: [], inputs: [[[]], [[1, 2]]] }));

describe("BigInts and numbers do not mix in typed arrays, even where no element is there", () => {
  const none = new BigInt64Array();
  it.each([
    ["fill of nothing", "t.fill()", [[none], [BigInt64Array.of(1n)]]], ["fill of a number", "t.fill(1, 0, 0)", [[none], [BigInt64Array.of(1n)]]], ["fill of numbers with a BigInt", "t.fill(1n)", [[new Float64Array()]]],
    ["a new array of numbers", "new Float32Array(t)", [[none]]], ["numbers set from them", "new Float32Array(2).set(t)", [[none]]],
  ])("%s", (_, code, inputs) => agrees({ source: `function kernel(t) { ${code}; return 1; }`, slow: [], inputs: inputs as unknown[][] }));
});

it("typed arrays that stand in two places are one in a clone", () => agrees({ source: "function kernel(n) { const t = new Float64Array(2), c = structuredClone({ t, l: [t] }); c.t[1] = n; return [c, c.l[0][1]]; }", slow: [], inputs: [[1]] }));
it("a slow array of BigInts is cloned as what it is", () => agrees({ source: "function kernel(t) { return structuredClone(t); }", slow: ["t"], slowValues: { t: new BigInt64Array(2) }, inputs: [[new BigInt64Array(2)]] }));
it("a part of a typed array is cloned with its whole buffer", () => agrees({ source: "function kernel(t) { const c = structuredClone(t); return [c.byteOffset, c.buffer.byteLength]; }", slow: ["t"], slowValues: { t: new Float64Array(3).subarray(1) }, inputs: [[new Float64Array(3).subarray(1)]] }));

describe("what is spread is read in its turn", () => {
  const inputs = [[[3, 1, 2], { x: 1, y: 2 }], [[0.5, -0], { x: 4, y: 5 }]];
  it.each(["[...a, a.pop(), ...a]", "Math.max(...a, a.push(50))", "((...r) => r)(...a, a.length = 0, ...a)", "({ ...o, q: (o.x = 50), ...o })", "({ z: 1, ...o, q: o.x++ })", "[...a, () => a.pop()].length",
    "[...a, { get x() { a[0] = 7; return 1; } }.x]", "[...a, `${{ toString() { a.push(7); return 4; } }}`]", "[...a, 2 * { valueOf() { a.push(7); return 4; } }]", "[...{ *[Symbol.iterator]() { a.push(9); yield 1; } }, a.length]",
    "({ ...{ get z() { o.x = 5; return 3; } }, y: o.x })"])("%s", (code) =>
    agrees({ source: `function kernel(a, o) { const r = ${code}; return [r, a, o]; }`, slow: [], inputs }));
});

describe("Maps and Sets whose keys vary", () => {
  const inputs = [[[3, 1, 2]], [[0.5, -0]], [[]]];
  it("an object is made of the entries", () => agrees({ source: "function kernel(l) { const m = new Map(); for (let i = 0; i < l.length; i++) m.set(l[i], i); return [Object.fromEntries(m), Object.fromEntries(m.entries())]; }", slow: [], inputs }));
  it("they are what instanceof says", () => agrees({
    source: "function kernel(l) { const m = new Map(), s = new Set(l), o = {}; for (const x of l) { m.set(x, 1); o[x] = 1; } return [m, s, o, Object.keys(l)].map((v) => [v instanceof Map, v instanceof Set, v instanceof Array, v instanceof Object]); }",
    slow: [], inputs,
  }));
});

describe("what a value is", () => {
  const inputs = [[[3, 1, 2], 2], [[0.5], 3]];
  it.each([
    ["typed arrays have methods, and an iterator", "Float32Array.from(l)", '[typeof v[Symbol.iterator], typeof v.map, typeof v.none]'], ["… static ones", "new Float32Array(3)", '[typeof v[Symbol.iterator], Symbol.iterator in v, "map" in v, "length" in v]'],
    ["functions are instances of Function", "() => n", "[v instanceof Function, Math.max instanceof Function, {} instanceof Function]"], ["lists of keys are arrays", "Object.keys(l)", "Array.isArray(v)"],
    ["Sets of keys of run time have no fields", "new Set(l)", "[Object.keys(v), Object.entries(v), Object.values(v)]"], ["DataViews have no elements", "new DataView(new ArrayBuffer(8))", "[Object.keys(v), Object.entries(v)]"],
  ])("%s", (_, made, asked) => agrees({ source: `function kernel(l, n) { const v = ${made}; return ${asked}; }`, slow: [], inputs }));
  it("the entries of a list of keys are its own", () => agrees({ source: "function kernel(l) { return Object.entries(Object.keys(l)).length; }", slow: [], inputs }));
});

it("Array.from goes on as long as the array is, its callback may change it", () => agrees({ source: "function kernel(l) { return [Array.from(l, (x) => (l.pop(), x)), Float64Array.from(l, (x) => (l.pop(), x)), l]; }", slow: [], inputs: [[[3, 1, 2, 4, 5, 6]], [[1]]] }));

it("what is no array has no rows: that arrays are apart is asked of any values", () => { expect(isRowOf(5 as never, 2, [])).toBe(false); expect(isRowOf({} as never, 1, [])).toBe(false); });
it("… nor are methods called that the array has itself", () => { expect(isRowOf(Object.assign([[1]], { includes: () => { throw new Error("called"); }, some: () => { throw new Error("called"); } }), 2, [])).toBe(false); });

describe("strings are taken apart to their end", () => {
  it.each(["[, p = 1] = s; return p", "[, p] = s; return p", "[p = 4, q = 5] = s; return [p, q]", "[p, ...r] = s; return [p, r]"])("const %s", (code) =>
    agrees({ source: `function kernel(s) { const ${code}; }`, slow: [], inputs: [["abc"], [""], ["a"], ["\u{1f600}b"]] }));
});

describe("objects in the place of numbers and lists", () => {
  const dates = [[[1, 2, 3], new Date(1)], [[4, 5, 6], new Date(2)]];
  it.each(["t[d]", "(t[d] = 7, t)", "[1, 2, 3][new Date(t[0])]", "new Float64Array(3)[d]"])("a Date chooses no element: %s", (code) => agrees({ source: `function kernel(t, d) { return ${code}; }`, slow: [], inputs: dates }));
  it.each(["f < s", "f >= f", "s > f", "f < 3"])("functions are ordered by their texts: %s", (code) => agrees({ source: `function kernel(s) { const f = (x) => x; return ${code}; }`, slow: [], inputs: [["12"], ["z"]] }));
  it.each(["[...o]", "Math.max(...o)", "Float64Array.from(o)"])("objects with keys of run time are no lists: %s", (code) =>
    agrees({ source: `function kernel(x) { const o = {}; for (let i = 0; i < x.length; i++) o["k" + x[i]] = i; return ${code}; }`, slow: [], inputs: [[[1, 2]], [[]]] }));
});

it.each(["l", "Float64Array.from(l)"])("an order that gives BigInts throws, as no number is made of them: %s", (list) =>
  agrees({ source: `function kernel(l) { return ${list}.sort((a, b) => (a < b ? -1n : 1n)); }`, slow: [], inputs: [[[3, 1, 2]], [[]], [[1]]] }));

describe("lengths that are no whole numbers", () => {
  it.each(["Array.from({ length: v })", "Array.from({ length: v }, (_, i) => i * 2)", "Float64Array.from({ length: v }, (_, i) => i)"])("%s", (code) => agrees({ source: `function kernel(v) { return ${code}; }`, slow: [], inputs: [[1.5], [2.9], [0.5], [NaN], [3]] }));
});
describe("a Date beside a plus is a text", () => {
  const d = new Date(5), inputs = [[4, d, 0], [4, d, 3], [[d, new Date(7)], d, 1]];
  it.each(["(n > 2 ? x : d) + 1", "1 + (n > 2 ? d : 5)", "x[n] + 1", "n > 2 ? 1 : new Date(n) + 1"])("%s", (code) => agrees({ source: `function kernel(x, d, n) { return ${code}; }`, slow: [], inputs }));
});

it("a place that is no number is the end for lastIndexOf", () => agrees({ source: 'function kernel(s, v) { return s.lastIndexOf("b", v); }', slow: [], inputs: [["abcb", "x"], ["abcb", "1"], ["abcb", null], ["abcb", undefined], ["abcb", NaN], ["abcb", 2.5]] }));
