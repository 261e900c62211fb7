// One function of a program → one function of a Binaryen module. One walk, in the program's order, linear in its size.
//
//   a value used once, in the region that defines it   → a part of the expression that uses it, no local
//   any other value                                    → a local, given back after its last use
//   results of if and block, carried values of a loop  → locals, set where control leaves (`yield`, `br`)
//
// Requires: a checked program in machine form. Guarantees: instructions with effects keep their order; a read is never moved over a write.
//
// Terms. A value is *waiting* when its instruction has been passed but its expression is not built yet. Waiting expressions read locals
// when they are built, not when they were passed: that is right, since a local changes only where its value has no later use.
// Three things need care: reads that wait (`flush`), locals given back while a built expression that reads them stands nowhere yet
// (`Locals.settle`), and several locals assigned at once (`move`).

import { unreachable } from "../diagnostic.ts";
import { memoryOps, type LaneOp } from "../ir/ops.ts";
import type { Layout } from "../ir/layout.ts";
import { mostCalls, type Block, type Call, type DataAddress, type Func, type If, type Instr, type Label, type Lane, type Loop, type Memory, type Place, type Program, type Region, type Type, type Value } from "../ir/types.ts";
import { fixedAddress, planAddress, varyingName } from "./address.ts";
import { binaryen, type ModuleWriter, type Node } from "./binaryen.ts";
import { expand, type Tools } from "./composite.ts";
import { howTo } from "./how.ts";
import type { LaneWriter } from "./lanes.ts";
import type { LibraryFunction } from "./link.ts";
import { loadsInto } from "./loaded.ts";
import { Locals } from "./locals.ts";
import { orderMoves } from "./moves.ts";
import { isFixed, survey } from "./uses.ts";

/** What a function needs of the module around it. */
export interface ModuleContext {
  readonly writer: ModuleWriter;
  readonly program: Program;
  readonly layout: Layout;
  readonly names: boolean;
  /** told of every expression that a place in the source gave rise to; null if nobody asks */
  readonly locate: ((node: Node, place: Place) => void) | null;
  /** the entry's returns must be told apart: `return` writes the status word */
  readonly manyReturns: boolean;
  /** a call of a function that WebAssembly lacks: of the library, of the host's Math */
  library(name: LibraryFunction, args: readonly Node[]): Node;
  math(name: string, args: readonly Node[]): Node;
  laneMath: LaneWriter;
  /** calls without an end: the engine's error of those that nest too deep */
  deeper(): Node;
  internalName(func: string): string;
  resultsOf(func: string): readonly Type[];
}

export interface EmittedFunction {
  readonly body: Node;
  readonly locals: Locals;
  /** the names of the values that a local holds */
  readonly localNames: ReadonlyMap<number, readonly string[]>;
  /** operations in its longest chain of values, each computed from the one before in one region */
  readonly longestChain: number;
}

/** What `br` to a label does. */
interface Target { readonly name: number; readonly locals: readonly number[]; used: boolean }

// the states of a value; 0 before its instruction is reached
const waiting = 1, inLocal = 2, built = 3;
/** Expressions deeper than this are cut: recursion, here and in Binaryen, must not follow a chain of thousands of additions. */
const deepest = 60;
/** where a value goes that nobody uses */
const nowhere = -1;

export const emitFunction = (func: Func, isEntry: boolean, context: ModuleContext): EmittedFunction => new Emitter(func, isEntry, context).run();

class Emitter {
  private readonly w: ModuleWriter;
  private readonly typeNumber = binaryen().typeNumber;
  private readonly locals = new Locals();
  private readonly localNames = new Map<number, string[]>();
  private readonly labels = new Map<Label, Target>();
  private labelCount = 0;
  private readonly tools: Tools;
  private readonly scratch: [number, number] = [nowhere, nowhere];

  // by value id
  private readonly uses: Int32Array; // those not yet built
  private readonly home: Int32Array;
  private readonly inlined: Uint8Array;
  private readonly state: Uint8Array;
  private readonly depth: Uint8Array; // of its waiting expression
  private readonly localOf: Int32Array;
  private readonly chain: Int32Array; // operations in the longest chain that ends in it
  private longestChain = 0;

  // regions are numbered in the order in which both walks enter them
  private regionCount = 0;
  private here = 0;
  private readonly nesting: readonly number[]; // by region number
  /** values whose last use was inside a nested region: their locals are given back after the instruction that holds it. By nesting. */
  private readonly dying: number[][] = [];

  private out: Node[] = [];
  /** reads of this region that wait */
  private reads: Value[] = [];
  /** the assignment of several locals going on: which position each of them has, and which of them the expression in the making reads */
  private readonly position: number[] = [];
  private readsTargets: number[] | null = null;

  constructor(private readonly func: Func, private readonly isEntry: boolean, private readonly context: ModuleContext) {
    this.w = context.writer;
    const n = func.nextId;
    ({ uses: this.uses, home: this.home, inlined: this.inlined, nesting: this.nesting } = survey(func));
    this.state = new Uint8Array(n);
    this.depth = new Uint8Array(n);
    this.localOf = new Int32Array(n).fill(nowhere);
    this.chain = new Int32Array(n);
    this.tools = this.makeTools();
  }

  run(): EmittedFunction {
    for (const param of this.func.params) this.bind(param, this.locals.own(this.typeNumber(param.type)));
    const nodes = this.region(this.func.body, () => { throw new Error("yield at the top of a function"); });
    return { body: this.join(nodes), locals: this.locals, localNames: this.localNames, longestChain: this.longestChain };
  }

  // ── regions ──

  /** The statements of a region. `leave` writes what its `yield` does. */
  private region(region: Region, leave: (args: readonly Value[]) => void): Node[] {
    const outer = { out: this.out, reads: this.reads, here: this.here };
    this.out = [];
    this.reads = [];
    this.here = this.regionCount++;
    const dying = (this.dying[this.nesting[this.here]!] ??= []);
    for (const instr of region.body) {
      this.instr(instr, leave);
      if (dying.length > 0) {
        for (const local of dying) this.locals.release(local);
        dying.length = 0;
      }
      this.locals.settle();
    }
    const nodes = this.out;
    this.out = outer.out;
    this.reads = outer.reads;
    this.here = outer.here;
    return nodes;
  }

  private join(nodes: readonly Node[]): Node { return nodes.length === 1 ? nodes[0]! : this.w.block(null, nodes); }

  private inline(nodes: readonly Node[]): void { for (const node of nodes) this.out.push(node); }
  private append(node: Node, place: Place | undefined): void { this.out.push(this.at(node, place)); }
  private at(node: Node, place: Place | undefined): Node {
    if (place && this.context.locate) this.context.locate(node, place);
    return node;
  }

  private instr(instr: Instr, leave: (args: readonly Value[]) => void): void {
    switch (instr.op) {
      case "if": return this.if(instr);
      case "block": return this.block(instr);
      case "loop": return this.loop(instr);
      case "yield": return leave(instr.args);
      case "br": {
        const target = this.labels.get(instr.label)!;
        target.used = true;
        this.move(target.locals, instr.args);
        return this.append(this.w.br(target.name), instr.place);
      }
      case "return": {
        const value = instr.args.length === 0 ? null : instr.args.length === 1 ? this.build(instr.args[0]!) : this.w.tuple(instr.args.map((v) => this.build(v)));
        if (this.isEntry && this.context.manyReturns) this.status(instr.exit);
        if (instr === this.func.body.body.at(-1)) { // falling out of the function returns
          if (value !== null) this.append(value, instr.place);
          return;
        }
        return this.append(this.w.return(value), instr.place);
      }
      case "trap":
        if (instr.exit >= 0) this.status(instr.exit);
        return this.append(this.w.unreachable(), instr.place);
      case "slot.set": {
        const value = this.build(instr.args[0]!);
        return this.append(this.w.store(8, "f64", 0, this.w.i32(this.context.layout.slots + 8 * instr.slot), value), instr.place);
      }
      case "memory.fill": case "memory.copy": {
        const [a, b, c] = instr.args.map((v) => this.build(v)) as [Node, Node, Node];
        this.flush();
        return this.append(instr.op === "memory.fill" ? this.w.fill(a, b, c) : this.w.copy(a, b, c), instr.place);
      }
      case "random": { // where it stands: what is drawn first is the first
        const [result] = instr.results, drawn = this.at(this.context.math("random", []), instr.place);
        return this.uses[result!.id] === 0 ? this.append(this.w.drop(drawn), undefined) : this.assign(result!, drawn);
      }
      case "call": return this.call(instr);
      case "data.addr": case "frame.addr": return;
      case "i32.store8": case "i32.store16": case "i32.store": case "i64.store": case "f32.store": case "f64.store": case "v128.store": {
        const { bytes, type } = memoryOps[instr.op];
        const { pointer, immediate } = this.address(instr as Memory);
        const node = this.w.store(bytes, type, immediate, pointer, this.build(instr.args[2]!));
        this.flush();
        return this.append(node, instr.place);
      }
      default: return this.define(instr);
    }
  }

  private status(exit: number): void { this.append(this.w.store(4, "i32", 0, this.w.i32(this.context.layout.status), this.w.i32(exit + 1)), undefined); }

  // ── values ──

  /** An instruction whose one result is all that it does: it waits, or goes to a local. */
  private define(instr: Instr): void {
    const result = instr.results[0]!;
    if (this.uses[result.id] === 0) return this.discardAll(instr.args);
    let depth = 0, chain = 0;
    for (const arg of instr.args) {
      if (isFixed(arg)) continue;
      if (this.state[arg.id] === waiting) depth = Math.max(depth, this.depth[arg.id]! + 1);
      if (this.home[arg.id] === this.here) chain = Math.max(chain, this.chain[arg.id]!);
    }
    this.chain[result.id] = ++chain;
    if (chain > this.longestChain) this.longestChain = chain;
    if (this.inlined[result.id] && depth < deepest) {
      this.state[result.id] = waiting;
      this.depth[result.id] = depth;
      if (howTo(instr.op).read) this.reads.push(result);
      return;
    }
    this.assign(result, this.expression(instr));
  }

  /** Puts a value's expression, the only one that is built and stands nowhere, into a local. */
  private assign(value: Value, node: Node): void {
    this.locals.settle();
    this.bind(value, this.locals.take(this.typeNumber(value.type)));
    this.append(this.w.set(this.localOf[value.id]!, node), undefined);
  }

  private bind(value: Value, local: number): void {
    this.localOf[value.id] = local;
    this.state[value.id] = inLocal;
    if (this.context.names && value.name !== undefined) this.nameLocal(local, value.name);
  }

  /** A local that holds several values in turn has their names, up to three: `x.acc`. */
  private nameLocal(local: number, name: string): void {
    const names = this.localNames.get(local);
    if (names === undefined) this.localNames.set(local, [name]);
    else if (names.length < 3 && !names.includes(name)) names.push(name);
  }

  /** The expression of one use of a value. */
  private build(value: Value): Node {
    if (isFixed(value)) return this.fixed(value);
    const { id } = value;
    if (this.state[id] === waiting) {
      this.state[id] = built;
      return this.expression(value.def!);
    }
    if (this.state[id] !== inLocal) throw new Error(`v${id} is used where it is not defined`);
    const local = this.localOf[id]!;
    if (this.readsTargets !== null && this.position[local]! > 0) this.readsTargets.push(this.position[local]! - 1);
    this.used(value);
    return this.w.get(local, this.locals.types[local]!);
  }

  /** One use fewer of a value in a local. After the last one the local is free, once control is back in the value's own region. */
  private used({ id }: Value): void {
    if (--this.uses[id]! > 0) return;
    if (this.home[id] === this.here) this.locals.release(this.localOf[id]!);
    else this.dying[this.nesting[this.home[id]!]!]!.push(this.localOf[id]!);
  }

  /** A use that comes to nothing, since nobody uses what it is for. */
  private discard(value: Value): void {
    if (isFixed(value)) return;
    if (this.state[value.id] === waiting) {
      this.state[value.id] = built;
      this.discardAll(value.def!.args);
    } else this.used(value);
  }
  private discardAll(values: readonly Value[]): void { for (const value of values) this.discard(value); }

  private fixed(value: Value): Node {
    const def = value.def!;
    if (def.op === "const") return this.w.constant(value.type, def.value);
    const address = fixedAddress(value, this.context.layout);
    return address === undefined ? this.w.global(varyingName((def as DataAddress).segment)) : this.w.i32(address | 0);
  }

  private expression(instr: Instr): Node {
    const how = howTo(instr.op);
    const { args } = instr;
    switch (how.how) {
      case "instruction": {
        const splat = args.length === 1 ? this.loadInto(instr.op, args[0]!) : null;
        if (splat) return this.at(splat, instr.place);
        const a = this.build(args[0]!);
        const b = args.length > 1 ? this.build(args[1]!) : undefined;
        const c = args.length > 2 ? this.build(args[2]!) : undefined;
        return this.at(this.w.instruction(how.opcode, a, b, c), instr.place);
      }
      case "load": {
        const { pointer, immediate } = this.address(instr as Memory);
        return this.at(this.w.load(instr.op, how.bytes, how.type, immediate, pointer), instr.place);
      }
      case "expansion": return this.at(expand(how.op, this.tools, args.map((v) => this.build(v))), instr.place);
      case "lane": {
        const { name, lanes } = instr as Lane;
        const loaded = args.length === 2 ? this.loadInto(name, args[1]!, lanes[0]!, args[0]!) : null;
        if (loaded) return this.at(loaded, instr.place);
        return this.at(this.w.lane(name as LaneOp, lanes, args.map((v) => this.build(v))), instr.place);
      }
      default: return unreachable(how);
    }
  }

  /** A number that waits to be loaded, loaded into the lanes of a register where it goes: into all, or into one of a register that is there. */
  private loadInto(op: string, value: Value, lane = 0, register: Value | null = null): Node | null {
    const { def, id } = value;
    if (def === null || this.state[id] !== waiting) return null;
    const name = loadsInto(op, def.op);
    if (name === undefined) return null;
    this.state[id] = built;
    const load = def as Memory, { bytes } = memoryOps[load.op], { pointer, immediate } = this.address(load);
    return register ? this.w.loadLane(name, bytes, lane, immediate, pointer, this.build(register)) : this.w.load(name, bytes, "v128", immediate, pointer);
  }

  private address(instr: Memory): { pointer: Node; immediate: number } {
    const { base, index, plus, immediate } = planAddress(instr, this.context.layout);
    let pointer = base && this.build(base);
    if (index) {
      const step = instr.scale === 0 ? this.build(index) : this.w.op("i32.shl", this.build(index), this.w.i32(instr.scale));
      pointer = pointer ? this.w.op("i32.add", pointer, step) : step;
    }
    if (pointer === null) pointer = this.w.i32(plus);
    else if (plus !== 0) pointer = this.w.op("i32.add", pointer, this.w.i32(plus));
    return { pointer, immediate };
  }

  /** Before a write, a call or a fork of control: reads that wait go to locals. Built expressions may be standing nowhere yet. */
  private flush(): void {
    for (const value of this.reads) {
      if (this.state[value.id] !== waiting) continue;
      const node = this.expression(value.def!);
      this.bind(value, this.locals.take(this.typeNumber(value.type)));
      this.append(this.w.set(this.localOf[value.id]!, node), undefined);
    }
    this.reads.length = 0;
  }

  // ── control ──

  /** locals for those of the results that are used */
  private targets(results: readonly Value[]): number[] {
    return results.map((result) => {
      if (this.uses[result.id] === 0) return nowhere;
      const local = this.locals.take(this.typeNumber(result.type));
      this.bind(result, local);
      return local;
    });
  }

  private if(instr: If): void {
    const condition = this.build(instr.args[0]!);
    this.flush();
    this.locals.settle(); // the condition is evaluated before the arms
    const [then, otherwise] = instr.regions;
    const used = instr.results.filter((result) => this.uses[result.id]! > 0);
    if (used.length === 1 && fallsThrough(then) && fallsThrough(otherwise)) {
      // one result of two arms: the `if` is an expression
      const which = instr.results.indexOf(used[0]!);
      const arm = (region: Region): Node => this.join(this.region(region, (args) => {
        args.forEach((arg, k) => { if (k !== which) this.discard(arg); });
        this.out.push(this.build(args[which]!));
      }));
      const node = this.at(this.w.if(condition, arm(then), arm(otherwise)), instr.place);
      return this.assign(used[0]!, node);
    }
    const targets = this.targets(instr.results);
    const arm = (region: Region): Node[] => this.region(region, (args) => this.move(targets, args));
    const thenNodes = arm(then), otherwiseNodes = arm(otherwise);
    const node = thenNodes.length > 0 || otherwiseNodes.length === 0
      ? this.w.if(condition, this.join(thenNodes), otherwiseNodes.length > 0 ? this.join(otherwiseNodes) : null)
      : this.w.if(this.w.op("i32.eqz", condition), this.join(otherwiseNodes), null);
    this.append(node, instr.place);
  }

  private block(instr: Block): void {
    this.flush();
    const target: Target = { name: this.labelCount++, locals: this.targets(instr.results), used: false };
    this.labels.set(instr.label, target);
    const nodes = this.region(instr.regions[0], (args) => this.move(target.locals, args));
    if (target.used) this.append(this.w.block(target.name, nodes), instr.place);
    else this.inline(nodes);
  }

  private loop(instr: Loop): void {
    const [body] = instr.regions;
    const locals = body.params.map((param, k) => {
      const init = instr.args[k]!;
      if (this.uses[param.id] === 0) { this.discard(init); return nowhere; }
      const from = this.state[init.id] === inLocal ? this.localOf[init.id]! : nowhere;
      const node = this.build(init);
      this.locals.settle();
      const local = this.locals.take(this.typeNumber(param.type));
      this.bind(param, local);
      if (local !== from) this.append(this.w.set(local, node), undefined);
      return local;
    });
    this.flush();
    const left = instr.notes?.calls ? this.locals.own(this.typeNumber("i32")) : nowhere;
    if (left !== nowhere) this.append(this.w.set(left, this.w.i32(mostCalls + 1)), instr.place);
    const target: Target = { name: this.labelCount++, locals, used: false };
    this.labels.set(instr.label, target);
    const nodes = this.region(body, (args) => this.leaveLoop(instr.results, args));
    if (left !== nowhere) nodes.unshift(this.oneCallLess(left));
    if (target.used) this.append(this.w.loop(target.name, this.join(nodes)), instr.place);
    else this.inline(nodes);
  }

  /** Nested too deep, calls end in the engine's own error. */
  private oneCallLess(left: number): Node {
    const { w } = this, i32 = this.typeNumber("i32");
    return w.if(w.op("i32.eqz", w.tee(left, w.op("i32.sub", w.get(left, i32), w.i32(1)), i32)), this.context.deeper(), null);
  }

  /** A loop's results: the one `yield` is at the end of the body, so a value that ends there hands its local on. */
  private leaveLoop(results: readonly Value[], args: readonly Value[]): void {
    results.forEach((result, k) => {
      const arg = args[k]!;
      if (this.uses[result.id] === 0) return this.discard(arg);
      if (!isFixed(arg) && this.state[arg.id] === inLocal && this.home[arg.id] === this.here && this.uses[arg.id] === 1) {
        this.uses[arg.id] = 0;
        return this.bind(result, this.localOf[arg.id]!);
      }
      this.assign(result, this.build(arg));
    });
  }

  /** Assigns all the locals at once. */
  private move(locals: readonly number[], args: readonly Value[]): void {
    if (locals.length <= 1) {
      if (locals.length === 1) this.moveOne(locals[0]!, args[0]!);
      return;
    }
    const targets: number[] = [], values: Value[] = [];
    locals.forEach((local, k) => {
      const arg = args[k]!;
      if (local === nowhere) this.discard(arg);
      else if (this.isIn(arg, local)) this.used(arg);
      else { targets.push(local); values.push(arg); }
    });
    targets.forEach((local, k) => { this.position[local] = k + 1; });
    const reads: number[][] = [];
    const nodes = values.map((value) => {
      reads.push((this.readsTargets = []));
      return this.build(value);
    });
    this.readsTargets = null;
    for (const local of targets) this.position[local] = 0;
    for (const step of orderMoves(reads)) {
      if (step >= 0) this.append(this.w.set(targets[step]!, nodes[step]!), undefined);
      else {
        const k = ~step, type = this.locals.types[targets[k]!]!;
        const saved = this.locals.takeBut(type, locals); // what is assigned now may look free: nobody reads what it held
        this.append(this.w.set(saved, nodes[k]!), undefined);
        nodes[k] = this.w.get(saved, type);
        this.locals.release(saved);
      }
    }
  }
  private moveOne(local: number, arg: Value): void {
    if (local === nowhere) return this.discard(arg);
    if (this.isIn(arg, local)) return this.used(arg);
    this.append(this.w.set(local, this.build(arg)), undefined);
  }
  private isIn(value: Value, local: number): boolean { return !isFixed(value) && this.state[value.id] === inLocal && this.localOf[value.id] === local; }

  private call(instr: Call): void {
    const args = instr.args.map((v) => this.build(v));
    this.flush();
    const types = this.context.resultsOf(instr.callee).map(this.typeNumber);
    const together = this.w.together(types);
    const node = this.at(this.w.call(this.context.internalName(instr.callee), args, together), instr.place);
    const used = instr.results.filter((result) => this.uses[result.id]! > 0);
    if (types.length === 0) this.append(node, undefined);
    else if (used.length === 0) this.append(this.w.drop(node), undefined);
    else if (types.length === 1) this.assign(used[0]!, node);
    else {
      this.locals.settle();
      const tuple = this.locals.take(together);
      this.append(this.w.set(tuple, node), undefined);
      for (const result of used) this.assign(result, this.w.extract(this.w.get(tuple, together), instr.results.indexOf(result)));
      this.locals.release(tuple);
    }
  }

  private makeTools(): Tools {
    const { w, context, locals, scratch } = this;
    const f64 = this.typeNumber("f64");
    return {
      op: (name, a, b, c) => w.op(name, a, b, c),
      f64: (value) => w.constant("f64", value),
      keep: (which, value) => w.tee(scratch[which] === nowhere ? (scratch[which] = locals.own(f64)) : scratch[which], value, f64),
      kept: (which) => w.get(scratch[which], f64),
      library: context.library,
      math: context.math,
      laneMath: (name, args) => context.laneMath(name, args, (type) => locals.own(type)),
    };
  }
}

const fallsThrough = (region: Region): boolean => region.body.at(-1)?.op === "yield";
