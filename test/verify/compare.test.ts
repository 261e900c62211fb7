// What is the same and what is not: a line a fact.

import { describe, expect, it } from "vitest";
import { compare, Comparison, describeMismatch, ulpDistance } from "../../src/verify/compare.ts";

const same = (a: unknown, b: unknown): void => expect(compare(a, b)).toEqual([]);
const differs = (a: unknown, b: unknown, path: string, index: number | null = null, ulp: number | null = null): void =>
  expect(compare(a, b)).toMatchObject([{ path, index, ulp }]);

describe("numbers", () => {
  it("NaN is NaN, −0 is not 0", () => {
    same(NaN, -NaN);
    differs(0, -0, "result", null, 1);
    differs(1, 1 + Number.EPSILON, "result", null, 1);
    differs(1, "1", "result");
    differs(NaN, 1, "result", null, null);
    differs(undefined, null, "result");
    differs(1n, 2n, "result");
  });
  it("ulps count representable numbers", () => {
    expect(ulpDistance(1, 1)).toBe(0);
    expect(ulpDistance(5e-324, -5e-324)).toBe(3);
    expect(ulpDistance(Number.MAX_VALUE, Infinity)).toBe(1);
    expect(ulpDistance(1, Math.fround(1 + 2 ** -23), true)).toBe(1);
  });
});

describe("arrays", () => {
  it("length, holes and elements count", () => {
    same([1, , 3], [1, , 3]);
    differs([1, 2], [1], "result.length");
    differs([1, , 3], [1, undefined, 3], "result", 1);
    differs([[1], [-0]], [[1], [0]], "result[1]", 0, 1);
  });
  it("typed arrays: kind, length, bits, all NaNs alike", () => {
    same(Float64Array.of(NaN, -0), new Float64Array(new BigUint64Array([0xfff8000000000001n, 0x8000000000000000n]).buffer));
    differs(Float64Array.of(-0), Float64Array.of(0), "result", 0, 1);
    differs(Uint8Array.of(1), Int8Array.of(1), "result");
    differs(new Int8Array(2), new Int8Array(3), "result.length");
    differs(Uint8Array.of(1), Buffer.of(1), "result.__proto__");
    differs(Uint8Array.of(1), Object.assign(Uint8Array.of(1), { undefined: 2 }), "result (keys)");
    differs(Float32Array.of(1), Float32Array.of(1 + 2 ** -23), "result", 0, 1);
    differs(BigInt64Array.of(1n), BigInt64Array.of(2n), "result", 0);
  });
  it("every mismatch is counted, some are listed", () => {
    const comparison = new Comparison(3).add("x", new Float64Array(10).fill(1), new Float64Array(10));
    expect([comparison.count, comparison.mismatches.length, comparison.equal]).toEqual([10, 3, false]);
  });
});

describe("objects", () => {
  class Point { x = 1; }
  it("fields, their order, prototypes", () => {
    same({ a: { b: 1 } }, { a: { b: 1 } });
    differs({ a: { b: 1 } }, { a: { b: 2 } }, "result.a.b", null, 4503599627370496);
    differs({ a: 1, b: 2 }, { b: 2, a: 1 }, "result (keys)");
    differs(new Point(), { x: 1 }, "result.__proto__");
    differs({ "a b": 1 }, { "a b": true }, 'result["a b"]');
  });
  it("identity: one object here is one object there", () => {
    const shared = [1];
    same([shared, shared], ((s) => [s, s])([1]));
    differs([shared, shared], [[1], [1]], "result", 1);
    differs([[1], [1]], ((s) => [s, s])([1]), "result", 1);
  });
  it("cycles end", () => {
    const loop = (): unknown[] => { const a: unknown[] = []; a.push(a); return a; };
    same(loop(), loop());
  });
  it("Maps, Sets, Dates, wrappers", () => {
    same(new Map([[1, [2]]]), new Map([[1, [2]]]));
    differs(new Map([[1, 2]]), new Map([[1, 3]]), "result.entries", 1, 2 ** 51);
    differs(new Set([1]), new Set([1, 2]), "result.items.length");
    differs(new Date(1), new Date(1.5e9), "result.time", null, ulpDistance(1, 1.5e9));
  });
  it("errors by class and message", () => {
    same(new RangeError("a"), new RangeError("a"));
    differs(new RangeError("a"), new TypeError("a"), "result.class");
    differs(new RangeError("a"), new RangeError("b"), "result.message");
  });
  it("functions by identity", () => {
    same(Math.sin, Math.sin);
    differs(Math.sin, Math.cos, "result");
  });
  it("getters are not run", () => {
    const get = (): never => { throw new Error("run"); };
    same(Object.defineProperty({}, "x", { get, enumerable: true }), Object.defineProperty({}, "x", { get, enumerable: true }));
  });
});

it("a mismatch reads as a sentence", () => {
  expect(describeMismatch(compare([0], [-0])[0]!)).toBe("result[0]: 0 expected, -0 found (1 ulp)");
});
