// Random kernels over a class over Array, as libraries of vectors have them, and one that extends it: their instances are made in the kernel, asked for their
// elements at places of run time, written by setters, made longer, put into lists and objects, replaced in loops, given back. The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

export function randomVector(seed: number): RandomKernel {
  const random = new Random(seed * 3266489917 + 29), coverage = new Map<string, number>([["instances of a class over Array that the kernel makes", 1]]);
  const named = random.chance(0.3), iterated = random.chance(0.1), grows = random.chance(0.3), empty = random.chance(0.3);
  const members = [
    `constructor(x = 0, y = x) { ${empty ? "super(); this.push(x, y);" : random.pick(["super(x, y); return this;", "super(x, y);", "super(-0, -0); this[0] = x; this[1] = y;"])} ${named ? "this.tag = y;" : ""} }`,
    "get x() { return this[0]; } set x(v) { this[0] = v; }",
    "set all(v) { for (let i = 0; i < this.length; i++) this[i] = v; }",
    `len() { return ${random.pick(["Math.hypot(this[0], this[1])", "this.reduce((a, v) => a + v, 0)", "this.dot(this)", "this.x * 2 + this.length"])}; }`,
    "dot(o) { let s = 0; for (let i = 0; i < this.length; i++) s += this[i] * o[i]; return s; }",
    "add(o) { for (let i = 0; i < 2; i++) this[i] += o[i]; return this; }",
    "clone() { return new this.constructor(this[0], this[1]); }",
    "static of2(v) { return new this(v, 2); }",
    random.chance(0.15) ? "static get [Symbol.species]() { return Array; }" : "",
    iterated ? "*[Symbol.iterator]() { yield 7; yield this[0]; }" : "",
  ];
  const classes = `class V extends Array { ${members.filter((text) => text !== "").join(" ")} } class W extends V { ${random.pick(["", "constructor(x) { super(x, 3); this.w = x; }", "k = 5;"])} len() { return super.len() + ${random.pick(["1", "this.x"])}; } }`;
  const kind = random.pick(["V", "V", "W"]), make = (): string => `new ${random.chance(0.2) ? random.pick(["V", "W"]) : kind}(${random.pick(["v", "a", "s", "i", "v, a", "-0, s", ""])})`;
  const one = (): string => random.pick(["last", "last", "first", make(), `${kind}.of2(v)`, "last.clone()"]);
  const steps: readonly (() => string)[] = [
    () => `s = s * 0.5 + ${one()}.len();`, () => `last = ${one()};`, () => `s += last.dot(${random.pick(["first", "last", "[v, 1]"])});`, () => `last.add(${one()});`, () => "last.x = v;", () => "last.x += s;", () => "last.all = v;",
    () => "s += last[i & 1];", () => "last[i % 2] = s;", () => "s += last.length;", () => `s += last instanceof ${random.pick(["W", "V", "Array"])} ? 1 : 0.25;`, () => "for (const t of last) s += t;", () => `s += last.${random.pick(["indexOf(v)", "includes(v) ? 1 : 2", "at(-1)", "findIndex((t) => t > v)"])};`,
    () => `if (v > ${random.pick(["1", "a"])}) last = ${one()};`, () => "s += Object.keys(last).length;", () => "s += Math.max(...last);", () => "s += [1].concat(last).length;",
    () => `last = last.${random.pick(["map((t) => t + v)", "slice()", "slice(i & 1)", "filter((t) => t > 0)"])};`, () => "s += last.map((t, k) => t * k).length;",
    () => `list.push(${one()});`, () => "for (const t of list) s = s * 0.5 + t.len();", () => "for (const t of list) t.x = t[1];", () => "if (list.length > 0) last = list[i % list.length];", () => `held = { p: ${one()}, q: v };`, () => "held.p.add(last); s += held.p.x;",
    ...(grows ? [() => "last.push(v);", () => "if (last.length > 2) s += last.pop();", () => "last[last.length] = s;"] : []), ...(named ? [() => "s += last.tag;", () => "last.tag = v;"] : []),
  ];
  const line = (): string => (random.chance(0.2) ? `if (${random.pick(["i % 2", "v > a", "mode === 1"])}) { ${random.pick(steps)()} }` : random.pick(steps)());
  const start = (): string => make().replace(/\bv\b|\bs\b|\bi\b/g, "a");
  const result = random.pick(["s", "[s, last]", "last", "list", "{ s, list, held }", "[first, last, last]", "[Object.getPrototypeOf(last) === W.prototype, s]"]);
  const inputs = Array.from({ length: 4 }, () => [Array.from({ length: random.between(0, 5) }, () => (random.chance(0.2) ? random.pick(edgeNumbers) : random.between(-3, 9))), random.pick([0, 1, 2.5, -3, -0]), 1]);
  return {
    seed, slow: ["mode"], slowValues: { mode: 1 }, inputs, coverage, guaranteed: false,
    params: [{ name: "x", slow: false, kind: "numbers" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `(() => {\n  ${classes}\n  return function kernel(x, a, mode) {\n  let s = 0, last = ${start()}, held = { p: ${start()}, q: 0 };\n  const first = ${start()}, list = [];\n  for (let i = 0; i < x.length; i++) {\n    const v = x[i];\n    ${Array.from({ length: random.between(2, 5) }, line).join("\n    ")}\n  }\n  return ${result};\n};\n})()`,
  };
}
