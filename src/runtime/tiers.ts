// A program made callable: as residual JavaScript or as a WebAssembly instance, bound to the shared memory.

import type { SourceText } from "../diagnostic.ts";
import { canCompile, instantiateJs, jsEnv } from "../js/instantiate.ts";
import { freeMemorySegment, type Layout } from "../ir/layout.ts";
import type { Program, ProgramHead, Type } from "../ir/types.ts";
import type { EmitOptions } from "../wasm/emit.ts";
import { available, instantiate } from "../wasm/instantiate.ts";
import { loaded, writer } from "../wasm/ready.ts";
import { textFor, type Mapping, type ResidualText } from "./text.ts";
import { bind, outcomeMemory, sharedMemory, slotCount, type SharedMemory } from "./memory.ts";

export type TierName = "js" | "wasm";

export interface BuiltTier {
  readonly tier: TierName;
  /** where its outcome lies, if not in the shared memory */
  readonly memory?: SharedMemory;
  readonly run: (...params: (number | bigint | object)[]) => number | undefined;
  /** is input i's array itself passed, in place of its address? */
  direct(input: number): boolean;
  /** of the module; 0 for JavaScript */
  readonly bytes: number;
  readonly code: Uint8Array | null;
  readonly imports: readonly { readonly module: string; readonly name: string }[];
  wat(): string;
  /** from its code to the user's, made when it is asked for */
  readonly sourceMap: string | null;
  readonly ms: { readonly emit: number; readonly instantiate: number };
  /** where `run` is a WebAssembly function itself: what it takes and gives */
  readonly type?: { readonly params: readonly Type[]; readonly results: readonly Type[] } | null;
  /** gives its memory back; it is not called any more */
  release(): void;
}

/** Can residual JavaScript run here? A content-security policy may forbid it. */
export const canRunJs = canCompile;
/** Can WebAssembly be made now? Binaryen must be loaded, and the host must take modules. */
export const canRunWasm = (memory: SharedMemory | null): boolean => memory?.wasm != null && available() && loaded();

/** Sets where free memory begins and ends before each call of a program that takes of it. */
export function withFreeMemory(program: ProgramHead, layout: Layout, memory: SharedMemory, run: BuiltTier["run"]): BuiltTier["run"] {
  const segment = freeMemorySegment(program);
  if (segment < 0) return run;
  const at = layout.data[segment]! >> 2;
  return (...params) => {
    memory.i32[at] = (memory.allocator.top + 15) & ~15;
    memory.i32[at + 1] = memory.stack;
    return run(...params);
  };
}

/** Null: the memory is full, or the host grants none. */
export function buildJs(program: Program, name: string, mapping: Mapping): BuiltTier | null {
  const started = performance.now();
  const emitted = textFor(program, name, mapping), emitMs = performance.now() - started;
  const memory = takesArraysThemselves(program, emitted) ? outcomeMemory() : sharedMemory();
  return memory && instantiateText(emitted, program, memory, emitMs);
}

/** Whether nothing is ever copied into memory for it, and nothing lies there. */
const takesArraysThemselves = ({ inputs, exits }: ProgramHead, { memory, direct }: ResidualText): boolean =>
  !memory && !exits.some((exit) => exit.kind === "bail" && !exit.clean) // these leave the caller's arrays as they were: copies are written
  && inputs.every((input, i) => !("space" in input) || (input.as === "typed" && direct[i] === true && input.over === undefined));

/** A tier of residual JavaScript's text, wherever that was printed. Null: the memory is full. */
export function instantiateText(emitted: ResidualText, program: ProgramHead, memory: SharedMemory, emitMs: number): BuiltTier | null {
  const bound = emitted.memory ? bind(program, memory) : { layout: { data: [], frame: 0, slots: memory.slots.byteOffset, status: memory.status.byteOffset }, release() {} };
  if (bound === null) return null;
  const started = performance.now();
  const run = instantiateJs(emitted.source, jsEnv(memory.buffer, bound.layout, slotCount)) as BuiltTier["run"];
  return {
    tier: "js", memory, run: withFreeMemory(program, bound.layout, memory, run), direct: (input) => emitted.direct[input] === true, bytes: 0, code: null, imports: [], wat: () => "",
    get sourceMap() { return emitted.sourceMap(); },
    type: null, ms: { emit: emitMs, instantiate: performance.now() - started }, release: () => bound.release(),
  };
}

/** `text`: what the program's places count in. Null: the memory is full. Requires canRunWasm(memory). */
export function buildWasm(program: Program, memory: SharedMemory, options: EmitOptions, text: () => SourceText): BuiltTier | null {
  const started = performance.now();
  const bound = bind(program, memory);
  if (bound === null) return null;
  try {
    const { emit } = writer();
    const { sourceMap: _later, ...now } = options; // a map is made when somebody wants to see it
    const mapped = (): EmitOptions => ({ ...now, sourceMap: text() });
    const emitted = emit(program, bound.layout, options.embedMap ? mapped() : now);
    const emittedAt = performance.now();
    const { run } = instantiate(emitted.bytes, memory.wasm!);
    return {
      tier: "wasm", run: withFreeMemory(program, bound.layout, memory, run as BuiltTier["run"]), direct: () => false, bytes: emitted.bytes.length, code: emitted.bytes, imports: emitted.imports,
      wat: () => emitted.wat(), get sourceMap() { return emit(program, bound.layout, mapped()).sourceMap ?? null; },
      type: freeMemorySegment(program) < 0 ? { params: program.functions[0]!.params.map(({ type }) => type), results: program.functions[0]!.results } : null,
      ms: { emit: emittedAt - started, instantiate: performance.now() - emittedAt }, release: () => bound.release(),
    };
  } catch (error) {
    bound.release();
    throw error;
  }
}
