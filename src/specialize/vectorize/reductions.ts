// Values that a loop gathers over its iterations, where the order does not matter to the last bit: sums and the like of int32, which wrap; least
// and greatest numbers. Each lane gathers its own; after the loop the lanes are put together. (Sums of doubles depend on their order.)
//
//   %s = i32.add %s0 %x           lanes begin with 0
//   %m = f64.max %m0 %x           lanes begin with what %m0 began with
//
// Requires: a Counted loop, flat. The carried value is used by its own step alone.

import type { LaneShape, MachineOp } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import type { Counted } from "./counted.ts";
import { operandsOf, type Width } from "./widths.ts";
import type { Flat } from "./flat.ts";
import type { VectorWriter } from "./writer.ts";

interface Accumulator { readonly inits: readonly Value[]; readonly params: readonly Value[] }

export interface Reduction {
  readonly param: Value;
  readonly index: number;
  readonly first: Value;
  /** what each iteration adds */
  readonly value: Value;
  readonly width: Width;
  registers(lanes: number): number;
  start(e: Emitter, first: Value, registers: number): Accumulator;
  combines(writer: VectorWriter, register: number): Value;
  step(e: Emitter, accumulator: Value, value: Value): Value;
  finish(e: Emitter, accumulators: readonly Value[], first: Value): Value;
}

interface Kind { readonly vector: MachineOp; readonly scalar: MachineOp; readonly identity: number | null; readonly width: Width }
const kinds: Record<string, Kind | undefined> = {
  "i32.add": { vector: "i32x4.add", scalar: "i32.add", identity: 0, width: 4 },
  "i32.and": { vector: "v128.and", scalar: "i32.and", identity: -1, width: 4 },
  "i32.or": { vector: "v128.or", scalar: "i32.or", identity: 0, width: 4 },
  "i32.xor": { vector: "v128.xor", scalar: "i32.xor", identity: 0, width: 4 },
  "f64.min": { vector: "f64x2.min", scalar: "f64.min", identity: null, width: 8 },
  "f64.max": { vector: "f64x2.max", scalar: "f64.max", identity: null, width: 8 },
  "f32.min": { vector: "f32x4.min", scalar: "f32.min", identity: null, width: 4 },
  "f32.max": { vector: "f32x4.max", scalar: "f32.max", identity: null, width: 4 },
};

/** All carried values that are no counters, as reductions; else why not. */
export function planReductions(counted: Counted, flat: Flat): readonly Reduction[] | string {
  const params = counted.loop.regions[0].params;
  const found: Reduction[] = [];
  for (const [index, param] of params.entries()) {
    const next = counted.br.args[index]!;
    if (next === param || counted.counters.some((c) => c.param === param && param.type === "i32")) continue;
    const step = flat.by.get(next);
    const kind = step?.kind === "operation" ? kinds[step.instr.op] : undefined;
    const uses = flat.steps.reduce((n, s) => n + (s.kind === "store" ? Number(s.value === param) : operandsOf(s).filter((v) => v === param).length), 0);
    const nextUses = flat.steps.reduce((n, s) => n + (s.kind === "store" ? Number(s.value === next) : operandsOf(s).filter((v) => v === next).length), 0);
    if (step?.kind !== "operation" || !kind || uses !== 1 || nextUses !== 0 || !step.instr.args.includes(param)) {
      return param.type === "f64" || param.type === "f32" ? "each iteration needs the number of the one before it" : "a value is carried from one iteration to the next";
    }
    const value = step.instr.args[0] === param ? step.instr.args[1]! : step.instr.args[0]!;
    found.push(reduction(param, index, counted.loop.args[index]!, value, kind));
  }
  return found;
}

function reduction(param: Value, index: number, first: Value, value: Value, kind: Kind): Reduction {
  const { vector, scalar, identity, width } = kind;
  const type = param.type as "i32" | "f32" | "f64";
  const shape: LaneShape = type === "f64" ? "f64x2" : type === "f32" ? "f32x4" : "i32x4";
  return {
    param, index, first, value, width,
    registers: (lanes) => Math.max(1, (lanes * width) / 16),
    start: (e, firstNow, registers) => {
      const init = e.op(`${shape}.splat` as MachineOp, identity === null ? firstNow : e.i32(identity));
      const params = Array.from({ length: registers }, () => e.value("v128"));
      return { inits: params.map(() => init), params };
    },
    combines: (writer, register) => writer.at(value, width, register),
    step: (e, accumulator, now) => e.op(vector, accumulator, now),
    finish: (e, accumulators, firstNow) => {
      const one = accumulators.reduce((a, b) => e.op(vector, a, b));
      const name = `${shape}.extract_lane` as const;
      const lanes = Array.from({ length: 16 / width }, (_, lane) => e.lane({ op: "lane", name, lanes: [lane], args: [], results: [] }, [one], type));
      return lanes.reduce((a, b) => e.op(scalar, a, b), firstNow);
    },
  };
}
