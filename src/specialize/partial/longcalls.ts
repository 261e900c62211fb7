// Calls whose number of arguments is known at run time only: f(a, ...list), f.apply(self, list), new C(...list), super(...list).
//
//   mean(...xs)                     →   the parameters are list[0], list[1] …, undefined beyond its end;
//   function mean(x, ...more) {…}       `more` is an array made of what follows them, `arguments` one of all of them
//
// Requires: a list that is no longer than the engine takes (tested at run time: it throws beyond, which is the original's business).
// Refused: recursion by such a call, and built-ins without a rule below.

import { instructions } from "../../ir/build.ts";
import type { Instr, JsArray, JsFunction, Value } from "../../ir/types.ts";
import { callPrelude, codeOfArrays } from "./builtins.ts";
import { callFunction, construct, sourceOf, type Call } from "./calls.ts";
import { listOf } from "./collections.ts";
import type { Evaluator } from "./evaluator.ts";
import { getProperty, split } from "./objects.ts";
import { concatenate, internal, isLong, spreadable, spreadAll, spreadsLong, type Piece } from "./sequences.ts";
import { expectSpecies } from "./species.ts";
import { textOfUnits } from "./strings.ts";
import { prim, undefinedValue, type Abs } from "./values.ts";
import { require } from "./vectors.ts";
import type { Activation } from "./walk.ts";

/** The arguments of a call: those that are known one by one, then those of a list whose length is not static. */
export interface Arguments { readonly lead: readonly Abs[]; readonly list: Abs | null }
export type LongArguments = Arguments & { readonly list: Abs };

const isLongCall = (given: Arguments): given is LongArguments => given.list !== null;

/** V8 passes no more arguments than fit the stack, and throws beyond. */
const mostArguments = 30_000;

const lists = new WeakMap<JsFunction, ReadonlySet<Instr>>();
/** Is it the list of a call that the source spells with a spread? Then the call takes its pieces. */
export function isArgumentList(instr: JsArray, func: JsFunction): boolean {
  let known = lists.get(func);
  if (!known) {
    const found = new Set<Instr>();
    for (const one of instructions(func.body)) {
      const list = one.op === "js.apply" ? one.args[2] : one.op === "js.construct" ? one.args[1] : one.op === "js.super" ? one.args[0] : undefined;
      if (list?.def?.op === "js.array") found.add(list.def);
    }
    lists.set(func, (known = found));
  }
  return known.has(instr);
}

/** What a call passes whose list of arguments is that value. */
export function argumentsOf(ev: Evaluator, given: Value, value: (v: Value) => Abs, call: Call): Arguments {
  const list = given.def;
  if (list?.op !== "js.array" || !isArgumentList(list, call.activation.func)) return inOneList(ev, value(given), call);
  const pieces = list.shape.map((shape, i): Piece => {
    const piece = value(list.args[i]!);
    return shape === "spread" ? { list: spreadable(ev, piece, call), how: "spread" } : { list: piece, how: "item" };
  });
  const lead: Abs[] = [];
  for (const [i, { list: items, how }] of pieces.entries()) {
    if (how === "item") lead.push(items);
    else if (isLong(ev, items) && i === pieces.length - 1) return { lead, list: items };
    else if (spreadsLong(ev, items)) return inOneList(ev, spreadAll(ev, pieces, call), call);
    else lead.push(...listOf(ev, items));
  }
  return { lead, list: null };
}
function inOneList(ev: Evaluator, given: Abs, call?: Call): Arguments {
  const list = spreadable(ev, given, call);
  return isLong(ev, list) ? { lead: [], list } : { lead: listOf(ev, list), list: null };
}

/** All of them in one list. */
const joined = (ev: Evaluator, { lead, list }: LongArguments, call?: Call): Abs =>
  lead.length === 0 ? list : spreadAll(ev, [...lead.map((item) => ({ list: item, how: "item" as const })), { list, how: "spread" }], call);

/** f.apply(self, list) */
export const applyTo = (ev: Evaluator, callee: Abs, self: Abs, list: Abs, call?: Call): Abs => callWith(ev, callee, self, inOneList(ev, list, call), call);

/** f(a, ...list) */
export function callWith(ev: Evaluator, callee: Abs, self: Abs, given: Arguments, call?: Call): Abs {
  if (!isLongCall(given)) return callFunction(ev, callee, self, given.lead, call);
  if (callee.k === "sum") return split(ev, callee, (f) => callWith(ev, f, self, given, call));
  const f = callee.k === "obj" ? ev.object(callee.id) : null;
  limit(ev, given);
  switch (f?.t) {
    case "builtin": return callBuiltinWith(ev, f.name, self, given, call);
    case "bound": return callWith(ev, f.target, f.self, { lead: [...f.args, ...given.lead], list: given.list }, call);
    case "closure": case "function": {
      const source = f.t === "closure" ? f.source : sourceOf(ev, f.node), func = f.t === "closure" ? f.func : source.unit.functions[0]!;
      if (call) return callFunction(ev, callee, self, parameters(ev, func, given), { ...call, long: given });
    }
  }
  throw refuseLong(ev);
}
function callBuiltinWith(ev: Evaluator, name: string, self: Abs, given: LongArguments, call?: Call): Abs {
  switch (name) {
    case "Math.max": case "Math.min": case "Math.hypot": return internal(ev, name.slice(5), undefinedValue, [joined(ev, given, call)], call);
    case "Array.prototype.push": return internal(ev, "append", self, [joined(ev, given, call)], call);
    case "Array.prototype.concat": {
      const out = concatenate(ev, self, given.lead, call);
      internal(ev, "appendEach", out, [given.list], call);
      return out;
    }
    case "Array.prototype.splice": case "Array.prototype.unshift": {
      const code = codeOfArrays(ev, name, self);
      if (!call || !code) break;
      expectSpecies(ev, name, self);
      return callPrelude(ev, code, self, parameters(ev, ev.request.resolve(code).functions[0]!, given), { ...call, long: given });
    }
    case "Array": {
      const list = joined(ev, given, call); // one number would be a length
      require(ev, ev.b.op("i32.ne", ev.toI32(getProperty(ev, list, prim("length"))), ev.b.i32(1)), "Array is called with a list of one");
      return internal(ev, "copy", list, [], call);
    }
    case "String.fromCharCode": return textOfUnits(ev, internal(ev, "units", undefinedValue, [joined(ev, given, call)], call));
    case "Function.prototype.call": if (given.lead.length > 0) return callWith(ev, self, given.lead[0]!, { lead: given.lead.slice(1), list: given.list }, call);
  }
  throw refuseLong(ev);
}

/** new C(a, ...list); `newTarget` is another class where super() calls. */
export function constructWith(ev: Evaluator, callee: Abs, given: Arguments, call: Call, newTarget: Abs = callee): Abs {
  if (!isLongCall(given)) return construct(ev, callee, given.lead, call, newTarget);
  const object = callee.k === "obj" ? ev.object(callee.id) : null;
  if (object?.t !== "class" && object?.t !== "function" && object?.t !== "closure") throw refuseLong(ev);
  limit(ev, given);
  const func = object.t === "closure" ? object.func : sourceOf(ev, object.node).unit.functions[0]!;
  return construct(ev, callee, parameters(ev, func, given), { ...call, long: given }, newTarget);
}

/** What the parameters before a rest parameter get. */
const parameters = (ev: Evaluator, func: JsFunction, { lead, list }: LongArguments): Abs[] =>
  func.params.map((_, i) => lead[i] ?? getProperty(ev, list, prim(i - lead.length)));

function limit(ev: Evaluator, { list }: LongArguments): void {
  const length = ev.toI32(getProperty(ev, list, prim("length")));
  require(ev, ev.b.op("i32.le_s", length, ev.b.i32(mostArguments)), "too many arguments for one call");
}
export const refuseLong = (ev: Evaluator): Error =>
  ev.refuse("Todo", "a function is called with a list of unknown length as its arguments", "pass the list itself");

/** `arguments` from the given one on: the array of a rest parameter. */
export function argumentsFrom(ev: Evaluator, { args, long }: Activation, from: number, call: Call): Abs {
  if (!long) return ev.allocate({ t: "array", items: args.slice(from) });
  const { lead, list } = long;
  if (from <= lead.length) return spreadAll(ev, [...lead.slice(from).map((item) => ({ list: item, how: "item" as const })), { list, how: "spread" }], call);
  const out = ev.allocate({ t: "array", items: [] });
  internal(ev, "appendFrom", out, [list, prim(from - lead.length)], call);
  return out;
}
