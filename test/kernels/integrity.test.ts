// What objects and arrays are beside their contents: frozen or not, of which class, with elements that can't be written, with keys in an order.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

const numbers = [[1.5], [-0], [7]];
const closings = ["freeze", "seal", "preventExtensions"] as const;

/** Results, exceptions and arguments afterwards, with what is frozen and of which class told. */
async function same(source: string, calls: (i: number) => readonly unknown[], slow: readonly number[] = []): Promise<void> {
  await ready();
  const tell = (value: unknown): string => {
    if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
    const integrity = Object.isFrozen(value) ? "frozen" : Object.isSealed(value) ? "sealed" : Object.isExtensible(value) ? "" : "closed";
    return `${value.constructor?.name} ${integrity} {${Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, { value: v, writable, enumerable, configurable }]) => `${key} ${writable} ${enumerable} ${configurable}: ${tell(v)}`).join()}}`;
  };
  const kernel = (): ((...args: unknown[]) => unknown) => (0, eval)(`(${source})`) as () => unknown;
  const outcome = (f: (...args: unknown[]) => unknown, args: readonly unknown[]): string => {
    let result: string;
    try { result = tell(f(...args)); } catch (e) { result = String(e); }
    return `${result} after ${args.map(tell).join()}`;
  };
  for (const tier of ["wasm", "js"] as const) {
    const original = kernel(), version = specialize(kernel(), { tier, compile: "sync", slow: [...slow] });
    for (const i of [0, 1, 2, 0]) expect(outcome(version, calls(i)), source).toBe(outcome(original, calls(i)));
  }
}

describe("what the kernel froze", () => {
  for (const close of closings) {
    for (const [what, code] of [["write", "o.a = 5"], ["add", "o.b = x"], ["delete", "delete o.a"], ["define", "Object.defineProperty(o, 'a', { value: 3 })"], ["leave", ""]] as const) {
      test(`${close} an object, then ${what}`, async () => {
        for (const strict of ["", '"use strict"; ']) await same(`function (x) { ${strict}const o = { a: x }; Object.${close}(o); ${code}; return [o.a, o.b, Object.isFrozen(o), Object.isSealed(o), Object.isExtensible(o), o]; }`, (i) => [i]);
      });
    }
    for (const [what, code] of [["write", "o[0] = 5"], ["push", "o.push(1)"], ["pop", "o.pop()"], ["length", "o.length = 0"], ["sort", "o.sort()"], ["write at an index of run time", "o[x | 0] = 9"], ["leave", ""]] as const) {
      test(`${close} an array, then ${what}`, async () => {
        for (const strict of ["", '"use strict"; ']) await same(`function (x) { ${strict}const o = [x, 2]; Object.${close}(o); ${code}; return [o.length, Object.isFrozen(o), o]; }`, (i) => [i]);
      });
    }
  }
  test("is served", () => served((x: number) => { const o = Object.freeze({ x, l: Object.freeze([x, 2, 3]) }); return [o, o.l[x & 1], Object.isFrozen(o.l), o.l.map((v) => v + 1)]; }, numbers));
  test("fields of a sealed one are written", () => served((x: number) => { const o = Object.seal({ v: 1 }); o.v += x; return o.v; }, numbers));
  test("on some paths only", () => same("function (x) { const o = { a: 1 }; if (x > 1) Object.freeze(o); o.a = 5; return o; }", (i) => [i]));
  test("in a loop", () => same("function (n) { let s = 0; for (let i = 0; i < n; i++) { const o = Object.freeze({ v: i }); o.v = 9; s += o.v; } return s; }", (i) => [i + 2]));
  test("by its constructor", () => same("function (x) { class P { constructor(v) { this.v = v; Object.freeze(this); } } const p = new P(x); p.v = 3; p.w = 1; return p.v; }", (i) => [i]));
  test("a function", () => same("function (x) { const f = Object.freeze((t) => t + 1); f.k = 3; return [f(x), f.k]; }", (i) => [i]));
  test("a typed array", () => same("function (x) { const t = Object.freeze(new Float64Array(2)); return t[0] + x; }", (i) => [i]));
});

describe("classes over arrays", () => {
  class List extends Array<number> {}
  class Samples extends Float64Array {}
  const from = (mark: number): number[] => Object.assign([mark, 2, 3], { constructor: { [Symbol.species]: function of(this: unknown, length: number) { return { length: 0, mark: length }; } } });
  for (const method of ["map((v) => v * 2)", "filter((v) => v > 1)", "slice(1)", "concat([9])", "splice(0, 1)", "flat()", "flatMap((v) => [v, v])"]) {
    test(`${method} of an array`, async () => {
      const source = `function (a, x) { return [a.${method}, x]; }`;
      await same(source, (i) => [List.from([i, 2, 3]), i]);
      await same(source, (i) => [List.from([i, 2, 3]), i], [0]);
      await same(source, (i) => [from(i), i]);
      await same(source, (i) => [from(i), i], [0]);
      await same(source, (i) => [i === 1 ? List.from([i, 2, 3]) : i === 2 ? from(i) : [i, 2, 3], i]);
    });
  }
  for (const method of ["map((v) => v * 2)", "filter((v) => v > 1)", "slice(1)", "subarray(1)"]) {
    test(`${method} of a typed array`, async () => {
      const source = `function (a, x) { return [a.${method}, x]; }`;
      await same(source, (i) => [Samples.from([i, 2, 3]), i]);
      await same(source, (i) => [Samples.from([i, 2, 3]), i], [0]);
      await same(source, (i) => [i === 1 ? Samples.from([i, 2, 3]) : Float64Array.of(i, 2, 3), i]);
    });
  }
  test("Array.of and from of a class", () => same("function (x) { class L extends Array {} return [L.of(x, 2) instanceof L, L.from([x]).length]; }", (i) => [i]));
});

describe("elements of the caller's arrays that can't be written", () => {
  const readOnly = (i: number, options: PropertyDescriptor): number[] => Object.defineProperty([3, 1, 5 + i], 1, { enumerable: true, ...options }) as unknown as number[];
  for (const code of ["a[1] = x", "for (let i = 0; i < a.length; i++) a[i] = x", "a.sort()", "a.splice(0, 1)", "a.splice(1, 0, 7)", "a.shift()", "a.unshift(4)", "a.reverse()", "a.copyWithin(0, 1)", "a.fill(9)", "a.push(3)", "a.pop()"]) {
    test(code, async () => {
      const source = `function (a, x) { ${code}; return a.length; }`;
      const kinds = [{ value: 2, writable: false, configurable: true }, { value: 2, writable: true, configurable: false }, { get: () => 2, configurable: true }];
      for (const options of code === "a.sort()" ? kinds.slice(0, 1) : kinds) { // an order of texts is a large program
        await same(source, (i) => [readOnly(i, options), i]);
        if (!("get" in options)) await same(source, (i) => [i === 1 ? readOnly(i, options) : [3, 1, 5 + i], i]);
      }
    });
  }
  test("rows", () => same("function (a, x) { for (let i = 0; i < a.length; i++) a[i][1] = x; return x; }", (i) => [[[1, 2], i === 1 ? readOnly(i, { value: 2 }) : [3, 4]], i]));
});

describe("keys", () => {
  test("indices come first", () => served((x: number) => { const o = { b: 1, a: x, 2: 3, 1: 4 }; let keys = ""; for (const k in o) keys += k; return [keys, Object.keys(o), Object.values(o), o]; }, numbers));
  test("for-in leaves out what was deleted meanwhile", () => served((x: number) => { const o: Record<string, number> = { a: 1, b: x, c: 3 }, seen = []; for (const k in o) { seen.push(k); delete o["b"]; o["z"] = 1; } return seen; }, numbers));
  test("on some paths", () => served((x: number) => { const o: Record<string, number> = { a: 1, b: 2, c: 3 }; let s = 0; for (const k in o) { if (x > 2) delete o["b"]; s = s * 10 + o[k]!; } return s; }, numbers));
  test("of run time", () => served((x: Float64Array) => { const t: Record<number, number> = {}; for (let i = 0; i < x.length; i++) t[x[i]!] = i; let n = 0; for (const k in t) { n = n * 10 + t[k]!; delete t[5]; } return n; }, [[Float64Array.of(3, 1, 2, 5)], [Float64Array.of(9, 7, 5)]]));
  test("of prototypes made in the kernel", () => served((x: number) => {
    class A { m(): number { return 1; } }
    const o = Object.assign(Object.create({ inherited: x }) as object, { own: 1 }), keys: string[] = [];
    for (const k in o) keys.push(k);
    for (const k in new A()) keys.push(k);
    return keys;
  }, numbers));
});

describe("keys and lengths that are no numbers", () => {
  const words = [true, false, null, undefined, "2", 1, NaN, -0];
  for (const code of ["a[x]", "(a[x] = 5, a.length)", "'abc'[x]", "new Array(x).length", "({ 1: 4, true: 5, NaN: 6, null: 7 })[x]", "(x > 0 ? a : [9])[x === 1 ? null : 1]"]) {
    test(code, async () => {
      for (const x of words) await same(`function (a, x) { return ${code}; }`, (i) => [[1, 3, 2], i === 1 ? 1 : x]);
      for (const x of words) await same(`function (a, x) { return ${code}; }`, () => [[1, 3, 2], x], [1]);
    });
  }
});

test("the depth of flat", async () => { for (const x of [true, "2", null, 0.5]) await same("function (x) { return [[[1]], [2]].flat(x); }", () => [x], [0]); });

describe("properties", () => {
  class Layer { constructor(public x: number) { Object.defineProperty(this, "parent", { value: [x], writable: true, configurable: true }); Object.defineProperty(this, "id", { value: x * 2, enumerable: true }); } }
  test.each<[string, (x: number) => object]>([
    ["that can't be listed", (x) => { const o: Record<string, number> = { a: x }; Object.defineProperty(o, "p", { value: x * 2, writable: true, configurable: true }); o.b = 3; return o; }],
    ["of a class's objects", (x) => new Layer(x)],
    ["of a frozen one", (x) => Object.freeze(new Layer(x))],
    ["that was there before", (x) => { const o = { a: x, b: 1 }; Object.defineProperty(o, "a", { enumerable: false }); return o; }],
  ])("leave as they are: %s", (_, kernel) => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), told = (o: object): unknown => [Object.getPrototypeOf(o), Object.getOwnPropertyDescriptors(o), Reflect.ownKeys(o)];
    for (const x of [1, -2.5]) expect(told(fast(x))).toEqual(told(kernel(x)));
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 2 });
  });
  test("of the caller's are asked of the original", () => same("function (a) { const d = Object.getOwnPropertyDescriptor(a, 1); return [d.writable, d.configurable]; }", (i) => [i === 1 ? Object.freeze([1, 2]) : [1, 2]]));
  test("that can't be deleted", () => same("function (x) { const o = {}; Object.defineProperty(o, 'a', { value: x }); const d = Object.getOwnPropertyDescriptor(o, 'a'); return [d.writable, d.enumerable, d.configurable, delete o.a, o.a]; }", (i) => [i]));
  test("that can", () => served((x: number) => { const o: Record<string, number> = {}; Object.defineProperty(o, "a", { value: x, configurable: true, enumerable: true, writable: true }); const c = Object.getOwnPropertyDescriptor(o, "a")!.configurable; delete o["a"]; return ["a" in o, c]; }, numbers));
  test("accessors that are deleted", () => served((x: number) => { const o: { a: number; b?: number } = { a: 1, get b() { return x; } }; delete o.b; return [o.b, "b" in o, Object.keys(o)]; }, numbers));
});
test("instanceof asks Symbol.hasInstance", () => served((x: number) => { class Big { static [Symbol.hasInstance](v: unknown): boolean { return (v as number) > 2; } } return (x as unknown) instanceof Big; }, numbers));

describe("callbacks that change the array", () => {
  test("elements that are gone are not visited", () => served((x: number) => {
    const a = [1, 2, 3, 4], seen: number[] = [];
    a.forEach((v, i) => { seen.push(v); if (i === 0) a.pop(); if (i === 1) a.length = 2; });
    return [seen, [1, 2, 3].reduce((s, v, _, all) => { all.length = 2; return s + v * x; })];
  }, numbers));
  test("of an array of unknown length", () => served((x: number[]) => {
    const a: number[] = [];
    for (let i = 0; i < x.length; i++) a.push(x[i]! * 2);
    let s = 0;
    a.forEach((v) => { s += v; a.pop(); });
    return [s, a];
  }, [[[1, 2, 3, 4, 5]], [[1]], [[]]]));
  test("what map passes over are holes", () => served((x: number[]) => x.map((v) => v + 1).map((v, i, all) => { if (i === 0) all.length = 1; return v; }), [[[1, 2, 3, 4]], [[1]], [[]]], { original: 1 }));
  test("elements that are deleted", () => served((x: number) => { const a = [1, 2, x], seen: number[] = []; a.forEach((v, i) => { seen.push(v); if (i === 0) delete a[1]; }); return seen; }, numbers, { original: 3 }));
});

describe("this of sloppy code that is called on nothing", () => {
  test("is an object of which nothing is known", () => same("function (x) { function f() { return typeof this === 'object' && this !== undefined ? x : -1; } return [f(), [1].map(function () { return this === undefined; })[0]]; }", (i) => [i]));
  test("is undefined in strict code", () => same("function (x) { 'use strict'; function f() { return this === undefined ? x : -1; } return f(); }", (i) => [i]));
});

test("an array whose bytes are gone can't be iterated", () => same("function (a) { let s = 0; for (const v of a) s += v; return s; }", (i) => {
  const a = Float64Array.of(1, 2, i);
  if (i === 1) structuredClone(a.buffer, { transfer: [a.buffer] });
  return [a];
}));
test.each(["[...d].length", "Array.from(d).length", "new Set(d).size", "(([a]) => a)(d)", "Math.max(...d)"])("a DataView can't be iterated: %s", (code) => same(`function (d) { return ${code}; }`, (i) => [new DataView(Uint8Array.of(1, 2, i).buffer)]));
test("what a regular expression found is returned with its index", () => same("function (x) { return [/b(c)/.exec('abcd'), x]; }", (i) => [i]));
test("a shared buffer's part is shared", () => same("function (b) { return [b.byteLength, b.slice(0)]; }", (i) => [i === 1 ? new SharedArrayBuffer(16) : new ArrayBuffer(16)]));

describe("a callback that leaves its array's length as it is", () => {
  const flat = (rows: (number[] | number)[]): number[] => (rows as unknown[]).reduce((a: unknown, b: unknown) => {
    const isList = Array.isArray(a), more = Array.isArray(b);
    if (isList && more) return (a as number[]).concat(b as number[]);
    if (isList) { (a as number[]).push(b as number); return a; }
    return more ? [a].concat(b) : [a, b];
  }) as number[];
  const calls = [1, 2, 3, 4].map((n) => [Array.from({ length: n }, () => [1, 2, 3])]);
  test("makes new lists of another form in turns", () => served((rows: number[][]) => flat(rows).some((x) => typeof x !== "number"), calls));
});
