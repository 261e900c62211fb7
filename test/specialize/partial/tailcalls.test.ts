// Functions that end with calls of themselves: loops where dynamic values drive them, as if they had been written so.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../../src/index.ts";
import { mostCalls } from "../../../src/ir/types.ts";
import { edges, f64, facts } from "./facts.ts";

type Node = { leaf: boolean; value: number; feature: number; threshold: number; left: Node | null; right: Node | null };
/** Trees of all shapes. */
function grow(depth: number, next: () => number): Node {
  if (depth === 0 || next() < 0.1) return { leaf: true, value: next(), feature: 0, threshold: 0, left: null, right: null };
  return { leaf: false, value: 0, feature: Math.floor(next() * 4), threshold: next(), left: grow(depth - 1, next), right: grow(depth - 1, next) };
}
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}
const forest = (count: number, depth: number): Node[] => Array.from({ length: count }, (_, i) => grow(depth, numbers(i + 1)));
const rows = Array.from({ length: 6 }, (_, i) => Float64Array.from({ length: 4 }, numbers(50 + i)));
/** Nothing is called: the recursion is a loop, or gone. */
const expectNoCalls = (text: string): void => { expect(text).not.toMatch(/\bcall @/); };

beforeAll(() => ready());
describe("tail calls", () => {
  it("a trees' walk over a forest: one loop over tables, no function for each node", () => {
    function walk(node: Node, x: Float64Array): number { return node.leaf ? node.value : walk(x[node.feature]! <= node.threshold ? node.left! : node.right!, x); }
    function sum(trees: Node[], x: Float64Array): number { let s = 0; for (const tree of trees) s += walk(tree, x); return s; }
    const trees = forest(40, 5), { text, operations } = facts(sum, ["trees"], rows.map((x) => [trees, x]));
    expectNoCalls(text);
    expect(operations).toBeLessThan(60);
  });
  it("in two places, behind tests", () => {
    function walk(node: Node, x: Float64Array, o: number): number { if (node.leaf) return node.value; if (x[o + node.feature]! < node.threshold) return walk(node.left!, x, o); return walk(node.right!, x, o); }
    function all(trees: Node[], x: Float64Array, out: Float64Array): void { for (let i = 0; i < out.length; i++) { let s = 0; for (let t = 0; t < trees.length; t++) s += walk(trees[t]!, x, i * 2); out[i] = s; } }
    const trees = forest(12, 4), { text } = facts(all, ["trees"], rows.map((x) => [trees, x, f64(0, 0)]));
    expectNoCalls(text);
  });
  it("a method of one class, of another object each time", () => {
    class Split {
      readonly at: number; readonly feature: number; readonly left: Split | null; readonly right: Split | null; readonly value: number;
      constructor({ threshold, feature, left, right, value }: Node) { this.at = threshold; this.feature = feature; this.left = left && new Split(left); this.right = right && new Split(right); this.value = value; }
      predict(x: Float64Array): number { if (this.left === null) return this.value; return (x[this.feature]! < this.at ? this.left : this.right!).predict(x); }
    }
    function sum(trees: Split[], x: Float64Array): number { let s = 0; for (const tree of trees) s += tree.predict(x); return s; }
    const trees = forest(12, 4).map((node) => new Split(node));
    expectNoCalls(facts(sum, ["trees"], rows.map((x) => [trees, x])).text);
  });
  it("the greatest common divisor, the kernel itself", () => {
    function gcd(a: number, b: number): number { return b === 0 ? a : gcd(b, a % b); }
    const { text, loops } = facts(gcd, [], [[12, 18], [7, 0], [1071, 462], [0.5, 0.25]]);
    expectNoCalls(text);
    expect(loops).toBe(1);
  });
  it.each(["js", "wasm"] as const)("calls without an end are the engine's RangeError, what was written before stays (%s)", (tier) => {
    function gcd(a: number, b: number): number { return b === 0 ? a : gcd(b, a % b); }
    function fill(x: Float64Array, i: number): number { if (i < x.length) x[i] = i; return fill(x, i + 1); }
    const fast = specialize(gcd, { tier, compile: "sync" }), filling = specialize(fill, { tier, compile: "sync" });
    expect(fast(12, 18)).toBe(6);
    expect(() => fast(NaN, 1)).toThrow(RangeError);
    expect(fast(1071, 462)).toBe(21);
    const x = f64(9, 9, 9);
    expect(() => filling(x, 1)).toThrow(RangeError);
    expect(x).toEqual(f64(9, 1, 2));
    expect([fast.stats().calls.original, filling.stats().calls.original]).toEqual([1, 0]); // the original may need less of the engine's stack, where nothing was written yet
    function down(n: number): number { return n === 0 ? 0 : down(n - 1); }
    const falling = specialize(down, { tier, compile: "sync" });
    expect(falling(mostCalls - 1)).toBe(0);
    expect(() => falling(mostCalls)).toThrow(RangeError); // the first call, and as many by itself
  });
  it("accumulators; arguments that trade places; ones left out", () => {
    function sum(x: Float64Array, i: number, s: number): number { return i >= x.length ? s : sum(x, i + 1, s + x[i]!); }
    expectNoCalls(facts(sum, [], [[f64(1, 2.5, NaN), 0, 0], [f64(), 0, -0], [f64(...edges), 0, 0]]).text);
    function fibonacci(n: number, a: number, b: number): number { return n <= 0 ? a : fibonacci(n - 1, b, a + b); }
    expectNoCalls(facts(fibonacci, [], [[10, 0, 1], [0, -0, 1], [1, 0.5, NaN]]).text);
    function halve(n: number, step = 2): number { return n < 1 ? n : n > 100 ? halve(n / step, 4) : halve(n / step); }
    expectNoCalls(facts(halve, [], [[1000, 2], [3, 3], [0.5, 2]]).text);
  });
  it("in `&&` and `||`, in blocks and inside of loops", () => {
    function has(x: Float64Array, i: number, wanted: number): boolean { return i < x.length && (x[i] === wanted || has(x, i + 1, wanted)); }
    expectNoCalls(facts(has, [], [[f64(1, 2, 3), 0, 2], [f64(1, 2, 3), 0, 4], [f64(), 0, 4]]).text);
    function skip(x: Float64Array, i: number, s: number): number {
      while (i < x.length) { if (x[i]! < 0) return skip(x, i + 2, s + 100); s += x[i]!; i++; }
      return s;
    }
    expectNoCalls(facts(skip, [], [[f64(1, -2, 3, 4, -5), 0, 0], [f64(1, 2, 3), 1, 0]]).text);
  });
  it("arrows keep the `this` of what they stand in, plain calls of sloppy functions pass none of theirs on", () => {
    class Scaled {
      by = 2.5;
      kernel(n: number): number { const down = (m: number): number => (m <= 0 ? m * this.by : down(m - 1)); return down(n); }
    }
    const scaled = new Scaled();
    facts(scaled.kernel, ["this"], [[3.5], [0], [7]], { self: scaled });
    const sloppy = new Function("n", "function down(m) { return m <= 0 ? (this === undefined ? 1 : 2) : down(m - 1); } return down(n);") as (n: number) => number;
    facts(sloppy, [], [[3.5], [0], [7]], { original: "allowed" });
  });
  it("closures that it makes keep the parameters of their call", () => {
    function kernel(n: number, made: (() => number)[]): number {
      if (n <= 0) { let s = 0; for (const f of made) s = s * 10 + f(); return s; }
      made.push(() => n);
      return kernel(n - 1, made);
    }
    function start(n: number): number { return kernel(n, []); }
    facts(start, ["n"], [[3], [4], [0]]);
  });
  it("another function by the same name is called", () => {
    let inner = (n: number): number => n * 3;
    function outer(n: number): number {
      function f(n: number): number { return n < 0 ? f(n + 1) : inner(n); }
      return f(n);
    }
    facts(outer, [], [[-3.5], [2], [NaN]]);
    inner = (n) => n;
    function other(n: number): number { const f = { go(m: number): number { return m <= 0 ? m : g.go(m - 1); } }, g = { go(m: number): number { return m <= 0 ? -m : f.go(m - 2); } }; return f.go(n); }
    facts(other, [], [[10], [0], [7.5]]);
  });
  it("what calls itself elsewhere too, or asks for its arguments, stays a function", () => {
    function ackermann(m: number, n: number): number { return m === 0 ? n + 1 : n === 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1)); }
    expect(facts(ackermann, [], [[2, 3], [1, 1]]).text).toContain("call @");
    function counted(n: number, s: number): number { return n <= 0 ? s + arguments.length : counted(n - 1, s + arguments.length); }
    facts(counted, [], [[3, 0], [0, 1]]);
  });
});
