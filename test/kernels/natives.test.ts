// Functions of the engine's own that are the kernel themselves.

import { expect, it, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

test("Math.fround", () => served(Math.fround, [[0.1], [-0], [1e300]]));
test("Math.imul", () => served(Math.imul, [[1e9, 77], [0xffffffff, 5]]));
test("Math.pow, half of it slow", () => served(Math.pow, [[2, 3], [NaN, 3], [-1.5, 3]], { slow: [1] }));
test("Math.hypot, with as many arguments as there are", () => served(Math.hypot as (...v: never[]) => number, [[3, 4], [3, 4, 12], []]));
test("Number.isInteger and parseInt", async () => { await served(Number.isInteger, [[3], [0.5], [NaN]]); await served(parseInt as (v: never) => number, [[3.5], [-7]]); });

it("a method needs its object: it stays the engine's", async () => {
  await ready();
  const fast = specialize(Array.prototype.indexOf as (v: number) => number, { tier: "wasm", compile: "sync" });
  expect(fast.call([3, 4], 4)).toBe(1);
  expect(fast.diagnostics().map((d) => d.message).join()).toContain("is the engine's own");
});
