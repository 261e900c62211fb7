// Loops that one jump leaves for what follows the block around them.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { endLoops } from "../../src/specialize/ends.ts";
import { transform } from "./harness.ts";
import { compileKernel, expectSame, lanesOf, type Kernel } from "./vectorize.harness.ts";

const blocks = (body: string, behind = "trap exit -1"): number => [...instructions(transform(endLoops, `func @f(%a: i32) -> i32 { %n = i32.and %a, 63  %r: i32 = block b { loop l (%i: i32 = 0) { ${body} } ${behind} } return %r }`).body)].filter(({ op }) => op === "block").length;

describe("blocks that are left", () => {
  test.each<[string, number, string, string?]>([
    ["none, of one jump", 0, "%c = i32.lt_s %n, %i  if %c { br b, %i }  %j = i32.add %i, 3  br l, %j"],
    ["none, where the jump has something to do first", 0, "%c = i32.lt_s %n, %i  if %c { %x = i32.mul %i, %n  br b, %x }  %j = i32.add %i, 3  br l, %j"],
    ["none, of a jump in the second arm", 0, "%c = i32.lt_s %i, %n  if %c { yield } else { br b, %i }  %j = i32.add %i, 3  br l, %j"],
    ["none, of a jump where an iteration ends", 0, "%c = i32.lt_s %i, %n  if %c { %j = i32.add %i, 3  br l, %j }  br b, %i"],
    ["one, of two jumps", 1, "%c = i32.lt_s %n, %i  if %c { br b, %i }  %d = i32.eq %i, 7  if %d { br b, 5 }  %j = i32.add %i, 3  br l, %j"],
    ["one, of a jump out of an inner loop", 1, "loop m (%k: i32 = 0) { %c = i32.lt_s %n, %k  if %c { br b, %i }  %q = i32.add %k, 5  br m, %q }  trap exit -1"],
    ["one, where the loop has an end as well", 1, "%c = i32.lt_s %n, %i  if %c { br b, %i }  %j = i32.add %i, 3  %d = i32.lt_s %j, 90  if %d { br l, %j }  yield", "yield 4"],
  ])("%s", (_what, count, body, behind) => { expect(blocks(body, behind)).toBe(count); });
});

interface Node { readonly at: number; readonly below: number; readonly a: Tree; readonly b: Tree }
type Tree = Node | number;
const grow = (depth: number, seed: number): Tree => (depth === 0 ? Math.sin(seed) : { at: seed % 3, below: Math.cos(seed), a: grow(depth - 1, seed * 2), b: grow(depth - (seed % 3 === 1 && depth > 1 ? 2 : 1), seed * 2 + 1) });

test("trees that a function walks by calling itself are straight code", () => {
  const kernel = (x: Float64Array, y: Float64Array, trees: readonly Tree[]): void => {
    const score = (node: Tree, from: number): number => (typeof node === "number" ? node : score(x[from + node.at]! < node.below ? node.a : node.b, from));
    for (let i = 0; i < y.length; i++) { let sum = 0; for (const tree of trees) sum += score(tree, 3 * i); y[i] = sum; }
  };
  const make = (n: number): unknown[] => [Float64Array.from({ length: 3 * n }, (_, i) => Math.sin(i * i)), new Float64Array(n), Array.from({ length: 9 }, (_, k) => grow(4, k + 1))];
  const compiled = compileKernel(kernel as Kernel, make(5), [2]);
  expectSame(kernel as Kernel, compiled, [0, 1, 5, 9].map(make));
  expect(compiled.residual.stages.some(({ pass, changes }) => pass === "descend" && changes!.length > 0)).toBe(true);
  expect(lanesOf(compiled)).toBe(1);
});
