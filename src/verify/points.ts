// Random straight code over neighbours in memory, a step a turn: points and small records whose components are computed alike, distances with roots and divisions, what is
// stored and loaded again on the way, components out of turn, scalars that others want early or late, arrays that overlap. The same seed gives the same kernel.

import { edgeNumbers, number } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

export function randomPoints(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 41);
  const width = random.between(2, 4), count = random.between(2, 4), size = width * count, components = Array.from({ length: width }, (_, c) => c);
  const masses = Array.from({ length: count }, () => random.pick([1, -0.5, 2, 39.5, 0, 3])), gain = random.pick([0.25, 1, -0.001, 2]);
  const place = (): number => random.below(size), any = (): string => `${random.pick(["p", "v"])}[${place()}]`;
  let names = 0;
  const lines: string[] = [];
  const shuffled = (list: readonly string[]): string[] => (random.chance(0.2) ? [...list].reverse() : random.chance(0.15) && list.length > 1 ? [...list.slice(1), list[0]!] : [...list]);
  const pieces: Readonly<Record<string, () => readonly string[]>> = {
    apart: () => { // two points and their distance
      const [i, j] = [random.below(count), random.below(count)], n = names++, d = components.map((c) => `d${n}${c}`), sum = d.map((one) => `${one} * ${one}`).join(" + ");
      const factor = random.pick([`gain / (q${n} * Math.sqrt(q${n}))`, `1 / Math.sqrt(q${n} + 0.5)`, `Math.sqrt(q${n})`, `gain / (q${n} + masses[${i}])`]);
      const move = (k: number, sign: string, other: number): string[] => shuffled(components.map((c) => `v[${width * k + c}] ${sign}= ${d[c]} * masses[${other}] * f${n};`));
      return [
        ...shuffled(components.map((c) => `const ${d[c]} = p[${width * i + c}] - p[${width * j + c}];`)), `const q${n} = ${sum}, f${n} = ${factor};`, ...move(i, "-", j), ...(random.chance(0.7) ? move(j, "+", i) : []),
        ...(random.chance(0.3) ? [`last = ${random.pick([...d, `q${n}`, `f${n}`])};`] : []),
      ];
    },
    step: () => Array.from({ length: size - random.below(2) }, (_, k) => `p[${k}] += v[${k}] * gain;`),
    matrix: () => { // one point, a matrix times it
      const i = width * random.below(count), to = width * random.below(count), n = names++;
      const rows = components.map((r) => `const x${n}${r} = ${components.map((c) => `${(r * 7 + c * 3) % 5 - 1.5} * p[${i + c}]`).join(" + ")};`);
      return [...rows, ...shuffled(components.map((r) => `${random.pick(["p", "v"])}[${to + r}] = x${n}${r}${random.chance(0.2) ? " + last" : ""};`))];
    },
    blend: () => { const from = place(), n = Math.min(size - from, random.between(2, 5)); return Array.from({ length: n }, (_, k) => `v[${from + k}] = ${random.pick(["p", "p", "v"])}[${from + k}] * gain + ${random.pick(["last", "1", `p[${from + k}]`])};`); },
    swap: () => { const n = names++, [a, b] = [any(), any()]; return [`const t${n} = ${a};`, `${a} = ${b};`, `${b} = t${n};`]; },
    early: () => { const n = names++, a = place(); return [`const e${n} = p[${a}] * 3 + gain;`, `v[${place()}] = e${n};`, `const g${n} = p[${(a + 1) % size}] * 3 + ${any()};`, `p[${a}] = e${n} * 2;`, `p[${(a + 1) % size}] = g${n} * 2;`]; },
    least: () => components.slice(0, 2).map((c) => `v[${c}] = p[${c}] < p[${width + c}] ? p[${c}] : v[${c}];`),
    elsewhere: () => [`v[(n + ${random.below(3)}) % ${size}] ${random.pick(["=", "+="])} ${any()};`],
    last: () => [`last ${random.pick(["=", "+=", "-="])} ${any()};`],
  };
  for (let k = random.between(2, 6); k > 0; k--) lines.push(...pieces[random.weighted({ apart: 5, step: 3, matrix: 3, blend: 2, swap: 1, early: 2, least: 1, elsewhere: 0.7, last: 1 })]!());
  lines.splice(random.below(2) * lines.length, 0, `if (masses[${random.below(count)}] > 1) last ${random.pick(["=", "+="])} ${any()};`);
  const source = ["function kernel(p, v, masses, gain, steps) {", "  let last = 0;", "  for (let n = 0; n < steps; n++) {", ...lines.map((line) => `    ${line}`), "  }", "  return last;", "}"].join("\n");
  const single = random.chance(0.25), Kind = single ? Float32Array : Float64Array;
  const value = (): number => (random.chance(0.1) ? random.pick(edgeNumbers) : random.chance(0.8) ? (random.next() * 2 - 1) * 8 : number(random));
  const inputs = Array.from({ length: 6 }, () => {
    const all = new Kind(2 * size + 4).map(value), shift = random.weighted({ apart: 7, same: 1, overlapping: 1, short: 1 });
    const p = all.subarray(0, size), v = shift === "apart" ? all.subarray(size, 2 * size + random.below(3)) : shift === "same" ? p : shift === "short" ? all.slice(0, size - 1) : all.subarray(random.between(1, size - 1), 2 * size);
    return [random.chance(0.5) && shift === "apart" ? p.slice() : p, random.chance(0.5) && shift === "apart" ? v.slice() : v, masses, gain, random.between(0, 3)];
  });
  const kind = single ? "Float32Array" : "Float64Array";
  return {
    seed, source, slow: ["masses", "gain"], slowValues: { masses, gain }, inputs, guaranteed: true, coverage: new Map([[`straight code over neighbours in ${kind}`, 1]]),
    params: [{ name: "p", slow: false, kind }, { name: "v", slow: false, kind }, { name: "masses", slow: true, kind: "numbers" }, { name: "gain", slow: true, kind: "number" }, { name: "steps", slow: false, kind: "count" }],
  };
}
