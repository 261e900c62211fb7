// The protocol of iteration as code spells it out: `list[Symbol.iterator]()`, `it.next()`, `{ value, done }`. Compilers of for-of and of
// destructuring to ES5 write it so (__values, __read, _createForOfIteratorHelper), and iterables of the user's implement it.

import { callFunction, type Call } from "./calls.ts";
import { iterate } from "./collections.ts";
import type { Evaluator } from "./evaluator.ts";
import { getProperty } from "./objects.ts";
import { isCallable, not, truth } from "./operators.ts";
import { hidden, prim, undefinedValue, type Abs } from "./values.ts";

export const iteratorKey = hidden("@@iterator");

/** The built-in behind a property of one of the engine's iterators; undefined for others than `next` and itself. */
export function memberOfIterator(ev: Evaluator, name: string): Abs {
  if (name === "next" || name === iteratorKey) return ev.allocate({ t: "builtin", name: `%Iterator%.${name === "next" ? "next" : "itself"}`, node: null });
  if (name === "return" || name === "throw") return undefinedValue;
  throw ev.refuse("Todo", `the method ${name} of an iterator is called`, "loop over it");
}

type Rule = (ev: Evaluator, args: readonly Abs[], self: Abs, call: Call | undefined) => Abs;
export const iteratorRules: Record<string, Rule> = {
  "%Iterator%.itself": (_, __, self) => self,
  "%Iterator%.next": (ev, _, self) => {
    const { goesOn, item } = iterate(ev, self);
    const there = truth(ev, goesOn);
    const value = there === false ? undefinedValue : item(there === true);
    return ev.allocate({ t: "object", origin: { from: "local" }, prototype: null, fields: new Map([["value", value], ["done", not(ev, goesOn)]]) });
  },
};

/** What the user's own method gives for iterating over an object; undefined where the object has none. */
export function ownIterator(ev: Evaluator, over: Abs): Abs | undefined {
  if (over.k !== "obj") return undefined;
  const object = ev.object(over.id);
  if (object.t !== "object" && object.t !== "closure" && !(object.t === "snap" && ev.snapshot.node(object.node).kind === "object")) return undefined;
  const method = getProperty(ev, over, prim(iteratorKey));
  if (method.k !== "obj" || !isCallable(ev, method.id)) return undefined;
  return callFunction(ev, method, over, []);
}

/** One step of the user's own iterator. Leaving a loop early would have to call `return`: an iterator that has it is not taken. */
export function stepOfOwn(ev: Evaluator, iterator: Abs): { readonly goesOn: Abs; item(there: boolean): Abs } {
  const end = getProperty(ev, iterator, prim("return"));
  if (!(end.k === "prim" && (end.value === undefined || end.value === null))) throw ev.refuse("Todo", "an iterator with a `return` method is advanced", "use a counting loop");
  const result = callFunction(ev, getProperty(ev, iterator, prim("next")), iterator, []);
  if (result.k === "prim" || result.k === "num" || result.k === "bool" || result.k === "text" || result.k === "str") return ev.bail("an iterator gives what is no object");
  return { goesOn: not(ev, getProperty(ev, result, prim("done"))), item: () => getProperty(ev, result, prim("value")) };
}
