// Random loops whose iterations each make one or two numbers of those before them, and much of these: oscillators with tables, sweeps, running sums that are divided,
// followers of a level, places in rings that begin anywhere; sums over every few taps, whose places are quotients of multiples.

import type { Random } from "./prng.ts";

/** The lines of a loop that writes y[i] of x[i] and of what it carries. */
export function phaseLoop(random: Random, head: string, number: () => number): string[] {
  const around = random.pick([1, 4, 8, 64, 7.5]), step = random.pick(["a", "gain", "0.37", "3.7", String(number())]);
  const m = random.pick(["x.length", "y.length", "taps.length"]);
  const next = random.pick([
    () => [`s += ${step};`, `if (s >= ${around}) s -= ${around};`], () => [`s = (s + ${step}) % ${around};`], () => [`s += ${step} * (x[i] - s);`, random.pick(["", "if (s > q) q = s; else q = q * 0.75 + s;"])],
    () => [`const v = Math.abs(x[i]);`, `s += (v > s ? 0.25 : 0.0625) * (v - s);`], () => [`s += x[i] - q;`, `q = x[i] * 0.5;`], () => [`s = (s * 5 + x[i] + (q >> 3)) | 0;`, `q = s ^ i;`], () => [`const t = s;`, `s = s * 0.5 - q + ${step};`, `q = t;`],
    () => [random.pick(["s = s === 3 ? 0 : s + 1;", "s += 1; if (s === 4) s = 0;", "s = s === 0 ? 3 : s - 1;", "s = s !== 2 ? s + 1 : -1;", "if (++s >= 4) s = 0;"]), random.pick(["", "q = x[s] + taps[s];", "y[s & 3] = q;"])],
    () => [random.pick([`s = (s + 1) % ${m};`, `s += 1; if (s >= ${m}) s -= ${m};`, `if (++s === ${m}) s = 0;`, `s = s === 0 ? ${m} - 1 : s - 1;`, `s = (s + 1) & (${m} - 1);`, `s += ${step}; if (s >= ${m}) s -= ${m};`, `s = (s + 2.5) % ${m};`, `s++; if (s > ${m} - 1) s = 0;`]),
      random.pick(["", `q = x[s] + taps[(s - 1 + ${m}) % ${m}];`, "y[s] = q; q = x[i];", `q = y[(s - 2 + ${m}) % ${m}] * 0.5; y[s] = q + x[i];`, `q = x[Math.floor(s)] + x[(Math.floor(s) + 1) % ${m}];`, `q = y[(s - i) & (${m} - 1)];`])],
  ])();
  const term = (): string => random.pick([
    () => "taps[k] * (1 - f) + taps[(k + 1) % 4] * f", () => "taps[k & 3] * f", () => `(s > ${number()} ? taps[k] : x[i] * f)`, () => "Math.sqrt(Math.abs(s)) / (1 + q * q)", () => "(s < 0.5 ? 4 * s - 1 : 3 - 4 * s)", () => "x[i] / (Math.abs(q) + 3)",
    () => `Math.max(-${around}, Math.min(s * s, 9 - q))`, () => "(Math.floor(s) & 15) / (1 + f)", () => "taps[i - Math.floor(s) & 3]", () => "((i - Math.floor(s * 4e8)) | 0) * f", () => "taps[Math.ceil(3 - s) - i & 3] * f",
  ])();
  const value = Array.from({ length: random.between(2, 5) }, term).join(random.pick([" + ", " - "]));
  const lines = next.map((line) => `  ${line}`), stored = [`  y[i] = ${value};`];
  return [`let s = ${random.pick(["0", "a", "0.5", "a | 0", "Math.abs(Math.trunc(a))", "2"])}, q = ${random.pick(["0", "1"])};`, head, "  const k = Math.floor(s), f = s - k;", ...(random.chance(0.3) ? [...lines, ...stored] : [...stored, ...lines]), "}"];
}

/** The lines of a loop that sums, for y[i], every few of some taps with as many numbers of x: of a phase, of halves that are doubled. */
export function polyphaseLoop(random: Random, head: string): string[] {
  const by = random.pick([2, 3, 4, 4, 6]);
  if (random.chance(0.4)) {
    const phase = random.pick([`t % ${by}`, `(t + 1) % ${by}`, `t & ${by - 1}`]), base = random.pick([`(t - p) / ${by}`, `Math.floor(t / ${by})`, `(t / ${by}) | 0`, "i >> 1"]), steps = random.between(2, 5);
    const term = (k: string): string => `taps[${random.pick([`(p + ${k}) & 3`, `p + ${k}`, `(p * 2 + ${k}) & 3`, `(${k} - p) & 3`])}] * x[b ${random.pick(["+", "-"])} ${k}]`;
    const sum = random.chance(0.5) ? [`  for (let k = 0; k < ${steps}; k++) s += ${term("k")};`] : Array.from({ length: steps }, (_, k) => `  s += ${term(String(k))};`);
    return ["let s = 0;", head, ...(random.chance(0.8) ? ["  s = 0;"] : []), `  const t = i * ${random.pick([1, 2, 3, 5])}${random.pick(["", " + 1"])}, p = ${phase}, b = ${base};`, ...sum, "  y[i] = s;", ...(random.chance(0.1) ? [`  if (p === ${random.between(0, by)}) break;`] : []), "}"];
  }
  const most = random.pick(["taps.length", "9", "n & 15"]);
  const [first, next] = random.pick([[`i % ${by}`, `k += ${by}`], [`i & ${by - 1}`, `k += ${by}`], [String(by), `k <<= 1`], [`${by} * 2 - (i & 1)`, `k += ${by} * 2`], ["i & 1", "k++"]] as const);
  const place = random.pick([`(i - k) / ${by}`, `i + k / ${by}`, `(i + k) / ${by}`, `(i * ${by} - k) / ${by}`, "i + k / 2"]);
  return ["let s = 0;", head, "  s = 0;", `  for (let k = ${first}; k < ${most}; ${next}) { const j = ${place}; ${random.pick(["", "if (j >= 0) "])}s += taps[k & 3] * x[j]; }`, "  y[i] = s;", "}"];
}
