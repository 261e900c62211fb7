// Random filters: cascades of one to nine stages of one form over a series, states in an array, coefficients slow; with a recurrence of their own before
// or after the stages, in place or not, over singles and doubles, for series from none to many times as long as there are stages; or channels of one stage each,
// one after the other, whose samples lie side by side or mixed up. The same seed gives the same kernel.

import { edgeNumbers, type TypedName, typedArrays } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

/** What a stage does with `v`, its state from `z` on, and its coefficients; and how many states it has. */
const forms: Readonly<Record<string, { readonly states: number; readonly lines: (set: (at: string, value: string) => string, of: (k: number) => string) => readonly string[] }>> = {
  "transposed form": { states: 2, lines: (set, of) => ["const o = c.p * v + " + of(0) + ";", set("0", `c.q * v - c.r * o + ${of(1)}`), set("1", "c.p * v - c.q * o"), "v = o;"] },
  "direct form": { states: 4, lines: (set, of) => [`const o = c.p * v + c.q * ${of(0)} + c.r * ${of(1)} - c.q * ${of(2)} - c.p * ${of(3)};`, set("1", of(0)), set("0", "v"), set("3", of(2)), set("2", "o"), "v = o;"] },
  "one pole": { states: 1, lines: (set, of) => [set("0", `${of(0)} + c.p * (v - ${of(0)})`), `v = ${of(0)};`] },
  "all-pass": { states: 1, lines: (set, of) => [`const o = ${of(0)} - c.q * v;`, set("0", "v + c.q * o"), "v = o;"] },
  "modulated": { states: 1, lines: (set, of) => [set("0", `${of(0)} + g * c.p * (v - ${of(0)})`), `v = ${of(0)} * c.r;`] },
  "clipped": { states: 2, lines: (set, of) => [`const o = c.p * v - c.q * ${of(0)} + ${of(1)};`, set("1", of(0)), set("0", "o > 1 ? 1 : o * c.r"), "v = Math.max(-2, o);"] },
  "rounded": { states: 1, lines: (set, of) => [`const o = Math.fround(Math.fround(c.p * v) + ${of(0)});`, set("0", "Math.fround(o - Math.fround(c.q * v))"), "v = o;"] },
};

export function randomCascade(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 11);
  const name = random.pick(Object.keys(forms)), form = forms[name]!;
  const odd = random.chance(0.15);
  const coefficient = (): number => (odd && random.chance(0.3) ? random.pick(edgeNumbers) : random.chance(0.2) ? random.pick([1, -1, 0, 2]) : Math.round((random.next() * 2 - 1) * 1000) / 1024);
  const sections = Array.from({ length: random.between(1, 9) }, () => ({ p: coefficient(), q: coefficient(), r: coefficient() }));
  const kind = (): TypedName => random.weighted({ Float64Array: 5, Float32Array: 3, Int16Array: 0.5 } as Partial<Record<TypedName, number>>);
  const [x, y] = [kind(), kind()], z: TypedName = random.chance(0.7) ? "Float64Array" : "Float32Array";
  const at = (k: number | string): string => (form.states === 1 ? "z[s]" : `z[${form.states} * s + ${k}]`);
  const early = random.chance(0.25), late = random.chance(0.3);
  const source = seed % 5 === 3 ? channels(random, form) : [
    "function kernel(y, x, z, sections, a) {", `  let e = a, m = 0;`,
    `  for (let i = ${random.pick([0, 0, 0, 1])}; i < ${random.pick(["x.length", "y.length", "x.length - 1"])}; i${random.pick(["++", "++", " += 2"])}) {`,
    `    let v = ${random.pick(["x[i]", "x[i]", "x[i] * a", "x[i] - 0.5"])};`, ...(early ? ["    e = e * 0.75 + v;", "    v -= e;"] : []), ...(name === "modulated" ? [`    const g = ${random.pick(["x[i] * 0.125", "a", "1 / (1 + i)"])};`] : []),
    "    for (let s = 0; s < sections.length; s++) {", "      const c = sections[s];",
    ...form.lines((k, value) => `${at(k)} = ${value};`, at).map((line) => `      ${line}`), "    }",
    ...(late ? [random.pick(["    m = m * 0.5 + v;", "    if (v > m) m = v;", "    m += v * v;"])] : []),
    `    y[i] = ${random.pick(["v", "v", "v * a", "v + x[i]", "v - m", "v + i"])};`, "  }", `  return ${random.pick(["m", "e", "m + z[0]"])};`, "}",
  ].join("\n");
  const fill = (array: { [k: number]: number; readonly length: number }): void => { for (let k = 0; k < array.length; k++) array[k] = odd && random.chance(0.1) ? random.pick(edgeNumbers) : Math.round((random.next() * 4 - 2) * 4096) / 512; };
  const inputs = Array.from({ length: 5 }, () => {
    const n = random.pick([0, 1, 5, 17, 40, 41, 70, 130]);
    const made = (type: TypedName, length: number): ArrayLike<number> => { const array = new typedArrays[type](length); fill(array); return array; };
    const states = made(z, random.chance(0.85) ? form.states * sections.length : random.between(0, form.states * sections.length + 3));
    let [from, to] = [made(x, n), made(y, random.chance(0.8) ? n : n + random.between(-3, 3) & 127)];
    const shared = x === y ? random.weighted({ apart: 5, same: 3, overlapping: 2 }) : "apart";
    if (shared === "same") to = from;
    else if (shared === "overlapping") {
      const all = made(x, n + 12) as Float64Array;
      [from, to] = [all.subarray(random.below(12), n), all.subarray(random.below(12), n)];
    } else if (y === z && random.chance(0.1)) to = states;
    return [to, from, states, sections, random.chance(0.8) ? 0.5 : random.pick(edgeNumbers)];
  });
  return {
    seed, source, slow: ["sections"], slowValues: { sections }, inputs, guaranteed: false,
    coverage: new Map([[`${seed % 5 === 3 ? "channels" : "cascade of stages"} in ${name}`, 1]]),
    params: [{ name: "y", slow: false, kind: y }, { name: "x", slow: false, kind: x }, { name: "z", slow: false, kind: z }, { name: "sections", slow: true, kind: "program" }, { name: "a", slow: false, kind: "number" }],
  };
}

/** A loop over the channels around one over the samples of each, which lie side by side, behind one another, or so that channels meet. */
function channels(random: Random, { states, lines }: (typeof forms)[string]): string {
  const n = random.pick(["sections.length", "sections.length", "2", "8"]), mixed = random.chance(0.6);
  const from = mixed ? random.pick(["i", "i", "i + 1"]) : random.pick([`i * ${n} + s`, `i * ${n} + s`, "i", "i + s", "40 * s + i", `x.length - 1 - i * ${n} - s`]);
  const to = random.pick([from, from, from, ...(mixed ? ["i", "i + 1", "i - 1", "2 * i"] : [`i * ${n} + s`, `i * ${n} + s + 1`, `i * ${n} + 7 - s`, "i", "40 * s + i"])]);
  const length = random.pick(["x.length", "y.length", "40", "x.length - s"]);
  return [
    "function kernel(y, x, z, sections, a) {", "  let m = 0;", "  for (let s = 0; s < sections.length; s++) {", `    const c = sections[s], g = ${random.pick(["a", "0.5"])};`,
    `    let ${Array.from({ length: states }, (_, k) => `z${k} = ${random.pick(["0", "0", "a", "x[s]", "z[s]"])}`).join(", ")};`,
    mixed ? `    for (let i = s; i < ${length}; i += ${n}) {` : `    for (let i = 0; i * ${n} < ${length}; i++) {`, `      let v = x[${from}];`, ...lines((k, value) => `z${k} = ${value};`, (k) => `z${k}`).map((line) => `      ${line}`),
    `      y[${to}] = ${random.pick(["v", "v", "v * a", `v + y[${to}]`])};`, "    }", `    ${random.pick(["m += z0;", "m += z0;", "z[s] = z0;", "y[s] = z0;", "if (z0 > 1e9) return s;"])}`, "  }", "  return m;", "}",
  ].join("\n");
}
