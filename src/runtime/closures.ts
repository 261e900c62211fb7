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
  const scalar = scalarEntry(parts);
  if (scalar !== null) return scalar;
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

/** so many arguments are taken without a list */
const mostFixed = 6;
type Fixed<T> = (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown) => T;
const picks = [(a) => a, (_a, b) => b, (_a, _b, c) => c, (_a, _b, _c, d) => d, (_a, _b, _c, _d, e) => e, (_a, _b, _c, _d, _e, f) => f] as readonly Fixed<number>[];
const mostParams = 4;

/** The entry of a program that takes and gives plain numbers: nothing is allocated. Null: there is more to it. */
function scalarEntry(parts: EntryParts): Enter | null {
  const { plan, run, tally, argc } = parts;
  const [exit] = plan.exits;
  const plainExit = plan.exits.length === 1 && exit!.kind === "return" && exit!.writes.length === 0 && exit!.value.make === "result" && exit!.value.as === "number";
  if (!plainExit || argc > mostFixed || plan.arrays.length > 0 || plan.params.length > mostParams || parts.meets !== null) return null;
  const tests: ((value: unknown) => boolean)[][] = Array.from({ length: mostFixed }, () => []);
  for (const step of plan.steps) {
    const root = step.do === "test" ? plan.roots[step.at]! : null;
    if (root === null || step.do !== "test") return null;
    const test = testFunction(step.test);
    if (root.from === "argument") tests[root.index]!.push(test);
    else if (root.from !== "constant" || !test(root.value)) return null;
  }
  const chosen: Fixed<number>[] = [];
  for (const param of plan.params) {
    const root = param.from === "number" ? plan.roots[param.at]! : null;
    if (root?.from !== "argument") return null;
    chosen.push(picks[root.index]!);
  }
  const [p, q, r, s] = chosen;
  const calls: readonly Fixed<unknown>[] = [
    () => run(),
    (a, b, c, d, e, f) => run(p!(a, b, c, d, e, f)),
    (a, b, c, d, e, f) => run(p!(a, b, c, d, e, f), q!(a, b, c, d, e, f)),
    (a, b, c, d, e, f) => run(p!(a, b, c, d, e, f), q!(a, b, c, d, e, f), r!(a, b, c, d, e, f)),
    (a, b, c, d, e, f) => run(p!(a, b, c, d, e, f), q!(a, b, c, d, e, f), r!(a, b, c, d, e, f), s!(a, b, c, d, e, f)),
  ];
  const call = calls[plan.params.length]!;
  const together = (list: ((value: unknown) => boolean)[]): ((value: unknown) => boolean) | null =>
    (list.length < 2 ? (list[0] ?? null) : (value) => list.every((test) => test(value)));
  const [t, u, v, w, x, y] = tests.map(together);
  return (_self, a, b, c, d, e, f) => {
    if ((t && !t(a)) || (u && !u(b)) || (v && !v(c)) || (w && !w(d)) || (x && !x(e)) || (y && !y(f))) return MISS;
    tally.calls++;
    try { return call(a, b, c, d, e, f); } catch (error) { return caught(parts, error, null); }
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
