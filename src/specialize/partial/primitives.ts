// ToPrimitive: what an object's class says that it is, as a number or a text.
//
//   price + 1, `${color}`, a < b     →     Symbol.toPrimitive, valueOf or toString of the user's, walked in place; what it gives goes on
//
// Guarantees: the methods are asked for, and called, in the language's order, once. An object of which the engine's own methods tell (a date, an
// array, an object without any) comes back as it is: each operator has its own rule for these.

import { callFunction } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import { arrayClassOf } from "./heap.ts";
import { getProperty } from "./objects.ts";
import { isCallable } from "./operators.ts";
import { isPassed, look } from "./passed.ts";
import { hidden, prim, type Abs, type Obj } from "./values.ts";

export const toPrimitiveKey = hidden("@@toPrimitive");

/** `hint`: what the operator would rather have. */
export function primitiveOf(ev: Evaluator, a: Abs, hint: "default" | "number" | "string"): Abs {
  if (isPassed(a)) look(ev, a);
  if (a.k === "obj" && arrayClassOf(ev.object(a.id)) !== undefined) throw refuseArray(ev);
  if (a.k === "mem" && a.of.array === "Array" && a.of.prototype !== undefined) throw refuseArray(ev);
  if (a.k !== "obj" || ev.object(a.id).t !== "object") return a;
  const own = getProperty(ev, a, prim(toPrimitiveKey));
  if (isMethod(ev, own)) {
    const value = callFunction(ev, own, a, [prim(hint)]);
    return isObject(value) ? ev.bail("Symbol.toPrimitive gives no primitive value") : value;
  }
  if (own.k !== "prim") return a; // a date's
  for (const name of hint === "string" ? ["toString", "valueOf"] : ["valueOf", "toString"]) {
    const method = getProperty(ev, a, prim(name));
    if (isMethod(ev, method)) {
      const value = callFunction(ev, method, a, []);
      if (!isObject(value)) return value;
    } else if (!isObjectsValueOf(ev, method) && method.k !== "prim") return a;
  }
  return ev.bail("an object that no method makes a primitive value is used as one");
}

const refuseArray = (ev: Evaluator): Error => ev.refuse("Todo", "an instance of a class over Array is used as a number or a text", "call one of its methods");
const isObject = (a: Abs): boolean => a.k === "obj" || a.k === "mem";
const isMethod = (ev: Evaluator, a: Abs): a is Obj => a.k === "obj" && ev.object(a.id).t !== "builtin" && isCallable(ev, a.id);
/** It gives the object, which is none. */
function isObjectsValueOf(ev: Evaluator, a: Abs): boolean {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  return object?.t === "builtin" && object.name === "Object.prototype.valueOf";
}
