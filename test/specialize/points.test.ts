// Records of two to four elements, taken apart into lanes and put together: by shuffles that are one instruction, or by constants that stay in registers.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, lanesOf, whole, type Compiled, type Kernel, type Typed } from "./vectorize.harness.ts";

const lengths = [0, 1, 3, 4, 5, 15, 16, 17, 33];
type Make = new (n: number) => Typed;
function story(kernel: Kernel, Kind: Make, size: number, into = size): Compiled {
  const make = (n: number): unknown[] => [whole(new Kind(size * n), 3), whole(new Kind(into * n), 5)];
  const compiled = compileKernel(kernel, make(40));
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}
/** How often an operation stands in the program's loop in lanes. */
const count = ({ residual }: Compiled, op: RegExp): number => [...residual.stages.at(-1)!.text().matchAll(op)].length;
/** Shuffles for each of so many records. */
const shuffles = (compiled: Compiled, records: number): number => (count(compiled, / i8x16\.shuffle/g) * records) / lanesOf(compiled);

type Two = (a: Typed, b: Typed) => void;
const swap3: Two = (a, b) => { for (let i = 0; i < a.length; i += 3) { b[i] = a[i + 2]!; b[i + 1] = a[i + 1]!; b[i + 2] = a[i]!; } };
const swap4: Two = (a, b) => { for (let i = 0; i < a.length; i += 4) { b[i] = a[i + 3]!; b[i + 1] = a[i + 2]!; b[i + 2] = a[i + 1]!; b[i + 3] = a[i]!; } };
const sum3: Two = (a, b) => { for (let i = 0, j = 0; i < a.length; i += 3, j++) b[j] = a[i]! - a[i + 1]! * 2 + a[i + 2]!; };
const sum4: Two = (a, b) => { for (let i = 0, j = 0; i < a.length; i += 4, j++) b[j] = a[i]! - a[i + 1]! * 2 + a[i + 2]! - a[i + 3]!; };
const kinds = [Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array, Uint8ClampedArray] as const;

describe("records of three and four of any kind", () => {
  test.each(kinds.map((Kind) => [Kind.name, Kind] as const))("%s", (_, Kind) => {
    story(swap3 as Kernel, Kind, 3);
    story(swap4 as Kernel, Kind, 4);
    story(sum3 as Kernel, Kind, 3, 1);
    story(sum4 as Kernel, Kind, 4, 1);
  });
});

describe("by one instruction a shuffle", () => {
  test("three numbers: five for the parts, six back", () => { expect(shuffles(story(swap3 as Kernel, Int32Array, 3), 4)).toBe(11); });
  test("four: eight, and eight back", () => { expect(shuffles(story(swap4 as Kernel, Int32Array, 4), 4)).toBe(16); });
  test("one part of four, of which the rest is not wanted: three", () => {
    const last: Two = (a, b) => { for (let i = 0, j = 0; i < a.length; i += 4, j++) b[j] = a[i + 3]! ^ 5; };
    expect(shuffles(story(last as Kernel, Int32Array, 4, 1), 4)).toBe(3);
  });
  test("doubles: one for two of a part, one for two back", () => {
    const turn: Two = (a, b) => { for (let i = 0; i < a.length; i += 3) { const x = a[i]!, y = a[i + 1]!, z = a[i + 2]!; b[i] = x * 0.3 - y * 0.7 + z / 3; b[i + 1] = x * y - z * 0.4 + y; b[i + 2] = z * y + x * 0.1; } };
    expect(shuffles(story(turn as Kernel, Float64Array, 3), 2)).toBe(6);
  });
  test("bytes by three: constants in registers in place of shuffles of two", () => {
    const compiled = story(swap3 as Kernel, Uint8Array, 3);
    expect(shuffles(compiled, 16)).toBe(0);
    expect(count(compiled, / i8x16\.swizzle/g)).toBe(18);
  });
});

test("cross products and products of quaternions, whose parts are doubles, go in lanes", () => {
  const cross: Two = (a, b) => {
    for (let i = 0; i < a.length; i += 3) {
      const x = b[i]!, y = b[i + 1]!, z = b[i + 2]!;
      b[i] = a[i + 1]! * z - a[i + 2]! * y; b[i + 1] = a[i + 2]! * x - a[i]! * z; b[i + 2] = a[i]! * y - a[i + 1]! * x;
    }
  };
  const turn: Two = (a, b) => {
    for (let i = 0; i < a.length; i += 4) {
      const x = a[i]!, y = a[i + 1]!, z = a[i + 2]!, w = a[i + 3]!, p = b[i]!, q = b[i + 1]!, r = b[i + 2]!, s = b[i + 3]!;
      b[i] = x * s + w * p + y * r - z * q; b[i + 1] = y * s + w * q + z * p - x * r; b[i + 2] = z * s + w * r + x * q - y * p; b[i + 3] = w * s - x * p - y * q - z * r;
    }
  };
  expect(lanesOf(story(cross as Kernel, Float64Array, 3))).toBeGreaterThan(1);
  expect(lanesOf(story(turn as Kernel, Float64Array, 4))).toBeGreaterThan(1);
});

test("distances by Math.hypot of three go in lanes, also in straight code", () => {
  const kernel = (a: Float64Array, b: Float64Array): void => { for (let i = 0; i < a.length; i += 3) b[i / 3] = Math.hypot(a[i]!, a[i + 1]!, a[i + 2]!); };
  expect(lanesOf(story(kernel as Kernel, Float64Array, 3, 1))).toBeGreaterThan(1);
  const two = (a: Float64Array, b: Float64Array): void => { b[0] = Math.hypot(a[0]!, a[1]!, a[2]!) + Math.hypot(a[3]!, a[4]!, a[5]!); };
  expect(count(story(two as Kernel, Float64Array, 6, 1), / f64x2\.hypot3/g)).toBe(1);
  const neighbours = (a: Float64Array, b: Float64Array): void => { b[0] = Math.hypot(a[0]!, a[5]! - 1, a[3]! % 6); b[1] = Math.hypot(a[1]!, a[5]! * 3, a[4]! % 6); };
  expect(count(story(neighbours as Kernel, Float64Array, 6, 2), / f64x2\.hypot3/g)).toBe(1);
});

describe("some parts are not written, or under conditions", () => {
  test.each<[string, Two, number]>([
    ["two of three", (a, b) => { for (let i = 0; i < a.length; i += 3) { b[i] = a[i + 1]! + 1; b[i + 2] = a[i]! - 1; } }, 3],
    ["one of four", (a, b) => { for (let i = 0; i < a.length; i += 4) b[i + 2] = a[i]! + a[i + 3]!; }, 4],
    ["three of four", (a) => { for (let i = 0; i < a.length; i += 4) { const w = a[i + 3]!; a[i] = a[i]! ^ w; a[i + 1] = a[i + 1]! & w; a[i + 2] = a[i + 2]! | w; } }, 4],
    ["under conditions", (a, b) => { for (let i = 0; i < a.length; i += 3) { if (a[i]! > 9) b[i] = a[i + 1]!; b[i + 1] = a[i + 2]!; if (a[i + 2]! < 40) b[i + 2] = a[i]!; } }, 3],
    ["some, and some under conditions", (a, b) => { for (let i = 0; i < a.length; i += 4) { if (a[i]! > 9) b[i] = a[i + 1]!; b[i + 3] = a[i + 2]!; } }, 4],
  ])("%s", (_, kernel, size) => { for (const Kind of [Float32Array, Int32Array, Int16Array, Uint8Array, Float64Array]) story(kernel as Kernel, Kind, size); });
});
