// Building functions: fresh values, instructions appended to a current region, constants folded on the way.
// Requires: operands are in scope where they are used. Guarantees: no instruction whose operands are all constants and whose row folds is written.

import { memoryOps, ops, spelling, type MachineOp, type MemoryOp } from "./ops.ts";
import { BlockNode, BrNode, ConstNode, IfNode, list, LoopNode, MachineNode, MemoryNode, none, RegionNode, ReturnNode, ValueNode, YieldNode } from "./nodes.ts";
import type { Func, Instr, JsConst, Label, LoopNotes, Machine, Place, Primitive, Region, Type, Value } from "./types.ts";

/** An operation and where it was written. */
interface Earlier { readonly instr: Machine; readonly home: Region; readonly at: number }
/** Operands are what few indices are made of: more of them are not looked through. */
const mostEarlier = 16;
const isSameOperand = (a: Value, b: Value): boolean => a === b || (a.type === b.type && a.def?.op === "const" && b.def?.op === "const" && Object.is(a.def.value, b.def.value));
function areSameOperands(a: readonly Value[], b: readonly Value[]): boolean {
  for (let k = 0; k < a.length; k++) if (!isSameOperand(a[k]!, b[k]!)) return false;
  return true;
}
function firstVarying(args: readonly Value[]): Value | undefined {
  for (const arg of args) if (constantOf(arg) === undefined) return arg;
  return undefined;
}
const areConstants = (args: readonly Value[]): boolean => firstVarying(args) === undefined;

export class Builder {
  nextId = 0;
  /** the region that instructions are appended to */
  region: Region = new RegionNode(list());
  /** the place in the source that instructions are written for */
  place: Place | undefined;
  /** instructions written so far, folded ones not counted, those that `once` finds counted again */
  written = 0;
  /** instructions among them that write to memory, or call what may */
  stores = 0;
  private labels = 0;
  /** what `once` wrote, by the first operand that is no constant: the latest few */
  private readonly earlier: (Earlier[] | undefined)[] = [];

  value(type: Type, name?: string): Value { return new ValueNode(this.nextId++, type, name); }

  label(name = "l"): Label { return { name: `${name}${this.labels++}` }; }

  append<I extends Instr>(instr: I): I {
    for (const result of instr.results) result.def = instr;
    this.region.body.push(instr);
    this.written++;
    if (instr.op === "call" || instr.op === "memory.copy" || instr.op === "memory.fill") this.stores++;
    return instr;
  }

  /** A constant. It stands in no region: every use names it, wherever the use is. */
  const(type: Type, value: number | bigint | Uint8Array): Value {
    const result = this.value(type);
    result.def = new ConstNode(value, list(result), this.place);
    return result;
  }
  jsConst(value: Primitive): Value {
    const result = this.value("js");
    const instr: JsConst = { op: "js.const", value, args: [], results: [result], place: this.place };
    result.def = instr;
    return result;
  }
  i32(value: number): Value { return this.const("i32", value | 0); }
  f64(value: number): Value { return this.const("f64", value); }

  /** A machine operation; folded where all operands are constants. */
  op(op: MachineOp, ...args: Value[]): Value {
    const row = ops[op];
    if (row.fold && row.result && areConstants(args)) {
      const values = args.map(constantOf);
      if (!(row.effect === "trap" && values[1] === 0)) return this.const(row.result, (row.fold as (...v: unknown[]) => number | bigint)(...values));
    }
    const result = this.value(row.result!);
    this.append(new MachineNode(spelling(op), args, list(result), this.place));
    return result;
  }

  /**
   * The same, or its result where the current region has the very operation already: what a walk writes again and again, of which each copy would
   * have to be looked at by every pass. Requires: it has no effect and can't trap.
   */
  once(op: MachineOp, ...args: Value[]): Value {
    const key = firstVarying(args);
    if (key === undefined) return this.op(op, ...args);
    const { region } = this, earlier = (this.earlier[key.id] ??= list<Earlier>());
    for (let i = earlier.length - 1; i >= 0; i--) {
      const { instr, home, at } = earlier[i]!;
      // what was taken back stands in no region, what was moved in another one
      if (instr.op === op && home === region && home.body[at] === instr && areSameOperands(instr.args, args)) {
        this.written++; // how much is unrolled does not depend on what is shared
        return instr.results[0]!;
      }
    }
    const value = this.op(op, ...args), def = value.def as Machine;
    if (earlier.length >= mostEarlier) earlier.shift();
    earlier.push({ instr: def, home: region, at: region.body.length - 1 });
    return value;
  }

  /** Another number of Math.random's. */
  draw(): Value {
    const result = this.value("f64");
    this.append({ op: "random", args: none, results: list(result), place: this.place });
    return result;
  }

  load(op: MemoryOp, base: Value, index: Value, scale: number, offset: number, space: number): Value {
    const result = this.value(memoryOps[op].type);
    this.append(new MemoryNode(op, list(base, index), list(result), this.place, { scale, offset, space }));
    return result;
  }
  store(op: MemoryOp, base: Value, index: Value, value: Value, scale: number, offset: number, space: number): void {
    this.stores++;
    this.append(new MemoryNode(op, list(base, index, value), none, this.place, { scale, offset, space }));
  }

  /** Runs `write` with a new region as the current one, and gives that region. */
  inRegion(write: (params: Value[]) => void, params: Value[] = list()): Region {
    const outer = this.region;
    const region: Region = new RegionNode(params);
    this.region = region;
    try { write(params); } finally { this.region = outer; }
    return region;
  }

  if(cond: Value, results: readonly Type[], then: () => readonly Value[] | null, otherwise: () => readonly Value[] | null): Value[] {
    const arm = (write: () => readonly Value[] | null) => this.inRegion(() => { const v = write(); if (v) this.yield(v); });
    const thenRegion = arm(then), elseRegion = arm(otherwise);
    const values = results.map((t) => this.value(t));
    this.append(new IfNode(cond, values, thenRegion, elseRegion, this.place));
    return values;
  }

  block(label: Label, results: readonly Type[], write: () => readonly Value[] | null): Value[] {
    const body = this.inRegion(() => { const v = write(); if (v) this.yield(v); });
    const values = results.map((t) => this.value(t));
    this.append(new BlockNode(label, values, body, this.place));
    return values;
  }

  loop(label: Label, inits: Value[], results: readonly Type[], write: (carried: Value[]) => readonly Value[] | null, notes?: LoopNotes): Value[] {
    const carried = inits.map((v) => this.value(v.type, v.name));
    const body = this.inRegion((params) => { const v = write(params); if (v) this.yield(v); }, carried);
    const values = results.map((t) => this.value(t));
    this.append(new LoopNode(label, inits, values, body, notes, this.place));
    return values;
  }

  yield(args: readonly Value[]): void { this.append(new YieldNode(args.slice())); }
  br(label: Label, args: readonly Value[]): void { this.append(new BrNode(label, args.slice(), this.place)); }
  return(args: readonly Value[], exit = 0): void { this.append(new ReturnNode(args.slice(), exit, this.place)); }

  func(name: string, params: Value[], results: readonly Type[], body: Region): Func {
    return { name, params, results, body, nextId: this.nextId };
  }
}

/** The constant that a value is, or undefined. */
export function constantOf(value: Value): number | bigint | undefined {
  const def = value.def;
  return def !== null && def.op === "const" && !(def.value instanceof Uint8Array) ? def.value : undefined;
}

const terminators: ReadonlySet<string> = new Set(["yield", "br", "return", "trap", "js.throw"]);
export const isTerminator = (instr: Instr): boolean => terminators.has(instr.op);
/** The region's last instruction if it ends it. */
export const terminatorOf = (region: Region): Instr | undefined => {
  const last = region.body.at(-1);
  return last && isTerminator(last) ? last : undefined;
};
export const regionsOf = (instr: Instr): readonly Region[] => ("regions" in instr ? instr.regions : []);

/** Every instruction of a region, inner ones after the one that holds them. */
export function* instructions(region: Region): Generator<Instr> {
  for (const instr of region.body) {
    yield instr;
    for (const inner of regionsOf(instr)) yield* instructions(inner);
  }
}
