// What objects are as numbers and texts.

import { describe, test } from "vitest";
import { served } from "./served.ts";

class Price { constructor(readonly v: number) {} valueOf(): number { return this.v; } toString(): string { return "a price"; } }
class Color { constructor(readonly r: number) {} toString(): string { return `rgb(${Math.round(this.r)})`; } }
class Both { constructor(readonly v: number) {} valueOf(): number { return 1; } [Symbol.toPrimitive](hint: string): number | string { return hint === "string" ? "s" : hint === "number" ? this.v : this.v * 10; } }
const calls = [[2.5], [-0], [NaN]];

describe("an object is what its class says", () => {
  test("as a number, by valueOf", () => served((x: number) => { const p = new Price(x) as never as number; return [p + 1, p * 2, -p, p < 3, Number(p), p == x]; }, calls));
  test("as a text, by toString before valueOf", () => served((x: number) => { const p = new Price(x), c = new Color(x) as never as string; return [`${String(p)}!`, c + "", `${c} ${c}`]; }, calls));
  test("by Symbol.toPrimitive before both, which is told what is wanted", () => served((x: number) => { const b = new Both(x) as never as number; return [b + 1, b * 2, +b, b < 2, `${b}`, b == 10 * x]; }, calls));
  test("where it is the caller's", () => served((p: number, c: string, b: number) => [p * 2, c + "", b + 1, b - 1], [[new Price(2), new Color(3), new Both(4)], [new Price(-0), new Color(0.4), new Both(NaN)]]));
  test("once for each operator", () => served((x: number) => { let n = 0; const o = { valueOf() { n++; return x; } } as never as number; return [o + o, o * 2, n]; }, calls));
  test("arrays that are added are a text, of which nobody asks: halves of a sum that lies in an array", () => served((x: Float64Array) => {
    const sum = (out: Float64Array, from: number, n: number): unknown => {
      if (n < 4) { for (let i = 0; i < n; i++) out[0]! += x[from + i]!; out[1]! += n; return out; }
      const half = n >> 1;
      return (sum(out, from, half) as never as string) + (sum(out, from + half, n - half) as never as string);
    };
    const out = new Float64Array(2);
    sum(out, 0, 13);
    return out;
  }, [[Float64Array.from({ length: 13 }, (_, i) => i * 1.5)]]));
  test("a plain object or an array of numbers is no word", () => served((points: number[][], how: unknown) => (how as string == "random" ? 1 : how as string == "first" ? 2 : (how as number[]).length + points.length), [[[[1, 2]], [3, NaN]], [[[1, 2]], []], [[[1]], [[3, -1], [1e30]]]]));
  test("nor is it where it is a word that numbers may be joined to", () => served((x: number[]) => (x as never as string == "1,NaN" ? 1 : 2), [[[1, NaN]], [[1, 2]]], { original: 2 }));
});
