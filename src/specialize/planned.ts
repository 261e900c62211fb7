// What the passes share that plan each loop once, before anything is written: they ask first whether there is a loop for them.

import type { Loop } from "../ir/types.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";
import type { LoopNote } from "./vectorize/notes.ts";

export abstract class LoopPlanner<Plan> extends Rewriter {
  readonly notes: LoopNote[] = [];
  private found: Ranges | undefined;
  private readonly plans = new Map<Loop, Plan | null>();

  protected get ranges(): Ranges { return this.found ??= rangesOf(this.old, this.program); }
  protected abstract plan(loop: Loop): Plan | null;
  protected planOf(loop: Loop): Plan | null {
    let plan = this.plans.get(loop);
    if (plan === undefined) this.plans.set(loop, plan = loop.notes?.role === "rest" ? null : this.plan(loop));
    return plan;
  }
  /** Whether there is a loop for the pass. */
  get plansAny(): boolean {
    return contentsOf(this.old).loops.some((loop) => this.planOf(loop) !== null);
  }
}
