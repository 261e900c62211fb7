// Parts of typed arrays (subarray, other views of a buffer): in which array each lies, and which of them are one object.
//
//   const part = out.subarray(0, n)      part = { base: out, id: 7, made: true }
//   return { part, again: part, out }    →   a view on the buffer of the array that leaves as `out`, once
//
// A part goes on with its base where paths meet, as two values more if the base differs, so that what leaves has the original's `buffer` and `byteOffset`. `id`
// names the value: what has the same is one object. Two that were made under different ones (`made`) are two objects; of others nothing is known.
//
// Where an array or object in memory holds a part, each has a block of its own, from when it is made on (`head`), which is what tells it from others: where its
// elements are, how many (i32), then the address of its base's elements, of the caller's arrays how many bytes behind the first.
//
// Guarantees: a part whose base is not known, since it came another way, has none: whoever needs it refuses.

import type { Type, Value } from "../../ir/types.ts";
import type { Path, TypedArrayName } from "../../ir/interface.ts";
import type { Evaluator } from "./evaluator.ts";
import { loadLength } from "./headers.ts";
import { memory, newSpace, typedOwner } from "./inputs.ts";
import { viewsOf } from "./sequences.ts";
import { same, type Abs, type Alt, type Mem, type Memory, type Part } from "./values.ts";
import { allocateBlock, typedMemory } from "./vectors.ts";
import { Restart } from "./walk.ts";

/** What a new part of an array is. Only arrays of the kernel's own are made when it leaves. */
export const newPart = (ev: Evaluator, mem: Mem): Part => ({ base: mem.part ? mem.part.base : mem.of.local && !mem.of.row ? mem : null, id: ev.newId(), made: true, head: null });

// ── in memory ──

/** Whether it is a part of a typed array that arrays and objects in memory can hold. */
const isPart = ({ k, of, part }: Mem): boolean => k === "mem" && part !== undefined && of.row && of.rowOf === undefined && of.array !== "Array" && !of.records && !of.dataView && !of.bigints && of.prototype === undefined;
/** Where the caller's typed array is of which it is a part. */
const ownerOf = (ev: Evaluator, { of }: Mem): { readonly path: Path; readonly address: Value } | undefined => typedOwner(ev, of.space);
/** Whether its base is one that can be named in memory. */
const isNamed = (ev: Evaluator, part: Mem): boolean => (part.part!.base ? part.part!.base.of === typedMemory(ev, part.of.array as TypedArrayName) : ownerOf(ev, part) !== undefined);

/** All such memory: of heads. */
function headsMemory(ev: Evaluator): Memory {
  const key = "heads of parts";
  let of = ev.heapMemories.get(key);
  if (!of) ev.heapMemories.set(key, (of = memory({ array: "Int32Array", space: newSpace(ev, "heap_parts", "frame", "i32"), name: "parts", path: null, local: true })));
  return of;
}
/** A new part, with a head where one may be asked for. */
export function withHead(ev: Evaluator, mem: Mem): Mem {
  if (!ev.lessons.holdsParts || !isPart(mem) || !isNamed(ev, mem)) return mem;
  const head = allocateBlock(ev, ev.b.i32(16)), { space } = headsMemory(ev), { base } = mem.part!;
  [mem.ptr, mem.len, base ? base.ptr : ev.b.op("i32.sub", mem.ptr, ownerOf(ev, mem)!.address)].forEach((word, i) => { ev.b.store("i32.store", head, ev.b.i32(0), word, 0, 4 * i, space); });
  return { ...mem, part: { ...mem.part!, head } };
}
/** What is put into memory is a part that has no head, since none was asked for yet: begins again. */
export function learnParts(ev: Evaluator, value: Abs): void {
  const isHeadless = (a: Abs | Alt): boolean => a.k === "mem" && isPart(a) && (a.part!.base !== null || isNamed(ev, a)) && a.part!.head === null;
  if (ev.lessons.holdsParts || !(value.k === "sum" ? value.alts.some(isHeadless) : isHeadless(value))) return;
  ev.lessons.holdsParts = true;
  throw new Restart();
}
/** What a part with a head is for those who hold it: of which kind, and the caller's array that it is a part of (null: one of the kernel's own). */
export function heldPart(ev: Evaluator, mem: Mem): { readonly array: TypedArrayName; readonly path: Path | null } | undefined {
  if (!isPart(mem) || !mem.part!.head || !isNamed(ev, mem)) return undefined;
  return { array: mem.of.array as TypedArrayName, path: mem.part!.base ? null : ownerOf(ev, mem)!.path };
}
/** What stands in a head, by word. */
export const headWord = (ev: Evaluator, head: Value, i: number): Value => ev.b.load("i32.load", head, ev.b.i32(0), 0, 4 * i, headsMemory(ev).space);
/** The part whose head that is; `whole`: all of the array that it is a part of. */
export function partAt(ev: Evaluator, whole: Memory, local: boolean, head: Value, [ptr, len, first]: readonly [Value, Value, Value]): Mem {
  const base: Mem | null = local ? { k: "mem", of: whole, ptr: first, len: loadLength(ev, first) } : null;
  return { k: "mem", of: viewsOf(ev, whole), ptr, len, part: { base, id: ev.newId(), made: false, head } };
}

// ── where paths meet ──

/** stands in a template for what an SSA value holds */
const unplaced: Value = { id: -1, type: "i32", def: null };
/** in a template: another value each time */
const unnamed = -1;

/** What all of these can be, in a template; undefined where some of them are not known to be parts. */
export function meetParts(mems: readonly Mem[], inner: (v: Value) => boolean): Part | undefined {
  const parts = mems.flatMap((mem) => mem.part ?? []), [first] = parts;
  if (!first || parts.length < mems.length) return undefined;
  const one = parts.every(({ id }) => id === first.id), name = one ? { id: first.id, made: first.made } : { id: unnamed, made: false };
  const { base } = first, head = meetHeads(parts.map((p) => p.head), inner);
  if (!base || !parts.every((p) => p.base?.of === base.of)) return { base: null, head, ...name };
  const moves = parts.some((p) => [p.base!.ptr, p.base!.len].some((v) => v.id === unplaced.id || inner(v)) || !same(p.base!, base));
  return { base: moves ? { k: "mem", of: base.of, ptr: unplaced, len: unplaced } : base, head, ...name };
}
const meetHeads = ([first, ...more]: readonly (Value | null)[], inner: (v: Value) => boolean): Value | null =>
  (!first || more.includes(null) ? null : more.some((head) => head !== first) || first.id === unplaced.id || inner(first) ? unplaced : first);
/** … of another iteration, which lies in the same array for now. */
export const anyPart = (part: Part | undefined): Part | undefined => part && { ...part, id: unnamed, made: false, head: part.head && unplaced };
const moves = (part: Part | undefined): part is Part & { readonly base: Mem } => part?.base?.ptr === unplaced;

export const typesOfPart = (part: Part | undefined): Type[] => [...(moves(part) ? ["i32", "i32"] as const : []), ...(part?.head === unplaced ? ["i32"] as const : [])];

/** The values that a part's base needs in a template. */
export function valuesOfPart(ev: Evaluator, part: Part | undefined, template: Part | undefined): Value[] {
  const head = template?.head === unplaced ? [part?.head ?? ((): never => { throw ev.refuse("Todo", "a part of a typed array meets one of which it is not known where it lies", "return copies: use slice"); })()] : [];
  if (!moves(template)) return head;
  if (part?.base?.of !== template.base.of) throw ev.invariant("a part of an array does not fit its base");
  return [part.base.ptr, part.base.len, ...head];
}

/** The part that a template's values hold. */
export function rebuildPart(ev: Evaluator, template: Part | undefined, take: () => Value): Part | undefined {
  const base = moves(template) ? { ...template.base, ptr: take(), len: take() } : template?.base;
  return template && base !== undefined ? { base, id: template.id === unnamed ? ev.newId() : template.id, made: template.made, head: template.head === unplaced ? take() : template.head } : undefined;
}
/** A part of a template's form. */
export const samplePart = (template: Part | undefined, placeholder: Value): Part | undefined => template && { ...template, ...(moves(template) ? { base: { ...template.base, ptr: placeholder, len: placeholder } } : {}), head: template.head === unplaced ? placeholder : template.head };

/** Whether a template takes all parts that another one takes, which was made of it and of others. */
export const coversPart = (a: Part | undefined, b: Part | undefined): boolean => a === undefined || (b !== undefined && (a.id === unnamed || b.id !== unnamed) && (a.base === null || moves(a) ? a.base?.of === b.base?.of : b.base !== null && !moves(b)) && (a.head === null || (b.head !== null && (a.head === unplaced || a.head === b.head))));

export const ssaValuesOfPart = (part: Part | undefined): Value[] => [...(part?.base ? [part.base.ptr, part.base.len] : []), ...(part?.head ? [part.head] : [])];
