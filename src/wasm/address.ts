// Addresses of loads and stores: which part goes into the instruction's immediate offset.
//
//   address = base + (index << scale) + offset     in the IR, modulo 2^32
//   address = pointer + immediate                  in WebAssembly, where this last addition does not wrap: beyond 2^32 it traps
//
// So a constant may move into the immediate only where the rest is the true difference: where address ≥ immediate. What is known:
// an access lies within its array, and nothing of a program lies in the lowest 64 KiB.
//
//   base and index fixed          pointer = the whole address
//   base fixed (a table)          immediate = base, since address ≥ base; and the offset too where the index can't be negative
//   index fixed                   immediate = index << scale plus offset, if not negative: pointer = base is exact
//   neither                       immediate = offset, if it is in 0 ‥ 65,535: address ≥ 65,536 > immediate

import type { Layout } from "../ir/layout.ts";
import type { Memory, Value } from "../ir/types.ts";

/** pointer = base + (index << scale) + plus, where null is left out */
export interface AddressPlan {
  readonly base: Value | null;
  readonly index: Value | null;
  readonly plus: number;
  readonly immediate: number;
}

/** nothing of a program lies below this address */
const lowest = 65536;

export function planAddress(instr: Memory, layout: Layout): AddressPlan {
  const base = instr.args[0]!, index = instr.args[1]!;
  const fixedBase = fixedAddress(base, layout), fixedIndex = fixedAddress(index, layout);
  if (fixedIndex !== undefined) {
    const offset = (fixedIndex | 0) * 2 ** instr.scale + instr.offset;
    if (fixedBase !== undefined) return { base: null, index: null, plus: (fixedBase + offset) | 0, immediate: 0 };
    if (offset >= 0 && offset < 2 ** 31) return { base, index: null, plus: 0, immediate: offset };
    return { base, index: null, plus: offset | 0, immediate: 0 };
  }
  if (fixedBase !== undefined) {
    const whole = fixedBase + instr.offset;
    if (instr.offset > 0 && whole < 2 ** 31 && neverNegative(index)) return { base: null, index, plus: 0, immediate: whole };
    return { base: null, index, plus: instr.offset, immediate: fixedBase };
  }
  if (instr.offset >= 0 && instr.offset < lowest) return { base, index, plus: 0, immediate: instr.offset };
  return { base, index, plus: instr.offset, immediate: 0 };
}

/** The i32 that a value is once memory is laid out, as an unsigned number; undefined if it is not fixed. */
export function fixedAddress(value: Value, layout: Layout): number | undefined {
  const def = value.def;
  if (def === null) return undefined;
  if (def.op === "const") return typeof def.value === "number" ? def.value >>> 0 : undefined;
  if (def.op === "data.addr") return layout.varying?.has(def.segment) ? undefined : layout.data[def.segment]!;
  if (def.op === "frame.addr") return layout.frame + def.offset;
  return undefined;
}

/** Whether an i32 is seen, from what it is computed of, not to be negative. */
const neverNegative = (value: Value): boolean => mostOf(value, { left: looks }) < 2 ** 31;
/** How many operations are looked at, one that is reached on two ways twice: walks down trees make a number of each step's. */
const looks = 128;

/** The greatest that an i32 may be as an unsigned number, by what it is computed of. */
function mostOf(value: Value, budget: { left: number }): number {
  const def = value.def, unknown = 2 ** 32 - 1;
  if (def === null || budget.left-- <= 0) return unknown;
  const of = (i: number): number => mostOf(def.args[i]!, budget);
  const by = def.args[1]?.def, shift = by?.op === "const" ? (by.value as number) & 31 : null;
  switch (def.op) {
    case "const": return (def.value as number) >>> 0;
    case "i32.load8_u": return 255;
    case "i32.load16_u": return 65535;
    case "i32.clz": return 32;
    case "i32.eqz": case "i32.lt_s": case "i32.lt_u": case "i32.eq": case "i32.ne": case "f64.lt": case "f64.le": case "f64.gt": case "f64.ge": case "f64.eq": case "f64.ne": return 1;
    case "i32.and": return Math.min(of(0), of(1));
    case "i32.add": return bounded(of(0) + of(1));
    case "i32.shr_u": return shift === null ? unknown : Math.floor(of(0) / 2 ** shift);
    case "i32.shl": return shift === null ? unknown : bounded(of(0) * 2 ** shift);
    default: return unknown;
  }
}
/** What may wrap may be anything. */
const bounded = (most: number): number => Math.min(most, 2 ** 32 - 1);

/** What the address of a segment that lies elsewhere for each instance is imported as. */
export const varyingName = (segment: number): string => `data${segment}`;
