// An entry made of prebuilt closures, for hosts that forbid `new Function`. Means what generated.ts means, step by step.

import { unreachable } from "../diagnostic.ts";
import { caught, missed, place, takenExit, type EntryParts, type Quick } from "./entry.ts";
import type { Placement } from "./place.ts";
import type { Plan, Root, Step, Test } from "./plan.ts";
import { testFunction } from "./tests.ts";
import { untracked } from "./tracked.ts";
import { isAbsent } from "./values.ts";

type Do = (values: unknown[]) => boolean;

export function closureEntry(parts: EntryParts): Quick {
  const { plan, run, tally: { counts }, meets } = parts;
  const scalar = scalarEntry(parts);
  if (scalar !== null) return scalar;
  const load = plan.roots.map(rootFunction);
  const steps = plan.steps.map(stepFunction);
  const only = plan.exits.findIndex((exit) => exit.kind === "return");

  return (self, ...args) => {
    const values = new Array<unknown>(plan.slots);
    for (let i = 0; i < load.length; i++) values[i] = load[i]!(self, args);
    for (let i = 0; i < steps.length; i++) if (!steps[i]!(values)) return missed();

    let placement: Placement | null = null;
    if (plan.arrays.length > 0) {
      placement = place(parts, plan.arrays.map(({ at }) => values[at]));
      if (placement === null) return missed();
    }
    if (meets !== null && meets(values)) { placement?.finish(false); return missed(); }

    const params = paramsOf(plan, values, placement);
    counts[0]!++;
    let result: number;
    try { result = run(...params) as number; } catch (error) { return caught(parts, error, placement); }
    if (placement !== null) counts[1]! += placement.bytes + placement.finish(true);
    return parts.conclude[plan.returns > 1 ? takenExit(parts) : only]!(result, values);
  };
}

/** so many arguments are taken without a list, and so many of them are the program's */
const mostFixed = 6, mostParams = 4;

/**
 * What an argument has to be: anything, any number, this number, or what passes the tests. Objects of one form, and numbers compared with
 * numbers alone: all kernels share this code, and what the engine learns of it.
 */
interface Wanted { readonly is: 0 | 1 | 2 | 3; readonly number: number; readonly passes: (value: unknown) => boolean }
const fits = (wanted: Wanted, value: unknown): boolean =>
  (wanted.is === 0 ? true : wanted.is === 1 ? typeof value === "number" : wanted.is === 2 ? typeof value === "number" && value === wanted.number : wanted.passes(value));

function wantedBy(tests: readonly Test[]): Wanted {
  const functions = tests.map(testFunction);
  const passes = (value: unknown): boolean => functions.every((test) => test(value));
  const [only] = tests;
  if (only === undefined) return { is: 0, number: 0.5, passes };
  if (tests.length === 1 && only.is === "number") return { is: 1, number: 0.5, passes };
  // === tells neither 0 from −0 nor NaN
  if (tests.length === 1 && only.is === "value" && typeof only.value === "number" && only.value !== 0 && only.value === only.value) return { is: 2, number: only.value, passes };
  return { is: 3, number: 0.5, passes };
}

/** The entry of a program that takes and gives plain numbers: nothing is allocated. Null: there is more to it. */
function scalarEntry(parts: EntryParts): Quick | null {
  const { plan, run, tally: { counts }, argc } = parts;
  const [exit] = plan.exits;
  const plainExit = plan.exits.length === 1 && exit!.kind === "return" && exit!.writes.length === 0 && exit!.value.make === "result" && exit!.value.as === "number";
  if (!plainExit || argc > mostFixed || plan.arrays.length > 0 || plan.params.length > mostParams || parts.meets !== null) return null;
  const tests: Test[][] = Array.from({ length: mostFixed }, () => []);
  for (const step of plan.steps) {
    const root = step.do === "test" ? plan.roots[step.at]! : null;
    if (root === null || step.do !== "test") return null;
    if (root.from === "argument") tests[root.index]!.push(step.test);
    else if (root.from !== "constant" || !testFunction(step.test)(root.value)) return null;
  }
  const chosen: number[] = [];
  for (const param of plan.params) {
    const root = param.from === "number" ? plan.roots[param.at]! : null;
    if (root?.from !== "argument") return null;
    chosen.push(root.index);
  }
  const [t, u, v, w, x, y] = tests.map(wantedBy) as [Wanted, Wanted, Wanted, Wanted, Wanted, Wanted];
  const [p, q, r, s] = chosen as [number, number, number, number];
  const params = chosen.length, more = tests.slice(2).some(({ length }) => length > 0);
  return (_self, a, b, c, d, e, f) => {
    if (!fits(t, a) || !fits(u, b) || (more && (!fits(v, c) || !fits(w, d) || !fits(x, e) || !fits(y, f)))) return missed();
    counts[0]!++;
    try {
      switch (params) {
        case 0: return run();
        case 1: return run(pick(p, a, b, c, d, e, f));
        default: return run(pick(p, a, b, c, d, e, f), pick(q, a, b, c, d, e, f), pick(r, a, b, c, d, e, f), pick(s, a, b, c, d, e, f)); // more than it takes is no harm
      }
    } catch (error) { return caught(parts, error, null); }
  };
}

/** The argument at a place that is known to be a number. */
const pick = (at: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): number =>
  (at === 0 ? a : at === 1 ? b : at === 2 ? c : at === 3 ? d : at === 4 ? e : f) as number;

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
