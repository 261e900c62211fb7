// An entry made of prebuilt closures, for hosts that forbid `new Function`. Means what generated.ts means, step by step.

import { unreachable } from "../diagnostic.ts";
import { isUtc } from "../ir/dates.ts";
import { caught, missed, place, takenExit, type EntryParts, type Quick } from "./entry.ts";
import { small } from "./generated.ts";
import type { Placement } from "./placement.ts";
import type { Plan, Root, Step, Test } from "./plan.ts";
import { makeCounts, type Counts } from "./tally.ts";
import { testFunction } from "./tests.ts";
import { untracked } from "./tracked.ts";
import { mostRelayed, relayOf, type FunctionType, type Relay } from "./trampoline.ts";
import { isAbsent, isDeletable, isSettable, isUnextended, isUnindexed, isUnlisted } from "./values.ts";

type Do = (values: unknown[]) => boolean;

/** `type`: of the program where it is a WebAssembly function. */
export function closureEntry(parts: EntryParts, type: FunctionType | null): Quick {
  const { plan, run, tally: { counts }, meets } = parts;
  const numeric = numericOf(parts, type);
  if (numeric !== null) return numericEntry(numeric);
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

// ───────────────────────────────── numbers alone ─────────────────────────────────
//
// The engine keeps one record of what it learnt for all closures of one text. So the entry of a program that takes and gives plain numbers is data
// (Numeric), which one small function carries out for all kernels: the dispatcher calls that function itself. A WebAssembly program is called
// through a relay: always the same function, whatever the kernel. The first kernels have texts of their own (texts.ts), in which the same data are constants.

/** so many arguments are taken without a list, and so many of them are the program's */
const mostFixed = 6, mostParams = mostRelayed;

/** What an entry of numbers is. */
export class Numeric {
  readonly argc: number;
  /** what each argument has to be: this number; NaN: any number */
  readonly n0: number; readonly n1: number; readonly n2: number; readonly n3: number; readonly n4: number; readonly n5: number;
  readonly counts: Counts;
  /** how many parameters the program has, and which arguments they are */
  readonly params: number;
  readonly p: number; readonly q: number; readonly r: number; readonly s: number;
  /** null: the program can't be called through one */
  readonly relay: Relay | null;
  readonly parts: EntryParts | null;

  constructor(parts: EntryParts | null, wanted: readonly number[], chosen: readonly number[], relay: Relay | null) {
    this.argc = wanted.length;
    [this.n0 = NaN, this.n1 = NaN, this.n2 = NaN, this.n3 = NaN, this.n4 = NaN, this.n5 = NaN] = wanted;
    this.counts = parts?.tally.counts ?? makeCounts();
    this.params = chosen.length;
    [this.p = 0, this.q = 0, this.r = 0, this.s = 0] = chosen;
    this.relay = relay;
    this.parts = parts;
  }
}
// The first one tells the engine that these are doubles, whatever comes: else it would have several forms of them.
void new Numeric(null, Array<number>(mostFixed).fill(0.5), [], null);

/** How an argument is tested: by nothing, since it is none of the entry's; for being a number; for being this value. */
const untested = 0, number = 1, thisNumber = 2;
/** arguments whose tests are constants of a text */
const mostConstant = 5;

export interface Constants {
  readonly k0: number; readonly k1: number; readonly k2: number; readonly k3: number; readonly k4: number;
  readonly n0: unknown; readonly n1: unknown; readonly n2: unknown; readonly n3: unknown; readonly n4: unknown;
  readonly params: number; readonly p: number; readonly q: number; readonly r: number; readonly s: number;
  readonly counts: Counts; readonly parts: EntryParts;
  readonly run: (...params: unknown[]) => number;
}

/** An entry's data one by one, so that closures can hold each as a constant. Null: there are too many arguments. */
export function constantsOf({ argc, n0, n1, n2, n3, n4, counts, params, p, q, r, s, parts }: Numeric): Constants | null {
  if (argc > mostConstant || parts === null) return null;
  const [k0, k1, k2, k3, k4] = [n0, n1, n2, n3, n4].map((wanted, i) => (i >= argc ? untested : wanted !== wanted ? number : thisNumber)) as [number, number, number, number, number];
  return { k0, k1, k2, k3, k4, n0: small(n0), n1: small(n1), n2: small(n2), n3: small(n3), n4: small(n4), params, p, q, r, s, counts, parts, run: parts.run as Constants["run"] };
}

export const is = (kind: number, wanted: unknown, value: unknown): boolean => (kind > number ? value === wanted : kind < number || typeof value === "number");

/** A program of none, two or more parameters; more than it takes is no harm. */
export const more = (run: Constants["run"], params: number, p: number, q: number, r: number, s: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown): number =>
  (params === 2 ? run(pick(p, a, b, c, d, e, e), pick(q, a, b, c, d, e, e)) : run(pick(p, a, b, c, d, e, e), pick(q, a, b, c, d, e, e), pick(r, a, b, c, d, e, e), pick(s, a, b, c, d, e, e)));

const numerics = new WeakMap<Quick, Numeric>();
/** What an entry is as data; null: there is more to it. */
export const asNumeric = (entry: Quick): Numeric | null => numerics.get(entry) ?? null;

function numericEntry(numeric: Numeric): Quick {
  const { counts, p, q, r, s } = numeric;
  const parts = numeric.parts!, { run } = parts;
  // a place in the code of its own: the other one is to call relays only
  const entry: Quick = (_self, a, b, c, d, e, f) => {
    if (!fits(numeric, a, b, c, d, e, f)) return missed();
    counts[0]! += counts[2]!;
    try { return run(pick(p, a, b, c, d, e, f), pick(q, a, b, c, d, e, f), pick(r, a, b, c, d, e, f), pick(s, a, b, c, d, e, f)); } // more than it takes is no harm
    catch (error) { return caught(parts, error, null); }
  };
  numerics.set(entry, numeric);
  return entry;
}

/** `type`: of the program where it is a WebAssembly function. */
function numericOf(parts: EntryParts, type: FunctionType | null): Numeric | null {
  const { plan, argc } = parts;
  const [exit] = plan.exits;
  const plainExit = plan.exits.length === 1 && exit!.kind === "return" && exit!.writes.length === 0 && exit!.value.make === "result" && exit!.value.as === "number";
  if (!plainExit || argc > mostFixed || plan.arrays.length > 0 || plan.params.length > mostParams || parts.meets !== null) return null;
  const wanted: (number | undefined)[] = Array<undefined>(argc).fill(undefined);
  for (const step of plan.steps) {
    const root = step.do === "test" ? plan.roots[step.at]! : null;
    if (root === null || step.do !== "test") return null;
    if (root.from === "argument") {
      const number = numberWanted(step.test);
      if (number === null || wanted[root.index] !== undefined) return null;
      wanted[root.index] = number;
    } else if (root.from !== "constant" || !testFunction(step.test)(root.value)) return null;
  }
  if (wanted.includes(undefined)) return null;
  const chosen: number[] = [];
  for (const param of plan.params) {
    const root = param.from === "number" ? plan.roots[param.at]! : null;
    if (root?.from !== "argument") return null;
    chosen.push(root.index);
  }
  const relayed = type !== null && type.results.length === 1 && [...type.params, ...type.results].every((one) => one === "f64");
  return new Numeric(parts, wanted as number[], chosen, relayed ? relayOf(chosen.length) : null);
}

/** NaN: any number; null: the test is of another kind. === tells neither 0 from −0 nor NaN. */
function numberWanted(test: Test): number | null {
  if (test.is === "number") return NaN;
  return test.is === "value" && typeof test.value === "number" && test.value !== 0 && test.value === test.value ? test.value : null;
}

const meets = (wanted: number, value: unknown): boolean => typeof value === "number" && (value === wanted || wanted !== wanted);

/** In pieces, since the engine inlines small functions only. */
const fits = (numeric: Numeric, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): boolean =>
  numeric.argc < 1 || (meets(numeric.n0, a) && (numeric.argc < 2 || (meets(numeric.n1, b) && (numeric.argc < 3 || restFits(numeric, c, d, e, f)))));
const restFits = (numeric: Numeric, c: unknown, d: unknown, e: unknown, f: unknown): boolean =>
  meets(numeric.n2, c) && (numeric.argc < 4 || (meets(numeric.n3, d) && (numeric.argc < 5 || (meets(numeric.n4, e) && (numeric.argc < 6 || meets(numeric.n5, f))))));

/** `call` and `place`: the program's relay, and where it stands in it. */
export function enterNumeric(numeric: Numeric, call: Relay["run"], place: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): number {
  if (!fits(numeric, a, b, c, d, e, f)) return missed();
  const { counts } = numeric;
  counts[0]! += counts[2]!;
  try {
    return numeric.params === 1 ? call(place, pick(numeric.p, a, b, c, d, e, f)) : callMore(numeric, call, place, a, b, c, d, e, f);
  } catch (error) { return caught(numeric.parts!, error, null); }
}

function callMore({ params, p, q, r, s }: Numeric, call: Relay["run"], place: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): number {
  switch (params) {
    case 0: return call(place);
    case 2: return call(place, pick(p, a, b, c, d, e, f), pick(q, a, b, c, d, e, f));
    case 3: return call(place, pick(p, a, b, c, d, e, f), pick(q, a, b, c, d, e, f), pick(r, a, b, c, d, e, f));
    default: return call(place, pick(p, a, b, c, d, e, f), pick(q, a, b, c, d, e, f), pick(r, a, b, c, d, e, f), pick(s, a, b, c, d, e, f));
  }
}

/** The argument at a place that is known to be a number. */
export const pick = (at: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): number =>
  (at === 0 ? a : at === 1 ? b : at === 2 ? c : at === 3 ? d : at === 4 ? e : f) as number;

function paramsOf(plan: Plan, values: readonly unknown[], placement: Placement | null): (number | bigint | object)[] {
  const params: (number | bigint | object)[] = [];
  for (const param of plan.params) {
    if (param.from === "array") params.push(placement!.params[2 * param.array]!, placement!.params[2 * param.array + 1]!);
    else if (param.from === "bigint") params.push(BigInt.asIntN(64, values[param.at] as bigint));
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
    case "gather": { const { from, to } = step; return (values) => { values[to] = from.map((at) => values[at]); return true; }; }
    case "part": { const { from, to, get } = step; return (values) => { values[to] = get(values[from] as object); return true; }; }
    case "test": { const { at } = step; const holds = testFunction(step.test); return (values) => holds(values[at]); }
    case "pair": { const { a, b, same } = step; return (values) => (values[a] === values[b]) === same; }
    case "absent": { const { at, key } = step; return step.plain ? (values) => !(key in (values[at] as object)) : (values) => isAbsent(values[at] as object, key); }
    case "deletable": { const { at, key } = step; return (values) => isDeletable(values[at] as object, key); }
    case "own": { const { at, key } = step; return (values) => Object.hasOwn(values[at] as object, key); }
    case "notOwn": { const { at, key } = step; return (values) => !Object.hasOwn(values[at] as object, key); }
    case "settable": { const { prototype, key } = step; return () => !(key in prototype) || isSettable(prototype, key); }
    case "unindexed": return () => Array.prototype.length === 0 || isUnindexed();
    case "missing": { const { of, key } = step; return () => !(key in of); }
    case "unlisted": return isUnlisted;
    case "unextended": return isUnextended;
    case "utc": return isUtc;
    case "builtin": { const { holder, key, original } = step; return () => (holder as Record<PropertyKey, unknown>)[key] === original; }
    case "ask": return step.holds;
    default: return unreachable(step);
  }
}
