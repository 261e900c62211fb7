// Strings of run time as keys of arrays and of tables of numbers: the variable of a for-in loop that lives on, sorted keys, pieces of a string.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

const table = [10, 20, 30, 40];
const lists: readonly (readonly unknown[])[] = [[[1, 5, 2, 9, 3]], [[9, 1]], [[NaN, 1, 2]], [[4, 4, 4, 2]], [[]]];
const kernels: readonly (readonly [string, (...args: never[]) => unknown, readonly (readonly unknown[])[]])[] = [
  ["the place of the greatest", (x: number[]) => { let best: string | number = 0; for (const i in x) if (x[i]! > x[best as number]!) best = i; return [x[best as number], best, typeof best]; }, lists],
  ["… which is written", (x: number[]) => { let best: string | number = 0; for (const i in x) if (x[i]! > x[best as number]!) best = i; x[best as number] = -1; return +best + 1; }, lists.slice(0, -1)],
  ["… of a typed array", (x: Float64Array) => { let best: string | number = "0"; for (const i in x) if (x[i]! > x[best as never]!) best = i; return x[best as never]; }, [[new Float64Array([3, 7, 1])], [new Float64Array(0)]]],
  ["… of objects", (all: { w: number }[]) => { let best: string | number = 0; for (const i in all) if (all[i]!.w > all[best as number]!.w) best = i; return all[best as number]; }, [[[{ w: 1 }, { w: 5 }]], [[{ w: 9 }]]]],
  ["the one before", (x: number[]) => { let before: string | undefined, s = 0; for (const i in x) { if (before !== undefined) s += x[i]! - x[before as never]!; before = i; } return s; }, lists],
  ["pieces of a string", (t: string, x: number[]) => { let s = 0; for (const k of t.split(",")) if (k in x) s += x[k as never]! + (Object.hasOwn(x, k) ? table[k as never] ?? 0.5 : 0); return s; }, [["1,2,0", [1, 2, 3]], ["7", [1, 2, 3, 4, 5, 6, 7, 8]], ["1,9", [1, 2]]]],
  ["elements that are made", (t: string) => { const out: number[] = []; for (const k of t.split(" ")) out[k as never] = (out[k as never] ?? 0) + 1; return out; }, [["0 1 1 2 0"], ["0"]]],
  ["sorted keys", (x: number[]) => Object.keys(x).sort((a, b) => x[a as never]! - x[b as never]!).map(Number), lists.slice(0, 2)],
  ["the commonest first", (x: number[]) => { const counts: Record<number, number> = {}; for (const v of x) counts[v] = (counts[v] ?? 0) + 1; return Object.keys(counts).sort((a, b) => counts[b as never]! - counts[a as never]!); }, [[[1, -5, -5, 2, 2, 2]], [[3, 1, 3]]]],
  ["keys that are taken away", (x: number[], turned: boolean) => { const keys = Object.keys(x); if (turned) keys.reverse(); let s = 0; while (keys.length > 0) s = s * 2 + x[keys.pop() as never]!; return s; }, [[[1, 5, 2], true], [[1, 5, 2], false]]],
  ["keys that leave, and meet others", (x: number[], turned: boolean) => { const counts: Record<number, number> = {}; for (const v of x) counts[v] = 1; let s = 0; for (const k of turned ? Object.keys(x) : ["0"]) s += x[k as never]!; return [s, Object.keys(x), Object.keys(counts)]; }, [[[1, 5, 0.5, -2], true], [[1], false]]],
  ["elements at static indices, and enumerable ones", (x: number[]) => { let s = 0; for (const i in x) if (Object.prototype.propertyIsEnumerable.call(x, i)) s += x[i]!; for (let i = 0; i < 4; i++) if (x.propertyIsEnumerable(i)) s += 0.5; return [s, Object.hasOwn(x, "1"), "2" in x]; }, [[[1, 5, 2]], [[4]], [[]]]],
];
describe.each(kernels)("strings as keys of numbers: %s", (_, kernel, inputs) => {
  it("are right", () => agrees({ source: kernel.toString().replaceAll("table", "[10, 20, 30, 40]"), slow: [], inputs: inputs.map((input) => structuredClone([...input])) }));
  it("are the module's", async () => {
    await ready();
    const fast = specialize(kernel as (...args: unknown[]) => unknown, { tier: "wasm", compile: "sync" });
    for (const input of inputs) expect(fast(...structuredClone(input))).toEqual(kernel(...(structuredClone(input) as never[])));
    expect(fast.stats().calls.original).toBe(0);
  });
});

it("strings that say no number are the original's", async () => {
  await ready();
  const at = (t: string, x: number[]): unknown => t.split(",").map((k) => x[k as never]), fast = specialize(at, { tier: "wasm", compile: "sync" });
  for (const t of ["1", "length", "01", "-0", "", "1.5", "4294967295", " 1", "1e0", "-1"]) expect(fast(t, [4, 5, 6])).toEqual(at(t, [4, 5, 6]));
  const count = (t: string, x: number[]): unknown => { const counts: Record<number, number> = {}; for (const v of x) counts[v] = (counts[v] ?? 0) + 1; return t.split(",").map((k) => counts[k as never]); }, told = specialize(count, { tier: "wasm", compile: "sync" });
  for (const t of ["1", "-5", "0.5", "-0", "0", "01", "toString", "1e21", "-", ""]) expect(told(t, [1, -5, 0.5, -0, -5, 1e21])).toEqual(count(t, [1, -5, 0.5, -0, -5, 1e21]));
  expect(told.stats().calls.wasm).toBeGreaterThan(1);
});
