// The greatest or least of bytes and words of 16 bits, in lanes as narrow as these: sixteen or eight numbers an instruction.
//
//   loop l (%m = 0, %i = 0) { %x = i32.load8_u [%p + %i]; %c = i32.gt_s %x %m; br l (i32.select %c %x %m) (%i + 1) }
//     →  lanes of i8x16.max_u, which are put together behind the loop
//
// Requires: a Counted loop, flat; only the comparison and the choice use the carried value, which begins as small as what it is compared with.

import type { MachineOp } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import { shuffle } from "../lanes.ts";
import type { Ranges } from "../ranges.ts";
import { operandsOf, type Flat } from "./flat.ts";
import type { Reduction } from "./reductions.ts";
import { integerShapes } from "./widths.ts";

const kinds = [
  { width: 1, sign: "u", lo: 0, hi: 255 },
  { width: 2, sign: "s", lo: -32768, hi: 32767 },
  { width: 2, sign: "u", lo: 0, hi: 65535 },
] as const;

/** next = x > param ? x : param, or the like, of small numbers; else null. */
export function bounded(param: Value, index: number, first: Value, next: Value, flat: Flat, uses: ReadonlyMap<Value, number>, ranges: Ranges): Reduction | null {
  const step = flat.by.get(next);
  if (param.type !== "i32" || !step || step.kind === "load" || step.kind === "operation" && step.instr.op !== "i32.select") return null;
  const [cond, then, otherwise] = operandsOf(step) as [Value, Value, Value], test = flat.by.get(cond);
  const relation = test?.kind === "operation" ? /^i32\.(lt|le|gt|ge)_s$/.exec(test.instr.op)?.[1] : undefined;
  const x = then === param ? otherwise : then;
  if (test?.kind !== "operation" || !relation || x === param || then !== param && otherwise !== param) return null;
  const [a, b] = test.instr.args as [Value, Value];
  if (!(a === x && b === param || a === param && b === x)) return null;
  if (uses.get(param) !== 2 || uses.get(cond) !== 1 || uses.get(next) !== undefined) return null;
  const [own, begins] = [ranges.of(x), ranges.of(first)];
  const kind = kinds.find(({ lo, hi }) => Math.min(own.lo, begins.lo) >= lo && Math.max(own.hi, begins.hi) <= hi);
  if (!kind) return null;
  const greatest = (relation[0] === "g") === (a === then), { width } = kind, shape = integerShapes[width];
  const op = `${shape}.${greatest ? "max" : "min"}_${kind.sign}` as MachineOp;
  return {
    param, index, width, inTurn: null, values: [x], repeats: true,
    start: (e, from) => e.op(`${shape}.splat` as MachineOp, from),
    step: (e, accumulator, writer, register) => e.op(op, accumulator, writer.number(x, width, register)),
    finish: (e, accumulators) => one(e, op, accumulators.reduce((p, q) => e.op(op, p, q)), width, kind.sign),
  };
}

/** What the lanes of a register are together. */
function one(e: Emitter, op: MachineOp, all: Value, width: 1 | 2, sign: "s" | "u"): Value {
  let made = all;
  for (let half = 8; half >= width; half /= 2) made = e.op(op, made, shuffle(e, made, made, Array.from({ length: 16 }, (_, i) => (i + half) % 16)));
  return e.lane({ op: "lane", name: `${integerShapes[width]}.extract_lane_${sign}`, lanes: [0], args: [], results: [] }, [made], "i32");
}
