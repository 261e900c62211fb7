// An element that is read again with nothing written since is read once: counted before any pass has run. What is written in between, in whatever way,
// has it read anew.

import { describe, expect, it } from "vitest";
import { specialize } from "../../../src/index.ts";

type Kernel = (x: Float64Array, y: Float64Array, c: readonly number[], n: number) => number;
const numbers = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => Math.sin(i + 1) * 4);
const c = [0.5, 2, -1, 3];

const rows: readonly (readonly [what: string, loads: number, kernel: Kernel])[] = [
  ["in each iteration of an unrolled loop", 1, (x, _y, c, n) => { let s = 0; for (let k = 0; k < c.length; k++) s = s * x[n]! + c[k]!; return s; }],
  ["at a known index", 2, (x, y, c) => { let s = 0; for (let k = 0; k < c.length; k++) s += x[1]! * c[k]! + y[1]!; return s; }],
  ["of an array with another place", 2, (x, y, _c, n) => x[n]! + y[n]! + x[n]! * y[n]!],
  ["with a store to it in between", 2, (x, _y, _c, n) => { const a = x[n]!; x[n] = a + 1; return a * x[n]!; }],
  ["with a store to another array in between, which may share its bytes", 2, (x, y, _c, n) => { const a = x[n]!; y[n] = a + 1; return a * x[n]!; }],
  ["with a store on one path in between", 2, (x, _y, _c, n) => { const a = x[n]!; if (a > 0) x[0] = 7; return a * x[n]!; }],
  ["with a store in a loop in between", 2, (x, y, _c, n) => { const a = x[n]!; for (let i = 0; i < y.length; i++) x[i] = i; return a * x[n]!; }],
  ["with the array filled in between", 2, (x, _y, _c, n) => { const a = x[n]!; x.fill(a + 2); return a * x[n]!; }],
  ["on both sides of a branch, which do not know of each other", 2, (x, _y, _c, n) => (n > 1 ? x[n]! + x[n]! : x[n]! * x[n]!)],
  ["in a loop, beside the same behind it", 2, (x, y, _c, n) => { let s = 0; for (let i = 0; i < y.length; i++) s += x[n]! * x[n]!; return s + x[n]!; }],
];

describe("an element that is read again", () => {
  for (const [what, loads, kernel] of rows) {
    it(what, () => {
      for (const shared of [false, true]) {
        const fast = specialize(kernel, { slow: [2], tier: "js", compile: "sync" });
        for (const n of [1, 9, 0.5]) {
          const [x, y, u, v] = [numbers(4), numbers(4), numbers(4), numbers(4)], ofX = shared ? new Float64Array(x.buffer) : y, ofU = shared ? new Float64Array(u.buffer) : v;
          expect(fast(x, ofX, c, n)).toBe(kernel(u, ofU, c, n));
          expect([x, y]).toEqual([u, v]);
        }
        expect(fast.stats().calls).toMatchObject({ original: 0, js: 3 });
        if (shared) continue;
        const evaluated = fast.inspect().ir.find(({ pass }) => pass === "evaluate")!.text;
        expect(evaluated.match(/\.load/g)).toHaveLength(loads);
      }
    });
  }
});
