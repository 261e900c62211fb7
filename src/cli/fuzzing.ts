// Random kernels from a seed, each run by the original, the IR's evaluator, as residual JavaScript and as Wasm at several of Binaryen's
// levels, on equal copies of the same inputs; every bit is compared. What differs is made small, and the first bad pass is found.
//
// A kernel counts as served only if every subject really ran it; what fell back is counted by reason.

import { residualize } from "../compile.ts";
import { buildEvaluated } from "../runtime/evaluated.ts";
import type { Options } from "../runtime/options.ts";
import type { Pipeline } from "../runtime/pipeline.ts";
import { specializeWith, type Specialized } from "../runtime/specialize.ts";
import { pipeline } from "../runtime/wiring.ts";
import { passes as allPasses, type Pass } from "../specialize/passes.ts";
import { firstBadPass } from "../verify/bisect.ts";
import type { Mismatch } from "../verify/compare.ts";
import { compileKernel, randomKernel, type RandomKernel } from "../verify/random.ts";
import { compareOutcomes, runCopy, type Outcome } from "../verify/run.ts";
import type { Subject as Kernel } from "../verify/show.ts";
import { shrink } from "../verify/shrink.ts";

type Original = (...args: unknown[]) => unknown;

interface Subject { readonly name: string; readonly tier: "js" | "wasm"; readonly options: Options; readonly pipeline: Pipeline }

const wasm = (level: 0 | 1 | 3): Subject => ({ name: `wasm ${level}`, tier: "wasm", options: { tier: "wasm", optimize: { level } }, pipeline });

const subjects: readonly Subject[] = [
  { name: "evaluator", tier: "js", options: { tier: "js" }, pipeline: { ...pipeline, buildJs: (program, memory) => buildEvaluated(program, memory) } },
  { name: "js", tier: "js", options: { tier: "js" }, pipeline },
  wasm(0), wasm(1), wasm(3),
];

/** A subject that differed from the original, with what is needed to see it again. */
export interface Finding {
  readonly kernel: RandomKernel;
  readonly subject: string;
  /** of the kernel's inputs */
  readonly input: number;
  readonly mismatches: readonly Mismatch[];
  /** what the subject threw of its own, or the invariant that it broke */
  readonly crash: string | null;
}

export interface FuzzReport {
  kernels: number;
  calls: number;
  /** kernels that every subject ran */
  served: number;
  /** kernels with a loop that writes memory and a slow value that decides a branch */
  guaranteed: number;
  readonly reasons: Map<string, number>;
  readonly coverage: Map<string, number>;
  readonly findings: Finding[];
}

export interface FuzzOptions {
  /** in place of the compiler's own list: to see whether a broken one is noticed */
  readonly passes?: readonly Pass[];
}

const add = (counts: Map<string, number>, key: string, by = 1): void => { counts.set(key, (counts.get(key) ?? 0) + by); };

/** Runs kernels `seed`, `seed + 1` … while `goOn` says so. Requires ready(). */
export function fuzz(seed: number, goOn: (report: FuzzReport) => boolean, options: FuzzOptions = {}): FuzzReport {
  const report: FuzzReport = { kernels: 0, calls: 0, served: 0, guaranteed: 0, reasons: new Map(), coverage: new Map(), findings: [] };
  while (goOn(report)) {
    const kernel = randomKernel(seed + report.kernels);
    const original = compileKernel(kernel.source);
    const expected = kernel.inputs.map((input) => runCopy({ name: "original", call: original }, undefined, input));
    const served = subjects.filter((subject) => runSubject(subject, kernel, original, expected, report, options));
    report.kernels++;
    if (served.length === subjects.length) report.served++;
    if (kernel.guaranteed) report.guaranteed++;
    for (const [construct, count] of kernel.coverage) add(report.coverage, construct, count);
  }
  return report;
}

/** Did the subject itself serve any input? What it got wrong, or why it did not serve, goes into the report. */
function runSubject(subject: Subject, kernel: RandomKernel, original: Original, expected: readonly Outcome[], report: FuzzReport, options: FuzzOptions): boolean {
  const { name, tier } = subject;
  const fast = make(subject, kernel, original, options);
  const found = (input: number, mismatches: readonly Mismatch[], crash: string | null): void => { report.findings.push({ kernel, subject: name, input, mismatches, crash }); };
  kernel.inputs.forEach((input, index) => {
    report.calls++;
    try {
      const { mismatches } = compareOutcomes(expected[index]!, runCopy({ name, call: fast }, undefined, input));
      if (mismatches.length > 0) found(index, mismatches, null);
    } catch (error) {
      found(index, [], String(error));
    }
  });
  const invariant = fast.diagnostics().find(({ kind }) => kind === "Invariant");
  if (invariant) found(0, [], invariant.message);
  const served = fast.stats().calls[tier] > 0;
  if (!served) {
    const refusal = fast.diagnostics().findLast(({ kind }) => kind !== "Note");
    add(report.reasons, refusal ? `${refusal.kind}: ${refusal.message.replace(/\d+(\.\d+)?/g, "#")}` : "every input took a rare case that the original serves");
  }
  fast.dispose();
  return served;
}

function make(subject: Subject, { slow }: Kernel, original: Original, { passes = allPasses }: FuzzOptions, limit = passes.length): Specialized<Original> {
  const compiler: Pipeline = {
    ...subject.pipeline,
    residualize: (request) => residualize({ ...request, options: { ...request.options, passes: { passes, limit } } }),
  };
  return specializeWith(compiler, original, { ...subject.options, slow, compile: "sync" });
}

export interface Investigation {
  /** the smallest kernel found that still differs in the same subject */
  readonly kernel: Kernel;
  /** the pass after which it differs; null where it does whatever the passes */
  readonly firstBad: string | null;
}

/** Makes a finding small, and says which pass is the first after which it is wrong. */
export async function investigate(finding: Finding, options: FuzzOptions = {}): Promise<Investigation> {
  const subject = subjects.find(({ name }) => name === finding.subject)!;
  const whole: Kernel = { source: finding.kernel.source, slow: finding.kernel.slow, inputs: [finding.kernel.inputs[finding.input]!] };
  const kernel = await shrink(whole, (candidate) => differs(subject, candidate, options), { attempts: 1500 });
  const original = compileKernel(kernel.source);
  const names = ["evaluate", ...(options.passes ?? allPasses).map(({ name }) => name)];
  const stages = names.map((pass, limit) => ({ pass, callable: () => make(subject, kernel, original, options, limit) }));
  try {
    return { kernel, firstBad: firstBadPass({ name: "original", call: original }, stages, undefined, kernel.inputs[0]!)?.pass ?? null };
  } catch (error) {
    return { kernel, firstBad: `unknown: ${String(error)}` }; // a stage that crashes has no outcome to compare
  }
}

function differs(subject: Subject, kernel: Kernel, options: FuzzOptions): boolean {
  const original = compileKernel(kernel.source);
  const fast = make(subject, kernel, original, options);
  try {
    return kernel.inputs.some((input) => {
      const expected = runCopy({ name: "original", call: original }, undefined, input);
      return compareOutcomes(expected, runCopy({ name: subject.name, call: fast }, undefined, input)).count > 0;
    }) || fast.diagnostics().some(({ kind }) => kind === "Invariant");
  } catch {
    return true;
  } finally {
    fast.dispose();
  }
}
