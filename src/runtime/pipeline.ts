// What the runtime needs of the compiler and of capture, as one object: the kernel is written against it, wiring.ts gives the real one,
// tests give others (a compiler that refuses, a snapshot that changes), and a worker can take its place.

import type { Accessors } from "../capture/accessors.ts";
import type { Exporter } from "../capture/exporter.ts";
import type { Read } from "../capture/serial.ts";
import type { Described, SlowPaths } from "../capture/kinds.ts";
import type { CustomPass, PureCalls, Residual, Template } from "../compile.ts";
import type { Kind, Path, RareCase } from "../ir/interface.ts";
import type { Captured, Code, NodeRef, SnapshotView, SnapValue } from "../ir/snapshot.ts";
import type { Program } from "../ir/types.ts";
import type { SharedMemory } from "./memory.ts";
import type { Limits, Relax } from "./options.ts";
import type { BuiltTier, TierName } from "./tiers.ts";
import type { Workshop } from "./workshop.ts";

/** A snapshot over live values: see src/capture/snapshot.ts. */
export interface LiveSnapshot extends SnapshotView {
  value(live: unknown): SnapValue;
  live(ref: NodeRef): unknown;
  /** What was read of an array or an object, of that the objects: a value that matches holds what counts as these. Nothing is read by it, and the live one may hold others by now. */
  parts(ref: NodeRef): readonly (readonly [key: string | number, part: NodeRef])[];
  /** do the live contents equal the snapshot's, as far as anything was read of it? */
  matches(value: SnapValue, live: unknown): boolean;
  matchesAll(values: readonly SnapValue[], lives: readonly unknown[]): boolean;
  identify(node: number, own: boolean): void;
  /** what guards do not compare from now on, and that alone: what these nodes hold, or these properties of theirs */
  readAnew(named: readonly { readonly node: number; readonly key?: string }[]): void;
  touchedNodes(): ReadonlySet<number>;
  fingerprint(values: readonly SnapValue[]): string;
  isDeepFrozen(ref: NodeRef): boolean;
  /** how a captured variable that was read is read and written */
  accessors(fn: NodeRef, name: string): Accessors | null;
  /** makes plain data of it, for the worker */
  exporter(kernel: NodeRef): Exporter;
  /** reads what the worker read */
  replay(trace: readonly Read[]): void;
  /** the captured variables that were read */
  capturesRead(): readonly { readonly name: string; readonly captured: Captured; readonly accessors: Accessors | null }[];
}

export interface Request {
  readonly kernel: NodeRef;
  readonly snapshot: LiveSnapshot;
  readonly self: Kind;
  readonly args: readonly Kind[];
  readonly overlap: boolean;
  readonly options: { readonly limits: Limits; readonly relax: Required<Relax>; readonly pure: readonly ((...args: never[]) => unknown)[]; readonly custom?: readonly CustomPass[]; readonly simd?: boolean; readonly rare?: readonly RareCase[]; readonly gaveUp?: number };
  readonly callPure?: PureCalls | undefined;
  /** the passes behind the first few can wait; or can where the program is large */
  readonly quick?: boolean | "large";
}

export interface Pipeline {
  codeOf(fn: (...args: never[]) => unknown): Code;
  /** what `@slow` and `@fast` name */
  annotations(code: Code): { readonly slow: readonly string[]; readonly fast: readonly string[] };
  snapshot(env: Readonly<Record<string, unknown>>, kernel: (...args: never[]) => unknown): LiveSnapshot;
  /** `known`: fast strings that are static all the same */
  describe(self: unknown, args: readonly unknown[], slow: SlowPaths, snapshot: LiveSnapshot, known: readonly Path[], fractions: ReadonlySet<string>): Described;
  /** throws Refusal */
  residualize(request: Request): Residual;
  /** a program for all values that differ in nothing that decides; null: there is none. `pinned`: what is known to decide, which it adds to */
  readonly template?: (request: Request, pinned: Set<string>) => Template | null;
  /** a residual whose quick program keeps every loop, made in so much work; null: that does not do */
  readonly rolled?: (request: Request, work: number) => Residual | null;
  /** … of a kernel of which nothing is slow: wanted when the slow values' shape has changed so often from one version to the next */
  readonly generic?: { readonly after: number; make(request: Request, work: number): Residual | null };
  ready(): Promise<void>;
  /** where versions are made in the background; null: here, between two calls */
  workshop(): Workshop | null;
  /** another engine in a back end's place: the evaluator, when these are held against it */
  readonly build?: (program: Program, memory: SharedMemory, tier: TierName) => BuiltTier | null;
}
