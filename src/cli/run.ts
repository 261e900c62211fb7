// wasmorph run: specialise, call once, show the result and what it took.

import { ready, specialize } from "../index.ts";
import { readJob, type JobOptions } from "./job.ts";
import { show } from "./show.ts";
import { showDiagnostics } from "./diagnostics.ts";

export async function run(spelled: string, options: JobOptions & { tier: "auto" | "wasm" | "js" | "original" }): Promise<void> {
  const { target, slow, args } = await readJob(spelled, options);
  await ready();
  const fast = specialize(target.kernel, { slow, tier: options.tier, compile: "sync" });
  const before = args();
  const mine = args();
  let outcome: string;
  try {
    outcome = show(fast(...mine));
  } catch (error) {
    outcome = `threw ${show(error)}`;
  }
  console.log(`${target.name} → ${outcome}`);
  target.parameters.forEach(({ name }, index) => {
    const now = show(mine[index]);
    if (now !== show(before[index])) console.log(`  ${name} = ${now}`);
  });
  const { calls, ms } = fast.stats();
  const served = (Object.entries(calls) as [string, number][]).find(([, count]) => count > 0)?.[0] ?? "original";
  const version = fast.versions().findLast(({ state }) => state === "ready");
  console.log(`served by ${served}${version && served !== "original" ? `: ${version.operations} operations${served === "wasm" ? `, ${version.bytes} bytes` : ""}, made in ${version.compileMs.toFixed(1)} ms` : ""}`);
  if (served !== "original") console.log(`  ${Object.entries(ms).map(([phase, time]) => `${phase} ${(time as number).toFixed(1)}`).join(", ")} (ms)`);
  showDiagnostics(fast.diagnostics());
  if (options.tier !== "original" && options.tier !== "auto" && served !== options.tier) process.exitCode = 1;
}
