// TypeScript → JavaScript: blanks in the place of types, so that every line, and nearly every column, stays where it is.
//
// Before: the text of a module or script. After: the text that runs. What TypeScript compiles to code (enums, parameters that are properties) is
// written as it writes it, for modern targets (fields are defined, not assigned); an import of which nothing is used as a value is gone, as there.
// Guarantees: the result parses as JavaScript; statements end where they did (a semicolon stands where types held two lines apart). Throws a Refusal,
// with the place, for what no erasure gives: namespaces with values, decorators, `import x = …`, `export =`, JSX.
//
// Whoever has JavaScript alone never loads this file, nor the parser's plugin.

import { tsPlugin } from "@sveltejs/acorn-typescript";
import { parse as parseJavaScript, Parser, type Options } from "acorn";
import { diagnose, Refusal, type SourceText } from "../diagnostic.ts";
import { writeEnum, type EnumDeclaration } from "./enums.ts";

/** A node of the plugin's tree; acorn's types do not know these. */
export interface TsNode { readonly type: string; readonly start: number; readonly end: number; readonly [key: string]: unknown }

const options: Options = { ecmaVersion: "latest", sourceType: "module", allowHashBang: true };

/** `line` and `column` of the source are where the text starts in its file. */
export function eraseTypes(source: SourceText): string {
  const { text, file } = source;
  const TsParser = Parser.extend(tsPlugin({ jsx: file?.endsWith(".tsx") ?? false }) as never);
  const tree = parsed(source, () => TsParser.parse(text, { ...options, locations: true })) as unknown as TsNode; // the plugin needs the locations itself
  const result = new Eraser(source, tree).run();
  parsed({ ...source, text: result }, () => parseJavaScript(result, options));
  return result;
}

function parsed<T>(source: SourceText, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at = "pos" in error && typeof error.pos === "number" ? error.pos : 0;
    throw new Refusal(diagnose("Unsupported", `the source does not parse: ${error.message.replace(/ \(\d+:\d+\)$/, "")}`, "write what both TypeScript and acorn read", source, at));
  }
}

const isNode = (value: unknown): value is TsNode => typeof value === "object" && value !== null && typeof (value as TsNode).type === "string" && typeof (value as TsNode).start === "number";
const nodes = (value: unknown): TsNode[] => (Array.isArray(value) ? value.filter(isNode) : []);
const nameOf = (node: TsNode): string => String(node["name"] ?? node["value"]);

/** Types as a whole: nothing in them is looked at. */
const types = new Set(["TSTypeAnnotation", "TSTypeParameterDeclaration", "TSTypeParameterInstantiation"]);
/** Statements, and members of classes, that are types alone. */
const typeStatements = new Set(["TSInterfaceDeclaration", "TSTypeAliasDeclaration", "TSDeclareFunction", "TSNamespaceExportDeclaration", "TSIndexSignature"]);
/** What names declared in it belong to. */
const scopes = new Set(["Program", "BlockStatement", "StaticBlock", "SwitchStatement"]);
const modifiers = new Set(["public", "private", "protected", "readonly", "override", "declare", "abstract"]);

type Handler = (eraser: Eraser, node: TsNode) => void;

/** What is done about a node; without a row its children are looked at, and TypeScript's own are refused. */
const handlers: Readonly<Record<string, Handler>> = {
  ImportDeclaration: (e, node) => e.imports.push(node),
  ExportNamedDeclaration: (e, node) => e.exported(node),
  ExportAllDeclaration: (e, node) => { if (node["exportKind"] === "type") e.blankStatement(node); },
  ExportDefaultDeclaration: (e, node) => { if (e.isType(node["declaration"] as TsNode)) e.blankStatement(node); else e.children(node); },
  TSModuleDeclaration: (e, node) => e.refuse(node, "a namespace with values", "make a module of it, or an object"),
  TSImportEqualsDeclaration: (e, node) => { if (node["importKind"] === "type") e.blankStatement(node); else e.refuse(node, "`import … = …`", "write `import … from …`"); },
  TSExportAssignment: (e, node) => e.refuse(node, "`export =`", "write `export default`"),
  JSXElement: (e, node) => e.refuse(node, "JSX", "keep the kernel in a file of its own"),
  JSXFragment: (e, node) => e.refuse(node, "JSX", "keep the kernel in a file of its own"),
  Decorator: (e, node) => e.refuse(node, "a decorator", "call it as a function"),
  TSEnumDeclaration: (e, node) => e.enumeration(node as EnumDeclaration),
  TSAsExpression: (e, node) => e.behind(node),
  TSSatisfiesExpression: (e, node) => e.behind(node),
  TSNonNullExpression: (e, node) => { e.visit(node["expression"] as TsNode); e.blank(e.last(node["expression"] as TsNode, node.end), node.end); },
  TSInstantiationExpression: (e, node) => e.children(node), // the types behind it go
  TSTypeAssertion: (e, node) => e.assertion(node),
  TSParameterProperty: (e, node) => { const inner = node["parameter"] as TsNode; e.modifiersOf(node, ((inner["left"] as TsNode | undefined) ?? inner).start); e.visit(inner); },
  ArrowFunctionExpression: (e, node) => { e.children(node); e.arrow(node); },
  FunctionDeclaration: (e, node) => { e.children(node); e.withoutThis(node); },
  FunctionExpression: (e, node) => { e.children(node); e.withoutThis(node); },
  ClassDeclaration: (e, node) => e.classLike(node),
  ClassExpression: (e, node) => e.classLike(node),
  MethodDefinition: (e, node) => e.member(node),
  PropertyDefinition: (e, node) => e.member(node),
  AccessorProperty: (e, node) => e.refuse(node, "an `accessor` field", "write a getter and a setter"),
  MemberExpression: (e, node) => { e.visit(node["object"] as TsNode); if (node["computed"] === true) e.visit(node["property"] as TsNode); },
  Property: (e, node) => { if (node["computed"] === true) e.visit(node["key"] as TsNode); e.visit(node["value"] as TsNode); },
  Identifier: (e, node) => e.identifier(node),
  ObjectPattern: (e, node) => e.pattern(node),
  ArrayPattern: (e, node) => e.pattern(node),
  VariableDeclarator: (e, node) => { if (node["definite"] === true) e.mark("!", e.annotationOf(node["id"] as TsNode)!.start); e.children(node); },
};

class Eraser {
  readonly imports: TsNode[] = [];
  private readonly source: SourceText;
  private readonly tree: TsNode;
  /** the text, a piece for each of its characters */
  private readonly out: string[];
  /** names that stand where a value does */
  private readonly values = new Set<string>();
  /** names that only types have */
  private readonly typeNames = new Set<string>();
  /** of each scope around the node: its enums, and which of their members are strings */
  private readonly enums: Map<string, Map<string, boolean>>[] = [];

  constructor(source: SourceText, tree: TsNode) {
    this.source = source;
    this.tree = tree;
    this.out = source.text.split("");
  }

  run(): string {
    for (const statement of nodes(this.tree["body"])) {
      const declared = (statement["declaration"] as TsNode | null | undefined) ?? statement;
      if (this.isType(declared) && isNode(declared["id"])) this.typeNames.add(nameOf(declared["id"]));
      if (statement.type === "ImportDeclaration") for (const one of nodes(statement["specifiers"])) if (statement["importKind"] === "type" || one["importKind"] === "type") this.typeNames.add(nameOf(one["local"] as TsNode));
    }
    for (const statement of nodes(this.tree["body"])) { // a name may be a type and a value
      const declared = (statement["declaration"] as TsNode | null | undefined) ?? statement;
      if (this.isType(declared)) continue;
      if (isNode(declared["id"])) this.typeNames.delete(nameOf(declared["id"]));
      for (const { id } of nodes(declared["declarations"])) if (isNode(id) && id.type === "Identifier") this.typeNames.delete(nameOf(id));
    }
    this.children(this.tree);
    for (const node of this.imports) this.imported(node);
    return this.out.join("");
  }

  refuse(node: TsNode, what: string, hint: string): never {
    throw new Refusal(diagnose("Unsupported", `TypeScript that is more than types: ${what}`, hint, this.source, node.start, node.end));
  }

  visit(node: TsNode): void {
    for (const decorator of nodes(node["decorators"])) this.visit(decorator);
    if (types.has(node.type)) this.blank(node.start, node.end);
    else if (this.isType(node)) this.blankStatement(node);
    else if (Object.hasOwn(handlers, node.type)) handlers[node.type]!(this, node);
    else if (node.type.startsWith("TS")) this.refuse(node, node.type.slice(2), "write it in JavaScript");
    else this.children(node);
  }

  children(node: TsNode): void {
    const isScope = scopes.has(node.type);
    if (isScope) this.enums.push(new Map());
    for (const [key, value] of Object.entries(node)) {
      if (key === "decorators") continue;
      if (isNode(value)) this.visit(value);
      else for (const one of nodes(value)) this.visit(one);
    }
    if (isScope) this.enums.pop();
  }

  /** Is the statement one that leaves nothing? */
  isType(node: TsNode): boolean {
    if (typeStatements.has(node.type) || node["declare"] === true) return node.type !== "PropertyDefinition";
    if (node.type !== "TSModuleDeclaration") return false;
    const body = node["body"] as TsNode | undefined;
    if (body === undefined) return true;
    if (body.type === "TSModuleDeclaration") return this.isType(body);
    return nodes(body["body"]).every((inner) => inner["exportKind"] === "type" || this.isType((inner["declaration"] as TsNode | null | undefined) ?? inner));
  }

  // ───────────────────────────────── text ─────────────────────────────────

  blank(start: number, end: number): void {
    for (let at = start; at < end; at++) if (!/[\n\r\u2028\u2029]/.test(this.source.text[at]!)) this.out[at] = " ";
  }

  /** A semicolon stays: what follows is no part of what stands before. */
  blankStatement(node: TsNode): void {
    this.blank(node.start, node.end);
    this.out[node.start] = ";";
  }

  put(at: number, text: string): void { this.out[at] = text; }
  append(at: number, text: string): void { this.out[at] += text; }
  written(start: number, end: number): string { return this.out.slice(start, end).join(""); }

  /** Where the next token begins, comments passed over. */
  private next(at: number): number {
    const space = /(?:\s|\/\/.*|\/\*[^]*?\*\/)*/y;
    space.lastIndex = at;
    return at + space.exec(this.source.text)![0].length;
  }

  /** Where an expression ends, the parentheses around it passed: they are no nodes. */
  last(node: TsNode, most: number): number {
    let end = node.end;
    for (let at = this.next(end); at < most && this.source.text[at] === ")"; at = this.next(end)) end = at + 1;
    return end;
  }

  /** Blanks a `?` or `!` that is the last token before `end`. */
  mark(sign: "?" | "!", end: number): void {
    const at = this.source.text.lastIndexOf(sign, end - 1);
    if (at >= 0) this.blank(at, at + 1);
  }

  annotationOf(node: TsNode): TsNode | undefined { return node["typeAnnotation"] as TsNode | undefined; }

  // ───────────────────────────────── expressions ─────────────────────────────────

  /** `x as T`, `x satisfies T`: what stands on the next line would be a part of x if it began with a bracket. */
  behind(node: TsNode): void {
    const inner = node["expression"] as TsNode;
    this.visit(inner);
    const start = this.last(inner, node.end), follows = this.next(node.end);
    this.blank(start, node.end);
    if (/[\n\r]/.test(this.source.text.slice(node.end, follows)) && "([`".includes(this.source.text[follows] ?? " ")) this.put(this.next(start), ";");
  }

  /** `<T>x` becomes `(   x)`: neither a new line nor a brace may come to stand first. */
  assertion(node: TsNode): void {
    const inner = node["expression"] as TsNode;
    this.blank(node.start, this.source.text.lastIndexOf(">", inner.start - 1) + 1);
    this.put(node.start, "(");
    this.visit(inner);
    this.append(node.end - 1, ")");
  }

  identifier(node: TsNode): void {
    this.values.add(nameOf(node));
    this.pattern(node);
  }

  pattern(node: TsNode): void {
    if (node["optional"] === true) this.mark("?", this.annotationOf(node)?.start ?? node.end);
    this.children(node);
  }

  /** No new line may stand before `=>`: the parenthesis goes behind it. */
  arrow(node: TsNode): void {
    const { returnType } = node;
    if (isNode(returnType) && /[\n\r]/.test(this.source.text.slice(returnType.start, returnType.end))) {
      const close = this.source.text.lastIndexOf(")", returnType.start - 1);
      this.blank(close, close + 1);
      this.put(returnType.end - 1, ")");
    }
  }

  /** The parameter `this` is a type. */
  withoutThis(node: TsNode): void {
    const [first] = nodes(node["params"]);
    if (first?.type !== "Identifier" || first["name"] !== "this") return;
    const behind = this.next(first.end);
    this.blank(first.start, this.source.text[behind] === "," ? behind + 1 : first.end);
  }

  // ───────────────────────────────── declarations ─────────────────────────────────

  enumeration(node: EnumDeclaration): void {
    const name = nameOf(node.id), scope = this.enums.at(-1)!, known = scope.get(name) ?? new Map<string, boolean>();
    const isMore = scope.has(name), declares = isMore ? "" : this.enums.length === 1 ? "var " : "let ";
    for (const { initializer } of node.members) if (initializer) this.visit(initializer);
    const text = writeEnum(node, isMore ? name : "{}", known, (part) => this.written(part.start, part.end));
    scope.set(name, known);
    this.replace(node.start, node.end, `${declares}${name} = ${text};`);
  }

  exported(node: TsNode): void {
    const declaration = node["declaration"] as TsNode | null;
    if (declaration && (node["exportKind"] === "type" || this.isType(declaration))) { this.blankStatement(node); return; }
    if (declaration) {
      if (declaration.type !== "TSEnumDeclaration") { this.visit(declaration); return; }
      const isMore = this.enums[0]!.has(nameOf(declaration["id"] as TsNode)); // it is exported already
      this.enumeration(declaration as EnumDeclaration);
      if (isMore) this.blank(node.start, declaration.start);
      return;
    }
    const specifiers = nodes(node["specifiers"]);
    const kept = specifiers.filter((one) => one["exportKind"] !== "type" && (isNode(node["source"]) || !this.typeNames.has(nameOf(one["local"] as TsNode))));
    if (node["exportKind"] === "type" || (kept.length === 0 && specifiers.length > 0)) { this.blankStatement(node); return; }
    if (!isNode(node["source"])) for (const one of kept) this.values.add(nameOf(one["local"] as TsNode));
    if (kept.length === specifiers.length) return;
    const open = this.source.text.indexOf("{", node.start), close = this.source.text.lastIndexOf("}", isNode(node["source"]) ? node["source"].start : node.end);
    this.replace(open, close + 1, `{ ${kept.map((one) => this.source.text.slice(one.start, one.end)).join(", ")} }`);
  }

  /** After all else: an import of a name that stands nowhere for a value is one of types. */
  private imported(node: TsNode): void {
    const specifiers = nodes(node["specifiers"]);
    if (specifiers.length === 0 && node["importKind"] !== "type") return; // for its effects
    const kept = node["importKind"] === "type" ? [] : specifiers.filter((one) => one["importKind"] !== "type" && this.values.has(nameOf(one["local"] as TsNode)));
    if (kept.length === 0) { this.blankStatement(node); return; }
    if (kept.length === specifiers.length) return;
    const words = (one: TsNode): string => this.source.text.slice(one.start, one.end);
    const named = kept.filter(({ type }) => type === "ImportSpecifier"), others = kept.filter(({ type }) => type !== "ImportSpecifier");
    const clause = [...others.map(words), ...(named.length > 0 ? [`{ ${named.map(words).join(", ")} }`] : [])].join(", ");
    this.replace(node.start, (node["source"] as TsNode).start, `import ${clause} from `);
  }

  /** Other text in the place of a piece; the lines stay, and where there is room the columns behind it too. */
  private replace(start: number, end: number, text: string): void {
    this.blank(start, end);
    let room = start;
    while (room < end && this.out[room] === " ") room++;
    const fits = Math.min(room - start, text.length) - 1;
    for (let i = 0; i < fits; i++) this.put(start + i, text[i]!);
    this.put(start + fits, text.slice(fits));
  }

  // ───────────────────────────────── classes ─────────────────────────────────

  classLike(node: TsNode): void {
    const body = node["body"] as TsNode;
    if (node["abstract"] === true) this.modifiersOf(node, this.source.text.indexOf("class", node.start));
    const [first] = nodes(node["implements"]);
    if (first) this.blank(this.source.text.lastIndexOf("implements", first.start), body.start);
    for (const [key, value] of Object.entries(node)) if (key !== "implements" && isNode(value)) this.visit(value);
    this.properties(node, body);
  }

  /** Parameters that are properties: fields that the constructor sets. */
  private properties(node: TsNode, body: TsNode): void {
    const maker = nodes(body["body"]).find((one) => one["kind"] === "constructor" && (one["value"] as TsNode).type === "FunctionExpression")?.["value"] as TsNode | undefined;
    const names = nodes(maker?.["params"]).filter(({ type }) => type === "TSParameterProperty").map((one) => {
      const inner = one["parameter"] as TsNode;
      return nameOf((inner["left"] as TsNode | undefined) ?? inner);
    });
    if (names.length === 0) return;
    const inside = maker!["body"] as TsNode, statements = nodes(inside["body"]);
    const isSuper = (one: TsNode): boolean => ((one["expression"] as TsNode | undefined)?.["callee"] as TsNode | undefined)?.type === "Super";
    const after = node["superClass"] ? statements.find(isSuper) : statements.findLast((one) => typeof one["directive"] === "string");
    if (node["superClass"] && !after) this.refuse(maker!, "parameters that are properties, where super() is no statement of its own", "set the fields in the constructor");
    this.append(body.start, ` ${names.map((name) => `${name};`).join(" ")}`);
    this.append(after ? after.end - 1 : inside.start, `${after ? ";" : ""} ${names.map((name) => `this.${name} = ${name};`).join(" ")}`);
  }

  member(node: TsNode): void {
    const key = node["key"] as TsNode, value = node["value"] as TsNode | null;
    if (node["declare"] === true || node["abstract"] === true || value?.type === "TSDeclareMethod" || value?.type === "TSEmptyBodyFunctionExpression") { this.blankStatement(node); return; }
    this.modifiersOf(node, key.start);
    if (node["computed"] === true) this.visit(key);
    if (node["optional"] === true || node["definite"] === true) {
      const at = this.next(node["computed"] === true ? this.source.text.indexOf("]", key.end) + 1 : key.end);
      this.blank(at, at + 1);
    }
    for (const [name, part] of Object.entries(node)) if (name !== "key" && isNode(part)) this.visit(part);
  }

  /** Blanks the words before `end` that are TypeScript's; a semicolon stays for a member whose name might belong to the line before. */
  modifiersOf(node: TsNode, end: number): void {
    const isMember = node.type === "PropertyDefinition" || node.type === "MethodDefinition";
    for (let at = node.start; at < end; at = this.next(at)) {
      const [word] = /^[\w$]+|^/.exec(this.source.text.slice(at, end))!;
      if (word === "") at++;
      else if (modifiers.has(word)) {
        this.blank(at, at + word.length);
        if (isMember && at === node.start) this.put(at, ";");
      }
      at += word.length;
    }
  }
}
