// Is this well-formed IR? Runs after every pass in tests, and throws a CheckError that names the guilty instruction and the reason.
//
// Guarantees, when it returns: every operand is defined above in the same or an enclosing region, with one definition and an id of its own
// below nextId; operands and results have the types and counts of the operation table; every region ends in exactly one terminator; every
// `br` names a block or loop around it and gives what that takes; every `yield` gives what its construct takes; immediates are in range;
// nothing but `trap exit -1` follows an instruction that never completes; js.* and machine operations are not mixed.
// With a program also: spaces, segments, slots, callees and exits exist and fit.
// Linear in the size of the function; one visit to each instruction.

import { Invariant } from "./invariant.ts";
import { isJsOp, isLaneOp, isMachineOp, isMemoryOp, jsOps, laneOps, memoryOps, ops } from "./ops.ts";
import { isTerminator, terminatorOf } from "./build.ts";
import { unreachable } from "../diagnostic.ts";
import type { Const, Func, Instr, JsConst, Label, Program, Region, Type, Unit, Value } from "./types.ts";

export class CheckError extends Invariant {
  constructor(message: string, instr: Instr | null, func: string) { super(message, instr, func, "CheckError"); }
}

export type Form = "js" | "machine";

/** Checks one function: by itself, or as a part of `program`. */
export function check(func: Func, program: Program | null = null, form: Form = "machine"): void {
  new Checker(func, program, form, null, program && new Map(program.functions.map((f) => [f.name, f]))).func();
}

export function checkProgram(program: Program): void {
  const callees = new Map<string, Func>();
  for (const func of program.functions) {
    if (callees.has(func.name)) throw new CheckError("two functions have this name", null, func.name);
    callees.set(func.name, func);
  }
  const entry = program.functions[0];
  if (!entry) throw new CheckError("a program needs an entry function", null, "");
  if (entry.results.length > 1) throw new CheckError("the entry has more than one result", null, entry.name);
  program.spaces.forEach((space, i) => {
    for (const other of space.mayOverlap) {
      if (!program.spaces[other]) throw new CheckError(`space ${i} may overlap space ${other}, which does not exist`, null, entry.name);
      if (!program.spaces[other].mayOverlap.includes(i)) {
        throw new CheckError(`space ${i} may overlap space ${other}, but not the other way round`, null, entry.name);
      }
    }
  });
  for (const func of program.functions) new Checker(func, program, "machine", null, callees).func();
}

export function checkUnit(unit: Unit): void {
  for (const func of unit.functions) new Checker(func, null, "js", unit, null).func();
}

/** where a value is: not met yet, in scope, or behind the end of its region */
const unseen = 0, live = 1, gone = 2;

class Checker {
  private readonly subject: Func;
  private readonly program: Program | null;
  private readonly unit: Unit | null;
  private readonly callees: ReadonlyMap<string, Func> | null;
  private readonly form: Form;
  /** by id */
  private readonly scope: Uint8Array;
  private readonly byId: (Value | undefined)[];
  /** values in scope, innermost last */
  private readonly inScope: Value[] = [];
  /** what a br to a label in scope gives; null: the label was met before and is out of scope */
  private readonly labels = new Map<Label, readonly Type[] | null>();
  /** labels that a br named */
  private readonly reached = new Set<Label>();

  constructor(func: Func, program: Program | null, form: Form, unit: Unit | null, callees: ReadonlyMap<string, Func> | null) {
    this.subject = func;
    this.program = program;
    this.form = form;
    this.unit = unit;
    this.callees = callees;
    this.scope = new Uint8Array(func.nextId);
    this.byId = Array<Value | undefined>(func.nextId);
  }

  private fail(reason: string, instr: Instr | null): never { throw new CheckError(reason, instr, this.subject.name); }

  func(): void {
    const { params, body, results } = this.subject;
    for (const type of results) this.typeFits(type, null);
    for (const param of params) this.define(param, null, null);
    if (body.params.length > 0) this.fail("a function's body has no parameters of its own", null);
    this.region(body, null, null);
  }

  // ───────────────────────────────── values ─────────────────────────────────

  private typeFits(type: Type, instr: Instr | null): void {
    if ((type === "js") !== (this.form === "js")) this.fail(`type ${type} in ${this.form} form`, instr);
  }

  private define(value: Value, def: Instr | null, at: Instr | null): void {
    this.known(value, at);
    if (this.scope[value.id] !== unseen) this.fail(`%${value.id} is defined twice`, at);
    if (value.def !== def) this.fail(`%${value.id}.def is not the instruction that defines it`, at);
    this.typeFits(value.type, at);
    this.scope[value.id] = live;
    this.inScope.push(value);
  }

  /** the id is in range and belongs to this Value object alone */
  private known(value: Value, at: Instr | null): void {
    const { id } = value;
    const { nextId } = this.subject;
    if (!(Number.isInteger(id) && id >= 0 && id < nextId)) this.fail(`value id ${id} is not below nextId (${nextId})`, at);
    const owner = this.byId[id];
    if (owner === undefined) this.byId[id] = value;
    else if (owner !== value) this.fail(`two values have the id ${id}`, at);
  }

  private operand(value: Value | undefined, at: Instr): void {
    if (value === undefined) this.fail("an operand is missing", at);
    const { def } = value;
    if (def !== null && (def.op === "const" || def.op === "js.const")) {
      if (this.byId[value.id] === value && value.id < this.subject.nextId) return; // seen before
      this.known(value, at);
      if (def.results.length !== 1 || def.results[0] !== value) this.fail(`constant %${value.id} is not its definition's one result`, at);
      this.constant(value, def, at);
      return;
    }
    this.known(value, at);
    const scope = this.scope[value.id];
    if (scope === unseen) this.fail(`%${value.id} is used before it is defined`, at);
    if (scope === gone) this.fail(`%${value.id} is not in scope: its region has ended`, at);
  }

  private constant(value: Value, def: Const | JsConst, at: Instr): void {
    this.typeFits(value.type, at);
    if (def.op === "js.const") return;
    const c = def.value;
    const fits = (() => {
      switch (value.type) {
        case "i32": return typeof c === "number" && Object.is(c, c | 0);
        case "i64": return typeof c === "bigint" && BigInt.asIntN(64, c) === c;
        case "f32": return typeof c === "number" && Object.is(Math.fround(c), c);
        case "f64": return typeof c === "number";
        case "v128": return c instanceof Uint8Array && c.length === 16;
        case "js": return false;
        default: return unreachable(value.type);
      }
    })();
    if (!fits) this.fail(`${String(c)} is no constant of type ${value.type}`, at);
  }

  private types(values: readonly Value[], types: readonly Type[], what: string, at: Instr): void {
    if (values.length !== types.length) this.fail(`${what}: ${values.length} given, ${types.length} expected`, at);
    for (let i = 0; i < types.length; i++) {
      if (values[i]!.type !== types[i]) this.fail(`${what} ${i} is of type ${values[i]!.type}, ${types[i]} expected`, at);
    }
  }

  // ───────────────────────────────── regions ─────────────────────────────────

  /** Checks a region whose `yield` must give `yields` (null: none may stand here). Tells whether it ends in a yield. */
  private region(region: Region, yields: readonly Type[] | null, owner: Instr | null): boolean {
    const height = this.inScope.length;
    for (const param of region.params) this.define(param, null, owner);
    const { body } = region;
    if (body.length === 0) this.fail("an empty region: a terminator is missing", owner);
    if (terminatorOf(region) === undefined) this.fail("a region does not end in a terminator", body.at(-1)!);
    for (let i = 0; i < body.length; i++) {
      const instr = body[i]!;
      const last = i === body.length - 1;
      if (!last && isTerminator(instr)) this.fail("a terminator in the middle of a region", instr);
      for (const arg of instr.args) this.operand(arg, instr);
      if (instr.op === "yield") {
        if (yields === null) this.fail("yield in a function's body: nothing takes it", instr);
        this.types(instr.args, yields, "yield operand", instr);
      }
      const completes = this.instr(instr);
      for (const result of instr.results) this.define(result, instr, instr);
      if (!completes && !isTerminator(instr)) {
        const next = body[i + 1];
        if (!(next?.op === "trap" && next.exit === -1)) this.fail("only `trap exit -1` may follow an instruction that never completes", instr);
      }
    }
    for (let i = this.inScope.length - 1; i >= height; i--) this.scope[this.inScope[i]!.id] = gone;
    this.inScope.length = height;
    return body.at(-1)!.op === "yield";
  }

  private labelled(label: Label, takes: readonly Type[], region: Region, yields: readonly Type[], instr: Instr): boolean {
    if (this.labels.has(label)) this.fail("two blocks or loops share a label", instr);
    this.labels.set(label, takes);
    const completes = this.region(region, yields, instr);
    this.labels.set(label, null);
    return completes;
  }

  // ───────────────────────────────── instructions ─────────────────────────────────

  private in(form: Form, instr: Instr): void {
    if (this.form !== form) this.fail(`a ${form} operation in ${this.form} form`, instr);
  }
  private count(instr: Instr, args: number, results: number): void {
    if (instr.args.length !== args) this.fail(`operands: ${instr.args.length} given, ${args} expected`, instr);
    if (instr.results.length !== results) this.fail(`results: ${instr.results.length} given, ${results} expected`, instr);
  }
  private machine(instr: Instr, args: readonly Type[], result: Type | null): void {
    this.in("machine", instr);
    this.types(instr.args, args, "operand", instr);
    this.types(instr.results, result === null ? [] : [result], "result", instr);
  }
  private index(value: number, below: number | undefined, what: string, instr: Instr): void {
    if (Number.isInteger(value) && value >= 0 && value < (below ?? Infinity)) return;
    this.fail(`${what} ${value} is out of range${below === undefined ? "" : ` (there are ${below})`}`, instr);
  }
  private space(index: number, written: boolean, instr: Instr): void {
    this.index(index, this.program?.spaces.length, "space", instr);
    if (!written || !this.program || this.program.spaces[index]!.written) return;
    this.fail(`a store to space ${index}, which says that it is never written`, instr);
  }

  /** Checks everything but operands' scope and results' definition. Tells whether control can reach what follows. */
  private instr(instr: Instr): boolean {
    const { args, results } = instr;
    const resultTypes = (): Type[] => results.map((r) => r.type);
    switch (instr.op) {
      case "const": case "js.const": return this.fail("a constant stands in a region: operands name it, wherever they are", instr);
      case "yield": this.count(instr, args.length, 0); return false;
      case "br": {
        const takes = this.labels.get(instr.label);
        if (!takes) this.fail("no block or loop around has this label", instr);
        this.reached.add(instr.label);
        this.types(args, takes, "br operand", instr);
        this.count(instr, args.length, 0);
        return false;
      }
      case "return": {
        this.types(args, this.subject.results, "return operand", instr);
        this.count(instr, args.length, 0);
        if (this.program?.functions[0] === this.subject) {
          this.index(instr.exit, this.program.exits.length, "exit", instr);
          if (this.program.exits[instr.exit]!.kind !== "return") this.fail(`exit ${instr.exit} is no return`, instr);
        }
        return false;
      }
      case "trap":
        this.count(instr, 0, 0);
        if (instr.exit !== -1) this.index(instr.exit, this.program?.exits.length, "exit", instr);
        return false;
      case "if": {
        this.count(instr, 1, results.length);
        const condition = this.form === "js" ? "js" : "i32";
        if (args[0]!.type !== condition) this.fail(`a condition is of type ${condition}`, instr);
        if (instr.regions.length !== 2) this.fail("an if has two regions", instr);
        if (instr.regions.some((r) => r.params.length > 0)) this.fail("an arm has no parameters", instr);
        const types = resultTypes();
        const then = this.region(instr.regions[0], types, instr);
        return this.region(instr.regions[1], types, instr) || then;
      }
      case "block": {
        this.count(instr, 0, results.length);
        if (instr.regions.length !== 1) this.fail("a block has one region", instr);
        if (instr.regions[0].params.length > 0) this.fail("a block's body has no parameters", instr);
        const types = resultTypes();
        const yields = this.labelled(instr.label, types, instr.regions[0], types, instr);
        return yields || this.reached.has(instr.label);
      }
      case "loop": {
        if (instr.regions.length !== 1) this.fail("a loop has one region", instr);
        const carried = instr.regions[0].params.map((p) => p.type);
        this.types(args, carried, "first value", instr);
        for (const k of instr.notes?.key ?? []) this.index(k, carried.length, "key", instr);
        return this.labelled(instr.label, carried, instr.regions[0], resultTypes(), instr);
      }
      case "lane": {
        if (!isLaneOp(instr.name)) this.fail("there is no such lane operation", instr);
        const row = laneOps[instr.name];
        this.machine(instr, row.args, row.result);
        if (instr.lanes.length !== row.immediates) this.fail(`lanes: ${instr.lanes.length} given, ${row.immediates} expected`, instr);
        for (const lane of instr.lanes) this.index(lane, row.below, "lane", instr);
        return true;
      }
      case "data.addr":
        this.machine(instr, [], "i32");
        this.index(instr.segment, this.program?.data.length, "segment", instr);
        return true;
      case "frame.addr":
        this.machine(instr, [], "i32");
        this.index(instr.offset, this.program?.frameBytes, "frame offset", instr);
        return true;
      case "random": this.machine(instr, [], "f64"); return true;
      case "slot.set":
        this.machine(instr, ["f64"], null);
        this.index(instr.slot, undefined, "slot", instr);
        return true;
      case "memory.fill": case "memory.copy":
        this.machine(instr, ["i32", "i32", "i32"], null);
        this.space(instr.space, true, instr);
        if (instr.from !== undefined) this.space(instr.from, false, instr);
        if (instr.op === "memory.copy" && instr.from === undefined) this.fail("memory.copy names the space that it reads (from)", instr);
        return true;
      case "call": {
        this.in("machine", instr);
        if (!this.callees) return true;
        const callee = this.callees.get(instr.callee);
        if (!callee) this.fail(`there is no function @${instr.callee}`, instr);
        this.types(args, callee.params.map((p) => p.type), "argument", instr);
        this.types(results, callee.results, "result", instr);
        return true;
      }
      case "js.throw": this.in("js", instr); this.count(instr, 1, 0); return false;
      case "js.try": {
        this.in("js", instr);
        this.count(instr, 0, results.length);
        const types = resultTypes();
        if (instr.regions.length !== 2) this.fail("a try has a body, and a handler or a finalizer", instr);
        const done = instr.regions.map((r, i) => {
          const params = instr.kind === "catch" && i === 1 ? 1 : 0;
          if (r.params.length !== params) this.fail(`region ${i} of a try has ${params} parameters`, instr);
          return this.region(r, types, instr);
        });
        return instr.kind === "finally" ? done.every((d) => d) : done.some((d) => d); // behind a finalizer only through both
      }
      case "js.free": case "js.free.typeof": case "js.regexp": this.in("js", instr); this.count(instr, 0, 1); return true;
      case "js.free.set": this.in("js", instr); this.count(instr, 1, 0); return true;
      case "js.func":
        this.in("js", instr);
        this.index(instr.func, this.unit?.functions.length, "function", instr);
        this.count(instr, this.unit ? this.unit.functions[instr.func]!.captured.length : args.length, 1);
        return true;
      case "js.rest": case "js.captured":
        this.in("js", instr);
        this.count(instr, 0, 1);
        this.index(instr.index, undefined, "index", instr);
        return true;
      case "js.object": this.in("js", instr); this.count(instr, instr.keys.length, 1); return true;
      case "js.array": this.in("js", instr); this.count(instr, instr.shape.filter((s) => s !== "hole").length, 1); return true;
      case "js.assume": this.in("js", instr); this.count(instr, 1, 0); return true;
      default: return this.tableRow(instr);
    }
  }

  /** an operation whose operands and results are a row of a table */
  private tableRow(instr: Exclude<Instr, { op: "const" | "if" | "block" | "loop" | "call" | "lane" }>): true {
    if (isMachineOp(instr.op)) {
      const row = ops[instr.op];
      this.machine(instr, row.args, row.result);
    } else if (isMemoryOp(instr.op) && "scale" in instr) {
      const row = memoryOps[instr.op];
      this.machine(instr, row.store ? ["i32", "i32", row.type] : ["i32", "i32"], row.store ? null : row.type);
      this.space(instr.space, row.store, instr);
      if (!(Number.isInteger(instr.scale) && instr.scale >= 0 && instr.scale < 32)) this.fail(`scale ${instr.scale} is out of range`, instr);
      if (!(Number.isInteger(instr.offset) && Math.abs(instr.offset) < 2 ** 31)) this.fail(`offset ${instr.offset} is out of range`, instr);
    } else if (isJsOp(instr.op)) {
      this.in("js", instr);
      const row: { args: number } = jsOps[instr.op];
      this.count(instr, row.args === -1 ? instr.args.length : row.args, jsResults[instr.op] ?? 1);
    } else this.fail("there is no such operation", instr);
    return true;
  }
}

/** js.* operations that do not give exactly one result */
const jsResults: Partial<Record<Instr["op"], number>> = { "js.set": 0, "js.member": 0, "js.define": 0, "js.prototype": 0, "js.super.set": 0, "js.private.set": 0, "js.private.add": 0, "js.cell.set": 0, "js.debugger": 0, "js.next": 2 };
