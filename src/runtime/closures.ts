// An entry made of prebuilt closures, for hosts that forbid `new Function`. Means what generated.ts means, step by step.

import { unreachable } from "../diagnostic.ts";
import { caught, place, takenExit, type Enter, type EntryParts } from "./entry.ts";
import type { Placement } from "./place.ts";
import type { Plan, Root, Step } from "./plan.ts";
import { testFunction } from "./tests.ts";
import { untracked } from "./tracked.ts";
import { isAbsent, MISS } from "./values.ts";

type Do = (values: unknown[]) => boolean;

export function closureEntry(parts: EntryParts): Enter {
  const { plan, run, tally, meets } = parts;
  const load = plan.roots.map(rootFunction);
  const steps = plan.steps.map(stepFunction);
  const only = plan.exits.findIndex((exit) => exit.kind === "return");

  return (self, ...args) => {
    const values = new Array<unknown>(plan.slots);
    for (let i = 0; i < load.length; i++) values[i] = load[i]!(self, args);
    for (let i = 0; i < steps.length; i++) if (!steps[i]!(values)) return MISS;

    let placement: Placement | null = null;
    if (plan.arrays.length > 0) {
      placement = place(parts, plan.arrays.map(({ at }) => values[at]));
      if (placement === null) return MISS;
    }
    if (meets !== null && meets(values)) { placement?.finish(false); return MISS; }

    const params = paramsOf(plan, values, placement);
    tally.calls++;
    let result: number;
    try { result = run(...params) as number; } catch (error) { return caught(parts, error, placement); }
    if (placement !== null) tally.copied += placement.bytes + placement.finish(true);
    return parts.conclude[plan.returns > 1 ? takenExit(parts) : only]!(result, values);
  };
}

function paramsOf(plan: Plan, values: readonly unknown[], placement: Placement | null): (number | object)[] {
  const params: (number | object)[] = [];
  for (const param of plan.params) {
    if (param.from === "array") params.push(placement!.params[2 * param.array]!, placement!.params[2 * param.array + 1]!);
    else params.push(Number(values[param.at]));
  }
  return params;
}

function rootFunction(root: Root): (self: unknown, args: readonly unknown[]) => unknown {
  switch (root.from) {
    case "self": return (self) => self;
    case "argument": { const { index } = root; return (_self, args) => args[index]; }
    case "tracked": { const { index } = root; return index === "this" ? (self) => untracked(self) : (_self, args) => untracked(args[index]); }
    case "constant": { const { value } = root; return () => value; }
    case "variable": return root.variable.get;
    default: return unreachable(root);
  }
}

function stepFunction(step: Step): Do {
  switch (step.do) {
    case "record": { const { at, records } = step; return (values) => records.has(values[at]); }
    case "read": {
      const { from, key, to } = step;
      return (values) => { values[to] = (values[from] as Record<string | number, unknown>)[key]; return true; };
    }
    case "test": { const { at } = step; const holds = testFunction(step.test); return (values) => holds(values[at]); }
    case "pair": { const { a, b, same } = step; return (values) => (values[a] === values[b]) === same; }
    case "absent": { const { at, key } = step; return (values) => isAbsent(values[at] as object, key); }
    case "notOwn": { const { at, key } = step; return (values) => !Object.hasOwn(values[at] as object, key); }
    case "builtin": { const { holder, key, original } = step; return () => (holder as Record<string, unknown>)[key] === original; }
    case "ask": return step.holds;
    default: return unreachable(step);
  }
}
