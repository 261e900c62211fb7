// Names: which variable each identifier means, and what the lowering has to know of each variable before it starts.
//
//   captured   an inner function refers to it       → it lives in a cell
//   boxed      a `try` may leave it half-way changed → it lives in a cell too
//   assigned   in which loops                        → those loops carry it
//
// One walk declares and collects; a reference is resolved when its scope is left, since `var` and functions are hoisted. A name that no
// scope declares is free. Linear: a reference climbs its enclosing scopes once, an assignment its enclosing loops until one knows it.

import type { Function as AnyFunction, FunctionExpression, Identifier, MethodDefinition, Pattern, PropertyDefinition, Statement, StaticBlock, VariableDeclaration } from "acorn";
import type { Annotations } from "./annotations.ts";
import type { ClassNode, FunctionNode, Node, Source } from "./parse.ts";

export interface Binding {
  readonly name: string;
  readonly kind: "param" | "var" | "let" | "const" | "function" | "catch" | "self" | "this" | "arguments";
  readonly func: FunctionScope;
  readonly scope: Scope;
  /** position among the variables of its function */
  readonly slot: number;
  /** it lives in a cell: captured by an inner function, or changed where a throw may interrupt */
  cell: boolean;
  /** something other than its declaration changes it */
  assigned: boolean;
  /** from here on in its own function it is certainly initialised */
  declaredAt: number;
  /** for a variable of a switch: the case clause that declares it */
  readonly clause: Extent | null;
}
type Extent = { readonly start: number; readonly end: number };

export interface Scope {
  readonly parent: Scope | null;
  readonly func: FunctionScope;
  readonly depth: number;
  readonly names: Map<string, Binding>;
  /** let, const and functions, in order */
  readonly lexical: Binding[];
  readonly functions: { readonly binding: Binding; readonly node: FunctionNode }[];
  readonly pending: Reference[];
}

export interface FunctionScope {
  readonly parent: FunctionScope | null;
  /** the function; a class stands for its constructor where it has none, a static field or block for its initialiser */
  readonly node: FunctionNode | ClassNode | PropertyDefinition | StaticBlock;
  readonly arrow: boolean;
  /** the constructor of a derived class: its `this` is a variable, which super() initialises */
  derived: boolean;
  readonly strict: boolean;
  readonly bindings: Binding[];
  /** the outer variables that it, or a function in it, refers to; the cells of its closures are in this order */
  readonly captures: Map<Binding, number>;
  readonly vars: Binding[];
  thisBinding: Binding | null;
  argumentsBinding: Binding | null;
  /** of a named function expression, the variable that is itself */
  self: Binding | null;
  /** names of functions declared in blocks, which sloppy code could see outside of them */
  readonly blockFunctions: Set<string>;
}

/** What a loop changes. */
export interface LoopInfo { readonly parent: LoopInfo | null; readonly assigned: Set<Binding>; updateHasClosure: boolean }
interface TryInfo { readonly parent: TryInfo | null; readonly depth: number }

interface Reference {
  readonly node: Identifier;
  readonly assigns: boolean;
  readonly func: FunctionScope;
  readonly loop: LoopInfo | null;
  readonly guarded: TryInfo | null;
}

export interface Names {
  /** what an identifier refers to; absent: a free variable */
  readonly bindings: ReadonlyMap<Identifier, Binding>;
  readonly scopes: ReadonlyMap<object, Scope>;
  readonly functions: ReadonlyMap<object, FunctionScope>;
  readonly loops: ReadonlyMap<object, LoopInfo>;
  /** the private names that belong to a class around the innermost one */
  readonly outerPrivates: ReadonlySet<object>;
}

export function resolveNames(root: FunctionNode | ClassNode, strict: boolean, source: Source, annotations: Annotations): Names {
  const walker = new Walker(source, annotations);
  if (root.type === "ClassExpression" || root.type === "ClassDeclaration") walker.class(root as ClassNode, null);
  else walker.function(root as FunctionNode, null, strict);
  return walker;
}

class Walker implements Names {
  readonly bindings = new Map<Identifier, Binding>();
  readonly scopes = new Map<object, Scope>();
  readonly functions = new Map<object, FunctionScope>();
  readonly loops = new Map<object, LoopInfo>();
  readonly outerPrivates = new Set<object>();
  /** the private names of the classes around, innermost last */
  private readonly privates: ReadonlySet<string>[] = [];
  private readonly source: Source;
  private readonly annotations: Annotations;
  private scope!: Scope;
  private loop: LoopInfo | null = null;
  private guarded: TryInfo | null = null;
  private clause: Extent | null = null;

  constructor(source: Source, annotations: Annotations) {
    this.source = source;
    this.annotations = annotations;
  }

  // ── functions ──

  /** A class as a whole is its constructor, fields first, and its private methods, which nobody has elsewhere. */
  class(node: ClassNode, parent: FunctionScope | null): void {
    this.privates.push(privateNames(node));
    this.constructorOf(node, parent);
    for (const method of privateMethods(node)) this.function(method.value, parent, true);
    this.privates.pop();
  }

  private constructorOf(node: ClassNode, parent: FunctionScope | null): void {
    const fields = (func: FunctionScope): void => {
      if (node.superClass) { func.derived = true; this.bindThis(func); }
      this.inFields(func, () => {
        for (const member of node.body.body) if (member.type === "PropertyDefinition" && !member.static && member.value) this.visit(member.value);
      });
    };
    const constructor = constructorOf(node);
    if (constructor) this.function(constructor, parent, true, fields);
    else this.inFunction(node, parent, false, true, fields);
  }

  /** A class inside a function: its own name is a constant in a scope around it, its members are functions. */
  private innerClass(node: ClassNode): void {
    const { func } = this.scope;
    if (node.type === "ClassDeclaration") {
      this.declare(node.id!, "let");
      this.scope.names.get(node.id!.name)!.declaredAt = node.end;
    }
    this.inScope(node.body, () => {
      if (node.id) this.add(this.scope, node.id.name, "const", node.end);
      if (node.superClass) this.visit(node.superClass);
      for (const member of node.body.body) if ("computed" in member && member.computed) this.visit(member.key);
      this.privates.push(privateNames(node));
      this.constructorOf(node, func);
      for (const member of node.body.body) {
        if (member.type === "MethodDefinition") { if (member.kind !== "constructor") this.function(member.value, func, true); }
        else if (member.type === "StaticBlock") this.inFunction(member, func, false, true, () => this.statements(member.body));
        else if (member.static && member.value) { const { value } = member; this.inFunction(member, func, false, true, () => this.visit(value)); }
      }
      this.privates.pop();
    });
  }

  /** Field initialisers run inside the constructor, but do not see its parameters. */
  private inFields(func: FunctionScope, write: () => void): void {
    const outer = this.scope;
    this.scope = this.newScope(func, outer.parent);
    write();
    this.leave(this.scope, outer.parent);
    this.scope = outer;
  }

  function(node: FunctionNode, parent: FunctionScope | null, strict: boolean, first?: (func: FunctionScope) => void): void {
    const isStrict = strict || hasDirective(node, "use strict");
    this.inFunction(node, parent, node.type === "ArrowFunctionExpression", isStrict, (func) => {
      first?.(func);
      const before = this.functions.size;
      for (const param of node.params) this.pattern(param, "param");
      const hasClosure = this.functions.size > before;
      if (node.body.type === "BlockStatement") this.statements(node.body.body);
      else this.visit(node.body);
      if (hasClosure && func.vars.some((v) => v.kind === "param")) {
        this.source.refuse("Todo", "a variable of the body named like a parameter that a default value's function sees", "rename the variable", node);
      }
    });
  }

  private inFunction(node: FunctionScope["node"], parent: FunctionScope | null, arrow: boolean, strict: boolean, write: (func: FunctionScope) => void): void {
    const func: FunctionScope = {
      parent, node, arrow, strict, derived: false, bindings: [], captures: new Map(), vars: [], thisBinding: null, argumentsBinding: null, self: null, blockFunctions: new Set(),
    };
    this.functions.set(node, func);
    const outer = { scope: this.scope as Scope | undefined, loop: this.loop, guarded: this.guarded, clause: this.clause };
    this.loop = null; this.guarded = null; this.clause = null;
    // the name of a function expression inside another is a variable of its own; the outermost function's name is free
    const own = parent && node.type === "FunctionExpression" && node.id ? node.id : null;
    this.scope = this.newScope(func, outer.scope ?? null);
    const functionScope = this.scope;
    this.scopes.set(node, functionScope);
    write(func);
    if (own && !functionScope.names.has(own.name)) {
      // bound in the function that encloses it, in a scope of its own, so that the closure's cell can hold the closure
      const around = this.newScope(parent!, outer.scope!);
      func.self = this.add(around, own.name, "self", own.end);
      this.leave(functionScope, around);
      this.leave(around, outer.scope!);
    } else this.leave(functionScope, outer.scope ?? null);
    if (outer.scope) this.scope = outer.scope;
    this.loop = outer.loop; this.guarded = outer.guarded; this.clause = outer.clause;
  }

  // ── scopes and names ──

  private newScope(func: FunctionScope, parent: Scope | null): Scope {
    return { parent, func, depth: parent ? parent.depth + 1 : 0, names: new Map(), lexical: [], functions: [], pending: [] };
  }

  private inScope(node: object, write: () => void): void {
    const outer = this.scope;
    this.scope = this.newScope(outer.func, outer);
    this.scopes.set(node, this.scope);
    write();
    this.leave(this.scope, outer);
    this.scope = outer;
  }

  /** Resolves the names used in a scope as far as it declares them; the others go on to its parent. */
  private leave(scope: Scope, parent: Scope | null): void {
    const special = parent?.func !== scope.func && !scope.func.arrow;
    for (const reference of scope.pending) {
      let binding = scope.names.get(reference.node.name);
      if (!binding && special && reference.node.name === "arguments") {
        binding = scope.func.argumentsBinding ??= this.add(scope, "arguments", "arguments", 0);
      }
      const leavesFunction = parent?.func !== scope.func;
      if (leavesFunction && !scope.func.strict && scope.func.blockFunctions.has(reference.node.name)) {
        const message = `\`${reference.node.name}\` is declared in a block and used outside of it`;
        this.source.refuse("Todo", message, "declare the function at the top of the function's body", reference.node);
      }
      if (binding) this.resolve(reference, binding);
      else parent?.pending.push(reference);
    }
    scope.pending.length = 0;
  }

  private resolve({ node, assigns, func, loop, guarded }: Reference, binding: Binding): void {
    this.bindings.set(node, binding);
    if (func !== binding.func) this.capture(binding, func);
    else if (binding.clause && (node.start < binding.clause.start || node.end > binding.clause.end)) binding.cell = true;
    if (assigns) binding.assigned = true;
    if (!assigns || func !== binding.func) return;
    for (let l = loop; l && !l.assigned.has(binding); l = l.parent) l.assigned.add(binding);
    if (guarded && binding.scope.depth <= guarded.depth) binding.cell = true;
  }

  private capture(binding: Binding, from: FunctionScope): void {
    binding.cell = true;
    for (let f: FunctionScope | null = from; f && f !== binding.func && !f.captures.has(binding); f = f.parent) f.captures.set(binding, f.captures.size);
  }

  private add(scope: Scope, name: string, kind: Binding["kind"], declaredAt: number): Binding {
    const { func } = scope;
    const binding: Binding = { name, kind, func, scope, slot: func.bindings.length, cell: false, assigned: false, declaredAt, clause: this.clause };
    func.bindings.push(binding);
    scope.names.set(name, binding);
    if (kind === "let" || kind === "const" || kind === "function") scope.lexical.push(binding);
    return binding;
  }

  private declare(id: Identifier, kind: Binding["kind"]): void {
    let scope = this.scope;
    if (kind === "var") {
      // a catch's parameter of the same name takes a `var`'s initialiser: too odd to get right for nothing
      for (; scope.parent && scope.parent.func === scope.func; scope = scope.parent) {
        if (scope.names.get(id.name)?.kind === "catch") this.source.refuse("Todo", "a `var` named like the exception", "rename one of them", id);
      }
    }
    const known = scope.names.get(id.name);
    if (!known) {
      const binding = this.add(scope, id.name, kind, id.end);
      if (kind === "var") scope.func.vars.push(binding);
    } else if (kind === "var") scope.func.vars.push(known);
    this.refer(id, kind !== "param");
  }

  private refer(node: Identifier, assigns: boolean): void {
    this.scope.pending.push({ node, assigns, func: this.scope.func, loop: this.loop, guarded: this.guarded });
  }

  /** `this` of an arrow is the enclosing function's: a cell of that function, unless the outermost function is an arrow. */
  private refersToThis(): void {
    let func: FunctionScope | null = this.scope.func;
    if (!func.arrow) return;
    while (func?.arrow) func = func.parent;
    if (func) this.capture(this.bindThis(func), this.scope.func);
  }

  /** The variable that `this` of a function is for the arrow functions in it. */
  private bindThis(func: FunctionScope): Binding {
    if (!func.thisBinding) {
      const scope = this.scopes.get(func.node)!;
      func.thisBinding = { name: "this", kind: "this", func, scope, slot: func.bindings.length, cell: true, assigned: false, declaredAt: 0, clause: null };
      func.bindings.push(func.thisBinding);
    }
    return func.thisBinding;
  }

  // ── the tree ──

  private pattern(node: Pattern | Node, kind: Binding["kind"] | "assign"): void {
    switch (node.type) {
      case "Identifier": if (kind === "assign") this.refer(node, true); else this.declare(node, kind); return;
      case "ObjectPattern":
        for (const property of node.properties) {
          if (property.type === "RestElement") { this.pattern(property.argument, kind); continue; }
          if (property.computed) this.visit(property.key);
          this.pattern(property.value, kind);
        }
        return;
      case "ArrayPattern": for (const element of node.elements) if (element) this.pattern(element, kind); return;
      case "RestElement": this.pattern(node.argument, kind); return;
      case "AssignmentPattern": this.pattern(node.left, kind); this.visit(node.right); return;
      default: this.visit(node); return;
    }
  }

  private declaration(node: VariableDeclaration): void {
    for (const { id, init } of node.declarations) {
      this.pattern(id, node.kind === "var" ? "var" : node.kind === "let" ? "let" : "const");
      if (init) this.visit(init);
      this.initialised(id, node.end);
    }
  }

  /** A `let` counts as initialised behind its whole declaration. */
  private initialised(id: Pattern, end: number): void {
    if (id.type === "Identifier") {
      const binding = this.scope.names.get(id.name);
      if (binding) binding.declaredAt = end;
    }
  }

  private statements(list: readonly Statement[]): void {
    // functions are hoisted to the top of their block
    for (const statement of list) {
      if (statement.type !== "FunctionDeclaration") continue;
      if (this.scope.parent?.func === this.scope.func) this.scope.func.blockFunctions.add(statement.id.name);
      this.declare(statement.id, "function");
      const binding = this.scope.names.get(statement.id.name)!;
      binding.declaredAt = 0;
      this.scope.functions.push({ binding, node: statement });
    }
    for (const statement of list) {
      const note = this.annotations.at(statement);
      if (note) for (const expression of note.expressions) this.visit(expression);
      this.visit(statement);
    }
  }

  private inLoop(node: Node, write: (info: LoopInfo) => void): void {
    const info: LoopInfo = { parent: this.loop, assigned: new Set(), updateHasClosure: false };
    this.loops.set(node, info);
    this.loop = info;
    // the names of `@key` are looked up as if they stood in the loop
    for (const id of this.annotations.at(node)?.key ?? []) this.refer(id, false);
    write(info);
    this.loop = info.parent;
  }

  private inTry(write: () => void): void {
    const outer = this.guarded;
    this.guarded = { parent: outer, depth: this.scope.depth };
    write();
    this.guarded = outer;
  }

  visit(node: Node): void {
    switch (node.type) {
      case "Identifier": this.refer(node, false); return;
      case "ThisExpression": case "Super": this.refersToThis(); return;
      case "FunctionDeclaration": case "FunctionExpression": case "ArrowFunctionExpression":
        this.function(node as FunctionNode, this.scope.func, this.scope.func.strict);
        return;
      case "ClassDeclaration": case "ClassExpression": this.innerClass(node as ClassNode); return;
      case "BlockStatement": this.inScope(node, () => this.statements(node.body)); return;
      case "VariableDeclaration": this.declaration(node); return;
      case "AssignmentExpression": this.pattern(node.left, "assign"); this.visit(node.right); return;
      case "UpdateExpression": this.pattern(node.argument, "assign"); return;
      case "MemberExpression": this.visit(node.object); if (node.computed || node.property.type === "PrivateIdentifier") this.visit(node.property); return;
      case "PrivateIdentifier": if (this.privates.length > 0 && !this.privates.at(-1)!.has(node.name)) this.outerPrivates.add(node); return;
      case "Property": if (node.computed) this.visit(node.key); this.visit(node.value); return;
      case "LabeledStatement": this.visit(node.body); return;
      case "BreakStatement": case "ContinueStatement": case "MetaProperty": return;
      case "WhileStatement": this.inLoop(node, () => { this.visit(node.test); this.visit(node.body); }); return;
      case "DoWhileStatement": this.inLoop(node, () => { this.visit(node.body); this.visit(node.test); }); return;
      case "ForStatement": this.inScope(node, () => this.forLoop(node)); return;
      case "ForInStatement": case "ForOfStatement":
        this.visit(node.right);
        this.inScope(node, () => this.inLoop(node, () => {
          if (node.left.type === "VariableDeclaration") this.declaration(node.left);
          else this.pattern(node.left, "assign");
          this.visit(node.body);
        }));
        return;
      case "SwitchStatement":
        this.visit(node.discriminant);
        this.inScope(node, () => {
          const outer = this.clause;
          for (const clause of node.cases) {
            this.clause = clause;
            if (clause.test) this.visit(clause.test);
            this.statements(clause.consequent);
          }
          this.clause = outer;
        });
        return;
      case "TryStatement": {
        const { finalizer } = node;
        const inner = (): void => {
          this.inTry(() => this.visit(node.block));
          if (node.handler) this.visit(node.handler);
          if (finalizer) this.visit(finalizer);
        };
        if (finalizer) this.inTry(inner); else inner();
        return;
      }
      case "CatchClause":
        this.inScope(node, () => {
          if (node.param) this.pattern(node.param, "catch");
          this.inScope(node.body, () => this.statements(node.body.body));
        });
        return;
      default: this.parts(node);
    }
  }

  /** A node's parts, in source order. */
  private parts(node: Node): void {
    for (const key in node) {
      const value: unknown = node[key as keyof Node];
      if (Array.isArray(value)) { for (const item of value as unknown[]) if (isNode(item)) this.visit(item); }
      else if (isNode(value)) this.visit(value);
    }
  }

  private forLoop(node: Node & { type: "ForStatement" }): void {
    if (node.init) this.visit(node.init);
    this.inLoop(node, (info) => {
      if (node.test) this.visit(node.test);
      if (node.update) {
        const before = this.functions.size;
        this.visit(node.update);
        info.updateHasClosure = this.functions.size > before;
      }
      this.visit(node.body);
    });
  }
}

/** The constructor that a class's text has. */
export function constructorOf(node: ClassNode): FunctionExpression | null {
  const member = node.body.body.find((m) => m.type === "MethodDefinition" && m.kind === "constructor");
  return member?.type === "MethodDefinition" ? member.value : null;
}

export const privateMethods = (node: ClassNode): readonly MethodDefinition[] =>
  node.body.body.filter((m) => m.type === "MethodDefinition" && m.key.type === "PrivateIdentifier") as MethodDefinition[];
const privateNames = (node: ClassNode): ReadonlySet<string> =>
  new Set(node.body.body.flatMap((m) => ("key" in m && m.key.type === "PrivateIdentifier" ? [m.key.name] : [])));

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

const hasDirective = (node: AnyFunction, directive: string): boolean =>
  node.body.type === "BlockStatement" && node.body.body.some((s) => s.type === "ExpressionStatement" && s.directive === directive);
