// Which object it is: what a call hands over, compared with what captured and slow values hold, some of which is another one in the next call, and with arrays that are only read.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(() => ready());

type Kernel = (...args: never[]) => unknown;
/** Calls one after the other, each of which may put others in the place of what is held; gives how many calls the tier served. */
function calls(tier: "js" | "wasm", kernel: Kernel, steps: readonly (() => readonly unknown[])[], slow: readonly string[] = []): number {
  const run = kernel as unknown as (...args: unknown[]) => unknown, fast = specialize(run, { slow, tier, compile: "sync" });
  for (const step of steps) { const args = step(); expect(fast(...args)).toEqual(run(...args)); }
  return fast.stats().calls[tier];
}
interface Holder { it: { x: number }; deep: { er: { x: number } }; list: [{ x: number }, number[]] }
const holder = (): Holder => ({ it: { x: 1 }, deep: { er: { x: 2 } }, list: [{ x: 3 }, [4]] });
/** Another one, that one, one in its place, another one. */
const turns = (get: () => unknown, put: () => void, other: () => unknown): (() => readonly unknown[])[] => [() => [other(), 2], () => [get(), 2], () => { put(); return [get(), 3]; }, () => [get(), 4], () => [other(), 5]];

describe.each(["js", "wasm"] as const)("which object it is, served by %s", (tier) => {
  it("what a captured object holds", () => {
    const own = holder();
    expect(calls(tier, (p: { x: number }, k: number) => [p.x * k, p === own.it], turns(() => own.it, () => { own.it = { x: 1 }; }, () => ({ x: 1 })))).toBe(2);
  });
  it("what it holds further down, and where that is gone", () => {
    const own = holder();
    calls(tier, (p: { x: number }, k: number) => [p.x * k, p === own.deep.er], turns(() => own.deep.er, () => { own.deep = { er: { x: 2 } }; }, () => ({ x: 1 })));
    const fast = specialize((p: { x: number }) => p === own.deep.er, { tier, compile: "sync" });
    expect([fast({ x: 1 }), fast(own.deep.er)]).toEqual([false, true]);
    own.deep = undefined as never;
    expect(() => fast({ x: 1 })).toThrow(TypeError);
  });
  it("an element, an array among elements, and those that are looked for", () => {
    const own = holder();
    calls(tier, (p: { x: number }, k: number) => [p.x * k, p === own.list[0], own.list.indexOf(p as never)], turns(() => own.list[0], () => { own.list[0] = { x: 3 }; }, () => ({ x: 3 })));
    calls(tier, (p: number[], k: number) => [p[0]! * k, p === own.list[1]], turns(() => own.list[1], () => { own.list[1] = [4]; }, () => [4]));
    calls(tier, (p: { x: number }, k: number) => [k, [...own.list].includes(p as never)], turns(() => own.list[0], () => { own.list[0] = { x: 3 }; }, () => ({ x: 3 })));
  });
  it("what a Map and a class hold", () => {
    const map = new Map([["a", { x: 1 }]]);
    class Cursor { static at = { x: 1 }; }
    calls(tier, (p: { x: number }, k: number) => [k, p === map.get("a")], turns(() => map.get("a"), () => { map.set("a", { x: 1 }); }, () => ({ x: 1 })));
    calls(tier, (p: { x: number }, k: number) => [k, p === Cursor.at], turns(() => Cursor.at, () => { Cursor.at = { x: 1 }; }, () => ({ x: 1 })));
  });
  it("a row of a fast array", () => {
    const own = { row: [1, 2] };
    calls(tier, (g: number[][], k: number) => [g[1]![0]! * k, g[1] === own.row], turns(() => [[1], own.row], () => { own.row = [1, 2]; }, () => [[1], [1, 2]]));
  });
  it("an array of what is no number everywhere, only read, is a slow value's, an object's, a row", () => {
    const flags = (): (boolean | null)[] => [true, null, false];
    const own = flags(), kernel = (f: readonly unknown[], c: { f: readonly unknown[] }): unknown => [f.filter((v) => v).length, f === c.f, [f].indexOf(c.f)];
    for (const slow of [["c"], []]) calls(tier, kernel, [() => [own, { f: flags() }], () => [own, { f: own }], () => [flags(), { f: own }], () => [own, { f: own }]], slow);
    calls(tier, (f: unknown[], g: unknown[][]) => { let n = f.length; for (const row of g) if (row === f) n += 10; return n; }, [() => [flags(), [flags(), own]], () => [own, [flags(), own]], () => [own, [own]]]);
  });
});
