// A kernel's whole life, from a snapshot to what the back ends take: the table of contents of the compiler.
//
//   source text ─ lower ─→ js.* form ─ evaluatePartially ─→ machine form ─ runPasses ─→ machine form, optimized
//
// Everything here works on plain data (the snapshot, kinds, texts): it can run in a worker as well as on the main thread.

import { declareAnnotations as declareWords } from "./frontend/annotations.ts";
import { lower } from "./frontend/lower.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Expect, Kind } from "./ir/interface.ts";
import { checkProgram } from "./ir/check.ts";
import { printProgram, printUnit } from "./ir/print.ts";
import type { Code, NodeRef, SnapshotView } from "./ir/snapshot.ts";
import type { Program, Unit } from "./ir/types.ts";
import { runCustom, type CustomPass } from "./specialize/custom.ts";
import { evaluatePartially, tell, type Change, type Evaluated, type Told, type PureCalls } from "./specialize/partial/index.ts";
import { preludeText } from "./specialize/partial/prelude.ts";
import type { Noted } from "./specialize/notes.ts";
import { countOperations, runPasses, splitPasses, type PassOptions } from "./specialize/passes.ts";
import type { LoopNote } from "./specialize/vectorize/index.ts";
import { vectorizeProgram, type Relaxed } from "./specialize/vectorize/passes.ts";

export { annotationsOf } from "./frontend/lower.ts";
export type { CustomPass } from "./specialize/custom.ts";

/** Words of the user's own passes: texts are read anew. */
export function declareAnnotations(words: readonly string[]): void {
  declareWords(words);
  units.clear();
}

export type { FunctionFacts, Given, LineFacts, PureCalls, Told } from "./specialize/partial/index.ts";

export interface CompileOptions {
  readonly limits?: { readonly unroll?: number; readonly operations?: number; readonly compileMs?: number };
  /** false where the host has no vectors */
  readonly simd?: boolean;
  /** what may change bits */
  readonly relax?: Relaxed;
  /** passes of the user's own */
  readonly custom?: readonly CustomPass[];
  /** for tests and bisection: which passes run */
  readonly passes?: PassOptions;
}

export interface Request {
  readonly kernel: NodeRef;
  readonly snapshot: SnapshotView;
  readonly self: Kind;
  readonly args: readonly Kind[];
  readonly overlap: boolean;
  readonly options: CompileOptions;
  /** runs what `pure` declares, where the live functions are at hand */
  readonly callPure?: PureCalls | undefined;
}

export interface Stage { readonly pass: string; text(): string; readonly operations: number; readonly ms: number; readonly program: Program | null; readonly changes?: readonly Noted[] }

export interface Residual {
  /** before loops are split and vectorized: for JavaScript and the evaluator */
  readonly program: Program;
  /** for WebAssembly; made when it is asked for, which `ms.passes` then counts */
  readonly optimized: Program;
  readonly expects: readonly Expect[];
  readonly diagnostics: readonly Diagnostic[];
  /** What each step made. The programs and texts are not kept: they are made once more for whoever looks at one. */
  readonly stages: readonly Stage[];
  /** what partial evaluation did, line by line; it is done once more to find out */
  told(): Told;
  /** every change, those of the passes too, as `file:line:column  pass  before → after  reason` */
  readonly log: readonly string[];
  /** of each loop that could be vectorized: how many lanes, or why none */
  readonly loops: readonly { readonly line: number; readonly lanes: number; readonly why: string | null }[];
  readonly source: string;
  readonly vectorized: readonly { readonly line: number; readonly lanes: number }[];
  /** machine operations after lowering, counted in the text */
  readonly operations: number;
  readonly ms: { readonly parse: number; readonly evaluate: number; readonly passes: number };
}

/** Units by text (places in them count from its start): a function's source is lowered once. */
const units = new Map<string, Unit>();
const mostUnits = 1000;
let parseMs = 0;

function resolve(code: Code): Unit {
  const key = `${code.isClass}:${code.text}`;
  const known = units.get(key);
  if (known) return known;
  const start = performance.now();
  const unit = lower(code);
  parseMs += performance.now() - start;
  if (units.size >= mostUnits) units.delete(units.keys().next().value!);
  units.set(key, unit);
  return unit;
}

/** The free variables of a function's source. Throws Refusal where the source can't be taken. */
export const freeNames = (code: Code): readonly string[] => resolve(code).free;

const preludes = new Map<string, Code>();
function prelude(name: string): Code | undefined {
  const text = preludeText(name);
  if (text === undefined) return undefined;
  let code = preludes.get(name);
  if (!code) preludes.set(name, (code = { text, file: null, line: 1, column: 1, isClass: false }));
  return code;
}

/** A limit on how many passes run counts through all lists. */
const furtherOptions = (options: PassOptions | undefined, done: number): PassOptions =>
  ({ ...options, ...(options?.limit === undefined ? {} : { limit: Math.max(0, options.limit - done) }) });

/** Makes a residual of a kernel. Throws Refusal where the kernel can't be taken. */
export function residualize(request: Request): Residual {
  const { first, common, evaluated, ms, code } = commonPart(request, true);
  const { program } = common, done = common.stages.length; // what the closures below name is kept: nothing that leads to a stage's program
  let later: WasmPart | undefined;
  const wasm = (): WasmPart => {
    if (later) return later;
    const start = performance.now();
    const made = wasmPart(program, done, request.options, true);
    ms.passes += performance.now() - start;
    return (later = { ...made, stages: made.stages.map(light) });
  };
  const all = [...first, ...common.stages].map(light);
  let again: readonly Stage[] | undefined;
  const whole = (): readonly Stage[] => {
    if (again) return again;
    const { first, common } = commonPart(request, false);
    return (again = [...first, ...common.stages, ...wasmPart(common.program, common.stages.length, request.options, false).stages]);
  };
  const kept = ({ pass, operations, ms, changes }: Light, i: number): Stage =>
    ({ pass, operations, ms, ...(changes ? { changes } : {}), get program() { return whole()[i]!.program; }, text: () => whole()[i]!.text() });
  const lines = <T extends { readonly line: number }>(list: readonly T[]): T[] => list.map((l) => ({ ...l, line: l.line + (code?.line ?? 1) - 1 }));
  let told: Told | undefined, log: readonly string[] | undefined, stages: readonly Stage[] | undefined;
  const tellOnce = (): Told => (told ??= tell(evaluate(request, true).trace!, code ?? noCode));
  return {
    told: tellOnce,
    get log() { return (log ??= logOf(tellOnce().changes, [...all, ...wasm().stages].flatMap((stage) => stage.changes ?? []), code ?? noCode)); },
    get loops() { return lines(wasm().loops); },
    get vectorized() { return lines(wasm().loops.filter((l) => l.lanes > 1)); },
    get optimized() { return wasm().program; },
    get stages() { return (stages ??= [...all, ...wasm().stages].map(kept)); },
    program, expects: evaluated.expects, diagnostics: evaluated.diagnostics, source: code?.text ?? "", operations: countOperations(program), ms,
  };
}

function evaluate(request: Request, traced: boolean): Evaluated {
  const given = request.options.limits;
  const limits = { unroll: given?.unroll ?? 3000, operations: given?.operations ?? 50_000, steps: 5_000_000, ms: given?.compileMs ?? 10_000 };
  return evaluatePartially({ ...request, limits, resolve, prelude, traced });
}

/** What is remembered of a stage. */
type Light = Pick<Stage, "pass" | "operations" | "ms" | "changes">;
const light = ({ pass, operations, ms, changes }: Light): Light => ({ pass, operations, ms, ...(changes ? { changes } : {}) });

/** Lowering, partial evaluation and the passes that both back ends profit from. `forget`: the stages' programs are not wanted. */
function commonPart(request: Request, forget: boolean) {
  const node = request.snapshot.node(request.kernel);
  const code = node.kind === "function" ? node.code : null;
  parseMs = 0;
  const start = performance.now();
  const unit = code ? resolve(code) : null;
  const parsed = performance.now();
  const evaluated = evaluate(request, false);
  const done = performance.now();
  const { check } = request.options.passes ?? {};
  if (check) checkProgram(evaluated.program);
  const first = [evaluatedStage(forget ? null : evaluated.program, countOperations(evaluated.program), done - parsed)];
  if (unit) first.unshift({ pass: "lower", program: null, text: () => printUnit(unit), operations: 0, ms: parsed - start });
  const passed = runPasses(evaluated.program, { ...request.options.passes, forget });
  const custom = request.options.custom?.length ? runCustom(passed.program, request.options.custom, code ?? noCode) : null;
  const common = custom ? { program: custom.program, stages: [...passed.stages, ...custom.stages] } : passed;
  const { expects, diagnostics } = evaluated;
  return { first, common, evaluated: { expects, diagnostics }, code, ms: { parse: parseMs, evaluate: done - parsed, passes: performance.now() - done } };
}

const evaluatedStage = (program: Program | null, operations: number, ms: number): Stage =>
  ({ pass: "evaluate", program, operations, ms, text: () => printProgram(program!, { elements: 1024 }) });

interface WasmPart { readonly program: Program; readonly stages: readonly Light[]; readonly loops: readonly LoopNote[] }

/** The passes that only WebAssembly profits from, `done` others having run. */
function wasmPart(program: Program, done: number, { passes, simd, relax }: CompileOptions, forget: boolean): WasmPart & { readonly stages: readonly Stage[] } {
  if (passes?.passes !== undefined) return { program, stages: [], loops: [] }; // a list of one's own is all there is to run
  const split = runPasses(program, { ...furtherOptions(passes, done), passes: splitPasses, forget });
  if (simd === false) return { ...split, loops: [] };
  const vector = vectorizeProgram(split.program, { ...furtherOptions(passes, done + split.stages.length), forget }, relax);
  return { program: vector.program, stages: [...split.stages, ...vector.stages], loops: vector.loops };
}

const noCode: Code = { text: "", file: null, line: 1, column: 1, isClass: false };

/** `file:line:column  pass  before → after  reason`, of partial evaluation, then of the passes in their order. */
function logOf(changes: readonly Change[], noted: readonly Noted[], kernel: Code): string[] {
  const line = (code: Code, place: Noted["place"], pass: string, before: string, after: string, reason: string, times: number): string => {
    const at = place ? `${code.line + place.line - 1}:${place.line === 1 ? code.column + place.column - 1 : place.column}` : "–";
    return `${code.file ?? "<anonymous>"}:${at}  ${pass}  ${before} → ${after}  ${reason}${times > 1 ? `  (×${times})` : ""}`;
  };
  return [
    ...changes.map((c) => line(c.code, c.place, c.pass, c.before, c.after, c.reason, c.times)),
    ...noted.map((n) => line(kernel, n.place, n.pass, n.before, n.after, n.reason, n.times)),
  ];
}
