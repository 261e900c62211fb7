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
    expect(looped.filter((op) => op === "i64.trunc_sat_f64_s")).toHaveLength(3); // what it ends with is a sum's last bits
    expect(looped).not.toContain("i32.from_f64");
    expect(opsOf("func @f(%x: f64) -> i32 { %r = i32.from_f64 %x  return %r }")).toEqual(["i32.from_f64", "return"]);
  });
  const looped = (body: string, next = "%t"): string => `func @f(%x: f64) -> i32 { %r: i32 = loop l (%i: i32 = 0, %h: i32 = 7) { %c = i32.lt_s %i, 3
    if %c { ${body}  %j = i32.add %i, 1  br l, %j, ${next} }  yield %h }  return %r }`;
  const countOf = (text: string, op: string): number => opsOf(text).filter((o) => o === op).length;
  test("of what is whole it is a sum's last bits, in a loop", () => {
    const whole = looped("%a = f64.trunc %x  %b = f64.max %a, -2251799813685248.0  %d = f64.min %b, 2251799813685248.0  %k = f64.eq %d, %d  %v: f64 = if %k { yield %d } else { yield 0.0 }  %t = i32.from_f64 %v");
    expect(countOf(whole, "i64.reinterpret_f64") + countOf(whole, "i64.trunc_sat_f64_s")).toBe(1);
    const small = looped("%d = f64.convert_i32_s %h  %v = f64.mul %d, 0.0  %k = i32.add %h, %i  %w = f64.convert_i32_s %k  %t = i32.trunc_sat_f64_s %w");
    expect(opsOf(small)).not.toContain("i32.trunc_sat_f64_s");
  });
  test("of what the next iteration does not wait for it is a sum's last bits where that is small, of anything", () => {
    const body = (v: string): string => looped(`${v}  %t0 = i32.from_f64 %v  %t = i32.and %t0, 255`, "%j");
    for (const v of ["%v = f64.floor %x", "%v = f64.mul %x, 1.25", "%d = f64.convert_i32_s %i  %v = f64.div %x, %d", "%a = f64.abs %x  %v = f64.trunc %a"]) {
      expect([countOf(body(v), "i64.reinterpret_f64"), countOf(body(v), "i64.trunc_sat_f64_s")]).toEqual([1, 1]);
    }
    expect(countOf(body("%v = f64.floor %x"), "f64.trunc")).toBe(1); // what is whole is not rounded first
    expect(countOf(body("%v = f64.mul %x, 1.25"), "f64.trunc")).toBe(2);
    const waits = looped("%d = f64.convert_i32_s %h  %u = f64.mul %d, 1.25  %v = f64.add %u, %x  %t = i32.from_f64 %v");
    expect(countOf(waits, "i64.reinterpret_f64")).toBe(0);
    const stored = looped("%d = f64.convert_i32_s %h  %u = f64.mul %d, 1.25  %v = f64.add %u, %x  %t0 = i32.from_f64 %v  f64.store [66560 + %i << 3] space 1, %v  i32.store8 [66600 + %i << 0] space 1, %t0  %t = i32.xor %h, %i");
    expect(countOf(stored, "i64.reinterpret_f64")).toBe(1); // of what it carries, and only stored
  });
  test("where it saturates it is one of a lane, in a loop", () => {
    for (const op of ["i32.trunc_sat_f64_s", "i32.trunc_sat_f64_u"]) {
      const ops = opsOf(looped(`%d = f64.convert_i32_s %i  %v = f64.add %d, %x  %t = ${op} %v`));
      expect(ops).not.toContain(op);
      expect(ops).toContain(op.replace("i32.trunc_sat_f64", "i32x4.trunc_sat_f64x2") + "_zero");
    }
    expect(opsOf("func @f(%x: f64) -> i32 { %r = i32.trunc_sat_f64_s %x  return %r }")).toContain("i32.trunc_sat_f64_s");
  });
  test("a sum that a loop carries on asks of what is added alone whether it is whole", () => {
    const sums = {
      added: "%s = i32.shl %h, 5  %p = f64.convert_i32_s %s  %q = f64.convert_i32_s %h  %u = f64.add %p, %q  %v = f64.add %u, %x  %t = i32.from_f64 %v",
      "taken away": "%p = f64.convert_i32_u %h  %u = f64.mul %p, 65599.0  %v = f64.sub %u, %x  %t = i32.from_f64 %v",
      "times a constant": "%p = f64.convert_i32_s %h  %u = f64.mul %x, -5.0  %v = f64.add %p, %u  %t = i32.from_f64 %v",
      "from two": "%p = f64.convert_i32_s %h  %g = f64.sqrt %x  %u = f64.sub %x, %g  %v = f64.add %p, %u  %t = i32.from_f64 %v",
    };
    for (const body of Object.values(sums)) expect(countOf(looped(body), "i64.reinterpret_f64")).toBeGreaterThan(0);
    expect(countOf(looped("%p = f64.convert_i32_s %h  %u = f64.mul %p, 4503599627370496.0  %v = f64.add %u, %x  %t = i32.from_f64 %v"), "i64.reinterpret_f64")).toBe(0); // it may be rounded
    expect(countOf(looped("%p = f64.convert_i32_s %h  %u = f64.add %x, 0.5  %v = f64.add %p, %u  %t = i32.from_f64 %v"), "i64.reinterpret_f64")).toBe(0);
  });
});

test("a hash of the numbers of an ordinary array, whole and others", () => {
  const hash = ((x: Float64Array) => { let h = 5381; for (let i = 0; i < x.length; i++) h = ((h << 5) + h + x[i]!) | 0; return h >>> 0; }) as Kernel;
  for (const x of [numbers(), Float64Array.from({ length: 99 }, (_, i) => i * 7 - 40), Float64Array.from({ length: 99 }, (_, i) => i / 4 - 40), Float64Array.of(-0, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 3)]) {
    const { residual } = compileKernel(hash, [x], []);
    expect(runProgram(residual.optimized, [x]).result).toBe(hash(...([x] as never[])));
  }
  const whole = Float64Array.from({ length: 99 }, (_, i) => i), { residual } = compileKernel(hash, [whole], []);
  expect(runProgram(residual.optimized, [whole]).executed).toBeLessThan(99 * 20);
});
