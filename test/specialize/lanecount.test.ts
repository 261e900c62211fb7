// Long bodies: fewer lanes than fill a register of bytes, of which parts go to memory and back.

import { describe, expect, test } from "vitest";
import { compileKernel, expectSame, lanesOf, runProgram, type Kernel } from "./vectorize.harness.ts";

/** So many operations on doubles, of two bytes (of one they would be a table), that sixteen lanes of them would be too long a step. */
const long = (a: string, terms = 40): string => Array.from({ length: terms }, (_, k) => `Math.sqrt(${a} + ${k}) / ${k + 3}`).join(" + ");
const kernelOf = (body: string): Kernel => new Function("x", "y", body) as Kernel;
const lengths = [0, 1, 3, 4, 5, 7, 8, 12, 15, 16, 33, 64];
type Make = Uint8ArrayConstructor | Uint8ClampedArrayConstructor | Int16ArrayConstructor | Float32ArrayConstructor;
const args = (make: Make) => (n: number): unknown[] => [new make(Array.from({ length: n }, (_, i) => (i * 77) & 255)), new make(Array.from({ length: n }, (_, i) => i))];

describe("four lanes at a time", () => {
  test.each<[string, string, Make]>([
    ["bytes", `for (let i = 0; i < x.length; i++) y[i] = ${long("x[i] * y[i]")};`, Uint8Array],
    ["bytes that are clamped", `for (let i = 0; i < x.length; i++) y[i] = 30 * (${long("x[i] * y[i]")});`, Uint8ClampedArray],
    ["from the end", `for (let i = x.length - 1; i >= 0; i--) y[i] = ${long("x[i] * y[i]")};`, Uint8Array],
    ["under a condition", `for (let i = 0; i < x.length; i++) { const v = ${long("x[i] * y[i]")}; x[i] = v; if (v > 90) y[i] = v + v; }`, Uint8Array],
    ["every second one", `for (let i = 0; i + 1 < x.length; i += 2) y[i] = ${long("x[i + 1] * y[i + 1]")};`, Uint8Array],
    ["pixels of three bytes", `for (let i = 0; i + 2 < x.length; i += 3) { y[i] = ${long("x[i + 1] * y[i + 1]")}; y[i + 1] = x[i]; y[i + 2] = x[i + 2] ^ 5; }`, Uint8Array],
    ["pixels of four, of which one stays", `for (let i = 0; i + 3 < x.length; i += 4) { y[i] = ${long("x[i + 1] * y[i + 1]")}; y[i + 2] = x[i + 3]; y[i + 3] = x[i]; }`, Uint8ClampedArray],
    ["words of 16 bits", `for (let i = 0; i < x.length; i++) y[i] = ${long("x[i] * y[i]")};`, Int16Array],
    ["three of 16 bits", `for (let i = 0; i + 2 < x.length; i += 3) { y[i] = ${long("x[i + 1] * y[i + 1]")}; y[i + 1] = x[i + 2]; }`, Int16Array],
  ])("%s", (_, body, make) => {
    const kernel = kernelOf(body), compiled = compileKernel(kernel, args(make)(64));
    expect(lanesOf(compiled)).toBe(4);
    expectSame(kernel, compiled, lengths.map(args(make)));
  });

  test("does as few operations as sixteen would", () => {
    const kernel = kernelOf(`for (let i = 0; i < x.length; i++) y[i] = ${long("x[i] * y[i]")};`), given = args(Uint8Array)(64), { residual } = compileKernel(kernel, given);
    expect(runProgram(residual.optimized, given).executed / runProgram(residual.program, given).executed).toBeLessThan(0.7);
  });
});

describe("fewer where less would find room in registers", () => {
  const weights = [0.393, 0.769, 0.189, 0.349, 0.686, 0.168, 0.272, 0.534, 0.131];
  test("channels mixed in doubles", () => {
    const kernel = kernelOf(`for (let i = 0; i + 3 < x.length; i += 4) { const r = x[i], g = x[i + 1], b = x[i + 2];
      ${[0, 1, 2].map((c) => `y[i + ${c}] = r * ${weights[3 * c]} + g * ${weights[3 * c + 1]} + b * ${weights[3 * c + 2]};`).join(" ")} y[i + 3] = x[i + 3]; }`);
    const compiled = compileKernel(kernel, args(Uint8ClampedArray)(64));
    expect(lanesOf(compiled)).toBe(4);
    expectSame(kernel, compiled, lengths.map(args(Uint8ClampedArray)));
  });
});

describe("whole registers", () => {
  test("of short bodies", () => { expect(lanesOf(compileKernel(kernelOf("for (let i = 0; i < x.length; i++) y[i] = Math.sqrt(x[i] * y[i]);"), args(Uint8Array)(64)))).toBe(16); });

  test("of a search, which asks all lanes whether it ends", () => {
    const kernel = kernelOf(`for (let i = 0; i < x.length; i++) if (${long("x[i] * y[i]")} > 120) return i; return -1;`), compiled = compileKernel(kernel, args(Uint8Array)(64));
    expect([1, 16]).toContain(lanesOf(compiled));
    expectSame(kernel, compiled, lengths.map(args(Uint8Array)));
  });
});
