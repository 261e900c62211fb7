// Runs a residual program's machine form, slowly and plainly, and counts what it executes: how passes are tested without a back end, and
// the measure `inspect().executed`. (js.* operations are not run here: the judge of that form is the original, run by the engine.)
//
// Requires: a program that check.ts accepts, bound to memory by a layout whose data is written (layout.ts). Guarantees: the same memory and
// outcome as both back ends give, up to NaN payloads; what WebAssembly would trap on (a bad address, a division by zero) is an Invariant.
//
// Each function is decoded once into a tree of closures over registers: numbers (i32, f32, f64) in a Float64Array, i64 and v128 beside it.
// A step answers with a signal: go on, or why its region ends.

import { extentOf, type Extent } from "./extents.ts";
import { Invariant } from "./invariant.ts";
import type { Layout } from "./layout.ts";
import { Math } from "./maths.ts";
import { divisionTraps, isLaneOp, isMachineOp, isMemoryOp, memoryOps, ops, type MachineOp, type MemoryOp } from "./ops.ts";
import { laneMeaning, vectorMeaning, type Operand, type Vector } from "./vector.ts";
import { mostCalls, type Func, type Instr, type Label, type Loop, type Memory, type Program, type Region, type Value } from "./types.ts";

export interface Evaluation {
  /** the entry's result, if it has one */
  readonly result: number | bigint | undefined;
  /** index into program.exits */
  readonly exit: number;
  /** machine operations executed: a vector operation counts once, constants, addresses of constant memory and control count nothing */
  readonly executed: number;
  /** how often each operation was executed, control included */
  readonly counts: ReadonlyMap<string, number>;
  readonly loops: readonly LoopCount[];
}
/** `iterations` counts the body's runs, the last one, which leaves the loop, included. */
export interface LoopCount { readonly func: string; readonly loop: Loop; readonly entered: number; readonly iterations: number }

export interface EvaluateOptions {
  /** give up with an Invariant after about this many steps (instructions of any kind): a guard against loops that never end */
  readonly maxSteps?: number;
  /** Loads and stores keep within the arrays and tables that they are of (extents.ts), or it is an Invariant: memory alone lets most strays pass. */
  readonly within?: boolean;
}

export function evaluate(
  program: Program, args: readonly (number | bigint)[], memory: ArrayBuffer, layout: Layout, options: EvaluateOptions = {},
): Evaluation {
  return new Machine(program, memory, layout, options).run(args);
}

const uncounted: ReadonlySet<string> = new Set(["const", "data.addr", "frame.addr", "if", "block", "loop", "yield", "br", "return", "trap"]);

// ───────────────────────────────── code ─────────────────────────────────

/** 0: go on. Signals from `firstLabel` on are branches, one number a label. */
type Signal = number;
const goOn = 0, yielded = 1, returned = 2, trapped = 3, firstLabel = 4;

interface Frame { readonly num: Float64Array; readonly wide: (bigint | Vector)[] }
type Step = (f: Frame) => Signal;

/** A region. `left[i]` counts how often its run ended after step i, from which every step's count follows. */
interface Code { readonly steps: Step[]; readonly left: Float64Array; readonly instrs: readonly Instr[] }

interface Register { readonly file: "num" | "wide"; readonly index: number }
interface LoopCounter { readonly loop: Loop; entered: number; iterations: number }

/** A function, decoded. */
interface Routine {
  readonly func: Func;
  readonly params: readonly Register[];
  readonly body: Code;
  readonly codes: readonly Code[];
  readonly loops: readonly LoopCounter[];
  /** registers as they are at entry: constants */
  readonly fresh: Frame;
  /** frames that no call uses now */
  readonly idle: Frame[];
  /** what the last `return` gave */
  readonly out: Operand[];
}

const read = ({ file, index }: Register): ((f: Frame) => Operand) => (file === "num" ? (f) => f.num[index]! : (f) => f.wide[index]!);
const write = ({ file, index }: Register): ((f: Frame, value: Operand) => void) =>
  file === "num" ? (f, value) => { f.num[index] = value as number; } : (f, value) => { f.wide[index] = value as bigint | Vector; };

class Machine {
  readonly program: Program;
  private readonly layout: Layout;
  readonly view: DataView;
  readonly bytes: Uint8Array;
  private readonly maxSteps: number;
  private steps = 0;
  private exit = 0;
  private readonly routines = new Map<string, Routine>();
  /** with one return exit the caller knows it; with several, the entry tells by the status word */
  private readonly tellsExit: boolean;
  readonly within: boolean;

  constructor(program: Program, memory: ArrayBuffer, layout: Layout, { maxSteps = Infinity, within = false }: EvaluateOptions) {
    this.program = program;
    this.within = within;
    this.layout = layout;
    this.view = new DataView(memory);
    this.bytes = new Uint8Array(memory);
    this.maxSteps = maxSteps;
    this.tellsExit = program.exits.filter((e) => e.kind === "return").length > 1;
    for (const func of program.functions) this.routines.set(func.name, new Decoder(func, this).routine());
  }

  run(args: readonly (number | bigint)[]): Evaluation {
    const entry = this.program.functions[0]!;
    const routine = this.routines.get(entry.name)!;
    const count = entry.params.length;
    if (args.length !== count) throw new Invariant(`${args.length} arguments given, ${count} expected`, null, entry.name);
    const signal = this.call(routine, (f) => {
      entry.params.forEach(({ type }, i) => {
        const value = args[i]!;
        write(routine.params[i]!)(f, type === "i32" ? Number(value) | 0 : type === "f32" ? Math.fround(Number(value)) : value);
      });
    });
    const result = signal === returned && entry.results.length > 0 ? (routine.out[0] as number | bigint) : undefined;
    return { result, exit: this.exit, ...this.counted() };
  }

  routine(name: string, instr: Instr, caller: string): Routine {
    return this.routines.get(name) ?? (() => { throw new Invariant(`there is no function @${name}`, instr, caller); })();
  }

  call(routine: Routine, pass: (f: Frame) => void): Signal {
    const { fresh } = routine;
    const frame = routine.idle.pop() ?? { num: fresh.num.slice(), wide: fresh.wide.slice() };
    pass(frame);
    const signal = this.runCode(routine.body, frame, routine.func);
    routine.idle.push(frame);
    return signal;
  }

  runCode(code: Code, f: Frame, func: Func): Signal {
    const { steps } = code;
    let i = 0;
    let signal: Signal;
    do signal = steps[i++]!(f); while (signal === goOn);
    code.left[i - 1]!++;
    this.steps += i;
    if (this.steps > this.maxSteps) throw new Invariant(`stopped after ${this.maxSteps} steps`, null, func.name);
    return signal;
  }

  returnExit(func: Func, exit: number): Signal {
    if (func === this.program.functions[0]) {
      this.exit = exit;
      if (this.tellsExit) this.view.setInt32(this.layout.status, exit + 1, true);
    }
    return returned;
  }
  trap(instr: Instr, exit: number, func: Func): Signal {
    if (exit === -1) throw new Invariant("the unreachable was reached", instr, func.name);
    this.exit = exit;
    this.view.setInt32(this.layout.status, exit + 1, true);
    return trapped;
  }
  dataAddress(segment: number): number { return this.layout.data[segment]!; }
  frameAddress(offset: number): number { return this.layout.frame + offset; }
  slotAddress(slot: number): number { return this.layout.slots + 8 * slot; }

  /** the address, if `bytes` bytes from there are memory */
  bounds(address: number, bytes: number, instr: Instr, func: Func): number {
    if (address + bytes > this.bytes.length) throw new Invariant(`address ${address} is out of bounds`, instr, func.name);
    return address;
  }

  private counted(): Pick<Evaluation, "executed" | "counts" | "loops"> {
    const counts = new Map<string, number>();
    const loops: LoopCount[] = [];
    let executed = 0;
    for (const { func, codes, loops: counters } of this.routines.values()) {
      for (const { instrs, left } of codes) {
        let times = 0;
        for (let i = instrs.length - 1; i >= 0; i--) {
          times += left[i]!;
          if (times === 0) continue;
          const instr = instrs[i]!;
          const op = instr.op === "lane" ? instr.name : instr.op;
          counts.set(op, (counts.get(op) ?? 0) + times);
          if (!uncounted.has(op)) executed += times;
        }
      }
      for (const counter of counters) loops.push({ func: func.name, ...counter });
    }
    return { executed, counts, loops };
  }
}

// ───────────────────────────────── memory ─────────────────────────────────

const loads = {
  "i32.load8_s": (v, p) => v.getInt8(p), "i32.load8_u": (v, p) => v.getUint8(p), "i32.load16_s": (v, p) => v.getInt16(p, true),
  "i32.load16_u": (v, p) => v.getUint16(p, true), "i32.load": (v, p) => v.getInt32(p, true), "i64.load": (v, p) => v.getBigInt64(p, true),
  "f32.load": (v, p) => v.getFloat32(p, true), "f64.load": (v, p) => v.getFloat64(p, true),
  "v128.load": (v, p) => vectorAt(v, p, 16), "v128.load64_zero": (v, p) => vectorAt(v, p, 8), "v128.load32_zero": (v, p) => vectorAt(v, p, 4),
} satisfies Partial<Record<MemoryOp, (view: DataView, address: number) => Operand>>;
const stores = {
  "i32.store8": (v, p, x) => v.setInt8(p, x as number), "i32.store16": (v, p, x) => v.setInt16(p, x as number, true),
  "i32.store": (v, p, x) => v.setInt32(p, x as number, true), "i64.store": (v, p, x) => v.setBigInt64(p, x as bigint, true),
  "f32.store": (v, p, x) => v.setFloat32(p, x as number, true), "f64.store": (v, p, x) => v.setFloat64(p, x as number, true),
  "v128.store": (v, p, x) => new Uint8Array(v.buffer).set(x as Vector, p),
} satisfies Partial<Record<MemoryOp, (view: DataView, address: number, value: Operand) => void>>;
/** every row of the table is a load or a store of these */
const memoryMeanings: { readonly [O in MemoryOp]: (typeof loads & typeof stores)[O] } = { ...loads, ...stores };

const vectorAt = (view: DataView, address: number, bytes: number): Vector => {
  const vector = new Uint8Array(16);
  for (let i = 0; i < bytes; i++) vector[i] = view.getUint8(address + i);
  return vector;
};

// ───────────────────────────────── decoding ─────────────────────────────────

/** What a terminator needs to know of the constructs around it: where results go. */
interface Target { readonly signal: Signal; readonly into: readonly Register[]; readonly parallel: boolean }

class Decoder {
  private readonly func: Func;
  private readonly machine: Machine;
  private readonly registers = new Map<Value, Register>();
  private readonly targets = new Map<Label, Target>();
  private readonly numbers: number[] = [];
  private readonly wides: (bigint | Vector)[] = [];
  private readonly codes: Code[] = [];
  private readonly loops: LoopCounter[] = [];
  private readonly out: Operand[] = [];

  constructor(func: Func, machine: Machine) { this.func = func; this.machine = machine; }

  routine(): Routine {
    const { func } = this;
    const params = func.params.map((p) => this.register(p));
    const body = this.region(func.body, []);
    const fresh = { num: Float64Array.from(this.numbers), wide: this.wides };
    return { func, params, body, codes: this.codes, loops: this.loops, fresh, idle: [], out: this.out };
  }

  private register(value: Value): Register {
    let register = this.registers.get(value);
    if (register === undefined) {
      const constant = value.def?.op === "const" ? value.def.value : 0;
      const isWide = value.type === "i64" || value.type === "v128";
      register = isWide ? { file: "wide", index: this.wides.length } : { file: "num", index: this.numbers.length };
      if (isWide) this.wides.push(typeof constant === "number" ? 0n : constant); else this.numbers.push(constant as number);
      this.registers.set(value, register);
    }
    return register;
  }
  private list(values: readonly Value[]): Register[] { return values.map((v) => this.register(v)); }
  private num(value: Value | undefined): number { return this.register(value!).index; }

  private region(region: Region, results: readonly Register[]): Code {
    const steps: Step[] = [];
    const code: Code = { steps, left: new Float64Array(region.body.length), instrs: region.body };
    this.codes.push(code);
    for (const instr of region.body) steps.push(this.step(instr, results));
    return code;
  }

  /** Copies registers; `parallel` where a source may be a destination as well. */
  private moves(from: readonly Register[], to: readonly Register[], parallel: boolean): (f: Frame) => void {
    if (from.every((r) => r.file === "num")) {
      const [source, target] = [from.map((r) => r.index), to.map((r) => r.index)];
      const n = source.length;
      if (n === 0) return () => {};
      if (n === 1) return ({ num }) => { num[target[0]!] = num[source[0]!]!; };
      if (!parallel) return ({ num }) => { for (let i = 0; i < n; i++) num[target[i]!] = num[source[i]!]!; };
      const held = new Float64Array(n);
      return ({ num }) => {
        for (let i = 0; i < n; i++) held[i] = num[source[i]!]!;
        for (let i = 0; i < n; i++) num[target[i]!] = held[i]!;
      };
    }
    const [gets, sets] = [from.map(read), to.map(write)];
    return (f) => {
      const values = gets.map((get) => get(f));
      sets.forEach((set, i) => set(f, values[i]!));
    };
  }

  /** `results` is where a yield of the region that the instruction stands in gives its operands */
  private step(instr: Instr, results: readonly Register[]): Step {
    const { machine, func } = this;
    switch (instr.op) {
      case "yield": { const move = this.moves(this.list(instr.args), results, false); return (f) => { move(f); return yielded; }; }
      case "br": {
        const { signal, into, parallel } = this.targets.get(instr.label)!;
        const move = this.moves(this.list(instr.args), into, parallel);
        return (f) => { move(f); return signal; };
      }
      case "return": {
        const { out } = this;
        const gets = this.list(instr.args).map(read);
        return (f) => {
          for (let i = 0; i < gets.length; i++) out[i] = gets[i]!(f);
          return machine.returnExit(func, instr.exit);
        };
      }
      case "trap": return () => machine.trap(instr, instr.exit, func);
      case "if": {
        const condition = this.num(instr.args[0]);
        const into = this.list(instr.results);
        const [then, otherwise] = [this.region(instr.regions[0], into), this.region(instr.regions[1], into)];
        return (f) => {
          const signal = machine.runCode(f.num[condition] !== 0 ? then : otherwise, f, func);
          return signal === yielded ? goOn : signal;
        };
      }
      case "block": {
        const into = this.list(instr.results);
        const own = this.target(instr.label, into, false);
        const body = this.region(instr.regions[0], into);
        return (f) => {
          const signal = machine.runCode(body, f, func);
          return signal === yielded || signal === own ? goOn : signal;
        };
      }
      case "loop": return this.loop(instr);
      case "call": return this.call(instr.callee, instr);
      case "data.addr": return this.constant(instr, machine.dataAddress(instr.segment));
      case "frame.addr": return this.constant(instr, machine.frameAddress(instr.offset));
      case "random": {
        const result = this.num(instr.results[0]);
        return ({ num }) => { num[result] = Math.random(); return goOn; };
      }
      case "slot.set": {
        const [source, address] = [this.num(instr.args[0]), machine.slotAddress(instr.slot)];
        return (f) => { machine.view.setFloat64(machine.bounds(address, 8, instr, func), f.num[source]!, true); return goOn; };
      }
      case "memory.fill": case "memory.copy": {
        const [dest, what, count] = [this.num(instr.args[0]), this.num(instr.args[1]), this.num(instr.args[2])];
        const isFill = instr.op === "memory.fill";
        return ({ num }) => {
          const bytes = num[count]! >>> 0;
          const to = machine.bounds(num[dest]! >>> 0, bytes, instr, func);
          if (isFill) machine.bytes.fill(num[what]! & 255, to, to + bytes);
          else { const from = machine.bounds(num[what]! >>> 0, bytes, instr, func); machine.bytes.copyWithin(to, from, from + bytes); }
          return goOn;
        };
      }
      case "lane":
        if (!isLaneOp(instr.name)) break;
        return this.generic(instr, laneMeaning(instr.name, instr.lanes));
      default:
        if ("scale" in instr && isMemoryOp(instr.op)) return this.memory(instr);
        if (isMachineOp(instr.op)) return this.operation(instr, instr.op);
    }
    throw new Invariant("the evaluator runs machine form only", instr, func.name);
  }

  private target(label: Label, into: readonly Register[], parallel: boolean): Signal {
    const signal = firstLabel + this.targets.size;
    this.targets.set(label, { signal, into, parallel });
    return signal;
  }

  private loop(instr: Loop): Step {
    const { machine, func } = this;
    const carried = this.list(instr.regions[0].params);
    const first = this.moves(this.list(instr.args), carried, false);
    const again = this.target(instr.label, carried, true);
    const body = this.region(instr.regions[0], this.list(instr.results));
    const counter: LoopCounter = { loop: instr, entered: 0, iterations: 0 };
    this.loops.push(counter);
    return (f) => {
      first(f);
      counter.entered++;
      let signal: Signal, left = instr.notes?.calls ? mostCalls : Infinity;
      do {
        if (left-- === 0) throw new RangeError("Maximum call stack size exceeded");
        counter.iterations++;
        signal = machine.runCode(body, f, func);
      } while (signal === again);
      return signal === yielded ? goOn : signal;
    };
  }

  private call(callee: string, instr: Instr): Step {
    const { machine, func } = this;
    const gets = this.list(instr.args).map(read);
    const sets = this.list(instr.results).map(write);
    return (f) => {
      const routine = machine.routine(callee, instr, func.name);
      const signal = machine.call(routine, (g) => { for (let i = 0; i < gets.length; i++) write(routine.params[i]!)(g, gets[i]!(f)); });
      if (signal === trapped) return trapped;
      for (let i = 0; i < sets.length; i++) sets[i]!(f, routine.out[i]!);
      return goOn;
    };
  }

  private constant(instr: Instr, value: number): Step {
    const result = this.num(instr.results[0]);
    return (f) => { f.num[result] = value; return goOn; };
  }

  private memory(instr: Memory): Step {
    const { machine, func } = this;
    const { bytes, store } = memoryOps[instr.op];
    const [base, index] = [this.num(instr.args[0]), this.num(instr.args[1])];
    const { scale, offset } = instr;
    // modulo 2^32, as a whole
    const anywhere = ({ num }: Frame): number => machine.bounds((num[base]! + (num[index]! << scale) + offset) >>> 0, bytes, instr, func);
    const extent = machine.within ? extentOf(instr.args[0]!, func, machine.program) : null;
    const address = extent ? this.inside(extent, base, anywhere, instr) : anywhere;
    const { view } = machine;
    if (store) {
      const get = read(this.register(instr.args[2]!));
      const put = memoryMeanings[instr.op] as (view: DataView, address: number, value: Operand) => void;
      return (f) => { put(view, address(f), get(f)); return goOn; };
    }
    const set = write(this.register(instr.results[0]!));
    const get = memoryMeanings[instr.op] as (view: DataView, address: number) => Operand;
    return (f) => { set(f, get(view, address(f))); return goOn; };
  }

  /** the address, if the bytes from there are the array's or the table's */
  private inside({ length, bytes }: Extent, base: number, anywhere: (f: Frame) => number, instr: Memory): (f: Frame) => number {
    const { func } = this, size = memoryOps[instr.op].bytes;
    const count = typeof length === "number" ? (): number => length : ((at) => ({ num }: Frame): number => num[at]!)(this.num(length));
    return (f) => {
      const address = anywhere(f), from = address - f.num[base]!;
      if (from < 0 || from + size > count(f) * bytes) throw new Invariant(`byte ${from} is outside of the array's ${count(f) * bytes}`, instr, func.name);
      return address;
    };
  }

  /** an operation of the table, by its fold or, for vectors, its meaning in vector.ts */
  private operation(instr: Instr, op: MachineOp): Step {
    const row = ops[op];
    if (!row.fold) return this.generic(instr, vectorMeaning(op));
    const fold = row.fold as (...values: Operand[]) => number | bigint;
    const registers = this.list([...instr.args, ...instr.results]);
    const checked = row.effect === "trap" ? this.dividing(instr, fold) : fold;
    if (registers.some((r) => r.file === "wide")) return this.generic(instr, checked);
    const numeric = checked as (...values: number[]) => number;
    const [a, b, c, d] = registers.map((r) => r.index) as [number, number, number, number];
    switch (instr.args.length) {
      case 1: return ({ num }) => { num[b] = numeric(num[a]!); return goOn; };
      case 2: return ({ num }) => { num[c] = numeric(num[a]!, num[b]!); return goOn; };
      case 3: return ({ num }) => { num[d] = numeric(num[a]!, num[b]!, num[c]!); return goOn; };
      default: return this.generic(instr, checked);
    }
  }

  private generic(instr: Instr, meaning: (...values: Operand[]) => Operand): Step {
    const gets = this.list(instr.args).map(read);
    const set = write(this.register(instr.results[0]!));
    const [a, b, c] = gets;
    switch (gets.length) {
      case 1: return (f) => { set(f, meaning(a!(f))); return goOn; };
      case 2: return (f) => { set(f, meaning(a!(f), b!(f))); return goOn; };
      default: return (f) => { set(f, meaning(a!(f), b!(f), c!(f))); return goOn; };
    }
  }

  /** Integer division, which traps in WebAssembly where JavaScript's arithmetic does not. */
  private dividing(instr: Instr, fold: (...values: Operand[]) => number | bigint): (...values: Operand[]) => number | bigint {
    const { func } = this;
    return (x, y) => {
      if (divisionTraps(instr.op, x, y)) throw new Invariant(`division of ${String(x)} by ${String(y)}`, instr, func.name);
      return fold(x!, y!);
    };
  }
}
