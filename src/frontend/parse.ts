// Source text → syntax tree. `Function.prototype.toString` gives the text of a declaration, an expression, an arrow, a method, an accessor or
// a class; only some of these stand alone as an expression, so the text is tried inside `(…)`, `({…})` and `(class {…})`.
//
// Guarantees: every offset that leaves this file counts from the start of code.text, whatever was put around it (`Source.place`).
// Async functions and native functions are refused here.

import { parse as parseProgram, parseExpressionAt, type AnyNode, type ArrowFunctionExpression, type ClassDeclaration, type ClassExpression, type Comment, type Expression,
  type FunctionDeclaration, type FunctionExpression, type Options, type Program } from "acorn";
import { diagnose, Refusal } from "../diagnostic.ts";
import type { Code } from "../ir/snapshot.ts";
import type { JsFunction, Place } from "../ir/types.ts";
import { constructorOf } from "./scopes.ts";

export type FunctionNode = FunctionExpression | FunctionDeclaration | ArrowFunctionExpression;
export type ClassNode = ClassExpression | ClassDeclaration;
export type Node = AnyNode;

export interface Parsed {
  readonly source: Source;
  /** the function that the text is; null for a class without a constructor */
  readonly root: FunctionNode | null;
  /** the class that the text is, or null */
  readonly classNode: ClassNode | null;
  readonly kind: JsFunction["kind"];
  readonly name: string;
  readonly comments: readonly Comment[];
}

/** The text as parsed, and places in it. */
export class Source {
  readonly code: Code;
  /** the text with what was put around it: what the tree's offsets count in */
  readonly wrapped: string;
  readonly shift: number;
  private readonly lineStarts: number[] = [0];

  constructor(code: Code, wrapped: string, shift: number) {
    this.code = code;
    this.wrapped = wrapped;
    this.shift = shift;
    const text = code.text;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.lineStarts.push(at + 1);
  }

  place(node: { start: number; end: number }): Place {
    const start = Math.max(0, node.start - this.shift);
    let low = 0, high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= start) low = middle; else high = middle - 1;
    }
    return { line: low + 1, column: start - this.lineStarts[low]! + 1, start, end: Math.min(node.end - this.shift, this.code.text.length) };
  }

  refuse(kind: "Unsupported" | "Todo", message: string, hint: string, node: { start: number; end: number }): never {
    const { start, end } = this.place(node);
    throw new Refusal(diagnose(kind, message, hint, this.code, start, end));
  }
}

const options: Options = {
  ecmaVersion: "latest", sourceType: "script", allowSuperOutsideMethod: true, checkPrivateFields: false, allowImportExportEverywhere: true,
  allowAwaitOutsideFunction: false,
};

/** What may stand around the text, and what kind of function comes out. */
const wrappings = [["(", "\n)"], ["({", "\n})"], ["(class{", "\n})"]] as const;

let last: { readonly code: Code; readonly parsed: Parsed } | null = null;

/** The tree of a text, which nobody may change: whoever asks for the parameters of a kernel is followed by who lowers it. */
export function parse(code: Code): Parsed {
  if (last?.code !== code) last = { code, parsed: parseAnew(code) };
  return last.parsed;
}

function parseAnew(code: Code): Parsed {
  let failure: SyntaxError | undefined;
  let failedIn: Source | undefined;
  let isOther = false;
  if (/\{\s*\[native code\]\s*\}\s*$/.test(code.text)) {
    const everything = { start: 0, end: code.text.length };
    new Source(code, code.text, 0).refuse("Unsupported", "a native function has no source", "hand over a function written in JavaScript", everything);
  }
  for (const [before, after] of wrappings) {
    const comments: Comment[] = [];
    const source = new Source(code, before + code.text + after, before.length);
    let program: Program;
    try {
      program = parseProgram(source.wrapped, { ...options, onComment: comments });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // the error that got furthest belongs to the wrapping that fits
      if (failure === undefined || positionOf(error) - before.length > positionOf(failure) - failedIn!.shift) { failure = error; failedIn = source; }
      continue;
    }
    const parsed = unwrap(source, program, comments);
    if (parsed) return parsed;
    isOther = true;
  }
  const hint = "hand over one function, arrow, method or class";
  if (isOther || !failure || !failedIn) {
    return new Source(code, code.text, 0).refuse("Unsupported", "the text is not one function", hint, { start: 0, end: code.text.length });
  }
  const at = positionOf(failure), message = failure.message.replace(/ \(\d+:\d+\)$/, "");
  return failedIn.refuse("Unsupported", `the source does not parse: ${message}`, hint, { start: at, end: at + 1 });
}

/** The expression that stands at [start, end) of the wrapped text: annotations hold some. */
export function parseExpression(source: Source, start: number, end: number): Expression {
  try {
    const node = parseExpressionAt(source.wrapped.slice(0, end), start, options);
    if (source.wrapped.slice(node.end, end).trim() === "") return node;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return source.refuse("Unsupported", "the annotation's expression does not parse", "write one JavaScript expression, on one line", { start, end });
}

const positionOf = (error: SyntaxError): number => ("pos" in error && typeof error.pos === "number" ? error.pos : 0);

function unwrap(source: Source, program: Program, comments: Comment[]): Parsed | null {
  const [statement] = program.body;
  if (program.body.length !== 1 || statement!.type !== "ExpressionStatement") return null;
  const node = statement.expression;
  const found = (root: FunctionNode, kind: JsFunction["kind"], name: string): Parsed => {
    if (root.async) source.refuse("Unsupported", "an async function", "move the numeric work into an ordinary function and call it", root);
    return { source, root, classNode: null, kind: root.generator ? "generator" : kind, name, comments };
  };
  switch (node.type) {
    case "FunctionExpression": return found(node, "function", node.id?.name ?? "anonymous");
    case "ArrowFunctionExpression": return found(node, "arrow", "anonymous");
    case "ClassExpression": {
      if (source.shift === wrappings[2][0].length) {
        const [member] = node.body.body;
        if (node.body.body.length !== 1 || member?.type !== "MethodDefinition") return null;
        return found(member.value, memberKind(member.kind), keyName(member.key));
      }
      return { source, root: constructorOf(node), classNode: node, kind: node.superClass ? "derived" : "constructor", name: node.id?.name ?? "anonymous", comments };
    }
    case "ObjectExpression": {
      const [member] = node.properties;
      if (node.properties.length !== 1 || member?.type !== "Property" || member.value.type !== "FunctionExpression") return null;
      if (!member.method && member.kind === "init") return null;
      return found(member.value, memberKind(member.kind), keyName(member.key));
    }
    default: return null;
  }
}

const memberKind = (kind: string): JsFunction["kind"] => (kind === "get" ? "getter" : kind === "set" ? "setter" : "method");
const keyName = (key: { type: string }): string =>
  "name" in key && typeof key.name === "string" ? key.name : "value" in key && key.value !== undefined ? String(key.value) : "computed";
