// Places near an int32 that may be any are computed in int32: what wraps around is behind every array, as what saturates is.
//
//   before  %s = f64.add (f64.convert_i32_s %p) 3.0;  %i = i32.trunc_sat_f64_s %s;  %c = i32.lt_u %i %length;  if %c { … i32.load8_u [%x + %i] … }
//   after   %i = i32.add %p 3;                                                       %c = i32.lt_u %i %length;  if %c { … i32.load8_u [%x + %i] … }
//
// Pointers that the source itself keeps in int32 (`p = (p + 4) | 0`), and what lies beside them.
//
// Requires: machine form, simplified, narrowed. Guarantees: machine form, same bits: the place is compared with lengths only, without a sign, and is an index where that held.
// Of what saturates as of what wraps, the number without a sign is 2^31 − 2^20 or more; no array is as long.

import { constantOf } from "../ir/build.ts";
import { isMemoryOp } from "../ir/ops.ts";
import type { Func, Instr, Machine, Program, Value } from "../ir/types.ts";
import { holdsAny, rangesOf } from "./analyses.ts";
import { visit } from "./flow.ts";
import { Rewriter } from "./rewrite.ts";

/** how far from the int32, and how long an array may be */
const most = { far: 2 ** 20, length: 2 ** 31 - 2 ** 20 };

export function wrapPlaces(func: Func, program: Program): Func {
  if (!holdsAny(func, ["i32.trunc_sat_f64_s"]) || !holdsAny(func, ["i32.lt_u"])) return func;
  const places = placesOf(func, program);
  return places.size === 0 ? func : new Wrapper(func, program, places).run();
}

class Wrapper extends Rewriter {
  private readonly places: ReadonlyMap<Value, Place>;
  constructor(func: Func, program: Program, places: ReadonlyMap<Value, Place>) { super(func, program); this.places = places; }

  protected override operation(instr: Machine): Value {
    const place = this.places.get(instr.results[0]!);
    return place ? this.e.op("i32.add", this.value(place.near), this.e.i32(place.by)) : super.operation(instr);
  }
}

interface Place { readonly near: Value; readonly by: number }
function placeOf({ op, args }: Instr): Place | null {
  const sum = op === "i32.trunc_sat_f64_s" ? args[0]!.def : null;
  if (sum?.op !== "f64.add" && sum?.op !== "f64.sub") return null;
  const of = sum.args[0]!.def, by = Number(constantOf(sum.args[1]!) ?? NaN) * (sum.op === "f64.add" ? 1 : -1);
  return of?.op === "f64.convert_i32_s" && Number.isInteger(by) && Math.abs(by) < most.far ? { near: of.args[0]!, by } : null;
}

function placesOf(func: Func, program: Program): Map<Value, Place> {
  const found = new Map<Value, Place>();
  visit(func.body, (instr) => { const place = placeOf(instr); if (place) found.set(instr.results[0]!, place); });
  if (found.size === 0) return found;
  const ranges = rangesOf(func, program), compared = new Set<Value>();
  const isLength = (v: Value): boolean => { const { lo, hi } = ranges.of(v); return lo >= 0 && hi < most.length; };
  visit(func.body, (instr) => instr.args.forEach((v, i) => {
    if (!found.has(v)) return;
    if (instr.op === "i32.lt_u" && i === 0 && isLength(instr.args[1]!)) compared.add(v);
    else if (!isMemoryOp(instr.op) || i !== 1) found.delete(v);
  }));
  for (const v of found.keys()) if (!compared.has(v)) found.delete(v);
  return found;
}
