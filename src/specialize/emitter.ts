// Writes a function anew, and keeps it tidy while writing: every operation goes through folding, the rules of rules.ts and the
// elimination of common subexpressions before it is written. All machine-form passes write through it, so none has to clean up.
//
//   f64.add 1.0 2.0      →  3.0                       (folded)
//   %a = i32.add %x 1; %b = i32.add %x 1  →  %b is %a (scoped to where %a dominates)
//   f64.store %p %i %v; f64.load %p %i    →  %v       (while no store that may overlap lies between)
//
// Requires: machine form. Guarantees: values get fresh, dense ids; the function read stays as it was.
// Common subexpressions: value numbering on the dominator tree (Briggs, Cooper, Simpson 1997); in a structured IR the tree of regions
// is that tree. Memory: one version number for each space that is written anywhere; a load's key holds it, a store renews it.

import { divisionTraps, memoryOps, ops, spelling, type MachineOp, type MemoryOp } from "../ir/ops.ts";
import { constantOf } from "../ir/build.ts";
import { ConstNode, list, MachineNode, MemoryNode, none, RegionNode, ValueNode } from "../ir/nodes.ts";
import type { DataAddress, FrameAddress, Instr, Lane, Memory, Place, Program, Region, Type, Value } from "../ir/types.ts";
import { rules } from "./rules.ts";

/** One number for each operation name, to hash by. */
const numberOf = new Map<string, number>([...Object.keys(ops), ...Object.keys(memoryOps)].map((name, i) => [name, i + 1]));

/** The load that reads back what a store wrote, bit for bit. */
const loadOfStore: Partial<Record<MemoryOp, MemoryOp>> = {
  "i32.store": "i32.load", "i64.store": "i64.load", "f32.store": "f32.load", "f64.store": "f64.load", "v128.store": "v128.load",
};

/** What is to be undone at a region's end. */
interface Mark { readonly entries: number }

export class Emitter {
  nextId = 0;
  region: Region = new RegionNode(none);
  place: Place | undefined;
  private readonly spaces: Program["spaces"];

  private readonly i32s = new Map<number, Value>();
  private readonly f32s = new Map<number | string, Value>();
  private readonly f64s = new Map<number | string, Value>();
  private readonly i64s = new Map<bigint, Value>();

  // the table of known values: chains by hash, entries in the order of writing, so that leaving a region takes the last ones off
  private readonly heads: Int32Array;
  private readonly mask: number;
  private readonly next: number[] = [];
  private readonly hashes: number[] = [];
  private readonly known: Instr[] = [];
  private readonly knownValue: Value[] = [];
  private readonly knownVersion: number[] = [];

  private versions: number[] = [];
  private lastVersion = 0;

  /** `size`: about how many values will be written, for the tables. */
  constructor(program: Program, size: number) {
    this.spaces = program.spaces;
    const slots = 2 ** Math.min(16, Math.max(4, 32 - Math.clz32(size)));
    this.heads = new Int32Array(slots).fill(-1);
    this.mask = slots - 1;
    this.versions = program.spaces.map(() => 0);
  }

  // ───────────────────────────────── values ─────────────────────────────────

  value(type: Type, name?: string): Value { return new ValueNode(this.nextId++, type, name); }

  const(type: Type, value: number | bigint | Uint8Array): Value {
    const table: Map<unknown, Value> | null =
      type === "i32" ? this.i32s : type === "f64" ? this.f64s : type === "f32" ? this.f32s : type === "i64" ? this.i64s : null;
    const key = value === 0 && Object.is(value, -0) ? "-0" : value;
    const found = table?.get(key);
    if (found) return found;
    const result = this.value(type);
    result.def = new ConstNode(value, list(result), undefined);
    table?.set(key, result);
    return result;
  }
  i32(value: number): Value { return this.const("i32", value | 0); }
  f64(value: number): Value { return this.const("f64", value); }
  f32(value: number): Value { return this.const("f32", Math.fround(value)); }

  // ───────────────────────────────── operations ─────────────────────────────────

  /** The value of a machine operation: a constant, a value that is there already, or that of a new instruction. */
  op(op: MachineOp, ...args: Value[]): Value { return this.operation(op, args); }

  operation(op: MachineOp, args: Value[]): Value {
    op = spelling(op);
    const row = ops[op];
    const folded = fold(this, op, args);
    if (folded) return folded;
    // constants stand right, so that each rule needs to look there only
    if (row.commutes && args[0]!.def?.op === "const" && args[1]!.def?.op !== "const") args = list(args[1]!, args[0]!);
    for (const rule of rules[op] ?? []) {
      const simpler = rule(this, args[0]!, args[1]!, args[2]!);
      if (simpler) return simpler;
    }
    const hash = hashOf(numberOf.get(op)!, args, row.commutes === true);
    for (let at = this.heads[hash & this.mask]!; at >= 0; at = this.next[at]!) {
      const other = this.known[at]!;
      if (this.hashes[at] === hash && other.op === op && sameArgs(other.args, args, row.commutes === true)) return this.knownValue[at]!;
    }
    const result = this.value(row.result!);
    const instr = this.append(new MachineNode(op, args, list(result), this.place));
    this.remember(hash, instr, result, 0);
    return result;
  }

  /** The address of a table or of a place in the frame: the same throughout the function. */
  address(old: DataAddress | FrameAddress): Value {
    const which = old.op === "data.addr" ? old.segment : old.offset;
    const hash = (Math.imul(which + 1, 0x9e3779b1) ^ (old.op === "data.addr" ? 1 : 2)) | 0;
    for (let at = this.heads[hash & this.mask]!; at >= 0; at = this.next[at]!) {
      const other = this.known[at]!;
      if (this.hashes[at] === hash && other.op === old.op && (other.op === "data.addr" ? other.segment : (other as FrameAddress).offset) === which) return this.knownValue[at]!;
    }
    const result = this.value("i32");
    const instr = this.append<DataAddress | FrameAddress>({ ...old, args: [], results: [result] });
    this.remember(hash, instr, result, 0);
    return result;
  }

  lane(old: Lane, args: Value[], type: Type): Value {
    const result = this.value(type);
    this.append({ ...old, args, results: [result] });
    return result;
  }

  /** A load, or the value that an earlier load or store of the same place is known to have given it. */
  load(old: Memory, args: Value[]): Value {
    const known = this.loaded(old, args);
    if (known) return known;
    const result = this.value(memoryOps[old.op].type);
    const instr = this.append(new MemoryNode(old.op, args, list(result), old.place, old));
    this.remember(this.hashOfLoad(old, args), instr, result, this.versions[old.space]!);
    return result;
  }
  private hashOfLoad({ op, offset, scale, space }: Memory, args: Value[]): number {
    return (hashOf(numberOf.get(op)!, args, false) + offset * 31 + scale * 7 + this.versions[space]! * 131) | 0;
  }
  /** What the load would give, where that is known. */
  loaded(old: Memory, args: Value[]): Value | null {
    const { op, offset, scale, space } = old;
    const version = this.versions[space]!, hash = this.hashOfLoad(old, args);
    for (let at = this.heads[hash & this.mask]!; at >= 0; at = this.next[at]!) {
      const other = this.known[at]! as Memory;
      if (this.hashes[at] === hash && other.op === op && this.knownVersion[at] === version && other.space === space && other.offset === offset
        && other.scale === scale && sameArgs(other.args, args, false)) return this.knownValue[at]!;
    }
    return null;
  }
  /** What is in the place of a store, where that is known. */
  standing(store: Memory): Value | null {
    const read = loadOfStore[store.op];
    return read ? this.loaded(new MemoryNode(read, store.args, none, undefined, store), list(store.args[0]!, store.args[1]!)) : null;
  }

  store(old: Memory, args: Value[]): void {
    const { op, offset, scale, space } = old;
    this.append(new MemoryNode(op, args, none, old.place, old));
    this.written(space);
    const read = loadOfStore[op];
    if (!read) return;
    const address = list(args[0]!, args[1]!);
    const version = this.versions[space]!;
    const hash = (hashOf(numberOf.get(read)!, address, false) + offset * 31 + scale * 7 + version * 131) | 0;
    this.remember(hash, new MemoryNode(read, address, none, undefined, old), args[2]!, version);
  }

  /** Any other instruction, as it is. */
  append<I extends Instr>(instr: I): I {
    for (const result of instr.results) result.def = instr;
    this.region.body.push(instr);
    return instr;
  }

  // ───────────────────────────────── memory ─────────────────────────────────

  /** Memory of the space, and of all that may overlap it, is not what it was. */
  written(space: number): void {
    for (const other of this.touched[space] ??= this.touchedBy(space)) this.versions[other] = ++this.lastVersion;
  }
  /** by space, what a store to it may change */
  private readonly touched: (readonly number[] | undefined)[] = [];
  private touchedBy(space: number): readonly number[] {
    const listed = this.spaces[space]!.mayOverlap; // one of the two is enough to list the pair
    return this.spaces.flatMap((other, i) => (i === space || listed.includes(i) || other.mayOverlap.includes(space) ? [i] : []));
  }
  allWritten(): void {
    for (let i = 0; i < this.spaces.length; i++) if (this.spaces[i]!.written) this.written(i);
  }
  memory(): readonly number[] { return this.versions.slice(); }
  setMemory(versions: readonly number[]): void { this.versions = versions.slice(); }
  /** After a join: what either side wrote is unknown. */
  joinMemory(before: readonly number[], one: readonly number[], other: readonly number[]): void {
    this.versions = before.map((v, i) => (one[i] === v && other[i] === v ? v : one[i] === other[i] ? one[i]! : ++this.lastVersion));
  }

  // ───────────────────────────────── regions ─────────────────────────────────

  /** Runs `write` with a new region as the current one; what it makes known is forgotten at its end. */
  inRegion(params: Value[], write: () => void): Region {
    const outer = this.region;
    const mark = this.mark();
    const region: Region = new RegionNode(params);
    this.region = region;
    write();
    this.region = outer;
    this.forget(mark);
    return region;
  }
  mark(): Mark { return { entries: this.known.length }; }
  forget(mark: Mark): void {
    while (this.known.length > mark.entries) {
      this.known.pop();
      this.knownValue.pop();
      this.knownVersion.pop();
      this.heads[this.hashes.pop()! & this.mask] = this.next.pop()!;
    }
  }

  private remember(hash: number, instr: Instr, value: Value, version: number): void {
    this.next.push(this.heads[hash & this.mask]!);
    this.heads[hash & this.mask] = this.known.length;
    this.hashes.push(hash);
    this.known.push(instr);
    this.knownValue.push(value);
    this.knownVersion.push(version);
  }
}

function hashOf(op: number, args: readonly Value[], commutes: boolean): number {
  let hash = Math.imul(op, 0x9e3779b1);
  if (commutes) return (hash ^ Math.imul(args[0]!.id + args[1]!.id, 0x85ebca6b) ^ (args[0]!.id ^ args[1]!.id)) | 0;
  for (const arg of args) hash = Math.imul(hash ^ arg.id, 0x85ebca6b) ^ (hash >>> 15);
  return hash | 0;
}

function sameArgs(a: readonly Value[], b: readonly Value[], commutes: boolean): boolean {
  if (commutes) return (a[0] === b[0] && a[1] === b[1]) || (a[0] === b[1] && a[1] === b[0]);
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The constant that an operation on constants gives. A division that would trap is left to do so where it stands. */
function fold(e: Emitter, op: MachineOp, args: readonly Value[]): Value | null {
  const row = ops[op];
  if (!row.fold || !row.result) return null;
  for (const arg of args) if (constantOf(arg) === undefined) return null;
  const values = args.map((arg) => constantOf(arg)!);
  if (row.effect === "trap" && divisionTraps(op, values[0], values[1])) return null;
  return e.const(row.result, (row.fold as (...v: (number | bigint)[]) => number | bigint)(...values));
}
