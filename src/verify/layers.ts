// Random networks and matrices: layers of neurons one after the other, whose weights are slow, as rows, flat or in typed arrays; sums over inputs of a length
// that the call tells or of a fixed one, activations, biases, buffers that take turns, a batch around it, in one array or as rows, stores between the sums;
// sums of as many terms as a slow table says; and transforms whose strides double or halve from stage to stage. The same seed gives the same kernel.

import { edgeNumbers, typedArrays, type TypedName } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

interface Layer { readonly n: number; readonly m: number; readonly w: readonly (readonly number[])[] | ArrayLike<number>; readonly b: readonly number[]; readonly relu: boolean }

export function randomLayers(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 29);
  const shape = random.next();
  if (shape < 0.1) return ragged(seed, random);
  if (shape >= 0.85) return strides(seed, random);
  const odd = random.chance(0.2), whole = random.chance(0.2);
  const number = (): number => (odd && random.chance(0.1) ? random.pick(edgeNumbers) : whole ? random.between(-9, 9) : Math.round((random.next() * 4 - 2) * 4096) / 1024);
  const kind: TypedName | "rows" | "flat" = random.weighted({ rows: 4, flat: 2, Float64Array: 2, Float32Array: 2, Int8Array: 1 } as const);
  const sizes = Array.from({ length: random.pick([2, 2, 3, 4]) }, () => random.weighted({ 1: 1, 2: 2, 3: 3, 4: 4, 5: 2, 8: 1.5, 17: 0.7, 24: 0.7 } as const)).map(Number);
  const layers = sizes.slice(1).map((m, k): Layer => {
    const n = sizes[k]!, rows = Array.from({ length: m }, () => Array.from({ length: random.chance(0.95) ? n : n + random.between(-1, 1) }, number));
    return { n, m, w: kind === "rows" ? rows : kind === "flat" ? rows.flat() : typedArrays[kind].from(rows.flat() as never) as ArrayLike<number>, b: Array.from({ length: m }, number), relu: random.chance(0.3) };
  });
  const weight = kind === "rows" ? random.pick(["w[j][i]", "row[i]"]) : "w[j * n + i]";
  const end = random.weighted({ "a.length": 4, n: 3, [kind === "rows" ? "w[j].length" : "n"]: 2 });
  const term = random.weighted({ [`s += ${weight} * a[i];`]: 6, [`s += a[i] * ${weight};`]: 1, [`const d = a[i] - ${weight}; s += d * d;`]: 2, [`s -= ${weight} / (1 + a[i] * a[i]);`]: 1, [`s += ${weight} * a[i] + t; t -= ${weight};`]: 1, [`s = Math.max(s, ${weight} * a[i]);`]: 0.5 });
  const two = term.includes("t -=");
  const act = random.pick(["Math.max(0, s)", "s > 0 ? s : s * 0.125", "s", "s / (1 + Math.abs(s))", "Math.tanh(s)", "1 / (1 + Math.exp(-s))", ...(two ? ["s * t"] : [])]);
  const first = random.pick(["b[j]", "b[j]", "0", "bias", "c[j & 3]"]);
  const out = random.pick(["push", "typed", "list"]);
  const n = sizes[0]!, m = sizes.at(-1)!;
  const batch = random.chance(0.3), listed = !batch && random.chance(0.3); // a batch in one array, or one of rows
  const swap = random.chance(0.3) ? random.pick(["[a, next] = [next, a];", "const t = a; a = next; next = t;"]) : null, most = Math.max(...sizes);
  const buffers = (from: string): string[] => (swap === null ? [`let a = ${from};`] : [`let a = new Float64Array(${most}), next = new Float64Array(${most});`, `for (let i = 0; i < ${n}; i++) a[i] = ${from}[i];`]);
  const network = (from: string, to: (j: string, v: string) => string): string[] => [
    ...buffers(from), "for (const { n, m, w, b, relu } of layers) {", ...(swap === null ? [`  const next = ${out === "typed" ? "new Float64Array(m)" : "[]"};`] : []), "  for (let j = 0; j < m; j++) {",
    ...(weight === "row[i]" ? ["    const row = w[j];"] : []), `    let s = ${first}${two ? ", t = 0.5" : ""};`, `    for (let i = 0; i < ${end}; i++) { ${term} }`,
    `    ${out === "push" && swap === null ? `next.push(relu ? Math.max(0, s) : ${act})` : `if (relu) next[j] = Math.max(0, s); else next[j] = ${act}`};`, ...(random.chance(0.2) ? ["    y[j] = s;"] : []), "  }", `  ${swap ?? "a = next;"}`, "}", `for (let j = 0; j < a.length; j++) ${to("j", "a[j]")}`,
  ];
  const source = [
    "function kernel(y, x, c, layers, bias) {",
    ...(batch ? [`  for (let r = 0; r * ${n} < x.length; r++) {`, ...network(`x.subarray(r * ${n}, r * ${n} + ${n})`, (j, v) => `y[r * ${m} + ${j}] = ${v};`).map((line) => `    ${line}`), "  }"]
      : listed ? ["  for (let r = 0; r < x.length; r++) {", ...network("x[r]", (j, v) => `y[r * ${m} + ${j}] = ${v};`).map((line) => `    ${line}`), "  }"]
      : network(random.pick(["x", "Array.from(x)"]), (j, v) => `y[${j}] = ${v};`).map((line) => `  ${line}`)),
    "}",
  ].join("\n");
  const input: TypedName = listed ? "Float64Array" : random.weighted({ Float64Array: 4, Float32Array: 1, Int16Array: 1 } as Partial<Record<TypedName, number>>);
  const inputs = Array.from({ length: 5 }, () => {
    const x = new typedArrays[input](batch ? n * random.between(0, 5) : random.chance(0.6) ? n : random.between(0, 20)) as Float64Array;
    for (let i = 0; i < x.length; i++) x[i] = odd && random.chance(0.2) ? random.pick(edgeNumbers) : number();
    const rows = Array.from({ length: listed ? random.between(0, 5) : 0 }, () => Array.from({ length: random.chance(0.8) ? n : random.between(0, 9) }, number));
    let y: Float64Array = new Float64Array(random.chance(0.8) ? Math.max(m, 1) * (batch || listed ? 5 : 1) : random.between(0, 9));
    if (input === "Float64Array" && random.chance(0.15)) y = random.chance(0.5) ? x : new Float64Array(x.buffer, 0, Math.min(2, x.length));
    return [y, listed ? rows : x, Float64Array.from({ length: random.chance(0.9) ? 4 : 2 }, number), layers, random.chance(0.8) ? 0.5 : random.pick(edgeNumbers)];
  });
  return {
    seed, source, slow: ["layers"], slowValues: { layers }, inputs, guaranteed: true, coverage: new Map([[`layers of neurons, weights ${kind === "rows" || kind === "flat" ? kind : "in typed arrays"}`, 1]]),
    params: [{ name: "y", slow: false, kind: "Float64Array" }, { name: "x", slow: false, kind: listed ? "rows" : input }, { name: "c", slow: false, kind: "Float64Array" }, { name: "layers", slow: true, kind: "program" }, { name: "bias", slow: false, kind: "number" }],
  };
}

/** How many terms a sum has is an element of a slow table, at a place that run time knows or a loop that may be written out. */
function ragged(seed: number, random: Random): RandomKernel {
  const size = random.between(1, 6), mask = random.pick([1, 3]), number = (): number => random.between(-36, 36) / 8;
  const layers = {
    w: Float64Array.from({ length: size }, number), t: Float64Array.from({ length: random.between(1, 6) }, number),
    lengths: Int32Array.from({ length: mask + 1 }, () => (random.chance(0.4) ? size : random.between(-1, 9))),
  };
  const term = random.pick(["(t[i] || 0) * x[r]", "t[i] * x[r]", "(t[i] > 0 ? t[i] : i) - x[r]"]);
  const source = [
    "function kernel(y, x, c, layers, bias) {", "  const { w, t, lengths } = layers;", "  let last = bias;", "  for (let r = 0; r < x.length; r++) {", `    const n = lengths[r & ${mask}];`, "    let s = w[r];",
    `    for (let i = 0; i < n; i++) s += ${term};`, `    last = last * 0.5 + s * ${random.pick(["n", "2"])};`, ...(random.chance(0.5) ? ["    y[r] = s;"] : []), "  }", "  return last;", "}",
  ].join("\n");
  const inputs = Array.from({ length: 5 }, () => [new Float64Array(size), Float64Array.from({ length: random.chance(0.7) ? size : random.between(0, 9) }, number), new Float64Array(4), layers, random.chance(0.8) ? 0.5 : random.pick(edgeNumbers)]);
  return {
    seed, source, slow: ["layers"], slowValues: { layers }, inputs, guaranteed: true, coverage: new Map([["sums of as many terms as a slow table says", 1]]),
    params: [{ name: "y", slow: false, kind: "Float64Array" }, { name: "x", slow: false, kind: "Float64Array" }, { name: "c", slow: false, kind: "Float64Array" }, { name: "layers", slow: true, kind: "program" }, { name: "bias", slow: false, kind: "number" }],
  };
}

/** Butterflies, networks that sort, prefix sums, lifting: stages with a stride of their own, over numbers that they change in place, or over two arrays that take turns. */
function strides(seed: number, random: Random): RandomKernel {
  const n = random.weighted({ 16: 1, 64: 1, 128: 1, 256: 3, 512: 2, 1024: 1, 300: 1 } as const), size = Number(n), sum = random.chance(0.3), number = (): number => random.between(-36, 36) / 8;
  const kind: TypedName = random.weighted({ Float64Array: 4, Float32Array: 2, Int32Array: 2, Uint8Array: 1 } as Partial<Record<TypedName, number>>);
  const layers = { n: size, w: Float64Array.from({ length: random.chance(0.9) ? size : size >> 1 }, number), t: Array.from({ length: 4 }, number) };
  const stage = random.pick(["let h = 1; h < n; h *= 2", "let h = 1; h < n; h <<= 1", "let h = 1; h < n; h += h", "let h = n >> 1; h >= 1; h >>= 1", "let h = n / 2; h >= 1; h /= 2", "let s = 0; 1 << s < n; s++"]);
  const [over, p, q] = random.pick([
    ["for (let i = 0; i < n; i += 2 * h) for (let k = 0; k < h; k++) {", "i + k", "i + k + h"], ["for (let i = 0; i < n; i += h * 2) for (let k = i; k < i + h; k++) {", "k", "k + h"],
    ["for (let k = h; k < n; k++) {", "k - h", "k"], ["for (let k = 0; k < n - h; k += 2 * h) {", "k", "k + h"], ["for (let k = 2 * h - 1; k < n; k += 2 * h) {", "k - h", "k"],
    ["for (let k = 0; k < n; k++) { if ((k ^ h) < k) continue;", "k", "k ^ h"], ["for (let k = 0; k < h; k++) {", "k", "k + h"], ["for (let k = 0; k < h; k++) {", "2 * k", "2 * k + 1"],
  ] as const);
  const w = random.pick(["w[k]", "w[k * (n / (2 * h))]", "w[h + k]", "0.5", "t[k & 3]"]), turns = random.chance(0.25);
  const write = turns ? "x" : "y";
  const body = random.pick([
    `${write}[${p}] = a + b; ${write}[${q}] = a - b;`, `${write}[${p}] = a + b * ${w}; ${write}[${q}] = a - b * ${w};`, `${write}[${q}] = a + b;`, `${write}[${p}] = Math.min(a, b); ${write}[${q}] = Math.max(a, b);`,
    `if (a > b) { ${write}[${p}] = b; ${write}[${q}] = a; }`, `${write}[${q}] -= a * ${w}; ${write}[${p}] += b * 0.25;`,
  ]);
  const source = [
    "function kernel(y, x, c, layers, bias) {", "  const { n, w, t } = layers;", "  let last = bias;", `  for (${stage}) {`, ...(stage.startsWith("let s") ? ["    const h = 1 << s;"] : []), `    ${over}`,
    `      const a = y[${p}], b = y[${q}];`, `      ${body}`, ...(sum ? [`      last = last * 0.5 + a * ${w};`] : []), "    }", ...(turns ? ["    [x, y] = [y, x];"] : []), "  }", "  return last;", "}",
  ].join("\n");
  const make = (): number[] | Float64Array => { const of = Array.from({ length: random.chance(0.85) ? size : random.between(0, size + 9) }, number); return random.chance(0.1) ? of : typedArrays[kind].from(of as never) as Float64Array; };
  const inputs = Array.from({ length: 4 }, () => { const y = make(); return [y, random.chance(0.1) ? y : make(), new Float64Array(4), layers, random.chance(0.8) ? 0.5 : random.pick(edgeNumbers)]; });
  return {
    seed, source, slow: ["layers"], slowValues: { layers }, inputs, guaranteed: true, coverage: new Map([["strides that double or halve from stage to stage", 1]]),
    params: [{ name: "y", slow: false, kind }, { name: "x", slow: false, kind }, { name: "c", slow: false, kind: "Float64Array" }, { name: "layers", slow: true, kind: "program" }, { name: "bias", slow: false, kind: "number" }],
  };
}
