// Kernels that cut typed arrays into parts (subarray) and hold these in lists, objects and Maps: of an argument's, of arrays of their own, of other parts. They
// read and write through them, compare them, and hand them out beside the arrays that they are parts of.

import { fastValues, numbers, typedArrays, typedNames } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { KernelParam, RandomKernel } from "./random.ts";

export function randomParts(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 53), coverage = new Map<string, number>();
  const count = <T>(what: string, code: T): T => { coverage.set(`parts ${what}`, 1); return code; };
  const place = (): string => random.pick(["i", "i + 1", "i >> 1", "n", "0", "-1", "x.length", "k"]);
  const arrays = ["x", "own", "last", "small"] as const;
  const array = (): string => random.pick(arrays);
  const part = (): string => `${array()}.subarray(${place()}${random.chance(0.7) ? `, ${place()}` : ""})`;
  const held = (): string => random.pick([part, () => "last", () => count("of a choice", `i & 1 ? ${part()} : ${random.pick([array(), "null", part()])}`), () => array()])();
  const put = (): string => random.pick([
    () => count("in a list", `out.push(${held()});`),
    () => count("in objects", `objects.push({ at: i, part: ${held()} });`),
    () => count("in a Map", `table.set(${random.pick(["i", "n"])}, ${part()});`),
    () => count("carried", `if (x[i] > ${random.pick(["0", "1", "n"])}) last = ${part()};`),
  ])();
  const step = (): string => random.pick([
    put, put,
    () => count("read", "for (const p of out) if (p) s = s * 0.5 + p.length + (p[0] ?? 3);"),
    () => count("written", `if (objects.length > 0 && objects[objects.length - 1].part) objects[objects.length - 1].part[${random.pick(["0", "i"])}] = ${random.pick(["s", "i", "a"])};`),
    () => count("compared", "if (out.length > 1 && out[0] === out[out.length - 1]) s += 1;"),
    () => count("made anew", "own = new Float64Array(n + 2);"),
    () => count("by recursion", "cut(x, 0, x.length);"),
  ])();
  const params: KernelParam[] = [{ name: "x", slow: false, kind: "numbers" }, { name: "a", slow: false, kind: "number" }, { name: "k", slow: true, kind: "count" }];
  const k = random.between(0, 4), Kind = typedArrays[random.chance(0.5) ? "Float64Array" : random.pick(typedNames)];
  const body = Array.from({ length: random.between(1, 4) }, step), give = random.pick(["out", "{ out, own }", "{ objects, own, s }", "[out, objects, x]", "s", "{ s, last, out }", "{ table, out }"]);
  return {
    seed, params, slow: ["k"], slowValues: { k }, coverage, guaranteed: false, inputs: Array.from({ length: 4 }, () => [Kind.from(numbers(random, random.pick([0, 1, 2, 3, 5, 8, 13]))), ...fastValues(["number"], random), k]),
    source: `function kernel(x, a, k) {
  const n = x.length >> 1, out = [], objects = [], table = new Map(), small = new x.constructor(${random.pick(["4", "n", "0"])});
  let own = new Float64Array(x.length), last = ${random.pick(["x.subarray(1)", "own.subarray(0, n)", "own", "x"])}, s = 0;
  const cut = (t, from, to) => { if (to - from < 3) { out.push(t.subarray(from, to)); return; } const m = (from + to) >> 1; cut(t, from, m); cut(t, m, to); };
  for (let i = 0; i < ${random.pick(["x.length", "n", "3"])}; i++) {
    own[i] = a + i;
${body.map((line) => `    ${line}`).join("\n")}
  }
  return ${give};
}`,
  };
}
