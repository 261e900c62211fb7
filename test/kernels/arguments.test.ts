// `arguments` as an object: it inherits from Object.prototype, its length is a field, and in sloppy code its elements are the parameters.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

const fn = (body: string): ((a: number, b: number) => unknown) => new Function("a", "b", body) as (a: number, b: number) => unknown;
const calls = (): [number, number][] => [[1, 2], [2.5, 1]];
const is = (body: string): Promise<void> | void => served(fn(body), calls());
const left = (body: string): Promise<void> | void => served(fn(body), calls(), { original: 2 });

describe("what it has", () => {
  test("of Object.prototype, not of Array's", () => is("return ['map' in arguments, 'hasOwnProperty' in arguments, typeof arguments.map, arguments.toString === Object.prototype.toString, Object.getPrototypeOf(arguments) === Object.prototype, a + b];"));
  test("of its own", () => is("return ['callee' in arguments, 'length' in arguments, Object.hasOwn(arguments, 'callee'), Symbol.iterator in arguments, 2 in arguments, 1 in arguments, Object.keys(arguments), a + b];"));
  test("fields that are given to it by another name", () => is("var l = arguments; l.place = a; var s = 0; for (var i = 0; i < 3; i++) { l.place += i; s += l[i % 2] * b; } return [s, l.place, arguments.place, 'place' in l, Object.keys(l)];"));
  test("a reader that keeps its place there", () => is("var next = function (list) { var i = list.place || 0; list.place = i + 1; return list[i]; }; return next(arguments) * 10 + next(arguments) + arguments.place;"));
  test("with an array on the other path", () => is("var l = a > 2 ? arguments : [5, b]; return [typeof l.map, l[b - 1]];"));
  test("as an array or object holds it", () => left("var l = []; for (var i = 0; i < 40 + a; i++) l.push(arguments); return [typeof l[0].map, Array.isArray(l[1]), a + b];"));
  test("as JSON", () => left("return JSON.stringify(arguments) + a + b;"));
});

describe("what is written to it", () => {
  test("an element by another name is a parameter", () => left("var l = arguments; l[0] = 7; return a + b;"));
  test("at an index of run time", () => left("var l = arguments; for (var i = 0; i < 2; i++) l[i] = b; return a + b;"));
  test("by a built-in", () => left("[].reverse.call(arguments); return [a, b, arguments[0]];"));
  test("by another one", () => left("Object.assign(arguments, [9, 8]); return [a, b];"));
  test("in strict code it is its own", () => is("'use strict'; var l = arguments; l[0] = 7; var x = Array.prototype.shift.call(arguments); return [x, l.length, l[0], a, b];"));
  test("the length is a field", () => left("var l = arguments; l.length = 1; return [l[1], a + b];"));
  test("an element behind its end leaves the length", () => left("'use strict'; var l = arguments; l[2] = 8; return [l.length, l[2], a + b];"));
  test("a parameter that is assigned is an element", () => is("a = 5; return [arguments[0], arguments[1], a + b];"));
});

describe("numbers and booleans have no elements", () => {
  test("at an index of run time", () => served((a: number, b: number) => [(true as never)[a], (a as never)[b], (a > 1) as never, ((a > 1) as never)[b]], calls()));
  test("where it is an array on the other path", () => served((a: number, b: number) => { const l = a > 2 ? a : [a, b, 7]; return (l as number[])[b]; }, calls()));
  test("unless their prototypes have some", async () => {
    await ready();
    const sum = (a: number, n: number): number => { let s = 0; for (let i = 0; i < n; i++) s += (a as never)[i] === undefined ? 1 : (a as never)[i]; return s; }, fast = specialize(sum, { tier: "wasm", compile: "sync" });
    expect(fast(5, 3)).toBe(3);
    const prototype = Number.prototype as unknown as Record<number, number>;
    prototype[1] = 7;
    try { expect(fast(5, 3)).toBe(9); } finally { Reflect.deleteProperty(prototype, 1); }
    expect(fast.stats().calls).toMatchObject({ wasm: 1, original: 1 });
  });
});

describe("code whose text doesn't say whether it is strict", () => {
  const inside = (strict: boolean, text: string): ((a: number, b: number) => unknown) => new Function(`${strict ? "'use strict'; " : ""}return ${text};`)() as (a: number, b: number) => unknown;
  for (const strict of [true, false]) {
    const code = strict ? "strict" : "sloppy";
    test(`a parameter that a ${code} function assigns`, () => served(inside(strict, "function (a, b) { a = 5; var f = function (c) { c = 7; return arguments[0]; }; return [arguments[0], f(b), a + b]; }"), calls()));
    test(`… in a ${code} arrow, which says nothing`, () => served(inside(strict, "(a, b) => (function (c) { c = 5; return arguments[0] + b; })(a)"), calls(), { original: 2 }));
    test(`this of a plain call in ${code} code`, () => served(inside(strict, "function (a, b) { var f = function () { return this === undefined ? a : b; }; return f() + (f.call({}) > 2); }"), calls()));
    test(`… in a ${code} arrow`, () => served(inside(strict, "(a, b) => (function () { return this === undefined ? a : b; })()"), calls(), { original: 2 }));
    test(`null and a number as this of ${code} code`, () => served(inside(strict, "function (a, b) { var f = function () { return typeof this; }; return [f.call(null), f.call(a), a + b]; }"), calls(), { original: strict ? 0 : 2 }));
    test(`arguments.callee of ${code} code`, () => served(inside(strict, "function (a, b) { var f = function (n) { return n > 1 ? n * arguments.callee(n - 1) : 1; }; return f(b + 1) + a; }"), calls(), { original: strict ? 2 : 0 }));
  }
  for (const parameter of ["n = 2", "{ n }", "[n]", "...n"]) test(`arguments.callee beside ${parameter}`, () => served(inside(false, `function (a, b) { var f = function (${parameter}) { return typeof arguments.callee; }; return f([b]) + a; }`), calls(), { original: 2 }));
  test("elements of arguments beside a default are no parameters", () => served(inside(false, "function (a, b = 3) { var l = arguments; l[0] = 7; delete l[1]; return [a, b, l[0], 1 in l]; }"), calls()));
  test("an element that is deleted is no parameter any more", () => left("delete arguments[0]; a = 5; return [0 in arguments, arguments[0], a + b];"));
});
