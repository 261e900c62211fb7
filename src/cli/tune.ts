// wasmorph tune: which of Binaryen's levels serves this kernel best.

import { tune } from "../tune/tune.ts";
import { tuneText } from "../tune/report.ts";
import { readJob, type JobOptions } from "./job.ts";

export async function tuneCommand(spelled: string, options: JobOptions & { rounds: number }): Promise<void> {
  const { target, slow, args } = await readJob(spelled, options);
  const report = await tune({ kernel: target.kernel, slow, args, measure: { rounds: options.rounds } });
  console.log(tuneText(report));
  if (report.best === null || report.rows.some(({ check }) => check === "WRONG")) process.exitCode = 1;
}
