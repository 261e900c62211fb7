// Functions that are made of texts: `new Function("a", "b", "return a * b")`, `Function(lines.join("\n"))()`, as generators of unrolled code make them.
//
// The texts have to be known. The engine itself makes the function, whose source is then walked like any other's; it is not called here.
//
// Guarantees: what the engine makes nothing of is the original's to throw. Such a function has no variables but its own: one with others, which
// the global object would tell, is refused.

import type { Code } from "../../ir/snapshot.ts";
import type { Evaluator } from "./evaluator.ts";
import { makesObjects } from "./prototypes.ts";
import { prototypeOfFunction } from "./classes.ts";
import type { HeapObject } from "./heap.ts";
import type { Abs } from "./values.ts";

/** What `Function(…texts)` makes, with `new` or without. */
export function compile(ev: Evaluator, texts: readonly Abs[]): Abs {
  const known = texts.map((text) => {
    if (text.k !== "prim" || typeof text.value === "symbol") throw ev.refuse("Unsupported", "a function is made of a text that is not static", "make it outside and hand it over");
    return String(text.value);
  });
  const text = textOf(known);
  if (text === undefined) return ev.bail("a function is made of a text that the engine does not take");
  const code: Code = { text, file: null, line: 1, column: 1, isClass: false }, unit = ev.request.resolve(code), [func] = unit.functions;
  const [other] = known.some((piece) => /\banonymous\b/.test(piece)) ? ["anonymous"] : unit.free.filter((name) => name !== "undefined");
  if (other !== undefined) throw ev.refuse("Todo", `a function is made of a text that uses the variable ${other}, which is none of its own`, "hand it over as a parameter");
  const source = { unit, code, closure: ev.activation!.source.closure, compiled: true } as const;
  const made = ev.allocate({ t: "closure", source, func: func!, cells: [], self: null, fields: new Map() });
  if (makesObjects(unit, func!)) prototypeOfFunction(ev, made.id, ev.object(made.id) as HeapObject & { t: "closure" });
  return made;
}

/** The source of the function that the engine makes; undefined where it makes none. */
function textOf(texts: readonly string[]): string | undefined {
  try { return Function.prototype.toString.call(new Function(...texts)); } catch { return undefined; }
}
