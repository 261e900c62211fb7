// Loops over the keys of arrays, as code from before for-of has them.

import { describe, test } from "vitest";
import { served } from "./served.ts";

const named = <T extends object>(list: T): T => Object.assign(list, { extra: 5 });

describe("for-in that asks whether a key is the array's own", () => {
  test("of the caller's, by its method", () => served((x: number[]) => { let s = 0; for (const k in x) if (x.hasOwnProperty(k)) s += x[k]! * 2; return s; }, [[[1, 2]], [[1.5, 2, 3]], [[1, , 3] as number[]], [[]]]));
  test("by Object.prototype's", () => served((x: Float32Array) => { let s = 0; for (const k in x) if (Object.prototype.hasOwnProperty.call(x, k)) s += x[k as never]!; return s; }, [[Float32Array.of(1, 2.5)], [new Float32Array(0)]]));
  test("by Object.hasOwn, and by `in`", () => served((x: number[]) => { const y = x.slice(); let s = 0; for (const k in y) { if (!Object.hasOwn(y, k)) continue; if (k in y) s += y[k]!; } return s; }, [[[1, 2]], [[]]]));
  test("a sieve that tries the primes found so far", () => served((n: number) => {
    const primes = [2];
    for (let i = 3; i <= n; i++) { let divided = false; for (const k in primes) if (primes.hasOwnProperty(k)) divided = divided || 0 === i % primes[k]!; if (!divided) primes.push(i); }
    return primes;
  }, [[30], [2], [100]]));
});

describe("for-in over rows", () => {
  test("of the caller's", () => served((m: number[][]) => { let s = 0; for (const i in m) for (const j in m[i]) s = s * 0.5 + m[i]![j as never]! * +j; return s; }, [[[[1, 2], [3]]], [[[1, 2], named([3, 4])]], [[[], [1]]]], { original: 1 }));
  test("typed ones", () => served((m: Float64Array[]) => { let s = 0; for (const row of m) for (const j in row) if (row.hasOwnProperty(j)) s += row[j as never]!; return s; }, [[[Float64Array.of(1, 2), Float64Array.of(3)]]]));
  test("two levels down", () => served((m: number[][][]) => { let s = 0; for (const rows of m) for (const row of rows) for (const j in row) s += row[j]! * +j; return s; }, [[[[[1, 2], [3]]]], [[[[1, 2], named([3])]]]], { original: 1 }));
  test("that objects hold", () => served((m: { w: number[] }[]) => { let s = 0; for (const o of m) for (const j in o.w) s += o.w[j]!; return s; }, [[[{ w: [1, 2] }, { w: [3] }]], [[{ w: [1, 2] }, { w: named([3]) }]]], { original: 1 }));
  test("that grow meanwhile", () => served((m: number[][]) => { let s = 0; for (const row of m) { row.push(s); for (const j in row) s += row[j]!; } return s; }, [[[[1, 2], [3]]], [[[1, 2], named([3])]]], { original: 1 }));
  test("their values and entries", () => served((m: number[][]) => m.map((row) => [Object.keys(row).length, ...Object.values(row), ...Object.entries(row).map(([k, v]) => +k * v)]), [[[[1, 2], [3]]], [[[1, 2], named([3])]]], { original: 1 }));
});
