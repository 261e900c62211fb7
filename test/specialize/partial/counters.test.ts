// Loops whose iterations are all the same program are kept where they are many and long; what changes in them is what else is static.

import { describe, expect, it } from "vitest";
import { facts } from "./facts.ts";

const x = Float64Array.of(1, 2.5, -3, 4), calls = [[x, 7], [x, 3], [Float64Array.of(), 7]];
type Kernel = (x: Float64Array, n: number) => unknown;

describe("how often a loop of seven iterations is written that holds another", () => {
  it.each<[string, number, Kernel]>([
    ["that counts alone: once", 2, (x, n) => { let r = 0.5; for (let k = 0; k < n; k++) { let s = 0; for (const v of x) s += v * r; r = Math.abs(s); } return r; }],
    ["downwards, by two", 2, (x, n) => { let r = 0.5; for (let k = 2 * n; k > 0; k -= 2) { let s = 0; for (const v of x) s += v * r; r = Math.abs(s); } return r; }],
    ["that leaves when it has found something", 2, (x, n) => { let r = 0.5; for (let k = 0; k < n; k++) { let s = 0; for (const v of x) s += v * r; if (s > 1e300) return s; r = s + 1; } return r; }],
    ["whose point is an object of its own", 2, (x, n) => { let p = { at: 1, step: 0.5 }; for (let k = 0; k < n; k++) { let s = 0; for (const v of x) s += v * p.at; p = { at: p.at - s * p.step, step: s }; } return p; }],
    ["whose counter is asked for", 7, (x, n) => { let r = 0.5; for (let k = 0; k < n; k++) { let s = 0; for (const v of x) s += v * r; r = Math.abs(s) + k; } return r; }],
    ["that makes a function, which lies in memory", 2, (x, n) => { let r = 0.5, f = (): number => r; for (let k = 0; k < n; k++) { for (const v of x) r = r * 0.5 + v; f = () => r * 2; } return f() + r; }],
    ["… on one of several ways", 14, (x, n) => { let r = 0.5, f = (): number => r; for (let k = 0; k < n; k++) { for (const v of x) r = r * 0.5 + v; if (r > 1) { f = () => r * 2; for (const v of x) r -= v; } } return r + f.length; }],
    ["whose first iteration puts something into a Map: the first ones", 6, (x, n) => { let r = 1; const m = new Map<string, number>(); for (let k = 0; k < n; k++) { for (const v of x) r = r * 0.5 + v; m.set("a", r); } return m.get("a"); }],
    ["in which something else is static and changes", 7, (x, n) => { let r = 0.5, w = 1; for (let k = 0; k < n; k++) { let s = 0; for (const v of x) s += v * r; r = Math.abs(s) * w; w *= 0.5; } return r; }],
    ["in which a field of an object is static and changes", 7, (x, n) => { let r = 0.5; const o = { w: 1 }; for (let k = 0; k < n; k++) { let s = 0; for (const v of x) s += v * r; r = Math.abs(s) * o.w; o.w *= 0.5; } return r; }],
  ])("%s", (_what, loops, kernel) => { expect(facts(kernel, ["n"], [calls[0]!]).loops).toBe(loops); facts(kernel, ["n"], calls); });
});

it("a few are unrolled", () => { expect(facts((x: Float64Array, n: number) => { let r = 0.5; for (let k = 0; k < n; k++) { let s = 0; for (const v of x) s += v * r; r = Math.abs(s); } return r; }, ["n"], [[x, 4]]).loops).toBe(4); });

it("short ones are unrolled up to some hundred instructions", () => {
  const kernel = (x: number, n: number): number => { let r = x; for (let k = 0; k < n; k++) r -= (r * r * r - x) / (3 * r * r + 1); return r; };
  expect(facts(kernel, ["n"], [[2.5, 40]]).loops).toBe(0);
  const kept = facts(kernel, ["n"], [[2.5, 400], [NaN, 400]]);
  expect(kept.loops).toBe(1);
  expect(kept.explain).toContain("nothing static changes in it but what counts its iterations");
});

describe("loops of many iterations that store under a condition of the data, at places that their counter tells, are kept", () => {
  const inputs = [[Float64Array.from({ length: 400 }, (_, i) => (i * 37) % 101), 20], [new Float64Array(30), 20]];
  it.each<[string, number, Kernel]>([
    ["a row and the number on its left", 2, (d, n) => { for (let i = 1; i < d.length / n; i++) { const v = d[i * n]!; for (let j = 0; j < n; j++) { const s = v + d[j]!; if (s < d[i * n + j]!) d[i * n + j] = s; } } }],
    ["not where nothing is asked", 1, (d, n) => { for (let i = 1; i < d.length / n; i++) { const v = d[i * n]!; for (let j = 0; j < n; j++) d[i * n + j] = v + d[j]!; } }],
    ["nor where the counter alone is", 1, (d, n) => { for (let i = 1; i < d.length / n; i++) for (let j = 0; j < n; j++) if (j !== 3) d[i * n + j] = d[j]! * 2; }],
    ["nor where the counter is a number", 1, (d, n) => { for (let i = 1; i < d.length / n; i++) for (let j = 0; j < n; j++) if (d[j]! > 3) d[i * n + j] = d[j]! * j; }],
  ])("%s", (_what, loops, kernel) => { expect(facts(kernel, ["n"], [inputs[0]!]).loops).toBe(loops); facts(kernel, ["n"], inputs); });
});
