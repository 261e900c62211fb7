// Operations on doubles and singles in lanes: the vector instruction of the same meaning, or the few that make it up.

import { laneMathNames, type MachineOp } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { LaneTools } from "../lanes.ts";

export type LaneForm = (t: LaneTools, args: readonly Value[]) => Value;

const same = (type: "f64" | "f32", shape: "f64x2" | "f32x4", names: readonly string[]): Record<string, LaneForm> =>
  Object.fromEntries(names.map((name) => [`${type}.${name}`, (t: LaneTools, args: readonly Value[]) => t.op(`${shape}.${name}` as MachineOp, ...args)]));

const common = ["add", "sub", "mul", "div", "min", "max", "eq", "ne", "lt", "gt", "le", "ge", "neg", "abs", "sqrt", "ceil", "floor", "trunc"];

const copysign: LaneForm = (t, [a, b]) => t.op("v128.bitselect", b!, a!, t.every("f64x2", -0));

/** floor(x), and 1 more where half or more is left; of a zero the sign is x's. x − floor(x) is exact, of infinities NaN and so not ≥ ½. */
const round: LaneForm = (t, [x]) => {
  const floor = t.op("f64x2.floor", x!);
  const more = t.op("v128.and", t.op("f64x2.ge", t.op("f64x2.sub", x!, floor), t.every("f64x2", 0.5)), t.every("f64x2", 1));
  return copysign(t, [t.op("f64x2.add", floor, more), x!]);
};
/**
 * The same of a number below 2^51 whose zero's sign nobody asks for: floor(x + ½), but for the last number below ½, which gets to 1 by that.
 * With that number in place of ½ all are right that are not negative; of these −½ needs ½ again. NaN stays NaN.
 */
export function roundSmall(t: LaneTools, x: Value, negative: boolean): Value {
  const half = t.every("f64x2", 0.5 - 2 ** -54);
  // the mask is −1: taken off, it makes the last number below ½ to ½
  return t.op("f64x2.floor", t.op("f64x2.add", x, negative ? t.op("i64x2.sub", half, t.op("f64x2.lt", x, t.every("f64x2", 0))) : half));
}
/** ±1, or x itself where it is neither above nor below 0 */
const sign: LaneForm = (t, [x]) => {
  const zero = t.every("f64x2", 0);
  const beside = t.op("v128.or", t.op("f64x2.gt", x!, zero), t.op("f64x2.lt", x!, zero));
  return t.op("v128.bitselect", copysign(t, [t.every("f64x2", 1), x!]), x!, beside);
};

const mathematics = Object.fromEntries(laneMathNames.map((name): [string, LaneForm] => [`math.${name}`, (t, args) => t.op(`f64x2.${name}`, ...args)]));

/** By scalar operation; operands are lanes as wide as the operation's operands. */
export const laneForms: Record<string, LaneForm | undefined> = {
  ...same("f64", "f64x2", [...common, "nearest"]), ...same("f32", "f32x4", common), "f64.copysign": copysign, "math.round": round, "math.sign": sign, ...mathematics,
};
