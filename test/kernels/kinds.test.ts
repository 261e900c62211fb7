// What the language says of values that are no plain data: `arguments`, which is no array, symbols, and functions without a source.

import { describe, test } from "vitest";
import { served } from "./served.ts";

const List = Array, mark = Symbol("mark"), marked = { a: 1, [mark]: 2 }, plain = { a: 1, b: 2 }, log = console.log, hook = new Proxy(() => 1, {});
const rows: readonly (readonly [string, (...v: number[]) => unknown, boolean])[] = [
  ["Array.isArray of arguments", function () { return Array.isArray(arguments); }, true],
  ["Array.isArray of a rest parameter", (...a) => Array.isArray(a), true],
  ["arguments instanceof Array", function () { return arguments instanceof List; }, true],
  ["what arguments is called", function () { return Object.prototype.toString.call(arguments); }, true],
  ["arguments joined to a list", function (a) { return [a].concat(arguments as unknown as number[]).length; }, true],
  ["a method of arrays that arguments has not", function (a) { return (arguments as unknown as number[]).slice ? 0 : a; }, true],
  ["arguments leaves", function () { return arguments; }, false],
  ["structuredClone of arguments", function () { return (structuredClone(arguments) as unknown as number[]).length; }, false],
  ["typeof of a symbol", (a) => (typeof mark === "symbol" ? a : 0), true],
  ["typeof of a native function", (a) => (typeof log === "function" ? a : 0), true],
  ["typeof of a Proxy", (a) => (typeof hook === "function" ? a : 0), false],
  ["the symbols of a slow object", (a) => Object.getOwnPropertySymbols(marked).length + a!, false],
  ["all keys of a slow object with symbols", (a) => Reflect.ownKeys(marked).length + a!, false],
  ["all keys of one without", (a) => Reflect.ownKeys(plain).length + a!, true],
  ["the symbols of an object of its own", (a) => Object.getOwnPropertySymbols({ a }).length, true],
];

describe("values that are no plain data", () => {
  test.each(rows)("%s", (_, kernel, byModule) => served(kernel, [[3, 4]], { original: byModule ? 0 : 1 }));
});
