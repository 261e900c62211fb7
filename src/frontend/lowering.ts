// One function while it is being lowered: its variables, its jump targets, and the writing of single js.* operations.


import { unreachable } from "../diagnostic.ts";
import type { JsOp } from "../ir/ops.ts";
import type { Arm, Instr, JsFunction, Primitive, Value } from "../ir/types.ts";
import type { Mark } from "../ir/marks.ts";
import type { Annotations } from "./annotations.ts";
import { mirrorParameter } from "./arguments.ts";
import { Flow, type Target } from "./flow.ts";
import { exceptions } from "./language.ts";
import type { ClassNode, Node, Source } from "./parse.ts";
import type { Binding, FunctionScope, Names } from "./scopes.ts";

/** What is shared by all functions of one text. */
export interface UnitWriter {
  readonly source: Source;
  readonly names: Names;
  readonly annotations: Annotations;
  readonly functions: JsFunction[];
  readonly free: Set<string>;
  readonly marks: Mark[];
  readonly arms: Arm[];
}

/** Something that `break` or `continue` may mean. Each answers null: control does not go on. */
export interface Jump {
  readonly labels: readonly string[];
  /** without a label, `break` means the innermost loop or switch, never a labelled block */
  readonly takesPlainBreak: boolean;
  readonly break: () => null;
  readonly continue: (() => null) | null;
}

/** Something that can be read and written. */
export type Reference =
  | { readonly kind: "slot"; readonly binding: Binding }
  | { readonly kind: "cell"; readonly binding: Binding; readonly cell: Value }
  | { readonly kind: "free"; readonly name: string }
  | Member;

/** A property: of an object, of `this` as its parent class has it, or a private one. */
export interface Member { readonly kind: "member" | "super" | "private"; readonly object: Value; readonly key: Value }

export class Lowering {
  readonly unit: UnitWriter;
  readonly func: FunctionScope;
  readonly flow: Flow;
  readonly jumps: Jump[] = [];
  /** where an optional chain goes when it meets null or undefined, and what its values are then */
  chain: { readonly target: Target; readonly broken: readonly Value[] } | null = null;
  /** the outer cells that this function's closures carry */
  captured: readonly Value[] = [];
  /** of a constructor: the class whose fields it gives to each object */
  readonly fieldsOf: ClassNode | null;

  constructor(unit: UnitWriter, func: FunctionScope, fieldsOf: ClassNode | null) {
    this.unit = unit;
    this.func = func;
    this.fieldsOf = fieldsOf;
    this.flow = new Flow(func.bindings.map((b) => b.name));
  }

  // ── writing operations ──

  /** What is written next stands for this node. */
  at(node: Node): void { this.flow.build.place = this.unit.source.place(node); }

  js(node: Node, op: JsOp, ...args: Value[]): Value {
    this.at(node);
    const result = this.flow.build.value("js");
    this.flow.build.append({ op, args, results: [result], place: this.flow.build.place });
    return result;
  }

  /** An operation of more or fewer results than one, or with immediates. */
  append<I extends Instr>(node: Node, instr: I): I {
    this.at(node);
    return this.flow.build.append({ ...instr, place: this.flow.build.place });
  }

  /** An operation with immediates and one result. */
  make(node: Node, write: (results: Value[]) => Instr): Value {
    const result = this.flow.build.value("js");
    this.append(node, write([result]));
    return result;
  }

  constant(value: Primitive): Value { return this.flow.build.jsConst(value); }

  refuse(node: Node, row: { readonly status: "Unsupported" | "Todo"; readonly construct: string; readonly hint: string }): never {
    return this.unit.source.refuse(row.status, row.construct, row.hint, node);
  }

  /** `this`: of an arrow function the enclosing function's; in a derived class's constructor what super() made. */
  self(node: Node): Value {
    let outer = this.func;
    while (outer.arrow && outer.parent) outer = outer.parent;
    if (outer === this.func && !outer.arrow && !outer.derived) return this.js(node, "js.this");
    if (outer.thisBinding) return this.js(node, "js.cell.get", this.cellOf(outer.thisBinding));
    this.unit.free.add("this");
    return this.make(node, (results) => ({ op: "js.free", name: "this", args: [], results }));
  }

  // ── variables ──

  /** The variable that an identifier names. */
  variable(id: Node & { type: "Identifier" }): Reference {
    const binding = this.unit.names.bindings.get(id);
    if (!binding) {
      this.unit.free.add(id.name);
      return { kind: "free", name: id.name };
    }
    return binding.cell ? { kind: "cell", binding, cell: this.cellOf(binding) } : { kind: "slot", binding };
  }

  cellOf(binding: Binding): Value {
    if (binding.func !== this.func) return this.captured[this.func.captures.get(binding)!]!;
    return this.flow.read(binding.slot)!;
  }

  read(node: Node, ref: Reference): Value {
    switch (ref.kind) {
      // a variable without a value is a `let` before its declaration: reading an empty cell throws what JavaScript throws
      case "slot": return this.flow.read(ref.binding.slot) ?? this.js(node, "js.cell.get", this.js(node, "js.cell.empty"));
      case "cell": return named(this.js(node, "js.cell.get", ref.cell), ref.binding.name);
      case "free": return named(this.make(node, (results) => ({ op: "js.free", name: ref.name, args: [], results })), ref.name);
      case "member": return this.js(node, "js.get", ref.object, ref.key);
      case "super": return this.js(node, "js.super.get", ref.object, ref.key);
      case "private": return this.js(node, "js.private.get", ref.object, ref.key);
      default: return unreachable(ref);
    }
  }

  write(node: Node, ref: Reference, value: Value): void {
    switch (ref.kind) {
      case "slot":
        this.checkAssignable(node, ref.binding);
        if (this.flow.read(ref.binding.slot) === undefined) this.read(node, ref);
        this.flow.assign(ref.binding.slot, named(value, ref.binding.name));
        mirrorParameter(this, node, ref.binding, value);
        return;
      case "cell":
        this.checkAssignable(node, ref.binding);
        // a `let` may not be assigned before its declaration either
        if (this.mayBeEmpty(node, ref.binding)) this.js(node, "js.cell.get", ref.cell);
        this.append(node, { op: "js.cell.set", args: [ref.cell, value], results: [] });
        mirrorParameter(this, node, ref.binding, value);
        return;
      case "free": this.append(node, { op: "js.free.set", name: ref.name, args: [value], results: [] }); return;
      case "member": this.append(node, { op: "js.set", args: [ref.object, ref.key, value], results: [] }); return;
      case "super": this.append(node, { op: "js.super.set", args: [ref.object, ref.key, value], results: [] }); return;
      case "private": this.append(node, { op: "js.private.set", args: [ref.object, ref.key, value], results: [] }); return;
      default: unreachable(ref);
    }
  }

  /** Gives a variable its first value. */
  initialise(node: Node, binding: Binding, value: Value): void {
    if (binding.cell) this.append(node, { op: "js.cell.set", args: [this.cellOf(binding), value], results: [] });
    else this.flow.assign(binding.slot, named(value, binding.name));
    mirrorParameter(this, node, binding, value); // `var` of a parameter's name
  }

  private mayBeEmpty(node: Node, { kind, func, clause, declaredAt }: Binding): boolean {
    return kind === "let" && (func !== this.func || clause !== null || node.start < declaredAt);
  }

  private checkAssignable(node: Node, { kind }: Binding): void {
    if (kind === "const" || kind === "self") this.refuse(node, exceptions.constAssignment);
  }
}

const named = (value: Value, name: string): Value => {
  value.name ??= name;
  return value;
};
