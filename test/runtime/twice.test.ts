// The caller's arrays in which, or in others of the call's, one object stands twice: they lie in memory with all that they lead to.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { useWorkshop } from "../../src/runtime/workshop.ts";
import { portrait } from "./subjects.ts";
import { testWorkshop } from "./thread.ts";

beforeAll(async () => { await ready(); });

interface Point { x: number; y: number }
const points = (s: number, n = 5): Point[] => Array.from({ length: n }, (_, i) => ({ x: i * s, y: i + s }));
const at = <T>(list: readonly T[], ...places: readonly number[]): T[] => places.map((i) => list[i]!);

/** Four calls, each on values of its own: the calls that WebAssembly served, and the versions. */
function calls(f: (...args: never[]) => unknown, make: (s: number) => unknown[], options: object = {}): { readonly wasm: number; readonly versions: number } {
  const fast = specialize(f as (...args: unknown[]) => unknown, { tier: "wasm", compile: "sync", ...options });
  for (let s = 1; s <= 4; s++) {
    const [mine, yours] = [make(s), make(s)];
    expect(portrait([fast(...yours), yours])).toBe(portrait([(f as (...args: unknown[]) => unknown)(...mine), mine]));
  }
  return { wasm: fast.stats().calls.wasm, versions: fast.versions().length };
}
const one = { wasm: 4, versions: 1 };

describe("what stands in two places", () => {
  it("a ring whose last is its first: of rows, of objects", () => {
    const area = (r: number[][]): number => { let t = 0; for (let i = 0; i + 1 < r.length; i++) t += r[i]![0]! * r[i + 1]![1]! - r[i]![1]! * r[i + 1]![0]!; return t / 2; };
    expect(calls(area, (s) => { const r = points(s).map(({ x, y }) => [x, y]); return [[...r, r[0]!]]; })).toEqual(one);
    expect(calls((r: Point[]) => { let t = 0; for (let i = 0; i + 1 < r.length; i++) t += r[i]!.x * r[i + 1]!.y; return t; }, (s) => { const r = points(s); return [[...r, r[0]!]]; })).toEqual(one);
  });
  it("put from one array into another, on an object too", () => {
    expect(calls((to: Point[], from: Point[], s: number) => { for (let i = 0; i < to.length; i++) to[i] = from[(i * s) % from.length]!; }, (s) => { const p = points(s); return [at(p, 0, 1, 1, 2), p, s]; })).toEqual(one);
    const seed = (o: { all: Point[]; by: Point[]; p: number[] }, s: number): void => { for (let i = 0; i < o.by.length; i++) { const v = (o.p[i % 3]! ^ s) & 3; o.p[0] = v; o.by[i] = o.all[v]!; } };
    expect(calls(seed, (s) => { const all = points(2); return [{ all, by: at(all, 0, 0, 1, 2, 2), p: [3, s, 5] }, s]; })).toEqual(one);
  });
  it("links between the nodes of a list", () => {
    interface Node { x: number; v: number; id: string }
    interface Link { source: Node; target: Node }
    const pull = (nodes: Node[], links: Link[], a: number): void => { for (const { source, target } of links) { const d = (target.x - source.x) * a; target.v -= d; source.v += d; } for (const n of nodes) n.x += n.v; };
    expect(calls(pull, (s) => { const nodes = points(s).map(({ x }, i) => ({ x, v: 0, id: `n${i}` })); return [nodes, [[0, 1], [1, 3], [3, 0], [0, 4]].map(([i, k]) => ({ source: nodes[i!]!, target: nodes[k!]! })), 0.1]; })).toEqual(one);
  });
  it("fields that hold the same objects, some none, beside numbers", () => {
    const relax = (o: { links: { a: Point; b: Point | null; length: number }[] }): void => { for (const { a, b, length } of o.links) { if (!b) continue; const d = (a.x - b.x) / length; a.x -= d; b.y += d; } };
    expect(calls(relax, (s) => { const p = points(s); return [{ points: p, links: [{ a: p[0]!, b: p[1]!, length: 1 }, { a: p[1]!, b: null, length: 2 }, { a: p[3]!, b: p[0]!, length: s }] }]; })).toEqual(one);
  });
  it("triangles of shared corners: in rows of objects, in rows of rows, in a field", () => {
    const corners = (s: number): Point[][] => { const p = points(s); return [at(p, 0, 1, 2), at(p, 1, 2, 3), at(p, 2, 3, 4)]; };
    expect(calls((t: Point[][]) => { let s = 0; for (const [a, b, c] of t) s += (b!.x - a!.x) * (c!.y - a!.y); return s; }, (s) => [corners(s)])).toEqual(one);
    expect(calls((t: number[][][]) => { let s = 0; for (const f of t) { s += f[0]![0]! * f[1]![1]!; f[2]![0]! += 1; } return s; }, (s) => { const p = points(s).map(({ x, y }) => [x, y]); return [[at(p, 0, 1, 2), at(p, 1, 2, 3)]]; })).toEqual(one);
    expect(calls((t: { v: Point[] }[]) => { let s = 0; for (const { v } of t) s += v[1]!.x * v[2]!.y; return s; }, (s) => [corners(s).map((v) => ({ v }))])).toEqual(one);
  });
  it("an argument beside the array that holds it, in either order; one array twice", () => {
    const bump = (p: Point, all: Point[]): number => { p.x += 1; let t = 0; for (const q of all) { t += q.x; q.y -= 1; } return t; };
    const of = (s: number): [Point, Point[]] => { const p = points(s); return [p[s]!, [...p, p[0]!]]; };
    expect(calls(bump, of)).toEqual(one);
    expect(calls((all: Point[], p: Point) => { p.x += 1; let t = 0; for (const q of all) { t += q.x; q.y -= 1; } return t; }, (s) => of(s).reverse())).toEqual(one);
    expect(calls((a: Point[], b: Point[]) => { a[0] = b[1]!; b.push(a[2]!); return a.length; }, (s) => { const p = points(s), a = [...p, p[1]!]; return [a, a]; })).toEqual(one);
  });
  it("sorted, cut, made longer and replaced: each stays itself", () => {
    const edit = (p: Point[], k: number): Point => { p.sort((a, b) => b.x - a.x); p.splice(1, 1); p.push(p[0]!); p[1] = { x: k, y: p[2]!.y }; return p[0]!; };
    expect(calls(edit, (s) => [at(points(s), 0, 2, 2, 1, 4), s])).toEqual(one);
    const fast = specialize(edit, { tier: "wasm", compile: "sync" }), p = points(1), list = at(p, 0, 2, 2, 1, 4);
    expect([fast(list, 7) === p[4], list[0] === p[4], list[4] === p[4], list.length, fast.stats().calls.wasm]).toEqual([true, true, true, 5, 1]);
  });
  it("objects of two classes", () => {
    class Disc { r: number; constructor(r: number) { this.r = r; } area(): number { return this.r * 3; } }
    class Box { w: number; constructor(w: number) { this.w = w; } area(): number { return this.w * this.w; } }
    expect(calls((all: (Disc | Box)[], k: number) => { let t = 0; for (const one of all) t += one.area() * k; return t; }, (s) => [[new Disc(s), new Box(2), new Disc(3), new Box(s)].slice(s % 2), s])).toEqual(one);
  });
  it("slow values of which a part is a fast one's, too, are fast", () => {
    const compare = (all: Point[], known: Point[], s: number): number => { let t = 0; for (let i = 0; i < all.length; i++) { t += all[i]!.x * s; if (all[i] === known[i]) t += 100; all[i] = known[s % 4]!; } return t; };
    expect(calls(compare, (s) => { const known = points(2); return [at(known, 0, s % 3, 1, 2, 2), known, s]; }, { slow: ["known"] }).wasm).toBe(4);
    const pull = (nodes: Point[], links: { a: Point; b: Point }[]): number => { for (const { a, b } of links) b.y += a.x - b.x; return nodes[0]!.y; };
    expect(calls(pull, (s) => { const p = points(s); return [p, [[1, 0], [0, 2], [2, 3]].map(([i, k]) => ({ a: p[i!]!, b: p[k!]! }))]; }, { slow: ["links"] }).wasm).toBe(4);
  });
  it("what can't lie in memory has a version for each value, as ever: typed arrays, a part of a captured value", () => {
    expect(calls((all: { d: Float64Array }[], k: number) => { let t = 0; for (const { d } of all) t += d[0]! * k; return t; }, (s) => { const d = Float64Array.of(s, 2); return [[{ d }, { d }], s]; })).toEqual({ wasm: 4, versions: 4 });
    const known = points(2);
    expect(calls((all: Point[], s: number) => { let t = 0; for (let i = 0; i < all.length; i++) { t += all[i]!.x * s; if (all[i] === known[i]) t += 100; } return t; }, (s) => [at(known, 0, s % 3, 1, 2, 2), s]).wasm).toBe(4);
  });
  it("what no column has room for stays the kernel's business where it never asks", () => {
    const step = (bodies: { x: number; v: number }[], dt: number): number => { let t = 0; for (const b of bodies) { b.x += b.v * dt; t += b.x; } return t; };
    expect(calls(step, (s) => { const world = { run: () => s }; return [points(s).map(({ x }) => ({ x, v: s, world })), 0.5]; })).toEqual(one);
  });
  it("frozen objects, accessors, a Proxy: as they were", () => {
    const bump = (all: Point[], s: number): number => { let t = 0; for (const p of all) { t += p.x; p.y = s; } return t; };
    for (const change of [(p: Point[]) => { Object.freeze(p[2]); }, (p: Point[]) => { Object.defineProperty(p[1], "y", { get: () => 3, set() { } }); }, (p: Point[]) => { p[3] = new Proxy(p[3]!, {}); }]) {
      const fast = specialize(bump, { tier: "wasm", compile: "sync" }), outcome = (f: typeof bump, s: number): unknown => {
        const p = points(s);
        if (s > 2) change(p);
        const list = at(p, 0, 2, 2, 1, 3);
        try { return [f(list, s), p.map(({ x, y }) => [x, y])]; } catch (error) { return [String(error), p.map(({ x, y }) => [x, y])]; }
      };
      for (let s = 1; s < 5; s++) expect(outcome(fast, s)).toEqual(outcome(bump, s));
    }
  });
  it("made by the worker", async () => {
    useWorkshop(testWorkshop().shop);
    const sum = (all: Point[], s: number): number => { let t = 0; for (const p of all) { t += p.x * s; p.y += t; } return t; };
    const fast = specialize(sum, { tier: "wasm" });
    await fast.prepare(at(points(1), 0, 1, 1), 1);
    const p = points(3);
    expect([fast(at(p, 0, 2, 2, 4), 2), p[2]!.y, fast.stats().calls.wasm]).toEqual([48, 41, 1]);
    useWorkshop(null);
  });
});
