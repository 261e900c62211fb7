// Loops. All take the same form; the outer block is there only if something breaks, the inner one only if something continues:
//
//   block break { loop (carried) { test; if test { block next { body }; update; br loop } else {}; yield carried } }
//
// Of a test that asks several things of the counter the first is the loop's own, and where another fails the loop is left (conjuncts.ts).
//
// A captured `let` of a for loop's head is a new variable in each iteration: its value is carried, and each iteration makes a cell of it.

import type { DoWhileStatement, Expression, ForInStatement, ForOfStatement, ForStatement, Statement, WhileStatement } from "acorn";
import type { LoopNotes, Value } from "../ir/types.ts";
import { conjunctsOf } from "./conjuncts.ts";
import { exceptions } from "./language.ts";
import { lowerCondition, lowerEffect, lowerExpression } from "./expressions.ts";
import type { Head } from "./flow.ts";
import type { Lowering } from "./lowering.ts";
import type { Node } from "./parse.ts";
import { assignPattern, declarePattern, nextOf } from "./patterns.ts";
import { breakable, emptyCell, enterScope, lowerDeclaration, lowerInner, withJump } from "./statements.ts";

interface Iteration {
  /** carried beside the variables */
  readonly first: readonly Value[];
  /** decides whether there is another iteration; null: there always is */
  readonly test: ((first: readonly Value[]) => { value: Value; negated: boolean } | null);
  /** what else has to hold for it, in order */
  readonly others?: readonly Expression[];
  readonly body: (first: readonly Value[]) => boolean;
  /** runs between two iterations, and gives what the next one has in `first` */
  readonly update: ((first: readonly Value[]) => readonly Value[]) | null;
}

function lowerLoop(l: Lowering, node: Statement, labels: readonly string[], iteration: Iteration): boolean {
  const { slots, notes } = carriedBy(l, node, iteration.first.length);
  return breakable(l, node, labels, true, (breakTo) => l.flow.loop("loop", iteration.first, slots, notes, (head, first) => {
    const turn = (): null => ask(iteration.others ?? []);
    const ask = ([other, ...others]: readonly Expression[]): null => {
      if (!other) return go();
      const { value, negated } = lowerCondition(l, other), on = (): null => ask(others);
      l.at(node);
      l.flow.branch(value, negated ? breakTo : on, negated ? on : breakTo);
      return null;
    };
    const go = (): null => {
      const inside = (next: () => null): boolean =>
        withJump(l, { labels, takesPlainBreak: true, break: breakTo, continue: next }, () => iteration.body(first));
      const { update } = iteration;
      if (!update) {
        const again = (): null => l.flow.again(head, first);
        if (inside(again)) { l.at(node); again(); }
      } else if (continuable(l, inside)) {
        const next = update(first);
        l.at(node);
        l.flow.again(head, next);
      }
      return null;
    };
    const test = iteration.test(first);
    if (!test) return turn();
    l.at(node);
    const stop = (): [] => [];
    return l.flow.branch(test.value, test.negated ? stop : turn, test.negated ? turn : stop) && [];
  }) !== null);
}

/** A loop's body that is followed by an update or a test, to which `continue` goes. */
const continuable = (l: Lowering, write: (next: () => null) => boolean): boolean =>
  l.flow.block("next", (target) => (write(() => l.flow.exit(target)) ? [] : null)) !== null;

/** The variables that a loop changes and those that `@key` names, and what annotations say of it. */
function carriedBy(l: Lowering, node: Statement, before: number): { slots: number[]; notes: LoopNotes } {
  const note = l.unit.annotations.at(node);
  const slots = new Set<number>();
  for (const binding of l.unit.names.loops.get(node)!.assigned) {
    if (!binding.cell && l.flow.read(binding.slot) !== undefined) slots.add(binding.slot);
  }
  const keys = note?.key?.map((id) => {
    const binding = l.unit.names.bindings.get(id);
    if (!binding || binding.func !== l.func || binding.cell || l.flow.read(binding.slot) === undefined) {
      const message = `@key \`${id.name}\` is no local variable of this function that lives before the loop`;
      return l.unit.source.refuse("Unsupported", message, "name a variable that the loop carries on", id);
    }
    slots.add(binding.slot);
    return binding.slot;
  });
  const sorted = [...slots].sort((a, b) => a - b);
  const notes: LoopNotes = {
    place: l.unit.source.place(node),
    ...(note?.unroll === undefined ? {} : { unroll: note.unroll }),
    ...(note?.own ? { own: note.own } : {}),
    ...(keys ? { key: keys.map((slot) => before + sorted.indexOf(slot)) } : {}),
  };
  return { slots: sorted, notes };
}

/** A literal test decides nothing. */
const isAlways = (test: Expression | null | undefined): boolean => !test || (test.type === "Literal" && Boolean(test.value)) || isNotZero(test);
/** `!0`, as minifiers write true */
const isNotZero = (test: Expression): boolean => test.type === "UnaryExpression" && test.operator === "!" && test.argument.type === "Literal" && test.argument.value === 0;

const always = (): null => null;
const testOf = (l: Lowering, test: Expression | null | undefined) => (isAlways(test) ? always : () => lowerCondition(l, test!));

export function lowerWhile(l: Lowering, node: WhileStatement, labels: readonly string[]): boolean {
  const { first, others } = conjunctsOf(l, node);
  return lowerLoop(l, node, labels, { first: [], test: testOf(l, first), others, body: () => lowerInner(l, node.body), update: null });
}

export function lowerFor(l: Lowering, node: ForStatement, labels: readonly string[]): boolean {
  const scope = l.unit.names.scopes.get(node)!;
  enterScope(l, scope);
  if (node.init?.type === "VariableDeclaration") lowerDeclaration(l, node.init);
  else if (node.init) lowerEffect(l, node.init);
  const fresh = scope.lexical.filter((b) => b.cell && b.kind === "let");
  if (fresh.length > 0 && l.unit.names.loops.get(node)!.updateHasClosure) l.refuse(node.update!, exceptions.updateClosure);
  /** the variables' values now, and new variables with values */
  const values = (at: Node): Value[] => fresh.map((b) => l.js(at, "js.cell.get", l.cellOf(b)));
  const renew = (at: Node, now: readonly Value[]): void => fresh.forEach((b, i) => {
    const cell = l.js(at, "js.cell", now[i]!);
    cell.name = b.name;
    l.flow.assign(b.slot, cell);
  });
  const { first: asked, others } = conjunctsOf(l, node), test = testOf(l, asked);
  return lowerLoop(l, node, labels, {
    first: values(node),
    test: (first) => { renew(node, first); return test(); },
    others,
    body: () => lowerInner(l, node.body),
    update: !node.update && fresh.length === 0 ? null : () => {
      if (!node.update) return values(node);
      if (fresh.length > 0) renew(node.update, values(node.update));
      lowerEffect(l, node.update);
      return values(node.update);
    },
  });
}

/** The head of for-in and for-of: each iteration has variables of its own. */
function bindHead(l: Lowering, node: ForInStatement | ForOfStatement, value: Value): void {
  const { left } = node;
  if (left.type !== "VariableDeclaration") { assignPattern(l, left, value); return; }
  if (left.kind !== "var" && left.kind !== "let" && left.kind !== "const") l.refuse(left, exceptions.using);
  for (const binding of l.unit.names.scopes.get(node)!.lexical) if (binding.cell) l.flow.assign(binding.slot, emptyCell(l, binding.name));
  declarePattern(l, left.declarations[0]!.id, value);
}

export function lowerForOf(l: Lowering, node: ForOfStatement, labels: readonly string[]): boolean {
  if (node.await) l.refuse(node, exceptions.forAwait);
  const iterator = l.js(node.right, "js.iterator", lowerExpression(l, node.right));
  let value: Value;
  return lowerLoop(l, node, labels, {
    first: [],
    test: () => {
      const step = nextOf(l, node.left, iterator);
      value = step.value;
      return { value: step.done, negated: true };
    },
    body: () => { bindHead(l, node, value); return lowerInner(l, node.body); },
    update: null,
  });
}

export function lowerForIn(l: Lowering, node: ForInStatement, labels: readonly string[]): boolean {
  const object = lowerExpression(l, node.right), keys = l.js(node.right, "js.keys", object);
  const count = l.js(node.right, "js.get", keys, l.constant("length"));
  return lowerLoop(l, node, labels, {
    first: [l.constant(0)],
    test: ([index]) => ({ value: l.js(node, "js.lt", index!, count), negated: false }),
    body: ([index]) => {
      const key = l.js(node.left, "js.get", keys, index!);
      // a key that was deleted meanwhile is not visited
      const visit = (): [] | null => { bindHead(l, node, key); return lowerInner(l, node.body) ? [] : null; };
      return l.flow.branch(l.js(node.left, "js.visits", object, key), visit, () => []) !== null;
    },
    update: ([index]) => [l.js(node, "js.inc", index!)],
  });
}

export function lowerDoWhile(l: Lowering, node: DoWhileStatement, labels: readonly string[]): boolean {
  const { slots, notes } = carriedBy(l, node, 0);
  /** the body, then the test: whether control gets to it */
  const body = (breakTo: () => null): boolean =>
    continuable(l, (next) => withJump(l, { labels, takesPlainBreak: true, break: breakTo, continue: next }, () => lowerInner(l, node.body)));
  // `do … while (0)` is a block that `break` and `continue` leave
  if (node.test.type === "Literal" && !node.test.value) return breakable(l, node, labels, true, body);
  return breakable(l, node, labels, true, (breakTo) => l.flow.loop("loop", [], slots, notes, (head: Head) => {
    if (!body(breakTo)) return null;
    const test = testOf(l, node.test)();
    l.at(node);
    const again = (): null => l.flow.again(head), stop = (): [] => [];
    if (!test) return again();
    return l.flow.branch(test.value, test.negated ? stop : again, test.negated ? again : stop) && [];
  }) !== null);
}
