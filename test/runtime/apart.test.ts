// Objects of the call's that are compared with what slow and captured values hold: in some calls they are the very ones.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

interface Point { x: number }
type Kernel = (...args: never[]) => unknown;
await ready();

for (const tier of ["wasm", "js"] as const) describe(tier, () => {
  /** `given` makes a call's arguments, told whether they are to hold what slow values hold. The calls of others are served. */
  function alternate(kernel: Kernel, slow: string[], given: (meets: boolean) => unknown[], least = 4): void {
    const fast = specialize(kernel, { slow, tier, compile: "sync" });
    for (let s = 0; s < 8; s++) { const args = given(s % 2 === 1) as never[]; expect(fast(...args)).toEqual(kernel(...args)); }
    expect(fast.stats().calls[tier]).toBeGreaterThanOrEqual(least);
  }
  const some = (x: number): Point => ({ x });

  it("objects of an array with an element of a slow list", () => {
    const list = [some(3), some(4)];
    alternate((list: Point[], a: Point[]) => { let s = 0; for (const p of a) s = s * 2 + (p === list[0] ? 100 : p.x); return s; }, ["list"], (meets) => [list, [some(9), meets ? list[0] : some(3)]]);
  });
  it("with one that is chosen at run time", () => {
    const list = [some(3), some(4)];
    alternate((list: Point[], a: Point[], j: number) => { let s = 0; for (const p of a) s = s * 2 + (p === list[j & 1] ? 100 : 1); return s; }, ["list"], (meets) => [list, [some(9), meets ? list[1] : some(3)], 1]);
  });
  it("looked for", () => {
    const list = [some(3), some(4)];
    alternate((list: Point[], a: Point[]) => a.indexOf(list[1]!) + (list.includes(a[0]!) ? 10 : 0), ["list"], (meets) => [list, [some(9), meets ? list[1] : some(3)]]);
  });
  it("what they hold", () => {
    const list = [some(3), some(4)];
    alternate((list: Point[], a: { p: Point; v: number }[]) => { let s = 0; for (const { p, v } of a) s = s * 2 + (p === list[0] ? 100 : v); return s; }, ["list"], (meets) => [list, [{ p: some(9), v: 1 }, { p: meets ? list[0] : some(3), v: 2 }]]);
  });
  it("dates", () => {
    const list = [new Date(3), new Date(4)];
    alternate((list: Date[], a: Date[]) => { let s = 0; for (const d of a) s = s * 2 + (d === list[0] ? 100 : d.getTime()); return s; }, ["list"], (meets) => [list, [new Date(9), meets ? list[0] : new Date(3)]]);
  });
  it("with what a captured object holds that is written", () => {
    const own = { n: 0, list: [some(3)] }, list = [some(3)];
    alternate((a: Point[]) => { own.n++; let s = 0; for (const p of a) s = s * 2 + (p === own.list[0] ? 100 : p.x); return s; }, [], (meets) => [[some(9), meets ? own.list[0] : list[0]]]);
  });
  it("as keys of a table of the kernel's own", () => {
    const same = some(2);
    alternate((p: Point, q: Point) => { const table = new Map([[p, 1], [q, 2]]); return table.size * 10 + table.get(p)! + p.x * q.x; }, [], (meets) => (meets ? [same, same] : [some(1), some(1)]));
  });
  it("as a key beside a slow one", () => {
    const own = some(2);
    alternate((own: Point, q: Point) => { const set = new Set([own, q]); return set.size * 10 + (set.has(own) ? 1 : 0) + q.x; }, ["own"], (meets) => [own, meets ? own : some(2)]);
  });
  it("as a key of a slow table, by the original", () => {
    const own = some(2), set = new Set([own]);
    alternate((set: Set<Point>, q: Point) => (set.has(q) ? 10 : q.x), ["set"], (meets) => [set, meets ? own : some(2)], 0);
  });
});
