// Random loops that put a few elements in order in an array of their own which each iteration fills anew: medians, ranks, what is nearest; by insertion, as elements come or when all are there.

import { typedNames } from "./inputs.ts";
import type { Random } from "./prng.ts";

export function windowLoop(random: Random, head: string): string[] {
  const size = random.between(2, 5), kind = random.pick([...typedNames, "Float64Array", "Uint8Array"]), window = `new ${kind}(${size + random.between(0, 1)})`;
  const own = random.pick(["x[i + k]", "x[i + k]", "x[i * 2 + k]", "x[i - k]", "x[i + k] - x[i]", "x[Math.max(0, i - k)]", "x[i + k] * 0.5"]);
  const above = random.weighted({ "win[j - 1] > v": 4, "win[j - 1] < v": 1, "win[j - 1] >= v": 1, "!(win[j - 1] <= v)": 0.5, "win[j - 1] > v && v < 20": 0.5 });
  const read = random.pick(["win[0]", `win[${size >> 1}]`, `win[${size - 1}]`, `win[0] + win[${size - 1}]`, `win[${size >> 1}] - x[i]`, `win[${size}]`]);
  const insert = random.pick([
    [`  for (let k = 0; k < ${size}; k++) {`, `    const v = ${own};`, "    let j = k;", `    while (j > 0 && ${above}) { win[j] = win[j - 1]; j--; }`, "    win[j] = v;", "  }"],
    [`  for (let k = 0; k < ${size}; k++) win[k] = ${own};`, `  for (let k = 1; k < ${size}; k++) {`, "    const v = win[k];", "    let j = k;", `    while (j > 0 && ${above}) { win[j] = win[j - 1]; j--; }`, "    win[j] = v;", "  }"],
    [`  for (let k = 0; k < ${size}; k++) {`, `    const v = ${own};`, `    if (v > ${random.pick(["0", "x[i]"])}) win[k] = v; else { win[k] = ${random.pick(["0", "-v", "win[0]"])}; win[0] = v; }`, "  }"],
  ]);
  return random.chance(0.8) ? [`const win = ${window};`, head, ...insert, `  y[i] = ${read};`, "}"] : [head, `  const win = ${window};`, ...insert, `  y[i] = ${read};`, "}"];
}
