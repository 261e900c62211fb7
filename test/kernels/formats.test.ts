// Strings that built-in methods make of numbers: written when the program has ended, or read as numbers again.

import { describe, expect, test } from "vitest";
import { format, formatOf } from "../../src/ir/formats.ts";
import { served } from "./served.ts";

const numbers = [0, -0, 1, 15, 16, 255, -255, 1.005, 2.5, -2.5, 0.045, 1.45, 8.345, 123456.785, -0.001, 0.5, 1e-7, 5e-324, NaN, Infinity, -Infinity, 1e21, -1.5e300];
const each = numbers.map((x) => [x]), bytes = [[0, 15, 16], [255, 9, 128], [1, 2, 3]];

describe("a number is written", () => {
  test("toFixed", () => served((x: number) => [x.toFixed(), x.toFixed(2), x.toFixed(20)], each));
  test("toPrecision, toExponential", () => served((x: number) => [x.toPrecision(3), x.toExponential(), x.toExponential(5)], each));
  const places = [0, 1, 2.9, 20, -0.5, NaN].flatMap((digits) => [1.005, -255, 1e21, NaN].map((x) => [x, digits]));
  test("with as many digits as the call tells", () => served((x: number, digits: number) => [x.toFixed(digits), `${x.toExponential(digits)}!`, (1.25).toFixed(digits), x.toPrecision(Math.max(digits || 0, 1))], places));
  test("in a base that the call tells", () => served((x: number, base: number) => x.toString(base), [[255, 16], [255, 2], [-1.5, 36], [NaN, 10], [1e21, 10.5]]));
  test("with more digits than there may be: the original throws", () => served((x: number, digits: number) => x.toFixed(digits), [[1, 2], [1, 101], [1, -1], [NaN, Infinity]], { original: 3 }));
  test("in another base", () => served((x: number) => x.toString(16) + x.toString(2), each));
  test("in the message of what is thrown", () => served((x: number) => { if (x > 1) throw new RangeError(`too large: ${x.toFixed(1)}`); return x; }, [[1], [2]], { original: 1 }));
  test("a color", () => served((r: number, g: number, b: number) => `#${((1 << 24) | (r << 16) | (g << 8) | b).toString(16).slice(1).toUpperCase()}`, bytes));
  test("digits are filled up", () => served((r: number, g: number, b: number) => [r, g, b].map((c) => c.toString(16).padStart(2, "0")).join(""), bytes));
  test("… by hand, where paths meet", () => served((r: number) => { const s = r.toString(16); return `0x${r < 16 ? `0${s}` : s}`; }, bytes));
  test("static pieces around it differ from path to path", () => served((x: number) => { let s = `${x}`; if (x > 20) s = `${x}px`; else if (x < 0) s = `-${x}`; return `${s};`; }, each));
  test("in what a loop over slow values joins", () => served((x: number, digits: readonly number[]) => { let s = ""; for (const d of digits) s += `${x.toFixed(d)} `; return s.trim(); }, each.map(([x]) => [x, [0, 1, 4]]), { slow: ["digits"] }));
});

describe("what toFixed wrote is read", () => {
  const halves = Array.from({ length: 60 }, (_, i) => [(i - 30) / 8 + (i % 3) * 1e-15]);
  test("Number, parseFloat, +, *", () => served((x: number) => [Number(x.toFixed(2)), parseFloat(x.toFixed(1)), +x.toFixed(0), Number(x.toFixed(2)) * 2], [...each, ...halves]));
  test("parseInt", () => served((x: number) => parseInt(x.toFixed(1), 10), halves));
  test("to seven digits, as coordinates are", () => served((x: number) => Number(x.toFixed(7)), [...halves, [12.345678949999999], [179.99999995], [1e-8]]));
  test("to more digits than a double has", () => served((x: number) => [Number(x.toFixed(9)), parseFloat(x.toFixed(14)), +x.toFixed(20)], [[1e9], [123.456], [-99.99999999999999], [45.035996273704965], [90.07199254740993], [2 ** 52 / 1e9], [4503599627370497.5], [-1e20]]));
  test("with as many digits as the call tells", () => served((x: number, digits: number) => [Number(x.toFixed(digits)), +x.toFixed(x > 2 ? 1 : 0)], [...halves.slice(0, 20).map(([x], i) => [x!, i % 5]), [123456.785, 2], [1.005, 22], [-0.001, 2.5]]));
  test("with more digits than ten to so many is a double for: the original's", () => served((x: number, digits: number) => +x.toFixed(digits), [[1.5, 22], [1.5, 23]], { original: 1 }));
  test("in a loop over memory", () => served((x: Float64Array) => { let s = 0; for (const v of x) s += Number(v.toFixed(3)); return s; }, [[Float64Array.from(halves, ([v]) => v!)]]));
});

describe("what toFixed wrote lies in memory", () => {
  const small = numbers.filter((x) => Math.abs(x) < 1e9), some = [small, [0.05, 0.25, 1.45, -0.05, 99.95, 9.995, 1e8 + 0.5, 4.35, -1.005]].map((x) => [x]);
  test("in rows of a list", () => served((x: readonly number[]) => x.map((v) => ({ v: +v.toFixed(1), text: `${v.toFixed(2)} €` })), some));
  test("in a text that grows", () => served((x: readonly number[]) => { let d = ""; for (const v of x) d += (d === "" ? "M" : "L") + v.toFixed(1) + "," + (v * 3).toFixed(0); return d; }, some));
  test("asked for its characters", () => served((x: readonly number[]) => { let n = 0; for (const v of x) { const [whole, rest] = v.toFixed(3).split("."); n = n * 0.5 + whole!.length + Number(rest); } return n; }, some));
  test("two of different digits meet", () => served((x: number) => (x > 1000 ? (x / 1000).toFixed(1) + "k" : x.toFixed(0)), small.map((x) => [x])));
  test("steps of the last digit that no double tells are the original's", () => served((x: readonly number[]) => x.map((v) => v.toFixed(2)), [[[2 ** 46, 0.5]], [[2 ** 47, 0.5]], [[1, NaN]], [[1]]], { original: 2 }));
});

test("whether a text of a number is empty is known", () => served((x: number) => (x.toFixed(1) ? 1 : 2) + (x.toString(16).padEnd(20) ? 10 : 20), each));
test("two strings joined are empty where both are", () => served((s: string, t: string) => (s + t ? 1 : 2), [["", ""], ["a", ""], ["", "b"]]));

describe("what can wait until the end", () => {
  test.each([["Number.prototype.toFixed", [2]], ["Number.prototype.toString", [16, undefined]], ["String.prototype.padStart", [2, "0"]], ["String.prototype.slice", []]] as const)("%s %j", (method, args) => expect(formatOf(method, args)?.method).toBe(method));
  test.each([["Number.prototype.toFixed", [101]], ["Number.prototype.toFixed", [1.5]], ["Number.prototype.toString", [1]], ["Number.prototype.toPrecision", [0]], ["String.prototype.repeat", [-1]], ["String.prototype.repeat", []], ["String.prototype.padStart", [1e9]], ["String.prototype.split", [","]], ["String.prototype.slice", [NaN]]] as const)("not %s %j", (method, args) => expect(formatOf(method, args)).toBeUndefined());
  test("what it gives is what the engine gives", () => expect(format(formatOf("Number.prototype.toFixed", [1])!, 0.25)).toBe("0.3"));
});
