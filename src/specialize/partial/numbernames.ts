// What the kernel's own arrays have beside their elements under numbers that are no indices, and are asked for by a number of run time.
//
//   ways[-1] = 1;  for (…) ways.push(ways[i - 1] + 1)      →   i - 1 === -1 ? the field : the element
//
// Which names there may be is known: each is compared with the number. Those that the caller's arrays have so are not seen (docs/runtime.md).

import { choose } from "./control.ts";
import { addedTo } from "./contents.ts";
import type { Evaluator } from "./evaluator.ts";
import { namesOf } from "./heap.ts";
import { isIndex } from "./keys.ts";
import { prim, type Abs } from "./values.ts";

const isNumberName = (name: string): boolean => String(Number(name)) === name && !isIndex(name);

/** Those of an array that may be. */
export function numberNames(ev: Evaluator, a: Abs): readonly string[] {
  const object = a.k === "obj" ? ev.object(a.id) : undefined, mem = object?.t === "boxed" ? object.mem : a.k === "mem" ? a : undefined;
  const names = object?.t === "array" ? namesOf(object) : mem?.of.box?.form.form === "array" ? addedTo(mem.of.box) : [];
  return names.filter(isNumberName);
}

/** What stands under the number: one of these fields, or an element. */
export function amongNumberNames(ev: Evaluator, names: readonly string[], key: Abs, field: (key: Abs) => Abs, element: () => Abs): Abs {
  if (key.k !== "num" || names.includes("NaN")) throw ev.refuse("Todo", "an array that has a field whose name is a number but no index is asked for more than a number", "use indices");
  const from = (i: number): Abs => {
    const name = names[i];
    return name === undefined ? element() : choose(ev, ev.fromBool(ev.b.op("f64.eq", key.v, ev.b.f64(Number(name)))), () => field(prim(name)), () => from(i + 1));
  };
  return from(0);
}
