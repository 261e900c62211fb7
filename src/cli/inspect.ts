// wasmorph inspect: one of the things that were made.

import { ready, specialize } from "../index.ts";
import { nearest } from "../runtime/nearest.ts";
import { Failure } from "./failure.ts";
import { readJob, type JobOptions } from "./job.ts";
import { showDiagnostics } from "./diagnostics.ts";

export const stages = ["ir", "residual", "wat", "explain"] as const;

export async function inspect(spelled: string, options: JobOptions & { stage: (typeof stages)[number]; pass?: string }): Promise<void> {
  const { target, slow, args } = await readJob(spelled, options);
  await ready();
  const fast = specialize(target.kernel, { slow, tier: "wasm", compile: "sync" });
  await fast.prepare(...args());
  if (options.stage === "explain") {
    console.log(fast.explain());
    return;
  }
  if (!fast.versions().some(({ state }) => state === "ready")) {
    showDiagnostics(fast.diagnostics());
    throw new Failure(`${target.name} was not specialised: there is no ${options.stage} to show`);
  }
  const made = fast.inspect(...args());
  switch (options.stage) {
    case "residual": console.log(made.residual); break;
    case "wat": console.log(made.wat); break;
    case "ir": {
      const names = made.ir.map(({ pass }) => pass);
      const stage = options.pass === undefined ? made.ir.at(-1) : made.ir.find(({ pass }) => pass === options.pass);
      if (stage === undefined) throw new Failure(`there is no pass "${options.pass}"${nearest(options.pass ?? "", names)} (there are: ${names.join(", ")})`);
      console.log(stage.text);
      break;
    }
  }
}
