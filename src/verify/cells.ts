// Kernels over arrays whose elements are no numbers alone: flags, numbers some of which are null, undefined or missing, those that count from one, and arrays of
// such: read, tested, compared, measured, looked for, written, kept and returned.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

const reads = [
  "(v ? 2 : 1)", "+v", "v", "(v === null ? 3 : v)", "(v ?? a)", "(v === undefined ? 5 : 6)", "(v == null ? 1 : 2)", "(v === true ? 7 : 8)", "(typeof v === 'number' ? v : -1)", "(v > a ? 1 : 0)", "(i in g ? 1 : 2)", "g[i + 1]", "(g[i - 1] || a)",
  "g.length", "g.indexOf(v)", "g.findIndex((q) => q === v)", "(g.includes(undefined) ? 1 : 2)", "(g.some((q) => q) ? 1 : 2)", "g.filter((q) => q).length", "g.reduce((n, q) => n * 0.5 + (q ? 1 : 0), 0)", "(v === g[0] ? 4 : 5)", "(v & 3)", "(!v | 0)",
];
const visits = [
  "for (const q of g) s = s * 0.5 + (q ? 1 : 2);", "g.forEach((q, k) => { s += k + (q ? 1 : 0); });", "for (let k = 0; k < g.length; k++) if (g[k]) s += k;", "for (const k in g) s += +k;", "kept.push(v);", "kept.push(g.slice(0, 2));", "kept.push([...g]);", "kept.push(g.map((q) => !q));",
];
const writes = ["g[i] = !v;", "g[i] = a;", "g[i] = null;", "g[i] = undefined;", "if (v) g[i] = s > 0;", "g[i] ??= a;", "g.fill(a, i);", "g[i] = g[0];"];
const changes = ["g.push(a);", "if (g.length > 1) g.pop();", "g.reverse();", "g.length = 2;", "g.sort();"];

export function randomCells(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 29), deep = random.chance(0.35), mode = random.between(0, 2), form = random.weighted({ flags: 3, numbers: 4, fromOne: 2, any: 2 });
  const number = (): number => (random.chance(0.15) ? random.pick(edgeNumbers) : random.between(-3, 9) / 2);
  const cell = (): unknown => (form === "flags" ? random.chance(0.5) : form === "any" ? random.pick([true, false, null, undefined, 0, -0, 1.5]) : random.chance(0.2) ? random.pick([null, undefined]) : number());
  const cells = (): unknown[] => {
    const made: unknown[] = form === "fromOne" ? [undefined] : [];
    for (let k = random.between(0, 6); k > 0; k--) { if (form !== "flags" && random.chance(0.1)) made.length++; else made.push(form === "fromOne" ? number() : cell()); }
    return made;
  };
  const rows = (): unknown[] => [...(form === "fromOne" ? [undefined] : []), ...Array.from({ length: random.between(1, 3) }, () => cells())];
  const step = (): string => {
    switch (random.weighted({ read: 6, visit: 3, write: 2, change: 0.5 })) {
      case "read": return `s = s * 0.5 + ${random.pick(reads)};`;
      case "visit": return random.pick(visits);
      case "write": return random.pick(writes);
      case "change": return random.pick(changes);
    }
  };
  const body = [`    if (mode === ${random.between(0, 2)}) { ${random.pick(writes)} }`, ...Array.from({ length: random.between(1, 4) }, () => `    ${random.chance(0.2) ? `if (${random.pick(["i % 2", "v", "s < a", "i in g"])}) { ${step()} }` : step()}`)];
  const inputs = Array.from({ length: 5 }, () => [deep ? rows() : cells(), number(), mode]);
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs, guaranteed: true, coverage: new Map([[`elements that are no numbers alone: ${form}${deep ? ", in rows" : ""}`, 1]]),
    params: [{ name: "all", slow: false, kind: "cells" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `function kernel(all, a, mode) {\n  let s = 0;\n  const kept = [];\n${deep ? "  for (const g of all) if (g) " : "  const g = all;\n  "}for (let i = 0, end = g.length; i < end; i++) {\n    const v = g[i];\n${body.join("\n")}\n  }\n  return ${random.pick(["s", "[s, kept]", "[s, all]", "kept", ...(deep ? [] : ["g[0]", "g.filter((q) => q)"])])};\n}`,
  };
}
