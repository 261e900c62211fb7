// Which loops run several iterations side by side, and that they compute the same.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import type { Func, Loop } from "../../src/ir/types.ts";
import { interleave } from "../../src/specialize/interleave.ts";
import { transform } from "./harness.ts";

/** A chain of `n` square roots and sums on the element i. */
const chain = (n: number): string => `%v0 = f64.load [65536 + %i << 3] space 0  ${Array.from({ length: n }, (_, k) => `%q${k} = f64.sqrt %v${k}  %v${k + 1} = f64.add %q${k}, ${k + 1}.0`).join("  ")}`;
const loop = (body: string, step: string, space = 0): string => `func @f(%n: i32) -> f64 { %m = i32.and %n, 63
  %r: f64 = loop l (%i: i32 = 0, %s: f64 = 0.0) { %c = i32.lt_s %i, %m  if %c {
    ${body.replaceAll("space 0", `space ${space}`)}
    %w = f64.add %s, ${step}  %j = i32.add %i, 1  br l, %j, %w }  yield %s }
  return %r }`;
const roles = (f: Func): (string | undefined)[] => [...instructions(f.body)].filter((i): i is Loop => i.op === "loop").map((l) => l.notes?.role);

describe("side by side", () => {
  test("a long chain, its sum in the old order", () => {
    const f = transform(interleave, loop(chain(12), "%v12"));
    expect(roles(f)).toEqual(["main", "rest"]);
    expect([...instructions(f.body)].filter((i) => i.op === "f64.load").length).toBeGreaterThanOrEqual(5);
  });
  test("stores go in the old order, behind loads of other memory", () => {
    expect(roles(transform(interleave, loop(`${chain(12)}  f64.store [65536 + %i << 3 + 4096] space 1, %v12`, "%v12")))).toEqual(["main", "rest"]);
  });
  test("a number counted under a condition: loads of what is stored go with the stores", () => {
    const counted = `${chain(12)}  %big = f64.gt %v12, 3.0  if %big { %was = f64.load [65536 + 0 << 3] space 1  %more = f64.add %was, 1.0  f64.store [65536 + 0 << 3] space 1, %more  yield }`;
    expect(roles(transform(interleave, loop(counted, "%v12")))).toEqual(["main", "rest"]);
  });
});

describe("as many as leave few over", () => {
  const stores = (trips: number): number => [...instructions(transform(interleave, loop(chain(12), "%v12").replace("i32.lt_s %i, %m", `i32.lt_s %i, ${trips}`)).body)].filter((i) => i.op === "f64.load").length;
  test("twelve: four at a time, none is left", () => { expect(stores(12)).toBe(5); });
  test("eleven: two, one is left", () => { expect(stores(11)).toBe(3); });
  test("three: each alone", () => { expect(stores(3)).toBe(1); });
});

describe("one by one", () => {
  test("a short chain", () => { expect(roles(transform(interleave, loop(chain(3), "%v3")))).toEqual([undefined]); });
  test("a chain from iteration to iteration", () => {
    const carried = Array.from({ length: 12 }, (_, k) => `%q${k} = f64.sqrt ${k === 0 ? "%s" : `%v${k}`}  %v${k + 1} = f64.add %q${k}, 1.0`).join("  ");
    expect(roles(transform(interleave, loop(carried, "%v12")))).toEqual([undefined]);
  });
  test("loads of memory that the loop stores to", () => {
    expect(roles(transform(interleave, loop(`${chain(12)}  f64.store [65536 + %i << 3 + 8] space 1, %v12`, "%v12", 3)))).toEqual([undefined]);
  });
  test("a loop of few trips", () => { expect(roles(transform(interleave, loop(chain(12), "%v12").replace("i32.and %n, 63", "i32.and %n, 3")))).toEqual([undefined]); });
});
