// Hand-written programs for the tests of the JavaScript back end, and a way to run one as the evaluator does and as JavaScript.

import { evaluate } from "../../src/ir/evaluate.ts";
import type { Layout } from "../../src/ir/layout.ts";
import { parseProgram } from "../../src/ir/parse.ts";
import type { Program } from "../../src/ir/types.ts";
import { instantiateJs, jsEnv, trapSentinel } from "../../src/js/instantiate.ts";
import { emitJs } from "../../src/js/print.ts";

export type TypedArray = Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;
export type Argument = number | TypedArray;

export interface Outcome {
  readonly result: number | bigint | undefined;
  readonly exit: number;
  readonly arrays: readonly (readonly number[])[];
  readonly slots: readonly number[];
}

const layoutOf = (program: Program): { layout: Layout; free: number } => {
  let free = 1024;
  const data = program.data.map((d) => { const at = free; free += (d.bytes.length + 15) & ~15; return at; });
  const frame = free;
  free += (program.frameBytes + 15) & ~15;
  return { layout: { data, frame, slots: 64, status: 16 }, free };
};

/** Memory with tables, and with the arguments' arrays one behind the other. */
function bind(program: Program, args: readonly Argument[]): { memory: ArrayBuffer; layout: Layout; addresses: number[] } {
  const memory = new ArrayBuffer(1 << 16);
  const bytes = new Uint8Array(memory);
  const { layout, free } = layoutOf(program);
  program.data.forEach((d, k) => bytes.set(d.bytes, layout.data[k]));
  let next = free;
  const addresses = args.map((a) => {
    if (typeof a === "number") return 0;
    const at = next;
    bytes.set(new Uint8Array(a.buffer, a.byteOffset, a.byteLength), at);
    next += (a.byteLength + 31) & ~15;
    return at;
  });
  return { memory, layout, addresses };
}

const readBack = (memory: ArrayBuffer, args: readonly Argument[], addresses: readonly number[]): number[][] =>
  args.flatMap((a, k) => (typeof a === "number" ? [] : [Array.from(new (a.constructor as new (b: ArrayBuffer, at: number, n: number) => TypedArray)(memory, addresses[k]!, a.length))]));

export function runEvaluator(program: Program, args: readonly Argument[]): Outcome {
  const { memory, layout, addresses } = bind(program, args);
  const { result, exit } = evaluate(program, args.flatMap((a, k) => (typeof a === "number" ? [a] : [addresses[k]!, a.length])), memory, layout, { maxSteps: 1e6 });
  return { result, exit, arrays: readBack(memory, args, addresses), slots: Array.from(new Float64Array(memory, layout.slots, 4)) };
}

export function runJs(program: Program, args: readonly Argument[]): Outcome {
  const { source, direct } = emitJs(program);
  const { memory, layout, addresses } = bind(program, args);
  const env = jsEnv(memory, layout, 4);
  const own = args.map((a) => (typeof a === "number" ? a : a.slice()));
  const call = own.flatMap((a, k) => (typeof a === "number" ? [a] : direct[k] ? [a, a.length] : [addresses[k]!, a.length]));
  let result: number | bigint | undefined;
  let trapped = false;
  try { result = instantiateJs(source, env)(...call); } catch (e) { if (e !== trapSentinel) throw e; trapped = true; }
  const returns = program.exits.flatMap((e, k) => (e.kind === "return" ? [k] : []));
  const exit = trapped || returns.length > 1 ? env.status[0]! - 1 : returns[0] ?? 0;
  const after = readBack(memory, args, addresses);
  let nth = 0;
  const arrays = own.flatMap((a, k) => { if (typeof a === "number") return []; const at = nth++; return [direct[k] ? Array.from(a) : after[at]!]; });
  return { result, exit, arrays, slots: Array.from(env.out) };
}

export const program = (text: string): Program => parseProgram(`program\n${text}`);

/** The text of the residual's functions, without prologue and epilogue. */
export const printed = (p: Program): string => emitJs(p, { comments: false }).source.replace(/^"use strict";\n/, "");
