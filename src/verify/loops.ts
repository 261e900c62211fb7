// Random loops of the kind that is vectorized: elementwise, stencils, reductions, channels side by side, look-ups, points with loops of their own, walks
// over trees, rows of dynamic programming, the best of many, searches, arithmetic on small integers, pixels, columns, phases, rows that are selected, records block by block, tables of records, sums of dynamic length for each element; over every kind of element,
// lengths from 0 to 70, arrays that overlap, conditions and clamps. The same seed gives the same kernel.

import { blockLoop } from "./blocks.ts";
import { columnLoop } from "./columns.ts";
import { halfLoop } from "./halves.ts";
import { edgeNumbers, numbers, type TypedName, typedArrays, typedNames } from "./inputs.ts";
import { lookupLoop } from "./lookups.ts";
import { phaseLoop, polyphaseLoop } from "./phases.ts";
import { pixelLoop } from "./pixels.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";
import { modularLoop } from "./modular.ts";
import { sievedLoop } from "./sieved.ts";
import { streamLoop } from "./streams.ts";
import { windowLoop } from "./windows.ts";

type Form = "elementwise" | "stencil" | "reduction" | "channels" | "strided" | "paced" | "lookup" | "inner loop" | "several" | "points" | "walk" | "recurrence" | "best" | "search" | "nest" | "resample" | "checksum" | "bytes" | "pixels" | "columns" | "phases" | "looked up" | "window" | "sieved" | "blocks" | "modular" | "stream";
interface ArrayParam { readonly name: string; readonly kind: TypedName }

const isFloat = (kind: TypedName): boolean => kind.startsWith("Float");

class LoopWriter {
  private readonly random: Random;
  private readonly coverage = new Map<string, number>();
  private readonly inputs: ArrayParam[] = [];
  private y!: ArrayParam;
  /** expressions for elements that the loop reads, by whether they are integers */
  private elements: { readonly text: string; readonly whole: boolean }[] = [];
  private scalars: string[] = [];
  /** of a walk: features, thresholds, left and right children of all nodes, one list after the other; of a stream, its records */
  private nodes: number[] | null = null;

  constructor(seed: number) { this.random = new Random(seed * 2246822519 + 7); }

  private count(construct: string): void { this.coverage.set(construct, (this.coverage.get(construct) ?? 0) + 1); }

  kernel(seed: number): RandomKernel {
    const { random } = this;
    const kind = (): TypedName => (random.chance(0.4) ? "Float64Array" : random.chance(0.3) ? "Float32Array" : random.pick(typedNames));
    this.y = { name: "y", kind: kind() };
    this.inputs.push({ name: "x", kind: random.chance(0.5) ? this.y.kind : kind() });
    if (random.chance(0.5)) this.inputs.push({ name: "z", kind: random.chance(0.5) ? this.y.kind : kind() });
    const form = random.weighted<Form>({ "elementwise": 4, "stencil": 2.5, "reduction": 3, "channels": 1.5, "strided": 1.4, "paced": 1, "lookup": 1, "inner loop": 1.2, "several": 1, "points": 1.5, "walk": 0.8, "recurrence": 1.5, "best": 1.2, "search": 1.2, "nest": 1.5, "resample": 1.2, "checksum": 0.8, "bytes": 1, "pixels": 1.5, "columns": 1, "phases": 1, "looked up": 1, "window": 0.6, "sieved": 1, "blocks": 0.6, "modular": 0.8, "stream": 0.8 });
    if (form === "checksum" && random.chance(0.8)) this.inputs[0] = { name: "x", kind: "Uint8Array" };
    if (form === "looked up") this.inputs.splice(0, this.inputs.length, { name: "x", kind: random.pick(["Uint8Array", "Uint8Array", "Uint16Array", "Uint8ClampedArray"]) }, { name: "z", kind: kind() });
    if (form === "pixels") {
      const pixels = (): TypedName => random.weighted<TypedName>({ Uint8Array: 4, Uint8ClampedArray: 3, Int16Array: 0.7, Uint16Array: 0.7, Int32Array: 0.3, Float32Array: 0.3 });
      this.y = { name: "y", kind: pixels() };
      this.inputs.splice(0, this.inputs.length, { name: "x", kind: pixels() }, { name: "z", kind: pixels() });
    }
    this.count(`loop: ${form}`);
    this.count(`loop over ${this.y.kind}`);
    this.scalars = ["a", "gain"];
    const loop = this.loop(form), lines = form === "stream" ? loop : this.skipping(loop); // a stream may have a loop around it, which is the last
    const reduces = lines.some((line) => line.includes("let s ="));
    const source = `function kernel(y, ${this.inputs.map(({ name }) => name).join(", ")}, a, n, gain, taps, mode) {\n${lines.map((line) => `  ${line}`).join("\n")}\n${reduces ? "  return s;\n" : ""}}`;
    const slowValues = { gain: this.number(), taps: this.nodes ?? numbers(random, random.between(1, 5)), mode: random.between(0, 2) };
    const inputs = Array.from({ length: 5 }, () => [...this.arrays(form), this.number(), random.between(0, 70), slowValues.gain, slowValues.taps, slowValues.mode]);
    return {
      seed, source, slow: ["gain", "taps", "mode"], slowValues, inputs, coverage: this.coverage,
      params: [...[this.y, ...this.inputs].map(({ name, kind: k }) => ({ name, slow: false, kind: k as string })),
        { name: "a", slow: false, kind: "number" }, { name: "n", slow: false, kind: "count" }, { name: "gain", slow: true, kind: "number" }, { name: "taps", slow: true, kind: "numbers" }, { name: "mode", slow: true, kind: "count" }],
      guaranteed: source.includes("y[") && source.includes("mode ==="),
    };
  }

  // ───────────────────────────────── values ─────────────────────────────────

  private number(): number {
    const { random } = this;
    return random.chance(0.3) ? random.pick(edgeNumbers) : random.chance(0.5) ? random.between(-8, 40) : Math.round(random.next() * 800 - 400) / 64;
  }

  private arrays(form: Form): unknown[] {
    const { random } = this;
    const length = random.between(0, 70);
    const factor = form === "channels" || form === "pixels" || form === "columns" ? 4 : form === "strided" || form === "paced" ? 3 : 1;
    const edges = random.chance(0.4);
    const lengthOf = (): number => factor * Math.max(0, random.chance(0.6) ? length : length + random.between(-3, 3));
    const few = form === "looked up" ? random.pick([3, 9, 24, 255]) : 0;
    const fill = (array: ArrayLike<number>, kind: TypedName): void => {
      if (few > 0 && kind.startsWith("Uint")) { for (let k = 0; k < array.length; k++) (array as number[])[k] = random.between(0, few); return; }
      for (let k = 0; k < array.length; k++) {
        (array as number[])[k] = edges && random.chance(0.2) ? random.pick(edgeNumbers) : isFloat(kind) ? Math.round(random.next() * 4000 - 2000) / 64 : Math.floor(random.next() * 4294967296) >> random.pick([0, 8, 16, 24]);
      }
    };
    const params = [this.y, ...this.inputs];
    const values: unknown[] = params.map(({ kind }) => { const made = new typedArrays[kind](lengthOf()); fill(made, kind); return made; });
    if (random.chance(0.35)) { // the output overlaps an input, or is it
      const k = random.between(1, params.length - 1);
      const [own, other] = [params[0]!.kind, params[k]!.kind];
      if (own === other && random.chance(0.3)) values[k] = values[0];
      // doubles never lie under integers that are read: which NaN an engine writes must not show
      else if (own === other || (!isFloat(own) && !isFloat(other))) {
        const buffer = new ArrayBuffer(1024 + 8 * factor * 80);
        fill(new typedArrays[own](buffer), own);
        const view = (kind: TypedName): unknown => {
          const size = typedArrays[kind].BYTES_PER_ELEMENT;
          return new typedArrays[kind](buffer, size * random.between(0, random.chance(0.5) ? 3 : 40), Math.min(lengthOf(), Math.floor((buffer.byteLength - 40 * size) / size)));
        };
        values[0] = view(own);
        values[k] = view(other);
      }
    }
    return values;
  }

  // ───────────────────────────────── loops ─────────────────────────────────

  /** The last loop, where it counts one by one, as a `while` that goes on early in some iterations, and counts there as well. */
  private skipping(lines: string[]): string[] {
    const { random } = this, at = lines.findLastIndex((line) => /^for \(let i = 0; i < [^;]*; i\+\+\) \{$/.test(line));
    if (at < 0 || lines.at(-1) !== "}" || lines[at - 1]?.startsWith("//") || !random.chance(0.25)) return lines;
    const step = random.pick([1, 1, 1, 2]), skip = `  if (${random.pick(["y[i] === x[i]", "x[i] > 20", "(i & 3) === 2", "y[i] < a", "a > i"])}) { i += ${step}; continue; }`;
    const body = lines.slice(at + 1, -1).map((line) => line.replace(/^( {2}if \(.*\)) continue;$/, `$1 { i += ${step}; continue; }`)), place = random.chance(0.5) ? 0 : body.length, head = lines[at]!.replace("for (let i = 0; ", "while (").replace("; i++)", ")");
    this.count("loop: goes on early");
    return [...lines.slice(0, at), "let i = 0;", head, ...body.slice(0, place), skip, ...body.slice(place), `  i += ${random.chance(0.9) ? step : 1};`, "}"];
  }

  private loop(form: Form): string[] {
    const { random } = this;
    const bound = random.weighted({ "y.length": 4, "n": 1, "x.length": 1.5, "shortest": 1 });
    const [limit, before] = bound === "shortest" ? ["m", ["const m = Math.min(y.length, x.length);"]] : [bound, []];
    const at = (offset = 0): string => (offset === 0 ? "i" : offset > 0 ? `i + ${offset}` : `i - ${-offset}`);
    const read = (index: string, clampedIndex = false): void => {
      for (const { name, kind } of this.inputs) this.elements.push({ text: `${name}[${clampedIndex ? `Math.max(0, ${index})` : index}]`, whole: !isFloat(kind) });
    };
    const asked = random.chance(0.12) ? `// @unroll ${random.between(2, 5)}\n  ` : "";
    const head = asked + random.weighted({ [`for (let i = 0; i < ${limit}; i++) {`]: 6, [`for (let i = 1; i < ${limit} - 1; i++) {`]: form === "stencil" ? 6 : 1, [`for (let i = ${limit} - 1; i >= 0; i--) {`]: 0.7, [`for (let i = 0; i < ${limit}; i += 2) {`]: 0.5,
      [`for (let i = 0; i <= ${limit}; i++) {`]: 0.4, [`for (let i = 0; i * ${random.pick([2, 3, 16])} < ${limit}; i++) {`]: 0.4, [`for (let i = 0; i + ${random.pick(["2", "7", "taps.length", "(n & 3)"])} ${random.pick(["<", "<="])} ${limit}; i++) {`]: 0.4,
      [`for (let i = 0; ; i++) { if (!(i + ${random.pick(["0", "2", "7"])} ${random.pick(["<", "<="])} ${limit})) break;`]: 0.4 });
    switch (form) {
      case "elementwise": {
        read("i");
        if (random.chance(0.3)) this.elements.push({ text: "y[i]", whole: !isFloat(this.y.kind) });
        const again = random.chance(0.15) ? random.pick([ // and some of them once more
          () => [`  if (${this.test()}) y[i] = ${this.num(1)};`], () => [`  if (${this.test()}) y[i] = ${this.num(1)}; else if (${this.test()}) y[i] = ${this.num(1)};`],
          () => [`  if (y[i] < 0) y[i] = -y[i]; else if (y[i] > ${random.between(5, 90)}) y[i] = ${this.num(0)} - y[i];`],
        ])() : [];
        return [...before, head, ...this.write("y[i]"), ...again, "}"];
      }
      case "bytes": { // arithmetic on one small integer: tables
        const few = random.pick(["x[i] & 255", "x[i] & 31", "(x[i] >> 3) & 63", "(x[i] & 127) - 64", "Math.abs((x[i] & 255) - 128)", "(x[i] | 0) % 32", "x[i] << 24 >> 25"]);
        const of = random.pick(["b", "b / 255", "b - 128"]);
        const value = random.pick([
          () => `${this.number()} * (${of}) + ${this.number()}`, () => `Math.pow(${of}, ${this.number()})`, () => `Math.exp((${of}) * 0.01)`, () => `Math.round((${of}) * gain) / 3 - 0.5`,
          () => `b > ${random.between(0, 200)} ? Math.sqrt(${of}) * 16 : (${of}) / ${random.between(2, 9)}`, () => `Math.log(b + ${random.pick([0, 1])}) * gain`,
        ])();
        const end = random.pick(["v", "v < 0 ? 0 : v > 255 ? 255 : v", "Math.max(0, Math.min(255, v))", "v * 0.25 + x[i]", "255 - v | 0"]);
        return [...before, head, `  const b = ${few};`, `  const v = ${value};`, `  y[i] = ${end};`, "}"];
      }
      case "pixels": return [...before, ...pixelLoop(random, limit, () => this.number())];
      case "columns": return [...before, ...columnLoop(random, () => this.number())];
      case "stencil": {
        if (random.chance(0.3)) { // edges: clamped, mirrored, wrapped
          const w = random.pick(["n", "y.length", "x.length", "40"]), k = random.between(1, 4);
          const below = random.pick([`i - ${k} < 0 ? 0 : i - ${k}`, `i > ${k} ? i - ${k} : ${random.between(0, 2)}`, `${k} <= i ? i - ${k} : ${k} - i`, `i - ${k} < 0 ? i - ${k} + ${w} : i - ${k}`, `i === 0 ? ${w} - 1 : i - 1`, `i ? i - 1 : ${w} - 1`, `(i - ${k} + ${w}) % ${w}`, `(i + ${w} - ${k}) % ${w}`]);
          const above = random.pick([`i + ${k} >= ${w} ? ${w} - 1 : i + ${k}`, `i + ${k} > ${w} - 1 ? 2 * ${w} - 2 - (i + ${k}) : i + ${k}`, `${w} > i + ${k} ? i + ${k} : i + ${k} - ${w}`, `i === ${w} - 1 ? 0 : i + 1`, `i + 1 !== ${w} ? i + 1 : 0`, `(i + ${k}) % ${w}`, `(i + ${k} + ${w}) % ${w}`]);
          for (const { name, kind } of this.inputs) for (const at of ["p", "q"]) this.elements.push({ text: `${name}[${at}]`, whole: !isFloat(kind) });
          return [...before, `for (let i = ${random.between(0, 2)}; i < ${w}; i += ${random.pick([1, 1, 1, 2])}) {`, `  const p = ${below}, q = ${above};`, ...this.write("y[i]"), "}"];
        }
        for (let k = random.between(2, 4); k > 0; k--) read(at(random.between(-2, 2)));
        if (random.chance(0.15)) this.elements.push({ text: `y[${at(-random.between(1, 2))}]`, whole: !isFloat(this.y.kind) });
        return [...before, head, ...this.write(`y[${random.chance(0.8) ? "i" : at(random.between(-1, 1))}]`), "}"];
      }
      case "reduction": {
        read("i");
        const step = random.pick([
          () => `s += ${this.num(2)};`, () => `s = (s + ${this.int(2)}) | 0;`, () => `s = Math.max(s, ${this.num(1)});`, () => `s = Math.min(s, ${this.num(1)});`,
          () => `if (${this.test()}) s++;`, () => `if (${this.test()}) s += ${this.num(1)};`, () => `s ^= ${this.int(2)};`, () => `s ${random.pick(["|", "^", "&", "+"])}= ${this.compared(1)};`, () => `s = Math.${random.pick(["min", "max"])}(s, ${this.compared(1)});`, () => `s &= ${this.int(1)} | ${random.pick([-256, 2147483647, 65535])};`, // not 0 at once
           () => `s |= ${this.int(1)};`, () => `s += ${random.pick(this.elements).text} * ${random.pick(this.elements).text};`,
          () => `s = ${random.pick([`Math.imul(s, ${random.pick([31, 33, -5, 16777619, 1664525])})`, "(s << 5) - s", "(s << 5) + s", "s * 33"])} + ${this.int(1)} ${random.pick(["|", ">>>"])} 0;`,
          () => { const by = random.pick(this.elements).text; return `s = ${random.pick(["(s << 5) + s", "(s << 5) - s", "s * 31", "s * 65599", "3 - s"])} ${random.pick(["+", "-"])} ${random.pick([by, `Math.floor(${by})`, `${by} * 4`, `${by} + ${this.inputs.at(-1)!.name}[i]`])} | 0;`; }, // doubles, whole or not
          () => `s = (s * ${random.pick([31, 131, 256])} + ${random.pick([this.int(1), random.pick(this.elements).text])}) % ${random.pick([97, 65521, 1000003, 1000000007, 2147483647])};`,
          () => `s = Math.imul(s, ${random.pick([1664525, 22695477, 5])}) + ${random.pick([1013904223, 1, 12345])} | 0; ${random.pick(["y[i] = s;", "y[i] = s >>> 8;", "y[i] = (s >>> 0) / 4294967296;", ""])}`,
          () => { const by = random.pick(this.elements).text, than = random.pick(["<", ">", "<=", ">="]); return random.pick([`if (${by} ${than} s) s = ${by};`, `if (${this.test()} && ${by} ${than} s) s = ${by};`, `if (s ${than} ${by} && ${this.test()}) s = ${by};`, `s = ${by} ${than} s ? ${by} : s;`, `s = s ${than} ${by} ? s : ${by};`]); },
          () => `if (s${random.pick(["", " & 1", " > 0"])}) y[i] = ${random.between(0, 9)}; s = Math.imul(s, 31) + ${this.int(1)} | 0;`,
          () => `s += ${random.pick(this.elements).text};`, () => `s = s * ${this.num(0)} + ${this.num(1)};`, () => `if (${this.num(1)} > s) s = ${this.num(1)};`,
        ])();
        const [begun, kept, told] = random.chance(0.25) ? ["let last = a;", [`  last = ${random.pick(["s", "s", "s + 1", "-s"])};`], ["if (y.length > 0) y[0] = last;"]] : ["", [], []]; // what was gathered so far has another name, too
        return [`let s = ${random.pick(["0", "0", "a", "-Infinity", "1", "-0", ...(step.includes("&=") ? ["-1", "-1", "-1"] : [])])};${begun}`, ...before, head, `  ${step}`, ...kept, ...(random.chance(0.3) ? this.write("y[i]") : []), "}", ...told];
      }
      case "channels": {
        const lines: string[] = [];
        for (let c = 0; c < 4; c++) {
          const { x } = { x: this.inputs[0]! };
          this.elements.push({ text: `${x.name}[4 * i + ${c}]`, whole: !isFloat(x.kind) });
        }
        const count = random.pick([3, 4, 4]);
        for (let c = 0; c < count; c++) lines.push(...this.write(`y[4 * i + ${c}]`));
        return [`for (let i = 0; i < ${limit} >> 2; i++) {`, ...lines, "}"].flatMap((line, k) => (k === 0 ? [...before, line] : [line]));
      }
      case "strided": {
        if (random.chance(0.35)) return [...before, ...halfLoop(random, limit)];
        const stride = random.pick([2, 3, 3, 5, 6, 8, 9]);
        for (let k = random.pick([1, 1, 3]); k > 0; k--) read(`${stride} * i + ${random.between(0, stride - 1)}`);
        const count = random.pick([limit, limit, `${limit} / ${stride}`]);
        const head = `for (let i = 0; i < ${count}; i++) {`;
        if (stride > 4 && random.chance(0.5)) { // a hash of each record
          const first = random.between(0, stride - 4), { name } = random.pick(this.inputs), by = random.pick(["Math.imul(h ^ X, 16777619)", "h * 31 + X | 0", "(h << 1) + X | 0"]);
          const lines = Array.from({ length: stride - first }, (_, k) => `h = ${by.replace("X", `${name}[${stride} * i + ${first + k}]`)};`);
          return [...before, head, "let h = 7;", ...lines, random.chance(0.7) ? "y[i] = h;" : `y[i] = h + ${this.num(1)};`, "}"];
        }
        return [...before, head, ...this.write(random.chance(0.5) ? "y[i]" : `y[${stride} * i]`), "}"];
      }
      case "paced": { // counters at paces of their own: pixels of three bytes in, of four out
        const [a, b] = [random.between(1, 5), random.between(1, 5)];
        read("i");
        for (let c = 1; c < a; c++) if (random.chance(0.7)) read(`i + ${c}`);
        const lines = Array.from({ length: b }, (_, c) => (c === 0 || random.chance(0.7) ? this.write(`y[o + ${c}]`) : [])).flat();
        const test = random.pick(["i < x.length", "i < x.length", "o < y.length", "i < n"]);
        return [...before, `for (let i = ${random.pick(["0", "0", "1", "n"])}, o = ${random.pick(["0", "0", "2", "n"])}; ${test}; i += ${a}, o += ${b}) {`, ...lines, "}"];
      }
      case "lookup": {
        read("i");
        if (random.chance(0.15)) { // the nearest of a few, and what is left to it
          const chosen = `taps[best]${random.pick(["", "", " * 0.5"])}`, of = random.pick([this.num(1), random.pick(this.elements).text]);
          return [...before, head, "  let best = 0, least = Infinity;", `  for (let k = 0; k < taps.length; k++) { const d = Math.abs(${of} - taps[k]); if (d < least) { least = d; best = k; } }`,
            `  y[i] = ${random.pick(["best", chosen, chosen, `x[i] - ${chosen}`])};`, ...(random.chance(0.4) ? [`  y[i + 1] += (${of} - ${chosen}) * 0.4375;`] : []), "}"];
        }
        this.elements.push({ text: random.pick([
          () => `taps[${this.int(1)} & ${random.pick([1, 3, 7])}]`, () => `taps[Math.max(0, Math.min(${random.pick([0, 1, 3, 4])}, Math.floor(${this.num(1)})))]`, () => `(${this.test()} ? taps[Math.min(3, Math.floor(Math.abs(${this.num(1)})))] : 1)`,
        ])(), whole: false });
        if (random.chance(0.3)) { // scores, some of which there are not
          const place = `(${this.int(1)} & ${random.pick([3, 7, 15])})`, score = `taps[${place}${random.pick(["", " - 2"])}]`, other = random.pick(["y[i]", "y[i - 1]", this.int(1)]);
          const sum = random.pick([`Math.max(y[i - 1] + ${score}, ${other} - 4)`, `Math.min(${score} * 3, ${other})`, `${other} - ${score}`, `Math.floor(${score} + ${other})`, `Math.max(${score}, ${score}) + ${other}`]);
          return [...before, head, `  y[i] = ${random.pick([sum, `${sum} | 0`, `(${sum}) >>> 0`])};`, "}"];
        }
        return [...before, head, ...this.write("y[i]"), "}"];
      }
      case "inner loop": {
        const row = random.weighted({ "i + k": 5, "i * 9 + k": 1, "20 * i + k": 1 }), last = random.weighted({ "taps.length": 4, "(n & 7)": 1 });
        this.elements.push({ text: `taps[k] * x[${row}]`, whole: false }, { text: `x[${row}]`, whole: !isFloat(this.inputs[0]!.kind) });
        return [...before, head, `  let t = ${random.pick(["0", "a", "x[i]"])};`, `  for (let k = 0; k < ${last}${random.pick(["", "", "", " && k <= i", " && x[i + k] !== a", " && k < n && k !== i"])}; k++) t ${random.pick(["+=", "+=", "-=", "="])} ${random.chance(0.6) ? `taps[k] * x[${row}]` : this.num(2)};`, `  y[i] = ${random.pick(["t", "t * gain", "t + y[i]", "t > a ? t : 0"])};`, "}"];
      }
      case "points": return this.points(before, head);
      case "walk": return this.walk(before);
      case "recurrence": return this.recurrence(before, limit);
      case "looked up": return [...before, ...lookupLoop(random, head)];
      case "window": return [...before, ...windowLoop(random, head)];
      case "modular": return [...before, ...modularLoop(random, head)];
      case "blocks": return [...before, ...blockLoop(random)];
      case "stream": {
        const { table, lines } = streamLoop(random);
        this.nodes = table;
        return lines;
      }
      case "sieved": return [...before, ...sievedLoop(random, head, () => this.number())];
      case "phases": return [...before, ...(random.chance(0.25) ? polyphaseLoop(random, head) : phaseLoop(random, head, () => this.number()))];
      case "best": return this.best(before, head);
      case "search": return this.search(before, head);
      case "nest": return this.nest(before, limit);
      case "resample": return this.resample(before, head);
      case "checksum": return this.checksum(before, head);
      case "several": {
        read("i");
        const t = `const t = ${this.num(2)};`;
        this.elements.push({ text: "t", whole: false });
        const first = this.write("y[i]");
        this.elements.push({ text: "y[i]", whole: !isFloat(this.y.kind) });
        const writable = this.inputs.find(({ kind }) => isFloat(kind) === isFloat(this.y.kind));
        return [...before, head, `  ${t}`, ...first, ...(writable ? this.write(`${writable.name}[i]`) : []), "}"];
      }
    }
  }

  /** Sums of leaves of slow trees: a child stands behind its parent, so a walk ends. */
  private walk(before: readonly string[]): string[] {
    const { random } = this;
    const roots = random.between(1, 12), features = random.between(1, 4), nodes = roots + random.between(0, 90);
    const children: (readonly [number, number])[] = [];
    let next = roots;
    for (let k = 0; k < nodes; k++) {
      const leaf = next + 2 > nodes || (k >= roots && random.chance(0.3));
      children.push(leaf ? [-1, -1] : random.chance(0.1) ? [next, next++] : [next++, next++]);
    }
    // numbers of nodes may be counted from the root's, which a table may hold
    const from = random.pick(["", "", "j", `taps[${4 * nodes} + j]`]), owner = children.map((_, k) => k);
    children.forEach((pair, k) => { for (const child of pair) if (child >= 0) owner[child] = owner[k]!; });
    const of = (f: (child: readonly [number, number]) => number): number[] => children.map(f);
    const child = (side: 0 | 1): number[] => children.map((pair, k) => (from === "" || pair[side] < 0 ? pair[side] : pair[side] - owner[k]!));
    this.nodes = [...of(([left]) => (left < 0 ? -1 : random.between(0, features - 1))), ...of(() => this.number()), ...child(0), ...child(1), ...owner.slice(0, roots)];
    const test = random.pick(["<", "<=", ">", ">="]), limit = random.pick(["y.length", "x.length"]);
    const at = (column: number): string => `taps[${[...(column === 0 ? [] : [String(column * nodes)]), ...(from === "" ? [] : ["o"]), "k"].join(" + ")}]`;
    const step = `x[${features} * i + ${at(0)}] ${test} ${at(1)} ? ${at(2)} : ${at(3)}`;
    return [...before, `for (let i = 0; i < ${limit}; i++) {`, "  let t = 0;", ...(random.chance(0.8) ? ["  // @keep"] : []), `  for (let j = 0; j < ${roots}; j++) {`,
      ...(from === "" ? ["    let k = j;"] : [`    const o = ${from};`, "    let k = 0;"]), `    while (${at(0)} >= 0) k = ${step};`, `    t ${random.pick(["+=", "+=", "-=", "="])} ${at(1)};`, "  }", "  y[i] = t;", "}"];
  }

  /** A row of dynamic programming: each element of ones before it. */
  private recurrence(before: readonly string[], limit: string): string[] {
    const { random } = this;
    const whole = !isFloat(this.y.kind), back = random.pick([1, 1, 1, 2]);
    for (const { name, kind } of this.inputs) this.elements.push({ text: `${name}[${random.pick(["i", "i - 1"])}]`, whole: !isFloat(kind) });
    const last = `y[i - ${back}]`;
    const far = random.chance(0.3) ? random.between(2, 40) : 0; // what is not there at first
    if (far > 0) this.elements.push({ text: `(${random.pick([`i >= ${far}`, `${far - 1} < i`])} ? y[i - ${far}] : ${random.pick(["0", "a", "-1"])})`, whole });
    this.elements.push({ text: last, whole }, { text: "y[i]", whole }, { text: "p", whole: false });
    const extreme = (): string => `Math.${random.pick(["min", "max"])}(y[i] + 1, ${last} + ${random.pick(["1", "2", "a", "gain"])}, p + (${this.test(0)} ? 0 : 1))`;
    // more constants than registers hold
    const long = (): string => Array.from({ length: random.between(12, 24) }, () => (random.next() - 0.5).toFixed(3)).reduce((sum, c) => `(${sum} * ${random.pick([last, "p", "t"])} + ${c})`, "a");
    const value = random.pick([extreme, extreme, () => this.num(2), () => this.int(2), () => `${this.test(0)} ? p + 1 : Math.max(y[i], ${last})`, ...(random.chance(0.3) ? [long] : [])])();
    const lines = ["  const t = y[i];", `  y[i] = ${value};`, "  p = t;"];
    if (random.chance(0.2)) lines.push(random.pick(["  y[i + 1] = p;", "  if (p > 1) y[i - 1] = 0;", "  y[0] = p;"]));
    return ["let p = 0;", ...before, `for (let i = ${back}; i ${far > 0 ? `<= ${random.pick(["n", limit])}` : `< ${limit}`}; i++) {`, ...lines, "}"];
  }

  /** Where the least or greatest is. */
  private best(before: readonly string[], anywhere: string): string[] {
    const { random } = this;
    const { name, kind } = this.inputs[0]!;
    // places of few bits too
    const head = random.chance(0.3) ? `for (let i = ${random.between(0, 3)}; i < Math.min(${name}.length, ${random.pick([40, 200, 40000])}); i++) {` : anywhere;
    const relation = random.pick(["<", ">", "<=", ">="]);
    if (random.chance(0.4)) return ["let b = 0;", ...before, head, `  if (${name}[i] ${relation} ${name}[b]) b = i;`, "}", `y[0] = b; y[1] = ${name}[b];`];
    for (const array of this.inputs) this.elements.push({ text: `${array.name}[i]`, whole: !isFloat(array.kind) });
    const value = random.chance(0.4) ? `${name}[i]` : this.num(1);
    return [`let top = ${random.pick(["-Infinity", "Infinity", "a", isFloat(kind) ? `${name}[0]` : "0", "-0"])}, at = ${random.pick(["-1", "0", "n"])};`, ...before, head, `  const t = ${value};`, `  if (t ${relation} top) { top = t; at = ${random.pick(["i", "i", "i + 1", "2 * i"])}; }`, "}", random.chance(0.7) ? "y[0] = top; y[1] = at;" : "y[0] = at;"];
  }

  /** A loop that is left when something is found. */
  private search(before: readonly string[], head: string): string[] {
    const { random } = this;
    for (const { name, kind } of this.inputs) this.elements.push({ text: `${name}[i]`, whole: !isFloat(kind) });
    const element = (): string => random.pick(this.elements).text;
    const test = random.pick([() => `${element()} === ${this.leaf()}`, () => `!(${element()} >= ${this.number()} && ${element()} <= 500)`, () => this.test(), () => `${element()} > a * 40`])();
    const found = random.pick(["{ r = i; break; }", "{ r = 2 * i + 1; break; }", "{ y[i] = 1; break; }", "return i;", "return;"]);
    return ["let r = -1;", ...before, head, `  if (${test}) ${found}`, ...(random.chance(0.25) ? [`  if (${this.test(0)}) break;`] : []), "}", "y[0] = r;"];
  }

  /** For each element a sum of as many terms as only the call tells. */
  private nest(before: readonly string[], limit: string): string[] {
    const { random } = this;
    if (random.chance(0.25)) return this.scored(before, limit);
    const { name, kind } = this.inputs[0]!, other = this.inputs.at(-1)!;
    const whole = !isFloat(kind);
    this.elements.push({ text: `${name}[i + k]`, whole }, { text: `${name}[i * w + k]`, whole }, { text: `${name}[k * 3 + i]`, whole }, { text: `${name}[k * ${random.pick(["w", "n", "(n - 3)", "(w * 3 - n)"])} + i]`, whole }, { text: `${other.name}[k]`, whole: !isFloat(other.kind) }, { text: `${other.name}[i]`, whole: !isFloat(other.kind) });
    this.elements = this.elements.filter(() => random.chance(0.6));
    if (this.elements.length === 0) this.elements.push({ text: `${name}[i + k]`, whole });
    const element = (): string => random.pick(this.elements).text;
    const term = random.pick([() => `t += ${element()} * ${element()};`, () => `t += ${element()};`, () => `t = (t ^ ${this.int(1)}) | 0;`, () => `t = Math.imul(t ^ ${element()}, 16777619);`, () => `t -= ${this.num(1)};`,
      () => `if (${element()} > t) t = ${element()};`, () => `t = t * gain + ${element()};`])();
    const start = random.pick(["0", "0", "a", "gain", "i"]);
    return [...before, "const w = n & 15;", `for (let i = 0; i < ${limit}; i++) {`, `  let t = ${start};`, `  for (let k = ${random.pick(["0", "0", "1"])}; k < w; k++) ${term}`, `  y[i] = ${random.pick(["t", "t * gain", "t + y[i]", "t > a ? t : 0", "t / (2 * w + 1)"])};`, "}"];
  }

  /** Rows that are computed of a table of tables, of which an iteration of the outer loop takes one: there may be none. */
  private scored(before: readonly string[], limit: string): string[] {
    const { random } = this;
    const [x, other] = [this.inputs[0]!.name, this.inputs.at(-1)!.name], width = random.between(2, 5);
    const table = Array.from({ length: random.pick([3, 4, 4]) }, () => Array.from({ length: width }, () => random.between(-4, 5)));
    const first = random.pick(["", "", "  y[0] = i;", "  y[i] = gain * i;"]), score = `grid[${x}[i] & 3][${other}[k] & ${random.pick(["1", "3"])}]`;
    const value = random.pick([`Math.max(y[k] + ${score}, y[k - 1] - 1)`, `y[k] + ${score}`, `y[k - 1] + ${score}`, `${score} > y[k - 1] ? ${score} : y[k - 1] + gain`]);
    return [`const grid = ${JSON.stringify(table)};`, ...before, "const w = n & 15;", `for (let i = 0; i < ${limit}; i++) {`, ...(first ? [first] : []), `  for (let k = 1; k < w; k++) ${random.pick([`y[k] = ${value};`, `{ y[k] = ${value}; if (y[k] > a) y[k] = 0; }`])}`, "}"];
  }

  /** A hash of words that bytes are put together to. */
  private words(before: readonly string[]): string[] {
    const { random } = this;
    const order = random.pick([[0, 8, 16, 24], [0, 8, 16, 24], [24, 16, 8, 0], [0, 8], [8, 0], [0, 16, 8, 24], [0, 8, 16, 16]]), join = random.pick([" | ", " | ", " + ", " ^ "]);
    const word = order.map((shift, k) => `(x[i + ${k}] << ${shift})`).join(join);
    const written = random.chance(0.2) ? [`  y[i >> 2] = s;`] : [];
    return [`let s = ${random.pick(["0", "n", "65535"])};`, ...before, `for (let i = 0; i + ${order.length} <= x.length; i += ${random.pick([1, 2, order.length])}) {`, ...written, `  s = Math.imul(s ^ (${word}), ${random.pick([33, 16777619, -862048943])});`, `  s = s << 13 | s >>> 19;`, "}", "y[0] = s >> 16; y[1] = s & 65535;"];
  }

  /** A register that is shifted, with a table or a polynomial, over all bytes: linear, or nearly so. */
  private checksum(before: readonly string[], head: string): string[] {
    const { random } = this;
    const word = (): number => Math.floor(random.next() * 4294967296) | 0, basis = Array.from({ length: 8 }, word), first = random.chance(0.3) ? word() : 0;
    this.nodes = Array.from({ length: 256 }, (_, v) => basis.reduce((sum, b, i) => ((v >> i) & 1 ? sum ^ b : sum), first));
    if (random.chance(0.15)) this.nodes[random.between(0, 255)]! ^= 1;
    const [by, polynomial] = [random.between(1, 8), word()];
    if (random.chance(0.3)) return this.words(before);
    const step = random.pick([
      () => "s = taps[(s ^ x[i]) & 255] ^ (s >>> 8);", () => "s = taps[((s >>> 24) ^ x[i]) & 255] ^ (s << 8);", () => `s = (taps[((s >> 8) ^ x[i]) & 255] ^ (s << 8)) & 65535;`, () => "s = taps[(s ^ x[i]) & 255];",
      () => `s ^= x[i]; for (let k = 0; k < ${by}; k++) s = (s >>> 1) ^ (${polynomial} & -(s & 1));`, () => `s ^= x[i] << 24; for (let k = 0; k < ${by}; k++) s = s < 0 ? (s << 1) ^ ${polynomial} : s << 1;`,
      () => `s ^= x[i] << 8; for (let k = 0; k < ${by}; k++) s = s & 32768 ? (s << 1) ^ ${polynomial & 65535} : s << 1; s &= 65535;`, () => "s = ((s << 5 | s >>> 27) ^ taps[x[i]]) | 0;", () => `s = (s << ${by}) + s ^ x[i];`,
      () => `s ^= s << ${by}; s ^= s >>> 7; s ^= s << 3; s ^= x[i + 1];`,
    ])();
    if (random.chance(0.4)) { // of frames so short that their loops are written out
      const width = random.pick([4, 5, 8, 9, 16, 21]), at = random.pick([`i * ${width} + j`, `i * ${width} + j`, `i * ${width} + ${width - 1} - j`, "i + j"]);
      const more = random.chance(0.2) ? [`    ${random.pick(["if (j === 4) y[i] = s;", "if (s === 7) s = 9;", "s ^= x[i];", "s = s + j | 0;"])}`] : [];
      return ["let s = 0;", ...before, `for (let i = 0; i < ${random.pick(["6", "n", "20"])}; i++) {`, `  s = ${random.pick(["-1", "0", "65535", "n", "i"])};`, `  for (let j = 0; j < ${width}; j++) {`, `    ${step.replaceAll("x[i]", `x[${at}]`)}`, ...more, "  }", `  y[i] = ${random.pick(["s", "s & 65535", "~s >>> 0"])};`, "}"];
    }
    return [`let s = ${random.pick(["-1", "0", "65535", "n"])};`, ...before, random.chance(0.7) ? "for (let i = 0; i < x.length; i++) {" : head, `  ${step}`, "}", "y[0] = s >> 16; y[1] = s & 65535;"];
  }

  /** Elements at places that go by a step of any size. */
  private resample(before: readonly string[], head: string): string[] {
    const { random } = this;
    const step = random.pick(["gain", "a", "0.75", "1.5", "n / 16", "-0.5"]), place = random.pick([`i * ${step}`, `i * ${step}`, `i * ${step} + a`, `i / ${step}`, `(i + 0.5) * ${step} - 0.5`, `Math.max(0, i * ${step})`, `Math.min(i * ${step}, 40)`]);
    const index = random.pick(["Math.floor(p)", "Math.floor(p)", "p | 0", "Math.trunc(p)", "Math.round(p)", "Math.ceil(p) - 1", "(p | 0) * 2", "(p | 0) + n", "(Math.floor(p) + n) * 4", "((p | 0) + (a | 0)) * 4"]);
    const last = random.pick(["9", "(n & 31)", "x.length - 1", "(x.length - 1)"]);
    const places = ["k", "k + 1", "k + 3", "k - 2", "Math.min(k + 1, 9)", "i", "k > 0 ? k - 1 : 0", "k < 3 ? 0 : k - 3", `k + 1 > ${last} ? ${last} : k + 1`, `k < ${last} ? k : ${last}`, "k >= 2 ? 7 : k", "k < 5 ? k + 1 : 5"];
    if (random.chance(0.3)) for (const c of [0, 1, 2, 3]) this.elements.push({ text: `x[k + ${c}]`, whole: !isFloat(this.inputs[0]!.kind) }); // pixels
    for (const { name, kind } of this.inputs) for (const at of places) if (random.chance(0.3)) this.elements.push({ text: `${name}[${at}]`, whole: !isFloat(kind) });
    this.elements.push({ text: `${this.inputs[0]!.name}[k]`, whole: false }, { text: "f", whole: false });
    return [...before, head, `  const p = ${place}, k = ${index}, f = p - k;`, ...(random.chance(0.4) ? ["  y[i] = x[k] + (x[k + 1] - x[k]) * f;"] : this.write("y[i]")), "}"];
  }

  /** A loop inside that ends when its data say so, at most after some turns. */
  private points(before: readonly string[], head: string): string[] {
    const { random } = this;
    for (const { name, kind } of this.inputs) this.elements.push({ text: `${name}[i]`, whole: !isFloat(kind) });
    const start = [`  let u = ${this.num(1)}, v = ${this.num(1)}, k = 0;`];
    const whole = random.chance(0.3);
    if (whole) start.push("  u |= 0; v |= 0;");
    this.elements = this.elements.filter(() => random.chance(0.3));
    this.elements.push({ text: "u", whole }, { text: "v", whole }, { text: "u", whole }, { text: "k", whole: true });
    const value = (): string => (whole ? this.int(2) : this.num(2));
    const turn = [`    const t = ${value()};`, random.chance(0.4) ? `    if (${this.test(0)}) v = ${value()};` : `    v = ${value()};`, "    u = t;"];
    const most = random.pick(["n", "n", "(n & 7)", "9"]); // a constant one is unrolled
    const inner = random.pick([
      () => [`  while (k < ${most} && (${this.test(0)})) {`, ...turn, "    k++;", "  }"],
      () => [`  while ((${this.test(0)}) && k < ${most}) {`, "    k++;", ...turn, "  }"],
      () => [`  for (k = 0; k < ${most}; k++) {`, `    if (${this.test(0)}) break;`, ...turn, "  }"],
      () => [`  for (;;) {`, ...turn, `    if (++k > ${most} || ${this.test(0)}) break;`, "  }"],
      () => [`  do {`, ...turn, "    k++;", `  } while (k < ${most} && (${this.test(0)}));`],
    ])();
    return [...before, head, ...start, ...inner, `  y[i] = ${random.pick(["k", "u", "v", "u + v", "k > 2 ? u : v", "k * 2 + 1"])};`, ...(random.chance(0.2) ? ["  if (k > 1) y[i] += k;"] : []), "}"];
  }

  private write(target: string): string[] {
    const { random } = this;
    const value = (): string => (random.chance(0.35) ? this.int(3) : this.num(3));
    switch (random.weighted({ plain: 6, compound: 1, masked: 2, both: 1.5, ladder: 0.7, clamp: 1.5, slow: 4, skip: 0.4 })) {
      case "plain": return [`  ${target} = ${value()};`];
      case "compound": this.count("loop compound"); return [`  ${target} ${random.pick(["+=", "*=", "-=", "|=", "&=", ">>="])} ${value()};`];
      case "masked": this.count("loop condition"); return [`  if (${this.test()}) ${target} = ${value()};`];
      case "both": {
        this.count("loop condition");
        const other = target === "y[i]" && random.chance(0.25) ? random.pick(["y[i + 1]", "y[i - 1]"]) : target;
        return [`  if (${this.test()}) ${target} = ${value()};`, `  else ${other} = ${value()};`];
      }
      case "ladder": this.count("loop condition"); return [`  if (${this.test()}) { ${target} = ${value()}; } else if (${this.test()}) { ${target} = ${this.leaf()}; } else { ${target} = ${value()}; }`];
      case "clamp": {
        this.count("loop clamp");
        const v = value();
        return [random.chance(0.5) ? `  ${target} = Math.min(Math.max(${v}, ${random.pick(["0", "-1", "a"])}), ${random.pick(["255", "1", "gain"])});` : `  { const c = ${v}; ${target} = c < 0 ? 0 : c > 255 ? 255 : c; }`];
      }
      case "slow": this.count("slow branch"); return [`  if (mode === ${random.between(0, 2)}) ${target} = ${value()};`, `  else ${target} = ${value()};`];
      case "skip": this.count("loop continue"); return [`  if (${this.test()}) continue;`, `  ${target} = ${value()};`];
    }
  }

  // ───────────────────────────────── expressions ─────────────────────────────────

  private leaf(): string {
    const { random } = this;
    switch (random.weighted({ element: 7, scalar: 2, literal: 2, counter: 0.7 })) {
      case "element": return random.pick(this.elements).text;
      case "scalar": return random.pick(this.scalars);
      case "literal": { const v = this.number(); return Object.is(v, -0) || v < 0 ? `(${Object.is(v, -0) ? "-0" : v})` : String(v); }
      case "counter": return "i";
    }
  }

  private num(depth: number): string {
    const { random } = this;
    if (depth <= 0) return this.leaf();
    switch (random.weighted({ leaf: 2, arithmetic: 8, one: 1.5, extreme: 1.5, choose: 1.5, int: 1.2, negate: 0.5, fround: 0.4, remainder: 0.2, call: 0.2 })) {
      case "leaf": return this.leaf();
      case "arithmetic": return `(${this.num(depth - 1)} ${random.pick(["+", "-", "*", "*", "+", "/"])} ${this.num(depth - 1)})`;
      case "one": return `Math.${random.pick(["abs", "sqrt", "floor", "ceil", "trunc", "round", "sign"])}(${this.num(depth - 1)})`;
      case "extreme": return `Math.${random.pick(["min", "max"])}(${this.num(depth - 1)}, ${this.num(depth - 1)})`;
      case "choose": return `(${this.test(depth - 1)} ? ${this.num(depth - 1)} : ${this.num(depth - 1)})`;
      case "int": return this.int(depth - 1);
      case "negate": return `(-(${this.num(0)}))`;
      case "fround": return `Math.fround(${this.num(depth - 1)})`;
      case "remainder": return `(${this.num(depth - 1)} % ${random.pick(["2", "7", "a", "1", "-16", "360", "0.5", "0.75", "0.1", "1e15"])})`;
      case "call": return `Math.${random.pick(["sin", "exp", "log"])}(${this.num(depth - 1)})`;
    }
  }

  private int(depth: number): string {
    const { random } = this;
    if (depth <= 0) { const whole = this.elements.filter((e) => e.whole); return whole.length && random.chance(0.7) ? random.pick(whole).text : random.chance(0.5) ? `(${this.leaf()} | 0)` : String(random.pick([1, 2, 3, 8, 15, 128, 255, 65535])); }
    switch (random.weighted({ sum: 4, bits: 3, shift: 3, imul: 1, unsigned: 0.7, from: 1, compared: 1, extreme: 0.7, wrapped: 0.5 })) {
      case "sum": return `(${this.int(depth - 1)} ${random.pick(["+", "-", "*"])} ${this.int(depth - 1)} | 0)`;
      case "bits": return `(${this.int(depth - 1)} ${random.pick(["&", "|", "^"])} ${this.int(depth - 1)})`;
      case "shift": return `(${this.int(depth - 1)} ${random.pick(["<<", ">>", ">>>"])} ${random.chance(0.8) ? random.between(0, 31) : this.int(0)})`;
      case "imul": return `Math.imul(${this.int(depth - 1)}, ${this.int(depth - 1)})`;
      case "unsigned": return `(${this.int(depth - 1)} >>> 0)`;
      case "from": return `(${this.num(depth - 1)} | 0)`;
      case "compared": return this.compared(depth - 1);
      case "wrapped": return `((${this.int(depth - 1)} & 127) % ${random.pick([64, 100, 127, 200, 3])})`;
      case "extreme": return `Math.${random.pick(["min", "max"])}(${this.int(depth - 1)}, ${random.chance(0.5) ? this.compared(depth - 1) : this.int(depth - 1)})`;
    }
  }

  /** 1 or 0, by a comparison */
  private compared(depth: number): string {
    this.count("loop comparison as a number");
    return this.random.pick([`(${this.test(depth)} ? 1 : 0)`, `+(${this.test(depth)})`, `(${this.test(depth)} ? 0 : 1)`]);
  }

  private test(depth = 1): string {
    const { random } = this;
    const compared = (): string => (random.chance(0.3) ? this.int(depth) : this.num(depth));
    const simple = (): string => `${compared()} ${random.pick(["<", "<=", ">", ">=", "===", "!=="])} ${compared()}`;
    return random.chance(0.2) ? `${simple()} ${random.pick(["&&", "||"])} ${simple()}` : simple();
  }
}

export const randomLoop = (seed: number): RandomKernel => new LoopWriter(seed).kernel(seed);
