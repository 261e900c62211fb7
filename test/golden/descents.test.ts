// Slow trees that a recursive function searches, each call handed the child that run time chooses: few nodes have functions of their own, many are tables.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

interface Node { v: number; i: number; left: Node | null; right: Node | null }
function build(n: number, from = 0, to = n): Node | null {
  if (from >= to) return null;
  const at = (from + to) >> 1;
  return { v: at * 1.5, i: at, left: build(n, from, at), right: build(n, at + 1, to) };
}

type Kernel = (root: Node, x: number) => unknown;
const kernels: readonly (readonly [string, Kernel])[] = [
  ["the near side first, the far side where it may be nearer", (root, x) => {
    let least = Infinity, id = -1;
    const go = (q: Node | null): void => {
      if (q === null) return;
      const d = Math.abs(q.v - x);
      if (d < least) { least = d; id = q.i; }
      const near = x < q.v ? q.left : q.right;
      go(near);
      if (Math.abs(x - q.v) < least) go(near === q.left ? q.right : q.left);
    };
    go(root);
    return id + least;
  }],
  ["the best so far is handed on and given back", (root, x) => {
    const nearest = (q: Node | null, best: Node | null): Node | null => {
      if (!q) return best;
      if (!best || Math.abs(q.v - x) < Math.abs(best.v - x)) best = q;
      best = nearest(x < q.v ? q.left : q.right, best)!;
      return Math.abs(q.v - x) < Math.abs(best.v - x) ? nearest(x < q.v ? q.right : q.left, best) : best;
    };
    return nearest(root, null);
  }],
  ["a heap of those found", (root, x) => {
    const found: [Node, number][] = [];
    const go = (q: Node): void => {
      const d = Math.abs(q.v - x), near = x < q.v ? q.left : q.right;
      if (near !== null) go(near);
      if (found.length < 3 || d < found[0]![1]) { found.push([q, d]); found.sort((a, b) => b[1] - a[1]); if (found.length > 3) found.shift(); }
      const far = near === q.left ? q.right : q.left;
      if (far !== null && (found.length < 3 || d < found[0]![1])) go(far);
    };
    go(root);
    return found.map(([q, d]) => [q.i, d]);
  }],
];

describe.each(kernels)("recursion down a slow tree: %s", (_, kernel) => {
  if (!kernel.toString().includes("sort")) it("is right", () => agrees({ source: `(${kernel.toString()})`, slow: ["root"], inputs: [-1, 3.7, NaN, 500].map((x) => [build(20), x]) }));
  it.each([3, 40, 500])("is the module's with %i nodes", async (n) => {
    await ready();
    const root = build(n)!, fast = specialize(kernel, { slow: ["root"], tier: "wasm", compile: "sync", env: {} });
    for (const x of [0, 7.2, 31, 600]) expect(fast(root, x)).toStrictEqual(kernel(root, x));
    expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 4 });
  });
});

describe("what is handed on of slow objects", () => {
  it("is the object that a method is called on", async () => {
    await ready();
    class Box {
      readonly lo: number; readonly hi: number; readonly a: Box | null; readonly b: Box | null;
      constructor(lo: number, hi: number) { this.lo = lo; this.hi = hi; const m = (lo + hi) / 2; [this.a, this.b] = hi - lo > 1 ? [new Box(lo, m), new Box(m, hi)] : [null, null]; }
      count(x: number): number { if (this.a === null || this.b === null) return 1; const [near, far] = x < this.a.hi ? [this.a, this.b] : [this.b, this.a]; return near.count(x) + (Math.abs(x - this.a.hi) < 3 ? 10 * far.count(x) : 0); }
    }
    const kernel = (box: Box, x: number): number => box.count(x);
    for (const size of [4, 64, 1024]) {
      const box = new Box(0, size), fast = specialize(kernel, { slow: ["box"], tier: "wasm", compile: "sync" });
      for (const x of [-1, 3.2, size / 2, size]) expect(fast(box, x)).toBe(kernel(box, x));
      expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 4 });
    }
  });
});
