// Passes of the user's own: run behind the common ones, before loops are split and vectorized, so that both back ends get what they made.
//
// Requires: machine form. Guarantees: machine form (checked after each of them, always); a pass that throws, or makes what the checker
// refuses, makes the kernel fall back to the original with a diagnostic that names it. What it computes is its own responsibility.

import { diagnose, Refusal } from "../diagnostic.ts";
import type { Code } from "../ir/snapshot.ts";
import type { Func, Program } from "../ir/types.ts";
import { removeDeadCode } from "./dce.ts";
import type { Note } from "./notes.ts";
import { runPasses, type Pass, type Stage } from "./passes.ts";
import { simplify } from "./simplify.ts";

export interface CustomPass {
  /** for logs, dumps and diagnostics */
  readonly name: string;
  /** annotation words that it understands: `// @word text` before a loop is in the loop's `notes.own` */
  readonly annotations?: readonly string[];
  /** Gives a new function, or the one it got; never changes it in place. `note` tells explain() of a change. */
  run(func: Func, program: Program, note: Note): Func;
}

export function runCustom(program: Program, custom: readonly CustomPass[], kernel: Code): { program: Program; stages: Stage[] } {
  const stages: Stage[] = [];
  for (const pass of custom) {
    const refuse = (error: unknown): Refusal => new Refusal(diagnose(
      "Unsupported", `the pass "${pass.name}" fails: ${error instanceof Error ? error.message : String(error)}`, "correct the pass, or take it out of configure({ passes })", kernel, 0,
    ));
    try {
      const made = runPasses(program, { passes: [{ name: pass.name, why: "the user's own", run: (f, p, note) => pass.run(f, p, note) }], check: true });
      program = made.program;
      stages.push(...made.stages);
    } catch (error) { throw refuse(error); }
  }
  const tidy = runPasses(program, { passes: tidying });
  return { program: tidy.program, stages: [...stages, ...tidy.stages] };
}

const tidying: readonly Pass[] = [
  { name: "simplify own", why: "after the user's passes: they need not clean up", run: simplify },
  { name: "dead code own", why: "after the user's passes: they need not clean up", run: removeDeadCode },
];
