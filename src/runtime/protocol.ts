// What the main thread and the worker say to each other: plain data that structured clone takes.
//
//   main                         worker
//   build ───────────────────────→   lower, evaluate partially, run the passes
//         ←─────────────────── needs   the snapshot lacks something; `more` brings it, and the evaluation starts again
//         ←──────────────── residual   all of the version but its code
//   emit  ───────────────────────→   the addresses are known: emit, compile
//         ←────────────────── module
//         ←──────────────────── warm   it has run on scratch data until the engine optimized it
// `refused` or `failed` may come in the place of any answer, and ends the job; so does `drop`, which has no answer.

import type { Need, Parcel, Read } from "../capture/serial.ts";
import type { PackedReads } from "../capture/trace.ts";
import type { CompileOptions, Residual } from "../compile.ts";
import type { Diagnostic, Refusal, SourceText } from "../diagnostic.ts";
import type { Kind, TypedArrayName } from "../ir/interface.ts";
import type { Layout } from "../ir/layout.ts";
import type { Program, ProgramHead, Type } from "../ir/types.ts";
import type { EmitOptions } from "../wasm/emit.ts";
import type { CacheSetting } from "./cache.ts";

export interface BuildOrder {
  readonly type: "build";
  readonly job: number;
  readonly kernel: number;
  readonly self: Kind;
  readonly args: readonly Kind[];
  readonly overlap: boolean;
  readonly options: CompileOptions;
  readonly parcel: Parcel;
  /** residual JavaScript is wanted for residuals of up to so many operations */
  readonly jsOperations: number;
  readonly wasm: boolean;
  readonly emit: EmitOptions & { readonly sourceMap: SourceText };
  /** the kernel's */
  readonly name: string;
  /** where versions are kept for the next process; null: nowhere */
  readonly cache: CacheSetting | null;
}

/** A machine parameter to warm a module with: what a call had, arrays only by length where they are large. */
export type Sample =
  | { readonly as: "number"; readonly value: number }
  | { readonly as: "array"; readonly array: TypedArrayName; readonly length: number; readonly values: ArrayLike<number> | null };

export interface EmitOrder {
  readonly type: "emit";
  readonly job: number;
  readonly layout: Layout;
  /** bytes of the memory that it will run on */
  readonly memory: number;
  /** null: it is not to be warmed */
  readonly samples: readonly Sample[] | null;
}

export type Order =
  | BuildOrder
  | { readonly type: "more"; readonly job: number; readonly parcel: Parcel }
  | EmitOrder
  | { readonly type: "drop"; readonly job: number }
  /** answered at once through the port; whoever asks waits for `done` */
  | { readonly type: "text"; readonly job: number; readonly bytes: Uint8Array; readonly port: { postMessage(text: string): void; close(): void };
    readonly done: Int32Array };

export interface Emission {
  readonly head: ProgramHead;
  readonly params: readonly Type[];
  readonly results: readonly Type[];
}

export interface ResidualAnswer {
  readonly type: "residual";
  readonly job: number;
  readonly trace: PackedReads;
  readonly facts: Pick<Residual, "expects" | "diagnostics" | "source" | "gaveUp" | "vectorized" | "operations" | "ms" | "passMs">;
  readonly wasm: Emission | null;
  /** where the module is to lie so that it need not be made: it is in the cache for these addresses */
  readonly layouts: readonly Layout[];
  /** equal for programs of equal code and tables; null where the host can't tell */
  readonly key: string | null;
  readonly js: (Emission & { readonly source: string; readonly direct: readonly boolean[]; readonly memory: boolean; readonly sourceMap: string }) | null;
}

/** What the worker keeps of an answer. */
export type Evaluated = Omit<ResidualAnswer, "trace"> & { readonly trace: readonly Read[] };

export interface ModuleAnswer {
  readonly type: "module";
  readonly job: number;
  readonly module: WebAssembly.Module;
  readonly bytes: Uint8Array;
  readonly imports: readonly { readonly module: string; readonly name: string }[];
  readonly sourceMap: string | null;
  readonly ms: { readonly emit: number; readonly compile: number };
  /** it came from the cache */
  readonly cached: boolean;
}

export type Answer =
  | { readonly type: "needs"; readonly job: number; readonly needs: readonly Need[] }
  | ResidualAnswer
  | ModuleAnswer
  | { readonly type: "warm"; readonly job: number; readonly calls: number }
  | { readonly type: "refused"; readonly job: number; readonly diagnostic: Diagnostic; readonly notes: readonly Diagnostic[]; readonly demote: Refusal["demote"]; readonly promote: Refusal["promote"]; readonly gaveUp: number }
  | { readonly type: "failed"; readonly job: number; readonly message: string };

/** A program without its code. */
export function emissionOf({ functions, ...head }: Program): Emission {
  const [entry] = functions;
  return { head, params: entry!.params.map(({ type }) => type), results: entry!.results };
}
