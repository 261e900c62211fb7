// Kernels in JavaScript through the whole compiler: what vectorization made of them, run by the evaluator, against the engine running the original.

import { expect } from "vitest";
import { describe as describeCall } from "../../src/capture/kinds.ts";
import { Snapshot } from "../../src/capture/snapshot.ts";
import { loadWasmPasses, residualize, type Residual } from "../../src/compile.ts";
import { checkProgram } from "../../src/ir/check.ts";
import { evaluate } from "../../src/ir/evaluate.ts";
import { layOut, writeData } from "../../src/ir/layout.ts";
import type { Program } from "../../src/ir/types.ts";
import { loopNotes, type LoopNote } from "../../src/specialize/vectorize/index.ts";

await loadWasmPasses();

export type Typed = Float64Array | Float32Array | Int32Array | Int16Array | Uint16Array | Int8Array | Uint8Array | Uint8ClampedArray | Uint32Array;
export type Kernel = (...args: never[]) => unknown;

export interface Compiled { readonly residual: Residual; readonly loops: readonly LoopNote[] }

/** The kernel specialised for these arguments; those at the positions in `slow` are compiled in. */
export function compileKernel(kernel: Kernel, args: readonly unknown[], slow: readonly number[] = [], overlap = false, skip: ReadonlySet<string> = new Set()): Compiled {
  const snapshot = new Snapshot({ kernel });
  const call = describeCall(undefined, [...args], new Map(slow.map((i) => [i, true] as const)), snapshot);
  const residual = residualize({
    kernel: snapshot.value(kernel) as { readonly node: number }, snapshot, self: call.self, args: call.args, overlap: overlap || call.overlap,
    options: { passes: { check: true, skip } },
  });
  checkProgram(residual.optimized);
  const stage = residual.stages.find((s) => s.pass === "vectorize");
  return { residual, loops: stage?.program?.functions.flatMap(loopNotes) ?? [] };
}

export const lanesOf = (compiled: Compiled): number => Math.max(1, ...compiled.residual.vectorized.map((l) => l.lanes));

/** Runs a program on copies of the arguments that lie in memory, arrays over one buffer staying so; gives result and copies. */
export function runProgram(program: Program, args: readonly unknown[], gap = 0): { result: unknown; arrays: Typed[]; executed: number } {
  const memory = new ArrayBuffer(1 << 18);
  const { layout, end } = layOut(program, 65536);
  writeData(program, memory, layout);
  let at = (end + 15 & ~15) + gap;
  const buffers = new Map<ArrayBufferLike, number>();
  const params: number[] = [];
  const arrays = new Map<unknown, Typed>();
  for (const input of program.inputs) {
    const value = args[input.path.root as number];
    if (input.as !== "typed") { params.push(Number(value)); continue; }
    const view = value as Typed;
    let start = buffers.get(view.buffer);
    if (start === undefined) {
      buffers.set(view.buffer, start = at);
      new Uint8Array(memory, start, view.buffer.byteLength).set(new Uint8Array(view.buffer));
      at = (start + view.buffer.byteLength + 15) & ~7;
    }
    const inside = new (view.constructor as new (b: ArrayBuffer, o: number, n: number) => Typed)(memory, start + view.byteOffset, view.length);
    arrays.set(value, inside);
    params.push(inside.byteOffset, inside.length);
  }
  const { result: value, exit, executed } = evaluate(program, params, memory, layout, { maxSteps: 5e6 });
  const outcome = program.exits[exit]!;
  if (outcome.kind !== "return") throw new Error(`the original would have to run: ${outcome.reason}`);
  const result = outcome.value.make === "const" ? outcome.value.value : value;
  return { result, arrays: args.flatMap((a) => arrays.get(a) ?? []), executed };
}

/** Copies of the arguments, views over one buffer staying so. */
function copyArgs(args: readonly unknown[]): unknown[] {
  const buffers = new Map<ArrayBufferLike, ArrayBuffer>();
  const known = new Map<unknown, unknown>();
  return args.map((a) => {
    if (!ArrayBuffer.isView(a)) return a;
    const view = a as Typed;
    if (known.has(a)) return known.get(a);
    let buffer = buffers.get(view.buffer);
    if (!buffer) buffers.set(view.buffer, buffer = (view.buffer as ArrayBuffer).slice(0));
    const copy = new (view.constructor as new (b: ArrayBuffer, o: number, n: number) => Typed)(buffer, view.byteOffset, view.length);
    known.set(a, copy);
    return copy;
  });
}

/** The compiled kernel leaves the same bits as the original, for each list of arguments. */
export function expectSame(kernel: Kernel, compiled: Compiled, calls: readonly (readonly unknown[])[]): void {
  for (const args of calls) {
    const copies = copyArgs(args);
    const wanted = (kernel as (...a: unknown[]) => unknown)(...copies);
    const { residual } = compiled;
    const got = runProgram(residual.optimized, args);
    const sizes = args.map((a) => (ArrayBuffer.isView(a) ? (a as Typed).length : a)).join(", ");
    args.filter((a) => residual.optimized.inputs.some((i) => args[i.path.root as number] === a && i.as === "typed")).forEach((a, i) => {
      const want = copies[args.indexOf(a)] as Typed;
      const differing = Array.from(want).findIndex((x, k) => !Object.is(x, got.arrays[i]![k]));
      if (differing >= 0) expect.fail(`(${sizes}): array ${i}[${differing}] is ${got.arrays[i]![differing]}, not ${want[differing]}\n${residual.stages.find((s) => s.pass === "vectorize")?.text()}`);
    });
    if (typeof wanted === "number") expect(Object.is(got.result, wanted), `(${sizes}) gives ${String(got.result)}, not ${wanted}`).toBe(true);
  }
}

/** Numbers with everything that doubles have: both zeros, NaN, infinities, fractions. */
export function doubles(n: number, seed = 1): Float64Array {
  const odd = [0, -0, NaN, Infinity, -Infinity, 1e308, 5e-324, 0.5, -0.5, 2147483648, -1];
  return Float64Array.from({ length: n }, (_, i) => ((i * 7 + seed) % 5 === 0 ? odd[(i + seed) % odd.length]! : ((i * 7919 + seed * 31) % 1000) / 64 - 5));
}
/** Whole numbers over all of an array's range. */
export function whole<T extends Typed>(array: T, seed = 1): T {
  for (let i = 0; i < array.length; i++) array[i] = Math.imul(i + seed, 0x9e3779b1) >>> 7;
  return array;
}
