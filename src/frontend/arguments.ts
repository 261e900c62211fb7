// `arguments` in sloppy code, whose elements are the parameters themselves. Here it is an array of its own, made at the call. What is written here for code that
// doesn't say whether it is strict is left out where that comes out (strictness.ts).
//
//   function npv(rate) { rate /= 100; … arguments[i] … }   →   rate = rate / 100; if (0 < arguments.length) arguments[0] = rate;
//
// Before: the assignment to a parameter alone. After: its element too, where somebody may read it. Guarantees: what is read of `arguments` is
// what JavaScript reads. Refused: assigning an element, which would be assigning the parameter, and parameters that an inner function assigns.

import type { Identifier, MemberExpression } from "acorn";
import type { Value } from "../ir/types.ts";
import { exceptions } from "./language.ts";
import type { Lowering } from "./lowering.ts";
import type { Node } from "./parse.ts";
import type { Binding, FunctionScope } from "./scopes.ts";

export const isArguments = (l: Lowering, node: Identifier): boolean => l.unit.names.bindings.get(node)?.kind === "arguments";

/** Are its elements the parameters? */
const isMapped = ({ strict, node }: FunctionScope): boolean => !strict && "params" in node && node.params.length > 0 && node.params.every((p) => p.type === "Identifier");

/** Assigning an element of `arguments`. */
export function refuseMappedWrite(l: Lowering, node: Identifier): void {
  if (isMapped(l.unit.names.bindings.get(node)!.func)) l.refuse(node, exceptions.argumentsAlias);
}

const read = new WeakMap<FunctionScope, boolean>();
/** Is more asked of `arguments` than how many there are? */
function areElementsRead(l: Lowering, func: FunctionScope): boolean {
  const known = read.get(func);
  if (known !== undefined) return known;
  const isIt = (node: unknown): boolean => (node as Node).type === "Identifier" && l.unit.names.bindings.get(node as Identifier) === func.argumentsBinding;
  const visit = (node: unknown): boolean => {
    if (Array.isArray(node)) return node.some(visit);
    if (typeof node !== "object" || node === null || !("type" in node)) return false;
    if (isIt(node)) return true;
    const { object, property, computed } = node as MemberExpression;
    if (node.type === "MemberExpression" && isIt(object) && !computed && ["length", "callee"].includes((property as Identifier).name)) return false;
    return Object.values(node).some(visit);
  };
  const found = visit(func.node);
  read.set(func, found);
  return found;
}

/** The parameter has a new value: so has its element, if the call gave it one. */
export function mirrorParameter(l: Lowering, node: Node, { kind, func, name }: Binding, value: Value): void {
  const { argumentsBinding } = func;
  if (kind !== "param" || argumentsBinding === null || !isMapped(func) || !areElementsRead(l, func)) return;
  if (func !== l.func) l.refuse(node, exceptions.argumentsAlias);
  const params = "params" in func.node ? func.node.params : [];
  const index = l.constant(params.findLastIndex((p) => p.type === "Identifier" && p.name === name));
  const list = l.read(node, argumentsBinding.cell ? { kind: "cell", binding: argumentsBinding, cell: l.cellOf(argumentsBinding) } : { kind: "slot", binding: argumentsBinding });
  const given = l.js(node, "js.lt", index, l.js(node, "js.get", list, l.constant("length")));
  l.flow.branch(given, () => { l.append(node, { op: "js.define", args: [list, index, value], results: [] }); return []; }, () => []);
}
