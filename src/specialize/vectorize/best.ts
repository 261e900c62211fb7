// The best of many, and where it is: each lane keeps its own best and the counter that it had there; behind the loop the best lane is taken, of
// equal ones that which came first (or, where equals take over, last).
//
//   loop l (%m = −∞, %at = −1, %i = 0) { …; %c = f64.gt %x %m; br l (f64.select %c %x %m) (i32.select %c %i %at) (%i + 1) }
//
// Requires: both choices by one comparison of the number with the best so far; the place is a counter that goes up. A lane that has found nothing holds
// what the loop began with, at no place. Comparisons with NaN are false, in lanes as in the source; of zeros the first one's sign is kept by its place.

import type { LaneOp, MachineOp } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import { shapeOf } from "../lanes.ts";
import type { Ranges } from "../ranges.ts";
import type { Counted } from "../counted.ts";
import { operandsOf, type Flat } from "./flat.ts";
import type { Reduction } from "./reductions.ts";
import type { Width } from "./widths.ts";

const comparison = /^(f64|f32|i32)\.(gt|ge|lt|le)(?:_s)?$/;

/** The carried values that are a best and its place, as reductions. */
export function planBest(counted: Counted, flat: Flat, uses: ReadonlyMap<Value, number>, ranges: Ranges): readonly Reduction[] {
  const { params } = counted.loop.regions[0];
  /** next = cond ? value : param */
  const choices = params.flatMap((param, index) => {
    const next = counted.br.args[index]!, step = flat.by.get(next);
    if (!step || step.kind === "load" || step.kind === "operation" && !step.instr.op.endsWith(".select") || uses.get(next) !== undefined) return [];
    const [cond, value, otherwise] = operandsOf(step) as [Value, Value, Value];
    return otherwise === param && value !== param ? [{ param, index, next, cond, value }] : [];
  });
  for (const best of choices) {
    const test = flat.by.get(best.cond);
    const compared = test?.kind === "operation" ? comparison.exec(test.instr.op) : null;
    if (!compared || test?.kind !== "operation" || uses.get(best.param) !== 2) continue;
    const [a, b] = test.instr.args as [Value, Value];
    if (!(a === best.value && b === best.param || a === best.param && b === best.value)) continue;
    const place = choices.find((c) => c !== best && c.cond === best.cond && uses.get(c.param) === 1
      && counted.counters.some((k) => k.param === c.value && k.param.type === "i32" && k.step > 0 && ranges.of(k.param).lo > -(2 ** 31)));
    if (place) return pair(best, place, { type: compared[1] as "f64" | "f32" | "i32", greater: (compared[2]![0] === "g") === (a === best.value), equals: compared[2]![1] === "e" });
  }
  return [];
}

interface Choice { readonly param: Value; readonly index: number; readonly next: Value }
interface Order { readonly type: "f64" | "f32" | "i32"; readonly greater: boolean; readonly equals: boolean }

function pair(best: Choice, place: Choice, { type, greater, equals }: Order): readonly Reduction[] {
  const width: Width = type === "f64" ? 8 : 4;
  const shape = shapeOf(type);
  const none = equals ? -2147483648 : 2147483647; // no place: earlier, or later, than any
  const better = `${type}.${greater ? "gt" : "lt"}${type === "i32" ? "_s" : ""}` as MachineOp;
  let result: { readonly number: Value; readonly at: Value; readonly ends: readonly Value[] } | null = null;
  const lanesOf = (e: Emitter, registers: readonly Value[], name: LaneOp, count: number, of: "f64" | "f32" | "i32"): Value[] =>
    registers.flatMap((register) => Array.from({ length: count }, (_, lane) => e.lane({ op: "lane", name, lanes: [lane], args: [], results: [] }, [register], of)));
  const found = (e: Emitter, of: (param: Value) => { readonly ends: readonly Value[]; readonly first: Value }): { readonly number: Value; readonly at: Value } => {
    const { ends } = of(best.param);
    if (result?.ends === ends) return result;
    const numbers = lanesOf(e, ends, `${shape}.extract_lane` as LaneOp, 16 / width, type);
    const places = lanesOf(e, of(place.param).ends, "i32x4.extract_lane", 4, "i32");
    let number = of(best.param).first, at: Value = e.i32(none);
    numbers.forEach((its, lane) => {
      const nearer = e.op(equals ? "i32.gt_s" : "i32.lt_s", places[lane]!, at);
      const takes = e.op("i32.or", e.op(better, its, number), e.op("i32.and", e.op(`${type}.eq` as MachineOp, its, number), nearer));
      number = e.op(`${type}.select` as MachineOp, takes, its, number);
      at = e.op("i32.select", takes, places[lane]!, at);
    });
    result = { ends, number, at: e.op("i32.select", e.op("i32.eq", at, e.i32(none)), of(place.param).first, at) };
    return result;
  };
  return [
    {
      param: best.param, index: best.index, values: [best.next], width, inTurn: null,
      start: (e, first) => e.op(`${shape}.splat` as MachineOp, first),
      step: (_, __, writer, register) => writer.number(best.next, width, register),
      finish: (e, _, __, of) => found(e, of).number,
    },
    {
      param: place.param, index: place.index, values: [place.next], beyond: true, width: 4, inTurn: null,
      start: (e) => e.op("i32x4.splat", e.i32(none)),
      step: (_, __, writer, register) => writer.number(place.next, 4, register),
      finish: (e, _, __, of) => found(e, of).at,
    },
  ];
}
