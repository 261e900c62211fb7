// The accepted language: one row a construct. What is "taken" has a handler in expressions.ts, statements.ts or patterns.ts (the types see
// to it); anything else is refused with the row's hint. docs/language.md is written from this table, and every row's example is a test.
//
//   Unsupported   the user can write it otherwise     Todo   our gap

import type { AnyNode, AssignmentOperator, BinaryOperator, UnaryOperator, UpdateOperator } from "acorn";
import type { JsOp } from "../ir/ops.ts";

export type Row =
  | { readonly construct: string; readonly example: string; readonly status: "taken"; readonly note?: string }
  | { readonly construct: string; readonly example: string; readonly status: "Unsupported" | "Todo"; readonly hint: string };

const taken = (construct: string, example: string, note?: string) => ({ construct, example, status: "taken" as const, ...(note === undefined ? {} : { note }) });
const unsupported = (construct: string, example: string, hint: string) => ({ construct, example, status: "Unsupported" as const, hint });
const todo = (construct: string, example: string, hint: string) => ({ construct, example, status: "Todo" as const, hint });

/** An example is the body of a function of `a`, `b` (numbers), `o` (an object {x, y}) and `list` (an array of numbers). */
export const language = {
  // ── expressions ──
  Identifier: taken("variables", "let t = a; return t + b;"),
  Literal: taken("literals: numbers, strings, booleans, null, BigInt, regular expressions", "return [1.5, 0x10, 'x', true, null, 10n].length;", "regular expressions over strings that vary: with the flags u and v they have a version for each string"),
  ThisExpression: taken("this", "return this === undefined ? a : b;"),
  ArrayExpression: taken("array literals, with holes and spreads", "return [a, , ...list, b].length;"),
  ObjectExpression: taken("object literals: fields, shorthands, methods, accessors, __proto__, computed keys, spreads", "return { ...o, a, ['k' + 1]: b, f() { return 1; }, get g() { return this.a; }, __proto__: { h: 2 } }.g;"),
  FunctionExpression: taken("function expressions", "const f = function g(n) { return n > 0 ? n + g(n - 1) : 0; }; return f(5);"),
  ArrowFunctionExpression: taken("arrow functions", "const f = (t) => t * a; return f(b);"),
  UnaryExpression: taken("unary operators: - + ! ~ typeof void delete", "return -a + +b + ~a + (void 0 === undefined) + typeof a;"),
  UpdateExpression: taken("++ and --", "let i = a; const old = i++; --o.x; return old + i + o.x;"),
  BinaryExpression: taken("binary operators", "return (a + b) * (a - b) / (a % b) + (a | b) + a ** 2;"),
  AssignmentExpression: taken("assignments: =, compound, logical", "let t = a; t += b; t <<= 1; o.z ??= t; return o.z;"),
  LogicalExpression: taken("&& || ??", "return (a && b) || (o.none ?? 3);"),
  MemberExpression: taken("property reads and writes: o.x, o[k]", "o.x = o['y'] + list[1]; o[a | 0] = b; return o.x + o[a | 0];", "with keys of run time: indices of objects that have names too, numbers of those that have none, and texts of numbers (`${x},${y}`) and strings of local ones, strings of few others"),
  ConditionalExpression: taken("c ? x : y", "return a < b ? a : b;"),
  CallExpression: taken("calls, with spreads", "const f = (p, q, r) => p - q * r; return f(a, ...list);", "of built-in functions those that give the same for the same, and `Math.random`, of which no two runs are compared"),
  NewExpression: taken("new", "const t = new Float64Array(4); t[1] = a; return t[1];", "also of captured classes that extend Array, not of those that extend another built-in one"),
  SequenceExpression: taken("the comma operator", "let t; return (t = a, t + b);"),
  TemplateLiteral: taken("templates", "return `${a} and ${b}`;"),
  ChainExpression: taken("optional chaining", "return o?.x + (o.none?.x.y ?? 0) + (o.f?.(a) ?? 1);"),
  MetaProperty: taken("new.target", "return new.target === undefined ? a : b;", "import.meta is Unsupported"),
  ParenthesizedExpression: taken("parentheses", "return (a);"),
  SpreadElement: taken("spreads", "return Math.max(...list);"),
  Super: taken("super", "class P { constructor(k) { this.k = k; } m(t) { return t * this.k; } } class Q extends P { constructor() { super(3); } m(t) { return super.m(t) + 1; } } return new Q().m(a);"),
  ClassExpression: taken("classes inside a kernel", "const T = class { x = a; }; return new T().x;"),
  TaggedTemplateExpression: taken("tagged templates", "const f = (s, v) => s.length * v + s.raw[0].length; return f`x${a}y`;"),
  YieldExpression: taken("generators: yield, yield*", "let s = 0; function* g(n) { for (let i = 0; i < n; i++) yield i * a; yield* [b, 1]; } for (const t of g(3)) s += t; return s + [...g(2)].length;", "consumed by for-of, spread, Array.from and patterns that only set variables; yield* of any list"),
  AwaitExpression: unsupported("await", "return (async () => await a)();", "await outside of the kernel and hand in the value"),
  ImportExpression: unsupported("import()", "return import('x');", "import the module outside of the kernel"),
  PrivateIdentifier: taken("private names", "class T { #x = a; #d() { return this.#x * 2; } static is(v) { return #x in v; } get() { this.#x += 1; return this.#d(); } } return T.is(o) ? 0 : new T().get();", "also of objects of captured classes that lie in memory (in lists, replaced in loops), while they stay in the kernel; of other objects too, in arrays as well, where the engine can be asked for a way to them (in Node)"),

  // ── statements ──
  ExpressionStatement: taken("expression statements, directives", "'use strict'; o.x = a; return o.x;"),
  BlockStatement: taken("blocks", "{ let t = a; o.x = t; } return o.x;"),
  EmptyStatement: taken("stray semicolons", ";; return a;"),
  DebuggerStatement: taken("debugger: nothing", "debugger; return a;"),
  ReturnStatement: taken("return, anywhere", "if (a > b) return a; return b;"),
  LabeledStatement: taken("labels", "outer: for (let i = 0; i < 3; i++) for (;;) { if (i > a) break outer; continue outer; } return a;"),
  BreakStatement: taken("break", "for (let i = 0; ; i++) if (!(i <= a)) break; return a;"),
  ContinueStatement: taken("continue", "let s = 0; for (let i = 0; i < 9; i++) { if (i & 1) continue; s += i; } return s;"),
  IfStatement: taken("if", "let t = 0; if (a < b) t = 1; else t = 2; return t;"),
  SwitchStatement: taken("switch: fall through, default anywhere, strings", "let t = 0; switch (a | 0) { default: t = 9; case 1: t += 1; break; case 2: t = 2; } return t;"),
  ThrowStatement: taken("throw", "if (a > 1e9) throw new RangeError('too big'); return a;"),
  TryStatement: taken("try, catch, finally", "try { if (a > b) throw 1; return 0; } catch (e) { return e; } finally { o.x = 1; }"),
  WhileStatement: taken("while", "let i = 0; while (i < 5) i++; return i;"),
  DoWhileStatement: taken("do … while", "let i = 0; do i++; while (i < 5); return i;"),
  ForStatement: taken("for", "let s = 0; for (let i = 0, n = list.length; i < n; i++) s += list[i]; return s;"),
  ForInStatement: taken("for … in", "let s = ''; for (const k in o) s += k; return s;", "keys are read when the loop starts"),
  ForOfStatement: taken("for … of over built-in iterables", "let s = 0; for (const t of list) s += t; return s;", "for await is Unsupported"),
  FunctionDeclaration: taken("function declarations, hoisted", "return f(a); function f(t) { return t + 1; }"),
  VariableDeclaration: taken("let, const, var", "var t = a, u; const v = 1; let w; return t + v;", "using is Unsupported"),
  VariableDeclarator: taken("declarations with destructuring", "const { x, y: [z] = [1] } = { x: a }; return x + z;"),
  ClassDeclaration: taken("class declarations inside a kernel", "class T { constructor(v) { this.v = v; } } return new T(b).v;", "also in lists, trees and heaps of the kernel's own, while their objects stay in the kernel; where a loop declares the class, they do not"),
  WithStatement: unsupported("with", "with (o) { return x; }", "name the object at each use"),

  // ── parts ──
  SwitchCase: taken("case, default", "switch (a) { case 1: return 1; default: return 2; }"),
  CatchClause: taken("catch, with or without a parameter", "try { throw [a]; } catch ([t]) { return t; }"),
  Property: taken("fields of literals and patterns", "const { x } = { x: a }; return x;"),
  TemplateElement: taken("the text of a template", "return `t${a}`;"),
  ObjectPattern: taken("object destructuring, with defaults, computed keys and rest", "const { x, ['y']: q = 4, ...rest } = o; return x + q;"),
  ArrayPattern: taken("array destructuring, with holes, defaults and rest", "let p, q; [p, , q = 3] = list; const [h, ...t] = list; return p + q + t.length;"),
  RestElement: taken("rest parameters and rest in patterns", "const f = (...r) => r.length; return f(a, b);"),
  AssignmentPattern: taken("default values", "const f = (t = a, u = t) => t + u; return f();"),

  // ── what only modules and class bodies have ──
  Program: taken("the text of one function", "return a;"),
  ClassBody: taken("class bodies", "class T { x = 1; m() { return this.x + a; } } return new T().m();"),
  MethodDefinition: taken("methods, getters, setters and static methods of classes", "class T { get v() { return this.w * 2; } set v(t) { this.w = t; } static of(t) { const r = new T(); r.v = t; return r; } m(t) { return this.v - t; } } return T.of(a).m(b);"),
  PropertyDefinition: taken("fields and static fields of classes", "class T { static k = a; x = T.k + 1; } return new T().x;"),
  StaticBlock: taken("static blocks", "class T { static k; static { this.k = a * b; } } return T.k;"),
  ImportDeclaration: unsupported("import", "", "import outside of the kernel"),
  ImportSpecifier: unsupported("import", "", "import outside of the kernel"),
  ImportDefaultSpecifier: unsupported("import", "", "import outside of the kernel"),
  ImportNamespaceSpecifier: unsupported("import", "", "import outside of the kernel"),
  ImportAttribute: unsupported("import", "", "import outside of the kernel"),
  ExportNamedDeclaration: unsupported("export", "", "export outside of the kernel"),
  ExportDefaultDeclaration: unsupported("export", "", "export outside of the kernel"),
  ExportAllDeclaration: unsupported("export", "", "export outside of the kernel"),
  ExportSpecifier: unsupported("export", "", "export outside of the kernel"),
} as const satisfies Record<AnyNode["type"], Row>;

/** Finer than a node's type: pieces of taken constructs that are refused. */
export const exceptions = {
  eval: unsupported("direct eval", "return eval('a');", "write the code out"),
  importMeta: unsupported("import.meta", "return import.meta.url;", "read it outside of the kernel"),
  forAwait: unsupported("for await", "return (async () => { for await (const t of list); })();", "await outside of the kernel"),
  async: unsupported("async functions", "return (async () => a)();", "move the numeric work into an ordinary function"),
  using: unsupported("using", "{ using t = o; } return a;", "free the resource outside of the kernel"),
  literalSpread: todo("a spread behind an accessor or __proto__ in an object literal", "return { get x() { return a; }, ...o }.y;", "put the spread first"),
  constAssignment: unsupported("assignment to a constant", "const t = a; t = b; return t;", "declare it with `let`"),
  arrowNewTarget: todo("new.target in an arrow function", "return (() => new.target)();", "read it into a variable first"),
  updateClosure: todo("a function made in the update of a `for` loop that captures its variable", "for (let i = 0; i < 3; (() => i)(), i++); return a;", "make the function in the body"),
  argumentsAlias: todo("elements of `arguments` that are assigned, or whose parameters an inner function assigns", "arguments[0] = 2; return a;", "use a rest parameter, or `'use strict'`"),
  computedField: todo("fields of classes with computed names", "class T { ['x' + 1] = a; } return new T().x1;", "write the field in the constructor"),
  superArrow: todo("super() in an arrow function", "class P {} class T extends P { constructor() { const f = () => super(); f(); } } return new T();", "call super() in the constructor itself"),
  outerPrivate: todo("private names of an enclosing class", "class T { #x = a; m() { class U { n(t) { return t.#x; } } return new U().n(this); } } return new T().m();", "hand the value over"),
} as const satisfies Record<string, Row>;

/** TypeScript's own syntax, as modules. What is taken is erased; each example makes `result`. */
export const typescript: readonly Row[] = [
  taken("type annotations, optional and `this` parameters", "function f(this: void, x: number, y?: number): number { let z!: number; z = y ?? 1; return x + z; }\nexport const result: number = f(2);"),
  taken("generics", "const first = <T,>(list: readonly T[]): T => list[0]!;\nexport const result = first<number>([3]) + new Map<string, number>().size;"),
  taken("as, satisfies, !, <T>x", "const x = <unknown>4 as number;\nexport const result = (x satisfies number)! + 1;"),
  taken("interfaces, type aliases, overloads, declare, abstract, index signatures", "interface P { x: number }\ntype Q = P[];\ndeclare const none: Q;\nfunction f(a: number): number;\nfunction f(a: any) { return a; }\nabstract class A { abstract m(): number; [k: string]: unknown; }\nexport const result = f(1) + Object.keys(A).length;"),
  taken("modifiers of members, implements", "class C<T> implements Iterable<T> { private readonly x: number = 1; static #n?: number = 2; public get both(): number { return this.x + C.#n!; } declare y: string; *[Symbol.iterator](): Iterator<T> {} }\nexport const result = new C<number>().both;"),
  taken("parameters that are properties", "class V { constructor(readonly x: number, private y = 2) {} sum() { return this.x + this.y; } }\nexport const result = new V(1).sum();", "fields are defined, not assigned, as for all modern targets"),
  taken("enums, of numbers and strings, const or not", "enum Op { Add, Mul = 4, Both = Add | Mul, Next, Name = 'n' }\nconst enum Flag { On = 1 << 3 }\nexport const result = [Op.Next, Op[4], Op.Name, Flag.On].join();"),
  taken("type-only imports and exports, and imports of which only types are used", "import type { Stats } from 'node:fs';\nimport { type PathLike, Dirent } from 'node:fs';\nexport type { Stats, PathLike };\nexport const result = (x: Dirent) => x;"),
  taken("namespaces of types", "namespace N { export type T = number }\nexport const result: N.T = 1;"),
  unsupported("namespaces with values", "namespace N { export const x = 1 }\nexport const result = N.x;", "make a module of it, or an object"),
  unsupported("decorators", "const d = (v: unknown) => v;\n@d class C {}\nexport const result = C;", "call it as a function"),
  unsupported("import x = …, export =", "import fs = require('node:fs');\nexport const result = fs;", "write `import … from …`, `export default`"),
  unsupported("accessor fields", "class C { accessor x = 1 }\nexport const result = new C().x;", "write a getter and a setter"),
];

export type Construct = keyof typeof language;
type WithStatus<S> = { [K in Construct]: (typeof language)[K]["status"] extends S ? K : never }[Construct];
export type Taken = WithStatus<"taken">;
export type Refused = Exclude<Construct, Taken>;

export const isTaken = (type: Construct): type is Taken => language[type].status === "taken";

// ── operators ──

export const binary = {
  "+": "js.add", "-": "js.sub", "*": "js.mul", "/": "js.div", "%": "js.rem", "**": "js.pow",
  "&": "js.and", "|": "js.or", "^": "js.xor", "<<": "js.shl", ">>": "js.shr", ">>>": "js.ushr",
  "<": "js.lt", "<=": "js.le", ">": "js.gt", ">=": "js.ge", "==": "js.eq", "!=": "js.ne", "===": "js.seq", "!==": "js.sne",
  in: "js.in", instanceof: "js.instanceof",
} as const satisfies Record<BinaryOperator, JsOp>;

export const assignment = {
  "=": "plain", "&&=": "logical", "||=": "logical", "??=": "logical",
  "+=": "js.add", "-=": "js.sub", "*=": "js.mul", "/=": "js.div", "%=": "js.rem", "**=": "js.pow",
  "&=": "js.and", "|=": "js.or", "^=": "js.xor", "<<=": "js.shl", ">>=": "js.shr", ">>>=": "js.ushr",
} as const satisfies Record<AssignmentOperator, JsOp | "plain" | "logical">;

/** `typeof`, `void` and `delete` look at their operand rather than its value. */
export const unary = {
  "-": "js.neg", "+": "js.plus", "!": "js.not", "~": "js.bitnot", typeof: "special", void: "special", delete: "special",
} as const satisfies Record<UnaryOperator, JsOp | "special">;

export const update = { "++": "js.inc", "--": "js.dec" } as const satisfies Record<UpdateOperator, JsOp>;
