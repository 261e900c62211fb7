// A kernel's whole life, from a snapshot to what the back ends take: the table of contents of the compiler.
//
//   source text ─ lower ─→ js.* form ─ evaluatePartially ─→ machine form ─ runPasses ─→ machine form, optimized
//
// Everything here works on plain data (the snapshot, kinds, texts): it can run in a worker as well as on the main thread.

import { declareAnnotations as declareWords } from "./frontend/annotations.ts";
import { lower } from "./frontend/lower.ts";
import { Refusal, type Diagnostic } from "./diagnostic.ts";
import type { Expect, Kind, RareCase } from "./ir/interface.ts";
import { checkProgram } from "./ir/check.ts";
import { printProgram, printUnit } from "./ir/print.ts";
import type { Code, NodeRef, SnapshotView } from "./ir/snapshot.ts";
import type { Program, Unit } from "./ir/types.ts";
import { runCustom, type CustomPass } from "./specialize/custom.ts";
import { evaluatePartially, NoTemplate, staticAt, tell, type Change, type Evaluated, type Pinned, type Told, type PureCalls } from "./specialize/partial/index.ts";
import { preludeText } from "./specialize/partial/prelude.ts";
import type { Noted } from "./specialize/notes.ts";
import { countOperations, large, passes, quickPasses, runPasses, splitPasses, type PassOptions } from "./specialize/passes.ts";
import type { LoopNote } from "./specialize/vectorize/index.ts";
import type { Relaxed } from "./specialize/vectorize/passes.ts";
import { ready } from "./wasm/ready.ts";

export { annotationsOf } from "./frontend/lower.ts";
export type { CustomPass } from "./specialize/custom.ts";
export { large } from "./specialize/passes.ts";

/** Words of the user's own passes: texts are read anew. */
export function declareAnnotations(words: readonly string[]): void {
  declareWords(words);
  units.clear();
}

/** The passes that only WebAssembly profits from are loaded when it is made: whoever is served by JavaScript never reads them. */
type WasmPasses = Pick<typeof import("./specialize/vectorize/passes.ts"), "vectorizeProgram">;
let wasmPasses: WasmPasses | null = null;
export function useWasmPasses(passes: WasmPasses): void { wasmPasses = passes; }
export async function loadWasmPasses(): Promise<void> { if (wasmPasses === null) useWasmPasses(await import("./specialize/vectorize/passes.ts")); }
/** Loads all that makes WebAssembly, Binaryen included. */
export async function readyForWasm(): Promise<void> {
  await loadWasmPasses(); // first: where WebAssembly can be written, they are there
  await ready();
}

export type { FunctionFacts, Given, LineFacts, Pinned, PureCalls, Told } from "./specialize/partial/index.ts";

export interface CompileOptions {
  readonly limits?: { readonly unroll?: number; readonly operations?: number; readonly compileMs?: number };
  /** false where the host has no vectors */
  readonly simd?: boolean;
  /** what calls of the kernel have done that programs are at first made without */
  readonly rare?: readonly RareCase[];
  /** at how many levels of the budget an earlier version of the kernel gave up */
  readonly gaveUp?: number;
  /** what may change bits */
  readonly relax?: Relaxed;
  /** passes of the user's own */
  readonly custom?: readonly CustomPass[];
  /** for tests and bisection: which passes run */
  readonly passes?: PassOptions;
}

export type Quick = boolean | "large";

export interface Request {
  readonly kernel: NodeRef;
  readonly snapshot: SnapshotView;
  readonly self: Kind;
  readonly args: readonly Kind[];
  readonly overlap: boolean;
  readonly options: CompileOptions;
  /** runs what `pure` declares, where the live functions are at hand */
  readonly callPure?: PureCalls | undefined;
  /** `Residual.quick` is wanted at once, or only of a large program; all passes behind it run when what they make is asked for */
  readonly quick?: Quick;
}

export interface Stage { readonly pass: string; text(): string; readonly operations: number; readonly ms: number; readonly program: Program | null; readonly changes?: readonly Noted[] }

export interface Residual {
  /** what the first few passes made: a program that serves until the others have run; null where it was not asked for */
  readonly quick: Program | null;
  /** before loops are split and vectorized: for JavaScript and the evaluator */
  readonly program: Program;
  /** for WebAssembly, if its passes are loaded (readyForWasm); made when it is asked for, which `ms.passes` then counts */
  readonly optimized: Program;
  readonly expects: readonly Expect[];
  readonly diagnostics: readonly Diagnostic[];
  /** at how many levels of its budget partial evaluation gave up */
  readonly gaveUp: number;
  /** what partial evaluation did, as its budget counts it; absent where that was done elsewhere */
  readonly work?: number;
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
  /** milliseconds, by pass, of those that have run so far */
  readonly passMs: Readonly<Record<string, number>>;
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
  let begun: Begun | null = begin(request, true); // what partial evaluation wrote is kept as long as passes are to come
  const { evaluated, ms, code, before } = begun, first = begun.stages.map(light);
  let { quick } = begun;
  const timed = <T>(work: () => T): T => {
    const start = performance.now();
    try { return work(); } finally { ms.passes += performance.now() - start; }
  };
  let made: CommonPart | undefined;
  const common = (): CommonPart => {
    if (made) return made;
    const { program, stages } = timed(() => commonPart(begun!, request.options, true));
    begun = quick = null;
    return (made = { program, stages: stages.map(light) });
  };
  if (quick === null) common();
  let later: WasmPart | undefined;
  const wasm = (): WasmPart => {
    if (later) return later;
    const { program, stages } = common();
    const further = wasmPasses;
    if (further === null) return { program, stages: [], loops: [] }; // nobody has wanted WebAssembly yet: asked again, it may be otherwise
    const part = timed(() => wasmPart(further, program, first.length - before + stages.length, request.options, true));
    return (later = { ...part, stages: part.stages.map(light) });
  };
  let again: readonly Stage[] | undefined;
  const whole = (): readonly Stage[] => {
    if (again) return again;
    const begun = begin(request, false), common = commonPart(begun, request.options, false), early = [...begun.stages, ...common.stages];
    if (wasmPasses === null) return early;
    return (again = [...early, ...wasmPart(wasmPasses, common.program, early.length - before, request.options, false).stages]);
  };
  const kept = ({ pass, operations, ms, changes }: Light, i: number): Stage =>
    ({ pass, operations, ms, ...(changes ? { changes } : {}), get program() { return whole()[i]!.program; }, text: () => whole()[i]!.text() });
  const lines = <T extends { readonly line: number }>(list: readonly T[]): T[] => list.map((l) => ({ ...l, line: l.line + (code?.line ?? 1) - 1 }));
  const complete: { log?: readonly string[]; stages?: readonly Stage[] } = {};
  /** Made once, when all passes have run. */
  const onceComplete = <K extends keyof typeof complete>(what: K, make: () => NonNullable<(typeof complete)[K]>): NonNullable<(typeof complete)[K]> => {
    const made = complete[what] ?? make();
    if (later) complete[what] = made;
    return made;
  };
  let told: Told | undefined;
  const tellOnce = (): Told => (told ??= tell(evaluate(request, true).trace!, code ?? noCode));
  const all = (): readonly Light[] => [...first, ...common().stages, ...wasm().stages];
  return {
    told: tellOnce,
    get log() { return onceComplete("log", () => logOf(tellOnce().changes, all().flatMap((stage) => stage.changes ?? []), code ?? noCode)); },
    get loops() { return lines(wasm().loops); },
    get vectorized() { return lines(wasm().loops.filter((l) => l.lanes > 1)); },
    get program() { return common().program; },
    get optimized() { return wasm().program; },
    get stages() { return onceComplete("stages", () => all().map(kept)); },
    get operations() { return countOperations(made?.program ?? quick!); },
    get passMs() { return sumOf([...first.slice(before), ...(made?.stages ?? []), ...(later?.stages ?? [])]); },
    get quick() { return quick; },
    expects: evaluated.expects, diagnostics: evaluated.diagnostics, gaveUp: evaluated.gaveUp, work: evaluated.work, source: code?.text ?? "", ms,
  };
}

function sumOf(stages: readonly Pick<Light, "pass" | "ms">[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { pass, ms } of stages) sums[pass] = (sums[pass] ?? 0) + ms;
  return sums;
}

/** `pinned`: a template is wanted. `rolled`: every loop is to be kept, in so much work. */
interface Form { readonly pinned?: Pinned; readonly rolled?: number }
function evaluate(request: Request, traced: boolean, { pinned, rolled }: Form = {}): Evaluated {
  const given = request.options.limits;
  const limits = { unroll: given?.unroll ?? 3000, operations: given?.operations ?? 50_000, ms: given?.compileMs ?? 10_000, gaveUp: request.options.gaveUp, rolled };
  return evaluatePartially({ ...request, limits, rare: request.options.rare, resolve, prelude, traced, ...(pinned === undefined ? {} : { pinned }) });
}

/** What is remembered of a stage. */
type Light = Pick<Stage, "pass" | "operations" | "ms" | "changes">;
const light = ({ pass, operations, ms, changes }: Light): Light => ({ pass, operations, ms, ...(changes ? { changes } : {}) });

/** Lowering, partial evaluation, and the first few passes where a quick program is wanted. */
interface Begun {
  /** for the passes to come, behind so many */
  readonly program: Program;
  readonly passed: number;
  readonly quick: Program | null;
  readonly stages: readonly Stage[];
  /** how many of the stages stand before the first pass */
  readonly before: number;
  readonly evaluated: Pick<Evaluated, "expects" | "diagnostics" | "gaveUp" | "work">;
  readonly code: Code | null;
  readonly ms: { parse: number; evaluate: number; passes: number };
}

/** `forget`: the stages' programs are not wanted. */
function begin(request: Request, forget: boolean): Begun {
  const node = request.snapshot.node(request.kernel);
  const code = node.kind === "function" ? node.code : null;
  parseMs = 0;
  const start = performance.now();
  const unit = code ? resolve(code) : null;
  const parsed = performance.now();
  const { program, expects, diagnostics, gaveUp, work } = evaluate(request, false);
  const done = performance.now();
  if (request.options.passes?.check) checkProgram(program);
  const first = [evaluatedStage(forget ? null : program, countOperations(program), done - parsed)];
  if (unit) first.unshift({ pass: "lower", program: null, text: () => printUnit(unit), operations: 0, ms: parsed - start });
  const apart = (request.quick ?? false) !== false && request.options.passes?.passes === undefined; // a list of one's own is run as a whole
  const passed = apart ? runPasses(program, { ...request.options.passes, passes: quickPasses, forget }) : { program, stages: [] };
  const quick = apart && (request.quick === true || countOperations(passed.program) >= large);
  return {
    program: passed.program, passed: passed.stages.length, quick: quick ? passed.program : null, stages: [...first, ...passed.stages], before: first.length,
    evaluated: { expects, diagnostics, gaveUp, work }, code, ms: { parse: parseMs, evaluate: done - parsed, passes: performance.now() - done },
  };
}

interface CommonPart { readonly program: Program; readonly stages: readonly Light[] }

/** The passes that both back ends profit from. */
function commonPart({ program, passed: before, code }: Begun, options: CompileOptions, forget: boolean): CommonPart & { readonly stages: readonly Stage[] } {
  const passed = runPasses(program, { ...(before > 0 ? { ...options.passes, passes: passes.slice(quickPasses.length) } : options.passes), forget });
  const custom = options.custom?.length ? runCustom(passed.program, options.custom, code ?? noCode) : null;
  return custom ? { program: custom.program, stages: [...passed.stages, ...custom.stages] } : passed;
}

const evaluatedStage = (program: Program | null, operations: number, ms: number): Stage =>
  ({ pass: "evaluate", program, operations, ms, text: () => printProgram(program!, { elements: 1024 }) });

interface WasmPart { readonly program: Program; readonly stages: readonly Light[]; readonly loops: readonly LoopNote[] }

/** The passes that only WebAssembly profits from, `done` others having run. */
function wasmPart(further: WasmPasses, program: Program, done: number, { passes, simd, relax }: CompileOptions, forget: boolean): WasmPart & { readonly stages: readonly Stage[] } {
  if (passes?.passes !== undefined) return { program, stages: [], loops: [] }; // a list of one's own is all there is to run
  const split = runPasses(program, { ...furtherOptions(passes, done), passes: splitPasses, forget });
  if (simd === false) return { ...split, loops: [] };
  const vector = further.vectorizeProgram(split.program, { ...furtherOptions(passes, done + split.stages.length), forget }, relax);
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

// ───────────────────────────────── templates ─────────────────────────────────

/**
 * A quick program that reads the slow numbers which decide nothing from memory: one for all values that differ in these alone (docs/decisions/0014).
 */
export interface Template {
  readonly program: Program;
  readonly operations: number;
  readonly spent: Spent;
  /** What a version of these values needs beside the program; null where they need another one. What was read of their snapshot is what its guard compares. `spent`: what counts as this version's own. */
  fill(request: Request, spent?: Spent): TemplateFilling | null;
}
type Spent = Pick<Residual, "ms" | "passMs">;
export interface TemplateFilling {
  /** the bytes of the segments that vary */
  readonly slots: ReadonlyMap<number, Uint8Array>;
  /** a quick residual: all else of it is made, of the constants, when it is asked for */
  readonly residual: Residual;
}

/** Null: nothing of the slow values is left that decides nothing, or what can't be taken with constants can't be taken without. */
export function makeTemplate(request: Request, pinned: Pinned): Template | null {
  const made = makeQuickly(request, { pinned });
  if (made === null || !made.evaluated.lifting!.any) return null;
  const { evaluated, program, operations, spent } = made, lifting = evaluated.lifting!;
  return {
    program, operations, spent,
    fill(values, spent = nothing) {
      const asMade = values.overlap === request.overlap && values.options.rare?.join() === request.options.rare?.join();
      const slots = asMade ? lifting.fill(request, values) : null;
      return slots && { slots, residual: laterResidual(values, evaluated, program, operations, spent) };
    },
  };
}

/**
 * A residual whose quick program keeps every loop and reads what they take in turn from tables: its size, and the time that it takes, hardly depend on how much the
 * slow values hold (docs/decisions/0017). Null: that is no use, or takes more than `work`.
 */
export function makeRolled(request: Request, work: number): Residual | null {
  const made = makeQuickly(request, { rolled: work });
  return made && laterResidual(request, { ...made.evaluated, diagnostics: [], gaveUp: 0 }, made.program, made.operations, made.spent);
}

/** Null: it can't be made in that form. */
function makeQuickly(request: Request, form: Form): { readonly evaluated: Evaluated; readonly program: Program; readonly operations: number; readonly spent: Spent } | null {
  let evaluated: Evaluated;
  parseMs = 0;
  const start = performance.now();
  try { evaluated = evaluate(request, false, form); } catch (e) {
    if (e instanceof Refusal || e instanceof NoTemplate) return null;
    throw e;
  }
  if (request.options.passes?.check) checkProgram(evaluated.program);
  const done = performance.now();
  const { program, stages } = runPasses(evaluated.program, { ...request.options.passes, passes: quickPasses, forget: true });
  const ms = { parse: parseMs, evaluate: done - start - parseMs, passes: performance.now() - done };
  return { evaluated, program, operations: countOperations(program), spent: { ms, passMs: sumOf(stages) } };
}

/** A residual for whose quick program another one stands: a template's, or one that keeps its loops. */
function laterResidual(request: Request, { expects, diagnostics, gaveUp, work }: Evaluated, program: Program, operations: number, spent: Spent): Residual {
  const mine = expects.map((expect): Expect => {
    if (expect.expect !== "static" || typeof expect.value !== "number") return expect;
    return { ...expect, value: staticAt(request, expect.path) };
  });
  let made: Residual | null = null;
  const full = (): Residual => (made ??= residualize({ ...request, quick: false }));
  return {
    get quick() { return made === null ? program : null; },
    get program() { return full().program; },
    get optimized() { return full().optimized; },
    get expects() { return made === null ? mine : made.expects; },
    get diagnostics() { return made === null ? diagnostics : made.diagnostics; },
    get gaveUp() { return made === null ? gaveUp : made.gaveUp; },
    work,
    get stages() { return full().stages; },
    told: () => full().told(),
    get log() { return full().log; },
    get loops() { return full().loops; },
    get vectorized() { return full().vectorized; },
    get operations() { return made === null ? operations : made.operations; },
    get passMs() { return made === null ? spent.passMs : sumOf([spent, made].flatMap(({ passMs }) => Object.entries(passMs).map(([pass, ms]) => ({ pass, ms })))); },
    get source() { return full().source; },
    get ms() { return made === null ? spent.ms : { parse: spent.ms.parse + made.ms.parse, evaluate: spent.ms.evaluate + made.ms.evaluate, passes: spent.ms.passes + made.ms.passes }; },
  };
}
const nothing: Spent = { ms: { parse: 0, evaluate: 0, passes: 0 }, passMs: {} };
