// JSON.stringify of data that varies.

import { expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

const lists = [[[1, 2]], [[3, -0]], [[NaN, Infinity, 7]], [[]], [[1e21, 0.5]]];
const pairs = [[1, 2], [0.1, 0.2], [NaN, -0], [-Infinity, 1e300]];

test("of a number, a truth", () => served((x: number) => [JSON.stringify(x), JSON.stringify(-x) === "1", JSON.stringify(x / 2).length, JSON.stringify(x > 1)], [[1], [-1], [-0], [NaN], [0.1]]));
test("of an array of numbers", () => served((x: number[]) => JSON.stringify(x), lists, { original: 1 })); // 1e21
test("of a new one", () => served((x: number[]) => [JSON.stringify(x.map((v) => v * 2)), JSON.stringify([x.length, x[0]! > 1, null])], lists.slice(0, 2)));
test("of an object", () => served((x: number, y: number) => JSON.stringify({ x, y: x + y, "z-": x > y, none: undefined, 2: y, s: "t" }), pairs));
test("of objects and arrays in one another", () => served((x: number, y: number) => JSON.stringify({ p: [x, , y], q: { r: x, list: [[y]] } }, null), pairs));
test("of one of the caller's", () => served((o: { x: number; y: number }) => JSON.stringify(o), [[{ x: 1, y: 2 }], [{ x: 0.5, y: NaN }]]));
test("compared", () => served((a: number[], b: number[]) => JSON.stringify(a) === JSON.stringify(b), [[[1, 2], [1, 2]], [[1, 2], [1, 3]], [[1], [1, 3]], [[NaN], [Infinity]]]));
test("what says itself how it is written is the original's", async () => {
  class List extends Array<number> { toJSON(): string { return "mine"; } }
  await served((x: number) => JSON.stringify(new List(x, 2)), [[1], [3]], { original: 2 });
  await served((x: number) => JSON.stringify({ x, d: new Date(x) }), [[1], [3]], { original: 2 });
  await served((x: number, f: bigint) => JSON.stringify([x, f]), [[1, 2n]], { original: 1 });
});
test("as soon as all arrays do", async () => {
  await ready();
  const kernel = (x: number[]): string => JSON.stringify(x) + JSON.stringify([x.length]), fast = specialize(kernel, { tier: "wasm", compile: "sync" }), { prototype } = Array;
  expect(fast([1, 2])).toBe("[1,2][2]");
  Object.defineProperty(prototype, "toJSON", { value: () => "mine", configurable: true });
  try { expect(fast([1, 2])).toBe('"mine""mine"'); } finally { Reflect.deleteProperty(prototype, "toJSON"); }
});
