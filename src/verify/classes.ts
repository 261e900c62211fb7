// Random kernels over classes with private methods, accessors and static ones, that count what they make: declared in the kernel or outside, with a class that
// extends them, or none. Their objects are made, asked whether they are theirs (`#m in o`), kept
// and called; so is what only stands under their prototype. The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

export function randomClass(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 17), coverage = new Map<string, number>([["classes with private methods", 1]]);
  const hasField = random.chance(0.4); // others have private methods alone
  const hasList = random.chance(0.3), inList = random.chance(0.3); // such objects lie in memory, with what they have of their classes
  const outside = random.chance(0.6), extended = random.chance(0.35), counted = random.pick(["static", "private static", "variable"] as const);
  const some = (chance: number, what: string, text: string): string => { if (!random.chance(chance)) return ""; coverage.set(what, (coverage.get(what) ?? 0) + 1); return text; };
  const value = (...more: string[]): string => random.pick(["v", "v * 2", "this.x", ...(hasField ? ["this.#p", "this.#p + v"] : []), "(v | 0)", ...more]);
  const field = hasField ? "#p" : "x", counter = { static: "T.made", "private static": "T.#made", variable: "made" }[counted];
  const hasGetter = random.chance(0.5), hasStatic = random.chance(0.5), calls = ["this.#m(v)", "this.#m(v - 1)", ...(hasGetter ? ["this.#g"] : []), ...(hasStatic ? ["T.#s(v)"] : [])];
  const own = random.pick(["#m", ...(hasField ? ["#p"] : []), ...(hasGetter ? ["#g"] : []), ...(hasStatic ? ["#s"] : [])]);
  coverage.set(`objects are counted: ${counted}`, 1);
  if (hasList || inList) coverage.set("objects with private names in memory", 1);
  const body = [
    counted === "variable" ? "" : `static ${counted === "static" ? "made" : "#made"} = 0;`,
    hasField ? `#p = ${random.pick(["1", "0.5", "-0"])};` : "",
    `constructor(v) { this.x = v; ${random.pick([`this.id = ++${counter};`, `${counter}++;`, `${counter} += 1; this.${field} = ${counter};`])}${some(0.4, "a private method called in the constructor", " this.x = this.#m(v);")}${hasList ? " this.w = [v, 1];" : ""} }`,
    `#m(v) { ${some(0.5, "a private field written by a private method", `this.${field} = ${value()}; `)}return ${value()}; }`,
    hasGetter ? `get #g() { return this.${field} * 2; } set #g(v) { this.${field} = v; }` : "",
    hasStatic ? `static #s(v) { ${random.pick(["return v - 1;", `return v + ${counter};`, "return T.is(v) ? 1 : v;"])} }` : "",
    `m(v) { ${hasGetter ? some(0.5, "a private setter", "this.#g = v; ") : ""}return ${random.pick(calls)} + ${value(...calls)}; }`,
    `static is(o) { return ${own} in o; }`,
    `static get count() { return ${counter}; } static reset() { ${counter} = 0; }`,
    `of(o) { return ${random.pick(["o.#m(1)", ...(hasField ? ["o.#p", "(#p in o ? o.#p : -1)"] : []), "(#m in o ? o.#m(2) : -2)"])}; }`,
  ];
  const more = extended ? ` class U extends T { ${random.pick(["", "constructor(v) { super(v); this.y = v; }", "#m(v) { return v * 3; } n(v) { return this.#m(v); }"])} m(v) { return super.m(v) + ${random.pick(["1", "this.x", "T.count"])}; } }` : "";
  const classes = `${counted === "variable" ? "let made = 0; " : ""}class T { ${body.filter((text) => text !== "").join(" ")} }${more}`;
  const kind = extended ? random.pick(["T", "U"]) : "T", make = (): string => `new ${extended && random.chance(0.15) ? random.pick(["T", "U"]) : kind}(${random.pick(["v", "a", "s", "i"])})`;
  const steps: readonly (() => string)[] = [
    () => `s = s * 0.5 + ${make()}.m(${random.pick(["v", "a"])});`, () => `last = ${make()};`, () => "s += last.m(v) - first.x;", () => "s = s * 0.5 + first.m(s);",
    () => `s += T.is(${random.pick(["last", "last", "T", "{ x: 1 }", "Object.create(T.prototype)", "x", ...(extended ? ["U"] : [])])}) ? 1 : 0.25;`, () => "s += T.count;", () => `s += last.of(${random.pick(["last", "last", make(), "first"])});`,
    () => `if (a > 40) s += last.of(${random.pick(["{}", "T", "Object.create(last)"])});`, () => "last.x = s;", () => `if (v > ${random.pick(["1", "a"])}) last = ${make()};`,
    ...(hasList ? [() => "s += last.w[i & 1];", () => "last.w.push(v);"] : []),
    ...(inList ? [() => `list.push(${random.pick([make(), make(), "last"])});`, () => "if (list.length > 0) s = s * 0.5 + list[i % list.length].m(v);", () => "for (const o of list) s += o.of(last);", () => "for (const o of list) s += T.is(o) ? o.x : Object.keys(o).length;"] : []),
  ];
  const line = (): string => (random.chance(0.2) ? `if (${random.pick(["i % 2", "v > a", "mode === 1"])}) { ${random.pick(steps)()} }` : random.pick(steps)());
  const kernel = `function kernel(x, a, mode) {\n  ${outside ? "T.reset();" : classes}\n  let s = 0, last = ${make().replace(/\((v|s|i)\)/, "(a)")};\n  const first = ${make().replace(/\((v|s|i)\)/, "(a)")}${inList ? ", list = []" : ""};\n  for (let i = 0; i < x.length; i++) {\n    const v = x[i];\n    ${Array.from({ length: random.between(2, 5) }, line).join("\n    ")}\n  }\n  return ${random.pick(["s", "[s, T.count]", "[s, first.x]", "{ s, mine: T.is(last), x: last.x }"])};\n}`;
  const inputs = Array.from({ length: 4 }, () => [Array.from({ length: random.between(0, 5) }, () => (random.chance(0.2) ? random.pick(edgeNumbers) : random.between(-3, 9))), random.chance(0.15) ? 50 : random.pick([0, 1, 2.5, -3, -0]), 1]);
  return {
    seed, slow: ["mode"], slowValues: { mode: 1 }, inputs, coverage, guaranteed: false,
    params: [{ name: "x", slow: false, kind: "numbers" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: outside ? `(() => {\n  ${classes}\n  return ${kernel};\n})()` : kernel,
  };
}
