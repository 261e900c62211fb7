// The texts of prebuilt callables: all the same, each given once, and what they do with a call.

import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { ready } from "../../src/index.ts";
import { constantsOf, Numeric } from "../../src/runtime/closures.ts";
import { Rebound } from "../../src/runtime/rebound.ts";
import { signal, type EntryParts } from "../../src/runtime/entry.ts";
import { nextText } from "../../src/runtime/texts.ts";
import { Tally } from "../../src/runtime/tally.ts";

/** The rows of a file's table, which ends it. UPDATE_TEXTS=1 writes the first one's text into all of them first. */
function rowsOf(file: string, begin: string): string[] {
  const url = new URL(`../../src/runtime/${file}`, import.meta.url), between = `\n  ${begin}`, end = "\n];\n";
  const [head, ...rows] = readFileSync(url, "utf8").split(between);
  const texts = rows.map((row) => row.replace(end, ""));
  if (!process.env.UPDATE_TEXTS) return texts;
  writeFileSync(url, [head, ...texts.map(() => texts[0])].join(between) + end);
  return texts.map(() => texts[0]!);
}
const rows = rowsOf("texts.ts", "{ callable:");
const taken = rows.map(() => nextText());
const last = nextText();

describe("texts", () => {
  it("are one text, for fifty kernels and more", () => {
    expect(rows.length).toBeGreaterThan(51);
    expect(new Set(rows).size).toBe(1);
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

describe("an entry whose values are set anew", () => {
  beforeAll(async () => { await ready(); });
  const missed = (result: unknown): boolean => { const was = signal.missed; signal.missed = false; return was && Number.isNaN(result); };
  /** x => factor * x, in WebAssembly: a trampoline takes nothing else. */
  const times = (factor: number): ((x: number) => number) => {
    const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 124, 1, 124, 3, 2, 1, 0, 7, 7, 1, 3, 114, 117, 110, 0, 0, 10, 16, 1, 14, 0, 68, ...new Uint8Array(Float64Array.of(factor).buffer), 32, 0, 162, 11];
    return new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes))).exports["run"] as never;
  };
  const version = (factor: number, wanted: readonly number[]): { numeric: Numeric; tally: Tally } => {
    const tally = new Tally();
    return { tally, numeric: new Numeric({ run: times(factor), tally, memory: { status: new Int32Array(1) }, plan: { exits: [] }, exchange: { why: "" } } as unknown as EntryParts, wanted, [0], null) };
  };
  const two = version(2, [NaN, 2]), three = version(3, [NaN, 3.5]), rebound = Rebound.of(two.numeric)!;

  it("stands in rows of one text, too, for as many kernels", () => {
    const again = rowsOf("rebound.ts", "(k0, k1,");
    expect(again.length).toBeGreaterThan(51);
    expect(new Set(again).size).toBe(1);
  });
  it("is the version's that it is bound to: its guard and its program, its calls", () => {
    for (let round = 0; round < 3; round++) {
      const enter = rebound.bind(two.numeric)!;
      expect([enter(null, 5, 2), missed(enter(null, 5, 3.5)), missed(enter(null, "5", 2)), missed(enter(null, 5))]).toEqual([10, true, true, true]);
      expect(rebound.bind(three.numeric)).toBe(enter);
      expect([enter(null, 5, 3.5), enter(null, -0, 3.5), missed(enter(null, 5, 2)), missed(enter(null, 5, "3.5"))]).toEqual([15, -0, true, true]);
    }
    expect([two.tally.calls, three.tally.calls]).toEqual([3, 6]);
  });
  it("is none of a version's whose entry tests or passes on other arguments", () => {
    expect([[NaN, NaN], [4, 2], [NaN]].map((wanted) => rebound.bind(version(4, wanted).numeric))).toEqual([null, null, null]);
    expect(rebound.bind(version(4, [NaN, -1]).numeric)!(null, 2, -1)).toBe(8);
  });
  it("is not made for six arguments", () => { expect(Rebound.of(version(2, Array<number>(6).fill(NaN)).numeric)).toBeNull(); });
});
