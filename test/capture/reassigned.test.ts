// Can a captured variable still be assigned? A line a situation: the body of a function that returns the closure.

import { describe, expect, test } from "vitest";
import { look } from "./look.ts";

const verdict = (body: string, parameters = ""): string => look((new Function(parameters, body) as (...args: unknown[]) => Function)(1, 2), "x").split(" ")[0]!;

describe("constant", () => test.each([
  ["const", "const x = 1; return () => x;"],
  ["let without writes", "let x = 1; return () => x;"],
  ["assigned once, before the closure", "let x; x = 1; return () => x;"],
  ["assigned twice, before the closure", "let x = 1; x = 2; return () => x;"],
  ["a loop before the closure", "let x = 0; for (let i = 0; i < 3; i++) x += i; return () => x;"],
  ["a `for` whose variable is not captured", "var x = 1; for (var i = 0; i < 3; i++) ; return () => x;"],
  ["one assignment, from undefined, with a hoisted function", "var x = 1; return f; function f() { return x; }"],
  ["lazily", "let x = null; const get = () => x || (x = [1]); get(); return () => x;"],
  ["lazily, by ??=", "let x; const get = () => (x ??= 1); get(); return () => x;"],
  ["lazily, by if", "let x; const get = () => { if (!x) { x = [1]; } return x; }; get(); return () => x;"],
  ["lazily, by typeof", "var x; const get = () => { if (typeof x === 'undefined') x = 0; return x; }; get(); return () => x;"],
  ["an enum as compilers write it", "var x; (function (x) { x[x['A'] = 0] = 'A'; })(x || (x = {})); return function f() { return x.A; };"],
  ["two merged enums", "var x; (function (x) { x.A = 0; })(x || (x = {})); (function (x) { x.B = 0; })(x || (x = {})); return f; function f() { return x.A; }"],
  ["another variable of the name", "const x = 1; function g() { let x = 2; x = 3; return x; } g(); return () => x;"],
  ["a catch clause's own", "const x = 1; try { throw 0; } catch (x) { x = 2; } return () => x;"],
  ["the variable of a `for`, one for each iteration", "const fs = []; for (let x = 0; x < 3; x++) fs.push(() => x); return fs[1];"],
  ["the variable of a `for…of`", "const fs = []; for (const x of [1, 2]) fs.push(() => x); return fs[1];"],
  ["destructured", "const { x } = { x: 1 }; return () => x;"],
  ["a function declaration", "function x() {} return () => x;"],
  ["a class declaration", "class x {} return () => x;"],
  ["a method's closure, all writes before", "let x = 1; x = 2; return { m() { return x; } }.m;"],
  ["a closure in a loop, all writes before the loop", "let x = 1; x = 2; const fs = []; for (let i = 0; i < 2; i++) fs.push(() => x); return fs[0];"],
  ["read by typeof and as a property", "const x = 1; const o = { x: 2 }; o.x = 3; return () => typeof x + o.x;"],
])("%s", (_, body) => expect(verdict(body)).toBe("constant")));

describe("variable", () => test.each([
  ["assigned after the closure", "let x = 1; const f = () => x; x = 2; return f;"],
  ["assigned by another closure", "let x = 1; const g = () => { x = 2; }; return () => x + g;"],
  ["assigned by itself", "let x = 1; return () => x++;"],
  ["in a loop with the closure", "let x = 0; const fs = []; while (x < 2) { fs.push(() => x); x++; } return fs[0];"],
  ["the body of its own `for`", "const fs = []; for (let x = 0; x < 3; x++) { fs.push(() => x); x += 0; } return fs[0];"],
  ["`var` of a `for`", "const fs = []; for (var x = 0; x < 3; x++) fs.push(() => x); return fs[0];"],
  ["one of several assignments, with a hoisted function", "var x = 1; x = 2; return f; function f() { return x; }"],
  ["by destructuring an array", "let x = 1; const g = () => { [x] = [2]; }; return () => x + g;"],
  ["by destructuring an object", "let x = 1; const g = () => { ({ a: { b: x = 3 } } = { a: {} }); }; return () => x + g;"],
  ["by a rest element", "let x = 1; const g = () => { [, ...x] = [2]; }; return () => x + g;"],
  ["by `for (x of …)`", "let x = 1; const g = () => { for (x of [1]); }; return () => x + g;"],
  ["by `for (x in …)`", "let x = 1; const g = () => { for (x in {}); }; return () => x + g;"],
  ["by a compound assignment", "let x = 1; const g = () => { x **= 2; }; return () => x + g;"],
  ["by &&=", "let x = 1; const g = () => { x &&= 2; }; return () => x + g;"],
  ["guarded by another variable", "let x = [1], y = 0; const g = () => y || (x = [1]); return () => x + g;"],
  ["guarded, while it is empty", "let x = 0; const g = () => x || (x = 1); return () => x + g;"],
  ["guarded twice in one if", "let x; const g = () => { if (!x) { x = 1; x = 2; } }; g(); return () => x + g;"],
  ["in a default parameter", "let x = 1; const g = (y = (x = 2)) => y; return () => x + g;"],
  ["in a class's static block", "let x = 1; const g = () => class { static { x = 2; } }; return () => x + g;"],
  ["in a field", "let x = 1; const g = () => class { y = (x = 2); }; return () => x + g;"],
  ["by eval, perhaps", "let x = 1; const g = (s) => eval(s); return () => x + g;"],
  ["a function declaration, assigned", "function x() {} const g = () => { x = 1; }; return () => x + g;"],
  ["a sloppy function in a later block", "{ function x() {} } const f = () => x; { function x() { return 1; } } return f;"],
])("%s", (_, body) => expect(verdict(body)).toBe("variable")));

describe("parameters", () => test.each([
  ["plain", "return () => x;", "constant"],
  ["assigned before the closure", "x = x || 2; return () => x;", "constant"],
  ["assigned after it", "const f = () => x; x = 2; return f;", "variable"],
  ["arguments' length and items", "const n = arguments.length + arguments[0]; return () => x + n;", "constant"],
  ["arguments applied", "const g = function () { return Math.max.apply(null, arguments); }; return () => x + g;", "constant"],
  ["arguments written", "arguments[0] = 3; return () => x;", "variable"],
  ["arguments handed out", "const g = arguments; return () => x + g;", "variable"],
  ["arguments handed out in strict code", "'use strict'; const g = arguments; return () => x + g;", "constant"],
])("%s", (_, body, wanted) => expect(verdict(body, "x, y")).toBe(wanted)));
