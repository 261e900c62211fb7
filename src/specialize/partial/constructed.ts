// `new` of built-in classes, and of those of them that make the same when they are called.
//
// What is given is taken apart as the class says: Maps, Sets and typed arrays iterate over it, an Array takes a length or elements.

import { typedArrayNames, type TypedArrayName } from "../../ir/interface.ts";
import { makeBuffer, makeView } from "./buffers.ts";
import { callPrelude, pinAll } from "./builtins.ts";
import type { Call } from "./calls.ts";
import { constructDate } from "./dates.ts";
import { constructEncoder } from "./encodings.ts";
import { spill } from "./arrays.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { listOf, putEntry } from "./collections.ts";
import { isTypedList, refuseUniterable } from "./iterators.ts";
import { compile } from "./compiled.ts";
import { becomeKeyed, keyedOf } from "./keyed.ts";
import { getProperty, split } from "./objects.ts";
import { lookAll } from "./passed.ts";
import { makePattern } from "./texts.ts";
import { holdsBigints, isLong, listOfMany, takenApart } from "./sequences.ts";
import { makeHoles, makeTyped } from "./vectors.ts";
import { num, prim, undefinedValue, type Abs, type Obj } from "./values.ts";
import { constructWeak } from "./weak.ts";
import { setProperty } from "./writes.ts";

export const errorClasses = new Set(["Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError"]);

/** A new Map or Set of what a list holds whose length is not static. */
function filled(ev: Evaluator, made: Obj, list: Abs, call: Call | undefined): Abs {
  const object = ev.object(made.id);
  if (object.t !== "keyed") return becomeKeyed(ev, object);
  callPrelude(ev, ev.request.prelude(object.form === "set" ? "internal.keyedAddAll" : "internal.keyedPutAll")!, made, [list], call);
  return made;
}

/** Those that iterate over what they are given: Maps, Sets, and typed arrays, which copy one of their own kind. */
const iterates = (ev: Evaluator, name: string, given: Abs): boolean =>
  name === "Map" || name === "Set" || ((typedArrayNames.includes(name as TypedArrayName) || name === "BigInt64Array" || name === "BigUint64Array") && !isTypedList(ev, given));
/** `new` of a built-in class; `prototype`: of the class over Array that `super(…)` calls it for. */
export function constructBuiltin(ev: Evaluator, name: string, args: readonly Abs[], call?: Call, prototype?: number): Abs {
  lookAll(ev, args);
  if (ev.lifting) pinAll(ev, args);
  const given = args[0] ?? undefinedValue, first = iterates(ev, name, given) ? takenApart(ev, given, call) : given;
  const view = name === "DataView" || typedArrayNames.includes(name as TypedArrayName) ? makeView(ev, name as TypedArrayName | "DataView", first, args.slice(1)) : undefined;
  if (view) return view;
  if (typedArrayNames.includes(name as TypedArrayName)) {
    if (first.k === "sum" && !first.alts.every((alt) => alt.k === "num")) return split(ev, first, (one) => constructBuiltin(ev, name, [one], call));
    if (holdsBigints(ev, first)) return ev.bail("an array of BigInts meets one of numbers");
    const array = name as TypedArrayName;
    const zero = prim(0);
    let items: Abs[];
    if (first.k === "prim" && (first.value === undefined || typeof first.value === "number")) {
      const length = first.value ?? 0;
      if (!Number.isInteger(length) || length < 0) return ev.bail("an array length is invalid");
      items = Array<Abs>(length).fill(zero);
    } else if (first.k === "num") return makeTyped(ev, array, first);
    else if (first.k === "sum" && first.payload) return makeTyped(ev, array, num(ev.toF64(first)));
    else if (isLong(ev, first)) {
      const made = makeTyped(ev, array, getProperty(ev, first, prim("length")));
      callPrelude(ev, ev.request.prelude("TypedArray.prototype.set")!, made, [first], call);
      return made;
    }
    else if (first.k === "prim" || first.k === "str" || first.k === "text" || first.k === "bool") return ev.bail("an array's length is no number");
    else items = Array.from(listOf(ev, first), () => zero);
    const result = ev.allocate({ t: "typed", array, items });
    if (first.k !== "prim") listOf(ev, first).forEach((v, i) => setProperty(ev, result, prim(i), v));
    return result;
  }
  if (name === "BigInt64Array" || name === "BigUint64Array") {
    const given = first.k === "prim" ? undefined : listOf(ev, first);
    const length = given?.length ?? Number((first.k === "prim" ? first.value : 0) ?? 0);
    if (!Number.isInteger(length) || length < 0) return ev.bail("an array length is invalid");
    const made = ev.allocate({ t: "typed", array: "Uint32Array", items: Array<Abs>(2 * length).fill(prim(0)) });
    const words = spill(ev, made.id), site = ev.object(made.id) as HeapObject & { t: "spilled" };
    ev.update(made.id, { ...site, mem: { ...words, of: { ...words.of, bigints: name }, len: ev.b.i32(length) } });
    given?.forEach((value, i) => setProperty(ev, made, prim(i), value));
    return made;
  }
  switch (name) {
    case "RegExp": return makePattern(ev, args, true);
    case "Array": {
      if (args.length !== 1 || (first.k === "prim" && typeof first.value !== "number")) return ev.allocate({ t: "array", items: args });
      if (first.k === "sum" && !first.alts.every((alt) => alt.k === "num")) return split(ev, first, (one) => constructBuiltin(ev, name, [one], call, prototype));
      if (first.k !== "prim" && first.k !== "num" && first.k !== "sum") return ev.allocate({ t: "array", items: args });
      if (first.k !== "prim") return makeHoles(ev, first, prototype);
      const length = Number(first.value);
      if (!Number.isInteger(length) || length < 0) return ev.bail("an array length is invalid");
      if (length > 100000) throw ev.refuse("Todo", "a very large ordinary array is made", "use a typed array");
      return ev.allocate({ t: "array", items: Array<undefined>(length).fill(undefined) });
    }
    case "Date": return constructDate(ev, args, call);
    case "TextEncoder": return constructEncoder(ev);
    case "WeakMap": case "WeakSet": return constructWeak(ev, name, first);
    case "ArrayBuffer": if (args.length > 1) break; return makeBuffer(ev, first);
    case "Object":
      if (first.k === "obj" || first.k === "mem") return first;
      if (first.k !== "prim" || (first.value !== undefined && first.value !== null)) return ev.bail("a number, string or boolean becomes an object");
      return ev.allocate({ t: "object", origin: { from: "local" }, prototype: null, fields: new Map() });
    case "Map": case "Set": {
      const made = ev.allocate(name === "Map" ? { t: "map", entries: [] } : { t: "set", items: [] });
      if (first.k === "prim" && (first.value === undefined || first.value === null)) return made;
      refuseUniterable(ev, first);
      if (keyedOf(ev, first)?.form === "record") return ev.bail("a Map or Set is made of what is not iterable");
      const entries = listOfMany(ev, first, call);
      if (entries) return filled(ev, made as Obj, entries, call);
      if (isLong(ev, first)) return filled(ev, made as Obj, first, call);
      for (const item of listOf(ev, first)) {
        if (name === "Set") { putEntry(ev, made, item, undefinedValue); continue; }
        if (item.k !== "obj" && item.k !== "mem") return ev.bail("an entry of a Map is no object");
        const [key, value] = listOf(ev, item);
        putEntry(ev, made, key ?? undefinedValue, value ?? undefinedValue);
      }
      return made;
    }
  }
  if (errorClasses.has(name)) return ev.allocate({ t: "error", class: name, message: args.length > 0 ? first : null });
  if (name === "Function") return compile(ev, args);
  throw ev.refuse("Todo", `new ${name} is not taken yet`, "make it outside and hand it over as a slow value");
}
