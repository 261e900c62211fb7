// Which places a loop carries, which cascades become a wave of stages in lanes, and that all keep their bits.

import { describe, expect, test } from "vitest";
import { promote } from "../../src/specialize/promote.ts";
import { skew } from "../../src/specialize/wavefront.ts";
import { body, count, transform } from "./harness.ts";
import { compileKernel, doubles, expectSame, type Kernel } from "./vectorize.harness.ts";

/** How many loops of a wave there are. */
const waves = (compiled: ReturnType<typeof compileKernel>): number => compiled.residual.stages.find((s) => s.pass === "wavefront")!.text().match(/loop \w+_(rise|run|fall) /g)?.length ?? 0;

describe("places that a loop carries", () => {
  const loop = (inner: string, space = 1): string => `func @f(%n: i32) { %m = i32.and %n, 7
    loop l (%i: i32 = 0) { %c = i32.lt_s %i, %m  if %c { ${inner.replaceAll("space 1", `space ${space}`)}  %j = i32.add %i, 1  br l, %j }  yield }  return }`;
  const update = "%a = f64.load [65536 + 2 << 3] space 1  %b = f64.mul %a, 0.5  f64.store [65536 + 2 << 3] space 1, %b";
  test("one that each iteration reads and writes", () => {
    expect(body(transform(promote, loop(update)))).toMatch(/if %c\.\d+ \{; %\d+ = f64\.load .*loop .*f64\.mul.*br l.*\}; yield.*\}; f64\.store/);
  });
  test("beside others at constant distances", () => {
    expect(count(transform(promote, loop(`${update}  %x = f64.load [65536 + 3 << 3] space 1  %y = f64.add %x, %b  f64.store [65536 + 3 << 3] space 1, %y`)))).toMatchObject({ loads: 2, stores: 2 });
  });
  for (const [why, inner] of [
    ["a store that may go there", `${update}  f64.store [65536 + %i << 3] space 1, 1.0`],
    ["a load of memory that may overlap", `${update}  %x = f64.load [65536 + %i << 3] space 3  %y = f64.add %x, %b  f64.store [65536 + 2 << 3] space 1, %y`],
    ["a store of a part of it", `${update}  i32.store8 [65536 + 0 << 0 + 17] space 1, 7`],
    ["only some iterations", `if %i { ${update}  yield }`],
  ] as const) test(`not one that is disturbed: ${why}`, () => { expect(body(transform(promote, loop(inner)))).toMatch(/^%m\.\d+ = i32\.and %n\.0, 7; loop/); });
  test("nothing is touched where there are no iterations", () => { transform(promote, loop(update), [[0], [8], [1]]); });
});

type Section = { b0: number; b1: number; b2: number; a1: number; a2: number };
function biquads(x: Float64Array, y: Float64Array, z: Float64Array, sections: Section[]): void {
  for (let i = 0; i < x.length; i++) {
    let v = x[i]!;
    for (let s = 0; s < sections.length; s++) {
      const { b0, b1, b2, a1, a2 } = sections[s]!;
      const out = b0 * v + z[2 * s]!;
      z[2 * s] = b1 * v - a1 * out + z[2 * s + 1]!;
      z[2 * s + 1] = b2 * v - a2 * out;
      v = out;
    }
    y[i] = v;
  }
}
const sections = (n: number): Section[] => Array.from({ length: n }, (_, s) => ({ b0: 0.3 + s / 64, b1: -0.2, b2: 0.11, a1: -0.7 + s / 8, a2: 0.4 }));

describe("a wave", () => {
  for (const n of [2, 3, 5, 8]) test(`over ${n} stages`, () => {
    const args = [doubles(8), new Float64Array(8), new Float64Array(2 * n), sections(n)];
    const compiled = compileKernel(biquads as Kernel, args, [3]);
    expect(waves(compiled)).toBe(3);
    expectSame(biquads as Kernel, compiled, [0, 1, n, 4 * n, 4 * n + 1, 4 * n + 2, 100].map((length) =>
      [Float64Array.from({ length }, (_, i) => Math.sin(i) * 3), new Float64Array(length), Float64Array.from({ length: 2 * n }, (_, i) => i / 7), args[3]]));
  });
  test("of states that are too few is none: the array ends", () => {
    const args = [doubles(64), new Float64Array(64), new Float64Array(16), sections(8)];
    expectSame(biquads as Kernel, compileKernel(biquads as Kernel, args, [3]), [0, 3, 15].map((length) => [doubles(70), new Float64Array(70), new Float64Array(length), args[3]]));
  });
  test("in place, with a recurrence before and one after the stages", () => {
    const kernel = (x: Float64Array, z: Float64Array, k: number[]): number => {
      let slow = 0, peak = 0;
      for (let i = 0; i < x.length; i++) {
        slow = slow * 0.9 + x[i]!;
        let v = x[i]! - slow;
        for (let s = 0; s < k.length; s++) { const o = z[s]! - k[s]! * v; z[s] = v + k[s]! * o; v = o * 0.5; }
        peak = Math.max(peak * 0.99, v);
        x[i] = v + x[i]! * 0.25;
      }
      return peak;
    };
    const k = [0.3, -0.4, 0.6, 0.7, -0.1];
    const compiled = compileKernel(kernel as Kernel, [doubles(8), new Float64Array(5), k], [2]);
    expect(waves(compiled)).toBe(3);
    expectSame(kernel as Kernel, compiled, [3, 21, 64].map((n) => [Float64Array.from({ length: n }, (_, i) => Math.cos(i * i)), new Float64Array(5), k]));
  });
  test("not where a later stage's value comes back to an earlier one", () => {
    const kernel = (x: Float64Array, z: Float64Array, k: number[]): void => {
      for (let i = 0; i < x.length; i++) {
        let v = x[i]! - z[3]!;
        for (let s = 0; s < k.length; s++) { z[s] = z[s]! + k[s]! * (v - z[s]!); v = z[s]!; }
        x[i] = v;
      }
    };
    const compiled = compileKernel(kernel as Kernel, [doubles(8), new Float64Array(4), [0.3, 0.4, 0.5, 0.6]], [2]);
    expect(waves(compiled)).toBe(0);
  });
  test("not where what is read ahead is written meanwhile", () => {
    const kernel = (x: Float64Array, z: Float64Array, k: number[]): void => {
      for (let i = 0; i + 2 < x.length; i++) {
        let v = x[i]!;
        for (let s = 0; s < k.length; s++) { const o = z[s]! - k[s]! * v; z[s] = v + k[s]! * o; v = o; }
        x[i + 2] = v;
      }
    };
    const k = [0.3, -0.4, 0.6, 0.7];
    const compiled = compileKernel(kernel as Kernel, [doubles(8), new Float64Array(4), k], [2]);
    expect(waves(compiled)).toBe(0);
    expectSame(kernel as Kernel, compiled, [[Float64Array.from({ length: 60 }, (_, i) => Math.cos(i)), new Float64Array(4), k]]);
  });
  test("a function without loops stays as it is", () => { transform(skew, "func @f(%a: f64) -> f64 { return %a }"); });
});
