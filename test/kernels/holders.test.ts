// Arrays of objects that hold arrays: layers of weights, bodies with vertices, filters.

import { describe, expect, test } from "vitest";
import { ready, specialize, tracked } from "../../src/index.ts";
import { served } from "./served.ts";

interface Layer { w: number[]; t: Float32Array; m: number[][]; v: { x: number; y: number; c?: number[] }[]; k: number }
const layer = (k: number, n = 3): Layer => ({ w: Array.from({ length: n }, (_, i) => k + i / 3), t: Float32Array.of(k, -0, NaN), m: [[k, 1], [2]], v: [{ x: k, y: 1, c: [k] }, { x: -k, y: 2, c: [] }], k });
const some = (): Layer[] => [layer(1), layer(-2.5, 1), layer(7, 4)];

describe("arrays in the objects of an array", () => {
  test("one version serves all values, and slow ones need none", async () => {
    await ready();
    const kernel = (list: Layer[], i: number): number => { let s = 0; for (let j = 0; j < list[i]!.w.length; j++) s += list[i]!.w[j]! * list[i]!.t[0]! + list[i]!.v[1]!.x + list[i]!.m[0]![1]!; return s; };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (let k = 0; k < 6; k++) { const list = [layer(k), layer(k / 7, k)]; expect(fast(list, k & 1)).toBe(kernel(list, k & 1)); }
    expect([fast.stats().calls.wasm, Object.values(fast.stats().made)]).toEqual([6, [1]]);
  });
  test("numbers are read, written, sorted, measured", () => served(
    (list: Layer[], a: number) => { let s = 0; for (const { w, k } of list) { for (let j = 0; j < w.length; j++) { w[j]! *= a; s += w[j]! + k; } w[9]?.toFixed(); w.sort((p, q) => q - p); s += w.length + w.indexOf(a) + Math.max(...w); } return s; }, [[some(), 2], [[layer(0, 0)], 3], [[], 1]]));
  test("typed arrays, which convert what is stored", () => served(
    (list: Layer[], a: number) => { for (const p of list) { for (let j = 0; j < p.t.length; j++) p.t[j]! += a / 3; p.t[5] = 1; } return list.map(({ t }) => t[1]); }, [[some(), 2], [[layer(0.1)], 1e300]]));
  test("rows of rows", () => served((list: Layer[], a: number) => { let s = a; for (const p of list) for (const row of p.m) for (let j = 0; j < row.length; j++) { s += row[j]!; row[j] = s; } return s; }, [[some(), 2], [[layer(3)], -0]]));
  test("objects, and arrays in these", () => served(
    (list: Layer[], a: number) => { let s = 0; for (const p of list) for (const q of p.v) { q.x += a * p.k; s += q.x * q.y + (q.c!.length > 0 ? q.c![0]! : a); } return s; }, [[some(), 2], [[layer(3), { ...layer(1), v: [] }], 0.5]]));
  test("objects that hold arrays alone, and those that they hold in a field", () => served(
    (list: { p: { at: number[] }; q: number[] }[]) => { for (const { p, q } of list) { p.at[0]! += q[1]!; q[0] = p.at.length; } }, [[[{ p: { at: [1] }, q: [2, 3] }, { p: { at: [5, 6] }, q: [7, 8] }]]]));
  test("methods of their class", () => {
    class Body { v = [0, 1]; x: number; constructor(x: number) { this.x = x; } get size(): number { return this.v[0]! * this.x; } move(d: number): void { this.v[0]! += d; } }
    return served((list: Body[], d: number) => { let s = 0; for (const b of list) { b.move(d); s += b.size; } return s; }, [[[new Body(1), new Body(2)], 3]]);
  });
  test("what is given back is what stands there", async () => {
    await ready();
    const kernel = (list: Layer[], i: number): unknown[] => [list[i]!.w, list[i]!.t, list[i]!.m[0], list[i]!.v[1], list[i]];
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), list = some();
    for (const given of [list, tracked(list)]) expect(fast(given, 1).map((part, i) => part === kernel(given, 1)[i])).toEqual([true, true, true, true, true]);
    expect(fast.stats().calls.original).toBe(0);
  });
  test("rows that are written inside stay where they are when another array grows", async () => {
    await ready();
    const kernel = (rows: number[][], out: number[], i: number, j: number): void => { rows[i]![j] = rows[i]![j]! * 2; out[j] = rows[i]![0]!; };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    const held = (...args: Parameters<typeof kernel>): boolean => fast.inspect(...args).ir.at(-1)!.text.includes('input {as: "list", path: {root: 0,');
    for (const j of [0, 1, 2, 1]) { const mine = [[1, 2, 3], [4, 5, 6]], theirs = structuredClone(mine), out = [9], other = [9]; fast(mine, out, 1, j); kernel(theirs, other, 1, j); expect([mine, out]).toEqual([theirs, other]); }
    expect([fast.stats().calls.original, held([[1, 2, 3], [4, 5, 6]], [9], 1, 1)]).toEqual([0, false]);
    for (let k = 0; k < 2; k++) { const mine = [[1], [2]]; fast(mine, [9], 1, 3); expect(mine).toEqual([[1], [2, , , NaN]]); }
    expect(held([[1], [2]], [9], 1, 3)).toBe(true);
  });
  test("which is which is told", () => served((list: Layer[], i: number) => [list[0]!.w === list[i]!.w, list[0]!.v[0] === list[i]!.v[0]].map(Number), [[some(), 0], [some(), 1]]));
});

test("what can't be such arrays is the original's", async () => {
  await ready();
  const kernel = (list: Layer[], a: number): number => { let s = 0; for (const p of list) { p.w[0]! += a; p.t[0]! -= a; s += p.w[0]! + p.w[p.w.length - 1]! + p.t[0]! + p.v[0]!.x; p.v[0]!.x = s; } return s; };
  const odd: ((list: Layer[]) => void)[] = [
    (list) => { list[0]!.w = list[2]!.w; }, (list) => { list[0]!.t = list[2]!.t; }, (list) => { list[0]!.t = list[2]!.t.subarray(0, 2); }, (list) => { list[0]!.v[0] = list[2]!.v[1]!; }, (list) => { list[0]!.v = list[2]!.v; },
    (list) => { list[0]!.w = Object.freeze([1, 2]) as number[]; }, (list) => { list[0]!.t = Float64Array.of(1) as never; }, (list) => { list[0]!.w = [1, "2" as never]; }, (list) => { list[0] = list[1]!; },
    (list) => { Object.defineProperty(list[0]!, "w", { get: () => list[2]!.w }); }, (list) => { list[0] = Object.create(list[0]!) as Layer; }, (list) => { list[1] = new Proxy(list[1]!, {}); }, (list) => { (list[0] as { w: unknown }).w = { 0: 1, length: 1 }; },
  ];
  const outcome = (f: typeof kernel, list: Layer[]): unknown => { try { return [f(list, 2), list]; } catch (error) { return String(error); } };
  for (const tier of ["wasm", "js"] as const) {
    const fast = specialize(kernel, { tier, compile: "sync" });
    expect(outcome(fast, some())).toEqual(outcome(kernel, some()));
    for (const change of odd) { const ours = some(), theirs = some(); change(ours); change(theirs); expect(outcome(fast, ours), String(change)).toEqual(outcome(kernel, theirs)); }
    expect(outcome(fast, some())).toEqual(outcome(kernel, some()));
    expect(fast.stats().calls[tier], tier).toBeGreaterThan(1);
  }
});

describe("arrays in the caller's arrays change their length", () => {
  const cells = (): number[][] => [[1, 2], [], [-0]], nodes = (): { k: number; list: number[]; next: unknown }[] => { const list = [1, 2, 3].map((k) => ({ k, list: k > 1 ? [k] : [], next: null as unknown })); list[0]!.next = list[2]; return list; };
  test("rows", () => served((g: number[][], a: number) => { g[1]!.push(a); g[0]!.length = 1; g[2]!.unshift(a, 1); const t = g[0]!; g[0] = g[1]!; g[1] = t; g.push([a]); return [g[0], g[0]!.pop(), g.length]; }, [[cells(), 2], [cells(), NaN], [[[1], [2], [3], [4]], 1]]));
  test("cells of a grid of them", () => served((g: number[][][], a: number) => { for (const row of g) for (const c of row) c.length = 0; for (let i = 0; i < 5; i++) g[i & 1]![(i * a) & 1]!.push(i); return g[1]![0]!.length; }, [[[cells(), cells()], 3], [[cells(), cells()], 2]]));
  test("in objects that lead to one another", () => served((list: ReturnType<typeof nodes>, a: number) => { for (const n of list) { n.list.push(a, n.k); n.next = n.list.length > 2 ? list[0]! : null; n.k += 1; } list[1]!.list = [a]; return [list[0]!.list, list[2]]; }, [[nodes(), 2], [nodes(), -1]]));
  test("of objects", () => served((list: Layer[], a: number) => { for (const p of list) { p.v.push({ x: a, y: p.v.length }); p.v[0]!.x += a; if (p.v.length > 3) p.v.shift(); } return list[0]!.v; }, [[[{ v: [{ x: 1, y: 2 }] }, { v: [{ x: 3, y: 4 }, { x: 3, y: 4 }, { x: 5, y: 6 }] }] as never, 1.5]]));
  test("the very ones are filled, each once, wherever they stand", async () => {
    await ready();
    const kernel = (g: number[][], a: number): number => { g[0]!.push(a); return g[1]!.length; }, fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    const makes: (() => number[][])[] = [cells, () => { const g = cells(); g[1] = g[0]!; return g; }, () => { const g = cells(); (g as unknown[])[1] = g; return g; }, () => { const g = cells(); Object.freeze(g[0]); return g; }, () => tracked(cells()), cells];
    const outcome = (f: typeof kernel, g: number[][]): unknown => { const [first, second] = g; try { return [f(g, 7), first, second?.length, g[0] === first]; } catch { return ["throws", first]; } };
    for (const make of makes) expect(outcome(fast, make())).toEqual(outcome(kernel, make()));
    expect(fast.stats().calls.wasm).toBeGreaterThan(1);
  });
});
