// Arrays of a length of run time that are filled as soon as they are made: no holes are asked for, no room is looked for.

import { describe, expect, it } from "vitest";
import { specialize } from "../../../src/index.ts";
import { facts } from "./facts.ts";

const sizes = [[0], [1], [5]];

describe("filled", () => {
  it("a table of rows is read and written without asking for holes, and no row grows", () => {
    const { text } = facts(function k(n: number) {
      const t = Array.from({ length: n + 1 }, () => new Array<number>(n + 1).fill(0));
      for (let i = 1; i <= n; i++) for (let j = 1; j <= n; j++) t[i]![j] = Math.max(t[i - 1]![j]! + i, t[i]![j - 1]! + j);
      return t[n]![n]!;
    }, [], sizes);
    expect(text).not.toContain("2146697233");
    expect(text.match(/memory\.copy/g)).toHaveLength(1); // the list of rows
  });
  it("with −0, NaN and a number of the caller's", () => { facts(function k(n: number, x: number) { const a = new Array<number>(n).fill(-0), b = new Array<number>(n).fill(NaN), c = new Array<number>(n).fill(x); return [a, b, c]; }, [], [[3, 2.5], [0, 1], [2, -0]]); });
  it("then pushed to, shortened and asked for its keys", () => {
    facts(function k(n: number) { const a = new Array<number>(n).fill(1); a.push(2); a.length -= 1; let keys = 0; for (const key in a) if (key !== "") keys++; return [a.length, keys, a]; }, [], sizes);
  });
  it("it is the very array, and one that others hold", () => { facts(function k(n: number) { const a = new Array<number>(n), b = a.fill(7); b[0] = 3; return [a === b, a, { b }]; }, [], [[2], [5]]); });
  it("again, later", () => { facts(function k(n: number) { const a = new Array<number>(n).fill(1); a[0] = 5; a.fill(2); return a; }, [], [[2], [5]]); });
});

describe("not at once", () => {
  it("something was written before", () => { facts(function k(n: number) { const a = new Array<number>(n); a[1] = 4; a.fill(6, 2); return [a, 0 in a]; }, [], [[2], [5]]); });
  it("with what is no number", () => { facts(function k(n: number) { return new Array<boolean>(n).fill(n > 3); }, [], sizes); });
  it("on one path only", () => { facts(function k(n: number, on: boolean) { const a = new Array<number>(n); if (on) a.fill(1); let s = 0; for (let i = 0; i < n; i++) s += i in a ? 1 : 10; return s; }, [], [[3, true], [3, false]]); });
});

it("two rows of Array.from and new Array(n) that change places: neither grows", () => {
  const { text } = facts(function k(n: number, x: number) {
    let prev = Array.from({ length: n + 1 }, (_, j) => j), cur = new Array<number>(n + 1);
    for (let i = 1; i < 3; i++) { cur[0] = i; for (let j = 1; j <= n; j++) cur[j] = Math.min(cur[j - 1]! + 1, prev[j]! + x); [prev, cur] = [cur, prev]; }
    return prev[n]!;
  }, [], [[0, 1], [4, 0.5]]);
  expect(text.match(/memory\.copy/g)).toHaveLength(1); // while it is made
});
it("an element behind its end begins again, and is served", () => {
  const k = (n: number, at: number): number[] => { const a = new Array<number>(n).fill(0); a[at] = 1; return a; };
  const fast = specialize(k, { tier: "js", compile: "sync" });
  for (const [n, at] of [[4, 2], [4, 4], [4, 7], [4, 4]] as const) expect(fast(n, at)).toEqual(k(n, at));
  expect(fast.stats().calls.original).toBe(0);
});
