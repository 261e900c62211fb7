// Random kernels whose Maps and Sets have objects as keys: new ones of lists, instances of a class, rows, the caller's, in which one may stand twice; put in, asked, deleted,
// listed, copied, in loops and on some paths, undefined and null among them; in some kernels these are weak, so that none is listed. The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

export function randomObjectKeys(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 97), coverage = new Map<string, number>([["Maps and Sets whose keys are objects", 1]]);
  const made = random.pick(["ps", "ps.map((p) => ({ x: p.x, n: null }))", "ps.map((p) => new Node(p.x))", "ps.map((p, i) => [p.x, i])", "Array.from({ length: ps.length + 1 }, (_, i) => ({ x: i * a, n: null }))"]), isRow = made.includes("[p.x");
  const weak = random.chance(0.2) ? "Weak" : "", gaps = weak === "" && random.chance(0.4), orFirst = gaps ? "" : " ?? first";
  const x = (o: string): string => (gaps ? `(${o}?.${isRow ? "[0]" : "x"} ?? 3)` : isRow ? `${o}[0]` : `${o}.x`), one = (): string => random.pick(["list[0]", "list[list.length - 1]", "list[i]", "at(i + 1)", "at(k)", "last"]);
  const lists = /size|of map|of seen|\.\.\.|forEach|clear/;
  const steps: readonly (() => string)[] = [
    () => `seen.add(${one()}${orFirst});`, () => `if (seen.has(${one()})) s += ${random.pick(["1", "i", "0.5"])};`, () => `if (a > ${random.pick(["0", "2"])}) seen.add(first);`, () => `s += seen.delete(${one()}) ? 2 : 0.25;`,
    () => `map.set(${one()}${orFirst}, ${random.pick(["i", "a", "s", "map.size"])});`, () => `s += map.get(${one()}) ?? ${random.pick(["0.125", "-1"])};`, () => `if (!map.has(${one()})) map.set(first, a);`, () => `map.delete(${one()});`,
    () => `for (const [o, v] of map) s += v * ${x("o")};`, () => `for (const o of seen) s += ${x("o")};`, () => `s += seen.size - map.size;`, () => `s += [...map.keys()].length + [...map.values()].length;`,
    () => `map.forEach((v, o) => { s += v - ${x("o")}; });`, () => `last = ${one()} ?? null;`, () => `for (const o of new Set(list)) s = s * 0.5 + ${x("o")};`, () => `if (i > 2) seen.clear();`,
  ];
  const pick = (): string => { const line = random.pick(steps)(); return weak && lists.test(line) ? pick() : line; };
  const lines = (least: number, most: number): string => Array.from({ length: random.between(least, most) }, pick).join(" ");
  const points = (): object[] => {
    const points = Array.from({ length: random.between(1, 7) }, () => ({ x: random.chance(0.1) ? random.pick(edgeNumbers) : random.between(-4, 9) }));
    return random.chance(0.15) ? [...points, points[0]!] : points;
  };
  return {
    seed, slow: ["k"], slowValues: { k: random.between(0, 3) }, inputs: Array.from({ length: 4 }, () => [points(), random.pick([0, 1, 2.5, 7, -0]), 1]), coverage, guaranteed: false,
    params: [{ name: "ps", slow: false, kind: "points" }, { name: "a", slow: false, kind: "number" }, { name: "k", slow: true, kind: "count" }],
    source: `function kernel(ps, a, k) {\n  class Node { constructor(x) { this.x = x; this.n = null; } }\n  const list = ${made}, first = list[0], seen = new ${weak}Set(), map = new ${weak}Map(), at = (i) => list[i % list.length];\n`
      + `  let s = 0, i = 0, last = null;\n  ${lines(0, 2)}\n  for (; i < ${random.pick(["list.length", "3", "a", "list.length * 2"])}; i++) { ${lines(2, 5)} }\n  ${lines(0, 2)}\n  return ${random.pick(["s", weak ? "[s, seen.has(first)]" : "[s, seen.size]", "list.map((o) => map.get(o) ?? s)", weak ? "[map instanceof WeakMap, s]" : "[...seen].map((o) => " + x("o") + ")"])};\n}`,
  };
}
