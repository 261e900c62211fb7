// Loops whose iterations make objects of several forms. An iteration that leaves the loop had its objects read as the next one holds them, in memory where
// they never were put: the walk ended in an Invariant.

import { expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

type Pair = { a: number; b: number; c?: number };
it.each<[string, (x: number, n: number) => number]>([
  ["one of two forms is used when the loop has ended", (x, n) => {
    let p: Pair | undefined, c = 0, s = 0;
    do { if (c === 0) p = { a: x, b: x * 2 }; else { const d: number = p!.b; p = { a: d * 0.5, b: d * 0.25, c: 1 }; } s += p.a; c++; } while (s < n && c < 30);
    return s + p.a + p.b;
  }],
  ["the iteration before is kept", (x, n) => {
    let p: Pair | null = null, q: Pair | null = null, c = 0, s = 0;
    do { q = p; if (s < 2) p = { a: x, b: x * 2 }; else p = { a: x * 0.5, b: 0.25, c: 1 }; s += q ? p.a + q.b : p.a; c++; } while (s < n && c < 30);
    return s + p.a + p.b;
  }],
  ["an array or an object", (x, n) => {
    type Both = number[] | { 0: number; 1: number; c: number };
    let p: Both | null = null, q: Both | null = null, c = 0, s = 0;
    do { q = p as Both | null; if (s < 2) p = [x, x * 2]; else p = { 0: x * 0.5, 1: 0.25, c: 1 }; s += q ? p[0]! + q[1]! : p[0]!; c++; } while (s < n && c < 30);
    return s + p[0]! + p[1]!;
  }],
  ["another form than that from before the loop", (x, n) => {
    let p: Pair = { a: 1, b: 2 }, c = 0, s = 0;
    do { const y = p.a; if (s < 2) p = { a: x, b: x * 2 }; else p = { b: y, a: x * 0.5 }; s += p.a; c++; } while (s < n && c < 30);
    return s + p.a + p.b;
  }],
  ["beside a list of the kernel's", (x, n) => {
    type Node = { v: number; next: Node | null };
    let p: Pair | null = null, l: Node | null = null, c = 0, s = 0;
    do { l = { v: x, next: l }; const y: number = p ? p.a : 1; if (s < 2) p = { a: x, b: x * 2 }; else p = { b: y, a: x * 0.5 }; s += p.a; c++; } while (s < n && c < 30);
    while (l) { s += l.v; l = l.next; }
    return s + p.a + p.b;
  }],
  ["one before the loop whose field held what came into memory in it", (x, n) => {
    type Row = { s: unknown; p?: string | number };
    const list: Row[] = [{ s: 5 }];
    let o: Row = { s: x };
    o.s = list[0];
    for (let i = 0; i < n; i++) { o = { s: x > i }; list.push(o); }
    o.p = "t";
    return list.length + (o.s === list[0] ? 100 : 0) + (list[n >> 1]!.p === undefined ? 1 : 2);
  }],
])("%s", async (_, kernel) => {
  await ready();
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (const [x, n] of [[0.5, 3], [-1, 2], [4, 1], [0.1, 9], [NaN, 1], [3, -0]] as const) expect(fast(x, n)).toBe(kernel(x, n));
  expect(fast.stats().calls).toMatchObject({ original: 0 });
  await agrees({ source: String(kernel), slow: [], inputs: [[0.5, 3], [-1, 2], [4, 1], [NaN, 1]] });
});
