// ToInt32 in lanes, of numbers of any size; and remainders that only the passes for WebAssembly can prove to be of integers.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { shortenTruncations } from "../../src/specialize/truncations.ts";
import { transform } from "./harness.ts";
import { compileKernel, lanesOf, runProgram, type Kernel } from "./vectorize.harness.ts";

const edges = [0, -0, 0.5, -0.5, -1.5, 255.9, 2 ** 31, -(2 ** 31) - 1, 2 ** 31 - 0.5, 2 ** 32, 2 ** 32 + 1.75, -(2 ** 32) - 5, 2 ** 51 + 1, 2 ** 52 + 3, -(2 ** 53) + 7, 2 ** 53 + 2, 2 ** 63, -(2 ** 84), 1e300, -1e22, 5e-324, Infinity, -Infinity, NaN];
const numbers = (): Float64Array => {
  const made = Float64Array.from({ length: 50 }, (_, i) => edges[i % edges.length]!);
  new BigUint64Array(made.buffer)[49] = 0x7ff8000012345678n; // a NaN with low bits
  return made;
};

describe("in lanes", () => {
  const stores: readonly (readonly [string, Kernel])[] = [
    ["what is stored in an Int32Array", ((x: Float64Array, o: Int32Array) => { for (let i = 0; i < o.length; i++) o[i] = x[i]! * 3; }) as Kernel],
    ["what is truncated by | 0", ((x: Float64Array, o: Int32Array) => { for (let i = 0; i < o.length; i++) o[i] = (x[i]! | 0) + 5; }) as Kernel],
    ["what is rounded", ((x: Float64Array, o: Int32Array) => { for (let i = 0; i < o.length; i++) o[i] = Math.round(x[i]! / 7); }) as Kernel],
    ["what is shifted", ((x: Float64Array, o: Int32Array) => { for (let i = 0; i < o.length; i++) o[i] = x[i]! >> 3; }) as Kernel],
  ];
  test.each(stores)("%s", (_, kernel) => {
    const compiled = compileKernel(kernel, [numbers(), new Int32Array(50)], []);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    const x = numbers(), expected = new Int32Array(50);
    kernel(...([x, expected] as never[]));
    expect(runProgram(compiled.residual.optimized, [x, new Int32Array(50)]).arrays[1]).toEqual(expected);
  });
});

test("a checksum modulo a prime has remainders of integers alone", () => {
  const adler = ((d: Uint8Array) => { let a = 1, b = 0; for (let i = 0; i < d.length; i++) { a = (a + d[i]!) % 65521; b = (b + a) % 65521; } return ((b << 16) | a) >>> 0; }) as Kernel;
  const bytes = Uint8Array.from({ length: 400 }, (_, i) => i * 37);
  const { residual } = compileKernel(adler, [bytes], []);
  expect([...instructions(residual.optimized.functions[0]!.body)].some((i) => i.op === "f64.rem")).toBe(false);
  expect(runProgram(residual.optimized, [bytes]).result).toBe(adler(...([bytes] as never[])));
});

describe("in scalar code", () => {
  const inputs = [...edges, 2 ** 62 + 2 ** 20, -(2 ** 63), 2 ** 63 - 1024, -(2 ** 63) - 2048, -(2 ** 64) - 4096].map((x) => [x]);
  const opsOf = (text: string): string[] => [...instructions(transform(shortenTruncations, text, inputs).body)].map((i) => i.op);
  test("of what is less than 2^63 it is a conversion to int64", () => {
    const within = (most: string): string => `func @f(%x: f64) -> i32 { %a = f64.max %x, -${most}  %b = f64.min %a, ${most}  %r = i32.from_f64 %b  return %r }`;
    expect(opsOf(within("9223372036854774784.0"))).toEqual(["f64.max", "f64.min", "i64.trunc_sat_f64_s", "i32.wrap_i64", "return"]);
    expect(opsOf(within("9223372036854775808.0"))).toContain("i32.from_f64");
  });
  test("of anything, in a loop, where it is less; outside it stays", () => {
    const looped = opsOf(`func @f(%x: f64) -> i32 { %r: i32 = loop l (%i: i32 = 0, %h: f64 = 0.0) { %c = i32.lt_s %i, 3
      if %c { %s = f64.add %h, %x  %t = i32.from_f64 %s  %j = i32.add %i, %t  %k = i32.or %j, 1  %n = i32.add %i, %k  %m = i32.and %n, 3  %q = i32.add %i, 1  %o = i32.select %m, %q, 3  br l, %o, %s }
      %e = i32.from_f64 %h  yield %e }  return %r }`);
    expect(looped.filter((op) => op === "i64.trunc_sat_f64_s")).toHaveLength(4);
    expect(looped).not.toContain("i32.from_f64");
    expect(opsOf("func @f(%x: f64) -> i32 { %r = i32.from_f64 %x  return %r }")).toEqual(["i32.from_f64", "return"]);
  });
});
