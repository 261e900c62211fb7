// With relax.fma: a product in lanes that goes into one sum alone is rounded with it, once.
//
//   f64x2.add (f64x2.mul %a %b) %c      →  f64x2.relaxed_madd %a %b %c
//   f64x2.sub %c (f64x2.mul %a %b)      →  f64x2.relaxed_nmadd %a %b %c
//
// Requires: machine form, a host with relaxed SIMD. Guarantees: machine form; results differ from the original's by a product's rounding: a
// host may round twice all the same (WebAssembly leaves it to the machine), never more often. Of products that are used twice nothing is fused.

import type { MachineOp } from "../../ir/ops.ts";
import type { Func, Machine, Program, Value } from "../../ir/types.ts";
import { usesOf, visit } from "../flow.ts";
import type { Note } from "../notes.ts";
import { Rewriter } from "../rewrite.ts";

/** By a sum or a difference: its operand that may be the product, and what both are together. */
const fusions: readonly { readonly of: MachineOp; readonly product: MachineOp; readonly at: number; readonly to: MachineOp }[] = (["f64x2", "f32x4"] as const).flatMap((shape) => [
  { of: `${shape}.add`, product: `${shape}.mul`, at: 0, to: `${shape}.relaxed_madd` },
  { of: `${shape}.add`, product: `${shape}.mul`, at: 1, to: `${shape}.relaxed_madd` },
  { of: `${shape}.sub`, product: `${shape}.mul`, at: 1, to: `${shape}.relaxed_nmadd` },
] as const);

export function fuseProducts(func: Func, program: Program, note: Note): Func {
  const uses = usesOf(func);
  const found = new Map<Machine, { readonly to: MachineOp; readonly product: Machine; readonly other: Value }>();
  visit(func.body, (instr) => {
    for (const { of, product, at, to } of fusions) {
      const def = instr.op === of ? instr.args[at]!.def : null;
      if (def?.op !== product || uses[instr.args[at]!.id] !== 1) continue;
      found.set(instr as Machine, { to, product: def as Machine, other: instr.args[1 - at]! });
      note(instr.place, `${of} of a product`, to, "relax.fma");
      return;
    }
  });
  return found.size === 0 ? func : new Fuser(func, program, found).run();
}

class Fuser extends Rewriter {
  private readonly found: ReadonlyMap<Machine, { readonly to: MachineOp; readonly product: Machine; readonly other: Value }>;
  constructor(func: Func, program: Program, found: Fuser["found"]) { super(func, program); this.found = found; }

  protected override operation(instr: Machine): Value {
    const fused = this.found.get(instr);
    return fused ? this.e.op(fused.to, ...this.values(fused.product.args), this.value(fused.other)) : super.operation(instr);
  }
}
