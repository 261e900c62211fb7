// Singles that become doubles in loops that wait for themselves are converted as one of a register.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { ready, specialize } from "../../src/index.ts";
import { promoteApart } from "../../src/specialize/promotions.ts";
import { transform } from "./harness.ts";

/** A loop over singles from 65536 on, which carries %h on; `next` computes the next one of %v. */
const func = (next: string, more = ""): string => `func @f(%x: i32) -> f64 { %n = i32.and %x, 15
  %r = loop l (%i: i32 = 0, %h: f64 = 0.5) { %c = i32.lt_s %i, %n  if %c { %s = f32.load [65536 + %i << 2] space 0  %v = f64.promote_f32 %s  ${next}  ${more}  %j = i32.add %i, 1  br l, %j, %g } yield %h }
  return %r }`.replace("%r =", "%r: f64 =");
const ops = (text: string): string[] => [...instructions(transform(promoteApart, text, [[0], [1], [5], [15]]).body)].map(({ op }) => op);
const filter = "%d = f64.sub %v, %h  %e = f64.mul %d, 0.25  %g = f64.add %h, %e";

describe("where iterations wait for one another", () => {
  test("a filter", () => { expect(ops(func(filter))).toContain("f64x2.promote_low_f32x4"); });
  test("the single itself is there, too", () => {
    expect(ops(func(filter, "f32.store [66560 + %i << 2] space 1, %s"))).toEqual(expect.arrayContaining(["v128.load32_zero", "f64x2.promote_low_f32x4", "f32.store"]));
  });
  test("what is stored on the way was not loaded yet", () => { ops(func(`f32.store [66560 + %i << 2] space 1, %s  %j1 = i32.and %i, 3  %s1 = f32.load [66560 + %j1 << 2] space 1  %v1 = f64.promote_f32 %s1  %w = f64.add %v1, %v ${filter.replace("%v", "%w")}`)); });
});

describe("left alone", () => {
  test("outside of loops", () => { expect(ops("func @f(%x: i32) -> f64 { %s = f32.load [65536 + 0 << 2] space 0  %v = f64.promote_f32 %s  return %v }")).toContain("f64.promote_f32"); });
  test("where an iteration does more than it waits for", () => {
    const much = Array.from({ length: 12 }, (_, k) => `%p${k} = f64.mul %v, ${k}.5  %q${k} = f64.sub %p${k}, 1.0  %o${k} = f64.abs %q${k}`).join("  "), sum = Array.from({ length: 11 }, (_, k) => `%t${k} = f64.min %${k === 0 ? "o11" : `t${k - 1}`}, %o${k}`).join("  ");
    expect(ops(func(`${much}  ${sum}  %g = f64.add %h, %t10`))).toContain("f64.promote_f32");
  });
  test("where only a counter is carried on", () => { expect(ops(func("%g = f64.mul %v, 2.0", "").replaceAll("%h: f64 = 0.5", "%h: i32 = 1").replace("%g = f64.mul %v, 2.0", "f64.store [66560 + %i << 3] space 1, %v  %g = i32.xor %h, %i").replace("%r: f64 =", "%r0: i32 =").replace("return %r", "%r = f64.convert_i32_s %r0  return %r"))).toContain("f64.promote_f32"); });
});

test("channels one behind the other, of any length and number", async () => {
  await ready();
  const planar = (x: Float32Array, y: Float32Array, amount: number, len: number): number => {
    let last = 0;
    for (let s = 0; s < 3; s++) { let hold = 0; for (let i = 0; i < len; i++) { hold += (x[s * len + i]! - hold) * amount; y[s * len + i] = hold; } last += hold; }
    return last;
  };
  const fast = specialize(planar, { slow: ["amount"], tier: "wasm", compile: "sync" });
  const odd = [1e-45, -0, 3.4e38, -3.4e38, NaN, Infinity, 1e-38, 0.1];
  const made = (n: number, edges: boolean): Float32Array => Float32Array.from({ length: n }, (_, i) => (edges && i % 5 === 2 ? odd[i % odd.length]! : Math.sin(i)));
  for (const [n, len] of [[0, 0], [3, 1], [30, 10], [30, 9], [30, 12], [31, 10], [9, -1]] as const) for (const edges of [false, true]) {
    const [x, y, p, q] = [made(n, edges), made(n, false), made(n, edges), made(n, false)];
    expect(fast(x, y, 0.3, len)).toBe(planar(p, q, 0.3, len));
    expect([x, y]).toEqual([p, q]);
    expect(fast(x, x, 0.3, len)).toBe(planar(p, p, 0.3, len));
    expect(x).toEqual(p);
  }
  expect(fast.stats().calls.original).toBe(0);
});
