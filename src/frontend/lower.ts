// The frontend: one function's source text → its js.* form (Unit).
//
//   parse.ts       text → tree                      annotations.ts   what comments say
//   scopes.ts      which variable a name means      language.ts      what is taken, and what is said of the rest
//   flow.ts        structured SSA                   statements, loops, switch, expressions, patterns
//   simplify.ts    drops what nobody needs of it
//
// Guarantees: every operation in JavaScript's order, with its place; a Refusal for anything else than language.ts takes.

import { diagnose, Refusal } from "../diagnostic.ts";
import type { Code } from "../ir/snapshot.ts";
import type { JsFunction, Unit, Value } from "../ir/types.ts";
import { Annotations } from "./annotations.ts";
import { kinds, lowerFields, lowerSuper } from "./classes.ts";
import { lowerExpression, lowerNamed } from "./expressions.ts";
import { exceptions } from "./language.ts";
import { Lowering, type UnitWriter } from "./lowering.ts";
import { parse, type ClassNode, type Node } from "./parse.ts";
import { declarePattern } from "./patterns.ts";
import { privateMethods, resolveNames, type Binding, type FunctionScope } from "./scopes.ts";
import { simplify } from "./simplify.ts";
import { emptyCell, enterScope, lowerReturn, lowerStatements } from "./statements.ts";

export { annotationsOf } from "./annotations.ts";

/** Lowers a function's source. functions[0] is the function itself; of a class, its constructor, and the private methods ("#name") are there too. */
export function lower(code: Code): Unit {
  try {
    return lowerText(code);
  } catch (error) {
    // the walks over the tree recurse
    if (!(error instanceof RangeError)) throw error;
    throw new Refusal(diagnose("Todo", "the source is nested too deeply", "split the function, or its longest expression", code, 0, code.text.length));
  }
}

function lowerText(code: Code): Unit {
  const parsed = parse(code);
  const { source, classNode, kind, name } = parsed;
  const annotations = new Annotations(parsed);
  const names = resolveNames((classNode ?? parsed.root)!, false, source, annotations);
  const unit: UnitWriter = { source, names, annotations, functions: [], free: new Set(), marks: [], arms: [] };
  lowerFunction(unit, (parsed.root ?? classNode)!, name, kind, classNode);
  const methods = classNode ? privateMethods(classNode) : [], nameOf = ({ key }: (typeof methods)[number]): string => `#${(key as { name: string }).name}`;
  for (const method of methods) lowerFunction(unit, method.value, nameOf(method), kinds[method.kind], null);
  const statics = methods.filter((method) => method.static).map(nameOf);
  return { functions: unit.functions, free: [...unit.free], source: code.text, arms: unit.arms, ...(statics.length > 0 ? { statics } : {}), ...(unit.marks.length > 0 ? { marks: unit.marks } : {}) };
}

/** The closure of a function that stands inside another. */
export function lowerClosure(l: Lowering, node: FunctionScope["node"], name: string, kind: JsFunction["kind"], fieldsOf: ClassNode | null = null): Value {
  if ("async" in node && node.async) l.refuse(node, exceptions.async);
  const isGenerator = "generator" in node && node.generator;
  const scope = l.unit.names.functions.get(node)!;
  // a named function expression can call itself: its cell is made before it
  const self = scope.self?.cell ? scope.self : null;
  if (self) l.flow.assign(self.slot, emptyCell(l, self.name));
  const func = lowerFunction(l.unit, node, name, isGenerator ? "generator" : kind, fieldsOf);
  const cells = [...scope.captures.keys()].map((binding) => l.cellOf(binding));
  const closure = l.make(node, (results) => ({ op: "js.func", func, args: cells, results }));
  closure.name = name;
  if (self) l.append(node, { op: "js.cell.set", args: [l.cellOf(self), closure], results: [] });
  return closure;
}

/** Adds a function to the unit; answers its index. `node` is a class where that has no constructor of its own. */
function lowerFunction(unit: UnitWriter, node: FunctionScope["node"], name: string, kind: JsFunction["kind"], fieldsOf: ClassNode | null): number {
  const index = unit.functions.length;
  const scope = unit.names.functions.get(node)!;
  const l = new Lowering(unit, scope, fieldsOf);
  const { build } = l.flow;
  const params = "params" in node ? node.params : [];
  const isSimple = params.every((p) => p.type === "Identifier");
  unit.functions.length++;

  // 1. the parameters as the caller gives them
  const values = params.filter((p) => p.type !== "RestElement").map((p, i) => {
    const target = p.type === "AssignmentPattern" ? p.left : p;
    return build.value("js", target.type === "Identifier" ? target.name : `argument${i}`);
  });
  l.at(node);

  // 2. the variables: cells of enclosing functions, `this` and `arguments` for arrow functions inside, then those of the function itself
  l.captured = [...scope.captures.keys()].map((binding, i) => {
    const cell = l.make(node, (results) => ({ op: "js.captured", index: i, args: [], results }));
    cell.name = binding.name;
    return cell;
  });
  const start = (binding: Binding, value: Value): void => l.flow.assign(binding.slot, binding.cell ? cellWith(l, node, binding, value) : value);
  if (scope.thisBinding && scope.derived) l.flow.assign(scope.thisBinding.slot, emptyCell(l, "this"));
  else if (scope.thisBinding) start(scope.thisBinding, l.js(node, "js.this"));
  if (scope.argumentsBinding) start(scope.argumentsBinding, l.js(node, "js.arguments"));
  for (const binding of scope.bindings) {
    if (binding.kind === "var") start(binding, l.constant(undefined));
    if (binding.kind === "param" && !isSimple && binding.cell) l.flow.assign(binding.slot, emptyCell(l, binding.name));
  }

  // 3. a constructor's fields (of a derived class behind super()), then parameters with defaults and patterns, left to right
  if (fieldsOf && !scope.derived) lowerFields(l, fieldsOf);
  params.forEach((param, i) => {
    if (isSimple) start(unit.names.bindings.get(param as Node & { type: "Identifier" })!, values[i]!);
    else if (param.type === "RestElement") declarePattern(l, param.argument, l.make(param, (results) => ({ op: "js.rest", index: i, args: [], results })));
    else declarePattern(l, param, values[i]!);
  });

  // 4. the body
  enterScope(l, unit.names.scopes.get(node)!);
  const end = { ...node, start: Math.max(node.start, node.end - 1) };
  switch (node.type) {
    case "ClassDeclaration": case "ClassExpression":
      if (scope.derived) lowerSuper(l, node, l.make(node, (results) => ({ op: "js.rest", index: 0, args: [], results })));
      lowerReturn(l, end, null);
      break;
    case "PropertyDefinition": lowerReturn(l, node, lowerNamed(l, node.value!, name)); break;
    case "StaticBlock": if (lowerStatements(l, node.body)) lowerReturn(l, end, null); break;
    default:
      if (node.body.type !== "BlockStatement") lowerReturn(l, node.body, lowerExpression(l, node.body));
      else if (lowerStatements(l, node.body.body)) lowerReturn(l, end, null);
  }

  const expected = params.findIndex((p) => p.type === "AssignmentPattern" || p.type === "RestElement");
  const func: JsFunction = {
    ...build.func(name, values, ["js"], build.region),
    place: unit.source.place(node),
    captured: [...scope.captures.keys()].map((b) => b.name),
    kind,
    length: expected < 0 ? params.length : expected,
    strict: scope.strict,
    ...(isSimple ? {} : { patterned: true }),
  };
  simplify(func);
  unit.functions[index] = func;
  return index;
}

function cellWith(l: Lowering, node: Node, binding: Binding, value: Value): Value {
  const cell = l.js(node, "js.cell", value);
  cell.name = binding.name;
  return cell;
}
