// Arrays that a program made in memory, as the caller gets them.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(() => ready());

type Kernel = (...args: never[]) => unknown;
/** Results for each size, one after the other, none of which a later call may change. */
function same(title: string, kernel: Kernel, sizes: readonly number[], look: (result: unknown) => unknown = (result) => result): void {
  it(title, () => {
    const run = kernel as unknown as (n: number, seed: number) => unknown, fast = specialize(run, { tier: "wasm", compile: "sync" });
    const ours = sizes.map((n, seed) => fast(n, seed));
    expect(ours.map(look)).toEqual(sizes.map((n, seed) => look(run(n, seed))));
    expect(fast.stats().calls.wasm).toBe(sizes.length);
    fast.dispose();
  });
}
const sizes = [5, 0, 1, 8, 9, 16, 64, 65, 3];

describe("typed arrays", () => {
  const seen = (result: unknown): unknown => { const { buffer, byteOffset, byteLength, length } = result as Float64Array; return [result, byteOffset, byteLength, length, buffer.byteLength]; };
  same("of doubles have a buffer of their own", (n: number, seed: number) => { const out = new Float64Array(n); for (let i = 0; i < n; i++) out[i] = (i - 2) / (seed + 1); return out; }, sizes, seen);
  same("of singles", (n: number, seed: number) => { const out = new Float32Array(n); for (let i = 0; i < n; i++) out[i] = i / (seed + 3); return out; }, sizes, seen);
  same("of bytes", (n: number, seed: number) => { const out = new Uint8ClampedArray(n); for (let i = 0; i < n; i++) out[i] = i * 40 - seed; return out; }, sizes, seen);
  same("of words of 16 bits", (n: number, seed: number) => { const out = new Int16Array(n); for (let i = 0; i < n; i++) out[i] = i * 4000 - seed; return out; }, sizes, seen);
  same("in lists", (n: number, seed: number) => { const out = Array.from({ length: 5 }, () => new Float64Array(n)); for (let r = 0; r < 5; r++) for (let i = 0; i <= r && i < n; i++) out[r]![i] = r + i / (seed + 1); return out; }, sizes, (rows) => (rows as unknown[]).map(seen));
});

it("typed arrays whose methods are others", () => {
  const run = (n: number): Float64Array => { const out = new Float64Array(n); for (let i = 0; i < n; i++) out[i] = i / 3; return out; };
  const fast = specialize(run, { tier: "wasm", compile: "sync" }), prototype = Object.getPrototypeOf(Float64Array.prototype) as Float64Array, { set } = prototype;
  fast(5);
  let calls = 0;
  prototype.set = (): void => { calls++; };
  try { expect(fast(6)).toEqual(run(6)); } finally { prototype.set = set; }
  expect(calls).toBe(0);
});

describe("lists", () => {
  const keys = (result: unknown): unknown => [result, (result as unknown[]).length, Object.keys(result as unknown[])];
  same("of numbers", (n: number, seed: number) => { const out: number[] = []; for (let i = 0; i < n; i++) out.push(i === 2 ? -0 : i === 3 ? NaN : i * seed); return out; }, sizes, keys);
  same("with holes", (n: number, seed: number) => { const out = new Array<number>(n); for (let i = 0; i < n; i++) if ((i + seed) % 3 !== 0) out[i] = i / 4; return out; }, sizes, keys);
  same("of lists, and with booleans in them", (n: number, seed: number) => { const out: (number | boolean)[][] = []; for (let r = 0; r < n; r++) { const row: (number | boolean)[] = []; for (let i = 0; i < r; i++) row.push(i % 3 === seed % 3 ? i > 3 : i * 0.5); out.push(row); } return out; }, sizes.filter((n) => n < 20), keys);
  same("longer than an engine keeps as one piece", (n: number, seed: number) => { const out = new Array<number>(n); for (let i = seed; i < n; i += 400000) out[i] = i; return out; }, [2 ** 20 + 1], (list) => { const at = list as number[]; return [at.length, at[0], at[1], at[400000], 400000 in at, 400001 in at, at.at(-1)]; });
});
