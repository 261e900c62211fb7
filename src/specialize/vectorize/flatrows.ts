// Rows of a constant table that each iteration chooses anew become places in the whole table.
//
//   before  %row = i32.add %table (i32.shl %r 2);  %v = i32.load8_u [%row + %k]           %r, and so the row, is another one in each iteration
//   after   %v = i32.load8_u [%table + (i32.add %k (i32.shl %r 2))]
//
// Then the loop looks up in one array, which can be done in lanes: patterns of a dither by `[y & 3][x & 3]`, costs of a pair.
// Only where the row begins whole elements behind the table's first one, and the innermost loop computes where.
//
// Requires: machine form; checks are gone, which know rows by where they begin. Guarantees: machine form, the same addresses, since all sums are modulo 2^32.

import { constantOf, instructions } from "../../ir/build.ts";
import { isMemoryOp } from "../../ir/ops.ts";
import type { Func, Memory, Program, Value } from "../../ir/types.ts";
import { contentsOf } from "../analyses.ts";
import { definedIn, hasLoops } from "../flow.ts";
import { Rewriter } from "../rewrite.ts";

export function joinRows(func: Func, program: Program): Func {
  const rows = rowsOf(func);
  return rows.size > 0 ? new Joiner(func, program, rows).run() : func;
}

/** A row begins `by` times `times` elements behind the first of its table. */
interface Row { readonly table: Value; readonly by: Value; readonly times: number }

function rowsOf(func: Func): ReadonlyMap<Memory, Row> {
  const found = new Map<Memory, Row>();
  for (const loop of contentsOf(func).loops) {
    if (hasLoops(loop.regions[0])) continue;
    const { inside } = definedIn(loop);
    for (const instr of instructions(loop.regions[0])) {
      if (!isMemoryOp(instr.op) || instr.results.length !== 1 || instr.args.length !== 2 || !inside.has(instr.args[0]!)) continue;
      const row = rowOf(instr as Memory);
      if (row && inside.has(row.by)) found.set(instr as Memory, row);
    }
  }
  return found;
}
function rowOf({ args, scale }: Memory): Row | null {
  const sum = args[0]!.def;
  if (sum?.op !== "i32.add") return null;
  const [table, bytes] = sum.args[0]!.def?.op === "data.addr" ? sum.args : [sum.args[1]!, sum.args[0]!];
  if (table!.def?.op !== "data.addr") return null;
  const way = bytes!.def, by = way && (way.op === "i32.shl" || way.op === "i32.mul") ? constantOf(way.args[1]!) : undefined;
  const times = typeof by !== "number" ? 1 : way!.op === "i32.shl" ? 2 ** (by & 31) : by;
  const elements = times / 2 ** scale;
  return Number.isInteger(elements) ? { table: table!, by: typeof by === "number" ? way!.args[0]! : bytes!, times: elements } : null;
}

class Joiner extends Rewriter {
  private readonly rows: ReadonlyMap<Memory, Row>;
  constructor(func: Func, program: Program, rows: ReadonlyMap<Memory, Row>) {
    super(func, program);
    this.rows = rows;
  }
  protected override memory(instr: Memory): void {
    const row = this.rows.get(instr);
    if (!row) { super.memory(instr); return; }
    const { e } = this;
    const first = e.op("i32.mul", this.value(row.by), e.i32(row.times)), place = e.op("i32.add", this.value(instr.args[1]!), first);
    this.bind(instr.results[0]!, e.load({ ...instr, args: [], results: [] }, [this.value(row.table), place]));
  }
}
