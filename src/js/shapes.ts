// Shapes of loops that JavaScript has statements for.

import { instructions } from "../ir/build.ts";
import type { If, Label, Region } from "../ir/types.ts";

/** A loop that goes on in arm `stays` of its last `if`, and ends after the other. */
export interface TestedLoop { readonly test: If; readonly stays: 0 | 1 }

/** A loop body that ends in `if cond { …leaves, mostly by br } else { …yield }; yield`, or the arms the other way round. */
export function testedLoop(body: Region): TestedLoop | null {
  const test = body.body.at(-2);
  if (test?.op !== "if" || body.body.at(-1)!.op !== "yield") return null;
  const [then, otherwise] = test.regions.map((r) => r.body.at(-1)?.op === "yield");
  return then === otherwise ? null : { test, stays: then ? 1 : 0 };
}

export function branchesTo(region: Region, label: Label): boolean {
  for (const instr of instructions(region)) if (instr.op === "br" && instr.label === label) return true;
  return false;
}
