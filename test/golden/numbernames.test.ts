// What arrays have beside their elements under numbers that are no indices: they are keys like other names.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

type Kernel = (...args: never[]) => unknown;
const keys = ["-1", "1.5", "-5", "1e+21", "Infinity", "-Infinity", "4294967295", "4294967296", "NaN", "name"];
const beside = (key: string): number[] => Object.assign([1, 2, 3], { [key]: 100 });
describe("an array of the caller's", () => {
  const kernels: readonly (readonly [string, Kernel])[] = [
    ["for-in", (x: number[]) => { let s = 0; for (const i in x) s += x[i as never]! * 2; return s; }],
    ["Object.keys", (x: number[]) => Object.keys(x).length],
    ["Object.values", (x: number[]) => { let s = 0; for (const v of Object.values(x)) s += v; return s; }],
    ["Object.entries", (x: number[]) => { let s = 0; for (const [, v] of Object.entries(x)) s += v; return s; }],
    ["for-in over rows", (x: number[]) => { let s = 0; for (const row of [x, [5]]) for (const i in row) s += row[i as never]!; return s; }],
  ];
  it.each(kernels)("%s", async (_, kernel) => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }) as Kernel;
    expect(fast(...([[1, 2]] as never[]))).toEqual(kernel(...([[1, 2]] as never[])));
    for (const key of keys) expect(fast(...([beside(key)] as never[])), key).toEqual(kernel(...([beside(key)] as never[])));
  });
});
it.each(keys)("a slow array has %s", async (key) => {
  await ready();
  const sum = (x: number[], a: number): number => { let s = a; for (const i in x) s += x[i as never]!; return s + (x[-1] ?? 7) + (x[1.5] ?? 9); };
  const fast = specialize(sum, { slow: ["x"], tier: "wasm", compile: "sync" });
  for (const x of [[1, 2], beside(key), [4]]) expect(fast(x, 1)).toEqual(sum(x, 1));
  expect(fast.stats().calls.original).toBe(0);
});

const begin = "function kernel(x, n) { const a = [1, 2]; a[-1] = x;", grown = "for (let i = 0; i < n; i++) a.push(i);", inputs = [[4, 3], [0.5, 5], [NaN, 2], [-0, 0]];
it.each<[string, string]>([
  ["one before the first", `${begin} for (let i = 0; i < n; i++) a.push(a[i - 1] + 1); return a; }`],
  ["halves", `${begin} a[0.5] = 9; ${grown} let s = 0; for (let i = -4; i < 2 * n; i++) s = s * 3 + (a[i / 2] ?? 1); return [s, a.length]; }`],
  ["no bounds", `${begin} a[Infinity] = x; a[-Infinity] = -x; ${grown} let s = 0; for (let i = -4; i < 2 * n; i++) s = s * 3 + (a[1 / i] ?? 1); return [s, a.length]; }`],
  ["asked for", `${begin} ${grown} let s = 0; for (let i = -2; i < 2 * n; i++) s = s * 2 + (i in a ? 1 : 0); return s; }`],
  ["in rows", "function kernel(x, n) { const m = []; for (let r = 0; r < n; r++) { const row = [r, 1]; row[-1] = x; m.push(row); } let s = 0; for (let r = 0; r < n; r++) for (let c = -1; c < 2; c++) s = s * 2 + m[r][c]; return s; }"],
])("an array of the kernel's own: %s", (_, source) => agrees({ source, slow: [], inputs }));
