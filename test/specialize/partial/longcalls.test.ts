// Calls with a list of arguments whose length is known at run time only.

import { expect, it } from "vitest";
import { f64, facts } from "./facts.ts";

const lists = [[], [1.5], [2, -0], [3, NaN, 7], [1, 2, 3, 4, 5, 6.5]];
const each = lists.map((xs) => [xs]);

const join = (...xs: number[]): number => xs.reduce((s, x, i) => s + x * (i + 1), 0);
const first = (a: number, b = 10, ...more: number[]): number => a * 100 + b + more.length * 0.5 + (more[1] ?? -1);
function counted(a?: number): number { let s = arguments.length + (a ?? 0.25); for (let i = 0; i < arguments.length; i++) s += (arguments[i] as number) * i; return s; }
class Point {
  x: number; y: number; rest: number;
  constructor(x: number, y?: number, ...rest: number[]) { this.x = x; this.y = y ?? -1; this.rest = rest.length; }
  sum(...more: number[]): number { return this.x + this.y + more.length; }
}
class Point3 extends Point { get all(): number { return this.x * 3 + this.y * 5 + this.rest; } }
class Tagged extends Point { constructor(...parts: [number, number]) { super(...parts); this.rest += parts.length; } }

it("a rest parameter takes the list", () => { facts(function k(xs: number[]) { return join(...xs); }, [], each); });
it("of a typed array too", () => { facts(function k(xs: Float64Array) { return join(...xs); }, [], lists.map((xs) => [f64(...xs)])); });
it("arguments before the list", () => { facts(function k(xs: number[], a: number) { return join(a, 1, ...xs) - join(...[a, 2], ...xs); }, [], lists.map((xs) => [xs, 0.75])); });
it("arguments behind the list", () => { facts(function k(xs: number[], a: number) { return join(...xs, a); }, [], lists.map((xs) => [xs, 0.75])); });
it("two lists", () => { facts(function k(xs: number[]) { return join(...xs, ...xs); }, [], each); });
it("parameters get its elements, undefined beyond its end, and defaults", () => { facts(function k(xs: [number]) { return first(...xs); }, [], each); });
it("more parameters than the list has been given before", () => { facts(function k(xs: [number], a: number) { return first(a, ...xs) + first(a, a, ...xs) + first(a, a, a, ...xs); }, [], lists.map((xs) => [xs, 3])); });
it("arguments is as long as the call", () => { facts(function k(xs: [number]) { return counted(...xs) + counted.apply(null, xs); }, [], each); });
it("apply, call, bind", () => {
  facts(function k(xs: number[]) { const f = join.bind(null, 7); return f(...xs) + join.apply(null, xs as []) + join.call(null, ...xs); }, [], each);
});
it("a constructor", () => { facts(function k(xs: [number]) { const p = new Point(...xs); return p.x * 2 + p.y * 3 + p.rest; }, [], each); });
it("a parent's constructor, by super and by no constructor at all", () => {
  facts(function k(xs: [number, number]) { const p = new Point3(...xs), q = new Tagged(...xs); return p.all + q.x + q.y + q.rest; }, [], each);
});
it("a method, whose rest parameter ends a row of objects", () => {
  facts(function k(rows: number[][]) { const p = new Point(1, 2); return p.sum(...rows.map((r) => r[0]!)); }, [], [[[[1, 2], [3, 4]]], [[]]]);
});
it("rows that are spread stay the caller's", () => {
  const scale = (by: number, ...rows: number[][]): number => { for (const r of rows) r[0]! *= by; return rows.length; };
  facts(function k(rows: number[][]) { return scale(2, ...rows); }, [], [[[[1, 2], [3, 4]]], [[[5]]]]);
});
it("the list as it was when the call was made", () => {
  facts(function k(xs: number[]) { const f = (...ys: number[]): number => { for (let i = 0; i < xs.length; i++) xs[i] = 0; return ys.reduce((s, y) => s + y, 0); }; return f(...xs); }, [], each);
});
it("a list that is longer than the engine's stack is the original's", () => {
  const { original } = facts(function k(xs: number[]) { return join(...xs); }, [], [[[1]], [Array.from({ length: 40_000 }, (_, i) => i)]], { original: "allowed" });
  expect(original).toBe(1);
});
