// Numbers that loops round one by one are rounded as one of a register.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { ready, specialize } from "../../src/index.ts";
import { roundApart } from "../../src/specialize/roundings.ts";
import { transform } from "./harness.ts";

const odd = [0, -0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, -1e-310, 4503599627370495.5, 2 ** 53, -(2 ** 60), 1e308, NaN, Infinity, -Infinity];
/** What is computed of a double, in a loop of three turns. */
const looped = (body: string): string => `func @f(%x: f64) -> f64 {
  %r: f64 = loop l (%i: i32 = 0, %v: f64 = %x) { %c = i32.lt_s %i, 3  if %c { ${body}  %j = i32.add %i, 1  br l, %j, %w } yield %v }
  return %r }`;
const ops = (text: string): string[] => [...instructions(transform(roundApart, text, odd.map((x) => [x])).body)].map(({ op }) => op);

describe("in loops", () => {
  test.each(["floor", "ceil", "trunc", "nearest"])("%s", (name) => {
    const made = ops(looped(`%q = f64.mul %v, 0.75  %w = f64.${name} %q`));
    expect(made).toContain(`f64x2.${name}`);
    expect(made).not.toContain(`f64.${name}`);
  });
  test("of what comes out of a register", () => {
    const made = ops(looped("%s = f64x2.splat %v  %d = f64x2.add %s, %s  %q = f64x2.extract_lane[0] %d  %w = f64.floor %q"));
    expect(made.filter((op) => op === "f64x2.splat")).toHaveLength(1);
  });
});
test("not outside of them", () => { expect(ops("func @f(%x: f64) -> f64 { %r = f64.floor %x  return %r }")).toContain("f64.floor"); });

test("a delay line between two samples", async () => {
  await ready();
  const vibrato = (x: Float32Array, y: Float32Array, line: Float32Array, depth: number, rate: number): number => {
    const mask = line.length - 1;
    let w = 0, phase = 0;
    for (let i = 0; i < x.length; i++) {
      line[w] = x[i]!;
      const d = depth + depth * (phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase), whole = Math.floor(d), part = d - whole;
      const a = line[(w - whole) & mask]!, b = line[(w - whole - 1) & mask]!;
      y[i] = a + (b - a) * part;
      w = (w + 1) & mask;
      phase += rate;
      if (phase >= 1) phase -= 1;
    }
    return phase;
  };
  const fast = specialize(vibrato, { slow: ["depth"], tier: "wasm", compile: "sync" });
  for (const [depth, rate] of [[5, 0.013], [5, NaN], [5, -0.3], [11.25, 0.4], [0, 1e-9]] as const) {
    const x = Float32Array.from({ length: 300 }, (_, i) => odd[i % odd.length]! + Math.sin(i)), [y, line, p, q] = [300, 64, 300, 64].map((n) => new Float32Array(n)) as [Float32Array, Float32Array, Float32Array, Float32Array];
    expect(fast(x, y, line, depth, rate)).toBe(vibrato(x, p, q, depth, rate));
    expect([y, line]).toEqual([p, q]);
  }
  expect(fast.stats().calls.original).toBe(0);
  expect(fast.inspect().wat).toContain("f64x2.floor");
});
