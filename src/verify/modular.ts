// Random loops that count modulo a number: sums and differences of elements of which all, or nearly all, are remainders already.

import type { Random } from "./prng.ts";

/** The lines of a loop that writes remainders of sums into y, most of them of remainders. */
export function modularLoop(random: Random, head: string): string[] {
  const m = random.pick([1000000007, 998244353, 10007, 97, 2 ** 30, 2 ** 31 - 1, 2.5]), way = random.pick([1, 1, 2, 3, 5, 8, 20]);
  const reduced = (name: string): string[] => (random.chance(0.8) ? [`for (let i = 0; i < ${name}.length; i++) ${name}[i] = Math.abs(${name}[i]) % ${m};`] : []);
  const spoilt = random.chance(0.3) ? [`y[${random.between(0, 40)}] = ${random.pick(["-3", "-0", String(m), "NaN", String(2 * m), "4294967295"])};`] : [];
  const element = (): string => random.pick(["y[i]", "x[i]", `y[i - ${way}]`, `y[i + ${way}]`, "y[i - 1]", "s", String(random.between(0, 96))]);
  const [a, b, c] = [element(), element(), element()];
  const sum = random.pick([`(${a} + ${b}) % ${m}`, `(${a} + ${b}) % ${m}`, `(${a} - ${b} + ${m}) % ${m}`, `((${a} + ${b}) % ${m} + ${c}) % ${m}`, `(x[i] > 9 ? (${a} + ${b}) % ${m} : ${c})`, `(${a} + ${b} * 2) % ${m}`]);
  const act = random.pick([[`  y[i] = ${sum};`], [`  y[i] = ${sum};`], [`  y[i] = ${sum};`, "  x[i] = y[i];"], [`  s = ${sum};`, "  y[i] = s;"], [`  if (x[i] & 1) y[i] = 0; else y[i] = ${sum};`], [`  y[i - ${way}] = ${sum};`]]);
  return [`let s = ${random.pick(["0", "1", "a", "96"])};`, ...reduced("y"), ...reduced("x"), ...spoilt, random.chance(0.5) ? `for (let i = ${way}; i < y.length; i++) {` : head, ...act, "}", "y[0] = s;"];
}
