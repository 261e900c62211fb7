// Loops that look up by a remainder of their counter do a whole period at once.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, type Compiled, type Kernel, type Typed } from "./vectorize.harness.ts";

const lengths = [0, 1, 2, 3, 5, 8, 17, 33];
function story(kernel: Kernel, slow: readonly unknown[], x = (n: number): Typed => doubles(n + 3), y = (n: number): Typed => new Float64Array(n)): Compiled {
  const make = (n: number): unknown[] => [x(n), y(n), ...slow];
  const compiled = compileKernel(kernel, make(40), slow.map((_, i) => i + 2));
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}
const changed = ({ residual }: Compiled): boolean => residual.stages.some(({ pass, changes }) => pass === "periods" && changes!.length > 0);
const taps = (n: number): number[] => Array.from({ length: n }, (_, i) => Math.sin(i + 1));

const polyphase = (x: Typed, y: Typed, up: number, down: number, h: number[]): void => {
  const each = h.length / up;
  for (let n = 0; n < y.length; n++) {
    const t = n * down, phase = t % up, base = (t - phase) / up;
    let acc = 0;
    for (let k = 0; k < each; k++) { const j = base - k; if (j >= 0 && j < x.length) acc += x[j]! * h[phase + k * up]!; }
    y[n] = acc;
  }
};
const stepping = (x: Typed, y: Typed, up: number, down: number, h: number[]): void => {
  for (let n = 0; n < y.length; n++) {
    const t = n * down;
    let acc = 0;
    for (let k = t % up, j = Math.floor(t / up); k < h.length; k += up, j--) if (j >= 0) acc += h[k]! * x[j]!;
    y[n] = acc;
  }
};
const bank = (x: Typed, y: Typed, rows: number[][], down: number): void => {
  for (let n = 1; n < y.length; n++) {
    const t = n * down, h = rows[t % rows.length]!, base = (t / rows.length) | 0;
    let acc = 0;
    for (let k = 0; k < h.length; k++) acc += h[k]! * x[base + k]!;
    y[n] = acc;
  }
};
const carried = (x: Typed, y: Typed, h: number[]): number => {
  let sum = 0;
  for (let n = 0; n < y.length; n++) {
    if (x[n]! > 90) break;
    sum += x[n]! * h[n % 3]! + h[(n * 2 + 1) % 6]! * h[(n & 1) + 3]! - h[n % 2]!;
    y[n] = sum;
  }
  return sum;
};
const once = (x: Typed, y: Typed, gains: number[]): void => { for (let i = 0; i < y.length; i++) y[i] = x[i]! * gains[i % 3]!; };

describe("remainders of a counter", () => {
  test.each<[string, Kernel, unknown[]]>([
    ["a filter of two phases", polyphase as Kernel, [2, 3, taps(12)]],
    ["of three", polyphase as Kernel, [3, 2, taps(15)]],
    ["taps a step apart", stepping as Kernel, [4, 3, taps(18)]],
    ["a row of taps for each phase, from 1 on", bank as Kernel, [[taps(6), taps(7).slice(1), taps(8).slice(2)], 2]],
  ])("%s", (_, kernel, slow) => {
    const compiled = story(kernel, slow);
    expect(changed(compiled)).toBe(true);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
  });
  test("sums that go on, a way out", () => { expect(changed(story(carried as Kernel, [taps(7)], (n) => doubles(n + 1)))).toBe(true); });
  const leaving = (x: Typed, y: Typed, t: number[]): number => { let i = 0; for (; i < y.length; i++) { y[i] = t[i & 1]! * x[i]! + t[2 + (i & 1)]! * x[i + 1]! + t[4 + (i & 1)]! + t[6 + (i & 1)]!; if ((i & 1) === 1) break; } return i; };
  const inside = (x: Typed, y: Typed, t: number[]): number => { for (let i = 0; i < y.length; i++) { let s = 0; for (let k = i & 1; k < 8; k += 2) { if (k === 5) break; s += t[k]! * x[i]!; } y[i] = s; } return 0; };
  test("iterations of one remainder leave the loop", () => { expect(changed(story(leaving as Kernel, [taps(8)]))).toBe(true); });
  test("… or one inside", () => { story(inside as Kernel, [taps(8)]); });
  test("one look-up is left to lanes", () => { expect(changed(story(once as Kernel, [taps(3)]))).toBe(false); });
  test("of a period that is long, nothing is written out", () => { expect(changed(story(stepping as Kernel, [31, 3, taps(62)]))).toBe(false); });
});
