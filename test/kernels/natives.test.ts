// Functions of the engine's own that are the kernel themselves.

import { describe, expect, it, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

test("Math.fround", () => served(Math.fround, [[0.1], [-0], [1e300]]));
test("Math.imul", () => served(Math.imul, [[1e9, 77], [0xffffffff, 5]]));
test("Math.pow, half of it slow", () => served(Math.pow, [[2, 3], [NaN, 3], [-1.5, 3]], { slow: [1] }));
test("Math.hypot, with as many arguments as there are", () => served(Math.hypot as (...v: never[]) => number, [[3, 4], [3, 4, 12], []]));
test("Number.isInteger and parseInt", async () => { await served(Number.isInteger, [[3], [0.5], [NaN]]); await served(parseInt as (v: never) => number, [[3.5], [-7]]); });

/** How many of the numbers are none that Math.random gives, or there already. */
const amiss = (list: ArrayLike<number>): number => { let n = 0; for (let i = 0; i < list.length; i++) { if (!(list[i]! >= 0 && list[i]! < 1)) n++; for (let j = 0; j < i; j++) if (list[i] === list[j]) n++; } return n; };
const draw = (): number => Math.random();
describe("Math.random: another number each time", () => {
  const cases: readonly (readonly [what: string, kernel: (a: Float64Array, n: number) => void])[] = [
    ["in a loop that would go in lanes", (a) => { for (let i = 0; i < a.length; i++) a[i] = Math.random(); }],
    ["in a loop that is unrolled", (a) => { for (let i = 0; i < 7; i++) a[i] = Math.random() / 2; }],
    ["from a function", (a) => { for (let i = 0; i < a.length; i++) a[i] = draw() * draw(); }],
    ["in both arms of a choice", (a, n) => { for (let i = 0; i < a.length; i++) a[i] = i < n ? Math.random() / 2 : 0.5 + Math.random() / 2; }],
    ["in the inner of two loops", (a, n) => { for (let i = 0; i < a.length; i++) { let s = 0; for (let j = 0; j < n; j++) s += Math.random(); a[i] = s / n; } }],
    ["until one fits", (a, n) => { for (let i = 0; i < a.length; i++) { let r; do r = Math.random(); while (r * n < 1); a[i] = r; } }],
    ["kept, with calls between", (a) => { const { random } = Math; a[0] = random(); for (let i = 1; i < a.length; i++) a[i] = (a[i - 1]! + random()) % 1; }],
  ];
  for (const [what, kernel] of cases) test(what, () => served((n: number) => { const a = new Float64Array(7); kernel(a, n); return amiss(a); }, [[3]]));
  test("which of a list it chooses, and what is not drawn", () => served((a: number, list: number[]) => [[a][Math.floor(Math.random())], Math.floor(Math.random() * 4) > 3 ? list : a, list.length > 2 ? Math.ceil(Math.random() / 2) : 3], [[1.5, [1, 2]], [2, [1, 2, 3]]]));
  for (const tier of ["wasm", "js"] as const) it(`runs are not compared, and the diagnostics say so (${tier})`, async () => {
    await ready();
    const fast = specialize((x: number) => x < Math.random(), { tier, compile: "sync", verify: "first" });
    expect([fast(-1), fast(1)]).toEqual([true, false]);
    expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 2 });
    expect(fast.diagnostics().map(({ kind, message }) => `${kind} ${message}`)).toEqual([expect.stringMatching(/^Note .*random numbers.*not compared/)]);
    expect(await fast.diff(1)).toEqual({ equal: true, mismatches: [], skipped: expect.stringMatching(/random/), tier });
  });
  it("what stands in its place is a function like any other, compared and guarded", async () => {
    await ready();
    const { random } = Math, kernel = (n: number): number => { let s = 0; for (let i = 0; i < n; i++) s += Math.random(); return s; };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync", verify: "first" });
    expect(fast(3)).toBeLessThan(3);
    let seed = 1;
    try {
      Math.random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
      const expected = [kernel(3), kernel(2), seed];
      seed = 1;
      expect([fast(3), fast(2), seed]).toEqual(expected);
      expect(await fast.diff(4)).toMatchObject({ equal: true, tier: "wasm" });
    } finally { Math.random = random; }
    expect(fast(2)).toBeLessThan(2);
    expect([seed, fast.stats().calls]).toEqual([expect.any(Number), { original: 1, js: 0, wasm: 3 }]); // the one that was compared ended as the original's
  });
});

it("a method needs its object: it stays the engine's", async () => {
  await ready();
  const fast = specialize(Array.prototype.indexOf as (v: number) => number, { tier: "wasm", compile: "sync" });
  expect(fast.call([3, 4], 4)).toBe(1);
  expect(fast.diagnostics().map((d) => d.message).join()).toContain("is the engine's own");
});
