// Random loops that write less often than they read: a counter that is shifted or divided by its own step (chroma, halved pictures, bytes of records
// some of which nobody reads), filters that ask how far back they may read, and neighbours in a direction that the numbers tell.

import type { Random } from "./prng.ts";

export function halfLoop(random: Random, limit: string): string[] {
  return random.weighted({ shifted: 5, back: 4, directed: 4 }) === "shifted" ? shifted(random, limit) : random.chance(0.5) ? reachingBack(random) : directed(random, limit);
}

function directed(random: Random, limit: string): string[] {
  const place = (): string => `i${random.pick([" + 1", " - 1", " + 7", " - 5", "", " + 2", " - 8"])}`, by = random.pick(["", "", " * 2"]);
  const test = (): string => random.pick(["x[i] > a", "x[i] * 2 < x[i + 1]", "x[i] < 0", "x[i] > x[i + 1]"]);
  const chosen = random.pick([() => `${test()} ? ${place()} : ${place()}`, () => `${test()} ? ${place()} : ${test()} ? ${place()} : ${place()}`])();
  const value = random.pick([`x[p] > x[i] ? x[i] : x[q]`, "x[p] * x[i] + x[q]", "Math.sqrt(x[p] * x[p]) - x[q]", "x[p] >= x[q] ? x[i] * x[i] : 0"]);
  return [`for (let i = ${random.pick(["8", "8", "0", "1"])}; i < ${limit}${random.pick([" - 8", " - 8", ""])}; i++) {`, `  if (${test()}) ${random.pick(["continue", "{ y[i] = 0; continue; }"])};`,
    `  const p = ${by ? `(${chosen})${by}` : chosen}, q = ${chosen};`, `  y[i] = ${value};`, "}"];
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
