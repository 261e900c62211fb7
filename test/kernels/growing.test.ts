// Typed arrays of the kernel's own that are replaced by longer ones, and parts of them that are returned.

import { describe, it } from "vitest";
import { served } from "./served.ts";

const bytes = Uint8Array.from({ length: 40 }, (_, i) => i * 17);
const calls = [1, 4, 40, 3, 0, 9].map((n) => [bytes, n] as const);

describe("a buffer that is replaced by a longer one where it is full", () => {
  it("of a length that is known", async () => {
    await served((x: Uint8Array, n: number) => { let b = new Uint8Array(2), t = 0; for (let i = 0; i < n; i++) { if (t >= b.length) { const c = new Uint8Array(b.length * 2); c.set(b); b = c; } b[t++] = x[i]! * 2; } return b.slice(0, t); }, calls);
  });
  it("of a longer one", async () => {
    await served((x: Uint8Array, n: number) => { let b = new Float64Array(16), t = 0; for (let i = 0; i < n; i++) { if (t >= b.length) { const c = new Float64Array(b.length + 16); c.set(b); b = c; } b[t++] = x[i]! / 2; } let s = 0; for (let i = 0; i < t; i++) s = s * 0.5 + b[i]!; return s + b.length; }, calls);
  });
  it("in a field of a writer", async () => {
    await served((x: Uint8Array, n: number) => {
      const w = { b: new Uint8Array(2), t: 0 };
      const put = (v: number): void => { if (w.t === w.b.length) { const c = new Uint8Array(w.b.length * 2); c.set(w.b); w.b = c; } w.b[w.t++] = v; };
      for (let i = 0; i < n; i++) { put(x[i]!); put(x[i]! >> 1); }
      return w.b.slice(0, w.t);
    }, calls);
  });
});

describe("what is returned is one of several, a part of an array among them", () => {
  it("a copy or a part", async () => {
    await served((x: Uint8Array, n: number) => { const b = new Uint8Array(n * 3); let t = 0; for (let i = 0; i < n; i++) b[t++] = x[i]! * 2; return t > 3 ? b.slice(0, t) : b.subarray(0, t); }, calls);
  });
  it("the whole, a part or null", async () => {
    await served((x: Uint8Array, n: number) => { const b = new Float64Array(n); for (let i = 0; i < n; i++) b[i] = x[i]!; return n > 4 ? null : n > 2 ? b.subarray(1) : b; }, calls);
  });
  it("a part of the caller's or of one of the kernel's own", async () => {
    await served((x: Uint8Array, n: number) => { const b = new Uint8Array(n); for (let i = 0; i < n; i++) b[i] = x[i]! + 1; return n > 4 ? x.subarray(1, n) : b.subarray(0, n - 1); }, calls);
  });
  it("a part or a number", async () => {
    await served((x: Uint8Array, n: number) => { const b = new Uint8Array(n); for (let i = 0; i < n; i++) b[i] = x[i]! + 1; return n > 4 ? n : b.subarray(0, n - 1); }, calls);
  });
});

describe("of several lists, run time says which one grows", () => {
  const lists = [[3, 9, 30, 5, 7, 7, 18], [], [1, 17, 1]].map((list) => [list, list.length + 1] as const);
  it("made one by one, and sorted by digits", () => served((a: number[]) => {
    const cells: number[][] = [];
    for (let k = 0; k < 16; k++) cells[k] = [];
    for (const v of a) cells[(v >> 1) & 15]!.push(v);
    const out: number[] = [];
    for (let k = 0; k < 16; k++) for (let j = 0; j < cells[k]!.length; j++) out.push(cells[k]![j]!);
    return [out, cells];
  }, lists));
  it("with elements, of which some have two names", () => served((a: number[]) => {
    const cells = [[1], [2], [3], [4], [5], [6], [7], [8], [9], [10]], own = cells[2]!;
    cells[3] = own;
    for (const v of a) { cells[v % 10]!.push(v); own.push(-v); if (v === 7) cells[7]!.length = 1; }
    return [cells, own === cells[3], cells[7]!.pop()];
  }, lists));
  it("in objects", () => served((a: number[]) => {
    const nodes: { id: number; list: number[] }[] = [];
    for (let k = 0; k < 10; k++) nodes.push({ id: k, list: [] });
    for (const v of a) { nodes[v % 10]!.list.push(v); if (nodes[v % 10]!.list.length > 1) nodes[0]!.id += nodes[v % 10]!.list.pop()!; }
    return nodes;
  }, lists));
  it("that have names alone", () => served((a: number[], n: number) => { const b = [[0], [1], [2], [3], [4], [5], [6], [7], [8]], low = b[0]!; for (const v of a) (v < n ? b[8]! : v < 6 ? low : v < 9 ? b[1]! : b[v & 7]!).push(v); return b; }, lists));
});

describe("groups: what stands under a key, or a new list", () => {
  const lists = [[3, 9, 30, 5, 7, 7, 18], [], [1, 17, 1]].map((list) => [list]);
  type Groups = Record<number, number[]>;
  it("put there and pushed to in one", () => served((a: number[]) => { const g: Groups = {}; for (const v of a) (g[v % 4] = g[v % 4] || []).push(v); return g; }, lists));
  it("put there first", () => served((a: number[]) => { const g: number[][] = []; for (const v of a) { g[v & 3] = g[v & 3] ?? []; g[v & 3]!.push(v); } return g; }, lists));
  it("put there last", () => served((a: number[]) => { const g = new Map<number, number[]>(); for (const v of a) { const q = g.get(v % 4) || []; q.push(v); g.set(v % 4, q); } return [...g.values()].map((q) => q.length); }, lists));
  it("joined with more", () => served((a: number[]) => { const g: Groups = {}; for (const v of a) g[v % 4] = (g[v % 4] || []).concat(v, [v]); return g; }, lists));
  it("spread with more", () => served((a: number[]) => { const g: Groups = {}; for (const v of a) g[v % 4] = [...(g[v % 4] || [a.length]), v]; return g; }, lists));
  it("accumulated", () => served((a: number[]) => a.reduce<Groups>((g, v) => { (g[v % 4] = g[v % 4] || []).push(v); return g; }, {}), lists));
  it("a number, which has no push: the original throws", () => served((a: number[]) => { const g: (number[] | number)[] = [[1], 2, [3]]; try { for (const v of a) (g[v % 3] as number[]).push(v); } catch { return -1; } return g; }, [[[0, 2, 0]], [[2]]]));
});

describe("a list that is kept and begun anew", () => {
  const lists = [[3, 4, 9, 30, 8, 7, 7, 18], [], [4, 4], [1]].map((list) => [list]);
  it("of numbers", () => served((a: number[]) => { const rows: number[][] = []; let cur: number[] = []; for (const v of a) { if (v % 4 === 0) { rows.push(cur); cur = []; } cur.push(v); } rows.push(cur); return [rows, cur === rows[rows.length - 1]]; }, lists));
  it("of pairs, and of none", () => served((a: number[]) => { const rows: number[][][] = []; let cur: number[][] | null = null; for (let i = 0; i < a.length; i++) { if (a[i]! % 2 === 0) { if (cur) rows.push(cur); cur = []; } if (cur) cur.push([i, a[i]!]); } if (cur) rows.push(cur); return rows; }, lists));
  it("in an object", () => served((a: number[]) => { const all: { n: number; xs: number[] }[] = []; let cur = { n: 0, xs: [] as number[] }; for (const v of a) { if (v % 4 === 0) { all.push(cur); cur = { n: 0, xs: [] }; } cur.n += v; cur.xs.push(v); } all.push(cur); return all; }, lists));
});

it("a list of a known length gets elements behind its end, from its end on and downwards", () => served((x: number[], n: number) => {
  const up = [n], down = [n, 2];
  for (let i = 0; i < x.length; i++) up[i] = x[i]! + n;
  for (let i = x.length - 1; i >= 0; i--) down[i] = x[i]! - n;
  return [up, down];
}, [[[1, 2, 3], 2], [[], 1], [[5], 1], [[1, 2, 3, 4, 5, 6], 3]]));
