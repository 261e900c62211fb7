// Kernels whose arrays and tables of numbers are asked by strings of run time: variables of for-in loops that live on, keys that are sorted, turned round and taken away, pieces of a string;
// arrays that have something beside their elements, the kernel's own under numbers that are no indices.
// The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

const reads = ["x[best]", "x[last]", "+best", "(counts[best] ?? 3)", "keys.length", "(x[keys[i]] ?? 1)", "(best in x ? 1 : 2)", "(Object.hasOwn(x, last) ? 4 : 5)", "(best === last ? 6 : 7)", "best.length", "(typeof best === 'string' ? 8 : 9)", "(best ? 1 : 0.5)", "(best == i ? 2 : 4)", "Number(last)", "(own[i - 1] ?? 2)", "(own[i / 2] ?? 3)"];
const steps = [
  "if (x[i] > x[best]) best = i;", "last = best;", "for (const k in x) if (x[k] > x[best]) best = k;", "for (const k of t.split(',')) s += x[k] ?? 1;", "for (const k in counts) if (counts[k] > 1) last = k;", "counts[x[i]] = (counts[x[i]] ?? 0) + 1;", "counts[i] = s;", "best = String(i);",
  "keys = Object.keys(x);", "keys = Object.keys(x).sort((p, q) => x[p] - x[q]);", "keys = Object.keys(counts).sort((p, q) => counts[q] - counts[p]);", "keys.reverse();", "if (keys.length > 1) s += x[keys.pop()] ?? 0.5;", "keys.push(best);", "x[best] = a;", "x[last] = s;", "kept.push(best);", "kept.push(keys.slice(0, 2));", "kept[last] = a;", "last = keys[0] ?? '0';", "own.push(s);", "own[-1] = s;", "own[0.5] = i;",
];

export function randomKeyText(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 61), mode = random.between(0, 2), typed = random.chance(0.2), first = random.pick(["0", "'0'", "mode", "String(mode)"]);
  const number = (): number => (random.chance(0.08) ? random.pick(edgeNumbers) : random.between(-3, 9) / random.pick([1, 1, 1, 2]));
  const list = (): unknown => { const made = Array.from({ length: random.between(0, 6) }, number); return typed ? new Float64Array(made) : random.chance(0.05) ? Object.assign(made, { [random.pick(["-1", "1.5", "name", "01"])]: number() }) : made; };
  const text = (): string => Array.from({ length: random.between(1, 4) }, () => (random.chance(0.06) ? random.pick(["length", "-1", "01", "", "1.5", "-0", "at", "4294967295"]) : String(random.between(0, 5)))).join(",");
  const step = (): string => (random.chance(0.4) ? `s = s * 0.5 + ${random.pick(reads)};` : random.pick(steps));
  const body = Array.from({ length: random.between(1, 4) }, () => (random.chance(0.25) ? `    if (${random.pick(["i % 2", "s > a", "x[i] > a"])}) { ${step()} }` : `    ${step()}`));
  const inputs = Array.from({ length: 5 }, () => [list(), text(), number(), mode]);
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs, coverage: new Map([["texts of numbers as keys", 1]]), guaranteed: false,
    params: [{ name: "x", slow: false, kind: "list" }, { name: "t", slow: false, kind: "string" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `function kernel(x, t, a, mode) {\n  let s = 0, best = ${first}, last = ${random.pick(["0", "'1'"])}, keys = ${random.pick(["Object.keys(x)", "t.split(',')", "Object.keys(x).reverse()"])};\n  const counts = {}, kept = [], own = [a];\n  for (const v of x) counts[v] = (counts[v] ?? 0) + 1;\n` +
      `  for (let i = 0, end = x.length; i < end; i++) {\n${body.join("\n")}\n  }\n  return ${random.pick(["s", "[s, best]", "[s, x[best], last]", "[best, last, kept]", "[s, keys]", "[s, x]", "[s, counts]"])};\n}`,
  };
}
