// Numbers of constant tables whose place is chosen among constants: they are chosen themselves.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, type Compiled, type Kernel } from "./vectorize.harness.ts";

const palette = [0, 36, 73, 109, 146, 219, 255], lengths = [0, 1, 2, 9, 16, 33];
function story(kernel: Kernel, table: ArrayLike<number>): Compiled {
  const make = (n: number): unknown[] => [Float32Array.from(doubles(n), (x) => x * 40), Float32Array.from(doubles(n, 3)), table];
  const compiled = compileKernel(kernel, make(40), [2]);
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}
const changed = ({ residual }: Compiled): boolean => residual.stages.some(({ pass, changes }) => pass === "among" && changes!.length > 0);

type Nearest = (x: Float32Array, y: Float32Array, table: ArrayLike<number>) => void;
const nearest: Nearest = (x, y, table) => {
  for (let i = 0; i < x.length; i++) {
    let best = 0, least = Infinity;
    for (let k = 0; k < table.length; k++) { const d = Math.abs(x[i]! - table[k]!); if (d < least) { least = d; best = k; } }
    y[i] = table[best]!;
  }
};
const diffused: Nearest = (x, y, table) => {
  for (let i = 0; i < x.length; i++) {
    let best = 0, least = Infinity;
    for (let k = 0; k < table.length; k++) { const d = Math.abs(x[i]! - table[k]!); if (d < least) { least = d; best = k; } }
    y[i] = best;
    if (i + 1 < x.length) x[i + 1] = x[i + 1]! + (x[i]! - table[best]!) * 0.5;
  }
};

describe("the nearest of a palette", () => {
  test.each<[string, ArrayLike<number>]>([
    ["bytes", palette], ["doubles", palette.map((p) => p / 3)], ["singles", Float32Array.from(palette, (p) => p / 7)], ["words", palette.map((p) => 300 * p - 9000)],
    ["unsigned words", Uint32Array.from(palette, (p) => p * 16843009)], ["−0 and NaN", [-0, NaN, 3, -0, 700]],
  ])("%s", (_, table) => { expect(changed(story(nearest as Kernel, table))).toBe(true); });
  test("in lanes nothing is looked up", () => {
    const compiled = story(nearest as Kernel, palette);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    expect(compiled.residual.stages.at(-1)!.text()).not.toMatch(/main \{\n(?:(?!\n *\}).)*load8_u/s);
  });
  test("whose error the next iteration waits for", () => { expect(changed(story(diffused as Kernel, palette))).toBe(true); });
});

describe("left as they are", () => {
  test("of more than twelve", () => { expect(changed(story(nearest as Kernel, Array.from({ length: 15 }, (_, k) => k * k)))).toBe(false); });
  test("places that integers choose: in lanes these are narrower", () => {
    const kernel: Nearest = (x, y, table) => { for (let i = 0; i < x.length; i++) y[i] = table[i % 7 < 3 ? 1 : i & 4 ? 2 : 5]!; };
    expect(changed(story(kernel as Kernel, palette))).toBe(false);
  });
  test("places that are not there", () => {
    const kernel: Nearest = (x, y, table) => { for (let i = 0; i < x.length; i++) y[i] = table[x[i]! < 3 ? 1 : x[i]! > 9 ? 2 : 99]!; };
    story(kernel as Kernel, palette);
  });
});
