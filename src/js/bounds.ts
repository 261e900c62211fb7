// Which bounds checks JavaScript makes by itself: a read past a typed array's end is undefined, which is NaN as a number, and a write
// past it does nothing.
//
//   v = if i <u x_length { a = f64.load x, i; yield a } else { yield nan }   →   +x[i]
//   if i <u x_length { f64.store x, i, v }                                   →   x[i] = v
//
// The engine checks the index in any case: a check of ours beside it costs as much again.
// Requires: a program whose arrays are found (arrays.ts). Only arrays that the residual takes as they are, and checks against their own length.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops, type MemoryOp } from "../ir/ops.ts";
import type { ElementKind, If, Instr, Memory, Program, Value } from "../ir/types.ts";
import { constantIndex, elements, inputBases, type Arrays } from "./arrays.ts";

export interface OwnBounds {
  /** the value of the `if` is that of the load alone */
  isRead(instr: If): boolean;
  /** the stores of the `if` can stand without it */
  isWrite(instr: If): boolean;
}

/** Loads that print as the element itself, and what makes a double of them. */
const reads: Partial<Record<ElementKind, readonly [MemoryOp, string | null]>> = {
  f64: ["f64.load", null], f32: ["f32.load", "f64.promote_f32"], i8: ["i32.load8_s", "f64.convert_i32_s"], u8: ["i32.load8_u", "f64.convert_i32_s"],
  u8c: ["i32.load8_u", "f64.convert_i32_s"], i16: ["i32.load16_s", "f64.convert_i32_s"], u16: ["i32.load16_u", "f64.convert_i32_s"], i32: ["i32.load", "f64.convert_i32_s"],
};

export function ownBounds(program: Program, arrays: Arrays): OwnBounds {
  const entry = program.functions[0]!;
  const lengths = new Map<Value, Value>();
  inputBases(program.inputs, entry).forEach((base, i) => {
    if (arrays.direct[i] && program.inputs[i]!.as === "typed") lengths.set(entry.params[entry.params.indexOf(base) + 1]!, base);
  });

  /** The access is of the very element that the condition asks about. */
  const guards = (cond: Value, access: Memory): boolean => {
    const base = access.args[0]!, index = access.args[1]!, kind = arrays.element.get(base);
    if (!kind) return false;
    const { shift } = elements[kind];
    if (lengths.get(cond) === base) return constantIndex(access, shift) === 0; // `0 <u length` is written `length`
    const def = cond.def;
    const [asked, length] = def?.op === "i32.lt_u" ? def.args : def?.op === "i32.gt_u" ? [def.args[1], def.args[0]] : [];
    if (!asked || !length || lengths.get(length) !== base) return false;
    const c = constantOf(asked);
    return c !== undefined ? constantIndex(access, shift) === c : asked === index && access.offset === 0 && access.scale === shift;
  };
  const isRead = ({ args: [cond], regions: [then, otherwise], results }: If): boolean => {
    const [load, second] = then.body;
    const [no] = otherwise.body;
    if (results.length !== 1 || no!.op !== "yield" || !Number.isNaN(constantOf(no!.args[0]!))) return false;
    const kind = arrays.element.get(load!.args[0]!), [op, double] = (kind && reads[kind]) ?? [];
    if (load!.op !== op || !guards(cond!, load as Memory)) return false;
    const value = double === null ? load!.results[0] : second!.op === double && second!.args[0] === load!.results[0] ? second!.results[0] : undefined;
    return value !== undefined && then.body.length === (double === null ? 2 : 3) && then.body.at(-1)!.args[0] === value;
  };
  /** Whatever it computes beside is pure: where the store does nothing, nobody sees it. */
  const isWrite = ({ args: [cond], regions: [then, otherwise], results }: If): boolean => {
    if (results.length !== 0 || otherwise.body.length !== 1 || otherwise.body[0]!.op !== "yield" || then.body.at(-1)!.op !== "yield") return false;
    const stores = then.body.filter((instr): instr is Memory => isMemoryOp(instr.op) && memoryOps[instr.op].store);
    return stores.length > 0 && stores.every((store) => guards(cond!, store)) && then.body.every((instr) => instr.op === "yield" || isQuiet(instr) || (instr.op === "if" && isRead(instr)));
  };
  return { isRead, isWrite };
}

const isQuiet = (instr: Instr): boolean => isMemoryOp(instr.op) || (isMachineOp(instr.op) && ops[instr.op].effect === "none");
