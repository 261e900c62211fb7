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
import { evaluatePartially, tell, type Change, type Told, type PureCalls } from "./specialize/partial/index.ts";
import { preludeText } from "./specialize/partial/prelude.ts";
import type { Noted } from "./specialize/notes.ts";
import { countOperations, runPasses, splitPasses, type PassOptions } from "./specialize/passes.ts";
import { vectorizeProgram } from "./specialize/vectorize/passes.ts";

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
  /** for WebAssembly */
  readonly optimized: Program;
  readonly expects: readonly Expect[];
  readonly diagnostics: readonly Diagnostic[];
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

/** Units by text: a function's source is lowered once. */
const units = new Map<string, { text: string; unit: Unit }>();
const mostUnits = 1000;
let parseMs = 0;

function resolve(code: Code): Unit {
  const key = `${code.file ?? ""}:${code.line}:${code.column}:${code.isClass}:${code.text}`;
  const known = units.get(key);
  if (known) return known.unit;
  const start = performance.now();
  const unit = lower(code);
  parseMs += performance.now() - start;
  if (units.size >= mostUnits) units.delete(units.keys().next().value!);
  units.set(key, { text: code.text, unit });
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
  const node = request.snapshot.node(request.kernel);
  const code = node.kind === "function" ? node.code : null;
  parseMs = 0;
  const start = performance.now();
  if (code) resolve(code);
  const parsed = performance.now();
  const unit = code ? resolve(code) : null;
  const limits = { unroll: request.options.limits?.unroll ?? 3000, operations: request.options.limits?.operations ?? 50_000, steps: 5_000_000, ms: request.options.limits?.compileMs ?? 10_000 };
  const evaluated = evaluatePartially({ ...request, limits, resolve, prelude });
  const done = performance.now();
  if (request.options.passes?.check) checkProgram(evaluated.program);
  const first: Stage = { pass: "evaluate", program: evaluated.program, text: () => printProgram(evaluated.program, { elements: 1024 }), operations: countOperations(evaluated.program), ms: done - parsed };
  const common = runPasses(evaluated.program, request.options.passes);
  const custom = request.options.custom?.length ? runCustom(common.program, request.options.custom, code ?? noCode) : { program: common.program, stages: [] };
  const { program } = custom, stages = [...common.stages, ...custom.stages];
  const own = request.options.passes?.passes !== undefined; // a list of one's own is all there is to run
  const split = own ? { program, stages: [] } : runPasses(program, { ...furtherOptions(request.options.passes, stages.length), passes: splitPasses });
  const vector = request.options.simd === false || own
    ? null : vectorizeProgram(split.program, furtherOptions(request.options.passes, stages.length + split.stages.length));
  const end = performance.now();
  const all: Stage[] = [...(unit ? [{ pass: "lower", program: null, text: () => printUnit(unit), operations: 0, ms: parsed - start }] : []), first, ...stages, ...split.stages, ...(vector?.stages ?? [])];
  const loops = (vector?.loops ?? []).map((l) => ({ ...l, line: l.line + (code?.line ?? 1) - 1 }));
  let told: Told | undefined, log: readonly string[] | undefined;
  const tellOnce = (): Told => (told ??= tell(evaluatePartially({ ...request, limits, resolve, prelude, traced: true }).trace!, code ?? noCode));
  return {
    told: tellOnce,
    get log() { return (log ??= logOf(tellOnce().changes, all.flatMap((stage) => stage.changes ?? []), code ?? noCode)); },
    loops,
    program, optimized: vector?.program ?? split.program, expects: evaluated.expects, diagnostics: evaluated.diagnostics, source: code?.text ?? "",
    stages: all,
    vectorized: loops.filter((l) => l.lanes > 1), operations: countOperations(program),
    ms: { parse: parseMs, evaluate: done - parsed, passes: end - done },
  };
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
