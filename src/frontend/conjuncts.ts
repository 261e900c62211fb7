// Tests of loops that ask several things of the counter: the first is the loop's own test, the others leave it.
//
//   for (k = 0; k < taps.length && k <= i; k++) …          →  for (k = 0; k < taps.length; k++) { if (!(k <= i)) break; … }
//   for (i = 0; i < x.length && x[i] !== v; i++);          →  for (i = 0; i < x.length; i++) if (!(x[i] !== v)) break;
//
// A counter is what the loop counts up or down alone. Then slow values that bound a loop unroll it, whatever else may end it, and where fast ones do it counts up to a fixed end: its checks hold before it, and
// it is searched in lanes. A second test that asks for what the loop computes (`k < most && x * x + y * y < 4`) stays with the first: of such
// loops lanes do several points, each up to its own end.

import type { Expression, ForStatement, Identifier, WhileStatement } from "acorn";
import type { Lowering } from "./lowering.ts";
import type { Binding } from "./scopes.ts";

/** What a loop's test asks first, and behind that, in order. */
export function conjunctsOf(l: Lowering, loop: ForStatement | WhileStatement): { readonly first: Expression | null | undefined; readonly others: readonly Expression[] } {
  const { test } = loop, [first, ...others] = test ? split(test) : [];
  if (!first || others.length === 0) return { first: test, others: [] };
  const { assigned } = l.unit.names.loops.get(loop)!, jumping = new Set<Binding>();
  for (const part of partsOf(loop)) if (loop.type === "WhileStatement" || part !== loop.init) findJumps(l, part, jumping);
  const counters = variablesOf(l, first).filter((v) => assigned.has(v) && !jumping.has(v));
  return others.every((other) => variablesOf(l, other).some((v) => counters.includes(v))) ? { first, others } : { first: test, others: [] };
}

const split = (test: Expression): Expression[] => (test.type === "LogicalExpression" && test.operator === "&&" ? [...split(test.left), ...split(test.right)] : [test]);

/** The variables that are given something else than one step more or less: no counters. */
function findJumps(l: Lowering, node: object, found: Set<Binding>): void {
  const expression = node as Expression;
  if (expression.type === "AssignmentExpression" && expression.operator !== "+=" && expression.operator !== "-=" && expression.left.type !== "MemberExpression") for (const v of variablesOf(l, expression.left)) found.add(v);
  for (const part of partsOf(node)) findJumps(l, part, found);
}
const partsOf = (node: object): object[] => Object.values(node).flatMap((part: unknown) => (Array.isArray(part) ? part : [part])).filter((part): part is object => typeof part === "object" && part !== null && "type" in part);

function variablesOf(l: Lowering, node: object): Binding[] {
  const binding = (node as Expression).type === "Identifier" ? l.unit.names.bindings.get(node as Identifier) : undefined;
  if (binding) return [binding];
  return partsOf(node).flatMap((part) => variablesOf(l, part));
}
