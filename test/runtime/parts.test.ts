// Parts of slow values that a call gives back are those of the call's own values, not of those that the version was made of.

import { beforeAll, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

interface Slow { t: number[]; o: { l: number[] }; rows: number[][]; m: Map<string, number[]>; w: Float64Array }
const slowValue = (): Slow => ({ t: [1, 2], o: { l: [4] }, rows: [[2], [3]], m: new Map([["a", [5]]]), w: Float64Array.of(1, 2) });
const kernels: readonly ((x: number, c: Slow) => unknown)[] = [
  (_x, c) => c.t,
  (_x, c) => c.o.l,
  (_x, c) => c.w,
  (_x, c) => c.rows[1],
  (_x, c) => c.m.get("a"),
  (x, c) => [c.t, x],
  (x, c) => ({ x, o: c.o, l: c.o.l, row: c.rows[0] }),
  (x, c) => (x > 2 ? c.t : c.rows[1]),
  (x, c) => { for (const row of c.rows) if (row[0]! > x) return { row }; return c; },
  (x, c) => { const list = []; for (let i = 0; i < x; i++) list.push({ at: i, of: c.t }); return list; },
];
const parts = (value: unknown): unknown[] => (typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(parts)] : [value]);

for (const tier of ["wasm", "js"] as const) {
  it.each(kernels)(`%s (${tier})`, (kernel) => {
    const fast = specialize(kernel, { slow: ["c"], tier, compile: "sync" });
    for (const x of [1, 3, 1, 3]) {
      const c = slowValue(), own = new Set(parts(c)), want = parts(kernel(x, c)), got = parts(fast(x, c));
      expect(got).toEqual(want);
      expect(got.map((part) => own.has(part))).toEqual(want.map((part) => own.has(part)));
      c.t[0] = 9; // what a version was made of is edited
      c.rows[1]![0] = 7;
    }
  });
}

it("a captured object's part that was replaced by an equal one", () => {
  const held = { list: [1, 2] };
  const fast = specialize((x: number) => ({ x, list: held.list, first: held.list[0]! }), { tier: "wasm", compile: "sync" });
  fast(1);
  const before = held.list;
  held.list = [1, 2];
  before[0] = 9;
  expect(fast(1)).toEqual({ x: 1, list: [1, 2], first: 1 });
  expect((fast(1)).list).toBe(held.list);
});

it("a handle gives back what it was made of, and slow values that are not compared need not have the parts any more", async () => {
  const c = slowValue();
  const fast = specialize((x: number, c: Slow) => ({ x, t: c.t, first: c.t[0]! }), { slow: ["c"], tier: "wasm", compile: "sync" });
  const pinned = await fast.pin(1, c);
  const watched = specialize((x: number, c: { o: Slow["o"] | null }) => ({ x, l: c.o!.l }), { slow: ["c"], tier: "wasm", compile: "sync", watch: "identity" });
  const o: { o: Slow["o"] | null } = { o: { l: [4] } };
  watched(1, o);
  (c as { t: unknown }).t = null;
  o.o = null;
  expect((pinned as (x: number) => { t: unknown })(1).t).toEqual([1, 2]);
  expect(watched(1, o)).toEqual({ x: 1, l: [4] });
});

it.each([
  ["hash", { hash: (c: Slow) => JSON.stringify(c) }],
  ["same", { same: (now: Slow, before: Slow) => JSON.stringify(now) === JSON.stringify(before) }],
])("under the user's own %s too: what a version was made of is edited, and an equal value comes", (_what, watch) => {
  const fast = specialize((x: number, c: Slow) => (x > 0 ? c.rows[0] : c.rows[1]), { slow: ["c"], tier: "wasm", compile: "sync", watch });
  const a = slowValue(), b = slowValue();
  fast(1, a);
  a.rows[0]![0] = 9;
  fast(1, a);
  expect(fast(1, b)).toBe(b.rows[0]);
});

it("of what only the user takes for equal, parts that are missing are the version's own", () => {
  const fast = specialize((x: number, c: { o?: Slow["o"] }) => ({ x, l: c.o!.l }), { slow: ["c"], tier: "wasm", compile: "sync", watch: { hash: () => 1 } });
  fast(1, { o: { l: [4] } });
  expect(fast(1, {})).toEqual({ x: 1, l: [4] });
});
