// Arrays of the caller's that are given properties beside their elements, or lose them.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

type Extra = number[] & Record<string, unknown>;
type Kernel = (a: Extra, b?: unknown, c?: unknown) => unknown;
await ready();
const list = (extra: object, items: readonly unknown[] = [1, 2, 3]): Extra => Object.assign([...items], extra) as Extra;
const bytes = (extra: object): Extra => Object.assign(Uint8Array.of(1, 2, 3, 4), extra) as unknown as Extra;
class Path extends Array<number> { set twice(v: number) { this[0] = v * 2; } }
/** while all arrays inherit a setter */
function behindAll(run: () => void): void {
  const all = Object.getPrototypeOf([]) as Extra;
  Object.defineProperty(all, "w", { set(this: number[], v: number) { this[0] = v; }, configurable: true });
  try { run(); } finally { delete all.w; }
}
/** what it is, elements and all else, in order */
const seen = (value: unknown): unknown => (typeof value === "object" && value !== null ? [Object.getPrototypeOf(value) === null, Object.entries(value).map(([key, one]) => [key, one === value ? "itself" : seen(one)])] : value);

for (const tier of ["wasm", "js"] as const) describe(tier, () => {
  /** Each call as the original makes it, so many of them by the original. */
  function writes(kernel: Kernel, calls: readonly (() => unknown[])[], originals = 0): void {
    const fast = specialize(kernel, { tier, compile: "sync" });
    const run = (f: Kernel, args: unknown[]): unknown => { try { return [seen(f(...(args as [Extra]))), args.map(seen)]; } catch (error) { return [(error as Error).name, args.map(seen)]; } };
    for (const make of [...calls, ...calls]) expect(run(fast, make())).toEqual(run(kernel, make()));
    expect([fast.stats().calls.original, fast.diagnostics()]).toEqual([originals, originals > 0 ? fast.diagnostics() : expect.anything()]);
  }
  const plain = [(): unknown[] => [list({})], (): unknown[] => [list({ w: 1 }, [4, 5])], (): unknown[] => [list({ z: 3, w: 2.5 })]];

  it("a flag", () => { writes((a) => { a.w = a[0]! > 1 ? 7 : a[1]; }, plain); });
  it("turned", () => { writes((a) => { a.reverse(); a.w = !a.w; return a; }, [() => [list({})], () => [list({ w: true })], () => [list({ w: false })]]); });
  it("read again", () => { writes((a) => { a.w = a[0]; a.w = (a.w as number) + 1; a.v = a.w; return (a.w as number) * 2 + (a.v as number); }, plain); });
  it("counted in a loop", () => { writes((a) => { a.n = 0; for (let i = 0; i < a.length; i++) a.n = (a.n as number) + a[i]!; return a.n; }, plain); });
  it("counted up", () => { writes((a) => { a.n = ((a.n as number) ?? 0) + 1; return a.n; }, [() => [list({})], () => [list({ n: 3 })], () => [list({ n: 4.5 })]]); });
  it("on some paths", () => { writes((a) => { if (a[0]! > 2) a.w = 5; else a.v = 6; return a.w; }, plain); });
  it("in an order", () => { writes((a) => { a.q = 1; if (a[0]! > 2) a.p = 5; a.r = 2; }, plain); });
  it("in a loop that may not run", () => { writes((a, n) => { for (let i = 0; i < (n as number); i++) a.last = a[i]; return a.last; }, [0, 2, 3].map((n) => () => [list({}), n])); });
  it("an array, an object, the array itself", () => { writes((a) => { a.box = [a[0], 2]; a.of = { lo: a[1] }; a.self = a; return a.self; }, plain); });
  it("a string, undefined, null", () => { writes((a) => { a.s = "text"; a.u = undefined; a.n = null; return "u" in a ? 1 : 2; }, plain); });
  it("rows", () => { writes((a) => { a.dirty = 1; (a as unknown as number[][])[0]![1] = 9; return a; }, [() => [list({}, [[1, 2], [3]])], () => [list({ dirty: 0 }, [[5, 6], [7]])]]); });
  it("objects", () => { writes((a) => { let s = 0; for (const p of a as unknown as { x: number }[]) s += p.x; a.sum = s; }, [() => [list({}, [{ x: 1 }])], () => [list({ sum: 2 }, [{ x: 3 }, { x: 4 }])]]); });
  it("an array that grows", () => { writes((a) => { a.push(4); a.n = a.length; a.pop(); a.pop(); return a; }, plain); });
  it("a typed array, a Buffer", () => { writes((a) => { a.width = a.length / 2; return a; }, [() => [bytes({})], () => [bytes({ width: 9 })], () => [Buffer.of(1, 2)]]); });
  it("in a field", () => { writes((o) => { const { p } = o as unknown as { p: Extra }; p.w = p[0]; p.v = 2; return p; }, [() => [{ p: list({}) }], () => [{ p: list({ w: 4 }) }]]); });
  it("one of two", () => { writes((a, b, c) => { ((c as number) > 0 ? a : b as Extra).w = c; return [a.w, (b as Extra).w]; }, [1, -1, 0].map((c) => () => [list({}), list({ w: 3 }), c])); });
  it("two arrays, or one twice", () => {
    const twice = list({}), kernel: Kernel = (a, b) => { a.w = a[0]! + 1; return (b as Extra).w; };
    writes(kernel, [() => [list({}), list({})], () => { const a = list({}); return [a, a]; }, () => [list({ w: 5 }), list({ w: 6 })], () => [list({}), list({ w: 6 })], () => { const a = list({ w: 1 }); return [a, a]; }]);
    expect(kernel(twice, twice)).toBe(2);
  });
  it("deleted", () => { writes((a) => { delete a.w; return a.w; }, plain); });
  it("deleted on some paths", () => { writes((a) => { if (a[0]! > 2) delete a.w; return a.w === undefined ? 1 : 2; }, plain); });
  it("asked with `in`", () => { writes((a) => { const had = "w" in a; a.w = 1; return [had, "w" in a]; }, plain); });
  it("a class over Array", () => { writes((a) => { a.w = a[1]; (a as unknown as Path).twice = 4; return a; }, [() => [Path.of(1, 2)], () => [Path.of(3, 4, 5)]]); });
  it("`this`", () => {
    function add(this: Extra, v: number): number { this.total = ((this.total as number) ?? 0) + v; return this.total as number; }
    const fast = specialize(add, { tier, compile: "sync" }), ours = list({}), theirs = list({});
    for (const v of [1, 2.5, -3]) expect([fast.call(ours, v), seen(ours)]).toEqual([add.call(theirs, v), seen(theirs)]);
    expect(fast.stats().calls.original).toBe(0);
  });
  it("an array that can't be given one is the original's", () => { writes((a) => { a.w = 2; return a.w; }, [() => [list({})], () => [Object.freeze(list({}))], () => [Object.preventExtensions(list({}))], () => [Object.freeze(list({ w: 1 }))]], 6); });
  it("so is a setter, and one behind", () => {
    const kernel: Kernel = (a) => { a.w = 2; return a[0]; };
    writes(kernel, [() => [list({})], () => [Object.defineProperty(list({}), "w", { set(this: number[], v: number) { this[0] = v; } })]], 2);
    behindAll(() => { writes(kernel, [() => [list({})]], 2); });
  });
  it("a setter that comes later", () => {
    const kernel: Kernel = (a) => { a.w = 2; return a[0]; }, fast = specialize(kernel, { tier, compile: "sync" });
    for (const extra of [{}, { w: 1 }]) expect(fast(list(extra))).toBe(1);
    behindAll(() => { expect([fast(list({})), fast(list({}))]).toEqual([2, 2]); });
  });
  it("an array that is another one's prototype", () => { writes((a, o) => { a.w = 5; return (o as Extra).w; }, [() => { const a = list({}); return [a, Object.create(a)]; }], 2); });
  const rows = [(): unknown[] => [[[1, 2], [3]]], (): unknown[] => [[list({ w: 5 }, [1, 2]), list({}, [4])]], (): unknown[] => [list({ w: 9 }, [[2], [3]])]];
  const each = (write: (row: Extra, i: number) => void): Kernel => (a) => { for (let i = 0; i < a.length; i++) write(a[i] as unknown as Extra, i); return a; };
  it("each row", () => { writes(each((row, i) => { row.w = row[0]! * 2 + i; }), rows); });
  it("a row and the array", () => { writes((a) => { const row = (a as unknown as Extra[])[0]!; row.w = row[0]! > 1; a.w = 7; return [row.w, a.w]; }, [() => [[[1, 2], [3]]], () => [[list({ w: true }, [1, 2])]], () => [list({ w: 9 }, [[2], [3]])]]); });
  it("arrays of rows", () => { writes(each((row) => { row.s ??= []; const s = row.s as number[]; s.length = 0; for (const v of row) s.push(v * 2); }), [() => [[[1, 2], [3]]], () => [[list({ s: [7, 8, 9] }, [1, 2]), [4]]]]); });
  it("one row twice", () => { writes((a) => { const [p, q] = a as unknown as [Extra, Extra]; p.w = 1; q.w = 2; return p.w; }, [() => [[[1], [2]]], () => { const row = [1]; return [[row, row]]; }]); });
  it("a row that is another argument", () => { writes((a, b) => { (a as unknown as Extra[])[0]!.w = 1; return (b as Extra).w; }, [() => [[[1], [2]], [1]], () => { const b = [1]; return [[b, [2]], b]; }], 2); });
  it("rows that can't be given one are the original's", () => { writes(each((row, i) => { row.w = i; }), [() => [[[1], Object.preventExtensions([2])]], () => [[[1], Object.defineProperty([2], "w", { set(this: number[], v: number) { this[0] = v; }, enumerable: true })]]], 4); });
  it("a row, asked for what an array is given", () => { writes((a, b) => { a.w = 1; return (b as Extra[])[0]!.w; }, [() => [list({}), [[1]]], () => { const a = list({}); return [a, [a]]; }], 4); });
  it("what is listed", () => { writes((a) => { a.w = 1; return Object.keys(a).length; }, plain, 6); });
  it("elements of what lies in memory", () => { writes((a, n) => { const all = [a, [1, 2] as unknown as Extra]; a.push(1); a.w = 3; return all[n as number]!.w; }, [() => [list({}), 0], () => [list({}), 1]], 4); });
});
