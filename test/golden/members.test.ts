// What a prototype of the call's objects has, and what an array gets beside its elements, after a version was made: the version served on with what
// had been there. Hand-written kernels and random ones with edits between calls found it.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

interface Twin { readonly f: (...args: never[]) => unknown; readonly args?: unknown[]; readonly self?: unknown; readonly state?: unknown; readonly change: () => void }

const fifty = (): number => 50;

/** A class of each twin's own. */
function makeClass() {
  class Base { by(x: number): number { return x; } }
  class Point extends Base {
    a = 1;
    add(x: number): number { this.a += super.by(x); return this.a; }
    twice(x: number): number { this.a += this.more(x); return this.a; }
    more(x: number): number { return x * 2; }
    get half(): number { return this.a / 2; }
  }
  return { Base, Point };
}
const cases: readonly (readonly [string, () => Twin])[] = [
  ["a method of a fast object", () => { const { Point } = makeClass(); return { f: (p: { add(x: number): number }, x: number) => p.add(x), args: [new Point()], change: () => { Point.prototype.add = () => 7; } }; }],
  ["a method that a method calls", () => { const { Point } = makeClass(), p = new Point(); return { f: p.twice as never, self: p, state: p, change: () => { Point.prototype.more = () => 7; } }; }],
  ["a method of the parent's", () => { const { Base, Point } = makeClass(); return { f: (p: { add(x: number): number }, x: number) => p.add(x), args: [new Point()], change: () => { Base.prototype.by = () => 7; } }; }],
  ["a getter", () => { const { Point } = makeClass(); return { f: (p: { half: number }, x: number) => p.half * x, args: [new Point()], change: () => { Object.defineProperty(Point.prototype, "half", { get: () => 7 }); } }; }],
  ["a method of a captured object that is written", () => { const { Point } = makeClass(), p = new Point(); return { f: (x: number) => p.add(x), state: p, change: () => { Point.prototype.add = () => 7; } }; }],
  ["a number that a captured object inherits", () => { const by = { h: 2 }, o = Object.assign(Object.create(by) as { h: number; n: number }, { n: 0 }); return { f: (x: number) => { o.n += o.h * x; return o.n; }, state: o, change: () => { by.h = 5; } }; }],
  ["an object that a fast one inherits", () => { const { Point } = makeClass(), own = { by: 2, table: [1, 2] }; Object.assign(Point.prototype, { own }); return { f: (p: { a: number; own: typeof own }, x: number) => { p.a += p.own.by * x + p.own.table[1]!; return p.a; }, args: [new Point()], change: () => { own.by = 7; own.table[1] = 70; } }; }],
  ["properties of a method", () => { const { Point } = makeClass(), more = Object.assign((x: number) => x * 2, { by: 3 }); Point.prototype.more = more; return { f: (p: { more: typeof more }, x: number) => p.more(x) * p.more.by, args: [new Point()], change: () => { more.by = 7; } }; }],
  ["what a class extends", () => { const { Base, Point } = makeClass(); return { f: (p: { a: number }, x: number) => (p instanceof Base ? x : -x) + p.a, args: [new Point()], change: () => { Object.setPrototypeOf(Point.prototype, Object.prototype); } }; }],
  ["what makes an instance of a function", () => { const Old = function (this: { a: number }) { this.a = 1; } as unknown as new () => { a: number }; return { f: (p: { a: number }, x: number) => (p instanceof Old ? x : -x) + p.a, args: [new Old()], change: () => { Old.prototype = {}; } }; }],
  ["a method of an array's objects", () => { const { Point } = makeClass(); return { f: (all: { add(x: number): number }[], x: number) => { let s = 0; for (const p of all) s += p.add(x); return s; }, args: [[new Point(), new Point()]], change: () => { Point.prototype.add = () => 7; } }; }],
  ["a method of a class over Array", () => { class List extends Array<number> { total(): number { let s = 0; for (let i = 0; i < this.length; i++) s += this[i]!; return s; } } return { f: (l: List, x: number) => l.total() * x, args: [List.of(1, 2, 3)], change: () => { List.prototype.total = () => 7; } }; }],
  ["a field of a captured list", () => { const l: number[] & { by?: number } = [1, 2, 3]; return { f: (x: number) => { l.push((l.by ?? 5) + x); return l[l.length - 1]; }, state: l, change: () => { l.by = 50; } }; }],
  ["a method of a captured list's own", () => { const l = [1, 2, 3]; return { f: (x: number) => { l.push(x); return l.indexOf(2); }, state: l, change: () => { l.indexOf = fifty; } }; }],
];

describe("what changes beside the values of a call is noticed", () => {
  it.each(cases)("%s", async (_, make) => {
    await ready();
    for (const tier of ["js", "wasm"] as const) {
      const mine = make(), theirs = make(), fast = specialize(theirs.f, { tier, compile: "sync" });
      for (const [k, x] of [1, 2, 3, 4].entries()) {
        if (k === 2) { mine.change(); theirs.change(); }
        expect(fast.call(theirs.self as never, ...[...(theirs.args ?? []), x] as never[])).toBe(mine.f.call(mine.self, ...[...(mine.args ?? []), x] as never[]));
        expect(theirs.state).toEqual(mine.state);
      }
      expect(fast.stats().calls[tier]).toBeGreaterThanOrEqual(2);
    }
  });
  it.each([["null", null], ["undefined", undefined], ["a number", 3]])("a frozen object that is given what it holds: %s", async (_, held) => {
    await ready();
    const reset = (o: { last: unknown; n: number }, x: number): number => { const { last } = o; o.last = last; return x + 1; };
    const fast = specialize(reset, { tier: "wasm", compile: "sync" }), open = { last: held, n: 1 };
    expect([fast(open, 1), fast(open, 2)]).toEqual([2, 3]);
    expect(fast.stats().calls).toMatchObject({ wasm: 2, original: 0 });
    expect(() => fast(Object.freeze(open), 3)).toThrow(TypeError);
  });
});
