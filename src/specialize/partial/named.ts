// Tables whose keys are strings that the caller's objects hold (passed.ts): local Maps, Sets and objects.
//
//   const byId = {}; for (const n of nodes) byId[n.id] = n;        links.map((l) => byId[l.source].x)
//   (groups[p.type] ||= []).push(p)                                seen.has(p.name)
//
// Such a string is a number for the time of the call, equal for equal ones: the table is one of numbers (keyed.ts), and its keys are strings again where it
// leaves. Words and strings of the call's are looked for by their numbers too. What every object inherits is no key of an object: such calls are the original's.
// Where keys are listed, or some are no strings, the walk begins again without such tables.

import type { Value } from "../../ir/types.ts";
import type { Site } from "./contents.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { partsAt, type KeyedObject } from "./keyed.ts";
import { inherited, notInherited } from "./lookups.ts";
import { areTexts, isPassed, numberNow, numberOfText, numberOfWord, tellWords } from "./passed.ts";
import { num, type Abs, type Alt, type Mem, type Num, type Obj } from "./values.ts";
import { require } from "./vectors.ts";
import { Restart } from "./walk.ts";

/** Strings of the caller's objects, or words beside such. */
export const isName = (a: Abs): boolean => (a.k === "sum" ? a.alts.some(isPassed) && a.alts.every((alt) => isPassed(alt) || (alt.k === "prim" && typeof alt.value === "string")) : isPassed(a));
/** An object that is such a table, or one of texts (composite.ts) or strings of run time (words.ts). */
export function isNamedRecord(ev: Evaluator, a: Abs): a is Obj {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  return object?.t === "keyed" && (object.named === true || object.words === true || object.composite !== undefined) && object.form === "record";
}
/** What is made there is such a table from now on. Comes back where that can't be. */
export function becomeNamed(ev: Evaluator, site: Site | undefined): void {
  if (!site || ev.lessons.noNames) return;
  const { keyed, named } = site.context.lasting;
  if (named.has(site.instr)) return;
  named.add(site.instr);
  ev.lessons.usesNames = true;
  if (!keyed.has(site.instr)) keyed.set(site.instr, partsAt(site));
  throw new Restart();
}
/** The same of a local object that a name is asked of, or put into. */
export function becomeNamedObject(ev: Evaluator, a: Abs, key: Abs): void {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (isName(key) && object?.t === "object" && canBeNamed(object)) becomeNamed(ev, object.site);
}
/** Whether it is a local Map, Set or object with no other keys than strings. */
export function canBeNamed(object: HeapObject | undefined): object is HeapObject & { t: "map" | "set" | "object" } {
  switch (object?.t) {
    case "map": return object.entries.every(([key]) => key.k === "prim" && typeof key.value === "string");
    case "set": return object.items.every((key) => key.k === "prim" && typeof key.value === "string");
    case "object": return object.origin.from === "local" && object.prototype === null && object.fields.size === 0;
    default: return false;
  }
}

/** More is asked of such a table than by its keys. */
export function refuseNames(ev: Evaluator): never {
  ev.lessons.noNames = true;
  throw new Restart();
}

/** The number of a key. */
export function numberOfName(ev: Evaluator, { form }: KeyedObject, key: Abs): Num {
  const isRecord = form === "record";
  if (isRecord) ev.expect({ expect: "unextended" });
  const one = (a: Abs | Alt): Value => {
    if (isPassed(a)) {
      if (!areTexts(a)) return refuseNames(ev);
      if (isRecord) tellWords(ev, a, inherited);
      return numberNow(ev, a as Mem);
    }
    if (a.k === "str" && a.whole) {
      if (isRecord) notInherited(ev, ev.b.i32(-1), a);
      return numberOfText(ev, a.whole);
    }
    if (a.k !== "prim" || typeof a.value !== "string") return refuseNames(ev);
    if (isRecord && inherited.includes(a.value)) return ev.bail("what every object inherits is a key");
    return numberOfWord(ev, a.value);
  };
  if (key.k !== "sum") return num(one(key));
  const isInherited = (alt: Alt): boolean => isRecord && alt.k === "prim" && inherited.includes(String(alt.value));
  const left = key.alts.filter((alt) => !isInherited(alt)), passed = key.alts.find(isPassed);
  if (passed && isRecord && areTexts(passed)) tellWords(ev, passed, inherited);
  const none = key.alts.flatMap((alt, i) => (isInherited(alt) ? [ev.tagIs(key, i)] : []));
  if (none.length > 0) require(ev, ev.b.op("i32.eqz", none.reduce((a, b) => ev.b.op("i32.or", a, b))), "what every object inherits is a key");
  if (left.length === 0) return ev.bail("what every object inherits is a key");
  return num(left.slice(0, -1).reduceRight((rest, alt) => ev.b.op("f64.select", ev.tagIs(key, key.alts.indexOf(alt)), one(alt), rest), one(left.at(-1)!)));
}
