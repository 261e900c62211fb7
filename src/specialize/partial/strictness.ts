// Whether code is strict where its text doesn't say: a function's text lacks what stands around it, "use strict" or a module.
//
//   export function f(a) { a = 1; return arguments[0]; }     what it was given: modules are strict
//
// In V8 functions of sloppy code have a `caller` of their own; arrows, methods and generators have none either way, so of these, and of functions in them, it is not
// known. Nor is it of any function where the engine tells nothing by it.

import { NodeRef } from "../../ir/snapshot.ts";
import type { JsFunction } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Source } from "./heap.ts";
import { snapValue } from "./inputs.ts";
import type { Abs, Alt } from "./values.ts";
import type { Activation } from "./walk.ts";

export function strictness(ev: Evaluator, source: Source, func: JsFunction): "strict" | "sloppy" | "unknown" {
  if (func.strict || source.hidden) return "strict";
  if (source.compiled) return "sloppy";
  if (ev.snapshot.property(source.closure, "caller").kind === "data") return "sloppy";
  return sloppyTells() && /^function\b(?!\s*\*)/.test(source.code.text) ? "strict" : "unknown";
}
let tells: boolean | undefined;
/** Whether functions of sloppy code have it here: one is made, where that is allowed. */
function sloppyTells(): boolean {
  if (tells === undefined) { try { tells = Object.hasOwn(Function("") as object, "caller"); } catch { tells = false; } }
  return tells;
}

/** `this`: of sloppy code that is called on nothing the global object of its realm. */
export function thisOf(ev: Evaluator, { self, func, source }: Activation): Abs {
  if (!mayBePrimitive(self) || (func.kind === "arrow" && func === source.unit.functions[0])) return self;
  const code = strictness(ev, source, func);
  if (code === "strict") return self;
  if (code === "unknown") throw ev.refuse("Todo", "`this` is no object, in code that may be strict or not", "write 'use strict' in the function");
  if (!isNothing(self)) throw ev.refuse("Todo", "`this` is a number, a text or another primitive value, of which sloppy code makes an object", "make the function strict");
  const global = ev.snapshot.captured(source.closure, "globalThis"), value = global.kind === "constant" ? global.value : null;
  const node = value instanceof NodeRef ? ev.snapshot.node(value) : null;
  if (node?.kind !== "builtin" || node.name !== "globalThis") throw ev.refuse("Todo", "`this` is the global object, which is not known", "call it on an object, or make it strict");
  return snapValue(ev, value as NodeRef);
}
/** Of one of several that are objects, undefined or null an object is meant: something was asked of it by then. */
const mayBePrimitive = (a: Abs | Alt): boolean => (a.k === "sum" ? !a.alts.some(isObject) || a.alts.some((alt) => !isObject(alt) && !isNothing(alt)) : !isObject(a));
const isObject = (a: Abs | Alt): boolean => a.k === "obj" || a.k === "mem";
const isNothing = (a: Abs | Alt): boolean => a.k === "prim" && (a.value === undefined || a.value === null);
