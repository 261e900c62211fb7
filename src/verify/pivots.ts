// Random loops that fill a small array of their own in each iteration, a few rows, then choose among these by what lies in them: rows change places with the greatest,
// are scaled and subtracted, classes are counted, elements go where a small number says. The same seed gives the same kernel.

import { edgeNumbers, type TypedName } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

export function randomPivots(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 67), rows = random.between(2, 4), width = random.between(1, 4), classes = 2 ** random.between(1, 3);
  const own: TypedName = random.weighted({ Float64Array: 5, Float32Array: 1, Int32Array: 2, Uint8Array: 1, Int16Array: 1 } as Partial<Record<TypedName, number>>);
  const counts: TypedName = random.pick(["Int32Array", "Float64Array", "Uint8Array"]), size = rows * width;
  const row = (): string => random.pick(["p", "p", "q", String(random.below(rows))]), column = (): string => String(random.below(width)), at = (): string => `m[${row()} * ${width} + ${column()}]`;
  const condition = (): string => random.pick([`${at()} > ${at()}`, `Math.abs(${at()}) < Math.abs(${at()})`, `p !== q`, `p !== ${random.below(rows)}`, `x[i] > 0`, `k[i] & 1`]);
  const step = (): string => random.pick([
    `for (let r = 1; r < ${rows}; r++) if (Math.abs(m[r * ${width}]) > Math.abs(m[p * ${width}])) p = r;`,
    `for (let r = 0; r < ${rows}; r++) if (m[r * ${width} + ${column()}] < m[q * ${width}]) q = r;`,
    `if (p !== q) for (let j = 0; j < ${width}; j++) { const t = m[q * ${width} + j]; m[q * ${width} + j] = m[p * ${width} + j]; m[p * ${width} + j] = t; }`,
    `{ const f = m[${size - 1}] / ${at()}; for (let j = 0; j < ${width}; j++) m[${random.below(rows) * width} + j] -= f * m[p * ${width} + j]; }`,
    `if (${condition()}) ${at()} = ${at()};`, `if (${condition()}) p = ${random.below(rows)};`, `${at()} = x[i];`, `${at()} += ${at()};`,
    `n[k[i] & ${classes - 1}]++;`, `n[(k[i] >>> 3) & ${classes - 1}] += ${at()};`, `m[k[i] & 1] = ${at()};`, `if (${condition()}) n[k[i] & ${classes - 1}] = n[${random.below(classes)}];`,
  ]);
  const source = [
    "function kernel(x, k, y, z) {", `  const m = new ${own}(${size}), n = new ${counts}(${classes});`, "  for (let i = 0; i < y.length; i++) {",
    `    for (let j = 0; j < ${size}; j++) m[j] = x[i * ${random.pick([size, size, 1])} + j];`, random.chance(0.9) ? "    n.fill(0);" : "", "    let p = 0, q = 0;",
    ...Array.from({ length: random.between(2, 5) }, () => `    ${step()}`),
    `    y[i] = ${at()} + p;`, `    z[i] = ${random.pick([`n[${random.below(classes)}]`, at(), "n[0] - q"])};`, "  }", "}",
  ].join("\n");
  const number = (): number => (random.chance(0.08) ? random.pick(edgeNumbers) : random.between(-40, 40) / 4);
  const inputs = Array.from({ length: 6 }, () => {
    const count = random.pick([0, 1, 2, 5, 8, 17, 33]), x = Float64Array.from({ length: Math.max(0, count * size + random.between(-2, size)) }, number);
    return [x, Int32Array.from({ length: count }, () => random.between(-2147483648, 2147483647)), random.chance(0.1) ? x : new Float64Array(count), new Float64Array(count)];
  });
  return {
    seed, source, slow: [], slowValues: {}, inputs, guaranteed: true, coverage: new Map([["rows of a small array that data choose", 1]]),
    params: [{ name: "x", slow: false, kind: "Float64Array" }, { name: "k", slow: false, kind: "Int32Array" }, { name: "y", slow: false, kind: "Float64Array" }, { name: "z", slow: false, kind: "Float64Array" }],
  };
}
