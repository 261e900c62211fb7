// Look-ups whose index goes up by the same from each iteration to the next, which the call tells only: a column of a table whose width varies.
//
//   %j = i32.add (i32.mul (i32.add %k 1) %n) %c      %n from one iteration to the next: %p = %x + (%j << 3) at the first lane, then %p + 8·%n, …
//
// Sums and products of int32 wrap as addresses do, so that holds whatever they are. Requires: loads that take place in every iteration; nothing in the loop
// writes what they read. Written are the first lane's address, and for each other lane one addition: nothing of the index is computed in lanes.

import { constantOf } from "../../ir/build.ts";
import type { Memory, Value } from "../../ir/types.ts";
import type { Counted } from "../counted.ts";
import type { Emitter } from "../emitter.ts";
import type { Flat } from "./flat.ts";
import { linearIndex } from "./accesses.ts";
import type { LinearForms } from "./linear.ts";
import type { Address } from "./memory.ts";

/** Σ times · factors, of values from before the loop; a constant has no factors. */
type Growth = readonly { readonly times: number; readonly factors: readonly Value[] }[];
export type Walks = ReadonlyMap<Memory, Growth>;

/** terms of a sum, factors of a product, operations one within the other, and how far a constant factor goes */
const most = { terms: 4, factors: 3, deep: 8, times: 2 ** 20 };

/** The loads of the loop that walk. */
export function walksOf(flat: Flat, forms: LinearForms, counted: Counted): Walks {
  const found = new Map<Memory, Growth>();
  for (const step of flat.steps) {
    if (step.kind !== "load" || step.mask || !forms.invariant(step.instr.args[0]!) || linearIndex(step.instr.args[1]!, forms)) continue;
    const growth = growthOf(step.instr.args[1]!, forms, counted, most.deep);
    if (growth?.some(({ factors }) => factors.length > 0)) found.set(step.instr, growth);
  }
  return found;
}

/** What an int32 grows by in one iteration, if that is the same in all of them. */
function growthOf(v: Value, forms: LinearForms, counted: Counted, deep: number): Growth | null {
  if (forms.invariant(v)) return [];
  const counter = counted.counters.find(({ param }) => param === v), { def } = v;
  if (counter) return v.type === "i32" ? [{ times: counter.step, factors: [] }] : null;
  if (!def || deep === 0) return null;
  const of = (arg: Value): Growth | null => growthOf(arg, forms, counted, deep - 1);
  const [a, b] = def.args as [Value, Value];
  switch (def.op) {
    case "i32.add": case "i32.sub": {
      const x = of(a), y = x && of(b);
      return y && small([...x, ...times(y, def.op === "i32.add" ? 1 : -1)]);
    }
    case "i32.shl": { const by = constantOf(b), x = of(a); return typeof by === "number" && x ? small(times(x, 2 ** (by & 31))) : null; }
    case "i32.mul": {
      const [vary, by] = forms.invariant(b) ? [a, b] : [b, a], constant = constantOf(by), x = forms.invariant(by) ? of(vary) : null;
      return x === null ? null : small(typeof constant === "number" ? times(x, constant) : x.map((t) => ({ ...t, factors: [...t.factors, by] })));
    }
    default: return null;
  }
}
const times = (growth: Growth, by: number): Growth => growth.map((t) => ({ ...t, times: t.times * by }));
const small = (growth: Growth): Growth | null =>
  (growth.length <= most.terms && growth.every((t) => t.factors.length <= most.factors && Math.abs(t.times) <= most.times) ? growth : null);

export interface WalkParts {
  readonly e: Emitter;
  readonly walks: Walks;
  /** what a value that is the same in every iteration is before the loop; null for others */
  readonly uniform: (old: Value) => Value | null;
  /** a counter at the first lane; null for other values */
  readonly counter: (old: Value) => Value | null;
  readonly outside: (write: () => Value) => Value;
}

/** Writes where the lanes look up, in a step of the vector loop. */
export class Walker {
  private readonly p: WalkParts;
  private readonly lanes = new Map<string, Value[]>();
  constructor(parts: WalkParts) { this.p = parts; }

  /** Where a lane's own load goes; null for those that do not walk. */
  place(instr: Memory, lane: number): Address | null {
    const { e, uniform, outside } = this.p, growth = this.p.walks.get(instr);
    if (!growth) return null;
    const [base, index] = instr.args as [Value, Value], key = `${base.id} ${index.id} ${instr.scale}`, shift = e.i32(instr.scale);
    let found = this.lanes.get(key);
    if (!found) this.lanes.set(key, found = [e.op("i32.add", uniform(base)!, e.op("i32.shl", this.first(index), shift))]);
    while (found.length <= lane) found.push(e.op("i32.add", found.at(-1)!, outside(() => e.op("i32.shl", this.sum(growth), shift))));
    return { base: found[lane]!, index: e.i32(0), scale: 0, offset: instr.offset };
  }
  /** The index at the first lane. */
  private first(v: Value): Value {
    return this.p.uniform(v) ?? this.p.counter(v) ?? this.p.e.op(v.def!.op as "i32.add", ...v.def!.args.map((a) => this.first(a)));
  }
  private sum(growth: Growth): Value {
    const { e, uniform } = this.p;
    return growth.map(({ times: by, factors }) => factors.reduce((all, v) => e.op("i32.mul", all, uniform(v)!), e.i32(by))).reduce((a, b) => e.op("i32.add", a, b));
  }
}
