// Values that a loop gathers over its iterations, where the order does not matter to the last bit: sums and the like of int32, which wrap; least
// and greatest numbers. Each lane gathers its own; after the loop the lanes are put together. (Sums of doubles depend on their order: inturn.ts; what others are made of as well: following.ts. Hashes: affine.ts; what is compared with the best so far: chosen.ts; sums that may leave int32: greatest.ts; the greatest of bytes: bounded.ts.)
//
//   %s = i32.add %s0 %x           lanes begin with 0
//   %m = f64.max %m0 %x           lanes begin with what %m0 began with
//   %n = f64.select %c (f64.add %n0 1.0) %n0      lanes count in int32; sums of small whole numbers are exact in doubles too
//
//   %s = f64.add %s0 %x           with relax.reassociate: lanes begin with −0, which adds nothing
//
// Requires: a Counted loop, flat. The carried value is used by its own step alone.

import { constantOf } from "../../ir/build.ts";
import type { LaneOp, MachineOp } from "../../ir/ops.ts";
import type { Type, Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import type { Range } from "../intervals.ts";
import { shapeOf } from "../lanes.ts";
import type { Ranges } from "../ranges.ts";
import { affine } from "./affine.ts";
import { planBest } from "./best.ts";
import { bounded } from "./bounded.ts";
import { chosen } from "./chosen.ts";
import type { Counted } from "../counted.ts";
import { following, type Following } from "./following.ts";
import { inTurn } from "./inturn.ts";
import type { Width } from "./widths.ts";
import { operandsOf, type Flat } from "./flat.ts";
import { greatestSum } from "./greatest.ts";
import type { VectorWriter } from "./writer.ts";

/** Steps of an iteration, how many of them are taken under a condition, how often a lane is taken out or put in, and what of the flat loop the steps are. */
export interface InTurn { readonly steps: number; readonly chosen: number; readonly moves: number; readonly made?: ReadonlySet<Value> }

export interface Reduction {
  readonly param: Value;
  readonly index: number;
  /** what each iteration gathers */
  readonly values: readonly Value[];
  /** `values` are in lanes what the carried value never is: that nothing was found yet */
  readonly beyond?: true;
  /** bytes of an accumulator's lane */
  readonly width: Width;
  /** Null: there is an accumulator for each register. Else the carried value is the only one, and so many steps an iteration are taken one after the other */
  readonly inTurn: InTurn | null;
  /** it is made in a line together with these (following.ts) */
  readonly following?: Following;
  /** its lanes hold what the carried value is in each iteration, so that others may be made of it: nothing is gathered */
  readonly each?: true;
  /** iterations that are done again change nothing: the greatest of some numbers, of which some stand there twice */
  readonly repeats?: boolean;
  /** what an accumulator, of `count`, begins with; `first` is what the carried value begins with */
  start(e: Emitter, first: Value, register: number, count: number): Value;
  step(e: Emitter, accumulator: Value, writer: VectorWriter, register: number, count: number): Value;
  /** `of`: another reduction's accumulators, by its carried value, and what that begins with */
  finish(e: Emitter, accumulators: readonly Value[], first: Value, of: (param: Value) => { readonly ends: readonly Value[]; readonly first: Value }): Value;
  /** not 0 where the lanes can't tell the result: the loop is done again as it was. Only where it stores nothing */
  doubt?(e: Emitter, accumulators: readonly Value[]): Value;
}

/** `quick`: the vector operation in one instruction, of numbers that are neither NaN nor −0, the accumulator last: one that is NaN it may drop, which `finish` takes from the first once more */
interface Kind { readonly vector: MachineOp; readonly quick?: MachineOp; readonly scalar: MachineOp; readonly identity: number | null; readonly width: Width }
const kinds: Record<string, Kind | undefined> = {
  "i32.add": { vector: "i32x4.add", scalar: "i32.add", identity: 0, width: 4 },
  "i32.and": { vector: "v128.and", scalar: "i32.and", identity: -1, width: 4 },
  "i32.or": { vector: "v128.or", scalar: "i32.or", identity: 0, width: 4 },
  "i32.xor": { vector: "v128.xor", scalar: "i32.xor", identity: 0, width: 4 },
  "f64.min": { vector: "f64x2.min", quick: "f64x2.pmin", scalar: "f64.min", identity: null, width: 8 },
  "f64.max": { vector: "f64x2.max", quick: "f64x2.pmax", scalar: "f64.max", identity: null, width: 8 },
  "f32.min": { vector: "f32x4.min", quick: "f32x4.pmin", scalar: "f32.min", identity: null, width: 4 },
  "f32.max": { vector: "f32x4.max", quick: "f32x4.pmax", scalar: "f32.max", identity: null, width: 4 },
};

const repeating = /\.(and|or|min|max)$/;

/** Where the order of roundings may be another one. */
const relaxed: Record<string, Kind | undefined> = {
  "f64.add": { vector: "f64x2.add", scalar: "f64.add", identity: -0, width: 8 },
  "f64.mul": { vector: "f64x2.mul", scalar: "f64.mul", identity: 1, width: 8 },
  "f32.add": { vector: "f32x4.add", scalar: "f32.add", identity: -0, width: 4 },
  "f32.mul": { vector: "f32x4.mul", scalar: "f32.mul", identity: 1, width: 4 },
};

const wholeSum: Kind = { vector: "f64x2.add", scalar: "f64.add", identity: 0, width: 8 };

export const orderCounts = "a sum or product depends on the order of its roundings (relax.reassociate allows another)";

/**
 * All carried values that are no counters, as reductions; else why not. `costly`: also those whose gain has to be weighed: a best and its place,
 * which take some dozen operations behind the loop, and what is taken lane after lane.
 */
export function planReductions(counted: Counted, flat: Flat, ranges: Ranges, reassociate: boolean, costly = true): readonly Reduction[] | string {
  const params = counted.loop.regions[0].params;
  const found: Reduction[] = [];
  const left: { param: Value; index: number; next: Value }[] = [];
  let uses: Map<Value, number> | null = null, why: string | null = null;
  for (const [index, param] of params.entries()) {
    const next = counted.br.args[index]!;
    if (next === param || counted.counters.some((c) => c.param === param && param.type === "i32")) continue;
    if (!uses) {
      uses = countUses(flat);
      if (costly) found.push(...planBest(counted, flat, uses, ranges));
    }
    if (found.some((r) => r.param === param)) continue;
    const first = counted.loop.args[index]!;
    const one = bounded(param, index, first, next, flat, uses, ranges) ?? greatestSum(param, index, first, next, flat, uses, ranges) ?? counting(param, index, first, next, flat, uses, ranges)
      ?? gathering(param, index, first, next, flat, uses, ranges, reassociate) ?? affine(param, index, next, flat, uses)
      ?? (costly ? chosen(param, index, first, next, flat, uses, ranges) ?? inTurn(param, index, next, flat, uses) : null);
    if (one) { found.push(one); continue; }
    left.push({ param, index, next });
    why ??= gathering(param, index, first, next, flat, uses, ranges, true) ? orderCounts
      : param.type === "f64" || param.type === "f32" ? "each iteration needs the number of the one before it" : "a value is carried from one iteration to the next";
  }
  const line = why === null ? [] : costly ? following(left, found, counted, flat, why) : null;
  return line ? [...found, ...line] : why!;
}

function countUses(flat: Flat): Map<Value, number> {
  const uses = new Map<Value, number>();
  const use = (v: Value): void => { uses.set(v, (uses.get(v) ?? 0) + 1); };
  for (const step of flat.steps) {
    if (step.kind === "store") use(step.value);
    else operandsOf(step).forEach(use);
    if (step.kind === "store") for (let m = step.mask; m; m = m.outer) use(m.cond);
  }
  return uses;
}

/** Whole numbers so small that 2^30 of them sum up exactly in doubles. */
const smallWhole = (r: Range, most: number): boolean => r.int && !r.nan && r.lo >= -most && r.hi <= most;
const mostTerm = 2 ** 20;
const exactStart = (first: Value, ranges: Ranges): boolean => smallWhole(ranges.of(first), 2 ** 51) && !ranges.of(first).negzero;

/** next = param ∘ value */
function gathering(param: Value, index: number, first: Value, next: Value, flat: Flat, uses: ReadonlyMap<Value, number>, ranges: Ranges, reassociate: boolean): Reduction | null {
  const step = flat.by.get(next);
  if (step?.kind !== "operation" || uses.get(param) !== 1 || uses.get(next) !== undefined || !step.instr.args.includes(param)) return null;
  const value = step.instr.args[0] === param ? step.instr.args[1]! : step.instr.args[0]!;
  const whole = step.instr.op === "f64.add" && exactStart(first, ranges) && smallWhole(ranges.of(value), mostTerm);
  const kind = whole ? wholeSum : kinds[step.instr.op] ?? (reassociate ? relaxed[step.instr.op] : undefined);
  return kind ? reduction(param, index, first, value, kind, ranges) : null;
}

function reduction(param: Value, index: number, first: Value, value: Value, kind: Kind, ranges: Ranges): Reduction {
  const { vector, quick, scalar, identity, width } = kind;
  const range = ranges.of(value), plain = !range.nan && !range.negzero;
  const type = param.type as "i32" | "f32" | "f64";
  const shape = shapeOf(type);
  return {
    param, index, values: [value], width, inTurn: null, repeats: repeating.test(scalar),
    start: (e, firstNow) => e.op(`${shape}.splat` as MachineOp, identity === null ? firstNow : e.const(type, identity)),
    step: (e, accumulator, writer, register) => { const number = writer.number(value, width, register); return quick && plain ? e.op(quick, number, accumulator) : e.op(vector, accumulator, number); },
    finish: (e, accumulators, firstNow) => {
      const one = accumulators.reduce((a, b) => e.op(vector, a, b));
      return lanesOf(e, one, `${shape}.extract_lane` as LaneOp, 16 / width, type).reduce((a, b) => e.op(scalar, a, b), firstNow);
    },
  };
}

/** next = cond ? param + k : param. The lanes count how often, in int32: there are no more than 2^30 iterations. */
function counting(param: Value, index: number, first: Value, next: Value, flat: Flat, uses: ReadonlyMap<Value, number>, ranges: Ranges): Reduction | null {
  const step = flat.by.get(next);
  if (!step || step.kind === "load" || (step.kind === "operation" && !step.instr.op.endsWith(".select"))) return null;
  const [cond, then, otherwise] = operandsOf(step) as [Value, Value, Value];
  if (otherwise !== param) return null;
  const add = flat.by.get(then);
  if (add?.kind !== "operation" || (add.instr.op !== "i32.add" && add.instr.op !== "f64.add") || add.instr.args[0] !== param) return null;
  const by = constantOf(add.instr.args[1]!);
  if (typeof by !== "number" || uses.get(param) !== 2 || uses.get(then) !== 1 || uses.get(next) !== undefined) return null;
  const inDoubles = param.type === "f64";
  if (inDoubles && !(Number.isInteger(by) && Math.abs(by) <= mostTerm && exactStart(first, ranges))) return null;
  return {
    param, index, values: [cond], width: 4, inTurn: null,
    start: (e) => e.op("i32x4.splat", e.i32(0)),
    step: (e, accumulator, writer, register) => e.op("i32x4.sub", accumulator, writer.mask(cond, 4, register)),
    finish: (e, accumulators, firstNow) => {
      const one = accumulators.reduce((a, b) => e.op("i32x4.add", a, b));
      const count = lanesOf(e, one, "i32x4.extract_lane", 4, "i32").reduce((a, b) => e.op("i32.add", a, b));
      return inDoubles ? e.op("f64.add", firstNow, e.op("f64.mul", e.op("f64.convert_i32_s", count), e.f64(by))) : e.op("i32.add", firstNow, e.op("i32.mul", count, e.i32(by)));
    },
  };
}

const lanesOf = (e: Emitter, vector: Value, name: LaneOp, count: number, type: Type): Value[] =>
  Array.from({ length: count }, (_, lane) => e.lane({ op: "lane", name, lanes: [lane], args: [], results: [] }, [vector], type));
