// An object that stands in an array of the call's, and somewhere else too: what is written there is seen here. Hand-written kernels found that it was not.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

interface Point { x: number; y: number }
const point = (x: number): Point => ({ x, y: 1 });
const shift = (points: Point[], o: Point): number => { for (let i = 0; i < points.length; i++) points[i]!.x += 10; return o.x; };
const held = point(7);

type Case = readonly [string, (...args: never[]) => number, (shared: boolean) => unknown[], string[]];
const both = (shared: boolean): unknown[] => { const o = point(3); return [[point(1), shared ? o : point(2)], o]; };
const cases: readonly Case[] = [
  ["another argument", shift, both, []],
  ["a slow one", shift, both, ["o"]],
  ["a captured object", (points: Point[]) => shift(points, held), (shared) => [[point(1), shared ? held : point(2)]], []],
  ["in a field of another argument", (points: Point[], o: { p: Point }) => shift(points, o.p), (shared) => { const [points, p] = both(shared); return [points, { p }]; }, []],
  ["in another array", (points: Point[], others: Point[]) => shift(points, others[0]!), (shared) => { const [points, p] = both(shared); return [points, [p]]; }, []],
  ["written as another argument, read in the array", (points: Point[], o: Point) => { o.x += 10; let s = 0; for (const p of points) s += p.x; return s; }, both, []],
];

describe("what is written of an array's objects is seen where one of them stands besides", () => {
  it.each<Case>(cases)("%s", async (_, kernel, make, slow) => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync", slow });
    for (const shared of [false, false, true, true, false, true]) {
      held.x = 7;
      const expected = kernel(...(make(shared) as never[]));
      held.x = 7;
      const args = make(shared);
      expect(fast(...(args as never[]))).toBe(expected);
    }
    expect(fast.stats().calls.wasm).toBeGreaterThan(0);
  });
  it("… and fields that are not written do not matter", async () => {
    await ready();
    const fast = specialize((points: Point[], o: Point) => { for (let i = 0; i < points.length; i++) points[i]!.y += o.x; }, { tier: "wasm", compile: "sync" }), o = point(3);
    for (let k = 0; k < 3; k++) fast([point(1), point(2)], o);
    expect(fast.stats().calls).toMatchObject({ wasm: 3, original: 0 });
  });
});
