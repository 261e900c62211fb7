// What stands left of an assignment: references (variables, o.x, o[k]) and destructuring patterns.
// Order as in JavaScript: an assignment's target is evaluated before the value is read for it; a default only where the value is undefined.

import type { ArrayPattern, Expression, ObjectPattern, Pattern } from "acorn";
import type { Value } from "../ir/types.ts";
import { isArguments, refuseMappedWrite } from "./arguments.ts";
import { lowerExpression, lowerNamed, memberReference, refuseNode, staticKey } from "./expressions.ts";
import type { Lowering, Reference } from "./lowering.ts";
import type { Node } from "./parse.ts";

/** A place for a value: written when the value is there. */
type Sink = (value: Value) => void;
/** How the leaves of a pattern take their values: as first values of declared variables, or by assignment. */
type Mode = "declare" | "assign";

export function referenceTo(l: Lowering, node: Pattern | Expression): Reference {
  if (node.type === "Identifier") return l.variable(node);
  if (node.type !== "MemberExpression") return refuseNode(l, node);
  if (node.object.type === "Identifier" && isArguments(l, node.object)) refuseMappedWrite(l, node.object);
  return memberReference(l, node);
}

export function assignPattern(l: Lowering, node: Pattern, value: Value): void { sink(l, node, "assign")(value); }
export function declarePattern(l: Lowering, node: Pattern, value: Value): void { sink(l, node, "declare")(value); }

function sink(l: Lowering, node: Pattern, mode: Mode): Sink {
  switch (node.type) {
    case "ObjectPattern": return (value) => takeFields(l, node, value, mode);
    case "ArrayPattern": return (value) => takeItems(l, node, value, mode);
    case "AssignmentPattern": {
      const target = sink(l, node.left, mode);
      const name = node.left.type === "Identifier" ? node.left.name : undefined;
      return (value) => {
        const isMissing = l.js(node, "js.seq", value, l.constant(undefined));
        target(l.flow.branch(isMissing, () => [lowerNamed(l, node.right, name)], () => [value])![0]!);
      };
    }
    case "Identifier": {
      const binding = l.unit.names.bindings.get(node);
      if (mode === "declare" && binding) return (value) => l.initialise(node, binding, value);
      const ref = l.variable(node);
      return (value) => l.write(node, ref, value);
    }
    case "MemberExpression": {
      const ref = referenceTo(l, node);
      return (value) => l.write(node, ref, value);
    }
    case "RestElement": return refuseNode(l, node);
  }
}

function takeFields(l: Lowering, node: ObjectPattern, object: Value, mode: Mode): void {
  const keys: Value[] = [];
  for (const property of node.properties) {
    if (property.type === "RestElement") {
      const target = sink(l, property.argument, mode);
      target(l.js(property, "js.restof", object, ...keys));
      continue;
    }
    const key = property.computed ? lowerExpression(l, property.key) : l.constant(staticKey(property.key));
    keys.push(key);
    const target = sink(l, property.value, mode);
    target(l.js(property, "js.get", object, key));
  }
}

function takeItems(l: Lowering, node: ArrayPattern, iterable: Value, mode: Mode): void {
  const steps = node.elements.at(-1)?.type === "RestElement" ? Infinity : node.elements.length;
  const iterator = l.js(node, "js.iterator", iterable, ...(node.elements.slice(0, -1).some((element) => acts(l, element, mode)) ? [] : [l.constant(steps)])), asksAgain = !node.elements.some(defaultActs);
  /** whether the iterator has come to its end, where its list may become longer on the way: it is not asked again */
  let ended: Value | null = null;
  const unlessEnded = (otherwise: () => Value[], ask: () => Value[]): Value[] => (ended === null ? ask() : l.flow.branch(ended, otherwise, ask)!);
  for (const element of node.elements) {
    if (element?.type === "RestElement") {
      const target = sink(l, element.argument, mode), listOf = (...args: Value[]): Value => l.make(element, (results) => ({ op: "js.array", shape: args.map(() => "spread" as const), args, results }));
      // an iterator is itself iterable: the rest is what it has left
      target(unlessEnded(() => [listOf()], () => [listOf(iterator)])[0]!);
      continue;
    }
    const target = element && sink(l, element, mode);
    const [value, done] = unlessEnded(() => [l.constant(undefined), l.constant(true)], () => { const step = nextOf(l, element ?? node, iterator); return [step.value, step.done]; });
    if (!asksAgain) ended = done!;
    target?.(value!);
  }
}
/** Whether a default does more than give a value to a variable, such as making the list longer that is taken apart. */
function defaultActs(node: Pattern | null): boolean {
  switch (node?.type) {
    case "AssignmentPattern": return node.left.type !== "Identifier" || !["Literal", "Identifier", "ArrowFunctionExpression", "FunctionExpression"].includes(node.right.type);
    case "ArrayPattern": return node.elements.some(defaultActs);
    case "ObjectPattern": return node.properties.some((property) => property.type !== "RestElement" && defaultActs(property.value));
    default: return false;
  }
}

/** Whether taking one item may do more than give a value to a variable that nobody else sees. */
function acts(l: Lowering, node: Pattern | null, mode: Mode): boolean {
  switch (node?.type) {
    case undefined: return false;
    case "AssignmentPattern": return defaultActs(node) || acts(l, node.left, mode);
    case "Identifier": { const binding = l.unit.names.bindings.get(node); return !binding || binding.cell || binding.func !== l.func; }
    default: return true;
  }
}

/** The iterator's next step. */
export function nextOf(l: Lowering, node: Node, iterator: Value): { done: Value; value: Value } {
  const done = l.flow.build.value("js", "done"), value = l.flow.build.value("js");
  l.append(node, { op: "js.next", args: [iterator], results: [done, value] });
  return { done, value };
}
