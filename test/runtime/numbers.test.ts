// Arrays that are returned, of numbers alone and with holes: of all lengths, nested, in objects, and where arrays are not what they were.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { portrait, served } from "./subjects.ts";

beforeAll(() => ready());

const lengths = [0, 1, 7, 8, 9, 40];
const kernels: Readonly<Record<string, (n: number, a: number) => unknown>> = {
  "pushed": (n, a) => { const out: number[] = []; for (let i = 0; i < n; i++) out.push(i * a); return out; },
  "of their length": (n, a) => { const out = new Array<number>(n); for (let i = 0; i < n; i++) out[i] = a - i; return out; },
  "with holes": (n, a) => { const out = new Array<number>(n); for (let i = 1; i < n; i += 3) out[i] = i / a; return out; },
  "with holes at the end": (n, a) => { const out = new Array<number>(n); for (let i = 0; i < n - 5; i++) out[i] = i / a; return out; },
  "of zeros and NaN": (n, a) => { const out = new Array<number>(n); for (let i = 0; i < n; i++) out[i] = i % 3 === 0 ? -(a - a) : i % 3 === 1 ? NaN * a : i; return out; },
  "in an object": (n, a) => { const odd: number[] = [], even: number[] = []; for (let i = 0; i < n; i++) (i & 1 ? odd : even).push(i * a); return { odd, even, again: odd }; },
};
for (const [title, kernel] of Object.entries(kernels)) {
  for (const tier of ["wasm", "js"] as const) it(`${title} (${tier})`, () => expect(served(tier, () => ({ f: kernel, state: null }), lengths.map((n) => [n, 1.5]))).toBe(lengths.length));
}
it("long ones", () => {
  const kernel = kernels["pushed"] as (n: number, a: number) => number[], fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (const n of [65_536, 65_537]) { const [mine, theirs] = [fast(n, 0.1), kernel(n, 0.1)]; expect(mine.length === n && mine.every((x, i) => x === theirs[i])).toBe(true); }
});
it("rows, some of them one", () => {
  const rows = (n: number, a: number): number[][] => { const out: number[][] = []; for (let i = 0; i < n; i++) { const row: number[] = []; for (let k = 0; k < i; k++) row.push(k * a); out.push(row); if (i === 3) out.push(row); } return out; };
  expect(served("wasm", () => ({ f: rows, state: null }), [[12, 0.5], [3, 2], [0, 1]])).toBe(3);
});
it("rows of all short lengths, in two tables, backwards and again", () => {
  const tables = (n: number, a: number): unknown => {
    const up: number[][] = [], down: number[][] = [];
    for (let i = 0; i < n; i++) { const row: number[] = []; for (let k = 0; k < i; k++) row.push(a - k); up.push(row); }
    for (let i = n - 1; i >= 0; i--) { down.push(up[i]!); if (i % 5 === 0) down.push([i, a]); }
    return { up, down, first: up[0], last: down };
  };
  expect(served("wasm", () => ({ f: tables, state: null }), [[19, 0.5], [3, 2], [0, 1], [40, -0]])).toBe(4);
});
describe("several returns", () => {
  const forms: Readonly<Record<string, (n: number, a: number) => unknown>> = {
    "nothing or a matrix": (n, a) => (n < 1 ? null : [[n * a, -a], [0, n]]),
    "numbers, texts and objects": (n, a) => { if (n < 1) return "none"; if (n < 8) return NaN * a; if (n < 9) return { x: n, rows: [[a], [n]] }; return n > 20; },
    "more than have a text": (n, a) => { if (n < 1) return -0; if (n < 2) return [a]; if (n < 8) return undefined; if (n < 9) return [[n], [a]]; if (n < 20) return { n }; return a; },
    "what lies in memory, or nothing": (n, a) => { if (n < 2) return [a]; const out: number[][] = []; for (let i = 0; i < n; i++) out.push([i, a]); return out; },
    "holes at the end": (n, a) => { if (n < 8) return [n, a, , ,]; return [, a]; },
  };
  for (const [title, kernel] of Object.entries(forms)) {
    for (const tier of ["wasm", "js"] as const) it(`${title} (${tier})`, () => expect(served(tier, () => ({ f: kernel, state: null }), lengths.map((n) => [n, 1.5]))).toBe(lengths.length));
  }
  it("and something that is written", () => {
    const kernel = (p: { x: number }, n: number): unknown => { if (n < 1) return null; p.x += n; return n < 8 ? [p.x] : p; };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), mine = { x: 1 }, theirs = { x: 1 };
    for (const n of lengths) { const [got, wanted] = [fast(mine, n), kernel(theirs, n)]; expect([got === mine, got]).toEqual([wanted === theirs, wanted]); expect(mine).toEqual(theirs); }
    expect(fast.stats().calls.wasm).toBe(lengths.length);
  });
});
describe("rows that are iterated are asked in each call", () => {
  const sums = (rows: readonly number[][]): number[] => { const out: number[] = []; for (const [x = 0, y = 0] of rows) out.push(x + 2 * y); return out; };
  const points = (): number[][] => Array.from({ length: 5 }, (_, i) => [i, i + 0.5]);
  const steps: Readonly<Record<string, (rows: number[][]) => void>> = {
    "as before": () => {}, "another row": (rows) => { rows[2] = [7, 8.5]; }, "a row more": (rows) => { rows.push([1, 2]); },
    "an iterator of its own": (rows) => { Object.defineProperty(rows[3], Symbol.iterator, { value: function* () { yield 4; yield 5; } }); },
    "of a class": (rows) => { rows[1] = Object.setPrototypeOf(rows[1]!, { __proto__: Array.prototype, [Symbol.iterator]: function* () { yield 1; } }) as number[]; },
    "a Proxy": (rows) => { rows[0] = new Proxy(rows[0]!, {}); },
  };
  for (const [title, change] of Object.entries(steps)) it(title, () => {
    const fast = specialize(sums, { tier: "wasm", compile: "sync" }), rows = points();
    for (let i = 0; i < 4; i++) expect(fast(rows)).toEqual(sums(rows));
    expect(fast.stats().calls.wasm).toBe(4);
    change(rows);
    for (let i = 0; i < 3; i++) expect(fast(rows)).toEqual(sums(rows));
  });
  it("without the array's methods", () => {
    const fast = specialize(sums, { tier: "wasm", compile: "sync" }), rows = points();
    for (let i = 0; i < 3; i++) expect(fast(rows)).toEqual(sums(rows));
    let calls = 0;
    for (const name of ["every", "slice", "some", "map"]) Object.defineProperty(rows, name, { value: () => { calls++; } });
    rows[1] = [5, 6];
    for (let i = 0; i < 3; i++) expect(fast(rows)).toEqual(sums(rows));
    expect([calls, fast.stats().calls.wasm]).toEqual([0, 6]);
  });
});

describe("where arrays are not what they were", () => {
  const fast = specialize((n: number) => { const out: number[] = []; for (let i = 0; i < n; i++) out.push(i / 2); return out; }, { tier: "wasm", compile: "sync" });
  const wanted = Array.from({ length: 20 }, (_, i) => i / 2);
  it("a method is another", () => {
    const { slice } = Array.prototype;
    fast(20);
    let calls = 0;
    // eslint-disable-next-line no-extend-native
    const put = (method: typeof slice): void => { Object.defineProperty(Array.prototype, "slice", { value: method, writable: true, configurable: true }); };
    put(function (this: unknown[], ...given) { calls++; return slice.apply(this, given) as never; });
    try { expect(fast(20)).toEqual(wanted); } finally { put(slice); }
    expect(calls).toBe(0);
  });
  it("their constructor is asked for", () => {
    const then = Object.getOwnPropertyDescriptor(Array.prototype, "constructor")!;
    // eslint-disable-next-line no-extend-native
    const put = (to: PropertyDescriptor): void => { Object.defineProperty(Array.prototype, "constructor", to); };
    let result: unknown;
    put({ configurable: true, get: (): never => { throw new Error("asked"); } });
    try { result = fast(20); } finally { put(then); }
    expect(result).toEqual(wanted);
  });
  it("their species is another", () => {
    const then = Object.getOwnPropertyDescriptor(Array, Symbol.species)!;
    class List<T> extends Array<T> {}
    fast(20);
    for (const get of [() => List, (): never => { throw new Error("asked"); }]) {
      Object.defineProperty(Array, Symbol.species, { configurable: true, get });
      try { expect(portrait(fast(20))).toBe(portrait(wanted)); } finally { Object.defineProperty(Array, Symbol.species, then); }
    }
    expect(Object.getPrototypeOf(fast(20))).toBe(Array.prototype);
  });
});
