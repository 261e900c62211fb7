// What counts among the several things that a value can be: the one object or list, where the rest is none.
//
//   rows[i].length      where rows[i] may be undefined: the original throws there, else it is an array

import type { Evaluator } from "./evaluator.ts";
import { require } from "./vectors.ts";
import { throwUnless } from "./tries.ts";
import type { Abs, Alt, Sum } from "./values.ts";

/** Of one object or nothing, the object; what is nothing is the original's business, or (`throws`) the engine throws at it. */
export const onlyObject = (ev: Evaluator, abs: Abs, throws = false): Abs => (abs.k === "sum" && !abs.payload ? theObject(ev, abs, (a) => a.k !== "prim" || (a.value !== null && a.value !== undefined), ["mem", "str"], throws) : abs);
/** The same of one object or what is none: its keys are asked for, and nothing else has some that are worth a path. */
export const withKeys = (ev: Evaluator, abs: Abs): Abs => (abs.k === "sum" ? theObject(ev, abs, (a) => a.k === "mem" || a.k === "obj", ["mem", "obj"]) : abs);
/** The same of what is iterated, one or several: numbers, booleans, undefined and null are not. */
export const onlyIterable = (ev: Evaluator, abs: Abs): Abs => {
  const only = abs.k === "sum" ? theObject(ev, abs, isIterable, ["mem", "obj", "str"]) : abs;
  return only.k === "sum" && only === abs && abs.alts.every((a) => !isIterable(a) || a.k === "mem" || a.k === "obj" || a.k === "prim") ? among(ev, abs, isIterable) : only;
};
const isIterable = (a: Alt): boolean => a.k !== "num" && a.k !== "bool" && (a.k !== "prim" || typeof a.value === "string");
function theObject(ev: Evaluator, sum: Sum, counts: (a: Alt) => boolean, kinds: readonly Alt["k"][], throws = false): Abs {
  const there = sum.alts.filter(counts), [one] = there;
  if (one === undefined || there.length > 1 || !kinds.includes(one.k)) return sum;
  (throws ? throwUnless : require)(ev, ev.tagIs(sum, sum.alts.indexOf(one)), "undefined or null is used as an array or object");
  return one as Abs;
}
/** The choice without what does not count: all that does is an object. */
function among(ev: Evaluator, sum: Sum, counts: (a: Alt) => boolean): Sum {
  const there = sum.alts.filter(counts), places = there.map((alt) => ev.tagIs(sum, sum.alts.indexOf(alt)));
  if (there.length === 0 || there.length === sum.alts.length) return sum;
  require(ev, places.reduce((any, one) => ev.b.op("i32.or", any, one)), "undefined or null is used as an array or object");
  return { k: "sum", tag: places.slice(0, -1).reduceRight((rest, is, i) => ev.b.op("i32.select", is, ev.b.i32(i), rest), ev.b.i32(there.length - 1)), payload: null, alts: there };
}
