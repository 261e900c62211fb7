// Loops from a place to one a fixed way behind it: they count from 0, and rows that are told by where they begin go side by side.

import { describe, expect, test } from "vitest";
import { countFromZero } from "../../src/specialize/rebase.ts";
import { body, transform } from "./harness.ts";
import { compileKernel, expectSame, lanesOf, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

/** for (r = 0; r < n; r++) for (i = first; test; i += step) sum += i */
const nested = (first: string, end: string, step = "1.0"): string => `func @f(%p: i32, %q: i32) -> f64 { %m = i32.and %p, 7  %n = f64.convert_i32_s %m  %u = f64.convert_i32_s %q
  %z: f64 = loop l (%r: f64 = 0.0, %s: f64 = 0.0) { %c = f64.lt %r, %n  if %c { ${first}
    %t: f64, %g: f64 = loop k (%i: f64 = %o, %h: f64 = %s) { ${end}  %d = f64.lt %i, %e  if %d { %a = f64.add %h, %i  %j = f64.add %i, ${step}  br k, %j, %a }  yield %h, %i }
    %b = f64.add %t, %g  %v = f64.add %r, 1.0  br l, %v, %b }  yield %s }  return %z }`;
const inputs = [0, 1, 2, 5, 7].flatMap((p) => [0, 1, 3, -4, 40].map((q) => [p, q]));
const of = (text: string): string => body(transform((func, program) => countFromZero(func, program), text, inputs));
const rebased = /f64\.lt %i\S*, (12|21)\.0/;

describe("counts from 0", () => {
  test("up to a sum", () => { expect(of(nested("%o = f64.mul %r, 12.0", "%e = f64.add %o, 12.0"))).toMatch(rebased); });
  test("up to a sum, written the other way round", () => { expect(of(nested("%o = f64.mul %r, 12.0", "%e = f64.add 12.0, %o"))).toMatch(rebased); });
  test("up to the next row", () => { expect(of(nested("%o = f64.mul %r, 12.0  %w = f64.add %r, 1.0", "%e = f64.mul %w, 12.0"))).toMatch(rebased); });
  test("by steps", () => { expect(of(nested("%o = f64.mul %r, 12.0", "%e = f64.add %o, 21.0", "4.0"))).toMatch(rebased); });
  test("up to the last place, and up to where the next one would be", () => {
    expect(of(nested("%o = f64.mul %r, 12.0", "%b1 = f64.add %o, 24.0  %b2 = f64.sub %b1, 4.0  %d0 = f64.le %i, %b2  %e = f64.add %o, 21.0", "4.0").replace("f64.lt %i, %e", "f64.le %i, %b2"))).toMatch(rebased);
    expect(of(nested("%o = f64.mul %r, 12.0", "%e0 = f64.add %o, 24.0  %x = f64.add %i, 4.0  %e = f64.add %o, 21.0", "4.0").replace("f64.lt %i, %e", "f64.le %x, %e0"))).toMatch(rebased);
  });
  test("not where it goes no more than thrice: that is written out", () => {
    expect(of(nested("%o = f64.mul %r, 12.0", "%e = f64.add %o, 5.0", "4.0"))).not.toMatch(/loop k/);
    expect(of(nested("%o = f64.mul %r, 12.0", "%e = f64.add %o, -3.0", "4.0"))).not.toMatch(/loop k/);
  });
  test("up to what does not change", () => { expect(of(nested("%o = f64.mul %r, 12.0", "%e = f64.add %o, %u"))).toMatch(/f64\.lt %i\S*, %u/); });
});

describe("as it was", () => {
  const same = (text: string): void => { expect(of(text)).not.toMatch(/loop k \S* ?\(%i\S*: f64 = 0\.0/); };
  test("a width that changes", () => { same(nested("%o = f64.mul %r, 12.0", "%e = f64.add %o, %r")); });
  test("up to two rows on", () => { same(nested("%o = f64.mul %r, 12.0  %w = f64.add %r, 2.0", "%e = f64.mul %w, 12.0")); });
  test("a place that may be no whole number", () => { same(nested("%o = f64.mul %r, 0.1", "%e = f64.add %o, 12.0")); });
  test("a place that may be −0", () => { same(nested("%o = f64.mul %r, -12.0", "%e = f64.add %o, 12.0")); });
  test("places too large for all of their sums", () => { same(nested("%o = f64.mul %r, 562949953421312.0", "%e = f64.add %o, 12.0")); });
  test("steps that are no whole number", () => { same(nested("%o = f64.mul %r, 12.0", "%e = f64.add %o, 12.0", "0.1")); });
});

describe("rows side by side", () => {
  type Rows = (x: Uint8Array, out: Uint32Array) => void;
  const args = (n: number, rows: number): unknown[] => [whole(new Uint8Array(n)), new Uint32Array(rows)];
  function story(kernel: Rows): Compiled {
    const compiled = compileKernel(kernel as Kernel, args(16 * 40, 40));
    expectSame(kernel as Kernel, compiled, [args(16 * 40, 40), args(16 * 9 - 3, 9), args(0, 20), args(100, 0), args(16 * 33, 40)]);
    return compiled;
  }
  test.each<[string, Rows]>([
    ["of a hash", (x, out) => { for (let r = 0; r < out.length; r++) { let h = 7; const o = r * 16; for (let i = o; i < o + 16; i++) h = Math.imul(h ^ x[i]!, 16777619); out[r] = h; } }],
    ["up to the next one", (x, out) => { for (let r = 0; r < out.length; r++) { let h = 7; for (let i = r * 16; i < (r + 1) * 16; i++) h = Math.imul(h ^ x[i]!, 16777619); out[r] = h; } }],
    ["words at a time", (x, out) => {
      for (let r = 0; r < out.length; r++) {
        let h = 7;
        const o = r * 16;
        for (let i = o; i < o + 16; i += 2) { h = Math.imul(h ^ (x[i]! | x[i + 1]! << 8), 0x5bd1e995); h ^= h >>> 13; }
        out[r] = h;
      }
    }],
    ["words at a time, then what is left byte by byte", (x, out) => {
      for (let r = 0; r < out.length; r++) {
        let h = 7, i = r * 16;
        const end = i + 15;
        for (; i + 4 <= end; i += 4) { h = Math.imul(h ^ (x[i]! | x[i + 1]! << 8 | x[i + 2]! << 16 | x[i + 3]! << 24), 0x5bd1e995); h ^= h >>> 13; }
        for (; i < end; i++) h = Math.imul(h ^ x[i]!, 16777619);
        out[r] = h;
      }
    }],
    ["words at a time, of which nothing is left", (x, out) => {
      for (let r = 0; r < out.length; r++) {
        let h = 7, i = r * 16;
        const end = i + 16;
        for (; i <= end - 4; i += 4) { h = Math.imul(h ^ (x[i]! | x[i + 1]! << 8 | x[i + 2]! << 16 | x[i + 3]! << 24), 0x5bd1e995); h ^= h >>> 13; }
        for (; i < end; i++) h = Math.imul(h ^ x[i]!, 16777619);
        out[r] = h ^ i - end;
      }
    }],
  ])("%s", (_, kernel) => { expect(lanesOf(story(kernel))).toBeGreaterThan(1); });
});
