// Checks that JavaScript makes by itself are not written; what they gave is still given.

import { beforeAll, describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(() => ready());

type Kernel = (...args: never[]) => unknown;
/** Runs the kernel in tier js against the original on the same arguments, and gives the residual's text. */
function residual(kernel: Kernel, calls: readonly (readonly unknown[])[], slow: string[] = []): string {
  const fast = specialize(kernel as (...args: unknown[]) => unknown, { tier: "js", compile: "sync", slow });
  for (const call of calls) {
    const [a, b] = [0, 1].map(() => call.map((v) => (ArrayBuffer.isView(v) ? (v as Float64Array).slice() : v)));
    const [got, wanted] = [fast(...a!), (kernel as (...args: unknown[]) => unknown)(...b!)];
    expect([got, ...a!]).toEqual([wanted, ...b!]);
  }
  expect(fast.stats().calls.js).toBe(calls.length);
  return String(fast.inspect(...calls[0]!)!.residual);
}
const edges = [NaN, 0, -0, 1.5, -7, Infinity];

describe("no check is written for", () => {
  test.each([["Float64Array", Float64Array], ["Float32Array", Float32Array], ["Int8Array", Int8Array], ["Uint16Array", Uint16Array], ["Int32Array", Int32Array], ["Uint8ClampedArray", Uint8ClampedArray]] as const)("a read of a %s past its end, which is NaN", (_, array) => {
    const text = residual(function sum(x: Float64Array, at: number) { return x[at | 0]! * 2 + x[(at | 0) + 1]!; } as Kernel, [[array.from(edges), 0], [array.from(edges), 5], [array.from(edges), -1], [array.from(edges), 2147483647], [new array(0), 0]]);
    expect(text).not.toMatch(/NaN/);
  });
  test("a write past the end, which does nothing", () => {
    const text = residual(function put(x: Float64Array, y: Float64Array) { for (let i = 0; i < y.length; i++) x[i] = y[i]! + 1; } as Kernel, [[new Float64Array(3), Float64Array.from(edges)], [new Float64Array(8), Float64Array.from(edges)]]);
    expect(text).not.toMatch(/if|\?/);
  });
  test("state in fixed places", () => {
    const text = residual(function step(state: Float64Array, v: number) { state[0] = v - state[1]!; state[1] = state[0] * 0.5 + state[2]!; } as Kernel, [[Float64Array.of(1, 2, 3), 4], [Float64Array.of(1, 2), 4], [new Float64Array(0), 1]]);
    expect(text).not.toMatch(/_length >>>/);
  });
});

describe("a check stays", () => {
  test("where what is read past the end is no NaN", () => {
    expect(residual(function or(x: Float64Array, at: number) { return x[at | 0] ?? 5; } as Kernel, [[Float64Array.of(1), 0], [Float64Array.of(1), 1]])).toMatch(/5/);
  });
  test("where another array's length is asked", () => {
    expect(residual(function other(x: Float64Array, y: Float64Array, at: number) { return at < y.length ? x[at | 0]! + 1 : NaN; } as Kernel, [[Float64Array.of(1), Float64Array.of(), 0], [Float64Array.of(1, 2), Float64Array.of(1), 1]])).toMatch(/y_length/);
  });
  test("where more than the write hangs on it", () => {
    residual(function count(x: Float64Array, at: number) { let n = 0; if (at < x.length) { x[at | 0] = 1; n = 2; } return n; } as Kernel, [[new Float64Array(2), 1], [new Float64Array(2), 2]]);
  });
});
