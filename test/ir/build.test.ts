// What a builder writes once: in a region the same operation of the same values, as long as it stands there.

import { describe, expect, test } from "vitest";
import { Builder } from "../../src/ir/build.ts";
import type { Value } from "../../src/ir/types.ts";

const builder = (): { b: Builder; x: Value; y: Value } => { const b = new Builder(); return { b, x: b.value("f64"), y: b.value("f64") }; };
const plus = (b: Builder, x: Value, n: number): Value => b.once("f64.add", x, b.f64(n));

describe("once", () => {
  test("is the same value", () => {
    const { b, x } = builder(), value = plus(b, x, 5);
    expect(plus(b, x, 5)).toBe(value);
    expect(b.region.body).toHaveLength(1);
  });
  test("counts as written each time", () => { const { b, x } = builder(); plus(b, x, 5); plus(b, x, 5); expect(b.written).toBe(2); });
  test("another operand", () => { const { b, x, y } = builder(); expect(b.once("f64.add", x, y)).not.toBe(b.once("f64.add", y, x)); });
  test("0 and −0 are two", () => { const { b, x } = builder(); expect(plus(b, x, 0)).not.toBe(plus(b, x, -0)); });
  test("NaN is one", () => { const { b, x } = builder(); expect(plus(b, x, NaN)).toBe(plus(b, x, NaN)); });
  test("another operation", () => { const { b, x, y } = builder(); expect(b.once("f64.lt", x, y)).not.toBe(b.once("f64.le", x, y)); });
  test("constants alone are folded", () => { const { b } = builder(); expect(plus(b, b.f64(1), 2).def).toMatchObject({ op: "const", value: 3 }); });
  test("not what another region has", () => {
    const { b, x } = builder(), value = plus(b, x, 5);
    b.inRegion(() => expect(plus(b, x, 5)).not.toBe(value));
    expect(plus(b, x, 5)).toBe(value);
  });
  test("not what was taken back", () => {
    const { b, x } = builder(), value = plus(b, x, 5);
    b.region.body.length = 0;
    expect(plus(b, x, 5)).not.toBe(value);
  });
  test("not what was moved elsewhere", () => {
    const { b, x, y } = builder(), value = plus(b, x, 5);
    b.region.body.splice(0);
    plus(b, y, 1); // stands where the other one stood
    expect(plus(b, x, 5)).not.toBe(value);
  });
  test("of many, the latest few", () => {
    const { b, x } = builder(), first = plus(b, x, 0), values = Array.from({ length: 40 }, (_, i) => plus(b, x, i + 1));
    expect(plus(b, x, 40)).toBe(values.at(-1));
    expect(plus(b, x, 0)).not.toBe(first);
  });
});
