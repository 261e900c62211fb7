// Ways to make a kernel's source smaller: replacements of a piece of the text, found on its syntax tree. Nothing here promises that
// the result still parses or means something: the shrinker tries, and keeps what still fails.
//
//   statement            → nothing, or what it holds (an if its arm, a loop its body)
//   expression           → an operand, 0, 1, true
//   literal              → 0, 1, fewer digits
//   a = in a compound    → a plain assignment
//   declarator, property, element, case → nothing

import { parseExpressionAt, type AnyNode, type Function as FunctionNode } from "acorn";

export interface Edit { readonly start: number; readonly end: number; readonly text: string }

/** The function that the source is; offsets are those of the source. */
export function parseKernel(source: string): FunctionNode {
  const node = parseExpressionAt(`(${source})`, 1, { ecmaVersion: 2022 });
  const kernel = node.type === "CallExpression" ? returned(node.callee) : node;
  if (kernel?.type !== "FunctionExpression" && kernel?.type !== "ArrowFunctionExpression" && kernel?.type !== "FunctionDeclaration") throw new SyntaxError("a kernel is a function");
  return kernel as FunctionNode;
}
/** Of a function that is called where it stands, what it returns: the kernel, whose captured variables are around it. */
function returned(callee: AnyNode): AnyNode | null | undefined {
  const { body } = callee as FunctionNode;
  const all = body?.type === "BlockStatement" ? body.body : [], last = all.at(-1), given = last?.type === "ReturnStatement" ? last.argument : undefined;
  return given?.type === "Identifier" ? all.find((statement) => statement.type === "FunctionDeclaration" && statement.id.name === given.name) : given;
}

export const applyEdit = (source: string, { start, end, text }: Edit): string => source.slice(0, start) + text + source.slice(end);

/** All edits that make the text shorter or simpler, the greatest saving first. */
export function editsOf(source: string): Edit[] {
  const edits: Edit[] = [];
  new Walker(source, edits).visit(parseKernel(source).body);
  return edits.toSorted((a, b) => saving(b) - saving(a));
}
export const saving = ({ start, end, text }: Edit): number => end - start - text.length;

/** The source without parameter `index`. */
export function withoutParam(source: string, index: number): string {
  const { params } = parseKernel(source);
  const at = (k: number): { start: number; end: number } => ({ start: params[k]!.start - 1, end: params[k]!.end - 1 });
  const [from, to] = index + 1 < params.length ? [at(index).start, at(index + 1).start] : index > 0 ? [at(index - 1).end, at(index).end] : [at(0).start, at(0).end];
  return source.slice(0, from) + source.slice(to);
}

export const paramNames = (source: string): string[] => parseKernel(source).params.map((p) => source.slice(p.start - 1, p.end - 1));

/**
 * The source with `$step()` called at every turn of a loop and at every call of a function: a candidate may loop for ever where its
 * counter was cut away, and must be stopped.
 */
export function withSteps(source: string): string {
  const inserts: { at: number; text: string }[] = [];
  const visit = (node: AnyNode): void => {
    const body = "body" in node && !Array.isArray(node.body) ? node.body as AnyNode : null;
    const turns = /^(?:For|While|DoWhile|ForOf|ForIn)Statement$|^Function/.test(node.type);
    if (turns && body) {
      if (body.type === "BlockStatement") inserts.push({ at: body.start, text: " $step();" });
      else inserts.push({ at: body.start - 1, text: "{ $step(); " }, { at: body.end - 1, text: " }" });
    }
    for (const child of children(node)) visit(child.node);
  };
  visit(parseKernel(source) as AnyNode);
  let out = source;
  for (const { at, text } of inserts.toSorted((a, b) => b.at - a.at)) out = out.slice(0, at) + text + out.slice(at);
  return out;
}

interface Child { readonly node: AnyNode; readonly key: string }

function children(node: AnyNode): Child[] {
  const out: Child[] = [];
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    for (const item of Array.isArray(value) ? value : [value]) if (isNode(item)) out.push({ node: item, key });
  }
  return out;
}
const isNode = (value: unknown): value is AnyNode => typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
const isExpression = (node: AnyNode): boolean => /Expression$|^Identifier$|^Literal$/.test(node.type);
const isStatement = (node: AnyNode): boolean => /Statement$|Declaration$/.test(node.type);

/** Places where an expression's node is no value: names, and what is assigned to. */
const names: Readonly<Record<string, readonly string[]>> = {
  VariableDeclarator: ["id"], AssignmentExpression: ["left"], UpdateExpression: ["argument"], FunctionDeclaration: ["id", "params"], FunctionExpression: ["id", "params"],
  ArrowFunctionExpression: ["params"], LabeledStatement: ["label"], BreakStatement: ["label"], ContinueStatement: ["label"], ForOfStatement: ["left"], ForInStatement: ["left"],
  CallExpression: ["callee"], NewExpression: ["callee"],
};

class Walker {
  private readonly source: string;
  private readonly edits: Edit[];
  constructor(source: string, edits: Edit[]) { this.source = source; this.edits = edits; }

  private text(node: AnyNode): string { return this.source.slice(node.start - 1, node.end - 1); }
  private replace(node: AnyNode, text: string): void {
    if (this.text(node) !== text) this.edits.push({ start: node.start - 1, end: node.end - 1, text });
  }
  /** what a block holds, a statement as it is */
  private inner(node: AnyNode): string { return node.type === "BlockStatement" ? this.text(node).slice(1, -1).trim() : this.text(node); }

  visit(node: AnyNode): void {
    for (const { node: child, key } of children(node)) {
      if (names[node.type]?.includes(key) || key === "property" && !(node as { computed?: boolean }).computed || key === "key") {
        if (child.type === "MemberExpression") this.visit(child); // the index of an element that is assigned to
        continue;
      }
      if (isStatement(child)) this.statement(child, Array.isArray((node as unknown as Record<string, unknown>)[key]));
      else if (isExpression(child) && !(node.type === "ExpressionStatement")) this.expression(child);
      this.visit(child);
    }
    this.lists(node);
  }

  private statement(node: AnyNode, inList: boolean): void {
    if (inList) this.replace(node, "");
    switch (node.type) {
      case "IfStatement":
        this.replace(node, this.inner(node.consequent));
        if (node.alternate) {
          this.replace(node, this.inner(node.alternate));
          this.edits.push({ start: node.consequent.end - 1, end: node.end - 1, text: "" });
        }
        break;
      case "ForStatement":
        if (node.init) this.replace(node, `${this.text(node.init)}; ${this.inner(node.body)}`);
        break;
      case "WhileStatement": case "DoWhileStatement": case "LabeledStatement": this.replace(node, this.inner(node.body)); break;
      case "BlockStatement": if (inList) this.replace(node, this.inner(node)); break;
      case "SwitchStatement": for (const one of node.cases) this.replace(node, one.consequent.map((s) => this.inner(s)).join("\n").replace(/\bbreak;/g, "")); break;
      case "VariableDeclaration":
        if (node.declarations.length === 1 && node.declarations[0]!.init && inList) this.replace(node, `${this.text(node.declarations[0]!.init)};`);
        break;
      default:
    }
  }

  private expression(node: AnyNode): void {
    const own = this.text(node);
    if (node.type === "Literal") { this.literal(node, own); return; }
    for (const simple of ["0", "1", "true"]) if (own.length > simple.length || !/^(?:\d+|true|false)$/.test(own)) this.replace(node, simple);
    if (node.type === "Identifier") return;
    for (const { node: child, key } of children(node)) {
      if (!isExpression(child) || key === "callee" || key === "property" && node.type === "MemberExpression" && !node.computed) continue;
      this.replace(node, /^(?:Identifier|Literal|MemberExpression|CallExpression)$/.test(child.type) ? this.text(child) : `(${this.text(child)})`);
    }
    if (node.type === "AssignmentExpression" && node.operator !== "=") this.replace(node, `${this.text(node.left)} = ${this.text(node.right)}`);
  }

  private literal(node: AnyNode & { value?: unknown }, own: string): void {
    const { value } = node;
    if (typeof value !== "number" || own === "0" || own === "1") return;
    for (const simple of ["0", "1", String(Math.trunc(value)), String(Number(value.toPrecision(1)))]) if (simple.length < own.length || simple === "0" || simple === "1") this.replace(node, simple);
  }

  /** Items of lists that can go: declarators, properties, elements, cases, arguments. */
  private lists(node: AnyNode): void {
    const items = node.type === "VariableDeclaration" ? node.declarations : node.type === "ObjectExpression" ? node.properties
      : node.type === "ArrayExpression" ? node.elements : node.type === "SwitchStatement" ? node.cases : [];
    const list = items as (AnyNode | null)[];
    if (node.type === "SwitchStatement") { for (const one of list) this.replace(one!, ""); return; }
    if (list.length < 2 && node.type === "VariableDeclaration") return;
    list.forEach((item, k) => {
      if (!item) return;
      const next = list[k + 1];
      const before = list[k - 1];
      this.edits.push(next ? { start: item.start - 1, end: next.start - 1, text: "" } : { start: (before ? before.end : item.start) - 1, end: item.end - 1, text: "" });
    });
  }
}
