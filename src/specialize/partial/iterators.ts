// The protocol of iteration as code spells it out: `list[Symbol.iterator]()`, `it.next()`, `{ value, done }`. Compilers of for-of and of
// destructuring to ES5 write it so (__values, __read, _createForOfIteratorHelper), and iterables of the user's implement it.

import { arrayClassOf } from "./heap.ts";
import { keptFor } from "./items.ts";
import { NodeRef } from "../../ir/snapshot.ts";
import { isArrayBox, reference } from "./boxes.ts";
import { callFunction, type Call } from "./calls.ts";
import { iterate } from "./collections.ts";
import { isRecordBox, tableOf } from "./contents.ts";
import { choose } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { keyedOf } from "./keyed.ts";
import { expectInherited, found, getProperty } from "./objects.ts";
import { isFunction, not, truth } from "./operators.ts";
import { hidden, prim, undefinedValue, type Abs, type Mem, type Obj } from "./values.ts";

export const iteratorKey = hidden("@@iterator");

/** The built-in behind a property of one of the engine's iterators; undefined for others than `next` and itself. */
export function memberOfIterator(ev: Evaluator, name: string): Abs {
  if (name === "next" || name === iteratorKey) return ev.allocate({ t: "builtin", name: `%Iterator%.${name === "next" ? "next" : "itself"}`, node: null });
  if (name === "return" || name === "throw" || name === "length") return undefinedValue;
  throw ev.refuse("Todo", `the method ${name} of an iterator is called`, "loop over it");
}

type Rule = (ev: Evaluator, args: readonly Abs[], self: Abs, call: Call | undefined) => Abs;
export const iteratorRules: Record<string, Rule> = {
  "%Iterator%.itself": (_, __, self) => self,
  "%Iterator%.next": (ev, _, self) => {
    const { value, done } = step(ev, self);
    return ev.allocate({ t: "object", origin: { from: "local" }, prototype: null, fields: new Map([["value", value], ["done", done]]) });
  },
};

/** An iterator's next step, which may have begun: undefined behind the last item. */
export function step(ev: Evaluator, iterator: Abs, begun = iterate(ev, iterator)): { readonly value: Abs; readonly done: Abs } {
  const { goesOn, item } = begun, there = truth(ev, goesOn);
  const value = typeof there === "boolean" ? (there ? item(true) : undefinedValue) : endsUndefined(ev, iterator) ? item(false) : choose(ev, goesOn, () => item(true), () => undefinedValue);
  const done = not(ev, goesOn), object = iterator.k === "obj" ? ev.object(iterator.id) : undefined;
  if (object?.t === "iterator" && object.held) choose(ev, done, () => { endIterator(ev, iterator); return undefinedValue; }, () => undefinedValue);
  return { value, done };
}

/** An iterator that has once come to its end gives nothing any more, however long its list becomes. */
export function endIterator(ev: Evaluator, iterator: Abs): void {
  const object = iterator.k === "obj" ? ev.object(iterator.id) : undefined;
  if (object?.t === "iterator" && object.held) ev.update((iterator as Obj).id, { ...object, index: prim(2 ** 53) });
}

/** Whether what is read behind the last item is undefined by itself, as an array's element is. */
function endsUndefined(ev: Evaluator, iterator: Abs): boolean {
  const object = iterator.k === "obj" ? ev.object(iterator.id) : undefined;
  return object?.t !== "iterator" || (object.what === "values" && object.over.k !== "str" && !(object.over.k === "obj" && ev.object(object.over.id).t === "numerals") && !keyedOf(ev, object.over));
}

/** The kinds of lists that the language iterates by itself, and the built-in that it does it with. */
const methods = {
  "Array": "Array.prototype.values", "%TypedArray%": "%TypedArray%.prototype.values", "Map": "Map.prototype.entries", "Set": "Set.prototype.values", "String": "String.prototype.@@iterator",
} as const;
type Listed = keyof typeof methods;

function listed(ev: Evaluator, a: Abs): Listed | undefined {
  if (a.k === "prim") return typeof a.value === "string" ? "String" : undefined;
  if (a.k === "text" || a.k === "str") return "String";
  const table = a.k === "mem" && a.of.box ? tableOf(a.of.box.form) : undefined;
  if (table) return table === "map" ? "Map" : "Set";
  if (a.k === "mem") return a.of.dataView || (a.of.records && a.of.row) || (a.of.box && !isArrayBox(a)) ? undefined : a.of.array === "Array" && !a.of.bigints ? "Array" : "%TypedArray%";
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  switch (object?.t) {
    case "array": return "Array";
    case "typed": return "%TypedArray%";
    case "map": return "Map";
    case "set": return "Set";
    case "spilled": case "vector": case "boxed": return listed(ev, object.mem);
    case "snap": {
      const { kind } = ev.snapshot.node(object.node);
      return kind === "array" ? "Array" : kind === "typed" ? "%TypedArray%" : kind === "map" ? "Map" : kind === "set" ? "Set" : undefined;
    }
    default: return undefined;
  }
}

/** Objects that lie in memory, of an array or of the kernel's own, and DataViews are not iterated by the engine. */
export function refuseUniterable(ev: Evaluator, over: Abs): void {
  if (over.k === "mem" && (over.of.dataView || (over.of.row && over.of.records) || isRecordBox(over))) ev.bail("a value that is not iterable is iterated");
}

/** Entry checks that a list is iterated by the engine's own means; `begun`: it has its iterator already. */
export function expectIteration(ev: Evaluator, over: Abs, begun = false): void {
  if (over.k === "sum") { for (const alt of over.alts) if (alt.k === "obj" || alt.k === "mem" || alt.k === "prim") expectIteration(ev, alt, begun); return; }
  refuseUniterable(ev, over);
  const table = keyedOf(ev, over)?.form, kind = listed(ev, over) ?? (table === "map" ? "Map" : table === "set" ? "Set" : undefined);
  if (kind === undefined) return;
  ev.expect({ expect: "builtin", name: `%${kind === "%TypedArray%" ? "Array" : kind}Iterator%.next` });
  if (begun) return;
  ev.expect({ expect: "builtin", name: `${kind}.prototype.@@iterator` });
  if (over.k === "mem") expectInherited(ev, over, iteratorKey);
}

/** The method that a list has for it where its prototype is not the engine's own: a class of the user's. */
function methodOfClass(ev: Evaluator, over: Abs): Abs | undefined {
  const prototype = prototypeOfList(ev, over);
  if (prototype === undefined || (prototype !== null && ev.snapshot.node(prototype).kind === "builtin")) return undefined;
  const method = prototype === null ? undefinedValue : found(ev, prototype, iteratorKey, null), builtin = method.k === "obj" ? ev.object(method.id) : undefined;
  return builtin?.t === "builtin" && builtin.name === methods[listed(ev, over)!] ? undefined : method;
}
/** What is behind a list; null where nothing is, undefined where the engine put it there. */
function prototypeOfList(ev: Evaluator, over: Abs): NodeRef | null | undefined {
  const object = over.k === "obj" ? ev.object(over.id) : undefined;
  if (object?.t === "snap") return listed(ev, over) ? ev.snapshot.prototype(object.node) : undefined;
  const cls = over.k === "mem" ? over.of.prototype : object && arrayClassOf(object);
  return cls === undefined ? undefined : keptFor(ev, new NodeRef(cls), iteratorKey);
}

/** An array or typed array that is iterated as all are. */
export const isListOfEngine = (ev: Evaluator, a: Abs): boolean => { const kind = listed(ev, a); return (kind === "Array" || kind === "%TypedArray%") && methodOfClass(ev, a) === undefined; };

/** The user's own method for iterating over an object, of its class or its own; undefined where the object has none. */
export function iteratorMethod(ev: Evaluator, over: Abs): Abs | undefined {
  const ofClass = methodOfClass(ev, over);
  if (ofClass || (over.k !== "obj" && over.k !== "mem")) return ofClass;
  const place = reference(over, ev.state), object = place.k === "obj" ? ev.object(place.id) : null;
  if (object === null ? !isRecordBox(place as Mem) : object.t !== "object" && object.t !== "closure" && !(object.t === "snap" && ev.snapshot.node(object.node).kind === "object")) return undefined;
  const method = getProperty(ev, over, prim(iteratorKey));
  return isFunction(ev, method) ? method : undefined;
}
/** The same for a built-in that takes apart what it is given: entry checks that a list without such a method has none in any call. */
export function methodAsked(ev: Evaluator, over: Abs): Abs | undefined {
  if (over.k === "sum") {
    for (const alt of over.alts) if ((alt.k === "obj" || alt.k === "mem") && methodAsked(ev, alt)) throw ev.refuse("Todo", "one of several is taken apart by an iterator of its own", "spread it where it is known");
    return undefined;
  }
  const method = iteratorMethod(ev, over);
  if (!method && listed(ev, over) !== undefined) expectIteration(ev, over);
  return method;
}
export const isTypedList = (ev: Evaluator, a: Abs): boolean => listed(ev, a) === "%TypedArray%";
/** What that method gives. */
export function ownIterator(ev: Evaluator, over: Abs): Abs | undefined {
  const method = iteratorMethod(ev, over);
  return method && callFunction(ev, method, over, []);
}

/** One step of the user's own iterator. Leaving a loop early would have to call `return`: an iterator that has it is not taken. */
export function stepOfOwn(ev: Evaluator, iterator: Abs): { readonly goesOn: Abs; item(there: boolean): Abs } {
  const end = getProperty(ev, iterator, prim("return"));
  if (!(end.k === "prim" && (end.value === undefined || end.value === null))) throw ev.refuse("Todo", "an iterator with a `return` method is advanced", "use a counting loop");
  const result = callFunction(ev, getProperty(ev, iterator, prim("next")), iterator, []);
  if (result.k === "prim" || result.k === "num" || result.k === "bool" || result.k === "text" || result.k === "str") return ev.bail("an iterator gives what is no object");
  return { goesOn: not(ev, getProperty(ev, result, prim("done"))), item: () => getProperty(ev, result, prim("value")) };
}
