// The JavaScript that patterns become, against the engine: no walk, no WebAssembly.

import { describe, expect, test } from "vitest";
import { patternName, patternText, type Replacement, type Use } from "../../../src/specialize/partial/patterns.ts";
import { Random } from "../../../src/verify/prng.ts";
import { randomPattern } from "../../../src/verify/regexps.ts";

const told = (found: unknown): unknown => (Array.isArray(found) && "index" in found ? [[...found], found.index, (found as RegExpExecArray).groups] : found);
const by = (...args: unknown[]): string => `<${args.join("|")}>`;
const template = "[$1$2|$10|$$|$&]";
/** What the engine gives. */
const engines: Partial<Record<Use, (text: string, pattern: RegExp) => unknown>> = {
  test: (text, pattern) => pattern.test(text),
  search: (text, pattern) => text.search(pattern),
  match: (text, pattern) => told(pattern.exec(text)),
  matches: (text, pattern) => text.match(new RegExp(pattern, `g${pattern.flags}`)),
  matchAll: (text, pattern) => [...text.matchAll(new RegExp(pattern, `g${pattern.flags}`))].map(told),
  split: (text, pattern) => text.split(pattern),
  replace: (text, pattern) => text.replace(pattern, template),
  replaceAll: (text, pattern) => text.replace(new RegExp(pattern, `g${pattern.flags}`), by),
};
const replacements: Partial<Record<Use, Replacement>> = { replace: { template }, replaceAll: "function" };

/** Compares them over texts; how many of the uses were taken. */
function compared(pattern: RegExp, texts: readonly string[]): number {
  let taken = 0;
  for (const [use, expected] of Object.entries(engines) as [Use, (text: string, pattern: RegExp) => unknown][]) {
    const name = patternName(use, { source: pattern.source, flags: pattern.flags }, replacements[use]);
    if (name === undefined) continue;
    taken++;
    const ours = new Function(`return ${patternText(name)}`)() as (this: string, by: unknown) => unknown;
    for (const text of texts) {
      const got = ours.call(text, by);
      expect(use === "matchAll" ? (got as unknown[]).map(told) : told(got), `${String(pattern)} ${use} ${JSON.stringify(text)}`).toEqual(expected(text, pattern));
    }
  }
  return taken;
}

describe("random patterns", () => {
  for (const seed of [1, 2, 3, 4]) {
    test(`of seed ${seed}`, () => {
      const random = new Random(seed), letters = [..."aab0-1I. \nbA", "\ud83d", "\ude00"];
      let taken = 0;
      for (let i = 0; i < 150; i++) {
        const pattern = new RegExp(randomPattern(random, 2), random.pick(["", "", "i", "m", "s"]));
        taken += compared(pattern, Array.from({ length: 6 }, () => Array.from({ length: random.between(0, 9) }, () => random.pick(letters)).join("")));
      }
      expect(taken).toBeGreaterThan(800); // of 1,200
    });
  }
});

describe("what isn't taken", () => {
  const refused = (pattern: RegExp): void => expect(patternName("test", { source: pattern.source, flags: pattern.flags })).toBeUndefined();
  test("flags that change what a character is", () => { refused(/a/u); refused(new RegExp("a", "v")); });
  test("references that ignore case", () => refused(/(a)\1/i));
  test("what looks back over lengths that vary, or keeps something there", () => { refused(/(?<=a+)b/); refused(/(?<=(a))b/); });
  test("what would be too long", () => refused(/(?:a|b|ab){8}(?:a|b|ab){8}/));
  test("a repeated group of which one turn can end in several places: more ways than anybody can try", () => { refused(/(\w+\s?)*x/); refused(/(a|ab)*c/); refused(/(?:a*?)*b/); });
  test("a group that stands too often", () => refused(/(?:ab?a){40}/));
});
