// Constant tables that a loop reads in strides, laid out anew so that its neighbouring iterations find their elements side by side.
//
//   %w = f32.load [%weights + (%o << 4) + 3 << 2]      iteration %o reads element 16·o + 3
//     →  a new table that holds elements 3, 19, 35 …, read at %o; of singles that are only promoted, the doubles that they become
//
//   %t = i32.load8_u [%table + %v]; %d = f64.convert_i32_s %t      a table that is looked up, of which only doubles are wanted
//     →  a new table that holds the doubles, looked up by %v
//
// Requires: for columns, the counter's range is known and small, its step is 1. Guarantees: every element that an iteration may read is in the column.

import { memoryOps } from "../../ir/ops.ts";
import type { Memory, Program, Value } from "../../ir/types.ts";
import type { Range } from "../intervals.ts";
import { Segments } from "../segments.ts";
import type { Access, Stream } from "./accesses.ts";
import type { Counter } from "../counted.ts";
import { operandsOf, type Flat } from "./flat.ts";
import { readers } from "../tables.ts";

/** elements of a column, and bytes of all columns of a loop */
const most = { elements: 1024, bytes: 1 << 16 };

export const columnTables = new Segments();

/** Replaces what can be replaced in the map; tables are added to the program if `commit` is called. */
export class Columns {
  private readonly program: Program;
  private readonly bytes: Uint8Array[] = [];
  private size = 0;
  private readonly stream: Stream[] = [];
  private readonly known = new Map<string, number>();

  constructor(program: Program) { this.program = program; }

  /** The access as one to a column; null where it can't be. */
  column(access: Access, counter: Counter, values: Range, flat: Flat): Access | null {
    const { stream, step, at } = access;
    const { def } = stream.base;
    const [only] = stream.form.counters;
    const { lo, hi } = values;
    if (def?.op !== "data.addr" || step.kind !== "load" || stream.form.terms.length > 0 || stream.form.counters.length !== 1 || only!.counter !== counter) return null;
    const count = hi - lo + 1;
    if (counter.step !== 1 || !(count > 0 && count <= most.elements)) return null;
    const { bytes } = memoryOps[step.instr.op];
    const data = this.program.data[def.segment]!;
    if (data.varies) return null;
    const first = at + lo * stream.stride;
    if (first < 0 || first + (count - 1) * stream.stride + bytes > data.bytes.length) return null;
    const promoted = step.instr.op === "f32.load" && flat.steps.every((s) => !operandsOf(s).includes(step.result) || s.kind === "operation" && s.instr.op === "f64.promote_f32");
    const element = promoted ? 8 : bytes;
    const key = `${def.segment},${first},${stream.stride},${element}`;
    let offset = this.known.get(key);
    if (offset === undefined) {
      offset = this.size;
      const column = new Uint8Array((count * element + 15) & ~15);
      const from = new DataView(data.bytes.buffer, data.bytes.byteOffset);
      const to = new DataView(column.buffer);
      for (let i = 0; i < count; i++) {
        const place = first + i * stream.stride;
        if (promoted) to.setFloat64(8 * i, from.getFloat32(place, true), true);
        else for (let b = 0; b < bytes; b++) column[i * bytes + b] = data.bytes[place + b]!;
      }
      if (this.size + column.length > most.bytes) return null;
      this.known.set(key, offset);
      this.bytes.push(column);
      this.size += column.length;
    }
    const start = offset - lo * element;
    const scale = Math.log2(element);
    let own = this.stream.find((s) => s.element === element && s.space === stream.space);
    if (!own) {
      own = { base: stream.base, form: { counters: [{ counter, times: 1 }], terms: [], plus: 0, within: [] }, scale, space: stream.space, stride: element, low: start, high: start, element, single: false, added: true };
      this.stream.push(own);
    }
    own.low = Math.min(own.low, start);
    own.high = Math.max(own.high, start + element);
    return { step, stream: own, at: start, bytes: element, order: access.order, promoted };
  }

  /** Where the doubles begin that a look-up's elements are converted to, if nothing else is done with them. */
  doubled(instr: Memory, flat: Flat): number | null {
    const [base] = instr.args as [Value, Value];
    const read = readers[instr.op];
    const { bytes } = memoryOps[instr.op];
    if (base.def?.op !== "data.addr" || !read || 2 ** instr.scale !== bytes || instr.offset % bytes !== 0) return null;
    const data = this.program.data[base.def.segment]!;
    if (data.varies) return null;
    const count = data.bytes.length / bytes;
    const converts = (name: string): boolean => name === "f64.convert_i32_s" || name === "f64.promote_f32";
    const isDouble = flat.steps.every((s) => !operandsOf(s).includes(instr.results[0]!) || s.kind === "operation" && converts(s.instr.op));
    const stored = flat.steps.some((s) => s.kind === "store" && s.value === instr.results[0]);
    if (!isDouble || stored || count > most.elements || this.size + 8 * count > most.bytes) return null;
    const key = `${base.def.segment},${instr.op}`;
    let offset = this.known.get(key);
    if (offset === undefined) {
      this.known.set(key, offset = this.size);
      const from = new DataView(data.bytes.buffer, data.bytes.byteOffset, data.bytes.byteLength);
      const doubles = new Uint8Array((8 * count + 15) & ~15);
      const to = new DataView(doubles.buffer);
      for (let i = 0; i < count; i++) to.setFloat64(8 * i, read(from, bytes * i), true);
      this.bytes.push(doubles);
      this.size += doubles.length;
    }
    return offset + (instr.offset / bytes) * 8;
  }

  /** Adds the columns to the program as one table; its segment. */
  commit(): number {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const column of this.bytes) { all.set(column, at); at += column.length; }
    return columnTables.add(this.program, { name: "columns", element: "u8", bytes: all });
  }
}
