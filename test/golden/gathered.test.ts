// What was gathered so far, carried by another name: lanes that gather a part each have no such number for any iteration.

import { it } from "vitest";
import { agrees } from "./agrees.ts";

const far = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => ((i * 7919) ^ 0x5555) / 7);
it.each<[string, string, string]>([
  ["a sum of int32", "let s = 0, last = 0;", "s = (s + (v | 0)) | 0; last = s;"],
  ["the greatest", "let s = 0, last = 0;", "s = Math.max(s, v); last = s;"],
  ["a hash", "let s = 0, last = 0;", "s = (Math.imul(s, 31) + (v | 0)) | 0; last = s;"],
  ["how many", "let s = 0, last = 0;", "if (v > 9) s++; last = s;"],
  ["a sum of doubles", "let s = 0, last = 0;", "s = s * 0.5 + v; last = s;"],
  ["where the greatest is", "let s = -1, at = -1, last = 0;", "if (v > s) { s = v; at = i; } last = at;"],
])("%s (found by seed 1980000527)", async (_what, begin, step) => {
  await agrees({ source: `function kernel(x) { ${begin} for (let i = 0; i < x.length; i++) { const v = Math.sqrt(Math.abs(x[i])) * Math.sqrt(i + 1) / (i + 2); ${step} } return [s, last]; }`, slow: [], inputs: [[far(64)], [far(63)]] });
});
