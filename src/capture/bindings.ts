// The declarations of a script, and every assignment to them.
//
// Before: a script's text. After: a tree of scopes; each binding with its kind and its writes (assignments outside its initialiser),
// each write with what is needed to judge whether it can still happen (reassigned.ts). Reads are not recorded.
//
// Guarantees: every syntactic write to a binding is found, hoisting, shadowing, patterns and `for (x of …)` included. What could write without
// being seen (direct `eval`, sloppy `arguments`) marks the bindings that it could reach.
// One walk over the tree, linear in its size.

import { parse, type AnyNode, type Function as FunctionNode, type Class, type Pattern, type Program } from "acorn";

export type BindingKind = "const" | "let" | "var" | "function" | "class" | "param" | "import" | "self" | "unbound";

/** The write happens only if the variable was falsy ("falsy") or null or undefined ("nullish") just before. */
export interface Guard { readonly name: string; readonly when: "falsy" | "nullish"; readonly loop: LoopFrame | null; readonly fn: ScopeNode; readonly parent: Guard | null; writes: number }

export interface Write {
  readonly start: number;
  /** from here on in the text the write has happened for good: the end of it, or of the outermost loop around it within the binding's scope */
  readonly settled: number;
  /** stands in a loop within the binding's scope */
  readonly looped: boolean;
  /** stands in another function than the binding: may happen at any time */
  readonly nested: boolean;
  readonly guard: Guard | null;
  /** in the update clause of the `for` that declares it: each iteration has a variable of its own, made before the update */
  readonly update: { readonly start: number; readonly end: number } | null;
}

export interface Binding {
  readonly name: string;
  kind: BindingKind;
  readonly scope: ScopeNode;
  /** whether the declaration gives it a value: otherwise it starts as undefined */
  initialised: boolean;
  readonly writes: Write[];
  /** of an import: the specifier and the exported name ("*" for the namespace) */
  readonly from?: { readonly source: string; readonly name: string } | undefined;
}

export interface ScopeNode {
  readonly parent: ScopeNode | null;
  readonly start: number;
  readonly end: number;
  /** the function (or script) whose activation it belongs to */
  readonly fn: ScopeNode;
  /** of a function's scope: declared by a function declaration, so it exists before its place is reached */
  readonly hoisted: boolean;
  readonly arrow: boolean;
  readonly names: Map<string, Binding>;
  readonly children: ScopeNode[];
  /** contains a direct eval, itself or within */
  evaluates: boolean;
}

interface LoopFrame { readonly start: number; readonly end: number; readonly parent: LoopFrame | null }
interface Pending { readonly name: string; readonly start: number; readonly end: number; readonly scope: ScopeNode; readonly loop: LoopFrame | null; readonly guard: Guard | null; readonly update: Write["update"]; readonly updateScope: ScopeNode | null }

/** `export {x}` and its kin: the exported name's local name, or where it is re-exported from. */
export interface Export { readonly local: string | null; readonly source: string | null; readonly name: string }

export class Bindings {
  readonly root: ScopeNode;
  readonly exports: ReadonlyMap<string, Export>;
  /** the specifiers of `export * from` */
  readonly stars: readonly string[];
  /** function expressions with a name of their own, by the offset of their start */
  readonly named: ReadonlyMap<number, string>;

  private constructor(walker: Walker) {
    this.root = walker.root;
    this.exports = walker.exports;
    this.stars = walker.stars;
    this.named = walker.named;
  }

  /** null if the text parses neither as a module nor as a script */
  static of(text: string): Bindings | null {
    const program = parseAny(text);
    return program && new Bindings(new Walker(program));
  }

  /** The innermost scope around the piece [start, end) of the text, a function of it: that function's own scopes are left out. */
  around(start: number, end: number): ScopeNode {
    for (let scope = this.root; ;) {
      const inner = scope.children.find((c) => c.start <= start && c.end >= end && !(c.start >= start && c.end <= end));
      if (!inner) return scope;
      scope = inner;
    }
  }

  /** What `name` means there; a name that nothing declares is "unbound" (a wrapper's parameter, or global), with its writes. */
  lookup(scope: ScopeNode, name: string): Binding | null {
    for (let s: ScopeNode | null = scope; s; s = s.parent) {
      const binding = s.names.get(name);
      if (binding) return binding;
    }
    return null;
  }
}

function parseAny(text: string): Program | null {
  const looksModule = /^\s*(import|export)\b/m.test(text);
  for (const sourceType of looksModule ? (["module", "script"] as const) : (["script", "module"] as const)) {
    try {
      return parse(text, { ecmaVersion: "latest", sourceType, allowHashBang: true, allowReturnOutsideFunction: true, allowAwaitOutsideFunction: sourceType === "module" });
    } catch {
      // the other way, or none
    }
  }
  return null;
}

class Walker {
  readonly root: ScopeNode;
  readonly exports = new Map<string, Export>();
  readonly stars: string[] = [];
  readonly named = new Map<number, string>();
  #scope: ScopeNode;
  #loop: LoopFrame | null = null;
  #guard: Guard | null = null;
  #update: Write["update"] = null;
  #updateScope: ScopeNode | null = null;
  #strict: boolean;
  readonly #pending: Pending[] = [];

  constructor(program: Program) {
    const root = { parent: null, start: program.start, end: program.end, hoisted: false, arrow: false, names: new Map<string, Binding>(), children: [], evaluates: false } as Omit<ScopeNode, "fn">;
    this.root = this.#scope = Object.assign(root, { fn: root as ScopeNode });
    this.#strict = program.sourceType === "module" || isStrict(program.body);
    for (const node of program.body) this.#visit(node);
    for (const write of this.#pending) this.#resolve(write);
  }

  #open(node: { start: number; end: number }, fn: "same" | "own", hoisted = false, arrow = false): ScopeNode {
    const scope = { parent: this.#scope, start: node.start, end: node.end, hoisted, arrow, names: new Map<string, Binding>(), children: [], evaluates: false } as Omit<ScopeNode, "fn">;
    const made = Object.assign(scope, { fn: fn === "own" ? (scope as ScopeNode) : this.#scope.fn });
    this.#scope.children.push(made);
    return made;
  }

  #inside(scope: ScopeNode, visit: () => void): void {
    const outer = this.#scope;
    this.#scope = scope;
    visit();
    this.#scope = outer;
  }

  /** The body of a function: nothing of the loops and guards around it holds inside. */
  #apart(scope: ScopeNode, visit: () => void): void {
    const { loop, guard, update, updateScope, strict } = { loop: this.#loop, guard: this.#guard, update: this.#update, updateScope: this.#updateScope, strict: this.#strict };
    this.#loop = this.#guard = this.#update = this.#updateScope = null;
    this.#inside(scope, visit);
    this.#loop = loop;
    this.#guard = guard;
    this.#update = update;
    this.#updateScope = updateScope;
    this.#strict = strict;
  }

  #declare(scope: ScopeNode, name: string, kind: BindingKind, initialised: boolean, from?: Binding["from"]): void {
    const known = scope.names.get(name);
    if (!known) scope.names.set(name, { name, kind, scope, initialised, writes: [], from });
    else if (kind === "function" && (known.kind === "var" || known.kind === "param")) {
      known.kind = "function";
      known.initialised = true;
    }
  }

  #write(name: string, node: { start: number; end: number }): void {
    this.#pending.push({ name, start: node.start, end: node.end, scope: this.#scope, loop: this.#loop, guard: this.#guard, update: this.#update, updateScope: this.#updateScope });
  }

  #resolve(write: Pending): void {
    let scope: ScopeNode | null = write.scope;
    while (scope && !scope.names.has(write.name)) scope = scope.parent;
    if (!scope) {
      scope = this.root;
      this.#declare(scope, write.name, "unbound", true);
    }
    const binding = scope.names.get(write.name)!;
    let settled = write.end;
    let looped = false;
    for (let loop = write.loop; loop; loop = loop.parent) {
      if (loop.start < scope.start || loop.end > scope.end || (loop.start === scope.start && loop.end === scope.end)) break;
      settled = loop.end;
      looped = true;
    }
    let guard = write.guard;
    while (guard && !(guard.name === write.name && guard.loop === write.loop && guard.fn === write.scope.fn)) guard = guard.parent;
    if (guard) guard.writes++;
    const update = write.updateScope === scope ? write.update : null;
    binding.writes.push({ start: write.start, settled, looped, nested: write.scope.fn !== scope.fn, guard, update });
  }

  // ───────────────────────────────── statements and expressions that matter here ─────────────────────────────────

  #visit(node: AnyNode | null | undefined): void {
    if (!node) return;
    switch (node.type) {
      case "Identifier":
        if (node.name === "arguments") this.#escapeArguments();
        return;
      case "FunctionDeclaration":
        this.#functionDeclaration(node as FunctionNode);
        return;
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.#function(node);
        return;
      case "ClassDeclaration":
        if (node.id) this.#declare(this.#scope, node.id.name, "class", true);
        this.#class(node as Class);
        return;
      case "ClassExpression":
        this.#class(node);
        return;
      case "BlockStatement":
      case "SwitchStatement":
        this.#inside(this.#open(node, "same"), () => this.#children(node));
        return;
      case "StaticBlock":
        this.#apart(this.#open(node, "own"), () => this.#children(node));
        return;
      case "PropertyDefinition":
        if (node.computed) this.#visit(node.key);
        if (node.value) this.#apart(this.#open(node.value, "own"), () => this.#visit(node.value));
        return;
      case "CatchClause":
        this.#inside(this.#open(node, "same"), () => {
          if (node.param) this.#pattern(node.param, (name) => this.#declare(this.#scope, name, "param", true));
          this.#visit(node.body);
        });
        return;
      case "VariableDeclaration":
        for (const declarator of node.declarations) {
          this.#pattern(declarator.id, (name) => this.#declareVariable(node.kind, name, declarator.init ? declarator : null));
          this.#visit(declarator.init);
        }
        return;
      case "ForStatement":
        this.#inside(this.#open(node, "same"), () => {
          this.#visit(node.init);
          this.#looping(node, () => {
            this.#visit(node.test);
            this.#visit(node.body);
            if (node.update) {
              this.#update = node.update;
              this.#updateScope = this.#scope;
              this.#visit(node.update);
              this.#update = this.#updateScope = null;
            }
          });
        });
        return;
      case "ForInStatement":
      case "ForOfStatement":
        this.#visit(node.right);
        this.#inside(this.#open(node, "same"), () => this.#looping(node, () => {
          const { left } = node;
          if (left.type === "VariableDeclaration") {
            const { kind } = left;
            this.#pattern(left.declarations[0]!.id, (name) => this.#declareVariable(kind, name, left));
          } else this.#assign(left);
          this.#visit(node.body);
        }));
        return;
      case "WhileStatement":
      case "DoWhileStatement":
        this.#looping(node, () => this.#children(node));
        return;
      case "AssignmentExpression":
        if (node.operator === "||=" || node.operator === "??=") {
          if (node.left.type === "Identifier") {
            const { name } = node.left;
            this.#guarded(name, node.operator === "||=" ? "falsy" : "nullish", () => this.#write(name, node));
          } else this.#visit(node.left);
        } else this.#assign(node.left, node);
        this.#visit(node.right);
        return;
      case "UpdateExpression":
        this.#assign(node.argument, node);
        return;
      case "LogicalExpression":
        this.#visit(node.left);
        if (node.left.type === "Identifier" && node.operator !== "&&") this.#guarded(node.left.name, node.operator === "||" ? "falsy" : "nullish", () => this.#visit(node.right));
        else this.#visit(node.right);
        return;
      case "IfStatement": {
        this.#visit(node.test);
        const test = emptyTest(node.test as AnyNode);
        if (test) this.#guarded(test.name, test.when, () => this.#visit(node.consequent));
        else this.#visit(node.consequent);
        this.#visit(node.alternate);
        return;
      }
      case "CallExpression":
        if (node.callee.type === "Identifier" && node.callee.name === "eval") for (let s: ScopeNode | null = this.#scope; s; s = s.parent) s.evaluates = true;
        this.#visit(node.callee);
        for (const [i, arg] of node.arguments.entries()) {
          const applied = i === 1 && arg.type === "Identifier" && arg.name === "arguments" && node.callee.type === "MemberExpression"
            && node.callee.property.type === "Identifier" && node.callee.property.name === "apply";
          if (!applied) this.#visit(arg);
        }
        return;
      case "MemberExpression":
        if (!(node.object.type === "Identifier" && node.object.name === "arguments")) this.#visit(node.object);
        if (node.computed) this.#visit(node.property);
        return;
      case "Property":
      case "MethodDefinition":
        if (node.computed) this.#visit(node.key);
        this.#visit(node.value);
        return;
      case "ImportDeclaration":
        for (const s of node.specifiers) {
          const name = s.type === "ImportDefaultSpecifier" ? "default" : s.type === "ImportNamespaceSpecifier" ? "*" : nameOf(s.imported);
          this.#declare(this.#scope, s.local.name, "import", true, { source: String(node.source.value), name });
        }
        return;
      case "ExportNamedDeclaration":
        this.#visit(node.declaration);
        for (const name of node.declaration ? declaredNames(node.declaration as AnyNode) : []) this.exports.set(name, { local: name, source: null, name });
        for (const s of node.specifiers) {
          const source = node.source ? String(node.source.value) : null;
          this.exports.set(nameOf(s.exported), { local: source === null ? nameOf(s.local) : null, source, name: nameOf(s.local) });
        }
        return;
      case "ExportDefaultDeclaration": {
        const local = (node.declaration.type === "FunctionDeclaration" || node.declaration.type === "ClassDeclaration") && node.declaration.id ? node.declaration.id.name
          : null;
        this.exports.set("default", { local, source: null, name: "default" });
        this.#visit(node.declaration as AnyNode);
        return;
      }
      case "ExportAllDeclaration":
        if (node.exported) this.exports.set(nameOf(node.exported), { local: null, source: String(node.source.value), name: "*" });
        else this.stars.push(String(node.source.value));
        return;
      case "LabeledStatement":
        this.#visit(node.body);
        return;
      case "BreakStatement":
      case "ContinueStatement":
        return;
      default:
        this.#children(node);
    }
  }

  #children(node: AnyNode): void {
    const fields = node as unknown as Record<string, unknown>;
    for (const key in fields) {
      const field = fields[key];
      if (typeof field !== "object" || field === null) continue;
      if (Array.isArray(field)) for (const item of field as (AnyNode | null)[]) this.#visit(item);
      else if (typeof (field as AnyNode).type === "string") this.#visit(field as AnyNode);
    }
  }

  #looping(node: { start: number; end: number }, visit: () => void): void {
    const outer = this.#loop;
    this.#loop = { start: node.start, end: node.end, parent: outer };
    visit();
    this.#loop = outer;
  }

  #guarded(name: string, when: Guard["when"], visit: () => void): void {
    const outer = this.#guard;
    this.#guard = { name, when, loop: this.#loop, fn: this.#scope.fn, parent: outer, writes: 0 };
    visit();
    this.#guard = outer;
  }

  #declareVariable(kind: string, name: string, init: { start: number; end: number } | null): void {
    if (kind === "var") {
      // `var x = 1` is a declaration of undefined at the function's start, and an assignment here
      this.#declare(this.#scope.fn, name, "var", false);
      if (init) this.#write(name, init);
    } else this.#declare(this.#scope, name, kind === "let" ? "let" : "const", init !== null);
  }

  /** The names that a declaration's pattern binds; defaults and computed keys in it are visited. */
  #pattern(node: Pattern, bind: (name: string) => void): void {
    switch (node.type) {
      case "Identifier": bind(node.name); return;
      case "ObjectPattern":
        for (const p of node.properties) {
          if (p.type === "RestElement") this.#pattern(p.argument, bind);
          else {
            if (p.computed) this.#visit(p.key);
            this.#pattern(p.value, bind);
          }
        }
        return;
      case "ArrayPattern": for (const e of node.elements) if (e) this.#pattern(e, bind); return;
      case "RestElement": this.#pattern(node.argument, bind); return;
      case "AssignmentPattern":
        this.#visit(node.right);
        this.#pattern(node.left, bind);
        return;
      case "MemberExpression": this.#visit(node); return;
    }
  }

  /** The target of an assignment; `whole` is the piece after whose end it has happened. */
  #assign(target: AnyNode, whole: { start: number; end: number } = target): void {
    if (target.type === "MemberExpression" && target.object.type === "Identifier" && target.object.name === "arguments") this.#escapeArguments();
    if (target.type === "Identifier") this.#write(target.name, whole);
    else if (target.type === "MemberExpression") this.#visit(target);
    else this.#pattern(target as Pattern, (name) => this.#write(name, whole));
  }

  #functionDeclaration(node: FunctionNode): void {
    if (node.id) {
      this.#declare(this.#scope, node.id.name, "function", true);
      if (!this.#strict && this.#scope !== this.#scope.fn) {
        // sloppy code: a function in a block is also a variable of the function around it, assigned when the block is entered
        this.#declare(this.#scope.fn, node.id.name, "var", false);
        const { start, end } = node;
        const outer = this.#scope;
        this.#scope = this.#scope.fn;
        this.#write(node.id.name, { start, end });
        this.#scope = outer;
      }
    }
    this.#function(node);
  }

  #function(node: FunctionNode): void {
    const declaration = node.type === "FunctionDeclaration";
    let around = this.#scope;
    if (node.type === "FunctionExpression" && node.id) {
      this.named.set(node.start, node.id.name);
      around = this.#open(node, "same");
      this.#declare(around, node.id.name, "self", true);
    }
    this.#inside(around, () => {
      this.#apart(this.#open(node, "own", declaration, node.type === "ArrowFunctionExpression"), () => {
        if (node.body.type === "BlockStatement" && isStrict(node.body.body)) this.#strict = true;
        for (const param of node.params) this.#pattern(param, (name) => this.#declare(this.#scope, name, "param", true));
        // the body's own scope is the function's: parameters and variables of one name are one variable
        if (node.body.type === "BlockStatement") for (const statement of node.body.body) this.#visit(statement);
        else this.#visit(node.body);
      });
    });
  }

  #class(node: Class): void {
    this.#visit(node.superClass);
    const strict = this.#strict;
    this.#strict = true;
    this.#inside(this.#open(node, "same"), () => {
      if (node.id) this.#declare(this.#scope, node.id.name, "self", true);
      for (const member of node.body.body) this.#visit(member);
    });
    this.#strict = strict;
  }

  /** `arguments` used for more than its items and length: in sloppy code that may write the parameters, at any time. */
  #escapeArguments(): void {
    if (this.#strict) return;
    let fn = this.#scope.fn;
    while (fn.arrow && fn.parent) fn = fn.parent.fn;
    for (const binding of fn.names.values()) {
      if (binding.kind === "param") binding.writes.push({ start: fn.start, settled: fn.end, looped: false, nested: true, guard: null, update: null });
    }
  }
}

const isStrict = (body: readonly AnyNode[]): boolean => {
  for (const node of body) {
    if (node.type !== "ExpressionStatement" || node.directive === undefined) return false;
    if (node.directive === "use strict") return true;
  }
  return false;
};

const nameOf = (node: { type: string; name?: string; value?: unknown }): string => (node.type === "Identifier" ? node.name! : String(node.value));

function declaredNames(node: AnyNode): string[] {
  if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") return node.id ? [node.id.name] : [];
  const names: string[] = [];
  const collect = (pattern: Pattern): void => {
    switch (pattern.type) {
      case "Identifier": names.push(pattern.name); return;
      case "ObjectPattern": for (const p of pattern.properties) collect(p.type === "RestElement" ? p.argument : p.value); return;
      case "ArrayPattern": for (const e of pattern.elements) if (e) collect(e); return;
      case "RestElement": collect(pattern.argument); return;
      case "AssignmentPattern": collect(pattern.left); return;
      case "MemberExpression": return;
    }
  };
  if (node.type === "VariableDeclaration") for (const d of node.declarations) collect(d.id);
  return names;
}

/** `!x`, `x === undefined`, `x == null`, `typeof x === "undefined"`: the variable that the test finds empty. */
function emptyTest(test: AnyNode): { name: string; when: Guard["when"] } | null {
  if (test.type === "UnaryExpression" && test.operator === "!" && test.argument.type === "Identifier") return { name: test.argument.name, when: "falsy" };
  if (test.type !== "BinaryExpression" || (test.operator !== "===" && test.operator !== "==")) return null;
  const { left, right } = test;
  if (left.type === "Identifier" && isNullish(right as AnyNode)) return { name: left.name, when: "nullish" };
  if (left.type === "UnaryExpression" && left.operator === "typeof" && left.argument.type === "Identifier" && right.type === "Literal" && right.value === "undefined") {
    return { name: left.argument.name, when: "nullish" };
  }
  return null;
}

const isNullish = (node: AnyNode): boolean =>
  (node.type === "Identifier" && node.name === "undefined") || (node.type === "Literal" && node.raw === "null") || (node.type === "UnaryExpression" && node.operator === "void");
