// Random loops whose places are computed of numbers out of ordinary arrays, or of fields: knapsacks, coins, sums of subsets (modulo a prime, too), lags, first places. Most numbers are integers
// as a table needs them, some are fractions, negative, −0, NaN or too large. The same seed gives the same kernel.

import { typedArrays, type TypedName } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { KernelParam, RandomKernel } from "./random.ts";

export function randomOffset(seed: number): RandomKernel {
  const random = new Random(seed * 1566083941 + 7), table = random.pick(["new Array(n + 1).fill(0)", "new Array(n + 1).fill(0)", "new Float64Array(n + 1)", "new Int32Array(n + 1)", "new Uint8Array(n + 1)", "best"] as const);
  const [w, v, last] = random.pick([["w[i]", "v[i]", "w.length"], ["w[i]", "v[i]", "w.length"], ["items[i].w", "items[i].v", "items.length"]]);
  const lag = random.pick([w, w, `(${w} + 1)`, `Math.min(${w}, v[0])`, `(${w} - gap)`]), at = (c: string): string => random.pick([`best[${c} - ${lag}]`, `best[${c} - ${lag}]`, `best[${c} - ${lag} - gap]`, `best[${c} + ${lag}]`]);
  const value = (c: string): string => random.pick([
    () => `Math.max(best[${c}], ${at(c)} + ${v})`, () => `${at(c)} + best[${c}]`, () => `${at(c)} ? 1 : best[${c}]`, () => `Math.min(best[${c}], ${at(c)} + 1)`, () => `best[${c}] + ${v} * best[${c} - ${w}]`, () => `best[${c}] | ${at(c)}`,
    () => `(best[${c}] ${random.pick(["+", "+", "-"])} ${at(c)}) % ${random.pick(["7", "97", "1000000007", "2147483647", "-5", "0.75", "gap"])}`, () => `(${at(c)} + best[${c} - ${random.between(1, 9)}] ${random.pick(["", "+ 1", `+ ${v}`])}) % ${random.pick(["3", "11", "1000000007"])}`,
  ])();
  const [head, c] = random.pick([
    [`for (let c = n; c >= ${w}; c--)`, "c"], [`for (let c = n; c >= ${w}; c--)`, "c"], [`for (let c = ${w}; c <= n; c++)`, "c"], [`for (let c = ${w}; c < best.length; c += 2)`, "c"], ["for (let c = 0; c <= n; c++)", "c"], [`for (let k = 0; k < n; k++) if (k + ${w} <= n)`, `k + ${w}`],
  ] as const);
  const source = [
    "function kernel(best, w, v, items, n, gap) {", ...(table === "best" ? [] : [`  best = ${table};`]), "  best[0] = 1;", "  let s = 0;", `  for (let i = 0; i < ${last}; i++) {`,
    `    ${head} ${random.chance(0.2) ? `s += ${value(c)};` : random.chance(0.15) ? `{ const x = ${value(c)}; if (x > s) s = x; best[${c}] = x; }` : `best[${c}] = ${value(c)};`}`, "  }", `  return ${random.pick(["best[n]", "s", "[s, best]", "best"])};`, "}",
  ].join("\n");
  const kind: TypedName = random.pick(["Float64Array", "Int32Array", "Float32Array"]), gap = random.pick([0, 1, 3, -1, 0.5]), odd = random.pick([0, 0, 0.05, 0.3]);
  const number = (): number => (random.chance(odd) ? random.pick([0.5, -1, -0, NaN, 2 ** 31, -40, Infinity, 2.25]) : random.between(0, 9));
  const inputs = Array.from({ length: 5 }, () => {
    const length = random.between(1, 6), n = random.pick([0, 3, 20, 33, 60]), list = (): number[] => Array.from({ length }, number);
    const most = random.pick([1, 1, 4e8]);
    return [new typedArrays[kind](n + random.between(0, 2)).map(() => random.between(0, 5) * most), list(), list(), Array.from({ length }, () => ({ w: number(), v: number() })), n, gap];
  });
  const params: KernelParam[] = [{ name: "best", slow: false, kind }, { name: "w", slow: false, kind: "numbers" }, { name: "v", slow: false, kind: "numbers" }, { name: "items", slow: false, kind: "items" }, { name: "n", slow: false, kind: "count" }, { name: "gap", slow: true, kind: "number" }];
  return { seed, source, slow: ["gap"], slowValues: { gap }, inputs, guaranteed: false, coverage: new Map([["places computed of numbers of ordinary arrays", 1]]), params };
}
