// Recursive functions that give back what they were given or what they have made: a sorted half that was too short to sort.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

const kernels: readonly (readonly [string, (x: number[]) => number[]])[] = [
  ["merge sort", function sort(x: number[]): number[] {
    if (x.length < 2) return x;
    const m = x.length >> 1, l = sort(x.slice(0, m)), r = sort(x.slice(m)), out: number[] = [];
    let i = 0, j = 0;
    while (i < l.length && j < r.length) out.push(l[i]! <= r[j]! ? l[i++]! : r[j++]!);
    while (i < l.length) out.push(l[i++]!);
    while (j < r.length) out.push(r[j++]!);
    return out;
  }],
  ["quick sort with spreads", function sort(x: number[]): number[] {
    if (x.length <= 1) return x;
    const [p, ...rest] = x;
    return [...sort(rest.filter((v) => v < p!)), p!, ...sort(rest.filter((v) => v >= p!))];
  }],
];
const inputs = [[], [2], [3, 1], [5, -0, 0, 2.5, -1, 7, 3, 3, 1]].map((list) => [list]);

describe.each(kernels)("what was given or what was made is given back: %s", (_, kernel) => {
  it("is right", () => agrees({ source: kernel.toString().replace("function sort", "function kernel").replaceAll(/\bsort\(/g, "kernel("), slow: [], inputs }));
  it("is done by the module", async () => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const [list] of inputs) expect(fast([...list!])).toEqual(kernel([...list!]));
    expect(fast.stats().calls.original).toBe(0);
  });
});
