// Constant tables that passes make: the smallest elements that hold all of the numbers, none where all are one.

import { expect, test } from "vitest";
import { Segments } from "../../src/specialize/segments.ts";
import { Tables, type Scalar } from "../../src/specialize/tables.ts";
import { ir, programOf } from "./harness.ts";

/** What a table of these numbers is kept as, and the numbers that it gives back. */
function kept(type: "i32" | "f32" | "f64", values: readonly Scalar[]): { element: string; values: number[] } | { constant: Scalar } {
  const program = programOf(ir("func @f() -> i32 { return 0 }")), segments = new Segments();
  const table = new Tables(program, segments, 2).add("t", values, type);
  if (table.constant !== null) return { constant: table.constant };
  expect(table.segment).toBe(program.data.length);
  const { element, bytes } = segments.of(program)[0]!;
  const arrays = { u8: Uint8Array, u16: Uint16Array, i16: Int16Array, i32: Int32Array, f32: Float32Array, f64: Float64Array };
  expect(2 ** table.scale).toBe(bytes.length / values.length);
  return { element, values: [...new arrays[element as keyof typeof arrays](bytes.slice().buffer)] };
}

test.each([
  ["u8", [0, 255]], ["u16", [0, 256]], ["u16", [7, 65535]], ["i16", [-1, 0]], ["i16", [-32768, 32767]], ["i32", [-1, 65535]], ["i32", [0, 65536]], ["i32", [-32769, 0]],
] as const)("int32 in %s: %j", (element, values) => { expect(kept("i32", values)).toEqual({ element, values: [...values] }); });
test.each([["f32", [0.5, 1]], ["f64", [0.1, NaN]], ["f64", [0, -0]]] as const)("%s: %j", (type, values) => { expect(kept(type, values)).toEqual({ element: type, values: [...values] }); });
test("no table of one number", () => {
  expect(kept("i32", [300, 300])).toEqual({ constant: 300 });
  expect(kept("f64", [-0, -0])).toEqual({ constant: -0 });
  expect(kept("f64", [NaN, NaN])).toEqual({ constant: NaN });
});
