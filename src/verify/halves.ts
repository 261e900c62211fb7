// Random loops that write less often than they read: a counter that is shifted or divided by its own step (chroma, halved pictures, bytes of records
// some of which nobody reads), and filters that ask how far back they may read.

import type { Random } from "./prng.ts";

export function halfLoop(random: Random, limit: string): string[] {
  return random.chance(0.4) ? reachingBack(random) : shifted(random, limit);
}

function shifted(random: Random, limit: string): string[] {
  const shift = random.pick([1, 1, 2, 3]), step = 2 ** shift * random.pick([1, 1, 1, 2]), from = random.pick(["0", "0", "1", "n & 7", "-3"]);
  const half = random.pick([`i >> ${shift}`, `i >> ${shift}`, `(i >> ${shift}) + 1`, `(i + ${random.between(1, 9)}) >> ${shift}`, `i / ${2 ** shift}`, `i / ${2 ** shift} | 0`, `Math.floor(i / ${2 ** shift})`]);
  const parts = Array.from({ length: random.between(1, 6) }, () => `x[${random.pick(["i", `i * ${random.pick([2, 4])}`])} + ${random.between(0, 9)}]`);
  const sum = parts.join(random.pick([" + ", " + ", " ^ ", " - "]));
  return [`for (let i = ${from}; i < ${limit}; i += ${step}) {`, `  const h = ${half};`, `  y[h] = (${sum}) ${random.pick(["", ">> 2", "/ 4", "* gain", "- h"])};`, "}"];
}

function reachingBack(random: Random): string[] {
  const factor = random.pick([1, 2, 3, 4, 8]), count = random.between(2, 9), from = random.pick(["0", "0", "0", "n & 3"]);
  const at = random.pick([`i * ${factor} - k`, `${factor} * i - k`, `i * ${factor} - 2 * k`, `i * ${factor} - k + 1`]);
  const test = random.pick(["j >= 0", "j >= 0", "j > 0", "0 <= j", "j > -1", "j >= 0 && j < x.length", "!(j < 0)"]);
  return [`for (let i = ${from}; i < y.length; i++) {`, "  let t = 0;", `  for (let k = 0; k < ${count}; k++) { const j = ${at}; if (${test}) t += x[j] * (k + gain); }`, "  y[i] = t;", "}"];
}
