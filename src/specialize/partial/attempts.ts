// What an attempt at a loop tells the next one. A residual loop is walked until what it carries holds for every iteration, and the loops inside of it are
// walked anew each time: three of them, one in another, would be walked as often as the product of their attempts. So each remembers what it had
// to generalise, and begins with that when the loop around it (or the trial of an iteration, or a branch that is taken back) comes by again.
//
// So does a walk that begins again: what the one before found of a loop, up to where it ended, is what this one begins the loop with.
//
// Loops are found by the order in which they are met, objects by how many of the kernel's own were made before them on the way (Evaluator.placeOf), which is the same
// from one attempt to the next but for what the attempt learned. What does not look like what was there then is left to the attempts, as before.
//
// Guarantees: nothing that is wrong: a head that is more general than it has to be holds as well.

import type { Loop } from "../../ir/types.ts";
import { generalise, isPlaceholder, memorable, sample } from "./heads.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { partsOf, type HeapObject } from "./heap.ts";
import { templateFor, type Template } from "./merge.ts";
import type { Abs } from "./values.ts";
import type { Context } from "./walk.ts";

/** An object from before a loop: its place, and what was there. */
export interface Known { readonly place: number; readonly object: HeapObject }

/** What a residual loop had to generalise. */
export interface Found {
  readonly loop: Loop;
  readonly context: Context;
  /** what it changes of objects, by part */
  readonly changed: readonly (Known & { readonly templates: readonly (Template | null)[] })[];
  /** what lies in memory because of it */
  readonly spills: readonly Known[];
  readonly vectors: readonly Known[];
  readonly boxes: readonly Known[];
  readonly wrote: boolean;
  readonly placing: boolean;
  /** what the loops inside of it found */
  readonly inner: readonly Found[];
}

/** What the loop found the time before, if the loop around it was walked before. */
export function foundBefore(ev: Evaluator, loop: Loop, context: Context): Found | undefined {
  for (let i = ev.found.length; i < ev.foundBefore.length; i++) {
    const found = ev.foundBefore[i]!;
    if (found.loop === loop && found.context === context) return found;
  }
  return undefined;
}

/** What was found up to where a walk ended, and behind it what the one before had found. */
export const continued = (found: readonly Found[], before: readonly Found[]): readonly Found[] => [...found, ...before.slice(found.length)];

export const knownAt = (ev: Evaluator, ids: Iterable<number>, objectOf: (id: number) => HeapObject): Known[] => [...ids].map((id) => ({ place: ev.placeOf(id), object: objectOf(id) }));

/** The object that was known, as it is now; undefined where it does not look like it. */
export function idOf(ev: Evaluator, { place, object }: Known): number | undefined {
  const id = ev.idAt(place), now = id === undefined ? undefined : (ev.state.objects.get(id) ?? ev.statics.get(id));
  return now && isLike(now, object) ? id : undefined;
}
function isLike(a: HeapObject, b: HeapObject): boolean {
  if (a.t !== b.t) return false;
  if (a.t === "cell") return a.name === (b as typeof a).name;
  if (a.t === "object" && a.origin.from === "input") return (b as typeof a).origin.from === "input" && pathKey(a.origin.path) === pathKey((b as typeof a & { origin: typeof a.origin }).origin.path);
  if ("site" in a || "site" in b) {
    const one = "site" in a ? a.site : undefined, other = "site" in b ? b.site : undefined;
    if (one?.instr !== other?.instr || one?.context !== other?.context) return false;
  }
  return true;
}

/** What was changed of an object, as templates that its parts fit now; undefined where nothing is known of it. */
export function changedBefore(object: HeapObject, templates: readonly (Template | null)[]): (Template | null)[] | undefined {
  const parts = partsOf(object);
  if (parts.length !== templates.length) return undefined;
  const fitting = parts.map((part, i) => (part && templates[i] ? fit(part, templates[i]) : null));
  return fitting.some((template) => template !== null) ? fitting : undefined;
}
function fit(part: Abs, template: Template): Template | null {
  if (template.t === "mem") return part.k === "mem" ? generalise(part) : null;
  const known = memorable(template);
  return (known && templateFor([part, sample(known)], isPlaceholder)) ?? null;
}
