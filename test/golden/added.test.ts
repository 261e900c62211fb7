// Loops that add several fields to an object, of the caller's or a new one, some of them in some iterations only: their order is the original's.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

type State = Record<string, unknown>;
/** with how many of the lists the module serves at least: another order of what is added is the original's */
const kernels: readonly (readonly [string, number, (x: number[], st: State) => unknown])[] = [
  ["two, one after the other", 6, (x, st) => { let p = 0; while (p < x.length && x[p] !== 9) { p++; st["p"] = p; st["f"] = x[p]; } return p; }],
  ["one of two in some iterations", 6, (x, st) => { let p = 0; while (p < x.length && x[p] !== 9) { p++; st["p"] = p; if (x[p] === 3) st["m"] = p; } return p; }],
  ["the last one alone in the first iteration", 3, (x, st) => { let p = 0; while (p < x.length && x[p] !== 9) { if (x[p]! < 2) st["m"] = p; else st["p"] = p; st["f"] = p++; } return p; }],
  ["a new object that is returned", 6, (x) => { const st: State = { i: 2 }; for (const v of x) { st["p"] = v; st["f"] = v * 2; if (v === 3) st["m"] = 1; } return st; }],
  ["listed", 0, (x, st) => { for (let p = 0; p < x.length; p++) { st["p"] = p; if (x[p] === 3) st["m"] = p; st["i"] = x[p]; } return Object.keys(st).join(); }],
  ["a table or null, kept for the next call", 4, (x, st) => {
    let t = st["t"] as Uint16Array | null | undefined, p = 0, last = 0;
    do { if (!t) { last = x[p]! & 1; t = new Uint16Array(2); t[0] = p; } while (++p < x.length) if (x[p] === 3) { t = null; break; } st["t"] = t; st["p"] = p; if (t) { last = 1; st["m"] = t[0]; } } while (last === 0 && p < x.length);
    return p;
  }],
];
const lists = [[], [3], [1, 2, 0, 3, 5, 3, 2, 9], [9, 1], [2, 3, 1, 9, 4], [5, 5, 1, 3, 3, 3]];
const states = (): State[] => [{ i: 2 }, { i: 2, p: 5 }];

describe.each(kernels)("fields that loops add: %s", (_, least, kernel) => {
  it("are right", () => agrees({ source: kernel.toString(), slow: [], inputs: lists.flatMap((x) => states().map((st) => [x, st])) }));
  it("are the module's", async () => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const x of lists) {
      const a: State = { i: 2 }, b: State = { i: 2 };
      expect(fast([...x], a)).toEqual(kernel([...x], b));
      expect(Object.entries(a)).toEqual(Object.entries(b));
    }
    expect(fast.stats().calls.wasm).toBeGreaterThanOrEqual(least);
  });
});
