// Arrays and objects in texts: assert(p.length > 1, `not a point: ${p}`). The message is made whether or not it is needed, and the original
// makes it again where it is thrown; so of what is long all that has to be known here is that making it changes nothing.
//
//   `not a point: ${p}`   →   "not a point: " and a part that nobody may look at (`untold` in values.ts)
//   `${[x, "r"]}`         →   what the items read as with commas between, of a short array: x, ",r"
//   seen[[x, y]]          →   seen[`${x},${y}`]
//
// Guarantees: nothing is read of a text with such a part (its truth, its characters, a comparison): that is refused, as is handing it out.

import { listOf } from "./collections.ts";
import type { Evaluator } from "./evaluator.ts";
import { getProperty } from "./objects.ts";
import { concat } from "./operators.ts";
import { toPrimitiveKey } from "./primitives.ts";
import { isLong } from "./sequences.ts";
import { prim, untold, type Abs, type Alt, type Mem, type Obj, type Prim, type Text } from "./values.ts";

/** What an array or object reads as. */
export function textOfObject(ev: Evaluator, a: Obj | Mem): Text["parts"] {
  if (!readsQuietly(ev, a)) throw ev.refuse("Unsupported", "an object becomes part of a string", "put one of its fields there");
  return itemsAsText(ev, a) ?? [untold];
}
/** A key that is an array is what that reads as. */
export function asKey(ev: Evaluator, key: Abs): Abs {
  if (key.k !== "obj") return key;
  const object = ev.object(key.id);
  if (object.t !== "array" && object.t !== "typed" && !(object.t === "snap" && ev.snapshot.node(object.node).kind === "array")) return key;
  return concat(ev, prim(""), key);
}

const mostItems = 64;
/** An item that reads as nothing. */
const isNothing = (a: Abs | Alt): boolean => a.k === "prim" && (a.value === undefined || a.value === null);
/** The items of a short array with commas between; undefined of what is long, or has other objects in it. */
function itemsAsText(ev: Evaluator, a: Obj | Mem): Text["parts"] | undefined {
  if (isLong(ev, a) || enginesMethod(ev, a, "toString") !== "Array.prototype.toString") return undefined;
  const length = getProperty(ev, a, prim("length"));
  if (length.k !== "prim" || (length.value as number) > mostItems) return undefined;
  const parts: Text["parts"][number][] = [];
  for (let i = 0; i < (length.value as number); i++) {
    if (i > 0) parts.push(",");
    const item = getProperty(ev, a, prim(i));
    if (isNothing(item)) continue;
    if (item.k === "prim") parts.push(String(item.value));
    else if (item.k === "num" || item.k === "bool" || item.k === "str" || item.k === "text") parts.push(item);
    else if (item.k === "sum" && item.alts.every((alt) => alt.k === "num" || alt.k === "bool" || alt.k === "prim")) parts.push({ ...item, alts: item.alts.map((alt) => (isNothing(alt) ? (prim("") as Prim) : alt)) });
    else {
      const inner = item.k === "obj" || item.k === "mem" ? itemsAsText(ev, item) : undefined;
      if (!inner) return undefined;
      parts.push(...inner);
    }
  }
  return parts;
}
export const refuseUntold = (ev: Evaluator): Error => ev.refuse("Unsupported", "a string with an array or object in it is looked at", "put its numbers there");

/** How arrays in arrays are looked into. */
const deepest = 4;

/** Whether all that ToString runs is the engine's own. */
function readsQuietly(ev: Evaluator, a: Abs, depth = 0): boolean {
  if (a.k === "sum") return a.alts.every((alt) => (alt.k === "obj" || alt.k === "mem" ? readsQuietly(ev, alt, depth) : true));
  if (a.k !== "obj" && a.k !== "mem") return true;
  const engines = (name: string): string | undefined => enginesMethod(ev, a, name);
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

/** The engine's own method that an object has there. */
function enginesMethod(ev: Evaluator, a: Abs, name: string): string | undefined {
  const method = getProperty(ev, a, prim(name)), object = method.k === "obj" ? ev.object(method.id) : undefined;
  return object?.t === "builtin" ? object.name : undefined;
}
