// switch. The discriminant is evaluated once, and compared with the cases in order.
//
// Where no case falls into the next, a chain of ifs holds the cases' bodies:   if d === 1 { … } else { if d === 2 { … } else { default } }
// Else there is one block a case, the first innermost, which holds the tests; a test leaves to its case's block, behind which that case's
// statements stand, and falling through is going on to the end of the next block:
//   block case2 { block case1 { tests: br case1 | br case2 | br break }; statements 1 }; statements 2

import type { Expression, SwitchCase, SwitchStatement } from "acorn";
import type { Value } from "../ir/types.ts";
import { lowerExpression } from "./expressions.ts";
import type { Target } from "./flow.ts";
import type { Lowering } from "./lowering.ts";
import { breakable, enterScope, lowerStatements } from "./statements.ts";

/** Cases that share statements: `case 1: case 2: …`. */
interface Group { readonly tests: Expression[]; isDefault: boolean; readonly body: SwitchCase["consequent"] }

export function lowerSwitch(l: Lowering, node: SwitchStatement, labels: readonly string[]): boolean {
  const value = lowerExpression(l, node.discriminant);
  return breakable(l, node, labels, true, (breakTo) => {
    enterScope(l, l.unit.names.scopes.get(node)!);
    const groups = group(node.cases);
    // a case that shares statements with `default` ends the tests, which a chain could not say
    const falls = groups.slice(0, -1).some(({ body, isDefault, tests }) => canFallThrough(body) || (isDefault && tests.length > 0));
    return falls ? lowerBlocks(l, node, value, groups, breakTo) : lowerChain(l, node, value, groups);
  });
}

function group(cases: readonly SwitchCase[]): Group[] {
  const groups: Group[] = [];
  let open: Group | null = null;
  for (const { test, consequent } of cases) {
    open ??= { tests: [], isDefault: false, body: [] };
    if (test) open.tests.push(test); else open.isDefault = true;
    if (consequent.length === 0) continue;
    open.body.push(...consequent);
    groups.push(open);
    open = null;
  }
  if (open) groups.push(open);
  return groups;
}

/** Whether the end of a case's statements may be reached: judged by the last one. */
function canFallThrough(body: SwitchCase["consequent"]): boolean {
  const last = body.at(-1);
  if (!last) return true;
  switch (last.type) {
    case "BreakStatement": case "ContinueStatement": case "ReturnStatement": case "ThrowStatement": return false;
    case "BlockStatement": return canFallThrough(last.body);
    case "IfStatement": return !last.alternate || canFallThrough([last.consequent]) || canFallThrough([last.alternate]);
    default: return true;
  }
}

/** Whether the discriminant equals one of the tests, the later ones evaluated only if the earlier ones fail. */
function matches(l: Lowering, value: Value, tests: readonly Expression[], from = 0): Value {
  const test = tests[from]!;
  const equal = l.js(test, "js.seq", value, lowerExpression(l, test));
  return from === tests.length - 1 ? equal : l.flow.branch(equal, () => [equal], () => [matches(l, value, tests, from + 1)])![0]!;
}

function lowerChain(l: Lowering, node: SwitchStatement, value: Value, groups: readonly Group[]): boolean {
  const otherwise = groups.find((g) => g.isDefault);
  // a trailing `break` says what the form says anyway
  const body = ({ body }: Group): [] | null => {
    const last = body.at(-1);
    return lowerStatements(l, last?.type === "BreakStatement" && !last.label ? body.slice(0, -1) : body) ? [] : null;
  };
  const tested = groups.filter((g) => g.tests.length > 0);
  const chain = (index: number): [] | null => {
    const current = tested[index];
    if (!current) return otherwise ? body(otherwise) : [];
    // tests beside `default` have to be evaluated, though they lead to the same statements
    const cond = matches(l, value, current.tests);
    l.at(node);
    if (current.isDefault) return chain(index + 1);
    return l.flow.branch(cond, () => body(current), () => chain(index + 1)) && [];
  };
  return chain(0) !== null;
}

function lowerBlocks(l: Lowering, node: SwitchStatement, value: Value, groups: readonly Group[], breakTo: () => null): boolean {
  const targets: Target[] = [];
  const dispatch = (): null => {
    groups.forEach(({ tests }, i) => {
      if (tests.length === 0) return;
      const cond = matches(l, value, tests);
      l.at(node);
      l.flow.branch(cond, () => l.flow.exit(targets[i]!), () => []);
    });
    const otherwise = groups.findIndex((g) => g.isDefault);
    return otherwise < 0 ? breakTo() : l.flow.exit(targets[otherwise]!);
  };
  /** The block of case `index`, and the statements behind it. */
  const nest = (index: number): boolean => {
    if (index < 0) { dispatch(); return false; }
    l.at(node);
    const reached = l.flow.block(`case${index}_`, (target) => {
      targets[index] = target;
      return nest(index - 1) ? [] : null;
    });
    return reached !== null && lowerStatements(l, groups[index]!.body);
  };
  return nest(groups.length - 1);
}
