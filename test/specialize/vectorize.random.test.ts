// Random loops over random arrays: the vectorized program against the engine. VECTOR_SEED and VECTOR_COUNT choose others; a failure prints its source.

import { expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, whole, type Kernel, type Typed } from "./vectorize.harness.ts";

const seed = Number(process.env["VECTOR_SEED"] ?? 1);
const count = Number(process.env["VECTOR_COUNT"] ?? 24);

class Random {
  private state: number;
  constructor(start: number) { this.state = start >>> 0; }
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  below(n: number): number { return Math.floor(this.next() * n); }
  of<T>(list: readonly T[]): T { return list[this.below(list.length)]!; }
}

const types = [Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array, Uint8ClampedArray] as const;
type Make = (typeof types)[number];
const constants = ["0", "1", "2", "3", "-1", "0.5", "-0", "7", "255", "100", "1e9", "2.75", "65535", "-32768"];
const small = ["1", "2", "3", "5", "8", "15", "31"];

interface Story { readonly source: string; readonly makes: readonly Make[]; readonly stride: number }

function write(r: Random): Story {
  const makes = Array.from({ length: 3 }, () => r.of(r.next() < 0.5 ? types : [Float64Array, Uint8Array, Uint8ClampedArray, Int32Array]));
  const stride = r.of([1, 1, 1, 1, 2, 3, 4]);
  const names = ["a", "b", "c"];
  const offsets = stride === 1 ? [0, 0, 0, 1, 2, -1] : [0, 0, 1, 2, 3].slice(0, stride + 1);
  const at = (o: number): string => (o === 0 ? "i" : o > 0 ? `i + ${o}` : `i - ${-o}`);
  const locals: string[] = [];
  const number = (depth: number): string => {
    const k = r.next();
    if (depth <= 0 || k < 0.25) {
      const leaf = r.next();
      if (leaf < 0.6) return `${r.of(names.slice(0, 2))}[${at(r.of(offsets))}]`;
      if (leaf < 0.7 && locals.length > 0) return r.of(locals);
      if (leaf < 0.75) return "i";
      return leaf < 0.82 ? "p" : r.of(constants);
    }
    if (k < 0.55) return `(${number(depth - 1)} ${r.of(["+", "-", "*", "+", "*", "/"])} ${number(depth - 1)})`;
    if (k < 0.75) return `(${number(depth - 1)} ${r.of(["&", "|", "^", "<<", ">>", ">>>"])} ${r.next() < 0.7 ? r.of(small) : number(depth - 1)})`;
    if (k < 0.83) return `Math.${r.of(["abs", "floor", "ceil", "trunc", "sqrt", "round", "sign", "fround"])}(${number(depth - 1)})`;
    if (k < 0.88) return `Math.${r.of(["min", "max"])}(${number(depth - 1)}, ${number(depth - 1)})`;
    if (k < 0.91) return `Math.imul(${number(depth - 1)}, ${number(depth - 1)})`;
    return `(${condition(depth - 1)} ? ${number(depth - 1)} : ${number(depth - 1)})`;
  };
  const condition = (depth: number): string => {
    const k = r.next();
    if (k < 0.75 || depth <= 0) return `${number(depth - 1)} ${r.of(["<", "<=", ">", ">=", "===", "!=="])} ${number(depth - 1)}`;
    return k < 0.9 ? `(${condition(depth - 1)} ${r.of(["&&", "||"])} ${condition(depth - 1)})` : `!(${condition(depth - 1)})`;
  };
  const lines: string[] = [];
  const statements = 1 + r.below(3);
  for (let s = 0; s < statements; s++) {
    const k = r.next();
    if (k < 0.3) { lines.push(`const v${s} = ${number(3)};`); locals.push(`v${s}`); }
    const store = `${r.of(["c", "c", "c", "b"])}[${at(r.of(offsets.filter((o) => o >= 0)))}] = ${number(3)};`;
    lines.push(r.next() < 0.25 ? `if (${condition(2)}) ${store}` : store);
  }
  const gather = r.of(["", "", "", "s = (s + b[i]) | 0;", "s = Math.max(s, a[i]);", "if (a[i] > 3) s++;", "s += b[i];"]);
  const limit = r.of(["c.length", "n", "a.length", "n - 1"]);
  const source = `(a, b, c, n, p) => { let s = 0; for (let i = ${r.of(["0", "0", "1"])}; i < ${limit}; i += ${stride}) { ${lines.join(" ")} ${gather} } return s; }`;
  return { source, makes, stride };
}

const fill = (Make: Make, n: number, at: number): Typed => {
  if (Make === Float64Array) return doubles(n, at);
  return Make === Float32Array ? Float32Array.from(doubles(n, at)) : whole(new Make(n) as Typed, at);
};

/** Whether the passes around vectorization take it: if not, that is for their tests to find. */
function compiles(kernel: Kernel, args: readonly unknown[], overlap: boolean): boolean {
  try { compileKernel(kernel, args, [], overlap, new Set(["vectorize", "pairs"])); return true; } catch { return false; }
}

test(`${count} random loops from seed ${seed}`, () => {
  let vectorized = 0;
  for (let i = 0; i < count; i++) {
    const r = new Random(seed * 100003 + i);
    const { source, makes, stride } = write(r);
    const kernel = (0, eval)(source) as Kernel;
    // of every third, the arrays are views of one buffer
    const overlap = i % 3 === 0;
    const views = (n: number, shift: number): Typed[] => {
      const Make = makes[0]!;
      const all = fill(Make, 3 * n * stride + 80, 1);
      const size = Math.max(0, n * stride);
      return [40, 40 + shift + (i % 5), 40 + 2 * shift - (i % 7)].map((at) => all.subarray(at, at + size) as Typed);
    };
    const args = (n: number, shift: number): unknown[] => overlap ? [...views(n, shift), n * stride, r.of([0.5, 3.25, -7.75])] : [...makes.map((Make, k) => fill(Make, Math.max(0, n * stride + [0, shift, -shift][k]!), k + 1)), n * stride, r.of([0.5, 3.25, -7.75])];
    if (!compiles(kernel, args(20, 0), overlap)) continue;
    try {
      const compiled = compileKernel(kernel, args(20, 0), [], overlap);
      if (lanesOf(compiled) > 1) vectorized++;
      expectSame(kernel, compiled, [0, 1, 3, 8, 16, 17, 23, 35].flatMap((n) => [args(n, 0), args(n, 2), args(n, -3)]));
    } catch (e) {
      throw new Error(`seed ${seed}, number ${i}: ${source} on ${makes.map((m) => m.name).join(", ")}\n${(e as Error).stack?.slice(0, 3000)}`, { cause: e });
    }
  }
  expect(vectorized).toBeGreaterThan(count / 8);
}, 240_000 + 1000 * count);
