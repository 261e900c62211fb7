// Of an element's address what does not change in a loop is computed before it.
//
//   before  loop l { … %f = i32.load8_u [%feature + %s]; %v = f64.load [%x + (i32.add %row %f) << 3] … }        %x, %row from outside
//   after   %p = i32.add %x (i32.shl %row 3); loop l { … %v = f64.load [%p + %f << 3] … }
//
// One addition less for each element: in walks over tables (descend.ts) one of ten instructions of a step. Engines don't do it: the sum is of two things inside
// the loop. Requires: machine form; stands behind the passes that ask by which array and which index something is loaded. Guarantees: machine form, the same
// addresses, since all sums are modulo 2^32.

import { constantOf } from "../ir/build.ts";
import { isMemoryOp } from "../ir/ops.ts";
import type { Func, Loop, Memory, Program, Region, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { definedIn, usesOf } from "./flow.ts";
import { Rewriter } from "./rewrite.ts";

export function pointToRows(func: Func, program: Program): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const pointer = new Pointer(func, program);
  return pointer.found ? pointer.run() : func;
}

/** base + (row + rest) << scale, the base and the row from outside the loop */
interface Row { readonly instr: Memory; readonly row: Value; readonly rest: Value }

class Pointer extends Rewriter {
  found = false;
  private readonly rows = new Map<Loop, Row[]>();
  private readonly made = new Map<Memory, { readonly pointer: Value; readonly rest: Value }>();
  private readonly uses: Uint32Array;

  constructor(func: Func, program: Program) {
    super(func, program);
    this.uses = usesOf(func);
    this.plan(func.body, null, new Set());
  }

  private plan(region: Region, loop: Loop | null, inside: ReadonlySet<Value>): void {
    for (const instr of region.body) {
      if (loop && isMemoryOp(instr.op)) this.planAccess(instr as Memory, loop, inside);
      if (!("regions" in instr)) continue;
      const [around, within] = instr.op === "loop" ? [instr, definedIn(instr).inside] : [loop, inside];
      for (const inner of instr.regions) this.plan(inner, around, within);
    }
  }
  private planAccess(instr: Memory, loop: Loop, inside: ReadonlySet<Value>): void {
    const [base, index] = instr.args as [Value, Value], { def } = index;
    if (def?.op !== "i32.add" || this.uses[index.id] !== 1 || inside.has(base)) return;
    const [row, rest] = inside.has(def.args[0]!) ? [def.args[1]!, def.args[0]!] : [def.args[0]!, def.args[1]!];
    if (inside.has(row) || !inside.has(rest) || constantOf(row) !== undefined) return;
    this.found = true;
    const rows = this.rows.get(loop), found = { instr, row, rest };
    if (rows) rows.push(found);
    else this.rows.set(loop, [found]);
  }

  protected override loop(instr: Loop): boolean {
    const pointers = new Map<string, Value>();
    for (const { instr: access, row, rest } of this.rows.get(instr) ?? []) {
      const [base] = access.args as [Value], key = `${base.id} ${row.id} ${access.scale}`;
      let pointer = pointers.get(key);
      if (!pointer) pointers.set(key, pointer = this.e.op("i32.add", this.value(base), this.e.op("i32.shl", this.value(row), this.e.i32(access.scale))));
      this.made.set(access, { pointer, rest });
    }
    return super.loop(instr);
  }
  protected override memory(instr: Memory): void {
    const made = this.made.get(instr);
    if (!made) { super.memory(instr); return; }
    const args = [made.pointer, this.value(made.rest)];
    if (instr.results.length > 0) this.bind(instr.results[0]!, this.e.load({ ...instr, args: [], results: [] }, args));
    else this.e.store({ ...instr, args: [], results: [] }, [...args, this.value(instr.args[2]!)]);
  }
}
