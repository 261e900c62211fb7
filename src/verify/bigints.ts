// Random kernels over BigInts: hashes, generators and modular arithmetic as people write them, wrapped to 64 bits here and there or not at all, beside
// arrays of BigInts, DataViews, bytes and slow tables of them; two counters in one loop. The same seed gives the same kernel.

import { Random } from "./prng.ts";
import type { KernelParam, RandomKernel } from "./random.ts";

const edges: readonly bigint[] = [
  0n, 1n, 2n, 3n, 7n, 31n, 255n, 256n, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n, 0x1fffffffffffffn, 0x7fffffffffffffffn, 0x8000000000000000n, 0xffffffffffffffffn,
  0xcbf29ce484222325n, 0x100000001b3n, 0x9e3779b97f4a7c15n,
];
/** What the kernel reads beside its BigInts, `$` being an index. */
const sources = {
  BigUint64Array: "data[$]", BigInt64Array: "data[$]", Uint8Array: "BigInt(data[$])", Int32Array: "BigInt(data[$])", Float64Array: "BigInt(Math.trunc(data[$]))",
  DataView: "data.getBigUint64($ * 8, true)",
} as const;

class BigIntWriter {
  private readonly random: Random;
  private readonly coverage = new Map<string, number>();
  private readonly names: string[] = ["a", "b"];
  /** what may be assigned: not the loop's counter, or it might never end */
  private get targets(): readonly string[] { return this.names.filter((name) => name !== "k"); }
  private readonly counters: string[] = ["n"];
  private read = "";
  constructor(seed: number) { this.random = new Random(seed * 2654435761 + 29); }

  private count<T>(what: string, text: T): T { this.coverage.set(`BigInt ${what}`, (this.coverage.get(`BigInt ${what}`) ?? 0) + 1); return text; }
  private edge(): bigint { const { random } = this, x = random.pick(edges); return random.chance(0.25) ? -x : x; }
  private literal(): string { const x = this.edge(); return x < 0n ? `(${x}n)` : `${x}n`; }

  private leaf(): string {
    const { random } = this;
    const inLoop = this.counters.length > 1;
    switch (random.weighted({ name: 5, literal: 2, counter: 1, read: inLoop ? 2 : 0, table: inLoop ? 1 : 0 })) {
      case "literal": return this.literal();
      case "counter": return this.count("of a number", `BigInt(${random.pick(this.counters)})`);
      case "read": return this.count("out of an array", this.read);
      case "table": return this.count("out of a slow table", `table[${this.counters.at(-1)!} & 3]`);
      default: return random.pick(this.names);
    }
  }

  private value(depth: number): string {
    const { random } = this;
    if (depth <= 0) return this.leaf();
    const x = (): string => this.value(depth - 1);
    /** where its value is used, not what is left of it modulo a power of two */
    const exact = (): string => this.exact(depth - 1);
    const kind = random.weighted({ leaf: 1, sum: 3, product: 2, bits: 3, shift: 2, wrap: 4, division: 0.7, unary: 0.7, choice: 0.8, rotation: 0.7, number: 0.3 });
    switch (kind) {
      case "sum": return this.count(kind, `(${x()} ${random.pick(["+", "-"])} ${x()})`);
      case "product": return this.count(kind, `(${x()} * ${x()})`);
      case "bits": return this.count(kind, `(${x()} ${random.pick(["&", "|", "^"])} ${x()})`);
      case "shift": return this.count(kind, `(${random.chance(0.4) ? `${x()} <<` : `${exact()} >>`} ${random.chance(0.6) ? `${random.pick([0, 1, 7, 13, 31, 32, 33, 63, 64, 70])}n` : `(${x()} & ${random.pick([7, 31, 63])}n)`})`);
      case "wrap": return this.count(kind, this.wrapped(x()));
      case "division": return this.count(kind, `(${exact()} ${random.pick(["/", "%"])} ${random.chance(0.7) ? `${random.pick(edges.slice(1))}n` : exact()})`);
      case "unary": return this.count(kind, `(${random.pick(["-", "~"])}${x()})`);
      case "choice": return this.count(kind, `(${this.test(depth - 1)} ? ${x()} : ${x()})`);
      case "rotation": { const by = random.pick([1, 13, 31, 47]), v = random.pick(this.names); return this.count(kind, `BigInt.asUintN(64, (${v} << ${by}n) | (BigInt.asUintN(64, ${v}) >> ${64 - by}n))`); }
      case "number": return this.count("of a number", `BigInt(Number(BigInt.asIntN(${random.pick([16, 32, 53])}, ${x()})) * 3)`);
      default: return this.leaf();
    }
  }
  private exact(depth: number): string {
    const { random } = this;
    return random.chance(0.3) ? random.pick(this.names) : random.chance(0.92) ? this.wrapped(this.value(depth)) : this.value(depth);
  }
  private wrapped(text: string): string {
    const { random } = this;
    return random.chance(0.15) ? `(${text} & 0xffffffffffffffffn)` : `BigInt.${random.pick(["asUintN", "asUintN", "asIntN"])}(${random.pick([64, 64, 64, 32, 13, 8])}, ${text})`;
  }
  private test(depth: number): string {
    const { random } = this;
    const x = this.exact(depth), y = random.chance(0.2) ? String(random.pick([0, 1, 5])) : this.exact(depth);
    return this.count("comparison", random.chance(0.15) ? x : `${x} ${random.pick(["<", "<=", ">", ">=", ...(/n|[a-z]/.test(y) ? ["===", "!=="] : ["==", "!="])])} ${y}`);
  }

  private statements(count: number, indent: string): string[] {
    const { random } = this;
    const lines: string[] = [];
    for (let i = 0; i < count; i++) {
      const wrap = (text: string): string => (random.chance(0.93) ? this.wrapped(text) : text);
      switch (random.weighted({ set: 5, new: 1.5, if: 1, step: 0.6 })) {
        case "new": { const name = `v${this.names.length}`; lines.push(`${indent}let ${name} = ${wrap(this.value(2))};`); this.names.push(name); break; }
        case "if": lines.push(`${indent}if (${this.test(1)}) ${random.pick(this.targets)} = ${wrap(this.value(2))};`); break;
        case "step": lines.push(`${indent}${random.pick(this.targets)}${random.pick(["++", "--"])};`); break;
        default: { const name = random.pick(this.targets); lines.push(`${indent}${name} ${random.chance(0.5) ? "=" : random.pick(["^=", "+=", "&="])} ${wrap(this.value(3))};`); }
      }
    }
    return lines;
  }

  kernel(seed: number): RandomKernel {
    const { random } = this;
    const kind = random.pick(Object.keys(sources) as (keyof typeof sources)[]), size = random.between(1, 5);
    const lines = this.statements(random.between(0, 2), "  ");
    const known = this.names.length;
    const counted = random.chance(0.3);
    lines.push(counted ? "  for (let k = 0n, i = 0; k < BigInt(n); k++, i += 1) {" : random.pick(["  for (let i = 0, k = 0n; i < n; i++, k += 3n) {", "  for (let i = 0, k = 7n; i < n; i++, k--) {"]));
    this.counters.push("i");
    this.names.push("k");
    this.read = sources[kind].replace("$", `i % ${size}`);
    const body = this.statements(random.between(1, 4), "    ").map((line) => line.replace(/^(\s+)k( [^=]*=|\+\+|--)/, "$1a$2"));
    if (random.chance(0.4) && kind !== "Uint8Array" && kind !== "Int32Array" && kind !== "Float64Array") {
      body.push(kind === "DataView" ? `    data.setBigInt64(i % ${size} * 8, ${this.value(2)}, ${random.chance(0.5)});` : `    data[i % ${size}] = ${this.value(2)};`);
      this.count("into an array", null);
    }
    lines.push(...body, "  }");
    this.names.length = known;
    this.counters.length = 1;
    lines.push(`  return ${random.pick(["a", "b", "[a, b]", "{ a, b }", "a ^ b", "Number(BigInt.asIntN(32, a))", "a < b", this.value(2)])};`);
    const signed = random.chance(0.3);
    const table = Array.from({ length: 4 }, () => (signed ? -random.pick(edges.slice(0, 12)) : random.pick(edges)));
    const inputs = Array.from({ length: 5 }, () => [this.edge(), this.edge(), random.between(0, 7), this.data(kind, size), table]);
    const params: KernelParam[] = [
      { name: "a", slow: false, kind: "bigint" }, { name: "b", slow: false, kind: "bigint" }, { name: "n", slow: false, kind: "count" }, { name: "data", slow: false, kind },
      { name: "table", slow: true, kind: "table" },
    ];
    return { seed, params, inputs, slow: ["table"], slowValues: { table }, coverage: this.coverage, guaranteed: false, source: `function kernel(a, b, n, data, table) {\n${lines.join("\n")}\n}` };
  }

  private data(kind: keyof typeof sources, size: number): unknown {
    const words = BigUint64Array.from({ length: size }, () => BigInt.asUintN(64, this.edge()));
    switch (kind) {
      case "BigUint64Array": return words;
      case "BigInt64Array": return new BigInt64Array(words.buffer);
      case "DataView": return new DataView(words.buffer);
      case "Uint8Array": return new Uint8Array(words.buffer);
      case "Int32Array": return new Int32Array(words.buffer);
      case "Float64Array": return Float64Array.from({ length: size }, () => this.random.pick([0, -0, 1, 2 ** 31, -(2 ** 40), 2 ** 53, 2 ** 62, 0.5]));
    }
  }
}

export const randomBigInt = (seed: number): RandomKernel => new BigIntWriter(seed).kernel(seed);
