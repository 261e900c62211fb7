// Kernels over plain objects of the caller's whose keys are numbers and that hold objects or rows: bodies, cells and nodes by their ids. Looked up by what
// the call tells, read, written, compared, put in, taken out, listed and returned; in some calls one stands in two places, is frozen, is an argument too, is
// missing, null or of another form. The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

const reads = ["p.x", "p.at.x", "p.id", "(p.n ?? 3)", "(p === o[0] ? 2 : 1)", "(p === one ? 5 : 4)", "o[p.id].x", "(o[p.id]?.at.y ?? 1)", "(9 in o ? 1 : 2)", "Object.keys(o).length", "p.w[0]", "p.w.length", "(last === p ? 7 : 6)"];
const writes = [
  "p.x += a;", "p.at.x = s;", "p.n = a;", "p.w[0] = s;", "p.w.push(i);", "o[p.id].x *= 0.5;", "o[k] = { id: k, x: a, at: { x: s, y: i }, n: null, w: [1] };", "o[i + 20] = p;", "delete o[k];", "one.x = s;", "last = p;", "kept.push(p);",
  "kept.push(p.at);", "p.at = { x: a, y: -0 };", "p.w = [s];", "if (last) last.x = p.x;", "for (const key in o) s += o[key].x;", "for (const q of Object.values(o)) q.x -= 1;", "last = o[ids[0]];", "p.extra = i;",
];
/** … of what has names */
const named = ["kept.push(p.name);", "p.name = one.name;", 'p.name = i % 2 ? "odd" : "even";', 'if (p.name === "b1") s += 3;', "if (p.name === one.name) s -= 2;", "s += p.name.length;", "if (last && last.name < p.name) last = p;", "p.name += i;", "kept.push(`${p.name}-${i}`);"];

export function randomDictionary(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 77), mode = random.between(0, 2), mixed = random.chance(0.2), names = random.chance(0.4) ? random.pick([2, 40]) : 0;
  const number = (): number => (random.chance(0.2) ? random.pick(edgeNumbers) : random.between(-3, 9) / 2);
  const node = (id: number): Record<string, unknown> => ({ id, x: number(), at: { x: number(), y: number() }, n: mixed && random.chance(0.4) ? null : number(), w: [number(), id], ...(names > 0 ? { name: `b${random.between(0, names)}` } : {}) });
  const inputs = Array.from({ length: 4 }, () => {
    const ids = Array.from({ length: random.between(1, 7) }, (_, i) => (random.chance(0.8) ? i : random.between(0, 30))), o: Record<number, unknown> = {};
    for (const id of ids) o[id] = node(id);
    let one: unknown = node(1);
    if (random.chance(0.1)) o[ids[0]!] = o[ids.at(-1)!];
    if (random.chance(0.1)) one = o[ids[0]!];
    if (random.chance(0.06)) (o[ids[0]!] as { x: unknown }).x = random.pick(["a", null, undefined, true]);
    if (random.chance(0.06)) Object.freeze(o[ids[0]!]);
    if (random.chance(0.06)) o[ids[0]!] = random.pick([null, undefined, 4, { x: 1 }]);
    if (random.chance(0.06)) Object.assign(o, { name: node(2) });
    return [o, random.chance(0.8) ? ids : [...ids, 40], one, number(), mode];
  });
  const line = (): string => `    ${random.chance(0.2) ? `if (${random.pick(["p.x > a", "i % 2", "p !== last", "p.n"])}) ` : ""}${random.chance(0.4) ? `s = s * 0.5 + ${random.pick(reads)};` : random.pick(names > 0 && random.chance(0.4) ? named : writes)}`;
  const body = Array.from({ length: random.between(1, 4) }, line);
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs, coverage: new Map([["objects by number of the caller's", 1]]), guaranteed: false,
    params: [{ name: "o", slow: false, kind: "object" }, { name: "ids", slow: false, kind: "numbers" }, { name: "one", slow: false, kind: "object" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `function kernel(o, ids, one, a, mode) {\n  let s = 0, last = null;\n  const kept = [];\n  for (let i = 0; i < ids.length; i++) {\n    const k = ids[i], p = o[k];\n${random.chance(0.8) ? "    if (!p) continue;\n" : ""}${body.join("\n")}\n  }\n  return ${random.pick(["s", "[s, last]", "last", "[s, kept]", "o", "{ s, o }", "o[ids[0]]"])};\n}`,
  };
}
