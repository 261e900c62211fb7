// Kernels that hand out closures: alone, as fields or methods of an object, with fields of their own, of a choice. They look into numbers, arrays and
// helpers of the call, into its arguments, and one of them may count. What they give is compared too (`answers`).

import { fastValues, type InputKind } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { KernelParam, RandomKernel } from "./random.ts";

/** a value inside of a closure over `t` */
const values = ["t", "s", "k", "a", "list[0]", "list.length", "table[1]", "x[0]", "h(t)", "h(s)", "Math.abs(t)", "-0", "(t > s ? k : t)", "list.map((v) => v * k)[0]"] as const;

export function randomLeaving(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 31), coverage = new Map<string, number>();
  const sum = (): string => `${random.pick(values)} ${random.pick(["+", "-", "*", "/"])} ${random.pick(values)}`;
  const counts = random.chance(0.3);
  let counted = false;
  const body = (): string => {
    if (counts && !counted) { counted = true; return `{ count += t; return count * ${random.pick(values)}; }`; }
    return random.chance(0.4) ? `{ let r = ${sum()}; for (let q = 0; q < ${random.pick(["3", "list.length"])}; q++) r += ${sum()}; return r; }` : `{ return ${sum()}; }`;
  };
  const closure = (): string => random.pick<() => string>([() => `(t) => ${body()}`, () => `t => (${sum()})`, () => `function (t) ${body()}`, () => `function named(t) ${body()}`, () => `(t, u = ${sum()}) => t + u`, () => "() => h"])();
  const [form, result] = random.pick<readonly [string, () => string]>([
    ["alone", closure],
    ["in an object", () => `{ s, at: ${closure()}, list, back: ${closure()} }`],
    ["as methods", () => `{ at(t) ${body()}, k, at2(t) ${body()} }`],
    ["of a choice", () => `a > 0 ? ${closure()} : ${random.pick(["null", "s", closure()])}`],
    ["in an array", () => `[${closure()}, s]`],
    ["with fields", () => "out"],
  ]);
  coverage.set(`a closure leaves: ${form}`, 1);
  if (counts) coverage.set("a closure that leaves assigns a variable", 1);
  const own = form === "with fields" ? `\n  const out = ${closure()};\n  out.s = s;\n  out.self = out;\n  out.list = list;` : "";
  const params: KernelParam[] = [{ name: "x", slow: false, kind: "numbers" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }];
  const kinds: InputKind[] = ["numbers", "number"], mode = random.between(0, 2);
  return {
    seed, params, slow: ["mode"], slowValues: { mode }, coverage, guaranteed: false, inputs: Array.from({ length: 4 }, () => [...fastValues(kinds, random), mode]),
    source: `function kernel(x, a, mode) {
  let s = 0, count = ${random.pick(["0", "a", "mode"])};
  for (let i = 0; i < x.length; i++) s += x[i] * ${random.pick(["a", "0.5", "i"])};
  const k = s * 2 - mode, list = ${random.pick(["[s, a, 3]", "x.slice(0, 2)", "x.filter((v) => v > 0)"])}, table = new Float64Array(${random.pick(["4", "x.length"])}).fill(s);
  const h = ${random.pick(["(v) => v * k + mode", "function h(v) { return v > 9 ? h(v / 10) : v + k; }"])};${own}
  return ${result()};
}`,
  };
}

type Callable = (this: unknown, ...args: unknown[]) => unknown;
const asked = [0.5, -3, 2e9, NaN] as const;
/** A kernel whose closures are called as soon as they are there: what they give is part of its result. */
export const answers = (kernel: Callable): Callable => function (...args) {
  const result = kernel.apply(this, args), made = new Set([result, ...(typeof result === "object" && result !== null ? Object.values(result) : [])].filter((v) => typeof v === "function"));
  return made.size === 0 ? result : { result, given: [...made].map((f) => asked.map((t) => (f as Callable)(t))) };
};
