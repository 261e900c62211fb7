// What leaves a kernel of a tracked value is what the caller's own code would have: its Proxies, so that whoever edits it is noticed.

import { beforeAll, expect, it } from "vitest";
import { ready, specialize, tracked } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

interface Slow { rows: { k: number }[]; t: number[]; o: { l: number[] }; s: number }
const slowValue = (): Slow => ({ rows: [{ k: 1 }, { k: 2 }], t: [1, 2], o: { l: [3] }, s: 0 });
const read = (x: number, c: Slow): number => x * c.rows[0]!.k + c.t[0]! + c.o.l[0]! + c.s + c.t.length;

for (const tier of ["wasm", "js"] as const) {
  const options = { tier, compile: "sync" } as const;
  /** A kernel that has compiled the value in, and armed its guard. */
  function reader(c: Slow): (x: number) => number {
    const fast = specialize(read, { slow: ["c"], ...options });
    for (let i = 0; i < 2; i++) expect(fast(2, c)).toBe(read(2, c));
    return (x) => fast(x, c);
  }

  it.each<[string, (x: number, c: Slow) => unknown, (got: never) => void]>([
    ["a row", (x, c) => (x > 0 ? c.rows[0] : c.rows[1]), (row: Slow["rows"][number]) => { row.k = 50; }],
    ["a list in a new one", (x, c) => [c.t, x], ([t]: [number[]]) => { t[0] = 70; }],
    ["parts of parts", (x, c) => ({ x, o: c.o, l: c.o.l }), ({ l }: { l: number[] }) => { l[0] = 11; }],
    ["itself", (_x, c) => c, (c: Slow) => { c.rows[0]!.k = 9; }],
    ["many times", (x, c) => { const list = []; for (let i = 0; i < x; i++) list.push({ of: c.t }); return list; }, (list: { of: number[] }[]) => { list[0]!.of[0] = 8; }],
  ])(`${tier}: %s leaves, and is edited`, (_what, kernel, edit) => {
    const c = tracked(slowValue()), later = reader(c), fast = specialize(kernel, { slow: ["c"], ...options });
    fast(3, c);
    const got = fast(3, c);
    expect(fast.stats().calls[tier]).toBe(2);
    edit(got as never);
    expect(later(2)).toBe(read(2, c));
  });

  it(`${tier}: a captured one`, () => {
    const cap = tracked(slowValue()), later = reader(cap);
    const fast = specialize((x: number) => { cap.s += x; cap.t.push(x); return x > 0 ? cap.rows[0] : cap.o; }, { ...options, env: { cap } });
    expect(fast(1)).toBe(cap.rows[0]);
    expect(later(2)).toBe(read(2, cap));
    expect(fast(1)).toBe(cap.rows[0]);
    expect(later(2)).toBe(read(2, cap));
    expect(fast.stats().calls[tier]).toBe(2);
  });

  it.each<[string, (x: number, c: Slow) => unknown]>([
    ["a field", (x, c) => { c.s = x; return x; }],
    ["an array in place", (x, c) => { for (let i = 0; i < c.t.length; i++) c.t[i]! += x; return x; }],
    ["a list", (x, c) => { c.t.push(x); return x; }],
  ])(`${tier}: %s of it is written`, (_what, kernel) => {
    const c = tracked(slowValue()), later = reader(c), fast = specialize(kernel, options);
    for (const x of [5, 7, 9]) {
      fast(x, c);
      expect(later(2)).toBe(read(2, c));
    }
    expect(fast.stats().calls[tier]).toBe(3);
  });

  it(`${tier}: verification takes the Proxy for the part that it is`, () => {
    const c = tracked(slowValue()), fast = specialize((x: number, c: Slow) => (x > 0 ? c.rows[0] : c.rows[1]), { slow: ["c"], ...options, verify: { every: 1 } });
    for (let i = 0; i < 3; i++) expect(fast(1, c)).toBe(c.rows[0]);
    expect(fast.reports()).toEqual([]);
  });
}

it("who asks for it twice gets the same", () => {
  const raw = slowValue();
  expect(tracked(raw)).toBe(tracked(raw));
});
