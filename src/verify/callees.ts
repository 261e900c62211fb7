// Kernels over `arguments`: read, measured, listed, written by that name, another one or a built-in, handed on, given fields, kept in lists, chosen; in sloppy code, where its
// elements are the parameters, and in strict code. Calls have more arguments than there are parameters, and fewer. The same seed gives the same kernel.

// Guarantees: a kernel ends, though parameters change with the elements.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

const reads = ["l[0]", "l[i]", "l[n]", "l.length", "arguments[1]", "arguments.length", "b", "(l.place || 0)", "('map' in l ? 1 : 2)", "('callee' in l ? 3 : 4)", "(i in l ? 5 : 6)", "(Array.isArray(l) ? 7 : 8)",
  "next(l)", "Math.max.apply(null, l)", "[].slice.call(l, 1).length", "sum.apply(null, l)", "sum(...l)", "Object.keys(l).length", "(typeof l.map === 'function' ? 1 : 2)", "Array.from(l).length"];
const writes = ["b = s;", "n = i;", "l.place = i;", "l[0] = s;", "l[i] = s;", "l[4] = 1;", "l.length = 1;", "[].reverse.call(l);", "Array.prototype.shift.call(l);", "[].push.call(l, s);", "delete l[0];", "kept.push(l);", "Object.assign(l, [s]);"];

export function randomCallee(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 5), mode = random.between(0, 2), strict = random.chance(0.3), quiet = random.chance(0.6);
  const number = (): number => (random.chance(0.1) ? random.pick(edgeNumbers) : random.between(-3, 9) / 2);
  const step = (): string => (random.chance(0.7) ? `s = s * 0.5 + ${random.pick(reads)};` : random.pick(quiet ? writes.slice(0, 3) : writes));
  const body = Array.from({ length: random.between(1, 5) }, () => (random.chance(0.2) ? `    if (${random.pick(["i % 2", "s > b", "mode === 1"])}) { ${step()} }` : `    ${step()}`));
  const inputs = Array.from({ length: 5 }, () => [mode, number(), random.between(0, 3), ...Array.from({ length: random.pick([0, 0, 0, 1, 2]) }, number)]);
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs, coverage: new Map([["arguments as an object", 1]]), guaranteed: false,
    params: [{ name: "mode", slow: true, kind: "count" }, { name: "b", slow: false, kind: "number" }, { name: "n", slow: false, kind: "number" }],
    source: `function kernel(mode, b, n) {\n${strict ? "  'use strict';\n" : ""}  let s = 0;\n  const kept = [], end = 3 + mode;\n  function sum() { let t = 0; for (let k = 0; k < arguments.length; k++) t += arguments[k]; return t; }\n` +
      `  const next = (list) => { const at = list.place || 0; list.place = at + 1; return list[at % 3]; };\n  const l = ${random.pick(["arguments", "arguments", "mode ? arguments : [b, n, 4]", "b > 1 ? arguments : [n, b, 1]"])};\n` +
      `  for (let i = 0; i < end; i++) {\n${body.join("\n")}\n  }\n  return ${random.pick(["s", "[s, b, n]", "[s, l.length, l[0]]", "[s, arguments[0], arguments[1]]", "[s, kept.length, l.place]"])};\n}`,
  };
}
