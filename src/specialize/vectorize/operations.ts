// Which operations can be written in lanes, and how conversions to int32 are done there.

import type { MachineOp } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { Range } from "../intervals.ts";
import { operandsOf, type Choice, type Operation } from "./flat.ts";
import { laneForms } from "./table.ts";

/** Why a needed step can't be done in lanes, nor lane by lane. */
export function unsupported(step: Operation | Choice): string | null {
  const wrong = [step.result, ...operandsOf(step)].find((v) => v.type === "i64" || v.type === "v128");
  return wrong ? `${wrong.type} values are not vectorized` : null;
}

/** Whether the operation has a vector form; else it is done lane by lane. */
export function hasLanes(step: Operation | Choice, uniform: (v: Value) => boolean): boolean {
  if (step.kind === "choice") return true;
  const { op, args } = step.instr;
  if (/^i32\.sh(l|r_s|r_u)$/.test(op)) return uniform(args[1]!);
  return laneForms[op] !== undefined || integerOps.has(op) || conversions.has(op) || op.endsWith(".select");
}
export const truncations: ReadonlySet<string> = new Set(["i32.from_f64", "i32.trunc_sat_f64_s", "i32.trunc_sat_f64_u"]);
/** Whether it is so small, or NaN. */
export const isBelow = (r: Range, most: number): boolean => r.lo >= -most && r.hi <= most;
/** Whether the conversion gives the truncated number modulo 2^32, and 0 for NaN, of numbers so small that adding 1.5·2^52 gives its bits. */
export function addsUp(op: MachineOp, r: Range): boolean {
  const [lo, hi] = op === "i32.from_f64" ? [-(2 ** 50), 2 ** 50] : op === "i32.trunc_sat_f64_s" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  return r.lo >= lo && r.hi <= hi;
}
/** Whether ToInt32 of a number or NaN in the range is what the saturating conversion gives. */
export const saturates = (r: Range): boolean => r.lo >= -2147483648 && r.hi <= 2147483647;
const integerOps = new Set([
  "from_f64", "add", "sub", "mul", "and", "or", "xor", "eqz", "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u", "extend8_s", "extend16_s", "trunc_sat_f64_s", "trunc_sat_f64_u",
].map((n) => `i32.${n}`));
export const conversions = new Set(["f64.convert_i32_s", "f64.convert_i32_u", "f64.promote_f32", "f32.demote_f64", "f32.convert_i32_s", "f32.convert_i32_u"]);
