// Least and greatest of doubles in lanes: one instruction where ranges say that neither NaN nor the sign of a zero can tell the difference.
//
//   f64.min %x 255.0    →  f64x2.pmin %x %255        (y < x ? y : x: of a NaN in x that NaN, and 255 is none)
//   f64.max %x 0.0      →  f64x2.pmax %0 %x          where %x is no NaN: of −0 and 0 the first operand, 0
//   f64.select (f64.lt %x 255.0) %x 255.0    →  f64x2.pmin %255 %x      which is just that: NaN gives 255 in both
//
// Engines write seven instructions for f64x2.min, to get NaN and −0 right.

import { constantOf } from "../../ir/build.ts";
import type { MachineOp } from "../../ir/ops.ts";
import type { Machine, Value } from "../../ir/types.ts";
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

/** A choice between what is compared, as the least or greatest in lanes, operands in the order that counts; null if it is none. */
export function extremeOfChoice(test: Machine, then: Value, otherwise: Value, mayBeNaN: (v: Value) => boolean): { readonly op: MachineOp; readonly args: readonly [Value, Value] } | null {
  const [, type, relation] = /^(f32|f64)\.(lt|le|gt|ge)$/.exec(test.op) ?? [];
  if (!type || !relation) return null;
  const [a, b] = test.args as [Value, Value];
  const [low, high] = relation.startsWith("l") ? [a, b] : [b, a];
  const same = (x: Value, y: Value): boolean => x === y || constantOf(x) !== undefined && Object.is(constantOf(x), constantOf(y));
  const least = same(low, then) && same(high, otherwise);
  if (!least && !(same(high, then) && same(low, otherwise))) return null;
  // pmin a b is b if b < a, else a; pmax a b is b if a < b, else a
  const shape = type === "f64" ? "f64x2" : "f32x4";
  const op: MachineOp = `${shape}.p${least ? "min" : "max"}`;
  if (relation.endsWith("t")) return { op, args: least ? [high, low] : [low, high] };
  // low ≤ high is not high < low, but for NaN
  return mayBeNaN(low) || mayBeNaN(high) ? null : { op, args: least ? [low, high] : [high, low] };
}
