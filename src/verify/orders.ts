// Kernels that change the length or the order of the caller's own arrays: of numbers, of objects, of rows. Pushed, popped, cut, sorted in
// place, written behind their end, beside reads and writes of what they hold; and of an array of a class over Array, which keeps its length.

import { fastValues, type InputKind } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { KernelParam, RandomKernel } from "./random.ts";

/** An element made of a number, the number that an element stands for, a write into an element. */
interface Elements { readonly kind: InputKind; readonly make: (v: string) => string; readonly get: (e: string) => string; readonly set: (e: string, v: string) => string }

const elements: readonly Elements[] = [
  { kind: "numbers", make: (v) => v, get: (e) => e, set: () => "" },
  { kind: "points", make: (v) => `{ x: ${v}, y: 1 }`, get: (e) => `${e}.x`, set: (e, v) => `${e}.y = ${v};` },
  { kind: "flags", make: (v) => `{ x: ${v}, on: ${v} > 1 }`, get: (e) => `(${e}.on ? ${e}.x : 1)`, set: (e, v) => `${e}.on = ${v} < 1 || ${e}.on === false; ${e}.x -= ${v};` },
  { kind: "rows", make: (v) => `[${v}, 1]`, get: (e) => `(${e}.length > 0 ? ${e}[0] : 0)`, set: (e, v) => `if (${e}.length > 0) ${e}[${e}.length - 1] = ${v};` },
];

const steps: readonly ((e: Elements, v: string, random: Random) => string)[] = [
  (e, v) => `list.push(${e.make(v)});`,
  (e, v) => `if (list.length < 30) list.push(${e.make(v)}, ${e.make("n")});`,
  (e) => `if (list.length > 0) { const t = list.pop(); s += ${e.get("t")}; }`,
  (e) => `if (list.length > 1) { const t = list.shift(); s -= ${e.get("t")}; }`,
  (e, v) => `list.unshift(${e.make(v)});`,
  (e, v, random) => `if (list.length > 2) { const gone = list.splice(${random.pick(["0", "1", "list.length >> 1"])}, ${random.between(0, 2)}${random.chance(0.5) ? `, ${e.make(v)}` : ""}); s += gone.length; }`,
  (e) => `list.sort((p, q) => ${e.get("p")} - ${e.get("q")});`,
  () => "list.reverse();",
  (e, v) => `list[list.length] = ${e.make(v)};`,
  () => "if (list.length > 3) list.length = 3;",
  (_, __, random) => `if (list.length > 1) { const t = list[0]; list[0] = list[${random.pick(["1", "list.length - 1", "(n >>> 0) % list.length"])}]; list[1] = t; }`,
  (e, v) => `if (list.length > 0) { const t = list[list.length >> 1]; ${e.set("t", v)} s += ${e.get("t")} * 0.5; }`,
  (e) => `for (let i = 0; i < list.length; i++) s += ${e.get("list[i]")};`,
  (e) => (e.kind === "points" || e.kind === "flags" ? `for (const p of list) { const { x, ...t } = p, u = { ...p, x: s }; s += Object.keys(t).length + ${e.get("u")} + x; }` : "list.reverse();"),
];

export function randomOrder(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 11), coverage = new Map<string, number>();
  const e = random.pick(elements), mode = random.between(0, 2);
  const ofClass = random.chance(0.3), other: InputKind = ofClass ? "taps" : "numbers";
  const value = (): string => random.pick(["a", "s", "n", "i + 0.5", "-0", "other[0]", "other.length", "a * i", ...(ofClass ? ["other.first", "other.twice()", "(other instanceof Array)"] : [])]);
  const step = (): string => {
    const text = ofClass && random.chance(0.3) ? random.pick([`other.first = ${value()};`, `other[other.length - 1] -= ${value()};`]) : random.pick(steps)(e, value(), random), guarded = random.chance(0.3) ? `if (${random.pick(["a > 0", "mode === 1", "i % 2 === 0", "s < 10"])}) { ${text} }` : text;
    return `    ${guarded}`;
  };
  const body = Array.from({ length: random.between(1, 4) }, step);
  if (ofClass) coverage.set("an array of a class over Array", 1);
  coverage.set(`an array of ${e.kind} changes its length or order`, 1);
  const params: KernelParam[] = [{ name: "list", slow: false, kind: e.kind }, { name: "other", slow: false, kind: other }, { name: "a", slow: false, kind: "number" }, { name: "n", slow: false, kind: "count" }, { name: "mode", slow: true, kind: "count" }];
  const kinds: InputKind[] = [e.kind, other, "number", "count"];
  const inputs = Array.from({ length: 4 }, () => {
    const values = fastValues(kinds, random);
    if ((values[0] as unknown[]).length === 0 && e.kind !== "numbers") (values[0] as unknown[]).push(e.kind === "points" ? { x: 1, y: 2 } : e.kind === "flags" ? { x: 1, on: true } : [1, -0]);
    if (e.kind === "numbers" && !ofClass && random.chance(0.15)) values[1] = values[0]; // one array in two places
    return [...values, mode];
  });
  return {
    seed, params, inputs, slow: ["mode"], slowValues: { mode }, coverage, guaranteed: false,
    source: `function kernel(list, other, a, n, mode) {\n  let s = 0;\n  for (let i = 0; i < ${random.pick(["2", "Math.min(n, 5)", "mode + 1"])}; i++) {\n${body.join("\n")}\n  }\n  return ${random.pick(["s", "[list.length, s]", "list", "{ list, s }", "{ first: list[0], s }", "list.filter((e, at) => at % 2 === mode % 2)"])};\n}`,
  };
}
