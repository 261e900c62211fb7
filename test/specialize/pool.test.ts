// Which constants come from a table.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { compileKernel, runProgram, type Kernel } from "./vectorize.harness.ts";

const row = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => Math.sin(i + from + 1));
/** A polynomial of the element before: nothing for lanes. */
const chain = (x: Float64Array, y: Float64Array, c: number[]): void => {
  let s = 1;
  for (let i = 0; i < x.length; i++) {
    let p = x[i]!;
    for (const k of c) p = p * s + k;
    y[i] = s = p;
  }
};

/** How many numbers the table of constants has; the result is compared with the original's. */
function pooled(kernel: Kernel, args: readonly unknown[], slow: readonly number[]): number {
  const { residual } = compileKernel(kernel, args, slow);
  const copies = args.map((v) => (ArrayBuffer.isView(v) ? (v as Float64Array).slice() : v));
  (kernel as (...a: unknown[]) => unknown)(...copies);
  expect(runProgram(residual.optimized, args).arrays).toEqual(copies.filter((v) => ArrayBuffer.isView(v)));
  const { data, spaces, functions } = residual.optimized;
  const loads = [...instructions(functions[0]!.body)].filter((i) => i.op === "f64.load" && spaces[i.space]!.name === "constants").length;
  const numbers = data.filter(({ name }) => name === "constants").reduce((sum, { bytes }) => sum + bytes.length / 8, 0);
  expect(loads > 0).toBe(numbers > 0);
  return numbers;
}
const x = Float64Array.from({ length: 7 }, (_, i) => Math.cos(i) / 4);

describe("constants of a stretch", () => {
  test("come from a table where there are more than registers", () => expect(pooled(chain as Kernel, [x, new Float64Array(7), row(17)], [2])).toBe(17));
  test("stay where there are no more", () => expect(pooled(chain as Kernel, [x, new Float64Array(7), row(16)], [2])).toBe(0));
  test("that are equal are one", () => expect(pooled(chain as Kernel, [x, new Float64Array(7), [...row(17), ...row(17)]], [2])).toBe(17));
  test("that are zero are made", () => expect(pooled(chain as Kernel, [x, new Float64Array(7), [...row(16), 0]], [2])).toBe(0));
  test("are counted for each loop", () => {
    const two = (a: Float64Array, y: Float64Array, c: number[], d: number[]): void => {
      let s = 1;
      for (let i = 0; i < a.length; i++) { let p = a[i]!; for (const k of c) p = p * s + k; y[i] = s = p; }
      for (let i = 0; i < a.length; i++) { let p = a[i]!; for (const k of d) p = p * s + k; y[i] = s = p; }
    };
    expect(pooled(two as Kernel, [x, new Float64Array(7), row(10), row(10, 20)], [2, 3])).toBe(0);
    expect(pooled(two as Kernel, [x, new Float64Array(7), row(10), row(20, 20)], [2, 3])).toBe(20);
  });
  test("of lanes stay", () => {
    const lanes = (a: Float64Array, y: Float64Array, c: number[]): void => {
      for (let i = 0; i < a.length; i++) { let p = a[i]!; for (const k of c) p = p * a[i]! + k; y[i] = p; }
    };
    const { residual } = compileKernel(lanes as Kernel, [x, new Float64Array(7), row(20)], [2]);
    expect([...instructions(residual.optimized.functions[0]!.body)].some((i) => i.op === "v128.load" && residual.optimized.spaces[i.space]!.name === "constants")).toBe(false);
  });
});
