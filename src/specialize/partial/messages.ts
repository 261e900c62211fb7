// Arrays and objects in texts: assert(p.length > 1, `not a point: ${p}`). The message is made whether or not it is needed, and the original
// makes it again where it is thrown; so all that has to be known here is that making it changes nothing.
//
//   `not a point: ${p}`   →   "not a point: " and a part that nobody may look at (`untold` in values.ts)
//   a + b                 →   such parts alone, where both are arrays
//
// Guarantees: nothing is read of such a text (its truth, its characters, a comparison): that is refused, as is handing it out.

import { listOf } from "./collections.ts";
import type { Evaluator } from "./evaluator.ts";
import { getProperty } from "./objects.ts";
import { toPrimitiveKey } from "./primitives.ts";
import { isLong } from "./sequences.ts";
import { prim, untold, type Abs, type Mem, type Obj, type Text } from "./values.ts";

/** What an array or object reads as. */
export function textOfObject(ev: Evaluator, a: Obj | Mem): Text["parts"] {
  if (!readsQuietly(ev, a)) throw ev.refuse("Unsupported", "an object becomes part of a string", "put one of its fields there");
  return [untold];
}
export const refuseUntold = (ev: Evaluator): Error => ev.refuse("Unsupported", "a string with an array or object in it is looked at", "put its numbers there");

/** How arrays in arrays are looked into. */
const deepest = 4;

/** Whether all that ToString runs is the engine's own. */
function readsQuietly(ev: Evaluator, a: Abs, depth = 0): boolean {
  if (a.k === "sum") return a.alts.every((alt) => (alt.k === "obj" || alt.k === "mem" ? readsQuietly(ev, alt, depth) : true));
  if (a.k !== "obj" && a.k !== "mem") return true;
  const engines = (name: string): string | undefined => {
    const method = getProperty(ev, a, prim(name)), object = method.k === "obj" ? ev.object(method.id) : undefined;
    return object?.t === "builtin" ? object.name : undefined;
  };
  const own = getProperty(ev, a, prim(toPrimitiveKey));
  if (depth === deepest || !engines("valueOf") || own.k !== "prim" || own.value !== undefined) return false;
  switch (engines("toString")) {
    case "Object.prototype.toString": return true;
    case "Array.prototype.toString": {
      if (!engines("join")) return false;
      const items = isLong(ev, a) ? [getProperty(ev, a, prim(0))] : listOf(ev, a); // the items of a long list are of one kind
      return items.every((item) => readsQuietly(ev, item, depth + 1));
    }
    default: return false;
  }
}
