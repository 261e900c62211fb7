// Generators and iterables of the user's, consumed as people do: loops with early ends, spreads, patterns, generators in generators.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

class Vector {
  x: number; y: number;
  constructor(x: number, y: number) { this.x = x; this.y = y; }
  *[Symbol.iterator](): Generator<number> { yield this.x; yield this.y; }
}
class Range {
  n: number;
  constructor(n: number) { this.n = n; }
  [Symbol.iterator](): { next(): { value: number; done: boolean } } { let i = 0; const { n } = this; return { next: () => (i < n ? { value: i++, done: false } : { value: -1, done: true }) }; }
}
interface Tree { readonly v: number; readonly l: Tree | null; readonly r: Tree | null }
const tree: Tree = { v: 1, l: { v: 2, l: null, r: { v: 5, l: null, r: null } }, r: { v: 3, l: null, r: null } };
function* range(a: number, b: number): Generator<number> { for (let i = a; i < b; i++) yield i * i; }
function* naturals(): Generator<number> { let i = 0; while (true) yield i++; }

describe("for-of over a generator", () => {
  test("a range", () => served((n: number) => { let s = 0; for (const x of range(1, n)) s += x; return s; }, [[5], [0], [40]]));
  test("break, continue and return leave it, however long it would go on", () => served(
    (n: number) => { let s = 0; for (const x of naturals()) { if (x > n) break; if (x % 2) continue; s += x; } for (const y of naturals()) if (y * y > n) return s + y; return -1; }, [[5], [40]]));
  test("one in another, of pairs", () => served((n: number) => {
    function* grid(w: number, h: number): Generator<[number, number]> { for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) yield [x, y]; }
    let s = 0, c = 0;
    for (const [x, y] of grid(n, 3)) { s += x * y; c++; }
    for (const [x] of grid(2, n)) for (const [, q] of grid(2, 2)) s += x + q;
    return s * 100 + c;
  }, [[5], [4]]));
  test("over the caller's array, of objects", () => served((xs: number[]) => {
    function* pairs(a: number[]): Generator<{ p: number; q: number }> { for (let i = 0; i + 1 < a.length; i++) yield { p: a[i]!, q: a[i + 1]! }; }
    let s = 0;
    for (const { p, q } of pairs(xs)) s += p * q;
    return s;
  }, [[[3, 1, 4, 1.5]], [[1]]]));
  test("yields on some paths only; what the loop carries may be nothing yet", () => served((n: number) => {
    function* some(k: number): Generator<number> { for (let i = 0; i < k; i++) { if (i & 1) yield i; else if (i % 3 === 0) yield -i; } }
    let s = 0, last: number | undefined;
    for (const x of some(n)) { s += x; last = x; }
    return last === undefined ? -1 : s + last;
  }, [[0], [7], [12]]));
  test("yield* of generators over static data", () => served((a: number) => {
    function* walk(n: Tree | null): Generator<number> { if (n) { yield* walk(n.l); yield n.v; yield* walk(n.r); } }
    let s = 0;
    for (const v of walk(tree)) s = s * a + v;
    return s;
  }, [[2], [10]]));
  test("a throw out of the loop is caught around it", () => served((n: number) => { let s = 0; try { for (const x of range(0, 9)) { if (x > n) throw x; s += x; } } catch (e) { return (e as number) * 100 + s; } return s; }, [[3], [1000]]));
  test("captured variables are shared", () => served((n: number) => { let seen = 0; function* g(): Generator<number> { for (let i = 0; i < n; i++) { seen += i; yield seen; } } let s = 0; for (const x of g()) { s += x; seen -= 1; } return s * 1000 + seen; }, [[4], [9]]));
});

describe("consumed at once", () => {
  test("from of a typed array", () => served((n: number) => { const a = Float64Array.from(range(0, n), (v) => v * 2); return a.length + (a[1] ?? -1); }, [[4], [9], [0]]));
  test("spread and Array.from", () => served((n: number) => [...range(0, n)].length + Math.max(...range(0, n), 2) + Array.from(range(2, 5)).length, [[4], [9]]));
  test("patterns", () => served((a: number, b: number) => { const [x, y] = new Vector(a, b); let s = 0; for (const c of new Vector(b, a)) s += c; return x! * 10 + y! + s; }, [[1, 2], [3.5, 4]]));
  test("an iterator written out", () => served((n: number) => { let s = 0; for (const x of new Range(n)) s += x * x; return s; }, [[5], [9]]));
});

describe("refused, with the remedy", async () => {
  await ready();
  const hints = (f: (...args: never[]) => unknown, ...args: unknown[]): string => { const k = specialize(f, { tier: "wasm", compile: "sync" }); k(...(args as never[])); return k.diagnostics().map((d) => `${d.message}: ${d.hint}`).join(); };
  test("next by hand", () => expect(hints((n: number) => { const it = range(0, n); return it.next().value as number; }, 4)).toMatch(/by hand.*loop over it/));
  test("a yield inside of try", () => expect(hints((n: number) => { function* g(): Generator<number> { try { yield n; } finally { n++; } } let s = 0; for (const x of g()) s += x; return s; }, 4)).toMatch(/inside of try/));
  test("a kernel that is one", () => expect(hints(range as never, 1, 4)).toMatch(/generator function/));
});
