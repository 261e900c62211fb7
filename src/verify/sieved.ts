// Random loops of which some iterations do something, as their data say: rows that are selected and packed, sums and counts by groups, the last and the greatest of what was met.

import type { Random } from "./prng.ts";

/** The lines of a loop that does something where x[i] is chosen. */
export function sievedLoop(random: Random, head: string, number: () => number): string[] {
  const z = random.pick(["x[i + 1]", "x[i]", "z"]), test = (): string => random.pick([
    () => `x[i] ${random.pick([">", "<=", "!=="])} ${number()}`, () => `x[i] >= ${number()} && x[i] < ${number()}`, () => "x[i] > a", () => "(x[i] & 3) === 1", () => "x[i] & 4", () => `x[i] ${random.pick(["!==", "<"])} x[i + 1]`,
    () => "taps[x[i] & 3] > 0", () => "x[i] === x[i]", () => "i % 3 === 1", () => "y[i] > x[i]", () => "s < x[i]", () => "x[i] < y.length", () => `Math.sqrt(x[i]) ${random.pick(["<", ">"])} ${random.between(1, 9)}`, () => "x[i] === 1 || x[i + 1] > 2",
  ])();
  const act = (): string => random.pick([
    "y[q++] = x[i];", "y[q++] = i;", "y[x[i] & 15] += x[i];", "y[x[i] & 31]++;", "y[(x[i] * 3) & 15] = s;", "s += x[i];", "q++;", "if (x[i] > s) s = x[i];", "s = x[i] - s; y[q & 7] = s;", "y[i] += s; s = y[i + 1];", "q = i; y[q] = s;", "y[x[i]] = i;",
    `if (${test()}) y[q++] = x[i]; else s -= x[i];`,
  ]);
  const acts = Array.from({ length: random.between(1, 3) }, () => `    ${act()}`), inner = random.chance(0.3) ? [`    const v = x[i] * ${z === "z" ? "2" : z};`, `    if (${test()} || v > 9) {`, ...acts, "    }"] : acts;
  const before = random.chance(0.3) ? [`  if (!(${test()})) continue;`] : [];
  return ["let s = 0, q = 0;", head, ...before, ...(random.chance(0.3) ? [`  if (!(${test()})) continue;`, ...inner] : [`  if (${test()}) {`, ...inner, "  }"]), "}", "y[q] = s;"];
}
