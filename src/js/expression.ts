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

/** An expression. Made by the functions below and never changed afterwards; a class so that all have one shape. */
export class Expr {
  readonly text: string;
  readonly precedence: number;
  /** reads memory: must not be moved over a write */
  readonly reads: boolean;
  /** the loop variables in it, which an assignment would change */
  readonly variables: readonly string[];
  /** an integer of at most so many bits besides the sign, never −0 by any operation here; 0: not known to be one */
  integer = 0;
  /** its value is an int32 */
  int32 = false;
  /** its value is a uint32 */
  uint32 = false;
  /** its value is true or false */
  boolean = false;
  literal = false;
  /** shorter, and the same after ToInt32 */
  bits: Expr | null = null;
  /** a boolean expression with the same truthiness */
  test: Expr | null = null;
  /** what it is the `!` of */
  negated: Expr | null = null;
  /** the double that it rounds to float32 */
  rounded: Expr | null = null;
  /** what it was made of, where it is `left operator right`; "" elsewhere */
  operator = "";
  left: Expr | null = null;
  right: Expr | null = null;

  constructor(text: string, precedence: number, reads: boolean, variables: readonly string[]) {
    this.text = text;
    this.precedence = precedence;
    this.reads = reads;
    this.variables = variables;
  }
}

/** What a maker knows of an expression's value. */
function integer(e: Expr, bits: number): Expr { e.integer = bits; return e; }
export function int32(e: Expr, bits = 31): Expr { e.integer = bits; e.int32 = true; return e; }
export function uint32(e: Expr): Expr { e.integer = 32; e.uint32 = true; return e; }

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
  const e = new Expr(text, atomPrecedence, false, mutable ? [text] : none);
  return type === "i32" ? int32(e) : e;
}

/** A number or bigint as a literal; −0, NaN and the infinities too. */
export function literal(value: number | bigint): Expr {
  const text = typeof value === "bigint" ? `${value}n` : Object.is(value, -0) ? "-0" : String(value);
  const e = new Expr(text, text.startsWith("-") ? unaryPrecedence : atomPrecedence, false, none);
  e.literal = true;
  return typeof value === "number" && Object.is(value | 0, value) ? int32(e) : e;
}

const paren = (e: Expr, least: number): string => (e.precedence < least ? `(${e.text})` : e.text);
const joined = (a: readonly string[], b: readonly string[]): readonly string[] => (a.length === 0 ? b : b.length === 0 ? a : [...a, ...b]);

/** An element of an array: `text` is `array[index]`. */
export const element = (text: string, index: Expr, reads: boolean): Expr => new Expr(text, postfixPrecedence, reads || index.reads, index.variables);

export function call(callee: string, args: readonly Expr[], reads = false): Expr {
  return new Expr(`${callee}(${args.map((a) => a.text).join(", ")})`, postfixPrecedence, reads || args.some((a) => a.reads), args.reduce((all, a) => joined(all, a.variables), none));
}

export function unary(operator: string, operand: Expr): Expr {
  const inner = paren(operand, unaryPrecedence);
  const e = new Expr(inner.startsWith(operator) ? `${operator}(${inner})` : operator + inner, unaryPrecedence, operand.reads, operand.variables);
  if (operator === "!") {
    e.boolean = true;
    e.negated = operand;
  } else if (operator === "+" && operand.boolean) { // +(a < b): 0 or 1; where only the truth or the bits matter, the comparison itself will do
    e.test = e.bits = operand;
    return int32(e, 1);
  }
  return e;
}

export function binary(operator: string, left: Expr, right: Expr): Expr {
  const zero = right.text === "0";
  const leftTruth = zero || bitwise.has(operator) ? truth(left) : null;
  if (zero) {
    // 1. nothing to do: an int32 already, an integer sum
    if ((operator === "|" || operator === "+" || operator === "<<") && left.int32) return left;
    if (operator === ">>>" && left.uint32) return left;
    if (operator === ">>>" && left.bits?.uint32) return left.bits;
    // 2. a truth value compared with 0
    if (operator === "===" && leftTruth) return negate(leftTruth);
    if (operator === "!==" && leftTruth) return leftTruth;
  }
  // 3. the text
  const own = binaryPrecedence[operator]!;
  const leftText = clear(operator, left, paren(left, operator === "**" ? postfixPrecedence : own));
  const rightText = clear(operator, right, paren(right, operator === "**" ? own : own + 1));
  const e = new Expr(`${leftText} ${operator} ${rightText}`, own, left.reads || right.reads, joined(left.variables, right.variables));
  e.operator = operator;
  e.left = left;
  e.right = right;
  // 4. what is known of it
  switch (operator) {
    case "+": case "-": {
      const bits = left.integer && right.integer ? Math.max(left.integer, right.integer) + 1 : 0;
      return bits <= exactBits ? integer(e, bits) : e;
    }
    case "|": case "&": case "^": case "<<": case ">>": {
      if (operator === "|" && zero) { e.bits = left; return int32(e); }
      // with truths on both sides, `test` is lazy where the value is not: operands are pure, so nobody can tell
      const tests = operator === "&" ? "&&" : operator === "|" ? "||" : null;
      const rightTruth = truth(right);
      if (tests && leftTruth && rightTruth) e.test = binary(tests, leftTruth, rightTruth);
      return int32(e);
    }
    case ">>>": return uint32(e);
    default:
      e.boolean = operator === "&&" || operator === "||" || operator in comparisons;
      return e;
  }
}

/** A boolean expression as true as this one, if there is one. */
const truth = (e: Expr): Expr | null => (e.boolean ? e : e.test);

/** Parentheses that the grammar does not need but a reader does: comparisons and sums among bit operations, && within ||. */
function clear(operator: string, operand: Expr, text: string): string {
  const inner = operand.operator;
  if (inner === "" || text.length > operand.text.length) return text;
  const confusing = bitwise.has(operator) ? inner !== operator : operator === "||" && inner === "&&";
  return confusing ? `(${text})` : text;
}

export function conditional(test: Expr, then: Expr, otherwise: Expr): Expr {
  const cond = asTest(test);
  const e = new Expr(
    `${paren(cond, conditionalPrecedence + 1)} ? ${paren(then, conditionalPrecedence)} : ${paren(otherwise, conditionalPrecedence)}`, conditionalPrecedence,
    cond.reads || then.reads || otherwise.reads, joined(cond.variables, joined(then.variables, otherwise.variables)),
  );
  e.integer = then.integer && otherwise.integer ? Math.max(then.integer, otherwise.integer) : 0;
  e.int32 = then.int32 && otherwise.int32;
  return e;
}

/** The expression where only its truthiness matters. */
export const asTest = (e: Expr): Expr => e.test ?? e;

/** The opposite truth. Only comparisons of integers may be turned round: !(NaN < 1) is not NaN >= 1. */
export function negate(e: Expr): Expr {
  const test = asTest(e);
  const turned = comparisons[test.operator];
  if (turned) {
    const { left, right } = test as { left: Expr; right: Expr };
    const integers = (left.int32 || left.uint32) && (right.int32 || right.uint32);
    if (test.operator.endsWith("==") || integers) return binary(turned, left, right);
  }
  return test.negated ?? unary("!", test);
}

// ───────────────────────────────── the operation table's spellings ─────────────────────────────────

type Spell = (args: readonly Expr[]) => Expr;

export interface Template {
  readonly spell: Spell;
  /** by operand: it stands there more than once, and must be a name or a literal */
  readonly repeated: readonly boolean[];
  readonly helpers: readonly string[];
}

const templates = new Map<MachineOp, Template>();

/** The row's spelling, made ready once. */
export function templateOf(op: MachineOp): Template {
  let template = templates.get(op);
  if (!template) {
    const { js, args, result } = ops[op];
    const spell = compile(parseExpressionAt(js, 0, { ecmaVersion: 2022 }), "value");
    template = {
      // an i32 that the spelling does not show to be one: by the table it is
      spell: result !== "i32" ? spell : (operands) => { const e = spell(operands); return e.int32 ? e : asInt32(e); },
      repeated: args.map((_, k) => js.split(`$${k}`).length > 2),
      helpers: js.match(/\$[A-Za-z]\w*/g) ?? [],
    };
    templates.set(op, template);
  }
  return template;
}

/** The same expression known to be an int32. (A copy: the operand that it may be keeps its own facts.) */
function asInt32(e: Expr): Expr { return int32(Object.assign(new Expr(e.text, e.precedence, e.reads, e.variables), e)); }

/** Where an operand stands: its value matters, only its ToInt32 does, or it is a term of a sum of which only the ToInt32 matters. */
type Position = "value" | "bits" | "term";

function compile(node: Expression, position: Position): Spell {
  switch (node.type) {
    case "Identifier": {
      const operand = /^\$(\d)$/.exec(node.name);
      if (!operand) { const global = variable(node.name, "other"); return () => global; }
      const k = Number(operand[1]);
      switch (position) {
        case "value": return (args) => args[k]!;
        case "bits": return (args) => args[k]!.bits ?? args[k]!;
        case "term": return (args) => { const { bits } = args[k]!; return bits?.integer ? bits : args[k]!; };
      }
    }
    case "Literal": {
      const value = literal((node as { bigint?: string }).bigint !== undefined ? BigInt((node as { bigint: string }).bigint) : node.value as number);
      return () => value;
    }
    case "UnaryExpression": {
      const { operator } = node;
      const operand = compile(node.argument, "value");
      return (args) => unary(operator, operand(args));
    }
    case "BinaryExpression": {
      const { operator } = node;
      const sum = operator === "+" || operator === "-";
      const inner: Position = bitwise.has(operator) ? "bits" : sum && position !== "value" ? "term" : "value";
      const [left, right] = [compile(node.left as Expression, inner), compile(node.right, inner)];
      if (inner !== "term") return (args) => binary(operator, left(args), right(args));
      // too many bits for an exact sum: with the operands' own values it is exact again
      const [leftValue, rightValue] = [compile(node.left as Expression, "value"), compile(node.right, "value")];
      return (args) => { const e = binary(operator, left(args), right(args)); return e.integer ? e : binary(operator, leftValue(args), rightValue(args)); };
    }
    case "ConditionalExpression": {
      const [test, then, otherwise] = [node.test, node.consequent, node.alternate].map((part) => compile(part, "value")) as [Spell, Spell, Spell];
      return (args) => conditional(test(args), then(args), otherwise(args));
    }
    case "CallExpression": {
      const callee = node.callee;
      const name = callee.type === "MemberExpression" ? `${(callee.object as { name: string }).name}.${(callee.property as { name: string }).name}` : (callee as { name: string }).name;
      const inner: Position = name === "Math.imul" || name === "Math.clz32" ? "bits" : "value";
      const operands = node.arguments.map((a) => compile(a as Expression, inner));
      return (args) => {
        const own = operands.map((operand) => operand(args));
        const e = call(name, own);
        if (name === "Math.fround") e.rounded = own[0]!;
        return e;
      };
    }
    default: throw new Error(`Invariant: the operation table spells something with ${node.type}`);
  }
}
