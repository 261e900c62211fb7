// Constant tables as walks (descend.ts) read them while they are planned, and what a walk knows of what stands before it.
//
//   f64.load [(data.addr 3) + %k << 3]                          an element of table 3
//   f64.load [(data.addr 3 + 120·%tree) + %k << 3]              of the row %tree of table 3, whose rows are 120 bytes long
//   f64.load [(data.addr 3 + i32.load [data.addr 4 + %tree << 2]) + %k << 3]        rows of any lengths: where they begin is in table 4
//   i32.load [(data.addr 5) + (63·%tree + %k) << 2]             trees of 63 nodes, one after the other
//
// One value from outside, the leaf (%tree), may choose what is read: the rows that the whole walk stays in, their lengths, where it begins.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops, type MachineOp } from "../ir/ops.ts";
import type { Instr, Loop, Memory, Program, Value } from "../ir/types.ts";
import { definedIn, visit } from "./flow.ts";
import type { Scalar } from "./tables.ts";
import { readers } from "./tables.ts";

/** A place in a table. */
interface Address { readonly segment: number; readonly at: number }
export type Known = Scalar | Address;
export const isAddress = (v: Known): v is Address => typeof v === "object";

/** What can't be planned. */
export class Refused extends Error {}
/** A load beyond the end of a table: since loads are checked, such a beginning does not occur. */
export class Impossible extends Error {}

/** What the operation gives for known operands. */
export function compute(op: MachineOp, args: readonly Known[]): Known {
  const [a, b] = args as [Known, Known?];
  if (!args.some(isAddress)) return (ops[op].fold as (...v: Scalar[]) => Scalar)(...(args as Scalar[]));
  if (op !== "i32.add" || b === undefined) throw new Refused();
  const [address, more] = isAddress(a) ? [a, b] : [b as Address, a];
  if (isAddress(more)) throw new Refused();
  return { segment: address.segment, at: address.at + Number(more) };
}

/** What stands before a loop over constant tables. */
export class Outside {
  /** The loads of tables that are the same in all calls. */
  readonly loads: ReadonlySet<Instr>;
  /** What chooses rows and beginnings; null where nothing does. */
  readonly leaf: Value | null;
  private readonly program: Program;
  private readonly inside: ReadonlySet<Value>;
  private row = 0;
  private readonly values = new Map<Value, Known>();

  /** Throws `Refused` where there are several leaves. */
  constructor(loop: Loop, program: Program) {
    this.program = program;
    this.inside = definedIn(loop).inside;
    const loads = new Set<Instr>(), leaves = new Set<Value>(), seen = new Set<Value>();
    visit(loop.regions[0], (instr) => { if (this.reads(instr)) loads.add(instr); });
    for (const load of loads) for (const v of load.args) this.leaves(v, leaves, seen);
    for (const v of loop.args) this.leaves(v, leaves, seen);
    if (leaves.size > 1) throw new Refused();
    this.loads = loads;
    [this.leaf = null] = leaves;
  }

  /** Whether the value stands before the loop and is a function of the leaf alone. */
  has(v: Value): boolean {
    if (v.def?.op === "data.addr") return true;
    if (this.inside.has(v)) return false;
    const leaves = new Set<Value>();
    this.leaves(v, leaves, new Set());
    return [...leaves].every((leaf) => leaf === this.leaf);
  }

  /** What such a value is where the leaf is `row`. */
  value(v: Value, row: number): Known {
    if (row !== this.row) { this.values.clear(); this.row = row; }
    const known = constantOf(v) ?? (v === this.leaf ? row : this.values.get(v));
    if (known !== undefined) return known;
    const def = v.def!;
    const made = def.op === "data.addr" ? { segment: def.segment, at: 0 }
      : isMemoryOp(def.op) ? this.read(def as Memory, this.value(def.args[0]!, row), this.value(def.args[1]!, row))
      : compute(def.op as MachineOp, def.args.map((arg) => this.value(arg, row)));
    this.values.set(v, made);
    return made;
  }

  /** The element that a load of a table reads. */
  read({ op, offset, scale }: Memory, base: Known, index: Known): Scalar {
    if (!isAddress(base) || isAddress(index)) throw new Refused();
    const data = this.program.data[base.segment]!, at = base.at + Number(index) * 2 ** scale + offset;
    if (at < 0 || at + memoryOps[op].bytes > data.bytes.length) throw new Impossible();
    return readers[op]!(new DataView(data.bytes.buffer, data.bytes.byteOffset, data.bytes.byteLength), at);
  }

  private reads(instr: Instr): boolean {
    if (!isMemoryOp(instr.op) || !readers[instr.op]) return false;
    const segment = segmentOf(instr.args[0]!);
    return segment !== null && !this.program.data[segment]!.varies;
  }

  /** What from outside the value depends on, through tables and what finds places in them. */
  private leaves(v: Value, found: Set<Value>, seen: Set<Value>): void {
    const { def } = v;
    if (constantOf(v) !== undefined || def?.op === "data.addr" || seen.has(v)) return;
    seen.add(v);
    const through = def !== null && (this.reads(def) || (isMachineOp(def.op) && (this.inside.has(v) ? ops[def.op].fold !== undefined : places(def))));
    if (through) for (const arg of def.args) this.leaves(arg, found, seen);
    else if (!this.inside.has(v)) found.add(v);
  }
}

/** The table that an address lies in. */
function segmentOf(base: Value): number | null {
  const { def } = base;
  if (def?.op === "data.addr") return def.segment;
  return def?.op === "i32.add" ? segmentOf(def.args[0]!) ?? segmentOf(def.args[1]!) : null;
}

/** An address in a table, a multiple, or the same number as a double. */
function places({ op, args }: Instr): boolean {
  switch (op) {
    case "i32.add": return args.some((v) => segmentOf(v) !== null);
    case "i32.mul": case "i32.shl": return constantOf(args[1]!) !== undefined;
    case "f64.convert_i32_s": return true;
    default: return false;
  }
}
