// Least and greatest of doubles in lanes: one instruction where ranges say that neither NaN nor the sign of a zero can tell the difference.
//
//   f64.min %x 255.0    →  f64x2.pmin %x %255        (y < x ? y : x: of a NaN in x that NaN, and 255 is none)
//   f64.max %x 0.0      →  f64x2.pmax %0 %x          where %x is no NaN: of −0 and 0 the first operand, 0
//
// Engines write seven instructions for f64x2.min, to get NaN and −0 right.

import type { MachineOp } from "../../ir/ops.ts";
import type { Range } from "../intervals.ts";

const mayBeZero = (r: Range): boolean => r.lo <= 0 && r.hi >= 0;

/** The operation in lanes, and whether its operands change places. */
export function extremeInLanes(op: MachineOp, a: Range, b: Range): { readonly op: MachineOp; readonly swap: boolean } {
  const shape = op.startsWith("f64") ? "f64x2" : "f32x4";
  const least = op.endsWith("min");
  // of equal operands the first one is given: that must not be the wrong zero
  const isExact = (x: Range, y: Range): boolean => !y.nan && (least ? !y.negzero || !mayBeZero(x) : !x.negzero || !mayBeZero(y));
  if (isExact(a, b)) return { op: `${shape}.p${least ? "min" : "max"}`, swap: false };
  if (isExact(b, a)) return { op: `${shape}.p${least ? "min" : "max"}`, swap: true };
  return { op: `${shape}.${least ? "min" : "max"}`, swap: false };
}
