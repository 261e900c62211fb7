// Kernels that step through iterators of their own: which end where a constant or a slow value says, give themselves or another one when
// they are asked for theirs, count how often they are asked, and are taken by loops, spread, patterns and built-ins. The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

const ends = ["i >= 3", "i > mode", "i >= 2 + mode", "i > 5"];
const steps = ["{ done: END, value: n * i++ }", "{ value: b + i, done: (i++, END) }", "END ? { done: true } : { done: false, value: i++ - b }", "END ? { done: true, value: undefined } : { done: false, value: [b, n][i++ % 2] }"];
const own = ["return this;", "asked++; return this;", "asked++; return [n, 9][Symbol.iterator]();"];
const takes = [
  "for (const v of it()) s = s * 0.5 + v;", "for (const v of it()) { if (v > b) continue; s += v * asked; }", "s += [...it()].length;", "for (const v of [n, ...it(), b]) s = s * 0.5 + v;", "for (const v of new Set(it())) s -= v;",
  "for (const v of Array.from(it())) s = s * 0.5 + v;", "s += Math.max(...it());", "{ const [x, y] = it(); s += x - y; }", "{ const [x, ...rest] = it(); s += x * rest.length; }", "for (const v of yielded()) s = s * 0.5 - v;",
  "{ let one = it().next(); s += one.done ? 1 : one.value; }", "for (const v of Float64Array.from(it())) s += v;",
];

export function randomIterable(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 9), mode = random.between(0, 2), end = random.pick(ends);
  const number = (): number => (random.chance(0.1) ? random.pick(edgeNumbers) : random.between(-3, 9) / 2);
  const iterator = `{ next() { return ${random.pick(steps).replaceAll("END", end)}; }, [Symbol.iterator]() { ${random.pick(own)} } }`;
  const made = random.chance(0.5) ? `let i = 0; return ${iterator};` : `return { next: () => ({ done: true }), [Symbol.iterator]() { asked += 10; let i = 0; return ${iterator}; } };`;
  const body = Array.from({ length: random.between(1, 4) }, () => `  ${random.pick(takes)}`);
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs: Array.from({ length: 5 }, () => [mode, number(), random.between(0, 3)]), coverage: new Map([["iterators of its own", 1]]), guaranteed: false,
    params: [{ name: "mode", slow: true, kind: "count" }, { name: "b", slow: false, kind: "number" }, { name: "n", slow: false, kind: "number" }],
    source: `function kernel(mode, b, n) {\n  let s = 0, asked = 0;\n  const it = () => { ${made} };\n  function* yielded() { yield* it(); }\n${body.join("\n")}\n  return [s, asked];\n}`,
  };
}
