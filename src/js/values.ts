// The straight-line part of a function's printing: what a value's expression is, when it becomes a const, and every operation without
// regions. function.ts adds control on top of it; its header says how values are placed.

import { instructions, regionsOf } from "../ir/build.ts";
import type { Input } from "../ir/interface.ts";
import { isMachineOp, memoryOps, ops } from "../ir/ops.ts";
import type { Helper } from "../ir/spell.ts";
import type { Bulk, Func, Instr, Label, Memory, Place, Program, Region, Value } from "../ir/types.ts";
import { type Arrays, elements } from "./arrays.ts";
import type { OwnBounds } from "./bounds.ts";
import { binary, call, type Expr, isAtom, literal, templateOf, variable } from "./expression.ts";
import { type Access, loaded, placeOf, storedIn } from "./memory.ts";
import { Names } from "./names.ts";
import { refusal } from "./refuse.ts";
import type { Statement } from "./statements.ts";

/** The module that the function stands in; the sets are filled with what is used of it. */
export interface Surroundings {
  readonly program: Program;
  readonly arrays: Arrays;
  readonly bounds: OwnBounds;
  readonly functions: ReadonlyMap<string, string>;
  readonly tables: readonly string[];
  readonly frame: ReadonlyMap<number, string>;
  readonly names: Names;
  readonly helpers: Set<Helper>;
  readonly views: Set<string>;
  readonly usedTables: Set<number>;
  frameAddress: boolean;
  readonly returnExits: number;
}

/** An instruction that is neither control nor an end of a region. */
export type Straight = Exclude<Instr, { op: "yield" | "br" | "return" | "trap" | "if" | "block" | "loop" }>;

/** The longest expression that is nested in another. */
const longest = 100;

export class ValuePrinter {
  protected readonly uses: Int32Array;
  /** by value: used only in the region that defines it */
  protected readonly local: Uint8Array;
  protected readonly branches = new Map<Label, number>();
  protected readonly writing = new Set<Instr>();
  protected readonly exprs: (Expr | undefined)[] = [];
  protected readonly pendingReads = new Set<Value>();
  /** checks that the engine makes by itself */
  protected readonly unguarded = new Set<Instr>();
  /** only the entry has arrays */
  private readonly entry: boolean;
  protected readonly names: Names;
  protected readonly func: Func;
  protected readonly around: Surroundings;
  protected readonly inputs: ReadonlyMap<Value, Input> | null;
  protected place: Place | undefined;

  /** `inputs`: of the entry, the inputs by their first parameter; null elsewhere */
  constructor(func: Func, around: Surroundings, inputs: ReadonlyMap<Value, Input> | null) {
    this.func = func;
    this.around = around;
    this.inputs = inputs;
    this.entry = inputs !== null;
    this.names = new Names(around.names);
    this.uses = new Int32Array(func.nextId);
    this.local = new Uint8Array(func.nextId);
    this.survey(func.body, new Int32Array(func.nextId).fill(-1), { next: 0 });
    this.forgetUnused();
  }

  // ───────────────────────────────── before printing ─────────────────────────────────

  /** Counts uses and branches, and finds what writes. True if the region holds a write. */
  protected survey(region: Region, definedIn: Int32Array, counter: { next: number }, number = counter.next++): boolean {
    let writes = false;
    for (const param of region.params) definedIn[param.id] = number;
    for (const instr of region.body) {
      const own = instr.op === "if" && this.entry && (this.around.bounds.isRead(instr) || this.around.bounds.isWrite(instr));
      if (own) this.unguarded.add(instr);
      else for (const arg of instr.args) {
        this.local[arg.id] = definedIn[arg.id] === number ? 1 : 0;
        this.uses[arg.id]!++;
      }
      if (instr.op === "br") this.branches.set(instr.label, (this.branches.get(instr.label) ?? 0) + 1);
      let inside = false;
      for (const inner of regionsOf(instr)) inside = this.survey(inner, definedIn, counter, own ? number : undefined) || inside;
      for (const result of instr.results) definedIn[result.id] = number;
      if (inside || instr.op === "call" || instr.op === "memory.copy" || instr.op === "memory.fill" || isStore(instr)) {
        this.writing.add(instr);
        writes = true;
      }
    }
    return writes;
  }

  /** What only checks asked for that the engine makes is not written. */
  private forgetUnused(): void {
    for (const instr of [...instructions(this.func.body)].reverse()) {
      if (isMachineOp(instr.op) && ops[instr.op].effect === "none" && this.uses[instr.results[0]!.id] === 0) for (const arg of instr.args) this.uses[arg.id]!--;
    }
  }

  // ───────────────────────────────── values ─────────────────────────────────

  /** The expression of an operand; a pending one is taken for good. */
  protected take(value: Value): Expr {
    if (value.def?.op === "const") return literal(value.def.value as number | bigint);
    this.pendingReads.delete(value);
    const expr = this.exprs[value.id];
    if (!expr) throw refusal("Invariant", `a value of ${this.func.name} is used where it is not known (v${value.id})`, value.def?.place);
    return expr;
  }

  protected takeAtom(value: Value, out: Statement[]): Expr {
    const expr = this.take(value);
    return isAtom(expr) || value.def?.op === "const" ? expr : this.declare(value, expr, out);
  }

  /** Says what a value's expression is: pending, an alias, or a new const. */
  protected define(value: Value, expr: Expr, out: Statement[]): void {
    const uses = this.uses[value.id]!;
    if (uses === 0) return;
    const once = uses === 1 && this.local[value.id] === 1 && expr.text.length <= longest;
    if (!once && !isLeaf(expr)) { this.declare(value, expr, out); return; }
    this.exprs[value.id] = expr;
    if (expr.reads) this.pendingReads.add(value);
  }

  protected declare(value: Value, expr: Expr, out: Statement[]): Expr {
    const name = this.nameOf(value);
    this.say(`const ${name} = ${expr.text};`, out);
    return this.exprs[value.id] = variable(name, value.type === "i32" ? "i32" : "other");
  }

  protected nameOf(value: Value): string { return this.names.unique(value.name ?? "t"); }

  /** Reads still pending happen now: a write is next. */
  protected flush(out: Statement[]): void {
    for (const value of this.pendingReads) this.declare(value, this.exprs[value.id]!, out);
    this.pendingReads.clear();
  }

  protected say(text: string, out: Statement[], leaving = false): void { out.push({ kind: "simple", text, place: this.place, leaves: leaving }); }

  protected at(instr: Instr): void { if (instr.place) this.place = instr.place; }

  /** `let name;` for a result that several places assign. */
  protected variable(result: Value, out: Statement[]): string {
    const name = this.nameOf(result);
    this.say(`let ${name};`, out);
    this.exprs[result.id] = variable(name, result.type === "i32" ? "i32" : "other");
    return name;
  }

  protected assign(to: string, expr: Expr, out: Statement[]): void {
    const { operator, left, right } = expr;
    const compound = left !== null && left.text === to && "+-*/".includes(operator);
    this.say(compound ? `${to} ${operator}= ${right!.text};` : `${to} = ${expr.text};`, out);
  }

  // ───────────────────────────────── operations ─────────────────────────────────

  protected simple(instr: Straight, out: Statement[]): void {
    const { op } = instr;
    if ("scale" in instr) { this.memory(instr, out); return; }
    if (isMachineOp(op)) {
      if (this.uses[instr.results[0]!.id] === 0) { for (const arg of instr.args) this.forget(arg); return; }
      const { spell, repeated, helpers } = templateOf(op);
      for (const helper of helpers) this.around.helpers.add(helper as Helper);
      this.define(instr.results[0]!, spell(instr.args.map((a, k) => (repeated[k] ? this.takeAtom(a, out) : this.take(a)))), out);
      return;
    }
    switch (op) {
      case "data.addr": case "frame.addr": this.address(instr.results[0]!); return;
      case "slot.set":
        this.around.views.add("$out");
        this.say(`$out[${instr.slot}] = ${this.take(instr.args[0]!).text};`, out);
        return;
      case "memory.fill": case "memory.copy": this.bulk(instr, out); return;
      case "random": this.declare(instr.results[0]!, call("Math.random", []), out); return;
      case "call": {
        const text = call(this.around.functions.get(instr.callee)!, instr.args.map((a) => this.take(a))).text;
        this.flush(out);
        const names = instr.results.map((r) => this.nameOf(r));
        instr.results.forEach((r, k) => { this.exprs[r.id] = variable(names[k]!, r.type === "i32" ? "i32" : "other"); });
        this.say(names.length === 0 ? `${text};` : `const ${names.length === 1 ? names[0] : `[${names.join(", ")}]`} = ${text};`, out);
        return;
      }
      default: throw refusal("Invariant", `${op} is no operation of the machine form`, instr.place);
    }
  }

  /** An operand of something that is not written after all. */
  protected forget(value: Value): void { if (this.uses[value.id] === 1) this.pendingReads.delete(value); }

  // ───────────────────────────────── memory ─────────────────────────────────

  protected address(value: Value): void {
    const def = value.def!;
    if (def.op === "data.addr") {
      this.around.usedTables.add(def.segment);
      this.exprs[value.id] = variable(this.around.tables[def.segment]!, "i32");
    } else if (def.op === "frame.addr") {
      const local = this.around.frame.get(def.offset);
      if (local) { this.exprs[value.id] = variable(local, "other"); return; }
      this.around.frameAddress = true;
      this.exprs[value.id] = binary("+", variable("$frame", "i32"), literal(def.offset));
    }
  }

  protected memory(instr: Memory, out: Statement[]): void {
    const result = instr.results[0];
    if (result && this.uses[result.id] === 0) { for (const arg of instr.args) this.forget(arg); return; }
    const access: Access = {
      instr, base: this.take(instr.args[0]!), index: this.take(instr.args[1]!), array: this.around.arrays.element.get(instr.args[0]!),
      space: this.around.program.spaces[instr.space],
    };
    const place = placeOf(access);
    if (place.view) this.around.views.add(place.view);
    if (result) { this.define(result, loaded(place, access), out); return; }
    const value = this.take(instr.args[2]!);
    this.flush(out);
    if (place.bytes) this.say(`$bytes.set${place.bytes}(${place.text}, ${value.text}, true);`, out);
    else this.assign(place.text, storedIn(place.element, value), out);
  }

  protected bulk(instr: Bulk, out: Statement[]): void {
    const [to, second, bytes] = instr.args.map((a) => this.take(a)) as [Expr, Expr, Expr];
    this.flush(out);
    const local = instr.op === "memory.fill" ? this.around.arrays.element.get(instr.args[0]!) : undefined;
    if (local) {
      const { shift } = elements[local];
      const zero = shift === 3 && local !== "f64" ? "0n" : "0";
      this.say(`${to.text}.fill(${zero}, 0, ${Number(bytes.text) >> shift});`, out);
      return;
    }
    this.around.views.add("$U8");
    const text = instr.op === "memory.fill" ? call("$U8.fill", [second, to, binary("+", to, bytes)]) : call("$U8.copyWithin", [to, second, binary("+", second, bytes)]);
    this.say(`${text.text};`, out);
  }
}

const isStore = (instr: Instr): boolean => "scale" in instr && memoryOps[instr.op].store;

/** Cheap and always the same: repeating it is as good as naming it. */
const isLeaf = (expr: Expr): boolean => isAtom(expr) || expr.literal;
