// Random loops over records that lie one behind the other in a slow table, which says itself how long each is: filters with their taps, runs, rows of a sparse matrix, drawing commands.

import type { Random } from "./prng.ts";

/** The table, and the lines of a loop that goes through it as it says. */
export function streamLoop(random: Random): { readonly table: number[]; readonly lines: string[] } {
  const records = random.between(3, 40), longest = random.between(1, 12), count = (): number => random.between(0, longest), odd = random.chance(0.15);
  const weight = (): number => (random.chance(0.3) ? random.between(-9, 90) / 4 : random.between(-20, 200));
  const many = (n: number, of: () => number): number[] => Array.from({ length: n }, of);
  const spoil = (table: number[]): number[] => (odd ? table.map((v) => (random.chance(0.02) ? random.pick([0.5, -1, NaN, -0, 300]) : v)) : table);
  const value = random.pick(["w * x[q]", "w * x[q]", "w + x[q]", "w", "x[q] * gain"]), sum = random.pick([`t += ${value}`, `t += ${value}`, `t = (t + ${value}) | 0`]);
  const rows = random.pick([[], [], ["for (let r = 0; r < 3; r++) {"], ["for (let r = 0; r < (n & 3); r++) {"]]), close = rows.length > 0 ? ["}"] : [], keep = random.chance(0.7) ? ["// @keep"] : [], base = rows.length > 0 ? "r * 16 + " : "";
  return random.pick([
    () => ({ // filters
      table: spoil(many(records, count).flatMap((n) => [n, random.between(0, 50), ...many(n, weight)])),
      lines: [...rows, "let p = 0;", ...keep, `for (let i = 0; i < ${records}; i++) {`, "  const m = taps[p++], at = taps[p++];", `  let t = ${random.pick(["0", "a"])}, q = ${base}at;`,
        ...random.pick([["  for (let k = m; k > 0; k--) {", `    const w = taps[p++];`, `    ${sum};`, "    q++;", "  }"], ["  for (let k = 0; k < m; k++) {", "    const w = taps[p + k];", `    ${sum};`, "    q += 2;", "  }", "  p += m;"]]), `  y[${base}i] = t;`, "}", ...close],
    }),
    () => ({ // filters over rows
      table: spoil(many(records, count).flatMap((n) => [n, random.between(0, 6), ...many(n, weight)])),
      lines: ["let p = 0;", ...keep, `for (let i = 0; i < ${records}; i++) {`, "  const m = taps[p++], at = taps[p++];", `  for (let c = 0; c < ${random.pick(["8", "5", "mode"])}; c++) {`, "    let t = 0;",
        "    for (let k = 0; k < m; k++) {", "      const w = taps[p + k], q = (at + k) * 8 + c;", `      ${sum};`, "    }", "    y[i * 8 + c] = t;", ...random.pick([[], ["    if (t > a) break;"], ["    if (x[c] > 20) continue;", "    y[c] = i;"]]), "  }", "  p += m;", "}"],
    }),
    () => ({ // runs, up to the table's end or to a record that ends them
      table: spoil(many(records, count).flatMap((n, i) => [random.chance(0.5) && i === records >> 1 ? -1 : n, weight()])),
      lines: [...rows, "let p = 0, q = 0;", ...keep, "while (p < taps.length) {", "  const m = taps[p++], w = taps[p++];", ...random.pick([[], ["  if (m < 0) break;"], ["  y[q] += w;", "  if (m < 0) break;"]]), `  for (let k = 0; k < m; k++) ${random.pick(["y[q++] = w", "y[q] = x[q++] * w", "{ y[q] += w; q += 1; }"])}${random.chance(0.5) ? ";" : ""}`, "}", ...close],
    }),
    () => { // rows of a sparse matrix: where each begins, then columns, then weights
      const sizes = many(records, count), starts = sizes.reduce((all, n) => [...all, all.at(-1)! + n], [0]), all = starts.at(-1)!, cols = records + 1;
      return { table: spoil([...starts, ...many(all, () => random.between(0, 50)), ...many(all, weight)]), lines: [...rows, ...keep, `for (let i = 0; i < ${records}; i++) {`, "  let t = 0;", "  for (let k = taps[i]; k < taps[i + 1]; k++) {", `    const q = taps[${cols} + k], w = taps[${cols + all} + k];`, `    ${sum};`, "  }", `  y[${base}i] = t;`, "}", ...close] };
    },
    () => ({ // commands
      table: spoil([...many(records, count).flatMap((n) => (random.chance(0.5) ? [0, n, weight()] : [1, random.between(0, 60)])), 2]),
      lines: [...rows, "let p = 0, q = 0, w = 0;", ...keep, "for (;;) {", "  const op = taps[p++];", `  if (!(op < 2)${random.chance(0.3) ? " || a > 1e9" : ""}) break;`, "  if (op === 0) {", "    const m = taps[p++];", "    w = taps[p++];", `    for (let k = 0; k < m; k++) { y[q] = w ${random.pick(["*", "+"])} x[q]; q++; }`, "  } else q = taps[p++];", "}", ...close],
    }),
  ])();
}
