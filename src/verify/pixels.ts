// Random loops over pixels: one, three or four bytes an iteration, blended, divided by constants, rounded in every way and clamped in every style;
// channels that are left as they were.

import type { Random } from "./prng.ts";

/** The lines of a loop that writes y[i] to y[i + 3] of x and z. */
export function pixelLoop(random: Random, limit: string, number: () => number): string[] {
  const channels = random.pick([1, 3, 4, 4]);
  const divisor = (): number => random.pick([255, 255, 256, 3, 4, 7, 9, 16, 25, 100, 31, 65535, random.between(2, 1000)]);
  const factor = (): number => random.pick([0.299, 0.5, 1.5, -0.25, 1 / 255, 2, number() / 8]);
  const terms = random.chance(0.15) ? random.between(5, 9) : 1; // long bodies: fewer lanes than fill a register
  const value = (a: string, b: string): string => Array.from({ length: terms }, () => term(a, b)).join(" + ");
  const term = (a: string, b: string): string => random.pick([
    () => `(${a} * t + ${b} * (255 - t)) / 255`, () => `((255 - t) * ${a} + t * ${b} + 127) / 255`, () => `(${a} + ${b} * ${random.between(1, 9)} + t) / ${divisor()}`,
    () => `(${a} - ${b}) / ${divisor()}`, () => `Math.abs(${a} - ${b}) * t / ${divisor()}`, () => `${a} * ${factor()} + ${b} * ${factor()}`, () => `${a} * ${factor()} + t * gain`,
    () => `(255 - ${a})`, () => a, () => `(${a} * 77 + ${b} * 150 + t * 29 >> 8)`, () => `(${a} ^ ${b}) / ${divisor()}`, () => `${a} * ${b} * ${factor()}`,
    () => `(${a} / ${divisor()} + ${b} / ${divisor()}) * t`, () => `(${a} > ${b} ? ${a} / (t + 1) + 2 : ${b} > t ? t / (${b} + 1) + 4 : (${a} - ${b}) / (t + 2))`,
    () => `(${a} < t ? Math.sqrt(${a} / ${divisor()}) : Math.sqrt(${b} * t)) * ${factor()}`,
  ])();
  const rounded = (v: string): string => random.weighted({ [v]: 4, [`Math.round(${v})`]: 3, [`Math.floor(${v})`]: 1.5, [`(${v}) | 0`]: 2, [`Math.ceil(${v})`]: 0.6, [`Math.trunc(${v})`]: 0.4, [`(${v}) >>> 0`]: 0.2 });
  const clamped = (v: string): string => random.weighted({
    [v]: 3, [`${v} < 0 ? 0 : ${v} > 255 ? 255 : ${v}`]: 2, [`Math.min(255, Math.max(0, ${v}))`]: 2, [`Math.max(0, Math.min(255, Math.round(${v})))`]: 1.5, [`${v} > 255 ? 255 : ${v}`]: 0.7,
    [`${v} >= 0 ? (${v} <= 255 ? ${v} : 255) : 0`]: 0.7, [`${v} > 200 ? 200 : ${v} < ${random.pick([-7, 0, 200, 201])} ? 0 : ${v}`]: 0.5, [`Math.min(${v}, 127.5)`]: 0.3,
  });
  const lines = [`for (let i = 0; i < ${limit}; i += ${channels}) {`, `  const t = ${random.pick([channels > 1 ? "x[i + 3]" : "z[i]", "z[i]", "(z[i] & 255)"])};`];
  for (let c = 0; c < channels; c++) {
    if (channels > 1 && random.chance(0.2)) continue;
    const at = c === 0 ? "i" : `i + ${c}`;
    lines.push(`  const v${c} = ${rounded(value(`x[${at}]`, random.pick([`z[${at}]`, "x[i]"])))};`, `  y[${at}] = ${clamped(`v${c}`)};`);
  }
  return [...lines, "}"];
}
