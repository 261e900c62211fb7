// Bytes four by four, clamps and conversions in lanes: what loops over pixels are made of.

import { describe, expect, test } from "vitest";
import { ofNumber, range } from "../../src/specialize/intervals.ts";
import { extremeInLanes } from "../../src/specialize/vectorize/extremes.ts";
import { compileKernel, doubles, expectSame, lanesOf, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 3, 15, 16, 17, 31, 32, 33, 50];
function story(kernel: Kernel, make: (pixels: number) => unknown[], slow: readonly number[] = []): Compiled {
  const compiled = compileKernel(kernel, make(40), slow);
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}
const text = ({ residual }: Compiled): string => residual.stages.at(-1)!.text();
const count = (compiled: Compiled, op: string): number => text(compiled).split(` ${op} `).length - 1;
const bytes = (n: number, seed = 1): Uint8Array => whole(new Uint8Array(4 * n), seed);

describe("pixels", () => {
  test("clamped doubles: four channels are packed by narrowing, nothing is looked for in other registers", () => {
    const kernel = (src: Uint8Array, dst: Uint8ClampedArray): void => {
      for (let i = 0; i < src.length; i += 4) {
        const r = src[i]!, g = src[i + 1]!, b = src[i + 2]!;
        dst[i] = r * 0.393 + g * 0.769 + b * 0.189;
        dst[i + 1] = r * 0.349 - g * 0.686 + b * 0.168;
        dst[i + 2] = r * 1.272 - 40.5;
        dst[i + 3] = src[i + 3]!;
      }
    };
    const compiled = story(kernel, (n) => [bytes(n), new Uint8ClampedArray(4 * n)]);
    expect(lanesOf(compiled)).toBe(4);
    expect(count(compiled, "i8x16.narrow_i16x8_u")).toBe(1); // a register of pixels
    expect(count(compiled, "f64x2.nearest")).toBe(3); // the pixels behind the last register, one by one: the others are added to 1.5·2^52 instead
    expect(count(compiled, "f64x2.min") + count(compiled, "f64x2.max")).toBe(0);
  });

  test("numbers that wrap around", () => {
    const kernel = (src: Int8Array, dst: Uint8Array): void => {
      for (let i = 0; i < src.length >> 2; i++) {
        dst[4 * i] = src[4 * i]! * 40000;
        dst[4 * i + 1] = src[4 * i + 1]! * -70001 + 3;
        dst[4 * i + 2] = src[4 * i + 2]! * src[4 * i]! * 511;
        dst[4 * i + 3] = src[4 * i + 3]! << 20 >> 17;
      }
    };
    expect(lanesOf(story(kernel, (n) => [whole(new Int8Array(4 * n)), new Uint8Array(4 * n)]))).toBeGreaterThan(1);
  });

  describe("channels that are written under conditions of their own", () => {
    test.each<[string, (src: Uint8Array, dst: Uint8ClampedArray) => void]>([
      ["clamped doubles, where they are read", (_, dst) => {
        for (let i = 0; i < dst.length; i += 4) {
          const r = dst[i]!, g = dst[i + 1]!, b = dst[i + 2]!, most = Math.max(r, g, b);
          if (r !== most) dst[i] = r + (most - r) * -0.7;
          if (g !== most) dst[i + 1] = g + (most - g) * 1.7;
          if (b !== most) dst[i + 2] = b + (most - b) * 0.3;
        }
      }],
      ["integers, some of them always", (src, dst) => {
        for (let i = 0; i < src.length; i += 4) {
          if (src[i]! > 99) dst[i] = src[i + 1]!;
          dst[i + 1] = src[i]! ^ 255;
          if (src[i + 3]! < src[i + 2]!) { dst[i + 2] = src[i]! >> 1; if (src[i]! & 1) dst[i + 3] = 7; }
        }
      }],
      ["one alone", (src, dst) => { for (let i = 0; i < src.length; i += 4) if (src[i + 3]! < 128) dst[i + 3] = 255 - src[i + 3]!; }],
    ])("%s", (_, kernel) => { expect(lanesOf(story(kernel, (n) => [bytes(n), new Uint8ClampedArray(bytes(n, 5))]))).toBeGreaterThan(1); });
    test("pairs of doubles", () => {
      const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i + 1 < x.length; i += 2) { if (x[i]! > 0) y[i] = x[i]! * 2; if (x[i + 1]! < x[i]!) y[i + 1] = x[i]! + 1; } };
      expect(lanesOf(story(kernel, (n) => [doubles(n), doubles(n, 3)]))).toBeGreaterThan(1);
    });
    test("two of three bytes", () => {
      const kernel = (x: Uint8Array, y: Uint8Array): void => { for (let i = 0; i + 2 < x.length; i += 3) { if (x[i]! > 9) y[i] = x[i]! * 2; if (x[i + 1]! < x[i]!) y[i + 2] = x[i]! + 3; } };
      expect(lanesOf(story(kernel, (n) => [bytes(n), bytes(n, 3)]))).toBeGreaterThan(1);
    });
  });

  test("a channel that is left as it was", () => {
    const kernel = (src: Uint8Array, dst: Uint8Array): void => {
      for (let i = 0; i < src.length >> 2; i++) {
        const v = src[4 * i]! * 300 - src[4 * i + 2]! * 200;
        dst[4 * i] = v < 0 ? 0 : v > 255 ? 255 : v;
        dst[4 * i + 2] = Math.sqrt(src[4 * i + 1]!) * 15;
        dst[4 * i + 3] = 255;
      }
    };
    expect(lanesOf(story(kernel, (n) => [bytes(n), bytes(n, 9)]))).toBeGreaterThan(1);
  });

  test("a table of which only doubles are wanted holds doubles", () => {
    const kernel = (src: Uint8Array, dst: Float64Array, curve: number[] | Uint8Array): void => {
      for (let i = 0; i < src.length; i++) dst[i] = curve[src[i]!]! * 0.5;
    };
    const compiled = story(kernel, (n) => [bytes(n), new Float64Array(4 * n), whole(new Uint8Array(256), 3)], [2]);
    expect(count(compiled, "f64x2.convert_low_i32x4_s")).toBe(0);
    expect(text(compiled)).toContain("v128.load64_zero");
  });
});

describe("ToInt32 of whole doubles beyond int32", () => {
  test("in lanes, where they are below 2^50", () => {
    const kernel = (x: Int32Array, y: Int32Array): void => { for (let i = 0; i < x.length; i++) y[i] = x[i]! * 65537 + 0.75; };
    const compiled = story(kernel, (n) => [whole(new Int32Array(n)), new Int32Array(n)]);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    expect(text(compiled)).toContain("f64x2.trunc");
  });
});

describe("the least and the greatest in one instruction", () => {
  const any = range(-Infinity, Infinity, false, true, true);
  const number = range(-8, 8, false, false, true);
  const lanes = (op: "f64.min" | "f64.max", a = any, b = any): string => { const { op: name, swap } = extremeInLanes(op, a, b); return name + (swap ? " swapped" : ""); };
  test("must not be where both may be NaN", () => { expect(lanes("f64.min")).toBe("f64x2.min"); });
  test("a constant but 0 beside anything", () => { expect(lanes("f64.min", any, ofNumber(255))).toBe("f64x2.pmin"); });
  test("at most 0, which must win over −0 nowhere", () => { expect(lanes("f64.min", any, ofNumber(0))).toBe("f64x2.pmin"); });
  test("at least 0, which must win over −0: first operand", () => { expect(lanes("f64.max", number, ofNumber(0))).toBe("f64x2.pmax swapped"); });
  test("must not be for at least 0 of what may be NaN and −0", () => { expect(lanes("f64.max", any, ofNumber(0))).toBe("f64x2.max"); });
  test("a choice by ≤ gives the other one for NaN", () => {
    const least = (x: Float64Array, y: Float64Array, z: Float64Array): void => { for (let i = 0; i < z.length; i++) z[i] = x[i]! <= y[i]! ? x[i]! : y[i]!; };
    const compiled = story(least, (n) => [doubles(n), doubles(n, 5), new Float64Array(n)]);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    expect(compiled.residual.stages.at(-1)!.text()).not.toContain("pmin");
  });
  test("must not be where either may be either zero", () => { expect(lanes("f64.max", number, number)).toBe("f64x2.max"); });
});

test("each of four channels by the fourth", () => {
  const kernel = (src: Uint8Array, dst: Uint8Array): void => {
    for (let i = 0; i < src.length; i += 4) { for (let c = 0; c < 3; c++) dst[i + c] = (src[i + c]! * src[i + 3]! + 128) >> 8; dst[i + 3] = 255 - src[i + 3]!; }
  };
  expect(lanesOf(story(kernel, (n) => [whole(new Uint8Array(4 * n)), new Uint8Array(4 * n)]))).toBe(16);
});

test("pixels of three numbers in, of four out", () => {
  const kernel = (src: Float32Array, dst: Uint8Array): void => {
    for (let i = 0, o = 0; i < src.length; i += 3, o += 4) {
      for (let c = 0; c < 3; c++) dst[o + c] = Math.sqrt(src[i + c]!) * 12.5;
      dst[o + 3] = 255;
    }
  };
  const compiled = story(kernel, (n) => [Float32Array.from({ length: 3 * n }, (_, i) => (i * 37) % 400), new Uint8Array(4 * n + 2)]);
  expect(lanesOf(compiled)).toBe(16);
});
