// Every row of the operation table against the engine: its fold, and what the evaluator does, against its JavaScript spelling run by V8
// and against the WebAssembly instruction of the same meaning, on edge values and random ones.

import binaryen from "binaryen";
import { describe, expect, test } from "vitest";
import { helpers, helpersOf } from "../../src/ir/spell.ts";
import { divisionTraps, laneOps, memoryOps, ops, type LaneOp, type MachineOp, type MemoryOp } from "../../src/ir/ops.ts";
import { laneMeaning, vectorMeaning, type Operand } from "../../src/ir/vector.ts";
import type { Type } from "../../src/ir/types.ts";

// ───────────────────────────────── inputs ─────────────────────────────────

let state = 0x2545f491;
/** xorshift: the same numbers on every run */
const random = (): number => {
  state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
  return (state >>> 0) / 4294967296;
};
const randomInt = (): number => (random() * 4294967296) | 0;
const bits = new DataView(new ArrayBuffer(8));
const randomF64 = (): number => { bits.setInt32(0, randomInt()); bits.setInt32(4, randomInt()); return bits.getFloat64(0); };

const f64s = [
  0, -0, NaN, Infinity, -Infinity, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 3.5, 0.49999999999999994, -0.49999999999999994, 0.9999999999999999, 1e-3,
  2147483647, 2147483648, 2147483649, 2147483647.5, -2147483647, -2147483648, -2147483649, -2147483648.5, 4294967295, 4294967295.5, 4294967296, 4294967297, -4294967296,
  9007199254740991, 9007199254740992, 9007199254740994, -9007199254740991, 4503599627370495.5, 4503599627370496, -4503599627370495.5, 4503599627370497,
  9223372036854774784, 9223372036854775808, -9223372036854775808, -9223372036854777856, 18446744073709551616, 1e21, 1e300, -1e300,
  Number.MIN_VALUE, -Number.MIN_VALUE, 2.2250738585072014e-308, 2.225073858507201e-308, Number.MAX_VALUE, -Number.MAX_VALUE, 0.1, Math.PI, -Math.E, 1e-320, 3, 4, 8, 1 / 3, 100,
  ...Array.from({ length: 24 }, randomF64), ...Array.from({ length: 24 }, () => (random() - 0.5) * 200),
];
const i32s = [
  0, 1, -1, 2, -2, 3, 7, 8, 15, 16, 31, 32, 33, 63, 64, 127, 128, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536, 0x00ff00ff, 2147483647, 2147483646,
  -2147483648, -2147483647, 1 << 30, ...Array.from({ length: 12 }, randomInt), ...Array.from({ length: 12 }, () => randomInt() >> 20), ...Array.from({ length: 60 }, randomInt),
];
const i64s = [
  0n, 1n, -1n, 2n, -2n, 31n, 32n, 63n, 64n, 65n, 0x7fffffffn, 0x80000000n, -0x80000000n, 0xffffffffn, 0x100000000n, (1n << 53n) - 1n, 1n << 53n, (1n << 53n) + 1n, (1n << 54n) + 3n,
  (1n << 63n) - 1n, (1n << 63n) - 513n, -(1n << 63n), -(1n << 63n) + 1n, 1n << 62n,
  ...Array.from({ length: 80 }, () => BigInt.asIntN(64, (BigInt(randomInt()) << 32n) ^ BigInt(randomInt()))),
];
const f32s = [...new Set([
  ...f64s.map(Math.fround), 1.401298464324817e-45, 1.1754943508222875e-38, 1.1754942106924411e-38, 3.4028234663852886e38, -3.4028234663852886e38, 16777215, 16777216, 16777218, 8388607.5, -8388607.5,
  ...Array.from({ length: 40 }, () => Math.fround((random() - 0.5) * 2000)),
])];

const randomVector = (): Uint8Array => Uint8Array.from({ length: 16 }, () => random() * 256);
const ofBuffer = (view: { readonly buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(view.buffer);
/** vectors whose lanes are edge values under each shape */
const vectors = [
  new Uint8Array(16), new Uint8Array(16).fill(255), new Uint8Array(16).fill(128), new Uint8Array(16).fill(127), Uint8Array.from({ length: 16 }, (_, i) => i), Uint8Array.from({ length: 16 }, (_, i) => 20 - i),
  ...[0, 1, 2, 3].map((k) => ofBuffer(Int16Array.from({ length: 8 }, (_, i) => [0, 1, -1, 32767, -32768, 255, 256, 128, -128, 129, 127][(i * 3 + k * 5) % 11]!))),
  ...[0, 1, 2, 3, 4, 5].map((k) => ofBuffer(Int32Array.from({ length: 4 }, (_, i) => i32s[(i * 7 + k * 5) % 33]!))),
  ...[0, 1, 2, 3, 4, 5].map((k) => ofBuffer(BigInt64Array.from({ length: 2 }, (_, i) => i64s[(i * 5 + k * 4) % 24]!))),
  ...Array.from({ length: 30 }, (_, k) => ofBuffer(Float64Array.of(f64s[2 * k]!, f64s[2 * k + 1]!))),
  ...Array.from({ length: 18 }, (_, k) => ofBuffer(Float32Array.from({ length: 4 }, (_, i) => f32s[(4 * k + i) % f32s.length]!))),
  ...Array.from({ length: 30 }, randomVector),
];

const inputs: Record<Exclude<Type, "js">, readonly Operand[]> = { i32: i32s, i64: i64s, f32: f32s, f64: f64s, v128: vectors };

/** Tuples of operands, at least a hundred: all pairs of edge values for two operands, else a walk through the lists at coprime strides. */
function tuples(types: readonly Type[]): Operand[][] {
  const lists = types.map((t) => inputs[t as Exclude<Type, "js">]);
  if (lists.length === 1) return lists[0]!.map((v) => [v]);
  if (lists.length === 2) {
    const step = (list: readonly Operand[]) => (list === vectors ? 3 : 1);
    return lists[0]!.flatMap((a, i) => lists[1]!.filter((_, j) => (i + j) % step(lists[1]!) === 0).map((b) => [a, b]));
  }
  const strides = [1, 7, 11];
  return Array.from({ length: 1500 }, (_, n) => lists.map((list, k) => list[(n * strides[k]! + Math.floor(n / list.length) * k) % list.length]!));
}

/** Not what WebAssembly defines: division by zero, and the one quotient that does not fit, trap. The sign of a NaN cannot be seen. */
const excluded = (op: string, [a, b]: readonly Operand[]): boolean =>
  (/^i(32|64)\.(div|rem)/.test(op) && divisionTraps(op, a, b)) || (op === "f64.copysign" && b !== b);

// ───────────────────────────────── the judges ─────────────────────────────────

/** The row's JavaScript, run by the engine. */
function spelled(op: MachineOp): (...args: Operand[]) => Operand {
  const { js, args } = ops[op];
  const names = args.map((_, i) => `a${i}`);
  const body = `${helpersOf(js).map((h) => helpers[h]).join("\n")}\nreturn (${names.join(", ")}) => ${js.replace(/\$(\d)/g, "a$1")};`;
  return (new Function(body) as () => (...args: Operand[]) => Operand)();
}

interface Subject { readonly name: string; readonly code: string; readonly args: readonly Type[]; readonly result: Type | null }

/** One module with a function for each subject. v128 operands and results go through memory: operand i at 16 * i, the result at 64. */
function emitted(subjects: readonly Subject[]): { run: (name: string) => (...args: Operand[]) => Operand; memory: Uint8Array } {
  const functions = subjects.map(({ name, code, args, result }) => {
    const inOrder = args.map((t, i) => (t === "v128" ? `(v128.load (i32.const ${16 * i}))` : `(local.get ${i})`));
    const operands = (code === "select" ? [...inOrder.slice(1), inOrder[0]] : inOrder).join(" "); // WebAssembly takes the condition last
    const params = args.map((t) => `(param ${t === "v128" ? "i32" : t})`).join(" ");
    const body = `(${code} ${operands})`;
    const [type, whole] = result === "v128" ? ["", `(v128.store (i32.const 64) ${body})`] : [result ? `(result ${result})` : "", body];
    return `(func (export "${name}") ${params} ${type} ${whole})`;
  });
  const module = binaryen.parseText(`(module (memory (export "memory") 1) ${functions.join("\n")})`);
  module.setFeatures(binaryen.Features.All);
  expect(module.validate()).toBe(1);
  const bytes = module.emitBinary() as BufferSource;
  module.dispose();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
  const run = (name: string) => {
    const f = exports[name] as (...args: unknown[]) => Operand;
    const isVector = subjects.find((s) => s.name === name)!.result === "v128";
    return (...args: Operand[]): Operand => {
      const value = f(...args.map((a, i) => { if (!(a instanceof Uint8Array)) return a; memory.set(a, 16 * i); return 0; }));
      return isVector ? memory.slice(64, 80) : value;
    };
  };
  return { run, memory };
}

/** Vectors as text: of floating-point lanes, with all NaNs alike. */
function shown(value: Operand, floats: "f32" | "f64" | null): string {
  if (!(value instanceof Uint8Array)) return Object.is(value, -0) ? "-0" : `${typeof value} ${value}`;
  const { buffer } = value.slice();
  const lanes = floats === null ? value : floats === "f32" ? new Float32Array(buffer) : new Float64Array(buffer);
  return Array.from(lanes as ArrayLike<number>, (x) => (Object.is(x, -0) ? "-0" : String(x))).join(" ");
}
/** what the lanes of an operation's result are, if floating-point: a comparison's are masks */
const floatsOf = (op: string): "f32" | "f64" | null => (/\.(eq|ne|lt|gt|le|ge)$/.test(op) ? null : ((/^(f32|f64)x/.exec(op)?.[1] ?? null) as "f32" | "f64" | null));

function agree(op: string, args: readonly Type[], ours: (...args: Operand[]) => Operand, theirs: (...args: Operand[]) => Operand): void {
  const floats = floatsOf(op);
  const differing: string[] = [];
  let tried = 0;
  for (const tuple of tuples(args)) {
    if (excluded(op, tuple)) continue;
    tried++;
    const [a, b] = [shown(ours(...tuple), floats), shown(theirs(...tuple), floats)];
    if (a !== b && differing.length < 5) differing.push(`${op}(${tuple.map((t) => shown(t, floats)).join(", ")}): ${a}, judge ${b}`);
  }
  expect(differing).toEqual([]);
  expect(tried).toBeGreaterThanOrEqual(100);
}

// ───────────────────────────────── the rows ─────────────────────────────────

const rows = Object.entries(ops) as [MachineOp, (typeof ops)[MachineOp]][];
const scalars = rows.filter(([, row]) => row.fold);
// what the host may lack, and may round otherwise, test/wasm/vector.test.ts has
const withWasm = rows.filter(([, row]) => row.wasm !== null && !row.relaxed);
const wasm = emitted(withWasm.map(([name, { args, result, wasm: code }]) => ({ name, code: code!, args, result })));

const ours = (op: MachineOp): ((...args: Operand[]) => Operand) => (ops[op].fold as ((...args: Operand[]) => Operand) | undefined) ?? vectorMeaning(op);

describe("fold is what V8 makes of the JavaScript spelling", () => {
  test.each(scalars.map(([op]) => op))("%s", (op) => { agree(op, ops[op].args, ours(op), spelled(op)); });
});

describe("fold, or the vector meaning, is what emitted WebAssembly does", () => {
  test.each(withWasm.map(([op]) => op))("%s", (op) => { agree(op, ops[op].args, ours(op), wasm.run(op)); });
});

describe("lane operations are what emitted WebAssembly does, for each immediate", () => {
  const variants = (Object.keys(laneOps) as LaneOp[]).map((op) => {
    const { immediates, below } = laneOps[op];
    const choices = immediates === 1
      ? Array.from({ length: below }, (_, i) => [i])
      : [Array.from({ length: 16 }, (_, i) => i), Array.from({ length: 16 }, (_, i) => 31 - i), Array.from({ length: 16 }, () => Math.floor(random() * 32))];
    return [op, choices] as const;
  });
  const { run } = emitted(variants.flatMap(([op, choices]) => choices.map((lanes) => ({ name: `${op} ${lanes}`, code: `${op} ${lanes.join(" ")}`, ...laneOps[op] }))));
  test.each(variants)("%s", (op, choices) => {
    for (const lanes of choices) agree(op, laneOps[op].args, laneMeaning(op, lanes), run(`${op} ${lanes}`));
  });
});

describe("what the table says of a row is consistent", () => {
  test.each(scalars.filter(([, row]) => row.commutes).map(([op]) => op))("%s commutes", (op) => {
    agree(op, ops[op].args, ours(op), (a, b) => ours(op)(b!, a!));
  });
  test("no row without a scalar fold lacks a vector meaning", () => {
    for (const [op, row] of rows) if (!row.fold) expect(() => vectorMeaning(op)).not.toThrow();
  });
  test("every helper is called by some row, or ends calls that nest too deep", () => {
    const called = new Set(["$deeper", ...rows.flatMap(([, row]) => helpersOf(row.js))]);
    expect([...called].sort()).toEqual(Object.keys(helpers).sort());
  });
  test("every load and store has the type and width that its name says", () => {
    for (const [op, { bytes, type, store }] of Object.entries(memoryOps) as [MemoryOp, (typeof memoryOps)[MemoryOp]][]) {
      expect(op.startsWith(`${type}.${store ? "store" : "load"}`)).toBe(true);
      const named = /(?:load|store)(\d+)/.exec(op)?.[1];
      expect(bytes).toBe(named ? Number(named) / 8 : { i32: 4, f32: 4, i64: 8, f64: 8, v128: 16 }[type]);
    }
  });
});
