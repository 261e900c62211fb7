// Statements → control. `lowerStatement` answers whether control gets to its end; what follows an end that is never reached is not lowered.

import type { BlockStatement, IfStatement, Statement, TryStatement, VariableDeclaration } from "acorn";
import { exceptions, isTaken, type Construct, type Refused } from "./language.ts";
import { lowerClass } from "./classes.ts";
import { lowerCondition, lowerEffect, lowerExpression, lowerNamed, refuseNode } from "./expressions.ts";
import { lowerDoWhile, lowerFor, lowerForIn, lowerForOf, lowerWhile } from "./loops.ts";
import { lowerClosure } from "./lower.ts";
import type { Jump, Lowering } from "./lowering.ts";
import type { Node } from "./parse.ts";
import { declarePattern } from "./patterns.ts";
import type { Value } from "../ir/types.ts";
import type { Scope } from "./scopes.ts";
import { lowerSwitch } from "./switch.ts";

type Handled = Exclude<Statement["type"], Refused>;
/** `labels` are those that stand directly before the statement. */
type Handlers = { readonly [T in Handled]: (l: Lowering, node: Extract<Statement, { type: T }>, labels: readonly string[]) => boolean };

const handlers: Handlers = {
  ExpressionStatement: (l, node) => { if (node.directive === undefined) lowerEffect(l, node.expression); return true; },
  BlockStatement: (l, node) => lowerBlock(l, node),
  EmptyStatement: () => true,
  DebuggerStatement: () => true,
  ReturnStatement: (l, node) => {
    lowerReturn(l, node, node.argument ? lowerExpression(l, node.argument) : null);
    return false;
  },
  LabeledStatement: (l, node, labels) => {
    const all = [...labels, node.label.name];
    if (isLoop(node.body) || node.body.type === "LabeledStatement") return lowerStatement(l, node.body, all);
    return breakable(l, node, all, false, () => lowerInner(l, node.body));
  },
  BreakStatement: (l, node) => {
    const jump = l.jumps.findLast((j) => (node.label ? j.labels.includes(node.label.name) : j.takesPlainBreak))!;
    l.at(node);
    jump.break();
    return false;
  },
  ContinueStatement: (l, node) => {
    const jump = l.jumps.findLast((j) => j.continue !== null && (!node.label || j.labels.includes(node.label.name)))!;
    l.at(node);
    jump.continue!();
    return false;
  },
  IfStatement: (l, node) => lowerIf(l, node),
  SwitchStatement: (l, node, labels) => lowerSwitch(l, node, labels),
  ThrowStatement: (l, node) => {
    const value = lowerExpression(l, node.argument);
    l.append(node, { op: "js.throw", args: [value], results: [] });
    return false;
  },
  TryStatement: (l, node) => lowerTry(l, node),
  WhileStatement: (l, node, labels) => lowerWhile(l, node, labels),
  DoWhileStatement: (l, node, labels) => lowerDoWhile(l, node, labels),
  ForStatement: (l, node, labels) => lowerFor(l, node, labels),
  ForInStatement: (l, node, labels) => lowerForIn(l, node, labels),
  ForOfStatement: (l, node, labels) => lowerForOf(l, node, labels),
  FunctionDeclaration: () => true, // hoisted to the start of its scope
  ClassDeclaration: (l, node) => { l.initialise(node, l.unit.names.bindings.get(node.id)!, lowerClass(l, node, node.id.name)); return true; },
  VariableDeclaration: (l, node) => { lowerDeclaration(l, node); return true; },
};

export function lowerStatement(l: Lowering, node: Statement, labels: readonly string[] = []): boolean {
  if (!isTaken(node.type as Construct)) return refuseNode(l, node);
  return (handlers[node.type as Handled] as (l: Lowering, node: Node, labels: readonly string[]) => boolean)(l, node, labels);
}

/** `return value`. A derived class's constructor gives `this` where the value is undefined. */
export function lowerReturn(l: Lowering, node: Node, value: Value | null): void {
  if (l.func.derived) {
    if (value === null) value = l.self(node);
    else {
      const given = value;
      [value] = l.flow.branch(l.js(node, "js.seq", given, l.constant(undefined)), () => [l.self(node)], () => [given]) as [Value];
    }
  }
  l.at(node);
  l.flow.build.return([value ?? l.constant(undefined)]);
}

/** The statements of a block, with what annotations say of them. */
export function lowerStatements(l: Lowering, list: readonly Statement[]): boolean {
  for (const statement of list) if (!lowerAnnotated(l, statement)) return false;
  return true;
}

function lowerAnnotated(l: Lowering, statement: Statement): boolean {
  const note = l.unit.annotations.at(statement);
  if (!note) return lowerStatement(l, statement);
  if (note.own) {
    const { start, end } = l.unit.source.place(statement);
    l.unit.marks.push({ own: note.own, start, end });
  }
  for (const condition of note.assume) l.append(condition, { op: "js.assume", args: [lowerExpression(l, condition)], results: [] });
  if (note.drop) { l.unit.arms.push({ of: null, when: true, place: l.unit.source.place(statement) }); return true; }
  /** Written unless one of the conditions holds. */
  const guarded = (index: number): boolean => {
    const condition = note.dropIf[index];
    if (!condition) return lowerStatement(l, statement);
    const { value, negated } = lowerCondition(l, condition);
    const write = (): [] | null => (guarded(index + 1) ? [] : null), skip = (): [] => [];
    l.at(condition);
    return l.flow.branch(value, negated ? write : skip, negated ? skip : write) !== null;
  };
  return guarded(0);
}

export function lowerBlock(l: Lowering, node: BlockStatement): boolean {
  enterScope(l, l.unit.names.scopes.get(node)!);
  return lowerStatements(l, node.body);
}

/** Makes the cells of a scope's captured variables and the functions that are hoisted to it. */
export function enterScope(l: Lowering, scope: Scope): void {
  for (const binding of scope.lexical) if (binding.cell) l.flow.assign(binding.slot, emptyCell(l, binding.name));
  for (const { binding, node } of scope.functions) {
    l.initialise(node as Node, binding, lowerClosure(l, node, binding.name, "function"));
  }
}

export function emptyCell(l: Lowering, name: string): ReturnType<Lowering["constant"]> {
  const cell = l.flow.build.value("js", name);
  l.flow.build.append({ op: "js.cell.empty", args: [], results: [cell], place: l.flow.build.place });
  return cell;
}

export function lowerDeclaration(l: Lowering, node: VariableDeclaration): void {
  if (node.kind !== "var" && node.kind !== "let" && node.kind !== "const") l.refuse(node, exceptions.using);
  for (const { id, init } of node.declarations) {
    // a `var` without a value keeps the one it has
    if (!init && node.kind === "var") continue;
    declarePattern(l, id, init ? lowerNamed(l, init, id.type === "Identifier" ? id.name : undefined) : l.constant(undefined));
  }
}

function lowerIf(l: Lowering, node: IfStatement): boolean {
  const { value, negated } = lowerCondition(l, node.test);
  const arm = (statement: Statement | null | undefined) => (): [] | null => (!statement || lowerInner(l, statement) ? [] : null);
  const then = arm(node.consequent), otherwise = arm(node.alternate);
  const { source, arms } = l.unit, of = source.place(node);
  arms.push({ of, when: !negated, place: source.place(node.consequent) });
  if (node.alternate) arms.push({ of, when: negated, place: source.place(node.alternate) });
  l.at(node);
  return l.flow.branch(value, negated ? otherwise : then, negated ? then : otherwise) !== null;
}

/** A statement that is the body of another; a function declared there (sloppy code) has a scope of its own. */
export function lowerInner(l: Lowering, node: Statement): boolean {
  if (node.type === "FunctionDeclaration") l.unit.source.refuse("Todo", "a function declared without a block", "put it in braces", node);
  return lowerStatement(l, node);
}

/** Something that `break` leaves. */
export function breakable(l: Lowering, node: Node, labels: readonly string[], takesPlainBreak: boolean, write: (breakTo: () => null) => boolean): boolean {
  l.at(node);
  return l.flow.block("break", (target) => {
    const breakTo = (): null => l.flow.exit(target);
    return withJump(l, { labels, takesPlainBreak, break: breakTo, continue: null }, () => write(breakTo)) ? [] : null;
  }) !== null;
}

export function withJump<T>(l: Lowering, jump: Jump, write: () => T): T {
  l.jumps.push(jump);
  const result = write();
  l.jumps.pop();
  return result;
}

const isLoop = (node: Statement): boolean => /^(For|While|DoWhile)/.test(node.type);

function lowerTry(l: Lowering, node: TryStatement): boolean {
  const { handler, finalizer } = node;
  const body = (): [] | null => (lowerBlock(l, node.block) ? [] : null);
  const caught = (): readonly [] | null => {
    if (!handler) return body();
    l.at(node);
    const end = l.flow.try("catch", body, (exception) => {
      const scope = l.unit.names.scopes.get(handler)!;
      for (const binding of scope.names.values()) if (binding.cell) l.flow.assign(binding.slot, emptyCell(l, binding.name));
      if (handler.param) declarePattern(l, handler.param, exception!);
      return lowerBlock(l, handler.body) ? [] : null;
    });
    return end && [];
  };
  if (!finalizer) return caught() !== null;
  l.at(node);
  return l.flow.try("finally", caught, () => (lowerBlock(l, finalizer) ? [] : null)) !== null;
}
