// Live accessors of the variables that a function captured and that something reassigns.
//
// Before: a function, the scopes around it, names of its free variables. After: for each that can be had a function that reads it and, unless
// it is read-only (an import), one that assigns it. They stay live: they are closures made in the function's own scope.
//
// Such closures can be made nowhere else than in a call of the function. So it is called, and stopped by the engine before its first
// statement (inspector.ts, visit). Guarantees: nothing of the function's body runs, and no debugger pauses. That rests on
// - a sentinel that is visited first, in the same session: where breakpoints do not stop (a debugger is paused, a host without them), the sentinel
//   runs to its end, and the function is not called at all;
// - the engine's own word, before the call, that the function's breakpoint is set, and a stack with room for what happens there;
// - what is in the parameters running no code, and the body beginning with something that a breakpoint can stand on. Functions of which
//   this is not sure are not visited.
// Should the engine let a function run all the same, that is seen: the captured variables get their values back, nothing is visited any more in
// this process, and a warning tells it.
// It costs 15-20 ms, once a function. A class is visited in its constructor, of which nothing may run before: one that extends no other, whose fields begin with constants.

import { parse, type AnyNode, type Function as FunctionNode, type Pattern } from "acorn";
import { textOf } from "./host.ts";
import { hasRoom, visitEntries, type Scope } from "./inspector.ts";

export interface Accessors { readonly get: () => unknown; readonly set?: (value: unknown) => void }

/** What a visit gave: by name functions that read and assign, and the accessors once they have been tried. */
interface Pair { readonly get: () => unknown; readonly set: (value: unknown) => void; accessors: Accessors | null }
type Found = ReadonlyMap<string, Pair>;
const none: Found = new Map();
const known = new WeakMap<Function, Found>();
/** accessors that were made here: to assign through them is seen by nobody else as long as the value is put back */
const own = new WeakSet<Accessors>();

/** The accessors of the function's captured variable `name`, found in `scopes`; null where they can't be had, or it is not initialised yet. */
export function accessorsOf(fn: Function, name: string, scopes: readonly Scope[]): Accessors | null {
  const scope = scopes.find(({ object }) => Object.hasOwn(object, name));
  if (scope === undefined) return null;
  if (scope.type === "global") return ofGlobal(scope.object, name);
  let found = known.get(fn);
  if (found === undefined) known.set(fn, (found = visit(fn, scopes)));
  const pair = found.get(name);
  return pair === undefined ? null : (pair.accessors ??= tried(pair, scope.object[name]));
}

/**
 * Do two pairs of accessors reach one variable? Seen by assigning through one and reading through the other; by one of ours if possible,
 * so that no setter of the user's is called.
 */
export function reachSame(a: Accessors, b: Accessors): boolean {
  if (a === b || a.get === b.get) return true;
  if (a.set === undefined || (!own.has(a) && own.has(b) && b.set !== undefined)) [a, b] = [b, a];
  const { get, set } = a;
  if (set === undefined) return false; // nobody writes it through these
  try {
    const value = get();
    const other = value === 0 ? 1 : 0;
    const before = b.get();
    try {
      set(other);
      return Object.is(before, value) && get() === other && b.get() === other;
    } finally {
      set(value);
    }
  } catch {
    return false; // the user's own accessor, which takes no such value
  }
}

// ───────────────────────────────── global variables ─────────────────────────────────

const globals = new WeakMap<object, Map<string, Accessors>>();

function ofGlobal(global: Record<string, unknown>, name: string): Accessors | null {
  const property = Object.getOwnPropertyDescriptor(global, name);
  if (property === undefined || !("value" in property)) return null;
  let names = globals.get(global);
  if (names === undefined) globals.set(global, (names = new Map()));
  let accessors = names.get(name);
  if (accessors === undefined) {
    const get = (): unknown => global[name];
    accessors = property.writable ? { get, set: (value) => { global[name] = value; } } : { get };
    own.add(accessors);
    names.set(name, accessors);
  }
  return accessors;
}

// ───────────────────────────────── variables of closures and modules ─────────────────────────────────

function visit(fn: Function, scopes: readonly Scope[]): Found {
  const entrance = entranceOf(fn, scopes);
  if (entrance === null) return none;
  // what a constructor declares itself is no variable of what is around the class
  const words = new Set(textOf(fn).match(/[\p{L}\p{N}$_\u200c\u200d]+/gu)?.filter((word) => !entrance.declared?.has(word)));
  const seen = new Set<string>();
  for (const { type, object } of scopes) {
    if (type === "global") continue;
    for (const name of Object.keys(object)) if (words.has(name) && isAssignable(name)) seen.add(name);
  }
  const names = [...seen];
  if (names.length === 0) return none;

  const pairs = (values: readonly unknown[]): [string, Pair][] =>
    names.map((name, i) => [name, { get: values[2 * i] as Pair["get"], set: values[2 * i + 1] as Pair["set"], accessors: null }]);
  const values = evaluateInside(entrance, names.map((name) => `() => ${name}, $value => { ${name} = $value }`).join(", "), (got) => restorer(pairs(got).map(([, pair]) => pair)));
  return values === null ? none : new Map(pairs(values));
}

/** How a function is called so that it comes to its first statement; null: not sure, or the stack has no room for it. */
export interface Entrance { readonly fn: Function; readonly args: readonly unknown[]; readonly global: object; /** of a class: the names that its constructor declares */ readonly declared?: ReadonlySet<string> }
export function entranceOf(fn: Function, scopes: readonly Scope[]): Entrance | null {
  if (!hasRoom()) return null;
  const global = scopes.find(({ type }) => type === "global")?.object;
  const isCaptured = (name: string): boolean => scopes.some(({ type, object }) => type !== "global" && Object.hasOwn(object, name));
  const text = textOf(fn), node = parsed(text), constructor = node ? null : constructorIn(text), args = argumentsFor(node ?? constructor, isCaptured);
  return global === undefined || args === null ? null : { fn, args, global, ...(constructor ? { declared: namesDeclared(constructor as AnyNode) } : {}) };
}

/**
 * What the expressions (separated by commas) are where the function would begin; null where that can't be had. `keep` makes, of their values,
 * what puts things back should the function run all the same.
 */
export function evaluateInside({ fn, args, global, declared }: Entrance, expressions: string, keep: (values: readonly unknown[]) => () => void = () => () => {}): readonly unknown[] | null {
  let ran = false;
  const sentinel = (): void => { ran = true; };
  let putBack = (): void => {};
  const [, visited] = visitEntries([
    { fn: sentinel, args: [], global: globalThis, expressions: "" },
    { fn, args, constructs: declared !== undefined, global, expressions, stopped: (values) => { putBack = keep(values); } },
  ]);
  if (visited?.how === "ran") {
    putBack();
    warn(`${fn.name || "a function"} was run once by wasmorph while its captured variables were looked for. Give them in env: { name: { get, set } }`);
  }
  return visited?.how === "stopped" && !ran ? visited.values : null;
}

/** Remembers what variables hold; what it answers gives them these values again. */
function restorer(pairs: readonly Pair[]): () => void {
  const steps = pairs.map(({ get, set }) => {
    try {
      const before = get();
      return () => { if (!Object.is(get(), before)) set(before); };
    } catch {
      return () => {}; // not initialised yet
    }
  });
  return () => { for (const step of steps) step(); };
}

function warn(message: string): void {
  const { process } = globalThis as { process?: { emitWarning?(message: string, options: { code: string }): void } };
  process?.emitWarning?.(message, { code: "WASMORPH_RAN" });
}

/** Accessors that read what the scope was seen to hold. */
function tried({ get, set }: Pair, expected: unknown): Accessors | null {
  try {
    if (!Object.is(get(), expected)) return null;
  } catch {
    return null; // not initialised yet
  }
  let accessors: Accessors = { get, set };
  try {
    set(expected);
  } catch {
    accessors = { get }; // an import, a constant
  }
  own.add(accessors);
  return accessors;
}

/** Whether the name can stand on the left of an assignment in strict code; what can't (`this`, which arrows capture) would spoil the condition. */
function isAssignable(name: string): boolean {
  try {
    parse(`"use strict"; () => ${name}; $value => { ${name} = $value }`, { ecmaVersion: "latest", sourceType: "script" });
    return name !== "$value";
  } catch {
    return false;
  }
}

// ───────────────────────────────── what may be visited ─────────────────────────────────

/** Arguments with which a call reaches the body without running any code; null: not sure. */
function argumentsFor(node: FunctionNode | null, isCaptured: (name: string) => boolean): unknown[] | null {
  if (node === null || node.async || node.generator || !node.params.every((param) => isInert(param, isCaptured)) || hasClass(node.body)) return null;
  return node.params.map((param) => (param.type === "ObjectPattern" ? Object.create(null) as unknown : param.type === "ArrayPattern" ? [] : undefined));
}

/** A function's text as a tree; null for classes and what does not parse alone. */
function parsed(text: string): FunctionNode | null {
  for (const around of [`(${text})`, `({ ${text} })`]) {
    try {
      const [statement] = parse(around, { ecmaVersion: "latest", sourceType: "script", allowSuperOutsideMethod: true, allowReserved: true, checkPrivateFields: false }).body;
      if (statement?.type !== "ExpressionStatement") return null;
      const { expression } = statement;
      if (expression.type === "FunctionExpression" || expression.type === "ArrowFunctionExpression") return expression;
      const member = expression.type === "ObjectExpression" ? expression.properties[0] : undefined;
      return member?.type === "Property" && member.value.type === "FunctionExpression" ? member.value : null;
    } catch {
      // a method's text is no expression
    }
  }
  return null;
}

/** A class's constructor, before whose first statement nothing of the user's runs; null: not sure. */
function constructorIn(text: string): FunctionNode | null {
  try {
    const [statement] = parse(`(${text})`, { ecmaVersion: "latest", sourceType: "script" }).body;
    if (statement?.type !== "ExpressionStatement" || statement.expression.type !== "ClassExpression" || statement.expression.superClass) return null;
    const members = statement.expression.body.body;
    const begins = members.every((member) => member.type !== "PropertyDefinition" || member.static || (!member.computed && (!member.value || isConstant(member.value, () => false))));
    const own = members.find((member) => member.type === "MethodDefinition" && member.kind === "constructor");
    return begins && own?.type === "MethodDefinition" ? own.value : null;
  } catch {
    return null;
  }
}
/** The names of its parameters, and of what is declared anywhere in it. */
function namesDeclared(node: AnyNode, names = new Set<string>()): Set<string> {
  const bind = (p: AnyNode): void => { if (p.type === "Identifier") names.add(p.name); else for (const child of childrenOf(p)) bind(child); };
  if ("params" in node) node.params.forEach(bind);
  if ((node.type === "VariableDeclarator" || node.type === "FunctionDeclaration") && node.id) bind(node.id);
  if (node.type === "CatchClause" && node.param) bind(node.param);
  for (const child of childrenOf(node)) namesDeclared(child, names);
  return names;
}
const childrenOf = (node: AnyNode): AnyNode[] =>
  Object.values(node).flatMap((child: unknown) => (Array.isArray(child) ? child : [child])).filter((child): child is AnyNode => typeof child === "object" && child !== null && typeof (child as AnyNode).type === "string");

/** Binding the parameter calls nothing: neither what a breakpoint might stand on before the body, nor code of the user's. */
function isInert(node: Pattern, isCaptured: (name: string) => boolean): boolean {
  // of a pattern in a pattern the value would have to be there
  const part = (p: Pattern): boolean => p.type !== "ObjectPattern" && p.type !== "ArrayPattern" && isInert(p, isCaptured);
  switch (node.type) {
    case "Identifier": return true;
    case "RestElement": return part(node.argument);
    case "AssignmentPattern": return part(node.left) && isConstant(node.right, isCaptured);
    case "ObjectPattern": return node.properties.every((p) => (p.type === "RestElement" ? part(p.argument) : !p.computed && part(p.value)));
    case "ArrayPattern": return node.elements.every((element) => element === null || part(element));
    case "MemberExpression": return false;
  }
}

/** What is evaluated without calling anything: of the names, those of captured variables (a global one may be behind a getter). */
function isConstant(node: AnyNode, isCaptured: (name: string) => boolean): boolean {
  switch (node.type) {
    case "Literal": return true;
    case "Identifier": return node.name === "undefined" || node.name === "NaN" || node.name === "Infinity" || isCaptured(node.name);
    case "UnaryExpression": return node.operator !== "delete" && node.argument.type === "Literal";
    case "ObjectExpression": return node.properties.length === 0;
    case "ArrayExpression": return node.elements.length === 0;
    default: return false;
  }
}

/** A class's static parts run where no breakpoint of the function stands. */
function hasClass(node: AnyNode): boolean {
  if (node.type === "ClassDeclaration" || node.type === "ClassExpression") return true;
  return childrenOf(node).some(hasClass);
}
