// Tables whose keys are strings of run time: words that are counted, pairs of letters, what was seen before.
//
//   counts[w] = (counts[w] || 0) + 1            seen.has(s.slice(i, i + 2))            for (const [word, n] of counts) …
//
// Such a table is as one of numbers (keyed.ts), but that its keys are strings, with chains by what they are made of. What every object inherits is no key
// of an object: such calls are the original's. What is no string is refused as a key of a Map or Set.

import type { Site } from "./contents.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { asOneStr, canLie } from "./joined.ts";
import { partsAt, type KeyedObject } from "./keyed.ts";
import { inherited, notInherited } from "./lookups.ts";
import { split } from "./objects.ts";
import { concat, partOf } from "./operators.ts";
import { asStr, lookAt, refuseText } from "./strings.ts";
import { isHidden, prim, type Abs, type Alt, type Str } from "./values.ts";
import { require } from "./vectors.ts";
import { Restart } from "./walk.ts";

/** A string that is not known, or may be one beside what else is read. */
const isWord = (key: Abs): boolean => key.k === "str" || (key.k === "text" && canLie(key)) || (key.k === "sum" && key.alts.some((alt) => alt.k === "str"));

/** What is made there is such a table from now on, where the key is a string. Comes back where that can't be. */
export function becomeWorded(object: HeapObject | undefined, key: Abs): void {
  const site: Site | undefined = object && "site" in object ? object.site : undefined;
  if (!object || !site || !isWord(key) || !canBeWorded(object)) return;
  const { keyed, words, named, composite } = site.context.lasting;
  if (words.has(site.instr) || named.has(site.instr) || composite.has(site.instr)) return;
  words.add(site.instr);
  if (!keyed.has(site.instr)) keyed.set(site.instr, partsAt(site));
  throw new Restart();
}
function canBeWorded(object: HeapObject): boolean {
  const isText = (key: Abs): boolean => key.k === "prim" && typeof key.value === "string";
  switch (object.t) {
    case "map": return object.entries.every(([key]) => isText(key));
    case "set": return object.items.every(isText);
    case "object": return object.origin.from === "local" && object.prototype === null && [...object.fields.keys()].every((name) => !isHidden(name));
    case "keyed": return !object.input;
    default: return false;
  }
}

/** The string that a key is; undefined of one that no such table has. */
export function wordOf(ev: Evaluator, table: KeyedObject, key: Abs, puts: boolean): Str | undefined {
  const isRecord = table.form === "record", refuse = (): never => { throw refuseText(ev, "what is no string is a key among strings that are not static", "use strings alone"); };
  if (isRecord) ev.expect({ expect: "unextended" });
  const isText = (a: Abs | Alt): boolean => a.k === "str" || (a.k === "prim" && typeof a.value === "string");
  if (key.k === "sum" && !key.alts.every(isText)) return wordOf(ev, table, split(ev, key, (a) => (isText(a) ? a : ev.bail("what is no string is a key among strings"))), puts);
  if (key.k === "prim" && typeof key.value !== "string" && !isRecord) return puts ? refuse() : undefined;
  if (key.k === "prim" && typeof key.value === "symbol") return refuse();
  if (key.k === "prim" && isRecord && inherited.includes(String(key.value))) return ev.bail("what every object inherits is a key");
  const word = key.k === "prim" ? asStr(ev, prim(String(key.value))) : key.k === "num" && isRecord ? asOneStr(ev, concat(ev, prim(""), key)) : asOneStr(ev, key);
  if (!word) return refuse();
  lookAt(ev, word, "into");
  if (isRecord && key.k !== "prim") notInherited(ev, ev.b.i32(-1), word);
  return { k: "str", ptr: word.ptr, len: word.len };
}

/** What stands in the list of strings at a place that is taken. */
export function placedWord(ev: Evaluator, item: Abs): Abs {
  const at = item.k === "sum" ? item.alts.findIndex((alt) => alt.k === "str") : -1;
  if (item.k !== "sum" || at < 0) return item;
  require(ev, ev.tagIs(item, at), "a list of strings is read past its end");
  return partOf(item, item.alts[at]!, ev);
}
