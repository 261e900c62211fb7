// Trees of the kernel's own of which leaves have other fields than inner nodes, walked by recursion: a parameter is one of several classes.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

interface Node { s: number; f: number; l?: Node; r?: Node }

const kernels: readonly (readonly [string, (x: number[], n: number) => unknown])[] = [
  ["code lengths, of a list that is sorted", (x) => {
    const lengths = (n: Node, out: Uint16Array, d: number): number => (n.s === -1 ? Math.max(lengths(n.l!, out, d + 1), lengths(n.r!, out, d + 1)) : (out[n.s] = d));
    const t: Node[] = [], out = new Uint16Array(x.length);
    for (let i = 0; i < x.length; i++) if (x[i]) t.push({ s: i, f: x[i]! });
    if (t.length === 0) return 0;
    t.sort((a, b) => a.f - b.f);
    while (t.length > 1) { const l = t.pop()!, r = t.pop()!; t.push({ s: -1, f: l.f + r.f, l, r }); }
    return [lengths(t[0]!, out, 0), Array.from(out)];
  }],
  ["three forms and null", (x, n) => {
    type Term = { k: 0; v: number } | { k: 1; a: Term | null; b: Term | null } | { k: 2; a: Term | null; by: number } | null;
    let at = 0;
    const parse = (d: number): Term => { if (at >= x.length) return null; const v = x[at++]!; return d === 0 || v < 0 ? { k: 0, v } : v > n ? { k: 1, a: parse(d - 1), b: parse(d - 1) } : { k: 2, a: parse(d - 1), by: v }; };
    const value = (t: Term): number => (t === null ? -0 : t.k === 0 ? t.v : t.k === 1 ? value(t.a) - value(t.b) * 0.5 : value(t.a) * t.by);
    return [value(parse(3)), at];
  }],
  ["changed as it is walked", (x, n) => {
    const t: Node[] = [];
    for (let i = 0; i < x.length; i++) t.push({ s: i, f: x[i]! });
    while (t.length > 1) { const l = t.shift()!, r = t.shift()!; t.push({ s: -1, f: l.f, l, r }); }
    const scale = (node: Node, by: number): void => { node.f *= by; if (node.l) scale(node.l, by + 1); if (node.r) scale(node.r, by / 2); };
    if (t[0]) scale(t[0], n);
    return t;
  }],
];
const inputs: readonly (readonly [number[], number])[] = [[[], 0], [[3], 2], [[1, 2, 0, 3, 5, 5, -2, 4], 3], [[NaN, 8, 1, Infinity, 0.5, 9], 2]];

describe.each(kernels)("recursion down trees of several classes: %s", (_, kernel) => {
  it("is right", () => agrees({ source: kernel.toString(), slow: [], inputs: inputs.map((input) => [...input]) }));
  it("is the module's", async () => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const [x, n] of inputs) expect(fast([...x], n)).toEqual(kernel([...x], n));
    expect(fast.stats().calls.original).toBe(0);
  });
});

describe("objects in memory that hold what is the engine's", () => {
  const kernels: readonly (readonly [string, (n: number, x: number) => unknown])[] = [
    ["a class", (n, x) => {
      const heap = { List: Array, items: new Array<[number, number]>(40), size: 0 };
      const go = (d: number): void => { if (d <= 0) return; heap.items[heap.size++] = [d * x, d]; go(d - 1); if (d > 2) go(d - 3); };
      go(n);
      const first = new heap.List<number>(2);
      first[0] = heap.items[0]![0];
      return [first, heap.size, heap.List === Array];
    }],
    ["one of several functions", (n, x) => {
      const steps: { f: (v: number) => number; by: number }[] = [];
      for (let i = 0; i < n; i++) steps.push(i % 3 === 0 ? { f: Math.floor, by: i } : { f: Math.sqrt, by: -i });
      let s = x;
      for (const { f, by } of steps) s = f(s + by * by) + by;
      return [s, n > 0 && steps[0]!.f === Math.floor, steps];
    }],
  ];
  it.each(kernels)("%s", async (_, kernel) => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const n of [1, 4, 6]) expect(fast(n, 1.5)).toStrictEqual(kernel(n, 1.5));
    expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 3 });
  });
});
