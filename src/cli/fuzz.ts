// wasmorph fuzz: the compiler against itself and the engine, for as long as asked.

import { ready } from "../index.ts";
import { golden } from "../verify/show.ts";
import { fuzz, investigate, type Finding, type FuzzOptions, type FuzzReport } from "./fuzzing.ts";
import { show } from "./show.ts";
import { watchdog } from "./watchdog.ts";

/** The share of kernels that may fall back: a compiler that refuses everything is never wrong. */
const mostUnserved = 0.05;
/** findings that are made small and told in full; the rest have most likely the same causes */
const mostInvestigated = 5;

/** Did everything agree, and was enough of it really run? */
export const passes = ({ kernels, served, throwing, findings }: FuzzReport): boolean => findings.length === 0 && kernels - served - throwing <= mostUnserved * kernels + 2; // of a few kernels two may be bad luck

function findingText({ kernel, subject, input, mismatches, crash }: Finding): string {
  const facts = crash === null ? mismatches.slice(0, 3).map(({ path, index, expected, actual }) => `${path}${index === null ? "" : `[${index}]`}: expected ${show(expected)}, got ${show(actual)}`) : [crash];
  return `seed ${kernel.seed}, ${subject}, input ${input}: ${facts.join("; ")}`;
}

export function fuzzText({ kernels, calls, servedCalls, served, throwing, guaranteed, vectorized, templated, rolled, generic, reasons, coverage, findings }: FuzzReport): string {
  const percent = (count: number): string => `${((100 * count) / Math.max(1, kernels)).toFixed(1)} %`;
  const most = (counts: Map<string, number>): [string, number][] => [...counts].toSorted((a, b) => b[1] - a[1]);
  return [
    `${kernels} kernels, ${calls} calls: ${findings.length} wrong; ${percent(served)} of the kernels ran in every back end, ${percent(throwing)} only throw, ${percent(guaranteed)} have a loop that writes memory and a branch on a slow value, ${percent(vectorized)} ran vectors; ${templated} versions came of templates, ${rolled} kept their loops, ${generic} calls were served by programs for any values`,
    `calls served by the back ends themselves: ${((100 * servedCalls) / Math.max(1, calls)).toFixed(1)} %`,
    ...[...reasons].toSorted(([, a], [, b]) => b.count - a.count).map(([reason, { count, seed }]) => `  fell back ${count} times: ${reason} (seed ${seed})`),
    `constructs: ${most(coverage).map(([construct, count]) => `${construct} ${count}`).join(", ")}`,
  ].join("\n");
}

export async function fuzzCommand(options: { seed?: number; seconds: number; count?: number; patience: number }): Promise<void> {
  const seed = options.seed ?? Date.now() % 1_000_000_000;
  console.log(`seed ${seed}`);
  await ready();
  const end = performance.now() + options.seconds * 1000;
  let printed = 0;
  const watched = await watchdog(options.patience, "the kernel of seed #");
  const told: FuzzOptions = { onKernel: (kernel) => { watched.begin(kernel); } };
  const report = await fuzz(seed, ({ kernels, findings }) => {
    for (; printed < findings.length; printed++) console.log(findingText(findings[printed]!));
    return options.count === undefined ? performance.now() < end : kernels < options.count;
  }, told);
  const investigated = new Set<number>();
  for (const finding of report.findings) {
    if (investigated.size >= mostInvestigated || investigated.has(finding.kernel.seed)) continue;
    investigated.add(finding.kernel.seed);
    const { kernel, firstBad } = await investigate(finding, told);
    console.log(`first bad pass: ${firstBad ?? "not found"}\n${golden(kernel, `seed ${finding.kernel.seed}, ${finding.subject}`)}\n`);
  }
  await watched.end();
  console.log(fuzzText(report));
  if (!passes(report)) process.exitCode = 1;
}
