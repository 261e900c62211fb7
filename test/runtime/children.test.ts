// Trees of slow objects that hold their children in lists: which node it is, is chosen at run time, so that a list is one of several.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(() => ready());

interface Node { lo: number; hi: number; w: number; children?: Node[] | null | undefined }
type Leaf = "absent" | "empty" | "null" | "undefined";

/** A tree of uneven width: about 180 nodes. */
function tree(leaf: Leaf, depth = 3): Node {
  let seed = 11;
  const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const make = (d: number, lo: number, hi: number): Node => {
    const node: Node = { lo, hi, w: Math.floor(random() * 100) / 4 };
    if (d > 0) {
      const n = 4 + Math.floor(random() * 3);
      node.children = Array.from({ length: n }, (_, i) => make(d - 1, lo + ((hi - lo) * i) / n, lo + ((hi - lo) * (i + 1)) / n));
    } else if (leaf !== "absent") node.children = leaf === "empty" ? [] : leaf === "null" ? null : undefined;
    return node;
  };
  return make(depth, 0, 100);
}

function descend(t: Node, x: number): number { let n = t, s = 0; while (n.children && n.children.length > 0) { s = s * 1.25 + n.w; const i = Math.floor(((x - n.lo) / (n.hi - n.lo)) * n.children.length); n = n.children[i < 0 ? 0 : i >= n.children.length ? n.children.length - 1 : i]!; } return s * 3 + n.w; }
function stack(t: Node, x: number): number { const todo = [t]; let s = 0; while (todo.length > 0) { const n = todo.pop()!; if (n.hi < x) continue; s = s * 1.25 + n.w; if (n.children) for (let i = 0; i < n.children.length; i++) todo.push(n.children[i]!); } return s; }
function iterated(t: Node, x: number): number { const todo = [t]; let s = 0; while (todo.length > 0) { const n = todo.pop()!; if (n.hi < x) continue; s = s * 1.25 + n.w; if (n.children) for (const c of n.children) if (c.lo <= x + 30) todo.push(c); } return s; }
function search(t: Node, x: number): number {
  const todo: Node[] = [];
  let n: Node | undefined = t, s = 0;
  while (n) {
    if (n.children) for (let i = 0; i < n.children.length; i++) { const c = n.children[i]!; if (c.hi >= x && c.lo <= x + 20) { if (c.children) todo.push(c); else s = s * 1.5 + c.w; } }
    n = todo.pop();
  }
  return s;
}
function recursive(t: Node, x: number): number { const go = (n: Node, d: number): number => { if (n.hi < x) return 0; let s = n.w * d; if (n.children) for (let i = 0; i < n.children.length; i++) s += go(n.children[i]!, d + 1); return s; }; return go(t, 1); }
function visited(t: Node, x: number): number { let s = 0; const go = (n: Node): void => { if (n.hi < x) return; s = s * 1.25 + n.w; if (n.children) n.children.forEach(go); }; go(t); return s; }
function helped(t: Node, x: number): number { const pick = (list: readonly Node[]): Node => { for (let i = 0; i < list.length; i++) if (list[i]!.hi >= x) return list[i]!; return list[0]!; }; let n = t, s = 0; while (n.children && n.children.length > 0) { n = pick(n.children); s = s * 1.5 + n.w; } return s; }
function outside(t: Node, x: number): number { let n: Node | undefined = t, s = 0; while (n) { s = s * 1.25 + n.w; n = n.children ? n.children[x & 7] : undefined; } return s; }

describe("children in lists", () => {
  const kernels = { descend, stack, iterated, search, recursive, visited, helped, outside };
  for (const [name, kernel] of Object.entries(kernels)) {
    for (const leaf of name === "descend" || name === "stack" ? (["absent", "empty", "null", "undefined"] as const) : (["absent"] as const)) {
      it(`${name}, of leaves whose list is ${leaf}`, () => {
        const t = tree(leaf), fast = specialize(kernel, { slow: [0], tier: "wasm", compile: "sync" });
        const compare = (): void => { for (const x of [0, 3, 12.5, 50, 99, 100, 101, -1, 7]) expect(fast(t, x)).toBe(kernel(t, x)); };
        compare();
        expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 9 });
        const inner = t.children![1]!;
        inner.children![0]!.w += 1; // a child's field
        compare();
        inner.children![2] = inner.children![0]!; // an element: a node that stands there twice
        compare();
        inner.children!.pop(); // a length
        compare();
        fast.dispose();
      });
    }
  }
  it("a list with a method of its own is the original's", () => {
    const t = tree("absent"), fast = specialize(visited, { slow: [0], tier: "wasm", compile: "sync" });
    Object.defineProperty(t.children![2]!.children, "forEach", { value: () => undefined });
    for (const x of [0, 30, 60]) expect(fast(t, x)).toBe(visited(t, x));
    fast.dispose();
  });
});

describe("identity", () => {
  interface Named { readonly x: number }
  const objects = Array.from({ length: 30 }, (_, i): Named => ({ x: i }));
  it("an object that stands in two lists is one", () => {
    const same = (a: readonly Named[], b: readonly Named[], i: number, j: number): boolean => a[i | 0] === b[j | 0];
    const fast = specialize(same, { slow: [0, 1], tier: "wasm", compile: "sync" }), a = objects.slice(0, 20), b = objects.slice(10);
    for (const [i, j] of [[0, 0], [10, 0], [15, 5], [19, 9], [3, 3], [25, 25], [10, 25]] as const) expect(fast(a, b, i, j)).toBe(same(a, b, i, j));
    expect(fast.stats().calls.original).toBe(0);
    fast.dispose();
  });
  it("a row of numbers is the one that is known, wherever it stands", () => {
    const same = (rows: readonly (readonly number[])[], i: number): boolean => rows[i | 0] === rows[3];
    const fast = specialize(same, { slow: [0], tier: "wasm", compile: "sync" });
    const rows = Array.from({ length: 20 }, (_, i) => [i, i + 1]), typed = rows.map((row) => Float64Array.from(row)) as unknown as number[][], uneven = rows.map((row, i) => (i % 2 ? row : [])), twice = [...rows];
    twice[7] = twice[3]!;
    for (const of of [rows, typed, uneven, twice]) for (const i of [3, 4, 7, 0, 19, 20, -1]) expect(fast(of, i)).toBe(same(of, i));
    fast.dispose();
  });
});
