// Parts of typed arrays (subarray, other views of a buffer): in which array each lies, and which of them are one object.
//
//   const part = out.subarray(0, n)      part = { base: out, id: 7, made: true }
//   return { part, again: part, out }    →   a view on the buffer of the array that leaves as `out`, once
//
// A part goes on with its base where paths meet, as two values more if the base differs, so that what leaves has the original's `buffer` and `byteOffset`. `id`
// names the value: what has the same is one object. Two that were made under different ones (`made`) are two objects; of others nothing is known.
//
// Guarantees: a part whose base is not known, since it came another way, has none: whoever needs it refuses.

import type { Type, Value } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import { same, type Mem, type Part } from "./values.ts";

/** What a new part of an array is. Only arrays of the kernel's own are made when it leaves. */
export const newPart = (ev: Evaluator, mem: Mem): Part => ({ base: mem.part ? mem.part.base : mem.of.local && !mem.of.row ? mem : null, id: ev.newId(), made: true });

/** stands in a template for what an SSA value holds */
const unplaced: Value = { id: -1, type: "i32", def: null };
/** in a template: another value each time */
const unnamed = -1;

/** What all of these can be, in a template; undefined where some of them are not known to be parts. */
export function meetParts(mems: readonly Mem[], inner: (v: Value) => boolean): Part | undefined {
  const parts = mems.flatMap((mem) => mem.part ?? []), [first] = parts;
  if (!first || parts.length < mems.length) return undefined;
  const one = parts.every(({ id }) => id === first.id), name = one ? { id: first.id, made: first.made } : { id: unnamed, made: false };
  const { base } = first;
  if (!base || !parts.every((p) => p.base?.of === base.of)) return { base: null, ...name };
  const moves = parts.some((p) => [p.base!.ptr, p.base!.len].some((v) => v.id === unplaced.id || inner(v)) || !same(p.base!, base));
  return { base: moves ? { k: "mem", of: base.of, ptr: unplaced, len: unplaced } : base, ...name };
}
/** … of another iteration, which lies in the same array for now. */
export const anyPart = (part: Part | undefined): Part | undefined => part && { ...part, id: unnamed, made: false };
const moves = (part: Part | undefined): part is Part & { readonly base: Mem } => part?.base?.ptr === unplaced;

export const typesOfPart = (part: Part | undefined): Type[] => (moves(part) ? ["i32", "i32"] : []);

/** The values that a part's base needs in a template. */
export function valuesOfPart(ev: Evaluator, part: Part | undefined, template: Part | undefined): Value[] {
  if (!moves(template)) return [];
  if (part?.base?.of !== template.base.of) throw ev.invariant("a part of an array does not fit its base");
  return [part.base.ptr, part.base.len];
}

/** The part that a template's values hold. */
export function rebuildPart(ev: Evaluator, template: Part | undefined, take: () => Value): Part | undefined {
  const base = moves(template) ? { ...template.base, ptr: take(), len: take() } : template?.base;
  return template && base !== undefined ? { base, id: template.id === unnamed ? ev.newId() : template.id, made: template.made } : undefined;
}
/** A part of a template's form. */
export const samplePart = (template: Part | undefined, placeholder: Value): Part | undefined => (moves(template) ? { ...template, base: { ...template.base, ptr: placeholder, len: placeholder } } : template);

/** Whether a template takes all parts that another one takes, which was made of it and of others. */
export const coversPart = (a: Part | undefined, b: Part | undefined): boolean => a === undefined || (b !== undefined && (a.id === unnamed || b.id !== unnamed) && (a.base === null || moves(a) ? a.base?.of === b.base?.of : b.base !== null && !moves(b)));

export const ssaValuesOfPart = (part: Part | undefined): Value[] => (part?.base ? [part.base.ptr, part.base.len] : []);
