// JavaScript expressions as text that knows its own precedence, so that operands are parenthesised only where the grammar needs it.
//
//   i32.add(i32.add(a, b), c)  →  (a + b + c) | 0          (the inner `| 0` changes nothing: three int32 sums are exact)
//   i32.eqz(f64.lt(a, b)) as an `if` condition  →  !(a < b)
//   f64.convert_i32_u(load of a Uint32Array)  →  x[i]
//
// The spelling of an operation is its row's `js` template (ops.ts), parsed once; the simplifications above live in the constructors.
// Requires: operands are pure or reads. Guarantees: the text evaluates to exactly what the template with parenthesised operands would.

import { parseExpressionAt, type Expression } from "acorn";
import type { MachineOp } from "../ir/ops.ts";
import { ops } from "../ir/ops.ts";

export interface Expr {
  readonly text: string;
  readonly precedence: number;
  /** reads memory: must not be moved over a write */
  readonly reads: boolean;
  /** the loop variables in it, which an assignment would change */
  readonly variables: readonly string[];
  /** shorter, and the same after ToInt32 */
  readonly bits?: Expr;
  /** an integer of at most so many bits besides the sign, never −0 by any operation here; 0: not known to be one */
  readonly integer: number;
  readonly literal?: true;
  /** its value is an int32 */
  readonly int32?: true;
  /** its value is a uint32 */
  readonly uint32?: true;
  /** its value is true or false */
  readonly boolean?: true;
  /** a boolean expression with the same truthiness */
  readonly test?: Expr;
  /** what it is the `!` of */
  readonly negated?: Expr;
  /** the double that it rounds to float32 */
  readonly rounded?: Expr;
  /** what it was made of, where it is `left operator right` */
  readonly parts?: { readonly operator: string; readonly left: Expr; readonly right: Expr };
}

const binaryPrecedence: Readonly<Record<string, number>> = {
  "||": 3, "&&": 4, "|": 5, "^": 6, "&": 7, "==": 8, "!=": 8, "===": 8, "!==": 8, "<": 9, ">": 9, "<=": 9, ">=": 9,
  "<<": 10, ">>": 10, ">>>": 10, "+": 11, "-": 11, "*": 12, "/": 12, "%": 12, "**": 13,
};
const conditionalPrecedence = 2;
const unaryPrecedence = 14;
const postfixPrecedence = 15;
const atomPrecedence = 20;
/** int32 sums are exact up to 2^53; beyond this many bits an inner `| 0` is kept */
const exactBits = 48;

const none: readonly string[] = [];
const bitwise = new Set(["|", "&", "^", "<<", ">>", ">>>"]);
const comparisons: Readonly<Record<string, string>> = { "===": "!==", "!==": "===", "<": ">=", ">=": "<", ">": "<=", "<=": ">" };

export const isAtom = (e: Expr): boolean => e.precedence === atomPrecedence;

export function variable(text: string, type: "i32" | "other", mutable = false): Expr {
  return { text, precedence: atomPrecedence, reads: false, variables: mutable ? [text] : none, ...(type === "i32" ? { int32: true, integer: 31 } : { integer: 0 }) };
}

/** A number or bigint as a literal; −0, NaN and the infinities too. */
export function literal(value: number | bigint): Expr {
  if (typeof value === "bigint") return { text: `${value}n`, precedence: value < 0n ? unaryPrecedence : atomPrecedence, reads: false, variables: none, integer: 0, literal: true };
  const text = Object.is(value, -0) ? "-0" : String(value);
  const precedence = text.startsWith("-") ? unaryPrecedence : atomPrecedence;
  return { text, precedence, reads: false, variables: none, literal: true, ...(Object.is((value | 0), value) ? { int32: true, integer: 31 } : { integer: 0 }) };
}

export const isLiteral = (e: Expr): boolean => e.literal === true;

const paren = (e: Expr, least: number): string => (e.precedence < least ? `(${e.text})` : e.text);
const joined = (a: readonly string[], b: readonly string[]): readonly string[] => (a.length === 0 ? b : b.length === 0 ? a : [...a, ...b]);

/** An element of an array, `array[index]`. */
export function element(array: string, index: Expr, reads: boolean, facts: Partial<Expr> = {}): Expr {
  return { text: `${array}[${index.text}]`, precedence: atomPrecedence - 1, reads: reads || index.reads, variables: index.variables, integer: 0, ...facts };
}

export function call(callee: string, args: readonly Expr[], facts: Partial<Expr> = {}): Expr {
  return {
    text: `${callee}(${args.map((a) => a.text).join(", ")})`, precedence: atomPrecedence - 1, integer: 0,
    reads: args.some((a) => a.reads), variables: args.reduce<readonly string[]>((all, a) => joined(all, a.variables), none), ...facts,
  };
}

export function unary(operator: "-" | "+" | "!" | "~", operand: Expr): Expr {
  const inner = paren(operand, unaryPrecedence);
  const text = inner.startsWith(operator) ? `${operator}(${inner})` : operator + inner;
  const base = { text, precedence: unaryPrecedence, reads: operand.reads, variables: operand.variables, integer: 0 };
  // +(a < b): 0 or 1; where only the truth or the bits matter, the comparison itself will do
  if (operator === "!") return { ...base, boolean: true, negated: operand };
  if (operator === "+" && operand.boolean) return { ...base, int32: true, integer: 1, test: operand, bits: operand };
  return base;
}

export function binary(operator: string, left: Expr, right: Expr): Expr {
  const zero = right.text === "0";
  // 1. nothing to do
  if (operator === "|" && zero && left.int32) return left;
  if (operator === ">>>" && zero) {
    if (left.uint32) return left;
    if (left.bits?.uint32) return left.bits;
  }
  if ((operator === "+" || operator === "<<") && zero && left.int32) return left; // an integer sum: int32 + 0
  // 2. a truth value compared with 0
  const leftTruth = truth(left);
  if (zero && leftTruth) {
    if (operator === "===") return negate(leftTruth);
    if (operator === "!==") return leftTruth;
  }
  // 3. the text
  const own = binaryPrecedence[operator]!;
  const leftText = paren(left, operator === "**" ? postfixPrecedence : own);
  const rightText = paren(right, operator === "**" ? own : own + 1);
  const base = {
    text: `${clear(operator, left, leftText)} ${operator} ${clear(operator, right, rightText)}`, precedence: own,
    reads: left.reads || right.reads, variables: joined(left.variables, right.variables), parts: { operator, left, right },
  };
  // 4. what is known of it
  switch (operator) {
    case "+": case "-": {
      const bits = left.integer && right.integer ? Math.max(left.integer, right.integer) + 1 : 0;
      return { ...base, integer: bits <= exactBits ? bits : 0 };
    }
    case "|": case "&": case "^": case "<<": case ">>": {
      // with truths on both sides, `test` is lazy where the value is not: operands are pure, so nobody can tell
      const facts = { ...base, integer: 31, int32: true as const };
      if (operator === "|" && zero) return { ...facts, bits: left };
      const tests = operator === "&" ? "&&" : operator === "|" ? "||" : null;
      const rightTruth = truth(right);
      return tests && leftTruth && rightTruth ? { ...facts, test: binary(tests, leftTruth, rightTruth) } : facts;
    }
    case ">>>": return { ...base, integer: 32, uint32: true };
    case "&&": case "||": return { ...base, integer: 0, boolean: true };
    default: return operator in comparisons ? { ...base, integer: 0, boolean: true } : { ...base, integer: 0 };
  }
}

/** A boolean expression as true as this one, if there is one. */
const truth = (e: Expr): Expr | undefined => (e.boolean ? e : e.test);

/** Parentheses that the grammar does not need but a reader does: comparisons and sums among bit operations, && within ||. */
function clear(operator: string, operand: Expr, text: string): string {
  const inner = operand.parts?.operator;
  if (inner === undefined || text.startsWith("(") && text === `(${operand.text})`) return text;
  const confusing = bitwise.has(operator) ? inner !== operator : operator === "||" && inner === "&&";
  return confusing ? `(${operand.text})` : text;
}

export function conditional(test: Expr, then: Expr, otherwise: Expr): Expr {
  const cond = asTest(test);
  return {
    text: `${paren(cond, conditionalPrecedence + 1)} ? ${paren(then, conditionalPrecedence)} : ${paren(otherwise, conditionalPrecedence)}`,
    precedence: conditionalPrecedence, reads: cond.reads || then.reads || otherwise.reads,
    variables: joined(cond.variables, joined(then.variables, otherwise.variables)),
    integer: then.integer && otherwise.integer ? Math.max(then.integer, otherwise.integer) : 0,
    ...(then.int32 && otherwise.int32 ? { int32: true } : {}),
  };
}

/** The expression where only its truthiness matters. */
export const asTest = (e: Expr): Expr => e.test ?? e;

/** The opposite truth. Only comparisons of integers may be turned round: !(NaN < 1) is not NaN >= 1. */
export function negate(e: Expr): Expr {
  const test = asTest(e);
  if (test.parts) {
    const { operator, left, right } = test.parts;
    const turned = comparisons[operator];
    const integers = (left.int32 || left.uint32) && (right.int32 || right.uint32);
    if (turned && (operator.endsWith("==") || integers)) return binary(turned, left, right);
  }
  return test.negated ?? unary("!", test);
}

// ───────────────────────────────── the operation table's spellings ─────────────────────────────────

export interface Template {
  readonly tree: Expression;
  /** operands that stand in it more than once: they must be names or literals */
  readonly repeated: readonly number[];
  readonly helpers: readonly string[];
}

const templates = new Map<MachineOp, Template>();

export function templateOf(op: MachineOp): Template {
  let template = templates.get(op);
  if (!template) {
    const { js } = ops[op];
    const count = (k: number): number => js.split(`$${k}`).length - 1;
    template = {
      tree: parseExpressionAt(js, 0, { ecmaVersion: 2022 }),
      repeated: [0, 1, 2].filter((k) => count(k) > 1),
      helpers: js.match(/\$[A-Za-z]\w*/g) ?? [],
    };
    templates.set(op, template);
  }
  return template;
}

/** The row's spelling with these operands. */
export function apply(op: MachineOp, args: readonly Expr[]): Expr {
  const row = ops[op];
  const expr = build(templateOf(op).tree, args, "value");
  return row.result === "i32" && !expr.int32 ? { ...expr, int32: true, integer: 31 } : expr;
}

/** Where an operand stands: its value matters, only its ToInt32 does, or it is a term of a sum of which only the ToInt32 matters. */
type Position = "value" | "bits" | "term";

function build(node: Expression, args: readonly Expr[], position: Position): Expr {
  switch (node.type) {
    case "Identifier": {
      const operand = /^\$(\d)$/.exec(node.name);
      if (!operand) return variable(node.name, "other");
      const expr = args[Number(operand[1])]!;
      const { bits } = expr;
      return bits && (position === "bits" || position === "term" && bits.integer) ? bits : expr;
    }
    case "Literal": return literal((node as { bigint?: string }).bigint !== undefined ? BigInt((node as { bigint: string }).bigint) : node.value as number);
    case "UnaryExpression": return unary(node.operator as "-" | "+" | "!" | "~", build(node.argument, args, "value"));
    case "BinaryExpression": {
      const sum = node.operator === "+" || node.operator === "-";
      const inner: Position = bitwise.has(node.operator) ? "bits" : sum && position !== "value" ? "term" : "value";
      const left = build(node.left as Expression, args, inner);
      const right = build(node.right, args, inner);
      const expr = binary(node.operator, left, right);
      // too many bits for an exact sum: with the operands' own values it is exact again
      return inner === "term" && !expr.integer ? binary(node.operator, build(node.left as Expression, args, "value"), build(node.right, args, "value")) : expr;
    }
    case "ConditionalExpression":
      return conditional(build(node.test, args, "value"), build(node.consequent, args, "value"), build(node.alternate, args, "value"));
    case "CallExpression": {
      const callee = node.callee;
      const name = callee.type === "MemberExpression" ? `${(callee.object as { name: string }).name}.${(callee.property as { name: string }).name}` : (callee as { name: string }).name;
      const inner: Position = name === "Math.imul" || name === "Math.clz32" ? "bits" : "value";
      const operands = node.arguments.map((a) => build(a as Expression, args, inner));
      return call(name, operands, name === "Math.fround" ? { rounded: operands[0]! } : {});
    }
    default: throw new Error(`Invariant: the operation table spells something with ${node.type}`);
  }
}
