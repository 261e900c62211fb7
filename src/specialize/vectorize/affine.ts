// Carried int32 that are a constant times what they were, and something added: hashes of the kind h·31 + c, and linear congruential generators.
//
//   h = h·31 + x[i] | 0            each lane gathers every fourth term, times 31⁴ a step:  v = v·31⁴ + x[i ‥ i+3];
//                                  behind the loop  v₀·31³ + v₁·31² + v₂·31 + v₃, where v₃ began with h
//   s = s·1664525 + k | 0; y[i] = s    the lanes are the next four numbers:  v = v·m⁴ + k·(m³ + m² + m + 1)
//
// int32 arithmetic is that of a ring, so every bit stays as it was. Requires: a Counted loop, flat. Of the first kind the carried value, and what
// lies between it and the next one, is used by the chain alone; of the second only constants are added, and whoever wants may look at it.

import { constantOf } from "../../ir/build.ts";
import type { Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import { extractLane } from "../lanes.ts";
import { operandsOf, dependents, type Flat } from "./flat.ts";
import type { Reduction } from "./reductions.ts";
import type { Width } from "./widths.ts";

/** bytes of a lane, and lanes of a register */
const width: Width = 4, per = 4;

/** times·carried + Σ value·times + plus, modulo 2^32 */
interface Affine { readonly times: number; readonly terms: readonly { readonly value: Value; readonly times: number }[]; readonly plus: number }

/** The carried value as one of the two kinds, or null. Times 1 is a plain sum. */
export function affine(param: Value, index: number, next: Value, flat: Flat, uses: ReadonlyMap<Value, number>): Reduction | null {
  if (param.type !== "i32") return null;
  const carried = dependents(param, flat);
  const links = new Set<Value>();
  const form = formOf(next, param, carried, flat, links);
  if (!form || form.times === 0 || form.times === 1 || form.terms.length > mostTerms) return null;
  if (form.terms.length === 0) return generated(param, index, form);
  const own = new Map<Value, number>(); // how often the chain itself uses what it is made of
  for (const link of links) for (const v of operandsOf(flat.by.get(link)!)) if (v === param || links.has(v)) own.set(v, (own.get(v) ?? 0) + 1);
  const isAlone = [param, ...links].every((v) => (uses.get(v) ?? 0) === (own.get(v) ?? 0));
  return isAlone ? gathered(param, index, form) : null;
}
const mostTerms = 4;

/** `links` becomes the values between the carried one and `v`. */
function formOf(v: Value, param: Value, carried: ReadonlySet<Value>, flat: Flat, links: Set<Value>): Affine | null {
  const constant = constantOf(v);
  if (typeof constant === "number") return { times: 0, terms: [], plus: constant };
  if (v === param) return { times: 1, terms: [], plus: 0 };
  if (!carried.has(v)) return { times: 0, terms: [{ value: v, times: 1 }], plus: 0 };
  const step = flat.by.get(v);
  if (step?.kind !== "operation") return null;
  links.add(v);
  const [a, b] = step.instr.args as [Value, Value];
  const of = (x: Value): Affine | null => formOf(x, param, carried, flat, links);
  switch (step.instr.op) {
    case "i32.add": case "i32.sub": {
      const [x, y] = [of(a), of(b)];
      return x && y && sum(x, scaled(y, step.instr.op === "i32.add" ? 1 : -1));
    }
    case "i32.mul": case "i32.shl": {
      const by = constantOf(b), x = of(a);
      return x && typeof by === "number" ? scaled(x, step.instr.op === "i32.mul" ? by : 1 << by) : null;
    }
    default: return null;
  }
}
const scaled = (a: Affine, by: number): Affine =>
  ({ times: Math.imul(a.times, by), terms: a.terms.map((t) => ({ ...t, times: Math.imul(t.times, by) })), plus: Math.imul(a.plus, by) });
const sum = (a: Affine, b: Affine): Affine => ({ times: (a.times + b.times) | 0, terms: [...a.terms, ...b.terms], plus: (a.plus + b.plus) | 0 });

/** `count` iterations as one: the carried value is multiplied by `times`, and `plus` is added. */
function after(count: number, { times, plus }: Affine): { readonly times: number; readonly plus: number } {
  let all = { times: 1, plus: 0 };
  for (let i = 0; i < count; i++) all = { times: Math.imul(all.times, times), plus: (Math.imul(all.plus, times) + plus) | 0 };
  return all;
}

const vector = (e: Emitter, lane: (l: number) => number): Value => e.const("v128", new Uint8Array(Int32Array.from({ length: per }, (_, l) => lane(l)).buffer));
const every = (e: Emitter, value: number): Value => vector(e, () => value);
const times = (e: Emitter, v: Value, by: number): Value => (by === 1 ? v : e.op("i32x4.mul", v, every(e, by)));

/** Each lane gathers the terms of its own iterations. */
function gathered(param: Value, index: number, form: Affine): Reduction {
  return {
    param, index, width, inTurn: null, values: form.terms.map(({ value }) => value),
    start: (e, first, register, count) => {
      const none = every(e, 0);
      return register < count - 1 ? none : e.lane({ op: "lane", name: "i32x4.replace_lane", lanes: [per - 1], args: [], results: [] }, [none, first], "v128");
    },
    step: (e, accumulator, writer, register, count) => form.terms.reduce(
      (all, term) => e.op("i32x4.add", all, times(e, writer.number(term.value, width, register), term.times)),
      form.plus === 0 ? times(e, accumulator, after(count * per, form).times) : e.op("i32x4.add", times(e, accumulator, after(count * per, form).times), every(e, form.plus))),
    finish: (e, accumulators) => {
      const all = accumulators
        .map((v, r) => e.op("i32x4.mul", v, vector(e, (l) => after((accumulators.length - r) * per - 1 - l, form).times)))
        .reduce((a, b) => e.op("i32x4.add", a, b));
      return Array.from({ length: per }, (_, lane) => extractLane(e, all, lane, "i32")).reduce((a, b) => e.op("i32.add", a, b));
    },
  };
}

/** The lanes are the numbers of their iterations. */
function generated(param: Value, index: number, form: Affine): Reduction {
  return {
    param, index, width, inTurn: null, each: true, values: [],
    start: (e, first, register) => {
      const lane = (l: number): ReturnType<typeof after> => after(register * per + l, form);
      return e.op("i32x4.add", e.op("i32x4.mul", e.op("i32x4.splat", first), vector(e, (l) => lane(l).times)), vector(e, (l) => lane(l).plus));
    },
    step: (e, numbers, _, __, count) => {
      const leap = after(count * per, form);
      return e.op("i32x4.add", times(e, numbers, leap.times), every(e, leap.plus));
    },
    finish: (e, [numbers]) => extractLane(e, numbers!, 0, "i32"),
  };
}
