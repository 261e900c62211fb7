// Classes inside a kernel, and what only code of classes has: super, fields, private names.
//
//   class Q extends P { static k = 1; m() {} }   →   %q = js.class %P, %constructor;  js.member %q, "method", "m", %m;
//                                                    js.member %q, "initialiser", "k", %f;  js.define %q, "k", (%f called on %q)
//
// A class's text alone (a class that the kernel captured) is its constructor: the other members are in the snapshot, on the prototype.
// In a derived class's constructor `this` is a variable, empty until super() has run; the fields follow it.

import type { MethodDefinition, PrivateIdentifier, PropertyDefinition } from "acorn";
import { brand } from "../ir/privates.ts";
import { nameOfKey, type JsFunction, type Value } from "../ir/types.ts";
import { lowerExpression, lowerNamed, staticKey } from "./expressions.ts";
import { exceptions } from "./language.ts";
import { lowerClosure } from "./lower.ts";
import type { Lowering } from "./lowering.ts";
import type { ClassNode, Node } from "./parse.ts";
import { constructorOf, privateMethods } from "./scopes.ts";
import { enterScope } from "./statements.ts";

export const kinds = { method: "method", get: "getter", set: "setter", constructor: "constructor" } as const satisfies Record<MethodDefinition["kind"], JsFunction["kind"]>;
/** What `js.member` makes of a function; "private " or "static " may stand before it. */
const sorts = { method: "method", get: "get", set: "set", constructor: "method" } as const satisfies Record<MethodDefinition["kind"], string>;

export function lowerClass(l: Lowering, node: ClassNode, name: string): Value {
  const scope = l.unit.names.scopes.get(node.body)!;
  enterScope(l, scope);
  const parent = node.superClass ? lowerExpression(l, node.superClass) : l.constant(undefined);
  const constructor = lowerClosure(l, constructorOf(node) ?? node, name, node.superClass ? "derived" : "constructor", node);
  const made = l.js(node, "js.class", parent, constructor);
  for (const member of node.body.body) if (member.type === "MethodDefinition" && member.kind !== "constructor") lowerMethod(l, member, made);
  const own = node.id && scope.names.get(node.id.name);
  if (own) l.initialise(node, own, made);
  for (const member of node.body.body) {
    if (member.type === "StaticBlock") initialise(l, member, made, "static");
    else if (member.type === "PropertyDefinition" && member.static) lowerStaticField(l, member, made);
    else if (member.type === "PropertyDefinition" && member.computed) l.refuse(member, exceptions.computedField);
  }
  return made;
}

function lowerMethod(l: Lowering, { key, computed, value, kind, static: isStatic }: MethodDefinition, made: Value): void {
  const isPrivate = key.type === "PrivateIdentifier";
  const name = isPrivate ? `#${key.name}` : computed ? nameOfKey : staticKey(key);
  const at = !isPrivate && computed ? lowerExpression(l, key) : l.constant(name);
  const closure = lowerClosure(l, value, name, kinds[kind]);
  const sort = `${isPrivate ? "private " : ""}${isStatic ? "static " : ""}${sorts[kind]}`;
  l.append(value, { op: "js.member", args: [made, l.constant(sort), at, closure], results: [] });
}

function lowerStaticField(l: Lowering, member: PropertyDefinition, made: Value): void {
  if (member.computed) l.refuse(member, exceptions.computedField);
  const { key } = member;
  const name = key.type === "PrivateIdentifier" ? `#${key.name}` : staticKey(key);
  const value = member.value ? initialise(l, member, made, name) : l.constant(undefined);
  l.append(member, { op: key.type === "PrivateIdentifier" ? "js.private.add" : "js.define", args: [made, l.constant(name), value], results: [] });
}

/** The value of a static initialiser: a function of its own, called on the class. */
function initialise(l: Lowering, member: Parameters<typeof lowerClosure>[1], made: Value, name: string): Value {
  const closure = lowerClosure(l, member, name, "method");
  l.append(member, { op: "js.member", args: [made, l.constant("static initialiser"), l.constant(name), closure], results: [] });
  return l.js(member, "js.call", closure, made);
}

/** The fields that a class gives each object; where it has private methods one under the name "#", which says that they are the object's. */
export function lowerFields(l: Lowering, node: ClassNode): void {
  const method = privateMethods(node).find((member) => !member.static);
  if (method) l.append(method, { op: "js.private.add", args: [l.self(method), l.constant(brand), l.constant(undefined)], results: [] });
  for (const member of node.body.body) {
    if (member.type !== "PropertyDefinition" || member.static) continue;
    if (member.computed) l.refuse(member, exceptions.computedField);
    const { key } = member;
    const name = key.type === "PrivateIdentifier" ? `#${key.name}` : staticKey(key);
    const self = l.self(member);
    const value = member.value ? lowerNamed(l, member.value, name) : l.constant(undefined);
    l.append(member, { op: key.type === "PrivateIdentifier" ? "js.private.add" : "js.define", args: [self, l.constant(name), value], results: [] });
  }
}

/** super(…arguments) */
export function lowerSuper(l: Lowering, node: Node, args: Value): Value {
  if (!l.func.derived) return l.refuse(node, exceptions.superArrow);
  const self = l.js(node, "js.super", args);
  l.append(node, { op: "js.cell.set", args: [l.cellOf(l.func.thisBinding!), self], results: [] });
  if (l.fieldsOf) lowerFields(l, l.fieldsOf);
  return self;
}

/** A private name: the innermost class's. Of a method's text alone the class is not in sight: it is the method's. */
export function privateKey(l: Lowering, node: PrivateIdentifier): Value {
  if (l.unit.names.outerPrivates.has(node)) return l.refuse(node, exceptions.outerPrivate);
  return l.constant(`#${node.name}`);
}
