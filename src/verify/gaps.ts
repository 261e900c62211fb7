// Kernels over arrays of arrays some of which are missing, undefined or empty (weights of layers from the second on, rows made when they are needed first):
// read, written, measured, looked for, made, kept and returned; of one level or two, ordinary arrays or typed ones.

import { edgeNumbers, typedArrays, type TypedName } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

const reads = [
  "(r ? r.length : 3)", "(r ? r[0] : 7)", "(g[i] || []).length", "(g[i] ?? [a])[0]", "g[i]?.length", "g[i + 1]?.[0]", "(i in g ? 2 : 1)", "(r === g[0] ? 4 : 5)", "(r === undefined ? 1 : 0)", "g.indexOf(r)", "g.findIndex((q) => q && q[0] > a)",
  "g.filter((q) => q).length", "g.reduce((n, q) => n * 0.5 + (q ? q.length : -1), 0)", "g.length", "(g.some((q) => q === undefined) ? 6 : 8)", "(g.at(-1) ? 1 : 2)", "(g.includes(undefined) ? 1 : 2)", "r.length",
];
const visits = [
  "g.forEach((q, k) => { s += k + (q ? q.length : 10); });", "for (const q of g) s = s * 0.5 + (q ? q[0] : 1);", "for (let k = 0; k < g.length; k++) { const q = g[k]; if (!q) continue; for (let j = 0; j < q.length; j++) s += q[j] * a; }", "for (const k in g) s += +k;", "for (const k in g) if (g.hasOwnProperty(k) && g[k]) for (const j in g[k]) s += g[k][j] * a;",
  "for (const k in g) { if (!Object.hasOwn(g, k)) continue; for (const [j, q] of Object.entries(g[k] ?? [])) s += j * q; }",
  "if (r) { for (const v of r) s -= v; } else s += 2;", "for (const [k, q] of g.entries()) if (q) s += k * q.length;", "kept.push(r);", "kept.push(g.map((q) => (q ? q[0] : -1)));", "kept.push([...g]);", "kept.push(g.slice(0, 2));", "if (r) kept.push(r.slice());",
];
const writes = ["if (r) r[0] += a;", "if (r && r.length > 1) r[1] = s;", "if (g[i]) g[i][0] = i;", "for (const q of g) if (q) for (let j = 0; j < q.length; j++) q[j] *= 0.5;", "if (r) r.fill(a);"];
const changes = ["if (!g[i]) g[i] = [a, i];", "g[i] ??= [s];", "g.push([a]);", "if (g.length > 1) g.pop();", "if (r) r.push(a);", "{ const t = g[0]; g[0] = g[g.length - 1]; g[g.length - 1] = t; }", "g[i] = undefined;", "g.length = 2;", "g.reverse();"];

export function randomGaps(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 23), deep = random.chance(0.3), mode = random.between(0, 2);
  const number = (): number => (random.chance(0.15) ? random.pick(edgeNumbers) : random.between(-3, 9) / 2);
  const list = <T>(most: number, item: () => T): (T | undefined)[] => { const made: (T | undefined)[] = []; for (let k = random.between(0, most); k > 0; k--) { if (random.chance(0.25)) made.length++; else made.push(random.chance(0.15) ? undefined : item()); } return made; };
  const kind: TypedName | "Array" = random.weighted({ Array: 4, Float32Array: 1, Int16Array: 0.5 });
  const row = (): unknown => { const numbers = Array.from({ length: random.between(0, 3) }, number); return kind === "Array" ? numbers : typedArrays[kind].from(numbers); };
  const rows = (): unknown[] => list(5, row);
  const step = (): string => {
    switch (random.weighted({ read: 5, visit: 3, write: 4, change: 1 })) {
      case "read": return `s = s * 0.5 + ${random.pick(reads)};`;
      case "visit": return random.pick(visits);
      case "write": return random.pick(writes);
      case "change": return random.pick(changes);
    }
  };
  const body = [`    if (mode === ${random.between(0, 2)}) { ${random.pick(writes)} }`, ...Array.from({ length: random.between(1, 4) }, () => `    ${random.chance(0.2) ? `if (${random.pick(["i % 2", "r", "s < a", "i in g"])}) { ${step()} }` : step()}`)];
  const inputs = Array.from({ length: 5 }, () => [deep ? list(3, rows) : rows(), number(), mode]);
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs, guaranteed: true, coverage: new Map([[`rows that are missing${deep ? ", two levels" : ""}${kind === "Array" ? "" : ", typed"}`, 1]]),
    params: [{ name: "all", slow: false, kind: "rows" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `function kernel(all, a, mode) {\n  let s = 0;\n  const kept = [];\n${deep ? "  for (const g of all) if (g) " : "  const g = all;\n  "}for (let i = 0, end = g.length; i < end; i++) {\n    const r = g[i];\n${body.join("\n")}\n  }\n  return ${random.pick(["s", "[s, kept]", "[s, all]", "kept", ...(deep ? [] : ["g[0]", "g.filter((q) => q)"])])};\n}`,
  };
}
