// Instances of classes over Array, as libraries of vectors have them, that a kernel makes.

import { expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

class Vec extends Array<number> {
  constructor(x = 0, y = x) { super(x, y); return this; }
  get x(): number { return this[0]!; }
  set x(v: number) { this[0] = v; }
  set all(v: number) { for (let i = 0; i < this.length; i++) this[i] = v; }
  len(): number { return Math.hypot(this[0]!, this[1]!); }
  add(o: ArrayLike<number>): this { for (let i = 0; i < 2; i++) this[i]! += o[i]!; return this; }
  clone(): Vec { return new (this.constructor as typeof Vec)(this[0], this[1]); }
}
class Marked extends Vec { mark = 4; override len(): number { return super.len() + this.mark; } }
class Series extends Array<number> { constructor(n: number) { super(); for (let i = 0; i < n; i++) this.push(i * 2); } last(): number { return this[this.length - 1]!; } }
class Odd extends Array<number> { override *[Symbol.iterator](): Generator<number, undefined> { yield 20; return undefined; } }
const Plain: ArrayConstructor = Array;
class Digits extends Array<number> { declare sign: boolean; constructor(n: number, sign: boolean) { super(n); this.sign = sign; Object.setPrototypeOf(this, Digits.prototype); } clear(): this { for (let i = 0; i < this.length; i++) this[i] = 0; return this; } }
class Restored extends Array<number> { constructor(n: number) { super(n); Object.setPrototypeOf(this, new.target.prototype); } third(): number { return this[2]!; } }
class Full extends Array<number> { constructor(n: number, v: number) { super(n); this.fill(v); } twice(): this { for (let i = 0; i < this.length; i++) this[i]! *= 2; return this; } }
class Below extends Restored { mark = 1; }
/** As compilers to ES5 write `class Pair extends Array`: what Array makes is no Pair until it is told so. */
const Pair = ((base: ArrayConstructor) => {
  function Pair(this: unknown, x: number, y: number): unknown { const made = (base as unknown as (...items: number[]) => number[]).call(this, x, y) as number[] & { k: number }; Object.setPrototypeOf(made, (Pair as unknown as { prototype: object }).prototype); made.k = 4; return made; }
  Pair.prototype = Object.create(base.prototype) as { constructor: unknown; sum(): number };
  Pair.prototype.constructor = Pair;
  Pair.prototype.sum = function (this: number[] & { k: number }) { return this[0]! * 2 + this[1]! + this.k; };
  return Pair as unknown as new (x: number, y: number) => number[] & { k: number; sum(): number };
})(Array);
const ns = [[1], [3], [2.5], [-0]];

test("given back", () => served((n: number) => new Vec(n, 2), ns));
test("its methods, and setters", () => served((n: number) => { const v = new Vec(n, 2).add(new Vec(1)); v.all = n; v.x += 1; return [v, v.len(), v.x]; }, ns));
test("made by its own class", () => served((n: number) => new Marked(n).add([1, 2]).clone(), ns));
test("what it is an instance of", () => served((n: number) => { const v = new Vec(n); return [v instanceof Vec, v instanceof Plain, v instanceof Marked, Array.isArray(v), v.constructor === Vec, "len" in v, Object.hasOwn(v, "len")]; }, ns));
test("with fields beside its elements, and super", () => served((n: number) => { const v = new Marked(n, 2); v.mark += n; return [v, v.len(), Object.keys(v).join()]; }, ns));
test("at places of run time", () => served((n: number) => { const v = new Vec(n, 2); let s = 0; for (let i = 0; i < n; i++) { v[i % 2]! += i; s += v[i % 2]!; } return [s, v, v.x]; }, ns));
test("that grows", () => served((n: number) => { const f = new Series(n); return [f, f.last(), f.length]; }, ns));
test("on one path, and a plain one on the other", () => served((n: number) => { const v = n > 2 ? new Vec(n) : [1, n]; return v; }, ns));
test("of two classes", () => served((n: number) => { const v = n > 2 ? new Vec(n) : new Marked(n); return [v.len(), v]; }, ns));
test("replaced in a loop", () => served((n: number) => { let v = new Vec(0); for (let i = 0; i < n * 10; i++) v = v.clone().add(new Vec(i, n)); return v; }, ns));
test("in lists", () => served((n: number) => { const list: Vec[] = []; for (let i = 0; i < n; i++) list.push(i % 2 ? new Vec(i, n) : new Marked(i)); let s = 0; for (const v of list) { s += v.len(); v.x = 1; } return [s, list]; }, ns));
test("in objects of a list", () => served((n: number) => { const list: { p: Vec; v: Vec }[] = []; for (let i = 0; i < n; i++) list.push({ p: new Vec(i, n), v: new Vec(1) }); for (const o of list) o.p.add(o.v); return list; }, ns));
test("copied to an ordinary one", () => served((n: number) => [[...new Vec(n, 3), 4], Array.from(new Vec(n)), [1].concat(new Vec(n)), Math.max(...new Vec(n, 2))], ns));
test("iterated by its own iterator", () => served((n: number) => { let s = 0; for (const v of new Odd(n, 2)) s += v; return [s, Math.max(...new Odd(n, 3))]; }, ns));
test("frozen", () => served((n: number) => Object.freeze(new Vec(n)), ns));
test("from a recursive function", () => served((n: number) => { const f = (k: number, v: Vec): Vec => (k <= 0 ? v : f(k - 1, new Vec(v.x + 1, k))); return f(n, new Vec(1)); }, ns));
test("joined by concat with an iterator of its own is the original's", () => served((n: number) => [1].concat(new Odd(n, 2)).length, ns, { original: 4 }));
test("of a length of run time, whose constructor says once more what it is", () => served((n: number) => { const d = new Digits(n, n > 1).clear(); d[n - 1] = 7; return [d, d.sign, d instanceof Digits]; }, [[1], [3], [12]]));
test("of a length of run time, filled at once", () => served((n: number) => { const f = new Full(n, 1.5); return [f, f.twice()[0], f instanceof Full]; }, [[1], [3], [12]]));
test("map, slice and filter make more of them, by their constructor", () => served((n: number) => { const v = new Vec(n, 4), m = new Marked(n); return [v.map((x) => x * 2), v.slice(1), v.filter((x) => x > 2), m.map((x) => x + 1), (m.map((x) => x + 1) as Marked).len()]; }, ns));
test("… of those of a length of run time", () => served((n: number) => { const v = new Full(n, 2); v[0] = 5; const w = v.map((x) => x * n) as Full; return [w, w.twice()[0], v.slice(-2), v.filter((x) => x > 3)]; }, [[1], [3], [12]]));
test("… ordinary ones, where that is their species", () => { class Sets extends Array<number> { static override get [Symbol.species](): ArrayConstructor { return Array; } } return served((n: number) => { const v = new Sets(n, 4, 1); return [v, v.map((x) => x * 2), v.slice(1), v.filter((x) => x > 2)]; }, ns); });
test("of a class below", () => served((n: number) => { const d = new Below(4); d[2] = n; d[n & 3] = 9; return [d, d.third(), d instanceof Below]; }, [[1], [2.5], [7]]));
test("in ES5", () => served((n: number) => { const p = new Pair(n, 2); return [p, p.sum(), p instanceof Pair, p.length]; }, ns));
test("given a class, and taken out of it", () => served((n: number) => { const a = [n, 2], b = [3, n]; Object.setPrototypeOf(a, Vec.prototype); const is = a instanceof Vec; Object.setPrototypeOf(a, Plain.prototype); Object.setPrototypeOf(b, Vec.prototype); return [a, b, is, a instanceof Vec]; }, ns));
test("given a class on some paths are the original's", () => served((n: number) => { const a = [n, 2]; if (n > 1) Object.setPrototypeOf(a, Vec.prototype); return [a instanceof Vec, a[n & 1], a]; }, ns, { original: ns.length }));
test("of no class over Array is the original's", () => served((n: number) => (Object.setPrototypeOf([n, 2], { x: 1 }) as { x: number }).x, ns, { original: 4 }));
test("of the caller's, that are told what they are", () => served((v: Vec) => (Object.setPrototypeOf(v, Vec.prototype) as Vec).len(), [[new Vec(1, 2)], [new Vec(3, 4)]]));
test("as a text, or a number, is the original's", () => served((n: number) => `${String(new Vec(n))}${+new Vec(n)}`, ns, { original: 4 }));
test("of the caller's, with fields beside its elements", () => served((v: Marked) => [v.len(), v.mark, v.x, v.length], [[new Marked(1, 2)], [new Marked(3, 4)]]));
const digits = (sign: boolean, ...items: number[]): Digits => { const d = new Digits(items.length, sign); items.forEach((x, i) => { d[i] = x; }); return d; };
const big = [[digits(true, 1, 2, 3), digits(false, 7, 1)], [digits(false, 9), digits(true, 4, 0, 2)], [digits(true), digits(true, 1)]] as const;
test("… that say which of its paths is taken", () => served((a: Digits, b: Digits) => { const c = new Digits(Math.max(a.length, b.length), a.sign !== b.sign); for (let i = 0; i < c.length; i++) c[i] = (a[i] ?? 0) + (a.sign === b.sign ? 1 : -1) * (b[i] ?? 0); return c; }, big));
test("… that are written, with an element", () => served((a: Digits, b: Digits) => { a.sign = b.length > 1; if (a.length > 0) a[0] = b[0]!; return [a, a.sign]; }, big));
test("… that it lacks, or gets", () => served((a: Digits & { scale?: number }, b: Digits) => { const had = a.scale === undefined; a.scale = b.length; return [had, a, a.scale, "scale" in b, Object.hasOwn(b, "sign"), "sign" in b]; }, big));
test("… that are listed", () => served((a: Digits) => { let s = 0; for (const key in a) s += key.length; return [s, Object.keys(a).length]; }, big.map(([a]) => [a]), { original: 3 }));
test("… that have the name of a method", () => { const own = Object.assign(new Vec(1, 2), { len: () => 7 }); return served((v: Vec) => v.len(), [[own], [new Vec(3, 4)], [own]], { original: 2 }); });
test("… behind a getter", () => { const own = Object.defineProperty(new Vec(1, 2), "mark", { get: () => 7, configurable: true, enumerable: true }) as Marked; return served((v: Marked) => v.mark + v[0]!, [[own], [own]], { original: 2 }); });
test("of the caller's, with an element behind a getter, is the original's", async () => {
  await ready();
  let asked = 0;
  const odd = Object.defineProperty(new Vec(1, 2), 0, { get: () => ++asked, configurable: true, enumerable: true }) as Vec, fast = specialize((v: Vec) => v[0]! + v[1]!, { tier: "wasm", compile: "sync" });
  expect([fast(odd), fast(new Vec(5, 6)), fast(odd), asked]).toEqual([3, 11, 4, 2]);
});
test("of the caller's as a text is the original's", () => served((v: Vec) => `${v as unknown as string}`, [[new Vec(1, 2)], [Object.setPrototypeOf([1], { __proto__: Array.prototype, toString: () => "mine" })]], { original: 2 }));

const spreadable = (list: object, is: boolean): number[] => Object.assign(list, { [Symbol.isConcatSpreadable]: is }) as number[];
test("an array that says it is none, or an object that says it is one, is the original's to join", async () => {
  await ready();
  const length = (list: number[]): number => [1].concat(list).length, joined: readonly number[][] = [spreadable([1, 2], false), [1, 2, 3], spreadable({ length: 2, 0: 7, 1: 8 }, true), spreadable({ length: 2 }, false), new Odd(1, 2)];
  for (const first of joined) {
    const fast = specialize((list: number[]) => length(list), { tier: "wasm", compile: "sync" });
    for (const list of [first, ...joined]) expect(fast(list)).toBe(length(list));
  }
});
test("so are all, once Array.prototype says that", async () => {
  await ready();
  const join = (list: number[], x: number): unknown => [[x].concat(list), [x].concat([x, 2])], fast = specialize(join, { tier: "wasm", compile: "sync" });
  expect(fast([1], 2)).toEqual(join([1], 2));
  const { prototype } = Array;
  Object.defineProperty(prototype, Symbol.isConcatSpreadable, { value: false, configurable: true });
  let both: readonly string[] = [];
  try { both = [JSON.stringify(fast([1], 2)), JSON.stringify(join([1], 2))]; } finally { Reflect.deleteProperty(prototype, Symbol.isConcatSpreadable); }
  expect(both[0]).toBe(both[1]);
});

const changes: readonly (readonly [string, (of: { prototype: object }) => void])[] = [
  ["a method", ({ prototype }) => { Reflect.set(prototype, "len", () => 7); }],
  ["a getter", ({ prototype }) => { Object.defineProperty(prototype, "x", { get: () => -1 }); }],
  ["what it inherits", ({ prototype }) => { Object.setPrototypeOf(prototype, { __proto__: Vec.prototype, push: () => 3 }); }],
  ["an element of the prototype's", ({ prototype }) => { Object.defineProperty(prototype, "3", { get: () => 8, set() { /* nothing */ } }); }],
  ["whether it is spread", ({ prototype }) => { Reflect.set(prototype, Symbol.isConcatSpreadable, false); }],
  ["its iterator", ({ prototype }) => { Reflect.set(prototype, Symbol.iterator, function* () { yield 5; }); }],
];
test("their species is changed between two calls", async () => {
  await ready();
  const Own = class extends Vec {}, kernel = (n: number): unknown => { const v = new Own(n, 2); return [v.map((x) => x + 1), v.slice(1)].map((a) => a instanceof Own); }, fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  expect(fast(1)).toEqual(kernel(1));
  Object.defineProperty(Own, Symbol.species, { get: () => Array });
  expect([fast(1), kernel(1)]).toEqual([[false, false], [false, false]]);
});
test.each(changes)("%s is changed between two calls", async (_, change) => {
  await ready();
  const Own = class extends Vec {}, kernel = (n: number): unknown => { const v = new Own(n, 2); v.push(9); let s = 0; for (const t of v) s += t; return [[...v], v.len(), v.x, v.length, s, [1].concat(v).length, v[3]]; };
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  expect(fast(1)).toEqual(kernel(1));
  change(Own);
  expect([fast(1), fast(3)]).toEqual([kernel(1), kernel(3)]);
});
