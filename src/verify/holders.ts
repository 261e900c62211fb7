// Kernels over arrays of objects that hold arrays: numbers, typed arrays, rows of numbers, objects (`layers[l].w[i]`, `shapes[k].points[j].x`); and over lists
// of the kernel's own that grow where run time says (`cells[k].push(i)`), are kept and begun anew. Read, written, measured, looped over, compared, kept and returned; in some calls one array
// stands in two objects, is an argument too, is missing or of another kind.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

type Item = Record<string, unknown>;

const reads = ["p.w[i]", "p.w[0]", "p.w.length", "p.t[1]", "p.t[i % 3]", "p.t.length", "(p.m[0] ? p.m[0][0] : 2)", "p.m.length", "(p.v[0] ? p.v[0].x : 3)", "p.v.length", "p.in.w[0]", "p.k", "(p.v[i] === p.v[0] ? 1 : 2)", "(p.w === q.w ? 4 : 5)", "p.w.indexOf(a)", "Math.max(...p.t)", "p.w.reduce((x, y) => x * 0.5 + y, 0)", "p.m.reduce((x, r) => x + r.length, 0)"];
const writes = ["p.w[0] += a;", "p.w[i] = s;", "for (let j = 0; j < p.w.length; j++) p.w[j] = p.w[j] * 0.5 + a;", "for (let j = 0; j < p.t.length; j++) p.t[j] += p.k * j;", "p.t[i] = a;", "p.t.fill(a);", "for (const r of p.m) for (let j = 0; j < r.length; j++) r[j] -= s;", "for (const v of p.v) { s += v.x * a; v.y -= s; }", "if (p.v.length > 1) p.v[1].x = p.v[0].y;", "p.in.w[0] = s;", "p.k = s;", "q = p;"];
const odd = ["p.w = [a, s];", "p.w.push(a);", "p.w.push(s, i);", "p.w[p.w.length] = s;", "s += p.w.length > 1 ? p.w.pop() : 0;", "p.m[0]?.push(s);", "p.t = q.t;", "p.w.length = 0;", "p.v.push({ x: a, y: s });", "p.w.sort((x, y) => x - y);", "p.m[0] = [a];", "p.v[0] = q.v[0];"];
const keeps = ["kept.push(p.w);", "kept.push(p.t);", "kept.push(p.m[0]);", "kept.push(p.v[0]);", "kept.push(p.w.slice());", "kept.push(p.v.map((v) => v.x + v.y));", "kept.push([...p.w]);", "kept.push('n' + i);", "kept.push((i * 37).toString(16));", "kept.push(run);", "kept.push(run); run = [];", "{ kept.push(run); run = [a, i]; }"];
const buckets = ["cells[(i * 3 + 1) % cells.length].push(a * i);", "cells[i % cells.length].push(s);", "cells[Math.abs(p.w[0] | 0) % cells.length].push(i);", "if (cells[0].length > 2) s += cells[0].pop();", "cells[cells.length - 1][0] = a;", "{ const c = cells[i % 2]; c.push(-a); s += c.length; }", "if (i === 1) cells[0] = cells[1];", "cells[i % cells.length].length = 1;", "for (const c of cells) for (const v of c) s = s * 0.75 + v;", "s += cells.length > 2 ? cells[2].length : 1;", "(s > a ? cells[0] : cells[1]).push(a);", "run.push(s);", "{ if (i % 2) { kept.push(run); run = []; } run.push(a + i); }", "{ if (run.length > 1) run = cells[0]; run.push(i); }"];

export function randomHolder(seed: number): RandomKernel {
  const random = new Random(seed * 3266489917 + 11), coverage = new Map<string, number>([["objects of an array that hold arrays", 1]]), mode = random.between(0, 2);
  const number = (): number => (random.chance(0.15) ? random.pick(edgeNumbers) : random.between(-3, 9) / 2);
  const numbers = (n: number): number[] => Array.from({ length: n }, number);
  const grows = random.chance(0.6), asks = random.chance(0.35), even = random.chance(0.5);
  if (grows) coverage.set("lists that grow where run time says", 1);
  const step = (): string => {
    switch (random.weighted({ read: 5, write: 4, keep: 1, grow: grows ? 4 : 0, odd: asks ? 1 : 0 })) {
      case "read": return `s = s * 0.5 + ${random.pick(reads)};`;
      case "write": return random.pick(writes);
      case "grow": return random.pick(buckets);
      case "odd": return random.pick(odd);
      default: return random.pick(keeps);
    }
  };
  const statement = (): string => (random.chance(0.2) ? `    if (${random.pick(["i % 2", "p.k > a", "s < a", "p.w.length > 1", "p !== q"])}) { ${step()} }` : `    ${step()}`);
  const body = [`    if (mode === ${random.between(0, 2)}) { ${random.pick(writes.slice(0, 9))} }`, ...Array.from({ length: random.between(1, 4) }, statement)], count = random.pick(["3", "12", "20", "mode + 2", "list.length"]);
  const made = random.pick([`Array.from({ length: ${count} }, () => [])`, "[[], [], []]", "[[1], [a], [s], [2]]", "[[], [], [], [], [], [], [], [], [], []]"]);
  const typed = random.pick([Float64Array, Float32Array, Int16Array, Uint8Array]);
  const itemOf = (): Item => ({
    w: numbers(even ? 3 : random.between(0, 3)), k: number(), t: typed.from(numbers(even ? 3 : random.between(1, 4))), m: Array.from({ length: random.between(1, 2) }, () => numbers(2)),
    v: Array.from({ length: even ? 2 : random.between(0, 2) }, () => ({ x: number(), y: number() })), in: { w: numbers(2) },
  });
  const strange: readonly ((list: Item[], one: number[]) => void)[] = [
    (list) => { list[0]!["w"] = list.at(-1)!["w"]; }, (list, one) => { list[0]!["w"] = one; }, (list) => { list[0]!["t"] = new Int32Array(3); }, (list) => { list[0]!["w"] = null; }, (list) => { delete list[0]!["v"]; },
    (list) => { list[0]!["in"] = { w: list.at(-1)!["w"] }; }, (list) => { list[0]!["w"] = [1, "a", 2]; }, (list) => { list[0]!["t"] = (list.at(-1)!["t"] as Uint8Array).subarray(0, 1); }, (list) => { Object.freeze(list[0]!["w"]); },
    (list) => { (list[0]!["v"] as unknown[])[0] = (list.at(-1)!["v"] as unknown[])[0]; }, (list) => { list.length = 0; }, (list) => { Object.defineProperty(list[0]!, "k", { get: () => 5 }); },
  ];
  const inputs = Array.from({ length: 4 }, () => {
    const list = Array.from({ length: random.between(1, 4) }, itemOf), one = numbers(3);
    if (random.chance(0.2)) random.pick(strange)(list, one);
    return [list, one, number(), mode];
  });
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs, coverage, guaranteed: true,
    params: [{ name: "list", slow: false, kind: "points" }, { name: "one", slow: false, kind: "array" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `function kernel(list, one, a, mode) {\n  let s = 0, q = list[0], run = [];\n  const kept = [];\n${grows ? `  const cells = ${made};\n` : ""}  for (let i = 0; i < list.length${grows ? " + mode" : ""}; i++) {\n    const p = list[${grows ? "i % list.length" : "i"}];\n${body.join("\n")}\n  }\n${random.chance(0.3) ? "  one[0] += s;\n" : ""}  return ${random.pick(["s", "[s, kept]", "[run, kept]", "[s, list]", "q", ...(grows ? ["cells", "[cells, s]", "cells.map((c) => c.length)", "[].concat(...cells)", "cells.flat()"] : [])])};\n}`,
  };
}
