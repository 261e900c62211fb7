// Operations on values of a kind that they do not take, in objects of the caller's arrays: what throws has to throw. A random kernel whose arguments were
// edited from call to call found the first.

import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

type Held = { readonly p?: unknown };
const values: readonly Held[] = [{ p: { x: 1 } }, { p: [1, 2] }, { p: null }, {}, { p: 5 }, { p: "ab" }, { p: {} }, { p: true }];
const operations: Readonly<Record<string, (p: never) => unknown>> = {
  "Object.keys": (p) => Object.keys(p).length, "Object.values": (p) => Object.values(p).length, "Object.entries": (p) => Object.entries(p).length, "Object.fromEntries": (p) => Object.keys(Object.fromEntries(p)).length,
  "a spread": (p: number[]) => [...p].length, "for-of": (p: number[]) => { let n = 0; for (const _ of p) n++; return n; }, "destructuring": (p: number[]) => { const [q] = p; return q; },
  "new Set": (p) => new Set(p).size, "new Map": (p) => new Map(p).size, "a spread argument": (p: number[]) => Math.max(...p), "new Float64Array": (p) => new Float64Array(p).length, "new Object": (p) => Object(p) === p,
};
const end = (call: () => unknown): unknown => { try { return call(); } catch (error) { return `${(error as Error).name}`; } };
await ready();

describe.each(Object.entries(operations))("%s", (_, operation) => {
  it.each(values.map((v) => [JSON.stringify(v), v] as const))("of p in %s", (_text, held) => {
    const kernel = (list: readonly Held[]): unknown => { let last: unknown = 0; for (let i = 0; i < list.length; i++) last = operation(list[i]!.p as never); return last; };
    const alone = (one: Held): unknown => operation(one.p as never);
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), fastAlone = specialize(alone, { tier: "wasm", compile: "sync" });
    for (const list of [[{ p: [3] }, { p: [4] }], [held, held], [{ p: { x: 2 } }, held], [held]]) expect(end(() => fast(list))).toEqual(end(() => kernel(list)));
    for (const one of [{ p: [3] }, held, { p: { x: 2 } }]) expect(end(() => fastAlone(one))).toEqual(end(() => alone(one)));
  });
});

/** Fields that hold undefined, and are not there in other calls: a version of the one is none of the other where that can be seen. */
describe("a field that holds undefined, or is not there", () => {
  interface P { x?: number | undefined; y: number; z?: number }
  it.each<[string, (p: P, a: number) => unknown]>([
    ["written", (p) => { p.x = undefined; return p.y; }], ["written in some calls", (p, a) => { if (a > 0) p.x = undefined; return p.y; }], ["a copy of one that is not there", (p) => { p.x = p.z; return 1; }],
    ["asked with in", (p) => ("x" in p ? 1 : 2)], ["asked with hasOwn", (p) => (Object.hasOwn(p, "x") ? 1 : 2)], ["assigned", (p) => Object.assign(p, { x: undefined }).y], ["listed", (p) => Object.keys(p).length],
    ["copied", (p) => ({ ...p })], ["deleted", (p) => { delete p.x; return 1; }], ["written twice", (p) => { p.x = 3; p.x = undefined; return 1; }],
  ])("%s", (_, kernel) => {
    for (const tier of ["wasm", "js"] as const) for (const first of [true, false]) {
      const fast = specialize(kernel, { tier, compile: "sync" });
      for (let i = 0; i < 6; i++) {
        const make = (): P => ((i % 2 === 0) === first ? { x: undefined, y: 1 } : { y: 1 }), mine = make(), its = make(), a = i % 3 - 1;
        expect(fast(mine, a)).toStrictEqual(kernel(its, a));
        expect(mine).toStrictEqual(its);
      }
    }
  });
});

it("an array of rows with a hole comes again, with undefined in its place", () => {
  const kernel = (g: (number[] | undefined)[]): unknown => { for (let i = 0; i < g.length; i++) if (g[i]) g[i]![0] = i; return g.filter((q) => q); }, fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  // eslint-disable-next-line no-sparse-arrays -- what is tested
  const list: (number[] | undefined)[] = [[1, 4], , [2]];
  for (let i = 0; i < 6; i++) { fast(list); if (i === 2) list[1] = undefined; expect(1 in list).toBe(i >= 2); }
});

/** Keys that read as numbers, or are names now and then, of arrays in memory. */
describe.each<[string, (a: Record<PropertyKey, unknown>, i: number) => unknown]>([
  ["toFixed", (a, i) => a[i.toFixed(1)]], ["toPrecision", (a, i) => a[i.toPrecision(3)]], ["padStart", (a, i) => a[String(i).padStart(2, "0")]], ["String", (a, i) => a[String(i)]],
  ["length or an index", (a, i) => a[i === 2 ? "length" : i]], ["hasOwn of length", (a) => Object.hasOwn(a, "length")], ["in", (a) => "length" in a],
])("an element by %s", (_, read) => {
  it.each<[string, () => object]>([["numbers", () => [1, 2, 3, 4]], ["doubles", () => Float64Array.of(1, 2, 3, 4)]])("of %s", (_name, make) => {
    const kernel = (a: object, n: number): unknown => { const out = []; for (let i = 0; i < n; i++) out.push(read(a as Record<PropertyKey, unknown>, i)); return out; };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (let i = 0; i < 2; i++) expect(fast(make(), 4)).toEqual(kernel(make(), 4));
  });
});

describe("an array of another realm is no instance of this one's Array, nor is a typed one: it was taken for one", async () => {
  await ready();
  const List = Array, elsewhere = (text: string): unknown => runInNewContext(text);
  it.each<[string, (l: never) => unknown, unknown[]]>([
    ["an argument", (l: number[]) => [l instanceof List, l[0]], [[1], elsewhere("[1]"), [2]]],
    ["rows", (g: number[][]) => g.map((l) => l instanceof List), [[[1], [2]], [[1], elsewhere("[1]")], [elsewhere("[1]"), [2]]]],
    ["typed", (l: Float64Array) => [l instanceof Float64Array, l instanceof Object, l[0]], [Float64Array.of(1), elsewhere("new Float64Array(1)"), Float64Array.of(2)]],
  ])("%s", (_, fn, inputs) => {
    const fast = specialize(fn as (l: unknown) => unknown, { tier: "wasm", compile: "sync" });
    for (const input of inputs) expect(fast(input)).toEqual(fn(input as never));
    expect(fast.stats().calls.original).toBeLessThan(inputs.length);
  });
});
