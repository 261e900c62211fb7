// Calls of as many arguments as a list of the call has: f(...list), f.apply(self, list). The original's results, by WebAssembly.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

type Kernel = (list: number[]) => unknown;
const lists = [[65, 66.7, -3], [1e10, NaN], [], [70_000, 66, 1, 2, 3]];
function served(kernel: Kernel, given: readonly unknown[] = lists): void {
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (const list of given) {
    const mine = structuredClone(list) as number[], theirs = structuredClone(list) as number[];
    expect(fast(mine)).toEqual(kernel(theirs));
    expect(mine).toEqual(theirs);
  }
  expect(fast.stats().calls, fast.explain()).toEqual({ original: 0, js: 0, wasm: given.length });
}

describe("String.fromCharCode", () => {
  const bytes = [Uint8Array.of(65, 66, 200), Uint8Array.of(1), new Uint8Array(0)];
  it("of numbers, with others before them", () => { served((list) => String.fromCharCode(...list)); served((list) => `x${String.fromCharCode(72, ...list)}`); });
  it("of bytes, and of a part of them", () => {
    served((list) => String.fromCharCode.apply(null, list), bytes);
    served((list) => String.fromCharCode.apply(null, (list as unknown as Uint8Array).subarray(1) as unknown as number[]), bytes);
  });
  it("makes a new string each time", () => {
    served((list) => { let h = 0; for (let k = 0; k < 3; k++) { const s = String.fromCharCode(...list); list[0] = k; h = h * 7 + s.charCodeAt(0) + s.length; } return h; });
  });
});

describe("Array.prototype.concat", () => {
  const rows = [[[1, 2], [], [3]], [[NaN]], []];
  it("of numbers, with others before them", () => { served((list) => [5].concat(...list)); served((list) => list.concat(7, [8] as never, ...list)); });
  it("of rows of the call's, and of the kernel's own", () => {
    served((list) => ([] as number[]).concat(...list), rows);
    served((list) => { const out: number[][] = Array.from({ length: 3 }, () => []); for (const x of list) out[Math.abs(x) % 3 | 0]?.push(x); return ([] as number[]).concat(...out); });
  });
  it("of arrays and numbers", () => { served((list) => { const out: (number | number[])[] = []; for (const x of list) out.push(x > 1 ? x : [x, 1]); return ([0] as unknown[]).concat(...out); }); });
});

describe("functions of the user's", () => {
  function mean(): unknown { for (var n = arguments.length, p = new Array(n), k = 0; k < n; k++) p[k] = arguments[k] as number; let s = 0; for (let i = 0; i < n; i++) s += p[i] as number; return n ? s / n : undefined; } // eslint-disable-line no-var, prefer-rest-params
  function tail(a: number, ...rest: number[]): number { let s = a; for (const v of rest) s += v * 2; rest[0] = 5; return s + rest.length; }
  function both(this: unknown, a = 7, b?: number, ...rest: number[]): number { return a + (b ?? 100) + rest.reduce((x, y) => x + y, 0) + arguments.length; } // eslint-disable-line prefer-rest-params
  const sorted = (...values: number[]): number[] => values.sort((a, b) => a - b);
  it("with arguments", () => { served((list) => mean(...list as [])); served((list) => mean.apply(null, list as [])); });
  it("with a rest parameter", () => { served((list) => tail(...list as [number])); served((list) => tail(1, ...list)); });
  it("with both, and a default", () => { served((list) => both(...list)); });
  it("which change the rest alone", () => { served((list) => [sorted(...list), list]); });
  it("with parameters alone", () => { served((list) => ((a?: number, b?: number) => (a ?? 0) * 10 + (b ?? 1))(...list)); });
  it("bound", () => { served((list) => tail.bind(null, 2)(...list)); });
  it("of points", () => { const spread = (...points: number[][]): number => points.reduce((s, p) => s + p[0]! - p[1]!, 0); served((list) => spread(...list as unknown as number[][]), [[[1, 2], [3, 5]], [[5, 6]]]); });
});

describe("`in` and hasOwn of an array of the call", () => {
  it("know what all arrays have", () => { served((list) => [("y" in list), ("map" in list), Object.hasOwn(list, "map"), Object.hasOwn(list, "length")].map(Number)); });
  it("of its rows", () => { served((list) => (list as unknown as ({ y: number } | number[])[]).reduce((s, p) => s + ("y" in p ? p.y : p[1]!), 0), [[[1, 2], [3, 4]], [[5, 6]]]); });
  it("of one with such a field", () => {
    const fast = specialize((list: number[] & { y?: number }) => ("y" in list ? list.y! : list[0]!), { tier: "wasm", compile: "sync" });
    expect([fast([4, 5]), fast(Object.assign([1, 2], { y: 3 })), fast([6])]).toEqual([4, 3, 6]);
    expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 3 });
  });
});

describe("String.prototype.concat, as compilers write templates", () => {
  it("of a number that varies", () => {
    const fast = specialize((x: number) => "a".concat(x as never, "b"), { tier: "wasm", compile: "sync" });
    expect([fast(1), fast(2.5), fast.stats().calls.wasm]).toEqual(["a1b", "a2.5b", 2]);
  });
});
