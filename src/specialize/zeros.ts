// Whose zero's sign matters: the doubles for which −0 in place of 0 could change what the program does.
//
//   %p = f64.mul %w %x; %s = f64.add %acc %p      %acc never −0: the sum is the same for %p = 0 and −0, so %p's sign is not observed
//   %t = i32.trunc_sat_f64_s %p                   nor is it by conversions and comparisons
//   f64.store … %p                                but here it is
//
// Requires: ranges of the same function. Unknown means observed. Algorithm: backwards from the observers, through the operations that
// hand a zero's sign on; what they need to know of the other operand is a range, whose claim to be never −0 survives replacing (intervals.ts).

import { isMachineOp } from "../ir/ops.ts";
import type { Func, Instr, Value } from "../ir/types.ts";
import { visit } from "./flow.ts";
import type { Ranges } from "./ranges.ts";
import { contains } from "./intervals.ts";

/** one mark by value id */
export function observedZeros(func: Func, ranges: Ranges, sources: readonly (readonly Value[] | undefined)[]): Uint8Array {
  const observed = new Uint8Array(func.nextId);
  const work: Value[] = [];
  const observe = (v: Value): void => { if (v.type === "f64" && v.def?.op !== "const" && observed[v.id] === 0) { observed[v.id] = 1; work.push(v); } };
  visit(func.body, (instr) => { for (const arg of directly(instr, ranges)) observe(arg); });
  for (let v = work.pop(); v; v = work.pop()) {
    for (const source of sources[v.id] ?? []) observe(source);
    if (v.def && !sources[v.id]) for (const arg of throughResult(v.def, ranges)) observe(arg);
  }
  return observed;
}

/** Operands whose zero's sign the instruction itself shows, whatever becomes of its result. */
function directly(instr: Instr, ranges: Ranges): readonly Value[] {
  switch (instr.op) {
    case "yield": case "br": case "if": case "block": case "loop": return [];
    case "f64.add": case "f64.sub": case "f64.mul": case "f64.rem": case "f64.neg": case "f64.min": case "f64.max": case "f64.select": case "f64.abs":
    case "f64.floor": case "f64.ceil": case "f64.trunc": case "f64.nearest": case "math.round": case "math.sign": case "f64.sqrt": return [];
    case "f64.eq": case "f64.ne": case "f64.lt": case "f64.gt": case "f64.le": case "f64.ge":
    case "i32.from_f64": case "i32.trunc_sat_f64_s": case "i32.trunc_sat_f64_u": case "i64.trunc_sat_f64_s": return [];
    case "f64.div": return contains(ranges.of(instr.args[1]!), 0) ? [instr.args[1]!] : []; // 1 / −0 is −∞
    default: return isMachineOp(instr.op) || !("regions" in instr) ? instr.args : [];
  }
}

/** Operands whose zero's sign is seen by whoever sees the result's. */
function throughResult(def: Instr, ranges: Ranges): readonly Value[] {
  const [a, b, c] = def.args as [Value, Value, Value];
  switch (def.op) {
    case "f64.add": return [...(ranges.of(b).negzero ? [a] : []), ...(ranges.of(a).negzero ? [b] : [])]; // only −0 + −0 is −0
    case "f64.sub": return [...(contains(ranges.of(b), 0) ? [a] : []), ...(ranges.of(a).negzero ? [b] : [])]; // only −0 − 0 is −0
    case "f64.mul": case "f64.min": case "f64.max": return [a, b];
    case "f64.div": case "f64.rem": case "f64.neg": case "f64.floor": case "f64.ceil": case "f64.trunc": case "f64.nearest": case "math.round": case "math.sign": case "f64.sqrt": return [a];
    case "f64.select": return [b, c];
    default: return [];
  }
}
