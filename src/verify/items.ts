// Kernels over arrays of objects whose fields are more than numbers: null in some, booleans, other objects of the array, there in some only, added on the way,
// and objects that hold numbers; and over arrays of such arrays. Read, written, compared, put into lists and returned; some calls have one object in two places, of some kernels most.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

type Item = Record<string, unknown>;

const reads = ["p.x", "p.n", "p.pos.x", "p.pos.y", "p.vel.x", "p.m", "p.g", "p.f", "(p.on ? 2 : 0.5)", "(p.link ? p.link.x : 1)", "(p.link ? p.link.pos.y : 0.25)", "(p.n === null ? 3 : p.n)", "(p.m === undefined ? 5 : p.m)", "(p.seen ? 1 : 0)", "(typeof p.n === 'number' ? p.n : -1)", "(p.link === p ? 7 : 1)"];
const tests = ["p.on", "!p.seen", "p.n !== null", "p.m", "p.link", "p.link === last", "p.pos.x > 0", "p.x > a", "i % 2", "p !== list[0]", "p.tag !== undefined", "p.pos !== last?.pos", "p.m !== undefined"];
const values = ["a", "s", "i", "p.x", "p.pos.y", "p.x > a", "null", "undefined", "true", "p.n", "p.m", "-0", "NaN"];
const steps: readonly ((random: Random) => string)[] = [
  (random) => `s = s * 0.5 + ${random.pick(reads)};`,
  (random) => `p.pos.${random.pick(["x", "y"])} ${random.pick(["=", "+=", "-="])} ${random.pick(["a", "p.vel.x", "p.x", "s"])};`,
  (random) => `p.${random.pick(["n", "m", "g", "f", "on", "seen"])} = ${random.pick(values)};`,
  (random) => `p.link = ${random.pick(["last", "null", "p", "list[0]", "p.link", "list[list.length - 1]"])};`,
  (random) => `p.${random.pick(["f", "g"])} = (p.${random.pick(["f", "g"])} || 0) + ${random.pick(["a", "1", "p.x"])};`,
  () => "p.vel.x *= a;",
  () => "p.x -= 1;",
  () => "last = p;",
  () => "if (last === null || p.pos.x < last.pos.x) last = p;",
  () => "kept.push(p);",
  () => "kept.push(p.pos);",
  (random) => random.pick(["kept.push(p.tag);", "tag = p.tag;", "kept.push({ ...p, k: i });", "kept.push({ t: p.tag, x: p.x });", "kept.push([tag, p.tag]);", "if (p.x > s) tag = p.tag;", "if (tag === undefined) tag = p.tag;", "kept.push({ ...list[i], tag });"]),
  (random) => random.pick(["table[p.tag] = (table[p.tag] || 0) + 1;", "(lists[p.tag] ||= []).push(i);", "map.set(p.tag, (map.get(p.tag) ?? s) + p.x);", "if (set.has(p.tag)) s++; set.add(p.tag);", "if (p.tag in table) s += table[p.tag]; else table[p.tag] = i;", "delete table[p.tag];", "s += table.word || 0.5;", "s += map.get(one.tag) || 1;", "map.delete(p.tag);", "s += map.size;", "s += Object.keys(table).length;", "for (const v of map.values()) s += v;", "for (const [k, v] of map) if (k) s += v;", "s += lists[p.tag]?.length ?? 2;", "if (table.hasOwnProperty(p.tag)) s -= 1;"]),
  (random) => random.pick(["if (p.tag === null) s += 2;", "if (p.tag != null) s += 3;", "s += p.tag ?? 4;", "if (p.tag) s += 1;", "p.tag = tag;", "if (p.tag === 'a') s += 5;", "p.tag = 'a';", "p.tag = p.x > 0 ? 'word' : null;", "if (p.tag === one.tag) s += 8;", "if (i > 0 && p.tag === list[i - 1].tag) s += 9;", "if (!kept.includes(p.tag)) kept.push(p.tag);", "{ const q = list.find((q) => q.tag === p.tag && q.x > 1); s += q ? q.x : 0.5; }", "if (tag !== p.tag) { tag = p.tag; s++; }", "p.word = 'w';", "if (p.word !== 'w') s -= 1;", "s += p.tag !== 'word' ? 1 : 0.5;", "switch (p.tag) { case 'a': s += 1; break; case 'b': case '': s -= 2; break; case 3: s += p.x; }", "s += ({ a: 1, b: 2, '': 3, word: 4 })[p.tag] || 0;", "kept.push(p.tag || 'none');", "s += typeof p.tag === 'string' ? p.tag.length : 6;", "if (p.tag === tag) s++;", "s += 'tag' in p ? 1 : 0;"]),
  (random) => `kept.push(${random.pick(["{ ...p.pos, k: i }", "Object.assign({ k: s }, p.vel)", "{ y: a, ...list[i].pos }", "Object.values(list[i].pos)", "{ ...list[i].link }"])});`,
  (random) => random.pick(["{ const { x, ...more } = list[i].pos; kept.push(more); s += x; }", "for (const k in list[i].vel) s += p.vel[k];"]),
  (random) => `s += ${random.pick(["Object.keys(p).length", "('m' in p) ? 1 : 0", "Object.hasOwn(p, 'f') ? 4 : 0", "('g' in p) ? 0.5 : 0", "('x' in p) ? 2 : 0", "p.length === undefined ? 1 : 0", "p.pos === one ? 3 : 0"])};`,
];

export function randomItems(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 5), coverage = new Map<string, number>([["objects of an array whose fields are more than numbers", 1]]), mode = random.between(0, 2);
  const statement = (): string => {
    const text = random.pick(steps)(random);
    if (!random.chance(0.35)) return `    ${text}`;
    coverage.set("fields of an array's objects asked", 1);
    return `    if (${random.pick(tests)}) { ${text} }${random.chance(0.3) ? ` else { ${random.pick(steps)(random)} }` : ""}`;
  };
  const body = Array.from({ length: random.between(1, 4) }, statement), twice = random.chance(0.3);
  const sure = random.chance(0.4), shared = random.chance(0.2), repeated = random.chance(0.15), tags = random.pick<readonly unknown[]>([["a", "b", ""], ["a", "word"], ["b", "2", "a", "0"], ["x", "y", "z", "w", "toString"], ["a", null, 3], [Math.abs, "f"], [[1], { z: 1 }, "a"], ["a", undefined, true, 10n]]), tagged = random.chance(0.7);
  const number = (): number => (random.chance(0.2) ? random.pick(edgeNumbers) : random.between(-3, 9) / 2);
  const listOf = (): Item[] => {
    const list = Array.from({ length: random.between(1, 6) }, (_, i): Item => ({
      x: number(), on: random.chance(0.5), n: sure ? number() : random.pick([null, number(), number()]), pos: { x: number(), y: number() }, link: null,
      ...(sure || random.chance(0.5) ? { m: random.pick([number(), number(), undefined]) } : {}), vel: { x: i }, ...(tagged || random.chance(0.5) ? { tag: random.pick(tags) } : {}), ...(random.chance(0.15) ? { f: i } : {}),
    }));
    for (const item of list) if (random.chance(0.3)) item["link"] = random.pick(list);
    if (shared && random.chance(0.5)) random.pick(list)["pos"] = list[0]!["pos"];
    if (random.chance(repeated ? 0.8 : 0.08)) for (let k = random.between(1, repeated ? 3 : 1); k > 0; k--) list.splice(random.below(list.length + 1), 0, random.pick(list));
    if (random.chance(0.05)) Object.freeze(list[0]);
    if (random.chance(0.05)) Object.preventExtensions(list[0]);
    return list;
  };
  if (repeated) coverage.set("arrays of the caller's in which one object stands twice", 1);
  const grid = random.chance(0.35);
  if (grid) coverage.set("arrays of arrays of objects", 1);
  const inputs = Array.from({ length: 4 }, () => {
    const list = listOf(), rows = [list, ...(random.chance(0.3) ? [[]] : []), listOf()];
    const far = rows[rows.length - 1]![0]!;
    if (grid && repeated && random.chance(0.5)) rows.push(random.pick([list, [...list]]));
    if (grid && random.chance(0.3) && !Object.isFrozen(far)) far["link"] = list[0];
    return [grid ? rows : list, random.chance(0.3) ? random.pick([list[0]!["pos"], list[0]]) : { x: 1, y: 2, ...(tagged ? { tag: random.pick(tags) } : {}) }, number(), mode];
  });
  const loop = (lines: readonly string[]): string => `  ${grid ? "for (const list of all) " : ""}for (let i = 0; i < list.length; i++) {\n    const p = list[i];\n${lines.join("\n")}\n  }\n`;
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs, coverage, guaranteed: false,
    params: [{ name: grid ? "all" : "list", slow: false, kind: grid ? "rows" : "points" }, { name: "one", slow: false, kind: "object" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `function kernel(${grid ? "all" : "list"}, one, a, mode) {\n  let s = 0, last = null, tag;\n  const kept = [], table = {}, lists = {}, map = new Map(), set = new Set();\n${loop(body)}${twice ? loop([statement(), statement()]) : ""}${random.chance(0.3) ? "  one.x += s;\n" : ""}  return ${random.pick(["s", "[s, last]", "last", "[s, kept]", "[s, kept, tag]", "[s, table, lists]", "[s, [...set], map]", "[s, table, set]", "[s, last && last.pos]", grid ? "{ s, all }" : "{ s, list }"])};\n}`,
  };
}
