// What a kernel tells of itself: versions, numbers, and the whole of one version as text and data.

import type { Diagnostic } from "../diagnostic.ts";
import { emitJs } from "../js/print.ts";
import { explain as explained } from "./explain.ts";
import type { Kernel, Reason } from "./kernel.ts";
import type { Step } from "./plan.ts";
import type { TierName } from "./tiers.ts";
import { signatureOf, type Version, type VersionState } from "./version.ts";

export interface VersionInfo {
  readonly tier: TierName;
  readonly state: VersionState;
  readonly signature: string;
  readonly fingerprint: string;
  /** machine operations after lowering, counted in the text */
  readonly operations: number;
  readonly bytes: number;
  readonly vectorized: readonly { readonly line: number; readonly lanes: number }[];
  readonly calls: number;
  readonly compileMs: number;
}

export interface Stats {
  readonly calls: { readonly original: number; readonly js: number; readonly wasm: number };
  readonly hits: number;
  readonly misses: number;
  readonly swaps: number;
  /** how many versions were made, by why: the first one, other kinds of arguments, other slow values, or neither (a captured value, a version that was dropped) */
  readonly made: Partial<Record<Reason, number>>;
  /** programs for all values that differ in nothing that decides: how many were made, and how many versions came of one that was there */
  readonly templates: { readonly made: number; readonly served: number };
  /** programs for any slow values, which serve new ones until these have stayed for a few calls: how many were made, and how many calls they served */
  readonly generic: { readonly made: number; readonly served: number };
  readonly copiedBytes: number;
  /** milliseconds: the longest time that making the last version in the background kept this thread */
  readonly longestStepMs: number;
  /** modules that came from the cache on disk */
  readonly cached: number;
  readonly ms: { readonly capture: number; readonly parse: number; readonly evaluate: number; readonly passes: number; readonly emit: number; readonly optimize: number; readonly instantiate: number };
  /** milliseconds by pass, of the versions that there are */
  readonly passMs: Readonly<Record<string, number>>;
  /** calls after which the newest version has paid for its making; null while nothing was measured, or where it never does */
  readonly breakEvenCalls: number | null;
}

export interface Inspection {
  readonly source: string;
  readonly explain: string;
  readonly log: readonly string[];
  readonly ir: readonly { readonly pass: string; readonly text: string; readonly operations: number; readonly ms: number }[];
  /** as JavaScript that can be read */
  readonly residual: string;
  readonly wat: string;
  readonly bytes: Uint8Array | null;
  readonly imports: readonly { readonly module: string; readonly name: string }[];
  readonly sourceMap: string | null;
  /** what the entry tests, in words, in order */
  readonly guards: readonly string[];
  /** operations executed for the arguments given, by the evaluator; null without arguments */
  readonly executed: number | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly timings: Readonly<Record<string, number>>;
}

/** Oldest first, so that the last is the newest. */
export function versionsOf(kernel: Kernel): VersionInfo[] {
  return kernel.history().map((version) => ({
    tier: version.best?.built.tier ?? "js",
    state: version.state,
    signature: signatureOf(version),
    fingerprint: version.fingerprint,
    operations: version.residual.operations,
    bytes: version.tiers.wasm?.built.bytes ?? 0,
    vectorized: vectorizedIn(version),
    calls: version.calls,
    compileMs: version.compileMs,
  }));
}

/** A pass that failed has been told of when the module was to be made. */
function vectorizedIn({ residual }: Version): VersionInfo["vectorized"] {
  try { return residual.vectorized; } catch { return []; }
}

export function statsOf(kernel: Kernel): Stats {
  const { counters } = kernel;
  const calls = { original: counters.original, js: counters.js, wasm: counters.wasm };
  let copiedBytes = counters.copied;
  for (const version of kernel.versions) {
    for (const name of ["js", "wasm"] as const) {
      const tally = version.tiers[name]?.tally;
      if (tally === undefined) continue;
      calls[name] += tally.calls;
      copiedBytes += tally.copied;
    }
  }
  const passMs: Record<string, number> = {};
  for (const { residual } of kernel.versions) for (const [pass, ms] of Object.entries(residual.passMs)) passMs[pass] = (passMs[pass] ?? 0) + ms;
  return { calls, hits: calls.js + calls.wasm, misses: counters.misses, swaps: counters.swaps, made: { ...kernel.reasons }, templates: { ...kernel.templates.counts }, generic: { ...kernel.generic.counts }, copiedBytes, cached: counters.cached, longestStepMs: kernel.longestStep, ms: { ...kernel.ms }, passMs, breakEvenCalls: kernel.breakEvenCalls() };
}

export function inspect(kernel: Kernel, version: Version | null, executed: number | null): Inspection {
  const wasm = version?.tiers.wasm?.built;
  const residual = version?.residual;
  return {
    source: kernel.code.text,
    explain: explain(kernel, version),
    log: residual?.log ?? [],
    ir: (residual?.stages ?? []).map(({ pass, text, operations, ms }) => ({ pass, text: text(), operations, ms })),
    residual: residual === undefined ? "" : residualText(version!, kernel.code.line),
    wat: wasm?.wat() ?? "",
    bytes: wasm?.code ?? null,
    imports: wasm?.imports ?? [],
    sourceMap: wasm?.sourceMap ?? null,
    guards: version?.best?.plan.steps.map((step) => guardText(step)) ?? [],
    executed,
    diagnostics: kernel.teller.shown(),
    timings: residual === undefined ? {} : { ...residual.ms, compile: version!.compileMs },
  };
}

export function residualText(version: Version, firstLine: number): string {
  try { return emitJs(version.residual.program, { firstLine }).source; } catch (error) { return `// ${error instanceof Error ? error.message : String(error)}`; }
}

/** Why things are as they are, in prose. */
export const explain = (kernel: Kernel, version: Version | null = kernel.versions[0] ?? null): string => explained(kernel, version, statsOf(kernel).calls);

function guardText(step: Step): string {
  switch (step.do) {
    case "record": return `the fields ${[...step.keys, ...step.written].join(", ")} of value ${step.at} are plain data`;
    case "read": return `value ${step.to} is the plain field "${step.key}" of value ${step.from}`;
    case "gather": return `value ${step.to} is a list of values ${step.from.join(", ")}, with all that they lead to`;
    case "part": return `value ${step.to} is the time that value ${step.from} holds, a Date, a private field of it, what it has under index keys, or what the objects of an array hold in a field`;
    case "test":
      switch (step.test.is) {
        case "value": return `value ${step.at} is ${String(step.test.value)}`;
        case "prototype": return `value ${step.at} has the prototype it had`;
        case "inherited": return `${step.test.each > 0 ? `every array in value ${step.at}` : `value ${step.at}`} has its prototype's ${String(step.test.key)}`;
        case "unnamed": return `${step.test.each > 0 ? `every array in value ${step.at}` : `value ${step.at}`} has nothing that for-in comes to beside its elements`;
        case "resizable": return `value ${step.at} may change its length`;
        case "unshared": return `the bytes of value ${step.at} are an ArrayBuffer's`;
        case "lacking": return `no object in value ${step.at} has a "${[...step.test.within, step.test.field].join(".")}" of its own`;
        case "length": return `value ${step.at} has length ${step.test.length}`;
        case "keys": return `value ${step.at} has the keys ${step.test.keys.join(", ")}`;
        case "accepted": return `value ${step.at} has the contents compiled in`;
        case "solid": return `value ${step.at} is an object and no Proxy`;
        default: return `value ${step.at} is a ${step.test.is}`;
      }
    case "pair": return `values ${step.a} and ${step.b} are ${step.same ? "the same" : "different objects"}`;
    case "absent": return `value ${step.at} has no "${String(step.key)}"`;
    case "deletable": return `"${String(step.key)}" of value ${step.at} may be deleted`;
    case "own": return `value ${step.at} has "${String(step.key)}" of its own`;
    case "notOwn": return `value ${step.at} has no "${String(step.key)}" of its own`;
    case "settable": return `no prototype has a "${step.key}" that can't be set`;
    case "unindexed": return "Array.prototype has no elements";
    case "missing": return `no "${step.key}" is inherited`;
    case "unlisted": return "for-in finds nothing that is inherited";
    case "unextended": return "Object.prototype has no more than it had";
    case "utc": return "local time is UTC";
    case "builtin": return `${String(step.key)} is what it was`;
    case "ask": return "a captured object has the contents compiled in";
  }
}
