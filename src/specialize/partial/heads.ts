// What a residual loop's head takes: where the fixpoint over its iterations begins, what a form covers, and what of it may be remembered.

import type { Value } from "../../ir/types.ts";
import { constantOf } from "../../ir/build.ts";
import { ConstNode, list } from "../../ir/nodes.ts";
import { coversRange, windowOf } from "./bigints.ts";
import { reference } from "./boxes.ts";
import type { Evaluator } from "./evaluator.ts";
import type { State } from "./heap.ts";
import { cannotMergeObjects } from "./meeting.ts";
import { moved, templateFor, textOf, type Template } from "./merge.ts";
import { anyPart, coversPart, samplePart } from "./subarrays.ts";
import { sameAlt, type Abs, type Alt, type Obj } from "./values.ts";

/** Where a loop's fixpoint begins: numbers and booleans that the source assigns in the loop are taken for dynamic at once. */
export function generalise(abs: Abs): Template {
  if (abs.k === "num" || (abs.k === "prim" && typeof abs.value === "number")) return { t: "num" };
  if (abs.k === "bool" || (abs.k === "prim" && typeof abs.value === "boolean")) return { t: "bool" };
  if (abs.k === "big") return { t: "big", ...windowOf([abs]) };
  if (abs.k === "sum") return { t: "sum", alts: abs.alts.map((a): Alt => (a.k === "mem" ? { ...a, part: anyPart(a.part) } : a)), moving: abs.alts.flatMap((a, i) => (a.k === "mem" || a.k === "str" ? [i] : [])) };
  if (abs.k === "str") { const length = constantOf(abs.len); return { t: "str", length: typeof length === "number" ? length : null }; }
  if (abs.k === "mem") return { t: "mem", of: abs.of, part: anyPart(abs.part) };
  return { t: "keep", abs };
}
/** A template made before objects were put into memory: there they are alternatives that move, and none of an iteration's own. */
export function placed(template: Template, start: Abs | null | undefined, state: State): Template {
  if (template.t === "fresh" && start) {
    const now = reference(start, state);
    return now.k === "mem" ? { t: "keep", abs: now } : { ...template, parts: template.parts.map((part) => part && placed(part, null, state)) };
  }
  if (template.t !== "sum") return template;
  const before = sample(template), now = reference(before, state);
  return now === before ? template : templateFor([now], isPlaceholder)!;
}
const placeholder: Value = { id: -1, type: "f64", def: null };
const knownLength = (length: number): Value => { const v: Value = { id: -1, type: "i32", def: null }; v.def = new ConstNode(length, list(v), undefined); return v; };
/** An array that moved among the alternatives keeps moving, also where the next value is none of that memory. */
export const isPlaceholder = (v: Value): boolean => v === placeholder;
/** A value of a template's form, to compare forms with. */
export function sample(template: Template): Abs {
  switch (template.t) {
    case "num": return { k: "num", v: placeholder };
    case "bool": return { k: "bool", v: placeholder };
    case "big": return { k: "big", v: placeholder, lo: template.lo, hi: template.hi, made: null };
    case "mem": return { k: "mem", of: template.of, ptr: placeholder, len: placeholder, part: samplePart(template.part, placeholder) };
    case "str": return { k: "str", ptr: placeholder, len: template.length === null ? placeholder : knownLength(template.length) };
    case "sum": return { k: "sum", tag: placeholder, payload: template.alts.some((a) => a.k === "num" || a.k === "bool") ? placeholder : null, alts: template.alts.map((a, i) => (template.moving.includes(i) ? moved(a, placeholder, placeholder, a.k === "mem" ? samplePart(a.part, placeholder) : undefined) : a)) };
    case "merged": return { k: "obj", id: template.id };
    case "keep": return template.abs!;
    case "text": return textOf(template, sample);
    case "fresh": throw new Error("a fresh object has no sample");
  }
}
/** Whether `a` takes everything that `b` takes. */
export function covers(a: Template, b: Template): boolean {
  if (a.t !== b.t) return false;
  if (a.t === "big" && b.t === "big") return coversRange(a, b);
  if (a.t === "str" && b.t === "str") return a.length === null || a.length === b.length;
  if (a.t === "text" && b.t === "text") return a.parts.every((p, i) => { const q = b.parts[i]!; return typeof p === "object" && typeof q === "object" ? covers(p, q) : p === q; });
  if (a.t === "mem" && b.t === "mem") return coversPart(a.part, b.part);
  if (a.t !== "sum" || b.t !== "sum") return true;
  // one by one, not by how many there are: what a table of objects holds twice is two alternatives of the first value
  const holds = (alt: Alt): boolean => a.alts.some((x) => (x.k === "mem" && alt.k === "mem" ? x.of === alt.of && coversPart(x.part, alt.part) : sameAlt(x, alt)) || (x.k === "str" && alt.k === "str"));
  const moves = (i: number): boolean => a.moving.some((j) => { const x = a.alts[j]!, y = b.alts[i]!; return x.k === "mem" && y.k === "mem" ? x.of === y.of : x.k === y.k; });
  return b.alts.every(holds) && b.moving.every(moves);
}
/** What may be remembered of a head in another context: nothing that names objects. */
export function memorable(template: Template): Template | null {
  if (template.t === "num" || template.t === "bool" || template.t === "big" || template.t === "str") return template;
  if (template.t === "sum" && template.alts.every((a) => a.k !== "obj" && a.k !== "mem" && a.k !== "str")) return template;
  return null;
}
/** One object in two variables that each get an object of their own would be two. */
export function refuseShared(ev: Evaluator, heads: readonly Template[], values: readonly Abs[]): void {
  const ids = heads.flatMap((t, i) => (t.t === "fresh" ? [(values[i] as Obj).id] : []));
  if (new Set(ids).size < ids.length) throw cannotMergeObjects(ev, ids[0]!);
}
