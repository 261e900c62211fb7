// What the caller's arrays have beside their elements, where the kernel writes it:  segment.reversed = 1;  path._dirty = true;  delete points.cache
//
// Such an array is memory, which has no names. The first write under a name is remembered, by the name alone, and the walk begins again: from then on what the caller's arrays have
// under it are the fields of an object of the caller's (heap.ts) that stands beside the array, at the array's own path. It is read at entry, written and guarded at a return, and
// merged as others are. Whether the array has the field at entry is known from its kind (inputs.ts).
//
// Rows that are given fields lie in memory with all that they lead to (held.ts), as those of the kernel's own arrays do.
//
// Guarantees: an array without a path of its own, which may be one of those (a row, an element of what lies in memory with a list of the caller's), is not asked for such a name.

import type { Path } from "../../ir/interface.ts";
import { NodeRef } from "../../ir/snapshot.ts";
import { boxMemory } from "./contents.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { findKind, namedInput } from "./inputs.ts";
import { hasProperty } from "./keys.ts";
import { pathOf } from "./objects.ts";
import { isHidden, obj, prim, type Abs, type Mem, type Obj } from "./values.ts";
import { Restart } from "./walk.ts";
import { setProperty } from "./writes.ts";

/** What stands beside an array that may be the caller's, where the name is one that is written; undefined for others. */
export function besideOf(ev: Evaluator, mem: Mem, name: string): Obj | undefined {
  if (!ev.lessons.besides.has(name) || isBehind(ev, mem, name)) return undefined;
  const path = pathOf(ev, mem);
  if (path === null && !mayBeCallers(ev, mem)) return undefined;
  if (path === null || !isPlain(ev, mem, path)) throw refuseBeside(ev, name);
  namedInput(ev, path, name); // it is asked at entry whether there is one
  const key = pathKey(path), known = ev.besides.get(key);
  if (known !== undefined) return obj(known);
  const id = ev.newId(), kind = findKind(ev, path), fields = kind?.kind === "array" || kind?.kind === "typed" ? [...kind.named ?? []].flatMap(([field, of]) => (of ? [[field, of] as const] : [])) : [];
  ev.besides.set(key, id);
  ev.statics.set(id, { t: "object", origin: { from: "input", path, kind: { kind: "object", prototype: prototypeOf(ev, mem).node, fields: new Map(fields) } }, prototype: null, fields: new Map() });
  return obj(id);
}

/** False where that is no array of the caller's, or the name one that arrays take for something else. */
export function writeBeside(ev: Evaluator, mem: Mem, name: string, value: Abs): boolean {
  const beside = becomeBeside(ev, mem, name);
  if (beside) setProperty(ev, beside, prim(name), value);
  return beside !== undefined;
}

/** The same, of a name that is written from now on. Begins again where it was not so far. */
export function becomeBeside(ev: Evaluator, mem: Mem, name: string): Obj | undefined {
  const path = pathOf(ev, mem);
  if (path === null || !isPlain(ev, mem, path) || isBehind(ev, mem, name) || isHidden(name) || String(Number(name)) === name || words.has(name)) return undefined;
  if (!ev.lessons.besides.has(name)) {
    ev.lessons.besides.add(name);
    throw new Restart();
  }
  return besideOf(ev, mem, name);
}
/** keys that are no strings, as they are spelled */
const words = new Set(["undefined", "null", "true", "false", "-0"]);

/** Whether an array of the caller's has such a field by now; undefined where none stands beside it. */
export function hasBeside(ev: Evaluator, mem: Mem, name: string): boolean | undefined {
  const beside = besideOf(ev, mem, name);
  if (!beside) return undefined;
  const has = hasProperty(ev, beside, name, true);
  if (has === undefined) throw ev.refuse("Todo", `whether an array has the property ${name} differs between paths`, "compare it with undefined");
  return has;
}

const refuseBeside = (ev: Evaluator, name: string): Error => ev.refuse("Todo", `the property ${name} of an array is asked for that is no argument of its own, while that of others is written`, "use an object");

const prototypeOf = (ev: Evaluator, { of }: Mem): NodeRef => (of.prototype === undefined ? ev.snapshot.builtin(`${of.array}.prototype`) : new NodeRef(of.prototype));
const isBehind = (ev: Evaluator, mem: Mem, name: string): boolean => ev.snapshot.property(prototypeOf(ev, mem), name).kind !== "absent";
/** Rows, and what is of one class with a list of the caller's. */
const mayBeCallers = (ev: Evaluator, { of }: Mem): boolean =>
  of.rowOf !== undefined || (of.records?.flat === true && !of.row) || (of.box !== null && [...ev.lessons.lists.values()].some((cls) => boxMemory(ev, cls) === of));
/** An argument, or what objects hold in fields: no array on the way, nothing captured. */
const isPlain = (ev: Evaluator, { of }: Mem, { root, keys }: Path): boolean =>
  typeof root !== "object" && !of.bigints && !of.dataView && keys.every((key, i) => typeof key === "string" && !isHidden(key) && findKind(ev, { root, keys: keys.slice(0, i) })?.kind === "object");
