// What the lowered form looks like: minimal, named, with places.
import { describe, expect, it } from "vitest";
import { lower } from "../../src/frontend/lower.ts";
import { parse } from "../../src/frontend/parse.ts";
import { instructions } from "../../src/ir/build.ts";
import { print } from "../../src/ir/print.ts";
import type { Code } from "../../src/ir/snapshot.ts";
import type { Instr, Loop } from "../../src/ir/types.ts";
import { functionOf } from "./interpret.ts";
import { lowered } from "./same.ts";

const all = (text: string): Instr[] => [...instructions(lowered(text).functions[0]!.body)];
const count = (text: string, ...ops: string[]): number => all(text).filter((i) => ops.includes(i.op)).length;
const carried = (text: string): (string | undefined)[][] => all(text).filter((i): i is Loop => i.op === "loop").map((l) => l.regions[0].params.map((p) => p.name));

describe("parsing", () => {
  const code: Code = { text: "function f(a, { b }) { for (const x of a) { const q = () => x + b; b += q(); } return b; }", file: null, line: 1, column: 1, isClass: false };
  it("happens once for those who ask one after the other", () => expect(parse(code)).toBe(parse(code)));
  it("gives a tree that lowering does not change", () => {
    const before = JSON.stringify(parse(code).root);
    lower(code);
    expect(JSON.stringify(parse(code).root)).toBe(before);
  });
});

describe("loops", () => {
  const sum = "function f(x) { let s = 0; for (let i = 0; i < x.length; i++) { const t = x[i]; s += t; } return s; }";
  it("a plain loop needs no block", () => expect(count(sum, "block")).toBe(0));
  it("carries what it changes, by name", () => expect(carried(sum)).toEqual([["s", "i"]]));
  it("one block for a break", () => expect(count("function f(n) { while (n--) if (n === 3) break; return n; }", "block")).toBe(1));
  it("none for a continue without an update", () => expect(count("function f(n) { let s = 0; while (n--) { if (n & 1) continue; s++; } return s; }", "block")).toBe(0));
  it("does not carry a variable that each iteration sets first", () =>
    expect(carried("function f(x) { var t, s = 0, i; for (i = 0; i < 9; i++) { t = x[i]; s += t; } return s; }")).toEqual([["s", "i"]]));
  it("does not carry what only a way out sets", () =>
    expect(carried("function f(x) { let found = -1; for (let i = 0; i < 9; i++) if (x[i]) { found = i; break; } return found; }")).toEqual([["i"]]));
  it("does not carry what is set to itself", () => expect(carried("function f(x, n) { for (let i = 0; i < 9; i++) { x = x; if (n) n = n; x(i, n); } }")).toEqual([["i"]]));
  it("an inner loop's results go on", () => expect(carried("function f(n) { let s = 0; for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) s += j; return s; }")).toEqual([["s", "i"], ["s", "j"]]));
  it("knows its place", () => {
    const loop = all("function f(n) {\n  while (n--);\n}").find((i): i is Loop => i.op === "loop")!;
    expect(loop.notes!.place).toEqual({ line: 2, column: 3, start: 18, end: 30 });
  });
});

describe("branches", () => {
  it("yield only what both sides of the join need", () => expect(print(lowered("function f(a) { let t = 1, u = 2; if (a) { t = 3; u = 4; } return t; }").functions[0]!).match(/yield/g)).toHaveLength(2));
  it("what follows a return is not lowered", () => expect(count("function f(a) { if (a) { return 1; a.x = 2; } return 3; a.y = 4; }", "js.set")).toBe(0));
  it("`!` turns the arms round", () => expect(count("function f(a) { if (!a) a = 1; return a; }", "js.not")).toBe(0));
  it("a switch without falling through needs no block", () => expect(count("function f(a) { let t; switch (a) { case 1: t = 1; break; case 2: t = 2; break; default: t = 3; } return t; }", "block")).toBe(0));
  it("x++ as a statement keeps no old value", () => expect(count("function f(a) { a++; for (;; a++) if (a > 9) return a; }", "js.tonumeric")).toBe(0));
});

describe("variables", () => {
  it("are values where no inner function sees them", () => expect(count("function f(a) { let t = a; t++; return t; }", "js.cell", "js.cell.empty", "js.cell.get", "js.cell.set")).toBe(0));
  it("are cells where one does", () => expect(count("function f(a) { let t = a; const g = () => t++; g(); return t; }", "js.cell.empty")).toBe(1));
  it("of an outer function are passed on", () => expect(lowered("function f(a) { return () => () => a; }").functions.map((f) => f.captured)).toEqual([[], ["a"], ["a"]]));
  it("free ones are listed in order", () => expect(lowered("function f(a) { return g(f, Math.PI, h = a, typeof k); }").free).toEqual(["g", "f", "Math", "h", "k"]));
  it("the name of a nested function expression is its own", () => expect(lowered("function f() { return function g() { return g; }; }").free).toEqual([]));
  it("an outermost arrow's `this` is free", () => expect(lowered("() => this.x").free).toEqual(["this"]));
});

describe("functions", () => {
  const func = (text: string) => lowered(text).functions[0]!;
  it("length", () => expect(["(a, b) => 1", "(a, b = 1, c) => 1", "(...r) => 1", "({ x }, b) => 1"].map((t) => func(t).length)).toEqual([2, 1, 0, 2]));
  it("kinds", () => expect(["function f() {}", "() => 1", "m() {}", "get x() { return 1; }", "set x(v) {}", "class A {}"].map((t) => func(t).kind)).toEqual(["function", "arrow", "method", "getter", "setter", "constructor"]));
  it("names", () => expect(["function f() {}", "() => 1", "m() {}", "get x() { return 1; }", "class A {}"].map((t) => func(t).name)).toEqual(["f", "anonymous", "m", "x", "A"]));
  it("strictness", () => expect(["function f() {}", "function f() { 'use strict'; }", "class A {}"].map((t) => func(t).strict)).toEqual([false, true, true]));
  it("places are offsets into the text whatever was put around it", () => {
    for (const text of ["function f(o) {\n  return o.x;\n}", "m(o) {\n  return o.x;\n}", "(o) => {\n  return o.x;\n}"]) {
      const { place } = all(text).find((i) => i.op === "js.get")!;
      expect(text.slice(place!.start, place!.end)).toBe("o.x");
      expect([place!.line, place!.column]).toEqual([2, 10]);
    }
  });
});

describe("classes", () => {
  /** What `new` of the class does to an object, with its constructor lowered. */
  const built = (text: string, ...args: unknown[]): object => {
    const object = {};
    functionOf(lowered(text)).apply(object, args);
    return object;
  };
  it("constructor and fields", () => expect(built("class A { n = 1; m; constructor(x) { this.x = x + this.n; } f() { return 2; } static s = 3; }", 4)).toEqual({ n: 1, m: undefined, x: 5 }));
  it("fields alone", () => expect(built("class A { n = 1; f = () => this.n; }")).toMatchObject({ n: 1 }));
  it("fields do not see the constructor's parameters", () => expect(lowered("class A { n = x; constructor(x) { this.y = x; } }").free).toEqual(["x"]));
  it("derived ones", () => expect(lowered("class A extends B { x = 1; constructor(a) { super(a, ...a); this.y = a; } }").functions[0]!.kind).toBe("derived"));
});

it("five thousand operations take linear work", () => {
  const body = (n: number): string => `function f(a, x) { let s = 0; ${"for (let i = 0; i < a; i++) { if (x[i] > s) s += x[i] * 2; else s -= x[i]; } ".repeat(n)} return s; }`;
  const operations = (n: number): number => all(body(n)).length;
  expect(operations(40) - operations(20)).toBe(operations(60) - operations(40));
});
