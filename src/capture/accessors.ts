// Live accessors of the variables that a function captured and that something reassigns.
//
// Before: a function, the scopes around it, names of its free variables. After: for each that can be had a function that reads it and, unless
// it is read-only (an import), one that assigns it. They stay live: they are closures made in the function's own scope.
//
// Such closures can be made nowhere else than in a call of the function. So it is called, and stopped by the engine before its first
// statement (inspector.ts, visit). Guarantees: nothing of the function's body runs, and no debugger pauses. That rests on
// - a sentinel that is visited first, in the same session: where breakpoints do not stop (a debugger is paused, a host without them), the sentinel
//   runs to its end, and the function is not called at all;
// - what is in the parameters running no code, and the body beginning with something that a breakpoint can stand on. Functions of which
//   this is not sure are not visited.
// It costs 15-20 ms, once a function.

import { parse, type AnyNode, type Function as FunctionNode, type Pattern } from "acorn";
import { textOf } from "./host.ts";
import { visitEntries, type Scope } from "./inspector.ts";

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
  const global = scopes.find(({ type }) => type === "global")?.object;
  const args = argumentsFor(fn);
  if (global === undefined || args === null) return none;
  const words = new Set(textOf(fn).match(/[\p{L}\p{N}$_\u200c\u200d]+/gu));
  const seen = new Set<string>();
  for (const { type, object } of scopes) {
    if (type === "global") continue;
    for (const name of Object.keys(object)) if (words.has(name) && isAssignable(name)) seen.add(name);
  }
  const names = [...seen];
  if (names.length === 0) return none;

  let ran = false;
  const sentinel = (): void => { ran = true; };
  const [stopped, made] = visitEntries([
    { fn: sentinel, args: [], global: globalThis, expressions: "" },
    { fn, args, global, expressions: names.map((name) => `() => ${name}, $value => { ${name} = $value }`).join(", ") },
  ]);
  if (stopped === undefined || made === undefined || ran) return none;
  return new Map(names.map((name, i) => [name, { get: made[2 * i] as Pair["get"], set: made[2 * i + 1] as Pair["set"], accessors: null }]));
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
function argumentsFor(fn: Function): unknown[] | null {
  const node = parsed(textOf(fn));
  if (node === null || node.async || node.generator || !node.params.every(isInert) || hasClass(node.body)) return null;
  return node.params.map((param) => (param.type === "ObjectPattern" || param.type === "ArrayPattern" ? [] : undefined));
}

/** A function's text as a tree; null for classes and what does not parse alone. */
function parsed(text: string): FunctionNode | null {
  for (const around of [`(${text})`, `({ ${text} })`]) {
    try {
      const [statement] = parse(around, { ecmaVersion: "latest", sourceType: "script", allowSuperOutsideMethod: true, allowReserved: true }).body;
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

/** Binding the parameter calls nothing: neither what a breakpoint might stand on before the body, nor code of the user's. */
function isInert(node: Pattern): boolean {
  switch (node.type) {
    case "Identifier": return true;
    case "RestElement": return isInert(node.argument);
    case "AssignmentPattern": return isInert(node.left) && isConstant(node.right);
    case "ObjectPattern": return node.properties.every((p) => (p.type === "RestElement" ? isInert(p.argument) : !p.computed && isInert(p.value)));
    case "ArrayPattern": return node.elements.every((element) => element === null || isInert(element));
    case "MemberExpression": return false;
  }
}

function isConstant(node: AnyNode): boolean {
  switch (node.type) {
    case "Literal": case "Identifier": return true;
    case "UnaryExpression": return node.operator !== "delete" && node.argument.type === "Literal";
    case "ObjectExpression": return node.properties.length === 0;
    case "ArrayExpression": return node.elements.length === 0;
    default: return false;
  }
}

/** A class's static parts run where no breakpoint of the function stands. */
function hasClass(node: AnyNode): boolean {
  if (node.type === "ClassDeclaration" || node.type === "ClassExpression") return true;
  return Object.values(node).some((child: unknown) => (Array.isArray(child) ? child.some(isNodeWithClass) : isNodeWithClass(child)));
}
const isNodeWithClass = (child: unknown): boolean => typeof child === "object" && child !== null && typeof (child as AnyNode).type === "string" && hasClass(child as AnyNode);
