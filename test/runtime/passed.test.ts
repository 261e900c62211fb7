// What the objects of an array hold beside numbers, a string, a function or an object, is handed on by one version: put into new objects, lists and tables, kept,
// returned; and told from words. What else looks at it still has a version for each value, or is the original's.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize, type Options } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

interface Item { x: number; y: number; tag?: unknown; links?: { w: number; from: unknown; to: unknown }[] }
type Kernel = (list: Item[], k: number, other?: Item) => unknown;
type Given = readonly [Item[], number, Item?];
const tags = ["a", "", "long one", Math.abs, null, 3, true, undefined, [1], { z: 1 }];
const words = (n: number): Given => [Array.from({ length: n }, (_, i) => ({ tag: i === 1 ? "" : `t${i}`, x: (i * 3) % 5, y: i })), 2];
const mixed = (n: number): Given => [Array.from({ length: n }, (_, i) => ({ x: (i * 3) % 5, y: i, tag: tags[i % tags.length] })), 1];
const kinds = ["circle", "box", "", "line"];
const shapes = (n: number): Given => [Array.from({ length: n }, (_, i) => ({ x: (i * 3) % 5, y: i, tag: kinds[(i + n) % 4] })), 2];
const area: Record<string, (p: Item) => number> = { circle: (p) => p.x * p.x * 3, box: (p) => p.x * p.y, line: (p) => p.x, "": () => 0.5 };
const some = (n: number): Given => [Array.from({ length: n }, (_, i) => (i % 2 ? { x: i, y: 1 } : { x: i, y: 2, tag: `t${i}` })), 2];

function follow(kernel: Kernel, calls: readonly (() => Given)[], options: Options = { tier: "wasm" }): { wasm: number; js: number; original: number; versions: number } {
  const fast = specialize(kernel, { ...options, compile: "sync" });
  for (const given of calls) {
    const want = given(), got = given();
    expect([fast(...got), got]).toEqual([kernel(...want), want]);
  }
  const { wasm, js, original } = fast.stats().calls;
  return { wasm, js, original, versions: fast.versions().length };
}

const cases: readonly (readonly [string, Kernel, (n: number) => Given])[] = [
  ["copied", (list, k) => list.map((p) => ({ ...p, x: p.x * k })), words],
  ["put into new objects", (list, k) => list.map((p) => ({ id: p.tag, v: p.x * k })), mixed],
  ["… on some paths", (list, k) => { const out = []; for (const p of list) if (p.x > k) out.push({ tag: p.tag, x: p.x }); return out; }, words],
  ["listed", (list) => list.map((p) => p.tag), mixed],
  ["kept", (list) => { let best: unknown = null, most = -1; for (const p of list) if (p.x > most) { most = p.x; best = p.tag; } return best; }, words],
  ["returned behind a sort", (list) => list.slice().sort((p, q) => q.x - p.x || p.y - q.y).map((p) => p.tag), words],
  ["put into a table", (list) => { const table = new Map<number, unknown>(); for (const p of list) table.set(p.x, p.tag); return table; }, mixed],
  ["put into lists by number", (list) => { const groups: unknown[][] = [[], [], [], [], []]; for (const p of list) groups[p.x]!.push(p.tag); return groups; }, words],
  ["handed to a function", (list, k) => { const pair = (t: unknown, v: number) => [t, v]; return list.map((p) => pair(p.tag, p.x * k)); }, mixed],
  ["compared with what it is not", (list) => { let n = 0; for (const p of list) { if (p.tag === null || p.tag == undefined || p.tag === 3) n++; if ((p.tag ?? 9) === 9) n += 10; } return n; }, words],
  ["compared with a word", (list, k) => { let s = 0; for (const p of list) s += p.tag === "box" ? p.x * k : p.tag != "line" ? 1 : 0.5; return s; }, shapes],
  ["… in a function, one after the other", (list) => { const size = (p: Item): number => { switch (p.tag) { case "box": return p.x * p.y; case "circle": return p.x * 3; case 3: return 1; default: return 0; } }; return list.reduce((s, p) => s + size(p), 0); }, mixed],
  ["… and handed on", (list) => list.filter((p) => p.tag !== "box").map((p) => p.tag || "none"), shapes],
  ["a test", (list) => { let s = 0; for (const p of list) if (p.tag) s += p.x + 1; else if (!p.tag) s -= 100; return s; }, mixed],
  ["its type, where all are strings", (list) => { let s = 0; for (const p of list) s += typeof p.tag === "string" ? p.x : 1000; return s; }, shapes],
  ["finds a number, a function, a count", (list) => { const w: Record<string, number> = { "": 1, box: 2, line: 3, circle: 4 }, n: Record<string, number> = { box: 0, line: 0, circle: 0, "": 0 }; let s = 0; for (const p of list) { s += w[p.tag as string]! * area[p.tag as string]!(p); n[p.tag as string]!++; } return [s, n]; }, shapes],
  ["compared with one another", (list) => { let last: unknown = null, n = 0; for (const p of list) { for (const q of list) if (p.tag === q.tag) n++; if (p.tag !== last) n += 100; last = p.tag; } return n; }, mixed],
  ["… with those of other objects", (list, _, other) => { let s = 0; for (const l of other!.links!) { const p = list.find((q) => q.tag === l.from), q = list.find((r) => r.tag == l.to); s += p && q ? p.x * q.y : 1000; } return s; }, (n) => { const [list, k] = words(n); return [list, k, { x: 1, y: 2, links: list.map((p, i) => ({ w: i, from: p.tag, to: `t${(i * 3) % 7}` })) }]; }],
  ["… with a string of the call's, in a list of those that were met", (list, _, other) => { const met: unknown[] = []; let n = 0; for (const p of list) { if (p.tag === other!.tag) n += p.x; if (!met.includes(p.tag)) met.push(p.tag); } return [n, met, met.indexOf(list[2]!.tag)]; }, (n) => [...shapes(n).slice(0, 2), { x: 1, y: 2, tag: "box" }] as unknown as Given],
  ["gets a word, and is asked again", (list, k) => { for (const p of list) if (p.x > k) p.tag = p.tag === "box" ? "gone" : null; let n = 0; for (const p of list) n += p.tag === "gone" ? 1 : p.tag ? 10 : 100; return n; }, shapes],
  ["a word in a new field", (list, k) => { type Sized = Item & { size?: string }; for (const p of list as Sized[]) if (p.x > k) p.size = "big"; return (list as Sized[]).filter((p) => p.size === "big").length; }, shapes],
  ["there in some only", (list, k) => { let n = 0; const out = []; for (const p of list) { if (p.tag !== undefined) n += p.x * k; if ("tag" in p) out.push(p.tag); } return [n, out]; }, some],
];

it.each(cases.map((row, i) => [...row, i % 4 ? "wasm" : "js"] as const))("handed on: %s", (_, kernel, given, tier) => {
  expect(follow(kernel, [() => given(10), () => given(11)], { tier })).toMatchObject({ original: 0, [tier]: 2, versions: 1 });
});

const graph = (n: number): Given => {
  const [list, k] = words(n);
  return [list, k, { x: 1, y: 2, links: list.map((p, i) => ({ w: i, from: p.tag, to: `t${(i * 3) % 7}` })) }];
};
const numerals = (n: number): Given => [Array.from({ length: n }, (_, i) => ({ x: i, y: 1, tag: ["b", "2", "a", "0", ""][(i * 3) % 5] })), 1];
// order counts
const inOrder = (v: unknown): unknown => (v instanceof Map ? [...v] : v instanceof Set ? [...v] : Array.isArray(v) ? v.map(inOrder) : typeof v === "object" && v !== null ? Object.entries(v).map(inOrder) : v);
describe("a key", () => {
  type Table = Record<string, number>;
  it.each<[string, Kernel, (n: number) => Given, number?]>([
    ["of counts", (list) => { const n: Table = {}; for (const p of list) n[p.tag as string] = (n[p.tag as string] || 0) + 1; return n; }, numerals],
    ["of lists", (list) => { const n: Record<string, Item[]> = {}; for (const p of list) (n[p.tag as string] ||= []).push(p); let s = 0; for (const p of list) s += n[p.tag as string]!.length; return [s, n]; }, numerals],
    ["of a Map", (list) => { const n = new Map<unknown, number>(); for (const p of list) { n.set(p.tag, (n.get(p.tag) ?? 0) + p.x); if (p.x > 7) n.delete(p.tag); } let s = 0; for (const v of n.values()) s += v; return [s, n]; }, shapes],
    ["of a Set", (list) => { const met = new Set(); let n = 0; for (const p of list) { if (met.has(p.tag)) n++; met.add(p.tag); } return [n, met.size, met]; }, shapes],
    ["that another one looks for", (list, _, other) => { const by: Record<string, Item> = {}; for (const p of list) by[p.tag as string] = p; let s = 0; for (const l of other!.links!) s += l.to as string in by ? by[l.from as string]!.x * by[l.to as string]!.y : 0.5; return s; }, graph],
    ["told from words, a word looked for", (list) => { const n: Table = {}; for (const p of list) if (p.tag !== "line") n[p.tag as string] = p.x; return [n["box"], n["line"], Object.hasOwn(n, "circle"), n]; }, shapes],
    ["taken out again", (list) => { const n: Table = {}; for (const p of list) if ((p.tag as string) in n) delete n[p.tag as string]; else n[p.tag as string] = p.x; return n; }, numerals],
    ["of a slow Map", (list) => { const w = new Map([["box", 2], ["line", 3]]); let s = 0; for (const p of list) s += (w.get(p.tag as string) ?? 100) * p.x; return s; }, shapes],
    ["listed", (list) => { const n: Table = {}; for (const p of list) n[p.tag as string] = p.x; return Object.keys(n); }, numerals],
    ["that all objects inherit", (list) => { const n: Table = {}; for (const p of list) n[p.tag as string] = (n[p.tag as string] || 0) + 1; return n; }, (n) => (n % 2 ? numerals(n) : [[{ x: 1, y: 1, tag: "toString" }, { x: 1, y: 1, tag: "a" }], 1]), -1],
  ])("%s", (_, kernel, given, versions = 1) => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const n of [9, 10]) expect(inOrder(fast(...given(n)))).toEqual(inOrder(kernel(...given(n))));
    if (versions > 0) expect([fast.stats().calls.original, fast.versions().length]).toEqual([0, versions]);
  });
});

describe("looked at, or written", () => {
  it.each<[string, Kernel, ...(() => Given)[]]>([
    ["compared with a word that some object may be equal to", (list) => { let s = 0; for (const p of list) s += (p.tag as string) == "1" ? 1 : 0; return s; }, () => mixed(10), () => [[{ x: 1, y: 1, tag: [1] }, { x: 1, y: 1, tag: "a" }], 1]],
    ["finds what the object has not", (list) => list.map((p) => ({ box: 1, circle: 2 })[p.tag as string]), () => shapes(4), () => [[{ x: 1, y: 1, tag: "toString" }, { x: 1, y: 1, tag: "box" }], 1]],
    ["handed on, then a word is written", (list) => { const was = list.map((p) => p.tag); for (const p of list) if (p.x > 1) p.tag = "new"; return was; }, () => shapes(4), () => words(3)],
    ["a word in a frozen one", (list) => { for (const p of list) p.tag = "w"; }, () => shapes(4), () => words(2)],
    ["compared with one another, and written", (list) => { const { tag } = list[0]!; let n = 0; for (const p of list) { if (p.tag === tag) n++; p.tag = "w"; } return n; }, () => words(4), () => shapes(5)],
    ["compared with a string that is made", (list, k) => list.filter((p) => p.tag === `t${k}`).length, () => words(4), () => words(5)],
    ["its type", (list) => { let s = 0; for (const p of list) s += typeof p.tag === "number" ? p.tag : 1; return s; }, () => words(4), () => mixed(10)],
    ["its length", (list) => list.map((p) => (p.tag as string).length), () => words(4), () => words(3)],
    ["as a number", (list) => { let s = 0; for (const p of list) s += (p.tag as number) * 2; return s; }, () => mixed(7), () => words(3)],
    ["in a text", (list) => list.map((p) => `${String(p.tag)}!`).join(), () => words(4), () => mixed(5)],
    ["as a key, where some are no strings", (list) => { const seen: Record<string, number> = {}; for (const p of list) seen[p.tag as string] = p.x; return seen; }, () => mixed(10), () => words(6)],
    ["in a typed array", (list) => { const out = new Float64Array(list.length); list.forEach((p, i) => { out[i] = p.tag as number; }); return out; }, () => mixed(7), () => words(3)],
    ["called", (list) => list.map((p) => (typeof p.tag === "function" ? (p.tag as (v: number) => number)(-p.x) : 0)), () => mixed(9), () => words(2)],
    ["a key of a Set", (list) => new Set(list.map((p) => p.tag)).size, () => words(4), () => mixed(10)],
    ["written, after it was read", (list) => { const [p] = list, was = p!.tag; p!.tag = 5; return was; }, () => words(3), () => mixed(3)],
    ["given to another one", (list) => { const was = list[1]!.tag; list[1]!.tag = list[0]!.tag; return was; }, () => words(3), () => mixed(3)],
    ["written through another argument", (list, _, other) => { const was = list[1]!.tag; other!.tag = "new"; return was; }, () => [...words(3).slice(0, 2), { x: 1, y: 2, tag: "o" }] as unknown as Given, () => { const [list, k] = words(3); return [list, k, list[1]!]; }, () => { const [list, k] = words(3); return [list, k, list[0]!]; }],
    ["behind a getter", (list) => list.map((p) => p.tag), () => words(3), () => { const [list, k] = words(3); Object.defineProperty(list[1]!, "tag", { get: () => "got", enumerable: true }); return [list, k]; }],
    ["inherited", (list) => list.map((p) => p.tag), () => words(3), () => [words(3)[0].map((p) => Object.setPrototypeOf({ x: p.x, y: 1 }, { tag: "up" }) as Item), 1]],
    ["other keys in one", (list) => list.map((p) => ({ ...p, x: 1 })), () => words(3), () => some(3), () => words(4)],
  ])("%s", (_, kernel, ...calls) => { follow(kernel, calls); });
});
