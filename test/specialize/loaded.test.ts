// What loads give: any number of their width, or what stands in a constant table.

import { describe, expect, test } from "vitest";
import type { MemoryOp } from "../../src/ir/ops.ts";
import type { Data, ElementKind, Memory } from "../../src/ir/types.ts";
import { ints, range } from "../../src/specialize/intervals.ts";
import { ofLoad, ofTable } from "../../src/specialize/loaded.ts";

test.each([
  ["i32.load8_u", 0, 255], ["i32.load8_s", -128, 127], ["i32.load16_u", 0, 65535], ["i32.load16_s", -32768, 32767], ["i32.load", -2147483648, 2147483647],
] as const)("%s of anything", (op, lo, hi) => { expect(ofLoad(op)).toEqual(ints(lo, hi)); });
test.each(["f32.load", "f64.load"] as const)("%s of anything", (op) => { expect(ofLoad(op)).toEqual(range(-Infinity, Infinity, false, true, true)); });

describe("constant tables", () => {
  const table = (element: ElementKind, array: { readonly buffer: ArrayBufferLike }, varies = false): Data => ({ name: "t", element, bytes: new Uint8Array(array.buffer), ...(varies ? { varies } : {}) });
  const of = (op: MemoryOp, data: Data, scale: number, offset = 0): unknown => ofTable(data, { op, scale, offset, space: 0, args: [], results: [] } as unknown as Memory);

  test("bytes", () => { expect(of("i32.load8_u", table("u8", Uint8Array.of(7, 200, 9)), 0)).toEqual(ints(7, 200)); });
  test("signed halfwords", () => { expect(of("i32.load16_s", table("i16", Int16Array.of(-5, 300)), 1)).toEqual(ints(-5, 300)); });
  test("doubles", () => { expect(of("f64.load", table("f64", Float64Array.of(1, 2.5)), 3)).toEqual(range(1, 2.5, false, false, false)); });
  test("whole doubles", () => { expect(of("f64.load", table("f64", Float64Array.of(1, -2)), 3)).toEqual(range(-2, 1, true, false, false)); });
  test("−0 among them", () => { expect(of("f64.load", table("f64", Float64Array.of(1, -0)), 3)).toEqual(range(-0, 1, true, false, true)); });
  test("NaN and infinity among them", () => { expect(of("f64.load", table("f64", Float64Array.of(NaN, Infinity, 3)), 3)).toEqual(range(3, Infinity, true, true, false)); });
  test("not of other elements than it was made of", () => { expect(of("i32.load8_s", table("u8", Uint8Array.of(200)), 0)).toBe(null); });
  test("not between two elements", () => {
    expect(of("i32.load16_u", table("u16", Uint16Array.of(1, 2)), 1, 1)).toBe(null);
    expect(of("i32.load16_u", table("u16", Uint16Array.of(1, 2)), 0)).toBe(null);
  });
  test("not of a table that changes with the slow values", () => { expect(of("f64.load", table("f64", Float64Array.of(1), true), 3)).toBe(null); });
});
