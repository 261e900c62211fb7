// Loops of which some iterations do something, as their data say: which are asked in lanes first, and that the others keep their order.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

const isSieved = ({ residual }: Compiled): boolean => residual.stages.find((s) => s.pass === "sieve")!.text().includes("picked");
function sieved(kernel: Kernel, inputs: unknown[][], slow: readonly number[] = [], overlap = false): boolean {
  const compiled = compileKernel(kernel, inputs[0]!, slow, overlap);
  expectSame(kernel, compiled, inputs);
  return isSieved(compiled);
}
const lengths = [300, 0, 1, 31, 32, 33, 64, 95, 255, 256, 257, 289, 600];
const bytes = (n: number, below: number, seed = 1): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (((i + seed) * 7919) >>> 3) % below);

const packed = (x: Float64Array, y: Float64Array, from: number): number => {
  let n = 0;
  for (let i = 0; i < x.length; i++) if (x[i]! > from) y[n++] = x[i]!;
  return n;
};
const grouped = (x: Float64Array, key: Uint8Array, sum: Float64Array, count: Int32Array): number => {
  let last = -1;
  for (let i = 0; i < x.length; i++) {
    if (key[i] === 3) continue;
    const net = x[i]! * (1 - x[i]!);
    if (net < 0.1) continue;
    sum[key[i]!]! += net;
    if (x[i]! > 0.5) count[key[i]!]!++;
    last = i;
  }
  return last;
};

describe("iterations that do something", () => {
  test("packed, at lengths around a word and a block, none and all of them chosen", () => {
    for (const from of [0, -1e9, 1e9]) expect(sieved(packed, lengths.map((n) => [doubles(n, n), new Float64Array(600), from]))).toBe(true);
  });
  test("an array that is too short for them", () => { expect(sieved(packed, lengths.map((n) => [doubles(n, n), new Float64Array(20), 0]))).toBe(true); });
  test("condition after condition, what is carried, and groups that are not all there", () => {
    const input = (n: number, groups: number): unknown[] => [Float64Array.from({ length: n }, (_, i) => ((i * 37) % 101) / 100), bytes(n, 9), new Float64Array(groups), new Int32Array(groups)];
    expect(sieved(grouped, [...lengths.map((n) => input(n, 9)), input(300, 5)])).toBe(true);
  });
  test("conditions that are any number but 0", () => {
    expect(sieved((x: Int32Array, m: Int32Array): void => { for (let i = 0; i < x.length; i++) if (x[i]! & 12) m[x[i]! & 63]!++; }, lengths.map((n) => [whole(new Int32Array(n), n), new Int32Array(64)]))).toBe(true);
  });
  test("not where an iteration writes what a later one asks", () => {
    const kernel = (x: Int32Array, m: Int32Array): void => { for (let i = 0; i < x.length; i++) if (m[i]! < 5) m[x[i]! & 63]! += 3; };
    expect(sieved(kernel, [[whole(new Int32Array(200)), new Int32Array(200)]])).toBe(false);
    const other = (x: Int32Array, m: Int32Array): void => { for (let i = 0; i < x.length; i++) if (x[i]! > 0) m[x[i]! & 63]! -= 3; };
    const buffer = new Int32Array(256).map((_, i) => (i * 7) % 90 - 20);
    expect(sieved(other, [[buffer, buffer.subarray(0, 200)]], [], true)).toBe(false);
  });
  test("not where it is only asked whether a place is in an array, or what the counter says", () => {
    expect(sieved((x: Int32Array, m: Int32Array): void => { for (let i = 0; i < x.length; i++) if (x[i]! < m.length) m[x[i]!]!++; }, [[bytes(300, 90), new Int32Array(64)].map((v) => Int32Array.from(v))])).toBe(false);
    expect(sieved((x: Int32Array, m: Int32Array): void => { for (let i = 0; i < x.length; i++) if (i % 3 === 1) m[x[i]! & 7]!++; }, [[whole(new Int32Array(300)), new Int32Array(8)]])).toBe(false);
  });
});
