// Random regular expressions: classes that stand several times, greedy and lazy, groups that are kept or not, alternatives, what looks around, references.

import type { Random } from "./prng.ts";

const classes = ["\\s", "\\d", "\\w", "\\W", ".", "a", "b", "0", "1", "\\.", "-", "[a-c]", "[^a-z]", "[aeiou01]", "[^\\s\\d]", "I", "\\ud83d"] as const;
const times = ["", "", "", "", "+", "+", "*", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "*?", "+?", "??", "{1,2}?", "{0}"] as const;
const places = ["^", "$", "\\b", "\\B", "(?<=a)", "(?<!\\d)", "(?<=^|a|0\\d)"] as const;

/** The source of one whose groups are nested so deep. */
export function randomPattern(random: Random, depth: number): string {
  let groups = 0;
  const term = (deep: number): string => {
    switch (random.weighted({ class: 8, place: 0.8, kept: deep > 0 ? 1.5 : 0, group: deep > 0 ? 0.8 : 0, look: deep > 0 ? 0.5 : 0, reference: groups > 0 ? 0.4 : 0 })) {
      case "place": return random.pick(places);
      case "kept": { groups++; return `(${alternatives(deep - 1)})${random.pick(times)}`; }
      case "group": return `(?:${alternatives(deep - 1)})${random.pick(times)}`;
      case "look": return `(${random.pick(["?=", "?!"])}${alternatives(deep - 1)})`;
      case "reference": return `\\${random.between(1, groups)}(?:)`; // no digit may follow it
      default: return random.pick(classes) + random.pick(times);
    }
  };
  const sequence = (deep: number): string => Array.from({ length: random.pick([1, 1, 2, 2, 3, 4]) }, () => term(deep)).join("");
  const alternatives = (deep: number): string => Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => (random.chance(0.05) ? "" : sequence(deep))).join("|");
  return alternatives(depth) || "a";
}
