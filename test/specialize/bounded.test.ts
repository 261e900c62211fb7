// The greatest and least of bytes and words, in lanes as narrow as these.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, lanesOf, whole, type Kernel } from "./vectorize.harness.ts";

const lengths = [100, 0, 1, 15, 16, 17, 31, 64, 70];
type Words = Uint8Array | Int8Array | Uint16Array | Int16Array;
const most = (x: Words): number => { let m = 0; for (let i = 0; i < x.length; i++) { const v = x[i]! | 0; if (v > m) m = v; } return m; };
const least = (x: Words): number => { let m = 120; for (let i = 0; i < x.length; i++) { const v = x[i]! | 0; m = v <= m ? v : m; } return m; };
const mostFrom = (x: Words, n: number): number => { let m = n & 127; for (let i = 0; i < x.length; i++) { const v = (x[i]! | 0) >> 1; m = m >= v ? m : v; } return m; };
const mostOfAny = (x: Words, n: number): number => { let m = n | 0; for (let i = 0; i < x.length; i++) { const v = x[i]! | 0; if (v > m) m = v; } return m; };

function lanes(kernel: Kernel, Kind: new (n: number) => Words, operation: RegExp, more: readonly unknown[] = []): [number, boolean] {
  const inputs = [...lengths.map((n) => [whole(new Kind(n), n), ...more]), [new Kind(40).fill(250), ...more], [new Kind(40).fill(32768), ...more]];
  const compiled = compileKernel(kernel, inputs[0]!);
  expectSame(kernel, compiled, inputs);
  return [lanesOf(compiled), operation.test(compiled.residual.stages.find((s) => s.pass === "vectorize")!.text())];
}

describe("the greatest and the least", () => {
  test.each<[string, Kernel, new (n: number) => Words, RegExp, number]>([
    ["bytes", most, Uint8Array, /i8x16\.max_u/, 16], ["the least of bytes", least, Uint8Array, /i8x16\.min_u/, 16], ["words", most, Uint16Array, /i16x8\.max_u/, 8], ["words with a sign", most, Int16Array, /i16x8\.max_s/, 8],
    ["the least of words with a sign", least, Int16Array, /i16x8\.min_s/, 8],
  ])("of %s", (_what, kernel, Kind, operation, count) => { const [n, is] = lanes(kernel, Kind, operation); expect([n >= count, is]).toEqual([true, true]); });
  test("of halves, from a number on that the call tells", () => { for (const n of [0, 3, 127, -1]) expect(lanes(mostFrom, Uint8Array, /i8x16\.max_u/, [n])[1]).toBe(true); });
  test("not from any number on", () => { for (const n of [0, 300, -9, 2 ** 31 - 1]) expect(lanes(mostOfAny, Uint8Array, /i8x16\.max_u/, [n])[1]).toBe(false); });
});
