// wasmorph fuzz: random kernels from a seed, each run by the original, as residual JavaScript and as Wasm at several of Binaryen's levels,
// on equal copies of the same inputs; every bit is compared.
//
// A kernel counts as served only if every subject really ran it. What fell back is told by reason; more than `mostUnserved` of all kernels
// is a failure, since a compiler that refuses everything is never wrong.

import { ready, specialize, type Options } from "../index.ts";
import type { Mismatch } from "../verify/compare.ts";
import { compileKernel, randomKernel, type RandomKernel } from "../verify/random.ts";
import { compareOutcomes, runCopy } from "../verify/run.ts";
import { show } from "./show.ts";

interface SubjectSpec { readonly name: string; readonly tier: "js" | "wasm"; readonly options: Options }

const subjects: readonly SubjectSpec[] = [
  { name: "js", tier: "js", options: { tier: "js" } },
  { name: "wasm 0", tier: "wasm", options: { tier: "wasm", optimize: { level: 0 } } },
  { name: "wasm 1", tier: "wasm", options: { tier: "wasm", optimize: { level: 1 } } },
  { name: "wasm 3", tier: "wasm", options: { tier: "wasm", optimize: { level: 3 } } },
];

export const mostUnserved = 0.05;

/** A subject that differed from the original, with what is needed to see it again. */
export interface Finding {
  readonly kernel: RandomKernel;
  readonly subject: string;
  readonly input: number;
  readonly mismatches: readonly Mismatch[];
  /** what the subject threw of its own, if it did */
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

const add = (counts: Map<string, number>, key: string, by = 1): void => { counts.set(key, (counts.get(key) ?? 0) + by); };

/** Runs kernels `seed`, `seed + 1` … while `goOn` says so. Requires ready(). */
export function fuzz(seed: number, goOn: (report: FuzzReport) => boolean): FuzzReport {
  const report: FuzzReport = { kernels: 0, calls: 0, served: 0, guaranteed: 0, reasons: new Map(), coverage: new Map(), findings: [] };
  while (goOn(report)) fuzzKernel(randomKernel(seed + report.kernels), report);
  return report;
}

function fuzzKernel(kernel: RandomKernel, report: FuzzReport): void {
  const original = compileKernel(kernel.source);
  const expected = kernel.inputs.map((input) => runCopy({ name: "original", call: original }, undefined, input));
  let servedByAll = true;
  for (const { name, tier, options } of subjects) {
    const fast = specialize(original, { ...options, slow: kernel.slow, compile: "sync" });
    kernel.inputs.forEach((input, index) => {
      report.calls++;
      try {
        const { mismatches } = compareOutcomes(expected[index]!, runCopy({ name, call: fast }, undefined, input));
        if (mismatches.length > 0) report.findings.push({ kernel, subject: name, input: index, mismatches, crash: null });
      } catch (error) {
        report.findings.push({ kernel, subject: name, input: index, mismatches: [], crash: String(error) });
      }
    });
    if (fast.stats().calls[tier] === 0) {
      servedByAll = false;
      const last = fast.diagnostics().findLast(({ kind }) => kind !== "Note") ?? fast.diagnostics().at(-1);
      add(report.reasons, last === undefined ? "no reason given" : `${last.kind}: ${last.message.replace(/\d+(\.\d+)?/g, "#")}`);
      if (last?.kind === "Invariant") report.findings.push({ kernel, subject: name, input: 0, mismatches: [], crash: last.message });
    }
    fast.dispose();
  }
  report.kernels++;
  if (servedByAll) report.served++;
  if (kernel.guaranteed) report.guaranteed++;
  for (const [construct, count] of kernel.coverage) add(report.coverage, construct, count);
}

/** Did everything agree, and was enough of it really run? */
export const passes = ({ kernels, served, findings }: FuzzReport): boolean => findings.length === 0 && kernels - served <= mostUnserved * kernels;

export function findingText({ kernel, subject, input, mismatches, crash }: Finding): string {
  const facts = crash === null ? mismatches.slice(0, 3).map(({ path, index, expected, actual }) => `  ${path}${index === null ? "" : `[${index}]`}: expected ${show(expected)}, got ${show(actual)}`) : [`  ${crash}`];
  return [`seed ${kernel.seed}, ${subject}, input ${input}:`, ...facts, `  arguments: ${kernel.inputs[input]!.map(show).join(", ")}`, `  slow: ${kernel.slow.join(", ")}`, kernel.source].join("\n");
}

export function fuzzText(report: FuzzReport): string {
  const { kernels, calls, served, guaranteed, reasons, coverage, findings } = report;
  const percent = (count: number): string => `${((100 * count) / Math.max(1, kernels)).toFixed(1)} %`;
  const most = (counts: Map<string, number>): [string, number][] => [...counts].toSorted((a, b) => b[1] - a[1]);
  return [
    `${kernels} kernels, ${calls} calls: ${findings.length} wrong; ${served} kernels (${percent(served)}) ran in every back end, ${percent(guaranteed)} with a loop that writes memory and a branch on a slow value`,
    ...most(reasons).map(([reason, count]) => `  fell back ${count} times: ${reason}`),
    `constructs: ${most(coverage).map(([construct, count]) => `${construct} ${count}`).join(", ")}`,
  ].join("\n");
}

export async function fuzzCommand(options: { seed?: number; seconds: number; count?: number }): Promise<void> {
  const seed = options.seed ?? Date.now() % 1_000_000_000;
  console.log(`seed ${seed}`);
  await ready();
  const end = performance.now() + options.seconds * 1000;
  let told = 0;
  const report = fuzz(seed, ({ kernels, findings }) => {
    for (const finding of findings.slice(told)) console.log(findingText(finding));
    told = findings.length;
    return options.count === undefined ? performance.now() < end : kernels < options.count;
  });
  console.log(fuzzText(report));
  if (!passes(report)) process.exitCode = 1;
}
