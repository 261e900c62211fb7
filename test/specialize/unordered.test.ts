// Tests for NaN whose result is a number ask for order, not for equality.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { askOrdered } from "../../src/specialize/unordered.ts";
import { transform } from "./harness.ts";

const odd = [0, -0, 1.5, NaN, Infinity, -Infinity, 5e-324];
const ops = (text: string): string[] => [...instructions(transform(askOrdered, text, odd.map((x) => [x])).body)].map(({ op }) => op);

describe("of one value", () => {
  test.each([["eq", 1], ["ne", 2]] as const)("%s", (name, count) => {
    const made = ops(`func @f(%x: f64) -> i32 { %r = f64.${name} %x, %x  return %r }`);
    expect(made).toContain("f64.ge");
    expect(made.filter((op) => op !== "return")).toHaveLength(count);
  });
});
test("not of two", () => { expect(ops("func @f(%x: f64) -> i32 { %y = f64.abs %x  %r = f64.ne %x, %y  return %r }")).toContain("f64.ne"); });
