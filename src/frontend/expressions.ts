// Expressions → js.* operations, in JavaScript's order of evaluation. One handler a node type that language.ts takes.

import type { CallExpression, Expression, MemberExpression, NewExpression, Pattern, SpreadElement, Super } from "acorn";
import { nameOfKey, type JsArray, type Value } from "../ir/types.ts";
import { assignment, binary, exceptions, isTaken, language, unary, update, type Construct, type Refused } from "./language.ts";
import { lowerClass, lowerSuper, privateKey } from "./classes.ts";
import { lowerClosure } from "./lower.ts";
import type { Lowering, Member } from "./lowering.ts";
import type { FunctionNode, Node } from "./parse.ts";
import { assignPattern, referenceTo } from "./patterns.ts";

type Handled = Exclude<Expression["type"], Refused>;
type Handlers = { readonly [T in Handled]: (l: Lowering, node: Extract<Expression, { type: T }>) => Value };

const handlers: Handlers = {
  Identifier: (l, node) => {
    if (node.name === "undefined" && !l.unit.names.bindings.has(node)) return l.constant(undefined);
    return l.read(node, l.variable(node));
  },
  Literal: (l, node) => {
    if (node.regex) {
      const { pattern, flags } = node.regex;
      return l.make(node, (results) => ({ op: "js.regexp", source: pattern, flags, args: [], results }));
    }
    if (node.bigint != null) return l.constant(BigInt(node.bigint));
    return l.constant(node.value as string | number | boolean | null);
  },
  ThisExpression: (l, node) => l.self(node),
  ClassExpression: (l, node) => lowerClass(l, node, node.id?.name ?? ""),
  ArrayExpression: (l, node) => arrayOf(l, node, node.elements),
  ObjectExpression: (l, node) => {
    let keys: (string | null)[] = [], args: Value[] = [];
    let object: Value | null = null;
    // behind an accessor or a prototype nothing is copied any more: each property is defined
    let whole = false;
    /** Makes the object of the entries up to here: what follows a computed key is a copy with more fields, which nobody can tell. */
    const flush = (): Value => {
      if (object && keys.length === 0) return object;
      if (object) { keys.unshift(null); args.unshift(object); }
      const entries = { keys, args };
      object = l.make(node, (results) => ({ op: "js.object", ...entries, results }));
      keys = []; args = [];
      return object;
    };
    const last = lastActing(l, node.properties);
    for (const [i, property] of node.properties.entries()) {
      if (property.type === "SpreadElement") {
        if (whole) l.refuse(property, exceptions.literalSpread);
        keys.push(null);
        args.push(lowerExpression(l, property.argument));
        if (i < last) flush(); // what is spread is read here: what acts behind it may change it
        continue;
      }
      const name = property.computed ? null : staticKey(property.key);
      if (property.kind === "init" && name !== null && !whole) {
        if (name !== "__proto__" || property.shorthand || property.method) {
          keys.push(name);
          args.push(property.method ? lowerClosure(l, property.value as FunctionNode, name, "method") : lowerNamed(l, property.value, name));
          continue;
        }
      }
      const target = flush();
      if (property.kind === "init" && name === "__proto__" && !property.shorthand && !property.method) {
        l.append(property, { op: "js.prototype", args: [target, lowerExpression(l, property.value)], results: [] });
        whole = true;
        continue;
      }
      const key = name === null ? lowerExpression(l, property.key as Expression) : l.constant(name);
      if (property.kind !== "init") {
        const closure = lowerClosure(l, property.value as FunctionNode, name ?? nameOfKey, property.kind === "get" ? "getter" : "setter");
        l.append(property, { op: "js.member", args: [target, l.constant(`literal ${property.kind}`), key, closure], results: [] });
        whole = true;
        continue;
      }
      const value = property.method ? lowerClosure(l, property.value as FunctionNode, name ?? nameOfKey, "method") : lowerNamed(l, property.value, name ?? nameOfKey);
      l.append(property, { op: "js.define", args: [target, key, value], results: [] });
    }
    return flush();
  },
  FunctionExpression: (l, node) => lowerClosure(l, node, node.id?.name ?? "", "function"),
  ArrowFunctionExpression: (l, node) => lowerClosure(l, node, "", "arrow"),
  UnaryExpression: (l, node) => {
    const op = unary[node.operator];
    if (op !== "special") return l.js(node, op, lowerExpression(l, node.argument));
    if (node.operator === "void") { lowerEffect(l, node.argument); return l.constant(undefined); }
    if (node.operator === "typeof") {
      const { argument } = node;
      if (argument.type === "Identifier") {
        const ref = l.variable(argument);
        if (ref.kind === "free") return l.make(node, (results) => ({ op: "js.free.typeof", name: ref.name, args: [], results }));
      }
      return l.js(node, "js.typeof", lowerExpression(l, argument));
    }
    return lowerDelete(l, node, node.argument);
  },
  UpdateExpression: (l, node) => {
    const ref = referenceTo(l, node.argument as Pattern);
    const old = l.read(node.argument, ref);
    if (node.prefix) {
      const next = l.js(node, update[node.operator], old);
      l.write(node, ref, next);
      return next;
    }
    const result = l.js(node, "js.tonumeric", old);
    l.write(node, ref, l.js(node, update[node.operator], result));
    return result;
  },
  BinaryExpression: (l, node) => {
    if (node.left.type === "PrivateIdentifier") {
      const key = privateKey(l, node.left);
      return l.js(node, "js.private.has", lowerExpression(l, node.right), key);
    }
    const left = lowerExpression(l, node.left);
    return l.js(node, binary[node.operator], left, lowerExpression(l, node.right));
  },
  AssignmentExpression: (l, node) => {
    const op = assignment[node.operator];
    if (op === "plain") {
      if (node.left.type === "ObjectPattern" || node.left.type === "ArrayPattern") {
        const value = lowerExpression(l, node.right);
        assignPattern(l, node.left, value);
        return value;
      }
      const ref = referenceTo(l, node.left);
      const value = lowerNamed(l, node.right, node.left.type === "Identifier" ? node.left.name : undefined);
      l.write(node, ref, value);
      return value;
    }
    const ref = referenceTo(l, node.left);
    const old = l.read(node.left, ref);
    if (op !== "logical") {
      const value = l.js(node, op, old, lowerExpression(l, node.right));
      l.write(node, ref, value);
      return value;
    }
    return choose(l, node, node.operator.slice(0, 2) as "&&" | "||" | "??", old, () => {
      const value = lowerExpression(l, node.right);
      l.write(node, ref, value);
      return value;
    });
  },
  LogicalExpression: (l, node) => choose(l, node, node.operator, lowerExpression(l, node.left), () => lowerExpression(l, node.right)),
  MemberExpression: (l, node) => l.read(node, memberReference(l, node)),
  ConditionalExpression: (l, node) => {
    const { value, negated } = lowerCondition(l, node.test);
    l.at(node);
    const then = (): Value[] => [lowerExpression(l, node.consequent)], otherwise = (): Value[] => [lowerExpression(l, node.alternate)];
    return l.flow.branch(value, negated ? otherwise : then, negated ? then : otherwise)![0]!;
  },
  CallExpression: (l, node) => lowerCall(l, node),
  NewExpression: (l, node) => {
    const callee = lowerExpression(l, node.callee);
    if (hasSpread(node)) return l.js(node, "js.construct", callee, arrayOf(l, node, node.arguments));
    return l.js(node, "js.new", callee, ...plainArguments(l, node));
  },
  SequenceExpression: (l, node) => {
    for (const part of node.expressions.slice(0, -1)) lowerEffect(l, part);
    return lowerExpression(l, node.expressions.at(-1)!);
  },
  TemplateLiteral: (l, node) => {
    let text = l.constant(node.quasis[0]!.value.cooked ?? "");
    node.expressions.forEach((expression, i) => {
      const part = l.js(expression, "js.tostring", lowerExpression(l, expression));
      text = i === 0 && node.quasis[0]!.value.cooked === "" ? part : l.js(node, "js.add", text, part);
      const after = node.quasis[i + 1]!.value.cooked;
      if (after) text = l.js(node, "js.add", text, l.constant(after));
    });
    return text;
  },
  ChainExpression: (l, node) => inChain(l, node, () => [lowerExpression(l, node.expression)])[0]!,
  MetaProperty: (l, node) => {
    if (node.meta.name === "import") l.refuse(node, exceptions.importMeta);
    if (l.func.arrow) l.refuse(node, exceptions.arrowNewTarget);
    return l.js(node, "js.newtarget");
  },
  TaggedTemplateExpression: (l, node) => {
    const { callee, self } = lowerCallee(l, node.tag);
    const parts = node.quasi.quasis;
    const strings = l.js(node.quasi, "js.template", ...parts.map((part) => l.constant(part.value.cooked ?? undefined)), ...parts.map((part) => l.constant(part.value.raw)));
    return l.js(node, "js.call", callee, self, strings, ...node.quasi.expressions.map((e) => lowerExpression(l, e)));
  },
  YieldExpression: (l, node) => l.js(node, node.delegate ? "js.yield.all" : "js.yield", node.argument ? lowerExpression(l, node.argument) : l.constant(undefined)),
  ParenthesizedExpression: (l, node) => lowerExpression(l, node.expression),
};

export function lowerExpression(l: Lowering, node: Expression | Super): Value {
  if (!isTaken(node.type as Construct)) return refuseNode(l, node);
  return (handlers[node.type as Handled] as (l: Lowering, node: Node) => Value)(l, node);
}

/** An expression whose value nobody uses. */
export function lowerEffect(l: Lowering, node: Expression): void {
  if (node.type === "UpdateExpression") {
    const ref = referenceTo(l, node.argument as Pattern);
    l.write(node, ref, l.js(node, update[node.operator], l.read(node.argument, ref)));
  } else if (node.type === "SequenceExpression") for (const part of node.expressions) lowerEffect(l, part);
  else lowerExpression(l, node);
}

/** The condition of an `if`: taken by truthiness, so `!` is only a change of arms. */
export function lowerCondition(l: Lowering, node: Expression): { value: Value; negated: boolean } {
  let negated = false;
  for (; node.type === "UnaryExpression" && node.operator === "!"; node = node.argument) negated = !negated;
  return { value: lowerExpression(l, node), negated };
}

/** An expression whose value gets a name: functions without one take it. */
export function lowerNamed(l: Lowering, node: Expression, name: string | undefined): Value {
  if (name !== undefined) {
    if (node.type === "ArrowFunctionExpression") return lowerClosure(l, node, name, "arrow");
    if (node.type === "FunctionExpression" && !node.id) return lowerClosure(l, node, name, "function");
    if (node.type === "ClassExpression" && !node.id) return lowerClass(l, node, name);
  }
  return lowerExpression(l, node);
}

export function refuseNode(l: Lowering, node: Node): never {
  const row = language[node.type];
  if (row.status === "taken") return l.unit.source.refuse("Unsupported", `${row.construct} in this position`, "write it as a statement of its own", node);
  return l.refuse(node, row);
}

/** The reference o.x or o[k]; an optional one leaves the chain where o is null or undefined. */
export function memberReference(l: Lowering, node: MemberExpression): Member {
  const { property } = node;
  if (node.object.type === "Super") {
    const object = l.self(node.object);
    return { kind: "super", object, key: node.computed ? lowerExpression(l, property as Expression) : l.constant(staticKey(property)) };
  }
  const object = lowerExpression(l, node.object);
  if (node.optional) leaveChain(l, node, object);
  if (property.type === "PrivateIdentifier") return { kind: "private", object, key: privateKey(l, property) };
  return { kind: "member", object, key: node.computed ? lowerExpression(l, property) : l.constant(staticKey(property)) };
}

export const staticKey = (key: Node): string => (key.type === "Identifier" ? key.name : key.type === "Literal" ? (key.bigint ?? String(key.value)) : key.type);

/** a && b, a || b, a ?? b: `right` is written where it is evaluated. */
function choose(l: Lowering, node: Node, operator: "&&" | "||" | "??", left: Value, right: () => Value): Value {
  const cond = operator === "??" ? l.js(node, "js.nullish", left) : left;
  l.at(node);
  const keep = (): Value[] => [left], take = (): Value[] => [right()];
  const [value] = operator === "||" ? l.flow.branch(cond, keep, take)! : l.flow.branch(cond, take, keep)!;
  return value!;
}

// ── calls ──

function lowerCall(l: Lowering, node: CallExpression): Value {
  if (node.callee.type === "Super") return lowerSuper(l, node, arrayOf(l, node, node.arguments));
  const { callee, self } = lowerCallee(l, node.callee);
  if (node.optional) leaveChain(l, node, callee);
  if (hasSpread(node)) return l.js(node, "js.apply", callee, self, arrayOf(l, node, node.arguments));
  return l.js(node, "js.call", callee, self, ...plainArguments(l, node));
}

/** The function called and its `this`. */
function lowerCallee(l: Lowering, node: Expression | Super): { callee: Value; self: Value } {
  if (node.type === "MemberExpression") {
    const ref = memberReference(l, node);
    return { callee: l.read(node, ref), self: ref.object };
  }
  if (node.type === "ChainExpression" && node.expression.type === "MemberExpression") {
    const inner = node.expression;
    const [callee, self] = inChain(l, node, () => {
      const found = lowerCallee(l, inner);
      return [found.callee, found.self];
    }, 2);
    return { callee: callee!, self: self! };
  }
  if (node.type === "Identifier" && node.name === "eval" && !l.unit.names.bindings.has(node)) l.refuse(node, exceptions.eval);
  return { callee: lowerExpression(l, node), self: l.constant(undefined) };
}

const hasSpread = (node: CallExpression | NewExpression): boolean => node.arguments.some((a) => a.type === "SpreadElement");
const plainArguments = (l: Lowering, node: CallExpression | NewExpression): Value[] => node.arguments.map((a) => lowerExpression(l, a as Expression));

function arrayOf(l: Lowering, node: Node, elements: readonly (Expression | SpreadElement | null)[]): Value {
  const shape: JsArray["shape"][number][] = [];
  const args: Value[] = [];
  const last = lastActing(l, elements);
  elements.forEach((element, i) => {
    shape.push(element === null ? "hole" : element.type === "SpreadElement" ? "spread" : "item");
    if (!element) return;
    const value = lowerExpression(l, element.type === "SpreadElement" ? element.argument : element);
    // what is spread is read here: what acts behind it may change it
    args.push(element.type === "SpreadElement" && i < last ? l.make(element, (results) => ({ op: "js.array", shape: ["spread"], args: [value], results })) : value);
  });
  return l.make(node, (results) => ({ op: "js.array", shape, args, results }));
}

const acting: ReadonlySet<string> = new Set<Node["type"]>(["CallExpression", "NewExpression", "TaggedTemplateExpression", "AssignmentExpression", "UpdateExpression", "YieldExpression"]);
/** Accessors, iterators, and what makes numbers and texts of objects: where a source has such, almost all that is computed may call them. */
const unseen = /\bget\s+[\w$["'#]|\byield\b|\bSymbol\.|(?<!\.)\b(?:valueOf|toString)\b/;
/** The last entry of a literal that may act on what is spread before it, or find what that does as it is read. */
function lastActing(l: Lowering, entries: readonly (object | null)[]): number {
  const acts = unseen.test(l.unit.source.code.text) ? (entry: object): boolean => !isInert(entry) : mayAct;
  return entries.findLastIndex((entry) => entry !== null && acts(entry));
}
function isInert(entry: object): boolean {
  const { type, computed, value } = entry as { readonly type?: string; readonly computed?: boolean; readonly value?: object };
  return type === "Literal" || type === "FunctionExpression" || type === "ArrowFunctionExpression" || (type === "Property" && !computed && isInert(value!));
}

/** Whether it does something as it is computed, as far as its text tells; what the functions in it do is done when they are called. */
function mayAct(node: object): boolean {
  const { type, operator } = node as { readonly type?: string; readonly operator?: string };
  if (type === "FunctionExpression" || type === "ArrowFunctionExpression") return false;
  return acting.has(type ?? "") || (type === "UnaryExpression" && operator === "delete") || Object.values(node).flat().some((part: unknown) => typeof part === "object" && part !== null && mayAct(part));
}

// ── optional chains ──

/** A chain: `write` gives its `count` values; where it breaks off each is `broken`. */
function inChain(l: Lowering, node: Node, write: () => Value[], count = 1, broken: undefined | true = undefined): readonly Value[] {
  const outer = l.chain;
  l.at(node);
  const values = l.flow.block("chain", (target) => {
    l.chain = { target, broken: Array.from({ length: count }, () => l.constant(broken)) };
    return write();
  });
  l.chain = outer;
  return values!;
}

function leaveChain(l: Lowering, node: Node, value: Value): void {
  const { target, broken } = l.chain!;
  const cond = l.js(node, "js.nullish", value);
  l.flow.branch(cond, () => l.flow.exit(target, broken), () => []);
}

function lowerDelete(l: Lowering, node: Node, argument: Expression): Value {
  if (argument.type === "ChainExpression") return inChain(l, node, () => [lowerDelete(l, node, argument.expression)], 1, true)[0]!;
  if (argument.type === "MemberExpression") {
    const { object, key } = memberReference(l, argument);
    return l.js(node, "js.delete", object, key);
  }
  if (argument.type === "Identifier") return l.constant(false);
  lowerEffect(l, argument);
  return l.constant(true);
}
