// Where paths meet: the values and heaps of several paths become one, dynamic where they differ.
//
//   if c { yield 1 } else { yield x }   →   %r = if c { yield 1.0 } else { yield %x }         (num)
//   5 and 5 stay 5; a number and undefined become a sum; two new objects of one form are merged field by field.
//
// A value made inside a path's region is not in scope outside it: it leaves as a result of the construct even where all paths agree.
// Requires: `startId`, the builder's next id when the construct began, tells inner values (ids at or above) from outer ones.

import { constantOf } from "../../ir/build.ts";
import { sameFormat } from "../../ir/formats.ts";
import type { Region, Type, Value } from "../../ir/types.ts";
import { asBig, exactIfPossible, isBig, windowOf } from "./bigints.ts";
import { reference } from "./boxes.ts";
import { align } from "./aligned.ts";
import type { Evaluator } from "./evaluator.ts";
import { inTurns } from "./formats.ts";
import { asOneStr, isLaid } from "./joined.ts";
import { cannotMerge, cannotMergeObjects, inOneForm } from "./meeting.ts";
import { asStr } from "./strings.ts";
import { partsOf, sameForm, State, withParts, type HeapObject } from "./heap.ts";
import { apartFromReplaced, replaced } from "./replaced.ts";
import { meetParts, rebuildPart, ssaValuesOfPart, typesOfPart, valuesOfPart } from "./subarrays.ts";
import { isGrown, nowhere } from "./vectors.ts";
import { isBoolean, isNumeric, numberOf, same, sameAlt, untold, type Abs, type Alt, type Mem, type Memory, type Part, type Prim, type Range, type Str, type Sum, type Text } from "./values.ts";

/** A path that arrives: the region it is in (open: its terminator comes with the merge), its heap, the values it brings. */
export interface Arrival { readonly region: Region; readonly state: State; readonly values: readonly Abs[] }

/** What one merged value looks like. */
export type Template =
  | { readonly t: "keep"; readonly abs: Abs | undefined | null }
  | { readonly t: "num" }
  | { readonly t: "bool" }
  | ({ readonly t: "big" } & Range)
  | { readonly t: "mem"; readonly of: Memory; readonly part?: Part | undefined }
  /** a string in memory; of how many characters, where that is static */
  | { readonly t: "str"; readonly length: number | null }
  /** `moving`: the positions of arrays and strings among the alternatives whose address and length are dynamic too */
  | { readonly t: "sum"; readonly alts: readonly Alt[]; readonly moving: readonly number[] }
  /** static pieces and others in turns, a static one first and last */
  | { readonly t: "text"; readonly parts: readonly (string | typeof untold | Template)[]; readonly format: Text["format"] }
  | { readonly t: "merged"; readonly id: number }
  /** a new object of that form for each iteration of a loop, nobody else holding it */
  | { readonly t: "fresh"; readonly form: HeapObject; readonly parts: readonly (Template | null)[] };

export const typesOf = (template: Template): Type[] => {
  switch (template.t) {
    case "keep": case "merged": return [];
    case "num": return ["f64"];
    case "bool": return ["i32"];
    case "big": return ["i64"];
    case "mem": return ["i32", "i32", ...typesOfPart(template.part)];
    case "str": return template.length === null ? ["i32", "i32"] : ["i32"];
    case "sum": return [...(hasPayload(template.alts) ? ["i32", "f64"] as const : ["i32"] as const), ...template.moving.flatMap((i): Type[] => ["i32", "i32", ...typesOfPart(partOf(template.alts[i]!))])];
    case "text": return template.parts.flatMap((p) => (typeof p === "object" ? typesOf(p) : []));
    case "fresh": return template.parts.flatMap((p) => (p ? typesOf(p) : []));
  }
};
const partOf = (alt: Alt): Part | undefined => (alt.k === "mem" ? alt.part : undefined);
const hasPayload = (alts: readonly Alt[]): boolean => alts.some((a) => a.k === "num" || a.k === "bool");

/** Writes, in the current region, the values that make `abs` fit the template. */
export function coerce(ev: Evaluator, abs: Abs | null | undefined, template: Template): Value[] {
  if (abs && template.t !== "keep" && template.t !== "merged") abs = reference(abs, ev.state);
  if (abs === null || abs === undefined) { // a path on which nobody looks
    if (template.t === "mem" && isGrown(template.of)) return [nowhere(ev), ev.b.i32(0)]; // no part of a typed array
    return typesOf(template).map((t) => ev.b.const(t, t === "i64" ? 0n : 0));
  }
  switch (template.t) {
    case "keep": case "merged": return [];
    case "num": return [ev.toF64(abs)];
    case "bool": return [abs.k === "bool" ? abs.v : ev.b.i32(abs.k === "prim" && abs.value ? 1 : 0)];
    case "big": if (!isBig(abs)) break; return [asBig(ev, abs).v];
    case "mem": if (abs.k !== "mem") break; return [abs.ptr, abs.len, ...valuesOfPart(ev, abs.part, template.part)];
    case "str": {
      const text = asOneStr(ev, abs);
      if (!text) break;
      return template.length === null ? [text.ptr, text.len] : [text.ptr];
    }
    case "sum": {
      if (abs.k === "text") {
        const text = asOneStr(ev, abs);
        if (!text) break;
        return coerce(ev, text, template);
      }
      const payload = hasPayload(template.alts);
      const at = (alt: Alt) => {
        const exact = template.alts.findIndex((a) => sameAlt(a, alt) || (a.k === "mem" && alt.k === "mem" && a.of === alt.of));
        if (exact < 0 && isString(alt)) return template.alts.findIndex((a) => a.k === "str");
        return exact >= 0 || alt.k !== "prim" ? exact : template.alts.findIndex((a) => a.k === (typeof alt.value === "number" ? "num" : typeof alt.value === "boolean" ? "bool" : ""));
      };
      /** addresses and lengths: of the alternatives that are strings, or arrays of that memory, the one that the tag says */
      const moving = () => template.moving.flatMap((i) => {
        const to = template.alts[i]!;
        const placed = (alt: Abs | Alt): Mem | Str | undefined => (to.k === "str" ? asStr(ev, alt) : alt.k === "mem" && alt.of === (to as Mem).of ? alt : undefined);
        let found: Value[] | undefined;
        (abs.k === "sum" ? abs.alts : [abs]).forEach((alt, k) => {
          const there = placed(alt);
          if (!there) return;
          const own = [there.ptr, there.len, ...(there.k === "mem" ? valuesOfPart(ev, there.part, partOf(to)) : [])], before = found;
          found = before ? own.map((v, j) => ev.b.op("i32.select", ev.tagIs(abs as Sum, k), v, before[j]!)) : own;
        });
        return found ?? [ev.b.i32(0), ev.b.i32(0), ...typesOfPart(partOf(to)).map(() => ev.b.i32(0))];
      });
      if (abs.k === "sum") {
        let tag = abs.tag;
        const map = abs.alts.map(at);
        if (map.includes(-1)) throw ev.invariant("a value that may be something else does not fit a sum");
        if (map.some((to, i) => to !== i)) {
          tag = ev.b.i32(map.at(-1)!);
          for (let i = map.length - 2; i >= 0; i--) tag = ev.b.op("i32.select", ev.b.op("i32.eq", abs.tag, ev.b.i32(i)), ev.b.i32(map[i]!), tag);
        }
        return [tag, ...(payload ? [abs.payload ?? ev.payloadOf(abs)] : []), ...moving()];
      }
      if (abs.k === "big") break;
      const exact = at(abs as Alt);
      const tag = exact >= 0 ? exact : template.alts.findIndex((a) => (isNumeric(abs) && a.k === "num") || (isBoolean(abs) && a.k === "bool"));
      if (tag < 0) throw ev.invariant(`a ${abs.k} does not fit a sum`);
      const value = () => (abs.k === "prim" ? ev.b.f64(typeof abs.value === "bigint" || typeof abs.value === "string" ? NaN : numberOf(abs.value)) : abs.k === "obj" || abs.k === "mem" || abs.k === "str" ? ev.b.f64(NaN) : ev.toF64(abs));
      return [ev.b.i32(tag), ...(payload ? [value()] : []), ...moving()];
    }
    case "text": {
      if (abs.k !== "text") break;
      const parts = inTurns(abs, template.format);
      return template.parts.flatMap((p, i) => (typeof p === "object" ? coerce(ev, parts[i] as Abs, p) : []));
    }
    case "fresh": {
      if (abs.k !== "obj") break;
      const parts = partsOf(ev.object(abs.id));
      return template.parts.flatMap((p, i) => (p ? coerce(ev, parts[i], p) : []));
    }
  }
  throw ev.invariant(`a ${abs.k} does not fit a ${template.t}`);
}

/** The value that a template's SSA values hold. */
export function rebuild(ev: Evaluator, template: Template, take: () => Value): Abs | null | undefined {
  switch (template.t) {
    case "keep": return template.abs;
    case "merged": return { k: "obj", id: template.id };
    case "num": return { k: "num", v: take() };
    case "bool": return { k: "bool", v: take() };
    case "big": return { k: "big", v: take(), lo: template.lo, hi: template.hi, made: null };
    case "mem": { const ptr = take(), len = take(); return { k: "mem", of: template.of, ptr, len, part: rebuildPart(ev, template.part, take) }; }
    case "str": { const ptr = take(); return { k: "str", ptr, len: template.length === null ? take() : ev.b.i32(template.length) }; }
    case "sum": { const tag = take(); return { k: "sum", tag, payload: hasPayload(template.alts) ? take() : null, alts: template.alts.map((a, i) => (template.moving.includes(i) ? moved(a, take(), take(), rebuildPart(ev, partOf(a), take)) : a)) }; }
    case "text": return textOf(template, (p) => rebuild(ev, p, take));
    case "fresh": {
      const old = partsOf(template.form);
      return ev.allocate(withParts(template.form, template.parts.map((p, i) => (p ? rebuild(ev, p, take) : old[i]))));
    }
  }
}

/** The alternative at another place. */
export const moved = (alt: Alt, ptr: Value, len: Value, part: Part | undefined): Alt => (alt.k === "str" ? { k: "str", ptr, len } : { ...(alt as Mem), ptr, len, part });
const isString = (a: Abs | Alt): a is Str | Prim => a.k === "str" || (a.k === "prim" && typeof a.value === "string");

const altsOf = (abs: Abs): readonly Alt[] | null =>
  abs.k === "sum" ? abs.alts : abs.k === "num" ? [{ k: "num" }] : abs.k === "bool" ? [{ k: "bool" }] : abs.k === "text" ? (isLaid(abs as Abs) ? [{ k: "str", ptr: unplaced, len: unplaced }] : null) : abs.k === "big" ? null : [abs];

/** The template that all of `values` fit (null: a path on which nobody looks); undefined where there is none. */
export function templateFor(values: readonly (Abs | null | undefined)[], inner: (v: Value) => boolean, mergeObjects?: (ids: readonly (number | null)[]) => number | undefined, polyvariant = false): Template | undefined {
  const there = values.filter((v): v is Abs => v !== null && v !== undefined);
  // a hole is one also where another path has no such object
  if (there.length === 0) return { t: "keep", abs: values.includes(undefined) ? undefined : null };
  const first = there[0]!;
  const agree = there.every((v) => same(v, first));
  if (agree && !ssaValues(first).some(inner)) return { t: "keep", abs: first };
  const known = polyvariant ? knownNumbers(there) : null;
  if (known) return { t: "sum", alts: known, moving: [] };
  if (there.every(isNumeric)) return { t: "num" };
  if (there.every(isBoolean)) return { t: "bool" };
  if (there.every(isBig)) return { t: "big", ...windowOf(there.map((v) => (v.k === "big" ? v : { lo: (v as { value: bigint }).value, hi: (v as { value: bigint }).value }))) };
  if (first.k === "mem" && there.every((v) => v.k === "mem" && v.of === first.of)) return { t: "mem", of: first.of, part: meetParts(there as Mem[], inner) };
  if (there.some((v) => v.k === "str") && there.every(isString)) return { t: "str", length: lengthOfAll(there) };
  if (first.k !== "text" && there.some((v) => v.k === "text") && there.every(isLaid)) return { t: "str", length: lengthOfAll(there) };
  if (first.k === "text") {
    const format = there.every((v) => v.k === "text" && sameFormat(v.format, first.format)) ? first.format : undefined;
    const columns = there.map((v) => (v.k === "text" ? inTurns(v, format) : []));
    const differ = format === undefined && there.every((v) => v.k === "text" && v.format !== undefined); // no parts of theirs would meet
    const parts = differ || columns.some((list) => list.length !== columns[0]!.length) ? [undefined] : columns[0]!.map((part, i): string | typeof untold | Template | undefined => {
      const column = columns.map((c) => c[i]!);
      if (column.includes(untold)) return column.every((p) => p === untold) ? untold : undefined;
      const values = column as Abs[];
      // static pieces that differ are a choice
      return part !== untold && part.k === "prim" && values.every((p) => same(p, part)) ? String(part.value) : templateFor(values, inner);
    });
    if (!parts.includes(undefined)) return { t: "text", parts: parts as (string | typeof untold | Template)[], format };
    if (there.every(isLaid)) return { t: "str", length: lengthOfAll(there) };
  }
  if (mergeObjects && there.every((v) => v.k === "obj") && !agree) {
    const id = mergeObjects(values.map((v) => (v && v.k === "obj" ? v.id : null)));
    if (id !== undefined) return { t: "merged", id };
  }
  const sumOf = (list: readonly Alt[]): Template => ({ t: "sum", alts: list.map((a): Alt => (a.k === "mem" && a.part && moving.has(a.of) ? { ...a, part: meetParts(parts.get(a.of)!, inner) } : a)), moving: list.flatMap((a, i) => (a.k === "str" || (a.k === "mem" && moving.has(a.of)) ? [i] : [])) });
  const inMemory = there.some((v) => v.k === "str" || v.k === "text" || (v.k === "sum" && v.alts.some((a) => a.k === "str")));
  const alts: Alt[] = [];
  const moving = new Set<Memory>(), parts = new Map<Memory, Mem[]>();
  for (const value of there) {
    const more = altsOf(value);
    if (more === null) return undefined;
    for (const alt of more) {
      if (alt.k === "str" || (inMemory && isString(alt))) {
        if (!alts.some((a) => a.k === "str")) alts.push({ k: "str", ptr: unplaced, len: unplaced });
        continue;
      }
      if (alt.k === "mem") {
        const other = alts.find((a) => a.k === "mem" && a.of === alt.of) as Mem | undefined;
        if (ssaValues(alt).some(inner) || (other && !same(other, alt))) moving.add(alt.of);
        if (!other) { alts.push(alt); parts.set(alt.of, [alt]); } else parts.get(alt.of)!.push(alt);
        continue;
      }
      // a static number beside dynamic ones needs no alternative of its own
      if (alt.k === "prim" && typeof alt.value === "number") { if (!alts.some((a) => a.k === "num")) alts.push({ k: "num" }); continue; }
      if (!alts.some((a) => sameAlt(a, alt))) alts.push(alt);
    }
  }
  const booleans = alts.filter((a) => a.k === "prim" && typeof a.value === "boolean");
  if (booleans.length > 0 && alts.some((a) => a.k === "bool")) return sumOf(alts.filter((a) => !booleans.includes(a)));
  return sumOf(alts);
}

/** The text of a template, whose pieces that are not static are made by `fill`. */
export const textOf = ({ parts, format }: Template & { t: "text" }, fill: (part: Template) => Abs | null | undefined): Text =>
  ({ k: "text", parts: parts.flatMap((p) => (p === "" ? [] : [typeof p === "object" ? (fill(p) as Text["parts"][number]) : p])), format });

/** stands where only a template's form is meant */
const unplaced: Value = { id: -1, type: "i32", def: null };
/** How long the strings are, where all are of one known length. */
function lengthOfAll(strings: readonly (Str | Prim | Sum | Text)[]): number | null {
  const lengths = new Set(strings.map((s) => (s.k === "text" || s.k === "sum" ? null : s.k === "str" ? constantOf(s.len) : (s.value as string).length)));
  const [length] = lengths;
  return lengths.size === 1 && typeof length === "number" ? length : null;
}

/** The few numbers that the values can be, where all are known: a loop that is walked as a graph of states may turn on which it is. */
function knownNumbers(values: readonly Abs[]): Prim[] | null {
  const alts: Prim[] = [];
  for (const value of values) {
    for (const alt of value.k === "sum" ? value.alts : [value]) {
      if (alt.k !== "prim" || typeof alt.value !== "number") return null;
      if (!alts.some((a) => sameAlt(a, alt))) alts.push(alt);
    }
  }
  return alts.length <= 16 ? alts : null;
}

export function ssaValues(abs: Abs): Value[] {
  switch (abs.k) {
    case "prim": case "obj": return [];
    case "num": case "bool": case "big": return [abs.v];
    case "mem": return [abs.ptr, abs.len, ...ssaValuesOfPart(abs.part)];
    case "str": return [abs.ptr, abs.len];
    case "sum": return [abs.tag, ...(abs.payload ? [abs.payload] : []), ...abs.alts.flatMap((a) => (a.k === "mem" || a.k === "str" ? ssaValues(a) : []))];
    case "text": return abs.parts.flatMap((p) => (typeof p === "object" ? ssaValues(p) : []));
  }
}

/** The result of a merge: result values' types, and what the paths' regions must end with. */
export interface Merged { readonly types: Type[]; readonly ends: Value[][]; finish(results: readonly Value[]): { values: Abs[]; state: State } }

/** Merges the arrivals, `base` being the heap when the construct began. Each one's closing values (`ends`) are written into its region, without the terminator. */
export function merge(ev: Evaluator, paths: readonly Arrival[], startId: number, base: State): Merged {
  const arrivals = paths.length > 1 ? apartFromReplaced(ev, paths, base) : paths;
  const inner = (v: Value): boolean => v.id >= startId && constantOf(v) === undefined && !ev.isInput(v);
  const templates: { template: Template; column: readonly (Abs | null | undefined)[]; readonly put: (abs: Abs | null | undefined) => void }[] = [];
  const result = new State(base.objects.clone(), arrivals.some((a) => a.state.wrote));
  const consumed = new Map<number, number>(); // id of a source object → the merged object
  const work: { id: number; objects: readonly (HeapObject | null)[] }[] = [];
  const seen = new Set<number>();

  const find = (arrival: Arrival, id: number): HeapObject | undefined => arrival.state.objects.get(id) ?? ev.statics.get(id);
  const isReplaced = (a: Arrival, id: number): boolean => a.state.objects.get(id) === replaced;
  // one that a loop's own took the place of on some path is none of that path's any more
  const isLeft = (id: number): boolean => arrivals.some((a) => isReplaced(a, id)) && !arrivals.every((a) => isReplaced(a, id));
  const isCommon = (id: number) => arrivals.every((a) => find(a, id) !== undefined) && !isLeft(id);
  const reach = (id: number) => {
    if (seen.has(id) || ev.isStaticObject(id)) return;
    seen.add(id);
    if (!isCommon(id)) work.push({ id, objects: arrivals.map((a) => a.state.objects.get(id) ?? null) });
  };
  const reachFrom = (abs: Abs | null | undefined) => {
    if (!abs) return;
    if (abs.k === "obj") reach(abs.id);
    else if (abs.k === "sum") for (const alt of abs.alts) if (alt.k === "obj") reach(alt.id);
  };
  const mergeObjects = (ids: readonly (number | null)[]): number | undefined => {
    const objects = ids.map((id, i) => (id === null ? null : arrivals[i]!.state.objects.get(id) ?? null));
    const there = objects.filter((o) => o !== null);
    if (there.length < ids.filter((id) => id !== null).length || there.some((o) => !sameForm(o, there[0]!) || !mergeable(o))) return undefined;
    // only objects that this construct made: nobody else can hold them
    if (ids.some((id) => id !== null && isCommon(id))) return undefined;
    const known = ids.map((id) => (id === null ? undefined : consumed.get(id)));
    if (known.some((k) => k !== undefined)) return known.every((k) => k === undefined || k === known.find((x) => x !== undefined)) ? known.find((x) => x !== undefined) : undefined;
    const id = ev.newOwnId();
    for (const from of ids) if (from !== null) consumed.set(from, id);
    work.push({ id, objects });
    return id;
  };
  const slot = (given: readonly (Abs | null | undefined)[], put: (abs: Abs | null | undefined) => void) => {
    const column = given.map((v, i) => (v?.k === "big" ? ev.onPath(arrivals[i]!, () => exactIfPossible(ev, v)) : v ? reference(v, arrivals[i]!.state) : v));
    const template = fitting(column);
    templates.push({ template, column: template.t === "str" ? column.map((v, i) => (v?.k === "text" || v?.k === "sum" ? ev.onPath(arrivals[i]!, () => asOneStr(ev, v)) : v)) : column, put });
  };
  const fitting = (column: readonly (Abs | null | undefined)[]): Template => {
    const template = templateFor(column, inner, mergeObjects, ev.polyvariant > 0);
    if (!template) throw cannotMerge(ev, column);
    if (template.t === "keep") reachFrom(template.abs);
    else if (template.t === "sum") for (const alt of template.alts) if (alt.k === "obj") reach(alt.id);
    return template;
  };
  /** Choices of objects that the meeting has put into memory since they were looked at are choices of addresses now. */
  const renewSums = (): void => {
    for (const entry of templates) {
      if (entry.template.t !== "sum") continue;
      const column = align(ev, entry.column, arrivals); // an object of one path alone comes to where the others' are
      if (column.every((v, i) => v === entry.column[i])) continue;
      entry.column = column;
      entry.template = fitting(column);
      unifying = true;
    }
  };
  const mergeObject = (id: number, objects: readonly (HeapObject | null)[]) => {
    const there = objects.filter((o) => o !== null);
    const first = there[0];
    if (first === undefined) return; // lost where two paths met before: whoever uses it is refused
    if (there.some((o) => !sameForm(o, first))) {
      // a variable that one path has not come to, as behind a `return` before its declaration: who uses it after all is refused
      if (there.some((o) => o.t === "cell" && o.value === null)) { result.objects.delete(id); return; }
      unifying = true;
      const unified = inOneForm(ev, id, objects, arrivals);
      if (unified && unified.some((o) => o !== null && !sameForm(o, unified.find((x) => x !== null)!))) throw cannotMergeObjects(ev, id);
      if (!unified) throw cannotMergeObjects(ev, id);
      return mergeObject(id, unified);
    }
    const columns = objects.map((o) => (o === null ? null : partsOf(o)));
    const parts: (Abs | null | undefined)[] = [];
    const count = partsOf(first).length;
    for (let i = 0; i < count; i++) slot(columns.map((c) => (c === null ? null : c[i])), (abs) => { parts[i] = abs; });
    finishers.push(() => result.objects.set(id, count === 0 ? first : withParts(first, parts)));
  };
  const finishers: (() => void)[] = [];
  let unifying = false;

  // 1. the values, then the objects that all paths have, then those reached from either
  const values: Abs[] = [];
  arrivals[0]!.values.map((_, i) => align(ev, arrivals.map((a) => a.values[i]!), arrivals)).forEach((column, i) => slot(column, (abs) => { values[i] = abs as Abs; }));
  // what one object needs to be alike on all paths may put others into memory, those looked at before and those that no path had changed: again until nothing moves
  const done = new Map<number, readonly HeapObject[]>();
  do {
    unifying = false;
    const ids: number[] = [];
    for (const arrival of arrivals) arrival.state.objects.differing(base.objects, (id) => { ids.push(id); });
    for (const id of arrivals.length === 1 || ids.length < 2 ? ids : [...new Set(ids)].sort((a, b) => a - b)) {
      if (isLeft(id)) { result.objects.set(id, replaced); continue; }
      if (!isCommon(id)) { result.objects.delete(id); continue; }
      const objects = arrivals.map((a) => find(a, id)!);
      const object = objects[0]!, before = done.get(id);
      if (before && objects.every((o, i) => o === before[i])) continue;
      if (objects.every((o) => o === object) && !partsOf(object).some((p) => p && (p.k === "obj" || ssaValues(p).some(inner)))) result.objects.set(id, object);
      else mergeObject(id, objects);
      done.set(id, arrivals.map((a) => find(a, id)!));
    }
    for (let item = work.pop(); item; item = work.pop()) mergeObject(item.id, item.objects);
    renewSums();
  } while (unifying);
  for (const from of consumed.keys()) if (seen.has(from)) throw cannotMergeObjects(ev, from);

  // 2. each path writes what the templates ask for
  const types = templates.flatMap(({ template }) => typesOf(template));
  const ends = arrivals.map((arrival, i) => ev.onPath(arrival, () => templates.flatMap(({ template, column }) => coerce(ev, column[i], template))));
  return {
    types, ends,
    finish(results) {
      let at = 0;
      for (const { template, put } of templates) put(rebuild(ev, template, () => results[at++]!));
      for (const finish of finishers) finish();
      return { values, state: result };
    },
  };
}
/** Objects of which a copy stands for the original as long as nobody else holds the original. */
export const mergeable = (o: HeapObject): boolean => o.t === "object" ? o.origin.from === "local" : o.t === "array" || o.t === "typed" || o.t === "closure" || o.t === "cell" || o.t === "iterator" || o.t === "error" || o.t === "buffer";
