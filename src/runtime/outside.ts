// What a kernel writes beyond its arguments: captured objects, in place, and captured variables. Calls that must leave no trace (verify, diff,
// warming, counting) save it before and put it back after.

import { copyTogether, remember } from "./copies.ts";
import type { Plan, Variable } from "./plan.ts";

export interface Outside {
  readonly objects: readonly object[];
  /** assigned, or what they hold is written in place */
  readonly variables: readonly Variable[];
}

/** What programs that are entered by these plans may write. */
export function writtenBy(plans: readonly Plan[]): Outside {
  const objects = new Set<object>();
  const variables = new Set<Variable>(plans.flatMap(({ writtenVariables }) => writtenVariables));
  for (const plan of plans) {
    const filled = new Set(plan.steps.flatMap((step) => (step.do === "read" ? [step.to] : [])));
    for (const at of [...plan.writtenObjects, ...plan.arrays.flatMap(({ at: slot, spec }) => (spec.written ? [slot] : []))]) {
      const root = plan.roots[at]!;
      if (root.from === "constant" && !filled.has(at)) objects.add(root.value as object);
      if (root.from === "variable") variables.add(root.variable);
    }
  }
  return { objects: [...objects], variables: [...variables] };
}

/** Remembers the contents of the values and of what is outside. The function that it returns puts them back. */
export function rememberAll(values: readonly unknown[], outside: Outside): () => void {
  const held = outside.variables.map(({ get }) => get());
  const putBack = remember([...values, ...outside.objects, ...held]);
  return () => {
    putBack();
    outside.variables.forEach(({ get, set }, i) => { if (!Object.is(get(), held[i])) set(held[i]); });
  };
}

/** What is outside now: the objects themselves, and what the variables hold. */
export const nowOutside = ({ objects, variables }: Outside): unknown[] => [...objects, ...variables.map(({ get }) => get())];

/** A copy of what is outside now. */
export const copyOutside = (outside: Outside): unknown[] => copyTogether(nowOutside(outside));
