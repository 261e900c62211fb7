// What vectorization did to each loop of a function, for explain() and versions(): kept beside the function that was made.

import type { Func } from "../../ir/types.ts";

/** One loop of the source: vectorized in so many lanes, or why not. */
export interface LoopNote { readonly line: number; readonly lanes: number; readonly why: string | null }

const notes = new WeakMap<Func, readonly LoopNote[]>();

export const remember = (func: Func, list: readonly LoopNote[]): void => { notes.set(func, list); };
/** What vectorization did to the loops of the function that it made. */
export const loopNotes = (func: Func): readonly LoopNote[] => notes.get(func) ?? [];

/** A loop of the source may be there several times, and tried by several passes: the best is told. */
export function noteBest(list: LoopNote[], note: LoopNote): void {
  const same = list.findIndex((n) => n.line === note.line);
  if (same < 0) list.push(note);
  else if (note.lanes > list[same]!.lanes) list[same] = note;
}
