// Tables whose keys are texts of numbers, `${x},${y}`: one version serves them, whatever the numbers are.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

type Counts = Record<string, number>;
type Kernel = (x: number[], y: number[]) => unknown;
const whole = (n: number): [number[], number[]] => [Array.from({ length: n }, (_, i) => ((i * 7) % 5) - 2), Array.from({ length: n }, (_, i) => (i * 3) % 4)];
const any = (n: number): [number[], number[]] => [Array.from({ length: n }, (_, i) => [0.5, -0, 0, NaN, 1e21, -Infinity, 2 ** 40][i % 7]!), Array.from({ length: n }, (_, i) => (i % 3) / 3)];

/** how many calls which tier served, and by how many versions */
function follow(kernel: Kernel, calls: readonly (() => [number[], number[]])[], tier: "wasm" | "js"): { wasm: number; js: number; original: number; versions: number; why: string } {
  const fast = specialize(kernel, { tier, compile: "sync" });
  for (const given of calls) expect(fast(...given())).toEqual(kernel(...given()));
  const { wasm, js, original } = fast.stats().calls;
  return { wasm, js, original, versions: fast.versions().length, why: original > 0 ? fast.diagnostics().map((d) => d.message).join() : "" };
}

const everywhere: readonly (readonly [string, Kernel])[] = [
  ["taken out while they are listed", (x, y) => { const c: Counts = {}; for (let i = 0; i < x.length; i++) c[x[i] + "|" + y[i]] = i; let s = 0; for (const k in c) { s++; if (s % 2) delete c[k]; } return c; }],
  ["the numbers in a key", (x, y) => { const c = new Map<string, number>(); for (let i = 0; i < x.length; i++) c.set(`${x[i]},${y[i]}`, i); let s = 0; for (const [k, v] of c) { const [p, q] = k.split(",").map(Number); s += (p! - q!) * v; } return s; }],
];
const ofWhole: readonly (readonly [string, Kernel])[] = [
  ["a Map", (x, y) => { const c = new Map<string, number>(); for (let i = 0; i < x.length; i++) { const k = `(${x[i]} ${y[i]})`; c.set(k, (c.get(k) ?? 0) + i); } return [c, c.has("(0 0)"), c.get("(0  0)"), c.get("x")]; }],
  ["counted, returned", (x, y) => { const c: Counts = {}; for (let i = 0; i < x.length; i++) { const k = `${x[i]},${y[i]}`; c[k] = (c[k] || 0) + 1; } return [c, Object.keys(c).length]; }],
  ["a Set with keys that are known", (x, y) => { const s = new Set(["0,0", "1,1"]); for (let i = 0; i < x.length; i++) s.add(`${x[i]},${y[i]}`); return s; }],
  ["lists", (x, y) => { const cells: Record<string, number[]> = {}; for (let i = 0; i < x.length; i++) (cells[x[i] + "/" + y[i]] ||= []).push(i); return cells; }],
  ["one number in a word", (x) => { const c: Counts = {}; for (let i = 0; i < x.length; i++) c["n" + x[i]] = i; return [c, "n0" in c, c["n-1"], c.n]; }],
  ["what is no sign", (x, y) => { const c = new Set<string>(); for (let i = 0; i < x.length; i++) c.add(`${x[i]}-${y[i]}`); return c; }],
  ["static numbers among them", (x, y) => { const c: Counts = { "0_0": 5 }; for (let i = 0; i < x.length; i++) { c[x[i] + "_" + 1] = i; c[2 + "_" + y[i]] = i; } return [c, c["2_1"]]; }],
  ["strings of a queue", (x, y) => { const queue: string[] = [], at: Counts = {}; for (let i = 0; i < x.length; i++) { const k = x[i] + "," + y[i]; at[k] = i; queue.push(k); } let s = 0; while (queue.length > 0) s = s * 0.5 + at[queue.pop()!]!; return s; }],
  ["a memo", (x, y) => { const memo: Counts = {}; const ways = (i: number, j: number): number => { if (i === 0 || j === 0) return 1; const k = `${i},${j}`; if (k in memo) return memo[k]!; return (memo[k] = ways(i - 1, j) + ways(i, j - 1)); }; return ways(x.length, y.length >> 1); }],
  ["five numbers", (x, y) => { const c = new Set<string>(); for (let i = 1; i < x.length; i++) c.add([x[i]!, y[i]!].map((v) => v | 0).length + `${x[i]},${y[i]},${x[i - 1]},${y[i - 1]}`); return c; }],
];
describe("keys of texts of numbers", () => {
  it.each(everywhere.map((row, i) => [...row, i % 2 ? "wasm" : "js"] as const))("%s", (_, kernel, tier) => {
    expect(follow(kernel, [() => whole(6), () => any(15)], tier)).toMatchObject({ original: 0, [tier]: 2, why: "" });
  });
  it.each(ofWhole.map((row, i) => [...row, i % 3 ? "js" : "wasm"] as const))("whole: %s", (_, kernel, tier) => {
    expect(follow(kernel, [() => whole(6), () => whole(8)], tier)).toMatchObject({ original: 0, [tier]: 2, versions: 1, why: "" });
  });
  it("entries: of a list that varies, and what is none, or is no field that one may write", () => {
    expect(follow((x, y) => Object.fromEntries(x.map((v, i) => [v, y[i]])), [() => whole(5), () => whole(7)], "js")).toMatchObject({ original: 0, js: 2 });
    for (const kernel of [(x: number[]) => Object.fromEntries([["__proto__", { a: x.length }]]), (x: number[]) => { try { return Object.fromEntries([x.length] as never); } catch { return 5; } }]) expect(follow(kernel, [() => whole(2)], "wasm")).toMatchObject({ original: 1 });
  });
  it("a key that Object.prototype has, and one of another form, are the original's", () => {
    const [, kernel] = ofWhole.find(([name]) => name === "counted, returned")!, fast = specialize(kernel, { tier: "js", compile: "sync" });
    expect(fast(...whole(9))).toEqual(kernel(...whole(9)));
    const { prototype } = Object;
    Object.defineProperty(prototype, "0,0", { value: 7, writable: true, configurable: true, enumerable: false });
    try { expect(fast(...whole(9))).toEqual(kernel(...whole(9))); } finally { Reflect.deleteProperty(prototype, "0,0"); }
    expect(fast.stats().calls).toMatchObject({ js: 1, original: 1 });
    expect(follow((x, y) => { const c: Counts = {}; for (let i = 0; i < x.length; i++) { c[x[i] + "," + y[i]] = 1; c[x[i] + ";" + y[i]] = 2; } return c; }, [() => whole(5)], "wasm")).toMatchObject({ original: 1, why: expect.stringContaining("different forms") as string });
  });
});
