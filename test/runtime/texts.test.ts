// The texts of prebuilt callables: all the same, each given once, and what they do with a call.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { constantsOf, Numeric } from "../../src/runtime/closures.ts";
import { signal, type EntryParts } from "../../src/runtime/entry.ts";
import { nextText } from "../../src/runtime/texts.ts";
import { Tally } from "../../src/runtime/tally.ts";

const rows = readFileSync(new URL("../../src/runtime/texts.ts", import.meta.url), "utf8").split("\n  { callable:").slice(1);
const taken = rows.map(() => nextText());
const last = nextText();

describe("texts", () => {
  it("are one text, for fifty kernels and more", () => {
    expect(rows.length).toBeGreaterThan(51);
    expect(new Set(rows.map((row) => row.replace(/\n\];\n$/, ""))).size).toBe(1);
  });
  it("are given once, but for the last, which has no entries of its own", () => {
    expect(new Set(taken.map(({ callable }) => callable)).size).toBe(rows.length);
    expect([taken.filter(({ own }) => own === null).length, taken.at(-1)!.own]).toEqual([1, null]);
    expect(last).toEqual(taken.at(-1));
  });
});

describe("an entry of a text", () => {
  const partsFor = (run: (...params: number[]) => number): EntryParts => ({ run, tally: new Tally(), memory: { status: new Int32Array(1) }, plan: { exits: [] }, exchange: { why: "" } }) as unknown as EntryParts;
  const missed = (result: unknown): boolean => { const was = signal.missed; signal.missed = false; return was && Number.isNaN(result); };
  const own = taken[0]!.own!;

  it("takes any number where one is wanted, and this one where it is", () => {
    const parts = partsFor((x) => 2 * x), enter = own(constantsOf(new Numeric(parts, [NaN, 3, 0.5], [0], null))!);
    expect([enter(null, 5, 3, 0.5), enter(null, NaN, 3, 0.5), enter(null, -0, 3, 0.5)]).toEqual([10, NaN, -0]);
    expect(signal.missed).toBe(false);
    expect(parts.tally.calls).toBe(3);
    for (const args of [[5, 4, 0.5], [5, "3", 0.5], ["5", 3, 0.5], [5, 3, 0.25], [5, 3], [undefined, 3, 0.5], [5n, 3, 0.5]]) expect(missed(enter(null, ...args)), String(args)).toBe(true);
    expect(parts.tally.calls).toBe(3);
  });
  for (const [chosen, expected] of [[[], []], [[1], [2]], [[1, 0], [2, 1]], [[4, 3, 2], [5, 4, 3]], [[0, 1, 2, 4], [1, 2, 3, 5]]] as const) {
    it(`passes the arguments ${chosen.join()} on`, () => {
      let got: readonly number[] = [];
      const parts = partsFor((...all) => { got = all; return 1; });
      own(constantsOf(new Numeric(parts, [NaN, NaN, NaN, NaN, NaN], chosen, null))!)(null, 1, 2, 3, 4, 5);
      expect(got.slice(0, expected.length)).toEqual(expected);
    });
  }
  it("is made for up to five arguments", () => {
    expect(constantsOf(new Numeric(partsFor(() => 1), Array<number>(6).fill(NaN), [], null))).toBeNull();
  });
});
