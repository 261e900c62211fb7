// Strings of run time as keys of what has numbers for keys: the texts of whole numbers.
//
//   let best = 0;  for (const i in x) if (x[i] > x[best]) best = i;        x["12"]      →   12 read from its digits, x[12]
//   Object.keys(counts).sort((a, b) => counts[b] - counts[a])              counts["7"]  →   7, looked for in the table
//
// Any other string is the original's: what it names (`length`, a method, nothing) is found out there.
// Requires: no string that a call hands over as it is, which is known where it is a key: it may well be a name.

import { callPrelude } from "./builtins.ts";
import type { Evaluator } from "./evaluator.ts";
import { keyedOf, keyedRecord } from "./keyed.ts";
import { isPlainList } from "./keys.ts";
import { num, type Abs, type Num, type Str } from "./values.ts";
import { require } from "./vectors.ts";

/** behind the largest array index */
const indices = 2 ** 32 - 1;

/** The index that a key of an array's says; undefined of anything but an array. */
export function indexOfKey(ev: Evaluator, base: Abs, key: Str): Num | undefined {
  if (key.whole || !isList(ev, base)) return undefined;
  const index = wholeOf(ev, key);
  require(ev, ev.b.op("i32.and", ev.b.op("f64.ge", index, ev.b.f64(0)), ev.b.op("f64.lt", index, ev.b.f64(indices))), "an array is asked for a string of run time that is no index");
  return num(index);
}
/** The same of what is looked for: in tables of numbers too. */
export function numberOfKey(ev: Evaluator, base: Abs, key: Str): Num | undefined {
  const record = key.whole ? undefined : keyedRecord(ev, base), table = record && keyedOf(ev, record)!;
  if (!table || table.named || table.composite || table.words || table.objects) return indexOfKey(ev, base, key);
  const number = wholeOf(ev, key);
  require(ev, ev.b.op("f64.eq", number, number), "a table of numbers is asked for a string of run time that says no whole number");
  return num(number);
}
const wholeOf = (ev: Evaluator, key: Str): Num["v"] => ev.toF64(callPrelude(ev, ev.request.prelude("internal.wholeOfText")!, key, []));

/** An array of any kind, of the kernel's own, the caller's or a slow one. */
function isList(ev: Evaluator, a: Abs): boolean {
  if (a.k === "mem") return isPlainList(a);
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  switch (object?.t) {
    case "array": case "typed": return true;
    case "spilled": case "vector": case "boxed": return isList(ev, object.mem);
    case "snap": { const { kind } = ev.snapshot.node(object.node); return kind === "array" || kind === "typed"; }
    default: return false;
  }
}
