// Interval arithmetic against the operations themselves: of integers exhaustively at a width of 4 bits, wrap-around included; of doubles
// on random ranges with edge values as bounds.

import { describe, expect, test } from "vitest";
import { contains, converts, floats, integers, join, meet, ofNumber, range, within, type Range } from "../../src/specialize/intervals.ts";

const bits = 4;
const small = integers(bits);
const wrap = (x: number): number => (x << (32 - bits)) >> (32 - bits);
const unsigned = (x: number): number => x & (2 ** bits - 1);
const shift = (k: number): number => unsigned(k) % bits;

/** the operations at that width; null where they trap */
const meaning: Record<string, (a: number, b: number) => number | null> = {
  add: (a, b) => wrap(a + b), sub: (a, b) => wrap(a - b), mul: (a, b) => wrap(a * b), and: (a, b) => a & b, or: (a, b) => a | b, xor: (a, b) => a ^ b,
  shl: (a, k) => wrap(a << shift(k)), shr_s: (a, k) => a >> shift(k), shr_u: (a, k) => wrap(unsigned(a) >> shift(k)),
  div_s: (a, b) => (b === 0 || (a === -8 && b === -1) ? null : wrap(Math.trunc(a / b))), rem_s: (a, b) => (b === 0 ? null : wrap(a % b)),
  div_u: (a, b) => (b === 0 ? null : wrap(Math.floor(unsigned(a) / unsigned(b)))), rem_u: (a, b) => (b === 0 ? null : wrap(unsigned(a) % unsigned(b))),
};

describe("integers of 4 bits, every interval with every interval", () => {
  const intervals: Range[] = [];
  for (let lo = -8; lo <= 7; lo++) for (let hi = lo; hi <= 7; hi++) intervals.push(range(lo, hi, true, false, false));
  for (const [name, f] of Object.entries(meaning)) {
    test(name, () => {
      let bad = "";
      for (const a of intervals) for (const b of intervals) {
        const result = (small[name as "add"])(a, b);
        if (result.lo < -8 || result.hi > 7) bad ||= `[${a.lo}, ${a.hi}] ${name} [${b.lo}, ${b.hi}] gave [${result.lo}, ${result.hi}]`;
        for (let x = a.lo; x <= a.hi; x++) for (let y = b.lo; y <= b.hi; y++) {
          const exact = f(x, y);
          if (exact !== null && !contains(result, exact)) bad ||= `${x} ${name} ${y} is ${exact}, not in [${result.lo}, ${result.hi}]`;
        }
      }
      expect(bad).toBe("");
    });
  }
});

const edges = [0, -0, 1, -1, 0.25, -0.25, 0.5, -0.5, 0.75, -0.75, 1.5, -1.5, 2, 3, -3, 255, 2147483647, -2147483648, 2147483648, 2147483647.5, -2147483648.5, 4294967296, 2 ** 53, -(2 ** 53), 1e308, -1e308, 5e-324, -5e-324, Infinity, -Infinity];
/** xorshift, seeded */
function random(seed: number): () => number {
  let s = seed;
  return () => { s ^= s << 13; s ^= s >>> 17; s ^= s << 5; return (s >>> 0) / 4294967296; };
}
const next = random(20261120);
const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;

/** some values and a range that holds them */
function sample(): { values: number[]; range: Range } {
  const int = next() < 0.4;
  const values = Array.from({ length: 1 + Math.floor(next() * 4) }, () => { const x = next() < 0.1 ? NaN : pick(edges); return int && Number.isFinite(x) ? Math.trunc(x) : x; });
  return { values, range: values.map(ofNumber).reduce(join) };
}
const holds = (r: Range, x: number): boolean => (x !== x ? r.nan : within(ofNumber(x), { ...r, int: r.int && Number.isFinite(x) }));

const two: Record<string, [Range: (a: Range, b: Range) => Range, f: (a: number, b: number) => number]> = {
  add: [floats.add, (a, b) => a + b], sub: [floats.sub, (a, b) => a - b], mul: [floats.mul, (a, b) => a * b], div: [floats.div, (a, b) => a / b],
  rem: [floats.rem, (a, b) => a % b], min: [floats.min, Math.min], max: [floats.max, Math.max],
};
const one: Record<string, [Range: (a: Range) => Range, f: (a: number) => number]> = {
  neg: [floats.neg, (a) => -a], abs: [floats.abs, Math.abs], sqrt: [floats.sqrt, Math.sqrt], floor: [floats.floor, Math.floor], ceil: [floats.ceil, Math.ceil],
  trunc: [floats.trunc, Math.trunc], round: [floats.round, Math.round], "ToInt32": [converts.toInt32, (a) => a | 0],
  "saturating truncation": [converts.saturated, (a) => (a !== a ? 0 : Math.max(-2147483648, Math.min(2147483647, Math.trunc(a))) + 0)],
};

test("what clears the lowest bits rounds down", () => {
  const { and } = integers(32);
  expect([and(join(ofNumber(0), ofNumber(95)), ofNumber(-2)), and(ofNumber(-8), join(ofNumber(-5), ofNumber(13)))].map(({ lo, hi }) => [lo, hi])).toEqual([[0, 94], [-8, 8]]);
});

describe("doubles, 20,000 random ranges", () => {
  for (const [name, [ranges, f]] of Object.entries(two)) {
    test(name, () => {
      let bad = "";
      for (let i = 0; i < 20000; i++) {
        const [a, b] = [sample(), sample()];
        const result = ranges(a.range, b.range);
        for (const x of a.values) for (const y of b.values) if (!holds(result, f(x, y))) bad ||= `${x} ${name} ${y} is ${f(x, y)}, not in ${JSON.stringify(result)} of ${JSON.stringify([a, b])}`;
      }
      expect(bad).toBe("");
    });
  }
  for (const [name, [ranges, f]] of Object.entries(one)) {
    test(name, () => {
      let bad = "";
      for (let i = 0; i < 20000; i++) {
        const a = sample();
        const result = ranges(a.range);
        for (const x of a.values) if (!holds(result, f(x))) bad ||= `${name} ${x} is ${f(x)}, not in ${JSON.stringify(result)} of ${JSON.stringify(a)}`;
      }
      expect(bad).toBe("");
    });
  }
  test("meet holds what both hold", () => {
    let bad = "";
    for (let i = 0; i < 20000; i++) {
      const [a, b] = [sample(), sample()];
      for (const x of a.values) if (holds(b.range, x) && !holds(meet(a.range, b.range), x)) bad ||= `${x} of ${JSON.stringify([a, b])}`;
    }
    expect(bad).toBe("");
  });
});
