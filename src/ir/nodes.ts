// The objects that functions are made of, made by constructors: values, instructions, regions, lists of values.
//
// Why not literals: V8 counts, for each literal in the source, how many of its objects outlive a collection, and where nearly all did it
// allocates that literal's objects among the old ones from then on. While a large function is being made all of it does outlive the
// collections meanwhile. An old object that is garbage keeps all that it points to until the next full collection; a value leads to
// its whole function, so then every function that a pass makes and the next one drops is copied by each collection, which
// costs more than all passes together. Constructors and rest parameters are not counted. Instructions of one kind also have one shape.

import type { MachineOp, MemoryOp } from "./ops.ts";
import type { Block, Br, If, Instr, Label, Loop, LoopNotes, Machine, Memory, Place, Region, Return, Trap, Type, Value, Yield } from "./types.ts";

export class ValueNode implements Value {
  readonly id: number;
  readonly type: Type;
  def: Instr | null = null;
  name: string | undefined;
  constructor(id: number, type: Type, name: string | undefined) {
    this.id = id;
    this.type = type;
    this.name = name;
  }
}

export class RegionNode implements Region {
  readonly params: Value[];
  readonly body: Instr[] = list();
  constructor(params: Value[]) { this.params = params; }
}

/** A list of its arguments. */
export const list = <T>(...items: T[]): T[] => items;
/** The list of no values, which all share: nothing may be put into it. */
export const none: Value[] = [];

export class MachineNode implements Machine {
  readonly op: MachineOp;
  readonly args: Value[];
  readonly results: Value[];
  readonly place: Place | undefined;
  constructor(op: MachineOp, args: Value[], results: Value[], place: Place | undefined) {
    this.op = op;
    this.args = args;
    this.results = results;
    this.place = place;
  }
}

export class ConstNode {
  readonly op = "const";
  readonly args: Value[] = none;
  readonly results: Value[];
  readonly place: Place | undefined;
  readonly value: number | bigint | Uint8Array;
  constructor(value: number | bigint | Uint8Array, results: Value[], place: Place | undefined) {
    this.results = results;
    this.place = place;
    this.value = value;
  }
}

export class MemoryNode implements Memory {
  readonly op: MemoryOp;
  readonly args: Value[];
  readonly results: Value[];
  readonly place: Place | undefined;
  readonly offset: number;
  readonly scale: number;
  readonly space: number;
  constructor(op: MemoryOp, args: Value[], results: Value[], place: Place | undefined, { offset, scale, space }: Pick<Memory, "offset" | "scale" | "space">) {
    this.op = op;
    this.args = args;
    this.results = results;
    this.place = place;
    this.offset = offset;
    this.scale = scale;
    this.space = space;
  }
}

export class IfNode implements If {
  readonly op = "if";
  readonly args: Value[];
  readonly results: Value[];
  readonly place: Place | undefined;
  readonly regions: readonly [Region, Region];
  constructor(condition: Value, results: Value[], then: Region, otherwise: Region, place: Place | undefined) {
    this.args = list(condition);
    this.results = results;
    this.place = place;
    this.regions = list(then, otherwise) as [Region, Region];
  }
}

export class BlockNode implements Block {
  readonly op = "block";
  readonly args: Value[] = none;
  readonly results: Value[];
  readonly place: Place | undefined;
  readonly regions: readonly [Region];
  readonly label: Label;
  constructor(label: Label, results: Value[], body: Region, place: Place | undefined) {
    this.results = results;
    this.place = place;
    this.regions = list(body) as [Region];
    this.label = label;
  }
}

export class LoopNode implements Loop {
  readonly op = "loop";
  readonly args: Value[];
  readonly results: Value[];
  readonly place: Place | undefined;
  readonly regions: readonly [Region];
  readonly label: Label;
  readonly notes: LoopNotes | undefined;
  constructor(label: Label, inits: Value[], results: Value[], body: Region, notes: LoopNotes | undefined, place: Place | undefined) {
    this.args = inits;
    this.results = results;
    this.place = place;
    this.regions = list(body) as [Region];
    this.label = label;
    this.notes = notes;
  }
}

export class YieldNode implements Yield {
  readonly op = "yield";
  readonly args: Value[];
  readonly results: Value[] = none;
  readonly place: Place | undefined = undefined;
  constructor(args: Value[]) { this.args = args; }
}

export class BrNode implements Br {
  readonly op = "br";
  readonly args: Value[];
  readonly results: Value[] = none;
  readonly place: Place | undefined;
  readonly label: Label;
  constructor(label: Label, args: Value[], place: Place | undefined) {
    this.args = args;
    this.place = place;
    this.label = label;
  }
}

export class ReturnNode implements Return {
  readonly op = "return";
  readonly args: Value[];
  readonly results: Value[] = none;
  readonly place: Place | undefined;
  readonly exit: number;
  constructor(args: Value[], exit: number, place: Place | undefined) {
    this.args = args;
    this.place = place;
    this.exit = exit;
  }
}

export class TrapNode implements Trap {
  readonly op = "trap";
  readonly args: Value[] = none;
  readonly results: Value[] = none;
  readonly place: Place | undefined;
  readonly exit: number;
  constructor(exit: number, place: Place | undefined) {
    this.place = place;
    this.exit = exit;
  }
}
