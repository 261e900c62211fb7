// Products and sums in lanes that are rounded together: which are, and that nothing else changes.

import { expect, test } from "vitest";
import { Builder } from "../../src/ir/build.ts";
import { print } from "../../src/ir/print.ts";
import type { Func, Program, Value } from "../../src/ir/types.ts";
import { fuseProducts } from "../../src/specialize/vectorize/fuse.ts";

type Write = (b: Builder, a: Value, x: Value, c: Value) => Value[];
function fused(write: Write): string {
  const b = new Builder();
  const params = ["a", "x", "c"].map((name) => b.value("v128", name)) as [Value, Value, Value];
  const body = b.inRegion(() => { b.return(write(b, ...params)); });
  const func: Func = b.func("f", params, ["v128"], body);
  const program: Program = { functions: [func], data: [], spaces: [], inputs: [], exits: [], frameBytes: 0 };
  return print(fuseProducts(func, program, () => {})).replaceAll(/\s+/g, " ");
}
const product = (b: Builder, a: Value, x: Value): Value => b.op("f64x2.mul", a, x);

test("a sum with a product before it", () => { expect(fused((b, a, x, c) => [b.op("f64x2.add", product(b, a, x), c)])).toMatch(/f64x2\.relaxed_madd %a\S* %x\S* %c/); });
test("a sum with a product behind it", () => { expect(fused((b, a, x, c) => [b.op("f64x2.add", c, product(b, a, x))])).toMatch(/f64x2\.relaxed_madd %a\S* %x\S* %c/); });
test("a difference from which a product is taken", () => { expect(fused((b, a, x, c) => [b.op("f64x2.sub", c, product(b, a, x))])).toMatch(/f64x2\.relaxed_nmadd %a\S* %x\S* %c/); });
test("singles", () => { expect(fused((b, a, x, c) => [b.op("f32x4.add", b.op("f32x4.mul", a, x), c)])).toMatch(/f32x4\.relaxed_madd/); });
test("of two products the first", () => { expect(fused((b, a, x, c) => [b.op("f64x2.add", product(b, a, x), product(b, c, c))])).toMatch(/f64x2\.relaxed_madd %a\S* %x/); });
test("not a product that less is taken from", () => { expect(fused((b, a, x, c) => [b.op("f64x2.sub", product(b, a, x), c)])).not.toContain("relaxed"); });
test("not a product that is used twice", () => {
  expect(fused((b, a, x, c) => { const p = product(b, a, x); return [b.op("f64x2.add", b.op("f64x2.add", p, c), p)]; })).not.toContain("relaxed");
});
test("not a product of the other width", () => { expect(fused((b, a, x, c) => [b.op("f32x4.add", product(b, a, x), c)])).not.toContain("relaxed"); });
