// What the objects of an array are asked for beside their fields. Hand-written kernels found that a spread of one gave none of its fields.

import { expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

interface Point { x: number; y: number }
const points = (): Point[] => [{ x: 1, y: -0 }, { x: 2, y: 3 }, { x: NaN, y: 5 }];
const table = points();

it.each<[string, (list: Point[]) => unknown]>([
  ["spread, and more", (list) => list.map((p) => ({ ...p, x: p.x + 1, z: 1 }))],
  ["the rest", (list) => list.map(({ x, ...rest }) => [x, rest])],
  ["Object.assign", (list) => list.map((p) => Object.assign({ z: 1 }, p))],
  ["keys", (list) => list.map((p) => Object.keys(p).length)],
  ["values", (list) => list.map((p) => Object.values(p))],
  ["for-in", (list) => { let s = 0; for (const p of list) for (const key in p) s += p[key as keyof Point]; return s; }],
  ["Array.isArray", (list) => list.map((p) => Array.isArray(p))],
  ["typeof", (list) => list.map((p) => typeof p)],
  ["length, which they lack", (list) => list.map((p) => (p as unknown as number[]).length)],
  ["as text", (list) => list.map((p) => `${p as unknown as string}`)],
  ["as a number", (list) => list.map((p) => +p)],
  ["their class", (list) => list.map((p) => p instanceof Object)],
  ["one of a constant table, by a number of the call", (list) => list.map((p) => ({ ...table[p.x & 1]! }))],
])("%s", async (_, kernel) => {
  await ready();
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (let k = 0; k < 3; k++) expect(fast(points())).toEqual(kernel(points()));
});

it("a spread finds the keys of each call's objects in their order", async () => {
  await ready();
  const kernel = (list: Point[]): unknown[] => list.map((p) => ({ ...p, x: p.x + 1 })), fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  const calls: (() => Point[])[] = [points, () => [{ y: 1, x: 2 }], () => [{ x: 1, y: 2 }, { y: 1, x: 2 }], () => [{ x: 1, y: 2, z: 3 } as Point], points, () => [{ x: 1, y: 2 }, { x: 1, y: 2, z: 3 } as Point]];
  for (const make of calls) expect(JSON.stringify(fast(make()))).toBe(JSON.stringify(kernel(make())));
  expect(fast.stats().calls.wasm).toBeGreaterThan(1);
});
