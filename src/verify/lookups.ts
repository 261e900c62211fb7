// Random loops that look up by bytes and words which they read, in tables of any length: palettes, embeddings, tables of costs; between two elements of a table, where a clamped number says; in columns of tables of varying width.

import type { Random } from "./prng.ts";

/** The lines of a loop that writes y[i] of elements of z at places that x tells. */
export function lookupLoop(random: Random, head: string): string[] {
  const own = random.pick(["x[i]", "x[i]", "x[i + 1]", "x[i * 2]", "x[2 * i + 1]", "x[i - 1]", "x[n + i]", "x[x.length - 1 - i]"]), times = random.pick(["", "", " * 2", " * 3", " << 1"]);
  const at = (): string => `z[(${own}${times})${random.pick(["", "", " + 1", " + 2", " - 1", " + n"])}]`;
  const column = (): string => `z[${random.pick(["i", "(i + 1)", "(i - 1)"])} * n + ${random.pick(["2", "i", "n"])}]`;
  const value = Array.from({ length: random.between(1, 3) }, at).join(random.pick([" + ", " * ", " - "]));
  return random.pick([
    () => {
      const most = random.pick(["2", "3", "1.5"]), clamp = random.pick([`Math.max(0, Math.min(1, x[i]))`, `(Math.max(-1, Math.min(1, x[i])) + 1) * 0.5`, `Math.min(Math.max(x[i] / 255, 0), 1)`]);
      const k = random.pick([`Math.min(${most}, Math.floor(p))`, "Math.floor(p)", "Math.floor(p) * 2", "Math.ceil(p)"]), of = random.pick(["taps", "taps", "z"]);
      return [head, `  const p = ${clamp} * 3, k = ${k}, f = p - k;`, `  y[i] = ${of}[k]${random.pick(["", " * 0.5"])} + (${of}[k + 1] - ${of}[${random.pick(["k", "k", "k + 2", "Math.min(k + 2, 3)"])}]) * f;`, "}"];
    },
    () => [head, `  const p = x[i] & ${random.pick(["1", "3", "7"])};`, `  y[i] = ${Array.from({ length: random.between(2, 4) }, () => `taps[p${random.pick(["", " + 1", " + 2", " + 3", " * 2"])}]`).join(random.pick([" * x[i] + ", " * 0.5 - "]))};`, "}"],
    () => [head, `  y[i] = ${value};`, "}"], () => [head, `  if (x[i] !== 0) y[i] = ${value};`, "}"], () => ["let s = 0;", head, `  s += ${value};`, "  y[i] = s;", "}"],
    () => [head, `  y[i] = Math.sqrt(${column()} ${random.pick(["*", "-"])} ${random.pick([column(), "x[i]"])});`, "}"], () => ["let s = 0;", head, `  s = Math.max(s, x[i] + ${column()});`, "  y[i] = s;", "}"],
    () => [head, `  if (x[i] > 20) break;`, `  y[i] = ${value};`, "}"], () => [head, `  ${at().replace("z[", "y[")} = i;`, "}"], () => [head, `  y[i] = ${value} + y[${own}];`, "}"],
  ])();
}
