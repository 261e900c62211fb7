// Kernels that are nothing but expressions, a score of them, over numbers at the edges: what algebra, folding, narrowing and ToInt32 get
// wrong is dense here. No loop, so they are cheap; the same seed gives the same kernel.

import { ExpressionWriter } from "./expressions.ts";
import { edgeNumbers, number } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { KernelParam, RandomKernel } from "./random.ts";

const expressions = 20;

class StraightWriter extends ExpressionWriter {
  constructor(seed: number) { super(new Random(seed * 374761393 + 13), []); }

  kernel(seed: number): RandomKernel {
    const { random } = this;
    const mode = random.between(0, 3);
    const gain = random.pick(edgeNumbers);
    this.slowNumbers.push("gain");
    this.slowCounts.push("mode");
    this.slowTruths.push(`mode === ${random.between(0, 3)}`, "gain > 0");
    for (const name of ["a", "b"]) this.scalars.push({ name, kind: "num", writable: false, slow: false });
    for (const name of ["k", "m", "u", "small"]) this.scalars.push({ name, kind: "int", writable: false, slow: false });
    const lines = ["const k = p | 0, m = b | 0, u = a >>> 0, small = p & 15;"];
    for (let n = 0; n < expressions; n++) {
      const value = random.chance(0.25) ? this.identity(random.below(2)) : random.chance(0.35) ? this.int(3) : random.chance(0.25) ? `+(${this.bool(2)})` : this.num(3);
      lines.push(`y[${n}] = ${value};`);
      if (random.chance(0.3)) { // later ones are made of it
        const name = this.fresh("v");
        lines.push(`const ${name} = ${random.chance(0.5) ? this.int(2) : this.num(2)};`);
        this.scalars.push({ name, kind: "num", writable: false, slow: false });
      }
    }
    lines.push(`if (mode === ${random.between(0, 3)}) for (let i = 0; i < 3; i++) y[i] = ${this.num(1)};`);
    if (random.chance(0.4)) lines.push(`y[3] = ${random.pick(["Number(", "parseFloat(", "+("])}${this.fixed()});`, `return [${Array.from({ length: random.between(1, 3) }, () => this.written(2)).join(", ")}];`);
    if (random.chance(0.15)) lines.unshift(`y[0] = ${this.fixed()}.${random.pick(["length", "charCodeAt(1)", 'split(".")[0].length'])};`);
    const params: KernelParam[] = [...["y", "a", "b", "p"].map((name) => ({ name, slow: false, kind: name === "y" ? "Float64Array" : "number" })),
      { name: "gain", slow: true, kind: "number" }, { name: "mode", slow: true, kind: "count" }];
    const inputs = Array.from({ length: 8 }, () => [new Float64Array(expressions), this.edge(), this.edge(), this.edge(), gain, mode]);
    this.count("straight code");
    return {
      seed, params, inputs, slow: ["gain", "mode"], slowValues: { gain, mode }, coverage: this.coverage, guaranteed: false,
      source: `function kernel(${params.map(({ name }) => name).join(", ")}) {\n${lines.map((line) => `  ${line}`).join("\n")}\n}`,
    };
  }

  private fixed(): string { this.count("toFixed"); return `(${this.num(1)}).toFixed(${this.random.pick(["", "0", "1", "2", "3", "7", "15", `${this.num(1)} & 7`])})`; }
  /** a string made of numbers */
  private written(depth: number): string {
    const { random } = this, inner = (): string => (depth > 0 ? this.written(depth - 1) : this.fixed());
    switch (this.choose({ "a text of a number": 3, "a text cut, filled or repeated": 2, "texts joined": 1, "an array as a text": 1, "one of two texts": 1 })) {
      case "a text of a number": return random.pick([`(${this.int(1)}).toString(${random.pick([2, 16, 36])})`, `(${this.num(1)}).toPrecision(${random.pick([1, 3, 17])})`, `(${this.num(1)}).toExponential(${random.pick(["", "0", "4"])})`, this.fixed()]);
      case "a text cut, filled or repeated": return `(${random.pick(["\"0\" + ", ""])}${inner()}).${random.pick(["slice(-2)", "slice(1, 3)", "substring(2)", "substr(-3, 2)", "padStart(8, \"0\")", "padEnd(5)", "repeat(2)", "toUpperCase()", "charAt(0)", "trim()"])}`;
      case "texts joined": return `\`${random.pick(["#", "rgb(", ""])}${"${"}${inner()}}, ${"${"}${inner()}}\``;
      case "an array as a text": return random.pick([`String([${inner()}, [${this.num(1)}, ${this.bool(1)}], null])`, `[${this.num(1)}, ${inner()}].toString()`, `("" + [${this.num(1)}, ${this.num(1)}])`, `[[${this.num(1)}, ${inner()}], "r", undefined].join(":")`]);
      case "one of two texts": { const text = `(${this.int(1)}).toString(16)`; return `(${this.bool(1)} ? "0" + ${text} : ${text}${random.pick(["", " + \"!\""])})`; }
    }
  }

  /** an edge, or a number beside one */
  private edge(): number {
    const { random } = this;
    if (random.chance(0.15)) return random.pick([-0, NaN]);
    return random.chance(0.5) ? random.pick(edgeNumbers) : random.chance(0.3) ? random.pick(edgeNumbers) + random.pick([1, -1, 0.5]) : number(random);
  }
}

export const randomStraight = (seed: number): RandomKernel => new StraightWriter(seed).kernel(seed);
