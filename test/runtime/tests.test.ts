// Each test of an entry in both of its forms, on the same values: generated code and closures must agree, with each other and with the fact.

import { describe, expect, it } from "vitest";
import type { Test } from "../../src/runtime/plan.ts";
import { testCode, testFunction } from "../../src/runtime/tests.ts";

const values: readonly unknown[] = [
  0, -0, 1, -1, 0.5, NaN, Infinity, 2147483647, 2147483648, -2147483648, true, false, undefined, null, "", "1", 1n, {}, [], [1, 2],
  new Float64Array(2), () => 0, new Proxy({}, {}), new Proxy([1, 2], {}), { length: 2 }, Symbol.iterator, { valueOf: () => { throw new Error("ran"); } }, new Date(1),
];

function generated(test: Test): (v: unknown) => boolean {
  const named: unknown[] = [];
  const code = testCode(test, "v", (value) => `e[${named.push(value) - 1}]`);
  return new Function("e", `return (v) => ${code};`)(named) as (v: unknown) => boolean;
}

function accepts(test: Test, expected: readonly unknown[]): void {
  const what = "value" in test ? ` ${Object.is(test.value, -0) ? "-0" : String(test.value)}` : "";
  it(`${test.is}${what} accepts ${expected.length}`, () => {
    const [code, closure] = [generated(test), testFunction(test)];
    for (const value of values) {
      const right = expected.some((one) => Object.is(one, value));
      expect([code(value), closure(value)], String(typeof value === "object" ? Object.prototype.toString.call(value) : String(value))).toEqual([right, right]);
    }
  });
}

describe("tests of an entry", () => {
  const numbers = values.filter((v) => typeof v === "number");
  const objects = values.filter((v) => typeof v === "object" && v !== null);
  accepts({ is: "number" }, numbers);
  accepts({ is: "int32" }, [0, 1, -1, 2147483647, -2147483648]);
  accepts({ is: "boolean" }, [true, false]);
  accepts({ is: "string" }, values.filter((v) => typeof v === "string"));
  accepts({ is: "solid" }, objects.filter((v) => v !== values[22] && v !== values[23]));
  accepts({ is: "date" }, [values.at(-1)]);
  for (const value of [0, -0, 1, NaN, true, undefined, null, "1", 1n]) accepts({ is: "value", value }, [value]);
});

describe("tests of solid objects", () => {
  const both = (test: Test, value: unknown): boolean[] => [generated(test)(value), testFunction(test)(value)];
  it("prototype", () => {
    expect(both({ is: "prototype", prototype: Object.prototype }, {})).toEqual([true, true]);
    expect(both({ is: "prototype", prototype: Object.prototype }, [])).toEqual([false, false]);
    expect(both({ is: "prototype", prototype: Object.prototype }, Object.create(null))).toEqual([false, false]);
  });
  it("an array's bytes, shared or not", () => {
    expect(both({ is: "unshared" }, new Float64Array(1))).toEqual([true, true]);
    expect(both({ is: "unshared" }, new Float64Array(new SharedArrayBuffer(8)))).toEqual([false, false]);
  });
  it("a field that no object of an array has", () => {
    class Point { x = 1; at(): number { return this.x; } }
    expect(both({ is: "lacking", within: [], field: "at" }, [new Point(), new Point()])).toEqual([true, true]);
    expect(both({ is: "lacking", within: [], field: "x" }, [new Point()])).toEqual([false, false]);
    expect(both({ is: "lacking", within: [], field: "at" }, [new Point(), Object.assign(new Point(), { at: 1 })])).toEqual([false, false]);
    expect(both({ is: "lacking", within: [], field: "at" }, [])).toEqual([true, true]);
    expect(both({ is: "lacking", within: [], field: "at" }, [null])).toEqual([false, false]);
    expect(both({ is: "lacking", within: [], field: "at" }, new Proxy([], {}))).toEqual([false, false]);
  });
  it("what an array has from its prototype", () => {
    class Mine extends Array<number> {}
    const own = (key: string | symbol, prototype: object | null = null, each = 0): Test => ({ is: "inherited", key, prototype, each });
    for (const value of [[1], new Float64Array(1), new BigInt64Array(1)]) expect(both(own(Symbol.iterator), value)).toEqual([true, true]);
    for (const value of [Object.assign([1], { at: 1 }), Mine.from([1]), {}, undefined, 1, new Proxy([], {})]) expect(both(own("at"), value)).toEqual([false, false]);
    expect(both(own("at", Mine.prototype), Mine.from([1]))).toEqual([true, true]);
    expect(both(own("at", null, 1), [[1], [2]])).toEqual([true, true]);
    expect(both(own("at", null, 1), [[1], Mine.from([1])])).toEqual([false, false]);
    expect(both(own("at", null, 1), {})).toEqual([false, false]);
  });
  it("nothing beside elements that for-in comes to", () => {
    for (const value of [[], [1, 2], [1, , 3], new Float64Array(2), Object.defineProperty([1], "hidden", { value: 1 })]) expect(both({ is: "unnamed", each: 0 }, value)).toEqual([true, true]);
    for (const value of [Object.assign([1], { a: 1 }), Object.assign([], { "01": 1 }), Object.assign(new Float64Array(1), { x: 1 }), new Proxy([], {}), undefined]) expect(both({ is: "unnamed", each: 0 }, value)).toEqual([false, false]);
    for (const value of [[[1], [2]], [[1], , [2]], []]) expect(both({ is: "unnamed", each: 1 }, value)).toEqual([true, true]);
    for (const value of [[[1], Object.assign([1], { a: 1 })], [[1], null], undefined]) expect(both({ is: "unnamed", each: 1 }, value)).toEqual([false, false]);
  });
  it("length", () => {
    expect(both({ is: "length", length: 2 }, [1, 2])).toEqual([true, true]);
    expect(both({ is: "length", length: 2 }, new Float64Array(2))).toEqual([true, true]);
    expect(both({ is: "length", length: 2 }, [1])).toEqual([false, false]);
    expect(both({ is: "length", length: 2 }, { get length() { throw new Error("ran"); } })).toEqual([false, false]);
  });
});
