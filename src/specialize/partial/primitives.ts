// ToPrimitive: what an object's class says that it is, as a number or a text.
//
//   price + 1, `${color}`, a < b     →     Symbol.toPrimitive, valueOf or toString of the user's, walked in place; what it gives goes on
//
// Guarantees: the methods are asked for, and called, in the language's order, once. An object of which the engine's own methods tell (a date, an
// array, an object without any) comes back as it is: each operator has its own rule for these.

import { NodeRef } from "../../ir/snapshot.ts";
import { reference } from "./boxes.ts";
import { callFunction } from "./calls.ts";
import { isRecordBox, type Form } from "./contents.ts";
import type { Evaluator } from "./evaluator.ts";
import { arrayClassOf, type HeapObject } from "./heap.ts";
import { getProperty, split } from "./objects.ts";
import { isFunction } from "./operators.ts";
import { isPassed, look } from "./passed.ts";
import { prototypeOfNumber } from "./prototypes.ts";
import { hidden, prim, type Abs, type Alt, type Obj } from "./values.ts";

export const toPrimitiveKey = hidden("@@toPrimitive");

/** `hint`: what the operator would rather have. */
export function primitiveOf(ev: Evaluator, a: Abs, hint: "default" | "number" | "string"): Abs {
  if (isPassed(a)) look(ev, a);
  if (a.k === "obj" && arrayClassOf(ev.object(a.id)) !== undefined) throw refuseArray(ev);
  if (a.k === "mem" && a.of.prototype !== undefined) throw refuseArray(ev);
  if (a.k === "sum" && a.alts.some((alt) => hasOwnMethods(ev, alt))) {
    return split(ev, a, (one) => {
      const value = primitiveOf(ev, one, hint);
      if (isObject(value)) throw ev.refuse("Todo", "one of several objects is used as a number or a text, of which some have methods for that", "call the method");
      return value;
    });
  }
  if (!isRecord(ev, a)) return a;
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

/** An object that may have such methods: the kernel's own in memory too. */
function isRecord(ev: Evaluator, a: Abs): boolean {
  const place = reference(a, ev.state);
  return place.k === "mem" ? isRecordBox(place) : place.k === "obj" && ev.object(place.id).t === "object";
}
/** Whether some method of the user's tells what it is; others are left to the operator. */
function hasOwnMethods(ev: Evaluator, a: Alt): boolean {
  if ((a.k !== "obj" && a.k !== "mem") || !isRecord(ev, a)) return false;
  const place = reference(a, ev.state), form = place.k === "mem" ? (place.of.box!.form as Form & { form: "record" }) : undefined;
  if (form?.names.some((name) => asked.has(name))) return true;
  for (let at: Obj | null = form ? prototypeOfNumber(ev, form.prototype) : (place as Obj); at;) {
    const object: HeapObject = ev.object(at.id);
    if (object.t === "snap") return [...asked].some((name) => { const p = ev.snapshot.property(object.node, name); return p.kind === "getter" || (p.kind === "data" && p.value instanceof NodeRef && ev.snapshot.node(p.value).kind === "function"); });
    if (object.t !== "object") return false;
    if ([...asked].some((name) => object.fields.has(name) || object.fields.has(hidden(`get ${name}`)))) return true;
    at = object.prototype;
  }
  return false;
}
const asked: ReadonlySet<string> = new Set([toPrimitiveKey, "valueOf", "toString"]);
const refuseArray = (ev: Evaluator): Error => ev.refuse("Todo", "an instance of a class over Array is used as a number or a text", "call one of its methods");
const isObject = (a: Abs): boolean => a.k === "obj" || a.k === "mem";
const isMethod = (ev: Evaluator, a: Abs): boolean => !(a.k === "obj" && ev.object(a.id).t === "builtin") && isFunction(ev, a);
/** It gives the object, which is none. */
function isObjectsValueOf(ev: Evaluator, a: Abs): boolean {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  return object?.t === "builtin" && object.name === "Object.prototype.valueOf";
}
