// What can be typed as a value, a line a fact.

import { describe, expect, it } from "vitest";
import { parseValue } from "../../src/cli/values.ts";
import { Random } from "../../src/tune/random.ts";

const value = (text: string, edges = false): unknown => parseValue(text, "--input x")(new Random(1), edges);
const fails = (text: string, message: string): void => {
  it(`refuses ${text}`, () => expect(() => value(text)).toThrow(message));
};
const gives = (text: string, expected: unknown): void => {
  it(`${text}`, () => expect(value(text)).toStrictEqual(expected));
};

describe("values", () => {
  gives("3.5", 3.5);
  gives("-0", -0);
  gives("NaN", NaN);
  gives("-Infinity", -Infinity);
  gives("undefined", undefined);
  gives("true", true);
  gives("[1,2,3]", [1, 2, 3]);
  gives("json:[1,2,3]", [1, 2, 3]);
  gives('{"a":[1]}', { a: [1] });
  gives("Float32Array:[0.5,1]", Float32Array.of(0.5, 1));
  gives("zeros:3:Int16Array", new Int16Array(3));
  gives("zeros:2:Array", [0, 0]);

  it("random arrays have the type, length and range asked for", () => {
    const array = value("random:1000:Uint8Array:3:9") as Uint8Array;
    expect([array.constructor.name, array.length, Math.min(...array), Math.max(...array)]).toEqual(["Uint8Array", 1000, 3, 8]);
    const full = value("random:1000:Int8Array") as Int8Array;
    expect(Math.min(...full)).toBeLessThan(-100);
    expect(Math.max(...full)).toBeGreaterThan(100);
  });
  it("a random number lies in its bounds", () => expect(value("random:number:5:6")).toBeCloseTo(5.5, 0));
  it("the same seed gives the same values", () => expect(value("random:9:Float64Array")).toEqual(value("random:9:Float64Array")));
  it("edges mixes in what arithmetic is most often wrong on", () => {
    const array = value("random:1000:Float64Array", true) as Float64Array;
    expect(array.some(Number.isNaN) && array.includes(Infinity) && array.some((item) => Object.is(item, -0))).toBe(true);
  });

  fails("taps", '"taps" is neither JSON nor random:…');
  fails("random:10:Float63Array", 'there is no array type "Float63Array", did you mean "Float64Array"?');
  fails("random:ten:Float64Array", '"ten" is no length');
  fails("random:10:Float64Array:2:1", "bounds are two numbers, the lower first");
  fails("file:nowhere.json", "there is no file nowhere.json");
  fails('Float64Array:["a"]', "a typed array is made of a list of numbers");
});
