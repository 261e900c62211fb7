// wasmorph diff: original, residual JavaScript and Wasm over random inputs.

import { ready, specialize } from "../index.ts";
import { readJob, type JobOptions } from "./job.ts";
import { show } from "./show.ts";
import { showDiagnostics } from "./diagnostics.ts";

const tiers = ["js", "wasm"] as const;
const shownMismatches = 5;

export async function diff(spelled: string, options: JobOptions & { runs: number }): Promise<void> {
  const { target, slow, args } = await readJob(spelled, options);
  await ready();
  for (const tier of tiers) {
    const fast = specialize(target.kernel, { slow, tier, compile: "sync" });
    let equal = 0;
    let served = 0;
    let shown = 0;
    let skipped: string | undefined;
    for (let run = 0; run < options.runs; run++) {
      const result = await fast.diff(...args(run, run % 2 === 1));
      if ((skipped = result.skipped)) break;
      if (result.tier === tier) served++;
      if (result.equal) equal++;
      for (const { path, index, expected, actual, ulp } of result.mismatches) {
        if (shown++ >= shownMismatches) break;
        console.log(`${tier}: run ${run} (seed ${options.seed}): ${path}${index === undefined || index === null ? "" : `[${index}]`}: expected ${show(expected)}, got ${show(actual)}${ulp === undefined || ulp === null ? "" : ` (${ulp} ulp)`}`);
      }
    }
    const fellBack = options.runs - served;
    if (skipped) console.log(`${tier}: ${skipped}`);
    else console.log(`${tier}: ${equal} of ${options.runs} runs equal to the original, bit for bit${fellBack > 0 ? `; ${fellBack} served by the original itself` : ""}`);
    if (!skipped && (equal < options.runs || served === 0)) process.exitCode = 1;
    if (!skipped && served === 0) showDiagnostics(fast.diagnostics());
    fast.dispose();
  }
}
