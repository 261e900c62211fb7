// The expressions of random kernels: each method writes one, of bounded depth, for a number, an int32 or a truth value, from what is in scope.

import { edgeNumbers } from "./inputs.ts";
import type { Random } from "./prng.ts";

// ───────────────────────────────── what is in scope ─────────────────────────────────

export type ScalarKind = "num" | "int" | "bool";
export interface Scalar { readonly name: string; readonly kind: ScalarKind; readonly writable: boolean; readonly slow: boolean }
export interface ArrayName {
  readonly name: string;
  readonly element: "int" | "num";
  readonly writable: boolean;
  readonly slow: boolean;
  readonly length: string;
  readonly local: boolean;
  /** a write past its end would make it longer */
  readonly grows: boolean;
}
export interface ObjectName { readonly name: string; readonly writable: boolean }
export interface Helper { readonly name: string; readonly arity: number }

const oneArgument = [
  "abs", "ceil", "floor", "round", "trunc", "sqrt", "sign", "fround", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh",
  "atanh", "exp", "expm1", "log", "log1p", "log2", "log10", "cbrt", "clz32",
] as const;
const twoArguments = ["min", "max", "pow", "atan2", "hypot", "imul"] as const;

export class ExpressionWriter {
  protected readonly random: Random;
  private readonly excluded: ReadonlySet<string>;
  protected readonly coverage = new Map<string, number>();
  private names = 0;

  protected scalars: Scalar[] = [];
  protected arrays: ArrayName[] = [];
  protected objects: ObjectName[] = [];
  protected helpers: Helper[] = [];
  /** slow expressions: of numbers, of integers fit for a trip count or a switch, of truth */
  protected readonly slowNumbers: string[] = [];
  protected readonly slowCounts: string[] = [];
  protected readonly slowTruths: string[] = [];
  /** in a function inside the kernel: it assigns nothing from outside */
  protected inHelper = false;

  constructor(random: Random, excluded: readonly string[]) {
    this.random = random;
    this.excluded = new Set(excluded);
  }

  // ───────────────────────────────── small tools ─────────────────────────────────

  protected count(construct: string): void { this.coverage.set(construct, (this.coverage.get(construct) ?? 0) + 1); }
  protected allowed(construct: string): boolean { return !this.excluded.has(construct); }
  /** one of the constructs that are not excluded, counted */
  protected choose<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
    const rest = Object.fromEntries(Object.entries(weights).filter(([k, w]) => (w as number) > 0 && this.allowed(k))) as Partial<Record<K, number>>;
    const chosen = this.random.weighted<K>(rest);
    this.count(chosen);
    return chosen;
  }
  protected maybe(construct: string, p: number): boolean {
    const yes = this.allowed(construct) && this.random.chance(p);
    if (yes) this.count(construct);
    return yes;
  }
  protected fresh(stem: string): string { return `${stem}${this.names++}`; }
  // ───────────────────────────────── expressions ─────────────────────────────────

  protected small(): string { return this.random.chance(0.5) || !this.scalars.some((s) => s.name === "n") ? String(this.random.between(1, 6)) : "n"; }
  protected slowTruth(): string {
    const truth = this.random.pick(this.slowTruths);
    return this.random.chance(0.2) ? `!(${truth})` : truth;
  }

  protected literal(): string {
    const value = this.random.chance(0.4) ? this.random.pick(edgeNumbers) : this.random.chance(0.5) ? this.random.between(-5, 12) : Math.round(this.random.next() * 400 - 200) / 100;
    return Object.is(value, -0) ? "-0" : String(value);
  }

  protected scalar(kind: ScalarKind): string | null {
    const known = this.scalars.filter((s) => s.kind === kind || kind === "num" && s.kind === "int");
    return known.length > 0 ? (this.random.chance(0.4) ? known.at(-1)! : this.random.pick(known)).name : null;
  }

  /** An expression for a number. */
  protected num(depth: number): string {
    if (depth <= 0) return this.leaf();
    const some = this.arrays.length > 0;
    switch (this.choose({
      "leaf": 4, "arithmetic": 7, "element": some ? 4 : 0, "Math one": 2, "Math two": 1, "conditional": 1, "slow conditional": 0.7, "negate": 0.7, "integer": 2,
      "call": this.helpers.length ? 2 : 0, "remainder": 0.6, "power": 0.3, "logical value": 0.5, "boolean arithmetic": 0.3, "assignment expression": 0.2, "identity": 1, "random number": 0.1,
    })) {
      case "leaf": return this.leaf();
      case "arithmetic": return `(${this.num(depth - 1)} ${this.random.pick(["+", "-", "*", "/", "+", "*"])} ${this.num(depth - 1)})`;
      case "element": return this.element(depth - 1);
      case "Math one": { const name = this.random.pick(oneArgument); this.count(`Math.${name}`); return `Math.${name}(${this.num(depth - 1)})`; }
      case "Math two": { const name = this.random.pick(twoArguments); this.count(`Math.${name}`); return `Math.${name}(${this.num(depth - 1)}, ${this.num(depth - 1)}${name === "hypot" && this.random.chance(0.4) ? `, ${this.num(depth - 1)}` : ""})`; }
      case "conditional": return `(${this.bool(depth - 1)} ? ${this.num(depth - 1)} : ${this.num(depth - 1)})`;
      case "slow conditional": return `(${this.slowTruth()} ? ${this.num(depth - 1)} : ${this.num(depth - 1)})`;
      case "identity": return this.identity(depth - 1);
      // what does not depend on which numbers are drawn, as long as each is another one
      case "random number": return this.random.pick([
        `(Math.random() === Math.random() ? ${this.num(0)} : ${this.num(depth - 1)})`, `(Math.floor(Math.random() * 4) > 3 ? ${this.num(0)} : ${this.num(depth - 1)})`,
        `([${this.num(0)}][Math.floor(Math.random())] + ${this.num(depth - 1)})`,
      ]);
      case "negate": return `(-${this.leafOrParen(depth)})`;
      case "integer": return this.int(depth - 1);
      case "call": { const h = this.random.pick(this.helpers); return `${h.name}(${Array.from({ length: h.arity }, () => this.num(depth - 1)).join(", ")})`; }
      case "remainder": return `(${this.num(depth - 1)} % ${this.num(depth - 1)})`;
      case "power": return `((${this.num(depth - 1)}) ** ${this.random.pick(["2", "0.5", "3", "-1", `(${this.num(0)})`])})`;
      case "logical value": return `(${this.num(depth - 1)} ${this.random.pick(["||", "&&", "??"])} ${this.num(depth - 1)})`;
      case "boolean arithmetic": return `((${this.bool(depth - 1)}) * ${this.num(depth - 1)})`;
      case "assignment expression": {
        const v = this.scalars.filter((s) => s.writable && s.kind === "num" && s.name !== "u").at(-1);
        return v && !this.inHelper ? `(${v.name} ${this.random.pick(["=", "+="])} ${this.num(depth - 1)})` : this.leaf();
      }
    }
  }

  /** A number for places that hold nothing else: what an array lacks is NaN. Now and then anything, to see how that is met. */
  protected sure(depth: number): string { return this.random.chance(0.03) ? this.num(depth) : `+(${this.num(depth)})`; }

  /** What algebra would make less of, and exactness forbids for some x: −0, NaN, infinities. */
  protected identity(depth: number): string {
    const x = this.scalar("num") ?? this.leaf();
    const y = this.num(depth);
    return this.random.pick([
      `(${y} + 0)`, `(${x} + ${x} + 0)`, `(${y} + -0)`, `(${y} - 0)`, `(0 - ${y})`, `(-0 - ${y})`, `(${y} * 1)`, `(${y} * -1)`, `(${y} * 0)`, `(${y} / 1)`, `(${y} / -1)`, `(${y} / 4)`, `(${x} - ${x})`, `(${x} / ${x})`,
      `(${x} + -(${x}))`, `(-(-(${y})))`, `(0 * ${y} + ${x})`, `Math.abs(-(${y}))`, `Math.min(${x}, ${x})`, `Math.max(${x}, -0)`, `Math.min(${x}, 0)`, `Math.round(Math.floor(${y}))`, `Math.ceil(${y} / 2)`, `Math.floor(${this.int(1)} / 3)`,
      `(${this.int(1)} % ${this.random.pick(["2", "3", "-4", "0"])})`, `Math.fround(Math.fround(${y}) * Math.fround(${x}))`, `(1 / Math.round(${y}))`, `(1 / (${this.int(1)} * ${this.int(0)}))`, `(1 / -(${this.int(1)}))`, `(1 / (${this.int(1)} % ${this.int(0)}))`,
      `(Math.ceil(${this.int(1)} / 4) + 0)`, `(1 / Math.ceil(${this.int(1)} / 4))`, `(1 / Math.trunc(${this.int(1)} / 4))`, `Math.max(Math.ceil(${this.int(1)} / 3), 0)`, `Math.floor(${this.int(1)} / ${this.random.pick(["3", "4", "-5"])})`,
    ]);
  }

  protected leafOrParen(depth: number): string { return this.random.chance(0.5) ? `(${this.leaf()})` : `(${this.num(depth - 1)})`; }

  protected leaf(): string {
    const objects = this.objects.length > 0 && this.random.chance(0.2);
    if (objects) return `${this.random.pick(this.objects).name}.${this.random.pick(["x", "y"])}`;
    if (this.slowNumbers.length > 0 && this.random.chance(0.25)) return this.random.pick(this.slowNumbers);
    return (this.random.chance(0.75) ? this.scalar("num") : null) ?? (this.random.chance(0.5) ? this.literal() : String(this.random.between(0, 9)));
  }

  protected element(depth: number): string {
    const array = this.random.pick(this.arrays);
    return `${array.name}[${this.index(array, depth)}]`;
  }

  /** Mostly within the array; now and then beside it, negative, or between two elements. */
  protected index(array: ArrayName, depth = 1): string {
    const counter = this.scalar("int");
    switch (this.random.weighted({ counter: counter ? 8 : 0, near: counter ? 2 : 0, masked: 1.5, constant: 1.5, divided: 0.5, odd: 0.4 })) {
      case "counter": return counter!;
      case "near": return `${counter} ${this.random.pick(["+", "-"])} ${this.random.between(1, 3)}`;
      case "masked": return `${this.int(depth)} & ${this.random.pick([1, 3, 7])}`;
      case "divided": return `Math.floor(${this.int(depth)} / ${this.random.pick([2, 3])})`;
      case "constant": return array.local && /^\d+$/.test(array.length) ? String(this.random.below(Number(array.length))) : String(this.random.below(4));
      case "odd": this.count("odd index"); return this.random.pick(["-1", "0.5", "NaN", "1e9", `${array.length}`, `${this.num(1)}`]);
    }
  }

  /** An expression for an int32 or uint32. */
  protected int(depth: number): string {
    const counter = this.scalar("int");
    if (depth <= 0) return counter && this.random.chance(0.7) ? counter : String(this.random.pick([0, 1, 2, 3, 7, 31, 255, 2147483647, -1, -2147483648]));
    switch (this.choose({ "to int32": 3, "to uint32": 1, "bits": 4, "shift": 3, "complement": 0.5, "imul": 0.7, "length": this.arrays.length ? 0.7 : 0, "int sum": 3, "int identity": 0.8, "int leaf": 2, "slow int": this.slowCounts.length ? 1 : 0 })) {
      case "to int32": return `(${this.num(depth - 1)} | 0)`;
      case "to uint32": return `(${this.num(depth - 1)} >>> 0)`;
      case "bits": return `(${this.int(depth - 1)} ${this.random.pick(["&", "|", "^"])} ${this.int(depth - 1)})`;
      case "shift": return `(${this.int(depth - 1)} ${this.random.pick(["<<", ">>", ">>>"])} ${this.int(depth - 1)})`;
      case "int identity": {
        const [x, k, m] = [this.int(depth - 1), this.random.between(0, 33), this.random.between(0, 33)];
        const shift = this.random.pick(["<<", ">>", ">>>"]);
        return this.random.pick([`(${x} ${shift} ${k} ${shift} ${m})`, `(${x} << 24 >> 24)`, `(${x} << 16 >> 16)`, `(${x} & 255)`, `(${x} & -1)`, `(${x} | 0 | 0)`, `(${x} ^ ${x})`, `(${x} >>> 0 >> 0)`, `((${x} >>> 1) + (${x} >>> 1) | 0)`,
          `(${x} * 65537 | 0)`, `(${x} * 16777619 | 0)`, `(${x} * 134217727 + ${this.int(0)} | 0)`, `(${x} * ${x} * ${x} | 0)`, `(${x} / 2 | 0)`, `(${x} % 8 | 0)`, `(~~(${this.num(depth - 1)}))`,
          `(Math.floor(${x} / ${this.random.pick(["2", "3", "10"])}) | 0)`, `((${x} & 511) - 256 << 24 >> 24)`, `((${x} & 131071) - 65536 << 16 >> 16)`, `((${x} & ${this.int(0)}) < 0 ? 3 : 5)`, `((${x} | ${this.int(0)}) >= 0 ? 3 : 5)`]);
      }
      case "complement": return `(~${this.int(depth - 1)})`;
      case "imul": return `Math.imul(${this.int(depth - 1)}, ${this.int(depth - 1)})`;
      case "length": return this.random.pick(this.arrays).length;
      case "int sum": return `(${this.int(depth - 1)} ${this.random.pick(["+", "-", "+", "-", "*"])} ${this.int(depth - 1)} | 0)`;
      case "int leaf": return this.int(0);
      case "slow int": return this.random.pick(this.slowCounts);
    }
  }

  protected bool(depth: number): string {
    if (depth <= 0) return this.scalar("bool") ?? this.slowTruth();
    switch (this.choose({ "compare": 7, "int compare": 3, "equality": 1.5, "loose equality": 0.4, "not": 0.7, "and": 1, "or": 1, "truthiness": 0.6, "bool leaf": 1, "NaN test": 0.7, "compare with constant": 1 })) {
      case "compare": return `${this.num(depth - 1)} ${this.random.pick(["<", "<=", ">", ">="])} ${this.num(depth - 1)}`;
      case "int compare": return `${this.int(depth - 1)} ${this.random.pick(["<", "<=", ">", ">="])} ${this.int(depth - 1)}`;
      case "equality": return `${this.num(depth - 1)} ${this.random.pick(["===", "!=="])} ${this.num(depth - 1)}`;
      case "loose equality": return `${this.num(depth - 1)} ${this.random.pick(["==", "!="])} ${this.num(depth - 1)}`;
      case "not": return `!(${this.bool(depth - 1)})`;
      case "and": return `(${this.bool(depth - 1)}) && (${this.bool(depth - 1)})`;
      case "or": return `(${this.bool(depth - 1)}) || (${this.bool(depth - 1)})`;
      case "truthiness": return `!!(${this.num(depth - 1)})`;
      case "bool leaf": return this.bool(0);
      case "NaN test": { const v = this.scalar("num"); return v ? `${v} ${this.random.pick(["===", "!==", "<=", ">=", "<"])} ${v}` : this.bool(0); }
      case "compare with constant": return `${this.random.chance(0.6) ? this.int(depth - 1) : this.num(depth - 1)} ${this.random.pick(["<", "<=", ">", ">=", "===", "!=="])} ${this.random.pick(["2.5", "-0.5", "0", "-0", "1", "3", "NaN", "Infinity", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "255", "0.1"])}`;
    }
  }
}
