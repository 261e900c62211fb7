// Random loops over records of so many elements, each block by block and then element by element, as hashes of bytes go: where a block begins and ends is told by where the record does.

import type { Random } from "./prng.ts";

/** The lines of a loop that writes y[r] of some elements of x from a place on that r tells. */
export function blockLoop(random: Random): string[] {
  const width = random.pick([1, 3, 4, 5, 8, 8, 16, 19]), step = random.pick([1, 2, 4, 4]), from = random.pick(["r * w", "r * w", "r * w + 1", "r * w - 1", "r + w", "w"]), by = random.between(0, 9);
  const end = random.pick(["k + w", "k + w", "w + k", "k + w - 1", "(r + 1) * w", "k + n", "k - 1", "r * w + w + 2"]);
  const test = random.pick([`k + ${step} <= end`, `k <= end - ${step}`, `k + ${step - 1} < end`, "k < end", `end >= k + ${step}`, "k <= end"]);
  const mix = random.pick(["h = Math.imul(h ^ VALUE, 16777619);", "h = h * 0.5 + VALUE;", "h = (h << 5) - h + VALUE | 0;", "h += VALUE;", "if (VALUE > h) h = VALUE;"]);
  const block = Array.from({ length: random.between(1, step) }, (_, i) => mix.replaceAll("VALUE", i === 0 ? "x[k]" : `x[k + ${i}]`)), rest = random.pick(["k < end", "k < end", "k <= end", "k < r * w + w"]);
  const again = random.chance(0.7) ? [`  for (; ${rest}; k++) ${mix.replaceAll("VALUE", "x[k]")}`] : [];
  return ["let s = 0;", `const w = ${width};`, `for (let r = 0; r < ${random.pick(["y.length", "n", "y.length - 1"])}; r++) {`, `  let h = ${random.pick(["7", "r", "a"])}, k = ${from};`, `  const end = ${end};`,
    `  for (; ${test}; k += ${step}) { ${block.join(" ")}${random.chance(0.1) ? ` if (h === ${by}) break;` : ""} }`, ...again, `  y[r] = h${random.pick(["", " + k", " + (k - end)"])};`, "}"];
}
