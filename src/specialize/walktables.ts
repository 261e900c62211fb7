// Constant tables as walks (descend.ts) read them while they are planned.
//
//   f64.load [(data.addr 3) + %k << 3]                          an element of table 3
//   f64.load [(data.addr 3 + 120·%tree) + %k << 3]              of the row %tree of table 3, whose rows are 120 bytes long

import { constantOf } from "../ir/build.ts";
import { isMemoryOp, memoryOps, type MemoryOp } from "../ir/ops.ts";
import type { Instr, Loop, Memory, Program, Value } from "../ir/types.ts";
import { definedIn, visit } from "./flow.ts";
import type { Scalar } from "./tables.ts";

/** Where a load of a constant table begins: in a row that a value from outside chooses, or at the table's start. */
export interface Row { readonly segment: number; readonly by: Value | null; readonly bytes: number }
export function rowOf(base: Value): Row | null {
  const { def } = base;
  if (def?.op === "data.addr") return { segment: def.segment, by: null, bytes: 0 };
  if (def?.op !== "i32.add") return null;
  for (const [table, part] of [def.args, [def.args[1]!, def.args[0]!]] as const) {
    if (table!.def?.op !== "data.addr") continue;
    const product = part!.def, times = product?.op === "i32.mul" || product?.op === "i32.shl" ? constantOf(product.args[1]!) : undefined;
    const bytes = typeof times !== "number" ? 1 : product!.op === "i32.shl" ? 2 ** (times & 31) : times;
    return { segment: table!.def.segment, by: bytes === 1 ? part! : product!.args[0]!, bytes };
  }
  return null;
}

/** The loop's loads of tables that are the same in all calls, in rows that stay the same. */
export function tableLoads(loop: Loop, program: Program): ReadonlySet<Instr> {
  const found = new Set<Instr>(), { inside } = definedIn(loop);
  visit(loop.regions[0], (instr) => {
    const row = isMemoryOp(instr.op) ? rowOf(instr.args[0]!) : null;
    if (row && readers[(instr as Memory).op] && !program.data[row.segment]!.varies && (row.by === null || !inside.has(row.by))) found.add(instr);
  });
  return found;
}

/** The element of a constant table that the load reads, in row `row`; undefined where the table ends before. */
export function readTable(program: Program, { op, args, offset, scale }: Memory, index: number, row: number): Scalar | undefined {
  const base = rowOf(args[0]!);
  const data = base ? program.data[base.segment] : undefined;
  const at = index * 2 ** scale + offset + (base?.by ? row * base.bytes : 0);
  if (!data || data.varies || at < 0 || at + memoryOps[op].bytes > data.bytes.length) return undefined;
  const view = new DataView(data.bytes.buffer, data.bytes.byteOffset, data.bytes.byteLength);
  return readers[op]?.(view, at);
}

/** How an element is read, by the load; walks keep numbers, no int64. */
const readers: Partial<Record<MemoryOp, (view: DataView, at: number) => number>> = {
  "i32.load8_u": (v, at) => v.getUint8(at), "i32.load8_s": (v, at) => v.getInt8(at),
  "i32.load16_u": (v, at) => v.getUint16(at, true), "i32.load16_s": (v, at) => v.getInt16(at, true), "i32.load": (v, at) => v.getInt32(at, true),
  "f32.load": (v, at) => v.getFloat32(at, true), "f64.load": (v, at) => v.getFloat64(at, true),
};
