// Arrays of rows that stand in an array of the caller's or in a captured one: the rings of a polygon change their points and their order.

import { expect, it } from "vitest";
import { specialize } from "../../../src/index.ts";
import { facts } from "./facts.ts";

const ring = (k = 0): number[][] => [[k, 0], [1, k], [2.5, 1], [0, -1]];
const polygons = (): number[][][][] => [[ring(), ring(3)], [ring(2)], [ring(1), [[5, 5], [7, 8]]]];
const each = (): unknown[][] => polygons().map((polygon) => [polygon]);

it("a ring is turned round", () => { facts(function k(c: number[][][]) { c[0]!.reverse(); return c; }, [], each()); });
it("all of them", () => { facts(function k(c: number[][][]) { for (const r of c) r.reverse(); return c; }, [], each()); });
it("a ring that is put back where it was", () => {
  const wind = (r: number[][]): number[][] => (r[0]![0]! > 0 ? r.reverse() : r);
  facts(function k(c: number[][][]) { for (let i = 0; i < c.length; i++) c[i] = wind(c[i]!); return c; }, [], each());
});
it("in an object", () => {
  facts(function k(g: { coordinates: number[][][] }) { g.coordinates[0]![1] = [8, 9]; g.coordinates[0]![0]![0] = 4; return g; }, [], polygons().map((coordinates) => [{ coordinates }]));
});
it("points change places, are added and taken away", () => {
  facts(function k(c: number[][][]) { const r = c[0]!, p = r[0]!; r[0] = r[1]!; r[1] = p; p[0] = 77; r.push([1, 2]); return r.pop()![0]! + r.length; }, [], each());
});
it("the same array on the next call, with other points in it", () => {
  const c = polygons()[0]!, k = (c: number[][][]): number => { c[0]!.reverse(); return c[0]![0]![0]!; };
  const fast = specialize(k, { tier: "js", compile: "sync" });
  fast(c);
  c[0]![3] = [123, 4];
  expect([fast(c), c[0]!.at(-1), fast.stats().calls.original]).toEqual([123, [0, -1], 0]);
});
it("a point that stands in two rings is one", () => {
  const k = (c: number[][][]): number => { c[0]!.reverse(); c[0]![0]![0] = 9; return c[1]![0]![0]!; };
  for (let at = 0; at < 4; at++) {
    const [a, b] = [ring(), ring()].map((r) => { const polygon = [r, ring(3)]; polygon[1]![0] = r[at]!; return polygon; });
    expect(specialize(k, { tier: "js", compile: "sync" })(a!)).toBe(k(b!));
    expect(a).toEqual(b);
  }
});
it("a frozen ring is the original's", () => {
  const { original } = facts(function k(c: number[][][]) { c[0]![0] = [1, 2]; return c; }, [], [[[Object.freeze(ring()), ring()]]], { original: "allowed" });
  expect(original).toBe(1);
});
it("a captured one", () => {
  const rings = polygons()[0]!;
  const k = (a: number): number => { rings[0]!.reverse(); rings[0]![1] = [a, rings[0]![0]![1]!]; return rings[0]![1]![0]! + rings[1]![0]![0]!; };
  const fast = specialize(k, { tier: "js", compile: "sync" });
  expect([fast(5), rings[0]![1], fast(6), rings[0]![1], fast.stats().calls.original]).toEqual([8, [5, -1], 9, [6, 0], 0]);
});
